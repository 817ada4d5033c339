//! Two verifiers in two languages, and the first one once more as WebAssembly, say the same of every bundle.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

mod mutations;
#[path = "../../../rooms/tests/support/node.rs"]
mod node;
mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use node::tell;
use replay::bundle::{BUNDLE_BYTES_MAX, Bracket, BundleError, Entry, verify};
use serde_json::Value;
use support::{Asked, Node, Parts, ask, bytes, forged, golden, policy, testdata, text};
use tlog::cosignature::CosignTime;
use verifier::{Verdict, answer};

/// One log, and all three of its witnesses; or two of them, and the auditing one.
const ALL: &str = "all-witnesses.policy";
const SOME: &str = "log.policy";
/// The log alone: for many bundles, since most of a verification are signatures.
const LOG: &str = "log-alone.policy";

/// Changed bundles of which the verifiers must say the same.
const CHANGED: u64 = 100_000;
/// Where the seeds begin; another place finds other faults.
const FIRST_SEED: u64 = 2_026;
/// Of so many changed bundles, one is verified by the policy with witnesses, and one as WebAssembly.
const RARELY: u64 = 12;
/// Of so many bundles, one is verified without `WebCrypto`: each of its signatures takes some milliseconds there.
const SELDOM: usize = 100;

/// What the first verifier says: whether it verifies, and otherwise whether the second can know why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Verified,
    Refused,
    OfTheTrade,
}

fn expected(said: &Result<replay::bundle::Report, BundleError>) -> Expected {
    match said {
        Ok(_) => Expected::Verified,
        Err(error) if error.is_of_the_trade() => Expected::OfTheTrade,
        Err(_) => Expected::Refused,
    }
}

/// Every verifier says of these bundles, by the policy that asks for all witnesses, that they are refused.
fn all_refused(bundles: &[(String, Vec<u8>)]) {
    let all = policy(ALL);
    let module = node::module("verifier");
    let started = Node::start([ALL, SOME], module.as_deref());
    std::thread::scope(|scope| {
        let Some((mut node, mut questions)) = started else {
            for (what, bundle) in bundles {
                assert!(verify(bundle, &all).is_err(), "{what}");
            }
            return;
        };
        scope.spawn(move || {
            for (number, (_, bundle)) in bundles.iter().enumerate() {
                let asked = Asked {
                    wasm: true,
                    plain: number.is_multiple_of(SELDOM),
                    ..Asked::default()
                };
                ask(&mut questions, bundle, asked);
            }
        });
        for (what, bundle) in bundles {
            let first = verify(bundle, &all);
            let said = node.next();
            assert!(first.is_err(), "{what}");
            assert!(
                !said.second || expected(&first) == Expected::OfTheTrade,
                "{what}: {first:?}"
            );
            assert!(said.wasm != Some(true), "{what}");
            assert!(said.plain.is_none_or(|plain| plain == said.second), "{what}");
        }
        node.end();
    });
}

#[test]
fn what_was_made_is_verified_by_each() {
    let module = node::module("verifier");
    let started = Node::start([ALL, SOME], module.as_deref());
    for (name, bundle) in golden() {
        let (verdict, json) = answer(&bundle, &std::fs::read(testdata(ALL)).unwrap());
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (verdict, &json["verified"]),
            (Verdict::Verified, &Value::Bool(true)),
            "{name}"
        );
    }
    let Some((mut node, mut questions)) = started else {
        return;
    };
    for (name, bundle) in golden() {
        for other in [false, true] {
            let asked = Asked {
                by_the_other_policy: other,
                wasm: true,
                plain: true,
            };
            ask(&mut questions, &bundle, asked);
            let said = node.next();
            assert!(said.second, "{name}");
            assert_eq!(said.plain, Some(true), "{name}");
            assert_eq!(said.wasm, module.as_ref().map(|_| true), "{name}");
        }
    }
    drop(questions);
    node.end();
}

/// Between which times each record came, by a reader who asks for all witnesses, and one who asks for none.
#[test]
fn each_tells_the_same_times() {
    let Some(node) = node::program() else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verifiers/times.mjs");
    let mut brackets = 0;
    for (name, bundle) in golden() {
        for by in [ALL, LOG] {
            let report = verify(&bundle, &policy(by)).unwrap();
            let time = |time: Option<CosignTime>| time.map_or_else(|| "-".to_owned(), |time| time.get().to_string());
            let line = |entry: &Entry| {
                let Bracket { not_before, not_after } = report.bracket(entry.index);
                format!("{} {} {}\n", entry.index, time(not_before), time(not_after))
            };
            let expected: String = report.history.iter().map(line).collect();
            brackets += expected.lines().filter(|line| !line.contains('-')).count();
            let file = testdata(&format!("{name}.veta-proof"));
            let told = Command::new(&node)
                .arg(&script)
                .arg(file)
                .arg(testdata(by))
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(told.stdout).unwrap(), expected, "{name} by {by}");
        }
    }
    assert!(4 < brackets, "{brackets}");
}

