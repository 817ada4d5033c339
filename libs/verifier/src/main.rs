//! `veta-verify FILE --policy FILE [--json]`: whether a proof bundle holds, by a policy.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use replay::bundle::BUNDLE_BYTES_MAX;
use tlog::policy::POLICY_BYTES_MAX;
use verifier::{Failure, Verdict, report};

const USAGE: &str = "veta-verify FILE --policy FILE [--json]

Verifies a .veta-proof file offline, by your own policy (c2sp.org/tlog-policy), and says what it proves.
Exit codes: 0 verified, 1 not verified, 2 wrong usage or a file or policy that cannot be read.
";

/// What was asked.
struct Arguments {
    bundle: PathBuf,
    policy: PathBuf,
    json: bool,
}

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1)) {
        Ok(verdict) => ExitCode::from(verdict as u8),
        Err(words) => {
            drop(writeln!(io::stderr(), "error: {words}"));
            ExitCode::from(2)
        }
    }
}

fn run(arguments: impl Iterator<Item = OsString>) -> Result<Verdict, String> {
    let Some(asked) = Arguments::parse(arguments)? else {
        say(USAGE)?;
        return Ok(Verdict::Verified);
    };
    let policy = read(&asked.policy, POLICY_BYTES_MAX)?;
    let bundle = read(&asked.bundle, BUNDLE_BYTES_MAX)?;
    let told = report(&bundle, &policy);
    let verdict = told.as_ref().map_or_else(Failure::verdict, |_| Verdict::Verified);
    match &told {
        Ok(report) if asked.json => say(&format!("{:#}\n", report.to_json()))?,
        Ok(report) => say(&report.to_string())?,
        Err(failure) if asked.json => say(&format!("{}\n", failure.to_json()))?,
        Err(Failure::Policy(error)) => return Err(format!("{}: {error}", asked.policy.display())),
        Err(Failure::Bundle(error)) => say(&format!("NOT VERIFIED: {error}\n"))?,
    }
    Ok(verdict)
}

impl Arguments {
    /// Nothing where help is asked for.
    fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>, String> {
        let (mut bundle, mut policy, mut json) = (None, None, false);
        let usage = |what: &str| Err(format!("{what}\n\n{USAGE}"));
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--help" | "-h") => return Ok(None),
                Some("--json") => json = true,
                Some("--policy") if policy.is_none() => policy = arguments.next().map(PathBuf::from),
                Some(option) if option.starts_with("--") => return usage(&format!("{option} is not understood here")),
                _ if bundle.is_none() => bundle = Some(PathBuf::from(argument)),
                _ => return usage("name one proof file"),
            }
        }
        match (bundle, policy) {
            (Some(bundle), Some(policy)) => Ok(Some(Self { bundle, policy, json })),
            (None, _) => usage("name a proof file"),
            (_, None) => usage("name your policy: without one, nobody is trusted"),
        }
    }
}

/// At most one byte more than the limit, so that what is too long is told to be.
fn read(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes));
    file.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(bytes)
}

fn say(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    let said = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    said.map_err(|error| format!("cannot write: {error}"))
}
