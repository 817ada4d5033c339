//! The log as it is read by tools that no one here wrote: golang.org/x/mod/sumdb, in the Go toolchain that vendors it.
//!
//! The reader is `tests/interop/reader`. Where there is no Go, the tests say so on standard error and check nothing; `tests/run`
//! fetches it first.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use ed25519_dalek::SigningKey;
use tests::desk::{DONE, Desk, stop};
use tests::process::{eventually, tell};
use tlog::leaf::genesis_prev;
use tlog::note::{Note, NoteSigner};
use tlog::proof::TlogProof;
use tlog::tiles::{TILE_WIDTH, TileBuilder, TileId, TilePath, TileReader, encode_entries};
use tlog::tree::{prove_inclusion, root};
use tlog::{Checkpoint, Hash, Leaf, LeafIndex, Origin, TreeHead, TreeSize};

/// Names the Go command to use; without it, that which `deploy/tools/fetch go` put below the repository's root is used.
const GO_VARIABLE: &str = "VETA_GO";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The reader's binary, compiled once; `None`, aloud, where there is no Go.
fn reader() -> Option<&'static Path> {
    static READER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let compiled = READER.get_or_init(|| {
        let fetched = repository().join(".tools/go/bin/go");
        let go = std::env::var_os(GO_VARIABLE).map_or(fetched, PathBuf::from);
        if std::env::var_os(GO_VARIABLE).is_none() && !go.exists() {
            tell("SKIPPED, nothing was checked: no reader in Go, since there is no Go: deploy/tools/fetch go");
            return None;
        }
        Some(compile(&go))
    });
    compiled.as_deref()
}

/// Compiles the reader with the packages that the toolchain vendors, in a directory that later runs find again.
fn compile(go: &Path) -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop");
    let sources = scratch.join("reader");
    let vendored = PathBuf::from(run_go(go, repository(), &["env", "GOROOT"])).join("src/cmd/vendor/golang.org/x/mod");
    copy(&repository().join("tests/interop/reader"), &sources);
    for package in ["note", "tlog"] {
        copy(
            &vendored.join("sumdb").join(package),
            &sources.join("mod/sumdb").join(package),
        );
    }
    fs::write(sources.join("mod/go.mod"), "module golang.org/x/mod\n\ngo 1.24\n").unwrap();
    run_go(go, &sources, &["build", "-o", "reader", "."]);
    sources.join("reader")
}

/// Runs Go as it is here, without what a user's settings, the network or another toolchain would add.
fn run_go(go: &Path, directory: &Path, arguments: &[&str]) -> String {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop");
    let output = Command::new(go)
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("HOME", &scratch)
        .env("GOCACHE", scratch.join("cache"))
        .env("GOPATH", scratch.join("path"))
        .envs([
            ("GOENV", "off"),
            ("GOPROXY", "off"),
            ("GOTOOLCHAIN", "local"),
            ("GOWORK", "off"),
            ("CGO_ENABLED", "0"),
        ])
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}: deploy/tools/fetch go", go.display()));
    assert!(
        output.status.success(),
        "go {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// Copies the files of a directory that has no directories.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::write(to.join(file.file_name()), fs::read(file.path()).unwrap()).unwrap();
    }
}

/// A log of invented records as a directory that any web server could serve.
struct Log {
    directory: tempfile::TempDir,
    signer: NoteSigner,
    leaves: Vec<Vec<u8>>,
    /// The widest row of each tile.
    rows: BTreeMap<TileId, Vec<u8>>,
}

impl Log {
    /// A log that published a checkpoint at each of these sizes, with the tiles and bundles of each. At the last one it also
    /// gave proofs of its first and last leaf.
    fn published_at(sizes: &[usize]) -> Self {
        let origin: Origin = "log.example/gold".parse().unwrap();
        let signer = NoteSigner::new(origin.key_name().clone(), SigningKey::from_bytes(&[7; 32])).unwrap();
        let mut log = Self {
            directory: tempfile::tempdir().unwrap(),
            signer,
            leaves: Vec::new(),
            rows: BTreeMap::new(),
        };
        let mut builder = TileBuilder::new();
        let mut prev = genesis_prev(&origin);
        for size in sizes {
            while log.leaves.len() < *size {
                let leaf = invented_leaf(prev, log.leaves.len());
                prev = tlog::tree::leaf_hash(&leaf);
                builder.push(prev);
                log.leaves.push(leaf);
            }
            log.publish(&mut builder, &origin);
        }
        let last = log.leaves.len().checked_sub(1);
        last.into_iter()
            .chain(last.and(Some(0)))
            .for_each(|index| log.prove(index));
        log
    }

    fn head(&self) -> TreeHead {
        let size = TreeSize::new(self.leaves.len() as u64);
        let reader = TileReader::new(size, |id| self.rows.get(&id).cloned());
        let root = root(size, &reader).unwrap();
        TreeHead { size, root }
    }

    fn publish(&mut self, builder: &mut TileBuilder, origin: &Origin) {
        for tile in builder.changed_tiles() {
            let width = tile.hashes.len().try_into().unwrap();
            self.write(&TilePath::Hashes { id: tile.id, width }.to_string(), &tile.to_bytes());
            self.rows.insert(tile.id, tile.to_bytes());
        }
        for (n, leaves) in (0..).zip(self.leaves.chunks(TILE_WIDTH)) {
            let width = leaves.len().try_into().unwrap();
            let bundle = encode_entries(leaves.iter().map(Vec::as_slice)).unwrap();
            self.write(&TilePath::Entries { n, width }.to_string(), &bundle);
        }
        let note = Checkpoint::new(origin.clone(), self.head()).sign(&self.signer).unwrap();
        self.write("checkpoint", note.as_bytes());
        self.write(&format!("checkpoint.{}", self.leaves.len()), note.as_bytes());
    }

