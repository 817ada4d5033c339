//! What the rules remember: the least that later decisions need.

use event::key::Digest;
use event::vocabulary::{
    AssessmentKind, CatalogueDigest, Confidence, Country, EventKind, FinenessBand, IncidentCategory, Module, PartyKind,
    RevocationReason, Scale, ShortText, Slug, Standing, Subject, Unit,
};
use event::{
    AssessmentId, Date, DeploymentId, IncidentId, LotId, Mass, PartyId, PermitId, PlanId, PublicKey, SiteId,
    StatementId, StreamPosition, Timestamp,
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::digest::absorb;
use crate::flag::Flag;
use crate::lot::{Habits, Handover, Hold, Lot, Proposal, Seal};
use crate::permit::{Capacity, Permit, Production};
use crate::policy::Policy;
use crate::standing::{Answers, Given};
use crate::table::Table;

macro_rules! tables {
    ($($name:ident: $key:ty => $value:ty;)*) => {
        /// State folded from a prefix of the stream.
        #[derive(Clone, Debug, Default)]
        pub struct Ledger {
            pub(crate) staging: bool,
            pub(crate) head: Head,
            $(pub(crate) $name: Table<$key, $value>,)*
        }

        impl Ledger {
            pub(crate) fn keep_staged(&mut self) {
                $(self.$name.keep();)*
            }

            pub(crate) fn forget_staged(&mut self) {
                $(self.$name.forget();)*
            }

            /// Every table, in this order.
            pub(crate) fn absorb_tables(&self, hash: &mut Sha256) {
                $(absorb(hash, &self.$name);)*
            }
        }
    };
}

tables! {
    parties: PartyId => Party;
    keys: PublicKey => Key;
    delegations: Between => Delegation;
    sites: SiteId => Site;
    sites_of: PartyId => Vec<SiteId>;
    catalogues: CatalogueDigest => Catalogue;
    versions: (Slug, ShortText) => CatalogueDigest;
    references: Digest => ();
    assessments: AssessmentId => Assessment;
    findings: FindingKey => Given;
    answers: Subject => Answers;
    conducts: PartyId => Conduct;
    plans: PlanId => Plan;
    incidents: IncidentId => Incident;
    lots: LotId => Lot;
    seals: ShortText => Seal;
    permits: PermitId => Permit;
    permits_of: SiteId => Vec<PermitId>;
    capacities: SiteId => Capacity;
    productions: SiteId => Production;
    habits: PartyId => Habits;
    documents: Digest => LotId;
    assays: (LotId, PartyId) => StatementId;
    handovers: LotId => Handover;
    proposals: LotId => Proposal;
    holds: LotId => Hold;
    reached: (LotId, LotId) => ();
    reaches: (LotId, LotId) => ();
}

/// The single values beside the tables.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Head {
    pub(crate) position: StreamPosition,
    pub(crate) clock: Timestamp,
    pub(crate) deployment: Option<DeploymentId>,
    pub(crate) policy: Policy,
    /// Keys of schemes that are not revoked.
    pub(crate) scheme_keys: u32,
    /// How many criteria and indicators were ever numbered.
    pub(crate) numbered: u32,
    /// The catalogue that standings follow from: the last one with gates that a scheme published.
    pub(crate) gating: Option<CatalogueDigest>,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            position: StreamPosition::START,
            clock: Timestamp::MIN,
            deployment: None,
            policy: Policy::default(),
            scheme_keys: 0,
            numbered: 0,
            gating: None,
        }
    }
}

impl Ledger {
    /// Before the first record.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many records it has seen.
    #[must_use]
    pub const fn position(&self) -> StreamPosition {
        self.head.position
    }

    /// When the latest admitted record was admitted.
    #[must_use]
    pub const fn clock(&self) -> Timestamp {
        self.head.clock
    }

    /// The deployment, once founded.
    #[must_use]
    pub const fn deployment(&self) -> Option<DeploymentId> {
        self.head.deployment
    }

