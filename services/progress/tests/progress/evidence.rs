//! Evidence from outside: signed requests go in at the gRPC door, files come out, for those who may see them.

use core::pin::pin;
use std::sync::Arc;

use ::replay::{Replica, check};
use event::key::Digest;
use event::request::{
    Ask, Audience, Challenge, DescribeEvidence, EVIDENCE_BYTES_MAX, GetEvidence, ListAccesses, Nonce, PutEvidence,
    REQUEST_AGE_MS_MAX, REQUEST_AHEAD_MS_MAX, Request, SESSION_MS_MAX, SetVisibility, SignIn, Visibility,
};
use event::vocabulary::{DelegationGranted, DelegationRevoked, EventKind, KeyRevoked, PartyKind, RevocationReason};
use event::{Date, DeploymentId, Event, SignedRequest, SignedStatement, StreamPosition};
use futures_util::{FutureExt, StreamExt, stream};
use journal::evidence::MemoryEvidence;
use journal::memory::Fault;
use progress::{BYTES_PER_DAY_MAX, CALLS_PER_MINUTE_MAX, EvidenceDoor, SERVICES};
use rpc::evidence::evidence_service_client::EvidenceServiceClient;
use rpc::evidence::evidence_service_server::EvidenceService;
use rpc::evidence::{
    AccessOutcome, AccessWay, AccessedFile, AccessesInSession, DescribeEvidenceRequest, DescribedEvidence, Digests,
    EvidenceState, FileError, FileInSession, FilesInSession, GetEvidenceRequest, ListAccessesRequest,
    ListAccessesResponse, PutEvidenceRequest, PutEvidenceResponse, PutOutcome, SetVisibilityRequest,
    SetVisibilityResponse, describe_evidence_request, get_evidence_request, list_accesses_request,
    put_evidence_request, upload_messages, whole_file,
};
use rpc::limits::ACCESSES_SHOWN_MAX;
use rpc::{client, server, status};
use service::clock::{Clock, TestClock};
use service::health::Health;
use tests::world::{BEGIN, Signer, World, list, record};
use tokio::net::TcpListener;
use tokio::sync::{RwLock, watch};
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Status};

/// A deployment with an owner of files, and the door to them.
struct Scene {
    world: World,
    replica: Arc<RwLock<Replica>>,
    /// How far the rows are.
    position: watch::Sender<StreamPosition>,
    health: Health,
    store: MemoryEvidence,
    clock: Arc<TestClock>,
    client: EvidenceServiceClient<Channel>,
    owner: Signer,
    nonce: u8,
}

impl Scene {
    async fn begin() -> Self {
        let (world, founded) = World::found(1);
        let (store, clock) = (MemoryEvidence::new(), Arc::new(TestClock::at(BEGIN)));
        let replica = Arc::new(RwLock::new(Replica::new()));
        let (position, health) = (
            watch::Sender::new(StreamPosition::START),
            Health::starting(SERVICES).await,
        );
        let at = (Arc::clone(&replica), position.subscribe(), health.clone());
        let client = serve(EvidenceDoor::new(store.clone(), Arc::clone(&clock), at)).await;
        let mut scene = Self {
            owner: world.scheme.clone(),
            world,
            replica,
            position,
            health,
            store,
            clock,
            client,
            nonce: 0,
        };
        scene.record(&founded).await;
        scene.health.serving().await;
        scene.owner = scene.enrol(PartyKind::MinersOrganization).await;
        scene
    }

    /// Another process in front of the same files.
    async fn restart(&mut self) {
        self.client = serve(self.door()).await;
    }

    /// Another door to the same files.
    fn door(&self) -> EvidenceDoor<MemoryEvidence, Arc<TestClock>> {
        let at = (
            Arc::clone(&self.replica),
            self.position.subscribe(),
            self.health.clone(),
        );
        EvidenceDoor::new(self.store.clone(), Arc::clone(&self.clock), at)
    }

    async fn record(&self, statement: &SignedStatement) {
        let mut replica = self.replica.write().await;
        let checked = check(replica.deployment(), record(statement).into());
        let step = replica.step(checked);
        assert_eq!(step.verdict.code(), 0, "{:?}", step.verdict);
        self.position.send_replace(replica.position());
    }

    async fn enrol(&mut self, kind: PartyKind) -> Signer {
        let (signer, statements) = self.world.enrol(kind, &format!("A {kind:?}"));
        for statement in &statements {
            self.record(statement).await;
        }
        signer
    }

    async fn revoke(&mut self, signer: &Signer) {
        let revoked = KeyRevoked {
            key: signer.key.verifying_key().into(),
            reason: RevocationReason::Lost,
        };
        let statement = self.world.scheme.say(self.world.deployment, Event::KeyRevoked(revoked));
        self.record(&statement).await;
    }

    /// The owner lets another party speak in its name, for so many days.
    async fn delegate(&mut self, to: &Signer, days: i32) {
        let granted = DelegationGranted {
            to: to.party,
            kinds: list(vec![EventKind::IncidentReported]),
            sites: event::List::empty(),
            gross_mass_max: None,
            until: Date::from_unix_days(BEGIN.date().unix_days() + days),
        };
        let statement = self.owner.say(self.world.deployment, Event::DelegationGranted(granted));
        self.record(&statement).await;
    }

    fn request(&mut self, signer: &Signer, ask: Ask) -> Request {
        self.nonce += 1;
        Request {
            party: signer.party,
            asked_at: self.clock.now(),
            nonce: Nonce::from_bytes([self.nonce; 32]),
            ask,
        }
    }

