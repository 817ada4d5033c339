//! What holds for every statement and for all bytes.

use event::codec::{List, Text, decode_strict, encode};
use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::TERMS_MAX;
use event::{DecodeError, Event, Record, SignedStatement, Statement, Timestamp, VerifyError};
use proptest::prelude::*;

use crate::arb::{arb_deployment, arb_event, arb_signing_key, arb_statement};

proptest! {
    #[test]
    fn a_statement_round_trips(statement in arb_statement()) {
        let bytes = encode(&statement);
        prop_assert_eq!(decode_strict(&bytes, STATEMENT_BODY_BYTES_MAX), Ok(statement));
    }

    #[test]
    fn what_is_signed_verifies_and_keeps_its_bytes(
        statement in arb_statement(),
        deployment in arb_deployment(),
        key in arb_signing_key(),
        ms: i64,
    ) {
        let signed = SignedStatement::sign(&statement, deployment, &key).expect("a statement that fits");
        let record = Record::new(Timestamp::from_unix_ms(ms), signed.clone());
        prop_assert_eq!(Record::decode(&record.encode()), Ok(record));
        let read = SignedStatement::decode(&signed.encode()).expect("what was signed can be read");
        let verified = read.verify(deployment).expect("what was signed verifies");
        prop_assert_eq!(verified.signed(), &signed);
        prop_assert_eq!(verified.statement(), &statement);
        prop_assert_eq!(verified.id(), signed.id(deployment));
        prop_assert!(verified.key().is_usable());
    }

    #[test]
    fn a_flipped_bit_is_refused(
        statement in arb_statement(),
        deployment in arb_deployment(),
        key in arb_signing_key(),
        place: prop::sample::Index,
    ) {
        let mut bytes = SignedStatement::sign(&statement, deployment, &key).expect("a statement that fits").encode();
        let bit = place.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(SignedStatement::decode(&bytes).and_then(|signed| signed.verify(deployment)).is_err());
    }

    #[test]
    fn a_statement_of_another_deployment_is_refused(
        statement in arb_statement(),
        deployment in arb_deployment(),
        other in arb_deployment(),
        key in arb_signing_key(),
    ) {
        let signed = SignedStatement::sign(&statement, deployment, &key).expect("a statement that fits");
        prop_assert_ne!(signed.id(deployment), signed.id(other));
        prop_assert_eq!(signed.verify(other), Err(VerifyError::BadSignature));
    }

    #[test]
    fn a_statement_cut_or_continued_is_refused(statement in arb_statement(), place: prop::sample::Index, more: u8) {
        let bytes = encode(&statement);
        let cut = decode_strict::<Statement>(&bytes[..place.index(bytes.len())], STATEMENT_BODY_BYTES_MAX);
        prop_assert_eq!(cut, Err(DecodeError::Malformed));
        let continued = decode_strict::<Statement>(&[&bytes[..], &[more]].concat(), STATEMENT_BODY_BYTES_MAX);
        prop_assert_eq!(continued, Err(DecodeError::NotCanonical));
    }

    #[test]
    fn a_changed_byte_decodes_to_itself_or_not_at_all(
        statement in arb_statement(),
        place: prop::sample::Index,
        byte: u8,
    ) {
        let mut bytes = encode(&statement);
        let at = place.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = decode_strict::<Statement>(&bytes, STATEMENT_BODY_BYTES_MAX) {
            prop_assert_eq!(encode(&read), bytes);
        }
    }

    #[test]
    fn all_bytes_decode_to_themselves_or_not_at_all(bytes: Vec<u8>) {
        if let Ok(event) = decode_strict::<Event>(&bytes, STATEMENT_BODY_BYTES_MAX) {
            prop_assert_eq!(&encode(&event), &bytes);
        }
        if let Ok(record) = Record::decode(&bytes) {
            prop_assert_eq!(&record.encode(), &bytes);
        }
    }

    #[test]
    fn an_event_is_filed_under_its_party(event in arb_event(), statement in arb_statement()) {
        let subject = event.kind().topic().subject(statement.party);
        let parts: Vec<&str> = subject.split('.').collect();
        prop_assert_eq!(parts.len(), 4);
        prop_assert!(["registry", "progress", "custody"].contains(&parts[2]));
        prop_assert_eq!(parts[3].parse(), Ok(statement.party));
    }

    #[test]
    fn text_is_kept_or_refused_but_never_changed(text in "\\PC{0,12}|[ \\x00-\\x20a\u{85}\u{a0}\u{2003}]{0,4}") {
        if let Ok(kept) = Text::<8>::new(&text) {
            prop_assert_eq!(kept.as_str(), text.as_str());
            prop_assert!(text.len() <= 8 && !text.trim().is_empty() && !text.contains(char::is_control));
        }
    }
}

#[test]
fn every_bit_of_a_signed_statement_counts() {
    let (statement, deployment, key) = crate::vectors::a_signed_statement();
    let bytes = SignedStatement::sign(&statement, deployment, &key)
        .expect("a short statement")
        .encode();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let verified = SignedStatement::decode(&flipped).and_then(|signed| signed.verify(deployment));
        assert!(verified.is_err(), "bit {bit} does not count");
    }
}

#[test]
fn a_list_is_full_at_its_limit() {
    let full: List<u8, TERMS_MAX> = vec![7; TERMS_MAX].try_into().expect("as many as allowed");
    assert_eq!(decode_strict(&encode(&full), usize::MAX), Ok(full));
    assert!(List::<u8, TERMS_MAX>::try_from(vec![7; TERMS_MAX + 1]).is_err());
    let over = encode(&vec![7_u8; TERMS_MAX + 1]);
    assert_eq!(
        decode_strict::<List<u8, TERMS_MAX>>(&over, usize::MAX),
        Err(DecodeError::Malformed)
    );
}

#[test]
fn bytes_past_their_limit_are_not_read() {
    assert_eq!(decode_strict::<u64>(&[1], 0), Err(DecodeError::TooLong { max: 0 }));
    assert_eq!(decode_strict::<u64>(&[1], 1), Ok(1));
}
