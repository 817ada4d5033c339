//! Which pages the portal has of a told story, and what must stand in each in every language.

use crate::story::{BAR, ESPERANZA, Told};

/// Languages in which every page is whole.
pub const LANGUAGES: [&str; 4] = ["en", "es", "fr", "pt"];

/// A page, and what must stand in it in every language.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address behind the language.
    pub path: String,
    /// Names, numbers, ids: what no language says otherwise.
    pub facts: Vec<String>,
}

fn page(path: impl Into<String>, facts: &[&str]) -> Page {
    Page {
        path: path.into(),
        facts: facts.iter().map(|fact| (*fact).to_owned()).collect(),
    }
}

/// Every page that is there.
#[must_use]
pub fn pages(told: &Told) -> Vec<Page> {
    let mut pages = pages_of_all(told);
    pages.extend(pages_of_lots(told));
    pages.extend(pages_of_organizations(told));
    pages
}

fn pages_of_all(told: &Told) -> Vec<Page> {
    vec![
        page("", &["Veta"]),
        page("/help", &["Veta"]),
        page("/api", &["/api/v1/openapi.json", "/api/v1/lots/{lot}/lineage"]),
        page("/log", &[]),
        page("/log/0", &[]),
        page(
            format!("/log/{}", told.declared_at - 1),
            &[&told.declaration, &format!("#{}", told.declared_at)],
        ),
        page("/log/checkpoints", &[]),
        page("/search?q=18", &["18"]),
        page("/search", &[]),
        page("/search?q=esperánza+LA", &[ESPERANZA]),
        page("/verify", &["veta verify"]),
        page("/submit", &[]),
        page("/scan", &[]),
        page("/account", &[]),
        page("/account/sign-in/terminal", &["veta evidence sign-in"]),
        page(format!("/evidence/{}", "07".repeat(32)), &[&"07".repeat(32)]),
        page("/submit/assessment", &["craft-derived", "CC-BY-SA-4.0"]),
        page(
            format!("/submit/assessment?about={}", told.organizations.esperanza),
            &[ESPERANZA, "craft-derived"],
        ),
        page(
            format!("/submit/assessment?about={}", told.sites.hostile),
            &["alert(1)", "craft-derived"],
        ),
    ]
}

fn pages_of_lots(told: &Told) -> Vec<Page> {
    let lots = &told.lots;
    let lot = |id: &str, facts: &[&str]| page(format!("/lots/{id}"), &[&[id], facts].concat());
    vec![
        page("/lots", &[&lots.bar, &lots.held]),
        lot(&lots.first, &[ESPERANZA]),
        lot(&lots.molten, &["Comptoir du Lac"]),
        lot(&lots.exported, &["Aurum Refining"]),
        lot(&lots.bar, &[BAR[0], BAR[1]]),
        page(format!("/lots/{}/label", lots.bar), &["30"]),
        page(format!("/lots/{}/check", lots.bar), &[&lots.bar]),
        page(format!("/lots/{}/check?policy=progressive", lots.bar), &[ESPERANZA]),
        page(
            format!("/lots/{}/check?policy=strict&as=dossier", lots.held),
            &["Amani Miners"],
        ),
        page(
            format!("/lots/{}/check?policy=legal-title", lots.hostile),
            &["alert(1)"],
        ),
        lot(&lots.held, &["Amani Miners"]),
        lot(&lots.hostile, &["alert(1)"]),
        lot(&lots.hostile_bar, &["alert(3)"]),
    ]
}

fn pages_of_organizations(told: &Told) -> Vec<Page> {
    let (organizations, sites) = (&told.organizations, &told.sites);
    let org = |id: &str, facts: &[&str]| page(format!("/orgs/{id}"), &[&[id], facts].concat());
    vec![
        page("/orgs", &[ESPERANZA, "Amani Miners", "alert(1)"]),
        page("/orgs?standing=standing-candidate&sort=name", &[]),
        org(&organizations.esperanza, &[ESPERANZA]),
        org(&organizations.amani, &["Amani Miners"]),
        org(&organizations.hostile, &["alert(1)"]),
        page("/orgs?name=LA++esper", &[ESPERANZA]),
        page(
            format!("/orgs/{}/plans", organizations.esperanza),
            &[ESPERANZA, "Weigh and seal every lot at the pit"],
        ),
        page(
            format!("/orgs/{}/incidents", organizations.amani),
            &["Amani Miners", "A boy of twelve"],
        ),
        page(format!("/orgs/{}/plans", organizations.hostile), &["alert(1)"]),
        page(format!("/orgs/{}/incidents", organizations.hostile), &["alert(1)"]),
        page(
            format!("/orgs/{}/criteria/0", organizations.esperanza),
            &[ESPERANZA, "craft-derived"],
        ),
        page(format!("/orgs/{}/criteria/0", organizations.hostile), &["alert(1)"]),
        page(format!("/sites/{}/criteria/0", sites.esperanza), &["La Esperanza"]),
        page("/sites", &[ESPERANZA, "alert(1)"]),
        page(format!("/sites?operator={}", organizations.amani), &["Amani Miners"]),
        page(format!("/sites/{}", sites.esperanza), &[&sites.esperanza, ESPERANZA]),
        page(format!("/sites/{}", sites.hostile), &["alert(1)"]),
        page("/compare", &[]),
        page(
            format!("/compare?a={}&b={}", organizations.esperanza, organizations.amani),
            &[ESPERANZA, "Amani Miners"],
        ),
    ]
}