    fn sign(&mut self, signer: &Signer, ask: Ask) -> SignedRequest {
        let request = self.request(signer, ask);
        SignedRequest::sign(&request, self.world.deployment, &signer.key)
    }

    fn claim(&mut self, signer: &Signer, file: &[u8], visibility: Visibility) -> SignedRequest {
        let (digest, size) = (digest(file), file.len() as u64);
        let put = PutEvidence {
            digest,
            size,
            visibility,
        };
        self.sign(signer, Ask::PutEvidence(put))
    }

    async fn put(
        &mut self,
        signer: &Signer,
        file: &[u8],
        visibility: Visibility,
    ) -> Result<PutEvidenceResponse, Status> {
        let claim = self.claim(signer, file, visibility);
        self.send(upload_messages(&claim, file).collect()).await
    }

    /// Sends these parts, and nothing more.
    async fn send(&mut self, parts: Vec<PutEvidenceRequest>) -> Result<PutEvidenceResponse, Status> {
        let mut answers = self.client.put_evidence(stream::iter(parts)).await?.into_inner();
        let answer = answers.message().await?.expect("one message");
        assert_eq!(answers.message().await?, None);
        Ok(answer)
    }

    /// `None` is anyone.
    async fn get(&mut self, signer: Option<&Signer>, digest: Digest) -> Result<Vec<u8>, Status> {
        use get_evidence_request::Asked;
        let asked = match signer {
            None => Asked::Digest(digest.to_string()),
            Some(signer) => Asked::SignedRequest(self.sign(signer, get(digest)).encode()),
        };
        self.get_as(asked).await
    }

    async fn get_as(&mut self, asked: get_evidence_request::Asked) -> Result<Vec<u8>, Status> {
        let request = GetEvidenceRequest { asked: Some(asked) };
        let parts = self.client.get_evidence(request).await?.into_inner();
        match whole_file(parts).await {
            Ok((evidence, file)) => {
                assert_eq!(
                    (evidence.size, evidence.digest),
                    (file.len() as u64, digest(&file).to_string())
                );
                Ok(file)
            }
            Err(FileError::Status(status)) => Err(status),
            Err(error) => panic!("{error}"),
        }
    }

    async fn describe(&mut self, signer: Option<&Signer>, digests: &[Digest]) -> Vec<DescribedEvidence> {
        use describe_evidence_request::Asked;
        let asked = match signer {
            None => Asked::Digests(Digests {
                digests: digests.iter().map(Digest::to_string).collect(),
            }),
            Some(signer) => {
                let digests = list(digests.to_vec());
                let ask = Ask::DescribeEvidence(DescribeEvidence { digests });
                Asked::SignedRequest(self.sign(signer, ask).encode())
            }
        };
        let request = DescribeEvidenceRequest { asked: Some(asked) };
        self.client
            .describe_evidence(request)
            .await
            .unwrap()
            .into_inner()
            .described
    }

    async fn state(&mut self, signer: Option<&Signer>, digest: Digest) -> EvidenceState {
        let described = self.describe(signer, &[digest]).await;
        assert_eq!(described[0].digest, digest.to_string());
        let is_told = described[0].evidence.is_some();
        if matches!(described[0].state(), EvidenceState::Missing | EvidenceState::NotForYou) {
            assert!(!is_told, "{described:?}");
        }
        described[0].state()
    }

    async fn show(
        &mut self,
        signer: &Signer,
        digest: Digest,
        visibility: Visibility,
    ) -> Result<SetVisibilityResponse, Status> {
        let ask = Ask::SetVisibility(SetVisibility { digest, visibility });
        let signed_request = self.sign(signer, ask).encode();
        let answer = self
            .client
            .set_visibility(SetVisibilityRequest { signed_request })
            .await;
        answer.map(tonic::Response::into_inner)
    }
}

impl Scene {
    /// Lets a site look in the signer's name.
    fn sign_in(&mut self, signer: &Signer) -> SignedRequest {
        let ask = Ask::SignIn(SignIn {
            audience: Audience::new("gold.example.org").unwrap(),
            challenge: Challenge::from_bytes([7; 32]),
        });
        self.sign(signer, ask)
    }

    async fn get_in(&mut self, session: &SignedRequest, digest: Digest) -> Result<Vec<u8>, Status> {
        let in_session = FileInSession {
            session: session.encode(),
            digest: digest.to_string(),
        };
        self.get_as(get_evidence_request::Asked::InSession(in_session)).await
    }

    async fn states_in(&mut self, session: &SignedRequest, digests: &[Digest]) -> Result<Vec<EvidenceState>, Status> {
        let digests = digests.iter().map(Digest::to_string).collect();
        let asked = describe_evidence_request::Asked::InSession(FilesInSession {
            session: session.encode(),
            digests: Some(Digests { digests }),
        });
        let request = DescribeEvidenceRequest { asked: Some(asked) };
        let answer = self.client.describe_evidence(request).await?.into_inner();
        Ok(answer.described.iter().map(DescribedEvidence::state).collect())
    }

    /// Who looked at the owner's files, as `signer` is told.
    async fn looks(&mut self, signer: &Signer, from: u64) -> Result<ListAccessesResponse, Status> {
        let owner = self.owner.party;
        let request = self.sign(signer, Ask::ListAccesses(ListAccesses { owner, from }));
        let asked = Some(list_accesses_request::Asked::SignedRequest(request.encode()));
        let answer = self.client.list_accesses(ListAccessesRequest { asked }).await;
        answer.map(tonic::Response::into_inner)
    }

