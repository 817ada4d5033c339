//! Witnesses in one process, over real HTTP: they follow the protocol, and fail when they are told to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use ed25519_dalek::SigningKey;
use service::shutdown::Shutdown;
use tlog::Checkpoint;
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::note::{KeyName, NoteSigner, Vkey};
use tlog::policy::Policy;
use tlog::witness::{AddCheckpoint, decide};
use tokio::net::TcpListener;

use crate::support::KEY;

/// One witness of any log that the test's key signs. Clones are one.
#[derive(Clone)]
pub(crate) struct Witness {
    name: String,
    url: String,
    cosigner: Arc<Cosigner>,
    state: Arc<Mutex<Witnessed>>,
}

#[derive(Default)]
struct Witnessed {
    /// By origin.
    last: BTreeMap<String, Checkpoint>,
    /// Every note that was accepted, as it came.
    accepted: Vec<String>,
    is_down: bool,
    /// How often it was asked.
    asked: u64,
    now: u64,
    keys: Vec<[u8; 32]>,
}

impl Witness {
    pub(crate) async fn start(number: u8) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let name = format!("witness-{number}");
        let key = KeyName::new(format!("{name}.example")).unwrap();
        let witness = Self {
            url: format!("http://{}/some/where", listener.local_addr().unwrap()),
            cosigner: Arc::new(Cosigner::new(key, SigningKey::from_bytes(&[100 + number; 32])).unwrap()),
            state: Arc::new(Mutex::new(Witnessed {
                now: 1_000,
                keys: vec![KEY],
                ..Witnessed::default()
            })),
            name,
        };
        let router = Router::new()
            .route("/some/where/add-checkpoint", post(add_checkpoint))
            .with_state(witness.clone());
        tokio::spawn(service::http::serve(listener, router, Shutdown::new()));
        witness
    }

    /// Several, and a policy about a log under which `quorum` of them must cosign.
    pub(crate) async fn several(count: u8) -> Vec<Self> {
        let mut all = Vec::new();
        for number in 0..count {
            all.push(Self::start(number).await);
        }
        all
    }

    fn change<T>(&self, change: impl FnOnce(&mut Witnessed) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    pub(crate) fn is_down(&self, is_down: bool) {
        self.change(|state| state.is_down = is_down);
    }

    /// The time that it cosigns with from now on.
    pub(crate) fn clock(&self, now: u64) {
        self.change(|state| state.now = now);
    }

    pub(crate) fn trust(&self, key: [u8; 32]) {
        self.change(|state| state.keys.push(key));
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        self.change(|state| state.last.clear());
    }

    /// Has seen this of a log.
    pub(crate) fn has_seen(&self, checkpoint: Checkpoint) {
        self.change(|state| state.last.insert(checkpoint.origin.to_string(), checkpoint));
    }

    pub(crate) fn asked(&self) -> u64 {
        self.change(|state| state.asked)
    }

    pub(crate) fn accepted(&self) -> Vec<String> {
        self.change(|state| state.accepted.clone())
    }

    pub(crate) fn size_of(&self, origin: &str) -> u64 {
        self.change(|state| state.last.get(origin).map_or(0, |last| last.size.get()))
    }

    fn decide(&self, body: &[u8]) -> Response {
        self.change(|state| {
            state.asked += 1;
            if state.is_down {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            let Ok(request) = AddCheckpoint::parse(body) else {
                return StatusCode::BAD_REQUEST.into_response();
            };
            let origin = request.claimed().unwrap().origin;
            let signer = |key| NoteSigner::new(origin.key_name().clone(), SigningKey::from_bytes(key)).unwrap();
            let vkeys: Vec<Vkey> = state.keys.iter().map(|key| signer(key).vkey().clone()).collect();
            match decide(state.last.get(origin.as_str()), &vkeys, &request) {
                Ok(accepted) => {
                    state.last.insert(origin.to_string(), accepted.checkpoint);
                    state.accepted.push(accepted.note.encode().unwrap());
                    let line = self
                        .cosigner
                        .cosign(&request.checkpoint, CosignTime::new(state.now).unwrap());
                    format!("{line}\n").into_response()
                }
                Err(refusal) => {
                    let status = StatusCode::from_u16(refusal.status()).unwrap();
                    (status, refusal.body()).into_response()
                }
            }
        })
    }
}

async fn add_checkpoint(State(witness): State<Witness>, body: Bytes) -> Response {
    witness.decide(&body)
}

/// A policy by which `quorum` of these witnesses must cosign this log.
pub(crate) fn policy(logs: &[Vkey], witnesses: &[Witness], quorum: usize) -> Policy {
    let mut text = String::new();
    for log in logs {
        writeln!(text, "log {log}").unwrap();
    }
    let mut group = String::new();
    for Witness {
        name, url, cosigner, ..
    } in witnesses
    {
        writeln!(text, "witness {name} {} {url}", cosigner.vkey()).unwrap();
        write!(group, " {name}").unwrap();
    }
    write!(text, "group several {quorum}{group}\nquorum several\n").unwrap();
    Policy::parse(text.as_bytes()).unwrap()
}
