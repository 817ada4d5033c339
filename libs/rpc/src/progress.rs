//! How organizations and sites are doing: `veta.progress.v1`.

use event::vocabulary::{self, Subject};
use event::{PartyId, SiteId};

use crate::invalid::{FieldError, InvalidMessage, optional, required, twins};
use crate::read::{Page, ReadAt};

pub use crate::generated::veta::progress::v1::*;

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
    /// At which position.
    pub at: ReadAt,
}

/// A [`ListSitesRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitesQuery {
    /// Only those that this party works.
    pub operator: Option<PartyId>,
    /// At which position.
    pub at: ReadAt,
    /// Which rows.
    pub page: Page,
}

/// A [`GetOrganizationRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationQuery {
    /// Which organization.
    pub organization: Named<PartyId>,
    /// At which position.
    pub at: ReadAt,
}

/// A [`ListOrganizationsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationsQuery {
    /// Only those of this kind.
    pub kind: Option<vocabulary::PartyKind>,
    /// At which position.
    pub at: ReadAt,
    /// Which rows.
    pub page: Page,
}

/// A [`ListAssessmentsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentsQuery {
    /// Whose history.
    pub subject: Subject,
    /// At which position.
    pub at: ReadAt,
    /// Which rows.
    pub page: Page,
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
            at: ReadAt::new(request.as_of_position, request.at_least_position)?,
        })
    }
}

impl TryFrom<ListSitesRequest> for SitesQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListSitesRequest) -> Result<Self, InvalidMessage> {
        let at = ReadAt::new(request.as_of_position, request.at_least_position)?;
        let (page, at) = Page::new(request.page_size, &request.page_token, at)?;
        Ok(Self {
            operator: optional("operator_id", &request.operator_id)?,
            at,
            page,
        })
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
            at: ReadAt::new(request.as_of_position, request.at_least_position)?,
        })
    }
}

impl TryFrom<ListOrganizationsRequest> for OrganizationsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListOrganizationsRequest) -> Result<Self, InvalidMessage> {
        let at = ReadAt::new(request.as_of_position, request.at_least_position)?;
        let (page, at) = Page::new(request.page_size, &request.page_token, at)?;
        let kind = PartyKind::try_from(request.kind).map_err(|_| InvalidMessage::at("kind")(FieldError::Unknown))?;
        let kind = if kind == PartyKind::Unspecified {
            None
        } else {
            Some(kind.try_into()?)
        };
        Ok(Self { kind, at, page })
    }
}

impl TryFrom<ListAssessmentsRequest> for AssessmentsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListAssessmentsRequest) -> Result<Self, InvalidMessage> {
        let subject = match request.subject.ok_or(InvalidMessage::Missing("subject"))? {
            list_assessments_request::Subject::SiteId(id) => Subject::Site(required("site_id", &id)?),
            list_assessments_request::Subject::PartyId(id) => Subject::Party(required("party_id", &id)?),
        };
        let at = ReadAt::new(request.as_of_position, request.at_least_position)?;
        let (page, at) = Page::new(request.page_size, &request.page_token, at)?;
        Ok(Self { subject, at, page })
    }
}

twins! {
    vocabulary::PartyKind => PartyKind, "kind" {
        MinersOrganization InformalMinersGroup Processor Trader Exporter Carrier Assayer Refiner Buyer Assessor Authority
        Scheme Auditor
    }
    vocabulary::Deposit => Deposit, "deposit" { Unknown Alluvial Eluvial Primary Tailings }
    vocabulary::AssessmentKind => AssessmentKind, "kind" { SelfReported Implementer Monitor ThirdParty }
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
