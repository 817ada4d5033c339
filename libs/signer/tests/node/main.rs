//! The module under Node: by the glue that pages load it with, and against what Rust signs.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "../../../rooms/tests/support/node.rs"]
mod node;
#[path = "../../../rooms/tests/support/scripts.rs"]
mod scripts;

#[test]
fn keys_queue_and_handover_work_in_a_page() {
    let Some(program) = node::program() else { return };
    let Some(module) = node::module("signer") else { return };
    let told = scripts::passed(&program, "tests/node/sign.test.mjs", &module);
    let passed = told.lines().find_map(|line| line.strip_prefix("# pass ")).unwrap();
    assert!(10 < passed.parse::<u32>().unwrap(), "{told}");
    let bytes = module.metadata().unwrap().len();
    node::tell(&format!(
        "{passed} tests of the signer under Node passed; the module has {bytes} bytes"
    ));
}
