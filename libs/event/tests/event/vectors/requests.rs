//! The vectors of signed requests: what may be asked, and what is refused, each for one reason.

use ed25519_dalek::Signer;
use event::codec::encode;
use event::key::Digest;
use event::request::{
    AUDIENCE_BYTES_MAX, Ask, Audience, Challenge, DescribeEvidence, GetEvidence, ListAccesses, Nonce, PutEvidence,
    REQUEST_BODY_BYTES_MAX, Request, SIGNED_REQUEST_BYTES_MAX, SetVisibility, SignIn, SignedRequest, Visibility,
};
use event::statement::{Body, SignatureBytes};
use event::vocabulary::EVIDENCE_MAX;
use event::{DeploymentId, PublicKey, SignedStatement};

use super::good::{NOON, deployment, founder, party, sign, statement, withdrawal};
use super::{Vector, hex};
use crate::adversary::{KnownPoint, plus_group_order};

const REQUEST_DOMAIN: &[u8] = b"veta/request/v1\n";
const STATEMENT_DOMAIN: &[u8] = b"veta/statement/v1\n";
/// Where the length of the body stands: after key and signature.
const LENGTH_AT: usize = 32 + 64;
/// Where the kind of what is asked stands in the body: after party, time (six bytes) and nonce.
const ASK_AT: usize = 16 + 6 + 32;

/// Every vector of a request, and of a statement that is signed like one.
pub(super) fn vectors() -> Vec<Vector> {
    let mut vectors = good();
    vectors.extend(envelope());
    vectors.extend(signatures());
    vectors.extend(bodies());
    vectors
}

/// A request of the founder's party.
pub(crate) fn request(ask: Ask) -> Request {
    Request {
        party: party(),
        asked_at: NOON,
        nonce: Nonce::from_bytes([0xa5; 32]),
        ask,
    }
}

/// Asking for one file.
pub(crate) fn a_request() -> Request {
    request(Ask::GetEvidence(GetEvidence { digest: digest(7) }))
}

/// Letting a site look.
pub(crate) fn sign_in(audience: &str) -> Ask {
    Ask::SignIn(SignIn {
        audience: Audience::new(audience).expect("the host of an address"),
        challenge: Challenge::from_bytes([0xc4; 32]),
    })
}

/// Asking who looked at one's files.
fn list_accesses(from: u64) -> Ask {
    Ask::ListAccesses(ListAccesses { owner: party(), from })
}

fn good() -> Vec<Vector> {
    let put = |visibility| {
        let (digest, size) = (digest(7), 3_145_728);
        let put = PutEvidence {
            digest,
            size,
            visibility,
        };
        (format!("put-evidence-{visibility}"), Ask::PutEvidence(put))
    };
    let describe = |count: u8| {
        let digests: Vec<Digest> = (0..count).map(digest).collect();
        let digests = digests.try_into().expect("as many as a finding has");
        Ask::DescribeEvidence(DescribeEvidence { digests })
    };
    let set = SetVisibility {
        digest: digest(7),
        visibility: Visibility::Buyers,
    };
    let full = u8::try_from(EVIDENCE_MAX).expect("a few");
    let mut asks: Vec<_> = Visibility::ALL.into_iter().map(put).collect();
    asks.push(("get-evidence".to_owned(), a_request().ask));
    asks.push(("describe-evidence".to_owned(), describe(2)));
    asks.push(("describe-evidence-none".to_owned(), describe(0)));
    asks.push(("describe-evidence-full".to_owned(), describe(full)));
    asks.push(("set-visibility".to_owned(), Ask::SetVisibility(set)));
    asks.push(("sign-in".to_owned(), sign_in("gold.example.org")));
    asks.push(("sign-in-port".to_owned(), sign_in("[::1]:8080")));
    asks.push(("sign-in-longest".to_owned(), sign_in(&"a".repeat(AUDIENCE_BYTES_MAX))));
    asks.push(("list-accesses".to_owned(), list_accesses(0)));
    asks.push(("list-accesses-older".to_owned(), list_accesses(u64::MAX)));
    asks.into_iter().map(|(name, ask)| verified(&name, ask)).collect()
}

fn verified(name: &str, ask: Ask) -> Vector {
    let request = request(ask);
    let signed = SignedRequest::sign(&request, deployment(), &founder());
    let json = serde_json::to_string(&request).expect("a request in JSON");
    Vector::new("request", name, "verified", "a request of the founder's party")
        .with("deployment", deployment())
        .with("signed", hex(&signed.encode()))
        .with("id", signed.id(deployment()))
        .with("json", json)
}

fn honest() -> SignedRequest {
    SignedRequest::sign(&a_request(), deployment(), &founder())
}

fn refused(name: &str, expect: &str, comment: &str, signed: &[u8]) -> Vector {
    Vector::new("request", name, expect, comment)
        .with("deployment", deployment())
        .with("signed", hex(signed))
}

