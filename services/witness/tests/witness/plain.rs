//! A witness that checks consistency: every status, what it keeps, and what it never does.

use std::collections::BTreeSet;
use std::sync::Arc;

use tests::fork::Log;
use tlog::cosignature::CosignTime;
use tlog::note::{Note, NoteSignature};
use tlog::tree::ConsistencyProof;
use tlog::witness::{REQUEST_BYTES_MAX, WitnessAnswer, cosignature_among, origin_hash};
use tlog::{Hash, TreeSize};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use witness::{EVIDENCE_MAX, StoreError, WitnessError};

use crate::support::{LONG, NAME, Place, Running, cosigner, signed, vkey, witnessed};

/// Asks, and checks the status and how the body begins.
async fn check(witness: &Running, body: impl Into<Vec<u8>>, status: u16, begins: &str) {
    let answer = witness.post(body).await;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status, status, "{text}");
    assert!(text.starts_with(begins), "{text:?} does not begin with {begins:?}");
}

#[tokio::test]
async fn every_status_of_the_specification() {
    let (log, place) = (Log::of_size(20), Place::new());
    let other = Log::new("log.example/silver", log.leaves.clone());
    let witness = place.start(vec![witnessed(&log, None)]).await;
    let body = |old, new| log.request(old, new).encode().unwrap();
    let cosigned = format!("\u{2014} {NAME} ");

    check(&witness, body(3, 7), 409, "0\n").await;
    check(&witness, body(0, 5), 200, &cosigned).await;
    check(&witness, body(5, 5), 200, &cosigned).await;
    check(&witness, body(0, 5), 409, "5\n").await;
    check(&witness, body(0, 7), 409, "5\n").await;
    check(&witness, body(5, 17), 200, &cosigned).await;

    check(&witness, "", 400, "the request cannot be read").await;
    check(
        &witness,
        body(0, 5).replace("old ", "new "),
        400,
        "the request cannot be read",
    )
    .await;
    check(&witness, body(17, 5), 400, "the old size 17 is larger").await;
    let mut most = log.request(17, 20);
    most.proof.hashes = vec![Hash::ZERO; 63];
    let line = format!("{}\n", Hash::ZERO);
    let one_more = most.encode().unwrap().replacen(&line, &line.repeat(2), 1);
    check(
        &witness,
        most.encode().unwrap(),
        422,
        "the checkpoint is not consistent",
    )
    .await;
    check(&witness, one_more, 400, "the request cannot be read").await;
    check(&witness, vec![b'a'; REQUEST_BYTES_MAX + 1], 413, "").await;

    let foreign = log.clone().with_key(2).request(17, 20).encode().unwrap();
    check(&witness, foreign, 403, "the checkpoint is not signed by a key").await;
    let changed = body(17, 20).replace("\n20\n", "\n19\n");
    check(&witness, changed, 403, "the checkpoint is not signed by a key").await;
    check(
        &witness,
        other.request(0, 5).encode().unwrap(),
        404,
        "this witness does not know",
    )
    .await;

    check(
        &witness,
        log.fork(3).request(17, 20).encode().unwrap(),
        422,
        "the checkpoint is not consistent",
    )
    .await;
    check(
        &witness,
        log.fork(3).request(17, 17).encode().unwrap(),
        422,
        "the checkpoint is not consistent",
    )
    .await;
    let mut unproved = log.request(17, 20);
    unproved.proof = ConsistencyProof { hashes: vec![] };
    check(
        &witness,
        unproved.encode().unwrap(),
        422,
        "the checkpoint is not consistent",
    )
    .await;

    check(&witness, body(17, 20), 200, &cosigned).await;
    witness.stop().await;
}

#[tokio::test]
async fn an_empty_log_is_cosigned() {
    let (log, place) = (Log::of_size(3), Place::new());
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.cosigned(&log).await, None);
    for (old, new, status) in [(0, 0, 200), (0, 0, 200), (0, 3, 200), (0, 0, 409)] {
        assert_eq!(witness.status(&log.request(old, new)).await, status, "{old} to {new}");
    }
    let mut with_proof = log.request(0, 3);
    with_proof.proof.hashes = vec![Hash::ZERO];
    witness.stop().await;
    let place = Place::new();
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.status(&with_proof).await, 422);
    witness.stop().await;
}

