//! A catalogue file: what passes its checks is published by one statement that a ledger admits, and names every byte of it.
#![no_main]

use std::sync::LazyLock;

use catalogue::{Catalogue, Language, PUBLISHED_BYTES_MAX};
use event::Event;
use event::codec::{decode_strict, encode};
use event::key::Digest;
use event::vocabulary::CataloguePublished;
use fuzz::{Deployment, can_be_stated};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};

static FOUNDED: LazyLock<Deployment> = LazyLock::new(Deployment::found);

fuzz_target!(|text: &str| {
    let Ok(catalogue) = Catalogue::parse(text) else { return };
    assert_eq!(Catalogue::parse(text).as_ref(), Ok(&catalogue));
    check_published(text, &catalogue);
    check_criteria(&catalogue);
    check_spelling(text, &catalogue);
});

fn check_published(text: &str, catalogue: &Catalogue) {
    let published = catalogue.published();
    assert_eq!(published.full_text, Digest::from_bytes(Sha256::digest(text).into()));
    assert_eq!(published.digest(), catalogue.digest());
    let bytes = encode(published);
    assert_eq!(
        decode_strict::<CataloguePublished>(&bytes, PUBLISHED_BYTES_MAX).as_ref(),
        Ok(published)
    );
    let event = Event::CataloguePublished(published.clone());
    assert!(can_be_stated(&event));
    FOUNDED
        .clone()
        .state(None, event)
        .expect("a ledger that does not know it admits it");
}

fn check_criteria(catalogue: &Catalogue) {
    assert_eq!(catalogue.criteria().count(), catalogue.published().criteria.len());
    for criterion in catalogue.criteria() {
        assert_eq!(catalogue.place(criterion.slug.as_str()), Some(criterion.place));
    }
}

/// Another spelling of the same file asks the same and is another file.
fn check_spelling(text: &str, catalogue: &Catalogue) {
    let table: toml::Table = text.parse().expect("a catalogue file is TOML");
    let respelled = format!("{table}# another file\n");
    let other = Catalogue::parse(&respelled).expect("the same catalogue");
    for language in Language::ALL {
        assert_eq!(other.title(language), catalogue.title(language));
    }
    assert!(other.criteria().eq(catalogue.criteria()));
    assert!(other.indicators().eq(catalogue.indicators()));
    assert_eq!(other.themes(), catalogue.themes());
    assert_ne!(other.digest(), catalogue.digest());
    assert!(Catalogue::parse(&format!("unknown = 1\n{text}")).is_err());
}
