//! Every text in every language: none missing, none left over, the same values in each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use diligence::{Detail, Outcome, Severity, Term};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::parse;
use inquiry::check::facts::DOCUMENTS;
use ledger::{FlagKind, Refusal};
use portal::language::Language;
use prost::Message;
use prost_types::FileDescriptorSet;
use replay::bundle::BundleError;
use signer::handover::HandoverError;
use wording::labels;

/// Enums of the wire whose values pages say in words, by their full names.
const WORDED: &[&str] = &[
    "veta.custody.v1.AssayPurpose",
    "veta.custody.v1.CapacityBand",
    "veta.custody.v1.CustodyModel",
    "veta.custody.v1.FinenessMethod",
    "veta.custody.v1.LotForm",
    "veta.custody.v1.LotState",
    "veta.custody.v1.PermitKind",
    "veta.custody.v1.PermitStatus",
    "veta.custody.v1.QuantityBasis",
    "veta.custody.v1.SealState",
    "veta.custody.v1.SealUse",
    "veta.custody.v1.TransformationKind",
    "veta.evidence.v1.AccessOutcome",
    "veta.evidence.v1.AccessWay",
    "veta.evidence.v1.EvidenceState",
    "veta.evidence.v1.Visibility",
    "veta.progress.v1.AssessmentKind",
    "veta.progress.v1.CauseKind",
    "veta.progress.v1.Confidence",
    "veta.progress.v1.Consequence",
    "veta.progress.v1.CriterionState",
    "veta.progress.v1.Deposit",
    "veta.progress.v1.FreshnessState",
    "veta.progress.v1.IncidentCategory",
    "veta.progress.v1.IncidentOutcome",
    "veta.progress.v1.MilestoneState",
    "veta.progress.v1.NextStepKind",
    "veta.progress.v1.PartyKind",
    "veta.progress.v1.Pillar",
    "veta.progress.v1.PlanOutcome",
    "veta.progress.v1.Severity",
    "veta.progress.v1.Standing",
    "veta.progress.v1.Trend",
    "veta.progress.v1.Unit",
];

/// Words that a language has another word for here: one thing has one name on every page.
const OTHER_WORDS: &[(&str, &str, &[&str])] = &[
    ("es", "precinto", &["sello", "sellos"]),
    ("es", "entrada", &["asiento", "asientos"]),
    ("es", "segunda mirada", &["señales"]),
    ("es", "colada", &["vaciado"]),
    ("fr", "registre", &["journal"]),
    ("fr", "entrée", &["enregistrement", "enregistrements"]),
    ("fr", "second regard", &["signalements"]),
    ("pt", "lacre", &["selo", "selos"]),
    ("pt", "entrada", &["assento", "assentos"]),
    ("pt", "local", &["sítio", "sítios"]),
];

/// The values of each text, by its key.
type Texts = BTreeMap<String, BTreeSet<String>>;

fn below(directory: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut ahead = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(directory)];
    while let Some(path) = ahead.pop() {
        if path.is_dir() {
            ahead.extend(
                fs::read_dir(&path)
                    .expect("a directory")
                    .map(|entry| entry.expect("an entry").path()),
            );
        } else if path.extension().is_some_and(|is| is == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn values(pattern: &Pattern<&str>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            placed(expression, into);
        }
    }
}

fn placed(expression: &Expression<&str>, into: &mut BTreeSet<String>) {
    let inline = match expression {
        Expression::Inline(inline) => inline,
        Expression::Select { selector, variants } => {
            for variant in variants {
                values(&variant.value, into);
            }
            selector
        }
    };
    match inline {
        InlineExpression::VariableReference { id } => {
            into.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => placed(expression, into),
        _ => {}
    }
}

fn texts(code: &str) -> Texts {
    let mut texts = Texts::new();
    for file in below(&format!("locales/{code}"), "ftl") {
        let source = fs::read_to_string(&file).expect("UTF-8");
        let resource = parse(source.as_str()).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.display()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut named = BTreeSet::new();
            values(message.value.as_ref().expect("a text"), &mut named);
            let twice = texts.insert(message.id.name.to_owned(), named);
            assert!(
                twice.is_none(),
                "{}: {} is there twice",
                file.display(),
                message.id.name
            );
        }
    }
    texts
}

fn words() -> BTreeSet<String> {
    let set = FileDescriptorSet::decode(rpc::FILE_DESCRIPTOR_SET).expect("descriptors");
    let mut found = BTreeSet::new();
    let mut words = BTreeSet::new();
    for file in &set.file {
        for one in &file.enum_type {
            let name = format!("{}.{}", file.package(), one.name());
            if WORDED.contains(&name.as_str()) {
                let said = one.value.iter().filter(|value| value.number() != 0);
                words.extend(said.map(|value| value.name().to_lowercase().replace('_', "-")));
                found.insert(name);
            }
        }
    }
    for worded in WORDED {
        assert!(found.contains(*worded), "there is no enum {worded}");
    }
    let vocabulary = labels().words.into_iter().map(|word| word.to_string());
    words.extend(vocabulary);
    words.extend(Refusal::ALL.iter().map(|refusal| format!("refusal-{}", refusal.code())));
    words
}

/// What stands between quotes in templates and in the code: keys, and parts of keys around `{…}`.
fn literals() -> BTreeSet<String> {
    let files = [below("templates", "html"), below("src", "rs")].concat();
    let sources = files.iter().map(|file| fs::read_to_string(file).expect("UTF-8"));
    let quoted = |source: String| -> Vec<String> { source.split('"').map(str::to_owned).collect() };
    sources.flat_map(quoted).collect()
}

