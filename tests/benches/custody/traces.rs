//! What is asked about a lot, and how long the answers take.

use std::time::Duration;

use event::LotId;
use prost::Message;
use rpc::custody::custody_service_client::CustodyServiceClient;
use rpc::custody::{
    GetLineageRequest, GetLineageResponse, GetLotRequest, GetOriginsRequest, GetOriginsResponse, GetPositionRequest,
    GetProvenanceRequest, GetProvenanceResponse, LineageDirection, OriginsBy, get_lot_request,
};
use service::clock::Stopwatch;
use tests::measure::{Latencies, forget_peak_of, peak_of, resident_of};
use tonic::transport::Channel;

use crate::child::Child;

/// How often each question is asked.
const ASKED_MAX: usize = 200;
/// At least so often, however long it takes.
const ASKED_MIN: usize = 10;
/// After which time a question is not asked again.
const ASK_TIME: Duration = Duration::from_secs(4);
/// Answers before those that are counted: connections and caches come up.
const WARM: usize = 2;
/// Rows on a page where as many as may be are asked for.
const LONG_PAGE: u32 = 1_000;
/// Rows on a page where nobody asks for another number.
const PAGE: u32 = 0;

pub(crate) type Client = CustodyServiceClient<Channel>;

/// A question by its name.
pub(crate) struct Trace {
    pub(crate) name: &'static str,
    ask: Ask,
}

/// The lots that are asked about.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    /// Of a short lineage.
    pub(crate) short: LotId,
    /// Of a long lineage.
    pub(crate) long: LotId,
    /// Of many origins.
    pub(crate) wide: LotId,
}

/// What one question is about; lists to their last page.
#[derive(Clone, Copy)]
enum Ask {
    /// As little as possible.
    Position,
    Lot(LotId),
    Lineage(LotId, u32),
    Origins(LotId, OriginsBy, u32),
    Provenance(LotId),
    /// All that a verdict needs of custody: provenance, and origins by site.
    Facts(LotId),
}

/// What was answered.
#[derive(Clone, Copy, Default)]
pub(crate) struct Answered {
    /// Requests.
    pub(crate) pages: usize,
    /// Steps or origins.
    pub(crate) rows: usize,
    pub(crate) bytes: usize,
}

/// What a question took.
pub(crate) struct Asked {
    pub(crate) latencies: Latencies,
    pub(crate) answered: Answered,
    /// By how much the memory of who answered grew at most.
    pub(crate) grown: u64,
}

/// Everything that is asked.
pub(crate) fn traces(known: Known) -> Vec<Trace> {
    let of = |name, ask| Trace { name, ask };
    let Known { short, long, wide } = known;
    let (sites, organizations) = (OriginsBy::Site, OriginsBy::Organization);
    vec![
        of("how far the rows are (the floor)", Ask::Position),
        of("short lineage: the lot", Ask::Lot(short)),
        of("short lineage: all steps", Ask::Lineage(short, LONG_PAGE)),
        of("short lineage: origins", Ask::Origins(short, sites, LONG_PAGE)),
        of("short lineage: provenance", Ask::Provenance(short)),
        of("short lineage: facts for a verdict", Ask::Facts(short)),
        of("long lineage: the lot", Ask::Lot(long)),
        of("long lineage: all steps, 1,000 a page", Ask::Lineage(long, LONG_PAGE)),
        of("long lineage: all steps, 100 a page", Ask::Lineage(long, PAGE)),
        of("long lineage: origins", Ask::Origins(long, sites, LONG_PAGE)),
        of("long lineage: provenance", Ask::Provenance(long)),
        of("long lineage: facts for a verdict", Ask::Facts(long)),
        of("many origins: all steps", Ask::Lineage(wide, LONG_PAGE)),
        of(
            "many origins: by site, 1,000 a page",
            Ask::Origins(wide, sites, LONG_PAGE),
        ),
        of("many origins: by site, 100 a page", Ask::Origins(wide, sites, PAGE)),
        of(
            "many origins: by organization, 1,000 a page",
            Ask::Origins(wide, organizations, LONG_PAGE),
        ),
        of("many origins: provenance", Ask::Provenance(wide)),
        of("many origins: facts for a verdict", Ask::Facts(wide)),
    ]
}

