//! What can be said about permits and lots beyond handing them over, with something sensible in every field.

use event::codec::List;
use event::key::Digest;
use event::vocabulary::{
    AssayPurpose, Bar, CapacityEstablished, CapacityPeriod, CorrectionConfirmed, CorrectionProposed, CustodyModel, Event,
    FinenessClaim, FinenessMethod, LotAfter, LotAssayed, LotExported, LotForm, LotHeld, LotLost, LotReceived,
    LotReleased, LotSampled, LotSealed, LotWeighed, LotsTransformed, Loss, Output, PartyKind, PermitKind,
    PermitRecorded, PermitStatus, PermitStatusChanged, RegisterCheck, SealBroken, SealState, SiteAmended, TitleTransferred,
    Transformation,
};
use event::{Fineness, Mass};

use super::drafts::{
    Draft, accepted, authorized, days, declared, enrolled, founded, grams, list, offered, reference, registered, texts,
};
use super::world::{Say, World, says};

pub(crate) fn ppm(ppm: u32) -> Fineness {
    Fineness::from_ppm(ppm).unwrap()
}

/// By X-ray fluorescence.
pub(crate) fn claim(of: u32) -> FinenessClaim {
    FinenessClaim { fineness: ppm(of), method: FinenessMethod::Xrf }
}

pub(crate) fn micrograms(micrograms: u64) -> Mass {
    Mass::from_micrograms(micrograms)
}

/// In force from a year ago for two years, looked up ten days ago.
pub(crate) fn permitted(number: &str, holder: &str, sites: &[&str]) -> Draft<PermitRecorded> {
    let (number, holder) = (number.to_owned(), holder.to_owned());
    let sites: Vec<_> = sites.iter().map(|site| (*site).to_owned()).collect();
    Draft::new(Event::PermitRecorded, move |world| {
        let mut sites: Vec<_> = sites.iter().map(|site| world.site(site)).collect();
        sites.sort_unstable();
        PermitRecorded {
            kind: PermitKind::Mining,
            number: reference(&format!("cadastre/{number}")),
            authority: "the mining cadastre".parse().unwrap(),
            holder: world.party(&holder),
            from: days(-365),
            until: Some(days(365)),
            sites: list(sites),
            document: None,
            checked: Some(looked_up(-10)),
        }
    })
}

pub(crate) fn looked_up(day: i32) -> RegisterCheck {
    RegisterCheck { register: "the cadastre's portal".parse().unwrap(), on: days(day) }
}

/// From today on.
pub(crate) fn permit_is(permit: &str, status: PermitStatus, sites: &[&str]) -> Draft<PermitStatusChanged> {
    let permit = permit.to_owned();
    let sites: Vec<_> = sites.iter().map(|site| (*site).to_owned()).collect();
    Draft::new(Event::PermitStatusChanged, move |world| {
        let mut sites: Vec<_> = sites.iter().map(|site| world.site(site)).collect();
        sites.sort_unstable();
        PermitStatusChanged {
            permit: world.permit(&permit),
            sites: list(sites),
            status,
            from: days(0),
            checked: None,
            reason: "what the cadastre says".parse().unwrap(),
        }
    })
}

/// In a year, by so many miners.
pub(crate) fn capacity(site: &str, fine: Mass, miners: Option<u32>) -> Draft<CapacityEstablished> {
    let site = site.to_owned();
    Draft::new(Event::CapacityEstablished, move |world| CapacityEstablished {
        site: world.site(&site),
        per: CapacityPeriod::Year,
        fine_mass_max: fine,
        miners_max: miners,
        basis: "miners and days".parse().unwrap(),
    })
}

/// Nothing yet.
pub(crate) fn amended(site: &str) -> Draft<SiteAmended> {
    let site = site.to_owned();
    Draft::new(Event::SiteAmended, move |world| SiteAmended {
        site: world.site(&site),
        operator: None,
        name: None,
        deposit: None,
        fineness_band: None,
        reason: "a survey".parse().unwrap(),
    })
}

pub(crate) fn operated_by(site: &str, operator: &str) -> Draft<SiteAmended> {
    let (plain, operator) = (amended(site), operator.to_owned());
    Draft::new(Event::SiteAmended, move |world| SiteAmended {
        operator: Some(world.party(&operator)),
        ..plain.of(world)
    })
}

pub(crate) fn weighed(lot: &str, gross_mass: Mass) -> Draft<LotWeighed> {
    let lot = lot.to_owned();
    Draft::new(Event::LotWeighed, move |world| LotWeighed {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        gross_mass,
        scale: None,
        calibrated: None,
        witness: None,
        documents: List::empty(),
    })
}

