//! Parties, sites and catalogues.

use event::codec::encode;
use event::vocabulary::{CataloguePublished, PartyProfile, SiteAmended, SiteRegistered};
use event::{Event, PartyId, SiteId};
use ledger::Change;

use super::{Folding, ProgressView, Result, put};
use crate::rows::{
    CATALOGUES, CatalogueRow, OPERATED, OrganizationRow, PARTIES, PARTIES_BY_REFERENCE, PARTIES_IN_ORDER,
    PARTIES_OF_KIND, PartyRow, RowError, SITES, SITES_BY_REFERENCE, SITES_IN_ORDER, SITES_LEFT, SITES_OF_OPERATOR,
    SiteRow, key_at, position_key, reference_key,
};

impl Folding<'_> {
    pub(super) fn enrolled(&mut self, profile: &PartyProfile) {
        let id = PartyId::derive(self.recorded.statement, 0);
        let at = self.recorded.position;
        put(self.rows, PARTIES_IN_ORDER, &position_key(at), &id);
        put(self.rows, PARTIES_OF_KIND, &key_at(&encode(&profile.kind), at), &id);
        if let Some(reference) = &profile.reference {
            put(self.rows, PARTIES_BY_REFERENCE, &reference_key(reference), &id);
        }
        let row = PartyRow {
            recorded: self.recorded,
            profile: profile.clone(),
        };
        put(self.rows, PARTIES, id.as_bytes(), &row);
    }

    /// Whether this record enrols a party that has a standing.
    pub(super) fn enrols_producer(&self) -> bool {
        matches!(self.statement.event(), Event::PartyEnrolled(profile) if profile.kind.produces())
    }

    pub(super) fn registered(&mut self, event: &SiteRegistered, row: &mut OrganizationRow) {
        let id = SiteId::derive(self.recorded.statement, 0);
        let at = self.recorded.position;
        put(self.rows, SITES_IN_ORDER, &position_key(at), &id);
        let of_operator = key_at(event.operator.as_bytes(), at);
        put(self.rows, SITES_OF_OPERATOR, &of_operator, &id);
        if let Some(reference) = &event.reference {
            put(self.rows, SITES_BY_REFERENCE, &reference_key(reference), &id);
        }
        let site = SiteRow {
            recorded: self.recorded,
            registered: event.clone(),
            since: at,
        };
        self.put_here(SITES, id.as_bytes(), &site);
        self.operated();
        row.sites = self.sites_now(event.operator);
    }

    /// What is not named stays. Where another one works it from here on, it leaves the list of who did.
    pub(super) fn amended(&mut self, event: &SiteAmended) -> Result<()> {
        let row: Option<SiteRow> = self.last(SITES, event.site.as_bytes())?;
        let mut row = row.ok_or(RowError::Missing { table: SITES })?;
        let (before, at) = (row.registered.operator, self.recorded.position);
        let operator = event.operator.unwrap_or(before);
        if operator != before {
            let worked = key_at(before.as_bytes(), row.since);
            put(self.rows, SITES_LEFT, &worked, &at);
            put(
                self.rows,
                SITES_OF_OPERATOR,
                &key_at(operator.as_bytes(), at),
                &event.site,
            );
            row.since = at;
        }
        row.registered = SiteRegistered {
            operator,
            name: event.name.clone().unwrap_or(row.registered.name),
            deposit: event.deposit.unwrap_or(row.registered.deposit),
            fineness_band: event.fineness_band.or(row.registered.fineness_band),
            ..row.registered
        };
        self.put_here(SITES, event.site.as_bytes(), &row);
        self.operated();
        Ok(())
    }

    /// Keeps who works which sites now, where this record changes it.
    fn operated(&mut self) {
        for change in self.changes {
            if let Change::SitesOf(operator, sites) = change {
                put(self.rows, OPERATED, operator.as_bytes(), sites);
            }
        }
    }

    /// How many sites an organization works after this record, which changes that.
    pub(super) fn sites_now(&self, organization: PartyId) -> u16 {
        let now = self.changes.iter().find_map(|change| match change {
            Change::SitesOf(operator, sites) if *operator == organization => Some(sites.len()),
            _ => None,
        });
        u16::try_from(now.unwrap_or(0)).expect("the ledger bounds the sites of an operator")
    }
}

impl ProgressView {
    pub(super) fn published(&mut self, folding: &mut Folding<'_>, event: &CataloguePublished) -> Result<()> {
        let digest = event.digest();
        let numbered = folding.changes.iter().find_map(|change| match change {
            Change::Catalogue(_, numbered) => Some(numbered.clone()),
            _ => None,
        });
        let row = CatalogueRow {
            position: folding.recorded.position,
            published: event.clone(),
            numbered: numbered.ok_or(RowError::Missing { table: CATALOGUES })?,
        };
        put(folding.rows, CATALOGUES, digest.as_bytes(), &row);
        // What is held is held under the catalogue that standings followed from.
        self.held.clear();
        Ok(())
    }
}
