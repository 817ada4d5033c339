//! What is asked about one lot: `custody` first, and then everything as of the position and the instant of its answer.

use std::collections::{BTreeMap, BTreeSet};

use diligence::Permit;
use rpc::custody::{
    GetLineageRequest, GetLotRequest, GetOriginsRequest, GetProvenanceRequest, GetProvenanceResponse,
    GetSiteProductionRequest, LineageDirection, LotStep, Origin, OriginsBy, SitePermit, get_lot_request,
};
use rpc::limits::{PAGE_SIZE_MAX, STANDINGS_MAX};
use rpc::progress::{GetStandingsRequest, StandingAsked, StandingEntry};
use tonic::transport::Channel;

use super::Services;
use super::facts::{Answers, AskedAs, day, ends, looked_up, settled};
use crate::pages::pages;
use crate::show::{Asked, lot_asked, whole_lot};
use crate::trouble::{Done, Trouble};

/// Of how many lots that a lot was made of documents are looked for.
pub const LOTS_BEFORE_MAX: usize = 256;
/// Rows asked for at a time.
const PAGE_SIZE: u32 = 1_000;
const _: () = assert!(PAGE_SIZE as usize == PAGE_SIZE_MAX, "as many as a page may have");

/// Of what everything is true.
#[derive(Clone, Copy, Debug)]
struct True {
    position: u64,
    unix_ms: i64,
}

/// Everything that a policy may ask about a lot. Where documents are asked for, those of the lots that it was made of are
/// looked for, too.
pub async fn gather(services: &Services, lot: &str, asked: Asked, documents: bool) -> Done<Answers> {
    let custody = &services.custody;
    let lot = whole_lot(custody, lot_asked(lot, asked)?).await?;
    let of = True {
        position: lot.position,
        unix_ms: lot.evaluated_at_unix_ms,
    };
    let id = lot.lot.clone().unwrap_or_default().lot_id;
    let provenance = provenance(custody, &id, of).await?;
    let mut answers = Answers {
        origins: origins(custody, &id, of).await?,
        lot,
        provenance,
        ..Answers::default()
    };
    answers.permits = permits(custody, &answers).await?;
    answers.standings = standings(&services.progress, &answers.origins, of).await?;
    if documents {
        (answers.steps_before, answers.left_out) = steps_before(custody, &id, of).await?;
    }
    Ok(answers)
}

async fn provenance(custody: &Channel, lot: &str, of: True) -> Done<GetProvenanceResponse> {
    let request = GetProvenanceRequest {
        lot_id: lot.to_owned(),
        as_of_position: of.position,
        at_least_position: 0,
        as_of_unix_ms: of.unix_ms,
    };
    let mut custody = rpc::client::custody(custody.clone());
    let answer = custody.get_provenance(request).await?.into_inner();
    of.check(answer.position)?;
    Ok(answer)
}

async fn origins(custody: &Channel, lot: &str, of: True) -> Done<Vec<Origin>> {
    let mut origins = Vec::new();
    pages(async |page_token| {
        let request = GetOriginsRequest {
            lot_id: lot.to_owned(),
            by: OriginsBy::Site.into(),
            as_of_position: of.position,
            as_of_unix_ms: of.unix_ms,
            page_size: PAGE_SIZE,
            page_token,
            ..GetOriginsRequest::default()
        };
        let mut custody = rpc::client::custody(custody.clone());
        let page = custody.get_origins(request).await?.into_inner();
        of.check(page.position)?;
        origins.extend(page.origins);
        Ok(page.next_page_token)
    })
    .await?;
    Ok(origins)
}

/// Whether a permit covered each origin, in their order. Where a lot behind it is flagged for having none, what was
/// declared between the first and the last time is not known.
async fn permits(custody: &Channel, answers: &Answers) -> Done<Vec<Option<Permit>>> {
    /// The first and the last declaration are looked at.
    const LOOKED_AT: u32 = 2;
    let is_doubtful = answers.has_no_permit_flag();
    let mut permits = Vec::with_capacity(answers.origins.len());
    for origin in &answers.origins {
        let permit = match settled(origin)? {
            Some(permit) => permit,
            None => looked_up(origin, &recorded(custody, origin).await?)?,
        };
        let is_unknown = is_doubtful && LOOKED_AT < origin.lots && matches!(permit, Permit::InForce(_));
        permits.push((!is_unknown).then_some(permit));
    }
    Ok(permits)
}

