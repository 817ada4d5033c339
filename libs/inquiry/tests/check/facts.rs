//! Everything that is told becomes a fact, and what means nothing is refused by the name of its field.

use diligence::{LotState, Permit};
use event::vocabulary::{
    AssessmentKind, Confidence, CustodyModel, IncidentCategory, LotForm, Module, QuantityBasis, Severity, Standing,
};
use event::{Mass, PartyId};
use inquiry::check::facts::Gathered;
use rpc::custody::{self, LotMade, OpenOffer};
use rpc::progress::StandingBrief;

use crate::support::{FIRST, LAST, NOW, answers, lot_id, miners, party, rests, site, statement};

#[test]
fn what_is_told_of_a_lot_is_a_fact() {
    let facts = answers().facts().unwrap();
    assert_eq!((facts.lot.to_string(), facts.position.get()), (lot_id(7), NOW));
    assert_eq!(
        (facts.today.to_string().as_str(), facts.custodian.name.as_str()),
        ("2026-06-01", "Trader")
    );
    assert_eq!((facts.form, facts.basis), (LotForm::Dore, QuantityBasis::Weighed));
    assert_eq!(
        (facts.gross_mass.micrograms(), facts.fine_mass),
        (25_000_000, Some(grams(22_500)))
    );
    assert_eq!(
        (facts.custody_model, facts.declared),
        (CustodyModel::Segregated, rests(LAST))
    );
    assert_eq!(facts.state, LotState::Held);
    let hold = &facts.holds[0];
    assert_eq!(
        (hold.lot.to_string(), hold.reason.as_str(), hold.rests_on),
        (lot_id(8), "an incident", rests(32))
    );
    let suspect = &facts.suspects[0];
    assert_eq!((suspect.statement, suspect.revoked_by), (rests(33), rests(34)));
    let flags: Vec<_> = facts
        .flags
        .iter()
        .map(|flag| (flag.name.as_str(), flag.count, flag.rests_on))
        .collect();
    assert_eq!(flags, [("late", 1, rests(31)), ("near-capacity", 3, rests(31))]);
    let documents: Vec<_> = facts
        .documents
        .iter()
        .map(|named| (named.kind.as_str(), named.rests_on))
        .collect();
    let expected = [("delivery-slip", rests(LAST)), ("melt-sheet", rests(25))];
    assert_eq!(documents, expected, "an export without a document is none");
    assert_eq!(facts.left_out, 0);
}

const fn grams(thousandths: u64) -> Mass {
    Mass::from_micrograms(thousandths * 1_000)
}

#[test]
fn what_is_told_of_an_origin_is_a_fact() {
    let facts = answers().facts().unwrap();
    let [origin] = facts.origins.try_into().unwrap();
    assert_eq!((origin.site.id, origin.organization.id), (site(), miners()));
    assert_eq!(
        (origin.country.unwrap().to_string().as_str(), origin.fine_mass),
        ("CD", Some(grams(22_500)))
    );
    assert_eq!(
        (origin.first.rests_on, origin.last.rests_on),
        (rests(FIRST), rests(LAST))
    );
    assert_eq!(
        (origin.first.day.to_string().as_str(), origin.permit),
        ("2026-04-02", Some(Permit::InForce(rests(5))))
    );
    let then: Vec<_> = origin
        .standings_then
        .iter()
        .map(|standing| standing.position.get())
        .collect();
    assert_eq!(then, [FIRST, LAST]);
    let now = origin.standing_now.unwrap();
    assert_eq!(
        (now.position.get(), now.standing, now.since),
        (NOW, Standing::Candidate, Some(rests(11)))
    );
    let decided = now.decided.unwrap();
    assert_eq!(
        (decided.standing, decided.rests_on, now.causes),
        (Standing::Affiliate, rests(12), vec![rests(13)])
    );
    let [module] = now.modules.try_into().unwrap();
    assert_eq!(
        (module.module, module.met, module.not_met, module.unanswered),
        (Module::Disengagement, 1, 9, 5)
    );
    assert_eq!(
        (module.unmet[0].criterion.as_str(), module.unmet[0].rests_on),
        ("manage", None)
    );
    let weakest = module.weakest.unwrap();
    assert_eq!((weakest.kind, weakest.rests_on), (AssessmentKind::Monitor, rests(14)));
    assert_eq!(module.oldest.unwrap().rests_on, rests(15));
    assert_eq!(
        (now.scenarios[0].site, now.scenarios[0].rests_on, now.scenarios_left_out),
        (None, rests(16), 1)
    );
    let incident = now.incidents[0];
    assert_eq!(
        (
            incident.category,
            incident.confidence,
            incident.severity,
            incident.rests_on
        ),
        (
            IncidentCategory::ChildLabour,
            Confidence::Known,
            Severity::Critical,
            rests(17)
        )
    );
    assert_eq!(
        (now.open_incidents, now.open_plans, now.overdue_plans, now.contested),
        (2, 1, 1, 1)
    );
    assert_eq!(
        (now.plans[0].is_overdue, now.plans[0].rests_on, now.contest),
        (true, rests(18), Some(rests(19)))
    );
}

