//! What the page of an organization shows, made of what the services answer.

use rpc::custody::CapacityBand;
use rpc::progress::{
    Assessment, AssuranceMix, Freshness, Gate, GetOrganizationResponse, Incident, IndicatorSeries, MilestoneState,
    NextStep, NextStepKind, OrganizationStanding, OtherWord, Plan, PresentAnswer, RolledCriterion, SiteStanding,
    incident, indicator_series, rolled_criterion,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answers::{Answered, Asked, Given, Measure, Standing, Word, asked, pillar, said, word};
use crate::pictures::line::Line;
use crate::pictures::map::Cell;
use crate::shell::{Named, Said, word_key};

/// Older answers to one criterion that stand on the page.
const OLDER_MAX: usize = 4;
/// Answers to one criterion, of the organization and its sites, that stand on the page.
const SUBJECTS_MAX: usize = 4;

/// An organization, as it stood then.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of another list whether there is more of it"
)]
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Organization)]
pub(crate) struct OrganizationView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// Who it is.
    pub(crate) organization: Named,
    /// What it does, such as `party-kind-miners-organization`.
    pub(crate) kind: String,
    /// Where it is at home, in two letters.
    pub(crate) country: String,
    /// Its number in somebody else's register, and whose; empty where it has none.
    pub(crate) reference: String,
    /// The position at which it was enrolled.
    pub(crate) enrolled_position: u64,
    /// Who enrolled it, and when; absent where the log does not say.
    pub(crate) enrolled: Option<Said>,
    /// The statement that enrolled it, in hexadecimal.
    pub(crate) statement_id: String,
    /// How far it has come; absent for a party that neither digs nor processes.
    pub(crate) standing: Option<HowFar>,
    /// Module 5, pillar by pillar.
    pub(crate) pillars: Vec<PillarLevels>,
    /// Every criterion of the catalogue that standings follow from that is of a module or was answered.
    pub(crate) criteria: Vec<CriterionView>,
    /// Its present answers under other catalogues.
    pub(crate) elsewhere: Vec<Standing>,
    /// Earlier answers to the same under other catalogues, the latest day first.
    pub(crate) elsewhere_earlier: Vec<Given>,
    /// What others saw for another purpose that speaks to criteria.
    pub(crate) others: Vec<Other>,
    /// How many more of them there are.
    pub(crate) others_left_out: u32,
    /// Its plans: open ones, and the newest of the others.
    pub(crate) plans: Vec<PlanView>,
    /// Whether it has more plans.
    pub(crate) more_plans: bool,
    /// Incidents here and at its sites: open ones, and the newest of the others.
    pub(crate) incidents: Vec<IncidentView>,
    /// Whether there are more incidents.
    pub(crate) more_incidents: bool,
    /// What is measured over time.
    pub(crate) indicators: Vec<Series>,
    /// Whether more was measured.
    pub(crate) more_measurements: bool,
    /// What is missing and what to do next, what weighs most first.
    pub(crate) next_steps: Vec<Step>,
    /// How many more steps there are.
    pub(crate) next_steps_left_out: u32,
    /// By whose word its present answers stand.
    pub(crate) assurance: Assurance,
    /// How old its present answers are.
    pub(crate) freshness: Age,
    /// The sites it works.
    pub(crate) sites: Vec<SiteLine>,
    /// Whether it works more sites.
    pub(crate) more_sites: bool,
}

/// How far an organization has come, as it follows from the record, and what the scheme decided beside it.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Standing)]
pub(crate) struct HowFar {
    /// What follows from the record, such as `standing-candidate`.
    pub(crate) standing: String,
    /// Since when, in milliseconds since 1970.
    pub(crate) since_unix_ms: i64,
    /// The record that made it so; 0 where time alone did.
    pub(crate) since_position: u64,
    /// Why it is suspended.
    pub(crate) causes: Vec<Cause>,
    /// The scheme's latest decision; absent where there is none.
    pub(crate) decision: Option<Decision>,
    /// Whether the scheme decided otherwise than what follows.
    pub(crate) decision_differs: bool,
    /// Its latest report; absent where there is none.
    pub(crate) report: Option<ReportView>,
    /// Modules 1 to 4, in order.
    pub(crate) gates: Vec<GateView>,
    /// The legitimacy scenarios that apply.
    pub(crate) scenarios: Vec<Asked>,
    /// The catalogue that standings follow from; empty while there is none.
    pub(crate) catalogue: String,
    /// Its version.
    pub(crate) version: String,
    /// When time alone may change what follows, in milliseconds since 1970; 0 while no clock is running.
    pub(crate) next_change_unix_ms: i64,
}

