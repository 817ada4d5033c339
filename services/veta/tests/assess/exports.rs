//! One submission a row: what KoboToolbox exports, of the form that a template gives and of a programme's own.

use event::vocabulary::{Answer, AssessmentKind, Subject};
use event::{PartyId, Timestamp};
use veta::assess::{Head, Mapping, Reading};
use veta::queue::Queue;

use crate::support::{
    DEPLOYMENT, Desk, answers, expected, nobody_says, not_applicable, party, reading, said_by_the_command, small, today,
};

/// A form of the small catalogue, as KoboToolbox exports it: semicolons, quotes, groups before names, columns of its own.
const HEADER: [&str; 13] = [
    "start",
    "end",
    "veta_about/veta_subject",
    "veta_about/veta_kind",
    "veta_about/veta_from",
    "veta_about/veta_to",
    "g/rules",
    "g/rules__why",
    "g/helmets",
    "g/mercury",
    "f/members",
    "_uuid",
    "_validation_status",
];

fn export(rows: &[[&str; 13]]) -> String {
    let line = |cells: &[&str; 13]| format!("\"{}\"\n", cells.join("\";\""));
    std::iter::once(&HEADER).chain(rows).map(line).collect()
}

fn row<'a>(subject: &'a str, uuid: &'a str) -> [&'a str; 13] {
    [
        "2026-05-30T23:12:01.402+02:00",
        "2026-05-31T00:01:09.120+02:00",
        subject,
        "monitor",
        "",
        "",
        "pass",
        "",
        "2",
        "none_observed",
        "12",
        uuid,
        "validation_status_approved",
    ]
}

fn monitor() -> PartyId {
    PartyId::from_bytes([2; 16])
}

/// Reads an export in the name of a monitor.
fn read(desk: &Desk, text: &str, mapping: &Mapping, head: &Head) -> Result<(), String> {
    read_as(desk, monitor(), text, mapping, head)
}

fn read_as(desk: &Desk, party: PartyId, text: &str, mapping: &Mapping, head: &Head) -> Result<(), String> {
    let (file, catalogue) = (desk.write("export.csv", text), small());
    let reading = reading(&file, &catalogue, head, mapping);
    let mut signer = desk.signer();
    signer.party = Some(party);
    veta::assess::read(&reading, Some(&signer)).map_err(|trouble| trouble.to_string())
}

/// What is told of these rows, of which nothing may be signed.
#[track_caller]
fn check(rows: &[[&str; 13]], words: &[&str]) {
    let desk = Desk::new();
    let trouble = read(&desk, &export(rows), &Mapping::default(), &nobody_says()).unwrap_err();
    assert_eq!(desk.signed(), [], "{trouble}");
    let told: Vec<_> = trouble.lines().skip(1).map(str::trim).collect();
    assert_eq!(told.len(), words.len(), "{trouble}");
    for (told, words) in told.iter().zip(words) {
        assert!(told.contains(words), "{told:?} is not {words:?}");
    }
}

#[test]
fn what_others_handed_over_is_not_what_was_signed_before() {
    let (desk, other, id) = (Desk::new(), Desk::new(), party().to_string());
    let (text, mapping) = (export(&[row(&id, "a-1")]), Mapping::default());
    let somebody = PartyId::from_bytes([9; 16]);
    read_as(&other, somebody, &text, &mapping, &nobody_says()).unwrap();
    let queue = |desk: &Desk| Queue::open(&desk.path("queue")).unwrap();
    let handed = queue(&other).pending(DEPLOYMENT).unwrap();
    let taken = queue(&desk).take_in(&handed, DEPLOYMENT, Timestamp::from_unix_ms(0));
    assert_eq!(taken.unwrap().len(), 1);
    for _ in 0..2 {
        read(&desk, &text, &mapping, &nobody_says()).unwrap();
        let speakers: Vec<_> = desk.signed().iter().map(|(party, _)| *party).collect();
        assert_eq!(speakers, [somebody, monitor()]);
    }
}

