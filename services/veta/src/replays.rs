//! `veta replay`: the whole log decided again, as an auditor would.

use std::fs::File;
use std::io::{BufReader, Read};
use std::mem;
use std::path::Path;

use bytes::Bytes;
use event::DeploymentId;
use indicatif::ProgressBar;
use replay::export::{ExportError, HEADER_BYTES_MAX, Header};
use replay::{Checked, Replica, Verdict, check};
use rpc::audit::{GetCheckpointRequest, GetLogRequest, StreamEntriesRequest};
use serde_json::json;
use service::clock::Stopwatch;
use service::parallel::map_all_while;
use tlog::note::Vkey;
use tlog::tiles::first_entry;
use tlog::tree::Frontier;
use tlog::{Checkpoint, Leaf};

use crate::print;
use crate::submit::bar;
use crate::trouble::{Done, Trouble};

/// Leaves decided at a time.
const BATCH_MAX: usize = 1_000;
/// Findings shown; the rest are counted.
const FINDINGS_SHOWN_MAX: usize = 100;

/// What a replay found.
#[derive(Debug)]
struct Replayed {
    replica: Replica,
    /// Entries that are checked and not decided yet.
    ahead: Vec<Entry>,
    tree: Frontier,
    checkpoint: Checkpoint,
    findings: Vec<Finding>,
    found: usize,
    /// Whether every entry given is the one that the records lead to.
    intact: bool,
    bar: ProgressBar,
}

/// An entry of the log as it was given, and what its record says by itself.
#[derive(Debug)]
struct Entry {
    logged: Vec<u8>,
    checked: Checked,
}

/// Something an auditor should look at.
#[derive(Debug)]
struct Finding {
    index: u64,
    kind: &'static str,
    what: String,
}

/// Replays an export file.
pub fn file(path: &Path, trusted: Option<Vkey>, json: bool) -> Done {
    let cannot = || format!("cannot read {}", path.display());
    let mut input = BufReader::new(File::open(path).map_err(Trouble::at(cannot()))?);
    let (header, mut rest) = header(&mut input).map_err(Trouble::at(cannot()))?;
    let watch = Stopwatch::start();
    let mut replayed = Replayed::begin(&header.checkpoint, &trusted.unwrap_or(header.vkey))?;
    loop {
        let leaves = next_leaves(&mut input, &mut rest).map_err(Trouble::at(cannot()))?;
        if leaves.is_empty() {
            break;
        }
        replayed.take(leaves)?;
    }
    if !rest.is_empty() {
        replayed.catch_up()?;
        replayed.intact = false;
        replayed.find(
            replayed.tree.size().get(),
            "malformed",
            "the export is cut short within an entry".to_owned(),
        );
    }
    replayed.end(&watch, json)
}

/// Replays the log of an audit service.
pub async fn service(url: &str, trusted: Option<Vkey>, json: bool) -> Done {
    let mut client = rpc::client::audit(rpc::client::connect(url).await?);
    let log = client.get_log(GetLogRequest {}).await?.into_inner();
    let vkey = trusted.map_or_else(|| log.vkey.parse().map_err(Trouble::at("the log's key")), Ok)?;
    let checkpoint = client
        .get_checkpoint(GetCheckpointRequest::default())
        .await?
        .into_inner();
    let note = String::from_utf8(checkpoint.checkpoint_note).map_err(Trouble::at("the checkpoint"))?;
    let watch = Stopwatch::start();
    let mut replayed = Replayed::begin(&note, &vkey)?;
    let request = StreamEntriesRequest {
        start_index: 0,
        at_least_position: checkpoint.tree_size,
    };
    let mut parts = client.stream_entries(request).await?.into_inner();
    while replayed.missing() > 0 {
        let Some(part) = parts.message().await? else { break };
        let missing = usize::try_from(replayed.missing()).unwrap_or(usize::MAX);
        tokio::task::block_in_place(|| replayed.take(part.leaves.into_iter().take(missing).collect()))?;
    }
    replayed.end(&watch, json)
}

impl Replayed {
    fn begin(note: &str, vkey: &Vkey) -> Done<Self> {
        let checkpoint =
            Checkpoint::open(note.as_bytes(), vkey).map_err(Trouble::at("the checkpoint does not hold"))?;
        let bar = bar(
            usize::try_from(checkpoint.size.get()).unwrap_or(usize::MAX),
            "replaying",
        );
        let replica = Replica::with_log(&checkpoint.origin);
        Ok(Self {
            replica,
            ahead: Vec::new(),
            tree: Frontier::new(),
            checkpoint,
            findings: Vec::new(),
            found: 0,
            intact: true,
            bar,
        })
    }

    /// Entries that the checkpoint has and that were not seen yet.
    fn missing(&self) -> u64 {
        let seen = self.tree.size().get() + self.ahead.len() as u64;
        self.checkpoint.size.get().saturating_sub(seen)
    }

