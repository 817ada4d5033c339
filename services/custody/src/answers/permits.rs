//! Permits as they were known at a position.

use event::vocabulary::Period;
use event::{Date, PartyId, PermitId, SiteId, StreamPosition};
use ledger::{PERMITS_OF_SITE_MAX, Permit};
use rpc::custody::{PermitChange, PermitKind, PermitStatus, SitePermit};
use rpc::limits::PERMIT_CHANGES_SHOWN_MAX;

use super::Result;
use crate::lineage::Source;
use crate::reading::{Reading, Within};
use crate::rows::{PERMITS, PERMITS_OF, PermitRow, decode, missing, position_key, position_of};

/// A permit, and the statement that says how it stands.
pub(super) struct Known {
    id: PermitId,
    position: StreamPosition,
    row: PermitRow,
}

/// The permits that cover a site, in the order in which they were recorded, as of a position.
pub(super) fn of_site(reading: &mut Reading<'_>, site: SiteId, at: StreamPosition) -> Result<Vec<Known>> {
    let within = Within {
        table: PERMITS_OF,
        prefix: site.as_bytes(),
    };
    let from = std::ops::Bound::Unbounded;
    let mut permits = Vec::new();
    for (_, id) in reading.between(within, from, &position_key(at), PERMITS_OF_SITE_MAX)? {
        let id: PermitId = decode(PERMITS_OF, &id)?;
        let row: Option<(_, PermitRow)> = reading.last_at(PERMITS, id.as_bytes(), at)?;
        let (position, row) = row.ok_or(missing(PERMITS))?;
        permits.push(Known { id, position, row });
    }
    Ok(permits)
}

/// The one that covers a site on a day, and on the days of digging: of several the holder's own, and of these the one that
/// was looked up last, as where a lot is declared.
pub(super) fn covering(
    reading: &mut Reading<'_>,
    site: SiteId,
    at: StreamPosition,
    day: Date,
    dug: Option<Period>,
    operator: PartyId,
) -> Result<Option<SitePermit>> {
    let dug = dug.unwrap_or(Period { from: day, to: day });
    let permits = of_site(reading, site, at)?;
    let permits = permits.iter().map(|known| (known, known.row.permit()));
    let covering = permits.filter(|(_, permit)| permit.permits(dug, day));
    let best = covering.max_by_key(|(_, permit)| permit.precedence(operator));
    best.map(|(known, _)| known.message(reading)).transpose()
}

impl Known {
    pub(super) fn message(&self, reading: &mut Reading<'_>) -> Result<SitePermit> {
        let row = &self.row;
        Ok(SitePermit {
            permit_id: self.id.to_string(),
            kind: PermitKind::from(row.kind).into(),
            holder: Some(reading.party_name(row.holder)?),
            number: Some((&row.number).into()),
            authority: row.authority.to_string(),
            from: row.from.to_string(),
            until: row.until.map(|until| until.to_string()).unwrap_or_default(),
            status: PermitStatus::from(row.status).into(),
            checked_on: row.checked.map(|checked| checked.to_string()).unwrap_or_default(),
            statement_id: row.statement.to_string(),
            position: self.position.get(),
            out_from: row.out.map(|(from, _)| from.to_string()).unwrap_or_default(),
            out_until: row
                .out
                .and_then(|(_, again)| again)
                .map(|again| again.to_string())
                .unwrap_or_default(),
            changes: Vec::new(),
        })
    }

    /// The same, with the latest of what was said about it.
    pub(super) fn told(&self, reading: &mut Reading<'_>) -> Result<SitePermit> {
        let within = Within {
            table: PERMITS,
            prefix: self.id.as_bytes(),
        };
        let mut changes = Vec::new();
        for (key, row) in reading.newest(within, PERMIT_CHANGES_SHOWN_MAX)? {
            let row: PermitRow = decode(PERMITS, &row)?;
            changes.push(PermitChange {
                status: PermitStatus::from(row.status).into(),
                checked_on: row.checked.map(|checked| checked.to_string()).unwrap_or_default(),
                statement_id: row.statement.to_string(),
                position: position_of(PERMITS, &key)?.get(),
            });
        }
        let permit = self.message(reading)?;
        Ok(SitePermit { changes, ..permit })
    }
}

impl PermitRow {
    /// As the ledger has it, but for the sites: which it covers is known from where it is found.
    fn permit(&self) -> Permit {
        Permit {
            kind: self.kind,
            holder: self.holder,
            from: self.from,
            until: self.until,
            sites: Vec::new(),
            status: self.status,
            out: self.out,
            checked: self.checked,
        }
    }
}
