//! What two devices hand each other: what is read is written as the same bytes, as a file and as the text of codes; what is
//! opened was signed, follows one another, and says what the lot is.
#![no_main]

use ed25519_dalek::{Signer, SigningKey};
use event::statement::SignatureBytes;
use event::{DeploymentId, SignedStatement};
use libfuzzer_sys::fuzz_target;
use signer::handover::{FILE_BYTES_MAX, Handover, Opened};
use signer::qr::{SPREAD_BYTES_MAX, gather, is_spread, spread};

const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([0xd0; 32]);

fuzz_target!(|bytes: &[u8]| {
    let Ok(handover) = Handover::decode(bytes) else { return };
    let file = handover.encode();
    assert!(file.len() as u64 <= FILE_BYTES_MAX);
    if !is_spread(bytes) {
        assert_eq!(file, bytes);
    }
    match spread(&file) {
        Ok(codes) => assert_eq!(gather(&codes.join("\n")), Ok(file)),
        Err(_) => assert!(SPREAD_BYTES_MAX < file.len()),
    }
    if let Ok(opened) = handover.clone().open(handover.deployment) {
        check(&handover, &opened);
    }
    // No fuzzer forges a signature. Signed for it, the same bodies must open or fail by what they say alone.
    let signed: Vec<_> = handover.statements.iter().map(sign).collect();
    let handover = Handover {
        deployment: DEPLOYMENT,
        statements: signed.try_into().expect("as many as before"),
        ..handover
    };
    if let Ok(opened) = handover.clone().open(DEPLOYMENT) {
        check(&handover, &opened);
    }
});

fn check(handover: &Handover, opened: &Opened) {
    assert_eq!(opened.lot, handover.lot);
    let verbatim = opened.statements.iter().map(|said| said.signed());
    assert!(verbatim.eq(handover.statements.iter()));
    assert!(opened.history.latest().is_some() && opened.history.broken_link().is_none());
    if opened.facts_are_signed {
        assert_eq!(opened.history.facts(), opened.facts);
    }
    assert!(handover.facts.is_none() || opened.facts == handover.facts);
}

fn sign(signed: &SignedStatement) -> SignedStatement {
    let key = SigningKey::from_bytes(&[1; 32]);
    let message = [b"veta/statement/v1\n".as_slice(), DEPLOYMENT.as_bytes(), &signed.body.0].concat();
    SignedStatement {
        key: key.verifying_key().into(),
        signature: SignatureBytes(key.sign(&message).to_bytes()),
        body: signed.body.clone(),
    }
}
