//! Arbitrary values of the whole vocabulary, for property tests here and wherever statements are read.

use ed25519_dalek::SigningKey;
use event::key::Digest;
use event::vocabulary::{
    Answer, AssessmentKind, AssessmentSubmitted, CatalogueDigest, CataloguePublished, Cell, Country, Criterion,
    CustodyAccepted, CustodyDeclined, CustodyModel, CustodyOffered, Deposit, Finding, FinenessBand, FinenessClaim,
    FinenessMethod, KeyAuthorized, KeyRevoked, LotDeclared, LotForm, LotRetired, OfferWithdrawn, PartyKind,
    PartyProfile, Period, PolicySet, QuantityBasis, Reference, RevocationReason, Scale, SealState, SiteRegistered,
    Slug, Subject, Term,
};
use event::{
    Date, DeploymentId, Event, Fineness, List, LotId, Mass, PartyId, PublicKey, SiteId, Statement, StatementId,
    StreamPosition, Text, Timestamp, vocabulary,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Lists are kept this short, so that every statement fits the longest body allowed.
const ELEMENTS_MAX: usize = 4;

/// Any statement in anybody's name.
pub(crate) fn arb_statement() -> impl Strategy<Value = Statement> {
    (arb_party(), any::<u64>(), arb_timestamp(), arb_event()).prop_map(|(party, number, stated_at, event)| Statement {
        party,
        number,
        stated_at,
        event,
    })
}

/// Any event; each variant as often as any other.
pub(crate) fn arb_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        arb_registry_event(),
        arb_progress_event(),
        arb_lot_event(),
        arb_offer_event()
    ]
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

fn arb_registry_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (arb_text(), arb_profile(), arb_list(arb_term())).prop_map(|(name, scheme, policy)| {
            Event::DeploymentFounded(vocabulary::DeploymentFounded { name, scheme, policy })
        }),
        arb_profile().prop_map(Event::PartyEnrolled),
        (arb_party(), arb_key()).prop_map(|(party, key)| Event::KeyAuthorized(KeyAuthorized { party, key })),
        (arb_key(), arb_reason()).prop_map(|(key, reason)| Event::KeyRevoked(KeyRevoked { key, reason })),
        arb_site_registered(),
        arb_list(arb_term()).prop_map(|terms| Event::PolicySet(PolicySet { terms })),
    ]
}

fn arb_progress_event() -> impl Strategy<Value = Event> {
    prop_oneof![arb_catalogue(), arb_assessment()]
}

fn arb_lot_event() -> impl Strategy<Value = Event> {
    let form = select(vec![
        LotForm::Concentrate,
        LotForm::Amalgam,
        LotForm::Sponge,
        LotForm::Dust,
        LotForm::Dore,
        LotForm::Fine,
    ]);
    let basis = select(vec![QuantityBasis::Weighed, QuantityBasis::Illustrative]);
    let model = select(vec![
        CustodyModel::IdentityPreserved,
        CustodyModel::Segregated,
        CustodyModel::MassBalance,
    ]);
    let fields = (
        arb_site(),
        form,
        arb_mass(),
        basis,
        option::of(arb_claim()),
        arb_period(),
        model,
    );
    (fields, arb_list(arb_text())).prop_map(
        |((site, form, gross_mass, basis, fineness, extracted, custody_model), seals)| {
            Event::LotDeclared(LotDeclared {
                site,
                form,
                gross_mass,
                basis,
                fineness,
                extracted,
                custody_model,
                seals,
            })
        },
    )
}

fn arb_offer_event() -> impl Strategy<Value = Event> {
    let seals = select(vec![SealState::None, SealState::Intact, SealState::Broken]);
    prop_oneof![
        (arb_lot(), arb_after(), arb_party()).prop_map(|(lot, after, to)| Event::CustodyOffered(CustodyOffered {
            lot,
            after,
            to
        })),
        (arb_lot(), arb_after(), arb_mass(), seals).prop_map(|(lot, after, gross_mass, seals)| {
            Event::CustodyAccepted(CustodyAccepted {
                lot,
                after,
                gross_mass,
                seals,
            })
        }),
        (arb_lot(), arb_after(), arb_text()).prop_map(|(lot, after, reason)| Event::CustodyDeclined(CustodyDeclined {
            lot,
            after,
            reason
        })),
        (arb_lot(), arb_after()).prop_map(|(lot, after)| Event::OfferWithdrawn(OfferWithdrawn { lot, after })),
        (arb_lot(), arb_after(), arb_text()).prop_map(|(lot, after, reason)| Event::LotRetired(LotRetired {
            lot,
            after,
            reason
        })),
    ]
}

fn arb_site_registered() -> impl Strategy<Value = Event> {
    let deposit = select(vec![
        Deposit::Unknown,
        Deposit::Alluvial,
        Deposit::Eluvial,
        Deposit::Primary,
        Deposit::Tailings,
    ]);
    let cell = (any::<i16>(), any::<i16>()).prop_map(|(south, west)| Cell { south, west });
    let band = (arb_fineness(), arb_fineness()).prop_map(|(from, to)| FinenessBand { from, to });
    let place = (
        arb_text(),
        arb_country(),
        option::of(arb_text()),
        option::of(cell),
        deposit,
    );
    let rest = (option::of(arb_digest()), option::of(band), option::of(arb_reference()));
    (arb_party(), place, rest).prop_map(|(operator, (name, country, area, cell, deposit), rest)| {
        let (point_commitment, fineness_band, reference) = rest;
        Event::SiteRegistered(SiteRegistered {
            operator,
            name,
            country,
            area,
            cell,
            deposit,
            point_commitment,
            fineness_band,
            reference,
        })
    })
}

