//! A lot: who has it, through whose hands it came, what it was made of, and what speaks against it.

pub(crate) mod beside;
pub(crate) mod facts;
pub(crate) mod gather;
pub(crate) mod lineage;
pub(crate) mod origins;
pub(crate) mod steps;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use event::LotId;
use ledger::FlagKind;
use serde::Serialize;
use utoipa::ToSchema;

use self::beside::{Behind, Flag, Hold, Measured, Seal};
use self::facts::LotFacts;
use self::gather::STEPS;
use self::lineage::{DEPTH, DEPTH_MAX, Lineage};
use self::origins::{Origins, Standings};
use self::steps::{Handover, Step};
use crate::asked::{Query, Slice};
use crate::language::Language;
use crate::pages::log::refused::Refused;
use crate::pages::log::spoken::Spoken;
use crate::shell::{Portal, Said, Shell};
use crate::trouble::{Takes, Trouble};

/// A lot with everything beside it; of its path, one page.
#[derive(Debug, Default, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "of each list it is said whether there is more"
)]
#[schema(as = WholeLot)]
pub(crate) struct LotView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// The lot.
    pub(crate) lot: LotFacts,
    /// The hand-overs of this page of the path, with both signatures.
    pub(crate) handovers: Vec<Handover>,
    /// What was said about it, the oldest first.
    pub(crate) path: Vec<Step>,
    /// What to send for the next page of the path; empty after the last.
    pub(crate) next_page_token: String,
    /// The seals that are or were on it, and the samples taken of it; 64 at most.
    pub(crate) seals: Vec<Seal>,
    /// Whether there are more of them.
    pub(crate) more_seals: bool,
    /// What deserves a second look about it, the newest first; 64 at most.
    pub(crate) flags: Vec<Flag>,
    /// Whether there are more of them.
    pub(crate) more_flags: bool,
    /// The holds that reach it; 32 at most.
    pub(crate) holds: Vec<Hold>,
    /// Whether there are more of them.
    pub(crate) more_holds: bool,
    /// Its assays, the newest first; 32 at most.
    pub(crate) assays: Vec<Measured>,
    /// Whether there are more of them.
    pub(crate) more_assays: bool,
    /// The statements that name it and were refused; absent where the log does not answer.
    pub(crate) refused: Option<Refused>,
    /// What is known against all that it was made of; absent where that is too much for one answer.
    pub(crate) behind: Option<Behind>,
    /// Where its gold comes from.
    pub(crate) origins: Origins,
    /// How those who declared that gold stood then, and how they stand.
    pub(crate) standings: Vec<Standings>,
    /// What it was made of, and what became of it.
    pub(crate) lineage: Lineage,
    /// Who said what stands at the positions that this answer names, and when; the first 128 at most.
    pub(crate) spoken: Spoken,
}

impl LotView {
    /// Positions at which somebody said what this answer shows, and not who or when.
    fn positions(&self) -> impl Iterator<Item = u64> {
        let lot = &self.lot;
        let offers = lot
            .open_offer
            .iter()
            .chain(&lot.expired_offer)
            .map(|offer| offer.position);
        let flags = self.behind.iter().flat_map(|behind| &behind.flags).chain(&self.flags);
        let suspects = self.behind.iter().flat_map(|behind| &behind.suspects);
        let suspects = suspects.flat_map(|key| [key.revocation_position, key.spoke_position]);
        let permits = self.origins.parts.iter();
        let permits = permits.flat_map(|part| part.permit_then.iter().chain(&part.permit_now));
        let own = [lot.declared_position, lot.ended_position].into_iter().chain(offers);
        let beside = self.holds.iter().map(|hold| hold.position);
        let beside = beside.chain(self.seals.iter().map(|seal| seal.since_position));
        let beside = beside.chain(flags.map(|flag| flag.position)).chain(suspects);
        own.chain(beside).chain(permits.map(|permit| permit.position))
    }
}

