//! Who signs, for what, and where it waits: what every verb asks for that ends in a signature.

use std::path::{Path, PathBuf};

use clap::Args;
use event::{DeploymentId, PartyId};

use crate::local::Local;
use crate::statements::Signer;
use crate::trouble::{Done, Trouble};

#[derive(Debug, Args)]
pub(super) struct Signing {
    /// The private key; the scheme's of --state where it is left out.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// In whose name, where what is signed does not say.
    #[arg(long)]
    party: Option<PartyId>,
    /// For which deployment; that of --state where it is left out.
    #[arg(long)]
    deployment: Option<DeploymentId>,
    /// Where it waits; the queue of --state where it is left out.
    #[arg(long, value_name = "DIR")]
    queue: Option<PathBuf>,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

impl Signing {
    /// What was said, and what a state directory knows where nothing was said.
    pub(super) fn signer(self, state: Option<&Path>, json: bool) -> Done<Signer> {
        let Self {
            key,
            party,
            deployment,
            queue,
            yes,
        } = self;
        let local = state.map(|dir| Local::named(Some(dir))).transpose()?;
        let missing = |what: &str| Trouble::usage(format_args!("name the {what}, or a deployment with --state"));
        let key = key
            .or_else(|| local.as_ref().map(Local::scheme_key))
            .ok_or_else(|| missing("key with --key"))?;
        let queue = queue
            .or_else(|| local.as_ref().map(Local::queue))
            .ok_or_else(|| missing("queue with --queue"))?;
        let known = local.as_ref().map(Local::find).transpose()?.flatten();
        let deployment = deployment.or(known.as_ref().map(|known| known.deployment));
        let deployment = deployment.ok_or_else(|| missing("deployment with --deployment"))?;
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
