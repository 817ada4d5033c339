//! A person at a terminal with the `veta` binary, a state directory and some files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Program, Said, eventually, veta};

/// Exit codes: it did what was asked.
pub const DONE: i32 = 0;
/// It cannot be done.
pub const FAILED: i32 = 1;
/// It was asked in a way that cannot be meant.
pub const USAGE: i32 = 2;
/// A service does not answer.
pub const UNAVAILABLE: i32 = 69;
/// A service answers that it cannot yet; the same command may do it.
pub const TRY_AGAIN: i32 = 75;

/// How often a verb is run that waits for a position. A service waits ten seconds each time: two minutes, as every wait here.
const RUNS_MAX: usize = 12;

/// A state directory and whatever a person at a terminal does with it.
#[derive(Debug)]
pub struct Desk {
    dir: TempDir,
    starts: u32,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a machine has a place for files"),
            starts: 0,
        }
    }

    /// A file on the desk.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Where the deployment is.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// `veta up`, once it says that it is ready.
    pub fn up(&mut self) -> Program {
        self.starts += 1;
        let mut command = Command::new(veta());
        command.arg("--state").arg(self.state()).arg("up");
        let mut up = Program::start(&mut command, &self.path(&format!("up-{}", self.starts)));
        eventually("the line `ready`", || {
            assert_eq!(up.ended(), None, "{}", up.errors());
            up.output().lines().any(|line| line == "ready").then_some(())
        });
        up
    }

    /// Runs a verb to its end.
    #[must_use]
    pub fn veta(&self, arguments: &[&str]) -> Said {
        Said::by(Command::new(veta()).env("VETA_STATE", self.state()).args(arguments))
    }

    /// Runs a verb that must end as expected: one that waits for a position as often as it is told that it is not there yet.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "that it ends so is all that most callers ask")]
    pub fn check(&self, code: i32, arguments: &[&str]) -> Said {
        let mut said = self.veta(arguments);
        if arguments.contains(&"--at-least") {
            for _ in 1..RUNS_MAX {
                if code == TRY_AGAIN || said.code != Some(TRY_AGAIN) {
                    break;
                }
                said = self.veta(arguments);
            }
        }
        assert_eq!(said.code, Some(code), "{arguments:?}\n{}{}", said.output, said.errors);
        said
    }

    /// Runs a verb that prints JSON, one value a line.
    #[track_caller]
    #[must_use]
    pub fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let said = self.check(DONE, &[&["--json"], arguments].concat());
        said.output
            .lines()
            .map(|line| serde_json::from_str(line).expect("a verb that was asked for JSON prints JSON"))
            .collect()
    }

    /// Runs a verb that prints one JSON value.
    #[track_caller]
    #[must_use]
    pub fn json_one(&self, arguments: &[&str]) -> Value {
        let [value] = self.json(arguments).try_into().expect("one line");
        value
    }

    /// A verb that cannot do what is asked, and says so in words that help.
    #[track_caller]
    pub fn check_trouble(&self, code: i32, arguments: &[&str], words: &str) {
        let said = self.check(code, arguments);
        let told = [said.output, said.errors].concat();
        assert!(told.contains(words), "{arguments:?} says {told:?}, not {words:?}");
    }

    /// Makes a key file; returns its path and its public half.
    #[track_caller]
    #[must_use]
    pub fn key(&self, name: &str) -> (String, String) {
        let path = text(&self.path(&format!("{name}.pem")));
        let made = self.json_one(&["keys", "generate", &path]);
        (path, made["key"].as_str().expect("a key is a text").to_owned())
    }

    /// Drafts, fills in and signs a statement, as a person does without any network.
    #[track_caller]
    pub fn sign(&self, key: Option<&Speaker>, kind: &str, fill: impl FnOnce(&mut Value)) -> Signed {
        let drafted = Said::by(Command::new(veta()).args(["statement", "draft", kind]));
        let mut draft: Value = serde_json::from_str(&drafted.output).expect("a draft is JSON");
        fill(&mut draft["event"][kind]);
        draft["party"] = key.map_or(Value::Null, |speaker| Value::from(speaker.party.clone()));
        let path = text(&self.path("draft.json"));
        fs::write(&path, draft.to_string()).expect("the test's own directory takes files");
        let mut arguments = vec!["statement", "sign", &path];
        if let Some(speaker) = key {
            arguments.extend(["--key", &speaker.key]);
        }
        let signed = self.json_one(&arguments);
        let told = |name: &str| signed[name].as_str().unwrap_or_default().to_owned();
        Signed {
            statement: told("statement_id"),
            created: told("created"),
        }
    }

    /// The scheme enrols a party and lets a new key speak for it.
    #[track_caller]
    #[must_use]
    pub fn enrol(&self, kind: &str, name: &str) -> Speaker {
        self.enrol_with(name, |profile| {
            profile["kind"] = kind.into();
            profile["name"] = name.into();
        })
    }

    /// The same for a party that says more of itself; `key_name` is that of its key's file.
    #[track_caller]
    #[must_use]
    pub fn enrol_with(&self, key_name: &str, fill: impl FnOnce(&mut Value)) -> Speaker {
        let (key, public) = self.key(key_name);
        let party = self.sign(None, "PartyEnrolled", fill);
        self.authorize(&party.created, &public);
        Speaker {
            party: party.created,
            key,
        }
    }

    /// The scheme lets a key speak for a party.
    #[track_caller]
    pub fn authorize(&self, party: &str, public: &str) {
        self.sign(None, "KeyAuthorized", |event| {
            *event = json!({"party": party, "key": public});
        });
    }

    /// A site of miners with a permit; both wait to be submitted. `fill` says what else there is to say of the site.
    #[track_caller]
    #[must_use]
    pub fn permitted_site(&self, miners: &Speaker, fill: impl FnOnce(&mut Value)) -> String {
        let site = self.sign(None, "SiteRegistered", |event| {
            event["operator"] = miners.party.clone().into();
            event["reference"] = Value::Null;
            fill(event);
        });
        let permit = [
            "permit",
            "record",
            "--kind",
            "mining",
            "--number",
            "cami:PR-1",
            "--authority",
            "CAMI",
        ];
        let of = [
            "--from",
            "2020-01-01",
            "--holder",
            &miners.party,
            "--site",
            &site.created,
        ];
        self.check(DONE, &[&permit[..], &of].concat());
        site.created
    }

    /// Whoever says something now, and has it recorded at once.
    #[must_use]
    pub const fn says<'a>(&'a self, who: &'a Speaker) -> Says<'a> {
        Says { desk: self, who }
    }

    /// How many statements wait in the queue.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let entries = fs::read_dir(self.state().join("queue")).expect("there is a queue");
        entries
            .filter(|entry| {
                entry
                    .as_ref()
                    .expect("a queue can be listed")
                    .path()
                    .extension()
                    .is_some_and(|end| end == "statement")
            })
            .count()
    }

    /// Waits until everybody has seen what was recorded up to a position: progress, custody, and the log, under a checkpoint.
    ///
    /// # Panics
    /// If no deployment is described here.
    #[track_caller]
    pub fn settle(&self, position: u64) {
        let deployment = fs::read(self.state().join("deployment.json")).expect("a deployment describes itself");
        let deployment: Value = serde_json::from_slice(&deployment).expect("in JSON");
        let scheme = deployment["scheme"].as_str().expect("a deployment has a scheme");
        let proof = text(&self.path("settled.tlog-proof"));
        let at_least = ["--at-least", &position.to_string()];
        for asked in [
            &["org", "show", scheme][..],
            &["org", "balance", scheme],
            &["prove", "0", "--output", &proof],
        ] {
            self.check(DONE, &[asked, &at_least].concat());
        }
    }

    /// How many entries the log has.
    #[track_caller]
    #[must_use]
    pub fn tree_size(&self) -> u64 {
        self.json_one(&["audit", "checkpoint"])["tree_size"]
            .as_u64()
            .expect("a size is a number")
    }
}

