//! Rules about parties, keys, sites and policy.

use event::vocabulary::{
    Cell, DeploymentFounded, KeyAuthorized, KeyRevoked, PartyKind, PartyProfile, PolicySet, RevocationReason,
    SiteRegistered, Term,
};
use event::{DeploymentId, PartyId, SiteId, Timestamp, VerifiedStatement};

use crate::Refusal;
use crate::rules::{ACCEPTANCE_GAIN_PPM_MAX, FUTURE_SKEW_MS_MAX, RULE_VERSION, Said, reference_digest};
use crate::state::{Change, Key, Ledger, Party, Policy, Revocation, Site};

/// How many kinds of [`Term`] there are: what a founding statement must set.
const TERM_KINDS: usize = 3;

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
    let mut changes = vec![Change::Party(id, Party { kind: event.kind })];
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
    let reference = ledger.take_reference("site", event.reference.as_ref())?;
    let id = SiteId::derive(said.statement.id(), 0);
    let mut changes = vec![Change::Site(
        id,
        Site {
            operator: event.operator,
        },
    )];
    changes.extend(reference);
    Ok(changes)
}

pub(crate) fn policy_set(ledger: &Ledger, said: &Said<'_>, event: &PolicySet) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    Ok(vec![Change::Policy(with_terms(*ledger.policy(), &event.terms)?)])
}

fn scheme_only(said: &Said<'_>) -> Result<(), Refusal> {
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
            Term::FutureSkewMsMax(ms) if FUTURE_SKEW_MS_MAX < ms => return Err(Refusal::PolicyTermOutOfRange),
            Term::AcceptanceGainPpmMax(ppm) if ACCEPTANCE_GAIN_PPM_MAX < ppm => {
                return Err(Refusal::PolicyTermOutOfRange);
            }
            Term::RuleVersion(version) => policy.rule_version = version,
            Term::FutureSkewMsMax(ms) => policy.future_skew_ms_max = ms,
            Term::AcceptanceGainPpmMax(ppm) => policy.acceptance_gain_ppm_max = ppm,
        }
    }
    Ok(policy)
}
