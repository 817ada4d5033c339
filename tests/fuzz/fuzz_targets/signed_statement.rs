//! A signed statement as it is submitted: what is read encodes to the same bytes, and what verifies says what was signed.
#![no_main]

use ed25519_dalek::{Signer, SigningKey};
use event::codec::{decode_strict, encode};
use event::statement::{STATEMENT_BODY_BYTES_MAX, SignatureBytes};
use event::{DeploymentId, SignedStatement, Statement, VerifiedStatement, VerifyError};
use libfuzzer_sys::fuzz_target;

const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([0xd0; 32]);

fuzz_target!(|bytes: &[u8]| {
    let Ok(signed) = SignedStatement::decode(bytes) else {
        return;
    };
    assert_eq!(signed.encode(), bytes);
    check(&signed, signed.clone().verify(DeploymentId::FOUNDING));
    // No fuzzer forges a signature. Signed for it, the same body must pass or fail by its own form alone.
    let resigned = sign(signed);
    let verified = resigned.clone().verify(DEPLOYMENT);
    let well_formed = decode_strict::<Statement>(&resigned.body.0, STATEMENT_BODY_BYTES_MAX).is_ok();
    assert_eq!(verified.is_ok(), well_formed);
    check(&resigned, verified);
});

fn check(signed: &SignedStatement, verified: Result<VerifiedStatement, VerifyError>) {
    let Ok(verified) = verified else { return };
    assert_eq!(verified.signed(), signed);
    assert_eq!(encode(verified.statement()), signed.body.0);
}

fn sign(signed: SignedStatement) -> SignedStatement {
    let key = SigningKey::from_bytes(&[1; 32]);
    let message = [b"veta/statement/v1\n".as_slice(), DEPLOYMENT.as_bytes(), &signed.body.0].concat();
    SignedStatement {
        key: key.verifying_key().into(),
        signature: SignatureBytes(key.sign(&message).to_bytes()),
        body: signed.body,
    }
}
