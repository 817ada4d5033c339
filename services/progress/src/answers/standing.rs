//! How far an organization has come: what follows, what the scheme decided, gates and pillars.

use event::vocabulary::{
    Answer as AnswerWords, Pillar as PillarWord, ReportPublished, Scale, StandingDecided, Subject,
};
use event::{PartyId, StreamPosition, Timestamp};
use ledger::standing::{Cause, Derived, Found, Gate as DerivedGate, Rolled};
use ledger::{Clock, CriterionNumber};
use rpc::progress::{
    CauseKind, CriterionState, Gate, MitigationClock, OrganizationStanding, Pillar, PillarProgress, Report,
    RolledCriterion, Source, Standing, StandingCause, StandingDecision, rolled_criterion,
};

use super::Result;
use super::message::{criterion, evidence, found};
use crate::course::{Known, Leg, PILLARS};
use crate::reading::Reading;
use crate::rows::{ASSESSMENTS, DECISIONS, OrganizationRow, Place, REPORTS, RowError, Seat, key_at};

/// What follows for one organization at the instant of a reading.
pub(crate) struct Follows {
    pub(crate) row: OrganizationRow,
    pub(crate) leg: Leg,
    pub(crate) known: Known,
    pub(crate) derived: Derived,
}

/// What follows for an organization; none for a party that has no standing.
pub(crate) fn follows(reading: &mut Reading<'_>, id: PartyId) -> Result<Option<Follows>> {
    let Some((_, row)) = reading.organization(id)? else {
        return Ok(None);
    };
    let Some(leg) = reading.leg(id, &row)? else {
        return Ok(None);
    };
    let known = reading.known(id, &row.conduct)?;
    let derived = known.basis().derive(reading.now());
    Ok(Some(Follows {
        row,
        leg,
        known,
        derived,
    }))
}

impl Follows {
    /// Without the criteria of the gates.
    pub(crate) fn message(&self, reading: &Reading<'_>, id: PartyId) -> Result<OrganizationStanding> {
        let Self {
            row,
            leg,
            known,
            derived,
        } = self;
        let decided = row.conduct.decided;
        let catalogue = known.catalogue.as_ref();
        let published = catalogue.map(|catalogue| &catalogue.published);
        let causes = derived.causes.iter().map(|cause| self.cause(reading, *cause));
        let scenarios = known.scenarios(derived);
        let gates = derived.gates.iter().zip(1..);
        Ok(OrganizationStanding {
            standing: Standing::from(derived.standing).into(),
            since_unix_ms: leg.since.at.unix_ms(),
            since_position: leg.since.position.get(),
            causes: causes.collect::<Result<_>>()?,
            decision: decided
                .map(|decided| decision(reading, id, decided.position))
                .transpose()?,
            decision_differs: decided.is_some_and(|decided| decided.standing != derived.standing),
            report: self.report(reading, id)?,
            gates: match catalogue {
                Some(_) => gates.map(|(gate, module)| gate_message(*gate, module)).collect(),
                None => Vec::new(),
            },
            criteria: Vec::new(),
            scenarios: scenarios.iter().filter_map(|number| self.asked(*number)).collect(),
            catalogue_slug: published
                .map(|published| published.slug.to_string())
                .unwrap_or_default(),
            catalogue_version: published
                .map(|published| published.version.to_string())
                .unwrap_or_default(),
            next_change_unix_ms: known.next_change(reading.now()).map_or(0, Timestamp::unix_ms),
            catalogue_digest: published
                .map(|published| published.digest().to_string())
                .unwrap_or_default(),
            catalogue_publication: catalogue.map(|catalogue| reading.publication(catalogue)).transpose()?,
        })
    }

    /// A criterion of the catalogue that standings follow from.
    pub(crate) fn asked(&self, number: CriterionNumber) -> Option<rpc::progress::Criterion> {
        let catalogue = self.known.catalogue.as_ref()?;
        let place = super::message::place_in(catalogue, number)?;
        Some(criterion(catalogue, place))
    }

    fn cause(&self, reading: &Reading<'_>, cause: Cause) -> Result<StandingCause> {
        let (kind, rolled, position) = self.behind(cause);
        Ok(StandingCause {
            kind: kind.into(),
            criterion: rolled.and_then(|rolled| self.asked(rolled.number)),
            source: position.map(|position| reading.source(position)).transpose()?,
        })
    }

    /// What kind of cause it is, which criterion is not met, and where what it rests on stands.
    pub(super) fn behind(&self, cause: Cause) -> (CauseKind, Option<&Rolled>, Option<StreamPosition>) {
        let rolled = |place: u16| self.derived.criteria.iter().find(|rolled| rolled.place == place);
        match cause {
            Cause::Abuse(place) => {
                let found = rolled(place).and_then(|rolled| rolled.decided_by);
                (CauseKind::Abuse, rolled(place), found.map(|(.., found)| found.position))
            }
            Cause::Overdue(place) => {
                let clock = rolled(place).and_then(|rolled| rolled.clock);
                (CauseKind::Overdue, rolled(place), clock.map(|clock| clock.position))
            }
            Cause::Incident(position) => (CauseKind::Incident, None, Some(position)),
        }
    }

