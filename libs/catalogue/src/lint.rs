//! The checks of a catalogue. Each says one thing; all are made, so that an author sees every fault at once.

use std::collections::BTreeSet;

use event::codec::encode;
use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::{CRITERIA_MAX, CataloguePublished, INDICATORS_MAX, Line, Module, Scale, ShortText, Slug};

use crate::error::{Field, Part, TextPlace};
use crate::file::{File, Written, WrittenCriterion};
use crate::provenance::{ContentStatus, CraftRef, CraftRefStatus, Response, Scheme};
use crate::{CatalogueError, Language, TranslationStatus};

/// The longest catalogue file: 256 criteria of 2 KiB each, that is a question of 256 bytes in five languages and a
/// title of half that.
pub const CATALOGUE_BYTES_MAX: usize = 512 * 1_024;
/// The longest published form: a statement's body less 64 bytes for party 16, number and time 10 each, and the tag.
pub const PUBLISHED_BYTES_MAX: usize = STATEMENT_BODY_BYTES_MAX - 64;

/// Everything that is wrong with `file`, in the order of the file.
pub(crate) fn check(file: &File, superseded: Option<&CataloguePublished>) -> Vec<CatalogueError> {
    let mut found = Vec::new();
    languages(file, &mut found);
    sizes(file, &mut found);
    if !found.is_empty() {
        return found;
    }
    texts(file, &mut found);
    repetitions(file, &mut found);
    for criterion in &file.criteria {
        let checks = [scale(file, criterion), craft_ref(criterion), sources(file, criterion)];
        found.extend(checks.into_iter().filter_map(Result::err));
        found.extend(references(criterion).err());
    }
    found.extend(scenarios(file).err());
    themes(file, &mut found);
    if let Err(fault) = supersedes(file, superseded) {
        found.push(fault);
        return found;
    }
    replacements(file, superseded, &mut found);
    found
}

pub(crate) fn check_published(published: &CataloguePublished) -> Result<(), CatalogueError> {
    if encode(published).len() > PUBLISHED_BYTES_MAX {
        return Err(CatalogueError::DoesNotFit);
    }
    Ok(())
}

/// The module of a number that was checked; none where there is no number.
pub(crate) fn module(criterion: &WrittenCriterion) -> Option<Module> {
    let number = criterion.module?;
    Module::ALL.into_iter().find(|module| module.number() == number)
}

/// The place of what `replaces` names in the superseded version.
pub(crate) fn place<'a>(slugs: impl IntoIterator<Item = &'a Slug>, replaces: Option<&Slug>) -> Option<u16> {
    let replaces = replaces?;
    (0..)
        .zip(slugs)
        .find(|(_, slug)| *slug == replaces)
        .map(|(place, _)| place)
}

fn languages(file: &File, found: &mut Vec<CatalogueError>) {
    if file.languages.is_empty() {
        found.push(CatalogueError::NoLanguage);
    }
    let mut seen = BTreeSet::new();
    for (number, entry) in file.languages.iter().enumerate() {
        if !seen.insert(entry.language) {
            found.push(CatalogueError::LanguageRepeated(entry.language));
        }
        if (number == 0) != (entry.status == TranslationStatus::Original) {
            found.push(CatalogueError::WrongOriginal(entry.language));
        }
        if (entry.status == TranslationStatus::Reviewed) != entry.reviewed_by.is_some() {
            found.push(CatalogueError::Reviewer(entry.language));
        }
    }
}

fn sizes(file: &File, found: &mut Vec<CatalogueError>) {
    if file.criteria.is_empty() {
        found.push(CatalogueError::Empty);
    }
    if file.criteria.len() > CRITERIA_MAX {
        found.push(CatalogueError::TooManyCriteria);
    }
    if file.indicators.len() > INDICATORS_MAX {
        found.push(CatalogueError::TooManyIndicators);
    }
}

