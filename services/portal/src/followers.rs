//! Who follows something: how many at most, for how long, and when the log has grown.
//!
//! The log is asked in one place for all who follow it, and only while somebody does.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rpc::audit::GetCheckpointRequest;
use service::shutdown::Shutdown;
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::debug;

use crate::sources::Sources;

/// Followers at one time, of all clients: a quarter of the connections that there are.
const FOLLOWERS_MAX: usize = 128;

/// Followers at one time of one client: a person with a few pages open.
const FOLLOWERS_OF_ONE_MAX: usize = 8;

/// How long one follows before the answer ends, and the follower asks again for what came since. A connection is used for
/// [`service::http::CONNECTION_WAIT`], in which another request may have come before.
const FOLLOW_WAIT: Duration = Duration::from_secs(120);

/// Between two looks whether the log has grown. A log signs a checkpoint every second at most.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// All followers.
#[derive(Debug)]
pub(crate) struct Followers {
    shutdown: Shutdown,
    /// How many each client has.
    of_clients: Mutex<BTreeMap<Option<IpAddr>, usize>>,
    /// The size of the log, by its latest checkpoint.
    size: watch::Sender<u64>,
    /// Whether somebody looks how large the log is.
    looks: Mutex<bool>,
}

/// One follower, for as long as this is there.
#[derive(Debug)]
pub(crate) struct Place {
    client: Option<IpAddr>,
    followers: Arc<Followers>,
}

/// Why nobody can follow now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// This client follows enough.
    OfOne,
    /// All clients together do.
    OfAll,
}

impl Followers {
    /// None yet; all end with `shutdown`.
    pub(crate) fn new(shutdown: Shutdown) -> Self {
        Self {
            shutdown,
            of_clients: Mutex::default(),
            size: watch::Sender::new(0),
            looks: Mutex::new(false),
        }
    }

    /// A place for one more. Clients that nobody tells apart share the places of all.
    pub(crate) fn admit(self: &Arc<Self>, client: Option<IpAddr>) -> Result<Place, Full> {
        let mut of_clients = locked(&self.of_clients);
        if FOLLOWERS_MAX <= of_clients.values().sum() {
            return Err(Full::OfAll);
        }
        let of_one = of_clients.entry(client).or_default();
        if client.is_some() && FOLLOWERS_OF_ONE_MAX <= *of_one {
            return Err(Full::OfOne);
        }
        *of_one += 1;
        Ok(Place {
            client,
            followers: Arc::clone(self),
        })
    }

    /// Until it is time to end.
    pub(crate) async fn end(self: Arc<Self>) {
        tokio::select! {
            () = self.shutdown.wait() => {}
            () = sleep(FOLLOW_WAIT) => {}
        }
    }

    /// Is told whenever the log has grown.
    pub(crate) fn growth(self: &Arc<Self>, sources: &Sources) -> watch::Receiver<u64> {
        let mut looks = locked(&self.looks);
        let growth = self.size.subscribe();
        if !*looks {
            *looks = true;
            tokio::spawn(Arc::clone(self).look(sources.clone()));
        }
        growth
    }

    /// Looks how large the log is, until nobody wants to know.
    async fn look(self: Arc<Self>, sources: Sources) {
        while self.is_wanted() {
            match sources.audit().get_checkpoint(GetCheckpointRequest::default()).await {
                Ok(answer) => {
                    let now = answer.into_inner().tree_size;
                    self.size.send_if_modified(|size| std::mem::replace(size, now) != now);
                }
                Err(status) => debug!(%status, "Whether the log has grown is not known: {status}"),
            }
            tokio::select! {
                () = self.shutdown.wait() => {}
                () = sleep(LOOK_INTERVAL) => {}
            }
        }
    }

    fn is_wanted(&self) -> bool {
        let mut looks = locked(&self.looks);
        *looks = 0 < self.size.receiver_count() && !self.shutdown.is_triggered();
        *looks
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut of_clients = locked(&self.followers.of_clients);
        if let Some(of_one) = of_clients.get_mut(&self.client) {
            *of_one -= 1;
            if *of_one == 0 {
                of_clients.remove(&self.client);
            }
        }
    }
}

/// Nothing is left half done while one of these is held.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_given_back() {
        let followers = Arc::new(Followers::new(Shutdown::new()));
        let client = |number: u8| Some(IpAddr::from([192, 0, 2, number]));
        let mut places: Vec<_> = (0..FOLLOWERS_OF_ONE_MAX)
            .map(|_| followers.admit(client(1)).unwrap())
            .collect();
        assert_eq!(followers.admit(client(1)).unwrap_err(), Full::OfOne);
        places.pop();
        places.push(followers.admit(client(1)).unwrap());
        places.extend((FOLLOWERS_OF_ONE_MAX..FOLLOWERS_MAX).map(|_| followers.admit(None).unwrap()));
        assert_eq!(followers.admit(client(2)).unwrap_err(), Full::OfAll);
        assert_eq!(followers.admit(None).unwrap_err(), Full::OfAll);
        drop(places);
        assert!(locked(&followers.of_clients).is_empty());
        assert!(followers.admit(client(2)).is_ok());
    }

    #[tokio::test]
    async fn nobody_follows_after_the_end() {
        let shutdown = Shutdown::new();
        let followers = Arc::new(Followers::new(shutdown.clone()));
        let end = tokio::spawn(Arc::clone(&followers).end());
        shutdown.trigger();
        end.await.unwrap();
        assert!(!followers.is_wanted());
    }
}
