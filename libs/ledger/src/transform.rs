//! Rules about what lots become: the balance of gross mass and of gold, mixing, bars; export and receipt.

use event::key::Digest;
use event::vocabulary::{
    Bar, CustodyModel, FinenessClaim, LotAfter, LotExported, LotForm, LotReceived, LotsTransformed, Output, PartyKind,
    QuantityBasis, Transformation,
};
use event::{LotId, Mass, PartyId};
use sha2::{Digest as _, Sha256};

use crate::Refusal;
use crate::flag::{Flag, FlagKind};
use crate::lot::{
    Content, End, Lot, SealUse, above, custodian_says, documents, free, late, latest, moved, not_grown, not_held,
    not_on_offer, ordered, possible_mass, taken,
};
use crate::measure::known_witness;
use crate::policy::Policy;
use crate::rules::{Said, is_increasing};
use crate::state::{Change, Flow, Ledger};

/// What goes into a transformation, looked up.
struct Inputs {
    lots: Vec<(LotId, Lot)>,
    gross: Mass,
    /// The gold in them as they are held to be.
    fine: Mass,
    /// The least gold that can be in them.
    least: Mass,
    /// The most gold that can be in them.
    most: Mass,
}

pub(crate) fn lots_transformed(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &LotsTransformed,
) -> Result<Vec<Change>, Refusal> {
    in_order(&event.inputs)?;
    for output in &event.outputs {
        possible_mass(output.gross_mass)?;
        ordered(&output.seals)?;
    }
    shape(event)?;
    bars_in_place(said, event)?;
    known_witness(ledger, event.witness)?;
    let inputs = inputs(ledger, said, event)?;
    same_form(event, &inputs)?;
    forward(event, &inputs)?;
    let model = model(&inputs);
    if event.custody_model < model {
        return Err(Refusal::ModelTooStrong);
    }
    let policy = ledger.policy();
    let gross_lost = gross_balance(policy, event, &inputs)?;
    let fine_lost = fine_balance(policy, event, &inputs)?;
    let seals = seals_of(event)?;
    free(ledger, &seals)?;
    let bars = bars(ledger, said, event)?;
    let outputs = outputs(policy, said, event, &inputs);
    let expected = expected(policy, event, &inputs);
    let mut changes = consumed(said, &inputs, outputs.len());
    for ((id, lot), output) in outputs.iter().zip(&event.outputs) {
        changes.push(Change::Lot(*id, Box::new(*lot)));
        changes.extend(taken(*id, &output.seals, SealUse::Whole));
        changes.extend(gross_lost.flag(*id));
        changes.extend(fine_lost.flag(*id));
        changes.extend(expected.and_then(|expected| outside(policy, *id, output, expected)));
        changes.extend(late(ledger, said, *id));
    }
    changes.extend(bars);
    let first = outputs.first().map(|(id, _)| *id).expect("every shape has outputs");
    changes.extend(documents(ledger, first, &event.documents, true));
    changes.push(Change::Flow(Box::new(flow(&inputs, &outputs, event))));
    Ok(changes)
}

pub(crate) fn lot_exported(ledger: &Ledger, said: &Said<'_>, event: &LotExported) -> Result<Vec<Change>, Refusal> {
    in_order(&event.lots)?;
    possible_mass(event.certified_gross_mass)?;
    if event.expires < event.issued || event.issued.plus_days(ledger.policy().certificate_days_max) < event.expires {
        return Err(Refusal::CertificateDays);
    }
    let today = said.admitted_at.date();
    if today < event.issued || event.expires < today {
        return Err(Refusal::CertificateNotValid);
    }
    if event.from == event.to {
        return Err(Refusal::ExportToSelf);
    }
    ledger.party(&event.importer).ok_or(Refusal::UnknownReceiver)?;
    let mut changes = Vec::new();
    let mut gross = Mass::ZERO;
    for LotAfter { lot: id, after } in &event.lots {
        let lot = latest(ledger, *id, *after)?;
        custodian_says(&lot, said)?;
        not_on_offer(&lot, said)?;
        not_held(ledger, said, *id, &lot)?;
        if lot.exported == Some(event.from) {
            return Err(Refusal::LotExported);
        }
        gross = gross.plus(lot.gross_mass);
        let exported = Some(event.from);
        changes.extend(moved(ledger, said, *id, &Lot { exported, ..lot }));
        if lot.exported.is_none() && lot.country.is_some_and(|country| country != event.from) {
            changes.push(Change::Flag(Flag::new(FlagKind::OtherOrigin, *id)));
        }
    }
    if ledger.policy().weighing_tolerance(gross) < gross.apart(event.certified_gross_mass) {
        return Err(Refusal::CertifiedMassDiffers);
    }
    let certificate = ledger.take_reference("certificate", Some(&event.certificate));
    changes.extend(certificate.map_err(|_| Refusal::CertificateTaken)?);
    let first = event.lots.first().expect("at least one stands in order").lot;
    changes.extend(documents(ledger, first, &event.documents, true));
    Ok(changes)
}