#[test]
fn a_policy_that_cannot_be_read_is_told() {
    let (_, bundle) = golden().remove(0);
    let (verdict, json) = answer(&bundle, b"log me\nquorum none\n");
    assert_eq!(verdict, Verdict::BadPolicy);
    assert!(json.contains("line 1 of the policy"), "{json}");
    let (verdict, json) = answer(&bundle[1..], &std::fs::read(testdata(ALL)).unwrap());
    assert_eq!(verdict, Verdict::NotVerified);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["reason"], "malformed");
}

/// The second verifier is held to the vectors of the first one, as far as it reads what they are about.
#[test]
fn the_second_verifier_passes_the_vectors() {
    let Some(node) = node::program() else { return };
    let libs = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let script = libs.join("verifier/tests/verifiers/vectors.mjs");
    let output = Command::new(node).arg(script).arg(libs).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for at_least in ["768 signatures, 768 signatures without WebCrypto", "10 hashes"] {
        assert!(told.contains(at_least), "{told}");
    }
    tell(told.trim_end());
}

#[test]
fn what_an_operator_forges_is_refused_by_each() {
    let forged = forged();
    assert!(10 < forged.len(), "{}", forged.len());
    all_refused(&forged);
}

/// Each byte of a bundle, one bit of it changed.
#[test]
fn every_flipped_byte_is_refused_by_each() {
    let (name, bundle) = golden().into_iter().min_by_key(|(_, bundle)| bundle.len()).unwrap();
    let flipped = |at: usize| {
        let mut flipped = bundle.clone();
        flipped[at] ^= 1 << (at % 8);
        (format!("byte {at} of {name}"), flipped)
    };
    let flipped: Vec<_> = (0..bundle.len()).map(flipped).collect();
    all_refused(&flipped);
}

/// Each element of each list of a bundle: left out, twice, exchanged with the next, longer, shorter.
#[test]
fn every_element_left_out_doubled_swapped_or_resized_is_refused_by_each() {
    let mut changed = Vec::new();
    for (name, bundle) in golden() {
        let parts = Parts::of(&bundle);
        let mut add = |what: String, parts: Parts| changed.push((format!("{name}: {what}"), parts.encode()));
        elements(&parts.leaves, &mut |what, leaves| {
            add(
                format!("leaves {what}"),
                Parts {
                    leaves,
                    ..parts.clone()
                },
            );
        });
        elements(&parts.keys, &mut |what, keys| {
            add(format!("keys {what}"), Parts { keys, ..parts.clone() });
        });
        for (place, key) in parts.keys.iter().enumerate() {
            elements(&key.leaves, &mut |what, leaves| {
                let mut parts = parts.clone();
                parts.keys[place].leaves = leaves;
                add(format!("places of key {place} {what}"), parts);
            });
        }
        for (place, leaf) in parts.leaves.iter().enumerate() {
            resized(&leaf.1, 1, &mut |what, leaf| {
                let mut parts = parts.clone();
                parts.leaves[place].1 = leaf;
                add(format!("leaf {place} {what}"), parts);
            });
        }
        resized(&parts.tree, 32, &mut |what, tree| {
            add(format!("tree {what}"), Parts { tree, ..parts.clone() });
        });
        resized(&parts.map, 32, &mut |what, map| {
            add(format!("map {what}"), Parts { map, ..parts.clone() });
        });
        elements(&parts.older, &mut |what, older| {
            // Without one, less is told of when, and nothing else.
            if parts.older.len() <= older.len() {
                add(format!("older checkpoints {what}"), Parts { older, ..parts.clone() });
            }
        });
        for (place, older) in parts.older.iter().enumerate() {
            resized(&older.consistency, 32, &mut |what, consistency| {
                let mut parts = parts.clone();
                parts.older[place].consistency = consistency;
                add(format!("consistency of older checkpoint {place} {what}"), parts);
            });
        }
    }
    assert!(500 < changed.len(), "{}", changed.len());
    all_refused(&changed);
}

fn elements<T: Clone + PartialEq>(list: &[T], add: &mut dyn FnMut(String, Vec<T>)) {
    for at in 0..list.len() {
        add(format!("without {at}"), [&list[..at], &list[at + 1..]].concat());
        add(format!("with {at} twice"), [&list[..=at], &list[at..]].concat());
        let mut swapped = list.to_vec();
        swapped.rotate_left(at);
        if 0 < at && swapped != list {
            add(format!("from {at} on first"), swapped);
        }
    }
    for at in 1..list.len() {
        let mut swapped = list.to_vec();
        swapped.swap(at - 1, at);
        if swapped != list {
            add(format!("{at} before the one before"), swapped);
        }
    }
}

