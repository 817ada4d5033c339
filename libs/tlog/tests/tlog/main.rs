//! The crate through its public door: vectors made by other programs, the definitions, and trees and notes by other hands.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod cosigning;
mod foreign;
mod map;
mod map_multiproof;
mod multiproof;
mod note;
mod others;
mod support;
mod tiles;
mod tree;
mod vectors;
