//! As of which position, at least which position, which page.

use event::StreamPosition;
use prost::Message;

use crate::invalid::InvalidMessage;
use crate::limits::{
    ANSWER_BYTES_MAX, ANSWER_FRAME_BYTES, PAGE_BYTES_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, ROW_FRAME_BYTES,
    ROW_KEY_BYTES_MAX,
};

/// The highest position a request may name: that of the largest tree, so that no sum of two overflows.
pub const POSITION_MAX: u64 = tlog::tree::TREE_SIZE_MAX.get();

/// At which position a request is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadAt {
    /// Answer as it would have been answered at this position; `None` for the present.
    pub as_of: Option<StreamPosition>,
    /// Wait until this position is reached.
    pub at_least: StreamPosition,
}

/// Which rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many at most: 1 to [`PAGE_SIZE_MAX`].
    pub size: usize,
    /// The key of the last row of the page before; `None` for the first page.
    pub after: Option<Vec<u8>>,
}

/// What is left of a page while it is filled.
#[derive(Debug)]
pub struct PageRoom {
    rows: usize,
    bytes: usize,
}

impl ReadAt {
    /// From `as_of_position` and `at_least_position`, where 0 means none.
    pub fn new(as_of: u64, at_least: u64) -> Result<Self, InvalidMessage> {
        let as_of = reachable("as_of_position", as_of)?;
        Ok(Self {
            as_of: (as_of != 0).then_some(StreamPosition::new(as_of)),
            at_least: position(at_least)?,
        })
    }

    /// The position that must be reached before this can be answered.
    #[must_use]
    pub fn wait_for(&self) -> StreamPosition {
        self.as_of.unwrap_or_default().max(self.at_least)
    }
}

impl Page {
    /// From `page_size` and `page_token`. A token pins the position of its list, which `at` then answers as of.
    pub fn new(size: u32, token: &str, at: ReadAt) -> Result<(Self, ReadAt), InvalidMessage> {
        let size = match usize::try_from(size) {
            Ok(0) => PAGE_SIZE_DEFAULT,
            Ok(size) if size <= PAGE_SIZE_MAX => size,
            _ => return Err(InvalidMessage::PageSize { asked: size }),
        };
        if token.is_empty() {
            return Ok((Self { size, after: None }, at));
        }
        let (position, after) = read_token(token).ok_or(InvalidMessage::PageToken)?;
        if let Some(asked) = at.as_of.filter(|asked| *asked != position) {
            return Err(InvalidMessage::OtherPosition {
                token: position.get(),
                asked: asked.get(),
            });
        }
        Ok((
            Self {
                size,
                after: Some(after),
            },
            ReadAt {
                as_of: Some(position),
                ..at
            },
        ))
    }

    /// The `next_page_token` behind the row of this key, of a list that is true of `position`.
    ///
    /// # Panics
    /// If the key is longer than [`ROW_KEY_BYTES_MAX`]: keys are the view's own.
    #[must_use]
    pub fn token(position: StreamPosition, key: &[u8]) -> String {
        assert!(
            key.len() <= ROW_KEY_BYTES_MAX,
            "a row's key has {ROW_KEY_BYTES_MAX} bytes at most"
        );
        hex::encode([&position.get().to_be_bytes(), key].concat())
    }

    /// An empty page of this size.
    #[must_use]
    pub const fn room(&self) -> PageRoom {
        PageRoom {
            rows: self.size,
            bytes: PAGE_BYTES_MAX,
        }
    }
}

impl PageRoom {
    /// Room for rows in an answer that holds `said` already.
    #[must_use]
    pub fn beside(said: &impl Message) -> Self {
        let used = said.encoded_len() + ANSWER_FRAME_BYTES;
        Self {
            rows: PAGE_SIZE_DEFAULT,
            bytes: ANSWER_BYTES_MAX.saturating_sub(used).min(PAGE_BYTES_MAX),
        }
    }

    /// With `bytes` less, which are kept for something else.
    #[must_use]
    pub const fn keeping(self, bytes: usize) -> Self {
        Self {
            bytes: self.bytes.saturating_sub(bytes),
            ..self
        }
    }

    /// Takes the room that `row` needs, or leaves it to the next page. On an empty page a row always fits: see
    /// [`crate::limits`].
    pub fn take(&mut self, row: &impl Message) -> bool {
        let needed = row.encoded_len() + ROW_FRAME_BYTES;
        if self.rows == 0 || self.bytes < needed {
            return false;
        }
        self.rows -= 1;
        self.bytes -= needed;
        true
    }
}

/// `at_least_position` of a request that is always about the present.
pub fn position(at_least: u64) -> Result<StreamPosition, InvalidMessage> {
    reachable("at_least_position", at_least).map(StreamPosition::new)
}

pub(crate) fn reachable(field: &'static str, asked: u64) -> Result<u64, InvalidMessage> {
    if POSITION_MAX < asked {
        return Err(InvalidMessage::BeyondAnyStream { field, asked });
    }
    Ok(asked)
}

/// Eight bytes of position, then the key of a row.
fn read_token(token: &str) -> Option<(StreamPosition, Vec<u8>)> {
    if 2 * (8 + ROW_KEY_BYTES_MAX) < token.len() {
        return None;
    }
    let bytes = hex::decode(token).ok()?;
    let (position, key) = bytes.split_first_chunk()?;
    let position = u64::from_be_bytes(*position);
    (position <= POSITION_MAX).then(|| (StreamPosition::new(position), key.to_vec()))
}
