//! What a person drafts, signs and hands over, without a network.
//!
//! # In scope
//! - [`drafts`]: statements as JSON that a person fills in. [`statements`]: from a draft to the bytes that are signed, and with
//!   the signature to a statement that holds. [`numbers`]: the next number of a key.
//! - [`handover`], [`qr`], [`lots`]: what goes from one device to another, as a file or as codes, and what it says of a lot.
//!   [`scan`]: codes read out of a picture.
//! - [`asks`]: all of this as JSON in, JSON out, total on any input; [`abi`]: the same for WebAssembly, without any other
//!   import or export; `web/veta-sign.mjs` calls it from browsers and Node, and has the keys and the queue there.
//!
//! # Out of scope
//! - Where private keys are kept: a signature comes in, made by whoever holds the key. Only for a browser that makes no
//!   signatures of this kind is one made here. Clocks: every time is an argument.
//! - Whether a statement is admitted: `ledger`, where `ingest` asks it. Words of a language: whoever shows what is told.
//!
//! # Invariants
//! - It depends on ground crates and on crates without I/O alone.
//! - What comes out as signed was verified before, as strictly as everywhere.

pub mod abi;
pub mod asks;
pub mod drafts;
pub mod handover;
pub mod lots;
pub mod numbers;
pub mod qr;
pub mod scan;
pub mod statements;
