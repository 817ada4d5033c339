//! One leaf of the log, from its bytes: the verdict, the record, and the statement in it where it is one.

use event::{DeploymentId, PartyId, PublicKey, Record, VerifiedStatement};
use ledger::Refusal;
use serde::Serialize;
use tlog::Leaf;
use tlog::tree::leaf_hash;
use utoipa::ToSchema;
use wording::{Fact, IdKind, Told, Value, told};

use crate::shell::{Named, Said};
use crate::told::{Names, ToldSchema};

/// What a leaf holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Leaf)]
pub(crate) struct Entry {
    /// Its place in the log, from 0.
    pub(crate) index: u64,
    /// The position in the stream, from 1.
    pub(crate) position: u64,
    /// 0: admitted; else the number of the refusal.
    pub(crate) verdict: u16,
    /// The refusal's name, for programs; empty where it was admitted.
    pub(crate) refusal: String,
    /// When it was admitted, or claims to have been, in milliseconds since 1970; absent where the record cannot be read.
    pub(crate) admitted_at_unix_ms: Option<i64>,
    /// What was signed; absent where nobody's signature holds.
    pub(crate) statement: Option<Statement>,
    /// The hash of the leaf, in base64.
    pub(crate) leaf_hash: String,
    /// The hash of the leaf before, as this one holds it, in base64.
    pub(crate) prev: String,
    /// The root of the map after it, in base64.
    pub(crate) map_root: String,
    /// All its bytes, in hexadecimal.
    pub(crate) leaf_hex: String,
}

/// What was signed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Statement {
    /// Its id, in hexadecimal.
    pub(crate) statement_id: String,
    /// In whose name.
    pub(crate) party_id: String,
    /// By which key, in hexadecimal.
    pub(crate) key: String,
    /// Its number among the statements of that key.
    pub(crate) number: u64,
    /// When the signer claims to have said it, in milliseconds since 1970.
    pub(crate) stated_at_unix_ms: i64,
    /// What it says.
    #[schema(value_type = ToldSchema)]
    pub(crate) told: Told,
}

/// An entry in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EntrySummary)]
pub(crate) struct Row {
    /// Its place in the log, from 0.
    pub(crate) index: u64,
    /// The position in the stream, from 1.
    pub(crate) position: u64,
    /// What kind of statement, such as `lot-declared`; empty where it is none.
    pub(crate) kind: String,
    /// In whose name; an empty id where it is none.
    pub(crate) by: Named,
    /// When it was admitted, in milliseconds since 1970.
    pub(crate) admitted_at_unix_ms: Option<i64>,
    /// 0: admitted; else the number of the refusal.
    pub(crate) verdict: u16,
}

impl Entry {
    /// From the bytes of a leaf; nothing where they are none, which no log of this kind holds.
    pub(crate) fn read(index: u64, bytes: &[u8], deployment: DeploymentId) -> Option<Self> {
        let leaf = Leaf::parse(bytes).ok()?;
        let record = Record::decode(leaf.record).ok();
        let admitted_at_unix_ms = record.as_ref().map(|record| record.admitted_at().unix_ms());
        let refusal = Refusal::from_code(leaf.verdict).map_or("", Refusal::name);
        Some(Self {
            index,
            position: index + 1,
            verdict: leaf.verdict,
            refusal: refusal.to_owned(),
            admitted_at_unix_ms,
            statement: record
                .and_then(|record| verified(record, deployment))
                .as_ref()
                .map(Statement::of),
            leaf_hash: leaf_hash(bytes).to_string(),
            prev: leaf.prev.to_string(),
            map_root: leaf.map_root.to_string(),
            leaf_hex: hex::encode(bytes),
        })
    }

    /// In whose name it speaks, to be named.
    pub(crate) fn signer(&self) -> Option<(IdKind, String)> {
        let statement = self.statement.as_ref()?;
        Some((IdKind::Party, statement.party_id.clone()))
    }

    /// Who said it and when; nothing where it is no statement.
    pub(crate) fn said(&self, names: &Names) -> Option<Said> {
        let statement = self.statement.as_ref()?;
        Some(Said {
            by: Named {
                name: names.of(&statement.party_id).to_owned(),
                id: statement.party_id.clone(),
            },
            statement_id: statement.statement_id.clone(),
            position: self.position,
            admitted_at_unix_ms: self.admitted_at_unix_ms?,
        })
    }

    /// All ids in it of one of these kinds.
    pub(crate) fn ids(&self, kinds: &[IdKind]) -> Vec<(IdKind, String)> {
        let mut found = Vec::new();
        if let Some(statement) = &self.statement {
            statement
                .told
                .facts
                .iter()
                .for_each(|fact| ids_in(fact, kinds, &mut found));
        }
        found
    }

    pub(crate) fn row(&self, names: &Names) -> Row {
        let statement = self.statement.as_ref();
        let party_id = statement.map_or("", |statement| &statement.party_id);
        Row {
            index: self.index,
            position: self.position,
            kind: statement.map_or_else(String::new, |statement| statement.told.kind.clone()),
            by: Named {
                id: party_id.to_owned(),
                name: names.of(party_id).to_owned(),
            },
            admitted_at_unix_ms: self.admitted_at_unix_ms,
            verdict: self.verdict,
        }
    }
}

impl Statement {
    fn of(statement: &VerifiedStatement) -> Self {
        let key: PublicKey = statement.key();
        // Whoever founds a deployment speaks as nobody yet, and becomes the party that the founding makes.
        let party = match statement.party() {
            PartyId::FOUNDER => PartyId::derive(statement.id(), 0),
            party => party,
        };
        Self {
            statement_id: statement.id().to_string(),
            party_id: party.to_string(),
            key: key.to_string(),
            number: statement.number(),
            stated_at_unix_ms: statement.stated_at().unix_ms(),
            told: told(statement.event()),
        }
    }
}

/// The statement, if its signature holds for the deployment or for one that is about to be founded.
fn verified(record: Record, deployment: DeploymentId) -> Option<VerifiedStatement> {
    let statement = record.into_statement();
    let founding = statement.clone();
    statement
        .verify(deployment)
        .or_else(|_| founding.verify(DeploymentId::FOUNDING))
        .ok()
}

fn ids_in(fact: &Fact, kinds: &[IdKind], into: &mut Vec<(IdKind, String)>) {
    ids_of(&fact.value, kinds, into);
}

fn ids_of(value: &Value, kinds: &[IdKind], into: &mut Vec<(IdKind, String)>) {
    match value {
        Value::Id { kind, id } if kinds.contains(kind) => into.push((*kind, id.clone())),
        Value::Word { with: Some(with), .. } => ids_of(with, kinds, into),
        Value::List { items } => items.iter().for_each(|item| ids_of(item, kinds, into)),
        Value::Facts { facts } => facts.iter().for_each(|fact| ids_in(fact, kinds, into)),
        _ => {}
    }
}
