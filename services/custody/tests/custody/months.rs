//! What happened month by month: to a party, from a site, into a refiner's books.

use event::vocabulary::{
    CapacityEstablished, CapacityPeriod, LotReceived, PermitKind, PermitRecorded, PermitStatus, PermitStatusChanged,
    Reference, RegisterCheck, Transformation,
};
use event::{Event, List, PermitId};
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{
    CapacityBand, GetOriginTableRequest, GetOriginsRequest, GetPartyRequest, GetPartyResponse,
    GetSiteProductionRequest, OriginsBy, PartyMonth, SitePermit, Tally,
};
use tests::world::{line, list, short};
use tonic::{Code, Request};

use crate::support::{DIGGERS, Folded, MINERS, REFINER, Say, Stream, TRADER, code, grams};

/// Two lots of the miners in January and one in February; the first goes to the trader, who finds it lighter and sells it
/// in February, and melts nothing.
fn traded() -> Stream {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 10, &[]);
    stream.declare(MINERS, 20, &[]);
    stream.say_rightly(MINERS, 0, Say::Offer { to: TRADER });
    stream.say_rightly(TRADER, 0, Say::Accept { mg: 9_900 });
    stream.pass_days(40);
    stream.declare(MINERS, 30, &[]);
    stream.hand_over(TRADER, 0, REFINER, 9);
    stream.say_rightly(MINERS, 1, Say::Retire);
    stream
}

async fn months(
    folded: &Folded,
    stream: &Stream,
    party: usize,
    page: (u32, &str),
    span: (&str, &str),
) -> GetPartyResponse {
    let request = GetPartyRequest {
        party_id: stream.people[party].party.to_string(),
        from_month: span.0.to_owned(),
        to_month: span.1.to_owned(),
        page_size: page.0,
        page_token: page.1.to_owned(),
        ..Default::default()
    };
    folded.party(request).await
}

