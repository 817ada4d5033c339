//! The door, with every service away: languages, headers, and what is refused before anything is asked.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::response::Response;
use portal::Kit;
use portal::clients::Allowed;
use portal::language::Language;
use portal::public::PublicUrl;
use portal::sources::Addresses;
use portal::wasm::Wasm;
use serde_json::Value;
use service::clock::Stopwatch;
use service::http::Peer;
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
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let router = portal::router(&nobody(), kit, Allowed::default()).expect("good addresses");
    let response = router
        .oneshot(request.body(Body::from(body)).expect("a good request"))
        .await
        .expect("a router always answers");
    answered(response).await
}

fn nobody() -> Addresses {
    Addresses {
        ingest: NOBODY.to_owned(),
        progress: NOBODY.to_owned(),
        custody: NOBODY.to_owned(),
        audit: NOBODY.to_owned(),
    }
}

async fn answered(response: Response) -> (StatusCode, HeaderMap, String) {
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

/// A page that is asked for something that cannot be meant: what stands in it, and what does not, in every language.
async fn check_unmeant(path: &str, said: &[&str], keys: &[&str], unsaid: &str) {
    for language in Language::ALL {
        let address = format!("/{}{path}", language.code());
        let (status, _, body) = ask("GET", &address, &[]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{address}");
        let told = keys.iter().map(|key| language.t(key));
        for text in said.iter().map(|text| (*text).to_owned()).chain(told) {
            assert!(body.contains(&text), "{address} does not say {text:?}:\n{body}");
        }
        assert!(!body.contains(unsaid), "{address} says {unsaid:?}:\n{body}");
    }
}

#[tokio::test]
async fn what_cannot_be_meant_is_named_with_what_would_be() {
    let at = ["as-of-label", "takes-time", "trouble-asked-title"];
    let written = ["<bdi>31/01/2026</bdi>", "id=\"at-takes\""];
    // It is as of no time, and no link leads on to the same.
    check_unmeant("/lots?at=31/01/2026", &written, &at, "class=\"as-of\" role").await;
    check_unmeant("/lots?at=31/01/2026", &written, &at, "/lots/?at=").await;
    let depth = ["<b>depth</b>", "<bdi>x</bdi>"];
    let lot = event::LotId::from_bytes([7; 16]);
    check_unmeant(
        &format!("/lots/{lot}?depth=x"),
        &depth,
        &["takes-number"],
        "class=\"fault\"",
    )
    .await;
}

#[tokio::test]
async fn a_form_comes_back_with_the_fields_marked_that_cannot_be_meant() {
    let none = "<table";
    let year = [
        "aria-describedby=\"fault-year\"",
        "id=\"fault-year\"",
        "value=\"M-1\"",
        "<details open>",
    ];
    check_unmeant(
        "/lots?by=bar&number=M-1&year=soon",
        &year,
        &["fault-title", "takes-number"],
        none,
    )
    .await;
    let state = ["aria-describedby=\"fault-state\"", "id=\"fault-state\""];
    check_unmeant("/lots?state=melted", &state, &["takes-offered"], none).await;
    let both = ["id=\"fault-at1\"", "id=\"fault-at2\"", "value=\"31/01/2026\""];
    check_unmeant("/compare?at1=31/01/2026&at2=0", &both, &["takes-time"], none).await;
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

/// Whether an answer is a page of this language that says this.
#[track_caller]
fn check_page(language: Language, headers: &HeaderMap, body: &str, said: &str) {
    assert_eq!(headers["content-type"], "text/html; charset=utf-8", "{body}");
    assert_eq!(headers["cache-control"], "no-store", "{body}");
    assert!(
        body.contains(&format!("<html lang=\"{}\">", language.code())) && body.contains(said),
        "{said:?} is not said:\n{body}"
    );
}

#[tokio::test]
async fn whoever_is_refused_a_page_is_told_why_and_what_to_do_in_his_language() {
    let form = [("content-type", "multipart/form-data; boundary=x")];
    let with = |name: &str, bytes: usize| {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        [head.into_bytes(), vec![b'#'; bytes], b"\r\n--x--\r\n".to_vec()].concat()
    };
    let lot = event::LotId::from_bytes([7; 16]);
    for language in Language::ALL {
        let address = |path: &str| format!("/{}{path}", language.code());
        let elsewhere = [("sec-fetch-site", "cross-site")];
        let (status, headers, body) = ask("POST", &address("/verify"), &elsewhere).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        check_page(language, &headers, &body, &language.t("trouble-other-site"));

        let (status, headers, body) = ask("POST", &address("/help"), &[]).await;
        assert_eq!(
            (status, &headers["allow"]),
            (StatusCode::METHOD_NOT_ALLOWED, &"GET,HEAD".parse().unwrap())
        );
        check_page(language, &headers, &body, &language.t("trouble-unread"));

        let check = address(&format!("/lots/{lot}/check"));
        let (status, headers, body) = ask("POST", &check, &[]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        check_page(language, &headers, &body, &language.t("trouble-unread"));

        let long = with("text", 4 * diligence::POLICY_BYTES_MAX);
        let (status, headers, body) = sent(Kit::default(), "POST", &check, &form, long).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        let most = language.number(u64::try_from(diligence::POLICY_BYTES_MAX).unwrap());
        check_page(language, &headers, &body, &most);
        check_page(language, &headers, &body, &language.t("trouble-too-long-title"));
    }
}

#[tokio::test]
async fn whoever_reads_too_fast_is_told_when_to_go_on() {
    for language in Language::ALL {
        let (status, headers, body) = refused_to(&format!("/{}/help", language.code())).await;
        assert_eq!(
            (status, &headers["retry-after"]),
            (StatusCode::TOO_MANY_REQUESTS, &HeaderValue::from_static("1"))
        );
        check_page(language, &headers, &body, &language.t("trouble-too-fast-title"));
        assert!(!body.contains('{') && !body.contains("trouble-"), "{body}");
    }
    let (.., body) = refused_to("/static/0/portal.css").await;
    assert_eq!(body, "");
}

#[tokio::test]
async fn what_is_to_be_signed_is_drawn_anew_each_time_and_kept_by_nobody() {
    let mut drawn = Vec::new();
    for _ in 0..2 {
        let (status, headers, body) = ask("POST", "/fr/account/challenge", &[]).await;
        assert_eq!(
            (status, &headers["cache-control"]),
            (StatusCode::OK, &"no-store".parse().unwrap())
        );
        let said: Value = serde_json::from_str(&body).expect("JSON");
        let challenge = said["challenge"].as_str().expect("digits").to_owned();
        assert_eq!(challenge.len(), 64, "{challenge}");
        drawn.push(challenge);
    }
    assert_ne!(drawn[0], drawn[1]);
}

#[tokio::test]
async fn whoever_sends_what_no_key_signed_is_told_so_in_his_language_and_is_nobody() {
    let sent_to = async |path: &str, body: &[u8]| sent(Kit::default(), "POST", path, &[], body.to_vec()).await;
    let (status, headers, body) = sent_to("/pt/account/sign-in", b"garbage").await;
    let said: Value = serde_json::from_str(&body).expect("JSON");
    let text = Language::Pt.t("account-no-signature");
    assert_eq!(
        (status, &said["reason"], &said["text"]),
        (StatusCode::FORBIDDEN, &"signature".into(), &text.into())
    );
    assert!(!headers.contains_key("set-cookie"));
    let (status, ..) = sent_to("/pt/account/sign-in", &[0; 2_000]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, ..) = sent_to("/pt/account/sign-in/terminal", &[b'0'; 10_000]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);

    for forged in [
        format!("__Host-veta-session={}", "07".repeat(32)),
        "__Host-veta-session=x".to_owned(),
    ] {
        let (status, headers, _) = ask("GET", "/en/help", &[("cookie", &forged)]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            headers.contains_key("etag") && !headers.contains_key("set-cookie"),
            "{headers:?}"
        );
        let (status, _, body) = ask("GET", "/es/account/accesses", &[("cookie", &forged)]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(body.contains(&Language::Es.t("trouble-sign-in")) && body.contains("href=\"/es/account\""));
    }
}

#[tokio::test]
async fn whoever_signs_out_is_forgotten_and_other_sites_sign_nobody_out() {
    let cookie = format!("__Host-veta-session={}", "07".repeat(32));
    let (status, headers, _) = ask("POST", "/en/account/sign-out", &[("cookie", &cookie)]).await;
    assert_eq!(
        (status, headers["location"].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/en/account")
    );
    assert_eq!(
        headers["set-cookie"],
        "__Host-veta-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"
    );
    for path in [
        "/en/account/sign-out",
        "/en/account/sign-in",
        "/en/account/sign-in/terminal",
        "/en/account/challenge",
    ] {
        for elsewhere in [("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")] {
            let (status, headers, _) = ask(
                "POST",
                path,
                &[elsewhere, ("cookie", &cookie), ("host", "veta.example")],
            )
            .await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
            assert!(!headers.contains_key("set-cookie"), "{path}");
        }
    }
}

#[tokio::test]
async fn one_signs_in_where_nobody_reads_along_and_nowhere_else() {
    let public = |url: &str| Kit {
        public_url: Some(PublicUrl::parse(url).unwrap()),
        ..Kit::default()
    };
    let check = async |kit: Kit, host: &str, expected: Option<&str>| {
        let path = "/en/account/sign-in/terminal";
        let (status, headers, body) = ask_of(kit, "GET", path, &[("host", host)]).await;
        assert_eq!(
            (status, &headers["cache-control"]),
            (StatusCode::OK, &"no-store".parse().unwrap())
        );
        let site = body
            .split_once("sign-in --site ")
            .map(|(_, rest)| rest.split(' ').next().unwrap());
        assert_eq!(site, expected, "{host}");
        assert_eq!(
            body.contains(&Language::En.t("account-needs-https")),
            expected.is_none(),
            "{host}"
        );
    };
    check(Kit::default(), "127.0.0.1:7440", Some("127.0.0.1:7440")).await;
    check(Kit::default(), "veta.example", None).await;
    check(public("https://veta.example"), "veta.example", Some("veta.example")).await;
    check(public("https://veta.example"), "evil.example", None).await;
    check(public("http://veta.example"), "veta.example", None).await;
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
    let (status, headers, _) = ask("GET", "/fr/search?q=%231.007", &[]).await;
    assert_eq!(
        (status, headers["location"].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/fr/log/1006")
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
        let problem: Value = serde_json::from_str(&problem).unwrap();
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
        let words: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(words["facts"]["lot-declared.site"], language.t("fact-site"));
        let kind = "event-kind-lot-declared";
        assert_eq!(words["words"][kind], language.t(kind));
        let later = words["texts"]["submit-later"].as_str().unwrap();
        assert!(later.contains("{left}"), "{later}");
        // The script fills every value in by its name.
        for (key, text) in words["texts"].as_object().unwrap() {
            assert!(!text.as_str().unwrap().contains("{$"), "{key}: {text}");
        }
    }
    let (status, ..) = ask("GET", "/en/submit", &[]).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}

/// The description of the API.
async fn described() -> Value {
    let (status, headers, body) = ask("GET", "/api/v1/openapi.json", &[]).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (StatusCode::OK, &HeaderValue::from_static("application/json"))
    );
    serde_json::from_str(&body).unwrap()
}

/// Every operation: its method, its path, and what is said of it.
fn operations(described: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = described["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    });
    all.collect()
}

#[tokio::test]
async fn the_api_is_described_from_its_handlers() {
    let described = described().await;
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1."));
    let operations = operations(&described);
    let names: BTreeSet<_> = operations
        .iter()
        .map(|(.., of)| of["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), operations.len(), "each has a name of its own: {names:?}");
    for (method, path, of) in operations {
        assert!(
            of["summary"].is_string() && of["tags"][0].is_string(),
            "{method} {path}"
        );
        assert!(of["responses"]["200"].is_object(), "{method} {path}");
        for status in ["400", "404", "414", "422", "429", "502", "503"] {
            let content = &of["responses"][status]["content"];
            assert!(
                content["application/problem+json"].is_object(),
                "{method} {path} {status}"
            );
        }
    }
    let text = described.to_string();
    for reference in text.split("\"$ref\":\"#/").skip(1) {
        let pointer = format!("/{}", reference.split('"').next().unwrap());
        assert!(described.pointer(&pointer).is_some(), "{pointer} is not there");
    }
    let filters = text.matches("party-kind-miners-organization").count();
    assert!(0 < filters, "the words of filters are listed");
}

#[tokio::test]
async fn every_operation_is_there_and_says_what_is_wrong_as_a_problem() {
    let described = described().await;
    for (method, path, of) in operations(&described) {
        let at = path
            .replace("{lot}", &event::LotId::from_bytes([7; 16]).to_string())
            .replace("{org}", &event::PartyId::from_bytes([7; 16]).to_string())
            .replace("{site}", &event::SiteId::from_bytes([7; 16]).to_string())
            .replace("{key}", &"d7".repeat(32))
            .replace("{statement}", &"d7".repeat(32))
            .replace("{digest}", &"d7".repeat(32))
            .replace("{number}", "7")
            .replace("{index}", "7");
        assert!(!at.contains('{'), "{at}");
        let at = format!("/api/v1{at}?q=7&a={}", event::PartyId::from_bytes([7; 16]));
        let (status, headers, body) = ask(&method.to_uppercase(), &at, &[]).await;
        let is_own = ["/policies", "/openapi.json"].contains(&path);
        if is_own {
            assert_eq!(status, StatusCode::OK, "{at}");
            continue;
        }
        assert!(
            status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE,
            "{at}: {status}"
        );
        assert!(
            of["responses"][status.as_str()].is_object(),
            "{at}: {status} is not described"
        );
        check_problem(status, &headers, &body);
        let (status, headers, body) = ask("DELETE", &at, &[]).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{at}");
        assert!(
            headers["allow"].to_str().unwrap().contains(&method.to_uppercase()),
            "{at}"
        );
        check_problem(status, &headers, &body);
    }
}

fn check_problem(status: StatusCode, headers: &HeaderMap, body: &str) {
    assert_eq!(headers["content-type"], "application/problem+json", "{status}");
    assert_eq!(headers["x-content-type-options"], "nosniff", "{status}");
    let problem: Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["status"], status.as_u16(), "{problem}");
    assert!(
        problem["title"].is_string() && problem["detail"].is_string(),
        "{problem}"
    );
}

#[tokio::test]
async fn whatever_is_wrong_with_what_a_program_asks_is_a_problem() {
    let check = async |method: &str, path: &str, headers: &[(&str, &str)], expected: u16| {
        let (status, headers, body) = ask(method, &format!("/api/v1{path}"), headers).await;
        assert_eq!(status, expected, "{method} {path}: {body}");
        check_problem(status, &headers, &body);
    };
    let lot = event::LotId::from_bytes([7; 16]);
    check("GET", "", &[], 404).await;
    check("GET", "/", &[], 404).await;
    check("GET", "/nothing", &[], 404).await;
    check("GET", "/../v0", &[], 404).await;
    check("GET", "/lots/lot-1", &[], 404).await;
    check("GET", "/log/entries/minus", &[], 404).await;
    check("GET", "/lots/%ff", &[], 400).await;
    check("GET", "/lots?limit=0", &[], 400).await;
    check("GET", "/lots?limit=101", &[], 400).await;
    check("GET", "/lots?at=yesterday", &[], 400).await;
    check("GET", &format!("/search?q={}", "x".repeat(129)), &[], 400).await;
    check("GET", "/orgs?country=", &[], 400).await;
    check("GET", &format!("/lots?cursor={}", "x".repeat(513)), &[], 400).await;
    check("GET", "/orgs?sort=size", &[], 400).await;
    check("GET", "/compare", &[], 400).await;
    check("GET", &format!("/lots/{lot}?depth=25"), &[], 400).await;
    check("GET", &format!("/lots/{lot}/check?policy=lenient"), &[], 400).await;
    check("GET", &format!("/lots?flag={}", "x".repeat(4_096)), &[], 414).await;
    check("PUT", "/lots", &[], 405).await;
    check("POST", "/statements", &[("sec-fetch-site", "cross-site")], 403).await;
    check(
        "POST",
        &format!("/lots/{lot}/check"),
        &[("content-type", "text/plain")],
        415,
    )
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_policy_is_said_line_by_line() {
    let lot = event::LotId::from_bytes([7; 16]);
    let toml = [("content-type", "application/toml")];
    let check = async |policy: &str, expected: StatusCode| {
        let path = format!("/api/v1/lots/{lot}/check");
        let (status, headers, body) = sent(Kit::default(), "POST", &path, &toml, policy.into()).await;
        assert_eq!(status, expected, "{policy}: {body}");
        check_problem(status, &headers, &body);
        serde_json::from_str::<Value>(&body).unwrap()
    };
    let problem = check(
        "version = 1\nname = \"Mine\"\n[flags]\nexcluded = [\"unheard-of\"]",
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await;
    assert_eq!(problem["faults"][0]["line"], 4, "{problem}");
    check("version = 1\nname = \"Mine\"\n", StatusCode::SERVICE_UNAVAILABLE).await;
    check(
        &"#".repeat(diligence::POLICY_BYTES_MAX + 1),
        StatusCode::PAYLOAD_TOO_LARGE,
    )
    .await;
}

/// What a client is told who asks for more than it may.
async fn refused_to(path: &str) -> (StatusCode, HeaderMap, String) {
    let allowed = Allowed {
        at_once: NonZeroU32::MIN,
        per_second: NonZeroU32::MIN,
        ..Allowed::default()
    };
    let router = portal::router(&nobody(), Kit::default(), allowed).unwrap();
    let ask = async || {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer([192, 0, 2, 7].into()));
        answered(router.clone().oneshot(request).await.unwrap()).await
    };
    let mut since = Stopwatch::start();
    ask().await;
    loop {
        let before = Stopwatch::start();
        let told = ask().await;
        // Where the machine stood still for a second, this was not too fast.
        if told.0 == StatusCode::TOO_MANY_REQUESTS || since.elapsed() < Duration::from_secs(1) {
            return told;
        }
        since = before;
    }
}

#[tokio::test]
async fn a_program_that_asks_too_fast_is_told_so() {
    let (status, headers, body) = refused_to("/api/v1/policies").await;
    assert_eq!(
        (status, &headers["retry-after"]),
        (StatusCode::TOO_MANY_REQUESTS, &HeaderValue::from_static("1"))
    );
    check_problem(status, &headers, &body);
}

#[tokio::test]
async fn an_answer_that_a_program_knows_is_not_sent_again() {
    let (_, headers, _) = ask("GET", "/api/v1/policies", &[]).await;
    let etag = headers["etag"].to_str().unwrap();
    assert_eq!(headers["cache-control"], "no-cache");
    let (status, _, body) = ask("GET", "/api/v1/policies", &[("if-none-match", etag)]).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
}