pub(crate) fn lot_received(ledger: &Ledger, said: &Said<'_>, event: &LotReceived) -> Result<Vec<Change>, Refusal> {
    if said.kind != PartyKind::Refiner {
        return Err(Refusal::RefinerOnly);
    }
    possible_mass(event.after_melt_mass)?;
    if ledger.policy().latest_allowed(said.admitted_at).date() < event.arrived {
        return Err(Refusal::ArrivalInFuture);
    }
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    not_on_offer(&lot, said)?;
    not_held(ledger, said, event.lot, &lot)?;
    if lot.received_by == Some(said.party) {
        return Err(Refusal::LotReceived);
    }
    if 0 < lot.seals {
        return Err(Refusal::SealsWhole);
    }
    not_grown(ledger.policy(), &lot, event.after_melt_mass)?;
    let number = taken_by(ledger, "refinery-lot", said.party, &[event.refinery_lot.as_str()]);
    let number = number.ok_or(Refusal::RefineryLotTaken)?;
    let received = Lot {
        gross_mass: event.after_melt_mass,
        received_by: Some(said.party),
        ..lot
    };
    let mut changes = moved(ledger, said, event.lot, &received);
    changes.push(number);
    let missing = lot.gross_mass.minus(event.after_melt_mass);
    if let Some(loss) = ledger.policy().loss_ppm(lot.form) {
        let ppm = ppm_of(missing, lot.gross_mass);
        changes.extend(above(FlagKind::UnusualLoss, event.lot, ppm, loss.alert_ppm.into()));
    }
    changes.extend(documents(ledger, event.lot, &event.documents, false));
    Ok(changes)
}

fn in_order(lots: &[LotAfter]) -> Result<(), Refusal> {
    if lots.is_empty() || !is_increasing(lots, |each| &each.lot) {
        return Err(Refusal::LotsNotOrdered);
    }
    Ok(())
}

fn shape(event: &LotsTransformed) -> Result<(), Refusal> {
    let (inputs, outputs) = (event.inputs.len(), event.outputs.len());
    let fits = match event.how {
        Transformation::Split => inputs == 1 && 2 <= outputs,
        Transformation::Merge => 2 <= inputs && outputs == 1,
        Transformation::Melt | Transformation::Refine | Transformation::Cast => 1 <= outputs,
    };
    if !fits {
        return Err(Refusal::TransformationShape);
    }
    Ok(())
}

/// All that a refiner casts bears its stamps, and nothing else does.
fn bars_in_place(said: &Said<'_>, event: &LotsTransformed) -> Result<(), Refusal> {
    let casts = event.how == Transformation::Cast;
    let fits = |output: &Output| casts == output.bar.is_some() && (!casts || output.form == LotForm::Fine);
    if (casts && said.kind != PartyKind::Refiner) || !event.outputs.iter().all(fits) {
        return Err(Refusal::BarOutOfPlace);
    }
    Ok(())
}

