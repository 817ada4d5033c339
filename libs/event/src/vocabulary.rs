//! Every event a party can state. Variants are appended, never renumbered or reused.
//!
//! Unknown fields are denied for the sake of drafts in JSON: a misspelt optional field would be left out of what is
//! signed, and nobody would notice.

mod assessment;
mod catalogue;
mod common;
mod conduct;
mod custody;
mod hold;
mod measure;
mod permit;
mod registry;
mod transform;

use serde::{Deserialize, Serialize};

use crate::id::{LotId, PartyId};
use crate::statement::StatementId;

pub use assessment::*;
pub use catalogue::*;
pub use common::*;
pub use conduct::*;
pub use custody::*;
pub use hold::*;
pub use measure::*;
pub use permit::*;
pub use registry::*;
pub use transform::*;

/// One row for each event makes its variant, its kind, the kind's name and its topic: none can be left out of one of them.
macro_rules! events {
    ($($(#[$doc:meta])* $name:ident($body:ty), $topic:ident;)*) => {
        /// What is stated.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Event {
            $($(#[$doc])* $name($body),)*
        }

        /// What kind of thing is stated: an [`Event`] without its fields, under the same number and name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum EventKind {
            $($(#[$doc])* $name,)*
        }

        impl Event {
            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> EventKind {
                match self {
                    $(Self::$name(_) => EventKind::$name,)*
                }
            }
        }

        impl EventKind {
            /// Every kind, in the order of the vocabulary.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// Under which subject of the stream it is filed.
            #[must_use]
            pub const fn topic(self) -> Topic {
                match self {
                    $(Self::$name => Topic::$topic,)*
                }
            }
        }
    };
}

events! {
    /// A deployment begins; stated once, by the key that then speaks for its scheme.
    DeploymentFounded(DeploymentFounded), Registry;
    /// A party is known from here on.
    PartyEnrolled(PartyProfile), Registry;
    /// A key may speak for a party.
    KeyAuthorized(KeyAuthorized), Registry;
    /// A key may no longer speak.
    KeyRevoked(KeyRevoked), Registry;
    /// A site is known from here on.
    SiteRegistered(SiteRegistered), Registry;
    /// Tolerances and clocks of the rules.
    PolicySet(PolicySet), Registry;
    /// A version of a criteria catalogue.
    CataloguePublished(CataloguePublished), Progress;
    /// Findings about an organization or a site.
    AssessmentSubmitted(AssessmentSubmitted), Progress;
    /// A lot is known from here on, in the custody of who declares it.
    LotDeclared(LotDeclared), Custody;
    /// The custodian offers a lot to a party.
    CustodyOffered(CustodyOffered), Custody;
    /// The receiver has the lot and has weighed it.
    CustodyAccepted(CustodyAccepted), Custody;
    /// The receiver does not take it.
    CustodyDeclined(CustodyDeclined), Custody;
    /// The custodian takes an offer back.
    OfferWithdrawn(OfferWithdrawn), Custody;
    /// A lot leaves the system.
    LotRetired(LotRetired), Custody;
    /// A party may say some things in another one's name.
    DelegationGranted(DelegationGranted), Registry;
    /// A party may no longer speak in another one's name.
    DelegationRevoked(DelegationRevoked), Registry;
    /// An assessor may assess as a third party.
    AssessorAccredited(AssessorAccredited), Registry;
    /// An assessor may no longer assess as a third party.
    AccreditationWithdrawn(AccreditationWithdrawn), Registry;
    /// Somebody else found the same.
    AssessmentConfirmed(AssessmentConfirmed), Progress;
    /// Somebody else says that it is not so.
    AssessmentContested(AssessmentContested), Progress;
    /// Who submitted an assessment takes it back.
    AssessmentWithdrawn(AssessmentWithdrawn), Progress;
    /// An organization says how it will mend what is not met.
    PlanAdopted(PlanAdopted), Progress;
    /// How far a milestone has come.
    MilestoneReported(MilestoneReported), Progress;
    /// A milestone is due later.
    PlanExtended(PlanExtended), Progress;
    /// A plan ends.
    PlanClosed(PlanClosed), Progress;
    /// Something happened, or is said to have happened.
    IncidentReported(IncidentReported), Progress;
    /// More is known about an incident.
    IncidentUpdated(IncidentUpdated), Progress;
    /// An incident is dealt with.
    IncidentClosed(IncidentClosed), Progress;
    /// An organization has published its report.
    ReportPublished(ReportPublished), Progress;
    /// The scheme decides about an organization's standing.
    StandingDecided(StandingDecided), Progress;
    /// What is known about a site changes.
    SiteAmended(SiteAmended), Registry;
    /// A permit was seen.
    PermitRecorded(PermitRecorded), Registry;
    /// A permit was looked up again, or is not in force any more.
    PermitStatusChanged(PermitStatusChanged), Registry;
    /// How much a site can give.
    CapacityEstablished(CapacityEstablished), Registry;
    /// The custodian weighed a lot.
    LotWeighed(LotWeighed), Custody;
    /// The custodian took samples of a lot.
    LotSampled(LotSampled), Custody;
    /// Somebody measured how fine a lot is.
    LotAssayed(LotAssayed), Custody;
    /// The custodian closed a lot.
    LotSealed(LotSealed), Custody;
    /// The custodian opened a lot, or found it open.
    SealBroken(SealBroken), Custody;
    /// The owner gives the title to a lot to another party.
    TitleTransferred(TitleTransferred), Custody;
    /// Lots became other lots.
    LotsTransformed(LotsTransformed), Custody;
    /// Lots leave a country.
    LotExported(LotExported), Custody;
    /// A refiner took a lot into its books.
    LotReceived(LotReceived), Custody;
    /// A lot, and what has become of it, does not move.
    LotHeld(LotHeld), Custody;
    /// A lot that was held may move again.
    LotReleased(LotReleased), Custody;
    /// A lot is gone.
    LotLost(LotLost), Custody;
    /// Somebody says that a mass was stated wrongly.
    CorrectionProposed(CorrectionProposed), Custody;
    /// The other one of two who signed confirms a correction.
    CorrectionConfirmed(CorrectionConfirmed), Custody;
}

impl Event {
    /// The lots that it touches, each with the latest statement that its signer knows; none of those that it creates, and
    /// none where it does not wait for the latest.
    #[must_use]
    pub fn lots_after(&self) -> Vec<LotAfter> {
        let one = |lot: LotId, after: StatementId| vec![LotAfter { lot, after }];
        match self {
            Self::CustodyOffered(event) => one(event.lot, event.after),
            Self::CustodyAccepted(event) => one(event.lot, event.after),
            Self::CustodyDeclined(event) => one(event.lot, event.after),
            Self::OfferWithdrawn(event) => one(event.lot, event.after),
            Self::LotRetired(event) => one(event.lot, event.after),
            Self::LotWeighed(event) => one(event.lot, event.after),
            Self::LotSampled(event) => one(event.lot, event.after),
            Self::LotAssayed(event) => one(event.lot, event.after),
            Self::LotSealed(event) => one(event.lot, event.after),
            Self::SealBroken(event) => one(event.lot, event.after),
            Self::TitleTransferred(event) => one(event.lot, event.after),
            Self::LotsTransformed(event) => event.inputs.to_vec(),
            Self::LotExported(event) => event.lots.to_vec(),
            Self::LotReceived(event) => one(event.lot, event.after),
            Self::LotLost(event) => one(event.lot, event.after),
            Self::CorrectionProposed(event) => one(event.lot, event.after),
            Self::CorrectionConfirmed(event) => one(event.lot, event.after),
            _ => Vec::new(),
        }
    }
}

impl EventKind {
    /// Whether a party may let another one say this in its name: what it does day by day, and nothing that decides who
    /// may speak or that judges others.
    #[must_use]
    pub const fn is_delegable(self) -> bool {
        matches!(
            self,
            Self::AssessmentSubmitted
                | Self::AssessmentWithdrawn
                | Self::PlanAdopted
                | Self::MilestoneReported
                | Self::PlanExtended
                | Self::PlanClosed
                | Self::IncidentReported
                | Self::IncidentUpdated
                | Self::ReportPublished
                | Self::LotDeclared
                | Self::CustodyOffered
                | Self::CustodyAccepted
                | Self::CustodyDeclined
                | Self::OfferWithdrawn
                | Self::LotRetired
                | Self::LotWeighed
                | Self::LotSampled
                | Self::LotSealed
                | Self::SealBroken
                | Self::LotsTransformed
                | Self::LotExported
                | Self::LotReceived
                | Self::LotLost
        )
    }
}

/// The part of the vocabulary an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Parties, keys, sites, policy.
    Registry,
    /// Criteria, assessments, plans, incidents.
    Progress,
    /// Lots and who holds them.
    Custody,
}

impl Topic {
    /// The subject under which a statement of `party` is filed: `veta.statements.<topic>.<party>`.
    #[must_use]
    pub fn subject(self, party: PartyId) -> String {
        let topic = match self {
            Self::Registry => "registry",
            Self::Progress => "progress",
            Self::Custody => "custody",
        };
        format!("veta.statements.{topic}.{party}")
    }
}
