//! What the columns and values of a programme's own form mean: a small TOML file.
//!
//! ```toml
//! source = "acme"              # whose register the numbers of submissions are in; `kobo` where it is left out
//! group_separator = "/"        # between the names of groups and questions in the header
//! id = "_uuid"                 # the column with a submission's number
//!
//! [subject]
//! column = "site"
//! values = { kibuye = "site-…" }
//!
//! [period]
//! from = "visit_day"
//! to = "visit_day"
//!
//! [[criteria]]
//! column = "helmets"
//! criterion = "ohs.helmets"
//! values = { all = "4", most = "3", some = "2", none = "0", dont_know = "" }
//! why = "helmets_why_not"      # why it does not apply
//! evidence = ["helmets_photo"]
//!
//! [[indicators]]
//! column = "members_total"
//! indicator = "members"
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use event::vocabulary::Slug;
use serde::Deserialize;

use crate::files;
use crate::trouble::{Done, Trouble};

/// The longest mapping: 320 questions with 20 values of 64 bytes each.
const MAPPING_BYTES_MAX: u64 = 512 * 1024;
/// Whose register the numbers of submissions are in.
const SOURCE: &str = "kobo";
/// Between the names of groups and questions.
const GROUP_SEPARATOR: &str = "/";
/// The column with a submission's number.
const ID: &str = "_uuid";

/// What columns and values mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Whose register the numbers of submissions are in.
    #[serde(default = "source")]
    pub(super) source: Slug,
    /// Between the names of groups and questions in the header.
    #[serde(default = "group_separator")]
    pub(super) group_separator: String,
    /// The column with a submission's number.
    #[serde(default = "id")]
    pub(super) id: String,
    /// Who is assessed.
    pub(super) subject: Option<Column>,
    /// Who assesses.
    pub(super) kind: Option<Column>,
    /// Which days.
    pub(super) period: Option<Days>,
    /// Which columns answer criteria; where none is named, those of the names that a template gives.
    #[serde(default)]
    pub(super) criteria: Vec<CriterionColumn>,
    /// Which columns answer indicators.
    #[serde(default)]
    pub(super) indicators: Vec<IndicatorColumn>,
}

/// A column, and what its values mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) column: String,
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
}

/// The columns of the first and the last day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Days {
    pub(super) from: String,
    pub(super) to: String,
}

/// A column that answers a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionColumn {
    pub(super) column: String,
    pub(super) criterion: Slug,
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
    pub(super) why: Option<String>,
    #[serde(default)]
    pub(super) evidence: Vec<String>,
}

/// A column that answers an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorColumn {
    pub(super) column: String,
    pub(super) indicator: Slug,
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            source: source(),
            group_separator: group_separator(),
            id: id(),
            subject: None,
            kind: None,
            period: None,
            criteria: Vec::new(),
            indicators: Vec::new(),
        }
    }
}

impl Mapping {
    /// Reads a mapping file.
    pub fn read(path: &Path) -> Done<Self> {
        let text = files::read_text(path, "a mapping", MAPPING_BYTES_MAX)?;
        Self::parse(&text).map_err(Trouble::at(format_args!("{} is no mapping", path.display())))
    }

    /// Reads the text of one.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

fn source() -> Slug {
    SOURCE.parse().expect("a good slug")
}

fn group_separator() -> String {
    GROUP_SEPARATOR.to_owned()
}

fn id() -> String {
    ID.to_owned()
}
