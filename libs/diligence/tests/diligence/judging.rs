//! Facts and a policy, then the verdict.

use diligence::Outcome::{Eligible, NeedsPerson, NotEligible};
use diligence::{
    CAVEAT, Decided, Detail, Flag, Hold, Incident, LotState, Named, Permit, Plan, Scenario, Suspect, Term, Unmet,
    Value, judge,
};
use event::vocabulary::{
    AssessmentKind, Confidence, CustodyModel, IncidentCategory, QuantityBasis, Severity, Standing,
};
use event::{IncidentId, LotId, Mass, PlanId};

use crate::support::{EVERYTHING, check, good, now, organization, policy, rests, site, slug, told, word};

const OTHER_LOT: LotId = LotId::from_bytes([8; 16]);

#[test]
fn a_good_lot_passes_everything_that_can_be_asked() {
    let verdict = judge(&good(), &policy(EVERYTHING));
    assert_eq!(told(&verdict), Vec::<String>::new());
    assert_eq!((verdict.outcome, verdict.checked.as_slice()), (Eligible, Term::ALL));
    // What nobody asked for was not checked.
    let verdict = judge(&good(), &policy("version = 1\nname = \"Empty\""));
    assert_eq!(
        (verdict.outcome, verdict.checked.as_slice()),
        (Eligible, &Term::ALL[..5])
    );
}

#[test]
fn what_does_not_hold_was_not_passed() {
    let mut facts = good();
    now(&mut facts, 0).overdue_plans = 1;
    let verdict = judge(&facts, &policy(EVERYTHING));
    let but_plans: Vec<_> = Term::ALL.iter().copied().filter(|term| *term != Term::Plans).collect();
    assert_eq!((verdict.outcome, verdict.checked), (NotEligible, but_plans));
}

#[test]
fn an_empty_policy_still_looks_at_the_lot_itself() {
    let hold = |lot| Hold {
        lot,
        reason: "Seized".to_owned(),
        rests_on: rests(7),
    };
    check(
        |facts| facts.holds = vec![hold(OTHER_LOT)],
        "",
        NotEligible,
        &["not-eligible lot-held other lot [7]"],
    );
    check(
        |facts| facts.holds = vec![hold(crate::support::LOT)],
        "[holds]\nverdict = \"person\"",
        NeedsPerson,
        &["needs-a-person lot-held lot [7]"],
    );
    let suspect = Suspect {
        lot: OTHER_LOT,
        statement: rests(9),
        revoked_by: rests(70),
    };
    check(
        |facts| facts.suspects = vec![suspect],
        "",
        NeedsPerson,
        &["needs-a-person statement-suspect other lot [9 70]"],
    );
    check(
        |facts| facts.suspects = vec![suspect],
        "[suspects]\nverdict = \"not-eligible\"",
        NotEligible,
        &["not-eligible statement-suspect other lot [9 70]"],
    );
    check(
        |facts| facts.left_out = 3,
        "",
        NeedsPerson,
        &["needs-a-person not-all-gathered lot []"],
    );
}

#[test]
fn what_is_gone_cannot_be_bought() {
    for gone in [LotState::Consumed, LotState::Retired, LotState::Lost] {
        check(
            |facts| facts.state = gone(rests(7)),
            "",
            NotEligible,
            &["not-eligible lot-gone lot [7]"],
        );
    }
    let to = Named {
        id: organization(3),
        name: "Refiner".to_owned(),
    };
    let offered = LotState::Offered { to, rests_on: rests(7) };
    check(
        |facts| facts.state = offered,
        "",
        Eligible,
        &["noted lot-offered lot [7]"],
    );
}

#[test]
fn a_part_that_nobody_contributed_is_not_passed() {
    check(
        |facts| facts.origins.clear(),
        "[plans]",
        NeedsPerson,
        &["needs-a-person origin-unknown lot [50]"],
    );
    // Nothing holds of nobody.
    let mut facts = good();
    facts.origins.clear();
    assert!(!judge(&facts, &policy(EVERYTHING)).checked.contains(&Term::Plans));
    let of = |fine: u64| move |facts: &mut diligence::Facts| facts.fine_mass = Some(Mass::from_micrograms(fine));
    check(
        of(100_000_003),
        "",
        NeedsPerson,
        &["needs-a-person origin-unknown lot [50]"],
    );
    // As much as two origins lose by rounding; and less than was put in, as after a melt.
    check(of(100_000_002), "", Eligible, &[]);
    check(of(99_000_000), "", Eligible, &[]);
}

