//! `veta monitor`: what whoever relies on a log, or speaks in it, is told of.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use remote::log::Patience;
use serde_json::{Value, json};
use service::clock::{Clock, SystemClock};
use tests::process::eventually;
use tests::served::{Files, Served, checkpoint, log_signer};
use tests::world::{BEGIN, key, record};
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::note::Note;

use crate::support::{DONE, FAILED, Log, UNAVAILABLE, USAGE, runs, url};

/// A monitor and the server that it watches.
struct Watch {
    dir: tempfile::TempDir,
    served: Served,
    from: String,
    vkey: String,
}

impl Watch {
    async fn of(log: &Log) -> Self {
        let served = Served::new(log.files());
        Self {
            dir: tempfile::tempdir().unwrap(),
            from: url(served.start().await),
            vkey: log.vkey(),
            served,
        }
    }

    /// Looks once, with what else is typed; it must end as expected. Every alert, in order.
    async fn looks(&self, code: i32, typed: &[&str]) -> Vec<Value> {
        let trust = ["--vkey", &self.vkey];
        let trust = if typed.contains(&"--policy") { &[][..] } else { &trust };
        let arguments = [
            &["monitor", &self.from, "--once", "--memory", "m", "--json"],
            trust,
            typed,
        ]
        .concat();
        let (out, err) = runs(self.dir.path(), code, &arguments).await;
        let alerts: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for alert in &alerts {
            assert!(
                err.contains(alert["what"].as_str().unwrap()),
                "{alert} is telemetry, too: {err}"
            );
        }
        alerts
    }

