//! Parties, keys, sites and policy.

use event::vocabulary::{Cell, FinenessBand, PartyKind, RevocationReason, Term};
use event::{Fineness, PartyId, PublicKey, StreamPosition};
use ledger::{DAYS_MAX, Refusal, SITES_OF_OPERATOR_MAX};

use crate::support::{
    NOON, World, accredited, all_terms, authorized, beginning, check, days, declared, enrolled, founded, list, market, policy,
    reference, registered, revoked, says, unaccredited,
};

const WEEK_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

#[test]
fn registry() {
    table();
}

pub(crate) fn table() {
    founding();
    enrolment();
    authorization();
    unusable_keys();
    revocation();
    last_keys_of_schemes();
    sites();
    as_many_sites_as_can_be();
    accreditation();
    terms();
    terms_in_days();
}

fn founding() {
    let empty = World::default();
    check(
        &empty,
        says("scheme", founded()).called("scheme"),
        [
            "founded",
            "policy: rules 1, 60000 ms ahead, 5000 ppm more, days 365 180 300 365 730",
            "party scheme: Scheme",
            "key scheme: of scheme, number 1",
            "scheme keys: 1",
        ],
    );
    check(
        &empty,
        says("scheme", founded().but(|e| e.scheme.reference = Some(reference("lei/1")))).called("scheme"),
        [
            "founded",
            "policy: rules 1, 60000 ms ahead, 5000 ppm more, days 365 180 300 365 730",
            "party scheme: Scheme",
            "key scheme: of scheme, number 1",
            "scheme keys: 1",
            "reference taken",
        ],
    );
    let punctual = says("scheme", founded()).called("scheme").stated_at(NOON.plus_ms(60_000));
    check(
        &empty.clone().and(punctual),
        says("scheme", policy([Term::RuleVersion(1)])),
        ["policy: rules 1, 60000 ms ahead, 5000 ppm more, days 365 180 300 365 730"],
    );
    let terms = |terms: Vec<Term>| says("scheme", founded().but(move |e| e.policy = list(terms.clone())));
    let (rules, skew, gain) = (Term::RuleVersion(1), Term::FutureSkewMsMax(0), Term::AcceptanceGainPpmMax(0));
    check(&empty, says("scheme", founded()).in_the_name_of("scheme"), Refusal::FounderNamed);
    check(&empty, says("scheme", founded().but(|e| e.scheme.kind = PartyKind::Trader)), Refusal::FounderNotScheme);
    check(&empty, says("crooked", founded()), Refusal::KeyUnusable);
    check(&empty, terms(vec![]), Refusal::PolicyTermRepeated);
    check(&empty, terms(vec![rules, skew, rules, gain]), Refusal::PolicyTermRepeated);
    check(&empty, terms(vec![rules, skew]), Refusal::PolicyIncomplete);
    check(&empty, terms(vec![Term::RuleVersion(2), skew, gain]), Refusal::RuleVersionUnknown);
    check(&empty, terms(vec![rules, Term::FutureSkewMsMax(WEEK_MS + 1), gain]), Refusal::PolicyTermOutOfRange);
    check(&empty, says("scheme", founded()).stated_at(NOON.plus_ms(60_001)), Refusal::StatedInFuture);
    // Where two fit.
    let trader = || founded().but(|e| e.scheme.kind = PartyKind::Trader);
    check(&empty, says("crooked", trader()).in_the_name_of("scheme"), Refusal::FounderNamed);
    check(&empty, says("crooked", trader()), Refusal::KeyUnusable);
    check(&empty, says("scheme", trader().but(|e| e.policy = list([]))), Refusal::FounderNotScheme);
    check(&empty, terms(vec![Term::RuleVersion(2)]), Refusal::RuleVersionUnknown);
    check(&empty, terms(vec![rules]).stated_at(NOON.plus_ms(60_001)), Refusal::PolicyIncomplete);
}

