//! A `nats-server` as a child process: what a laptop runs beside the services, and what tests run against.
//!
//! Everything lives in one directory: the streams, the users' seeds, the configuration, the server's own log.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use nkeys::KeyPair;
use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::{Connection, JournalConfig, Role};

/// Names the binary to use, before any other place is searched.
pub const BINARY_VARIABLE: &str = "VETA_NATS_SERVER";

/// Where the binary is searched from the current directory upwards.
const BINARY_BELOW: &str = ".tools/nats/bin/nats-server";

/// The first version with atomic batches.
const VERSION_MIN: (u32, u32) = (2, 12);

/// How long a server may take to serve: it reads its streams first, a million records in 1.5 s.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// Between two looks whether it serves.
const START_INTERVAL: Duration = Duration::from_millis(20);

/// How long a server may take to write out and end.
const STOP_DEADLINE: Duration = Duration::from_secs(10);

/// The largest message in bytes that the server takes from a client: twice our own largest.
const MAX_PAYLOAD: usize = 2 * crate::MESSAGE_BYTES_MAX;

/// The server's memory for streams held in memory; ours are files.
const MEMORY_STORE_BYTES: usize = 64 * 1024 * 1024;

/// The server's log is cut off here, in bytes, and one older one is kept.
const LOG_BYTES_MAX: usize = 10 * 1024 * 1024;

/// How much of the server's log an error quotes, in bytes.
const LOG_TAIL_BYTES: usize = 2_000;

/// A running `nats-server`. Killed when dropped.
#[derive(Debug)]
pub struct NatsServer {
    dir: PathBuf,
    binary: PathBuf,
    port: u16,
    child: Child,
}

/// Why a server cannot be started or stopped.
#[derive(Debug, Error)]
pub enum ServerError {
    /// No binary anywhere.
    #[error("no nats-server: set {BINARY_VARIABLE}, put it at {BINARY_BELOW}, or install it in the PATH")]
    NotFound,
    /// The binary cannot be run or says no version.
    #[error("{} is not a nats-server: {why}", binary.display())]
    NotAServer {
        /// The file.
        binary: PathBuf,
        /// What happened.
        why: String,
    },
    /// The binary knows no atomic batches.
    #[error("{} is version {found}, it must be {}.{} or later", binary.display(), VERSION_MIN.0, VERSION_MIN.1)]
    TooOld {
        /// The file.
        binary: PathBuf,
        /// Its version.
        found: String,
    },
    /// Two servers on one directory would destroy it.
    #[error("{} is in use by another nats-server (process {pid}): end it first", dir.display())]
    InUse {
        /// The directory.
        dir: PathBuf,
        /// The other server's process id, if it left one.
        pid: String,
    },
    /// The server ended instead of serving.
    #[error("nats-server ended with {status}; the end of its log:\n{log}")]
    Ended {
        /// How.
        status: ExitStatus,
        /// Its last lines.
        log: String,
    },
    /// The server runs but does not serve.
    #[error("nats-server does not serve after {START_DEADLINE:?}: {why}; the end of its log:\n{log}")]
    NotReady {
        /// The last try to reach it.
        why: String,
        /// Its last lines.
        log: String,
    },
    /// A file or a process.
    #[error("cannot {what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What happened.
        source: io::Error,
    },
}

impl NatsServer {
    /// Starts a server on `dir`, which is created if need be, at `port` of 127.0.0.1 or at any free one, and waits
    /// until it serves. Makes a seed for each [`Role`] that has none yet.
    pub async fn start(dir: &Path, port: Option<u16>) -> Result<Self, ServerError> {
        let binary = find_binary().await?;
        let dir = make_dir(dir)?;
        write_config(&dir, port)?;
        let child = spawn(&binary, &dir)?;
        let mut server = Self {
            dir,
            binary,
            port: port.unwrap_or_default(),
            child,
        };
        server.wait_ready().await?;
        Ok(server)
    }

    /// Starts it again, at the same port, after [`NatsServer::kill`] or [`NatsServer::stop`].
    pub async fn restart(&mut self) -> Result<(), ServerError> {
        self.kill().await?;
        write_config(&self.dir, Some(self.port))?;
        self.child = spawn(&self.binary, &self.dir)?;
        self.wait_ready().await
    }

