//! Pictures in which codes are looked for: whatever they show, there is an answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signer::scan::texts;

fuzz_target!(|bytes: &[u8]| {
    let Some((side, grey)) = bytes.split_first() else {
        return;
    };
    let width = 1 + usize::from(*side);
    let height = grey.len() / width;
    let told = texts(width, height, &grey[..width * height]);
    told.expect("a picture of as many bytes as pixels");
});
