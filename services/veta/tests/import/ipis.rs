//! IPIS's visit file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use catalogue::{Catalogue, ipis_site_qualification, ipis_site_visits};
use event::codec::TextError;
use event::vocabulary::{Answer, Cell, PartyKind, ShortText};
use event::{SignedStatement, Text};
use ledger::Refusal;
use proptest::prelude::*;
use veta::import::ipis::{
    Known, Plan, PlannedAssessment, Seen, Skipped, Standing, Validity, VisitFile, qualification_words,
};
use veta::import::{FieldError, Note, PLACES_SHOWN_MAX, Place, ReadError};

use crate::deployment::{self, Deployment, NOW};

const DEMO: &str = include_str!("../../../../deploy/demo-data/ipis/cod_gold_sites_visits.csv");
fn demo() -> VisitFile {
    VisitFile::read(DEMO.as_bytes()).unwrap()
}

fn number(text: &str) -> ShortText {
    Text::new(text).unwrap()
}

/// A file of the columns that are always needed and of `columns`, with one IPIS visit per row of `rows`.
fn file(columns: &str, rows: &[&str]) -> String {
    let mut text = format!("vid,pcode,name,visit_date,source,project,{columns}\n");
    for (visit, row) in rows.iter().enumerate() {
        writeln!(text, "{visit},site-1,Togo,2020-01-02,IPIS,IPIS - Madini,{row}").unwrap();
    }
    text
}

fn plan(text: &str) -> Plan {
    Plan::of(&VisitFile::read(text.as_bytes()).unwrap())
}

fn of_site<'a>(plan: &'a Plan, site: &str, catalogue: &Catalogue) -> Vec<&'a PlannedAssessment> {
    let wanted = |a: &&PlannedAssessment| a.site.as_str() == site && a.catalogue == catalogue.digest();
    plan.assessments.iter().filter(wanted).collect()
}

/// An answer in short: `1` seen, `0` not seen, `-` not asked.
fn short(assessment: &PlannedAssessment, catalogue: &Catalogue, slug: &str) -> String {
    let place = catalogue.place(slug).unwrap();
    let finding = assessment.findings.iter().find(|finding| finding.criterion == place);
    match finding.map(|finding| &finding.answer) {
        None => "-".to_owned(),
        Some(Answer::Observed) => "1".to_owned(),
        Some(Answer::NoneObserved) => "0".to_owned(),
        Some(Answer::Count(count)) => count.to_string(),
        Some(Answer::Words(words)) => words.to_string(),
        other => panic!("{other:?} from a visit"),
    }
}

/// What the visits to `site` on the days that start with `days` answer to `slug`, in order.
#[track_caller]
fn check_visits(site: &str, days: &str, slug: &str, expected: &[&str]) {
    let (plan, visits) = (Plan::of(&demo()), ipis_site_visits());
    let found = of_site(&plan, site, visits);
    let found = found
        .iter()
        .filter(|assessment| assessment.period.from.to_string().starts_with(days));
    let answers: Vec<_> = found.map(|assessment| short(assessment, visits, slug)).collect();
    assert_eq!(answers, expected, "{site} {slug}");
}

#[track_caller]
fn check_refused(text: &[u8], expected: &ReadError) {
    assert_eq!(VisitFile::read(text).unwrap_err(), *expected);
}

#[track_caller]
fn check_answer(column: &str, field: &str, expected: &str, note: Option<Note>) {
    let (plan, visits) = (plan(&file(column, &[field])), ipis_site_visits());
    let criterion = visits
        .criteria()
        .find(|criterion| criterion.column == Some(column))
        .unwrap();
    assert_eq!(
        short(&plan.assessments[0], visits, criterion.slug.as_str()),
        expected,
        "{column} {field}"
    );
    assert_eq!(
        plan.report.notes.keys().copied().collect::<Vec<_>>(),
        note.into_iter().collect::<Vec<_>>()
    );
}

