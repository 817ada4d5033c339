//! Given, when, then.

use std::cell::RefCell;
use std::collections::BTreeSet;

use event::vocabulary::{AssessmentKind, Subject};
use event::{AssessmentId, IncidentId, LotId, PartyId, PermitId, PlanId, SiteId, VerifiedStatement};
use ledger::standing::Answers;
use ledger::{
    Change, Clock, Conduct, Delegation, End, FlagKind, FlagUnit, Incident, Key, Ledger, Lot, Plan, Policy, Refusal,
    SealUse,
};

use super::world::{Say, World};

thread_local! {
    /// Each test runs on a thread of its own.
    static REACHED: RefCell<BTreeSet<Refusal>> = const { RefCell::new(BTreeSet::new()) };
}

/// The refusals that [`check`] has seen in this test.
pub(crate) fn reached() -> BTreeSet<Refusal> {
    REACHED.with_borrow(Clone::clone)
}

/// What should come of it.
pub(crate) enum Then {
    Refused(Refusal),
    /// The changes in words, without the signing key's own number and without what only later decisions show.
    Changes(Vec<&'static str>),
}

impl From<Refusal> for Then {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<const N: usize> From<[&'static str; N]> for Then {
    fn from(changes: [&'static str; N]) -> Self {
        Self::Changes(changes.to_vec())
    }
}

/// Given a world, when something is said in it, then it is refused and nothing changes, or exactly these changes are
/// made, which look-ups then show.
#[track_caller]
pub(crate) fn check(given: &World, when: Say, then: impl Into<Then>) {
    let mut world = given.clone();
    let before = world.ledger.digest();
    let statement = world.verified(&when);
    let verdict = world.hear(&when);
    match (then.into(), verdict) {
        (Then::Refused(expected), Err(found)) => {
            assert_eq!(found, expected);
            assert_eq!(world.ledger.digest(), before, "a refused statement changes nothing");
            REACHED.with_borrow_mut(|reached| reached.insert(found));
        }
        (Then::Changes(expected), Ok(changes)) => {
            let own = own_changes(given, &statement, &changes);
            let own = own.iter().filter(|change| !is_bookkeeping(change));
            let found: Vec<_> = own.map(|change| world.in_words(change)).collect();
            assert_eq!(found, expected);
            stands(given, &world, &when, &statement, &changes);
        }
        (Then::Refused(expected), Ok(changes)) => panic!("admitted, not {expected:?}: {changes:?}"),
        (Then::Changes(_), Err(refusal)) => panic!("refused: {refusal:?}: {refusal}"),
    }
}

/// The changes without the first, which gives the signing key its number; a founding statement has no such change.
#[track_caller]
fn own_changes<'a>(given: &World, statement: &VerifiedStatement, changes: &'a [Change]) -> &'a [Change] {
    let Some(key) = given.ledger.key(&statement.key()) else {
        return changes;
    };
    let numbered = Key {
        number: statement.number(),
        ..*key
    };
    assert_eq!(changes[0], Change::Key(statement.key(), numbered));
    &changes[1..]
}

/// What is only remembered; later refusals and flags show it. And that no permit covers a lot: in most of these worlds
/// nobody asks for one.
fn is_bookkeeping(change: &Change) -> bool {
    if let Change::Flag(flag) = change {
        return flag.kind == FlagKind::NoPermit;
    }
    matches!(
        change,
        Change::PermitsOf(..)
            | Change::Production(..)
            | Change::Habits(..)
            | Change::Document(..)
            | Change::Assay(..)
            | Change::Handover(..)
            | Change::Proposal(..)
            | Change::Flow(_)
    )
}

#[track_caller]
fn stands(given: &World, world: &World, when: &Say, statement: &VerifiedStatement, changes: &[Change]) {
    assert_eq!(world.ledger.position(), given.ledger.position().next());
    assert_eq!(world.ledger.clock(), when.admitted_at);
    assert_ne!(world.ledger.digest(), given.ledger.digest());
    let last_of = |key| {
        changes
            .iter()
            .rfind(|change| matches!(change, Change::Key(id, _) if id == key))
    };
    for change in changes {
        let final_change = if let Change::Key(id, _) = change {
            last_of(id).unwrap_or(change)
        } else {
            change
        };
        assert!(
            shows(&world.ledger, final_change),
            "{final_change:?} is not what a look-up shows"
        );
        if let Change::Lot(_, lot) = change {
            assert_eq!(
                lot.latest,
                statement.id(),
                "the next statement on the lot names this one"
            );
        }
    }
}

/// Whether a look-up shows what a change says; what has no look-up shows in later refusals.
pub(crate) fn shows(ledger: &Ledger, change: &Change) -> bool {
    match change {
        Change::Founded(deployment) => ledger.deployment() == Some(*deployment),
        Change::Policy(policy) => ledger.policy() == policy,
        Change::Party(id, party) => ledger.party(id) == Some(party),
        Change::Key(id, key) => ledger.key(id) == Some(key),
        Change::Site(id, site) => ledger.site(id) == Some(site),
        Change::Delegation(between, delegation) => ledger.delegation(between) == Some(delegation),
        Change::SitesOf(operator, sites) => ledger.sites_of(operator) == sites,
        Change::Catalogue(digest, catalogue) => ledger.catalogue(digest) == Some(catalogue),
        Change::Gating(digest) => ledger.gating() == Some(*digest),
        Change::Assessment(id, assessment) => ledger.assessment(id) == Some(assessment),
        Change::Answers(subject, answers) => ledger.answers(subject) == Some(answers),
        Change::Conduct(organization, conduct) => ledger.conduct(organization) == Some(conduct),
        Change::Plan(id, plan) => ledger.plan(id) == Some(plan),
        Change::Incident(id, incident) => ledger.incident(id) == Some(incident),
        Change::Lot(id, lot) => ledger.lot(id) == Some(&**lot),
        Change::Seal(number, seal) => ledger.seal(number) == Some(seal),
        Change::Permit(id, permit) => ledger.permit(id) == Some(permit),
        Change::PermitsOf(site, permits) => ledger.permits_of(site) == permits,
        Change::Capacity(site, capacity) => ledger.capacity(site) == Some(capacity),
        Change::Production(site, production) => ledger.production(site) == Some(production),
        Change::Hold(lot, hold) => ledger.hold(lot) == hold.as_ref(),
        Change::Reached { lot, held: true, .. } => ledger.is_held(lot),
        _ => true,
    }
}

impl World {
    /// A change as a case writes it.
    pub(crate) fn in_words(&self, change: &Change) -> String {
        let party = |id: PartyId| self.name_of(id, PartyId::derive);
        match change {
            Change::Founded(_) => "founded".to_owned(),
            Change::Policy(policy) => policy_in_words(policy),
            Change::SchemeKeys(count) => format!("scheme keys: {count}"),
            Change::Numbered(count) => format!("numbered: {count}"),
            Change::Gating(digest) => format!("gates of {}", self.name_of_catalogue(*digest)),
            Change::Party(id, found) => {
                let accredited = found
                    .accredited_until
                    .map(|until| format!(", accredited until {until}"));
                format!(
                    "party {}: {:?}{}",
                    party(*id),
                    found.kind,
                    accredited.unwrap_or_default()
                )
            }
            Change::Key(id, key) => {
                let end = key
                    .revoked
                    .map(|end| format!(", revoked at {}: {:?}", end.position, end.reason));
                let (name, owner, end) = (self.name_of_key(*id), party(key.party), end.unwrap_or_default());
                format!("key {name}: of {owner}, number {}{end}", key.number)
            }
            Change::Site(id, site) => format!(
                "site {}: of {}",
                self.name_of(*id, SiteId::derive),
                party(site.operator)
            ),
            Change::SitesOf(operator, sites) => {
                let sites = sites.iter().map(|site| self.name_of(*site, SiteId::derive));
                format!("sites of {}: {}", party(*operator), joined(sites))
            }
            Change::Delegation(between, delegation) => format!(
                "delegation of {} to {}: {}",
                party(between.from),
                party(between.to),
                self.delegation_in_words(delegation)
            ),
            Change::Reference(_) => "reference taken".to_owned(),
            progress => self.progress_in_words(progress),
        }
    }

