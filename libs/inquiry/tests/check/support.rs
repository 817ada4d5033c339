//! A good lot of one site, as the services tell of it.

use std::collections::BTreeMap;

use diligence::{Permit, Rests};
use event::{IncidentId, LotId, PartyId, PlanId, SiteId, StatementId, StreamPosition};
use inquiry::check::facts::Gathered;
use rpc::custody::{
    CustodyModel, Declaration, FlagCount, FlagOnLot, GetLotResponse, GetProvenanceResponse, HoldOnLot, Lot, LotForm,
    LotState, LotStep, Origin, PermitStatus, QuantityBasis, SitePermit, Suspect,
};
use rpc::progress::{
    AssessmentKind, BriefCause, BriefDecision, BriefIncident, BriefPlan, BriefScenario, Confidence, Gate, GateWord,
    IncidentCategory, ModuleBrief, Severity, Standing, StandingBrief, StandingEntry, StatementAt, UnmetCriterion,
};
use rpc::view::{PartyName, SiteName};

/// 2026-06-01T12:00:00Z.
pub(crate) const NOW_MS: i64 = 1_780_315_200_000;
const DAY_MS: i64 = 86_400_000;
/// As of which position everything is told.
pub(crate) const NOW: u64 = 50;
/// The first and the last declaration.
pub(crate) const FIRST: u64 = 10;
pub(crate) const LAST: u64 = 20;

pub(crate) fn lot_id(n: u8) -> String {
    LotId::from_bytes([n; 16]).to_string()
}

pub(crate) fn statement(position: u64) -> String {
    StatementId::from_bytes([u8::try_from(position).unwrap(); 32]).to_string()
}

pub(crate) fn rests(position: u64) -> Rests {
    Rests {
        position: StreamPosition::new(position),
        statement: StatementId::from_bytes([u8::try_from(position).unwrap(); 32]),
    }
}

pub(crate) fn miners() -> PartyId {
    PartyId::from_bytes([1; 16])
}

pub(crate) fn site() -> SiteId {
    SiteId::from_bytes([3; 16])
}

pub(crate) fn party(id: PartyId, name: &str) -> PartyName {
    PartyName {
        party_id: id.to_string(),
        name: name.to_owned(),
    }
}

fn at(position: u64) -> StatementAt {
    StatementAt {
        statement_id: statement(position),
        position,
    }
}

/// Everything that there can be, once.
pub(crate) fn answers() -> Gathered {
    let origin = origin();
    let mut standings = BTreeMap::new();
    for position in [FIRST, LAST, 0] {
        standings.insert((miners().to_string(), position), entry(position));
    }
    Gathered {
        lot: lot(),
        provenance: provenance(),
        origins: vec![origin],
        permits: vec![Some(Permit::InForce(rests(5)))],
        standings,
        steps_before: vec![step("LotsTransformed", 25, &["00"]), step("LotExported", 26, &[])],
        left_out: 0,
    }
}

fn lot() -> GetLotResponse {
    let lot = Lot {
        lot_id: lot_id(7),
        form: LotForm::Dore.into(),
        basis: QuantityBasis::Weighed.into(),
        gross_mass_micrograms: 25_000_000,
        fine_mass_micrograms: Some(22_500_000),
        custody_model: CustodyModel::Segregated.into(),
        state: LotState::Held.into(),
        custodian: Some(party(PartyId::from_bytes([2; 16]), "Trader")),
        declared_position: LAST,
        latest_statement_id: statement(40),
        ..Lot::default()
    };
    GetLotResponse {
        position: NOW,
        evaluated_at_unix_ms: NOW_MS,
        lot: Some(lot),
        path: vec![
            step("LotDeclared", LAST, &["00"]),
            step("CustodyOffered", 30, &[]),
            step("LotRetired", 40, &[]),
        ],
        ..GetLotResponse::default()
    }
}

pub(crate) fn step(event: &str, position: u64, documents: &[&str]) -> LotStep {
    LotStep {
        event: event.to_owned(),
        statement_id: statement(position),
        position,
        document_digests: documents.iter().map(|&digest| digest.to_owned()).collect(),
        ..LotStep::default()
    }
}

