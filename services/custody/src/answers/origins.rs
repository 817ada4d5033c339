//! Where the gold in a lot comes from, and what is known for and against it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::Event;
use event::{Date, LotId, Mass, PartyId, StreamPosition};
use ledger::origin::{Part, scaled};
use rpc::custody::{
    Declaration, Division, FlagCount, GetOriginsResponse, GetProvenanceResponse, Origin, OriginsQuery, Suspect,
};
use rpc::limits::{HOLDS_SHOWN_MAX, SUSPECTS_SHOWN_MAX};

use super::{Result, message, next_page, passed, permits};
use crate::lineage::{Pools, Source, hear, join, own_flags, own_signers, pooled_signers};
use crate::reading::{KnownLot, Reading};
use crate::rows::{DeclarationRow, FlagTally, OriginRow, SignerRow, TRANSFORMATIONS, TransformationRow, position_key};

/// A whole in parts per million.
const WHOLE: Mass = Mass::from_micrograms(1_000_000);

pub(crate) fn origins(reading: &mut Reading<'_>, query: &OriginsQuery) -> Result<GetOriginsResponse> {
    let known = reading.asked_lot(query.lot)?;
    let mut rows = of_lot(reading, &known)?;
    if query.by == Division::Organizations {
        rows = by_organization(&rows);
    }
    rows.sort_by_key(|row| (Reverse(row.fine), row.of));
    let shares = shares(&rows);
    let first = passed(&query.page)?.map_or(0, u32::from_be_bytes);
    let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mut room = query.page.room();
    let mut origins = Vec::new();
    let mut next = first;
    for (row, share) in rows
        .iter()
        .zip(shares)
        .skip(usize::try_from(first).unwrap_or(usize::MAX))
    {
        let mut origin = origin(reading, row, query.by)?;
        origin.fine_mass_micrograms = known.now.fine_mass.map(|_| row.fine.micrograms());
        origin.share_ppm = share;
        if !room.take(&origin) {
            break;
        }
        origins.push(origin);
        next += 1;
    }
    Ok(GetOriginsResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        lot: Some(message::lot(reading, &known)?),
        origins,
        next_page_token: next_page(reading, next < total, &next.to_be_bytes()),
        origins_total: total,
    })
}

/// Where the gold in it comes from; where nobody said how much that is, of no gold.
fn of_lot(reading: &mut Reading<'_>, known: &KnownLot) -> Result<Vec<OriginRow>> {
    let gold = known.now.fine_mass.unwrap_or_default();
    Pools::default().origins(reading, known.id, gold)
}

fn by_organization(rows: &[OriginRow]) -> Vec<OriginRow> {
    let mut organizations: BTreeMap<PartyId, OriginRow> = BTreeMap::new();
    for row in rows {
        let add = |known: &mut OriginRow| {
            known.fine = known.fine.plus(row.fine);
            join(known, row);
        };
        organizations.entry(row.of.1).and_modify(add).or_insert(*row);
    }
    organizations.into_values().collect()
}

/// Each one's part of the whole, in parts per million; together a million.
fn shares(rows: &[OriginRow]) -> Vec<u32> {
    let part = |(of, row): (usize, &OriginRow)| Part { of, fine: row.fine };
    let parts: Vec<_> = rows.iter().enumerate().map(part).collect();
    let mut shares = vec![0; rows.len()];
    for part in scaled(&parts, WHOLE) {
        shares[part.of] = u32::try_from(part.fine.micrograms()).expect("a part of a million");
    }
    shares
}

fn origin(reading: &mut Reading<'_>, row: &OriginRow, by: Division) -> Result<Origin> {
    let (site, operator) = row.of;
    let (last, declared) = declaration(reading, row.last)?;
    let first = if row.first == row.last {
        last.clone()
    } else {
        declaration(reading, row.first)?.0
    };
    let origin = Origin {
        operator: Some(reading.party_name(operator)?),
        first: Some(first),
        last: Some(last),
        lots: row.lots,
        ..Origin::default()
    };
    if by == Division::Organizations {
        return Ok(origin);
    }
    let (at, today) = (reading.at(), reading.now().date());
    let (day, dug) = declared;
    Ok(Origin {
        site: Some(reading.site_name(site)?),
        country: country(reading, row)?.unwrap_or_default(),
        permit_then: permits::covering(reading, site, row.last.position, day, dug, operator)?,
        permit_now: permits::covering(reading, site, at, today, None, operator)?,
        ..origin
    })
}

