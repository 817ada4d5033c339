//! What is known of lots from signed statements alone, where no service answers.

mod seen;

use event::vocabulary::{CustodyModel, FinenessClaim, FinenessMethod, LotForm, QuantityBasis};
use event::{Event, LotId, Mass, SiteId, StatementId, VerifiedStatement};
use seen::Seen;
use serde::{Deserialize, Serialize};

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
    #[must_use]
    pub fn end(&self) -> Option<Ended> {
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

/// What a lot looks like, in a word.
#[must_use]
pub const fn form(form: LotForm) -> &'static str {
    match form {
        LotForm::Concentrate => "concentrate",
        LotForm::Amalgam => "amalgam",
        LotForm::Sponge => "sponge",
        LotForm::Dust => "dust",
        LotForm::Dore => "dore",
        LotForm::Fine => "fine",
        LotForm::Residue => "residue",
    }
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
pub const fn method(method: FinenessMethod) -> &'static str {
    match method {
        FinenessMethod::Estimate => "estimate",
        FinenessMethod::Touchstone => "touchstone",
        FinenessMethod::Density => "density",
        FinenessMethod::Xrf => "xrf",
        FinenessMethod::FireAssay => "fire assay",
    }
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
