//! Lots: how each stands after a statement, in which lists it belongs, by which numbers it is found, and what it adds to the
//! balance of those who have it.

use std::collections::BTreeMap;

use event::vocabulary::{Country, QuantityBasis, ShortText};
use event::{Event, LotId, Mass, PartyId};
use ledger::{Change, End, Lot};

use super::{Folding, Result};
use crate::lineage::{Pools, Source};
use crate::rows::{
    BalanceRow, Birth, ContentRow, EndRow, Ending, LOTS, LOTS_IN_ORDER, LOTS_OF_CUSTODIAN, LOTS_OF_OWNER, LOTS_OF_SITE,
    NAMES, NameKind, NameMore, NameRow, OfferRow, RECEIPTS, ReceiptRow, SITES, STEPS, SiteRow, Standing, StepRow,
    Tally, USES, USES_OF, birth_key, country_key, key_at, missing, name_key,
};

impl Folding<'_> {
    /// The ledger says how the lot stands.
    pub(super) fn lot(&mut self, id: LotId, lot: &Lot) -> Result<()> {
        let before = self.last::<StepRow>(STEPS, id.as_bytes())?.map(|step| step.after);
        if before.is_none() {
            self.born(id, lot)?;
        }
        let after = self.standing(lot, before.as_ref());
        let step = StepRow {
            from: before.map(|before| before.custodian),
            from_owner: before.map(|before| before.owner),
            offered: before.and_then(|before| before.offer).map(|offer| offer.to),
            after,
        };
        self.put_here(STEPS, id.as_bytes(), &step);
        self.used(id);
        if before.is_none_or(|before| before.custodian != after.custodian) {
            self.list(LOTS_OF_CUSTODIAN, after.custodian.as_bytes(), id)?;
        }
        if before.is_none_or(|before| before.owner != after.owner) {
            self.list(LOTS_OF_OWNER, after.owner.as_bytes(), id)?;
        }
        self.counted(before.as_ref(), &after)?;
        self.number(id)?;
        if let Some(refiner) = after.received_by
            && before.and_then(|before| before.received_by) != Some(refiner)
        {
            self.received(id, refiner, &after)?;
        }
        Ok(())
    }

    fn born(&mut self, id: LotId, lot: &Lot) -> Result<()> {
        let place = self.changes.iter().find_map(|change| match change {
            Change::Flow(flow) => flow.outputs.iter().position(|(output, _)| *output == id),
            _ => None,
        });
        let birth = Birth {
            position: self.position,
            place: u16::try_from(place.unwrap_or_default()).expect("a list of few"),
            is_made: place.is_some(),
        };
        self.put(LOTS, id.as_bytes(), &birth);
        self.list(LOTS_IN_ORDER, &[], id)?;
        if let Some(site) = lot.site {
            self.list(LOTS_OF_SITE, site.as_bytes(), id)?;
        }
        Ok(())
    }

    fn standing(&self, lot: &Lot, before: Option<&Standing>) -> Standing {
        let content = lot.content.map(|content| ContentRow {
            fineness: content.fineness,
            method: content.method,
            silver: content.silver,
            purpose: content.purpose,
            by: content.by,
            statement: content.statement,
        });
        Standing {
            since: self.position,
            latest: lot.latest,
            site: lot.site,
            country: lot.country,
            by: lot.by,
            custodian: lot.custodian,
            owner: lot.owner,
            form: lot.form,
            basis: lot.basis,
            custody_model: lot.custody_model,
            declared_mass: lot.declared_mass,
            gross_mass: lot.gross_mass,
            content,
            fine_mass: lot.fine_mass(),
            fine_mass_max: lot.fine_mass_max,
            seals: lot.seals,
            offer: lot.offer.map(|offer| self.offer(offer, before)),
            exported: lot.exported,
            received_by: lot.received_by,
            end: lot.end.map(|end| self.end(end, before)),
        }
    }

    /// An offer that was open before was made before.
    fn offer(&self, offer: ledger::Offer, before: Option<&Standing>) -> OfferRow {
        let open = before.and_then(|before| before.offer);
        let open = open.filter(|open| open.position == offer.position);
        open.unwrap_or(OfferRow {
            to: offer.to,
            position: offer.position,
            admitted_at: self.admitted_at,
            until: offer.until,
            with_title: offer.with_title,
        })
    }

    /// What had ended before ended there, whatever is said about it later.
    fn end(&self, end: End, before: Option<&Standing>) -> EndRow {
        before.and_then(|before| before.end).unwrap_or(EndRow {
            position: self.position,
            how: match end {
                End::Transformed { .. } => Ending::Transformed,
                End::Retired => Ending::Retired,
                End::Lost => Ending::Lost,
            },
        })
    }

    /// The key of this statement spoke of the lot.
    fn used(&mut self, id: LotId) {
        let key = self.statement.key();
        let of_lot = [id.as_bytes().as_slice(), key.as_bytes()].concat();
        self.put_here(USES_OF, &of_lot, &());
        let of_key = key_at(key.as_bytes(), self.position);
        self.put(USES, &[of_key.as_slice(), id.as_bytes()].concat(), &());
    }

    /// What this adds to the balances: what comes in and goes out, and what is found more or less.
    fn counted(&mut self, before: Option<&Standing>, after: &Standing) -> Result<()> {
        let now = Tally::of(after);
        let Some(before) = before else {
            let is_declared = matches!(self.statement.event(), Event::LotDeclared(_));
            let balance = self.balance(after.custodian)?;
            let place = if is_declared {
                &mut balance.declared
            } else {
                &mut balance.made
            };
            place.add(&now);
            return Ok(());
        };
        let then = Tally::of(before);
        if before.custodian != after.custodian {
            self.balance(before.custodian)?.given.add(&then);
            let balance = self.balance(after.custodian)?;
            balance.received.add(&now);
            balance.lighter = balance.lighter.plus(then.gross.minus(now.gross));
            balance.heavier = balance.heavier.plus(now.gross.minus(then.gross));
            return Ok(());
        }
        let balance = self.balance(after.custodian)?;
        balance.found(&then, &now);
        if before.exported != after.exported {
            balance.exported.add(&now);
        }
        if before.end.is_none()
            && let Some(end) = after.end
        {
            let place = match end.how {
                Ending::Transformed => &mut balance.used_up,
                Ending::Retired => &mut balance.retired,
                Ending::Lost => &mut balance.lost,
            };
            place.add(&now);
        }
        Ok(())
    }

    /// By which numbers this statement lets the lot be found.
    fn number(&mut self, id: LotId) -> Result<()> {
        match self.statement.event() {
            Event::LotsTransformed(event) => {
                let birth: Birth = self.named(LOTS, id.as_bytes())?;
                if birth.position != self.position {
                    return Ok(());
                }
                if let Some(melt) = &event.melt {
                    self.numbered(NameKind::Melt, melt, birth.place, id, NameMore::Nothing);
                }
                let output = event.outputs.get(usize::from(birth.place));
                if let Some(bar) = output.and_then(|output| output.bar.as_ref()) {
                    self.numbered(NameKind::Bar, &bar.serial, birth.place, id, NameMore::Bar(bar.clone()));
                }
            }
            Event::LotExported(event) => {
                let place = event.lots.iter().position(|lot| lot.lot == id).unwrap_or_default();
                let place = u16::try_from(place).expect("a list of few");
                let more = NameMore::Certificate(event.certificate.clone());
                self.numbered(NameKind::Certificate, &event.certificate.value, place, id, more);
            }
            Event::LotReceived(event) => {
                self.numbered(NameKind::RefineryLot, &event.refinery_lot, 0, id, NameMore::Nothing);
            }
            _ => {}
        }
        Ok(())
    }

    fn numbered(&mut self, kind: NameKind, text: &ShortText, place: u16, lot: LotId, more: NameMore) {
        let key = [name_key(kind, text).as_slice(), &birth_key(self.position, place)].concat();
        let by = self.statement.party();
        self.put(NAMES, &key, &NameRow { lot, by, more });
    }

    /// What a refiner takes into its books, by the country it was dug in.
    fn received(&mut self, id: LotId, refiner: PartyId, after: &Standing) -> Result<()> {
        let Some(gold) = after.fine_mass else {
            let country = after.country.unwrap_or(Country::NONE);
            return self.receipt(refiner, country, |row| {
                row.unassayed = row.unassayed.plus(after.gross_mass);
            });
        };
        let mut countries: BTreeMap<Country, Mass> = BTreeMap::new();
        for origin in Pools::default().origins(self, id, gold)? {
            let site: SiteRow = self.last(SITES, origin.of.0.as_bytes())?.ok_or(missing(SITES))?;
            let sum = countries.entry(site.country).or_default();
            *sum = sum.plus(origin.fine);
        }
        let is_invented = after.basis == QuantityBasis::Illustrative;
        for (country, gold) in countries {
            self.receipt(refiner, country, |row| {
                row.fine = row.fine.plus(gold);
                if is_invented {
                    row.illustrative = row.illustrative.plus(gold);
                }
            })?;
        }
        Ok(())
    }

    fn receipt(&mut self, refiner: PartyId, country: Country, add: impl Fn(&mut ReceiptRow)) -> Result<()> {
        let key = [refiner.as_bytes().as_slice(), &self.month(), &country_key(country)].concat();
        let mut row: ReceiptRow = self.last(RECEIPTS, &key)?.unwrap_or_default();
        row.lots = row.lots.saturating_add(1);
        add(&mut row);
        self.put_here(RECEIPTS, &key, &row);
        Ok(())
    }
}

impl Tally {
    fn of(lot: &Standing) -> Self {
        Self {
            lots: 1,
            gross: lot.gross_mass,
            fine: lot.fine_mass.unwrap_or_default(),
            unassayed: if lot.fine_mass.is_none() {
                lot.gross_mass
            } else {
                Mass::ZERO
            },
        }
    }

    fn add(&mut self, other: &Self) {
        self.lots = self.lots.saturating_add(other.lots);
        self.gross = self.gross.plus(other.gross);
        self.fine = self.fine.plus(other.fine);
        self.unassayed = self.unassayed.plus(other.unassayed);
    }

    /// What it has more than another one.
    fn more_than(&self, other: &Self) -> Self {
        let more = Self {
            lots: 0,
            gross: self.gross.minus(other.gross),
            fine: self.fine.minus(other.fine),
            unassayed: self.unassayed.minus(other.unassayed),
        };
        Self {
            lots: u32::from(more != Self::default()),
            ..more
        }
    }
}

impl BalanceRow {
    /// The same lot, measured anew.
    fn found(&mut self, before: &Tally, after: &Tally) {
        self.found_more.add(&after.more_than(before));
        self.found_less.add(&before.more_than(after));
    }
}
