//! What went in and what came out, before it is signed: gross mass and gold, and what is missing.
//!
//! The ledger decides. What is said here goes by the tolerances that a deployment is founded with, and is a warning.

use event::vocabulary::{LotForm, Output, Transformation};
use event::{LotId, Mass};
use ledger::balance::{Balance, Coming, Going};
use ledger::{Policy, Refusal};
use signer::lots::Facts;

use super::known::Known;
use super::quantity::{parts, percent};

/// A lot that goes in, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// Which lot.
    pub lot: LotId,
    /// What is known of it.
    pub known: Known,
}

/// What is about to be stated.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// How.
    pub how: Transformation,
    /// What goes in.
    pub inputs: &'a [Input],
    /// What comes out.
    pub outputs: &'a [Output],
    /// The gross mass that is stated to be gone.
    pub lost_gross_mass: Mass,
    /// The gold that is stated to be gone.
    pub lost_fine_mass: Mass,
}

/// All of one side.
#[derive(Clone, Copy, Debug)]
struct Side {
    gross: Mass,
    fine: Mass,
}

impl Stated<'_> {
    /// The balance in plain words, and a warning for whatever would be refused.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let mut told: Vec<_> = self.inputs.iter().map(went_in).collect();
        let out = self.came_out();
        let Some(facts) = self.facts() else {
            told.push(format!(
                "comes out: {} with {} of gold; what goes in is not known here, so nothing can be balanced",
                out.gross, out.fine
            ));
            return told;
        };
        let went_in = Side {
            gross: facts.iter().map(|facts| facts.gross_mass).sum(),
            fine: facts.iter().filter_map(gold).sum(),
        };
        let lost = (self.lost_gross_mass, self.lost_fine_mass);
        told.push(line("gross mass", went_in.gross, out.gross, lost.0));
        told.push(line("gold", went_in.fine, out.fine, lost.1));
        let refused = self.refused(&facts);
        told.extend(refused.into_iter().map(|refusal| {
            format!(
                "WARNING: it would be refused ({}, {}): {refusal}",
                refusal.code(),
                refusal.name()
            )
        }));
        told
    }

    /// What is neither among the outputs nor stated to be gone: gross mass, and gold.
    #[must_use]
    pub fn rest(&self) -> Option<(Mass, Mass)> {
        let (facts, out) = (self.facts()?, self.came_out());
        let gross: Mass = facts.iter().map(|facts| facts.gross_mass).sum();
        let fine: Mass = facts.iter().filter_map(gold).sum();
        Some((gross.minus(out.gross), fine.minus(out.fine)))
    }

    fn facts(&self) -> Option<Vec<Facts>> {
        self.inputs.iter().map(|input| input.known.facts).collect()
    }

    fn came_out(&self) -> Side {
        Side {
            gross: self.outputs.iter().map(|output| output.gross_mass).sum(),
            fine: self
                .outputs
                .iter()
                .map(|output| output.gross_mass.fine(output.fineness.fineness))
                .sum(),
        }
    }

    /// What of it breaks a rule, by the policy that a deployment is founded with.
    fn refused(&self, facts: &[Facts]) -> Vec<Refusal> {
        let has_seals = |input: &Input| input.known.traits.is_some_and(|traits| 0 < traits.whole_seals);
        let is_metal = |form: LotForm| matches!(form, LotForm::Dore | LotForm::Fine);
        let is_forward = |output: &Output| is_metal(output.form) || output.form == LotForm::Residue;
        let is_same = |output: &Output, facts: &Facts| {
            let fineness = facts.fineness.map(|claim| claim.fineness);
            output.form == facts.form && Some(output.fineness.fineness) == fineness
        };
        let splits = self.how == Transformation::Split;
        let is_whole = || {
            self.outputs
                .iter()
                .all(|output| facts.iter().all(|facts| is_same(output, facts)))
        };
        let rules = [
            (splits && !is_whole(), Refusal::TransformationShape),
            (self.inputs.iter().any(has_seals), Refusal::SealsWhole),
            (
                facts.iter().any(|facts| facts.fineness.is_none()),
                Refusal::ContentUnknown,
            ),
            (
                facts.iter().any(|facts| is_metal(facts.form)) && !self.outputs.iter().all(is_forward),
                Refusal::FormReversed,
            ),
            (
                self.how == Transformation::Cast && facts.iter().any(|facts| facts.form != LotForm::Fine),
                Refusal::BarOutOfPlace,
            ),
        ];
        let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
        let broken = broken.map(|(_, refusal)| refusal);
        broken.chain(self.balance().faults()).collect()
    }

    fn balance(&self) -> Balance {
        let going = |input: &Input| {
            let facts = input.known.facts?;
            Some(Going {
                form: facts.form,
                gross_mass: facts.gross_mass,
                content: facts.fineness,
                fine_mass_max: input.known.traits.and_then(|traits| traits.fine_mass_max),
            })
        };
        let going: Vec<_> = self.inputs.iter().filter_map(going).collect();
        let coming = Coming {
            how: self.how,
            outputs: self.outputs,
            lost_gross_mass: self.lost_gross_mass,
            lost_fine_mass: self.lost_fine_mass,
        };
        Balance::of(&Policy::first(), &going, &coming)
    }
}

fn went_in(input: &Input) -> String {
    match input.known.facts {
        Some(facts) => format!("goes in: {} is {facts}; {}", input.lot, input.known.source),
        None => format!(
            "goes in: {}, and what it is, is not known here; {}",
            input.lot, input.known.source
        ),
    }
}

fn gold(facts: &Facts) -> Option<Mass> {
    facts.fineness.map(|claim| facts.gross_mass.fine(claim.fineness))
}

/// `gross mass: 25 g go in, 24.2 g come out, 0.5 g are stated as lost; 0.3 g (1.2 %) are MISSING`.
fn line(what: &str, went_in: Mass, out: Mass, lost: Mass) -> String {
    let accounted = out.plus(lost);
    let share = || percent(parts(went_in.apart(accounted), went_in));
    let rest = match accounted.cmp(&went_in) {
        core::cmp::Ordering::Equal => "nothing is missing".to_owned(),
        core::cmp::Ordering::Less => format!("{} ({}) are MISSING", went_in.minus(accounted), share()),
        core::cmp::Ordering::Greater => format!("{} ({}) are TOO MUCH", accounted.minus(went_in), share()),
    };
    format!("{what}: {went_in} go in, {out} come out, {lost} are stated as lost; {rest}")
}
