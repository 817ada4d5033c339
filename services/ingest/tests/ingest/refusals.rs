//! Every refusal of the vocabulary is reached through the door, and gives a status that a client can act on.

use std::collections::BTreeSet;

use ed25519_dalek::{Signer, SigningKey};
use event::codec::encode;
use event::statement::{Body, SIGNED_STATEMENT_BYTES_MAX, SignatureBytes};
use event::vocabulary::{Answer, AssessmentKind, Cell, FinenessBand, PartyKind, Period, RevocationReason, Scale, Term};
use event::{DeploymentId, Fineness, Mass, PublicKey, Record, SignedStatement, StatementId, StreamPosition};
use journal::memory::MemoryJournal;
use ledger::Refusal;
use rpc::status;
use service::clock::TestClock;
use tonic::{Code, Status};

use crate::cast::{
    MERCURY, NOON, REMARKS, SAFETY, Say, TITLE, World, accepted, authorized, criterion, days, declared, declined,
    enrolled, examined, found, founded, grams, list, market_history, offered, policy, published, reference, registered,
    retired, revoked, says, texts, visited, withdrawn,
};
use crate::support::Running;

/// What no submission can cause: a submission holds no record, and ingest never stamps a time that lies before the
/// latest one.
const NOT_BY_SUBMITTING: [Refusal; 2] = [Refusal::MalformedRecord, Refusal::ClockWentBack];
/// No statement has this id.
const NOTHING: StatementId = StatementId::from_bytes([9; 32]);
const ELSEWHERE: DeploymentId = DeploymentId::from_bytes([9; 32]);

