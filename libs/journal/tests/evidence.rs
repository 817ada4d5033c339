//! Files beside the stream, in a bucket of a real server and in memory: the same answers.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use std::fs;
use std::num::NonZeroU64;
use std::path::PathBuf;

use event::key::Digest;
use event::request::{EVIDENCE_BYTES_MAX, Visibility};
use event::{PartyId, PublicKey, Timestamp};
use journal::evidence::{
    ACCESSES_OF_ONE_MAX, Access, AccessOutcome, AccessWay, Accessed, Accesses, Claim, EVIDENCE_CHUNK_BYTES, Entry,
    EvidenceError, EvidenceFile, EvidenceInfo, EvidenceStore, JetStreamEvidence, MediaType, MemoryEvidence, Put,
    Receiving,
};
use journal::jetstream::provision;
use journal::memory::Fault;
use journal::{JournalError, Role};
use serde_json::{Value, json};
use support::Nats;
use tokio::io::AsyncReadExt;

const BUCKET_STREAM: &str = "OBJ_VETA_EVIDENCE";

fn digest(bytes: &[u8]) -> Digest {
    Digest::of(bytes)
}

fn file(bytes: &[u8]) -> EvidenceFile {
    let mut receiving = Receiving::begin(digest(bytes), bytes.len() as u64).unwrap();
    receiving.take(bytes).unwrap();
    receiving.finish().unwrap()
}

/// A PDF of so many bytes, by its beginning.
fn pdf(seed: u8, length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut next = u32::from(seed) + 1;
    bytes.resize_with(length, || {
        next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        next.to_be_bytes()[0]
    });
    bytes
}

fn claim(owner: u8, visibility: Visibility) -> Claim {
    Claim {
        owner: PartyId::from_bytes([owner; 16]),
        visibility,
        uploaded_at: Timestamp::from_unix_ms(1_780_228_800_000 + i64::from(owner)),
    }
}

fn info(file: &EvidenceFile, claim: Claim) -> EvidenceInfo {
    EvidenceInfo {
        digest: file.digest(),
        size: file.size(),
        media_type: MediaType::Pdf,
        owner: claim.owner,
        visibility: claim.visibility,
        uploaded_at: claim.uploaded_at,
    }
}

async fn open(nats: &Nats) -> JetStreamEvidence {
    JetStreamEvidence::open(nats.connect(Role::Progress).await, 1)
        .await
        .unwrap()
}

/// What holds for every store, seen through two handles.
async fn check_store(store: impl EvidenceStore, other: impl EvidenceStore) {
    let (first, second) = (file(&pdf(1, 200_000)), file(&pdf(2, EVIDENCE_CHUNK_BYTES)));
    assert_eq!(store.find(first.digest()).await, Err(EvidenceError::Missing));
    assert_eq!(store.check(first.digest()).await, Err(EvidenceError::Missing));

    let (mine, theirs) = (claim(1, Visibility::Auditors), claim(2, Visibility::Public));
    let expected = info(&first, mine);
    assert_eq!(store.put(&first, mine).await, Ok(Put::Stored(expected)));
    assert_eq!(other.put(&first, theirs).await, Ok(Put::AlreadyKept(expected)));
    let second_info = info(&second, theirs);
    assert_eq!(other.put(&second, theirs).await, Ok(Put::Stored(second_info)));

    let kept = other.find(first.digest()).await.unwrap();
    assert_eq!(kept.info, expected);
    assert_eq!(other.read(&kept).await, Ok(first.clone()));

    let shown = EvidenceInfo {
        visibility: Visibility::Buyers,
        ..expected
    };
    assert_eq!(other.set_visibility(&kept, Visibility::Buyers).await, Ok(shown));
    assert_eq!(store.check(first.digest()).await, Ok(shown));
    let late = store.set_visibility(&kept, Visibility::Public).await;
    assert_eq!(late, Err(EvidenceError::Conflict));
    assert_eq!(store.put(&first, mine).await, Ok(Put::AlreadyKept(shown)));
    assert_eq!(store.check(second.digest()).await, Ok(second_info));

    let program = file(b"\x7fELF\x02\x01\x01");
    assert_eq!(store.put(&program, mine).await, Err(EvidenceError::MediaType));
    assert_eq!(store.find(program.digest()).await, Err(EvidenceError::Missing));
}

