//! From the answers of `custody` and `progress` to the facts that a policy judges: words and numbers of the wire become
//! those of the domain, and nothing is decided.

use std::collections::BTreeMap;
use std::str::FromStr;

use diligence::{
    Decided, Declaration, Document, Facts, Flag, Hold, Incident, LotState, ModuleFacts, Named, Origin, Permit, Plan,
    Rests, Scenario, StandingFacts, Suspect, Unmet, Word,
};
use event::vocabulary::{Country, Module};
use event::{Date, LotId, Mass, StreamPosition, Timestamp};
use rpc::custody::{
    self, FlagCount, GetLotResponse, GetProvenanceResponse, HoldOnLot, Lot, LotState as State, LotStep, PermitStatus,
    SitePermit,
};
use rpc::progress::{GateWord, ModuleBrief, StandingBrief, StandingEntry, StatementAt};
use rpc::view::{PartyName, SiteName};

use crate::{Error, Result};

/// The kind of a document, by the statement that names it: what it is was not read.
pub const DOCUMENTS: &[(&str, &str)] = &[
    ("LotDeclared", "delivery-slip"),
    ("CustodyOffered", "transfer-document"),
    ("TitleTransferred", "invoice"),
    ("LotWeighed", "weight-record"),
    ("LotAssayed", "assay-report"),
    ("LotSealed", "seal-photo"),
    ("LotsTransformed", "melt-sheet"),
    ("LotExported", "export-certificate"),
    ("LotReceived", "receiving-report"),
];
/// The flag of a lot that was declared without a permit.
const NO_PERMIT: &str = "no-permit";

/// Of whom, as of which position; 0 for that of everything else.
pub type AskedAs = (String, u64);

/// What the services answered about one lot, all as of one position and instant.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// The lot and its whole path.
    pub lot: GetLotResponse,
    /// What is known for and against it.
    pub provenance: GetProvenanceResponse,
    /// Where it was dug, by site and operator.
    pub origins: Vec<custody::Origin>,
    /// Whether a permit covered each of them, in their order.
    pub permits: Vec<Option<Permit>>,
    /// How organizations stood and stand.
    pub standings: BTreeMap<AskedAs, StandingEntry>,
    /// Steps of lots that it was made of, where documents are asked for.
    pub steps_before: Vec<LotStep>,
    /// How many lots it was made of were not asked about, and should have been.
    pub left_out: u32,
}

impl Gathered {
    /// The facts.
    pub fn facts(&self) -> Result<Facts> {
        let lot = present("lot", self.lot.lot.as_ref())?;
        let seen = &self.provenance;
        let origins = self.origins.iter().zip(&self.permits);
        let steps = self.lot.path.iter().chain(&self.steps_before);
        let more = u32::from(seen.more_holds) + u32::from(seen.more_suspects);
        Ok(Facts {
            lot: read("lot", &lot.lot_id)?,
            position: StreamPosition::new(self.lot.position),
            today: Timestamp::from_unix_ms(self.lot.evaluated_at_unix_ms).date(),
            custodian: party("custodian", lot.custodian.as_ref())?,
            form: lot.form().try_into()?,
            gross_mass: Mass::from_micrograms(lot.gross_mass_micrograms),
            fine_mass: lot.fine_mass_micrograms.map(Mass::from_micrograms),
            basis: lot.basis().try_into()?,
            custody_model: lot.custody_model().try_into()?,
            declared: self.declared(lot)?,
            state: self.state(lot)?,
            holds: seen.holds.iter().map(hold).collect::<Result<_>>()?,
            suspects: self.suspects()?,
            flags: (seen.own_flags.iter().chain(&seen.inherited_flags))
                .map(flag)
                .collect::<Result<_>>()?,
            documents: steps.filter_map(document).collect::<Result<_>>()?,
            origins: origins
                .map(|(origin, permit)| self.origin(origin, *permit))
                .collect::<Result<_>>()?,
            left_out: self.left_out + more,
        })
    }

