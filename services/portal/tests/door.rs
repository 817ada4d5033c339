//! The door, with every service away: languages, headers, and what is refused before anything is asked.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use portal::Kit;
use portal::clients::Allowed;
use portal::language::Language;
use portal::sources::Addresses;
use portal::wasm::Wasm;
use tower::ServiceExt;

/// Nobody listens there: the port is reserved.
const NOBODY: &str = "http://127.0.0.1:1";

const BODY_BYTES_MAX: usize = 1 << 20;

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    ask_of(Kit::default(), method, path, headers).await
}

async fn ask_of(kit: Kit, method: &str, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    sent(kit, method, path, headers, Vec::new()).await
}

async fn sent(
    kit: Kit,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> (StatusCode, HeaderMap, String) {
    let addresses = Addresses {
        ingest: NOBODY.to_owned(),
        progress: NOBODY.to_owned(),
        custody: NOBODY.to_owned(),
        audit: NOBODY.to_owned(),
    };
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let router = portal::router(&addresses, kit, Allowed::default()).expect("good addresses");
    let response = router
        .oneshot(request.body(Body::from(body)).expect("a good request"))
        .await
        .expect("a router always answers");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX).await.expect("a short body");
    (
        parts.status,
        parts.headers,
        String::from_utf8(body.to_vec()).expect("text"),
    )
}

async fn check_redirect(path: &str, accepted: &str, to: &str) {
    let (status, headers, _) = ask("GET", path, &[("accept-language", accepted)]).await;
    assert_eq!(
        (status, headers["location"].to_str().expect("text")),
        (StatusCode::FOUND, to),
        "{path}"
    );
}

#[tokio::test]
async fn whoever_names_no_language_is_sent_to_his_own() {
    check_redirect("/", "es-CO,es;q=0.9", "/es/").await;
    check_redirect("/lots/lot-1?at=12", "fr", "/fr/lots/lot-1?at=12").await;
    check_redirect("/lots", "de", "/en/lots").await;
    // Never to another host.
    check_redirect("//example.org/en", "en", "/en//example.org/en").await;
    check_redirect("/\\example.org", "en", "/en/\\example.org").await;
}

#[tokio::test]
async fn every_page_is_in_the_language_of_its_address() {
    for language in Language::ALL {
        for (path, status) in [
            ("", 200),
            ("/help", 200),
            ("/help/", 200),
            ("/nothing", 404),
            ("/help?at=yesterday", 400),
        ] {
            let address = format!("/{}{path}", language.code());
            let (answered, _, body) = ask("GET", &address, &[("accept-language", "en")]).await;
            assert_eq!(answered, status, "{address}");
            assert!(
                body.contains(&format!("<html lang=\"{}\">", language.code())),
                "{address}"
            );
            assert!(body.contains(&language.t("skip-to-content")), "{address}");
        }
    }
}

#[tokio::test]
async fn every_answer_is_guarded() {
    for path in ["/en", "/en/nothing", "/", "/static/0/portal.css", "/en/help?at=%00"] {
        let (_, headers, _) = ask("GET", path, &[]).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
    }
}

#[tokio::test]
async fn what_other_sites_send_is_refused() {
    let check = async |headers: &[(&str, &str)], expected: StatusCode| {
        let (status, ..) = ask("POST", "/en/help", headers).await;
        assert_eq!(status, expected, "{headers:?}");
    };
    let (refused, passed) = (StatusCode::FORBIDDEN, StatusCode::METHOD_NOT_ALLOWED);
    check(&[("sec-fetch-site", "cross-site")], refused).await;
    check(&[("sec-fetch-site", "same-site")], refused).await;
    check(&[("sec-fetch-site", "same-origin")], passed).await;
    check(&[("origin", "http://evil.example"), ("host", "veta.example")], refused).await;
    check(&[("origin", "null"), ("host", "veta.example")], refused).await;
    check(&[("origin", "http://veta.example"), ("host", "veta.example")], passed).await;
    check(&[], passed).await;
}

