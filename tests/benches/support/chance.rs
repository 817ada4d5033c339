//! What is invented: numbers from a seed, parties that are enrolled side by side, records.

use ed25519_dalek::SigningKey;
use event::vocabulary::{KeyAuthorized, PartyProfile};
use event::{Event, PartyId, Record, SignedStatement, Timestamp};
use journal::Append;
use tests::world::{Signer, World};

/// Numbers that look random and are not.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// `SplitMix64`.
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> usize {
        usize::try_from(self.next() % end.max(1)).expect("below a small number")
    }
}

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

/// A record of a statement.
pub(crate) fn append(at: Timestamp, statement: &SignedStatement) -> Append {
    Append {
        subject: "veta.statements.bench.org-bench".to_owned(),
        payload: Record::new(at, statement.clone()).encode().into(),
    }
}
