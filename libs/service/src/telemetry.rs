//! Telemetry of a process to standard error: what happened, with fields, as text or JSON.

use std::env;
use std::io::{self, IsTerminal};
use std::panic;

use serde::Deserialize;
use thiserror::Error;
use tracing::error;
use tracing::subscriber::{SetGlobalDefaultError, set_global_default};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt;

/// The environment variable that says what to write, such as `debug` or `info,ingest=trace`.
pub const FILTER_VARIABLE: &str = "VETA_LOG";

/// What is written if nothing else is said.
const FILTER_DEFAULT: &str = "info,async_nats=warn";

/// How a line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// Why there is no telemetry.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter is not understood.
    #[error("{FILTER_VARIABLE} is {filter:?}: {source}; write a level such as info, or target=level pairs")]
    Filter {
        /// What it says.
        filter: String,
        /// Why that is no filter.
        source: ParseError,
    },
    /// It was set up before; a process does it once, first thing.
    #[error("telemetry is set up already")]
    Again(#[from] SetGlobalDefaultError),
}

/// Sets telemetry up for the whole process, panics included. Once.
pub fn init(format: Format) -> Result<(), TelemetryError> {
    let filter = env::var(FILTER_VARIABLE).unwrap_or_else(|_| FILTER_DEFAULT.to_owned());
    let filter = parse(&filter)?;
    let lines = fmt()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .with_env_filter(filter);
    match format {
        Format::Text => set_global_default(lines.finish())?,
        Format::Json => set_global_default(lines.json().flatten_event(true).finish())?,
    }
    panic::set_hook(Box::new(|panic| error!("Panicked: {panic}")));
    Ok(())
}

fn parse(filter: &str) -> Result<EnvFilter, TelemetryError> {
    let parsed = EnvFilter::builder().parse(filter);
    parsed.map_err(|source| TelemetryError::Filter {
        filter: filter.to_owned(),
        source,
    })
}
