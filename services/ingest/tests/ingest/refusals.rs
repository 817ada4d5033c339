//! Every refusal of the vocabulary is reached through the door, and gives a status that a client can act on.

use std::collections::BTreeSet;

use ed25519_dalek::{Signer, SigningKey};
use event::codec::encode;
use event::statement::{Body, SIGNED_STATEMENT_BYTES_MAX, SignatureBytes};
use event::vocabulary::{PartyKind, Term};
use event::{DeploymentId, PublicKey, Record, SignedStatement, Timestamp};
use journal::memory::MemoryJournal;
use ledger::Refusal;
use rpc::status;
use service::clock::TestClock;
use tonic::{Code, Status};

use crate::cast::{
    NOON, Say, World, declared, enrolled, founded, judged_history, list, market_history, offered, revoked, says,
};
use crate::support::Running;

mod conduct;
mod custody;
mod progress;
mod registry;
mod trade;

/// What no submission can cause: a submission holds no record, and ingest never stamps a time that lies before the
/// latest one.
const NOT_BY_SUBMITTING: [Refusal; 2] = [Refusal::MalformedRecord, Refusal::ClockWentBack];
const ELSEWHERE: DeploymentId = DeploymentId::from_bytes([9; 32]);

/// A stream as others wrote it, and what is refused at its end.
struct Given {
    world: World,
    stream: MemoryJournal,
    /// When it is refused.
    now: Timestamp,
    cases: Vec<(Vec<u8>, Refusal)>,
}

impl Given {
    fn history(history: impl IntoIterator<Item = Say>) -> Self {
        let (mut world, stream) = (World::default(), MemoryJournal::new());
        for say in history {
            let statement = world.verified(&say);
            stream.push(Record::new(say.admitted_at, statement.signed().clone()).encode());
            world.hear(&say).unwrap();
        }
        Self {
            world,
            stream,
            now: NOON,
            cases: Vec::new(),
        }
    }

    fn market(further: impl IntoIterator<Item = Say>) -> Self {
        Self::history(market_history().into_iter().chain(further))
    }

    /// A market in which standings hang on a catalogue's gates.
    fn judged_market(further: impl IntoIterator<Item = Say>) -> Self {
        Self::history(judged_history().into_iter().chain(further))
    }

    fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a case hands its parts over and reads as a sentence"
    )]
    fn refuses(mut self, refusal: Refusal, when: Say) -> Self {
        let statement = self.world.verified(&when).signed().encode();
        self.cases.push((statement, refusal));
        self
    }

    fn refuses_bytes(mut self, refusal: Refusal, bytes: Vec<u8>) -> Self {
        self.cases.push((bytes, refusal));
        self
    }
}

#[tokio::test]
async fn every_refusal_is_reached_through_the_door_and_writes_nothing() {
    let mut reached = BTreeSet::new();
    for given in table() {
        check(&given).await;
        reached.extend(given.cases.iter().map(|(_, refusal)| *refusal));
    }
    let all: BTreeSet<_> = Refusal::ALL.iter().copied().collect();
    let missing: Vec<_> = all.difference(&reached).copied().collect();
    assert_eq!(missing, NOT_BY_SUBMITTING, "no case reaches these");
}

/// One after the other and all in one stream: the same refusals, and nothing is written.
async fn check(given: &Given) {
    let before = given.stream.records();
    let ingest = Running::start_at(given.stream.clone(), TestClock::at(given.now)).await;
    for (bytes, refusal) in &given.cases {
        check_status(&ingest.submit(bytes).await.unwrap_err(), *refusal);
    }
    let (bytes, refusals): (Vec<_>, Vec<_>) = given.cases.iter().cloned().unzip();
    let many = ingest.submit_many(&bytes).await;
    assert!(many.end.is_none(), "a refused statement does not stop those behind it");
    assert_eq!(
        many.outcomes.into_iter().map(Result::unwrap_err).collect::<Vec<_>>(),
        refusals
    );
    assert_eq!(given.stream.records(), before, "nothing is written");
    ingest.check_rebuilt(&before).await;
    ingest.stop().await;
}

#[track_caller]
fn check_status(status: &Status, refusal: Refusal) {
    assert_eq!(status::refusal_of(status), Some(refusal), "{status:?}");
    let code = if refusal.code() < 100 {
        Code::InvalidArgument
    } else {
        Code::FailedPrecondition
    };
    assert_eq!(status.code(), code);
    assert_eq!(status.message(), refusal.to_string());
    assert!(!status::may_try_again(status), "the same request is refused again");
}