    /// The same in a session.
    async fn looks_in(&mut self, session: &SignedRequest) -> Result<ListAccessesResponse, Status> {
        let asked = list_accesses_request::Asked::InSession(AccessesInSession {
            session: session.encode(),
            owner_id: self.owner.party.to_string(),
            from: 0,
        });
        let answer = self
            .client
            .list_accesses(ListAccessesRequest { asked: Some(asked) })
            .await;
        answer.map(tonic::Response::into_inner)
    }
}

async fn serve(door: EvidenceDoor<MemoryEvidence, Arc<TestClock>>) -> EvidenceServiceClient<Channel> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = server::builder().serve_with_incoming(server::evidence(door), TcpIncoming::from(listener));
    tokio::spawn(serving);
    client::evidence(client::connect(&url).await.unwrap())
}

fn digest(bytes: &[u8]) -> Digest {
    Digest::of(bytes)
}

fn get(digest: Digest) -> Ask {
    Ask::GetEvidence(GetEvidence { digest })
}

fn pdf(name: &str) -> Vec<u8> {
    format!("%PDF-1.7 {name} {}", "pages ".repeat(20_000)).into_bytes()
}

/// The name of the refusal.
#[track_caller]
fn reason<T>(answer: Result<T, Status>) -> String {
    let status = answer.err().expect("it is refused");
    status::reason_of(&status).unwrap_or_else(|| format!("{:?}", status.code()))
}

#[track_caller]
fn code<T>(answer: Result<T, Status>) -> Code {
    answer.err().expect("it is refused").code()
}

/// What a kind of party may see of what is not its own: public, buyers, auditors, organization.
const SEES: &[(PartyKind, [bool; 4])] = &[
    (PartyKind::MinersOrganization, [true, false, false, false]),
    (PartyKind::InformalMinersGroup, [true, false, false, false]),
    (PartyKind::Processor, [true, false, false, false]),
    (PartyKind::Trader, [true, true, false, false]),
    (PartyKind::Exporter, [true, true, false, false]),
    (PartyKind::Carrier, [true, false, false, false]),
    (PartyKind::Assayer, [true, false, false, false]),
    (PartyKind::Refiner, [true, true, false, false]),
    (PartyKind::Buyer, [true, true, false, false]),
    (PartyKind::Assessor, [true, true, true, false]),
    (PartyKind::Authority, [true, true, true, false]),
    (PartyKind::Scheme, [true, true, true, false]),
    (PartyKind::Auditor, [true, true, true, false]),
];

#[tokio::test]
async fn each_circle_sees_what_is_for_it() {
    let mut scene = Scene::begin().await;
    let mut askers: Vec<(String, Option<Signer>, [bool; 4])> = vec![
        ("anyone".to_owned(), None, [true, false, false, false]),
        ("its owner".to_owned(), Some(scene.owner.clone()), [true; 4]),
    ];
    for (kind, sees) in SEES {
        askers.push((format!("{kind:?}"), Some(scene.enrol(*kind).await), *sees));
    }
    let (let_today, let_no_longer) = (
        scene.enrol(PartyKind::Carrier).await,
        scene.enrol(PartyKind::Carrier).await,
    );
    scene.delegate(&let_today, 0).await;
    scene.delegate(&let_no_longer, 9).await;
    let revoked = Event::DelegationRevoked(DelegationRevoked {
        to: let_no_longer.party,
    });
    let revoked = scene.owner.say(scene.world.deployment, revoked);
    scene.record(&revoked).await;
    askers.push(("whom it lets speak".to_owned(), Some(let_today.clone()), [true; 4]));
    let others = [true, false, false, false];
    askers.push(("whom it lets speak no longer".to_owned(), Some(let_no_longer), others));
    let owner = scene.owner.clone();
    for (place, visibility) in Visibility::ALL.into_iter().enumerate() {
        let file = pdf(visibility.name());
        scene.put(&owner, &file, visibility).await.unwrap();
        for (name, asker, sees) in &askers {
            let got = scene.get(asker.as_ref(), digest(&file)).await;
            let state = scene.state(asker.as_ref(), digest(&file)).await;
            if sees[place] {
                assert!(got.unwrap() == file, "{visibility} for {name}");
                assert_eq!(state, EvidenceState::Present, "{visibility} for {name}");
            } else {
                assert_eq!(code(got), Code::PermissionDenied, "{visibility} for {name}");
                assert_eq!(state, EvidenceState::NotForYou, "{visibility} for {name}");
            }
        }
    }
    // The day after, who was let speak until today is so no longer.
    scene.clock.advance(24 * 60 * 60 * 1_000);
    let file = pdf(Visibility::Organization.name());
    assert_eq!(reason(scene.get(Some(&let_today), digest(&file)).await), "NOT_FOR_YOU");
    assert_eq!(scene.get(Some(&owner), digest(&file)).await.unwrap(), file);
}