    fn trade_in_words(&self, change: &Change) -> String {
        let party = |id: PartyId| self.name_of(id, PartyId::derive);
        let lot = |id: LotId| self.name_of_lot(id);
        match change {
            Change::Lot(id, found) => format!("lot {}: {}", lot(*id), self.lot_in_words(found)),
            Change::Seal(number, seal) => match seal.state {
                SealUse::Whole => format!("seal {number}: on {}", lot(seal.lot)),
                SealUse::Broken => format!("seal {number}: broken, on {}", lot(seal.lot)),
                SealUse::Sample => format!("sample {number}: of {}", lot(seal.lot)),
            },
            Change::Permit(id, permit) => {
                let sites = permit.sites.iter().map(|site| self.name_of(*site, SiteId::derive));
                let (name, holder) = (self.name_of(*id, PermitId::derive), party(permit.holder));
                format!("permit {name}: {:?}, of {holder}, for {}", permit.status, joined(sites))
            }
            Change::Capacity(site, found) => {
                let (site, by) = (self.name_of(*site, SiteId::derive), party(found.by));
                format!(
                    "capacity of {site}: {} in {} months, says {by}",
                    found.fine_mass_max, found.months
                )
            }
            Change::Hold(id, Some(hold)) => format!("hold on {}: by {}", lot(*id), party(hold.by)),
            Change::Hold(id, None) => format!("hold on {}: released", lot(*id)),
            Change::Reached { lot: id, held, .. } => {
                let held = if *held { "held" } else { "free" };
                format!("{}: {held}", lot(*id))
            }
            Change::Flag(flag) => {
                let other = flag.other.map(|other| format!(" like {}", lot(other)));
                let figures =
                    (flag.kind.unit() != FlagUnit::None).then(|| format!(": {}, line {}", flag.found, flag.line));
                let (other, figures) = (other.unwrap_or_default(), figures.unwrap_or_default());
                format!("flag {} on {}{other}{figures}", flag.kind.name(), lot(flag.lot))
            }
            other => unreachable!("{other:?} is no trade"),
        }
    }

