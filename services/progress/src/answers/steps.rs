//! What is missing and what to do next, what weighs most first.

use event::vocabulary::{AssessmentKind, Module, Scale, Subject};
use event::{Date, SiteId, Timestamp};
use ledger::CriterionNumber;
use ledger::standing::{Given, Rolled, State};
use rpc::limits::NEXT_STEPS_MAX;
use rpc::progress::{Consequence, NextStep, NextStepKind};

use super::Result;
use super::conduct::plan_rows;
use super::present::is_stale;
use super::standing::Follows;
use crate::reading::Reading;
use crate::rows::{PlanState, Seat};

/// Present answers that are looked at for steps; those of 256 sites under a catalogue of 56 criteria.
const ANSWERS_LOOKED_AT_MAX: usize = 16_384;

/// The steps that are shown, and how many more there are.
pub(crate) fn next_steps(reading: &mut Reading<'_>, follows: &Follows) -> Result<(Vec<NextStep>, u32)> {
    let mut steps = Vec::new();
    follows.criteria_steps(reading, &mut steps)?;
    follows.report_step(&mut steps);
    follows.incident_steps(&mut steps);
    follows.milestone_steps(reading, &mut steps)?;
    follows.answer_steps(reading, &mut steps)?;
    steps.sort_by_key(|step| {
        let has_no_due = step.due_unix_ms == 0;
        let criterion = step.criterion.as_ref();
        let place = criterion.map(|criterion| (criterion.module, criterion.place));
        (step.consequence, has_no_due, step.due_unix_ms, place, step.kind)
    });
    let left_out = steps.len().saturating_sub(NEXT_STEPS_MAX);
    steps.truncate(NEXT_STEPS_MAX);
    Ok((steps, u32::try_from(left_out).unwrap_or(u32::MAX)))
}

fn step(kind: NextStepKind, consequence: Consequence) -> NextStep {
    NextStep {
        kind: kind.into(),
        consequence: consequence.into(),
        ..NextStep::default()
    }
}

impl Follows {
    /// What modules 1 to 4 still need.
    fn criteria_steps(&self, reading: &Reading<'_>, steps: &mut Vec<NextStep>) -> Result<()> {
        let mut scenarios_seen = false;
        for rolled in &self.derived.criteria {
            if self.is_scenario(rolled) {
                if !scenarios_seen {
                    scenarios_seen = true;
                    steps.extend(self.scenario_step(rolled));
                }
                continue;
            }
            let Some(mut step) = self.criterion_step(rolled) else {
                continue;
            };
            step.criterion = self.asked(rolled.number);
            if let Some((Subject::Site(site), ..)) = rolled.decided_by {
                step.site = Some(reading.site_name(site)?);
            }
            steps.push(step);
        }
        Ok(())
    }

    fn criterion_step(&self, rolled: &Rolled) -> Option<NextStep> {
        let due = rolled.clock.map_or(0, |clock| self.due(clock).unix_ms());
        let (kind, consequence, due) = match (rolled.state, rolled.module) {
            (State::Met, _) => return None,
            (State::Unanswered, _) => (NextStepKind::AnswerCriterion, Consequence::HeldBack, 0),
            (State::Overdue, _) => (NextStepKind::MendOverdue, Consequence::Suspended, due),
            (State::Mending, _) => (NextStepKind::ShowProgress, unless_mended(rolled), due),
            (State::NotMet, Module::Disengagement) => (NextStepKind::MendAbuse, Consequence::Suspended, 0),
            (State::NotMet, Module::Mitigation) if rolled.clock.is_none() => {
                (NextStepKind::AdoptPlan, Consequence::HeldBack, 0)
            }
            (State::NotMet, Module::Mitigation) => (NextStepKind::MendOverdue, Consequence::HeldBack, due),
            (State::NotMet, _) => (NextStepKind::MeetCriterion, Consequence::HeldBack, 0),
        };
        Some(NextStep {
            due_unix_ms: due,
            ..step(kind, consequence)
        })
    }

    fn is_scenario(&self, rolled: &Rolled) -> bool {
        let catalogue = self.known.catalogue.as_ref();
        let criterion = catalogue.and_then(|catalogue| catalogue.numbered.criteria.get(usize::from(rolled.place)));
        criterion.is_some_and(|criterion| criterion.scale == Scale::Scenario)
    }

    /// Of all scenarios one must apply: the first stands for all of them.
    fn scenario_step(&self, first: &Rolled) -> Option<NextStep> {
        let scenarios = || self.derived.criteria.iter().filter(|rolled| self.is_scenario(rolled));
        let others = self.derived.criteria.iter().filter(|rolled| {
            rolled.module == Module::Legitimacy && !self.is_scenario(rolled) && rolled.state != State::Met
        });
        // The gate counts all scenarios as one criterion.
        let legitimacy = self.derived.gates[1];
        let open = legitimacy.not_met + legitimacy.unanswered + legitimacy.mending + legitimacy.overdue;
        if usize::from(open) <= others.count() {
            return None;
        }
        let kind = if scenarios().all(|rolled| rolled.state == State::Unanswered) {
            NextStepKind::AnswerCriterion
        } else {
            NextStepKind::MeetCriterion
        };
        Some(NextStep {
            criterion: self.asked(first.number),
            ..step(kind, Consequence::HeldBack)
        })
    }

