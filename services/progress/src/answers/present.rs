//! The present answers of a subject: which stand, what contradicts them, by whose word, how fresh.

use std::collections::BTreeMap;
use std::sync::Arc;

use event::Date;
use event::vocabulary::{AssessmentKind, CatalogueDigest, Subject};
use rpc::limits::CONTRADICTIONS_MAX;
use rpc::progress::{Assessment, AssuranceMix, Contradiction, Freshness, FreshnessState, OtherWord, PresentAnswer};
use rpc::view::SiteName;

use super::Result;
use super::message::{criterion, evidence, found};
use super::others::SpokenTo;
use crate::reading::Reading;
use crate::rows::{ASSESSMENTS, Answers, AssessmentRow, Place, Present, RowError, Seat};

/// Assessments read to find contradictions within one standing. More than these are counted as if they contradicted:
/// nobody hides a contradiction by saying the opposite often.
const COMPARED_MAX: usize = 256;

/// What is present about a subject.
#[derive(Default)]
pub(crate) struct Standing {
    pub(crate) answers: Vec<PresentAnswer>,
    pub(crate) latest: Vec<Assessment>,
    pub(crate) tally: Tally,
    /// What these answers say about the criteria that standings follow from, in no particular order.
    pub(crate) others: Vec<OtherWord>,
}

/// By whose word answers stand, and how old they are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    by_kind: [u32; AssessmentKind::ALL.len()],
    confirmed: u32,
    contested: u32,
    fresh: u32,
    stale: u32,
    newest: Option<Date>,
    oldest: Option<Date>,
}

/// Assessments of one kind and day among which there may be contradictions.
#[derive(Clone, Default)]
struct Rivals {
    /// The latest recorded first.
    read: Vec<Arc<AssessmentRow>>,
    /// Those there was no room to read.
    not_read: u64,
}

pub(crate) fn standing(reading: &mut Reading<'_>, subject: Subject) -> Result<Standing> {
    let mut standing = Standing::default();
    let mut may_read = COMPARED_MAX;
    let mut rivals = BTreeMap::new();
    let spoken_to = SpokenTo::of(reading)?;
    let site = site_of(reading, subject)?;
    for answers in reading.answers(subject)? {
        for present in &answers.criteria {
            let answer = present_answer(reading, subject, present, &mut rivals, &mut may_read)?;
            let Some((under, answer)) = answer else { continue };
            if let Some(spoken_to) = &spoken_to {
                standing.others.extend(spoken_to.words(under, &answer, site.as_ref()));
            }
            standing.answers.push(answer);
        }
        standing.latest.extend(latest(reading, subject, &answers)?);
        standing.tally.count(reading, subject, &answers)?;
    }
    Ok(standing)
}

fn site_of(reading: &Reading<'_>, subject: Subject) -> Result<Option<SiteName>> {
    match subject {
        Subject::Site(id) => reading.site_name(id).map(Some),
        Subject::Party(_) => Ok(None),
    }
}

pub(crate) fn latest(reading: &mut Reading<'_>, subject: Subject, answers: &Answers) -> Result<Option<Assessment>> {
    let Some(place) = answers.latest else {
        return Ok(None);
    };
    let row = reading.assessment(Seat { subject, place })?;
    reading.assessment_message(&row).map(Some)
}

/// Whether an answer about a day is older than policy calls fresh.
pub(crate) fn is_stale(reading: &Reading<'_>, day: Date) -> bool {
    day.plus_days(reading.terms().1.policy.fresh_days_max) < reading.today()
}

/// Whether the newest answer is fresh.
pub(crate) fn freshness(reading: &Reading<'_>, newest: Option<Date>) -> FreshnessState {
    match newest {
        None => FreshnessState::Unassessed,
        Some(day) if is_stale(reading, day) => FreshnessState::Stale,
        Some(_) => FreshnessState::Fresh,
    }
}

impl Tally {
    /// Counts the present answers of one subject under one catalogue; quotations aside.
    pub(crate) fn count(&mut self, reading: &mut Reading<'_>, subject: Subject, answers: &Answers) -> Result<()> {
        let Some(place) = answers.latest else {
            return Ok(());
        };
        let latest = reading.assessment(Seat { subject, place })?;
        if reading.catalogue(latest.submitted.catalogue)?.is_quoted() {
            return Ok(());
        }
        let policy = reading.terms().1.policy;
        for present in &answers.criteria {
            let Some((kind, newest)) = present.prevailing(&policy, reading.today()) else {
                continue;
            };
            let place = newest.place;
            let seat = Seat { subject, place };
            self.by_kind[kind as usize] += 1;
            self.confirmed += u32::from(reading.is_judged(seat, false, present.number)?);
            self.contested += u32::from(reading.is_judged(seat, true, present.number)?);
            if is_stale(reading, place.day) {
                self.stale += 1;
            } else {
                self.fresh += 1;
            }
            self.oldest = Some(self.oldest.map_or(place.day, |oldest| oldest.min(place.day)));
            self.newest = self.newest.max(Some(place.day));
        }
        Ok(())
    }

