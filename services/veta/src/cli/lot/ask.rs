//! What is asked about lots: where they are, what they were made of, whether one may be bought.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use event::vocabulary::Reference;
use event::{LotId, PartyId};
use inquiry::Services;
use inquiry::lot::Reach;
use rpc::custody::find_lots_request::Query;
use rpc::custody::{BarQuery, OriginsBy, RefineryLotQuery};

use super::{custody, reference};
use crate::check;
use crate::cli::{At as Moment, When};
use crate::local::Local;
use crate::show;
use crate::trouble::{Done, Trouble};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AskVerb {
    /// Every lot.
    List(When),
    /// One lot and its path.
    Show {
        /// Its id, lot-…, or a seal on it.
        lot: String,
        #[command(flatten)]
        when: Moment,
    },
    /// What a lot was made of, step by step; with --down, what became of it.
    Trace {
        /// Its id, lot-….
        lot: LotId,
        /// What became of it, and not what it was made of.
        #[arg(long)]
        down: bool,
        /// How many steps away at most.
        #[arg(long, default_value_t = 32, value_name = "STEPS")]
        depth: u32,
        /// How many steps at most, on all ways together.
        #[arg(long, default_value_t = 1_000, value_name = "COUNT")]
        steps: usize,
        #[command(flatten)]
        when: Moment,
    },
    /// Which part of the gold in a lot comes from where, to the microgram.
    Origins {
        /// Its id, lot-….
        lot: LotId,
        /// By the organizations that declared it, and not by their sites.
        #[arg(long)]
        by_organization: bool,
        #[command(flatten)]
        when: Moment,
    },
    /// The lots that a number names: a seal, a certificate, a bar, a melt, a refiner's own number.
    Find(Box<Find>),
    /// Say whether a lot may be bought, by your own policy: the verdict first, then every reason with the statements that it
    /// rests on, then where its gold was dug and how those who dug it stood and stand.
    ///
    /// The policy is a file that stays where it is; deploy/policies has examples. Without one, the facts are shown, and what
    /// counts whatever a policy says. All of it is true of one position of the stream.
    #[command(after_help = "Exit codes: 0 eligible, 3 not eligible, 4 needs a person; else as for every verb.")]
    Check {
        /// Its id, lot-…, or a seal on it.
        lot: String,
        /// What you ask for: a policy file.
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        #[command(flatten)]
        when: Moment,
    },
}

impl AskVerb {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        match self {
            Self::List(when) => show::lots(&custody(state).await?, when.asked(json)).await,
            Self::Show { lot, when } => show::lot(&custody(state).await?, &lot, when.asked(json)).await,
            Self::Trace {
                lot,
                down,
                depth,
                steps,
                when,
            } => {
                let reach = Reach { down, depth, steps };
                show::trace(&custody(state).await?, lot, reach, when.asked(json)).await
            }
            Self::Origins {
                lot,
                by_organization,
                when,
            } => {
                let by = if by_organization {
                    OriginsBy::Organization
                } else {
                    OriginsBy::Site
                };
                show::origins(&custody(state).await?, lot, by, when.asked(json)).await
            }
            Self::Find(find) => find.run(state, json).await,
            Self::Check { lot, policy, when } => {
                let endpoints = Local::named(state)?.deployment()?;
                let services = Services {
                    custody: endpoints.reach(|e| &e.custody).await?,
                    progress: endpoints.reach(|e| &e.progress).await?,
                };
                check::check(&services, &lot, policy.as_deref(), when.asked(json)).await
            }
        }
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Find {
    #[command(flatten)]
    number: Number,
    /// Who gave the number of the bar, or in whose books the lot is: org-….
    #[arg(long, value_name = "PARTY")]
    refiner: Option<PartyId>,
    /// The brand of the bar.
    #[arg(long)]
    brand: Option<String>,
    /// The year in which the bar was made.
    #[arg(long)]
    year: Option<u16>,
    #[command(flatten)]
    when: Moment,
}

/// Which number.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Number {
    /// Of a seal, a tag or a sample.
    #[arg(long, value_name = "NUMBER")]
    seal: Option<String>,
    /// Of an export certificate, such as icglr:CD-0042.
    #[arg(long, value_name = "SOURCE:NUMBER", value_parser = reference)]
    certificate: Option<Reference>,
    /// Of a bar: its serial number.
    #[arg(long, value_name = "SERIAL")]
    bar: Option<String>,
    /// Of a melt. Those who melt do not number alike.
    #[arg(long, value_name = "NUMBER")]
    melt: Option<String>,
    /// A refiner's own.
    #[arg(long, value_name = "NUMBER")]
    refinery_lot: Option<String>,
}

impl Find {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let (asked, query) = (self.when.asked(json), self.query()?);
        show::find(&custody(state).await?, query, asked).await
    }

    fn query(self) -> Done<Query> {
        let of_bar = self.brand.is_some() || self.year.is_some();
        if of_bar && self.number.bar.is_none() {
            return Err(Trouble::usage(
                "--brand and --year say which bar is meant: name it with --bar",
            ));
        }
        if self.refiner.is_some() && self.number.bar.is_none() && self.number.refinery_lot.is_none() {
            return Err(Trouble::usage(
                "--refiner says whose number is meant: name it with --bar or --refinery-lot",
            ));
        }
        let Number {
            seal,
            certificate,
            bar,
            melt,
            refinery_lot,
        } = self.number;
        let refiner_id = self.refiner.map(|refiner| refiner.to_string()).unwrap_or_default();
        let seal = seal.map(Query::Seal);
        let certificate = certificate
            .as_ref()
            .map(|certificate| Query::Certificate(certificate.into()));
        let bar = bar.map(|serial| {
            Query::Bar(BarQuery {
                serial,
                refiner_id: refiner_id.clone(),
                brand: self.brand.unwrap_or_default(),
                year: self.year.unwrap_or_default().into(),
            })
        });
        let melt = melt.map(Query::Melt);
        let refinery_lot = refinery_lot.map(|number| Query::RefineryLot(RefineryLotQuery { number, refiner_id }));
        let named = seal.or(certificate).or(bar).or(melt).or(refinery_lot);
        Ok(named.expect("clap asks for one of them"))
    }
}
