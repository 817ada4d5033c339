//! A log of real statements, with its key, as it is published at one size after the other; and the binary.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use bytes::Bytes;
use event::vocabulary::PartyKind;
use event::{LotId, SignedStatement, SiteId};
use replay::export::Header;
use replay::{Replica, check};
use serde_json::Value;
use tests::served::{Files, checkpoint, log_signer, published};
use tests::world::{Signer, World, record};
use tlog::Origin;
use tlog::note::NoteSigner;
use tlog::tiles::encode_entries;
use tlog::tree::leaf_hash;

pub(crate) const DONE: i32 = 0;
pub(crate) const FAILED: i32 = 1;
pub(crate) const USAGE: i32 = 2;
pub(crate) const UNAVAILABLE: i32 = 69;
pub(crate) const TRY_AGAIN: i32 = 75;

/// A log and those who speak in it.
pub(crate) struct Log {
    pub(crate) origin: Origin,
    pub(crate) signer: NoteSigner,
    pub(crate) leaves: Vec<Vec<u8>>,
    pub(crate) world: World,
    pub(crate) miner: Signer,
    pub(crate) trader: Signer,
    pub(crate) site: SiteId,
    pub(crate) replica: Replica,
}

impl Log {
    /// A founded deployment with a miner, a trader and a site: six entries.
    pub(crate) fn founded() -> Self {
        let origin = Origin::new("veta.test/log").unwrap();
        let (mut world, founded) = World::found(1);
        let (miner, miner_said) = world.enrol(PartyKind::MinersOrganization, "Miners");
        let (trader, trader_said) = world.enrol(PartyKind::Trader, "Trader");
        let (site, site_said) = world.site(&miner, "Hill");
        let mut log = Self {
            signer: log_signer(&origin, 9),
            replica: Replica::with_log(&origin),
            origin,
            leaves: Vec::new(),
            world,
            miner,
            trader,
            site,
        };
        let said = [&[founded][..], &miner_said, &trader_said, &[site_said]].concat();
        for statement in &said {
            assert_eq!(log.say(statement), 0);
        }
        log
    }

    /// One with as many entries, most of them declarations of lots.
    pub(crate) fn of(entries: usize) -> Self {
        let mut log = Self::founded();
        while log.leaves.len() < entries {
            log.declare();
        }
        log
    }

    pub(crate) fn declare(&mut self) -> (LotId, SignedStatement) {
        let grams = 1 + self.leaves.len() as u64 % 7;
        let (lot, statement) = self.world.declare(&mut self.miner, self.site, grams);
        assert_eq!(self.say(&statement), 0);
        (lot, statement)
    }

    /// Appends a statement, admitted or not: its verdict.
    pub(crate) fn say(&mut self, statement: &SignedStatement) -> u16 {
        self.append(record(statement))
    }

    /// Appends any bytes.
    pub(crate) fn append(&mut self, payload: Vec<u8>) -> u16 {
        let step = self
            .replica
            .step(check(self.replica.deployment(), Bytes::from(payload)));
        self.leaves.push(step.leaf.unwrap().unwrap().bytes);
        step.verdict.code()
    }

    /// The log's key.
    pub(crate) fn vkey(&self) -> String {
        self.signer.vkey().to_string()
    }

    pub(crate) fn note(&self) -> String {
        checkpoint(&self.origin, &self.leaves, &self.signer)
    }

    /// What the operator of the log signs who has changed a leaf, and all those that follow it so that they follow it.
    pub(crate) fn forge(&mut self, index: usize, change: impl Fn(&mut Vec<u8>)) {
        change(&mut self.leaves[index]);
        for next in index + 1..self.leaves.len() {
            let before = leaf_hash(&self.leaves[next - 1]);
            self.leaves[next][1..33].copy_from_slice(before.as_bytes());
        }
    }

    /// All of it in one file.
    pub(crate) fn export(&self) -> Vec<u8> {
        let header = Header {
            vkey: self.signer.vkey().clone(),
            checkpoint: self.note(),
        };
        let leaves = encode_entries(self.leaves.iter().map(Vec::as_slice)).unwrap();
        [header.encode(), leaves].concat()
    }

    /// Everything that is served at this size.
    pub(crate) fn files(&self) -> Files {
        let mut files = published(&self.leaves);
        files.insert("checkpoint".to_owned(), self.note().into_bytes());
        files
    }
}

/// Runs the binary, whose directory is `dir`.
pub(crate) fn veta(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_veta"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("VETA_STATE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Runs the binary beside this runtime, whose servers it asks; it must end as expected. What it said: standard output, then
/// the rest.
pub(crate) async fn runs(dir: &Path, code: i32, arguments: &[&str]) -> (String, String) {
    let (dir, typed) = (dir.to_owned(), arguments.join(" "));
    let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
    let output = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        veta(&dir, &arguments)
    });
    let output = output.await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "veta {typed}\n{out}{err}");
    (out, err)
}

/// As [`runs`], with `--json`: the one value that it prints.
pub(crate) async fn runs_json(dir: &Path, code: i32, arguments: &[&str]) -> Value {
    let (out, _) = runs(dir, code, &[arguments, &["--json"]].concat()).await;
    serde_json::from_str(&out).unwrap()
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// All files below a directory, by their paths, without what is no part of a log.
pub(crate) fn files_below(dir: &Path) -> Files {
    let mut files = Files::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(next) = dirs.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
            if !name.starts_with('.') {
                files.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    files
}
