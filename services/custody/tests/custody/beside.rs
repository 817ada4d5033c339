//! What stands beside the path of a lot: seals, assays, offers that expire, whose it is.

use event::vocabulary::{
    AssayPurpose, FinenessMethod, LotAssayed, LotSampled, LotSealed, SealBroken, TitleTransferred,
};
use event::{Event, Fineness, List, StatementId};
use rpc::custody::{GetLotRequest, GetLotResponse, ListLotsRequest, LotState, SealUse, get_lot_request};
use tests::world::{BEGIN, line, list, short};

use crate::support::{MINERS, REFINER, Say, Stream, TRADER, of_lot};

const DAY_MS: i64 = 86_400_000;

/// Seals S-1 and S-2 are on it from the beginning, S-1 is broken, a sample is taken, and S-3 closes it again.
fn sealed() -> (Stream, [u64; 3]) {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 10, &["S-1", "S-2"]);
    let broken = stream.tell_of(MINERS, 0, |lot, after| {
        Event::SealBroken(SealBroken {
            lot,
            after,
            seals: list(vec![short("S-1")]),
            reason: line("To take a sample"),
        })
    });
    let sampled = stream.tell_of(MINERS, 0, |lot, after| {
        Event::LotSampled(LotSampled {
            lot,
            after,
            samples: list(vec![short("X-1")]),
            melt: None,
            witness: None,
        })
    });
    let closed = stream.tell_of(MINERS, 0, |lot, after| {
        Event::LotSealed(LotSealed {
            lot,
            after,
            seals: list(vec![short("S-3")]),
            documents: List::empty(),
        })
    });
    (stream, [broken, sampled, closed])
}

#[tokio::test]
async fn seals_are_as_they_were_said_to_be() {
    let (stream, [broken, sampled, closed]) = sealed();
    let declared = broken - 1;
    let folded = stream.fold_all();
    let (whole, gone, sample) = (SealUse::Whole, SealUse::Broken, SealUse::Sample);
    let first = ("S-1", whole, declared);
    let second = ("S-2", whole, declared);
    let cases = [
        (declared, vec![first, second], vec!["S-1", "S-2"]),
        (broken, vec![("S-1", gone, broken), second], vec!["S-2"]),
        (
            sampled,
            vec![("S-1", gone, broken), second, ("X-1", sample, sampled)],
            vec!["S-2"],
        ),
        (
            closed,
            vec![
                ("S-1", gone, broken),
                second,
                ("S-3", whole, closed),
                ("X-1", sample, sampled),
            ],
            vec!["S-2", "S-3"],
        ),
    ];
    for (at, expected, on_it) in cases {
        let answer = folded.get(of_lot(stream.lots[0], at)).await;
        let seals: Vec<_> = answer
            .seals
            .iter()
            .map(|seal| (seal.number.as_str(), seal.r#use(), seal.since_position))
            .collect();
        assert_eq!(seals, expected, "at {at}");
        let lot = answer.lot.unwrap();
        assert_eq!(lot.seals, on_it, "at {at}");
        assert_eq!(usize::try_from(lot.whole_seals).unwrap(), on_it.len());
    }
    for number in ["S-1", "X-1"] {
        let request = GetLotRequest {
            lot: Some(get_lot_request::Lot::Seal(number.to_owned())),
            ..Default::default()
        };
        assert_eq!(
            folded.get(request).await.lot.unwrap().lot_id,
            stream.lots[0].to_string(),
            "{number}"
        );
    }
    let path = folded.get(of_lot(stream.lots[0], 0)).await.path;
    let told: Vec<_> = path
        .iter()
        .map(|step| (step.event.as_str(), step.seals.join(" ")))
        .collect();
    let expected = [
        ("LotDeclared", "S-1 S-2"),
        ("SealBroken", "S-1"),
        ("LotSampled", "X-1"),
        ("LotSealed", "S-3"),
    ];
    assert_eq!(told, expected.map(|(event, seals)| (event, seals.to_owned())));
    assert_eq!(path[1].reason, "To take a sample");
}

fn assay(stream: &mut Stream, by: usize, ppm: u32, replaces: Option<StatementId>) -> StatementId {
    stream.tell_of(by, 0, |lot, after| {
        Event::LotAssayed(LotAssayed {
            lot,
            after,
            method: FinenessMethod::FireAssay,
            gold: Fineness::from_ppm(ppm).unwrap(),
            silver: Fineness::from_ppm(100_000),
            uncertainty_ppm: Some(300),
            purpose: AssayPurpose::Control,
            sample: None,
            melt: Some(short("M-7")),
            replaces,
            documents: List::empty(),
        })
    });
    stream.latest[0]
}

#[tokio::test]
async fn assays_are_shown_newest_first_with_whose_word_counts() {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 10, &[]);
    let first = assay(&mut stream, MINERS, 505_000, None);
    assay(&mut stream, REFINER, 504_000, None);
    let last = assay(&mut stream, MINERS, 503_000, Some(first));
    let answer = stream.fold_all().get(of_lot(stream.lots[0], 0)).await;
    let told: Vec<_> = answer
        .assays
        .iter()
        .map(|assay| (assay.by.clone().unwrap().name, assay.gold_ppm, assay.is_replaced))
        .collect();
    let expected = [
        ("Miners", 503_000, false),
        ("Refiner", 504_000, false),
        ("Miners", 505_000, true),
    ];
    assert_eq!(told, expected.map(|(by, ppm, replaced)| (by.to_owned(), ppm, replaced)));
    let newest = &answer.assays[0];
    assert_eq!((newest.silver_ppm, newest.uncertainty_ppm), (Some(100_000), Some(300)));
    assert_eq!(
        (newest.melt.as_str(), newest.replaces_statement_id.as_str()),
        ("M-7", &*first.to_string())
    );
    let lot = answer.lot.unwrap();
    assert_eq!(
        (lot.fineness.unwrap().fineness_ppm, lot.fine_mass_micrograms),
        (503_000, Some(5_030_000))
    );
    let content = lot.content.unwrap();
    assert_eq!(
        (content.by.unwrap().name, content.statement_id),
        ("Miners".to_owned(), last.to_string())
    );
    let step = answer.path.last().unwrap();
    assert_eq!(step.fine_mass_after_micrograms, Some(5_030_000));
    assert_eq!(step.target_statement_id, first.to_string());
}

/// Checks how an offer of the first day is told so many days later: its state, whether it is open, whether it expired.
fn check(answer: GetLotResponse, state: LotState, told: &str) {
    let lot = answer.lot.unwrap();
    assert_eq!(lot.state(), state, "{told}");
    let (open, expired) = (lot.open_offer.is_some(), lot.expired_offer.is_some());
    assert_eq!(
        (open, expired),
        (state == LotState::Offered, state == LotState::Held),
        "{told}"
    );
}

#[tokio::test]
async fn an_offer_expires_by_time_alone() {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 10, &[]);
    stream.say_rightly(MINERS, 0, Say::Offer { to: TRADER });
    let folded = stream.fold_all();
    let last = BEGIN.unix_ms() + 30 * DAY_MS;
    for (as_of_unix_ms, state) in [(last, LotState::Offered), (last + 1, LotState::Held)] {
        let request = GetLotRequest {
            as_of_unix_ms,
            ..of_lot(stream.lots[0], 0)
        };
        let answer = folded.get(request).await;
        assert_eq!(answer.evaluated_at_unix_ms, as_of_unix_ms);
        check(answer, state, "as of an instant to come");
    }
    check(
        folded.get(of_lot(stream.lots[0], 0)).await,
        LotState::Offered,
        "on the day itself",
    );
    folded.clock.advance(30 * DAY_MS + 1);
    check(
        folded.get(of_lot(stream.lots[0], 0)).await,
        LotState::Held,
        "after a month",
    );
    let listed = ListLotsRequest {
        state: LotState::Held.into(),
        ..Default::default()
    };
    assert_eq!(folded.list(listed).await.lots.len(), 1);
    let pinned = of_lot(stream.lots[0], stream.end());
    check(
        folded.get(pinned).await,
        LotState::Offered,
        "as of a position, by its own clock",
    );
}

