//! What a server says, read without a server. Compiled for fuzz targets only, by `--cfg fuzzing`.

use event::key::Digest;
use event::units::StreamPosition;

use crate::cell::{self, CellError, Held, Revision};
use crate::connection::read_answer;
use crate::evidence::{self, EvidenceError, EvidenceInfo, Noted};
use crate::jetstream::stream_end;
use crate::settings::{Settings, StreamInfo};
use crate::stored::stored;
use crate::{AppendError, JournalError, STREAM, StreamEnd, batch, follow, server};

/// The answer to a batch whose last record should stand at `whole`.
pub fn appended(answer: &[u8], whole: StreamPosition) -> Result<StreamPosition, AppendError> {
    batch::stored(answer, whole)
}

/// The answer to reading a cell.
pub fn held(answer: &[u8]) -> Result<Option<Held>, CellError> {
    cell::held(stored(read_answer(answer)))
}

/// The answer to replacing the value of a cell.
pub fn updated(answer: &[u8]) -> Result<Revision, CellError> {
    cell::updated(answer)
}

/// The answer to looking for a file of this digest.
pub fn described(answer: &[u8], digest: Digest) -> Result<EvidenceInfo, EvidenceError> {
    evidence::described(digest, stored(read_answer(answer)))
}

/// The answer to looking for a look at files of a party.
pub fn noted(answer: &[u8]) -> Result<Option<Noted>, EvidenceError> {
    evidence::noted(stored(read_answer(answer)))
}

/// The answer to opening the stream.
pub fn opened(answer: &[u8], replicas: usize) -> Result<StreamEnd, JournalError> {
    let info: StreamInfo = read_answer(answer).map_err(|unmet| unmet.into_error(STREAM.to_owned()))?;
    Settings::statements(replicas).check(&info.config)?;
    stream_end(&info)
}

/// The reply subject of a delivery: its position, and how many records follow it.
#[must_use]
pub fn place(reply: &str) -> Option<(StreamPosition, u64)> {
    follow::place(reply)
}

/// The port in what a server writes down about where it listens.
pub fn port(text: &str) -> Result<u16, String> {
    server::port_in(text)
}
