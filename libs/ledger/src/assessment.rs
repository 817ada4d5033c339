//! Rules about assessments: who may say what about whom, and what stands on the gates afterwards.

use std::collections::BTreeSet;

use event::vocabulary::{
    AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted, AssessmentWithdrawn, Finding,
    Measurement, Period, Subject,
};
use event::{AssessmentId, Date, PartyId, StreamPosition};

use crate::Refusal;
use crate::rules::{Said, is_increasing};
use crate::standing::{Answers, Found, Given};
use crate::state::{Assessment, Between, Catalogue, Change, CriterionNumber, FindingKey, Ledger};

pub(crate) fn assessment_submitted(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &AssessmentSubmitted,
) -> Result<Vec<Change>, Refusal> {
    past_period(ledger, said, event.period)?;
    if event.findings.is_empty() && event.measurements.is_empty() {
        return Err(Refusal::NoFindings);
    }
    in_order(&event.findings, &event.measurements)?;
    right_assessor(ledger, said, event)?;
    let catalogue = ledger.catalogue(&event.catalogue).ok_or(Refusal::UnknownCatalogue)?;
    in_scale(&event.findings, catalogue)?;
    known_indicators(&event.measurements, catalogue)?;
    let reference = ledger.take_reference("assessment", event.reference.as_ref())?;
    let id = AssessmentId::derive(said.statement.id(), 0);
    let assessment = Assessment {
        by: said.party,
        signer: said.signer,
        subject: event.subject,
        kind: event.kind,
        day: event.period.to,
        position: said.position,
        catalogue: event.catalogue,
        found: event.findings.iter().map(|finding| finding.criterion).collect(),
        withdrawn: false,
    };
    let mut changes = vec![Change::Assessment(id, assessment)];
    changes.extend(reference);
    changes.extend(ledger.found(said, &assessment, &gates(ledger, &event.findings, catalogue)));
    Ok(changes)
}

pub(crate) fn assessment_confirmed(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &AssessmentConfirmed,
) -> Result<Vec<Change>, Refusal> {
    judged(ledger, said, event.subject, event.assessment, &event.criteria)
}

pub(crate) fn assessment_contested(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &AssessmentContested,
) -> Result<Vec<Change>, Refusal> {
    judged(ledger, said, event.subject, event.assessment, &event.criteria)
}

pub(crate) fn assessment_withdrawn(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &AssessmentWithdrawn,
) -> Result<Vec<Change>, Refusal> {
    let assessment = standing_assessment(ledger, event.subject, event.assessment)?;
    if assessment.by != said.party {
        return Err(Refusal::NotAuthor);
    }
    let withdrawn = Assessment {
        withdrawn: true,
        ..assessment
    };
    let mut changes = vec![Change::Assessment(event.assessment, withdrawn)];
    changes.extend(ledger.taken_back(said, &assessment));
    Ok(changes)
}

/// A confirmation or a contest changes no answer: it is shown beside it.
fn judged(
    ledger: &Ledger,
    said: &Said<'_>,
    subject: Subject,
    id: AssessmentId,
    criteria: &[u16],
) -> Result<Vec<Change>, Refusal> {
    if !said.kind.assesses() {
        return Err(Refusal::MayNotJudge);
    }
    increasing(criteria)?;
    let assessment = standing_assessment(ledger, subject, id)?;
    if assessment.by == said.party || assessment.signer == said.party {
        return Err(Refusal::OwnAssessment);
    }
    if ledger.owner(&assessment.subject) == Some(said.party) {
        return Err(Refusal::SubjectMayNotJudge);
    }
    if !criteria.iter().all(|place| assessment.found.contains(*place)) {
        return Err(Refusal::CriterionNotFound);
    }
    Ok(Vec::new())
}

fn standing_assessment(ledger: &Ledger, subject: Subject, id: AssessmentId) -> Result<Assessment, Refusal> {
    let assessment = ledger.assessment(&id).ok_or(Refusal::UnknownAssessment)?;
    if assessment.subject != subject {
        return Err(Refusal::SubjectDiffers);
    }
    if assessment.withdrawn {
        return Err(Refusal::AssessmentWithdrawn);
    }
    Ok(*assessment)
}

