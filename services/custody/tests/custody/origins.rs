//! Where the gold in a lot comes from, and what it was made of.

use event::vocabulary::{INPUTS_MAX, LotDeclared, OUTPUTS_MAX, SiteAmended, Transformation};
use event::{Event, LotId, Mass};
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{
    GetLineageRequest, GetLineageResponse, GetLotRequest, GetOriginsRequest, GetProvenanceRequest, LineageDirection,
    LotState, Origin, OriginsBy,
};
use tests::world;
use tonic::{Code, Request};

use crate::support::{DIGGERS, Folded, MINERS, Say, Stream, TRADER, code, of_lot};

/// Ten grams of the miners and twenty of the diggers, half gold, molten by the trader into twenty and ten.
fn melted() -> (Stream, Vec<usize>) {
    let mut stream = Stream::begin();
    let miners = stream.declare(MINERS, 10, &[]);
    let diggers = stream.declare(DIGGERS, 20, &[]);
    stream.hand_over(MINERS, miners, TRADER, 10);
    stream.hand_over(DIGGERS, diggers, TRADER, 20);
    let outputs = [(20, 500), (10, 500)];
    let made = stream.transform(TRADER, Transformation::Melt, &[miners, diggers], &outputs, (0, 0));
    (stream, made)
}

async fn origins(stream: &Stream, lot: usize, by: OriginsBy) -> Vec<Origin> {
    let folded = stream.fold_all();
    folded.origins(origins_of(stream.lots[lot], by)).await.origins
}

fn origins_of(lot: LotId, by: OriginsBy) -> GetOriginsRequest {
    GetOriginsRequest {
        lot_id: lot.to_string(),
        by: by.into(),
        ..Default::default()
    }
}

/// The site or organization of each part, its gold in micrograms and its share.
fn told(origins: &[Origin]) -> Vec<(String, Option<u64>, u32)> {
    let name = |origin: &Origin| match &origin.site {
        Some(site) => site.name.clone(),
        None => origin.operator.clone().unwrap().name,
    };
    let told = |origin: &Origin| (name(origin), origin.fine_mass_micrograms, origin.share_ppm);
    origins.iter().map(told).collect()
}

#[track_caller]
fn check(origins: &[Origin], expected: &[(&str, u64, u32)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, fine, share)| ((*name).to_owned(), Some(*fine), *share))
        .collect();
    assert_eq!(told(origins), expected);
}

#[tokio::test]
async fn gold_is_divided_to_the_microgram() {
    let (stream, made) = melted();
    check(
        &origins(&stream, made[0], OriginsBy::Site).await,
        &[("South", 6_666_667, 666_667), ("North", 3_333_333, 333_333)],
    );
    check(
        &origins(&stream, made[1], OriginsBy::Site).await,
        &[("South", 3_333_333, 666_667), ("North", 1_666_667, 333_333)],
    );
    check(
        &origins(&stream, made[1], OriginsBy::Organization).await,
        &[("Diggers", 3_333_333, 666_667), ("Miners", 1_666_667, 333_333)],
    );
    let declared = origins(&stream, 0, OriginsBy::Site).await;
    check(&declared, &[("North", 5_000_000, 1_000_000)]);
    assert_eq!(declared[0].country, "CD");
}

#[tokio::test]
async fn several_lots_of_a_site_are_one_origin_between_two_declarations() {
    let mut stream = Stream::begin();
    let lots = [10, 10, 10].map(|grams| {
        let lot = stream.declare(MINERS, grams, &[]);
        (lot, stream.end())
    });
    let places = lots.map(|(lot, _)| lot);
    let made = stream.transform(MINERS, Transformation::Merge, &places, &[(30, 500)], (0, 0));
    let origins = origins(&stream, made[0], OriginsBy::Site).await;
    check(&origins, &[("North", 15_000_000, 1_000_000)]);
    assert_eq!(origins[0].lots, 3);
    let (first, last) = (origins[0].first.clone().unwrap(), origins[0].last.clone().unwrap());
    let lot = |place: usize| stream.lots[place].to_string();
    assert_eq!((first.position, first.lot_id), (lots[0].1, lot(0)));
    assert_eq!((last.position, last.lot_id), (lots[2].1, lot(2)));
}

