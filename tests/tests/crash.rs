//! Every process is killed in the middle of a load, again and again; nothing that was promised is lost or said twice.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support {
    pub(crate) mod fleet;
}

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use event::vocabulary::PartyKind;
use event::{Record, SignedStatement, StatementId, StreamPosition};
use journal::jetstream::JetStreamJournal;
use journal::{Follower, Journal, Role};
use replay::{Replica, Verdict, check};
use rpc::audit::{GetCheckpointRequest, GetConsistencyProofRequest, GetLogRequest};
use rpc::client;
use rpc::ingest::{Outcome, Recorded, SubmitManyRequest};
use service::clock::Stopwatch;
use service::parallel::map_all;
use tests::process::{POLL_INTERVAL, POLLS_MAX, tell};
use tests::world::{Signer, World};
use tlog::note::Vkey;
use tlog::tree::{ConsistencyProof, Frontier};
use tlog::{Checkpoint, Origin, TreeHead, TreeSize};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::Status;

use support::fleet::{Fleet, ORIGIN, Which};

/// How often each process is killed.
const ROUNDS: usize = 3;
/// Whom one round kills.
const VICTIMS: [Victim; 5] = [
    Victim::Service(Which::Ingest),
    Victim::Service(Which::Progress),
    Victim::Service(Which::Custody),
    Victim::Service(Which::Audit),
    Victim::Nats,
];
/// A part of the load for each kill, and one to end with.
const PARTS: usize = ROUNDS * VICTIMS.len() + 1;
/// Statements of one lane in one part: 2 × 16 × 633 are more than 20,000 in all.
const PART_STATEMENTS: usize = 633;
const LANES: usize = 2;
/// A kill comes before so many receipts of its part were handed out, and so in the middle of it.
const KILLED_BEFORE: u64 = 1_000;
/// What a client that was cut off submits again although it holds receipts for it.
const AGAIN: usize = 20;
/// Names the seed of a run that is to be repeated.
const SEED_VARIABLE: &str = "VETA_TEST_SEED";
const SEED: u64 = 20_260_101;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    Service(Which),
    Nats,
}

/// Statements that rest on one another, in their order, and the receipts for them.
struct Lane {
    statements: Vec<SignedStatement>,
    receipts: Vec<Recorded>,
}

/// What a client knows of the others: where ingest is, how far it may go, how many receipts there are in all.
#[derive(Clone)]
struct Field {
    ingest: watch::Receiver<String>,
    parts_open: watch::Receiver<usize>,
    receipts: Arc<AtomicUsize>,
}

#[test]
fn nothing_promised_is_lost_or_said_twice() {
    let seed = std::env::var(SEED_VARIABLE)
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(SEED);
    let watch = Stopwatch::start();
    let runtime = Runtime::new().unwrap();
    let (first, lanes, world) = load();
    tell(format_args!("crash: signed in {:?}", watch.elapsed()));
    let mut run = runtime.block_on(Run::begin(first));
    let order = order(seed);
    tell(format_args!(
        "crash: seed {seed}, {SEED_VARIABLE} sets it; order {order:?}"
    ));
    let lanes = lanes.map(|statements| {
        runtime.spawn(drive(
            Lane {
                statements,
                receipts: Vec::new(),
            },
            run.field(),
        ))
    });
    let collecting = runtime.spawn(collect(run.audit.subscribe(), run.done.subscribe()));
    let mut random = seed;
    for (part, victim) in order.iter().enumerate() {
        runtime.block_on(run.wait_for_receipts(part, usize::try_from(next(&mut random) % KILLED_BEFORE).unwrap()));
        runtime.block_on(run.kill(*victim));
    }
    run.parts_open.send_replace(PARTS);
    runtime.block_on(async {
        while !lanes.iter().all(JoinHandle::is_finished) {
            run.supervise().await;
        }
    });
    let lanes = lanes.map(|lane| runtime.block_on(lane).unwrap());
    tell(format_args!(
        "crash: loaded after {:?}; started again by their supervisor: {:?}",
        watch.elapsed(),
        run.supervised
    ));
    let receipts = receipts(&run.first, &lanes);
    runtime.block_on(judge(run, &receipts, collecting, &world));
    tell(format_args!(
        "crash: {} statements, {} kills, in {:?}",
        receipts.len(),
        order.len(),
        watch.elapsed()
    ));
}