fn enrolment() {
    let market = market();
    let known = || enrolled(PartyKind::Carrier).but(|e| e.reference = Some(reference("rccm/17")));
    let same = market.clone().and(says("scheme", known()).called("ferry"));
    check(&market, says("scheme", enrolled(PartyKind::Carrier)).called("ferry"), ["party ferry: Carrier"]);
    check(&market, says("scheme", known()).called("ferry"), ["party ferry: Carrier", "reference taken"]);
    check(&market, says("mine", enrolled(PartyKind::Carrier)), Refusal::SchemeOnly);
    check(&market, says("ministry", enrolled(PartyKind::Carrier)), Refusal::SchemeOnly);
    check(&same, says("scheme", known()), Refusal::ReferenceTaken);
    check(&same, says("mine", known()), Refusal::SchemeOnly);
    let other = |text| known().but(move |e| e.reference = Some(reference(text)));
    check(&same, says("scheme", other("rccm/18")), ["party new: Carrier", "reference taken"]);
    check(&same, says("scheme", other("lei/17")), ["party new: Carrier", "reference taken"]);
    // A reference is taken within its kind, and by the founding scheme too.
    let site = registered("mine").but(|e| e.reference = Some(reference("rccm/17")));
    check(&same, says("scheme", site), ["site new: of mine", "sites of mine: pit, new", "reference taken"]);
    let first = says("scheme", founded().but(|e| e.scheme.reference = Some(reference("rccm/17")))).called("scheme");
    check(&World::default().and(first), says("scheme", known()), Refusal::ReferenceTaken);
}

fn authorization() {
    let market = market();
    check(&market, says("scheme", authorized("mine", "mine/2")), ["key mine/2: of mine, number 0"]);
    check(&market, says("mine", authorized("mine", "mine/2")), ["key mine/2: of mine, number 0"]);
    check(
        &market,
        says("scheme", authorized("scheme", "scheme/2")),
        ["key scheme/2: of scheme, number 0", "scheme keys: 2"],
    );
    check(&market, says("scheme", authorized("nobody", "mine/2")), Refusal::UnknownParty);
    check(&market, says("thief", authorized("mine", "thief/2")), Refusal::NotForThisParty);
    check(&market, says("thief", authorized("scheme", "thief/2")), Refusal::NotForThisParty);
    check(&market, says("mine", authorized("mine", "mine")), Refusal::KeyKnown);
    check(&market, says("thief", authorized("thief", "mine")), Refusal::KeyKnown);
    check(&market.and(says("mine", revoked("mine"))), says("scheme", authorized("mine", "mine")), Refusal::KeyKnown);
}

fn unusable_keys() {
    let market = market();
    let bytes = |first: u8, rest: u8, last: u8| {
        let mut bytes = [rest; 32];
        (bytes[0], bytes[31]) = (first, last);
        PublicKey::from_bytes(bytes)
    };
    let keys = [
        ("y = 2 is no point", bytes(2, 0, 0)),
        ("y = 1 is the neutral element", bytes(1, 0, 0)),
        ("y = -1 is of order 2", bytes(0xec, 0xff, 0x7f)),
        ("y = p + 1 is y = 1 written otherwise", bytes(0xee, 0xff, 0x7f)),
        ("a usable point and one of order 2", crate::support::key("crooked")),
    ];
    for (_why, key) in keys {
        let unusable = |party| authorized(party, "mine/2").but(move |e| e.key = key);
        check(&market, says("scheme", unusable("mine")), Refusal::KeyUnusable);
        // A field of its own is looked at before what others name.
        check(&market, says("thief", unusable("nobody")), Refusal::KeyUnusable);
    }
    check(&market, says("thief", authorized("nobody", "mine")), Refusal::UnknownParty);
    check(&market, says("thief", authorized("mine", "mine")), Refusal::NotForThisParty);
}