    fn declared(&self, lot: &Lot) -> Result<Rests> {
        if let Some(made) = &self.lot.made {
            return rests(made.position, &made.statement_id);
        }
        self.stated_at(lot.declared_position)
    }

    /// The statement on the lot at a position.
    fn stated_at(&self, position: u64) -> Result<Rests> {
        let step = self.lot.path.iter().find(|step| step.position == position);
        rests(position, &present("path", step)?.statement_id)
    }

    fn state(&self, lot: &Lot) -> Result<LotState> {
        let ended = || self.stated_at(lot.ended_position);
        Ok(match lot.state() {
            State::Held => LotState::Held,
            State::Offered => {
                let offer = present("open_offer", lot.open_offer.as_ref())?;
                LotState::Offered {
                    to: party("open_offer.to", offer.to.as_ref())?,
                    rests_on: self.stated_at(offer.since_position)?,
                }
            }
            State::Transformed => LotState::Consumed(ended()?),
            State::Retired => LotState::Retired(ended()?),
            State::Lost => LotState::Lost(ended()?),
            State::Unspecified => return Err(nonsense("state", "unspecified")),
        })
    }

    fn suspects(&self) -> Result<Vec<Suspect>> {
        let suspect = |suspect: &custody::Suspect| {
            Ok(Suspect {
                lot: read("spoke_lot_id", &suspect.spoke_lot_id)?,
                statement: rests(suspect.spoke_position, &suspect.spoke_statement_id)?,
                revoked_by: rests(suspect.revocation_position, &suspect.revocation_statement_id)?,
            })
        };
        self.provenance.suspects.iter().map(suspect).collect()
    }

    fn origin(&self, origin: &custody::Origin, permit: Option<Permit>) -> Result<Origin> {
        let organization = party("operator", origin.operator.as_ref())?;
        let (first, last) = ends(origin)?;
        let of = &present("operator", origin.operator.as_ref())?.party_id;
        let mut then = vec![first.position];
        then.extend((first.position != last.position).then_some(last.position));
        let standings = then.into_iter().filter_map(|position| self.standing(of, position));
        Ok(Origin {
            site: site(origin.site.as_ref())?,
            organization,
            country: country(&origin.country)?,
            fine_mass: origin.fine_mass_micrograms.map(Mass::from_micrograms),
            first: declaration(first)?,
            last: declaration(last)?,
            permit,
            standings_then: standings.collect::<Result<_>>()?,
            standing_now: self.standing(of, 0).transpose()?,
        })
    }

    fn standing(&self, of: &str, position: u64) -> Option<Result<StandingFacts>> {
        let entry = self.standings.get(&(of.to_owned(), position))?;
        Some(standing(entry, entry.standing.as_ref()?))
    }

    /// Whether a lot behind it was declared without a permit.
    #[must_use]
    pub fn has_no_permit_flag(&self) -> bool {
        let seen = &self.provenance;
        let mut flags = seen.own_flags.iter().chain(&seen.inherited_flags);
        flags.any(|flag| flag.first.as_ref().is_some_and(|first| first.kind == NO_PERMIT))
    }
}

/// The first and the last declaration of an origin.
pub fn ends(origin: &custody::Origin) -> Result<(&custody::Declaration, &custody::Declaration)> {
    Ok((
        present("first", origin.first.as_ref())?,
        present("last", origin.last.as_ref())?,
    ))
}

/// The day on which a declaration was admitted.
#[must_use]
pub fn day(declared: &custody::Declaration) -> Date {
    Timestamp::from_unix_ms(declared.admitted_at_unix_ms).date()
}

/// What follows about every declaration from the permit at the last one: that it was in force, where it already was as it
/// stands before the first; else nothing, and the permits as of then must be looked at.
pub fn settled(origin: &custody::Origin) -> Result<Option<Permit>> {
    let (first, last) = ends(origin)?;
    let Some(then) = &origin.permit_then else {
        return Ok(None);
    };
    let is_old = then.position <= first.position && read::<Date>("permit_then.from", &then.from)? <= day(first);
    let in_force = Permit::InForce(rests(then.position, &then.statement_id)?);
    Ok((first.position == last.position || is_old).then_some(in_force))
}

