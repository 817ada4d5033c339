//! A page signs the very bytes that `veta statement sign` signs.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "../../../../libs/rooms/tests/support/node.rs"]
mod node;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use event::vocabulary::EventKind;
use event::{DeploymentId, Event, PartyId, SignedStatement, Timestamp};
use serde_json::json;
use signer::drafts::sample;
use signer::statements::signed_for;
use veta::statements::{Signer, sign_all};

const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([0xd0; 32]);
const PARTY: PartyId = PartyId::from_bytes([7; 16]);

/// A key as `veta keys new` writes it, and what its statements of every kind are, as files in its queue.
#[test]
fn a_page_signs_what_the_binary_signs() {
    let Some(program) = node::program() else { return };
    let Some(module) = node::module("signer") else { return };
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key.pem");
    veta::keys::write(&key, &veta::keys::generate().unwrap()).unwrap();
    let who = Signer {
        key: key.clone(),
        party: Some(PARTY),
        deployment: DEPLOYMENT,
        queue: dir.path().join("queue"),
        yes: true,
        json: false,
    };
    let event = |kind: &EventKind| (PARTY, sample(*kind, Timestamp::from_unix_ms(1_780_228_800_000)));
    let signed = sign_all(EventKind::ALL.iter().map(event).collect(), &who).unwrap();
    let files: Vec<_> = signed.iter().map(|one| fs::read(&one.path).unwrap()).collect();
    let pem = fs::read_to_string(&key).unwrap();
    let questions: String = files.iter().map(|file| question(&pem, file)).collect();

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../libs/signer/tests/node/agree.mjs");
    let mut page = Command::new(program)
        .args([script, module])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    page.stdin.take().unwrap().write_all(questions.as_bytes()).unwrap();
    let output = page.wait_with_output().unwrap();
    assert!(output.status.success());
    let told = String::from_utf8(output.stdout).unwrap();
    let by_the_page: Vec<_> = told.lines().map(|line| STANDARD.decode(line).unwrap()).collect();
    assert_eq!(by_the_page.len(), EventKind::ALL.len());
    for ((page, file), kind) in by_the_page.iter().zip(&files).zip(EventKind::ALL) {
        assert_eq!(page, file, "{}", kind.name());
    }
}

/// A line for the page: what the file says, to be signed with the same key, number and time.
fn question(pem: &str, file: &[u8]) -> String {
    let signed = SignedStatement::decode(file).unwrap();
    let founding = DeploymentId::FOUNDING;
    let said = signed
        .clone()
        .verify(DEPLOYMENT)
        .or_else(|_| signed.verify(founding))
        .unwrap();
    let event: &Event = said.event();
    let question = json!({
        "pem": pem,
        "deployment": signed_for(event, DEPLOYMENT),
        "party": said.party(),
        "number": said.number().to_string(),
        "stated_at_ms": said.stated_at().unix_ms(),
        "event": event,
    });
    format!("{question}\n")
}
