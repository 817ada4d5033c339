//! `veta audit publish`: a copy is the log, whole, and never anything else.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tests::process::eventually;
use tests::served::{Served, checkpoint, log_signer, write};

use crate::support::{DONE, FAILED, Log, TRY_AGAIN, USAGE, files_below, runs, runs_json, url};

/// Publishes into `copy`, which must end as expected; what it said, all of it.
async fn publish(dir: &Path, code: i32, log: &Log, from: &str) -> String {
    let (out, err) = runs(
        dir,
        code,
        &["audit", "publish", "copy", "--from", from, "--vkey", &log.vkey()],
    )
    .await;
    out + &err
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_the_log_and_copying_again_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::of(700);
    let served = Served::new(log.files());
    let from = url(served.start().await);
    let vkey = log.vkey();
    let arguments = ["audit", "publish", "copy", "--from", &from, "--vkey", &vkey];
    let first = runs_json(dir.path(), DONE, &arguments).await;
    assert_eq!(
        (&first["size_before"], &first["size"]),
        (&Value::from(0), &Value::from(700))
    );
    assert_eq!(
        (&first["bundles_written"], &first["tiles_written"]),
        (&Value::from(3), &Value::from(4))
    );
    let mut expected = log.files();
    assert_eq!(files_below(&dir.path().join("copy")), expected);

    served.shelf().asked.clear();
    let again = runs_json(dir.path(), DONE, &arguments).await;
    assert_eq!(
        (&again["bundles_written"], &again["tiles_written"]),
        (&Value::from(0), &Value::from(0))
    );
    assert_eq!(again["checkpoint_written"], false);
    assert_eq!(files_below(&dir.path().join("copy")), expected);
    assert!(
        !served.shelf().asked.iter().any(|path| path.contains("entries")),
        "nothing is fetched twice"
    );

    // Grown: the partial tiles of the older checkpoint stay.
    while log.leaves.len() < 800 {
        log.declare();
    }
    served.shelf().files = log.files();
    let grown = runs_json(dir.path(), DONE, &arguments).await;
    assert_eq!(
        (&grown["size_before"], &grown["size"]),
        (&Value::from(700), &Value::from(800))
    );
    expected.extend(log.files());
    assert_eq!(files_below(&dir.path().join("copy")), expected);

    // A copy is a log: from it another copy is made, which lacks only what older checkpoints need.
    let (_, _) = runs(
        dir.path(),
        DONE,
        &["audit", "publish", "second", "--from", "copy", "--vkey", &vkey],
    )
    .await;
    assert_eq!(files_below(&dir.path().join("second")), log.files());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_was_cut_short_fetches_only_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(700);
    let served = Served::new(log.files());
    let from = url(served.start().await);
    let missing = served.shelf().files.remove("tile/entries/001").unwrap();
    let told = publish(dir.path(), FAILED, &log, &from).await;
    assert!(told.contains("tile/entries/001 is not there"), "{told}");
    assert!(
        !dir.path().join("copy/checkpoint").exists(),
        "the checkpoint comes last"
    );
    assert!(dir.path().join("copy/tile/entries/000").exists());

    served.shelf().files.insert("tile/entries/001".to_owned(), missing);
    served.shelf().asked.clear();
    publish(dir.path(), DONE, &log, &from).await;
    assert!(!served.shelf().asked.contains(&"tile/entries/000".to_owned()));
    assert_eq!(files_below(&dir.path().join("copy")), log.files());
}

