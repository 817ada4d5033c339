//! Requests: that they round trip, that every bit counts, how long they hold, and how long they can be.

use event::codec::{decode_strict, encode};
use event::key::Digest;
use event::request::{
    AUDIENCE_BYTES_MAX, Ask, Audience, Challenge, DescribeEvidence, GetEvidence, ListAccesses, Nonce, PutEvidence,
    REQUEST_AGE_MS_MAX, REQUEST_AHEAD_MS_MAX, REQUEST_BODY_BYTES_MAX, Request, RequestError, SESSION_MS_MAX,
    SetVisibility, SignIn, SignedRequest, Visibility,
};
use event::vocabulary::{EVIDENCE_MAX, PartyKind};
use event::{PartyId, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

use crate::arb::{arb_deployment, arb_signing_key};
use crate::variants::{every, names};
use crate::vectors::{a_request, request, sign_in};

fn arb_request() -> impl Strategy<Value = Request> {
    let digest = || any::<[u8; 32]>().prop_map(Digest::from_bytes);
    let visibility = || select(Visibility::ALL.to_vec());
    let ask = prop_oneof![
        (digest(), any::<u64>(), visibility()).prop_map(|(digest, size, visibility)| {
            Ask::PutEvidence(PutEvidence {
                digest,
                size,
                visibility,
            })
        }),
        digest().prop_map(|digest| Ask::GetEvidence(GetEvidence { digest })),
        prop::collection::vec(digest(), 0..=EVIDENCE_MAX).prop_map(|digests| {
            let digests = digests.try_into().expect("no more than allowed");
            Ask::DescribeEvidence(DescribeEvidence { digests })
        }),
        (digest(), visibility())
            .prop_map(|(digest, visibility)| Ask::SetVisibility(SetVisibility { digest, visibility })),
        ("[a-z0-9.:\\[\\]-]{1,40}", any::<[u8; 32]>()).prop_map(|(host, challenge)| {
            Ask::SignIn(SignIn {
                audience: Audience::new(&host).expect("a host"),
                challenge: Challenge::from_bytes(challenge),
            })
        }),
        (any::<[u8; 16]>(), any::<u64>()).prop_map(|(owner, from)| {
            Ask::ListAccesses(ListAccesses {
                owner: PartyId::from_bytes(owner),
                from,
            })
        }),
    ];
    (any::<[u8; 16]>(), any::<i64>(), any::<[u8; 32]>(), ask).prop_map(|(party, ms, nonce, ask)| Request {
        party: PartyId::from_bytes(party),
        asked_at: Timestamp::from_unix_ms(ms),
        nonce: Nonce::from_bytes(nonce),
        ask,
    })
}

proptest! {
    #[test]
    fn what_is_signed_verifies_and_keeps_its_bytes(
        request in arb_request(),
        deployment in arb_deployment(),
        other in arb_deployment(),
        key in arb_signing_key(),
    ) {
        let signed = SignedRequest::sign(&request, deployment, &key);
        let read = SignedRequest::decode(&signed.encode()).expect("what was signed can be read");
        prop_assert_eq!(&read, &signed);
        let verified = read.verify(deployment).expect("what was signed verifies");
        prop_assert_eq!(verified.request(), &request);
        prop_assert_eq!(verified.key(), key.verifying_key().into());
        prop_assert_eq!(verified.id(), signed.id(deployment));
        prop_assert_ne!(signed.id(deployment), signed.id(other));
        prop_assert_eq!(signed.verify(other), Err(RequestError::BadSignature));
    }

    #[test]
    fn all_bytes_decode_to_themselves_or_not_at_all(bytes: Vec<u8>) {
        if let Ok(request) = decode_strict::<Request>(&bytes, REQUEST_BODY_BYTES_MAX) {
            prop_assert_eq!(&encode(&request), &bytes);
        }
        if let Ok(signed) = SignedRequest::decode(&bytes) {
            prop_assert_eq!(signed.encode(), bytes);
        }
    }
}

#[test]
fn every_bit_of_a_signed_request_counts() {
    let (_, deployment, key) = crate::vectors::a_signed_statement();
    let bytes = SignedRequest::sign(&a_request(), deployment, &key).encode();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let verified = SignedRequest::decode(&flipped).and_then(|signed| signed.verify(deployment));
        assert!(verified.is_err(), "bit {bit} does not count");
    }
}

#[test]
fn a_request_holds_for_minutes() {
    let (_, deployment, key) = crate::vectors::a_signed_statement();
    let verified = SignedRequest::sign(&a_request(), deployment, &key)
        .verify(deployment)
        .expect("signed for it");
    let cases = [
        (-REQUEST_AHEAD_MS_MAX - 1, false),
        (-REQUEST_AHEAD_MS_MAX, true),
        (0, true),
        (REQUEST_AGE_MS_MAX, true),
        (REQUEST_AGE_MS_MAX + 1, false),
    ];
    for (later, is_fresh) in cases {
        let now = verified.asked_at().plus_ms(later);
        assert_eq!(verified.is_fresh(now), is_fresh, "{later} ms later");
    }
}

