//! Records that somebody wrote into the stream behind ingest's back: every service reads on, none believes them.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support {
    pub(crate) mod fleet;
    pub(crate) mod written;
}

use event::vocabulary::PartyKind;
use event::{DeploymentId, Event, LotId, Record, SignedStatement, SiteId, Statement, StreamPosition, Timestamp};
use journal::Role;
use ledger::Refusal;
use rpc::audit::ListEntriesRequest;
use rpc::client;
use rpc::custody::{GetLotRequest, Lot, get_lot_request};
use rpc::ingest::{GetDeploymentRequest, Recorded, SubmitRequest};
use rpc::status::may_try_again;
use tests::process::eventually;
use tests::world::{BEGIN, Signer, World, lot};
use tlog::Leaf;

use support::fleet::{Fleet, Which};
use support::written::written;

const FOLLOWERS: [Which; 3] = [Which::Progress, Which::Custody, Which::Audit];

/// How often a statement is submitted of which nobody hears in time: a minute.
const SUBMITS_MAX: usize = 12;

/// What is there before the foreign records come.
struct Scene {
    fleet: Fleet,
    world: World,
    miner: Signer,
    trader: Signer,
    site: SiteId,
    lot: LotId,
    /// The declaration of the lot, and its offer to the trader.
    said: [SignedStatement; 2],
    end: u64,
}

impl Scene {
    async fn set() -> Self {
        let fleet = Fleet::start().await;
        let (mut world, founded) = World::found(1);
        let (mut miner, miner_enrolled) = world.enrol(PartyKind::MinersOrganization, "Miners");
        let (trader, trader_enrolled) = world.enrol(PartyKind::Trader, "Trader");
        let (site, registered) = world.site(&miner, "Site");
        let (lot, declared) = world.declare(&mut miner, site, 25);
        let offered = world.offer(&mut miner, lot, world.id(&declared), &trader);
        let registry = [founded]
            .into_iter()
            .chain(miner_enrolled)
            .chain(trader_enrolled)
            .chain([registered]);
        let mut end = 0;
        for statement in registry.chain([declared.clone(), offered.clone()]) {
            end = submit(&fleet, &statement).await.position.get();
        }
        Self {
            fleet,
            world,
            miner,
            trader,
            site,
            lot,
            said: [declared, offered],
            end,
        }
    }

    /// Writes records where the stream ends, with ingest's own credentials.
    async fn write(&mut self, payloads: Vec<Vec<u8>>) {
        let config = self.fleet.nats.journal_config(Role::Ingest);
        self.end = written(&config, payloads, StreamPosition::new(self.end)).await.get();
    }

    /// The digests of the rows that people read, and the lot as they read it.
    async fn seen(&self) -> (String, String, Option<Lot>) {
        let progress = self.fleet.view(Which::Progress, self.end).await;
        let custody = self.fleet.view(Which::Custody, self.end).await;
        assert_eq!((progress.position, custody.position), (self.end, self.end));
        let request = GetLotRequest {
            lot: Some(get_lot_request::Lot::LotId(self.lot.to_string())),
            ..Default::default()
        };
        let channel = client::connect(&self.fleet.url(Which::Custody)).await.unwrap();
        let found = client::custody(channel).get_lot(request).await.unwrap().into_inner();
        (progress.rows_digest, custody.rows_digest, found.lot)
    }

    /// The verdicts that the log gives from an entry on.
    async fn verdicts(&self, start_index: u64) -> Vec<u16> {
        self.fleet.view(Which::Audit, self.end).await;
        let channel = client::connect(&self.fleet.url(Which::Audit)).await.unwrap();
        let request = ListEntriesRequest {
            start_index,
            max_count: 100,
            at_least_position: self.end,
        };
        let found = client::audit(channel).list_entries(request).await.unwrap().into_inner();
        found
            .leaves
            .iter()
            .map(|leaf| Leaf::parse(leaf).unwrap().verdict)
            .collect()
    }

    /// Waits until a service has told its operator of each of these positions with its code, as a warning.
    fn logged(&self, which: Which, expected: &[(u64, Refusal)]) {
        eventually("the refusals in the telemetry", || {
            let lines = self.fleet.services[&which].telemetry();
            let told = |(position, refusal): &(u64, Refusal)| {
                lines.iter().any(|line| {
                    line["level"] == "WARN"
                        && line["stream.position"] == *position
                        && line["refusal.code"] == refusal.code()
                        && line["refusal.name"] == refusal.name()
                })
            };
            expected.iter().all(told).then_some(())
        });
    }
}

