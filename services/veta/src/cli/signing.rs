//! Who signs, for what, and where it waits: what every verb asks for that ends in a signature.

use std::path::{Path, PathBuf};

use clap::Args;
use event::vocabulary::{Reference, ShortText, SlugError};
use event::{DeploymentId, Event, PartyId};

use super::submit;
use crate::local::Local;
use crate::statements::Signer;
use crate::trade::desk::{agree, sign};
use crate::trouble::{Done, Trouble};

#[derive(Debug, Args)]
pub(super) struct Signing {
    /// The private key; the scheme's of --state where it is left out.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// In whose name, where what is signed does not say.
    #[arg(long)]
    party: Option<PartyId>,
    #[command(flatten)]
    kept: Kept,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

/// Where statements wait, and for which deployment.
#[derive(Debug, Args)]
pub(super) struct Kept {
    /// For which deployment; that of --state where it is left out.
    #[arg(long)]
    deployment: Option<DeploymentId>,
    /// Where it waits; the queue of --state where it is left out.
    #[arg(long, value_name = "DIR")]
    queue: Option<PathBuf>,
}

/// Whether what was signed goes out at once.
#[derive(Debug, Args)]
pub(super) struct Submitting {
    /// Submit the queue at once.
    #[arg(long)]
    submit: bool,
    /// http://host:port of an ingest service; that of --state where it is left out.
    #[arg(long, value_name = "URL", requires = "submit")]
    ingest: Option<String>,
}

/// Who says it, and whether it goes out at once.
#[derive(Debug, Args)]
pub(super) struct Saying {
    #[command(flatten)]
    pub(super) signing: Signing,
    #[command(flatten)]
    pub(super) submitting: Submitting,
}

impl Saying {
    /// Says something that needs nothing to be looked up.
    pub(super) async fn say(self, event: Event, state: Option<&Path>, json: bool) -> Done {
        let signer = self.signing.signer(state, json)?;
        agree(&event, &[], &signer)?;
        sign(event, &signer)?;
        self.submitting.run(signer.queue, state, json).await
    }
}

impl Submitting {
    /// Submits the queue, if that was asked for.
    pub(super) async fn run(self, queue: PathBuf, state: Option<&Path>, json: bool) -> Done {
        if !self.submit {
            return Ok(());
        }
        submit(Some(queue), self.ingest, state, json).await
    }
}

impl Kept {
    /// The queue and the deployment that were named, or those that a state directory has.
    pub(super) fn found(self, state: Option<&Path>) -> Done<(PathBuf, DeploymentId)> {
        let local = state.map(|dir| Local::named(Some(dir))).transpose()?;
        let queue = self.queue.or_else(|| local.as_ref().map(Local::queue));
        let queue = queue.ok_or_else(|| missing("queue with --queue"))?;
        let known = local.as_ref().map(Local::find).transpose()?.flatten();
        let deployment = self.deployment.or(known.map(|known| known.deployment));
        Ok((
            queue,
            deployment.ok_or_else(|| missing("deployment with --deployment"))?,
        ))
    }
}

fn missing(what: &str) -> Trouble {
    Trouble::usage(format_args!("name the {what}, or a deployment with --state"))
}

impl Signing {
    /// What was said, and what a state directory knows where nothing was said.
    pub(super) fn signer(self, state: Option<&Path>, json: bool) -> Done<Signer> {
        let Self { key, party, kept, yes } = self;
        let local = state.map(|dir| Local::named(Some(dir))).transpose()?;
        let key = key
            .or_else(|| local.as_ref().map(Local::scheme_key))
            .ok_or_else(|| missing("key with --key"))?;
        let (queue, deployment) = kept.found(state)?;
        let known = local.as_ref().map(Local::find).transpose()?.flatten();
        let by_scheme = known.filter(|_| Some(&key) == local.as_ref().map(Local::scheme_key).as_ref());
        let party = party.or(by_scheme.map(|known| known.scheme));
        Ok(Signer {
            key,
            party,
            deployment,
            queue,
            yes,
            json,
        })
    }
}

/// Reads whose register and the number there: `icglr:CD-0042`.
pub(super) fn reference(text: &str) -> Result<Reference, String> {
    let (source, value) = text
        .split_once(':')
        .ok_or("write SOURCE:NUMBER, such as icglr:CD-0042")?;
    Ok(Reference {
        source: source.parse().map_err(|error: SlugError| error.to_string())?,
        value: ShortText::new(value).map_err(|error| error.to_string())?,
    })
}