/// Why an organization is suspended.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Cause {
    /// What kind of reason it is, such as `cause-kind-incident`.
    pub(crate) kind: String,
    /// The criterion that is not met; absent for an incident.
    pub(crate) asked: Option<Asked>,
    /// The statement that it rests on.
    pub(crate) said: Said,
}

/// A decision of the scheme.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Decision {
    /// What it says.
    pub(crate) standing: String,
    /// Why.
    pub(crate) reason: String,
    /// SHA-256 digests of what supports it, in hexadecimal.
    pub(crate) evidence: Vec<String>,
    /// Who decided.
    pub(crate) said: Said,
}

/// A report of an organization.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Report)]
pub(crate) struct ReportView {
    /// The first day it speaks about.
    pub(crate) from: String,
    /// The last day it speaks about.
    pub(crate) to: String,
    /// SHA-256 of the summary for everyone, in hexadecimal.
    pub(crate) summary_digest: String,
    /// Who published it.
    pub(crate) said: Said,
    /// After which instant the standing lapses without another one, in milliseconds since 1970.
    pub(crate) lapses_after_unix_ms: i64,
}

/// How many criteria of a module are how far.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Gate)]
pub(crate) struct GateView {
    /// 1 to 4.
    pub(crate) module: u32,
    /// Whether nothing is left to be done.
    pub(crate) is_met: bool,
    /// Met.
    pub(crate) met: u32,
    /// Not met, and a plan's clock is running.
    pub(crate) mending: u32,
    /// Not met, and a plan's clock has run out.
    pub(crate) overdue: u32,
    /// Not met.
    pub(crate) not_met: u32,
    /// Nobody said anything.
    pub(crate) unanswered: u32,
    /// Whether nobody said that anything in it is not so.
    #[serde(skip)]
    pub(crate) is_silent: bool,
}

/// Module 5 under one pillar.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct PillarLevels {
    /// Which pillar, such as `pillar-social`.
    pub(crate) pillar: String,
    /// How many criteria stand at each level, from 0 up.
    pub(crate) at_level: Vec<u32>,
    /// Criteria that have no level yet.
    pub(crate) without_level: u32,
    /// The lowest level; absent where none is answered.
    pub(crate) lowest: Option<u32>,
    /// Criteria answered otherwise than by a level that have an answer.
    pub(crate) other_answered: u32,
    /// Those that have none.
    pub(crate) other_unanswered: u32,
}

/// One criterion, and all that was said about it.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CriterionOfOrganization)]
pub(crate) struct CriterionView {
    /// What is asked.
    pub(crate) asked: Asked,
    /// How far it is, such as `criterion-state-met`; empty where it is of no module from 1 to 4.
    pub(crate) state: String,
    /// The answer that decides, the organization and its sites together; absent where nobody said anything.
    pub(crate) decides: Option<Standing>,
    /// When the clock of the plan that mends it runs out, in milliseconds since 1970; 0 where none runs.
    pub(crate) due_unix_ms: i64,
    /// The answers that stand, the organization's own first, then those of its sites.
    pub(crate) answers: Vec<Standing>,
    /// How many more sites have an answer.
    pub(crate) answers_left_out: usize,
    /// Earlier answers about the organization itself.
    pub(crate) older: Vec<Given>,
}

/// What others saw for another purpose that speaks to a criterion.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = OtherWord)]
pub(crate) struct Other {
    /// The criterion that it speaks to.
    pub(crate) criterion: Asked,
    /// Whether it speaks against it. Nothing here speaks for it.
    pub(crate) speaks_against: bool,
    /// What was asked and answered.
    pub(crate) given: Given,
    /// At which site; absent where about the organization itself.
    pub(crate) site: Option<Named>,
    /// Whether it is older than policy calls fresh.
    pub(crate) is_stale: bool,
}

