//! A proof that was sent here to be verified, and what came of it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use replay::bundle::{BUNDLE_BYTES_MAX, verify};
use tlog::policy::{POLICY_BYTES_MAX, Policy};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use super::view::View;
use crate::PROOFS_MAX;
use crate::trouble::Trouble;

/// Bytes of the form at most: a proof, a policy, and what stands around them.
pub(in super::super) const BODY_BYTES_MAX: usize = BUNDLE_BYTES_MAX + POLICY_BYTES_MAX + 4 * 1024;

/// The fields.
const PROOF: &str = "proof";
const POLICY: &str = "policy";

/// What was sent.
pub(super) struct Sent {
    proof: Bytes,
    /// What its file is called, as the browser says; empty where it does not.
    pub(super) name: String,
    pub(super) policy: Vec<u8>,
    place: OwnedSemaphorePermit,
}

/// What came of it.
pub(super) struct Verified {
    /// In one word: `verified`, `not-verified` or `unchecked`.
    pub(super) state: &'static str,
    /// The rest of the key of the reason why not; empty where it is verified.
    pub(super) reason: &'static str,
    /// What the program says, where the reader's words do not say it; empty otherwise.
    pub(super) message: String,
    /// What the proof proves.
    pub(super) view: Option<View>,
}

impl Sent {
    /// Reads the form, once there is room for it.
    pub(super) async fn read(room: &Arc<Semaphore>, request: Request) -> Result<Self, Trouble> {
        let place = Arc::clone(room).try_acquire_owned();
        let place = place.map_err(|_| Trouble::Away(format!("{PROOFS_MAX} proofs are verified here at one time")))?;
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|error| Trouble::Asked(error.body_text()))?;
        let (mut proof, mut policy, mut name) = (Bytes::new(), Bytes::new(), String::new());
        while let Some(field) = form
            .next_field()
            .await
            .map_err(|error| Trouble::of_form(&error, BUNDLE_BYTES_MAX))?
        {
            let into = match field.name() {
                Some(PROOF) => {
                    field.file_name().unwrap_or_default().clone_into(&mut name);
                    &mut proof
                }
                Some(POLICY) => &mut policy,
                _ => continue,
            };
            *into = field
                .bytes()
                .await
                .map_err(|error| Trouble::of_form(&error, BUNDLE_BYTES_MAX))?;
        }
        // A browser ends every line that was typed with two bytes.
        let policy = policy.iter().copied().filter(|byte| *byte != b'\r').collect();
        Ok(Self {
            proof,
            name,
            policy,
            place,
        })
    }

    /// Verifies it beside what answers others. Who goes away meanwhile keeps the place until it is done.
    pub(super) async fn verified(self) -> Result<Verified, Trouble> {
        let verified = spawn_blocking(move || {
            let verified = Verified::of(&self.proof, &self.policy);
            drop(self.place);
            verified
        });
        verified.await.map_err(|error| Trouble::Wrong(error.to_string()))
    }
}

impl Verified {
    /// What the first program says, which is the same everywhere.
    fn of(proof: &[u8], policy: &[u8]) -> Self {
        let without = |state, reason, message| Self {
            state,
            reason,
            message,
            view: None,
        };
        let policy = match Policy::parse(policy) {
            Ok(policy) => policy,
            Err(error) => return without("unchecked", "bad-policy", error.to_string()),
        };
        match verify(proof, &policy) {
            Ok(report) => Self {
                view: Some(View::of(&report)),
                ..without("verified", "", String::new())
            },
            Err(error) => without("not-verified", error.name(), String::new()),
        }
    }

    /// How it looks.
    pub(super) fn chip(&self) -> &'static str {
        match self.state {
            "verified" => "good",
            "unchecked" => "none",
            _ => "bad",
        }
    }
}