/// Whether `key` is `literal` with something in place of its `{…}`.
fn is_made_by(key: &str, literal: &str) -> bool {
    let Some((begins, rest)) = literal.split_once('{') else {
        return false;
    };
    let Some((_, ends)) = rest.split_once('}') else {
        return false;
    };
    begins.len() > 1
        && begins.ends_with('-')
        && begins.len() + ends.len() < key.len()
        && key.starts_with(begins)
        && key.ends_with(ends)
}

#[test]
fn every_language_has_every_text_with_the_same_values() {
    let english = texts("en");
    assert!(20 < english.len(), "texts are found");
    for language in Language::ALL {
        assert_eq!(texts(language.code()), english, "{}", language.code());
    }
    for (key, values) in texts("sw") {
        assert_eq!(english.get(&key), Some(&values), "sw: {key}");
    }
}

#[test]
fn one_thing_has_one_name_in_a_language() {
    let mut faults = Vec::new();
    for (code, word, others) in OTHER_WORDS {
        for file in below(&format!("locales/{code}"), "ftl") {
            let source = fs::read_to_string(&file).expect("UTF-8").to_lowercase();
            let is_of_word = |letter: char| letter.is_alphabetic() || letter == '-';
            let other = source
                .split(|letter| !is_of_word(letter))
                .find(|found| others.contains(found));
            faults.extend(other.map(|other| format!("{}: {other} is called {word}", file.display())));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_fact_has_a_name_and_no_name_is_of_no_fact() {
    let english = texts("en");
    let mut used = BTreeSet::new();
    for (of, label) in labels().facts {
        let (own, shared) = (format!("fact-{of}-{label}"), format!("fact-{label}"));
        let key = if english.contains_key(&own) { own } else { shared };
        assert!(english.contains_key(&key), "no text for {label} of {of}");
        used.insert(key);
    }
    let named = english.keys().filter(|key| key.starts_with("fact-"));
    assert_eq!(named.cloned().collect::<BTreeSet<_>>(), used);
}

#[test]
fn refusals_are_told_in_english_as_the_ledger_tells_them() {
    for refusal in Refusal::ALL {
        let key = format!("refusal-{}", refusal.code());
        assert_eq!(Language::En.t(&key), refusal.to_string());
    }
}

#[test]
fn every_text_that_is_asked_for_is_there_and_every_other_is_gone() {
    let (english, words, literals) = (texts("en"), words(), literals());
    for word in &words {
        assert!(english.contains_key(word), "no text for the word {word}");
    }
    let is_used = |key: &String| {
        words.contains(key) || literals.contains(key) || literals.iter().any(|literal| is_made_by(key, literal))
    };
    let left_over: Vec<_> = english.keys().filter(|key| !is_used(key)).collect();
    assert!(left_over.is_empty(), "nobody asks for {left_over:?}");

    let asked = |source: &str| -> Vec<String> {
        let calls = [".t(\"", ".say(\"", ".say2(\"", ".count(\""];
        let of = |call: &str| {
            source
                .split(call)
                .skip(1)
                .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
                .collect::<Vec<_>>()
        };
        calls.into_iter().flat_map(of).collect()
    };
    for file in [below("templates", "html"), below("src", "rs")].concat() {
        for key in asked(&fs::read_to_string(&file).unwrap()) {
            assert!(english.contains_key(&key), "{}: no text {key}", file.display());
        }
    }
}

/// Whether there is a text for each of these, and none that begins so for anything else.
fn check_told<'a>(begins: &str, names: impl IntoIterator<Item = &'a str>) {
    let told: BTreeSet<_> = texts("en").into_keys().filter(|key| key.starts_with(begins)).collect();
    let expected: BTreeSet<_> = names.into_iter().map(|name| format!("{begins}{name}")).collect();
    assert_eq!(told, expected);
}

#[test]
fn everything_that_a_verdict_may_say_is_told_in_words() {
    check_told("reason-", Detail::NAMES.iter().copied());
    check_told("judged-", Term::ALL.iter().copied().map(Term::name));
    check_told("checked-", Term::ALL.iter().copied().map(Term::name));
    check_told("document-", DOCUMENTS.iter().map(|(_, kind)| *kind));
    let severities = [Severity::Noted, Severity::NeedsPerson, Severity::NotEligible];
    check_told("severity-of-reason-", severities.map(Severity::name));
    let outcomes = [Outcome::Eligible, Outcome::NeedsPerson, Outcome::NotEligible];
    check_told("outcome-", outcomes.map(Outcome::name));
}

#[test]
fn every_reason_why_a_proof_does_not_hold_is_told_in_words() {
    check_told(
        "verify-reason-",
        BundleError::NAMES.iter().copied().chain(["bad-policy"]),
    );
}

#[test]
fn every_reason_why_a_handover_is_not_taken_in_is_told_in_words() {
    check_told(
        "submit-handover-",
        HandoverError::NAMES.into_iter().chain(["file", "given"]),
    );
}

#[test]
fn every_flag_and_nothing_else_is_told_in_words() {
    let told: BTreeSet<_> = texts("en").into_keys().filter(|key| key.starts_with("flag-")).collect();
    let kinds: BTreeSet<_> = FlagKind::ALL
        .iter()
        .map(|kind| format!("flag-{}", kind.name()))
        .collect();
    assert_eq!(told, kinds);
}
