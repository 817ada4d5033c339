//! Other people's servers: asked over HTTP within bounds, and logs read from their tiles.
//!
//! # In scope
//!
//! - [`http`]: one request, one answer, each within a deadline and a number of bytes.
//! - [`log`]: a log of c2sp.org/tlog-tiles, below a URL or in a directory: its checkpoint, its tiles, its entries in order, and
//!   [`log::Verified`], which gives out nothing that the root does not vouch for.
//!
//! # Out of scope
//!
//! - Which key, witness or policy deserves trust: whoever asks. A checkpoint is given as the bytes that were served.
//! - What entries mean: `replay`. Serving tiles: the audit service. Asking our own services: `rpc`.
//!
//! # Invariants
//!
//! - No answer is longer than its asker allows, none takes longer, and no server leads elsewhere: redirects are not followed,
//!   and no proxy is taken from the environment.
//! - A directory is read within itself only: paths are made of [`tlog::tiles::TilePath`] alone, and no link leads out.
//! - No other crate speaks HTTP to a server.

pub mod http;
pub mod log;
