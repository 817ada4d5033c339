//! Whoever signs in to the portal by hand, and what he then sees: files of three circles, and who looked at them.

use tests::desk::{Desk, Speaker};
use tests::markup::{Answer, Markup, get, post, post_with};
use tests::story::Story;

/// Where one signs in by hand.
const TERMINAL: &str = "/en/account/sign-in/terminal";
const FORM: &str = "application/x-www-form-urlencoded";

/// Somebody who reads pages, with what his browser keeps.
struct Reader<'a> {
    portal: &'a str,
    /// Of a session; empty for nobody.
    cookie: String,
}

impl Reader<'_> {
    fn get(&self, path: &str) -> Answer {
        get(self.portal, path, &[("cookie", &self.cookie)])
    }

    /// The text of a page that is there.
    #[track_caller]
    fn reads(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert!(!answer.headers.contains_key("etag"), "{path}");
        Markup::read(answer.text()).texts.concat()
    }
}

/// What is to be signed, as the page says it: the site, and what it drew.
fn drawn(portal: &str) -> (String, String) {
    let page = get(portal, TERMINAL, &[]);
    let text = Markup::read(page.text()).texts.concat();
    let word = |before: &str| {
        let (_, rest) = text.split_once(before).expect("the command stands in the page");
        rest.split_whitespace().next().expect("a word").to_owned()
    };
    (word("--site "), word("--challenge "))
}

fn signed(desk: &Desk, by: &Speaker, site: &str, challenge: &str) -> String {
    let said = desk.json_one(&[
        "evidence",
        "sign-in",
        "--site",
        site,
        "--challenge",
        challenge,
        "--key",
        &by.key,
    ]);
    format!("signed={}", said["signed"].as_str().expect("digits"))
}

fn sign_in<'a>(desk: &Desk, by: &Speaker, portal: &'a str) -> Reader<'a> {
    let (site, challenge) = drawn(portal);
    assert_eq!(format!("http://{site}"), portal);
    let body = signed(desk, by, &site, &challenge);
    let answer = post(portal, TERMINAL, FORM, &body);
    assert_eq!(
        (answer.status, answer.headers["location"].as_str()),
        (303, "/en/account")
    );
    let told = &answer.headers["set-cookie"];
    for flag in [
        "__Host-",
        "; Path=/",
        "; Secure",
        "; HttpOnly",
        "; SameSite=Strict",
        "; Max-Age=",
    ] {
        assert!(told.contains(flag), "{told}");
    }
    // Once is once.
    let again = post(portal, TERMINAL, FORM, &body);
    check_refused(&again, "used before");
    let cookie = told.split(';').next().expect("a cookie").to_owned();
    Reader { portal, cookie }
}

#[track_caller]
fn check_refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, 403, "{}", answer.text());
    assert!(!answer.headers.contains_key("set-cookie"));
    assert!(answer.text().contains(words), "{}", answer.text());
}