#[test]
fn invented_quantities_are_what_the_policy_makes_of_them() {
    let cases = [
        ("", NeedsPerson, "needs-a-person"),
        ("illustrative = \"refuse\"", NotEligible, "not-eligible"),
        ("illustrative = \"person\"", NeedsPerson, "needs-a-person"),
        ("illustrative = \"allow\"", Eligible, "noted"),
    ];
    for (tables, outcome, severity) in cases {
        check(
            |facts| facts.basis = QuantityBasis::Illustrative,
            tables,
            outcome,
            &[&format!("{severity} quantity-illustrative lot [50]")],
        );
    }
}

#[test]
fn standings_are_asked_for_then_and_now() {
    const THEN: &str = "[standing_then]\naccepted = [\"candidate\", \"affiliate\"]";
    const NOW: &str = "[standing_now]\naccepted = [\"candidate\", \"affiliate\"]\nverdict = \"person\"";
    let set = |standing| move |facts: &mut diligence::Facts| facts.origins[0].standings_then[0].standing = standing;
    check(set(Standing::Candidate), THEN, Eligible, &[]);
    check(set(Standing::Lapsed), NOW, Eligible, &[]);
    check(
        set(Standing::Lapsed),
        THEN,
        NotEligible,
        &["not-eligible standing-not-accepted organization 1 900000 [22]"],
    );
    // What it rests on is the record, and what it is suspended for.
    check(
        |facts| {
            now(facts, 1).standing = Standing::Suspended;
            now(facts, 1).causes = vec![rests(77), rests(11)];
        },
        NOW,
        NeedsPerson,
        &["needs-a-person standing-not-accepted organization 2 100000 [11 22 77]"],
    );
    // Of several declarations, each counts.
    check(
        |facts| {
            let mut last = facts.origins[1].standings_then[0].clone();
            last.standing = Standing::Applicant;
            facts.origins[1].standings_then.push(last);
        },
        THEN,
        NotEligible,
        &["not-eligible standing-not-accepted organization 2 100000 [22]"],
    );
}

#[test]
fn whom_the_scheme_suspended_is_suspended_and_another_word_of_it_is_looked_at() {
    const NOW: &str = "[standing_now]\naccepted = [\"affiliate\"]";
    let decide = |standing| {
        move |facts: &mut diligence::Facts| {
            now(facts, 0).decided = Some(Decided {
                standing,
                rests_on: rests(66),
            });
        }
    };
    check(decide(Standing::Affiliate), NOW, Eligible, &[]);
    check(
        decide(Standing::Suspended),
        NOW,
        NotEligible,
        &["not-eligible standing-not-accepted organization 1 900000 [66]"],
    );
    check(
        decide(Standing::Registered),
        NOW,
        NeedsPerson,
        &["needs-a-person scheme-decided-otherwise organization 1 900000 [66]"],
    );
}

#[test]
fn never_asked_is_not_no_and_no_pass_either() {
    const MET: &str = "[modules]\nmet = [3]";
    let unmet = |criterion, rests_on| Unmet {
        criterion: slug(criterion),
        rests_on,
    };
    check(
        |facts| {
            let module = &mut now(facts, 0).modules[2];
            (module.not_met, module.unanswered) = (1, 1);
            module.unmet = vec![unmet("children", Some(rests(33))), unmet("abuse", None)];
        },
        MET,
        NotEligible,
        &["not-eligible module-not-met organization 1 900000 [33]"],
    );
    let unanswered = |facts: &mut diligence::Facts| {
        let module = &mut now(facts, 0).modules[2];
        module.unanswered = 1;
        module.unmet = vec![unmet("abuse", None)];
    };
    check(
        unanswered,
        MET,
        NeedsPerson,
        &["needs-a-person no-data organization 1 900000 []"],
    );
    check(
        unanswered,
        "no_data = \"not-eligible\"\n[modules]\nmet = [3]",
        NotEligible,
        &["not-eligible no-data organization 1 900000 []"],
    );
    // A module that asks nothing, and no modules at all.
    check(
        |facts| now(facts, 0).modules[2].met = 0,
        MET,
        NeedsPerson,
        &["needs-a-person no-data organization 1 900000 []"],
    );
    check(
        |facts| now(facts, 0).modules.clear(),
        MET,
        NeedsPerson,
        &["needs-a-person no-data organization 1 900000 []"],
    );
    // Another module is not asked for.
    check(|facts| now(facts, 0).modules[3].not_met = 1, MET, Eligible, &[]);
}

