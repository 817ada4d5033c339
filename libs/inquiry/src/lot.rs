//! One lot, whole: its path, where its gold comes from, what it was made of and what became of it.

use event::LotId;
use rpc::custody::{
    GetLineageRequest, GetLotRequest, GetLotResponse, GetOriginsRequest, LineageDirection, LineageStep, Lot, Origin,
    OriginsBy, get_lot_request,
};
use tonic::transport::Channel;

use crate::error::Service::Custody;
use crate::{AsOf, PAGE_SIZE, Pages, Result};

/// How far a lineage is followed.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// To what became of the lot, and not to what it was made of.
    pub down: bool,
    /// How many transformations away at most.
    pub depth: u32,
    /// How many transformations at most.
    pub steps: usize,
}

/// The steps of a lineage, as of one position.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// Of which position.
    pub position: u64,
    /// The lot itself.
    pub lot: Lot,
    /// The nearest first.
    pub steps: Vec<LineageStep>,
    /// Whether there is more than was asked for.
    pub has_more: bool,
}

/// All origins of a lot, as of one position.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// Of which position.
    pub position: u64,
    /// The largest part first.
    pub origins: Vec<Origin>,
}

/// A lot with its whole path: by its id, `lot-…`, or by the number of a seal on it.
pub async fn whole(custody: &Channel, lot: &str, as_of: AsOf) -> Result<GetLotResponse> {
    let first = GetLotRequest {
        lot: Some(named(lot)?),
        as_of_position: as_of.position,
        at_least_position: as_of.at_least,
        as_of_unix_ms: as_of.unix_ms,
        page_size: PAGE_SIZE,
        ..GetLotRequest::default()
    };
    let (mut whole, mut path) = (GetLotResponse::default(), Vec::new());
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = GetLotRequest {
            page_token,
            ..first.clone()
        };
        let mut custody = rpc::client::custody(custody.clone());
        whole = custody.get_lot(request).await.map_err(Custody.says())?.into_inner();
        path.append(&mut whole.path);
        pages.turn(whole.next_page_token.clone());
    }
    Ok(GetLotResponse { path, ..whole })
}

/// What is meant by a name that a person gives a lot.
fn named(lot: &str) -> Result<get_lot_request::Lot> {
    match lot.parse::<LotId>() {
        Ok(id) => Ok(get_lot_request::Lot::LotId(id.to_string())),
        Err(error) if lot.to_ascii_lowercase().starts_with("lot-") => Err(error.into()),
        Err(_) => Ok(get_lot_request::Lot::Seal(lot.to_owned())),
    }
}

/// Where the gold in a lot comes from, to the last page.
pub async fn origins(custody: &Channel, lot: &str, by: OriginsBy, as_of: AsOf) -> Result<Origins> {
    let mut all = Origins::default();
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = GetOriginsRequest {
            lot_id: lot.to_owned(),
            by: by.into(),
            as_of_position: as_of.position,
            at_least_position: as_of.at_least,
            as_of_unix_ms: as_of.unix_ms,
            page_size: PAGE_SIZE,
            page_token,
        };
        let mut custody = rpc::client::custody(custody.clone());
        let page = custody.get_origins(request).await.map_err(Custody.says())?.into_inner();
        all.position = page.position;
        all.origins.extend(page.origins);
        pages.turn(page.next_page_token);
    }
    Ok(all)
}

/// What a lot was made of, or what became of it, as far as asked for.
pub async fn lineage(custody: &Channel, lot: &str, reach: Reach, as_of: AsOf) -> Result<Lineage> {
    let mut lineage = Lineage::default();
    let direction = if reach.down {
        LineageDirection::Down
    } else {
        LineageDirection::Up
    };
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = GetLineageRequest {
            lot_id: lot.to_owned(),
            direction: direction.into(),
            as_of_position: as_of.position,
            at_least_position: as_of.at_least,
            as_of_unix_ms: as_of.unix_ms,
            page_size: PAGE_SIZE,
            page_token,
        };
        let mut custody = rpc::client::custody(custody.clone());
        let page = custody.get_lineage(request).await.map_err(Custody.says())?.into_inner();
        lineage.position = page.position;
        lineage.lot = page.lot.unwrap_or_default();
        for step in page.steps {
            if reach.depth < step.depth || lineage.steps.len() == reach.steps {
                lineage.has_more = true;
            } else {
                lineage.steps.push(step);
            }
        }
        let is_full = lineage.steps.len() == reach.steps && lineage.has_more;
        pages.turn(if is_full { String::new() } else { page.next_page_token });
    }
    Ok(lineage)
}

#[cfg(test)]
mod tests {
    use rpc::custody::get_lot_request::Lot;

    use super::named;
    use crate::Error;

    #[test]
    fn a_lot_is_named_by_its_id_or_by_a_seal() {
        let id = event::LotId::from_bytes([7; 16]).to_string();
        assert_eq!(named(&id).unwrap(), Lot::LotId(id.clone()));
        assert_eq!(named("S-0042").unwrap(), Lot::Seal("S-0042".to_owned()));
        // Mistyped, and not the number of a seal.
        for mistyped in [&id[..id.len() - 1], "LOT-0"] {
            assert!(matches!(named(mistyped), Err(Error::NotALot(_))), "{mistyped}");
        }
    }
}
