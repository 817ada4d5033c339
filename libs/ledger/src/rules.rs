//! The one door: envelope, key, number and time, and then the rule of the event.

use event::key::Digest;
use event::vocabulary::{Event, PartyKind, Reference};
use event::{DeploymentId, PartyId, PublicKey, StreamPosition, Timestamp, VerifiedStatement};
use sha2::{Digest as _, Sha256};

use crate::Refusal;
use crate::state::{Change, Key, Ledger, Party};
use crate::{assessment, catalogue, conduct, custody, delegation, hold, measure, permit, registry, transform};

/// The version of the rules in this code.
pub const RULE_VERSION: u16 = 1;
/// Sites of one operator: what its standing follows from is read whenever a lot leaves its hands.
pub const SITES_OF_OPERATOR_MAX: usize = 256;

/// A statement that may be said at the ledger's present position, with its effect. Made by [`Ledger::admit`] alone.
#[derive(Clone, Debug)]
pub struct Admitted {
    position: StreamPosition,
    admitted_at: Timestamp,
    changes: Vec<Change>,
}

/// What a rule sees of a statement.
pub(crate) struct Said<'a> {
    pub(crate) statement: &'a VerifiedStatement,
    /// In whose name.
    pub(crate) party: PartyId,
    /// What that party is.
    pub(crate) kind: PartyKind,
    /// Whose key signed: the party itself, or one that it lets speak for it.
    pub(crate) signer: PartyId,
    pub(crate) admitted_at: Timestamp,
    /// Where it will stand.
    pub(crate) position: StreamPosition,
}

impl<'a> Said<'a> {
    /// As the ledger knows the key that signed and the party in whose name it spoke.
    pub(crate) fn new(
        ledger: &Ledger,
        statement: &'a VerifiedStatement,
        (key, party): (&Key, &Party),
        admitted_at: Timestamp,
    ) -> Self {
        Self {
            statement,
            party: statement.party(),
            kind: party.kind,
            signer: key.party,
            admitted_at,
            position: ledger.position().next(),
        }
    }
}

impl Ledger {
    /// Decides whether `statement` may be said next.
    pub fn admit(&self, statement: &VerifiedStatement, admitted_at: Timestamp) -> Result<Admitted, Refusal> {
        if admitted_at < self.head.clock {
            return Err(Refusal::ClockWentBack);
        }
        if !self.is_for_this_deployment(statement) {
            return Err(Refusal::BadSignature);
        }
        let changes = match (self.head.deployment, statement.event()) {
            (None, Event::DeploymentFounded(founded)) => registry::deployment_founded(statement, admitted_at, founded)?,
            (None, _) => return Err(Refusal::NotFounded),
            (Some(_), Event::DeploymentFounded(_)) => return Err(Refusal::AlreadyFounded),
            (Some(_), _) => self.admit_said(statement, admitted_at)?,
        };
        Ok(Admitted {
            position: self.head.position,
            admitted_at,
            changes,
        })
    }

    /// Takes over what an admitted statement changes, and passes on.
    ///
    /// # Panics
    /// If it was admitted at another position, and so perhaps on another state.
    pub fn apply(&mut self, admitted: Admitted) -> Vec<Change> {
        assert_eq!(admitted.position, self.head.position, "admitted on another ledger");
        for change in &admitted.changes {
            self.change(change);
        }
        self.head.position = admitted.position.next();
        self.head.clock = admitted.admitted_at;
        admitted.changes
    }

    fn admit_said(&self, statement: &VerifiedStatement, admitted_at: Timestamp) -> Result<Vec<Change>, Refusal> {
        let key = self.speaking_key(statement)?;
        let party = self.parties.get(&statement.party()).ok_or(Refusal::KeyOfAnotherParty)?;
        let said = Said::new(self, statement, (&key, party), admitted_at);
        let delegated = delegation::speaks_for(self, &said)?;
        if statement.number() <= key.number {
            return Err(Refusal::NumberNotIncreasing);
        }
        if self.policy().latest_allowed(admitted_at) < statement.stated_at() {
            return Err(Refusal::StatedInFuture);
        }
        let numbered = Change::Key(
            statement.key(),
            Key {
                number: statement.number(),
                ..key
            },
        );
        let effects = self.rule(&said)?;
        let mut changes = Vec::with_capacity(2 + effects.len());
        changes.push(numbered);
        changes.extend(delegated);
        changes.extend(effects);
        Ok(changes)
    }

    /// A signature holds for one deployment, which need not be this one.
    fn is_for_this_deployment(&self, statement: &VerifiedStatement) -> bool {
        statement.deployment() == self.head.deployment.unwrap_or(DeploymentId::FOUNDING)
    }

    fn speaking_key(&self, statement: &VerifiedStatement) -> Result<Key, Refusal> {
        let key = self.keys.get(&statement.key()).ok_or(Refusal::UnknownKey)?;
        if key.revoked.is_some() {
            return Err(Refusal::RevokedKey);
        }
        Ok(*key)
    }

