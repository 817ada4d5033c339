//! A good lot of two organizations, and what is said of it, in short words.

use diligence::{
    About, Declaration, Facts, KnownNames, LotState, ModuleFacts, Named, Origin, Outcome, Permit, Policy, Rests,
    Scenario, Severity, StandingFacts, Verdict, Word, judge,
};
use event::vocabulary::{AssessmentKind, CustodyModel, LotForm, Module, QuantityBasis, Slug, Standing};
use event::{Date, LotId, Mass, PartyId, SiteId, StatementId, StreamPosition};

pub(crate) const KNOWN: KnownNames<'static> = KnownNames {
    flags: &["near-capacity", "weighings-differ", "late-statement"],
    documents: &["export-certificate", "assay-report"],
};
/// The day on which somebody asks: 2026-06-01.
pub(crate) const TODAY: Date = Date::from_unix_days(20_605);
/// Which lot.
pub(crate) const LOT: LotId = LotId::from_bytes([1; 16]);

/// A policy that asks for everything, and of which every term holds of [`good`].
pub(crate) const EVERYTHING: &str = r#"
version = 1
name = "Everything"
illustrative = "refuse"
[holds]
[suspects]
verdict = "not-eligible"
[standing_then]
accepted = ["candidate", "affiliate"]
[standing_now]
accepted = ["affiliate"]
[modules]
met = [1, 2, 3, 4]
[assurance]
least = "monitor"
[age]
days_max = 365
[contested]
[scenarios]
accepted = ["legal"]
[permit]
[countries]
allowed = ["PE", "CO"]
[[incidents]]
[plans]
[flags]
excluded = ["weighings-differ"]
tolerated = ["near-capacity"]
others = "person"
[custody_model]
least = "segregated"
[documents]
required = ["export-certificate"]
"#;

pub(crate) fn policy(text: &str) -> Policy {
    Policy::parse(text, &KNOWN).unwrap()
}

/// The policy with this name and no more than these tables.
pub(crate) fn asking(tables: &str) -> Policy {
    policy(&format!("version = 1\nname = \"Test\"\n{tables}"))
}

pub(crate) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

pub(crate) fn rests(position: u64) -> Rests {
    let byte = u8::try_from(position % 251).unwrap();
    Rests {
        position: StreamPosition::new(position),
        statement: StatementId::from_bytes([byte; 32]),
    }
}

pub(crate) fn word(kind: AssessmentKind, days_ago: i32, position: u64) -> Word {
    Word {
        criterion: slug("manage"),
        kind,
        day: Date::from_unix_days(TODAY.unix_days() - days_ago),
        rests_on: rests(position),
    }
}

/// An affiliate by the word of a monitor, 30 to 60 days ago; nothing is open.
pub(crate) fn standing(position: u64) -> StandingFacts {
    let module = |module| ModuleFacts {
        module,
        met: 3,
        not_met: 0,
        unanswered: 0,
        unmet: Vec::new(),
        weakest: Some(word(AssessmentKind::Monitor, 30, 20)),
        oldest: Some(word(AssessmentKind::ThirdParty, 60, 21)),
    };
    let gates = [
        Module::Management,
        Module::Legitimacy,
        Module::Disengagement,
        Module::Mitigation,
    ];
    StandingFacts {
        position: StreamPosition::new(position),
        day: TODAY,
        standing: Standing::Affiliate,
        since: Some(rests(22)),
        decided: None,
        causes: Vec::new(),
        modules: gates.into_iter().map(module).collect(),
        scenarios: vec![Scenario {
            slug: slug("legal"),
            site: None,
            rests_on: rests(23),
        }],
        scenarios_left_out: 0,
        open_incidents: 0,
        incidents: Vec::new(),
        open_plans: 0,
        overdue_plans: 0,
        plans: Vec::new(),
        contested: 0,
        contest: None,
    }
}

pub(crate) fn site(n: u8) -> SiteId {
    SiteId::from_bytes([n; 16])
}

pub(crate) fn organization(n: u8) -> PartyId {
    PartyId::from_bytes([n; 16])
}

/// Site `n` of organization `n`, which contributed so many grams.
pub(crate) fn origin(n: u8, grams: u64) -> Origin {
    let declared = Declaration {
        rests_on: rests(30 + u64::from(n)),
        day: TODAY,
    };
    Origin {
        site: Named {
            id: site(n),
            name: format!("Site {n}"),
        },
        organization: Named {
            id: organization(n),
            name: format!("Organization {n}"),
        },
        country: Some("PE".parse().unwrap()),
        fine_mass: Some(Mass::from_micrograms(grams * 1_000_000)),
        first: declared,
        last: declared,
        permit: Some(Permit::InForce(rests(40))),
        standings_then: vec![standing(31)],
        standing_now: Some(standing(100)),
    }
}

/// A lot of 100 g fine: 90 g of organization 1 and 10 g of organization 2.
pub(crate) fn good() -> Facts {
    Facts {
        lot: LOT,
        position: StreamPosition::new(100),
        today: TODAY,
        custodian: Named {
            id: organization(9),
            name: "Trader".to_owned(),
        },
        form: LotForm::Dore,
        gross_mass: Mass::from_micrograms(110_000_000),
        fine_mass: Some(Mass::from_micrograms(100_000_000)),
        basis: QuantityBasis::Weighed,
        custody_model: CustodyModel::Segregated,
        declared: rests(50),
        state: LotState::Held,
        holds: Vec::new(),
        suspects: Vec::new(),
        flags: Vec::new(),
        documents: vec![diligence::Document {
            kind: slug("export-certificate"),
            rests_on: rests(51),
        }],
        origins: vec![origin(1, 90), origin(2, 10)],
        left_out: 0,
    }
}

/// How one of those who contributed stands now.
pub(crate) fn now(facts: &mut Facts, n: usize) -> &mut StandingFacts {
    facts.origins[n].standing_now.as_mut().unwrap()
}

/// Checks the verdict about a good lot that was changed, by a policy of these tables: its outcome, and its reasons as
/// `not-eligible plan-overdue organization 1 900000 [7 12]`.
#[track_caller]
pub(crate) fn check(change: impl FnOnce(&mut Facts), tables: &str, outcome: Outcome, reasons: &[&str]) {
    let mut facts = good();
    change(&mut facts);
    let verdict = judge(&facts, &asking(tables));
    assert_eq!((told(&verdict), verdict.outcome), (owned(reasons), outcome));
    let worst = verdict.reasons.iter().map(|reason| reason.severity).max();
    assert_eq!(worst.map_or(Outcome::Eligible, Outcome::from), outcome);
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

pub(crate) fn told(verdict: &Verdict) -> Vec<String> {
    let reason = |reason: &diligence::Reason| {
        let about = match reason.about {
            About::Lot(LOT) => "lot".to_owned(),
            About::Lot(_) => "other lot".to_owned(),
            About::Site(site) => format!("site {}", site.as_bytes()[0]),
            About::Organization(of) => format!("organization {}", of.as_bytes()[0]),
        };
        let share = reason.share_ppm.map(|share| format!(" {share}")).unwrap_or_default();
        let positions: Vec<_> = reason.rests_on.iter().map(|rests| rests.position.to_string()).collect();
        let severity: Severity = reason.severity;
        format!(
            "{} {} {about}{share} [{}]",
            severity.name(),
            reason.kind,
            positions.join(" ")
        )
    };
    verdict.reasons.iter().map(reason).collect()
}
