//! The table of what certification schemes decided.

use std::collections::BTreeMap;

use catalogue::{craft_derived, scheme_certifications};
use event::codec::TextError;
use event::vocabulary::{Answer, AssessmentKind, Country, Event, EventKind, PartyKind, Subject};
use event::{Date, SignedStatement, Text};
use ledger::Refusal;
use proptest::prelude::*;
use veta::import::certifications::{
    COMPILER, EventFile, Known, OWN_NUMBER, Plan, PlannedEvent, Precision, SOURCE, UNDATED,
};
use veta::import::{FieldError, Note, ReadError, Speaker};

use crate::deployment::{self, Deployment, NOW};

const DEMO: &str = include_str!("../../../../deploy/demo-data/certification/fairmined_craft_events.csv");
const HEAD: &str = "organization,country,place,scheme,event,date,date_precision,detail,source_url\n";

fn read(text: &str) -> Result<EventFile, ReadError> {
    EventFile::read(text.as_bytes(), NOW.date())
}

fn plan(text: &str) -> Plan {
    Plan::of(&read(text).unwrap())
}

/// The words that an event answers; the reason where there are none.
fn words(event: &PlannedEvent, slug: &str) -> String {
    let place = scheme_certifications().place(slug).unwrap();
    let finding = event.findings.iter().find(|finding| finding.criterion == place);
    match &finding.unwrap().answer {
        Answer::Words(words) => words.to_string(),
        Answer::NotApplicable(why) => format!("({why})"),
        other => panic!("{other:?} from words"),
    }
}

fn events_of<'a>(plan: &'a Plan, name: &str) -> Vec<&'a PlannedEvent> {
    let called = |o: &&veta::import::certifications::PlannedOrganization| o.profile.name.as_str().starts_with(name);
    let organizations: Vec<_> = plan.organizations.iter().filter(called).collect();
    assert_eq!(organizations.len(), 1, "{name}");
    let of = |event: &&PlannedEvent| event.organization == organizations[0].number;
    plan.events.iter().filter(of).collect()
}

/// The history of the organization whose name begins so, as it stands: scheme, event, date, what the date means, and the
/// days of the period.
#[track_caller]
fn check(name: &str, expected: &[&str]) {
    let plan = plan(DEMO);
    let told = events_of(&plan, name).into_iter().map(|event| {
        let [scheme, what, date, precision] =
            ["scheme", "event", "date", "date_precision"].map(|slug| words(event, slug));
        let precision = precision.split(':').next().unwrap();
        let period = event.period;
        format!(
            "{scheme} {what}, {date} ({precision}): {} to {}",
            period.from, period.to
        )
    });
    assert_eq!(told.collect::<Vec<_>>(), expected, "{name}");
}

#[test]
fn the_file_is_counted() {
    let plan = plan(DEMO);
    let report = &plan.report;
    assert_eq!((report.rows, report.events, report.organizations), (33, 33, 22));
    assert_eq!((plan.events.len(), plan.organizations.len()), (33, 22));
    assert_eq!(report.columns_absent, Vec::<String>::new());
    let noted = |note| -> Vec<_> {
        let noted: Option<&veta::import::Noted> = report.notes.get(&note);
        let places = noted.into_iter().flat_map(|noted| &noted.places);
        places.map(|place| place.row).collect()
    };
    assert_eq!(noted(Note::NoCountry), [30], "Mina La Gabriela");
    assert_eq!(noted(Note::CountryNotRead), [2, 31], "SOTRAMI and AURELSA");
    assert_eq!(noted(Note::NoDate), [3, 10, 18, 28, 29, 31]);
    assert_eq!(report.notes.len(), 3, "nothing else is passed over, cut or changed");
}

#[test]
fn a_refusal_and_an_expiry_stand_beside_the_certificate() {
    check(
        "Minera Artesanal San Luis SA",
        &[
            "Fairmined certified, 2018-12 (month): 2018-12-01 to 2018-12-31",
            "Fairmined recertification not approved, 2019-11 (published): 2019-11-01 to 2019-11-30",
            "Fairmined expired, 2020-03-31 (day): 2020-03-31 to 2020-03-31",
        ],
    );
}

