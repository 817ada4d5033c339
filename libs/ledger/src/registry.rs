//! Rules about parties, keys, sites and policy.

use event::vocabulary::{
    AccreditationWithdrawn, AssessorAccredited, Cell, DeploymentFounded, KeyAuthorized, KeyRevoked, PartyKind,
    PartyProfile, PolicySet, RevocationReason, SiteAmended, SiteRegistered,
};
use event::{DeploymentId, PartyId, SiteId, Timestamp, VerifiedStatement};

use crate::Refusal;
use crate::policy::{FIRST_TERMS, Policy};
use crate::rules::{SITES_OF_OPERATOR_MAX, Said, reference_digest};
use crate::state::{Change, Key, Ledger, Party, Revocation, Site};

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
    let policy = Policy::default().with(&event.policy)?;
    if event.policy.len() < FIRST_TERMS.len() {
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
                country: event.scheme.country.known(),
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
        country: event.country.known(),
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
        country: event.country,
        fineness_band: event.fineness_band,
    };
    sites.push(id);
    let mut changes = vec![Change::Site(id, site), Change::SitesOf(event.operator, sites)];
    changes.extend(reference);
    Ok(changes)
}

pub(crate) fn site_amended(ledger: &Ledger, said: &Said<'_>, event: &SiteAmended) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    if event.operator.is_none() && event.name.is_none() && event.deposit.is_none() && event.fineness_band.is_none() {
        return Err(Refusal::NothingAmended);
    }
    if event.fineness_band.is_some_and(|band| band.to < band.from) {
        return Err(Refusal::BandReversed);
    }
    let site = ledger.site(&event.site).ok_or(Refusal::UnknownSite)?;
    let operator = event.operator.unwrap_or(site.operator);
    let amended = Site {
        operator,
        fineness_band: event.fineness_band.or(site.fineness_band),
        ..*site
    };
    let mut changes = vec![Change::Site(event.site, amended)];
    if operator == site.operator {
        return Ok(changes);
    }
    let party = ledger.party(&operator).ok_or(Refusal::UnknownParty)?;
    if !party.kind.produces() {
        return Err(Refusal::OperatorDoesNotProduce);
    }
    let mut sites = ledger.sites_of(&operator).to_vec();
    if SITES_OF_OPERATOR_MAX <= sites.len() {
        return Err(Refusal::TooManySites);
    }
    sites.push(event.site);
    let mut left = ledger.sites_of(&site.operator).to_vec();
    left.retain(|other| *other != event.site);
    changes.push(Change::SitesOf(site.operator, left));
    changes.push(Change::SitesOf(operator, sites));
    Ok(changes)
}

pub(crate) fn policy_set(ledger: &Ledger, said: &Said<'_>, event: &PolicySet) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    Ok(vec![Change::Policy(ledger.policy().with(&event.terms)?)])
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
