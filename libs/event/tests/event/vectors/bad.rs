//! The vectors that are refused, each for one reason.

mod limits;
mod values;
mod wire;

use event::codec::encode;
use event::record::RECORD_BYTES_MAX;
use event::statement::{SIGNED_STATEMENT_BYTES_MAX, SignatureBytes};
use event::vocabulary::EventKind;
use event::{DeploymentId, PublicKey, Record, SignedStatement, Timestamp};

use super::good::{
    after, deployment, every_enum, founder, longest, lot, plan, sign, sign_body, site, statement, withdrawal,
};
use super::{Vector, hex};
use crate::adversary::{KnownPoint, craft, plus_group_order, search};
use wire::{ABSENT, asked, catalogue, enrolled, event, retired};

/// Where the length of the body stands: after key and signature.
const LENGTH_AT: usize = 32 + 64;

/// Every bad vector.
pub(super) fn vectors() -> Vec<Vector> {
    let mut vectors = envelope_vectors();
    vectors.extend(signature_vectors());
    vectors.extend(crafted_vectors());
    vectors.extend(small_order_vectors());
    vectors.extend(body_form_vectors());
    vectors.extend(text_vectors());
    vectors.extend(edges().into_iter().map(Edge::vector));
    vectors.extend(record_vectors());
    vectors.extend(id_vectors());
    vectors.extend(key_vectors());
    vectors
}

fn refused(name: &str, expect: &str, comment: &str, signed: &[u8]) -> Vector {
    Vector::new("statement", name, expect, comment)
        .with("deployment", deployment())
        .with("signed", hex(signed))
}

fn honest() -> SignedStatement {
    sign(&statement(2, withdrawal()), deployment())
}

/// Key, signature and body are not there, or not in the one way they are written.
fn envelope_vectors() -> Vec<Vector> {
    let bytes = honest().encode();
    let body = &bytes[LENGTH_AT + 1..];
    let headed = |length: &[u8]| [&bytes[..LENGTH_AT], length, body].concat();
    let short = u8::try_from(body.len()).expect("a body of less than 128 bytes");
    let malformed = |name, comment, bytes: &[u8]| refused(name, "Malformed", comment, bytes);
    vec![
        malformed("empty", "no bytes", &[]),
        malformed("truncated-key", "31 bytes", &bytes[..31]),
        malformed("truncated-signature", "95 bytes", &bytes[..LENGTH_AT - 1]),
        malformed(
            "truncated-length",
            "the length of the body is missing",
            &bytes[..LENGTH_AT],
        ),
        malformed(
            "truncated-body",
            "the last byte of the body is missing",
            &bytes[..bytes.len() - 1],
        ),
        malformed(
            "length-past-end",
            "the body is one byte shorter than its length",
            &headed(&[short + 1]),
        ),
        malformed(
            "length-unfinished",
            "a length of eleven bytes without an end",
            &headed(&[0xff; 11]),
        ),
        malformed(
            "length-2-gib",
            "a length of 2 GiB, which nobody may allocate before it is there",
            &headed(&[0x80, 0x80, 0x80, 0x80, 0x08]),
        ),
        refused(
            "trailing-byte",
            "NotCanonical",
            "one byte after the body",
            &[&bytes[..], &[0]].concat(),
        ),
        refused(
            "length-before-end",
            "NotCanonical",
            "the body is one byte longer than its length",
            &headed(&[short - 1]),
        ),
        refused(
            "length-overlong",
            "NotCanonical",
            "the length in two bytes where one would do",
            &headed(&[short | 0x80, 0]),
        ),
        refused(
            "body-too-long",
            "TooLong",
            "a body of 49,153 bytes, signed",
            &longest(1).encode(),
        ),
        refused(
            "too-long",
            "TooLong",
            "more bytes than any statement has",
            &vec![0; SIGNED_STATEMENT_BYTES_MAX + 1],
        ),
    ]
}

