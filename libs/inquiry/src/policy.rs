//! Reading a buyer's policy with the names that facts have here.

use diligence::{Fault, KnownNames, Policy, PolicyError};
use ledger::FlagKind;

use crate::check::facts::DOCUMENTS;

/// What counts whatever a policy says: its terms that are always checked, and no others.
const ALWAYS: &str = "version = 1\nname = \"what counts whatever the policy\"";

/// Reads a policy file.
pub fn parse(text: &str) -> Result<Policy, PolicyError> {
    with_known(|known| Policy::parse(text, known))
}

/// What is wrong with a policy file, in the order of its lines; nothing where [`parse`] reads it.
#[must_use]
pub fn faults(text: &str) -> Vec<Fault> {
    with_known(|known| Policy::faults(text, known))
}

fn with_known<T>(read: impl FnOnce(&KnownNames<'_>) -> T) -> T {
    let flags: Vec<_> = FlagKind::ALL.iter().map(|kind| kind.name()).collect();
    let documents: Vec<_> = DOCUMENTS.iter().map(|(_, kind)| *kind).collect();
    read(&KnownNames {
        flags: &flags,
        documents: &documents,
    })
}

/// What a lot is judged by where nobody named a policy.
#[must_use]
pub fn always() -> Policy {
    parse(ALWAYS).expect("a policy that asks for nothing")
}

#[cfg(test)]
mod tests {
    use super::{always, faults, parse};

    #[test]
    fn the_examples_are_policies() {
        let examples = [
            include_str!("../../../deploy/policies/strict.toml"),
            include_str!("../../../deploy/policies/legal-title.toml"),
            include_str!("../../../deploy/policies/progressive.toml"),
        ];
        for text in examples {
            assert!(always().terms().count() < parse(text).unwrap().terms().count());
        }
        let asked = parse("version = 1\nname = \"Papers\"\n[documents]\nrequired = [\"export-certificate\"]").unwrap();
        assert_eq!(asked.name(), "Papers");
        let error = parse("version = 1\nname = \"Papers\"\n[documents]\nrequired = [\"passport\"]").unwrap_err();
        assert!(error.to_string().contains("export-certificate"), "{error}");
        let faults =
            faults("version = 1\nname = \"Papers\"\n[flags]\nexcluded = [\"no-permit\"]\nperson = [\"unheard-of\"]");
        assert_eq!((faults.len(), faults[0].line), (1, Some(5)), "{faults:?}");
    }
}
