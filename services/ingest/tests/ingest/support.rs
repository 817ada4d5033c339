//! A running ingest with its client, and what is compared with the stream.

use std::collections::BTreeSet;
use std::time::Duration;

use ::tests::world::{BEGIN, Signer, World, lot, record};
use bytes::Bytes;
use event::vocabulary::PartyKind;
use event::{DeploymentId, Event, PublicKey, Record, SignedStatement, SiteId, StreamPosition};
use ingest::{Ingest, IngestError, Metrics, SERVICES};
use journal::memory::MemoryJournal;
use journal::{Follower, Journal};
use ledger::Refusal;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use replay::{Replica, Step, Verdict, check};
use rpc::ingest::ingest_service_client::IngestServiceClient;
use rpc::ingest::{
    GetDeploymentRequest, GetDeploymentResponse, GetKeyRequest, Outcome, Recorded, SubmitManyRequest, SubmitRequest,
};
use service::clock::{Clock, TestClock};
use service::health::Health;
use service::shutdown::Shutdown;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};

/// How often a submitter of many statements tries again at most: eight lost races in a row are one try.
const TRIES_MAX: usize = 200;

/// No test takes so long: an ingest that is asked for nothing learns nothing.
const NEVER: Duration = Duration::from_secs(86_400);

/// An ingest behind a port of its own.
pub(crate) struct Running {
    pub(crate) url: String,
    pub(crate) shutdown: Shutdown,
    pub(crate) health: Health,
    pub(crate) client: IngestServiceClient<Channel>,
    figures: Registry,
    running: JoinHandle<Result<(), IngestError>>,
}

/// What became of a stream of statements.
#[derive(Debug)]
pub(crate) struct Many {
    pub(crate) outcomes: Vec<Result<Recorded, Refusal>>,
    /// How the stream ended, if not well.
    pub(crate) end: Option<Status>,
}

impl Running {
    /// Starts at the time when every world begins, and waits until it serves.
    pub(crate) async fn start(journal: impl Journal) -> Self {
        Self::start_at(journal, TestClock::at(BEGIN)).await
    }

    pub(crate) async fn start_at(journal: impl Journal, clock: impl Clock) -> Self {
        let running = Self::begin(journal, clock).await;
        running.health.until_serving().await;
        running
    }

    /// Starts, and does not wait until it has caught up.
    pub(crate) async fn begin(journal: impl Journal, clock: impl Clock) -> Self {
        Self::reading_on(journal, clock, NEVER).await
    }

