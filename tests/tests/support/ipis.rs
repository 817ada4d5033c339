//! How every site stands after IPIS's file, worked out from the file alone by the rules written for its readers.
//!
//! Nothing of the importer is used here: a mistake in it must not be made twice.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What is compared.
pub(crate) const FIELDS: [&str; 9] = [
    "pcode",
    "name",
    "visit_date",
    "workers_numb",
    "mercury",
    "interference",
    "childunder15",
    "traceability",
    "qualification",
];

/// A row by column name.
type Row = BTreeMap<String, String>;

/// Every site of the file by its number.
pub(crate) fn standings(file: &str) -> BTreeMap<String, Value> {
    // White space around a field says nothing.
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(file).unwrap();
    let mut rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    // Of one day, the later row of the file is the later one.
    rows.sort_by(|a, b| a["visit_date"].cmp(&b["visit_date"]));
    let mut sites: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        sites.entry(row["pcode"].clone()).or_default().push(row);
    }
    sites
        .into_iter()
        .map(|(pcode, rows)| (pcode, standing(&rows)))
        .collect()
}

/// The latest row that counts, and the latest status.
fn standing(rows: &[&Row]) -> Value {
    let latest = rows.last().unwrap();
    let visit = rows.iter().rev().find(|row| counts(row));
    let status = rows
        .iter()
        .rev()
        .find(|row| row["project"].to_lowercase().contains("qualification"));
    let visited = |column: &str| visit.map_or("", |row| row[column].as_str());
    json!({
        "pcode": latest["pcode"],
        "name": latest["name"],
        "visit_date": words(visited("visit_date")),
        "workers_numb": visited("workers_numb").parse::<u64>().ok(),
        "mercury": seen(visited("mercury")),
        "interference": seen(visited("interference")),
        "childunder15": seen(visited("childunder15")),
        "traceability": words(visited("traceability")),
        "qualification": status.and_then(|row| words(&row["qualification"])).filter(|words| !is_none(words)),
    })
}

/// A visit: IPIS's own, under a project that visits.
fn counts(row: &Row) -> bool {
    let registers = ["", "iTSCi status", "Qualification status"];
    row["source"].starts_with("IPIS") && !registers.contains(&row["project"].as_str())
}

fn seen(field: &str) -> &'static str {
    match field {
        "1" => "observed",
        "0" => "none observed",
        "" => "no data",
        other => panic!("{other:?} is neither 0 nor 1"),
    }
}

fn words(field: &str) -> Option<String> {
    (!field.is_empty()).then(|| field.to_owned())
}

fn is_none(words: &str) -> bool {
    ["not class", "no class"].contains(&words.to_lowercase().as_str())
}
