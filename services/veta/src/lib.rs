//! The one binary: every service and every command-line verb.
//!
//! # In scope
//! - [`cli`]: what can be asked. [`services`], [`serve`] and [`up`]: making and running services. The other modules: one verb or family each.
//!
//! # Out of scope
//! - What services do: `ingest`, `progress`, `custody`, `audit`, `witness`, `portal`. The rules: `ledger`.
//!
//! # Invariants
//! - A private key is read, never shown, never overwritten, never sent.
//! - Drafting, signing and verifying need no network.
//! - Whatever was cut short is finished by the same command.

pub mod assess;
pub mod bracket;
pub mod catalogues;
pub mod check;
pub mod checkpoints;
pub mod cli;
pub mod config;
pub mod evidence;
pub mod files;
pub mod import;
pub mod keys;
pub mod local;
pub mod log;
pub mod mirror;
pub mod monitor;
pub mod portals;
pub mod print;
pub mod publish;
pub mod queue;
pub mod replays;
pub mod report;
pub mod serve;
pub mod services;
pub mod show;
pub mod statements;
pub mod submit;
pub mod trade;
pub mod trouble;
pub mod trust;
pub mod up;
pub mod witnessing;
pub mod words;
