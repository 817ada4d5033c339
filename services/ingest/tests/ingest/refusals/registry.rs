//! Parties, keys, sites, policy; who speaks in whose name.

use event::vocabulary::{Cell, EventKind, FinenessBand, PartyKind, RevocationReason, Term};
use event::{Fineness, StreamPosition};
use ledger::{Refusal, SITES_OF_OPERATOR_MAX};

use super::Given;
use crate::cast::{
    NOON, Say, accredited, authorized, days, declared, delegated, delegated_at, enrolled, grams, policy, reference,
    registered, retired, revoked, says, unaccredited, undelegated,
};

pub(super) fn table() -> Vec<Given> {
    vec![
        registry(),
        keys(),
        as_many_sites_as_can_be(),
        accreditation(),
        delegation(),
        delegated_to_a_part(),
        delegated_until_yesterday(),
    ]
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

fn as_many_sites_as_can_be() -> Given {
    let further = (1..SITES_OF_OPERATOR_MAX).map(|_| says("scheme", registered("mine")));
    Given::market(further).refuses(Refusal::TooManySites, says("scheme", registered("mine")))
}

fn accreditation() -> Given {
    let ended = accredited("monitor").but(|e| e.until = days(-1));
    Given::market([])
        .refuses(Refusal::SchemeOnly, says("monitor", accredited("monitor")))
        .refuses(Refusal::NotAnAssessor, says("scheme", accredited("mine")))
        .refuses(Refusal::AccreditationInPast, says("scheme", ended))
        .refuses(Refusal::NotAccredited, says("scheme", unaccredited("monitor")))
}

fn delegation() -> Given {
    let lots = || delegated("trader", &[EventKind::LotDeclared]);
    let backwards = delegated("trader", &[EventKind::CustodyOffered, EventKind::LotDeclared]);
    Given::market([])
        .refuses(
            Refusal::DelegationToSelf,
            says("mine", delegated("mine", &[EventKind::LotDeclared])),
        )
        .refuses(
            Refusal::NotDelegable,
            says("mine", delegated("trader", &[EventKind::KeyAuthorized])),
        )
        .refuses(Refusal::NotDelegable, says("monitor", lots()))
        .refuses(Refusal::DelegationNotOrdered, says("mine", backwards))
        .refuses(Refusal::DelegationNotOrdered, says("mine", delegated("trader", &[])))
        .refuses(
            Refusal::DelegationInPast,
            says("mine", lots().but(|e| e.until = days(-1))),
        )
        .refuses(Refusal::NoDelegation, says("mine", undelegated("trader")))
        .refuses(
            Refusal::UnknownSite,
            says("mine", delegated_at("nowhere", "trader", &[EventKind::LotDeclared])),
        )
}

/// In the name of the mine.
fn for_mine(say: Say) -> Say {
    say.in_the_name_of("mine")
}

/// The trader declares lots for the mine, from one of its two sites and no more than 150 grams.
fn delegated_to_a_part() -> Given {
    let lots = delegated_at("pit", "trader", &[EventKind::LotDeclared]).but(|e| e.gross_mass_max = Some(grams(150)));
    let shaft = says("scheme", registered("mine")).called("shaft");
    let first = for_mine(says("trader", declared("pit")));
    Given::market([shaft, says("mine", lots), first])
        .refuses(Refusal::DelegatedKind, for_mine(says("trader", retired("dust"))))
        .refuses(Refusal::DelegatedSite, for_mine(says("trader", declared("shaft"))))
        .refuses(Refusal::DelegatedMass, for_mine(says("trader", declared("pit"))))
        .refuses(Refusal::KeyOfAnotherParty, for_mine(says("thief", declared("pit"))))
}

fn delegated_until_yesterday() -> Given {
    let lots = delegated("trader", &[EventKind::LotDeclared]);
    Given::market([says("mine", lots)])
        .at(NOON.plus_days(31))
        .refuses(Refusal::DelegationExpired, for_mine(says("trader", declared("pit"))))
}
