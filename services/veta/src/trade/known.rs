//! What is known of a lot before something is said of it.

mod seen;

use event::vocabulary::{CustodyModel, FinenessClaim, FinenessMethod, LotForm, QuantityBasis};
use event::{DeploymentId, Event, Fineness, LotId, Mass, SiteId, StatementId, VerifiedStatement};
use rpc::custody::{GetLotRequest, Lot, LotState, get_lot_request};
use seen::Seen;
use serde::{Deserialize, Serialize};
use tonic::Code;
use tonic::transport::Channel;

use crate::queue::Queue;
use crate::show::in_words;
use crate::trouble::{Done, Trouble};

/// What a lot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What it looks like.
    pub form: LotForm,
    /// As last weighed.
    pub gross_mass: Mass,
    /// Where the masses come from.
    pub basis: QuantityBasis,
    /// Its gold content, where known.
    pub fineness: Option<FinenessClaim>,
}

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

/// What else is known of a lot, for whoever makes others of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// Where it was dug; none where several sites gave it.
    pub site: Option<SiteId>,
    /// What is promised about mixing.
    pub custody_model: CustodyModel,
    /// How many seals on it are whole.
    pub whole_seals: u32,
    /// The most gold that it can be said to hold, where a service told.
    pub fine_mass_max: Option<Mass>,
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

/// How a lot ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It became others.
    Transformed,
    /// It left the system.
    Retired,
    /// It is gone.
    Lost,
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

/// The statements on one lot, the oldest first, from the one that it came by.
#[derive(Clone, Debug)]
pub struct History {
    lot: LotId,
    statements: Vec<VerifiedStatement>,
    seen: Option<Seen>,
}

impl History {
    /// Those on a lot among many, in their order, each once.
    #[must_use]
    pub fn of(lot: LotId, among: &[VerifiedStatement]) -> Self {
        let mut statements: Vec<VerifiedStatement> = Vec::new();
        let is_on = |said: &&VerifiedStatement| {
            begins(said, lot) || waits_for_nobody(said.event(), lot) || after(said.event(), lot).is_some()
        };
        for said in among.iter().filter(is_on) {
            if statements.iter().all(|before| before.id() != said.id()) {
                statements.push(said.clone());
            }
        }
        let seen = seen::lots(among).remove(&lot);
        Self { lot, statements, seen }
    }

    /// All of them.
    #[must_use]
    pub fn into_statements(self) -> Vec<VerifiedStatement> {
        self.statements
    }

    /// The last one.
    #[must_use]
    pub fn latest(&self) -> Option<&VerifiedStatement> {
        self.statements.last()
    }

    /// Whether a statement is among them.
    #[must_use]
    pub fn has(&self, id: StatementId) -> bool {
        self.statements.iter().any(|said| said.id() == id)
    }

    /// Whether a statement is among them and not the last: whoever takes it for the latest lags behind.
    #[must_use]
    pub fn goes_on_after(&self, id: StatementId) -> bool {
        self.has(id) && self.latest().is_some_and(|latest| latest.id() != id)
    }

    /// The first statement that does not follow the one before it.
    #[must_use]
    pub fn broken_link(&self) -> Option<StatementId> {
        let follows = |pair: &[VerifiedStatement]| {
            waits_for_nobody(pair[1].event(), self.lot) || after(pair[1].event(), self.lot) == Some(pair[0].id())
        };
        let broken = self.statements.windows(2).find(|pair| !follows(pair));
        broken.map(|pair| pair[1].id())
    }

    /// What the lot is, where what it came by is among them, and all that it was made of is known.
    #[must_use]
    pub fn facts(&self) -> Option<Facts> {
        self.seen.map(|seen| seen.facts)
    }

    /// How the lot ended, if one of them says so; a hold may have followed.
    fn end(&self) -> Option<Ended> {
        let mut ends = self.statements.iter().rev().filter_map(|said| match said.event() {
            Event::LotsTransformed(_) if !begins(said, self.lot) => Some(Ended::Transformed),
            Event::LotRetired(_) => Some(Ended::Retired),
            Event::LotLost(_) => Some(Ended::Lost),
            _ => None,
        });
        ends.next()
    }

    /// What else is known of it.
    #[must_use]
    pub fn traits(&self) -> Option<Traits> {
        self.seen.map(|seen| seen.traits)
    }
}

/// Whether it stops a lot or lets it go, and follows whatever was said before.
fn waits_for_nobody(event: &Event, lot: LotId) -> bool {
    match event {
        Event::LotHeld(event) => event.lot == lot,
        Event::LotReleased(event) => event.lot == lot,
        _ => false,
    }
}

/// Whether a lot is known from this statement on.
fn begins(said: &VerifiedStatement, lot: LotId) -> bool {
    created(said).contains(&lot)
}

/// The lots that a statement creates.
fn created(said: &VerifiedStatement) -> Vec<LotId> {
    let count = match said.event() {
        Event::LotDeclared(_) => 1,
        Event::LotsTransformed(event) => event.outputs.len(),
        _ => 0,
    };
    (0..).take(count).map(|place| LotId::derive(said.id(), place)).collect()
}

/// What a statement on a lot follows; none where it begins it, or says nothing of it.
fn after(event: &Event, lot: LotId) -> Option<StatementId> {
    let mut touched = event.lots_after().into_iter();
    touched.find(|touched| touched.lot == lot).map(|touched| touched.after)
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

/// What a lot looks like, in a word.
#[must_use]
pub fn form(form: LotForm) -> String {
    in_words(rpc::custody::LotForm::from(form).as_str_name(), "LOT_FORM_")
}

/// Where its masses come from, as whoever shows them says.
#[must_use]
pub const fn basis(basis: QuantityBasis) -> &'static str {
    match basis {
        QuantityBasis::Weighed => "weighed",
        QuantityBasis::Illustrative => "INVENTED quantity, for demonstration",
    }
}

/// How its fineness was found, in a word or two.
#[must_use]
pub fn method(method: FinenessMethod) -> String {
    in_words(
        rpc::custody::FinenessMethod::from(method).as_str_name(),
        "FINENESS_METHOD_",
    )
}

/// One line: `12.5 g (weighed) of dust, 900.0 fine by touchstone`.
impl core::fmt::Display for Facts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} ({}) of {}", self.gross_mass, basis(self.basis), form(self.form))?;
        match self.fineness {
            Some(claim) => write!(f, ", {} fine by {}", claim.fineness, method(claim.method)),
            None => Ok(()),
        }
    }
}
