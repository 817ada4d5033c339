//! Lists of lots: their order, their filters, and pages that hold every lot once.

use rpc::custody::{ListLotsRequest, LotState};

use crate::support::{Folded, Say, Stream};

const MINERS: usize = 0;
const DIGGERS: usize = 1;
const TRADER: usize = 2;

/// Lots 0 and 2 of the miners, 1 and 3 of the diggers; 0, 1 and 3 go to the trader, who retires 3; 2 is on offer. With
/// the position before the trader took the first.
fn stream() -> (Stream, u64) {
    let mut stream = Stream::begin();
    for by in [MINERS, DIGGERS, MINERS, DIGGERS] {
        let lot = stream.declare(by, 10, &[]);
        stream.say_rightly(by, lot, Say::Offer { to: TRADER });
    }
    let before = stream.end();
    for lot in [0, 1, 3] {
        stream.say_rightly(TRADER, lot, Say::Accept { mg: 10_000 });
    }
    stream.say_rightly(TRADER, 3, Say::Retire);
    (stream, before)
}

/// The places of the lots that are listed, all pages together.
async fn listed(stream: &Stream, folded: &Folded, request: &ListLotsRequest) -> Vec<usize> {
    let mut lots = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = folded
            .list(ListLotsRequest {
                page_token,
                ..request.clone()
            })
            .await;
        assert!(page.lots.len() <= request.page_size.try_into().unwrap());
        let place = |id: &str| stream.lots.iter().position(|known| known.to_string() == id).unwrap();
        lots.extend(page.lots.iter().map(|lot| place(&lot.lot_id)));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return lots;
        }
    }
}

/// Checks which lots are listed, in pages of every size, of whom (by place, or anyone), at which site and in which state.
async fn check(custodian: Option<usize>, site: Option<usize>, state: LotState, at_end: bool, expected: &[usize]) {
    let (stream, before) = stream();
    let folded = stream.fold_all();
    for page_size in 1..6 {
        let request = ListLotsRequest {
            custodian_id: custodian
                .map(|place| stream.people[place].party.to_string())
                .unwrap_or_default(),
            site_id: site.map(|place| stream.sites[place].to_string()).unwrap_or_default(),
            state: state.into(),
            as_of_position: if at_end { 0 } else { before },
            page_size,
            ..Default::default()
        };
        assert_eq!(listed(&stream, &folded, &request).await, expected, "{request:?}");
    }
}

#[tokio::test]
async fn lots_are_listed_in_the_order_of_their_declaration() {
    use LotState::{Held, Offered, Retired, Unspecified};
    check(None, None, Unspecified, true, &[0, 1, 2, 3]).await;
    check(Some(TRADER), None, Unspecified, true, &[0, 1, 3]).await;
    check(Some(MINERS), None, Unspecified, true, &[2]).await;
    check(Some(DIGGERS), None, Unspecified, true, &[]).await;
    check(None, Some(DIGGERS), Unspecified, true, &[1, 3]).await;
    check(Some(TRADER), Some(DIGGERS), Unspecified, true, &[1, 3]).await;
    check(None, None, Held, true, &[0, 1]).await;
    check(None, None, Offered, true, &[2]).await;
    check(Some(TRADER), None, Retired, true, &[3]).await;
    check(Some(TRADER), Some(MINERS), Retired, true, &[]).await;
}

#[tokio::test]
async fn a_list_as_of_the_past_shows_who_had_what_then() {
    use LotState::{Held, Offered, Unspecified};
    check(None, None, Unspecified, false, &[0, 1, 2, 3]).await;
    check(Some(TRADER), None, Unspecified, false, &[]).await;
    check(Some(DIGGERS), None, Unspecified, false, &[1, 3]).await;
    check(Some(MINERS), None, Offered, false, &[0, 2]).await;
    check(None, None, Held, false, &[]).await;
}

#[tokio::test]
async fn the_pages_of_a_list_are_true_of_the_position_of_the_first() {
    let (mut stream, at) = stream();
    let first = stream
        .fold(at, &[100])
        .list(ListLotsRequest {
            page_size: 2,
            ..Default::default()
        })
        .await;
    stream.declare(MINERS, 1, &[]);
    let request = ListLotsRequest {
        page_token: first.next_page_token,
        ..Default::default()
    };
    let second = stream.fold_all().list(request).await;
    assert_eq!((second.position, second.lots.len()), (at, 2));
    assert!(
        second.lots.iter().all(|lot| lot.state() == LotState::Offered),
        "taken later"
    );
    assert!(second.next_page_token.is_empty(), "declared later");
}

/// More lots than one request looks at, and only the last of them wanted.
#[tokio::test]
async fn a_long_list_is_read_in_bounded_pieces() {
    let mut stream = Stream::begin();
    for _ in 0..1_001 {
        stream.declare(MINERS, 1, &[]);
    }
    stream.say_rightly(MINERS, 1_000, Say::Retire);
    let folded = stream.fold_all();
    let retired = ListLotsRequest {
        state: LotState::Retired.into(),
        page_size: 10,
        ..Default::default()
    };
    let page = folded.list(retired.clone()).await;
    assert!(page.lots.is_empty() && !page.next_page_token.is_empty());
    assert_eq!(listed(&stream, &folded, &retired).await, [1_000]);
    let all = ListLotsRequest {
        page_size: 1_000,
        ..Default::default()
    };
    assert_eq!(listed(&stream, &folded, &all).await.len(), 1_001);
}
