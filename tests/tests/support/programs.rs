//! The portal's HTTP API of a told story, as programs use it.

use std::collections::BTreeSet;
use std::fs;
use std::iter;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tests::desk::DONE;
use tests::markup::{Answer, Events, follow, get, post};
use tests::process::{Said, tell};
use tests::story::Story;

const API: &str = "/api/v1";
/// The digest of no file that is kept.
const NO_FILE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Asks everything that there is to ask of the story.
pub(crate) fn ask(story: &Story) {
    // Nothing of what was said before comes to the log while its lists are walked through.
    story.settle();
    every_operation_answers(story);
    lists_in_parts_are_whole(story);
    what_stays_true_is_kept(story);
    what_is_known_is_not_sent_again(story);
    own_policies_judge_as_shipped_ones(story);
}

fn json_at(story: &Story, path: &str) -> Value {
    let answer = answer_at(story, path);
    serde_json::from_slice(&answer.body).expect("JSON")
}

fn answer_at(story: &Story, path: &str) -> Answer {
    let answer = get(&story.told.portal, &format!("{API}{path}"), &[]);
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer
}

/// A path of the description with the story's own ids in it.
fn filled(story: &Story, path: &str) -> String {
    let told = &story.told;
    let index = (told.declared_at - 1).to_string();
    let path = path
        .replace("{org}", &told.organizations.esperanza)
        .replace("{site}", &told.sites.esperanza)
        .replace("{lot}", &told.lots.bar)
        .replace("{statement}", &told.declaration)
        .replace("{number}", "0")
        .replace("{digest}", NO_FILE)
        .replace("{index}", &index);
    if path.contains("{key}") {
        return path.replace("{key}", &key(story));
    }
    path
}

/// The key that signed the declaration of the first lot.
fn key(story: &Story) -> String {
    let entry = json_at(story, &format!("/log/entries/{}", story.told.declared_at - 1));
    let key = entry["entry"]["statement"]["key"].as_str();
    key.expect("who signed it").to_owned()
}

fn every_operation_answers(story: &Story) {
    let described = json_at(story, "/openapi.json");
    let paths = described["paths"].as_object().expect("paths");
    assert!(25 < paths.len(), "{} paths are described", paths.len());
    for (path, item) in paths {
        let Some(operation) = item.get("get").filter(|_| !path.ends_with("/events")) else {
            continue;
        };
        let required = match path.as_str() {
            "/compare" => format!("?a={}", story.told.organizations.esperanza),
            // The operator of a story publishes no policy.
            "/log/policy" => continue,
            _ => String::new(),
        };
        let answer = answer_at(story, &format!("{}{required}", filled(story, path)));
        let (kind, described) = (
            &answer.headers["content-type"],
            &operation["responses"]["200"]["content"],
        );
        let kind = kind.split(';').next().unwrap_or_default();
        assert!(described[kind].is_object(), "{path}: {kind} is not described");
    }
    let bundle = answer_at(story, &format!("/lots/{}/bundle", story.told.lots.bar));
    let file = story.desk.path("api.veta-proof");
    fs::write(&file, &bundle.body).expect("the test's own directory takes files");
    story
        .desk
        .check(DONE, &["verify", file.to_str().expect("a plain path")]);
}

/// Every list, walked through two by two, is what it is at once.
fn lists_in_parts_are_whole(story: &Story) {
    let path = format!("/lots/{}/path", story.told.lots.first);
    for list in ["/orgs", "/lots", "/log/checkpoints", "/log/entries", &path] {
        let (mut items, mut positions) = (Vec::new(), BTreeSet::new());
        let mut next = format!("{list}?limit=2");
        loop {
            let answer = answer_at(story, &next);
            let part: Value = serde_json::from_slice(&answer.body).expect("JSON");
            let some = part["items"].as_array().expect("items");
            assert!(some.len() <= 2, "{next}");
            items.extend(some.iter().cloned());
            positions.insert(part["position"].as_u64());
            let link = answer.headers.get("link");
            let Some(cursor) = part["next"].as_str() else {
                assert_eq!(link, None, "{next}");
                break;
            };
            let link = link.and_then(|link| link.strip_prefix(&format!("<{API}"))?.strip_suffix(">; rel=\"next\""));
            link.unwrap_or_else(|| panic!("{next} links to {cursor}"))
                .clone_into(&mut next);
        }
        assert!(2 < items.len(), "{list} has parts");
        if list != "/log/checkpoints" {
            assert_eq!(positions.len(), 1, "all parts of {list} are true of one position");
        }
        let whole = json_at(story, &format!("{list}?limit=100"));
        // A log may have grown by a checkpoint meanwhile.
        let mut at_once = whole["items"].as_array().expect("items")[..items.len()].to_vec();
        if list == "/log/checkpoints" {
            told_once(&mut items);
            told_once(&mut at_once);
        }
        assert_eq!(items, at_once, "{list}");
    }
}

