//! The one step every replica takes, and the proof bundle that verifies offline.
