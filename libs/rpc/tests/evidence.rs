//! The door to evidence: what its messages mean, and what a caller is told.

use event::key::{Digest, HexError};
use event::request::{Ask, GetEvidence, ListAccesses, Nonce, Request, RequestError};
use event::{DeploymentId, PartyId, SignedRequest, Timestamp, Visibility};
use rpc::evidence::{
    self, AccessesInSession, Asked, DescribeEvidenceRequest, Digests, Evidence, EvidenceRefusal, FileInSession,
    FilesInSession, GetEvidenceRequest, ListAccessesRequest, SetVisibilityRequest, describe_evidence_request,
    file_messages, get_evidence_request, list_accesses_request, put_evidence_request, upload_messages,
};
use rpc::invalid::FieldError;
use rpc::limits::{EVIDENCE_MESSAGE_BYTES_MAX, EVIDENCE_PART_BYTES};
use rpc::{InvalidMessage, status};
use tonic::{Code, Status};

const DIGEST: Digest = Digest::from_bytes([7; 32]);

fn signed() -> SignedRequest {
    let request = Request {
        party: PartyId::from_bytes([1; 16]),
        asked_at: Timestamp::from_unix_ms(0),
        nonce: Nonce::from_bytes([2; 32]),
        ask: Ask::GetEvidence(GetEvidence { digest: DIGEST }),
    };
    let key = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    SignedRequest::sign(&request, DeploymentId::from_bytes([4; 32]), &key)
}

fn wrong(field: &'static str, why: impl Into<FieldError>) -> InvalidMessage {
    InvalidMessage::Field { field, why: why.into() }
}

#[test]
fn a_file_is_asked_for_by_anyone_or_by_who_signs() {
    use get_evidence_request::Asked as Wire;
    let check = |asked, expected| {
        let asked = Asked::<Digest>::try_from(GetEvidenceRequest { asked });
        assert_eq!(asked, expected);
    };
    check(None, Err(InvalidMessage::Missing("asked")));
    check(Some(Wire::Digest(DIGEST.to_string())), Ok(Asked::ByAnyone(DIGEST)));
    check(
        Some(Wire::Digest(String::new())),
        Err(InvalidMessage::Missing("digest")),
    );
    check(Some(Wire::Digest("07".to_owned())), Err(wrong("digest", HexError)));
    check(
        Some(Wire::SignedRequest(signed().encode())),
        Ok(Asked::Signed(signed())),
    );
    let missing = InvalidMessage::Missing("signed_request");
    check(Some(Wire::SignedRequest(Vec::new())), Err(missing.clone()));
    let malformed = wrong("signed_request", RequestError::Malformed);
    check(Some(Wire::SignedRequest(vec![1])), Err(malformed.clone()));
    let set = |bytes: Vec<u8>| SignedRequest::try_from(SetVisibilityRequest { signed_request: bytes });
    assert_eq!(set(signed().encode()), Ok(signed()));
    assert_eq!(set(Vec::new()), Err(missing));
    assert_eq!(set(vec![1]), Err(malformed));
}

#[test]
fn at_most_as_many_digests_are_asked_about_as_a_finding_has() {
    use describe_evidence_request::Asked as Wire;
    let check = |digests: Vec<String>, expected| {
        let asked = Some(Wire::Digests(Digests { digests }));
        let asked = Asked::<Vec<Digest>>::try_from(DescribeEvidenceRequest { asked });
        assert_eq!(asked, expected);
    };
    check(Vec::new(), Ok(Asked::ByAnyone(Vec::new())));
    check(vec![DIGEST.to_string(); 16], Ok(Asked::ByAnyone(vec![DIGEST; 16])));
    let too_many = wrong("digests", FieldError::TooMany { max: 16 });
    check(vec![DIGEST.to_string(); 17], Err(too_many));
    check(vec!["x".to_owned()], Err(wrong("digests", HexError)));
}

