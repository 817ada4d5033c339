//! Generated tonic and prost code, conversions at the door, and the one map from refusals and errors to statuses.
