//! Which part of the gold in a lot comes from where.
//!
//! Knows masses and whatever they come from; knows no lot and no statement. Views keep the parts of every lot, the ledger
//! itself keeps none: no rule needs them.
//!
//! # Rounding
//! Gold is counted in whole micrograms, and no microgram appears or vanishes:
//! - parts of one lot always sum to the gold in it. Where a lot is measured anew, its parts are scaled: each is rounded down,
//!   and what is missing goes, a microgram each, to the parts that lost most by it, of equals to the first;
//! - what went into a melt is pooled, part by part;
//! - what comes out takes its parts from the pool in the order of the statement, each output as much of every part as its
//!   share of what is left, rounded likewise; the last one takes what remains. So the outputs' parts sum to the pool's.

use event::Mass;
use serde::{Deserialize, Serialize};

/// A part of the gold in a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<K> {
    /// Where it comes from.
    pub of: K,
    /// How much it is.
    pub fine: Mass,
}

/// The gold of all parts.
#[must_use]
pub fn total<K>(parts: &[Part<K>]) -> Mass {
    parts.iter().map(|part| part.fine).sum()
}

/// The same parts of another amount of gold. Parts that come to nothing are left out.
///
/// Where the parts themselves are all nothing, the first one takes everything: something was found where nothing was said
/// to be.
#[must_use]
pub fn scaled<K: Copy>(parts: &[Part<K>], gold: Mass) -> Vec<Part<K>> {
    let mut scaled = shares(parts, gold);
    scaled.retain(|part| part.fine != Mass::ZERO);
    scaled
}

/// Parts of several lots together, each origin once, in increasing order.
#[must_use]
pub fn pooled<K: Copy + Ord>(lots: impl IntoIterator<Item = Vec<Part<K>>>) -> Vec<Part<K>> {
    let mut all: Vec<Part<K>> = lots.into_iter().flatten().collect();
    all.sort_by_key(|part| part.of);
    let mut pool: Vec<Part<K>> = Vec::with_capacity(all.len());
    for part in all {
        match pool.last_mut() {
            Some(last) if last.of == part.of => last.fine = last.fine.plus(part.fine),
            _ => pool.push(part),
        }
    }
    pool
}

/// The parts of one of several lots that come out of a pool: the one at `place` of `outputs`.
///
/// # Panics
/// If there is no such place.
#[must_use]
pub fn parted<K: Copy>(pool: &[Part<K>], outputs: &[Mass], place: usize) -> Vec<Part<K>> {
    let whole: Mass = outputs.iter().copied().sum();
    let mut left = shares(pool, whole);
    for (at, gold) in outputs.iter().enumerate() {
        let mut taken = shares(&left, *gold);
        if at == place {
            taken.retain(|part| part.fine != Mass::ZERO);
            return taken;
        }
        for (rest, part) in left.iter_mut().zip(&taken) {
            rest.fine = rest.fine.minus(part.fine);
        }
    }
    panic!("output {place} of {}", outputs.len())
}

/// Where the gold went that went into a transformation, in the order of the statement: into what came out, into what was
/// stated to be lost, and what is missing without a word about it.
#[must_use]
pub fn divided(went_in: Mass, outputs: impl IntoIterator<Item = Mass>, lost: Mass) -> Vec<Mass> {
    let mut golds: Vec<_> = outputs.into_iter().chain([lost]).collect();
    let out: Mass = golds.iter().copied().sum();
    if out < went_in {
        golds.push(went_in.minus(out));
    }
    golds
}

/// The parts of the lot at `place` of what came out of a pool, which has so much gold now; of a lot without gold, where it
/// comes from all the same. `golds` are those of [`divided`].
///
/// # Panics
/// If there is no such place.
#[must_use]
pub fn of_output<K: Copy>(pool: &[Part<K>], golds: &[Mass], place: usize, gold: Mass) -> Vec<Part<K>> {
    let mut parts = parted(pool, golds, place);
    if parts.is_empty() {
        parts = pool.to_vec();
    }
    if gold != Mass::ZERO {
        return scaled(&parts, gold);
    }
    for part in &mut parts {
        part.fine = Mass::ZERO;
    }
    parts
}

/// One part for each part, together `gold`.
fn shares<K: Copy>(parts: &[Part<K>], gold: Mass) -> Vec<Part<K>> {
    let whole = total(parts).micrograms();
    let mut shares = parts.to_vec();
    if whole == gold.micrograms() {
        return shares;
    }
    if whole == 0 {
        if let Some(first) = shares.first_mut() {
            first.fine = gold;
        }
        return shares;
    }
    let mut rests = Vec::with_capacity(parts.len());
    let mut missing = gold.micrograms();
    for (place, share) in shares.iter_mut().enumerate() {
        let exact = u128::from(share.fine.micrograms()) * u128::from(gold.micrograms());
        let (down, rest) = (exact / u128::from(whole), exact % u128::from(whole));
        let down = u64::try_from(down).expect("a part of `gold`");
        share.fine = Mass::from_micrograms(down);
        missing -= down;
        rests.push((core::cmp::Reverse(rest), place));
    }
    rests.sort_unstable();
    for (_, place) in rests
        .into_iter()
        .take(usize::try_from(missing).expect("less than the parts"))
    {
        shares[place].fine = shares[place].fine.plus(Mass::from_micrograms(1));
    }
    shares
}
