//! Everything that the page of a lot asks the services, all as of the position and the instant of the first answer.

use std::collections::BTreeMap;

use event::LotId;
use rpc::audit::GetTimeBracketRequest;
use rpc::custody::{
    GetLineageRequest, GetLotRequest, GetLotResponse, GetOriginsRequest, GetProvenanceRequest, LineageDirection,
    LineageStep, LotState, OriginsBy, get_lot_request,
};
use rpc::progress::GetStandingsRequest;
use tokio::task::JoinSet;
use tonic::{Code, Status};

use super::LotView;
use super::beside::{Behind, Flag, Hold, Measured, Seal};
use super::facts::LotFacts;
use super::lineage::{Lineage, NODES_MAX, Way, depth_of_few, nearest};
use super::origins::{Origins, Standings, standings, standings_asked};
use super::steps::{Bracket, Step, handovers};
use crate::asked::{AsOf, Slice};
use crate::pages::log::refused::{Refused, of_lot};
use crate::pages::log::spoken::Spoken;
use crate::shell::{Portal, Shell};
use crate::sources::Sources;
use crate::trouble::Trouble;

/// Statements of the path on a page, parts of the gold, and transformations that are looked at.
pub(crate) const STEPS: u32 = 50;
const PARTS: u32 = 50;
const TRANSFORMATIONS: u32 = 200;

/// Of what all that is asked for is true.
#[derive(Clone, Copy, Debug)]
pub(crate) struct True {
    /// The position of the stream.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) unix_ms: i64,
}

impl True {
    fn of(answer: &GetLotResponse) -> Self {
        Self {
            position: answer.position,
            unix_ms: answer.evaluated_at_unix_ms,
        }
    }
}

/// A lot with everything beside it; of its path, the page that is asked for, and of its lineage as much as is asked for, or all
/// of it where that is little.
pub(crate) async fn lot(
    s: &Shell,
    portal: &Portal,
    id: LotId,
    depth: Option<u32>,
    slice: Slice,
) -> Result<LotView, Trouble> {
    let sources = &portal.sources;
    let answer = first(s, sources, id, slice).await?;
    let of = True::of(&answer);
    let (refused, behind, (origins, _), lineage, brackets) = tokio::try_join!(
        refused(portal, id, of),
        behind(sources, id, of),
        origins(sources, id, of, Slice::first(PARTS)),
        lineage(sources, &answer, depth, of),
        brackets(sources, &answer)
    )?;
    let mut view = view(answer);
    view.standings = stood(sources, &origins, of).await?;
    for step in &mut view.path {
        step.bracket = brackets.get(&step.said.position).copied();
    }
    view.lineage = lineage;
    view.lineage.name(&names(&view, &origins));
    view.refused = refused;
    view.behind = behind;
    view.origins = origins;
    view.spoken = Spoken::of(portal, view.positions(), AsOf::Position(of.position)).await;
    Ok(view)
}

/// What a lot was made of and what became of it, alone.
pub(crate) async fn lineage_of(s: &Shell, portal: &Portal, id: LotId, depth: u32) -> Result<(True, Lineage), Trouble> {
    let sources = &portal.sources;
    let answer = first(s, sources, id, Slice::first(STEPS)).await?;
    let of = True::of(&answer);
    let ((origins, _), mut lineage) = tokio::try_join!(
        origins(sources, id, of, Slice::first(PARTS)),
        lineage(sources, &answer, Some(depth), of)
    )?;
    lineage.name(&names(&view(answer), &origins));
    Ok((of, lineage))
}

/// A part of where the gold in a lot comes from, and where the next one begins.
pub(crate) async fn origins_of(
    s: &Shell,
    portal: &Portal,
    id: LotId,
    slice: Slice,
) -> Result<(True, Origins, String), Trouble> {
    let answer = first(s, &portal.sources, id, Slice::first(1)).await?;
    let of = True::of(&answer);
    let (origins, token) = origins(&portal.sources, id, of, slice).await?;
    Ok((of, origins, token))
}

