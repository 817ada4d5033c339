//! What is known of a lot before something is said of it.

use event::vocabulary::FinenessClaim;
use event::{DeploymentId, Fineness, LotId, Mass, StatementId, VerifiedStatement};
use rpc::custody::{GetLotRequest, Lot, LotState, get_lot_request};
use signer::lots::{Ended, Facts, History, Traits};
use tonic::Code;
use tonic::transport::Channel;

use crate::queue::Queue;
use crate::trouble::{Done, Trouble};

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Whoever typed the command.
    Named,
    /// A statement on it that waits here.
    Waiting,
    /// The custody service.
    Service,
    /// A statement on it that was recorded from here; nobody was asked since.
    Recorded,
}

impl core::fmt::Display for Source {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Named => "the latest statement on it is the one you name",
            Self::Waiting => "the latest statement on it waits in the queue",
            Self::Service => "the custody service says which statement on it is the latest",
            Self::Recorded => "the latest statement on it that is known here was recorded, and nobody was asked since",
        })
    }
}

/// What the next statement on a lot follows, and what the lot is.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The latest statement on it.
    pub after: StatementId,
    /// Who says that this is the latest.
    pub source: Source,
    /// What the lot is; none where nothing here tells.
    pub facts: Option<Facts>,
    /// What else is known of it; none where nothing here tells.
    pub traits: Option<Traits>,
    /// How it ended, if it did as far as is known.
    pub end: Option<Ended>,
}

impl Known {
    /// That something may still be said of the lot. Whoever names the latest statement on it is believed.
    pub fn goes_on(&self, lot: LotId) -> Done {
        let words = match self.end.filter(|_| self.source != Source::Named) {
            None => return Ok(()),
            Some(Ended::Transformed) => "became other lots: say it of what came of it (`veta lot trace --down`)",
            Some(Ended::Retired) => "has left the system: nothing more is said of it",
            Some(Ended::Lost) => "is lost: nothing more is said of it",
        };
        Err(Trouble::failed(format_args!("{lot} {words}")))
    }
}

/// What is known of a lot: from what waits here, from the custody service where one answers and does not lag behind what was
/// recorded from here, from that. Whoever names the latest statement is believed: ingest refuses what does not follow.
pub async fn known(
    lot: LotId,
    named: Option<StatementId>,
    queue: &Queue,
    deployment: DeploymentId,
    custody: impl AsyncFnOnce() -> Option<Channel>,
) -> Done<Known> {
    let history = History::of(lot, &queue.stated(deployment)?);
    let waiting = History::of(lot, &queue.pending(deployment)?);
    let here = |said: &VerifiedStatement, source| Known {
        after: said.id(),
        source,
        facts: history.facts(),
        traits: history.traits(),
        end: history.end(),
    };
    let recorded = || history.latest().map(|latest| here(latest, Source::Recorded));
    let found = match waiting.latest() {
        Some(latest) => Some(here(latest, Source::Waiting)),
        None => match custody().await {
            Some(custody) => asked(&custody, lot)
                .await?
                .filter(|told| !history.goes_on_after(told.after)),
            None => None,
        },
    };
    let found = found.or_else(recorded);
    match (named, found) {
        (Some(after), found) => Ok(Known {
            after,
            source: Source::Named,
            facts: found.and_then(|found| found.facts),
            traits: found.and_then(|found| found.traits),
            end: found.and_then(|found| found.end),
        }),
        (None, Some(found)) => Ok(found),
        (None, None) => Err(Trouble::failed(format_args!(
            "nothing is known of {lot} here: take in what its holder handed you (`veta lot take-in`), ask where a service answers (--state), or name the latest statement on it with --after"
        ))),
    }
}

/// What the custody service says; none where it does not know the lot, or is not there.
async fn asked(custody: &Channel, lot: LotId) -> Done<Option<Known>> {
    let request = GetLotRequest {
        lot: Some(get_lot_request::Lot::LotId(lot.to_string())),
        page_size: 1,
        ..GetLotRequest::default()
    };
    let answer = match rpc::client::custody(custody.clone()).get_lot(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status) if matches!(status.code(), Code::NotFound | Code::Unavailable) => return Ok(None),
        Err(status) => return Err(status.into()),
    };
    answer.lot.as_ref().map(told).transpose()
}

fn told(lot: &Lot) -> Done<Known> {
    let nonsense = "the custody service answered with something that means nothing";
    let fineness = lot.fineness.as_ref().map(|claim| -> Done<FinenessClaim> {
        Ok(FinenessClaim {
            fineness: Fineness::try_from(claim.fineness_ppm).map_err(Trouble::at(nonsense))?,
            method: claim.method().try_into()?,
        })
    });
    let facts = Facts {
        form: lot.form().try_into()?,
        gross_mass: Mass::from_micrograms(lot.gross_mass_micrograms),
        basis: lot.basis().try_into()?,
        fineness: fineness.transpose()?,
    };
    let site = lot.site.as_ref().map(|site| site.site_id.parse());
    let site = site.transpose().map_err(Trouble::at(nonsense))?;
    Ok(Known {
        after: lot.latest_statement_id.parse().map_err(Trouble::at(nonsense))?,
        source: Source::Service,
        facts: Some(facts),
        traits: Some(Traits {
            site,
            custody_model: lot.custody_model().try_into()?,
            whole_seals: lot.whole_seals,
            fine_mass_max: Some(Mass::from_micrograms(lot.fine_mass_max_micrograms)),
        }),
        end: match lot.state() {
            LotState::Transformed => Some(Ended::Transformed),
            LotState::Retired => Some(Ended::Retired),
            LotState::Lost => Some(Ended::Lost),
            LotState::Unspecified | LotState::Held | LotState::Offered => None,
        },
    })
}