/// Submits until it is known what came of it, as whoever does not hear is told to.
async fn submit(fleet: &Fleet, statement: &SignedStatement) -> Recorded {
    let channel = client::connect(&fleet.url(Which::Ingest)).await.unwrap();
    for _ in 0..SUBMITS_MAX {
        let request = SubmitRequest {
            statement: statement.encode(),
        };
        match client::ingest(channel.clone()).submit(request).await {
            Ok(answer) => return Recorded::try_from(answer.get_ref()).unwrap(),
            Err(status) => assert!(may_try_again(&status), "{status}"),
        }
    }
    panic!("nobody says whether it is recorded");
}

/// A record that ingest could have written as to its time.
fn record(statement: &SignedStatement, admitted_at: Timestamp) -> Vec<u8> {
    Record::new(admitted_at, statement.clone()).encode()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_come_through_ingest_changes_nothing() {
    let mut scene = Scene::set().await;
    let before = scene.seen().await;
    let first = scene.end;
    let [_, offered] = scene.said.clone();
    let late = submit(&scene.fleet, &offered).await.admitted_at.plus_ms(1);
    // The trader has no site, and the miner's key has said the offer already.
    let declared = Event::LotDeclared(lot(scene.site, 1));
    let forbidden = scene.trader.say(scene.world.deployment, declared.clone());
    let stranger = Statement {
        party: scene.miner.party,
        number: 9,
        stated_at: BEGIN,
        event: declared,
    };
    let elsewhere = SignedStatement::sign(&stranger, DeploymentId::from_bytes([9; 32]), &scene.miner.key).unwrap();
    let foreign: [(Vec<u8>, Refusal); 6] = [
        (b"garbage".to_vec(), Refusal::MalformedRecord),
        (Vec::new(), Refusal::MalformedRecord),
        (record(&forbidden, late), Refusal::NotOperator),
        (record(&offered, late), Refusal::NumberNotIncreasing),
        (record(&offered, BEGIN), Refusal::ClockWentBack),
        (record(&elsewhere, late), Refusal::BadSignature),
    ];
    let refusals: Vec<_> = foreign.iter().map(|(_, refusal)| *refusal).collect();
    scene
        .write(foreign.into_iter().map(|(payload, _)| payload).collect())
        .await;

    assert_eq!(scene.seen().await, before, "rows changed");
    let codes: Vec<_> = refusals.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(scene.verdicts(first).await, codes);
    let logged: Vec<_> = (first + 1..).zip(refusals).collect();
    for which in FOLLOWERS {
        assert_eq!(scene.fleet.view(which, scene.end).await.position, scene.end);
        scene.logged(which, &logged);
    }

    // Ingest finds the stream longer than it knew, reads on, and goes on behind it: now, and after a crash.
    let after = scene.world.id(&offered);
    scene.trader.number -= 1; // The ledger has not seen the number of the forbidden statement.
    let accepted = scene.world.accept(&mut scene.trader, scene.lot, after, 25);
    let receipt = submit(&scene.fleet, &accepted).await;
    assert_eq!(receipt.position.get(), scene.end + 1);
    let ingest = scene.fleet.services.get_mut(&Which::Ingest).unwrap();
    ingest.program().kill();
    ingest.start_again();
    assert_eq!(
        submit_again(&scene.fleet, &accepted, receipt.position.get()).await,
        receipt
    );
    scene.end += 1;
    let (_, custody, found) = scene.seen().await;
    assert_ne!(custody, before.1);
    assert_eq!(
        found.unwrap().custodian.unwrap().party_id,
        scene.trader.party.to_string()
    );
    assert_eq!(scene.verdicts(scene.end - 1).await, [0]);
}

/// Submits to an ingest that has just been started, once it has read the stream.
async fn submit_again(fleet: &Fleet, statement: &SignedStatement, at_least_position: u64) -> Recorded {
    let channel = client::connect(&fleet.url(Which::Ingest)).await.unwrap();
    let request = GetDeploymentRequest { at_least_position };
    client::ingest(channel).get_deployment(request).await.unwrap();
    submit(fleet, statement).await
}
