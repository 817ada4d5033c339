//! What the tests share: Node, the module, golden bundles and their parts.

use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use tlog::policy::Policy;

/// The parts of a bundle, as the file has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parts {
    pub(crate) format: String,
    pub(crate) lot: String,
    pub(crate) depth: Option<u64>,
    pub(crate) checkpoint: String,
    pub(crate) older: Vec<Older>,
    pub(crate) leaves: Vec<(u64, String)>,
    pub(crate) tree: String,
    pub(crate) keys: Vec<Key>,
    pub(crate) map: String,
}

/// Older checkpoints of one size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Older {
    pub(crate) checkpoints: Vec<String>,
    pub(crate) consistency: String,
}

/// A key with its leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, String, Vec<u64>)", into = "(String, String, Vec<u64>)")]
pub(crate) struct Key {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) leaves: Vec<u64>,
}

impl From<(String, String, Vec<u64>)> for Key {
    fn from((kind, id, leaves): (String, String, Vec<u64>)) -> Self {
        Self { kind, id, leaves }
    }
}

impl From<Key> for (String, String, Vec<u64>) {
    fn from(key: Key) -> Self {
        (key.kind, key.id, key.leaves)
    }
}

impl Parts {
    pub(crate) fn of(bundle: &[u8]) -> Self {
        serde_json::from_slice(bundle).unwrap()
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap()
    }

    /// What is proved, but for who saw the checkpoint and when.
    pub(crate) fn proved(&self) -> Self {
        Self {
            checkpoint: String::new(),
            older: Vec::new(),
            ..self.clone()
        }
    }
}

pub(crate) fn bytes(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../replay/testdata/bundle")
        .join(name)
}

pub(crate) fn policy(name: &str) -> Policy {
    Policy::parse(&std::fs::read(testdata(name)).unwrap()).unwrap()
}

/// Every golden bundle, by its name.
pub(crate) fn golden() -> Vec<(String, Vec<u8>)> {
    bundles("")
}

/// Bundles of logs whose operator writes something false, and signs it with his witnesses.
pub(crate) fn forged() -> Vec<(String, Vec<u8>)> {
    bundles("refused")
}

fn bundles(directory: &str) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(testdata(directory))
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "veta-proof"))
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        (
            path.file_stem().unwrap().display().to_string(),
            std::fs::read(path).unwrap(),
        )
    };
    files.into_iter().map(read).collect()
}

/// What the verifiers that run under Node say of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) second: bool,
    /// The second one where the platform has no `WebCrypto`.
    pub(crate) plain: Option<bool>,
    pub(crate) wasm: Option<bool>,
}

/// A process that answers, bundle by bundle.
pub(crate) struct Node {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Node {
    /// None where there is no Node, which is told aloud.
    pub(crate) fn start(policies: [&str; 2], module: Option<&Path>) -> Option<(Self, ChildStdin)> {
        let node = crate::node::program()?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verifiers/agree.mjs");
        let mut child = Command::new(node)
            .arg(script)
            .args(policies.map(testdata))
            .args(module)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let questions = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some((Self { child, answers }, questions))
    }

    /// The next answer.
    pub(crate) fn next(&mut self) -> Said {
        let mut answer = [0; 3];
        self.answers.read_exact(&mut answer).unwrap();
        let verified = |said: u8| match said {
            b'0' => true,
            b'1' => false,
            _ => panic!("a verifier broke down: see above"),
        };
        let if_asked = |said: u8| (said != b'-').then(|| verified(said));
        Said {
            second: verified(answer[0]),
            plain: if_asked(answer[1]),
            wasm: if_asked(answer[2]),
        }
    }

    /// Once there are no more questions.
    pub(crate) fn end(mut self) {
        assert!(self.child.wait().unwrap().success());
    }
}

/// Whom to ask besides the second verifier, and by which policy.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) by_the_other_policy: bool,
    pub(crate) wasm: bool,
    pub(crate) plain: bool,
}

/// Asks about a bundle.
pub(crate) fn ask(questions: &mut impl Write, bundle: &[u8], asked: Asked) {
    let length = u32::try_from(bundle.len()).unwrap();
    let flags = u8::from(asked.by_the_other_policy) | u8::from(asked.wasm) << 1 | u8::from(asked.plain) << 2;
    questions.write_all(&length.to_be_bytes()).unwrap();
    questions.write_all(&[flags]).unwrap();
    questions.write_all(bundle).unwrap();
}
