//! Given, when, then.

use std::cell::RefCell;
use std::collections::BTreeSet;

use event::vocabulary::{AssessmentKind, Subject};
use event::{AssessmentId, IncidentId, LotId, PartyId, PlanId, SiteId, VerifiedStatement};
use ledger::standing::Answers;
use ledger::{Change, Clock, Conduct, Delegation, Incident, Key, Ledger, Lot, Plan, Policy, Refusal};

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
    /// The changes in words, without the signing key's own number.
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
            let found: Vec<_> = own.iter().map(|change| world.in_words(change)).collect();
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
        Change::Lot(id, lot) => ledger.lot(id) == Some(lot),
        Change::SchemeKeys(_) | Change::Numbered(_) | Change::Reference(_) | Change::Finding(..) | Change::Seal(..) => {
            true
        }
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
            Change::Lot(id, lot) => format!("lot {}: {}", self.name_of(*id, LotId::derive), self.lot_in_words(lot)),
            Change::Seal(seal, lot) => format!("seal {seal}: on {}", self.name_of(*lot, LotId::derive)),
            progress => self.progress_in_words(progress),
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
            other => unreachable!("{other:?} is no progress"),
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
        let retired = if lot.retired { ", retired" } else { "" };
        let (mass, site) = (lot.gross_mass, self.name_of(lot.site, SiteId::derive));
        format!(
            "{mass}{declared} from {site}, with {}{}{retired}",
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
