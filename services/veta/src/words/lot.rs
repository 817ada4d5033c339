//! Sentences about what becomes of a lot.

use event::PartyId;
use event::vocabulary::{
    AssayPurpose, CorrectionProposed, CustodyOffered, Event, Evidence, FinenessMethod, Loss, LotAssayed, LotDeclared,
    LotExported, LotForm, LotHeld, LotLost, LotReceived, LotSampled, LotWeighed, LotsTransformed, Output,
    QuantityBasis, ShortText, Transformation,
};

use super::{country, some};

pub(super) fn sentence(event: &Event) -> String {
    match event {
        Event::LotDeclared(e) => declared(e),
        Event::CustodyOffered(e) => offered(e),
        Event::CustodyAccepted(e) => format!("Accept {}, weighed as {}; seals: {:?}.", e.lot, e.gross_mass, e.seals),
        Event::CustodyDeclined(e) => format!("Decline {}: {}", e.lot, e.reason),
        Event::OfferWithdrawn(e) => format!("Withdraw the offer of {}.", e.lot),
        Event::TitleTransferred(e) => format!("Give the title to {} to {}{}.", e.lot, e.to, files(&e.documents)),
        Event::LotWeighed(e) => weighed(e),
        Event::LotSampled(e) => sampled(e),
        Event::LotAssayed(e) => assayed(e),
        Event::LotSealed(e) => format!(
            "Close {} with the seals {}{}.",
            e.lot,
            numbers(&e.seals),
            files(&e.documents)
        ),
        Event::SealBroken(e) => format!("Break the seals {} of {}: {}", numbers(&e.seals), e.lot, e.reason),
        Event::LotsTransformed(e) => transformed(e),
        Event::LotExported(e) => exported(e),
        Event::LotReceived(e) => received(e),
        Event::LotHeld(e) => held(e),
        Event::LotReleased(e) => format!("Let {} move again: {}", e.lot, e.reason),
        Event::LotRetired(e) => format!("Retire {}: {}", e.lot, e.reason),
        Event::LotLost(e) => lost(e),
        Event::CorrectionProposed(e) => corrected(e),
        Event::CorrectionConfirmed(e) => format!("Confirm the correction {} of {}.", e.proposal, e.lot),
        // Every other kind has its sentence elsewhere.
        other => format!("State {}.", other.kind().name()),
    }
}

/// A form in the middle of a sentence.
pub(crate) const fn form(form: LotForm) -> &'static str {
    match form {
        LotForm::Concentrate => "concentrate",
        LotForm::Amalgam => "amalgam",
        LotForm::Sponge => "sponge",
        LotForm::Dust => "dust",
        LotForm::Dore => "doré",
        LotForm::Fine => "refined gold",
        LotForm::Residue => "residue",
    }
}

fn declared(e: &LotDeclared) -> String {
    let basis = match e.basis {
        QuantityBasis::Weighed => "weighed",
        QuantityBasis::Illustrative => "an INVENTED quantity, for demonstration",
    };
    let miners = e.miners.map(|miners| format!(", dug by {miners} miners"));
    format!(
        "Declare a lot of {} ({basis}) of {} from {}{}{}.",
        e.gross_mass,
        form(e.form),
        e.site,
        miners.unwrap_or_default(),
        files(&e.documents)
    )
}

fn offered(e: &CustodyOffered) -> String {
    let title = if e.with_title { ", and the title with it" } else { "" };
    format!("Offer {} to {}{title}{}.", e.lot, e.to, files(&e.documents))
}

fn weighed(e: &LotWeighed) -> String {
    let scale = e.scale.as_ref();
    let scale = scale.map(|scale| format!(" on the scale {:?}", scale.as_str()));
    let calibrated = e.calibrated.map(|day| format!(", calibrated on {day}"));
    format!(
        "State that {} weighs {}{}{}{}{}.",
        e.lot,
        e.gross_mass,
        scale.unwrap_or_default(),
        calibrated.unwrap_or_default(),
        witnessed(e.witness),
        files(&e.documents)
    )
}

fn sampled(e: &LotSampled) -> String {
    format!(
        "State that the samples {} were taken of {}{}{}.",
        numbers(&e.samples),
        e.lot,
        melt(e.melt.as_ref()),
        witnessed(e.witness)
    )
}

