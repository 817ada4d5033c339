//! `veta audit checkpoint`, `veta prove`, `veta export`, `veta verify`.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use event::{LotId, PartyId};
use replay::bundle::{BUNDLE_BYTES_MAX, Report, verify};
use replay::export::Header;
use rpc::audit::audit_service_client::AuditServiceClient;
use rpc::audit::{
    GetCheckpointRequest, GetCheckpointResponse, GetEntryProofRequest, GetLogRequest, GetLotProofRequest,
    StreamEntriesRequest,
};
use serde_json::json;
use tlog::Leaf;
use tlog::policy::Policy;
use tlog::proof::TlogProof;
use tlog::tree::leaf_hash;
use tonic::transport::Channel;

use crate::print;
use crate::submit::bar;
use crate::trouble::{Done, Trouble};
use crate::words;

/// What every checkpoint covers: whoever cannot do without one waits for the first.
const FIRST_POSITION: u64 = 1;

/// The log's latest checkpoint; the first is waited for.
pub(crate) async fn latest(client: &mut AuditServiceClient<Channel>) -> Done<GetCheckpointResponse> {
    let request = GetCheckpointRequest {
        at_least_position: FIRST_POSITION,
    };
    Ok(client.get_checkpoint(request).await?.into_inner())
}

/// Prints the log's latest checkpoint.
pub async fn checkpoint(audit: &Channel, json: bool) -> Done {
    let mut client = rpc::client::audit(audit.clone());
    let log = client.get_log(GetLogRequest {}).await?.into_inner();
    let checkpoint = latest(&mut client).await?;
    let note = String::from_utf8(checkpoint.checkpoint_note).map_err(Trouble::at("the checkpoint"))?;
    if json {
        print::json(
            &json!({"origin": log.origin, "vkey": log.vkey, "deployment_id": log.deployment_id, "tree_size": checkpoint.tree_size, "note": note,
                "as_of": checkpoint.as_of, "other_vkeys": log.other_vkeys, "read_only": log.read_only}),
        );
        return Ok(());
    }
    print::line(note.trim_end());
    print::line(format_args!("\nkey {}", log.vkey));
    for other in log.other_vkeys {
        print::line(format_args!("key {other}, too"));
    }
    if !log.read_only.is_empty() {
        print::line(format_args!("\nREAD-ONLY, nothing is signed: {}", log.read_only));
    }
    Ok(())
}

/// Prints the log's key as the service tells it: what its operator publishes, nobody else should trust it from here.
pub async fn vkey(audit: &Channel) -> Done {
    let log = rpc::client::audit(audit.clone()).get_log(GetLogRequest {}).await?;
    print::line(log.into_inner().vkey);
    Ok(())
}

/// What is to be proved.
pub struct Proving {
    /// A lot, or the index of an entry.
    pub what: String,
    /// How many steps back what a lot was made of is proved; all of it, where there is none.
    pub depth: Option<u16>,
    /// Whether with the times of every statement about a lot.
    pub times: bool,
    /// Once a checkpoint covers this position.
    pub at_least: u64,
}

/// Writes the proof of a lot (a bundle), or of one entry by its index (a tlog-proof with the leaf in it).
pub async fn prove(audit: &Channel, asked: Proving, output: Option<&Path>) -> Done {
    let mut client = rpc::client::audit(audit.clone());
    let Proving {
        what,
        depth,
        times,
        at_least,
    } = asked;
    let at_least_position = at_least.max(FIRST_POSITION);
    if let Ok(index) = what.parse::<u64>() {
        let request = GetEntryProofRequest {
            leaf_index: index,
            at_least_position,
        };
        let found = client.get_entry_proof(request).await?.into_inner();
        let mut proof = TlogProof::parse(found.tlog_proof.as_bytes()).map_err(Trouble::at("the proof"))?;
        proof.extra = Some(found.leaf);
        let text = proof.encode().map_err(Trouble::at("the proof"))?;
        return write(output, &format!("entry-{index}.tlog-proof"), text.as_bytes());
    }
    let lot: LotId = what
        .parse()
        .map_err(|error| Trouble::usage(format_args!("name a lot or the index of an entry: {error}")))?;
    let request = GetLotProofRequest {
        lot_id: lot.to_string(),
        at_least_position,
        depth: depth.map(u32::from),
        times,
    };
    let parts = client.get_lot_proof(request).await?.into_inner();
    let bundle = rpc::client::lot_proof(parts).await.map_err(Trouble::failed)?;
    write(output, &format!("{lot}.veta-proof"), &bundle)
}

