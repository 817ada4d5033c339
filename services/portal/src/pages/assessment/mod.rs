//! Assessing oneself: the questions of a catalogue that was published here, with what was answered last. The script of the page
//! makes the statement of it, and signs it on the device.

mod form;
mod known;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use event::{DeploymentId, PartyId, SiteId};
use rpc::progress::{
    GetOrganizationRequest, GetSiteRequest, IndicatorSeries, ListCataloguesRequest, PresentAnswer, PublishedCatalogue,
    get_organization_request, get_site_request, indicator_series,
};
use serde::Serialize;
use utoipa::ToSchema;

use self::form::{Choice, Form, Last, Stands};
use self::known::Known;
use crate::answers::{self, Measure, Standing};
use crate::api;
use crate::language::Language;
use crate::shell::{Named, Portal, Shell};
use crate::trouble::Trouble;
use crate::wasm::Wasm;

/// The parameter that says by which catalogue, by its digest.
pub(crate) const CATALOGUE: &str = "catalogue";
/// The parameter that says about whom or what.
pub(crate) const ABOUT: &str = "about";

/// What can be assessed, and by which questions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Questionnaire)]
pub(crate) struct AssessmentView {
    /// The catalogue versions that no later one follows, the first published first.
    catalogues: Vec<Offered>,
    /// About whom or what; absent where that was not asked for.
    #[schema(required)]
    about: Option<About>,
    /// The questions; absent where no catalogue was published.
    #[schema(required)]
    form: Option<Form>,
}

/// A catalogue version that was published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfferedCatalogue)]
struct Offered {
    /// Its digest, in hexadecimal.
    digest: String,
    /// Which catalogue.
    catalogue: String,
    /// Which version of it.
    version: String,
}

/// About whom or what is spoken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Assessed)]
struct About {
    /// Its name.
    named: Named,
    /// Whether it is a site.
    is_site: bool,
}

#[derive(Template)]
#[template(path = "assessment.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a AssessmentView,
    /// Where the module that signs is; none where the operator has not put it in place.
    module: Option<String>,
    /// For which deployment is signed.
    deployment: String,
    /// Where programs ask.
    api: &'static str,
}

impl Page<'_> {
    /// What a choice says.
    fn choice(&self, choice: &Choice) -> String {
        choice.level.map_or_else(
            || self.s.t(&format!("assessment-{}", choice.value)),
            |level| self.s.number(level),
        )
    }

    /// About whom or what, by its id; empty where that was not asked for.
    fn about(&self) -> &str {
        self.view.about.as_ref().map_or("", |about| &about.named.id)
    }
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let (view, deployment) = view(&s, &portal).await?;
    let page = Page {
        s: &s,
        view: &view,
        module: portal.kit.signer.as_ref().map(Wasm::path),
        deployment,
        api: api::PREFIX,
    };
    s.page_with_wasm(&page)
}

/// What can be assessed, and for which deployment it is signed.
pub(crate) async fn view(s: &Shell, portal: &Portal) -> Result<(AssessmentView, String), Trouble> {
    let deployment_id = portal.sources.deployment().await?.deployment_id;
    let request = ListCataloguesRequest {
        as_of_position: s.as_of.position(),
        as_of_unix_ms: s.as_of.unix_ms(),
        ..ListCataloguesRequest::default()
    };
    let all = portal
        .sources
        .progress()
        .list_catalogues(request)
        .await?
        .into_inner()
        .catalogues;
    let chosen = chosen(&all, s.given(CATALOGUE))?;
    let (about, stands) = match s.given(ABOUT).trim() {
        "" => (None, Stands::default()),
        about => {
            let (about, stands) = subject(s, portal, about, chosen).await?;
            (Some(about), stands)
        }
    };
    let form = match chosen {
        None => None,
        Some(chosen) => {
            let wrong = |_| Trouble::Wrong("a service answered with something that is no digest".to_owned());
            let digest = chosen.catalogue_digest.parse().map_err(wrong)?;
            let deployment: DeploymentId = deployment_id
                .parse()
                .map_err(|_| Trouble::Wrong("a service answered with something that is no deployment".to_owned()))?;
            let known = Known::read(portal, deployment, digest, &all).await?;
            Some(Form::of(&known, answers::in_catalogue(s.language), stands))
        }
    };
    let offered = all.iter().filter(|one| !one.is_superseded).map(|one| Offered {
        digest: one.catalogue_digest.clone(),
        catalogue: one.catalogue_slug.clone(),
        version: one.catalogue_version.clone(),
    });
    let view = AssessmentView {
        catalogues: offered.collect(),
        about,
        form,
    };
    Ok((view, deployment_id))
}

