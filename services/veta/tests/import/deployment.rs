//! A deployment in memory: a scheme, the party that an import speaks for, and a ledger that has its say.

use ed25519_dalek::SigningKey;
use event::codec::List;
use event::vocabulary::{DeploymentFounded, Event, PartyKind, PartyProfile, Term};
use event::{DeploymentId, PartyId, PublicKey, SignedStatement, Statement, StatementId, Text, Timestamp, VerifyError};
use ledger::{Ledger, Refusal};
use tests::world::first_terms;
use veta::import::Speaker;

/// 2026-01-01: after everything that the files tell.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_ms(1_767_225_600_000);

/// With seeded keys.
pub(crate) struct Deployment {
    id: DeploymentId,
    pub(crate) scheme: PartyId,
    pub(crate) ledger: Ledger,
    numbers: u64,
}

fn scheme_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

/// The public key of the party that an import speaks for.
pub(crate) fn assessor_key() -> PublicKey {
    PublicKey::from(signing_key().verifying_key())
}

impl Deployment {
    pub(crate) fn founded() -> Self {
        let scheme = PartyProfile {
            kind: PartyKind::Scheme,
            name: Text::new("scheme").unwrap(),
            country: "CD".parse().unwrap(),
            languages: List::empty(),
            reference: None,
        };
        let policy = first_terms(&[Term::FutureSkewMsMax(0), Term::AcceptanceGainPpmMax(0)]);
        let founded = Event::DeploymentFounded(DeploymentFounded {
            name: Text::new("test").unwrap(),
            scheme,
            policy,
        });
        let mut deployment = Self {
            id: DeploymentId::FOUNDING,
            scheme: PartyId::FOUNDER,
            ledger: Ledger::new(),
            numbers: 0,
        };
        let said = deployment.state(Speaker::Scheme, founded).unwrap();
        deployment.id = deployment.ledger.deployment().unwrap();
        deployment.scheme = PartyId::derive(said, 0);
        deployment
    }

    fn signed(&mut self, speaker: Speaker, event: Event) -> Result<SignedStatement, VerifyError> {
        let (party, key) = match speaker {
            Speaker::Scheme => (self.scheme, scheme_key()),
            Speaker::Assessor(party) => (party, signing_key()),
        };
        self.numbers += 1;
        let statement = Statement {
            party,
            number: self.numbers,
            stated_at: NOW,
            event,
        };
        SignedStatement::sign(&statement, self.id, &key)
    }

    /// Signs a statement and keeps it, without asking the ledger.
    pub(crate) fn sign(
        &mut self,
        speaker: Speaker,
        event: Event,
        statements: &mut Vec<SignedStatement>,
    ) -> Result<StatementId, VerifyError> {
        let statement = self.signed(speaker, event)?;
        let said = statement.id(self.id);
        statements.push(statement);
        Ok(said)
    }

    pub(crate) fn admit(&mut self, statement: SignedStatement) -> Result<(), Refusal> {
        let verified = statement.verify(self.id).expect("just signed");
        let admitted = self.ledger.admit(&verified, NOW)?;
        self.ledger.apply(admitted);
        Ok(())
    }

    /// Signs a statement and has it admitted.
    pub(crate) fn state(&mut self, speaker: Speaker, event: Event) -> Result<StatementId, Refusal> {
        let statement = self.signed(speaker, event).expect("tests say short things");
        let said = statement.id(self.id);
        self.admit(statement)?;
        Ok(said)
    }
}