pub(crate) fn past_period(ledger: &Ledger, said: &Said<'_>, period: Period) -> Result<(), Refusal> {
    if period.to < period.from {
        return Err(Refusal::PeriodReversed);
    }
    if ledger.policy().latest_allowed(said.admitted_at).date() < period.to {
        return Err(Refusal::PeriodInFuture);
    }
    Ok(())
}

/// At least one, each once, in order.
pub(crate) fn increasing(criteria: &[u16]) -> Result<(), Refusal> {
    if criteria.is_empty() || !is_increasing(criteria, |place| place) {
        return Err(Refusal::CriteriaNotOrdered);
    }
    Ok(())
}

fn right_assessor(ledger: &Ledger, said: &Said<'_>, event: &AssessmentSubmitted) -> Result<(), Refusal> {
    let owner = ledger.owner(&event.subject).ok_or(Refusal::UnknownSubject)?;
    if event.kind == AssessmentKind::SelfReported {
        return if owner == said.party {
            Ok(())
        } else {
            Err(Refusal::NotOwnSubject)
        };
    }
    if owner == said.party {
        return Err(Refusal::OwnSubject);
    }
    if event.kind == AssessmentKind::ThirdParty {
        return third_party(ledger, said, owner);
    }
    if !said.kind.assesses() {
        return Err(Refusal::MayNotAssess);
    }
    Ok(())
}

/// A third party is an accredited assessor, independent of the subject, of scheme and state.
fn third_party(ledger: &Ledger, said: &Said<'_>, owner: PartyId) -> Result<(), Refusal> {
    if said.kind != event::vocabulary::PartyKind::Assessor {
        return Err(Refusal::MayNotAssess);
    }
    let today = said.admitted_at.date();
    let accredited = ledger.party(&said.party).and_then(|party| party.accredited_until);
    if accredited.is_none_or(|until| until < today) {
        return Err(Refusal::AssessorNotAccredited);
    }
    let linked = |from, to| {
        let delegation = ledger.delegation(&Between { from, to });
        delegation.is_some_and(|delegation| !delegation.revoked && today <= delegation.until)
    };
    if linked(owner, said.party) || linked(said.party, owner) {
        return Err(Refusal::AssessorNotIndependent);
    }
    Ok(())
}

fn in_order(findings: &[Finding], measurements: &[Measurement]) -> Result<(), Refusal> {
    if !is_increasing(findings, |finding| &finding.criterion) {
        return Err(Refusal::FindingsNotOrdered);
    }
    if !is_increasing(measurements, |measurement| &measurement.indicator) {
        return Err(Refusal::MeasurementsNotOrdered);
    }
    Ok(())
}

fn in_scale(findings: &[Finding], catalogue: &Catalogue) -> Result<(), Refusal> {
    for finding in findings {
        let criterion = catalogue.criteria.get(usize::from(finding.criterion));
        let criterion = criterion.ok_or(Refusal::UnknownCriterion)?;
        if !finding.answer.fits(criterion.scale) {
            return Err(Refusal::WrongScale);
        }
    }
    Ok(())
}

fn known_indicators(measurements: &[Measurement], catalogue: &Catalogue) -> Result<(), Refusal> {
    let last = measurements
        .last()
        .map(|measurement| usize::from(measurement.indicator));
    if last.is_some_and(|last| catalogue.indicators.len() <= last) {
        return Err(Refusal::UnknownIndicator);
    }
    Ok(())
}

/// What an assessment says about the gates of its catalogue.
fn gates(ledger: &Ledger, findings: &[Finding], catalogue: &Catalogue) -> Vec<(CriterionNumber, Given)> {
    if !ledger.has_gates(catalogue) {
        return Vec::new();
    }
    let gate = |finding: &Finding| {
        let criterion = catalogue.criteria.get(usize::from(finding.criterion))?;
        let given = Given::of(&finding.answer, criterion.scale)?;
        criterion.is_gate().then_some((criterion.number, given))
    };
    findings.iter().filter_map(gate).collect()
}