#[test]
fn the_file_is_counted() {
    let plan = Plan::of(&demo());
    let report = &plan.report;
    assert_eq!((report.rows, report.visits, report.qualifications), (1_326, 1_195, 109));
    let skipped = BTreeMap::from([(Skipped::ItsciStatus, 21), (Skipped::NoProject, 1)]);
    assert_eq!(report.skipped, skipped);
    assert_eq!((&report.columns_absent, &report.notes), (&vec![], &BTreeMap::new()));
    assert_eq!(
        (plan.sites.len(), plan.catalogues.len(), plan.assessments.len()),
        (227, 2, 1_195 + 109)
    );
    let visited = |site: &str| !of_site(&plan, site, ipis_site_visits()).is_empty();
    let unvisited: Vec<_> = plan
        .sites
        .iter()
        .filter(|site| !visited(site.number.as_str()))
        .collect();
    assert_eq!(unvisited.len(), 1, "registered all the same");
}

#[test]
fn assessments_stand_in_date_order() {
    let plan = Plan::of(&demo());
    assert!(
        plan.assessments
            .windows(2)
            .all(|pair| pair[0].period.from <= pair[1].period.from)
    );
    let references: Vec<_> = of_site(&plan, "codmine00068", ipis_site_visits())
        .iter()
        .filter(|assessment| assessment.period.from.to_string() == "2017-04-29")
        .map(|assessment| assessment.reference.value.to_string())
        .collect();
    assert_eq!(
        references,
        ["3337", "3338", "3339", "3340"],
        "of one day, in file order"
    );
}

#[test]
fn answers_go_back_and_forth() {
    let mercury = ["-", "1", "0", "0", "0", "1", "1", "0", "1", "1"];
    check_visits("codmine00065", "", "mercury", &mercury);
    check_visits(
        "codmine00065",
        "",
        "interference",
        &["0", "1", "0", "0", "1", "1", "1", "0", "1", "0"],
    );
    let workers = ["30", "95", "9", "46", "120", "15", "35", "2000", "82"];
    check_visits("codmine00098", "", "workers_numb", &workers);
}

#[test]
fn contradictions_are_kept() {
    check_visits("codmine00068", "2017-04-29", "presence", &["1", "0", "1", "0"]);
    check_visits("codmine00085", "2022-03-01", "interference", &["1", "1"]);
    let none_found = "FARDC - Pas d’ingérence constatée";
    check_visits(
        "codmine00085",
        "2022-03-01",
        "type_armed_group1",
        &[none_found, none_found],
    );
    check_visits("codmine00085", "2022-03-01", "workers_numb", &["25", "50"]);
}

#[test]
fn what_was_not_asked_is_absent() {
    check_visits("codmine00085", "2010", "mercury", &["-"]);
    check_visits("codmine00085", "2010", "childunder15", &["-"]);
    check_visits("codmine00085", "2017-06", "childunder15", &["-"]);
    check_answer("mercury", "", "-", None);
}

#[test]
fn a_status_has_a_history_of_its_own() {
    let (plan, catalogue) = (Plan::of(&demo()), ipis_site_qualification());
    let history: Vec<_> = of_site(&plan, "codmine00906", catalogue)
        .iter()
        .map(|a| {
            (
                a.period.from.to_string(),
                short(a, catalogue, "qualification"),
                a.reference.value.to_string(),
            )
        })
        .collect();
    let expected = [
        ("2011-06-20", "Jaune", "qualification-475"),
        ("2014-02-21", "Rouge", "qualification-1587"),
        ("2017-05-01", "Vert", "qualification-3349"),
    ];
    let expected = expected.map(|(day, status, number)| (day.to_owned(), status.to_owned(), number.to_owned()));
    assert_eq!(history, expected);
    // A visit's own note of a status stays with the visit.
    check_visits("codmine00906", "2013-10-22", "qualification_noted", &["Jaune"]);
    let sources = of_site(&plan, "codmine00906", catalogue);
    assert!(
        sources
            .iter()
            .all(|assessment| short(assessment, catalogue, "source") == "BGR")
    );
}