const OWNER: PartyId = PartyId::from_bytes([1; 16]);
const STRANGER: PartyId = PartyId::from_bytes([2; 16]);

/// Somebody's look at two files, the one that many milliseconds after the first.
fn look(ms: i64) -> Access {
    let accessed = |byte, outcome| Accessed {
        digest: Digest::from_bytes([byte; 32]),
        outcome,
    };
    Access {
        at: Timestamp::from_unix_ms(1_780_228_800_000 + ms),
        party: PartyId::from_bytes([9; 16]),
        key: PublicKey::from_bytes([8; 32]),
        way: AccessWay::Session,
        files: vec![
            accessed(1, AccessOutcome::HandedOut),
            accessed(2, AccessOutcome::Refused),
        ],
    }
}

/// The numbers of looks, and where the next older one stands.
async fn numbers<S: EvidenceStore>(
    store: &S,
    owner: PartyId,
    from: Option<NonZeroU64>,
) -> (Vec<u64>, Option<NonZeroU64>) {
    let Accesses { noted, older } = store.accesses(owner, from, 3).await.unwrap();
    for noted in &noted {
        let number = noted.entry.number;
        assert_eq!(
            noted.entry.access,
            look(i64::try_from(number).unwrap()),
            "number {number}"
        );
    }
    (noted.iter().map(|noted| noted.entry.number).collect(), older)
}

/// What holds of the looks in every store, seen through two handles.
async fn check_looks(store: impl EvidenceStore, other: impl EvidenceStore) {
    assert_eq!(numbers(&store, OWNER, None).await, (vec![], None));
    for ms in 1..=7 {
        store.write_down(OWNER, &look(ms)).await.unwrap();
        // The same look, told again because an answer was lost.
        other.write_down(OWNER, &look(ms)).await.unwrap();
        other.write_down(STRANGER, &look(ms)).await.unwrap();
    }
    let (newest, older) = numbers(&other, OWNER, None).await;
    assert_eq!(newest, [7, 6, 5]);
    let (next, oldest) = numbers(&other, OWNER, older).await;
    assert_eq!(next, [4, 3, 2]);
    assert_eq!(numbers(&store, OWNER, oldest).await, (vec![1], None));
    // A mark leads to looks at one's own files only.
    assert_eq!(numbers(&store, STRANGER, older).await, (vec![], None));
    assert_eq!(
        numbers(&store, OWNER, NonZeroU64::new(u64::MAX / 2)).await,
        (vec![], None)
    );
    // Who has not seen the latest writes nothing.
    let entry = Entry {
        number: 9,
        previous: oldest,
        access: look(9),
    };
    assert_eq!(other.note(OWNER, &entry).await, Err(EvidenceError::Conflict));
    // Two at one time are two.
    let (one, two) = (look(8), look(9));
    let both = tokio::join!(store.write_down(OWNER, &one), other.write_down(OWNER, &two));
    assert_eq!(both, (Ok(()), Ok(())));
    let latest = store.accesses(OWNER, None, 2).await.unwrap();
    assert_eq!(
        latest.noted.iter().map(|noted| noted.entry.number).collect::<Vec<_>>(),
        [9, 8]
    );
}

#[tokio::test]
async fn files_in_memory() {
    let store = MemoryEvidence::new();
    check_store(store.clone(), store.clone()).await;
    check_looks(store.clone(), store).await;
}

#[tokio::test]
async fn files_on_a_server_through_two_connections_and_a_crash() {
    let mut nats = Nats::start().await;
    check_store(open(&nats).await, open(&nats).await).await;
    check_looks(open(&nats).await, open(&nats).await).await;
    nats.server.kill().await.unwrap();
    nats.server.restart().await.unwrap();
    let reopened = open(&nats).await;
    let whole = reopened.check(digest(&pdf(1, 200_000))).await.unwrap();
    assert_eq!(whole.visibility, Visibility::Buyers);
    assert_eq!(reopened.accesses(OWNER, None, 100).await.unwrap().noted.len(), 9);
}

