//! What was answered, gathered into the statement that says it; whatever asked for it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use catalogue::Catalogue;
use event::codec::encode;
use event::key::Digest;
use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::{
    Answer, AssessmentKind, AssessmentSubmitted, EVIDENCE_MAX, Finding, Measurement, Period, Reference, Subject,
};
use event::{Date, Event, List, PartyId, SiteId};
use sha2::{Digest as _, Sha256};

use crate::evidence::read;

/// A body's party, number, time and tag.
const ENVELOPE_BYTES_MAX: usize = 64;
/// Under which name an assessment without a number of its own is numbered by what it says.
const BY_CONTENT: &str = "veta-content";
/// What the number by content is over.
const CONTENT_DOMAIN: &[u8] = b"veta/assessment-content/v1\n";
/// Hexadecimal digits of the number by content: 128 bits.
const CONTENT_DIGITS: usize = 32;

/// Whom, how and when an assessment is about, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// About whom or what.
    pub subject: Option<Subject>,
    /// Who looked.
    pub kind: Option<AssessmentKind>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// Its number in somebody's register.
    pub reference: Option<Reference>,
}

impl Head {
    /// What the command line says where the file is silent. Where both speak they must agree.
    pub(super) fn or(self, other: &Self) -> Result<Self, String> {
        Ok(Self {
            subject: agreed("subject", self.subject, other.subject, |s| subject_text(*s))?,
            kind: agreed("kind", self.kind, other.kind, |kind| kind_word(*kind).to_owned())?,
            from: agreed("first day", self.from, other.from, Date::to_string)?,
            to: agreed("last day", self.to, other.to, Date::to_string)?,
            reference: self.reference.or_else(|| other.reference.clone()),
        })
    }
}

fn agreed<T: PartialEq>(
    what: &str,
    here: Option<T>,
    there: Option<T>,
    text: impl Fn(&T) -> String,
) -> Result<Option<T>, String> {
    match (here, there) {
        (Some(here), Some(there)) if here != there => Err(format!(
            "the file says the {what} is {}, the command says {}: correct one of both",
            text(&here),
            text(&there)
        )),
        (here, there) => Ok(here.or(there)),
    }
}

/// Answers and figures, by their places in the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gathered {
    /// Whom, how and when.
    pub(super) head: Head,
    /// What was found.
    pub(super) answers: BTreeMap<u16, Answer>,
    /// Digests of what supports it.
    pub(super) evidence: BTreeMap<u16, BTreeSet<Digest>>,
    /// What was measured.
    pub(super) figures: BTreeMap<u16, u64>,
}

impl Gathered {
    /// The statement, or everything that keeps it from being one.
    pub(super) fn statement(&self, catalogue: &Catalogue, today: Date) -> Result<AssessmentSubmitted, Vec<String>> {
        let mut missing = self.missing(catalogue, today);
        let findings: Vec<_> = self
            .answers
            .iter()
            .map(|(place, answer)| self.finding(*place, answer))
            .collect();
        let figures = self.figures.iter();
        let figures: Vec<_> = figures
            .map(|(place, value)| Measurement {
                indicator: *place,
                value: *value,
            })
            .collect();
        let Head {
            subject: Some(subject),
            kind: Some(kind),
            from: Some(from),
            to: Some(to),
            reference,
        } = self.head.clone()
        else {
            return Err(missing);
        };
        let mut assessment = AssessmentSubmitted {
            subject,
            kind,
            period: Period { from, to },
            catalogue: catalogue.digest(),
            findings: List::try_from(findings).expect("no more findings than criteria"),
            measurements: List::try_from(figures).expect("no more figures than indicators"),
            reference,
        };
        if assessment.reference.is_none() {
            assessment.reference = Some(by_content(&assessment));
        }
        let length = encode(&Event::AssessmentSubmitted(assessment.clone())).len();
        if STATEMENT_BODY_BYTES_MAX - ENVELOPE_BYTES_MAX < length {
            missing.push(format!(
                "all of it takes {length} bytes and a statement holds {}: name less evidence",
                STATEMENT_BODY_BYTES_MAX - ENVELOPE_BYTES_MAX
            ));
        }
        if missing.is_empty() {
            Ok(assessment)
        } else {
            Err(missing)
        }
    }

