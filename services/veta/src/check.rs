//! `veta lot check`: may I buy this lot? The facts of `custody` and `progress`, all as of one position, by a buyer's own
//! policy, which stays where it is.
//!
//! - [`gather`]: what is asked of which service. Must not judge.
//! - [`facts`]: from their answers to the facts that a policy judges. Knows no service.
//! - `tell`: what is printed. Must not know how anything is judged.

pub mod facts;
pub mod gather;
mod tell;

use std::path::Path;

use diligence::{KnownNames, Outcome, POLICY_BYTES_MAX, Policy, PolicyError, Term, judge};
use ledger::FlagKind;
use service::exit::Exit;
use tonic::transport::Channel;

use crate::files;
use crate::show::Asked;
use crate::trouble::{Done, Trouble};

/// What counts whatever a policy says: its terms that are always checked, and no others.
const ALWAYS: &str = "version = 1\nname = \"what counts whatever the policy\"";

/// Who answers.
#[derive(Clone, Debug)]
pub struct Services {
    /// About lots.
    pub custody: Channel,
    /// About organizations.
    pub progress: Channel,
}

/// Gathers the facts about a lot, judges it by the policy of a file, and prints the verdict first. Without a policy, the
/// facts are shown, and what counts whatever a policy says.
pub async fn check(services: &Services, lot: &str, policy: Option<&Path>, asked: Asked) -> Done {
    let named = policy.map(read).transpose()?;
    let asks_documents = named
        .as_ref()
        .is_some_and(|policy| policy.terms().any(|term| term == Term::Documents));
    let answers = gather::gather(services, lot, asked, asks_documents).await?;
    let facts = answers.facts()?;
    let always = parse(ALWAYS).expect("a policy that asks for nothing");
    let verdict = judge(&facts, named.as_ref().unwrap_or(&always));
    let told = tell::Told {
        facts: &facts,
        answers: &answers,
        policy: named.as_ref(),
        verdict: &verdict,
    };
    if asked.json {
        told.json();
    } else {
        told.people();
    }
    match named {
        Some(policy) => ended(&policy, &facts, verdict.outcome),
        None => Ok(()),
    }
}

/// Scripts read the verdict from the exit code, people once more from the last line.
fn ended(policy: &Policy, facts: &diligence::Facts, outcome: Outcome) -> Done {
    let exit = match outcome {
        Outcome::Eligible => return Ok(()),
        Outcome::NotEligible => Exit::NotEligible,
        Outcome::NeedsPerson => Exit::NeedsPerson,
    };
    let words = format!("{}: {outcome} by the policy {:?}", facts.lot, policy.name());
    Err(Trouble::verdict(exit, words))
}

fn read(path: &Path) -> Done<Policy> {
    let text = files::read_text(path, "a policy", POLICY_BYTES_MAX as u64)?;
    parse(&text).map_err(Trouble::at(path.display()))
}

fn parse(text: &str) -> Result<Policy, PolicyError> {
    let flags: Vec<_> = FlagKind::ALL.iter().map(|kind| kind.name()).collect();
    let documents: Vec<_> = facts::DOCUMENTS.iter().map(|(_, kind)| *kind).collect();
    let known = KnownNames {
        flags: &flags,
        documents: &documents,
    };
    Policy::parse(text, &known)
}

#[cfg(test)]
mod tests {
    use super::{ALWAYS, parse};

    #[test]
    fn the_examples_are_policies() {
        let examples = [
            include_str!("../../../deploy/policies/strict.toml"),
            include_str!("../../../deploy/policies/legal-title.toml"),
            include_str!("../../../deploy/policies/progressive.toml"),
        ];
        for text in examples.into_iter().chain([ALWAYS]) {
            parse(text).unwrap();
        }
        let asked = parse("version = 1\nname = \"Papers\"\n[documents]\nrequired = [\"export-certificate\"]").unwrap();
        assert_eq!(asked.name(), "Papers");
        let error = parse("version = 1\nname = \"Papers\"\n[documents]\nrequired = [\"passport\"]").unwrap_err();
        assert!(error.to_string().contains("export-certificate"), "{error}");
    }
}
