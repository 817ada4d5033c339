//! A statement in plain words, for whoever is about to sign it.

mod lot;
mod permit;

use event::vocabulary::{AssessmentSubmitted, Country, DelegationGranted, Event, PlanAdopted, Subject, Topic};

/// How many things of one kind a sentence names before it counts the others.
const NAMED_MAX: usize = 4;

/// A country by its code, or that there is none.
#[must_use]
pub fn country(code: &str) -> &str {
    match code.parse() {
        Ok(Country::NONE) => "no country that is known",
        _ => code,
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
        _ if event.kind().topic() == Topic::Custody => lot::sentence(event),
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
        _ => permit::sentence(event),
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

/// Some of them by name, and how many more there are.
fn some(all: impl ExactSizeIterator<Item = String>) -> String {
    let more = all.len().saturating_sub(NAMED_MAX);
    let first = all.take(NAMED_MAX).collect::<Vec<_>>().join(", ");
    match more {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use event::vocabulary::{Event, EventKind, LotAfter};
    use event::{LotId, PartyId, PermitId, SiteId, StatementId, Timestamp};

    use signer::drafts::sample;

    use super::sentence;

    #[test]
    fn every_kind_has_a_sentence_of_its_own() {
        let mut sentences = BTreeSet::new();
        for kind in EventKind::ALL {
            let sentence = sentence(&sample(*kind, Timestamp::from_unix_ms(0)));
            assert!(!sentence.contains(kind.name()), "{sentence}");
            assert!(sentences.insert(sentence), "{}", kind.name());
        }
    }

    #[test]
    fn the_trade_is_said_in_plain_words() {
        let zero = [0; 16];
        let names = [
            (LotId::from_bytes(zero).to_string(), "LOT"),
            (PartyId::from_bytes(zero).to_string(), "PARTY"),
            (SiteId::from_bytes(zero).to_string(), "SITE"),
            (PermitId::from_bytes(zero).to_string(), "PERMIT"),
            (StatementId::from_bytes([0; 32]).to_string(), "STATEMENT"),
        ];
        let said: Vec<String> = EventKind::ALL
            .iter()
            .skip_while(|kind| **kind != EventKind::SiteAmended)
            .map(|kind| sentence(&sample(*kind, Timestamp::from_unix_ms(0))))
            .map(|said| names.iter().fold(said, |said, (id, name)| said.replace(id, name)))
            .collect();
        let expected = [
            "From now on SITE is worked by PARTY: ON WHAT GROUNDS",
            r#"Record the permit to mine "NUMBER" of "whose-register", issued by "WHO ISSUED IT" to PARTY, valid from 1970-01-01 to 1971-01-01, for SITE, as looked up in "WHICH REGISTER" on 1970-01-01."#,
            r#"State that PERMIT is suspended from 1970-01-01 on, as looked up in "WHICH REGISTER" on 1970-01-01: WHY"#,
            "State that SITE can give 1000 g of gold in a month at most by 50 miners at most: WHAT THAT RESTS ON",
            "State that LOT weighs 25 g.",
            r#"State that the samples "NUMBER OF THE SAMPLE'S SEAL" were taken of LOT."#,
            "State that LOT is of fineness 900.0, found by fire assay to settle the price.",
            r#"Close LOT with the seals "NUMBER OF THE SEAL"."#,
            r#"Break the seals "NUMBER OF THE SEAL" of LOT: WHY"#,
            "Give the title to LOT to PARTY.",
            "Melt LOT into 25 g of doré of fineness 900.0; gone: 0 g with 0 g of gold in it.",
            r#"Export LOT from CD to CH for PARTY, 25 g in all by the certificate "NUMBER" of "whose-certificate", issued by "WHO ISSUED IT", valid from 1970-01-01 to 1970-01-31; HS code "7108.12"."#,
            r#"Take LOT, arrived on 1970-01-01, into your books as "YOUR NUMBER FOR IT", 25 g after melting."#,
            "Hold LOT and what has become of it: WHY",
            "Let LOT move again: WHY",
            "State that LOT was stolen: WHAT HAPPENED",
            "State that LOT weighed 25 g where STATEMENT says otherwise: WHAT WENT WRONG",
            "Confirm the correction STATEMENT of LOT.",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn what_is_made_of_many_lots_is_said_in_one_sentence() {
        let Event::LotsTransformed(mut melt) = sample(EventKind::LotsTransformed, Timestamp::from_unix_ms(0)) else {
            unreachable!("a sample is of its kind")
        };
        let input = |byte| LotAfter {
            lot: LotId::from_bytes([byte; 16]),
            after: StatementId::from_bytes([byte; 32]),
        };
        melt.inputs = (1..=6).map(input).collect::<Vec<_>>().try_into().unwrap();
        melt.outputs = vec![melt.outputs[0].clone(); 2].try_into().unwrap();
        let named: Vec<_> = (1..=4).map(|byte| LotId::from_bytes([byte; 16]).to_string()).collect();
        let expected = format!(
            "Melt {} and 2 more into 25 g of doré of fineness 900.0, 25 g of doré of fineness 900.0; gone: 0 g with 0 g of \
             gold in it.",
            named.join(", ")
        );
        assert_eq!(sentence(&Event::LotsTransformed(melt)), expected);
    }
}