#[tokio::test]
async fn the_oldest_look_is_dropped_and_the_newer_ones_stay() {
    let store = MemoryEvidence::new();
    let most = i64::try_from(ACCESSES_OF_ONE_MAX).unwrap();
    for ms in 1..=most + 1 {
        store.write_down(OWNER, &look(ms)).await.unwrap();
    }
    let all = store.accesses(OWNER, None, usize::MAX).await.unwrap();
    assert_eq!((all.noted.len() as u64, all.older), (ACCESSES_OF_ONE_MAX, None));
    assert_eq!(all.noted.last().unwrap().entry.number, 2);

    // On a server: the same of three, since writing down so many takes minutes.
    let nats = Nats::start().await;
    let store = open(&nats).await;
    store.write_down(STRANGER, &look(1)).await.unwrap();
    let info = nats.api("STREAM.INFO.VETA_ACCESSES", &json!({})).await;
    assert_eq!(info["config"]["max_msgs_per_subject"], json!(ACCESSES_OF_ONE_MAX));
    recreate(&nats, &info["config"], &json!({"max_msgs_per_subject": 2})).await;
    for ms in 1..=4 {
        store.write_down(OWNER, &look(ms)).await.unwrap();
    }
    let all = store.accesses(OWNER, None, 100).await.unwrap();
    let numbers: Vec<_> = all.noted.iter().map(|noted| noted.entry.number).collect();
    assert_eq!((numbers, all.older), (vec![4, 3], None));
}

#[tokio::test]
async fn a_look_is_written_down_or_said_not_to_be() {
    let store = MemoryEvidence::new();
    store.fail_next(Fault::PersistedButUnanswered);
    store.write_down(OWNER, &look(1)).await.unwrap();
    assert_eq!(numbers(&store, OWNER, None).await, (vec![1], None));
    store.fail_next(Fault::NotPersisted);
    let noted = store.write_down(OWNER, &look(2)).await;
    assert!(matches!(noted, Err(EvidenceError::Unknown { .. })), "{noted:?}");
    assert_eq!(numbers(&store, OWNER, None).await, (vec![1], None));
}

#[tokio::test]
async fn the_largest_file_is_one_batch() {
    let nats = Nats::start().await;
    let store = open(&nats).await;
    let file = file(&pdf(3, usize::try_from(EVIDENCE_BYTES_MAX).unwrap()));
    store.put(&file, claim(1, Visibility::Organization)).await.unwrap();
    assert_eq!(
        messages(&nats).await,
        EVIDENCE_BYTES_MAX / EVIDENCE_CHUNK_BYTES as u64 + 1
    );
    let kept = store.find(file.digest()).await.unwrap();
    assert!(store.read(&kept).await.unwrap() == file);
}

#[tokio::test]
async fn other_clients_of_object_stores_read_it() {
    let nats = Nats::start().await;
    let (bytes, mine) = (pdf(3, 150_000), claim(1, Visibility::Organization));
    let file = file(&bytes);
    open(&nats).await.put(&file, mine).await.unwrap();

    let context = async_nats::jetstream::new(nats.client(Role::Provisioner).await);
    let bucket = context.get_object_store("VETA_EVIDENCE").await.unwrap();
    let mut object = bucket.get(file.digest().to_string()).await.unwrap();
    let mut read = Vec::new();
    object.read_to_end(&mut read).await.unwrap();
    assert!(read == bytes, "{} bytes read", read.len());
    assert_eq!(object.info().metadata["owner"], mine.owner.to_string());
}

