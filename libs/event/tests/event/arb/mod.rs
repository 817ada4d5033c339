//! Arbitrary values of the whole vocabulary.

mod conduct;
mod custody;
mod permit;
mod progress;
mod registry;
mod trade;

use core::fmt::Debug;

use ed25519_dalek::SigningKey;
use event::key::Digest;
use event::vocabulary::{CatalogueDigest, Country, EventKind, Period, Reference, SHORT_TEXT_BYTES_MAX, Slug, Subject};
use event::{
    AssessmentId, Date, DeploymentId, Event, Fineness, IncidentId, List, LotId, Mass, PartyId, PermitId, PlanId,
    PublicKey, SiteId, Statement, StatementId, StreamPosition, Text, Timestamp,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::DeserializeOwned;

use crate::variants::every;

/// Lists are kept this short, so that every statement fits the longest body allowed.
const ELEMENTS_MAX: usize = 4;

prop_compose! {
    /// Any statement in anybody's name.
    pub(crate) fn arb_statement()(
        party in arb_party(), number: u64, stated_at in arb_timestamp(), event in arb_event(),
    ) -> Statement {
        Statement { party, number, stated_at, event }
    }
}

/// Any event; each kind as often as any other.
pub(crate) fn arb_event() -> impl Strategy<Value = Event> {
    select(EventKind::ALL).prop_flat_map(arb_event_of)
}

/// Any event of this kind.
pub(crate) fn arb_event_of(kind: EventKind) -> BoxedStrategy<Event> {
    use EventKind as Kind;
    match kind {
        Kind::DeploymentFounded => registry::founded().prop_map(Event::DeploymentFounded).boxed(),
        Kind::PartyEnrolled => registry::profile().prop_map(Event::PartyEnrolled).boxed(),
        Kind::KeyAuthorized => registry::key_authorized().prop_map(Event::KeyAuthorized).boxed(),
        Kind::KeyRevoked => registry::key_revoked().prop_map(Event::KeyRevoked).boxed(),
        Kind::SiteRegistered => registry::site().prop_map(Event::SiteRegistered).boxed(),
        Kind::PolicySet => registry::policy().prop_map(Event::PolicySet).boxed(),
        Kind::CataloguePublished => progress::catalogue().prop_map(Event::CataloguePublished).boxed(),
        Kind::AssessmentSubmitted => progress::assessment().prop_map(Event::AssessmentSubmitted).boxed(),
        Kind::LotDeclared => custody::lot().prop_map(Event::LotDeclared).boxed(),
        Kind::CustodyOffered => custody::offered().prop_map(Event::CustodyOffered).boxed(),
        Kind::CustodyAccepted => custody::accepted().prop_map(Event::CustodyAccepted).boxed(),
        Kind::CustodyDeclined => custody::declined().prop_map(Event::CustodyDeclined).boxed(),
        Kind::OfferWithdrawn => custody::withdrawn().prop_map(Event::OfferWithdrawn).boxed(),
        Kind::LotRetired => custody::retired().prop_map(Event::LotRetired).boxed(),
        Kind::DelegationGranted => registry::granted().prop_map(Event::DelegationGranted).boxed(),
        Kind::DelegationRevoked => registry::revoked().prop_map(Event::DelegationRevoked).boxed(),
        Kind::AssessorAccredited => registry::accredited().prop_map(Event::AssessorAccredited).boxed(),
        Kind::AccreditationWithdrawn => registry::discredited().prop_map(Event::AccreditationWithdrawn).boxed(),
        Kind::AssessmentConfirmed => progress::confirmed().prop_map(Event::AssessmentConfirmed).boxed(),
        Kind::AssessmentContested => progress::contested().prop_map(Event::AssessmentContested).boxed(),
        Kind::AssessmentWithdrawn => progress::withdrawn().prop_map(Event::AssessmentWithdrawn).boxed(),
        Kind::PlanAdopted => conduct::plan().prop_map(Event::PlanAdopted).boxed(),
        Kind::MilestoneReported => conduct::milestone_reported().prop_map(Event::MilestoneReported).boxed(),
        Kind::PlanExtended => conduct::extended().prop_map(Event::PlanExtended).boxed(),
        Kind::PlanClosed => conduct::plan_closed().prop_map(Event::PlanClosed).boxed(),
        Kind::IncidentReported => conduct::incident().prop_map(Event::IncidentReported).boxed(),
        Kind::IncidentUpdated => conduct::incident_updated().prop_map(Event::IncidentUpdated).boxed(),
        Kind::IncidentClosed => conduct::incident_closed().prop_map(Event::IncidentClosed).boxed(),
        Kind::ReportPublished => conduct::report().prop_map(Event::ReportPublished).boxed(),
        Kind::StandingDecided => conduct::standing().prop_map(Event::StandingDecided).boxed(),
        Kind::SiteAmended => permit::amended().prop_map(Event::SiteAmended).boxed(),
        Kind::PermitRecorded => permit::recorded().prop_map(Event::PermitRecorded).boxed(),
        Kind::PermitStatusChanged => permit::changed().prop_map(Event::PermitStatusChanged).boxed(),
        Kind::CapacityEstablished => permit::established().prop_map(Event::CapacityEstablished).boxed(),
        Kind::LotWeighed => trade::weighed().prop_map(Event::LotWeighed).boxed(),
        Kind::LotSampled => trade::sampled().prop_map(Event::LotSampled).boxed(),
        Kind::LotAssayed => trade::assayed().prop_map(Event::LotAssayed).boxed(),
        Kind::LotSealed => trade::sealed().prop_map(Event::LotSealed).boxed(),
        Kind::SealBroken => trade::broken().prop_map(Event::SealBroken).boxed(),
        Kind::TitleTransferred => trade::title().prop_map(Event::TitleTransferred).boxed(),
        Kind::LotsTransformed => trade::transformed().prop_map(Event::LotsTransformed).boxed(),
        Kind::LotExported => trade::exported().prop_map(Event::LotExported).boxed(),
        Kind::LotReceived => trade::received().prop_map(Event::LotReceived).boxed(),
        Kind::LotHeld => trade::held().prop_map(Event::LotHeld).boxed(),
        Kind::LotReleased => trade::released().prop_map(Event::LotReleased).boxed(),
        Kind::LotLost => trade::lost().prop_map(Event::LotLost).boxed(),
        Kind::CorrectionProposed => trade::proposed().prop_map(Event::CorrectionProposed).boxed(),
        Kind::CorrectionConfirmed => trade::confirmed().prop_map(Event::CorrectionConfirmed).boxed(),
    }
}

/// Any signer.
pub(crate) fn arb_signing_key() -> impl Strategy<Value = SigningKey> {
    any::<[u8; 32]>().prop_map(|seed| SigningKey::from_bytes(&seed))
}

/// Any deployment.
pub(crate) fn arb_deployment() -> impl Strategy<Value = DeploymentId> {
    any::<[u8; 32]>().prop_map(DeploymentId::from_bytes)
}

/// Any text that its field allows, up to its full length.
pub(crate) fn arb_text<const MAX: usize>() -> impl Strategy<Value = Text<MAX>> {
    let character = prop_oneof![4 => proptest::char::range(' ', '~'), 1 => any::<char>()];
    vec(character, 1..=MAX).prop_filter_map("blank", |characters| {
        let mut text = String::new();
        for character in characters.into_iter().filter(|c| !c.is_control()) {
            if text.len() + character.len_utf8() <= MAX {
                text.push(character);
            }
        }
        Text::new(text.trim()).ok()
    })
}

/// Any mass that the wire can hold, most of them of the size that lots have.
pub(crate) fn arb_mass() -> impl Strategy<Value = Mass> {
    prop_oneof![3 => 0..=10_000_000_000_u64, 1 => any::<u64>()].prop_map(Mass::from_micrograms)
}

/// Any fineness.
pub(crate) fn arb_fineness() -> impl Strategy<Value = Fineness> {
    (0..=Fineness::PURE.ppm()).prop_map(|ppm| Fineness::from_ppm(ppm).expect("not above a million"))
}

/// Any variant of an enum whose variants have no fields.
fn arb_variant<T: DeserializeOwned + Clone + Debug + 'static>() -> impl Strategy<Value = T> {
    select(every::<T>())
}

