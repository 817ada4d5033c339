//! How organizations and sites are doing: `veta.progress.v1`.

use event::vocabulary::{self, Country, Line, Module, Pillar as PillarWord, Slug, Standing as StandingWord, Subject};
use event::{PartyId, SiteId, StreamPosition, Timestamp};
use ledger::CriterionNumber;

use crate::invalid::{FieldError, InvalidMessage, optional, required, twins};
use crate::limits::{FILTER_VALUES_MAX, STANDINGS_MAX};
use crate::read::{Page, ReadAt, reachable};

pub use crate::generated::veta::progress::v1::*;

/// As of which position and instant a request is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AsOf {
    /// At which position.
    pub at: ReadAt,
    /// At which instant; `None` where only the position, or the present, is meant.
    pub instant: Option<Timestamp>,
}

/// One thing, by its id or by its number in somebody else's register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named<Id> {
    /// By its id.
    Id(Id),
    /// By its number in somebody else's register.
    Reference(vocabulary::Reference),
}

/// A [`GetSiteRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteQuery {
    /// Which site.
    pub site: Named<SiteId>,
    /// As of when.
    pub as_of: AsOf,
}

/// A [`ListSitesRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitesQuery {
    /// Only those that this party works.
    pub operator: Option<PartyId>,
    /// Only those with this in their names, however it is written.
    pub name_contains: Option<Line>,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// A [`GetOrganizationRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationQuery {
    /// Which organization.
    pub organization: Named<PartyId>,
    /// As of when.
    pub as_of: AsOf,
}

/// A [`ListOrganizationsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationsQuery {
    /// Which of them.
    pub filter: OrganizationsFilter,
    /// In which order.
    pub sort: OrganizationSort,
    /// The other way round.
    pub is_descending: bool,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// Which parties a list holds: those of which everything holds that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganizationsFilter {
    /// With this in their names, however it is written.
    pub name_contains: Option<Line>,
    /// Of this kind.
    pub kind: Option<vocabulary::PartyKind>,
    /// At home in this country.
    pub country: Option<Country>,
    /// With a site in this area.
    pub area: Option<Line>,
    /// Whose standing follows as one of these; empty for all.
    pub standings: Vec<StandingWord>,
    /// About which the scheme decided one of these last; empty for all.
    pub decided: Vec<StandingWord>,
    /// That meet all of these modules.
    pub modules_met: Vec<Module>,
    /// To which this legitimacy scenario applies.
    pub scenario: Option<Slug>,
    /// With incidents like this.
    pub incidents: Option<IncidentFilter>,
    /// Whose newest answer is so.
    pub freshness: Option<FreshnessState>,
    /// With, or without, an overdue milestone.
    pub overdue: Option<bool>,
    /// That reach all of these levels.
    pub pillar_levels: Vec<(PillarWord, u32)>,
}

/// A [`ListAssessmentsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentsQuery {
    /// Whose history.
    pub subject: Subject,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// A [`ListAnswersRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswersQuery {
    /// About whom or what.
    pub subject: Subject,
    /// Which criterion.
    pub number: CriterionNumber,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// A [`ListMeasurementsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasurementsQuery {
    /// About whom or what.
    pub subject: Subject,
    /// Which indicator; `None` for all.
    pub number: Option<CriterionNumber>,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// A [`ListPlansRequest`] or a [`ListIncidentsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConductQuery {
    /// Whose.
    pub organization: PartyId,
    /// Only what is open.
    pub open_only: bool,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// A [`CompareOrganizationsRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComparisonQuery {
    /// The left side.
    pub left: SideQuery,
    /// The right side.
    pub right: SideQuery,
}

/// One side of a comparison, or one of many standings, in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideQuery {
    /// Which organization.
    pub organization: PartyId,
    /// As of when.
    pub as_of: AsOf,
}

/// A [`GetStandingsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingsQuery {
    /// Of whom, and as of when: 1 to [`STANDINGS_MAX`].
    pub asked: Vec<SideQuery>,
}

/// A [`WatchChangesRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangesQuery {
    /// Only what touches this organization.
    pub organization: Option<PartyId>,
    /// After which position.
    pub after: StreamPosition,
}