/// What is not nothing, in milligrams of gross mass.
fn told(month: &PartyMonth) -> (String, Vec<(&'static str, u32, u64)>) {
    let tallies = [
        ("declared", &month.declared),
        ("made", &month.made),
        ("received", &month.received),
        ("given", &month.given),
        ("used up", &month.used_up),
        ("retired", &month.retired),
        ("lost", &month.lost),
        ("exported", &month.exported),
        ("more", &month.found_more),
        ("less", &month.found_less),
    ];
    let tally = |(name, tally): (&'static str, &Option<Tally>)| {
        let tally = tally.as_ref().unwrap();
        assert_eq!(tally.fine_mass_micrograms, tally.gross_mass_micrograms / 2, "half gold");
        (name, tally.lots, tally.gross_mass_micrograms / 1_000)
    };
    let tallies = tallies.into_iter().map(tally).filter(|(_, lots, _)| *lots != 0);
    (month.month.clone(), tallies.collect())
}

#[tokio::test]
async fn what_came_and_went_is_told_by_month() {
    let stream = traded();
    let folded = stream.fold_all();
    let all = async |party| {
        let answer = months(&folded, &stream, party, (0, ""), ("", "")).await;
        answer.months.iter().map(told).collect::<Vec<_>>()
    };
    let (january, february) = ("2026-01".to_owned(), "2026-02".to_owned());
    assert_eq!(
        all(MINERS).await,
        [
            (january.clone(), vec![("declared", 2, 30_000), ("given", 1, 10_000)]),
            (february.clone(), vec![("declared", 1, 30_000), ("retired", 1, 20_000)]),
        ]
    );
    assert_eq!(
        all(TRADER).await,
        [
            (january, vec![("received", 1, 9_900)]),
            (february.clone(), vec![("given", 1, 9_900)]),
        ]
    );
    assert_eq!(all(REFINER).await, [(february, vec![("received", 1, 9_000)])]);
    assert_eq!(all(DIGGERS).await, []);
    let trader = months(&folded, &stream, TRADER, (0, ""), ("", "")).await;
    assert_eq!(trader.party.unwrap().name, "Trader");
    let lighter = |month: &PartyMonth| (month.received_lighter_micrograms, month.received_heavier_micrograms);
    assert_eq!(
        trader.months.iter().map(lighter).collect::<Vec<_>>(),
        [(100_000, 0), (0, 0)]
    );
}

#[tokio::test]
async fn months_come_in_pages_and_spans() {
    let stream = traded();
    let folded = stream.fold_all();
    let named =
        |answer: &GetPartyResponse| -> Vec<_> { answer.months.iter().map(|month| month.month.clone()).collect() };
    let first = months(&folded, &stream, MINERS, (1, ""), ("", "")).await;
    let second = months(&folded, &stream, MINERS, (1, &first.next_page_token), ("", "")).await;
    assert_eq!(
        (named(&first), named(&second)),
        (vec!["2026-01".to_owned()], vec!["2026-02".to_owned()])
    );
    assert_eq!(second.next_page_token, "");
    for (span, expected) in [
        (("2026-01", "2026-01"), vec!["2026-01"]),
        (("2026-02", ""), vec!["2026-02"]),
        (("", "2025-12"), vec![]),
        (("2026-03", "2026-01"), vec![]),
    ] {
        assert_eq!(
            named(&months(&folded, &stream, MINERS, (0, ""), span).await),
            expected,
            "{span:?}"
        );
    }
    let request = GetPartyRequest {
        party_id: event::PartyId::from_bytes([7; 16]).to_string(),
        ..Default::default()
    };
    assert_eq!(code(folded.door.get_party(Request::new(request)).await), Code::NotFound);
}

/// What is melted is used up and made; what is lost of it is neither.
#[tokio::test]
async fn what_is_melted_is_used_up_and_made() {
    let mut stream = Stream::begin();
    let lots = [stream.declare(MINERS, 1_000, &[]), stream.declare(MINERS, 1_000, &[])];
    stream.transform(MINERS, Transformation::Melt, &lots, &[(1_992, 500)], (8, 4));
    let folded = stream.fold_all();
    let answer = months(&folded, &stream, MINERS, (0, ""), ("", "")).await;
    assert_eq!(
        told(&answer.months[0]).1,
        [
            ("declared", 2, 2_000_000),
            ("made", 1, 1_992_000),
            ("used up", 2, 2_000_000)
        ]
    );
}

fn capacity(stream: &mut Stream, site: usize, per: CapacityPeriod, gold: u64) -> u64 {
    let established = CapacityEstablished {
        site: stream.sites[site],
        per,
        fine_mass_max: grams(gold),
        miners_max: Some(20),
        basis: line("Miners and days"),
    };
    stream
        .decree(Event::CapacityEstablished(established))
        .expect("it is admitted");
    stream.end()
}

#[tokio::test]
async fn what_a_site_gives_is_told_beside_what_it_can_give() {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 10, &[]);
    stream.pass_days(31);
    capacity(&mut stream, 0, CapacityPeriod::Quarter, 20);
    stream.declare(MINERS, 2, &[]);
    stream.pass_days(28);
    let last = capacity(&mut stream, 0, CapacityPeriod::Month, 20);
    let before = stream.end();
    stream.declare(MINERS, 10, &[]);
    stream.declare(MINERS, 24, &[]);
    let folded = stream.fold_all();
    let of = |as_of_position| GetSiteProductionRequest {
        site_id: stream.sites[0].to_string(),
        as_of_position,
        ..Default::default()
    };
    let answer = folded.production(of(0)).await;
    let month = |month: &rpc::custody::SiteMonth| {
        let period = month.period_fine_mass_micrograms.map(|gold| gold / 1_000_000);
        (
            month.month.clone(),
            month.fine_mass_micrograms / 1_000_000,
            period,
            month.used_ppm,
            month.band(),
        )
    };
    assert_eq!(
        answer.months.iter().map(month).collect::<Vec<_>>(),
        [
            ("2026-01".to_owned(), 5, None, None, CapacityBand::Unspecified),
            ("2026-02".to_owned(), 1, Some(6), Some(300_000), CapacityBand::BelowHalf),
            (
                "2026-03".to_owned(),
                17,
                Some(17),
                Some(850_000),
                CapacityBand::BelowWhole
            ),
        ]
    );
    assert_eq!(
        (
            answer.site.unwrap().name.as_str(),
            answer.operator.unwrap().name.as_str()
        ),
        ("North", "Miners")
    );
    let known = answer.capacity.unwrap();
    assert_eq!(
        (known.months, known.fine_mass_max_micrograms, known.position),
        (1, 20_000_000, last)
    );
    assert_eq!((known.miners_max, known.basis.as_str()), (Some(20), "Miners and days"));
    let then = folded.production(of(before)).await;
    assert_eq!(then.months.len(), 2);
    let unknown = GetSiteProductionRequest {
        site_id: event::SiteId::from_bytes([7; 16]).to_string(),
        ..Default::default()
    };
    assert_eq!(
        code(folded.door.get_site_production(Request::new(unknown)).await),
        Code::NotFound
    );
}

fn permit(stream: &mut Stream, site: usize, number: &str) -> PermitId {
    let today = stream.now.date();
    let recorded = PermitRecorded {
        kind: PermitKind::Mining,
        number: Reference {
            source: "cami".parse().unwrap(),
            value: short(number),
        },
        authority: line("The cadastre"),
        holder: stream.people[MINERS].party,
        from: event::Date::from_unix_days(today.unix_days() - 100),
        until: Some(today.plus_days(300)),
        sites: list(vec![stream.sites[site]]),
        document: None,
        checked: Some(RegisterCheck {
            register: line("Online"),
            on: today,
        }),
    };
    let recorded = stream.decree(Event::PermitRecorded(recorded)).expect("it is admitted");
    PermitId::derive(recorded, 0)
}