fn arb_list<T: Debug + Clone, const MAX: usize>(
    element: impl Strategy<Value = T>,
) -> impl Strategy<Value = List<T, MAX>> {
    vec(element, 0..=ELEMENTS_MAX).prop_map(|elements| elements.try_into().expect("fewer than any list may have"))
}

prop_compose! {
    fn arb_reference()(source in arb_slug(), value in arb_text()) -> Reference {
        Reference { source, value }
    }
}

prop_compose! {
    fn arb_period()(from in arb_date(), to in arb_date()) -> Period {
        Period { from, to }
    }
}

fn arb_subject() -> impl Strategy<Value = Subject> {
    prop_oneof![arb_party().prop_map(Subject::Party), arb_site().prop_map(Subject::Site)]
}

fn arb_slug() -> impl Strategy<Value = Slug> {
    let letters: Vec<char> = ('a'..='z').chain('0'..='9').chain(".-_".chars()).collect();
    vec(select(letters), 1..=SHORT_TEXT_BYTES_MAX).prop_map(|letters| {
        letters
            .into_iter()
            .collect::<String>()
            .parse()
            .expect("letters of a slug")
    })
}

fn arb_country() -> impl Strategy<Value = Country> {
    let letter = || proptest::char::range('A', 'Z');
    (letter(), letter()).prop_map(|(a, b)| format!("{a}{b}").parse().expect("two capital letters"))
}