impl AsOf {
    /// From `as_of_position`, `as_of_unix_ms` and `at_least_position`, where 0 means none.
    pub fn new(position: u64, unix_ms: i64, at_least: u64) -> Result<Self, InvalidMessage> {
        Ok(Self {
            at: ReadAt::new(position, at_least)?,
            instant: (unix_ms != 0).then_some(Timestamp::from_unix_ms(unix_ms)),
        })
    }

    /// The position and the instant that are meant, where a view has reached `reached` and a wall clock says
    /// `wall_clock`. `admitted` gives the last record up to a position, and when it was admitted: that never goes back.
    pub fn meant<E>(
        self,
        reached: StreamPosition,
        wall_clock: Timestamp,
        mut admitted: impl FnMut(StreamPosition) -> Result<Option<(StreamPosition, Timestamp)>, E>,
    ) -> Result<(StreamPosition, Timestamp), E> {
        let at = self.at.as_of.unwrap_or(reached);
        let latest = admitted(at)?.map_or(Timestamp::from_unix_ms(0), |(_, admitted_at)| admitted_at);
        let now = match self.instant {
            Some(instant) => instant,
            None if self.at.as_of.is_some() => latest,
            // The clock of whoever admits is the one that counts: ours may be behind it.
            None => wall_clock.max(latest),
        };
        if latest <= now {
            return Ok((at, now));
        }
        let (mut low, mut high) = (0, at.get());
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            match admitted(StreamPosition::new(middle))? {
                Some((position, admitted_at)) if now < admitted_at => high = position.get() - 1,
                _ => low = middle,
            }
        }
        Ok((StreamPosition::new(low), now))
    }

    /// With the page of a list that is true of one position and instant.
    pub(crate) fn page(self, size: u32, token: &str) -> Result<(Page, Self), InvalidMessage> {
        let (page, at) = Page::new(size, token, self.at)?;
        let Some(key) = &page.after else {
            return Ok((page, self));
        };
        let (instant, key) = key.split_first_chunk().ok_or(InvalidMessage::PageToken)?;
        let instant = Timestamp::from_unix_ms(i64::from_be_bytes(*instant));
        if self.instant.is_some_and(|asked| asked != instant) {
            return Err(InvalidMessage::PageToken);
        }
        let page = Page {
            size: page.size,
            after: Some(key.to_vec()),
        };
        let instant = Some(instant);
        Ok((page, Self { at, instant }))
    }
}

/// The `next_page_token` behind the row of this key, of a list that is true of a position and an instant.
#[must_use]
pub fn page_token(position: StreamPosition, evaluated_at: Timestamp, key: &[u8]) -> String {
    Page::token(position, &[&evaluated_at.unix_ms().to_be_bytes(), key].concat())
}

impl TryFrom<GetSiteRequest> for SiteQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetSiteRequest) -> Result<Self, InvalidMessage> {
        let site = match request.site.ok_or(InvalidMessage::Missing("site"))? {
            get_site_request::Site::SiteId(id) => Named::Id(required("site_id", &id)?),
            get_site_request::Site::Reference(reference) => Named::Reference((&reference).try_into()?),
        };
        Ok(Self {
            site,
            as_of: AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?,
        })
    }
}

impl TryFrom<ListSitesRequest> for SitesQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListSitesRequest) -> Result<Self, InvalidMessage> {
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?;
        let (page, as_of) = as_of.page(request.page_size, &request.page_token)?;
        Ok(Self {
            operator: optional("operator_id", &request.operator_id)?,
            name_contains: optional("name_contains", &request.name_contains)?,
            as_of,
            page,
        })
    }
}

impl TryFrom<ListCataloguesRequest> for AsOf {
    type Error = InvalidMessage;

    fn try_from(request: ListCataloguesRequest) -> Result<Self, InvalidMessage> {
        Self::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)
    }
}

impl TryFrom<GetOrganizationRequest> for OrganizationQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetOrganizationRequest) -> Result<Self, InvalidMessage> {
        use get_organization_request::Organization as Asked;
        let organization = match request.organization.ok_or(InvalidMessage::Missing("organization"))? {
            Asked::PartyId(id) => Named::Id(required("party_id", &id)?),
            Asked::Reference(reference) => Named::Reference((&reference).try_into()?),
        };
        Ok(Self {
            organization,
            as_of: AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?,
        })
    }
}

