//! A few entries of a log, chosen at random: what can be known of a log without reading all of it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use event::DeploymentId;
use ledger::Refusal;
use remote::log::RemoteLog;
use replay::check;
use serde_json::json;
use sha2::{Digest, Sha256};
use tlog::policy::Policy;
use tlog::tiles::TILE_WIDTH;
use tlog::tree::leaf_hash;
use tlog::{Hash, Leaf};

use super::comparison::Signed;
use super::finding::{Findings, Kind};
use super::founding::{Founding, hash_before};
use crate::print;
use crate::submit::bar;
use crate::trouble::{Done, Trouble};

/// Most entries of a sample; whoever wants more replays all.
pub const SAMPLE_MAX: u64 = 100_000;

/// What is sampled.
#[derive(Clone, Copy, Debug)]
pub struct Sampling {
    /// How many entries.
    pub count: u64,
    /// Which ones follows from this number and the size of the log.
    pub seed: u64,
}

/// Looks at some entries of a log, and tells what is wrong with them.
pub async fn sample(log: RemoteLog, policy: &Policy, sampling: Sampling, json: bool) -> Done {
    let signed = Signed::open(&log.checkpoint().await?, policy, false)?;
    let mut tree = log.verified(signed.checkpoint.head()).await?;
    let size = signed.checkpoint.size.get();
    let chosen = choose(sampling, size);
    let founded = Founding::of(&mut tree).await?.ok_or_else(Founding::late)?;
    let mut findings = Findings::default();
    let bar = bar(chosen.len(), "sampling");
    for (n, indices) in by_bundle(&chosen) {
        let batch = tree.bundle(n).await?.expect("the index is in the tree");
        for index in indices {
            let place = usize::try_from(index - batch.first.get()).expect("below 256");
            let before = match place.checked_sub(1) {
                Some(before) => leaf_hash(&batch.leaves[before]),
                None => hash_before(&mut tree, &signed.checkpoint.origin, index).await?,
            };
            for (kind, what) in faults(&batch.leaves[place], &before, founded.at(index)) {
                findings.find(index, kind, what);
            }
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    tell(&signed, &chosen, &findings, json);
    if findings.count() > 0 {
        return Err(Trouble::failed("not every entry of the sample is as it must be"));
    }
    if let Err(why) = &signed.cosigned {
        return Err(Trouble::failed(why));
    }
    Ok(())
}

/// The entries of a sample: the same for the same seed and size, and each of them as likely as any other.
fn choose(Sampling { count, seed }: Sampling, size: u64) -> BTreeSet<u64> {
    if size <= count {
        return (0..size).collect();
    }
    let draw = |n: u64| {
        let digest = Sha256::new()
            .chain_update("veta/sample/v1\n")
            .chain_update(seed.to_be_bytes())
            .chain_update(n.to_be_bytes());
        let digest: [u8; 32] = digest.finalize().into();
        let (number, _) = digest.split_first_chunk().expect("32 bytes");
        u64::from_be_bytes(*number) % size
    };
    let mut chosen = BTreeSet::new();
    let wanted = usize::try_from(count).expect("a sample has a limit");
    for index in (0..).map(draw) {
        if chosen.len() == wanted {
            break;
        }
        chosen.insert(index);
    }
    chosen
}

fn by_bundle(chosen: &BTreeSet<u64>) -> BTreeMap<u64, Vec<u64>> {
    let mut bundles: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for index in chosen {
        bundles.entry(index / TILE_WIDTH as u64).or_default().push(*index);
    }
    bundles
}

/// What is wrong with an entry, as far as can be seen without those before it.
fn faults(leaf: &Bytes, before: &Hash, deployment: Option<DeploymentId>) -> Vec<(Kind, String)> {
    let Ok(read) = Leaf::parse(leaf) else {
        return vec![(Kind::Fork, "no entry of this log's version, or cut off".to_owned())];
    };
    let mut found = Vec::new();
    if read.prev != *before {
        found.push((
            Kind::Fork,
            "it does not follow the entry before it: the chain is broken".to_owned(),
        ));
    }
    let checked = check(deployment, leaf.slice_ref(read.record));
    let wrong = match (checked.read(), read.verdict) {
        (Err(refusal), logged) if refusal.code() != logged => Some((
            Kind::OutOfRule,
            format!("logged with verdict {logged}, and it is: {refusal}"),
        )),
        (Ok(_), logged @ 1..100) if logged != Refusal::ClockWentBack.code() => {
            let what = format!("logged as refused by {logged}, and its form and signature hold");
            Some((Kind::Fork, what))
        }
        _ => None,
    };
    found.extend(wrong);
    found
}

fn tell(signed: &Signed, chosen: &BTreeSet<u64>, findings: &Findings, json: bool) {
    let (looked_at, size) = (chosen.len() as u64, signed.checkpoint.size.get());
    let shows_one_in = if looked_at == size { size } else { looked_at / 3 };
    if json {
        print::json(&json!({
            "origin": signed.checkpoint.origin.to_string(),
            "checkpoint_size": size,
            "checkpoint_root": signed.checkpoint.root.to_string(),
            "sampled": looked_at,
            "findings": findings.to_json(),
            "findings_count": findings.count(),
            "quorum": signed.cosigned.is_ok(),
            "would_show_one_in": shows_one_in,
        }));
        return;
    }
    if findings.count() > 0 {
        let rows = findings.shown().into_iter().map(|finding| {
            let (index, kind) = (finding.index.to_string(), finding.kind.name().to_owned());
            [index, kind, finding.what.clone()]
        });
        print::table(["entry", "finding", "what"], rows);
    }
    print::line(format_args!("{} findings", findings.count()));
    print::line(format_args!(
        "{looked_at} of {size} entries: each is in the signed tree; looked at were its place in the chain, its form and its signature"
    ));
    if looked_at < size && 0 < shows_one_in {
        print::line(format_args!(
            "if one entry in {shows_one_in} were bad, a sample like this would miss all of them about once in twenty times"
        ));
    }
    print::line("whether the rules were kept, and what the map says, no sample shows: replay the log in full for that");
}
