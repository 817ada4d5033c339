//! Whoever has just said something asks for it at once, as a telephone does that follows its receipt: no service that is behind another
//! makes the portal say that there is no such thing, or answer from what was before.

use std::fs;

use serde_json::{Value, json};
use tests::markup::{Answer, follow, get, post_with};
use tests::story::Story;

/// What is asked right after a statement, with its id, its position, its place in the log and the id of what it is about in the braces;
/// the status, and what the answer says, or where it leads.
const OF_ANY: [(&str, u16, &str); 10] = [
    ("/en/log/{index}", 200, "{statement}"),
    ("/en/log/{index}/proof", 200, "c2sp.org/tlog-proof@v1"),
    ("/en/statements/{statement}", 303, "/en/log/{index}"),
    ("/en/search?q={statement}", 303, "/en/log/{index}"),
    ("/api/v1/log/entries/{index}", 200, "\"statement_id\":\"{statement}\""),
    ("/api/v1/log/entries/{index}/proof", 200, "c2sp.org/tlog-proof@v1"),
    ("/api/v1/log/statements/{statement}", 200, "\"index\":{index}"),
    ("/api/v1/search?q={statement}", 200, "\"page\":\"/log/{index}\""),
    ("/api/v1/lots/{about}/latest", 200, "\"statement_id\":\"{statement}\""),
    ("/api/v1/lots/{about}/refused", 200, "\"is_behind\":false"),
];

/// The same right after the statement that declares the lot.
const OF_A_NEW_LOT: [(&str, u16, &str); 6] = [
    ("/en/lots/{about}", 200, "{about}"),
    ("/en/lots/{about}/check", 200, "{about}"),
    ("/en/lots/{about}/label", 200, "{about}"),
    ("/api/v1/lots/{about}", 200, "{statement}"),
    ("/api/v1/lots/{about}/bundle", 200, ""),
    ("/api/v1/lots/{about}/events", 200, ""),
];

/// The same right after another one that names it.
const OF_A_LOT: [(&str, u16, &str); 3] = [
    ("/en/log/{index}", 200, "invented"),
    ("/api/v1/log/entries/{index}", 200, "\"is_illustrative\":true"),
    ("/api/v1/lots/{about}/check", 200, "\"position\":{position},"),
];

/// The same right after a party is enrolled.
const OF_A_NEW_PARTY: [(&str, u16, &str); 6] = [
    ("/en/orgs/{about}", 200, "{about}"),
    ("/en/compare?a={about}", 200, "{about}"),
    ("/en/orgs/{about}/criteria/0", 200, "{about}"),
    ("/api/v1/orgs/{about}", 200, "{about}"),
    ("/api/v1/orgs/{about}/plans", 200, "\"items\":[]"),
    ("/api/v1/orgs/{about}/events", 200, ""),
];

/// What nobody has said yet, and nobody is kept waiting for.
const OF_NOBODY: [&str; 6] = [
    "/en/log/{future}",
    "/en/log/{future}/proof",
    "/en/lots?at={future}",
    "/en/compare?a={org}&at1={future}",
    "/api/v1/compare?a={org}&at2={future}",
    "/api/v1/log/entries/{future}",
];

/// How often a service that is behind for ten seconds is asked: a minute is long enough for any machine.
const TRIES_MAX: usize = 6;

/// What was just said.
struct Said {
    statement: String,
    position: u64,
    /// The id of what it is about, or of what it made.
    about: String,
}

pub(crate) fn answered(story: &Story) {
    for case in OF_ANY.iter().chain(&OF_A_NEW_LOT) {
        check(story, &declared(story), case);
    }
    for case in OF_ANY.iter().chain(&OF_A_LOT) {
        check(story, &offered(story, &declared(story)), case);
    }
    for case in &OF_A_NEW_PARTY {
        check(story, &enrolled(story), case);
    }
    let future = rpc::read::POSITION_MAX - 1;
    for path in OF_NOBODY {
        let path = path
            .replace("{future}", &future.to_string())
            .replace("{org}", &story.told.organizations.esperanza);
        let answer = get(&story.told.portal, &path, &[]);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
}

#[track_caller]
fn check(story: &Story, said: &Said, (path, status, told): &(&str, u16, &str)) {
    let filled = |text: &str| {
        text.replace("{position}", &said.position.to_string())
            .replace("{index}", &(said.position - 1).to_string())
            .replace("{statement}", &said.statement)
            .replace("{about}", &said.about)
    };
    let (path, told) = (filled(path), filled(told));
    let answer = asked(story, &path);
    assert_eq!(
        answer.status,
        *status,
        "{path}: {}",
        String::from_utf8_lossy(&answer.body)
    );
    let told_here = match answer.headers.get("location") {
        Some(to) => to.clone(),
        None => String::from_utf8_lossy(&answer.body).into_owned(),
    };
    assert!(told_here.contains(&told), "{path} does not say {told}: {told_here}");
}

/// What is answered; of what is followed, what comes before the first event. A service that is behind for longer than it is waited
/// for is asked again, as 503 says.
fn asked(story: &Story, path: &str) -> Answer {
    let portal = &story.told.portal;
    let ask = || {
        if path.ends_with("/events") {
            return follow(portal, path, &[]).answer;
        }
        get(portal, path, &[])
    };
    in_the_end(ask)
}

/// The first answer but 503, which says to ask again.
fn in_the_end(ask: impl Fn() -> Answer) -> Answer {
    let answers = (1..TRIES_MAX).map(|_| ask());
    let mut final_ones = answers.filter(|answer| answer.status != 503);
    final_ones.next().unwrap_or_else(ask)
}

/// Declares another lot of Esperanza's.
fn declared(story: &Story) -> Said {
    let declare = story.another_lot();
    let words = declare.iter().map(String::as_str);
    let told: Vec<_> = ["lot"]
        .into_iter()
        .chain(words)
        .chain(story.esperanza.signing())
        .collect();
    let signed = story.desk.json_one(&told);
    let lot = signed["all_created"][0].as_str().expect("a lot").to_owned();
    submitted(story, lot)
}

/// Offers a lot that was just declared.
fn offered(story: &Story, declared: &Said) -> Said {
    story.desk.sign(Some(&story.esperanza), "CustodyOffered", |event| {
        *event = json!({"lot": declared.about, "after": declared.statement, "to": story.told.organizations.trader});
    });
    submitted(story, declared.about.clone())
}

/// Enrols another organization.
fn enrolled(story: &Story) -> Said {
    let party = story.desk.sign(None, "PartyEnrolled", |profile| {
        profile["kind"] = "MinersOrganization".into();
        profile["name"] = "Los Nuevos".into();
    });
    submitted(story, party.created)
}

/// Submits the statement that was signed last, as a page does.
fn submitted(story: &Story, about: String) -> Said {
    let queue = fs::read_dir(story.desk.state().join("queue")).expect("there is a queue");
    let paths = queue.map(|entry| entry.expect("a queue can be listed").path());
    let waiting = paths.filter(|path| path.extension().is_some_and(|end| end == "statement"));
    let statement = fs::read(waiting.max().expect("a statement waits")).expect("a file in the queue");
    let portal = &story.told.portal;
    let headers = [
        ("origin", portal.as_str()),
        ("content-type", "application/octet-stream"),
    ];
    let send = || post_with(portal, "/api/v1/statements", &headers, &statement);
    let answer = in_the_end(send);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let receipt: Value = serde_json::from_str(answer.text()).expect("JSON");
    Said {
        statement: receipt["statement_id"].as_str().expect("an id").to_owned(),
        position: receipt["position"].as_u64().expect("a position"),
        about,
    }
}
