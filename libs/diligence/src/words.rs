//! Words of a policy file, and what they mean; the same words stand in reasons.

use event::vocabulary::{AssessmentKind, Confidence, CustodyModel, IncidentCategory, Module, Severity, Standing};

use crate::verdict;

/// A word and what it means.
pub(crate) type Words<T> = &'static [(&'static str, T)];

pub(crate) const STANDINGS: Words<Standing> = &[
    ("applicant", Standing::Applicant),
    ("registered", Standing::Registered),
    ("candidate", Standing::Candidate),
    ("affiliate", Standing::Affiliate),
    ("suspended", Standing::Suspended),
    ("lapsed", Standing::Lapsed),
];

pub(crate) const ASSURANCE: Words<AssessmentKind> = &[
    ("self-reported", AssessmentKind::SelfReported),
    ("implementer", AssessmentKind::Implementer),
    ("monitor", AssessmentKind::Monitor),
    ("third-party", AssessmentKind::ThirdParty),
];

pub(crate) const CATEGORIES: Words<IncidentCategory> = &[
    ("child-labour", IncidentCategory::ChildLabour),
    ("forced-labour", IncidentCategory::ForcedLabour),
    ("torture", IncidentCategory::Torture),
    ("gross-violation", IncidentCategory::GrossViolation),
    ("war-crime", IncidentCategory::WarCrime),
    ("armed-group", IncidentCategory::ArmedGroup),
    ("security-forces", IncidentCategory::SecurityForces),
    ("bribery", IncidentCategory::Bribery),
    ("origin-fraud", IncidentCategory::OriginFraud),
    ("money-laundering", IncidentCategory::MoneyLaundering),
    ("taxes-unpaid", IncidentCategory::TaxesUnpaid),
    ("accident", IncidentCategory::Accident),
    ("environment", IncidentCategory::Environment),
    ("community", IncidentCategory::Community),
    ("theft", IncidentCategory::Theft),
    ("other", IncidentCategory::Other),
];

pub(crate) const CONFIDENCE: Words<Confidence> = &[
    ("allegation", Confidence::Allegation),
    ("founded-suspicion", Confidence::FoundedSuspicion),
    ("known", Confidence::Known),
];

pub(crate) const SEVERITY: Words<Severity> = &[
    ("minor", Severity::Minor),
    ("serious", Severity::Serious),
    ("critical", Severity::Critical),
];

pub(crate) const CUSTODY_MODELS: Words<CustodyModel> = &[
    ("identity-preserved", CustodyModel::IdentityPreserved),
    ("segregated", CustodyModel::Segregated),
    ("mass-balance", CustodyModel::MassBalance),
];

/// What a term leads to where it does not hold.
pub(crate) const VERDICTS: Words<verdict::Severity> = &[
    ("not-eligible", verdict::Severity::NotEligible),
    ("person", verdict::Severity::NeedsPerson),
];

/// What invented quantities lead to.
pub(crate) const ILLUSTRATIVE: Words<verdict::Severity> = &[
    ("refuse", verdict::Severity::NotEligible),
    ("person", verdict::Severity::NeedsPerson),
    ("allow", verdict::Severity::Noted),
];

/// What flags lead to that no list names.
pub(crate) const OTHERS: Words<verdict::Severity> = &[
    ("not-eligible", verdict::Severity::NotEligible),
    ("person", verdict::Severity::NeedsPerson),
    ("tolerated", verdict::Severity::Noted),
];

/// The modules that are met or not.
pub(crate) const GATES: [Module; 4] = [
    Module::Management,
    Module::Legitimacy,
    Module::Disengagement,
    Module::Mitigation,
];

/// What a word means.
pub(crate) fn meaning<T: Copy>(words: Words<T>, text: &str) -> Option<T> {
    words
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, meaning)| *meaning)
}

/// The word that means this.
pub(crate) fn word<T: PartialEq>(words: Words<T>, meant: &T) -> &'static str {
    let found = words.iter().find(|(_, meaning)| meaning == meant);
    found.map(|(word, _)| *word).expect("every meaning has its word")
}

/// All words, as a sentence names them.
pub(crate) fn all<T>(words: Words<T>) -> String {
    listed(words.iter().map(|(word, _)| (*word).to_owned()), "or")
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn listed(items: impl IntoIterator<Item = String>, last: &str) -> String {
    let mut items: Vec<String> = items.into_iter().collect();
    let Some(end) = items.pop() else {
        return String::new();
    };
    if items.is_empty() {
        return end;
    }
    format!("{} {last} {end}", items.join(", "))
}
