//! Where the portal asks: the services, over gRPC and nothing else.
//!
//! Ingest writes the stream, and the others fold it, each as fast as it can: what is recorded is known to one before another. That one
//! of them knows no such thing is believed once it is as far as the stream: see `Sources::sure`. What is put together of several is
//! asked as of the position of the first answer.

use std::collections::BTreeSet;
use std::future::Future;

use futures_util::future::join_all;
use rpc::audit::audit_service_client::AuditServiceClient;
use rpc::client::{self, ConnectError};
use rpc::custody::custody_service_client::CustodyServiceClient;
use rpc::custody::{GetPartyRequest, GetSiteProductionRequest, ListLotsRequest};
use rpc::evidence::evidence_service_client::EvidenceServiceClient;
use rpc::ingest::ingest_service_client::IngestServiceClient;
use rpc::ingest::{GetDeploymentRequest, GetDeploymentResponse};
use rpc::progress::progress_service_client::ProgressServiceClient;
use rpc::progress::{Assessment, ListAssessmentsRequest, list_assessments_request};
use serde::Deserialize;
use tonic::Status;
use tonic::transport::Channel;
use wording::IdKind;

use crate::asked::AsOf;
use crate::shell::Named;
use crate::told::Names;
use crate::trouble::Trouble;

/// Names that are asked for on one page; what has none shows its id.
const NAMES_MAX: usize = 128;

/// Where each service answers, as `http://host:port`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addresses {
    /// Takes statements.
    pub ingest: String,
    /// How far organizations have come; evidence has its door beside it.
    pub progress: String,
    /// Lots.
    pub custody: String,
    /// The log.
    pub audit: String,
}

impl Addresses {
    /// Whether each of them is an address at all.
    pub fn check(&self) -> Result<(), ConnectError> {
        [&self.ingest, &self.progress, &self.custody, &self.audit]
            .into_iter()
            .try_for_each(|url| client::check(url))
    }
}

/// A line to each service. One that is away is connected to when it is back.
#[derive(Clone, Debug)]
pub struct Sources {
    ingest: Channel,
    progress: Channel,
    custody: Channel,
    audit: Channel,
}

impl Sources {
    /// Connects when something is asked for.
    pub fn new(addresses: &Addresses) -> Result<Self, ConnectError> {
        Ok(Self {
            ingest: client::later(&addresses.ingest)?,
            progress: client::later(&addresses.progress)?,
            custody: client::later(&addresses.custody)?,
            audit: client::later(&addresses.audit)?,
        })
    }

    /// What is asked of several services about one thing.
    #[must_use]
    pub fn inquiry(&self) -> inquiry::Services {
        inquiry::Services {
            custody: self.custody.clone(),
            progress: self.progress.clone(),
        }
    }

    /// Takes statements.
    #[must_use]
    pub fn ingest(&self) -> IngestServiceClient<Channel> {
        client::ingest(self.ingest.clone())
    }

    /// How far organizations have come.
    #[must_use]
    pub fn progress(&self) -> ProgressServiceClient<Channel> {
        client::progress(self.progress.clone())
    }

    /// Files that statements rest on.
    #[must_use]
    pub fn evidence(&self) -> EvidenceServiceClient<Channel> {
        client::evidence(self.progress.clone())
    }

    /// Lots.
    #[must_use]
    pub fn custody(&self) -> CustodyServiceClient<Channel> {
        client::custody(self.custody.clone())
    }

    /// The log.
    #[must_use]
    pub fn audit(&self) -> AuditServiceClient<Channel> {
        client::audit(self.audit.clone())
    }

    /// Which position of the stream was the last one at an instant; none before the first record.
    pub async fn position_at(&self, unix_ms: i64) -> Result<u64, Status> {
        let request = ListLotsRequest {
            as_of_unix_ms: unix_ms,
            at_least_position: self.known_position().await,
            page_size: 1,
            ..ListLotsRequest::default()
        };
        Ok(self.custody().list_lots(request).await?.into_inner().position)
    }

    /// Whose records these are, and how far they go.
    pub(crate) async fn deployment(&self) -> Result<GetDeploymentResponse, Status> {
        let answer = self.ingest().get_deployment(GetDeploymentRequest::default()).await;
        Ok(answer?.into_inner())
    }