    fn prove(&self, index: usize) {
        let head = self.head();
        let reader = TileReader::new(head.size, |id| self.rows.get(&id).cloned());
        let proof = TlogProof {
            extra: Some(self.leaves[index].clone()),
            index: LeafIndex::new(index as u64),
            inclusion: prove_inclusion(LeafIndex::new(index as u64), head.size, &reader).unwrap(),
            checkpoint: Note::parse(&fs::read(self.directory.path().join("checkpoint")).unwrap()).unwrap(),
        };
        self.write(&format!("{index}.tlog-proof"), proof.encode().unwrap().as_bytes());
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The paths of all files, in order.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut open = vec![self.directory.path().to_owned()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    open.push(entry);
                } else {
                    files.push(entry);
                }
            }
        }
        files.sort();
        files
    }

    fn read_by(&self, reader: &Path) -> Output {
        let vkey = self.signer.vkey().to_string();
        Command::new(reader)
            .arg(vkey)
            .arg(self.directory.path())
            .output()
            .unwrap()
    }
}

fn invented_leaf(prev: Hash, index: usize) -> Vec<u8> {
    let record = format!("record {index}").repeat(index % 3);
    let leaf = Leaf {
        prev,
        map_root: Hash::ZERO,
        verdict: 0,
        record: record.as_bytes(),
    };
    leaf.encode().unwrap()
}

#[track_caller]
fn check_read(sizes: &[usize]) {
    let Some(reader) = reader() else { return };
    let log = Log::published_at(sizes);
    let output = log.read_by(reader);
    assert!(
        output.status.success(),
        "{sizes:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let told = String::from_utf8(output.stdout).unwrap();
    let below = |part: &str| {
        log.files()
            .iter()
            .filter(|path| path.to_str().unwrap().contains(part))
            .count()
    };
    let bundles = below("/tile/entries/");
    let tiles = below("/tile/") - bundles;
    let counts = format!(
        "ok: {} leaves in {bundles} bundles, {tiles} tiles, {} other checkpoints, ",
        log.leaves.len(),
        below("/checkpoint."),
    );
    assert!(told.starts_with(&counts), "{told} instead of {counts}");
    assert!(told.ends_with(&format!(" {} proofs\n", below(".tlog-proof"))), "{told}");
}

#[test]
fn go_reads_an_empty_log() {
    check_read(&[0]);
}

#[test]
fn go_reads_the_first_leaf() {
    check_read(&[0, 1]);
}

#[test]
fn go_reads_a_log_at_the_edge_of_a_tile() {
    check_read(&[255]);
    check_read(&[1, 255, 256]);
    check_read(&[256, 257]);
}

#[test]
fn go_reads_a_log_of_three_tile_levels() {
    check_read(&[1, 255, 257, 65_535, 65_536, 70_000]);
}

/// The whole way: a deployment records, signs and serves a log, `veta audit publish` copies it twice as it grows, and Go reads the
/// copy and the proof of an entry.
#[test]
fn go_reads_what_a_deployment_publishes() {
    let Some(reader) = reader() else { return };
    let mut desk = Desk::new();
    let mut up = desk.up();
    let log = desk.path("log");
    for (name, size) in [("First cooperative", 3), ("Second cooperative", 5)] {
        let _ = desk.enrol("MinersOrganization", name);
        desk.check(DONE, &["statement", "submit"]);
        eventually("a checkpoint of what was said", || {
            (desk.tree_size() >= size).then_some(())
        });
        desk.check(DONE, &["audit", "publish", log.to_str().unwrap()]);
    }
    let proof = log.join("1.tlog-proof");
    desk.check(DONE, &["prove", "1", "--output", proof.to_str().unwrap()]);
    let vkey = desk.check(DONE, &["audit", "vkey"]).output;
    let output = Command::new(reader).arg(vkey.trim()).arg(&log).output().unwrap();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(told.starts_with("ok: ") && told.ends_with(" 1 proofs\n"), "{told}");
    stop(&mut up);
}

/// A reader that takes everything would pass the tests above.
#[test]
fn go_refuses_a_log_of_which_anything_is_changed() {
    let Some(reader) = reader() else { return };
    let log = Log::published_at(&[256, 257]);
    let refused = |what: &str, path: &Path| {
        let output = log.read_by(reader);
        assert_eq!(output.status.code(), Some(1), "{what} {}: it is read", path.display());
        assert!(!output.stderr.is_empty(), "{what} {}: no reason", path.display());
    };
    for path in log.files() {
        let good = fs::read(&path).unwrap();
        for at in [0, good.len() / 2, good.len() - 1] {
            let mut flipped = good.clone();
            flipped[at] ^= 0x20;
            fs::write(&path, flipped).unwrap();
            refused("a flipped bit in", &path);
        }
        fs::write(&path, &good[..good.len() - 1]).unwrap();
        refused("a byte cut off", &path);
        fs::write(&path, [&good[..], &[0]].concat()).unwrap();
        refused("a byte more in", &path);
        fs::write(&path, good).unwrap();
    }
    for needed in [
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/1",
    ] {
        let path = log.directory.path().join(needed);
        let good = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        refused("without", &path);
        fs::write(&path, good).unwrap();
    }
    assert!(log.read_by(reader).status.success(), "it is whole again");
}

#[test]
fn go_refuses_a_log_signed_by_another() {
    let Some(reader) = reader() else { return };
    let mut log = Log::published_at(&[5]);
    log.signer = NoteSigner::new(log.signer.vkey().name().clone(), SigningKey::from_bytes(&[8; 32])).unwrap();
    assert_eq!(log.read_by(reader).status.code(), Some(1));
}