pub(crate) fn sampled(lot: &str, samples: &[&str]) -> Draft<LotSampled> {
    let (lot, samples) = (lot.to_owned(), texts(samples));
    Draft::new(Event::LotSampled, move |world| LotSampled {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        samples: samples.clone(),
        melt: None,
        witness: None,
    })
}

/// A control by fire assay.
pub(crate) fn assayed(lot: &str, gold: u32) -> Draft<LotAssayed> {
    let lot = lot.to_owned();
    Draft::new(Event::LotAssayed, move |world| LotAssayed {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        method: FinenessMethod::FireAssay,
        gold: ppm(gold),
        silver: None,
        uncertainty_ppm: None,
        purpose: AssayPurpose::Control,
        sample: None,
        melt: None,
        replaces: None,
        documents: List::empty(),
    })
}

pub(crate) fn settles(lot: &str, gold: u32) -> Draft<LotAssayed> {
    assayed(lot, gold).but(|e| e.purpose = AssayPurpose::Settlement)
}

pub(crate) fn sealed(lot: &str, seals: &[&str]) -> Draft<LotSealed> {
    let (lot, seals) = (lot.to_owned(), texts(seals));
    Draft::new(Event::LotSealed, move |world| LotSealed {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        seals: seals.clone(),
        documents: List::empty(),
    })
}

pub(crate) fn opened(lot: &str, seals: &[&str]) -> Draft<SealBroken> {
    let (lot, seals) = (lot.to_owned(), texts(seals));
    Draft::new(Event::SealBroken, move |world| SealBroken {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        seals: seals.clone(),
        reason: "to melt it".parse().unwrap(),
    })
}

pub(crate) fn titled(lot: &str, to: &str) -> Draft<TitleTransferred> {
    let (lot, to) = (lot.to_owned(), to.to_owned());
    Draft::new(Event::TitleTransferred, move |world| TitleTransferred {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        to: world.party(&to),
        documents: List::empty(),
    })
}

pub(crate) fn lost(lot: &str) -> Draft<LotLost> {
    let lot = lot.to_owned();
    Draft::new(Event::LotLost, move |world| LotLost {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        how: Loss::Stolen,
        reason: "on the road".parse().unwrap(),
        report: Some(Digest::from_bytes([9; 32])),
    })
}

/// Doré by X-ray fluorescence.
pub(crate) fn out(gross_mass: Mass, of: u32) -> Output {
    Output { form: LotForm::Dore, gross_mass, fineness: claim(of), seals: List::empty(), bar: None }
}

/// A bar of the year 2026.
pub(crate) fn cast(gross_mass: Mass, of: u32, serial: &str) -> Output {
    let bar = Bar { brand: "VETA".parse().unwrap(), serial: serial.parse().unwrap(), year: 2026 };
    Output { form: LotForm::Fine, bar: Some(bar), ..out(gross_mass, of) }
}

/// An offer with the title, and the acceptance of a lot without seals.
pub(crate) fn hands(lot: &str, from: &str, to: &str, mass: Mass) -> [Say; 2] {
    [
        says(from, offered(lot, to).but(|e| e.with_title = true)),
        says(to, accepted(lot, mass).but(|e| e.seals = SealState::None)),
    ]
}

/// The same world, in which a lot changed [`hands`].
pub(crate) fn handed(world: World, lot: &str, from: &str, to: &str, mass: Mass) -> World {
    hands(lot, from, to, mass).into_iter().fold(world, World::and)
}

/// [`made`] by a melt.
pub(crate) fn melts(inputs: &[&str], outputs: &[Output]) -> Draft<LotsTransformed> {
    made(Transformation::Melt, inputs, outputs)
}

/// Nothing lost.
pub(crate) fn made(how: Transformation, inputs: &[&str], outputs: &[Output]) -> Draft<LotsTransformed> {
    let inputs: Vec<_> = inputs.iter().map(|lot| (*lot).to_owned()).collect();
    let outputs = outputs.to_vec();
    Draft::new(Event::LotsTransformed, move |world| LotsTransformed {
        how,
        inputs: list(lots(world, &inputs)),
        outputs: list(outputs.clone()),
        custody_model: CustodyModel::Segregated,
        lost_gross_mass: Mass::ZERO,
        lost_fine_mass: Mass::ZERO,
        melt: None,
        witness: None,
        documents: List::empty(),
    })
}

fn lots(world: &World, names: &[String]) -> Vec<LotAfter> {
    let after = |name: &String| LotAfter { lot: world.lot(name), after: world.latest(name) };
    let mut lots: Vec<_> = names.iter().map(after).collect();
    lots.sort_unstable_by_key(|each| each.lot);
    lots
}