/// The signature is of something else.
fn signature_vectors() -> Vec<Vector> {
    let honest = honest();
    let changed = |at: usize, bit: u8| {
        let mut bytes = honest.encode();
        bytes[at] ^= 1 << bit;
        bytes
    };
    let signed_with = |signature| {
        SignedStatement {
            signature,
            ..honest.clone()
        }
        .encode()
    };
    let founding = sign(&statement(2, withdrawal()), DeploymentId::FOUNDING);
    let foreign = sign(&statement(2, withdrawal()), DeploymentId::from_bytes([0xde; 32]));
    let other = sign(&statement(3, withdrawal()), deployment());
    let bad = |name, comment, bytes: &[u8]| refused(name, "BadSignature", comment, bytes);
    vec![
        bad("flipped-r", "a bit of R is flipped", &changed(32, 0)),
        bad("flipped-s", "a bit of S is flipped", &changed(64, 0)),
        bad("flipped-s-high", "the highest bit of S is flipped", &changed(95, 7)),
        bad(
            "flipped-body",
            "a bit of the body is flipped",
            &changed(LENGTH_AT + 1, 0),
        ),
        bad("zero-signature", "64 zero bytes", &signed_with(SignatureBytes([0; 64]))),
        bad(
            "malleable",
            "S + ℓ for S",
            &signed_with(plus_group_order(honest.signature)),
        ),
        bad(
            "signature-of-another",
            "the signature of another statement of the same key",
            &signed_with(other.signature),
        ),
        bad("wrong-deployment", "signed for another deployment", &foreign.encode()),
        bad(
            "founding-deployment",
            "signed as if nothing were founded yet",
            &founding.encode(),
        ),
        Vector::new(
            "statement",
            "not-founding",
            "BadSignature",
            "signed for a deployment, read before the founding",
        )
        .with("deployment", DeploymentId::FOUNDING)
        .with("signed", hex(&honest.encode())),
    ]
}

/// Signatures with points that honest signers do not use.
fn crafted_vectors() -> Vec<Vector> {
    let body = encode(&statement(2, withdrawal()));
    let (prime, mixed) = (KnownPoint::mixed(1, 0), KnownPoint::mixed(1, 1));
    let identity = KnownPoint::small(identity_bytes());
    let unwritten_identity = KnownPoint::small(crate::adversary::NON_CANONICAL[3]);
    let crafted = |nonce: &KnownPoint| craft(&prime, nonce, deployment(), &body).signed.encode();
    let cofactored = |key, torsion| search(key, torsion, false, deployment(), &body).encode();
    let bad = |name, comment, bytes: &[u8]| refused(name, "BadSignature", comment, bytes);
    let no_point = SignedStatement {
        key: PublicKey::from_bytes(no_point()),
        ..honest()
    };
    let unwritten = SignedStatement {
        key: PublicKey::from_bytes(unwritten_point()),
        ..honest()
    };
    vec![
        bad("small-order-r", "R is the identity", &crafted(&identity)),
        bad(
            "non-canonical-r",
            "R is the identity, written with y ≥ p",
            &crafted(&unwritten_identity),
        ),
        bad(
            "mixed-order-r",
            "holds only when multiplied by the cofactor: R has order 8ℓ",
            &cofactored(&prime, 1),
        ),
        bad(
            "mixed-order-key-cofactored",
            "holds only when multiplied by the cofactor: A has order 8ℓ",
            &cofactored(&mixed, 0),
        ),
        bad(
            "mixed-order-both",
            "holds only when multiplied by the cofactor: A and R have order 8ℓ",
            &cofactored(&mixed, 3),
        ),
        bad(
            "non-canonical-key",
            "A is a point written with y ≥ p",
            &unwritten.encode(),
        ),
        refused(
            "no-point-key",
            "BadKey",
            "A is no point of the curve",
            &no_point.encode(),
        ),
    ]
}

/// Every encoding of every key of small order, with a signature that holds for a verifier that does not look.
fn small_order_vectors() -> Vec<Vector> {
    let body = encode(&statement(2, withdrawal()));
    let vector = |(place, key): (usize, KnownPoint)| {
        let signed = search(&key, 0, true, deployment(), &body);
        let comment = "A has small order; the signature holds for a verifier that does not refuse it";
        refused(
            &format!("small-order-key-{place:02}"),
            "BadKey",
            comment,
            &signed.encode(),
        )
    };
    KnownPoint::all_small().enumerate().map(vector).collect()
}

