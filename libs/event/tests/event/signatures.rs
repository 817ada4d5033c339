//! Crafted signatures: which are refused, and that it is decided by the exact equation alone.

use curve25519_dalek::edwards::CompressedEdwardsY;
use ed25519_dalek::{Signature, VerifyingKey};
use event::codec::encode;
use event::vocabulary::OfferWithdrawn;
use event::{
    DeploymentId, Event, LotId, PartyId, PublicKey, SignedStatement, Statement, StatementId, Timestamp, VerifyError,
};

use crate::adversary::{KnownPoint, craft};

const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([0xd0; 32]);
/// Each pair of points is tried with so many statements: an equation that is off by a torsion point holds for one challenge in eight.
const STATEMENTS: u64 = 6;

#[test]
fn a_crafted_signature_is_accepted_only_if_it_holds_exactly_for_points_of_large_order() {
    let (mut accepted, mut tried) = (0, 0);
    for key in every_kind_of_point(1) {
        for nonce in every_kind_of_point(2) {
            for number in 0..STATEMENTS {
                accepted += usize::from(check(&key, &nonce, number));
                tried += 1;
            }
        }
    }
    // 8 × 8 pairs of large order hold for one challenge in eight, and the honest pair for every one.
    assert!(
        (tried / 200..tried / 20).contains(&accepted),
        "{accepted} of {tried} accepted"
    );
}

#[test]
fn many_together_have_the_answers_that_each_has_alone_and_that_verify_strict_has() {
    let mut crafted = Vec::new();
    for key in every_kind_of_point(1) {
        for nonce in every_kind_of_point(2) {
            let statement = |number| craft(&key, &nonce, DEPLOYMENT, &encode(&withdrawal(number))).signed;
            crafted.extend((0..STATEMENTS).map(statement));
        }
    }
    // An S that is no scalar.
    let mut beyond = crafted.last().expect("some").clone();
    beyond.signature.0[32..].fill(0xff);
    crafted.push(beyond);
    let alone: Vec<_> = crafted.iter().map(|one| one.clone().verify(DEPLOYMENT)).collect();
    let holds: Vec<_> = alone.iter().map(Result::is_ok).collect();
    assert_eq!(crafted.iter().map(holds_strictly).collect::<Vec<_>>(), holds);
    for size in [1, 2, 32, crafted.len()] {
        let together = crafted.chunks(size).map(<[_]>::to_vec);
        let together: Vec<_> = together
            .flat_map(|some| SignedStatement::verify_all(some, DEPLOYMENT))
            .collect();
        assert_eq!(together, alone, "{size} at a time");
    }
    assert_eq!(SignedStatement::verify_all(Vec::new(), DEPLOYMENT), []);
}

fn holds_strictly(statement: &SignedStatement) -> bool {
    let message = [
        b"veta/statement/v1\n".as_slice(),
        DEPLOYMENT.as_bytes(),
        &statement.body.0,
    ]
    .concat();
    VerifyingKey::from_bytes(statement.key.as_bytes())
        .and_then(|key| key.verify_strict(&message, &Signature::from_bytes(&statement.signature.0)))
        .is_ok()
}

#[test]
fn a_key_is_usable_only_in_the_prime_order_group() {
    for point in every_kind_of_point(3) {
        let key = PublicKey::from_bytes(point.bytes());
        assert_eq!(key.is_usable(), point.is_torsion_free() && !point.is_small(), "{key}");
    }
}

#[test]
fn a_key_is_usable_in_one_encoding_only() {
    // p + y for the nineteen y whose p + y still fits 255 bits, with either sign: every encoding that is not canonical.
    for y in 0..19_u8 {
        for sign in [0x7f, 0xff] {
            let mut bytes = [0xff; 32];
            bytes[0] = 0xed + y;
            bytes[31] = sign;
            assert!(!PublicKey::from_bytes(bytes).is_usable(), "p + {y}");
        }
    }
}

#[test]
fn the_points_of_small_order_are_fourteen_encodings_of_eight_points() {
    let mut encodings: Vec<[u8; 32]> = KnownPoint::all_small().map(|point| point.bytes()).collect();
    let points = encodings
        .iter()
        .map(|bytes| CompressedEdwardsY(*bytes).decompress().expect("a point"));
    let mut canonical: Vec<[u8; 32]> = points.map(|point| point.compress().to_bytes()).collect();
    encodings.sort_unstable();
    encodings.dedup();
    canonical.sort_unstable();
    canonical.dedup();
    assert_eq!((encodings.len(), canonical.len()), (14, 8));
}

/// All fourteen encodings of small order, an honest point, and that point plus each of the other torsion points.
fn every_kind_of_point(seed: u64) -> Vec<KnownPoint> {
    KnownPoint::all_small()
        .chain((0..8).map(|torsion| KnownPoint::mixed(seed, torsion)))
        .collect()
}

/// Checks one crafted statement, and says whether it was accepted.
#[track_caller]
fn check(key: &KnownPoint, nonce: &KnownPoint, number: u64) -> bool {
    let crafted = craft(key, nonce, DEPLOYMENT, &encode(&withdrawal(number)));
    let expected = match (key.is_small(), nonce.is_small(), crafted.holds) {
        (true, _, _) => Some(VerifyError::BadKey),
        (_, true, _) | (_, _, false) => Some(VerifyError::BadSignature),
        (false, false, true) => None,
    };
    let verified = crafted.signed.verify(DEPLOYMENT);
    assert_eq!(
        verified.as_ref().err(),
        expected.as_ref(),
        "key {key:?}, nonce {nonce:?}, statement {number}"
    );
    verified.is_ok()
}

fn withdrawal(number: u64) -> Statement {
    let event = OfferWithdrawn {
        lot: LotId::from_bytes([1; 16]),
        after: StatementId::from_bytes([2; 32]),
    };
    Statement {
        party: PartyId::from_bytes([3; 16]),
        number,
        stated_at: Timestamp::from_unix_ms(0),
        event: Event::OfferWithdrawn(event),
    }
}
