//! An organization: how far it has come, by whose word, what it does about what was found, and what comes next.

mod grouped;
pub(crate) mod view;
pub(crate) mod whole;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use event::PartyId;
use rpc::custody::GetSiteProductionRequest;
use rpc::progress::{
    GetOrganizationRequest, GetOrganizationResponse, Pillar, get_organization_request, list_assessments_request,
};
use tokio::task::JoinSet;
use tracing::warn;

use self::grouped::{Elsewhere, Todo};
use self::view::{CriterionView, OrganizationView, PillarLevels, SiteLine, Step, band};
use crate::answers;
use crate::asked;
use crate::asked::AsOf;
use crate::language::Language;
use crate::pages::log::spoken::Spoken;
use crate::pictures::map::{Map, Marked};
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

/// Assessments that older answers are taken from.
const ASSESSMENTS_MAX: u32 = 24;

/// Sites that are asked what they gave.
const PRODUCING_MAX: usize = 8;

/// Months that are asked for: the last of them stands on the page.
const MONTHS_MAX: u32 = 1_000;

#[derive(Template)]
#[template(path = "organization.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a OrganizationView,
    map: Option<Map>,
    /// Pillars with their criteria; those under none last, under an empty name.
    sections: [(String, Vec<&'a CriterionView>); 5],
}

impl Page<'_> {
    fn todo(&self) -> Vec<Todo<'_>> {
        grouped::todo(&self.view.next_steps)
    }

    fn elsewhere(&self) -> Vec<Elsewhere<'_>> {
        grouped::elsewhere(self.view)
    }

    /// Where a step is taken, if that is by answering a criterion.
    fn answer(&self, step: &Step) -> Option<String> {
        let asked = step.asked.as_ref().filter(|_| step.is_answering())?;
        let about = step.site.as_ref().unwrap_or(&self.view.organization);
        let form = self.s.link_where("/submit/assessment", "about", &about.id);
        Some(format!("{form}#q{}", asked.place))
    }

    /// How many criteria of a pillar stand at which level, and of how many there is no data.
    fn levels(&self, pillar: &PillarLevels) -> String {
        let levels = pillar.at_level.iter().enumerate().filter(|(_, count)| 0 < **count);
        let number = |number: u32| self.s.number(number);
        let said = levels.map(|(level, count)| {
            let level = self.s.number(level);
            self.s
                .say2("org-at-level", ("level", &level), ("number", &number(*count)))
        });
        let without = number(pillar.without_level + pillar.other_unanswered);
        let without = self.s.say("org-without-level", "number", without);
        said.chain([without]).collect::<Vec<_>>().join(" · ")
    }
}

pub(super) async fn show(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let view = view(&s, &portal, asked::id(&id)?).await?;
    let mark = |(number, line): (usize, &SiteLine)| {
        Some(Marked {
            number,
            name: line.site.name.clone(),
            path: format!("/sites/{}", line.site.id),
            cell: line.cell?,
        })
    };
    let marked: Vec<_> = (1..).zip(&view.sites).filter_map(mark).collect();
    s.page(&Page {
        s: &s,
        view: &view,
        map: Map::of(&marked),
        sections: [
            Pillar::Organizational,
            Pillar::Environmental,
            Pillar::Social,
            Pillar::Governance,
            Pillar::Unspecified,
        ]
        .map(|pillar| {
            let pillar = answers::pillar(pillar);
            let criteria = view.criteria.iter();
            let under = criteria.filter(|criterion| criterion.asked.pillar == pillar).collect();
            (pillar, under)
        }),
    })
}

/// What is shown of an organization.
pub(crate) async fn view(s: &Shell, portal: &Portal, id: PartyId) -> Result<OrganizationView, Trouble> {
    let found = first(portal, id, s.as_of).await?;
    let of = list_assessments_request::Subject::PartyId(id.to_string());
    let as_of = (found.position, found.evaluated_at_unix_ms);
    let assessments = portal.sources.assessments(of, as_of, ASSESSMENTS_MAX).await?;
    let mut view = OrganizationView::of(&found, &assessments);
    let enrolled = Spoken::of(portal, [view.enrolled_position], AsOf::Position(view.position)).await;
    view.enrolled = enrolled.at(view.enrolled_position).cloned();
    produce(portal, &mut view).await?;
    Ok(view)
}

/// The organization alone.
pub(crate) async fn first(portal: &Portal, id: PartyId, as_of: AsOf) -> Result<GetOrganizationResponse, Trouble> {
    let sources = &portal.sources;
    let ask = |at_least_position| async move {
        let request = GetOrganizationRequest {
            organization: Some(get_organization_request::Organization::PartyId(id.to_string())),
            as_of_position: as_of.position(),
            at_least_position,
            as_of_unix_ms: as_of.unix_ms(),
        };
        Ok(sources.progress().get_organization(request).await?.into_inner())
    };
    sources.sure(None, ask).await
}

/// Asks what the first of its sites gave, as of the same. Where the service that knows is away or behind, the rest is shown all the same.
async fn produce(portal: &Portal, view: &mut OrganizationView) -> Result<(), Trouble> {
    let mut asked = JoinSet::new();
    for (place, line) in view.sites.iter().take(PRODUCING_MAX).enumerate() {
        let mut custody = portal.sources.custody();
        let request = GetSiteProductionRequest {
            site_id: line.site.id.clone(),
            as_of_position: view.position,
            as_of_unix_ms: view.evaluated_at_unix_ms,
            page_size: MONTHS_MAX,
            ..GetSiteProductionRequest::default()
        };
        asked.spawn(async move { (place, custody.get_site_production(request).await) });
    }
    while let Some(joined) = asked.join_next().await {
        let (place, answer) = joined.map_err(|error| Trouble::Wrong(error.to_string()))?;
        match answer {
            Ok(answer) => {
                let last = answer.into_inner().months.pop();
                view.sites[place].production = last.map(|month| (month.month.clone(), band(month.band())));
            }
            Err(status) => warn!(code = ?status.code(), "What a site gave is not shown: {}", status.message()),
        }
    }
    Ok(())
}
