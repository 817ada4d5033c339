//! What the command-line verbs do, apart from the terminal and the network.

pub mod import;
