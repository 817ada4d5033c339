//! `veta replay --sample`: what a few entries show, and what they do not.

use serde_json::json;
use tests::served::{Served, write};

use crate::support::{DONE, FAILED, Log, USAGE, runs, runs_json, url};

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_of_an_honest_log_is_what_it_must_be() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(700);
    let served = Served::new(log.files());
    let from = url(served.start().await);
    let vkey = log.vkey();
    let sample = |seed: &'static str| vec!["replay", &from, "--vkey", &vkey, "--sample", "9", "--seed", seed];
    let told = runs_json(dir.path(), DONE, &sample("1")).await;
    assert_eq!((&told["sampled"], &told["findings_count"]), (&json!(9), &json!(0)));
    assert_eq!(told["would_show_one_in"], 3);
    let (out, _) = runs(dir.path(), DONE, &sample("1")).await;
    assert!(out.contains("replay the log in full for that"), "{out}");
    let all = ["replay", &from, "--vkey", &vkey, "--sample", "1000"];
    assert_eq!(runs_json(dir.path(), DONE, &all).await["sampled"], 700);
    runs(dir.path(), USAGE, &["replay", &from, "--vkey", &vkey, "--sample", "0"]).await;
    runs(dir.path(), USAGE, &["replay", &from, "--vkey", &vkey, "--seed", "1"]).await;
}

/// Checks what a sample of all entries finds in a log that its operator has forged and signed.
async fn check(index: usize, change: impl Fn(&mut Vec<u8>), kind: &str, words: &str) {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::of(300);
    log.forge(index, change);
    write(&dir.path().join("tiles"), &log.files());
    let arguments = ["replay", "tiles", "--vkey", &log.vkey(), "--sample", "300"];
    let told = runs_json(dir.path(), FAILED, &arguments).await;
    let found = &told["findings"][0];
    assert_eq!(
        (&found["index"], &found["kind"]),
        (&json!(index), &json!(kind)),
        "{told}"
    );
    assert!(found["what"].as_str().unwrap().contains(words), "{found}");
    assert_eq!(told["findings_count"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_entry_in_a_sample_is_found() {
    let signature = |leaf: &mut Vec<u8>| *leaf.last_mut().unwrap() ^= 1;
    check(200, signature, "out-of-rule", "the signature does not hold").await;
    check(200, |leaf| leaf[66] = 5, "fork", "its form and signature hold").await;
    check(299, |leaf| leaf[3] ^= 1, "fork", "the chain is broken").await;
    check(256, |leaf| leaf.truncate(60), "fork", "cut off").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_not_in_the_signed_tree_is_no_entry() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::of(300);
    let mut files = log.files();
    files.get_mut("tile/entries/000").unwrap()[100] ^= 1;
    write(&dir.path().join("tiles"), &files);
    let arguments = ["replay", "tiles", "--vkey", &log.vkey(), "--sample", "300"];
    let (_, told) = runs(dir.path(), FAILED, &arguments).await;
    assert!(
        told.contains("tile/entries/000 is not that of the signed tree"),
        "{told}"
    );
}