    pub(crate) const fn assurance(&self) -> AssuranceMix {
        let [self_reported, implementer, monitor, third_party] = self.by_kind;
        AssuranceMix {
            self_reported,
            implementer,
            monitor,
            third_party,
            confirmed: self.confirmed,
            contested: self.contested,
        }
    }

    pub(crate) fn freshness(&self, reading: &Reading<'_>) -> Freshness {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Freshness {
            state: freshness(reading, self.newest).into(),
            newest_day: day(self.newest),
            oldest_day: day(self.oldest),
            fresh: self.fresh,
            stale: self.stale,
        }
    }
}

/// The answer that stands, and under which catalogue it was given.
fn present_answer(
    reading: &mut Reading<'_>,
    subject: Subject,
    present: &Present,
    known: &mut BTreeMap<(AssessmentKind, Date), Rivals>,
    may_read: &mut usize,
) -> Result<Option<(CatalogueDigest, PresentAnswer)>> {
    let policy = reading.terms().1.policy;
    let Some((kind, newest)) = present.prevailing(&policy, reading.today()) else {
        return Ok(None);
    };
    let place = newest.place;
    let seat = Seat { subject, place };
    let row = reading.assessment(seat)?;
    let catalogue = reading.catalogue(row.submitted.catalogue)?;
    let found = found(&catalogue, &row, present.number);
    let (asked, finding) = found.ok_or(RowError::Missing { table: ASSESSMENTS })?;
    let key = (kind, place.day);
    let rivals = match known.get(&key) {
        Some(rivals) => rivals.clone(),
        None => known
            .entry(key)
            .or_insert(rivals(reading, subject, kind, place, may_read)?)
            .clone(),
    };
    let (contradictions, left_out) = contradictions(reading, &rivals, present, &finding.answer)?;
    let (confirmations, confirmations_left_out) = reading.judgement_messages(seat, false, Some(asked))?;
    let (contests, contests_left_out) = reading.judgement_messages(seat, true, Some(asked))?;
    let answer = PresentAnswer {
        criterion: Some(criterion(&catalogue, asked)),
        answer: Some((&finding.answer).into()),
        attribution: Some(reading.attribution(&row)?),
        evidence_digests: evidence(&finding.evidence),
        contradictions,
        contradictions_left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
        confirmations,
        confirmations_left_out,
        contests,
        contests_left_out,
        is_stale: is_stale(reading, place.day),
        kinds: u32::try_from(present.kinds()).unwrap_or(u32::MAX),
    };
    Ok(Some((row.submitted.catalogue, answer)))
}

fn contradictions(
    reading: &mut Reading<'_>,
    rivals: &Rivals,
    present: &Present,
    said: &event::vocabulary::Answer,
) -> Result<(Vec<Contradiction>, u64)> {
    let mut contradictions = Vec::new();
    let mut left_out = rivals.not_read;
    for rival in &rivals.read {
        let catalogue = reading.catalogue(rival.submitted.catalogue)?;
        let answer = found(&catalogue, rival, present.number).map(|(_, finding)| &finding.answer);
        let Some(answer) = answer.filter(|answer| *answer != said) else {
            continue;
        };
        if contradictions.len() == CONTRADICTIONS_MAX {
            left_out += 1;
            continue;
        }
        contradictions.push(Contradiction {
            answer: Some(answer.into()),
            attribution: Some(reading.attribution(rival)?),
        });
    }
    Ok((contradictions, left_out))
}

fn rivals(
    reading: &mut Reading<'_>,
    subject: Subject,
    kind: AssessmentKind,
    itself: Place,
    may_read: &mut usize,
) -> Result<Rivals> {
    let (count, mut places) = reading.alike(subject, kind, itself.day, (*may_read).max(1))?;
    if count <= 1 {
        return Ok(Rivals::default());
    }
    places.truncate(*may_read);
    *may_read -= places.len();
    let mut read = Vec::new();
    for place in &places {
        let seat = Seat { subject, place: *place };
        if reading.withdrawal(seat)?.is_none() {
            read.push(reading.assessment(seat)?);
        }
    }
    let itself = u64::from(!places.contains(&itself));
    Ok(Rivals {
        read,
        not_read: (count - places.len() as u64).saturating_sub(itself),
    })
}