fn arb_date() -> impl Strategy<Value = Date> {
    any::<i32>().prop_map(Date::from_unix_days)
}

fn arb_timestamp() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp::from_unix_ms)
}

fn arb_position() -> impl Strategy<Value = StreamPosition> {
    any::<u64>().prop_map(StreamPosition::new)
}

fn arb_party() -> impl Strategy<Value = PartyId> {
    any::<[u8; 16]>().prop_map(PartyId::from_bytes)
}

fn arb_site() -> impl Strategy<Value = SiteId> {
    any::<[u8; 16]>().prop_map(SiteId::from_bytes)
}

fn arb_lot() -> impl Strategy<Value = LotId> {
    any::<[u8; 16]>().prop_map(LotId::from_bytes)
}

fn arb_assessment() -> impl Strategy<Value = AssessmentId> {
    any::<[u8; 16]>().prop_map(AssessmentId::from_bytes)
}

fn arb_plan() -> impl Strategy<Value = PlanId> {
    any::<[u8; 16]>().prop_map(PlanId::from_bytes)
}

fn arb_incident() -> impl Strategy<Value = IncidentId> {
    any::<[u8; 16]>().prop_map(IncidentId::from_bytes)
}

fn arb_permit() -> impl Strategy<Value = PermitId> {
    any::<[u8; 16]>().prop_map(PermitId::from_bytes)
}

fn arb_after() -> impl Strategy<Value = StatementId> {
    any::<[u8; 32]>().prop_map(StatementId::from_bytes)
}

fn arb_key() -> impl Strategy<Value = PublicKey> {
    any::<[u8; 32]>().prop_map(PublicKey::from_bytes)
}

fn arb_digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::from_bytes)
}

fn arb_catalogue_digest() -> impl Strategy<Value = CatalogueDigest> {
    any::<[u8; 32]>().prop_map(CatalogueDigest::from_bytes)
}