/// By IPIS's explanation of the colours: Jaune six months, Rouge three, Vert a year.
#[test]
fn a_status_runs_out() {
    let (plan, catalogue) = (Plan::of(&demo()), ipis_site_qualification());
    let until = |site: &str| -> Vec<_> {
        let held = of_site(&plan, site, catalogue).into_iter().map(|status| {
            let words = short(status, catalogue, "qualification");
            let validity = Validity::of(&words, status.period.to)?;
            Some((validity.until.to_string(), validity.is_over(NOW.date())))
        });
        held.collect()
    };
    let over = |day: &str| Some((day.to_owned(), true));
    let expected = [over("2011-12-20"), over("2014-05-21"), over("2018-05-01")];
    assert_eq!(until("codmine00906"), expected, "as it was given, whatever came after");
    let bleu = Some(("2026-03-15".to_owned(), false));
    assert_eq!(
        until("codmine00935"),
        [over("2019-05-14"), bleu],
        "Bleu holds three years"
    );
    assert_eq!(until("codmine00904")[1], None, "Not class");
    // Of the 67 sites that have a status at present, those of Bleu still hold it.
    let mut present: BTreeMap<_, _> = BTreeMap::new();
    for status in plan
        .assessments
        .iter()
        .filter(|status| status.catalogue == catalogue.digest())
    {
        present.insert(&status.site, status);
    }
    let validity = present.values().filter_map(|status| {
        let validity = Validity::of(&short(status, catalogue, "qualification"), status.period.to)?;
        Some(validity.is_over(NOW.date()))
    });
    let (over, holds): (Vec<_>, Vec<_>) = validity.partition(|is_over| *is_over);
    assert_eq!((over.len(), holds.len()), (62, 5));
}

#[test]
fn sites_of_one_name_stay_apart() {
    let plan = Plan::of(&demo());
    for (name, numbers) in [
        ("Kenya", ["codmine00937", "codmine00993"]),
        ("Milanga", ["codmine03470", "codmine03646"]),
    ] {
        let called: Vec<_> = plan.sites.iter().filter(|site| site.name.as_str() == name).collect();
        let found: Vec<_> = called.iter().map(|site| site.number.as_str()).collect();
        assert_eq!(found, numbers, "{name}");
        assert_eq!(called[0].area, called[1].area, "not even told apart by where they are");
        assert_ne!(called[0].group.reference, called[1].group.reference);
    }
}

/// The survey says that two sites are now taken for pits of a third one. It is kept as it was said, and joins nothing.
#[test]
fn a_note_that_sites_are_one_joins_nothing() {
    let plan = Plan::of(&demo());
    for site in ["codmine01148", "codmine01149"] {
        let said = "Maintenant considéré comme un chantier de Atwamani (codmine00549)";
        check_visits(site, "2022-07-26", "visit_onsite_novisitreason", &[said]);
        check_visits(site, "2022-07-26", "visit_onsite", &["0"]);
        assert!(plan.sites.iter().any(|known| known.number.as_str() == site));
    }
    assert!(!plan.sites.iter().any(|known| known.number.as_str() == "codmine00549"));
}

#[test]
fn nobody_at_work_is_an_answer() {
    check_visits("codmine02706", "2017-05-03", "workers_numb", &["0"]);
    check_visits("codmine00340", "2023-03-18", "workers_numb", &["0"]);
    check_visits("codmine00340", "2023-03-18", "mercury", &["-"]);
}