/// Whoever works a site later has no part in what was declared before.
#[tokio::test]
async fn a_site_that_changes_hands_is_two_origins() {
    let mut stream = Stream::begin();
    let before = stream.declare(MINERS, 10, &[]);
    let amended = SiteAmended {
        site: stream.sites[0],
        operator: Some(stream.people[DIGGERS].party),
        name: Some(world::line("Far North")),
        deposit: None,
        fineness_band: None,
        reason: world::line("Sold"),
    };
    let sold_at = {
        stream.decree(Event::SiteAmended(amended)).unwrap();
        stream.end()
    };
    let after = stream.declare_at(DIGGERS, 0, 30);
    stream.hand_over(MINERS, before, DIGGERS, 10);
    let made = stream.transform(DIGGERS, Transformation::Merge, &[before, after], &[(40, 500)], (0, 0));
    let whole = origins(&stream, made[0], OriginsBy::Site).await;
    let operators: Vec<_> = whole
        .iter()
        .map(|origin| origin.operator.clone().unwrap().name)
        .collect();
    assert_eq!(operators, ["Diggers", "Miners"]);
    check(
        &whole,
        &[("Far North", 15_000_000, 750_000), ("Far North", 5_000_000, 250_000)],
    );

    let request = GetLotRequest {
        as_of_position: sold_at - 1,
        ..of_lot(stream.lots[before], 0)
    };
    let then = stream.fold_all().get(request).await.lot.unwrap();
    assert_eq!(then.site.unwrap().name, "North", "as it was called then");
}

#[tokio::test]
async fn of_a_lot_that_nobody_assayed_the_site_is_known_and_the_gold_is_not() {
    let mut stream = Stream::begin();
    let declared = LotDeclared {
        fineness: None,
        ..world::lot(stream.sites[0], 10)
    };
    let statement = stream.tell(MINERS, Event::LotDeclared(declared)).unwrap();
    let lot = LotId::derive(statement, 0);
    let answer = stream.fold_all().origins(origins_of(lot, OriginsBy::Site)).await;
    assert_eq!(told(&answer.origins), [("North".to_owned(), None, 1_000_000)]);
    assert_eq!(answer.lot.unwrap().fine_mass_micrograms, None);
}

/// What was lost has its origins as well: nothing of it is left to the others.
#[tokio::test]
async fn what_is_lost_is_lost_by_all_alike() {
    let mut stream = Stream::begin();
    let (miners, diggers) = (stream.declare(MINERS, 1_000, &[]), stream.declare(DIGGERS, 3_000, &[]));
    stream.hand_over(MINERS, miners, TRADER, 1_000);
    stream.hand_over(DIGGERS, diggers, TRADER, 3_000);
    let made = stream.transform(
        TRADER,
        Transformation::Melt,
        &[miners, diggers],
        &[(3_984, 500)],
        (16, 8),
    );
    check(
        &origins(&stream, made[0], OriginsBy::Site).await,
        &[("South", 1_494_000_000, 750_000), ("North", 498_000_000, 250_000)],
    );
}

#[tokio::test]
async fn the_pages_of_origins_hold_every_part_once() {
    let (stream, made) = melted();
    let folded = stream.fold_all();
    let request = origins_of(stream.lots[made[0]], OriginsBy::Site);
    let whole = folded.origins(request.clone()).await;
    let first = folded
        .origins(GetOriginsRequest {
            page_size: 1,
            ..request.clone()
        })
        .await;
    let second = folded
        .origins(GetOriginsRequest {
            page_size: 1,
            page_token: first.next_page_token.clone(),
            ..request
        })
        .await;
    assert_eq!((first.origins_total, second.next_page_token.as_str()), (2, ""));
    assert_eq!([first.origins, second.origins].concat(), whole.origins);
}

async fn lineage(folded: &Folded, lot: LotId, direction: LineageDirection) -> GetLineageResponse {
    folded.lineage(lineage_of(lot, direction)).await
}

fn lineage_of(lot: LotId, direction: LineageDirection) -> GetLineageRequest {
    GetLineageRequest {
        lot_id: lot.to_string(),
        direction: direction.into(),
        ..Default::default()
    }
}

/// A lot is split, one part is split again, and all parts are put together with another lot.
fn diamond() -> (Stream, usize, [u64; 3]) {
    let mut stream = Stream::begin();
    let (whole, other) = (stream.declare(MINERS, 12, &[]), stream.declare(MINERS, 12, &[]));
    let halves = stream.transform(MINERS, Transformation::Split, &[whole], &[(6, 500), (6, 500)], (0, 0));
    let split = stream.end();
    let thirds = stream.transform(
        MINERS,
        Transformation::Split,
        &halves[1..],
        &[(3, 500), (3, 500)],
        (0, 0),
    );
    let again = stream.end();
    let parts = [halves[0], thirds[0], thirds[1], other];
    let made = stream.transform(MINERS, Transformation::Merge, &parts, &[(24, 500)], (0, 0));
    let merged = stream.end();
    (stream, made[0], [split, again, merged])
}