    fn progress_in_words(&self, change: &Change) -> String {
        let party = |id: PartyId| self.name_of(id, PartyId::derive);
        match change {
            Change::Catalogue(_, catalogue) => {
                let criteria = catalogue
                    .criteria
                    .iter()
                    .map(|one| format!("{} {:?}", one.number.0, one.scale));
                let indicators = catalogue
                    .indicators
                    .iter()
                    .map(|one| format!("{} {:?}", one.number.0, one.unit));
                let asked = joined(criteria.chain(indicators));
                format!("catalogue {} {}: {asked}", catalogue.slug, catalogue.version)
            }
            Change::Assessment(id, assessment) => {
                let signer =
                    (assessment.signer != assessment.by).then(|| format!(", by key of {}", party(assessment.signer)));
                let withdrawn = if assessment.withdrawn { ", withdrawn" } else { "" };
                let name = self.name_of(*id, AssessmentId::derive);
                format!("assessment {name}{}{withdrawn}", signer.unwrap_or_default())
            }
            Change::Finding(key, given) => {
                let given = given.map_or_else(|| "taken back".to_owned(), |given| format!("{given:?}"));
                format!(
                    "{:?} on {} of {}: {given}",
                    key.kind,
                    key.number.0,
                    self.subject_in_words(key.subject)
                )
            }
            Change::Answers(subject, answers) => {
                format!("of {}: {}", self.subject_in_words(*subject), answers_in_words(answers))
            }
            Change::Conduct(organization, conduct) => {
                format!("conduct of {}: {}", party(*organization), conduct_in_words(conduct))
            }
            Change::Plan(id, plan) => format!(
                "plan {}: {}",
                self.name_of(*id, PlanId::derive),
                self.plan_in_words(plan)
            ),
            Change::Incident(id, incident) => {
                let name = self.name_of(*id, IncidentId::derive);
                format!("incident {name}: {}", self.incident_in_words(incident))
            }
            trade => self.trade_in_words(trade),
        }
    }

    fn subject_in_words(&self, subject: Subject) -> &str {
        match subject {
            Subject::Party(party) => self.name_of(party, PartyId::derive),
            Subject::Site(site) => self.name_of(site, SiteId::derive),
        }
    }

