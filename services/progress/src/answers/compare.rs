//! Two organizations, or one as of two times, side by side.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{Answer, CatalogueDigest, Finding, Subject};
use ledger::standing::State;
use ledger::{CriterionNumber, Policy};
use rpc::limits::COMPARED_CRITERIA_MAX;
use rpc::progress::{
    CompareOrganizationsResponse, ComparedAnswer, ComparedCriterion, ComparedSide, ComparisonQuery, Criterion,
    CriterionState, SideQuery, Trend,
};

use super::message::{self, criterion, found, place_in};
use super::present::Tally;
use super::standing::{Follows, follows};
use super::{Result, not_found};
use crate::reading::Reading;
use crate::rows::{ASSESSMENTS, CATALOGUES, Place, Present, RowError, Seat};

/// An answer that one side gives, the organization and its sites together.
struct Given {
    answer: Answer,
    seat: Seat,
    catalogue: CatalogueDigest,
}

/// One side, read.
struct SideRead {
    compared: ComparedSide,
    given: BTreeMap<CriterionNumber, Given>,
    /// How far each criterion of modules 1 to 4 is, in the catalogue's order.
    gates: Vec<(CriterionNumber, State)>,
    /// The catalogue that standings follow from.
    gating: Option<CatalogueDigest>,
}

pub(crate) fn compare(reading: &mut Reading<'_>, query: &ComparisonQuery) -> Result<CompareOrganizationsResponse> {
    let wall_clock = reading.now();
    let mut left_reading = reading.again(query.left.as_of, wall_clock)?;
    let mut right_reading = reading.again(query.right.as_of, wall_clock)?;
    let left = side(&mut left_reading, &query.left)?;
    let right = side(&mut right_reading, &query.right)?;
    let mut criteria = Vec::new();
    let mut order = order(&left, &right);
    let left_out = order.len().saturating_sub(COMPARED_CRITERIA_MAX);
    order.truncate(COMPARED_CRITERIA_MAX);
    for number in order {
        let row = ComparedCriterion {
            criterion: Some(asked(reading, &left, &right, number)?),
            left: left.answer(&mut left_reading, number)?,
            right: right.answer(&mut right_reading, number)?,
            trend: trend(left.given.get(&number), right.given.get(&number)).into(),
        };
        criteria.push(row);
    }
    Ok(CompareOrganizationsResponse {
        left: Some(left.compared),
        right: Some(right.compared),
        criteria,
        criteria_left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
    })
}

fn side(reading: &mut Reading<'_>, query: &SideQuery) -> Result<SideRead> {
    let id = query.organization;
    let party = reading.party(id)?.ok_or_else(|| not_found(Subject::Party(id)))?;
    let follows = follows(reading, id)?;
    let mut tally = Tally::default();
    let mut given = BTreeMap::new();
    for subject in reading.subjects(id)? {
        for answers in reading.answers(subject)? {
            tally.count(reading, subject, &answers)?;
            for present in &answers.criteria {
                give(reading, subject, present, &mut given)?;
            }
        }
    }
    let standing = follows
        .as_ref()
        .map(|follows| follows.message(reading, id))
        .transpose()?;
    let rolled = follows.iter().flat_map(|follows| &follows.derived.criteria);
    let gates = rolled.map(|rolled| (rolled.number, rolled.state)).collect();
    Ok(SideRead {
        compared: ComparedSide {
            position: reading.at().get(),
            evaluated_at_unix_ms: reading.now().unix_ms(),
            organization: Some(message::organization(id, &party)),
            standing,
            pillars: follows
                .as_ref()
                .map_or_else(Vec::new, |follows: &Follows| follows.pillars(reading)),
            assurance: Some(tally.assurance()),
            freshness: Some(tally.freshness(reading)),
        },
        given,
        gates,
        gating: reading.terms().1.gating,
    })
}

