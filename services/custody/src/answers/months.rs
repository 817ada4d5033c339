//! What happened month by month: to a party, from a site, into a refiner's books.

use std::ops::Bound;

use event::vocabulary::Country;
use event::{Mass, PartyId, SiteId, StreamPosition};
use prost::Message;
use rpc::Page;
use rpc::custody::{
    CapacityBand, GetOriginTableResponse, GetPartyResponse, GetSiteProductionResponse, Month, MonthsQuery,
    OriginTableRow, PartyMonth, SiteCapacity, SiteMonth,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Result, next_page, passed, permits};
use crate::lineage::Source;
use crate::reading::{ReadError, Reading, Within};
use crate::rows::{
    BALANCES, BalanceRow, CAPACITIES, CapacityRow, PRODUCTIONS, RECEIPTS, ReceiptRow, Tally, month_key, month_of,
    unreadable,
};

pub(crate) fn party(reading: &mut Reading<'_>, query: &MonthsQuery<PartyId>) -> Result<GetPartyResponse> {
    let name = known_party(reading, query.of)?;
    let within = Within {
        table: BALANCES,
        prefix: query.of.as_bytes(),
    };
    let (months, next_page_token) =
        months::<4, BalanceRow, _, _>(reading, within, query, |_, [a, b, c, d], _, row| {
            Ok(party_month(Month(month_of([a, b, c, d])), row))
        })?;
    Ok(GetPartyResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        party: Some(name),
        months,
        next_page_token,
    })
}

fn party_month(month: Month, row: &BalanceRow) -> PartyMonth {
    PartyMonth {
        month: month.to_string(),
        declared: Some(tally(&row.declared)),
        made: Some(tally(&row.made)),
        received: Some(tally(&row.received)),
        given: Some(tally(&row.given)),
        used_up: Some(tally(&row.used_up)),
        retired: Some(tally(&row.retired)),
        lost: Some(tally(&row.lost)),
        exported: Some(tally(&row.exported)),
        found_more: Some(tally(&row.found_more)),
        found_less: Some(tally(&row.found_less)),
        received_lighter_micrograms: row.lighter.micrograms(),
        received_heavier_micrograms: row.heavier.micrograms(),
    }
}

fn tally(tally: &Tally) -> rpc::custody::Tally {
    rpc::custody::Tally {
        lots: tally.lots,
        gross_mass_micrograms: tally.gross.micrograms(),
        fine_mass_micrograms: tally.fine.micrograms(),
        unassayed_gross_mass_micrograms: tally.unassayed.micrograms(),
    }
}

pub(crate) fn production(reading: &mut Reading<'_>, query: &MonthsQuery<SiteId>) -> Result<GetSiteProductionResponse> {
    let unknown = || ReadError::NotFound(format!("site {}", query.of));
    let site = reading.site(query.of)?.ok_or_else(unknown)?;
    let within = Within {
        table: PRODUCTIONS,
        prefix: query.of.as_bytes(),
    };
    let (months, next_page_token) =
        months::<4, Mass, _, _>(reading, within, query, |reading, month, position, gold| {
            site_month(reading, query.of, month_of(month), position, *gold)
        })?;
    let capacity: Option<(_, CapacityRow)> = reading.last_at(CAPACITIES, query.of.as_bytes(), reading.at())?;
    let capacity = capacity.map(|(position, row)| capacity_of(reading, position, &row));
    let mut of_site = Vec::new();
    for permit in permits::of_site(reading, query.of, reading.at())? {
        of_site.push(permit.told(reading)?);
    }
    Ok(GetSiteProductionResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        site: Some(reading.site_name(query.of)?),
        operator: Some(reading.party_name(site.operator)?),
        capacity: capacity.transpose()?,
        months,
        next_page_token,
        permits: of_site,
    })
}

fn capacity_of(reading: &mut Reading<'_>, position: StreamPosition, row: &CapacityRow) -> Result<SiteCapacity> {
    Ok(SiteCapacity {
        by: Some(reading.party_name(row.by)?),
        months: row.months.into(),
        fine_mass_max_micrograms: row.fine_mass_max.micrograms(),
        miners_max: row.miners_max,
        basis: row.basis.to_string(),
        statement_id: row.statement.to_string(),
        position: position.get(),
    })
}

