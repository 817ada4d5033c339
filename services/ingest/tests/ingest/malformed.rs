//! Bytes that are no statement of anyone: refused with the reason, nothing written, and those beside them are served.

use std::collections::BTreeMap;
use std::fs;

use ::tests::world::key;
use ed25519_dalek::hazmat::{ExpandedSecretKey, raw_sign};
use ed25519_dalek::{Signer as _, SigningKey};
use event::statement::{Body, STATEMENT_BODY_BYTES_MAX, SignatureBytes};
use event::{DeploymentId, PublicKey, SignedStatement, Timestamp};
use journal::memory::MemoryJournal;
use ledger::Refusal;
use rpc::ingest::SubmitRequest;
use rpc::ingest::ingest_service_client::IngestServiceClient;
use rpc::limits::REQUEST_BYTES_MAX;
use rpc::status::refusal_of;
use service::clock::TestClock;
use sha2::Sha512;
use tonic::Code;

use crate::support::{Running, Town, check_receipts, outcomes, request};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../libs/event/testdata/vectors");
/// After the latest vector of usual times was stated: 2026-06-01T00:00:00Z.
const VECTORS_SAID: Timestamp = Timestamp::from_unix_ms(1_780_272_000_000);

/// Each is refused alone; then all of them in one stream, a good statement before each and one at the end.
async fn check(cases: Vec<(String, Vec<u8>, Refusal)>, mut town: Town) {
    let journal = town.journal();
    let ingest = Running::start(journal.clone()).await;
    let before = journal.records();
    for (why, bytes, refusal) in &cases {
        let status = ingest.submit(bytes).await.expect_err(why);
        assert_eq!(refusal_of(&status), Some(*refusal), "{why}: {status:?}");
        assert_eq!(status.code(), Code::InvalidArgument, "{why}");
        assert_eq!(status.message(), refusal.to_string(), "{why}");
    }
    assert_eq!(journal.records(), before, "nothing is written");

    let good = town.lots(0, cases.len() + 1);
    let mut stream = Vec::new();
    for (good, (_, bad, _)) in good.iter().zip(&cases) {
        stream.extend([good.clone(), bad.clone()]);
    }
    stream.push(good[cases.len()].clone());
    let many = ingest.submit_many(&stream).await;
    assert!(many.end.is_none());
    assert_eq!(many.outcomes.len(), stream.len());
    let receipts: Vec<_> = many
        .outcomes
        .iter()
        .step_by(2)
        .map(|outcome| outcome.unwrap())
        .collect();
    let positions: Vec<_> = receipts.iter().map(|receipt| receipt.position.get()).collect();
    let first = before.len() as u64 + 1;
    assert_eq!(positions, (first..first + good.len() as u64).collect::<Vec<_>>());
    for ((why, _, refusal), outcome) in cases.iter().zip(many.outcomes.iter().skip(1).step_by(2)) {
        assert_eq!(*outcome, Err(*refusal), "{why}");
    }
    let records = journal.records();
    assert_eq!(
        records.len(),
        before.len() + good.len(),
        "only the good ones are written"
    );
    check_receipts(&records, good.iter().zip(&receipts));
    ingest.check_rebuilt(&records).await;
    ingest.stop().await;
}

fn signed(deployment: DeploymentId, key: &SigningKey, body: Vec<u8>) -> SignedStatement {
    let message = [b"veta/statement/v1\n", deployment.as_bytes().as_slice(), &body].concat();
    SignedStatement {
        key: key.verifying_key().into(),
        signature: SignatureBytes(key.sign(&message).to_bytes()),
        body: Body(body),
    }
}

/// The neutral element as a key: it would verify a signature that nobody made.
fn weakly_signed(deployment: DeploymentId, body: Vec<u8>) -> SignedStatement {
    let weak = ed25519_dalek::VerifyingKey::from_bytes(&core::array::from_fn(|place| u8::from(place == 0))).unwrap();
    let secret = ExpandedSecretKey::from_bytes(&[0; 64]);
    let message = [b"veta/statement/v1\n", deployment.as_bytes().as_slice(), &body].concat();
    SignedStatement {
        key: PublicKey::from_bytes(weak.to_bytes()),
        signature: SignatureBytes(raw_sign::<Sha512>(&secret, &message, &weak).to_bytes()),
        body: Body(body),
    }
}