#[test]
fn each_submission_becomes_an_assessment_with_its_number() {
    let (desk, id) = (Desk::new(), party().to_string());
    let mut second = row(&id, "uuid:b-2");
    second[6..9].copy_from_slice(&["not_applicable", "no rules", ""]);
    second[4..6].copy_from_slice(&["2026-01-01", "2026-03-31"]);
    let text = export(&[row(&id, "a-1"), second]);
    read(&desk, &text, &Mapping::default(), &nobody_says()).unwrap();
    let [(by, first), (_, second)] = desk.signed().try_into().unwrap();
    assert_eq!((by, first.subject), (monitor(), Subject::Party(party())));
    assert_eq!(first.kind, AssessmentKind::Monitor);
    // Without days of its own, the days on which it was filled in, as its device had them.
    assert_eq!(
        (first.period.from.to_string(), first.period.to.to_string()),
        ("2026-05-30".to_owned(), "2026-05-31".to_owned())
    );
    assert_eq!(second.period.to.to_string(), "2026-03-31");
    let number = |assessment: &event::vocabulary::AssessmentSubmitted| {
        let reference = assessment.reference.clone().unwrap();
        format!("{}:{}", reference.source, reference.value)
    };
    assert_eq!(
        (number(&first), number(&second)),
        ("kobo:a-1".to_owned(), "kobo:b-2".to_owned())
    );
    let catalogue = small();
    assert_eq!(
        answers(&catalogue, &first),
        expected(&[
            ("rules", Answer::Pass),
            ("helmets", Answer::Level(2)),
            ("mercury", Answer::NoneObserved)
        ])
    );
    assert_eq!(
        answers(&catalogue, &second),
        expected(&[("rules", not_applicable("no rules")), ("mercury", Answer::NoneObserved)])
    );
    // A later export has the same submissions and a new one: only that is signed.
    let third = row(&id, "c-3");
    let text = export(&[row(&id, "a-1"), row(&id, "b-2"), third]);
    read(&desk, &text, &Mapping::default(), &nobody_says()).unwrap();
    assert_eq!(desk.signed().len(), 3);
}

#[test]
fn one_bad_row_among_thousands_is_named_and_nothing_is_signed() {
    let id = party().to_string();
    let numbers: Vec<_> = (0..5_000).map(|number| format!("n-{number}")).collect();
    let mut rows: Vec<_> = numbers.iter().map(|number| row(&id, number)).collect();
    rows[4_810][8] = "3";
    check(
        &rows,
        &["row 4812, column g/helmets: \"3\" is no answer to this: write 0, 1, 2 or not_applicable"],
    );
}

#[test]
fn what_is_wrong_with_a_submission_is_named_where_it_stands() {
    let id = party().to_string();
    let with = |column: usize, text: &'static str| {
        let mut row = row("", "a-1");
        row[column] = text;
        row
    };
    check(
        &[row("org-1", "a-1")],
        &["row 2, column veta_about/veta_subject: \"org-1\" is"],
    );
    check(&[row("", "a-1")], &["row 2, nobody says who is assessed"]);
    let mut bad = row(&id, "a-1");
    bad[5] = "May";
    check(&[bad], &["row 2, column veta_about/veta_to: \"May\" is not a date"]);
    check(
        &[row(&id, "")],
        &["row 2, column _uuid: a submission without its number"],
    );
    check(
        &[row(&id, "a"), row(&id, "a")],
        &["row 3, the same submission as in a row before"],
    );
    let mut on_hold = with(12, "validation_status_on_hold");
    on_hold[6] = "nonsense";
    check(&[on_hold], &["there is no assessment in it"]);
    check(&[], &["there is no assessment in it"]);
}

#[test]
fn more_faults_than_anyone_reads_are_counted() {
    let id = party().to_string();
    let numbers: Vec<_> = (0..150).map(|number| format!("n-{number}")).collect();
    let rows: Vec<_> = numbers
        .iter()
        .map(|number| {
            let mut row = row(&id, number);
            row[6] = "maybe";
            row
        })
        .collect();
    let desk = Desk::new();
    let trouble = read(&desk, &export(&rows), &Mapping::default(), &nobody_says()).unwrap_err();
    assert!(trouble.contains("has 150 faults"), "{trouble}");
    assert!(trouble.ends_with("\n  and 50 more"), "{trouble}");
}

#[test]
fn submissions_that_were_not_approved_are_passed_over() {
    let (desk, id) = (Desk::new(), party().to_string());
    let mut refused = row(&id, "b-2");
    refused[12] = "validation_status_not_approved";
    let text = export(&[row(&id, "a-1"), refused]);
    read(&desk, &text, &Mapping::default(), &nobody_says()).unwrap();
    assert_eq!(desk.signed().len(), 1);
}

#[test]
fn labels_in_place_of_names_are_no_answers() {
    let desk = Desk::new();
    let text = "Are there rules?;_uuid\nYes;a-1\n";
    let trouble = read(&desk, text, &Mapping::default(), &said_by_the_command()).unwrap_err();
    assert!(trouble.contains("export with XML values and headers"), "{trouble}");
}

