//! An answer as a client reads it: what is read is sent again as what it was, and a status carries a refusal or none.
//!
//! The first byte chooses the message; the others are its bytes.
#![no_main]

use std::fmt::Debug;

use event::vocabulary;
use ledger::Refusal;
use libfuzzer_sys::fuzz_target;
use prost::Message;
use prost::bytes::Bytes;
use rpc::audit::{GetConsistencyProofResponse, GetInclusionProofResponse, hashes_to_wire};
use rpc::ingest::{Outcome, Receipt, Recorded, SubmitManyResponse, SubmitResponse};
use rpc::read::POSITION_MAX;
use rpc::status::{refusal_of, refused};
use rpc::{InvalidMessage, custody, progress, view};
use tlog::tree::{CONSISTENCY_HASHES_MAX, ConsistencyProof, INCLUSION_HASHES_MAX, InclusionProof};
use tonic::{Code, Status};

fuzz_target!(|input: &[u8]| {
    let Some((message, bytes)) = input.split_first() else {
        return;
    };
    match message % 8 {
        0 => check(bytes, |recorded: &Recorded| {
            check_recorded(recorded);
            SubmitResponse::from(*recorded)
        }),
        1 => check(bytes, |recorded: &Recorded| Receipt::from(*recorded)),
        2 => check(bytes, |outcome: &Outcome| {
            outcome.result.as_ref().map(check_recorded).ok();
            SubmitManyResponse::from(*outcome)
        }),
        3 => check(bytes, |reference: &vocabulary::Reference| {
            view::Reference::from(reference)
        }),
        4 => check(bytes, |claim: &vocabulary::FinenessClaim| {
            custody::FinenessClaim::from(*claim)
        }),
        5 => check(bytes, |answer: &vocabulary::Answer| progress::Answer::from(answer)),
        6 => check_hashes(bytes),
        _ => check_status(bytes),
    }
});

/// What means something means the same after it was sent on.
fn check<M, T>(bytes: &[u8], sent: impl Fn(&T) -> M)
where
    M: Message + Default,
    T: for<'a> TryFrom<&'a M, Error = InvalidMessage> + PartialEq + Debug,
{
    let Ok(answer) = M::decode(bytes) else { return };
    let Ok(read) = T::try_from(&answer) else { return };
    let again = M::decode(sent(&read).encode_to_vec().as_slice()).expect("what was written can be read");
    assert_eq!(T::try_from(&again), Ok(read));
}

fn check_recorded(recorded: &Recorded) {
    assert!((1..=POSITION_MAX).contains(&recorded.position.get()));
}

fn check_hashes(bytes: &[u8]) {
    if let Ok(answer) = GetInclusionProofResponse::decode(bytes)
        && let Ok(proof) = InclusionProof::try_from(&answer)
    {
        assert!(proof.hashes.len() <= INCLUSION_HASHES_MAX);
        assert_eq!(hashes_to_wire(&proof.hashes), answer.hashes);
    }
    if let Ok(answer) = GetConsistencyProofResponse::decode(bytes)
        && let Ok(proof) = ConsistencyProof::try_from(&answer)
    {
        assert!(proof.hashes.len() <= CONSISTENCY_HASHES_MAX);
        assert_eq!(hashes_to_wire(&proof.hashes), answer.hashes);
    }
}

/// The bytes are the details of a status, which a client takes from a header.
fn check_status(details: &[u8]) {
    let status = Status::with_details(Code::FailedPrecondition, "refused", Bytes::copy_from_slice(details));
    let Some(refusal) = refusal_of(&status) else { return };
    assert_eq!(Refusal::from_code(refusal.code()), Some(refusal));
    assert_eq!(refusal_of(&refused(refusal)), Some(refusal));
}
