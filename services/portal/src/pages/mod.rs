//! One module for each page: what it asks the services, the view that it makes of their answers, and the template that shows it.

mod account;
pub(crate) mod assessment;
pub(crate) mod bundle;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod evidence;
mod help;
pub(crate) mod history;
mod home;
pub(crate) mod label;
pub(crate) mod log;
pub(crate) mod lot;
pub(crate) mod lots;
pub(crate) mod organization;
pub(crate) mod organizations;
pub(crate) mod place;
mod programs;
mod scan;
pub(crate) mod search;
pub(crate) mod sites;
pub(crate) mod statement;
mod submit;
mod verify;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::asked::AT;
use crate::language::Language;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

/// Every page, by its path behind the language.
pub(crate) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/", get(home::show))
        .route("/help", get(help::show))
        .route("/api", get(programs::show))
        .route("/lots", get(lots::show))
        .route("/lots/{lot}", get(lot::show))
        .route("/lots/{lot}/label", get(label::show))
        .route("/LOTS/{lot}", get(lot::scanned))
        .route("/scan", get(scan::show))
        .route("/search", get(search::show))
        .route(
            "/verify",
            get(verify::show)
                .post(verify::judged)
                .layer(DefaultBodyLimit::max(verify::BODY_BYTES_MAX)),
        )
        .route("/submit", get(submit::show))
        .route("/submit/words", get(submit::words))
        .route("/submit/assessment", get(assessment::show))
        .route("/lots/{lot}/bundle", get(bundle::save))
        .route(
            "/lots/{lot}/check",
            get(check::show)
                .post(check::judged)
                .layer(DefaultBodyLimit::max(check::BODY_BYTES_MAX)),
        )
        .merge(log::router())
        .route("/orgs", get(organizations::show))
        .route("/orgs/{id}", get(organization::show))
        .route("/orgs/{id}/plans", get(organization::whole::plans))
        .route("/orgs/{id}/incidents", get(organization::whole::incidents))
        .route("/orgs/{id}/criteria/{criterion}", get(history::of_organization))
        .route("/compare", get(compare::show))
        .merge(account::router())
        .route("/evidence/{digest}", get(evidence::show))
        .route("/evidence/{digest}/file", get(evidence::save))
        .route("/sites", get(sites::show))
        .route("/sites/{id}", get(place::show))
        .route("/sites/{id}/criteria/{criterion}", get(history::of_site))
        .route("/statements/{id}", get(statement::show))
}

/// A page that cannot be shown.
#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage<'a> {
    s: &'a Shell,
    title: String,
    text: String,
    /// The parameter that cannot be meant.
    unmeant: Option<Unmeant>,
    status: u16,
    /// Whether signing in would help.
    sign_in: bool,
}

/// A parameter that has a value which it does not take.
struct Unmeant {
    parameter: String,
    /// What stands beside its field.
    label: String,
    takes: String,
}

impl Unmeant {
    fn of(s: &Shell, trouble: &Trouble) -> Option<Self> {
        let Trouble::Unmeant { parameter, takes, .. } = trouble else {
            return None;
        };
        let label = match parameter.as_str() {
            AT => s.t("as-of-label"),
            // Of others, the fields are chosen from: only an address that was written by hand has another value.
            other => other.to_owned(),
        };
        Some(Self {
            parameter: parameter.clone(),
            label,
            takes: s.t(&format!("takes-{}", takes.name())),
        })
    }
}

/// The page that says why there is no page.
pub(crate) fn trouble(s: &Shell, trouble: &Trouble) -> Result<String, askama::Error> {
    TroublePage {
        s,
        title: s.t(&format!("trouble-{}-title", trouble.name())),
        text: text(s, trouble),
        unmeant: Unmeant::of(s, trouble),
        status: trouble.status().as_u16(),
        sign_in: matches!(trouble, Trouble::SignIn(_)),
    }
    .render()
}

/// What happened, and what to do next.
fn text(s: &Shell, trouble: &Trouble) -> String {
    let key = format!("trouble-{}", trouble.name());
    match trouble {
        Trouble::TooLong { most } => s.count(&key, *most),
        Trouble::TooFast { seconds } => s.count(&key, *seconds),
        _ => s.t(&key),
    }
}
