//! Plans, incidents, reports and the scheme's decisions.

use event::vocabulary::{Confidence, IncidentCategory, Milestone, Period, Standing};
use ledger::Refusal;

use super::Given;
use crate::cast::{
    CHILDREN, OFFICE, TAXES, closed, days, decided, extended, happened, list, milestone, planned, reached_milestone,
    reference, reported, says, settled, updated,
};

pub(super) fn table() -> Vec<Given> {
    vec![plans(), plans_under_way(), incidents(), reports_and_decisions()]
}

fn plans() -> Given {
    let with = |milestones: Vec<Milestone>| {
        says(
            "mine",
            planned("gates", &[OFFICE]).but(move |e| e.milestones = list(milestones.clone())),
        )
    };
    let waiting_for_itself = Milestone {
        after: list([0]),
        ..milestone(OFFICE)
    };
    let overdue = Milestone {
        due: days(-1),
        ..milestone(OFFICE)
    };
    Given::judged_market([])
        .refuses(Refusal::NotAnOrganization, says("trader", planned("gates", &[OFFICE])))
        .refuses(
            Refusal::CriteriaNotOrdered,
            says("mine", planned("gates", &[TAXES, OFFICE])),
        )
        .refuses(Refusal::PlanEmpty, with(vec![]))
        .refuses(Refusal::MilestoneOfOtherCriterion, with(vec![milestone(CHILDREN)]))
        .refuses(Refusal::MilestonesCyclic, with(vec![waiting_for_itself]))
        .refuses(Refusal::MilestoneDueOutOfRange, with(vec![overdue]))
        .refuses(Refusal::UnknownCatalogue, says("mine", planned("nothing", &[OFFICE])))
}

fn plans_under_way() -> Given {
    let given = Given::judged_market([
        says("mine", planned("gates", &[OFFICE])).called("plan"),
        says("mine", planned("gates", &[OFFICE])).called("over"),
        says("mine", closed("over")),
    ]);
    let rival = given.world.party("rival");
    let misplaced = reached_milestone("plan", 0).but(move |e| e.organization = rival);
    given
        .refuses(Refusal::UnknownPlan, says("mine", reached_milestone("nothing", 0)))
        .refuses(Refusal::SubjectDiffers, says("rival", misplaced))
        .refuses(Refusal::PlanClosed, says("mine", extended("over", 0, days(40))))
        .refuses(
            Refusal::MayNotReportMilestone,
            says("rival", reached_milestone("plan", 0)),
        )
        .refuses(Refusal::UnknownMilestone, says("mine", reached_milestone("plan", 1)))
        .refuses(Refusal::ExtensionNotLater, says("mine", extended("plan", 0, days(30))))
        .refuses(Refusal::NotOwnPlan, says("rival", closed("plan")))
}

fn incidents() -> Given {
    let accident = || happened("pit", IncidentCategory::Accident);
    let numbered = || accident().but(|e| e.reference = Some(reference("ipis/7")));
    let given = Given::judged_market([
        says("rival", numbered()).called("it"),
        says("rival", accident()).called("over"),
        says("monitor", settled("over")),
    ]);
    let creek = given.world.subject("creek");
    let misplaced = settled("it").but(move |e| e.subject = creek);
    given
        .refuses(
            Refusal::ConfidenceNotAllowed,
            says("rival", accident().but(|e| e.confidence = Confidence::Known)),
        )
        .refuses(Refusal::ReferenceTaken, says("monitor", numbered()))
        .refuses(Refusal::UnknownIncident, says("monitor", settled("nothing")))
        .refuses(Refusal::SubjectDiffers, says("monitor", misplaced))
        .refuses(
            Refusal::IncidentClosed,
            says("monitor", updated("over", Confidence::Known)),
        )
        .refuses(
            Refusal::MayNotUpdateIncident,
            says("thief", updated("it", Confidence::Allegation)),
        )
        .refuses(Refusal::MayNotUpdateIncident, says("mine", settled("it")))
}

fn reports_and_decisions() -> Given {
    let on = |from, to| {
        reported().but(move |e| {
            e.period = Period {
                from: days(from),
                to: days(to),
            }
        })
    };
    Given::judged_market([])
        .refuses(Refusal::ReportOutdated, says("mine", on(-400, -366)))
        .refuses(Refusal::PeriodInFuture, says("mine", on(0, 1)))
        .refuses(Refusal::NotAnOrganization, says("trader", reported()))
        .refuses(Refusal::SchemeOnly, says("mine", decided("mine", Standing::Affiliate)))
        .refuses(
            Refusal::NotAnOrganization,
            says("scheme", decided("trader", Standing::Affiliate)),
        )
}
