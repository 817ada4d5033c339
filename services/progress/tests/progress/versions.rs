//! Two versions of a catalogue, and an organization that was assessed under both.

use event::vocabulary::AssessmentKind::Monitor;
use event::vocabulary::{Answer, CataloguePublished};
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{
    CompareOrganizationsRequest, ListAnswersRequest, ListCataloguesRequest, ListMeasurementsRequest, Side, Standing,
    Trend, list_answers_request, list_measurements_request,
};
use tonic::Request;

use crate::gates::{Who, gates};
use crate::support::{Folded, Replacing, Stream};

/// Versions, positions and levels of everything that was ever said about water.
async fn history(folded: &Folded, stream: &Stream, number: u32) -> Vec<(String, u64, bool)> {
    let party = stream.operators[0].party.to_string();
    let request = ListAnswersRequest {
        subject: Some(list_answers_request::Subject::PartyId(party)),
        criterion_number: number,
        ..Default::default()
    };
    let page = folded
        .door
        .list_answers(Request::new(request))
        .await
        .unwrap()
        .into_inner();
    let told = |answer: &rpc::progress::GivenAnswer| {
        let version = answer.criterion.as_ref().unwrap().catalogue_version.clone();
        (
            version,
            answer.attribution.as_ref().unwrap().position,
            answer.withdrawal.is_some(),
        )
    };
    page.answers.iter().map(told).collect()
}

/// Without what replaces water.
fn without_water(mut catalogue: CataloguePublished) -> CataloguePublished {
    let mut criteria = catalogue.criteria.to_vec();
    for criterion in criteria
        .iter_mut()
        .filter(|criterion| criterion.slug.as_str() == "water")
    {
        criterion.replaces = None;
    }
    catalogue.criteria = tests::world::list(criteria);
    catalogue
}

#[tokio::test]
async fn nothing_is_read_anew_under_a_version_that_replaces_nothing() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let party = stream.operators[0].party;
    let affiliate = stream.fold_all().organization_as_of(party, 0, 0).await;
    assert_eq!(affiliate.standing.unwrap().standing(), Standing::Affiliate);
    // The same names, and another catalogue for all that.
    stream.later(1);
    let published = stream.publish(gates("other"));
    let folded = stream.fold_all();
    let answer = folded.organization_as_of(party, 0, 0).await;
    let standing = answer.standing.unwrap();
    assert_eq!(
        (standing.standing(), standing.since_position),
        (Standing::Applicant, published)
    );
    assert_eq!(standing.catalogue_version, "other");
    assert_eq!(
        standing.gates.iter().map(|gate| gate.unanswered).collect::<Vec<_>>(),
        [1, 1, 1, 1]
    );
    let versions: Vec<_> = answer
        .answers
        .iter()
        .map(|present| present.criterion.clone().unwrap())
        .collect();
    assert!(
        versions.iter().all(|criterion| criterion.catalogue_version == "1"),
        "{versions:?}"
    );
    // Under both, side by side, each by its own number.
    stream.found(0, &[("manage", Answer::Fail)]);
    stream.find(
        stream.organization(0),
        Monitor,
        0,
        "g@other",
        &[("manage", Answer::Pass)],
        &[],
    );
    let answer = stream.fold_all().organization_as_of(party, 0, 0).await;
    let manage: Vec<_> = answer
        .answers
        .iter()
        .filter(|present| present.criterion.as_ref().unwrap().slug == "manage")
        .map(|present| present.criterion.clone().unwrap())
        .collect();
    assert_eq!(manage.len(), 2);
    assert_ne!(manage[0].number, manage[1].number);
    assert_eq!(answer.standing.unwrap().gates[0].met, 1);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one history, read from top to bottom")]
