//! A signed request for evidence: what is read encodes to the same bytes, what verifies asks what was signed, and no
//! request is a statement.
#![no_main]

use ed25519_dalek::{Signer, SigningKey};
use event::codec::{decode_strict, encode};
use event::request::{REQUEST_BODY_BYTES_MAX, Request};
use event::statement::SignatureBytes;
use event::{DeploymentId, SignedRequest, SignedStatement};
use libfuzzer_sys::fuzz_target;

const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([0xd0; 32]);

fuzz_target!(|bytes: &[u8]| {
    let Ok(signed) = SignedRequest::decode(bytes) else {
        return;
    };
    assert_eq!(signed.encode(), bytes);
    // No fuzzer forges a signature. Signed for it, the same body must pass or fail by its own form alone.
    let signed = sign(signed);
    let well_formed = decode_strict::<Request>(&signed.body.0, REQUEST_BODY_BYTES_MAX);
    let verified = signed.verify(DEPLOYMENT);
    assert_eq!(verified.is_ok(), well_formed.is_ok());
    if let Ok(verified) = verified {
        assert_eq!(encode(verified.request()), signed.body.0);
        assert_eq!((verified.key(), verified.id()), (signed.key, signed.id(DEPLOYMENT)));
    }
    let statement = SignedStatement::decode(&signed.encode()).expect("the envelopes are alike");
    assert!(statement.verify(DEPLOYMENT).is_err());
});

fn sign(signed: SignedRequest) -> SignedRequest {
    let key = SigningKey::from_bytes(&[1; 32]);
    let message = [b"veta/request/v1\n".as_slice(), DEPLOYMENT.as_bytes(), &signed.body.0].concat();
    SignedRequest {
        key: key.verifying_key().into(),
        signature: SignatureBytes(key.sign(&message).to_bytes()),
        body: signed.body,
    }
}
