//! The one binary: every service and every command-line verb.

fn main() {}