async fn a_criterion_goes_on_only_where_the_next_version_says_so() {
    let mut stream = Stream::with_gates();
    let party = stream.organization(0);
    let id = stream.operators[0].party;
    stream.affiliate(0);
    stream.find(
        party,
        Monitor,
        0,
        "g@1",
        &[("water", Answer::Level(1)), ("mercury-free", Answer::Level(1))],
        &[(0, 9)],
    );
    let first = stream.end();
    let old = gates("1");
    stream.later(1);
    stream.publish(without_water(gates("2").replacing(&old)));
    let kept = stream.fold_all().organization_as_of(id, 0, 0).await;
    let standing = kept.standing.unwrap();
    assert_eq!(
        (standing.standing(), standing.catalogue_version.as_str()),
        (Standing::Affiliate, "2")
    );
    assert_eq!(kept.pillars[1].at_level, [0, 1, 0, 0, 0], "water begins anew");
    assert_eq!(kept.pillars[1].without_level, 1);

    let said = [("water", Answer::Level(3)), ("mercury-free", Answer::Level(3))];
    let wrong = stream.find(party, Monitor, 0, "g@2", &said, &[(0, 7)]);
    let second = stream.end();
    let folded = stream.fold_all();
    let number = |version: &str, slug: &str, answer: &rpc::progress::GetOrganizationResponse| {
        let criteria = answer.answers.iter().map(|present| present.criterion.clone().unwrap());
        let mut found = criteria.filter(|criterion| criterion.slug == slug && criterion.catalogue_version == version);
        found.next().unwrap().number
    };
    let answer = folded.organization_as_of(id, 0, 0).await;
    let (water_1, water_2) = (number("1", "water", &answer), number("2", "water", &answer));
    assert_ne!(water_1, water_2);
    let told = |version: &str, position, is_withdrawn| (version.to_owned(), position, is_withdrawn);
    assert_eq!(history(&folded, &stream, water_1).await, [told("1", first, false)]);
    assert_eq!(history(&folded, &stream, water_2).await, [told("2", second, false)]);
    let mercury = number("2", "mercury-free", &answer);
    assert_eq!(
        history(&folded, &stream, mercury).await,
        [told("2", second, false), told("1", first, false)]
    );

    // A trend is told where the number is the same, and only there.
    let side = |as_of_position| {
        Some(Side {
            party_id: id.to_string(),
            as_of_position,
            as_of_unix_ms: 0,
        })
    };
    let request = CompareOrganizationsRequest {
        left: side(first),
        right: side(0),
        at_least_position: 0,
    };
    let compared = folded
        .door
        .compare_organizations(Request::new(request))
        .await
        .unwrap()
        .into_inner();
    let trend = |number: u32| {
        let found = compared
            .criteria
            .iter()
            .find(|row| row.criterion.as_ref().unwrap().number == number);
        found.unwrap().trend()
    };
    assert_eq!((trend(mercury), trend(water_2)), (Trend::Better, Trend::Unspecified));

    // And a series of measurements goes on.
    let request = ListMeasurementsRequest {
        subject: Some(list_measurements_request::Subject::PartyId(id.to_string())),
        ..Default::default()
    };
    let page = folded
        .door
        .list_measurements(Request::new(request.clone()))
        .await
        .unwrap()
        .into_inner();
    let measured: Vec<_> = page
        .measured
        .iter()
        .map(|measured| measured.measurements[0].clone())
        .collect();
    assert_eq!(
        measured.iter().map(|measured| measured.value).collect::<Vec<_>>(),
        [7, 9]
    );
    assert_eq!(answer.indicators[0].points.len(), 2);
    let unknown = ListMeasurementsRequest {
        indicator_number: Some(9_999),
        ..request
    };
    let page = folded
        .door
        .list_measurements(Request::new(unknown))
        .await
        .unwrap()
        .into_inner();
    assert!(page.measured.is_empty());

    // Taken back: what was said under the older version stands again, under its number.
    stream.withdraw(Who::Assessor, party, wrong);
    let folded = stream.fold_all();
    let answer = folded.organization_as_of(id, 0, 0).await;
    assert_eq!(answer.pillars[1].at_level, [0, 1, 0, 0, 0]);
    assert_eq!(history(&folded, &stream, water_2).await, [told("2", second, true)]);
}

#[tokio::test]
async fn the_versions_that_were_published_are_listed_in_order_and_as_of_then() {
    let mut stream = Stream::with_gates();
    let first = stream.end();
    let next = CataloguePublished {
        supersedes: Some(gates("1").digest()),
        ..gates("2")
    };
    stream.publish(without_replaced(next.clone()));
    let folded = stream.fold_all();
    let listed = async |as_of_position| {
        let request = ListCataloguesRequest {
            as_of_position,
            ..Default::default()
        };
        let answer = folded.door.list_catalogues(Request::new(request)).await;
        let answer = answer.unwrap().into_inner();
        assert_eq!(answer.catalogues_left_out, 0);
        let told = |one: &rpc::progress::PublishedCatalogue| {
            let source = one.publication.as_ref().unwrap().source.as_ref().unwrap();
            assert_eq!((one.criteria, one.indicators), (8, 2));
            (
                format!("{}@{}", one.catalogue_slug, one.catalogue_version),
                one.catalogue_digest.clone(),
                source.position,
                one.is_gating,
                one.is_superseded,
            )
        };
        // The world's own catalogue has no gates.
        let gates = answer.catalogues.iter().filter(|one| one.catalogue_slug == "g");
        gates.map(told).collect::<Vec<_>>()
    };
    let of = |version: &str, digest: CataloguePublished, position, is_gating, is_superseded| {
        (
            format!("g@{version}"),
            digest.digest().to_string(),
            position,
            is_gating,
            is_superseded,
        )
    };
    assert_eq!(listed(first).await, [of("1", gates("1"), first, true, false)]);
    let second = stream.end();
    assert_eq!(
        listed(0).await,
        [
            of("1", gates("1"), first, false, true),
            of("2", without_replaced(next), second, true, false)
        ]
    );
}

/// None of whose criteria is one of the version before.
fn without_replaced(mut catalogue: CataloguePublished) -> CataloguePublished {
    let mut criteria = catalogue.criteria.to_vec();
    for criterion in &mut criteria {
        criterion.replaces = None;
    }
    catalogue.criteria = tests::world::list(criteria);
    catalogue
}