impl Trace {
    pub(crate) async fn measure(&self, child: &Child) -> Asked {
        let client = rpc::client::custody(child.channel());
        let process = child.process();
        let resident = resident_of(&process);
        forget_peak_of(&process);
        for _ in 0..WARM {
            self.ask.answer(&client).await;
        }
        let (mut latencies, mut answered) = (Latencies::default(), Answered::default());
        let watch = Stopwatch::start();
        while latencies.count() < ASKED_MIN || (latencies.count() < ASKED_MAX && watch.elapsed() < ASK_TIME) {
            let once = Stopwatch::start();
            answered = self.ask.answer(&client).await;
            latencies.push(once.elapsed());
        }
        Asked {
            latencies,
            answered,
            grown: peak_of(&process).saturating_sub(resident),
        }
    }
}

impl Ask {
    async fn answer(self, client: &Client) -> Answered {
        let mut answered = Answered::default();
        match self {
            Self::Position => {
                let answer = client.clone().get_position(GetPositionRequest::default()).await;
                answered.add(&answer.expect("a position").into_inner(), 0);
            }
            Self::Lot(lot) => {
                let request = GetLotRequest {
                    lot: Some(get_lot_request::Lot::LotId(lot.to_string())),
                    ..GetLotRequest::default()
                };
                let answer = client.clone().get_lot(request).await.expect("a lot").into_inner();
                answered.add(&answer, answer.path.len());
            }
            Self::Lineage(lot, page_size) => lineage(client, lot, page_size)
                .await
                .iter()
                .for_each(|page| answered.add(page, page.steps.len())),
            Self::Origins(lot, by, page_size) => answered.origins(&origins(client, lot, by, page_size).await),
            Self::Provenance(lot) => answered.add(&provenance(client, lot).await, 0),
            Self::Facts(lot) => {
                answered.add(&provenance(client, lot).await, 0);
                answered.origins(&origins(client, lot, OriginsBy::Site, LONG_PAGE).await);
            }
        }
        answered
    }
}

impl Answered {
    fn add(&mut self, answer: &impl Message, rows: usize) {
        self.pages += 1;
        self.rows += rows;
        self.bytes += answer.encoded_len();
    }

    fn origins(&mut self, pages: &[GetOriginsResponse]) {
        for page in pages {
            self.add(page, page.origins.len());
        }
    }
}

async fn lineage(client: &Client, lot: LotId, page_size: u32) -> Vec<GetLineageResponse> {
    let mut request = GetLineageRequest {
        lot_id: lot.to_string(),
        direction: LineageDirection::Up.into(),
        page_size,
        ..GetLineageRequest::default()
    };
    let mut pages = Vec::new();
    loop {
        let page = client.clone().get_lineage(request.clone()).await;
        let page = page.expect("a page").into_inner();
        request.page_token.clone_from(&page.next_page_token);
        pages.push(page);
        if request.page_token.is_empty() {
            return pages;
        }
    }
}

/// All pages of the origins of a lot.
pub(crate) async fn origins(client: &Client, lot: LotId, by: OriginsBy, page_size: u32) -> Vec<GetOriginsResponse> {
    let mut request = GetOriginsRequest {
        lot_id: lot.to_string(),
        by: by.into(),
        page_size,
        ..GetOriginsRequest::default()
    };
    let mut pages = Vec::new();
    loop {
        let page = client.clone().get_origins(request.clone()).await;
        let page = page.expect("a page").into_inner();
        request.page_token.clone_from(&page.next_page_token);
        pages.push(page);
        if request.page_token.is_empty() {
            return pages;
        }
    }
}

/// What is known for and against a lot.
pub(crate) async fn provenance(client: &Client, lot: LotId) -> GetProvenanceResponse {
    let request = GetProvenanceRequest {
        lot_id: lot.to_string(),
        ..GetProvenanceRequest::default()
    };
    client
        .clone()
        .get_provenance(request)
        .await
        .expect("a lot")
        .into_inner()
}
