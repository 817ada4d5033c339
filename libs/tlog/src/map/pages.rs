//! Where pages are: the ones in use in memory, all others where whoever made the map keeps them.

use core::fmt;

use thiserror::Error;

use super::page::{Page, page_bytes};
use crate::hash::Hash;

/// Place of a page, counted from 0 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageSlot(u32);

/// Where pages go that are not in use: memory that overflowed. Nothing in it outlives the map, and nothing in it is believed.
pub trait Pages: fmt::Debug + Send + Sync {
    /// Fills `page` with what was last written there; only slots that were written are read, at their whole length.
    fn read(&self, slot: PageSlot, page: &mut [u8]) -> Result<(), PagesError>;

    /// Keeps `page` there. All pages of a map have the same length, and slots are written to the first time in any order.
    fn write(&mut self, slot: PageSlot, page: &[u8]) -> Result<(), PagesError>;
}

/// Why the map can no longer be kept. From the first one on it answers nothing any more: it has to be rebuilt.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PagesError {
    /// A page that was written.
    #[error(
        "page {slot} of the map cannot be read: {why}; make sure that the scratch file's disk works, and start again"
    )]
    Read {
        /// Which.
        slot: PageSlot,
        /// What happened.
        why: String,
    },
    /// A page that is to make room.
    #[error("page {slot} of the map cannot be written: {why}; make room on the scratch file's disk, and start again")]
    Write {
        /// Which.
        slot: PageSlot,
        /// What happened.
        why: String,
    },
    /// The page does not have the hash that the map knows it by.
    #[error("page {0} of the map is not what was written to it: the scratch file was changed, or its disk is failing")]
    Altered(PageSlot),
    /// Too many keys.
    #[error("the map has 2^31 pages and can have no more")]
    Full,
}

/// How large pages are, and how many stay in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    keys: usize,
    hot: usize,
}

/// Pages in memory, and behind them all others.
#[derive(Debug)]
pub(super) struct Hot {
    frames: Vec<Frame>,
    /// Of each slot, where its frame is; [`COLD`] if it has none.
    places: Vec<u32>,
    /// The frame that is next asked to make room.
    hand: usize,
    limits: PageLimits,
    /// None where nothing ever makes room.
    cold: Option<Box<dyn Pages>>,
    buffer: Vec<u8>,
}

#[derive(Debug)]
struct Frame {
    slot: PageSlot,
    page: Page,
    /// Whether it is not what was last written.
    changed: bool,
    /// Whether it was asked for since it was last asked to make room.
    used: bool,
}

const COLD: u32 = u32::MAX;

impl PageSlot {
    /// One bit less than a link has: it also says what it leads to.
    const COUNT_MAX: usize = 1 << 31;

    pub(super) const fn new(slot: u32) -> Self {
        Self(slot)
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    const fn at(self) -> usize {
        self.0 as usize
    }
}

impl PageLimits {
    /// Keys of a page at most: 51 entries of 80 bytes fill a block of a disk, 4,096 bytes.
    pub const KEYS_MAX: usize = 51;
    /// Pages in memory at least: what one key can touch.
    pub const HOT_MIN: usize = 2;

    /// 12 keys of 80 bytes fill a quarter of a block of a disk. 32,768 pages of some 1,500 bytes with their hashes: 48 MiB.
    pub const DEFAULT: Self = Self::new(12, 32_768);

    /// Pages of at most `keys` keys, of which about `hot` stay in memory. Both are taken as the nearest that makes sense.
    #[must_use]
    pub const fn new(keys: usize, hot: usize) -> Self {
        let keys = if keys == 0 { 1 } else { keys };
        let keys = if Self::KEYS_MAX < keys { Self::KEYS_MAX } else { keys };
        let hot = if hot < Self::HOT_MIN { Self::HOT_MIN } else { hot };
        Self { keys, hot }
    }

    /// Keys of a page at most.
    #[must_use]
    pub const fn keys(self) -> usize {
        self.keys
    }

    /// Length of a page.
    #[must_use]
    pub const fn page_bytes(self) -> usize {
        page_bytes(self.keys)
    }
}

impl Hot {
    pub(super) fn new(limits: PageLimits, cold: Option<Box<dyn Pages>>) -> Self {
        Self {
            frames: Vec::new(),
            places: Vec::new(),
            hand: 0,
            limits,
            cold,
            buffer: vec![0; limits.page_bytes()],
        }
    }