/// A stream as others wrote it, and what is refused at its end.
struct Given {
    world: World,
    stream: MemoryJournal,
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
            cases: Vec::new(),
        }
    }

    fn market(further: impl IntoIterator<Item = Say>) -> Self {
        Self::history(market_history().into_iter().chain(further))
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
    let ingest = Running::start_at(given.stream.clone(), TestClock::at(NOON)).await;
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
    vec![
        no_statement(),
        before_the_founding(),
        envelope(),
        registry(),
        keys(),
        progress(),
        declarations(),
        moves(),
        offers_and_ends(),
    ]
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
    let terms = |terms: Vec<Term>| says("scheme", founded().but(move |e| e.policy = list(terms.clone())));
    let (rules, skew, gain) = (
        Term::RuleVersion(1),
        Term::FutureSkewMsMax(0),
        Term::AcceptanceGainPpmMax(0),
    );
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
        .refuses(Refusal::PolicyIncomplete, terms(vec![rules, skew]))
        .refuses(Refusal::PolicyTermRepeated, terms(vec![rules, skew, rules, gain]))
        .refuses(
            Refusal::RuleVersionUnknown,
            terms(vec![Term::RuleVersion(2), skew, gain]),
        )
        .refuses(
            Refusal::PolicyTermOutOfRange,
            terms(vec![rules, Term::FutureSkewMsMax(u64::MAX), gain]),
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

fn registry() -> Given {
    let known = || enrolled(PartyKind::Carrier).but(|e| e.reference = Some(reference("rccm/17")));
    let fineness = |ppm| Fineness::from_ppm(ppm).unwrap();
    let band = registered("mine").but(move |e| {
        let (from, to) = (fineness(2), fineness(1));
        e.fineness_band = Some(FinenessBand { from, to });
    });
    let nowhere = registered("mine").but(|e| e.cell = Some(Cell { south: 900, west: 0 }));
    Given::market([says("scheme", known()).called("ferry")])
        .refuses(Refusal::SchemeOnly, says("mine", enrolled(PartyKind::Carrier)))
        .refuses(Refusal::PolicyTermRepeated, says("scheme", policy([])))
        .refuses(
            Refusal::PolicyTermOutOfRange,
            says("scheme", policy([Term::AcceptanceGainPpmMax(100_001)])),
        )
        .refuses(
            Refusal::RuleVersionUnknown,
            says("scheme", policy([Term::RuleVersion(2)])),
        )
        .refuses(Refusal::UnknownParty, says("scheme", registered("nobody")))
        .refuses(Refusal::ReferenceTaken, says("scheme", known()))
        .refuses(Refusal::OperatorDoesNotProduce, says("scheme", registered("trader")))
        .refuses(Refusal::CellOutOfRange, says("scheme", nowhere))
        .refuses(Refusal::BandReversed, says("scheme", band))
}

fn keys() -> Given {
    let since = StreamPosition::new(22);
    let early = revoked("mine").but(move |e| e.reason = RevocationReason::Compromised { since });
    Given::market([])
        .refuses(Refusal::KeyUnusable, says("scheme", authorized("mine", "crooked")))
        .refuses(Refusal::UnknownParty, says("scheme", authorized("nobody", "mine/2")))
        .refuses(Refusal::KeyKnown, says("mine", authorized("mine", "mine")))
        .refuses(Refusal::NotForThisParty, says("thief", authorized("mine", "thief/2")))
        .refuses(Refusal::KeyNotAuthorized, says("scheme", revoked("stranger")))
        .refuses(Refusal::LastSchemeKey, says("scheme", revoked("scheme")))
        .refuses(Refusal::SinceNotReached, says("scheme", early))
}

fn progress() -> Given {
    let of = |findings: Vec<(u16, Answer)>| {
        let findings: Vec<_> = findings
            .into_iter()
            .map(|(place, answer)| found(place, answer))
            .collect();
        says(
            "monitor",
            visited("pit").but(move |e| e.findings = list(findings.clone())),
        )
    };
    let period = |from, to| says("monitor", visited("pit").but(move |e| e.period = Period { from, to }));
    let twice = published("2").but(|e| e.criteria = list(["a", "a"].map(|slug| criterion(slug, Scale::Count))));
    let own = |who| says(who, visited("pit").but(|e| e.kind = AssessmentKind::SelfReported));
    let unknown = visited("pit").but(|e| e.catalogue = event::vocabulary::CatalogueDigest::from_bytes([3; 32]));
    Given::market([])
        .refuses(Refusal::MayNotPublish, says("mine", published("2")))
        .refuses(
            Refusal::CatalogueEmpty,
            says("monitor", published("2").but(|e| e.criteria = list([]))),
        )
        .refuses(Refusal::CriterionRepeated, says("monitor", twice))
        .refuses(Refusal::CatalogueKnown, says("monitor", published("1")))
        .refuses(Refusal::UnknownCatalogue, says("monitor", unknown))
        .refuses(Refusal::UnknownSubject, says("monitor", examined("nobody")))
        .refuses(Refusal::NotOwnSubject, own("rival"))
        .refuses(Refusal::OwnSubject, says("mine", visited("pit")))
        .refuses(Refusal::MayNotAssess, says("trader", visited("pit")))
        .refuses(Refusal::PeriodReversed, period(days(0), days(-1)))
        .refuses(Refusal::PeriodInFuture, period(days(0), days(1)))
        .refuses(Refusal::NoFindings, of(vec![]))
        .refuses(
            Refusal::FindingsNotOrdered,
            of(vec![(TITLE, Answer::Pass), (MERCURY, Answer::Observed)]),
        )
        .refuses(Refusal::UnknownCriterion, of(vec![(REMARKS + 1, Answer::Pass)]))
        .refuses(Refusal::WrongScale, of(vec![(SAFETY, Answer::Level(5))]))
}

fn declarations() -> Given {
    let sealed = |seals: &'static [&str]| says("mine", declared("pit").but(move |e| e.seals = texts(seals)));
    let dug = |from, to| says("mine", declared("pit").but(move |e| e.extracted = Period { from, to }));
    Given::market([])
        .refuses(Refusal::UnknownSite, says("mine", declared("nowhere")))
        .refuses(Refusal::NotOperator, says("rival", declared("pit")))
        .refuses(
            Refusal::MassOutOfRange,
            says("mine", declared("pit").but(|e| e.gross_mass = Mass::ZERO)),
        )
        .refuses(Refusal::ExtractionReversed, dug(days(0), days(-1)))
        .refuses(Refusal::ExtractionInFuture, dug(days(0), days(1)))
        .refuses(Refusal::SealsNotOrdered, sealed(&["B", "A"]))
        .refuses(Refusal::SealTaken, sealed(&["S-2"]))
}

fn moves() -> Given {
    Given::market([])
        .refuses(Refusal::UnknownLot, says("mine", offered("nothing", "trader")))
        .refuses(
            Refusal::Superseded,
            says("mine", offered("dust", "trader").but(|e| e.after = NOTHING)),
        )
        .refuses(Refusal::NotCustodian, says("thief", offered("dust", "thief")))
        .refuses(Refusal::OfferToSelf, says("mine", offered("dust", "mine")))
        .refuses(Refusal::UnknownReceiver, says("mine", offered("dust", "nobody")))
        .refuses(Refusal::ReceiverHoldsNoGold, says("mine", offered("dust", "monitor")))
        .refuses(Refusal::NoOpenOffer, says("trader", accepted("dust", grams(100))))
        .refuses(Refusal::NoOpenOffer, says("trader", declined("dust")))
        .refuses(Refusal::NoOpenOffer, says("mine", withdrawn("dust")))
}

fn offers_and_ends() -> Given {
    let gone = says("mine", declared("pit")).called("gone");
    let open = says("mine", offered("dust", "trader"));
    Given::market([gone, says("mine", retired("gone")), open])
        .refuses(Refusal::LotRetired, says("mine", offered("gone", "trader")))
        .refuses(Refusal::OfferOpen, says("mine", offered("dust", "thief")))
        .refuses(Refusal::OfferOpen, says("mine", retired("dust")))
        .refuses(Refusal::NotReceiver, says("thief", accepted("dust", grams(100))))
        .refuses(Refusal::NotReceiver, says("thief", declined("dust")))
        .refuses(Refusal::NotCustodian, says("trader", withdrawn("dust")))
        .refuses(Refusal::MassGrew, says("trader", accepted("dust", grams(101))))
}
