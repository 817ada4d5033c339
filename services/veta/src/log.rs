//! `veta audit checkpoint | prove`, `veta export`, `veta verify`.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use event::vocabulary::QuantityBasis;
use event::{LotId, Mass, PartyId};
use ledger::{End, Lot};
use replay::bundle::{BUNDLE_BYTES_MAX, Report, verify};
use replay::export::Header;
use rpc::audit::{GetCheckpointRequest, GetEntryProofRequest, GetLogRequest, GetLotProofRequest, StreamEntriesRequest};
use serde_json::json;
use tlog::note::Vkey;
use tlog::proof::TlogProof;
use tlog::tree::leaf_hash;
use tlog::{Checkpoint, Leaf};
use tonic::transport::Channel;

use crate::print;
use crate::submit::bar;
use crate::trouble::{Done, Trouble};
use crate::words;

/// Prints the log's latest checkpoint.
pub async fn checkpoint(audit: &Channel, json: bool) -> Done {
    let mut client = rpc::client::audit(audit.clone());
    let log = client.get_log(GetLogRequest {}).await?.into_inner();
    let checkpoint = client
        .get_checkpoint(GetCheckpointRequest::default())
        .await?
        .into_inner();
    let note = String::from_utf8(checkpoint.checkpoint_note).map_err(Trouble::at("the checkpoint"))?;
    if json {
        print::json(
            &json!({"origin": log.origin, "vkey": log.vkey, "deployment_id": log.deployment_id, "tree_size": checkpoint.tree_size, "note": note}),
        );
        return Ok(());
    }
    print::line(note.trim_end());
    print::line(format_args!("\nkey {}", log.vkey));
    Ok(())
}

/// Prints the log's key as the service tells it: what its operator publishes, nobody else should trust it from here.
pub async fn vkey(audit: &Channel) -> Done {
    let log = rpc::client::audit(audit.clone()).get_log(GetLogRequest {}).await?;
    print::line(log.into_inner().vkey);
    Ok(())
}

