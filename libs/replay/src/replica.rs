//! Ledger and log at one prefix of the stream.

use event::{DeploymentId, StreamPosition, Timestamp, VerifiedStatement};
use ledger::{Change, Ledger, Refusal, Staged};
use tlog::map::{Map, MapHead, MapKey, MapProof, PagesError};
use tlog::{Hash, Origin};

use crate::checked::{Checked, check};
use crate::log::{LeafStep, Log};
use crate::touches::touches;

/// State at a prefix of the stream. Every process that reads the stream owns one and moves it by [`Replica::step`].
#[derive(Debug, Default)]
pub struct Replica {
    ledger: Ledger,
    log: Option<Log>,
}

/// What one record did.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where the record stands.
    pub position: StreamPosition,
    /// When it says it was admitted; `None` where it is no record of a verified statement.
    pub admitted_at: Option<Timestamp>,
    /// The statement, where its signature and form hold.
    pub statement: Option<VerifiedStatement>,
    /// Whether it may stand.
    pub verdict: Verdict,
    /// Its leaf, where the replica keeps a log; or why there is none, and will be none any more.
    pub leaf: Option<Result<LeafStep, PagesError>>,
}

/// Whether a record's statement may stand where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may, and this is what changed.
    Admitted(Vec<Change>),
    /// It may not; nothing changed.
    Refused(Refusal),
}

impl Verdict {
    /// As a leaf has it: 0, or the refusal's number.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Admitted(_) => 0,
            Self::Refused(refusal) => refusal.code(),
        }
    }
}

impl Step {
    /// Its leaf.
    ///
    /// # Panics
    /// If the replica keeps no log.
    pub fn logged(&self) -> Result<&LeafStep, PagesError> {
        let leaf = self.leaf.as_ref().expect("who asks for the leaf keeps a log");
        leaf.as_ref().map_err(Clone::clone)
    }
}

impl Replica {
    /// Before the first record, without a log: for views and for `ingest`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Before the first record, with the log of this origin, all of it in memory: its map takes some 250 bytes a key.
    #[must_use]
    pub fn with_log(origin: &Origin) -> Self {
        Self::with_log_on(origin, Map::in_memory())
    }

    /// Before the first record, with the log of this origin, and its map on an empty one.
    ///
    /// # Panics
    /// If the map is not empty.
    #[must_use]
    pub fn with_log_on(origin: &Origin, map: Map) -> Self {
        assert!(map.is_empty(), "the map follows from the stream");
        Self {
            ledger: Ledger::new(),
            log: Some(Log::new(origin, map)),
        }
    }

    /// How many records it has seen.
    #[must_use]
    pub const fn position(&self) -> StreamPosition {
        self.ledger.position()
    }

    /// The state.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The deployment, once founded: what [`check`] needs.
    #[must_use]
    pub const fn deployment(&self) -> Option<DeploymentId> {
        self.ledger.deployment()
    }

    /// The root of the verifiable map, where there is a log.
    #[must_use]
    pub fn map_root(&self) -> Option<Hash> {
        self.log.as_ref().map(Log::map_root)
    }

    /// What the map holds for a key, with the proof against [`Replica::map_root`], where there is a log.
    #[must_use]
    pub fn prove(&self, key: &MapKey) -> Option<Result<(Option<MapHead>, MapProof), PagesError>> {
        self.log.as_ref().map(|log| log.prove(key))
    }

    /// Takes the next record of the stream, whatever it holds.
    pub fn step(&mut self, checked: Checked) -> Step {
        // Checked before the founding statement was known, or for another deployment: look again.
        let checked = if checked.deployment == self.deployment() {
            checked
        } else {
            check(self.deployment(), checked.payload)
        };
        let position = self.position().next();
        let verdict = match &checked.read {
            Ok((admitted_at, statement)) => self.decide(statement, *admitted_at),
            Err(refusal) => Verdict::Refused(*refusal),
        };
        self.ledger.skip_to(position);
        let (admitted_at, statement) = checked.read.ok().unzip();
        let touched = || statement.as_ref().map(touches).unwrap_or_default();
        let leaf = self
            .log
            .as_mut()
            .map(|log| log.write(verdict.code(), &checked.payload, touched()));
        Step {
            position,
            admitted_at,
            statement,
            verdict,
            leaf,
        }
    }

    /// Begins a batch that is not in the stream yet.
    ///
    /// # Panics
    /// If the replica keeps a log: a leaf is written only for what is in the stream.
    pub fn stage(&mut self) -> Staged<'_> {
        assert!(
            self.log.is_none(),
            "a log follows the stream and never runs ahead of it"
        );
        self.ledger.stage()
    }

    fn decide(&mut self, statement: &VerifiedStatement, admitted_at: Timestamp) -> Verdict {
        match self.ledger.admit(statement, admitted_at) {
            Ok(admitted) => Verdict::Admitted(self.ledger.apply(admitted)),
            Err(refusal) => Verdict::Refused(refusal),
        }
    }
}
