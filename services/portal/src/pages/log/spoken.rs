//! Who said what stands at a position of the stream, and when, where a service names the position alone.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde::Serialize;
use tracing::debug;
use utoipa::ToSchema;

use super::deployment;
use super::leaf::Entry;
use crate::asked::AsOf;
use crate::shell::{Portal, Said};
use crate::trouble::Trouble;

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
        let indexes = positions.into_iter().take(ASKED_MAX).map(|position| position - 1);
        let read = indexes.map(|index| async move {
            let leaves = super::leaves(portal, index..index + 1).await;
            let unknown = |trouble: &Trouble| debug!(%trouble, "Who spoke in entry {index} is not known");
            let leaf = leaves.inspect_err(unknown).ok()?.pop()?;
            Entry::read(index, &leaf, deployment)
        });
        let entries: Vec<_> = join_all(read).await.into_iter().flatten().collect();
        let signers = entries.iter().filter_map(Entry::signer).collect();
        let names = portal.sources.names(&signers, as_of).await;
        Self(entries.iter().filter_map(|entry| entry.said(&names)).collect())
    }

    /// Who spoke at a position, and when; nothing where that is not known.
    pub(crate) fn at(&self, position: u64) -> Option<&Said> {
        let place = self.0.binary_search_by_key(&position, |said| said.position).ok()?;
        self.0.get(place)
    }
}
