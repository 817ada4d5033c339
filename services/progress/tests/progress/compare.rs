//! Two organizations, and one as of two times, side by side.

use event::vocabulary::Answer;
use event::vocabulary::AssessmentKind::Monitor;
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{CompareOrganizationsRequest, CompareOrganizationsResponse, CriterionState, Side, Standing, Trend};
use tonic::{Code, Request};

use crate::gates::all_met;
use crate::support::{Folded, Stream, code, not_seen, seen};

fn side(stream: &Stream, n: usize, as_of_position: u64, as_of_unix_ms: i64) -> Side {
    Side {
        party_id: stream.operators[n].party.to_string(),
        as_of_position,
        as_of_unix_ms,
    }
}

async fn compare(folded: &Folded, left: Side, right: Side) -> CompareOrganizationsResponse {
    let request = CompareOrganizationsRequest {
        left: Some(left),
        right: Some(right),
        at_least_position: 0,
    };
    folded
        .door
        .compare_organizations(Request::new(request))
        .await
        .unwrap()
        .into_inner()
}

fn trends(compared: &CompareOrganizationsResponse) -> Vec<(&str, Trend)> {
    let trend = |row: &'_ rpc::progress::ComparedCriterion| row.trend();
    compared
        .criteria
        .iter()
        .map(|row| (row.criterion.as_ref().unwrap().slug.as_str(), trend(row)))
        .collect()
}

#[tokio::test]
async fn one_organization_at_two_times() {
    let mut stream = Stream::with_gates();
    let party = stream.organization(0);
    stream.found(
        0,
        &[
            ("manage", Answer::Fail),
            ("taxes", Answer::Fail),
            ("children", Answer::Pass),
        ],
    );
    stream.find(
        party,
        Monitor,
        0,
        "g@1",
        &[("water", Answer::Level(2)), ("mercury-free", Answer::Level(1))],
        &[],
    );
    stream.find(party, Monitor, 0, "a@1", &[seen()], &[]);
    let (before, at) = (stream.end(), stream.now.unix_ms());
    stream.later(10);
    stream.found(0, &all_met());
    stream.report(0);
    stream.found(0, &[("taxes", Answer::Progress), ("children", Answer::Fail)]);
    stream.find(
        party,
        Monitor,
        0,
        "g@1",
        &[("water", Answer::Level(1)), ("mercury-free", Answer::Level(3))],
        &[],
    );
    stream.find(party, Monitor, 0, "a@1", &[not_seen()], &[]);
    let folded = stream.fold_all();
    let expected = [
        ("manage", Trend::Better),
        ("title", Trend::Unspecified),
        ("pending", Trend::Unspecified),
        ("children", Trend::Worse),
        ("taxes", Trend::Better),
        ("mercury", Trend::Unspecified),
        ("water", Trend::Worse),
        ("mercury-free", Trend::Better),
    ];
    for left in [side(&stream, 0, before, 0), side(&stream, 0, 0, at)] {
        let compared = compare(&folded, left, side(&stream, 0, 0, 0)).await;
        assert_eq!(trends(&compared), expected);
        let (left, right) = (compared.left.unwrap(), compared.right.unwrap());
        assert_eq!((left.position, right.position), (before, stream.end()));
        assert_eq!(left.standing.unwrap().standing(), Standing::Applicant);
        assert_eq!(right.standing.unwrap().standing(), Standing::Suspended);
        let manage = &compared.criteria[0];
        assert_eq!(manage.left.as_ref().unwrap().state(), CriterionState::NotMet);
        assert_eq!(manage.right.as_ref().unwrap().state(), CriterionState::Met);
        assert!(compared.criteria[1].left.is_none(), "never asked");
    }
}

#[tokio::test]
async fn two_organizations_each_as_good_as_the_worst_of_its_sites() {
    let mut stream = Stream::with_gates();
    let (site, other) = (
        event::vocabulary::Subject::Site(stream.sites[0]),
        stream.organization(1),
    );
    stream.find(
        stream.organization(0),
        Monitor,
        0,
        "g@1",
        &[("water", Answer::Level(4))],
        &[],
    );
    stream.find(site, Monitor, 1, "g@1", &[("water", Answer::Level(0))], &[]);
    stream.find(other, Monitor, 0, "g@1", &[("water", Answer::Level(1))], &[]);
    let folded = stream.fold_all();
    let compared = compare(&folded, side(&stream, 0, 0, 0), side(&stream, 1, 0, 0)).await;
    let water = compared
        .criteria
        .iter()
        .find(|row| row.criterion.as_ref().unwrap().slug == "water");
    assert_eq!(water.unwrap().trend(), Trend::Better);
    let same = compare(&folded, side(&stream, 0, 0, 0), side(&stream, 0, 0, 0)).await;
    assert_eq!(same.left, same.right);
    assert_eq!(same.criteria.iter().filter(|row| row.trend() == Trend::Same).count(), 1);
}

#[tokio::test]
async fn sides_that_are_not_there() {
    let stream = Stream::with_gates();
    let folded = stream.fold_all();
    let unknown = Some(Side {
        party_id: event::PartyId::from_bytes([7; 16]).to_string(),
        ..Side::default()
    });
    let known = || Some(side(&stream, 0, 0, 0));
    let cases = [
        (None, known(), Code::InvalidArgument),
        (known(), None, Code::InvalidArgument),
        (known(), Some(Side::default()), Code::InvalidArgument),
        (known(), unknown, Code::NotFound),
        (known(), Some(side(&stream, 0, 1, 0)), Code::NotFound),
        (known(), Some(side(&stream, 0, 0, 1)), Code::NotFound),
    ];
    for (left, right, expected) in cases {
        let request = CompareOrganizationsRequest {
            left,
            right,
            at_least_position: 0,
        };
        let asked = format!("{request:?}");
        let answer = folded.door.compare_organizations(Request::new(request)).await;
        assert_eq!(code(answer), expected, "{asked}");
    }
}
