//! Texts, lists and numbers as long as they may be, and longer.

use event::vocabulary::EventKind;

use super::super::good::{assessment, incident, other_party, party, plan, site};
use super::wire::{
    ABSENT, DIGEST, EMPTY, PERIOD, asked, assessed, catalogue, catalogue_with, declared, digests, enrolled, event,
    measured, number, retired,
};
use super::{Edge, edge};

pub(super) fn edges() -> Vec<Edge> {
    let mut edges = text_edges();
    edges.extend(registry_list_edges());
    edges.extend(progress_list_edges());
    edges.extend(conduct_list_edges());
    edges.extend(evidence_edges());
    edges.extend(number_edges());
    edges
}

fn text_edges() -> Vec<Edge> {
    vec![
        edge("text-too-long", "257 bytes", 256, |bytes| retired(&"x".repeat(bytes))),
        edge(
            "text-too-long-in-bytes",
            "129 characters of 2 bytes",
            128,
            |characters| retired(&"é".repeat(characters)),
        ),
        edge("short-text-too-long", "a seal number of 65 bytes", 64, |bytes| {
            declared(0, &ABSENT, &["5".repeat(bytes)])
        }),
        edge("slug-too-long", "a slug of 65 bytes", 64, |bytes| {
            catalogue(&"s".repeat(bytes), &[])
        }),
    ]
}

fn registry_list_edges() -> Vec<Edge> {
    let granted = |kinds: usize, sites: usize| {
        let (kinds, sites) = (vec![0_u32; kinds], vec![site(); sites]);
        event(
            EventKind::DelegationGranted,
            &(other_party(), kinds, sites, ABSENT, 0_i32),
        )
    };
    vec![
        edge("languages-too-many", "9 languages", 8, |count| enrolled("CD", count)),
        edge("terms-too-many", "65 terms", 64, |count| {
            event(EventKind::PolicySet, &vec![(0_u32, 1_u16); count])
        }),
        edge("seals-too-many", "17 seals", 16, |count| {
            declared(0, &ABSENT, &vec!["5".repeat(64); count])
        }),
        edge("delegated-kinds-too-many", "65 kinds in one delegation", 64, |count| {
            granted(count, 0)
        }),
        edge("delegated-sites-too-many", "65 sites in one delegation", 64, |count| {
            granted(1, count)
        }),
    ]
}

fn progress_list_edges() -> Vec<Edge> {
    let criteria = |count| vec![1_u16; count];
    vec![
        edge("criteria-too-many", "257 criteria", 256, |count| {
            catalogue("golden", &vec![asked(0, None, None, None, None); count])
        }),
        edge("indicators-too-many", "65 indicators", 64, |count| {
            catalogue_with("golden", &[], &vec![measured(0, None); count])
        }),
        edge("findings-too-many", "257 findings", 256, |count| {
            assessed(0, &vec![(1_u16, 1_u32, EMPTY); count], &EMPTY)
        }),
        edge("measurements-too-many", "65 measurements", 64, |count| {
            assessed(0, &EMPTY, &vec![(1_u16, 1_u64); count])
        }),
        edge("confirmed-criteria-too-many", "257 criteria confirmed", 256, |count| {
            event(
                EventKind::AssessmentConfirmed,
                &(assessment(), criteria(count), ABSENT, EMPTY),
            )
        }),
        edge("contested-criteria-too-many", "257 criteria contested", 256, |count| {
            event(
                EventKind::AssessmentContested,
                &(assessment(), criteria(count), "no", EMPTY),
            )
        }),
    ]
}

fn conduct_list_edges() -> Vec<Edge> {
    let planned = |criteria: usize, milestones: usize, after: usize| {
        let milestone = (1_u16, "Mend it", 0_i32, vec![0_u8; after]);
        event(
            EventKind::PlanAdopted,
            &(DIGEST, vec![1_u16; criteria], vec![milestone; milestones]),
        )
    };
    vec![
        edge("planned-criteria-too-many", "257 criteria in one plan", 256, |count| {
            planned(count, 0, 0)
        }),
        edge("milestones-too-many", "65 milestones", 64, |count| planned(1, count, 0)),
        edge(
            "milestone-after-too-many",
            "a milestone that waits for 9 others",
            8,
            |count| planned(1, 1, count),
        ),
    ]
}

fn evidence_edges() -> Vec<Edge> {
    let subject = (1_u32, site());
    vec![
        edge("evidence-too-many", "17 digests under one finding", 16, |count| {
            assessed(0, &vec![(1_u16, 1_u32, digests(count))], &EMPTY)
        }),
        edge("confirmed-evidence-too-many", "17 digests", 16, |count| {
            event(
                EventKind::AssessmentConfirmed,
                &(assessment(), [1_u8, 1], ABSENT, digests(count)),
            )
        }),
        edge("contested-evidence-too-many", "17 digests", 16, |count| {
            event(
                EventKind::AssessmentContested,
                &(assessment(), [1_u8, 1], "no", digests(count)),
            )
        }),
        edge("milestone-evidence-too-many", "17 digests", 16, |count| {
            event(
                EventKind::MilestoneReported,
                &(plan(), 0_u8, 0_u32, ABSENT, digests(count)),
            )
        }),
        edge("incident-evidence-too-many", "17 digests", 16, |count| {
            event(
                EventKind::IncidentReported,
                &(
                    subject,
                    0_u32,
                    0_u32,
                    0_u32,
                    PERIOD,
                    "It is said",
                    digests(count),
                    ABSENT,
                ),
            )
        }),
        edge("incident-update-evidence-too-many", "17 digests", 16, |count| {
            event(
                EventKind::IncidentUpdated,
                &(incident(), 0_u32, 0_u32, "It is so", digests(count)),
            )
        }),
        edge("standing-evidence-too-many", "17 digests", 16, |count| {
            event(EventKind::StandingDecided, &(party(), 0_u32, "Decided", digests(count)))
        }),
    ]
}

fn number_edges() -> Vec<Edge> {
    const U16_MAX: usize = 65_535;
    vec![
        edge(
            "criterion-past-u16",
            "a finding about criterion 65,536",
            U16_MAX,
            |place| assessed(0, &vec![(number(place), 1_u32, EMPTY)], &EMPTY),
        ),
        edge(
            "indicator-past-u16",
            "a measurement for indicator 65,536",
            U16_MAX,
            |place| assessed(0, &EMPTY, &vec![(number(place), 1_u64)]),
        ),
        edge(
            "replaces-past-u16",
            "the same as criterion 65,536 of the version before",
            U16_MAX,
            |place| catalogue("golden", &[asked(0, None, None, None, Some(number(place)))]),
        ),
        edge(
            "indicator-replaces-past-u16",
            "the same as indicator 65,536 of the version before",
            U16_MAX,
            |place| catalogue_with("golden", &[], &[measured(0, Some(number(place)))]),
        ),
        edge(
            "planned-criterion-past-u16",
            "a plan for criterion 65,536",
            U16_MAX,
            |place| event(EventKind::PlanAdopted, &(DIGEST, vec![number(place)], EMPTY)),
        ),
        edge("fineness-above-pure", "a fineness of 1,000,001 ppm", 1_000_000, |ppm| {
            declared(0, &Some((number(ppm), 0_u32)), &[])
        }),
        edge("option-unknown", "neither some nor none: an option of 2", 1, |option| {
            let full = u8::try_from(option).expect("0 to 2");
            event(EventKind::ReportPublished, &(PERIOD, DIGEST, full, DIGEST))
        }),
    ]
}
