//! QR codes as modules, on a terminal and as SVG; and bytes as text that is spread over several codes.

use core::fmt::Write;
use std::collections::BTreeMap;

use data_encoding::BASE32_NOPAD;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Light modules around a code, without which it is not found.
const QUIET: i32 = 4;
/// The largest code: 69 modules and the quiet ones make 77 columns, which every terminal has.
const VERSION_MAX: u8 = 13;
/// What stands before every part of a spread text.
const MARK: &str = "VETA1";
/// Characters of the digest in every part: enough to tell two handovers apart, and what was read wrongly from what was not.
const DIGEST_CHARACTERS: usize = 8;
/// Characters of one part. With `VETA1:`, digest, place and count, 469 of the 483 that the largest code holds at the medium
/// level of correction; a multiple of eight, so that each part but the last is whole bytes.
const PART_CHARACTERS: usize = 448;
/// Parts of one text: sixteen codes are as many as anybody scans.
pub const PARTS_MAX: usize = 16;
/// Bytes that fit into so many parts: eight characters are five bytes.
pub const SPREAD_BYTES_MAX: usize = PARTS_MAX * PART_CHARACTERS / 8 * 5;

const TAKES: &str = "a String takes everything";

/// A square of dark and light modules.
#[derive(Clone)]
pub struct Code(QrCode);

/// Why text is not what was spread over codes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SpreadError {
    /// More than so many codes.
    #[error(
        "{bytes} bytes do not fit into {PARTS_MAX} codes, which hold {SPREAD_BYTES_MAX}: hand over a file, or submit what waits first"
    )]
    TooLong {
        /// How many there are.
        bytes: usize,
    },
    /// Not `VETA1:…:place:count:…`.
    #[error("{0:?} is no text of a code: scan it again")]
    Part(String),
    /// Codes of two texts.
    #[error("these are codes of different handovers: scan those of one")]
    Mixed,
    /// Some were not scanned.
    #[error("{} of {count} codes are missing: scan {}", .missing.len(), places(.missing))]
    Missing {
        /// Which, counted from 1.
        missing: Vec<usize>,
        /// Of how many.
        count: usize,
    },
    /// Put together, they have another digest.
    #[error("a code was read wrongly: scan them again")]
    Digest,
}

fn places(missing: &[usize]) -> String {
    let places: Vec<_> = missing.iter().map(ToString::to_string).collect();
    places.join(", ")
}

impl Code {
    /// The code of a text of capital letters, digits and a few signs, with the medium level of correction or a higher one.
    ///
    /// # Panics
    /// If the text has other characters, or more than 483 of them.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let segments = [QrSegment::make_alphanumeric(text)];
        let (least, most) = (Version::MIN, Version::new(VERSION_MAX));
        let code = QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, least, most, None, true);
        Self(code.expect("callers keep to the length that a code holds"))
    }

    /// Modules along a side, without the quiet ones.
    #[must_use]
    pub fn size(&self) -> i32 {
        self.0.size()
    }

    /// Whether a module is dark; outside, none is.
    #[must_use]
    pub fn is_dark(&self, x: i32, y: i32) -> bool {
        self.0.get_module(x, y)
    }

    /// Lines of half-blocks, of which light modules are the ink: as it is read from a dark terminal.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let (least, end) = (-QUIET, self.size() + QUIET);
        let line = |y: i32| {
            let lower_is_dark = |x| self.is_dark(x, y + 1) || end <= y + 1;
            let blocks = (least..end).map(|x| half_blocks(self.is_dark(x, y), lower_is_dark(x)));
            blocks.collect()
        };
        (least..end).step_by(2).map(line).collect()
    }

    /// What is dark, as the path of an SVG in which a module is one unit, with the quiet ones around it.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for y in 0..self.size() {
            let mut x = 0;
            while x < self.size() {
                let begun = x;
                while self.is_dark(x, y) {
                    x += 1;
                }
                let length = x - begun;
                if 0 < length {
                    write!(path, "M{} {}h{length}v1h-{length}z", begun + QUIET, y + QUIET).expect(TAKES);
                }
                x += 1;
            }
        }
        path
    }

    /// Units along a side of what [`Code::path`] draws.
    #[must_use]
    pub fn units(&self) -> i32 {
        self.size() + 2 * QUIET
    }
}

