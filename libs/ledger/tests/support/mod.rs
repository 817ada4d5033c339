//! A small deployment to say things in: everyone and everything by name, one line per statement.

mod check;
mod drafts;
mod instants;
#[rustfmt::skip]
mod trade;
mod world;

pub(crate) use check::{check, reached, shows};
pub(crate) use drafts::*;
pub(crate) use instants::next_changes_are_exact;
pub(crate) use trade::*;
pub(crate) use world::{NOON, Say, World, key, says};
