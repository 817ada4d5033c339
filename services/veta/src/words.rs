//! A statement in plain words, for whoever is about to sign it.

use event::vocabulary::{
    AssessmentSubmitted, DelegationGranted, Event, LotDeclared, PlanAdopted, QuantityBasis, Subject,
};
use event::{AssessmentId, IncidentId, LotId, PartyId, PlanId, SiteId, StatementId};

/// Stands for no country: ISO 3166-1 gives it to none.
pub const NO_COUNTRY: &str = "ZZ";

/// A country by its code, or that there is none.
#[must_use]
pub fn country(code: &str) -> &str {
    if code == NO_COUNTRY {
        "no country that is known"
    } else {
        code
    }
}

/// What the event says, one sentence.
#[must_use]
pub fn sentence(event: &Event) -> String {
    match event {
        Event::DeploymentFounded(e) => format!(
            "Found the deployment {:?}, run by {:?}.",
            e.name.as_str(),
            e.scheme.name.as_str()
        ),
        Event::PartyEnrolled(e) => format!(
            "Enrol {:?} of {} as {:?}.",
            e.name.as_str(),
            country(&e.country.to_string()),
            e.kind
        ),
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
        Event::AssessmentSubmitted(e) => assessed(e),
        Event::LotDeclared(e) => declared(e),
        Event::CustodyOffered(e) => format!("Offer {} to {}.", e.lot, e.to),
        Event::CustodyAccepted(e) => format!("Accept {}, weighed as {}; seals: {:?}.", e.lot, e.gross_mass, e.seals),
        Event::CustodyDeclined(e) => format!("Decline {}: {}", e.lot, e.reason),
        Event::OfferWithdrawn(e) => format!("Withdraw the offer of {}.", e.lot),
        Event::LotRetired(e) => format!("Retire {}: {}", e.lot, e.reason),
        Event::DelegationGranted(e) => delegated(e),
        Event::DelegationRevoked(e) => format!("Let {} no longer speak in your name.", e.to),
        Event::AssessorAccredited(e) => {
            format!(
                "Let {} assess as a third party until {}: {}",
                e.assessor, e.until, e.basis
            )
        }
        Event::AccreditationWithdrawn(e) => {
            format!("Let {} no longer assess as a third party: {}", e.assessor, e.reason)
        }
        _ => conduct(event),
    }
}

/// What follows an assessment.
fn conduct(event: &Event) -> String {
    match event {
        Event::AssessmentConfirmed(e) => {
            format!(
                "Confirm {} of {} on {} criteria.",
                e.assessment,
                subject(e.subject),
                e.criteria.len()
            )
        }
        Event::AssessmentContested(e) => format!(
            "Contest {} of {} on {} criteria: {}",
            e.assessment,
            subject(e.subject),
            e.criteria.len(),
            e.reason
        ),
        Event::AssessmentWithdrawn(e) => format!(
            "Take back your {} of {}: {}",
            e.assessment,
            subject(e.subject),
            e.reason
        ),
        Event::PlanAdopted(e) => planned(e),
        Event::MilestoneReported(e) => {
            format!(
                "Report milestone {} of {} of {} as {:?}.",
                e.milestone, e.plan, e.organization, e.state
            )
        }
        Event::PlanExtended(e) => format!(
            "Move milestone {} of {} to {}: {}",
            e.milestone, e.plan, e.due, e.reason
        ),
        Event::PlanClosed(e) => format!("Close {} of {}: {:?}.", e.plan, e.organization, e.outcome),
        Event::ReportPublished(e) => format!(
            "Publish your report on {} to {}; SHA-256 of its summary {}{}.",
            e.period.from,
            e.period.to,
            e.summary,
            e.full
                .map(|full| format!(", of the full version {full}"))
                .unwrap_or_default()
        ),
        Event::StandingDecided(e) => format!("Decide that {} is {:?}: {}", e.organization, e.standing, e.reason),
        _ => incident(event),
    }
}

/// What has gone wrong.
fn incident(event: &Event) -> String {
    match event {
        Event::IncidentReported(e) => format!(
            "Report an incident at {} from {} to {} ({:?}, {:?}, {:?}): {}",
            subject(e.subject),
            e.period.from,
            e.period.to,
            e.category,
            e.confidence,
            e.severity,
            e.summary
        ),
        Event::IncidentUpdated(e) => format!(
            "Update {} at {} ({:?}, {:?}): {}",
            e.incident,
            subject(e.subject),
            e.confidence,
            e.severity,
            e.note
        ),
        Event::IncidentClosed(e) => {
            format!(
                "Close {} at {} ({:?}): {}",
                e.incident,
                subject(e.subject),
                e.outcome,
                e.note
            )
        }
        // Every other kind has its sentence above.
        other => format!("State {}.", other.kind().name()),
    }
}

fn assessed(e: &AssessmentSubmitted) -> String {
    format!(
        "Assess {} from {} to {} with {} findings and {} measurements ({:?}).",
        subject(e.subject),
        e.period.from,
        e.period.to,
        e.findings.len(),
        e.measurements.len(),
        e.kind
    )
}

fn declared(e: &LotDeclared) -> String {
    let basis = match e.basis {
        QuantityBasis::Weighed => "weighed",
        QuantityBasis::Illustrative => "an INVENTED quantity, for demonstration",
    };
    format!(
        "Declare a lot of {} ({basis}) of {:?} from {}.",
        e.gross_mass, e.form, e.site
    )
}

fn delegated(e: &DelegationGranted) -> String {
    let kinds: Vec<_> = e.kinds.iter().map(|kind| kind.name()).collect();
    let sites: Vec<_> = e.sites.iter().map(ToString::to_string).collect();
    let at = if sites.is_empty() {
        "everywhere".to_owned()
    } else {
        format!("at {}", sites.join(", "))
    };
    let mass = e
        .gross_mass_max
        .map(|mass| format!(", declaring {mass} in all at most"));
    format!(
        "Let {} say in your name, {at}, until {}{}: {}.",
        e.to,
        e.until,
        mass.unwrap_or_default(),
        kinds.join(", ")
    )
}

fn planned(e: &PlanAdopted) -> String {
    let last = e.milestones.iter().map(|milestone| milestone.due).max();
    format!(
        "Adopt a plan for {} criteria with {} milestones{}.",
        e.criteria.len(),
        e.milestones.len(),
        last.map(|due| format!(", the last due {due}")).unwrap_or_default()
    )
}

fn subject(subject: Subject) -> String {
    match subject {
        Subject::Party(id) => id.to_string(),
        Subject::Site(id) => id.to_string(),
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
        Event::PlanAdopted(_) => Some(PlanId::derive(id, 0).to_string()),
        Event::IncidentReported(_) => Some(IncidentId::derive(id, 0).to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use event::Timestamp;
    use event::vocabulary::EventKind;

    use super::sentence;
    use crate::drafts::sample;

    #[test]
    fn every_kind_has_a_sentence_of_its_own() {
        for kind in EventKind::ALL {
            let sentence = sentence(&sample(*kind, Timestamp::from_unix_ms(0)));
            assert!(!sentence.contains(kind.name()), "{sentence}");
        }
    }
}
