//! Signatures that nobody honest makes: with points of small or mixed order, and with encodings that are not canonical.
//!
//! A point is written as a·B + T with a torsion point T. For a key a·B + T, a nonce point r·B + U and the challenge k,
//! S = r + k·a makes S·B = R + k·A hold up to k·T + U, which lies in the torsion group. A verifier that multiplies by the
//! cofactor accepts all of these; one that does not accepts those where k·T + U vanishes.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity};
use event::statement::{Body, SignatureBytes};
use event::{DeploymentId, PublicKey, SignedStatement};
use sha2::{Digest as _, Sha512};

/// The order ℓ of the prime-order group, little endian: 2²⁵² + 27742317777372353535851937790883648493.
const GROUP_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The six encodings of points of small order that are not canonical: y ≥ p, or x = 0 with the sign bit set.
pub(crate) const NON_CANONICAL: [[u8; 32]; 6] = [
    filled(0xed, 0xff, 0x7f),
    filled(0xed, 0xff, 0xff),
    filled(0x01, 0x00, 0x80),
    filled(0xee, 0xff, 0x7f),
    filled(0xee, 0xff, 0xff),
    filled(0xec, 0xff, 0xff),
];

const fn filled(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

/// The nonces that a search tries: 512, so that it misses with probability (7/8)⁵¹², less than 2⁻⁹⁸.
const NONCE_SEEDS: std::ops::Range<u64> = 1_000..1_512;

/// A point a·B + T whose a is known, and the bytes it is written with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownPoint {
    scalar: Scalar,
    torsion: EdwardsPoint,
    bytes: [u8; 32],
}

impl KnownPoint {
    /// a·B + T for the a drawn from `seed` and the `torsion`-th of the eight torsion points; the 0th is the identity.
    pub(crate) fn mixed(seed: u64, torsion: usize) -> Self {
        let scalar = Scalar::from_bytes_mod_order_wide(&Sha512::digest(seed.to_le_bytes()).into());
        let torsion = EIGHT_TORSION[torsion];
        let point = scalar * ED25519_BASEPOINT_POINT + torsion;
        Self {
            scalar,
            torsion,
            bytes: point.compress().to_bytes(),
        }
    }

    /// A point of small order, by its encoding.
    pub(crate) fn small(bytes: [u8; 32]) -> Self {
        let torsion = CompressedEdwardsY(bytes).decompress().expect("an encoding of a point");
        assert!(torsion.is_small_order(), "an encoding of a point of small order");
        Self {
            scalar: Scalar::ZERO,
            torsion,
            bytes,
        }
    }

    /// All fourteen encodings of the eight points of small order.
    pub(crate) fn all_small() -> impl Iterator<Item = Self> {
        let canonical = EIGHT_TORSION.iter().map(|point| point.compress().to_bytes());
        canonical.chain(NON_CANONICAL).map(Self::small)
    }

    /// Whether its order divides eight.
    pub(crate) fn is_small(&self) -> bool {
        self.scalar == Scalar::ZERO
    }

    /// Whether it lies in the group that honest keys lie in.
    pub(crate) fn is_torsion_free(&self) -> bool {
        self.torsion.is_identity()
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> [u8; 32] {
        self.bytes
    }
}

/// A crafted statement.
#[derive(Debug)]
pub(crate) struct Crafted {
    /// The statement.
    pub(crate) signed: SignedStatement,
    /// Whether S·B = R + k·A holds exactly, and not only up to a torsion point.
    pub(crate) holds: bool,
}

/// Signs `body` with a key and a nonce whose points may be anything.
pub(crate) fn craft(key: &KnownPoint, nonce: &KnownPoint, deployment: DeploymentId, body: &[u8]) -> Crafted {
    let challenge = Sha512::new()
        .chain_update(nonce.bytes)
        .chain_update(key.bytes)
        .chain_update(b"veta/statement/v1\n")
        .chain_update(deployment.as_bytes())
        .chain_update(body)
        .finalize();
    let challenge = Scalar::from_bytes_mod_order_wide(&challenge.into());
    let response = nonce.scalar + challenge * key.scalar;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&nonce.bytes);
    signature[32..].copy_from_slice(response.as_bytes());
    Crafted {
        signed: SignedStatement {
            key: PublicKey::from_bytes(key.bytes),
            signature: SignatureBytes(signature),
            body: Body(body.to_vec()),
        },
        holds: times(&challenge, key.torsion) + nonce.torsion == EdwardsPoint::identity(),
    }
}

/// The first nonce point a·B + T whose signature holds exactly, or does not, as wanted.
pub(crate) fn search(
    key: &KnownPoint,
    torsion: usize,
    holds: bool,
    deployment: DeploymentId,
    body: &[u8],
) -> SignedStatement {
    NONCE_SEEDS
        .map(|seed| craft(key, &KnownPoint::mixed(seed, torsion), deployment, body))
        .find(|crafted| crafted.holds == holds)
        .expect("one in eight holds, and seven in eight do not")
        .signed
}

/// The same signature with S + ℓ for S: the other 32 bytes that a careless verifier takes for the same number.
pub(crate) fn plus_group_order(signature: SignatureBytes) -> SignatureBytes {
    let mut bytes = signature.0;
    let mut carry = 0;
    for (byte, more) in bytes[32..].iter_mut().zip(GROUP_ORDER) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert_eq!(carry, 0, "S + ℓ fits 32 bytes");
    SignatureBytes(bytes)
}

/// k·T. The library reduces scalars by ℓ, which says nothing about a torsion point; only k mod 8 does.
fn times(challenge: &Scalar, torsion: EdwardsPoint) -> EdwardsPoint {
    (0..challenge.as_bytes()[0] % 8).fold(EdwardsPoint::identity(), |sum, _| sum + torsion)
}