/// Bytes in base64, in steps of so many: cut, longer, and a step left out or twice.
fn resized(encoded: &str, step: usize, add: &mut dyn FnMut(String, String)) {
    let whole = bytes(encoded);
    add("longer".to_owned(), text(&[whole.as_slice(), &[0]].concat()));
    add(
        "longer by a step".to_owned(),
        text(&[whole.clone(), vec![0; step]].concat()),
    );
    let Some(last) = whole.len().checked_sub(1) else { return };
    add("shorter".to_owned(), text(&whole[..last]));
    if step == 1 {
        return;
    }
    let steps: Vec<Vec<u8>> = whole.chunks(step).map(<[u8]>::to_vec).collect();
    elements(&steps, &mut |what, steps| add(what, text(&steps.concat())));
}

/// Of bundles changed from seeds, the second verifier accepts what the first one accepts, and refuses what the first one refuses
/// by hashes and signatures; WebAssembly says what the first one says.
#[test]
fn the_verifiers_agree_on_changed_bundles() {
    let golden: Vec<_> = golden().into_iter().map(|(_, bundle)| bundle).collect();
    let proved: Vec<_> = golden.iter().map(|bundle| Parts::of(bundle).proved()).collect();
    let module = node::module("verifier");
    let Some((mut node, mut questions)) = Node::start([LOG, SOME], module.as_deref()) else {
        return;
    };
    let (log, some) = (policy(LOG), policy(SOME));
    let is_rare = |number: u64| number.is_multiple_of(RARELY);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    std::thread::scope(|scope| {
        let golden = &golden;
        scope.spawn(move || {
            for number in 0..CHANGED {
                let bundle = mutations::changed(golden, FIRST_SEED + number);
                let asked = Asked {
                    by_the_other_policy: is_rare(number),
                    wasm: is_rare(number + 1),
                    plain: number.is_multiple_of(SELDOM as u64),
                };
                ask(&mut questions, &bundle, asked);
            }
        });
        for number in 0..CHANGED {
            let seed = FIRST_SEED + number;
            let bundle = mutations::changed(golden, seed);
            let first = verify(&bundle, if is_rare(number) { &some } else { &log });
            let said = node.next();
            let expected = expected(&first);
            let why = || format!("seed {seed}: {:?}", first.as_ref().map(|_| "verified"));
            if expected != Expected::OfTheTrade {
                assert_eq!(said.second, expected == Expected::Verified, "{}", why());
            }
            assert!(
                said.wasm.is_none_or(|wasm| wasm == (expected == Expected::Verified)),
                "{}",
                why()
            );
            assert!(said.plain.is_none_or(|plain| plain == said.second), "{}", why());
            if first.is_ok() {
                // Lines of the note by others and the older checkpoints are all that may differ.
                assert!(proved.contains(&Parts::of(&bundle).proved()), "{}", why());
            }
            let reason = match &first {
                Ok(_) => "verified".to_owned(),
                Err(error) if said.second => format!("{} (by the trade's rules alone)", error.name()),
                Err(error) => error.name().to_owned(),
            };
            *counts.entry(reason).or_default() += 1;
        }
    });
    node.end();
    tell(&format!(
        "{CHANGED} changed bundles, seeds from {FIRST_SEED}: {counts:?}"
    ));
    assert!(12 < counts.len(), "too few different reasons: {counts:?}");
}

/// What is made to take time or memory is refused within the limits, before it does.
#[test]
fn bombs_are_refused_by_each() {
    let (_, bundle) = golden().remove(0);
    let parts = Parts::of(&bundle);
    let many = |leaves: usize| Parts {
        leaves: vec![(0, String::new()); leaves],
        ..parts.clone()
    };
    let mut keys = parts.clone();
    keys.keys = vec![parts.keys[0].clone(); 15_001];
    let mut places = parts.clone();
    places.keys[0].leaves = vec![0; 4_000_000];
    let mut long = parts.clone();
    long.tree = "A".repeat(40 * 1_024 * 1_024);
    let nested = |open: &str, times: usize| open.repeat(times).into_bytes();
    let bombs = [
        ("too long", vec![b' '; BUNDLE_BYTES_MAX + 1]),
        ("lists in lists", nested("[", 8_000_000)),
        ("objects in objects", nested("{\"format\":", 2_000_000)),
        ("too many leaves", many(40_002).encode()),
        ("millions of leaves", many(6_000_000).encode()),
        ("too many keys", keys.encode()),
        ("millions of places", places.encode()),
        ("hashes upon hashes", long.encode()),
    ];
    let bombs: Vec<_> = bombs.into_iter().map(|(what, bomb)| (what.to_owned(), bomb)).collect();
    all_refused(&bombs);
}
