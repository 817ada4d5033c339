//! Who may say what in whose name.

use event::Timestamp;
use event::vocabulary::{AssessmentKind, Confidence, EventKind, IncidentCategory};
use ledger::Refusal;

use crate::support::{
    LICENCE, NOON, Say, World, accepted, authorized, check, closed, days, declared, delegated, delegated_at, extended,
    grams, happened, judged, judged_market, list, market, offered, planned, registered, reported, retired, revoked,
    says, taken_back, undelegated, updated, visited,
};

const NOTHING: [&str; 0] = [];

#[test]
fn delegation() {
    table();
}

pub(crate) fn table() {
    grants();
    revocations();
    speaking();
    until();
    sites();
    masses();
    judging();
}

fn everyday() -> Vec<EventKind> {
    EventKind::ALL.iter().copied().filter(|kind| kind.is_delegable()).collect()
}

/// In the name of the mine.
fn for_mine(say: Say) -> Say {
    say.in_the_name_of("mine")
}

/// The trader may declare and offer for the mine.
fn spoken_for() -> World {
    market().and(says("mine", delegated("trader", &[EventKind::LotDeclared, EventKind::CustodyOffered])))
}

fn grants() {
    let market = market();
    let lots = || delegated("trader", &[EventKind::LotDeclared]);
    check(
        &market,
        says("mine", lots()),
        ["delegation of mine to trader: LotDeclared; everywhere, until 2026-01-31"],
    );
    let at_pit = || delegated_at("pit", "trader", &[EventKind::LotDeclared]);
    let limited = || at_pit().but(|e| e.gross_mass_max = Some(grams(5)));
    check(
        &market,
        says("mine", limited()),
        ["delegation of mine to trader: LotDeclared; pit, 5 g left, until 2026-01-31"],
    );
    // Granted again, it replaces the one before.
    check(
        &market.clone().and(says("mine", limited())),
        says("mine", lots()),
        ["delegation of mine to trader: LotDeclared; everywhere, until 2026-01-31"],
    );
    let until = |day| lots().but(move |e| e.until = days(day));
    check(
        &market,
        says("mine", until(0)),
        ["delegation of mine to trader: LotDeclared; everywhere, until 2026-01-01"],
    );
    check(&market, says("mine", until(-1)), Refusal::DelegationInPast);
    for kind in EventKind::ALL.iter().copied().filter(|kind| !kind.is_delegable()) {
        check(&market, says("mine", delegated("trader", &[kind])), Refusal::NotDelegable);
    }
    for who in ["monitor", "auditor", "ministry", "scheme"] {
        check(&market, says(who, lots()), Refusal::NotDelegable);
    }
    let kinds = |kinds: &'static [EventKind]| says("mine", delegated("trader", kinds));
    check(&market, kinds(&[]), Refusal::DelegationNotOrdered);
    check(&market, kinds(&[EventKind::LotDeclared, EventKind::LotDeclared]), Refusal::DelegationNotOrdered);
    check(&market, kinds(&[EventKind::CustodyOffered, EventKind::LotDeclared]), Refusal::DelegationNotOrdered);
    let twice = || limited().but(|e| e.sites = list([e.sites[0], e.sites[0]]));
    check(&market, says("mine", twice()), Refusal::DelegationNotOrdered);
    check(&market, says("mine", delegated("mine", &[EventKind::LotDeclared])), Refusal::DelegationToSelf);
    check(&market, says("mine", delegated("nobody", &[EventKind::LotDeclared])), Refusal::UnknownParty);
    check(&market, says("mine", delegated_at("nowhere", "trader", &[EventKind::LotDeclared])), Refusal::UnknownSite);
    // Where two fit.
    check(&market, says("scheme", delegated("scheme", &[])), Refusal::NotDelegable);
    check(&market, says("mine", delegated("mine", &[EventKind::PolicySet])), Refusal::DelegationToSelf);
    check(&market, kinds(&[EventKind::PolicySet, EventKind::PartyEnrolled]), Refusal::NotDelegable);
    check(&market, says("mine", delegated("nobody", &[]).but(|e| e.until = days(-1))), Refusal::DelegationNotOrdered);
    check(
        &market,
        says("mine", delegated("nobody", &[EventKind::LotDeclared]).but(|e| e.until = days(-1))),
        Refusal::DelegationInPast,
    );
    check(&market, says("mine", delegated_at("nowhere", "nobody", &[EventKind::LotDeclared])), Refusal::UnknownParty);
}

fn revocations() {
    let given = spoken_for();
    let ended = given.clone().and(says("mine", undelegated("trader")));
    check(
        &given,
        says("mine", undelegated("trader")),
        ["delegation of mine to trader: LotDeclared, CustodyOffered; everywhere, until 2026-01-31, revoked"],
    );
    check(&given, says("mine", undelegated("thief")), Refusal::NoDelegation);
    check(&given, says("trader", undelegated("mine")), Refusal::NoDelegation);
    check(&ended, says("mine", undelegated("trader")), Refusal::NoDelegation);
    check(&ended, for_mine(says("trader", declared("pit"))), Refusal::KeyOfAnotherParty);
    let again = ended.and(says("mine", delegated("trader", &[EventKind::LotDeclared])));
    check(&again, for_mine(says("trader", declared("pit"))), ["lot new: 100 g from pit, with mine"]);
}

