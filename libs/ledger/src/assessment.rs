//! Rules about assessments: who may say what about whom, and what stands on the gates afterwards.

use event::vocabulary::{
    AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted, AssessmentWithdrawn, Finding,
    Measurement, Period, Subject,
};
use event::{AssessmentId, PartyId, StreamPosition};

use crate::Refusal;
use crate::rules::Said;
use crate::standing::{Answers, Basis, Found, Given};
use crate::state::{Assessment, Between, Catalogue, Change, Conduct, CriterionNumber, Findings, FindingsKey, Ledger};

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
        subject: event.subject,
        kind: event.kind,
        day: event.period.to,
        position: said.position,
        found: event.findings.iter().map(|finding| finding.criterion).collect(),
        withdrawn: false,
    };
    let mut changes = vec![Change::Assessment(id, assessment)];
    changes.extend(reference);
    changes.extend(ledger.found(said, id, &assessment, gates(&event.findings, catalogue)));
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
    if assessment.by == said.party {
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
    if criteria.is_empty() || criteria.windows(2).any(|pair| pair[1] <= pair[0]) {
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
    if findings.windows(2).any(|pair| pair[1].criterion <= pair[0].criterion) {
        return Err(Refusal::FindingsNotOrdered);
    }
    if measurements
        .windows(2)
        .any(|pair| pair[1].indicator <= pair[0].indicator)
    {
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

/// What an assessment says about the gates of its catalogue, in the order of their numbers.
fn gates(findings: &[Finding], catalogue: &Catalogue) -> Vec<(CriterionNumber, Given)> {
    let gate = |finding: &Finding| {
        let criterion = catalogue.criteria.get(usize::from(finding.criterion))?;
        let given = Given::of(&finding.answer)?;
        criterion.is_gate().then_some((criterion.number, given))
    };
    let mut given: Vec<_> = findings.iter().filter_map(gate).collect();
    given.sort_unstable();
    given
}

impl Ledger {
    /// What changes on the gates when an assessment comes.
    fn found(
        &self,
        said: &Said<'_>,
        id: AssessmentId,
        assessment: &Assessment,
        given: Vec<(CriterionNumber, Given)>,
    ) -> Vec<Change> {
        if given.is_empty() {
            return Vec::new();
        }
        let (day, position) = (assessment.day, assessment.position);
        let mut answers = self.answers(&assessment.subject).cloned().unwrap_or_default();
        for (number, given) in &given {
            let before = answers
                .on(*number)
                .and_then(|found| found.by_kind[assessment.kind as usize]);
            if before.is_none_or(|before| (before.day, before.position) < (day, position)) {
                let given = *given;
                answers.set(*number, assessment.kind, Some(Found { day, position, given }));
            }
        }
        let findings = Findings {
            assessment: id,
            given,
            withdrawn: false,
        };
        let mut changes = vec![Change::Findings(key_of(assessment), findings)];
        changes.extend(self.answered(said, assessment.subject, answers));
        changes
    }

    /// What changes on the gates when an assessment is taken back: what stood before it stands again.
    fn taken_back(&self, said: &Said<'_>, assessment: &Assessment) -> Vec<Change> {
        let key = key_of(assessment);
        let Some(findings) = self.findings.get(&key) else {
            return Vec::new();
        };
        let mut answers = self.answers(&assessment.subject).cloned().unwrap_or_default();
        for (number, _) in &findings.given {
            let stands = answers
                .on(*number)
                .and_then(|found| found.by_kind[assessment.kind as usize]);
            if stands.is_some_and(|found| found.position == assessment.position) {
                answers.set(*number, assessment.kind, self.found_before(&key, *number));
            }
        }
        let withdrawn = Findings {
            withdrawn: true,
            ..findings.clone()
        };
        let mut changes = vec![Change::Findings(key, withdrawn)];
        changes.extend(self.answered(said, assessment.subject, answers));
        changes
    }

    /// The newest finding on a criterion before another one that stood. Reads the subject's history of this kind back
    /// to it.
    fn found_before(&self, key: &FindingsKey, number: CriterionNumber) -> Option<Found> {
        let first = FindingsKey {
            day: event::Date::from_unix_days(i32::MIN),
            position: StreamPosition::START,
            ..*key
        };
        let earlier = self.findings.last_of(first..=*key).filter(|(at, _)| *at != key);
        earlier
            .filter(|(_, findings)| !findings.withdrawn)
            .find_map(|(at, findings)| {
                let place = findings
                    .given
                    .binary_search_by_key(&number, |(number, _)| *number)
                    .ok()?;
                Some(Found {
                    day: at.day,
                    position: at.position,
                    given: findings.given[place].1,
                })
            })
    }

    /// New answers, and the clocks that end with them because what they were running for is met.
    fn answered(&self, said: &Said<'_>, subject: Subject, answers: Answers) -> Vec<Change> {
        let ended = self.owner(&subject).and_then(|owner| {
            let conduct = self.conduct(&owner).filter(|conduct| !conduct.clocks.is_empty())?;
            let mut basis = self.basis(owner);
            basis.answers.retain(|(other, _)| *other != subject);
            basis.answers.push((subject, &answers));
            let ended = without_met(conduct, &basis, said);
            (ended != *conduct).then_some(Change::Conduct(owner, ended))
        });
        core::iter::once(Change::Answers(subject, answers))
            .chain(ended)
            .collect()
    }
}

fn without_met(conduct: &Conduct, basis: &Basis<'_>, said: &Said<'_>) -> Conduct {
    let is_met = |number| basis.given(number, said.admitted_at).is_some_and(Given::is_met);
    let mut conduct = conduct.clone();
    conduct.clocks.retain(|clock| !is_met(clock.number));
    conduct
}

const fn key_of(assessment: &Assessment) -> FindingsKey {
    FindingsKey {
        subject: assessment.subject,
        kind: assessment.kind,
        day: assessment.day,
        position: assessment.position,
    }
}
