//! The present standing of a site: what its latest visit found, and its latest status.

use core::fmt;
use std::collections::BTreeMap;

use catalogue::{Catalogue, ipis_site_qualification, ipis_site_visits};
use event::Date;
use event::vocabulary::{Answer, AssessmentSubmitted, ShortText};

use super::answer::whole;
use super::file::{Row, VisitFile};

/// What is known of a site at present. The latest visit answers alone: what it did not ask is no data, whatever an
/// earlier visit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The day of the latest visit.
    pub visit_date: Option<Date>,
    /// How many people were digging.
    pub workers_numb: Option<u64>,
    /// Mercury in use.
    pub mercury: Seen,
    /// Armed actors interfering.
    pub interference: Seen,
    /// Children under 15 at work.
    pub childunder15: Seen,
    /// The traceability programme that was named, in the source's words.
    pub traceability: Option<String>,
    /// The status from the ministry of mines, in the source's words; only from rows that report a status.
    pub qualification: Option<String>,
}

/// What became of looking for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Seen.
    Observed,
    /// Looked for and not seen.
    NoneObserved,
    /// Not asked.
    #[default]
    NoData,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Observed => "observed",
            Self::NoneObserved => "none observed",
            Self::NoData => "no data",
        })
    }
}

/// The status that `words` name; none if they say that there is none.
#[must_use]
pub fn qualification_words(words: &str) -> Option<&str> {
    let words = words.trim();
    let none = ["", "not class", "no class"]
        .iter()
        .any(|none| words.eq_ignore_ascii_case(none));
    (!none).then_some(words)
}

impl Standing {
    /// The standing after `assessments` of one site, which come in the order of the stream. Of one day, the last
    /// counts; those under other catalogues than the two of IPIS's data do not.
    #[must_use]
    pub fn of_assessments<'a>(assessments: impl IntoIterator<Item = &'a AssessmentSubmitted>) -> Self {
        let (visits, qualification) = (ipis_site_visits(), ipis_site_qualification());
        let (mut visit, mut status) = (None, None);
        for assessment in assessments {
            if assessment.catalogue == visits.digest() {
                visit = Some(later(visit, assessment));
            }
            if assessment.catalogue == qualification.digest() {
                status = Some(later(status, assessment));
            }
        }
        let mut standing = visit.map(|visit| Self::of_visit(visit, visits)).unwrap_or_default();
        let words = status.and_then(|status| words(status, qualification, "qualification"));
        standing.qualification = words.and_then(|words| qualification_words(&words).map(str::to_owned));
        standing
    }

    /// The standing of each site that a view must show after this file alone, straight from its rows: no catalogue,
    /// plan or statement has a part in it, so that all of those can be compared with it.
    #[must_use]
    pub fn of_file(file: &VisitFile) -> BTreeMap<ShortText, Self> {
        let mut sites: BTreeMap<ShortText, Self> = BTreeMap::new();
        let mut rows: Vec<_> = file.rows().iter().collect();
        rows.sort_by_key(|row| row.date());
        for row in rows {
            let standing = sites.entry(row.site().clone()).or_default();
            if file.is_visit(row) {
                let qualification = standing.qualification.take();
                *standing = Self {
                    qualification,
                    ..Self::of_row(file, row)
                };
            }
            if file.is_qualification(row) {
                standing.qualification = qualification_words(file.words(row, "qualification")).map(str::to_owned);
            }
        }
        sites
    }

    fn of_visit(visit: &AssessmentSubmitted, catalogue: &Catalogue) -> Self {
        let seen = |slug| match answer(visit, catalogue, slug) {
            Some(Answer::Observed) => Seen::Observed,
            Some(Answer::NoneObserved) => Seen::NoneObserved,
            _ => Seen::NoData,
        };
        let workers_numb = match answer(visit, catalogue, "workers_numb") {
            Some(Answer::Count(count)) => Some(*count),
            _ => None,
        };
        Self {
            visit_date: Some(visit.period.to),
            workers_numb,
            mercury: seen("mercury"),
            interference: seen("interference"),
            childunder15: seen("childunder15"),
            traceability: words(visit, catalogue, "traceability"),
            qualification: None,
        }
    }

    fn of_row(file: &VisitFile, row: &Row) -> Self {
        let seen = |column| match whole(file.words(row, column)) {
            Some(1) => Seen::Observed,
            Some(0) => Seen::NoneObserved,
            _ => Seen::NoData,
        };
        let traceability = file.words(row, "traceability");
        Self {
            visit_date: Some(row.date()),
            workers_numb: whole(file.words(row, "workers_numb")),
            mercury: seen("mercury"),
            interference: seen("interference"),
            childunder15: seen("childunder15"),
            traceability: (!traceability.is_empty()).then(|| traceability.to_owned()),
            qualification: None,
        }
    }
}

/// The later of the two; of one day, `next`.
fn later<'a>(kept: Option<&'a AssessmentSubmitted>, next: &'a AssessmentSubmitted) -> &'a AssessmentSubmitted {
    kept.filter(|kept| next.period.to < kept.period.to).unwrap_or(next)
}

fn answer<'a>(assessment: &'a AssessmentSubmitted, catalogue: &Catalogue, slug: &str) -> Option<&'a Answer> {
    let place = catalogue.place(slug)?;
    assessment
        .findings
        .iter()
        .find(|finding| finding.criterion == place)
        .map(|finding| &finding.answer)
}

fn words(assessment: &AssessmentSubmitted, catalogue: &Catalogue, slug: &str) -> Option<String> {
    match answer(assessment, catalogue, slug)? {
        Answer::Words(words) => Some(words.to_string()),
        _ => None,
    }
}