#[test]
fn in_a_session_everything_is_asked_beside_it() {
    let session = || signed().encode();
    let digests = || Digests {
        digests: vec![DIGEST.to_string()],
    };
    let one = |session, digest: &str| {
        let asked = get_evidence_request::Asked::InSession(FileInSession {
            session,
            digest: digest.to_owned(),
        });
        Asked::<Digest>::try_from(GetEvidenceRequest { asked: Some(asked) })
    };
    assert_eq!(
        one(session(), &DIGEST.to_string()),
        Ok(Asked::InSession(signed(), DIGEST))
    );
    assert_eq!(one(session(), ""), Err(InvalidMessage::Missing("digest")));
    assert_eq!(one(Vec::new(), "x"), Err(InvalidMessage::Missing("session")));
    assert_eq!(one(vec![1], "x"), Err(wrong("session", RequestError::Malformed)));

    let several = |digests| {
        let asked = describe_evidence_request::Asked::InSession(FilesInSession {
            session: session(),
            digests,
        });
        Asked::<Vec<Digest>>::try_from(DescribeEvidenceRequest { asked: Some(asked) })
    };
    assert_eq!(several(Some(digests())), Ok(Asked::InSession(signed(), vec![DIGEST])));
    assert_eq!(several(None), Err(InvalidMessage::Missing("digests")));

    let owner = PartyId::from_bytes([1; 16]);
    let accesses = |owner_id: String| {
        let asked = list_accesses_request::Asked::InSession(AccessesInSession {
            session: session(),
            owner_id,
            from: 7,
        });
        Asked::<ListAccesses>::try_from(ListAccessesRequest { asked: Some(asked) })
    };
    let expected = Asked::InSession(signed(), ListAccesses { owner, from: 7 });
    assert_eq!(accesses(owner.to_string()), Ok(expected));
    assert_eq!(accesses(String::new()), Err(InvalidMessage::Missing("owner_id")));
    let asked = Some(list_accesses_request::Asked::SignedRequest(session()));
    let by_hand = Asked::<ListAccesses>::try_from(ListAccessesRequest { asked });
    assert_eq!(by_hand, Ok(Asked::Signed(signed())));
}

#[test]
fn circles_have_twins_on_the_wire() {
    for visibility in Visibility::ALL {
        let wire = evidence::Visibility::from(visibility);
        assert_eq!(Visibility::try_from(wire), Ok(visibility));
    }
    let unset = Visibility::try_from(evidence::Visibility::Unspecified);
    assert_eq!(unset, Err(InvalidMessage::Missing("visibility")));
}

#[test]
fn a_file_crosses_in_parts_that_fit_a_message() {
    use prost::Message;
    let file = vec![1; 2 * EVIDENCE_PART_BYTES + 1];
    let owner = PartyId::from_bytes([1; 16]);
    let longest = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let evidence = Evidence::new(
        DIGEST,
        u64::MAX,
        longest,
        owner,
        Visibility::Organization,
        Timestamp::from_unix_ms(i64::MIN),
    );
    let out: Vec<_> = file_messages(evidence, &file).collect();
    let into: Vec<_> = upload_messages(&signed(), &file).collect();
    assert_eq!((out.len(), into.len()), (4, 4));
    assert!(
        out.iter()
            .all(|message| message.encoded_len() <= EVIDENCE_MESSAGE_BYTES_MAX)
    );
    let chunks = into.into_iter().filter_map(|message| match message.part {
        Some(put_evidence_request::Part::Chunk(chunk)) => Some(chunk),
        _ => None,
    });
    assert_eq!(chunks.collect::<Vec<_>>().concat(), file);
}

#[test]
fn every_refusal_has_a_name_and_a_status() {
    use EvidenceRefusal as Why;
    let cases = [
        (
            Why::BadRequest(RequestError::BadSignature),
            "BAD_REQUEST",
            Code::Unauthenticated,
        ),
        (Why::OtherAsk, "OTHER_ASK", Code::InvalidArgument),
        (Why::UnknownKey, "UNKNOWN_KEY", Code::Unauthenticated),
        (Why::RevokedKey, "REVOKED_KEY", Code::Unauthenticated),
        (Why::KeyOfAnotherParty, "KEY_OF_ANOTHER_PARTY", Code::PermissionDenied),
        (Why::Stale, "STALE", Code::Unauthenticated),
        (Why::Replayed, "REPLAYED", Code::Unauthenticated),
        (Why::NotASession, "NOT_A_SESSION", Code::Unauthenticated),
        (Why::SessionOver, "SESSION_OVER", Code::Unauthenticated),
        (Why::NotForYou, "NOT_FOR_YOU", Code::PermissionDenied),
        (Why::NotOwner, "NOT_OWNER", Code::PermissionDenied),
        (Why::NotYourAccesses, "NOT_YOUR_ACCESSES", Code::PermissionDenied),
        (Why::NotTheFile("cut".to_owned()), "NOT_THE_FILE", Code::InvalidArgument),
        (
            Why::MediaType("a program".to_owned()),
            "MEDIA_TYPE",
            Code::InvalidArgument,
        ),
        (Why::Missing, "MISSING", Code::NotFound),
        (Why::Altered, "ALTERED", Code::DataLoss),
        (Why::TooManyCalls, "TOO_MANY_CALLS", Code::ResourceExhausted),
        (Why::TooManyBytes, "TOO_MANY_BYTES", Code::ResourceExhausted),
    ];
    for (refusal, name, code) in cases {
        let status = Status::from(refusal.clone());
        assert_eq!((status.code(), status.message()), (code, refusal.to_string().as_str()));
        assert_eq!(status::reason_of(&status).as_deref(), Some(name));
        assert_eq!(status::refusal_of(&status), None);
    }
    assert_eq!(status::reason_of(&status::internal()), None);
}
