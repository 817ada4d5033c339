//! `veta report …`: its arguments.

use std::path::{Path, PathBuf};

use clap::Args;
use event::PartyId;

use super::At;
use crate::local::Local;
use crate::report::{self, Services, Tongue};
use crate::trouble::Done;

#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    /// Its id, org-….
    organization: PartyId,
    #[command(flatten)]
    when: At,
    /// The summary for everyone, and no more; this is so where nothing is said.
    #[arg(long, conflicts_with = "full")]
    public: bool,
    /// The full version beside the summary: every answer with its history, and every record that it rests on.
    #[arg(long)]
    full: bool,
    /// In which language: en, es, fr or pt. All but en are drafts.
    #[arg(long, default_value = "en", value_parser = tongue)]
    language: Tongue,
    /// A directory, or what the files are called before their endings; named after the organization where it is left out.
    #[arg(short, long, value_name = "DIR|STEM")]
    output: Option<PathBuf>,
}

pub(super) async fn run(arguments: ReportArguments, state: Option<&Path>, json: bool) -> Done {
    let deployment = Local::named(state)?.deployment()?;
    let services = Services {
        progress: deployment.reach(|e| &e.progress).await?,
        // A report without the log's word is written, and says so.
        audit: deployment.reach(|e| &e.audit).await.ok(),
        vkey: deployment.vkey()?,
    };
    let is_full = arguments.full && !arguments.public;
    let asked = arguments.when.asked(json);
    let gathered = report::gather(&services, arguments.organization, asked, is_full).await?;
    report::write(&gathered, arguments.language, arguments.output.as_deref(), json)
}

/// Reads a language tag, such as `es` or `pt-BR`.
fn tongue(tag: &str) -> Result<Tongue, String> {
    let known = catalogue::Language::of_tag(tag).and_then(Tongue::of);
    known.ok_or_else(|| {
        let codes = Tongue::ALL.map(|tongue| tongue.language().code());
        format!("no language of reports: write one of {}", codes.join(", "))
    })
}
