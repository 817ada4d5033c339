//! Messages become words of the domain, or name the field that does not.

use core::fmt::Debug;

use event::codec::TextError;
use event::id::IdError;
use event::key::HexError;
use event::units::UnitError;
use event::vocabulary::{self, CountryError, Module, ShortText, SlugError, Subject};
use event::{Fineness, LotId, PartyId, PublicKey, SiteId, StatementId, StreamPosition, Timestamp};
use ledger::{CriterionNumber, FlagKind, Latest, Refusal, SealUse};
use proptest::prelude::*;
use rpc::audit::{
    self, CheckpointsQuery, ConsistencyQuery, EntriesQuery, GetConsistencyProofRequest, GetInclusionProofRequest,
    GetInclusionProofResponse, GetTimeBracketRequest, InclusionQuery, ListCheckpointsRequest, ListEntriesRequest,
    TimeBracketQuery,
};
use rpc::custody::{
    self, BarQuery, CapacityBand, Direction, Division, FindLotsRequest, FindQuery, GetLineageRequest, GetLotRequest,
    GetOriginTableRequest, GetOriginsRequest, GetPartyRequest, GetProvenanceRequest, GetSiteProductionRequest,
    LineageQuery, ListLotsRequest, ListSuspectsRequest, LotName, LotQuery, LotState, LotsQuery, Month, MonthsQuery,
    NamedLot, OriginsQuery, ProvenanceQuery, RefineryLotQuery, SuspectsQuery, find_lots_request, get_lot_request,
};
use rpc::ingest::{Denial, GetKeyRequest, KeyQuery, Outcome, Receipt, Recorded, SubmitManyResponse, SubmitResponse};
use rpc::invalid::FieldError;
use rpc::limits::{
    ANSWER_BYTES_MAX, CHECKPOINTS_MAX, ENTRIES_MAX, FILTER_VALUES_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX,
    ROW_KEY_BYTES_MAX, STANDINGS_MAX,
};
use rpc::progress::{
    self, AnswersQuery, AsOf, AssessmentsQuery, ChangesQuery, CompareOrganizationsRequest, ComparisonQuery,
    ConductQuery, FreshnessState, GetSiteRequest, GetStandingsRequest, IncidentFilter, ListAnswersRequest,
    ListAssessmentsRequest, ListIncidentsRequest, ListMeasurementsRequest, ListOrganizationsRequest, ListPlansRequest,
    ListSitesRequest, MeasurementsQuery, Named, OrganizationSort, OrganizationsFilter, OrganizationsQuery, Pillar,
    PillarLevel, Side, SideQuery, SiteQuery, SitesQuery, Standing, StandingAsked, StandingsQuery, WatchChangesRequest,
    get_site_request, list_answers_request, list_assessments_request, list_measurements_request,
};
use rpc::read::{POSITION_MAX, PageRoom};
use rpc::status::{denial_of, refused};
use rpc::view::Reference;
use rpc::{InvalidMessage, Page, ReadAt};
use tlog::tree::{INCLUSION_HASHES_MAX, InclusionProof};
use tlog::{Hash, LeafIndex, TreeSize};

const PARTY: PartyId = PartyId::from_bytes([1; 16]);
const SITE: SiteId = SiteId::from_bytes([2; 16]);
const LOT: LotId = LotId::from_bytes([3; 16]);
const FIRST_PAGE: Page = Page {
    size: PAGE_SIZE_DEFAULT,
    after: None,
};
const PRESENT: ReadAt = ReadAt {
    as_of: None,
    at_least: StreamPosition::START,
};

const NOW: AsOf = AsOf {
    at: PRESENT,
    instant: None,
};

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a table reads better without borrows")]
fn check<M, D>(message: M, expected: Result<D, InvalidMessage>)
where
    D: TryFrom<M, Error = InvalidMessage> + Debug + PartialEq,
{
    assert_eq!(D::try_from(message), expected);
}

fn wrong(field: &'static str, why: impl Into<FieldError>) -> InvalidMessage {
    InvalidMessage::Field { field, why: why.into() }
}

fn at(as_of: u64, at_least: u64) -> ReadAt {
    ReadAt {
        as_of: Some(StreamPosition::new(as_of)),
        at_least: StreamPosition::new(at_least),
    }
}

fn positions(as_of: u64, at_least: u64) -> AsOf {
    AsOf {
        at: at(as_of, at_least),
        instant: None,
    }
}

#[test]
fn a_site_is_asked_for_by_id_or_reference() {
    use get_site_request::Site;
    let ask = |site| GetSiteRequest {
        site,
        ..GetSiteRequest::default()
    };
    let reference = |source: &str, value: &str| {
        ask(Some(Site::Reference(Reference {
            source: source.to_owned(),
            value: value.to_owned(),
        })))
    };
    let ipis = vocabulary::Reference {
        source: "ipis".parse().unwrap(),
        value: "codmine00068".parse().unwrap(),
    };

    check(
        ask(Some(Site::SiteId(SITE.to_string()))),
        Ok(SiteQuery {
            site: Named::Id(SITE),
            as_of: NOW,
        }),
    );
    check(
        reference("ipis", "codmine00068"),
        Ok(SiteQuery {
            site: Named::Reference(ipis),
            as_of: NOW,
        }),
    );
    check::<_, SiteQuery>(ask(None), Err(InvalidMessage::Missing("site")));
    check::<_, SiteQuery>(
        ask(Some(Site::SiteId(String::new()))),
        Err(InvalidMessage::Missing("site_id")),
    );
    let other_kind = wrong("site_id", IdError::Prefix { expected: "site" });
    check::<_, SiteQuery>(ask(Some(Site::SiteId(LOT.to_string()))), Err(other_kind));
    check::<_, SiteQuery>(reference("", "1"), Err(InvalidMessage::Missing("reference.source")));
    check::<_, SiteQuery>(reference("IPIS", "1"), Err(wrong("reference.source", SlugError)));
    check::<_, SiteQuery>(reference("ipis", ""), Err(InvalidMessage::Missing("reference.value")));
    check::<_, SiteQuery>(
        reference("ipis", "a\nb"),
        Err(wrong("reference.value", TextError::Control)),
    );
}

