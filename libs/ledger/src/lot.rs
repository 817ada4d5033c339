//! A lot as the rules remember it, and the steps that all rules about lots share.
//!
//! Knows masses, who has what, and how a lot ended; knows no event. How gold is traced to sites is [`crate::origin`]'s.

use event::key::Digest;
use event::units::MASS_MAX;
use event::vocabulary::{
    AssayPurpose, Country, CustodyModel, FinenessClaim, FinenessMethod, LotAfter, LotForm, QuantityBasis, ShortText,
};
use event::{Date, Event, Fineness, LotId, Mass, PartyId, SiteId, StatementId, StreamPosition, Timestamp};
use serde::Serialize;

use crate::Refusal;
use crate::flag::{Flag, FlagKind};
use crate::policy::Policy;
use crate::rules::{Said, is_increasing};
use crate::state::{Change, Ledger};

/// A lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Lot {
    /// Where it was dug; none where several sites gave it.
    pub site: Option<SiteId>,
    /// In which country; none where several did.
    pub country: Option<Country>,
    /// Who declared it, or made it out of others.
    pub by: PartyId,
    /// Who has it, or had it when it ended.
    pub custodian: PartyId,
    /// Whose it is.
    pub owner: PartyId,
    /// What it looks like.
    pub form: LotForm,
    /// Where its masses come from.
    pub basis: QuantityBasis,
    /// What is promised about mixing.
    pub custody_model: CustodyModel,
    /// As weighed when it was declared or came out.
    pub declared_mass: Mass,
    /// As last weighed.
    pub gross_mass: Mass,
    /// How fine it is held to be, where anyone said.
    pub content: Option<Content>,
    /// The most gold that it can ever be said to hold: what its declaration leaves room for, or what went into it.
    pub fine_mass_max: Mass,
    /// How many whole seals are on it.
    pub seals: u16,
    /// The latest statement on it: what the next one names as `after`.
    pub latest: StatementId,
    /// When that was admitted.
    pub latest_at: Timestamp,
    /// Where that stands.
    pub latest_position: StreamPosition,
    /// Who said that.
    pub latest_by: PartyId,
    /// The last day on which it was dug, until it is first handed over.
    pub fresh: Option<Date>,
    /// The offer that was last made, if nothing ended it but time.
    pub offer: Option<Offer>,
    /// The country it left, where it was exported.
    pub exported: Option<Country>,
    /// The refiner that has it in its books.
    pub received_by: Option<PartyId>,
    /// How it ended, if it did.
    pub end: Option<End>,
}

/// How fine a lot is held to be, and by whose word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Content {
    /// How fine.
    pub fineness: Fineness,
    /// How that was found.
    pub method: FinenessMethod,
    /// How much silver, where that was measured.
    pub silver: Option<Fineness>,
    /// What for, where it was an assay and no mere claim.
    pub purpose: Option<AssayPurpose>,
    /// Who says so.
    pub by: PartyId,
    /// The statement.
    pub statement: StatementId,
}

/// An offer of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// To whom.
    pub to: PartyId,
    /// At which position it was made.
    pub position: StreamPosition,
    /// The last instant at which it stands.
    pub until: Timestamp,
    /// Whether the title passes with it.
    pub with_title: bool,
}

/// How a lot ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum End {
    /// It became other lots: those that this statement creates.
    Transformed {
        /// Which statement.
        by: StatementId,
        /// How many lots it creates.
        outputs: u16,
    },
    /// It left the system.
    Retired,
    /// It is gone.
    Lost,
}

/// A seal or sample number that is taken for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Seal {
    /// On which lot, or of which.
    pub lot: LotId,
    /// How it is.
    pub state: SealUse,
}

/// How a seal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SealUse {
    /// On the lot, whole as far as anyone said.
    Whole,
    /// Broken, as its custodian said.
    Broken,
    /// On a sample.
    Sample,
}

/// The latest handover of a lot: what two parties signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// The acceptance.
    pub statement: StatementId,
    /// Who gave.
    pub from: PartyId,
    /// Who took.
    pub to: PartyId,
    /// As weighed before.
    pub gross_mass: Mass,
}

/// A correction that waits for the other one's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The proposal.
    pub statement: StatementId,
    /// Who confirms it.
    pub confirmed_by: PartyId,
    /// What the lot weighed.
    pub gross_mass: Mass,
}

/// A hold on a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// Who holds it.
    pub by: PartyId,
    /// Since which position.
    pub position: StreamPosition,
}

