//! What is filled in is read back: the sheet, and the form for phones.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use ::catalogue::{Catalogue, Language};
use calamine::{Reader, Xlsx};
use event::vocabulary::{Answer, Scale};
use veta::assess::{self, Format, Head, Mapping, Template};

use crate::support::{Desk, answers, expected, nobody_says, not_applicable, said_by_the_command, small, today};

fn template(desk: &Desk, format: Format, catalogue: &Catalogue, head: &Head, name: &str) -> std::path::PathBuf {
    let template = Template {
        catalogue,
        language: Language::Fr,
        head,
        photos: true,
        today: today(),
    };
    let path = desk.path(name);
    assess::template(format, &template, &path).unwrap();
    path
}

#[test]
fn a_sheet_that_is_filled_in_is_read_back() {
    let (desk, catalogue) = (Desk::new(), catalogue::craft_derived());
    let path = template(&desk, Format::Csv, catalogue, &said_by_the_command(), "sheet.csv");
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(reader.headers().unwrap()).unwrap();
    for row in reader.records() {
        let mut row: Vec<_> = row.unwrap().iter().map(str::to_owned).collect();
        if row[0] == "criterion" {
            // The first of the answers that the sheet offers.
            row[4] = row[3].split([',', ' ']).next().unwrap().to_owned();
        }
        writer.write_record(&row).unwrap();
    }
    let filled = desk.write("filled.csv", writer.into_inner().unwrap());
    desk.read(&filled, catalogue, &nobody_says(), &Mapping::default())
        .unwrap();
    let [(_, assessment)] = desk.signed().try_into().unwrap();
    assert_eq!(assessment.findings.len(), 56);
    for (slug, answer) in answers(catalogue, &assessment) {
        let lowest = match catalogue.criterion(&slug).unwrap().scale {
            Scale::Level { .. } => Answer::Level(0),
            _ => Answer::Pass,
        };
        assert_eq!(answer, lowest, "{slug}");
    }
}

#[test]
fn what_is_there_already_is_not_written_over() {
    let (desk, catalogue, head) = (Desk::new(), small(), nobody_says());
    let path = desk.write("sheet.csv", "filled in");
    let template = Template {
        catalogue: &catalogue,
        language: Language::En,
        head: &head,
        photos: false,
        today: today(),
    };
    let trouble = assess::template(Format::Csv, &template, &path).unwrap_err().to_string();
    assert!(trouble.contains("may be filled in"), "{trouble}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "filled in");
}

/// The rows of a sheet by the names of its columns.
fn rows(workbook: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<BTreeMap<String, String>> {
    let range = workbook.worksheet_range(sheet).unwrap();
    let mut rows = range
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>());
    let header = rows.next().unwrap();
    rows.map(|row| header.iter().cloned().zip(row).collect()).collect()
}

#[test]
fn a_form_asks_everything_in_every_language_of_its_catalogue() {
    let (desk, catalogue) = (Desk::new(), catalogue::craft_derived());
    let path = template(&desk, Format::Xlsform, catalogue, &nobody_says(), "form.xlsx");
    let mut workbook = Xlsx::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    assert_eq!(workbook.sheet_names(), ["survey", "choices", "settings"]);
    let (survey, choices) = (rows(&mut workbook, "survey"), rows(&mut workbook, "choices"));
    let settings = rows(&mut workbook, "settings");
    let labels = [
        ("label::English (en)", Language::En),
        ("label::Español (es)", Language::Es),
        ("label::Français (fr)", Language::Fr),
        ("label::Português (pt)", Language::Pt),
    ];
    for criterion in catalogue.criteria() {
        let name = criterion.slug.as_str().replace('.', "__");
        let asked = survey.iter().find(|row| row["name"] == name).unwrap();
        for (label, language) in labels {
            assert_eq!(asked[label], criterion.question(language));
        }
        let list = asked["type"].strip_prefix("select_one ").unwrap();
        let offered = choices.iter().filter(|row| row["list_name"] == list);
        let offered: Vec<_> = offered.map(|row| row["name"].as_str()).collect();
        let expected = match criterion.scale {
            Scale::PassProgressFail => vec!["pass", "progress", "fail", "not_applicable"],
            Scale::Level { .. } => vec!["0", "1", "2", "3", "4", "not_applicable"],
            _ => vec!["pass", "fail", "not_applicable"],
        };
        assert_eq!(offered, expected, "{name}");
    }
    for row in survey
        .iter()
        .filter(|row| !["start", "end", "calculate", "end_group"].contains(&row["type"].as_str()))
    {
        assert!(labels.iter().all(|(label, _)| !row[*label].is_empty()), "{row:?}");
    }
    let count = |kind: &str| survey.iter().filter(|row| row["type"] == kind).count();
    assert_eq!((count("integer"), count("image")), (18, 56));
    assert_eq!(count("begin_group"), count("end_group"));
    assert_eq!(settings[0]["default_language"], "English (en)");
}

/// Exports that KoboToolbox's own exporter made of the form that `veta assess template` gives for the small catalogue.
fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/assess/fixtures")
        .join(name)
}

#[test]
fn a_form_that_went_through_kobotoolbox_is_read_back_from_csv_and_from_a_workbook() {
    let catalogue = small();
    let read = |name: &str| {
        let desk = Desk::new();
        let (path, head, mapping) = (fixture(name), nobody_says(), Mapping::default());
        desk.read(&path, &catalogue, &head, &mapping).unwrap();
        desk.signed()
    };
    // The workbook has days and numbers as such, the other one has texts.
    let (csv, workbook) = (read("kobo-export.csv"), read("kobo-export.xlsx"));
    assert_eq!(csv, workbook);
    let [(_, first), (_, second)] = csv.try_into().unwrap();
    assert_eq!(
        answers(&catalogue, &first),
        expected(&[
            ("rules", Answer::Pass),
            ("case1", Answer::Pass),
            ("case2", Answer::Pass),
            ("abuse", Answer::Pass),
            ("bribes", Answer::Pass),
            ("helmets", Answer::Level(0)),
            ("mercury", Answer::Observed),
            ("diggers", Answer::Count(12)),
        ])
    );
    assert_eq!(first.measurements.len(), 2);
    assert_eq!(
        first.reference.unwrap().value.as_str(),
        "5a1d2c34-0000-4000-8000-000000000001"
    );
    let period = first.period;
    assert_eq!(
        (period.from.to_string(), period.to.to_string()),
        ("2026-01-01".to_owned(), "2026-05-31".to_owned())
    );
    assert_eq!(
        answers(&catalogue, &second),
        expected(&[("helmets", not_applicable("no hay; aún \"nada\""))])
    );
    assert!(second.measurements.is_empty());
}
