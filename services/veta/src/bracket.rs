//! `veta audit when`: between which times an entry came into the log, by the clocks of witnesses that the reader trusts.

use rpc::audit::audit_service_client::AuditServiceClient;
use rpc::audit::{GetConsistencyProofRequest, GetTimeBracketRequest};
use serde_json::json;
use tlog::cosignature::CosignTime;
use tlog::note::Note;
use tlog::policy::{Cosigned, Policy};
use tlog::tree::ConsistencyProof;
use tlog::{LeafIndex, TreeHead};
use tonic::transport::Channel;

use crate::print;
use crate::trouble::{Done, Trouble};
use crate::trust::instant;

/// Two checkpoints that hold by the reader's policy, the later one a continuation of the earlier; an entry stands between them.
struct Bracket {
    /// Without the entry; nothing where none is kept, or where fewer had cosigned it than the policy asks for.
    before: Option<Cosigned>,
    /// With it.
    after: Cosigned,
}

/// Tells between which checkpoints an entry came, and when these were cosigned.
pub async fn when(audit: &Channel, index: LeafIndex, policy: &Policy, json: bool) -> Done {
    let Bracket { before, after } = bracket(audit, index, policy).await?;
    let time = |cosigned: &Cosigned| cosigned.as_of.map(|time| instant(time).to_string());
    let not_before = before.as_ref().and_then(time);
    let not_after = time(&after);
    if json {
        let size = |cosigned: &Cosigned| cosigned.checkpoint.size.get();
        print::json(&json!({
            "index": index.get(),
            "not_before": not_before,
            "not_after": not_after,
            "not_before_unix_seconds": before.as_ref().and_then(|cosigned| cosigned.as_of).map(CosignTime::get),
            "not_after_unix_seconds": after.as_of.map(CosignTime::get),
            "size_before": before.as_ref().map(size),
            "size_after": size(&after),
        }));
        return Ok(());
    }
    let unknown = || "not known: no witness cosigned a checkpoint that tells".to_owned();
    let of = |cosigned: &Cosigned| format!(", when the log had {} entries", cosigned.checkpoint.size);
    let earlier = not_before.map(|time| time + &before.as_ref().map_or_else(String::new, of));
    let later = not_after.map(|time| time + &of(&after));
    print::line(format_args!("entry {index}"));
    print::line(format_args!("not before {}", earlier.unwrap_or_else(unknown)));
    print::line(format_args!("not after  {}", later.unwrap_or_else(unknown)));
    Ok(())
}

/// Asks the service, and checks what it answers.
async fn bracket(audit: &Channel, index: LeafIndex, policy: &Policy) -> Done<Bracket> {
    let mut client = rpc::client::audit(audit.clone());
    let request = GetTimeBracketRequest {
        leaf_index: index.get(),
        at_least_position: 0,
    };
    let told = client.get_time_bracket(request).await?.into_inner();
    let after = open(&told.including_note, policy)?;
    if after.checkpoint.size.get() <= index.get() {
        return Err(contradicts("the later checkpoint does not have the entry"));
    }
    // Of a time when nobody cosigned as the reader wants it, nothing is known.
    let before = (!told.excluding_note.is_empty())
        .then(|| open(&told.excluding_note, policy).ok())
        .flatten();
    let Some(before) = before else {
        return Ok(Bracket { before: None, after });
    };
    if index.get() < before.checkpoint.size.get() {
        return Err(contradicts("the earlier checkpoint has the entry"));
    }
    grew(&mut client, &before.checkpoint.head(), &after.checkpoint.head()).await?;
    let before = Some(before);
    Ok(Bracket { before, after })
}

/// Has the service prove that the log grew from one tree to the other.
pub(crate) async fn grew(client: &mut AuditServiceClient<Channel>, before: &TreeHead, after: &TreeHead) -> Done {
    let request = GetConsistencyProofRequest {
        old_tree_size: before.size.get(),
        new_tree_size: after.size.get(),
        at_least_position: 0,
    };
    let proof = client.get_consistency_proof(request).await?.into_inner();
    let proof = ConsistencyProof::try_from(&proof)?;
    proof.verify(before, after).map_err(contradicts)
}

fn open(note: &[u8], policy: &Policy) -> Done<Cosigned> {
    let note = Note::parse(note).map_err(Trouble::at("a checkpoint of the log"))?;
    policy
        .check(&note)
        .map_err(Trouble::at("a checkpoint does not hold by your policy"))
}

/// What is to be done where checkpoints do not belong to one log that only grows.
pub(crate) fn contradicts(why: impl core::fmt::Display) -> Trouble {
    Trouble::failed(format_args!(
        "what the log answers does not hold together: {why}. Keep what it answered, and tell its witnesses"
    ))
}