    /// The terms in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.head.policy
    }

    /// The catalogue that standings follow from, once a scheme published one with gates.
    #[must_use]
    pub const fn gating(&self) -> Option<CatalogueDigest> {
        self.head.gating
    }

    /// A party.
    #[must_use]
    pub fn party(&self, id: &PartyId) -> Option<&Party> {
        self.parties.get(id)
    }

    /// A key that was ever authorized.
    #[must_use]
    pub fn key(&self, key: &PublicKey) -> Option<&Key> {
        self.keys.get(key)
    }

    /// What one party may say in another one's name, or might once.
    #[must_use]
    pub fn delegation(&self, between: &Between) -> Option<&Delegation> {
        self.delegations.get(between)
    }

    /// A site.
    #[must_use]
    pub fn site(&self, id: &SiteId) -> Option<&Site> {
        self.sites.get(id)
    }

    /// The sites that a party works, in the order of their registration.
    #[must_use]
    pub fn sites_of(&self, operator: &PartyId) -> &[SiteId] {
        self.sites_of.get(operator).map_or(&[], Vec::as_slice)
    }

    /// A catalogue version.
    #[must_use]
    pub fn catalogue(&self, digest: &CatalogueDigest) -> Option<&Catalogue> {
        self.catalogues.get(digest)
    }

    /// An assessment.
    #[must_use]
    pub fn assessment(&self, id: &AssessmentId) -> Option<&Assessment> {
        self.assessments.get(id)
    }

    /// What was found about a subject on the gates.
    #[must_use]
    pub fn answers(&self, subject: &Subject) -> Option<&Answers> {
        self.answers.get(subject)
    }

    /// What an organization did about what was found.
    #[must_use]
    pub fn conduct(&self, organization: &PartyId) -> Option<&Conduct> {
        self.conducts.get(organization)
    }

    /// A plan.
    #[must_use]
    pub fn plan(&self, id: &PlanId) -> Option<&Plan> {
        self.plans.get(id)
    }

    /// An incident.
    #[must_use]
    pub fn incident(&self, id: &IncidentId) -> Option<&Incident> {
        self.incidents.get(id)
    }

    /// A lot.
    #[must_use]
    pub fn lot(&self, id: &LotId) -> Option<&Lot> {
        self.lots.get(id)
    }

    /// A seal or sample, by its number.
    #[must_use]
    pub fn seal(&self, number: &ShortText) -> Option<&Seal> {
        self.seals.get(number)
    }

    /// The hold on a lot itself.
    #[must_use]
    pub fn hold(&self, lot: &LotId) -> Option<&Hold> {
        self.holds.get(lot)
    }

    /// Whether a lot, or one that it was made of, is held.
    #[must_use]
    pub fn is_held(&self, lot: &LotId) -> bool {
        let of_lot = (*lot, LotId::from_bytes([0; 16]))..=(*lot, LotId::from_bytes([0xff; 16]));
        self.reached.last_of(of_lot).next().is_some()
    }

    /// A permit.
    #[must_use]
    pub fn permit(&self, id: &PermitId) -> Option<&Permit> {
        self.permits.get(id)
    }

    /// The permits that cover a site, in the order in which they were recorded.
    #[must_use]
    pub fn permits_of(&self, site: &SiteId) -> &[PermitId] {
        self.permits_of.get(site).map_or(&[], Vec::as_slice)
    }

    /// What a site can give.
    #[must_use]
    pub fn capacity(&self, site: &SiteId) -> Option<&Capacity> {
        self.capacities.get(site)
    }

    /// What a site gave in the last months.
    #[must_use]
    pub fn production(&self, site: &SiteId) -> Option<&Production> {
        self.productions.get(site)
    }

    /// Who answers for a subject: the organization itself, or the site's operator.
    #[must_use]
    pub fn owner(&self, subject: &Subject) -> Option<PartyId> {
        match subject {
            Subject::Party(party) => self.party(party).map(|_| *party),
            Subject::Site(site) => self.site(site).map(|site| site.operator),
        }
    }

    /// Whether standings can hang on a catalogue's criteria: those that a scheme asks.
    #[must_use]
    pub fn has_gates(&self, catalogue: &Catalogue) -> bool {
        let by_scheme = self
            .party(&catalogue.by)
            .is_some_and(|party| party.kind == PartyKind::Scheme);
        by_scheme && catalogue.criteria.iter().any(Criterion::is_gate)
    }

    /// Passes over records that change nothing, to `position`.
    ///
    /// # Panics
    /// If `position` lies behind: a prefix does not shrink.
    pub fn skip_to(&mut self, position: StreamPosition) {
        assert!(
            self.head.position <= position,
            "a ledger does not go back from {} to {position}",
            self.head.position
        );
        self.head.position = position;
    }

    pub(crate) fn change(&mut self, change: &Change) {
        let staging = self.staging;
        match change {
            Change::Founded(deployment) => self.head.deployment = Some(*deployment),
            Change::Policy(policy) => self.head.policy = *policy,
            Change::SchemeKeys(count) => self.head.scheme_keys = *count,
            Change::Numbered(count) => self.head.numbered = *count,
            Change::Gating(digest) => self.head.gating = Some(*digest),
            Change::Party(id, party) => self.parties.insert(staging, *id, *party),
            Change::Key(id, key) => self.keys.insert(staging, *id, *key),
            Change::Delegation(between, delegation) => self.delegations.insert(staging, *between, delegation.clone()),
            Change::Site(id, site) => self.sites.insert(staging, *id, *site),
            Change::SitesOf(operator, sites) => self.sites_of.insert(staging, *operator, sites.clone()),
            Change::Catalogue(digest, catalogue) => {
                self.versions
                    .insert(staging, (catalogue.slug.clone(), catalogue.version.clone()), *digest);
                self.catalogues.insert(staging, *digest, catalogue.clone());
            }
            Change::Reference(digest) => self.references.insert(staging, *digest, ()),
            Change::Assessment(id, assessment) => self.assessments.insert(staging, *id, *assessment),
            Change::Finding(key, Some(given)) => self.findings.insert(staging, *key, *given),
            Change::Finding(key, None) => self.findings.remove(staging, *key),
            Change::Answers(subject, answers) => self.answers.insert(staging, *subject, answers.clone()),
            Change::Conduct(organization, conduct) => self.conducts.insert(staging, *organization, conduct.clone()),
            Change::Plan(id, plan) => self.plans.insert(staging, *id, plan.clone()),
            Change::Incident(id, incident) => self.incidents.insert(staging, *id, *incident),
            Change::Lot(id, lot) => self.lots.insert(staging, *id, **lot),
            Change::Seal(number, seal) => self.seals.insert(staging, number.clone(), *seal),
            Change::Permit(id, permit) => self.permits.insert(staging, *id, permit.clone()),
            Change::PermitsOf(site, permits) => self.permits_of.insert(staging, *site, permits.clone()),
            Change::Capacity(site, capacity) => self.capacities.insert(staging, *site, *capacity),
            Change::Production(site, production) => self.productions.insert(staging, *site, production.clone()),
            Change::Habits(party, habits) => self.habits.insert(staging, *party, *habits),
            Change::Document(digest, lot) => self.documents.insert(staging, *digest, *lot),
            Change::Assay(lot, assayer, statement) => self.assays.insert(staging, (*lot, *assayer), *statement),
            Change::Handover(lot, handover) => self.handovers.insert(staging, *lot, *handover),
            Change::Proposal(lot, proposal) => self.proposals.insert(staging, *lot, *proposal),
            Change::Hold(lot, Some(hold)) => self.holds.insert(staging, *lot, *hold),
            Change::Hold(lot, None) => self.holds.remove(staging, *lot),
            Change::Reached { lot, source, held } if *held => {
                self.reached.insert(staging, (*lot, *source), ());
                self.reaches.insert(staging, (*source, *lot), ());
            }
            Change::Reached { lot, source, .. } => {
                self.reached.remove(staging, (*lot, *source));
                self.reaches.remove(staging, (*source, *lot));
            }
            // Effects for those who look; no later decision needs them.
            Change::Flow(_) | Change::Flag(_) => {}
        }
    }
}

