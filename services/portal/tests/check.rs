//! "May I buy this lot?" with every service away: what is said of a policy before anything is asked of anybody.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use portal::Kit;
use portal::clients::Allowed;
use portal::language::Language;
use portal::sources::Addresses;
use tower::ServiceExt;

/// Nobody listens there: the port is reserved.
const NOBODY: &str = "http://127.0.0.1:1";

const BODY_BYTES_MAX: usize = 1 << 20;
const BOUNDARY: &str = "between-two-fields";

/// A lot that nobody has declared.
fn lot() -> String {
    event::LotId::from_bytes([7; 16]).to_string()
}

/// A form as browsers send it: names and values, of which that of `file` is one.
fn form(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        let file = if *name == "file" {
            "; filename=\"policy.toml\""
        } else {
            ""
        };
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend([head.as_str(), value, "\r\n"]);
    }
    format!("{body}--{BOUNDARY}--\r\n")
}

async fn ask(method: &str, path: &str, site: &str, body: String) -> (StatusCode, String) {
    let addresses = Addresses {
        ingest: NOBODY.to_owned(),
        progress: NOBODY.to_owned(),
        custody: NOBODY.to_owned(),
        audit: NOBODY.to_owned(),
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("sec-fetch-site", site)
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::from(body))
        .unwrap();
    let router = portal::router(&addresses, Kit::default(), Allowed::LOCAL).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX).await.unwrap();
    (parts.status, String::from_utf8(body.to_vec()).unwrap())
}

async fn sent(language: Language, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let path = format!("/{}/lots/{}/check", language.code(), lot());
    ask("POST", &path, "same-origin", form(fields)).await
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_policy_is_told_in_the_readers_language_with_its_line() {
    let faulty =
        "version = 1\r\nname = \"Mine\"\r\n[holds]\r\nverdict = \"</pre><script>\"\r\n[flags]\r\nothers = \"all\"";
    for (language, lines) in [
        (Language::En, ["Line 4:", "Line 6:"]),
        (Language::Es, ["Línea 4:", "Línea 6:"]),
        (Language::Fr, ["Ligne 4 :", "Ligne 6 :"]),
        (Language::Pt, ["Linha 4:", "Linha 6:"]),
    ] {
        for field in ["text", "file"] {
            let (status, page) = sent(language, &[("policy", "own"), (field, faulty)]).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
            assert!(lines.iter().all(|line| page.contains(line)), "{field}: {page}");
            assert!(page.contains("not-eligible or person"), "{page}");
            // What was sent stands there to be mended, as text.
            assert!(page.contains("[holds]") && !page.contains("<script>"), "{page}");
        }
    }
}

#[tokio::test]
async fn what_is_no_policy_at_all_is_told_as_the_parser_says() {
    let (status, page) = sent(Language::Es, &[("policy", "own"), ("text", "version = 1\nname = <b>")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("<pre lang=\"en\">TOML parse error at line 2"), "{page}");
    assert!(!page.contains("<b>\n"), "{page}");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_anybody_is_asked() {
    let check = async |fields: &[(&str, &str)], expected: StatusCode| {
        let (status, _) = sent(Language::En, fields).await;
        assert_eq!(status, expected, "{:?}", fields.first());
    };
    check(&[("policy", "lenient")], StatusCode::BAD_REQUEST).await;
    check(&[("policy", "strict"), ("as", "pdf")], StatusCode::BAD_REQUEST).await;
    let long = "#".repeat(64 * 1024 + 1);
    check(&[("policy", "own"), ("text", &long)], StatusCode::UNPROCESSABLE_ENTITY).await;
    let longer = "#".repeat(256 * 1024);
    check(&[("text", &longer)], StatusCode::PAYLOAD_TOO_LARGE).await;
    // With a policy that can be used, the services are asked, and are away.
    check(&[("policy", "strict")], StatusCode::SERVICE_UNAVAILABLE).await;
    check(&[], StatusCode::SERVICE_UNAVAILABLE).await;

    let path = format!("/en/lots/{}/check", lot());
    let (status, _) = ask("POST", &path, "cross-site", form(&[("policy", "strict")])).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let get = async |path: &str, expected: StatusCode| {
        let (status, page) = ask("GET", path, "same-origin", String::new()).await;
        assert_eq!(status, expected, "{path}: {page}");
    };
    get(&path, StatusCode::SERVICE_UNAVAILABLE).await;
    get(&format!("{path}?policy=lenient"), StatusCode::BAD_REQUEST).await;
    get(&format!("{path}?policy=strict&as=pdf"), StatusCode::BAD_REQUEST).await;
    get("/en/lots/lot-1/check?policy=strict", StatusCode::NOT_FOUND).await;
    let bundle = format!("/en/lots/{}/bundle", lot());
    get(&bundle, StatusCode::SERVICE_UNAVAILABLE).await;
    get(&format!("{bundle}?times=yes"), StatusCode::BAD_REQUEST).await;
    get("/en/lots/x/bundle", StatusCode::NOT_FOUND).await;
}
