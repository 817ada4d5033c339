//! Organizations: those that fit what is asked for, and where they dig.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use event::vocabulary::Scale;
use rpc::progress::progress_service_client::ProgressServiceClient;
use rpc::progress::{
    FreshnessState, IncidentFilter, ListOrganizationsRequest, ListSitesRequest, Organization, OrganizationSort,
    OrganizationSummary, PartyKind, Pillar, PillarLevel, Standing,
};
use serde::Serialize;
use tokio::task::JoinSet;
use tonic::transport::Channel;
use utoipa::ToSchema;

use crate::answers;
use crate::asked::Slice;
use crate::language::Language;
use crate::pictures::map::{Cell, Map, Marked};
use crate::shell::{Named, Portal, Shell, word_key};
use crate::trouble::{Takes, Trouble};

/// Organizations on a page: each of them is asked where it digs.
const PAGE_SIZE: u32 = 25;

/// Sites of one organization on the map.
const SITES_MAX: u32 = 4;

/// Organizations that are asked for their sites at once: half of what the service reads at once.
const ASKED_AT_ONCE: usize = 8;

/// The highest level that a list can be narrowed to.
pub(crate) const LEVEL_MAX: u32 = 4;

const STANDINGS: [Standing; 6] = [
    Standing::Applicant,
    Standing::Registered,
    Standing::Candidate,
    Standing::Affiliate,
    Standing::Suspended,
    Standing::Lapsed,
];

/// What a list can be narrowed to by incidents.
pub(crate) const INCIDENTS: [(&str, IncidentFilter); 3] = [
    ("open", IncidentFilter::Open),
    ("grave", IncidentFilter::Grave),
    ("none-open", IncidentFilter::NoneOpen),
];

const FRESHNESS: [FreshnessState; 3] = [FreshnessState::Fresh, FreshnessState::Stale, FreshnessState::Unassessed];

const PILLARS: [Pillar; 4] = [
    Pillar::Organizational,
    Pillar::Environmental,
    Pillar::Social,
    Pillar::Governance,
];

/// In which order a list can be.
pub(crate) const SORTS: [(&str, OrganizationSort); 6] = [
    ("name", OrganizationSort::Name),
    ("standing", OrganizationSort::Standing),
    ("since", OrganizationSort::Since),
    ("changed", OrganizationSort::Changed),
    ("freshness", OrganizationSort::Freshness),
    ("next-due", OrganizationSort::NextDue),
];

/// The words for standings that a list can be narrowed to.
pub(crate) fn standings() -> [String; 6] {
    STANDINGS.map(|standing| word_key(standing.as_str_name()))
}

/// The words for what parties do.
pub(crate) fn kinds() -> impl Iterator<Item = String> {
    let kinds = (1..).map_while(|kind| PartyKind::try_from(kind).ok());
    kinds.map(|kind| word_key(kind.as_str_name()))
}

/// The words for how old answers are.
pub(crate) fn freshness() -> [String; 3] {
    FRESHNESS.map(|state| word_key(state.as_str_name()))
}

/// The names of the pillars.
pub(crate) fn pillars() -> [String; 4] {
    PILLARS.map(answers::pillar)
}

/// Organizations that fit what was asked for.
#[derive(Debug, Default, Serialize)]
pub(crate) struct OrganizationsView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// The organizations of this page. There may be none on it and yet some on the next.
    pub(crate) organizations: Vec<Listed>,
    /// What to send for the next page; empty after the last.
    pub(crate) next_page_token: String,
}

