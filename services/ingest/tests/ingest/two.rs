//! Two ingest processes on one stream.

use std::sync::Arc;

use bytes::Bytes;
use event::vocabulary::{
    CustodyAccepted, CustodyModel, CustodyOffered, FinenessClaim, FinenessMethod, KeyAuthorized, LotAfter, LotDeclared,
    LotForm, LotsTransformed, OfferWithdrawn, Output, PartyKind, SealState, Transformation,
};
use event::{Event, Fineness, List, LotId, Mass, PartyId, StatementId};
use journal::jetstream::{JetStreamJournal, provision};
use journal::server::NatsServer;
use journal::{Connection, Journal, Role};
use ledger::{Latest, Refusal};
use rpc::ingest::Recorded;
use rpc::status::{denial_of, refusal_of};
use service::clock::SystemClock;
use tonic::Status;

use ::tests::world::{Signer, lot};

use crate::support::{Running, Town, check_receipts, encoded, read_all, verdicts};

/// Statements of each process, beside those that are submitted to both.
const STATEMENTS: usize = 1_200;
const SHARED: usize = 200;

/// Everyone submits to either process; some to both. Every receipt is true, and both states are those of a rebuild.
async fn load(town: &mut Town, left: &Running, right: &Running, journal: &impl Journal) {
    let (on_left, on_right) = (
        town.lots_in_turn(&[0, 2, 4], STATEMENTS),
        town.lots_in_turn(&[1, 3, 5], STATEMENTS),
    );
    let on_both = town.lots(6, SHARED);
    let (a, b, c, d) = tokio::join!(
        left.submit_until_told(&on_left),
        right.submit_until_told(&on_right),
        left.submit_until_told(&on_both),
        right.submit_until_told(&on_both),
    );
    assert_eq!(c, d, "the same bytes have the same receipt, whoever gives it");
    let receipts: Vec<Recorded> = [a, b, c].concat().into_iter().map(Result::unwrap).collect();
    let statements: Vec<_> = [on_left, on_right, on_both].concat();
    let records = read_all(journal).await;
    check_receipts(&records, statements.iter().zip(&receipts));
    assert_eq!(records.len(), town.setting.len() + statements.len(), "no duplicates");
    assert!(
        verdicts(&records).iter().all(|verdict| *verdict == 0),
        "nothing is written that is refused"
    );
    both_are_rebuilt(town, left, right, journal, &records).await;
}

/// The process that was not last reads on when it is asked something that it would refuse.
async fn both_are_rebuilt(town: &Town, left: &Running, right: &Running, journal: &impl Journal, records: &[Bytes]) {
    for ingest in [left, right] {
        let stranger = ingest.submit(&stranger(town)).await.unwrap_err();
        assert_eq!(refusal_of(&stranger), Some(Refusal::UnknownKey));
        ingest.check_rebuilt(records).await;
    }
    assert_eq!(read_all(journal).await, records, "nothing is written by a refusal");
}

