//! The small catalogue of `testdata`, and changes to its lines.

use event::vocabulary::Slug;

pub(crate) const SMALL: &str = include_str!("../../testdata/small-1.toml");
pub(crate) const SMALL_NEXT: &str = include_str!("../../testdata/small-2.toml");

/// `text` with each change made where the old words first stand.
#[track_caller]
pub(crate) fn with(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "`{old}` does not stand in the catalogue");
        text.replacen(old, new, 1)
    })
}

pub(crate) fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}
