//! `veta lot check`: may I buy this lot? The facts of `custody` and `progress`, all as of one position, by a buyer's own
//! policy, which stays where it is. `inquiry::check` gathers the facts; `tell` says what is printed, and must not know how
//! anything is judged.

mod tell;

use std::path::Path;

use diligence::{Outcome, POLICY_BYTES_MAX, Policy, Term, judge};
use inquiry::check::gather;
use inquiry::{Services, policy};
use service::exit::Exit;

use crate::files;
use crate::show::Asked;
use crate::trouble::{Done, Trouble};

/// Gathers the facts about a lot, judges it by the policy of a file, and prints the verdict first. Without a policy, the
/// facts are shown, and what counts whatever a policy says.
pub async fn check(services: &Services, lot: &str, file: Option<&Path>, asked: Asked) -> Done {
    let named = file.map(read).transpose()?;
    let asks_documents = named
        .as_ref()
        .is_some_and(|policy| policy.terms().any(|term| term == Term::Documents));
    let answers = gather(services, lot, asked.when(), asks_documents).await?;
    let facts = answers.facts()?;
    let always = policy::always();
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
    policy::parse(&text).map_err(Trouble::at(path.display()))
}