/// Writes the whole log into a file.
pub async fn export(audit: &Channel, output: &Path) -> Done {
    let mut client = rpc::client::audit(audit.clone());
    let log = client.get_log(GetLogRequest {}).await?.into_inner();
    let checkpoint = latest(&mut client).await?;
    let size = checkpoint.tree_size;
    let header = Header {
        vkey: log.vkey.parse().map_err(Trouble::at("the log's key"))?,
        checkpoint: String::from_utf8(checkpoint.checkpoint_note).map_err(Trouble::at("the checkpoint"))?,
    };
    let cannot = || format!("cannot write {}", output.display());
    let mut file = BufWriter::new(File::create(output).map_err(Trouble::at(cannot()))?);
    file.write_all(&header.encode()).map_err(Trouble::at(cannot()))?;
    let bar = bar(usize::try_from(size).unwrap_or(usize::MAX), "exporting");
    let request = StreamEntriesRequest {
        start_index: 0,
        at_least_position: size,
    };
    let mut parts = client.stream_entries(request).await?.into_inner();
    let mut written = 0;
    while written < size {
        let part = parts
            .message()
            .await?
            .ok_or_else(|| Trouble::try_again("the log ended too early: export again"))?;
        let leaves = part
            .leaves
            .iter()
            .map(Vec::as_slice)
            .take(usize::try_from(size - written).unwrap_or(usize::MAX));
        let bytes = tlog::tiles::encode_entries(leaves.clone()).map_err(Trouble::at("a leaf"))?;
        file.write_all(&bytes).map_err(Trouble::at(cannot()))?;
        written += leaves.len() as u64;
        bar.set_position(written);
    }
    bar.finish_and_clear();
    let file = file.into_inner().map_err(Trouble::at(cannot()))?;
    file.sync_all().map_err(Trouble::at(cannot()))?;
    print::line(format_args!("{size} entries in {}", output.display()));
    Ok(())
}

/// Verifies a proof file offline, by the reader's own policy.
pub fn verify_file(path: &Path, policy: &Policy, json: bool) -> Done {
    let mut bytes = Vec::new();
    let opened = File::open(path).map_err(Trouble::at(format_args!("cannot read {}", path.display())))?;
    let read = opened.take(BUNDLE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
    read.map_err(Trouble::at(format_args!("cannot read {}", path.display())))?;
    if bytes.starts_with(b"c2sp.org/tlog-proof@") {
        return verify_entry(&bytes, policy, json);
    }
    match verify(&bytes, policy) {
        Ok(report) if json => print::json(&report.to_json()),
        Ok(report) => tell(&report),
        Err(error) => {
            if json {
                print::json(&error.to_json());
            }
            return Err(Trouble::at("NOT VERIFIED")(error));
        }
    }
    Ok(())
}

fn verify_entry(bytes: &[u8], policy: &Policy, json: bool) -> Done {
    let proof = TlogProof::parse(bytes).map_err(Trouble::at("NOT VERIFIED"))?;
    let leaf = proof
        .extra
        .clone()
        .ok_or_else(|| Trouble::failed("NOT VERIFIED: the proof does not carry its entry"))?;
    let cosigned = policy.check(&proof.checkpoint).map_err(Trouble::at("NOT VERIFIED"))?;
    let checkpoint = cosigned.checkpoint;
    proof
        .inclusion
        .verify(&leaf_hash(&leaf), proof.index, &checkpoint.head())
        .map_err(Trouble::at("NOT VERIFIED"))?;
    let leaf = Leaf::parse(&leaf).map_err(Trouble::at("NOT VERIFIED"))?;
    if json {
        let witnesses: Vec<_> = cosigned.by.iter().map(|(name, _)| name.to_string()).collect();
        print::json(
            &json!({"verified": true, "index": proof.index.get(), "origin": checkpoint.origin.to_string(), "tree_size": checkpoint.size.get(), "witnesses": witnesses, "verdict": leaf.verdict}),
        );
        return Ok(());
    }
    print::line(format_args!(
        "verified: entry {} is in the log {} of {} entries, which {} of your witnesses cosigned",
        proof.index,
        checkpoint.origin,
        checkpoint.size,
        cosigned.by.len()
    ));
    print::line(match leaf.verdict {
        0 => "it was admitted".to_owned(),
        code => format!("it was refused ({code})"),
    });
    Ok(())
}

fn tell(report: &Report) {
    print::line(report);
    let name = |id: PartyId| report.names.get(&id).cloned().unwrap_or_else(|| format!("{id}"));
    let rows = report.history.iter().map(|entry| {
        [
            entry.index.to_string(),
            entry.admitted_at.to_string(),
            name(entry.statement.party()),
            words::sentence(entry.statement.event()),
            entry.refused.map_or_else(
                || "admitted".to_owned(),
                |refusal| format!("REFUSED ({})", refusal.name()),
            ),
        ]
    });
    print::table(["entry", "admitted", "by", "said", "verdict"], rows);
}

fn write(output: Option<&Path>, default: &str, bytes: &[u8]) -> Done {
    let path = output.unwrap_or_else(|| Path::new(default));
    std::fs::write(path, bytes).map_err(Trouble::at(format_args!("cannot write {}", path.display())))?;
    print::line(format_args!("{} bytes in {}", bytes.len(), path.display()));
    Ok(())
}
