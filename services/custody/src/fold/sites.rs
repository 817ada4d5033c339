//! Sites, what they may give and what they gave.

use event::codec::encode;
use event::{Event, PermitId, SiteId};
use ledger::{Capacity, Permit, Production, Site};

use super::{Folding, Result};
use crate::rows::{
    CAPACITIES, CapacityRow, PERMITS, PERMITS_OF, PRODUCTIONS, PermitRow, SITES, SiteRow, key_at, missing, month_key,
};

impl Folding<'_> {
    pub(super) fn site(&mut self, id: SiteId, site: &Site) -> Result<()> {
        let stated = match self.statement.event() {
            Event::SiteRegistered(event) => Some(event.name.clone()),
            Event::SiteAmended(event) => event.name.clone(),
            _ => None,
        };
        let name = match stated {
            Some(name) => name,
            None => self.last::<SiteRow>(SITES, id.as_bytes())?.ok_or(missing(SITES))?.name,
        };
        let row = SiteRow {
            name,
            operator: site.operator,
            country: site.country,
        };
        self.put_here(SITES, id.as_bytes(), &row);
        Ok(())
    }

    pub(super) fn permit(&mut self, id: PermitId, permit: &Permit) -> Result<()> {
        let recorded = match self.statement.event() {
            Event::PermitRecorded(event) => Some((event.number.clone(), event.authority.clone())),
            _ => None,
        };
        let (number, authority) = if let Some(recorded) = recorded {
            for site in &permit.sites {
                self.put_here(PERMITS_OF, site.as_bytes(), &id);
            }
            recorded
        } else {
            let before: PermitRow = self.last(PERMITS, id.as_bytes())?.ok_or(missing(PERMITS))?;
            (before.number, before.authority)
        };
        let row = PermitRow {
            kind: permit.kind,
            number,
            authority,
            holder: permit.holder,
            from: permit.from,
            until: permit.until,
            status: permit.status,
            out: permit.out,
            checked: permit.checked,
            statement: self.statement.id(),
        };
        self.put_here(PERMITS, id.as_bytes(), &row);
        Ok(())
    }

    pub(super) fn capacity(&mut self, site: SiteId, capacity: &Capacity) {
        let Event::CapacityEstablished(event) = self.statement.event() else {
            return;
        };
        let row = CapacityRow {
            by: capacity.by,
            months: capacity.months,
            fine_mass_max: capacity.fine_mass_max,
            miners_max: capacity.miners_max,
            basis: event.basis.clone(),
            statement: self.statement.id(),
        };
        self.put_here(CAPACITIES, site.as_bytes(), &row);
    }

    /// The month that grew is the last one.
    pub(super) fn production(&mut self, site: SiteId, production: &Production) {
        let Some((month, gold)) = production.0.last() else {
            return;
        };
        let key = [site.as_bytes().as_slice(), &month_key(*month)].concat();
        self.rows.put(PRODUCTIONS, &key_at(&key, self.position), encode(gold));
    }
}