fn table() -> Vec<Given> {
    let mut table = vec![no_statement(), before_the_founding(), envelope()];
    table.extend(registry::table());
    table.extend(progress::table());
    table.extend(conduct::table());
    table.extend(custody::table());
    table.extend(trade::table());
    table
}

fn no_statement() -> Given {
    let given = Given::market([]);
    let here = given.world.ledger.deployment().unwrap();
    let signed = |body: Vec<u8>| {
        let key = SigningKey::from_bytes(&[1; 32]);
        let message = [b"veta/statement/v1\n", here.as_bytes().as_slice(), &body].concat();
        SignedStatement {
            key: key.verifying_key().into(),
            signature: SignatureBytes(key.sign(&message).to_bytes()),
            body: Body(body),
        }
    };
    let good = given.world.verified(&says("mine", declared("pit")));
    let body = encode(good.statement());
    let small_order = SignedStatement {
        key: PublicKey::from_bytes(core::array::from_fn(|place| u8::from(place == 0))),
        ..signed(body.clone())
    };
    let forged = SignedStatement {
        signature: SignatureBytes([1; 64]),
        ..signed(body.clone())
    };
    given
        .refuses_bytes(Refusal::StatementTooLong, vec![0; SIGNED_STATEMENT_BYTES_MAX + 1])
        .refuses_bytes(Refusal::Malformed, Vec::new())
        .refuses_bytes(Refusal::BadKey, small_order.encode())
        .refuses_bytes(Refusal::BadSignature, forged.encode())
        .refuses(
            Refusal::BadSignature,
            says("mine", declared("pit")).signed_for(ELSEWHERE),
        )
        .refuses_bytes(Refusal::MalformedBody, signed(vec![1, 2, 3]).encode())
        .refuses_bytes(Refusal::NotCanonical, signed([body, vec![0]].concat()).encode())
}

fn before_the_founding() -> Given {
    let terms = |change: fn(&mut Vec<Term>)| {
        let founds = founded().but(move |e| {
            let mut terms = e.policy.to_vec();
            change(&mut terms);
            e.policy = list(terms);
        });
        says("scheme", founds)
    };
    Given::history([])
        .refuses(Refusal::NotFounded, says("scheme", enrolled(PartyKind::Trader)))
        .refuses(Refusal::BadSignature, says("scheme", founded()).signed_for(ELSEWHERE))
        .refuses(
            Refusal::FounderNamed,
            says("scheme", founded()).in_the_name_of("scheme"),
        )
        .refuses(
            Refusal::FounderNotScheme,
            says("scheme", founded().but(|e| e.scheme.kind = PartyKind::Trader)),
        )
        .refuses(Refusal::KeyUnusable, says("crooked", founded()))
        .refuses(Refusal::PolicyIncomplete, terms(|terms| terms.truncate(7)))
        .refuses(Refusal::PolicyTermRepeated, terms(|terms| terms.push(terms[0])))
        .refuses(
            Refusal::RuleVersionUnknown,
            terms(|terms| terms[0] = Term::RuleVersion(2)),
        )
        .refuses(
            Refusal::PolicyTermOutOfRange,
            terms(|terms| terms[1] = Term::FutureSkewMsMax(u64::MAX)),
        )
        .refuses(
            Refusal::StatedInFuture,
            says("scheme", founded()).stated_at(NOON.plus_ms(60_001)),
        )
}

fn envelope() -> Given {
    let given = Given::market([says("scheme", revoked("thief"))]);
    let here = given.world.ledger.deployment().unwrap();
    let late = NOON.plus_ms(60_001);
    given
        .refuses(Refusal::AlreadyFounded, says("scheme", founded()).signed_for(here))
        .refuses(Refusal::UnknownKey, says("stranger", declared("pit")))
        .refuses(Refusal::RevokedKey, says("thief", offered("dust", "thief")))
        .refuses(
            Refusal::KeyOfAnotherParty,
            says("rival", declared("pit")).in_the_name_of("mine"),
        )
        .refuses(Refusal::NumberNotIncreasing, says("mine", declared("pit")).numbered(1))
        .refuses(Refusal::StatedInFuture, says("mine", declared("pit")).stated_at(late))
        .refuses(Refusal::KeyAlreadyRevoked, says("scheme", revoked("thief")))
}
