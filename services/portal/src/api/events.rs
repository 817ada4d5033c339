//! Following an organization or a lot: what was recorded about it, as it is recorded (server-sent events).
//!
//! The id of an event is its position in the stream: whoever asks again with `Last-Event-ID` gets what came behind it, without a
//! gap and without a repetition.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::ready;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use event::{LotId, PartyId};
use futures_util::{Stream, StreamExt, stream};
use rpc::progress::{Change, Standing, WatchChangesRequest, WatchChangesResponse};
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::parameters::{LotNamed, OrganizationNamed};
use super::problem::Problem;
use crate::answers;
use crate::asked;
use crate::asked::{AsOf, Slice};
use crate::followers::Place;
use crate::pages::log;
use crate::pages::log::leaf::Row;
use crate::pages::log::refused::{Naming, naming};
use crate::pages::lot::steps::kebab;
use crate::pages::lot::{gather, named};
use crate::pages::organization;
use crate::shell::{Named, Portal, Said, Shell, word_key};
use crate::trouble::Trouble;

/// Behind which event one begins.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Tells a proxy in front to hand on what it gets.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Who asks, by the door; nobody where it cannot tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asks(pub(crate) Option<IpAddr>);

/// What one record changed about an organization.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Change)]
pub(super) struct ChangeView {
    /// What kind of statement it was, such as `assessment-submitted`.
    kind: String,
    /// Who said it, and where it is recorded.
    said: Said,
    /// Which organization it touched; null where it touched all of them, as policy does.
    organization: Option<Named>,
    /// Which of its sites; null where the organization itself.
    site: Option<Named>,
    /// What its standing was right before, such as `standing-candidate`; empty where it has none.
    standing_before: String,
    /// What its standing is right after.
    standing_after: String,
}

/// Follows an organization and its sites: what is recorded about them, as it comes.
///
/// Each event is a `change` with what changed as its data, and its position as its id. Where nothing changed for a while, an id alone
/// says how far the record has come. The answer ends after two minutes: ask again with `Last-Event-ID`.
#[utoipa::path(
    get,
    path = "/orgs/{org}/events",
    tag = "organizations",
    params(
        OrganizationNamed,
        ("Last-Event-ID" = Option<u64>, Header, description = "The position behind which to begin; what comes from now on where it is not there.")
    ),
    responses((status = 200, description = "Events, until the answer ends.", body = ChangeView, content_type = "text/event-stream"))
)]
pub(super) async fn of_organization(
    State(portal): State<Arc<Portal>>,
    asks: Option<Extension<Asks>>,
    headers: HeaderMap,
    Path(org): Path<String>,
) -> Result<Response, Problem> {
    let (id, last): (PartyId, _) = (asked::id(&org)?, last_event(&headers)?);
    let place = place(&portal, asks)?;
    let known = organization::first(&portal, id, AsOf::Present).await?;
    let request = WatchChangesRequest {
        party_id: id.to_string(),
        after_position: last.unwrap_or(known.position),
    };
    let changes = portal.sources.progress().watch_changes(request).await;
    let changes = changes.map_err(Trouble::from)?;
    let changes = changes
        .into_inner()
        .map(Result::ok)
        .take_while(|change| ready(change.is_some()));
    Ok(followed(&portal, place, changes.filter_map(ready).map(changed)))
}

