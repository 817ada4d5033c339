//! What is measured on a lot, and what closes it.

use std::path::Path;

use clap::Args;
use event::vocabulary::{
    AssayPurpose, FinenessMethod, Line, LotAssayed, LotSampled, LotSealed, LotWeighed, SealBroken, ShortText,
};
use event::{Date, Event, Fineness, Mass, PartyId, StatementId};
use service::clock::{Clock, SystemClock};

use super::{At, On, Papers, Saying, domain, method, named};
use crate::trade::deeds::numbered;
use crate::trade::{desk, quantity};
use crate::trouble::{Done, Trouble};

#[derive(Debug, Args)]
pub(in crate::cli) struct Weigh {
    #[command(flatten)]
    on: On,
    /// Its gross mass in grams, such as 12.5, or in troy ounces, such as "0.4 oz".
    #[arg(long, value_parser = quantity::mass)]
    mass: Mass,
    /// Which scale, by its number.
    #[arg(long, value_name = "NUMBER")]
    scale: Option<ShortText>,
    /// When the scale was last calibrated.
    #[arg(long, value_name = "DAY")]
    calibrated: Option<Date>,
    /// Who else looked: org-….
    #[arg(long, value_name = "PARTY")]
    witness: Option<PartyId>,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Sample {
    #[command(flatten)]
    on: On,
    /// The number of a sample's seal; again for several.
    #[arg(long, value_name = "NUMBER", required = true)]
    seal: Vec<ShortText>,
    /// The melt they were taken from, by its number.
    #[arg(long, value_name = "NUMBER")]
    melt: Option<ShortText>,
    /// Who else looked: org-….
    #[arg(long, value_name = "PARTY")]
    witness: Option<PartyId>,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Assay {
    #[command(flatten)]
    on: On,
    /// How much gold: in parts per thousand, such as 900, or in karats, such as 22k.
    #[arg(long, value_name = "FINENESS")]
    gold: Fineness,
    /// How that was found: estimate, touchstone, density, xrf or fire-assay.
    #[arg(long, value_parser = method)]
    method: FinenessMethod,
    /// What for: blind, control, settlement or umpire.
    #[arg(long, default_value = "control", value_parser = purpose)]
    purpose: AssayPurpose,
    /// How much silver, where that was measured.
    #[arg(long, value_name = "FINENESS")]
    silver: Option<Fineness>,
    /// How far off it may be, in parts per thousand, such as 0.5.
    #[arg(long, value_name = "FINENESS")]
    uncertainty: Option<Fineness>,
    /// The sample that was assayed, by its seal; the lot itself where it is left out.
    #[arg(long, value_name = "NUMBER")]
    sample: Option<ShortText>,
    /// The melt it was taken from, by its number.
    #[arg(long, value_name = "NUMBER")]
    melt: Option<ShortText>,
    /// Your earlier assay of this lot that this one replaces, in hexadecimal.
    #[arg(long, value_name = "STATEMENT")]
    replaces: Option<StatementId>,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Seal {
    #[command(flatten)]
    on: On,
    /// The number of a new seal; again for several.
    #[arg(long, value_name = "NUMBER", required = true)]
    seal: Vec<ShortText>,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Unseal {
    #[command(flatten)]
    on: On,
    /// The number of a seal that is broken; again for several.
    #[arg(long, value_name = "NUMBER", required = true)]
    seal: Vec<ShortText>,
    /// Why.
    #[arg(long)]
    reason: Line,
    #[command(flatten)]
    saying: Saying,
}

impl Weigh {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let today = SystemClock.now().date();
        // Where the signer is, it may be tomorrow.
        if let Some(day) = self.calibrated.filter(|day| today.plus_days(1) < *day) {
            let words = format!("the scale cannot have been calibrated on {day}: today is {today}");
            return Err(Trouble::usage(words));
        }
        let documents = self.papers.digests()?;
        let deed = |At { lot, after }: At, known: &super::Known| {
            let event = Event::LotWeighed(LotWeighed {
                lot,
                after,
                gross_mass: self.mass,
                scale: self.scale,
                calibrated: self.calibrated,
                witness: self.witness,
                documents,
            });
            Ok((event, vec![desk::weighed(known.facts, self.mass)]))
        };
        self.on.say_seeing(deed, self.saying, state, json).await
    }
}

impl Sample {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let samples = numbered(self.seal, "sample")?;
        let deed = |At { lot, after }| {
            Event::LotSampled(LotSampled {
                lot,
                after,
                samples,
                melt: self.melt,
                witness: self.witness,
            })
        };
        self.on.say(deed, self.saying, state, json).await
    }
}

impl Assay {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let silver = self.silver.map_or(0, Fineness::ppm);
        if Fineness::PURE.ppm() < self.gold.ppm() + silver {
            return Err(Trouble::usage(
                "gold and silver are more than the whole: look at --gold and --silver again",
            ));
        }
        let documents = self.papers.digests()?;
        let deed = |At { lot, after }: At, known: &super::Known| {
            let event = Event::LotAssayed(LotAssayed {
                lot,
                after,
                method: self.method,
                gold: self.gold,
                silver: self.silver,
                uncertainty_ppm: self.uncertainty.map(Fineness::ppm),
                purpose: self.purpose,
                sample: self.sample,
                melt: self.melt,
                replaces: self.replaces,
                documents,
            });
            Ok((event, desk::assayed(known.facts, self.gold)))
        };
        self.on.say_seeing(deed, self.saying, state, json).await
    }
}

impl Seal {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let seals = numbered(self.seal, "seal")?;
        let documents = self.papers.digests()?;
        let deed = |At { lot, after }| {
            Event::LotSealed(LotSealed {
                lot,
                after,
                seals,
                documents,
            })
        };
        self.on.say(deed, self.saying, state, json).await
    }
}

impl Unseal {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let seals = numbered(self.seal, "seal")?;
        let deed = |At { lot, after }| {
            Event::SealBroken(SealBroken {
                lot,
                after,
                seals,
                reason: self.reason,
            })
        };
        self.on.say(deed, self.saying, state, json).await
    }
}

fn purpose(text: &str) -> Result<AssayPurpose, String> {
    domain(named(text, "ASSAY_PURPOSE_", rpc::custody::AssayPurpose::as_str_name)?)
}
