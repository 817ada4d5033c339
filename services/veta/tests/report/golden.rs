//! The bytes of a report. `VETA_REGENERATE=1 cargo test -p veta --test report` writes them anew; look at what changed.

use std::fs;
use std::path::PathBuf;

use event::key::Digest;
use veta::report::{Document, Gathered, Log, Tongue, full, summary};

use crate::support::gathered;

const REGENERATE: &str = "VETA_REGENERATE";

/// Both forms of a report are what they were, and the same each time.
#[track_caller]
fn check(name: &str, make: impl Fn() -> Document) {
    let document = make();
    assert_eq!(make(), document, "the same answers give the same report");
    for (ending, text) in [("md", document.to_markdown()), ("html", document.to_html())] {
        let path: PathBuf = [
            env!("CARGO_MANIFEST_DIR"),
            "tests/report/golden",
            &format!("{name}.{ending}"),
        ]
        .iter()
        .collect();
        if std::env::var_os(REGENERATE).is_some() {
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            text == expected,
            "{} differs: see with {REGENERATE}=1 and git diff",
            path.display()
        );
    }
}

#[test]
fn reports_are_what_they_were() {
    let digest = Digest::from_bytes([0x11; 32]);
    check("summary-en", || summary(&gathered(), Tongue::En, Some(digest)));
    check("full-en", || full(&gathered(), Tongue::En));
    check("full-es", || full(&gathered(), Tongue::Es));
    let alone = || Gathered {
        log: Log::Unreachable,
        ..Gathered::default()
    };
    check("nothing-fr", || summary(&alone(), Tongue::Fr, None));
}
