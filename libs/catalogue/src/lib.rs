//! The criteria catalogues as data, and their loader.
//!
//! # In scope
//! - [`Catalogue::parse`]: a catalogue file, checked by the rules of [`CatalogueError`].
//! - [`Catalogue::published`]: the statement that publishes it, and so the digest that assessments pin.
//! - [`ipis_site_visits`] and [`ipis_site_qualification`]: the catalogues that are shipped, compiled in.
//!
//! # Out of scope
//! - Who may publish a catalogue and which answers fit it: `ledger`.
//! - Reading answers from somebody else's file: the import that names the columns, in `veta`.
//!
//! # Invariants
//! - No I/O: the files in `data/` are part of the program.
//! - A catalogue that passed its checks fits one statement, and a ledger that does not know it yet admits it.
//! - The digest covers the file byte for byte, comments included.

mod error;
mod lint;

use event::codec::List;
use event::key::Digest;
use event::vocabulary::{CatalogueDigest, CataloguePublished, Line, Scale, ShortText, Slug};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

pub use error::CatalogueError;
pub use lint::{CATALOGUE_BYTES_MAX, PUBLISHED_BYTES_MAX};

/// What IPIS's surveyors note on a visit.
///
/// # Panics
/// Never: that the shipped file passes its checks is tested.
#[must_use]
pub fn ipis_site_visits() -> Catalogue {
    shipped(include_str!("../data/ipis-site-visits.toml"))
}

/// Which status the ministry of mines gave a site.
///
/// # Panics
/// Never: that the shipped file passes its checks is tested.
#[must_use]
pub fn ipis_site_qualification() -> Catalogue {
    shipped(include_str!("../data/ipis-site-qualification.toml"))
}

fn shipped(text: &str) -> Catalogue {
    Catalogue::parse(text).expect("the shipped catalogues pass their checks")
}

/// A criteria catalogue that passed its checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    title: Line,
    columns: Vec<Option<Line>>,
    published: CataloguePublished,
    digest: CatalogueDigest,
}

impl Catalogue {
    /// Reads a catalogue file and checks it.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        if text.len() > CATALOGUE_BYTES_MAX {
            return Err(CatalogueError::TooLong);
        }
        let file: File = toml::from_str(text).map_err(|error| CatalogueError::Malformed(error.to_string()))?;
        lint::check(&file)?;
        let columns = file.criteria.iter().map(|entry| entry.column.clone()).collect();
        let title = file.title.clone();
        let published = file.published(Digest::from_bytes(Sha256::digest(text).into()))?;
        lint::check_published(&published)?;
        Ok(Self {
            title,
            columns,
            digest: published.digest(),
            published,
        })
    }

    /// What the catalogue is about, in one line.
    #[must_use]
    pub fn title(&self) -> &str {
        self.title.as_str()
    }

    /// The statement that publishes it.
    #[must_use]
    pub const fn published(&self) -> &CataloguePublished {
        &self.published
    }

    /// What assessments under it pin.
    #[must_use]
    pub const fn digest(&self) -> CatalogueDigest {
        self.digest
    }

    /// Its criteria in order.
    pub fn criteria(&self) -> impl Iterator<Item = Criterion<'_>> {
        let criteria = (0..).zip(self.published.criteria.iter().zip(&self.columns));
        criteria.map(|(place, (criterion, column))| Criterion {
            place,
            slug: &criterion.slug,
            scale: criterion.scale,
            question: &criterion.question,
            column: column.as_ref().map(Line::as_str),
        })
    }

    /// The place of the criterion called `slug`, from 0: what a finding names it by.
    #[must_use]
    pub fn place(&self, slug: &str) -> Option<u16> {
        self.criteria()
            .find(|criterion| criterion.slug.as_str() == slug)
            .map(|criterion| criterion.place)
    }
}

/// One thing that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criterion<'a> {
    /// Its place in the catalogue, from 0.
    pub place: u16,
    /// Its stable name.
    pub slug: &'a Slug,
    /// What an answer looks like.
    pub scale: Scale,
    /// What is asked, in plain words.
    pub question: &'a Line,
    /// The column of the source's file that holds the answers, where the catalogue is about such a file.
    pub column: Option<&'a str>,
}

/// A catalogue file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    slug: Slug,
    version: ShortText,
    licence: ShortText,
    title: Line,
    criteria: Vec<Entry>,
}

/// A criterion as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slug: Slug,
    scale: Scale,
    question: Line,
    column: Option<Line>,
}

impl File {
    fn published(self, full_text: Digest) -> Result<CataloguePublished, CatalogueError> {
        let criterion = |Entry {
                             slug, scale, question, ..
                         }| event::vocabulary::Criterion { slug, scale, question };
        let criteria: Vec<_> = self.criteria.into_iter().map(criterion).collect();
        let criteria = List::try_from(criteria).map_err(|_| CatalogueError::TooManyCriteria)?;
        let Self {
            slug, version, licence, ..
        } = self;
        Ok(CataloguePublished {
            slug,
            version,
            licence,
            full_text,
            criteria,
        })
    }
}
