//! Who may say what in whose name.

use event::vocabulary::{DelegationGranted, DelegationRevoked, Event, LotAfter, Subject};
use event::{Mass, PartyId, SiteId};

use crate::Refusal;
use crate::rules::{Said, is_increasing};
use crate::state::{Between, Change, Delegation, Ledger};

pub(crate) fn delegation_granted(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &DelegationGranted,
) -> Result<Vec<Change>, Refusal> {
    // Who judges others lets nobody judge in its name, and so nothing in it: it has no other business here.
    if said.kind.assesses() {
        return Err(Refusal::NotDelegable);
    }
    if event.to == said.party {
        return Err(Refusal::DelegationToSelf);
    }
    if !event.kinds.iter().all(|kind| kind.is_delegable()) {
        return Err(Refusal::NotDelegable);
    }
    let is_ordered = is_increasing(&event.kinds, |kind| kind) && is_increasing(&event.sites, |site| site);
    if event.kinds.is_empty() || !is_ordered {
        return Err(Refusal::DelegationNotOrdered);
    }
    if event.until < said.admitted_at.date() {
        return Err(Refusal::DelegationInPast);
    }
    ledger.party(&event.to).ok_or(Refusal::UnknownParty)?;
    if !event.sites.iter().all(|site| ledger.site(site).is_some()) {
        return Err(Refusal::UnknownSite);
    }
    let delegation = Delegation {
        kinds: event.kinds.to_vec(),
        sites: event.sites.to_vec(),
        gross_mass_left: event.gross_mass_max,
        until: event.until,
        revoked: false,
    };
    Ok(vec![Change::Delegation(between(said.party, event.to), delegation)])
}

pub(crate) fn delegation_revoked(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &DelegationRevoked,
) -> Result<Vec<Change>, Refusal> {
    let between = between(said.party, event.to);
    let delegation = ledger.delegation(&between).filter(|delegation| !delegation.revoked);
    let delegation = delegation.ok_or(Refusal::NoDelegation)?;
    let revoked = Delegation {
        revoked: true,
        ..delegation.clone()
    };
    Ok(vec![Change::Delegation(between, revoked)])
}

/// Whether `said`, which the key of another party signed, may be said in its party's name; and what is left of the
/// delegation afterwards, where it is used up.
pub(crate) fn speaks_for(ledger: &Ledger, said: &Said<'_>) -> Result<Option<Change>, Refusal> {
    if said.signer == said.party {
        return Ok(None);
    }
    let between = between(said.party, said.signer);
    let delegation = ledger.delegation(&between).filter(|delegation| !delegation.revoked);
    let delegation = delegation.ok_or(Refusal::KeyOfAnotherParty)?;
    if delegation.until < said.admitted_at.date() {
        return Err(Refusal::DelegationExpired);
    }
    let event = said.statement.event();
    if delegation.kinds.binary_search(&event.kind()).is_err() {
        return Err(Refusal::DelegatedKind);
    }
    let covers = |site: SiteId| delegation.sites.binary_search(&site).is_ok();
    if !delegation.sites.is_empty() && !site_of(ledger, event).is_some_and(covers) {
        return Err(Refusal::DelegatedSite);
    }
    let (Some(left), Event::LotDeclared(declared)) = (delegation.gross_mass_left, event) else {
        return Ok(None);
    };
    let left = left.micrograms().checked_sub(declared.gross_mass.micrograms());
    let used = Delegation {
        gross_mass_left: Some(Mass::from_micrograms(left.ok_or(Refusal::DelegatedMass)?)),
        ..delegation.clone()
    };
    Ok(Some(Change::Delegation(between, used)))
}

/// The one site that a statement is about.
fn site_of(ledger: &Ledger, event: &Event) -> Option<SiteId> {
    let of_subject = |subject: Subject| match subject {
        Subject::Site(site) => Some(site),
        Subject::Party(_) => None,
    };
    match event {
        Event::AssessmentSubmitted(event) => of_subject(event.subject),
        Event::AssessmentWithdrawn(event) => of_subject(event.subject),
        Event::IncidentReported(event) => of_subject(event.subject),
        Event::IncidentUpdated(event) => of_subject(event.subject),
        Event::LotDeclared(event) => Some(event.site),
        _ => of_lots(ledger, &event.lots_after()),
    }
}

fn of_lots(ledger: &Ledger, lots: &[LotAfter]) -> Option<SiteId> {
    let mut sites = lots.iter().map(|each| ledger.lot(&each.lot).and_then(|lot| lot.site));
    let first = sites.next()??;
    sites.all(|site| site == Some(first)).then_some(first)
}

const fn between(from: PartyId, to: PartyId) -> Between {
    Between { from, to }
}