#[test]
fn a_module_is_as_sure_as_the_weakest_word_and_as_old_as_the_oldest() {
    const SURE: &str = "[modules]\nmet = [1]\n[assurance]\nleast = \"monitor\"";
    const FRESH: &str = "[modules]\nmet = [1]\n[age]\ndays_max = 365";
    let weakest =
        |kind| move |facts: &mut diligence::Facts| now(facts, 0).modules[0].weakest = Some(word(kind, 30, 20));
    check(weakest(AssessmentKind::ThirdParty), SURE, Eligible, &[]);
    check(
        weakest(AssessmentKind::Implementer),
        SURE,
        NotEligible,
        &["not-eligible assurance-too-weak organization 1 900000 [20]"],
    );
    let aged = |days| {
        move |facts: &mut diligence::Facts| {
            now(facts, 0).modules[0].oldest = Some(word(AssessmentKind::Monitor, days, 21));
        }
    };
    check(aged(365), FRESH, Eligible, &[]);
    check(
        aged(366),
        FRESH,
        NotEligible,
        &["not-eligible answer-too-old organization 1 900000 [21]"],
    );
    for asked in [SURE, FRESH] {
        check(
            |facts| {
                let module = &mut now(facts, 0).modules[0];
                (module.weakest, module.oldest) = (None, None);
            },
            asked,
            NeedsPerson,
            &["needs-a-person no-data organization 1 900000 []"],
        );
    }
    check(
        |facts| {
            now(facts, 1).contested = 2;
            now(facts, 1).contest = Some(rests(44));
        },
        "[contested]\nverdict = \"person\"",
        NeedsPerson,
        &["needs-a-person answer-contested organization 2 100000 [44]"],
    );
}

#[test]
fn the_scenario_of_the_site_goes_before_that_of_its_organization() {
    const LEGAL: &str = "[scenarios]\naccepted = [\"legal\"]";
    let applies = |of: Option<u8>, text: &str| Scenario {
        slug: slug(text),
        site: of.map(site),
        rests_on: rests(60 + u64::from(of.unwrap_or_default())),
    };
    let refused = "not-eligible scenario-not-accepted site 1 900000";
    let unknown = "needs-a-person no-data site 1 900000 []";
    let cases = [
        (vec![applies(Some(1), "legal"), applies(None, "formalising")], 0, None),
        (
            vec![applies(Some(1), "formalising"), applies(Some(1), "legal")],
            0,
            None,
        ),
        (vec![applies(Some(2), "formalising"), applies(None, "legal")], 0, None),
        (
            vec![applies(Some(1), "formalising"), applies(None, "legal")],
            0,
            Some(format!("{refused} [61]")),
        ),
        (vec![applies(None, "formalising")], 0, Some(format!("{refused} [60]"))),
        (Vec::new(), 0, Some(unknown.to_owned())),
        (vec![applies(Some(2), "legal")], 0, Some(unknown.to_owned())),
        // What is left out may be the site's own.
        (vec![applies(None, "legal")], 1, Some(unknown.to_owned())),
        (vec![applies(Some(1), "formalising")], 1, Some(unknown.to_owned())),
        (vec![applies(Some(1), "legal")], 1, None),
    ];
    for (scenarios, left_out, expected) in cases {
        let outcome = match &expected {
            None => Eligible,
            Some(reason) if reason == unknown => NeedsPerson,
            Some(_) => NotEligible,
        };
        let expected: Vec<_> = expected.iter().map(String::as_str).collect();
        check(
            |facts| (now(facts, 0).scenarios, now(facts, 0).scenarios_left_out) = (scenarios, left_out),
            LEGAL,
            outcome,
            &expected,
        );
    }
}