/// A plan.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Plan)]
pub(crate) struct PlanView {
    /// Its id.
    pub(crate) plan_id: String,
    /// Who adopted it.
    pub(crate) said: Said,
    /// What it mends.
    pub(crate) criteria: Vec<Asked>,
    /// When the first of its clocks runs out, in milliseconds since 1970; 0 where none runs.
    pub(crate) due_unix_ms: i64,
    /// Whether one of them has run out.
    pub(crate) has_run_out: bool,
    /// What will be done.
    pub(crate) milestones: Vec<MilestoneView>,
    /// How many of them are overdue.
    pub(crate) overdue: u32,
    /// How it ended, such as `plan-outcome-achieved`; empty while it is open.
    pub(crate) outcome: String,
    /// Who ended it, and what there is to say about that; absent while it is open.
    pub(crate) end: Option<(Said, String)>,
}

/// One thing that will be done.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Milestone)]
pub(crate) struct MilestoneView {
    /// What.
    pub(crate) action: String,
    /// By which day.
    pub(crate) due: String,
    /// By which day at first, where it was extended; empty where not.
    pub(crate) due_at_first: String,
    /// How far it has come, such as `milestone-state-done`; empty where nobody reported on it.
    pub(crate) state: String,
    /// Whether it is due, and neither done nor dropped.
    pub(crate) is_overdue: bool,
    /// The latest report about it, and what it says; absent where there is none.
    pub(crate) report: Option<(Said, String)>,
}

/// Something that happened, or is said to have happened.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Incident)]
pub(crate) struct IncidentView {
    /// Its id.
    pub(crate) incident_id: String,
    /// At which site; absent where it concerns the organization itself.
    pub(crate) site: Option<Named>,
    /// What it is, such as `incident-category-bribery`.
    pub(crate) category: String,
    /// How sure it is, such as `confidence-known`.
    pub(crate) confidence: String,
    /// How bad it is, such as `severity-minor`.
    pub(crate) severity: String,
    /// The first day of it.
    pub(crate) from: String,
    /// The last day of it.
    pub(crate) to: String,
    /// What happened.
    pub(crate) summary: String,
    /// SHA-256 digests of what supports the report, in hexadecimal.
    pub(crate) evidence: Vec<String>,
    /// Who reported it.
    pub(crate) said: Said,
    /// What became known since, the latest first.
    pub(crate) updates: Vec<(Said, String)>,
    /// How it ended, such as `incident-outcome-remedied`; empty while it is open.
    pub(crate) outcome: String,
    /// Who says so, and what there is to say about it; absent while it is open.
    pub(crate) end: Option<(Said, String)>,
    /// Whether trade must end while it is so.
    pub(crate) is_grave: bool,
}

/// What is measured about one subject over time.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Measurements)]
pub(crate) struct Series {
    /// What is measured.
    pub(crate) measure: Measure,
    /// At which site; absent where about the organization itself.
    pub(crate) site: Option<Named>,
    /// What was measured, the newest first.
    pub(crate) points: Vec<(u64, Word)>,
    /// The line through it.
    #[serde(skip)]
    pub(crate) line: Line,
}

/// Something to do.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = NextStep)]
pub(crate) struct Step {
    /// What to do, such as `next-step-kind-publish-report`.
    pub(crate) kind: String,
    /// What follows while it is not done, such as `consequence-lapses`.
    pub(crate) consequence: String,
    /// For which criterion; absent where for none.
    pub(crate) asked: Option<Asked>,
    /// At which site; absent where it is about the organization as a whole.
    pub(crate) site: Option<Named>,
    /// By when, in milliseconds since 1970; 0 where no clock is running.
    pub(crate) due_unix_ms: i64,
    /// For which plan; empty where for none.
    pub(crate) plan_id: String,
    /// About which incident; empty where about none.
    pub(crate) incident_id: String,
}

