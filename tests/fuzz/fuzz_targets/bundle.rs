//! A proof bundle: nothing but the very bytes that the log's operator made is ever verified, but for older checkpoints that tell
//! less than they did.
#![no_main]

use libfuzzer_sys::fuzz_target;
use replay::bundle::verify;
use tlog::policy::Policy;

/// Of those that differ in their older checkpoints alone, the one with all of them stands last.
const PROVED: [&[u8]; 5] = [
    include_bytes!("../../../libs/replay/testdata/bundle/sold-once.veta-proof"),
    include_bytes!("../../../libs/replay/testdata/bundle/made-of-others.veta-proof"),
    include_bytes!("../../../libs/replay/testdata/bundle/made-of-others-depth-1.veta-proof"),
    include_bytes!("../../../libs/replay/testdata/bundle/after-an-older-checkpoint.veta-proof"),
    include_bytes!("../../../libs/replay/testdata/bundle/with-times.veta-proof"),
];
/// Who asks for every witness leaves no line of the checkpoint that could be another's.
const POLICY: &[u8] = include_bytes!("../../../libs/replay/testdata/bundle/all-witnesses.policy");

fuzz_target!(|bytes: &[u8]| {
    let policy = Policy::parse(POLICY).expect("a good policy");
    let Ok(report) = verify(bytes, &policy) else { return };
    let made = PROVED.iter().rfind(|made| without_older(made) == without_older(bytes));
    let made = verify(made.expect("the log's operator made it"), &policy).expect("it verifies");
    for entry in &report.history {
        let (came, whole) = (report.bracket(entry.index), made.bracket(entry.index));
        assert!(came.not_before <= whole.not_before);
        assert!(came.not_after.is_none() || whole.not_after <= came.not_after);
    }
});

/// What stands before the older checkpoints, and behind them.
fn without_older(bundle: &[u8]) -> (&str, &str) {
    let text = str::from_utf8(bundle).expect("it is JSON");
    let (begin, rest) = text.split_once(",\"older\":").expect("a field");
    let (_, end) = rest.split_once(",\"leaves\":").expect("a field");
    (begin, end)
}