#[test]
fn permits_and_countries_are_about_the_site() {
    let permit = |permit| move |facts: &mut diligence::Facts| facts.origins[1].permit = permit;
    let refused = "not-eligible permit-not-in-force site 2 100000";
    check(
        permit(None),
        "[permit]",
        NeedsPerson,
        &["needs-a-person no-data site 2 100000 []"],
    );
    check(
        permit(Some(Permit::NoneRecorded)),
        "[permit]",
        NotEligible,
        &[&format!("{refused} [32]")],
    );
    check(
        permit(Some(Permit::NotInForce(rests(41)))),
        "[permit]",
        NotEligible,
        &[&format!("{refused} [32 41]")],
    );
    let from = |country: Option<&str>| {
        let country = country.map(|country| country.parse().unwrap());
        move |facts: &mut diligence::Facts| facts.origins[0].country = country
    };
    let refused = ["not-eligible country-not-accepted site 1 900000 [31]"];
    check(
        from(Some("CD")),
        "[countries]\ndenied = [\"CD\"]",
        NotEligible,
        &refused,
    );
    check(
        from(Some("CD")),
        "[countries]\nallowed = [\"PE\"]",
        NotEligible,
        &refused,
    );
    check(
        from(Some("CD")),
        "[countries]\nallowed = [\"CD\", \"PE\"]",
        Eligible,
        &[],
    );
    check(
        from(None),
        "[countries]\ndenied = [\"CD\"]",
        NeedsPerson,
        &["needs-a-person no-data site 1 900000 []"],
    );
}

#[test]
fn the_hardest_of_the_incident_tables_counts() {
    const TABLES: &str = r#"
[[incidents]]
verdict = "person"
severity = "serious"
[[incidents]]
categories = ["child-labour"]
confidence = "founded-suspicion"
"#;
    let cases = [
        (IncidentCategory::Theft, Confidence::Known, Severity::Minor, Eligible),
        (
            IncidentCategory::Theft,
            Confidence::Known,
            Severity::Serious,
            NeedsPerson,
        ),
        (
            IncidentCategory::ChildLabour,
            Confidence::Allegation,
            Severity::Minor,
            Eligible,
        ),
        (
            IncidentCategory::ChildLabour,
            Confidence::Allegation,
            Severity::Critical,
            NeedsPerson,
        ),
        (
            IncidentCategory::ChildLabour,
            Confidence::FoundedSuspicion,
            Severity::Minor,
            NotEligible,
        ),
        (
            IncidentCategory::ChildLabour,
            Confidence::Known,
            Severity::Critical,
            NotEligible,
        ),
    ];
    for (category, confidence, severity, outcome) in cases {
        let expected: &[&str] = match outcome {
            Eligible => &[],
            NeedsPerson => &["needs-a-person incident-open organization 1 900000 [55]"],
            NotEligible => &["not-eligible incident-open organization 1 900000 [55]"],
        };
        let incident = Incident {
            incident: IncidentId::from_bytes([5; 16]),
            category,
            confidence,
            severity,
            rests_on: rests(55),
        };
        check(
            |facts| (now(facts, 0).open_incidents, now(facts, 0).incidents) = (1, vec![incident]),
            TABLES,
            outcome,
            expected,
        );
    }
    check(
        |facts| now(facts, 0).open_incidents = 1,
        TABLES,
        NeedsPerson,
        &["needs-a-person no-data organization 1 900000 []"],
    );
}

#[test]
fn overdue_plans_name_their_adoption() {
    let plan = |n, is_overdue| Plan {
        plan: PlanId::from_bytes([n; 16]),
        is_overdue,
        rests_on: rests(n.into()),
    };
    check(
        |facts| {
            let now = now(facts, 0);
            (now.open_plans, now.overdue_plans) = (3, 2);
            now.plans = vec![plan(14, true), plan(12, true), plan(13, false)];
        },
        "[plans]",
        NotEligible,
        &["not-eligible plan-overdue organization 1 900000 [12 14]"],
    );
}

