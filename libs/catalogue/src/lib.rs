//! The criteria catalogues as data, and their loader.