#[tokio::test]
async fn a_request_holds_for_its_key_its_party_and_its_time() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let file = pdf("public");
    scene.put(&owner, &file, Visibility::Public).await.unwrap();
    let ask = get(digest(&file));
    let honest = scene.request(&owner, ask.clone());
    let deployment = scene.world.deployment;
    let sign = |request: &Request, signer: &Signer| SignedRequest::sign(request, deployment, &signer.key);
    let asked_at = |ms| Request {
        asked_at: honest.asked_at.plus_ms(ms),
        ..honest.clone()
    };

    let stranger = Signer {
        key: scene.world.new_key(),
        ..owner.clone()
    };
    let (other, revoked) = (scene.enrol(PartyKind::Buyer).await, scene.enrol(PartyKind::Buyer).await);
    scene.revoke(&revoked).await;
    let describe = scene.request(
        &owner,
        Ask::DescribeEvidence(DescribeEvidence {
            digests: list(vec![digest(&file)]),
        }),
    );
    let elsewhere = SignedRequest::sign(&honest, DeploymentId::from_bytes([9; 32]), &owner.key);
    let mut altered = sign(&honest, &owner);
    altered.body.0[40] ^= 1;
    let own = Request {
        party: revoked.party,
        ..honest.clone()
    };
    let cases = [
        ("an altered body", altered, "BAD_REQUEST"),
        ("another deployment", elsewhere, "BAD_REQUEST"),
        ("a key that nobody authorized", sign(&honest, &stranger), "UNKNOWN_KEY"),
        ("a key that was revoked", sign(&own, &revoked), "REVOKED_KEY"),
        ("another party's key", sign(&honest, &other), "KEY_OF_ANOTHER_PARTY"),
        ("another question", sign(&describe, &owner), "OTHER_ASK"),
        ("a past request", sign(&asked_at(-1), &owner), "STALE"),
        (
            "a future request",
            sign(&asked_at(REQUEST_AHEAD_MS_MAX + 1), &owner),
            "STALE",
        ),
    ];
    for (name, signed, expected) in cases {
        let got = scene
            .get_as(get_evidence_request::Asked::SignedRequest(signed.encode()))
            .await;
        assert_eq!(reason(got), expected, "{name}");
    }
    let statement = scene.owner.clone().say(
        deployment,
        Event::DelegationRevoked(DelegationRevoked { to: other.party }),
    );
    for (bytes, expected) in [
        (statement.encode(), "BAD_REQUEST"),
        (b"garbage".to_vec(), "InvalidArgument"),
        (Vec::new(), "InvalidArgument"),
    ] {
        let got = scene.get_as(get_evidence_request::Asked::SignedRequest(bytes)).await;
        assert_eq!(reason(got), expected);
    }
}

#[tokio::test]
async fn a_request_is_answered_once() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let file = pdf("public");
    scene.put(&owner, &file, Visibility::Public).await.unwrap();
    let signed = scene.sign(&owner, get(digest(&file))).encode();
    let replay = || get_evidence_request::Asked::SignedRequest(signed.clone());
    assert_eq!(scene.get_as(replay()).await.unwrap(), file);
    assert_eq!(reason(scene.get_as(replay()).await), "REPLAYED");
    scene.clock.advance(REQUEST_AGE_MS_MAX);
    assert_eq!(reason(scene.get_as(replay()).await), "REPLAYED");
    scene.clock.advance(1);
    assert_eq!(reason(scene.get_as(replay()).await), "STALE");
    // A clock that is set back does not open the door again.
    scene.clock.advance(-REQUEST_AGE_MS_MAX);
    assert_eq!(reason(scene.get_as(replay()).await), "STALE");
}

/// After a start the rows are where they were, and the ledger is still read: whoever asks waits for that, and not for ever.
#[tokio::test]
async fn nobody_is_answered_before_the_ledger_has_caught_up() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let file = pdf("public");
    scene.put(&owner, &file, Visibility::Public).await.unwrap();
    let door = scene.door();
    let ask = || {
        let asked = get_evidence_request::Asked::Digest(digest(&file).to_string());
        door.get_evidence(tonic::Request::new(GetEvidenceRequest { asked: Some(asked) }))
    };
    let reached = *scene.position.borrow();
    let behind = |scene: &Scene| scene.position.send_replace(reached.next());

    behind(&scene);
    let mut waiting = pin!(ask());
    assert!(waiting.as_mut().now_or_never().is_none());
    // As the rows, which say so whether they are ahead or not.
    scene.position.send_replace(reached);
    waiting.await.unwrap();

    scene.health.not_serving().await;
    let mut waiting = pin!(ask());
    assert!(waiting.as_mut().now_or_never().is_none());
    scene.health.serving().await;
    waiting.await.unwrap();

    behind(&scene);
    tokio::time::pause();
    assert_eq!(code(ask().await), Code::Unavailable);
    let waiting = pin!(ask());
    let Scene { position, .. } = scene;
    drop(position);
    assert_eq!(
        waiting.now_or_never().map(code),
        Some(Code::Unavailable),
        "the service is stopping"
    );
}

#[tokio::test]
async fn a_request_from_before_a_restart_is_not_answered_after_it() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let file = pdf("public");
    scene.put(&owner, &file, Visibility::Public).await.unwrap();
    let signed = scene.sign(&owner, get(digest(&file))).encode();
    let replay = || get_evidence_request::Asked::SignedRequest(signed.clone());
    assert_eq!(scene.get_as(replay()).await.unwrap(), file);
    scene.clock.advance(1);
    scene.restart().await;
    assert_eq!(reason(scene.get_as(replay()).await), "STALE");
    assert_eq!(scene.get(Some(&owner), digest(&file)).await.unwrap(), file);
}

