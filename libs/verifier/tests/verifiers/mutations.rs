//! Bundles that are changed in one or two places, from a seed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::support::{Key, Older, Parts, text};

/// What is drawn from a seed, the same on every machine (`SplitMix64`).
pub(crate) struct Drawn(u64);

impl Drawn {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below a limit, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// A bundle that is changed: in its bytes, or in its parts and then written as it should be.
pub(crate) fn changed(golden: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut drawn = Drawn::new(seed);
    let base = drawn.of(golden).clone();
    if drawn.below(5) == 0 {
        return in_bytes(base, &mut drawn);
    }
    let mut parts = Parts::of(&base);
    let other = Parts::of(drawn.of::<Vec<u8>>(golden));
    for _ in 0..=drawn.below(2) {
        in_parts(&mut parts, &other, &mut drawn);
    }
    let written = parts.encode();
    if drawn.below(20) == 0 {
        return otherwise_written(written, &mut drawn);
    }
    written
}

/// A bit, or a byte more or less, or an end.
fn in_bytes(mut bundle: Vec<u8>, drawn: &mut Drawn) -> Vec<u8> {
    let at = drawn.below(bundle.len());
    match drawn.below(5) {
        0 => bundle[at] ^= 1 << drawn.below(8),
        1 => bundle[at] = *drawn.of(b"\"\\,:[]{}0123456789nul ABC=/+\n\xff"),
        2 => drop(bundle.remove(at)),
        3 => bundle.insert(at, bundle[at]),
        _ => bundle.truncate(at),
    }
    bundle
}

/// The same, or nearly, as JSON that is not canonical.
fn otherwise_written(bundle: Vec<u8>, drawn: &mut Drawn) -> Vec<u8> {
    let text = String::from_utf8(bundle).unwrap();
    let replace = |from: &str, to: &str| text.replacen(from, to, 1);
    let changed = match drawn.below(10) {
        0 => replace(":", ": "),
        1 => replace(",", ",\n"),
        2 => format!("{text} "),
        3 => format!("\u{feff}{text}"),
        4 => replace("lot-", "\\u006cot-"),
        5 => replace("\"depth\":null,", ""),
        6 => replace("[[0,", "[[0.0,"),
        7 => replace("[[0,", "[[-0,"),
        8 => replace("{\"format\"", "{\"format\":\"veta-proof/v1\",\"format\""),
        _ => replace("[[0,", "[[0e0,"),
    };
    changed.into_bytes()
}

fn in_parts(parts: &mut Parts, other: &Parts, drawn: &mut Drawn) {
    match drawn.below(20) {
        0..4 => leaves(parts, drawn),
        4..7 => in_base64(&mut parts.tree, 32, drawn),
        7..11 => in_base64(&mut parts.map, 1, drawn),
        11..15 => keys(&mut parts.keys, drawn),
        15 | 16 => note(&mut parts.checkpoint, drawn),
        17 => older(&mut parts.older, &other.older, drawn),
        18 => named(parts, drawn),
        _ => taken_over(parts, other, drawn),
    }
}

/// What a list can suffer.
fn list<T: Clone>(list: &mut Vec<T>, drawn: &mut Drawn) {
    if list.is_empty() {
        return;
    }
    let (at, to) = (drawn.below(list.len()), drawn.below(list.len()));
    match drawn.below(4) {
        0 => drop(list.remove(at)),
        1 => list.insert(to, list[at].clone()),
        2 => list.swap(at, to),
        _ => list.truncate(at),
    }
}

/// What bytes can suffer that stand in steps of so many.
fn in_base64(encoded: &mut String, step: usize, drawn: &mut Drawn) {
    // What was changed before need not be base64 any more.
    let Ok(mut raw) = STANDARD.decode(&*encoded) else {
        return;
    };
    if raw.is_empty() {
        raw = vec![0; step];
    }
    let bit = drawn.below(8 * raw.len());
    match drawn.below(6) {
        0..3 => raw[bit / 8] ^= 1 << (bit % 8),
        3 => raw.push(0),
        _ => {
            let mut steps: Vec<Vec<u8>> = raw.chunks(step).map(<[u8]>::to_vec).collect();
            list(&mut steps, drawn);
            raw = steps.concat();
        }
    }
    *encoded = text(&raw);
    if drawn.below(40) == 0 {
        // Another spelling of the same bytes, or of others.
        let _ = encoded.pop();
    }
}

fn leaves(parts: &mut Parts, drawn: &mut Drawn) {
    if parts.leaves.is_empty() {
        return;
    }
    let at = drawn.below(parts.leaves.len());
    match drawn.below(5) {
        0 => list(&mut parts.leaves, drawn),
        1 => parts.leaves[at].0 = parts.leaves[at].0.wrapping_add(drawn.next() % 3).wrapping_sub(1),
        2 => parts.leaves[at].0 = *drawn.of(&[0, 1, u64::MAX, 1 << 53, (1 << 53) - 1, u64::MAX >> 1]),
        _ => in_base64(&mut parts.leaves[at].1, 1, drawn),
    }
}

fn keys(keys: &mut Vec<Key>, drawn: &mut Drawn) {
    if keys.is_empty() {
        return;
    }
    let at = drawn.below(keys.len());
    match drawn.below(6) {
        0 => list(keys, drawn),
        1 => keys[at].kind = (*drawn.of(&["lot", "seal", "key", "party", "policy", "progress", "Lot", ""])).to_owned(),
        2 => in_base64(&mut keys[at].id, 1, drawn),
        3 => list(&mut keys[at].leaves, drawn),
        4 => keys[at].leaves.push(drawn.next() % 24),
        _ => {
            for place in &mut keys[at].leaves {
                *place = place.wrapping_add(drawn.next() % 2);
            }
        }
    }
}

fn note(note: &mut String, drawn: &mut Drawn) {
    let mut lines: Vec<String> = note.split('\n').map(str::to_owned).collect();
    if lines.len() < 5 {
        return;
    }
    let at = drawn.below(lines.len());
    match drawn.below(6) {
        0 | 1 => list(&mut lines, drawn),
        2 => lines[at] = lines[at].replacen(|c: char| c.is_ascii_alphanumeric(), "7", 1 + drawn.below(9)),
        3 => lines[1] = (drawn.next() % 30).to_string(),
        4 => lines[at].push(*drawn.of(&['=', ' ', '+', '\r', '\u{85}', 'A', '\t'])),
        _ => lines.insert(
            4,
            (*drawn.of(&["\u{2014} else.example AAAAAAA=", "\u{2014} w1.test AAAAAAAA", "- x y"])).to_owned(),
        ),
    }
    *note = lines.join("\n");
}

fn older(all: &mut Vec<Older>, others: &[Older], drawn: &mut Drawn) {
    if all.is_empty() {
        all.extend_from_slice(others);
        all.push(Older {
            checkpoints: vec![
                "veta.test/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u{2014} x AAAAAAA=\n".to_owned(),
            ],
            consistency: String::new(),
        });
        return;
    }
    let at = drawn.below(all.len());
    match drawn.below(8) {
        0 | 1 => list(all, drawn),
        2 | 3 => list(&mut all[at].checkpoints, drawn),
        4 => {
            if let Some(last) = all[at].checkpoints.last_mut() {
                note(last, drawn);
            }
        }
        5 => all[at]
            .checkpoints
            .extend(others.iter().flat_map(|older| older.checkpoints.clone())),
        6 => all[at].checkpoints.truncate(1),
        _ => in_base64(&mut all[at].consistency, 32, drawn),
    }
}

/// What the bundle says of itself.
fn named(parts: &mut Parts, drawn: &mut Drawn) {
    match drawn.below(4) {
        0 => parts.depth = *drawn.of(&[None, Some(0), Some(1), Some(2), Some(65_535), Some(65_536)]),
        1 => parts.lot = parts.lot.to_uppercase(),
        2 => {
            let mut digits: Vec<char> = parts.lot.chars().collect();
            let at = drawn.below(digits.len());
            digits[at] = *drawn.of(&['0', '1', '7', 'a', 'z', 'l', '-']);
            parts.lot = digits.into_iter().collect();
        }
        _ => "veta-proof/v2".clone_into(&mut parts.format),
    }
}

/// A part of another bundle in its place.
fn taken_over(parts: &mut Parts, other: &Parts, drawn: &mut Drawn) {
    let other = other.clone();
    match drawn.below(8) {
        0 => parts.checkpoint = other.checkpoint,
        1 => parts.older = other.older,
        2 => parts.leaves = other.leaves,
        3 => parts.tree = other.tree,
        4 => parts.keys = other.keys,
        5 => parts.map = other.map,
        6 => parts.lot = other.lot,
        _ => {
            if let Some(last) = parts
                .older
                .iter_mut()
                .rev()
                .find_map(|older| older.checkpoints.last_mut())
            {
                core::mem::swap(last, &mut parts.checkpoint);
            }
        }
    }
}
