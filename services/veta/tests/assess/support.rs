//! A desk with a key and a queue, and what was signed on it.

use std::fs;
use std::path::{Path, PathBuf};

use ::catalogue::{Catalogue, Language};
use event::vocabulary::{Answer, AssessmentKind, AssessmentSubmitted, Subject};
use event::{Date, DeploymentId, Event, PartyId};
use tempfile::TempDir;
use veta::assess::{self, Head, Mapping, Reading};
use veta::catalogues::Chosen;
use veta::keys;
use veta::queue::Queue;
use veta::statements::Signer;
use veta::trouble::Done;

pub(crate) const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([7; 32]);

/// The small catalogue: one criterion of every kind.
pub(crate) fn small() -> Chosen {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../libs/catalogue/testdata/small-1.toml");
    Chosen::read(&path, &[]).unwrap()
}

pub(crate) fn party() -> PartyId {
    PartyId::from_bytes([1; 16])
}

pub(crate) fn today() -> Date {
    "2026-06-01".parse().unwrap()
}

pub(crate) fn nobody_says() -> Head {
    Head::default()
}

/// Everything that a row of answers may leave out.
pub(crate) fn said_by_the_command() -> Head {
    Head {
        subject: Some(Subject::Party(party())),
        kind: Some(AssessmentKind::SelfReported),
        from: Some("2026-01-01".parse().unwrap()),
        to: Some("2026-05-31".parse().unwrap()),
        reference: None,
    }
}

pub(crate) struct Desk {
    dir: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        keys::write(&dir.path().join("key.pem"), &keys::generate().unwrap()).unwrap();
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn signer(&self) -> Signer {
        Signer {
            key: self.path("key.pem"),
            party: None,
            deployment: DEPLOYMENT,
            queue: self.path("queue"),
            yes: true,
            json: true,
        }
    }

    /// What waits in the queue.
    pub(crate) fn signed(&self) -> Vec<(PartyId, AssessmentSubmitted)> {
        let stated = Queue::open(&self.path("queue")).unwrap().stated(DEPLOYMENT).unwrap();
        let assessment = |event: &Event| match event {
            Event::AssessmentSubmitted(assessment) => assessment.clone(),
            other => panic!("{other:?}"),
        };
        stated
            .iter()
            .map(|said| (said.party(), assessment(said.event())))
            .collect()
    }

    /// Reads a file and signs it.
    pub(crate) fn read(&self, file: &Path, catalogue: &Catalogue, head: &Head, mapping: &Mapping) -> Done {
        self.read_with(&reading(file, catalogue, head, mapping))
    }

    pub(crate) fn read_with(&self, reading: &Reading<'_>) -> Done {
        assess::read(reading, Some(&self.signer()))
    }

    /// The trouble that reading makes; nothing may be signed by it.
    #[track_caller]
    pub(crate) fn trouble(&self, reading: &Reading<'_>) -> String {
        let before = self.signed().len();
        let trouble = self.read_with(reading).unwrap_err().to_string();
        assert_eq!(self.signed().len(), before, "{trouble}");
        trouble
    }
}

/// Answers by the slugs of their criteria.
pub(crate) fn answers(catalogue: &Catalogue, assessment: &AssessmentSubmitted) -> Vec<(String, Answer)> {
    let slug = |place: u16| {
        let criterion = catalogue.criteria().nth(usize::from(place)).unwrap();
        criterion.slug.to_string()
    };
    let findings = assessment.findings.iter();
    findings
        .map(|finding| (slug(finding.criterion), finding.answer.clone()))
        .collect()
}

pub(crate) fn not_applicable(why: &str) -> Answer {
    Answer::NotApplicable(why.parse().unwrap())
}

/// Answers as they are written in the tables of cases.
pub(crate) fn expected(answers: &[(&str, Answer)]) -> Vec<(String, Answer)> {
    answers
        .iter()
        .map(|(slug, answer)| ((*slug).to_owned(), answer.clone()))
        .collect()
}

/// A file to be read on the first of June, in Spanish.
pub(crate) fn reading<'a>(
    file: &'a Path,
    catalogue: &'a Catalogue,
    head: &'a Head,
    mapping: &'a Mapping,
) -> Reading<'a> {
    Reading {
        file,
        sheet: None,
        catalogue,
        mapping,
        head,
        evidence: None,
        language: Language::Es,
        today: today(),
        json: false,
    }
}
