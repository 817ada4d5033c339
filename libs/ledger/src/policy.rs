//! The terms of policy: tolerances, clocks and factors of the rules, set by statements and never by code.

use event::units::MASS_MAX;
use event::vocabulary::{FinenessMethod, LotForm, Reaction, Term};
use event::{Fineness, Mass, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::rules::RULE_VERSION;

/// Policy lets no clock run further ahead than a week.
pub const FUTURE_SKEW_MS_MAX: u64 = 7 * 24 * 60 * 60 * 1_000;
/// Policy lets no lot grow by more than a tenth between two scales.
pub const ACCEPTANCE_GAIN_PPM_MAX: u32 = 100_000;
/// Policy lets no clock of days run longer than ten years.
pub const DAYS_MAX: u16 = 3_653;
/// Policy lets no site give more than ten times its capacity.
pub const CAPACITY_PPM_MAX: u32 = 10_000_000;
const WHOLE_PPM: u32 = 1_000_000;

/// One row for each term makes its field, what a new deployment is founded with, its bounds, and how it is set: none can
/// be left out of one of them.
macro_rules! terms {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $term:ident, first $first:expr, $bound:expr;)*) => {
        /// The terms of policy in force.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Policy {
            $($(#[$doc])* pub $field: $type,)*
        }

        /// Every term once, as a new deployment is founded where nobody says otherwise. No rule reads this.
        pub const FIRST_TERMS: &[Term] = &[$(Term::$term($first),)*];

        impl Policy {
            fn set(&mut self, term: Term) {
                match term {
                    $(Term::$term(value) => self.$field = value,)*
                }
            }
        }

        fn is_in_bounds(term: Term) -> bool {
            match term {
                $(Term::$term(value) => $bound(value),)*
            }
        }
    };
}

