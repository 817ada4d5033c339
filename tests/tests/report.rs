//! Progress as it is reported from a place without a network: a filled sheet, a signature, a bad line.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support {
    pub(crate) mod cut;
}

use std::fs;
use std::path::Path;
use std::process::Command;

use event::Date;
use event::key::Digest;
use event::vocabulary::Scale;
use serde_json::{Value, json};
use tests::desk::{DONE, Desk, FAILED, Speaker, UNAVAILABLE, USAGE, stop, text};
use tests::page::Page;
use tests::process::{Program, Said, eventually, veta};

use support::cut::CutLine;

const CRITERIA: usize = 56;
const INDICATORS: usize = 18;
/// Criteria that are answered with "does not apply": every tenth.
const NOT_APPLICABLE_EVERY: usize = 10;

#[test]
fn a_whole_self_assessment_is_signed_offline_and_submitted_over_a_bad_line() {
    let mut desk = Desk::new();
    let mut up = desk.up();
    let size = desk.tree_size();
    stop(&mut up);

    // From here to the next start nothing runs: enrolment, criteria and assessment are signed without a network.
    let miners = desk.enrol("MinersOrganization", "Cooperative");
    let published = desk.json_one(&["catalogue", "publish", "--shipped", "craft-derived"]);
    assert!(published["statement_id"].is_string(), "{published}");
    let sheet = filled(&desk, &miners);
    one_bad_row_signs_nothing(&desk, &miners, &sheet);
    let told = desk.json(&read(&sheet, &miners));
    assert_eq!(told[1]["signed"], 1);
    let assessment = told[0]["created"].as_str().unwrap().to_owned();
    assert_eq!(desk.waiting(), 4);
    desk.check_trouble(UNAVAILABLE, &["statement", "submit"], "no service answers");
    assert_eq!(desk.waiting(), 4);

    let mut up = desk.up();
    submitted_over_a_cut_line(&desk, size);
    desk.settle(size + 4);
    let standing = desk.json_one(&["org", "show", &miners.party, "--at-least", &(size + 4).to_string()]);
    stands(&standing, &assessment);
    listed(&desk, &miners);
    compared(&desk, &miners);
    watched(&desk, &miners, size + 4);
    reported(&desk, &miners);
    without_the_log(&desk, &miners);
    again_changes_nothing(&desk, &miners, &sheet, size + 4);
    stop(&mut up);
}

/// The sheet of the template, every line of it answered.
fn filled(desk: &Desk, miners: &Speaker) -> String {
    let template = text(&desk.path("template.csv"));
    let about = ["--subject", &miners.party, "--kind", "self"];
    let days = ["--from", "2025-01-01", "--to", "2025-06-30"];
    desk.check(
        DONE,
        &[
            &["assess", "template", &template, "--language", "es"][..],
            &about[..],
            &days,
        ]
        .concat(),
    );
    let mut template = csv::Reader::from_path(template).unwrap();
    let header = template.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|header| header == name).unwrap();
    let sheet = desk.path("filled.csv");
    let mut writer = csv::Writer::from_path(&sheet).unwrap();
    writer.write_record(&header).unwrap();
    let mut criteria = 0;
    for row in template.records() {
        let mut row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        match row[place("part")].as_str() {
            "criterion" => {
                let (answer, why) = answer(&row[place("name")], criteria);
                row[place("answer")] = answer.into();
                row[place("why_not_applicable")] = why.into();
                criteria += 1;
            }
            "indicator" => row[place("answer")] = "12".into(),
            _ => {}
        }
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
    assert_eq!(criteria, CRITERIA);
    text(&sheet)
}

/// An answer in the scale of a criterion, and why it does not apply where it does not.
fn answer(slug: &str, place: usize) -> (&'static str, &'static str) {
    if place.is_multiple_of(NOT_APPLICABLE_EVERY) {
        return ("not_applicable", "no hay pozos");
    }
    match catalogue::craft_derived().criterion(slug).unwrap().scale {
        Scale::PassProgressFail => ("en parte", ""),
        Scale::Level { .. } => ("3", ""),
        _ => ("sí", ""),
    }
}