fn revocation() {
    let market = market();
    let since = |position| RevocationReason::Compromised { since: StreamPosition::new(position) };
    let suspect = |position| revoked("mine").but(move |e| e.reason = since(position));
    check(&market, says("scheme", revoked("mine")), ["key mine: of mine, number 1, revoked at 22: Lost"]);
    check(
        &market,
        says("scheme", suspect(0)),
        ["key mine: of mine, number 1, revoked at 22: Compromised { since: StreamPosition(0) }"],
    );
    check(
        &market,
        says("scheme", suspect(21)),
        ["key mine: of mine, number 1, revoked at 22: Compromised { since: StreamPosition(21) }"],
    );
    // A key that ends itself keeps the number of that very statement.
    check(&market, says("mine", revoked("mine")), ["key mine: of mine, number 2, revoked at 22: Lost"]);
    check(&market, says("mine", revoked("mine")).numbered(9), ["key mine: of mine, number 9, revoked at 22: Lost"]);
    check(&market, says("scheme", revoked("stranger")), Refusal::KeyNotAuthorized);
    check(&market, says("thief", revoked("mine")), Refusal::NotForThisParty);
    check(&market, says("thief", revoked("scheme")), Refusal::NotForThisParty);
    check(&market, says("scheme", suspect(22)), Refusal::SinceNotReached);
    check(&market, says("scheme", suspect(u64::MAX)), Refusal::SinceNotReached);
    let gone = market.clone().and(says("mine", revoked("mine")));
    check(&gone, says("scheme", revoked("mine")), Refusal::KeyAlreadyRevoked);
    check(&gone, says("mine", revoked("mine")), Refusal::RevokedKey);
    // Where two fit.
    check(&market, says("thief", revoked("stranger")), Refusal::KeyNotAuthorized);
    check(&gone, says("thief", revoked("mine")), Refusal::NotForThisParty);
    check(&gone, says("scheme", suspect(99)), Refusal::KeyAlreadyRevoked);
    // A second key goes on where the first one ends, and only then.
    let second = market.and(says("mine", authorized("mine", "mine/2"))).and(says("mine/2", revoked("mine")));
    check(&second, says("mine/2", declared("pit")), ["lot new: 100 g from pit, with mine"]);
    check(&second, says("mine", declared("pit")), Refusal::RevokedKey);
}

fn last_keys_of_schemes() {
    let one = beginning();
    let two = one.clone().and(says("scheme", authorized("scheme", "scheme/2")));
    let since = RevocationReason::Compromised { since: StreamPosition::new(99) };
    check(&one, says("scheme", revoked("scheme")), Refusal::LastSchemeKey);
    check(&one, says("scheme", revoked("scheme").but(move |e| e.reason = since)), Refusal::SinceNotReached);
    check(
        &two,
        says("scheme", revoked("scheme")),
        ["key scheme: of scheme, number 3, revoked at 3: Lost", "scheme keys: 1"],
    );
    let left = two.and(says("scheme/2", revoked("scheme")));
    check(&left, says("scheme/2", revoked("scheme/2")), Refusal::LastSchemeKey);
    // Any scheme's key will do: a second scheme may take over from the first, but nobody else.
    let heir = one.and(says("scheme", enrolled(PartyKind::Scheme)).called("heir"));
    let crowned = heir.clone().and(says("scheme", authorized("heir", "heir")));
    check(&heir, says("scheme", authorized("heir", "heir")), ["key heir: of heir, number 0", "scheme keys: 2"]);
    check(&heir, says("scheme", revoked("scheme")), Refusal::LastSchemeKey);
    check(
        &crowned,
        says("heir", revoked("scheme")),
        ["key scheme: of scheme, number 3, revoked at 4: Lost", "scheme keys: 1"],
    );
}