    /// How far the stream goes, for `at_least_position` of a request that must not be answered from less; 0 while ingest is away or
    /// has not read the stream to its end: then nobody waits, and the others say what they know.
    pub(crate) async fn known_position(&self) -> u64 {
        self.deployment().await.map_or(0, |known| known.position)
    }

    /// What is asked as of a position that nobody said anything at yet is nothing, and nobody is kept waiting for it. While ingest
    /// does not say how far the stream goes, the others say whether they come there.
    pub(crate) async fn check_come_to(&self, as_of: AsOf) -> Result<(), Trouble> {
        let AsOf::Position(position) = as_of else {
            return Ok(());
        };
        match self.deployment().await {
            Ok(known) if known.position < position => Err(Trouble::NotFound(format!(
                "nobody has said yet what position {position} will be"
            ))),
            _ => Ok(()),
        }
    }

    /// What a service says of a thing. `ask` is given the position that must be reached before it answers, which is none at first. If
    /// it knows no such thing, it may be behind: it is asked once more, at the position `said_at` with which the thing is there, or,
    /// where nobody can know that, at the end of the stream. What it does not know then is not there; what nobody said yet is not
    /// waited for; and while ingest does not say how far the stream goes, nobody knows.
    pub(crate) async fn sure<T, F>(&self, said_at: Option<u64>, ask: impl Fn(u64) -> F) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Trouble>>,
    {
        let unknown = match ask(0).await {
            Err(Trouble::NotFound(why)) => Trouble::NotFound(why),
            answer => return answer,
        };
        let last = self.deployment().await?.position;
        match said_at.unwrap_or(last) {
            position if last < position => Err(unknown),
            position => ask(position).await,
        }
    }

    /// What parties and sites are called. Nobody needs a name to be shown: where one cannot be had, the id stands for it.
    pub async fn names(&self, ids: &BTreeSet<(IdKind, String)>, as_of: AsOf) -> Names {
        let asked = ids.iter().take(NAMES_MAX).map(|(kind, id)| self.name(*kind, id, as_of));
        join_all(asked).await.into_iter().flatten().collect()
    }

    /// One of them, by what it is called.
    pub(crate) async fn called(&self, kind: IdKind, id: String, as_of: AsOf) -> Named {
        let name = self
            .name(kind, &id, as_of)
            .await
            .map_or_else(String::new, |(_, name)| name);
        Named { id, name }
    }

    /// The newest assessments of an organization or a site, `at_most` of them, as of the position and the instant of another answer.
    pub(crate) async fn assessments(
        &self,
        of: list_assessments_request::Subject,
        (position, unix_ms): (u64, i64),
        at_most: u32,
    ) -> Result<Vec<Assessment>, Status> {
        let request = ListAssessmentsRequest {
            subject: Some(of),
            as_of_position: position,
            as_of_unix_ms: unix_ms,
            page_size: at_most,
            ..ListAssessmentsRequest::default()
        };
        Ok(self
            .progress()
            .list_assessments(request)
            .await?
            .into_inner()
            .assessments)
    }