/// Key, signature and body are not there, or not in the one way they are written.
fn envelope() -> Vec<Vector> {
    let bytes = honest().encode();
    let body = &bytes[LENGTH_AT + 1..];
    let headed = |length: &[u8]| [&bytes[..LENGTH_AT], length, body].concat();
    let short = u8::try_from(body.len()).expect("a body of less than 128 bytes");
    let too_long = signed_body(&vec![0; REQUEST_BODY_BYTES_MAX + 1]).encode();
    assert!(
        too_long.len() <= SIGNED_REQUEST_BYTES_MAX + 1,
        "one byte more than a request"
    );
    vec![
        refused("empty", "Malformed", "no bytes", &[]),
        refused(
            "truncated",
            "Malformed",
            "the last byte of the body is missing",
            &bytes[..bytes.len() - 1],
        ),
        refused(
            "length-2-gib",
            "Malformed",
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
            "length-overlong",
            "NotCanonical",
            "the length in two bytes where one would do",
            &headed(&[short | 0x80, 0]),
        ),
        refused("body-too-long", "TooLong", "a body of 1,145 bytes, signed", &too_long),
    ]
}

/// The signature is of something else.
fn signatures() -> Vec<Vector> {
    let honest = honest();
    let with = |signature| {
        SignedRequest {
            signature,
            ..honest.clone()
        }
        .encode()
    };
    let elsewhere = SignedRequest::sign(&a_request(), DeploymentId::from_bytes([0xde; 32]), &founder());
    let identity = KnownPoint::all_small().next().expect("the identity").bytes();
    let small = SignedRequest {
        key: PublicKey::from_bytes(identity),
        ..honest.clone()
    };
    let spoken = sign(&statement(2, withdrawal()), deployment());
    let asked = SignedStatement {
        signature: signature(REQUEST_DOMAIN, &spoken.body.0),
        ..spoken.clone()
    };
    let bad = |name, comment, bytes: &[u8]| refused(name, "BadSignature", comment, bytes);
    vec![
        bad("zero-signature", "64 zero bytes", &with(SignatureBytes([0; 64]))),
        bad("malleable", "S + ℓ for S", &with(plus_group_order(honest.signature))),
        bad("wrong-deployment", "signed for another deployment", &elsewhere.encode()),
        bad(
            "signed-as-statement",
            "the same body, signed as if it were a statement's",
            &with(signature(STATEMENT_DOMAIN, &honest.body.0)),
        ),
        bad(
            "is-a-statement",
            "a statement, which stands in the same envelope",
            &spoken.encode(),
        ),
        refused("small-order-key", "BadKey", "A is the identity", &small.encode()),
        Vector::new(
            "statement",
            "signed-as-request",
            "BadSignature",
            "a statement, signed as if it were a request",
        )
        .with("deployment", deployment())
        .with("signed", hex(&asked.encode())),
        Vector::new(
            "statement",
            "is-a-request",
            "BadSignature",
            "a request, which stands in the same envelope",
        )
        .with("deployment", deployment())
        .with("signed", hex(&honest.encode())),
    ]
}

/// The body is signed but is not the one way to write a request.
fn bodies() -> Vec<Vector> {
    let body = encode(&a_request());
    let (head, ask) = body.split_at(ASK_AT);
    assert_eq!(ask[0], 1, "the kind of what is asked stands after the nonce");
    let asked = |ask: &[u8]| signed_body(&[head, ask].concat()).encode();
    let digests = [&[2, 17][..], &[0; 17 * 32]].concat();
    let visible = [&[3][..], &[0; 32], &[4]].concat();
    let audience = |host: &[u8]| [&[4][..], &encode(&host.len()), host, &[0xc4; 32]].concat();
    vec![
        refused(
            "body-empty",
            "MalformedBody",
            "a body of no bytes",
            &signed_body(&[]).encode(),
        ),
        refused(
            "unknown-ask",
            "MalformedBody",
            "what is asked after the last",
            &asked(&[6; 34]),
        ),
        refused(
            "digests-too-many",
            "MalformedBody",
            "seventeen digests",
            &asked(&digests),
        ),
        refused(
            "unknown-visibility",
            "MalformedBody",
            "the circle after the last",
            &asked(&visible),
        ),
        refused(
            "audience-empty",
            "MalformedBody",
            "a session for no site",
            &asked(&audience(b"")),
        ),
        refused(
            "audience-upper-case",
            "MalformedBody",
            "a host in upper case, which no browser writes",
            &asked(&audience(b"Gold.example.org")),
        ),
        refused(
            "audience-address",
            "MalformedBody",
            "a whole address where a host must be",
            &asked(&audience(b"https://gold.example.org")),
        ),
        refused(
            "audience-too-long",
            "MalformedBody",
            "a host of 260 bytes",
            &asked(&audience(&[b'a'; AUDIENCE_BYTES_MAX + 1])),
        ),
        refused(
            "body-trailing-byte",
            "NotCanonical",
            "one byte after what is asked",
            &signed_body(&[&body[..], &[0]].concat()).encode(),
        ),
        refused(
            "body-overlong-ask",
            "NotCanonical",
            "what is asked in two bytes",
            &asked(&[&[0x81, 0][..], &ask[1..]].concat()),
        ),
    ]
}

fn signed_body(body: &[u8]) -> SignedRequest {
    SignedRequest {
        key: founder().verifying_key().into(),
        signature: signature(REQUEST_DOMAIN, body),
        body: Body(body.to_vec()),
    }
}

fn signature(domain: &[u8], body: &[u8]) -> SignatureBytes {
    let message = [domain, deployment().as_bytes(), body].concat();
    SignatureBytes(founder().sign(&message).to_bytes())
}

fn digest(byte: u8) -> Digest {
    Digest::from_bytes([byte; 32])
}