/// One effect of an admitted statement: the new value of what it touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The deployment has its id.
    Founded(DeploymentId),
    /// The terms in force.
    Policy(Policy),
    /// Keys of schemes that are not revoked.
    SchemeKeys(u32),
    /// How many criteria and indicators were ever numbered.
    Numbered(u32),
    /// The catalogue that standings follow from here on.
    Gating(CatalogueDigest),
    /// A party.
    Party(PartyId, Party),
    /// A key.
    Key(PublicKey, Key),
    /// What one party may say in another one's name.
    Delegation(Between, Delegation),
    /// A site.
    Site(SiteId, Site),
    /// The sites that a party works.
    SitesOf(PartyId, Vec<SiteId>),
    /// A catalogue version.
    Catalogue(CatalogueDigest, Catalogue),
    /// A reference that is taken from here on; a digest of kind, source and value.
    Reference(Digest),
    /// An assessment.
    Assessment(AssessmentId, Assessment),
    /// What an assessment found on a gate; nothing, once it is taken back.
    Finding(FindingKey, Option<Given>),
    /// What stands for a subject on the gates.
    Answers(Subject, Answers),
    /// What an organization did about it.
    Conduct(PartyId, Conduct),
    /// A plan.
    Plan(PlanId, Plan),
    /// An incident.
    Incident(IncidentId, Incident),
    /// A lot.
    Lot(LotId, Box<Lot>),
    /// A seal or sample, and how it is.
    Seal(ShortText, Seal),
    /// A permit.
    Permit(PermitId, Permit),
    /// The permits that cover a site.
    PermitsOf(SiteId, Vec<PermitId>),
    /// What a site can give.
    Capacity(SiteId, Capacity),
    /// What a site gave in the last months.
    Production(SiteId, Production),
    /// What a party does again and again.
    Habits(PartyId, Habits),
    /// A document, and the first lot that it was named for.
    Document(Digest, LotId),
    /// The latest assay of a lot by a party.
    Assay(LotId, PartyId, StatementId),
    /// The latest handover of a lot.
    Handover(LotId, Handover),
    /// The latest correction that was proposed for a lot.
    Proposal(LotId, Proposal),
    /// The hold on a lot itself; nothing, once it is released.
    Hold(LotId, Option<Hold>),
    /// Whether the hold on `source` reaches `lot`, which is the same or was made of it.
    Reached {
        /// Which lot does not move.
        lot: LotId,
        /// Which one is held.
        source: LotId,
        /// Whether it is.
        held: bool,
    },
    /// How gold went from lots into others.
    Flow(Box<Flow>),
    /// What deserves a second look.
    Flag(Flag),
}