#[test]
fn a_mistyped_id_is_refused_not_looked_up() {
    let mut typed = SITE.to_string();
    let last = typed.pop().unwrap();
    typed.push(if last == '0' { '1' } else { '0' });
    let request = ListSitesRequest {
        operator_id: typed.replace("site-", "org-"),
        ..ListSitesRequest::default()
    };
    check::<_, SitesQuery>(request, Err(wrong("operator_id", IdError::Check { prefix: "org" })));
}

#[test]
fn positions_are_named_or_left_out() {
    let ask = |as_of_position, at_least_position| GetSiteRequest {
        site: Some(get_site_request::Site::SiteId(SITE.to_string())),
        as_of_position,
        at_least_position,
        ..Default::default()
    };
    let site = Named::Id(SITE);
    check(
        ask(7, 9),
        Ok(SiteQuery {
            site: site.clone(),
            as_of: positions(7, 9),
        }),
    );
    check(
        ask(POSITION_MAX, 0),
        Ok(SiteQuery {
            site,
            as_of: positions(POSITION_MAX, 0),
        }),
    );
    for (as_of, at_least, field) in [(u64::MAX, 0, "as_of_position"), (0, u64::MAX, "at_least_position")] {
        let beyond = InvalidMessage::BeyondAnyStream { field, asked: u64::MAX };
        check::<_, SiteQuery>(ask(as_of, at_least), Err(beyond));
    }
    assert_eq!(at(7, 9).wait_for().get(), 9);
    assert_eq!(at(9, 7).wait_for().get(), 9);
    assert_eq!(PRESENT.wait_for(), StreamPosition::START);
}

#[test]
fn pages_are_bounded_and_keep_their_position_and_instant() {
    let ask = |page_size, page_token: &str, as_of_position, as_of_unix_ms| ListSitesRequest {
        page_size,
        page_token: page_token.to_owned(),
        as_of_position,
        as_of_unix_ms,
        ..ListSitesRequest::default()
    };
    let rows = |size, after, as_of| SitesQuery {
        operator: None,
        name_contains: None,
        as_of,
        page: Page { size, after },
    };
    let instant = Timestamp::from_unix_ms(-1);
    let pinned = AsOf {
        instant: Some(instant),
        ..positions(7, 0)
    };
    let token = progress::page_token(StreamPosition::new(7), instant, b"row");
    let most = u32::try_from(PAGE_SIZE_MAX).unwrap();

    check(ask(0, "", 0, 0), Ok(rows(PAGE_SIZE_DEFAULT, None, NOW)));
    check(ask(1, "", 0, 0), Ok(rows(1, None, NOW)));
    check(ask(most, "", 0, 0), Ok(rows(PAGE_SIZE_MAX, None, NOW)));
    check::<_, SitesQuery>(
        ask(most + 1, "", 0, 0),
        Err(InvalidMessage::PageSize { asked: most + 1 }),
    );
    for (position, unix_ms) in [(0, 0), (7, 0), (0, -1), (7, -1)] {
        check(
            ask(1, &token, position, unix_ms),
            Ok(rows(1, Some(b"row".to_vec()), pinned)),
        );
    }
    check::<_, SitesQuery>(
        ask(1, &token, 8, 0),
        Err(InvalidMessage::OtherPosition { token: 7, asked: 8 }),
    );
    check::<_, SitesQuery>(ask(1, &token, 7, 1), Err(InvalidMessage::PageToken));
    let too_long = "00".repeat(8 + ROW_KEY_BYTES_MAX + 1);
    let no_instant = Page::token(StreamPosition::new(7), b"row");
    for token in [
        "x",
        "00",
        "ffffffffffffffff",
        "é",
        no_instant.as_str(),
        too_long.as_str(),
    ] {
        check::<_, SitesQuery>(ask(1, token, 0, 0), Err(InvalidMessage::PageToken));
    }
}

#[test]
fn a_page_is_filled_to_its_rows_or_its_bytes() {
    let page = |size| Page { size, after: None };
    let row = |bytes| Receipt {
        statement_id: "x".repeat(bytes),
        ..Receipt::default()
    };
    let filled = |size: usize, bytes: usize| {
        let mut room = page(size).room();
        (0..2_000).take_while(|_| room.take(&row(bytes))).count()
    };
    assert_eq!(filled(3, 10), 3);
    assert_eq!(filled(PAGE_SIZE_MAX, 10), PAGE_SIZE_MAX);
    assert_eq!(filled(PAGE_SIZE_MAX, 3 * 1024 * 1024), 2);

    let mut beside = PageRoom::beside(&row(ANSWER_BYTES_MAX - 2 * 1024 * 1024));
    assert!(beside.take(&row(1024 * 1024)));
    assert!(!beside.take(&row(1024 * 1024)), "the answer would be too long");
    assert!(!PageRoom::beside(&row(ANSWER_BYTES_MAX)).take(&row(0)));
}