fn inputs(ledger: &Ledger, said: &Said<'_>, event: &LotsTransformed) -> Result<Inputs, Refusal> {
    let policy = ledger.policy();
    let mut inputs = Inputs {
        lots: Vec::with_capacity(event.inputs.len()),
        gross: Mass::ZERO,
        fine: Mass::ZERO,
        least: Mass::ZERO,
        most: Mass::ZERO,
    };
    for LotAfter { lot: id, after } in &event.inputs {
        let lot = latest(ledger, *id, *after)?;
        custodian_says(&lot, said)?;
        not_on_offer(&lot, said)?;
        if ledger.is_held(id) {
            return Err(Refusal::HoldOpen);
        }
        if 0 < lot.seals {
            return Err(Refusal::SealsWhole);
        }
        let (Some(content), Some(fine)) = (lot.content, lot.fine_mass()) else {
            return Err(Refusal::ContentUnknown);
        };
        inputs.gross = inputs.gross.plus(lot.gross_mass);
        inputs.fine = inputs.fine.plus(fine);
        inputs.least = inputs.least.plus(content.least(lot.gross_mass, policy).min(fine));
        inputs.most = inputs.most.plus(lot.fine_limit(policy));
        inputs.lots.push((*id, lot));
    }
    // Once for all: deriving a standing is dear.
    if inputs.lots.iter().any(|(_, lot)| lot.by == said.party) && ledger.is_suspended(said.party, said.admitted_at) {
        return Err(Refusal::LotHeld);
    }
    let owner = inputs.first().owner;
    if inputs.lots.iter().any(|(_, lot)| lot.owner != owner) {
        return Err(Refusal::OwnersDiffer);
    }
    Ok(inputs)
}

impl Inputs {
    fn first(&self) -> &Lot {
        &self.lots.first().expect("at least one stands in order").1
    }

    /// What all of them share.
    fn common<T: PartialEq>(&self, of: impl Fn(&Lot) -> Option<T>) -> Option<T> {
        let first = of(self.first())?;
        let is_same = self.lots.iter().all(|(_, lot)| of(lot).as_ref() == Some(&first));
        is_same.then_some(first)
    }

    fn contents(&self) -> impl Iterator<Item = &Content> {
        self.lots.iter().filter_map(|(_, lot)| lot.content.as_ref())
    }
}

/// What is split stays what it is.
fn same_form(event: &LotsTransformed, inputs: &Inputs) -> Result<(), Refusal> {
    if event.how != Transformation::Split {
        return Ok(());
    }
    let lot = inputs.first();
    let fineness = lot.content.map(|content| content.fineness);
    let is_same = |output: &Output| output.form == lot.form && Some(output.fineness.fineness) == fineness;
    if !event.outputs.iter().all(is_same) {
        return Err(Refusal::TransformationShape);
    }
    Ok(())
}

/// Metal does not become what is dug, and only fine gold is cast.
fn forward(event: &LotsTransformed, inputs: &Inputs) -> Result<(), Refusal> {
    let is_metal = |form: LotForm| matches!(form, LotForm::Dore | LotForm::Fine);
    let has_metal = inputs.lots.iter().any(|(_, lot)| is_metal(lot.form));
    let is_forward = |output: &Output| is_metal(output.form) || output.form == LotForm::Residue;
    if has_metal && !event.outputs.iter().all(is_forward) {
        return Err(Refusal::FormReversed);
    }
    let all_fine = inputs.lots.iter().all(|(_, lot)| lot.form == LotForm::Fine);
    if event.how == Transformation::Cast && !all_fine {
        return Err(Refusal::BarOutOfPlace);
    }
    Ok(())
}

/// The strongest promise that still holds of the inputs together.
fn model(inputs: &Inputs) -> CustodyModel {
    let weakest = inputs.lots.iter().map(|(_, lot)| lot.custody_model).max();
    let weakest = weakest.expect("at least one stands in order");
    match inputs.common(|lot| lot.site) {
        Some(_) => weakest,
        // One lot of several sites is mixed already, and stays as mixed as it is.
        None if inputs.lots.len() == 1 => weakest,
        None => weakest.max(CustodyModel::Segregated),
    }
}

/// What is lost, and from where on that is shown; both in parts per million.
struct Lost {
    ppm: u64,
    alert_ppm: u64,
}

impl Lost {
    fn flag(&self, lot: LotId) -> Option<Change> {
        above(FlagKind::UnusualLoss, lot, self.ppm, self.alert_ppm)
    }
}

fn gross_balance(policy: &Policy, event: &LotsTransformed, inputs: &Inputs) -> Result<Lost, Refusal> {
    let came_out: Mass = event.outputs.iter().map(|output| output.gross_mass).sum();
    let accounted = came_out.plus(event.lost_gross_mass);
    if policy.weighing_tolerance(inputs.gross) < accounted.apart(inputs.gross) {
        return Err(Refusal::GrossUnbalanced);
    }
    let lost = inputs.gross.minus(came_out);
    let lots = || inputs.lots.iter().map(|(_, lot)| (lot.form, lot.gross_mass));
    let allowed: Mass = lots().map(|(form, mass)| policy.loss_max(form, mass)).sum();
    let usual = |(form, mass): (LotForm, Mass)| policy.loss_ppm(form).map_or(mass, |loss| mass.ppm(loss.alert_ppm));
    let alert: Mass = lots().map(usual).sum();
    // Two weighings of the same thing differ by the scales alone.
    if allowed.plus(policy.weighing_tolerance(inputs.gross)) < lost {
        return Err(Refusal::LossTooLarge);
    }
    Ok(Lost {
        ppm: ppm_of(lost, inputs.gross),
        alert_ppm: ppm_of(alert.plus(policy.weighing_tolerance(inputs.gross)), inputs.gross),
    })
}