/// How gold went from lots into others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// What went in, with its gold, in increasing order.
    pub inputs: Vec<(LotId, Mass)>,
    /// What came out, with its gold, in the order of the statement.
    pub outputs: Vec<(LotId, Mass)>,
    /// The gold that was stated to be lost.
    pub lost: Mass,
}

/// A party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Party {
    /// What it does.
    pub kind: PartyKind,
    /// Where it is at home; none where it is at home in no country, as a scheme may be.
    pub country: Option<Country>,
    /// The last day on which it may assess as a third party.
    pub accredited_until: Option<Date>,
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    /// For whom it speaks.
    pub party: PartyId,
    /// The number of its latest admitted statement; 0 before the first.
    pub number: u64,
    /// Whether and when it was revoked.
    pub revoked: Option<Revocation>,
}

/// The end of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Revocation {
    /// At which position.
    pub position: StreamPosition,
    /// Why.
    pub reason: RevocationReason,
}

/// Two parties of a delegation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Between {
    /// In whose name.
    pub from: PartyId,
    /// Who speaks.
    pub to: PartyId,
}

/// What one party may say in another one's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delegation {
    /// Statements of these kinds, in increasing order.
    pub kinds: Vec<EventKind>,
    /// About these sites, in increasing order; none means about everything.
    pub sites: Vec<SiteId>,
    /// How much gross mass it may still declare, where that is limited.
    pub gross_mass_left: Option<Mass>,
    /// The last day.
    pub until: Date,
    /// Whether it was taken back.
    pub revoked: bool,
}

/// A site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Who works it.
    pub operator: PartyId,
    /// Where it is.
    pub country: Country,
    /// Between which finenesses its gold is expected.
    pub fineness_band: Option<FinenessBand>,
}

/// A catalogue version: what answers must look like, and what they decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Who published it.
    pub by: PartyId,
    /// Which catalogue.
    pub slug: Slug,
    /// Which version.
    pub version: ShortText,
    /// Its criteria, in order.
    pub criteria: Vec<Criterion>,
    /// Its indicators, in order.
    pub indicators: Vec<Indicator>,
}

/// The number of a criterion or an indicator, the same in every version that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CriterionNumber(pub u32);

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its number.
    pub number: CriterionNumber,
    /// What an answer looks like.
    pub scale: Scale,
    /// Which module it belongs to.
    pub module: Option<Module>,
}