#[tokio::test]
async fn nobody_replaces_or_removes_a_file() {
    let nats = Nats::start().await;
    let store = open(&nats).await;
    let kept = file(&pdf(1, 1_000));
    store.put(&kept, claim(1, Visibility::Public)).await.unwrap();
    let refused = [
        ("STREAM.PURGE", json!({})),
        ("STREAM.PURGE", json!({"filter": "$O.VETA_EVIDENCE.C.>"})),
        ("STREAM.MSG.DELETE", json!({"seq": 1})),
    ];
    for (call, body) in refused {
        let answer = nats.api(&format!("{call}.{BUCKET_STREAM}"), &body).await;
        assert!(answer["error"].is_object(), "{call}: {answer}");
    }
    // What other clients send when they replace a description.
    let mut headers = async_nats::HeaderMap::new();
    headers.insert("Nats-Rollup", "sub");
    let subject = "$O.VETA_EVIDENCE.M.other".to_owned();
    let client = nats.client(Role::Progress).await;
    let answer = client
        .request_with_headers(subject, headers, "{}".into())
        .await
        .unwrap();
    let answer: Value = serde_json::from_slice(&answer.payload).unwrap();
    assert!(answer["error"].is_object(), "{answer}");
    store.check(kept.digest()).await.unwrap();
}

/// Stores a file, publishes what `forged` makes of its description in its place, and expects `error`; then puts the file
/// again, and expects it whole with `owner` as its owner.
async fn check_forged(nats: &Nats, seed: u8, forged: impl FnOnce(Value) -> Value, missing: bool, owner: u8) {
    let store = open(nats).await;
    let whole = file(&pdf(seed, 100_000));
    store.put(&whole, claim(1, Visibility::Organization)).await.unwrap();
    let answer = nats
        .api(
            &format!("STREAM.MSG.GET.{BUCKET_STREAM}"),
            &json!({"seq": messages(nats).await}),
        )
        .await;
    let subject = answer["message"]["subject"].as_str().unwrap().to_owned();
    let description = base64(&answer["message"]["data"]);
    let forged = forged(serde_json::from_slice(&description).unwrap()).to_string();
    nats.client(Role::Progress)
        .await
        .request(subject, forged.into())
        .await
        .unwrap();
    match store.check(whole.digest()).await.unwrap_err() {
        EvidenceError::Missing => assert!(missing),
        EvidenceError::Altered { .. } => assert!(!missing),
        error => panic!("{error}"),
    }
    let put = store.put(&whole, claim(2, Visibility::Organization)).await.unwrap();
    assert_eq!(matches!(put, Put::Mended(_)), !missing, "{put:?}");
    let checked = store.check(whole.digest()).await.unwrap();
    assert_eq!(checked.owner, claim(owner, Visibility::Public).owner);
}

#[tokio::test]
async fn a_file_that_was_altered_in_the_store_is_not_handed_out_and_is_mended_by_putting_it_again() {
    let nats = Nats::start().await;
    let client = nats.client(Role::Progress).await;
    let publish = |object: &str, bytes: Vec<u8>| client.request(format!("$O.VETA_EVIDENCE.C.{object}"), bytes.into());
    let mut other = pdf(1, 100_000);
    other[99_999] ^= 1;
    for (object, bytes) in [("other", &other[..]), ("short", &other[..50_000])] {
        for part in bytes.chunks(60_000) {
            publish(object, part.to_vec()).await.unwrap();
        }
    }
    let changed = |name: &'static str, value: Value| {
        move |mut description: Value| {
            description[name] = value;
            description
        }
    };
    check_forged(&nats, 1, changed("nuid", json!("other")), false, 1).await;
    check_forged(&nats, 2, changed("nuid", json!("other")), false, 1).await;
    check_forged(&nats, 3, changed("nuid", json!("short")), false, 1).await;
    check_forged(&nats, 4, changed("nuid", json!("nowhere")), false, 1).await;
    check_forged(&nats, 5, changed("nuid", json!(">")), false, 2).await;
    check_forged(&nats, 6, changed("size", json!(99_999)), false, 1).await;
    check_forged(&nats, 7, changed("size", json!(EVIDENCE_BYTES_MAX + 1)), false, 1).await;
    check_forged(&nats, 8, changed("digest", json!("SHA-256=")), false, 2).await;
    check_forged(&nats, 9, changed("metadata", json!({})), false, 2).await;
    check_forged(&nats, 10, |_| json!("no description"), false, 2).await;
    // What other clients leave of an object that they delete.
    let mark = |description: Value| json!({"name": description["name"], "bucket": "VETA_EVIDENCE", "nuid": "", "size": 0, "chunks": 0, "deleted": true});
    check_forged(&nats, 11, mark, true, 2).await;
}

