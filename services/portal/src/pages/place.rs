//! A site: where it is, who works it, what was found there and when, what it may give and gave.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use event::SiteId;
use rpc::custody::{GetSiteProductionRequest, GetSiteProductionResponse, SitePermit};
use rpc::progress::{Assessment, Deposit, GetSiteRequest, PresentAnswer, get_site_request, list_assessments_request};
use serde::Serialize;
use utoipa::ToSchema;

use super::organization::view::{Age, Assurance, Other, band};
use crate::answers::{Answered, Given, Standing, asked, word};
use crate::asked;
use crate::asked::AsOf;
use crate::language::Language;
use crate::pages::log::spoken::Spoken;
use crate::pictures::map::{Cell, Map, Marked};
use crate::shell::{Named, Portal, Shell, word_key};
use crate::trouble::Trouble;

/// Visits that earlier answers are taken from.
const ASSESSMENTS_MAX: u32 = 32;
/// Earlier answers to one criterion that stand on the page.
const EARLIER_MAX: usize = 6;
/// Months that stand on the page.
const MONTHS_MAX: usize = 24;
/// Months that are asked for.
const MONTHS_ASKED: u32 = 1_000;

/// A site, as it stood then.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Site)]
pub(crate) struct PlaceView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// Which one.
    pub(crate) site: Named,
    /// Who works it.
    pub(crate) operator: Named,
    /// In which country, in two letters.
    pub(crate) country: String,
    /// In which area, in the source's words; empty where none was given.
    pub(crate) area: String,
    /// Where it is, coarsely; absent where it was not given.
    pub(crate) cell: Option<Cell>,
    /// How the gold lies, such as `deposit-alluvial`.
    pub(crate) deposit: String,
    /// Its number in somebody else's register, and whose; empty where it has none.
    pub(crate) reference: String,
    /// The position at which it was registered.
    pub(crate) registered_position: u64,
    /// The statement that registered it, in hexadecimal.
    pub(crate) statement_id: String,
    /// What was found there, each criterion with its earlier answers.
    pub(crate) answers: Vec<Found>,
    /// What of this speaks to criteria that standings follow from.
    pub(crate) others: Vec<Other>,
    /// By whose word present answers stand.
    pub(crate) assurance: Assurance,
    /// How old they are.
    pub(crate) freshness: Age,
    /// What it may and can give, and gave; absent where the service that knows is away or behind.
    pub(crate) production: Option<Production>,
    /// Who said what stands at the positions that this answer names, and when.
    pub(crate) spoken: Spoken,
}

/// The present answer to a criterion, and earlier ones.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Finding)]
pub(crate) struct Found {
    /// The answer that stands.
    pub(crate) standing: Standing,
    /// What was answered earlier, the latest day first.
    pub(crate) earlier: Vec<Given>,
}

/// What a site may and can give, and gave.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Production {
    /// Who said what it can give; absent where nobody did.
    pub(crate) capacity: Option<Capacity>,
    /// The months in which it gave gold, the newest first, each with how much of what it can give, such as
    /// `capacity-band-below-half`, which is empty where nobody had said that.
    pub(crate) months: Vec<(String, String)>,
    /// The permits that cover it.
    pub(crate) permits: Vec<Permit>,
}

/// That somebody said what a site can give.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Capacity {
    /// Who.
    pub(crate) by: Named,
    /// In how many months in a row it is counted.
    pub(crate) months: u32,
    /// What that rests on.
    pub(crate) basis: String,
    /// The position of the statement.
    pub(crate) position: u64,
}

/// A permit that covers a site.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = SitePermit)]
pub(crate) struct Permit {
    /// What it allows, such as `permit-kind-mining`.
    pub(crate) kind: String,
    /// To whom.
    pub(crate) holder: Named,
    /// Its number, and whose.
    pub(crate) number: String,
    /// Who issued it.
    pub(crate) authority: String,
    /// The first day on which it is valid.
    pub(crate) from: String,
    /// The last day on which it is valid; empty where it has none.
    pub(crate) until: String,
    /// How it was last said to stand, such as `permit-status-in-force`.
    pub(crate) status: String,
    /// When someone last looked it up in its register; empty where nobody did.
    pub(crate) checked_on: String,
    /// The position of the statement that says how it stands.
    pub(crate) position: u64,
}

#[derive(Template)]
#[template(path = "place.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a PlaceView,
    map: Option<Map>,
}

pub(super) async fn show(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let view = view(&s, &portal, asked::id(&id)?).await?;
    let marked = view.cell.map(|cell| Marked {
        number: 1,
        name: view.site.name.clone(),
        path: format!("/sites/{}", view.site.id),
        cell,
    });
    s.page(&Page {
        s: &s,
        view: &view,
        map: Map::of(marked.as_slice()),
    })
}