#[test]
fn words_keep_their_accents_commas_and_spelling() {
    let plan = Plan::of(&demo());
    let names = [
        ("codmine02706", "10 ans étoile du ciel"),
        ("codmine03176", "Amérique du 7"),
        ("codmine03689", "La Grâce"),
        ("codmine03753", "Gû"),
    ];
    for (number, name) in names {
        let site = plan.sites.iter().find(|site| site.number.as_str() == number).unwrap();
        assert_eq!(site.name.as_str(), name);
    }
    check_visits("codmine00707", "2013-09-10", "armed_group1", &["Raïa Mutomboki"]);
    let comma = "Activités minières suspendues, c'est plutôt devenu un campement de creuseurs";
    check_visits("codmine00340", "2023-03-18", "visit_onsite_novisitreason", &[comma]);
    // Only white space at the ends goes: the file has "CODECO " and "CODECO".
    check_visits("codmine03692", "2022-03-05", "armed_group1", &["CODECO"]);
}

#[test]
fn the_words_for_no_status_are_kept_and_mean_none() {
    let (plan, catalogue) = (Plan::of(&demo()), ipis_site_qualification());
    let history: Vec<_> = of_site(&plan, "codmine00904", catalogue)
        .iter()
        .map(|assessment| short(assessment, catalogue, "qualification"))
        .collect();
    assert_eq!(history, ["Jaune", "Not class"]);
    assert_eq!(Standing::of_file(&demo())[&number("codmine00904")].qualification, None);
    for (words, expected) in [
        ("Vert", Some("Vert")),
        (" Bleu ", Some("Bleu")),
        ("No class", None),
        ("", None),
    ] {
        assert_eq!(qualification_words(words), expected);
    }
}

#[test]
fn a_site_is_registered_coarsely() {
    let plan = Plan::of(&demo());
    let site = plan
        .sites
        .iter()
        .find(|site| site.number.as_str() == "codmine00906")
        .unwrap();
    assert_eq!(
        (site.name.as_str(), site.area.as_ref().unwrap().as_str()),
        ("Nyamurhale/Lubona", "Sud-Kivu, Walungu")
    );
    assert_eq!(
        site.cell,
        Some(Cell { south: -28, west: 286 }),
        "-2.74434809, 28.63275407"
    );
    assert_eq!(site.group.kind, PartyKind::InformalMinersGroup);
    assert_eq!(site.group.name.as_str(), "informal miners' group at Nyamurhale/Lubona");
    let reference = site
        .group
        .reference
        .as_ref()
        .map(|r| (r.source.as_str(), r.value.as_str()));
    assert_eq!(reference, Some(("ipis", "codmine00906")));
    assert_eq!(
        (plan.monitor.kind, plan.monitor.country.to_string()),
        (PartyKind::Assessor, "BE".to_owned())
    );
}

#[test]
fn a_site_is_called_as_in_its_latest_row() {
    let head = "vid,pcode,name,visit_date,source,project,province\n";
    let rows = [
        "1,s,New,2020-01-01,IPIS,,Ituri",
        "2,s,Old,2019-01-01,IPIS,IPIS - Madini,Haut-Uélé",
        "3,t,First,2020-01-01,IPIS,iTSCi status,",
        "4,t,Last,2020-01-01,IPIS,iTSCi status,",
    ];
    let plan = plan(&format!("{head}{}\n", rows.join("\n")));
    let names: Vec<_> = plan
        .sites
        .iter()
        .map(|site| (site.name.as_str(), site.area.is_some()))
        .collect();
    assert_eq!(names, [("New", true), ("Last", false)]);
    assert_eq!(plan.assessments.len(), 1);
}

#[test]
fn rows_are_told_apart_by_source_and_project() {
    let kinds = [
        ("IPIS", "IPIS - Madini", Some("0")),
        ("IPIS - Ministère des Mines", "IPIS", Some("0")),
        ("IPIS", "", None),
        ("IPIS", "iTSCi status", None),
        ("IPIS", "Qualification status", Some("qualification-0")),
        ("BGR", "Qualification status", Some("qualification-0")),
        ("Third-party", "QUALIFICATION 2015", Some("qualification-0")),
        ("BGR", "IPIS - Madini", None),
        ("ipis", "IPIS - Madini", None),
    ];
    for (source, project, expected) in kinds {
        let text = format!("vid,pcode,name,visit_date,source,project\n0,s,n,2020-01-01,{source},{project}\n");
        let plan = plan(&text);
        let references: Vec<_> = plan.assessments.iter().map(|a| a.reference.value.as_str()).collect();
        assert_eq!(
            references,
            expected.into_iter().collect::<Vec<_>>(),
            "{source} {project}"
        );
    }
}

