//! May I buy this lot? By a policy that is shipped, or by the reader's own, which is judged by and not kept.

pub(crate) mod asked;
mod cards;
pub(crate) mod view;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use diligence::{Fault, Policy, Term, judge};
use event::LotId;
use inquiry::check::gather;
use rpc::audit::GetCheckpointRequest;
use tracing::warn;

pub(super) use self::asked::BODY_BYTES_MAX;
use self::asked::{Asked, Chosen, Shown};
use self::cards::Card;
use self::view::{Checkpoint, OfPolicy, Origin, Reason, View};
use self::words::Sentence;
use super::lot::named;
use crate::asked::{AsOf, Query};
use crate::language::Language;
use crate::shell::{Portal, Shell, unless_seen};
use crate::trouble::Trouble;

/// Reasons and origins on the page. The file has all of them.
const SHOWN_MAX: usize = 200;

/// By a shipped policy, or by none: this can be shared.
pub(super) async fn show(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let asked = Asked::of_query(&s.query)?;
    answer(&s, &portal, named(&lot)?, &asked).await
}

/// By whatever the form has.
pub(super) async fn judged(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
    form: Multipart,
) -> Result<Response, Trouble> {
    let asked = Asked::of_form(form).await?;
    answer(&s, &portal, named(&lot)?, &asked).await
}

async fn answer(s: &Shell, portal: &Portal, id: LotId, asked: &Asked) -> Result<Response, Trouble> {
    let Ok(policy) = asked.chosen.text().map(inquiry::policy::parse).transpose() else {
        return faulty(s, id, asked);
    };
    let view = gathered(s, portal, id, asked, policy.as_ref()).await?;
    if asked.shown == Shown::File {
        return file(&view);
    }
    s.page(&Page {
        s,
        view: &view,
        asked,
        faults: &[],
    })
}

/// What follows of what is known about a lot. A verdict on the present leaves out nothing that was recorded before it was asked for.
pub(crate) async fn gathered(
    s: &Shell,
    portal: &Portal,
    id: LotId,
    asked: &Asked,
    policy: Option<&Policy>,
) -> Result<View, Trouble> {
    let services = &portal.sources.inquiry();
    let asks_documents = policy.is_some_and(|policy| policy.terms().any(|term| term == Term::Documents));
    let known = match s.as_of {
        AsOf::Position(_) => 0,
        AsOf::Present | AsOf::Instant(_) => portal.sources.known_position().await,
    };
    let ask = |at_least: u64| async move {
        let as_of = inquiry::AsOf {
            position: s.as_of.position(),
            at_least: known.max(at_least),
            unix_ms: s.as_of.unix_ms(),
        };
        Ok(gather(services, &id.to_string(), as_of, asks_documents).await?)
    };
    let (gathered, checkpoint) = tokio::join!(portal.sources.sure(None, ask), checkpoint(portal));
    let gathered = gathered?;
    let facts = gathered.facts()?;
    let always = inquiry::policy::always();
    let verdict = judge(&facts, policy.unwrap_or(&always));
    let of_policy = policy.map(|policy| OfPolicy::new(policy, asked));
    Ok(View::new(&gathered, &facts, &verdict, of_policy, checkpoint))
}

/// The latest checkpoint of the log; none where the log is away, which stops no verdict.
async fn checkpoint(portal: &Portal) -> Option<Checkpoint> {
    let mut audit = portal.sources.audit();
    match audit.get_checkpoint(GetCheckpointRequest::default()).await {
        Ok(answer) => Some(answer.into_inner().into()),
        Err(status) => {
            warn!("A verdict goes without a checkpoint: {}", status.message());
            None
        }
    }
}

/// The form again, with everything that is wrong with the policy.
fn faulty(s: &Shell, id: LotId, asked: &Asked) -> Result<Response, Trouble> {
    let view = View::without_verdict(id);
    let faults = asked.chosen.text().map(inquiry::policy::faults).unwrap_or_default();
    // What is wrong is to be mended, whatever else was asked for.
    let asked = Asked {
        shown: Shown::Page,
        ..asked.clone()
    };
    let mut response = s.page(&Page {
        s,
        view: &view,
        asked: &asked,
        faults: &faults,
    })?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

fn file(view: &View) -> Result<Response, Trouble> {
    let json = serde_json::to_vec_pretty(view).map_err(|error| Trouble::Wrong(error.to_string()))?;
    let mut response = unless_seen(None, "application/json", json);
    let name = format!("attachment; filename=\"{}.dossier.json\"", view.lot.lot_id);
    let name = HeaderValue::try_from(name).expect("an id is of letters and digits");
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

#[derive(Template)]
#[template(path = "check.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a View,
    asked: &'a Asked,
    faults: &'a [Fault],
}

impl Page<'_> {
    fn is_dossier(&self) -> bool {
        self.asked.shown == Shown::Dossier
    }

    fn is_chosen(&self, name: &str) -> bool {
        matches!(self.asked.chosen, Chosen::Shipped(chosen, _) if chosen == name)
    }

    /// The reader's own policy; empty where he named none.
    fn own(&self) -> &str {
        match &self.asked.chosen {
            Chosen::Own(text) => text,
            _ => "",
        }
    }

    /// Where the forms lead.
    fn here(&self) -> String {
        self.s.link(&format!("/lots/{}/check", self.view.lot.lot_id))
    }

    /// Where there is a proof that tells times.
    fn timed_bundle(&self) -> String {
        let path = format!("/lots/{}/bundle", self.view.lot.lot_id);
        self.s.link_with(&path, &Query::default().with("times", "1"))
    }

    fn outcome(&self) -> String {
        self.s.t(&format!("outcome-{}", self.view.outcome.unwrap_or_default()))
    }

    /// Whether the checkpoint is of a tree that does not hold everything yet that was looked at.
    fn is_behind(&self, checkpoint: &Checkpoint) -> bool {
        checkpoint.tree_size < self.view.position
    }

    /// Whether the form comes first: there is no answer yet, or the policy cannot be read.
    fn is_to_choose(&self) -> bool {
        self.view.policy.is_none() && !self.is_dossier()
    }

    fn cards(&self) -> Vec<Card<'_>> {
        cards::cards(self.reasons(), &self.view.origins)
    }

    fn reasons(&self) -> &[Reason] {
        &self.view.reasons[..self.view.reasons.len().min(SHOWN_MAX)]
    }

    fn reasons_left_out(&self) -> usize {
        self.view.reasons.len() - self.reasons().len()
    }

    fn origins(&self) -> &[Origin] {
        &self.view.origins[..self.view.origins.len().min(SHOWN_MAX)]
    }

    fn origins_left_out(&self) -> usize {
        self.view.origins.len() - self.origins().len()
    }

    fn sentence(&self, reason: &Reason) -> Sentence {
        words::sentence(self.s, reason)
    }

    fn fault(&self, fault: &Fault) -> Sentence {
        words::fault(self.s, &fault.error)
    }
}