    /// How large pages are.
    pub(super) const fn limits(&self) -> PageLimits {
        self.limits
    }

    /// Whether a change of so many keys needs more room than there is. It is never asked to make more than half of it.
    pub(super) fn lacks_room(&self, keys: usize) -> bool {
        let wanted = keys.saturating_mul(2).clamp(1, self.limits.hot / 2);
        self.cold.is_some() && self.limits.hot < self.frames.len() + wanted
    }

    /// Writes pages away until there is room for a change of so many keys. All of them must be hashed.
    pub(super) fn make_room(&mut self, keys: usize) -> Result<(), PagesError> {
        while self.lacks_room(keys) {
            self.write_one_away()?;
        }
        Ok(())
    }

    /// Takes a new page, and says where it is.
    pub(super) fn add(&mut self, page: Page) -> Result<PageSlot, PagesError> {
        if PageSlot::COUNT_MAX <= self.places.len() {
            return Err(PagesError::Full);
        }
        let slot = PageSlot(u32::try_from(self.places.len()).expect("below COUNT_MAX"));
        self.places.push(COLD);
        self.hold(slot, page, true);
        Ok(slot)
    }

    /// A page to change. `hash` is what it hashes to if it is not in memory.
    pub(super) fn change(&mut self, slot: PageSlot, hash: Option<Hash>) -> Result<&mut Page, PagesError> {
        if self.places[slot.at()] == COLD {
            let mut buffer = core::mem::take(&mut self.buffer);
            let page = self.read_cold(slot, hash, &mut buffer);
            self.buffer = buffer;
            self.hold(slot, page?, false);
        }
        let frame = &mut self.frames[self.places[slot.at()] as usize];
        (frame.used, frame.changed) = (true, true);
        Ok(&mut frame.page)
    }

    /// Shows a page that is hashed, wherever it is.
    pub(super) fn show<T>(&self, slot: PageSlot, hash: Hash, see: impl FnOnce(&Page) -> T) -> Result<T, PagesError> {
        if let Some(frame) = self.frames.get(self.places[slot.at()] as usize) {
            return Ok(see(&frame.page));
        }
        let mut buffer = vec![0; self.limits.page_bytes()];
        self.read_cold(slot, Some(hash), &mut buffer).map(|page| see(&page))
    }

    /// The hash of a page that was changed, and is therefore in memory.
    pub(super) fn hash(&mut self, slot: PageSlot) -> Hash {
        let place = self.places[slot.at()];
        let frame = self
            .frames
            .get_mut(place as usize)
            .expect("a changed page stays until it is hashed");
        frame.page.hash()
    }

    /// Whatever is read must be what the map knows it by: no disk and nobody who writes to it can make the map say otherwise.
    fn read_cold(&self, slot: PageSlot, hash: Option<Hash>, buffer: &mut [u8]) -> Result<Page, PagesError> {
        let cold = self.cold.as_ref().expect("without pages behind it, none leaves memory");
        cold.read(slot, buffer)?;
        let mut page = Page::decode(buffer).ok_or(PagesError::Altered(slot))?;
        if Some(page.hash()) != hash {
            return Err(PagesError::Altered(slot));
        }
        Ok(page)
    }

    fn hold(&mut self, slot: PageSlot, page: Page, changed: bool) {
        self.places[slot.at()] = u32::try_from(self.frames.len()).expect("no more frames than slots");
        self.frames.push(Frame {
            slot,
            page,
            changed,
            used: true,
        });
    }

    /// The next one that was not asked for since it was last its turn.
    fn write_one_away(&mut self) -> Result<(), PagesError> {
        self.hand %= self.frames.len();
        while core::mem::take(&mut self.frames[self.hand].used) {
            self.hand = (self.hand + 1) % self.frames.len();
        }
        let frame = &self.frames[self.hand];
        if frame.changed {
            frame.page.encode(&mut self.buffer);
            let cold = self.cold.as_mut().expect("who lacks room has pages behind it");
            cold.write(frame.slot, &self.buffer)?;
        }
        let gone = self.frames.swap_remove(self.hand);
        self.places[gone.slot.at()] = COLD;
        if let Some(moved) = self.frames.get(self.hand) {
            self.places[moved.slot.at()] = u32::try_from(self.hand).expect("no more frames than slots");
        }
        Ok(())
    }
}

impl fmt::Display for PageSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