/// By whose word present answers stand: how many of them.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Assurance {
    /// By the subject's own, or the operator's.
    pub(crate) self_reported: u32,
    /// By that of who carries out a programme with it.
    pub(crate) implementer: u32,
    /// By that of who observes for others.
    pub(crate) monitor: u32,
    /// By that of an independent assessor.
    pub(crate) third_party: u32,
    /// Answers that somebody else confirmed.
    pub(crate) confirmed: u32,
    /// Answers that somebody else contests.
    pub(crate) contested: u32,
}

/// How old present answers are.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Freshness)]
pub(crate) struct Age {
    /// Fresh or old, by the newest answer.
    pub(crate) state: String,
    /// The last day of the newest answer; empty where there is none.
    pub(crate) newest_day: String,
    /// The last day of the oldest present answer; empty where there is none.
    pub(crate) oldest_day: String,
    /// Present answers that are fresh.
    pub(crate) fresh: u32,
    /// Present answers that are old.
    pub(crate) stale: u32,
}

/// A site of an organization.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = SiteOfOrganization)]
pub(crate) struct SiteLine {
    /// Which one.
    pub(crate) site: Named,
    /// In which country, in two letters.
    pub(crate) country: String,
    /// In which area, in the source's words; empty where none was given.
    pub(crate) area: String,
    /// Where it is, coarsely; absent where it was not given.
    pub(crate) cell: Option<Cell>,
    /// How old its present answers are.
    pub(crate) freshness: Age,
    /// The last month in which it gave gold, and how much of what it can give, such as `capacity-band-below-half`, which is empty
    /// where nobody had said what it can give; absent where it gave none, or the service that knows is away.
    pub(crate) production: Option<(String, String)>,
}

impl OrganizationView {
    /// Of what progress answers; `assessments` are the newest about the organization itself.
    pub(crate) fn of(found: &GetOrganizationResponse, assessments: &[Assessment]) -> Self {
        let who = found.organization.clone().unwrap_or_default();
        let catalogue = found
            .standing
            .as_ref()
            .map_or("", |standing| standing.catalogue_slug.as_str());
        let elsewhere: Vec<_> = found
            .answers
            .iter()
            .filter(|present| !is_of(present, catalogue))
            .map(|present| Standing::of(present, None))
            .collect();
        Self {
            position: found.position,
            evaluated_at_unix_ms: found.evaluated_at_unix_ms,
            kind: word_key(who.kind().as_str_name()),
            country: who.country,
            reference: who
                .reference
                .map(|at| format!("{}:{}", at.source, at.value))
                .unwrap_or_default(),
            enrolled_position: who.enrolled_position,
            enrolled: None,
            statement_id: who.statement_id,
            organization: Named {
                id: who.party_id,
                name: who.name,
            },
            standing: found.standing.as_ref().map(HowFar::of),
            pillars: found.pillars.iter().map(PillarLevels::of).collect(),
            criteria: criteria(found, assessments),
            elsewhere_earlier: elsewhere
                .iter()
                .flat_map(|standing| earlier(&standing.given.asked, std::slice::from_ref(standing), assessments))
                .collect(),
            elsewhere,
            others: found.others.iter().map(Other::of).collect(),
            others_left_out: found.others_left_out,
            plans: found.plans.iter().map(PlanView::of).collect(),
            more_plans: found.more_plans,
            incidents: found.incidents.iter().map(IncidentView::of).collect(),
            more_incidents: found.more_incidents,
            indicators: found.indicators.iter().map(Series::of).collect(),
            more_measurements: found.more_measurements,
            next_steps: found.next_steps.iter().map(Step::of).collect(),
            next_steps_left_out: found.next_steps_left_out,
            assurance: Assurance::of(found.assurance.as_ref()),
            freshness: Age::of(found.freshness.as_ref()),
            sites: found.sites.iter().map(SiteLine::of).collect(),
            more_sites: found.more_sites,
        }
    }
}

fn is_of(present: &PresentAnswer, catalogue: &str) -> bool {
    present
        .criterion
        .as_ref()
        .is_some_and(|asked| asked.catalogue_slug == catalogue)
}

fn number(present: &PresentAnswer) -> u32 {
    present.criterion.as_ref().map_or(0, |asked| asked.number)
}