    /// Starts one that looks as often as that whether another writer has written.
    pub(crate) async fn reading_on(journal: impl Journal, clock: impl Clock, look_interval: Duration) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let health = Health::starting(SERVICES).await;
        let mut figures = Registry::default();
        let ingest = Ingest {
            journal,
            clock,
            listener,
            look_interval,
            health: health.clone(),
            metrics: Metrics::register(&mut figures),
        };
        let shutdown = Shutdown::new();
        let running = tokio::spawn(ingest::run(ingest, shutdown.clone()));
        Self {
            client: connect(&url).await,
            url,
            shutdown,
            health,
            figures,
            running,
        }
    }

    pub(crate) async fn submit(&self, statement: &[u8]) -> Result<Recorded, Status> {
        self.submitting(statement).await.unwrap()
    }

    /// Submits while the test goes on.
    pub(crate) fn submitting(&self, statement: &[u8]) -> JoinHandle<Result<Recorded, Status>> {
        let (mut client, statement) = (self.client.clone(), statement.to_vec());
        tokio::spawn(async move {
            let answer = client.submit(SubmitRequest { statement }).await?;
            Ok(Recorded::try_from(answer.get_ref()).unwrap())
        })
    }

    pub(crate) async fn submit_all(&self, statements: &[Vec<u8>]) -> Vec<Recorded> {
        let many = self.submit_many(statements).await;
        assert!(many.end.is_none(), "{:?}", many.end);
        many.outcomes.into_iter().map(Result::unwrap).collect()
    }

    pub(crate) async fn submit_many(&self, statements: &[Vec<u8>]) -> Many {
        let requests: Vec<_> = statements.iter().cloned().map(request).collect();
        let answers = self.client.clone().submit_many(tokio_stream::iter(requests)).await;
        outcomes(answers.unwrap().into_inner()).await
    }

    /// Submits until each has an outcome, as the service asks for: what has none by the end of a stream, again.
    pub(crate) async fn submit_until_told(&self, statements: &[Vec<u8>]) -> Vec<Result<Recorded, Refusal>> {
        let mut told = Vec::new();
        for _ in 0..TRIES_MAX {
            let many = self.submit_many(&statements[told.len()..]).await;
            told.extend(many.outcomes);
            match many.end {
                None => {
                    assert_eq!(told.len(), statements.len(), "each has an outcome");
                    return told;
                }
                Some(end) => check_unknown(&end),
            }
        }
        panic!(
            "no end after {TRIES_MAX} tries: {} of {} have an outcome",
            told.len(),
            statements.len()
        );
    }

    pub(crate) async fn deployment(&self) -> GetDeploymentResponse {
        let request = GetDeploymentRequest::default();
        self.client.clone().get_deployment(request).await.unwrap().into_inner()
    }

    /// A figure as an operator sees it.
    pub(crate) fn figure(&self, name: &str) -> u64 {
        let mut text = String::new();
        encode(&mut text, &self.figures).unwrap();
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}_total ")));
        value.unwrap_or_else(|| panic!("{text}")).parse().unwrap()
    }

    /// Triggers the shutdown; it must end well.
    pub(crate) async fn stop(self) {
        self.shutdown.trigger();
        self.ended().await;
    }

    /// Waits until it has ended, well.
    pub(crate) async fn ended(self) {
        self.running.await.unwrap().unwrap();
        assert!(!self.health.is_serving());
        assert!(
            rpc::client::connect(&self.url).await.is_err(),
            "nobody listens there any more"
        );
    }

    /// Waits until it has ended by itself, which it does only for a reason.
    pub(crate) async fn fails(self) -> IngestError {
        self.running.await.unwrap().unwrap_err()
    }

    /// Every key and the deployment stand as a replay of `records` from zero has them.
    pub(crate) async fn check_rebuilt(&self, records: &[Bytes]) -> Replica {
        let (replica, _) = rebuild(records);
        let present = self.deployment().await;
        assert_eq!(present.position, replica.position().get());
        assert_eq!(
            present.deployment_id,
            replica.deployment().map(|id| id.to_string()).unwrap_or_default()
        );
        if replica.deployment().is_some() {
            assert_eq!(
                present.latest_admitted_at_unix_ms,
                Some(replica.ledger().clock().unix_ms())
            );
        }
        for key in keys(records) {
            let request = GetKeyRequest {
                key: key.to_string(),
                at_least_position: 0,
            };
            let told = self.client.clone().get_key(request).await;
            let told = told.map(|key| {
                let key = key.into_inner();
                (key.party_id, key.last_number, key.revoked)
            });
            match replica.ledger().key(&key) {
                Some(key) => {
                    let expected = (key.party.to_string(), key.number, key.revoked.is_some());
                    assert_eq!(told.unwrap(), expected);
                }
                None => assert_eq!(told.unwrap_err().code(), Code::NotFound),
            }
        }
        replica
    }
}

pub(crate) async fn connect(url: &str) -> IngestServiceClient<Channel> {
    rpc::client::ingest(rpc::client::connect(url).await.unwrap())
}

pub(crate) fn request(statement: Vec<u8>) -> SubmitManyRequest {
    SubmitManyRequest { statement }
}

/// Outcomes in the order of the requests, until the stream ends.
pub(crate) async fn outcomes(mut answers: Streaming<rpc::ingest::SubmitManyResponse>) -> Many {
    let mut outcomes = Vec::new();
    loop {
        match answers.message().await {
            Ok(Some(answer)) => {
                let outcome = Outcome::try_from(&answer).unwrap();
                assert_eq!(
                    outcome.index,
                    outcomes.len() as u64,
                    "outcomes come in order, each once"
                );
                outcomes.push(outcome.result.map_err(|denial| denial.refusal));
            }
            Ok(None) => return Many { outcomes, end: None },
            Err(end) => {
                return Many {
                    outcomes,
                    end: Some(end),
                };
            }
        }
    }
}

/// The outcome is unknown, and the caller is told what to do.
#[track_caller]
pub(crate) fn check_unknown(status: &Status) {
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(status.message(), rpc::status::outcome_unknown().message());
    assert!(rpc::status::may_try_again(status));
}

/// Every record taken from the beginning, without an ingest.
pub(crate) fn rebuild(records: &[Bytes]) -> (Replica, Vec<Step>) {
    let mut replica = Replica::new();
    let steps = records
        .iter()
        .map(|record| replica.step(check(replica.deployment(), record.clone())));
    let steps = steps.collect();
    (replica, steps)
}

