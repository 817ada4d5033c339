//! The guard around sled, which panics where others return an error.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What sled did instead of what it was asked.
pub(crate) enum Trouble {
    /// It returned an error.
    Failed(sled::Error),
    /// It panicked.
    Panicked(String),
}

/// Something of sled's, whose end is guarded too: dropping a database writes, and panics when it cannot.
pub(crate) struct Guarded<T>(Option<T>);

/// Runs `work`, and turns a panic into a typed failure.
///
/// What `work` shares with the rest may be left half done by a panic; the caller marks the store as broken, and nobody
/// looks at it again.
pub(crate) fn guarded<T>(work: impl FnOnce() -> sled::Result<T>) -> Result<T, Trouble> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(Trouble::Failed),
        Err(panic) => Err(Trouble::Panicked(text(panic.as_ref()))),
    }
}

impl<T> Guarded<T> {
    pub(crate) const fn new(inner: T) -> Self {
        Self(Some(inner))
    }
}

impl<T> Deref for Guarded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("only drop takes it out")
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        let inner = self.0.take();
        // Nobody is left to be told, and what is not durable by now was never said to be.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(inner)));
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "{error}"),
            Self::Panicked(what) => write!(f, "panicked: {what}"),
        }
    }
}

fn text(panic: &(dyn Any + Send)) -> String {
    let literal = panic.downcast_ref::<&str>().map(ToString::to_string);
    let formatted = || panic.downcast_ref::<String>().cloned();
    literal
        .or_else(formatted)
        .unwrap_or_else(|| "without a text".to_owned())
}
