//! What must be known about a lot and those behind it before anyone can judge. Plain records: whoever gathers them fills
//! them from the answers of `custody` and `progress`, and says where something is not known or does not stand here.

use event::vocabulary::{
    AssessmentKind, Confidence, Country, CustodyModel, IncidentCategory, LotForm, Module, QuantityBasis, Severity,
    Slug, Standing,
};
use event::{Date, IncidentId, LotId, Mass, PartyId, PlanId, SiteId, StatementId, StreamPosition};

/// A statement that something rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rests {
    /// Where it is recorded.
    pub position: StreamPosition,
    /// Which one.
    pub statement: StatementId,
}

/// Somebody or some place, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<Id> {
    /// Its id.
    pub id: Id,
    /// What it is called.
    pub name: String,
}

/// One lot, and everything behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Which lot.
    pub lot: LotId,
    /// The stream position all of this is true of, but for [`Origin::standings_then`].
    pub position: StreamPosition,
    /// The day on which somebody asks.
    pub today: Date,
    /// Who has it.
    pub custodian: Named<PartyId>,
    /// What it looks like.
    pub form: LotForm,
    /// As last weighed.
    pub gross_mass: Mass,
    /// The gold in it; `None` where its fineness is not known.
    pub fine_mass: Option<Mass>,
    /// Where the masses come from.
    pub basis: QuantityBasis,
    /// What is promised about mixing.
    pub custody_model: CustodyModel,
    /// The statement that says so: its declaration, or what it was made by.
    pub declared: Rests,
    /// Whether it can be bought at all.
    pub state: LotState,
    /// Open holds on it and on the lots it was made of.
    pub holds: Vec<Hold>,
    /// Statements on it and on the lots it was made of whose key was compromised when they were signed.
    pub suspects: Vec<Suspect>,
    /// What the rules let pass and show, of it and of the lots it was made of.
    pub flags: Vec<Flag>,
    /// Documents that statements name with it.
    pub documents: Vec<Document>,
    /// Who contributed, and from where. Whoever contributed several times may stand here several times.
    pub origins: Vec<Origin>,
    /// How many more holds, suspects, flags, documents and origins there are than stand here.
    pub left_out: u32,
}

/// Whether a lot can be bought at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LotState {
    /// Its custodian has it and offers it to no one.
    Held,
    /// Its custodian has it and offers it to a party.
    Offered {
        /// To whom.
        to: Named<PartyId>,
        /// The offer.
        rests_on: Rests,
    },
    /// Other lots were made of it.
    Consumed(Rests),
    /// It has left the system.
    Retired(Rests),
    /// It was lost or stolen.
    Lost(Rests),
}

/// Somebody holds a lot: it must not move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Which lot.
    pub lot: LotId,
    /// Why, in the words of whoever holds it.
    pub reason: String,
    /// The statement that holds it.
    pub rests_on: Rests,
}

/// A statement whose key was compromised when it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// On which lot.
    pub lot: LotId,
    /// The statement.
    pub statement: Rests,
    /// The revocation that says so.
    pub revoked_by: Rests,
}

/// Something that the rules let pass and show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name, such as `near-capacity`.
    pub name: Slug,
    /// On which lot.
    pub lot: LotId,
    /// How often.
    pub count: u32,
    /// The statement that was flagged, or the first of them.
    pub rests_on: Rests,
}

/// A document that a statement names with the lot. It was named; what it says was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its kind, such as `export-certificate`.
    pub kind: Slug,
    /// The statement that names it.
    pub rests_on: Rests,
}

/// A site and an organization that contributed to a lot, as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Where it was dug.
    pub site: Named<SiteId>,
    /// Who declared it.
    pub organization: Named<PartyId>,
    /// The country of the site; `None` where it is not known.
    pub country: Option<Country>,
    /// How much fine gold of the lot; `None` where it is not known.
    pub fine_mass: Option<Mass>,
    /// The first declaration.
    pub first: Declaration,
    /// The last declaration; the first one where there was only one.
    pub last: Declaration,
    /// A permit that covers the site, as of the declarations; `None` where that is not known.
    pub permit: Option<Permit>,
    /// How the organization stood right after the first declaration and, where that is another one, the last. Empty
    /// where that is not known. What was between them is not looked at.
    pub standings_then: Vec<StandingFacts>,
    /// How it stands on the day on which somebody asks; `None` where that is not known.
    pub standing_now: Option<StandingFacts>,
}

