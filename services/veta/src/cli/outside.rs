//! Verbs about a log that anyone can say: mirroring it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use remote::log::Address;
use service::telemetry::{self, Format};
use tlog::note::Vkey;
use tlog::policy::Policy;

use crate::local::Local;
use crate::publish::Publishing;
use crate::trouble::{Done, Trouble};
use crate::trust;

/// Whom to believe about a log.
#[derive(Debug, Args)]
pub(super) struct Trusting {
    /// The log's key, as its operator published it; that of --state where neither is named.
    #[arg(long, value_name = "VKEY")]
    vkey: Option<Vkey>,
    /// A trust policy (c2sp.org/tlog-policy): the log's key, its witnesses, and how many of them must have cosigned.
    #[arg(long, value_name = "FILE", conflicts_with = "vkey")]
    policy: Option<PathBuf>,
}

/// What is mirrored, and where.
#[derive(Debug, Args)]
pub(super) struct PublishArguments {
    /// The directory that a web server serves; made if there is none.
    dir: PathBuf,
    /// Where the log is now: a URL or a directory of tiles; the audit service of --state where it is left out.
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// Go on publishing what is new, until Ctrl-C.
    #[arg(long)]
    follow: bool,
    /// Seconds between two looks for something new.
    #[arg(long, default_value_t = 5, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    interval: u64,
    #[command(flatten)]
    trust: Trusting,
}

impl Trusting {
    fn needed(self, state: Option<&Path>) -> Done<Policy> {
        trust::needed(self.vkey, self.policy.as_deref(), state)
    }
}

/// `veta audit publish`.
pub(super) async fn publish(arguments: PublishArguments, state: Option<&Path>, json: bool) -> Done {
    let source = address(arguments.from.as_deref(), state)?;
    let policy = arguments.trust.needed(state)?;
    let publishing = Publishing::new(&arguments.dir, &source, policy, json)?;
    if !arguments.follow {
        return publishing.once().await;
    }
    telemetry::init(Format::Text).map_err(Trouble::config)?;
    tokio::select! {
        ended = publishing.follow(Duration::from_secs(arguments.interval)) => ended,
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Trouble::at("cannot listen for Ctrl-C")),
    }
}

/// Where a log's tiles are: as named, or at the audit service of a deployment.
fn address(source: Option<&str>, state: Option<&Path>) -> Done<Address> {
    let of_deployment = || -> Done<String> {
        let local = Local::named(state)
            .map_err(|_| Trouble::usage("which log? name where its tiles are, or a deployment with --state"))?;
        Ok(local.deployment()?.endpoints.log)
    };
    let text = source.map_or_else(of_deployment, |source| Ok(source.to_owned()))?;
    text.parse()
        .map_err(|error| Trouble::usage(format_args!("{text}: {error}")))
}
