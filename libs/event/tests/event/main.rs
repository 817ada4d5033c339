//! The tests of `event`, in one binary: golden vectors, properties, crafted signatures, text forms.

mod adversary;
mod arb;
mod ids;
mod json;
mod limits;
mod properties;
mod requests;
mod signatures;
mod troy;
mod units;
mod variants;
mod vectors;
mod vocabulary;
