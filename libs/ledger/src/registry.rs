//! Rules about parties, keys, sites and policy.

use event::vocabulary::{
    AccreditationWithdrawn, AssessorAccredited, Cell, DeploymentFounded, KeyAuthorized, KeyRevoked, PartyKind,
    PartyProfile, PolicySet, RevocationReason, SiteRegistered, Term,
};
use event::{DeploymentId, PartyId, SiteId, Timestamp, VerifiedStatement};

use crate::Refusal;
use crate::rules::{
    ACCEPTANCE_GAIN_PPM_MAX, DAYS_MAX, FUTURE_SKEW_MS_MAX, RULE_VERSION, SITES_OF_OPERATOR_MAX, Said, reference_digest,
};
use crate::state::{Change, Key, Ledger, Party, Policy, Revocation, Site};

/// How many kinds of [`Term`] there are: what a founding statement must set.
const TERM_KINDS: usize = 8;

pub(crate) fn deployment_founded(
    statement: &VerifiedStatement,
    admitted_at: Timestamp,
    event: &DeploymentFounded,
) -> Result<Vec<Change>, Refusal> {
    if statement.party() != PartyId::FOUNDER {
        return Err(Refusal::FounderNamed);
    }
    if !statement.key().is_usable() {
        return Err(Refusal::KeyUnusable);
    }
    if event.scheme.kind != PartyKind::Scheme {
        return Err(Refusal::FounderNotScheme);
    }
    let policy = with_terms(Policy::default(), &event.policy)?;
    if event.policy.len() < TERM_KINDS {
        return Err(Refusal::PolicyIncomplete);
    }
    // Last, for how far ahead is too far stands in the statement itself.
    if policy.latest_allowed(admitted_at) < statement.stated_at() {
        return Err(Refusal::StatedInFuture);
    }
    let party = PartyId::derive(statement.id(), 0);
    let key = Key {
        party,
        number: statement.number(),
        revoked: None,
    };
    let mut changes = vec![
        Change::Founded(DeploymentId::from_bytes(*statement.id().as_bytes())),
        Change::Policy(policy),
        Change::Party(
            party,
            Party {
                kind: event.scheme.kind,
                accredited_until: None,
            },
        ),
        Change::Key(statement.key(), key),
        Change::SchemeKeys(1),
    ];
    let reference = event.scheme.reference.as_ref();
    changes.extend(reference.map(|reference| Change::Reference(reference_digest("party", reference))));
    Ok(changes)
}

pub(crate) fn party_enrolled(ledger: &Ledger, said: &Said<'_>, event: &PartyProfile) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    let reference = ledger.take_reference("party", event.reference.as_ref())?;
    let id = PartyId::derive(said.statement.id(), 0);
    let party = Party {
        kind: event.kind,
        accredited_until: None,
    };
    let mut changes = vec![Change::Party(id, party)];
    changes.extend(reference);
    Ok(changes)
}

pub(crate) fn key_authorized(ledger: &Ledger, said: &Said<'_>, event: &KeyAuthorized) -> Result<Vec<Change>, Refusal> {
    if !event.key.is_usable() {
        return Err(Refusal::KeyUnusable);
    }
    let party = ledger.party(&event.party).ok_or(Refusal::UnknownParty)?;
    scheme_or(event.party, said)?;
    if ledger.key(&event.key).is_some() {
        return Err(Refusal::KeyKnown);
    }
    let key = Key {
        party: event.party,
        number: 0,
        revoked: None,
    };
    let mut changes = vec![Change::Key(event.key, key)];
    if party.kind == PartyKind::Scheme {
        changes.push(Change::SchemeKeys(ledger.head.scheme_keys + 1));
    }
    Ok(changes)
}

pub(crate) fn key_revoked(ledger: &Ledger, said: &Said<'_>, event: &KeyRevoked) -> Result<Vec<Change>, Refusal> {
    let key = ledger.key_after(&event.key, said).ok_or(Refusal::KeyNotAuthorized)?;
    scheme_or(key.party, said)?;
    if key.revoked.is_some() {
        return Err(Refusal::KeyAlreadyRevoked);
    }
    if matches!(event.reason, RevocationReason::Compromised { since } if ledger.position() < since) {
        return Err(Refusal::SinceNotReached);
    }
    let of_scheme = ledger
        .party(&key.party)
        .is_some_and(|party| party.kind == PartyKind::Scheme);
    if of_scheme && ledger.head.scheme_keys == 1 {
        return Err(Refusal::LastSchemeKey);
    }
    let revoked = Some(Revocation {
        position: said.position,
        reason: event.reason,
    });
    let mut changes = vec![Change::Key(event.key, Key { revoked, ..key })];
    if of_scheme {
        changes.push(Change::SchemeKeys(ledger.head.scheme_keys - 1));
    }
    Ok(changes)
}