#[test]
fn a_wider_scope_is_another_organization_with_a_certificate_of_its_own() {
    check(
        "Coodmilla - five",
        &["Fairmined certified, 2015-10-07 (published): 2015-10-07 to 2015-10-07"],
    );
    check(
        "Coodmilla Ltda",
        &[
            "Fairmined certified, 2017-01-16 (day): 2017-01-16 to 2017-01-16",
            "CRAFT gold sold under CRAFT, 2019-12 (month): 2019-12-01 to 2019-12-31",
        ],
    );
    let plan = plan(DEMO);
    let widened = words(events_of(&plan, "Coodmilla Ltda")[0], "detail");
    assert!(widened.contains("scope change"), "{widened}");
}

#[test]
fn sources_that_disagree_are_told_apart_and_both_kept() {
    check(
        "MACDESA",
        &[
            "Fairmined certified, unknown (unknown): 0001-01-01 to 0001-01-01",
            "Fairtrade certified, 2015-05 (month): 2015-05-01 to 2015-05-31",
            "Fairtrade certified, 2015-07 (month): 2015-07-01 to 2015-07-31",
        ],
    );
    let plan = plan(DEMO);
    let sources: Vec<_> = events_of(&plan, "MACDESA")
        .iter()
        .map(|event| words(event, "source_url"))
        .collect();
    assert_eq!(sources.len(), 3);
    assert!(sources.iter().all(|source| source.starts_with("http")) && sources[1] != sources[2]);
}

#[test]
fn a_level_changes_and_both_are_told() {
    check(
        "Empresa Minera Oro Puno",
        &[
            "Fairmined certified, 2018 (year): 2018-01-01 to 2018-12-31",
            "Fairmined Ecological recertified, 2019 (inferred year): 2019-01-01 to 2019-12-31",
            "Fairmined Ecological recertified, 2020-04 (month): 2020-04-01 to 2020-04-30",
        ],
    );
    check(
        "Shijir Khishig",
        &[
            "Fairmined Ecological certified, 2018 (year): 2018-01-01 to 2018-12-31",
            "Fairmined recertified, 2019-12 (month): 2019-12-01 to 2019-12-31",
        ],
    );
}

#[test]
fn what_got_worse_is_told_like_what_got_better() {
    check(
        "Diarkadougou",
        &["CRAFT regression after adoption, 2024-03-12 (published): 2024-03-12 to 2024-03-12"],
    );
    check(
        "Mina La Gabriela",
        &["Fairmined certified, 2024-05 (published): 2024-05-01 to 2024-05-31"],
    );
}

#[test]
fn what_has_no_date_stands_before_everything_that_has_one() {
    check(
        "Cooperativa Multiactiva Agrominera",
        &[
            "Fairmined certified, unknown (unknown): 0001-01-01 to 0001-01-01",
            "Fairmined recertified, 2017-01 (published): 2017-01-01 to 2017-01-31",
        ],
    );
    let plan = plan(DEMO);
    let undated = plan.events.iter().take_while(|event| event.period.to == UNDATED);
    assert_eq!(undated.count(), 6);
    assert!(
        plan.events
            .windows(2)
            .all(|pair| pair[0].period.to <= pair[1].period.to)
    );
    let xamodx = events_of(&plan, "XAMODX")[0];
    assert_eq!(words(xamodx, "date_precision"), "unknown: the page gives no date");
}

#[test]
fn what_a_date_means_is_said_in_words() {
    let plan = plan(DEMO);
    let said = |name: &str, place: usize| words(events_of(&plan, name)[place], "date_precision");
    let published = "published: when the page was published; the event itself may be earlier";
    assert_eq!(said("Minera SOTRAMI", 0), published);
    let inferred = "inferred year: inferred by the compiler, not stated by the page";
    assert_eq!(said("CECOMIP", 1), inferred);
    assert_eq!(
        (said("CECOMIP", 0), said("La Fortaleza", 0)),
        ("year".to_owned(), "day".to_owned())
    );
}