    fn report(&self, reading: &Reading<'_>, id: PartyId) -> Result<Option<Report>> {
        let Some(reported) = self.row.conduct.reported else {
            return Ok(None);
        };
        let report: Option<ReportPublished> = reading.get(REPORTS, &key_at(id.as_bytes(), reported.position))?;
        let report = report.ok_or(RowError::Missing { table: REPORTS })?;
        Ok(Some(Report {
            period_from: report.period.from.to_string(),
            period_to: report.period.to.to_string(),
            summary_digest: report.summary.to_string(),
            full_digest: report.full.map(|full| full.to_string()).unwrap_or_default(),
            source: Some(reading.source(reported.position)?),
            lapses_after_unix_ms: self.lapses_after(reported.at).unix_ms(),
        }))
    }

    pub(crate) fn lapses_after(&self, reported_at: Timestamp) -> Timestamp {
        reported_at.plus_days(self.known.policy.report_days_max)
    }

    /// Every criterion of modules 1 to 4.
    pub(crate) fn criteria(&self, reading: &mut Reading<'_>) -> Result<Vec<RolledCriterion>> {
        let rolled = self.derived.criteria.iter();
        rolled.map(|rolled| self.rolled(reading, rolled)).collect()
    }

    fn rolled(&self, reading: &mut Reading<'_>, rolled: &Rolled) -> Result<RolledCriterion> {
        let mut message = RolledCriterion {
            criterion: self.asked(rolled.number),
            state: CriterionState::from(rolled.state).into(),
            clock: rolled.clock.map(|clock| self.clock(clock)),
            ..RolledCriterion::default()
        };
        let Some((subject, _, found)) = rolled.decided_by else {
            return Ok(message);
        };
        message.subject = Some(match subject {
            Subject::Site(site) => rolled_criterion::Subject::Site(reading.site_name(site)?),
            Subject::Party(party) => rolled_criterion::Subject::Party(reading.party_name(party)?),
        });
        let said = said(reading, subject, found, rolled.number)?;
        message.answer = Some((&said.0).into());
        message.attribution = Some(said.1);
        Ok(message)
    }

    pub(crate) fn clock(&self, clock: Clock) -> MitigationClock {
        clock_message(clock, self.due(clock))
    }

    /// After which instant a clock has run out.
    pub(crate) fn due(&self, clock: Clock) -> Timestamp {
        clock.since.plus_days(self.known.policy.mitigation_days_max)
    }

    /// Module 5, pillar by pillar.
    pub(crate) fn pillars(&self, reading: &Reading<'_>) -> Vec<PillarProgress> {
        if self.known.catalogue.is_none() {
            return Vec::new();
        }
        PILLARS.map(|pillar| self.pillar(reading, pillar)).into()
    }

    fn pillar(&self, reading: &Reading<'_>, pillar: PillarWord) -> PillarProgress {
        let mut progress = PillarProgress {
            pillar: Pillar::from(pillar).into(),
            ..PillarProgress::default()
        };
        for (number, scale) in self.known.improvements(pillar) {
            let Scale::Level { max } = scale else {
                let is_answered = self.known.subjects.iter().any(|(_, held)| held.on(number).is_some());
                progress.other_answered += u32::from(is_answered);
                progress.other_unanswered += u32::from(!is_answered);
                continue;
            };
            let levels = usize::from(max) + 1;
            if progress.at_level.len() < levels {
                progress.at_level.resize(levels, 0);
            }
            let Some(level) = self.known.level(number, reading.today()) else {
                progress.without_level += 1;
                continue;
            };
            if let Some(count) = progress.at_level.get_mut(usize::from(level)) {
                *count += 1;
            }
            let lowest = progress.lowest_level.unwrap_or(u32::MAX);
            progress.lowest_level = Some(lowest.min(level.into()));
        }
        progress
    }
}

pub(crate) fn clock_message(clock: Clock, due: Timestamp) -> MitigationClock {
    MitigationClock {
        since_unix_ms: clock.since.unix_ms(),
        position: clock.position.get(),
        due_unix_ms: due.unix_ms(),
    }
}

/// What a finding of the ledger's says in full, and by whose word.
fn said(
    reading: &mut Reading<'_>,
    subject: Subject,
    finding: Found,
    number: CriterionNumber,
) -> Result<(AnswerWords, rpc::progress::Attribution)> {
    let place = Place {
        day: finding.day,
        position: finding.position,
    };
    let row = reading.assessment(Seat { subject, place })?;
    let catalogue = reading.catalogue(row.submitted.catalogue)?;
    let found = found(&catalogue, &row, number).ok_or(RowError::Missing { table: ASSESSMENTS })?;
    Ok((found.1.answer.clone(), reading.attribution(&row)?))
}

fn decision(reading: &Reading<'_>, id: PartyId, position: StreamPosition) -> Result<StandingDecision> {
    let decided: Option<StandingDecided> = reading.get(DECISIONS, &key_at(id.as_bytes(), position))?;
    let decided = decided.ok_or(RowError::Missing { table: DECISIONS })?;
    let source: Source = reading.source(position)?;
    Ok(StandingDecision {
        standing: Standing::from(decided.standing).into(),
        reason: decided.reason.to_string(),
        evidence_digests: evidence(&decided.evidence),
        source: Some(source),
    })
}

pub(super) fn gate_message(gate: DerivedGate, module: u32) -> Gate {
    Gate {
        module,
        is_met: gate.is_met(),
        met: gate.met.into(),
        mending: gate.mending.into(),
        overdue: gate.overdue.into(),
        not_met: gate.not_met.into(),
        unanswered: gate.unanswered.into(),
    }
}
