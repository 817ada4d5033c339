//! Parties that are enrolled side by side.

use ed25519_dalek::SigningKey;
use event::vocabulary::{KeyAuthorized, PartyProfile};
use event::{Event, PartyId, SignedStatement};
use tests::world::{Signer, World};

/// The scheme enrols a party and lets a key speak for it.
pub(crate) fn enrol(
    world: &World,
    scheme: &mut Signer,
    profile: PartyProfile,
    own: SigningKey,
) -> (Signer, [SignedStatement; 2]) {
    let enrolled = scheme.say(world.deployment, Event::PartyEnrolled(profile));
    let party = PartyId::derive(world.id(&enrolled), 0);
    let authorized = KeyAuthorized {
        party,
        key: own.verifying_key().into(),
    };
    let authorized = scheme.say(world.deployment, Event::KeyAuthorized(authorized));
    let signer = Signer {
        key: own,
        party,
        number: 0,
    };
    (signer, [enrolled, authorized])
}