/// Days of an instant in the past are those of the last record before it.
#[tokio::test]
async fn an_instant_in_the_past_names_a_position() {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 10, &[]);
    let declared = stream.end();
    stream.pass_days(2);
    stream.say_rightly(MINERS, 0, Say::Offer { to: TRADER });
    let folded = stream.fold_all();
    for (days, position) in [(1, declared), (2, declared + 1)] {
        let request = GetLotRequest {
            as_of_unix_ms: BEGIN.unix_ms() + days * DAY_MS,
            ..of_lot(stream.lots[0], 0)
        };
        assert_eq!(folded.get(request).await.position, position, "after {days} days");
    }
}

#[tokio::test]
async fn the_title_passes_apart_from_the_gold() {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 10, &[]);
    let to = stream.people[REFINER].party;
    stream.tell_of(MINERS, 0, |lot, after| {
        let documents = List::empty();
        Event::TitleTransferred(TitleTransferred {
            lot,
            after,
            to,
            documents,
        })
    });
    let folded = stream.fold_all();
    let answer = folded.get(of_lot(stream.lots[0], 0)).await;
    let lot = answer.lot.unwrap();
    assert_eq!(
        (lot.custodian.unwrap().name.as_str(), lot.owner.unwrap().name.as_str()),
        ("Miners", "Refiner")
    );
    let step = answer.path.last().unwrap().clone();
    let names = [step.from, step.to, step.by, step.owner_after].map(|party| party.unwrap().name);
    assert_eq!(names, ["Miners", "Refiner", "Miners", "Refiner"]);
    for (owner, lots) in [(MINERS, 0), (REFINER, 1)] {
        let request = ListLotsRequest {
            owner_id: stream.people[owner].party.to_string(),
            ..Default::default()
        };
        assert_eq!(folded.list(request).await.lots.len(), lots);
    }
}