    /// Ends it at once, as a crash would (SIGKILL).
    pub async fn kill(&mut self) -> Result<(), ServerError> {
        self.child.kill().await.or_else(|e| {
            if e.kind() == io::ErrorKind::InvalidInput {
                Ok(())
            } else {
                Err(io_error("kill nats-server")(e))
            }
        })
    }

    /// Asks it to end, and kills it if it takes too long. Nothing acknowledged is lost either way.
    pub async fn stop(&mut self) -> Result<(), ServerError> {
        let Some(pid) = self.pid() else { return Ok(()) };
        let signalled = run(&self.binary, &["--signal", &format!("quit={pid}")]).await;
        if let Err(error) = signalled {
            tracing::warn!(%error, "Cannot ask nats-server to end");
        }
        match timeout(STOP_DEADLINE, self.child.wait()).await {
            Ok(ended) => ended.map(drop).map_err(io_error("wait for nats-server")),
            Err(_) => self.kill().await,
        }
    }

    /// Waits until it ends by itself, which it should not.
    pub async fn ended(&mut self) -> Result<ExitStatus, ServerError> {
        self.child.wait().await.map_err(io_error("wait for nats-server"))
    }

    /// Its process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where clients connect.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// The file with the seed of the role's user.
    #[must_use]
    pub fn seed_path(&self, role: Role) -> PathBuf {
        seed_path(&self.dir, role)
    }

    /// How to connect to it in a role, under the role's name.
    #[must_use]
    pub fn journal_config(&self, role: Role) -> JournalConfig {
        JournalConfig {
            url: self.url(),
            role,
            nkey: Some(self.seed_path(role)),
            name: role.as_str().to_owned(),
            replicas: 1,
        }
    }

    async fn wait_ready(&mut self) -> Result<(), ServerError> {
        let mut why = "it opened no port".to_owned();
        let ready = timeout(START_DEADLINE, async {
            loop {
                if let Some(status) = self.child.try_wait().map_err(io_error("look at nats-server"))? {
                    return Err(ServerError::Ended {
                        status,
                        log: log_tail(&self.dir),
                    });
                }
                match self.try_reach().await {
                    Ok(()) => return Ok(()),
                    Err(reason) => why = reason,
                }
                sleep(START_INTERVAL).await;
            }
        });
        ready.await.unwrap_or_else(|_| {
            Err(ServerError::NotReady {
                why,
                log: log_tail(&self.dir),
            })
        })
    }

    /// Reads the port that the server has opened, and asks for its JetStream account.
    async fn try_reach(&mut self) -> Result<(), String> {
        let pid = self.pid().ok_or("it has ended")?;
        let ports = ports_dir(&self.dir).join(format!("nats-server_{pid}.ports"));
        self.port = read_port(&ports)?;
        let config = self.journal_config(Role::Provisioner);
        let connection = Connection::connect(&config).await.map_err(|e| e.to_string())?;
        let account: Result<Value, _> = connection.api("$JS.API.INFO", &json!({})).await;
        account.map(drop).map_err(|unmet| unmet.to_string())
    }
}

#[derive(Deserialize)]
struct Ports {
    nats: Vec<String>,
}

fn read_port(ports: &Path) -> Result<u16, String> {
    port_in(&fs::read_to_string(ports).map_err(|e| e.to_string())?)
}

/// Reads `{"nats": ["nats://127.0.0.1:4222", …]}`.
pub(crate) fn port_in(text: &str) -> Result<u16, String> {
    let ports: Ports = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let url = ports.nats.first().ok_or("it listens nowhere")?;
    let (_, port) = url.rsplit_once(':').ok_or_else(|| format!("{url} has no port"))?;
    port.parse().map_err(|_| format!("{url} has no port"))
}

async fn find_binary() -> Result<PathBuf, ServerError> {
    let binary = std::env::var_os(BINARY_VARIABLE)
        .map(PathBuf::from)
        .or_else(find_below)
        .or_else(find_in_path);
    let binary = binary.ok_or(ServerError::NotFound)?;
    check_version(&binary).await?;
    Ok(binary)
}

