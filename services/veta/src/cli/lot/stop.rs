//! What stops a lot, what sets right what was said of it, and whose it is.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use event::vocabulary::{
    CorrectionConfirmed, CorrectionProposed, Line, Loss, LotHeld, LotLost, LotReleased, TitleTransferred,
};
use event::{Event, IncidentId, LotId, Mass, PartyId, StatementId};

use super::{At, On, Papers, Saying};
use crate::evidence;
use crate::trade::{desk, quantity};
use crate::trouble::{Done, Trouble};

#[derive(Debug, Args)]
pub(in crate::cli) struct Title {
    #[command(flatten)]
    on: On,
    /// To whom: org-….
    #[arg(long, value_name = "PARTY")]
    to: PartyId,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Hold {
    /// Its id, lot-….
    lot: LotId,
    /// Why.
    #[arg(long)]
    reason: Line,
    /// The incident that is the reason: incident-….
    #[arg(long)]
    incident: Option<IncidentId>,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Release {
    /// Its id, lot-…: the one that was held, not what became of it.
    lot: LotId,
    /// Why.
    #[arg(long)]
    reason: Line,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Lose {
    #[command(flatten)]
    on: On,
    /// How.
    #[arg(long)]
    how: How,
    /// What happened.
    #[arg(long)]
    reason: Line,
    /// A report to the police or an insurer: the file, of which the digest is stated.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    saying: Saying,
}

/// How a lot was lost.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum How {
    /// Mislaid, spilled, gone down with the boat.
    Lost,
    /// Taken.
    Stolen,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Correct {
    #[command(flatten)]
    on: On,
    /// What is set right, in hexadecimal: the declaration of this lot, or its latest acceptance.
    #[arg(long, value_name = "STATEMENT")]
    target: StatementId,
    /// What the lot weighed, in grams, or in troy ounces, such as "0.4 oz".
    #[arg(long, value_parser = quantity::mass)]
    mass: Mass,
    /// What went wrong.
    #[arg(long)]
    reason: Line,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Confirm {
    #[command(flatten)]
    on: On,
    /// What is confirmed, in hexadecimal; the latest statement on the lot where it is left out.
    #[arg(long, value_name = "STATEMENT")]
    proposal: Option<StatementId>,
    #[command(flatten)]
    saying: Saying,
}

impl Title {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let documents = self.papers.digests()?;
        let deed = |At { lot, after }| {
            Event::TitleTransferred(TitleTransferred {
                lot,
                after,
                to: self.to,
                documents,
            })
        };
        self.on.say(deed, self.saying, state, json).await
    }
}

impl Hold {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let event = Event::LotHeld(LotHeld {
            lot: self.lot,
            reason: self.reason,
            incident: self.incident,
            documents: self.papers.digests()?,
        });
        self.saying.say(event, state, json).await
    }
}

impl Release {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let event = Event::LotReleased(LotReleased {
            lot: self.lot,
            reason: self.reason,
        });
        self.saying.say(event, state, json).await
    }
}

impl Lose {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let report = self.report.map(|path| evidence::read(&path)).transpose()?;
        let report = report.map(|bytes| event::key::Digest::of(&bytes));
        let how = match self.how {
            How::Lost => Loss::Lost,
            How::Stolen => Loss::Stolen,
        };
        let deed = |At { lot, after }| {
            Event::LotLost(LotLost {
                lot,
                after,
                how,
                reason: self.reason,
                report,
            })
        };
        self.on.say(deed, self.saying, state, json).await
    }
}

impl Correct {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let deed = |At { lot, after }: At, known: &super::Known| {
            if known.facts.is_some_and(|facts| facts.gross_mass == self.mass) {
                let words = format!(
                    "{lot} is known with {} already: there is nothing to set right",
                    self.mass
                );
                return Err(Trouble::usage(words));
            }
            let event = Event::CorrectionProposed(CorrectionProposed {
                lot,
                after,
                target: self.target,
                gross_mass: self.mass,
                reason: self.reason,
            });
            Ok((event, vec![desk::weighed(known.facts, self.mass)]))
        };
        self.on.say_seeing(deed, self.saying, state, json).await
    }
}

impl Confirm {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let deed = |At { lot, after }| {
            Event::CorrectionConfirmed(CorrectionConfirmed {
                lot,
                after,
                proposal: self.proposal.unwrap_or(after),
            })
        };
        self.on.say(deed, self.saying, state, json).await
    }
}
