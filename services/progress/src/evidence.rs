//! The door to evidence: who may have which file, asked of the ledger that the stream makes, and the files themselves.
//!
//! A file is read to its end and checked before its first byte leaves. Whoever may not see a file learns that one of this
//! digest is kept, and nothing else of it: that it is missing must show, and who has the digest has the file or a statement
//! that names it.

mod access;
mod gate;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};

use event::key::Digest;
use event::request::{Ask, PutEvidence};
use event::{PartyId, SignedRequest, StreamPosition, VerifiedRequest};
use futures_util::Stream;
use futures_util::stream::once;
use journal::evidence::{Claim, EvidenceError, EvidenceInfo, EvidenceStore, Kept, Put, Receiving};
use ledger::Ledger;
use replay::Replica;
use rpc::evidence::evidence_service_server::EvidenceService;
use rpc::evidence::{
    Asked, DescribeEvidenceRequest, DescribeEvidenceResponse, DescribedEvidence, Evidence, EvidenceRefusal,
    EvidenceState, GetEvidenceRequest, GetEvidenceResponse, PutEvidenceRequest, PutEvidenceResponse, PutOutcome,
    SetVisibilityRequest, SetVisibilityResponse, file_messages, put_evidence_request, signed,
};
use rpc::{InvalidMessage, limits, status};
use service::clock::Clock;
use service::health::Health;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, RwLock, RwLockReadGuard, Semaphore, mpsc, watch};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use access::Asker;
use gate::Gate;

pub use gate::{ANSWERED_MAX, BYTES_PER_DAY_MAX, CALLS_OF_ANYONE_PER_MINUTE_MAX, CALLS_PER_MINUTE_MAX};

/// Files under way at one time, in or out: each is held in memory, so 160 MiB at most. Others wait for their turn.
pub const TRANSFERS_MAX: usize = 16;
/// How many of them may be one party's.
pub const TRANSFERS_OF_ONE_MAX: usize = 4;
/// How many of them may be on their way to those who do not say who they are.
pub const TRANSFERS_OF_ANYONE_MAX: usize = 8;

/// Answers requests for evidence.
#[derive(Debug)]
pub struct EvidenceDoor<E, C> {
    store: E,
    clock: Arc<C>,
    replica: Arc<RwLock<Replica>>,
    /// How far the rows are, which are ahead of the replica while it reads the stream again.
    position: watch::Receiver<StreamPosition>,
    /// Whether the rows have reached the stream's end.
    health: Health,
    gate: Arc<Mutex<Gate>>,
    transfers: Arc<Semaphore>,
    /// One for each party that ever asked; `None` is anyone.
    transfers_of: Arc<Mutex<BTreeMap<Option<PartyId>, Arc<Semaphore>>>>,
}