#[test]
fn every_question_is_answered_so_that_what_is_present_is_one_event() {
    let plan = plan(DEMO);
    let asked = scheme_certifications().criteria().count();
    assert!(plan.events.iter().all(|event| event.findings.len() == asked));
    let silent = events_of(&plan, "Cruz Pata")[0];
    assert_eq!(words(silent, "detail"), "(nothing was compiled here)");
    assert_eq!(words(silent, "place"), "Ananea, Puno (about 4,650 m)");
}

#[test]
fn who_speaks_is_the_compiler_and_says_so() {
    let plan = plan(DEMO);
    assert_eq!(
        (plan.compiler.kind, plan.compiler.name.as_str()),
        (PartyKind::Assessor, COMPILER)
    );
    assert!(COMPILER.contains("no scheme signed"));
    assert_eq!(plan.compiler.country, Country::NONE);
    let reference = plan.compiler.reference.as_ref().unwrap();
    assert_eq!(
        (reference.source.as_str(), reference.value.as_str()),
        (SOURCE, OWN_NUMBER)
    );
    let kinds = plan
        .events
        .iter()
        .map(|event| event.submitted(event::PartyId::FOUNDER).kind);
    assert_eq!(kinds.filter(|kind| *kind == AssessmentKind::ThirdParty).count(), 33);
}

#[test]
fn who_is_of_no_known_country_is_enrolled_in_none() {
    let plan = plan(DEMO);
    let countries: BTreeMap<_, _> = plan
        .organizations
        .iter()
        .map(|o| (o.profile.name.as_str(), o.profile.country))
        .collect();
    let none: Vec<_> = countries
        .iter()
        .filter(|(_, country)| country.known().is_none())
        .collect();
    assert_eq!(none, [(&"Mina La Gabriela", &Country::NONE)]);
    assert_eq!(countries["AURELSA"].to_string(), "PE");
    assert!(
        plan.organizations
            .iter()
            .all(|o| o.profile.kind == PartyKind::MinersOrganization)
    );
    // Said in any of its rows is said.
    let rows = "A,,,S,certified,2020,year,,https://a.org/\nA,CO,,S,expired,2021,year,,https://a.org/\n";
    let plan = super::certifications::plan(&format!("{HEAD}{rows}"));
    assert_eq!(plan.organizations[0].profile.country.to_string(), "CO");
    assert!(!plan.report.notes.contains_key(&Note::NoCountry));
}

#[test]
fn other_editions_give_the_same_plan() {
    let expected = plan(DEMO);
    let mut reader = csv::Reader::from_reader(DEMO.as_bytes());
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    let header = reader.headers().unwrap().clone();
    for (place, record) in std::iter::once(header)
        .chain(reader.records().map(Result::unwrap))
        .enumerate()
    {
        let unknown = if place == 0 {
            "read by"
        } else {
            "new, \"quoted\"\nand broken"
        };
        writer.write_record(record.iter().rev().chain([unknown])).unwrap();
    }
    let edition = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    assert_eq!(
        plan(&edition),
        expected,
        "columns reversed, one more, Windows line ends, byte order mark"
    );
    // Without what is not needed: it is said, and the events are the same.
    let rest = "organization,country,scheme,event,date,date_precision,source_url\n\
        Duush Mandal,MN,Fairmined,certified,2019-12,month,https://fairmined.org/duush-mandal-certification\n";
    let plan = plan(rest);
    assert_eq!(plan.report.columns_absent, ["place", "detail"]);
    let number = |plan: &Plan| events_of(plan, "Duush Mandal")[0].reference.clone();
    assert_eq!(
        number(&plan),
        number(&expected),
        "a number follows from what an event is, not from where it stands"
    );
}