/// Every criterion of modules 1 to 4, and then every other one that was answered, in the catalogue's order.
fn criteria(found: &GetOrganizationResponse, assessments: &[Assessment]) -> Vec<CriterionView> {
    let Some(standing) = &found.standing else {
        return Vec::new();
    };
    let catalogue = standing.catalogue_slug.as_str();
    let own = found.answers.iter().map(|present| (present, None));
    let of_sites = found.sites.iter().flat_map(|site| {
        let named = site.site.clone().map(|site| Named {
            id: site.site_id,
            name: site.name,
        });
        site.answers.iter().map(move |present| (present, named.clone()))
    });
    let mut views: Vec<_> = standing.criteria.iter().map(CriterionView::rolled).collect();
    for (present, site) in own.chain(of_sites).filter(|(present, _)| is_of(present, catalogue)) {
        let known = views.iter().position(|view| view.asked.number == number(present));
        let place = known.unwrap_or_else(|| {
            views.push(CriterionView {
                asked: asked(present.criterion.as_ref()),
                ..CriterionView::default()
            });
            views.len() - 1
        });
        views[place].add(Standing::of(present, site));
    }
    for view in &mut views {
        view.older = earlier(&view.asked, &view.answers, assessments);
    }
    views.sort_by_key(|view| (view.asked.module == 0, view.asked.module, view.asked.place));
    views
}

/// What was answered earlier about the organization itself than the answers that stand, the latest day first.
fn earlier(criterion: &Asked, answers: &[Standing], assessments: &[Assessment]) -> Vec<Given> {
    let stands = |position: u64| {
        let given = answers
            .iter()
            .flat_map(|standing| standing.contradictions.iter().chain([&standing.given]));
        given.into_iter().any(|given| given.word.said.position == position)
    };
    let of_one = |assessment: &Assessment| {
        let word = word(assessment.attribution.as_ref());
        let finding = assessment.findings.iter().find(|finding| {
            let asked = finding.criterion.as_ref();
            asked.is_some_and(|asked| asked.number == criterion.number && asked.catalogue_slug == criterion.catalogue)
        })?;
        let withdrawn = assessment.withdrawal.as_ref().map(|withdrawal| crate::answers::Judged {
            said: said(withdrawal.source.as_ref()),
            text: withdrawal.reason.clone(),
            evidence: Vec::new(),
        });
        (!stands(word.said.position)).then(|| Given {
            asked: asked(finding.criterion.as_ref()),
            answered: Answered::of(finding.answer.as_ref()),
            word,
            evidence: finding.evidence_digests.clone(),
            withdrawn,
            ..Given::default()
        })
    };
    assessments.iter().filter_map(of_one).take(OLDER_MAX).collect()
}

impl CriterionView {
    fn rolled(rolled: &RolledCriterion) -> Self {
        let site = match &rolled.subject {
            Some(rolled_criterion::Subject::Site(site)) => Some(Named::from(site.clone())),
            _ => None,
        };
        let decides = rolled.attribution.as_ref().map(|attribution| Standing {
            given: Given {
                asked: asked(rolled.criterion.as_ref()),
                answered: Answered::of(rolled.answer.as_ref()),
                word: Word::from(attribution),
                ..Given::default()
            },
            site,
            ..Standing::default()
        });
        Self {
            asked: asked(rolled.criterion.as_ref()),
            state: word_key(rolled.state().as_str_name()),
            decides,
            due_unix_ms: rolled.clock.map_or(0, |clock| clock.due_unix_ms),
            ..Self::default()
        }
    }

    /// An answer that stands. Of a criterion that no module decides, the lowest level is shown, and else the first answer.
    fn add(&mut self, standing: Standing) {
        let level = |standing: &Standing| match standing.given.answered {
            Some(Answered::Level(level)) => Some(level),
            _ => None,
        };
        if self.state.is_empty() {
            let shown = self.decides.as_ref();
            let is_lower =
                shown.is_none_or(|shown| level(&standing).zip(level(shown)).is_some_and(|(new, old)| new < old));
            if is_lower {
                self.decides = Some(standing.clone());
            }
        } else if let Some(decides) = &mut self.decides
            && decides.given.word.said.position == standing.given.word.said.position
        {
            *decides = standing.clone();
        }
        if self.answers.len() < SUBJECTS_MAX {
            self.answers.push(standing);
        } else {
            self.answers_left_out += 1;
        }
    }
}

