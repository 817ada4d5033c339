//! Answers as rows keep them.
//!
//! One assessment answers many criteria, so what stands on them stands at a few places. A row has each place once, and
//! names it by its number from there on: what stands on 56 criteria by three kinds of assessments takes a third of the
//! bytes, and it is kept anew for every assessment.

use event::vocabulary::AssessmentKind;
use ledger::CriterionNumber;
use ledger::standing::{Found, GateAnswers, Given};
use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use crate::rows::{Answers, GatesRow, Newest, Place, Present, Says};

const KINDS: usize = AssessmentKind::ALL.len();

/// The newest of each kind: its place, and what it says.
type ByKind<T> = [Option<(Place, T)>; KINDS];

/// What stands on some criteria; `T` is what is said on each beside its place.
#[derive(Serialize, Deserialize)]
struct Packed<T> {
    /// In the order in which they are named first.
    places: Vec<Place>,
    criteria: Vec<PackedCriterion<T>>,
}

#[derive(Serialize, Deserialize)]
struct PackedCriterion<T> {
    number: CriterionNumber,
    /// For each kind the number of its place, from 1; 0 where nothing was said.
    places: [u16; KINDS],
    /// What was said, kind by kind, without those that said nothing. Empty where that is nothing but the place.
    said: Vec<T>,
}

/// [`Answers`] in a row.
#[derive(Serialize, Deserialize)]
pub(crate) struct PackedAnswers {
    latest: Option<Place>,
    packed: Packed<Says>,
}

/// [`GatesRow`] in a row.
#[derive(Serialize, Deserialize)]
pub(crate) struct PackedGates(Packed<Given>);

/// A row names a place that it does not have, or says something at none.
#[derive(Debug, Error)]
#[error("places and what is said there do not fit")]
pub(crate) struct Misplaced;

impl<T> Packed<T> {
    fn of(criteria: impl Iterator<Item = (CriterionNumber, ByKind<T>)>) -> Self {
        let mut packed = Self {
            places: Vec::new(),
            criteria: Vec::new(),
        };
        for (number, by_kind) in criteria {
            let (mut places, mut said) = ([0; KINDS], Vec::new());
            for (place, newest) in places.iter_mut().zip(by_kind) {
                if let Some((at, what)) = newest {
                    *place = packed.number_of(at);
                    said.push(what);
                }
            }
            packed.criteria.push(PackedCriterion { number, places, said });
        }
        packed
    }

    /// The last one is named most often.
    fn number_of(&mut self, place: Place) -> u16 {
        let known = self.places.iter().rposition(|known| *known == place);
        let at = known.unwrap_or_else(|| {
            self.places.push(place);
            self.places.len() - 1
        });
        u16::try_from(at + 1).expect("a catalogue has not that many criteria, and each but one place a kind")
    }

    /// What is said on each criterion; `nothing` where a row has but the places.
    fn criteria(self, nothing: Option<T>) -> Result<Vec<(CriterionNumber, ByKind<T>)>, Misplaced>
    where
        T: Copy,
    {
        let mut unpacked = Vec::with_capacity(self.criteria.len());
        for PackedCriterion { number, places, said } in self.criteria {
            let is_bare = said.is_empty();
            let mut said = said.into_iter();
            let mut by_kind = [None; KINDS];
            for (newest, place) in by_kind.iter_mut().zip(places) {
                let Some(at) = usize::from(place).checked_sub(1) else {
                    continue;
                };
                let what = if is_bare { nothing } else { said.next() };
                *newest = Some((*self.places.get(at).ok_or(Misplaced)?, what.ok_or(Misplaced)?));
            }
            if said.next().is_some() {
                return Err(Misplaced);
            }
            unpacked.push((number, by_kind));
        }
        Ok(unpacked)
    }
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let with_words = |newest: Newest| (newest.place, newest.says);
        let criteria = self.criteria.iter();
        let criteria = criteria.map(|present| (present.number, present.by_kind.map(|newest| newest.map(with_words))));
        let mut packed = Packed::of(criteria);
        for criterion in &mut packed.criteria {
            if criterion.said.iter().all(|says| *says == Says::Other) {
                criterion.said.clear();
            }
        }
        let latest = self.latest;
        PackedAnswers { latest, packed }.serialize(serializer)
    }
}

impl TryFrom<PackedAnswers> for Answers {
    type Error = Misplaced;

    fn try_from(row: PackedAnswers) -> Result<Self, Misplaced> {
        let present = |(number, by_kind): (_, ByKind<Says>)| Present {
            number,
            by_kind: by_kind.map(|newest| newest.map(|(place, says)| Newest { place, says })),
        };
        let criteria = row.packed.criteria(Some(Says::Other))?;
        Ok(Self {
            latest: row.latest,
            criteria: criteria.into_iter().map(present).collect(),
        })
    }
}

impl Serialize for GatesRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let with_given = |found: Found| {
            let (day, position) = (found.day, found.position);
            (Place { day, position }, found.given)
        };
        let gates = self.0.0.iter();
        let gates = gates.map(|gate| (gate.number, gate.by_kind.map(|found| found.map(with_given))));
        PackedGates(Packed::of(gates)).serialize(serializer)
    }
}

impl TryFrom<PackedGates> for GatesRow {
    type Error = Misplaced;

    fn try_from(row: PackedGates) -> Result<Self, Misplaced> {
        let found = |(place, given): (Place, Given)| Found {
            day: place.day,
            position: place.position,
            given,
        };
        let gate = |(number, by_kind): (_, ByKind<Given>)| GateAnswers {
            number,
            by_kind: by_kind.map(|newest| newest.map(found)),
        };
        let gates = row.0.criteria(None)?;
        Ok(Self(ledger::standing::Answers(gates.into_iter().map(gate).collect())))
    }
}