#[test]
fn flags_exclude_need_a_person_or_are_tolerated_and_all_are_shown() {
    let flag = |name: &str, n| Flag {
        name: slug(name),
        lot: OTHER_LOT,
        count: 2,
        rests_on: rests(n),
    };
    let flags = || {
        vec![
            flag("near-capacity", 1),
            flag("weighings-differ", 2),
            flag("of-newer-rules", 3),
        ]
    };
    check(
        |facts| facts.flags = flags(),
        "[flags]\nexcluded = [\"weighings-differ\"]\ntolerated = [\"near-capacity\"]",
        NotEligible,
        &[
            "not-eligible flagged other lot [2]",
            "needs-a-person flagged other lot [3]",
            "noted flagged other lot [1]",
        ],
    );
    check(
        |facts| facts.flags = flags(),
        "[flags]\nperson = [\"near-capacity\"]\nothers = \"tolerated\"",
        NeedsPerson,
        &[
            "needs-a-person flagged other lot [1]",
            "noted flagged other lot [3]",
            "noted flagged other lot [2]",
        ],
    );
    // Nothing is asked about them.
    check(
        |facts| facts.flags = vec![flag("near-capacity", 1)],
        "",
        Eligible,
        &["noted flagged other lot [1]"],
    );
}

#[test]
fn mixing_and_documents_are_about_the_lot() {
    const LEAST: &str = "[custody_model]\nleast = \"segregated\"";
    let model = |model| move |facts: &mut diligence::Facts| facts.custody_model = model;
    check(model(CustodyModel::IdentityPreserved), LEAST, Eligible, &[]);
    check(
        model(CustodyModel::MassBalance),
        LEAST,
        NotEligible,
        &["not-eligible custody-model-too-weak lot [50]"],
    );
    check(
        |_| {},
        "[documents]\nrequired = [\"export-certificate\", \"assay-report\"]\nverdict = \"person\"",
        NeedsPerson,
        &["needs-a-person document-missing lot []"],
    );
}

#[test]
fn a_small_share_needs_only_a_person_and_is_never_made_smaller() {
    const PLANS: &str = "\n[plans]";
    let overdue = |facts: &mut diligence::Facts| now(facts, 1).overdue_plans = 1;
    let of = |ppm: u32| format!("ignore_below_ppm = {ppm}{PLANS}");
    let (person, refused) = ("needs-a-person plan-overdue", "not-eligible plan-overdue");
    check(
        overdue,
        &of(100_000),
        NotEligible,
        &[&format!("{refused} organization 2 100000 []")],
    );
    check(
        overdue,
        &of(100_001),
        NeedsPerson,
        &[&format!("{person} organization 2 100000 []")],
    );
    // One of three micrograms is a third, rounded up.
    let tiny = |facts: &mut diligence::Facts| {
        facts.fine_mass = Some(Mass::from_micrograms(3));
        facts.origins[0].fine_mass = Some(Mass::from_micrograms(2));
        facts.origins[1].fine_mass = Some(Mass::from_micrograms(1));
        now(facts, 1).overdue_plans = 1;
    };
    check(
        tiny,
        &of(333_334),
        NotEligible,
        &[&format!("{refused} organization 2 333334 []")],
    );
    // In two places it is still one organization.
    let twice = |facts: &mut diligence::Facts| {
        let mut more = facts.origins[1].clone();
        more.site.id = site(7);
        facts.origins.push(more);
        for origin in &mut facts.origins[1..] {
            origin.fine_mass = Some(Mass::from_micrograms(5_000_000));
            origin.standing_now.as_mut().unwrap().overdue_plans = 1;
        }
    };
    check(
        twice,
        &of(100_000),
        NotEligible,
        &[&format!("{refused} organization 2 100000 []")],
    );
    // A share that is not known is not small.
    let unknown = |facts: &mut diligence::Facts| {
        facts.origins[0].fine_mass = None;
        now(facts, 1).overdue_plans = 1;
    };
    check(
        unknown,
        &of(999_999),
        NotEligible,
        &[&format!("{refused} organization 2 []")],
    );
    // Nothing excuses the lot itself.
    check(
        |facts| facts.state = LotState::Lost(rests(7)),
        &of(999_999),
        NotEligible,
        &["not-eligible lot-gone lot [7]"],
    );
}