impl Criterion {
    /// Whether a standing can hang on it, where a scheme asks it.
    #[must_use]
    pub fn is_gate(&self) -> bool {
        self.module.is_some_and(|module| module != Module::Improvement)
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Its number.
    pub number: CriterionNumber,
    /// In what.
    pub unit: Unit,
}

/// An assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Who submitted it.
    pub by: PartyId,
    /// Whose key signed it: the same, or one that speaks for it.
    pub signer: PartyId,
    /// About whom or what.
    pub subject: Subject,
    /// Who looked.
    pub kind: AssessmentKind,
    /// The last day it speaks about.
    pub day: Date,
    /// Where it stands.
    pub position: StreamPosition,
    /// Under which catalogue.
    pub catalogue: CatalogueDigest,
    /// On which criteria it has a finding.
    pub found: CriterionSet,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// Places in a catalogue, of [`CRITERIA_MAX`](event::vocabulary::CRITERIA_MAX) = 4 × 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CriterionSet([u64; 4]);

impl CriterionSet {
    /// Whether it holds this place.
    #[must_use]
    pub fn contains(&self, place: u16) -> bool {
        let word = self.0.get(usize::from(place / 64));
        word.is_some_and(|word| word & (1 << (place % 64)) != 0)
    }
}

impl FromIterator<u16> for CriterionSet {
    /// Places beyond the end of the longest catalogue are left out.
    fn from_iter<I: IntoIterator<Item = u16>>(places: I) -> Self {
        let mut set = Self::default();
        for place in places {
            if let Some(word) = set.0.get_mut(usize::from(place / 64)) {
                *word |= 1 << (place % 64);
            }
        }
        set
    }
}

/// Where what was found on a gate is kept: what stands again when it is taken back lies right before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FindingKey {
    /// About whom or what.
    pub subject: Subject,
    /// Who looked.
    pub kind: AssessmentKind,
    /// On which criterion.
    pub number: CriterionNumber,
    /// The last day it speaks about.
    pub day: Date,
    /// Where it stands.
    pub position: StreamPosition,
}

/// What an organization did about what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conduct {
    /// Its latest report.
    pub reported: Option<Reported>,
    /// The scheme's latest decision about it.
    pub decided: Option<Decided>,
    /// What a plan was adopted for and is not met yet, in the order of the numbers.
    pub clocks: Vec<Clock>,
    /// Clocks that ended, in the order of the numbers: they go on where the finding that ended them is taken back.
    pub ended: Vec<Clock>,
    /// Open incidents of module 3 that are known or founded, here and at its sites.
    pub grave: u32,
    /// Since which position there is at least one.
    pub grave_since: Option<StreamPosition>,
}

impl Conduct {
    /// Starts a clock, unless one is running: a new plan does not set it back.
    pub(crate) fn start(&mut self, clock: Clock) {
        if let Err(place) = place_of(&self.clocks, clock.number) {
            take(&mut self.ended, clock.number);
            self.clocks.insert(place, clock);
        }
    }

    /// Ends the clock of what is met.
    pub(crate) fn end(&mut self, number: CriterionNumber) {
        let Some(clock) = take(&mut self.clocks, number) else {
            return;
        };
        if let Err(place) = place_of(&self.ended, number) {
            self.ended.insert(place, clock);
        }
    }

    /// Lets the clock go on of what turns out not to have been met.
    pub(crate) fn resume(&mut self, number: CriterionNumber) {
        let Some(clock) = take(&mut self.ended, number) else {
            return;
        };
        self.start(clock);
    }
}

fn place_of(clocks: &[Clock], number: CriterionNumber) -> Result<usize, usize> {
    clocks.binary_search_by_key(&number, |clock| clock.number)
}

fn take(clocks: &mut Vec<Clock>, number: CriterionNumber) -> Option<Clock> {
    place_of(clocks, number).ok().map(|place| clocks.remove(place))
}

/// The latest report that spoke about later days than those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// Where it stands.
    pub position: StreamPosition,
    /// When it was admitted.
    pub at: Timestamp,
    /// The last day it speaks about.
    pub to: Date,
}

/// A decision of the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Where it stands.
    pub position: StreamPosition,
    /// When it was admitted.
    pub at: Timestamp,
    /// What it says.
    pub standing: Standing,
}

/// Since when something is being mended. Neither an extension nor another plan sets it back; only being met ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What.
    pub number: CriterionNumber,
    /// When the first plan for it was admitted.
    pub since: Timestamp,
    /// Where that plan stands.
    pub position: StreamPosition,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Whose.
    pub of: PartyId,
    /// When each milestone is due.
    pub due: Vec<Date>,
    /// Whether it ended.
    pub closed: bool,
}

/// An incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// Whom or where it concerns.
    pub subject: Subject,
    /// Who answers for it.
    pub owner: PartyId,
    /// Who reported it.
    pub by: PartyId,
    /// What it is.
    pub category: IncidentCategory,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether it ended.
    pub closed: bool,
}

impl Incident {
    /// Whether trade must end while it is so.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        !self.closed
            && self.category.module() == Module::Disengagement
            && Confidence::FoundedSuspicion <= self.confidence
    }
}
