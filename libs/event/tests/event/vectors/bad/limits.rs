//! Texts, lists and numbers as long as they may be, and longer.

use event::key::Digest;
use event::vocabulary::EventKind;

use super::super::good::{after, assessment, incident, lot, other_party, party, permit, plan, site};
use super::wire::{
    ABSENT, DIGEST, EMPTY, PERIOD, asked, assayed, assessed, catalogue, catalogue_with, declared, digests, enrolled,
    event, measured, number, output, permitted, retired, transformed,
};
use super::{Edge, edge};

pub(super) fn edges() -> Vec<Edge> {
    let mut edges = text_edges();
    edges.extend(registry_list_edges());
    edges.extend(progress_list_edges());
    edges.extend(conduct_list_edges());
    edges.extend(trade_list_edges());
    edges.extend(evidence_edges());
    edges.extend(document_edges());
    edges.extend(number_edges());
    edges.extend(trade_number_edges());
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
                &((1_u32, site()), assessment(), criteria(count), ABSENT, EMPTY),
            )
        }),
        edge("contested-criteria-too-many", "257 criteria contested", 256, |count| {
            event(
                EventKind::AssessmentContested,
                &((1_u32, site()), assessment(), criteria(count), "no", EMPTY),
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

fn trade_list_edges() -> Vec<Edge> {
    let numbers = |count| vec!["5"; count];
    vec![
        edge("permit-sites-too-many", "a permit for 65 sites", 64, |count| {
            permitted(0, count)
        }),
        edge(
            "permit-status-sites-too-many",
            "a permit for 65 sites, looked up",
            64,
            |count| {
                event(
                    EventKind::PermitStatusChanged,
                    &(permit(), vec![site(); count], 0_u32, 0_i32, ABSENT, "Rent is due"),
                )
            },
        ),
        edge("samples-too-many", "9 samples", 8, |count| {
            event(EventKind::LotSampled, &(lot(), after(), numbers(count), ABSENT, ABSENT))
        }),
        edge("new-seals-too-many", "17 new seals", 16, |count| {
            event(EventKind::LotSealed, &(lot(), after(), numbers(count), EMPTY))
        }),
        edge("broken-seals-too-many", "17 broken seals", 16, |count| {
            event(EventKind::SealBroken, &(lot(), after(), numbers(count), "Opened"))
        }),
        edge("inputs-too-many", "513 lots go in", 512, |count| {
            transformed(0, count, &EMPTY, 0)
        }),
        edge("outputs-too-many", "65 lots come out", 64, |count| {
            transformed(0, 1, &vec![output(0, 0); count], 0)
        }),
        edge("output-seals-too-many", "17 seals on what comes out", 16, |count| {
            transformed(0, 1, &vec![output(0, count)], 0)
        }),
        edge(
            "exported-lots-too-many",
            "257 lots under one certificate",
            256,
            |count| exported(count, 0),
        ),
    ]
}

fn exported(lots: usize, documents: usize) -> Vec<u8> {
    let certificate = (("register", "17"), "The authority", 0_i32, 0_i32);
    let way = (12_u64, "CD", "AE", party(), "7108.12");
    event(
        EventKind::LotExported,
        &(vec![(lot(), after()); lots], certificate, way, digests(documents)),
    )
}

fn document_edges() -> Vec<Edge> {
    let of_16 =
        |name, body: &dyn Fn(Vec<Digest>) -> Vec<u8>| edge(name, "17 documents", 16, |count| body(digests(count)));
    let (on, mass) = ((lot(), after()), 12_u64);
    vec![
        of_16("declared-documents-too-many", &|documents| {
            let lot = (site(), 0_u32, mass, 0_u32, ABSENT, PERIOD, 0_u32, EMPTY);
            event(EventKind::LotDeclared, &(lot, ABSENT, documents))
        }),
        of_16("offer-documents-too-many", &|documents| {
            event(EventKind::CustodyOffered, &(on, party(), true, documents))
        }),
        of_16("title-documents-too-many", &|documents| {
            event(EventKind::TitleTransferred, &(on, party(), documents))
        }),
        of_16("weighing-documents-too-many", &|documents| {
            event(EventKind::LotWeighed, &(on, mass, ABSENT, ABSENT, ABSENT, documents))
        }),
        of_16("assay-documents-too-many", &|documents| {
            assayed(0, ABSENT, 0, documents.len())
        }),
        of_16("seal-documents-too-many", &|documents| {
            event(EventKind::LotSealed, &(on, EMPTY, documents))
        }),
        of_16("melt-documents-too-many", &|documents| {
            transformed(0, 1, &EMPTY, documents.len())
        }),
        of_16("export-documents-too-many", &|documents| exported(1, documents.len())),
        of_16("receipt-documents-too-many", &|documents| {
            event(EventKind::LotReceived, &(on, "R-1", 0_i32, mass, ABSENT, documents))
        }),
        of_16("hold-documents-too-many", &|documents| {
            event(EventKind::LotHeld, &(lot(), "Seen", ABSENT, documents))
        }),
    ]
}

fn trade_number_edges() -> Vec<Edge> {
    const U32_MAX: usize = 4_294_967_295;
    let wide = |value: usize| u64::try_from(value).expect("below 2⁶⁴");
    vec![
        edge("miners-past-u32", "dug by 4,294,967,296 miners", U32_MAX, |miners| {
            let lot = (site(), 0_u32, 12_u64, 0_u32, ABSENT, PERIOD, 0_u32, EMPTY);
            event(EventKind::LotDeclared, &(lot, Some(wide(miners)), EMPTY))
        }),
        edge(
            "bar-year-past-u16",
            "a bar of the year 65,536",
            usize::from(u16::MAX),
            |year| {
                let (form, mass, fineness, seals, _) = output(0, 0);
                let bar = Some(("UMOJA", "17", number(year)));
                transformed(0, 1, &vec![(form, mass, fineness, seals, bar)], 0)
            },
        ),
        edge(
            "assayed-gold-above-pure",
            "a fineness of 1,000,001 ppm",
            1_000_000,
            |ppm| assayed(number(ppm), ABSENT, 0, 0),
        ),
        edge(
            "assayed-silver-above-pure",
            "a fineness of 1,000,001 ppm",
            1_000_000,
            |ppm| assayed(0, Some(number(ppm)), 0, 0),
        ),
        edge(
            "output-fineness-above-pure",
            "a fineness of 1,000,001 ppm",
            1_000_000,
            |ppm| transformed(0, 1, &vec![output(number(ppm), 0)], 0),
        ),
        edge("with-title-unknown", "neither yes nor no", 1, |with_title| {
            let with_title = u8::try_from(with_title).expect("0 to 2");
            event(EventKind::CustodyOffered, &(lot(), after(), party(), with_title, EMPTY))
        }),
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
                &((1_u32, site()), assessment(), [1_u8, 1], ABSENT, digests(count)),
            )
        }),
        edge("contested-evidence-too-many", "17 digests", 16, |count| {
            event(
                EventKind::AssessmentContested,
                &((1_u32, site()), assessment(), [1_u8, 1], "no", digests(count)),
            )
        }),
        edge("milestone-evidence-too-many", "17 digests", 16, |count| {
            event(
                EventKind::MilestoneReported,
                &(party(), plan(), 0_u8, 0_u32, ABSENT, digests(count)),
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
                &((1_u32, site()), incident(), 0_u32, 0_u32, "It is so", digests(count)),
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
