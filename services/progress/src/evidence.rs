//! The door to evidence: who may have which file, asked of the ledger that the stream makes, and the files themselves.
//!
//! A file is read to its end and checked before its first byte leaves. Whoever may not see a file learns that one of this
//! digest is kept, and nothing else of it: that it is missing must show, and who has the digest has the file or a statement
//! that names it.
//!
//! A look at a file that is not public is written down before it is answered, whatever the answer; what cannot be written
//! down is not shown.

mod access;
mod gate;

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};

use event::key::Digest;
use event::request::{Ask, ListAccesses, PutEvidence};
use event::{PartyId, SignedRequest, StreamPosition, VerifiedRequest, Visibility};
use futures_util::Stream;
use futures_util::stream::once;
use journal::evidence::{
    Access, AccessOutcome, AccessWay, Accessed, Claim, Entry, EvidenceError, EvidenceInfo, EvidenceStore, Noted, Put,
    Receiving,
};
use ledger::Ledger;
use replay::Replica;
use rpc::evidence::evidence_service_server::EvidenceService;
use rpc::evidence::{
    AccessedFile, Asked, DescribeEvidenceRequest, DescribeEvidenceResponse, DescribedEvidence, Evidence,
    EvidenceRefusal, EvidenceState, GetEvidenceRequest, GetEvidenceResponse, ListAccessesRequest, ListAccessesResponse,
    PutEvidenceRequest, PutEvidenceResponse, PutOutcome, SetVisibilityRequest, SetVisibilityResponse, file_messages,
    put_evidence_request, signed,
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
/// As how many calls a page of looks counts: each look on it is read by itself.
const LOOKS_CALLS: u64 = 8;

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
    /// Held while a look is written down: one that others overtake begins anew.
    noting: Arc<tokio::sync::Mutex<()>>,
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
            noting: Arc::clone(&self.noting),
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
    /// asks waits for that: before, a revoked key would look like a good one.
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
            noting: Arc::default(),
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
        let asker = access::asker(replica.ledger(), &request.key(), AccessWay::SignedRequest)?;
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

    /// Who signed in, if the session lasts; counted as so many calls. All of it is looked at again for every call: a key that
    /// was revoked since ends its sessions.
    async fn in_session(&self, session: &SignedRequest, calls: u64) -> Result<Asker, Status> {
        let replica = self.replica().await?;
        let deployment = replica.deployment().ok_or_else(not_open)?;
        let session = session.verify(deployment).map_err(EvidenceRefusal::BadRequest)?;
        let asker = access::asker(replica.ledger(), &session.key(), AccessWay::Session)?;
        if !matches!(session.ask(), Ask::SignIn(_)) {
            return Err(EvidenceRefusal::NotASession.into());
        }
        if session.party() != asker.party {
            return Err(EvidenceRefusal::KeyOfAnotherParty.into());
        }
        self.gate()
            .admit_session(&session, asker.party, calls, self.clock.now())?;
        Ok(asker)
    }

    /// Writes down who looks at which files of a party, before he sees anything of them.
    async fn write_down(&self, asker: Asker, owner: PartyId, files: Vec<Accessed>) -> Result<(), Status> {
        let _turn = self.noting.lock().await;
        let access = Access {
            at: self.clock.now(),
            party: asker.party,
            key: asker.key,
            way: asker.way,
            files,
        };
        self.store.write_down(owner, &access).await.map_err(|error| {
            tracing::error!(%error, "A look at evidence cannot be written down, and is not answered: {error}");
            status::unavailable("looks cannot be written down now, and what is not public is not shown before they are")
        })
    }

    /// The same of one file, where it is not public and somebody looks who says who he is.
    async fn write_down_one(
        &self,
        asker: Option<Asker>,
        info: &EvidenceInfo,
        outcome: AccessOutcome,
    ) -> Result<(), Status> {
        let Some((asker, file)) = asker.zip(look_at(info, outcome)) else {
            return Ok(());
        };
        self.write_down(asker, info.owner, vec![file]).await
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

    /// The ledger, once it is open; waits for that, but no longer than [`limits::WAIT_MAX`].
    async fn replica(&self) -> Result<RwLockReadGuard<'_, Replica>, Status> {
        let opened = timeout(limits::WAIT_MAX, self.opened()).await;
        opened.ok().flatten().ok_or_else(not_open)
    }

    /// The ledger as soon as it and the rows have read the stream to its end; none where nobody reads on any more.
    async fn opened(&self) -> Option<RwLockReadGuard<'_, Replica>> {
        let mut position = self.position.clone();
        loop {
            let replica = self.replica.read().await;
            let is_behind = replica.position() < *position.borrow_and_update();
            let is_serving = self.health.is_serving();
            if is_serving && !is_behind {
                return Some(replica);
            }
            drop(replica);
            tokio::select! {
                moved = position.changed() => moved.ok()?,
                () = self.health.until_serving(), if !is_serving => {}
            }
        }
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().expect("nothing panics while it holds this lock")
    }

    async fn hand_out(
        &self,
        asker: Option<Asker>,
        digest: Digest,
    ) -> Result<ReceiverStream<Result<GetEvidenceResponse, Status>>, Status> {
        let kept = self.store.find(digest).await.map_err(not_had(digest))?;
        if !self.may_see(asker, &kept.info).await? {
            self.write_down_one(asker, &kept.info, AccessOutcome::Refused).await?;
            return Err(EvidenceRefusal::NotForYou.into());
        }
        let turn = self.turn(asker).await?;
        self.write_down_one(asker, &kept.info, AccessOutcome::HandedOut).await?;
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
            self.write_down_one(Some(asker), &info, AccessOutcome::Described)
                .await?;
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

    /// What is known of a file, and the look at a file of whom that this is; none where it is public or not there.
    async fn describe(
        &self,
        asker: Option<Asker>,
        digest: Digest,
    ) -> Result<(DescribedEvidence, Option<Look>), Status> {
        let told = |state: EvidenceState, info: Option<&EvidenceInfo>| DescribedEvidence {
            digest: digest.to_string(),
            state: state.into(),
            evidence: info.map(to_wire),
        };
        let described = |state, info| (told(state, info), None);
        let kept = match self.store.find(digest).await {
            Ok(kept) => kept,
            Err(EvidenceError::Missing) => return Ok(described(EvidenceState::Missing, None)),
            Err(EvidenceError::Altered { .. }) => return Ok(described(EvidenceState::Altered, None)),
            Err(error) => return Err(not_had(digest)(error)),
        };
        if !self.may_see(asker, &kept.info).await? {
            let look = look_at(&kept.info, AccessOutcome::Refused);
            let not_for_him = told(EvidenceState::NotForYou, None);
            return Ok((not_for_him, look.map(|file| (kept.info.owner, file))));
        }
        let state = match self.store.read(&kept).await {
            Ok(_) => EvidenceState::Present,
            Err(EvidenceError::Altered { .. }) => EvidenceState::Altered,
            Err(error) => return Err(not_had(digest)(error)),
        };
        let look = look_at(&kept.info, AccessOutcome::Described);
        Ok((told(state, Some(&kept.info)), look.map(|file| (kept.info.owner, file))))
    }

    /// Says who looked at the files of a party, where that is for who asks.
    async fn list(&self, asker: Asker, page: ListAccesses) -> Result<ListAccessesResponse, Status> {
        let today = self.clock.now().date();
        let may_see = self.with_ledger(|ledger| access::may_see_looks(ledger, asker, page.owner, today));
        if !may_see.await? {
            return Err(EvidenceRefusal::NotYourAccesses.into());
        }
        let from = NonZeroU64::new(page.from);
        let found = self.store.accesses(page.owner, from, limits::ACCESSES_SHOWN_MAX).await;
        let found = found.map_err(|error| {
            tracing::error!(%error, "Looks that were written down cannot be read: {error}");
            status::unavailable("looks that were written down cannot be read now")
        })?;
        Ok(ListAccessesResponse {
            accesses: found.noted.into_iter().map(looked).collect(),
            older: found.older.map_or(0, NonZeroU64::get),
        })
    }

    async fn show(&self, asker: Asker, set: event::request::SetVisibility) -> Result<SetVisibilityResponse, Status> {
        let kept = self.store.find(set.digest).await.map_err(not_had(set.digest))?;
        if !self.may_see(Some(asker), &kept.info).await? {
            return Err(EvidenceRefusal::NotForYou.into());
        }
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
            Asked::InSession(session, digest) => (Some(self.in_session(&session, 1).await?), digest),
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
            Asked::InSession(session, digests) => {
                let asker = self.in_session(&session, 1 + digests.len() as u64).await?;
                (Some(asker), digests)
            }
        };
        let _turn = self.turn(asker).await?;
        let (mut described, mut looks) = (Vec::new(), BTreeMap::<PartyId, Vec<Accessed>>::new());
        for digest in digests {
            let answer = self.describe(asker, digest).await;
            report("describe", asker, digest, &answer);
            let (told, look) = answer?;
            described.push(told);
            if let Some((owner, file)) = look {
                looks.entry(owner).or_default().push(file);
            }
        }
        if let Some(asker) = asker {
            for (owner, files) in looks {
                self.write_down(asker, owner, files).await?;
            }
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

    async fn list_accesses(
        &self,
        request: Request<ListAccessesRequest>,
    ) -> Result<Response<ListAccessesResponse>, Status> {
        let (asker, page) = match Asked::<ListAccesses>::try_from(request.into_inner())? {
            Asked::ByAnyone(_) => return Err(EvidenceRefusal::NotYourAccesses.into()),
            Asked::Signed(signed) => {
                let known = self.asked_for_itself(&signed, |ask| match ask {
                    Ask::ListAccesses(page) => Some((*page, LOOKS_CALLS)),
                    _ => None,
                });
                known.await?
            }
            Asked::InSession(session, page) => (self.in_session(&session, LOOKS_CALLS).await?, page),
        };
        self.list(asker, page).await.map(Response::new)
    }
}

/// A look at a file of a party.
type Look = (PartyId, Accessed);

/// What is written down of a look at this file; nothing where it is for anyone.
fn look_at(info: &EvidenceInfo, outcome: AccessOutcome) -> Option<Accessed> {
    (info.visibility != Visibility::Public).then_some(Accessed {
        digest: info.digest,
        outcome,
    })
}

fn looked(noted: Noted) -> rpc::evidence::Access {
    use rpc::evidence::{AccessOutcome as WireOutcome, AccessWay as WireWay};
    let Entry { number, access, .. } = noted.entry;
    let file = |file: Accessed| AccessedFile {
        digest: file.digest.to_string(),
        outcome: match file.outcome {
            AccessOutcome::HandedOut => WireOutcome::HandedOut,
            AccessOutcome::Described => WireOutcome::Described,
            AccessOutcome::Refused => WireOutcome::Refused,
        }
        .into(),
    };
    let way = match access.way {
        AccessWay::SignedRequest => WireWay::SignedRequest,
        AccessWay::Session => WireWay::Session,
    };
    rpc::evidence::Access {
        number,
        at_unix_ms: access.at.unix_ms(),
        party_id: access.party.to_string(),
        key: access.key.to_string(),
        way: way.into(),
        files: access.files.into_iter().map(file).collect(),
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