#[test]
fn columns_of_choices_are_not_taken_for_questions() {
    let desk = Desk::new();
    let mut head = said_by_the_command();
    head.kind = Some(AssessmentKind::Monitor);
    let text = "g/abuse;found;found/rules;_uuid\npass;rules;1;a-1\n";
    read(&desk, text, &Mapping::default(), &head).unwrap();
    let [(_, assessment)] = desk.signed().try_into().unwrap();
    assert_eq!(answers(&small(), &assessment), expected(&[("abuse", Answer::Pass)]));
    let contradiction = "g/abuse;h/abuse;_uuid\npass;fail;a-2\n";
    let trouble = read(&desk, contradiction, &Mapping::default(), &head).unwrap_err();
    assert!(
        trouble.contains("column h/abuse: \"fail\" contradicts \"pass\" in column g/abuse"),
        "{trouble}"
    );
}

const OWN_FORM: &str = r#"
source = "acme"
group_separator = "-"
id = "KEY"

[subject]
column = "coop"
values = { kibuye = "@" }

[kind]
column = "who"
values = { us = "implementer" }

[period]
from = "visit"
to = "visit"

[[criteria]]
column = "helmets"
criterion = "helmets"
values = { all = "2", some = "1", none = "0", dont_know = "" }

[[criteria]]
column = "hg"
criterion = "mercury"
why = "hg_why"
evidence = ["hg_photo"]

[[indicators]]
column = "how_many"
indicator = "members"
values = { unknown = "" }
"#;

fn own_form(desk: &Desk, changes: &[(&str, &str)]) -> Result<Mapping, String> {
    let text = OWN_FORM.replace('@', &party().to_string());
    let text = changes.iter().fold(text, |text, (old, new)| text.replacen(old, new, 1));
    Mapping::read(&desk.write("mapping.toml", text)).map_err(|trouble| trouble.to_string())
}

#[test]
fn a_programmes_own_form_is_read_by_a_mapping() {
    let desk = Desk::new();
    desk.write("1.jpg", "abc");
    let mapping = own_form(&desk, &[]).unwrap();
    let text = "KEY,coop,who,visit,site-helmets,hg,hg_why,hg_photo,how_many,rules\n\
                uuid:1,kibuye,us,2026-05-30,some,yes,,1.jpg,14,pass\n\
                uuid:2,kibuye,us,2026-05-31,dont_know,n/a,underground only,,unknown,pass\n";
    let (file, catalogue, head) = (desk.write("export.csv", text), small(), nobody_says());
    let reading = Reading {
        evidence: Some(desk.path("")),
        today: today(),
        ..reading(&file, &catalogue, &head, &mapping)
    };
    let mut signer = desk.signer();
    signer.party = Some(monitor());
    veta::assess::read(&reading, Some(&signer)).unwrap();
    let [(_, first), (_, second)] = desk.signed().try_into().unwrap();
    assert_eq!(
        (first.subject, first.kind),
        (Subject::Party(party()), AssessmentKind::Implementer)
    );
    assert_eq!(first.reference.unwrap().source.as_str(), "acme");
    // `rules` is not in the mapping, so it is not read, whatever it is called.
    let first = desk.signed().remove(0).1;
    assert_eq!(
        answers(&catalogue, &first),
        expected(&[("helmets", Answer::Level(1)), ("mercury", Answer::Observed)])
    );
    assert_eq!((first.findings[1].evidence.len(), first.measurements[0].value), (1, 14));
    assert_eq!(
        answers(&catalogue, &second),
        expected(&[("mercury", not_applicable("underground only"))])
    );
    assert!(second.measurements.is_empty());
}

#[test]
fn a_mapping_that_fits_nothing_says_what_to_correct() {
    let desk = Desk::new();
    let text = "KEY,coop,who,visit,helmets,hg,hg_why,hg_photo,how_many\n";
    let told = |changes: &[(&str, &str)]| {
        let mapping = own_form(&desk, changes)?;
        read(&desk, text, &mapping, &nobody_says())
    };
    let cases = [
        (
            "column = \"hg\"",
            "column = \"quicksilver\"",
            "names the column \"quicksilver\"",
        ),
        (
            "criterion = \"mercury\"",
            "criterion = \"gold\"",
            "names the criterion gold, which small 1 does not have",
        ),
        (
            "indicator = \"members\"",
            "indicator = \"gold\"",
            "names the indicator gold",
        ),
        ("why = ", "wyh = ", "is no mapping"),
        ("to = \"visit\"", "to = \"left\"", "names the column \"left\""),
    ];
    for (old, new, words) in cases {
        let trouble = told(&[(old, new)]).unwrap_err();
        assert!(trouble.contains(words), "{trouble} is not {words:?}");
    }
    assert_eq!(desk.signed(), []);
}
