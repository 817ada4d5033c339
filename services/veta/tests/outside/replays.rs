//! `veta replay`: whoever has the log comes to what was signed, or to where it was not.

use std::path::Path;
use std::process::{Command, Stdio};

use bytes::Bytes;
use event::Record;
use event::vocabulary::PartyKind;
use ledger::Refusal;
use replay::{Replica, check};
use serde_json::{Value, json};
use tests::process::eventually;
use tests::served::{Served, write};
use tests::world::{BEGIN, key};
use tlog::Leaf;
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::note::Note;

use crate::support::{DONE, FAILED, Log, TRY_AGAIN, UNAVAILABLE, USAGE, files_below, runs, runs_json, url};

/// A log with one of everything that an auditor should look at, which its operator has logged as it is.
fn eventful() -> Log {
    let mut log = Log::of(300);
    let (lot, declared) = log.declare();
    let declared = log.world.id(&declared);
    let (mut rival, said) = log.world.enrol(PartyKind::Trader, "Rival");
    for statement in &said {
        assert_eq!(log.say(statement), 0);
    }
    let offer = log.world.offer(&mut log.miner, lot, declared, &log.trader);
    assert_eq!(log.say(&offer), 0);
    // 305: sold again; 306: no record; 307: number 2 of a key whose number 1 nobody saw; 308: stated after it was admitted.
    let again = log.world.offer(&mut log.miner, lot, declared, &rival);
    assert_ne!(log.say(&again), 0);
    assert_eq!(log.append(b"no record".to_vec()), Refusal::MalformedRecord.code());
    rival.number = 1;
    let offered = log.world.id(&offer);
    assert_ne!(log.say(&log.world.accept(&mut rival, lot, offered, 20)), 0);
    let grams = 1 + 300 % 7;
    log.trader.number = 3;
    let accepted = log.world.accept(&mut log.trader, lot, offered, grams);
    assert_eq!(log.say(&accepted), 0);
    let (_, early) = log.world.declare(&mut log.miner, log.site, 1);
    assert_eq!(
        log.append(Record::new(BEGIN.plus_ms(-1), early).encode()),
        Refusal::ClockWentBack.code()
    );
    log
}

/// Replays what is found at `source`; it must end as expected.
async fn replay(dir: &Path, code: i32, log: &Log, source: &str) -> Value {
    runs_json(dir, code, &["replay", source, "--vkey", &log.vkey()]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_a_directory_and_an_export_lead_to_what_was_signed() {
    let dir = tempfile::tempdir().unwrap();
    let log = eventful();
    write(&dir.path().join("tiles"), &log.files());
    std::fs::write(dir.path().join("log.veta-export"), log.export()).unwrap();
    let from = url(Served::new(log.files()).start().await);
    for source in ["tiles", "log.veta-export", &from] {
        let told = replay(dir.path(), DONE, &log, source).await;
        let expected = json!({
            "equal": true,
            "position": log.leaves.len(),
            "ledger_digest": log.replica.ledger().digest().to_string(),
            "map_root": log.replica.map_root().unwrap().to_string(),
            "root": tests::served::head(&log.leaves).root.to_string(),
            "findings_by_kind": {"clock": 1, "gap": 1, "malformed": 1, "refused": 2},
            "findings_count": 5,
            "key_named_by_source": false,
            "quorum": true,
        });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&told[name], value, "{name} from {source}");
        }
    }
    let (out, _) = runs(dir.path(), DONE, &["replay", "tiles", "--vkey", &log.vkey()]).await;
    assert!(out.ends_with("replay: equal\n"), "{out}");
    let (out, _) = runs(dir.path(), DONE, &["replay", "log.veta-export"]).await;
    assert!(out.contains("by the key that the source itself names"), "{out}");
    runs(dir.path(), USAGE, &["replay", "tiles"]).await;
}

