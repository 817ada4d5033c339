//! An interview on disk: whatever was answered is kept before the next question is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use catalogue::{Catalogue, Language};
use event::key::Digest;
use event::vocabulary::{Answer, AssessmentKind, CatalogueDigest, Slug, Subject};
use event::{Date, StatementId};
use serde::{Deserialize, Serialize};

use super::gathered::{Gathered, Head};
use crate::files;
use crate::trouble::{Done, Trouble};

/// The longest session: every criterion answered in 256 bytes, with 16 digests each.
const SESSION_BYTES_MAX: u64 = 1024 * 1024;
/// How sessions are written today.
const VERSION: u8 = 1;

/// What was answered so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    version: u8,
    /// What is asked.
    pub(super) catalogue: CatalogueDigest,
    /// In which language.
    pub(super) language: Language,
    /// The step that comes next.
    pub(super) at: usize,
    pub(super) subject: Option<Subject>,
    pub(super) kind: Option<AssessmentKind>,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    pub(super) answers: BTreeMap<Slug, Answered>,
    pub(super) figures: BTreeMap<Slug, u64>,
    /// What was signed of it, if anything was.
    pub(super) signed: Option<StatementId>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    pub(super) answer: Answer,
    pub(super) evidence: BTreeSet<Digest>,
}

impl Session {
    /// Nothing is answered yet.
    pub(super) fn begin(catalogue: &Catalogue, language: Language, head: &Head) -> Self {
        Self {
            version: VERSION,
            catalogue: catalogue.digest(),
            language,
            at: 0,
            subject: head.subject,
            kind: head.kind,
            from: head.from,
            to: head.to,
            answers: BTreeMap::new(),
            figures: BTreeMap::new(),
            signed: None,
        }
    }

    /// What a file holds, if there is one.
    pub(super) fn find(path: &Path) -> Done<Option<Self>> {
        let text = match files::read(path, "an interview", SESSION_BYTES_MAX) {
            Ok(text) => text,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Self::parse(&text).map(Some).map_err(Trouble::at(path.display()))
    }

    /// Reads what [`Session::keep`] wrote.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let session: Self = serde_json::from_slice(text).map_err(|error| format!("no interview: {error}"))?;
        if session.version != VERSION {
            return Err("written by another version of this program: go on with that one".to_owned());
        }
        Ok(session)
    }

    /// Keeps it, whole or not at all.
    pub(super) fn keep(&self, path: &Path) -> Done {
        let cannot = |error| Trouble::failed(format_args!("cannot write {}: {error}", path.display()));
        let absolute: PathBuf = std::path::absolute(path).map_err(cannot)?;
        service::durable::write(&absolute, self.text().as_bytes()).map_err(cannot)
    }

    /// As it is written.
    pub(super) fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("our own values have a JSON form") + "\n"
    }

    /// The answers by their places, where they are answers to this catalogue.
    pub(super) fn gathered(&self, catalogue: &Catalogue) -> Result<Gathered, Vec<String>> {
        if self.catalogue != catalogue.digest() {
            return Err(vec![format!(
                "the interview is under the catalogue {}, not {}: name that one with --catalogue",
                self.catalogue,
                catalogue.digest()
            )]);
        }
        let (mut gathered, mut wrong) = (Gathered::default(), Vec::new());
        gathered.head = Head {
            subject: self.subject,
            kind: self.kind,
            from: self.from,
            to: self.to,
            reference: None,
        };
        for (slug, answered) in &self.answers {
            let criterion = catalogue.criterion(slug.as_str());
            let Some(criterion) = criterion.filter(|criterion| answered.answer.fits(criterion.scale)) else {
                wrong.push(format!("{slug} is not answered as the catalogue asks: answer it again"));
                continue;
            };
            gathered.answers.insert(criterion.place, answered.answer.clone());
            if !answered.evidence.is_empty() {
                gathered.evidence.insert(criterion.place, answered.evidence.clone());
            }
        }
        for (slug, figure) in &self.figures {
            match catalogue.indicator(slug.as_str()) {
                Some(indicator) => {
                    gathered.figures.insert(indicator.place, *figure);
                }
                None => wrong.push(format!(
                    "the catalogue has no indicator {slug}: take it out of the file"
                )),
            }
        }
        if wrong.is_empty() { Ok(gathered) } else { Err(wrong) }
    }
}