#[test]
fn a_session_lasts_half_an_hour_and_nothing_else_is_one() {
    let (_, deployment, key) = crate::vectors::a_signed_statement();
    let verified = |ask| {
        let signed = SignedRequest::sign(&request(ask), deployment, &key);
        signed.verify(deployment).expect("signed for it")
    };
    let session = verified(sign_in("gold.example.org"));
    let cases = [
        (-REQUEST_AHEAD_MS_MAX - 1, false),
        (-REQUEST_AHEAD_MS_MAX, true),
        (0, true),
        (SESSION_MS_MAX, true),
        (SESSION_MS_MAX + 1, false),
    ];
    for (later, lasts) in cases {
        let found = session.session(session.asked_at().plus_ms(later));
        assert_eq!(
            found.map(|session| session.audience.as_str()),
            lasts.then_some("gold.example.org"),
            "{later} ms later"
        );
    }
    let asked = verified(a_request().ask);
    assert_eq!(asked.session(asked.asked_at()), None);
}

#[test]
fn an_audience_is_the_host_of_an_address() {
    let longest = "a".repeat(AUDIENCE_BYTES_MAX);
    for host in [
        "localhost",
        "127.0.0.1:8080",
        "[::1]:443",
        "xn--mnchen-3ya.example",
        longest.as_str(),
    ] {
        assert_eq!(Audience::new(host).expect(host).as_str(), host);
        let json = format!("\"{host}\"");
        assert_eq!(
            serde_json::to_string(&Audience::new(host).expect(host)).expect("a text"),
            json
        );
    }
    let too_long = "a".repeat(AUDIENCE_BYTES_MAX + 1);
    for nonsense in [
        "",
        "A",
        "a/b",
        "a b",
        "https://a",
        "user@a",
        "\u{e9}",
        "a\n",
        too_long.as_str(),
    ] {
        assert!(Audience::new(nonsense).is_err(), "{nonsense:?}");
        let json = serde_json::to_string(nonsense).expect("a text");
        assert!(serde_json::from_str::<Audience>(&json).is_err(), "{nonsense:?}");
    }
}

#[test]
fn times_at_the_ends_of_their_range_are_not_fresh() {
    let (_, deployment, key) = crate::vectors::a_signed_statement();
    for ms in [i64::MIN, i64::MAX] {
        let asked_at = Timestamp::from_unix_ms(ms);
        let request = Request {
            asked_at,
            ..a_request()
        };
        let verified = SignedRequest::sign(&request, deployment, &key).verify(deployment);
        assert!(!verified.expect("signed for it").is_fresh(a_request().asked_at));
    }
}

#[test]
fn the_longest_request_fits() {
    let digests = vec![Digest::from_bytes([0xff; 32]); EVIDENCE_MAX];
    let longest = Request {
        asked_at: Timestamp::from_unix_ms(i64::MIN),
        ask: Ask::DescribeEvidence(DescribeEvidence {
            digests: digests.try_into().expect("as many as allowed"),
        }),
        ..a_request()
    };
    assert_eq!(encode(&longest).len(), 16 + 10 + 32 + 1 + 1 + EVIDENCE_MAX * 32);
    assert!(2 * encode(&longest).len() <= REQUEST_BODY_BYTES_MAX);
    let session = Request {
        asked_at: Timestamp::from_unix_ms(i64::MIN),
        ..request(sign_in(&"a".repeat(AUDIENCE_BYTES_MAX)))
    };
    assert_eq!(encode(&session).len(), 16 + 10 + 32 + 1 + 2 + AUDIENCE_BYTES_MAX + 32);
    assert!(encode(&session).len() < encode(&longest).len());
}

#[test]
fn what_can_be_asked_is_frozen() {
    assert_eq!(
        names::<Ask>(),
        [
            "PutEvidence",
            "GetEvidence",
            "DescribeEvidence",
            "SetVisibility",
            "SignIn",
            "ListAccesses"
        ]
    );
    assert_eq!(names::<Visibility>(), ["Public", "Buyers", "Auditors", "Organization"]);
    assert_eq!(every::<Visibility>(), Visibility::ALL);
    for (number, visibility) in (0_u8..).zip(Visibility::ALL) {
        assert_eq!(encode(&visibility), [number]);
        assert_eq!(Visibility::named(visibility.name()), Some(visibility));
    }
    assert_eq!(Visibility::named("everyone"), None);
}

#[test]
fn who_buys_and_who_looks_are_others() {
    use PartyKind::{Buyer, Exporter, Refiner, Trader};
    let buys: Vec<_> = every::<PartyKind>().into_iter().filter(|kind| kind.buys()).collect();
    assert_eq!(buys, [Trader, Exporter, Refiner, Buyer]);
    assert!(!buys.iter().any(|kind| kind.assesses()));
}
