//! `veta site …`: its arguments.

use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};
use event::vocabulary::{CapacityEstablished, CapacityPeriod, Deposit, FinenessBand, Line, SiteAmended};
use event::{Event, Fineness, Mass, PartyId, SiteId};
use rpc::custody::Month;

use super::At;
use super::org::named;
use super::signing::Saying;
use crate::local::Local;
use crate::show;
use crate::trade::quantity;
use crate::trouble::{Done, Trouble};

#[derive(Debug, Subcommand)]
pub(super) enum SiteVerb {
    /// Every site, with its latest visit.
    List(At),
    /// One site: present answers and the whole history.
    Show {
        /// Its id, site-…, or its number at IPIS.
        site: String,
        #[command(flatten)]
        when: At,
    },
    /// What a site gave, month by month, beside what it can give, and the permits that cover it.
    Production {
        /// Its id, site-….
        site: SiteId,
        #[command(flatten)]
        months: Months,
        #[command(flatten)]
        when: At,
    },
    /// Say how much gold a site can give: sign it, and queue it. Needs no network without --submit.
    ///
    /// Never who gains by it says so, but an assessor, an auditor, an authority or a scheme.
    Capacity(Box<Capacity>),
    /// Say what has changed at a site: sign it, and queue it. What is left out stays.
    Amend(Box<Amend>),
}

/// From which month to which.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Months {
    /// The first month, such as 2026-01; the first there is where it is left out.
    #[arg(long, value_name = "MONTH")]
    from: Option<Month>,
    /// The last month, such as 2026-12; the last there is where it is left out.
    #[arg(long, value_name = "MONTH")]
    to: Option<Month>,
}

impl Months {
    pub(super) fn asked(self) -> Done<show::Months> {
        if let Some((from, to)) = self.from.zip(self.to)
            && to < from
        {
            return Err(Trouble::usage(format_args!(
                "{to} is before {from}: exchange --from and --to"
            )));
        }
        let text = |month: Option<Month>| month.map(|month| month.to_string()).unwrap_or_default();
        Ok(show::Months {
            from: text(self.from),
            to: text(self.to),
        })
    }
}

#[derive(Debug, Args)]
pub(super) struct Capacity {
    /// Its id, site-….
    site: SiteId,
    /// How much gold at most, in grams of fine gold, such as 500, or in troy ounces, such as "16 oz".
    #[arg(long, value_parser = quantity::mass, value_name = "MASS")]
    gold: Mass,
    /// In how long.
    #[arg(long)]
    per: Per,
    /// How many miners work there at most, where that is known.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    miners: Option<u32>,
    /// What that rests on: a plan of works, miners and days, ore and grade, what it gave before.
    #[arg(long)]
    basis: Line,
    #[command(flatten)]
    saying: Saying,
}

/// Over how many months in a row a capacity is counted.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Per {
    /// One.
    Month,
    /// Three.
    Quarter,
    /// Twelve.
    Year,
}

#[derive(Debug, Args)]
pub(super) struct Amend {
    /// Its id, site-….
    site: SiteId,
    /// Who works it from here on: org-….
    #[arg(long, value_name = "PARTY")]
    operator: Option<PartyId>,
    /// What it is called.
    #[arg(long)]
    name: Option<Line>,
    /// How the gold lies: unknown, alluvial, eluvial, primary or tailings.
    #[arg(long, value_parser = deposit)]
    deposit: Option<Deposit>,
    /// Between which finenesses its gold is expected, such as 880-940 or 21k-22.5k.
    #[arg(long, value_name = "FROM-TO", value_parser = band)]
    band: Option<FinenessBand>,
    /// On what grounds.
    #[arg(long)]
    reason: Line,
    #[command(flatten)]
    saying: Saying,
}

pub(super) async fn run(verb: SiteVerb, state: Option<&Path>, json: bool) -> Done {
    match verb {
        SiteVerb::List(when) => {
            let progress = Local::named(state)?.deployment()?.reach(|e| &e.progress).await?;
            show::sites(&progress, when.asked(json)).await
        }
        SiteVerb::Show { site, when } => {
            let progress = Local::named(state)?.deployment()?.reach(|e| &e.progress).await?;
            show::site(&progress, &site, when.asked(json)).await
        }
        SiteVerb::Production { site, months, when } => {
            let months = months.asked()?;
            let custody = Local::named(state)?.deployment()?.reach(|e| &e.custody).await?;
            show::production(&custody, site, &months, when.asked(json)).await
        }
        SiteVerb::Capacity(said) => said.run(state, json).await,
        SiteVerb::Amend(said) => said.run(state, json).await,
    }
}

impl Capacity {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let event = Event::CapacityEstablished(CapacityEstablished {
            site: self.site,
            per: match self.per {
                Per::Month => CapacityPeriod::Month,
                Per::Quarter => CapacityPeriod::Quarter,
                Per::Year => CapacityPeriod::Year,
            },
            fine_mass_max: self.gold,
            miners_max: self.miners,
            basis: self.basis,
        });
        self.saying.say(event, state, json).await
    }
}

impl Amend {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        if self.operator.is_none() && self.name.is_none() && self.deposit.is_none() && self.band.is_none() {
            return Err(Trouble::usage(
                "what has changed? name --operator, --name, --deposit or --band",
            ));
        }
        let event = Event::SiteAmended(SiteAmended {
            site: self.site,
            operator: self.operator,
            name: self.name,
            deposit: self.deposit,
            fineness_band: self.band,
            reason: self.reason,
        });
        self.saying.say(event, state, json).await
    }
}

fn deposit(text: &str) -> Result<Deposit, String> {
    let deposit = named(text, "DEPOSIT_", rpc::progress::Deposit::as_str_name)?;
    deposit
        .try_into()
        .map_err(|error: rpc::InvalidMessage| error.to_string())
}

/// Reads `880-940`.
fn band(text: &str) -> Result<FinenessBand, String> {
    let (from, to) = text.split_once('-').ok_or("write FROM-TO, such as 880-940")?;
    let fineness = |text: &str| text.parse::<Fineness>().map_err(|error| error.to_string());
    let (from, to) = (fineness(from)?, fineness(to)?);
    if to < from {
        return Err(format!("{to} is less fine than {from}: exchange them"));
    }
    Ok(FinenessBand { from, to })
}