/// Whether a permit covered the first and the last declaration: `then` covered the last one, and `recorded` are all of the
/// site as of the first, or as of the last where none covered that.
pub fn looked_up(origin: &custody::Origin, recorded: &[SitePermit]) -> Result<Permit> {
    let at = |permit: &SitePermit| rests(permit.position, &permit.statement_id);
    let newest = recorded.iter().max_by_key(|permit| permit.position);
    let Some(then) = &origin.permit_then else {
        return newest.map_or(Ok(Permit::NoneRecorded), |permit| Ok(Permit::NotInForce(at(permit)?)));
    };
    let (first, _) = ends(origin)?;
    for permit in recorded {
        if is_in_force(permit, day(first))? {
            return Ok(Permit::InForce(at(then)?));
        }
    }
    Ok(Permit::NotInForce(at(newest.unwrap_or(then))?))
}

fn is_in_force(permit: &SitePermit, day: Date) -> Result<bool> {
    let begun = read::<Date>("permit.from", &permit.from)? <= day;
    let ended = !permit.until.is_empty() && read::<Date>("permit.until", &permit.until)? < day;
    Ok(permit.status() == PermitStatus::InForce && begun && !ended)
}

fn hold(hold: &HoldOnLot) -> Result<Hold> {
    Ok(Hold {
        lot: read("source_lot_id", &hold.source_lot_id)?,
        reason: hold.reason.clone(),
        rests_on: rests(hold.position, &hold.statement_id)?,
    })
}

fn flag(flag: &FlagCount) -> Result<Flag> {
    let first = present("first", flag.first.as_ref())?;
    Ok(Flag {
        name: read("kind", &first.kind)?,
        lot: read::<LotId>("lot_id", &first.lot_id)?,
        count: flag.count,
        rests_on: rests(first.position, &first.statement_id)?,
    })
}

fn document(step: &LotStep) -> Option<Result<Document>> {
    let (_, kind) = DOCUMENTS.iter().find(|(event, _)| *event == step.event)?;
    (!step.document_digests.is_empty()).then(|| {
        Ok(Document {
            kind: read("kind", kind)?,
            rests_on: rests(step.position, &step.statement_id)?,
        })
    })
}

fn declaration(declared: &custody::Declaration) -> Result<Declaration> {
    Ok(Declaration {
        rests_on: rests(declared.position, &declared.statement_id)?,
        day: day(declared),
    })
}

fn standing(entry: &StandingEntry, brief: &StandingBrief) -> Result<StandingFacts> {
    let decided = brief.decision.as_ref().map(|decision| {
        Ok::<_, Error>(Decided {
            standing: decision.standing().try_into()?,
            rests_on: stated("decision.rests_on", decision.rests_on.as_ref())?,
        })
    });
    let causes = brief.causes.iter();
    let scenarios = brief.scenarios.iter().map(|scenario| {
        Ok(Scenario {
            slug: read("slug", &scenario.slug)?,
            site: optional("site_id", &scenario.site_id)?,
            rests_on: stated("scenario.rests_on", scenario.rests_on.as_ref())?,
        })
    });
    let incidents = brief.incidents.iter().map(|incident| {
        Ok(Incident {
            incident: read("incident_id", &incident.incident_id)?,
            category: incident.category().try_into()?,
            confidence: incident.confidence().try_into()?,
            severity: incident.severity().try_into()?,
            rests_on: stated("incident.rests_on", incident.rests_on.as_ref())?,
        })
    });
    let plans = brief.plans.iter().map(|plan| {
        Ok(Plan {
            plan: read("plan_id", &plan.plan_id)?,
            is_overdue: plan.is_overdue,
            rests_on: stated("plan.rests_on", plan.rests_on.as_ref())?,
        })
    });
    Ok(StandingFacts {
        position: StreamPosition::new(entry.position),
        day: Timestamp::from_unix_ms(entry.evaluated_at_unix_ms).date(),
        standing: brief.standing().try_into()?,
        since: maybe_stated(brief.since.as_ref())?,
        decided: decided.transpose()?,
        causes: causes
            .filter_map(|cause| maybe_stated(cause.rests_on.as_ref()).transpose())
            .collect::<Result<_>>()?,
        modules: brief.modules.iter().map(module).collect::<Result<_>>()?,
        scenarios: scenarios.collect::<Result<_>>()?,
        scenarios_left_out: brief.scenarios_left_out,
        open_incidents: brief.open_incidents,
        incidents: incidents.collect::<Result<_>>()?,
        open_plans: brief.open_plans,
        overdue_plans: brief.overdue_plans,
        plans: plans.collect::<Result<_>>()?,
        contested: brief.contested,
        contest: maybe_stated(brief.contest.as_ref())?,
    })
}