fn read<'a>(sheet: &'a str, miners: &'a Speaker) -> [&'a str; 5] {
    ["assess", "read", sheet, "--key", &miners.key]
}

/// The row and the column are named, and nothing waits that did not wait before.
fn one_bad_row_signs_nothing(desk: &Desk, miners: &Speaker, sheet: &str) {
    let waiting = desk.waiting();
    let bad = text(&desk.path("bad.csv"));
    let text = fs::read_to_string(sheet).unwrap();
    let row = text.lines().position(|line| line.ends_with(",3,,")).unwrap() + 1;
    fs::write(&bad, text.replacen(",3,,", ",7,,", 1)).unwrap();
    desk.check_trouble(
        FAILED,
        &read(&bad, miners),
        &format!("row {row}, column answer: \"7\" is no answer to this: write 0, 1, 2, 3, 4 or not_applicable"),
    );
    assert_eq!(desk.waiting(), waiting);
}

/// The line breaks after ingest has heard everything and before it is heard; the same command finishes.
fn submitted_over_a_cut_line(desk: &Desk, size: u64) {
    let deployment: Value = serde_json::from_slice(&fs::read(desk.state().join("deployment.json")).unwrap()).unwrap();
    let line = CutLine::to(deployment["endpoints"]["ingest"].as_str().unwrap());
    let receipts = desk.json(&["statement", "submit", "--ingest", &line.url()]);
    assert!(line.was_cut());
    let positions: Vec<_> = receipts
        .iter()
        .map(|receipt| receipt["position"].as_u64().unwrap())
        .collect();
    assert_eq!(positions, (size + 1..=size + 4).collect::<Vec<_>>());
    assert_eq!(desk.waiting(), 0);
}

/// Every answer stands as it was given, said by the organization itself.
fn stands(standing: &Value, assessment: &str) {
    assert!(assessment.starts_with("assessment-"), "{assessment}");
    let present = standing["present"].as_array().unwrap();
    assert_eq!(present.len(), CRITERIA, "{standing}");
    for (place, criterion) in catalogue::craft_derived().criteria().enumerate() {
        let slug = criterion.slug.as_str();
        let stands = present.iter().find(|present| present["criterion"] == slug).unwrap();
        let expected = match answer(slug, place) {
            ("not_applicable", why) => format!("not applicable: {why}"),
            ("en parte", _) => "progress".to_owned(),
            ("3", _) => "level 3".to_owned(),
            _ => "pass".to_owned(),
        };
        assert_eq!(stands["answer"], expected, "{slug}");
        assert_eq!(stands["attribution"]["assurance"], "self-reported");
        assert_eq!(stands["attribution"]["to"], "2025-06-30");
    }
}