#[tokio::test]
async fn a_lineage_has_every_transformation_once_by_the_shortest_way() {
    let (stream, made, [split, again, merged]) = diamond();
    let folded = stream.fold_all();
    let walked = |answer: GetLineageResponse| -> Vec<_> {
        let step =
            |step: &rpc::custody::LineageStep| (step.position, step.depth, step.inputs.len(), step.outputs.len());
        answer.steps.iter().map(step).collect()
    };
    let up = lineage(&folded, stream.lots[made], LineageDirection::Up).await;
    assert_eq!(walked(up), [(merged, 1, 4, 1), (again, 2, 1, 2), (split, 2, 1, 2)]);
    let down = lineage(&folded, stream.lots[0], LineageDirection::Down).await;
    assert_eq!(walked(down), [(split, 1, 1, 2), (again, 2, 1, 2), (merged, 2, 4, 1)]);
    let none = lineage(&folded, stream.lots[0], LineageDirection::Up).await;
    assert_eq!(
        (walked(none), none_token(&folded, &stream).await),
        (Vec::new(), String::new())
    );

    let before = GetLineageRequest {
        as_of_position: again,
        ..lineage_of(stream.lots[0], LineageDirection::Down)
    };
    assert_eq!(
        walked(folded.lineage(before).await),
        [(split, 1, 1, 2), (again, 2, 1, 2)]
    );
}

async fn none_token(folded: &Folded, stream: &Stream) -> String {
    lineage(folded, stream.lots[1], LineageDirection::Up)
        .await
        .next_page_token
}

#[tokio::test]
async fn a_lineage_that_is_too_long_is_refused_with_what_to_do() {
    let (stream, made, _) = diamond();
    let folded = stream.fold_all();
    let request = lineage_of(stream.lots[made], LineageDirection::Up);
    let three = folded.door.clone().with_lineages_up_to(3);
    assert_eq!(
        three
            .get_lineage(Request::new(request.clone()))
            .await
            .unwrap()
            .into_inner()
            .steps
            .len(),
        3
    );
    let two = folded.door.clone().with_lineages_up_to(2);
    let refused = two.get_lineage(Request::new(request)).await.unwrap_err();
    assert_eq!(refused.code(), Code::OutOfRange);
    assert!(
        refused
            .message()
            .contains("more than 2 transformations: ask about a lot"),
        "{refused}"
    );
}

#[tokio::test]
async fn flags_of_what_it_was_made_of_go_with_a_lot() {
    let (stream, made) = melted();
    let folded = stream.fold_all();
    let of = |lot: usize| GetProvenanceRequest {
        lot_id: stream.lots[lot].to_string(),
        ..Default::default()
    };
    let counts = |counts: &[rpc::custody::FlagCount]| -> Vec<_> {
        let count = |count: &rpc::custody::FlagCount| {
            let first = count.first.as_ref().unwrap();
            (first.kind.clone(), count.count, first.lot_id.clone())
        };
        counts.iter().map(count).collect()
    };
    let declared = folded.provenance(of(0)).await;
    let [miners, diggers] = [0, 1].map(|lot| stream.lots[lot].to_string());
    let no_permit = |count, lot: &String| ("no-permit".to_owned(), count, lot.clone());
    // The seals that the receiver found whole were never stated.
    let seals = |count, lot: &String| ("seals-differ".to_owned(), count, lot.clone());
    assert_eq!(counts(&declared.own_flags), [no_permit(1, &miners), seals(1, &miners)]);
    assert_eq!(declared.inherited_flags, []);
    let melted = folded.provenance(of(made[0])).await;
    assert_eq!(melted.own_flags, []);
    assert_eq!(
        counts(&melted.inherited_flags),
        [no_permit(2, &miners), seals(2, &miners)]
    );
    assert_eq!(
        (melted.sites, melted.organizations, melted.has_unknown_country),
        (2, 2, false)
    );
    assert_eq!(melted.countries, ["CD"]);

    let flagged = rpc::custody::ListLotsRequest {
        flag: "no-permit".to_owned(),
        ..Default::default()
    };
    let listed: Vec<_> = folded
        .list(flagged)
        .await
        .lots
        .into_iter()
        .map(|lot| lot.lot_id)
        .collect();
    assert_eq!(listed, [miners, diggers]);
}

