//! The verbs of whoever runs a witness.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use service::config::load;
use service::telemetry::Format;

use crate::config::{ListenWitness, WitnessConfig, WitnessedLog};
use crate::trouble::{Done, Trouble};
use crate::witnessing;

/// A witness by its file, or one log by what is said here.
#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "A witness answers over plain HTTP: a reverse proxy in front of it does TLS. Whoever reads the log trusts it by the line that `veta witness vkey` prints."
)]
pub(super) struct WitnessArguments {
    /// The configuration of the witness; for several logs.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "key", "dir", "log"])]
    config: Option<PathBuf>,
    /// The name of the witness' key: a schema-less URL that only this witness has.
    #[arg(long, required_unless_present = "config")]
    name: Option<String>,
    /// The witness' private key; `veta keys generate` makes one.
    #[arg(long, value_name = "FILE", required_unless_present = "config")]
    key: Option<PathBuf>,
    /// Where it keeps what it cosigned; made if it is not there.
    #[arg(long, required_unless_present = "config")]
    dir: Option<PathBuf>,
    /// A key of the log, as its operator published it; once more while the log replaces its key.
    #[arg(long, value_name = "VKEY", required_unless_present = "config")]
    log: Vec<String>,
    /// Replay every record of the log, which is read at this URL or directory of tiles, before anything is cosigned.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "config")]
    audit: Option<String>,
    /// Where it answers.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:7430",
        conflicts_with = "config"
    )]
    listen: SocketAddr,
    /// Where it serves metrics and health.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "config")]
    metrics: Option<SocketAddr>,
    #[command(subcommand)]
    verb: Option<WitnessVerb>,
}

#[derive(Debug, Subcommand)]
enum WitnessVerb {
    /// Print the witness' public key, as its operator publishes it.
    Vkey {
        /// The configuration of the witness.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "key"])]
        config: Option<PathBuf>,
        /// The name of the witness' key.
        #[arg(long, required_unless_present = "config")]
        name: Option<String>,
        /// The witness' private key.
        #[arg(long, value_name = "FILE", required_unless_present = "config")]
        key: Option<PathBuf>,
    },
}

/// `veta witness`.
pub(super) async fn run(arguments: WitnessArguments) -> Done {
    let Some(WitnessVerb::Vkey { config, name, key }) = arguments.verb else {
        return witnessing::run(arguments.config()?).await;
    };
    let (name, key) = match config {
        Some(file) => {
            let config = read(&file)?;
            (config.name, config.key_file)
        }
        None => (name.unwrap_or_default(), key),
    };
    let key = key.ok_or_else(|| Trouble::usage("name the witness' private key with --key"))?;
    crate::print::line(witnessing::cosigner(&name, &key)?.vkey());
    Ok(())
}

impl WitnessArguments {
    fn config(self) -> Done<WitnessConfig> {
        if let Some(file) = self.config {
            return read(&file);
        }
        let (Some(name), Some(dir)) = (self.name, self.dir) else {
            return Err(Trouble::usage(
                "run the witness with --config FILE, or with --name, --key, --dir and --log",
            ));
        };
        let config = WitnessConfig {
            telemetry: Format::Text,
            name,
            key_file: self.key,
            dir,
            audit: self.audit.is_some(),
            listen: ListenWitness {
                http: self.listen,
                metrics: self.metrics,
            },
            logs: vec![WitnessedLog {
                vkeys: self.log,
                at: self.audit,
            }],
        };
        service::config::Config::check(&config)
            .map_err(|error| Trouble::usage(format_args!("{}: {}", error.field, error.what)))?;
        Ok(config)
    }
}

fn read(file: &std::path::Path) -> Done<WitnessConfig> {
    load(file, |name| std::env::var_os(name)).map_err(Trouble::config)
}