fn fine_balance(policy: &Policy, event: &LotsTransformed, inputs: &Inputs) -> Result<Lost, Refusal> {
    let gold = |output: &Output| output.gross_mass.fine(output.fineness.fineness);
    let at_most = |output: &Output| {
        let FinenessClaim { fineness, method } = output.fineness;
        output.gross_mass.fine(policy.highest(fineness, method))
    };
    let came_out: Mass = event.outputs.iter().map(gold).sum();
    if inputs.most < came_out.plus(event.lost_fine_mass) {
        return Err(Refusal::FineMassGrew);
    }
    let accounted: Mass = event.outputs.iter().map(at_most).sum();
    if accounted.plus(event.lost_fine_mass) < inputs.least {
        return Err(Refusal::FineUnbalanced);
    }
    if event.lost_gross_mass < event.lost_fine_mass {
        return Err(Refusal::FineUnbalanced);
    }
    Ok(Lost {
        ppm: ppm_of(event.lost_fine_mass, inputs.fine),
        alert_ppm: match event.how {
            Transformation::Refine | Transformation::Cast => policy.refiner_loss_ppm_alert.into(),
            _ => policy.fine_loss_ppm_alert.into(),
        },
    })
}

/// Between which finenesses that comes out of a mix which is no residue: from the least fine of what went in to the finest,
/// as far as what was lost or left as residue explains it. Nothing is expected of what is not mixed.
fn expected(policy: &Policy, event: &LotsTransformed, inputs: &Inputs) -> Option<(u32, u32)> {
    if !matches!(event.how, Transformation::Melt | Transformation::Merge) {
        return None;
    }
    let lowest = inputs
        .contents()
        .map(|content| policy.lowest(content.fineness, content.method))
        .min()?;
    let highest = inputs
        .contents()
        .map(|content| policy.highest(content.fineness, content.method))
        .max()?;
    let metal = event.outputs.iter().filter(|output| output.form != LotForm::Residue);
    let metal: Mass = metal.map(|output| output.gross_mass).sum();
    let concentrated =
        u128::from(highest.ppm()) * u128::from(inputs.gross.micrograms()) / u128::from(metal.micrograms().max(1));
    let highest = u32::try_from(concentrated).unwrap_or(u32::MAX).max(highest.ppm());
    Some((lowest.ppm(), highest))
}

fn outside(policy: &Policy, id: LotId, output: &Output, (lowest, highest): (u32, u32)) -> Option<Change> {
    if output.form == LotForm::Residue {
        return None;
    }
    let FinenessClaim { fineness, method } = output.fineness;
    let line = if highest < policy.lowest(fineness, method).ppm() {
        highest
    } else if policy.highest(fineness, method).ppm() < lowest {
        lowest
    } else {
        return None;
    };
    Some(Change::Flag(Flag::with(
        FlagKind::FinenessOutsideInputs,
        id,
        fineness.ppm().into(),
        line.into(),
    )))
}

/// The seals of all outputs, in increasing order, each once.
fn seals_of(event: &LotsTransformed) -> Result<Vec<event::vocabulary::ShortText>, Refusal> {
    let mut seals: Vec<_> = event.outputs.iter().flat_map(|output| &output.seals).cloned().collect();
    seals.sort_unstable();
    if seals.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::SealTaken);
    }
    Ok(seals)
}

fn bars(ledger: &Ledger, said: &Said<'_>, event: &LotsTransformed) -> Result<Vec<Change>, Refusal> {
    let mut stamps: Vec<_> = event.outputs.iter().filter_map(|output| output.bar.as_ref()).collect();
    stamps.sort_unstable();
    if stamps.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::BarTaken);
    }
    let bar = |bar: &&Bar| {
        let year = bar.year.to_string();
        taken_by(
            ledger,
            "bar",
            said.party,
            &[bar.brand.as_str(), bar.serial.as_str(), &year],
        )
    };
    stamps.iter().map(|stamp| bar(stamp).ok_or(Refusal::BarTaken)).collect()
}