impl<E: Clone, C> Clone for EvidenceDoor<E, C> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            replica: Arc::clone(&self.replica),
            position: self.position.clone(),
            health: self.health.clone(),
            gate: Arc::clone(&self.gate),
            transfers: Arc::clone(&self.transfers),
            transfers_of: Arc::clone(&self.transfers_of),
        }
    }
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Its turn to have a file under way.
struct Turn {
    _of_one: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl<E: EvidenceStore, C: Clock> EvidenceDoor<E, C> {
    /// Asks this replica, whose rows are at `position`. It is shut until both have read the stream to its end, and whoever
    /// asks is told to try again: before, a revoked key would look like a good one.
    #[must_use]
    pub fn new(
        store: E,
        clock: C,
        (replica, position, health): (Arc<RwLock<Replica>>, watch::Receiver<StreamPosition>, Health),
    ) -> Self {
        let gate = Gate::new(clock.now());
        Self {
            store,
            clock: Arc::new(clock),
            replica,
            position,
            health,
            gate: Arc::new(Mutex::new(gate)),
            transfers: Arc::new(Semaphore::new(TRANSFERS_MAX)),
            transfers_of: Arc::default(),
        }
    }

    /// Who signed, and what he asks, if it is `wanted`; counted as so many calls.
    async fn asked<T>(
        &self,
        signed: &SignedRequest,
        wanted: impl FnOnce(&Ask) -> Option<(T, u64)>,
    ) -> Result<(Asker, VerifiedRequest, T), Status> {
        let replica = self.replica().await?;
        let deployment = replica.deployment().ok_or_else(not_open)?;
        let request = signed.verify(deployment).map_err(EvidenceRefusal::BadRequest)?;
        let asker = access::asker(replica.ledger(), &request.key())?;
        let (wanted, calls) = wanted(request.ask()).ok_or(EvidenceRefusal::OtherAsk)?;
        self.gate().admit(&request, asker.party, calls, self.clock.now())?;
        Ok((asker, request, wanted))
    }

    /// The same of one who asks for himself only: nobody looks at files in another one's name.
    async fn asked_for_itself<T>(
        &self,
        signed: &SignedRequest,
        wanted: impl FnOnce(&Ask) -> Option<(T, u64)>,
    ) -> Result<(Asker, T), Status> {
        let (asker, request, wanted) = self.asked(signed, wanted).await?;
        if request.party() != asker.party {
            return Err(EvidenceRefusal::KeyOfAnotherParty.into());
        }
        Ok((asker, wanted))
    }

    /// Waits for a turn, for a while.
    async fn turn(&self, asker: Option<Asker>) -> Result<Turn, Status> {
        let of_one = self.transfers_of(asker.map(|asker| asker.party));
        let of_all = Arc::clone(&self.transfers);
        let turn = async {
            Ok::<_, AcquireError>(Turn {
                _of_one: of_one.acquire_owned().await?,
                _of_all: of_all.acquire_owned().await?,
            })
        };
        let turn = timeout(limits::WAIT_MAX, turn).await;
        turn.map_err(|_| status::overloaded())?.map_err(|_| status::internal())
    }

    fn transfers_of(&self, one: Option<PartyId>) -> Arc<Semaphore> {
        let most = one.map_or(TRANSFERS_OF_ANYONE_MAX, |_| TRANSFERS_OF_ONE_MAX);
        let mut all = self
            .transfers_of
            .lock()
            .expect("nothing panics while it holds this lock");
        let transfers = all.entry(one).or_insert_with(|| Arc::new(Semaphore::new(most)));
        Arc::clone(transfers)
    }

    async fn may_see(&self, asker: Option<Asker>, info: &EvidenceInfo) -> Result<bool, Status> {
        self.with_ledger(|ledger| {
            let today = self.clock.now().date();
            access::may_see(ledger, asker, info.owner, info.visibility, today)
        })
        .await
    }

    async fn with_ledger<T>(&self, ask: impl FnOnce(&Ledger) -> T) -> Result<T, Status> {
        Ok(ask(self.replica().await?.ledger()))
    }

    async fn replica(&self) -> Result<RwLockReadGuard<'_, Replica>, Status> {
        let replica = self.replica.read().await;
        let is_behind = replica.position() < *self.position.borrow();
        if is_behind || !self.health.is_serving() {
            return Err(not_open());
        }
        Ok(replica)
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().expect("nothing panics while it holds this lock")
    }

    /// Finds a file for one who may see it.
    async fn find_for(&self, asker: Option<Asker>, digest: Digest) -> Result<Kept, Status> {
        let kept = self.store.find(digest).await.map_err(not_had(digest))?;
        if !self.may_see(asker, &kept.info).await? {
            return Err(EvidenceRefusal::NotForYou.into());
        }
        Ok(kept)
    }

