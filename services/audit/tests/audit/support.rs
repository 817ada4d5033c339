//! A log in one process: its stream, its directory, and somebody who looks on.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use audit::{Audit, AuditError, LogError, Metrics, Point, SERVICES, Seam, Stopped, Witnessing, run};
use ed25519_dalek::SigningKey;
use event::SignedStatement;
use journal::cell::MemoryCell;
use journal::memory::MemoryJournal;
use replay::Replica;
use rpc::audit::audit_service_client::AuditServiceClient;
use rpc::audit::{GetCheckpointRequest, GetConsistencyProofRequest, GetLogRequest, GetLogResponse, GetPositionRequest};
use rpc::client::connect;
use service::health::Health;
use service::shutdown::Shutdown;
use tests::world::{World, record};
use tlog::note::{Note, NoteSigner, Vkey};
use tlog::tiles::{TileBuilder, TileId, TileReader};
use tlog::tree::{ConsistencyProof, Frontier, leaf_hash, prove_consistency};
use tlog::{Checkpoint, Origin, TreeHead, TreeSize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::Code;
use tonic::transport::Channel;
use views::{Rows, ViewError};

/// How often it is looked whether something has happened.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// How often a checkpoint is asked for that is not there yet.
const ASKS_MAX: usize = 6;

/// The log's key.
pub(crate) const KEY: [u8; 32] = [3; 32];

/// A deployment's stream, and where its log is kept.
pub(crate) struct Place {
    pub(crate) journal: MemoryJournal,
    pub(crate) cell: MemoryCell,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) origin: Origin,
    pub(crate) key: SigningKey,
    pub(crate) other_keys: Vec<SigningKey>,
    pub(crate) witnessing: Option<Witnessing>,
    pub(crate) onlooker: Onlooker,
}

pub(crate) struct Running {
    pub(crate) http: SocketAddr,
    pub(crate) channel: Channel,
    pub(crate) health: Health,
    shutdown: Shutdown,
    running: JoinHandle<Result<(), AuditError>>,
}

/// Sees all that is signed, and stops the process when it is told to. Clones are one.
#[derive(Clone, Default)]
pub(crate) struct Onlooker(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    signed: Vec<String>,
    /// The size of what was published last.
    published: watch::Sender<u64>,
    stop: Stop,
    /// What the rows of the next batch are made.
    spoil: Option<fn(&mut Rows)>,
}

/// How a run came to its end.
#[derive(Debug)]
pub(crate) enum Ended {
    Published,
    ReadOnly,
    Failed(LogError),
}

/// When the process is stopped.
#[derive(Clone, Copy, Default)]
pub(crate) enum Stop {
    #[default]
    Never,
    /// The next time it comes there.
    At(Point),
    /// After so many points, whichever they are.
    After(u64),
}

impl Onlooker {
    pub(crate) fn stop(&self, stop: Stop) {
        self.0.lock().unwrap().stop = stop;
    }

    pub(crate) fn spoil(&self, spoil: fn(&mut Rows)) {
        self.0.lock().unwrap().spoil = Some(spoil);
    }

    pub(crate) fn signed(&self) -> Vec<String> {
        self.0.lock().unwrap().signed.clone()
    }
}

impl Seam for Onlooker {
    fn reach(&self, point: Point) -> Result<(), Stopped> {
        let mut seen = self.0.lock().unwrap();
        let stops = match &mut seen.stop {
            Stop::Never => false,
            Stop::At(at) => *at == point,
            Stop::After(points) => {
                *points = points.saturating_sub(1);
                *points == 0
            }
        };
        if !stops {
            if point == Point::Published {
                let size = head_of(seen.signed.last().unwrap()).size.get();
                seen.published.send_replace(size);
            }
            return Ok(());
        }
        seen.stop = Stop::Never;
        Err(Stopped(point))
    }

    fn stage(&self, rows: &mut Rows) {
        if let Some(spoil) = self.0.lock().unwrap().spoil.take() {
            spoil(rows);
        }
    }

    fn signed(&self, note: &str) {
        self.0.lock().unwrap().signed.push(note.to_owned());
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::named("veta.test/log")
    }

    pub(crate) fn named(origin: &str) -> Self {
        Self {
            journal: MemoryJournal::new(),
            cell: MemoryCell::new(),
            dir: tempfile::tempdir().unwrap(),
            origin: Origin::new(origin).unwrap(),
            key: SigningKey::from_bytes(&KEY),
            other_keys: Vec::new(),
            witnessing: None,
            onlooker: Onlooker::default(),
        }
    }

    pub(crate) fn vkey(&self) -> Vkey {
        let signer = NoteSigner::new(self.origin.key_name().clone(), self.key.clone());
        signer.unwrap().vkey().clone()
    }

    pub(crate) fn push(&self, statements: &[SignedStatement]) {
        for statement in statements {
            self.journal.push(record(statement));
        }
    }

    pub(crate) async fn start(&self) -> Running {
        let (url, http, health, shutdown, running) = self.launch().await;
        Running {
            http,
            channel: connect(&url).await.unwrap(),
            health,
            shutdown,
            running,
        }
    }

