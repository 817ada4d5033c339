//! A lot and the path it took.

use rpc::custody::{GetLotRequest, Lot, LotState, LotStep, QuantityBasis, SealState, get_lot_request};
use rpc::view::PartyName;

use crate::support::{Say, Stream, of_lot};

const MINERS: usize = 0;
const DIGGERS: usize = 1;
const TRADER: usize = 2;
const REFINER: usize = 3;

/// Checks how a lot of 100 g of the miners stands, and its path, after this was said about it and admitted.
#[track_caller]
fn check(said: &[(usize, Say)], stands: &str, path: &[&str]) {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 100, &[]);
    for (by, say) in said {
        stream.say_rightly(*by, 0, *say);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(async { stream.fold_all().get(of_lot(stream.lots[0], 0)).await });
    assert_eq!(stands_told(&answer.lot.unwrap()), stands, "{said:?}");
    assert_eq!(answer.path.iter().map(step_told).collect::<Vec<_>>(), path, "{said:?}");
}

#[test]
fn a_lot_stands_where_its_path_ends() {
    let declared = "LotDeclared to Miners, 100 g";
    let offer = (MINERS, Say::Offer { to: TRADER });
    let offered = "CustodyOffered from Miners to Trader";
    check(&[], "held by Miners, 100 g", &[declared]);
    check(
        &[offer],
        "held by Miners, 100 g, offered to Trader",
        &[declared, offered],
    );
    check(
        &[offer, (MINERS, Say::Withdraw)],
        "held by Miners, 100 g",
        &[declared, offered, "OfferWithdrawn from Miners to Trader"],
    );
    check(
        &[offer, (TRADER, Say::Decline)],
        "held by Miners, 100 g",
        &[declared, offered, "CustodyDeclined from Miners to Trader: Too wet"],
    );
    let accepted = "CustodyAccepted from Miners to Trader, 99 g, seals intact";
    check(
        &[offer, (TRADER, Say::Accept { mg: 99_000 })],
        "held by Trader, 99 g",
        &[declared, offered, accepted],
    );
    check(
        &[offer, (TRADER, Say::Accept { mg: 99_000 }), (TRADER, Say::Retire)],
        "retired by Trader, 99 g",
        &[declared, offered, accepted, "LotRetired from Trader: Made into a ring"],
    );
    check(
        &[
            offer,
            (TRADER, Say::Accept { mg: 99_000 }),
            (TRADER, Say::Offer { to: REFINER }),
            (REFINER, Say::Accept { mg: 98_000 }),
            (REFINER, Say::Offer { to: MINERS }),
        ],
        "held by Refiner, 98 g, offered to Miners",
        &[
            declared,
            offered,
            accepted,
            "CustodyOffered from Trader to Refiner",
            "CustodyAccepted from Trader to Refiner, 98 g, seals intact",
            "CustodyOffered from Refiner to Miners",
        ],
    );
}

#[tokio::test]
async fn what_was_declared_goes_with_the_lot() {
    let mut stream = Stream::begin();
    stream.declare(DIGGERS, 10, &["S-1", "S-2"]);
    let at = stream.end();
    let offered_at = stream.say_rightly(DIGGERS, 0, Say::Offer { to: TRADER });
    stream.say_rightly(TRADER, 0, Say::Accept { mg: 8_000 });
    let folded = stream.fold_all();
    let answer = folded.get(of_lot(stream.lots[0], 0)).await;
    let lot = answer.lot.unwrap();
    assert_eq!(lot.basis(), QuantityBasis::Illustrative, "invented, and said to be");
    assert_eq!(
        (lot.declared_gross_mass_micrograms, lot.gross_mass_micrograms),
        (10_000_000, 8_000_000)
    );
    assert_eq!(
        lot.fine_mass_micrograms,
        Some(4_000_000),
        "half of what was last weighed"
    );
    assert_eq!(lot.fineness.unwrap().fineness_ppm, 500_000);
    assert_eq!(
        (lot.site.unwrap().name, named(lot.declared_by.as_ref())),
        ("South".to_owned(), "Diggers".to_owned())
    );
    assert_eq!(
        (lot.extracted_from.as_str(), lot.extracted_to.as_str()),
        ("2025-12-31", "2025-12-31")
    );
    assert_eq!(
        (lot.seals, lot.declared_position),
        (vec!["S-1".to_owned(), "S-2".to_owned()], at)
    );
    assert_eq!(lot.latest_statement_id, answer.path.last().unwrap().statement_id);
    assert_eq!(answer.path[1].position, offered_at);
    assert_eq!(answer.path[1].admitted_at_unix_ms, tests::world::BEGIN.unix_ms());

    let by_seal = Some(get_lot_request::Lot::Seal("S-2".to_owned()));
    let then = folded
        .get(GetLotRequest {
            lot: by_seal,
            as_of_position: offered_at,
            ..Default::default()
        })
        .await;
    let offer = then.lot.unwrap().open_offer.unwrap();
    assert_eq!(
        (named(offer.to.as_ref()), offer.since_position),
        ("Trader".to_owned(), offered_at)
    );
    assert_eq!(offer.since_unix_ms, tests::world::BEGIN.unix_ms());
    assert_eq!(then.path.len(), 2);
}

