//! From a draft to the bytes that are signed, and with the signature to a statement that holds.

use event::statement::{Body, SignatureBytes};
use event::{
    AssessmentId, DeploymentId, Event, IncidentId, LotId, PartyId, PermitId, PlanId, PublicKey, SignedStatement,
    SiteId, Statement, StatementId, VerifiedStatement, VerifyError,
};

/// A statement that is ready to be signed by a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// Its canonical bytes.
    pub body: Body,
    /// What the key signs.
    pub to_sign: Vec<u8>,
    /// What its id will be.
    pub id: StatementId,
}

/// What a key signs in order to say this.
pub fn draft(statement: &Statement, deployment: DeploymentId, key: PublicKey) -> Result<Drafted, VerifyError> {
    let deployment = signed_for(&statement.event, deployment);
    let body = Body::of(statement)?;
    Ok(Drafted {
        to_sign: body.to_sign(deployment),
        id: body.id(deployment, key),
        body,
    })
}

/// Puts a statement, the key and its signature together, where the signature holds and the bytes are canonical.
pub fn assemble(
    body: Body,
    deployment: DeploymentId,
    key: PublicKey,
    signature: SignatureBytes,
) -> Result<VerifiedStatement, VerifyError> {
    verified(SignedStatement { key, signature, body }, deployment)
}

/// Reads a signed statement and verifies it for a deployment, or as the one that founds it.
pub fn verified(signed: SignedStatement, deployment: DeploymentId) -> Result<VerifiedStatement, VerifyError> {
    match signed.clone().verify(deployment) {
        Err(VerifyError::BadSignature) => {
            let founds = |said: &VerifiedStatement| said.id().as_bytes() == deployment.as_bytes();
            let founding = signed.verify(DeploymentId::FOUNDING).ok();
            founding.filter(founds).ok_or(VerifyError::BadSignature)
        }
        told => told,
    }
}

/// For which deployment it is signed: a deployment has no id before it is founded.
#[must_use]
pub const fn signed_for(event: &Event, deployment: DeploymentId) -> DeploymentId {
    match event {
        Event::DeploymentFounded(_) => DeploymentId::FOUNDING,
        _ => deployment,
    }
}

/// The ids of what the statement creates, in their order; none where it creates nothing.
#[must_use]
pub fn created(event: &Event, id: StatementId) -> Vec<String> {
    let one = match event {
        Event::LotsTransformed(e) => {
            let places = (0..).take(e.outputs.len());
            return places.map(|place| LotId::derive(id, place).to_string()).collect();
        }
        Event::DeploymentFounded(_) | Event::PartyEnrolled(_) => PartyId::derive(id, 0).to_string(),
        Event::SiteRegistered(_) => SiteId::derive(id, 0).to_string(),
        Event::PermitRecorded(_) => PermitId::derive(id, 0).to_string(),
        Event::AssessmentSubmitted(_) => AssessmentId::derive(id, 0).to_string(),
        Event::LotDeclared(_) => LotId::derive(id, 0).to_string(),
        Event::PlanAdopted(_) => PlanId::derive(id, 0).to_string(),
        Event::IncidentReported(_) => IncidentId::derive(id, 0).to_string(),
        _ => return Vec::new(),
    };
    vec![one]
}
