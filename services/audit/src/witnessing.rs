//! What an operator says about witnesses.

use core::time::Duration;

use service::clock::Stopwatch;
use tlog::note::Vkey;
use tlog::policy::Policy;

/// How often an unchanged checkpoint is cosigned again: so old is the answer "complete as of" at most.
pub const RECOSIGN: Duration = Duration::from_secs(300);

/// Which witnesses must have cosigned a checkpoint before it is published, and what happens where they do not.
#[derive(Clone, Debug)]
pub struct Witnessing {
    /// Names this log, its witnesses with their URLs, and the quorum.
    pub policy: Policy,
    /// What happens where they do not.
    pub terms: Terms,
}

/// Waiting for witnesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What happens while fewer than the quorum cosign.
    pub when_short: WhenShort,
    /// How often an unchanged checkpoint is cosigned again.
    pub recosign: Duration,
}

/// What happens while fewer witnesses than the quorum cosign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenShort {
    /// Nothing is published.
    Wait,
    /// After so long the checkpoint is published as it is, and that is told loudly.
    PublishAfter(Duration),
}

impl Witnessing {
    /// Nobody cosigns, and nobody is waited for.
    #[must_use]
    pub fn nobody(log: Vkey) -> Self {
        Self {
            policy: Policy::trusting(log),
            terms: Terms::default(),
        }
    }
}

impl Terms {
    /// Whether witnesses that are waited for since then are waited for longer.
    pub(crate) fn waits_longer(&self, since: &Stopwatch) -> bool {
        match self.when_short {
            WhenShort::Wait => true,
            WhenShort::PublishAfter(wait) => since.elapsed() < wait,
        }
    }
}

/// Waits, and cosigns again every [`RECOSIGN`].
impl Default for Terms {
    fn default() -> Self {
        Self {
            when_short: WhenShort::Wait,
            recosign: RECOSIGN,
        }
    }
}
