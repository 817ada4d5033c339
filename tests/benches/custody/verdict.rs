//! A verdict on a bar of many origins: facts as custody tells them, with standings that are invented.

use diligence::{
    Declaration, Facts, Flag, Incident, KnownNames, LotState, ModuleFacts, Named, Origin, Permit, Plan, Policy, Rests,
    Scenario, StandingFacts, Verdict, Word, judge,
};
use event::vocabulary::{
    AssessmentKind, Confidence, CustodyModel, IncidentCategory, LotForm, Module, QuantityBasis, Severity, Slug,
    Standing,
};
use event::{Date, IncidentId, LotId, Mass, PlanId, StatementId, StreamPosition, Timestamp};
use ledger::FlagKind;
use rpc::custody::{FlagCount, OriginsBy};
use service::clock::Stopwatch;
use tests::measure::Latencies;

use crate::traces::{Client, origins, provenance};

/// The policies that are shipped.
const POLICIES: [&str; 3] = [
    include_str!("../../../deploy/policies/strict.toml"),
    include_str!("../../../deploy/policies/legal-title.toml"),
    include_str!("../../../deploy/policies/progressive.toml"),
];
/// How often each of them judges.
const JUDGED: usize = 50;
/// One of so many organizations has an open incident.
const INCIDENT_EVERY: usize = 7;
/// One of so many has a plan that is overdue.
const OVERDUE_EVERY: usize = 5;

/// How long one policy takes, and what it says last.
pub(crate) struct Judged {
    pub(crate) policy: String,
    pub(crate) latencies: Latencies,
    pub(crate) verdict: Verdict,
}

/// Every shipped policy judges the facts, over and over.
pub(crate) fn judge_all(facts: &Facts) -> Vec<Judged> {
    let flags: Vec<_> = FlagKind::ALL.iter().map(|kind| kind.name()).collect();
    let known = KnownNames {
        flags: &flags,
        documents: &[],
    };
    let judged = POLICIES.iter().map(|text| {
        let policy = Policy::parse(text, &known).expect("a policy that is shipped");
        let mut latencies = Latencies::default();
        let mut verdict = judge(facts, &policy);
        for _ in 0..JUDGED {
            let watch = Stopwatch::start();
            verdict = judge(facts, &policy);
            latencies.push(watch.elapsed());
        }
        Judged {
            policy: policy.name().to_owned(),
            latencies,
            verdict,
        }
    });
    judged.collect()
}

/// What custody says about a lot, to its last origin.
pub(crate) async fn facts(client: &Client, id: LotId) -> Facts {
    let provenance = provenance(client, id).await;
    let pages = origins(client, id, OriginsBy::Site, 0).await;
    let lot = provenance.lot.expect("what is asked about");
    let day = Timestamp::from_unix_ms(provenance.evaluated_at_unix_ms).date();
    let position = StreamPosition::new(provenance.position);
    let flags = provenance.own_flags.iter().chain(&provenance.inherited_flags);
    let custodian = lot.custodian.expect("somebody has it");
    let origins = pages.into_iter().flat_map(|page| page.origins).enumerate();
    Facts {
        lot: id,
        position,
        today: day,
        custodian: Named {
            id: custodian.party_id.parse().expect("a party"),
            name: custodian.name,
        },
        form: LotForm::Dore,
        gross_mass: Mass::from_micrograms(lot.gross_mass_micrograms),
        fine_mass: lot.fine_mass_micrograms.map(Mass::from_micrograms),
        basis: QuantityBasis::Illustrative,
        custody_model: CustodyModel::MassBalance,
        declared: rests(lot.declared_position, &lot.latest_statement_id),
        state: LotState::Held,
        holds: Vec::new(),
        suspects: Vec::new(),
        flags: flags.map(flag).collect(),
        documents: Vec::new(),
        origins: origins
            .map(|(place, told)| origin(told, &standing(place, position, day)))
            .collect(),
        left_out: 0,
    }
}

fn flag(counted: &FlagCount) -> Flag {
    let first = counted.first.as_ref().expect("the first of them");
    Flag {
        name: slug(&first.kind),
        lot: first.lot_id.parse().expect("a lot"),
        count: counted.count,
        rests_on: rests(first.position, &first.statement_id),
    }
}

fn origin(told: rpc::custody::Origin, standing: &StandingFacts) -> Origin {
    let (site, operator) = (told.site.expect("by site"), told.operator.expect("somebody"));
    let declaration = |told: Option<rpc::custody::Declaration>| {
        let told = told.expect("a declaration");
        Declaration {
            rests_on: rests(told.position, &told.statement_id),
            day: Timestamp::from_unix_ms(told.admitted_at_unix_ms).date(),
        }
    };
    let permit = told.permit_then.map_or(Permit::NoneRecorded, |permit| {
        Permit::InForce(rests(permit.position, &permit.statement_id))
    });
    Origin {
        site: Named {
            id: site.site_id.parse().expect("a site"),
            name: site.name,
        },
        organization: Named {
            id: operator.party_id.parse().expect("a party"),
            name: operator.name,
        },
        country: told.country.parse().ok(),
        fine_mass: told.fine_mass_micrograms.map(Mass::from_micrograms),
        first: declaration(told.first),
        last: declaration(told.last),
        permit: Some(permit),
        standings_then: vec![standing.clone()],
        standing_now: Some(standing.clone()),
    }
}

/// An invented affiliate by the word of a third party; some have an incident, some a plan that is overdue.
fn standing(place: usize, position: StreamPosition, day: Date) -> StandingFacts {
    let rests_on = Rests {
        position,
        statement: StatementId::from_bytes([7; 32]),
    };
    let word = Word {
        criterion: slug("invented"),
        kind: AssessmentKind::ThirdParty,
        day,
        rests_on,
    };
    let module = |module| ModuleFacts {
        module,
        met: 10,
        not_met: 0,
        unanswered: 0,
        unmet: Vec::new(),
        weakest: Some(word.clone()),
        oldest: Some(word.clone()),
    };
    let gates = [
        Module::Management,
        Module::Legitimacy,
        Module::Disengagement,
        Module::Mitigation,
    ];
    let incident = Incident {
        incident: IncidentId::from_bytes([7; 16]),
        category: IncidentCategory::Accident,
        confidence: Confidence::Allegation,
        severity: Severity::Serious,
        rests_on,
    };
    let plan = Plan {
        plan: PlanId::from_bytes([7; 16]),
        is_overdue: true,
        rests_on,
    };
    let incidents: Vec<_> = Some(incident)
        .filter(|_| place.is_multiple_of(INCIDENT_EVERY))
        .into_iter()
        .collect();
    let plans: Vec<_> = Some(plan)
        .filter(|_| place.is_multiple_of(OVERDUE_EVERY))
        .into_iter()
        .collect();
    let count = |count| u32::try_from(count).expect("one at most");
    StandingFacts {
        position,
        day,
        standing: Standing::Affiliate,
        since: Some(rests_on),
        decided: None,
        causes: Vec::new(),
        modules: gates.into_iter().map(module).collect(),
        scenarios: vec![Scenario {
            slug: slug("legit.case1_legal"),
            site: None,
            rests_on,
        }],
        scenarios_left_out: 0,
        open_incidents: count(incidents.len()),
        incidents,
        open_plans: count(plans.len()),
        overdue_plans: count(plans.len()),
        plans,
        contested: 0,
        contest: None,
    }
}

fn rests(position: u64, statement: &str) -> Rests {
    Rests {
        position: StreamPosition::new(position),
        statement: statement.parse().expect("a statement"),
    }
}

fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}