/// Writes the proof of a lot (a bundle), or of one entry by its index (a tlog-proof with the leaf in it).
pub async fn prove(audit: &Channel, what: &str, output: Option<&Path>) -> Done {
    let mut client = rpc::client::audit(audit.clone());
    if let Ok(index) = what.parse::<u64>() {
        let request = GetEntryProofRequest {
            leaf_index: index,
            at_least_position: 0,
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
        at_least_position: 0,
    };
    let parts = client.get_lot_proof(request).await?.into_inner();
    let bundle = rpc::client::lot_proof(parts).await.map_err(Trouble::failed)?;
    write(output, &format!("{lot}.veta-proof"), &bundle)
}

/// Writes the whole log into a file.
pub async fn export(audit: &Channel, output: &Path) -> Done {
    let mut client = rpc::client::audit(audit.clone());
    let log = client.get_log(GetLogRequest {}).await?.into_inner();
    let checkpoint = client
        .get_checkpoint(GetCheckpointRequest::default())
        .await?
        .into_inner();
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

/// Verifies a proof file offline, with the reader's own key of the log.
pub fn verify_file(path: &Path, vkey: &Vkey, json: bool) -> Done {
    let mut bytes = Vec::new();
    let opened = File::open(path).map_err(Trouble::at(format_args!("cannot read {}", path.display())))?;
    let read = opened.take(BUNDLE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
    read.map_err(Trouble::at(format_args!("cannot read {}", path.display())))?;
    if bytes.starts_with(b"c2sp.org/tlog-proof@") {
        return verify_entry(&bytes, vkey, json);
    }
    let report = verify(&bytes, vkey).map_err(Trouble::at("NOT VERIFIED"))?;
    if json {
        print::json(&report_json(&report));
        return Ok(());
    }
    tell(&report);
    Ok(())
}

fn verify_entry(bytes: &[u8], vkey: &Vkey, json: bool) -> Done {
    let proof = TlogProof::parse(bytes).map_err(Trouble::at("NOT VERIFIED"))?;
    let leaf = proof
        .extra
        .clone()
        .ok_or_else(|| Trouble::failed("NOT VERIFIED: the proof does not carry its entry"))?;
    let checkpoint: Checkpoint = proof
        .verify(&leaf_hash(&leaf), vkey)
        .map_err(Trouble::at("NOT VERIFIED"))?;
    let leaf = Leaf::parse(&leaf).map_err(Trouble::at("NOT VERIFIED"))?;
    if json {
        print::json(
            &json!({"verified": true, "index": proof.index.get(), "origin": checkpoint.origin.to_string(), "tree_size": checkpoint.size.get(), "verdict": leaf.verdict}),
        );
        return Ok(());
    }
    print::line(format_args!(
        "verified: entry {} is in the log {} of {} entries",
        proof.index, checkpoint.origin, checkpoint.size
    ));
    print::line(match leaf.verdict {
        0 => "it was admitted".to_owned(),
        code => format!("it was refused ({code})"),
    });
    Ok(())
}

fn tell(report: &Report) {
    let name = |id: PartyId| report.names.get(&id).cloned().unwrap_or_else(|| format!("{id}"));
    let size = report.checkpoint.size;
    print::line(format_args!(
        "verified: everything about {} in the log {}",
        report.lot_id, report.checkpoint.origin
    ));
    print::line(format_args!(
        "complete as of its {size} entries; no record about this lot was left out"
    ));
    let lot = &report.lot;
    let state = match lot.end {
        None => "in the custody of".to_owned(),
        Some(End::Retired) => "retired; last in the custody of".to_owned(),
        Some(End::Lost) => "lost; last in the custody of".to_owned(),
        Some(End::Transformed { .. }) => format!("made into {}; last in the custody of", became(lot).join(", ")),
    };
    let invented = if is_invented(report) {
        " (INVENTED for demonstration)"
    } else {
        ""
    };
    print::line(format_args!(
        "{}{invented} {state} {}",
        lot.gross_mass,
        name(lot.custodian)
    ));
    let gold = lot.fine_mass().map_or_else(
        || "nobody said how fine it is".to_owned(),
        |gold| format!("{gold} of gold in it"),
    );
    print::line(format_args!("owned by {}; {gold}\n", name(lot.owner)));
    if report.is_held {
        print::line("HELD: it, or a lot that it was made of, does not move until the hold is released\n");
    }
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
    if !report.rests_on_log.is_empty() {
        print::line(format_args!(
            "{} refusals rest on the log's word, not on these records",
            report.rests_on_log.len()
        ));
    }
}

/// Whether its masses are invented, or those of what it was made of.
fn is_invented(report: &Report) -> bool {
    report.lot.basis == QuantityBasis::Illustrative
}

/// The lots that a lot became.
fn became(lot: &Lot) -> Vec<String> {
    match lot.end {
        Some(End::Transformed { by, outputs }) => (0..u32::from(outputs))
            .map(|place| LotId::derive(by, place).to_string())
            .collect(),
        _ => Vec::new(),
    }
}

fn report_json(report: &Report) -> serde_json::Value {
    let history = report.history.iter().map(|entry| {
        json!({
            "index": entry.index.get(),
            "event": entry.statement.event().kind().name(),
            "party": entry.statement.party(),
            "statement_id": entry.statement.id(),
            "admitted_at": entry.admitted_at.to_string(),
            "refused": entry.refused.map(ledger::Refusal::name),
        })
    });
    let lot = &report.lot;
    let end = lot.end.map(|end| match end {
        End::Transformed { .. } => "transformed",
        End::Retired => "retired",
        End::Lost => "lost",
    });
    json!({
        "verified": true,
        "lot": report.lot_id,
        "origin": report.checkpoint.origin.to_string(),
        "tree_size": report.checkpoint.size.get(),
        "root": report.checkpoint.root.to_string(),
        "deployment": report.deployment,
        "deployment_name": report.deployment_name,
        "custodian": lot.custodian,
        "custodian_name": report.names.get(&lot.custodian),
        "owner": lot.owner,
        "owner_name": report.names.get(&lot.owner),
        "gross_mass_micrograms": lot.gross_mass.micrograms(),
        "fine_mass_micrograms": lot.fine_mass().map(Mass::micrograms),
        "quantity_invented": is_invented(report),
        "held": report.is_held,
        "end": end,
        "became": became(lot),
        "history": history.collect::<Vec<_>>(),
        "rests_on_log": report.rests_on_log.iter().map(|index| index.get()).collect::<Vec<_>>(),
    })
}

fn write(output: Option<&Path>, default: &str, bytes: &[u8]) -> Done {
    let path = output.unwrap_or_else(|| Path::new(default));
    std::fs::write(path, bytes).map_err(Trouble::at(format_args!("cannot write {}", path.display())))?;
    print::line(format_args!("{} bytes in {}", bytes.len(), path.display()));
    Ok(())
}
