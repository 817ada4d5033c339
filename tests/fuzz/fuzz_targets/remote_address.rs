//! Where another's log is, as a person types it: printed and read again, it is the same place; a URL leads where it says, shows
//! no password, and what is asked for stands below it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use remote::http::Url;
use remote::log::Address;

fuzz_target!(|text: &str| {
    match text.parse::<Address>() {
        Ok(Address::Url(url)) => check(text, &url),
        Ok(Address::Directory(path)) => {
            assert_eq!(path.to_str(), Some(text));
            assert!(text.parse::<Url>().is_err() || !text.contains("://"));
        }
        Err(_) => assert!(text.parse::<Url>().is_err()),
    }
});

fn check(text: &str, url: &Url) {
    let printed = url.to_string();
    assert_eq!(printed.parse().as_ref(), Ok(url));
    assert_eq!(text.parse().as_ref(), Ok(url));
    let secure = printed.starts_with("https://");
    assert!(secure || printed.starts_with("http://"));
    assert_eq!(url.is_secure(), secure);
    assert!(!printed.contains(['?', '#']));
    let host = printed.split('/').nth(2).expect("a host");
    assert!(!host.is_empty() && !host.contains('@'));
    let below = url.below("tile/entries/000.p/1").to_string();
    let prefix = printed.trim_end_matches('/');
    assert_eq!(below, format!("{prefix}/tile/entries/000.p/1"));
}
