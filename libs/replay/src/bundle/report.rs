//! What a bundle proves, gathered for whoever reads it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{Bar, Event};
use event::{DeploymentId, LotId, Mass, PartyId, SiteId, Timestamp, VerifiedStatement};
use ledger::origin::{Part, scaled};
use ledger::{Flag, FlagKind, Lot, Refusal};
use tlog::LeafIndex;
use tlog::policy::Cosigned;

use super::BundleError;
use super::decided::{Decided, Record};
use super::older::Bracket;
use super::origins::ComesFrom;
use super::proved::Proved;
use crate::touches::Touched;

/// A whole in parts per million.
const WHOLE: Mass = Mass::from_micrograms(1_000_000);

/// What follows from records that a bundle does not hold: what else the site gave, what else the party does, and which document
/// was named for another lot. Whether such a flag is raised is the log's word.
pub const FLAGS_NOT_DECIDED: [FlagKind; 8] = [
    FlagKind::NearCapacity,
    FlagKind::AboveMinerDay,
    FlagKind::AboveMinerYear,
    FlagKind::RoundMasses,
    FlagKind::RepeatedMasses,
    FlagKind::DocumentReused,
    FlagKind::NearThreshold,
    FlagKind::AlwaysLighter,
];

/// What a bundle proves.
#[derive(Clone, Debug)]
pub struct Report {
    /// The log that was checked and how far it reached, and who cosigned when: complete as of this.
    pub cosigned: Cosigned,
    /// Older checkpoints of it that hold by the reader's policy, in the order of their sizes: see [`Report::bracket`].
    pub older: Vec<Cosigned>,
    /// The deployment.
    pub deployment: DeploymentId,
    /// What the deployment is called.
    pub deployment_name: String,
    /// The lot.
    pub lot_id: LotId,
    /// Its state at the checkpoint, decided anew from the records. Its owner is [`Report::owner`]'s.
    pub lot: Lot,
    /// Whose it is; nobody, where that rests on what lies below the depth.
    pub owner: Option<PartyId>,
    /// How many steps back what the lot was made of is known; nothing, where all of it is.
    pub depth: Option<u16>,
    /// The lots below that depth that others were made of.
    pub below: BTreeSet<LotId>,
    /// Whether something that it was made of is not in the bundle: then whose it is, whether something that it was made of is
    /// held or invented, and how much of what an assay finds in it counts may rest on that.
    pub is_cut: bool,
    /// Whether it, or a lot in the bundle that it was made of, is held at the checkpoint.
    pub is_held: bool,
    /// The holds on it, and on what it was made of.
    pub holds: Vec<Held>,
    /// Where its gold comes from, the largest part first; nothing where nobody said how fine it is.
    pub origins: Vec<Share>,
    /// The flags on it and on what it was made of, as far as these records decide them; see [`FLAGS_NOT_DECIDED`].
    pub flags: Vec<Raised>,
    /// Every record that names the lot, oldest first, refused ones too.
    pub history: Vec<Entry>,
    /// The names of the parties involved.
    pub names: BTreeMap<PartyId, String>,
    /// The names of the sites involved.
    pub site_names: BTreeMap<SiteId, String>,
    /// In whose names something was said about the lot and what it was made of, and admitted.
    pub signers: BTreeSet<PartyId>,
    /// Records whose verdict depends on records outside the bundle: here the log's word stands.
    pub rests_on_log: Vec<LeafIndex>,
}

/// One record of a bundle.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the log.
    pub index: LeafIndex,
    /// When it was admitted, or claims to have been.
    pub admitted_at: Timestamp,
    /// What it says.
    pub statement: VerifiedStatement,
    /// Why it changed nothing, if it was refused.
    pub refused: Option<Refusal>,
}

/// A part of a lot's gold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Where it comes from.
    pub from: ComesFrom,
    /// How much it is.
    pub fine: Mass,
    /// How much of the whole; all of them together are a million.
    pub ppm: u32,
}

/// A hold on a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// On which lot.
    pub lot: LotId,
    /// By whom.
    pub by: PartyId,
    /// The record.
    pub index: LeafIndex,
    /// In whose words why.
    pub reason: String,
}

/// A flag, and the record that raised it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Which.
    pub flag: Flag,
    /// By which record.
    pub index: LeafIndex,
}

