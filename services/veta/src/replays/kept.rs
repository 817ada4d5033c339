//! What a replay keeps, so that the next one need not fetch it again: the log itself, and how far it had come.
//!
//! The log is a copy like any other: every tile was checked against the signed tree. Of how far an earlier replay had come
//! nothing is believed: all is decided again, and the next one says if it comes by another tree, another map or other findings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use remote::log::RemoteLog;
use serde::{Deserialize, Serialize};
use service::durable;
use sha2::{Digest, Sha256};
use tlog::Origin;
use tlog::policy::Policy;
use tlog::tree::TreeSize;

use super::course::{Mark, Outcome};
use crate::files;
use crate::mirror::Mirror;
use crate::submit::bar;
use crate::trouble::{Done, Trouble};

/// Entries between two notes of how far it is.
const STEP: u64 = 100_000;

/// The longest such note; one has less than 1 KiB.
const FILE_BYTES_MAX: u64 = 64 * 1_024;

/// A directory with the copy of a log.
#[derive(Debug)]
pub(super) struct Kept {
    mirror: Mirror,
    file: PathBuf,
    origin: Origin,
    earlier: Option<Earlier>,
    noted: TreeSize,
}

/// How far an earlier replay had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Earlier {
    origin: String,
    position: u64,
    root: String,
    map_root: String,
    findings: BTreeMap<String, u64>,
    /// SHA-256 of the rest: that it is what was written, and no more.
    check: String,
}

impl Kept {
    /// Brings the copy in `dir` up to what `source` has.
    pub(super) async fn fetch(dir: &Path, source: &RemoteLog, policy: &Policy) -> Done<Self> {
        let mirror = Mirror::open(dir)?;
        let mut shown = None;
        let copied = mirror
            .copy(source, policy, |done, of| {
                let length = usize::try_from(of.get()).unwrap_or(usize::MAX);
                shown
                    .get_or_insert_with(|| bar(length, "fetching"))
                    .set_position(done.get());
            })
            .await?;
        let origin = copied.checkpoint.origin;
        let file = dir.join(".replayed");
        let earlier = read(&file, &origin)?.filter(|earlier| earlier.position <= copied.checkpoint.size.get());
        Ok(Self {
            mirror,
            file,
            origin,
            earlier,
            noted: TreeSize::EMPTY,
        })
    }

    /// The copy.
    pub(super) fn log(&self) -> Done<RemoteLog> {
        Ok(self.mirror.log()?)
    }

    /// Where an earlier replay had stopped.
    #[must_use]
    pub(super) fn position(&self) -> Option<TreeSize> {
        self.earlier.as_ref().map(|earlier| TreeSize::new(earlier.position))
    }

    /// Notes how far this one is, every so often.
    pub(super) fn note(&mut self, so_far: &Mark) -> Done {
        if so_far.head.size.get() < self.noted.get() + STEP {
            return Ok(());
        }
        self.write(so_far)
    }

    /// Compares with an earlier one, says in what it differs, and notes how far this one came.
    pub(super) fn end(&mut self, outcome: &Outcome) -> Done<Option<String>> {
        let mark = self.position().and_then(|position| outcome.marks.get(&position));
        let differs = match (&self.earlier, mark) {
            (Some(earlier), Some(mark)) if *earlier != Earlier::of(&self.origin, mark) => Some(format!(
                "an earlier replay of the first {} entries came to another end (root {}, map {}); its software, its machine or what it noted was another",
                earlier.position, earlier.root, earlier.map_root
            )),
            _ => None,
        };
        if self.position().is_none_or(|position| position <= outcome.end.head.size) {
            self.write(&outcome.end)?;
        }
        Ok(differs)
    }

    fn write(&mut self, mark: &Mark) -> Done {
        let written = durable::write(&self.file, &Earlier::of(&self.origin, mark).to_bytes());
        written.map_err(Trouble::at(format_args!("cannot write {}", self.file.display())))?;
        self.noted = mark.head.size;
        Ok(())
    }
}

impl Earlier {
    /// How far a replay of the log with this name is.
    pub(super) fn of(origin: &Origin, mark: &Mark) -> Self {
        let earlier = Self {
            origin: origin.to_string(),
            position: mark.head.size.get(),
            root: mark.head.root.to_string(),
            map_root: mark.map_root.to_string(),
            findings: mark.findings.clone(),
            check: String::new(),
        };
        Self {
            check: earlier.checked(),
            ..earlier
        }
    }

    /// What was noted of the log with this name; nothing where it is not whole, since nothing depends on it.
    pub(super) fn parse(text: &[u8], origin: &Origin) -> Option<Self> {
        let earlier: Self = serde_json::from_slice(text).ok()?;
        (earlier.check == earlier.checked() && earlier.origin == origin.as_str()).then_some(earlier)
    }

    /// As it is written down.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("our own values have a JSON form")
    }

    fn checked(&self) -> String {
        let unchecked = Self {
            check: String::new(),
            ..self.clone()
        };
        let text = unchecked.to_bytes();
        let digest = Sha256::new().chain_update("veta/replayed/v1\n").chain_update(text);
        HEXLOWER.encode(&digest.finalize())
    }
}

/// What is noted in a file, if there is one.
fn read(file: &Path, origin: &Origin) -> Done<Option<Earlier>> {
    match files::read(file, "a note of how far a replay was", FILE_BYTES_MAX) {
        Ok(text) => Ok(Earlier::parse(&text, origin)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error.into()),
    }
}