#[tokio::test]
async fn a_double_sale_does_not_show() {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 100, &[]);
    stream.say_rightly(MINERS, 0, Say::Offer { to: TRADER });
    assert!(!stream.say(MINERS, 0, Say::Offer { to: REFINER }));
    let before = stream.fold_all().get(of_lot(stream.lots[0], stream.end())).await;
    assert_eq!(
        stands_told(before.lot.as_ref().unwrap()),
        "held by Miners, 100 g, offered to Trader"
    );
    assert_eq!(before.path.len(), 2);
}

#[tokio::test]
async fn the_pages_of_a_path_hold_every_step_once() {
    let mut stream = Stream::begin();
    let lot = stream.declare(MINERS, 100, &[]);
    let other = stream.declare(DIGGERS, 100, &[]);
    for _ in 0..5 {
        stream.say_rightly(MINERS, lot, Say::Offer { to: TRADER });
        stream.say_rightly(DIGGERS, other, Say::Offer { to: TRADER });
        stream.say_rightly(MINERS, lot, Say::Withdraw);
        stream.say_rightly(TRADER, other, Say::Decline);
    }
    let folded = stream.fold_all();
    let whole = folded.get(of_lot(stream.lots[lot], 0)).await;
    assert_eq!((whole.path.len(), whole.next_page_token.as_str()), (11, ""));
    for page_size in 1..13 {
        let (mut path, mut page_token) = (Vec::new(), String::new());
        loop {
            let page = folded
                .get(GetLotRequest {
                    page_size,
                    page_token,
                    ..of_lot(stream.lots[lot], 0)
                })
                .await;
            assert!(page.path.len() <= page_size.try_into().unwrap());
            assert_eq!(page.lot, whole.lot, "every page shows the lot");
            path.extend(page.path);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(path, whole.path, "in pages of {page_size}");
    }
}

fn stands_told(lot: &Lot) -> String {
    let verb = if lot.state() == LotState::Retired {
        "retired"
    } else {
        "held"
    };
    let mut told = format!(
        "{verb} by {}, {} g",
        named(lot.custodian.as_ref()),
        lot.gross_mass_micrograms / 1_000_000
    );
    assert_eq!(lot.state() == LotState::Offered, lot.open_offer.is_some());
    if let Some(offer) = &lot.open_offer {
        told = format!("{told}, offered to {}", named(offer.to.as_ref()));
    }
    told
}

fn step_told(step: &LotStep) -> String {
    let mut told = step.event.clone();
    for (word, party) in [("from", step.from.as_ref()), ("to", step.to.as_ref())] {
        if party.is_some() {
            told = format!("{told} {word} {}", named(party));
        }
    }
    if let Some(mass) = step.gross_mass_micrograms {
        told = format!("{told}, {} g", mass / 1_000_000);
    }
    match step.seal_state() {
        SealState::Unspecified => {}
        state => told = format!("{told}, seals {}", format!("{state:?}").to_lowercase()),
    }
    if step.reason.is_empty() {
        told
    } else {
        format!("{told}: {}", step.reason)
    }
}

fn named(party: Option<&PartyName>) -> String {
    party.unwrap().name.clone()
}
