//! Following what changes: record by record from a position on, until the caller or the service ends it.

use std::pin::Pin;
use std::sync::Arc;

use event::{PartyId, SiteId, StreamPosition};
use rpc::progress::{AsOf, Change, ChangesQuery, Standing, WatchChangesResponse};
use rpc::{ReadAt, limits, status};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::timeout;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::door::Door;
use crate::reading::{ReadError, Reading};
use crate::rows::{CHANGES, ChangeRow, PARTIES, RowError, Touched, Turn};

/// Changes that are read at one time.
const CHANGES_READ: usize = 256;
/// Messages that may wait for a slow caller; then reading waits, too.
const CHANGES_WAITING_MAX: usize = 16;

/// What a caller is told.
pub(crate) type Changes = Pin<Box<dyn Stream<Item = Result<WatchChangesResponse, Status>> + Send>>;

/// Those who watch. Clones share their room.
#[derive(Clone)]
pub(crate) struct Watching {
    position: watch::Receiver<StreamPosition>,
    room: Arc<Semaphore>,
}

impl Watching {
    /// `position` says how far the rows are; once nobody tells any more, watching ends.
    pub(crate) fn new(position: watch::Receiver<StreamPosition>) -> Self {
        Self {
            position,
            room: Arc::new(Semaphore::new(limits::WATCHES_MAX)),
        }
    }

    pub(crate) async fn begin(&self, door: Door, query: ChangesQuery) -> Result<Changes, Status> {
        let room = Arc::clone(&self.room).try_acquire_owned();
        let room = room.map_err(|_| status::overloaded())?;
        let at = ReadAt {
            as_of: None,
            at_least: query.after,
        };
        door.read(AsOf { at, instant: None }, move |reading| {
            is_known(reading, query.organization)
        })
        .await?;
        let (changes, receiver) = mpsc::channel(CHANGES_WAITING_MAX);
        let position = self.position.clone();
        tokio::spawn(async move {
            let stopped = stopped(position.clone());
            tokio::select! {
                () = tell(door, position, query, &changes) => {}
                () = stopped => {}
                () = changes.closed() => {}
            }
            drop(room);
        });
        Ok(Box::pin(ReceiverStream::new(receiver)))
    }
}

/// Until nobody tells any more how far the rows are.
async fn stopped(mut position: watch::Receiver<StreamPosition>) {
    while position.changed().await.is_ok() {}
}