/// Who signs with which file.
#[derive(Debug)]
pub struct Speaker {
    /// In whose name.
    pub party: String,
    /// The private key's file.
    pub key: String,
}

impl Speaker {
    /// What a verb is told, so that it signs as this one.
    #[must_use]
    pub fn signing(&self) -> [&str; 4] {
        ["--key", &self.key, "--party", &self.party]
    }
}

/// Somebody's verbs, submitted at once.
#[derive(Clone, Copy, Debug)]
pub struct Says<'a> {
    desk: &'a Desk,
    who: &'a Speaker,
}

/// What was signed and recorded.
#[derive(Debug)]
pub struct Recorded {
    /// The statement's id.
    pub statement: String,
    /// The ids of what it creates, in their order.
    pub created: Vec<String>,
    /// Where it stands in the stream.
    pub position: u64,
}

impl Says<'_> {
    /// A verb that signs one statement.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "that it was recorded is all that most callers ask"
    )]
    pub fn all(&self, arguments: &[&str]) -> Recorded {
        let told = self
            .desk
            .json(&[arguments, &self.who.signing(), &["--submit"]].concat());
        let signed = told.iter().find(|line| line["all_created"].is_array());
        let signed = signed.expect("a verb that signs tells what it has signed");
        let id = |id: &Value| id.as_str().expect("an id is a text").to_owned();
        let created = signed["all_created"].as_array().expect("a list, as was asked above");
        let position = told.last().and_then(|last| last["position"].as_u64());
        Recorded {
            statement: id(&signed["statement_id"]),
            created: created.iter().map(id).collect(),
            position: position.unwrap_or_else(|| panic!("{arguments:?} was not recorded: {told:?}")),
        }
    }

    /// A verb of lots.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "that it was recorded is all that most callers ask"
    )]
    pub fn lot(&self, arguments: &[&str]) -> Recorded {
        self.all(&[&["lot"], arguments].concat())
    }
}

/// What was signed.
#[derive(Debug)]
pub struct Signed {
    /// The statement's id.
    pub statement: String,
    /// The id of what it creates; empty where it creates nothing.
    pub created: String,
}

/// A path as an argument.
#[must_use]
pub fn text(path: &Path) -> String {
    path.to_str().expect("the test's paths are UTF-8").to_owned()
}

/// Ctrl-C ends it, and everything with it, as asked.
#[track_caller]
pub fn stop(up: &mut Program) {
    up.interrupt();
    assert_eq!(up.wait().code(), Some(DONE), "{}", up.errors());
}
