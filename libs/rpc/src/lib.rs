//! Generated tonic and prost code, conversions at the door, and the one map from refusals and errors to statuses.
//!
//! # In scope
//! - [`ingest`], [`progress`], [`evidence`], [`custody`], [`audit`]: the messages, clients and servers of each service, and what its
//!   requests mean in words of the domain. [`view`] is what their answers share.
//! - [`read`]: as of which position, at least which position, which page.
//! - [`invalid`]: why a message means nothing; [`status`]: what a caller is told, and reading it back.
//! - [`limits`]: every size, count and wait of the wire. [`client`] and [`server`] put them into force.
//!
//! # Out of scope
//! - What a statement says: it is opaque bytes here, and `event` reads it.
//! - Answering: the services. Listening, health, reflection and shutdown: `service`.
//!
//! # Invariants
//! - Proto stops at the door: a service sees a domain type, or an [`invalid::InvalidMessage`] that names the field.
//! - [`status`] alone makes a [`tonic::Status`].
//! - Nothing here reads a clock, and no field from outside is used as a size before it is bounded.

mod generated;

pub mod audit;
pub mod client;
pub mod custody;
pub mod evidence;
pub mod ingest;
pub mod invalid;
pub mod limits;
pub mod progress;
pub mod read;
pub mod server;
pub mod status;
pub mod view;

pub use generated::FILE_DESCRIPTOR_SET;
pub use invalid::InvalidMessage;
pub use read::{Page, ReadAt};
