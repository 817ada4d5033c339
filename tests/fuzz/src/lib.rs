//! What targets share: a deployment whose two keys say whatever a target wants said, a log, keys of the verifiable map, files.

pub mod directory;

use ed25519_dalek::SigningKey;
use event::codec::{decode_strict, encode};
use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::{DeploymentFounded, PartyKind, PartyProfile, Reaction, Term};
use event::{Date, DeploymentId, Event, List, PartyId, PublicKey, SignedStatement, Statement, StatementId, Timestamp};
use ledger::{FIRST_TERMS, Ledger, Refusal};
use tlog::map::{MapHead, MapKey};
use tlog::note::NoteSigner;
use tlog::{Hash, LeafIndex, Origin};

/// The last second of the calendar: no day that a statement speaks about lies after it.
const NOW: Timestamp = Timestamp::from_unix_ms(253_402_300_799_000);
/// The day it is.
pub const LAST_DAY: Date = Date::from_unix_days(2_932_896);

/// A key of the map. Keys share their beginnings, so that paths divide at every bit from the first to the last.
pub type ShortKey = (u8, u8);

/// A deployment in which nothing was said since it was founded.
#[derive(Clone)]
pub struct Deployment {
    id: DeploymentId,
    scheme: PartyId,
    ledger: Ledger,
    number: u64,
}

impl Deployment {
    /// Founds it. A founded one can be cloned, which is much faster.
    pub fn found() -> Self {
        let mut founded = Self {
            id: DeploymentId::FOUNDING,
            scheme: PartyId::FOUNDER,
            ledger: Ledger::new(),
            number: 0,
        };
        let said = founded
            .state(None, founding())
            .expect("the founding statement is admitted");
        founded.id = founded.ledger.deployment().expect("it was founded just now");
        founded.scheme = PartyId::derive(said, 0);
        founded
    }

    /// The key that `state` signs with in the name of a party other than the scheme.
    pub fn other_key() -> PublicKey {
        SigningKey::from_bytes(&[2; 32]).verifying_key().into()
    }

    /// Signs the event in the name of `party`, or else of the scheme; verifies it, and has it admitted and applied.
    pub fn state(&mut self, party: Option<PartyId>, event: Event) -> Result<StatementId, Refusal> {
        let seed = if party.is_some() { 2 } else { 1 };
        self.number += 1;
        let statement = Statement {
            party: party.unwrap_or(self.scheme),
            number: self.number,
            stated_at: NOW,
            event,
        };
        let signed = SignedStatement::sign(&statement, self.id, &SigningKey::from_bytes(&[seed; 32]))?;
        let sent = SignedStatement::decode(&signed.encode()).expect("what was signed can be sent");
        let verified = sent.verify(self.id).expect("what was signed verifies");
        assert_eq!(*verified.statement(), statement);
        let admitted = self.ledger.admit(&verified, NOW)?;
        self.ledger.apply(admitted);
        Ok(verified.id())
    }
}

/// Whether a statement of this event would be read back as it was written: short enough, and in canonical form.
pub fn can_be_stated(event: &Event) -> bool {
    let statement = Statement {
        party: PartyId::FOUNDER,
        number: u64::MAX,
        stated_at: NOW,
        event: event.clone(),
    };
    decode_strict(&encode(&statement), STATEMENT_BODY_BYTES_MAX) == Ok(statement)
}

/// The event that founds a deployment. A declaration that no permit covers is admitted: few inputs would find one that is.
pub fn founding() -> Event {
    let flagged = |term: &Term| match term {
        Term::Unpermitted(_) => Term::Unpermitted(Reaction::Flag),
        term => *term,
    };
    let policy: Vec<_> = FIRST_TERMS.iter().map(flagged).collect();
    Event::DeploymentFounded(DeploymentFounded {
        name: "Fuzzed".parse().expect("a name"),
        scheme: PartyProfile {
            kind: PartyKind::Scheme,
            name: "Fuzzer".parse().expect("a name"),
            country: "CD".parse().expect("a country"),
            languages: List::empty(),
            reference: None,
        },
        policy: policy.try_into().expect("no more terms than there are"),
    })
}

/// The map's key of this name.
pub fn map_key((first, last): ShortKey) -> MapKey {
    let mut bytes = [0; 32];
    bytes[0] = first;
    bytes[31] = last;
    MapKey::from_bytes(bytes)
}

/// What the map holds for a key that is in so many leaves.
pub fn map_head(count: u8) -> MapHead {
    MapHead {
        count: count.into(),
        last: LeafIndex::new(0),
        chain: Hash::ZERO,
    }
}

/// The key of a log.
pub fn log_signer() -> NoteSigner {
    let name = "log.example/gold".parse().expect("a key name");
    NoteSigner::new(name, SigningKey::from_bytes(&[1; 32])).expect("an honest key")
}

/// The name of the log whose key [`log_signer`] is.
pub fn log_origin() -> Origin {
    log_signer().vkey().name().as_str().parse().expect("an origin")
}

/// A file with these bytes in the place of some of its own; behind its end, they are all that there is.
pub fn in_place(file: &[u8], at: u16, bytes: &[u8]) -> Vec<u8> {
    let at = usize::from(at);
    if file.len() < at {
        return bytes.to_vec();
    }
    let end = file.len().min(at + bytes.len());
    [&file[..at], bytes, &file[end..]].concat()
}
