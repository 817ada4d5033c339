//! A draft as `veta statement sign` reads it: shown as one sentence, and signed as what it says or not at all.
#![no_main]

use ed25519_dalek::SigningKey;
use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::{DeploymentId, PartyId, SignedStatement, Statement, Timestamp};
use libfuzzer_sys::fuzz_target;
use signer::drafts::{Draft, kind};
use signer::statements::created;
use veta::words::sentence;

const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([0xd0; 32]);

fuzz_target!(|text: &str| {
    let Ok(draft) = serde_json::from_str::<Draft>(text) else {
        return;
    };
    let printed = serde_json::to_string(&draft).expect("every draft can be written as JSON");
    assert_eq!(
        serde_json::from_str::<Draft>(&printed).expect("what was written can be read"),
        draft
    );
    let said = draft.event.kind();
    assert_eq!(kind(said.name()), Some(said));
    // Whoever signs must not be shown anything but words.
    assert!(!sentence(&draft.event).chars().any(char::is_control));
    check_signed(draft);
});

fn check_signed(draft: Draft) {
    let statement = Statement {
        party: draft.party.unwrap_or(PartyId::FOUNDER),
        number: u64::MAX,
        stated_at: Timestamp::from_unix_ms(i64::MAX),
        event: draft.event,
    };
    let key = SigningKey::from_bytes(&[1; 32]);
    let Ok(signed) = SignedStatement::sign(&statement, DEPLOYMENT, &key) else {
        assert!(STATEMENT_BODY_BYTES_MAX < event::codec::encode(&statement).len());
        return;
    };
    let id = signed.id(DEPLOYMENT);
    let sent = SignedStatement::decode(&signed.encode()).expect("what was signed can be sent");
    let verified = sent.verify(DEPLOYMENT).expect("what was signed verifies");
    assert_eq!((verified.statement(), verified.id()), (&statement, id));
    assert!(created(&statement.event, id).iter().all(|id| id.is_ascii()));
}