#[test]
fn the_plan_gives_the_standing_that_the_file_gives() {
    let file = demo();
    let plan = Plan::of(&file);
    let (_, known, _) = carried_out(&plan);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let expected = Standing::of_file(&file);
    assert_eq!(expected.len(), 227);
    for (site, expected) in &expected {
        let assessments = plan.assessments.iter().filter(|assessment| assessment.site == *site);
        let submitted: Vec<_> = assessments
            .map(|assessment| assessment.submitted(known.sites[site]))
            .collect();
        assert_eq!(Standing::of_assessments(&submitted), *expected, "{site}");
        for (column, seen) in [("mercury", expected.mercury), ("children", expected.childunder15)] {
            *counts.entry(format!("{column} {seen}")).or_default() += 1;
        }
        *counts
            .entry(format!("interference {}", expected.interference))
            .or_default() += 1;
        *counts
            .entry(format!("status {:?}", expected.qualification))
            .or_default() += 1;
        *counts.entry("traceability".to_owned()).or_default() += usize::from(expected.traceability.is_some());
        *counts.entry("workers".to_owned()).or_default() += usize::from(expected.workers_numb.is_some());
    }
    // Counted in the file by other means.
    let by_hand = "children no data 19, children none observed 119, children observed 89, interference no data 2, \
        interference none observed 105, interference observed 120, mercury no data 30, mercury none observed 117, \
        mercury observed 80, status None 160, status Some(\"Bleu\") 5, status Some(\"Jaune\") 15, \
        status Some(\"Rouge\") 3, status Some(\"Vert\") 44, traceability 22, workers 225";
    let counted: Vec<_> = counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
    assert_eq!(counted.join(", "), by_hand);
}

#[test]
fn the_latest_visit_answers_alone() {
    let text = "vid,pcode,name,visit_date,source,project,mercury,workers_numb\n\
        1,s,n,2021-01-01,IPIS,p,1,5\n2,s,n,2022-01-01,IPIS,p,,\n3,s,n,2020-01-01,IPIS,p,0,7\n";
    let standing = &Standing::of_file(&VisitFile::read(text.as_bytes()).unwrap())[&number("s")];
    assert_eq!(standing.visit_date.unwrap().to_string(), "2022-01-01");
    assert_eq!((standing.mercury, standing.workers_numb), (Seen::NoData, None));
}

#[test]
fn other_editions_give_the_same_plan() {
    let expected = Plan::of(&demo());
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
            "observations"
        } else {
            "new, \"quoted\"\nand broken"
        };
        writer.write_record(record.iter().rev().chain([unknown])).unwrap();
    }
    let edition = VisitFile::read(writer.into_inner().unwrap().as_slice()).unwrap();
    assert_eq!(
        Plan::of(&edition),
        expected,
        "columns reversed, one more, Windows line ends, byte order mark"
    );
    let edition = DEMO.replacen("vid,cid", " VID ,cid", 1);
    assert_eq!(plan(&edition), expected, "header in capitals");
}

