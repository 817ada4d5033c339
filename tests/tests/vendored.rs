//! What others wrote and is kept here, byte for byte, is what its README says and what its package holds.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tests::process::tell;

/// What lies in the directory and is of no package.
const OWN: [&str; 2] = ["README.md", "package.json"];

/// A row of the README's table.
struct Kept {
    file: String,
    package: String,
    version: String,
    origin: String,
    digest: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn noble() -> PathBuf {
    root().join("libs/verifier/second/noble")
}

fn told() -> Vec<Kept> {
    let readme = fs::read_to_string(noble().join("README.md")).unwrap();
    let rows = readme.lines().filter(|line| line.starts_with("| `"));
    let kept = |row: &str| {
        let mut cells = row
            .split('|')
            .skip(1)
            .map(|cell| cell.trim().trim_matches('`').to_owned());
        let mut next = || cells.next().unwrap();
        Kept {
            file: next(),
            package: next(),
            version: next(),
            origin: next(),
            digest: next(),
        }
    };
    rows.map(kept).collect()
}

#[test]
fn files_of_others_have_the_digests_that_are_told() {
    let told: BTreeMap<_, _> = told().into_iter().map(|kept| (kept.file, kept.digest)).collect();
    let files = fs::read_dir(noble()).unwrap().map(|entry| entry.unwrap().path());
    let found = files.filter_map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let digest = hex::encode(Sha256::digest(fs::read(&path).unwrap()));
        (!OWN.contains(&name.as_str())).then_some((name, digest))
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), told);
    assert_eq!(told.len(), 7);
}

/// npm puts nothing into place whose hash is not that of the lock file.
#[test]
fn files_of_others_are_those_of_the_packages_that_are_pinned() {
    let browser = root().join("tests/browser");
    let lock = fs::read_to_string(browser.join("package-lock.json")).unwrap();
    let lock: Value = serde_json::from_str(&lock).unwrap();
    for kept in told() {
        let at = format!("node_modules/{}", kept.package);
        let pinned = &lock["packages"][&at];
        assert_eq!(
            pinned["version"],
            Value::from(kept.version.as_str()),
            "{}",
            kept.package
        );
        assert!(
            pinned["integrity"].as_str().unwrap().starts_with("sha512-"),
            "{}",
            kept.package
        );
        assert_eq!(pinned["license"], "MIT", "{}", kept.package);
        let package = browser.join(at);
        if !package.exists() {
            tell("SKIPPED, files of others were not compared with their packages: tests/browser/install");
            return;
        }
        let described: Value = serde_json::from_slice(&fs::read(package.join("package.json")).unwrap()).unwrap();
        assert_eq!(described["version"], pinned["version"], "tests/browser/install");
        let (ours, theirs) = (fs::read(noble().join(&kept.file)), fs::read(package.join(&kept.origin)));
        assert!(ours.unwrap() == theirs.unwrap(), "{} is not {}", kept.file, kept.origin);
    }
}