#[test]
fn an_event_that_is_told_twice_counts_once_and_is_named() {
    let event = "A,CO,Suárez,S,certified,2020,year,first,https://a.org/\n";
    let otherwise = event.replace("first", "second");
    let check = |rows: &[&str], events, note: Option<Note>| {
        let plan = plan(&format!("{HEAD}{}", rows.concat()));
        assert_eq!((plan.report.rows, plan.events.len()), (rows.len(), events));
        let told: Vec<_> = plan
            .report
            .notes
            .iter()
            .map(|(note, noted)| (*note, noted.places[0].row))
            .collect();
        assert_eq!(told, note.map(|note| (note, 3)).into_iter().collect::<Vec<_>>());
    };
    check(&[event], 1, None);
    check(&[event, event], 1, Some(Note::EventRepeated));
    check(&[event, &otherwise], 1, Some(Note::EventToldOtherwise));
    for (from, to) in [
        ("A,CO", "B,CO"),
        (",S,", ",T,"),
        ("certified", "expired"),
        ("2020,year", "2020-01,month"),
        ("a.org", "b.org"),
    ] {
        check(&[event, &event.replace(from, to)], 2, None);
    }
}

#[test]
fn a_value_that_cannot_be_used_says_where() {
    let check = |from: &str, to: &str, column: &str, why: FieldError| {
        let good = "A,CO,Suárez,S,certified,2020-03,month,first,https://a.org/\n";
        let bad = good.replacen(from, to, 1);
        assert_ne!(good, bad);
        let error = read(&format!("{HEAD}{good}{bad}")).unwrap_err();
        let expected = ReadError::Field {
            row: 3,
            column: column.to_owned(),
            why,
        };
        assert_eq!(error, expected, "{bad}");
    };
    check("A,CO", ",CO", "organization", TextError::Blank.into());
    check(
        "A,CO",
        &format!("{},CO", "é".repeat(129)),
        "organization",
        TextError::TooLong { max: 256 }.into(),
    );
    check(",S,", ",,", "scheme", TextError::Blank.into());
    check("certified", "", "event", TextError::Blank.into());
    check("certified", "\"certi\nfied\"", "event", TextError::Control.into());
    check(
        "CO",
        "Colombia",
        "country",
        FieldError::NotCountry("Colombia".to_owned()),
    );
    check(
        "A,CO",
        "A,PE",
        "country",
        FieldError::OtherCountry("PE".to_owned(), "CO".to_owned()),
    );
    check(
        "month",
        "quarter",
        "date_precision",
        FieldError::NotPrecision("quarter".to_owned()),
    );
    let no_day = FieldError::NotOfPrecision {
        date: "2020-03".to_owned(),
        precision: "day",
        write: "2020-03-31",
    };
    check("month", "day", "date", no_day);
    check("2020-03", "2026-02", "date", FieldError::InFuture("2026-02".to_owned()));
    check("https://a.org/", "", "source_url", TextError::Blank.into());
    check(
        "https://a.org/",
        "a.org",
        "source_url",
        FieldError::NotAddress("a.org".to_owned()),
    );
    let said = read(&format!("{HEAD}A,co,,S,certified,,unknown,,https://a.org/\n"))
        .unwrap_err()
        .to_string();
    assert_eq!(
        said,
        "row 2, column country: \"co\" is no country: write its two capital letters, such as CO, or nothing where it is not known"
    );
    let missing = "country, scheme, event, date, date_precision, source_url";
    assert_eq!(
        read("organization\nA\n").unwrap_err(),
        ReadError::ColumnsMissing(missing.to_owned())
    );
}

#[test]
fn words_that_do_not_fit_are_cut_and_noted() {
    let long = "é".repeat(129);
    let plan = plan(&format!(
        "{HEAD}A,CO,\"Su\nárez\",S,certified,2020,year,{long},https://a.org/\n"
    ));
    let cut = format!("{}…", "é".repeat(126));
    assert_eq!(words(&plan.events[0], "detail"), cut);
    assert_eq!(words(&plan.events[0], "place"), "Su árez");
    let noted: Vec<_> = plan
        .report
        .notes
        .iter()
        .map(|(note, noted)| (*note, noted.places[0].to_string()))
        .collect();
    let expected = [
        (Note::Shortened, "row 2, column detail".to_owned()),
        (Note::ControlCharacters, "row 2, column place".to_owned()),
    ];
    assert_eq!(noted, expected);
}

