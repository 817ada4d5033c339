//! Where a criterion comes from, and how sure that is.

use core::fmt;
use core::str::FromStr;

use event::vocabulary::Module;
use serde::Deserialize;
use thiserror::Error;

/// Whether the number that a criterion has in the CRAFT Code was seen there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum CraftRefStatus {
    /// This number and its subject were read in a source.
    Verified,
    /// The number fits the scheme of numbers and was not seen in a source.
    Guess,
    /// No number is known.
    #[default]
    None,
}

/// Whether what a criterion is about was read in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum ContentStatus {
    /// The subject was read in a source; the wording is the catalogue's own all the same.
    Verified,
    /// The subject is known from general knowledge and was not read in a source.
    Reconstructed,
}

/// What not meeting a criterion means for a buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Response {
    /// Nothing begins until it is met.
    EntryGate,
    /// Trade ends at once when it is known or reasonably suspected.
    ImmediateDisengagement,
    /// Trade may go on under a plan that can be measured, and ends when nothing has improved in time.
    Mitigation,
    /// Progress from report to report.
    Improvement,
}

impl Response {
    /// What every criterion of `module` means for a buyer.
    #[must_use]
    pub const fn of(module: Module) -> Self {
        match module {
            Module::Management | Module::Legitimacy => Self::EntryGate,
            Module::Disengagement => Self::ImmediateDisengagement,
            Module::Mitigation => Self::Mitigation,
            Module::Improvement => Self::Improvement,
        }
    }
}

/// A public document that criteria are referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// OECD Due Diligence Guidance for minerals from conflict-affected and high-risk areas: `A2-3-ii` is item ii of
    /// paragraph 3 of Annex II, `STEP-1` a step of the guidance, `STEP-1-COC` its chain of custody, `STEP-1-GRIEVANCE`
    /// its complaints, `ASM-DEFINITION` and `ASM-LEGITIMACY` what it says of artisanal miners.
    Oecd,
    /// Minamata Convention on Mercury: `ANNEX-C-1B` is paragraph 1 (b) of Annex C.
    Minamata,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 2] = [Self::Oecd, Self::Minamata];

    /// What a catalogue file calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oecd => "oecd",
            Self::Minamata => "minamata",
        }
    }

    /// Whether `code` is how places in its documents are named here.
    #[must_use]
    pub fn takes(self, code: &str) -> bool {
        match self {
            Self::Oecd => oecd_takes(code),
            Self::Minamata => matches!(code.strip_prefix("ANNEX-C-1"), Some(item) if item.len() == 1 && is_upper(item)),
        }
    }
}

fn oecd_takes(code: &str) -> bool {
    const NAMED: [&str; 4] = ["STEP-1-COC", "STEP-1-GRIEVANCE", "ASM-DEFINITION", "ASM-LEGITIMACY"];
    if NAMED.contains(&code) {
        return true;
    }
    if let Some(step) = code.strip_prefix("STEP-") {
        return number(step).is_some_and(|step| step <= 5);
    }
    let Some(place) = code.strip_prefix("A2-") else {
        return false;
    };
    let (paragraph, item) = place.split_once('-').unwrap_or((place, "i"));
    let is_item = ["i", "ii", "iii", "iv", "v"].contains(&item);
    is_item && number(paragraph).is_some_and(|paragraph| paragraph <= 14)
}

fn is_upper(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_uppercase())
}

/// A number from 1 as it is written: no sign, no zero in front.
fn number(text: &str) -> Option<u16> {
    let is_written = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_written)
}

/// A place in a public document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicReference {
    /// In which document.
    pub scheme: Scheme,
    /// Where there.
    pub code: String,
}

impl fmt::Display for PublicReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.scheme.name(), self.code)
    }
}

/// The number of a requirement in the CRAFT Code: `M.4/5.2.12/R.1` for every mineral, `M.4/5.2.12/S.1.1` for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CraftRef {
    text: String,
    module: u16,
}

impl CraftRef {
    /// The number as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The module that it names, from 1.
    #[must_use]
    pub const fn module(&self) -> u16 {
        self.module
    }
}

impl FromStr for CraftRef {
    type Err = CraftRefError;

    fn from_str(text: &str) -> Result<Self, CraftRefError> {
        let mut parts = text.split('/');
        let (Some(module), Some(issue), Some(requirement), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(CraftRefError);
        };
        let module = module.strip_prefix("M.").and_then(number).ok_or(CraftRefError)?;
        let is_requirement = match requirement.split_once('.') {
            Some(("R", rest)) => are_numbers(rest, 1),
            Some(("S", rest)) => are_numbers(rest, 2),
            _ => false,
        };
        if !are_numbers(issue, 3) || !is_requirement {
            return Err(CraftRefError);
        }
        Ok(Self {
            text: text.to_owned(),
            module,
        })
    }
}

fn are_numbers(text: &str, count: usize) -> bool {
    text.split('.').count() == count && text.split('.').all(|part| number(part).is_some())
}

/// A text that is no requirement's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a number of the CRAFT Code: write it as M.1/5.2.3/R.1 or M.4/5.2.12/S.1.1")]
pub struct CraftRefError;
