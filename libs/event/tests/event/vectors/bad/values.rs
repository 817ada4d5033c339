//! Of every enum the last variant, and the one that would come after it.

use event::vocabulary::{
    Answer, AssayPurpose, AssessmentKind, CapacityPeriod, Confidence, CustodyModel, Deposit, EventKind, FinenessMethod,
    IncidentCategory, IncidentOutcome, Loss, LotForm, MilestoneState, Module, PartyKind, PermitKind, PermitStatus,
    Pillar, PlanOutcome, QuantityBasis, Reaction, RevocationReason, Scale, SealState, Severity, Standing, Subject,
    Term, Transformation, Unit,
};
use serde::de::DeserializeOwned;

use super::super::good::{after, incident, lot, other_party, party, permit, plan, site};
use super::wire::{
    ABSENT, DIGEST, EMPTY, PERIOD, asked, assayed, assessed, catalogue, catalogue_with, declared, event, measured,
    number, permitted, transformed,
};
use super::{Edge, edge};
use crate::variants::names;

pub(super) fn edges() -> Vec<Edge> {
    let mut edges = registry_edges();
    edges.extend(progress_edges());
    edges.extend(conduct_edges());
    edges.extend(custody_edges());
    edges.extend(permit_edges());
    edges.extend(trade_edges());
    edges
}

/// The edge of a body that says one of the variants of `T`, by number.
fn unknown<T: DeserializeOwned>(name: &'static str, body: impl Fn(u32) -> Vec<u8>) -> Edge {
    edge(name, "the number after the last", names::<T>().len() - 1, |value| {
        body(number(value))
    })
}

fn registry_edges() -> Vec<Edge> {
    vec![
        unknown::<PartyKind>("unknown-party-kind", |kind| {
            event(EventKind::PartyEnrolled, &(kind, "A name", "CD", EMPTY, ABSENT))
        }),
        unknown::<RevocationReason>("unknown-reason", |reason| {
            event(EventKind::KeyRevoked, &(DIGEST, reason, 7_u64))
        }),
        unknown::<Deposit>("unknown-deposit", |deposit| {
            let place = (party(), "A name", "CD", ABSENT, ABSENT);
            event(EventKind::SiteRegistered, &(place, deposit, ABSENT, ABSENT, ABSENT))
        }),
        unknown::<Term>("unknown-term", |term| event(EventKind::PolicySet, &vec![(term, 1_u16)])),
        unknown::<EventKind>("unknown-delegated-kind", |kind| {
            event(
                EventKind::DelegationGranted,
                &(other_party(), vec![kind], EMPTY, ABSENT, 0_i32),
            )
        }),
    ]
}

fn progress_edges() -> Vec<Edge> {
    vec![
        unknown::<Scale>("unknown-scale", |scale| {
            catalogue("golden", &[asked(scale, None, None, None, None)])
        }),
        unknown::<Module>("unknown-module", |module| {
            catalogue("golden", &[asked(0, Some(module), None, None, None)])
        }),
        unknown::<Pillar>("unknown-pillar", |pillar| {
            catalogue("golden", &[asked(0, None, Some(pillar), None, None)])
        }),
        unknown::<Unit>("unknown-unit", |unit| {
            catalogue_with("golden", &[], &[measured(unit, None)])
        }),
        unknown::<Subject>("unknown-subject", |subject| {
            let found = (EMPTY, EMPTY, ABSENT);
            event(
                EventKind::AssessmentSubmitted,
                &((subject, site()), 0_u32, PERIOD, DIGEST, found),
            )
        }),
        unknown::<AssessmentKind>("unknown-assessment-kind", |kind| assessed(kind, &EMPTY, &EMPTY)),
        unknown::<Answer>("unknown-answer", |answer| {
            assessed(0, &vec![(1_u16, answer, EMPTY)], &EMPTY)
        }),
    ]
}

fn conduct_edges() -> Vec<Edge> {
    let incident_of = |category: u32, confidence: u32, severity: u32| {
        let subject = (1_u32, site());
        let how = (category, confidence, severity);
        event(
            EventKind::IncidentReported,
            &(subject, how, PERIOD, "It is said", EMPTY, ABSENT),
        )
    };
    vec![
        unknown::<MilestoneState>("unknown-milestone-state", |state| {
            event(
                EventKind::MilestoneReported,
                &(party(), plan(), 0_u8, state, ABSENT, EMPTY),
            )
        }),
        unknown::<PlanOutcome>("unknown-plan-outcome", |outcome| {
            event(EventKind::PlanClosed, &(party(), plan(), outcome, ABSENT))
        }),
        unknown::<IncidentCategory>("unknown-category", |category| incident_of(category, 0, 0)),
        unknown::<Confidence>("unknown-confidence", |confidence| incident_of(0, confidence, 0)),
        unknown::<Severity>("unknown-severity", |severity| incident_of(0, 0, severity)),
        unknown::<IncidentOutcome>("unknown-incident-outcome", |outcome| {
            event(
                EventKind::IncidentClosed,
                &((1_u32, site()), incident(), outcome, "It is mended"),
            )
        }),
        unknown::<Standing>("unknown-standing", |standing| {
            event(EventKind::StandingDecided, &(party(), standing, "Decided", EMPTY))
        }),
    ]
}

fn custody_edges() -> Vec<Edge> {
    let lot_of = |basis: u32, model: u32| {
        let (form, mass) = (0_u32, 12_u64);
        event(
            EventKind::LotDeclared,
            &(site(), form, mass, basis, ABSENT, PERIOD, model, EMPTY, ABSENT, EMPTY),
        )
    };
    vec![
        unknown::<LotForm>("unknown-form", |form| declared(form, &ABSENT, &[])),
        unknown::<QuantityBasis>("unknown-basis", |basis| lot_of(basis, 0)),
        unknown::<FinenessMethod>("unknown-method", |method| {
            declared(0, &Some((900_000_u32, method)), &[])
        }),
        unknown::<CustodyModel>("unknown-custody-model", |model| lot_of(0, model)),
        unknown::<SealState>("unknown-seal-state", |seals| {
            event(EventKind::CustodyAccepted, &(lot(), after(), 12_u64, seals))
        }),
    ]
}

fn permit_edges() -> Vec<Edge> {
    vec![
        unknown::<PermitKind>("unknown-permit-kind", |kind| permitted(kind, 1)),
        unknown::<PermitStatus>("unknown-permit-status", |status| {
            event(
                EventKind::PermitStatusChanged,
                &(permit(), vec![site()], status, 0_i32, ABSENT, "Rent is due"),
            )
        }),
        unknown::<CapacityPeriod>("unknown-capacity-period", |per| {
            event(
                EventKind::CapacityEstablished,
                &(site(), per, 12_u64, ABSENT, "By plan"),
            )
        }),
        unknown::<Reaction>("unknown-reaction", |reaction| {
            // The 29th term.
            event(EventKind::PolicySet, &vec![(28_u32, reaction)])
        }),
    ]
}

fn trade_edges() -> Vec<Edge> {
    vec![
        unknown::<AssayPurpose>("unknown-assay-purpose", |purpose| assayed(0, ABSENT, purpose, 0)),
        unknown::<Transformation>("unknown-transformation", |how| transformed(how, 1, &EMPTY, 0)),
        unknown::<Loss>("unknown-loss", |how| {
            event(EventKind::LotLost, &(lot(), after(), how, "It sank", ABSENT))
        }),
    ]
}
