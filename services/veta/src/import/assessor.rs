//! The party in whose name an import assesses.

use std::collections::BTreeSet;

use event::vocabulary::{KeyAuthorized, PartyProfile};
use event::{Event, PartyId, PublicKey, StatementId};

/// In whose name a statement is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The scheme: enrols, registers, publishes, accredits.
    Scheme,
    /// The party that the import speaks for: assesses.
    Assessor(PartyId),
}

/// Has the party enrolled and its key authorized, where the deployment lacks either.
pub(super) fn state_assessor<E>(
    profile: &PartyProfile,
    party: &mut Option<PartyId>,
    keys: &mut BTreeSet<PublicKey>,
    key: PublicKey,
    state: &mut impl FnMut(Speaker, Event) -> Result<StatementId, E>,
) -> Result<PartyId, E> {
    let known = match *party {
        Some(party) => party,
        None => PartyId::derive(state(Speaker::Scheme, Event::PartyEnrolled(profile.clone()))?, 0),
    };
    *party = Some(known);
    if !keys.contains(&key) {
        state(
            Speaker::Scheme,
            Event::KeyAuthorized(KeyAuthorized { party: known, key }),
        )?;
        keys.insert(key);
    }
    Ok(known)
}