const fn half_blocks(upper_is_dark: bool, lower_is_dark: bool) -> char {
    match (upper_is_dark, lower_is_dark) {
        (false, false) => '█',
        (false, true) => '▀',
        (true, false) => '▄',
        (true, true) => ' ',
    }
}

/// Bytes as the texts of one or more codes.
pub fn spread(bytes: &[u8]) -> Result<Vec<String>, SpreadError> {
    if SPREAD_BYTES_MAX < bytes.len() {
        return Err(SpreadError::TooLong { bytes: bytes.len() });
    }
    let text = BASE32_NOPAD.encode(bytes);
    let digest = digest(bytes);
    let parts = text.as_bytes().chunks(PART_CHARACTERS);
    let count = parts.len();
    let part = |(place, part): (usize, &[u8])| {
        let part = str::from_utf8(part).expect("base32 is ASCII");
        format!("{MARK}:{digest}:{place}:{count}:{part}")
    };
    Ok((1..).zip(parts).map(part).collect())
}

/// Whether a file is the text of codes and not the bytes themselves.
#[must_use]
pub fn is_spread(bytes: &[u8]) -> bool {
    let begins = bytes.trim_ascii_start();
    begins.len() >= MARK.len() && begins[..MARK.len()].eq_ignore_ascii_case(MARK.as_bytes())
}

/// How far codes are gathered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// Of how many.
    pub count: usize,
    /// Which were not scanned yet, counted from 1.
    pub missing: Vec<usize>,
}

/// How many of the codes of one text are there, in whatever order they were scanned, one or more a line.
pub fn gathered(text: &str) -> Result<Gathered, SpreadError> {
    Ok(Parts::of(text)?.gathered())
}

/// Puts the texts of codes together.
pub fn gather(text: &str) -> Result<Vec<u8>, SpreadError> {
    let parts = Parts::of(text)?;
    let Gathered { count, missing } = parts.gathered();
    if !missing.is_empty() {
        return Err(SpreadError::Missing { missing, count });
    }
    let text: String = parts.texts.into_values().collect();
    let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| SpreadError::Digest)?;
    if digest(&bytes) != parts.digest {
        return Err(SpreadError::Digest);
    }
    Ok(bytes)
}

/// What was scanned of one text.
struct Parts {
    digest: String,
    count: usize,
    /// By their places.
    texts: BTreeMap<usize, String>,
}

impl Parts {
    fn of(text: &str) -> Result<Self, SpreadError> {
        let mut texts = BTreeMap::new();
        let mut whole: Option<(String, usize)> = None;
        for word in text.split_whitespace() {
            let word = word.to_ascii_uppercase();
            let part = part(&word).ok_or_else(|| SpreadError::Part(word.chars().take(40).collect()))?;
            let told = (part.digest.to_owned(), part.count);
            if whole.get_or_insert_with(|| told.clone()) != &told {
                return Err(SpreadError::Mixed);
            }
            texts.insert(part.place, part.text.to_owned());
        }
        let (digest, count) = whole.ok_or_else(|| SpreadError::Part(String::new()))?;
        Ok(Self { digest, count, texts })
    }

    fn gathered(&self) -> Gathered {
        let is_missing = |place: &usize| !self.texts.contains_key(place);
        Gathered {
            count: self.count,
            missing: (1..=self.count).filter(is_missing).collect(),
        }
    }
}

/// One part as it was scanned.
struct Part<'a> {
    digest: &'a str,
    place: usize,
    count: usize,
    text: &'a str,
}

fn part(word: &str) -> Option<Part<'_>> {
    let fields: Vec<_> = word.split(':').collect();
    let [mark, digest, place, count, text] = fields.try_into().ok()?;
    let (place, count) = (number(place)?, number(count)?);
    let is_good = mark == MARK
        && digest.len() == DIGEST_CHARACTERS
        && (1..=count).contains(&place)
        && count <= PARTS_MAX
        && text.len() <= PART_CHARACTERS;
    is_good.then_some(Part {
        digest,
        place,
        count,
        text,
    })
}

/// A number as it is printed, and in no other way.
fn number(text: &str) -> Option<usize> {
    let number: usize = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn digest(bytes: &[u8]) -> String {
    let mut digest = BASE32_NOPAD.encode(&Sha256::digest(bytes));
    digest.truncate(DIGEST_CHARACTERS);
    digest
}
