//! Who said what stands at a position of the stream, and when, where a service names the position alone.

use std::collections::BTreeSet;

use rpc::audit::ListEntriesRequest;
use serde::Serialize;
use tokio::task::JoinSet;
use tracing::debug;
use utoipa::ToSchema;

use super::deployment;
use super::leaf::Entry;
use crate::asked::AsOf;
use crate::shell::{Portal, Said};

/// Positions that are asked about for one page; beyond them, a link to the entry says it alone.
const ASKED_MAX: usize = 128;

/// Who said what stands at positions that an answer names, and when, by position. What no checkpoint covers yet is not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct Spoken(Vec<Said>);

impl Spoken {
    /// What was said at these positions. An answer is worth showing without, where the log is away.
    pub(crate) async fn of(portal: &Portal, positions: impl IntoIterator<Item = u64>, as_of: AsOf) -> Self {
        let positions: BTreeSet<_> = positions.into_iter().filter(|position| *position != 0).collect();
        let Ok(log) = super::log(portal).await else {
            return Self::default();
        };
        let deployment = deployment(&log);
        let mut asking = JoinSet::new();
        for position in positions.into_iter().take(ASKED_MAX) {
            let mut audit = portal.sources.audit();
            asking.spawn(async move {
                let request = ListEntriesRequest {
                    start_index: position - 1,
                    max_count: 1,
                    at_least_position: 0,
                };
                (position, audit.list_entries(request).await)
            });
        }
        let mut entries = Vec::new();
        for (position, answer) in asking.join_all().await {
            match answer {
                Ok(answer) => {
                    let leaf = answer.into_inner().leaves.into_iter().next();
                    entries.extend(leaf.and_then(|leaf| Entry::read(position - 1, &leaf, deployment)));
                }
                Err(status) => debug!(%status, "Who spoke at position {position} is not known"),
            }
        }
        let signers = entries.iter().filter_map(Entry::signer).collect();
        let names = portal.sources.names(&signers, as_of).await;
        let mut said: Vec<_> = entries.iter().filter_map(|entry| entry.said(&names)).collect();
        said.sort_by_key(|said| said.position);
        Self(said)
    }

    /// Who spoke at a position, and when; nothing where that is not known.
    pub(crate) fn at(&self, position: u64) -> Option<&Said> {
        let place = self.0.binary_search_by_key(&position, |said| said.position).ok()?;
        self.0.get(place)
    }
}
