//! The checkpoints that were published, in order: each as it was published first and as it was cosigned last.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use rpc::audit::{GetCheckpointResponse, ListCheckpointsRequest, PublishedCheckpoint};
use serde::Serialize;
use tlog::cosignature::CosignTime;
use tlog::note::Note;
use tlog::policy::Policy;
use utoipa::ToSchema;

use crate::asked::{AsOf, Slice};
use crate::language::Language;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

/// Checkpoints on one page; each brings its notes.
const ROWS: u32 = 25;

/// Published checkpoints.
#[derive(Debug, Serialize)]
pub(crate) struct CheckpointsView {
    /// By size, the smallest first.
    pub(crate) checkpoints: Vec<Published>,
    /// What `page` is for those after these; empty after the last.
    pub(crate) next_page: String,
}

/// A published checkpoint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublishedCheckpoint)]
pub(crate) struct Published {
    /// So many entries it covers.
    pub(crate) tree_size: u64,
    /// The signed note, as it was published first.
    pub(crate) first_note: String,
    /// As it was cosigned last; empty where nothing was added.
    pub(crate) freshest_note: String,
    /// When enough witnesses for the operator's policy had cosigned it first, in seconds since 1970; absent where that is not known.
    pub(crate) first_as_of_unix_s: Option<u64>,
    /// When they had cosigned it last.
    pub(crate) last_as_of_unix_s: Option<u64>,
}

#[derive(Template)]
#[template(path = "checkpoints.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a CheckpointsView,
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = view(&s, &portal, &Slice::of_page(&s.query, ROWS)).await?;
    s.page(&Page { s: &s, view: &view })
}

/// What was published from there on; as of then, up to the first that covers all that there was.
pub(crate) async fn view(s: &Shell, portal: &Portal, slice: &Slice) -> Result<CheckpointsView, Trouble> {
    let start_tree_size = match slice.token.as_str() {
        "" => 0,
        token => super::index(token)?,
    };
    let request = ListCheckpointsRequest {
        start_tree_size,
        max_count: slice.at_most,
    };
    let mut answer = portal.sources.audit().list_checkpoints(request).await?.into_inner();
    if s.as_of != AsOf::Present {
        let until = super::until(portal, s.as_of, rpc::read::POSITION_MAX).await?;
        let last = covering(portal, until).await?.map_or(0, |covering| covering.tree_size);
        answer.checkpoints.retain(|one| one.tree_size <= last);
        if last < answer.next_tree_size {
            answer.next_tree_size = 0;
        }
    }
    let policy = portal.kit.log_policy.as_ref();
    Ok(CheckpointsView {
        checkpoints: answer
            .checkpoints
            .into_iter()
            .map(|one| Published::of(one, policy))
            .collect(),
        next_page: match answer.next_tree_size {
            0 => String::new(),
            next => next.to_string(),
        },
    })
}

/// The first checkpoint that covers so many entries, as it was published first; none where there are none, and where none covers them
/// yet.
pub(super) async fn covering(portal: &Portal, entries: u64) -> Result<Option<GetCheckpointResponse>, Trouble> {
    if entries == 0 {
        return Ok(None);
    }
    let request = ListCheckpointsRequest {
        start_tree_size: entries,
        max_count: 1,
    };
    let answer = portal.sources.audit().list_checkpoints(request).await?.into_inner();
    Ok(answer.checkpoints.into_iter().next().map(|one| GetCheckpointResponse {
        checkpoint_note: one.first_note,
        tree_size: one.tree_size,
        ..GetCheckpointResponse::default()
    }))
}

impl Published {
    fn of(published: PublishedCheckpoint, policy: Option<&Policy>) -> Self {
        let as_of = |note: &[u8]| {
            let note = Note::parse(note).ok()?;
            policy?.check(&note).ok()?.as_of.map(CosignTime::get)
        };
        let text = |note: Vec<u8>| String::from_utf8(note).unwrap_or_default();
        let (first, last) = (as_of(&published.first_note), as_of(&published.freshest_note));
        Self {
            tree_size: published.tree_size,
            first_as_of_unix_s: first,
            last_as_of_unix_s: last.or(first),
            first_note: text(published.first_note),
            freshest_note: text(published.freshest_note),
        }
    }
}
