//! Ending: one handle that everyone waits on, triggered by a signal or by whoever fails first.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::{info, warn};

/// How long requests under way may go on after a shutdown was triggered. Supervisors kill after 30 s or more.
pub const DRAIN_WAIT: Duration = Duration::from_secs(10);

/// Tells everyone that it is time to end. Cheap to clone; one trigger reaches all clones, and stays.
#[derive(Clone, Debug)]
pub struct Shutdown {
    triggered: watch::Sender<bool>,
}

impl Shutdown {
    /// Not triggered.
    #[must_use]
    pub fn new() -> Self {
        Self {
            triggered: watch::Sender::new(false),
        }
    }

    /// Triggered by SIGINT or SIGTERM. A second signal is no different from the first.
    pub fn on_signals() -> io::Result<Self> {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let shutdown = Self::new();
        let on_signal = shutdown.clone();
        tokio::spawn(async move {
            let name = tokio::select! {
                _ = interrupt.recv() => "SIGINT",
                _ = terminate.recv() => "SIGTERM",
            };
            info!(signal = name, "Stopping on {name}");
            on_signal.trigger();
        });
        Ok(shutdown)
    }

    /// It is time to end. Triggering again changes nothing.
    pub fn trigger(&self) {
        self.triggered.send_replace(true);
    }

    /// Whether it is time to end.
    #[must_use]
    pub fn is_triggered(&self) -> bool {
        *self.triggered.borrow()
    }

    /// Until it is time to end.
    pub async fn wait(&self) {
        let mut triggered = self.triggered.subscribe();
        triggered
            .wait_for(|is_triggered| *is_triggered)
            .await
            .expect("we hold a sender ourselves");
    }

    /// Does both; as soon as one has ended, it is time for the other one to end.
    pub async fn together<A, B>(&self, one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
        tokio::join!(self.triggered_by(one), self.triggered_by(other))
    }

    async fn triggered_by<T>(&self, work: impl Future<Output = T>) -> T {
        let done = work.await;
        self.trigger();
        done
    }

    /// Does `work`, but drops it [`DRAIN_WAIT`] after the trigger; then the answer is `None`.
    pub async fn drain<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.drain_within(DRAIN_WAIT, work).await
    }

    /// [`Shutdown::drain`] with another wait.
    pub async fn drain_within<T>(&self, wait: Duration, work: impl Future<Output = T>) -> Option<T> {
        let overdue = async {
            self.wait().await;
            sleep(wait).await;
        };
        tokio::select! {
            biased;
            done = work => Some(done),
            () = overdue => {
                warn!(wait_ms = wait.as_millis(), "Ended with work under way: it took longer than {wait:?}");
                None
            }
        }
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}
