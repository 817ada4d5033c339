//! Two devices without a network, each with a key and a queue, and what is typed on them.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use event::{DeploymentId, PartyId, SiteId, VerifiedStatement};
use serde_json::Value;
use tempfile::TempDir;
use veta::queue::Queue;

pub(crate) const DONE: i32 = 0;
pub(crate) const FAILED: i32 = 1;
pub(crate) const USAGE: i32 = 2;

pub(crate) const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([7; 32]);

pub(crate) fn miners() -> PartyId {
    PartyId::from_bytes([1; 16])
}

pub(crate) fn trader() -> PartyId {
    PartyId::from_bytes([2; 16])
}

pub(crate) fn site() -> String {
    SiteId::from_bytes([3; 16]).to_string()
}

/// A device of a party.
pub(crate) struct Device {
    dir: TempDir,
    party: PartyId,
}

impl Device {
    pub(crate) fn of(party: PartyId) -> Self {
        let device = Self {
            dir: tempfile::tempdir().unwrap(),
            party,
        };
        device.veta(DONE, &["keys", "generate", &device.path("key.pem")]);
        device
    }

    pub(crate) fn path(&self, name: &str) -> String {
        let path: PathBuf = self.dir.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    /// Runs a verb of lots that signs, which must end as expected; what it said, standard output first.
    #[track_caller]
    pub(crate) fn signs(&self, code: i32, arguments: &[&str]) -> String {
        self.says(code, &[&["lot"], arguments].concat())
    }

    /// Runs any verb that signs.
    #[track_caller]
    pub(crate) fn says(&self, code: i32, arguments: &[&str]) -> String {
        let (key, party) = (self.path("key.pem"), self.party.to_string());
        let signing = ["--key", &key, "--party", &party];
        self.waits(code, &[arguments, &signing[..]].concat())
    }

    /// Runs a verb of lots that needs a queue.
    #[track_caller]
    pub(crate) fn keeps(&self, code: i32, arguments: &[&str]) -> String {
        self.waits(code, &[&["lot"], arguments].concat())
    }

    #[track_caller]
    fn waits(&self, code: i32, arguments: &[&str]) -> String {
        let (queue, deployment) = (self.path("queue"), DEPLOYMENT.to_string());
        let kept = ["--queue", &queue, "--deployment", &deployment];
        self.veta(code, &[arguments, &kept[..]].concat())
    }

    /// Runs a verb of lots that signs, for a program: one JSON value a line.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let told = self.signs(DONE, &[arguments, &["--json"]].concat());
        told.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[track_caller]
    pub(crate) fn veta(&self, code: i32, arguments: &[&str]) -> String {
        self.veta_told(code, arguments, "")
    }

    /// Runs a verb that is told something on standard input.
    #[track_caller]
    pub(crate) fn veta_told(&self, code: i32, arguments: &[&str], input: &str) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_veta"));
        command
            .env_remove("VETA_STATE")
            .current_dir(self.dir.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It need not read to the end.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let said = child.wait_with_output().unwrap();
        let told = String::from_utf8([said.stdout, said.stderr].concat()).unwrap();
        assert_eq!(said.status.code(), Some(code), "{arguments:?}\n{told}");
        told
    }

    /// Declares the lot that every test is about; its id.
    #[track_caller]
    pub(crate) fn declares(&self) -> String {
        let said = declaration("", &[]);
        let declared = self.json(&said.iter().map(String::as_str).collect::<Vec<_>>());
        declared[0]["created"].as_str().unwrap().to_owned()
    }

    /// What waits, in order.
    pub(crate) fn waiting(&self) -> Vec<VerifiedStatement> {
        self.queue().pending(DEPLOYMENT).unwrap()
    }

    pub(crate) fn queue(&self) -> Queue {
        Queue::open(&PathBuf::from(self.path("queue"))).unwrap()
    }

    /// What the waiting statements are called, in order.
    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        self.waiting().iter().map(|said| said.event().kind().name()).collect()
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }
}

/// What the declaration of every lot here is typed as, with one flag changed or left out.
pub(crate) fn declaration(without: &str, with: &[&str]) -> Vec<String> {
    let site = format!("--site={}", site());
    let said = [
        "declare",
        &site,
        "--form=dust",
        "--mass=12.5",
        "--illustrative",
        "--fineness=22k",
        "--method=touchstone",
        "--from=2026-01-05",
    ];
    let kept = said.iter().filter(|flag| flag.split('=').next() != Some(without));
    kept.chain(with).map(|flag| (*flag).to_owned()).collect()
}
