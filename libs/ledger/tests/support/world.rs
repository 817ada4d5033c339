//! Names for keys, parties, sites, lots and catalogues, and a ledger that they speak to.

use std::collections::BTreeMap;
use std::rc::Rc;

use ed25519_dalek::hazmat::{ExpandedSecretKey, raw_sign};
use ed25519_dalek::{SigningKey, VerifyingKey};
use event::codec::encode;
use event::statement::{Body, SignatureBytes};
use event::vocabulary::{CatalogueDigest, Subject};
use event::{
    AssessmentId, Date, DeploymentId, Event, IncidentId, LotId, PartyId, PermitId, PlanId, PublicKey, SignedStatement,
    SiteId, Statement, StatementId, Timestamp, VerifiedStatement,
};
use ledger::{Change, Ledger, Refusal};
use sha2::{Digest, Sha256, Sha512};

use super::drafts::Draft;

/// 2026-01-01.
pub(crate) const TODAY: Date = Date::from_unix_days(20_454);
/// When everything is said and admitted unless a case says otherwise.
pub(crate) const NOON: Timestamp = Timestamp::from_unix_ms(20_454 * 86_400_000 + 43_200_000);
/// The one name whose key has a part of small order: a point that verifies, and that nobody should trust.
const CROOKED: &str = "crooked";
/// The y coordinate −1: the point of order 2.
const ORDER_TWO: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xec;
    bytes[31] = 0x7f;
    bytes
};

/// Something that a key says.
#[derive(Clone)]
pub(crate) struct Say {
    key: String,
    party: Option<String>,
    number: Option<u64>,
    stated_at: Timestamp,
    pub(crate) admitted_at: Timestamp,
    deployment: Option<DeploymentId>,
    name: String,
    event: Rc<dyn Fn(&World) -> Event>,
}

/// `key` says `draft`; the party is the key's name up to a slash, so that `mine/2` is another key of `mine`.
pub(crate) fn says<E: 'static>(key: impl Into<String>, draft: Draft<E>) -> Say {
    let key = key.into();
    Say {
        key,
        party: None,
        number: None,
        stated_at: NOON,
        admitted_at: NOON,
        deployment: None,
        name: "new".to_owned(),
        event: Rc::new(move |world| draft.event(world)),
    }
}

impl Say {
    /// What the thing that it creates is called from here on.
    pub(crate) fn called(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    pub(crate) fn numbered(mut self, number: u64) -> Self {
        self.number = Some(number);
        self
    }

    pub(crate) fn in_the_name_of(mut self, party: &str) -> Self {
        self.party = Some(party.to_owned());
        self
    }

    pub(crate) fn stated_at(mut self, stated_at: Timestamp) -> Self {
        self.stated_at = stated_at;
        self
    }

    pub(crate) fn admitted_at(mut self, admitted_at: Timestamp) -> Self {
        self.admitted_at = admitted_at;
        self
    }

    /// Signed and verified for another deployment than the ledger's.
    pub(crate) fn signed_for(mut self, deployment: DeploymentId) -> Self {
        self.deployment = Some(deployment);
        self
    }
}

/// A ledger, and what its things are called.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) ledger: Ledger,
    /// The statement that created the thing of this name.
    created: BTreeMap<String, StatementId>,
    catalogues: BTreeMap<String, CatalogueDigest>,
}

impl World {
    /// What follows when `say` is said, which must be allowed.
    #[track_caller]
    pub(crate) fn and(mut self, say: Say) -> Self {
        if let Err(refusal) = self.hear(&say) {
            panic!(
                "given what is refused: {} {refusal:?}: {refusal}",
                (say.event)(&self).kind().name()
            );
        }
        self
    }

    /// Admits and applies `say`, and keeps its name.
    pub(crate) fn hear(&mut self, say: &Say) -> Result<Vec<Change>, Refusal> {
        let statement = self.verified(say);
        let admitted = self.ledger.admit(&statement, say.admitted_at)?;
        let changes = self.ledger.apply(admitted);
        self.name(say, &statement);
        Ok(changes)
    }

    pub(crate) fn name(&mut self, say: &Say, statement: &VerifiedStatement) {
        if let Event::CataloguePublished(catalogue) = statement.event() {
            self.catalogues.insert(say.name.clone(), catalogue.digest());
        }
        self.created.insert(say.name.clone(), statement.id());
    }

    /// The statement that `say` makes here.
    pub(crate) fn verified(&self, say: &Say) -> VerifiedStatement {
        let deployment = say
            .deployment
            .or(self.ledger.deployment())
            .unwrap_or(DeploymentId::FOUNDING);
        let key = key(&say.key);
        let event = (say.event)(self);
        let statement = Statement {
            party: self.speaker(say, &event),
            number: say
                .number
                .unwrap_or_else(|| self.ledger.key(&key).map_or(1, |key| key.number + 1)),
            stated_at: say.stated_at,
            event,
        };
        if say.key == CROOKED {
            return crooked(statement, deployment);
        }
        let signed = SignedStatement::sign(&statement, deployment, &signing_key(&say.key)).unwrap();
        signed.verify(deployment).unwrap()
    }

    fn speaker(&self, say: &Say, event: &Event) -> PartyId {
        let of_key = say.key.split('/').next().expect("split gives at least one part");
        match (&say.party, event) {
            (Some(party), _) => self.party(party),
            (None, Event::DeploymentFounded(_)) => PartyId::FOUNDER,
            (None, _) => self.party(of_key),
        }
    }