#[tokio::test]
async fn what_comes_is_what_was_claimed_or_nothing_is_kept() {
    use put_evidence_request::Part;
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let part = |part| PutEvidenceRequest { part: Some(part) };
    let file = pdf("upload");
    let other = pdf("another");
    let big = vec![b'%'; usize::try_from(EVIDENCE_BYTES_MAX).unwrap() + 1];
    let program = b"\x7fELF\x02\x01\x01".to_vec();
    for (name, claimed, sent, expected) in [
        ("cut short", &file, &file[..file.len() - 1], "NOT_THE_FILE"),
        ("nothing", &file, &[][..], "NOT_THE_FILE"),
        ("too much", &file, &[&file[..], b"!"].concat(), "NOT_THE_FILE"),
        ("another file", &file, &other[..file.len()], "NOT_THE_FILE"),
        ("more than 10 MiB", &big, &big[..100_000], "NOT_THE_FILE"),
        ("an empty file", &Vec::new(), &[][..], "NOT_THE_FILE"),
        ("a program", &program, &program[..], "MEDIA_TYPE"),
    ] {
        let claim = scene.claim(&owner, claimed, Visibility::Public);
        let put = scene.send(upload_messages(&claim, sent).collect()).await;
        assert_eq!(reason(put), expected, "{name}");
    }
    let claim = scene.claim(&owner, &file, Visibility::Public).encode();
    let (claim, chunk) = (part(Part::SignedRequest(claim)), part(Part::Chunk(file[..9].to_vec())));
    for (name, parts) in [
        ("no claim", vec![]),
        ("bytes before the claim", vec![chunk.clone(), claim.clone()]),
        ("an empty part", vec![PutEvidenceRequest { part: None }]),
        ("a second claim", vec![claim, chunk, part(Part::SignedRequest(vec![1]))]),
    ] {
        assert_eq!(code(scene.send(parts).await), Code::InvalidArgument, "{name}");
    }
    let claim = scene.claim(&owner, &file, Visibility::Public);
    let empty = vec![part(Part::SignedRequest(claim.encode())), part(Part::Chunk(Vec::new()))];
    assert_eq!(code(scene.send(empty).await), Code::InvalidArgument);

    // The line breaks in the middle.
    let claim = scene.claim(&owner, &file, Visibility::Public);
    let half: Vec<_> = upload_messages(&claim, &file).take(2).collect();
    let answers = scene
        .client
        .put_evidence(stream::iter(half).chain(stream::pending()))
        .await
        .unwrap();
    drop(answers);

    assert_eq!(scene.store.count(), 0);
    assert_eq!(scene.state(None, digest(&file)).await, EvidenceState::Missing);
    assert_eq!(reason(scene.get(Some(&owner), digest(&file)).await), "MISSING");
    let put = scene.put(&owner, &file, Visibility::Public).await.unwrap();
    assert_eq!(put.outcome(), PutOutcome::Stored);
    let kept = put.evidence.unwrap();
    assert_eq!(
        (kept.media_type.as_str(), kept.owner_id),
        ("application/pdf", owner.party.to_string())
    );
    assert_eq!(kept.uploaded_at_unix_ms, BEGIN.unix_ms());
}

#[tokio::test]
async fn who_had_it_kept_first_owns_it_and_says_who_sees_it() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let (other, auditor) = (
        scene.enrol(PartyKind::Buyer).await,
        scene.enrol(PartyKind::Auditor).await,
    );
    let file = pdf("shared");
    scene.put(&owner, &file, Visibility::Auditors).await.unwrap();

    // A buyer has the file too. It is told that it is kept, once it has sent all of it, and nothing else.
    let put = scene.put(&other, &file, Visibility::Public).await.unwrap();
    assert_eq!((put.outcome(), &put.evidence), (PutOutcome::AlreadyKept, &None));
    assert_eq!(reason(scene.get(Some(&other), digest(&file)).await), "NOT_FOR_YOU");

    // An auditor may see that it is kept, and need not send it.
    let claim = scene.claim(&auditor, &file, Visibility::Public);
    let claim: Vec<_> = upload_messages(&claim, &file).take(1).collect();
    let endless = stream::iter(claim).chain(stream::pending());
    let mut answers = scene.client.put_evidence(endless).await.unwrap().into_inner();
    let put = answers.message().await.unwrap().unwrap();
    assert_eq!(put.outcome(), PutOutcome::AlreadyKept);
    assert_eq!(put.evidence.unwrap().owner_id, owner.party.to_string());

    assert_eq!(
        reason(scene.show(&auditor, digest(&file), Visibility::Public).await),
        "NOT_OWNER"
    );
    assert_eq!(
        reason(scene.show(&other, digest(&file), Visibility::Public).await),
        "NOT_FOR_YOU"
    );
    assert_eq!(
        reason(scene.show(&owner, digest(b"?"), Visibility::Public).await),
        "MISSING"
    );
    let shown = scene.show(&owner, digest(&file), Visibility::Buyers).await.unwrap();
    assert_eq!(shown.evidence.unwrap().visibility(), rpc::evidence::Visibility::Buyers);
    assert_eq!(scene.get(Some(&other), digest(&file)).await.unwrap(), file);
    scene
        .show(&owner, digest(&file), Visibility::Organization)
        .await
        .unwrap();
    assert_eq!(reason(scene.get(Some(&auditor), digest(&file)).await), "NOT_FOR_YOU");
}

