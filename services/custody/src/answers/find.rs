//! Lists of lots: by who has them, by how they are, by the numbers they bear.

use std::ops::Bound;

use rpc::custody::{FindLotsResponse, FindQuery, ListLotsResponse, LotName, LotsQuery};

use super::{Result, message, next_page, passed};
use crate::reading::{KnownLot, Reading, Within};
use crate::rows::{
    BIRTH_BYTES, LOTS_FLAGGED, LOTS_HELD, LOTS_IN_ORDER, LOTS_OF_CUSTODIAN, LOTS_OF_OWNER, LOTS_OF_SITE, Listed, NAMES,
    NameKind, NameMore, NameRow, birth_key, decode, flag_key, name_key, unreadable,
};

/// Lots that are looked at for one page, whether they belong on it or not.
const LOTS_LOOKED_AT_MAX: usize = 1_000;

pub(crate) fn lots(reading: &mut Reading<'_>, query: &LotsQuery) -> Result<ListLotsResponse> {
    let (table, prefix) = list(query);
    let within = Within { table, prefix: &prefix };
    let mut passed: [u8; BIRTH_BYTES] = passed(&query.page)?.unwrap_or_default();
    let to = birth_key(reading.at(), u16::MAX);
    let mut room = query.page.room();
    let mut lots = Vec::new();
    for (key, row) in reading.between(within, Bound::Excluded(&passed), &to, LOTS_LOOKED_AT_MAX)? {
        let listed: Listed = decode(table, &row)?;
        let known = reading.named_lot(listed.lot)?;
        if listed.since <= reading.at() && belongs(reading, query, &known)? {
            let lot = message::lot(reading, &known)?;
            if !room.take(&lot) {
                break;
            }
            lots.push(lot);
        }
        passed = key.try_into().map_err(|_| unreadable(table))?;
    }
    let rest = reading.between(within, Bound::Excluded(&passed), &to, 1)?;
    Ok(ListLotsResponse {
        position: reading.at().get(),
        lots,
        next_page_token: next_page(reading, !rest.is_empty(), &passed),
        evaluated_at_unix_ms: reading.now().unix_ms(),
    })
}

/// The shortest list that holds every lot that is asked for.
fn list(query: &LotsQuery) -> (&'static str, Vec<u8>) {
    if let Some(kind) = query.flag {
        return (LOTS_FLAGGED, flag_key(kind).to_vec());
    }
    if query.on_hold {
        return (LOTS_HELD, Vec::new());
    }
    if let Some(custodian) = query.custodian {
        return (LOTS_OF_CUSTODIAN, custodian.as_bytes().to_vec());
    }
    if let Some(owner) = query.owner {
        return (LOTS_OF_OWNER, owner.as_bytes().to_vec());
    }
    if let Some(site) = query.site {
        return (LOTS_OF_SITE, site.as_bytes().to_vec());
    }
    (LOTS_IN_ORDER, Vec::new())
}

fn belongs(reading: &mut Reading<'_>, query: &LotsQuery, known: &KnownLot) -> Result<bool> {
    let now = &known.now;
    let fits = query.custodian.is_none_or(|custodian| custodian == now.custodian)
        && query.owner.is_none_or(|owner| owner == now.owner)
        && query.site.is_none_or(|site| now.site == Some(site))
        && query.state.is_none_or(|state| state == message::state_of(reading, now));
    Ok(fits && (!query.on_hold || !reading.holds(known.id, 1)?.is_empty()))
}

pub(crate) fn named(reading: &mut Reading<'_>, query: &FindQuery) -> Result<FindLotsResponse> {
    let (kind, text) = match &query.name {
        LotName::Seal(seal) => {
            let lot = reading.lot_of(seal)?;
            let known = lot.map(|lot| reading.named_lot(lot)).transpose()?;
            let lots = known.map(|known| message::lot(reading, &known)).transpose()?;
            return Ok(FindLotsResponse {
                position: reading.at().get(),
                evaluated_at_unix_ms: reading.now().unix_ms(),
                lots: lots.into_iter().collect(),
                next_page_token: String::new(),
            });
        }
        LotName::Certificate { number, .. } => (NameKind::Certificate, number),
        LotName::Bar { serial, .. } => (NameKind::Bar, serial),
        LotName::Melt(melt) => (NameKind::Melt, melt),
        LotName::RefineryLot { number, .. } => (NameKind::RefineryLot, number),
    };
    let prefix = name_key(kind, text);
    let within = Within {
        table: NAMES,
        prefix: &prefix,
    };
    let mut passed: [u8; BIRTH_BYTES] = passed(&query.page)?.unwrap_or_default();
    let to = birth_key(reading.at(), u16::MAX);
    let mut room = query.page.room();
    let mut lots = Vec::new();
    for (key, row) in reading.between(within, Bound::Excluded(&passed), &to, LOTS_LOOKED_AT_MAX)? {
        let row: NameRow = decode(NAMES, &row)?;
        if is_meant(&query.name, &row) {
            let known = reading.named_lot(row.lot)?;
            let lot = message::lot(reading, &known)?;
            if !room.take(&lot) {
                break;
            }
            lots.push(lot);
        }
        passed = key.try_into().map_err(|_| unreadable(NAMES))?;
    }
    let rest = reading.between(within, Bound::Excluded(&passed), &to, 1)?;
    Ok(FindLotsResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        lots,
        next_page_token: next_page(reading, !rest.is_empty(), &passed),
    })
}

/// Whether all that is asked for is so.
fn is_meant(name: &LotName, row: &NameRow) -> bool {
    match (name, &row.more) {
        (LotName::Certificate { register, .. }, NameMore::Certificate(known)) => {
            register.as_ref().is_none_or(|register| *register == known.source)
        }
        (
            LotName::Bar {
                refiner, brand, year, ..
            },
            NameMore::Bar(bar),
        ) => {
            refiner.is_none_or(|refiner| refiner == row.by)
                && brand.as_ref().is_none_or(|brand| *brand == bar.brand)
                && year.is_none_or(|year| year == bar.year)
        }
        (LotName::RefineryLot { refiner, .. }, _) => refiner.is_none_or(|refiner| refiner == row.by),
        (LotName::Melt(_), _) => true,
        _ => false,
    }
}
