//! What a reason says: in no language as a name with values, and in English as a sentence.

use core::fmt;

use event::Date;
use event::vocabulary::{
    AssessmentKind, Confidence, Country, CustodyModel, IncidentCategory, Module, Severity, Slug, Standing,
};

use crate::words::{self, listed, word};

/// A value in a reason, for whoever says it in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A name, or the words of a party.
    Text(String),
    /// A number.
    Number(u64),
    /// Parts per million.
    Ppm(u32),
    /// A day.
    Day(Date),
    /// Words that also stand in policy files.
    Words {
        /// Of what: `standing`, `assessment-kind`, `custody-model`, `incident-category`, `confidence` or `severity`.
        of: &'static str,
        /// Which.
        words: Vec<&'static str>,
    },
    /// Names for machines: of criteria, flags, documents.
    Slugs(Vec<Slug>),
    /// Countries.
    Countries(Vec<Country>),
}

/// Parts per million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ppm(pub u32);

/// Names details and their values, and says them in English, once and for all.
macro_rules! details {
    ($($(#[$doc:meta])* $variant:ident $name:literal { $($field:ident: $type:ty),* } => $english:expr;)*) => {
        /// What a reason says. A field is what the sentence of [`fmt::Display`] puts into words.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the variants are documented; a field is what its sentence says")]
        pub enum Detail {
            $($(#[$doc])* $variant { $($field: $type),* },)*
        }

        impl Detail {
            /// The names of all of them.
            pub const NAMES: &[&str] = &[$($name),*];

            /// Its name for machines; it never changes.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)*
                }
            }

            /// Its values, each by its name.
            #[must_use]
            pub fn values(&self) -> Vec<(&'static str, Value)> {
                match self {
                    $(Self::$variant { $($field),* } => vec![$((stringify!($field), Value::from($field.clone()))),*],)*
                }
            }

            fn english(&self) -> String {
                match self {
                    $(Self::$variant { $($field),* } => $english,)*
                }
            }
        }
    };
}

details! {
    /// The lot is on offer.
    OnOffer "on-offer" { to: String } => format!("The lot is on offer to {to}.");
    /// Other lots were made of the lot.
    Consumed "consumed" {} => "Other lots were made of this one: it cannot be bought.".to_owned();
    /// The lot has left the system.
    Retired "retired" {} => "The lot has left the system: it cannot be bought.".to_owned();
    /// The lot was lost.
    Lost "lost" {} => "The lot was lost: it cannot be bought.".to_owned();
    /// Somebody holds the lot.
    Held "held" { reason: String } => format!("The lot is held: {reason}");
    /// Somebody holds a lot that it was made of.
    HeldBefore "held-before" { reason: String } => format!("A lot that it was made of is held: {reason}");
    /// A key was in other hands.
    KeyInOtherHands "key-in-other-hands" {} =>
        "The key that signed a statement on it is said to have been in other hands when it did.".to_owned();
    /// Nobody says where the lot was dug.
    OriginUnknown "origin-unknown" {} => "Nothing says where the lot was dug.".to_owned();
    /// Nobody says where a part of it was dug.
    OriginOfPartUnknown "origin-of-part-unknown" { part: Ppm } =>
        format!("Nothing says where {} parts per million of its fine gold were dug.", part.0);
    /// There is more than was gathered.
    NotGathered "not-gathered" { count: u32 } => format!("{count} more facts about the lot were not gathered.");
    /// The quantities are invented.
    Invented "invented" {} => "The quantities of the lot are invented: no such gold need exist.".to_owned();
    /// The rules let something pass and show it.
    Flagged "flagged" { flag: Slug, count: u32 } => match count {
        0 | 1 => format!("Flagged by the rules: {flag}."),
        count => format!("Flagged by the rules: {flag}, {count} times."),
    };
    /// The promise about mixing is too weak.
    CustodyModelTooWeak "custody-model-too-weak" { found: CustodyModel, least: CustodyModel } => format!(
        "About mixing the lot promises {}; asked for is {} at least.",
        word(words::CUSTODY_MODELS, found),
        word(words::CUSTODY_MODELS, least)
    );
    /// No document of a kind is named.
    DocumentMissing "document-missing" { document: Slug } =>
        format!("No statement names a document of the kind {document}.");
    /// How an organization stood when it declared is not known.
    StandingThenUnknown "standing-then-unknown" { organization: String } =>
        format!("How {organization} stands when it declared is not known.");
    /// How an organization stands is not known.
    StandingNowUnknown "standing-now-unknown" { organization: String } =>
        format!("How {organization} stands now is not known.");
    /// The standing is none of those that are accepted.
    StandingNotAccepted "standing-not-accepted" {
        organization: String, day: Date, found: Standing, accepted: Vec<Standing>
    } => format!(
        "On {day}, {organization} was {}, as follows from the record; accepted is {}.",
        word(words::STANDINGS, found),
        listed(accepted.iter().map(|one| word(words::STANDINGS, one).to_owned()), "or")
    );
    /// The scheme decided otherwise than is accepted.
    SchemeDecided "scheme-decided" { organization: String, day: Date, found: Standing } => format!(
        "On {day}, the scheme's latest decision about {organization} was {}.",
        word(words::STANDINGS, found)
    );
    /// A permit was not in force all the time.
    PermitNotInForce "permit-not-in-force" { site: String } =>
        format!("The permit that covers {site} was not in force at every declaration.");
    /// No permit is recorded.
    PermitNotRecorded "permit-not-recorded" { site: String } =>
        format!("No permit that covers {site} is recorded.");
    /// Whether a permit covers the site is not known.
    PermitUnknown "permit-unknown" { site: String } => format!("Whether a permit covers {site} is not known.");
    /// In which country the site is, is not known.
    CountryUnknown "country-unknown" { site: String } => format!("In which country {site} is, is not known.");
    /// The country is denied.
    CountryDenied "country-denied" { site: String, country: Country } =>
        format!("{site} is in {country}, which is denied.");
    /// The country is none of those that are allowed.
    CountryNotAllowed "country-not-allowed" { site: String, country: Country, allowed: Vec<Country> } => format!(
        "{site} is in {country}; allowed are {}.",
        listed(allowed.iter().map(ToString::to_string), "and")
    );
    /// How far an organization is in a module is not known.
    ModuleUnknown "module-unknown" { organization: String, module: Module } =>
        format!("How far {organization} is in module {} is not known.", module.number());
    /// Nothing was asked under a module.
    ModuleNotAsked "module-not-asked" { organization: String, module: Module } =>
        format!("Nothing was asked of {organization} under module {}.", module.number());
    /// Criteria of a module were not answered.
    ModuleNotAnswered "module-not-answered" { organization: String, module: Module, count: u32 } => format!(
        "Of module {}, nobody answered {count} criteria about {organization}.",
        module.number()
    );
    /// Nobody said anything under a module.
    ModuleSilent "module-silent" { organization: String, module: Module } =>
        format!("Nobody said anything under module {} about {organization}.", module.number());
    /// A module is not met; because of these criteria, where any is known.
    ModuleNotMet "module-not-met" { organization: String, module: Module, criteria: Vec<Slug> } =>
        match slugs(criteria, "and") {
            none if none.is_empty() => format!("{organization} does not meet module {}.", module.number()),
            criteria => format!("{organization} does not meet module {} ({criteria}).", module.number()),
        };
    /// An answer is of too little assurance.
    AssuranceTooWeak "assurance-too-weak" {
        organization: String, module: Module, criterion: Slug, found: AssessmentKind, least: AssessmentKind
    } => format!(
        "Of module {}, what is said about {criterion} of {organization} is {}; asked for is {} at least.",
        module.number(),
        word(words::ASSURANCE, found),
        word(words::ASSURANCE, least)
    );
    /// An answer is too old.
    AnswerTooOld "answer-too-old" { organization: String, module: Module, criterion: Slug, day: Date, days: u16 } => format!(
        "Of module {}, what is said about {criterion} of {organization} is of {day}; accepted are {days} days.",
        module.number()
    );
    /// Others say that answers are not so.
    AnswersContested "answers-contested" { organization: String, count: u32 } => match count {
        1 => format!("Others say that an answer about {organization} is not so."),
        count => format!("Others say that {count} answers about {organization} are not so."),
    };
    /// Which legitimacy scenario applies is not known.
    ScenarioUnknown "scenario-unknown" { site: String, organization: String } =>
        format!("Which legitimacy scenario applies to {site}, worked by {organization}, is not known.");
    /// Another legitimacy scenario applies than is accepted.
    ScenarioNotAccepted "scenario-not-accepted" {
        site: String, organization: String, found: Vec<Slug>, accepted: Vec<Slug>
    } => format!(
        "To {site}, worked by {organization}, applies {}; accepted is {}.",
        slugs(found, "and"),
        slugs(accepted, "or")
    );
    /// An incident is open.
    IncidentOpen "incident-open" {
        organization: String, category: IncidentCategory, confidence: Confidence, severity: Severity
    } => format!(
        "An incident about {organization} is open: {}, {}, {}.",
        word(words::CATEGORIES, category),
        word(words::CONFIDENCE, confidence),
        word(words::SEVERITY, severity)
    );
    /// More incidents are open than were gathered.
    IncidentsNotGathered "incidents-not-gathered" { organization: String, count: u32 } =>
        format!("{count} more incidents about {organization} are open, and were not gathered.");
    /// Plans are overdue.
    PlansOverdue "plans-overdue" { organization: String, count: u32, day: Date } => match count {
        1 => format!("A plan of {organization}: overdue on {day}."),
        count => format!("{count} plans of {organization}: overdue on {day}."),
    };
}

/// In English; [`Detail::values`] are for other languages.
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

fn slugs(slugs: &[Slug], last: &str) -> String {
    listed(slugs.iter().map(Slug::to_string), last)
}

macro_rules! values {
    ($($type:ty: $value:ident => $made:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        })*
    };
}

values! {
    String: text => Self::Text(text);
    u32: number => Self::Number(number.into());
    u16: number => Self::Number(number.into());
    Module: module => Self::Number(module.number().into());
    Ppm: part => Self::Ppm(part.0);
    Date: day => Self::Day(day);
    Slug: slug => Self::Slugs(vec![slug]);
    Vec<Slug>: slugs => Self::Slugs(slugs);
    Country: country => Self::Countries(vec![country]);
    Vec<Country>: countries => Self::Countries(countries);
    Standing: standing => Self::words("standing", words::STANDINGS, &[standing]);
    Vec<Standing>: standings => Self::words("standing", words::STANDINGS, &standings);
    AssessmentKind: kind => Self::words("assessment-kind", words::ASSURANCE, &[kind]);
    CustodyModel: model => Self::words("custody-model", words::CUSTODY_MODELS, &[model]);
    IncidentCategory: category => Self::words("incident-category", words::CATEGORIES, &[category]);
    Confidence: confidence => Self::words("confidence", words::CONFIDENCE, &[confidence]);
    Severity: severity => Self::words("severity", words::SEVERITY, &[severity]);
}

impl Value {
    fn words<T: PartialEq>(of: &'static str, words: words::Words<T>, meant: &[T]) -> Self {
        Self::Words {
            of,
            words: meant.iter().map(|one| word(words, one)).collect(),
        }
    }
}
