//! Statements that name a lot and were refused: the rivals of what was admitted.

use std::collections::BTreeSet;

use event::LotId;
use rpc::audit::{ListLotEntriesRequest, ListLotEntriesResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::deployment;
use super::leaf::{Entry, Row};
use crate::asked::AsOf;
use crate::shell::Portal;
use crate::trouble::Trouble;

/// Refused statements on a page, of so many that name the lot.
const SHOWN_MAX: usize = 50;
const LOOKED_AT_MAX: u32 = 1_000;
/// Entries that follow one another, at once.
const NAMING_MAX: u32 = 100;

/// Refused statements that name a lot, up to a position of the stream.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = RefusedStatements)]
pub(crate) struct Refused {
    /// They, the oldest first.
    pub(crate) rows: Vec<Row>,
    /// Whether there may be more.
    pub(crate) has_more: bool,
    /// Whether the log does not go as far as that position yet: what was refused last may be missing.
    pub(crate) is_behind: bool,
}

/// Entries that name a lot, from one index on.
#[derive(Debug)]
pub(crate) struct Naming {
    /// They, the oldest first.
    pub(crate) rows: Vec<Row>,
    /// The size of the latest checkpoint.
    pub(crate) tree_size: u64,
    /// From where on to look for more; none where there are none.
    pub(crate) next: Option<u64>,
}

/// The entries under the latest checkpoint that name a lot, admitted and refused ones, from an index on.
pub(crate) async fn naming(portal: &Portal, lot: LotId, start_index: u64) -> Result<Naming, Trouble> {
    let request = ListLotEntriesRequest {
        lot_id: lot.to_string(),
        start_index,
        max_count: NAMING_MAX,
        only_refused: false,
        at_least_position: 0,
    };
    let answer = portal.sources.audit().list_lot_entries(request).await?.into_inner();
    let deployment = deployment(&super::log(portal).await?);
    let read = answer.entries.iter();
    let read = read.filter_map(|entry| Entry::read(entry.leaf_index, &entry.leaf, deployment));
    let entries: Vec<_> = read.collect();
    let said: BTreeSet<_> = entries.iter().filter_map(Entry::signer).collect();
    let names = portal.sources.names(&said, AsOf::Present).await;
    Ok(Naming {
        rows: entries.iter().map(|entry| entry.row(&names)).collect(),
        tree_size: answer.tree_size,
        next: (answer.next_index != 0).then_some(answer.next_index),
    })
}

/// The statements that name a lot and were refused, up to a position and as far as the latest checkpoint goes, once that covers
/// `at_least_position`.
pub(crate) async fn of_lot(
    portal: &Portal,
    lot: LotId,
    position: u64,
    at_least_position: u64,
) -> Result<Refused, Trouble> {
    let request = ListLotEntriesRequest {
        lot_id: lot.to_string(),
        start_index: 0,
        max_count: LOOKED_AT_MAX,
        only_refused: true,
        at_least_position,
    };
    let answer = portal.sources.audit().list_lot_entries(request).await?.into_inner();
    let deployment = deployment(&super::log(portal).await?);
    let until_then = answer.entries.iter().filter(|entry| entry.leaf_index < position);
    let read = until_then.filter_map(|entry| Entry::read(entry.leaf_index, &entry.leaf, deployment));
    let mut entries: Vec<_> = read.collect();
    let refused = Refused::without_rows(&answer, entries.len(), position);
    entries.truncate(SHOWN_MAX);
    let said: BTreeSet<_> = entries.iter().filter_map(Entry::signer).collect();
    let names = portal.sources.names(&said, AsOf::Position(position)).await;
    Ok(Refused {
        rows: entries.iter().map(|entry| entry.row(&names)).collect(),
        ..refused
    })
}

impl Refused {
    /// What may be missing where an answer of the log has `found` of them up to a position.
    fn without_rows(answer: &ListLotEntriesResponse, found: usize, position: u64) -> Self {
        let is_cut = answer.next_index != 0 && answer.next_index < position || SHOWN_MAX < found;
        let is_behind = answer.tree_size < position;
        Self {
            rows: Vec::new(),
            has_more: is_cut || is_behind,
            is_behind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check((tree_size, next_index): (u64, u64), found: usize, expected: (bool, bool)) {
        let answer = ListLotEntriesResponse {
            tree_size,
            next_index,
            ..ListLotEntriesResponse::default()
        };
        let refused = Refused::without_rows(&answer, found, 7);
        assert_eq!(
            (refused.has_more, refused.is_behind),
            expected,
            "{found} of a log of {tree_size}, next {next_index}"
        );
    }

    #[test]
    fn that_none_was_refused_is_not_said_by_a_log_that_is_behind() {
        check((7, 0), 0, (false, false));
        check((9, 8), 0, (false, false));
        check((9, 6), 0, (true, false));
        check((7, 0), SHOWN_MAX, (false, false));
        check((7, 0), SHOWN_MAX + 1, (true, false));
        check((6, 0), 0, (true, true));
        // Before the first checkpoint.
        check((0, 0), 0, (true, true));
    }
}