fn provenance() -> GetProvenanceResponse {
    let flag = |kind: &str, count| FlagCount {
        count,
        first: Some(FlagOnLot {
            kind: kind.to_owned(),
            lot_id: lot_id(7),
            statement_id: statement(31),
            position: 31,
            ..FlagOnLot::default()
        }),
    };
    GetProvenanceResponse {
        position: NOW,
        own_flags: vec![flag("late", 1)],
        inherited_flags: vec![flag("near-capacity", 3)],
        holds: vec![HoldOnLot {
            source_lot_id: lot_id(8),
            reason: "an incident".to_owned(),
            statement_id: statement(32),
            position: 32,
            ..HoldOnLot::default()
        }],
        suspects: vec![Suspect {
            revocation_statement_id: statement(34),
            revocation_position: 34,
            spoke_position: 33,
            spoke_lot_id: lot_id(7),
            spoke_statement_id: statement(33),
            ..Suspect::default()
        }],
        ..GetProvenanceResponse::default()
    }
}

pub(crate) fn declared(position: u64, days_ago: i64) -> Declaration {
    Declaration {
        lot_id: lot_id(7),
        statement_id: statement(position),
        position,
        admitted_at_unix_ms: NOW_MS - days_ago * DAY_MS,
    }
}

pub(crate) fn origin() -> Origin {
    Origin {
        site: Some(SiteName {
            site_id: site().to_string(),
            name: "Pit".to_owned(),
        }),
        operator: Some(party(miners(), "Miners")),
        country: "CD".to_owned(),
        fine_mass_micrograms: Some(22_500_000),
        share_ppm: 1_000_000,
        first: Some(declared(FIRST, 60)),
        last: Some(declared(LAST, 30)),
        lots: 2,
        permit_then: Some(permit(5, "2026-01-01", "")),
        ..Origin::default()
    }
}

pub(crate) fn permit(position: u64, from: &str, until: &str) -> SitePermit {
    SitePermit {
        from: from.to_owned(),
        until: until.to_owned(),
        status: PermitStatus::InForce.into(),
        statement_id: statement(position),
        position,
        ..SitePermit::default()
    }
}

fn entry(position: u64) -> StandingEntry {
    StandingEntry {
        party_id: miners().to_string(),
        position: if position == 0 { NOW } else { position },
        evaluated_at_unix_ms: NOW_MS,
        standing: Some(brief()),
        ..StandingEntry::default()
    }
}

fn brief() -> StandingBrief {
    let word = |position| GateWord {
        criterion_slug: "manage".to_owned(),
        kind: AssessmentKind::Monitor.into(),
        day: "2026-05-01".to_owned(),
        rests_on: Some(at(position)),
        ..GateWord::default()
    };
    StandingBrief {
        standing: Standing::Candidate.into(),
        since: Some(at(11)),
        decision: Some(BriefDecision {
            standing: Standing::Affiliate.into(),
            rests_on: Some(at(12)),
        }),
        causes: vec![BriefCause {
            rests_on: Some(at(13)),
            ..BriefCause::default()
        }],
        modules: vec![ModuleBrief {
            gate: Some(Gate {
                module: 3,
                met: 1,
                mending: 2,
                overdue: 3,
                not_met: 4,
                unanswered: 5,
                ..Gate::default()
            }),
            unmet: vec![UnmetCriterion {
                criterion_slug: "manage".to_owned(),
                rests_on: None,
                ..UnmetCriterion::default()
            }],
            weakest: Some(word(14)),
            oldest: Some(word(15)),
            ..ModuleBrief::default()
        }],
        scenarios: vec![BriefScenario {
            slug: "legit.case1_legal".to_owned(),
            rests_on: Some(at(16)),
            ..BriefScenario::default()
        }],
        scenarios_left_out: 1,
        open_incidents: 2,
        incidents: vec![BriefIncident {
            incident_id: IncidentId::from_bytes([1; 16]).to_string(),
            category: IncidentCategory::ChildLabour.into(),
            confidence: Confidence::Known.into(),
            severity: Severity::Critical.into(),
            rests_on: Some(at(17)),
            ..BriefIncident::default()
        }],
        open_plans: 1,
        overdue_plans: 1,
        plans: vec![BriefPlan {
            plan_id: PlanId::from_bytes([1; 16]).to_string(),
            is_overdue: true,
            rests_on: Some(at(18)),
            ..BriefPlan::default()
        }],
        contested: 1,
        contest: Some(at(19)),
        ..StandingBrief::default()
    }
}