/// The body is signed but is not the one way to write a statement.
fn body_form_vectors() -> Vec<Vector> {
    let body = encode(&statement(2, withdrawal()));
    let (party, rest) = body.split_at(16);
    let not_canonical = |name, comment, body: &[u8]| signed(name, "NotCanonical", comment, body);
    vec![
        malformed("body-empty", "a body of no bytes", &[]),
        malformed("body-truncated", "the last byte is missing", &body[..body.len() - 1]),
        malformed(
            "body-number-unfinished",
            "a number of eleven bytes without an end",
            &[party, &[0xff; 11]].concat(),
        ),
        malformed(
            "body-unknown-event",
            "an event of the kind after the last",
            &event(EventKind::ALL.len(), &(lot(), after())),
        ),
        malformed(
            "body-unknown-event-far",
            "an event of kind 2³² - 1",
            &event(u32::MAX, &(lot(), after())),
        ),
        not_canonical(
            "body-trailing-byte",
            "one byte after the event",
            &[&body[..], &[0]].concat(),
        ),
        not_canonical(
            "body-overlong-number",
            "number 2 in two bytes",
            &[party, &[0x82, 0], &rest[1..]].concat(),
        ),
        not_canonical(
            "body-overlong-event",
            "the kind of event in two bytes",
            &overlong_event(),
        ),
    ]
}

/// A statement whose kind of event, 12 or 0x0c, is written in two bytes.
fn overlong_event() -> Vec<u8> {
    let body = event(EventKind::OfferWithdrawn, &(lot(), after()));
    let kind_at = body.len() - 16 - 32 - 1;
    assert_eq!(body[kind_at], 12, "the kind stands before lot and statement id");
    [&body[..kind_at], &[0x8c, 0], &body[kind_at + 1..]].concat()
}

/// The body is signed and well written, but a text in it is none.
fn text_vectors() -> Vec<Vector> {
    vec![
        malformed("text-empty", "a reason without a character", &retired("")),
        malformed("text-blank", "a reason of a space", &retired(" ")),
        malformed("text-space-before", "white space before the text", &retired(" lost")),
        malformed(
            "text-space-after",
            "white space after the text, which no-break space is too",
            &retired("lost\u{a0}"),
        ),
        malformed("text-line-break", "a control character", &retired("lost\nfound")),
        malformed("text-nul", "a control character", &retired("lost\0")),
        malformed(
            "text-c1-control",
            "a control character beyond ASCII",
            &retired("lost\u{85}found"),
        ),
        malformed(
            "text-not-utf8",
            "a byte that starts no character",
            &event(EventKind::LotRetired, &(lot(), after(), [1_u8, 0xff])),
        ),
        malformed(
            "option-text-empty",
            "a note that is there, without a character",
            &event(EventKind::PlanClosed, &(plan(), 0_u32, Some(""))),
        ),
        malformed(
            "slug-upper-case",
            "a capital letter in a slug",
            &catalogue("Golden", &[]),
        ),
        malformed(
            "theme-upper-case",
            "a capital letter in the slug of a theme",
            &catalogue("golden", &[asked(0, ABSENT, ABSENT, Some("Mercury"), ABSENT)]),
        ),
        malformed("country-lower-case", "small letters for a country", &enrolled("cd", 1)),
        malformed(
            "country-three-letters",
            "three letters for a country",
            &enrolled("COD", 1),
        ),
        malformed(
            "terms-2-gib",
            "a list that says it has 2³¹ terms",
            &event(EventKind::PolicySet, &0x8000_0000_u32),
        ),
    ]
}

/// A field as far out as it goes, and one further.
struct Edge {
    name: &'static str,
    comment: &'static str,
    within: Vec<u8>,
    past: Vec<u8>,
}

impl Edge {
    fn vector(self) -> Vector {
        malformed(self.name, self.comment, &self.past)
    }
}

/// The edge of a body that may say `most`, and no more.
fn edge(name: &'static str, comment: &'static str, most: usize, body: impl Fn(usize) -> Vec<u8>) -> Edge {
    Edge {
        name,
        comment,
        within: body(most),
        past: body(most + 1),
    }
}

fn edges() -> Vec<Edge> {
    let mut edges = limits::edges();
    edges.extend(values::edges());
    edges
}