/// Filters combine, and each of them lists the organization or leaves it out.
fn listed(desk: &Desk, miners: &Speaker) {
    let list = |arguments: &[&str]| desk.json(&[&["org", "list"], arguments].concat());
    let ids = |rows: &[Value]| -> Vec<_> { rows.iter().map(|row| row["party_id"].clone()).collect() };
    let all = list(&[]);
    let own = all.iter().find(|row| row["party_id"] == miners.party.as_str()).unwrap();
    assert_eq!(
        (&own["standing"], &own["newest_day"]),
        (&json!("applicant"), &json!("2025-06-30")),
        "{own}"
    );
    let scenario = own["scenarios"][0].as_str().unwrap();
    let country = own["country"].as_str().unwrap();
    let cases: [(&[&str], bool); 21] = [
        (&["--kind", "miners-organization"], true),
        (&["--kind", "trader"], false),
        (&["--country", country], true),
        (&["--country", "ZZ"], false),
        (&["--area", "nowhere"], false),
        (&["--standing", "applicant"], true),
        (&["--standing", "affiliate"], false),
        (&["--standing", "affiliate", "--standing", "applicant"], true),
        (&["--decided", "suspended"], false),
        (&["--meets", "1", "--meets", "2"], true),
        (&["--meets", "1", "--meets", "4"], false),
        (&["--scenario", scenario], true),
        (&["--scenario", "legit.none"], false),
        (&["--incidents", "none"], true),
        (&["--incidents", "open"], false),
        (&["--incidents", "grave"], false),
        (&["--freshness", "unassessed"], false),
        (&["--overdue"], false),
        (&["--overdue=false", "--kind", "miners-organization"], true),
        (&["--level", "environmental=3", "--level", "social=1"], true),
        (&["--level", "environmental=4"], false),
    ];
    for (arguments, expected) in cases {
        let found = ids(&list(arguments));
        assert_eq!(found.contains(&own["party_id"]), expected, "{arguments:?}: {own}");
    }
    let named = |rows: &[Value]| -> Vec<_> {
        rows.iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let (up, mut down) = (list(&["--sort", "name"]), list(&["--sort", "name", "--descending"]));
    down.reverse();
    assert!(named(&up).is_sorted() && 1 < up.len());
    assert_eq!(ids(&up), ids(&down));
    let told = desk.check(DONE, &["org", "list", "--standing", "applicant"]).output;
    assert!(told.contains("modules met") && told.contains("2025-06-30"), "{told}");
    desk.check_trouble(
        USAGE,
        &["org", "list", "--standing", "good"],
        "applicant, registered, candidate",
    );
    desk.check_trouble(USAGE, &["org", "list", "--level", "environmental"], "environmental=2");
}

/// One organization at two times, and two organizations.
fn compared(desk: &Desk, miners: &Speaker) {
    let party = miners.party.as_str();
    let times = desk.json_one(&["org", "compare", party, "--on", "2040-01-01", "--and", "2041-01-01"]);
    let instants = ["left", "right"].map(|side| times[side]["evaluated_at"].as_str().unwrap().to_owned());
    assert_eq!(instants, ["2040-01-01T23:59:59.999Z", "2041-01-01T23:59:59.999Z"]);
    let criteria = times["criteria"].as_array().unwrap();
    assert_eq!(criteria.len(), CRITERIA);
    assert!(criteria.iter().all(|criterion| criterion["left"] == criterion["right"]));
    assert!(criteria.iter().any(|criterion| criterion["trend"] == "same"));

    let deployment: Value = serde_json::from_slice(&fs::read(desk.state().join("deployment.json")).unwrap()).unwrap();
    let scheme = deployment["scheme"].as_str().unwrap();
    let both = desk.json_one(&["org", "compare", party, scheme]);
    assert_eq!(
        (&both["left"]["party_id"], &both["right"]["party_id"]),
        (&json!(party), &json!(scheme))
    );
    let criteria = both["criteria"].as_array().unwrap();
    assert!(
        criteria
            .iter()
            .all(|criterion| criterion["right"].is_null() && criterion["trend"] == "-")
    );
    let told = desk.check(DONE, &["org", "compare", party, scheme]).output;
    assert!(told.contains("no data") && told.contains("module 4"), "{told}");
    desk.check_trouble(USAGE, &["org", "compare", party], "--and");
}

/// Every change of the organization, as it comes; from where one left off, only what is new.
fn watched(desk: &Desk, miners: &Speaker, end: u64) {
    let positions = |output: &str| -> Vec<_> {
        let values = output
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        values
            .map(|change| (change["position"].as_u64().unwrap(), change["kind"].clone()))
            .collect()
    };
    let watch = |name: &str, after: u64, until: u64| {
        let mut command = Command::new(veta());
        command
            .env("VETA_STATE", desk.state())
            .args(["--json", "org", "watch", &miners.party]);
        command.args(["--after", &after.to_string()]);
        let mut program = Program::start(&mut command, &desk.path(name));
        eventually("the last change", || {
            assert_eq!(program.ended(), None, "{}", program.errors());
            let last = positions(&program.output()).last().map(|(position, _)| *position);
            (last == Some(until)).then_some(())
        });
        program.interrupt();
        assert_eq!(program.wait().code(), Some(DONE), "{}", program.errors());
        positions(&program.output())
    };
    let all = watch("watch-all", 0, end);
    assert_eq!(all.last().unwrap().1, "AssessmentSubmitted");
    assert!(
        all.is_sorted_by_key(|(position, _)| *position) && 2 < all.len(),
        "{all:?}"
    );
    let (_, later) = all.split_at(all.len() - 2);
    let after = all[all.len() - 3].0;
    assert_eq!(watch("watch-later", after, end), later);
    let unknown = event::PartyId::from_bytes([9; 16]).to_string();
    desk.check_trouble(FAILED, &["org", "watch", &unknown], "is not known");
}

/// The report of the organization, in both versions and both forms: they stand alone, name what they rest on, and are the
/// same each time they are asked for as of the same instant.
fn reported(desk: &Desk, miners: &Speaker) {
    let dir = desk.path("reports");
    fs::create_dir(&dir).unwrap();
    let to = text(&dir);
    let ask = [
        "report",
        &miners.party,
        "--full",
        "--language",
        "es",
        "--on",
        "2040-01-01",
        "--output",
        &to,
    ];
    let told = desk.json_one(&ask);
    let files = told["files"].as_array().unwrap();
    assert_eq!(files.len(), 4, "{told}");
    let bytes = |file: &Value| fs::read(file["path"].as_str().unwrap()).unwrap();
    let kept: Vec<_> = files.iter().map(bytes).collect();
    for (file, bytes) in files.iter().zip(&kept) {
        assert_eq!(file["sha256"], Digest::of(bytes).to_string());
    }
    assert_eq!(desk.json_one(&ask), told);
    assert_eq!(files.iter().map(bytes).collect::<Vec<_>>(), kept, "the same bytes");

    let page = |ending: &str| {
        let mut files = files.iter().map(|file| file["path"].as_str().unwrap());
        let path = files.find(|path| path.ends_with(ending)).unwrap();
        fs::read_to_string(path).unwrap()
    };
    let full = Page::standing_alone(&page("-full.html"));
    let digest = told["report_published"]["full"].as_str().unwrap();
    let position = told["position"].as_u64().unwrap();
    assert!(page("-full.md").contains(&format!("posición `{position}`")));
    let summary = summary_of(files);
    let root = told["checkpoint"]["root"].as_str().unwrap();
    for words in [&miners.party, root, "CC BY-SA 4.0", &format!("posición {position}")] {
        assert!(summary.contains(words) && full.text.contains(words), "{words}");
    }
    assert!(summary.contains(digest) && !full.text.contains(digest));
    assert!(!summary.contains("no hay pozos") && full.text.contains("no hay pozos"));
    for criterion in catalogue::craft_derived().criteria() {
        let question = criterion.question(catalogue::Language::Es);
        assert!(full.text.contains(question), "{question}");
    }
    desk.check_trouble(
        USAGE,
        &["report", &miners.party, "--full", "--public"],
        "cannot be used with",
    );
    desk.check_trouble(USAGE, &["report", &miners.party, "--language", "sw"], "en, es, fr, pt");
    let unknown = event::PartyId::from_bytes([9; 16]).to_string();
    desk.check_trouble(FAILED, &["report", &unknown], "is not known");
}

/// What the page of the summary says.
fn summary_of(files: &[Value]) -> String {
    let mut paths = files.iter().map(|file| file["path"].as_str().unwrap());
    let path = paths.find(|path| path.strip_suffix(".html").is_some_and(|stem| !stem.ends_with("-full")));
    Page::standing_alone(&fs::read_to_string(path.unwrap()).unwrap()).text
}

/// Where no audit service answers, the report is written, and says so.
fn without_the_log(desk: &Desk, miners: &Speaker) {
    let state = desk.path("elsewhere-state");
    fs::create_dir(&state).unwrap();
    let kept = fs::read_to_string(desk.state().join("deployment.json")).unwrap();
    let mut deployment: Value = serde_json::from_str(&kept).unwrap();
    deployment["endpoints"]["audit"] = "http://127.0.0.1:1".into();
    fs::write(state.join("deployment.json"), deployment.to_string()).unwrap();
    // Written where one is, under a name of its own.
    let mut command = Command::new(veta());
    command
        .current_dir(&state)
        .args(["--json", "--state", ".", "report", &miners.party]);
    let report = Said::by(&mut command);
    assert_eq!(report.code, Some(DONE), "{}", report.errors);
    let mut told: Value = serde_json::from_str(&report.output).unwrap();
    for file in told["files"].as_array_mut().unwrap() {
        let path = state.join(file["path"].as_str().unwrap());
        file["path"] = text(&path).into();
    }
    assert_eq!(told["checkpoint"], Value::Null);
    assert_eq!(told["report_published"]["full"], Value::Null);
    let said = summary_of(told["files"].as_array().unwrap());
    assert!(said.contains("No audit service could be reached"), "{said}");
}

/// Neither reading again, nor submitting again, nor reading on another machine says anything twice.
fn again_changes_nothing(desk: &Desk, miners: &Speaker, sheet: &str, size: u64) {
    let [told] = desk.json(&read(sheet, miners)).try_into().unwrap();
    assert_eq!((&told["signed"], &told["signed_before"]), (&json!(0), &json!(1)));
    assert_eq!(desk.json(&["statement", "submit"]), Vec::<Value>::new());
    let elsewhere = text(Path::new(&desk.path("elsewhere")));
    let told = desk.json(&[&read(sheet, miners)[..], &["--queue", &elsewhere]].concat());
    assert_eq!(told[1]["signed"], 1);
    desk.check_trouble(
        FAILED,
        &["statement", "submit", "--queue", &elsewhere],
        "ReferenceTaken",
    );
    assert_eq!(desk.tree_size(), size);
}

/// More sites than stand in one answer, and more reports than the latest: all are in the full version.
#[test]
fn the_full_version_holds_every_site_report_and_decision() {
    const SITES: usize = 101;
    let mut desk = Desk::new();
    let mut up = desk.up();
    let miners = desk.enrol("MinersOrganization", "Cooperative");
    for place in 0..SITES {
        desk.sign(None, "SiteRegistered", |event| {
            event["operator"] = miners.party.clone().into();
            event["name"] = format!("Pit {place} of the hill").into();
        });
    }
    let submit = || {
        let receipts = desk.json(&["statement", "submit"]);
        receipts.last().unwrap()["position"].as_u64().unwrap()
    };
    let dir = text(&desk.path("report"));
    let report = |position: u64| {
        let at_least = position.to_string();
        let told = desk.json_one(&[
            "report",
            &miners.party,
            "--full",
            "--at-least",
            &at_least,
            "--output",
            &dir,
        ]);
        (
            told["report_published"].clone(),
            fs::read_to_string(format!("{dir}-full.html")).unwrap(),
        )
    };
    let mut position = submit();
    let mut stated = Vec::new();
    for (days_before, reason) in [(30, "the first visit is pending"), (0, "the second visit is pending")] {
        let (digests, _) = report(position);
        let published = desk.sign(Some(&miners), "ReportPublished", |event| {
            let yesterday: Date = event["period"]["to"].as_str().unwrap().parse().unwrap();
            let day = Date::from_unix_days(yesterday.unix_days() - days_before).to_string();
            event["period"] = json!({"from": day, "to": day});
            event["summary"] = digests["summary"].clone();
            event["full"] = digests["full"].clone();
        });
        let decided = desk.sign(None, "StandingDecided", |event| {
            event["organization"] = miners.party.clone().into();
            event["reason"] = reason.into();
        });
        position = submit();
        let digest = |name: &str| digests[name].as_str().unwrap().to_owned();
        stated.extend([reason.to_owned(), digest("summary"), digest("full")]);
        stated.extend([published.statement, decided.statement]);
    }
    let page = Page::standing_alone(&report(position).1);
    for words in &stated {
        assert!(page.text.contains(words), "{words}");
    }
    for place in 0..SITES {
        assert!(page.text.contains(&format!("Pit {place} of the hill")), "{place}");
    }
    stop(&mut up);
}

#[test]
fn the_shipped_criteria_are_as_many_as_the_sheet_asks() {
    let catalogue = catalogue::craft_derived();
    assert_eq!(
        (catalogue.criteria().count(), catalogue.indicators().count()),
        (CRITERIA, INDICATORS)
    );
}