#[derive(Template)]
#[template(path = "lot.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a LotView,
}

pub(super) async fn show(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let id = named(&lot)?;
    if id.to_string() != lot {
        return Ok(moved(&s, id));
    }
    let view = gather::lot(
        &s,
        &portal,
        id,
        depth(s.given("depth"))?,
        Slice::of_page(&s.query, STEPS),
    )
    .await?;
    s.page(&Page { s: &s, view: &view })
}

/// Where the code on a label leads, all of which is in capitals.
pub(super) async fn scanned(s: Shell, Path(lot): Path<String>) -> Result<Response, Trouble> {
    Ok(moved(&s, named(&lot)?))
}

/// The lot of this id, in any case.
pub(crate) fn named(lot: &str) -> Result<LotId, Trouble> {
    lot.parse()
        .map_err(|error| Trouble::NotFound(format!("no lot has the id {lot:?}: {error}")))
}

fn moved(s: &Shell, id: LotId) -> Response {
    let there = s.link_with(&format!("/lots/{id}"), &s.query);
    (StatusCode::FOUND, [(LOCATION, there)]).into_response()
}

/// How many transformations away a lineage is asked for; nothing where that is not said.
pub(crate) fn depth(text: &str) -> Result<Option<u32>, Trouble> {
    let wrong = || Trouble::unmeant("depth", Takes::Number, format!("is a number from 1 to {DEPTH_MAX}"));
    if text.is_empty() {
        return Ok(None);
    }
    let depth = text.parse().map_err(|_| wrong())?;
    if (1..=DEPTH_MAX).contains(&depth) {
        Ok(Some(depth))
    } else {
        Err(wrong())
    }
}

