//! `veta evidence`: the files that support what is said.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use event::key::Digest;
use event::request::{Audience, Challenge};
use event::{PartyId, Visibility};

use crate::evidence::{self, Asker};
use crate::local::{Deployment, Local};
use crate::trouble::Done;

#[derive(Debug, Subcommand)]
pub(super) enum EvidenceVerb {
    /// Have a file kept, of at most 10 MiB, under its SHA-256 digest. Putting it again changes nothing.
    Put {
        /// A photo (JPEG, PNG, WebP), a PDF, a spreadsheet without macros (XLSX, ODS), a table or a text in UTF-8.
        file: PathBuf,
        /// Who may see it.
        #[arg(long, value_parser = visibility)]
        visibility: Visibility,
        #[command(flatten)]
        by: By,
    },
    /// Write a file that is kept, once it is whole and what its digest says.
    Get {
        /// Its digest: 64 hexadecimal digits.
        digest: Digest,
        /// Where to.
        #[arg(short, long)]
        output: PathBuf,
        /// Your private key, for what is not public.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Say of each file whether it is kept, whole; ends with 1 unless all are.
    Check {
        /// Files, or their digests; 16 at most.
        #[arg(required = true, num_args = 1..=16)]
        what: Vec<String>,
        /// Your private key, for what is not public.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Let others see a file of yours, or others no longer.
    SetVisibility {
        /// Its digest.
        digest: Digest,
        /// Who may see it from here on.
        #[arg(long, value_parser = visibility)]
        visibility: Visibility,
        /// Your private key; the scheme's of --state where it is left out.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Sign in to a portal without its script: print what its page asks for, to be pasted there. For half an hour that site can
    /// look in your name, and do nothing else.
    SignIn {
        /// The site, as your browser shows it: its host, and the port where one is shown. Never another one's.
        #[arg(long, value_name = "HOST")]
        site: Audience,
        /// What the page drew: 64 hexadecimal digits.
        #[arg(long, value_name = "DIGITS")]
        challenge: Challenge,
        /// Your private key; the scheme's of --state where it is left out.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Say who looked at files of yours that are not public: which party, with which key, at what, when, and whether it was
    /// handed out. Of each party the latest 65,536 looks are kept.
    Accesses {
        /// How many of the newest.
        #[arg(long, default_value_t = 100, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=384))]
        newest: u16,
        /// Whose files, where it lets you speak; your own where it is left out.
        #[arg(long, value_name = "PARTY")]
        owner: Option<PartyId>,
        /// Your private key; the scheme's of --state where it is left out.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct By {
    /// Your private key; the scheme's of --state where it is left out.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// In whose name, where it lets you speak; your own where it is left out.
    #[arg(long)]
    party: Option<PartyId>,
}

pub(super) async fn run(verb: EvidenceVerb, state: Option<&Path>, json: bool) -> Done {
    let local = Local::named(state)?;
    let deployment = local.deployment()?;
    let progress = deployment.reach(|e| &e.progress).await?;
    match verb {
        EvidenceVerb::Put { file, visibility, by } => {
            let key = by.key.unwrap_or_else(|| local.scheme_key());
            let asker = asker(&key, by.party, &deployment).await?;
            evidence::put(progress, &file, visibility, &asker, json).await
        }
        EvidenceVerb::Get { digest, output, key } => {
            let asker = maybe_asker(key, &deployment).await?;
            evidence::get(progress, digest, &output, asker.as_ref(), json).await
        }
        EvidenceVerb::Check { what, key } => {
            let asker = maybe_asker(key, &deployment).await?;
            evidence::check(progress, &what, asker.as_ref(), json).await
        }
        EvidenceVerb::SetVisibility {
            digest,
            visibility,
            key,
        } => {
            let key = key.unwrap_or_else(|| local.scheme_key());
            let asker = asker(&key, None, &deployment).await?;
            evidence::set_visibility(progress, digest, visibility, &asker, json).await
        }
        EvidenceVerb::SignIn { site, challenge, key } => {
            let key = key.unwrap_or_else(|| local.scheme_key());
            let asker = asker(&key, None, &deployment).await?;
            evidence::sign_in(site, challenge, &asker, json)
        }
        EvidenceVerb::Accesses { newest, owner, key } => {
            let key = key.unwrap_or_else(|| local.scheme_key());
            let asker = asker(&key, None, &deployment).await?;
            evidence::accesses(progress, owner, usize::from(newest), &asker, json).await
        }
    }
}

async fn asker(key: &Path, party: Option<PartyId>, deployment: &Deployment) -> Done<Asker> {
    let ingest = deployment.reach(|e| &e.ingest).await?;
    Asker::new(key, party, deployment.deployment, &ingest).await
}

async fn maybe_asker(key: Option<PathBuf>, deployment: &Deployment) -> Done<Option<Asker>> {
    match key {
        Some(key) => asker(&key, None, deployment).await.map(Some),
        None => Ok(None),
    }
}

/// Reads who may see a file.
fn visibility(text: &str) -> Result<Visibility, String> {
    let names = || Visibility::ALL.map(Visibility::name).join(", ");
    Visibility::named(text).ok_or_else(|| format!("one of {}", names()))
}
