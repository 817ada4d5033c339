//! A buyer's policy, and the file it is written in.

use std::collections::BTreeSet;

use event::vocabulary::{AssessmentKind, Confidence, Country, CustodyModel, IncidentCategory, Module, Slug, Standing};
use serde::Deserialize;

use crate::error::PolicyError;
use crate::fault::{self, Fault, Faults};
use crate::verdict::{Severity, Term};
use crate::words::{self, Words, meaning};

/// The longest policy file.
pub const POLICY_BYTES_MAX: usize = 64 * 1024;
/// The form of policy files that is read here.
pub const VERSION: u32 = 1;
/// A whole, in parts per million.
pub(crate) const WHOLE_PPM: u32 = 1_000_000;

type Result<T> = core::result::Result<T, PolicyError>;

/// Names that facts may have. A policy that names another one is refused: it would wait for it for ever.
#[derive(Clone, Copy, Debug)]
pub struct KnownNames<'a> {
    /// Of flags.
    pub flags: &'a [&'a str],
    /// Of kinds of documents.
    pub documents: &'a [&'a str],
}

/// A buyer's policy that passed its checks; [`Policy::parse`] makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub(crate) name: String,
    pub(crate) ignore_below_ppm: u32,
    pub(crate) no_data: Severity,
    pub(crate) holds: Severity,
    pub(crate) suspects: Severity,
    pub(crate) illustrative: Severity,
    pub(crate) standing_then: Option<Asks<BTreeSet<Standing>>>,
    pub(crate) standing_now: Option<Asks<BTreeSet<Standing>>>,
    pub(crate) modules: Option<Asks<BTreeSet<Module>>>,
    pub(crate) assurance: Option<Asks<AssessmentKind>>,
    pub(crate) age: Option<Asks<u16>>,
    pub(crate) contested: Option<Asks<()>>,
    pub(crate) scenarios: Option<Asks<BTreeSet<Slug>>>,
    pub(crate) permit: Option<Asks<()>>,
    pub(crate) countries: Option<Asks<Countries>>,
    pub(crate) incidents: Vec<Asks<Incidents>>,
    pub(crate) plans: Option<Asks<()>>,
    pub(crate) flags: Option<Flags>,
    pub(crate) custody_model: Option<Asks<CustodyModel>>,
    pub(crate) documents: Option<Asks<BTreeSet<Slug>>>,
}

/// What is asked for, and what it leads to where it does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asks<T> {
    pub(crate) of: T,
    pub(crate) otherwise: Severity,
}

/// Where gold may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Countries {
    /// Only these; none for all.
    pub(crate) allowed: BTreeSet<Country>,
    pub(crate) denied: BTreeSet<Country>,
}

/// Which open incidents count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Incidents {
    /// Of these; none for all.
    pub(crate) categories: BTreeSet<IncidentCategory>,
    /// At least so sure.
    pub(crate) confidence: Confidence,
    /// At least so bad.
    pub(crate) severity: event::vocabulary::Severity,
}

/// What flags lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flags {
    excluded: BTreeSet<Slug>,
    person: BTreeSet<Slug>,
    tolerated: BTreeSet<Slug>,
    others: Severity,
}

impl Policy {
    /// Reads a policy file. Every key that is not known is refused, and so is every flag or document of another name than
    /// those that are `known`. Of several faults it says the first.
    pub fn parse(text: &str, known: &KnownNames<'_>) -> Result<Self> {
        Self::read(text, known).map_err(|mut faults| faults.swap_remove(0).error)
    }

    /// What is wrong with a policy file; nothing where [`Policy::parse`] reads it. Of what is no TOML, each place is told; of
    /// keys that mean nothing, the first; of everything else, what is wrong first in each value and list. In the order of
    /// their lines, and no more than a person mends at once.
    #[must_use]
    pub fn faults(text: &str, known: &KnownNames<'_>) -> Vec<Fault> {
        let mut faults = Self::read(text, known).err().unwrap_or_default();
        faults.sort_by_key(|fault| fault.line);
        faults
    }

