//! The log: its present checkpoint and who cosigned it when, its newest entries, and how to check all of it without this page.
//!
//! - [`head`]: the checkpoint and its witnesses. `checkpoints`: those that were published.
//! - [`entry`]: one leaf, from its bytes. [`spoken`]: who said what other pages show.

pub(crate) mod checkpoints;
pub(crate) mod entry;
pub(crate) mod head;
pub(crate) mod leaf;
pub(crate) mod refused;
pub(crate) mod spoken;

use std::future::Future;
use std::ops::Range;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use event::DeploymentId;
use rpc::audit::{GetCheckpointRequest, GetCheckpointResponse, GetLogRequest, GetLogResponse, ListEntriesRequest};
use serde::Serialize;
use service::clock::{Clock, SystemClock};
use tonic::Code;

use self::head::{Head, Log};
use self::leaf::{Entry, Row};
use crate::asked::{AsOf, PAGE, Slice};
use crate::language::Language;
use crate::shell::{Portal, Shell, unless_seen};
use crate::trouble::{Takes, Trouble};

/// Entries on one page.
const ROWS: u32 = 50;

/// Every page of the log.
pub(super) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/log", get(show))
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/checkpoints", get(checkpoints::show))
        .route("/log/policy", get(policy))
        .route("/log/{index}", get(entry::show))
        .route("/log/{index}/proof", get(entry::proof))
}

/// The log at a glance.
#[derive(Debug, Serialize)]
pub(crate) struct LogView {
    /// Which log.
    pub(crate) log: Log,
    /// Its latest checkpoint; absent before the first.
    pub(crate) head: Option<Head>,
    /// Entries, the newest first.
    pub(crate) entries: Vec<Row>,
    /// What `page` is for the entries before these; empty after the last.
    pub(crate) next_page: String,
}

#[derive(Template)]
#[template(path = "log.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a LogView,
    now_unix_s: u64,
}

async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = view(&s, &portal, &Slice::of_page(&s.query, ROWS)).await?;
    let now_unix_s = u64::try_from(SystemClock.now().unix_ms() / 1_000).unwrap_or_default();
    s.page(&Page {
        s: &s,
        view: &view,
        now_unix_s,
    })
}

/// The log with the entries that are asked for.
pub(crate) async fn view(s: &Shell, portal: &Portal, slice: &Slice) -> Result<LogView, Trouble> {
    let checkpoint = latest(portal).await?;
    let size = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.tree_size);
    let until = until(portal, s.as_of, size).await?;
    let before = match slice.token.as_str() {
        "" => until,
        token => index(token)?.min(until),
    };
    let first = before.saturating_sub(slice.at_most.into());
    let leaves = leaves(portal, first..before).await?;
    let log = log(portal).await?;
    let entries = rows(portal, &log, first..before, &leaves, s.as_of).await;
    Ok(LogView {
        head: head(s, portal, &log, checkpoint, until).await?,
        log: Log::of(&log, portal.kit.log_policy.as_ref()),
        entries,
        next_page: if first == 0 { String::new() } else { first.to_string() },
    })
}

/// The log and its checkpoint, without entries.
pub(crate) async fn overview(s: &Shell, portal: &Portal) -> Result<(Log, Option<Head>), Trouble> {
    let (log, checkpoint) = (log(portal).await?, latest(portal).await?);
    let size = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.tree_size);
    let until = until(portal, s.as_of, size).await?;
    let head = head(s, portal, &log, checkpoint, until).await?;
    Ok((Log::of(&log, portal.kit.log_policy.as_ref()), head))
}

/// The latest checkpoint; as of then, the first one that covers all that there was, which is so many entries.
async fn head(
    s: &Shell,
    portal: &Portal,
    log: &GetLogResponse,
    latest: Option<GetCheckpointResponse>,
    until: u64,
) -> Result<Option<Head>, Trouble> {
    let checkpoint = match s.as_of {
        AsOf::Present => latest,
        _ => checkpoints::covering(portal, until).await?,
    };
    let policy = portal.kit.log_policy.as_ref();
    Ok(checkpoint.map(|answer| Head::read(&answer, log, policy)))
}

/// The checkpoint, as the log published it: a signed note.
pub(crate) async fn checkpoint(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let latest = latest(&portal).await?;
    let answer = latest.ok_or_else(|| Trouble::NotFound("no checkpoint is published yet".to_owned()))?;
    Ok(text(&s, answer.checkpoint_note))
}

/// The operator's policy, for whoever verifies elsewhere.
pub(crate) async fn policy(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let policy = portal.kit.log_policy.as_ref();
    let policy = policy.ok_or_else(|| Trouble::NotFound("the operator publishes no policy here".to_owned()))?;
    Ok(text(&s, policy.to_bytes()))
}