#[test]
fn what_is_refused_past_an_edge_verifies_within() {
    for Edge { name, within, .. } in edges() {
        sign_body(&within)
            .verify(deployment())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn every_enum_has_an_edge() {
    // Those but the event itself, which `body-unknown-event` is about.
    assert_eq!(values::edges().len(), every_enum().len() - 1);
}

fn malformed(name: &str, comment: &str, body: &[u8]) -> Vector {
    signed(name, "MalformedBody", comment, body)
}

fn signed(name: &str, expect: &str, comment: &str, body: &[u8]) -> Vector {
    refused(name, expect, comment, &sign_body(body).encode())
}

fn record_vectors() -> Vec<Vector> {
    let payload = Record::new(Timestamp::from_unix_ms(1), honest()).encode();
    let refused = |name, expect, comment, payload: &[u8]| {
        Vector::new("record", name, expect, comment).with("payload", hex(payload))
    };
    let malformed = |name, comment, payload: &[u8]| refused(name, "Malformed", comment, payload);
    let versioned = |version| [&[version], &payload[1..]].concat();
    let overlong = [&payload[..1], &[payload[1] | 0x80, 0], &payload[2..]].concat();
    vec![
        malformed("empty", "no bytes", &[]),
        malformed("version-0", "a record of version 0", &versioned(0)),
        malformed("version-2", "a record of version 2", &versioned(2)),
        malformed("truncated", "the last byte is missing", &payload[..payload.len() - 1]),
        malformed("garbage", "text", b"this is not a record"),
        refused(
            "trailing-byte",
            "NotCanonical",
            "one byte after the statement",
            &[&payload[..], &[0]].concat(),
        ),
        refused(
            "overlong-time",
            "NotCanonical",
            "a time in two bytes where one would do",
            &overlong,
        ),
        refused(
            "too-long",
            "TooLong",
            "more bytes than any record has",
            &vec![1; RECORD_BYTES_MAX + 1],
        ),
    ]
}

fn id_vectors() -> Vec<Vector> {
    let text = lot().to_string();
    let last = text.len() - 1;
    let refused = |name, expect, comment, text: &str| {
        Vector::new("id", name, expect, comment)
            .with("prefix", "lot")
            .with("text", text)
    };
    let other_check = if text.ends_with('7') { "8" } else { "7" };
    let highest = event::LotId::from_bytes([0xff; 16]).to_string();
    vec![
        refused(
            "wrong-check",
            "Check",
            "another check character",
            &format!("{}{other_check}", &text[..last]),
        ),
        refused("transposed", "Check", "two neighbours exchanged", &transposed(&text)),
        refused(
            "too-big",
            "Check",
            "a first digit above 7: more than 128 bits",
            &highest.replacen("lot-7", "lot-8", 1),
        ),
        refused("other-prefix", "Prefix", "the id of a site", &site().to_string()),
        refused(
            "renamed-prefix",
            "Check",
            "the digits of a site under the prefix of a lot",
            &renamed_site(),
        ),
        refused("no-prefix", "Prefix", "no prefix", &text[4..]),
        refused("too-short", "Length", "a character is missing", &text[..last]),
        refused("too-long", "Length", "a character too many", &format!("{text}0")),
        refused(
            "foreign-letter",
            "Character",
            "u stands in no id",
            &format!("{}u", &text[..last]),
        ),
        refused(
            "inner-hyphen",
            "Character",
            "a hyphen for a digit",
            &format!("{}-{}", &text[..8], &text[9..]),
        ),
    ]
}

fn renamed_site() -> String {
    site().to_string().replace("site-", "lot-")
}

/// The first two neighbours that differ, exchanged.
fn transposed(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let differing = |at: &usize| letters[*at] != letters[*at + 1];
    let at = (4..letters.len() - 1)
        .find(differing)
        .expect("an id of more than one digit");
    letters.swap(at, at + 1);
    letters.into_iter().collect()
}

fn key_vectors() -> Vec<Vector> {
    let key = |name: &str, comment, bytes: [u8; 32]| {
        Vector::new("key", name, "unusable", comment).with("key", PublicKey::from_bytes(bytes))
    };
    let mut vectors = vec![
        key("no-point", "no point of the curve", no_point()),
        key(
            "non-canonical",
            "a point of large order, written with y ≥ p",
            unwritten_point(),
        ),
    ];
    vectors.extend((1..8).map(|torsion| {
        key(
            &format!("mixed-order-{torsion}"),
            "not in the prime-order group",
            KnownPoint::mixed(1, torsion).bytes(),
        )
    }));
    let small = KnownPoint::all_small().enumerate();
    vectors
        .extend(small.map(|(place, point)| key(&format!("small-order-{place:02}"), "of small order", point.bytes())));
    vectors
}

fn identity_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
}

/// 32 bytes whose y belongs to no point: the first such after the founder's key.
fn no_point() -> [u8; 32] {
    let mut bytes = founder().verifying_key().to_bytes();
    while ed25519_dalek::VerifyingKey::from_bytes(&bytes).is_ok() {
        bytes[0] = bytes[0].wrapping_add(1);
    }
    bytes
}

/// A point of large order with y = 3, written as p + 3.
fn unwritten_point() -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xed + 3;
    bytes[31] = 0x7f;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).expect("a point has y = 3");
    assert!(!key.is_weak(), "a point of large order");
    bytes
}
