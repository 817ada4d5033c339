//! What is asked about one lot: `custody` first, and then everything as of the position and the instant of its answer.

use std::collections::{BTreeMap, BTreeSet};

use diligence::Permit;
use rpc::custody::{
    GetProvenanceRequest, GetProvenanceResponse, GetSiteProductionRequest, LotStep, Origin, OriginsBy, SitePermit,
};
use rpc::limits::STANDINGS_MAX;
use rpc::progress::{GetStandingsRequest, StandingAsked, StandingEntry};
use tonic::transport::Channel;

use super::facts::{AskedAs, Gathered, day, ends, looked_up, settled};
use crate::error::Service::{Custody, Progress};
use crate::lot::{Reach, lineage, origins, whole};
use crate::{AsOf, Error, Result, Services};

/// Of how many lots that a lot was made of documents are looked for.
pub const LOTS_BEFORE_MAX: usize = 256;

/// Everything that a policy may ask about a lot, which is named by its id or by a seal. Where documents are asked for, those
/// of the lots that it was made of are looked for, too.
pub async fn gather(services: &Services, lot: &str, as_of: AsOf, documents: bool) -> Result<Gathered> {
    let custody = &services.custody;
    let lot = whole(custody, lot, as_of).await?;
    let of = True(AsOf {
        position: lot.position,
        at_least: 0,
        unix_ms: lot.evaluated_at_unix_ms,
    });
    let id = lot.lot.clone().unwrap_or_default().lot_id;
    let provenance = provenance(custody, &id, of).await?;
    let dug = origins(custody, &id, OriginsBy::Site, of.0).await?;
    of.check(dug.position)?;
    let mut gathered = Gathered {
        lot,
        provenance,
        origins: dug.origins,
        ..Gathered::default()
    };
    gathered.permits = permits(custody, &gathered).await?;
    gathered.standings = standings(&services.progress, &gathered.origins, of).await?;
    if documents {
        (gathered.steps_before, gathered.left_out) = steps_before(custody, &id, of).await?;
    }
    Ok(gathered)
}

async fn provenance(custody: &Channel, lot: &str, of: True) -> Result<GetProvenanceResponse> {
    let request = GetProvenanceRequest {
        lot_id: lot.to_owned(),
        as_of_position: of.0.position,
        at_least_position: 0,
        as_of_unix_ms: of.0.unix_ms,
    };
    let mut custody = rpc::client::custody(custody.clone());
    let answer = custody.get_provenance(request).await.map_err(Custody.says())?;
    let answer = answer.into_inner();
    of.check(answer.position)?;
    Ok(answer)
}

/// Whether a permit covered each origin, in their order. Where a lot behind it is flagged for having none, what was
/// declared between the first and the last time is not known.
async fn permits(custody: &Channel, gathered: &Gathered) -> Result<Vec<Option<Permit>>> {
    /// The first and the last declaration are looked at.
    const LOOKED_AT: u32 = 2;
    let is_doubtful = gathered.has_no_permit_flag();
    let mut permits = Vec::with_capacity(gathered.origins.len());
    for origin in &gathered.origins {
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
async fn recorded(custody: &Channel, origin: &Origin) -> Result<Vec<SitePermit>> {
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
    let answer = custody.get_site_production(request).await.map_err(Custody.says())?;
    Ok(answer.into_inner().permits)
}

/// How every organization behind the lot stood at its first and its last declaration, and how it stands.
async fn standings(progress: &Channel, origins: &[Origin], of: True) -> Result<BTreeMap<AskedAs, StandingEntry>> {
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
            as_of_position: of.0.position,
            at_least_position: of.0.position,
            as_of_unix_ms: of.0.unix_ms,
        };
        let mut progress = rpc::client::progress(progress.clone());
        let answer = progress.get_standings(request).await.map_err(Progress.says())?;
        for (asked, entry) in few.iter().zip(answer.into_inner().entries) {
            if asked.1 == 0 {
                of.check(entry.position)?;
            }
            standings.insert(asked.clone(), entry);
        }
    }
    Ok(standings)
}

/// The steps of lots that a lot was made of, and how many of them were not looked at.
async fn steps_before(custody: &Channel, lot: &str, of: True) -> Result<(Vec<LotStep>, u32)> {
    let reach = Reach {
        down: false,
        depth: u32::MAX,
        steps: usize::MAX,
    };
    let steps = lineage(custody, lot, reach, of.0).await?.steps.into_iter();
    let inputs = steps.flat_map(|step| step.inputs);
    let before: BTreeSet<_> = inputs.map(|input| input.lot_id).collect();
    let left_out = before.len().saturating_sub(LOTS_BEFORE_MAX);
    let mut steps = Vec::new();
    for lot in before.into_iter().take(LOTS_BEFORE_MAX) {
        steps.extend(whole(custody, &lot, of.0).await?.path);
    }
    Ok((steps, u32::try_from(left_out).unwrap_or(u32::MAX)))
}

/// Of what everything is true.
#[derive(Clone, Copy, Debug)]
struct True(AsOf);

impl True {
    /// All of it is true of one position, or nothing is said.
    fn check(self, position: u64) -> Result {
        if position == self.0.position {
            return Ok(());
        }
        Err(Error::Moved {
            first: self.0.position,
            second: position,
        })
    }
}
