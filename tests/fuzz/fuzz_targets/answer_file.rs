//! A file of answers as `veta assess read` reads it: what it says can be stated and answers as the catalogue asks, or it is
//! refused with every fault in its row.
//!
//! The first byte chooses what the file is and who asks; the others are the file. Behind a mapping stands a NUL, and then
//! the file that it maps.
#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use catalogue::Catalogue;
use event::vocabulary::{AssessmentKind, AssessmentSubmitted, Subject};
use event::{Date, Event, PartyId};
use fuzz::can_be_stated;
use libfuzzer_sys::fuzz_target;
use veta::assess::{Faults, Head, Mapping, fuzzing};

/// One criterion of every kind.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let text = include_str!("../../../libs/catalogue/testdata/small-1.toml");
    Catalogue::parse(text).expect("a good catalogue")
});
static TODAY: LazyLock<Date> = LazyLock::new(|| "2026-05-31".parse().expect("a day"));
/// What the command says where a file is silent.
static HEAD: LazyLock<Head> = LazyLock::new(|| Head {
    subject: Some(Subject::Party(PartyId::FOUNDER)),
    kind: Some(AssessmentKind::Monitor),
    from: Some(*TODAY),
    to: Some(*TODAY),
    reference: None,
});

fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    let catalogue = &*CATALOGUE;
    let silent = Head::default();
    let head = if choice & 1 == 0 { &*HEAD } else { &silent };
    let found = match choice >> 1 & 3 {
        0 => fuzzing::interviewed(catalogue, bytes, *TODAY),
        1 | 2 => fuzzing::filled_in(catalogue, &Mapping::default(), head, bytes, *TODAY),
        _ => {
            let mut parts = bytes.splitn(2, |byte| *byte == 0);
            let text = parts
                .next()
                .and_then(|text| str::from_utf8(text).ok())
                .unwrap_or_default();
            let Ok(mapping) = Mapping::parse(text) else { return };
            fuzzing::filled_in(catalogue, &mapping, head, parts.next().unwrap_or_default(), *TODAY)
        }
    };
    match found {
        Some(Ok(assessments)) => check(catalogue, &assessments),
        Some(Err(faults)) => check_faults(&faults),
        None => {}
    }
});

/// Each is one statement under this catalogue, and all have numbers of their own.
fn check(catalogue: &Catalogue, assessments: &[AssessmentSubmitted]) {
    assert!(!assessments.is_empty());
    let numbers: BTreeSet<_> = assessments.iter().map(|said| said.reference.clone()).collect();
    assert_eq!(numbers.len(), assessments.len());
    for said in assessments {
        assert!(said.reference.is_some() && said.catalogue == catalogue.digest());
        assert!(said.period.from <= said.period.to && said.period.to <= TODAY.plus_days(1));
        assert!(said.findings.iter().is_sorted_by_key(|finding| finding.criterion));
        for finding in said.findings.iter() {
            let criterion = &catalogue.published().criteria[usize::from(finding.criterion)];
            assert!(finding.answer.fits(criterion.scale));
        }
        assert!(can_be_stated(&Event::AssessmentSubmitted(said.clone())));
    }
}

/// Whoever mends the file is told something about each, and no more than can be read.
fn check_faults(faults: &Faults) {
    assert!(faults.named.len() <= faults.count);
    assert!(faults.named.iter().all(|fault| !fault.what.is_empty()));
}
