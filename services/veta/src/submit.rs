//! Handing statements to ingest until each has an outcome.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use rpc::ingest::ingest_service_client::IngestServiceClient;
use rpc::ingest::{Denial, GetKeyRequest, Outcome, Recorded, SubmitManyRequest};
use serde_json::json;
use tonic::Code;
use tonic::transport::Channel;

use crate::trouble::{Done, Trouble};

/// How often a cut line is taken up again before the user is asked to do so.
const RETRIES_MAX: u32 = 5;
/// Before the first new try; doubled at each.
const RETRY_WAIT: Duration = Duration::from_millis(500);

/// Submits every statement in order, and hands each outcome on, in order and once.
///
/// A line that is cut is taken up again: what was recorded meanwhile gets the same receipt.
pub async fn submit_all(
    channel: &Channel,
    statements: &[Vec<u8>],
    mut outcome: impl FnMut(usize, Result<Recorded, Denial>) -> Done,
) -> Done {
    let mut done = 0;
    let mut wait = RETRY_WAIT;
    let mut tries = 0;
    while done < statements.len() {
        let before = done;
        let stopped = submit_from(channel, statements, &mut done, &mut outcome).await;
        let Err(trouble) = stopped else { continue };
        tries = if before < done { 1 } else { tries + 1 };
        if tries > RETRIES_MAX || trouble.exit != service::exit::Exit::TryAgain {
            return Err(trouble);
        }
        tokio::time::sleep(wait).await;
        wait *= 2;
    }
    Ok(())
}

/// The number after the latest that ingest knows of this key, but never below `least`; and the key's party.
pub async fn next_number(channel: &Channel, key: event::PublicKey, least: u64) -> Done<Option<(String, u64)>> {
    let request = GetKeyRequest {
        key: key.to_string(),
        at_least_position: 0,
    };
    match rpc::client::ingest(channel.clone()).get_key(request).await {
        Ok(known) => {
            let known = known.into_inner();
            Ok(Some((known.party_id, least.max(known.last_number + 1))))
        }
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// Why a statement is not recorded, and what to look at before it is signed anew.
#[must_use]
pub fn refused(Denial { refusal, latest }: &Denial) -> String {
    let why = format!("refused ({}, {}): {refusal}", refusal.code(), refusal.name());
    match latest {
        None => why,
        Some(latest) => format!(
            "{why}\n  {} said last about {}, at position {}: {}",
            latest.by, latest.lot, latest.position, latest.statement
        ),
    }
}

/// The same for programs.
#[must_use]
pub fn refused_json(Denial { refusal, latest }: &Denial) -> serde_json::Value {
    let latest = latest.map(|latest| {
        json!({"lot_id": latest.lot, "statement_id": latest.statement, "position": latest.position, "party_id": latest.by})
    });
    json!({"refused": refusal.code(), "name": refusal.name(), "reason": refusal.to_string(), "latest": latest})
}

/// A bar on standard error, where that is a terminal.
#[must_use]
pub fn bar(length: usize, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {per_sec} {eta}").expect("a good template");
    ProgressBar::new(length as u64).with_style(style).with_message(what)
}

async fn submit_from(
    channel: &Channel,
    statements: &[Vec<u8>],
    done: &mut usize,
    outcome: &mut impl FnMut(usize, Result<Recorded, Denial>) -> Done,
) -> Done {
    let mut client: IngestServiceClient<Channel> = rpc::client::ingest(channel.clone());
    let first = *done;
    let rest: Vec<_> = statements[first..]
        .iter()
        .map(|bytes| SubmitManyRequest {
            statement: bytes.clone(),
        })
        .collect();
    let mut answers = client.submit_many(tokio_stream::iter(rest)).await?.into_inner();
    while let Some(answer) = answers.message().await? {
        let told = Outcome::try_from(&answer)?;
        if told.index != (*done - first) as u64 {
            return Err(Trouble::failed("ingest answered out of order: do not trust it"));
        }
        outcome(*done, told.result)?;
        *done += 1;
    }
    if *done < statements.len() {
        return Err(Trouble::try_again(
            "ingest ended the line before every statement had its outcome: submit again",
        ));
    }
    Ok(())
}