impl Report {
    pub(super) fn new(
        lot_id: LotId,
        depth: Option<u16>,
        proved: Proved,
        decided: Decided,
    ) -> Result<Self, BundleError> {
        let lot = *decided.ledger.lot(&lot_id).ok_or(BundleError::NoSuchLot)?;
        let deployment = decided.ledger.deployment().ok_or(BundleError::NoSuchLot)?;
        let lineage = decided.lineage(lot_id);
        let is_owner_known = !decided.owner_unknown.contains(&lot_id);
        let mut report = Self {
            cosigned: proved.cosigned,
            older: proved.older.cosigned,
            deployment,
            deployment_name: String::new(),
            lot_id,
            lot,
            owner: is_owner_known.then_some(lot.owner),
            depth,
            is_cut: decided.is_cut(&lot_id),
            is_held: decided.ledger.is_held(&lot_id),
            holds: holds(&decided, &lineage),
            origins: shares(&decided, lot_id, &lot),
            flags: raised(&decided, &lineage),
            history: Vec::new(),
            names: BTreeMap::new(),
            site_names: BTreeMap::new(),
            signers: BTreeSet::new(),
            rests_on_log: decided.rests_on_log,
            below: decided.below,
        };
        let lots: BTreeSet<Touched> = lineage.into_iter().map(Touched::lot).collect();
        for record in decided.records {
            let of_lineage = record.keys.iter().any(|key| lots.contains(&proved.keys[*key]));
            let of_lot = record.keys.iter().any(|key| proved.keys[*key] == Touched::lot(lot_id));
            report.record(record, of_lineage, of_lot);
        }
        Ok(report)
    }

    /// What is stamped on it, where it is a bar.
    #[must_use]
    pub fn bar(&self) -> Option<&Bar> {
        let admitted = self.history.iter().filter(|entry| entry.refused.is_none());
        admitted
            .filter_map(|entry| match entry.statement.event() {
                Event::LotsTransformed(event) => Some((entry.statement.id(), event)),
                _ => None,
            })
            .flat_map(|(by, event)| (0..).map(move |place| LotId::derive(by, place)).zip(&event.outputs))
            .find(|(id, _)| *id == self.lot_id)
            .and_then(|(_, output)| output.bar.as_ref())
    }

    /// Between which times a record came into the log, as far as its checkpoints tell.
    #[must_use]
    pub fn bracket(&self, record: LeafIndex) -> Bracket {
        Bracket::of(record, self.older.iter().chain([&self.cosigned]))
    }

    fn record(&mut self, record: Record, of_lineage: bool, of_lot: bool) {
        if record.verdict == 0 {
            self.name(&record.statement);
            if of_lineage {
                self.signers.insert(record.statement.party());
            }
        }
        if of_lot {
            self.history.push(Entry {
                index: record.index,
                admitted_at: record.admitted_at,
                refused: Refusal::from_code(record.verdict),
                statement: record.statement,
            });
        }
    }

    fn name(&mut self, statement: &VerifiedStatement) {
        let party = PartyId::derive(statement.id(), 0);
        match statement.event() {
            Event::DeploymentFounded(event) => {
                event.name.as_str().clone_into(&mut self.deployment_name);
                self.names.insert(party, event.scheme.name.to_string());
            }
            Event::PartyEnrolled(event) => {
                self.names.insert(party, event.name.to_string());
            }
            Event::SiteRegistered(event) => {
                let site = SiteId::derive(statement.id(), 0);
                self.site_names.insert(site, event.name.to_string());
            }
            Event::SiteAmended(event) => {
                if let Some(name) = &event.name {
                    self.site_names.insert(event.site, name.to_string());
                }
            }
            _ => {}
        }
    }
}

fn holds(decided: &Decided, lineage: &BTreeSet<LotId>) -> Vec<Held> {
    let held = lineage.iter().filter_map(|lot| {
        let hold = decided.ledger.hold(lot)?;
        let index = LeafIndex::new(hold.position.get().checked_sub(1)?);
        let record = decided.records.iter().find(|record| record.index == index)?;
        let Event::LotHeld(event) = record.statement.event() else {
            return None;
        };
        Some(Held {
            lot: *lot,
            by: hold.by,
            index,
            reason: event.reason.to_string(),
        })
    });
    held.collect()
}

fn shares(decided: &Decided, lot_id: LotId, lot: &Lot) -> Vec<Share> {
    let Some(gold) = lot.fine_mass() else {
        return Vec::new();
    };
    let mut parts = decided.origins.of(lot_id, gold);
    parts.sort_by_key(|part| (Reverse(part.fine), part.of));
    let places = parts.iter().enumerate().map(|(of, part)| Part { of, fine: part.fine });
    let mut ppm = vec![0; parts.len()];
    for part in scaled(&places.collect::<Vec<_>>(), WHOLE) {
        ppm[part.of] = u32::try_from(part.fine.micrograms()).expect("a part of a million");
    }
    let share = |(part, ppm): (Part<ComesFrom>, u32)| Share {
        from: part.of,
        fine: part.fine,
        ppm,
    };
    parts.into_iter().zip(ppm).map(share).collect()
}

fn raised(decided: &Decided, lineage: &BTreeSet<LotId>) -> Vec<Raised> {
    let of_lineage =
        |(_, flag): &&(LeafIndex, Flag)| lineage.contains(&flag.lot) && !FLAGS_NOT_DECIDED.contains(&flag.kind);
    let raised = decided.flags.iter().filter(of_lineage);
    raised
        .map(|(index, flag)| Raised {
            flag: *flag,
            index: *index,
        })
        .collect()
}
