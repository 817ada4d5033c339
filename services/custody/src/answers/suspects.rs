//! What a key said about lots since it is not to be believed.

use std::ops::Bound;

use event::{LotId, StreamPosition};
use rpc::custody::{ListSuspectsResponse, SuspectLot, SuspectsQuery};

use super::{Result, message, next_page, passed};
use crate::reading::{Reading, Within};
use crate::rows::{USES, position_key, unreadable};

pub(crate) fn suspects(reading: &mut Reading<'_>, query: &SuspectsQuery) -> Result<ListSuspectsResponse> {
    let mut response = ListSuspectsResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        ..ListSuspectsResponse::default()
    };
    let passed: Option<[u8; 24]> = passed(&query.page)?;
    let Some(revoked) = reading.revocation(&query.key)? else {
        return Ok(response);
    };
    response.is_compromised = true;
    response.since_position = revoked.since.get();
    response.revocation_statement_id = revoked.statement.to_string();
    response.revocation_position = revoked.position.get();
    let within = Within {
        table: USES,
        prefix: query.key.as_bytes(),
    };
    let since = position_key(revoked.since);
    let mut from = match passed {
        None => Bound::Included(since.to_vec()),
        Some(passed) => Bound::Excluded(passed.to_vec()),
    };
    let to = [position_key(reading.at()).as_slice(), &[u8::MAX; 16]].concat();
    let mut room = query.page.room();
    for (key, _) in reading.between(within, from.as_ref().map(Vec::as_slice), &to, query.page.size)? {
        let lot = suspect(reading, &key)?;
        if !room.take(&lot) {
            break;
        }
        response.lots.push(lot);
        from = Bound::Excluded(key);
    }
    let rest = reading.between(within, from.as_ref().map(Vec::as_slice), &to, 1)?;
    if let Bound::Excluded(passed) = from {
        response.next_page_token = next_page(reading, !rest.is_empty(), &passed);
    }
    Ok(response)
}

/// From a key of position and lot.
fn suspect(reading: &mut Reading<'_>, key: &[u8]) -> Result<SuspectLot> {
    let (position, lot) = key.split_first_chunk().ok_or(unreadable(USES))?;
    let position = StreamPosition::new(u64::from_be_bytes(*position));
    let lot = LotId::from_bytes(lot.try_into().map_err(|_| unreadable(USES))?);
    let known = reading.named_lot(lot)?;
    let statement = reading.statement(position)?;
    Ok(SuspectLot {
        lot: Some(message::lot(reading, &known)?),
        statement_id: statement.id.to_string(),
        position: position.get(),
        event: statement.event.kind().name().to_owned(),
        is_live: known.now.end.is_none(),
    })
}
