//! Leaves behind their lengths, one by one as an export has them and as a bundle: what is read encodes to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::tiles::{TILE_WIDTH, decode_entries, encode_entries, first_entry};

fuzz_target!(|bundle: &[u8]| {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while let Some((leaf, after)) = first_entry(rest) {
        entries.push(leaf);
        rest = after;
    }
    let whole = &bundle[..bundle.len() - rest.len()];
    assert_eq!(
        encode_entries(entries.iter().copied()).expect("leaves that were read fit"),
        whole
    );
    let is_bundle = (1..=TILE_WIDTH).contains(&entries.len()) && rest.is_empty();
    assert_eq!(decode_entries(bundle).ok(), is_bundle.then_some(entries));
});