/// Checks that a replay of a forged log, whose operator has signed it, ends with exactly these findings.
async fn check_forged(log: &Log, findings: &[(u64, &str, &str)]) {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("tiles"), &log.files());
    let told = replay(dir.path(), FAILED, log, "tiles").await;
    assert_eq!(told["equal"], false);
    let found = told["findings"].as_array().unwrap();
    let heads: Vec<(u64, &str)> = found
        .iter()
        .map(|found| (found["index"].as_u64().unwrap(), found["kind"].as_str().unwrap()))
        .collect();
    let expected: Vec<(u64, &str)> = findings.iter().map(|(index, kind, _)| (*index, *kind)).collect();
    assert_eq!(heads, expected, "{found:#?}");
    for (found, (_, _, words)) in found.iter().zip(findings) {
        assert!(found["what"].as_str().unwrap().contains(words), "{found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_forged_is_found_where_it_was_forged() {
    let forged = |index: usize, change: fn(&mut Vec<u8>)| {
        let mut log = Log::of(12);
        log.forge(index, change);
        log
    };
    let verdict = |leaf: &mut Vec<u8>| leaf[66] = 200;
    check_forged(
        &forged(9, verdict),
        &[(9, "fork", "logged as refused, and the rules admit it")],
    )
    .await;
    let map = |leaf: &mut Vec<u8>| leaf[40] ^= 1;
    check_forged(&forged(9, map), &[(9, "fork", "its map is not the one")]).await;
    let version = |leaf: &mut Vec<u8>| leaf[0] = 2;
    let found = forged(11, version);
    check_forged(
        &found,
        &[(11, "fork", "no entry of this log's version"), (11, "malformed", "1 ")],
    )
    .await;
    let mut log = Log::of(12);
    log.leaves[9][1] ^= 1;
    let broken = [(9, "fork", "the chain is broken"), (10, "fork", "the chain is broken")];
    check_forged(&log, &broken).await;
    // A double sale that the log has as admitted.
    let mut log = Log::of(7);
    let (lot, declared) = log.declare();
    let after = log.world.id(&declared);
    let first = log.world.offer(&mut log.miner, lot, after, &log.trader);
    let second = log.world.offer(&mut log.miner, lot, after, &log.trader);
    assert_eq!(log.say(&first), 0);
    assert_ne!(log.say(&second), 0);
    log.forge(9, |leaf| leaf[65..67].fill(0));
    let found = [
        (9, "out-of-rule", "logged as admitted, and the rules refuse it"),
        (9, "refused", "signed by"),
    ];
    check_forged(&log, &found).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_out_is_found() {
    let mut log = Log::of(7);
    let (lot, declared) = log.declare();
    let after = log.world.id(&declared);
    let offer = log.world.offer(&mut log.miner, lot, after, &log.trader);
    assert_eq!(log.say(&offer), 0);
    // The declaration of the lot goes, and whoever hides it follows on neatly.
    log.leaves.remove(7);
    log.forge(6, |_| ());
    let told = {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("tiles"), &log.files());
        replay(dir.path(), FAILED, &log, "tiles").await
    };
    assert_eq!(told["findings_by_kind"]["out-of-rule"], 1, "{told}");
    let mut log = Log::of(300);
    log.leaves.truncate(299);
    let mut files = log.files();
    files.insert("checkpoint".to_owned(), Log::of(300).note().into_bytes());
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("tiles"), &files);
    let (_, told) = runs(dir.path(), FAILED, &["replay", "tiles", "--vkey", &log.vkey()]).await;
    assert!(told.contains("is not there"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_taken_as_it_is_and_no_other_way() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(20);
    let path = dir.path().join("export");
    for (bytes, kind) in [
        ([log.export(), vec![0]].concat(), "malformed"),
        ([log.export(), vec![0, 1, 7]].concat(), "fork"),
        (log.export()[..log.export().len() - 1].to_vec(), "malformed"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let told = replay(dir.path(), FAILED, &log, "export").await;
        assert!(told["findings_by_kind"][kind].as_u64() >= Some(1), "{kind}: {told}");
    }
    std::fs::write(&path, b"something else").unwrap();
    runs(dir.path(), FAILED, &["replay", "export"]).await;
    runs(dir.path(), FAILED, &["replay", "nowhere"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_of_a_position_the_state_is_what_it_was_and_the_signed_tree_began_so() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(1_300);
    std::fs::write(dir.path().join("export"), log.export()).unwrap();
    let served = Served::new(log.files());
    let from = url(served.start().await);
    let mut then = Replica::with_log(&log.origin);
    for leaf in &log.leaves[..300] {
        let record = Leaf::parse(leaf).unwrap().record;
        then.step(check(then.deployment(), Bytes::copy_from_slice(record)));
    }
    for source in [&from, "export"] {
        let arguments = ["replay", source, "--vkey", &log.vkey(), "--as-of", "300"];
        let told = runs_json(dir.path(), DONE, &arguments).await;
        assert_eq!((&told["position"], &told["equal"]), (&json!(300), &json!(true)));
        assert_eq!(told["ledger_digest"], then.ledger().digest().to_string());
        assert_eq!(told["root"], tests::served::head(&log.leaves[..300]).root.to_string());
        assert_eq!(told["checkpoint_size"], 1_300);
        runs(
            dir.path(),
            USAGE,
            &["replay", source, "--vkey", &log.vkey(), "--as-of", "1301"],
        )
        .await;
    }
    // What follows is another matter: what was decided is held against the tree that is signed.
    let mut other = Log::of(1_300);
    other.forge(10, |leaf| leaf[40] ^= 1);
    let mut files = other.files();
    files.insert("checkpoint".to_owned(), log.note().into_bytes());
    write(&dir.path().join("other"), &files);
    runs(
        dir.path(),
        FAILED,
        &["replay", "other", "--vkey", &log.vkey(), "--as-of", "300"],
    )
    .await;
    // Entries that agree with themselves, and are not those of the signed tree.
    let mut honest = Log::founded();
    honest.append(b"another history".to_vec());
    while honest.leaves.len() < 256 {
        honest.declare();
    }
    let mut files = log.files();
    files.insert(
        "tile/entries/000".to_owned(),
        honest.files()["tile/entries/000"].clone(),
    );
    write(&dir.path().join("honest"), &files);
    for position in ["8", "256"] {
        let arguments = ["replay", "honest", "--vkey", &log.vkey(), "--as-of", position];
        runs(dir.path(), FAILED, &arguments).await;
    }
    std::fs::write(dir.path().join("export"), other.export()).unwrap();
    for (position, code) in [("10", DONE), ("11", FAILED)] {
        runs(
            dir.path(),
            code,
            &["replay", "export", "--vkey", &log.vkey(), "--as-of", position],
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn between_two_positions_it_is_told_what_changed() {
    let dir = tempfile::tempdir().unwrap();
    let log = eventful();
    write(&dir.path().join("tiles"), &log.files());
    let to = log.leaves.len().to_string();
    let arguments = ["replay", "tiles", "--vkey", &log.vkey(), "--diff", "298", &to];
    let told = runs_json(dir.path(), DONE, &arguments).await;
    let changes = &told["changes"];
    assert_eq!(
        changes["admitted"],
        json!({"CustodyAccepted": 1, "CustodyOffered": 1, "KeyAuthorized": 1, "LotDeclared": 3, "PartyEnrolled": 1})
    );
    assert_eq!(changes["refused"].as_object().unwrap().len(), 4, "{changes}");
    let lots = &changes["about"]["lot"];
    assert_eq!(
        (&lots["new_count"], &lots["changed_count"]),
        (&json!(4), &json!(0)),
        "{lots}"
    );
    assert_eq!(changes["about"]["party"]["new_count"], 1);
    assert_eq!(changes["about"]["key"]["new_count"], 1);
    assert_eq!(told["from"]["position"], 298);
    let (out, _) = runs(dir.path(), DONE, &arguments).await;
    assert!(
        out.contains("from position 298 to") && out.contains("LotDeclared"),
        "{out}"
    );
    runs(
        dir.path(),
        USAGE,
        &["replay", "tiles", "--vkey", &log.vkey(), "--diff", "9", "8"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_that_was_killed_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(700);
    let served = Served::new(log.files());
    let from = url(served.start().await);
    served.shelf().never = Some("tile/entries/001".to_owned());
    let vkey = log.vkey();
    let arguments = ["replay", &from, "--vkey", &vkey, "--resume", "kept"];
    let mut killed = Command::new(env!("CARGO_BIN_EXE_veta"))
        .args(arguments)
        .current_dir(dir.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let first = dir.path().join("kept/tile/entries/000");
    tokio::task::block_in_place(|| eventually("the first bundle", || first.exists().then_some(())));
    killed.kill().unwrap();
    killed.wait().unwrap();

    served.shelf().never = None;
    served.shelf().asked.clear();
    let told = runs_json(dir.path(), DONE, &arguments).await;
    assert_eq!((&told["equal"], &told["position"]), (&json!(true), &json!(700)));
    assert!(!served.shelf().asked.contains(&"tile/entries/000".to_owned()));
    // The copy is the log, which others can read.
    assert_eq!(files_below(&dir.path().join("kept")), log.files());

    served.shelf().asked.clear();
    assert_eq!(runs_json(dir.path(), DONE, &arguments).await["findings_count"], 0);
    assert!(!served.shelf().asked.iter().any(|path| path.contains("entries")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_an_earlier_replay_noted_is_believed() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(20);
    write(&dir.path().join("tiles"), &log.files());
    let vkey = log.vkey();
    let arguments = ["replay", "tiles", "--vkey", &vkey, "--resume", "kept"];
    runs_json(dir.path(), DONE, &arguments).await;
    let noted = dir.path().join("kept/.replayed");
    let text = std::fs::read_to_string(&noted).unwrap();

    // Damaged: set aside, and written anew.
    std::fs::write(&noted, text.replace("\"position\":20", "\"position\":19")).unwrap();
    assert_eq!(runs_json(dir.path(), DONE, &arguments).await["findings_count"], 0);
    assert_eq!(std::fs::read_to_string(&noted).unwrap(), text);

    // Another end, well formed: noted by a replay of another history of the same length and name.
    let mut other = Log::of(19);
    other.append(b"something else".to_vec());
    write(&dir.path().join("other"), &other.files());
    runs_json(
        dir.path(),
        DONE,
        &["replay", "other", "--vkey", &vkey, "--resume", "kept-other"],
    )
    .await;
    std::fs::copy(dir.path().join("kept-other/.replayed"), &noted).unwrap();
    let told = runs_json(dir.path(), DONE, &arguments).await;
    assert_eq!(told["findings_by_kind"], json!({"earlier": 1}), "{told}");
    std::fs::write(dir.path().join("export"), log.export()).unwrap();
    runs(
        dir.path(),
        USAGE,
        &["replay", "export", "--vkey", &vkey, "--resume", "kept"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quorum_is_asked_for_where_the_policy_does() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(20);
    let witness = Cosigner::new("w.test".parse().unwrap(), key(3)).unwrap();
    let policy = format!("log {}\nwitness w {}\nquorum w\n", log.vkey(), witness.vkey());
    std::fs::write(dir.path().join("policy"), policy).unwrap();
    let mut files = log.files();
    write(&dir.path().join("tiles"), &files);
    let arguments = ["replay", "tiles", "--policy", "policy"];
    let told = runs_json(dir.path(), FAILED, &arguments).await;
    assert_eq!((&told["equal"], &told["quorum"]), (&json!(true), &json!(false)));
    let (out, _) = runs(dir.path(), FAILED, &arguments).await;
    assert!(out.contains("NOT COSIGNED"), "{out}");

    let mut note = Note::parse(log.note().as_bytes()).unwrap();
    let line = witness.cosign(&note, CosignTime::new(1_767_225_600).unwrap());
    note.add(line).unwrap();
    files.insert("checkpoint".to_owned(), note.encode().unwrap().into_bytes());
    write(&dir.path().join("tiles"), &files);
    let told = runs_json(dir.path(), DONE, &arguments).await;
    assert_eq!(
        told["cosigned_by"],
        json!([{"name": "w", "unix_seconds": 1_767_225_600}])
    );
    let (out, _) = runs(dir.path(), DONE, &arguments).await;
    assert!(out.contains("by w at 2026-01-01T00:00:00"), "{out}");
    // And another checkpoint than the one that is served can be compared with.
    std::fs::write(dir.path().join("note"), log.note()).unwrap();
    let compared = ["replay", "tiles", "--policy", "policy", "--checkpoint", "note"];
    assert_eq!(runs_json(dir.path(), FAILED, &compared).await["quorum"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_source_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(20);
    // Nobody answers at the first port: it is reserved.
    let cases = [
        ("http://127.0.0.1:1", UNAVAILABLE, "does not answer"),
        ("ftp://log.example", USAGE, "only http:// and https://"),
        ("https://user@log.example", USAGE, "user name"),
        ("grpc+http://127.0.0.1:1", UNAVAILABLE, "no service answers"),
    ];
    for (source, code, words) in cases {
        let (_, told) = runs(dir.path(), code, &["replay", source, "--vkey", &log.vkey()]).await;
        assert!(told.contains(words), "{source}: {told}");
    }
    let served = Served::new(log.files());
    let from = url(served.start().await);
    served.shelf().rebuilds = true;
    let (_, told) = runs(dir.path(), TRY_AGAIN, &["replay", &from, "--vkey", &log.vkey()]).await;
    assert!(told.contains("status 503"), "{told}");
    served.shelf().instead = (301, 99);
    let (_, told) = runs(dir.path(), FAILED, &["replay", &from, "--vkey", &log.vkey()]).await;
    assert!(told.contains("name the address that it leads to"), "{told}");
}