#[tokio::test]
async fn crafted_bytes_are_refused_with_their_reason() {
    let town = Town::of(1);
    let cases = [envelopes(&town), signatures(&town), bodies(&town)].concat();
    check(
        cases
            .into_iter()
            .map(|(why, bytes, refusal)| (why.to_owned(), bytes, refusal))
            .collect(),
        town,
    )
    .await;
}

type Crafted = (&'static str, Vec<u8>, Refusal);

/// The statement that the others are made from, as it would be good.
fn good(town: &Town) -> SignedStatement {
    SignedStatement::decode(&town.clone().lot(0)).unwrap()
}

fn envelopes(town: &Town) -> Vec<Crafted> {
    let good = good(town);
    let (bytes, body) = (good.encode(), good.body.0);
    // The length of the body stands behind key and signature, in one byte if it is below 128.
    let short = u8::try_from(body.len()).unwrap();
    let overlong = if short < 128 {
        vec![short | 0x80, 0]
    } else {
        vec![short, 0x81, 0]
    };
    let headed = |length: &[u8]| [&bytes[..96], length, &body].concat();
    vec![
        ("nothing", vec![], Refusal::Malformed),
        ("text", b"this is not a statement".to_vec(), Refusal::Malformed),
        ("a byte behind it", [&bytes[..], &[0]].concat(), Refusal::NotCanonical),
        ("an overlong length", headed(&overlong), Refusal::NotCanonical),
        ("a length past the end", headed(&[0xff, 0x7f]), Refusal::Malformed),
        (
            "as long as a request can be",
            vec![0; REQUEST_BYTES_MAX - 16],
            Refusal::StatementTooLong,
        ),
    ]
}

fn signatures(town: &Town) -> Vec<Crafted> {
    let (good, own, elsewhere) = (good(town), &town.operators[0].key, DeploymentId::from_bytes([9; 32]));
    let (bytes, body) = (good.encode(), good.body.0.clone());
    let flipped = |place: usize| {
        let mut bytes = bytes.clone();
        bytes[place] ^= 1;
        bytes
    };
    let by_another = SignedStatement {
        key: key(99).verifying_key().into(),
        ..good
    };
    vec![
        ("a flipped bit in R", flipped(32), Refusal::BadSignature),
        ("a flipped bit in S", flipped(64), Refusal::BadSignature),
        (
            "a flipped bit in the body",
            flipped(bytes.len() - 1),
            Refusal::BadSignature,
        ),
        ("another's key", by_another.encode(), Refusal::BadSignature),
        (
            "another deployment",
            signed(elsewhere, own, body.clone()).encode(),
            Refusal::BadSignature,
        ),
        (
            "no deployment",
            signed(DeploymentId::FOUNDING, own, body.clone()).encode(),
            Refusal::BadSignature,
        ),
        (
            "a weak key",
            weakly_signed(town.deployment(), body).encode(),
            Refusal::BadKey,
        ),
    ]
}

/// Their signatures hold.
fn bodies(town: &Town) -> Vec<Crafted> {
    let body = good(town).body.0;
    let of = |body: Vec<u8>| signed(town.deployment(), &town.operators[0].key, body).encode();
    // The party has 16 bytes; the number behind it is 1, and here in two bytes.
    assert_eq!(body[16], 1);
    let overlong = [&body[..16], &[0x81, 0], &body[17..]].concat();
    vec![
        (
            "a byte behind the body",
            of([&body[..], &[0]].concat()),
            Refusal::NotCanonical,
        ),
        ("an overlong number", of(overlong), Refusal::NotCanonical),
        ("no body", of(vec![]), Refusal::MalformedBody),
        (
            "ones as long as can be",
            of(vec![0xff; STATEMENT_BODY_BYTES_MAX]),
            Refusal::MalformedBody,
        ),
        (
            "a byte too long",
            of(vec![0; STATEMENT_BODY_BYTES_MAX + 1]),
            Refusal::StatementTooLong,
        ),
    ]
}

#[tokio::test]
async fn a_statement_cut_anywhere_is_refused() {
    let town = Town::of(1);
    let whole = town.clone().lot(0);
    let cut = |length| (format!("{length} bytes"), whole[..length].to_vec(), Refusal::Malformed);
    check((0..whole.len()).map(cut).collect(), town).await;
}

/// The golden vectors are signed for the deployment that the first of them founds.
#[tokio::test]
async fn the_golden_vectors_are_refused_as_they_say() {
    let vectors = vectors();
    let founding = hex::decode(&vectors["statement-deployment-founded"]["signed"]).unwrap();
    let journal = MemoryJournal::new();
    let ingest = Running::start_at(journal.clone(), TestClock::at(VECTORS_SAID)).await;
    let founded = ingest.submit(&founding).await.unwrap();
    assert_eq!(
        founded.statement.to_string(),
        vectors["statement-deployment-founded"]["id"]
    );
    let before = journal.records();
    let mut refused = 0;
    let here = vectors
        .iter()
        .filter(|(_, vector)| vector["deployment"] == founded.statement.to_string());
    for (name, vector) in here {
        let outcome = ingest.submit(&hex::decode(&vector["signed"]).unwrap()).await;
        match refusal(&vector["expect"]) {
            None => {
                let refusal = outcome.err().map(|status| refusal_of(&status).unwrap());
                assert!(
                    refusal.is_none_or(|refusal| 100 <= refusal.code()),
                    "{name}: {refusal:?}"
                );
            }
            Some(refusal) => {
                refused += 1;
                assert_eq!(refusal_of(&outcome.unwrap_err()), Some(refusal), "{name}");
            }
        }
    }
    assert!(75 < refused, "only {refused} vectors are bad");
    let bad = |record: &bytes::Bytes| {
        !before.contains(record) && {
            let record = event::Record::decode(record).unwrap().into_statement().encode();
            vectors
                .values()
                .any(|vector| refusal(&vector["expect"]).is_some() && vector["signed"] == hex::encode(&record))
        }
    };
    assert!(!journal.records().iter().any(bad), "no bad vector is written");
    ingest.stop().await;
}

type Vector = BTreeMap<String, String>;

/// Every vector of a statement, by its name.
fn vectors() -> BTreeMap<String, Vector> {
    let mut vectors = BTreeMap::new();
    for entry in fs::read_dir(VECTORS).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("statement-") {
            let text = fs::read_to_string(path).unwrap();
            let fields = text.lines().map(|line| line.split_once(':').unwrap());
            let fields = fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
            vectors.insert(name, fields.collect());
        }
    }
    vectors
}