#[test]
fn parties_and_histories_are_asked_for() {
    use list_assessments_request::Subject as Asked;

    let of_kind = |kind| ListOrganizationsRequest {
        kind,
        ..ListOrganizationsRequest::default()
    };
    let found = |kind| OrganizationsQuery {
        filter: OrganizationsFilter {
            kind,
            ..OrganizationsFilter::default()
        },
        sort: OrganizationSort::Unspecified,
        is_descending: false,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(of_kind(0), Ok(found(None)));
    check(
        of_kind(progress::PartyKind::Refiner.into()),
        Ok(found(Some(vocabulary::PartyKind::Refiner))),
    );
    check::<_, OrganizationsQuery>(of_kind(99), Err(wrong("kind", FieldError::Unknown)));

    let of = |subject| ListAssessmentsRequest {
        subject,
        ..ListAssessmentsRequest::default()
    };
    let history = |subject| AssessmentsQuery {
        subject,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(
        of(Some(Asked::SiteId(SITE.to_string()))),
        Ok(history(Subject::Site(SITE))),
    );
    check(
        of(Some(Asked::PartyId(PARTY.to_string()))),
        Ok(history(Subject::Party(PARTY))),
    );
    check::<_, AssessmentsQuery>(of(None), Err(InvalidMessage::Missing("subject")));
}

#[test]
fn parties_are_filtered_and_sorted() {
    let whole = ListOrganizationsRequest {
        name_contains: "esper".to_owned(),
        country: "CD".to_owned(),
        area: "Ituri".to_owned(),
        standings: vec![Standing::Affiliate.into(), Standing::Suspended.into()],
        decided_standings: vec![Standing::Lapsed.into()],
        modules_met: vec![1, 4],
        scenario_slug: "legal.title".to_owned(),
        incidents: IncidentFilter::Grave.into(),
        freshness: FreshnessState::Stale.into(),
        overdue: Some(false),
        pillar_levels: vec![PillarLevel {
            pillar: Pillar::Social.into(),
            level_min: 2,
        }],
        sort: OrganizationSort::Name.into(),
        descending: true,
        ..Default::default()
    };
    let filter = OrganizationsFilter {
        name_contains: Some("esper".parse().unwrap()),
        kind: None,
        country: Some("CD".parse().unwrap()),
        area: Some("Ituri".parse().unwrap()),
        standings: vec![vocabulary::Standing::Affiliate, vocabulary::Standing::Suspended],
        decided: vec![vocabulary::Standing::Lapsed],
        modules_met: vec![Module::Management, Module::Mitigation],
        scenario: Some("legal.title".parse().unwrap()),
        incidents: Some(IncidentFilter::Grave),
        freshness: Some(FreshnessState::Stale),
        overdue: Some(false),
        pillar_levels: vec![(vocabulary::Pillar::Social, 2)],
    };
    let query = OrganizationsQuery {
        filter,
        sort: OrganizationSort::Name,
        is_descending: true,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(whole, Ok(query));
}

#[test]
fn filters_that_mean_nothing_name_their_field() {
    type Request = ListOrganizationsRequest;
    type Case<'a> = (&'a dyn Fn(&mut Request), InvalidMessage);
    let many = FieldError::TooMany { max: FILTER_VALUES_MAX };
    let unknown = |field| wrong(field, FieldError::Unknown);
    let cases: [Case<'_>; 11] = [
        (
            &|r| r.country = "cd".to_owned(),
            wrong("country", FieldError::Country(CountryError)),
        ),
        (
            &|r| r.name_contains = "x".repeat(257),
            wrong("name_contains", TextError::TooLong { max: 256 }),
        ),
        (&|r| r.standings = vec![0], unknown("standings")),
        (&|r| r.decided_standings = vec![99], unknown("decided_standings")),
        (
            &|r| r.standings = vec![1; FILTER_VALUES_MAX + 1],
            wrong("standings", many),
        ),
        (&|r| r.modules_met = vec![5], unknown("modules_met")),
        (&|r| r.incidents = 9, unknown("incidents")),
        (&|r| r.freshness = 9, unknown("freshness")),
        (&|r| r.sort = 99, unknown("sort")),
        (
            &|r| r.pillar_levels = vec![PillarLevel::default()],
            InvalidMessage::Missing("pillar"),
        ),
        (&|r| r.scenario_slug = "A".to_owned(), wrong("scenario_slug", SlugError)),
    ];
    for (change, expected) in cases {
        let mut request = Request::default();
        change(&mut request);
        check::<_, OrganizationsQuery>(request, Err(expected));
    }
}

#[test]
fn answers_measurements_plans_and_incidents_are_asked_for() {
    use list_answers_request::Subject as Asked;
    use list_measurements_request::Subject as Measured;
    let answers = ListAnswersRequest {
        subject: Some(Asked::SiteId(SITE.to_string())),
        criterion_number: 7,
        ..Default::default()
    };
    let answers_query = AnswersQuery {
        subject: Subject::Site(SITE),
        number: CriterionNumber(7),
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(answers, Ok(answers_query));
    check::<_, AnswersQuery>(ListAnswersRequest::default(), Err(InvalidMessage::Missing("subject")));
    for number in [None, Some(0)] {
        let measured = ListMeasurementsRequest {
            subject: Some(Measured::PartyId(PARTY.to_string())),
            indicator_number: number,
            ..Default::default()
        };
        let query = MeasurementsQuery {
            subject: Subject::Party(PARTY),
            number: number.map(CriterionNumber),
            as_of: NOW,
            page: FIRST_PAGE,
        };
        check(measured, Ok(query));
    }
    let conduct = ConductQuery {
        organization: PARTY,
        open_only: true,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    let plans = ListPlansRequest {
        party_id: PARTY.to_string(),
        open_only: true,
        ..Default::default()
    };
    check(plans, Ok(conduct.clone()));
    let incidents = ListIncidentsRequest {
        party_id: PARTY.to_string(),
        open_only: true,
        ..Default::default()
    };
    check(incidents, Ok(conduct));
    check::<_, ConductQuery>(ListPlansRequest::default(), Err(InvalidMessage::Missing("party_id")));
}

#[test]
fn sides_and_changes_are_asked_for() {
    let side = |as_of_position, as_of_unix_ms| {
        Some(Side {
            party_id: PARTY.to_string(),
            as_of_position,
            as_of_unix_ms,
        })
    };
    let request = CompareOrganizationsRequest {
        left: side(7, 0),
        right: side(0, 12),
        at_least_position: 9,
    };
    let instant = Some(Timestamp::from_unix_ms(12));
    let at_least = ReadAt {
        at_least: StreamPosition::new(9),
        ..PRESENT
    };
    let query = ComparisonQuery {
        left: SideQuery {
            organization: PARTY,
            as_of: positions(7, 9),
        },
        right: SideQuery {
            organization: PARTY,
            as_of: AsOf { at: at_least, instant },
        },
    };
    check(request.clone(), Ok(query));
    let without = CompareOrganizationsRequest { right: None, ..request };
    check::<_, ComparisonQuery>(without, Err(InvalidMessage::Missing("right")));

    let watch = |party_id: String, after_position| WatchChangesRequest {
        party_id,
        after_position,
    };
    let changes = |organization, after| ChangesQuery {
        organization,
        after: StreamPosition::new(after),
    };
    check(watch(String::new(), 0), Ok(changes(None, 0)));
    check(watch(PARTY.to_string(), 7), Ok(changes(Some(PARTY), 7)));
    let asked = u64::MAX;
    let field = "after_position";
    check::<_, ChangesQuery>(
        watch(String::new(), asked),
        Err(InvalidMessage::BeyondAnyStream { field, asked }),
    );
}

#[test]
fn many_standings_are_asked_for_each_as_of_its_own_position() {
    let one = |as_of_position| StandingAsked {
        party_id: PARTY.to_string(),
        as_of_position,
    };
    let request = GetStandingsRequest {
        asked: vec![one(0), one(7)],
        as_of_position: 12,
        at_least_position: 9,
        as_of_unix_ms: 34,
    };
    let query = |as_of| SideQuery {
        organization: PARTY,
        as_of,
    };
    let all = AsOf {
        instant: Some(Timestamp::from_unix_ms(34)),
        ..positions(12, 9)
    };
    // One with a position of its own has its clocks there, too.
    let asked = vec![query(all), query(positions(7, 9))];
    check(request.clone(), Ok(StandingsQuery { asked }));
    let of = |asked| GetStandingsRequest {
        asked,
        ..request.clone()
    };
    check::<_, StandingsQuery>(of(Vec::new()), Err(InvalidMessage::Missing("asked")));
    let nobody = StandingAsked::default();
    check::<_, StandingsQuery>(of(vec![nobody]), Err(InvalidMessage::Missing("asked.party_id")));
    assert!(StandingsQuery::try_from(of(vec![one(1); STANDINGS_MAX])).is_ok());
    check::<_, StandingsQuery>(
        of(vec![one(1); STANDINGS_MAX + 1]),
        Err(wrong("asked", FieldError::TooMany { max: STANDINGS_MAX })),
    );
    let asked = u64::MAX;
    let field = "asked.as_of_position";
    check::<_, StandingsQuery>(
        of(vec![one(asked)]),
        Err(InvalidMessage::BeyondAnyStream { field, asked }),
    );
}

#[test]
fn lots_are_asked_for() {
    use get_lot_request::Lot;
    let one = |lot| GetLotRequest {
        lot,
        ..GetLotRequest::default()
    };
    let found = |lot| LotQuery {
        lot,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(one(Some(Lot::LotId(LOT.to_string()))), Ok(found(NamedLot::Id(LOT))));
    let seal = ShortText::new("S-17").unwrap();
    check(one(Some(Lot::Seal("S-17".to_owned()))), Ok(found(NamedLot::Seal(seal))));
    check::<_, LotQuery>(
        one(Some(Lot::Seal(" S".to_owned()))),
        Err(wrong("seal", TextError::Blank)),
    );
    check::<_, LotQuery>(one(None), Err(InvalidMessage::Missing("lot")));

    let all = LotsQuery {
        custodian: None,
        owner: None,
        site: None,
        state: None,
        on_hold: false,
        flag: None,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(ListLotsRequest::default(), Ok(all.clone()));
    let some = ListLotsRequest {
        custodian_id: PARTY.to_string(),
        owner_id: PARTY.to_string(),
        site_id: SITE.to_string(),
        state: LotState::Offered.into(),
        on_hold: true,
        flag: "near-capacity".to_owned(),
        ..ListLotsRequest::default()
    };
    let filtered = LotsQuery {
        custodian: Some(PARTY),
        owner: Some(PARTY),
        site: Some(SITE),
        state: Some(LotState::Offered),
        on_hold: true,
        flag: Some(FlagKind::NearCapacity),
        ..all
    };
    check(some, Ok(filtered));
    let no_flag = ListLotsRequest {
        flag: "NearCapacity".to_owned(),
        ..ListLotsRequest::default()
    };
    check::<_, LotsQuery>(no_flag, Err(wrong("flag", FieldError::Unknown)));
    let unknown = ListLotsRequest {
        state: -1,
        ..ListLotsRequest::default()
    };
    check::<_, LotsQuery>(unknown, Err(wrong("state", FieldError::Unknown)));
}

#[test]
fn lots_are_found_by_numbers() {
    use find_lots_request::Query;
    let ask = |query| FindLotsRequest {
        query,
        ..FindLotsRequest::default()
    };
    let found = |name| FindQuery {
        name,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    let text = |text: &str| ShortText::new(text).unwrap();
    let bar = |serial: &str, brand: &str, year| {
        ask(Some(Query::Bar(BarQuery {
            serial: serial.to_owned(),
            brand: brand.to_owned(),
            year,
            refiner_id: String::new(),
        })))
    };
    let number = |number: &str| RefineryLotQuery {
        number: number.to_owned(),
        refiner_id: PARTY.to_string(),
    };
    check(
        ask(Some(Query::Seal("S-1".to_owned()))),
        Ok(found(LotName::Seal(text("S-1")))),
    );
    check(
        ask(Some(Query::Melt("M-1".to_owned()))),
        Ok(found(LotName::Melt(text("M-1")))),
    );
    check(
        ask(Some(Query::RefineryLot(number("R-1")))),
        Ok(found(LotName::RefineryLot {
            number: text("R-1"),
            refiner: Some(PARTY),
        })),
    );
    check(
        bar("1", "", 0),
        Ok(found(LotName::Bar {
            serial: text("1"),
            refiner: None,
            brand: None,
            year: None,
        })),
    );
    check(
        bar("1", "B", 2026),
        Ok(found(LotName::Bar {
            serial: text("1"),
            refiner: None,
            brand: Some(text("B")),
            year: Some(2026),
        })),
    );
    check::<_, FindQuery>(ask(None), Err(InvalidMessage::Missing("query")));
    check::<_, FindQuery>(bar("", "B", 1), Err(InvalidMessage::Missing("bar.serial")));
    check::<_, FindQuery>(bar("1", "", 65_536), Err(wrong("bar.year", FieldError::Unknown)));
}

#[test]
fn a_certificate_is_found_by_its_number_in_one_register_or_in_any() {
    let certificate = |source: &str, value: &str| {
        let query = find_lots_request::Query::Certificate(Reference {
            source: source.to_owned(),
            value: value.to_owned(),
        });
        FindLotsRequest {
            query: Some(query),
            ..FindLotsRequest::default()
        }
    };
    let of = |register| FindQuery {
        name: LotName::Certificate {
            number: ShortText::new("1").unwrap(),
            register,
        },
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(certificate("ministry", "1"), Ok(of(Some("ministry".parse().unwrap()))));
    check(certificate("", "1"), Ok(of(None)));
    check::<_, FindQuery>(
        certificate("ministry", ""),
        Err(InvalidMessage::Missing("certificate.value")),
    );
    check::<_, FindQuery>(
        certificate("Ministry", "1"),
        Err(wrong("certificate.source", SlugError)),
    );
}

#[test]
fn lineages_and_origins_say_which_way() {
    let lineage = |direction| GetLineageRequest {
        lot_id: LOT.to_string(),
        direction,
        as_of_unix_ms: 5,
        ..GetLineageRequest::default()
    };
    let walked = |direction| LineageQuery {
        lot: LOT,
        direction,
        as_of: AsOf {
            instant: Some(Timestamp::from_unix_ms(5)),
            ..NOW
        },
        page: FIRST_PAGE,
    };
    check(lineage(1), Ok(walked(Direction::Up)));
    check(lineage(2), Ok(walked(Direction::Down)));
    check::<_, LineageQuery>(lineage(0), Err(InvalidMessage::Missing("direction")));
    check::<_, LineageQuery>(lineage(3), Err(wrong("direction", FieldError::Unknown)));
    let origins = |by| GetOriginsRequest {
        lot_id: LOT.to_string(),
        by,
        ..GetOriginsRequest::default()
    };
    let divided = |by| OriginsQuery {
        lot: LOT,
        by,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(origins(1), Ok(divided(Division::Sites)));
    check(origins(2), Ok(divided(Division::Organizations)));
    check::<_, OriginsQuery>(origins(0), Err(InvalidMessage::Missing("by")));
    check::<_, OriginsQuery>(origins(3), Err(wrong("by", FieldError::Unknown)));
    check::<_, ProvenanceQuery>(GetProvenanceRequest::default(), Err(InvalidMessage::Missing("lot_id")));
    check::<_, SuspectsQuery>(ListSuspectsRequest::default(), Err(InvalidMessage::Missing("key")));
}

#[test]
fn months_are_asked_for_from_one_to_another() {
    let ask = |from: &str, to: &str| GetPartyRequest {
        party_id: PARTY.to_string(),
        from_month: from.to_owned(),
        to_month: to.to_owned(),
        ..GetPartyRequest::default()
    };
    let months = |from, to| MonthsQuery {
        of: PARTY,
        from,
        to,
        as_of: NOW,
        page: FIRST_PAGE,
    };
    check(ask("", ""), Ok(months(Month::FIRST, Month::LAST)));
    check(ask("1970-01", "2026-12"), Ok(months(Month(0), Month(56 * 12 + 11))));
    check(ask("1969-12", ""), Ok(months(Month(-1), Month::LAST)));
    for wrong_month in ["2026", "2026-13", "2026-1", "26-01", "2026-01-01"] {
        let expected = Err(wrong("from_month", UnitError::Date(wrong_month.to_owned())));
        check::<_, MonthsQuery<PartyId>>(ask(wrong_month, ""), expected);
    }
    for month in [Month(-1), Month(0), Month(56 * 12 + 11)] {
        assert_eq!(month.to_string().parse(), Ok(month));
    }
    let site = GetSiteProductionRequest {
        site_id: PARTY.to_string(),
        ..GetSiteProductionRequest::default()
    };
    assert!(MonthsQuery::<SiteId>::try_from(site).is_err(), "a party is no site");
    let refiner = GetOriginTableRequest::default();
    check::<_, MonthsQuery<PartyId>>(refiner, Err(InvalidMessage::Missing("refiner_id")));
}

#[test]
fn what_is_used_of_a_capacity_is_shown_in_bands() {
    let bands = [
        (0, CapacityBand::BelowQuarter),
        (249_999, CapacityBand::BelowQuarter),
        (250_000, CapacityBand::BelowHalf),
        (499_999, CapacityBand::BelowHalf),
        (500_000, CapacityBand::BelowFourFifths),
        (800_000, CapacityBand::BelowWhole),
        (999_999, CapacityBand::BelowWhole),
        (1_000_000, CapacityBand::Whole),
        (u64::MAX, CapacityBand::Whole),
    ];
    for (used_ppm, band) in bands {
        assert_eq!(CapacityBand::of(used_ppm), band, "{used_ppm} ppm");
    }
}

#[test]
fn keys_are_asked_for() {
    let ask = |key: &str| GetKeyRequest {
        key: key.to_owned(),
        at_least_position: 4,
    };
    let key = PublicKey::from_bytes([9; 32]);
    check(
        ask(&key.to_string()),
        Ok(KeyQuery {
            key,
            at_least: StreamPosition::new(4),
        }),
    );
    check::<_, KeyQuery>(ask(""), Err(InvalidMessage::Missing("key")));
    check::<_, KeyQuery>(ask("abc"), Err(wrong("key", HexError)));
}

#[test]
fn proofs_and_leaves_are_asked_for() {
    let inclusion = |leaf_index, tree_size| GetInclusionProofRequest {
        leaf_index,
        tree_size,
        at_least_position: 0,
    };
    let found = |leaf, size| InclusionQuery {
        leaf: LeafIndex::new(leaf),
        size,
        at_least: StreamPosition::START,
    };
    check(inclusion(0, 0), Ok(found(0, None)));
    check(inclusion(4, 9), Ok(found(4, Some(TreeSize::new(9)))));
    let beyond = |field, asked| InvalidMessage::BeyondAnyStream { field, asked };
    check::<_, InclusionQuery>(inclusion(POSITION_MAX, 0), Err(beyond("leaf_index", POSITION_MAX)));
    check::<_, InclusionQuery>(inclusion(0, u64::MAX), Err(beyond("tree_size", u64::MAX)));

    let ask = |old_tree_size, new_tree_size| GetConsistencyProofRequest {
        old_tree_size,
        new_tree_size,
        at_least_position: 0,
    };
    let (old, new) = (TreeSize::new(5), TreeSize::new(6));
    check(
        ask(5, 6),
        Ok(ConsistencyQuery {
            old,
            new: Some(new),
            at_least: StreamPosition::START,
        }),
    );
    check(
        ask(5, 0),
        Ok(ConsistencyQuery {
            old,
            new: None,
            at_least: StreamPosition::START,
        }),
    );
    check::<_, ConsistencyQuery>(ask(6, 5), Err(InvalidMessage::TreesReversed { old: 6, new: 5 }));

    let entries = |max_count| ListEntriesRequest {
        start_index: 3,
        max_count,
        at_least_position: 0,
    };
    let some = |count_max| EntriesQuery {
        start: LeafIndex::new(3),
        count_max,
        at_least: StreamPosition::START,
    };
    check(entries(0), Ok(some(ENTRIES_MAX)));
    check(entries(2), Ok(some(2)));
    check::<_, EntriesQuery>(
        entries(1_001),
        Err(wrong("max_count", FieldError::TooMany { max: ENTRIES_MAX })),
    );
}

#[test]
fn checkpoints_and_times_are_asked_for() {
    let checkpoints = |start_tree_size, max_count| ListCheckpointsRequest {
        start_tree_size,
        max_count,
    };
    let some = |start, count_max| CheckpointsQuery {
        start: TreeSize::new(start),
        count_max,
    };
    check(checkpoints(0, 0), Ok(some(0, CHECKPOINTS_MAX)));
    check(checkpoints(7, 2), Ok(some(7, 2)));
    check::<_, CheckpointsQuery>(
        checkpoints(7, 1_001),
        Err(wrong("max_count", FieldError::TooMany { max: CHECKPOINTS_MAX })),
    );
    let bracket = GetTimeBracketRequest {
        leaf_index: 3,
        at_least_position: 4,
    };
    check(
        bracket,
        Ok(TimeBracketQuery {
            leaf: LeafIndex::new(3),
            at_least: StreamPosition::new(4),
        }),
    );
}

#[test]
fn hashes_have_32_bytes_and_a_proof_has_an_end() {
    let answer = |hashes| GetInclusionProofResponse {
        hashes,
        ..GetInclusionProofResponse::default()
    };
    let hashes = vec![Hash::from_bytes([1; 32]), Hash::from_bytes([2; 32])];
    let there = answer(audit::hashes_to_wire(&hashes));
    assert_eq!(InclusionProof::try_from(&there), Ok(InclusionProof { hashes }));
    let short = answer(vec![vec![0; 31]]);
    assert_eq!(InclusionProof::try_from(&short), Err(wrong("hashes", FieldError::Hash)));
    let endless = answer(vec![vec![0; 32]; INCLUSION_HASHES_MAX + 1]);
    let max = INCLUSION_HASHES_MAX;
    assert_eq!(
        InclusionProof::try_from(&endless),
        Err(wrong("hashes", FieldError::TooMany { max }))
    );
}

#[test]
fn a_bundle_is_cut_into_messages_and_keeps_its_bytes() {
    let bundle: Vec<u8> = (0..700_000_u32).map(|n| n.to_be_bytes()[3]).collect();
    let parts: Vec<_> = audit::lot_proof_messages(&bundle)
        .map(|message| message.chunk)
        .collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(parts.concat(), bundle);
}

#[test]
fn receipts_and_outcomes_come_back() {
    let recorded = Recorded {
        position: StreamPosition::new(12),
        statement: StatementId::from_bytes([7; 32]),
        admitted_at: Timestamp::from_unix_ms(1_700_000_000_123),
    };
    assert_eq!(Recorded::try_from(&SubmitResponse::from(recorded)), Ok(recorded));
    let unseen = Denial {
        refusal: Refusal::Superseded,
        latest: Some(Latest {
            lot: LotId::from_bytes([3; 16]),
            statement: StatementId::from_bytes([4; 32]),
            by: PARTY,
            position: StreamPosition::new(11),
        }),
    };
    for result in [Ok(recorded), Err(Refusal::NotCustodian.into()), Err(unseen)] {
        let outcome = Outcome { index: 3, result };
        assert_eq!(Outcome::try_from(&SubmitManyResponse::from(outcome)), Ok(outcome));
    }
    let nothing = Recorded::try_from(&SubmitResponse::default());
    assert_eq!(nothing, Err(InvalidMessage::Missing("receipt")));
    let nowhere = Receipt {
        position: 0,
        ..Receipt::from(recorded)
    };
    assert_eq!(
        Recorded::try_from(&nowhere),
        Err(InvalidMessage::Missing("receipt.position"))
    );
    let later = rpc::ingest::Refusal {
        code: 65_000,
        ..unseen.into()
    };
    assert_eq!(
        Denial::try_from(&later),
        Err(wrong("refusal.code", FieldError::Unknown))
    );
    let mut elsewhere = rpc::ingest::Refusal::from(unseen);
    elsewhere.latest.as_mut().unwrap().position = u64::MAX;
    assert!(Denial::try_from(&elsewhere).is_err());
    assert_eq!(denial_of(&refused(unseen)), Some(unseen));
    assert_eq!(
        denial_of(&refused(Refusal::NotCustodian)),
        Some(Refusal::NotCustodian.into())
    );
}

#[test]
fn answers_come_back() {
    let line = |text| vocabulary::Line::new(text).unwrap();
    for answer in [
        vocabulary::Answer::NotApplicable(line("no pit")),
        vocabulary::Answer::Pass,
        vocabulary::Answer::Fail,
        vocabulary::Answer::Observed,
        vocabulary::Answer::NoneObserved,
        vocabulary::Answer::Level(0),
        vocabulary::Answer::Count(u64::MAX),
        vocabulary::Answer::Words(line("iTSCi")),
    ] {
        assert_eq!(
            vocabulary::Answer::try_from(&progress::Answer::from(&answer)),
            Ok(answer)
        );
    }
    let not_asked = vocabulary::Answer::try_from(&progress::Answer::default());
    assert_eq!(not_asked, Err(InvalidMessage::Missing("answer")));
    let high = progress::Answer {
        answer: Some(progress::answer::Answer::Level(256)),
    };
    assert_eq!(
        vocabulary::Answer::try_from(&high),
        Err(wrong("answer.level", FieldError::Unknown))
    );
}

#[test]
fn kinds_of_parties_and_sites_come_back() {
    use vocabulary::{AssessmentKind, Deposit, PartyKind};
    twins::<_, progress::PartyKind>(&[
        PartyKind::MinersOrganization,
        PartyKind::InformalMinersGroup,
        PartyKind::Processor,
        PartyKind::Trader,
        PartyKind::Exporter,
        PartyKind::Carrier,
        PartyKind::Assayer,
        PartyKind::Refiner,
        PartyKind::Buyer,
        PartyKind::Assessor,
        PartyKind::Authority,
        PartyKind::Scheme,
        PartyKind::Auditor,
    ]);
    twins::<_, progress::Deposit>(&[
        Deposit::Unknown,
        Deposit::Alluvial,
        Deposit::Eluvial,
        Deposit::Primary,
        Deposit::Tailings,
    ]);
    twins::<_, progress::AssessmentKind>(&[
        AssessmentKind::SelfReported,
        AssessmentKind::Implementer,
        AssessmentKind::Monitor,
        AssessmentKind::ThirdParty,
    ]);
}

#[test]
fn kinds_of_standing_and_conduct_come_back() {
    use vocabulary::{
        Confidence, IncidentCategory as Category, IncidentOutcome, MilestoneState, Pillar, PlanOutcome, Severity,
        Standing, Unit,
    };
    twins::<_, progress::Standing>(&[
        Standing::Applicant,
        Standing::Registered,
        Standing::Candidate,
        Standing::Affiliate,
        Standing::Suspended,
        Standing::Lapsed,
    ]);
    twins::<_, progress::Pillar>(&[
        Pillar::Organizational,
        Pillar::Environmental,
        Pillar::Social,
        Pillar::Governance,
    ]);
    twins::<_, progress::Unit>(&[
        Unit::People,
        Unit::Items,
        Unit::Occurrences,
        Unit::Days,
        Unit::Hours,
        Unit::Milligrams,
        Unit::Millilitres,
        Unit::SquareMetres,
        Unit::WattHours,
        Unit::PartsPerMillion,
    ]);
    twins::<_, progress::MilestoneState>(&[MilestoneState::Started, MilestoneState::Done, MilestoneState::Dropped]);
    twins::<_, progress::PlanOutcome>(&[PlanOutcome::Achieved, PlanOutcome::Abandoned, PlanOutcome::Replaced]);
    twins::<_, progress::IncidentCategory>(&[
        Category::ChildLabour,
        Category::ForcedLabour,
        Category::Torture,
        Category::GrossViolation,
        Category::WarCrime,
        Category::ArmedGroup,
        Category::SecurityForces,
        Category::Bribery,
        Category::OriginFraud,
        Category::MoneyLaundering,
        Category::TaxesUnpaid,
        Category::Accident,
        Category::Environment,
        Category::Community,
        Category::Theft,
        Category::Other,
    ]);
    twins::<_, progress::Confidence>(&[Confidence::Allegation, Confidence::FoundedSuspicion, Confidence::Known]);
    twins::<_, progress::Severity>(&[Severity::Minor, Severity::Serious, Severity::Critical]);
    twins::<_, progress::IncidentOutcome>(&[
        IncidentOutcome::Unfounded,
        IncidentOutcome::Remedied,
        IncidentOutcome::Referred,
    ]);
}

#[test]
fn kinds_of_lots_come_back() {
    use vocabulary::{CustodyModel, FinenessMethod, LotForm, QuantityBasis, SealState};
    twins::<_, custody::LotForm>(&[
        LotForm::Concentrate,
        LotForm::Amalgam,
        LotForm::Sponge,
        LotForm::Dust,
        LotForm::Dore,
        LotForm::Fine,
        LotForm::Residue,
    ]);
    twins::<_, custody::QuantityBasis>(&[QuantityBasis::Weighed, QuantityBasis::Illustrative]);
    twins::<_, custody::FinenessMethod>(&[
        FinenessMethod::Estimate,
        FinenessMethod::Touchstone,
        FinenessMethod::Density,
        FinenessMethod::Xrf,
        FinenessMethod::FireAssay,
    ]);
    twins::<_, custody::CustodyModel>(&[
        CustodyModel::IdentityPreserved,
        CustodyModel::Segregated,
        CustodyModel::MassBalance,
    ]);
    twins::<_, custody::SealState>(&[SealState::None, SealState::Intact, SealState::Broken]);
    twins::<_, custody::SealUse>(&[SealUse::Whole, SealUse::Broken, SealUse::Sample]);
}

#[test]
fn kinds_of_what_is_said_about_lots_come_back() {
    use vocabulary::{AssayPurpose, PermitKind, PermitStatus, Transformation};
    twins::<_, custody::AssayPurpose>(&[
        AssayPurpose::Blind,
        AssayPurpose::Control,
        AssayPurpose::Settlement,
        AssayPurpose::Umpire,
    ]);
    twins::<_, custody::TransformationKind>(&[
        Transformation::Melt,
        Transformation::Merge,
        Transformation::Split,
        Transformation::Refine,
        Transformation::Cast,
    ]);
    twins::<_, custody::PermitKind>(&[
        PermitKind::Mining,
        PermitKind::Formalization,
        PermitKind::Subcontract,
        PermitKind::Subsistence,
    ]);
    twins::<_, custody::PermitStatus>(&[PermitStatus::InForce, PermitStatus::Suspended, PermitStatus::Withdrawn]);
}

#[track_caller]
fn twins<D, W>(values: &[D])
where
    D: Copy + Debug + PartialEq + TryFrom<W, Error = InvalidMessage>,
    W: From<D> + TryFrom<i32, Error: Debug> + Into<i32>,
{
    for (place, value) in values.iter().enumerate() {
        let number: i32 = W::from(*value).into();
        assert_eq!(
            usize::try_from(number).ok(),
            Some(place + 1),
            "{value:?} keeps its number"
        );
        assert_eq!(D::try_from(W::try_from(number).expect("its own number")), Ok(*value));
    }
    let unspecified = W::try_from(0).expect("every enum has it");
    assert!(matches!(D::try_from(unspecified), Err(InvalidMessage::Missing(_))));
}

#[test]
fn fineness_claims_come_back() {
    let fineness = Fineness::from_ppm(930_000).unwrap();
    let claim = vocabulary::FinenessClaim {
        fineness,
        method: vocabulary::FinenessMethod::Xrf,
    };
    let sent = custody::FinenessClaim::from(claim);
    assert_eq!(vocabulary::FinenessClaim::try_from(&sent), Ok(claim));
    let purer_than_pure = custody::FinenessClaim {
        fineness_ppm: 1_000_001,
        ..sent
    };
    let expected = wrong("fineness_ppm", UnitError::Fineness(1_000_001));
    assert_eq!(vocabulary::FinenessClaim::try_from(&purer_than_pure), Err(expected));
}

#[test]
fn every_scale_has_its_kind() {
    use vocabulary::Scale;
    for (scale, kind, level_max) in [
        (Scale::PassFail, progress::ScaleKind::PassFail, 0),
        (Scale::Observation, progress::ScaleKind::Observation, 0),
        (Scale::Level { max: 4 }, progress::ScaleKind::Level, 4),
        (Scale::Count, progress::ScaleKind::Count, 0),
        (Scale::Words, progress::ScaleKind::Words, 0),
    ] {
        assert_eq!(
            progress::Scale::from(scale),
            progress::Scale {
                kind: kind.into(),
                level_max
            }
        );
    }
}

proptest! {
    #[test]
    fn a_token_comes_back(position in 0..=POSITION_MAX, key in prop::collection::vec(any::<u8>(), 0..=ROW_KEY_BYTES_MAX)) {
        let position = StreamPosition::new(position);
        let (page, at) = Page::new(1, &Page::token(position, &key), PRESENT).unwrap();
        prop_assert_eq!(page.after, Some(key));
        prop_assert_eq!(at.as_of, Some(position));
    }

    #[test]
    fn no_token_panics(token in ".*", size in any::<u32>()) {
        let _ = Page::new(size, &token, PRESENT);
    }
}
