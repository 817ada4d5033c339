//! A view as a service keeps it: from before the founding to the shutdown.

use std::path::PathBuf;
use std::sync::Arc;

use event::StreamPosition;
use journal::Journal;
use replay::Replica;
use service::health::Health;
use service::shutdown::Shutdown;
use tokio::sync::{RwLock, watch};

use crate::{Desk, Following, Metrics, View, ViewError, founding, open};

/// What a service needs to keep a view and to let others read it.
#[derive(Debug)]
pub struct Process<J, V> {
    /// Our end of the stream.
    pub journal: J,
    /// Where the rows are kept.
    pub dir: PathBuf,
    /// What is made of the steps.
    pub view: V,
    /// At the start of the stream. Whoever else has it reads it as of a committed position; until it has come as far as
    /// `position` says, its rows are ahead of it.
    pub replica: Arc<RwLock<Replica>>,
    /// Opened as soon as there are rows, and read for the present once these have reached the stream's end.
    pub desk: Desk,
    /// Told how far the rows are; the desk is told by it.
    pub position: watch::Sender<StreamPosition>,
    /// Told once the rows have reached the stream's end.
    pub health: Health,
    /// What an operator sees.
    pub metrics: Metrics,
}

impl<J: Journal, V: View> Process<J, V> {
    /// Waits for the founding, opens the rows, and follows the stream until shutdown.
    pub async fn run(self, shutdown: Shutdown) -> Result<(), ViewError<V::Error>> {
        let Self {
            journal,
            dir,
            view,
            replica,
            desk,
            position,
            health,
            metrics,
        } = self;
        let Some(deployment) = founding(&journal, &shutdown).await? else {
            return Ok(());
        };
        let opened = open::<V, J>(&dir, &journal, deployment).await?;
        let end = journal.end().await?.last;
        desk.open_behind(opened.store.reader(), end);
        position.send_replace(opened.cursor);
        let mut reached = position.subscribe();
        let following = Following {
            journal,
            store: opened.store,
            view,
            replica,
            position,
            metrics,
        };
        let announcing = async {
            if reached.wait_for(|reached| end <= *reached).await.is_ok() {
                health.serving().await;
            }
        };
        let (followed, ()) = tokio::join!(following.run(shutdown), announcing);
        followed
    }
}
