//! From steps to rows. Pure: the same steps make the same rows, whatever batches they come in.

mod flows;
mod lots;
mod sites;

use std::collections::BTreeMap;

use event::codec::encode;
use event::vocabulary::{PartyProfile, RevocationReason, ShortText, Topic};
use event::{Event, LotId, PartyId, PublicKey, StreamPosition, Timestamp, VerifiedStatement};
use ledger::{Change, Flag, Key, Seal, SealUse};
use replay::{Step, Verdict};
use serde::Serialize;
use serde::de::DeserializeOwned;
use views::{Row, Rows, View};

use crate::lineage::{Source, tally_key};
use crate::rows::{
    ASSAYS, BALANCES, BalanceRow, Birth, CLOCKS, FLAG_TALLIES, FLAGS, FlagRow, FlagTally, HOLDS, HoldRow, LOTS,
    LOTS_FLAGGED, LOTS_HELD, Listed, PARTIES, PartyRow, REACHED, REVOCATIONS, ROW_VERSION, ReachedRow, RevocationRow,
    RowError, SEALS, SEALS_OF, STATEMENTS, SealRow, SealState, StatementRow, birth_key, flag_key, key_at, missing,
    month_key, position_key, seal_key,
};

type Result<T> = core::result::Result<T, RowError>;

/// Lots, what happened to them and what they were made of, as rows. A refused record changes none of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustodyView;

impl View for CustodyView {
    type Error = RowError;

    const SERVICE: &'static str = "custody";
    const ROW_VERSION: u32 = ROW_VERSION;

    fn fold(&mut self, step: &Step, rows: &mut Rows) -> Result<()> {
        let (Verdict::Admitted(changes), Some(statement), Some(admitted_at)) =
            (&step.verdict, &step.statement, step.admitted_at)
        else {
            return Ok(());
        };
        let mut folding = Folding {
            statement,
            position: step.position,
            admitted_at,
            changes,
            flags: 0,
            balances: BTreeMap::new(),
            rows,
        };
        folding.put(CLOCKS, &position_key(step.position), &admitted_at);
        folding.stated();
        folding.enrolled();
        for change in changes {
            folding.change(change)?;
        }
        folding.balanced();
        Ok(())
    }
}

/// An admitted record that is folded.
struct Folding<'a> {
    statement: &'a VerifiedStatement,
    position: StreamPosition,
    admitted_at: Timestamp,
    changes: &'a [Change],
    /// How many flags it has raised so far.
    flags: u16,
    /// What it changes in the balances of its month.
    balances: BTreeMap<PartyId, BalanceRow>,
    rows: &'a mut Rows,
}

impl Source for Folding<'_> {
    type Error = RowError;

    fn value(&mut self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.rows.get(table, key))
    }

    fn last_row(&mut self, table: &'static str, from: &[u8], before: &[u8]) -> Result<Option<Row>> {
        Ok(self.rows.last(table, from, before))
    }
}