/// Leaves out of checkpoints what changes without a word said: while the newest stays the newest, witnesses cosign it again.
fn told_once(checkpoints: &mut [Value]) {
    let newest = checkpoints.last_mut().and_then(Value::as_object_mut);
    let newest = newest.expect("a log has a checkpoint");
    for renewed in ["freshest_note", "last_as_of_unix_s"] {
        assert!(newest.remove(renewed).is_some(), "{renewed}");
    }
}

fn what_stays_true_is_kept(story: &Story) {
    let ahead = format!("{API}/lots?at={}", rpc::read::POSITION_MAX);
    let answer = get(&story.told.portal, &ahead, &[]);
    assert_eq!(answer.status, 404, "nobody waits for what nobody said yet");
    let lots = format!("/lots?at={}", story.told.cast_at);
    let lineage = format!("/lots/{}/lineage?at={}", story.told.lots.bar, story.told.cast_at);
    let whole = format!("/lots/{}?at={}", story.told.lots.bar, story.told.cast_at);
    for (path, is_kept) in [
        (lots.as_str(), true),
        (&lineage, true),
        // Between which times its statements came, witnesses still tell.
        (&whole, false),
        ("/lots", false),
    ] {
        let answer = answer_at(story, path);
        let kept = answer.headers["cache-control"].contains("immutable");
        assert_eq!(kept, is_kept, "{path}: {:?}", answer.headers);
        let seen = [("if-none-match", answer.headers["etag"].as_str())];
        if is_kept {
            let again = get(&story.told.portal, &format!("{API}{path}"), &seen);
            assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        }
    }
    let position = json_at(story, &lots)["position"].as_u64();
    assert_eq!(position, Some(story.told.cast_at));
}