#[test]
fn optional_columns_may_be_missing() {
    let plan = plan("vid,pcode,name,visit_date,source,project,mercury\n1,s,n,2020-01-01,IPIS,p,1\n");
    assert_eq!(plan.report.notes, BTreeMap::new());
    let absent = &plan.report.columns_absent;
    assert!(absent.contains(&"interference".to_owned()) && absent.contains(&"latitude".to_owned()));
    assert!(!absent.contains(&"mercury".to_owned()));
    let answers = ["mercury", "interference", "project", "source"];
    let answers = answers.map(|slug| short(&plan.assessments[0], ipis_site_visits(), slug));
    assert_eq!(answers, ["1", "-", "p", "IPIS"]);
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let missing = |columns: &str| ReadError::ColumnsMissing(columns.to_owned());
    check_refused(b"", &missing("vid, pcode, name, visit_date, source, project"));
    check_refused(
        b"vid;pcode\n",
        &missing("vid, pcode, name, visit_date, source, project"),
    );
    check_refused(b"vid,name,visit_date,source\n", &missing("pcode, project"));
    let head = "vid,pcode,name,visit_date,source,project";
    check_refused(
        format!("{head},mercury,Mercury\n").as_bytes(),
        &ReadError::ColumnRepeated("mercury".to_owned()),
    );
    check_refused(b"vid,\xff\n", &ReadError::HeaderNotUtf8);
    let ragged = ReadError::Ragged {
        row: 3,
        expected: 6,
        found: 5,
    };
    check_refused(
        format!("{head}\n1,s,n,2020-01-01,IPIS,p\n2,s,n,2020-01-01,IPIS\n").as_bytes(),
        &ragged,
    );
}

#[test]
fn a_value_that_cannot_be_used_says_where() {
    let refused = |fields: &[u8], column: &str, why: FieldError| {
        let text = [
            b"vid,pcode,name,visit_date,source,project\n0,s,n,2020-01-01,IPIS,p\n",
            fields,
        ]
        .concat();
        check_refused(
            &text,
            &ReadError::Field {
                row: 3,
                column: column.to_owned(),
                why,
            },
        );
    };
    let date = |words: &str| FieldError::NotDate(words.to_owned());
    refused(b"1,s,n,2020-02-30,IPIS,p", "visit_date", date("2020-02-30"));
    refused(b"1,s,n,01/02/2020,IPIS,p", "visit_date", date("01/02/2020"));
    refused(b"1,s,n,,IPIS,p", "visit_date", date(""));
    refused(b",s,n,2020-01-01,IPIS,p", "vid", TextError::Blank.into());
    refused(b"1,\x07s,n,2020-01-01,IPIS,p", "pcode", TextError::Control.into());
    let long = [b"1".repeat(51), b",s,n,2020-01-01,IPIS,p".to_vec()].concat();
    refused(&long, "vid", TextError::TooLong { max: 50 }.into());
    refused(b"1,s,\xe9t\xe9,2020-01-01,IPIS,p", "name", FieldError::NotUtf8);
    let reserved = |words: &str| FieldError::Reserved(words.to_owned());
    refused(b"1,ipis,n,2020-01-01,IPIS,p", "pcode", reserved("ipis"));
    refused(
        b"qualification-0,s,n,2020-01-01,IPIS,p",
        "vid",
        reserved("qualification-0"),
    );
    let said = ReadError::Field {
        row: 3,
        column: "visit_date".to_owned(),
        why: date("?"),
    }
    .to_string();
    assert_eq!(said, "row 3, column visit_date: \"?\" is not a date: write 2023-05-31");
}

#[test]
fn a_file_without_end_is_not_read() {
    let endless = b"vid,pcode,name,visit_date,source,project\n"
        .as_slice()
        .chain(std::io::repeat(b'x'));
    assert_eq!(VisitFile::read(endless).unwrap_err(), ReadError::TooLong);
}