fn country(reading: &mut Reading<'_>, row: &OriginRow) -> Result<Option<String>> {
    let country = reading.named_site(row.of.0)?.country.known();
    Ok(country.map(|country| country.to_string()))
}

/// The day of a declaration, and when the lot was dug.
type Days = (Date, Option<event::vocabulary::Period>);

fn declaration(reading: &mut Reading<'_>, row: DeclarationRow) -> Result<(Declaration, Days)> {
    let statement = reading.statement(row.position)?;
    let dug = match &statement.event {
        Event::LotDeclared(event) => Some(event.extracted),
        _ => None,
    };
    let declaration = Declaration {
        lot_id: row.lot.to_string(),
        statement_id: statement.id.to_string(),
        position: row.position.get(),
        admitted_at_unix_ms: statement.admitted_at.unix_ms(),
    };
    Ok((declaration, (statement.admitted_at.date(), dug)))
}

pub(crate) fn provenance(reading: &mut Reading<'_>, id: LotId) -> Result<GetProvenanceResponse> {
    let known = reading.asked_lot(id)?;
    let own = own_flags(reading, id, reading.at())?;
    let transformation: Option<TransformationRow> = if known.birth.is_made {
        Some(reading.named(TRANSFORMATIONS, &position_key(known.birth.position))?)
    } else {
        None
    };
    let inherited = transformation.as_ref().map_or(&[][..], |row| &row.flags);
    let signer_rows = transformation.as_ref().map_or(0, |row| row.signer_rows);
    let counts = |tallies: &[FlagTally]| -> Vec<FlagCount> { tallies.iter().map(message::flag_count).collect() };
    let mut response = GetProvenanceResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        lot: Some(message::lot(reading, &known)?),
        own_flags: counts(&own),
        inherited_flags: counts(inherited),
        ..GetProvenanceResponse::default()
    };
    (response.holds, response.more_holds) = message::holds(reading, id, HOLDS_SHOWN_MAX)?;
    (response.suspects, response.more_suspects) = suspects(reading, &known, signer_rows)?;
    add_origins(reading, &known, &mut response)?;
    Ok(response)
}

/// Keys in the history of a lot that are not to be believed, and spoke since they are not.
fn suspects(reading: &mut Reading<'_>, known: &KnownLot, rows: u16) -> Result<(Vec<Suspect>, bool)> {
    let mut signers = BTreeMap::new();
    hear(&mut signers, &pooled_signers(reading, known.birth.position, rows)?);
    hear(&mut signers, &own_signers(reading, known.id, reading.at())?);
    let mut suspects = Vec::new();
    for SignerRow { key, last, lot } in signers.into_values() {
        let Some(revoked) = reading.revocation(&key)?.filter(|revoked| revoked.since <= last) else {
            continue;
        };
        if suspects.len() == SUSPECTS_SHOWN_MAX {
            return Ok((suspects, true));
        }
        suspects.push(Suspect {
            key: key.to_string(),
            revocation_statement_id: revoked.statement.to_string(),
            revocation_position: revoked.position.get(),
            since_position: revoked.since.get(),
            spoke_position: StreamPosition::get(last),
            spoke_lot_id: lot.to_string(),
            spoke_statement_id: reading.statement(last)?.id.to_string(),
        });
    }
    Ok((suspects, false))
}

fn add_origins(reading: &mut Reading<'_>, known: &KnownLot, response: &mut GetProvenanceResponse) -> Result<()> {
    let (mut sites, mut organizations, mut countries) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in of_lot(reading, known)? {
        sites.insert(row.of.0);
        organizations.insert(row.of.1);
        match country(reading, &row)? {
            Some(country) => _ = countries.insert(country),
            None => response.has_unknown_country = true,
        }
    }
    response.sites = u32::try_from(sites.len()).unwrap_or(u32::MAX);
    response.organizations = u32::try_from(organizations.len()).unwrap_or(u32::MAX);
    response.countries = countries.into_iter().collect();
    Ok(())
}
