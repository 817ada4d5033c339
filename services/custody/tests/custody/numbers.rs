//! Lots by the numbers they bear.

use event::vocabulary::{
    Bar, CustodyModel, FinenessClaim, FinenessMethod, LotAfter, LotExported, LotForm, LotReceived, LotSampled, Output,
    Reference, Transformation,
};
use event::{Event, Fineness, List};
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{BarQuery, FindLotsRequest, GetPartyRequest, RefineryLotQuery, find_lots_request::Query};
use rpc::view;
use tests::world::{line, list, short};
use tonic::{Code, Request};

use crate::support::{Folded, MINERS, REFINER, Stream, TRADER, code, grams};

/// The places of lots in the stream below.
const DUG: usize = 0;
const BARS: [usize; 2] = [3, 4];

/// Twenty grams are sealed and sampled, exported, received by the refiner, refined, and cast into two bars.
fn refined() -> (Stream, u64) {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 20, &["S-1"]);
    stream.tell_of(MINERS, DUG, |lot, after| {
        Event::LotSampled(LotSampled {
            lot,
            after,
            samples: list(vec![short("X-1")]),
            melt: None,
            witness: None,
        })
    });
    open(&mut stream);
    stream.hand_over(MINERS, DUG, TRADER, 20);
    export(&mut stream);
    stream.hand_over(TRADER, DUG, REFINER, 20);
    let arrived = stream.now.date();
    stream.tell_of(REFINER, DUG, |lot, after| {
        Event::LotReceived(LotReceived {
            lot,
            after,
            refinery_lot: short("R-1"),
            arrived,
            after_melt_mass: grams(20),
            discrepancy: None,
            documents: List::empty(),
        })
    });
    let before = stream.end();
    let fine = output(LotForm::Fine, 10, 995_000, None);
    let slag = output(LotForm::Residue, 10, 5_000, None);
    let refined = stream.become_lots(
        REFINER,
        Transformation::Refine,
        &[DUG],
        vec![fine, slag],
        (grams(0), grams(0)),
    );
    let bars = ["1", "2"].map(|serial| output(LotForm::Fine, 5, 995_000, Some(serial)));
    let refined = refined.unwrap();
    let cast = stream.become_lots(
        REFINER,
        Transformation::Cast,
        &refined[..1],
        bars.to_vec(),
        (grams(0), grams(0)),
    );
    assert_eq!(cast.unwrap(), BARS);
    (stream, before)
}

fn open(stream: &mut Stream) {
    stream.tell_of(MINERS, DUG, |lot, after| {
        Event::SealBroken(event::vocabulary::SealBroken {
            lot,
            after,
            seals: list(vec![short("S-1")]),
            reason: line("To sell it"),
        })
    });
}

fn export(stream: &mut Stream) {
    let today = stream.now.date();
    let importer = stream.people[REFINER].party;
    stream.tell_of(TRADER, DUG, |lot, after| {
        Event::LotExported(LotExported {
            lots: list(vec![LotAfter { lot, after }]),
            certificate: certificate(),
            authority: line("The ministry"),
            issued: today,
            expires: today.plus_days(90),
            certified_gross_mass: grams(20),
            from: "CD".parse().unwrap(),
            to: "CH".parse().unwrap(),
            importer,
            hs_code: short("7108.12"),
            documents: List::empty(),
        })
    });
}

fn certificate() -> Reference {
    Reference {
        source: "ministry".parse().unwrap(),
        value: short("C-1"),
    }
}

fn output(form: LotForm, mass: u64, ppm: u32, serial: Option<&str>) -> Output {
    Output {
        form,
        gross_mass: grams(mass),
        fineness: FinenessClaim {
            fineness: Fineness::from_ppm(ppm).unwrap(),
            method: FinenessMethod::FireAssay,
        },
        seals: List::empty(),
        bar: serial.map(|serial| Bar {
            brand: short("Brand"),
            serial: short(serial),
            year: 2026,
        }),
    }
}

async fn check(stream: &Stream, folded: &Folded, query: Query, as_of_position: u64, expected: &[usize]) {
    let request = FindLotsRequest {
        query: Some(query),
        as_of_position,
        ..Default::default()
    };
    let found = folded.find(request.clone()).await;
    let place = |id: &str| stream.lots.iter().position(|lot| lot.to_string() == id).unwrap();
    let places: Vec<_> = found.lots.iter().map(|lot| place(&lot.lot_id)).collect();
    assert_eq!(places, expected, "{request:?}");
    assert_eq!(found.next_page_token, "");
}

fn bar(serial: &str, brand: &str, year: u32, refiner_id: &str) -> Query {
    Query::Bar(BarQuery {
        serial: serial.to_owned(),
        refiner_id: refiner_id.to_owned(),
        brand: brand.to_owned(),
        year,
    })
}

