//! `veta witness` as those run it who do not run the log: by its flags, by its file, and killed in the middle of it.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use remote::http::{Http, Url};
use serde_json::Value;
use tests::desk::{DONE, Desk, USAGE};
use tests::fork::Log;
use tests::process::{Program, eventually, veta};
use tlog::cosignature::CosignerVkey;
use tlog::note::{Note, Vkey};
use tlog::policy::{Policy, PolicyError};
use tlog::tree::ConsistencyProof;
use tlog::witness::{AddCheckpoint, WitnessAnswer, cosignature_among, origin_hash};
use tlog::{Checkpoint, TreeSize};
use tokio::runtime::Runtime;

const NAME: &str = "witness.example/w1";
const LONG: Duration = Duration::from_secs(60);

/// How often the witness is killed.
const ROUNDS: u64 = 12;

/// Two histories of one log; requests that are under way at a time, half of them for either.
const ASKING: u64 = 8;

/// A witness' process, and where it answers.
struct Witness {
    program: Program,
    url: Url,
}

impl Witness {
    fn start(command: &mut Command, log: &Path) -> Self {
        let mut program = Program::start(command, log);
        let url = eventually("the witness' address", || {
            assert_eq!(program.ended(), None, "{}", program.errors());
            let errors = program.errors();
            let (_, rest) = errors.split_once("Answering at ")?;
            rest.contains('\n')
                .then(|| rest.split_whitespace().next())??
                .parse()
                .ok()
        });
        Self { program, url }
    }

    /// By its flags, and with other flags besides.
    fn of(desk: &Desk, log: &Vkey, more: &[&str]) -> Self {
        let mut command = Command::new(veta());
        let key = desk.path("witness.pem");
        command.args([
            "witness",
            "--name",
            NAME,
            "--listen",
            "127.0.0.1:0",
            "--log",
            &log.to_string(),
        ]);
        command
            .arg("--key")
            .arg(key)
            .arg("--dir")
            .arg(desk.path("kept"))
            .args(more);
        command.env("NO_COLOR", "1");
        Self::start(&mut command, &desk.path("witness"))
    }
}

/// What a witness answered to a request; none where it was killed.
async fn ask(http: &Http, url: &Url, request: &AddCheckpoint) -> Option<WitnessAnswer> {
    let body = request.encode().unwrap().into_bytes();
    let answer = http
        .post(&url.below("add-checkpoint"), body, 1 << 20, LONG)
        .await
        .ok()?;
    Some(WitnessAnswer::read(answer.status, &answer.body).unwrap())
}

fn keyed(desk: &Desk, name: &str, file: &str) -> CosignerVkey {
    let (path, _) = desk.key(file);
    let said = desk.check(DONE, &["witness", "vkey", "--name", name, "--key", &path]);
    said.output.trim_end().parse().unwrap()
}

/// Follows one history for as long as the witness lives: asks, goes on from where it is told, and notes what was cosigned.
async fn follow(url: Url, vkey: CosignerVkey, log: Arc<Log>, from: u64, cosigned: Arc<Mutex<Vec<Checkpoint>>>) {
    let http = Http::new().unwrap();
    let (mut old, mut new) = (0, from);
    while new < log.leaves.len() as u64 {
        let request = log.request(old, new);
        match ask(&http, &url, &request).await {
            Some(WitnessAnswer::Cosigned(lines)) => {
                cosignature_among(&lines, &request.checkpoint, &vkey).unwrap();
                let checkpoint = Checkpoint::from_note(&request.checkpoint, log.signer.vkey()).unwrap();
                cosigned.lock().unwrap().push(checkpoint);
                (old, new) = (new, new + 1);
            }
            Some(WitnessAnswer::OtherSize(size)) => (old, new) = (size.get(), size.get() + 1),
            // It was killed, or follows the other history.
            None | Some(WitnessAnswer::Refused { status: 422, .. }) => return,
            Some(other) => panic!("{other:?}"),
        }
    }
}

#[test]
fn killed_again_and_again_it_cosigns_one_history() {
    let (desk, runtime) = (Desk::new(), Runtime::new().unwrap());
    let vkey = keyed(&desk, NAME, "witness");
    let log = Log::of_size(2_000);
    let histories = [Arc::new(log.clone()), Arc::new(log.fork(3))];
    let cosigned = Arc::new(Mutex::new(Vec::new()));
    let mut largest = TreeSize::EMPTY;
    for round in 0..ROUNDS {
        let mut witness = Witness::of(&desk, log.signer.vkey(), &[]);
        let shown = format!("{}/checkpoint", origin_hash(&log.origin));
        let kept = runtime.block_on(async {
            let http = Http::new().unwrap();
            http.get(&witness.url.below(&shown), 1 << 20, LONG).await.unwrap()
        });
        if largest != TreeSize::EMPTY {
            let note = Note::parse(&kept.body).unwrap();
            assert!(note.cosigned(&vkey).is_ok());
            // It may have kept one more than anybody was told of, and never one less.
            assert!(largest <= Checkpoint::parse(note.text()).unwrap().size);
        }
        let before = cosigned.lock().unwrap().len();
        let asking: Vec<_> = (0..ASKING)
            .map(|number| {
                let history = Arc::clone(&histories[usize::from(number % 2 == 1)]);
                let from = 1 + largest.get() + number % 3;
                runtime.spawn(follow(
                    witness.url.clone(),
                    vkey.clone(),
                    history,
                    from,
                    Arc::clone(&cosigned),
                ))
            })
            .collect();
        let more = usize::try_from(1 + round * 7 % 20).unwrap();
        eventually("cosignatures", || {
            (before + more <= cosigned.lock().unwrap().len()).then_some(())
        });
        witness.program.kill();
        for asking in asking {
            runtime.block_on(asking).unwrap();
        }
        largest = cosigned
            .lock()
            .unwrap()
            .iter()
            .map(|checkpoint| checkpoint.size)
            .max()
            .unwrap();
    }
    let cosigned = cosigned.lock().unwrap();
    let of_one = |log: &Arc<Log>| {
        cosigned
            .iter()
            .all(|checkpoint| checkpoint.head() == log.head(checkpoint.size.get()))
    };
    assert!(
        histories.iter().any(of_one),
        "two histories were cosigned: {cosigned:?}"
    );
}