fn find_below() -> Option<PathBuf> {
    let current = std::env::current_dir().ok()?;
    current
        .ancestors()
        .map(|dir| dir.join(BINARY_BELOW))
        .find(|file| file.is_file())
}

fn find_in_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join("nats-server"))
        .find(|file| file.is_file())
}

/// Reads `nats-server: v2.15.1`.
async fn check_version(binary: &Path) -> Result<(), ServerError> {
    let output = run(binary, &["--version"]).await?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let not_a_server = || ServerError::NotAServer {
        binary: binary.to_owned(),
        why: format!("it says {text:?}"),
    };
    let (_, found) = text.split_once(": v").ok_or_else(not_a_server)?;
    let mut numbers = found.split('.').map_while(|number| number.parse::<u32>().ok());
    let version = numbers.next().zip(numbers.next()).ok_or_else(not_a_server)?;
    if version < VERSION_MIN {
        return Err(ServerError::TooOld {
            binary: binary.to_owned(),
            found: found.to_owned(),
        });
    }
    Ok(())
}

async fn run(binary: &Path, arguments: &[&str]) -> Result<Output, ServerError> {
    let output = Command::new(binary)
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let failed = |why: String| ServerError::NotAServer {
        binary: binary.to_owned(),
        why,
    };
    let output = timeout(STOP_DEADLINE, output)
        .await
        .map_err(|_| failed("it does not answer".to_owned()))?;
    output.map_err(|e| failed(e.to_string()))
}

fn make_dir(dir: &Path) -> Result<PathBuf, ServerError> {
    let what = format!("use the directory {}", dir.display());
    fs::create_dir_all(dir)
        .and_then(|()| fs::canonicalize(dir))
        .map_err(io_error(what))
}

/// The server holds the lock file as its standard input, and with it the lock: for as long as it lives, even if this
/// process is killed, no second server starts on the same directory.
fn spawn(binary: &Path, dir: &Path) -> Result<Child, ServerError> {
    let lock = lock(dir)?;
    // What the last one wrote about itself, now that it is known to be gone.
    fs::remove_dir_all(ports_dir(dir))
        .and_then(|()| fs::create_dir(ports_dir(dir)))
        .map_err(io_error("clean up"))?;
    let errors = File::create(errors_path(dir)).map_err(io_error("open the log"))?;
    Command::new(binary)
        .arg("--config")
        .arg(config_path(dir))
        .stdin(lock)
        // Ctrl-C at a terminal is for whoever started it, who ends it when nobody needs it any more.
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(errors)
        .kill_on_drop(true)
        .spawn()
        .map_err(io_error("start nats-server"))
}

fn lock(dir: &Path) -> Result<File, ServerError> {
    let what = "lock the directory";
    let options = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .read(true)
        .to_owned();
    let lock = options.open(dir.join("lock")).map_err(io_error(what))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::Error(e)) => Err(io_error(what)(e)),
        Err(TryLockError::WouldBlock) => {
            let pid = fs::read_to_string(pid_path(dir)).unwrap_or_else(|_| "unknown".to_owned());
            Err(ServerError::InUse {
                dir: dir.to_owned(),
                pid: pid.trim().to_owned(),
            })
        }
    }
}

fn write_config(dir: &Path, port: Option<u16>) -> Result<(), ServerError> {
    let write = || -> io::Result<()> {
        fs::create_dir_all(ports_dir(dir))?;
        fs::create_dir_all(dir.join("nkeys"))?;
        let users = Role::ALL
            .iter()
            .map(|role| user(dir, *role))
            .collect::<io::Result<Vec<_>>>()?;
        fs::write(config_path(dir), config_text(dir, port, &users))
    };
    write().map_err(io_error(format!("set up nats-server in {}", dir.display())))
}