fn refinery_lot(number: &str, refiner_id: &str) -> Query {
    Query::RefineryLot(RefineryLotQuery {
        number: number.to_owned(),
        refiner_id: refiner_id.to_owned(),
    })
}

#[tokio::test]
async fn a_number_leads_to_its_lots() {
    let (stream, before) = refined();
    let folded = stream.fold_all();
    let [refiner, trader] = [REFINER, TRADER].map(|place| stream.people[place].party.to_string());
    let of_ministry = |source: &str, value: &str| {
        Query::Certificate(view::Reference {
            source: source.to_owned(),
            value: value.to_owned(),
        })
    };
    let cases: Vec<(Query, &[usize])> = vec![
        (Query::Seal("S-1".to_owned()), &[DUG]),
        (Query::Seal("X-1".to_owned()), &[DUG]),
        (Query::Seal("S-9".to_owned()), &[]),
        (of_ministry("ministry", "C-1"), &[DUG]),
        (of_ministry("", "C-1"), &[DUG]),
        (of_ministry("another", "C-1"), &[]),
        (of_ministry("ministry", "C-10"), &[]),
        (of_ministry("", "C-10"), &[]),
        (refinery_lot("R-1", ""), &[DUG]),
        (refinery_lot("R-1", &refiner), &[DUG]),
        (refinery_lot("R-1", &trader), &[]),
        (Query::Melt("M-1".to_owned()), &[1, 2, 3, 4]),
        (bar("1", "", 0, ""), &[3]),
        (bar("2", "Brand", 2026, &refiner), &[4]),
        (bar("2", "Brand", 2025, ""), &[]),
        (bar("2", "Other", 0, ""), &[]),
        (bar("2", "", 0, &trader), &[]),
        (bar("3", "", 0, ""), &[]),
    ];
    for (query, expected) in cases {
        check(&stream, &folded, query, 0, expected).await;
    }
    check(&stream, &folded, Query::Melt("M-1".to_owned()), before, &[]).await;
    check(&stream, &folded, refinery_lot("R-1", ""), before - 1, &[]).await;
}

#[tokio::test]
async fn the_pages_of_what_is_found_hold_every_lot_once() {
    let (stream, _) = refined();
    let folded = stream.fold_all();
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let page = folded
            .find(FindLotsRequest {
                query: Some(Query::Melt("M-1".to_owned())),
                page_size: 3,
                page_token,
                ..Default::default()
            })
            .await;
        found.extend(page.lots.into_iter().map(|lot| lot.lot_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let expected: Vec<_> = stream.lots[1..].iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_is_stamped_and_stated_is_shown() {
    let (stream, _) = refined();
    let folded = stream.fold_all();
    let answer = folded.get(crate::support::of_lot(stream.lots[BARS[1]], 0)).await;
    let bar = answer.lot.unwrap().bar.unwrap();
    assert_eq!(
        (bar.brand.as_str(), bar.serial.as_str(), bar.year),
        ("Brand", "2", 2026)
    );
    assert_eq!(bar.refiner.unwrap().name, "Refiner");
    let dug = folded.get(crate::support::of_lot(stream.lots[DUG], 0)).await;
    let lot = dug.lot.unwrap();
    assert_eq!(
        (lot.exported_from.as_str(), lot.received_by.unwrap().name.as_str()),
        ("CD", "Refiner")
    );
    let step = |event: &str| dug.path.iter().find(|step| step.event == event).unwrap();
    let exported = step("LotExported");
    assert_eq!(
        (exported.number.as_str(), exported.authority.as_str()),
        ("C-1", "The ministry")
    );
    assert_eq!(
        (exported.from_country.as_str(), exported.to_country.as_str()),
        ("CD", "CH")
    );
    assert_eq!(step("LotReceived").number, "R-1");
    assert_eq!(CustodyModel::MassBalance, stream.known(BARS[0]).custody_model);
    let request = GetPartyRequest {
        party_id: stream.people[TRADER].party.to_string(),
        ..Default::default()
    };
    let exported = folded.party(request).await.months[0].exported.unwrap();
    assert_eq!((exported.lots, exported.gross_mass_micrograms), (1, 20_000_000));
}

#[tokio::test]
async fn what_names_nothing_is_refused() {
    let (stream, _) = refined();
    let folded = stream.fold_all();
    for query in [
        None,
        Some(Query::Melt(String::new())),
        Some(bar("1", "", 70_000, "")),
        Some(bar("1", "", 0, "lot-1")),
    ] {
        let request = FindLotsRequest {
            query,
            ..Default::default()
        };
        assert_eq!(
            code(folded.door.find_lots(Request::new(request)).await),
            Code::InvalidArgument
        );
    }
}
