//! Following what changes.

use std::time::Duration;

use event::vocabulary::{Answer, Term};
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{Standing, WatchChangesRequest, WatchChangesResponse};
use tests::world::list;
use tokio_stream::StreamExt;
use tonic::{Code, Request, Status};

use crate::gates::all_met;
use crate::support::{Folded, Stream, code};

async fn watch(
    folded: &Folded,
    party_id: String,
    after_position: u64,
) -> impl tokio_stream::Stream<Item = Result<WatchChangesResponse, Status>> + Unpin + use<> {
    let request = WatchChangesRequest {
        party_id,
        after_position,
    };
    folded
        .door
        .watch_changes(Request::new(request))
        .await
        .unwrap()
        .into_inner()
}

/// What a change is, whom it touched, and how that one stood before and after.
fn told(answer: &WatchChangesResponse) -> (u64, String, String, Standing, Standing) {
    let change = answer.change.as_ref().unwrap();
    let name = change
        .organization
        .as_ref()
        .map(|party| party.name.clone())
        .unwrap_or_default();
    (
        answer.position,
        change.kind.clone(),
        name,
        change.standing_before(),
        change.standing_after(),
    )
}

#[tokio::test]
async fn every_change_is_told_once_and_told_again_from_where_one_left_off() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let mut folded = stream.fold_all();
    let mut changes = watch(&folded, String::new(), 0).await;
    let mut seen = Vec::new();
    while seen
        .last()
        .is_none_or(|last: &WatchChangesResponse| last.position < stream.end())
    {
        seen.push(changes.next().await.unwrap().unwrap());
    }
    assert!(seen.windows(2).all(|pair| pair[0].position < pair[1].position));
    let (end, name) = (stream.end(), "Operator 0".to_owned());
    let reported = (
        end,
        "ReportPublished".to_owned(),
        name.clone(),
        Standing::Applicant,
        Standing::Affiliate,
    );
    assert_eq!(told(seen.last().unwrap()), reported);

    // What comes later is told as it comes.
    stream.later(1);
    stream.found(0, &[("children", Answer::Fail)]);
    folded.append(&stream, end);
    let next = changes.next().await.unwrap().unwrap();
    let suspended = (
        end + 1,
        "AssessmentSubmitted".to_owned(),
        name,
        Standing::Affiliate,
        Standing::Suspended,
    );
    assert_eq!(told(&next), suspended);
    assert_eq!(
        next.change
            .as_ref()
            .unwrap()
            .source
            .as_ref()
            .unwrap()
            .by
            .as_ref()
            .unwrap()
            .name,
        "The assessor"
    );

    seen.push(next);
    for resumed in [3, seen.len() / 2, seen.len() - 1] {
        let mut again = watch(&folded, String::new(), seen[resumed - 1].position).await;
        for expected in &seen[resumed..] {
            assert_eq!(&again.next().await.unwrap().unwrap(), expected);
        }
    }
}

#[tokio::test]
async fn who_watches_one_organization_is_told_what_touches_it() {
    let mut stream = Stream::with_gates();
    let before = stream.end();
    stream.affiliate(0);
    stream.found(1, &all_met());
    stream.later(20);
    let policy = event::vocabulary::PolicySet {
        terms: list(vec![Term::ReportDaysMax(10)]),
    };
    stream.scheme_says(event::Event::PolicySet(policy));
    let set = stream.end();
    stream.later(1);
    stream.report(0);
    let folded = stream.fold_all();
    let mut changes = watch(&folded, stream.operators[0].party.to_string(), before).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let (position, kind, _, before, after) = told(&changes.next().await.unwrap().unwrap());
        seen.push((position, kind, before, after));
    }
    let said = |position, kind: &str, before, after| (position, kind.to_owned(), before, after);
    assert_eq!(
        seen,
        [
            said(
                before + 1,
                "AssessmentSubmitted",
                Standing::Applicant,
                Standing::Applicant
            ),
            said(before + 2, "ReportPublished", Standing::Applicant, Standing::Affiliate),
            said(set, "PolicySet", Standing::Affiliate, Standing::Lapsed),
            said(set + 1, "ReportPublished", Standing::Lapsed, Standing::Affiliate),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn who_hears_nothing_is_told_how_far_the_view_is() {
    let stream = Stream::with_gates();
    let folded = stream.fold_all();
    let mut changes = watch(&folded, String::new(), stream.end()).await;
    let quiet = changes.next().await.unwrap().unwrap();
    assert_eq!((quiet.position, quiet.change), (stream.end(), None));
}

#[tokio::test]
async fn watching_ends_when_the_service_ends() {
    let stream = Stream::with_gates();
    let folded = stream.fold_all();
    let mut idle = watch(&folded, String::new(), stream.end()).await;
    // One that nobody reads, whose room is full.
    let mut slow = watch(&folded, String::new(), 0).await;
    let Folded { position, .. } = folded;
    drop(position);
    let ended = async {
        assert!(idle.next().await.is_none());
        while slow.next().await.is_some() {}
    };
    tokio::time::timeout(Duration::from_secs(60), ended).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_watched() {
    let stream = Stream::with_gates();
    let folded = stream.fold_all();
    let unknown = event::PartyId::from_bytes([7; 16]).to_string();
    for (party_id, after_position, expected) in [
        ("org-1".to_owned(), 0, Code::InvalidArgument),
        (unknown, 0, Code::NotFound),
        (String::new(), u64::MAX, Code::InvalidArgument),
    ] {
        let request = WatchChangesRequest {
            party_id,
            after_position,
        };
        assert_eq!(
            code(folded.door.watch_changes(Request::new(request)).await.map(drop)),
            expected
        );
    }
}