fn arb_catalogue() -> impl Strategy<Value = Event> {
    let scale = prop_oneof![
        Just(Scale::PassFail),
        Just(Scale::Observation),
        any::<u8>().prop_map(|max| Scale::Level { max }),
        Just(Scale::Count),
        Just(Scale::Words),
    ];
    let criterion =
        (arb_slug(), scale, arb_text()).prop_map(|(slug, scale, question)| Criterion { slug, scale, question });
    let fields = (arb_slug(), arb_text(), arb_text(), arb_digest(), arb_list(criterion));
    fields.prop_map(|(slug, version, licence, full_text, criteria)| {
        Event::CataloguePublished(CataloguePublished {
            slug,
            version,
            licence,
            full_text,
            criteria,
        })
    })
}

fn arb_assessment() -> impl Strategy<Value = Event> {
    let subject = prop_oneof![arb_party().prop_map(Subject::Party), arb_site().prop_map(Subject::Site)];
    let kind = select(vec![
        AssessmentKind::SelfReported,
        AssessmentKind::Implementer,
        AssessmentKind::Monitor,
        AssessmentKind::ThirdParty,
    ]);
    let catalogue = any::<[u8; 32]>().prop_map(CatalogueDigest::from_bytes);
    let finding =
        (any::<u16>(), arb_answer(), arb_list(arb_digest())).prop_map(|(criterion, answer, evidence)| Finding {
            criterion,
            answer,
            evidence,
        });
    let fields = (
        subject,
        kind,
        arb_period(),
        catalogue,
        arb_list(finding),
        option::of(arb_reference()),
    );
    fields.prop_map(|(subject, kind, period, catalogue, findings, reference)| {
        Event::AssessmentSubmitted(AssessmentSubmitted {
            subject,
            kind,
            period,
            catalogue,
            findings,
            reference,
        })
    })
}

fn arb_answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        arb_text().prop_map(Answer::NotApplicable),
        select(vec![Answer::Pass, Answer::Fail, Answer::Observed, Answer::NoneObserved]),
        any::<u8>().prop_map(Answer::Level),
        any::<u64>().prop_map(Answer::Count),
        arb_text().prop_map(Answer::Words),
    ]
}

fn arb_profile() -> impl Strategy<Value = PartyProfile> {
    let kind = select(vec![
        PartyKind::MinersOrganization,
        PartyKind::InformalMinersGroup,
        PartyKind::Processor,
        PartyKind::Trader,
        PartyKind::Exporter,
        PartyKind::Carrier,
        PartyKind::Assayer,
        PartyKind::Refiner,
        PartyKind::Buyer,
        PartyKind::Assessor,
        PartyKind::Authority,
        PartyKind::Scheme,
        PartyKind::Auditor,
    ]);
    let fields = (
        kind,
        arb_text(),
        arb_country(),
        arb_list(arb_text()),
        option::of(arb_reference()),
    );
    fields.prop_map(|(kind, name, country, languages, reference)| PartyProfile {
        kind,
        name,
        country,
        languages,
        reference,
    })
}

fn arb_term() -> impl Strategy<Value = Term> {
    prop_oneof![
        any::<u16>().prop_map(Term::RuleVersion),
        any::<u64>().prop_map(Term::FutureSkewMsMax),
        any::<u32>().prop_map(Term::AcceptanceGainPpmMax),
    ]
}

fn arb_reason() -> impl Strategy<Value = RevocationReason> {
    prop_oneof![
        Just(RevocationReason::Left),
        Just(RevocationReason::Lost),
        any::<u64>().prop_map(|since| RevocationReason::Compromised {
            since: StreamPosition::new(since)
        }),
    ]
}

fn arb_claim() -> impl Strategy<Value = FinenessClaim> {
    let method = select(vec![
        FinenessMethod::Estimate,
        FinenessMethod::Touchstone,
        FinenessMethod::Density,
        FinenessMethod::Xrf,
        FinenessMethod::FireAssay,
    ]);
    (arb_fineness(), method).prop_map(|(fineness, method)| FinenessClaim { fineness, method })
}

fn arb_reference() -> impl Strategy<Value = Reference> {
    (arb_slug(), arb_text()).prop_map(|(source, value)| Reference { source, value })
}

fn arb_slug() -> impl Strategy<Value = Slug> {
    let letters: Vec<char> = ('a'..='z').chain('0'..='9').chain(".-_".chars()).collect();
    vec(select(letters), 1..=vocabulary::SHORT_TEXT_BYTES_MAX).prop_map(|letters| {
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

fn arb_list<T: core::fmt::Debug + Clone, const MAX: usize>(
    element: impl Strategy<Value = T>,
) -> impl Strategy<Value = List<T, MAX>> {
    vec(element, 0..=ELEMENTS_MAX).prop_map(|elements| elements.try_into().expect("fewer than any list may have"))
}

fn arb_period() -> impl Strategy<Value = Period> {
    let day = || any::<i32>().prop_map(Date::from_unix_days);
    (day(), day()).prop_map(|(from, to)| Period { from, to })
}

fn arb_timestamp() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp::from_unix_ms)
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

fn arb_after() -> impl Strategy<Value = StatementId> {
    any::<[u8; 32]>().prop_map(StatementId::from_bytes)
}

fn arb_key() -> impl Strategy<Value = PublicKey> {
    any::<[u8; 32]>().prop_map(PublicKey::from_bytes)
}

fn arb_digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::from_bytes)
}
