//! `veta report`: how far an organization has come, for people who have nothing but the file.
//!
//! ```text
//! services ── gather ──▶ Gathered ── summary, record ──▶ Document ── markdown, html ──▶ files
//! ```
//!
//! # In scope
//! - [`gather()`]: everything that a report says, asked for as of one position and one instant.
//! - [`summary()`] and [`full()`]: what is said of it, in which words, as a [`Document`]. Pure: the same answers give the
//!   same bytes, on every machine.
//! - [`Document::to_markdown`] and [`Document::to_html`]: two forms of the same. Each escapes everything, since names and
//!   texts come from outside.
//! - [`write()`]: the files, and which digests a `ReportPublished` about them carries.
//!
//! # Out of scope
//! - What follows from the record: `progress` answers it, by the rules of `ledger`. Nothing is computed here but sums.
//! - Signing and publishing: `veta statement`, `veta evidence`.
//!
//! # Invariants
//! - Nothing is claimed beyond what is held: declared, signed, checked for consistency. Who says something, and at which
//!   assurance level, stands beside it. What nobody answered is "no data", never a no.
//! - Only what the services answered stands in a report. In particular no clock is read for it.
//! - A page of HTML names nothing outside itself: it shows what it holds, and fetches nothing.

mod asked;
mod document;
mod escape;
mod gather;
mod html;
mod markdown;
mod phrases;
mod picture;
mod record;
mod summary;
mod writer;

use std::path::{Path, PathBuf};

use event::key::Digest;
use serde_json::json;

use crate::print;
use crate::trouble::{Done, Trouble};

pub use document::{Block, Document, Level, Picture, Point, Shade, Span, Table, Text, code, fill, ours, said, strong};
pub use gather::{Gathered, History, Log, Record, Services, Signed, gather};
pub use phrases::Tongue;

use writer::Writer;

/// The longest file of a report.
pub const REPORT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What everyone may see; it names the full version that was written with it by its digest.
#[must_use]
pub fn summary(gathered: &Gathered, tongue: Tongue, full: Option<Digest>) -> Document {
    let without_record = Gathered {
        record: None,
        ..gathered.clone()
    };
    let mut writer = Writer::new(&without_record, tongue);
    summary::write(&mut writer, full);
    writer.catalogues();
    writer.checks();
    let title = writer.report_title();
    writer.document(title)
}

/// Every answer with its history, and every record that it rests on.
#[must_use]
pub fn full(gathered: &Gathered, tongue: Tongue) -> Document {
    let mut writer = Writer::new(gathered, tongue);
    summary::write(&mut writer, None);
    if let Some(record) = &gathered.record {
        record::write(&mut writer, record);
    }
    writer.catalogues();
    writer.sources();
    writer.checks();
    let title = writer.report_title();
    writer.document(title)
}

/// A file that was written.
#[derive(Clone, Debug)]
struct Written {
    path: PathBuf,
    bytes: usize,
    digest: Digest,
}

/// Writes the summary, and the full version where there is a record, each in both forms; says which files those are, and
/// how to publish them.
pub fn write(gathered: &Gathered, tongue: Tongue, output: Option<&Path>, json: bool) -> Done {
    let stem = stem(gathered, output);
    let mut files = Vec::new();
    let full = match &gathered.record {
        Some(_) => Some(write_both(
            &full(gathered, tongue),
            &format!("{stem}-full"),
            &mut files,
        )?),
        None => None,
    };
    let summary = write_both(&summary(gathered, tongue, full), &stem, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    tell(gathered, &files, (summary, full), json);
    Ok(())
}

/// In the directory that was named, by the organization and the position; or else as it was named.
fn stem(gathered: &Gathered, output: Option<&Path>) -> String {
    let organization = gathered.organization.organization.clone().unwrap_or_default();
    let name = format!("{}-{}", organization.party_id, gathered.organization.position);
    let path = match output {
        None => PathBuf::from(name),
        Some(dir) if dir.is_dir() => dir.join(name),
        Some(stem) => stem.to_owned(),
    };
    path.display().to_string()
}

/// Writes both forms; returns the digest of the HTML page, which is what a publication names.
fn write_both(document: &Document, stem: &str, files: &mut Vec<Written>) -> Done<Digest> {
    write_file(format!("{stem}.md").into(), &document.to_markdown(), files)?;
    write_file(format!("{stem}.html").into(), &document.to_html(), files)
}

fn write_file(path: PathBuf, text: &str, files: &mut Vec<Written>) -> Done<Digest> {
    if REPORT_BYTES_MAX < text.len() {
        return Err(Trouble::failed(format_args!(
            "{} would have more than {REPORT_BYTES_MAX} bytes: leave out --full",
            path.display()
        )));
    }
    let cannot = format!("cannot write {}", path.display());
    service::durable::write(&path, text.as_bytes()).map_err(Trouble::at(cannot))?;
    let digest = Digest::of(text.as_bytes());
    files.push(Written {
        path,
        bytes: text.len(),
        digest,
    });
    Ok(digest)
}

fn tell(gathered: &Gathered, files: &[Written], (summary, full): (Digest, Option<Digest>), json: bool) {
    let organization = gathered.organization.organization.clone().unwrap_or_default();
    let log = match &gathered.log {
        Log::Checked(signed) => Some(&signed.checkpoint),
        Log::Unreachable | Log::Behind => None,
    };
    if json {
        let file = |file: &Written| json!({"path": file.path.display().to_string(), "bytes": file.bytes, "sha256": file.digest});
        print::json(&json!({
            "organization": organization.party_id,
            "position": gathered.organization.position,
            "evaluated_at": crate::show::instant(gathered.organization.evaluated_at_unix_ms),
            "checkpoint": log.map(|checkpoint| json!({
                "origin": checkpoint.origin.to_string(),
                "tree_size": checkpoint.size.get(),
                "root": checkpoint.root.to_string(),
            })),
            "files": files.iter().map(file).collect::<Vec<_>>(),
            "report_published": {"summary": summary, "full": full},
        }));
        return;
    }
    let row = |file: &Written| {
        [
            file.path.display().to_string(),
            file.bytes.to_string(),
            file.digest.to_string(),
        ]
    };
    print::table(["file", "bytes", "SHA-256"], files.iter().map(row));
    if log.is_none() {
        print::line(
            "no checkpoint of the log stands behind it: no audit service answered in time, and the report says so",
        );
    }
    let full = full.map_or_else(|| "null".to_owned(), |full| format!("\"{full}\""));
    print::line(format_args!(
        "\nTo publish it in the name of {}, have the HTML files kept with `veta evidence put FILE --visibility public`,\n\
         and fill in `veta statement draft ReportPublished` with the days it speaks about, and\n  \
         \"summary\": \"{summary}\",\n  \"full\": {full}",
        organization.name
    ));
}