#[test]
fn what_is_not_known_stays_so() {
    let mut told = answers();
    told.origins[0].country = String::new();
    told.origins[0].fine_mass_micrograms = None;
    told.permits = vec![None];
    told.standings.clear();
    told.provenance.more_holds = true;
    told.provenance.more_suspects = true;
    told.left_out = 3;
    let facts = told.facts().unwrap();
    let origin = &facts.origins[0];
    assert_eq!((origin.country, origin.fine_mass, origin.permit), (None, None, None));
    assert_eq!((origin.standings_then.len(), origin.standing_now.is_none()), (0, true));
    assert_eq!(facts.left_out, 5);
    // Declared once, it stood somehow once.
    let mut told = answers();
    told.origins[0].last = told.origins[0].first.clone();
    assert_eq!(told.facts().unwrap().origins[0].standings_then.len(), 1);
    // Nobody of this id was known, or it neither digs nor processes.
    let mut told = answers();
    told.standings.values_mut().for_each(|entry| entry.standing = None);
    assert!(told.facts().unwrap().origins[0].standing_now.is_none());
}

#[test]
fn how_a_lot_stands_rests_on_the_statement_that_made_it_so() {
    for (state, expected) in [
        (custody::LotState::Retired, LotState::Retired(rests(40))),
        (custody::LotState::Lost, LotState::Lost(rests(40))),
        (custody::LotState::Transformed, LotState::Consumed(rests(40))),
    ] {
        let mut told = answers();
        change(&mut told, |lot| {
            lot.state = state.into();
            lot.ended_position = 40;
            // A hold may be said of it later.
            lot.latest_statement_id = statement(41);
        });
        assert_eq!(told.facts().unwrap().state, expected);
    }
    let mut told = answers();
    change(&mut told, |lot| {
        lot.state = custody::LotState::Offered.into();
        lot.open_offer = Some(OpenOffer {
            to: Some(party(PartyId::from_bytes([9; 16]), "Refiner")),
            since_position: 30,
            ..OpenOffer::default()
        });
    });
    let LotState::Offered { to, rests_on } = told.facts().unwrap().state else {
        panic!()
    };
    assert_eq!((to.name.as_str(), rests_on), ("Refiner", rests(30)));
    let mut told = answers();
    told.lot.made = Some(LotMade {
        position: 25,
        statement_id: statement(25),
        ..LotMade::default()
    });
    assert_eq!(told.facts().unwrap().declared, rests(25));
}

fn change(told: &mut Gathered, change: impl FnOnce(&mut custody::Lot)) {
    change(told.lot.lot.as_mut().unwrap());
}

#[test]
fn what_means_nothing_is_named() {
    type Spoil = fn(&mut Gathered);
    fn brief(told: &mut Gathered) -> &mut StandingBrief {
        told.standings
            .get_mut(&(miners().to_string(), 0))
            .unwrap()
            .standing
            .as_mut()
            .unwrap()
    }
    let cases: [(&str, Spoil); 22] = [
        ("lot is nothing", |told| told.lot.lot = None),
        ("lot is lot-1", |told| {
            change(told, |lot| lot.lot_id = "lot-1".to_owned());
        }),
        ("custodian is nothing", |told| change(told, |lot| lot.custodian = None)),
        ("form", |told| change(told, |lot| lot.form = 0)),
        ("basis", |told| change(told, |lot| lot.basis = 99)),
        ("custody_model", |told| change(told, |lot| lot.custody_model = 0)),
        ("state is unspecified", |told| change(told, |lot| lot.state = 0)),
        ("path is nothing", |told| told.lot.path.clear()),
        ("statement_id is ab", |told| {
            told.lot.path[0].statement_id = "ab".to_owned();
        }),
        ("first is nothing", |told| told.provenance.own_flags[0].first = None),
        ("kind is Near", |told| {
            told.provenance.own_flags[0].first.as_mut().unwrap().kind = "Near".to_owned();
        }),
        ("source_lot_id is x", |told| {
            told.provenance.holds[0].source_lot_id = "x".to_owned();
        }),
        ("statement_id is y", |told| {
            told.provenance.suspects[0].spoke_statement_id = "y".to_owned();
        }),
        ("site is nothing", |told| told.origins[0].site = None),
        ("operator is nothing", |told| told.origins[0].operator = None),
        ("country is Congo", |told| told.origins[0].country = "Congo".to_owned()),
        ("last is nothing", |told| told.origins[0].last = None),
        ("standing", |told| brief(told).standing = 0),
        ("module is nothing", |told| {
            brief(told).modules[0].gate.as_mut().unwrap().module = 9;
        }),
        ("day is May", |told| {
            brief(told).modules[0].oldest.as_mut().unwrap().day = "May".to_owned();
        }),
        ("incident.rests_on is nothing", |told| {
            brief(told).incidents[0].rests_on = None;
        }),
        ("plan_id is 1", |told| brief(told).plans[0].plan_id = "1".to_owned()),
    ];
    for (words, spoil) in cases {
        let mut told = answers();
        spoil(&mut told);
        let error = told.facts().unwrap_err().to_string();
        assert!(
            error.contains("means nothing") && error.contains(words),
            "{words}: {error}"
        );
    }
}