/// `sync_interval: always` is what makes an acknowledged record survive a power cut.
fn config_text(dir: &Path, port: Option<u16>, users: &[String]) -> String {
    let quoted = |path: PathBuf| Value::from(path.to_string_lossy()).to_string();
    let port = port.map_or_else(|| "-1".to_owned(), |port| port.to_string());
    let (store, log) = (quoted(dir.join("store")), quoted(log_path(dir)));
    let (pid, ports) = (quoted(pid_path(dir)), quoted(ports_dir(dir)));
    let users = users.join("\n");
    format!(
        "host: 127.0.0.1
port: {port}
max_payload: {MAX_PAYLOAD}
pid_file: {pid}
ports_file_dir: {ports}
log_file: {log}
logfile_size_limit: {LOG_BYTES_MAX}
logfile_max_num: 2
jetstream {{
  store_dir: {store}
  sync_interval: always
  max_memory_store: {MEMORY_STORE_BYTES}
}}
authorization {{
  users: [
{users}
  ]
}}
"
    )
}

fn user(dir: &Path, role: Role) -> io::Result<String> {
    let nkey = key_pair(&seed_path(dir, role))?.public_key();
    let (publish, subscribe) = (json!(role.may_publish()), json!(role.may_subscribe()));
    let permissions = format!("publish: {{ allow: {publish} }}, subscribe: {{ allow: {subscribe} }}");
    Ok(format!("    {{ nkey: {nkey}, permissions: {{ {permissions} }} }}"))
}

/// Reads the seed, or makes one that only its owner can read.
fn key_pair(path: &Path) -> io::Result<KeyPair> {
    let wrong = |e: nkeys::error::Error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {e}", path.display()));
    if path.exists() {
        return KeyPair::from_seed(fs::read_to_string(path)?.trim()).map_err(wrong);
    }
    let key_pair = KeyPair::new_user();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{}", key_pair.seed().map_err(wrong)?)?;
    file.sync_all()?;
    Ok(key_pair)
}

fn seed_path(dir: &Path, role: Role) -> PathBuf {
    dir.join("nkeys").join(format!("{}.nk", role.as_str()))
}

fn config_path(dir: &Path) -> PathBuf {
    dir.join("nats.conf")
}

fn ports_dir(dir: &Path) -> PathBuf {
    dir.join("ports")
}

fn pid_path(dir: &Path) -> PathBuf {
    dir.join("nats.pid")
}

fn log_path(dir: &Path) -> PathBuf {
    dir.join("nats.log")
}

/// What the server says while it has no log yet.
fn errors_path(dir: &Path) -> PathBuf {
    dir.join("nats.errors")
}

fn log_tail(dir: &Path) -> String {
    let log = [errors_path(dir), log_path(dir)]
        .map(|path| fs::read(path).unwrap_or_default())
        .concat();
    let start = log.len().saturating_sub(LOG_TAIL_BYTES);
    String::from_utf8_lossy(&log[start..]).into_owned()
}

fn io_error(what: impl Into<String>) -> impl FnOnce(io::Error) -> ServerError {
    let what = what.into();
    move |source| ServerError::Io { what, source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Runs a binary that answers `answer` to everything.
    async fn check(answer: &str, is_expected: impl Fn(&Result<(), ServerError>) -> bool) {
        let dir = tempfile::tempdir().unwrap();
        let binary = dir.path().join("nats-server");
        fs::write(&binary, format!("#!/bin/sh\necho '{answer}'\n")).unwrap();
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o700)).unwrap();
        let checked = check_version(&binary).await;
        assert!(is_expected(&checked), "{answer}: {checked:?}");
    }

    #[tokio::test]
    async fn only_a_server_that_knows_atomic_batches_is_started() {
        check("nats-server: v2.15.1", Result::is_ok).await;
        check("nats-server: v2.12.0-RC.1", Result::is_ok).await;
        check(
            "nats-server: v2.11.9",
            |e| matches!(e, Err(ServerError::TooOld { found, .. }) if found == "2.11.9"),
        )
        .await;
        check("nats-server: v1.99.0", |e| matches!(e, Err(ServerError::TooOld { .. }))).await;
        check("hello", |e| matches!(e, Err(ServerError::NotAServer { .. }))).await;
        let nowhere = check_version(Path::new("/nowhere/nats-server")).await;
        assert!(matches!(nowhere, Err(ServerError::NotAServer { .. })), "{nowhere:?}");
    }
}