    /// In one process, a read of the last run may outlive it for a moment, and with it the hold on the rows.
    async fn until_free(&self) {
        let Ok(lock) = File::open(self.dir.path().join("rows.lock")) else {
            return;
        };
        while lock.try_lock().is_err() {
            tokio::task::yield_now().await;
        }
    }

    async fn launch(&self) -> (String, SocketAddr, Health, Shutdown, JoinHandle<Result<(), AuditError>>) {
        self.until_free().await;
        let (listener, tiles) = (
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
        );
        let (url, http) = (
            format!("http://{}", listener.local_addr().unwrap()),
            tiles.local_addr().unwrap(),
        );
        let health = Health::starting(SERVICES).await;
        let audit = Audit {
            journal: self.journal.reopen(),
            cell: self.cell.clone(),
            dir: self.dir.path().to_owned(),
            origin: self.origin.clone(),
            key: self.key.clone(),
            other_keys: self.other_keys.clone(),
            witnessing: self.witnessing.clone(),
            listener,
            http: Some(tiles),
            health: health.clone(),
            metrics: Metrics::default(),
            seam: self.onlooker.clone(),
        };
        let shutdown = Shutdown::new();
        let running = tokio::spawn(run(audit, shutdown.clone()));
        (url, http, health, shutdown, running)
    }

    /// Runs until so many leaves are published, or until it ends by itself.
    pub(crate) async fn until_published(&self, size: u64) -> Ended {
        let mut published = self.onlooker.0.lock().unwrap().published.subscribe();
        let (.., shutdown, mut running) = self.launch().await;
        let told = published.wait_for(|published| size <= *published);
        tokio::select! {
            biased;
            ended = &mut running => return Ended::Failed(log_error(ended.unwrap().unwrap_err())),
            told = told => drop(told.unwrap()),
        }
        shutdown.trigger();
        match running.await.unwrap() {
            Ok(()) => Ended::Published,
            Err(error) => Ended::Failed(log_error(error)),
        }
    }

    /// The same, where it may also sign nothing any more.
    pub(crate) async fn until_published_or_read_only(&self, size: u64) -> Ended {
        let (url, _, _, shutdown, running) = self.launch().await;
        let Ok(channel) = connect(&url).await else {
            return Ended::Failed(log_error(running.await.unwrap().unwrap_err()));
        };
        let ended = watch_until(rpc::client::audit(channel), size).await;
        shutdown.trigger();
        match (running.await.unwrap(), ended) {
            (Ok(()), Some(ended)) => ended,
            (Ok(()), None) => unreachable!("it ends by itself with an error only"),
            (Err(error), _) => Ended::Failed(log_error(error)),
        }
    }

    /// Why it does not start.
    pub(crate) async fn is_refused(&self) -> String {
        let (.., running) = self.launch().await;
        running.await.unwrap().unwrap_err().to_string()
    }

    /// How it ends where it must not go on.
    pub(crate) async fn fails(&self) -> LogError {
        let (.., running) = self.launch().await;
        log_error(running.await.unwrap().unwrap_err())
    }

    /// Every note that was ever signed is of this log, and any two of them are of one history: that of these leaves.
    #[track_caller]
    pub(crate) fn check_signed(&self, leaves: &[Vec<u8>]) {
        let tree = Tree::of(leaves);
        let opened = |note: &String| Checkpoint::open(note.as_bytes(), &self.vkey()).unwrap();
        let mut heads: Vec<_> = self.onlooker.signed().iter().map(|note| opened(note).head()).collect();
        heads.sort_by_key(|head| head.size);
        heads.push(tree.head);
        for pair in heads.windows(2) {
            let [old, new] = pair else {
                unreachable!("windows of two")
            };
            assert!(
                new.size <= tree.head.size,
                "{new:?} was signed, and there are fewer leaves"
            );
            let proof = prove_consistency(old.size, new.size, &tree.reader()).unwrap();
            proof.verify(old, new).unwrap();
        }
    }
}

impl Running {
    /// The published note, once it covers a position. A service waits ten seconds for that, a test a minute.
    pub(crate) async fn note(&self, at_least: u64) -> Vec<u8> {
        let request = GetCheckpointRequest {
            at_least_position: at_least,
        };
        let mut client = rpc::client::audit(self.channel.clone());
        let mut answer = client.get_checkpoint(request).await;
        for _ in 1..ASKS_MAX {
            if !answer
                .as_ref()
                .is_err_and(|status| status.code() == Code::DeadlineExceeded)
            {
                break;
            }
            answer = client.get_checkpoint(request).await;
        }
        answer.unwrap().into_inner().checkpoint_note
    }

    /// The published checkpoint, once it covers a position.
    pub(crate) async fn checkpoint(&self, at_least: u64) -> Checkpoint {
        Checkpoint::open(&self.note(at_least).await, &self.vkey().await).unwrap()
    }

    pub(crate) async fn log(&self) -> GetLogResponse {
        let mut client = rpc::client::audit(self.channel.clone());
        client.get_log(GetLogRequest {}).await.unwrap().into_inner()
    }

