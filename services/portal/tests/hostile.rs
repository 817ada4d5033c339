//! What clients send that mean ill: requests as bytes, to the server as it runs. Every service is away.

use std::net::SocketAddr;

use portal::clients::Allowed;
use portal::sources::Addresses;
use portal::{Given, Kit};
use service::health::Health;
use service::shutdown::Shutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Nobody listens there: the port is reserved.
const NOBODY: &str = "http://127.0.0.1:1";
/// More than any form takes.
const MUCH: usize = 1 << 20;
/// What must not come back anywhere but in a page's own address.
const EVIL: &str = "evil.example";

async fn started() -> (SocketAddr, Shutdown) {
    let nobody = || NOBODY.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (address, shutdown) = (listener.local_addr().expect("an address"), Shutdown::new());
    let given = Given {
        addresses: Addresses {
            ingest: nobody(),
            progress: nobody(),
            custody: nobody(),
            audit: nobody(),
        },
        kit: Kit::default(),
        listener,
        allowed: Allowed::LOCAL,
        health: Health::starting(portal::SERVICES).await,
    };
    tokio::spawn(portal::run(given, shutdown.clone()));
    (address, shutdown)
}

/// Sends bytes as they are, and returns all that comes back until the server hangs up.
async fn sent(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    // What is refused early is not read to its end.
    let _cut = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _cut = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status, the head in lower case, and the body.
fn parted(answer: &str) -> (u16, String, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, head.to_lowercase(), body)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(named, _)| *named == name).map(|(_, value)| value)
}

/// Asks for a target of GET; wherever it leads is here, and no header is anybody else's.
async fn check(address: SocketAddr, target: &str, headers: &str, expected: u16) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nhost: veta.example\r\nconnection: close\r\n{headers}\r\n");
    let answer = sent(address, request.as_bytes()).await;
    let (status, head, body) = parted(&answer);
    assert_eq!(status, expected, "{target} {headers:?}: {answer}");
    assert_eq!(header(&head, "set-cookie"), None, "{target}: {head}");
    if let Some(to) = header(&head, "location") {
        assert!(to.starts_with('/') && !to.starts_with("//"), "{target}: {to}");
        assert!(!to.contains("://"), "{target}: {to}");
    }
    body.to_owned()
}

#[tokio::test]
async fn paths_lead_nowhere_but_to_pages() {
    let (address, shutdown) = started().await;
    for (target, expected) in [
        ("/en/help", 200),
        ("/en/../../etc/passwd", 404),
        ("/en/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/en/..%2f..%2fetc%2fpasswd", 404),
        ("/static/..%2f..%2fCargo.toml/x", 404),
        ("/%2e%2e/en", 302),
        ("//evil.example/", 302),
        ("/%2f%2fevil.example/", 302),
        ("/\\evil.example/", 302),
        ("/%5cevil.example/", 302),
        ("/en//evil.example/", 404),
        ("/en/lots/%2f%2fevil.example", 404),
        ("/en/lots/lot-x%2f..%2f..", 404),
        ("/en/lots/%00", 404),
        ("/en/%00", 404),
        ("/en/%ff%fe", 404),
        ("/lots/%0d%0aset-cookie:a=b", 302),
        ("/en/statements/%0d%0a", 404),
        ("/en/help?at=%0d%0ax", 400),
        ("/en/help?at=99999999999999999999", 400),
        ("/en/help?at=-1", 400),
        ("/api/v1/lots/..%2f..%2forgs", 404),
        ("/api/v2/lots", 404),
    ] {
        check(address, target, "", expected).await;
    }
    let many = format!("/en/help?{}", "a=b&".repeat(2_000));
    check(address, &many, "", 200).await;
    shutdown.trigger();
}

#[tokio::test]
async fn what_else_is_asked_for_than_a_path_is_here_or_nowhere() {
    let (address, shutdown) = started().await;
    // A target with a host in it names this server, whatever it says.
    let page = check(address, "http://evil.example/en/help", "", 200).await;
    assert!(!page.contains(EVIL), "{page}");
    check(address, "http://evil.example/", "", 302).await;
    check(address, "http://evil.example", "", 302).await;
    check(address, "http://evil.example//evil.example", "", 302).await;
    for (request, expected) in [
        (
            "CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n",
            [400, 404],
        ),
        ("OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", [400, 404]),
        ("GET en/help HTTP/1.1\r\nhost: a\r\n\r\n", [400, 400]),
        ("GET /en/\0 HTTP/1.1\r\nhost: a\r\n\r\n", [400, 400]),
        ("GET /en/help HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n", [400, 400]),
        ("GET /en/help HTTP/1.1\r\nno colon\r\n\r\n", [400, 400]),
        (
            "TRACE /en/help HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
            [405, 405],
        ),
        (
            "PUT /en/help HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            [405, 405],
        ),
        ("\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03\r\n\r\n", [400, 0]),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 0]),
    ] {
        let answer = sent(address, request.as_bytes()).await;
        let (status, ..) = parted(&answer);
        assert!(expected.contains(&status), "{request:?}: {answer}");
    }
    // And others are served.
    check(address, "/en/help", "", 200).await;
    shutdown.trigger();
}

#[tokio::test]
async fn what_a_client_says_of_itself_and_of_this_server_changes_no_page() {
    let (address, shutdown) = started().await;
    let honest = check(address, "/en/help", "", 200).await;
    let long = "x".repeat(8_000);
    for headers in [
        "x-forwarded-host: evil.example\r\nx-forwarded-proto: gopher\r\nx-forwarded-for: evil.example\r\n".to_owned(),
        "forwarded: host=evil.example;proto=gopher\r\n".to_owned(),
        "x-original-url: /en/submit\r\nx-rewrite-url: /en/submit\r\n".to_owned(),
        "x-http-method-override: DELETE\r\n".to_owned(),
        "referer: http://evil.example/\r\norigin: http://evil.example\r\n".to_owned(),
        format!("cookie: {long}\r\naccept-language: {}\r\n", ",".repeat(4_000)),
        "range: bytes=0-0,2-9999999999999999999\r\n".to_owned(),
        format!("if-none-match: {long}\r\naccept: text/{long}\r\n"),
    ] {
        let page = check(address, "/en/help", &headers, 200).await;
        assert!(page == honest, "{headers}: {page}");
    }
    let spoofed = "GET /en/help HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    let answer = sent(address, spoofed.as_bytes()).await;
    assert!(parted(&answer).2 == honest, "{answer}");
    shutdown.trigger();
}

#[tokio::test]
async fn what_is_too_long_is_refused_before_it_is_read() {
    let (address, shutdown) = started().await;
    let long = "x".repeat(service::http::HEADERS_BYTES_MAX);
    check(address, &format!("/en/{long}"), "", 431).await;
    check(address, "/en/help", &format!("cookie: {long}\r\n"), 431).await;
    check(address, "/en/help", &"a: b\r\n".repeat(200), 431).await;
    let lot = event::LotId::from_bytes([7; 16]);
    for path in ["/api/v1/statements".to_owned(), format!("/en/lots/{lot}/check")] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/octet-stream\r\n\
             content-length: 1000000000\r\n\r\n"
        );
        // No more of what is announced is sent than shows that it is too much.
        let answer = sent(address, &[head.as_bytes(), &vec![b'x'; MUCH]].concat()).await;
        let (status, ..) = parted(&answer);
        assert!(matches!(status, 400 | 413 | 415), "{path}: {answer}");
    }
    shutdown.trigger();
}