/// A deployment's own log, cosigned by a witness that checks that it grows and by one that replays it.
#[test]
fn the_log_of_a_deployment_is_cosigned_by_both_kinds() {
    let (mut desk, runtime) = (Desk::new(), Runtime::new().unwrap());
    let up = desk.up();
    let deployment: Value = serde_json::from_slice(&fs::read(desk.state().join("deployment.json")).unwrap()).unwrap();
    let address = deployment["endpoints"]["log"].as_str().unwrap().to_owned();
    let log: Vkey = desk.check(DONE, &["audit", "vkey"]).output.trim_end().parse().unwrap();
    let (plain, auditor) = (
        keyed(&desk, NAME, "witness"),
        keyed(&desk, "audit.example/a1", "auditor"),
    );
    let policy = format!(
        "log {log}\nwitness w1 {plain}\nwitness a1 {auditor}\ngroup auditors any a1\ngroup both all w1 auditors\nquorum both\n"
    );
    let policy: Policy = policy.parse().unwrap();
    let witness = Witness::of(&desk, &log, &[]);

    let file = format!(
        "name = \"audit.example/a1\"\nkey_file = \"{}\"\ndir = \"{}\"\naudit = true\n\n[listen]\nhttp = \"127.0.0.1:0\"\n\n[[log]]\nvkeys = [\"{log}\"]\nat = \"{address}\"\n",
        desk.path("auditor.pem").display(),
        desk.path("audited").display(),
    );
    fs::write(desk.path("witness.toml"), file).unwrap();
    let config = desk.path("witness.toml").display().to_string();
    assert_eq!(
        desk.check(DONE, &["witness", "vkey", "--config", &config]).output,
        format!("{auditor}\n")
    );
    let mut command = Command::new(veta());
    command.args(["witness", "--config", &config]).env("NO_COLOR", "1");
    let auditing = Witness::start(&mut command, &desk.path("auditing"));

    runtime.block_on(async {
        let http = Http::new().unwrap();
        let tiles: Url = address.parse().unwrap();
        let published = http.get(&tiles.below("checkpoint"), 1 << 20, LONG).await.unwrap();
        let mut note = Note::parse(&published.body).unwrap().only_by([&log]);
        let request = AddCheckpoint {
            old: TreeSize::EMPTY,
            proof: ConsistencyProof { hashes: vec![] },
            checkpoint: note.clone(),
        };
        for (witness, vkey) in [(&witness, &plain), (&auditing, &auditor)] {
            assert!(matches!(policy.check(&note), Err(PolicyError::NoQuorum { .. })));
            let Some(WitnessAnswer::Cosigned(lines)) = ask(&http, &witness.url, &request).await else {
                panic!("{}", witness.program.errors());
            };
            note.add(cosignature_among(&lines, &note, vkey).unwrap().0).unwrap();
        }
        let cosigned = policy.check(&note).unwrap();
        assert_eq!((cosigned.by.len(), cosigned.auditors.len()), (2, 1));
        assert!(cosigned.checkpoint.size > TreeSize::EMPTY);
    });
    drop(up);
}

#[test]
fn what_is_wrong_is_said_before_anything_is_opened() {
    let desk = Desk::new();
    let _ = keyed(&desk, NAME, "witness");
    let key = desk.path("witness.pem").display().to_string();
    let dir = desk.path("kept").display().to_string();
    let log = Log::of_size(1).signer.vkey().to_string();
    let witness = |name: &str, log: &str, more: &[&str], words: &str| {
        let arguments = ["witness", "--name", name, "--key", &key, "--dir", &dir, "--log", log];
        desk.check_trouble(USAGE, &[&arguments, more].concat(), words);
    };
    witness("a name", &log, &[], "without spaces");
    witness(NAME, "garbage", &[], "a verifying key is");
    witness(
        NAME,
        &log,
        &["--audit", "ftp://log.example"],
        "only http:// and https://",
    );
    witness(
        NAME,
        &log,
        &[
            "--log",
            "log.example/silver+407adc5c+AUehhCChOn2d3UOHjEK7wSLYOXJRADg9mmNuypAbNJ/E",
        ],
        "bear its name",
    );
    desk.check_trouble(USAGE, &["witness", "--name", NAME], "--key");
    desk.check_trouble(
        USAGE,
        &["witness", "--config", "x", "--name", NAME],
        "cannot be used with",
    );
    assert!(!desk.path("kept").exists());
}
