//! A whole stream, of garbage and of signed statements about what the stream itself brought into the world: every record
//! makes one step, and every replica takes the same one.
//!
//! The input is a row of records: a byte that says who signs, a length of two bytes, and the bytes of an event.
#![no_main]

use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use event::codec::{decode_strict, encode};
use event::statement::{Body, SignatureBytes};
use event::vocabulary::{CataloguePublished, Subject};
use event::{
    DeploymentId, Event, LotId, PartyId, PublicKey, Record, SignedStatement, SiteId, Statement, StatementId, Timestamp,
};
use fuzz::founding;
use libfuzzer_sys::fuzz_target;
use replay::{Replica, Step, Verdict, check};
use tlog::leaf::LEAF_RECORD_BYTES_MAX;
use tlog::{Leaf, Origin};

/// Longer streams are slower and reach nothing else.
const RECORDS_MAX: usize = 64;
const STARTED_AT: Timestamp = Timestamp::from_unix_ms(1_780_228_800_000);
/// The signer that stands for none: the bytes are the record.
const UNSIGNED: u8 = 0xff;

fuzz_target!(|input: &[u8]| {
    let mut world = World::founded();
    let mut rest = input;
    for _ in 0..RECORDS_MAX {
        let Some((who, bytes, after)) = next_record(rest) else {
            break;
        };
        let payload = world.payload(who, bytes);
        world.take(payload);
        rest = after;
    }
    assert_eq!(world.first.ledger().digest(), world.second.ledger().digest());
    assert_eq!(world.first.ledger().digest(), world.plain.ledger().digest());
});

fn next_record(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[who, low, high], rest) = input.split_first_chunk()?;
    let length = usize::from(u16::from_le_bytes([low, high])).min(rest.len());
    let (bytes, after) = rest.split_at(length);
    Some((who, bytes, after))
}

/// Three replicas of one stream, and what has been made in it so far.
struct World {
    /// Checks each record when its turn has come.
    first: Replica,
    /// Checks each record as if nothing had been founded yet.
    second: Replica,
    /// Without a log; tries each statement on a stage and drops it before the record is there.
    plain: Replica,
    keys: [SigningKey; 3],
    number: u64,
    parties: Vec<PartyId>,
    sites: Vec<SiteId>,
    lots: Vec<LotId>,
    catalogues: Vec<event::vocabulary::CatalogueDigest>,
}

impl World {
    fn founded() -> Self {
        let origin: Origin = "fuzz.example/log".parse().expect("a key name");
        let mut world = Self {
            first: Replica::with_log(&origin),
            second: Replica::with_log(&origin),
            plain: Replica::new(),
            keys: [1, 2, 3].map(|seed| SigningKey::from_bytes(&[seed; 32])),
            number: 0,
            parties: Vec::new(),
            sites: Vec::new(),
            lots: Vec::new(),
            catalogues: Vec::new(),
        };
        let payload = world.payload(0, &encode(&founding()));
        world.take(payload);
        assert!(world.first.deployment().is_some(), "the founding statement is admitted");
        world
    }

    /// The record with these bytes: themselves, or signed as the event that they are, or signed as they are.
    fn payload(&mut self, who: u8, bytes: &[u8]) -> Bytes {
        if who == UNSIGNED {
            return Bytes::copy_from_slice(bytes);
        }
        let key = &self.keys[usize::from(who) % self.keys.len()];
        let public = PublicKey::from(key.verifying_key());
        let party = self
            .first
            .ledger()
            .key(&public)
            .map_or(PartyId::FOUNDER, |known| known.party);
        self.number += 1;
        let admitted_at = STARTED_AT.plus_ms(i64::try_from(self.number).expect("few records"));
        let body = match decode_strict::<Event>(bytes, usize::MAX) {
            Ok(event) => {
                let event = self.aimed(event);
                encode(&Statement {
                    party,
                    number: self.number,
                    stated_at: admitted_at,
                    event,
                })
            }
            Err(_) => bytes.to_vec(),
        };
        let deployment = self.first.deployment().unwrap_or(DeploymentId::FOUNDING);
        let signed = [b"veta/statement/v1\n".as_slice(), deployment.as_bytes(), &body].concat();
        let signature = SignatureBytes(key.sign(&signed).to_bytes());
        let statement = SignedStatement {
            key: public,
            signature,
            body: Body(body),
        };
        Record::new(admitted_at, statement).encode().into()
    }