    async fn hand_out(
        &self,
        asker: Option<Asker>,
        digest: Digest,
    ) -> Result<ReceiverStream<Result<GetEvidenceResponse, Status>>, Status> {
        let kept = self.find_for(asker, digest).await?;
        let turn = self.turn(asker).await?;
        let file = self.store.read(&kept).await.map_err(not_had(digest))?;
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            let sending = async {
                for message in file_messages(to_wire(&kept.info), file.bytes()) {
                    let sent = timeout(limits::EVIDENCE_PART_WAIT, sender.send(Ok(message))).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        return;
                    }
                }
            };
            timeout(limits::EVIDENCE_FILE_WAIT, sending).await.ok();
            drop(turn);
        });
        Ok(ReceiverStream::new(receiver))
    }

    async fn receive(&self, mut parts: Streaming<PutEvidenceRequest>) -> Result<PutEvidenceResponse, Status> {
        use put_evidence_request::Part;
        let Some(Part::SignedRequest(bytes)) = next_part(&mut parts).await? else {
            return Err(InvalidMessage::Missing("signed_request").into());
        };
        let signed = signed(&bytes)?;
        let claimed = self.asked(&signed, |ask| match ask {
            Ask::PutEvidence(put) => Some((*put, 2)),
            _ => None,
        });
        let (asker, request, put) = claimed.await?;
        let received = self.receive_for(asker, request.party(), put, parts).await;
        report("put", Some(asker), put.digest, &received);
        received
    }

    async fn receive_for(
        &self,
        asker: Asker,
        owner: PartyId,
        put: PutEvidence,
        mut parts: Streaming<PutEvidenceRequest>,
    ) -> Result<PutEvidenceResponse, Status> {
        let today = self.clock.now().date();
        let may_put = self.with_ledger(|ledger| access::may_put(ledger, asker, owner, today));
        if !may_put.await? {
            return Err(EvidenceRefusal::KeyOfAnotherParty.into());
        }
        let receiving = Receiving::begin(put.digest, put.size).map_err(not_the_file)?;
        let _turn = self.turn(Some(asker)).await?;
        // Whoever may see that it is kept whole need not send it.
        if let Ok(info) = self.store.check(put.digest).await
            && self.may_see(Some(asker), &info).await?
        {
            return Ok(put_answer(PutOutcome::AlreadyKept, Some(&info)));
        }
        self.gate().admit_bytes(asker.party, put.size, self.clock.now())?;
        let file = receive_file(receiving, &mut parts).await?;
        let claim = Claim {
            owner,
            visibility: put.visibility,
            uploaded_at: self.clock.now(),
        };
        let put = self.store.put(&file, claim).await.map_err(not_had(put.digest))?;
        let outcome = match put {
            Put::Stored(_) => PutOutcome::Stored,
            Put::AlreadyKept(_) => PutOutcome::AlreadyKept,
            Put::Mended(_) => PutOutcome::Mended,
        };
        let may_see = self.may_see(Some(asker), put.info()).await?;
        Ok(put_answer(outcome, may_see.then_some(put.info())))
    }

    async fn describe(&self, asker: Option<Asker>, digest: Digest) -> Result<DescribedEvidence, Status> {
        let described = |state: EvidenceState, info: Option<&EvidenceInfo>| DescribedEvidence {
            digest: digest.to_string(),
            state: state.into(),
            evidence: info.map(to_wire),
        };
        let kept = match self.store.find(digest).await {
            Ok(kept) => kept,
            Err(EvidenceError::Missing) => return Ok(described(EvidenceState::Missing, None)),
            Err(EvidenceError::Altered { .. }) => return Ok(described(EvidenceState::Altered, None)),
            Err(error) => return Err(not_had(digest)(error)),
        };
        if !self.may_see(asker, &kept.info).await? {
            return Ok(described(EvidenceState::NotForYou, None));
        }
        match self.store.read(&kept).await {
            Ok(_) => Ok(described(EvidenceState::Present, Some(&kept.info))),
            Err(EvidenceError::Altered { .. }) => Ok(described(EvidenceState::Altered, Some(&kept.info))),
            Err(error) => Err(not_had(digest)(error)),
        }
    }

    async fn show(&self, asker: Asker, set: event::request::SetVisibility) -> Result<SetVisibilityResponse, Status> {
        let kept = self.find_for(Some(asker), set.digest).await?;
        if kept.info.owner != asker.party {
            return Err(EvidenceRefusal::NotOwner.into());
        }
        let info = self.store.set_visibility(&kept, set.visibility).await;
        let info = info.map_err(not_had(set.digest))?;
        Ok(SetVisibilityResponse {
            evidence: Some(to_wire(&info)),
        })
    }
}

