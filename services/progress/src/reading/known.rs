//! What a standing follows from, as of a position.

use std::borrow::Cow;
use std::sync::Arc;

use event::vocabulary::Subject;
use event::{PartyId, SiteId, StreamPosition};
use ledger::Conduct;

use super::{List, Reading, Result};
use crate::course::{Course, Held, Known, Leg};
use crate::fold::known::{blocks, held};
use crate::rows::{CatalogueRow, GATES, GatesRow, OrganizationRow, RowError, TERMS, Terms, gates_key, position_key};

/// Subjects kept at hand while one request is answered: those of one organization and more, of 8 KiB each for 56 criteria.
const HELD_AT_HAND_MAX: usize = 512;

impl Reading<'_> {
    /// An organization itself and its sites, in the order of their registration.
    pub(crate) fn subjects(&self, organization: PartyId) -> Result<Vec<Subject>> {
        let sites: Vec<(_, SiteId)> = self.list(
            List::Sites(Some(organization)),
            StreamPosition::START,
            views::RANGE_ROWS_MAX,
        )?;
        let itself = core::iter::once(Subject::Party(organization));
        Ok(itself
            .chain(sites.into_iter().map(|(_, site)| Subject::Site(site)))
            .collect())
    }

    /// Everything that an organization's standing follows from.
    pub(crate) fn known(&mut self, organization: PartyId, conduct: &Conduct) -> Result<Known> {
        let terms = self.terms;
        let catalogue = terms.gating.map(|digest| self.catalogue(digest)).transpose()?;
        let mut subjects = Vec::new();
        for subject in self.subjects(organization)? {
            let held = if let Some(held) = self.held.get(&subject) {
                Arc::clone(held)
            } else {
                Arc::new(self.read_held(subject, catalogue.as_deref())?)
            };
            if self.held.len() < HELD_AT_HAND_MAX {
                self.held.insert(subject, Arc::clone(&held));
            }
            subjects.push((subject, held));
        }
        Ok(Known {
            catalogue,
            policy: terms.policy,
            conduct: conduct.clone(),
            subjects,
        })
    }

    /// The same under the terms that came into force at a position.
    fn known_under(&mut self, organization: PartyId, conduct: &Conduct, position: StreamPosition) -> Result<Known> {
        if position == self.terms_at {
            return self.known(organization, conduct);
        }
        let terms: Terms = match position {
            StreamPosition::START => Terms::default(),
            position => self
                .get(TERMS, &position_key(position))?
                .ok_or(RowError::Missing { table: TERMS })?,
        };
        let catalogue = terms.gating.map(|digest| self.catalogue(digest)).transpose()?;
        let mut subjects = Vec::new();
        for subject in self.subjects(organization)? {
            subjects.push((subject, Arc::new(self.read_held(subject, catalogue.as_deref())?)));
        }
        Ok(Known {
            catalogue,
            policy: terms.policy,
            conduct: conduct.clone(),
            subjects,
        })
    }

    /// What follows for an organization from the terms in force on.
    pub(crate) fn course(&mut self, organization: PartyId, row: &OrganizationRow) -> Result<Course> {
        let later = self.terms_after(row.terms)?;
        row.course.renewed(row.terms, &later, |position| {
            self.known_under(organization, &row.conduct, position)
        })
    }

    /// What follows for an organization at the instant of this reading; none for a party that has no standing.
    pub(crate) fn leg(&mut self, organization: PartyId, row: &OrganizationRow) -> Result<Option<Leg>> {
        let course = self.course(organization, row)?;
        let leg = course.leg(self.now(), || self.known(organization, &row.conduct))?;
        Ok(leg.map(Cow::into_owned))
    }

    fn read_held(&self, subject: Subject, catalogue: Option<&CatalogueRow>) -> Result<Held> {
        let Some(catalogue) = catalogue else {
            return Ok(Held::default());
        };
        let mut gates = Vec::new();
        for block in blocks(catalogue) {
            let found: Option<(_, GatesRow)> = self.last(GATES, &gates_key(subject, block), 1)?.pop();
            gates.extend(found.into_iter().flat_map(|(_, found)| found.0.0));
        }
        Ok(held(gates, self.answers_under(subject, &catalogue.published.slug)?))
    }
}