#[tokio::test]
async fn what_was_cosigned_is_shown() {
    let (log, place) = (Log::of_size(9), Place::new());
    let silver = Log::new("log.example/silver", log.leaves.clone());
    let witness = place.start(vec![witnessed(&log, None), witnessed(&silver, None)]).await;
    assert_eq!(witness.status(&log.request(0, 5)).await, 200);
    place.clock.advance(7_000);
    assert_eq!(witness.status(&log.request(5, 9)).await, 200);
    let (checkpoint, time) = witness.cosigned(&log).await.unwrap();
    assert_eq!((checkpoint.head(), time.get()), (log.head(9), 1_767_225_607));
    assert_eq!(witness.cosigned(&silver).await, None);

    let (gold, hash) = (origin_hash(&log.origin), origin_hash(&silver.origin));
    let index = witness.get("").await;
    let mut lines = [
        format!("{gold} 9 {}\n", log.origin),
        format!("{hash} 0 {}\n", silver.origin),
    ];
    lines.sort();
    assert_eq!(index.body, lines.concat());
    assert_eq!(witness.get("vkey").await.body, format!("{}\n", vkey()));
    for (path, status) in [
        (gold.to_uppercase() + "/checkpoint", 404),
        ("add-checkpoint".into(), 405),
        ("x".into(), 404),
    ] {
        assert_eq!(witness.get(&path).await.status, status, "{path}");
    }
    witness.stop().await;
}

#[tokio::test]
async fn what_was_cosigned_outlives_the_process() {
    let (log, place) = (Log::of_size(9), Place::new());
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.status(&log.request(0, 5)).await, 200);
    witness.stop().await;
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(
        witness.ask(&log.fork(2).request(0, 7)).await,
        WitnessAnswer::OtherSize(TreeSize::new(5))
    );
    assert_eq!(witness.status(&log.fork(2).request(5, 7)).await, 422);
    assert_eq!(witness.status(&log.request(5, 7)).await, 200);
    witness.stop().await;
}

/// Kept, but whoever asked has never heard of it: the next one is told the size, and the same checkpoint is cosigned again.
#[tokio::test]
async fn an_answer_that_was_lost_is_given_again() {
    let (log, place) = (Log::of_size(9), Place::new());
    let witness = place.start(vec![witnessed(&log, None)]).await;
    let body = log.request(0, 5).encode().unwrap();
    let mut line = TcpStream::connect(witness.address()).await.unwrap();
    let head = format!(
        "POST /add-checkpoint HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    line.write_all((head + &body).as_bytes()).await.unwrap();
    let shown = async {
        while witness.cosigned(&log).await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LONG, shown)
        .await
        .expect("it is kept without anybody reading the answer");
    drop(line);
    witness.stop().await;
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(
        witness.ask(&log.request(0, 5)).await,
        WitnessAnswer::OtherSize(TreeSize::new(5))
    );
    assert_eq!(witness.status(&log.request(5, 5)).await, 200);
    witness.stop().await;
}

/// Not kept: then it is not cosigned either, and nothing else is decided by it.
#[tokio::test]
async fn what_cannot_be_kept_is_not_cosigned() {
    let (log, place) = (Log::of_size(9), Place::new());
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.status(&log.request(0, 5)).await, 200);
    // A directory stands where the new file would be written.
    let in_the_way = place.path(&log, "checkpoint.new");
    std::fs::create_dir(&in_the_way).unwrap();
    assert_eq!(witness.status(&log.fork(6).request(5, 9)).await, 500);
    assert_eq!(witness.cosigned(&log).await.unwrap().0.head(), log.head(5));
    std::fs::remove_dir(&in_the_way).unwrap();
    assert_eq!(witness.status(&log.request(5, 9)).await, 200);
    witness.stop().await;
}

#[tokio::test]
async fn a_clock_that_went_back_cosigns_nothing() {
    let (log, place) = (Log::of_size(9), Place::new());
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.status(&log.request(0, 5)).await, 200);
    place.clock.advance(-1_000);
    for (old, new) in [(5, 5), (5, 9)] {
        assert_eq!(witness.status(&log.request(old, new)).await, 503);
    }
    witness.stop().await;
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.status(&log.request(5, 9)).await, 503);
    place.clock.advance(1_000);
    assert_eq!(witness.status(&log.request(5, 9)).await, 200);
    place.clock.advance(-10_000_000_000_000);
    assert_eq!(witness.status(&log.request(9, 9)).await, 503);
    let head = witness.raw_post(&log.request(9, 9).encode().unwrap()).await;
    assert!(head.to_lowercase().contains("\r\nretry-after: 2\r\n"), "{head}");
    witness.stop().await;
}

