//! Requests: what is asked, and how little a server can do to whoever asks.

use std::time::Duration;

use remote::http::{Http, HttpError, URL_BYTES_MAX, Url, UrlError};

use tests::served::{Files, Served, raw};

const SOON: Duration = Duration::from_millis(300);
const LATER: Duration = Duration::from_secs(20);

#[track_caller]
fn check(text: &str, expected: Result<&str, UrlError>) {
    let url = text.parse::<Url>().map(|url| url.to_string());
    assert_eq!(url.as_deref().map_err(|error| *error), expected, "{text}");
}

#[test]
fn urls_name_a_host_and_a_path_and_no_more() {
    check("http://log.example", Ok("http://log.example/"));
    check("https://log.example:8443/gold/", Ok("https://log.example:8443/gold/"));
    check("http://[::1]:80/", Ok("http://[::1]/"));
    check("ftp://log.example/", Err(UrlError::OtherScheme));
    check("file:///etc/passwd", Err(UrlError::OtherScheme));
    check("https://user@log.example/", Err(UrlError::UserInfo));
    check("https://:word@log.example/", Err(UrlError::UserInfo));
    check("https://log.example/?a=1", Err(UrlError::NotAPath));
    check("https://log.example/#a", Err(UrlError::NotAPath));
    check("https://log.example/a b", Err(UrlError::NotAUrl));
    check("https:\\\\log.example", Err(UrlError::NotAUrl));
    check("log.example/gold", Err(UrlError::NotAUrl));
    check("https://", Err(UrlError::NotAUrl));
    check("", Err(UrlError::NotAUrl));
    let long = format!("https://log.example/{}", "a".repeat(URL_BYTES_MAX));
    check(&long, Err(UrlError::TooLong));
    // Short as it is typed, and printed at a length that is not read again.
    let printed_longer = format!("http://log.example/{}", "é".repeat(URL_BYTES_MAX / 3));
    check(&printed_longer, Err(UrlError::TooLong));
}

#[test]
fn a_path_is_put_below_a_url() {
    let below = |url: &str| url.parse::<Url>().unwrap().below("tile/0/x001/234").to_string();
    assert_eq!(below("http://log.example"), "http://log.example/tile/0/x001/234");
    assert_eq!(
        below("http://log.example/gold"),
        "http://log.example/gold/tile/0/x001/234"
    );
    assert_eq!(
        below("http://log.example/gold/"),
        "http://log.example/gold/tile/0/x001/234"
    );
}

#[tokio::test]
async fn an_answer_is_given_whatever_its_status_and_no_redirect_is_followed() {
    let served = Served::new(Files::from([("there".to_owned(), b"body".to_vec())]));
    let url: Url = format!("http://{}", served.start().await).parse().unwrap();
    let http = Http::new().unwrap();
    let found = http.get(&url.below("there"), 4, LATER).await.unwrap();
    assert_eq!((found.status, &found.body[..]), (200, b"body".as_slice()));
    assert_eq!(http.get(&url.below("nowhere"), 4, LATER).await.unwrap().status, 404);
    let posted = http
        .post(&url.below("there"), b"asked".to_vec(), 4, LATER)
        .await
        .unwrap();
    assert_eq!(posted.status, 200);
    served.shelf().instead = (302, 1);
    assert_eq!(http.get(&url.below("there"), 4, LATER).await.unwrap().status, 302);
    assert_eq!(served.shelf().asked.len(), 4);
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_cut_off() {
    let told = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n", false).await;
    let endless = raw(b"HTTP/1.1 200 OK\r\n\r\n0123456789", true).await;
    for server in [told, endless] {
        let url: Url = format!("http://{server}/").parse().unwrap();
        let error = Http::new().unwrap().get(&url, 10, LATER).await.unwrap_err();
        assert_eq!(error, HttpError::TooLong { url, bytes_max: 10 });
        assert!(!error.is_passing());
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_or_little_or_hangs_up_is_left() {
    let silent = raw(b"", false).await;
    let slow = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234", false).await;
    for server in [silent, slow] {
        let url: Url = format!("http://{server}/").parse().unwrap();
        let error = Http::new().unwrap().get(&url, 10, SOON).await.unwrap_err();
        assert_eq!(error, HttpError::TooSlow { url, deadline: SOON });
        assert!(error.is_passing());
    }
    // Nobody answers there: the port is reserved.
    let url: Url = "http://127.0.0.1:1/".parse().unwrap();
    let error = Http::new().unwrap().get(&url, 10, LATER).await.unwrap_err();
    assert!(
        matches!(error, HttpError::NoAnswer { .. }) && error.is_passing(),
        "{error}"
    );
    let no_http = raw(b"220 ftp.example\r\n", false).await;
    let url: Url = format!("http://{no_http}/").parse().unwrap();
    let error = Http::new().unwrap().get(&url, 10, LATER).await.unwrap_err();
    assert!(matches!(error, HttpError::NoAnswer { .. }), "{error}");
}

#[tokio::test]
async fn what_speaks_no_tls_is_not_asked_over_https() {
    let plain = Served::default().start().await;
    let url: Url = format!("https://{plain}/").parse().unwrap();
    let error = Http::new().unwrap().get(&url, 10, LATER).await.unwrap_err();
    assert!(
        matches!(error, HttpError::NoAnswer { .. } | HttpError::NoTls(_)),
        "{error}"
    );
}
