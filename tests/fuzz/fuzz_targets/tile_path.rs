//! The path of a tile: what is read is printed as the same text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::tiles::TilePath;

fuzz_target!(|text: &str| {
    let Ok(path) = text.parse::<TilePath>() else { return };
    assert_eq!(path.to_string(), text);
});
