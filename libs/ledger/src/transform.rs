//! Rules about what lots become: the balance of gross mass and of gold, mixing, bars; export and receipt.

use event::key::Digest;
use event::units::MASS_MAX;
use event::vocabulary::{
    Bar, CustodyModel, FinenessClaim, LotAfter, LotExported, LotForm, LotReceived, LotsTransformed, Output, PartyKind,
    QuantityBasis, Transformation,
};
use event::{LotId, Mass, PartyId};
use sha2::{Digest as _, Sha256};

use crate::Refusal;
use crate::balance::{Balance, Coming, Going};
use crate::flag::{Flag, FlagKind};
use crate::lot::{
    Content, End, Lot, SealUse, above, custodian_says, documents, free, late, latest, moved, not_grown, not_held,
    not_on_offer, ordered, possible_mass, ppm_of, taken,
};
use crate::measure::known_witness;
use crate::policy::Policy;
use crate::rules::{Said, is_increasing};
use crate::state::{Change, Flow, Ledger};

/// What goes into a transformation, looked up.
struct Inputs {
    lots: Vec<(LotId, Lot)>,
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
    let balance = Balance::of(policy, &inputs.going(), &Coming::of(event));
    if let Some(fault) = balance.faults().next() {
        return Err(fault);
    }
    let seals = seals_of(event)?;
    free(ledger, &seals)?;
    let bars = bars(ledger, said, event)?;
    let outputs = outputs(policy, said, event, (&inputs, balance.most));
    let expected = expected(policy, event, &inputs, balance.gross);
    let mut changes = consumed(said, &inputs, outputs.len());
    for ((id, lot), output) in outputs.iter().zip(&event.outputs) {
        changes.push(Change::Lot(*id, Box::new(*lot)));
        changes.extend(taken(*id, &output.seals, SealUse::Whole));
        changes.extend(balance.flags(*id));
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
    let (ppm, line) = (
        ppm_of(missing, lot.gross_mass),
        ledger.policy().loss(lot.form).alert_ppm,
    );
    changes.extend(above(FlagKind::UnusualLoss, event.lot, ppm, line.into()));
    changes.extend(documents(ledger, event.lot, &event.documents, false));
    Ok(changes)
}

/// What a transformation did that was admitted where all of its inputs were known, as far as that is known here: what came out
/// is as the statement says, and what it cannot say is as weak as may be. What went in and is known here has ended.
pub(crate) fn transformed_unseen(ledger: &Ledger, said: &Said<'_>, event: &LotsTransformed) -> Vec<Change> {
    let known = |input: &LotAfter| Some((input.lot, *ledger.lot(&input.lot)?));
    let known = Inputs {
        lots: event.inputs.iter().filter_map(known).collect(),
    };
    let is_whole = known.lots.len() == event.inputs.len();
    let unseen = |input: &LotAfter| (input.lot, unseen(said, event, input));
    let inputs = Inputs {
        lots: event.inputs.iter().map(unseen).collect(),
    };
    let outputs = outputs(
        ledger.policy(),
        said,
        event,
        (if is_whole { &known } else { &inputs }, MASS_MAX),
    );
    let mut changes = consumed(said, &known, outputs.len());
    for ((id, lot), output) in outputs.iter().zip(&event.outputs) {
        changes.push(Change::Lot(*id, Box::new(*lot)));
        changes.extend(taken(*id, &output.seals, SealUse::Whole));
    }
    changes.extend(bars(ledger, said, event).unwrap_or_default());
    if is_whole && known.lots.iter().all(|(_, lot)| lot.content.is_some()) {
        changes.push(Change::Flow(Box::new(flow(&known, &outputs, event))));
    }
    changes
}

/// An input of which nothing is known but what follows from its being one.
fn unseen(said: &Said<'_>, event: &LotsTransformed, input: &LotAfter) -> Lot {
    Lot {
        site: None,
        country: None,
        by: said.party,
        custodian: said.party,
        owner: said.party,
        form: LotForm::Dore,
        basis: QuantityBasis::Weighed,
        custody_model: event.custody_model,
        declared_mass: MASS_MAX,
        gross_mass: MASS_MAX,
        content: None,
        fine_mass_max: MASS_MAX,
        seals: 0,
        latest: input.after,
        latest_at: said.admitted_at,
        latest_position: said.position,
        latest_by: said.party,
        fresh: None,
        offer: None,
        exported: None,
        received_by: None,
        end: None,
    }
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
    let mut inputs = Inputs {
        lots: Vec::with_capacity(event.inputs.len()),
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
        if lot.content.is_none() {
            return Err(Refusal::ContentUnknown);
        }
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

    fn going(&self) -> Vec<Going> {
        let going = |(_, lot): &(LotId, Lot)| Going {
            form: lot.form,
            gross_mass: lot.gross_mass,
            content: lot.content.map(|content| content.claim()),
            fine_mass_max: Some(lot.fine_mass_max),
        };
        self.lots.iter().map(going).collect()
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

/// Between which finenesses that comes out of a mix which is no residue: from the least fine of what went in to the finest,
/// as far as what was lost or left as residue explains it. Nothing is expected of what is not mixed.
fn expected(policy: &Policy, event: &LotsTransformed, inputs: &Inputs, gross: Mass) -> Option<(u32, u32)> {
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
        u128::from(highest.ppm()) * u128::from(gross.micrograms()) / u128::from(metal.micrograms().max(1));
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
fn outputs(
    policy: &Policy,
    said: &Said<'_>,
    event: &LotsTransformed,
    (inputs, most): (&Inputs, Mass),
) -> Vec<(LotId, Lot)> {
    let first = inputs.first();
    let golds: Vec<_> = event
        .outputs
        .iter()
        .map(|out| out.gross_mass.fine(out.fineness.fineness))
        .collect();
    let gold: Mass = golds.iter().copied().sum();
    let slack = most.minus(gold).minus(event.lost_fine_mass);
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
