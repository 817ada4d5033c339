//! What goes from one device to another when gold changes hands and neither has a network: signed statements, in the
//! order in which they can be admitted.
//!
//! ```text
//! veta/handover/v1\n   then, in canonical postcard:
//!   deployment   [u8; 32]
//!   lot          [u8; 16]
//!   facts        what the giver knows of the lot, unsigned; none where it knows nothing
//!   statements   signed statements, verbatim, at most 256
//! ```
//!
//! A handover takes everything along that waits in the giver's queue before the offer, also about other things: the numbers
//! of a key only rise, so that what was left behind would be refused once the offer is recorded. And it takes along what is
//! known of the lot's own history, so that what it is does not rest on the giver's word.
//!
//! As text for codes, the same bytes are spread by [`qr::spread`].

use event::codec::{DecodeError, decode_strict, encode};
use event::{DeploymentId, List, LotId, SignedStatement, StatementId, VerifiedStatement, VerifyError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::lots::{Facts, History};
use crate::qr::{self, SpreadError};

/// What every file begins with.
const MAGIC: &[u8] = b"veta/handover/v1\n";
/// What files of every version begin with.
const MAGIC_OF_ALL: &[u8] = b"veta/handover/";
/// Statements in one handover: whoever has more waiting submits first.
pub const STATEMENTS_MAX: usize = 256;
/// The longest handover, without what it begins with. A statement on a lot has less than 400 bytes, so that 256 of them
/// leave room for some assessments of 48 KiB.
pub const HANDOVER_BYTES_MAX: usize = 512 * 1024;
/// The longest file with one, as bytes or as the text of codes.
pub const FILE_BYTES_MAX: u64 = (MAGIC.len() + HANDOVER_BYTES_MAX) as u64;

/// Signed statements on their way to another device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// For which deployment they are signed.
    pub deployment: DeploymentId,
    /// Which lot changes hands.
    pub lot: LotId,
    /// What the giver knows of it, unsigned.
    pub facts: Option<Facts>,
    /// In the order in which they can be admitted.
    pub statements: List<SignedStatement, STATEMENTS_MAX>,
}

/// A handover in which every signature holds.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Which lot changes hands.
    pub lot: LotId,
    /// What it is.
    pub facts: Option<Facts>,
    /// Whether what it is follows from its signed declaration, and not from the giver's word.
    pub facts_are_signed: bool,
    /// In the order in which they can be admitted.
    pub statements: Vec<VerifiedStatement>,
    /// Those on the lot.
    pub history: History,
}

/// What goes along with a lot: what was recorded of it from here, and everything that waits up to the last statement on it;
/// nothing where none is on it.
#[must_use]
pub fn going_along(
    lot: LotId,
    recorded: &[VerifiedStatement],
    mut waiting: Vec<VerifiedStatement>,
) -> Vec<VerifiedStatement> {
    let last = History::of(lot, &waiting).latest().map(VerifiedStatement::id);
    let end = waiting.iter().position(|said| Some(said.id()) == last);
    waiting.truncate(end.map_or(0, |place| place + 1));
    let mut statements = History::of(lot, recorded).into_statements();
    statements.extend(waiting);
    statements
}