    /// The policy, or at least one fault.
    fn read(text: &str, known: &KnownNames<'_>) -> core::result::Result<Self, Vec<Fault>> {
        let whole = |error| vec![Fault { line: None, error }];
        if POLICY_BYTES_MAX < text.len() {
            return Err(whole(PolicyError::TooLong));
        }
        let file: File = toml::from_str(text).map_err(|error| malformed(text, &error))?;
        let mut faults = Faults::default();
        let policy = file.policy(known, &mut faults);
        let faults = faults.placed(text);
        if faults.is_empty() { Ok(policy) } else { Err(faults) }
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it checks, in the order of [`Term::ALL`].
    pub fn terms(&self) -> impl Iterator<Item = Term> {
        Term::ALL.iter().copied().filter(|term| self.asks(*term))
    }

    pub(crate) fn asks(&self, term: Term) -> bool {
        match term {
            Term::LotState | Term::Holds | Term::Suspects | Term::Origins | Term::Illustrative => true,
            Term::StandingThen => self.standing_then.is_some(),
            Term::StandingNow => self.standing_now.is_some(),
            Term::Modules => self.modules.is_some(),
            Term::Assurance => self.assurance.is_some(),
            Term::Age => self.age.is_some(),
            Term::Contested => self.contested.is_some(),
            Term::Scenarios => self.scenarios.is_some(),
            Term::Permit => self.permit.is_some(),
            Term::Countries => self.countries.is_some(),
            Term::Incidents => !self.incidents.is_empty(),
            Term::Plans => self.plans.is_some(),
            Term::Flags => self.flags.is_some(),
            Term::CustodyModel => self.custody_model.is_some(),
            Term::Documents => self.documents.is_some(),
        }
    }
}

impl Flags {
    pub(crate) fn severity(&self, name: &Slug) -> Severity {
        if self.excluded.contains(name) {
            return Severity::NotEligible;
        }
        if self.person.contains(name) {
            return Severity::NeedsPerson;
        }
        if self.tolerated.contains(name) {
            return Severity::Noted;
        }
        self.others
    }
}

/// What is wrong with the form of a file: first of all its version, which says what else may stand there.
fn malformed(text: &str, error: &toml::de::Error) -> Vec<Fault> {
    match toml::from_str::<Versioned>(text) {
        Ok(Versioned { version }) if version != VERSION => {
            let mut faults = Faults::default();
            faults.kept(Err::<(), _>(PolicyError::VersionUnknown(version)));
            faults.placed(text)
        }
        _ => fault::of_form(text, error),
    }
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// A policy file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    name: String,
    #[serde(default)]
    ignore_below_ppm: u32,
    no_data: Option<String>,
    illustrative: Option<String>,
    holds: Option<Bare>,
    suspects: Option<Bare>,
    standing_then: Option<Accepted>,
    standing_now: Option<Accepted>,
    modules: Option<Met>,
    assurance: Option<Least>,
    age: Option<DaysMax>,
    contested: Option<Bare>,
    scenarios: Option<Accepted>,
    permit: Option<Bare>,
    countries: Option<CountriesWritten>,
    #[serde(default)]
    incidents: Vec<IncidentsWritten>,
    plans: Option<Bare>,
    flags: Option<FlagsWritten>,
    custody_model: Option<Least>,
    documents: Option<Required>,
}

/// What is asked for is said by the table's name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bare {
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    accepted: Vec<String>,
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Met {
    met: Vec<u8>,
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Least {
    least: String,
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DaysMax {
    days_max: u16,
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Required {
    required: Vec<String>,
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountriesWritten {
    allowed: Option<Vec<String>>,
    denied: Option<Vec<String>>,
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IncidentsWritten {
    categories: Option<Vec<String>>,
    confidence: Option<String>,
    severity: Option<String>,
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FlagsWritten {
    #[serde(default)]
    excluded: Vec<String>,
    #[serde(default)]
    person: Vec<String>,
    #[serde(default)]
    tolerated: Vec<String>,
    others: Option<String>,
}

impl File {
    /// What it means; nothing that can be used, where a fault is kept.
    fn policy(self, known: &KnownNames<'_>, faults: &mut Faults) -> Policy {
        let wrong = Severity::NotEligible;
        faults.kept(self.check_head());
        faults.kept(self.check_modules());
        let bare = |field, table: Option<&Bare>, default| {
            let verdict = table.and_then(|table| table.verdict.as_ref());
            optional(field, verdict, words::VERDICTS, default)
        };
        let (no_data, illustrative) = (self.no_data.as_ref(), self.illustrative.as_ref());
        let person = Severity::NeedsPerson;
        let no_data = optional("no_data", no_data, words::VERDICTS, person);
        let illustrative = optional("illustrative", illustrative, words::ILLUSTRATIVE, person);
        let age = self
            .age
            .map(|age| asks("age.verdict", age.days_max, age.verdict.as_ref()));
        Policy {
            no_data: faults.kept_or(no_data, wrong),
            illustrative: faults.kept_or(illustrative, wrong),
            holds: faults.kept_or(bare("holds.verdict", self.holds.as_ref(), wrong), wrong),
            suspects: faults.kept_or(bare("suspects.verdict", self.suspects.as_ref(), person), wrong),
            standing_then: faults.kept(standings(
                "standing_then.accepted",
                "standing_then.verdict",
                self.standing_then,
            )),
            standing_now: faults.kept(standings(
                "standing_now.accepted",
                "standing_now.verdict",
                self.standing_now,
            )),
            modules: faults.kept(self.modules.map(Met::asks).transpose()),
            assurance: faults.kept(least(
                "assurance.least",
                "assurance.verdict",
                self.assurance,
                words::ASSURANCE,
            )),
            age: faults.kept(age.transpose()),
            contested: faults.kept(nothing_else("contested.verdict", self.contested)),
            scenarios: faults.kept(self.scenarios.as_ref().map(scenarios).transpose()),
            permit: faults.kept(nothing_else("permit.verdict", self.permit)),
            countries: faults.kept(self.countries.map(CountriesWritten::asks).transpose()),
            incidents: (self.incidents.into_iter())
                .filter_map(|incidents| faults.kept(incidents.asks().map(Some)))
                .collect(),
            plans: faults.kept(nothing_else("plans.verdict", self.plans)),
            flags: self.flags.map(|flags| flags.flags(known, faults)),
            custody_model: faults.kept(least(
                "custody_model.least",
                "custody_model.verdict",
                self.custody_model,
                words::CUSTODY_MODELS,
            )),
            documents: faults.kept(self.documents.map(|documents| documents.asks(known)).transpose()),
            name: self.name,
            ignore_below_ppm: self.ignore_below_ppm,
        }
    }

    fn check_head(&self) -> Result<()> {
        if self.version != VERSION {
            return Err(PolicyError::VersionUnknown(self.version));
        }
        if self.name.trim().is_empty() {
            return Err(PolicyError::Nameless);
        }
        if WHOLE_PPM < self.ignore_below_ppm {
            return Err(PolicyError::ShareTooLarge(self.ignore_below_ppm));
        }
        Ok(())
    }

    fn check_modules(&self) -> Result<()> {
        if self.modules.is_some() {
            return Ok(());
        }
        if self.assurance.is_some() {
            return Err(PolicyError::WithoutModules("assurance"));
        }
        if self.age.is_some() {
            return Err(PolicyError::WithoutModules("age"));
        }
        Ok(())
    }
}

impl Met {
    fn asks(self) -> Result<Asks<BTreeSet<Module>>> {
        let module = |number: &u8| {
            let gate = words::GATES.into_iter().find(|gate| gate.number() == *number);
            gate.ok_or(PolicyError::ModuleUnknown(*number))
        };
        let modules = self.met.iter().map(|number| Ok((number, module(number)?)));
        let met = set("modules.met", modules.collect::<Result<Vec<_>>>()?)?;
        asks("modules.verdict", met, self.verdict.as_ref())
    }
}

impl Required {
    fn asks(self, known: &KnownNames<'_>) -> Result<Asks<BTreeSet<Slug>>> {
        let kinds = names("documents.required", &self.required, known.documents)?;
        if kinds.is_empty() {
            return Err(PolicyError::Empty("documents.required"));
        }
        asks("documents.verdict", kinds, self.verdict.as_ref())
    }
}

impl CountriesWritten {
    fn asks(self) -> Result<Asks<Countries>> {
        if self.allowed.is_none() && self.denied.is_none() {
            return Err(PolicyError::AsksNothing("countries"));
        }
        let countries = |field, written: Option<Vec<String>>| {
            let Some(written) = written else {
                return Ok(BTreeSet::new());
            };
            let country = |found: &String| {
                let country = found.parse::<Country>().map_err(|_| PolicyError::CountryMalformed {
                    field,
                    found: found.clone(),
                });
                Ok((found.clone(), country?))
            };
            set(field, written.iter().map(country).collect::<Result<Vec<_>>>()?)
        };
        let countries = Countries {
            allowed: countries("countries.allowed", self.allowed)?,
            denied: countries("countries.denied", self.denied)?,
        };
        if let Some(both) = countries.allowed.intersection(&countries.denied).next() {
            return Err(PolicyError::CountryTwice(*both));
        }
        asks("countries.verdict", countries, self.verdict.as_ref())
    }
}

impl IncidentsWritten {
    fn asks(self) -> Result<Asks<Incidents>> {
        use event::vocabulary::Severity::Minor;
        let categories = match &self.categories {
            None => BTreeSet::new(),
            Some(written) => accepted("incidents.categories", written, words::CATEGORIES)?,
        };
        let confidence = self.confidence.as_ref();
        let incidents = Incidents {
            categories,
            confidence: optional(
                "incidents.confidence",
                confidence,
                words::CONFIDENCE,
                Confidence::Allegation,
            )?,
            severity: optional("incidents.severity", self.severity.as_ref(), words::SEVERITY, Minor)?,
        };
        asks("incidents.verdict", incidents, self.verdict.as_ref())
    }
}

impl FlagsWritten {
    fn flags(self, known: &KnownNames<'_>, faults: &mut Faults) -> Flags {
        let others = optional(
            "flags.others",
            self.others.as_ref(),
            words::OTHERS,
            Severity::NeedsPerson,
        );
        let flags = Flags {
            excluded: faults.kept(names("flags.excluded", &self.excluded, known.flags)),
            person: faults.kept(names("flags.person", &self.person, known.flags)),
            tolerated: faults.kept(names("flags.tolerated", &self.tolerated, known.flags)),
            others: faults.kept_or(others, Severity::NotEligible),
        };
        let twice = (flags.excluded.intersection(&flags.person))
            .chain(flags.excluded.intersection(&flags.tolerated))
            .chain(flags.person.intersection(&flags.tolerated))
            .next();
        faults.kept(twice.map_or(Ok(()), |name| Err(PolicyError::FlagTwice(name.to_string()))));
        flags
    }
}

fn asks<T>(field: &'static str, of: T, verdict: Option<&String>) -> Result<Asks<T>> {
    Ok(Asks {
        of,
        otherwise: optional(field, verdict, words::VERDICTS, Severity::NotEligible)?,
    })
}

fn nothing_else(field: &'static str, table: Option<Bare>) -> Result<Option<Asks<()>>> {
    table.map(|table| asks(field, (), table.verdict.as_ref())).transpose()
}

fn standings(
    field: &'static str,
    verdict: &'static str,
    table: Option<Accepted>,
) -> Result<Option<Asks<BTreeSet<Standing>>>> {
    let Some(table) = table else {
        return Ok(None);
    };
    let of = accepted(field, &table.accepted, words::STANDINGS)?;
    asks(verdict, of, table.verdict.as_ref()).map(Some)
}

fn scenarios(table: &Accepted) -> Result<Asks<BTreeSet<Slug>>> {
    let field = "scenarios.accepted";
    let slugs = table
        .accepted
        .iter()
        .map(|found| Ok((found.clone(), slug(field, found)?)));
    let of = set(field, slugs.collect::<Result<Vec<_>>>()?)?;
    asks("scenarios.verdict", of, table.verdict.as_ref())
}

fn least<T: Copy>(
    field: &'static str,
    verdict: &'static str,
    table: Option<Least>,
    words: Words<T>,
) -> Result<Option<Asks<T>>> {
    let Some(table) = table else {
        return Ok(None);
    };
    asks(verdict, read(field, &table.least, words)?, table.verdict.as_ref()).map(Some)
}

fn slug(field: &'static str, found: &str) -> Result<Slug> {
    found.parse().map_err(|_| PolicyError::SlugMalformed {
        field,
        found: found.to_owned(),
    })
}

/// Names of things that facts have. No name is fine here.
fn names(field: &'static str, written: &[String], known: &[&str]) -> Result<BTreeSet<Slug>> {
    let mut names = BTreeSet::new();
    for found in written {
        let name = slug(field, found)?;
        if !known.contains(&found.as_str()) {
            return Err(PolicyError::WordUnknown {
                field,
                found: found.clone(),
                known: words::listed(known.iter().map(|&name| name.to_owned()), "or"),
            });
        }
        if !names.insert(name) {
            return Err(PolicyError::Repeated {
                field,
                found: found.clone(),
            });
        }
    }
    Ok(names)
}

fn read<T: Copy>(field: &'static str, found: &str, words: Words<T>) -> Result<T> {
    meaning(words, found).ok_or_else(|| PolicyError::WordUnknown {
        field,
        found: found.to_owned(),
        known: words::all(words),
    })
}

fn optional<T: Copy>(field: &'static str, found: Option<&String>, words: Words<T>, default: T) -> Result<T> {
    found.map_or(Ok(default), |found| read(field, found, words))
}

fn accepted<T: Copy + Ord>(field: &'static str, written: &[String], words: Words<T>) -> Result<BTreeSet<T>> {
    let read = written
        .iter()
        .map(|found| Ok((found.clone(), read(field, found, words)?)));
    set(field, read.collect::<Result<Vec<_>>>()?)
}

/// At least one, each once.
fn set<W: ToString, T: Ord>(field: &'static str, read: Vec<(W, T)>) -> Result<BTreeSet<T>> {
    let mut values = BTreeSet::new();
    for (written, value) in read {
        if !values.insert(value) {
            let found = written.to_string();
            return Err(PolicyError::Repeated { field, found });
        }
    }
    if values.is_empty() {
        return Err(PolicyError::Empty(field));
    }
    Ok(values)
}
