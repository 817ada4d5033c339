//! What every statement must pass before its own rule is asked.

use std::collections::BTreeSet;

use ed25519_dalek::{Signer, SigningKey};
use event::codec::encode;
use event::record::RECORD_VERSION;
use event::statement::{Body, SIGNED_STATEMENT_BYTES_MAX, SignatureBytes};
use event::vocabulary::PartyKind;
use event::{DeploymentId, PublicKey, Record, SignedStatement, Timestamp};
use ledger::Refusal;

use crate::BEFORE_THE_LEDGER;
use crate::support::{
    NOON, World, authorized, beginning, check, declared, enrolled, founded, market, offered, registered, revoked, says,
};

const ELSEWHERE: DeploymentId = DeploymentId::from_bytes([9; 32]);

#[test]
fn envelope() {
    table();
}

pub(crate) fn table() {
    time_and_deployment();
    keys();
    numbers();
    order();
}

fn time_and_deployment() {
    let (empty, market) = (World::default(), market());
    let here = market.ledger.deployment().unwrap();
    check(&market, says("mine", declared("pit")).admitted_at(NOON.plus_ms(-1)), Refusal::ClockWentBack);
    check(&market, says("mine", declared("pit")).signed_for(ELSEWHERE), Refusal::BadSignature);
    check(&market, says("mine", declared("pit")).signed_for(DeploymentId::FOUNDING), Refusal::BadSignature);
    check(&empty, says("scheme", founded()).signed_for(ELSEWHERE), Refusal::BadSignature);
    check(&empty, says("scheme", enrolled(PartyKind::Trader)), Refusal::NotFounded);
    check(&market, says("scheme", founded()).signed_for(here), Refusal::AlreadyFounded);
    check(&market, says("stranger", founded()).signed_for(here), Refusal::AlreadyFounded);
    // The founding statement said twice is signed for no deployment, and there is one by now.
    check(&beginning(), says("scheme", founded()).signed_for(DeploymentId::FOUNDING), Refusal::BadSignature);
    let ahead = |ms| says("mine", declared("pit")).stated_at(NOON.plus_ms(ms));
    check(&market, ahead(60_001), Refusal::StatedInFuture);
    check(&market, ahead(60_000), ["lot new: 100 g from pit, with mine"]);
    let late = ["lot new: 100 g from pit, with mine", "flag late on new: 11574, line 7"];
    check(&market, ahead(-1_000_000_000_000), late);
    let ends_of_time = says("mine", declared("pit")).stated_at(Timestamp::from_unix_ms(i64::MAX));
    check(&market, ends_of_time.clone(), Refusal::StatedInFuture);
    check(&market, ends_of_time.admitted_at(Timestamp::from_unix_ms(i64::MAX)), ["lot new: 100 g from pit, with mine"]);
    let late = ["lot new: 100 g from pit, with mine", "flag late on new: 2147504101, line 7"];
    check(&market, ahead(0).stated_at(Timestamp::MIN), late);
}

fn keys() {
    let market = market();
    let lost = market.clone().and(says("scheme", revoked("thief")));
    check(&market, says("stranger", declared("pit")), Refusal::UnknownKey);
    check(&market, says("mine/2", declared("pit")), Refusal::UnknownKey);
    check(&lost, says("thief", offered("dust", "thief")), Refusal::RevokedKey);
    check(&market, says("thief", declared("pit")).in_the_name_of("mine"), Refusal::KeyOfAnotherParty);
    check(&market, says("scheme", declared("pit")).in_the_name_of("mine"), Refusal::KeyOfAnotherParty);
    check(&market, says("mine", declared("pit")).in_the_name_of("no one"), Refusal::KeyOfAnotherParty);
    let second = market.and(says("mine", authorized("mine", "mine/2")));
    check(&second, says("mine/2", declared("pit")), ["lot new: 100 g from pit, with mine"]);
    check(&second, says("mine", declared("pit")), ["lot new: 100 g from pit, with mine"]);
}