/// What a party does again and again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Habits {
    /// How many of its latest declarations in a row are of a round mass.
    pub round: u16,
    /// The mass of its latest declaration.
    pub mass: Mass,
    /// How many of its latest declarations in a row have this very mass.
    pub same: u16,
    /// How many of its latest declarations in a row stay just below the threshold.
    pub near: u16,
    /// How many lots in a row it found lighter than the giver did.
    pub lighter: u16,
}

impl Content {
    /// As claimed in a declaration or of an output.
    pub(crate) fn claimed(claim: FinenessClaim, said: &Said<'_>) -> Self {
        Self {
            fineness: claim.fineness,
            method: claim.method,
            silver: None,
            purpose: None,
            by: said.party,
            statement: said.statement.id(),
        }
    }

    /// How fine, and how that was found.
    #[must_use]
    pub const fn claim(&self) -> FinenessClaim {
        FinenessClaim {
            fineness: self.fineness,
            method: self.method,
        }
    }

    /// The most gold that a lot of this content can hold.
    #[must_use]
    pub fn most(&self, gross_mass: Mass, policy: &Policy) -> Mass {
        gross_mass.fine(policy.highest(self.fineness, self.method))
    }
}

impl Lot {
    /// The gold in it: gross mass times fineness, never more than it can be said to hold; none where nobody said how fine
    /// it is.
    #[must_use]
    pub fn fine_mass(&self) -> Option<Mass> {
        let content = self.content?;
        Some(self.gross_mass.fine(content.fineness).min(self.fine_mass_max))
    }

    /// Whether it has left the system by its custodian's word.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        self.end == Some(End::Retired)
    }

    /// The offer that stands at `at`.
    #[must_use]
    pub fn open_offer(&self, at: Timestamp) -> Option<Offer> {
        self.offer.filter(|offer| at <= offer.until)
    }
}

/// What was said on a lot last, where somebody did not know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latest {
    /// On which lot.
    pub lot: LotId,
    /// The statement.
    pub statement: StatementId,
    /// Who said it.
    pub by: PartyId,
    /// Where it stands.
    pub position: StreamPosition,
}

impl Ledger {
    /// The first lot that `event` names another statement of than the latest one, with that latest one: what a signer who
    /// is refused looks at before signing anew.
    #[must_use]
    pub fn unseen(&self, event: &Event) -> Option<Latest> {
        let named = event.lots_after();
        let mut unseen = named.into_iter().filter_map(|LotAfter { lot: id, after }| {
            let lot = self.lot(&id).filter(|lot| lot.latest != after)?;
            Some(Latest {
                lot: id,
                statement: lot.latest,
                by: lot.latest_by,
                position: lot.latest_position,
            })
        });
        unseen.next()
    }
}

/// The lot, if it still moves and `after` is the latest statement on it.
pub(crate) fn latest(ledger: &Ledger, id: LotId, after: StatementId) -> Result<Lot, Refusal> {
    let lot = ledger.lot(&id).ok_or(Refusal::UnknownLot)?;
    not_ended(lot)?;
    if lot.latest != after {
        return Err(Refusal::Superseded);
    }
    Ok(*lot)
}

pub(crate) fn not_ended(lot: &Lot) -> Result<(), Refusal> {
    match lot.end {
        Some(End::Transformed { .. }) => Err(Refusal::LotTransformed),
        Some(End::Retired) => Err(Refusal::LotRetired),
        Some(End::Lost) => Err(Refusal::LotIsLost),
        None => Ok(()),
    }
}

pub(crate) fn custodian_says(lot: &Lot, said: &Said<'_>) -> Result<(), Refusal> {
    if lot.custodian != said.party {
        return Err(Refusal::NotCustodian);
    }
    Ok(())
}

pub(crate) fn receiver_says(lot: &Lot, said: &Said<'_>) -> Result<Offer, Refusal> {
    let offer = lot.offer.ok_or(Refusal::NoOpenOffer)?;
    if offer.to != said.party {
        return Err(Refusal::NotReceiver);
    }
    Ok(offer)
}

pub(crate) fn not_on_offer(lot: &Lot, said: &Said<'_>) -> Result<(), Refusal> {
    if lot.open_offer(said.admitted_at).is_some() {
        return Err(Refusal::OfferOpen);
    }
    Ok(())
}

/// A lot that is held, or was made of one that is, stays where it is. So does what a suspended organization dug or made
/// and still has, from the position of the reason on; what left its hands before is not reached by that.
pub(crate) fn not_held(ledger: &Ledger, said: &Said<'_>, id: LotId, lot: &Lot) -> Result<(), Refusal> {
    if ledger.is_held(&id) {
        return Err(Refusal::HoldOpen);
    }
    if lot.by == lot.custodian && ledger.is_suspended(lot.custodian, said.admitted_at) {
        return Err(Refusal::LotHeld);
    }
    Ok(())
}