/// A declaration of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The statement.
    pub rests_on: Rests,
    /// The day on which it was admitted.
    pub day: Date,
}

/// Whether a permit covered a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// One was in force at every declaration.
    InForce(Rests),
    /// One is recorded, and was not in force at every declaration.
    NotInForce(Rests),
    /// None is recorded.
    NoneRecorded,
}

/// How an organization stands at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingFacts {
    /// The stream position this is true of.
    pub position: StreamPosition,
    /// The day on which clocks were read.
    pub day: Date,
    /// What follows from the record.
    pub standing: Standing,
    /// What made it so; `None` where time alone did.
    pub since: Option<Rests>,
    /// What the scheme decided last.
    pub decided: Option<Decided>,
    /// What a suspension rests on.
    pub causes: Vec<Rests>,
    /// Modules 1 to 4; empty while no catalogue has gates.
    pub modules: Vec<ModuleFacts>,
    /// The legitimacy scenarios that apply.
    pub scenarios: Vec<Scenario>,
    /// How many more scenarios apply than stand here.
    pub scenarios_left_out: u32,
    /// How many incidents are open.
    pub open_incidents: u32,
    /// The gravest of them.
    pub incidents: Vec<Incident>,
    /// How many plans are open.
    pub open_plans: u32,
    /// Of how many of them a milestone is overdue.
    pub overdue_plans: u32,
    /// Open plans, overdue ones first.
    pub plans: Vec<Plan>,
    /// How many answers to modules 1 to 4 others contest.
    pub contested: u32,
    /// The latest statement that contests one.
    pub contest: Option<Rests>,
}

/// What the scheme decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Which standing.
    pub standing: Standing,
    /// The decision.
    pub rests_on: Rests,
}

/// How far one module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleFacts {
    /// Which one.
    pub module: Module,
    /// Criteria that are met.
    pub met: u32,
    /// Criteria that are not, whether or not a plan mends them.
    pub not_met: u32,
    /// Criteria about which nobody said anything.
    pub unanswered: u32,
    /// Criteria that are not met or not answered; perhaps not all of them.
    pub unmet: Vec<Unmet>,
    /// The answer of least assurance; `None` where nobody said anything.
    pub weakest: Option<Word>,
    /// The oldest answer; `None` where nobody said anything.
    pub oldest: Option<Word>,
}

/// A criterion that is not met or not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// Which one.
    pub criterion: Slug,
    /// The finding that decides; `None` where nobody said anything.
    pub rests_on: Option<Rests>,
}

/// An answer to a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// To which one.
    pub criterion: Slug,
    /// Who looked.
    pub kind: AssessmentKind,
    /// The last day it speaks about.
    pub day: Date,
    /// The assessment.
    pub rests_on: Rests,
}

/// A legitimacy scenario that applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Which one.
    pub slug: Slug,
    /// To which site; `None` where to the organization itself.
    pub site: Option<SiteId>,
    /// The assessment.
    pub rests_on: Rests,
}

/// An open incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Which one.
    pub incident: IncidentId,
    /// What it is.
    pub category: IncidentCategory,
    /// How sure it is.
    pub confidence: Confidence,
    /// How bad it is.
    pub severity: Severity,
    /// The latest word about it.
    pub rests_on: Rests,
}

/// An open plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which one.
    pub plan: PlanId,
    /// Whether a milestone is overdue.
    pub is_overdue: bool,
    /// Its adoption.
    pub rests_on: Rests,
}

impl ModuleFacts {
    /// Whether something was asked, and nothing is left to be done.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        0 < self.met && self.not_met == 0 && self.unanswered == 0
    }
}