terms! {
    /// The version of the rules.
    rule_version: u16 = RuleVersion, first RULE_VERSION, any;
    /// How far a statement's own time may lie ahead of its admission, in milliseconds.
    future_skew_ms_max: u64 = FutureSkewMsMax, first 300_000, |ms| ms <= FUTURE_SKEW_MS_MAX;
    /// How much heavier a receiver may find a lot than its declaration and its last weighing, in parts per million.
    acceptance_gain_ppm_max: u32 = AcceptanceGainPpmMax, first 5_000, |ppm| ppm <= ACCEPTANCE_GAIN_PPM_MAX;
    /// How old an organization's latest report may be, in days.
    report_days_max: u16 = ReportDaysMax, first 365, days;
    /// How long a plan may take before what it mends must have improved, in days.
    mitigation_days_max: u16 = MitigationDaysMax, first 183, days;
    /// For how many days after its period a finding goes before later ones of less assurance.
    assurance_days_max: u16 = AssuranceDaysMax, first 1_096, days;
    /// For how many days after its period an answer counts as fresh.
    fresh_days_max: u16 = FreshDaysMax, first 365, days;
    /// How far ahead a milestone may be due, in days.
    plan_days_max: u16 = PlanDaysMax, first 1_096, days;
    /// For how many days an offer stands.
    offer_days_max: u16 = OfferDaysMax, first 30, days;
    /// How far off a fineness by eye may be, in parts per million.
    estimate_uncertainty_ppm: u32 = EstimateUncertaintyPpm, first 100_000, part;
    /// How far off a fineness by touchstone may be, in parts per million.
    touchstone_uncertainty_ppm: u32 = TouchstoneUncertaintyPpm, first 20_000, part;
    /// How far off a fineness by density may be, in parts per million.
    density_uncertainty_ppm: u32 = DensityUncertaintyPpm, first 15_000, part;
    /// How far off a fineness by X-ray fluorescence may be, in parts per million.
    xrf_uncertainty_ppm: u32 = XrfUncertaintyPpm, first 10_000, part;
    /// How far off a fineness by fire assay may be, in parts per million.
    fire_assay_uncertainty_ppm: u32 = FireAssayUncertaintyPpm, first 500, part;
    /// How far two fire assays of one lot may lie apart, in parts per million of gold.
    splitting_limit_ppm: u32 = SplittingLimitPpm, first 500, part;
    /// How far two silver contents of one lot may lie apart, in parts per million.
    silver_limit_ppm: u32 = SilverLimitPpm, first 2_000, part;
    /// How much two weighings of one lot may differ before that is shown, in parts per million.
    weighing_ppm_alert: u32 = WeighingPpmAlert, first 1_000, part;
    /// How much two weighings of one lot may differ before that is shown, however light it is.
    weighing_mass_alert: Mass = WeighingMassAlert, first Mass::from_micrograms(50_000), mass;
    /// How much of the gross mass of sponge and dust may be lost in a melt, in parts per million.
    sponge_loss_ppm_max: u32 = SpongeLossPpmMax, first 100_000, part;
    /// From which loss of sponge and dust on that is shown.
    sponge_loss_ppm_alert: u32 = SpongeLossPpmAlert, first 60_000, part;
    /// How much of the gross mass of doré and fine gold may be lost in a melt, in parts per million.
    dore_loss_ppm_max: u32 = DoreLossPpmMax, first 5_000, part;
    /// From which loss of doré and fine gold on that is shown.
    dore_loss_ppm_alert: u32 = DoreLossPpmAlert, first 3_000, part;
    /// From which loss of gold on that is shown, in parts per million.
    fine_loss_ppm_alert: u32 = FineLossPpmAlert, first 10_000, part;
    /// From which loss of gold at a refiner's on that is shown, in parts per million.
    refiner_loss_ppm_alert: u32 = RefinerLossPpmAlert, first 2_000, part;
    /// From which part of a site's capacity on that is shown, in parts per million.
    capacity_ppm_alert: u32 = CapacityPpmAlert, first 800_000, |ppm| ppm <= CAPACITY_PPM_MAX;
    /// Up to which part of a site's capacity lots are declared, in parts per million.
    capacity_ppm_max: u32 = CapacityPpmMax, first WHOLE_PPM, |ppm| ppm <= CAPACITY_PPM_MAX;
    /// How much gold per miner and day is believed.
    miner_day_mass_alert: Mass = MinerDayMassAlert, first grams(4), mass;
    /// How much gold per miner and twelve months is believed or allowed.
    miner_year_mass_alert: Mass = MinerYearMassAlert, first grams(420), mass;
    /// What becomes of a declaration that no permit covers.
    unpermitted: Reaction = Unpermitted, first Reaction::Refuse, any;
    /// For how many days a look into the register vouches for a permit.
    permit_check_days_max: u16 = PermitCheckDaysMax, first 365, days;
    /// How many days before a permit ends that is shown.
    permit_end_days_alert: u16 = PermitEndDaysAlert, first 60, days;
    /// How many days after it was dug a lot is first handed over, at most, before that is shown.
    lot_age_days_alert: u16 = LotAgeDaysAlert, first 31, days;
    /// How many days after it was said a statement is recorded, at most, before that is shown.
    late_days_alert: u16 = LateDaysAlert, first 7, days;
    /// How many days a lot may go without a statement before that is shown.
    gap_days_alert: u16 = GapDaysAlert, first 60, days;
    /// For how many days an export certificate is valid at most.
    certificate_days_max: u16 = CertificateDaysMax, first 90, days;
    /// From which fineness on gold that was never molten is hard to believe, in parts per million.
    raw_fineness_ppm_alert: u32 = RawFinenessPpmAlert, first 985_000, part;
    /// What counts as a round mass: any multiple of this.
    round_mass: Mass = RoundMass, first grams(1), mass;
    /// How many times in a row the same is no chance any more.
    repeat_alert: u16 = RepeatAlert, first 8, |times| 2 <= times;
    /// Below which gold content a lot escapes some other rule, such as a duty to report.
    threshold_mass: Mass = ThresholdMass, first grams(1_000), mass;
    /// How near to that is near, in parts per million of it.
    threshold_near_ppm: u32 = ThresholdNearPpm, first 50_000, part;
}

impl Policy {
    /// What a deployment that is founded with [`FIRST_TERMS`] goes by: the best guess of who does not know its policy.
    #[must_use]
    pub fn first() -> Self {
        Self::default()
            .with(FIRST_TERMS)
            .expect("each term once, and within its bounds")
    }