#[test]
fn answers_are_never_guessed() {
    check_answer("mercury", "1", "1", None);
    check_answer("mercury", " 0.0 ", "0", None);
    for field in ["2", "yes", "dontknow", "-1", "1,", "0.5", "."] {
        check_answer("mercury", &format!("\"{field}\""), "-", Some(Note::NotZeroOrOne));
    }
    check_answer("workers_numb", "120.0", "120", None);
    check_answer("workers_numb", "0", "0", None);
    for field in ["-5", "12.5", "about 20", "1e3", "99999999999999999999"] {
        check_answer("workers_numb", field, "-", Some(Note::NotCount));
    }
    check_answer("traceability", "  iTSCI ", "iTSCI", None);
    check_answer(
        "traceability",
        "\"iTSCI\nand more\"",
        "iTSCI and more",
        Some(Note::ControlCharacters),
    );
    check_answer("traceability", &"é".repeat(128), &"é".repeat(128), None);
    check_answer(
        "traceability",
        &"é".repeat(129),
        &format!("{}…", "é".repeat(126)),
        Some(Note::Shortened),
    );
}

#[test]
fn what_is_changed_is_counted_with_its_first_places() {
    let plan = plan(&file("mercury", &["2"; 25]));
    let noted = &plan.report.notes[&Note::NotZeroOrOne];
    assert_eq!((noted.count, noted.places.len()), (25, PLACES_SHOWN_MAX));
    assert_eq!(
        noted.places[0],
        Place {
            row: 2,
            column: "mercury".to_owned()
        }
    );
}

#[test]
fn a_site_without_name_or_point_is_noted() {
    let head = "vid,pcode,name,visit_date,source,project,longitude,latitude\n";
    let rows = [
        "1,a,,2020-01-01,IPIS,p,,",
        "2,b,B,2020-01-01,IPIS,p,28.5,",
        "3,c,C,2020-01-01,IPIS,p,28.5,95",
    ];
    let plan = plan(&format!("{head}{}\n", rows.join("\n")));
    assert_eq!(plan.sites[0].name.as_str(), "a");
    assert!(plan.sites.iter().all(|site| site.cell.is_none()));
    let counts: Vec<_> = plan
        .report
        .notes
        .iter()
        .map(|(note, noted)| (*note, noted.count))
        .collect();
    assert_eq!(counts, [(Note::NoName, 1), (Note::NoPoint, 2)]);
}

#[test]
fn a_repeated_visit_number_is_passed_over() {
    let text = "vid,pcode,name,visit_date,source,project\n\
        1,s,n,2020-01-01,IPIS,p\n1,s,n,2020-01-01,IPIS,p\n1,t,m,2021-01-01,IPIS,p\n";
    let plan = plan(text);
    assert_eq!((plan.report.rows, plan.sites.len(), plan.assessments.len()), (3, 1, 1));
    assert_eq!(plan.report.skipped, BTreeMap::from([(Skipped::VisitRepeated, 2)]));
}

/// Signs what is missing, without asking the ledger in between.
fn sign_missing(deployment: &mut Deployment, plan: &Plan, known: &mut Known) -> Vec<SignedStatement> {
    let mut statements = Vec::new();
    plan.state_missing(known, deployment::assessor_key(), |speaker, event| {
        deployment.sign(speaker, event, &mut statements)
    })
    .unwrap();
    statements
}

fn carried_out(plan: &Plan) -> (Deployment, Known, usize) {
    let (mut deployment, mut known) = (Deployment::founded(), Known::default());
    let statements = sign_missing(&mut deployment, plan, &mut known);
    let count = statements.len();
    for statement in statements {
        deployment.admit(statement).unwrap();
    }
    (deployment, known, count)
}

#[test]
fn the_ledger_admits_the_whole_plan() {
    let (deployment, known, count) = carried_out(&Plan::of(&demo()));
    // The monitor and its key, a group and a site each, two catalogues, the assessments.
    assert_eq!(count, 2 + 2 * 227 + 2 + 1_304);
    assert!(deployment.ledger.party(&known.monitor.unwrap()).is_some());
    assert!(known.sites.values().all(|site| deployment.ledger.site(site).is_some()));
    assert!(
        known
            .catalogues
            .iter()
            .all(|digest| deployment.ledger.catalogue(digest).is_some())
    );
}