/// Signs in as several, and checks what each sees.
pub(crate) fn signed_in_and_looked(story: &Story) {
    let (desk, portal) = (&story.desk, story.told.portal.as_str());
    let files = ["public", "auditors", "organization"].map(|visibility| story.keep(visibility));
    let nobody = Reader {
        portal,
        cookie: format!("__Host-veta-session={}", "07".repeat(32)),
    };
    let [owner, auditor, buyer] =
        [&story.esperanza, &story.assessor, &story.buyer].map(|speaker| sign_in(desk, speaker, portal));
    let sees: [(&Reader<'_>, [u16; 3]); 4] = [
        (&nobody, [200, 401, 401]),
        (&buyer, [200, 403, 403]),
        (&auditor, [200, 200, 403]),
        (&owner, [200, 200, 200]),
    ];
    for (reader, expected) in sees {
        for (digest, expected) in files.iter().zip(expected) {
            let file = reader.get(&format!("/en/evidence/{digest}/file"));
            assert_eq!(file.status, expected, "{digest} for {:?}", reader.cookie);
            let page = reader.get(&format!("/en/evidence/{digest}"));
            assert_eq!(page.status, 200, "{}", page.text());
            assert_eq!(
                page.text().contains(&format!("/evidence/{digest}/file")),
                expected == 200
            );
            if expected == 200 {
                assert!(file.body.starts_with(b"%PDF-1.7 for "), "{digest}");
                assert!(file.headers["content-disposition"].starts_with("attachment"));
                assert!(file.headers["content-security-policy"].contains("sandbox"));
                assert_eq!(file.headers["x-content-type-options"], "nosniff");
            }
        }
    }
    check_pages(&owner, &auditor, &nobody, &story.esperanza.party);
    let [public, for_auditors, own] = &files;
    let looks = owner.reads("/en/account/accesses");
    for told in [
        for_auditors.as_str(),
        own,
        "Third Eye Assurance",
        "Goldschmied & Söhne",
        "Refused",
        "Handed out",
    ] {
        assert!(looks.contains(told), "no {told:?} in {looks}");
    }
    assert!(!looks.contains(public.as_str()), "{looks}");
    let theirs = auditor.reads("/en/account/accesses");
    assert!(!theirs.contains(own.as_str()), "{theirs}");
    check_forged(story, &owner);
    check_over(&auditor, story);
}

/// Who is signed in is named on every page, and nobody is otherwise.
fn check_pages(owner: &Reader<'_>, auditor: &Reader<'_>, nobody: &Reader<'_>, party: &str) {
    assert!(owner.reads("/es/account").contains(party));
    assert!(auditor.reads("/fr/help").contains("Third Eye Assurance"));
    let page = nobody.get("/en/help");
    assert!(page.text().contains("Sign in") && page.headers.contains_key("etag"));
    // What a browser has from before one signed in is not taken for what one sees now.
    let etag = &page.headers["etag"];
    let again = get(
        owner.portal,
        "/en/help",
        &[("cookie", &owner.cookie), ("if-none-match", etag)],
    );
    assert_eq!(again.status, 200);
    assert_eq!(nobody.get("/en/account/accesses").status, 401);
}

/// What was not drawn here, is for another site, or comes from one, signs nobody in or out.
fn check_forged(story: &Story, owner: &Reader<'_>) {
    let (desk, portal) = (&story.desk, story.told.portal.as_str());
    let (site, challenge) = drawn(portal);
    let sent = |body: &str| post(portal, TERMINAL, FORM, body);
    check_refused(
        &sent(&signed(desk, &story.esperanza, "evil.example", &challenge)),
        "another site",
    );
    check_refused(
        &sent(&signed(desk, &story.esperanza, &site, &"07".repeat(32))),
        "used before",
    );
    check_refused(&sent("signed=00"), "Sign again");
    check_refused(&sent(""), "Sign again");
    let elsewhere = [
        ("origin", "http://evil.example"),
        ("content-type", FORM),
        ("cookie", owner.cookie.as_str()),
    ];
    for path in [
        TERMINAL,
        "/en/account/sign-out",
        "/en/account/sign-in",
        "/en/account/challenge",
    ] {
        let answer = post_with(portal, path, &elsewhere, "");
        assert_eq!(answer.status, 403, "{path}");
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
    }
    assert_eq!(owner.get("/en/account/accesses").status, 200);
    let own = [
        ("origin", portal),
        ("content-type", FORM),
        ("cookie", owner.cookie.as_str()),
    ];
    let out = post_with(portal, "/en/account/sign-out", &own, "");
    assert!(out.headers["set-cookie"].ends_with("Max-Age=0"), "{:?}", out.headers);
    assert_eq!(owner.get("/en/account/accesses").status, 401);
}

/// A key that is revoked ends what it opened, and opens nothing more.
fn check_over(auditor: &Reader<'_>, story: &Story) {
    let (site, challenge) = drawn(auditor.portal);
    let body = signed(&story.desk, &story.assessor, &site, &challenge);
    let shown = story.desk.json_one(&["keys", "show", &story.assessor.key]);
    let public = shown["key"].clone();
    story.desk.sign(None, "KeyRevoked", |event| {
        event["key"] = public;
        event["reason"] = "Lost".into();
    });
    story.desk.check(0, &["statement", "submit"]);
    tests::process::eventually("the key is known to be revoked", || {
        (auditor.get("/en/account").status == 401).then_some(())
    });
    assert!(
        auditor.get("/en/help").headers.contains_key("etag"),
        "it still counts as signed in"
    );
    check_refused(&post(auditor.portal, TERMINAL, FORM, &body), "revoked");
}
