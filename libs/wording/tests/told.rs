//! Every kind of statement and every variant of every enum, as the golden vectors of `event` have them.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use event::vocabulary::EventKind;
use event::{DeploymentId, Event, SignedStatement};
use wording::{Fact, Labels, Value, forms, labels, told};

/// Set to any value: writes the golden file anew.
const REGENERATE: &str = "VETA_REGENERATE";

/// The events of all good vectors, by name.
fn events() -> Vec<(String, Event)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../event/testdata/vectors");
    let mut paths: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    let mut events: Vec<_> = paths.iter().filter_map(|path| event(path)).collect();
    // Half of the golden file, and nothing in it that the other catalogues do not have.
    events.retain(|(name, _)| name != "statement-longest");
    events
}

fn event(path: &Path) -> Option<(String, Event)> {
    let text = fs::read_to_string(path).unwrap();
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    if field("kind") != Some("statement") || field("expect") != Some("verified") {
        return None;
    }
    let deployment: DeploymentId = field("deployment").unwrap().parse().unwrap();
    let signed = SignedStatement::decode(&bytes(field("signed").unwrap())).unwrap();
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    Some((name, signed.verify(deployment).unwrap().event().clone()))
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

/// The tree, a line for each fact.
fn draw(facts: &[Fact], depth: usize, into: &mut String) {
    for fact in facts {
        let indent = "  ".repeat(depth);
        writeln!(into, "{indent}{}.{}: {}", fact.of, fact.label, line(&fact.value)).unwrap();
        nested(&fact.value, depth + 1, into);
    }
}

fn nested(value: &Value, depth: usize, into: &mut String) {
    match value {
        Value::Facts { facts } => draw(facts, depth, into),
        Value::List { items } => items.iter().for_each(|item| {
            if matches!(item, Value::Facts { .. }) {
                writeln!(into, "{}-", "  ".repeat(depth)).unwrap();
            }
            nested(item, depth + 1, into);
        }),
        Value::Word { with: Some(with), .. } => nested(with, depth, into),
        _ => {}
    }
}

/// What stands on the fact's own line.
fn line(value: &Value) -> String {
    match value {
        Value::Facts { .. } => "{…}".to_owned(),
        Value::List { items } => {
            let items: Vec<_> = items.iter().map(line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Word { word, with } => match with {
            Some(with) => format!("{word} {}", line(with)),
            None => word.to_string(),
        },
        Value::Nothing => "nothing".to_owned(),
        other => serde_json::to_string(other).unwrap(),
    }
}

#[test]
fn every_statement_is_told_as_the_golden_file_has_it() {
    let mut drawn = String::new();
    for (name, event) in events() {
        let told = told(&event);
        writeln!(drawn, "{name}\n  {}", told.kind).unwrap();
        draw(&told.facts, 2, &mut drawn);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/told.txt");
    if std::env::var_os(REGENERATE).is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    for (place, (said, expected)) in (1..).zip(drawn.lines().zip(golden.lines())) {
        assert_eq!(said, expected, "line {place} of {}", path.display());
    }
    assert_eq!(drawn.len(), golden.len());
}

/// The vectors have every field, every kind, and every variant of every enum, so that they have every name.
#[test]
fn the_labels_are_those_that_occur() {
    let mut occur = Labels::default();
    let mut kinds = BTreeSet::new();
    for (_, event) in events() {
        let told = told(&event);
        kinds.insert(told.kind);
        told.facts.iter().for_each(|fact| collect(fact, &mut occur));
    }
    let labels = labels();
    assert_eq!(labels.facts, occur.facts);
    assert_eq!(labels.words, occur.words);
    let named = labels.words.iter().filter(|word| word.of == "event-kind");
    assert_eq!(named.map(|word| word.word.clone()).collect::<BTreeSet<_>>(), kinds);
    assert_eq!(kinds.len(), EventKind::ALL.len());
}

fn collect(fact: &Fact, into: &mut Labels) {
    into.facts.insert((fact.of.clone(), fact.label.clone()));
    collect_value(&fact.value, into);
}

fn collect_value(value: &Value, into: &mut Labels) {
    match value {
        Value::Facts { facts } => facts.iter().for_each(|fact| collect(fact, into)),
        Value::List { items } => items.iter().for_each(|item| collect_value(item, into)),
        Value::Word { word, with } => {
            into.words.insert(word.clone());
            if let Some(with) = with {
                collect_value(with, into);
            }
        }
        _ => {}
    }
}

/// All that JSON says of the event stands in what is told, under the same name.
#[test]
fn as_many_fields_are_told_as_are_signed() {
    for (name, event) in events() {
        let json = serde_json::to_value(&event).unwrap();
        let fields = json.as_object().unwrap().values().next().unwrap().as_object().unwrap();
        let told = told(&event);
        assert_eq!(told.facts.len(), fields.len(), "{name}");
        for fact in &told.facts {
            let field = fact.label.replace('-', "_");
            assert!(fields.contains_key(&field), "{name}: {field}");
        }
    }
}

#[test]
fn integers_that_a_reader_could_round_are_text_in_json() {
    let (_, event) = events()
        .into_iter()
        .find(|(name, _)| name == "statement-lot-weighed")
        .unwrap();
    let json = serde_json::to_value(told(&event)).unwrap();
    assert_eq!(json["kind"], "lot-weighed");
    let mass = json["facts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|fact| fact["label"] == "gross-mass")
        .unwrap();
    assert_eq!(mass["value"]["type"], "mass");
    assert_eq!(mass["value"]["of"], "gross");
    let micrograms = mass["value"]["micrograms"].as_str().unwrap();
    assert!(micrograms.bytes().all(|digit| digit.is_ascii_digit()), "{micrograms}");
}

/// The forms, too, have every name.
#[test]
fn the_forms_are_of_every_kind_and_have_every_field() {
    let mut occur = Labels::default();
    let mut kinds = BTreeSet::new();
    for told in forms() {
        kinds.insert(told.kind);
        told.facts.iter().for_each(|fact| collect(fact, &mut occur));
    }
    assert_eq!((occur.facts, kinds.len()), (labels().facts, EventKind::ALL.len()));
}