/// Every text of the file, with where it stands.
fn every_text(file: &File) -> Vec<(Part, Field, &Written)> {
    let mut texts = vec![(Part::Catalogue, Field::Title, &file.title)];
    if let Some(origin) = &file.origin {
        texts.push((Part::Catalogue, Field::Credit, &origin.credit));
        let changes = origin.changes.iter();
        texts.extend(changes.map(|text| (Part::Catalogue, Field::Changes, text)));
    }
    let levels = file.levels.iter().enumerate();
    texts.extend(levels.map(|(level, text)| (Part::Level(level), Field::Title, text)));
    for theme in &file.themes {
        texts.push((Part::Theme(theme.slug.clone()), Field::Title, &theme.title));
    }
    for criterion in &file.criteria {
        let part = Part::Criterion(criterion.slug.clone());
        texts.push((part.clone(), Field::Title, &criterion.title));
        texts.push((part.clone(), Field::Question, &criterion.question));
        let notes = criterion.feeds.iter();
        texts.extend(notes.map(|feed| (part.clone(), Field::FeedNote, &feed.note)));
    }
    for indicator in &file.indicators {
        let part = Part::Indicator(indicator.slug.clone());
        texts.push((part.clone(), Field::Title, &indicator.title));
        texts.push((part, Field::Question, &indicator.question));
    }
    texts
}

fn texts(file: &File, found: &mut Vec<CatalogueError>) {
    let named: BTreeSet<_> = file.languages.iter().map(|entry| entry.language).collect();
    let mut asked = BTreeSet::new();
    for (part, field, written) in every_text(file) {
        let mut seen = BTreeSet::new();
        for language in Language::ALL {
            let place = TextPlace {
                part: part.clone(),
                field,
                language,
            };
            let text = match text(&place, written, named.contains(&language)) {
                Ok(Some(text)) => text,
                Ok(None) => continue,
                Err(fault) => {
                    found.push(fault);
                    continue;
                }
            };
            if !seen.insert(text) && !written.alike {
                found.push(CatalogueError::NotTranslated(place.clone()));
            }
            if field == Field::Question && !asked.insert((language, text)) {
                found.push(CatalogueError::QuestionRepeated(place));
            }
        }
    }
}

/// The text at `place`, if there has to be one.
fn text<'a>(place: &TextPlace, written: &'a Written, is_named: bool) -> Result<Option<&'a str>, CatalogueError> {
    let Some(text) = written.in_language(place.language) else {
        if is_named {
            return Err(CatalogueError::TextMissing(place.clone()));
        }
        return Ok(None);
    };
    if !is_named {
        return Err(CatalogueError::LanguageUnnamed(place.clone()));
    }
    if let Err(why) = Line::new(text) {
        let place = place.clone();
        return Err(CatalogueError::TextUnfit { place, why });
    }
    if place.field == Field::Question && !text.ends_with('?') {
        return Err(CatalogueError::NoQuestion(place.clone()));
    }
    Ok(Some(text))
}

fn repetitions(file: &File, found: &mut Vec<CatalogueError>) {
    let themes = file.themes.iter().map(|theme| Part::Theme(theme.slug.clone()));
    let criteria = file.criteria.iter().map(|entry| Part::Criterion(entry.slug.clone()));
    let indicators = file.indicators.iter().map(|entry| Part::Indicator(entry.slug.clone()));
    let parts: Vec<_> = themes.chain(criteria).chain(indicators).collect();
    let twice = repeated(&parts, Some);
    found.extend(twice.into_iter().cloned().map(CatalogueError::SlugRepeated));
    let twice = repeated(&file.criteria, |entry| entry.column.as_ref());
    found.extend(
        twice
            .into_iter()
            .map(|entry| CatalogueError::ColumnRepeated(entry.slug.clone())),
    );
}

