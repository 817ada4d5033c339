//! A lot: who has it, through whose hands it came, what it was made of, and what speaks against it.

pub(super) mod facts;