/// The statements that all others rest on, two lanes of load, and whose world it is.
fn load() -> (Vec<SignedStatement>, [Vec<SignedStatement>; LANES], World) {
    let (mut world, founded) = World::found(2);
    let mut first = vec![founded];
    let mut enrol = |world: &mut World, kind, name| -> Signer {
        let (signer, statements) = world.enrol(kind, name);
        first.extend(statements);
        signer
    };
    let mut miner = enrol(&mut world, PartyKind::MinersOrganization, "Miners");
    let mut trader = enrol(&mut world, PartyKind::Trader, "Trader");
    let mut monitor = enrol(&mut world, PartyKind::Assessor, "Monitor");
    let (catalogue, published) = world.catalogue();
    first.push(published);
    let sites: Vec<_> = (0..8)
        .map(|number| world.site(&miner, &format!("Site {number}")))
        .collect();
    first.extend(sites.iter().map(|(_, registered)| registered.clone()));
    let count = PARTS * PART_STATEMENTS;
    let seen = |place: usize| place.is_multiple_of(3);
    let assessed = (0..count).map(|place| world.assess(&mut monitor, sites[place % 8].0, catalogue, seen(place)));
    let assessed: Vec<_> = assessed.collect();
    let mut handed = Vec::new();
    while handed.len() < count {
        let (lot, declared) = world.declare(&mut miner, sites[handed.len() % 8].0, 25);
        let offered = world.offer(&mut miner, lot, world.id(&declared), &trader);
        let accepted = world.accept(&mut trader, lot, world.id(&offered), 25);
        handed.extend([declared, offered, accepted]);
    }
    (first, [assessed, handed], world)
}

/// Everyone once a round, shuffled.
fn order(seed: u64) -> Vec<Victim> {
    let mut random = seed;
    let mut order = Vec::new();
    for _ in 0..ROUNDS {
        let mut round = VICTIMS;
        for place in (1..round.len()).rev() {
            round.swap(place, usize::try_from(next(&mut random) % (place as u64 + 1)).unwrap());
        }
        order.extend(round);
    }
    order
}

