//! What an import passes over, leaves out or changes: counted, with the first places of each.

use core::fmt;
use std::collections::BTreeMap;

use crate::import::noted::{Note, Noted, note};

/// What became of a file's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows below the header.
    pub rows: usize,
    /// Rows that are visits.
    pub visits: usize,
    /// Rows that report a status from the ministry of mines.
    pub qualifications: usize,
    /// Rows that are neither, by reason.
    pub skipped: BTreeMap<Skipped, usize>,
    /// Columns that are asked and that the file does not have: nothing is known about them.
    pub columns_absent: Vec<String>,
    /// What was left out or changed, by kind.
    pub notes: BTreeMap<Note, Noted>,
}

impl Report {
    pub(super) fn skip(&mut self, reason: Skipped) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    pub(super) fn note(&mut self, about: Note, row: usize, column: &str) {
        note(&mut self.notes, about, row, column);
    }
}

/// Why a row gives no assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// An entry of the iTSCi register.
    ItsciStatus,
    /// No project is named, so how the row came about is unknown.
    NoProject,
    /// Somebody else's row that reports no status.
    NotByIpis,
    /// An earlier row has the same visit number.
    VisitRepeated,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ItsciStatus => "entries of the iTSCi register",
            Self::NoProject => "rows without a project",
            Self::NotByIpis => "rows by others than IPIS",
            Self::VisitRepeated => "rows that repeat a visit number",
        })
    }
}
