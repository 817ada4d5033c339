//! Exit codes with a meaning, so that a supervisor and a script can decide what to do next.

use std::process::ExitCode;

/// How a process ended. Above 63, the numbers of BSD's `sysexits.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what it was asked, or was told to stop and did.
    Ok = 0,
    /// It did not; the reason has been printed. For a verifying command: it does not verify.
    Failed = 1,
    /// The command line was not understood.
    Usage = 2,
    /// What was asked about is not eligible, by the policy that was named.
    NotEligible = 3,
    /// Whether it is eligible, a person must say: the policy that was named does not.
    NeedsPerson = 4,
    /// The configuration cannot be used. Starting again does not help; mending the file does.
    BadConfig = 64,
    /// Something it needs, such as NATS or another service, is not there.
    Unavailable = 69,
    /// A fault of its own, or state it must not go on with. Look at the telemetry before starting again.
    Internal = 70,
    /// It does not know how it ended, or was fenced off by another process: start it again, it finds out.
    TryAgain = 75,
}

impl Exit {
    /// As the operating system sees it.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