/// A month beside what the site could give, as it was known at the month's last declaration.
fn site_month(
    reading: &mut Reading<'_>,
    site: SiteId,
    month: i32,
    position: StreamPosition,
    gold: Mass,
) -> Result<SiteMonth> {
    let told = SiteMonth {
        month: Month(month).to_string(),
        fine_mass_micrograms: gold.micrograms(),
        ..SiteMonth::default()
    };
    let capacity: Option<(_, CapacityRow)> = reading.last_at(CAPACITIES, site.as_bytes(), position)?;
    let Some((_, capacity)) = capacity else {
        return Ok(told);
    };
    let mut period = gold;
    for before in 1..i32::from(capacity.months) {
        let key = [site.as_bytes().as_slice(), &month_key(month.saturating_sub(before))].concat();
        let earlier: Option<(_, Mass)> = reading.last_at(PRODUCTIONS, &key, position)?;
        period = period.plus(earlier.map(|(_, gold)| gold).unwrap_or_default());
    }
    let whole = u128::from(capacity.fine_mass_max.micrograms().max(1));
    let used_ppm = u128::from(period.micrograms()) * 1_000_000 / whole;
    let used_ppm = u64::try_from(used_ppm).unwrap_or(u64::MAX);
    Ok(SiteMonth {
        period_fine_mass_micrograms: Some(period.micrograms()),
        used_ppm: Some(used_ppm),
        band: CapacityBand::of(used_ppm).into(),
        ..told
    })
}

pub(crate) fn origin_table(reading: &mut Reading<'_>, query: &MonthsQuery<PartyId>) -> Result<GetOriginTableResponse> {
    let name = known_party(reading, query.of)?;
    let within = Within {
        table: RECEIPTS,
        prefix: query.of.as_bytes(),
    };
    let (rows, next_page_token) = months::<6, ReceiptRow, _, _>(reading, within, query, |_, key, _, row| {
        let [a, b, c, d, country @ ..] = key;
        let country = core::str::from_utf8(&country).ok().and_then(|text| text.parse().ok());
        let country: Country = country.ok_or(unreadable(RECEIPTS))?;
        Ok(OriginTableRow {
            month: Month(month_of([a, b, c, d])).to_string(),
            country: country.known().map(|country| country.to_string()).unwrap_or_default(),
            fine_mass_micrograms: row.fine.micrograms(),
            lots: row.lots,
            unassayed_gross_mass_micrograms: row.unassayed.micrograms(),
            illustrative_fine_mass_micrograms: row.illustrative.micrograms(),
        })
    })?;
    Ok(GetOriginTableResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        refiner: Some(name),
        rows,
        next_page_token,
    })
}

fn known_party(reading: &mut Reading<'_>, id: PartyId) -> Result<rpc::view::PartyName> {
    if reading.party(id)?.is_none() {
        return Err(ReadError::NotFound(format!("party {id}")));
    }
    reading.party_name(id)
}

/// One page of what is kept by month, under keys of `BYTES` that begin with the month, and the token of the next.
fn months<const BYTES: usize, T: Serialize + DeserializeOwned, Id, M: Message>(
    reading: &mut Reading<'_>,
    within: Within<'_>,
    query: &MonthsQuery<Id>,
    message: impl Fn(&mut Reading<'_>, [u8; BYTES], StreamPosition, &T) -> Result<M>,
) -> Result<(Vec<M>, String)> {
    let page: &Page = &query.page;
    let mut from = match passed::<BYTES>(page)? {
        None => Bound::Included(month_key(query.from.0).to_vec()),
        Some(passed) => Bound::Excluded(passed.to_vec()),
    };
    let last = month_key(query.to.0);
    let mut room = page.room();
    let mut messages = Vec::new();
    while let Some((key, position, row)) = reading.group::<T>(within, BYTES, from.clone())? {
        let key: [u8; BYTES] = key.try_into().map_err(|_| unreadable(within.table))?;
        if last.as_slice() < &key[..4] {
            break;
        }
        let message = message(reading, key, position, &row)?;
        if !room.take(&message) {
            let passed = match &from {
                Bound::Excluded(passed) => passed.as_slice(),
                _ => &[],
            };
            return Ok((messages, next_page(reading, true, passed)));
        }
        messages.push(message);
        from = Bound::Excluded(key.to_vec());
    }
    Ok((messages, String::new()))
}
