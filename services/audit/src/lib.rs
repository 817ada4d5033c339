//! The log: leaves, tree, map, checkpoints and proofs.