    fn delegation_in_words(&self, delegation: &Delegation) -> String {
        let kinds = joined(delegation.kinds.iter().map(|kind| kind.name()));
        let sites = delegation.sites.iter().map(|site| self.name_of(*site, SiteId::derive));
        let sites = if delegation.sites.is_empty() {
            "everywhere".to_owned()
        } else {
            joined(sites)
        };
        let left = delegation.gross_mass_left.map(|left| format!(", {left} left"));
        let revoked = if delegation.revoked { ", revoked" } else { "" };
        format!(
            "{kinds}; {sites}{}, until {}{revoked}",
            left.unwrap_or_default(),
            delegation.until
        )
    }

    fn plan_in_words(&self, plan: &Plan) -> String {
        let closed = if plan.closed { ", closed" } else { "" };
        format!(
            "of {}, due {}{closed}",
            self.name_of(plan.of, PartyId::derive),
            joined(&plan.due)
        )
    }

    fn incident_in_words(&self, incident: &Incident) -> String {
        let party = |id: PartyId| self.name_of(id, PartyId::derive);
        let closed = if incident.closed { ", closed" } else { "" };
        format!(
            "{:?} at {} of {}, {:?} by {}{closed}",
            incident.category,
            self.subject_in_words(incident.subject),
            party(incident.owner),
            incident.confidence,
            party(incident.by)
        )
    }

    fn lot_in_words(&self, lot: &Lot) -> String {
        let party = |id: PartyId| self.name_of(id, PartyId::derive);
        let offer = lot
            .offer
            .map(|offer| format!(", on offer to {} since {}", party(offer.to), offer.position));
        let declared = if lot.declared_mass == lot.gross_mass {
            ""
        } else {
            &format!(" of {}", lot.declared_mass)
        };
        let owner = if lot.owner == lot.custodian {
            String::new()
        } else {
            format!(", owned by {}", party(lot.owner))
        };
        let end = match lot.end {
            None => "",
            Some(End::Retired) => ", retired",
            Some(End::Lost) => ", lost",
            Some(End::Transformed { .. }) => ", transformed",
        };
        let fine = lot.content.map(|content| format!(" of {}", content.fineness));
        let (mass, site) = (
            lot.gross_mass,
            lot.site
                .map_or("several sites", |site| self.name_of(site, SiteId::derive)),
        );
        format!(
            "{mass}{declared}{} from {site}, with {}{owner}{}{end}",
            fine.unwrap_or_default(),
            party(lot.custodian),
            offer.unwrap_or_default()
        )
    }
}

fn policy_in_words(policy: &Policy) -> String {
    format!(
        "policy: rules {}, {} ms ahead, {} ppm more, days {} {} {} {} {}",
        policy.rule_version,
        policy.future_skew_ms_max,
        policy.acceptance_gain_ppm_max,
        policy.report_days_max,
        policy.mitigation_days_max,
        policy.assurance_days_max,
        policy.fresh_days_max,
        policy.plan_days_max
    )
}

/// Criterion by criterion, what stands of each kind.
fn answers_in_words(answers: &Answers) -> String {
    let of_kind = |(kind, found): (AssessmentKind, Option<ledger::standing::Found>)| {
        found.map(|found| format!(" {kind:?} {:?}", found.given))
    };
    let on = |one: &ledger::standing::GateAnswers| {
        let found = AssessmentKind::ALL.into_iter().zip(one.by_kind).filter_map(of_kind);
        format!("{}{}", one.number.0, found.collect::<String>())
    };
    joined(answers.0.iter().map(on))
}

fn conduct_in_words(conduct: &Conduct) -> String {
    let reported = conduct
        .reported
        .map(|reported| format!("reported at {}", reported.position));
    let decided = conduct
        .decided
        .map(|decided| format!("{:?} decided at {}", decided.standing, decided.position));
    let clock = |clock: &Clock| format!("{} since {}", clock.number.0, clock.position);
    let clocks = conduct.clocks.iter().map(clock);
    let ended = conduct.ended.iter().map(|ended| format!("{}, ended", clock(ended)));
    let grave = conduct
        .grave_since
        .map(|since| format!("{} grave since {since}", conduct.grave));
    joined(
        reported
            .into_iter()
            .chain(decided)
            .chain(clocks)
            .chain(ended)
            .chain(grave),
    )
}

fn joined<T: ToString>(parts: impl IntoIterator<Item = T>) -> String {
    parts
        .into_iter()
        .map(|part| part.to_string())
        .collect::<Vec<_>>()
        .join(", ")
}