impl TryFrom<ListOrganizationsRequest> for OrganizationsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListOrganizationsRequest) -> Result<Self, InvalidMessage> {
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?;
        let (page, as_of) = as_of.page(request.page_size, &request.page_token)?;
        Ok(Self {
            sort: known("sort", request.sort)?,
            is_descending: request.descending,
            filter: request.try_into()?,
            as_of,
            page,
        })
    }
}

impl TryFrom<ListOrganizationsRequest> for OrganizationsFilter {
    type Error = InvalidMessage;

    fn try_from(request: ListOrganizationsRequest) -> Result<Self, InvalidMessage> {
        let kind: PartyKind = known("kind", request.kind)?;
        let incidents = known("incidents", request.incidents)?;
        let freshness = known("freshness", request.freshness)?;
        Ok(Self {
            name_contains: optional("name_contains", &request.name_contains)?,
            kind: set(kind).map(TryInto::try_into).transpose()?,
            country: optional("country", &request.country)?,
            area: optional("area", &request.area)?,
            standings: standings("standings", &request.standings)?,
            decided: standings("decided_standings", &request.decided_standings)?,
            modules_met: few("modules_met", &request.modules_met, |number| gate(*number))?,
            scenario: optional("scenario_slug", &request.scenario_slug)?,
            incidents: set(incidents),
            freshness: set(freshness),
            overdue: request.overdue,
            pillar_levels: few("pillar_levels", &request.pillar_levels, |level| {
                Ok((level.pillar().try_into()?, level.level_min))
            })?,
        })
    }
}

impl TryFrom<ListAssessmentsRequest> for AssessmentsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListAssessmentsRequest) -> Result<Self, InvalidMessage> {
        let subject = match request.subject.ok_or(InvalidMessage::Missing("subject"))? {
            list_assessments_request::Subject::SiteId(id) => Subject::Site(required("site_id", &id)?),
            list_assessments_request::Subject::PartyId(id) => Subject::Party(required("party_id", &id)?),
        };
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?;
        let (page, as_of) = as_of.page(request.page_size, &request.page_token)?;
        Ok(Self { subject, as_of, page })
    }
}

impl TryFrom<ListAnswersRequest> for AnswersQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListAnswersRequest) -> Result<Self, InvalidMessage> {
        let subject = match request.subject.ok_or(InvalidMessage::Missing("subject"))? {
            list_answers_request::Subject::SiteId(id) => Subject::Site(required("site_id", &id)?),
            list_answers_request::Subject::PartyId(id) => Subject::Party(required("party_id", &id)?),
        };
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?;
        let (page, as_of) = as_of.page(request.page_size, &request.page_token)?;
        Ok(Self {
            subject,
            number: CriterionNumber(request.criterion_number),
            as_of,
            page,
        })
    }
}

impl TryFrom<ListMeasurementsRequest> for MeasurementsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListMeasurementsRequest) -> Result<Self, InvalidMessage> {
        let subject = match request.subject.ok_or(InvalidMessage::Missing("subject"))? {
            list_measurements_request::Subject::SiteId(id) => Subject::Site(required("site_id", &id)?),
            list_measurements_request::Subject::PartyId(id) => Subject::Party(required("party_id", &id)?),
        };
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?;
        let (page, as_of) = as_of.page(request.page_size, &request.page_token)?;
        Ok(Self {
            subject,
            number: request.indicator_number.map(CriterionNumber),
            as_of,
            page,
        })
    }
}

impl TryFrom<ListPlansRequest> for ConductQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListPlansRequest) -> Result<Self, InvalidMessage> {
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?;
        let (page, as_of) = as_of.page(request.page_size, &request.page_token)?;
        Ok(Self {
            organization: required("party_id", &request.party_id)?,
            open_only: request.open_only,
            as_of,
            page,
        })
    }
}

impl TryFrom<ListIncidentsRequest> for ConductQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListIncidentsRequest) -> Result<Self, InvalidMessage> {
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?;
        let (page, as_of) = as_of.page(request.page_size, &request.page_token)?;
        Ok(Self {
            organization: required("party_id", &request.party_id)?,
            open_only: request.open_only,
            as_of,
            page,
        })
    }
}

impl TryFrom<CompareOrganizationsRequest> for ComparisonQuery {
    type Error = InvalidMessage;