#[test]
fn a_second_run_has_nothing_to_state() {
    let plan = Plan::of(&demo());
    let (mut deployment, mut known, _) = carried_out(&plan);
    assert_eq!(sign_missing(&mut deployment, &plan, &mut known), []);
}

#[test]
fn a_second_run_that_forgot_everything_is_refused_throughout() {
    let plan = Plan::of(&demo());
    let (mut deployment, first, count) = carried_out(&plan);
    // The parties' ids are known, so that what refers to them fails for no other reason than being there already.
    let mut known = Known {
        monitor: first.monitor,
        keys: first.keys,
        sites: first.sites,
        ..Known::default()
    };
    let statements = sign_missing(&mut deployment, &plan, &mut known);
    assert_eq!(statements.len(), count - 2 - 227);
    let before = deployment.ledger.digest();
    for statement in statements {
        let refusal = deployment.admit(statement).unwrap_err();
        assert!(
            matches!(refusal, Refusal::ReferenceTaken | Refusal::CatalogueKnown),
            "{refusal}"
        );
    }
    assert_eq!(deployment.ledger.digest(), before);
    known.sites.clear();
    let sites = sign_missing(
        &mut deployment,
        &plan,
        &mut Known {
            groups: first.groups,
            ..known
        },
    );
    assert_eq!(sites.len(), 227);
    for statement in sites {
        assert_eq!(deployment.admit(statement), Err(Refusal::ReferenceTaken));
    }
}

#[test]
fn a_run_that_was_cut_short_is_finished_by_the_next() {
    let plan = Plan::of(&demo());
    let (_, whole, count) = carried_out(&plan);
    for cut in [0, 1, 2, 3, 457, 458, count - 1] {
        let (mut deployment, mut known, mut stated) = (Deployment::founded(), Known::default(), 0);
        let key = deployment::assessor_key();
        let run = plan.state_missing(&mut known, key, |speaker, event| {
            if stated == cut {
                return Err("cut");
            }
            stated += 1;
            Ok(deployment.state(speaker, event).unwrap())
        });
        assert_eq!(run, Err("cut"));
        let rest = sign_missing(&mut deployment, &plan, &mut known);
        assert_eq!(rest.len(), count - cut);
        for statement in rest {
            deployment.admit(statement).unwrap();
        }
        assert_eq!(
            (known.sites.len(), known.assessments),
            (whole.sites.len(), whole.assessments.clone())
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), rest in "[\\PC,\"\n]{0,200}") {
        let head = "vid,pcode,name,visit_date,source,project\n1,s,n,2020-01-01,IPIS,p\n";
        let below = [head.as_bytes(), &bytes].concat();
        let text = format!("{head}2,s,n,2020-01-01,{rest}");
        for input in [bytes.as_slice(), &below, text.as_bytes()] {
            if let Ok(file) = VisitFile::read(input) {
                let _ = (Plan::of(&file), Standing::of_file(&file));
            }
        }
    }

    /// Whatever stands in the fields, the plan is one that a ledger admits.
    #[test]
    fn no_fields_make_it_refused(
        rows in prop::collection::vec(prop::collection::vec("\\PC{0,4}|[0-9.\\-]{0,6}|.{250,270}|\\s\\PC\\s", 7), 1..5),
        project in prop::sample::select(vec!["IPIS - Madini", "Qualification status", "my qualification"]),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let columns = ["name", "longitude", "latitude", "province", "workers_numb", "mercury", "armed_group1"];
        writer.write_record(["vid", "pcode", "visit_date", "source", "project"].into_iter().chain(columns)).unwrap();
        for (visit, row) in rows.iter().enumerate() {
            let fixed = [visit.to_string(), "s".to_owned(), "2020-01-01".to_owned(), "IPIS".to_owned(), project.to_owned()];
            writer.write_record(fixed.iter().chain(row)).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let plan = Plan::of(&VisitFile::read(text.as_slice()).unwrap());
        carried_out(&plan);
        prop_assert!(rows.len() <= plan.assessments.len());
    }
}