/// Takes the answer of one subject in, where it is worse than those of the others; where no scale says, the newer one.
fn give(
    reading: &mut Reading<'_>,
    subject: Subject,
    present: &Present,
    given: &mut BTreeMap<CriterionNumber, Given>,
) -> Result<()> {
    let policy: Policy = reading.terms().1.policy;
    let Some((_, newest)) = present.prevailing(&policy, reading.today()) else {
        return Ok(());
    };
    let place = newest.place;
    let seat = Seat { subject, place };
    let row = reading.assessment(seat)?;
    let catalogue = reading.catalogue(row.submitted.catalogue)?;
    let found: Option<(usize, &Finding)> = found(&catalogue, &row, present.number);
    let (_, finding) = found.ok_or(RowError::Missing { table: ASSESSMENTS })?;
    let new = Given {
        answer: finding.answer.clone(),
        seat,
        catalogue: row.submitted.catalogue,
    };
    match given.get(&present.number) {
        Some(old) if new.weight() <= old.weight() => {}
        _ => {
            given.insert(present.number, new);
        }
    }
    Ok(())
}

impl Given {
    /// The worse one weighs more, and of equals the newer one; what says nothing about that weighs least.
    fn weight(&self) -> (Reverse<u8>, Place) {
        (Reverse(rank(&self.answer).unwrap_or(u8::MAX)), self.seat.place)
    }
}

impl SideRead {
    fn answer(&self, reading: &mut Reading<'_>, number: CriterionNumber) -> Result<Option<ComparedAnswer>> {
        let Some(given) = self.given.get(&number) else {
            return Ok(None);
        };
        let row = reading.assessment(given.seat)?;
        let catalogue = reading.catalogue(given.catalogue)?;
        let state = self.gates.iter().find(|(gate, _)| *gate == number);
        let state = state.map(|(_, state)| CriterionState::from(*state));
        Ok(Some(ComparedAnswer {
            answer: Some((&given.answer).into()),
            state: state.unwrap_or_default().into(),
            attribution: Some(reading.attribution(&row)?),
            catalogue_version: catalogue.published.version.to_string(),
        }))
    }
}

/// Criteria of the modules first, in their catalogue's order, and then by number.
fn order(left: &SideRead, right: &SideRead) -> Vec<CriterionNumber> {
    let gates = right.gates.iter().chain(&left.gates).map(|(number, _)| *number);
    let answered = right.given.keys().chain(left.given.keys()).copied();
    let mut order: Vec<CriterionNumber> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut answered: Vec<_> = answered.collect();
    answered.sort_unstable();
    for number in gates.chain(answered) {
        if seen.insert(number) {
            order.push(number);
        }
    }
    order
}

/// What is asked, under the newer of the versions that the sides know.
fn asked(reading: &mut Reading<'_>, left: &SideRead, right: &SideRead, number: CriterionNumber) -> Result<Criterion> {
    let given = left.given.get(&number).into_iter().chain(right.given.get(&number));
    let newest = given.max_by_key(|given| given.seat.place.position);
    let versions = [right.gating, left.gating, newest.map(|given| given.catalogue)];
    for digest in versions.into_iter().flatten() {
        let catalogue = reading.catalogue(digest)?;
        if let Some(place) = place_in(&catalogue, number) {
            return Ok(criterion(&catalogue, place));
        }
    }
    Err(RowError::Missing { table: CATALOGUES }.into())
}

/// How good an answer is, where its scale says so; levels among levels, and met or not among those.
const fn rank(answer: &Answer) -> Option<u8> {
    match answer {
        Answer::Fail => Some(0),
        Answer::Progress => Some(1),
        Answer::Pass => Some(2),
        Answer::Level(level) => Some(*level),
        Answer::NotApplicable(_) | Answer::Observed | Answer::NoneObserved | Answer::Count(_) | Answer::Words(_) => {
            None
        }
    }
}

/// A criterion of one number has one scale in every version, so ranks of both sides are of one kind.
fn trend(left: Option<&Given>, right: Option<&Given>) -> Trend {
    let (Some(left), Some(right)) = (left, right) else {
        return Trend::Unspecified;
    };
    if left.answer == right.answer {
        return Trend::Same;
    }
    let (Some(left), Some(right)) = (rank(&left.answer), rank(&right.answer)) else {
        return Trend::Unspecified;
    };
    match left.cmp(&right) {
        Ordering::Less => Trend::Better,
        Ordering::Equal => Trend::Same,
        Ordering::Greater => Trend::Worse,
    }
}
