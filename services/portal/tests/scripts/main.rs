//! The scripts of pages under Node, as far as they need no page around them.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "../../../../libs/rooms/tests/support/node.rs"]
mod node;
#[path = "../../../../libs/rooms/tests/support/scripts.rs"]
mod scripts;

#[test]
fn the_page_that_signs_says_and_shows_what_is_signed() {
    let Some(program) = node::program() else { return };
    let Some(module) = node::module("signer") else { return };
    let told = scripts::passed(&program, "tests/scripts/submit.test.mjs", &module);
    assert!(told.contains("# pass 14"), "{told}");
}

#[test]
fn codes_lead_into_the_portal_and_a_lot_is_shown_as_it_was_declared() {
    let Some(program) = node::program() else { return };
    let Some(module) = node::module("signer") else { return };
    let told = scripts::passed(&program, "tests/scripts/scan.test.mjs", &module);
    assert!(told.contains("# pass 2"), "{told}");
}