#[tokio::test]
async fn a_bit_that_flips_on_the_disk_is_noticed() {
    let mut nats = Nats::start().await;
    let rotten = file(&pdf(1, 300_000));
    open(&nats)
        .await
        .put(&rotten, claim(1, Visibility::Public))
        .await
        .unwrap();
    nats.server.stop().await.unwrap();
    flip(&nats, &rotten.bytes()[150_000..150_032]);
    nats.server.restart().await.unwrap();
    let store = open(&nats).await;
    let error = store.check(rotten.digest()).await.unwrap_err();
    assert!(matches!(error, EvidenceError::Altered { .. }), "{error}");
    let put = store.put(&rotten, claim(2, Visibility::Public)).await.unwrap();
    assert!(matches!(put, Put::Mended(_)), "{put:?}");
    store.check(rotten.digest()).await.unwrap();
}

/// Flips a bit of the bytes `found` wherever the server stores them.
fn flip(nats: &Nats, found: &[u8]) {
    let mut folders = vec![nats.dir.path().join("store")];
    let mut flipped = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut bytes = fs::read(&path).unwrap();
            if let Some(at) = bytes.windows(found.len()).position(|window| window == found) {
                bytes[at] ^= 1;
                fs::write(&path, bytes).unwrap();
                flipped += 1;
            }
        }
    }
    assert_eq!(flipped, 1, "the bytes are stored once");
}

#[tokio::test]
async fn of_two_that_put_the_same_file_at_once_one_is_first() {
    let nats = Nats::start().await;
    let (one, other) = (open(&nats).await, open(&nats).await);
    for seed in 0..8 {
        let before = messages(&nats).await;
        let same = file(&pdf(seed, 3 * EVIDENCE_CHUNK_BYTES));
        let (first, second) = tokio::join!(
            one.put(&same, claim(1, Visibility::Public)),
            other.put(&same, claim(2, Visibility::Public)),
        );
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!(first.info(), second.info());
        let stored = [first, second]
            .iter()
            .filter(|put| matches!(put, Put::Stored(_)))
            .count();
        assert_eq!(stored, 1, "{first:?} {second:?}");
        // The other one left no chunk behind.
        assert_eq!(messages(&nats).await, before + 3 + 1);
    }
}

#[tokio::test]
async fn an_unanswered_upload_is_told_apart_by_looking_again() {
    let (upload, mine) = (file(&pdf(1, 1_000)), claim(1, Visibility::Public));
    let store = MemoryEvidence::new();
    store.fail_next(Fault::NotPersisted);
    let put = store.put(&upload, mine).await;
    assert!(matches!(put, Err(EvidenceError::Unknown { .. })), "{put:?}");
    assert_eq!(store.count(), 0);

    store.fail_next(Fault::PersistedButUnanswered);
    let expected = info(&upload, mine);
    assert_eq!(store.put(&upload, mine).await, Ok(Put::AlreadyKept(expected)));

    for (fault, visibility) in [
        (Fault::NotPersisted, Visibility::Public),
        (Fault::PersistedButUnanswered, Visibility::Buyers),
    ] {
        let kept = store.find(upload.digest()).await.unwrap();
        store.fail_next(fault);
        let set = store.set_visibility(&kept, Visibility::Buyers).await;
        assert!(matches!(set, Err(EvidenceError::Unknown { .. })), "{set:?}");
        assert_eq!(store.find(upload.digest()).await.unwrap().info.visibility, visibility);
    }
}