fn refusal(expect: &str) -> Option<Refusal> {
    match expect {
        "verified" => None,
        "TooLong" => Some(Refusal::StatementTooLong),
        name => Refusal::ALL
            .iter()
            .copied()
            .find(|refusal| refusal.name() == name)
            .or_else(|| panic!("{name}")),
    }
}

/// Above the longest request the transport speaks, not a rule: those before have their outcomes, and the call ends.
#[tokio::test]
async fn a_message_above_the_longest_request_ends_the_call() {
    let mut town = Town::of(1);
    let journal = town.journal();
    let ingest = Running::start(journal.clone()).await;
    let channel = rpc::client::connect(&ingest.url).await.unwrap();
    let mut careless = IngestServiceClient::new(channel);
    let long = vec![0; REQUEST_BYTES_MAX + 1];
    let before = journal.records();
    let alone = SubmitRequest {
        statement: long.clone(),
    };
    let status = careless.submit(alone).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange);
    assert!(status.message().contains(&REQUEST_BYTES_MAX.to_string()), "{status:?}");
    assert_eq!(journal.records(), before);

    let good = town.lots(0, 3);
    let requests = [good[0].clone(), good[1].clone(), long, good[2].clone()].map(request);
    let answers = careless.submit_many(tokio_stream::iter(requests)).await.unwrap();
    let many = outcomes(answers.into_inner()).await;
    let receipts: Vec<_> = many.outcomes.into_iter().map(Result::unwrap).collect();
    assert_eq!(receipts.len(), 2, "those before have their outcomes");
    assert_eq!(many.end.unwrap().code(), Code::OutOfRange);
    let records = journal.records();
    assert_eq!(records.len(), before.len() + 2, "what stands behind was not looked at");
    check_receipts(&records, good.iter().zip(&receipts));
    // The connection, and everyone else, go on.
    ingest.submit(&good[2]).await.unwrap();
    ingest.stop().await;
}