/// How far a party has come, in a list.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = OrganizationSummary)]
pub(crate) struct Listed {
    /// Who it is.
    pub(crate) organization: Named,
    /// What it does, such as `party-kind-trader`.
    pub(crate) kind: String,
    /// Where it is at home, in two letters.
    pub(crate) country: String,
    /// What follows from the record, such as `standing-candidate`; empty for a party that neither digs nor processes.
    pub(crate) standing: String,
    /// Since when, in milliseconds since 1970.
    pub(crate) since_unix_ms: i64,
    /// What the scheme decided last; empty where nothing.
    pub(crate) decided: String,
    /// Which of modules 1 to 4 are met.
    pub(crate) modules_met: Vec<u32>,
    /// Which legitimacy scenarios apply, by slug.
    pub(crate) scenarios: Vec<String>,
    /// The lowest level under each pillar that has one.
    pub(crate) levels: Vec<(String, u32)>,
    /// Incidents that are open, here and at its sites.
    pub(crate) open_incidents: u32,
    /// Those of them for which trade must end.
    pub(crate) grave_incidents: u32,
    /// Whether a milestone of an open plan is overdue.
    pub(crate) is_overdue: bool,
    /// The day by which the first unfinished milestone is due; empty where there is none.
    pub(crate) next_due: String,
    /// Fresh or old, by the newest answer.
    pub(crate) freshness: String,
    /// The last day of the newest answer; empty where there is none.
    pub(crate) newest_day: String,
    /// How many sites it works.
    pub(crate) sites: u32,
    /// Where the first of them are, coarsely.
    pub(crate) cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "organizations.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a OrganizationsView,
    map: Option<Map>,
    kinds: Vec<String>,
    standings: [String; 6],
    freshness: [String; 3],
    pillars: [String; 4],
    incidents: [&'static str; 3],
    sorts: [&'static str; 6],
    scenarios: Vec<(String, String)>,
}

impl Page<'_> {
    /// Whether a level was asked for under a pillar.
    fn is_level(&self, pillar: &str, level: u32) -> bool {
        self.s.given(pillar) == level.to_string()
    }
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = view(&s, &portal, Slice::of_page(&s.query, PAGE_SIZE)).await?;
    s.page(&Page {
        s: &s,
        view: &view,
        map: Map::of(&marked(&view.organizations)),
        kinds: kinds().collect(),
        standings: standings(),
        freshness: freshness(),
        pillars: pillars(),
        incidents: INCIDENTS.map(|(name, _)| name),
        sorts: SORTS.map(|(name, _)| name),
        scenarios: scenarios(&s),
    })
}

/// The legitimacy scenarios of the shipped criteria, with their names.
fn scenarios(s: &Shell) -> Vec<(String, String)> {
    let language = answers::in_catalogue(s.language);
    let scenarios = catalogue::craft_derived()
        .criteria()
        .filter(|criterion| criterion.scale == Scale::Scenario);
    scenarios
        .map(|criterion| (criterion.slug.to_string(), criterion.title(language).to_owned()))
        .collect()
}

fn marked(organizations: &[Listed]) -> Vec<Marked> {
    let of_one = |(place, listed): (usize, &Listed)| {
        let mark = |cell: &Cell| Marked {
            number: place + 1,
            name: listed.organization.name.clone(),
            path: format!("/orgs/{}", listed.organization.id),
            cell: *cell,
        };
        listed.cells.iter().map(mark).collect::<Vec<_>>()
    };
    organizations.iter().enumerate().flat_map(of_one).collect()
}

/// What is listed for this address.
pub(crate) async fn view(s: &Shell, portal: &Portal, slice: Slice) -> Result<OrganizationsView, Trouble> {
    let answer = portal
        .sources
        .progress()
        .list_organizations(request(s, slice)?)
        .await?
        .into_inner();
    let listed = answer
        .organizations
        .iter()
        .zip(&answer.summaries)
        .map(|(party, summary)| listed(party, summary));
    let mut view = OrganizationsView {
        position: answer.position,
        evaluated_at_unix_ms: answer.evaluated_at_unix_ms,
        organizations: listed.collect(),
        next_page_token: answer.next_page_token,
    };
    locate(&portal.sources.progress(), &mut view).await?;
    Ok(view)
}

/// What the address asks for.
fn request(s: &Shell, slice: Slice) -> Result<ListOrganizationsRequest, Trouble> {
    let standing = |text: &str| {
        chosen(
            "standing",
            text,
            STANDINGS.map(|one| (word_key(one.as_str_name()), one)),
        )
    };
    let all = |name: &str| -> Result<Vec<i32>, Trouble> {
        s.query.all(name).map(|text| Ok(i32::from(standing(text)?))).collect()
    };
    Ok(ListOrganizationsRequest {
        name_contains: s.given("name").trim().to_owned(),
        kind: kind(s.given("kind"))?.into(),
        as_of_position: s.as_of.position(),
        at_least_position: 0,
        page_size: slice.at_most,
        page_token: slice.token,
        as_of_unix_ms: s.as_of.unix_ms(),
        country: s.given("country").trim().to_uppercase(),
        area: s.given("area").trim().to_owned(),
        standings: all("standing")?,
        decided_standings: all("decided")?,
        modules_met: s.query.all("module").map(module).collect::<Result<_, _>>()?,
        scenario_slug: s.given("scenario").to_owned(),
        incidents: chosen("incidents", s.given("incidents"), INCIDENTS.map(named))?.into(),
        freshness: chosen(
            "freshness",
            s.given("freshness"),
            FRESHNESS.map(|one| (word_key(one.as_str_name()), one)),
        )?
        .into(),
        overdue: overdue(s.given("overdue"))?,
        pillar_levels: PILLARS
            .into_iter()
            .filter_map(|pillar| level(s, pillar).transpose())
            .collect::<Result<_, _>>()?,
        sort: chosen("sort", s.given("sort"), SORTS.map(named))?.into(),
        descending: flag(s, "descending")?,
    })
}

/// Whether a parameter that is 1 or not there is there.
pub(super) fn flag(s: &Shell, name: &str) -> Result<bool, Trouble> {
    match s.given(name) {
        "" => Ok(false),
        "1" => Ok(true),
        _ => Err(Trouble::unmeant(name, Takes::Offered, "is 1 or not there")),
    }
}

fn named<E>((name, value): (&str, E)) -> (String, E) {
    (name.to_owned(), value)
}

/// The value that is called `text`; the one that says nothing where that is empty.
fn chosen<E: Default, const N: usize>(parameter: &str, text: &str, all: [(String, E); N]) -> Result<E, Trouble> {
    if text.is_empty() {
        return Ok(E::default());
    }
    let names: Vec<_> = all.iter().map(|(name, _)| name.clone()).collect();
    let found = all.into_iter().find(|(name, _)| name == text);
    found
        .map(|(_, value)| value)
        .ok_or_else(|| Trouble::unmeant(parameter, Takes::Offered, format!("is one of {}", names.join(", "))))
}

fn kind(text: &str) -> Result<PartyKind, Trouble> {
    if text.is_empty() {
        return Ok(PartyKind::Unspecified);
    }
    let mut kinds = (1..).map_while(|kind| PartyKind::try_from(kind).ok());
    kinds.find(|kind| word_key(kind.as_str_name()) == text).ok_or_else(|| {
        let why = "is one of those that the form offers, such as party-kind-trader";
        Trouble::unmeant("kind", Takes::Offered, why)
    })
}

fn module(text: &str) -> Result<u32, Trouble> {
    let module = text.parse().ok().filter(|module| (1..=4).contains(module));
    module.ok_or_else(|| Trouble::unmeant("module", Takes::Offered, "is 1, 2, 3 or 4"))
}

fn overdue(text: &str) -> Result<Option<bool>, Trouble> {
    match text {
        "" => Ok(None),
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        _ => Err(Trouble::unmeant("overdue", Takes::Offered, "is yes or no")),
    }
}

/// The level that is asked for under a pillar.
fn level(s: &Shell, pillar: Pillar) -> Result<Option<PillarLevel>, Trouble> {
    let name = answers::pillar(pillar);
    let text = s.given(&name);
    if text.is_empty() {
        return Ok(None);
    }
    let level = text.parse().ok().filter(|level| *level <= LEVEL_MAX);
    let why = || format!("is a level from 0 to {LEVEL_MAX}");
    let level_min = level.ok_or_else(|| Trouble::unmeant(&name, Takes::Number, why()))?;
    Ok(Some(PillarLevel {
        pillar: pillar.into(),
        level_min,
    }))
}

fn listed(party: &Organization, summary: &OrganizationSummary) -> Listed {
    let standing = |standing: Standing| match standing {
        Standing::Unspecified => String::new(),
        standing => word_key(standing.as_str_name()),
    };
    let levels = summary.pillar_levels.iter();
    Listed {
        organization: Named {
            id: party.party_id.clone(),
            name: party.name.clone(),
        },
        kind: word_key(party.kind().as_str_name()),
        country: party.country.clone(),
        standing: standing(summary.standing()),
        since_unix_ms: summary.since_unix_ms,
        decided: standing(summary.decided_standing()),
        modules_met: summary.modules_met.clone(),
        scenarios: summary.scenario_slugs.clone(),
        levels: levels
            .map(|level| (answers::pillar(level.pillar()), level.level_min))
            .collect(),
        open_incidents: summary.open_incidents,
        grave_incidents: summary.grave_incidents,
        is_overdue: summary.overdue,
        next_due: summary.next_due.clone(),
        freshness: word_key(summary.freshness().as_str_name()),
        newest_day: summary.newest_day.clone(),
        sites: summary.sites,
        cells: Vec::new(),
    }
}

/// Asks where those of a page dig, a few of them at once.
async fn locate(progress: &ProgressServiceClient<Channel>, view: &mut OrganizationsView) -> Result<(), Trouble> {
    let (position, unix_ms) = (view.position, view.evaluated_at_unix_ms);
    let places: Vec<usize> = (0..view.organizations.len())
        .filter(|place| 0 < view.organizations[*place].sites)
        .collect();
    for some in places.chunks(ASKED_AT_ONCE) {
        let mut asked = JoinSet::new();
        for place in some.iter().copied() {
            let mut progress = progress.clone();
            let request = ListSitesRequest {
                operator_id: view.organizations[place].organization.id.clone(),
                as_of_position: position,
                as_of_unix_ms: unix_ms,
                page_size: SITES_MAX,
                ..ListSitesRequest::default()
            };
            asked.spawn(async move { (place, progress.list_sites(request).await) });
        }
        while let Some(joined) = asked.join_next().await {
            let (place, answer) = joined.map_err(|error| Trouble::Wrong(error.to_string()))?;
            let sites = answer?.into_inner().sites;
            let cells = sites
                .iter()
                .filter_map(|row| Cell::of(row.site.as_ref()?.cell.as_ref()));
            view.organizations[place].cells = cells.collect();
            view.organizations[place].cells.dedup();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
    use crate::asked::Query;

    fn asked(query: &str) -> Result<ListOrganizationsRequest, Trouble> {
        let query = Query::read(query);
        let slice = Slice::of_page(&query, PAGE_SIZE);
        request(&Shell::new(Language::En, "/orgs", query, &HeaderMap::new()), slice)
    }

    #[track_caller]
    fn check(query: &str, expected: ListOrganizationsRequest) {
        let page_size = PAGE_SIZE;
        assert_eq!(
            asked(query).unwrap(),
            ListOrganizationsRequest { page_size, ..expected },
            "{query}"
        );
    }

    #[test]
    fn filters_combine_and_nonsense_is_refused() {
        check("", ListOrganizationsRequest::default());
        check(
            "name=+Esp%C3%A9r&country=cd&standing=standing-candidate&standing=standing-affiliate&module=1&module=2&overdue=no",
            ListOrganizationsRequest {
                name_contains: "Espér".to_owned(),
                country: "CD".to_owned(),
                standings: vec![Standing::Candidate.into(), Standing::Affiliate.into()],
                modules_met: vec![1, 2],
                overdue: Some(false),
                ..ListOrganizationsRequest::default()
            },
        );
        check(
            "kind=party-kind-trader&incidents=grave&freshness=freshness-state-stale&pillar-social=2&sort=next-due&descending=1",
            ListOrganizationsRequest {
                kind: PartyKind::Trader.into(),
                incidents: IncidentFilter::Grave.into(),
                freshness: FreshnessState::Stale.into(),
                pillar_levels: vec![PillarLevel {
                    pillar: Pillar::Social.into(),
                    level_min: 2,
                }],
                sort: OrganizationSort::NextDue.into(),
                descending: true,
                ..ListOrganizationsRequest::default()
            },
        );
        for nonsense in [
            "kind=thief",
            "standing=best",
            "module=5",
            "pillar-social=9",
            "sort=size",
            "overdue=perhaps",
            "descending=perhaps",
        ] {
            assert!(matches!(asked(nonsense), Err(Trouble::Unmeant { .. })), "{nonsense}");
        }
    }
}
