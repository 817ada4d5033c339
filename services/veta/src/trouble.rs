//! What a verb tells its user when it cannot do what was asked, and with which code it then ends.

use service::exit::Exit;
use tonic::{Code, Status};

use crate::files::FileError;

/// A failure in words for the user, who is told what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct Trouble {
    /// With what the process ends.
    pub exit: Exit,
    words: String,
}

/// What a verb comes to.
pub type Done<T = ()> = Result<T, Trouble>;

impl Trouble {
    /// What was asked cannot be done.
    pub fn failed(words: impl core::fmt::Display) -> Self {
        Self {
            exit: Exit::Failed,
            words: words.to_string(),
        }
    }

    /// It was asked in a way that cannot be meant.
    pub fn usage(words: impl core::fmt::Display) -> Self {
        Self {
            exit: Exit::Usage,
            words: words.to_string(),
        }
    }

    /// The configuration cannot be used.
    pub fn config(words: impl core::fmt::Display) -> Self {
        Self {
            exit: Exit::BadConfig,
            words: words.to_string(),
        }
    }

    /// A service does not answer.
    pub fn unavailable(words: impl core::fmt::Display) -> Self {
        Self {
            exit: Exit::Unavailable,
            words: words.to_string(),
        }
    }

    /// Nothing is lost; the same command finishes it later.
    pub fn try_again(words: impl core::fmt::Display) -> Self {
        Self {
            exit: Exit::TryAgain,
            words: words.to_string(),
        }
    }

    /// It was done, and speaks against what was asked about.
    pub fn verdict(exit: Exit, words: impl core::fmt::Display) -> Self {
        Self {
            exit,
            words: words.to_string(),
        }
    }

    /// As [`Trouble::failed`], with what was tried in front: `.map_err(Trouble::at("cannot read x"))`.
    pub fn at<E: core::fmt::Display>(what: impl core::fmt::Display) -> impl FnOnce(E) -> Self {
        move |error| Self::failed(format_args!("{what}: {error}"))
    }
}

impl From<Status> for Trouble {
    fn from(status: Status) -> Self {
        if let Some(refusal) = rpc::status::refusal_of(&status) {
            return Self::failed(format_args!(
                "refused ({}, {}): {refusal}",
                refusal.code(),
                refusal.name()
            ));
        }
        // Only what happened on this side of the line has a source: no service has said this.
        if std::error::Error::source(&status).is_some() {
            return Self::try_again(format_args!(
                "the line to the service was cut ({}): try again",
                status.message()
            ));
        }
        match status.code() {
            Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded => Self::try_again(status.message()),
            _ => Self::failed(status.message()),
        }
    }
}

impl From<inquiry::Error> for Trouble {
    fn from(error: inquiry::Error) -> Self {
        use inquiry::Error as Why;
        match error {
            Why::Status { status, .. } => (*status).into(),
            Why::NotALot(_) => Self::usage(error),
            Why::Moved { .. } => Self::try_again(error),
            Why::Nonsense { .. } | Why::Invalid(_) => Self::failed(error),
        }
    }
}

impl From<FileError> for Trouble {
    fn from(error: FileError) -> Self {
        Self::failed(error)
    }
}

impl From<rpc::client::ConnectError> for Trouble {
    fn from(error: rpc::client::ConnectError) -> Self {
        Self::unavailable(error)
    }
}

impl From<rpc::InvalidMessage> for Trouble {
    fn from(error: rpc::InvalidMessage) -> Self {
        Self::failed(format_args!(
            "the service answered with something that means nothing: {error}"
        ))
    }
}