/// A statement of a key that is not authorized.
fn stranger(town: &Town) -> Vec<u8> {
    let mut town = town.clone();
    let key = town.world.new_key();
    town.operators[0] = Signer {
        key,
        ..town.operators[0].clone()
    };
    town.lot(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_under_load() {
    let mut town = Town::of(7);
    let journal = town.journal();
    let (left, right) = (
        Running::start(journal.clone()).await,
        Running::start(journal.reopen()).await,
    );
    load(&mut town, &left, &right, &journal).await;
    left.stop().await;
    right.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_under_load_on_nats() {
    let dir = tempfile::tempdir().unwrap();
    let server = NatsServer::start(dir.path(), None).await.unwrap();
    let provisioner = Connection::connect(&server.journal_config(Role::Provisioner))
        .await
        .unwrap();
    provision(&provisioner, 1).await.unwrap();
    let open = || async {
        JetStreamJournal::connect(&server.journal_config(Role::Ingest))
            .await
            .unwrap()
    };
    let left = Running::start_at(open().await, SystemClock).await;
    let right = Running::start_at(open().await, SystemClock).await;
    let mut town = Town::of(7);
    let setting = encoded(&town.setting);
    // A disk may be slower than an answer may take.
    let told = async |ingest: &Running| -> Vec<_> {
        let told = ingest.submit_until_told(&setting).await;
        told.into_iter().map(Result::unwrap).collect()
    };
    let receipts = told(&left).await;
    let journal = open().await;
    check_receipts(&read_all(&journal).await, setting.iter().zip(&receipts));
    load(&mut town, &left, &right, &journal).await;
    left.stop().await;
    right.stop().await;
    let again = Running::start_at(open().await, SystemClock).await;
    assert_eq!(told(&again).await, receipts);
    again.stop().await;
}

/// Lots change hands; the miner and the trader have two keys each, one for either process.
struct Market {
    town: Town,
    miner: [Signer; 2],
    trader: [Signer; 2],
    rival: PartyId,
}

impl Market {
    fn new() -> Self {
        let mut town = Town::of(1);
        let trader = town.enrol(PartyKind::Trader);
        let rival = town.enrol(PartyKind::Trader).party;
        let miner = town.operators[0].party;
        let miner = [(); 2].map(|()| further_key(&mut town, miner));
        let trader = [(); 2].map(|()| further_key(&mut town, trader.party));
        Self {
            town,
            miner,
            trader,
            rival,
        }
    }

    fn offer(&mut self, key: usize, lot: LotId, after: StatementId, to: PartyId) -> Vec<u8> {
        let offered = CustodyOffered {
            lot,
            after,
            to,
            with_title: false,
            documents: List::empty(),
        };
        self.miner[key]
            .say(self.town.deployment(), Event::CustodyOffered(offered))
            .encode()
    }

    /// A lot that can be molten: how fine it is is known.
    fn lot(&mut self) -> Vec<u8> {
        let declared = LotDeclared {
            fineness: Some(content()),
            ..lot(self.town.sites[0], 10)
        };
        self.miner[0]
            .say(self.town.deployment(), Event::LotDeclared(declared))
            .encode()
    }

    fn melt(&mut self, key: usize, lot: LotId, after: StatementId) -> Vec<u8> {
        let output = Output {
            form: LotForm::Dore,
            gross_mass: Mass::from_micrograms(10_000_000),
            fineness: content(),
            seals: List::empty(),
            bar: None,
        };
        let melted = LotsTransformed {
            how: Transformation::Melt,
            inputs: vec![LotAfter { lot, after }].try_into().unwrap(),
            outputs: vec![output].try_into().unwrap(),
            custody_model: CustodyModel::IdentityPreserved,
            lost_gross_mass: Mass::ZERO,
            lost_fine_mass: Mass::ZERO,
            melt: None,
            witness: None,
            documents: List::empty(),
        };
        self.miner[key]
            .say(self.town.deployment(), Event::LotsTransformed(melted))
            .encode()
    }

    fn withdraw(&mut self, lot: LotId, after: StatementId) -> Vec<u8> {
        let withdrawn = OfferWithdrawn { lot, after };
        self.miner[1]
            .say(self.town.deployment(), Event::OfferWithdrawn(withdrawn))
            .encode()
    }

    fn accept(&mut self, key: usize, lot: LotId, after: StatementId) -> Vec<u8> {
        let accepted = CustodyAccepted {
            lot,
            after,
            gross_mass: Mass::from_micrograms(10_000_000),
            seals: SealState::None,
        };
        self.trader[key]
            .say(self.town.deployment(), Event::CustodyAccepted(accepted))
            .encode()
    }
}

fn content() -> FinenessClaim {
    FinenessClaim {
        fineness: Fineness::from_ppm(900_000).unwrap(),
        method: FinenessMethod::Xrf,
    }
}

/// Authorizes one more key of a party.
fn further_key(town: &mut Town, party: PartyId) -> Signer {
    let key = town.world.new_key();
    let authorized = KeyAuthorized {
        party,
        key: key.verifying_key().into(),
    };
    let deployment = town.deployment();
    town.setting
        .push(town.world.scheme.say(deployment, Event::KeyAuthorized(authorized)));
    Signer { key, party, number: 0 }
}

/// Exactly one is recorded, and the other is told that it came too late: who was first, with what, and where that stands.
#[track_caller]
fn check_one(
    outcomes: (Result<Recorded, Status>, Result<Recorded, Status>),
    (lot, refusal): (LotId, Refusal),
    parties: [PartyId; 2],
) {
    let (first, late, by) = match outcomes {
        (Ok(first), Err(late)) => (first, late, parties[0]),
        (Err(late), Ok(first)) => (first, late, parties[1]),
        both => panic!("exactly one wins: {both:?}"),
    };
    let latest = Latest {
        lot,
        statement: first.statement,
        by,
        position: first.position,
    };
    let told = denial_of(&late).unwrap();
    // Who melts a lot ends it; who does anything else leaves it to go on.
    let expected = [Refusal::Superseded, refusal];
    assert!(expected.contains(&told.refusal), "{late:?}");
    assert_eq!(told.latest, Some(latest));
}

/// One lot, two hands, at once at two processes, or at one through two clients: accepted twice, taken back while it is taken,
/// sold twice, molten while it is sold, molten twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_statements_on_one_lot_at_once_one_stands() {
    let mut market = Market::new();
    let journal = market.town.journal();
    let (left, right) = (
        Running::start(journal.clone()).await,
        Running::start(journal.clone()).await,
    );
    let (left, right) = (Arc::new(left), Arc::new(right));
    for round in 0..60 {
        let to = market.trader[0].party;
        let miner = market.miner[0].party;
        let declared = left.submit(&market.lot()).await.unwrap().statement;
        let lot = LotId::derive(declared, 0);
        let offer = market.offer(0, lot, declared, to);
        let mut refusal = Refusal::Superseded;
        let mut by = [miner; 2];
        let (one, other) = match round % 5 {
            0 => (offer, market.offer(1, lot, declared, market.rival)),
            1 => {
                refusal = Refusal::LotTransformed;
                (offer, market.melt(1, lot, declared))
            }
            2 => {
                refusal = Refusal::LotTransformed;
                (market.melt(0, lot, declared), market.melt(1, lot, declared))
            }
            taken => {
                let offered = right.submit(&offer).await.unwrap().statement;
                let accept = market.accept(0, lot, offered);
                by[0] = to;
                if taken == 3 {
                    by[1] = to;
                    (accept, market.accept(1, lot, offered))
                } else {
                    (accept, market.withdraw(lot, offered))
                }
            }
        };
        let beside = if round % 2 == 0 { &right } else { &left };
        check_one(at_once(&left, one, beside, other).await, (lot, refusal), by);
    }
    let records = journal.records();
    assert!(verdicts(&records).iter().all(|verdict| *verdict == 0));
    both_are_rebuilt(&market.town, &left, &right, &journal, &records).await;
}

async fn at_once(
    left: &Arc<Running>,
    one: Vec<u8>,
    right: &Arc<Running>,
    other: Vec<u8>,
) -> (Result<Recorded, Status>, Result<Recorded, Status>) {
    let (left, right) = (Arc::clone(left), Arc::clone(right));
    let one = tokio::spawn(async move { left.submit(&one).await });
    let other = tokio::spawn(async move { right.submit(&other).await });
    let (one, other) = tokio::join!(one, other);
    (one.unwrap(), other.unwrap())
}
