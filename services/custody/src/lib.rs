//! Lots, custodians, paths and open offers.