/// What is missing, signed without asking the ledger in between; with what each statement is.
fn sign_missing(
    deployment: &mut Deployment,
    plan: &Plan,
    known: &mut Known,
    until: Date,
) -> Vec<(EventKind, SignedStatement)> {
    let (mut kinds, mut statements) = (Vec::new(), Vec::new());
    plan.state_missing(known, deployment::assessor_key(), until, |speaker, event| {
        kinds.push(event.kind());
        deployment.sign(speaker, event, &mut statements)
    })
    .unwrap();
    kinds.into_iter().zip(statements).collect()
}

fn carried_out(deployment: &mut Deployment, plan: &Plan) -> (Known, usize) {
    let mut known = Known::default();
    let statements = sign_missing(deployment, plan, &mut known, NOW.date());
    let count = statements.len();
    for (_, statement) in statements {
        deployment.admit(statement).unwrap();
    }
    (known, count)
}

#[test]
fn the_ledger_admits_the_whole_plan() {
    let mut deployment = Deployment::founded();
    let (known, count) = carried_out(&mut deployment, &plan(DEMO));
    // The compiler, its key and its accreditation, the organizations, the catalogue, the events.
    assert_eq!(count, 3 + 22 + 1 + 33);
    let compiler = deployment.ledger.party(&known.compiler.unwrap()).unwrap();
    assert_eq!(
        compiler.accredited_until,
        Some(NOW.date()),
        "for one import, and no longer"
    );
    assert!(deployment.ledger.catalogue(&scheme_certifications().digest()).is_some());
}

#[test]
fn without_an_accreditation_no_third_party_speaks() {
    let (mut deployment, mut known) = (Deployment::founded(), Known::default());
    let plan = plan(DEMO);
    let mut refused = 0;
    for (kind, statement) in sign_missing(&mut deployment, &plan, &mut known, NOW.date()) {
        if kind == EventKind::AssessorAccredited {
            continue;
        }
        if let Err(refusal) = deployment.admit(statement) {
            assert_eq!(refusal, Refusal::AssessorNotAccredited);
            refused += 1;
        }
    }
    assert_eq!(refused, 33);
}

#[test]
fn a_second_run_has_nothing_to_state() {
    let plan = plan(DEMO);
    let mut deployment = Deployment::founded();
    let (mut known, _) = carried_out(&mut deployment, &plan);
    assert_eq!(sign_missing(&mut deployment, &plan, &mut known, NOW.date()), []);
}

#[test]
fn a_second_run_that_forgot_the_events_is_refused_throughout() {
    let plan = plan(DEMO);
    let mut deployment = Deployment::founded();
    let (first, _) = carried_out(&mut deployment, &plan);
    let mut known = Known {
        events: first.events.iter().skip(1).cloned().collect(),
        ..first
    };
    let statements = sign_missing(&mut deployment, &plan, &mut known, NOW.date());
    assert_eq!(statements.len(), 2, "an accreditation and what was forgotten");
    let told: Vec<_> = statements
        .into_iter()
        .map(|(_, statement)| deployment.admit(statement))
        .collect();
    assert_eq!(told, [Ok(()), Err(Refusal::ReferenceTaken)]);
}

/// Rows may be added anywhere, and come in any order.
#[test]
fn a_longer_edition_adds_only_what_is_new() {
    let mut lines: Vec<_> = DEMO.lines().skip(1).collect();
    let short = format!("{HEAD}{}\n", lines[..20].join("\n"));
    let mut deployment = Deployment::founded();
    let (mut known, _) = carried_out(&mut deployment, &plan(&short));
    let before = known.organizations.len();
    lines.reverse();
    let whole = plan(&format!("{HEAD}{}\n", lines.join("\n")));
    let statements = sign_missing(&mut deployment, &whole, &mut known, NOW.date());
    assert_eq!(
        statements.len(),
        1 + (22 - before) + 13,
        "accredited anew, organizations, events"
    );
    for (_, statement) in statements {
        deployment.admit(statement).unwrap();
    }
    assert_eq!((known.organizations.len(), known.events.len()), (22, 33));
}

