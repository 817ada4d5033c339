//! Why there is no answer.

use core::fmt;

use event::id::IdError;
use rpc::InvalidMessage;
use tonic::Status;

/// Which service was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// About lots.
    Custody,
    /// About organizations.
    Progress,
}

/// Why there is no answer. Each says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A service says so, or cannot be reached: `rpc::status` reads what its status means.
    #[error("{service}: {}", .status.message())]
    Status {
        /// Which one.
        service: Service,
        /// What it says.
        status: Box<Status>,
    },
    /// Neither the id of a lot nor the number of a seal.
    #[error(transparent)]
    NotALot(#[from] IdError),
    /// The stream went on between two answers that must be true of the same position.
    #[error("one answer is as of position {first}, another as of {second}: ask again")]
    Moved {
        /// Of which the first one is true.
        first: u64,
        /// Of which the other one is.
        second: u64,
    },
    /// An answer means nothing: a service of another version, or a defect.
    #[error("a service answered with something that means nothing: {what} is {found}")]
    Nonsense {
        /// Which field.
        what: &'static str,
        /// What stands there.
        found: String,
    },
    /// The same, as the door found it.
    #[error("a service answered with something that means nothing: {0}")]
    Invalid(#[from] InvalidMessage),
}

impl Service {
    /// Puts its name to what it says: `.await.map_err(Service::Custody.says())`.
    pub(crate) fn says(self) -> impl FnOnce(Status) -> Error {
        move |status| Error::Status {
            service: self,
            status: Box::new(status),
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Custody => "custody",
            Self::Progress => "progress",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
