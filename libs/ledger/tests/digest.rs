//! 32 bytes for a whole ledger: equal for equal states, different for any difference, and the same for ever.

use std::path::Path;
use std::{env, fs};

use event::vocabulary::{PartyKind, RevocationReason, Scale, Term};
use ledger::{Ledger, LedgerDigest};

use crate::support::{
    NOON, Say, World, accepted, authorized, beginning, criterion, declared, declined, enrolled, founded, grams, list,
    market, offered, policy, published, reference, registered, retired, revoked, says, texts, visited, withdrawn,
};

const FROZEN: &str = "testdata/digests.txt";
/// Set, it writes the file anew: after a change of rules or of the digest's form, which every replica then sees.
const REGENERATE: &str = "VETA_REGENERATE";

fn after(given: &World, say: &Say) -> LedgerDigest {
    let mut world = given.clone();
    world.hear(say).unwrap();
    world.ledger.digest()
}

/// The same key with the same number at the same place says one thing or the other.
#[track_caller]
fn differs(given: &World, one: Say, other: Say) {
    assert_eq!(after(given, &one), after(given, &one));
    assert_ne!(after(given, &one), after(given, &other));
}

#[test]
fn it_differs_where_parties_keys_sites_or_terms_differ() {
    let market = market();
    let enrols = |kind| says("scheme", enrolled(kind));
    let authorizes = |party, key| says("scheme", authorized(party, key));
    let sets = |term| says("scheme", policy([term]));
    let refers = |text| enrolled(PartyKind::Trader).but(move |e| e.reference = Some(reference(text)));
    let left = revoked("mine").but(|e| e.reason = RevocationReason::Left);
    let (mine, rival) = (registered("mine"), registered("rival"));
    differs(&market, enrols(PartyKind::Trader), enrols(PartyKind::Buyer));
    differs(&market, authorizes("mine", "a"), authorizes("mine", "b"));
    differs(&market, authorizes("mine", "a"), authorizes("rival", "a"));
    differs(&market, authorizes("mine", "a"), authorizes("scheme", "a"));
    differs(&market, says("scheme", revoked("mine")), says("scheme", left));
    differs(
        &market,
        says("scheme", revoked("mine")),
        says("scheme", revoked("rival")),
    );
    differs(&market, says("scheme", mine), says("scheme", rival));
    differs(&market, says("scheme", refers("a/1")), says("scheme", refers("a/2")));
    differs(
        &market,
        sets(Term::AcceptanceGainPpmMax(1)),
        sets(Term::AcceptanceGainPpmMax(2)),
    );
    differs(
        &market,
        sets(Term::AcceptanceGainPpmMax(1)),
        sets(Term::FutureSkewMsMax(1)),
    );
}

#[test]
fn it_differs_where_catalogues_or_lots_differ() {
    let market = market();
    let open = market.clone().and(says("mine", offered("dust", "trader")));
    let asks = |scale| published("2").but(move |e| e.criteria = list([criterion("a", scale)]));
    let sealed = |seal: &'static str| declared("pit").but(move |e| e.seals = texts(&[seal]));
    let weighs = |mass| declared("pit").but(move |e| e.gross_mass = grams(mass));
    let offers = |to| says("mine", offered("dust", to));
    let takes = |mass| says("trader", accepted("dust", grams(mass)));
    let declares = || says("mine", declared("pit"));
    differs(
        &market,
        says("monitor", published("2")),
        says("monitor", published("3")),
    );
    differs(
        &market,
        says("monitor", asks(Scale::Count)),
        says("monitor", asks(Scale::Words)),
    );
    differs(&market, says("mine", sealed("A")), says("mine", sealed("B")));
    differs(&market, says("mine", weighs(1)), says("mine", weighs(2)));
    differs(&market, offers("trader"), offers("refiner"));
    differs(&market, offers("trader"), says("mine", retired("dust")));
    differs(&open, takes(99), takes(98));
    differs(&open, takes(100), says("trader", declined("dust")));
    differs(&market, declares(), declares().numbered(7));
    differs(&market, declares(), declares().admitted_at(NOON.plus_ms(1)));
    differs(&market, declares(), declares().stated_at(NOON.plus_ms(1)));
}

#[test]
fn it_differs_where_only_the_position_differs() {
    let (market, mut further) = (market(), market());
    further.ledger.skip_to(market.ledger.position().next());
    assert_ne!(market.ledger.digest(), further.ledger.digest());
    assert_eq!(Ledger::new().digest(), Ledger::new().digest());
    assert_ne!(Ledger::new().digest(), beginning().ledger.digest());
}

#[test]
fn it_is_lower_case_hexadecimal() {
    let digest = market().ledger.digest();
    let text = digest.to_string();
    assert_eq!((text.len(), format!("{digest:?}")), (64, text.clone()));
    assert_eq!(u8::from_str_radix(&text[..2], 16).unwrap(), digest.as_bytes()[0]);
    assert_eq!(text, text.to_lowercase());
}

/// A history with every event in it.
fn history() -> Vec<Say> {
    let second = |who| says(who, authorized(who, "mine/2"));
    vec![
        says(
            "scheme",
            founded().but(|e| e.scheme.reference = Some(reference("lei/1"))),
        )
        .called("scheme"),
        says("scheme", enrolled(PartyKind::MinersOrganization)).called("mine"),
        says("scheme", authorized("mine", "mine")),
        second("mine"),
        says("mine", revoked("mine/2")),
        says("scheme", enrolled(PartyKind::Trader)).called("trader"),
        says("scheme", authorized("trader", "trader")),
        says("scheme", enrolled(PartyKind::Assessor)).called("monitor"),
        says("scheme", authorized("monitor", "monitor")),
        says(
            "scheme",
            registered("mine").but(|e| e.reference = Some(reference("ipis/1"))),
        )
        .called("pit"),
        says("scheme", policy([Term::AcceptanceGainPpmMax(10_000)])),
        says("monitor", published("1")).called("visits"),
        says(
            "monitor",
            visited("pit").but(|e| e.reference = Some(reference("ipis/v1"))),
        ),
        says("mine", declared("pit").but(|e| e.seals = texts(&["S-1", "S-2"]))).called("dust"),
        says("mine", offered("dust", "trader")),
        says("trader", declined("dust")),
        says("mine", offered("dust", "trader")),
        says("mine", withdrawn("dust")),
        says("mine", offered("dust", "trader")),
        says("trader", accepted("dust", grams(101))).admitted_at(NOON.plus_ms(1)),
        says("trader", retired("dust")).admitted_at(NOON.plus_ms(1)),
    ]
}

#[test]
fn it_stays_what_it_was() {
    let mut world = World::default();
    let mut lines = vec![format!("0 nothing {}\n", world.ledger.digest())];
    for say in history() {
        let name = world.verified(&say).event().kind().name();
        world.hear(&say).unwrap();
        lines.push(format!(
            "{} {name} {}\n",
            world.ledger.position(),
            world.ledger.digest()
        ));
    }
    let lines = lines.concat();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FROZEN);
    if env::var_os(REGENERATE).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &lines).unwrap();
    }
    let frozen = fs::read_to_string(&path).unwrap();
    assert_eq!(
        lines, frozen,
        "{FROZEN} differs: if that is meant, run again with {REGENERATE}=1"
    );
}
