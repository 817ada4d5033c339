//! From a file's text to a catalogue.

use event::codec::List;
use event::key::Digest;
use event::vocabulary::{CataloguePublished, Line};
use sha2::{Digest as _, Sha256};

use crate::file::{File, Written, WrittenCriterion, WrittenFeed, WrittenIndicator, WrittenOrigin, WrittenTheme};
use crate::provenance::Scheme;
use crate::{
    CATALOGUE_BYTES_MAX, Catalogue, CatalogueError, CriterionText, Feed, IndicatorText, Language, Origin,
    PublicReference, Source, Texts, Theme, lint as checks,
};

/// Everything that is wrong with a catalogue file, in the file's order; nothing if [`Catalogue::parse`] reads it.
///
/// A file that supersedes a version is checked against that one, `superseded`.
#[must_use]
pub fn lint(text: &str, superseded: Option<&CataloguePublished>) -> Vec<CatalogueError> {
    read(text, superseded).err().unwrap_or_default()
}

impl Catalogue {
    /// Reads a catalogue file that supersedes none, and checks it; the first fault that is found refuses it.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        read(text, None).map_err(first)
    }

    /// Reads a catalogue file that supersedes `superseded`, and checks it against that.
    pub fn parse_superseding(text: &str, superseded: &CataloguePublished) -> Result<Self, CatalogueError> {
        read(text, Some(superseded)).map_err(first)
    }
}

fn first(faults: Vec<CatalogueError>) -> CatalogueError {
    faults
        .into_iter()
        .next()
        .expect("a file is refused for at least one fault")
}

fn read(text: &str, superseded: Option<&CataloguePublished>) -> Result<Catalogue, Vec<CatalogueError>> {
    if text.len() > CATALOGUE_BYTES_MAX {
        return Err(vec![CatalogueError::TooLong]);
    }
    let file: File = toml::from_str(text).map_err(|error| vec![CatalogueError::Malformed(error.to_string())])?;
    let faults = checks::check(&file, superseded);
    if !faults.is_empty() {
        return Err(faults);
    }
    let full_text = Digest::from_bytes(Sha256::digest(text).into());
    let catalogue = Maker {
        original: file.languages[0].language,
    }
    .catalogue(file, full_text, superseded);
    checks::check_published(&catalogue.published).map_err(|fault| vec![fault])?;
    Ok(catalogue)
}

/// Makes a catalogue of a file that passed its checks.
struct Maker {
    original: Language,
}

impl Maker {
    fn catalogue(&self, file: File, full_text: Digest, superseded: Option<&CataloguePublished>) -> Catalogue {
        let published = published(self, &file, full_text, superseded);
        let source = |(name, about)| Source { name, about };
        let theme = |WrittenTheme { slug, title }| Theme {
            slug,
            title: self.texts(&title),
        };
        Catalogue {
            title: self.texts(&file.title),
            origin: file.origin.map(|origin| self.origin(origin)),
            notes: file.notes,
            sources: file.sources.into_iter().map(source).collect(),
            levels: file.levels.iter().map(|level| self.texts(level)).collect(),
            themes: file.themes.into_iter().map(theme).collect(),
            feeds_into: file.feeds_into,
            criteria: file.criteria.into_iter().map(|entry| self.criterion(entry)).collect(),
            indicators: file.indicators.into_iter().map(|entry| self.indicator(entry)).collect(),
            languages: file.languages,
            digest: published.digest(),
            published,
        }
    }

    fn texts(&self, written: &Written) -> Texts {
        let line = |language| {
            let line = Line::new(written.in_language(language)?).expect("every text was checked");
            Some((language, line))
        };
        Texts::new(self.original, Language::ALL.into_iter().filter_map(line).collect())
    }

    fn origin(&self, written: WrittenOrigin) -> Origin {
        Origin {
            based_on: written.based_on,
            licence_url: written.licence_url,
            credit: self.texts(&written.credit),
            changes: written.changes.iter().map(|text| self.texts(text)).collect(),
        }
    }

    fn criterion(&self, written: WrittenCriterion) -> CriterionText {
        let feed = |WrittenFeed { criterion, kind, note }| Feed {
            criterion,
            kind,
            note: self.texts(&note),
        };
        let craft_ref = written.craft_ref.as_ref();
        CriterionText {
            title: self.texts(&written.title),
            question: self.texts(&written.question),
            response: written.response,
            references: references(&written),
            craft_ref: craft_ref.map(|text| text.as_str().parse().expect("every number was checked")),
            craft_ref_status: written.craft_ref_status,
            commodity: written.commodity,
            profile: written.profile,
            content: written.content,
            sources: written.sources,
            note: written.note,
            feeds: written.feeds.into_iter().map(feed).collect(),
            column: written.column,
        }
    }

    fn indicator(&self, written: WrittenIndicator) -> IndicatorText {
        IndicatorText {
            title: self.texts(&written.title),
            question: self.texts(&written.question),
            theme: written.theme,
        }
    }
}

fn references(written: &WrittenCriterion) -> Vec<PublicReference> {
    let of_scheme = |scheme: Scheme| {
        let codes = written.references.get(scheme.name()).into_iter().flatten();
        codes.map(move |code| PublicReference {
            scheme,
            code: code.to_string(),
        })
    };
    Scheme::ALL.into_iter().flat_map(of_scheme).collect()
}

fn published(
    maker: &Maker,
    file: &File,
    full_text: Digest,
    superseded: Option<&CataloguePublished>,
) -> CataloguePublished {
    let superseded = superseded.filter(|_| file.supersedes.is_some());
    let before = superseded.map(|old| old.criteria.iter().map(|criterion| &criterion.slug).collect());
    let before: Vec<_> = before.unwrap_or_default();
    let criterion = |entry: &WrittenCriterion| event::vocabulary::Criterion {
        slug: entry.slug.clone(),
        scale: entry.scale,
        question: maker.texts(&entry.question).original().clone(),
        module: checks::module(entry),
        pillar: entry.pillar,
        theme: entry.theme.clone(),
        replaces: checks::place(before.iter().copied(), entry.replaces.as_ref()),
    };
    let criteria: Vec<_> = file.criteria.iter().map(criterion).collect();
    let before = superseded.map(|old| old.indicators.iter().map(|indicator| &indicator.slug).collect());
    let before: Vec<_> = before.unwrap_or_default();
    let indicator = |entry: &WrittenIndicator| event::vocabulary::Indicator {
        slug: entry.slug.clone(),
        unit: entry.unit,
        question: maker.texts(&entry.question).original().clone(),
        pillar: entry.pillar,
        replaces: checks::place(before.iter().copied(), entry.replaces.as_ref()),
    };
    let indicators: Vec<_> = file.indicators.iter().map(indicator).collect();
    CataloguePublished {
        slug: file.slug.clone(),
        version: file.version.clone(),
        licence: file.licence.clone(),
        full_text,
        supersedes: file.supersedes.as_ref().map(|named| named.digest),
        criteria: List::try_from(criteria).expect("the number of criteria was checked"),
        indicators: List::try_from(indicators).expect("the number of indicators was checked"),
    }
}