#[tokio::test]
async fn whom_it_lets_speak_has_files_kept_in_its_name_and_shows_them_to_nobody() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let (helper, stranger) = (
        scene.enrol(PartyKind::Assayer).await,
        scene.enrol(PartyKind::Assayer).await,
    );
    scene.delegate(&helper, 9).await;
    let file = pdf("in its name");
    let in_its_name = |signer: &Signer| Signer {
        party: owner.party,
        ..signer.clone()
    };
    let put = scene
        .put(&in_its_name(&stranger), &file, Visibility::Organization)
        .await;
    assert_eq!(reason(put), "KEY_OF_ANOTHER_PARTY");
    let put = scene
        .put(&in_its_name(&helper), &file, Visibility::Organization)
        .await
        .unwrap();
    assert_eq!(put.evidence.unwrap().owner_id, owner.party.to_string());
    for signer in [helper.clone(), in_its_name(&helper)] {
        let shown = scene.show(&signer, digest(&file), Visibility::Public).await;
        assert_eq!(code(shown), Code::PermissionDenied);
    }
    // Nobody looks at files in another one's name.
    let got = scene.get(Some(&in_its_name(&helper)), digest(&file)).await;
    assert_eq!(reason(got), "KEY_OF_ANOTHER_PARTY");
    assert_eq!(scene.get(Some(&helper), digest(&file)).await.unwrap(), file);
}

#[tokio::test]
async fn what_is_missing_or_altered_is_shown_as_such() {
    use EvidenceState::{Altered, Missing, NotForYou, Present};
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let buyer = scene.enrol(PartyKind::Buyer).await;
    let [whole, altered, cut, hidden, lost] = ["whole", "altered", "cut", "hidden", "lost"].map(pdf);
    for file in [&whole, &altered, &cut, &lost] {
        scene.put(&owner, file, Visibility::Buyers).await.unwrap();
    }
    scene.put(&owner, &hidden, Visibility::Organization).await.unwrap();
    scene.store.alter(digest(&altered), |bytes| bytes[70_000] ^= 1);
    scene.store.alter(digest(&cut), |bytes| bytes.truncate(9));
    scene.store.alter(digest(&hidden), Vec::clear);
    scene.store.lose(digest(&lost));
    let digests = [&whole, &altered, &cut, &hidden, &lost].map(|file| digest(file));

    let states = |described: Vec<DescribedEvidence>| described.iter().map(DescribedEvidence::state).collect::<Vec<_>>();
    let described = scene.describe(Some(&buyer), &digests).await;
    assert_eq!(states(described), [Present, Altered, Altered, NotForYou, Missing]);
    let described = scene.describe(Some(&owner), &digests).await;
    assert_eq!(states(described), [Present, Altered, Altered, Altered, Missing]);
    let described = scene.describe(None, &digests).await;
    assert_eq!(states(described), [NotForYou, NotForYou, NotForYou, NotForYou, Missing]);

    for file in [&altered, &cut] {
        let refused = scene.get(Some(&buyer), digest(file)).await.unwrap_err();
        assert_eq!(
            (refused.code(), status::reason_of(&refused)),
            (Code::DataLoss, Some("ALTERED".to_owned()))
        );
        // Whoever has the file mends it; it stays its owner's.
        let put = scene.put(&buyer, file, Visibility::Public).await.unwrap();
        assert_eq!(put.outcome(), PutOutcome::Mended);
        let kept = put.evidence.unwrap();
        assert_eq!(
            (kept.visibility(), kept.owner_id),
            (rpc::evidence::Visibility::Buyers, owner.party.to_string())
        );
        assert_eq!(scene.get(Some(&buyer), digest(file)).await.unwrap(), *file);
    }
}

#[tokio::test]
async fn in_a_session_one_looks_as_often_as_one_wants_for_half_an_hour() {
    use EvidenceState::{NotForYou, Present};
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let auditor = scene.enrol(PartyKind::Auditor).await;
    let files = [Visibility::Public, Visibility::Auditors, Visibility::Organization].map(|v| (v, pdf(v.name())));
    for (visibility, file) in &files {
        scene.put(&owner, file, *visibility).await.unwrap();
    }
    let digests = [0, 1, 2].map(|place| digest(&files[place].1));
    let session = scene.sign_in(&auditor);
    for _ in 0..3 {
        let states = scene.states_in(&session, &digests).await.unwrap();
        assert_eq!(states, [Present, Present, NotForYou]);
        assert_eq!(scene.get_in(&session, digests[1]).await.unwrap(), files[1].1);
        assert_eq!(reason(scene.get_in(&session, digests[2]).await), "NOT_FOR_YOU");
        scene.clock.advance(60_000);
    }
    // Whether it holds is asked with nothing.
    assert_eq!(scene.states_in(&session, &[]).await.unwrap(), []);
    // It outlives the process that it was asked of first, as what is answered once does not.
    scene.clock.advance(SESSION_MS_MAX - 3 * 60_000);
    scene.restart().await;
    assert_eq!(scene.get_in(&session, digests[1]).await.unwrap(), files[1].1);
    scene.clock.advance(1);
    assert_eq!(reason(scene.get_in(&session, digests[0]).await), "SESSION_OVER");
    assert_eq!(reason(scene.states_in(&session, &[]).await), "SESSION_OVER");
    assert_eq!(reason(scene.looks_in(&session).await), "SESSION_OVER");
}