/// The entries whose `key` an earlier one has.
fn repeated<'a, T, K: Ord>(entries: &'a [T], key: impl Fn(&'a T) -> Option<K>) -> Vec<&'a T> {
    let mut seen = BTreeSet::new();
    let mut is_second = |entry| key(entry).is_some_and(|key| !seen.insert(key));
    entries.iter().filter(|entry| is_second(*entry)).collect()
}

fn scale(file: &File, criterion: &WrittenCriterion) -> Result<(), CatalogueError> {
    let slug = || criterion.slug.clone();
    if let Scale::Level { max } = criterion.scale {
        if max == 0 {
            return Err(CatalogueError::NoLevels(slug()));
        }
        if !file.levels.is_empty() && file.levels.len() != usize::from(max) + 1 {
            return Err(CatalogueError::LevelsUnnamed(slug()));
        }
    }
    let Some(module) = module(criterion) else {
        if criterion.module.is_some() {
            return Err(CatalogueError::ModuleUnknown(slug()));
        }
        if criterion.scale == Scale::Scenario {
            return Err(CatalogueError::ScenarioOutside(slug()));
        }
        return Ok(());
    };
    if !module.takes(criterion.scale) {
        return Err(CatalogueError::ScaleNotInModule { slug: slug(), module });
    }
    if criterion
        .response
        .is_some_and(|response| response != Response::of(module))
    {
        return Err(CatalogueError::ResponseContradicts(slug()));
    }
    Ok(())
}

fn craft_ref(criterion: &WrittenCriterion) -> Result<(), CatalogueError> {
    let slug = || criterion.slug.clone();
    let has_status = criterion.craft_ref_status != CraftRefStatus::None;
    if criterion.craft_ref.is_some() != has_status {
        return Err(CatalogueError::CraftRefStatus(slug()));
    }
    let Some(craft_ref) = &criterion.craft_ref else {
        return Ok(());
    };
    let Ok(craft_ref) = craft_ref.as_str().parse::<CraftRef>() else {
        return Err(CatalogueError::CraftRefMalformed(slug()));
    };
    if criterion.module.map(u16::from) != Some(craft_ref.module()) {
        return Err(CatalogueError::CraftRefModule(slug()));
    }
    Ok(())
}

fn sources(file: &File, criterion: &WrittenCriterion) -> Result<(), CatalogueError> {
    let is_verified =
        criterion.craft_ref_status == CraftRefStatus::Verified || criterion.content == Some(ContentStatus::Verified);
    if is_verified && criterion.sources.is_empty() {
        return Err(CatalogueError::Unsourced(criterion.slug.clone()));
    }
    let unknown = criterion.sources.iter().find(|name| !file.sources.contains_key(*name));
    if let Some(name) = unknown {
        return Err(CatalogueError::SourceUnknown {
            slug: criterion.slug.clone(),
            source_name: name.clone(),
        });
    }
    if !criterion.feeds.is_empty() && file.feeds_into.is_none() {
        return Err(CatalogueError::FeedsNowhere(criterion.slug.clone()));
    }
    Ok(())
}

fn references(criterion: &WrittenCriterion) -> Result<(), CatalogueError> {
    for (name, codes) in &criterion.references {
        let Some(scheme) = Scheme::ALL.into_iter().find(|scheme| scheme.name() == name) else {
            return Err(CatalogueError::SchemeUnknown {
                slug: criterion.slug.clone(),
                scheme: name.clone(),
            });
        };
        let is_place = |code: &&ShortText| scheme.takes(code.as_str());
        if let Some(code) = codes.iter().find(|code| !is_place(code)) {
            return Err(CatalogueError::ReferenceMalformed {
                slug: criterion.slug.clone(),
                scheme: name.clone(),
                code: code.clone(),
            });
        }
    }
    Ok(())
}

fn scenarios(file: &File) -> Result<(), CatalogueError> {
    let mut scenarios = file
        .criteria
        .iter()
        .filter(|criterion| criterion.scale == Scale::Scenario);
    if let (Some(only), None) = (scenarios.next(), scenarios.next()) {
        return Err(CatalogueError::ScenarioAlone(only.slug.clone()));
    }
    Ok(())
}

fn themes(file: &File, found: &mut Vec<CatalogueError>) {
    let known: BTreeSet<_> = file.themes.iter().map(|theme| &theme.slug).collect();
    let unknown = |theme: Option<&Slug>| theme.is_some_and(|theme| !known.contains(theme));
    let criteria = file.criteria.iter().filter(|entry| unknown(entry.theme.as_ref()));
    let criteria = criteria.map(|entry| Part::Criterion(entry.slug.clone()));
    let indicators = file.indicators.iter().filter(|entry| unknown(entry.theme.as_ref()));
    let indicators = indicators.map(|entry| Part::Indicator(entry.slug.clone()));
    found.extend(criteria.chain(indicators).map(CatalogueError::ThemeUnknown));
}

fn supersedes(file: &File, superseded: Option<&CataloguePublished>) -> Result<(), CatalogueError> {
    let Some(named) = &file.supersedes else {
        return Ok(());
    };
    let Some(superseded) = superseded else {
        return Err(CatalogueError::SupersededMissing(named.digest));
    };
    if superseded.digest() != named.digest {
        return Err(CatalogueError::SupersededOther {
            named: named.digest,
            given: superseded.digest(),
        });
    }
    let is_same = superseded.slug == file.slug && superseded.version == named.version;
    if !is_same || superseded.version == file.version {
        return Err(CatalogueError::NotALaterVersion);
    }
    Ok(())
}

/// What one criterion or indicator says of the superseded version, and how that one is answered.
struct Replacement<'a, K> {
    part: Part,
    slug: &'a Slug,
    kind: K,
    replaces: Option<&'a Slug>,
}

