//! A small deployment to say things in: everyone and everything by name, one line per statement.

mod check;
mod drafts;
mod world;

pub(crate) use check::{Then, check, reached};
pub(crate) use drafts::*;
pub(crate) use world::{NOON, Say, TODAY, World, key, says};