    fn rule(&self, said: &Said<'_>) -> Result<Vec<Change>, Refusal> {
        match said.statement.event() {
            Event::DeploymentFounded(_) => Err(Refusal::AlreadyFounded),
            Event::PartyEnrolled(event) => registry::party_enrolled(self, said, event),
            Event::KeyAuthorized(event) => registry::key_authorized(self, said, event),
            Event::KeyRevoked(event) => registry::key_revoked(self, said, event),
            Event::SiteRegistered(event) => registry::site_registered(self, said, event),
            Event::PolicySet(event) => registry::policy_set(self, said, event),
            Event::CataloguePublished(event) => catalogue::catalogue_published(self, said, event),
            Event::AssessmentSubmitted(event) => assessment::assessment_submitted(self, said, event),
            Event::LotDeclared(event) => custody::lot_declared(self, said, event),
            Event::CustodyOffered(event) => custody::custody_offered(self, said, event),
            Event::CustodyAccepted(event) => custody::custody_accepted(self, said, event),
            Event::CustodyDeclined(event) => custody::custody_declined(self, said, event),
            Event::OfferWithdrawn(event) => custody::offer_withdrawn(self, said, event),
            Event::LotRetired(event) => custody::lot_retired(self, said, event),
            Event::DelegationGranted(event) => delegation::delegation_granted(self, said, event),
            Event::DelegationRevoked(event) => delegation::delegation_revoked(self, said, event),
            Event::AssessorAccredited(event) => registry::assessor_accredited(self, said, event),
            Event::AccreditationWithdrawn(event) => registry::accreditation_withdrawn(self, said, event),
            Event::AssessmentConfirmed(event) => assessment::assessment_confirmed(self, said, event),
            Event::AssessmentContested(event) => assessment::assessment_contested(self, said, event),
            Event::AssessmentWithdrawn(event) => assessment::assessment_withdrawn(self, said, event),
            Event::PlanAdopted(event) => conduct::plan_adopted(self, said, event),
            Event::MilestoneReported(event) => conduct::milestone_reported(self, said, event),
            Event::PlanExtended(event) => conduct::plan_extended(self, said, event),
            Event::PlanClosed(event) => conduct::plan_closed(self, said, event),
            Event::IncidentReported(event) => conduct::incident_reported(self, said, event),
            Event::IncidentUpdated(event) => conduct::incident_updated(self, said, event),
            Event::IncidentClosed(event) => conduct::incident_closed(self, said, event),
            Event::ReportPublished(event) => conduct::report_published(self, said, event),
            Event::StandingDecided(event) => conduct::standing_decided(self, said, event),
            Event::SiteAmended(event) => registry::site_amended(self, said, event),
            Event::PermitRecorded(event) => permit::permit_recorded(self, said, event),
            Event::PermitStatusChanged(event) => permit::permit_status_changed(self, said, event),
            Event::CapacityEstablished(event) => permit::capacity_established(self, said, event),
            Event::LotWeighed(event) => measure::lot_weighed(self, said, event),
            Event::LotSampled(event) => measure::lot_sampled(self, said, event),
            Event::LotAssayed(event) => measure::lot_assayed(self, said, event),
            Event::LotSealed(event) => measure::lot_sealed(self, said, event),
            Event::SealBroken(event) => measure::seal_broken(self, said, event),
            Event::TitleTransferred(event) => custody::title_transferred(self, said, event),
            Event::LotsTransformed(event) => transform::lots_transformed(self, said, event),
            Event::LotExported(event) => transform::lot_exported(self, said, event),
            Event::LotReceived(event) => transform::lot_received(self, said, event),
            Event::LotHeld(event) => hold::lot_held(self, said, event),
            Event::LotReleased(event) => hold::lot_released(self, said, event),
            Event::LotLost(event) => custody::lot_lost(self, said, event),
            Event::CorrectionProposed(event) => hold::correction_proposed(self, said, event),
            Event::CorrectionConfirmed(event) => hold::correction_confirmed(self, said, event),
        }
    }

    /// Takes a reference within its kind, once for ever.
    pub(crate) fn take_reference(&self, kind: &str, reference: Option<&Reference>) -> Result<Option<Change>, Refusal> {
        let Some(reference) = reference else { return Ok(None) };
        let digest = reference_digest(kind, reference);
        if self.references.contains(&digest) {
            return Err(Refusal::ReferenceTaken);
        }
        Ok(Some(Change::Reference(digest)))
    }

    /// The key's entry after this very statement, for rules that change the signing key itself.
    pub(crate) fn key_after(&self, key: &PublicKey, said: &Said<'_>) -> Option<Key> {
        let entry = *self.keys.get(key)?;
        if *key == said.statement.key() {
            return Some(Key {
                number: said.statement.number(),
                ..entry
            });
        }
        Some(entry)
    }
}

/// Whether what is named stands in increasing order, each once.
pub(crate) fn is_increasing<T, K: Ord>(list: &[T], key: impl Fn(&T) -> &K) -> bool {
    list.windows(2).all(|pair| key(&pair[0]) < key(&pair[1]))
}

pub(crate) fn reference_digest(kind: &str, reference: &Reference) -> Digest {
    let parts = [kind, reference.source.as_str(), reference.value.as_str()];
    let hash = parts
        .iter()
        .fold(Sha256::new(), |hash, part| hash.chain_update(part).chain_update("\n"));
    Digest::from_bytes(hash.finalize().into())
}
