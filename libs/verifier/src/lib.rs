//! Verifies a proof bundle offline, for whoever wants to read and build everything that he trusts with it.
//!
//! # In scope
//! - `veta-verify FILE --policy FILE`: the program of one purpose.
//! - [`answer`]: a bundle and a policy in, the report of [`replay::bundle`] out as JSON.
//! - [`abi`]: the same for WebAssembly, without any other import or export; `web/veta-verify.mjs` calls it from browsers and
//!   Node.
//! - `second/veta-proof.mjs`: another verifier, in another language, that shares no code with this one.
//!
//! # Out of scope
//! - What a bundle proves, and how: [`replay::bundle`].
//! - Whom to trust: the reader's policy.
//!
//! # Invariants
//! - It depends on ground crates alone: no clock, no network, no randomness, and no file that is not named.
//! - Any input gives an answer.

pub mod abi;

use replay::bundle::{BundleError, Report, verify};
use serde_json::json;
use tlog::policy::{Policy, PolicyTextError};

/// Whether a bundle proves what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Verdict {
    /// It does.
    Verified = 0,
    /// It does not.
    NotVerified = 1,
    /// That cannot be said: the policy cannot be read.
    BadPolicy = 2,
}

/// Why there is no report.
#[derive(Debug)]
pub enum Failure {
    /// The policy cannot be read.
    Policy(PolicyTextError),
    /// The bundle proves nothing.
    Bundle(BundleError),
}

/// What a bundle proves by a policy.
pub fn report(bundle: &[u8], policy: &[u8]) -> Result<Report, Failure> {
    let policy = Policy::parse(policy).map_err(Failure::Policy)?;
    verify(bundle, &policy).map_err(Failure::Bundle)
}

/// What a bundle proves by a policy, as one JSON object.
#[must_use]
pub fn answer(bundle: &[u8], policy: &[u8]) -> (Verdict, String) {
    match report(bundle, policy) {
        Ok(report) => (Verdict::Verified, report.to_json().to_string()),
        Err(failure) => (failure.verdict(), failure.to_json()),
    }
}

impl Failure {
    /// How it ends.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Policy(_) => Verdict::BadPolicy,
            Self::Bundle(_) => Verdict::NotVerified,
        }
    }

    /// As one JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Self::Policy(error) => {
                json!({"verified": false, "reason": "bad-policy", "message": error.to_string()}).to_string()
            }
            Self::Bundle(error) => error.to_json().to_string(),
        }
    }
}
