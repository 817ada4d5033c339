//! The text of a policy, and what is wrong with it.

use diligence::PolicyError::{self, *};
use diligence::{POLICY_BYTES_MAX, Policy, Term};

use crate::support::{EVERYTHING, KNOWN, asking, policy};

#[track_caller]
fn check(tables: &str, expected: &PolicyError) {
    let text = format!("version = 1\nname = \"Test\"\n{tables}");
    assert_eq!(Policy::parse(&text, &KNOWN).as_ref(), Err(expected), "{tables}");
}

fn unknown(field: &'static str, found: &str, known: &str) -> PolicyError {
    WordUnknown {
        field,
        found: found.to_owned(),
        known: known.to_owned(),
    }
}

fn repeated(field: &'static str, found: &str) -> PolicyError {
    Repeated {
        field,
        found: found.to_owned(),
    }
}

/// What the form of the file is refused for, in part.
#[track_caller]
fn check_form(text: &str, says: &str) {
    match Policy::parse(text, &KNOWN) {
        Err(Malformed(why)) => assert!(why.contains(says), "{why}"),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_file_is_of_a_version_that_is_known_and_has_no_other_keys() {
    check_form("", "missing field `version`");
    check_form("version = 1", "missing field `name`");
    check_form(
        "version = 1\nname = \"A\"\ncolour = 1",
        "unknown field `colour`, expected one of",
    );
    check_form(
        "version = 1\nname = \"A\"\n[plans]\noverdue = 1",
        "unknown field `overdue`, expected `verdict`",
    );
    check_form("version = 1\nname = \"A\"\n[standing_now]", "missing field `accepted`");
    check_form("version = 1\nname = \"A\"\nignore_below_ppm = -1", "ignore_below_ppm");
    check_form("version = 1\nname = \"A\"\nignore_below_ppm = 0.5", "ignore_below_ppm");
    check_form("not a policy", "TOML");
    // What else stands there is the other version's.
    let text = "version = 2\ncolour = 1";
    assert_eq!(Policy::parse(text, &KNOWN), Err(VersionUnknown(2)));
    assert_eq!(
        Policy::parse("version = 2\nname = \"A\"", &KNOWN),
        Err(VersionUnknown(2))
    );
    assert_eq!(Policy::parse("version = 1\nname = \" \"", &KNOWN), Err(Nameless));
    let long = format!("{EVERYTHING}#{}", "x".repeat(POLICY_BYTES_MAX));
    assert_eq!(Policy::parse(&long, &KNOWN), Err(TooLong));
}

#[test]
fn a_misspelt_word_is_refused_with_those_that_are_known() {
    let verdicts = "not-eligible or person";
    check("no_data = \"pass\"", &unknown("no_data", "pass", verdicts));
    check(
        "illustrative = \"yes\"",
        &unknown("illustrative", "yes", "refuse, person or allow"),
    );
    check(
        "[holds]\nverdict = \"allow\"",
        &unknown("holds.verdict", "allow", verdicts),
    );
    check(
        "[standing_now]\naccepted = [\"afiliate\"]",
        &unknown(
            "standing_now.accepted",
            "afiliate",
            "applicant, registered, candidate, affiliate, suspended or lapsed",
        ),
    );
    check(
        "[modules]\nmet = [1]\n[assurance]\nleast = \"third party\"",
        &unknown(
            "assurance.least",
            "third party",
            "self-reported, implementer, monitor or third-party",
        ),
    );
    check(
        "[custody_model]\nleast = \"book-and-claim\"",
        &unknown(
            "custody_model.least",
            "book-and-claim",
            "identity-preserved, segregated or mass-balance",
        ),
    );
    check(
        "[[incidents]]\nconfidence = \"rumour\"",
        &unknown(
            "incidents.confidence",
            "rumour",
            "allegation, founded-suspicion or known",
        ),
    );
    check(
        "[[incidents]]\nseverity = \"bad\"",
        &unknown("incidents.severity", "bad", "minor, serious or critical"),
    );
    let flags = "near-capacity, weighings-differ or late-statement";
    check(
        "[flags]\nperson = [\"near-capasity\"]",
        &unknown("flags.person", "near-capasity", flags),
    );
    check(
        "[documents]\nrequired = [\"passport\"]",
        &unknown("documents.required", "passport", "export-certificate or assay-report"),
    );
    let error = unknown("flags.person", "near-capasity", flags).to_string();
    assert_eq!(
        error,
        "`flags.person` has \"near-capasity\", which means nothing: write near-capacity, weighings-differ or late-statement"
    );
}

#[test]
fn lists_name_something_and_each_once() {
    check("[standing_then]\naccepted = []", &Empty("standing_then.accepted"));
    check("[modules]\nmet = []", &Empty("modules.met"));
    check("[scenarios]\naccepted = []", &Empty("scenarios.accepted"));
    check("[[incidents]]\ncategories = []", &Empty("incidents.categories"));
    check("[countries]\nallowed = []", &Empty("countries.allowed"));
    check("[documents]\nrequired = []", &Empty("documents.required"));
    check("[modules]\nmet = [1, 3, 1]", &repeated("modules.met", "1"));
    check(
        "[countries]\ndenied = [\"CD\", \"CD\"]",
        &repeated("countries.denied", "CD"),
    );
    check(
        "[flags]\nperson = [\"near-capacity\", \"near-capacity\"]",
        &repeated("flags.person", "near-capacity"),
    );
    check(
        "[flags]\nperson = [\"near-capacity\"]\ntolerated = [\"near-capacity\"]",
        &FlagTwice("near-capacity".to_owned()),
    );
}

#[test]
fn what_contradicts_itself_is_refused() {
    check("ignore_below_ppm = 1000001", &ShareTooLarge(1_000_001));
    check("[modules]\nmet = [5]", &ModuleUnknown(5));
    check("[assurance]\nleast = \"monitor\"", &WithoutModules("assurance"));
    check("[age]\ndays_max = 1", &WithoutModules("age"));
    check("[countries]", &AsksNothing("countries"));
    check(
        "[countries]\nallowed = [\"CD\"]\ndenied = [\"CD\"]",
        &CountryTwice("CD".parse().unwrap()),
    );
    check(
        "[countries]\nallowed = [\"Congo\"]",
        &CountryMalformed {
            field: "countries.allowed",
            found: "Congo".to_owned(),
        },
    );
    check(
        "[scenarios]\naccepted = [\"Legal title\"]",
        &SlugMalformed {
            field: "scenarios.accepted",
            found: "Legal title".to_owned(),
        },
    );
}

#[test]
fn a_policy_says_what_it_checks() {
    let asked: Vec<_> = policy(EVERYTHING).terms().collect();
    assert_eq!(asked, Term::ALL);
    let asked: Vec<_> = asking("[plans]").terms().collect();
    assert_eq!(asked[5..], [Term::Plans]);
    assert_eq!(asking("").name(), "Test");
}

#[test]
fn names_for_machines_are_distinct() {
    let names = |names: Vec<&str>| {
        let mut distinct = names.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), names.len());
        let is_kebab = |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(names.iter().all(is_kebab));
    };
    names(Term::ALL.iter().map(|term| term.name()).collect());
    names(diligence::ReasonKind::ALL.iter().map(|kind| kind.name()).collect());
}