    /// Checks leaves on all cores, while those before them are decided again.
    fn take(&mut self, leaves: Vec<Vec<u8>>) -> Done {
        let mut leaves = leaves.into_iter();
        // What is signed for a deployment cannot be checked before that is founded.
        while self.replica.deployment().is_none() {
            let Some(leaf) = leaves.next() else { return Ok(()) };
            self.decide(Entry::check(None, leaf))?;
        }
        let (deployment, before) = (self.replica.deployment(), mem::take(&mut self.ahead));
        let check_next = |leaf| Entry::check(deployment, leaf);
        let decide_before = || before.into_iter().try_for_each(|entry| self.decide(entry));
        let (ahead, decided) = map_all_while(leaves.collect(), check_next, decide_before);
        self.ahead = ahead;
        decided
    }

    /// Decides what is checked.
    fn catch_up(&mut self) -> Done {
        let ahead = mem::take(&mut self.ahead);
        ahead.into_iter().try_for_each(|entry| self.decide(entry))
    }

    /// Decides an entry again, and compares what the rules make of its record with what the log says.
    fn decide(&mut self, Entry { logged, checked }: Entry) -> Done {
        let step = self.replica.step(checked);
        let index = step.position.get() - 1;
        let leaf = step
            .leaf
            .expect("this replica keeps a log")
            .map_err(Trouble::at("the map"))?;
        self.tree.push(leaf.hash);
        self.bar.inc(1);
        if leaf.bytes != logged {
            self.intact = false;
            self.find(
                index,
                "fork",
                "the log's entry is not what the records before it lead to".to_owned(),
            );
        }
        if let Verdict::Refused(refusal) = step.verdict {
            let by = step
                .statement
                .map(|said| format!(" (signed by {})", said.key()))
                .unwrap_or_default();
            self.find(
                index,
                refused_kind(refusal.code()),
                format!("{} {refusal}{by}", refusal.code()),
            );
        }
        Ok(())
    }

    fn find(&mut self, index: u64, kind: &'static str, what: String) {
        self.found += 1;
        if self.findings.len() < FINDINGS_SHOWN_MAX {
            self.findings.push(Finding { index, kind, what });
        }
    }

    fn end(mut self, watch: &Stopwatch, json: bool) -> Done {
        self.catch_up()?;
        self.bar.finish_and_clear();
        let head = self.tree.head();
        let equal = self.intact && head == self.checkpoint.head();
        let ms = watch.elapsed().as_millis().max(1);
        let rate = u128::from(head.size.get()) * 1_000 / ms;
        let digest = self.replica.ledger().digest();
        if json {
            let findings: Vec<_> = self
                .findings
                .iter()
                .map(|f| json!({"index": f.index, "kind": f.kind, "what": f.what}))
                .collect();
            print::json(
                &json!({"position": head.size.get(), "ledger_digest": digest.to_string(), "root": head.root.to_string(), "checkpoint_size": self.checkpoint.size.get(), "checkpoint_root": self.checkpoint.root.to_string(), "equal": equal, "findings": findings, "findings_count": self.found, "entries_per_second": u64::try_from(rate).unwrap_or(u64::MAX)}),
            );
        } else {
            let rows = self
                .findings
                .iter()
                .map(|f| [f.index.to_string(), f.kind.to_owned(), f.what.clone()]);
            if self.found > 0 {
                print::table(["entry", "finding", "what"], rows);
            }
            print::line(format_args!("{} findings", self.found));
            print::line(format_args!("position      {}", head.size));
            print::line(format_args!("ledger digest {digest}"));
            print::line(format_args!("root          {}", head.root));
            print::line(format_args!(
                "checkpoint    {} of {} entries",
                self.checkpoint.root, self.checkpoint.size
            ));
            print::line(format_args!("{rate} entries a second"));
            print::line(if equal { "replay: equal" } else { "replay: DIFFERENT" });
        }
        if !equal {
            return Err(Trouble::failed("the records do not lead to the signed checkpoint"));
        }
        Ok(())
    }
}

impl Entry {
    fn check(deployment: Option<DeploymentId>, logged: Vec<u8>) -> Self {
        let record = Leaf::parse(&logged).map(|leaf| Bytes::copy_from_slice(leaf.record));
        let checked = check(deployment, record.unwrap_or_default());
        Self { logged, checked }
    }
}

fn refused_kind(code: u16) -> &'static str {
    match code {
        0..=3 | 6..=7 => "malformed",
        8 => "clock",
        _ => "refused",
    }
}

fn header(input: &mut impl Read) -> Result<(Header, Vec<u8>), String> {
    let mut start = Vec::new();
    let read = input.by_ref().take(HEADER_BYTES_MAX as u64).read_to_end(&mut start);
    read.map_err(|error| error.to_string())?;
    let (header, length) = Header::parse(&start).map_err(|error: ExportError| error.to_string())?;
    start.drain(..length);
    Ok((header, start))
}

/// The next batch of framed leaves; what is left of a frame stays in `rest`.
fn next_leaves(input: &mut impl Read, rest: &mut Vec<u8>) -> std::io::Result<Vec<Vec<u8>>> {
    let mut leaves = Vec::new();
    let mut at = 0;
    while leaves.len() < BATCH_MAX {
        if let Some((leaf, after)) = first_entry(&rest[at..]) {
            leaves.push(leaf.to_vec());
            at = rest.len() - after.len();
            continue;
        }
        rest.drain(..at);
        at = 0;
        if input.by_ref().take(1 << 20).read_to_end(rest)? == 0 {
            break;
        }
    }
    rest.drain(..at);
    Ok(leaves)
}
