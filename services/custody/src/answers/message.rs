//! Rows as messages.

use event::vocabulary::{Event, FinenessClaim};
use event::{LotId, Mass};
use ledger::{Flag, SealUse as SealWord};
use rpc::custody::{
    AssayPurpose, Bar, Content, CustodyModel, FlagCount, FlagOnLot, FlagUnit, HoldOnLot, Lot, LotForm, LotState,
    OpenOffer, QuantityBasis, SealUse,
};
use rpc::limits::SEALS_SHOWN_MAX;

use super::Result;
use crate::lineage::Source;
use crate::reading::{Held, KnownLot, Reading, Within};
use crate::rows::{
    ContentRow, Ending, FlagRow, FlagTally, OfferRow, SEALS, SEALS_OF, SealRow, SealState, Standing, unreadable,
};

pub(crate) fn lot(reading: &mut Reading<'_>, known: &KnownLot) -> Result<Lot> {
    let KnownLot { id, birth, now } = known;
    let mut lot = Lot {
        lot_id: id.to_string(),
        declared_by: Some(reading.party_name(now.by)?),
        form: LotForm::from(now.form).into(),
        basis: QuantityBasis::from(now.basis).into(),
        declared_gross_mass_micrograms: now.declared_mass.micrograms(),
        gross_mass_micrograms: now.gross_mass.micrograms(),
        fine_mass_micrograms: now.fine_mass.map(Mass::micrograms),
        custody_model: CustodyModel::from(now.custody_model).into(),
        state: state_of(reading, now).into(),
        custodian: Some(reading.party_name(now.custodian)?),
        latest_statement_id: now.latest.to_string(),
        declared_position: birth.position.get(),
        owner: Some(reading.party_name(now.owner)?),
        fine_mass_max_micrograms: now.fine_mass_max.micrograms(),
        whole_seals: now.seals.into(),
        exported_from: now.exported.map(|country| country.to_string()).unwrap_or_default(),
        on_hold: !reading.holds(*id, 1)?.is_empty(),
        country: now.country.map(|country| country.to_string()).unwrap_or_default(),
        is_made: birth.is_made,
        ended_position: now.end.map_or(0, |end| end.position.get()),
        ..Lot::default()
    };
    if let Some(site) = now.site {
        lot.site = Some(reading.site_name(site)?);
    }
    if let Some(content) = now.content {
        let (fineness, method) = (content.fineness, content.method);
        lot.fineness = Some(FinenessClaim { fineness, method }.into());
        lot.content = Some(content_of(reading, &content)?);
    }
    if let Some(offer) = now.offer {
        let is_open = reading.now() <= offer.until;
        let place = if is_open {
            &mut lot.open_offer
        } else {
            &mut lot.expired_offer
        };
        *place = Some(offer_of(reading, &offer)?);
    }
    if let Some(refiner) = now.received_by {
        lot.received_by = Some(reading.party_name(refiner)?);
    }
    if 0 < now.seals {
        lot.seals = whole_seals(reading, *id)?;
    }
    born(reading, known, &mut lot)?;
    Ok(lot)
}

/// What the statement says that made the lot known.
fn born(reading: &mut Reading<'_>, known: &KnownLot, lot: &mut Lot) -> Result<()> {
    let statement = reading.statement(known.birth.position)?;
    match &statement.event {
        Event::LotDeclared(event) => {
            lot.extracted_from = event.extracted.from.to_string();
            lot.extracted_to = event.extracted.to.to_string();
        }
        Event::LotsTransformed(event) => {
            let output = event.outputs.get(usize::from(known.birth.place));
            if let Some(bar) = output.and_then(|output| output.bar.as_ref()) {
                lot.bar = Some(Bar {
                    brand: bar.brand.to_string(),
                    serial: bar.serial.to_string(),
                    year: bar.year.into(),
                    refiner: Some(reading.party_name(statement.by)?),
                });
            }
        }
        _ => {}
    }
    Ok(())
}

/// How a lot stands at the instant: an offer that expired is no offer.
pub(crate) fn state_of(reading: &Reading<'_>, now: &Standing) -> LotState {
    match (now.end, now.offer) {
        (Some(end), _) => match end.how {
            Ending::Transformed => LotState::Transformed,
            Ending::Retired => LotState::Retired,
            Ending::Lost => LotState::Lost,
        },
        (None, Some(offer)) if reading.now() <= offer.until => LotState::Offered,
        (None, _) => LotState::Held,
    }
}

