//! A catalogue that is not shipped: who publishes it may have its full text kept for anyone, and is then understood in more languages.

use std::fs;
use std::path::Path;

use catalogue::Catalogue;
use tests::desk::{DONE, text};
use tests::markup::{Markup, get};
use tests::story::Story;

/// What it asks, as the statement has it and as a translation of the full text has it.
const QUESTION: [&str; 2] = ["Are there rules?", "¿Hay reglas?"];
/// What is said in Spanish where the full text is not kept.
const NOT_WHOLE: &str = "veta evidence put FILE --visibility public";

/// Publishes one and looks at its form, before and after its full text is kept.
pub(crate) fn asked(story: &Story) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../libs/catalogue/testdata/small-1.toml");
    let small = Catalogue::parse(&fs::read_to_string(&file).expect("it is in the repository")).expect("it is whole");
    let file = text(&file);
    story.desk.check(DONE, &["catalogue", "publish", &file, "--yes"]);
    let receipts = story.desk.json(&["statement", "submit"]);
    let position = receipts.last().expect("one was sent")["position"].as_u64();
    let position = position.expect("a position is a number");
    story.desk.settle(position);
    let path = format!(
        "/es/submit/assessment?catalogue={}&about={}&at={position}",
        small.digest(),
        story.told.organizations.esperanza,
    );
    let says = |expected: &str, otherwise: &str| {
        let answer = get(&story.told.portal, &path, &[]);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let words = Markup::read(answer.text()).texts.concat();
        assert!(words.contains(expected), "{path} does not ask {expected:?}:\n{words}");
        assert!(!words.contains(otherwise), "{path} says {otherwise:?}:\n{words}");
    };
    says(QUESTION[0], QUESTION[1]);
    says(NOT_WHOLE, QUESTION[1]);
    story
        .desk
        .check(DONE, &["evidence", "put", &file, "--visibility", "public"]);
    says(QUESTION[1], NOT_WHOLE);
}
