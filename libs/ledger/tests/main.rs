//! The rules from outside: tables of given, when and then; histories at random; one history frozen.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a case hands its parts over and reads as a sentence"
)]

mod digest;
mod histories;
mod honest;
mod origins;
mod staging;
mod support;

// The tables keep one case to a line.
#[rustfmt::skip]
mod conduct;
#[rustfmt::skip]
mod custody;
#[rustfmt::skip]
mod delegation;
#[rustfmt::skip]
mod envelope;
#[rustfmt::skip]
mod fraud;
#[rustfmt::skip]
mod holding;
#[rustfmt::skip]
mod judging;
#[rustfmt::skip]
mod measuring;
#[rustfmt::skip]
mod permits;
#[rustfmt::skip]
mod progress;
#[rustfmt::skip]
mod registry;
#[rustfmt::skip]
mod standing;
#[rustfmt::skip]
mod transforming;
mod trades;

use std::collections::BTreeSet;

use ledger::Refusal;

/// Refused before a ledger sees it: by who reads the record, and by `event`'s verification.
const BEFORE_THE_LEDGER: &[Refusal] = &[
    Refusal::MalformedRecord,
    Refusal::StatementTooLong,
    Refusal::Malformed,
    Refusal::BadKey,
    Refusal::MalformedBody,
    Refusal::NotCanonical,
];

#[test]
fn the_tables_reach_every_refusal_of_the_ledger() {
    envelope::table();
    registry::table();
    delegation::table();
    progress::table();
    judging::table();
    conduct::table();
    custody::table();
    permits::table();
    measuring::table();
    transforming::table();
    holding::table();
    let reached = support::reached();
    let of_the_ledger = |refusal: &Refusal| !BEFORE_THE_LEDGER.contains(refusal);
    let all: BTreeSet<_> = Refusal::ALL.iter().copied().filter(of_the_ledger).collect();
    assert_eq!(
        all.difference(&reached).collect::<Vec<_>>(),
        Vec::<&Refusal>::new(),
        "no case reaches these"
    );
    assert_eq!(reached, all, "a ledger gives none of the others");
}

#[test]
fn numbers_and_names_of_refusals_are_unique_and_in_order() {
    assert!(Refusal::ALL.windows(2).all(|pair| pair[0].code() < pair[1].code()));
    let names: BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.name()).collect();
    let texts: BTreeSet<_> = Refusal::ALL.iter().map(ToString::to_string).collect();
    assert_eq!((names.len(), texts.len()), (Refusal::ALL.len(), Refusal::ALL.len()));
    for refusal in Refusal::ALL {
        assert_eq!(Refusal::from_code(refusal.code()), Some(*refusal));
    }
    assert_eq!(
        Refusal::from_code(0),
        None,
        "0 is no refusal: a leaf has it for what is admitted"
    );
}