/// The lot alone, with a page of its path.
pub(crate) async fn first(s: &Shell, sources: &Sources, id: LotId, slice: Slice) -> Result<GetLotResponse, Trouble> {
    let ask = |at_least_position| {
        let request = GetLotRequest {
            lot: Some(get_lot_request::Lot::LotId(id.to_string())),
            as_of_position: s.as_of.position(),
            as_of_unix_ms: s.as_of.unix_ms(),
            at_least_position,
            page_size: slice.at_most,
            page_token: slice.token.clone(),
        };
        async move { Ok(sources.custody().get_lot(request).await?.into_inner()) }
    };
    sources.sure(None, ask).await
}

pub(crate) fn view(answer: GetLotResponse) -> LotView {
    let is_on_offer = answer.lot.as_ref().is_some_and(|lot| lot.open_offer.is_some());
    let path: Vec<_> = answer.path.into_iter().map(Step::from).collect();
    LotView {
        position: answer.position,
        evaluated_at_unix_ms: answer.evaluated_at_unix_ms,
        lot: answer.lot.map(LotFacts::from).unwrap_or_default(),
        handovers: handovers(&path, is_on_offer && answer.next_page_token.is_empty()),
        path,
        next_page_token: answer.next_page_token,
        seals: answer.seals.into_iter().map(Seal::from).collect(),
        more_seals: answer.more_seals,
        flags: answer.flags.into_iter().map(Flag::from).collect(),
        more_flags: answer.more_flags,
        holds: answer.holds.into_iter().map(Hold::from).collect(),
        more_holds: answer.more_holds,
        assays: answer.assays.into_iter().map(Measured::from).collect(),
        more_assays: answer.more_assays,
        ..LotView::default()
    }
}

/// What an answer says, and nothing where it would be too long.
fn unless_too_long<T>(answer: Result<tonic::Response<T>, Status>) -> Result<Option<T>, Trouble> {
    match answer {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(status) if status.code() == Code::OutOfRange => Ok(None),
        Err(status) => Err(status.into()),
    }
}

async fn behind(sources: &Sources, id: LotId, of: True) -> Result<Option<Behind>, Trouble> {
    let request = GetProvenanceRequest {
        lot_id: id.to_string(),
        as_of_position: of.position,
        at_least_position: of.position,
        as_of_unix_ms: of.unix_ms,
    };
    let answer = unless_too_long(sources.custody().get_provenance(request).await)?;
    Ok(answer.map(Behind::from))
}

async fn origins(sources: &Sources, id: LotId, of: True, slice: Slice) -> Result<(Origins, String), Trouble> {
    let request = GetOriginsRequest {
        lot_id: id.to_string(),
        by: OriginsBy::Site.into(),
        as_of_position: of.position,
        at_least_position: of.position,
        as_of_unix_ms: of.unix_ms,
        page_size: slice.at_most,
        page_token: slice.token,
    };
    let mut answer = sources.custody().get_origins(request).await?.into_inner();
    let token = std::mem::take(&mut answer.next_page_token);
    Ok((answer.into(), token))
}

async fn stood(sources: &Sources, origins: &Origins, of: True) -> Result<Vec<Standings>, Trouble> {
    let asked = standings_asked(&origins.parts);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let request = GetStandingsRequest {
        asked,
        as_of_position: of.position,
        at_least_position: of.position,
        as_of_unix_ms: of.unix_ms,
    };
    let answer = sources.progress().get_standings(request).await?.into_inner();
    Ok(standings(&origins.parts, &answer.entries))
}

