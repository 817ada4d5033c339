//! What the questions of a form are called, for machines: names that XLSForm, XML and spreadsheets take.

use std::collections::BTreeSet;

use catalogue::Catalogue;

/// The questions about the assessment as a whole.
pub(super) const SUBJECT: &str = "veta_subject";
pub(super) const KIND: &str = "veta_kind";
pub(super) const FROM: &str = "veta_from";
pub(super) const TO: &str = "veta_to";
pub(super) const CATALOGUE: &str = "veta_catalogue";

/// The names of the questions that one criterion becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// The answer.
    pub(super) name: String,
    /// Why it does not apply.
    pub(super) why: String,
    /// A photo that supports it.
    pub(super) photo: String,
}

/// The names of a catalogue's questions, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// In the catalogue's order.
    pub(super) criteria: Vec<Question>,
    /// In the catalogue's order.
    pub(super) indicators: Vec<String>,
}

impl Names {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let mut taken: BTreeSet<String> = [SUBJECT, KIND, FROM, TO, CATALOGUE].map(str::to_owned).into();
        let mut free = |name: String| {
            let numbered = (2..).map(|number: u32| format!("{name}_{number}"));
            let mut names = std::iter::once(name.clone()).chain(numbered);
            let name = names.find(|name| !taken.contains(name)).expect("numbers do not end");
            taken.insert(name.clone());
            name
        };
        let criteria = catalogue.criteria().map(|criterion| {
            let name = free(question_name(criterion.slug.as_str()));
            Question {
                why: free(format!("{name}__why")),
                photo: free(format!("{name}__photo")),
                name,
            }
        });
        let criteria = criteria.collect();
        let indicators = catalogue.indicators();
        let indicators = indicators.map(|indicator| free(question_name(indicator.slug.as_str())));
        Self {
            criteria,
            indicators: indicators.collect(),
        }
    }
}

/// A slug as the name of a question: a dot would be read as a path by some of the tools that a form goes through, and a
/// name begins with a letter or `_`.
fn question_name(slug: &str) -> String {
    let name = slug.replace('.', "__");
    if name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return name;
    }
    format!("q_{name}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Names, question_name};

    #[test]
    fn every_question_of_the_shipped_catalogues_has_a_name_of_its_own() {
        assert_eq!(question_name("ohs.helmets"), "ohs__helmets");
        assert_eq!(question_name("5th"), "q_5th");
        for catalogue in catalogue::all() {
            let names = Names::of(catalogue);
            let questions = names.criteria.iter();
            let mut all: Vec<_> = questions.flat_map(|q| [&q.name, &q.why, &q.photo]).collect();
            all.extend(&names.indicators);
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
            for name in all {
                let allowed = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
                assert!(name.chars().all(allowed), "{name}");
            }
        }
    }
}
