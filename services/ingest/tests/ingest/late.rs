//! Three devices without a network for ten days, and what becomes of what they signed, in whatever order it comes in.
//!
//! The miners' phone has a lot `promised` to the exporter, and sells `a` to the trader, who has both statements in his own
//! queue since the handover. The miners' office knows nothing of it and sells `promised` to somebody else. So `a` goes its
//! way whoever comes first, and of the two sales of `promised` the first that comes in stands; who signed the other is
//! told who was first, with what and where, looks at the lot again and signs anew.

use event::vocabulary::SealState;
use event::{LotId, Timestamp, VerifiedStatement};
use journal::memory::MemoryJournal;
use ledger::{Change, FlagKind, Latest, Refusal};
use replay::Verdict;
use rpc::status::denial_of;
use service::clock::TestClock;

use crate::cast::{
    NOON, Say, World, accepted, authorized, dug, grams, offered, says, trade_history, weighed, withdrawn,
};
use crate::support::{Running, read_all, rebuild};

/// When the devices find a network.
const LATER: Timestamp = NOON.plus_ms(10 * 86_400_000);
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// What waits on one device, in its order.
type Queue = Vec<VerifiedStatement>;

/// Signs on a device that sees `world` and nothing else.
fn sign(world: &mut World, say: &Say) -> VerifiedStatement {
    let statement = world.verified(say);
    world.hear(say).unwrap();
    statement
}

/// What everyone knows when the network goes.
fn before() -> Vec<Say> {
    let further = [
        says("scheme", authorized("mine", "mine/2")),
        says("mine", dug("pit")).called("promised"),
    ];
    trade_history().into_iter().chain(further).collect()
}

fn devices(known: &World) -> [Queue; 3] {
    let takes = |lot: &str| accepted(lot, grams(100)).but(|e| e.seals = SealState::None);
    let mut phone = known.clone();
    let handed_over = vec![
        sign(&mut phone, &says("mine", dug("pit")).called("a")),
        sign(&mut phone, &says("mine", offered("a", "trader"))),
    ];
    let mut trader = phone.clone();
    let promised = sign(&mut phone, &says("mine", offered("promised", "exporter")));
    let of_trader = [
        sign(&mut trader, &says("trader", takes("a"))),
        sign(&mut trader, &says("trader", weighed("a", grams(100)))),
        sign(&mut trader, &says("trader", offered("a", "refiner"))),
    ];
    let mut office = known.clone();
    let sold_again = sign(&mut office, &says("mine/2", offered("promised", "trader")));
    [
        [handed_over.clone(), vec![promised]].concat(),
        [handed_over, of_trader.to_vec()].concat(),
        vec![sold_again],
    ]
}

/// A world and its stream, at the moment when the network goes.
fn beginning() -> (World, MemoryJournal) {
    let (mut world, stream) = (World::default(), MemoryJournal::new());
    for say in before() {
        let statement = sign(&mut world, &say);
        stream.push(event::Record::new(say.admitted_at, statement.signed().clone()).encode());
    }
    (world, stream)
}

#[tokio::test]
async fn ten_days_without_a_network_in_any_order() {
    for order in ORDERS {
        let (world, stream) = beginning();
        let ingest = Running::start_at(stream.clone(), TestClock::at(LATER)).await;
        let devices = devices(&world);
        let promised = world.lot("promised");
        let mut sales = Vec::new();
        for device in order {
            for statement in &devices[device] {
                let outcome = ingest.submit(&statement.signed().encode()).await;
                if statement.event().lots_after().iter().any(|each| each.lot == promised) {
                    sales.push((statement, outcome));
                } else {
                    // What both have in their queues gets the same receipt twice.
                    assert_eq!(outcome.unwrap().statement, statement.id(), "{order:?}");
                }
            }
        }
        let [(first, won), (second, lost)] = sales.try_into().unwrap();
        let won = won.unwrap();
        let told = denial_of(&lost.unwrap_err()).unwrap();
        assert_eq!(told.refusal, Refusal::Superseded);
        let latest = Latest {
            lot: promised,
            statement: first.id(),
            by: world.party("mine"),
            position: won.position,
        };
        assert_eq!(told.latest, Some(latest), "who is refused is told what to look at");
        mended(&ingest, &stream, &world, second).await;
        flagged_late(&stream, promised).await;
        ingest.stop().await;
    }
}

/// Who was too late looks at the lot again, takes back what stands, and signs anew; the refused statement stays refused.
async fn mended(ingest: &Running, stream: &MemoryJournal, world: &World, refused: &VerifiedStatement) {
    let key = if refused.key() == crate::cast::key("mine") {
        "mine"
    } else {
        "mine/2"
    };
    let (replica, _) = rebuild(&read_all(stream).await);
    let mut seen = world.clone();
    seen.ledger = replica.ledger().clone();
    let again = [
        says(key, withdrawn("promised")),
        says(key, offered("promised", "refiner")),
    ];
    for say in again {
        let say = say.stated_at(LATER).admitted_at(LATER);
        let statement = sign(&mut seen, &say);
        assert_eq!(
            ingest.submit(&statement.signed().encode()).await.unwrap().statement,
            statement.id()
        );
    }
    let still = ingest.submit(&refused.signed().encode()).await.unwrap_err();
    assert!(denial_of(&still).is_some());
}

/// Everything that waited says so for ever; what was signed in time does not.
async fn flagged_late(stream: &MemoryJournal, promised: LotId) {
    let (_, steps) = rebuild(&read_all(stream).await);
    let late = |step: &replay::Step| match &step.verdict {
        Verdict::Admitted(changes) => changes
            .iter()
            .any(|change| matches!(change, Change::Flag(flag) if flag.kind == FlagKind::Late)),
        Verdict::Refused(_) => false,
    };
    let waited = steps.iter().filter(|step| late(step)).count();
    // The lot and its offer, the trader's three, and one sale.
    assert_eq!(waited, 6);
    let on_promised = steps.iter().filter_map(|step| step.statement.as_ref());
    let on_promised = on_promised.filter(|said| said.event().lots_after().iter().any(|each| each.lot == promised));
    assert_eq!(on_promised.count(), 3);
}

/// An acceptance that comes before the offer it answers is refused, and comes again, the very same, when the offer is there.
#[tokio::test]
async fn an_answer_that_comes_first_comes_again() {
    let (world, stream) = beginning();
    let ingest = Running::start_at(stream, TestClock::at(LATER)).await;
    let [phone, trader, _] = devices(&world);
    let acceptance = trader[2].signed().encode();
    let refused = ingest.submit(&acceptance).await.unwrap_err();
    assert_eq!(denial_of(&refused).map(|told| told.refusal), Some(Refusal::UnknownLot));
    for statement in &phone {
        ingest.submit(&statement.signed().encode()).await.unwrap();
    }
    assert_eq!(ingest.submit(&acceptance).await.unwrap().statement, trader[2].id());
    ingest.stop().await;
}