#[tokio::test]
async fn a_session_is_of_its_key_and_its_party_and_only_looks() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let other = scene.enrol(PartyKind::Buyer).await;
    let file = pdf("organization");
    scene.put(&owner, &file, Visibility::Organization).await.unwrap();
    let deployment = scene.world.deployment;
    let honest = scene.sign_in(&owner);
    let request = honest.verify(deployment).unwrap().request().clone();
    let stranger = scene.world.new_key();
    let later = Request {
        asked_at: request.asked_at.plus_ms(REQUEST_AHEAD_MS_MAX + 1),
        ..request.clone()
    };
    let mut altered = honest.clone();
    altered.body.0[60] ^= 1;
    let cases = [
        ("an altered body", altered, "BAD_REQUEST"),
        (
            "another deployment",
            SignedRequest::sign(&request, DeploymentId::from_bytes([9; 32]), &owner.key),
            "BAD_REQUEST",
        ),
        (
            "a key that nobody authorized",
            SignedRequest::sign(&request, deployment, &stranger),
            "UNKNOWN_KEY",
        ),
        (
            "another party's key",
            SignedRequest::sign(&request, deployment, &other.key),
            "KEY_OF_ANOTHER_PARTY",
        ),
        (
            "a future one",
            SignedRequest::sign(&later, deployment, &owner.key),
            "SESSION_OVER",
        ),
        (
            "another request",
            scene.sign(&owner, get(digest(&file))),
            "NOT_A_SESSION",
        ),
    ];
    for (name, session, expected) in cases {
        assert_eq!(reason(scene.get_in(&session, digest(&file)).await), expected, "{name}");
        assert_eq!(reason(scene.states_in(&session, &[]).await), expected, "{name}");
        assert_eq!(reason(scene.looks_in(&session).await), expected, "{name}");
    }
    // It is no request for anything else.
    let asked = get_evidence_request::Asked::SignedRequest(honest.encode());
    assert_eq!(reason(scene.get_as(asked).await), "OTHER_ASK");
    let signed_request = honest.encode();
    let shown = scene
        .client
        .set_visibility(SetVisibilityRequest { signed_request })
        .await;
    assert_eq!(reason(shown), "OTHER_ASK");
    let put = scene.send(upload_messages(&honest, &file).collect()).await;
    assert_eq!(reason(put), "OTHER_ASK");

    assert_eq!(scene.get_in(&honest, digest(&file)).await.unwrap(), file);
    scene.revoke(&owner).await;
    assert_eq!(reason(scene.get_in(&honest, digest(&file)).await), "REVOKED_KEY");
}

/// A look as it is told: its number, who, how, and what came of each file.
type ToldLook = (u64, String, AccessWay, Vec<(String, AccessOutcome)>);

fn told(looks: &ListAccessesResponse) -> Vec<ToldLook> {
    let file = |file: &AccessedFile| (file.digest.clone(), file.outcome());
    let look = |look: &rpc::evidence::Access| {
        let files = look.files.iter().map(file).collect();
        (look.number, look.party_id.clone(), look.way(), files)
    };
    looks.accesses.iter().map(look).collect()
}

#[tokio::test]
async fn an_owner_reads_who_looked_at_what_is_not_public() {
    use AccessOutcome::{Described, HandedOut, Refused};
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let (auditor, buyer) = (
        scene.enrol(PartyKind::Auditor).await,
        scene.enrol(PartyKind::Buyer).await,
    );
    let files = Visibility::ALL.map(|visibility| pdf(visibility.name()));
    let digests = [0, 1, 2, 3].map(|place| digest(&files[place]));
    for (file, visibility) in files.iter().zip(Visibility::ALL) {
        scene.put(&owner, file, visibility).await.unwrap();
    }
    assert_eq!(scene.looks(&owner, 0).await.unwrap(), ListAccessesResponse::default());

    // Nobody knows who anyone is, and what is public is for anyone.
    scene.get(None, digests[0]).await.unwrap();
    assert_eq!(reason(scene.get(None, digests[3]).await), "NOT_FOR_YOU");
    scene.get(Some(&buyer), digests[0]).await.unwrap();
    let session = scene.sign_in(&auditor);
    scene.clock.advance(1);
    scene.get_in(&session, digests[2]).await.unwrap();
    assert_eq!(reason(scene.get(Some(&buyer), digests[2]).await), "NOT_FOR_YOU");
    scene.describe(Some(&buyer), &digests).await;
    scene.states_in(&session, &[]).await.unwrap();
    let claim = scene.claim(&auditor, &files[1], Visibility::Public);
    let claim: Vec<_> = upload_messages(&claim, &files[1]).take(1).collect();
    scene.send(claim).await.unwrap();

    let expected = vec![
        (
            4,
            auditor.party.to_string(),
            AccessWay::SignedRequest,
            vec![(digests[1].to_string(), Described)],
        ),
        (
            3,
            buyer.party.to_string(),
            AccessWay::SignedRequest,
            vec![
                (digests[1].to_string(), Described),
                (digests[2].to_string(), Refused),
                (digests[3].to_string(), Refused),
            ],
        ),
        (
            2,
            buyer.party.to_string(),
            AccessWay::SignedRequest,
            vec![(digests[2].to_string(), Refused)],
        ),
        (
            1,
            auditor.party.to_string(),
            AccessWay::Session,
            vec![(digests[2].to_string(), HandedOut)],
        ),
    ];
    let looks = scene.looks(&owner, 0).await.unwrap();
    assert_eq!((told(&looks), looks.older), (expected.clone(), 0));
    let first = looks.accesses.last().unwrap();
    assert_eq!(first.at_unix_ms, BEGIN.unix_ms() + 1);
    assert_eq!(first.key, session.key.to_string());
    let in_session = scene.sign_in(&owner);
    assert_eq!(told(&scene.looks_in(&in_session).await.unwrap()), expected);

    // Nobody else reads them, but whom it lets speak.
    for stranger in [&auditor, &buyer] {
        assert_eq!(reason(scene.looks(stranger, 0).await), "NOT_YOUR_ACCESSES");
    }
    assert_eq!(reason(scene.looks_in(&session).await), "NOT_YOUR_ACCESSES");
    scene.delegate(&buyer, 9).await;
    assert_eq!(told(&scene.looks(&buyer, 0).await.unwrap()), expected);
}

