//! Whether Ed25519 signatures hold: the answers of `VerifyingKey::verify_strict`, one by one, with less work.
//!
//! Each signature has its own equation, R = \[s\]B - \[k\]A, computed exactly and compared byte for byte. Never an equation
//! over several signatures at once: whether that one holds depends on what stands beside a crafted signature.

use core::cell::RefCell;
use std::collections::BTreeMap;

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use sha2::{Digest as _, Sha512};

use crate::key::PublicKey;
use crate::statement::{SignatureBytes, VerifyError};

/// Keys that a thread remembers decompressed, about 300 bytes each; when there are more, it begins anew. Decompressing
/// costs a tenth of a verification.
const KEYS_MAX: usize = 1_024;

/// The points of small order in their canonical encoding, without the bit for the sign of x, which stands for both:
/// of order 1, 2, 4, 8 and 8.
const SMALL_ORDER: [[u8; 32]; 5] = [
    ends(0x01, 0x00, 0x00),
    ends(0xec, 0xff, 0x7f),
    ends(0x00, 0x00, 0x00),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

thread_local! {
    /// Only keys that are points of large order. What is remembered changes no answer.
    static KEYS: RefCell<BTreeMap<PublicKey, EdwardsPoint>> = const { RefCell::new(BTreeMap::new()) };
}

/// A message with a signature that no one has checked yet.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    pub(crate) key: &'a PublicKey,
    /// Signed as one, one part after the other.
    pub(crate) message: [&'a [u8]; 3],
    pub(crate) signature: &'a SignatureBytes,
}

/// Whether the signature holds.
pub(crate) fn verify(signed: Signed<'_>) -> Result<(), VerifyError> {
    equals(signed.nonce()?.compress(), signed)
}

/// [`verify`] for each. Encoding a point divides by a coordinate, a tenth of a verification; many divide together.
pub(crate) fn verify_all(all: &[Signed<'_>]) -> Vec<Result<(), VerifyError>> {
    let nonces: Vec<_> = all.iter().map(Signed::nonce).collect();
    let points: Vec<EdwardsPoint> = nonces.iter().filter_map(|nonce| nonce.ok()).collect();
    let mut encodings = EdwardsPoint::compress_batch_alloc(&points).into_iter();
    let verified = nonces.into_iter().zip(all).map(|(nonce, signed)| {
        nonce?;
        equals(encodings.next().expect("one for each point"), *signed)
    });
    verified.collect()
}

impl Signed<'_> {
    /// The only R with which the signature holds.
    fn nonce(&self) -> Result<EdwardsPoint, VerifyError> {
        let minus_key = minus(self.key)?;
        let (r, s) = self.halves();
        // The equation is checked by computing R and comparing encodings. So an R that passes is canonical, and what
        // `verify_strict` asks of it beyond that, not to be of small order, can be read off its bytes.
        if is_small_order(*r) {
            return Err(VerifyError::BadSignature);
        }
        let s = Option::from(Scalar::from_canonical_bytes(*s)).ok_or(VerifyError::BadSignature)?;
        let start = Sha512::new().chain_update(r).chain_update(self.key.as_bytes());
        let challenge = self.message.iter().fold(start, Sha512::chain_update).finalize();
        let k = Scalar::from_bytes_mod_order_wide(&challenge.into());
        Ok(EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &minus_key, &s))
    }

    fn halves(&self) -> (&[u8; 32], &[u8; 32]) {
        let (r, s) = self
            .signature
            .0
            .split_first_chunk()
            .expect("a signature has two halves");
        (r, s.try_into().expect("of 32 bytes each"))
    }
}

fn equals(nonce: CompressedEdwardsY, signed: Signed<'_>) -> Result<(), VerifyError> {
    let (r, _) = signed.halves();
    if nonce.as_bytes() == r {
        return Ok(());
    }
    Err(VerifyError::BadSignature)
}

/// The key's point, negated.
fn minus(key: &PublicKey) -> Result<EdwardsPoint, VerifyError> {
    if let Some(known) = KEYS.with_borrow(|keys| keys.get(key).copied()) {
        return Ok(known);
    }
    let point = CompressedEdwardsY(*key.as_bytes())
        .decompress()
        .filter(|point| !point.is_small_order())
        .ok_or(VerifyError::BadKey)?;
    KEYS.with_borrow_mut(|keys| {
        if KEYS_MAX <= keys.len() {
            keys.clear();
        }
        keys.insert(*key, -point);
    });
    Ok(-point)
}

/// Whether R, the first half of a signature, encodes a point of small order canonically.
fn is_small_order(mut r: [u8; 32]) -> bool {
    r[31] &= 0x7f;
    SMALL_ORDER.contains(&r)
}

const fn ends(first: u8, between: u8, last: u8) -> [u8; 32] {
    let mut bytes = [between; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;

    use super::*;

    #[test]
    fn the_table_is_every_point_of_small_order() {
        let mut found = [false; SMALL_ORDER.len()];
        for point in EIGHT_TORSION {
            let mut bytes = point.compress().to_bytes();
            bytes[31] &= 0x7f;
            let place = SMALL_ORDER.iter().position(|known| *known == bytes);
            found[place.expect("in the table")] = true;
        }
        assert_eq!(found, [true; SMALL_ORDER.len()]);
    }

    #[test]
    fn a_thread_remembers_no_more_than_so_many_keys() {
        for seed in 0..=u16::try_from(KEYS_MAX).expect("small") {
            let mut secret = [7; 32];
            secret[..2].copy_from_slice(&seed.to_be_bytes());
            let key = ed25519_dalek::SigningKey::from_bytes(&secret).verifying_key();
            assert_eq!(minus(&key.into()), Ok(-key.to_edwards()));
            assert_eq!(minus(&key.into()), Ok(-key.to_edwards()));
        }
        assert_eq!(KEYS.with_borrow(BTreeMap::len), 1);
    }
}