/// The refusal number of every record; 0 where it is admitted.
pub(crate) fn verdicts(records: &[Bytes]) -> Vec<u16> {
    rebuild(records).1.iter().map(|step| step.verdict.code()).collect()
}

/// The statement is admitted exactly once in the stream: where its receipt says, at the time it says.
#[track_caller]
pub(crate) fn check_receipts<'a>(records: &[Bytes], receipts: impl IntoIterator<Item = (&'a Vec<u8>, &'a Recorded)>) {
    let (_, steps) = rebuild(records);
    let mut admitted = std::collections::BTreeMap::new();
    for step in &steps {
        if let (Verdict::Admitted(_), Some(statement)) = (&step.verdict, &step.statement) {
            let twice = admitted.insert(statement.id(), step);
            assert!(twice.is_none(), "{} is admitted twice", statement.id());
        }
    }
    for (bytes, receipt) in receipts {
        let step = admitted[&receipt.statement];
        assert_eq!(step.position, receipt.position);
        assert_eq!(step.admitted_at, Some(receipt.admitted_at));
        assert_eq!(step.statement.as_ref().unwrap().signed().encode(), *bytes);
    }
}

/// How often exactly these bytes stand in the stream.
pub(crate) fn times(records: &[Bytes], statement: &[u8]) -> usize {
    let statements = records.iter().filter_map(|record| Record::decode(record).ok());
    statements
        .filter(|record| record.statement().encode() == statement)
        .count()
}

fn keys(records: &[Bytes]) -> BTreeSet<PublicKey> {
    let (_, steps) = rebuild(records);
    let said = steps.into_iter().filter_map(|step| step.statement);
    said.flat_map(|statement| match statement.event() {
        Event::KeyAuthorized(event) => vec![statement.key(), event.key],
        _ => vec![statement.key()],
    })
    .collect()
}

pub(crate) fn encoded(statements: &[SignedStatement]) -> Vec<Vec<u8>> {
    statements.iter().map(SignedStatement::encode).collect()
}

/// A deployment with operators who declare lots.
#[derive(Clone)]
pub(crate) struct Town {
    pub(crate) world: World,
    /// Everything that was said so far, the founding first.
    pub(crate) setting: Vec<SignedStatement>,
    pub(crate) operators: Vec<Signer>,
    pub(crate) sites: Vec<SiteId>,
}

impl Town {
    pub(crate) fn of(operators: usize) -> Self {
        let (world, founded) = World::found(7);
        let mut town = Self {
            world,
            setting: vec![founded],
            operators: Vec::new(),
            sites: Vec::new(),
        };
        for _ in 0..operators {
            let operator = town.enrol(PartyKind::MinersOrganization);
            let (site, registered) = town.world.site(&operator, "a site");
            town.setting.push(registered);
            town.operators.push(operator);
            town.sites.push(site);
        }
        town
    }

    pub(crate) fn enrol(&mut self, kind: PartyKind) -> Signer {
        let (signer, said) = self.world.enrol(kind, "a party");
        self.setting.extend(said);
        signer
    }

    /// A stream with the setting in it.
    pub(crate) fn journal(&self) -> MemoryJournal {
        let journal = MemoryJournal::new();
        for statement in &self.setting {
            journal.push(record(statement));
        }
        journal
    }

    pub(crate) fn deployment(&self) -> DeploymentId {
        self.world.deployment
    }

    /// The next lot of an operator.
    pub(crate) fn lot(&mut self, operator: usize) -> Vec<u8> {
        let declared = Event::LotDeclared(lot(self.sites[operator], 10));
        self.operators[operator].say(self.world.deployment, declared).encode()
    }

    pub(crate) fn lots(&mut self, operator: usize, count: usize) -> Vec<Vec<u8>> {
        (0..count).map(|_| self.lot(operator)).collect()
    }

    /// Lots of these operators in turn.
    pub(crate) fn lots_in_turn(&mut self, operators: &[usize], count: usize) -> Vec<Vec<u8>> {
        operators
            .iter()
            .cycle()
            .take(count)
            .map(|operator| self.lot(*operator))
            .collect()
    }
}

/// Everything in a stream, read anew.
pub(crate) async fn read_all(journal: &impl Journal) -> Vec<Bytes> {
    let mut follower = journal.follow(StreamPosition::START).await.unwrap();
    let mut records = Vec::new();
    loop {
        let batch = follower.next().await.unwrap();
        records.extend(batch.records.into_iter().map(|delivery| delivery.payload));
        if batch.caught_up {
            return records;
        }
    }
}