#[tokio::test]
async fn looks_are_read_page_by_page() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let file = pdf("organization");
    scene.put(&owner, &file, Visibility::Organization).await.unwrap();
    let session = scene.sign_in(&owner);
    for _ in 0..ACCESSES_SHOWN_MAX + 3 {
        scene.clock.advance(1_000);
        scene.get_in(&session, digest(&file)).await.unwrap();
    }
    let numbers = |looks: &ListAccessesResponse| looks.accesses.iter().map(|look| look.number).collect::<Vec<_>>();
    let newest = scene.looks(&owner, 0).await.unwrap();
    assert_eq!(
        numbers(&newest),
        (4..=ACCESSES_SHOWN_MAX as u64 + 3).rev().collect::<Vec<_>>()
    );
    let oldest = scene.looks(&owner, newest.older).await.unwrap();
    assert_eq!((numbers(&oldest), oldest.older), (vec![3, 2, 1], 0));
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_shown() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let (public, own) = (pdf("public"), pdf("own"));
    scene.put(&owner, &public, Visibility::Public).await.unwrap();
    scene.put(&owner, &own, Visibility::Organization).await.unwrap();
    let session = scene.sign_in(&owner);
    scene.store.fail_next(Fault::NotPersisted);
    assert_eq!(code(scene.get_in(&session, digest(&own)).await), Code::Unavailable);
    scene.clock.advance(1);
    scene.store.fail_next(Fault::NotPersisted);
    assert_eq!(
        code(scene.states_in(&session, &[digest(&own)]).await),
        Code::Unavailable
    );
    scene.store.fail_next(Fault::NotPersisted);
    assert_eq!(scene.get_in(&session, digest(&public)).await.unwrap(), public);
    // The fault is met by the look that follows.
    assert_eq!(code(scene.get_in(&session, digest(&own)).await), Code::Unavailable);
    assert_eq!(scene.get_in(&session, digest(&own)).await.unwrap(), own);
    assert_eq!(scene.looks(&owner, 0).await.unwrap().accesses.len(), 1);
}

#[tokio::test]
async fn an_unanswered_upload_is_sent_again() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let file = pdf("unanswered");
    scene.store.fail_next(Fault::NotPersisted);
    assert_eq!(
        code(scene.put(&owner, &file, Visibility::Public).await),
        Code::Unavailable
    );
    assert_eq!(scene.state(None, digest(&file)).await, EvidenceState::Missing);
    scene.store.fail_next(Fault::PersistedButUnanswered);
    let put = scene.put(&owner, &file, Visibility::Public).await.unwrap();
    assert_eq!(put.outcome(), PutOutcome::AlreadyKept);
    for fault in [Fault::NotPersisted, Fault::PersistedButUnanswered] {
        scene.store.fail_next(fault);
        let shown = scene.show(&owner, digest(&file), Visibility::Buyers).await;
        assert_eq!(code(shown), Code::Unavailable);
    }
    scene.show(&owner, digest(&file), Visibility::Buyers).await.unwrap();
}

#[tokio::test]
async fn one_party_can_ask_and_store_so_much_and_no_more() {
    let mut scene = Scene::begin().await;
    let owner = scene.owner.clone();
    let other = scene.enrol(PartyKind::Auditor).await;
    let nothing = digest(b"nothing");
    for _ in 0..CALLS_PER_MINUTE_MAX / 17 {
        scene.describe(Some(&owner), &[nothing; 16]).await;
    }
    for _ in 0..CALLS_PER_MINUTE_MAX % 17 {
        assert_eq!(reason(scene.get(Some(&owner), nothing).await), "MISSING");
    }
    assert_eq!(reason(scene.get(Some(&owner), nothing).await), "TOO_MANY_CALLS");
    assert_eq!(reason(scene.get(Some(&other), nothing).await), "MISSING");
    assert_eq!(reason(scene.get(None, nothing).await), "MISSING");
    scene.clock.advance(60_000);
    assert_eq!(reason(scene.get(Some(&owner), nothing).await), "MISSING");

    // What is claimed counts, whether it comes or not.
    let put = |size, byte| PutEvidence {
        digest: Digest::from_bytes([byte; 32]),
        size,
        visibility: Visibility::Public,
    };
    let files = u8::try_from(BYTES_PER_DAY_MAX / EVIDENCE_BYTES_MAX).unwrap();
    for byte in 0..=files {
        scene.clock.advance(1_000);
        let claim = scene.sign(&owner, Ask::PutEvidence(put(EVIDENCE_BYTES_MAX, byte)));
        let expected = if byte < files { "NOT_THE_FILE" } else { "TOO_MANY_BYTES" };
        let put = scene.send(upload_messages(&claim, &[]).collect()).await;
        assert_eq!(reason(put), expected, "file {byte}");
    }
}
