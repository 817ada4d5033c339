//! A statement in plain words, for whoever is about to sign it.

use event::vocabulary::{Event, QuantityBasis, Subject};
use event::{AssessmentId, LotId, PartyId, SiteId, StatementId};

/// What the event says, one sentence.
#[must_use]
pub fn sentence(event: &Event) -> String {
    match event {
        Event::DeploymentFounded(e) => format!(
            "Found the deployment {:?}, run by {:?}.",
            e.name.as_str(),
            e.scheme.name.as_str()
        ),
        Event::PartyEnrolled(e) => format!("Enrol {:?} of {} as {:?}.", e.name.as_str(), e.country, e.kind),
        Event::KeyAuthorized(e) => format!("Let the key {} speak for {}.", e.key, e.party),
        Event::KeyRevoked(e) => format!("Revoke the key {} ({:?}).", e.key, e.reason),
        Event::SiteRegistered(e) => format!(
            "Register the site {:?} in {}, worked by {}.",
            e.name.as_str(),
            e.country,
            e.operator
        ),
        Event::PolicySet(e) => format!("Set policy: {:?}.", e.terms.to_vec()),
        Event::CataloguePublished(e) => {
            format!(
                "Publish the catalogue {} version {} with {} criteria.",
                e.slug,
                e.version,
                e.criteria.len()
            )
        }
        Event::AssessmentSubmitted(e) => {
            let subject = match e.subject {
                Subject::Party(id) => id.to_string(),
                Subject::Site(id) => id.to_string(),
            };
            let (from, to) = (e.period.from, e.period.to);
            format!(
                "Assess {subject} from {from} to {to} with {} findings ({:?}).",
                e.findings.len(),
                e.kind
            )
        }
        Event::LotDeclared(e) => {
            let basis = match e.basis {
                QuantityBasis::Weighed => "weighed",
                QuantityBasis::Illustrative => "an INVENTED quantity, for demonstration",
            };
            format!(
                "Declare a lot of {} ({basis}) of {:?} from {}.",
                e.gross_mass, e.form, e.site
            )
        }
        Event::CustodyOffered(e) => format!("Offer {} to {}.", e.lot, e.to),
        Event::CustodyAccepted(e) => format!("Accept {}, weighed as {}; seals: {:?}.", e.lot, e.gross_mass, e.seals),
        Event::CustodyDeclined(e) => format!("Decline {}: {}", e.lot, e.reason),
        Event::OfferWithdrawn(e) => format!("Withdraw the offer of {}.", e.lot),
        Event::LotRetired(e) => format!("Retire {}: {}", e.lot, e.reason),
    }
}

/// The id of what the statement creates, if it creates anything.
#[must_use]
pub fn created(event: &Event, id: StatementId) -> Option<String> {
    match event {
        Event::DeploymentFounded(_) | Event::PartyEnrolled(_) => Some(PartyId::derive(id, 0).to_string()),
        Event::SiteRegistered(_) => Some(SiteId::derive(id, 0).to_string()),
        Event::AssessmentSubmitted(_) => Some(AssessmentId::derive(id, 0).to_string()),
        Event::LotDeclared(_) => Some(LotId::derive(id, 0).to_string()),
        _ => None,
    }
}
