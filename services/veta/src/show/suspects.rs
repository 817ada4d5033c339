//! What a key said about lots since it is not to be believed, and how to stop these lots.

use event::PublicKey;
use inquiry::Pages;
use rpc::custody::{ListSuspectsRequest, ListSuspectsResponse, Lot, SuspectLot};
use serde_json::{Value, json};
use tonic::transport::Channel;

use super::{Asked, PAGE_SIZE, in_words};
use crate::print;
use crate::trouble::Done;

/// The lots that statements of a compromised key are about, and what to type so that those that still move are held.
pub async fn suspects(custody: &Channel, key: PublicKey, asked: Asked) -> Done {
    let (mut lots, mut last) = (Vec::new(), ListSuspectsResponse::default());
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = ListSuspectsRequest {
            key: key.to_string(),
            as_of_position: asked.as_of,
            at_least_position: asked.at_least,
            as_of_unix_ms: asked.on_unix_ms,
            page_size: PAGE_SIZE,
            page_token,
        };
        let mut custody = rpc::client::custody(custody.clone());
        last = custody.list_suspects(request).await?.into_inner();
        lots.append(&mut last.lots);
        pages.turn(last.next_page_token.clone());
    }
    let commands = commands(&lots, &last.revocation_statement_id);
    if asked.json {
        print::json(&json!({
            "key": key,
            "position": last.position,
            "is_compromised": last.is_compromised,
            "since_position": last.since_position,
            "revocation_statement_id": last.revocation_statement_id,
            "lots": lots.iter().map(suspect_json).collect::<Vec<_>>(),
            "commands": commands,
        }));
        return Ok(());
    }
    if !last.is_compromised {
        print::line(format_args!(
            "nobody said that {key} is in other hands, as of position {}",
            last.position
        ));
        return Ok(());
    }
    print::line(format_args!(
        "{key} is not to be believed since position {}, says {} at position {}",
        last.since_position, last.revocation_statement_id, last.revocation_position
    ));
    print::table(
        ["position", "what it said", "lot", "state", "held", "statement"],
        lots.iter().map(row),
    );
    if commands.is_empty() {
        print::line("no lot among them moves that is not held");
        return Ok(());
    }
    print::line(
        "to hold those that still move, as a scheme, an authority or an auditor; what they became is held with them:",
    );
    for command in &commands {
        print::line(format_args!("  {command}"));
    }
    Ok(())
}

/// One for each lot that has not ended and is not held.
fn commands(lots: &[SuspectLot], revocation: &str) -> Vec<String> {
    let mut commands = Vec::new();
    for suspect in lots {
        let lot = of(suspect);
        if !suspect.is_live || lot.on_hold {
            continue;
        }
        let command = format!(
            "veta lot hold {} --reason \"a key that is not to be believed spoke of it: {revocation}\"",
            lot.lot_id
        );
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    commands
}

fn of(suspect: &SuspectLot) -> Lot {
    suspect.lot.clone().unwrap_or_default()
}

fn row(suspect: &SuspectLot) -> [String; 6] {
    let lot = of(suspect);
    [
        suspect.position.to_string(),
        suspect.event.clone(),
        lot.lot_id.clone(),
        in_words(lot.state().as_str_name(), "LOT_STATE_"),
        if lot.on_hold { "yes" } else { "no" }.to_owned(),
        suspect.statement_id.clone(),
    ]
}

fn suspect_json(suspect: &SuspectLot) -> Value {
    let lot = of(suspect);
    json!({
        "lot_id": lot.lot_id,
        "state": in_words(lot.state().as_str_name(), "LOT_STATE_"),
        "on_hold": lot.on_hold,
        "is_live": suspect.is_live,
        "event": suspect.event,
        "statement_id": suspect.statement_id,
        "position": suspect.position,
    })
}