pub(crate) fn possible_mass(mass: Mass) -> Result<(), Refusal> {
    if mass == Mass::ZERO || MASS_MAX < mass {
        return Err(Refusal::MassOutOfRange);
    }
    Ok(())
}

/// Against the declaration too: tolerances of many weighings must not add up to new gold.
pub(crate) fn not_grown(policy: &Policy, lot: &Lot, gross_mass: Mass) -> Result<(), Refusal> {
    let weighed = lot.gross_mass.min(lot.declared_mass);
    if weighed.plus_ppm(policy.acceptance_gain_ppm_max) < gross_mass {
        return Err(Refusal::MassGrew);
    }
    Ok(())
}

/// Numbers of seals or samples that stand in increasing order.
pub(crate) fn ordered(numbers: &[ShortText]) -> Result<(), Refusal> {
    if !is_increasing(numbers, |number| number) {
        return Err(Refusal::SealsNotOrdered);
    }
    Ok(())
}

/// Numbers that no lot bears or bore.
pub(crate) fn free(ledger: &Ledger, numbers: &[ShortText]) -> Result<(), Refusal> {
    if numbers.iter().any(|number| ledger.seals.contains(number)) {
        return Err(Refusal::SealTaken);
    }
    Ok(())
}

/// These numbers are taken from here on.
pub(crate) fn taken(lot: LotId, numbers: &[ShortText], state: SealUse) -> impl Iterator<Item = Change> {
    numbers
        .iter()
        .map(move |number| Change::Seal(number.clone(), Seal { lot, state }))
}

/// What a statement on a lot, which named the latest one before, makes of it, with what is worth a second look at any such statement.
pub(crate) fn moved(ledger: &Ledger, said: &Said<'_>, id: LotId, lot: &Lot) -> Vec<Change> {
    let policy = ledger.policy();
    let gap = said.admitted_at.date().days_since(lot.latest_at.date());
    let lot = Lot {
        latest: said.statement.id(),
        latest_at: said.admitted_at,
        latest_position: said.position,
        latest_by: said.party,
        ..*lot
    };
    let mut changes = vec![Change::Lot(id, Box::new(lot))];
    changes.extend(above(FlagKind::Gap, id, gap.into(), policy.gap_days_alert.into()));
    changes.extend(late(ledger, said, id));
    changes
}

/// Said long before it was recorded.
pub(crate) fn late(ledger: &Ledger, said: &Said<'_>, id: LotId) -> Option<Change> {
    let days = said.admitted_at.date().days_since(said.statement.stated_at().date());
    above(FlagKind::Late, id, days.into(), ledger.policy().late_days_alert.into())
}

/// A part of a whole, in parts per million, rounded down.
pub(crate) fn ppm_of(part: Mass, whole: Mass) -> u64 {
    let ppm = u128::from(part.micrograms()) * 1_000_000 / u128::from(whole.micrograms().max(1));
    u64::try_from(ppm).unwrap_or(u64::MAX)
}

/// A flag, where what was found is above the line.
pub(crate) fn above(kind: FlagKind, lot: LotId, found: u64, line: u64) -> Option<Change> {
    (line < found).then(|| Change::Flag(Flag::with(kind, lot, found, line)))
}

/// Two weighings that differ by more than scales do.
pub(crate) fn weighings(policy: &Policy, id: LotId, before: Mass, after: Mass) -> Option<Change> {
    let (apart, line) = (before.apart(after), policy.weighing_tolerance(before));
    above(FlagKind::WeighingsDiffer, id, apart.micrograms(), line.micrograms())
}

/// Documents that are named for a lot, and the flag where one of them was named for another lot before. A waybill goes
/// with many lots; a delivery slip or a melt sheet does not, and so `is_own` says which these are.
pub(crate) fn documents(ledger: &Ledger, id: LotId, documents: &[Digest], is_own: bool) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut other = None;
    for digest in documents {
        match ledger.documents.get(digest) {
            None => changes.push(Change::Document(*digest, id)),
            Some(first) if *first != id => other = other.or(Some(*first)),
            Some(_) => {}
        }
    }
    if let Some(other) = other.filter(|_| is_own) {
        changes.push(Change::Flag(Flag {
            other: Some(other),
            ..Flag::new(FlagKind::DocumentReused, id)
        }));
    }
    changes
}