fn replacements(file: &File, superseded: Option<&CataloguePublished>, found: &mut Vec<CatalogueError>) {
    let superseded = superseded.filter(|_| file.supersedes.is_some());
    let criteria = file.criteria.iter().map(|entry| Replacement {
        part: Part::Criterion(entry.slug.clone()),
        slug: &entry.slug,
        kind: entry.scale,
        replaces: entry.replaces.as_ref(),
    });
    let before = superseded.map(|superseded| superseded.criteria.iter().map(|old| (&old.slug, old.scale)));
    replaced(criteria, before.map(Iterator::collect), found);
    let indicators = file.indicators.iter().map(|entry| Replacement {
        part: Part::Indicator(entry.slug.clone()),
        slug: &entry.slug,
        kind: entry.unit,
        replaces: entry.replaces.as_ref(),
    });
    let before = superseded.map(|superseded| superseded.indicators.iter().map(|old| (&old.slug, old.unit)));
    replaced(indicators, before.map(Iterator::collect), found);
}

fn replaced<'a, K: PartialEq + Copy>(
    entries: impl Iterator<Item = Replacement<'a, K>>,
    before: Option<Vec<(&Slug, K)>>,
    found: &mut Vec<CatalogueError>,
) {
    let supersedes = before.is_some();
    let before = before.unwrap_or_default();
    let kind_before = |slug: &Slug| before.iter().find(|(old, _)| *old == slug).map(|(_, kind)| *kind);
    let mut taken = BTreeSet::new();
    for Replacement {
        part,
        slug,
        kind,
        replaces,
    } in entries
    {
        let Some(replaces) = replaces else {
            if kind_before(slug) == Some(kind) {
                found.push(CatalogueError::ReplacesForgotten(part));
            }
            continue;
        };
        let fault = match kind_before(replaces) {
            _ if !supersedes => CatalogueError::ReplacesNothing(part),
            None => CatalogueError::ReplacedUnknown {
                part,
                replaced: replaces.clone(),
            },
            Some(_) if !taken.insert(replaces) => CatalogueError::ReplacedTwice(part),
            Some(old) if old != kind => CatalogueError::ReplacedUnlike(part),
            Some(_) => continue,
        };
        found.push(fault);
    }
}