    /// Serves something else from here on.
    fn serve(&self, files: Files) {
        self.served.shelf().files = files;
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

fn names(alerts: &[Value]) -> Vec<&str> {
    alerts.iter().map(|alert| alert["alert"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_grows_is_nothing_to_be_told_of() {
    let mut log = Log::of(300);
    let watch = Watch::of(&log).await;
    assert_eq!(watch.looks(DONE, &[]).await, Vec::<Value>::new());
    watch.served.shelf().asked.clear();
    assert_eq!(watch.looks(DONE, &[]).await, Vec::<Value>::new());
    let asked = watch.served.shelf().asked.clone();
    assert!(
        !asked.iter().any(|path| path.contains("entries")),
        "nothing is looked at twice"
    );
    while log.leaves.len() < 700 {
        log.declare();
    }
    watch.serve(log.files());
    assert_eq!(watch.looks(DONE, &[]).await, Vec::<Value>::new());
    let seen: Value = serde_json::from_slice(&std::fs::read(watch.path("m/seen.json")).unwrap()).unwrap();
    assert_eq!((&seen["read"], &seen["note"]), (&json!(700), &json!(log.note())));
}

/// Checks what is told of a log that had 300 entries once `other` is served in its place, and that the notes that contradict each
/// other are kept if they do.
async fn check(other: impl Fn(&Log) -> Files, alert: &str, is_kept: bool) {
    let log = Log::of(300);
    let watch = Watch::of(&log).await;
    watch.looks(DONE, &[]).await;
    let before = std::fs::read(watch.path("m/seen.json")).unwrap();
    watch.serve(other(&log));
    let told = watch.looks(FAILED, &[]).await;
    assert_eq!(names(&told), [alert], "{told:?}");
    assert_eq!(
        std::fs::read(watch.path("m/seen.json")).unwrap(),
        before,
        "what was seen stands"
    );
    if is_kept {
        let evidence = watch.dir.path().join(told[0]["evidence"].as_str().unwrap());
        assert_eq!(
            std::fs::read(evidence.join("known.note")).unwrap(),
            log.note().into_bytes()
        );
        let offered = watch.served.shelf().files["checkpoint"].clone();
        assert_eq!(std::fs::read(evidence.join("offered.note")).unwrap(), offered);
    }
    // As long as it is so, it is said again by whoever asks again; the evidence stays one.
    assert_eq!(names(&watch.looks(FAILED, &[]).await), [alert]);
    assert_eq!(kept(watch.dir.path()), usize::from(is_kept));
}

fn kept(dir: &Path) -> usize {
    std::fs::read_dir(dir.join("m/evidence")).map_or(0, Iterator::count)
}

/// Another history of the same log, of as many entries.
fn another(entries: usize) -> Log {
    let mut other = Log::founded();
    other.append(b"another history".to_vec());
    while other.leaves.len() < entries {
        other.declare();
    }
    other
}

fn with_note(log: &Log, note: &str) -> Files {
    let mut files = log.files();
    files.insert("checkpoint".to_owned(), note.as_bytes().to_vec());
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_contradicts_itself_is_told_of_and_both_notes_are_kept() {
    check(|_| another(299).files(), "shrunk", true).await;
    check(|_| another(300).files(), "fork", true).await;
    check(|_| another(301).files(), "fork", true).await;
    // Two roots of one size contradict each other whatever tiles are served.
    check(|log| with_note(log, &another(300).note()), "fork", true).await;
    // With the tiles that were seen before, fewer entries are a beginning of them, or are not.
    let beginning = |log: &Log| checkpoint(&log.origin, &log.leaves[..200], &log.signer);
    check(|log| with_note(log, &beginning(log)), "shrunk", true).await;
    check(|log| with_note(log, &another(200).note()), "fork", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_was_signed_is_told_of() {
    let forged = |log: &Log| checkpoint(&log.origin, &log.leaves, &log_signer(&log.origin, 10));
    check(|log| with_note(log, &forged(log)), "unsigned", false).await;
    check(|log| with_note(log, "no note"), "unsigned", false).await;
    check(|log| with_note(log, &another(301).note()), "withheld", false).await;
    check(
        |log| {
            let mut files = log.files();
            files.get_mut("tile/0/001.p/44").unwrap()[0] ^= 1;
            files
        },
        "damaged",
        false,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_entries_are_looked_at_as_they_stand_in_the_signed_tree() {
    let mut log = Log::of(300);
    let watch = Watch::of(&log).await;
    watch.looks(DONE, &[]).await;
    while log.leaves.len() < 400 {
        log.declare();
    }
    let mut files = log.files();
    files.get_mut("tile/entries/001.p/144").unwrap()[30_000] ^= 1;
    watch.serve(files);
    assert_eq!(names(&watch.looks(FAILED, &[]).await), ["damaged"]);
    // Once it is mended, what was not looked at is; a chain that the operator has broken is seen where it breaks.
    log.leaves[350][5] ^= 1;
    let broken = {
        let watch = Watch::of(&log).await;
        watch.looks(FAILED, &[]).await
    };
    assert_eq!(names(&broken), ["broken", "broken"]);
    assert_eq!((&broken[0]["index"], &broken[1]["index"]), (&json!(350), &json!(351)));
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_by_a_watched_key_are_told_and_nothing_that_they_say() {
    let mut log = Log::of(6);
    let (lot, declared) = log.declare();
    let after = log.world.id(&declared);
    let first = log.world.offer(&mut log.miner, lot, after, &log.trader);
    assert_eq!(log.say(&first), 0);
    let second = log.world.offer(&mut log.miner, lot, after, &log.trader);
    let refused = log.say(&second);
    let mut garbled = record(&second);
    *garbled.last_mut().unwrap() ^= 1;
    let garbled = log.append(garbled);
    let watch = Watch::of(&log).await;
    let key = log.miner.key.verifying_key();
    let key = event::PublicKey::from(key).to_string();
    let told = watch.looks(FAILED, &["--key", &key]).await;
    let mut seen = Vec::new();
    for alert in &told {
        assert_eq!((&alert["alert"], &alert["key"]), (&json!("key-used"), &json!(key)));
        assert_eq!(alert["admitted_at"], BEGIN.to_string());
        assert!(!alert.to_string().contains(&lot.to_string()));
        seen.push((
            alert["index"].as_u64().unwrap(),
            alert["event"].as_str(),
            alert["verdict"].as_u64().unwrap(),
        ));
    }
    let expected = [
        (6, Some("LotDeclared"), 0),
        (7, Some("CustodyOffered"), 0),
        (8, Some("CustodyOffered"), refused.into()),
        (9, None, garbled.into()),
    ];
    assert_eq!(seen, expected);
    assert!(
        told[3]["what"]
            .as_str()
            .unwrap()
            .contains("whose signature does not hold")
    );
    // Each is told once; what is new is told.
    assert_eq!(watch.looks(DONE, &["--key", &key]).await, Vec::<Value>::new());
    log.declare();
    watch.serve(log.files());
    assert_eq!(watch.looks(FAILED, &["--key", &key]).await[0]["index"], 10);
    // Another's key, and one who begins now.
    let other = event::PublicKey::from(log.world.scheme.key.verifying_key()).to_string();
    let fresh = Watch::of(&log).await;
    assert_eq!(
        fresh.looks(DONE, &["--key", &key, "--from-now"]).await,
        Vec::<Value>::new()
    );
    let all = Watch::of(&log).await;
    assert_eq!(all.looks(FAILED, &["--key", &other]).await.len(), 6);
    runs(
        all.dir.path(),
        USAGE,
        &["monitor", &all.from, "--once", "--key", "nonsense"],
    )
    .await;
}

/// The checkpoint of a log, cosigned at a time.
fn cosigned(log: &Log, witness: &Cosigner, unix_ms: i64) -> String {
    let mut note = Note::parse(log.note().as_bytes()).unwrap();
    let time = CosignTime::new(u64::try_from(unix_ms / 1_000).unwrap()).unwrap();
    let line = witness.cosign(&note, time);
    note.add(line).unwrap();
    note.encode().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_or_not_cosigned_is_told_of() {
    let log = Log::of(20);
    let watch = Watch::of(&log).await;
    let witness = Cosigner::new("w.test".parse().unwrap(), key(3)).unwrap();
    let policy = format!("log {}\nwitness w {}\nquorum w\n", log.vkey(), witness.vkey());
    std::fs::write(watch.path("policy"), policy).unwrap();
    let policy = ["--policy", "policy"];
    assert_eq!(names(&watch.looks(FAILED, &policy).await), ["not-cosigned"]);
    let now = SystemClock.now().unix_ms();
    for (minutes, expected) in [
        (0, None),
        (59, None),
        (62, Some("stale")),
        (-3, None),
        (-9, Some("ahead")),
    ] {
        watch.serve(with_note(&log, &cosigned(&log, &witness, now - minutes * 60_000)));
        let code = if expected.is_some() { FAILED } else { DONE };
        let told = watch.looks(code, &policy).await;
        assert_eq!(names(&told), Vec::from_iter(expected), "{minutes} minutes");
    }
    watch.serve(with_note(&log, &cosigned(&log, &witness, now - 600_000)));
    let strict = [&policy[..], &["--stale-after", "300"]].concat();
    assert_eq!(names(&watch.looks(FAILED, &strict).await), ["stale"]);
    // Without witnesses, only how long nothing has changed can be told, and only where it is asked for.
    let alone = Watch::of(&log).await;
    alone.looks(DONE, &["--stale-after", "300"]).await;
    let seen = std::fs::read(alone.path("m/seen.json")).unwrap();
    let mut seen: Value = serde_json::from_slice(&seen).unwrap();
    seen["changed_at_unix_ms"] = json!(now - 600_000);
    std::fs::write(alone.path("m/seen.json"), seen.to_string()).unwrap();
    assert_eq!(names(&alone.looks(FAILED, &["--stale-after", "300"]).await), ["stale"]);
    alone.looks(DONE, &[]).await;
    // A line by the witness' key that does not hold refuses all of it.
    let other = Cosigner::new("w.test".parse().unwrap(), key(4)).unwrap();
    let line = cosigned(&log, &other, now).replace(&line_start(&other), &line_start(&witness));
    watch.serve(with_note(&log, &line));
    assert_eq!(names(&watch.looks(FAILED, &policy).await), ["unsigned"]);
}

/// The name and the first characters of a cosignature line, which are the key's id.
fn line_start(witness: &Cosigner) -> String {
    let line = witness
        .cosign(&Note::new("text\n").unwrap(), CosignTime::new(0).unwrap())
        .to_string();
    // Four bytes are five characters and a third.
    line[..line.rfind(' ').unwrap() + 6].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_told_of_and_nothing_is_forgotten() {
    let log = Log::of(20);
    let watch = Watch::of(&log).await;
    watch.looks(DONE, &[]).await;
    watch.served.shelf().instead = (404, 1);
    assert_eq!(names(&watch.looks(FAILED, &[]).await), ["withheld"]);
    watch.served.shelf().instead = (403, 1);
    assert_eq!(names(&watch.looks(UNAVAILABLE, &[]).await), ["unanswered"]);
    watch.looks(DONE, &[]).await;
    // Another log is watched with another memory; a damaged one is told of.
    let stranger = tlog::Origin::new("other.test/log").unwrap();
    let signer = log_signer(&stranger, 5);
    watch.serve(with_note(&log, &checkpoint(&stranger, &log.leaves, &signer)));
    let arguments = [
        "monitor",
        &watch.from,
        "--once",
        "--memory",
        "m",
        "--vkey",
        &signer.vkey().to_string(),
    ];
    let (_, told) = runs(watch.dir.path(), USAGE, &arguments).await;
    assert!(told.contains("name another directory"), "{told}");
    check_damaged(&watch, |_| "{".to_owned(), "EOF").await;
    let too_far = |seen: &str| seen.replace("\"read\":20", "\"read\":21");
    check_damaged(&watch, too_far, "21 entries are said to be looked at, of 20").await;
    let no_checkpoint = |seen: &str| seen.replace("\\n20\\n", "\\n020\\n");
    check_damaged(&watch, no_checkpoint, "its checkpoint cannot be read").await;
}

/// Its checkpoint is there, and its tiles are not yet: it is asked again, and said not to answer where that is not enough.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_rebuilds_its_rows_withholds_nothing() {
    let mut log = Log::of(20);
    let watch = Watch::of(&log).await;
    watch.looks(DONE, &[]).await;
    log.declare();
    watch.serve(log.files());
    watch.served.shelf().rebuilds = true;
    watch.served.shelf().asked.clear();
    assert_eq!(names(&watch.looks(UNAVAILABLE, &[]).await), ["unanswered"]);
    let asked = watch.served.shelf().asked.clone();
    let attempts = asked.iter().filter(|path| *path == "tile/0/000.p/21").count();
    assert_eq!(
        u32::try_from(attempts).unwrap(),
        Patience::default().attempts,
        "{asked:?}"
    );
    watch.served.shelf().rebuilds = false;
    watch.looks(DONE, &[]).await;
}

/// Nothing is gone on from what cannot have been noted: it would pass over entries.
async fn check_damaged(watch: &Watch, damage: impl Fn(&str) -> String, why: &str) {
    let path = watch.path("m/seen.json");
    let seen = std::fs::read_to_string(&path).unwrap();
    let damaged = damage(&seen);
    assert_ne!(damaged, seen);
    std::fs::write(&path, &damaged).unwrap();
    let arguments = ["monitor", &watch.from, "--once", "--memory", "m", "--vkey", &watch.vkey];
    let (_, told) = runs(watch.dir.path(), FAILED, &arguments).await;
    assert!(
        told.contains("is damaged: keep it aside") && told.contains(why),
        "{told}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged);
    std::fs::write(&path, seen).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_is_told_once_by_who_keeps_watching() {
    let mut log = Log::of(20);
    let watch = Watch::of(&log).await;
    let key = event::PublicKey::from(log.miner.key.verifying_key()).to_string();
    let mut watching = Command::new(env!("CARGO_BIN_EXE_veta"))
        .args(["monitor", &watch.from, "--vkey", &watch.vkey, "--memory", "m", "--json"])
        .args(["--interval", "1", "--from-now", "--key", &key])
        .current_dir(watch.dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut next = || -> Value {
        let line = tokio::task::block_in_place(|| lines.next()).unwrap().unwrap();
        serde_json::from_str(&line).unwrap()
    };
    let seen = watch.path("m/seen.json");
    tokio::task::block_in_place(|| eventually("the first look", || seen.exists().then_some(())));
    log.declare();
    watch.serve(log.files());
    assert_eq!((next()["alert"].as_str(), log.leaves.len()), (Some("key-used"), 21));
    // A line that is cut where entries are read ends nothing.
    log.declare();
    let mut cut = log.files();
    cut.remove("tile/entries/000.p/22");
    watch.serve(cut);
    assert_eq!(next()["alert"], "withheld");
    watch.serve(log.files());
    assert_eq!((&next()["index"], log.leaves.len()), (&json!(21), 22));
    // Another history is served for a while: it is told once, however often it is seen, and the next thing told is the next
    // thing that happens.
    watch.serve(another(22).files());
    assert_eq!(next()["alert"], "fork");
    let looks = || {
        watch
            .served
            .shelf()
            .asked
            .iter()
            .filter(|path| *path == "checkpoint")
            .count()
    };
    let before = looks();
    tokio::task::block_in_place(|| eventually("two more looks", || (before + 2 <= looks()).then_some(())));
    log.declare();
    watch.serve(log.files());
    let told = next();
    assert_eq!((&told["alert"], &told["index"]), (&json!("key-used"), &json!(22)));
    // Told before it is noted: killed in between, it would be told once more.
    let noted = || std::fs::read_to_string(&seen).unwrap().contains("\"read\":23");
    tokio::task::block_in_place(|| eventually("what was told is noted", || noted().then_some(())));
    watching.kill().unwrap();
    watching.wait().unwrap();
    // Killed, it goes on where it was.
    assert_eq!(watch.looks(DONE, &["--key", &key]).await, Vec::<Value>::new());
}
