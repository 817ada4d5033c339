//! Everything a buyer needs about one lot, in one file that verifies offline (`.veta-proof`).
//!
//! A bundle holds a checkpoint, the last leaf (which has the map's root), and for the lot and for every key, party,
//! site and seal that its statements rest on: a proof of what the map holds for it, and **all** leaves under it. So
//! nothing about the lot can have been left out without changing a hash that the checkpoint signs.
//!
//! The file is canonical JSON: fields in one order, no spaces, byte strings in base64; read strictly, and refused
//! where it would not be written back the same.

mod build;
mod verify;
mod wire;

use event::vocabulary::{Event, LotsTransformed, ShortText};
use event::{PartyId, VerifiedStatement};

use crate::touches::{Touched, policy_key};

pub use build::{BuildError, Source, build};
pub use verify::{BundleError, Entry, Report, verify};

/// The longest bundle.
pub const BUNDLE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Leaves in one bundle: at 300 bytes each, a quarter of [`BUNDLE_BYTES_MAX`] in base64.
pub const BUNDLE_LEAVES_MAX: usize = 40_000;
/// Map keys in one bundle: a proof of 40 steps each is 2,200 bytes, so half of [`BUNDLE_BYTES_MAX`].
pub const BUNDLE_KEYS_MAX: usize = 15_000;

/// What a statement about a lot, or about what that rests on, rests on itself.
fn rests_on(statement: &VerifiedStatement) -> Vec<Touched> {
    let mut keys = vec![policy_key(), Touched::signer(statement.key())];
    if statement.party() != PartyId::FOUNDER {
        keys.push(Touched::party(statement.party()));
    }
    match statement.event() {
        Event::KeyAuthorized(event) => keys.push(Touched::party(event.party)),
        Event::SiteRegistered(event) => keys.push(Touched::party(event.operator)),
        Event::CustodyOffered(event) => keys.push(Touched::party(event.to)),
        Event::DelegationGranted(event) => {
            keys.push(Touched::party(event.to));
            keys.extend(event.sites.iter().map(|site| Touched::site(*site)));
        }
        Event::DelegationRevoked(event) => keys.push(Touched::party(event.to)),
        Event::AssessorAccredited(event) => keys.push(Touched::party(event.assessor)),
        Event::AccreditationWithdrawn(event) => keys.push(Touched::party(event.assessor)),
        Event::StandingDecided(event) => keys.push(Touched::party(event.organization)),
        Event::LotDeclared(event) => {
            keys.push(Touched::site(event.site));
            keys.extend(seals(&event.seals));
        }
        Event::SiteAmended(event) => keys.extend(event.operator.map(Touched::party)),
        Event::PermitRecorded(event) => {
            keys.push(Touched::party(event.holder));
            keys.extend(event.sites.iter().map(|site| Touched::site(*site)));
        }
        Event::PermitStatusChanged(event) => keys.extend(event.sites.iter().map(|site| Touched::site(*site))),
        Event::LotWeighed(event) => keys.extend(event.witness.map(Touched::party)),
        Event::LotSampled(event) => {
            keys.extend(event.witness.map(Touched::party));
            keys.extend(seals(&event.samples));
        }
        Event::LotAssayed(event) => keys.extend(event.sample.iter().map(|seal| Touched::seal(seal.as_str()))),
        Event::LotSealed(event) => keys.extend(seals(&event.seals)),
        Event::SealBroken(event) => keys.extend(seals(&event.seals)),
        Event::TitleTransferred(event) => keys.push(Touched::party(event.to)),
        Event::LotsTransformed(event) => keys.extend(made_of(statement.party(), event)),
        Event::LotExported(event) => {
            keys.push(Touched::party(event.importer));
            keys.push(Touched::certificate(&event.certificate));
            keys.extend(event.lots.iter().map(|each| Touched::lot(each.lot)));
        }
        _ => {}
    }
    keys
}

fn seals(numbers: &[ShortText]) -> impl Iterator<Item = Touched> {
    numbers.iter().map(|seal| Touched::seal(seal.as_str()))
}

/// What was made rests on what it was made of, and on the numbers that it takes.
fn made_of(signer: PartyId, event: &LotsTransformed) -> impl Iterator<Item = Touched> {
    let inputs = event.inputs.iter().map(|input| Touched::lot(input.lot));
    let taken = event.outputs.iter().flat_map(move |output| {
        let bar = output.bar.iter().map(move |bar| Touched::bar(signer, bar));
        seals(&output.seals).chain(bar)
    });
    inputs.chain(taken).chain(event.witness.map(Touched::party))
}
