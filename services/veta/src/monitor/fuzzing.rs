//! What a monitor noted, in which anything may lie. Compiled for fuzz targets only, by `--cfg fuzzing`.

use std::collections::BTreeSet;
use std::path::Path;

use remote::log::Address;
use tlog::Checkpoint;
use tlog::policy::Policy;

use super::memory::Seen;
use super::{Monitor, Watched};

/// What was seen of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Entries that were looked at.
    pub read: u64,
    /// All of it, as it is written down.
    pub bytes: Vec<u8>,
}

/// What is read of a file; none where it is refused.
#[must_use]
pub fn known(text: &[u8]) -> Option<Known> {
    Seen::parse(text).ok().map(|seen| of(&seen))
}

/// Looks once at a log, with what lies in `memory`: what is known of it then, and whether it contradicts what was known before;
/// none where nothing can be gone on from.
#[must_use]
pub async fn look(log: &Address, policy: &Policy, memory: &Path) -> Option<(Known, bool)> {
    let watched = Watched {
        keys: BTreeSet::new(),
        stale_after: Some(0),
        from_now: false,
        json: false,
    };
    let mut monitor = Monitor::new(log, policy.clone(), watched, memory).ok()?;
    let look = monitor.look().await.ok()?;
    let contradicted = look.standing.iter().any(|told| told != "stale");
    assert_eq!(look.alerts, look.standing.len() as u64, "the log itself is whole");
    Some((of(monitor.memory.last()?), contradicted))
}

fn of(seen: &Seen) -> Known {
    Known {
        checkpoint: seen.checkpoint(),
        read: seen.read,
        bytes: seen.to_bytes(),
    }
}
