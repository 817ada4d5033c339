//! The log through its door: nothing is signed that is not durable, read back, and an extension of what was signed.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::net::SocketAddr;
use std::path::Path;

use audit::{Audit, AuditError, HeadError, LogError, SERVICES, run};
use ed25519_dalek::SigningKey;
use event::{SignedStatement, StreamPosition};
use journal::cell::MemoryCell;
use journal::memory::{Fault, MemoryJournal};
use replay::Replica;
use replay::bundle::verify;
use rpc::audit::{
    GetCheckpointRequest, GetConsistencyProofRequest, GetEntryProofRequest, GetInclusionProofRequest, GetLogRequest,
    GetLotProofRequest, GetPositionRequest, ListEntriesRequest, StreamEntriesRequest,
};
use rpc::client::connect;
use service::health::Health;
use service::shutdown::Shutdown;
use tests::world::{World, record};
use tlog::note::Vkey;
use tlog::policy::Policy;
use tlog::proof::TlogProof;
use tlog::tiles::{TileId, TileReader, decode_entries};
use tlog::tree::{ConsistencyProof, Frontier, InclusionProof, leaf_hash};
use tlog::{Checkpoint, Leaf, LeafIndex, Origin, TreeHead, TreeSize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tonic::Code;
use tonic::transport::Channel;

/// A deployment's stream, and where its log is kept.
struct Place {
    journal: MemoryJournal,
    cell: MemoryCell,
    dir: tempfile::TempDir,
}

struct Running {
    http: SocketAddr,
    channel: Channel,
    shutdown: Shutdown,
    running: JoinHandle<Result<(), AuditError>>,
}

impl Place {
    fn new() -> Self {
        Self {
            journal: MemoryJournal::new(),
            cell: MemoryCell::new(),
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn push(&self, statements: &[SignedStatement]) {
        for statement in statements {
            self.journal.push(record(statement));
        }
    }

    async fn start(&self) -> Running {
        let (url, http, shutdown, running) = self.launch().await;
        Running {
            http,
            channel: connect(&url).await.unwrap(),
            shutdown,
            running,
        }
    }

    async fn launch(&self) -> (String, SocketAddr, Shutdown, JoinHandle<Result<(), AuditError>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let tiles = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let http = tiles.local_addr().unwrap();
        let audit = Audit {
            journal: self.journal.reopen(),
            cell: self.cell.clone(),
            dir: self.dir.path().to_owned(),
            origin: origin(),
            key: SigningKey::from_bytes(&[3; 32]),
            listener,
            http: Some(tiles),
            health: Health::starting(SERVICES).await,
            metrics: views::Metrics::default(),
        };
        let shutdown = Shutdown::new();
        let running = tokio::spawn(run(audit, shutdown.clone()));
        (url, http, shutdown, running)
    }

    /// How it ends where it must not go on.
    async fn fails(&self) -> LogError {
        let (.., running) = self.launch().await;
        match running.await.unwrap().unwrap_err() {
            AuditError::Log(error) | AuditError::View(views::ViewError::View(error)) => error,
            other => panic!("{other}"),
        }
    }
}

impl Running {
    /// The published checkpoint, once it covers a position.
    async fn checkpoint(&self, at_least: u64) -> Checkpoint {
        let request = GetCheckpointRequest {
            at_least_position: at_least,
        };
        let found = rpc::client::audit(self.channel.clone())
            .get_checkpoint(request)
            .await
            .unwrap()
            .into_inner();
        Checkpoint::open(&found.checkpoint_note, &self.vkey().await).unwrap()
    }

    async fn vkey(&self) -> Vkey {
        let log = rpc::client::audit(self.channel.clone())
            .get_log(GetLogRequest {})
            .await
            .unwrap()
            .into_inner();
        log.vkey.parse().unwrap()
    }

    async fn consistent(&self, old: TreeHead, new: TreeHead) {
        let request = GetConsistencyProofRequest {
            old_tree_size: old.size.get(),
            new_tree_size: new.size.get(),
            at_least_position: 0,
        };
        let proof = rpc::client::audit(self.channel.clone())
            .get_consistency_proof(request)
            .await
            .unwrap()
            .into_inner();
        ConsistencyProof::try_from(&proof).unwrap().verify(&old, &new).unwrap();
    }

    async fn rows_digest(&self, at_least: u64) -> String {
        let request = GetPositionRequest {
            at_least_position: at_least,
            with_digest: true,
        };
        let view = rpc::client::audit(self.channel.clone())
            .get_position(request)
            .await
            .unwrap()
            .into_inner()
            .view;
        view.unwrap().rows_digest
    }

    /// Status, head and body.
    async fn get(&self, request: &str) -> (u16, String, Vec<u8>) {
        self.get_if(request, "").await
    }

    async fn get_if(&self, request: &str, headers: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.http).await.unwrap();
        let request = format!("{request} HTTP/1.1\r\nhost: log\r\n{headers}connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head, answer[end + 4..].to_vec())
    }

    async fn stop(self) {
        self.shutdown.trigger();
        self.running.await.unwrap().unwrap();
    }
}

fn origin() -> Origin {
    Origin::new("veta.test/log").unwrap()
}

/// A world with a lot in it, and the statements that made it.
fn lot() -> (World, Vec<SignedStatement>, event::LotId) {
    let (mut world, founded) = World::found(7);
    let (mut miner, enrolled) = world.enrol(event::vocabulary::PartyKind::MinersOrganization, "Miners");
    let (site, registered) = world.site(&miner, "Hill");
    let (lot, declared) = world.declare(&mut miner, site, 20);
    let mut statements = vec![founded];
    statements.extend(enrolled);
    statements.extend([registered, declared]);
    (world, statements, lot)
}

/// The tree that the stream makes, by the auditor's own hand.
fn replayed(journal: &MemoryJournal) -> TreeHead {
    let mut replica = Replica::with_log(&origin());
    let mut tree = Frontier::new();
    for payload in journal.records() {
        let step = replica.step(replay::check(replica.deployment(), payload));
        tree.push(step.leaf.unwrap().unwrap().hash);
    }
    tree.head()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_verifies_under_the_checkpoint() {
    let place = Place::new();
    let (_, statements, lot) = lot();
    place.push(&statements);
    place.journal.push(b"garbage".to_vec());
    let running = place.start().await;
    let (checkpoint, vkey) = (running.checkpoint(6).await, running.vkey().await);
    assert_eq!(checkpoint.head(), replayed(&place.journal));

    let mut client = rpc::client::audit(running.channel.clone());
    for index in 0..6 {
        let request = GetInclusionProofRequest {
            leaf_index: index,
            tree_size: 0,
            at_least_position: 0,
        };
        let found = client.get_inclusion_proof(request).await.unwrap().into_inner();
        let proof = InclusionProof::try_from(&found).unwrap();
        proof
            .verify(&leaf_hash(&found.leaf), LeafIndex::new(index), &checkpoint.head())
            .unwrap();
        let request = GetEntryProofRequest {
            leaf_index: index,
            at_least_position: 0,
        };
        let found = client.get_entry_proof(request).await.unwrap().into_inner();
        let proof = TlogProof::parse(found.tlog_proof.as_bytes()).unwrap();
        assert_eq!(proof.verify(&leaf_hash(&found.leaf), &vkey).unwrap(), checkpoint);
    }
    let request = ListEntriesRequest {
        start_index: 4,
        max_count: 10,
        at_least_position: 0,
    };
    let entries = client.list_entries(request).await.unwrap().into_inner();
    let verdicts: Vec<_> = entries
        .leaves
        .iter()
        .map(|leaf| Leaf::parse(leaf).unwrap().verdict)
        .collect();
    assert_eq!(verdicts, [0, 1]);
    let request = StreamEntriesRequest {
        start_index: 0,
        at_least_position: 6,
    };
    let streamed = client
        .stream_entries(request)
        .await
        .unwrap()
        .into_inner()
        .message()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(streamed.leaves.len(), 6);
    let request = GetLotProofRequest {
        lot_id: lot.to_string(),
        at_least_position: 6,
        depth: None,
    };
    let bundle = rpc::client::lot_proof(client.get_lot_proof(request).await.unwrap().into_inner())
        .await
        .unwrap();
    assert_eq!(verify(&bundle, &Policy::trusting(vkey)).unwrap().history.len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_so() {
    let place = Place::new();
    let (_, statements, _) = lot();
    place.push(&statements);
    let running = place.start().await;
    running.checkpoint(5).await;
    let mut client = rpc::client::audit(running.channel.clone());
    let request = GetInclusionProofRequest {
        leaf_index: 5,
        tree_size: 0,
        at_least_position: 0,
    };
    assert_eq!(
        client.get_inclusion_proof(request).await.unwrap_err().code(),
        Code::NotFound
    );
    let request = GetInclusionProofRequest {
        leaf_index: 0,
        tree_size: 6,
        at_least_position: 0,
    };
    assert_eq!(
        client.get_inclusion_proof(request).await.unwrap_err().code(),
        Code::NotFound
    );
    let request = GetConsistencyProofRequest {
        old_tree_size: 6,
        new_tree_size: 0,
        at_least_position: 0,
    };
    assert_eq!(
        client.get_consistency_proof(request).await.unwrap_err().code(),
        Code::NotFound
    );
    let request = GetLotProofRequest {
        lot_id: event::LotId::from_bytes([1; 16]).to_string(),
        at_least_position: 0,
        depth: None,
    };
    assert_eq!(client.get_lot_proof(request).await.unwrap_err().code(), Code::NotFound);
    let request = GetLotProofRequest {
        lot_id: "lot-mistyped".to_owned(),
        at_least_position: 0,
        depth: None,
    };
    assert_eq!(
        client.get_lot_proof(request).await.unwrap_err().code(),
        Code::InvalidArgument
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn checkpoints_only_grow_over_restarts_and_lost_rows() {
    let place = Place::new();
    let (mut world, statements, _) = lot();
    place.push(&statements);
    let running = place.start().await;
    let mut heads = vec![running.checkpoint(5).await.head()];
    for round in 0..6 {
        let (_, enrolled) = world.enrol(event::vocabulary::PartyKind::Trader, &format!("Trader {round}"));
        place.push(&enrolled);
        heads.push(running.checkpoint(7 + 2 * round).await.head());
    }
    let digest = running.rows_digest(17).await;
    running.stop().await;
    // Rows kept, rows lost, file lost, cell empty: the log goes on from the same root each time.
    let lose: [fn(&Path); 3] = [
        |_| {},
        |dir| std::fs::remove_dir_all(dir.join("rows")).unwrap(),
        |dir| std::fs::remove_file(dir.join("signed-tree-head")).unwrap(),
    ];
    for lose in lose {
        lose(place.dir.path());
        let running = place.start().await;
        let last = running.checkpoint(17).await.head();
        assert_eq!(
            (last, running.rows_digest(17).await),
            (replayed(&place.journal), digest.clone())
        );
        for old in &heads {
            running.consistent(*old, last).await;
        }
        running.stop().await;
    }
    let other_cell = Place {
        cell: MemoryCell::new(),
        ..place
    };
    let running = other_cell.start().await;
    assert_eq!(running.checkpoint(17).await.head(), replayed(&other_cell.journal));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shorter_stream_is_never_signed_over() {
    let place = Place::new();
    let (_, statements, _) = lot();
    place.push(&statements);
    let running = place.start().await;
    running.checkpoint(5).await;
    running.stop().await;
    place.journal.roll_back(StreamPosition::new(3));
    let (.., running) = place.launch().await;
    assert!(matches!(
        running.await.unwrap(),
        Err(AuditError::View(views::ViewError::Stream(_)))
    ));
    // The same with the rows gone: what was signed is remembered elsewhere.
    std::fs::remove_dir_all(place.dir.path().join("rows")).unwrap();
    let error = place.fails().await;
    let sizes = (TreeSize::new(5), TreeSize::new(3));
    assert!(
        matches!(error, LogError::RolledBack { signed, found } if (signed, found) == sizes),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_history_is_never_signed_over() {
    let place = Place::new();
    let (mut world, statements, _) = lot();
    place.push(&statements);
    let running = place.start().await;
    running.checkpoint(5).await;
    running.stop().await;
    place.journal.roll_back(StreamPosition::new(3));
    let (_, enrolled) = world.enrol(event::vocabulary::PartyKind::Trader, "Another");
    place.push(&enrolled);
    std::fs::remove_dir_all(place.dir.path().join("rows")).unwrap();
    let error = place.fails().await;
    assert!(
        matches!(error, LogError::Forked(size) if size == TreeSize::new(5)),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn file_and_cell_that_disagree_stop_everything() {
    let place = Place::new();
    let (_, statements, _) = lot();
    place.push(&statements);
    let running = place.start().await;
    running.checkpoint(5).await;
    running.stop().await;
    let other = Checkpoint::new(
        origin(),
        TreeHead {
            size: TreeSize::new(5),
            root: leaf_hash(b"another"),
        },
    );
    std::fs::write(place.dir.path().join("signed-tree-head"), other.to_text()).unwrap();
    let error = place.fails().await;
    assert!(
        matches!(error, LogError::Head(HeadError::Disagree { size: 5 })),
        "{error}"
    );
}

/// Faults come in pairs: the head was not stored, and stored but unanswered. Either ends the process before anything is
/// published; starting it again takes the same steps.
#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_may_not_be_held_is_not_published() {
    for fault in [Fault::NotPersisted, Fault::PersistedButUnanswered] {
        let place = Place::new();
        let (_, statements, _) = lot();
        place.push(&statements);
        for _ in 0..2 {
            place.cell.fail_next(fault);
            let error = place.fails().await;
            assert!(matches!(error, LogError::Head(HeadError::Cell(_))), "{error}");
        }
        let running = place.start().await;
        assert_eq!(running.checkpoint(5).await.head(), replayed(&place.journal));
        running.stop().await;
    }
}

/// More leaves than a tile holds, and none of them a statement but the first five: what is no record is logged too.
fn push_many(place: &Place, to: u64) {
    let (_, statements, _) = lot();
    place.push(&statements);
    for n in 5..to {
        place.journal.push(format!("no record {n}"));
    }
}

/// The leaves that the stream makes.
fn leaves(journal: &MemoryJournal) -> Vec<Vec<u8>> {
    let mut replica = Replica::with_log(&origin());
    let step = |payload| {
        let checked = replay::check(replica.deployment(), payload);
        replica.step(checked).leaf.unwrap().unwrap().bytes
    };
    journal.records().into_iter().map(step).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_read_over_http_as_tiles() {
    let place = Place::new();
    push_many(&place, 600);
    let running = place.start().await;
    let checkpoint = running.checkpoint(600).await;
    let leaves = leaves(&place.journal);

    let (status, head, note) = running.get("GET /checkpoint").await;
    assert_eq!(status, 200);
    assert_eq!(Checkpoint::open(&note, &running.vkey().await).unwrap(), checkpoint);
    for line in [
        "content-type: text/plain; charset=utf-8",
        "cache-control: public, max-age=5",
        "access-control-allow-origin: *",
    ] {
        assert!(head.contains(line), "{line} is not in {head}");
    }
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let (status, _, body) = running
        .get_if("GET /checkpoint", &format!("if-none-match: {tag}\r\n"))
        .await;
    assert_eq!((status, body), (304, Vec::new()));

    // The whole tree from its tiles, and every leaf from the entries.
    let mut served = Vec::new();
    for path in ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"] {
        let (status, head, bundle) = running.get(&format!("GET /{path}")).await;
        assert_eq!(status, 200, "{path}");
        for line in [
            "content-type: application/octet-stream",
            "cache-control: public, max-age=31536000, immutable",
            "access-control-allow-origin: *",
            &format!("content-length: {}", bundle.len()),
        ] {
            assert!(head.contains(line), "{line} is not in {head}");
        }
        served.extend(decode_entries(&bundle).unwrap().into_iter().map(<[u8]>::to_vec));
    }
    assert_eq!(served, leaves);
    let mut tiles = std::collections::BTreeMap::new();
    for (level, n, path) in [(0, 0, "000"), (0, 1, "001"), (0, 2, "002.p/88"), (1, 0, "000.p/2")] {
        let (status, _, bytes) = running.get(&format!("GET /tile/{level}/{path}")).await;
        assert_eq!(status, 200, "{level} {path}");
        tiles.insert(TileId { level, n }, bytes);
    }
    let reader = TileReader::new(checkpoint.size, |id| tiles.get(&id).cloned());
    assert_eq!(reader.check_since(TreeSize::EMPTY).unwrap(), checkpoint.root);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_log_over_http_nothing_else_is_there() {
    let place = Place::new();
    push_many(&place, 600);
    let running = place.start().await;
    running.checkpoint(600).await;
    let cases = [
        // Of any width up to what there is, whatever was published.
        ("GET /tile/0/000.p/1", 200),
        ("GET /tile/0/002.p/87", 200),
        ("GET /tile/entries/001.p/255", 200),
        ("HEAD /tile/0/000", 200),
        ("HEAD /checkpoint", 200),
        // Beyond.
        ("GET /tile/0/002.p/89", 404),
        ("GET /tile/0/002", 404),
        ("GET /tile/0/003.p/1", 404),
        ("GET /tile/1/000", 404),
        ("GET /tile/2/000.p/1", 404),
        ("GET /tile/63/000.p/1", 404),
        ("GET /tile/entries/002.p/89", 404),
        ("GET /tile/entries/x018/x446/x744/x073/x709/x551/615", 404),
        // In another spelling.
        ("GET /tile/0/0", 404),
        ("GET /tile/00/000", 404),
        ("GET /tile/0/000.p/0", 404),
        ("GET /tile/0/000.p/256", 404),
        ("GET /tile/0/000/", 404),
        ("GET /tile/0/%30%30%30", 404),
        ("GET //tile/0/000", 404),
        ("GET /tile/entries/x000/000", 404),
        ("GET /tile/64/000", 404),
        ("GET /checkpoint/", 404),
        ("GET /", 404),
        ("GET /tile", 404),
        // Nobody writes here.
        ("POST /checkpoint", 405),
        ("PUT /tile/0/000", 405),
    ];
    for (request, expected) in cases {
        let (status, head, body) = running.get(request).await;
        assert_eq!(status, expected, "{request}");
        let is_head = request.starts_with("HEAD");
        assert!(
            !is_head || (body.is_empty() && !head.contains("content-length: 0")),
            "{request}: {head}"
        );
        assert!(
            expected != 404 || head.contains("cache-control: no-store"),
            "{request}: {head}"
        );
    }
    running.stop().await;
}
