//! The only place where a clock is read; everyone else is given the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use event::units::Timestamp;

/// Tells the time. Never decides anything by itself: a rule sees the time that is written in a record.
pub trait Clock: Send + Sync + 'static {
    /// The time now, in UTC. May go back: the machine's clock is set from outside.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// A clock that a test moves by hand.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

/// Measures how long something takes, for metrics and telemetry.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the one reader of the time of day")]
        let now = SystemTime::now();
        let ms = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        match now.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => Timestamp::from_unix_ms(ms(since)),
            Err(before) => Timestamp::from_unix_ms(-ms(before.duration())),
        }
    }
}

/// One clock that several read.
impl<C: Clock> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        self.as_ref().now()
    }
}

impl TestClock {
    /// Stands at `now` until it is moved.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.unix_ms()))
    }

    /// Moves it by `ms` milliseconds, back if that is negative.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

impl Stopwatch {
    /// Starts it.
    #[must_use]
    pub fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one reader of the monotonic clock")]
        let now = Instant::now();
        Self(now)
    }

    /// Since the start; never goes back.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
