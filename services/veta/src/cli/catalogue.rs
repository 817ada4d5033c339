//! `veta catalogue …`: its arguments.

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, Subcommand};

use super::signing::{Signing, Submitting};
use crate::catalogues::{self, Chosen, language};
use crate::trouble::Done;

#[derive(Debug, Subcommand)]
pub(super) enum CatalogueVerb {
    /// Show what a catalogue asks; without a name, which catalogues are shipped.
    Show {
        /// A shipped catalogue, or the path of a catalogue file.
        catalogue: Option<String>,
        #[command(flatten)]
        before: Before,
        /// In which language: en, es, fr, pt or sw.
        #[arg(long, default_value = "en", value_parser = language)]
        language: catalogue::Language,
    },
    /// Name everything that is wrong with a catalogue file, and where. Ends with 1 if there is anything.
    Lint {
        /// The catalogue file.
        file: PathBuf,
        #[command(flatten)]
        before: Before,
    },
    /// Tell what has changed between two versions, and whether answers can still be compared.
    Diff {
        /// The older one: a shipped catalogue, or the path of a file.
        old: String,
        /// The newer one.
        new: String,
        #[command(flatten)]
        before: Before,
    },
    /// Show in plain words what is published, sign it, and queue it. Needs no network without --submit.
    #[command(group(ArgGroup::new("published").args(["file", "shipped"]).required(true)))]
    Publish {
        /// The catalogue file.
        file: Option<PathBuf>,
        /// A shipped catalogue instead.
        #[arg(long, value_name = "NAME")]
        shipped: Option<String>,
        #[command(flatten)]
        before: Before,
        #[command(flatten)]
        signing: Signing,
        #[command(flatten)]
        submitting: Submitting,
    },
}

/// The versions before.
#[derive(Debug, Args)]
pub(super) struct Before {
    /// The file of the version that the catalogue supersedes; where that one supersedes another, that one first.
    #[arg(long, value_name = "FILE")]
    before: Vec<PathBuf>,
}

impl Before {
    pub(super) fn files(&self) -> &[PathBuf] {
        &self.before
    }
}

pub(super) async fn run(verb: CatalogueVerb, state: Option<&Path>, json: bool) -> Done {
    match verb {
        CatalogueVerb::Show {
            catalogue: None,
            language,
            ..
        } => {
            catalogues::list(language, json);
            Ok(())
        }
        CatalogueVerb::Show {
            catalogue: Some(name),
            before,
            language,
        } => {
            let chosen = Chosen::named(&name, before.files())?;
            catalogues::show(&chosen, language, json);
            Ok(())
        }
        CatalogueVerb::Lint { file, before } => catalogues::lint(&file, before.files(), json),
        CatalogueVerb::Diff { old, new, before } => catalogues::diff(&old, &new, before.files(), json),
        CatalogueVerb::Publish {
            file,
            shipped,
            before,
            signing,
            submitting,
        } => {
            let chosen = match (&file, &shipped) {
                (Some(file), _) => Chosen::read(file, before.files())?,
                (None, name) => Chosen::shipped(name.as_deref().unwrap_or_default())?,
            };
            let signer = signing.signer(state, json)?;
            catalogues::publish(&chosen, &signer)?;
            submitting.run(signer.queue, state, json).await
        }
    }
}
