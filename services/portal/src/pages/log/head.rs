//! A checkpoint, and who cosigned it when, as far as that can be checked by the policy that the operator publishes.

use rpc::audit::{GetCheckpointResponse, GetLogResponse};
use serde::Serialize;
use tlog::cosignature::CosignTime;
use tlog::note::{Note, NoteSignature};
use tlog::policy::Policy;
use utoipa::ToSchema;

/// Bytes of a cosignature: its time, 8, and an Ed25519 signature, 64.
const COSIGNATURE_BYTES: usize = 8 + 64;

/// Which log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Log {
    /// Its unique name, the first line of its checkpoints.
    pub(crate) origin: String,
    /// Its verifying keys: several while one replaces the other.
    pub(crate) vkeys: Vec<String>,
    /// The deployment whose statements it holds, in hexadecimal.
    pub(crate) deployment_id: String,
    /// Why nothing is signed any more; empty where checkpoints are signed.
    pub(crate) read_only: String,
    /// Where it is read as tiles, as the operator's policy says; empty where it does not.
    pub(crate) url: String,
    /// Whether the operator publishes a policy here.
    pub(crate) has_policy: bool,
}

/// A checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Head {
    /// So many entries it covers.
    pub(crate) tree_size: u64,
    /// The root of the tree over them, in base64.
    pub(crate) root: String,
    /// When enough witnesses had cosigned it for the operator's policy, by their clocks, in seconds since 1970; absent where they
    /// have not, or none is asked for.
    pub(crate) as_of_unix_s: Option<u64>,
    /// The witnesses of the operator's policy, and others who cosigned.
    pub(crate) witnesses: Vec<Cosigner>,
}

/// A witness, and what it did about a checkpoint.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Cosigner {
    /// What the policy calls it; the name of its key where the policy does not know it.
    pub(crate) name: String,
    /// Its verifying key; empty where the policy does not know it.
    pub(crate) vkey: String,
    /// Whether it decides every statement again before it cosigns, as the policy says.
    pub(crate) auditing: bool,
    /// `cosigned`; `missing`; `broken`, if its signature does not hold; `unknown`, if the policy does not know it.
    pub(crate) state: &'static str,
    /// When it cosigned, by its own clock, in seconds since 1970.
    pub(crate) cosigned_at_unix_s: Option<u64>,
}

impl Log {
    pub(crate) fn of(log: &GetLogResponse, policy: Option<&Policy>) -> Self {
        let url = policy.and_then(|policy| policy.logs().iter().find_map(|log| log.url.clone()));
        Self {
            origin: log.origin.clone(),
            vkeys: std::iter::once(&log.vkey).chain(&log.other_vkeys).cloned().collect(),
            deployment_id: log.deployment_id.clone(),
            read_only: log.read_only.clone(),
            url: url.unwrap_or_default(),
            has_policy: policy.is_some(),
        }
    }
}

impl Head {
    pub(crate) fn read(answer: &GetCheckpointResponse, log: &GetLogResponse, policy: Option<&Policy>) -> Self {
        let note = Note::parse(&answer.checkpoint_note).ok();
        let witnesses = note.as_ref().map(|note| cosigners(note, &log.origin, policy));
        let as_of = policy
            .zip(note.as_ref())
            .and_then(|(policy, note)| policy.check(note).ok()?.as_of);
        Self {
            tree_size: answer.tree_size,
            root: root(note.as_ref()),
            as_of_unix_s: as_of.map(CosignTime::get),
            witnesses: witnesses.unwrap_or_default(),
        }
    }
}

/// The third line of a checkpoint.
fn root(note: Option<&Note>) -> String {
    note.and_then(|note| note.text().lines().nth(2))
        .unwrap_or_default()
        .to_owned()
}

/// Those of the policy first, in its order; then others whose lines look like cosignatures.
pub(crate) fn cosigners(note: &Note, origin: &str, policy: Option<&Policy>) -> Vec<Cosigner> {
    let known = policy.map(Policy::witnesses).unwrap_or_default();
    let mut all: Vec<_> = known
        .iter()
        .map(|witness| {
            let line = note.signatures().iter().find(|line| line.id == witness.vkey.id());
            let cosigned = note.cosigned(&witness.vkey);
            Cosigner {
                name: witness.name.to_string(),
                vkey: witness.vkey.to_string(),
                auditing: policy.is_some_and(|policy| policy.is_auditing(&witness.name)),
                state: match (&cosigned, line) {
                    (Ok(_), _) => "cosigned",
                    (Err(_), None) => "missing",
                    (Err(_), Some(_)) => "broken",
                },
                cosigned_at_unix_s: cosigned.ok().map(CosignTime::get),
            }
        })
        .collect();
    let is_other = |line: &&NoteSignature| {
        line.name.as_str() != origin
            && line.signature.len() == COSIGNATURE_BYTES
            && known.iter().all(|witness| witness.vkey.id() != line.id)
    };
    let others = note.signatures().iter().filter(is_other).map(|line| Cosigner {
        name: line.name.to_string(),
        vkey: String::new(),
        auditing: false,
        state: "unknown",
        cosigned_at_unix_s: line.signature.first_chunk().map(|time| u64::from_be_bytes(*time)),
    });
    all.extend(others);
    all
}
