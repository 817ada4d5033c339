//! Whom a verb believes about a log: its key, or a policy that also names witnesses and how many of them must have cosigned.

use std::path::Path;

use event::Timestamp;
use tlog::Checkpoint;
use tlog::cosignature::CosignTime;
use tlog::note::{Note, Vkey};
use tlog::policy::{Cosigned, POLICY_BYTES_MAX, Policy, PolicyError};

use crate::files;
use crate::local::Local;
use crate::trouble::{Done, Trouble};

/// A checkpoint that a log of a policy has signed.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// What is signed.
    pub(crate) checkpoint: Checkpoint,
    /// Who cosigned it, where the policy holds; else why it does not.
    pub(crate) cosigned: Result<Cosigned, String>,
}

/// The policy of a file; or a key alone; or the policy of the deployment in a directory; `None` where none of them was named.
pub fn policy(vkey: Option<Vkey>, file: Option<&Path>, state: Option<&Path>) -> Done<Option<Policy>> {
    match (file, vkey, state) {
        (Some(_), Some(_), _) => Err(Trouble::usage(
            "name the log's key in the policy, or with --vkey; not both",
        )),
        (Some(file), None, _) => read(file).map(Some),
        (None, Some(vkey), _) => Ok(Some(Policy::trusting(vkey))),
        (None, None, Some(_)) => read(&Local::named(state)?.policy()).map(Some),
        (None, None, None) => Ok(None),
    }
}

/// As [`policy`], where there must be one.
pub fn needed(vkey: Option<Vkey>, file: Option<&Path>, state: Option<&Path>) -> Done<Policy> {
    policy(vkey, file, state)?.ok_or_else(|| {
        Trouble::usage("whose log? name its key with --vkey, a policy with --policy, or a deployment with --state")
    })
}

/// Opens a checkpoint: that a quorum is missing is told beside it; where no log of the policy signed it, or a line does not hold, it
/// is none.
pub(crate) fn open(note: &Note, policy: &Policy) -> Result<Opened, PolicyError> {
    match policy.check(note) {
        Ok(cosigned) => Ok(Opened {
            checkpoint: cosigned.checkpoint.clone(),
            cosigned: Ok(cosigned),
        }),
        Err(lacking @ PolicyError::NoQuorum { .. }) => {
            let keys = policy.logs().iter().map(|log| &log.vkey);
            Ok(Opened {
                checkpoint: Checkpoint::from_note_any(note, keys)?,
                cosigned: Err(lacking.to_string()),
            })
        }
        Err(error) => Err(error),
    }
}

/// When a cosignature was made, as people write it.
pub(crate) fn instant(time: CosignTime) -> Timestamp {
    let seconds = i64::try_from(time.get()).unwrap_or(i64::MAX);
    Timestamp::from_unix_ms(seconds.saturating_mul(1_000))
}

/// Reads a policy of c2sp.org/tlog-policy.
fn read(file: &Path) -> Done<Policy> {
    let text = files::read(file, "a policy", POLICY_BYTES_MAX as u64)?;
    let policy = Policy::parse(&text).map_err(|error| Trouble::usage(format_args!("{}: {error}", file.display())))?;
    if policy.logs().is_empty() {
        return Err(Trouble::usage(format_args!(
            "{} lists no log: add a line 'log <vkey>'",
            file.display()
        )));
    }
    Ok(policy)
}