    async fn name(&self, kind: IdKind, id: &str, as_of: AsOf) -> Option<(String, String)> {
        match kind {
            IdKind::Party => {
                let request = GetPartyRequest {
                    party_id: id.to_owned(),
                    as_of_position: as_of.position(),
                    as_of_unix_ms: as_of.unix_ms(),
                    page_size: 1,
                    ..GetPartyRequest::default()
                };
                let answer = self.custody().get_party(request).await.ok()?.into_inner();
                answer.party.map(|party| (party.party_id, party.name))
            }
            IdKind::Site => {
                let request = GetSiteProductionRequest {
                    site_id: id.to_owned(),
                    as_of_position: as_of.position(),
                    as_of_unix_ms: as_of.unix_ms(),
                    page_size: 1,
                    ..GetSiteProductionRequest::default()
                };
                let answer = self.custody().get_site_production(request).await.ok()?.into_inner();
                answer.site.map(|site| (site.site_id, site.name))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::stream;
    use rpc::ingest::ingest_service_server::IngestService;
    use rpc::ingest::{
        GetKeyRequest, GetKeyResponse, SubmitManyRequest, SubmitManyResponse, SubmitRequest, SubmitResponse,
    };
    use tokio::net::TcpListener;
    use tonic::transport::server::TcpIncoming;
    use tonic::{Request, Response, Streaming};

    use super::*;

    /// Nobody listens there: the port is reserved.
    const NOBODY: &str = "http://127.0.0.1:1";

    /// An ingest that knows where the stream ends, and nothing else.
    struct Ending(u64);

    #[tonic::async_trait]
    impl IngestService for Ending {
        type SubmitManyStream = stream::Empty<Result<SubmitManyResponse, Status>>;

        async fn submit(&self, _: Request<SubmitRequest>) -> Result<Response<SubmitResponse>, Status> {
            Err(rpc::status::internal())
        }

        async fn submit_many(
            &self,
            _: Request<Streaming<SubmitManyRequest>>,
        ) -> Result<Response<Self::SubmitManyStream>, Status> {
            Err(rpc::status::internal())
        }

        async fn get_deployment(
            &self,
            _: Request<GetDeploymentRequest>,
        ) -> Result<Response<GetDeploymentResponse>, Status> {
            Ok(Response::new(GetDeploymentResponse {
                position: self.0,
                ..GetDeploymentResponse::default()
            }))
        }

        async fn get_key(&self, _: Request<GetKeyRequest>) -> Result<Response<GetKeyResponse>, Status> {
            Err(rpc::status::internal())
        }
    }

    /// Where the stream ends there, or where ingest is away.
    async fn ending(at: Option<u64>) -> Sources {
        let mut ingest = NOBODY.to_owned();
        if let Some(position) = at {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            ingest = format!("http://{}", listener.local_addr().expect("it is bound"));
            let served = rpc::server::builder().add_service(rpc::server::ingest(Ending(position)));
            tokio::spawn(served.serve_with_incoming(TcpIncoming::from(listener)));
        }
        let nobody = || NOBODY.to_owned();
        let addresses = Addresses {
            ingest,
            progress: nobody(),
            custody: nobody(),
            audit: nobody(),
        };
        Sources::new(&addresses).expect("good addresses")
    }

    /// Asks a service that has come to 5, and goes on when it is waited for, of a thing that was said at `said`.
    async fn check(sources: &Sources, said: Option<u64>, said_at: Option<u64>, expected: (&[u64], &str)) {
        let asked = Mutex::new(Vec::new());
        let ask = |at_least: u64| {
            asked.lock().expect("nobody panics with it").push(at_least);
            let is_known = said.is_some_and(|said| said <= at_least.max(5));
            let answer = is_known.then_some(()).ok_or_else(|| Trouble::NotFound(String::new()));
            async { answer }
        };
        let told = sources.sure(said_at, ask).await;
        let asked = asked.into_inner().expect("nobody panicked with it");
        let told = told.map_or_else(|trouble| trouble.name(), |()| "known");
        assert_eq!((asked.as_slice(), told), expected, "{said:?} {said_at:?}");
    }

    #[tokio::test]
    async fn nothing_is_unknown_before_whoever_says_so_knows_all_that_is_recorded() {
        let sources = ending(Some(7)).await;
        check(&sources, Some(5), None, (&[0], "known")).await;
        check(&sources, Some(6), None, (&[0, 7], "known")).await;
        check(&sources, Some(6), Some(6), (&[0, 6], "known")).await;
        check(&sources, Some(7), Some(7), (&[0, 7], "known")).await;
        check(&sources, None, None, (&[0, 7], "not-found")).await;
        check(&sources, None, Some(8), (&[0], "not-found")).await;
        let away = ending(None).await;
        check(&away, Some(5), None, (&[0], "known")).await;
        check(&away, Some(6), None, (&[0], "away")).await;
        check(&away, None, Some(8), (&[0], "away")).await;
    }

    #[tokio::test]
    async fn nobody_waits_for_what_nobody_said_yet() {
        let (sources, away) = (ending(Some(7)).await, ending(None).await);
        let check = async |sources: &Sources, as_of: AsOf, expected: &str| {
            let come = sources.check_come_to(as_of).await;
            let come = come.map_or_else(|trouble| trouble.name(), |()| "come");
            assert_eq!(come, expected, "{as_of:?}");
        };
        check(&sources, AsOf::Present, "come").await;
        check(&sources, AsOf::Position(7), "come").await;
        check(&sources, AsOf::Position(8), "not-found").await;
        check(&sources, AsOf::Instant(i64::MAX), "come").await;
        check(&away, AsOf::Position(8), "come").await;
        assert_eq!((sources.known_position().await, away.known_position().await), (7, 0));
    }
}