#[tokio::test]
async fn a_page_that_is_known_is_not_sent_again() {
    let (status, headers, _) = ask("GET", "/en/help", &[]).await;
    assert_eq!(status, StatusCode::OK);
    let etag = headers["etag"].to_str().unwrap();
    let (status, _, body) = ask("GET", "/en/help", &[("if-none-match", etag)]).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    let (status, ..) = ask("GET", "/es/help", &[("if-none-match", etag)]).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn static_files_are_kept_for_ever_under_their_digest_and_no_other() {
    let (_, _, page) = ask("GET", "/en", &[]).await;
    let path = page
        .split("href=\"")
        .find_map(|rest| rest.starts_with("/static/").then(|| rest.split('"').next()).flatten());
    let (status, headers, _) = ask("GET", path.unwrap(), &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
    for path in [
        "/static/0000000000000000/portal.css",
        "/static/x/../Cargo.toml",
        "/static/x/%2e%2e%2fCargo.toml",
        "/static/x",
    ] {
        let (status, ..) = ask("GET", path, &[]).await;
        assert!(
            status == StatusCode::NOT_FOUND || status == StatusCode::FOUND,
            "{path}: {status}"
        );
    }
}

#[tokio::test]
async fn the_page_that_verifies_runs_our_webassembly_and_no_other_page_does() {
    let (status, headers, body) = ask("GET", "/pt/verify", &[]).await;
    assert_eq!(status, StatusCode::OK);
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    for module in ["verify.mjs", "veta-verify.mjs", "veta-proof.mjs"] {
        let at = body.split('"').find(|text| text.ends_with(&format!("/{module}")));
        let (status, headers, _) = ask("GET", at.unwrap(), &[]).await;
        assert_eq!(
            (status, headers["content-type"].to_str().unwrap()),
            (StatusCode::OK, "text/javascript; charset=utf-8")
        );
    }
    let (_, headers, _) = ask("GET", "/pt/help", &[]).await;
    assert!(!headers["content-security-policy"].to_str().unwrap().contains("wasm"));
    let (status, headers, _) = ask("GET", "/sw.mjs", &[]).await;
    assert_eq!(
        (status, headers["cache-control"].to_str().unwrap()),
        (StatusCode::OK, "no-cache")
    );
}

#[tokio::test]
async fn an_id_that_is_searched_for_leads_to_its_page_and_nowhere_else() {
    let lot = event::LotId::from_bytes([7; 16]);
    let (status, headers, _) = ask("GET", &format!("/fr/search?q={lot}&at=12"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(
        headers["location"].to_str().expect("text"),
        format!("/fr/lots/{lot}?at=12")
    );
    let (status, headers, _) = ask("GET", "/fr/search?q=%237", &[]).await;
    assert_eq!(
        (status, headers["location"].to_str().expect("text")),
        (StatusCode::SEE_OTHER, "/fr/log/6")
    );
    let (status, ..) = ask("GET", "/fr/search?q=", &[]).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_module_is_served_under_its_digest_alone() {
    let verifier = Wasm::new("verifier.wasm", b"\0asm".to_vec());
    let path = verifier.path();
    let kit = Kit {
        verifier: Some(verifier),
        ..Kit::default()
    };
    let (status, headers, body) = ask_of(kit.clone(), "GET", &path, &[]).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "\0asm"));
    assert_eq!(headers["content-type"], "application/wasm");
    let (status, _, page) = ask_of(kit.clone(), "GET", "/en/verify", &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(&format!("data-wasm=\"{path}\"")), "{page}");
    for other in ["/wasm/0000000000000000/verifier.wasm", "/wasm/0/other.wasm"] {
        let (status, ..) = ask_of(kit.clone(), "GET", other, &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{other}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_submission_is_a_problem() {
    let octets = ("content-type", "application/octet-stream");
    for (headers, bytes, status, is_final) in [
        (vec![octets], 10, StatusCode::SERVICE_UNAVAILABLE, false),
        (vec![octets], 49_251, StatusCode::SERVICE_UNAVAILABLE, false),
        (vec![octets], 49_252, StatusCode::PAYLOAD_TOO_LARGE, true),
        (vec![], 10, StatusCode::UNSUPPORTED_MEDIA_TYPE, true),
        (
            vec![("content-type", "text/plain")],
            10,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            true,
        ),
    ] {
        let sent = sent(Kit::default(), "POST", "/api/v1/statements", &headers, vec![0; bytes]).await;
        let (answered, told, problem) = sent;
        assert_eq!(answered, status, "{headers:?} {bytes}");
        assert_eq!(told["content-type"], "application/problem+json");
        let problem: serde_json::Value = serde_json::from_str(&problem).unwrap();
        assert_eq!(problem["status"], status.as_u16());
        assert_eq!(problem["is_final"], is_final, "{problem}");
        assert!(
            problem["detail"].is_string() && problem["title"].is_string(),
            "{problem}"
        );
    }
    for path in ["/api/v1/keys/00", "/api/v1/lots/lot-1/latest"] {
        let (status, headers, body) = ask("GET", path, &[]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(body.contains("this cannot be meant"), "{body}");
    }
    let (status, ..) = ask("GET", "/api/v1/nothing", &[]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_words_of_the_page_that_signs_are_in_its_language() {
    for language in Language::ALL {
        let address = format!("/{}/submit/words", language.code());
        let (status, headers, body) = ask("GET", &address, &[]).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], "application/json");
        let words: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(words["facts"]["lot-declared.site"], language.t("fact-site"));
        let kind = "event-kind-lot-declared";
        assert_eq!(words["words"][kind], language.t(kind));
        let later = words["texts"]["submit-later"].as_str().unwrap();
        assert!(later.contains("{left}") && later.contains("{why}"), "{later}");
    }
    let (status, ..) = ask("GET", "/en/submit", &[]).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}
