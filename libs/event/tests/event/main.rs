//! The tests of `event`, in one binary: golden vectors, properties, crafted signatures, text forms.

mod adversary;
mod arb;
mod ids;
mod json;
mod properties;
mod signatures;
mod units;
mod vectors;