fn content_of(reading: &mut Reading<'_>, content: &ContentRow) -> Result<Content> {
    Ok(Content {
        by: Some(reading.party_name(content.by)?),
        statement_id: content.statement.to_string(),
        purpose: content
            .purpose
            .map_or(AssayPurpose::Unspecified, AssayPurpose::from)
            .into(),
        silver_ppm: content.silver.map(event::Fineness::ppm),
    })
}

fn offer_of(reading: &mut Reading<'_>, offer: &OfferRow) -> Result<OpenOffer> {
    Ok(OpenOffer {
        to: Some(reading.party_name(offer.to)?),
        since_position: offer.position.get(),
        since_unix_ms: offer.admitted_at.unix_ms(),
        until_unix_ms: offer.until.unix_ms(),
        with_title: offer.with_title,
    })
}

/// A seal or sample of a lot: its number, since when it is taken, since when it is as it is, and how.
pub(crate) type SealKnown = (String, event::StreamPosition, event::StreamPosition, SealUse);

/// Seals and samples of a lot, in the order of their numbers, at most `limit` of them.
pub(crate) fn seals(reading: &mut Reading<'_>, lot: LotId, limit: usize) -> Result<Vec<SealKnown>> {
    let within = Within {
        table: SEALS_OF,
        prefix: lot.as_bytes(),
    };
    let mut seals = Vec::new();
    for (number, taken) in reading.after(within, &[], limit)? {
        let taken: event::StreamPosition = crate::rows::decode(SEALS_OF, &taken)?;
        if reading.at() < taken {
            continue;
        }
        let key = [number.as_slice(), &[0]].concat();
        let row: Option<(_, SealRow)> = reading.last_at(SEALS, &key, reading.at())?;
        let (since, row) = row.ok_or(unreadable(SEALS))?;
        let number = String::from_utf8(number).map_err(|_| unreadable(SEALS_OF))?;
        seals.push((number, taken, since, SealUse::from(word(row.state))));
    }
    Ok(seals)
}

const fn word(state: SealState) -> SealWord {
    match state {
        SealState::Whole => SealWord::Whole,
        SealState::Broken => SealWord::Broken,
        SealState::Sample => SealWord::Sample,
    }
}

fn whole_seals(reading: &mut Reading<'_>, lot: LotId) -> Result<Vec<String>> {
    // Broken ones and samples lie among them: more are looked at than are shown.
    let seals = seals(reading, lot, 4 * SEALS_SHOWN_MAX)?.into_iter();
    let whole = seals.filter(|(_, _, _, state)| *state == SealUse::Whole);
    Ok(whole.map(|(number, ..)| number).take(SEALS_SHOWN_MAX).collect())
}

pub(crate) fn flag(row: &FlagRow) -> FlagOnLot {
    let Flag {
        kind,
        lot,
        found,
        line,
        other,
    } = row.flag;
    FlagOnLot {
        kind: kind.name().to_owned(),
        code: u32::from(kind as u16),
        text: kind.text().to_owned(),
        unit: FlagUnit::from(kind.unit()).into(),
        found,
        line,
        lot_id: lot.to_string(),
        other_lot_id: other.map(|other| other.to_string()).unwrap_or_default(),
        statement_id: row.statement.to_string(),
        position: row.position.get(),
    }
}

pub(crate) fn flag_count(tally: &FlagTally) -> FlagCount {
    FlagCount {
        count: tally.count,
        first: Some(flag(&tally.first)),
    }
}

/// The holds that reach a lot, at most `limit` of them, and whether there are more.
pub(crate) fn holds(reading: &mut Reading<'_>, lot: LotId, limit: usize) -> Result<(Vec<HoldOnLot>, bool)> {
    let mut held = reading.holds(lot, limit + 1)?;
    let has_more = limit < held.len();
    held.truncate(limit);
    let holds = held.iter().map(|held| hold(reading, held)).collect::<Result<_>>()?;
    Ok((holds, has_more))
}

fn hold(reading: &mut Reading<'_>, held: &Held) -> Result<HoldOnLot> {
    let statement = reading.statement(held.position)?;
    let (reason, incident) = match &statement.event {
        Event::LotHeld(event) => (event.reason.to_string(), event.incident),
        _ => (String::new(), None),
    };
    Ok(HoldOnLot {
        source_lot_id: held.source.to_string(),
        by: Some(reading.party_name(held.hold.by)?),
        reason,
        incident_id: incident.map(|incident| incident.to_string()).unwrap_or_default(),
        statement_id: statement.id.to_string(),
        position: held.position.get(),
    })
}