/// Checks that a server that has this instead of a file of the log is refused, with these words, and nothing of it written.
async fn check(path: &str, turn: impl Fn(&mut Vec<u8>), words: &str) {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(600);
    let mut files = log.files();
    turn(files.get_mut(path).unwrap());
    let from = url(Served::new(files).start().await);
    let told = publish(dir.path(), FAILED, &log, &from).await;
    assert!(told.contains(words), "{path}: {told}");
    let honest = log.files();
    for (path, bytes) in files_below(&dir.path().join("copy")) {
        assert_eq!(bytes, honest[&path], "{path}");
    }
    assert!(!dir.path().join("copy/checkpoint").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_that_was_not_signed() {
    let flip = |bytes: &mut Vec<u8>| *bytes.last_mut().unwrap() ^= 1;
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1);
    let longer = |bytes: &mut Vec<u8>| bytes.resize(17 << 20, 0);
    check("tile/entries/001", flip, "is not that of the signed tree").await;
    check("tile/entries/002.p/88", flip, "is not that of the signed tree").await;
    check("tile/0/001", flip, "is not that of the signed tree").await;
    check("tile/0/002.p/88", flip, "is not that of the signed tree").await;
    check("tile/1/000.p/2", flip, "is not that of the signed tree").await;
    check("tile/entries/000", cut, "is not what its name says").await;
    check("tile/0/000", cut, "is not what its name says").await;
    check("tile/entries/000", longer, "that is not what was asked for").await;
    check("checkpoint", flip, "cannot be read").await;
    check("checkpoint", |note| note[20] ^= 1, "does not hold").await;
    check("checkpoint", longer, "that is not what was asked for").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_contradicts_what_was_published_is_not_published() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(600);
    let served = Served::new(log.files());
    let from = url(served.start().await);
    publish(dir.path(), DONE, &log, &from).await;
    let before = files_below(&dir.path().join("copy"));

    // An older checkpoint of the same log: whoever serves it is behind.
    let mut older = log.leaves.clone();
    older.truncate(300);
    let note = checkpoint(&log.origin, &older, &log.signer);
    served.shelf().files.insert("checkpoint".to_owned(), note.into_bytes());
    let told = publish(dir.path(), TRY_AGAIN, &log, &from).await;
    assert!(told.contains("whoever offers them is behind"), "{told}");

    // Other histories, shorter, as long and longer, each signed with the log's key.
    for entries in [300, 600, 700] {
        let mut other = Log::founded();
        other.append(b"another history".to_vec());
        while other.leaves.len() < entries {
            other.declare();
        }
        served.shelf().files = other.files();
        let told = publish(dir.path(), FAILED, &log, &from).await;
        assert!(told.contains("two histories"), "{entries}: {told}");
    }
    assert_eq!(files_below(&dir.path().join("copy")), before);

    // Another log altogether.
    let stranger = log_signer(&log.origin, 10).vkey().to_string();
    let arguments = ["audit", "publish", "copy", "--from", &from, "--vkey", &stranger];
    let (_, told) = runs(dir.path(), FAILED, &arguments).await;
    assert!(told.contains("does not hold"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_damaged_here_is_told_and_not_written_over() {
    let log = Log::of(600);
    let from = url(Served::new(log.files()).start().await);
    for path in ["tile/entries/001", "tile/0/001", "tile/1/000.p/2"] {
        let dir = tempfile::tempdir().unwrap();
        let mut files = log.files();
        files.remove("checkpoint");
        files.get_mut(path).unwrap()[40] ^= 1;
        write(&dir.path().join("copy"), &files);
        let told = publish(dir.path(), FAILED, &log, &from).await;
        assert!(told.contains("holds other bytes than the signed log"), "{path}: {told}");
        assert_eq!(files_below(&dir.path().join("copy")), files);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_to_believe_must_be_said_and_a_quorum_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(10);
    let from = url(Served::new(log.files()).start().await);
    runs(dir.path(), USAGE, &["audit", "publish", "copy", "--from", &from]).await;
    runs(dir.path(), USAGE, &["audit", "publish", "copy", "--vkey", &log.vkey()]).await;
    let alone = format!("log {}\nquorum none\n", log.vkey());
    std::fs::write(dir.path().join("alone"), alone).unwrap();
    runs(
        dir.path(),
        DONE,
        &["audit", "publish", "copy", "--from", &from, "--policy", "alone"],
    )
    .await;
    let witness = tlog::cosignature::Cosigner::new("w.test".parse().unwrap(), tests::world::key(3)).unwrap();
    let cosigned = format!("log {}\nwitness w {}\nquorum w\n", log.vkey(), witness.vkey());
    std::fs::write(dir.path().join("cosigned"), cosigned).unwrap();
    let arguments = ["audit", "publish", "other", "--from", &from, "--policy", "cosigned"];
    let (_, told) = runs(dir.path(), FAILED, &arguments).await;
    assert!(told.contains("quorum"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_publishes_what_is_new_until_it_is_contradicted() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::of(300);
    let served = Served::new(log.files());
    let from = url(served.start().await);
    let mut following = Command::new(env!("CARGO_BIN_EXE_veta"))
        .args(["audit", "publish", "copy", "--from", &from, "--vkey", &log.vkey()])
        .args(["--follow", "--interval", "1"])
        .current_dir(dir.path())
        .env_remove("VETA_STATE")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let published = |note: String| {
        let checkpoint = dir.path().join("copy/checkpoint");
        let is_there = || std::fs::read(&checkpoint).is_ok_and(|there| there == note.as_bytes());
        tokio::task::block_in_place(|| eventually("the checkpoint", || is_there().then_some(())));
    };
    published(log.note());
    // Two at once would write the same: one of them is told so.
    let told = publish(dir.path(), FAILED, &log, &from).await;
    assert!(told.contains("another process is copying"), "{told}");
    // Away for a while, and then grown.
    served.shelf().instead = (503, 7);
    log.declare();
    served.shelf().files = log.files();
    published(log.note());
    // A checkpoint of more entries, while the log rebuilds its rows: longer than one attempt at copying goes on.
    log.declare();
    served.shelf().files = log.files();
    served.shelf().asked.clear();
    served.shelf().rebuilds = true;
    let is_tried_again = || 1 < served.shelf().asked.iter().filter(|path| *path == "checkpoint").count();
    let tried_again = || eventually("another attempt", || is_tried_again().then_some(()));
    tokio::task::block_in_place(tried_again);
    served.shelf().rebuilds = false;
    published(log.note());
    let mut other = Log::founded();
    other.append(b"another history".to_vec());
    served.shelf().files = other.files();
    let ended = tokio::task::block_in_place(|| following.wait()).unwrap();
    assert_eq!(ended.code(), Some(FAILED));
    let mut told = String::new();
    following.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.contains("two histories"), "{told}");
    assert_eq!(
        std::fs::read(dir.path().join("copy/checkpoint")).unwrap(),
        log.note().into_bytes()
    );
}
