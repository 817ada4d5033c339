//! Verbs about a log that anyone can say: mirroring it, deciding it again, watching it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use event::PublicKey;
use remote::log::{Address, RemoteLog};
use service::telemetry::{self, Format};
use tlog::TreeSize;
use tlog::note::Vkey;
use tlog::policy::Policy;

use crate::local::Local;
use crate::monitor::{Monitor, Watched};
use crate::publish::Publishing;
use crate::replays::{self, Asked, Place, SAMPLE_MAX, Sampling, sample};
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

/// What is replayed, and what is asked of it.
#[derive(Debug, Args)]
pub(super) struct ReplayArguments {
    /// Tiles (http://…, https://… or a directory), an export file, grpc+http://host:port of an audit service, or nats://… of the
    /// stream itself; the tiles of the audit service of --state where it is left out.
    source: Option<String>,
    #[command(flatten)]
    trust: Trusting,
    /// A checkpoint to compare with, in place of the source's own; needed for a stream unless --state is given.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// The seed of a NATS user that may read the stream.
    #[arg(long, env = "VETA_NKEY_FILE", value_name = "FILE")]
    nkey: Option<PathBuf>,
    /// Keep what is fetched in this directory; after an interruption the same command goes on there and fetches only the rest.
    #[arg(long, value_name = "DIR")]
    resume: Option<PathBuf>,
    /// Decide up to this position only, and show that the signed tree began so.
    #[arg(long, value_name = "POSITION", conflicts_with_all = ["diff", "sample"])]
    as_of: Option<u64>,
    /// Show what changed from one position to another.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with = "sample")]
    diff: Vec<u64>,
    /// Look at so many entries, chosen at random, and replay nothing.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=SAMPLE_MAX))]
    sample: Option<u64>,
    /// Which entries are chosen: the same number chooses the same ones.
    #[arg(long, default_value_t = 0, requires = "sample")]
    seed: u64,
}

/// What is watched, and for what.
#[derive(Debug, Args)]
pub(super) struct MonitorArguments {
    /// Tiles: http://…, https://… or a directory; those of the audit service of --state where it is left out.
    source: Option<String>,
    #[command(flatten)]
    trust: Trusting,
    /// Tell of every statement by this key, in hexadecimal; may be given several times.
    #[arg(long = "key", value_name = "PUBLICKEY")]
    keys: Vec<PublicKey>,
    /// The directory in which it keeps what it has seen, and evidence.
    #[arg(long, default_value = "veta-monitor", value_name = "DIR")]
    memory: PathBuf,
    /// Begin with what is new: entries that are there at the first look are passed over.
    #[arg(long)]
    from_now: bool,
    /// Tell when what is shown is older than this; 3600 by default, where the policy asks for cosignatures.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(1..=31_536_000))]
    stale_after: Option<i64>,
    /// Seconds between two looks.
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    interval: u64,
    /// Look once, and end with 1 if there is anything to be told.
    #[arg(long)]
    once: bool,
}

impl Trusting {
    /// Whom to believe; somebody must be named.
    pub(super) fn needed(self, state: Option<&Path>) -> Done<Policy> {
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

/// `veta replay`.
pub(super) async fn replay(arguments: ReplayArguments, state: Option<&Path>, json: bool) -> Done {
    let place = match &arguments.source {
        Some(source) => Place::parse(source)?,
        None => Place::Tiles(address(None, state)?),
    };
    let trust = arguments.trust;
    let policy = trust::policy(trust.vkey, trust.policy.as_deref(), state)?;
    if let Some(count) = arguments.sample {
        let Place::Tiles(address) = &place else {
            return Err(Trouble::usage(
                "only tiles can be sampled: of any other source, all is read in any case",
            ));
        };
        let policy =
            policy.ok_or_else(|| Trouble::usage("whose log? name its key with --vkey or a policy with --policy"))?;
        let seed = arguments.seed;
        return sample(RemoteLog::new(address)?, &policy, Sampling { count, seed }, json).await;
    }
    let between = match arguments.diff[..] {
        [from, to] if to < from => {
            return Err(Trouble::usage("--diff goes from the earlier position to the later one"));
        }
        [from, to] => Some((TreeSize::new(from), TreeSize::new(to))),
        _ => None,
    };
    let beside = state.map(|_| address(None, state)).transpose()?;
    let asked = Asked {
        beside: beside.filter(|_| matches!(place, Place::Stream(_))),
        place,
        policy,
        checkpoint: arguments.checkpoint,
        nkey: arguments.nkey,
        keep: arguments.resume,
        as_of: arguments.as_of.map(TreeSize::new),
        between,
        json,
    };
    replays::replay(asked).await
}

/// `veta monitor`.
pub(super) async fn monitor(arguments: MonitorArguments, state: Option<&Path>, json: bool) -> Done {
    let source = address(arguments.source.as_deref(), state)?;
    let policy = arguments.trust.needed(state)?;
    let watched = Watched {
        keys: arguments.keys.into_iter().collect(),
        stale_after: arguments.stale_after,
        from_now: arguments.from_now,
        json,
    };
    telemetry::init(Format::Text).map_err(Trouble::config)?;
    let mut monitor = Monitor::new(&source, policy, watched, &arguments.memory)?;
    if arguments.once {
        return monitor.once().await;
    }
    tokio::select! {
        ended = monitor.follow(Duration::from_secs(arguments.interval)) => ended,
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Trouble::at("cannot listen for Ctrl-C")),
    }
}

/// Where a log's tiles are: as named, or at the audit service of a deployment.
fn address(source: Option<&str>, state: Option<&Path>) -> Done<Address> {
    let of_deployment = || -> Done<String> {
        let local = Local::named(state)
            .map_err(|_| Trouble::usage("which log? name where its tiles are, or a deployment with --state"))?;
        let at = local.deployment()?.endpoints.log;
        if at.is_empty() {
            return Err(Trouble::failed(
                "the deployment file is of a version that served no tiles: start the deployment once more, or name SOURCE",
            ));
        }
        Ok(at)
    };
    let text = source.map_or_else(of_deployment, |source| Ok(source.to_owned()))?;
    text.parse()
        .map_err(|error| Trouble::usage(format_args!("{text}: {error}")))
}
