//! What a NATS server says: nothing is taken for stored, opened or read unless the answer says exactly that.
//!
//! The first byte chooses what was asked; the others are the answer.
#![no_main]

use event::StreamPosition;
use event::key::Digest;
use journal::cell::CellError;
use journal::evidence::{Entry, EvidenceError};
use journal::fuzzing::{appended, described, held, noted, opened, place, port, updated};
use journal::{AppendError, JournalError};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// Without these switched as they are, an acknowledged record can be lost.
const KEPT: [&str; 4] = ["deny_delete", "deny_purge", "allow_atomic", "max_msg_size"];

fuzz_target!(|input: &[u8]| {
    let Some((asked, answer)) = input.split_first() else {
        return;
    };
    match asked % 8 {
        0 => check_appended(answer),
        1 => check_held(answer),
        2 => check_updated(answer),
        3 => check_opened(answer),
        4 => check_place(answer),
        5 => check_port(answer),
        6 => check_described(answer),
        _ => check_noted(answer),
    }
});

/// Stored only if the server says so, with the very position; not stored only if it says why.
fn check_appended(answer: &[u8]) {
    let said = serde_json::from_slice::<Value>(answer).unwrap_or_default();
    let last = said["seq"].as_u64();
    for whole in [17, last.unwrap_or(0)] {
        match appended(answer, StreamPosition::new(whole)) {
            Ok(position) => assert_eq!(
                (Some(position.get()), last, said.get("error")),
                (last, Some(whole), None)
            ),
            Err(AppendError::Unknown { .. }) => {}
            Err(AppendError::Conflict { .. } | AppendError::Refused { .. }) => {
                assert!(said["error"]["err_code"].is_u64());
            }
        }
    }
}

fn check_updated(answer: &[u8]) {
    let said = serde_json::from_slice::<Value>(answer).unwrap_or_default();
    match updated(answer) {
        Ok(revision) => assert_eq!(
            (Some(revision.to_string()), said.get("error")),
            (Some(said["seq"].to_string()), None)
        ),
        Err(CellError::Unknown { .. }) => {}
        Err(_) => assert!(said["error"]["err_code"].is_u64()),
    }
}

/// An empty cell is one of which the server says that it is empty.
fn check_held(answer: &[u8]) {
    let said = serde_json::from_slice::<Value>(answer).unwrap_or_default();
    match held(answer) {
        Ok(None) => assert_eq!(said["error"]["err_code"], json!(10_037)),
        Ok(Some(held)) => {
            let stored = &said["message"];
            assert_eq!(held.revision.to_string(), stored["seq"].to_string());
            assert!(held.value.len() <= stored["data"].as_str().map_or(0, str::len));
        }
        Err(_) => {}
    }
}

/// A file is of the digest that was asked for, and missing only if the server or a deleting client says so.
fn check_described(answer: &[u8]) {
    let said = serde_json::from_slice::<Value>(answer).unwrap_or_default();
    for digest in [Digest::from_bytes([7; 32]), Digest::of(answer)] {
        match described(answer, digest) {
            Ok(info) => assert_eq!(info.digest, digest),
            Err(EvidenceError::Missing) => {
                assert!(said["error"]["err_code"] == json!(10_037) || said["message"].is_object());
            }
            Err(error) => assert!(matches!(
                error,
                EvidenceError::Altered { .. } | EvidenceError::Unavailable { .. }
            )),
        }
    }
}

/// A look is where the server says that it is, and there is none only if the server says so; what is read is written the same.
fn check_noted(answer: &[u8]) {
    let said = serde_json::from_slice::<Value>(answer).unwrap_or_default();
    match noted(answer) {
        Ok(Some(noted)) => {
            assert_eq!(Some(noted.mark.get()), said["message"]["seq"].as_u64());
            let written = serde_json::to_vec(&noted.entry).expect("texts and numbers have a JSON form");
            assert_eq!(
                serde_json::from_slice::<Entry>(&written).expect("it was written"),
                noted.entry
            );
        }
        Ok(None) => assert_eq!(said["error"]["err_code"], json!(10_037)),
        Err(error) => assert!(matches!(error, EvidenceError::Unavailable { .. })),
    }
}

/// A stream that is opened keeps what it acknowledges: with any one of the switches off, it would not be.
fn check_opened(answer: &[u8]) {
    let Ok(end) = opened(answer, 1) else { return };
    let said: Value = serde_json::from_slice(answer).expect("it was read");
    assert_eq!(Some(end.last.get()), said["state"]["last_seq"].as_u64());
    for name in KEPT {
        let mut other = said.clone();
        other["config"][name] = Value::Null;
        let refused = opened(other.to_string().as_bytes(), 1);
        assert!(matches!(refused, Err(JournalError::Setting { name: named, .. }) if named == name));
    }
    let copies = said["config"]["num_replicas"].as_u64().expect("it was compared");
    assert!(copies == u64::MAX || opened(answer, copies as usize + 1).is_err());
}

fn check_place(reply: &[u8]) {
    let Ok(reply) = std::str::from_utf8(reply) else { return };
    let Some((position, pending)) = place(reply) else {
        return;
    };
    let numbers: Vec<u64> = reply.split('.').filter_map(|token| token.parse().ok()).collect();
    assert!(numbers.contains(&position.get()) && numbers.contains(&pending));
}

fn check_port(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(found) = port(text) else { return };
    assert_eq!(
        port(&json!({"nats": [format!("nats://[::1]:{found}")]}).to_string()),
        Ok(found)
    );
}