#[test]
fn what_is_not_known_of_somebody_is_not_known_term_by_term() {
    let mut facts = good();
    facts.origins[1].standing_now = None;
    let verdict = judge(&facts, &policy(EVERYTHING));
    let unknown: Vec<_> = verdict.reasons.iter().map(|reason| reason.term).collect();
    let expected = [
        Term::StandingNow,
        Term::Modules,
        Term::Assurance,
        Term::Age,
        Term::Contested,
        Term::Scenarios,
        Term::Incidents,
        Term::Plans,
    ];
    assert_eq!(
        (unknown.as_slice(), verdict.outcome),
        (expected.as_slice(), NeedsPerson)
    );
    assert!(expected.iter().all(|term| !verdict.checked.contains(term)));
}

#[test]
fn the_worst_reasons_stand_first_then_those_of_larger_shares() {
    check(
        |facts| {
            facts.flags = vec![Flag {
                name: slug("near-capacity"),
                lot: OTHER_LOT,
                count: 1,
                rests_on: rests(1),
            }];
            for n in [1, 0] {
                now(facts, n).overdue_plans = 1;
                now(facts, n).contested = 1;
            }
            facts.left_out = 1;
        },
        "[plans]\n[contested]\nverdict = \"person\"",
        NotEligible,
        &[
            "not-eligible plan-overdue organization 1 900000 []",
            "not-eligible plan-overdue organization 2 100000 []",
            "needs-a-person not-all-gathered lot []",
            "needs-a-person answer-contested organization 1 900000 []",
            "needs-a-person answer-contested organization 2 100000 []",
            "noted flagged other lot [1]",
        ],
    );
}

#[test]
fn reasons_are_sentences_that_claim_no_more_than_is_held() {
    let mut facts = good();
    facts.origins[0].standings_then[0].standing = Standing::Lapsed;
    now(&mut facts, 0).modules[2].not_met = 1;
    now(&mut facts, 0).modules[2].unmet = vec![Unmet {
        criterion: slug("children"),
        rests_on: Some(rests(33)),
    }];
    now(&mut facts, 1).modules[0].weakest = Some(word(AssessmentKind::SelfReported, 30, 20));
    let verdict = judge(&facts, &policy(EVERYTHING));
    let texts: Vec<_> = verdict.reasons.iter().map(|reason| reason.detail.to_string()).collect();
    assert_eq!(
        texts,
        [
            "On 2026-06-01, Organization 1 was lapsed, as follows from the record; accepted is candidate or affiliate.",
            "Organization 1 does not meet module 3 (children).",
            "Of module 1, what is said about manage of Organization 2 is self-reported; asked for is monitor at least.",
        ]
    );
    for claim in ["proven", "guarantee", "certified", "verified"] {
        assert!(
            texts
                .iter()
                .map(String::as_str)
                .chain([CAVEAT])
                .all(|text| !text.contains(claim))
        );
    }
}

#[test]
fn what_a_reason_says_is_told_in_no_language_too() {
    let mut facts = good();
    facts.origins[0].standings_then[0].standing = Standing::Lapsed;
    let verdict = judge(&facts, &policy(EVERYTHING));
    let detail = &verdict.reasons[0].detail;
    assert_eq!(detail.name(), "standing-not-accepted");
    let standing = |words: &[&'static str]| Value::Words {
        of: "standing",
        words: words.to_vec(),
    };
    assert_eq!(
        detail.values(),
        [
            ("organization", Value::Text("Organization 1".to_owned())),
            ("day", Value::Day("2026-06-01".parse().unwrap())),
            ("found", standing(&["lapsed"])),
            ("accepted", standing(&["candidate", "affiliate"])),
        ]
    );
    let mut names = Detail::NAMES.to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Detail::NAMES.len());
}