    fn finding(&self, place: u16, answer: &Answer) -> Finding {
        let evidence = self.evidence.get(&place).into_iter().flatten().copied();
        let evidence: Vec<_> = evidence.take(EVIDENCE_MAX).collect();
        Finding {
            criterion: place,
            answer: answer.clone(),
            evidence: List::try_from(evidence).expect("no more than a list holds were taken"),
        }
    }

    fn missing(&self, catalogue: &Catalogue, today: Date) -> Vec<String> {
        let mut missing = Vec::new();
        let head = &self.head;
        if head.subject.is_none() {
            missing.push("nobody says who is assessed: name an organization or a site (--subject)".to_owned());
        }
        if head.kind.is_none() {
            let words = AssessmentKind::ALL.map(kind_word).join(", ");
            missing.push(format!("nobody says who assesses: name one of {words} (--kind)"));
        }
        if head.from.is_none() || head.to.is_none() {
            missing
                .push("nobody says which days it speaks about: name the first and the last (--from, --to)".to_owned());
        }
        if let (Some(from), Some(to)) = (head.from, head.to)
            && to < from
        {
            missing.push(format!(
                "it ends on {to}, before it begins on {from}: exchange the days"
            ));
        }
        // Somewhere it is a day later than in Greenwich.
        if head.to.is_some_and(|to| today.plus_days(1) < to) {
            missing.push("it speaks about days to come: name days that are over".to_owned());
        }
        if self.answers.is_empty() && self.figures.is_empty() {
            missing.push("nothing is answered: fill in at least one answer".to_owned());
        }
        for (place, digests) in &self.evidence {
            let slug = catalogue.published().criteria[usize::from(*place)].slug.as_str();
            if EVIDENCE_MAX < digests.len() {
                missing.push(format!(
                    "{slug} has more than {EVIDENCE_MAX} pieces of evidence: name those that count"
                ));
            }
            if !self.answers.contains_key(place) {
                missing.push(format!(
                    "{slug} has evidence and no answer: answer it, or take the evidence away"
                ));
            }
        }
        missing
    }
}

/// A number for an assessment that has none: the same assessment of the same subject gets the same one, so that it can be
/// recorded only once however often its file is read.
fn by_content(assessment: &AssessmentSubmitted) -> Reference {
    let digest = Sha256::new()
        .chain_update(CONTENT_DOMAIN)
        .chain_update(encode(assessment))
        .finalize();
    let text = Digest::from_bytes(digest.into()).to_string();
    Reference {
        source: BY_CONTENT.parse().expect("a good slug"),
        value: text[..CONTENT_DIGITS]
            .parse()
            .expect("hexadecimal digits are a good text"),
    }
}

/// Reads an id of an organization or a site.
pub fn subject(text: &str) -> Result<Subject, String> {
    if text.to_ascii_lowercase().starts_with(SiteId::PREFIX) {
        return text
            .parse()
            .map(Subject::Site)
            .map_err(|error: event::id::IdError| error.to_string());
    }
    text.parse()
        .map(Subject::Party)
        .map_err(|error: event::id::IdError| match error {
            event::id::IdError::Prefix { .. } => {
                "neither an organization nor a site: an id begins with org- or site-".to_owned()
            }
            other => other.to_string(),
        })
}

/// An id as text.
pub(super) fn subject_text(subject: Subject) -> String {
    match subject {
        Subject::Party(id) => PartyId::to_string(&id),
        Subject::Site(id) => id.to_string(),
    }
}

/// What files and options call who assesses.
pub(super) const fn kind_word(kind: AssessmentKind) -> &'static str {
    match kind {
        AssessmentKind::SelfReported => "self",
        AssessmentKind::Implementer => "implementer",
        AssessmentKind::Monitor => "monitor",
        AssessmentKind::ThirdParty => "third_party",
    }
}

/// Reads who assesses.
pub fn kind(text: &str) -> Result<AssessmentKind, String> {
    let text = text.to_lowercase().replace('-', "_");
    let found = AssessmentKind::ALL.into_iter().find(|kind| kind_word(*kind) == text);
    found.ok_or_else(|| {
        let words = AssessmentKind::ALL.map(kind_word).join(", ");
        format!("nobody assesses so: write one of {words}")
    })
}

/// Evidence as a file names it: a digest, or the path of a file from `dir`, of which the digest is all that is ever stated.
pub(super) fn evidence(text: &str, dir: &Path) -> Result<Digest, String> {
    if let Ok(digest) = text.parse() {
        return Ok(digest);
    }
    let file = read(&dir.join(text));
    file.map(|file| Digest::of(&file)).map_err(|error| error.to_string())
}
