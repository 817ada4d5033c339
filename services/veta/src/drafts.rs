//! Drafts of statements: JSON that a person fills in.

use event::key::Digest;
use event::vocabulary::{
    Answer, AssessmentKind, AssessmentSubmitted, CatalogueDigest, CataloguePublished, Criterion, CustodyAccepted,
    CustodyDeclined, CustodyModel, CustodyOffered, DeploymentFounded, Deposit, Event, Finding, FinenessClaim,
    FinenessMethod, KeyAuthorized, KeyRevoked, LotDeclared, LotForm, LotRetired, OfferWithdrawn, PartyKind,
    PartyProfile, Period, PolicySet, QuantityBasis, RevocationReason, Scale, SealState, SiteRegistered, Subject, Term,
};
use event::{Date, Fineness, List, LotId, Mass, PartyId, PublicKey, SiteId, StatementId, Timestamp};
use serde::{Deserialize, Serialize};

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

/// The names by which a draft is asked for: those of the events.
pub const KINDS: [&str; 14] = [
    "DeploymentFounded",
    "PartyEnrolled",
    "KeyAuthorized",
    "KeyRevoked",
    "SiteRegistered",
    "PolicySet",
    "CataloguePublished",
    "AssessmentSubmitted",
    "LotDeclared",
    "CustodyOffered",
    "CustodyAccepted",
    "CustodyDeclined",
    "OfferWithdrawn",
    "LotRetired",
];

/// The policy a deployment is founded with: clocks may run five minutes ahead, scales may differ by half a percent.
#[must_use]
pub fn first_policy() -> Vec<Term> {
    vec![
        Term::RuleVersion(ledger::RULE_VERSION),
        Term::FutureSkewMsMax(300_000),
        Term::AcceptanceGainPpmMax(5_000),
    ]
}

/// A draft of an event, to be filled in; `None` for a kind that there is not.
#[must_use]
pub fn sample(kind: &str, now: Timestamp) -> Option<Event> {
    let (lot, after) = (LotId::from_bytes([0; 16]), StatementId::from_bytes([0; 32]));
    let (party, site) = (PartyId::from_bytes([0; 16]), SiteId::from_bytes([0; 16]));
    let key = PublicKey::from_bytes([0; 32]);
    let gross_mass = Mass::from_micrograms(25_000_000);
    let period = yesterday(now);
    Some(match kind {
        "DeploymentFounded" => Event::DeploymentFounded(DeploymentFounded {
            name: text("NAME OF THE DEPLOYMENT"),
            scheme: profile(PartyKind::Scheme),
            policy: list(first_policy()),
        }),
        "PartyEnrolled" => Event::PartyEnrolled(profile(PartyKind::MinersOrganization)),
        "KeyAuthorized" => Event::KeyAuthorized(KeyAuthorized { party, key }),
        "KeyRevoked" => Event::KeyRevoked(KeyRevoked {
            key,
            reason: RevocationReason::Lost,
        }),
        "SiteRegistered" => Event::SiteRegistered(registered(party)),
        "PolicySet" => Event::PolicySet(PolicySet {
            terms: list(first_policy()),
        }),
        "CataloguePublished" => Event::CataloguePublished(published()),
        "AssessmentSubmitted" => Event::AssessmentSubmitted(submitted(site, period)),
        "LotDeclared" => Event::LotDeclared(declared(site, gross_mass, period)),
        "CustodyOffered" => Event::CustodyOffered(CustodyOffered { lot, after, to: party }),
        "CustodyAccepted" => Event::CustodyAccepted(CustodyAccepted {
            lot,
            after,
            gross_mass,
            seals: SealState::Intact,
        }),
        "CustodyDeclined" => Event::CustodyDeclined(CustodyDeclined {
            lot,
            after,
            reason: text("WHY"),
        }),
        "OfferWithdrawn" => Event::OfferWithdrawn(OfferWithdrawn { lot, after }),
        "LotRetired" => Event::LotRetired(LotRetired {
            lot,
            after,
            reason: text("WHY"),
        }),
        _ => return None,
    })
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
        criteria: list(vec![Criterion {
            slug: slug("mercury"),
            scale: Scale::Observation,
            question: text("Is mercury used here?"),
        }]),
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
        reference: None,
    }
}

fn declared(site: SiteId, gross_mass: Mass, extracted: Period) -> LotDeclared {
    let fineness = Fineness::from_ppm(900_000).expect("below a million");
    LotDeclared {
        site,
        form: LotForm::Dore,
        gross_mass,
        basis: QuantityBasis::Weighed,
        fineness: Some(FinenessClaim {
            fineness,
            method: FinenessMethod::Density,
        }),
        extracted,
        custody_model: CustodyModel::IdentityPreserved,
        seals: List::empty(),
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
    use super::{Draft, KINDS, sample};
    use event::Timestamp;

    #[test]
    fn every_kind_has_a_draft_that_reads_back() {
        for kind in KINDS {
            let event = sample(kind, Timestamp::from_unix_ms(0)).unwrap();
            assert_eq!(event.kind().name(), kind);
            let draft = Draft { party: None, event };
            let text = serde_json::to_string_pretty(&draft).unwrap();
            assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), draft, "{text}");
        }
    }
}
