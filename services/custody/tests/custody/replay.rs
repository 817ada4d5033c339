//! The same records make the same rows and the same answers, whenever and in whatever batches they are folded.

use proptest::collection::vec;
use proptest::prelude::*;
use rpc::custody::{GetLotResponse, ListLotsRequest, ListLotsResponse, LotState};

use crate::support::{Folded, Say, Stream, of_lot};

/// What comes next in a random history; most of it is refused, and much of it is not.
#[derive(Clone, Debug)]
enum Next {
    Declared { by: usize, sealed: bool },
    Said { by: usize, lot: usize, say: Say },
    Garbage(Vec<u8>),
}

fn next() -> impl Strategy<Value = Next> {
    let say = prop_oneof![
        4 => (0..4_usize).prop_map(|to| Say::Offer { to }),
        4 => (8..12_u64).prop_map(|grams| Say::Accept { grams }),
        1 => Just(Say::Decline),
        1 => Just(Say::Withdraw),
        1 => Just(Say::Retire),
    ];
    prop_oneof![
        2 => (0..2_usize, any::<bool>()).prop_map(|(by, sealed)| Next::Declared { by, sealed }),
        20 => (0..4_usize, 0..3_usize, say).prop_map(|(by, lot, say)| Next::Said { by, lot, say }),
        1 => vec(any::<u8>(), 0..40).prop_map(Next::Garbage),
    ]
}

fn stream(history: &[Next]) -> Stream {
    let mut stream = Stream::begin();
    stream.declare(0, 10, &[]);
    for (n, next) in history.iter().enumerate() {
        let seal = format!("S-{n}");
        match next {
            Next::Declared { by, sealed: true } => _ = stream.declare(*by, 10, &[&seal]),
            Next::Declared { by, sealed: false } => _ = stream.declare(*by, 10, &[]),
            Next::Said { by, lot, say } => _ = stream.say(*by, lot % stream.lots.len(), *say),
            Next::Garbage(bytes) => _ = stream.append(bytes.clone()),
        }
    }
    stream
}

/// Everything that can be asked about a stream's lots as of a position; 0 for the present.
#[derive(Debug, PartialEq)]
struct Told {
    all: ListLotsResponse,
    by_custodian: Vec<ListLotsResponse>,
    by_site: Vec<ListLotsResponse>,
    by_state: Vec<ListLotsResponse>,
    lots: Vec<GetLotResponse>,
}

async fn told(folded: &Folded, stream: &Stream, as_of_position: u64) -> Told {
    let request = ListLotsRequest {
        as_of_position,
        ..Default::default()
    };
    let all = folded.list(request.clone()).await;
    let (mut by_custodian, mut by_site, mut by_state, mut lots) = (vec![], vec![], vec![], vec![]);
    for person in &stream.people {
        let custodian_id = person.party.to_string();
        by_custodian.push(
            folded
                .list(ListLotsRequest {
                    custodian_id,
                    ..request.clone()
                })
                .await,
        );
    }
    for site in &stream.sites {
        by_site.push(
            folded
                .list(ListLotsRequest {
                    site_id: site.to_string(),
                    ..request.clone()
                })
                .await,
        );
    }
    for state in [LotState::Held, LotState::Offered, LotState::Retired] {
        by_state.push(
            folded
                .list(ListLotsRequest {
                    state: state.into(),
                    ..request.clone()
                })
                .await,
        );
    }
    for lot in &all.lots {
        lots.push(folded.get(of_lot(lot.lot_id.parse().unwrap(), as_of_position)).await);
    }
    Told {
        all,
        by_custodian,
        by_site,
        by_state,
        lots,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_past_is_what_it_was(history in vec(next(), 1..50), part in 0..=100_u64) {
        let stream = stream(&history);
        let begun = Stream::begin().end();
        let at = begun + (stream.end() - begun) * part / 100;
        let (now, then) = (stream.fold_all(), stream.fold(at, &[7]));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (past, present) = runtime.block_on(async { (told(&now, &stream, at).await, told(&then, &stream, 0).await) });
        prop_assert_eq!(past, present);
    }

    #[test]
    fn batches_leave_no_trace(history in vec(next(), 1..50), batches in vec(1..20_usize, 1..6)) {
        let stream = stream(&history);
        prop_assert_eq!(stream.fold(stream.end(), &batches).digest(), stream.fold_all().digest());
    }

    /// What the view says of a lot is what the ledger says.
    #[test]
    fn lots_stand_as_in_the_ledger(history in vec(next(), 1..50)) {
        let stream = stream(&history);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let all = runtime.block_on(async { stream.fold_all().list(ListLotsRequest::default()).await });
        for lot in all.lots {
            let known = stream.replica.ledger().lot(&lot.lot_id.parse().unwrap()).unwrap();
            prop_assert_eq!(lot.latest_statement_id.clone(), known.latest.to_string());
            prop_assert_eq!(lot.gross_mass_micrograms, known.gross_mass.micrograms());
            prop_assert_eq!(lot.state() == LotState::Retired, known.is_retired());
            prop_assert_eq!(lot.custodian.unwrap().party_id, known.custodian.to_string());
            prop_assert_eq!(lot.open_offer.map(|offer| offer.since_position), known.offer.map(|offer| offer.position.get()));
        }
    }
}

#[tokio::test]
async fn a_refused_record_changes_no_row() {
    let mut stream = Stream::begin();
    stream.declare(0, 10, &[]);
    let before = stream.fold_all();
    assert!(!stream.say(1, 0, Say::Retire));
    assert!(!stream.append(b"garbage".to_vec()));
    let after = stream.fold_all();
    assert_eq!(after.digest(), before.digest());
    let (view, again) = (after.view().await, after.view().await);
    assert_eq!(view, again);
    assert_eq!(
        (view.position, view.rows_digest),
        (stream.end(), before.digest().to_string())
    );
    assert_eq!(view.rows, before.view().await.rows);
}
