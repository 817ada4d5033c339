//! What is wrong with a file, and where.

use core::fmt;

use serde::Serialize;

use crate::trouble::Trouble;

/// So many faults are named; more are counted. A file with more of them has one cause that repeats.
pub(super) const FAULTS_NAMED_MAX: usize = 100;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The row as a spreadsheet counts it, from 1; none where it is the file as a whole.
    pub row: Option<u64>,
    /// The column by its header; none where it is the row as a whole.
    pub column: Option<String>,
    /// What is wrong, and what to do.
    pub what: String,
}

impl Fault {
    pub(super) fn of_file(what: impl fmt::Display) -> Self {
        Self {
            row: None,
            column: None,
            what: what.to_string(),
        }
    }

    pub(super) fn of_row(row: u64, what: impl fmt::Display) -> Self {
        Self {
            row: Some(row),
            ..Self::of_file(what)
        }
    }

    pub(super) fn of_cell(row: u64, column: &str, what: impl fmt::Display) -> Self {
        Self {
            column: Some(column.to_owned()),
            ..Self::of_row(row, what)
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}, ")?;
        }
        if let Some(column) = &self.column {
            write!(f, "column {column}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// Everything that is wrong with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// The first of them.
    pub named: Vec<Fault>,
    /// How many there are.
    pub count: usize,
}

impl Faults {
    pub(super) fn push(&mut self, fault: Fault) {
        self.count += 1;
        if self.named.len() < FAULTS_NAMED_MAX {
            self.named.push(fault);
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The same for whoever typed the command.
    pub(super) fn trouble(&self, file: impl fmt::Display) -> Trouble {
        let mut lines = vec![format!("nothing was signed: {file} has {} faults", self.count)];
        lines.extend(self.named.iter().map(ToString::to_string));
        if self.named.len() < self.count {
            lines.push(format!("and {} more", self.count - self.named.len()));
        }
        Trouble::failed(lines.join("\n  "))
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        let mut faults = Self::default();
        faults.push(fault);
        faults
    }
}