    pub(crate) async fn vkey(&self) -> Vkey {
        self.log().await.vkey.parse().unwrap()
    }

    pub(crate) async fn consistent(&self, old: TreeHead, new: TreeHead) {
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

    pub(crate) async fn rows_digest(&self, at_least: u64) -> String {
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
    pub(crate) async fn get(&self, request: &str) -> (u16, String, Vec<u8>) {
        self.get_if(request, "").await
    }

    pub(crate) async fn get_if(&self, request: &str, headers: &str) -> (u16, String, Vec<u8>) {
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

    pub(crate) async fn stop(self) {
        self.shutdown.trigger();
        self.running.await.unwrap().unwrap();
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ends(self) -> LogError {
        log_error(self.running.await.unwrap().unwrap_err())
    }
}

/// A tree in memory.
pub(crate) struct Tree {
    pub(crate) head: TreeHead,
    tiles: BTreeMap<TileId, Vec<u8>>,
}

impl Tree {
    pub(crate) fn of(leaves: &[Vec<u8>]) -> Self {
        let (mut builder, mut frontier) = (TileBuilder::new(), Frontier::new());
        for leaf in leaves {
            builder.push(leaf_hash(leaf));
            frontier.push(leaf_hash(leaf));
        }
        let tiles = builder
            .changed_tiles()
            .into_iter()
            .map(|tile| (tile.id, tile.to_bytes()));
        Self {
            head: frontier.head(),
            tiles: tiles.collect(),
        }
    }

    pub(crate) fn reader(&self) -> TileReader<impl Fn(TileId) -> Option<Vec<u8>> + '_> {
        TileReader::new(self.head.size, |id| self.tiles.get(&id).cloned())
    }

    /// The head of the first leaves.
    pub(crate) fn head_at(&self, size: u64) -> TreeHead {
        let size = TreeSize::new(size);
        TreeHead {
            size,
            root: tlog::tree::root(size, &self.reader()).unwrap(),
        }
    }
}

/// Published as far as that, or read-only; `None` where it ended by itself. Leaves no request behind, which the end would wait for.
async fn watch_until(mut client: AuditServiceClient<Channel>, size: u64) -> Option<Ended> {
    // What was published before may be of more leaves: they must have been read, too.
    let mut reached = core::pin::pin!(position(client.clone(), size));
    loop {
        let is_reached = tokio::select! {
            biased;
            reached = &mut reached => Some(reached),
            () = tokio::time::sleep(LOOK_AGAIN) => None,
        };
        // It answers until it ends.
        let log = client.get_log(GetLogRequest {}).await.ok()?;
        if !log.get_ref().read_only.is_empty() {
            break Some(Ended::ReadOnly);
        }
        match is_reached {
            Some(true) => break Some(Ended::Published),
            // It waited too long, or there is nothing yet.
            Some(false) => reached.set(position(client.clone(), size)),
            None => {}
        }
    }
}

/// Whether so many leaves are published, and that many records read.
async fn position(mut client: AuditServiceClient<Channel>, size: u64) -> bool {
    let request = GetPositionRequest {
        at_least_position: size,
        with_digest: false,
    };
    client.get_position(request).await.is_ok()
}

fn log_error(error: AuditError) -> LogError {
    match error {
        AuditError::Log(error) | AuditError::View(ViewError::View(error)) => error,
        AuditError::View(ViewError::Store(error)) => error.into(),
        other => panic!("{other}"),
    }
}

/// A note's checkpoint, whoever signed it.
pub(crate) fn head_of(note: &str) -> TreeHead {
    Checkpoint::parse(Note::parse(note.as_bytes()).unwrap().text())
        .unwrap()
        .head()
}

/// A world with a lot in it, and the statements that made it.
pub(crate) fn lot() -> (World, Vec<SignedStatement>, event::LotId) {
    let (mut world, founded) = World::found(7);
    let (mut miner, enrolled) = world.enrol(event::vocabulary::PartyKind::MinersOrganization, "Miners");
    let (site, registered) = world.site(&miner, "Hill");
    let (lot, declared) = world.declare(&mut miner, site, 20);
    let mut statements = vec![founded];
    statements.extend(enrolled);
    statements.extend([registered, declared]);
    (world, statements, lot)
}

/// More leaves than a tile holds, and none of them a statement but the first five: what is no record is logged too.
pub(crate) fn push_many(place: &Place, to: u64) {
    let (_, statements, _) = lot();
    place.push(&statements);
    for n in 5..to {
        place.journal.push(format!("no record {n}"));
    }
}

/// The tree that the stream makes, by the auditor's own hand.
pub(crate) fn replayed(place: &Place) -> TreeHead {
    Tree::of(&leaves(place)).head
}

/// The leaves that the stream makes.
pub(crate) fn leaves(place: &Place) -> Vec<Vec<u8>> {
    let mut replica = Replica::with_log(&place.origin);
    let step = |payload| {
        let checked = replay::check(replica.deployment(), payload);
        replica.step(checked).leaf.unwrap().unwrap().bytes
    };
    place.journal.records().into_iter().map(step).collect()
}