#[tonic::async_trait]
impl<E: EvidenceStore, C: Clock> EvidenceService for EvidenceDoor<E, C> {
    type PutEvidenceStream = Answers<PutEvidenceResponse>;
    type GetEvidenceStream = ReceiverStream<Result<GetEvidenceResponse, Status>>;

    async fn put_evidence(
        &self,
        request: Request<Streaming<PutEvidenceRequest>>,
    ) -> Result<Response<Self::PutEvidenceStream>, Status> {
        let (door, parts) = (self.clone(), request.into_inner());
        let receiving = async move {
            let received = timeout(limits::EVIDENCE_FILE_WAIT, door.receive(parts)).await;
            received.unwrap_or_else(|_| Err(status::too_slow(limits::EVIDENCE_FILE_WAIT)))
        };
        Ok(Response::new(Box::pin(once(receiving))))
    }

    async fn get_evidence(
        &self,
        request: Request<GetEvidenceRequest>,
    ) -> Result<Response<Self::GetEvidenceStream>, Status> {
        let (asker, digest) = match Asked::try_from(request.into_inner())? {
            Asked::ByAnyone(digest) => {
                drop(self.replica().await?);
                self.gate().admit_anyone(1, self.clock.now())?;
                (None, digest)
            }
            Asked::Signed(signed) => {
                let known = self.asked_for_itself(&signed, |ask| match ask {
                    Ask::GetEvidence(get) => Some((get.digest, 1)),
                    _ => None,
                });
                let (asker, digest) = known.await?;
                (Some(asker), digest)
            }
        };
        let answer = self.hand_out(asker, digest).await;
        report("get", asker, digest, &answer);
        answer.map(Response::new)
    }

    async fn describe_evidence(
        &self,
        request: Request<DescribeEvidenceRequest>,
    ) -> Result<Response<DescribeEvidenceResponse>, Status> {
        let (asker, digests) = match Asked::<Vec<Digest>>::try_from(request.into_inner())? {
            Asked::ByAnyone(digests) => {
                drop(self.replica().await?);
                self.gate().admit_anyone(1 + digests.len() as u64, self.clock.now())?;
                (None, digests)
            }
            Asked::Signed(signed) => {
                let known = self.asked_for_itself(&signed, |ask| match ask {
                    Ask::DescribeEvidence(asked) => Some((asked.digests.to_vec(), 1 + asked.digests.len() as u64)),
                    _ => None,
                });
                let (asker, digests) = known.await?;
                (Some(asker), digests)
            }
        };
        let _turn = self.turn(asker).await?;
        let mut described = Vec::new();
        for digest in digests {
            let answer = self.describe(asker, digest).await;
            report("describe", asker, digest, &answer);
            described.push(answer?);
        }
        Ok(Response::new(DescribeEvidenceResponse { described }))
    }

    async fn set_visibility(
        &self,
        request: Request<SetVisibilityRequest>,
    ) -> Result<Response<SetVisibilityResponse>, Status> {
        let signed = SignedRequest::try_from(request.into_inner())?;
        let known = self.asked_for_itself(&signed, |ask| match ask {
            Ask::SetVisibility(set) => Some((*set, 1)),
            _ => None,
        });
        let (asker, set) = known.await?;
        let answer = self.show(asker, set).await;
        report("set visibility", Some(asker), set.digest, &answer);
        answer.map(Response::new)
    }
}

