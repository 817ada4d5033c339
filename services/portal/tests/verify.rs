//! A proof that is sent to the page which verifies, by whoever has no script.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::convert::Infallible;
use std::fs;
use std::path::Path;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use futures_util::future::poll_immediate;
use futures_util::stream::pending;
use portal::clients::Allowed;
use portal::language::Language;
use portal::sources::Addresses;
use portal::{Kit, PROOFS_MAX};
use replay::bundle::BUNDLE_BYTES_MAX;
use tlog::policy::POLICY_BYTES_MAX;
use tower::ServiceExt;

/// Nobody listens there: the port is reserved.
const NOBODY: &str = "http://127.0.0.1:1";

const BODY_BYTES_MAX: usize = 1 << 20;
const BOUNDARY: &str = "between-two-fields";

fn golden(name: &str) -> Vec<u8> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../libs/replay/testdata/bundle");
    fs::read(directory.join(name)).unwrap()
}

/// A form as browsers send it.
fn form(proof: &[u8], policy: &[u8]) -> Vec<u8> {
    let field = |name: &str, value: &[u8]| {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
        [head.as_bytes(), value, b"\r\n"].concat()
    };
    let end = format!("--{BOUNDARY}--\r\n");
    [field("proof", proof), field("policy", policy), end.into_bytes()].concat()
}

fn router() -> Router {
    let addresses = Addresses {
        ingest: NOBODY.to_owned(),
        progress: NOBODY.to_owned(),
        custody: NOBODY.to_owned(),
        audit: NOBODY.to_owned(),
    };
    portal::router(&addresses, Kit::default(), Allowed::LOCAL).unwrap()
}

fn request(method: &str, path: &str, site: &str, body: Body) -> Request<Body> {
    let form = format!("multipart/form-data; boundary={BOUNDARY}");
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("sec-fetch-site", site);
    request.header("content-type", form).body(body).unwrap()
}

async fn answered(router: Router, request: Request<Body>) -> (StatusCode, String) {
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX).await.unwrap();
    (parts.status, String::from_utf8(body.to_vec()).unwrap())
}

async fn ask(method: &str, path: &str, site: &str, body: Vec<u8>) -> (StatusCode, String) {
    answered(router(), request(method, path, site, Body::from(body))).await
}

/// What the page says of a proof by a policy: the status, and every one of these texts.
async fn check(proof: &[u8], policy: &[u8], expected: StatusCode, said: &[&str], unsaid: &[&str]) {
    for language in Language::ALL {
        let path = format!("/{}/verify", language.code());
        let (status, page) = ask("POST", &path, "same-origin", form(proof, policy)).await;
        assert_eq!(status, expected, "{page}");
        // What is said, and not what stands there for the script.
        let (before, rest) = page.split_once("<dl id=\"texts\"").unwrap();
        let shown = format!("{before}{}", rest.split_once("</dl>").unwrap().1);
        let says = |key: &str| {
            let text = language.t(key);
            shown.contains(&text.replace('\u{2019}', "&#8217;")) || shown.contains(&text)
        };
        for key in said {
            assert!(says(key), "{} is not said in {}: {shown}", key, language.name());
        }
        for key in unsaid {
            assert!(!says(key), "{} is said in {}: {shown}", key, language.name());
        }
    }
}

#[tokio::test]
async fn a_proof_that_holds_is_told_to_by_this_server() {
    let (proof, policy) = (golden("made-of-others.veta-proof"), golden("all-witnesses.policy"));
    let said = [
        "verify-verified-why",
        "verify-by-server",
        "verify-custodian",
        "verify-origins",
        "verify-by-own-policy",
    ];
    let unsaid = ["verify-not-verified-why", "verify-by-operators-policy"];
    check(&proof, &policy, StatusCode::OK, &said, &unsaid).await;
    // A browser ends the lines of what was typed with two bytes.
    let typed = String::from_utf8(policy).unwrap().replace('\n', "\r\n");
    check(&proof, typed.as_bytes(), StatusCode::OK, &said, &[]).await;
}

#[tokio::test]
async fn what_does_not_hold_is_refused_with_its_reason() {
    let (proof, policy) = (golden("made-of-others.veta-proof"), golden("all-witnesses.policy"));
    let mut changed = proof.clone();
    let at = changed.len() / 2;
    changed[at] ^= 1;
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let said = ["verify-not-verified-why", "verify-by-server"];
    check(
        &changed,
        &policy,
        refused,
        &said,
        &["verify-verified-why", "verify-custodian"],
    )
    .await;
    check(
        b"nothing",
        &policy,
        refused,
        &["verify-reason-malformed"],
        &["verify-verified-why"],
    )
    .await;
    check(
        b"",
        b"",
        refused,
        &["verify-reason-bad-policy", "verify-unchecked-why"],
        &["verify-not-verified-why"],
    )
    .await;
    let strange = b"log veta.test/other+00000000+AAAA\nquorum none\n";
    check(
        &proof,
        strange,
        refused,
        &["verify-reason-bad-policy"],
        &["verify-verified-why"],
    )
    .await;
}

#[tokio::test]
async fn a_form_of_another_site_or_of_no_form_is_refused() {
    let (proof, policy) = (golden("made-of-others.veta-proof"), golden("all-witnesses.policy"));
    let (status, _) = ask("POST", "/en/verify", "cross-site", form(&proof, &policy)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = ask("POST", "/en/verify", "same-origin", b"no form".to_vec()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_more_is_read_than_a_proof_has() {
    let much = vec![b'x'; BUNDLE_BYTES_MAX + POLICY_BYTES_MAX + 64 * 1024];
    let (status, page) = ask("POST", "/en/verify", "same-origin", form(&much, b"")).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.contains(&Language::En.t("trouble-too-long-title")), "{page}");
}

/// Whoever sends slowly holds a place and no more; the others are told to ask again.
#[tokio::test]
async fn no_more_proofs_are_here_than_there_is_room_for() {
    let (proof, policy) = (golden("made-of-others.veta-proof"), golden("all-witnesses.policy"));
    let router = router();
    let send = |body: Body| answered(router.clone(), request("POST", "/en/verify", "same-origin", body));
    let slow = (0..PROOFS_MAX).map(|_| Body::from_stream(pending::<Result<Vec<u8>, Infallible>>()));
    let mut held: Vec<_> = slow.map(|body| Box::pin(send(body))).collect();
    for one in &mut held {
        assert!(poll_immediate(one).await.is_none(), "its body never comes");
    }
    let (status, _) = send(Body::from(form(&proof, &policy))).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    drop(held.pop());
    let (status, _) = send(Body::from(form(&proof, &policy))).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_names_where_the_proof_of_a_lot_is() {
    let lot = event::LotId::from_bytes([7; 16]);
    let (status, page) = ask("GET", &format!("/fr/verify?lot={lot}"), "none", Vec::new()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains(&format!("data-bundle=\"/fr/lots/{lot}/bundle\"")),
        "{page}"
    );
    let (status, page) = ask("GET", "/fr/verify", "none", Vec::new()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!page.contains("data-bundle"), "{page}");
    let (status, _) = ask("GET", "/fr/verify?lot=lot-none", "none", Vec::new()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