/// Whoever asks again while nobody said anything is told that it is the same, although clocks were read again.
fn what_is_known_is_not_sent_again(story: &Story) {
    let (told, portal) = (&story.told, &story.told.portal);
    let (bar, org, site) = (&told.lots.bar, &told.organizations.esperanza, &told.sites.esperanza);
    let of = |begin: &str| {
        let things = ["/lots", "/orgs", "/sites"].map(|list| format!("{begin}{list}"));
        let pages = [
            format!("{begin}/lots/{bar}"),
            format!("{begin}/orgs/{org}"),
            format!("{begin}/sites/{site}"),
        ];
        [things, pages].concat()
    };
    for path in [of(API), of("/fr")].concat() {
        let first = get(portal, &path, &[]);
        // Clocks tell milliseconds.
        let other = iter::repeat_with(|| get(portal, &path, &[])).find(|next| next.body != first.body);
        let other = other.expect("clocks go on");
        let etag = &first.headers["etag"];
        assert_eq!(etag, &other.headers["etag"], "{path}");
        let again = get(portal, &path, &[("if-none-match", etag)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
    for path in [
        "/log/checkpoint".to_owned(),
        format!("/log/entries/{}/proof", told.declared_at - 1),
    ] {
        let etag = answer_at(story, &path).headers["etag"].clone();
        let again = get(portal, &format!("{API}{path}"), &[("if-none-match", &etag)]);
        // Witnesses may have cosigned the checkpoint again.
        assert!(
            again.status == 304 || again.headers["etag"] != etag,
            "{path}: {}",
            again.status
        );
    }
}

/// A policy that is sent judges as the same policy that is named.
fn own_policies_judge_as_shipped_ones(story: &Story) {
    let policies = json_at(story, "/policies");
    let policies = policies["items"].as_array().expect("policies");
    assert_eq!(policies.len(), 3);
    for policy in policies {
        let text = |name: &str| policy[name].as_str().expect("a text");
        let path = format!("/lots/{}/check", story.told.lots.held);
        let sent = post(
            &story.told.portal,
            &format!("{API}{path}"),
            "application/toml",
            text("text"),
        );
        assert_eq!(sent.status, 200, "{}", sent.text());
        let sent: Value = serde_json::from_slice(&sent.body).expect("JSON");
        let named = json_at(story, &format!("{path}?policy={}", text("name")));
        assert_eq!(named["outcome"], "not-eligible", "it is held");
        for part in ["outcome", "reasons", "checked", "origins"] {
            assert_eq!(sent[part], named[part], "{part} by {}", text("name"));
        }
        assert_eq!(
            (&sent["policy"]["shipped"], &named["policy"]["shipped"]),
            (&Value::Null, &policy["name"])
        );
    }
}

/// Has the description checked by a linter, and the API by a tester that makes up what it asks.
pub(crate) fn examine(story: &Story) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("api");
    let python = directory.join(".venv/bin/python");
    if !python.exists() {
        tell("SKIPPED, the API was not examined: packages are missing: tests/api/install");
        return;
    }
    let told = story.desk.path("api.json");
    let mut values = serde_json::to_value(&story.told).expect("what was told has a JSON form");
    values["paths"] = json!({
        "org": story.told.organizations,
        "site": story.told.sites,
        "lot": story.told.lots,
    });
    values["index"] = (story.told.declared_at - 1).into();
    values["key"] = key(story).into();
    values["statement"] = story.told.declaration.clone().into();
    values["digest"] = NO_FILE.into();
    values["number"] = 0.into();
    fs::write(&told, values.to_string()).expect("the test's own directory takes files");
    let said = Said::by(Command::new(python).current_dir(&directory).arg("run.py").arg(&told));
    tell(&said.output);
    assert_eq!(said.code, Some(0), "{}{}", said.output, said.errors);
}

/// Follows a lot and an organization while they say something, breaks off, goes on where that was, and is still there at the end.
pub(crate) fn follow_to_the_end(story: Story) {
    let portal = story.told.portal.clone();
    let (lot, declared_at) = declared(&story);
    let of_lot = format!("{API}/lots/{lot}/events");
    let of_organization = format!("{API}/orgs/{}/events", story.told.organizations.esperanza);
    let mut lot_events = begun(&portal, &of_lot, &[]);
    let mut organization_events = begun(&portal, &of_organization, &[]);

    let says = story.desk.says(&story.esperanza);
    let offered = says.lot(&["offer", &lot, "--to", &story.told.organizations.trader]);
    let event = lot_events.next().expect("an offer is told");
    assert_eq!((event.name.as_str(), event.id), ("entry", offered.position.to_string()));
    let entry: Value = serde_json::from_str(&event.data).expect("JSON");
    assert_eq!(
        (&entry["kind"], &entry["verdict"]),
        (&json!("custody-offered"), &json!(0))
    );
    drop(lot_events);

    let reported = milestone_reported(&story);
    let event = organization_events.next().expect("a report is told");
    let change: Value = serde_json::from_str(&event.data).expect("JSON");
    assert_eq!(
        (event.name.as_str(), &change["kind"], &change["said"]["statement_id"]),
        ("change", &json!("milestone-reported"), &json!(reported))
    );
    drop(organization_events);

    // Said while nobody followed.
    let withdrawn = says.lot(&["withdraw", &lot]);
    let again = milestone_reported(&story);
    let mut lot_events = begun(&portal, &of_lot, &[("last-event-id", &offered.position.to_string())]);
    let mut organization_events = begun(&portal, &of_organization, &[("last-event-id", &event.id)]);
    let event = lot_events.next().expect("what came meanwhile is told");
    assert_eq!(event.id, withdrawn.position.to_string());
    let event = organization_events.next().expect("what came meanwhile is told");
    let change: Value = serde_json::from_str(&event.data).expect("JSON");
    assert_eq!(change["said"]["statement_id"], json!(again));

    let whole = begun(&portal, &of_lot, &[("last-event-id", "0")])
        .take(3)
        .map(|event| event.id);
    let expected = [declared_at, offered.position, withdrawn.position];
    assert_eq!(whole.collect::<Vec<_>>(), expected.map(|position| position.to_string()));
    for refused in ["first", "-1", "18446744073709551615"] {
        let answer = get(&portal, &of_lot, &[("last-event-id", refused)]);
        assert_eq!(answer.status, 400, "{refused}");
    }

    // Nothing of it holds up the end.
    story.end();
    assert_eq!((lot_events.next(), organization_events.next()), (None, None));
}

fn begun(portal: &str, path: &str, headers: &[(&str, &str)]) -> Events {
    let headers = [headers, &[("accept-encoding", "br, gzip")]].concat();
    let events = follow(portal, path, &headers);
    let answer = &events.answer;
    assert_eq!(
        (answer.status, answer.headers["content-type"].as_str()),
        (200, "text/event-stream"),
        "{path}"
    );
    assert_eq!(
        answer.headers.get("content-encoding"),
        None,
        "nothing waits to be compressed"
    );
    events
}

/// Another lot of the organization that the story is about, and where its declaration stands.
fn declared(story: &Story) -> (String, u64) {
    let declare = story.another_lot();
    let words: Vec<_> = declare.iter().map(String::as_str).collect();
    let declared = story.desk.says(&story.esperanza).lot(&words);
    story.desk.settle(declared.position);
    (declared.created.into_iter().next().expect("a lot"), declared.position)
}

/// The statement.
fn milestone_reported(story: &Story) -> String {
    let organization = json_at(story, &format!("/orgs/{}", story.told.organizations.esperanza));
    let plan = &organization["plans"][0]["plan_id"];
    let signed = story.desk.sign(Some(&story.esperanza), "MilestoneReported", |event| {
        event["organization"] = story.esperanza.party.clone().into();
        event["plan"] = plan.clone();
        event["note"] = "still on its way".into();
    });
    story.desk.check(DONE, &["statement", "submit"]);
    signed.statement
}
