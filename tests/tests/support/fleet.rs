//! A real nats-server and every service as a process of its own, on one configuration file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use journal::jetstream::provision;
use journal::server::NatsServer;
use journal::{Connection, Role};
use rpc::client;
use rpc::view::ViewPosition;
use serde_json::Value;
use tempfile::TempDir;
use tests::process::{POLL_INTERVAL, POLLS_MAX, Program, Said, eventually, veta};
use tonic::Status;

/// The log's name in these tests.
pub(crate) const ORIGIN: &str = "log.test/gold";

/// A service of the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Which {
    Ingest,
    Progress,
    Custody,
    Audit,
}

impl Which {
    pub(crate) const ALL: [Self; 4] = [Self::Ingest, Self::Progress, Self::Custody, Self::Audit];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Progress => "progress",
            Self::Custody => "custody",
            Self::Audit => "audit",
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::Ingest => Role::Ingest,
            Self::Progress => Role::Progress,
            Self::Custody => Role::View,
            Self::Audit => Role::Audit,
        }
    }
}

/// Everything that runs.
pub(crate) struct Fleet {
    pub(crate) services: BTreeMap<Which, Service>,
    /// Ended after the services, so that none waits for it.
    pub(crate) nats: NatsServer,
    /// Removed when everything in it has ended.
    dir: TempDir,
}

/// A service that is started again and again on the same configuration, each time at a port of its own.
pub(crate) struct Service {
    which: Which,
    config: PathBuf,
    nkey: PathBuf,
    log: PathBuf,
    starts: u32,
    program: Program,
}

impl Fleet {
    /// Starts everything.
    pub(crate) async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let nats = NatsServer::start(&dir.path().join("nats"), None).await.unwrap();
        let connection = Connection::connect(&nats.journal_config(Role::Provisioner))
            .await
            .unwrap();
        provision(&connection, 1).await.unwrap();
        let key = dir.path().join("log.pem");
        let made = Said::by(Command::new(veta()).args(["keys", "generate"]).arg(&key));
        assert_eq!(made.code, Some(0), "{}", made.errors);
        let mut fleet = Self {
            services: BTreeMap::new(),
            nats,
            dir,
        };
        fleet.start_services(&Which::ALL, "rows");
        fleet
    }

    /// Starts services that keep their rows in the directory `rows`, in place of those that ran.
    pub(crate) fn start_services(&mut self, services: &[Which], rows: &str) {
        let config = self.dir.path().join(format!("{rows}.toml"));
        fs::write(config, config_text(&self.nats.url(), self.dir.path(), rows)).unwrap();
        for which in services {
            self.services
                .insert(*which, Service::start(*which, &self.nats, self.dir.path(), rows));
        }
    }

    /// What a follower says of its rows once they have reached a position, started or not when it is asked.
    pub(crate) async fn view(&self, which: Which, at_least_position: u64) -> ViewPosition {
        for _ in 0..POLLS_MAX {
            if let Ok(Some(view)) = view(which, &self.url(which), at_least_position).await {
                return view;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        panic!("{} does not reach position {at_least_position}", which.name());
    }

    /// Where a service answers.
    pub(crate) fn url(&self, which: Which) -> String {
        self.services[&which].url()
    }
}

impl Service {
    fn start(which: Which, nats: &NatsServer, dir: &Path, rows: &str) -> Self {
        let config = dir.join(format!("{rows}.toml"));
        let log = dir.join(format!("{}-{rows}", which.name()));
        let nkey = nats.seed_path(which.role());
        let program = run(which, &config, &nkey, &log, 0);
        Self {
            which,
            config,
            nkey,
            log,
            starts: 0,
            program,
        }
    }

    /// Starts it again after it has ended.
    pub(crate) fn start_again(&mut self) {
        self.starts += 1;
        self.program = run(self.which, &self.config, &self.nkey, &self.log, self.starts);
    }

    /// The process that runs now.
    pub(crate) fn program(&mut self) -> &mut Program {
        &mut self.program
    }

    /// What the process that runs now has told its operator, one value a line.
    pub(crate) fn telemetry(&self) -> Vec<Value> {
        let errors = self.program.errors();
        errors
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }

    fn url(&self) -> String {
        let what = format!("the port of {}", self.which.name());
        let at = eventually(&what, || {
            self.telemetry()
                .iter()
                .find_map(|line| line["rpc"].as_str().map(str::to_owned))
        });
        format!("http://{at}")
    }
}

async fn view(which: Which, url: &str, at_least_position: u64) -> Result<Option<ViewPosition>, Status> {
    let channel = client::connect(url)
        .await
        .map_err(|error| Status::unavailable(error.to_string()))?;
    Ok(match which {
        Which::Ingest => None,
        Which::Progress => {
            let request = rpc::progress::GetPositionRequest {
                at_least_position,
                with_digest: true,
            };
            client::progress(channel).get_position(request).await?.into_inner().view
        }
        Which::Custody => {
            let request = rpc::custody::GetPositionRequest {
                at_least_position,
                with_digest: true,
            };
            client::custody(channel).get_position(request).await?.into_inner().view
        }
        Which::Audit => {
            let request = rpc::audit::GetPositionRequest {
                at_least_position,
                with_digest: true,
            };
            client::audit(channel).get_position(request).await?.into_inner().view
        }
    })
}

fn run(which: Which, config: &Path, nkey: &Path, log: &Path, start: u32) -> Program {
    let mut command = Command::new(veta());
    command
        .arg(which.name())
        .arg("--config")
        .arg(config)
        .env("VETA_NKEY_FILE", nkey);
    Program::start(&mut command, Path::new(&format!("{}-{start}", log.display())))
}

fn config_text(nats: &str, dir: &Path, rows: &str) -> String {
    let dir = dir.display();
    let listen = r#"listen = { rpc = "127.0.0.1:0" }"#;
    format!(
        r#"telemetry = "json"
[nats]
url = "{nats}"
[ingest]
{listen}
[progress]
{listen}
dir = "{dir}/{rows}/progress"
[custody]
{listen}
dir = "{dir}/{rows}/custody"
[audit]
{listen}
dir = "{dir}/{rows}/audit"
origin = "{ORIGIN}"
key_file = "{dir}/log.pem"
"#
    )
}