    fn report_step(&self, steps: &mut Vec<NextStep>) {
        let (consequence, due) = match self.row.conduct.reported {
            None => (Consequence::HeldBack, 0),
            Some(reported) => (Consequence::Lapses, self.lapses_after(reported.at).unix_ms()),
        };
        steps.push(NextStep {
            due_unix_ms: due,
            ..step(NextStepKind::PublishReport, consequence)
        });
    }

    fn incident_steps(&self, steps: &mut Vec<NextStep>) {
        for open in &self.row.open_incidents {
            let consequence = if open.is_grave {
                Consequence::Suspended
            } else {
                Consequence::Doubted
            };
            steps.push(NextStep {
                incident_id: open.incident.to_string(),
                ..step(NextStepKind::ResolveIncident, consequence)
            });
        }
    }

    /// Of each open plan, what is overdue, and what is due next.
    fn milestone_steps(&self, reading: &mut Reading<'_>, steps: &mut Vec<NextStep>) -> Result<()> {
        for open in &self.row.open_plans {
            let (row, last) = plan_rows(reading, open.plan)?;
            let catalogue = reading.catalogue(row.adopted.catalogue)?;
            let state = last.map_or_else(|| PlanState::of(&row.adopted), |last| last.state);
            let mut unfinished: Vec<_> = state
                .milestones
                .iter()
                .enumerate()
                .filter(|(_, milestone)| !milestone.is_finished())
                .collect();
            unfinished.sort_by_key(|(_, milestone)| milestone.due);
            let overdue = unfinished
                .iter()
                .filter(|(_, milestone)| milestone.due < reading.today());
            let shown = overdue.count() + 1;
            for (place, milestone) in unfinished.into_iter().take(shown) {
                let for_criterion = row.adopted.milestones.get(place).map(|adopted| adopted.criterion);
                let for_criterion = for_criterion.map(|place| super::message::criterion(&catalogue, place.into()));
                steps.push(NextStep {
                    criterion: for_criterion,
                    due_unix_ms: end_of(milestone.due).unix_ms(),
                    plan_id: open.plan.to_string(),
                    milestone: u32::try_from(place).unwrap_or(u32::MAX),
                    ..step(NextStepKind::ReachMilestone, Consequence::PlanBehind)
                });
            }
        }
        Ok(())
    }

    /// Present answers, of the organization and each site, that are doubted, old, or rest on their own word.
    fn answer_steps(&self, reading: &mut Reading<'_>, steps: &mut Vec<NextStep>) -> Result<()> {
        let mut looked_at = 0;
        for (subject, held) in &self.known.subjects {
            for present in &held.answers {
                let asked = self.known.catalogue.as_ref();
                let is_asked = asked.is_some_and(|asked| super::message::place_in(asked, present.number).is_some());
                let standing = present.prevailing(&self.known.policy, reading.today());
                let Some((kind, newest)) = standing.filter(|_| is_asked) else {
                    continue;
                };
                looked_at += 1;
                if ANSWERS_LOOKED_AT_MAX < looked_at {
                    return Ok(());
                }
                let seat = Seat {
                    subject: *subject,
                    place: newest.place,
                };
                let about = Doubt {
                    seat,
                    kind,
                    number: present.number,
                };
                self.doubts(reading, &about, steps)?;
            }
        }
        Ok(())
    }

    fn doubts(&self, reading: &mut Reading<'_>, about: &Doubt, steps: &mut Vec<NextStep>) -> Result<()> {
        let site = match about.seat.subject {
            Subject::Site(site) => Some(site),
            Subject::Party(_) => None,
        };
        if reading.is_judged(about.seat, true, about.number)? {
            let assessment = reading.assessment(about.seat)?;
            let mut step = self.at_answer(reading, about, site, NextStepKind::AnswerContest, Consequence::Doubted)?;
            step.assessment_id = assessment.id.to_string();
            steps.push(step);
        }
        let day = about.seat.place.day;
        if is_stale(reading, day) {
            steps.push(self.at_answer(reading, about, site, NextStepKind::RenewAnswer, Consequence::Stale)?);
        }
        if about.kind == AssessmentKind::SelfReported && !reading.is_judged(about.seat, false, about.number)? {
            steps.push(self.at_answer(reading, about, site, NextStepKind::GainAssurance, Consequence::OwnWord)?);
        }
        Ok(())
    }

    fn at_answer(
        &self,
        reading: &Reading<'_>,
        about: &Doubt,
        site: Option<SiteId>,
        kind: NextStepKind,
        consequence: Consequence,
    ) -> Result<NextStep> {
        Ok(NextStep {
            criterion: self.asked(about.number),
            site: site.map(|site| reading.site_name(site)).transpose()?,
            ..step(kind, consequence)
        })
    }
}

/// What follows if nothing more is heard of what a plan mends: it is enough that it got better under the plan.
fn unless_mended(rolled: &Rolled) -> Consequence {
    let found = rolled.decided_by.map(|(.., found)| found);
    let since = rolled.clock.map(|clock| clock.since.date());
    let is_better = found.is_some_and(|found| found.given == Given::Progress && since <= Some(found.day));
    if is_better {
        Consequence::HeldBack
    } else {
        Consequence::WillBeSuspended
    }
}

/// A present answer that may be doubted.
struct Doubt {
    seat: Seat,
    kind: AssessmentKind,
    number: CriterionNumber,
}

/// The last instant of a day.
fn end_of(day: Date) -> Timestamp {
    day.plus_days(1).start().plus_ms(-1)
}