/// Why bytes are no handover for this deployment.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HandoverError {
    /// Something else.
    #[error("this is no handover: name the file that `veta lot offer --handover` wrote, or the text of its codes")]
    NotOne,
    /// Of a later version, or of none.
    #[error("a handover of another version: update, or ask the giver to")]
    Version,
    /// Not text of codes that belong together.
    #[error(transparent)]
    Spread(#[from] SpreadError),
    /// Longer, cut short or changed.
    #[error("the handover is damaged ({0}): ask for it again")]
    Damaged(#[from] DecodeError),
    /// For others.
    #[error("the handover is for the deployment {0}, and this is another")]
    Deployment(DeploymentId),
    /// One was changed, or is for another deployment.
    #[error("statement {place} of the handover does not hold: {error}")]
    Statement {
        /// Which, counted from 1.
        place: usize,
        /// What is wrong with it.
        error: VerifyError,
    },
    /// It names a lot, and says nothing of it.
    #[error("the handover has no statement on {0}")]
    Silent(LotId),
    /// Two statements on the lot with something between them, or in the wrong order.
    #[error("statement {0} on the lot does not follow the one before it: ask for the handover again")]
    Link(StatementId),
    /// What the giver says of the lot is not what was signed.
    #[error("the giver says that the lot is {said}, and what is signed says {signed}: do not accept it")]
    Contradiction {
        /// What the file says.
        said: String,
        /// What follows from the statements in it.
        signed: String,
    },
    /// More than one handover takes.
    #[error("{count} statements wait, and a handover takes at most {STATEMENTS_MAX}: submit the queue first")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// They are too long together.
    #[error("what waits has {bytes} bytes, and a handover takes at most {HANDOVER_BYTES_MAX}: submit the queue first")]
    TooLong {
        /// How many there are.
        bytes: usize,
    },
}

impl HandoverError {
    /// Every name, for whoever says them in words.
    pub const NAMES: [&str; 11] = [
        "not-one",
        "version",
        "codes",
        "damaged",
        "deployment",
        "statement",
        "silent",
        "link",
        "contradiction",
        "too-many",
        "too-long",
    ];

    /// Its name, for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        let place = match self {
            Self::NotOne => 0,
            Self::Version => 1,
            Self::Spread(_) => 2,
            Self::Damaged(_) => 3,
            Self::Deployment(_) => 4,
            Self::Statement { .. } => 5,
            Self::Silent(_) => 6,
            Self::Link(_) => 7,
            Self::Contradiction { .. } => 8,
            Self::TooMany { .. } => 9,
            Self::TooLong { .. } => 10,
        };
        Self::NAMES[place]
    }
}

impl Handover {
    /// Puts statements together, which are in the order in which they can be admitted.
    pub fn new(
        deployment: DeploymentId,
        lot: LotId,
        facts: Option<Facts>,
        statements: &[VerifiedStatement],
    ) -> Result<Self, HandoverError> {
        let count = statements.len();
        let statements: Vec<_> = statements.iter().map(|said| said.signed().clone()).collect();
        let handover = Self {
            deployment,
            lot,
            facts,
            statements: statements.try_into().map_err(|_| HandoverError::TooMany { count })?,
        };
        let bytes = encode(&handover).len();
        if HANDOVER_BYTES_MAX < bytes {
            return Err(HandoverError::TooLong { bytes });
        }
        Ok(handover)
    }

    /// As it is written into a file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        [MAGIC, &encode(self)].concat()
    }

    /// Reads a file, or the text of codes; nothing is verified.
    pub fn decode(bytes: &[u8]) -> Result<Self, HandoverError> {
        if qr::is_spread(bytes) {
            let text = str::from_utf8(bytes).map_err(|_| HandoverError::NotOne)?;
            return Self::of_bytes(&qr::gather(text)?);
        }
        Self::of_bytes(bytes)
    }

    fn of_bytes(bytes: &[u8]) -> Result<Self, HandoverError> {
        let other = || {
            if bytes.starts_with(MAGIC_OF_ALL) {
                HandoverError::Version
            } else {
                HandoverError::NotOne
            }
        };
        let body = bytes.strip_prefix(MAGIC).ok_or_else(other)?;
        Ok(decode_strict(body, HANDOVER_BYTES_MAX)?)
    }

    /// Every signature, that the statements on the lot follow one another, and that it is what they say.
    pub fn open(self, deployment: DeploymentId) -> Result<Opened, HandoverError> {
        if self.deployment != deployment {
            return Err(HandoverError::Deployment(self.deployment));
        }
        let mut statements = Vec::with_capacity(self.statements.len());
        for (place, signed) in (1..).zip(&self.statements) {
            let verified = signed.clone().verify(deployment);
            statements.push(verified.map_err(|error| HandoverError::Statement { place, error })?);
        }
        let history = History::of(self.lot, &statements);
        if history.latest().is_none() {
            return Err(HandoverError::Silent(self.lot));
        }
        if let Some(broken) = history.broken_link() {
            return Err(HandoverError::Link(broken));
        }
        let signed = history.facts();
        if let (Some(said), Some(signed)) = (self.facts, signed)
            && said != signed
        {
            return Err(HandoverError::Contradiction {
                said: said.to_string(),
                signed: signed.to_string(),
            });
        }
        Ok(Opened {
            lot: self.lot,
            facts: signed.or(self.facts),
            facts_are_signed: signed.is_some(),
            statements,
            history,
        })
    }
}