/// What is shown of a site.
pub(crate) async fn view(s: &Shell, portal: &Portal, id: SiteId) -> Result<PlaceView, Trouble> {
    let sources = &portal.sources;
    let ask = |at_least_position| async move {
        let request = GetSiteRequest {
            site: Some(get_site_request::Site::SiteId(id.to_string())),
            as_of_position: s.as_of.position(),
            at_least_position,
            as_of_unix_ms: s.as_of.unix_ms(),
        };
        Ok(sources.progress().get_site(request).await?.into_inner())
    };
    let found = sources.sure(None, ask).await?;
    let of = list_assessments_request::Subject::SiteId(id.to_string());
    let as_of = (found.position, found.evaluated_at_unix_ms);
    let assessments = sources.assessments(of, as_of, ASSESSMENTS_MAX).await?;
    let request = GetSiteProductionRequest {
        site_id: id.to_string(),
        as_of_position: found.position,
        as_of_unix_ms: found.evaluated_at_unix_ms,
        page_size: MONTHS_ASKED,
        ..GetSiteProductionRequest::default()
    };
    let production = match sources.custody().get_site_production(request).await {
        Ok(answer) => Some(produced(answer.into_inner())),
        Err(status) => match Trouble::from(status) {
            Trouble::Away(_) | Trouble::NotFound(_) => None,
            trouble => return Err(trouble),
        },
    };
    let standing = found.standing.unwrap_or_default();
    let site = standing.site.unwrap_or_default();
    let positions = production
        .iter()
        .flat_map(Production::positions)
        .chain([site.registered_position]);
    let spoken = Spoken::of(portal, positions, AsOf::Position(found.position)).await;
    Ok(PlaceView {
        position: found.position,
        evaluated_at_unix_ms: found.evaluated_at_unix_ms,
        deposit: match site.deposit() {
            Deposit::Unspecified => word_key(Deposit::Unknown.as_str_name()),
            deposit => word_key(deposit.as_str_name()),
        },
        cell: Cell::of(site.cell.as_ref()),
        operator: site.operator.map(Named::from).unwrap_or_default(),
        country: site.country,
        area: site.area,
        reference: site
            .reference
            .map(|at| format!("{}:{}", at.source, at.value))
            .unwrap_or_default(),
        registered_position: site.registered_position,
        statement_id: site.statement_id,
        site: Named {
            id: site.site_id,
            name: site.name,
        },
        answers: standing
            .answers
            .iter()
            .map(|present| Found::of(present, &assessments))
            .collect(),
        others: standing.others.iter().map(Other::of).collect(),
        assurance: Assurance::of(standing.assurance.as_ref()),
        freshness: Age::of(standing.freshness.as_ref()),
        production,
        spoken,
    })
}

impl Production {
    /// Positions at which somebody said what a site may and can give.
    fn positions(&self) -> impl Iterator<Item = u64> {
        let permits = self.permits.iter().map(|permit| permit.position);
        permits.chain(self.capacity.as_ref().map(|capacity| capacity.position))
    }
}

impl Found {
    fn of(present: &PresentAnswer, assessments: &[Assessment]) -> Self {
        let standing = Standing::of(present, None);
        let stands = |position: u64| {
            let mut given = standing.contradictions.iter().chain([&standing.given]);
            given.any(|given| given.word.said.position == position)
        };
        let asked_now = &standing.given.asked;
        let of_one = |assessment: &Assessment| {
            let word = word(assessment.attribution.as_ref());
            let finding = assessment.findings.iter().find(|finding| {
                let asked = finding.criterion.as_ref();
                asked.is_some_and(|asked| {
                    asked.number == asked_now.number && asked.catalogue_slug == asked_now.catalogue
                })
            })?;
            (!stands(word.said.position)).then(|| Given {
                asked: asked(finding.criterion.as_ref()),
                answered: Answered::of(finding.answer.as_ref()),
                word,
                evidence: finding.evidence_digests.clone(),
                ..Given::default()
            })
        };
        let earlier = assessments.iter().filter_map(of_one).take(EARLIER_MAX).collect();
        Self { standing, earlier }
    }
}

fn produced(answer: GetSiteProductionResponse) -> Production {
    let months = answer.months.iter().rev().take(MONTHS_MAX);
    Production {
        months: months.map(|month| (month.month.clone(), band(month.band()))).collect(),
        capacity: answer.capacity.map(|capacity| Capacity {
            by: capacity.by.map(Named::from).unwrap_or_default(),
            months: capacity.months,
            basis: capacity.basis,
            position: capacity.position,
        }),
        permits: answer.permits.into_iter().map(permit).collect(),
    }
}

fn permit(permit: SitePermit) -> Permit {
    Permit {
        kind: word_key(permit.kind().as_str_name()),
        status: word_key(permit.status().as_str_name()),
        holder: permit.holder.map(Named::from).unwrap_or_default(),
        number: permit
            .number
            .map(|at| format!("{}:{}", at.source, at.value))
            .unwrap_or_default(),
        authority: permit.authority,
        from: permit.from,
        until: permit.until,
        checked_on: permit.checked_on,
        position: permit.position,
    }
}