impl Ledger {
    /// What changes on the gates when an assessment comes.
    fn found(&self, said: &Said<'_>, assessment: &Assessment, given: &[(CriterionNumber, Given)]) -> Vec<Change> {
        let (day, position) = (assessment.day, assessment.position);
        let mut answers = self.answers(&assessment.subject).cloned().unwrap_or_default();
        let mut changes = Vec::with_capacity(given.len() + 2);
        for (number, given) in given.iter().copied() {
            let before = answers
                .on(number)
                .and_then(|found| found.by_kind[assessment.kind as usize]);
            if before.is_none_or(|before| (before.day, before.position) < (day, position)) {
                answers.set(number, assessment.kind, Some(Found { day, position, given }));
            }
            changes.push(Change::Finding(key_of(assessment, number), Some(given)));
        }
        let numbers: Vec<_> = given.iter().map(|(number, _)| *number).collect();
        changes.extend(self.answered(said, assessment, &answers, &numbers));
        changes
    }

    /// What changes on the gates when an assessment is taken back: what stood before it stands again.
    fn taken_back(&self, said: &Said<'_>, assessment: &Assessment) -> Vec<Change> {
        let numbers = self.gates_found(assessment);
        let mut answers = self.answers(&assessment.subject).cloned().unwrap_or_default();
        let mut changes = Vec::with_capacity(numbers.len() + 2);
        for number in numbers.iter().copied() {
            let stands = answers
                .on(number)
                .and_then(|found| found.by_kind[assessment.kind as usize]);
            if stands.is_some_and(|found| found.position == assessment.position) {
                answers.set(number, assessment.kind, self.found_before(assessment, number));
            }
            changes.push(Change::Finding(key_of(assessment, number), None));
        }
        changes.extend(self.answered(said, assessment, &answers, &numbers));
        changes
    }

    /// The gates that an assessment answered.
    fn gates_found(&self, assessment: &Assessment) -> Vec<CriterionNumber> {
        let catalogue = self.catalogue(&assessment.catalogue);
        let catalogue = catalogue.filter(|catalogue| self.has_gates(catalogue));
        let criteria = catalogue.iter().flat_map(|catalogue| &catalogue.criteria);
        let gates = (0..).zip(criteria).filter(|(_, criterion)| criterion.is_gate());
        let found = gates.filter(|(place, _)| assessment.found.contains(*place));
        found.map(|(_, criterion)| criterion.number).collect()
    }

    /// The newest finding on a criterion before that of an assessment: the row right before it.
    fn found_before(&self, assessment: &Assessment, number: CriterionNumber) -> Option<Found> {
        let key = key_of(assessment, number);
        let first = FindingKey {
            day: Date::from_unix_days(i32::MIN),
            position: StreamPosition::START,
            ..key
        };
        let (before, given) = self.findings.last_of(first..=key).find(|(found, _)| **found != key)?;
        Some(Found {
            day: before.day,
            position: before.position,
            given: *given,
        })
    }

    /// New answers, and what becomes of the clocks of what was answered: an answer that leaves it met ends its clock,
    /// and where such an answer is taken back, the clock goes on.
    fn answered(
        &self,
        said: &Said<'_>,
        assessment: &Assessment,
        answers: &Answers,
        numbers: &[CriterionNumber],
    ) -> Vec<Change> {
        if numbers.is_empty() {
            return Vec::new();
        }
        let mut changes = vec![Change::Answers(assessment.subject, answers.clone())];
        let owner = self.owner(&assessment.subject);
        let Some((owner, before)) = owner.and_then(|owner| Some((owner, self.conduct(&owner)?))) else {
            return changes;
        };
        let mut clocks = before.clocks.iter().chain(&before.ended);
        if !clocks.any(|clock| numbers.contains(&clock.number)) {
            return changes;
        }
        let stood = self.basis(owner);
        let mut stands = stood.clone();
        stands.answers.retain(|(other, _)| *other != assessment.subject);
        stands.answers.push((assessment.subject, answers));
        let is_met = stands.met(said.admitted_at);
        let is_taken_back = assessment.position < said.position;
        let was_met = if is_taken_back {
            stood.met(said.admitted_at)
        } else {
            BTreeSet::new()
        };
        let mut conduct = before.clone();
        for number in numbers.iter().copied() {
            if is_met.contains(&number) {
                conduct.end(number);
            } else if was_met.contains(&number) {
                conduct.resume(number);
            }
        }
        changes.extend((conduct != *before).then_some(Change::Conduct(owner, conduct)));
        changes
    }
}

const fn key_of(assessment: &Assessment, number: CriterionNumber) -> FindingKey {
    FindingKey {
        subject: assessment.subject,
        kind: assessment.kind,
        number,
        day: assessment.day,
        position: assessment.position,
    }
}
