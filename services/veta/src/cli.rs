//! The command line: what can be asked, and who answers.

mod assess;
mod catalogue;
mod evidence;
mod lot;
mod org;
mod outside;
mod permit;
mod report;
mod signing;
mod site;
mod witness;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use event::units::UnitError;
use event::{Date, PublicKey, Timestamp};
use service::telemetry::{self, Format};
use tlog::{LeafIndex, TreeSize};

use crate::import::run::KeyFiles;
use crate::local::Local;
use crate::serve::{self, Which};
use crate::show::{self, Asked};
use crate::statements;
use crate::trouble::{Done, Trouble};
use crate::{bracket, checkpoints, import, keys, log, portals, print, up};

use self::assess::AssessVerb;
use self::catalogue::CatalogueVerb;
use self::evidence::EvidenceVerb;
use self::lot::LotVerb;
use self::org::OrgVerb;
use self::outside::{MonitorArguments, PublishArguments, ReplayArguments, Trusting};
use self::permit::PermitVerb;
use self::report::ReportArguments;
use self::signing::Signing;
use self::site::SiteVerb;
use self::witness::WitnessArguments;

/// Traceability of artisanal gold that trusts nobody's database.
#[derive(Debug, Parser)]
#[command(name = "veta", version, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 cannot be done, 2 wrong usage, 3 not eligible by the policy, 4 needs a person by the policy, 64 bad configuration, 69 a service does not answer, 75 try again."
)]
pub struct Cli {
    /// The directory of a local deployment.
    #[arg(long, env = "VETA_STATE", global = true, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run a whole deployment: nats-server and every service, with everything under --state.
    Up {
        /// What the deployment is called, when it is founded.
        #[arg(long, default_value = "A local Veta deployment")]
        name: String,
        /// A directory with `verifier.wasm` and `signer.wasm`, for browsers that verify and sign: `cargo build -p verifier -p
        /// signer --lib --profile wasm --target wasm32-unknown-unknown` makes them.
        #[arg(long, value_name = "DIR", env = "VETA_WASM")]
        wasm: Option<PathBuf>,
    },
    /// Create the stream on a NATS server, with the provisioner's credentials.
    Provision(ConfigFile),
    /// Run the ingest service, the only writer of the stream.
    Ingest(ConfigFile),
    /// Run the progress service, or ask what an organization does next.
    Progress {
        /// The configuration of the services.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[command(subcommand)]
        verb: Option<ProgressVerb>,
    },
    /// Run the custody service.
    Custody(ConfigFile),
    /// Run the audit service, or ask the log something.
    Audit {
        /// The configuration of the services.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[command(subcommand)]
        verb: Option<AuditVerb>,
    },
    /// Run a witness: it cosigns checkpoints of logs that only grow, and replays them first if it is told to.
    Witness(WitnessArguments),
    /// Run the portal: web pages for everybody, and the public HTTP API.
    Portal {
        /// The configuration of the portal; the deployment of --state where it is left out.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Where it answers, with --state.
        #[arg(
            long,
            value_name = "ADDRESS",
            default_value = "127.0.0.1:7440",
            conflicts_with = "config"
        )]
        listen: SocketAddr,
        /// A directory with `verifier.wasm` and `signer.wasm`, for browsers that verify and sign: `cargo build -p verifier -p
        /// signer --lib --profile wasm --target wasm32-unknown-unknown` makes them.
        #[arg(long, value_name = "DIR", env = "VETA_WASM")]
        wasm: Option<PathBuf>,
    },
    /// Signing keys.
    #[command(subcommand, visible_alias = "key")]
    Keys(KeysVerb),
    /// Write, sign and submit statements.
    #[command(subcommand)]
    Statement(StatementVerb),
    /// Report progress: answer criteria, by interview or from a file, and sign the assessment.
    #[command(subcommand)]
    Assess(AssessVerb),
    /// Criteria catalogues: what is asked.
    #[command(subcommand)]
    Catalogue(CatalogueVerb),
    /// Read other people's records into statements.
    #[command(subcommand)]
    Import(ImportVerb),
    /// Organizations.
    #[command(subcommand)]
    Org(OrgVerb),
    /// Sites: what was found there, what they give and can give.
    #[command(subcommand)]
    Site(SiteVerb),
    /// Permits to mine.
    #[command(subcommand)]
    Permit(PermitVerb),
    /// Lots: who has which, and what is said of one when it is dug, changes hands or goes.
    #[command(subcommand)]
    Lot(LotVerb),
    /// Files that support what is said: photos, documents, tables.
    #[command(subcommand)]
    Evidence(EvidenceVerb),
    /// Write the report of an organization, as Markdown and as a page that stands alone.
    Report(ReportArguments),
    /// Write a proof: of a lot and all that it was made of, or of an entry of the log by its index.
    Prove {
        /// A lot's id, or an entry's index.
        what: String,
        /// How many steps back what the lot was made of is proved; all of it where it is left out.
        #[arg(long, value_name = "STEPS")]
        depth: Option<u16>,
        /// Also prove between which checkpoints each statement about the lot came, by the clocks of the witnesses.
        #[arg(long)]
        times: bool,
        /// Wait until a checkpoint covers this position: that of a receipt, for one.
        #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "POSITION")]
        at_least: u64,
        /// The file; named after what is proved where it is left out.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Verify a proof file, offline, by your own policy: whose log, and which witnesses must have cosigned it.
    Verify {
        /// A .veta-proof or .tlog-proof file.
        file: PathBuf,
        #[command(flatten)]
        trust: Trusting,
    },
    /// Write the whole log into a file.
    Export {
        /// The file.
        #[arg(short, long, default_value = "log.veta-export")]
        output: PathBuf,
    },
    /// Decide a whole log again, compare it with what was signed, and tell what an auditor should look at.
    ///
    /// Exit codes: 0 the records lead to the signed checkpoint, 1 they do not, or fewer cosigned it than the policy asks for.
    Replay(Box<ReplayArguments>),
    /// Watch a log: that it only grows, stays fresh and is cosigned, and what is stated with given keys.
    ///
    /// Alerts go to standard error as telemetry, and with --json to standard output, a line each. Exit codes with --once: 0
    /// nothing to be told, 1 something was told, 69 the log does not answer.
    Monitor(Box<MonitorArguments>),
    /// Print completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

#[derive(Debug, Args)]
struct ConfigFile {
    /// The configuration of the services.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

#[derive(Debug, Subcommand)]
enum ProgressVerb {
    /// What an organization does next, the gravest consequence first.
    Next {
        /// Its id, org-….
        organization: String,
        #[command(flatten)]
        when: At,
    },
}

#[derive(Debug, Subcommand)]
enum AuditVerb {
    /// Print the latest checkpoint and the log's key.
    Checkpoint,
    /// List the checkpoints that were published, and as of when each was complete, by the clocks of its witnesses.
    Checkpoints {
        /// From this many entries on.
        #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "SIZE")]
        from: u64,
        #[command(flatten)]
        trust: Box<Trusting>,
    },
    /// Print the log's key, as its operator publishes it.
    Vkey {
        /// Ask this audit service, http://host:port, instead of looking into --state.
        #[arg(long, value_name = "URL")]
        service: Option<String>,
    },
    /// Tell between which times an entry came into the log, by the clocks of its witnesses.
    When {
        /// The entry's index.
        index: u64,
        #[command(flatten)]
        trust: Box<Trusting>,
    },
    /// Copy the log into a directory that any web server can serve: checked, only growing, the checkpoint last.
    Publish(Box<PublishArguments>),
}

#[derive(Debug, Subcommand)]
enum KeysVerb {
    /// Make a key and write it to a file that only you can read.
    Generate {
        /// A new file.
        file: PathBuf,
    },
    /// Print the public half of a key, and whose it is where a deployment is at hand.
    Show {
        /// A private key.
        file: PathBuf,
    },
    /// The lots that a compromised key spoke of, and what to type so that they are held.
    Suspects {
        /// Its public half, in hexadecimal.
        key: PublicKey,
        #[command(flatten)]
        when: At,
    },
    /// Turn an OpenSSH Ed25519 key into PKCS#8 PEM.
    Convert {
        /// A private key.
        from: PathBuf,
        /// A new file.
        to: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum StatementVerb {
    /// Print a draft to fill in.
    Draft {
        /// The kind of statement, such as `LotDeclared`.
        kind: String,
    },
    /// Show a draft in plain words, sign it, and queue it. Needs no network.
    Sign {
        /// The draft; - for standard input.
        draft: PathBuf,
        #[command(flatten)]
        signing: Signing,
    },
    /// Submit everything in the queue, in order.
    Submit {
        /// The queue; that of --state where it is left out.
        #[arg(long, value_name = "DIR")]
        queue: Option<PathBuf>,
        /// http://host:port of an ingest service; that of --state where it is left out.
        #[arg(long, value_name = "URL")]
        ingest: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum ImportVerb {
    /// Import IPIS's file of visits to artisanal mining sites. What is there already stays as it is.
    Ipis {
        /// The CSV file, of any edition.
        file: PathBuf,
        /// The scheme's private key; that of --state where it is left out.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// The monitor's private key; made under --state where it is left out.
        #[arg(long, value_name = "FILE")]
        monitor_key: Option<PathBuf>,
    },
    /// Import a table of what certification schemes decided, compiled from published pages. What is there already stays as
    /// it is.
    ///
    /// Told as history: no scheme signs any of it, and no gate, finding or standing follows from it.
    Certifications {
        /// The CSV file, of any edition.
        file: PathBuf,
        /// The scheme's private key; that of --state where it is left out.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// The compiler's private key; made under --state where it is left out.
        #[arg(long, value_name = "FILE")]
        compiler_key: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, Args)]
struct When {
    /// As of which position of the stream; the present where it is left out.
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "POSITION")]
    as_of: u64,
    /// Wait until this position can be seen: that of a receipt, for one.
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "POSITION")]
    at_least: u64,
}

/// When an answer about an organization or a site is true, which time alone can change.
#[derive(Clone, Copy, Debug, Args)]
struct At {
    #[command(flatten)]
    when: When,
    /// As of which instant, such as 2026-05-31T12:00:00Z, or the end of which day; clocks are read for it, also ahead of
    /// time.
    #[arg(long, value_parser = instant, value_name = "TIME")]
    on: Option<Timestamp>,
}

impl At {
    fn asked(&self, json: bool) -> Asked {
        Asked {
            on_unix_ms: self.on.map_or(0, Timestamp::unix_ms),
            ..self.when.asked(json)
        }
    }
}

/// An instant, or the last one of a day.
fn instant(text: &str) -> Result<Timestamp, UnitError> {
    match text.parse::<Date>() {
        Ok(day) => Ok(day.plus_days(1).start().plus_ms(-1)),
        Err(_) => text.parse(),
    }
}

impl When {
    fn asked(&self, json: bool) -> Asked {
        Asked {
            as_of: self.as_of,
            at_least: self.at_least,
            on_unix_ms: 0,
            json,
        }
    }
}

impl Cli {
    /// Does what was asked.
    pub async fn run(self) -> Done {
        let Self { state, json, verb } = self;
        let state = state.as_deref();
        match verb {
            Verb::Up { name, wasm } => {
                telemetry::init(Format::Text).map_err(Trouble::config)?;
                up::up(&Local::named(state)?, &name, wasm.as_deref()).await
            }
            Verb::Provision(file) => serve::provision_streams(&file.config).await,
            Verb::Ingest(file) => serve::run(Which::Ingest, &file.config).await,
            Verb::Progress { config, verb } => run_progress(config.as_deref(), verb, state, json).await,
            Verb::Custody(file) => serve::run(Which::Custody, &file.config).await,
            Verb::Audit { config, verb } => run_audit(config.as_deref(), verb, state, json).await,
            Verb::Witness(arguments) => witness::run(arguments).await,
            Verb::Portal { config: Some(file), .. } => portals::run(portals::read(&file)?).await,
            Verb::Portal {
                config: None,
                listen,
                wasm,
            } => {
                let local = Local::named(state)?;
                portals::run(portals::beside(&local, &local.deployment()?, listen, wasm)).await
            }
            Verb::Keys(verb) => run_keys(verb, state, json).await,
            Verb::Statement(verb) => run_statement(verb, state, json).await,
            Verb::Assess(verb) => tokio::task::block_in_place(|| assess::run(verb, state, json)),
            Verb::Catalogue(verb) => catalogue::run(verb, state, json).await,
            Verb::Import(verb) => run_import(verb, state, json).await,
            Verb::Org(verb) => org::run(verb, state, json).await,
            Verb::Site(verb) => site::run(verb, state, json).await,
            Verb::Permit(verb) => permit::run(verb, state, json).await,
            Verb::Lot(verb) => lot::run(verb, state, json).await,
            Verb::Evidence(verb) => evidence::run(verb, state, json).await,
            Verb::Report(arguments) => report::run(arguments, state, json).await,
            Verb::Prove {
                what,
                depth,
                times,
                at_least,
                output,
            } => {
                let audit = Local::named(state)?.deployment()?.reach(|e| &e.audit).await?;
                let asked = log::Proving {
                    what,
                    depth,
                    times,
                    at_least,
                };
                log::prove(&audit, asked, output.as_deref()).await
            }
            Verb::Verify { file, trust } => log::verify_file(&file, &trust.needed(state)?, json),
            Verb::Export { output } => {
                log::export(&Local::named(state)?.deployment()?.reach(|e| &e.audit).await?, &output).await
            }
            Verb::Replay(arguments) => outside::replay(*arguments, state, json).await,
            Verb::Monitor(arguments) => outside::monitor(*arguments, state, json).await,
            Verb::Completions { shell } => {
                clap_complete::generate(shell, &mut Self::command(), "veta", &mut std::io::stdout());
                Ok(())
            }
        }
    }
}

async fn run_progress(config: Option<&Path>, verb: Option<ProgressVerb>, state: Option<&Path>, json: bool) -> Done {
    let Some(ProgressVerb::Next { organization, when }) = verb else {
        let config = config.ok_or_else(|| Trouble::usage("run the service with --config FILE, or ask `next`"))?;
        return serve::run(Which::Progress, config).await;
    };
    let progress = Local::named(state)?.deployment()?.reach(|e| &e.progress).await?;
    show::next_steps(&progress, &organization, when.asked(json)).await
}

async fn run_audit(config: Option<&Path>, verb: Option<AuditVerb>, state: Option<&Path>, json: bool) -> Done {
    let Some(verb) = verb else {
        let config = config.ok_or_else(|| {
            Trouble::usage(
                "run the service with --config FILE, or ask `checkpoint`, `checkpoints`, `vkey`, `when` or `publish`",
            )
        })?;
        return serve::run(Which::Audit, config).await;
    };
    let deployment = || Local::named(state)?.deployment();
    match verb {
        AuditVerb::Vkey { service: None } => {
            crate::print::line(deployment()?.vkey()?);
            Ok(())
        }
        AuditVerb::Vkey { service: Some(at) } => log::vkey(&rpc::client::connect(&at).await?).await,
        AuditVerb::Publish(arguments) => outside::publish(*arguments, state, json).await,
        AuditVerb::Checkpoint => log::checkpoint(&deployment()?.reach(|e| &e.audit).await?, json).await,
        AuditVerb::Checkpoints { from, trust } => {
            let policy = trust.needed(state)?;
            let audit = deployment()?.reach(|e| &e.audit).await?;
            checkpoints::list(&audit, TreeSize::new(from), &policy, json).await
        }
        AuditVerb::When { index, trust } => {
            let policy = trust.needed(state)?;
            let audit = deployment()?.reach(|e| &e.audit).await?;
            bracket::when(&audit, LeafIndex::new(index), &policy, json).await
        }
    }
}

async fn run_keys(verb: KeysVerb, state: Option<&Path>, json: bool) -> Done {
    let (key, state) = match verb {
        KeysVerb::Generate { file } => {
            let key = keys::generate()?;
            keys::write(&file, &key)?;
            (key, None)
        }
        KeysVerb::Convert { from, to } => {
            let key = keys::read(&from)?;
            keys::write(&to, &key)?;
            (key, None)
        }
        KeysVerb::Suspects { key, when } => {
            let custody = Local::named(state)?.deployment()?.reach(|e| &e.custody).await?;
            return show::suspects(&custody, key, when.asked(json)).await;
        }
        KeysVerb::Show { file } => (keys::read(&file)?, state),
    };
    let public = keys::public(&key);
    let party = match state {
        Some(dir) => {
            let ingest = Local::named(Some(dir))?.deployment()?.reach(|e| &e.ingest).await?;
            crate::submit::next_number(&ingest, public, 0)
                .await?
                .map(|(party, _)| party)
        }
        None => None,
    };
    if json {
        print::json(&serde_json::json!({"key": public, "party": party}));
        return Ok(());
    }
    print::line(public);
    if let Some(party) = party {
        print::line(format_args!("speaks for {party}"));
    }
    Ok(())
}

async fn run_statement(verb: StatementVerb, state: Option<&Path>, json: bool) -> Done {
    match verb {
        StatementVerb::Draft { kind } => statements::draft(&kind),
        StatementVerb::Sign { draft, signing } => statements::sign(&draft, &signing.signer(state, json)?),
        StatementVerb::Submit { queue, ingest } => submit(queue, ingest, state, json).await,
    }
}

async fn submit(queue: Option<PathBuf>, ingest: Option<String>, state: Option<&Path>, json: bool) -> Done {
    let local = || Local::named(state);
    let queue = queue.map_or_else(|| local().map(|local| local.queue()), Ok)?;
    let channel = match ingest {
        Some(url) => rpc::client::connect(&url).await?,
        None => local()?.deployment()?.reach(|e| &e.ingest).await?,
    };
    statements::submit(&channel, &queue, json).await
}

async fn run_import(verb: ImportVerb, state: Option<&Path>, json: bool) -> Done {
    let local = Local::named(state)?;
    let deployment = local.deployment()?;
    let scheme = |key: Option<PathBuf>| key.unwrap_or_else(|| local.scheme_key());
    match verb {
        ImportVerb::Ipis { file, key, monitor_key } => {
            let (scheme, assessor) = (&scheme(key), &monitor_key.unwrap_or_else(|| local.key("ipis-monitor")));
            import::run::ipis(&file, &deployment, KeyFiles { scheme, assessor }, json).await
        }
        ImportVerb::Certifications {
            file,
            key,
            compiler_key,
        } => {
            let compiler = compiler_key.unwrap_or_else(|| local.key("certification-compiler"));
            let (scheme, assessor) = (&scheme(key), &compiler);
            import::run::certifications(&file, &deployment, KeyFiles { scheme, assessor }, json).await
        }
    }
}
