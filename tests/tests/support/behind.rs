//! Writes what ingest has refused into the stream behind its back, as whoever has its credentials could: the log then holds
//! the refusal for everybody to see.

use std::fs;

use event::{Record, SignedStatement, StreamPosition};
use journal::{JournalConfig, Role};
use serde_json::Value;
use service::clock::{Clock, SystemClock};
use tests::story::Story;

use crate::support::written::written;

/// Writes the double sale of the story; the index of its entry in the log.
pub(crate) fn second_sale_written(story: &Story) -> u64 {
    let state = story.desk.state();
    let deployment = fs::read(state.join("deployment.json")).expect("a deployment describes itself");
    let deployment: Value = serde_json::from_slice(&deployment).expect("in JSON");
    let config = JournalConfig {
        url: deployment["endpoints"]["nats"].as_str().expect("an address").to_owned(),
        role: Role::Ingest,
        nkey: Some(state.join("nats/nkeys/ingest.nk")),
        name: "behind ingest's back".to_owned(),
        replicas: 1,
    };
    let statement = fs::read(story.second_sale()).expect("a refused statement is kept");
    let statement = SignedStatement::decode(&statement).expect("as it was signed");
    let record = Record::new(SystemClock.now(), statement).encode();
    let last = story.desk.tree_size();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(written(&config, vec![record], StreamPosition::new(last)));
    story.desk.settle(last + 1);
    last
}
