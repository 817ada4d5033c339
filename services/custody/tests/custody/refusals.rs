//! What is asked wrongly, or of what is not there.

use custody::Door;
use event::{LotId, StreamPosition};
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{GetLotRequest, GetPositionRequest, ListLotsRequest, get_lot_request};
use tokio::sync::watch;
use tonic::{Code, Request};

use crate::support::{Stream, code, of_lot};

#[tokio::test]
async fn a_lot_that_is_not_named_rightly_or_not_known() {
    use get_lot_request::Lot::{LotId as Id, Seal};
    let mut stream = Stream::begin();
    let before = stream.end();
    stream.declare(0, 10, &["S-1"]);
    let folded = stream.fold_all();
    let lot = stream.lots[0].to_string();
    let (mut mistyped, unknown) = (lot.clone(), LotId::from_bytes([7; 16]).to_string());
    let last = if mistyped.pop() == Some('0') { '1' } else { '0' };
    mistyped.push(last);
    let cases = [
        (None, 0, Code::InvalidArgument),
        (Some(Id(String::new())), 0, Code::InvalidArgument),
        (Some(Id("lot-1".to_owned())), 0, Code::InvalidArgument),
        (Some(Id(mistyped)), 0, Code::InvalidArgument),
        (Some(Id(stream.sites[0].to_string())), 0, Code::InvalidArgument),
        (Some(Seal(String::new())), 0, Code::InvalidArgument),
        (Some(Seal("x".repeat(65))), 0, Code::InvalidArgument),
        (Some(Id(lot.clone())), u64::MAX, Code::InvalidArgument),
        (Some(Id(unknown)), 0, Code::NotFound),
        (Some(Seal("S-2".to_owned())), 0, Code::NotFound),
        (Some(Id(lot)), before, Code::NotFound),
        (Some(Seal("S-1".to_owned())), before, Code::NotFound),
    ];
    for (lot, as_of_position, expected) in cases {
        let asked = format!("{lot:?} as of {as_of_position}");
        let request = GetLotRequest {
            lot,
            as_of_position,
            ..Default::default()
        };
        assert_eq!(
            code(folded.door.get_lot(Request::new(request)).await),
            expected,
            "{asked}"
        );
    }
}

#[tokio::test]
async fn pages_and_filters_that_mean_nothing() {
    let mut stream = Stream::begin();
    stream.declare(0, 10, &[]);
    stream.declare(0, 10, &[]);
    let folded = stream.fold_all();
    let first = folded
        .list(ListLotsRequest {
            page_size: 1,
            ..Default::default()
        })
        .await;
    let token = |page_token: &str| ListLotsRequest {
        page_token: page_token.to_owned(),
        ..Default::default()
    };
    let cases = [
        ListLotsRequest {
            page_size: 1_001,
            ..Default::default()
        },
        ListLotsRequest {
            state: 99,
            ..Default::default()
        },
        ListLotsRequest {
            custodian_id: "org-".to_owned(),
            ..Default::default()
        },
        ListLotsRequest {
            site_id: stream.people[0].party.to_string(),
            ..Default::default()
        },
        ListLotsRequest {
            at_least_position: u64::MAX,
            ..Default::default()
        },
        ListLotsRequest {
            as_of_position: first.position - 1,
            ..token(&first.next_page_token)
        },
        token("another page"),
        token("00"),
        token(first.next_page_token.strip_suffix("0000").unwrap()),
        token(&format!("{}00", first.next_page_token)),
        token(&"00".repeat(500)),
    ];
    for request in cases {
        let answer = folded.door.list_lots(Request::new(request.clone())).await;
        assert_eq!(code(answer), Code::InvalidArgument, "{request:?}");
    }
    let of_path = GetLotRequest {
        page_token: "00".to_owned(),
        ..of_lot(stream.lots[0], 0)
    };
    assert_eq!(
        code(folded.door.get_lot(Request::new(of_path)).await),
        Code::InvalidArgument
    );
}

#[tokio::test(start_paused = true)]
async fn a_position_that_is_not_reached_in_time() {
    let mut stream = Stream::begin();
    stream.declare(0, 10, &[]);
    let folded = stream.fold_all();
    let next = stream.end() + 1;
    for (as_of_position, at_least_position) in [(next, 0), (0, next), (1, next)] {
        let request = GetLotRequest {
            at_least_position,
            ..of_lot(stream.lots[0], as_of_position)
        };
        assert_eq!(
            code(folded.door.get_lot(Request::new(request)).await),
            Code::DeadlineExceeded
        );
    }
    for with_digest in [false, true] {
        let request = GetPositionRequest {
            at_least_position: next,
            with_digest,
        };
        assert_eq!(
            code(folded.door.get_position(Request::new(request)).await),
            Code::DeadlineExceeded
        );
    }
}

#[tokio::test]
async fn a_view_that_is_not_open_yet_or_stops() {
    let position = watch::Sender::new(StreamPosition::START);
    let door = Door::new(position.subscribe());
    assert_eq!(
        code(door.list_lots(Request::new(ListLotsRequest::default())).await),
        Code::Unavailable
    );
    drop(position);
    let later = ListLotsRequest {
        at_least_position: 1,
        ..Default::default()
    };
    assert_eq!(code(door.list_lots(Request::new(later)).await), Code::Unavailable);
}