/// Whoever asks can put lines on the note as he likes: in the name of the witness, too. None of them is kept.
#[tokio::test]
async fn lines_of_others_are_not_kept() {
    let (log, place) = (Log::of_size(9), Place::new());
    let witness = place.start(vec![witnessed(&log, None)]).await;
    for (old, new) in [(0, 5), (5, 5), (5, 9)] {
        let mut request = log.request(old, new);
        let own = vkey();
        request
            .checkpoint
            .add(NoteSignature {
                name: own.name().clone(),
                id: own.id(),
                signature: vec![7; 72],
            })
            .unwrap();
        assert_eq!(witness.status(&log.request(old, new)).await, 200);
        let answer = witness
            .ask(&{
                request.old = TreeSize::new(new);
                request.proof = log.proof(new, new);
                request
            })
            .await;
        let WitnessAnswer::Cosigned(lines) = answer else {
            panic!("{answer:?}");
        };
        cosignature_among(&lines, &log.note(new), &own).unwrap();
        let kept = std::fs::read(place.path(&log, "checkpoint")).unwrap();
        assert_eq!(Note::parse(&kept).unwrap().signatures().len(), 2);
    }
    witness.stop().await;
}

#[tokio::test]
async fn a_log_may_replace_its_key() {
    let (log, place) = (Log::of_size(9), Place::new());
    let new = log.clone().with_key(2);
    let mut both = witnessed(&log, None);
    both.vkeys.extend(witnessed(&new, None).vkeys);
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.status(&log.request(0, 5)).await, 200);
    assert_eq!(witness.status(&new.request(5, 6)).await, 403);
    witness.stop().await;
    let witness = place.start(vec![both]).await;
    assert_eq!(witness.status(&new.request(5, 6)).await, 200);
    assert_eq!(witness.status(&log.request(6, 7)).await, 200);
    witness.stop().await;
    // Its own cosignature vouches for what it keeps.
    let witness = place.start(vec![witnessed(&new, None)]).await;
    assert_eq!(witness.status(&log.request(7, 8)).await, 403);
    assert_eq!(witness.status(&new.request(7, 8)).await, 200);
    witness.stop().await;
}

/// Two logs that forked, a hundred who ask at once and follow what they are told: what is cosigned is one line.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_at_once_get_no_fork_cosigned() {
    let (log, place) = (Log::of_size(60), Place::new());
    let logs = [log.clone(), log.fork(5)];
    let witness = Arc::new(place.start(vec![witnessed(&log, None)]).await);
    assert_eq!(witness.status(&log.request(0, 3)).await, 200);
    let asking: Vec<_> = (0..100_u64)
        .map(|number| {
            let (witness, log) = (Arc::clone(&witness), logs[usize::from(number % 2 == 1)].clone());
            tokio::spawn(async move { follow(&witness, &log, 6 + number % 50).await })
        })
        .collect();
    let mut cosigned = BTreeSet::new();
    for asking in asking {
        cosigned.extend(asking.await.unwrap());
    }
    let of_one = |log: &Log| {
        cosigned
            .iter()
            .all(|(size, root)| log.head(*size).root.to_string() == *root)
    };
    assert!(logs.iter().any(of_one), "{cosigned:?}");
    assert!(!cosigned.is_empty());
    Arc::into_inner(witness).expect("all have their answers").stop().await;
}

/// Asks until it is cosigned, refused, or too late; gives what was cosigned.
async fn follow(witness: &Running, log: &Log, new: u64) -> Option<(u64, String)> {
    let mut old = 3;
    loop {
        let request = log.request(old, new);
        match witness.ask(&request).await {
            WitnessAnswer::Cosigned(lines) => {
                cosignature_among(&lines, &request.checkpoint, &vkey()).unwrap();
                return Some((new, log.head(new).root.to_string()));
            }
            WitnessAnswer::OtherSize(size) if size.get() <= new => old = size.get(),
            WitnessAnswer::OtherSize(_) => return None,
            WitnessAnswer::Refused { status, .. } => {
                assert_eq!(status, 422);
                return None;
            }
        }
    }
}

#[tokio::test]
async fn a_fork_is_kept_as_evidence() {
    let (log, place) = (Log::of_size(9), Place::new());
    let fork = log.fork(3);
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.status(&log.request(0, 5)).await, 200);
    assert_eq!(witness.evidence(&log).await, Vec::<serde_json::Value>::new());
    // Nothing speaks against a log that somebody else forges, or that asks for the size.
    assert_eq!(witness.status(&fork.clone().with_key(2).request(5, 5)).await, 403);
    assert_eq!(witness.status(&log.request(0, 9)).await, 409);
    assert_eq!(witness.evidence(&log).await.len(), 0);

    assert_eq!(witness.status(&fork.request(5, 9)).await, 422);
    for old in [5, 5, 0] {
        let status = if old == 5 { 422 } else { 409 };
        assert_eq!(witness.status(&fork.request(old, 5)).await, status);
    }
    witness.stop().await;
    let witness = place.start(vec![witnessed(&log, None)]).await;
    let evidence = witness.evidence(&log).await;
    assert_eq!(evidence.len(), 2);
    let (unproved, proved) = (&evidence[0], &evidence[1]);
    assert_eq!(
        (&unproved["kind"], &proved["kind"]),
        (&"not-shown-consistent".into(), &"same-size".into())
    );
    for (evidence, refused) in [(unproved, 9), (proved, 5)] {
        assert_eq!(signed(&evidence["cosigned"], &log).head(), log.head(5));
        assert_eq!(signed(&evidence["refused"], &log).head(), fork.head(refused));
        let cosigned = Note::parse(evidence["cosigned"].as_str().unwrap().as_bytes()).unwrap();
        assert!(cosigned.cosigned(&vkey()).is_ok());
        assert_eq!(evidence["seen_at"], 1_767_225_600);
    }
    let proof = fork
        .proof(5, 9)
        .hashes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    assert_eq!(
        (&unproved["proof"], &proved["proof"]),
        (&proof.into(), &serde_json::Value::Null)
    );
    witness.stop().await;
}