fn sites() {
    let market = market();
    let known = || registered("mine").but(|e| e.reference = Some(reference("ipis/cod_1")));
    let cell = |south, west| registered("mine").but(move |e| e.cell = Some(Cell { south, west }));
    let band = |from, to| {
        let (from, to) = (Fineness::from_ppm(from).unwrap(), Fineness::from_ppm(to).unwrap());
        registered("mine").but(move |e| e.fineness_band = Some(FinenessBand { from, to }))
    };
    check(
        &market,
        says("scheme", known()).called("shaft"),
        ["site shaft: of mine", "sites of mine: pit, shaft", "reference taken"],
    );
    check(&market, says("scheme", cell(-900, -1800)), ["site new: of mine", "sites of mine: pit, new"]);
    check(&market, says("scheme", cell(899, 1799)), ["site new: of mine", "sites of mine: pit, new"]);
    check(&market, says("scheme", band(850_000, 850_000)), ["site new: of mine", "sites of mine: pit, new"]);
    check(&market, says("mine", registered("mine")), Refusal::SchemeOnly);
    for (south, west) in [(-901, 0), (900, 0), (0, -1801), (0, 1800), (i16::MIN, i16::MAX)] {
        check(&market, says("scheme", cell(south, west)), Refusal::CellOutOfRange);
    }
    check(&market, says("scheme", band(2, 1)), Refusal::BandReversed);
    check(&market, says("scheme", registered("nobody")), Refusal::UnknownParty);
    for operator in ["trader", "refiner", "monitor", "scheme"] {
        check(&market, says("scheme", registered(operator)), Refusal::OperatorDoesNotProduce);
    }
    let taken = market.clone().and(says("scheme", known()));
    check(&taken, says("scheme", known()), Refusal::ReferenceTaken);
    // Where two fit.
    check(&market, says("mine", cell(900, 0)), Refusal::SchemeOnly);
    let foul = || band(2, 1).but(|e| e.operator = PartyId::FOUNDER);
    let nowhere = foul().but(|e| e.cell = Some(Cell { south: 900, west: 0 }));
    check(&market, says("scheme", nowhere), Refusal::CellOutOfRange);
    check(&market, says("scheme", foul()), Refusal::BandReversed);
    let of = |operator| registered(operator).but(|e| e.reference = Some(reference("ipis/cod_1")));
    check(&taken, says("scheme", of("nobody")), Refusal::UnknownParty);
    check(&taken, says("scheme", of("trader")), Refusal::OperatorDoesNotProduce);
}

fn as_many_sites_as_can_be() {
    let given = (1..SITES_OF_OPERATOR_MAX).fold(market(), |world, _| world.and(says("scheme", registered("mine"))));
    let numbered = |operator| registered(operator).but(|e| e.reference = Some(reference("ipis/1")));
    let taken = given.clone().and(says("scheme", numbered("rival")));
    check(&given, says("scheme", registered("mine")), Refusal::TooManySites);
    check(&taken, says("scheme", numbered("mine")), Refusal::TooManySites);
    check(&given, says("scheme", registered("rival")), ["site new: of rival", "sites of rival: creek, new"]);
    check(&given, says("mine", declared("pit")), ["lot new: 100 g from pit, with mine"]);
}

fn accreditation() {
    let market = market();
    let until = |day| accredited("monitor").but(move |e| e.until = days(day));
    let given = market.clone().and(says("scheme", until(30)));
    check(&market, says("scheme", until(30)), ["party monitor: Assessor, accredited until 2026-01-31"]);
    check(&market, says("scheme", until(0)), ["party monitor: Assessor, accredited until 2026-01-01"]);
    check(&market, says("scheme", until(-1)), Refusal::AccreditationInPast);
    check(&given, says("scheme", until(1)), ["party monitor: Assessor, accredited until 2026-01-02"]);
    check(&given, says("scheme", unaccredited("monitor")), ["party monitor: Assessor"]);
    for who in ["monitor", "mine", "ministry", "auditor"] {
        check(&market, says(who, until(30)), Refusal::SchemeOnly);
        check(&given, says(who, unaccredited("monitor")), Refusal::SchemeOnly);
    }
    for party in ["mine", "auditor", "ministry", "scheme", "trader"] {
        check(&market, says("scheme", accredited(party)), Refusal::NotAnAssessor);
        check(&market, says("scheme", unaccredited(party)), Refusal::NotAccredited);
    }
    check(&market, says("scheme", accredited("nobody")), Refusal::UnknownParty);
    check(&market, says("scheme", unaccredited("nobody")), Refusal::UnknownParty);
    check(&market, says("scheme", unaccredited("monitor")), Refusal::NotAccredited);
    check(
        &given.and(says("scheme", unaccredited("monitor"))),
        says("scheme", unaccredited("monitor")),
        Refusal::NotAccredited,
    );
    // Where two fit.
    check(&market, says("mine", accredited("nobody").but(|e| e.until = days(-1))), Refusal::SchemeOnly);
    check(&market, says("scheme", accredited("nobody").but(|e| e.until = days(-1))), Refusal::AccreditationInPast);
    check(&market, says("mine", unaccredited("nobody")), Refusal::SchemeOnly);
}