/// The permits of a site as of the first declaration, or as of the last where none covered that.
async fn recorded(custody: &Channel, origin: &Origin) -> Done<Vec<SitePermit>> {
    let (first, last) = ends(origin)?;
    let at = if origin.permit_then.is_some() { first } else { last };
    let month = day(at).to_string().chars().take("2026-01".len()).collect::<String>();
    let request = GetSiteProductionRequest {
        site_id: origin.site.clone().unwrap_or_default().site_id,
        from_month: month.clone(),
        to_month: month,
        as_of_position: at.position,
        page_size: 1,
        ..GetSiteProductionRequest::default()
    };
    let mut custody = rpc::client::custody(custody.clone());
    Ok(custody.get_site_production(request).await?.into_inner().permits)
}

/// How every organization behind the lot stood at its first and its last declaration, and how it stands.
async fn standings(progress: &Channel, origins: &[Origin], of: True) -> Done<BTreeMap<AskedAs, StandingEntry>> {
    let mut wanted: BTreeSet<AskedAs> = BTreeSet::new();
    for origin in origins {
        let party = origin.operator.clone().unwrap_or_default().party_id;
        let (first, last) = ends(origin)?;
        wanted.extend([first.position, last.position, 0].map(|position| (party.clone(), position)));
    }
    let wanted = Vec::from_iter(wanted);
    let mut standings = BTreeMap::new();
    for few in wanted.chunks(STANDINGS_MAX) {
        let asked = few.iter().map(|(party, position)| StandingAsked {
            party_id: party.clone(),
            as_of_position: *position,
        });
        let request = GetStandingsRequest {
            asked: asked.collect(),
            as_of_position: of.position,
            at_least_position: of.position,
            as_of_unix_ms: of.unix_ms,
        };
        let mut progress = rpc::client::progress(progress.clone());
        let answer = progress.get_standings(request).await?.into_inner();
        for (asked, entry) in few.iter().zip(answer.entries) {
            if asked.1 == 0 {
                of.check(entry.position)?;
            }
            standings.insert(asked.clone(), entry);
        }
    }
    Ok(standings)
}

/// The steps of lots that a lot was made of, and how many of them were not looked at.
async fn steps_before(custody: &Channel, lot: &str, of: True) -> Done<(Vec<LotStep>, u32)> {
    let mut before = BTreeSet::new();
    pages(async |page_token| {
        let request = GetLineageRequest {
            lot_id: lot.to_owned(),
            direction: LineageDirection::Up.into(),
            as_of_position: of.position,
            as_of_unix_ms: of.unix_ms,
            page_size: PAGE_SIZE,
            page_token,
            ..GetLineageRequest::default()
        };
        let mut custody = rpc::client::custody(custody.clone());
        let page = custody.get_lineage(request).await?.into_inner();
        let inputs = page.steps.into_iter().flat_map(|step| step.inputs);
        before.extend(inputs.map(|input| input.lot_id));
        Ok(page.next_page_token)
    })
    .await?;
    let left_out = before.len().saturating_sub(LOTS_BEFORE_MAX);
    let mut steps = Vec::new();
    for lot in before.into_iter().take(LOTS_BEFORE_MAX) {
        let request = GetLotRequest {
            lot: Some(get_lot_request::Lot::LotId(lot)),
            as_of_position: of.position,
            as_of_unix_ms: of.unix_ms,
            page_size: PAGE_SIZE,
            ..GetLotRequest::default()
        };
        steps.extend(whole_lot(custody, request).await?.path);
    }
    Ok((steps, u32::try_from(left_out).unwrap_or(u32::MAX)))
}

impl True {
    /// All of it is true of one position, or nothing is said.
    fn check(self, position: u64) -> Done {
        if position == self.position {
            return Ok(());
        }
        Err(Trouble::try_again(format_args!(
            "one answer is as of position {}, another as of {position}: ask again",
            self.position
        )))
    }
}
