//! What goes into a transformation against what comes out: gross mass and gold, and what is lost.
//!
//! Knows masses, finenesses and policy; knows no lot and no statement. The rules ask it before they admit, and whoever is about
//! to sign asks it before that.

use event::units::MASS_MAX;
use event::vocabulary::{FinenessClaim, LotForm, LotsTransformed, Output, Transformation};
use event::{LotId, Mass};

use crate::Refusal;
use crate::flag::FlagKind;
use crate::lot::{above, ppm_of};
use crate::policy::Policy;
use crate::state::Change;

/// A lot that goes in.
#[derive(Clone, Copy, Debug)]
pub struct Going {
    /// What it looks like.
    pub form: LotForm,
    /// As last weighed.
    pub gross_mass: Mass,
    /// How fine it is held to be; without that, only its gross mass is balanced.
    pub content: Option<FinenessClaim>,
    /// The most gold that it can ever be said to hold, where that is known.
    pub fine_mass_max: Option<Mass>,
}

impl Going {
    /// The gold in it, if it is exactly as fine as it is held to be.
    fn fine(&self) -> Mass {
        self.gold(|FinenessClaim { fineness, .. }| fineness)
    }

    fn gold(&self, fineness: impl Fn(FinenessClaim) -> event::Fineness) -> Mass {
        let gold = self.content.map(|content| self.gross_mass.fine(fineness(content)));
        gold.unwrap_or_default().min(self.fine_mass_max.unwrap_or(MASS_MAX))
    }
}

/// What comes out and is stated to be lost.
#[derive(Clone, Copy, Debug)]
pub struct Coming<'a> {
    /// How.
    pub how: Transformation,
    /// What comes out.
    pub outputs: &'a [Output],
    /// The gross mass that is stated to be gone.
    pub lost_gross_mass: Mass,
    /// The gold that is stated to be gone.
    pub lost_fine_mass: Mass,
}

impl<'a> Coming<'a> {
    pub(crate) fn of(event: &'a LotsTransformed) -> Self {
        Self {
            how: event.how,
            outputs: &event.outputs,
            lost_gross_mass: event.lost_gross_mass,
            lost_fine_mass: event.lost_fine_mass,
        }
    }
}

/// Both sides, summed.
#[derive(Clone, Copy, Debug)]
pub struct Balance {
    /// What went in, as weighed.
    pub(crate) gross: Mass,
    /// The gold in it as it is held to be.
    fine: Mass,
    /// The least gold that can be in it.
    least: Mass,
    /// The most gold that can be in it.
    pub(crate) most: Mass,
    /// What came out, as weighed.
    came_out: Mass,
    /// The gold in that as it is claimed to be.
    fine_out: Mass,
    /// The most gold that can be in that.
    most_out: Mass,
    lost_gross: Mass,
    lost_fine: Mass,
    /// How far two weighings of what went in may differ.
    tolerance: Mass,
    /// How much of it may be lost, and from where on that is shown.
    loss_max: Mass,
    loss_alert: Mass,
    fine_alert_ppm: u32,
}

impl Balance {
    /// Of these lots and what they become.
    #[must_use]
    pub fn of(policy: &Policy, inputs: &[Going], coming: &Coming<'_>) -> Self {
        let sum = |mass: &dyn Fn(&Going) -> Mass| inputs.iter().map(mass).sum::<Mass>();
        let out = |mass: &dyn Fn(&Output) -> Mass| coming.outputs.iter().map(mass).sum::<Mass>();
        let gross = sum(&|input| input.gross_mass);
        let highest = |FinenessClaim { fineness, method }| policy.highest(fineness, method);
        let lowest = |FinenessClaim { fineness, method }| policy.lowest(fineness, method);
        Self {
            gross,
            fine: sum(&Going::fine),
            least: sum(&|input| input.gold(lowest)),
            most: sum(&|input| input.gold(highest)),
            came_out: out(&|output| output.gross_mass),
            fine_out: out(&|output| output.gross_mass.fine(output.fineness.fineness)),
            most_out: out(&|output| output.gross_mass.fine(highest(output.fineness))),
            lost_gross: coming.lost_gross_mass,
            lost_fine: coming.lost_fine_mass,
            tolerance: policy.weighing_tolerance(gross),
            loss_max: sum(&|input| input.gross_mass.ppm(policy.loss(input.form).max_ppm)),
            loss_alert: sum(&|input| input.gross_mass.ppm(policy.loss(input.form).alert_ppm)),
            fine_alert_ppm: match coming.how {
                Transformation::Refine | Transformation::Cast => policy.refiner_loss_ppm_alert,
                _ => policy.fine_loss_ppm_alert,
            },
        }
    }

    /// Everything that does not add up, the first of which the rules refuse it for.
    pub fn faults(&self) -> impl Iterator<Item = Refusal> {
        let missing = self.gross.minus(self.came_out);
        let accounted = self.came_out.plus(self.lost_gross);
        let is_gold_missing = self.most_out.plus(self.lost_fine) < self.least || self.lost_gross < self.lost_fine;
        let faults = [
            (self.tolerance < accounted.apart(self.gross), Refusal::GrossUnbalanced),
            // Two weighings of the same thing differ by the scales alone.
            (self.loss_max.plus(self.tolerance) < missing, Refusal::LossTooLarge),
            (self.most < self.fine_out.plus(self.lost_fine), Refusal::FineMassGrew),
            (is_gold_missing, Refusal::FineUnbalanced),
        ];
        faults
            .into_iter()
            .filter_map(|(is_fault, refusal)| is_fault.then_some(refusal))
    }

    /// Losses that are more than usual, of gross mass and of gold.
    pub(crate) fn flags(&self, lot: LotId) -> impl Iterator<Item = Change> {
        let missing = self.gross.minus(self.came_out);
        let line = ppm_of(self.loss_alert.plus(self.tolerance), self.gross);
        let gross = above(FlagKind::UnusualLoss, lot, ppm_of(missing, self.gross), line);
        let fine = ppm_of(self.lost_fine, self.fine);
        let fine = above(FlagKind::UnusualLoss, lot, fine, self.fine_alert_ppm.into());
        gross.into_iter().chain(fine)
    }
}
