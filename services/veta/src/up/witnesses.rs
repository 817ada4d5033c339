//! The witnesses that `veta up` runs beside its log: two that look whether it only grows, and one that replays every record.
//!
//! They show how it works, and a log without witnesses need not be taken for the usual thing. Run by the same hands as the log, they
//! guard nobody against those hands; the policy that is written says so.

use std::path::PathBuf;

use audit::{Terms, Witnessing};
use remote::log::Address;
use service::durable;
use service::metrics::Metrics;
use service::shutdown::Shutdown;
use tlog::Origin;
use tlog::cosignature::Cosigner;
use tlog::note::{KeyName, Vkey};
use tlog::policy::Policy;
use witness::Witnessed;

use super::{Door, door};
use crate::keys;
use crate::local::Local;
use crate::services::{self, GivenWitness, Made};
use crate::trouble::{Done, Trouble};

/// What stands above the policy.
const PREFACE: &str = "\
# Whose log this is, and which witnesses must have cosigned it: a policy of c2sp.org/tlog-policy, for `veta verify --policy` and others.
# These witnesses run beside the log, by the same hands. They show how it works and guard nobody against whoever runs it: a
# buyer's own policy names witnesses that others run.
";

/// A witness of a local deployment.
struct Beside {
    /// What the policy calls it; also its directory and key file.
    name: &'static str,
    /// What its figures are labelled with.
    label: &'static str,
    replays: bool,
}

const ALL: [Beside; 3] = [
    Beside {
        name: "first",
        label: "witness-first",
        replays: false,
    },
    Beside {
        name: "second",
        label: "witness-second",
        replays: false,
    },
    Beside {
        name: "auditor",
        label: "witness-auditor",
        replays: true,
    },
];

/// The witnesses, ready to run, and what the log does with them.
pub(super) struct Witnesses {
    pub(super) all: Vec<Made>,
    pub(super) witnessing: Witnessing,
}

/// Opens their doors and writes the policy that names them.
pub(super) async fn make(
    local: &Local,
    (origin, vkey, log_url): (&Origin, &Vkey, &str),
    figures: &mut Metrics,
    shutdown: &Shutdown,
) -> Done<Witnesses> {
    let log: Address = log_url.parse().map_err(Trouble::at("where the log answers"))?;
    let (mut all, mut lines) = (Vec::new(), vec![format!("log {vkey} {log_url}")]);
    for beside in ALL {
        let Door { listener, url } = door().await?;
        let key = keys::read_or_generate(&local.key(&format!("witness-{}", beside.name)))?;
        let name = KeyName::new(format!("{origin}/witness/{}", beside.name)).map_err(Trouble::failed)?;
        let cosigner = Cosigner::new(name.clone(), key.clone()).map_err(Trouble::failed)?;
        lines.push(format!("witness {} {} {url}", beside.name, cosigner.vkey()));
        let witnessed = Witnessed {
            origin: origin.clone(),
            vkeys: vec![vkey.clone()],
            audit: beside.replays.then(|| log.clone()),
        };
        let given = GivenWitness {
            name,
            key,
            dir: dir(local, beside.name),
            logs: vec![witnessed],
            listener,
            shutdown: shutdown.clone(),
        };
        all.push(services::witness(given, figures.service(beside.label)).await);
    }
    lines.push("group witnesses any first second".to_owned());
    lines.push("group auditors all auditor".to_owned());
    lines.push("group both all witnesses auditors".to_owned());
    lines.push("quorum both".to_owned());
    let text = PREFACE.to_owned() + &lines.join("\n") + "\n";
    let policy = Policy::parse(text.as_bytes()).map_err(Trouble::failed)?;
    let path = local.policy();
    durable::write(&path, text.as_bytes()).map_err(Trouble::at(format_args!("cannot write {}", path.display())))?;
    let terms = Terms::default();
    Ok(Witnesses {
        all,
        witnessing: Witnessing { policy, terms },
    })
}

fn dir(local: &Local, name: &str) -> PathBuf {
    local.service("witnesses").join(name)
}
