//! Bodies in the order and width of the wire, made without the types that could not hold what is wrong in them.

use event::codec::encode;
use event::key::Digest;
use event::vocabulary::EventKind;
use event::{Mass, Timestamp};
use serde::Serialize;

use super::super::good::{after, lot, party, site};

/// An option that is not there, of whatever it would be.
pub(super) const ABSENT: Option<u32> = None;
/// A list without elements, of whatever they would be.
pub(super) const EMPTY: &[u8] = &[];
/// Two days.
pub(super) const PERIOD: (i32, i32) = (0, 0);
/// A digest of something.
pub(super) const DIGEST: Digest = Digest::from_bytes([0; 32]);

/// A criterion.
pub(super) type Asked<'a> = (
    &'a str,
    u32,
    &'a str,
    Option<u32>,
    Option<u32>,
    Option<&'a str>,
    Option<u32>,
);
/// An indicator.
pub(super) type Measured<'a> = (&'a str, u32, &'a str, Option<u32>, Option<u32>);

/// A body with these fields as its event of this kind.
pub(super) fn event(kind: impl Serialize, fields: &impl Serialize) -> Vec<u8> {
    encode(&(party(), 2_u64, Timestamp::from_unix_ms(0), kind, fields))
}

/// So many digests.
pub(super) fn digests(count: usize) -> Vec<Digest> {
    vec![DIGEST; count]
}

/// A number on the wire, where every unsigned one but a byte is written alike.
pub(super) fn number(value: usize) -> u32 {
    u32::try_from(value).expect("the edges are below 2³²")
}

pub(super) fn retired(reason: &str) -> Vec<u8> {
    event(EventKind::LotRetired, &(lot(), after(), reason))
}

pub(super) fn enrolled(country: &str, languages: usize) -> Vec<u8> {
    let name = "A name";
    event(
        EventKind::PartyEnrolled,
        &(0_u32, name, country, vec!["fr"; languages], ABSENT),
    )
}

/// `claim` is an option of a fineness and its method.
pub(super) fn declared(form: u32, claim: &impl Serialize, seals: &[String]) -> Vec<u8> {
    let mass = Mass::from_micrograms(12);
    event(
        EventKind::LotDeclared,
        &(site(), form, mass, 0_u32, claim, PERIOD, 0_u32, seals, ABSENT, EMPTY),
    )
}

/// A permit of so many sites.
pub(super) fn permitted(kind: u32, sites: usize) -> Vec<u8> {
    let (number, days) = (("register", "17"), (0_i32, ABSENT));
    event(
        EventKind::PermitRecorded,
        &(
            kind,
            number,
            "The authority",
            party(),
            days,
            vec![site(); sites],
            ABSENT,
            ABSENT,
        ),
    )
}

/// An output as it is written, without a bar.
pub(super) fn output(fineness: u32, seals: usize) -> (u32, Mass, (u32, u32), Vec<&'static str>, Option<u32>) {
    (0, Mass::from_micrograms(12), (fineness, 0), vec!["5"; seals], ABSENT)
}

/// So many lots, each with the latest statement on it, became others.
pub(super) fn transformed(how: u32, inputs: usize, outputs: &impl Serialize, documents: usize) -> Vec<u8> {
    let inputs = vec![(lot(), after()); inputs];
    let lost = (Mass::ZERO, Mass::ZERO);
    event(
        EventKind::LotsTransformed,
        &(how, inputs, outputs, 0_u32, lost, ABSENT, ABSENT, digests(documents)),
    )
}

pub(super) fn assayed(gold: u32, silver: Option<u32>, purpose: u32, documents: usize) -> Vec<u8> {
    let left_out = (ABSENT, ABSENT, ABSENT);
    event(
        EventKind::LotAssayed,
        &(
            (lot(), after(), 0_u32, gold, silver, ABSENT, purpose),
            left_out,
            digests(documents),
        ),
    )
}

pub(super) fn catalogue(slug: &str, criteria: &[Asked<'_>]) -> Vec<u8> {
    catalogue_with(slug, criteria, &[])
}

pub(super) fn catalogue_with(slug: &str, criteria: &[Asked<'_>], indicators: &[Measured<'_>]) -> Vec<u8> {
    event(
        EventKind::CataloguePublished,
        &(slug, "1", "CC0-1.0", DIGEST, ABSENT, criteria, indicators),
    )
}

pub(super) fn asked(
    scale: u32,
    module: Option<u32>,
    pillar: Option<u32>,
    theme: Option<&str>,
    replaces: Option<u32>,
) -> Asked<'_> {
    ("asked", scale, "Is it?", module, pillar, theme, replaces)
}

pub(super) fn measured(unit: u32, replaces: Option<u32>) -> Measured<'static> {
    ("measured", unit, "How much?", None, replaces)
}

/// About a site, with findings and measurements as they are written.
pub(super) fn assessed(kind: u32, findings: &impl Serialize, measurements: &impl Serialize) -> Vec<u8> {
    let subject = (1_u32, site());
    event(
        EventKind::AssessmentSubmitted,
        &(subject, kind, PERIOD, DIGEST, findings, measurements, ABSENT),
    )
}