#[tokio::test]
async fn what_was_made_says_how_and_what_it_was_made_of_is_gone() {
    let (mut stream, made) = melted();
    let melted_at = stream.end();
    stream.say_rightly(TRADER, made[0], Say::Retire);
    let folded = stream.fold_all();
    let input = folded.get(of_lot(stream.lots[0], 0)).await;
    let lot = input.lot.unwrap();
    assert_eq!(
        (lot.state(), lot.ended_position, lot.is_made),
        (LotState::Transformed, melted_at, false)
    );
    assert_eq!(input.path.last().unwrap().event, "LotsTransformed");
    assert_eq!(input.made, None);
    let output = folded.get(of_lot(stream.lots[made[1]], 0)).await;
    let (lot, how) = (output.lot.unwrap(), output.made.unwrap());
    assert_eq!((lot.state(), lot.is_made, lot.site), (LotState::Held, true, None));
    assert_eq!(
        (how.position, how.inputs, how.outputs, how.melt.as_str()),
        (melted_at, 2, 2, "M-1")
    );
    assert_eq!(output.path[0].gross_mass_micrograms, Some(10_000_000));
    assert_eq!(
        lot.gross_mass_micrograms,
        Mass::from_micrograms(10_000_000).micrograms()
    );
}

#[tokio::test]
async fn asked_of_what_is_not_there() {
    let (stream, made) = melted();
    let folded = stream.fold_all();
    let unknown = LotId::from_bytes([7; 16]);
    let lineage = lineage_of(unknown, LineageDirection::Up);
    assert_eq!(
        code(folded.door.get_lineage(Request::new(lineage)).await),
        Code::NotFound
    );
    let origins = origins_of(unknown, OriginsBy::Site);
    assert_eq!(
        code(folded.door.get_origins(Request::new(origins)).await),
        Code::NotFound
    );
    let provenance = GetProvenanceRequest {
        lot_id: unknown.to_string(),
        ..Default::default()
    };
    assert_eq!(
        code(folded.door.get_provenance(Request::new(provenance)).await),
        Code::NotFound
    );
    let direction = lineage_of(stream.lots[0], LineageDirection::Unspecified);
    assert_eq!(
        code(folded.door.get_lineage(Request::new(direction)).await),
        Code::InvalidArgument
    );
    let by = origins_of(stream.lots[0], OriginsBy::Unspecified);
    assert_eq!(
        code(folded.door.get_origins(Request::new(by)).await),
        Code::InvalidArgument
    );
    let first = GetOriginsRequest {
        page_size: 1,
        ..origins_of(stream.lots[made[0]], OriginsBy::Site)
    };
    let page_token = folded.origins(first.clone()).await.next_page_token;
    let token = GetOriginsRequest {
        page_token: format!("{page_token}00"),
        ..first
    };
    assert_eq!(
        code(folded.door.get_origins(Request::new(token)).await),
        Code::InvalidArgument
    );
}

/// As many lots as one statement holds, of two sites, become as many as it holds.
#[tokio::test]
async fn the_widest_melt_fits_its_rows_and_its_answer() {
    let mut stream = Stream::begin();
    let mut lots: Vec<_> = (0..INPUTS_MAX - 1).map(|_| stream.declare(MINERS, 10, &[])).collect();
    let other = stream.declare(DIGGERS, 10, &[]);
    stream.hand_over(DIGGERS, other, MINERS, 10);
    lots.push(other);
    let outputs = [(80, 500); OUTPUTS_MAX];
    let made = stream.transform(MINERS, Transformation::Melt, &lots, &outputs, (0, 0));
    let folded = stream.fold_all();
    let last = stream.lots[*made.last().unwrap()];
    let step = lineage(&folded, last, LineageDirection::Up).await.steps.remove(0);
    assert_eq!((step.inputs.len(), step.outputs.len()), (INPUTS_MAX, OUTPUTS_MAX));
    let origins = folded.origins(origins_of(last, OriginsBy::Site)).await.origins;
    let other = 40_000_000 / 512;
    check(
        &origins,
        &[("North", 40_000_000 - other, 998_047), ("South", other, 1_953)],
    );
    assert_eq!(origins[0].lots, 511);
}