impl Page<'_> {
    /// How the banner is drawn: what stops the lot weighs more than what deserves a second look.
    fn weighs(&self) -> &'static str {
        let view = self.view;
        let is_doubtful = view
            .behind
            .as_ref()
            .is_none_or(|behind| !behind.flags.is_empty() || !behind.suspects.is_empty());
        if view.lot.on_hold || view.lot.state == "lot-state-lost" {
            "bad"
        } else if is_doubtful || !view.flags.is_empty() {
            "warn"
        } else {
            ""
        }
    }

    /// How many hand-overs of this page both sides signed.
    fn signed(&self) -> usize {
        self.view
            .handovers
            .iter()
            .filter(|handover| handover.outcome == "accepted")
            .count()
    }

    /// How many parts of its gold are not on the page.
    fn parts_left_out(&self) -> usize {
        let total = usize::try_from(self.view.origins.total).unwrap_or(usize::MAX);
        total.saturating_sub(self.view.origins.parts.len())
    }

    /// Who made a statement on this page, by its id.
    fn stated(&self, statement_id: &str) -> Option<&Said> {
        let path = self.view.path.iter().map(|step| &step.said);
        let mut stated = path.chain(self.view.assays.iter().map(|assay| &assay.said));
        stated.find(|said| said.statement_id == statement_id)
    }

    /// Since when the lot has its custodian: by the last statement that handed it over, or by the one that made it known. Nothing
    /// where that may stand on another page of the path.
    fn custodian_since(&self) -> Option<&Said> {
        self.last(|step| step.event == "custody-accepted")
    }

    /// The same of its owner.
    fn owner_since(&self) -> Option<&Said> {
        let handed = self.view.handovers.iter().filter(|handover| handover.with_title);
        let accepted: Vec<_> = handed.filter_map(|handover| handover.answered.as_ref()).collect();
        self.last(|step| {
            step.event == "title-transferred"
                || step.event == "custody-accepted" && accepted.iter().any(|said| said.position == step.said.position)
        })
    }

    /// Who weighed it last, where that stands on this page and nobody set it right since.
    fn weighed(&self) -> Option<&Said> {
        let weighed = |step: &&Step| step.gross_ug == Some(self.view.lot.gross_ug);
        let found = self.view.path.iter().rfind(weighed)?;
        self.view.next_page_token.is_empty().then_some(&found.said)
    }

    /// The last step of the path that is one of these, or else the first of all.
    fn last(&self, is: impl Fn(&Step) -> bool) -> Option<&Said> {
        let view = self.view;
        if !view.next_page_token.is_empty() {
            return None;
        }
        let first = view
            .path
            .first()
            .filter(|step| step.said.position == view.lot.declared_position);
        let found = view.path.iter().rfind(|step| is(step)).or(first)?;
        Some(&found.said)
    }

    /// The step of the path that is called so, where it is on the page.
    fn stepped(&self, event: &str) -> Option<&Said> {
        Some(&self.view.path.iter().rfind(|step| step.event == event)?.said)
    }

    /// The lots that bear a seal.
    fn sealed(&self, number: &str) -> String {
        let query = Query::default().with("by", "seal").with("number", number);
        self.s.link_with("/lots", &query)
    }

    /// Who made the assay that decides between those that a flag is about, where there is one.
    fn umpire(&self, flag: &Flag) -> Option<&Said> {
        let is_of_lot = flag.kind == FlagKind::AssaysDiffer.name() && flag.lot_id == self.view.lot.lot_id;
        let decides = |assay: &&Measured| assay.purpose == "assay-purpose-umpire" && !assay.is_replaced;
        let found = self.view.assays.iter().find(decides).filter(|_| is_of_lot)?;
        Some(&found.said)
    }

    /// The next depth to look at the lineage from; nothing where all of it is shown, or as much as can be.
    fn deeper(&self) -> Option<String> {
        let deeper = (self.view.lineage.depth + DEPTH).min(DEPTH_MAX);
        (self.view.lineage.has_more && self.view.lineage.depth < deeper).then(|| deeper.to_string())
    }

    /// The name of a step: what went into others is told otherwise than what came out.
    fn step(&self, step: &Step) -> String {
        if step.event == "lots-transformed" && step.from.is_some() {
            return self.s.t("step-used-up");
        }
        self.s.t(&format!("step-{}", step.event))
    }

    /// How far off a measured mass was, with its sign.
    fn difference(&self, difference_ug: i64) -> String {
        let mass = self.s.grams_of_ug(difference_ug);
        if 0 < difference_ug { format!("+{mass}") } else { mass }
    }

    fn outcome(&self, handover: &Handover) -> String {
        self.s.t(&format!("handover-{}", handover.outcome))
    }
}

#[cfg(test)]
mod tests {
    use event::LotId;
    use event::vocabulary::{EventKind, Topic};

    use super::*;

    #[test]
    fn every_statement_on_a_lot_has_a_name_in_every_language() {
        let kinds = EventKind::ALL.iter().filter(|kind| kind.topic() == Topic::Custody);
        for kind in kinds {
            let key = format!("step-{}", steps::kebab(kind.name()));
            for language in Language::ALL {
                assert!(language.has(&key), "{}: no text {key}", language.code());
            }
        }
    }

    #[test]
    fn a_lot_is_named_in_any_case_and_a_depth_has_limits() {
        let id = LotId::from_bytes([7; 16]);
        assert_eq!(named(&id.to_string().to_uppercase()).unwrap(), id);
        for nonsense in ["", "lot-", "org-1", "lot-1/../..", "<script>"] {
            assert!(matches!(named(nonsense), Err(Trouble::NotFound(_))), "{nonsense}");
        }
        assert_eq!((depth("").unwrap(), depth("24").unwrap()), (None, Some(DEPTH_MAX)));
        for nonsense in ["0", "25", "-1", "deep", "99999999999999999999"] {
            assert!(matches!(depth(nonsense), Err(Trouble::Unmeant { .. })), "{nonsense}");
        }
    }
}