impl HowFar {
    pub(crate) fn of(standing: &OrganizationStanding) -> Self {
        let cause = |cause: &rpc::progress::StandingCause| Cause {
            kind: word_key(cause.kind().as_str_name()),
            asked: cause.criterion.as_ref().map(Asked::from),
            said: said(cause.source.as_ref()),
        };
        let decision = standing.decision.as_ref().map(|decision| Decision {
            standing: word_key(decision.standing().as_str_name()),
            reason: decision.reason.clone(),
            evidence: decision.evidence_digests.clone(),
            said: said(decision.source.as_ref()),
        });
        let report = standing.report.as_ref().map(|report| ReportView {
            from: report.period_from.clone(),
            to: report.period_to.clone(),
            summary_digest: report.summary_digest.clone(),
            said: said(report.source.as_ref()),
            lapses_after_unix_ms: report.lapses_after_unix_ms,
        });
        Self {
            standing: word_key(standing.standing().as_str_name()),
            since_unix_ms: standing.since_unix_ms,
            since_position: standing.since_position,
            causes: standing.causes.iter().map(cause).collect(),
            decision,
            decision_differs: standing.decision_differs,
            report,
            gates: standing.gates.iter().map(GateView::of).collect(),
            scenarios: standing.scenarios.iter().map(Asked::from).collect(),
            catalogue: standing.catalogue_slug.clone(),
            version: standing.catalogue_version.clone(),
            next_change_unix_ms: standing.next_change_unix_ms,
        }
    }
}

impl GateView {
    fn of(gate: &Gate) -> Self {
        Self {
            module: gate.module,
            is_met: gate.is_met,
            met: gate.met,
            mending: gate.mending,
            overdue: gate.overdue,
            not_met: gate.not_met,
            unanswered: gate.unanswered,
            is_silent: gate.is_silent(),
        }
    }
}

impl PillarLevels {
    pub(crate) fn of(progress: &rpc::progress::PillarProgress) -> Self {
        Self {
            pillar: pillar(progress.pillar()),
            at_level: progress.at_level.clone(),
            without_level: progress.without_level,
            lowest: progress.lowest_level,
            other_answered: progress.other_answered,
            other_unanswered: progress.other_unanswered,
        }
    }
}

impl Other {
    pub(crate) fn of(other: &OtherWord) -> Self {
        Self {
            criterion: asked(other.criterion.as_ref()),
            speaks_against: other.speaks_against,
            given: Given {
                asked: asked(other.asked.as_ref()),
                answered: Answered::of(other.answer.as_ref()),
                word: word(other.attribution.as_ref()),
                ..Given::default()
            },
            site: other.site.clone().map(Named::from),
            is_stale: other.is_stale,
        }
    }
}

impl PlanView {
    pub(super) fn of(plan: &Plan) -> Self {
        let milestone = |milestone: &rpc::progress::Milestone| MilestoneView {
            action: milestone.action.clone(),
            due: milestone.due.clone(),
            due_at_first: milestone.due_at_first.clone(),
            state: match milestone.state() {
                MilestoneState::Unspecified => String::new(),
                state => word_key(state.as_str_name()),
            },
            is_overdue: milestone.is_overdue,
            report: milestone
                .report
                .as_ref()
                .map(|report| (said(report.source.as_ref()), report.note.clone())),
        };
        let clocks = plan.clocks.iter().filter_map(|clock| clock.clock);
        Self {
            plan_id: plan.plan_id.clone(),
            said: said(plan.source.as_ref()),
            criteria: plan.criteria.iter().map(Asked::from).collect(),
            due_unix_ms: clocks.map(|clock| clock.due_unix_ms).min().unwrap_or(0),
            has_run_out: plan.clocks.iter().any(|clock| clock.has_run_out),
            milestones: plan.milestones.iter().map(milestone).collect(),
            overdue: plan.overdue,
            outcome: plan
                .end
                .as_ref()
                .map(|end| word_key(end.outcome().as_str_name()))
                .unwrap_or_default(),
            end: plan
                .end
                .as_ref()
                .map(|end| (said(end.source.as_ref()), end.note.clone())),
        }
    }
}