/// From the Congo to the Emirates, to the refiner, certified for as much as the lots weigh.
pub(crate) fn exported(names: &[&str], number: &str) -> Draft<LotExported> {
    let (names, number) = (names.iter().map(|lot| (*lot).to_owned()).collect::<Vec<_>>(), number.to_owned());
    Draft::new(Event::LotExported, move |world| {
        let gross = |name: &String| world.ledger.lot(&world.lot(name)).map_or(grams(1), |lot| lot.gross_mass);
        LotExported {
            lots: list(lots(world, &names)),
            certificate: reference(&format!("icglr/{number}")),
            authority: "the ministry of mines".parse().unwrap(),
            issued: days(-1),
            expires: days(60),
            certified_gross_mass: names.iter().map(gross).sum(),
            from: "CD".parse().unwrap(),
            to: "AE".parse().unwrap(),
            importer: world.party("refiner"),
            hs_code: "7108.12".parse().unwrap(),
            documents: List::empty(),
        }
    })
}

pub(crate) fn received(lot: &str, number: &str, after_melt_mass: Mass) -> Draft<LotReceived> {
    let (lot, number) = (lot.to_owned(), number.to_owned());
    Draft::new(Event::LotReceived, move |world| LotReceived {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        refinery_lot: number.parse().unwrap(),
        arrived: days(0),
        after_melt_mass,
        discrepancy: None,
        documents: List::empty(),
    })
}

pub(crate) fn held(lot: &str) -> Draft<LotHeld> {
    let lot = lot.to_owned();
    Draft::new(Event::LotHeld, move |world| LotHeld {
        lot: world.lot(&lot),
        reason: "what was reported".parse().unwrap(),
        incident: None,
        documents: List::empty(),
    })
}

pub(crate) fn released(lot: &str) -> Draft<LotReleased> {
    let lot = lot.to_owned();
    Draft::new(Event::LotReleased, move |world| LotReleased {
        lot: world.lot(&lot),
        reason: "nothing was found".parse().unwrap(),
    })
}

/// What the statement of this name said the lot weighed.
pub(crate) fn corrected(lot: &str, target: &str, gross_mass: Mass) -> Draft<CorrectionProposed> {
    let (lot, target) = (lot.to_owned(), target.to_owned());
    Draft::new(Event::CorrectionProposed, move |world| CorrectionProposed {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        target: world.said(&target),
        gross_mass,
        reason: "a slip of the pen".parse().unwrap(),
    })
}

/// The latest statement on the lot.
pub(crate) fn agreed(lot: &str) -> Draft<CorrectionConfirmed> {
    let lot = lot.to_owned();
    Draft::new(Event::CorrectionConfirmed, move |world| CorrectionConfirmed {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        proposal: world.latest(&lot),
    })
}

/// 100 grams of dust of 900 ‰ by X-ray fluorescence, whose model lets it be mixed.
pub(crate) fn dug(site: &str) -> Draft<event::vocabulary::LotDeclared> {
    declared(site).but(|e| {
        e.fineness = Some(claim(900_000));
        e.extracted.from = days(-3);
    })
}

/// Two organizations with permits for a site each, `pit` and `creek`, and everyone that gold goes through after them.
pub(crate) fn trade() -> World {
    trade_history().into_iter().fold(World::default(), World::and)
}

/// How [`trade`] came to be.
pub(crate) fn trade_history() -> Vec<Say> {
    const PARTIES: [(&str, PartyKind); 11] = [
        ("mine", PartyKind::MinersOrganization),
        ("rival", PartyKind::InformalMinersGroup),
        ("trader", PartyKind::Trader),
        ("exporter", PartyKind::Exporter),
        ("refiner", PartyKind::Refiner),
        ("buyer", PartyKind::Buyer),
        ("assayer", PartyKind::Assayer),
        ("umpire", PartyKind::Assayer),
        ("monitor", PartyKind::Assessor),
        ("auditor", PartyKind::Auditor),
        ("ministry", PartyKind::Authority),
    ];
    let founding = says("scheme", founded()).called("scheme");
    let entries = PARTIES.into_iter().flat_map(|(name, kind)| {
        [says("scheme", enrolled(kind)).called(name), says("scheme", authorized(name, name))]
    });
    let things = [
        says("scheme", registered("mine")).called("pit"),
        says("scheme", registered("rival")).called("creek"),
        says("ministry", permitted("1", "mine", &["pit"])).called("permit of pit"),
        says("ministry", permitted("2", "rival", &["creek"])).called("permit of creek"),
    ];
    core::iter::once(founding).chain(entries).chain(things).collect()
}