fn assayed(e: &LotAssayed) -> String {
    let method = match e.method {
        FinenessMethod::Estimate => "by eye",
        FinenessMethod::Touchstone => "by touchstone",
        FinenessMethod::Density => "by density",
        FinenessMethod::Xrf => "by X-ray fluorescence",
        FinenessMethod::FireAssay => "by fire assay",
    };
    let purpose = match e.purpose {
        AssayPurpose::Blind => "without being told whose it is",
        AssayPurpose::Control => "for the books",
        AssayPurpose::Settlement => "to settle the price",
        AssayPurpose::Umpire => "as umpire",
    };
    let silver = e.silver.map(|silver| format!(", silver {silver}"));
    let uncertainty = e.uncertainty_ppm.map(|ppm| format!(", within {ppm} ppm"));
    let sample = e.sample.as_ref();
    let sample = sample.map(|sample| format!(", on the sample {:?}", sample.as_str()));
    let replaces = e.replaces.map(|earlier| format!(", instead of {earlier}"));
    let details = [silver, uncertainty, sample, replaces].into_iter().flatten();
    format!(
        "State that {} is of fineness {}, found {method} {purpose}{}{}{}.",
        e.lot,
        e.gold,
        details.collect::<String>(),
        melt(e.melt.as_ref()),
        files(&e.documents)
    )
}

fn transformed(e: &LotsTransformed) -> String {
    let how = match e.how {
        Transformation::Melt => "Melt",
        Transformation::Merge => "Put together",
        Transformation::Split => "Take apart",
        Transformation::Refine => "Refine",
        Transformation::Cast => "Cast",
    };
    format!(
        "{how} {} into {}; gone: {} with {} of gold in it{}{}{}.",
        some(e.inputs.iter().map(|input| input.lot.to_string())),
        some(e.outputs.iter().map(output)),
        e.lost_gross_mass,
        e.lost_fine_mass,
        melt(e.melt.as_ref()),
        witnessed(e.witness),
        files(&e.documents)
    )
}

fn output(output: &Output) -> String {
    let bar = output.bar.as_ref();
    let bar = bar.map(|bar| format!(", bar {:?} {:?} {}", bar.brand.as_str(), bar.serial.as_str(), bar.year));
    format!(
        "{} of {} of fineness {}{}",
        output.gross_mass,
        form(output.form),
        output.fineness.fineness,
        bar.unwrap_or_default()
    )
}

fn exported(e: &LotExported) -> String {
    format!(
        "Export {} from {} to {} for {}, {} in all by the certificate {:?} of {:?}, issued by {:?}, valid from {} to {}; HS \
         code {:?}{}.",
        some(e.lots.iter().map(|each| each.lot.to_string())),
        country(&e.from.to_string()),
        country(&e.to.to_string()),
        e.importer,
        e.certified_gross_mass,
        e.certificate.value.as_str(),
        e.certificate.source.as_str(),
        e.authority.as_str(),
        e.issued,
        e.expires,
        e.hs_code.as_str(),
        files(&e.documents)
    )
}

fn received(e: &LotReceived) -> String {
    let discrepancy = e.discrepancy.as_ref();
    let discrepancy = discrepancy.map(|why| format!(", which differs because {:?}", why.as_str()));
    format!(
        "Take {}, arrived on {}, into your books as {:?}, {} after melting{}{}.",
        e.lot,
        e.arrived,
        e.refinery_lot.as_str(),
        e.after_melt_mass,
        discrepancy.unwrap_or_default(),
        files(&e.documents)
    )
}

fn held(e: &LotHeld) -> String {
    let incident = e.incident.map(|incident| format!(" because of {incident}"));
    format!(
        "Hold {} and what has become of it{}{}: {}",
        e.lot,
        incident.unwrap_or_default(),
        files(&e.documents),
        e.reason
    )
}

fn lost(e: &LotLost) -> String {
    let how = match e.how {
        Loss::Lost => "lost",
        Loss::Stolen => "stolen",
    };
    let report = e.report.map(|report| format!(" (report {report})"));
    format!(
        "State that {} was {how}{}: {}",
        e.lot,
        report.unwrap_or_default(),
        e.reason
    )
}

fn corrected(e: &CorrectionProposed) -> String {
    format!(
        "State that {} weighed {} where {} says otherwise: {}",
        e.lot, e.gross_mass, e.target, e.reason
    )
}

fn numbers(numbers: &[ShortText]) -> String {
    some(numbers.iter().map(|number| format!("{:?}", number.as_str())))
}

fn melt(melt: Option<&ShortText>) -> String {
    melt.map(|melt| format!(", melt {:?}", melt.as_str()))
        .unwrap_or_default()
}

fn witnessed(witness: Option<PartyId>) -> String {
    witness
        .map(|witness| format!(", seen by {witness}"))
        .unwrap_or_default()
}

fn files(documents: &Evidence) -> String {
    match documents.len() {
        0 => String::new(),
        1 => ", with 1 document".to_owned(),
        count => format!(", with {count} documents"),
    }
}