async fn next_part(parts: &mut Streaming<PutEvidenceRequest>) -> Result<Option<put_evidence_request::Part>, Status> {
    let message = timeout(limits::EVIDENCE_PART_WAIT, parts.message()).await;
    let message = message.map_err(|_| status::too_slow(limits::EVIDENCE_PART_WAIT))??;
    let part = message.map(|message| message.part.ok_or(InvalidMessage::Missing("part")));
    Ok(part.transpose()?)
}

/// Receives a file to its end, and not a byte more.
async fn receive_file(
    mut receiving: Receiving,
    parts: &mut Streaming<PutEvidenceRequest>,
) -> Result<journal::evidence::EvidenceFile, Status> {
    use put_evidence_request::Part;
    loop {
        match next_part(parts).await? {
            Some(Part::Chunk(chunk)) if !chunk.is_empty() => receiving.take(&chunk).map_err(not_the_file)?,
            Some(Part::Chunk(_) | Part::SignedRequest(_)) => return Err(InvalidMessage::Missing("chunk").into()),
            None => return Ok(receiving.finish().map_err(not_the_file)?),
        }
    }
}

fn put_answer(outcome: PutOutcome, info: Option<&EvidenceInfo>) -> PutEvidenceResponse {
    PutEvidenceResponse {
        outcome: outcome.into(),
        evidence: info.map(to_wire),
    }
}

fn to_wire(info: &EvidenceInfo) -> Evidence {
    Evidence::new(
        info.digest,
        info.size,
        info.media_type.name(),
        info.owner,
        info.visibility,
        info.uploaded_at,
    )
}

fn not_open() -> Status {
    status::unavailable("the stream is not read to its end yet")
}

fn not_the_file(error: journal::evidence::FileError) -> EvidenceRefusal {
    EvidenceRefusal::NotTheFile(error.to_string())
}

/// What a caller is told when a file is not to be had; what the store says beyond that is for the operator.
fn not_had(digest: Digest) -> impl Fn(EvidenceError) -> Status {
    move |error| match error {
        EvidenceError::Missing => EvidenceRefusal::Missing.into(),
        EvidenceError::Altered { .. } => {
            tracing::error!(evidence.digest = %digest, %error, "The file {digest} was altered where it is stored: {error}");
            EvidenceRefusal::Altered.into()
        }
        EvidenceError::MediaType => EvidenceRefusal::MediaType(error.to_string()).into(),
        EvidenceError::Conflict => status::unavailable("the file was changed just now"),
        EvidenceError::Unknown { .. } => {
            tracing::warn!(evidence.digest = %digest, %error, "What became of the file {digest} is unknown: {error}");
            status::perhaps_done()
        }
        EvidenceError::Refused { .. } | EvidenceError::Unavailable { .. } => {
            tracing::error!(evidence.digest = %digest, %error, "The store of evidence does not work: {error}");
            status::unavailable("the store of evidence takes or gives nothing now")
        }
    }
}

/// One line for each file that somebody asked for: by which organization, and with what outcome; no person, no content.
fn report<T>(call: &'static str, asker: Option<Asker>, digest: Digest, answer: &Result<T, Status>) {
    let outcome = match answer {
        Ok(_) => "done".to_owned(),
        Err(status) => status::reason_of(status).unwrap_or_else(|| format!("{:?}", status.code())),
    };
    let (party, kind) = asker.map_or(("anyone".to_owned(), String::new()), |asker| {
        (asker.party.to_string(), format!("{:?}", asker.kind))
    });
    tracing::info!(
        evidence.digest = %digest,
        evidence.call = call,
        evidence.outcome = outcome,
        asker.party = party,
        asker.kind = kind,
        "Evidence {digest}: {call} for {party}: {outcome}"
    );
}