impl IncidentView {
    pub(super) fn of(incident: &Incident) -> Self {
        let update = |update: &rpc::progress::IncidentUpdate| (said(update.source.as_ref()), update.note.clone());
        Self {
            incident_id: incident.incident_id.clone(),
            site: match &incident.subject {
                Some(incident::Subject::Site(site)) => Some(Named::from(site.clone())),
                _ => None,
            },
            category: word_key(incident.category().as_str_name()),
            confidence: word_key(incident.confidence().as_str_name()),
            severity: word_key(incident.severity().as_str_name()),
            from: incident.period_from.clone(),
            to: incident.period_to.clone(),
            summary: incident.summary.clone(),
            evidence: incident.evidence_digests.clone(),
            said: said(incident.source.as_ref()),
            updates: incident.updates.iter().map(update).collect(),
            outcome: incident
                .end
                .as_ref()
                .map(|end| word_key(end.outcome().as_str_name()))
                .unwrap_or_default(),
            end: incident
                .end
                .as_ref()
                .map(|end| (said(end.source.as_ref()), end.note.clone())),
            is_grave: incident.is_grave,
        }
    }
}

impl Series {
    fn of(series: &IndicatorSeries) -> Self {
        let points = series.points.iter();
        let points: Vec<_> = points
            .map(|point| (point.value, word(point.attribution.as_ref())))
            .collect();
        let values: Vec<_> = points.iter().map(|(value, word)| (word.to.as_str(), *value)).collect();
        Self {
            measure: series.indicator.as_ref().map(Measure::from).unwrap_or_default(),
            site: match &series.subject {
                Some(indicator_series::Subject::Site(site)) => Some(Named::from(site.clone())),
                _ => None,
            },
            line: Line::of(&values),
            points,
        }
    }
}

impl Step {
    fn of(step: &NextStep) -> Self {
        Self {
            kind: word_key(step.kind().as_str_name()),
            consequence: word_key(step.consequence().as_str_name()),
            asked: step.criterion.as_ref().map(Asked::from),
            site: step.site.clone().map(Named::from),
            due_unix_ms: step.due_unix_ms,
            plan_id: step.plan_id.clone(),
            incident_id: step.incident_id.clone(),
        }
    }

    /// Whether it is taken by answering its criterion.
    pub(crate) fn is_answering(&self) -> bool {
        [
            NextStepKind::AnswerCriterion,
            NextStepKind::MeetCriterion,
            NextStepKind::MendAbuse,
            NextStepKind::MendOverdue,
            NextStepKind::RenewAnswer,
            NextStepKind::ShowProgress,
        ]
        .iter()
        .any(|kind| word_key(kind.as_str_name()) == self.kind)
    }
}

impl Assurance {
    pub(crate) fn of(mix: Option<&AssuranceMix>) -> Self {
        let mix = mix.copied().unwrap_or_default();
        Self {
            self_reported: mix.self_reported,
            implementer: mix.implementer,
            monitor: mix.monitor,
            third_party: mix.third_party,
            confirmed: mix.confirmed,
            contested: mix.contested,
        }
    }
}

impl Age {
    pub(crate) fn of(freshness: Option<&Freshness>) -> Self {
        let freshness = freshness.cloned().unwrap_or_default();
        Self {
            state: word_key(freshness.state().as_str_name()),
            newest_day: freshness.newest_day,
            oldest_day: freshness.oldest_day,
            fresh: freshness.fresh,
            stale: freshness.stale,
        }
    }
}

impl SiteLine {
    fn of(standing: &SiteStanding) -> Self {
        let site = standing.site.clone().unwrap_or_default();
        Self {
            cell: Cell::of(site.cell.as_ref()),
            site: Named {
                id: site.site_id,
                name: site.name,
            },
            country: site.country,
            area: site.area,
            freshness: Age::of(standing.freshness.as_ref()),
            production: None,
        }
    }
}

/// The key of a band's name; empty where nobody had said what a site can give.
pub(crate) fn band(band: CapacityBand) -> String {
    match band {
        CapacityBand::Unspecified => String::new(),
        band => word_key(band.as_str_name()),
    }
}