/// Takes a number within those that a party gives, once for ever; none where it is taken.
fn taken_by(ledger: &Ledger, kind: &str, party: PartyId, number: &[&str]) -> Option<Change> {
    let hash = Sha256::new()
        .chain_update(kind)
        .chain_update("\n")
        .chain_update(party.as_bytes());
    let hash = number
        .iter()
        .fold(hash, |hash, part| hash.chain_update("\n").chain_update(part));
    let digest = Digest::from_bytes(hash.finalize().into());
    (!ledger.references.contains(&digest)).then_some(Change::Reference(digest))
}

/// The lots that come out. The most gold that can be in the inputs is divided among them as the gold is that was found in
/// them, so that no later measurement finds more in all of them than could have gone in.
fn outputs(policy: &Policy, said: &Said<'_>, event: &LotsTransformed, inputs: &Inputs) -> Vec<(LotId, Lot)> {
    let first = inputs.first();
    let golds: Vec<_> = event
        .outputs
        .iter()
        .map(|out| out.gross_mass.fine(out.fineness.fineness))
        .collect();
    let gold: Mass = golds.iter().copied().sum();
    let slack = inputs.most.minus(gold).minus(event.lost_fine_mass);
    let is_invented = |(_, lot): &(LotId, Lot)| lot.basis == QuantityBasis::Illustrative;
    let basis = if inputs.lots.iter().any(is_invented) {
        QuantityBasis::Illustrative
    } else {
        QuantityBasis::Weighed
    };
    let split = (event.how == Transformation::Split).then_some(first.content).flatten();
    let (site, country) = (inputs.common(|lot| lot.site), inputs.common(|lot| lot.country));
    let exported = inputs.common(|lot| lot.exported);
    (0..)
        .zip(&event.outputs)
        .zip(golds)
        .map(|((place, output), fine)| {
            let content = split.unwrap_or_else(|| Content::claimed(output.fineness, said));
            let more =
                u128::from(slack.micrograms()) * u128::from(fine.micrograms()) / u128::from(gold.micrograms().max(1));
            let more = Mass::from_micrograms(u64::try_from(more).expect("a part of the slack"));
            let lot = Lot {
                site,
                country,
                by: said.party,
                custodian: said.party,
                owner: first.owner,
                form: output.form,
                basis,
                custody_model: event.custody_model,
                declared_mass: output.gross_mass,
                gross_mass: output.gross_mass,
                content: Some(content),
                fine_mass_max: fine.plus(more).min(content.most(output.gross_mass, policy)),
                seals: u16::try_from(output.seals.len()).expect("a list of few"),
                latest: said.statement.id(),
                latest_at: said.admitted_at,
                latest_position: said.position,
                latest_by: said.party,
                fresh: None,
                offer: None,
                exported,
                received_by: None,
                end: None,
            };
            (LotId::derive(said.statement.id(), place), lot)
        })
        .collect()
}

fn consumed(said: &Said<'_>, inputs: &Inputs, outputs: usize) -> Vec<Change> {
    let end = Some(End::Transformed {
        by: said.statement.id(),
        outputs: u16::try_from(outputs).expect("a list of few"),
    });
    let ended = |(id, lot): &(LotId, Lot)| {
        let lot = Lot {
            latest: said.statement.id(),
            latest_at: said.admitted_at,
            latest_position: said.position,
            latest_by: said.party,
            offer: None,
            end,
            ..*lot
        };
        Change::Lot(*id, Box::new(lot))
    };
    inputs.lots.iter().map(ended).collect()
}

fn flow(inputs: &Inputs, outputs: &[(LotId, Lot)], event: &LotsTransformed) -> Flow {
    let gold = |(id, lot): &(LotId, Lot)| (*id, lot.fine_mass().expect("looked at before"));
    Flow {
        inputs: inputs.lots.iter().map(gold).collect(),
        outputs: outputs.iter().map(gold).collect(),
        lost: event.lost_fine_mass,
    }
}

fn ppm_of(part: Mass, whole: Mass) -> u64 {
    let ppm = u128::from(part.micrograms()) * 1_000_000 / u128::from(whole.micrograms().max(1));
    u64::try_from(ppm).unwrap_or(u64::MAX)
}
