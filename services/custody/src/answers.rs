//! The answer to each request, from rows as of a position.

use event::{LotId, StreamPosition};
use rpc::custody::{
    CustodyModel, GetLotResponse, ListLotsResponse, Lot, LotForm, LotQuery, LotState, LotStep, LotsQuery, NamedLot,
    OpenOffer, QuantityBasis, SealState,
};
use rpc::{InvalidMessage, Page};

use crate::reading::{List, ReadError, Reading};
use crate::rows::{Holding, LOTS, LotRow, OfferRow, RowError, StepRow, position_key};

/// Lots that are looked at for one page, whether they belong on it or not; less than 3 KiB each.
const LOTS_LOOKED_AT_MAX: usize = 1_000;

type Result<T> = core::result::Result<T, ReadError>;

pub(crate) fn lot(reading: &Reading<'_>, query: &LotQuery) -> Result<GetLotResponse> {
    let (id, name) = match &query.lot {
        NamedLot::Id(id) => (Some(*id), format!("lot {id}")),
        NamedLot::Seal(seal) => (reading.lot_of(seal)?, format!("a lot with the seal {seal}")),
    };
    let known = id
        .map(|id| Ok::<_, ReadError>(reading.lot(id)?.map(|(row, held)| (id, row, held))))
        .transpose()?;
    let (id, row, held) = known.flatten().ok_or(ReadError::NotFound(name))?;
    let (path, next_page_token) = path(reading, id, &query.page)?;
    Ok(GetLotResponse {
        position: reading.at().get(),
        lot: Some(lot_of(reading, id, &row, &held)?),
        path,
        next_page_token,
    })
}

pub(crate) fn lots(reading: &Reading<'_>, query: &LotsQuery) -> Result<ListLotsResponse> {
    let list = match (query.custodian, query.site) {
        (Some(custodian), _) => List::OfCustodian(custodian),
        (None, Some(site)) => List::OfSite(site),
        (None, None) => List::Lots,
    };
    let mut passed = after(&query.page)?;
    let mut room = query.page.room();
    let mut lots = Vec::new();
    for (position, id) in reading.list(list, passed, LOTS_LOOKED_AT_MAX)? {
        let (row, held) = reading.lot(id)?.ok_or(RowError::Missing { table: LOTS })?;
        if belongs(query, &row, &held) {
            let lot = lot_of(reading, id, &row, &held)?;
            if !room.take(&lot) {
                break;
            }
            lots.push(lot);
        }
        passed = position;
    }
    let has_more = !reading.list::<LotId>(list, passed, 1)?.is_empty();
    let next_page_token = if has_more {
        token(reading, passed)
    } else {
        String::new()
    };
    Ok(ListLotsResponse {
        position: reading.at().get(),
        lots,
        next_page_token,
    })
}

fn belongs(query: &LotsQuery, row: &LotRow, held: &Holding) -> bool {
    query.custodian.is_none_or(|custodian| custodian == held.custodian)
        && query.site.is_none_or(|site| site == row.declared.site)
        && query.state.is_none_or(|state| state == state_of(held))
}

/// One page of a lot's path, and the token of the next.
fn path(reading: &Reading<'_>, id: LotId, page: &Page) -> Result<(Vec<LotStep>, String)> {
    let mut passed = after(page)?;
    let mut room = page.room();
    let mut path = Vec::new();
    for (position, row) in reading.list(List::Steps(id), passed, page.size)? {
        let step = step_of(reading, &row)?;
        if !room.take(&step) {
            break;
        }
        path.push(step);
        passed = position;
    }
    let has_more = !reading.list::<StepRow>(List::Steps(id), passed, 1)?.is_empty();
    Ok((
        path,
        if has_more {
            token(reading, passed)
        } else {
            String::new()
        },
    ))
}

fn after(page: &Page) -> Result<StreamPosition> {
    let Some(key) = &page.after else {
        return Ok(StreamPosition::START);
    };
    let key: [u8; 8] = key.as_slice().try_into().map_err(|_| InvalidMessage::PageToken)?;
    Ok(StreamPosition::new(u64::from_be_bytes(key)))
}

fn token(reading: &Reading<'_>, passed: StreamPosition) -> String {
    Page::token(reading.at(), &position_key(passed))
}

fn lot_of(reading: &Reading<'_>, id: LotId, row: &LotRow, held: &Holding) -> Result<Lot> {
    let declared = &row.declared;
    let fine = declared
        .fineness
        .map(|claim| held.gross_mass.fine(claim.fineness).micrograms());
    Ok(Lot {
        lot_id: id.to_string(),
        site: Some(reading.site_name(declared.site)?),
        declared_by: Some(reading.party_name(row.declared_by)?),
        form: LotForm::from(declared.form).into(),
        basis: QuantityBasis::from(declared.basis).into(),
        declared_gross_mass_micrograms: declared.gross_mass.micrograms(),
        gross_mass_micrograms: held.gross_mass.micrograms(),
        fineness: declared.fineness.map(Into::into),
        fine_mass_micrograms: fine,
        extracted_from: declared.extracted.from.to_string(),
        extracted_to: declared.extracted.to.to_string(),
        custody_model: CustodyModel::from(declared.custody_model).into(),
        seals: declared.seals.iter().map(ToString::to_string).collect(),
        state: state_of(held).into(),
        custodian: Some(reading.party_name(held.custodian)?),
        open_offer: held.offer.map(|offer| offer_of(reading, &offer)).transpose()?,
        latest_statement_id: held.latest.to_string(),
        declared_position: row.declared_at.get(),
    })
}

fn offer_of(reading: &Reading<'_>, offer: &OfferRow) -> Result<OpenOffer> {
    Ok(OpenOffer {
        to: Some(reading.party_name(offer.to)?),
        since_position: offer.position.get(),
        since_unix_ms: offer.admitted_at.unix_ms(),
    })
}

fn step_of(reading: &Reading<'_>, row: &StepRow) -> Result<LotStep> {
    let what = &row.what;
    Ok(LotStep {
        event: row.event.clone(),
        from: what.from.map(|party| reading.party_name(party)).transpose()?,
        to: what.to.map(|party| reading.party_name(party)).transpose()?,
        gross_mass_micrograms: what.gross_mass.map(event::Mass::micrograms),
        seal_state: what.seals.map_or(SealState::Unspecified, SealState::from).into(),
        reason: what.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
        statement_id: row.after.latest.to_string(),
        key: row.key.to_string(),
        position: row.after.since.get(),
        stated_at_unix_ms: row.stated_at.unix_ms(),
        admitted_at_unix_ms: row.admitted_at.unix_ms(),
    })
}

const fn state_of(held: &Holding) -> LotState {
    match held {
        Holding { retired: true, .. } => LotState::Retired,
        Holding { offer: Some(_), .. } => LotState::Offered,
        Holding { .. } => LotState::Held,
    }
}