    pub(crate) fn party(&self, name: &str) -> PartyId {
        PartyId::derive(self.creator(name), 0)
    }

    pub(crate) fn site(&self, name: &str) -> SiteId {
        SiteId::derive(self.creator(name), 0)
    }

    /// Of several that came out of one transformation, `name#1` is the second.
    pub(crate) fn lot(&self, name: &str) -> LotId {
        let (name, place) = name.split_once('#').unwrap_or((name, "0"));
        LotId::derive(self.creator(name), place.parse().expect("a place"))
    }

    pub(crate) fn permit(&self, name: &str) -> PermitId {
        PermitId::derive(self.creator(name), 0)
    }

    /// The statement that has this name.
    pub(crate) fn said(&self, name: &str) -> StatementId {
        self.creator(name)
    }

    pub(crate) fn name_of_lot(&self, id: LotId) -> String {
        const PLACES: u32 = 8;
        let mut places = self
            .created
            .iter()
            .flat_map(|(name, creator)| (0..PLACES).map(move |place| (name, creator, place)));
        let found = places.find(|(_, creator, place)| LotId::derive(**creator, *place) == id);
        found.map_or_else(
            || "nobody".to_owned(),
            |(name, _, place)| {
                if place == 0 {
                    name.clone()
                } else {
                    format!("{name}#{place}")
                }
            },
        )
    }

    /// A site of this name, or else a party.
    pub(crate) fn subject(&self, name: &str) -> Subject {
        let site = self.site(name);
        if self.ledger.site(&site).is_some() {
            return Subject::Site(site);
        }
        Subject::Party(self.party(name))
    }

    pub(crate) fn assessment(&self, name: &str) -> AssessmentId {
        AssessmentId::derive(self.creator(name), 0)
    }

    pub(crate) fn plan(&self, name: &str) -> PlanId {
        PlanId::derive(self.creator(name), 0)
    }

    pub(crate) fn incident(&self, name: &str) -> IncidentId {
        IncidentId::derive(self.creator(name), 0)
    }

    /// The latest statement on a lot: what the next one names.
    pub(crate) fn latest(&self, lot: &str) -> StatementId {
        self.ledger
            .lot(&self.lot(lot))
            .map_or_else(|| self.creator(lot), |lot| lot.latest)
    }

    pub(crate) fn catalogue(&self, name: &str) -> CatalogueDigest {
        let unknown = || CatalogueDigest::from_bytes(Sha256::digest(name).into());
        self.catalogues.get(name).copied().unwrap_or_else(unknown)
    }

    pub(crate) fn name_of<Id: PartialEq>(&self, id: Id, derive: fn(StatementId, u32) -> Id) -> &str {
        let found = self.created.iter().find(|(_, creator)| derive(**creator, 0) == id);
        found.map_or("nobody", |(name, _)| name)
    }

    pub(crate) fn name_of_catalogue(&self, digest: CatalogueDigest) -> &str {
        let found = self.catalogues.iter().find(|(_, known)| **known == digest);
        found.map_or("none", |(name, _)| name)
    }

    pub(crate) fn name_of_key(&self, id: PublicKey) -> String {
        let names = self.created.keys().flat_map(|name| [name.clone(), format!("{name}/2")]);
        names
            .into_iter()
            .find(|name| key(name) == id)
            .unwrap_or_else(|| "nobody".to_owned())
    }

    /// What has this name was created by this statement; a name that stands for nothing yet gives an unknown id.
    fn creator(&self, name: &str) -> StatementId {
        let unknown = || StatementId::from_bytes(Sha256::digest(name).into());
        self.created.get(name).copied().unwrap_or_else(unknown)
    }
}

/// The key of a name.
pub(crate) fn key(name: &str) -> PublicKey {
    if name == CROOKED {
        return crooked_key().into();
    }
    signing_key(name).verifying_key().into()
}

fn signing_key(name: &str) -> SigningKey {
    SigningKey::from_bytes(&Sha256::digest(format!("key of {name}")).into())
}

fn crooked_key() -> VerifyingKey {
    let order_two = VerifyingKey::from_bytes(&ORDER_TWO).expect("−1 is the y of a point");
    VerifyingKey::from(signing_key(CROOKED).verifying_key().to_edwards() + order_two.to_edwards())
}

/// Signs as an attacker does: half of all messages verify strictly under a key with a part of order 2, so it words
/// its statement anew, a millisecond earlier each time, until one does.
fn crooked(mut statement: Statement, deployment: DeploymentId) -> VerifiedStatement {
    let secret = ExpandedSecretKey::from_bytes(&Sha512::digest(signing_key(CROOKED).as_bytes()).into());
    loop {
        let body = encode(&statement);
        let message = [b"veta/statement/v1\n", deployment.as_bytes().as_slice(), &body].concat();
        let signature = SignatureBytes(raw_sign::<Sha512>(&secret, &message, &crooked_key()).to_bytes());
        let signed = SignedStatement {
            key: crooked_key().into(),
            signature,
            body: Body(body),
        };
        if let Ok(verified) = signed.verify(deployment) {
            return verified;
        }
        statement.stated_at = statement.stated_at.plus_ms(-1);
    }
}