    /// The same event about what is there: a random id would name nothing.
    fn aimed(&self, mut event: Event) -> Event {
        match &mut event {
            Event::KeyAuthorized(event) => {
                aim(&mut event.party, &self.parties, PartyId::as_bytes);
                aim(&mut event.key, &self.public_keys(), PublicKey::as_bytes);
            }
            Event::KeyRevoked(event) => aim(&mut event.key, &self.public_keys(), PublicKey::as_bytes),
            Event::SiteRegistered(event) => aim(&mut event.operator, &self.parties, PartyId::as_bytes),
            Event::AssessmentSubmitted(event) => {
                match &mut event.subject {
                    Subject::Party(party) => aim(party, &self.parties, PartyId::as_bytes),
                    Subject::Site(site) => aim(site, &self.sites, SiteId::as_bytes),
                }
                aim(
                    &mut event.catalogue,
                    &self.catalogues,
                    event::vocabulary::CatalogueDigest::as_bytes,
                );
            }
            Event::LotDeclared(event) => aim(&mut event.site, &self.sites, SiteId::as_bytes),
            Event::CustodyOffered(event) => {
                aim(&mut event.to, &self.parties, PartyId::as_bytes);
                self.aim_at_lot(&mut event.lot, &mut event.after);
            }
            Event::CustodyAccepted(event) => self.aim_at_lot(&mut event.lot, &mut event.after),
            Event::CustodyDeclined(event) => self.aim_at_lot(&mut event.lot, &mut event.after),
            Event::OfferWithdrawn(event) => self.aim_at_lot(&mut event.lot, &mut event.after),
            Event::LotRetired(event) => self.aim_at_lot(&mut event.lot, &mut event.after),
            Event::DeploymentFounded(_)
            | Event::PartyEnrolled(_)
            | Event::PolicySet(_)
            | Event::CataloguePublished(_) => {}
        }
        event
    }

    fn aim_at_lot(&self, lot: &mut LotId, after: &mut StatementId) {
        aim(lot, &self.lots, LotId::as_bytes);
        let latest: Vec<StatementId> = self
            .first
            .ledger()
            .lot(lot)
            .map(|known| known.latest)
            .into_iter()
            .collect();
        aim(after, &latest, StatementId::as_bytes);
    }

    fn public_keys(&self) -> Vec<PublicKey> {
        self.keys.iter().map(|key| key.verifying_key().into()).collect()
    }

    fn take(&mut self, payload: Bytes) {
        self.try_on_stage(&payload);
        let steps = [
            self.first.step(check(self.first.deployment(), payload.clone())),
            self.second.step(check(None, payload.clone())),
            self.plain.step(check(self.plain.deployment(), payload.clone())),
        ];
        let [first, second, plain] = &steps;
        assert_eq!(first.position, self.first.position());
        assert_eq!((first.position, &first.verdict), (second.position, &second.verdict));
        assert_eq!((first.position, &first.verdict), (plain.position, &plain.verdict));
        let leaf = &first.leaf.as_ref().expect("it keeps a log").bytes;
        assert_eq!(*leaf, second.leaf.as_ref().expect("it keeps a log").bytes);
        let parsed = Leaf::parse(leaf).expect("a leaf can be read");
        assert_eq!(
            (parsed.verdict, parsed.record),
            (
                first.verdict.code(),
                &payload[..payload.len().min(LEAF_RECORD_BYTES_MAX)]
            )
        );
        self.remember(first);
    }

    /// What is staged and dropped leaves no trace.
    fn try_on_stage(&mut self, payload: &Bytes) {
        let Ok(record) = Record::decode(payload) else { return };
        let deployment = self.plain.deployment().unwrap_or(DeploymentId::FOUNDING);
        let admitted_at = record.admitted_at();
        let Ok(statement) = record.into_statement().verify(deployment) else {
            return;
        };
        let before = self.plain.ledger().digest();
        let mut staged = self.plain.stage();
        if let Ok(admitted) = staged.admit(&statement, admitted_at) {
            staged.apply(admitted);
        }
        drop(staged);
        assert_eq!(self.plain.ledger().digest(), before);
    }

    fn remember(&mut self, step: &Step) {
        let (Verdict::Admitted(changes), Some(statement)) = (&step.verdict, &step.statement) else {
            return;
        };
        assert!(!changes.is_empty(), "an admitted statement changes something");
        let id = statement.id();
        match statement.event() {
            Event::DeploymentFounded(_) | Event::PartyEnrolled(_) => self.parties.push(PartyId::derive(id, 0)),
            Event::SiteRegistered(_) => self.sites.push(SiteId::derive(id, 0)),
            Event::LotDeclared(_) => self.lots.push(LotId::derive(id, 0)),
            Event::CataloguePublished(event) => self.catalogues.push(CataloguePublished::digest(event)),
            _ => {}
        }
        for lot in &self.lots {
            assert!(
                self.first.ledger().lot(lot).is_some(),
                "a lot that was declared stays known"
            );
        }
    }
}

/// Replaces an id by one that is there, chosen by its first byte, unless its second byte asks to be left alone.
fn aim<Id: Copy, const BYTES: usize>(id: &mut Id, known: &[Id], bytes: impl Fn(&Id) -> &[u8; BYTES]) {
    let &[first, second, ..] = &bytes(id)[..] else { return };
    if second < 0xf0 && !known.is_empty() {
        *id = known[usize::from(first) % known.len()];
    }
}
