//! "May I buy this lot?" in the portal of a deployment: the same verdict as at a terminal, in four languages, as a page and as
//! files to take away.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;

use serde_json::{Value, json};
use tests::desk::{DONE, Desk, stop, text};
use tests::markup::{Answer, get, post};

const NOT_ELIGIBLE: i32 = 3;
/// What the miners call themselves.
const HOSTILE: &str = "Miners\"'></bdi></textarea><script>alert(1)</script>";
/// Whatever this lot is, nothing is asked for that it lacks.
const EASY: &str = "version = 1\nname = \"Easy <b>\"\nillustrative = \"allow\"\n[flags]\nothers = \"tolerated\"\n";
const BOUNDARY: &str = "between-two-fields";

/// Asks for a page, or sends it a form of files.
#[track_caller]
fn ask(portal: &str, path: &str, form: Option<&str>) -> Answer {
    match form {
        None => get(portal, path, &[]),
        Some(form) => post(portal, path, &format!("multipart/form-data; boundary={BOUNDARY}"), form),
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
        form.extend([head.as_str(), value, "\r\n"]);
    }
    format!("{form}--{BOUNDARY}--\r\n")
}

#[test]
fn a_buyer_is_told_the_same_on_a_page_as_at_a_terminal() {
    let mut desk = Desk::new();
    let mut up = desk.up();
    let (lot, declared) = dug(&desk);
    let written = fs::read(desk.state().join("deployment.json")).unwrap();
    let written: Value = serde_json::from_slice(&written).unwrap();
    let portal = written["endpoints"]["portal"].as_str().unwrap();
    let path = format!("/lots/{lot}/check");

    same_as_at_a_terminal(&desk, portal, &path, (&lot, declared));
    in_four_languages(portal, &path, declared);
    by_a_policy_of_his_own(portal, &path);
    taken_away(&desk, portal, &lot);
    let before = ask(portal, &format!("/en{path}?policy=strict&at={}", declared - 1), None);
    assert_eq!(before.status, 404, "{}", before.text());
    stop(&mut up);
}

/// A lot of invented gold, and where it was declared.
fn dug(desk: &Desk) -> (String, u64) {
    let miners = desk.enrol("MinersOrganization", "Miners");
    let site = desk.permitted_site(&miners, |event| event["name"] = HOSTILE.into());
    desk.check(DONE, &["statement", "submit"]);
    let declare = [
        "lot",
        "declare",
        "--site",
        &site,
        "--form",
        "dust",
        "--mass",
        "12.5",
        "--illustrative",
        "--from",
        "2026-01-05",
        "--key",
        &miners.key,
        "--party",
        &miners.party,
        "--submit",
    ];
    let told = desk.json(&declare);
    let lot = told[0]["created"].as_str().unwrap().to_owned();
    (lot, told.last().unwrap()["position"].as_u64().unwrap())
}

fn same_as_at_a_terminal(desk: &Desk, portal: &str, path: &str, (lot, declared): (&str, u64)) {
    let file = text(&desk.path("strict.toml"));
    fs::write(&file, include_str!("../../deploy/policies/strict.toml")).unwrap();
    let at_least = declared.to_string();
    let check = [
        "--json",
        "lot",
        "check",
        lot,
        "--policy",
        &file,
        "--at-least",
        &at_least,
    ];
    let said = desk.check(NOT_ELIGIBLE, &check);
    let terminal: Value = serde_json::from_str(&said.output).unwrap();
    let page = ask(portal, &format!("/en{path}?policy=strict&as=json"), None);
    assert!(
        page.headers["content-disposition"].contains(&format!("filename=\"{lot}.dossier.json\"")),
        "{:?}",
        page.headers
    );
    let page: Value = serde_json::from_slice(&page.body).unwrap();
    for name in ["outcome", "checked", "caveat"] {
        assert_eq!(page[name], terminal[name], "{name}");
    }
    assert_eq!(page["position"], terminal["facts"]["position"]);
    let brief = |reasons: &Value, about: &dyn Fn(&Value) -> Value| -> Vec<Value> {
        let reasons = reasons.as_array().unwrap().iter();
        reasons
            .map(|reason| {
                json!([
                    reason["kind"],
                    reason["text"],
                    reason["share_ppm"],
                    reason["rests_on"],
                    about(reason)
                ])
            })
            .collect()
    };
    let (of_page, of_terminal) = (
        brief(&page["reasons"], &|reason| reason["about"]["id"].clone()),
        brief(&terminal["reasons"], &|reason| reason["about_id"].clone()),
    );
    assert!(3 < of_page.len(), "{of_page:?}");
    assert_eq!(of_page, of_terminal);
    assert_eq!(page["policy"]["shipped"], "strict");
    assert!(
        page["checkpoint"]["note"].as_str().unwrap().contains("\u{2014} "),
        "{page}"
    );
}

