//! Plans, incidents, reports and standing.

use event::vocabulary::{
    IncidentClosed, IncidentReported, IncidentUpdated, Milestone, MilestoneReported, PlanAdopted, PlanClosed,
    PlanExtended, ReportPublished, StandingDecided,
};
use proptest::option;
use proptest::prelude::*;

use super::{
    arb_catalogue_digest, arb_date, arb_digest, arb_incident, arb_list, arb_party, arb_period, arb_plan, arb_reference,
    arb_subject, arb_text, arb_variant,
};

prop_compose! {
    pub(super) fn plan()(
        catalogue in arb_catalogue_digest(),
        criteria in arb_list(any::<u16>()),
        milestones in arb_list(milestone()),
    ) -> PlanAdopted {
        PlanAdopted { catalogue, criteria, milestones }
    }
}

prop_compose! {
    fn milestone()(
        criterion: u16, action in arb_text(), due in arb_date(), after in arb_list(any::<u8>()),
    ) -> Milestone {
        Milestone { criterion, action, due, after }
    }
}

prop_compose! {
    pub(super) fn milestone_reported()(
        plan in arb_plan(),
        milestone: u8,
        state in arb_variant(),
        note in option::of(arb_text()),
        evidence in arb_list(arb_digest()),
    ) -> MilestoneReported {
        MilestoneReported { plan, milestone, state, note, evidence }
    }
}

prop_compose! {
    pub(super) fn extended()(
        plan in arb_plan(), milestone: u8, due in arb_date(), reason in arb_text(),
    ) -> PlanExtended {
        PlanExtended { plan, milestone, due, reason }
    }
}

prop_compose! {
    pub(super) fn plan_closed()(
        plan in arb_plan(), outcome in arb_variant(), note in option::of(arb_text()),
    ) -> PlanClosed {
        PlanClosed { plan, outcome, note }
    }
}

prop_compose! {
    pub(super) fn incident()(
        subject in arb_subject(),
        category in arb_variant(),
        confidence in arb_variant(),
        severity in arb_variant(),
        period in arb_period(),
        summary in arb_text(),
        evidence in arb_list(arb_digest()),
        reference in option::of(arb_reference()),
    ) -> IncidentReported {
        IncidentReported { subject, category, confidence, severity, period, summary, evidence, reference }
    }
}

prop_compose! {
    pub(super) fn incident_updated()(
        incident in arb_incident(),
        confidence in arb_variant(),
        severity in arb_variant(),
        note in arb_text(),
        evidence in arb_list(arb_digest()),
    ) -> IncidentUpdated {
        IncidentUpdated { incident, confidence, severity, note, evidence }
    }
}

prop_compose! {
    pub(super) fn incident_closed()(
        incident in arb_incident(), outcome in arb_variant(), note in arb_text(),
    ) -> IncidentClosed {
        IncidentClosed { incident, outcome, note }
    }
}

prop_compose! {
    pub(super) fn report()(
        period in arb_period(), summary in arb_digest(), full in option::of(arb_digest()),
    ) -> ReportPublished {
        ReportPublished { period, summary, full }
    }
}

prop_compose! {
    pub(super) fn standing()(
        organization in arb_party(),
        standing in arb_variant(),
        reason in arb_text(),
        evidence in arb_list(arb_digest()),
    ) -> StandingDecided {
        StandingDecided { organization, standing, reason, evidence }
    }
}