fn numbers() {
    let once = market();
    let number_of = |world: &World, name| world.ledger.key(&crate::support::key(name)).unwrap().number;
    assert_eq!((number_of(&once, "mine"), number_of(&once, "thief")), (1, 0));
    check(&once, says("mine", declared("pit")).numbered(0), Refusal::NumberNotIncreasing);
    check(&once, says("mine", declared("pit")).numbered(1), Refusal::NumberNotIncreasing);
    check(&once, says("rival", declared("creek")).numbered(0), Refusal::NumberNotIncreasing);
    check(&once, says("mine", declared("pit")).numbered(2), ["lot new: 100 g from pit, with mine"]);
    check(&once, says("mine", declared("pit")).numbered(40), ["lot new: 100 g from pit, with mine"]);
    let at_the_end = once.and(says("mine", declared("pit")).numbered(u64::MAX));
    check(&at_the_end, says("mine", declared("pit")).numbered(u64::MAX), Refusal::NumberNotIncreasing);
    check(
        &at_the_end,
        says("scheme", revoked("mine")),
        ["key mine: of mine, number 18446744073709551615, revoked at 23: Lost"],
    );
}

/// Where two refusals fit, the first of the documented order is given.
fn order() {
    let market = market();
    let gone = market.clone().and(says("mine", revoked("mine")));
    let early = NOON.plus_ms(-1);
    let late = NOON.plus_ms(60_001);
    let foul = says("thief", registered("thief"));
    check(&market, foul.clone().signed_for(ELSEWHERE).admitted_at(early), Refusal::ClockWentBack);
    check(&World::default(), foul.clone().signed_for(ELSEWHERE), Refusal::BadSignature);
    check(&World::default(), foul.clone(), Refusal::NotFounded);
    check(&market, says("stranger", declared("no site")).numbered(0), Refusal::UnknownKey);
    check(&gone, says("mine", declared("pit")).in_the_name_of("rival").numbered(0), Refusal::RevokedKey);
    check(&market, foul.clone().in_the_name_of("mine").numbered(0), Refusal::KeyOfAnotherParty);
    check(&market, foul.clone().numbered(0).stated_at(late), Refusal::NumberNotIncreasing);
    check(&market, foul.clone().stated_at(late), Refusal::StatedInFuture);
    check(&market, foul, Refusal::SchemeOnly);
}

/// Codes below 100 come from reading and verifying bytes.
#[test]
fn what_is_no_statement_of_anyone() {
    let signed = |body: Vec<u8>| {
        let key = SigningKey::from_bytes(&[1; 32]);
        let message = [b"veta/statement/v1\n", ELSEWHERE.as_bytes().as_slice(), &body].concat();
        let signature = SignatureBytes(key.sign(&message).to_bytes());
        SignedStatement { key: key.verifying_key().into(), signature, body: Body(body) }
    };
    let good = market().verified(&says("mine", declared("pit")).signed_for(ELSEWHERE));
    let body = encode(good.statement());
    let small_order = PublicKey::from_bytes(core::array::from_fn(|place| u8::from(place == 0)));
    let flipped = SignedStatement { signature: SignatureBytes([1; 64]), ..signed(body.clone()) };
    let cases = [
        (vec![0; SIGNED_STATEMENT_BYTES_MAX + 1], Refusal::StatementTooLong),
        (Vec::new(), Refusal::Malformed),
        (body[..body.len() - 1].to_vec(), Refusal::Malformed),
        ([good.signed().encode(), vec![0]].concat(), Refusal::NotCanonical),
        (SignedStatement { key: small_order, ..signed(body.clone()) }.encode(), Refusal::BadKey),
        (flipped.encode(), Refusal::BadSignature),
        (signed(vec![1, 2, 3]).encode(), Refusal::MalformedBody),
        (signed([body, vec![0]].concat()).encode(), Refusal::NotCanonical),
    ];
    let mut reached = BTreeSet::from([Refusal::MalformedRecord]);
    for (bytes, expected) in cases {
        let verified = SignedStatement::decode(&bytes).and_then(|statement| statement.verify(ELSEWHERE));
        assert_eq!(verified.map_err(Refusal::from), Err(expected));
        reached.insert(expected);
    }
    assert!(BEFORE_THE_LEDGER.iter().all(|refusal| reached.contains(refusal)));
    assert!(reached.iter().all(|refusal| refusal.code() < 100));

    let record = Record::new(NOON, good.signed().clone()).encode();
    assert!(Record::decode(&record).is_ok());
    assert!(Record::decode(&[vec![RECORD_VERSION + 1], record[1..].to_vec()].concat()).is_err());
    assert!(Record::decode(b"garbage").is_err());
}
