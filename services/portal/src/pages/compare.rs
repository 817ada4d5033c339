//! Two organizations, or one as of two times, criterion by criterion.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use event::PartyId;
use rpc::progress::{
    CompareOrganizationsRequest, ComparedAnswer, ComparedCriterion, ComparedSide, CriterionState, Side, Trend,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::organization::view::{Age, Assurance, HowFar, PillarLevels};
use crate::answers::{Answered, Asked, Given, asked, word};
use crate::asked;
use crate::asked::AsOf;
use crate::fields::{self, Fault, Read};
use crate::language::Language;
use crate::shell::{Named, Portal, Shell, word_key};
use crate::sources::Sources;
use crate::trouble::{Takes, Trouble};

/// Two sides, and every criterion that either has an answer to or must meet.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Comparison)]
pub(crate) struct CompareView {
    /// What stands on the left.
    pub(crate) left: SideView,
    /// What stands on the right.
    pub(crate) right: SideView,
    /// The criteria.
    pub(crate) criteria: Vec<Compared>,
    /// How many more there are.
    pub(crate) criteria_left_out: u32,
}

/// One side.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ComparedSide)]
pub(crate) struct SideView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// Who it is.
    pub(crate) organization: Named,
    /// How far it has come; absent for a party that neither digs nor processes.
    pub(crate) standing: Option<HowFar>,
    /// Module 5, pillar by pillar.
    pub(crate) pillars: Vec<PillarLevels>,
    /// By whose word its present answers stand.
    pub(crate) assurance: Assurance,
    /// How old they are.
    pub(crate) freshness: Age,
}

/// One criterion on both sides, each with its sites together: as good as the worst of them.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ComparedCriterion)]
pub(crate) struct Compared {
    /// What is asked.
    pub(crate) asked: Asked,
    /// On the left; absent where nobody answered.
    pub(crate) left: Option<ComparedWord>,
    /// On the right; absent where nobody answered.
    pub(crate) right: Option<ComparedWord>,
    /// What the right one is, seen from the left, such as `trend-better`; empty where the scale does not say.
    pub(crate) trend: String,
}

/// An answer in a comparison.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ComparedAnswer)]
pub(crate) struct ComparedWord {
    /// The answer.
    pub(crate) given: Given,
    /// How far the criterion is, such as `criterion-state-met`; empty where it is of no module from 1 to 4.
    pub(crate) state: String,
}

#[derive(Template)]
#[template(path = "compare.html")]
struct Page<'a> {
    s: &'a Shell,
    view: Option<&'a CompareView>,
    faults: &'a [Fault],
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let read = read(&s, &portal).await?;
    if read.faults.is_empty() && read.query != s.query {
        return Ok(Redirect::to(&s.here(&read.query)).into_response());
    }
    let mut shown = None;
    if read.faults.is_empty() && !s.given("a").is_empty() {
        shown = Some(view(&s, &portal).await?);
    }
    let page = Page {
        s: &s,
        view: shown.as_ref(),
        faults: &read.faults,
    };
    read.page(&s, &page)
}

/// What the fields of the form mean.
async fn read(s: &Shell, portal: &Portal) -> Result<Read, Trouble> {
    let mut read = Read::of(s);
    for field in ["a", "b"] {
        read.party(s, portal, field).await?;
    }
    for field in ["at1", "at2"] {
        read.check(field, Takes::Time, &time(s, field));
    }
    Ok(read)
}

/// What a parameter says as of when; what the page is asked for where it says nothing.
fn time(s: &Shell, at: &str) -> Result<AsOf, Trouble> {
    match s.given(at) {
        "" => Ok(s.as_of),
        text => AsOf::read(text).ok_or_else(|| Trouble::no_time(at)),
    }
}

/// What is compared for this address.
pub(crate) async fn view(s: &Shell, portal: &Portal) -> Result<CompareView, Trouble> {
    let left = s.given("a").trim();
    let right = match s.given("b").trim() {
        "" => left,
        right => right,
    };
    let sources = &portal.sources;
    let left = side(s, sources, left, "at1").await?;
    let right = side(s, sources, right, "at2").await?;
    let ask = |at_least_position| {
        let request = CompareOrganizationsRequest {
            left: Some(left.clone()),
            right: Some(right.clone()),
            at_least_position,
        };
        async move { Ok(sources.progress().compare_organizations(request).await?.into_inner()) }
    };
    let found = sources.sure(None, ask).await?;
    Ok(CompareView {
        left: SideView::of(&found.left.unwrap_or_default()),
        right: SideView::of(&found.right.unwrap_or_default()),
        criteria: found.criteria.iter().map(Compared::of).collect(),
        criteria_left_out: found.criteria_left_out,
    })
}

/// An organization, as of what the parameter says, and else as of what the page is asked for.
async fn side(s: &Shell, sources: &Sources, party: &str, at: &str) -> Result<Side, Trouble> {
    let party: PartyId = asked::id(party)?;
    let as_of = time(s, at)?;
    sources.check_come_to(as_of).await?;
    Ok(Side {
        party_id: party.to_string(),
        as_of_position: as_of.position(),
        as_of_unix_ms: as_of.unix_ms(),
    })
}

impl SideView {
    fn of(side: &ComparedSide) -> Self {
        let organization = side.organization.clone().unwrap_or_default();
        Self {
            position: side.position,
            evaluated_at_unix_ms: side.evaluated_at_unix_ms,
            organization: Named {
                id: organization.party_id,
                name: organization.name,
            },
            standing: side.standing.as_ref().map(HowFar::of),
            pillars: side.pillars.iter().map(PillarLevels::of).collect(),
            assurance: Assurance::of(side.assurance.as_ref()),
            freshness: Age::of(side.freshness.as_ref()),
        }
    }
}

impl Compared {
    fn of(compared: &ComparedCriterion) -> Self {
        let what = asked(compared.criterion.as_ref());
        let one = |answer: &ComparedAnswer| ComparedWord {
            given: Given {
                asked: Asked {
                    version: answer.catalogue_version.clone(),
                    ..what.clone()
                },
                answered: Answered::of(answer.answer.as_ref()),
                word: word(answer.attribution.as_ref()),
                ..Given::default()
            },
            state: match answer.state() {
                CriterionState::Unspecified => String::new(),
                state => word_key(state.as_str_name()),
            },
        };
        Self {
            left: compared.left.as_ref().map(one),
            right: compared.right.as_ref().map(one),
            trend: match compared.trend() {
                Trend::Unspecified => String::new(),
                trend => word_key(trend.as_str_name()),
            },
            asked: what,
        }
    }
}