fn text(s: &Shell, bytes: Vec<u8>) -> Response {
    unless_seen(s.seen.as_deref(), "text/plain; charset=utf-8", bytes)
}

/// Where a part of a list begins.
fn index(token: &str) -> Result<u64, Trouble> {
    let read = token.parse().ok().filter(|index| *index <= rpc::read::POSITION_MAX);
    read.ok_or_else(|| Trouble::unmeant(PAGE, Takes::Place, "is what the part of the list before this one said"))
}

/// Which log it is. For whom its statements are signed it knows as soon as it has answered with one of them, and is asked after that.
async fn log(portal: &Portal) -> Result<GetLogResponse, Trouble> {
    let answer = portal.sources.audit().get_log(GetLogRequest {}).await?;
    Ok(answer.into_inner())
}

/// The latest checkpoint; nothing before the first.
pub(crate) async fn latest(portal: &Portal) -> Result<Option<GetCheckpointResponse>, Trouble> {
    let answer = portal
        .sources
        .audit()
        .get_checkpoint(GetCheckpointRequest::default())
        .await;
    match answer {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// Before which index the entries end: at the checkpoint, or at what there was as of then.
async fn until(portal: &Portal, as_of: AsOf, size: u64) -> Result<u64, Trouble> {
    let last = match as_of {
        AsOf::Present => return Ok(size),
        AsOf::Position(position) => position,
        AsOf::Instant(unix_ms) => portal.sources.position_at(unix_ms).await?,
    };
    Ok(last.min(size))
}

/// The leaves of these indices, which the latest checkpoint covers, in order.
async fn leaves(portal: &Portal, of: Range<u64>) -> Result<Vec<Vec<u8>>, Trouble> {
    let ask = |of: Range<u64>| async move {
        let request = ListEntriesRequest {
            start_index: of.start,
            max_count: u32::try_from(of.end - of.start).expect("at most a page"),
            at_least_position: 0,
        };
        Ok(portal.sources.audit().list_entries(request).await?.into_inner().leaves)
    };
    all(of, ask).await
}

/// All of them, where the longest ones do not fit one answer.
async fn all<F>(of: Range<u64>, ask: impl Fn(Range<u64>) -> F) -> Result<Vec<Vec<u8>>, Trouble>
where
    F: Future<Output = Result<Vec<Vec<u8>>, Trouble>>,
{
    let mut leaves = Vec::new();
    let mut left = of;
    while !left.is_empty() {
        let some = ask(left.clone()).await?;
        if some.is_empty() {
            return Err(Trouble::Away(format!(
                "the log does not hand out its leaf {} now",
                left.start
            )));
        }
        left.start += some.len() as u64;
        leaves.extend(some);
    }
    Ok(leaves)
}

/// These leaves, of these indices, as a list has them: the newest first.
async fn rows(portal: &Portal, log: &GetLogResponse, of: Range<u64>, leaves: &[Vec<u8>], as_of: AsOf) -> Vec<Row> {
    let deployment = deployment(log);
    let read = |(index, leaf): (u64, &Vec<u8>)| Entry::read(index, leaf, deployment);
    let entries: Vec<_> = of.zip(leaves).filter_map(read).collect();
    let said = entries.iter().filter_map(Entry::signer).collect();
    let names = portal.sources.names(&said, as_of).await;
    entries.iter().rev().map(|entry| entry.row(&names)).collect()
}

/// For which deployment statements are signed; that of the founding one while nothing is founded.
fn deployment(log: &GetLogResponse) -> DeploymentId {
    log.deployment_id.parse().unwrap_or(DeploymentId::FOUNDING)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log of ten leaves that hands out so many at once.
    async fn check(at_once: usize, of: Range<u64>, expected: Option<&[u8]>) {
        let ask = |of: Range<u64>| async move {
            let leaves = (0..10).map(|index| vec![index]);
            let skipped = usize::try_from(of.start).expect("some ten");
            Ok(leaves.skip(skipped).take(at_once).collect())
        };
        let told = all(of.clone(), ask).await.ok().map(|leaves| leaves.concat());
        assert_eq!(told.as_deref(), expected, "{of:?}, {at_once} at once");
    }

    #[tokio::test]
    async fn no_entry_is_left_out_that_does_not_fit_one_answer() {
        check(4, 0..0, Some(&[])).await;
        check(4, 0..4, Some(&[0, 1, 2, 3])).await;
        check(4, 1..10, Some(&[1, 2, 3, 4, 5, 6, 7, 8, 9])).await;
        check(1, 7..10, Some(&[7, 8, 9])).await;
        // What is published and not handed out is no end of the list.
        check(0, 7..10, None).await;
        check(4, 7..11, None).await;
    }
}