/// The version that is asked for; without one that which standings follow from, and else the one published last.
fn chosen<'a>(all: &'a [PublishedCatalogue], digest: &str) -> Result<Option<&'a PublishedCatalogue>, Trouble> {
    if digest.is_empty() {
        return Ok(all.iter().find(|one| one.is_gating).or(all.last()));
    }
    let found = all.iter().find(|one| one.catalogue_digest == digest);
    found
        .map(Some)
        .ok_or_else(|| Trouble::NotFound("no catalogue of this digest was published".to_owned()))
}

/// Who or what is assessed, and what stands about it under a catalogue.
async fn subject(
    s: &Shell,
    portal: &Portal,
    about: &str,
    chosen: Option<&PublishedCatalogue>,
) -> Result<(About, Stands), Trouble> {
    let catalogue = chosen.map_or("", |chosen| &chosen.catalogue_slug);
    let mut progress = portal.sources.progress();
    if let Ok(site) = about.parse::<SiteId>() {
        let request = GetSiteRequest {
            site: Some(get_site_request::Site::SiteId(site.to_string())),
            as_of_position: s.as_of.position(),
            as_of_unix_ms: s.as_of.unix_ms(),
            ..GetSiteRequest::default()
        };
        let standing = progress
            .get_site(request)
            .await?
            .into_inner()
            .standing
            .unwrap_or_default();
        let stands = stands(catalogue, &standing.answers, &[]);
        let named = Named {
            id: site.to_string(),
            name: standing.site.map_or_else(String::new, |site| site.name),
        };
        return Ok((About { named, is_site: true }, stands));
    }
    let wrong = |_| Trouble::Asked("`about` is an organization or a site: org-… or site-…".to_owned());
    let party: PartyId = about.parse().map_err(wrong)?;
    let request = GetOrganizationRequest {
        organization: Some(get_organization_request::Organization::PartyId(party.to_string())),
        as_of_position: s.as_of.position(),
        as_of_unix_ms: s.as_of.unix_ms(),
        ..GetOrganizationRequest::default()
    };
    let found = progress.get_organization(request).await?.into_inner();
    let stands = stands(catalogue, &found.answers, &found.indicators);
    let named = Named {
        id: party.to_string(),
        name: found.organization.map_or_else(String::new, |party| party.name),
    };
    Ok((About { named, is_site: false }, stands))
}

/// What stands under a catalogue, whatever its version.
fn stands(catalogue: &str, present: &[PresentAnswer], series: &[IndicatorSeries]) -> Stands {
    let mut stands = Stands::default();
    for standing in present.iter().map(|present| Standing::of(present, None)) {
        let asked = &standing.given.asked;
        if asked.catalogue == catalogue {
            let slug = asked.slug.clone();
            stands.answers.entry(slug).or_default().push(standing);
        }
    }
    for one in series {
        let is_own = matches!(one.subject, Some(indicator_series::Subject::Party(_)));
        let measure = one.indicator.as_ref().map(Measure::from).unwrap_or_default();
        let last = one.points.first().map(|point| Last {
            measure: measure.clone(),
            value: point.value,
            word: answers::word(point.attribution.as_ref()),
        });
        if is_own && measure.catalogue == catalogue {
            stands.figures.extend(last.map(|last| (measure.slug, last)));
        }
    }
    stands
}
