//! `veta catalogue`, as it is typed.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ::catalogue::{Language, craft_derived};
use event::{DeploymentId, Event, PartyId, SignedStatement};
use serde_json::Value;
use tempfile::TempDir;

const DONE: i32 = 0;
const FAILED: i32 = 1;
const USAGE: i32 = 2;

fn testdata(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../libs/catalogue/testdata", name]
        .iter()
        .collect();
    path.to_str().unwrap().to_owned()
}

/// Runs the verb, which must end as expected; returns what it said, standard output first.
#[track_caller]
fn veta(code: i32, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_veta"));
    let said = command.env_remove("VETA_STATE").args(arguments).output().unwrap();
    let told = String::from_utf8([said.stdout, said.stderr].concat()).unwrap();
    assert_eq!(said.status.code(), Some(code), "{arguments:?}\n{told}");
    told
}

/// What the verb says has all of these words.
#[track_caller]
fn check(code: i32, arguments: &[&str], words: &[&str]) {
    let told = veta(code, arguments);
    for words in words {
        assert!(told.contains(words), "{arguments:?} says {told}, not {words:?}");
    }
}

#[track_caller]
fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&veta(DONE, &[&["--json", "catalogue"], arguments].concat())).unwrap()
}

#[test]
fn a_catalogue_is_shown_to_people_and_to_programs() {
    check(
        DONE,
        &["catalogue", "show"],
        &[
            "craft-derived",
            "ipis-site-visits",
            "ipis-site-qualification",
            "scheme-certifications",
        ],
    );
    for language in [Language::En, Language::Es, Language::Fr, Language::Pt] {
        let told = veta(
            DONE,
            &["catalogue", "show", "craft-derived", "--language", language.code()],
        );
        for criterion in craft_derived().criteria() {
            assert!(told.contains(criterion.question(language)), "{}", criterion.slug);
        }
    }
    check(
        DONE,
        &["catalogue", "show", "craft-derived", "--language", "sw"],
        &[
            "sw: not there; the original is shown in its place",
            "a draft, read by no native speaker yet",
            "CC-BY-SA-4.0",
        ],
    );
    let shown = json(&["show", "craft-derived", "--language", "es"]);
    assert_eq!(shown["digest"], craft_derived().digest().to_string());
    assert_eq!(shown["criteria"].as_array().unwrap().len(), 56);
    assert_eq!(shown["indicators"].as_array().unwrap().len(), 18);
    let first = craft_derived().criteria().next().unwrap();
    assert_eq!(shown["criteria"][0]["question"], first.question(Language::Es));
    check(
        USAGE,
        &["catalogue", "show", "craft"],
        &["one of craft-derived, ipis-site-visits"],
    );
    check(
        USAGE,
        &["catalogue", "show", "craft-derived", "--language", "de"],
        &["en, es, fr, pt, sw"],
    );
}

#[test]
fn every_fault_of_a_file_is_named() {
    let (dir, small) = (TempDir::new().unwrap(), testdata("small-1.toml"));
    check(
        DONE,
        &["catalogue", "lint", &small],
        &["nothing wrong", "8 criteria, 2 indicators"],
    );
    let text = fs::read_to_string(&small).unwrap();
    let changes = [
        ("question.es = \"¿Hay reglas?\"\n", ""),
        ("module = 3", "module = 9"),
        ("theme = \"safety\"", "theme = \"danger\""),
    ];
    let broken = changes.iter().fold(text, |text, (old, new)| text.replacen(old, new, 1));
    let path = dir.path().join("broken.toml");
    fs::write(&path, broken).unwrap();
    let path = path.to_str().unwrap();
    let words = [
        "`question.es` of the criterion rules is missing",
        "the criterion abuse is of a module that there is not",
        "the theme of the criterion helmets is not described",
        "has 3 faults",
    ];
    check(FAILED, &["catalogue", "lint", path], &words);
    check(FAILED, &["--json", "catalogue", "lint", path], &words[..3]);
    check(
        FAILED,
        &["catalogue", "lint", &testdata("small-2.toml")],
        &["read it together with the file of that version"],
    );
    check(
        DONE,
        &["catalogue", "lint", &testdata("small-2.toml"), "--before", &small],
        &["nothing wrong"],
    );
    check(
        FAILED,
        &["catalogue", "lint", "nowhere.toml"],
        &["cannot read nowhere.toml"],
    );
}

#[test]
fn two_versions_say_whether_answers_compare() {
    let (old, new) = (testdata("small-1.toml"), testdata("small-2.toml"));
    check(
        DONE,
        &["catalogue", "diff", &old, &new],
        &[
            "answers carry over",
            "answers stay comparable",
            "answers do NOT compare",
        ],
    );
    let told = json(&["diff", &old, &new]);
    assert_eq!(told["supersedes"], true);
    let kept = |comparable: bool| {
        told["changes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|change| change["comparable"] == comparable)
            .count()
    };
    assert!(0 < kept(true) && 0 < kept(false), "{told}");
    check(
        DONE,
        &["catalogue", "diff", &old, "craft-derived"],
        &["no answer carries over"],
    );
    check(DONE, &["catalogue", "diff", &old, &old], &[": 0 changes"]);
}

#[test]
fn a_catalogue_is_published_by_a_signature_that_needs_no_network() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (key, queue, deployment) = (at("key.pem"), at("queue"), DeploymentId::from_bytes([7; 32]));
    veta(DONE, &["keys", "generate", &key]);
    let party = PartyId::from_bytes([1; 16]).to_string();
    let signing = [
        "--key",
        &key,
        "--party",
        &party,
        "--deployment",
        &deployment.to_string(),
        "--queue",
        &queue,
    ];
    check(
        DONE,
        &[&["catalogue", "publish", "--shipped", "craft-derived"][..], &signing].concat(),
        &["Publish the catalogue craft-derived", "waits in"],
    );
    let file = testdata("small-1.toml");
    veta(DONE, &[&["catalogue", "publish", &file][..], &signing].concat());
    let waiting = fs::read_dir(&queue).unwrap().map(|entry| entry.unwrap().path());
    let mut waiting: Vec<_> = waiting.filter(|path| path.is_file()).collect();
    waiting.sort();
    let published = waiting.iter().map(|path| {
        let signed = SignedStatement::decode(&fs::read(path).unwrap()).unwrap();
        match signed.verify(deployment).unwrap().event() {
            Event::CataloguePublished(published) => published.slug.to_string(),
            other => panic!("{other:?}"),
        }
    });
    assert_eq!(published.collect::<Vec<_>>(), ["craft-derived", "small"]);
    check(
        USAGE,
        &["catalogue", "publish", "--shipped", "craft-derived"],
        &["name the key with --key"],
    );
    check(USAGE, &["catalogue", "publish"], &["--shipped"]);
    check(
        USAGE,
        &["catalogue", "publish", &file, "--shipped", "craft-derived"],
        &["cannot be used with"],
    );
}