impl Folding<'_> {
    fn change(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Key(key, entry) => self.revoked(key, entry),
            Change::Site(id, site) => self.site(*id, site)?,
            Change::Permit(id, permit) => self.permit(*id, permit)?,
            Change::Capacity(site, capacity) => self.capacity(*site, capacity),
            Change::Production(site, production) => self.production(*site, production),
            Change::Lot(id, lot) => self.lot(*id, lot)?,
            Change::Seal(number, seal) => self.seal(number, seal),
            Change::Assay(lot, ..) => self.put_here(ASSAYS, lot.as_bytes(), &()),
            Change::Flag(flag) => self.flag(*flag)?,
            Change::Hold(lot, Some(hold)) => {
                let row = HoldRow {
                    by: hold.by,
                    until: None,
                };
                self.put_here(HOLDS, lot.as_bytes(), &row);
            }
            Change::Hold(lot, None) => self.released(*lot)?,
            Change::Reached { lot, source, held } => self.reached(*lot, *source, *held)?,
            Change::Flow(flow) => self.flow(flow)?,
            _ => {}
        }
        Ok(())
    }

    /// What is said about lots is kept as it was signed.
    fn stated(&mut self) {
        if self.statement.event().kind().topic() != Topic::Custody {
            return;
        }
        let key = self.statement.key();
        let signer = self.changes.iter().find_map(|change| match change {
            Change::Key(other, entry) if *other == key => Some(entry.party),
            _ => None,
        });
        let row = StatementRow {
            id: self.statement.id(),
            by: self.statement.party(),
            signer: signer.unwrap_or(self.statement.party()),
            key,
            stated_at: self.statement.stated_at(),
            admitted_at: self.admitted_at,
            event: self.statement.event().clone(),
        };
        self.put(STATEMENTS, &position_key(self.position), &row);
    }

    fn enrolled(&mut self) {
        let profile: &PartyProfile = match self.statement.event() {
            Event::DeploymentFounded(event) => &event.scheme,
            Event::PartyEnrolled(profile) => profile,
            _ => return,
        };
        let row = PartyRow {
            position: self.position,
            kind: profile.kind,
            name: profile.name.clone(),
            country: profile.country,
        };
        let id = PartyId::derive(self.statement.id(), 0);
        self.put(PARTIES, id.as_bytes(), &row);
    }

    /// A key that is only lost or left goes on to be believed in what it said before.
    fn revoked(&mut self, key: &PublicKey, entry: &Key) {
        let Some(revoked) = entry.revoked.filter(|revoked| revoked.position == self.position) else {
            return;
        };
        if let RevocationReason::Compromised { since } = revoked.reason {
            let row = RevocationRow {
                position: self.position,
                statement: self.statement.id(),
                since,
            };
            self.put(REVOCATIONS, key.as_bytes(), &row);
        }
    }

    fn seal(&mut self, number: &ShortText, seal: &Seal) {
        let row = SealRow {
            lot: seal.lot,
            state: match seal.state {
                SealUse::Whole => SealState::Whole,
                SealUse::Broken => SealState::Broken,
                SealUse::Sample => SealState::Sample,
            },
        };
        self.put_here(SEALS, &seal_key(number), &row);
        if row.state != SealState::Broken {
            let key = [seal.lot.as_bytes().as_slice(), number.as_str().as_bytes()].concat();
            let position = self.position;
            self.put(SEALS_OF, &key, &position);
        }
    }

    fn flag(&mut self, flag: Flag) -> Result<()> {
        let row = FlagRow {
            flag,
            statement: self.statement.id(),
            position: self.position,
        };
        let key = [flag.lot.as_bytes().as_slice(), &birth_key(self.position, self.flags)].concat();
        self.flags += 1;
        self.put(FLAGS, &key, &row);
        let key = tally_key(flag.lot, flag.kind);
        let before: Option<(_, FlagTally)> = self.last_at(FLAG_TALLIES, &key, self.position)?;
        let before = before.map_or(FlagTally { count: 0, first: row }, |(_, tally)| tally);
        let tally = FlagTally {
            count: before.count.saturating_add(1),
            ..before
        };
        self.put_here(FLAG_TALLIES, &key, &tally);
        self.list(LOTS_FLAGGED, &flag_key(flag.kind), flag.lot)
    }

    fn released(&mut self, lot: LotId) -> Result<()> {
        let last = self.last_at(HOLDS, lot.as_bytes(), self.position)?;
        let (position, hold): (_, HoldRow) = last.ok_or(missing(HOLDS))?;
        let until = Some(self.position);
        self.put(HOLDS, &key_at(lot.as_bytes(), position), &HoldRow { until, ..hold });
        Ok(())
    }

    fn reached(&mut self, lot: LotId, source: LotId, held: bool) -> Result<()> {
        let key = [lot.as_bytes().as_slice(), source.as_bytes()].concat();
        if held {
            self.put_here(REACHED, &key, &ReachedRow { until: None });
            return self.list(LOTS_HELD, &[], lot);
        }
        let reached: Option<(_, ReachedRow)> = self.last_at(REACHED, &key, self.position)?;
        let (position, _) = reached.ok_or(missing(REACHED))?;
        let until = Some(self.position);
        self.put(REACHED, &key_at(&key, position), &ReachedRow { until });
        Ok(())
    }

    /// Puts a lot into a list, where it stays from the first time on.
    fn list(&mut self, table: &'static str, of: &[u8], lot: LotId) -> Result<()> {
        let birth: Birth = self.named(LOTS, lot.as_bytes())?;
        let key = [of, &birth.key()].concat();
        // What is only just known was in no list before, and need not be looked up there.
        if birth.position == self.position || self.value(table, &key)?.is_none() {
            let since = self.position;
            self.put(table, &key, &Listed { lot, since });
        }
        Ok(())
    }

    /// What this month holds of a party so far, to be changed.
    fn balance(&mut self, party: PartyId) -> Result<&mut BalanceRow> {
        if !self.balances.contains_key(&party) {
            let before = self.last_at(BALANCES, &self.balance_key(party), self.position)?;
            let row = before.map(|(_, row)| row).unwrap_or_default();
            self.balances.insert(party, row);
        }
        Ok(self.balances.entry(party).or_default())
    }

    fn balanced(&mut self) {
        for (party, row) in core::mem::take(&mut self.balances) {
            let key = self.balance_key(party);
            self.put_here(BALANCES, &key, &row);
        }
    }

    fn balance_key(&self, party: PartyId) -> Vec<u8> {
        [party.as_bytes().as_slice(), &self.month()].concat()
    }

    /// The month in which this was admitted.
    fn month(&self) -> [u8; 4] {
        month_key(self.admitted_at.date().month())
    }

    /// Puts a row at `key ‖ position` of this record.
    fn put_here(&mut self, table: &'static str, key: &[u8], row: &impl Serialize) {
        self.put(table, &key_at(key, self.position), row);
    }

    fn put(&mut self, table: &'static str, key: &[u8], row: &impl Serialize) {
        self.rows.put(table, key, encode(row));
    }

    /// The last of the rows `key ‖ position` up to this record's.
    fn last<T: Serialize + DeserializeOwned>(&mut self, table: &'static str, key: &[u8]) -> Result<Option<T>> {
        Ok(self.last_at(table, key, self.position)?.map(|(_, row)| row))
    }
}
