//! Given, when, then.

use std::cell::RefCell;
use std::collections::BTreeSet;

use event::{AssessmentId, LotId, PartyId, SiteId, VerifiedStatement};
use ledger::{Change, Key, Ledger, Lot, Refusal};

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
        Change::Catalogue(digest, catalogue) => ledger.catalogue(digest) == Some(catalogue),
        Change::Lot(id, lot) => ledger.lot(id) == Some(lot),
        Change::SchemeKeys(_) | Change::Reference(_) | Change::Assessment(_) | Change::Seal(..) => true,
    }
}

impl World {
    /// A change as a case writes it.
    pub(crate) fn in_words(&self, change: &Change) -> String {
        let party = |id: PartyId| self.name_of(id, PartyId::derive);
        match change {
            Change::Founded(_) => "founded".to_owned(),
            Change::Policy(policy) => format!(
                "policy: rules {}, {} ms ahead, {} ppm more",
                policy.rule_version, policy.future_skew_ms_max, policy.acceptance_gain_ppm_max
            ),
            Change::SchemeKeys(count) => format!("scheme keys: {count}"),
            Change::Party(id, found) => format!("party {}: {:?}", party(*id), found.kind),
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
            Change::Catalogue(_, catalogue) => {
                format!(
                    "catalogue {} {}: {:?}",
                    catalogue.slug, catalogue.version, catalogue.scales
                )
            }
            Change::Reference(_) => "reference taken".to_owned(),
            Change::Assessment(id) => format!("assessment {}", self.name_of(*id, AssessmentId::derive)),
            Change::Lot(id, lot) => format!("lot {}: {}", self.name_of(*id, LotId::derive), self.lot_in_words(lot)),
            Change::Seal(seal, lot) => format!("seal {seal}: on {}", self.name_of(*lot, LotId::derive)),
        }
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