#[test]
fn the_examples_are_policies() {
    let examples = [
        ("Strict", include_str!("../../../../deploy/policies/strict.toml")),
        (
            "Legal title",
            include_str!("../../../../deploy/policies/legal-title.toml"),
        ),
        (
            "Progressive",
            include_str!("../../../../deploy/policies/progressive.toml"),
        ),
    ];
    for (name, text) in examples {
        assert_eq!(policy(text).name(), name);
    }
}

#[test]
fn the_examples_accept_scenarios_of_the_shipped_catalogue() {
    let catalogue = include_str!("../../../catalogue/data/craft-derived.toml");
    let examples = [
        include_str!("../../../../deploy/policies/strict.toml"),
        include_str!("../../../../deploy/policies/legal-title.toml"),
        include_str!("../../../../deploy/policies/progressive.toml"),
    ];
    for text in examples {
        let scenarios = text.split('"').filter(|word| word.starts_with("legit."));
        assert_ne!(scenarios.clone().count(), 0);
        for scenario in scenarios {
            assert!(catalogue.contains(&format!("slug = \"{scenario}\"")), "{scenario}");
        }
    }
}

#[track_caller]
fn check_faults(text: &str, expected: &[(Option<usize>, &str)]) {
    let faults = Policy::faults(text, &KNOWN);
    match Policy::parse(text, &KNOWN) {
        Ok(_) => assert_eq!(faults, []),
        Err(error) => assert!(faults.iter().any(|fault| fault.error == error), "{error}"),
    }
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (fault.line, fault.error.to_string()))
        .collect();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((line, says), (expected_line, expected)) in found.iter().zip(expected) {
        assert!(line == expected_line && says.contains(expected), "{found:#?}");
    }
}

#[test]
fn every_fault_is_told_with_its_line() {
    check_faults(EVERYTHING, &[]);
    check_faults("version = 3\nname = \"A\"\ncolour = 1", &[(Some(1), "version 3")]);
    check_faults(
        "name = \"A\"\nversion = 1\n[plans]\noverdue = 1",
        &[(Some(4), "unknown field `overdue`")],
    );
    check_faults(
        "version = 1\nname = A\n[plans\n",
        &[(Some(2), "not a policy file"), (Some(3), "not a policy file")],
    );
    let long = "[\n".repeat(POLICY_BYTES_MAX / 2);
    assert!((1..=32).contains(&Policy::faults(&long, &KNOWN).len()));
    let text = r#"version = 1
name = "Test"
no_data = "pass"
illustrative = "yes"
[age]
days_max = 9
[standing_now]
accepted = [
    "candidate",
    "afiliate",
]
[countries]
allowed = ["CD", "PE"]
denied = ["RU", "PE"]
[[incidents]]
severity = "minor"
[[incidents]]
categories = ["theft"]
severity = "bad"
[flags]
excluded = ["late-statement", "unheard-of"]
person = ["near-capacity"]
tolerated = ["near-capacity"]
others = "passed"
"#;
    check_faults(
        text,
        &[
            (Some(3), "`no_data` has \"pass\""),
            (Some(4), "`illustrative` has \"yes\""),
            (Some(5), "`age` asks about modules"),
            (Some(10), "\"afiliate\""),
            (Some(14), "allows and denies PE"),
            (Some(19), "`incidents.severity` has \"bad\""),
            (Some(21), "\"unheard-of\""),
            (Some(23), "\"near-capacity\" in two lists"),
            (Some(24), "`flags.others` has \"passed\""),
        ],
    );
}