/// `SplitMix64`.
fn next(random: &mut u64) -> u64 {
    *random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*random ^ (*random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The processes under load, and what the clients are told of them.
struct Run {
    fleet: Fleet,
    first: Vec<(StatementId, Recorded)>,
    ingest: watch::Sender<String>,
    audit: watch::Sender<String>,
    parts_open: watch::Sender<usize>,
    done: watch::Sender<bool>,
    receipts: Arc<AtomicUsize>,
    supervised: BTreeMap<Which, u32>,
}

impl Run {
    async fn begin(first: Vec<SignedStatement>) -> Self {
        let fleet = Fleet::start().await;
        let (ingest, audit) = (
            watch::Sender::new(fleet.url(Which::Ingest)),
            watch::Sender::new(fleet.url(Which::Audit)),
        );
        let run = Self {
            fleet,
            first: Vec::new(),
            ingest,
            audit,
            parts_open: watch::Sender::new(PARTS),
            done: watch::Sender::new(false),
            receipts: Arc::default(),
            supervised: BTreeMap::new(),
        };
        let lane = drive(
            Lane {
                statements: first,
                receipts: Vec::new(),
            },
            run.field(),
        )
        .await;
        run.parts_open.send_replace(0);
        run.receipts.store(0, Ordering::SeqCst);
        Self {
            first: lane
                .receipts
                .iter()
                .map(|receipt| (receipt.statement, *receipt))
                .collect(),
            ..run
        }
    }

    fn field(&self) -> Field {
        let (ingest, parts_open) = (self.ingest.subscribe(), self.parts_open.subscribe());
        Field {
            ingest,
            parts_open,
            receipts: Arc::clone(&self.receipts),
        }
    }

    /// Opens a part of the load, and waits until so many receipts of it were handed out.
    async fn wait_for_receipts(&mut self, part: usize, count: usize) {
        let wanted = part * LANES * PART_STATEMENTS + 1 + count;
        self.parts_open.send_replace(part + 1);
        for _ in 0..POLLS_MAX {
            if wanted <= self.receipts.load(Ordering::SeqCst) {
                return;
            }
            self.supervise().await;
        }
        panic!("the load stands still in part {part}");
    }

    /// Kills, and starts again at once.
    async fn kill(&mut self, victim: Victim) {
        let handed_out = self.receipts.load(Ordering::SeqCst);
        match victim {
            Victim::Nats => {
                self.fleet.nats.kill().await.unwrap();
                self.fleet.nats.restart().await.unwrap();
            }
            Victim::Service(which) => {
                self.fleet.services.get_mut(&which).unwrap().program().kill();
                self.start_again(which);
            }
        }
        tell(format_args!("crash: killed {victim:?} at {handed_out} receipts"));
    }

    /// One look at all services: whoever has ended by itself is started again, as any supervisor does.
    async fn supervise(&mut self) {
        tokio::time::sleep(POLL_INTERVAL).await;
        for which in Which::ALL {
            let program = self.fleet.services.get_mut(&which).unwrap().program();
            if program.ended().is_some() {
                let errors = program.errors();
                tell(format_args!(
                    "crash: {which:?} ended by itself: {}",
                    errors.lines().last().unwrap_or_default()
                ));
                *self.supervised.entry(which).or_default() += 1;
                self.start_again(which);
            }
        }
    }

    fn start_again(&mut self, which: Which) {
        self.fleet.services.get_mut(&which).unwrap().start_again();
        let told = match which {
            Which::Ingest => &self.ingest,
            Which::Audit => &self.audit,
            Which::Progress | Which::Custody => return,
        };
        told.send_replace(self.fleet.url(which));
    }
}

/// Submits a lane part by part, each as soon as it is open, until every statement has its receipt.
async fn drive(mut lane: Lane, mut field: Field) -> Lane {
    while lane.receipts.len() < lane.statements.len() {
        let part = lane.receipts.len() / PART_STATEMENTS;
        field.parts_open.wait_for(|open| part < *open).await.unwrap();
        let end = lane.statements.len().min((part + 1) * PART_STATEMENTS);
        let again = lane.receipts.len().saturating_sub(AGAIN);
        if let Err(status) = submit(&mut lane, again, end, &field).await {
            assert!(rpc::status::refusal_of(&status).is_none(), "refused: {status}");
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }
    lane
}

/// Submits statements of a lane; those that have a receipt get the same one.
async fn submit(lane: &mut Lane, from: usize, end: usize, field: &Field) -> Result<(), Status> {
    let url = field.ingest.borrow().clone();
    let channel = client::connect(&url)
        .await
        .map_err(|error| Status::unavailable(error.to_string()))?;
    let requests: Vec<_> = lane.statements[from..end]
        .iter()
        .map(|s| SubmitManyRequest { statement: s.encode() })
        .collect();
    let mut answers = client::ingest(channel)
        .submit_many(tokio_stream::iter(requests))
        .await?
        .into_inner();
    let mut place = from;
    while let Some(answer) = answers.message().await? {
        let outcome = Outcome::try_from(&answer).unwrap();
        assert_eq!(outcome.index, (place - from) as u64);
        let receipt = outcome
            .result
            .unwrap_or_else(|denial| panic!("statement {place} is refused: {}", denial.refusal));
        if place < lane.receipts.len() {
            assert_eq!(receipt, lane.receipts[place], "the same bytes, another receipt");
        } else {
            lane.receipts.push(receipt);
            field.receipts.fetch_add(1, Ordering::SeqCst);
        }
        place += 1;
    }
    Ok(())
}

/// Takes down every checkpoint that the log shows, in the order in which it shows them.
async fn collect(audit: watch::Receiver<String>, done: watch::Receiver<bool>) -> Vec<Vec<u8>> {
    let mut notes = Vec::new();
    loop {
        // Whatever was published before this is seen in this round, which is the last one, if it is answered.
        let is_last = *done.borrow();
        let url = audit.borrow().clone();
        if let Ok(channel) = client::connect(&url).await
            && let Ok(shown) = client::audit(channel)
                .get_checkpoint(GetCheckpointRequest::default())
                .await
        {
            let note = shown.into_inner().checkpoint_note;
            if notes.last() != Some(&note) {
                notes.push(note);
            }
            if is_last {
                return notes;
            }
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// Every receipt by its position; two for one position are not possible.
fn receipts(first: &[(StatementId, Recorded)], lanes: &[Lane]) -> BTreeMap<u64, StatementId> {
    let mut all = BTreeMap::new();
    let lane_receipts = lanes.iter().map(|lane| lane.receipts.clone());
    for receipts in core::iter::once(first.iter().map(|(_, receipt)| *receipt).collect()).chain(lane_receipts) {
        assert!(
            receipts.windows(2).all(|pair| pair[0].position < pair[1].position),
            "a lane stands in its order"
        );
        for receipt in receipts {
            let other = all.insert(receipt.position.get(), receipt.statement);
            assert_eq!(other, None, "two receipts for position {}", receipt.position);
        }
    }
    all
}

async fn judge(
    mut run: Run,
    receipts: &BTreeMap<u64, StatementId>,
    collecting: JoinHandle<Vec<Vec<u8>>>,
    world: &World,
) {
    let end = receipts.len() as u64;
    let views = settled(&mut run, end).await;
    let proofs = run.fleet.url(Which::Audit);
    run.done.send_replace(true);
    let payloads = stream(&run.fleet).await;
    let ids: Vec<_> = payloads.iter().map(|payload| world_id(world, payload)).collect();
    assert!(
        ids.iter().eq(receipts.values()),
        "the stream holds exactly what receipts were given for, in their order"
    );
    assert!(receipts.keys().copied().eq(1..=end));
    let heads = replayed(payloads);
    check_checkpoints(&collecting.await.unwrap(), &heads, &proofs).await;
    for which in Which::ALL {
        let program = run.fleet.services.get_mut(&which).unwrap().program();
        program.interrupt();
        assert_eq!(program.wait().code(), Some(0), "{}", which.name());
    }
    run.fleet
        .start_services(&[Which::Progress, Which::Custody, Which::Audit], "rows-from-zero");
    assert_eq!(settled(&mut run, end).await, views, "rows from zero are other rows");
}

/// What the followers hold at the end of the stream.
async fn settled(run: &mut Run, end: u64) -> Vec<(u64, String, u64)> {
    let mut views = Vec::new();
    for which in [Which::Progress, Which::Custody, Which::Audit] {
        let view = run.fleet.view(which, end).await;
        assert_eq!(view.position, end);
        views.push((view.position, view.rows_digest, view.rows));
    }
    views
}

fn world_id(world: &World, payload: &Bytes) -> StatementId {
    let statement = Record::decode(payload).unwrap().into_statement();
    let founding = statement.id(event::DeploymentId::FOUNDING);
    if founding.as_bytes() == world.deployment.as_bytes() {
        founding
    } else {
        world.id(&statement)
    }
}

/// The whole stream.
async fn stream(fleet: &Fleet) -> Vec<Bytes> {
    let journal = JetStreamJournal::connect(&fleet.nats.journal_config(Role::View))
        .await
        .unwrap();
    let mut follower = journal.follow(StreamPosition::START).await.unwrap();
    let mut payloads = Vec::new();
    loop {
        let batch = follower.next().await.unwrap();
        payloads.extend(batch.records.into_iter().map(|delivery| delivery.payload));
        if batch.caught_up {
            return payloads;
        }
    }
}

/// The head of the log at every size, decided here from the records alone. Every one of them is admitted.
fn replayed(payloads: Vec<Bytes>) -> Vec<TreeHead> {
    let mut replica = Replica::with_log(&Origin::new(ORIGIN).unwrap());
    let mut tree = Frontier::new();
    let mut heads = vec![tree.head()];
    let mut payloads = payloads.into_iter();
    let founded = replica.step(check(None, payloads.next().unwrap()));
    let deployment = replica.deployment();
    let rest = map_all(payloads.collect(), |payload| check(deployment, payload));
    let steps = core::iter::once(founded).chain(rest.into_iter().map(|checked| replica.step(checked)));
    for step in steps {
        assert!(
            matches!(step.verdict, Verdict::Admitted(_)),
            "{} is refused",
            step.position
        );
        tree.push(step.leaf.unwrap().unwrap().hash);
        heads.push(tree.head());
    }
    heads
}

/// Each checkpoint is a head of the replayed log, none is smaller than the one before, and the log proves as much.
async fn check_checkpoints(notes: &[Vec<u8>], heads: &[TreeHead], audit: &str) {
    let mut client = client::audit(client::connect(audit).await.unwrap());
    let vkey: Vkey = client
        .get_log(GetLogRequest {})
        .await
        .unwrap()
        .into_inner()
        .vkey
        .parse()
        .unwrap();
    let shown: Vec<_> = notes
        .iter()
        .map(|note| Checkpoint::open(note, &vkey).unwrap().head())
        .collect();
    for head in &shown {
        assert_eq!(
            *head,
            heads[usize::try_from(head.size.get()).unwrap()],
            "another root was published"
        );
    }
    let last = *heads.last().unwrap();
    assert_eq!(shown.last(), Some(&last), "the log is published to its end");
    for pair in shown.windows(2) {
        assert!(
            pair[0].size < pair[1].size,
            "the log shrank from {} to {}",
            pair[0].size,
            pair[1].size
        );
        for new in [pair[1], last] {
            let request = proof_request(pair[0].size, new.size);
            let proof = client.get_consistency_proof(request).await.unwrap().into_inner();
            ConsistencyProof::try_from(&proof)
                .unwrap()
                .verify(&pair[0], &new)
                .unwrap();
        }
    }
    tell(format_args!("crash: {} checkpoints compared", shown.len()));
}

fn proof_request(old: TreeSize, new: TreeSize) -> GetConsistencyProofRequest {
    GetConsistencyProofRequest {
        old_tree_size: old.get(),
        new_tree_size: new.get(),
        at_least_position: 0,
    }
}
