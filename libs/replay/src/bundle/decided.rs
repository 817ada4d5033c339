//! What of a bundle needs the rules: its records, decided anew in their order, and whether all that they rest on is there.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use event::vocabulary::Event;
use event::{LotId, PartyId, StreamPosition, Timestamp, VerifiedStatement};
use ledger::{Change, Flag, Ledger, Refusal};
use tlog::LeafIndex;

use super::BundleError;
use super::origins::Origins;
use super::proved::{Proved, ProvedLeaf};
use super::reach::Reach;
use crate::checked::check;
use crate::replica::Verdict;
use crate::touches::{Touched, touches};

/// The bundle's records, decided again.
pub(super) struct Decided {
    pub(super) ledger: Ledger,
    pub(super) records: Vec<Record>,
    pub(super) flags: Vec<(LeafIndex, Flag)>,
    pub(super) origins: Origins,
    /// Refusals that the log decided by records that are not here.
    pub(super) rests_on_log: Vec<LeafIndex>,
    /// Lots that those in the bundle were made of, and that lie below its depth.
    pub(super) below: BTreeSet<LotId>,
    /// Lots of which nothing in the bundle says whose they are.
    pub(super) owner_unknown: BTreeSet<LotId>,
    /// Lots of which not all is known that they were made of.
    taken: BTreeSet<LotId>,
}

/// A record under a key of the bundle.
pub(super) struct Record {
    pub(super) index: LeafIndex,
    pub(super) admitted_at: Timestamp,
    pub(super) statement: VerifiedStatement,
    /// 0, or the number of the refusal.
    pub(super) verdict: u16,
    /// The places of the keys that it stands under.
    pub(super) keys: Vec<usize>,
}

impl Decided {
    pub(super) fn new(proved: &Proved, lot: LotId, depth: Option<u16>) -> Result<Self, BundleError> {
        let records = read(proved)?;
        let reach = reached(proved, &records, lot, depth)?;
        let mut decided = Self {
            ledger: Ledger::new(),
            records: Vec::new(),
            flags: Vec::new(),
            origins: Origins::default(),
            rests_on_log: Vec::new(),
            below: reach.below(),
            owner_unknown: BTreeSet::new(),
            taken: BTreeSet::new(),
        };
        if depth.is_some() && decided.below.is_empty() {
            return Err(BundleError::DepthNotReached);
        }
        for record in &records {
            decided.step(record)?;
        }
        decided.records = records;
        Ok(decided)
    }

    /// The lot and all that it was made of, as far as the bundle goes.
    pub(super) fn lineage(&self, lot: LotId) -> BTreeSet<LotId> {
        self.origins.lineage(lot)
    }

    /// Whether something that it was made of is not known.
    pub(super) fn is_cut(&self, lot: &LotId) -> bool {
        self.taken.contains(lot)
    }

    fn step(&mut self, record: &Record) -> Result<(), BundleError> {
        // The record before it is the last that the ledger has passed, seen or not.
        self.ledger.skip_to(StreamPosition::new(record.index.get()));
        let Record { statement, verdict, .. } = record;
        if *verdict == 0 {
            self.learn_owners(statement);
        }
        let decided = self.decide(record);
        let code = decided.code();
        if code == *verdict {
            return Ok(());
        }
        let rests_on_log = match decided {
            Verdict::Refused(why) if *verdict == 0 => self.takes(record, why),
            _ => *verdict != 0 && (depends_on_others(*verdict) || self.names_unknown(record)),
        };
        if !rests_on_log {
            return Err(BundleError::WrongVerdict {
                index: record.index,
                logged: *verdict,
                decided: code,
            });
        }
        self.rests_on_log.push(record.index);
        Ok(())
    }

    /// Whether a record names lots of which not all is known, or nothing.
    fn names_unknown(&self, record: &Record) -> bool {
        let named = record.statement.event().lots_after();
        let mut lots = named.iter().map(|named| named.lot);
        lots.any(|lot| self.taken.contains(&lot) || self.below.contains(&lot))
    }

    /// Decides anew; takes effect only where the log admitted it too.
    fn decide(&mut self, record: &Record) -> Verdict {
        match self.ledger.admit(&record.statement, record.admitted_at) {
            Ok(admitted) if record.verdict == 0 => {
                let changes = self.ledger.apply(admitted);
                self.fold(record, &changes);
                Verdict::Admitted(changes)
            }
            Ok(_) => Verdict::Admitted(Vec::new()),
            Err(refusal) => Verdict::Refused(refusal),
        }
    }

