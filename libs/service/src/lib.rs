//! What every process shares: configuration, telemetry, clock, metrics, health, shutdown, and the gRPC server around a service.
//!
//! # In scope
//!
//! - Reading one TOML file, strictly, before anything else happens: [`config`].
//! - What an operator sees of a running process: [`telemetry`], [`metrics`], [`health`], [`exit`] codes.
//! - The only clock: [`clock`].
//! - Beginning and ending: [`server`] of gRPC, [`http`] for everything over plain HTTP, [`shutdown`].
//! - Small files that outlive a power cut: [`durable`]. Memory that overflowed onto a disk: [`scratch`].
//! - Using all cores: [`parallel`]. Waiting for a position: [`reach`].
//!
//! # Out of scope
//!
//! - What a service does: the crates in `services/`. Its messages and statuses: `rpc`.
//! - The order in which a process starts: its `main`, which is a list of calls into this crate.
//!
//! # Invariants
//!
//! - Nothing else reads a clock: `clippy.toml` refuses it. Nothing else installs a subscriber or listens to signals.
//! - Nothing waits for ever once a shutdown is triggered: [`shutdown::DRAIN_WAIT`] bounds what is under way.
//! - No secret is in a configuration: only the paths of files that hold them.

pub mod clock;
pub mod config;
pub mod durable;
pub mod exit;
pub mod health;
pub mod http;
pub mod metrics;
pub mod parallel;
pub mod reach;
pub mod scratch;
pub mod server;
pub mod shutdown;
pub mod telemetry;
