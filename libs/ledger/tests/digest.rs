//! 32 bytes for a whole ledger: equal for equal states, different for any difference, and the same for ever.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use event::vocabulary::{
    Answer, AssessmentKind, Confidence, EventKind, IncidentCategory, LotForm, Module, Output, PartyKind, PermitStatus,
    RevocationReason, Scale, Standing, Term, Transformation,
};
use ledger::{Ledger, LedgerDigest};

use crate::support::{
    ARMED, EMISSIONS, NOON, OFFICE, Say, TAXES, World, accepted, accredited, agreed, amended, assayed, authorized,
    beginning, capacity, closed, confirmed, contested, corrected, criterion, days, decided, declared, declined,
    delegated, dug, enrolled, exported, extended, founded, gate, gates, grams, happened, held, judged, judged_market,
    list, lost, made, market, micrograms, offered, opened, out, permit_is, permitted, planned, policy, published,
    reached_milestone, received, reference, registered, released, reported, retired, revoked, sampled, says, sealed,
    settled, taken_back, texts, titled, unaccredited, undelegated, updated, visited, weighed, withdrawn,
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
fn it_differs_where_gates_or_conduct_differ() {
    let given = judged_market();
    let asks = |module| {
        says(
            "scheme",
            gates("2").but(move |e| e.criteria = list([gate("a", Scale::PassFail, module)])),
        )
    };
    let finds = |answer| says("auditor", judged("mine", &[(TAXES, answer)]));
    let looked = |kind| {
        says(
            "monitor",
            judged("mine", &[(TAXES, Answer::Pass)]).but(move |e| e.kind = kind),
        )
    };
    let sure = |confidence| {
        says(
            "monitor",
            happened("pit", IncidentCategory::Torture).but(move |e| e.confidence = confidence),
        )
    };
    let delegates = |day| {
        says(
            "mine",
            delegated("trader", &[EventKind::LotDeclared]).but(move |e| e.until = days(day)),
        )
    };
    let plans = |criteria: &[u16]| says("mine", planned("gates", criteria));
    let reports = |day| says("mine", reported().but(move |e| e.period.to = days(day)));
    let until = |day| says("scheme", accredited("monitor").but(move |e| e.until = days(day)));
    let decides = |standing| says("scheme", decided("mine", standing));
    differs(&given, asks(Module::Mitigation), asks(Module::Disengagement));
    differs(&given, finds(Answer::Pass), finds(Answer::Fail));
    differs(
        &given,
        looked(AssessmentKind::Monitor),
        looked(AssessmentKind::ThirdParty),
    );
    differs(&given, sure(Confidence::Known), sure(Confidence::FoundedSuspicion));
    differs(&given, delegates(1), delegates(2));
    differs(&given, plans(&[TAXES]), plans(&[EMISSIONS]));
    differs(&given, reports(-1), reports(-2));
    differs(&given, until(1), until(2));
    differs(&given, decides(Standing::Lapsed), decides(Standing::Suspended));
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
    let mut history = vec![
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
    ];
    let later = |say: Say| say.admitted_at(NOON.plus_ms(2));
    history.extend(progress().into_iter().map(later));
    history.extend(trade_after().into_iter().map(later));
    history
}

/// What else becomes of permits and lots.
fn trade_after() -> Vec<Say> {
    let party = |name: &'static str, kind| {
        [
            says("scheme", enrolled(kind)).called(name),
            says("scheme", authorized(name, name)),
        ]
    };
    let mut history = [
        party("refiner", PartyKind::Refiner),
        party("ministry", PartyKind::Authority),
    ]
    .concat();
    history.extend([
        says(
            "scheme",
            amended("pit").but(|e| e.name = Some("Mukungwe".parse().unwrap())),
        ),
        says("ministry", permitted("1", "mine", &["pit"])).called("permit"),
        says("ministry", permit_is("permit", PermitStatus::InForce, &["pit"])),
        says("ministry", capacity("pit", grams(50_000), Some(60))),
        says("mine", dug("pit")).called("ore"),
        says("mine", weighed("ore", grams(100))),
        says("mine", sampled("ore", &["M-1"])),
        says("ministry", assayed("ore", 901_000)),
        says("mine", sealed("ore", &["S-7"])),
        says("mine", opened("ore", &["S-7"])),
        says("ministry", held("ore")),
        says("ministry", released("ore")),
        says("mine", titled("ore", "refiner")),
        says(
            "mine",
            made(
                Transformation::Split,
                &["ore"],
                &[50, 50].map(|mass| Output {
                    form: LotForm::Dust,
                    ..out(grams(mass), 901_000)
                }),
            ),
        )
        .called("half"),
        says("mine", exported(&["half"], "1")),
        says("mine", offered("half", "refiner")),
        says("refiner", accepted("half", grams(50))).called("handover"),
        says("refiner", corrected("half", "handover", micrograms(49_990_000))),
        says("mine", agreed("half")),
        says("refiner", received("half", "R-1", micrograms(49_900_000))),
        says("mine", lost("half#1")),
    ]);
    history
}

fn progress() -> Vec<Say> {
    let fails = [
        (ARMED, Answer::Fail),
        (EMISSIONS, Answer::Progress),
        (TAXES, Answer::Fail),
    ];
    let own = judged("mine", &fails).but(|e| e.kind = AssessmentKind::SelfReported);
    vec![
        says("scheme", gates("1")).called("gates"),
        says("scheme", accredited("monitor")),
        says("mine", delegated("trader", &[EventKind::AssessmentSubmitted])),
        says("trader", own).in_the_name_of("mine").called("own"),
        says("mine", undelegated("trader")),
        says("monitor", confirmed("own", &[ARMED])),
        says("monitor", contested("own", &[TAXES])),
        says("mine", planned("gates", &[EMISSIONS, TAXES])).called("plan"),
        says(
            "monitor",
            judged("pit", &[(OFFICE, Answer::Pass), (TAXES, Answer::Pass)])
                .but(|e| e.kind = AssessmentKind::ThirdParty),
        )
        .called("visit"),
        says("mine", reached_milestone("plan", 0)),
        says("mine", extended("plan", 0, days(60))),
        says("mine", taken_back("own")),
        says("mine", closed("plan")),
        says("monitor", happened("pit", IncidentCategory::ForcedLabour)).called("it"),
        says("monitor", updated("it", Confidence::Known)),
        says("monitor", settled("it")),
        says("mine", reported()),
        says("scheme", decided("mine", Standing::Candidate)),
        says("scheme", unaccredited("monitor")),
    ]
}

#[test]
fn the_frozen_history_has_every_event_in_it() {
    let mut world = World::default();
    let mut kinds = BTreeSet::new();
    for say in history() {
        kinds.insert(world.verified(&say).event().kind());
        world.hear(&say).unwrap();
    }
    assert_eq!(kinds.iter().copied().collect::<Vec<_>>(), EventKind::ALL);
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