async fn lineage(sources: &Sources, answer: &GetLotResponse, depth: Option<u32>, of: True) -> Result<Lineage, Trouble> {
    let lot = answer.lot.clone().unwrap_or_default();
    let became_others = lot.state() == LotState::Transformed;
    // The lot itself is one of them, and both ways have as many.
    let room = (NODES_MAX - 1) / if lot.is_made && became_others { 2 } else { 1 };
    let ways = [
        (lot.is_made, Way::Up, LineageDirection::Up),
        (became_others, Way::Down, LineageDirection::Down),
    ];
    let (mut all, mut has_more) = (Vec::new(), false);
    for (_, way, direction) in ways.into_iter().filter(|(is_there, ..)| *is_there) {
        let (steps, has_more_steps) = transformations(sources, &lot.lot_id, direction, of).await?;
        has_more |= has_more_steps;
        all.push((way, steps));
    }
    let depth = depth.unwrap_or_else(|| depth_of_few(all.iter().flat_map(|(_, steps)| steps)));
    let mut lineage = Lineage {
        depth,
        has_more,
        ..Lineage::default()
    };
    for (way, steps) in all {
        let (told, left_out) = nearest(way, &lot.lot_id, steps, depth, room);
        lineage.has_more |= left_out;
        match way {
            Way::Up => lineage.made_of = told,
            Way::Down => lineage.became = told,
        }
    }
    Ok(lineage)
}

/// The first transformations one way, and whether there are more. Of a lineage that is too long for an answer there are none.
async fn transformations(
    sources: &Sources,
    lot_id: &str,
    direction: LineageDirection,
    of: True,
) -> Result<(Vec<LineageStep>, bool), Trouble> {
    let request = GetLineageRequest {
        lot_id: lot_id.to_owned(),
        direction: direction.into(),
        as_of_position: of.position,
        at_least_position: of.position,
        as_of_unix_ms: of.unix_ms,
        page_size: TRANSFORMATIONS,
        page_token: String::new(),
    };
    let answer = unless_too_long(sources.custody().get_lineage(request).await)?;
    Ok(answer.map_or((Vec::new(), true), |answer| {
        (answer.steps, !answer.next_page_token.is_empty())
    }))
}

/// The statements that name the lot and were refused. While the log cannot say, the page says that they are not known: it is
/// worth showing without.
async fn refused(portal: &Portal, id: LotId, of: True) -> Result<Option<Refused>, Trouble> {
    Ok(of_lot(portal, id, of.position, 0).await.ok())
}

/// Between which times each statement of the page came into the log, by its position. What is under no checkpoint yet has no
/// times, and neither has anything while the log is away: the page is worth showing without.
async fn brackets(sources: &Sources, answer: &GetLotResponse) -> Result<BTreeMap<u64, Bracket>, Trouble> {
    let mut asking = JoinSet::new();
    for position in answer.path.iter().map(|step| step.position) {
        let mut audit = sources.audit();
        asking.spawn(async move {
            let request = GetTimeBracketRequest {
                leaf_index: position.saturating_sub(1),
                at_least_position: 0,
            };
            (position, audit.get_time_bracket(request).await)
        });
    }
    let mut brackets = BTreeMap::new();
    for (position, answer) in asking.join_all().await {
        let Ok(answer) = answer.inspect_err(|status| tracing::debug!(%status, "No times of position {position}"))
        else {
            continue;
        };
        let told = answer.into_inner();
        let bracket = Bracket {
            not_before_unix_s: told.not_before,
            not_after_unix_s: told.not_after,
        };
        brackets.insert(position, bracket);
    }
    Ok(brackets)
}

/// What the sites and the organizations around a lot are called, by their ids.
fn names(view: &LotView, origins: &Origins) -> BTreeMap<String, String> {
    let (lot, lineage) = (&view.lot, &view.lineage);
    let dug = origins.parts.iter().flat_map(|part| [&part.site, &part.operator]);
    let made = lineage.made_of.iter().chain(&lineage.became).map(|made| &made.by);
    let said = view.path.iter().map(|step| &step.said.by);
    let known = dug
        .chain(made)
        .chain(said)
        .chain([&lot.declared_by, &lot.custodian, &lot.owner]);
    let known = known.chain(&lot.site);
    known.map(|named| (named.id.clone(), named.name.clone())).collect()
}