    fn try_from(request: CompareOrganizationsRequest) -> Result<Self, InvalidMessage> {
        let side = |side: Option<Side>, field| {
            let side = side.ok_or(InvalidMessage::Missing(field))?;
            Ok(SideQuery {
                organization: required("party_id", &side.party_id)?,
                as_of: AsOf::new(side.as_of_position, side.as_of_unix_ms, request.at_least_position)?,
            })
        };
        Ok(Self {
            left: side(request.left, "left")?,
            right: side(request.right, "right")?,
        })
    }
}

impl TryFrom<GetStandingsRequest> for StandingsQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetStandingsRequest) -> Result<Self, InvalidMessage> {
        if request.asked.is_empty() {
            return Err(InvalidMessage::Missing("asked"));
        }
        if STANDINGS_MAX < request.asked.len() {
            let max = STANDINGS_MAX;
            return Err(InvalidMessage::at("asked")(FieldError::TooMany { max }));
        }
        let at_least = request.at_least_position;
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, at_least)?;
        let one = |asked: &StandingAsked| {
            Ok(SideQuery {
                organization: required("asked.party_id", &asked.party_id)?,
                as_of: match reachable("asked.as_of_position", asked.as_of_position)? {
                    0 => as_of,
                    position => AsOf::new(position, 0, at_least)?,
                },
            })
        };
        let asked = request.asked.iter().map(one);
        Ok(Self {
            asked: asked.collect::<Result<_, _>>()?,
        })
    }
}

impl TryFrom<WatchChangesRequest> for ChangesQuery {
    type Error = InvalidMessage;

    fn try_from(request: WatchChangesRequest) -> Result<Self, InvalidMessage> {
        Ok(Self {
            organization: optional("party_id", &request.party_id)?,
            after: StreamPosition::new(reachable("after_position", request.after_position)?),
        })
    }
}

/// A value of an enum that this software knows.
fn known<T: TryFrom<i32>>(field: &'static str, value: i32) -> Result<T, InvalidMessage> {
    T::try_from(value).map_err(|_| InvalidMessage::at(field)(FieldError::Unknown))
}

/// A value that is not left unspecified.
fn set<T: Default + PartialEq>(value: T) -> Option<T> {
    (value != T::default()).then_some(value)
}

/// The values of a filter, no more than there may be.
fn few<T, U>(
    field: &'static str,
    values: &[T],
    read: impl Fn(&T) -> Result<U, InvalidMessage>,
) -> Result<Vec<U>, InvalidMessage> {
    if FILTER_VALUES_MAX < values.len() {
        let max = FILTER_VALUES_MAX;
        return Err(InvalidMessage::at(field)(FieldError::TooMany { max }));
    }
    values.iter().map(read).collect()
}

fn standings(field: &'static str, values: &[i32]) -> Result<Vec<StandingWord>, InvalidMessage> {
    few(field, values, |value| {
        known::<Standing>(field, *value)?
            .try_into()
            .map_err(|_| InvalidMessage::at(field)(FieldError::Unknown))
    })
}

/// A module that is met or not.
fn gate(number: u32) -> Result<Module, InvalidMessage> {
    let mut gates = Module::ALL.into_iter().filter(|module| *module != Module::Improvement);
    let module = gates.find(|module| u32::from(module.number()) == number);
    module.ok_or_else(|| InvalidMessage::at("modules_met")(FieldError::Unknown))
}

twins! {
    vocabulary::PartyKind => PartyKind, "kind" {
        MinersOrganization InformalMinersGroup Processor Trader Exporter Carrier Assayer Refiner Buyer Assessor Authority
        Scheme Auditor
    }
    vocabulary::Deposit => Deposit, "deposit" { Unknown Alluvial Eluvial Primary Tailings }
    vocabulary::AssessmentKind => AssessmentKind, "kind" { SelfReported Implementer Monitor ThirdParty }
    vocabulary::Standing => Standing, "standing" { Applicant Registered Candidate Affiliate Suspended Lapsed }
    vocabulary::Pillar => Pillar, "pillar" { Organizational Environmental Social Governance }
    vocabulary::Unit => Unit, "unit" {
        People Items Occurrences Days Hours Milligrams Millilitres SquareMetres WattHours PartsPerMillion
    }
    vocabulary::MilestoneState => MilestoneState, "state" { Started Done Dropped }
    vocabulary::PlanOutcome => PlanOutcome, "outcome" { Achieved Abandoned Replaced }
    vocabulary::IncidentCategory => IncidentCategory, "category" {
        ChildLabour ForcedLabour Torture GrossViolation WarCrime ArmedGroup SecurityForces Bribery OriginFraud
        MoneyLaundering TaxesUnpaid Accident Environment Community Theft Other
    }
    vocabulary::Confidence => Confidence, "confidence" { Allegation FoundedSuspicion Known }
    vocabulary::Severity => Severity, "severity" { Minor Serious Critical }
    vocabulary::IncidentOutcome => IncidentOutcome, "outcome" { Unfounded Remedied Referred }
}