fn in_four_languages(portal: &str, path: &str, declared: u64) {
    let said = [
        ("en", "Not eligible", "The quantities of the lot are invented"),
        ("es", "No se puede comprar", "Las cantidades del lote son inventadas"),
        ("fr", "Ne peut pas être acheté", "Les quantités du lot sont inventées"),
        ("pt", "Não pode ser comprado", "As quantidades do lote são inventadas"),
    ];
    for (language, outcome, invented) in said {
        for how in ["", "&as=dossier"] {
            let answer = ask(portal, &format!("/{language}{path}?policy=strict{how}"), None);
            let page = answer.text();
            assert_eq!(answer.status, 200, "{page}");
            for expected in [outcome, invented, &format!("href=\"/{language}/log/{}\"", declared - 1)] {
                assert!(page.contains(expected), "{language}: {expected} is missing in {page}");
            }
            assert!(page.contains("<bdi>Miners&#34;&#39;&#62;"), "{page}");
            assert!(!page.contains("<script>alert"), "{page}");
            // A dossier is kept, and has nothing to press but what every page has.
            assert_eq!(page.contains("type=\"radio\""), how.is_empty(), "{page}");
        }
        let none = ask(portal, &format!("/{language}{path}"), None);
        assert!(none.status == 200 && !none.text().contains(outcome), "{}", none.text());
    }
}

fn by_a_policy_of_his_own(portal: &str, path: &str) {
    let own = [("policy", "own"), ("text", EASY)];
    let page = ask(portal, &format!("/en{path}"), Some(&form(&own)));
    let page = page.text();
    assert!(page.contains("<h2 id=\"verdict\">Eligible</h2>"), "{page}");
    assert!(
        page.contains("<bdi>Easy &#60;b&#62;</bdi>") && !page.contains("<b>\""),
        "{page}"
    );
    let file = ask(
        portal,
        &format!("/en{path}"),
        Some(&form(&[&own[..], &[("as", "json")]].concat())),
    );
    let file: Value = serde_json::from_slice(&file.body).unwrap();
    assert_eq!(
        (file["outcome"].as_str(), file["policy"]["text"].as_str()),
        (Some("eligible"), Some(EASY))
    );
    assert_eq!(file["policy"]["shipped"], Value::Null);
}

/// The proof that is saved is verified by the program that asks nobody.
fn taken_away(desk: &Desk, portal: &str, lot: &str) {
    for times in ["", "?times=1"] {
        // A checkpoint is under way.
        let proof = tests::process::eventually("a checkpoint", || {
            let answer = ask(portal, &format!("/en/lots/{lot}/bundle{times}"), None);
            (answer.status == 200).then_some(answer)
        });
        assert!(
            proof.headers["content-disposition"].contains(&format!("filename=\"{lot}.veta-proof\"")),
            "{:?}",
            proof.headers
        );
        let file = desk.path("saved.veta-proof");
        fs::write(&file, &proof.body).unwrap();
        desk.check(DONE, &["verify", &text(&file)]);
    }
}
