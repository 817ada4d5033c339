//! Per-organization progress views.