    /// These terms changed by others; each at most once, and at least one.
    pub(crate) fn with(mut self, terms: &[Term]) -> Result<Self, Refusal> {
        let kinds: Vec<_> = terms.iter().map(core::mem::discriminant).collect();
        let repeated = kinds
            .iter()
            .enumerate()
            .any(|(place, kind)| kinds[..place].contains(kind));
        if terms.is_empty() || repeated {
            return Err(Refusal::PolicyTermRepeated);
        }
        for term in terms {
            match *term {
                Term::RuleVersion(version) if version != RULE_VERSION => return Err(Refusal::RuleVersionUnknown),
                term if !is_in_bounds(term) => return Err(Refusal::PolicyTermOutOfRange),
                term => self.set(term),
            }
        }
        Ok(self)
    }

    /// The last instant that is not in the future for a statement admitted at `admitted_at`.
    pub(crate) fn latest_allowed(&self, admitted_at: Timestamp) -> Timestamp {
        admitted_at.plus_ms(i64::try_from(self.future_skew_ms_max).expect("bounded when it was set"))
    }

    /// How far off a fineness found so may be, in parts per million.
    #[must_use]
    pub const fn uncertainty_ppm(&self, method: FinenessMethod) -> u32 {
        match method {
            FinenessMethod::Estimate => self.estimate_uncertainty_ppm,
            FinenessMethod::Touchstone => self.touchstone_uncertainty_ppm,
            FinenessMethod::Density => self.density_uncertainty_ppm,
            FinenessMethod::Xrf => self.xrf_uncertainty_ppm,
            FinenessMethod::FireAssay => self.fire_assay_uncertainty_ppm,
        }
    }

    /// The highest that a fineness found so may be.
    #[must_use]
    pub fn highest(&self, fineness: Fineness, method: FinenessMethod) -> Fineness {
        let ppm = fineness.ppm() + self.uncertainty_ppm(method);
        Fineness::from_ppm(ppm).unwrap_or(Fineness::PURE)
    }

    /// The lowest that a fineness found so may be.
    #[must_use]
    pub fn lowest(&self, fineness: Fineness, method: FinenessMethod) -> Fineness {
        let ppm = fineness.ppm().saturating_sub(self.uncertainty_ppm(method));
        Fineness::from_ppm(ppm).expect("not more than before")
    }

    /// How far two finenesses of one lot may lie apart, in parts per million: for two fire assays the splitting limit,
    /// else what both methods may be off.
    #[must_use]
    pub const fn apart_ppm_max(&self, one: FinenessMethod, other: FinenessMethod) -> u32 {
        match (one, other) {
            (FinenessMethod::FireAssay, FinenessMethod::FireAssay) => self.splitting_limit_ppm,
            _ => self.uncertainty_ppm(one) + self.uncertainty_ppm(other),
        }
    }

    /// How much two weighings of such a mass may differ.
    #[must_use]
    pub fn weighing_tolerance(&self, mass: Mass) -> Mass {
        mass.ppm(self.weighing_ppm_alert).max(self.weighing_mass_alert)
    }

    /// How much of a lot of this form may be lost in a melt, and from where on that is shown; all of what is mostly not gold.
    pub(crate) const fn loss(&self, form: LotForm) -> Loss {
        let (max_ppm, alert_ppm) = match form {
            LotForm::Concentrate | LotForm::Amalgam | LotForm::Residue => (WHOLE_PPM, WHOLE_PPM),
            LotForm::Sponge | LotForm::Dust => (self.sponge_loss_ppm_max, self.sponge_loss_ppm_alert),
            LotForm::Dore | LotForm::Fine => (self.dore_loss_ppm_max, self.dore_loss_ppm_alert),
        };
        Loss { max_ppm, alert_ppm }
    }
}

/// How much may be lost, in parts per million.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loss {
    pub(crate) max_ppm: u32,
    pub(crate) alert_ppm: u32,
}

const fn grams(grams: u64) -> Mass {
    Mass::from_micrograms(grams * 1_000_000)
}

/// Bounded by its type.
const fn any<T: Copy>(_: T) -> bool {
    true
}

const fn days(days: u16) -> bool {
    1 <= days && days <= DAYS_MAX
}

const fn part(ppm: u32) -> bool {
    ppm <= WHOLE_PPM
}

fn mass(mass: Mass) -> bool {
    Mass::ZERO < mass && mass <= MASS_MAX
}
