//! The log as the real service keeps it: how fast it grows, and what it answers.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use event::LotId;
use journal::Append;
use journal::cell::MemoryCell;
use journal::memory::MemoryJournal;
use rpc::audit::{GetCheckpointRequest, GetInclusionProofRequest, GetLogRequest, GetLotProofRequest};
use service::clock::Stopwatch;
use tests::measure::{Latencies, bytes_below, processor_time_of, rate, resident_of};
use tonic::Code;
use tonic::transport::Channel;

use crate::chance::Chance;
use crate::said::Said;
use crate::served::Served;
use crate::told::row;

/// Proofs of inclusion asked for, one after the other.
const INCLUSIONS: usize = 2_000;
/// Bundles of each lot asked for, one after the other.
const BUNDLES: usize = 200;
/// Leaves that are written and synced at a time to compare with, as many as the service takes at once.
const SYNCED: usize = 1_000;

/// A log that has taken all records.
pub(crate) struct Grown {
    served: Served,
    size: u64,
    took: Duration,
    processor: Duration,
    resident: u64,
    disk: u64,
}

impl Grown {
    /// Lets the service follow these records, until its checkpoint covers the last of them.
    pub(crate) async fn grow(records: &[Append], dir: &Path) -> Self {
        let journal = MemoryJournal::new();
        for record in records {
            journal.push(record.payload.clone());
        }
        let size = records.len() as u64;
        let (resident, ran, watch) = (resident_of("self"), processor_time_of("self"), Stopwatch::start());
        let served = Served::audit(journal, MemoryCell::new(), dir.to_owned(), None).await;
        while !covers(&served.channel, size).await {}
        Self {
            took: watch.elapsed(),
            processor: processor_time_of("self").saturating_sub(ran),
            resident: resident_of("self").saturating_sub(resident),
            disk: bytes_below(dir),
            served,
            size,
        }
    }

    /// `replayed` is how fast the same records are replayed with the log and without rows.
    pub(crate) fn print(&self, said: &Said, replayed: u64) {
        let (count, bytes) = (said.records.len(), said.record_bytes() as u64);
        println!("\nlog of {count} leaves");
        let grown = rate(count, self.took);
        row(
            "(b) leaves under durable checkpoints",
            grown,
            "leaves/s",
            Some(("replay with the log, no rows", replayed)),
        );
        row(
            "    the same",
            grown,
            "leaves/s",
            Some(("a file synced every 1,000", synced(&said.records))),
        );
        let ran = rate(count, self.processor);
        row("    a second of processor time", ran, "leaves/s", None);
        row(
            "    disk of a leaf",
            self.disk / self.size,
            "bytes",
            Some(("its record", bytes / self.size)),
        );
        row("    memory of a leaf", self.resident / self.size, "bytes", None);
    }

    /// What a proof of inclusion takes, and a bundle of each lot; returns the bundles.
    pub(crate) async fn ask<const LOTS: usize>(&self, lots: [(LotId, usize); LOTS]) -> [Vec<u8>; LOTS] {
        let mut client = rpc::client::audit(self.served.channel.clone());
        let (mut nothing, mut inclusion, mut chance) = (Latencies::default(), Latencies::default(), Chance::of(3));
        for _ in 0..INCLUSIONS {
            let watch = Stopwatch::start();
            client.get_log(GetLogRequest {}).await.expect("the log's name");
            nothing.push(watch.elapsed());
            let asked = GetInclusionProofRequest {
                leaf_index: chance.below(self.size) as u64,
                ..GetInclusionProofRequest::default()
            };
            let watch = Stopwatch::start();
            client.get_inclusion_proof(asked).await.expect("a proof");
            inclusion.push(watch.elapsed());
        }
        print_latencies("(c) inclusion proof", &inclusion, &nothing);
        let mut bundles = lots.map(|_| Vec::new());
        for ((lot, statements), bundle) in lots.into_iter().zip(&mut bundles) {
            let mut built = Latencies::default();
            for _ in 0..BUNDLES {
                let watch = Stopwatch::start();
                *bundle = self.bundle(lot, false).await;
                built.push(watch.elapsed());
            }
            print_latencies(&format!("(d) bundle of {statements} statements"), &built, &nothing);
            let base = Some(("without the times of all statements", bundle.len() as u64));
            let with_times = self.bundle(lot, true).await.len() as u64;
            row(
                &format!("(d) bundle of {statements} statements with their times"),
                with_times,
                "bytes",
                base,
            );
        }
        bundles
    }

    /// Its key.
    pub(crate) async fn vkey(&self) -> String {
        let log = rpc::client::audit(self.served.channel.clone())
            .get_log(GetLogRequest {})
            .await;
        log.expect("the log's name").into_inner().vkey
    }

    pub(crate) async fn stop(self) {
        self.served.stop().await;
    }

    async fn bundle(&self, lot: LotId, times: bool) -> Vec<u8> {
        let asked = GetLotProofRequest {
            lot_id: lot.to_string(),
            times,
            ..GetLotProofRequest::default()
        };
        let parts = rpc::client::audit(self.served.channel.clone())
            .get_lot_proof(asked)
            .await;
        rpc::client::lot_proof(parts.expect("a bundle").into_inner())
            .await
            .expect("whole")
    }
}

/// Whether the checkpoint covers a position before whoever asks is told to ask again.
pub(crate) async fn covers(channel: &Channel, position: u64) -> bool {
    let at_least = GetCheckpointRequest {
        at_least_position: position,
    };
    match rpc::client::audit(channel.clone()).get_checkpoint(at_least).await {
        Ok(_) => true,
        Err(status) if status.code() == Code::DeadlineExceeded => false,
        Err(status) => panic!("no checkpoint: {status}"),
    }
}

fn print_latencies(what: &str, latencies: &Latencies, nothing: &Latencies) {
    for percent in [50, 99] {
        let base = Some(("asked for nothing but the log's name", nothing.percentile(percent)));
        row(
            &format!("{what}, p{percent}"),
            latencies.percentile(percent),
            "us",
            base,
        );
    }
}

/// How fast the records alone are written to a file that is synced as often as the service makes a checkpoint.
fn synced(records: &[Append]) -> u64 {
    let mut file: File = tempfile::tempfile().expect("a file");
    let watch = Stopwatch::start();
    for batch in records.chunks(SYNCED) {
        let bytes: Vec<u8> = batch.iter().flat_map(|record| record.payload.iter().copied()).collect();
        file.write_all(&bytes).expect("written");
        file.sync_data().expect("synced");
    }
    rate(records.len(), watch.elapsed())
}