/// A certificate of another scheme is history: what follows for an organization is what followed before.
#[test]
fn nothing_follows_from_a_certificate() {
    let mut deployment = Deployment::founded();
    deployment
        .state(
            Speaker::Scheme,
            Event::CataloguePublished(craft_derived().published().clone()),
        )
        .unwrap();
    let plan = plan(DEMO);
    let mut known = Known::default();
    let (assessments, rest): (Vec<_>, Vec<_>) = sign_missing(&mut deployment, &plan, &mut known, NOW.date())
        .into_iter()
        .partition(|(kind, _)| *kind == EventKind::AssessmentSubmitted);
    for (_, statement) in rest {
        deployment.admit(statement).unwrap();
    }
    let follows = |deployment: &Deployment| -> Vec<_> {
        let of = |party| deployment.ledger.basis(party).derive(NOW);
        known.organizations.values().map(|party| of(*party)).collect()
    };
    let (before, gating) = (follows(&deployment), deployment.ledger.gating());
    assert_eq!(gating, Some(craft_derived().digest()));
    for (_, statement) in assessments {
        deployment.admit(statement).unwrap();
    }
    assert_eq!((follows(&deployment), deployment.ledger.gating()), (before, gating));
    let answered = |party| deployment.ledger.answers(&Subject::Party(party)).is_some();
    assert!(
        !known.organizations.values().any(|party| answered(*party)),
        "no gate has an answer"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), rest in "[\\PC,\"\n]{0,200}") {
        let head = format!("{HEAD}A,CO,,S,certified,2020,year,,https://a.org/\n");
        let below = [head.as_bytes(), &bytes].concat();
        let text = format!("{head}A,CO,,S,certified,{rest}");
        for input in [bytes.as_slice(), &below, text.as_bytes()] {
            if let Ok(file) = EventFile::read(input, NOW.date()) {
                let _ = Plan::of(&file);
            }
        }
    }

    /// Whatever stands in the fields, what is read gives a plan that a ledger admits.
    #[test]
    fn no_fields_make_it_refused(
        rows in prop::collection::vec((
            "\\PC{1,6}|A", "|ZZ|CO", "\\PC{0,4}|.{250,270}|\\s\\PC\\s", "\\PC{1,6}",
            prop::sample::select(Precision::ALL.to_vec()), "[0-9]{4}", "\\PC{0,4}|.{250,270}",
        ), 1..5),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(HEAD.trim().split(',')).unwrap();
        for (organization, country, place, scheme, precision, year, detail) in &rows {
            let date = match precision {
                Precision::Unknown => String::new(),
                Precision::Day => format!("{year}-02-28"),
                Precision::Month => format!("{year}-02"),
                _ => year.clone(),
            };
            let row = [organization, country, place, scheme, "certified", &date, precision.word(), detail, "http://a.org"];
            writer.write_record(row).unwrap();
        }
        let text = writer.into_inner().unwrap();
        if let Ok(file) = EventFile::read(text.as_slice(), NOW.date()) {
            let plan = Plan::of(&file);
            let (known, _) = carried_out(&mut Deployment::founded(), &plan);
            prop_assert_eq!(known.events.len(), plan.report.events);
            prop_assert!(plan.report.events <= rows.len());
        }
    }
}

/// The number is 64 characters, which is all that a reference holds.
#[test]
fn a_number_fills_a_reference() {
    let plan = plan(DEMO);
    let numbers: std::collections::BTreeSet<_> =
        plan.events.iter().map(|event| event.reference.value.clone()).collect();
    assert_eq!(numbers.len(), 33);
    assert!(
        numbers
            .iter()
            .all(|number| Text::<64>::new(number.as_str()).is_ok() && number.as_str().len() == 64)
    );
}