fn terms_in_days() {
    let market = market();
    let terms: [fn(u16) -> Term; 5] = [
        Term::ReportDaysMax,
        Term::MitigationDaysMax,
        Term::AssuranceDaysMax,
        Term::FreshDaysMax,
        Term::PlanDaysMax,
    ];
    for term in terms {
        for days in [0, DAYS_MAX + 1, u16::MAX] {
            check(&market, says("scheme", policy([term(days)])), Refusal::PolicyTermOutOfRange);
        }
        check(&market, says("scheme", policy([term(1), term(2)])), Refusal::PolicyTermRepeated);
    }
    let least = terms.map(|term| term(1));
    check(&market, says("scheme", policy(least)), ["policy: rules 1, 60000 ms ahead, 5000 ppm more, days 1 1 1 1 1"]);
    let most = terms.map(|term| term(DAYS_MAX));
    check(
        &market,
        says("scheme", policy(most)),
        ["policy: rules 1, 60000 ms ahead, 5000 ppm more, days 3653 3653 3653 3653 3653"],
    );
    check(
        &market,
        says("scheme", policy([Term::MitigationDaysMax(90)])),
        ["policy: rules 1, 60000 ms ahead, 5000 ppm more, days 365 90 300 365 730"],
    );
    // A founding statement leaves none of them to chance.
    let whole = all_terms(&[]);
    for place in 0..whole.len() {
        let mut lacking = whole.clone();
        lacking.remove(place);
        let founds = founded().but(move |e| e.policy = list(lacking.clone()));
        check(&World::default(), says("scheme", founds), Refusal::PolicyIncomplete);
    }
}

fn terms() {
    let market = market();
    check(
        &market,
        says("scheme", policy([Term::AcceptanceGainPpmMax(100_000)])),
        ["policy: rules 1, 60000 ms ahead, 100000 ppm more, days 365 180 300 365 730"],
    );
    check(
        &market,
        says("scheme", policy([Term::FutureSkewMsMax(WEEK_MS), Term::RuleVersion(1)])),
        ["policy: rules 1, 604800000 ms ahead, 5000 ppm more, days 365 180 300 365 730"],
    );
    check(&market, says("monitor", policy([Term::RuleVersion(1)])), Refusal::SchemeOnly);
    check(&market, says("scheme", policy([])), Refusal::PolicyTermRepeated);
    check(&market, says("scheme", policy([Term::RuleVersion(1); 2])), Refusal::PolicyTermRepeated);
    let twice = [Term::FutureSkewMsMax(1), Term::RuleVersion(1), Term::FutureSkewMsMax(2)];
    check(&market, says("scheme", policy(twice)), Refusal::PolicyTermRepeated);
    for version in [0, 2, u16::MAX] {
        check(&market, says("scheme", policy([Term::RuleVersion(version)])), Refusal::RuleVersionUnknown);
    }
    for ms in [WEEK_MS + 1, u64::MAX] {
        check(&market, says("scheme", policy([Term::FutureSkewMsMax(ms)])), Refusal::PolicyTermOutOfRange);
    }
    for ppm in [100_001, u32::MAX] {
        check(&market, says("scheme", policy([Term::AcceptanceGainPpmMax(ppm)])), Refusal::PolicyTermOutOfRange);
    }
    // Where two fit; and one bad term spoils the good ones.
    check(&market, says("monitor", policy([])), Refusal::SchemeOnly);
    check(&market, says("scheme", policy([Term::RuleVersion(2); 2])), Refusal::PolicyTermRepeated);
    let mixed = [Term::AcceptanceGainPpmMax(0), Term::FutureSkewMsMax(u64::MAX)];
    check(&market, says("scheme", policy(mixed)), Refusal::PolicyTermOutOfRange);
    // What is set is in force at once.
    let strict = market.and(says("scheme", policy([Term::FutureSkewMsMax(0)])));
    check(&strict, says("mine", declared("pit")).stated_at(NOON.plus_ms(1)), Refusal::StatedInFuture);
}
