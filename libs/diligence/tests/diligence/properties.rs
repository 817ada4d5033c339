//! What holds of any facts and any policy.

use diligence::{
    Decided, Facts, Flag, Hold, Incident, LotState, Outcome, Permit, Policy, Scenario, Suspect, Unmet, judge,
};
use event::IncidentId;
use event::vocabulary::{
    AssessmentKind, Confidence, CustodyModel, IncidentCategory, QuantityBasis, Severity, Standing,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::support::{EVERYTHING, LOT, good, origin, policy, rests, slug, told, word};

/// Something that makes facts worse; about the origin at `at`, where it is about one.
#[derive(Clone, Copy, Debug)]
enum Problem {
    Gone,
    Held,
    Suspect,
    LeftOut,
    Invented,
    FlagExcluded,
    FlagUnknown,
    Mixed,
    NoDocument,
    SuspendedThen,
    SuspendedNow,
    SuspendedByScheme,
    NotMet,
    OwnWord,
    Old,
    Contested,
    OtherScenario,
    NoPermit,
    Elsewhere,
    Incident,
    HiddenIncident,
    Overdue,
}

const PROBLEMS: [Problem; 22] = [
    Problem::Gone,
    Problem::Held,
    Problem::Suspect,
    Problem::LeftOut,
    Problem::Invented,
    Problem::FlagExcluded,
    Problem::FlagUnknown,
    Problem::Mixed,
    Problem::NoDocument,
    Problem::SuspendedThen,
    Problem::SuspendedNow,
    Problem::SuspendedByScheme,
    Problem::NotMet,
    Problem::OwnWord,
    Problem::Old,
    Problem::Contested,
    Problem::OtherScenario,
    Problem::NoPermit,
    Problem::Elsewhere,
    Problem::Incident,
    Problem::HiddenIncident,
    Problem::Overdue,
];

fn flag(name: &str) -> Flag {
    Flag {
        name: slug(name),
        lot: LOT,
        count: 1,
        rests_on: rests(7),
    }
}

impl Problem {
    fn add(self, facts: &mut Facts, at: usize) {
        match self {
            Self::Gone => facts.state = LotState::Lost(rests(7)),
            Self::Held => facts.holds.push(Hold {
                lot: LOT,
                reason: "Seized".to_owned(),
                rests_on: rests(7),
            }),
            Self::Suspect => facts.suspects.push(Suspect {
                lot: LOT,
                statement: rests(7),
                revoked_by: rests(8),
            }),
            Self::LeftOut => facts.left_out += 1,
            Self::Invented => facts.basis = QuantityBasis::Illustrative,
            Self::FlagExcluded => facts.flags.push(flag("weighings-differ")),
            Self::FlagUnknown => facts.flags.push(flag("of-newer-rules")),
            Self::Mixed => facts.custody_model = CustodyModel::MassBalance,
            Self::NoDocument => facts.documents.clear(),
            Self::SuspendedThen => {
                for then in &mut facts.origins[at].standings_then {
                    then.standing = Standing::Suspended;
                }
            }
            Self::NoPermit => facts.origins[at].permit = Some(Permit::NoneRecorded),
            Self::Elsewhere => facts.origins[at].country = Some("CD".parse().unwrap()),
            _ => {
                if let Some(now) = &mut facts.origins[at].standing_now {
                    self.add_now(now);
                }
            }
        }
    }

    fn add_now(self, now: &mut diligence::StandingFacts) {
        match self {
            Self::SuspendedNow => now.standing = Standing::Suspended,
            Self::SuspendedByScheme => {
                now.decided = Some(Decided {
                    standing: Standing::Suspended,
                    rests_on: rests(7),
                });
            }
            Self::NotMet => {
                for module in &mut now.modules {
                    module.not_met += 1;
                    module.unmet.push(Unmet {
                        criterion: slug("children"),
                        rests_on: Some(rests(7)),
                    });
                }
            }
            Self::OwnWord => {
                for module in &mut now.modules {
                    module.weakest = Some(word(AssessmentKind::SelfReported, 5, 7));
                }
            }
            Self::Old => {
                for module in &mut now.modules {
                    module.oldest = Some(word(AssessmentKind::Monitor, 900, 7));
                }
            }
            Self::Contested => now.contested += 1,
            Self::OtherScenario => {
                now.scenarios = vec![Scenario {
                    slug: slug("other"),
                    site: None,
                    rests_on: rests(7),
                }];
            }
            Self::Incident => {
                now.open_incidents += 1;
                now.incidents.push(Incident {
                    incident: IncidentId::from_bytes([5; 16]),
                    category: IncidentCategory::ChildLabour,
                    confidence: Confidence::Known,
                    severity: Severity::Critical,
                    rests_on: rests(7),
                });
            }
            Self::HiddenIncident => now.open_incidents += 1,
            Self::Overdue => now.overdue_plans += 1,
            _ => unreachable!("it is about the lot or the site"),
        }
    }
}

/// Something that is asked of every origin, made unknown for one of them.
#[derive(Clone, Copy, Debug)]
enum Unknown {
    Then,
    Now,
    Permit,
    Country,
    Modules,
    Words,
    Scenarios,
    Everyone,
}

const UNKNOWN: [Unknown; 8] = [
    Unknown::Then,
    Unknown::Now,
    Unknown::Permit,
    Unknown::Country,
    Unknown::Modules,
    Unknown::Words,
    Unknown::Scenarios,
    Unknown::Everyone,
];

impl Unknown {
    fn forget(self, facts: &mut Facts, at: usize) {
        let origin = &mut facts.origins[at];
        let now = origin.standing_now.as_mut();
        match self {
            Self::Then => origin.standings_then.clear(),
            Self::Now => origin.standing_now = None,
            Self::Permit => origin.permit = None,
            Self::Country => origin.country = None,
            Self::Modules => now.unwrap().modules.clear(),
            Self::Words => {
                for module in &mut now.unwrap().modules {
                    (module.weakest, module.oldest) = (None, None);
                }
            }
            Self::Scenarios => now.unwrap().scenarios.clear(),
            Self::Everyone => facts.origins.clear(),
        }
    }
}

/// The tables of [`EVERYTHING`], some of them, with other verdicts, and a share that is small.
fn any_policy() -> impl Strategy<Value = Policy> {
    let tables: Vec<&'static str> = EVERYTHING.split("\n[").skip(1).collect();
    let few = subsequence(tables.clone(), 0..=tables.len());
    let small = select(vec![0_u32, 50_000, 200_000, 950_000]);
    (few, small, any::<bool>(), any::<bool>()).prop_map(|(tables, small, is_softer, refuses_no_data)| {
        let no_data = if refuses_no_data { "not-eligible" } else { "person" };
        let mut text = format!("version = 1\nname = \"Any\"\nignore_below_ppm = {small}\nno_data = \"{no_data}\"\n");
        let has_modules = tables.iter().any(|table| table.starts_with("modules]"));
        for table in tables {
            if !has_modules && (table.starts_with("assurance]") || table.starts_with("age]")) {
                continue;
            }
            text.extend(["\n[", table]);
            if is_softer && !table.starts_with("flags]") && !table.contains("verdict") {
                text += "\nverdict = \"person\"";
            }
        }
        policy(&text)
    })
}

fn any_problems() -> impl Strategy<Value = Vec<(Problem, usize)>> {
    vec((select(PROBLEMS.to_vec()), 0..3_usize), 0..6)
}

fn facts_with(problems: &[(Problem, usize)]) -> Facts {
    let mut facts = good();
    facts.origins = vec![origin(1, 60), origin(2, 30), origin(3, 10)];
    for (problem, at) in problems {
        problem.add(&mut facts, *at);
    }
    facts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn another_problem_never_makes_it_better(
        policy in any_policy(),
        problems in any_problems(),
        more in select(PROBLEMS.to_vec()),
        at in 0..3_usize,
    ) {
        let mut facts = facts_with(&problems);
        let before = judge(&facts, &policy);
        more.add(&mut facts, at);
        let after = judge(&facts, &policy);
        prop_assert!(before.outcome <= after.outcome, "{more:?}: {:?}, then {:?}", told(&before), told(&after));
        prop_assert!(after.checked.iter().all(|term| before.checked.contains(term)));
    }

    #[test]
    fn the_order_of_what_is_known_is_all_one(
        policy in any_policy(),
        problems in any_problems(),
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
    ) {
        let facts = facts_with(&problems);
        let mut other = facts.clone();
        other.origins = order.iter().map(|at| facts.origins[*at].clone()).collect();
        other.holds.reverse();
        other.flags.reverse();
        prop_assert_eq!(judge(&other, &policy), judge(&facts, &policy));
        // Said twice is said once, where it is about no mass.
        let mut twice = facts.clone();
        let mut again = facts.origins[0].clone();
        again.fine_mass = Some(event::Mass::ZERO);
        twice.origins.push(again);
        prop_assert_eq!(judge(&twice, &policy), judge(&facts, &policy));
    }

    #[test]
    fn what_is_asked_for_and_not_known_is_never_eligible(
        unknown in select(UNKNOWN.to_vec()),
        at in 0..3_usize,
        small in select(vec![0_u32, 999_999]),
    ) {
        let mut facts = facts_with(&[]);
        let text = EVERYTHING.replace("name =", &format!("ignore_below_ppm = {small}\nname ="));
        prop_assert_eq!(judge(&facts, &policy(&text)).outcome, Outcome::Eligible);
        unknown.forget(&mut facts, at);
        let verdict = judge(&facts, &policy(&text));
        prop_assert_eq!(verdict.outcome, Outcome::NeedsPerson, "{:?}", told(&verdict));
        let refusing = text.replace("name =", "no_data = \"not-eligible\"\nname =");
        let expected = match (unknown, small) {
            (Unknown::Everyone, _) | (_, 0) => Outcome::NotEligible,
            _ => Outcome::NeedsPerson,
        };
        prop_assert_eq!(judge(&facts, &policy(&refusing)).outcome, expected);
    }

    #[test]
    fn reasons_and_what_was_checked_are_the_policy_and_no_more(policy in any_policy(), problems in any_problems()) {
        let verdict = judge(&facts_with(&problems), &policy);
        for term in policy.terms() {
            let is_against = verdict.reasons.iter().any(|reason| {
                reason.term == term && reason.severity != diligence::Severity::Noted
            });
            prop_assert_ne!(is_against, verdict.checked.contains(&term), "{}", term);
        }
        let asked: Vec<_> = policy.terms().collect();
        let is_asked = |reason: &diligence::Reason| {
            asked.contains(&reason.term) || reason.severity == diligence::Severity::Noted
        };
        prop_assert!(verdict.reasons.iter().all(is_asked));
    }
}
