//! Every answer that was ever given to one criterion, about an organization itself or about a site.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use event::vocabulary::Subject;
use rpc::progress::{ListAnswersRequest, list_answers_request};
use wording::IdKind;

use crate::answers::Given;
use crate::asked;
use crate::asked::Slice;
use crate::language::Language;
use crate::shell::{Named, Portal, Shell};
use crate::trouble::Trouble;

/// Answers on a page.
const PAGE_SIZE: u32 = 50;

/// The answers to one criterion.
#[derive(Debug, Default)]
pub(crate) struct HistoryView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// About whom or what.
    pub(crate) subject: Named,
    /// Whether that is a site, and not an organization.
    pub(crate) is_site: bool,
    /// The answers of this page, the latest day first. There may be none on it and yet some on the next.
    pub(crate) answers: Vec<Given>,
    /// What to send for the next page; empty after the last.
    pub(crate) next_page_token: String,
}

#[derive(Template)]
#[template(path = "history.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a HistoryView,
}

pub(super) async fn of_organization(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path((id, criterion)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    show(&s, &portal, Subject::Party(asked::id(&id)?), &criterion).await
}

pub(super) async fn of_site(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path((id, criterion)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    show(&s, &portal, Subject::Site(asked::id(&id)?), &criterion).await
}

async fn show(s: &Shell, portal: &Portal, subject: Subject, criterion: &str) -> Result<Response, Trouble> {
    let number = read_number(criterion)?;
    let view = view(s, portal, (subject, number), Slice::of_page(&s.query, PAGE_SIZE)).await?;
    s.page(&Page { s, view: &view })
}

/// The number of a criterion, from a path.
pub(crate) fn read_number(criterion: &str) -> Result<u32, Trouble> {
    let number = criterion.parse();
    number.map_err(|_| Trouble::NotFound(format!("{criterion:?} is no number of a criterion")))
}

/// A page of the answers to the criterion of this number.
pub(crate) async fn view(
    s: &Shell,
    portal: &Portal,
    (subject, number): (Subject, u32),
    slice: Slice,
) -> Result<HistoryView, Trouble> {
    use list_answers_request::Subject as Asked;
    let (kind, asked) = match subject {
        Subject::Party(id) => (IdKind::Party, Asked::PartyId(id.to_string())),
        Subject::Site(id) => (IdKind::Site, Asked::SiteId(id.to_string())),
    };
    let (Asked::PartyId(id) | Asked::SiteId(id)) = asked.clone();
    let sources = &portal.sources;
    let ask = |at_least_position| {
        let request = ListAnswersRequest {
            subject: Some(asked.clone()),
            criterion_number: number,
            as_of_position: s.as_of.position(),
            as_of_unix_ms: s.as_of.unix_ms(),
            at_least_position,
            page_size: slice.at_most,
            page_token: slice.token.clone(),
        };
        async move { Ok(sources.progress().list_answers(request).await?.into_inner()) }
    };
    let answer = sources.sure(None, ask).await?;
    Ok(HistoryView {
        position: answer.position,
        evaluated_at_unix_ms: answer.evaluated_at_unix_ms,
        subject: sources.called(kind, id, s.as_of).await,
        is_site: kind == IdKind::Site,
        answers: answer.answers.iter().map(Given::from).collect(),
        next_page_token: answer.next_page_token,
    })
}