async fn tell(
    door: Door,
    mut position: watch::Receiver<StreamPosition>,
    query: ChangesQuery,
    changes: &mpsc::Sender<Result<WatchChangesResponse, Status>>,
) {
    let mut after = query.after;
    loop {
        let round = move |reading: &mut Reading<'_>| read(reading, query.organization, after);
        let (found, read_to, reached) = match door.read(AsOf::default(), round).await {
            Ok(round) => round.into_inner(),
            Err(error) => {
                drop(changes.send(Err(error)).await);
                return;
            }
        };
        for change in found {
            if changes.send(Ok(change)).await.is_err() {
                return;
            }
        }
        after = after.max(read_to);
        if after < reached {
            continue;
        }
        let goes_on = timeout(limits::WATCH_IDLE, position.wait_for(|reached| after < *reached)).await;
        match goes_on.map(|goes_on| goes_on.is_ok()) {
            Ok(true) => {}
            Ok(false) => return,
            Err(_) => {
                let quiet = WatchChangesResponse {
                    position: after.get(),
                    change: None,
                };
                if changes.send(Ok(quiet)).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn is_known(reading: &Reading<'_>, party: Option<PartyId>) -> Result<(), ReadError> {
    let Some(party) = party else {
        return Ok(());
    };
    if reading.party(party)?.is_none() {
        return Err(ReadError::NotFound(format!("organization {party}")));
    }
    Ok(())
}

type Round = (Vec<WatchChangesResponse>, StreamPosition, StreamPosition);

/// Some changes after a position, up to where they were looked for, and how far the rows are.
fn read(reading: &mut Reading<'_>, party: Option<PartyId>, after: StreamPosition) -> Result<Round, ReadError> {
    let reached = reading.at();
    let Some(party) = party else {
        let rows = reading.changes(after, reached, CHANGES_READ)?;
        let read_to = last_or(reached, rows.len(), rows.last().map(|(position, _)| *position));
        let mut found = Vec::new();
        for (position, row) in rows {
            found.extend(messages(reading, position, &row, None)?);
        }
        return Ok((found, read_to, reached));
    };
    let touched = reading.touched(party, after, reached, CHANGES_READ)?;
    let read_to = last_or(reached, touched.len(), touched.last().copied());
    let mut positions = touched;
    let terms = reading.terms_after(after)?.into_iter().map(|(position, _)| position);
    let enrolled = reading.party(party)?.ok_or(RowError::Missing { table: PARTIES })?;
    positions.extend(terms.filter(|position| enrolled.recorded.position < *position && *position <= read_to));
    positions.sort_unstable();
    positions.dedup();
    let mut found = Vec::new();
    for position in positions {
        let row = reading.change(position)?.ok_or(RowError::Missing { table: CHANGES })?;
        found.extend(messages(reading, position, &row, Some(party))?);
    }
    Ok((found, read_to, reached))
}

/// Where a read of so many came to: to the end, unless there was no room for more.
fn last_or(reached: StreamPosition, count: usize, last: Option<StreamPosition>) -> StreamPosition {
    last.filter(|_| count == CHANGES_READ).unwrap_or(reached)
}

/// What a record changed, for the one that is watched or else for everyone that it touched.
fn messages(
    reading: &mut Reading<'_>,
    position: StreamPosition,
    row: &ChangeRow,
    watched: Option<PartyId>,
) -> Result<Vec<WatchChangesResponse>, ReadError> {
    let before = StreamPosition::new(position.get() - 1);
    let told = match (row.touched, watched) {
        (
            Touched::One {
                organization,
                site,
                before,
                after,
            },
            _,
        ) => vec![(position, site, Some(turn(organization, before, after)))],
        (Touched::Moved { site, from, to }, Some(party)) => {
            let turn = if from.organization == party { from } else { to };
            vec![(position, Some(site), Some(turn))]
        }
        // Whoever resumes after the first of the two is told both again.
        (Touched::Moved { site, from, to }, None) => {
            vec![(before, Some(site), Some(from)), (position, Some(site), Some(to))]
        }
        (Touched::Everyone, Some(party)) => {
            let before = standing_at(reading, party, before, row)?;
            let after = standing_at(reading, party, position, row)?;
            vec![(position, None, Some(turn(party, before, after)))]
        }
        (Touched::Everyone | Touched::Nobody, _) => vec![(position, None, None)],
    };
    let source = reading.source(position)?;
    let change = |site: Option<SiteId>, turn: Option<Turn>| -> Result<_, ReadError> {
        let standing = |standing: Option<event::vocabulary::Standing>| {
            i32::from(standing.map_or(Standing::Unspecified, Standing::from))
        };
        Ok(Change {
            kind: row.kind.name().to_owned(),
            source: Some(source.clone()),
            organization: turn.map(|turn| reading.party_name(turn.organization)).transpose()?,
            site: site.map(|site| reading.site_name(site)).transpose()?,
            standing_before: standing(turn.and_then(|turn| turn.before)),
            standing_after: standing(turn.and_then(|turn| turn.after)),
        })
    };
    let told = told.into_iter().map(|(position, site, turn)| {
        Ok(WatchChangesResponse {
            position: position.get(),
            change: Some(change(site, turn)?),
        })
    });
    told.collect()
}

const fn turn(
    organization: PartyId,
    before: Option<event::vocabulary::Standing>,
    after: Option<event::vocabulary::Standing>,
) -> Turn {
    Turn {
        organization,
        before,
        after,
    }
}

/// What a standing was at a position, at the instant at which a record was admitted.
fn standing_at(
    reading: &Reading<'_>,
    party: PartyId,
    position: StreamPosition,
    row: &ChangeRow,
) -> Result<Option<event::vocabulary::Standing>, ReadError> {
    let at = ReadAt {
        as_of: Some(position),
        at_least: StreamPosition::START,
    };
    let instant = Some(row.admitted_at);
    let mut then = reading.again(AsOf { at, instant }, row.admitted_at)?;
    let Some((_, organization)) = then.organization(party)? else {
        return Ok(None);
    };
    let leg = then.leg(party, &organization)?;
    Ok(leg.map(|leg| leg.outlook.standing))
}