#[tokio::test]
async fn only_progress_opens_it_and_writes_nothing_else() {
    let nats = Nats::start().await;
    for role in [Role::Ingest, Role::View, Role::Audit] {
        let error = JetStreamEvidence::open(nats.connect(role).await, 1).await.unwrap_err();
        assert!(error.to_string().contains("permission"), "{role:?}: {error}");
    }
    let allowed = Role::Progress.may_publish();
    let writes: Vec<_> = allowed
        .iter()
        .filter(|subject| !subject.starts_with("$JS.API."))
        .collect();
    assert_eq!(writes, ["$O.VETA_EVIDENCE.>", "veta.accesses.*"]);
}

#[tokio::test]
async fn a_bucket_that_could_lose_files_is_refused_by_name() {
    let nats = Nats::start().await;
    let info = nats.api(&format!("STREAM.INFO.{BUCKET_STREAM}"), &json!({})).await;
    let right = &info["config"];
    let cases = [
        (json!({"storage": "memory"}), "storage"),
        (json!({"discard": "old"}), "discard"),
        (json!({"max_age": 86_400_000_000_000_u64}), "max_age"),
        (json!({"max_msgs_per_subject": 1}), "max_msgs_per_subject"),
        (json!({"max_msg_size": -1}), "max_msg_size"),
        (json!({"allow_atomic": false}), "allow_atomic"),
        (json!({"deny_delete": false}), "deny_delete"),
        // What other clients make of a bucket.
        (json!({"deny_purge": false, "allow_rollup_hdrs": true}), "deny_purge"),
        (json!({"subjects": ["$O.VETA_EVIDENCE.>"]}), "subjects"),
    ];
    for (changes, named) in cases {
        recreate(&nats, right, &changes).await;
        let opened = JetStreamEvidence::open(nats.connect(Role::Progress).await, 1).await;
        let error = opened.expect_err(&changes.to_string());
        assert!(
            matches!(&error, JournalError::Setting { name, stream, .. } if *name == named && *stream == BUCKET_STREAM),
            "{changes}: {error}"
        );
        assert_eq!(provision(&nats.connect(Role::Provisioner).await, 1).await, Err(error));
    }
}

#[tokio::test]
async fn a_full_bucket_refuses_and_keeps_what_it_has() {
    let nats = Nats::start().await;
    let info = nats.api(&format!("STREAM.INFO.{BUCKET_STREAM}"), &json!({})).await;
    recreate(&nats, &info["config"], &json!({"max_bytes": 300_000})).await;
    let store = open(&nats).await;
    let first = file(&pdf(1, 200_000));
    store.put(&first, claim(1, Visibility::Public)).await.unwrap();
    let second = file(&pdf(2, 200_000));
    let error = store.put(&second, claim(1, Visibility::Public)).await.unwrap_err();
    assert!(matches!(error, EvidenceError::Refused { .. }), "{error:?}");
    assert_eq!(store.find(second.digest()).await, Err(EvidenceError::Missing));
    store.check(first.digest()).await.unwrap();
}

/// Deletes a stream and creates it as it was, but for `changes`.
async fn recreate(nats: &Nats, right: &Value, changes: &Value) {
    let stream = right["name"].as_str().unwrap();
    let deleted = nats.api(&format!("STREAM.DELETE.{stream}"), &json!({})).await;
    assert_eq!(deleted["success"], true, "{deleted}");
    let mut config = right.clone();
    for (name, value) in changes.as_object().unwrap() {
        config[name] = value.clone();
    }
    let created = nats.api(&format!("STREAM.CREATE.{stream}"), &config).await;
    assert_eq!(created.get("error"), None, "{changes}: {created}");
}

/// How many messages the bucket's stream holds.
async fn messages(nats: &Nats) -> u64 {
    let info = nats.api(&format!("STREAM.INFO.{BUCKET_STREAM}"), &json!({})).await;
    info["state"]["messages"].as_u64().unwrap()
}

fn base64(text: &Value) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD
        .decode(text.as_str().unwrap())
        .unwrap()
}