pub(crate) fn site_registered(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &SiteRegistered,
) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    if event.cell.is_some_and(|cell| !on_earth(cell)) {
        return Err(Refusal::CellOutOfRange);
    }
    if event.fineness_band.is_some_and(|band| band.to < band.from) {
        return Err(Refusal::BandReversed);
    }
    let operator = ledger.party(&event.operator).ok_or(Refusal::UnknownParty)?;
    if !operator.kind.produces() {
        return Err(Refusal::OperatorDoesNotProduce);
    }
    let mut sites = ledger.sites_of(&event.operator).to_vec();
    if SITES_OF_OPERATOR_MAX <= sites.len() {
        return Err(Refusal::TooManySites);
    }
    let reference = ledger.take_reference("site", event.reference.as_ref())?;
    let id = SiteId::derive(said.statement.id(), 0);
    let site = Site {
        operator: event.operator,
    };
    sites.push(id);
    let mut changes = vec![Change::Site(id, site), Change::SitesOf(event.operator, sites)];
    changes.extend(reference);
    Ok(changes)
}

pub(crate) fn policy_set(ledger: &Ledger, said: &Said<'_>, event: &PolicySet) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    Ok(vec![Change::Policy(with_terms(*ledger.policy(), &event.terms)?)])
}

pub(crate) fn assessor_accredited(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &AssessorAccredited,
) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    if event.until < said.admitted_at.date() {
        return Err(Refusal::AccreditationInPast);
    }
    let party = ledger.party(&event.assessor).ok_or(Refusal::UnknownParty)?;
    if party.kind != PartyKind::Assessor {
        return Err(Refusal::NotAnAssessor);
    }
    let party = Party {
        accredited_until: Some(event.until),
        ..*party
    };
    Ok(vec![Change::Party(event.assessor, party)])
}

pub(crate) fn accreditation_withdrawn(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &AccreditationWithdrawn,
) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    let party = ledger.party(&event.assessor).ok_or(Refusal::UnknownParty)?;
    if party.accredited_until.is_none() {
        return Err(Refusal::NotAccredited);
    }
    let party = Party {
        accredited_until: None,
        ..*party
    };
    Ok(vec![Change::Party(event.assessor, party)])
}

pub(crate) fn scheme_only(said: &Said<'_>) -> Result<(), Refusal> {
    if said.kind != PartyKind::Scheme {
        return Err(Refusal::SchemeOnly);
    }
    Ok(())
}

fn scheme_or(party: PartyId, said: &Said<'_>) -> Result<(), Refusal> {
    if said.kind != PartyKind::Scheme && said.party != party {
        return Err(Refusal::NotForThisParty);
    }
    Ok(())
}

fn on_earth(cell: Cell) -> bool {
    (-900..=899).contains(&cell.south) && (-1800..=1799).contains(&cell.west)
}

fn with_terms(mut policy: Policy, terms: &[Term]) -> Result<Policy, Refusal> {
    let kinds: Vec<_> = terms.iter().map(core::mem::discriminant).collect();
    let repeated = kinds
        .iter()
        .enumerate()
        .any(|(place, kind)| kinds[..place].contains(kind));
    if terms.is_empty() || repeated {
        return Err(Refusal::PolicyTermRepeated);
    }
    for term in terms {
        match *term {
            Term::RuleVersion(version) if version != RULE_VERSION => return Err(Refusal::RuleVersionUnknown),
            term if !is_in_range(term) => return Err(Refusal::PolicyTermOutOfRange),
            Term::RuleVersion(version) => policy.rule_version = version,
            Term::FutureSkewMsMax(ms) => policy.future_skew_ms_max = ms,
            Term::AcceptanceGainPpmMax(ppm) => policy.acceptance_gain_ppm_max = ppm,
            Term::ReportDaysMax(days) => policy.report_days_max = days,
            Term::MitigationDaysMax(days) => policy.mitigation_days_max = days,
            Term::AssuranceDaysMax(days) => policy.assurance_days_max = days,
            Term::FreshDaysMax(days) => policy.fresh_days_max = days,
            Term::PlanDaysMax(days) => policy.plan_days_max = days,
        }
    }
    Ok(policy)
}

const fn is_in_range(term: Term) -> bool {
    match term {
        Term::RuleVersion(_) => true,
        Term::FutureSkewMsMax(ms) => ms <= FUTURE_SKEW_MS_MAX,
        Term::AcceptanceGainPpmMax(ppm) => ppm <= ACCEPTANCE_GAIN_PPM_MAX,
        Term::ReportDaysMax(days)
        | Term::MitigationDaysMax(days)
        | Term::AssuranceDaysMax(days)
        | Term::FreshDaysMax(days)
        | Term::PlanDaysMax(days) => 1 <= days && days <= DAYS_MAX,
    }
}
