//! Drafts of statements: JSON that a person fills in.

mod conduct;
mod lot;
mod permit;

use event::key::Digest;
use event::vocabulary::{
    AccreditationWithdrawn, Answer, AssessmentKind, AssessmentSubmitted, AssessorAccredited, CatalogueDigest,
    CataloguePublished, Criterion, DelegationGranted, DelegationRevoked, DeploymentFounded, Deposit, Event, EventKind,
    Finding, KeyAuthorized, KeyRevoked, PartyKind, PartyProfile, Period, PolicySet, RevocationReason, Scale,
    SiteRegistered, Subject, Topic,
};
use event::{Date, List, PartyId, PublicKey, SiteId, Timestamp};
use ledger::FIRST_TERMS;
use serde::{Deserialize, Serialize};

/// For how many days a draft of a delegation or an accreditation is good.
const DRAFT_DAYS: u16 = 365;

/// A statement before it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// In whose name; where it is left out, the party that the key speaks for.
    #[serde(default)]
    pub party: Option<PartyId>,
    /// What is stated.
    pub event: Event,
}

/// The kind of this name.
#[must_use]
pub fn kind(name: &str) -> Option<EventKind> {
    EventKind::ALL.iter().copied().find(|kind| kind.name() == name)
}

/// A draft of an event, to be filled in.
#[must_use]
pub fn sample(kind: EventKind, now: Timestamp) -> Event {
    let (party, key) = (PartyId::from_bytes([0; 16]), PublicKey::from_bytes([0; 32]));
    let until = now.date().plus_days(DRAFT_DAYS);
    match kind {
        EventKind::DeploymentFounded => Event::DeploymentFounded(DeploymentFounded {
            name: text("NAME OF THE DEPLOYMENT"),
            scheme: profile(PartyKind::Scheme),
            policy: list(FIRST_TERMS.to_vec()),
        }),
        EventKind::PartyEnrolled => Event::PartyEnrolled(profile(PartyKind::MinersOrganization)),
        EventKind::KeyAuthorized => Event::KeyAuthorized(KeyAuthorized { party, key }),
        EventKind::KeyRevoked => Event::KeyRevoked(KeyRevoked {
            key,
            reason: RevocationReason::Lost,
        }),
        EventKind::DelegationGranted => Event::DelegationGranted(DelegationGranted {
            to: party,
            kinds: list(vec![EventKind::AssessmentSubmitted]),
            sites: List::empty(),
            gross_mass_max: None,
            until,
        }),
        EventKind::DelegationRevoked => Event::DelegationRevoked(DelegationRevoked { to: party }),
        EventKind::AssessorAccredited => Event::AssessorAccredited(AssessorAccredited {
            assessor: party,
            until,
            basis: text("ON WHAT GROUNDS"),
        }),
        EventKind::AccreditationWithdrawn => Event::AccreditationWithdrawn(AccreditationWithdrawn {
            assessor: party,
            reason: text("WHY"),
        }),
        EventKind::SiteRegistered => Event::SiteRegistered(registered(party)),
        EventKind::PolicySet => Event::PolicySet(PolicySet {
            terms: list(FIRST_TERMS.to_vec()),
        }),
        EventKind::CataloguePublished => Event::CataloguePublished(published()),
        EventKind::AssessmentSubmitted => {
            Event::AssessmentSubmitted(submitted(SiteId::from_bytes([0; 16]), yesterday(now)))
        }
        EventKind::SiteAmended
        | EventKind::PermitRecorded
        | EventKind::PermitStatusChanged
        | EventKind::CapacityEstablished => permit::sample(kind, now),
        kind if kind.topic() == Topic::Custody => lot::sample(kind, now),
        _ => conduct::sample(kind, now),
    }
}

fn profile(kind: PartyKind) -> PartyProfile {
    let country = "CD".parse().expect("two capital letters");
    PartyProfile {
        kind,
        name: text("LEGAL NAME"),
        country,
        languages: list(vec![text("fr")]),
        reference: None,
    }
}

fn registered(operator: PartyId) -> SiteRegistered {
    SiteRegistered {
        operator,
        name: text("NAME OF THE SITE"),
        country: "CD".parse().expect("two capital letters"),
        area: None,
        cell: None,
        deposit: Deposit::Alluvial,
        point_commitment: None,
        fineness_band: None,
        reference: None,
    }
}

fn published() -> CataloguePublished {
    CataloguePublished {
        slug: slug("my-catalogue"),
        version: text("1"),
        licence: text("CC-BY-SA-4.0"),
        full_text: Digest::from_bytes([0; 32]),
        supersedes: None,
        criteria: list(vec![Criterion {
            slug: slug("mercury"),
            scale: Scale::Observation,
            question: text("Is mercury used here?"),
            module: None,
            pillar: None,
            theme: None,
            replaces: None,
        }]),
        indicators: List::empty(),
    }
}

fn submitted(site: SiteId, period: Period) -> AssessmentSubmitted {
    AssessmentSubmitted {
        subject: Subject::Site(site),
        kind: AssessmentKind::SelfReported,
        period,
        catalogue: CatalogueDigest::from_bytes([0; 32]),
        findings: list(vec![Finding {
            criterion: 0,
            answer: Answer::NoneObserved,
            evidence: List::empty(),
        }]),
        measurements: List::empty(),
        reference: None,
    }
}

fn yesterday(now: Timestamp) -> Period {
    let day = Date::from_unix_days(now.date().unix_days().saturating_sub(1));
    Period { from: day, to: day }
}

fn text<const MAX: usize>(words: &str) -> event::Text<MAX> {
    event::Text::new(words).expect("a good text")
}

fn slug(words: &str) -> event::vocabulary::Slug {
    words.parse().expect("a good slug")
}

fn list<T, const MAX: usize>(elements: Vec<T>) -> List<T, MAX> {
    elements
        .try_into()
        .unwrap_or_else(|_| unreachable!("a sample is short"))
}

#[cfg(test)]
mod tests {
    use event::Timestamp;
    use event::vocabulary::EventKind;

    use super::{Draft, kind, sample};

    #[test]
    fn every_kind_has_a_draft_that_reads_back() {
        for asked in EventKind::ALL {
            let event = sample(*asked, Timestamp::from_unix_ms(0));
            assert_eq!(event.kind(), *asked);
            assert_eq!(kind(asked.name()), Some(*asked));
            let draft = Draft { party: None, event };
            let text = serde_json::to_string_pretty(&draft).unwrap();
            assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), draft, "{text}");
        }
        assert_eq!(kind("LotSold"), None);
    }
}