/// Follows a lot: the statements that name it, admitted ones and refused ones, as the log publishes them.
///
/// Each event is an `entry` with an entry, as lists have it, as its data, and its position as its id. The answer ends after two minutes: ask
/// again with `Last-Event-ID`.
#[utoipa::path(
    get,
    path = "/lots/{lot}/events",
    tag = "lots",
    params(
        LotNamed,
        ("Last-Event-ID" = Option<u64>, Header, description = "The position behind which to begin; what comes from now on where it is not there.")
    ),
    responses((status = 200, description = "Events, until the answer ends.", body = Row, content_type = "text/event-stream"))
)]
pub(super) async fn of_lot(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    asks: Option<Extension<Asks>>,
    headers: HeaderMap,
    Path(lot): Path<String>,
) -> Result<Response, Problem> {
    let (lot, last) = (named(&lot)?, last_event(&headers)?);
    let place = place(&portal, asks)?;
    // That there is such a lot.
    gather::first(&s, &portal.sources, lot, Slice::first(1)).await?;
    let growth = portal.followers.growth(&portal.sources);
    let from = match last {
        Some(position) => position,
        None => log::latest(&portal).await?.map_or(0, |checkpoint| checkpoint.tree_size),
    };
    let following = Following {
        portal: Arc::clone(&portal),
        lot,
        from,
        waiting: VecDeque::new(),
        growth,
        is_begun: false,
    };
    let entries = stream::unfold(following, |mut following| async move {
        let row = following.next().await?;
        Some((entered(&row), following))
    });
    Ok(followed(&portal, place, entries))
}

/// How far one has followed a lot.
struct Following {
    portal: Arc<Portal>,
    lot: LotId,
    /// The first index that was not looked at.
    from: u64,
    /// What was found and not told yet.
    waiting: VecDeque<Row>,
    growth: watch::Receiver<u64>,
    /// Whether it was looked once, for what came before the log grows again.
    is_begun: bool,
}

impl Following {
    /// The next entry; none where the log is away.
    async fn next(&mut self) -> Option<Row> {
        loop {
            if let Some(row) = self.waiting.pop_front() {
                return Some(row);
            }
            if self.is_begun {
                self.growth.changed().await.ok()?;
            }
            self.is_begun = true;
            self.look().await.ok()?;
        }
    }

    /// Takes everything up to the latest checkpoint.
    async fn look(&mut self) -> Result<(), Trouble> {
        loop {
            let Naming { rows, tree_size, next } = naming(&self.portal, self.lot, self.from).await?;
            self.waiting.extend(rows);
            self.from = next.unwrap_or(tree_size).max(self.from);
            if next.is_none() {
                return Ok(());
            }
        }
    }
}

fn place(portal: &Portal, asks: Option<Extension<Asks>>) -> Result<Place, Problem> {
    let client = asks.and_then(|Extension(Asks(client))| client);
    portal.followers.admit(client).map_err(Problem::full)
}

/// The event that was seen last; the position of the record.
fn last_event(headers: &HeaderMap) -> Result<Option<u64>, Trouble> {
    let Some(id) = headers.get(LAST_EVENT_ID) else {
        return Ok(None);
    };
    let id = id.to_str().ok().and_then(|id| id.parse().ok());
    let known = id.filter(|position| *position <= rpc::read::POSITION_MAX);
    known
        .map(Some)
        .ok_or_else(|| Trouble::Asked("`Last-Event-ID` is the position of an event".to_owned()))
}

fn changed(told: WatchChangesResponse) -> Event {
    let event = Event::default().id(told.position.to_string());
    let Some(change) = told.change else { return event };
    event
        .event("change")
        .json_data(ChangeView::from(change))
        .expect("views have a JSON form")
}

fn entered(row: &Row) -> Event {
    Event::default()
        .id(row.position.to_string())
        .event("entry")
        .json_data(row)
        .expect("views have a JSON form")
}

/// Events until the stream of them ends, or it is time to end.
fn followed(portal: &Portal, place: Place, events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let events = events.take_until(Arc::clone(&portal.followers).end());
    let events = events.map(move |event| {
        // The place is taken for as long as there are events to come.
        let _taken = &place;
        Ok::<_, Infallible>(event)
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new()).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(BUFFERING, HeaderValue::from_static("no"));
    response
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        let standing = |standing: Standing| match standing {
            Standing::Unspecified => String::new(),
            standing => word_key(standing.as_str_name()),
        };
        Self {
            standing_before: standing(change.standing_before()),
            standing_after: standing(change.standing_after()),
            kind: kebab(&change.kind),
            said: answers::said(change.source.as_ref()),
            organization: change.organization.map(Named::from),
            site: change.site.map(Named::from),
        }
    }
}