fn speaking() {
    let given = spoken_for();
    check(&given, for_mine(says("trader", declared("pit"))), ["lot new: 100 g from pit, with mine"]);
    // Any key of the trader's, and the mine's own as before.
    let second = given.clone().and(says("trader", authorized("trader", "trader/2")));
    check(&second, for_mine(says("trader/2", declared("pit"))), ["lot new: 100 g from pit, with mine"]);
    check(&given, says("mine", declared("pit")), ["lot new: 100 g from pit, with mine"]);
    check(&given, says("trader", declared("pit")), Refusal::NotOperator);
    for (key, party) in [("mine", "trader"), ("thief", "mine"), ("scheme", "mine"), ("trader", "rival")] {
        check(&given, says(key, declared("pit")).in_the_name_of(party), Refusal::KeyOfAnotherParty);
    }
    // What the mine is told by whom it lets speak does not pass on.
    let further = given.clone().and(says("trader", delegated("thief", &everyday())));
    check(&further, for_mine(says("thief", declared("pit"))), Refusal::KeyOfAnotherParty);
    check(&given, for_mine(says("trader", retired("dust"))), Refusal::DelegatedKind);
    check(&given, for_mine(says("trader", delegated("thief", &everyday()))), Refusal::DelegatedKind);
    check(&given, for_mine(says("trader", authorized("mine", "trader/2"))), Refusal::DelegatedKind);
    check(
        &given,
        for_mine(says("trader", offered("dust", "refiner"))),
        ["lot dust: 100 g from pit, with mine, on offer to refiner since 23"],
    );
    // Every kind that can be delegated reaches its own rule.
    let wide = market().and(says("mine", delegated("trader", &everyday())));
    check(&wide, for_mine(says("trader", reported())), ["conduct of mine: reported at 23"]);
    check(
        &wide,
        for_mine(says("trader", visited("pit").but(|e| e.kind = AssessmentKind::SelfReported))),
        ["assessment new, by key of trader"],
    );
    check(&wide, for_mine(says("trader", visited("pit"))), Refusal::OwnSubject);
    check(&wide, for_mine(says("trader", accepted("dust", grams(100)))), Refusal::NoOpenOffer);
    // Where two fit.
    let gone = given.clone().and(says("trader", revoked("trader")));
    check(&gone, for_mine(says("trader", retired("dust"))), Refusal::RevokedKey);
    check(&given, for_mine(says("trader", retired("dust"))).numbered(0), Refusal::DelegatedKind);
    check(&given, for_mine(says("trader", declared("nowhere"))).numbered(0), Refusal::NumberNotIncreasing);
}

fn until() {
    let given = spoken_for();
    let midnight = Timestamp::from_unix_ms(i64::from(days(31).unix_days()) * 86_400_000);
    let at = |at| for_mine(says("trader", declared("pit"))).admitted_at(at).stated_at(at);
    check(&given, at(midnight.plus_ms(-1)), ["lot new: 100 g from pit, with mine"]);
    check(&given, at(midnight), Refusal::DelegationExpired);
    check(&given, for_mine(says("trader", retired("dust"))).admitted_at(midnight), Refusal::DelegationExpired);
    // It is still there to be revoked, and to be replaced.
    let revoked = given.clone().and(says("mine", undelegated("trader")).admitted_at(midnight));
    check(&revoked, at(midnight), Refusal::KeyOfAnotherParty);
    let later = says("mine", delegated("trader", &[EventKind::LotDeclared]).but(|e| e.until = days(31)));
    check(&given.and(later.admitted_at(midnight)), at(midnight), ["lot new: 100 g from pit, with mine"]);
}

