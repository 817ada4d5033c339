//! The stream `VETA` of a NATS server.

use std::sync::Arc;

use event::units::{StreamPosition, Timestamp};
use tokio::sync::Mutex;

use crate::settings::{Settings, StreamInfo, stream_info};
use crate::{
    Append, AppendError, Connection, FollowError, Incarnation, Journal, JournalConfig, JournalError, STREAM, StreamEnd,
    batch,
};

pub use crate::follow::JetStreamFollower;

/// Creates the stream, the bucket for the log's tree head, the bucket of evidence and the stream of looks at it where they
/// do not exist, with `replicas` copies each; checks them where they do. For [`Role::Provisioner`](crate::Role::Provisioner), at deployment.
///
/// Never updates: a setting that is wrong is named, and whoever changed it changes it back.
pub async fn provision(connection: &Connection, replicas: usize) -> Result<(), JournalError> {
    Settings::statements(replicas).provision(connection).await?;
    Settings::log_bucket(replicas).provision(connection).await?;
    Settings::evidence(replicas).provision(connection).await?;
    Settings::accesses(replicas).provision(connection).await
}

/// A handle on the stream. Clones share one connection and one place for the batch in flight.
#[derive(Clone, Debug)]
pub struct JetStreamJournal {
    connection: Connection,
    incarnation: Incarnation,
    /// Held from the first message sent until the answer.
    in_flight: Arc<Mutex<()>>,
}

impl JetStreamJournal {
    /// Connects and opens.
    pub async fn connect(config: &JournalConfig) -> Result<Self, JournalError> {
        let connection = Connection::connect(config).await?;
        Self::open(connection, config.replicas).await
    }

    /// Opens the stream on a connection. Refuses a stream that is not set as it must be, naming the setting; creates
    /// none. `replicas`: copies that the stream must have at least.
    pub async fn open(connection: Connection, replicas: usize) -> Result<Self, JournalError> {
        let info = Settings::statements(replicas).open(&connection).await?;
        let end = stream_end(&info)?;
        tracing::info!(stream.last = %end.last, stream.created = %end.incarnation.created, "Opened stream {STREAM}");
        Ok(Self {
            connection,
            incarnation: end.incarnation,
            in_flight: Arc::default(),
        })
    }

    /// The connection beneath.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl Journal for JetStreamJournal {
    type Follower = JetStreamFollower;

    async fn append(&self, batch: Vec<Append>, expected_last: StreamPosition) -> Result<StreamPosition, AppendError> {
        batch::check(&batch)?;
        let _in_flight = self.in_flight.lock().await;
        batch::publish(&self.connection, batch, expected_last).await
    }

    async fn follow(&self, after: StreamPosition) -> Result<JetStreamFollower, FollowError> {
        JetStreamFollower::start(self.connection.clone(), self.incarnation, after).await
    }

    async fn end(&self) -> Result<StreamEnd, JournalError> {
        stream_end(&stream_info(&self.connection, STREAM).await?)
    }
}

/// Where the stream ends, by its information.
pub(crate) fn stream_end(info: &StreamInfo) -> Result<StreamEnd, JournalError> {
    let created: Result<Timestamp, _> = info.created.parse();
    let created = created.map_err(|e| JournalError::Unanswered {
        subject: STREAM.to_owned(),
        why: e.to_string(),
    })?;
    Ok(StreamEnd {
        last: StreamPosition::new(info.state.last_seq),
        incarnation: Incarnation { created },
    })
}