fn module(brief: &ModuleBrief) -> Result<ModuleFacts> {
    let gate = present("gate", brief.gate.as_ref())?;
    let is_meant = |module: &Module| u32::from(module.number()) == gate.module;
    let unmet = brief.unmet.iter().map(|unmet| {
        Ok(Unmet {
            criterion: read("criterion_slug", &unmet.criterion_slug)?,
            rests_on: maybe_stated(unmet.rests_on.as_ref())?,
        })
    });
    Ok(ModuleFacts {
        module: present("module", Module::ALL.into_iter().find(is_meant))?,
        met: gate.met,
        not_met: gate.mending + gate.overdue + gate.not_met,
        unanswered: gate.unanswered,
        unmet: unmet.collect::<Result<_>>()?,
        weakest: brief.weakest.as_ref().map(word).transpose()?,
        oldest: brief.oldest.as_ref().map(word).transpose()?,
    })
}

fn word(word: &GateWord) -> Result<Word> {
    Ok(Word {
        criterion: read("criterion_slug", &word.criterion_slug)?,
        kind: word.kind().try_into()?,
        day: read("day", &word.day)?,
        rests_on: stated("word.rests_on", word.rests_on.as_ref())?,
    })
}

fn party(what: &'static str, party: Option<&PartyName>) -> Result<Named<event::PartyId>> {
    let party = present(what, party)?;
    Ok(Named {
        id: read(what, &party.party_id)?,
        name: party.name.clone(),
    })
}

fn site(site: Option<&SiteName>) -> Result<Named<event::SiteId>> {
    let site = present("site", site)?;
    Ok(Named {
        id: read("site", &site.site_id)?,
        name: site.name.clone(),
    })
}

/// None where it is not known.
fn country(code: &str) -> Result<Option<Country>> {
    let country: Option<Country> = optional("country", code)?;
    Ok(country.and_then(Country::known))
}

fn stated(what: &'static str, at: Option<&StatementAt>) -> Result<Rests> {
    let at = present(what, at)?;
    rests(at.position, &at.statement_id)
}

fn maybe_stated(at: Option<&StatementAt>) -> Result<Option<Rests>> {
    at.map(|at| rests(at.position, &at.statement_id)).transpose()
}

fn rests(position: u64, statement: &str) -> Result<Rests> {
    Ok(Rests {
        position: StreamPosition::new(position),
        statement: read("statement_id", statement)?,
    })
}

fn present<T>(what: &'static str, field: Option<T>) -> Result<T> {
    field.ok_or_else(|| nonsense(what, "nothing"))
}

fn optional<T: FromStr>(what: &'static str, text: &str) -> Result<Option<T>> {
    if text.is_empty() {
        return Ok(None);
    }
    read(what, text).map(Some)
}

fn read<T: FromStr>(what: &'static str, text: &str) -> Result<T> {
    text.parse().map_err(|_| nonsense(what, text))
}

fn nonsense(what: &'static str, found: impl Into<String>) -> Error {
    Error::Nonsense {
        what,
        found: found.into(),
    }
}