#[tokio::test]
async fn the_permit_of_then_and_the_permit_of_now() {
    let mut stream = Stream::begin();
    let unpermitted = stream.declare(MINERS, 10, &[]);
    let id = permit(&mut stream, 0, "P-1");
    let recorded_at = stream.end();
    let permitted = stream.declare(MINERS, 10, &[]);
    let declared_at = stream.end();
    stream.pass_days(10);
    let changed = PermitStatusChanged {
        permit: id,
        sites: list(vec![stream.sites[0]]),
        status: PermitStatus::Suspended,
        from: stream.now.date(),
        checked: None,
        reason: line("Unpaid"),
    };
    stream.decree(Event::PermitStatusChanged(changed)).unwrap();
    let folded = stream.fold_all();
    let origin = async |lot: usize, as_of_position| {
        let request = GetOriginsRequest {
            lot_id: stream.lots[lot].to_string(),
            by: OriginsBy::Site.into(),
            as_of_position,
            ..Default::default()
        };
        let origin = folded.origins(request).await.origins.remove(0);
        let position = |permit: Option<SitePermit>| permit.map(|permit| permit.position);
        (position(origin.permit_then), position(origin.permit_now))
    };
    assert_eq!(
        origin(unpermitted, declared_at).await,
        (None, Some(recorded_at)),
        "recorded too late"
    );
    assert_eq!(
        origin(permitted, declared_at).await,
        (Some(recorded_at), Some(recorded_at))
    );
    assert_eq!(origin(permitted, 0).await, (Some(recorded_at), None), "suspended since");
    let request = GetSiteProductionRequest {
        site_id: stream.sites[0].to_string(),
        ..Default::default()
    };
    let permits = folded.production(request).await.permits;
    let permit = &permits[0];
    assert_eq!((permits.len(), permit.permit_id.clone()), (1, id.to_string()));
    assert_eq!(
        (permit.status(), permit.position),
        (rpc::custody::PermitStatus::Suspended, stream.end())
    );
    assert_eq!(permit.number.clone().unwrap().value, "P-1");
    assert_eq!(
        (permit.out_from.as_str(), permit.out_until.as_str()),
        ("2026-01-11", "")
    );
    let told: Vec<_> = permit
        .changes
        .iter()
        .map(|change| (change.status(), change.position))
        .collect();
    let [out, in_force] = [
        rpc::custody::PermitStatus::Suspended,
        rpc::custody::PermitStatus::InForce,
    ];
    assert_eq!(told, [(out, stream.end()), (in_force, recorded_at)], "the newest first");
    assert_eq!(
        (permit.holder.clone().unwrap().name.as_str(), permit.authority.as_str()),
        ("Miners", "The cadastre")
    );
}

fn receive(stream: &mut Stream, lot: usize, number: &str) {
    let (arrived, after_melt_mass) = (stream.now.date(), stream.known(lot).gross_mass);
    stream.tell_of(REFINER, lot, |lot, after| {
        Event::LotReceived(LotReceived {
            lot,
            after,
            refinery_lot: short(number),
            arrived,
            after_melt_mass,
            discrepancy: None,
            documents: List::empty(),
        })
    });
}

#[tokio::test]
async fn a_refiner_tells_from_which_countries_its_gold_is() {
    let mut stream = Stream::begin();
    let across = stream.site_in(DIGGERS, "Across", "TZ");
    let home = stream.declare(MINERS, 10, &[]);
    let abroad = stream.declare_at(DIGGERS, across, 30);
    stream.hand_over(MINERS, home, TRADER, 10);
    stream.hand_over(DIGGERS, abroad, TRADER, 30);
    let mixed = stream.transform(TRADER, Transformation::Melt, &[home, abroad], &[(40, 500)], (0, 0))[0];
    let alone = stream.declare(MINERS, 2, &[]);
    stream.hand_over(TRADER, mixed, REFINER, 40);
    stream.hand_over(MINERS, alone, REFINER, 2);
    receive(&mut stream, mixed, "R-1");
    receive(&mut stream, alone, "R-2");
    let before = stream.end();
    stream.pass_days(40);
    let later = stream.declare_at(DIGGERS, across, 2);
    stream.hand_over(DIGGERS, later, REFINER, 2);
    receive(&mut stream, later, "R-3");
    let folded = stream.fold_all();
    let table = async |as_of_position, from_month: &str| {
        let request = GetOriginTableRequest {
            refiner_id: stream.people[REFINER].party.to_string(),
            as_of_position,
            from_month: from_month.to_owned(),
            ..Default::default()
        };
        let row = |row: &rpc::custody::OriginTableRow| {
            assert_eq!(
                row.illustrative_fine_mass_micrograms, row.fine_mass_micrograms,
                "all is invented"
            );
            (
                row.month.clone(),
                row.country.clone(),
                row.lots,
                row.fine_mass_micrograms / 1_000_000,
            )
        };
        folded
            .origin_table(request)
            .await
            .rows
            .iter()
            .map(row)
            .collect::<Vec<_>>()
    };
    let row = |month: &str, country: &str, lots, gold| (month.to_owned(), country.to_owned(), lots, gold);
    let january = [row("2026-01", "CD", 2, 6), row("2026-01", "TZ", 1, 15)];
    let february = row("2026-02", "TZ", 1, 1);
    assert_eq!(
        table(0, "").await,
        [&january[..], core::slice::from_ref(&february)].concat()
    );
    assert_eq!(table(before, "").await, january);
    assert_eq!(table(0, "2026-02").await, [february]);
}