impl Gate {
    /// Whether nobody said that anything in it is not so: where it is not met, then for want of answers alone.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        [self.mending, self.overdue, self.not_met] == [0; 3]
    }
}

impl From<ledger::standing::State> for CriterionState {
    fn from(state: ledger::standing::State) -> Self {
        match state {
            ledger::standing::State::Met => Self::Met,
            ledger::standing::State::Mending => Self::Mending,
            ledger::standing::State::Overdue => Self::Overdue,
            ledger::standing::State::NotMet => Self::NotMet,
            ledger::standing::State::Unanswered => Self::Unanswered,
        }
    }
}

impl From<vocabulary::Cell> for Cell {
    fn from(cell: vocabulary::Cell) -> Self {
        Self {
            south_tenths: cell.south.into(),
            west_tenths: cell.west.into(),
        }
    }
}

impl From<vocabulary::Scale> for Scale {
    fn from(scale: vocabulary::Scale) -> Self {
        let (kind, level_max) = match scale {
            vocabulary::Scale::PassFail => (ScaleKind::PassFail, 0),
            vocabulary::Scale::Observation => (ScaleKind::Observation, 0),
            vocabulary::Scale::Level { max } => (ScaleKind::Level, max.into()),
            vocabulary::Scale::Count => (ScaleKind::Count, 0),
            vocabulary::Scale::Words => (ScaleKind::Words, 0),
            vocabulary::Scale::PassProgressFail => (ScaleKind::PassProgressFail, 0),
            vocabulary::Scale::Scenario => (ScaleKind::Scenario, 0),
        };
        Self {
            kind: kind.into(),
            level_max,
        }
    }
}

impl From<&vocabulary::Answer> for Answer {
    fn from(answer: &vocabulary::Answer) -> Self {
        let said = match answer {
            vocabulary::Answer::NotApplicable(why) => answer::Answer::NotApplicable(why.to_string()),
            vocabulary::Answer::Pass => answer::Answer::Pass(()),
            vocabulary::Answer::Fail => answer::Answer::Fail(()),
            vocabulary::Answer::Observed => answer::Answer::Observed(()),
            vocabulary::Answer::NoneObserved => answer::Answer::NoneObserved(()),
            vocabulary::Answer::Level(level) => answer::Answer::Level((*level).into()),
            vocabulary::Answer::Count(count) => answer::Answer::Count(*count),
            vocabulary::Answer::Words(words) => answer::Answer::Words(words.to_string()),
            vocabulary::Answer::Progress => answer::Answer::Progress(()),
        };
        Self { answer: Some(said) }
    }
}

impl TryFrom<&Answer> for vocabulary::Answer {
    type Error = InvalidMessage;

    fn try_from(answer: &Answer) -> Result<Self, InvalidMessage> {
        let level =
            |level: u32| u8::try_from(level).map_err(|_| InvalidMessage::at("answer.level")(FieldError::Unknown));
        Ok(match answer.answer.as_ref().ok_or(InvalidMessage::Missing("answer"))? {
            answer::Answer::NotApplicable(why) => Self::NotApplicable(required("answer.not_applicable", why)?),
            answer::Answer::Pass(()) => Self::Pass,
            answer::Answer::Fail(()) => Self::Fail,
            answer::Answer::Observed(()) => Self::Observed,
            answer::Answer::NoneObserved(()) => Self::NoneObserved,
            answer::Answer::Level(found) => Self::Level(level(*found)?),
            answer::Answer::Count(count) => Self::Count(*count),
            answer::Answer::Words(words) => Self::Words(required("answer.words", words)?),
            answer::Answer::Progress(()) => Self::Progress,
        })
    }
}