    fn fold(&mut self, record: &Record, changes: &[Change]) {
        self.origins.fold(changes);
        for change in changes {
            match change {
                Change::Flag(flag) => self.flags.push((record.index, *flag)),
                Change::Flow(flow) if flow.inputs.iter().any(|(lot, _)| self.taken.contains(lot)) => {
                    let is_unknown = flow.inputs.iter().all(|(lot, _)| self.owner_unknown.contains(lot));
                    for (lot, _) in &flow.outputs {
                        self.taken.insert(*lot);
                        if is_unknown {
                            self.owner_unknown.insert(*lot);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes over a transformation that the log admitted, where nothing but what is not known of its inputs speaks against it:
    /// that they are known at all, from one site, of one owner, or how much gold is in them.
    fn takes(&mut self, record: &Record, why: Refusal) -> bool {
        let by_the_unknown = matches!(
            why,
            Refusal::UnknownLot
                | Refusal::ModelTooStrong
                | Refusal::OwnersDiffer
                | Refusal::FineMassGrew
                | Refusal::FineUnbalanced
                | Refusal::LossTooLarge
        );
        let is_transformation = matches!(record.statement.event(), Event::LotsTransformed(_));
        if !(by_the_unknown && is_transformation && self.names_unknown(record)) {
            return false;
        }
        let changes = self.ledger.take_transformed(&record.statement, record.admitted_at);
        if changes.iter().any(|change| matches!(change, Change::Flow(_))) {
            self.fold(record, &changes);
            return true;
        }
        self.origins.take(&changes);
        for change in &changes {
            if let Change::Lot(lot, _) = change
                && self.taken.insert(*lot)
            {
                self.owner_unknown.insert(*lot);
            }
        }
        true
    }

    /// Only its owner gives a title away, and what is molten together has one owner: that the log admitted it tells whose
    /// it was.
    fn learn_owners(&mut self, statement: &VerifiedStatement) {
        let (lots, owner): (Vec<LotId>, Option<PartyId>) = match statement.event() {
            Event::CustodyOffered(event) if event.with_title => (vec![event.lot], Some(statement.party())),
            Event::TitleTransferred(event) => (vec![event.lot], Some(statement.party())),
            Event::LotsTransformed(event) => {
                let lots: Vec<_> = event.inputs.iter().map(|input| input.lot).collect();
                let known = lots.iter().find(|lot| !self.owner_unknown.contains(lot));
                let owner = known.or(lots.first()).and_then(|lot| self.ledger.lot(lot));
                let owner = owner.map(|lot| lot.owner);
                if known.is_none() {
                    for lot in &lots {
                        self.ledger.take_owner(*lot, owner.unwrap_or(statement.party()));
                    }
                    return;
                }
                (lots, owner)
            }
            _ => return,
        };
        let Some(owner) = owner else { return };
        for lot in lots {
            if self.owner_unknown.remove(&lot) {
                self.ledger.take_owner(lot, owner);
            }
        }
    }
}

/// The statements of all listed leaves; each is listed under those keys of the bundle that it touches.
fn read(proved: &Proved) -> Result<Vec<Record>, BundleError> {
    let places: BTreeMap<&Touched, usize> = proved.keys.iter().zip(0..).collect();
    let mut records = Vec::with_capacity(proved.leaves.len());
    let mut deployment = None;
    for proved in &proved.leaves {
        let ProvedLeaf { index, keys, .. } = proved;
        let leaf = proved.leaf()?;
        let read = check(deployment, Bytes::copy_from_slice(leaf.record)).read;
        if let Err(why) = read
            && !keys.is_empty()
        {
            return Err(BundleError::NoStatement { index: *index, why });
        }
        let touched = read
            .as_ref()
            .map(|(_, statement)| touches(statement))
            .unwrap_or_default();
        let touched: BTreeSet<usize> = touched.iter().filter_map(|key| places.get(key)).copied().collect();
        if !keys.iter().eq(&touched) {
            return Err(BundleError::WronglyListed(*index));
        }
        let Ok((admitted_at, statement)) = read else { continue };
        if keys.is_empty() {
            continue;
        }
        if leaf.verdict == 0 && deployment.is_none() && matches!(statement.event(), Event::DeploymentFounded(_)) {
            deployment = Some(event::DeploymentId::from_bytes(*statement.id().as_bytes()));
        }
        records.push(Record {
            index: *index,
            admitted_at,
            statement,
            verdict: leaf.verdict,
            keys: keys.clone(),
        });
    }
    Ok(records)
}

/// The keys of the bundle are those that the lot rests on: no fewer, and no others.
fn reached(proved: &Proved, records: &[Record], lot: LotId, depth: Option<u16>) -> Result<Reach, BundleError> {
    let mut under: BTreeMap<&Touched, Vec<&VerifiedStatement>> = BTreeMap::new();
    for record in records {
        for key in &record.keys {
            under.entry(&proved.keys[*key]).or_default().push(&record.statement);
        }
    }
    let mut reach = Reach::new(lot, depth);
    let given: BTreeSet<&Touched> = proved.keys.iter().collect();
    while let Some(key) = reach.next() {
        if !given.contains(&key.0) {
            let kind = key.0.kind.as_str();
            return Err(BundleError::KeyMissing { kind });
        }
        for statement in under.get(&key.0).into_iter().flatten() {
            reach.rest(&key, statement);
        }
    }
    if reach.len() != given.len() {
        let reached: BTreeSet<_> = reach.keys().collect();
        let stray = given.difference(&reached).next();
        let kind = stray.map_or("key", |key| key.kind.as_str());
        return Err(BundleError::KeyNotNeeded { kind });
    }
    Ok(reach)
}

/// Whether a refusal can rest on records that have nothing to do with the lot: those that a key merely signed,
/// references and keys of others, other lots and sites of the same party, and what was found about it.
fn depends_on_others(verdict: u16) -> bool {
    let refusal = Refusal::from_code(verdict);
    matches!(
        refusal,
        Some(
            Refusal::ClockWentBack
                | Refusal::NumberNotIncreasing
                | Refusal::ReferenceTaken
                | Refusal::LastSchemeKey
                | Refusal::TooManySites
                | Refusal::DelegatedMass
                | Refusal::OperatorSuspended
                | Refusal::LotHeld
                | Refusal::CapacityExceeded
                | Refusal::RefineryLotTaken
                | Refusal::HoldTooWide
        )
    )
}