/// Anyone can send a signed checkpoint with a wrong proof; that never displaces two roots for one size.
#[tokio::test]
async fn evidence_is_bounded_and_the_best_of_it_kept() {
    let (log, place) = (Log::of_size(40), Place::new());
    let witness = place.start(vec![witnessed(&log, None)]).await;
    assert_eq!(witness.status(&log.request(0, 5)).await, 200);
    let unproved = |new| {
        let mut request = log.request(5, new);
        request.proof.hashes = vec![Hash::ZERO];
        request
    };
    for new in 6..40 {
        assert_eq!(witness.status(&unproved(new)).await, 422);
    }
    // Those that came first stay.
    let mut kept: Vec<_> = witness
        .evidence(&log)
        .await
        .iter()
        .map(|piece| signed(&piece["refused"], &log).size.get())
        .collect();
    kept.sort_unstable();
    assert_eq!(kept, (6..22).collect::<Vec<_>>());
    assert_eq!(kept.len(), EVIDENCE_MAX);
    for from in 0..5 {
        assert_eq!(witness.status(&log.fork(from).request(5, 5)).await, 422);
    }
    let evidence = witness.evidence(&log).await;
    let proved = evidence.iter().filter(|piece| piece["kind"] == "same-size").count();
    assert_eq!((evidence.len(), proved), (EVIDENCE_MAX, 5));
    witness.stop().await;
}

#[tokio::test]
async fn what_was_changed_on_disk_is_not_gone_on_with() {
    let (log, place) = (Log::of_size(9), Place::new());
    let path = place.path(&log, "checkpoint");
    let logs = || vec![witnessed(&log, None)];
    let witness = place.start(logs()).await;
    assert_eq!(witness.status(&log.request(0, 5)).await, 200);
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, good.replace("\n5\n", "\n4\n")).unwrap();
    assert_eq!(witness.status(&log.request(5, 9)).await, 500);
    assert_eq!(witness.status(&log.request(4, 9)).await, 500);
    let other = place.fails(logs()).await;
    assert!(matches!(other, WitnessError::Locked(_)), "{other}");
    witness.stop().await;

    let other = place.fails(logs()).await;
    assert!(
        matches!(other, WitnessError::Store(StoreError::Damaged { .. })),
        "{other}"
    );
    std::fs::write(&path, "").unwrap();
    let other = place.fails(logs()).await;
    assert!(
        matches!(other, WitnessError::Store(StoreError::Damaged { .. })),
        "{other}"
    );
    let mut unknown = log.clone().with_key(3).note(4);
    unknown
        .add(cosigner().cosign(&log.note(9), CosignTime::new(9).unwrap()))
        .unwrap();
    std::fs::write(&path, log.clone().with_key(3).note(4).encode().unwrap()).unwrap();
    let other = place.fails(logs()).await;
    assert!(
        matches!(other, WitnessError::Store(StoreError::Unvouched(_))),
        "{other}"
    );
    std::fs::write(&path, unknown.encode().unwrap()).unwrap();
    let other = place.fails(logs()).await;
    assert!(
        matches!(other, WitnessError::Store(StoreError::Damaged { .. })),
        "{other}"
    );
    let silver = Log::new("log.example/silver", log.leaves.clone());
    let mut elsewhere = silver.note(5);
    elsewhere
        .add(cosigner().cosign(&silver.note(5), CosignTime::MAX))
        .unwrap();
    std::fs::write(&path, elsewhere.encode().unwrap()).unwrap();
    let other = place.fails(logs()).await;
    assert!(
        matches!(other, WitnessError::Store(StoreError::Damaged { .. })),
        "{other}"
    );
    std::fs::write(&path, good).unwrap();
    let witness = place.start(logs()).await;
    assert_eq!(witness.status(&log.request(5, 9)).await, 200);
    witness.stop().await;
}