fn sites() {
    let given = judged_market()
        .and(says("scheme", registered("mine")).called("shaft"))
        .and(says("mine", declared("shaft")).called("sack"))
        .and(says("mine", happened("shaft", IncidentCategory::Accident)).called("there"))
        .and(says("mine", happened("pit", IncidentCategory::Accident)).called("here"))
        .and(says("mine", own("shaft")).called("of shaft"))
        .and(says("mine", own("pit")).called("of pit"))
        .and(says("mine", planned("gates", &[LICENCE])).called("plan"))
        .and(says("mine", delegated_at("pit", "trader", &everyday())));
    let said = |say: Say, covered: bool| {
        if covered {
            let mut world = given.clone();
            assert!(world.hear(&for_mine(say)).is_ok());
        } else {
            check(&given, for_mine(say), Refusal::DelegatedSite);
        }
    };
    said(says("trader", declared("pit")), true);
    said(says("trader", declared("shaft")), false);
    said(says("trader", declared("nowhere")), false);
    said(says("trader", offered("dust", "refiner")), true);
    said(says("trader", offered("sack", "refiner")), false);
    said(says("trader", offered("nothing", "refiner")), false);
    said(says("trader", retired("dust")), true);
    said(says("trader", retired("sack")), false);
    said(says("trader", own("pit")), true);
    said(says("trader", own("shaft")), false);
    said(says("trader", taken_back("of pit")), true);
    said(says("trader", taken_back("of shaft")), false);
    said(says("trader", happened("creek", IncidentCategory::Accident)), false);
    said(says("trader", happened("pit", IncidentCategory::Accident)), true);
    said(says("trader", updated("here", Confidence::Allegation)), true);
    said(says("trader", updated("there", Confidence::Allegation)), false);
    // What is about the organization as a whole is about no site.
    said(says("trader", judged("mine", &[]).but(|e| e.kind = AssessmentKind::SelfReported)), false);
    said(says("trader", reported()), false);
    said(says("trader", planned("gates", &[LICENCE])), false);
    said(says("trader", extended("plan", 0, days(40))), false);
    said(says("trader", closed("plan")), false);
    // To name a covered site for what is about another one helps nobody.
    let pit = given.subject("pit");
    let wrong = for_mine(says("trader", taken_back("of shaft").but(move |e| e.subject = pit)));
    check(&given, wrong, Refusal::SubjectDiffers);
    let wrong = for_mine(says("trader", updated("there", Confidence::Allegation).but(move |e| e.subject = pit)));
    check(&given, wrong, Refusal::SubjectDiffers);
}

fn own(site: &str) -> crate::support::Draft<event::vocabulary::AssessmentSubmitted> {
    visited(site).but(|e| e.kind = AssessmentKind::SelfReported)
}

fn masses() {
    let limit = delegated("trader", &[EventKind::LotDeclared]).but(|e| e.gross_mass_max = Some(grams(150)));
    let given = market().and(says("mine", limit));
    let declares = |mass| for_mine(says("trader", declared("pit").but(move |e| e.gross_mass = grams(mass))));
    check(
        &given,
        declares(150),
        [
            "delegation of mine to trader: LotDeclared; everywhere, 0 g left, until 2026-01-31",
            "lot new: 150 g from pit, with mine",
        ],
    );
    check(&given, declares(151), Refusal::DelegatedMass);
    check(&given, declares(u64::MAX / 1_000_000), Refusal::DelegatedMass);
    let used = given.clone().and(declares(100));
    check(&used, declares(51), Refusal::DelegatedMass);
    check(
        &used,
        declares(50),
        [
            "delegation of mine to trader: LotDeclared; everywhere, 0 g left, until 2026-01-31",
            "lot new: 50 g from pit, with mine",
        ],
    );
    // What is refused uses nothing up, and what the mine declares itself does not either.
    let mut tried = used.clone();
    assert_eq!(
        tried.hear(&for_mine(says("trader", declared("creek").but(|e| e.gross_mass = grams(40))))),
        Err(Refusal::NotOperator),
    );
    let tried = tried.and(says("mine", declared("pit")));
    assert!(tried.clone().hear(&declares(50)).is_ok());
    // Where two fit.
    check(&used, declares(51).numbered(0), Refusal::DelegatedMass);
    check(&used, declares(0), Refusal::MassOutOfRange);
}

/// Who judges signs with its own key: an organization can neither borrow an assessor's name nor confirm what its own
/// assessor signed for it.
fn judging() {
    let given = judged_market();
    for kind in everyday() {
        check(&given, says("monitor", delegated("mine", &[kind])), Refusal::NotDelegable);
        check(&given, says("scheme", delegated("rival", &[kind])), Refusal::NotDelegable);
    }
    let helped = given
        .and(says("mine", delegated("monitor", &[EventKind::AssessmentSubmitted])))
        .and(for_mine(says("monitor", own("pit"))).called("own"));
    let confirms = |who| says(who, crate::support::confirmed("own", &[0]));
    check(&helped, confirms("monitor"), Refusal::OwnAssessment);
    check(&helped, says("monitor", crate::support::contested("own", &[0])), Refusal::OwnAssessment);
    check(&helped, confirms("auditor"), NOTHING);
    // It is the mine's to take back, whoever's key signed it.
    check(&helped, says("monitor", taken_back("own")), Refusal::NotAuthor);
    check(&helped, says("mine", taken_back("own")), ["assessment own, by key of monitor, withdrawn"]);
    // Whom the subject lets speak is no third party to it.
    let third = || visited("pit").but(|e| e.kind = AssessmentKind::ThirdParty);
    check(&helped, says("monitor", third()), Refusal::AssessorNotIndependent);
    check(&helped, says("monitor", visited("creek").but(|e| e.kind = AssessmentKind::ThirdParty)), ["assessment new"]);
    check(&helped, says("monitor", visited("pit")), ["assessment new"]);
    let ended = helped.clone().and(says("mine", undelegated("monitor")));
    check(&ended, says("monitor", third()), ["assessment new"]);
    let expired = NOON.plus_days(31);
    check(&helped, says("monitor", third()).admitted_at(NOON.plus_days(30)), Refusal::AssessorNotIndependent);
    check(&helped, says("monitor", third()).admitted_at(expired), ["assessment new"]);
}
