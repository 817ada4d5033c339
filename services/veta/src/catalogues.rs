//! `veta catalogue show | lint | diff | publish`.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use catalogue::{
    CATALOGUE_BYTES_MAX, Catalogue, CatalogueError, Criterion, Indicator, Language, Response, TranslationStatus,
};
use event::Event;
use event::vocabulary::{CataloguePublished, Scale};
use serde_json::{Value, json};

use crate::files;
use crate::print;
use crate::statements::{self, Signer};
use crate::trouble::{Done, Trouble};
use crate::words;

/// A catalogue that was named: shipped, or read from a file.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// Part of the program.
    Shipped(&'static Catalogue),
    /// Somebody's file.
    Read(Box<Catalogue>),
}

impl Deref for Chosen {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        match self {
            Self::Shipped(catalogue) => catalogue,
            Self::Read(catalogue) => catalogue,
        }
    }
}

impl Chosen {
    /// The shipped catalogue of a name, or else the file of that path; `before` are the versions that it follows.
    pub fn named(name: &str, before: &[PathBuf]) -> Done<Self> {
        let path = Path::new(name);
        if before.is_empty() && !path.exists() {
            return Self::shipped(name);
        }
        Self::read(path, before)
    }

    /// The shipped catalogue of a name.
    pub fn shipped(name: &str) -> Done<Self> {
        let known = || catalogue::all().into_iter();
        let found = known().find(|catalogue| catalogue.slug().as_str() == name);
        found.map(Self::Shipped).ok_or_else(|| {
            let names: Vec<_> = known().map(|catalogue| catalogue.slug().as_str()).collect();
            Trouble::usage(format_args!(
                "{name:?} is no catalogue file and no shipped catalogue: name the path of a file, or one of {}",
                names.join(", ")
            ))
        })
    }

    /// The catalogue in a file.
    pub fn read(path: &Path, before: &[PathBuf]) -> Done<Self> {
        let superseded = superseded(before)?;
        let catalogue = parse(&text(path)?, superseded.as_ref()).map_err(Trouble::at(path.display()))?;
        Ok(Self::Read(Box::new(catalogue)))
    }
}

/// Reads a language tag, such as `es` or `pt-BR`.
pub fn language(tag: &str) -> Result<Language, String> {
    Language::of_tag(tag).ok_or_else(|| {
        let codes = Language::ALL.map(Language::code);
        format!("no language of catalogues: write one of {}", codes.join(", "))
    })
}

/// Prints which catalogues are shipped.
pub fn list(language: Language, json: bool) {
    if json {
        for catalogue in catalogue::all() {
            print::json(&head_json(catalogue, language));
        }
        return;
    }
    let row = |catalogue: &Catalogue| {
        [
            catalogue.slug().to_string(),
            catalogue.version().to_owned(),
            catalogue.criteria().count().to_string(),
            catalogue.indicators().count().to_string(),
            catalogue.title(language).to_owned(),
        ]
    };
    print::table(
        ["catalogue", "version", "criteria", "indicators", "title"],
        catalogue::all().map(row),
    );
}

/// Prints what a catalogue asks.
pub fn show(catalogue: &Catalogue, language: Language, json: bool) {
    if json {
        let mut shown = head_json(catalogue, language);
        shown["criteria"] = catalogue
            .criteria()
            .map(|criterion| criterion_json(criterion, language))
            .collect();
        shown["indicators"] = catalogue
            .indicators()
            .map(|indicator| indicator_json(indicator, language))
            .collect();
        print::json(&shown);
        return;
    }
    show_head(catalogue, language);
    print::line("\nCriteria");
    print::table(
        ["#", "criterion", "module", "answer", "not met means", "question"],
        catalogue.criteria().map(|criterion| {
            [
                criterion.place.to_string(),
                criterion.slug.to_string(),
                criterion
                    .module
                    .map(|module| module.number().to_string())
                    .unwrap_or_default(),
                scale_words(criterion.scale),
                criterion.response.map(response_words).unwrap_or_default().to_owned(),
                criterion.question(language).to_owned(),
            ]
        }),
    );
    show_levels(catalogue, language);
    if catalogue.indicators().next().is_some() {
        print::line("\nIndicators");
        print::table(
            ["#", "indicator", "in", "question"],
            catalogue.indicators().map(|indicator| {
                [
                    indicator.place.to_string(),
                    indicator.slug.to_string(),
                    format!("{:?}", indicator.unit),
                    indicator.question(language).to_owned(),
                ]
            }),
        );
    }
}

fn show_head(catalogue: &Catalogue, language: Language) {
    let published = catalogue.published();
    print::line(catalogue.title(language));
    print::line(format_args!(
        "{} version {}, licence {}",
        catalogue.slug(),
        catalogue.version(),
        published.licence
    ));
    print::line(format_args!("digest {}", catalogue.digest()));
    if let Some(superseded) = published.supersedes {
        print::line(format_args!("supersedes {superseded}"));
    }
    for translation in catalogue.languages() {
        print::line(format_args!(
            "  {}: {}",
            translation.language,
            translation_words(translation.status)
        ));
    }
    if !catalogue.languages().iter().any(|entry| entry.language == language) {
        print::line(format_args!(
            "  {language}: not there; the original is shown in its place"
        ));
    }
    if let Some(origin) = catalogue.origin() {
        print::line(origin.credit.in_language(language));
    }
}

fn show_levels(catalogue: &Catalogue, language: Language) {
    let levels: Vec<_> = (0..=u8::MAX)
        .map_while(|level| Some((level, catalogue.level(level, language)?)))
        .collect();
    if levels.is_empty() {
        return;
    }
    print::line("\nWhat a level means");
    for (level, words) in levels {
        print::line(format_args!("  {level}: {words}"));
    }
}

/// Names everything that is wrong with a file. A file with faults is no success.
pub fn lint(file: &Path, before: &[PathBuf], json: bool) -> Done {
    let text = text(file)?;
    let superseded = superseded(before)?;
    let faults: Vec<_> = catalogue::lint(&text, superseded.as_ref());
    if faults.is_empty() {
        let catalogue = parse(&text, superseded.as_ref()).map_err(Trouble::at(file.display()))?;
        if json {
            print::json(&json!({"file": file, "faults": [], "digest": catalogue.digest()}));
            return Ok(());
        }
        print::line(format_args!(
            "{}: nothing wrong: {} version {}, {} criteria, {} indicators\ndigest {}",
            file.display(),
            catalogue.slug(),
            catalogue.version(),
            catalogue.criteria().count(),
            catalogue.indicators().count(),
            catalogue.digest()
        ));
        return Ok(());
    }
    if json {
        let words: Vec<_> = faults.iter().map(ToString::to_string).collect();
        print::json(&json!({"file": file, "faults": words, "digest": null}));
    } else {
        for fault in &faults {
            print::line(format_args!("{}: {fault}", file.display()));
        }
    }
    Err(Trouble::failed(format_args!(
        "{} has {} faults: mend them and lint again",
        file.display(),
        faults.len()
    )))
}

/// Tells what has changed from one version to another. `before` are the versions that the older one follows.
pub fn diff(old: &str, new: &str, before: &[PathBuf], json: bool) -> Done {
    let older = Chosen::named(old, before)?;
    let newer = newer(new, &older)?;
    let diff = catalogue::diff(&older, &newer);
    if json {
        let change =
            |change: &catalogue::Change| json!({"what": format!("{change}"), "comparable": diff.comparable(change)});
        print::json(&json!({
            "old": older.digest(),
            "new": newer.digest(),
            "supersedes": diff.supersedes,
            "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    print::line(format_args!(
        "{} {} -> {} {}: {} changes",
        older.slug(),
        older.version(),
        newer.slug(),
        newer.version(),
        diff.changes.len()
    ));
    print::line(if diff.supersedes {
        "the newer one supersedes the older one: answers carry over, but for what is marked"
    } else {
        "the newer one does not supersede the older one: no answer carries over"
    });
    for change in &diff.changes {
        let mark = if diff.comparable(change) {
            "answers stay comparable"
        } else {
            "answers do NOT compare"
        };
        print::line(format_args!("  {change}; {mark}"));
    }
    Ok(())
}

/// The newer one of a pair: it may supersede the older one, or none.
fn newer(name: &str, older: &Catalogue) -> Done<Chosen> {
    let path = Path::new(name);
    if !path.exists() {
        return Chosen::shipped(name);
    }
    let text = text(path)?;
    let parsed = match parse(&text, Some(older.published())) {
        Err(CatalogueError::SupersededOther { .. } | CatalogueError::NotALaterVersion) => parse(&text, None),
        parsed => parsed,
    };
    let catalogue = parsed.map_err(Trouble::at(path.display()))?;
    Ok(Chosen::Read(Box::new(catalogue)))
}

/// Shows in plain words what is published, signs it, and puts it into the queue.
pub fn publish(catalogue: &Catalogue, signer: &Signer) -> Done {
    let party = signer.party.ok_or_else(statements::nameless)?;
    let event = Event::CataloguePublished(catalogue.published().clone());
    statements::confirm(&plain(catalogue), &[party], signer)?;
    for statement in &statements::sign_all(vec![(party, event)], signer)? {
        statements::tell(statement, signer.json);
    }
    Ok(())
}

/// What publishing says, for whoever is about to sign it.
fn plain(catalogue: &Catalogue) -> String {
    let event = Event::CataloguePublished(catalogue.published().clone());
    let head = format!(
        "{}\n  {}\n  {} indicators; licence {}; assessments will pin {}",
        words::sentence(&event),
        catalogue.title(Language::En),
        catalogue.indicators().count(),
        catalogue.published().licence,
        catalogue.digest()
    );
    let criterion = |criterion: Criterion<'_>| {
        format!(
            "{}: {} ({})",
            criterion.slug,
            criterion.question(Language::En),
            scale_words(criterion.scale)
        )
    };
    let lines = [head].into_iter().chain(catalogue.criteria().map(criterion));
    lines.collect::<Vec<_>>().join("\n  ")
}

fn superseded(before: &[PathBuf]) -> Done<Option<CataloguePublished>> {
    before.iter().try_fold(None, |superseded, path| {
        let catalogue = parse(&text(path)?, superseded.as_ref()).map_err(Trouble::at(path.display()))?;
        Ok(Some(catalogue.published().clone()))
    })
}

fn parse(text: &str, superseded: Option<&CataloguePublished>) -> Result<Catalogue, CatalogueError> {
    match superseded {
        Some(superseded) => Catalogue::parse_superseding(text, superseded),
        None => Catalogue::parse(text),
    }
}

fn text(path: &Path) -> Done<String> {
    Ok(files::read_text(path, "a catalogue", CATALOGUE_BYTES_MAX as u64)?)
}

fn head_json(catalogue: &Catalogue, language: Language) -> Value {
    let languages = catalogue.languages().iter();
    let languages: Vec<_> = languages
        .map(|entry| {
            json!({"language": entry.language, "status": translation_words(entry.status), "by": entry.by, "reviewed_by": entry.reviewed_by})
        })
        .collect();
    json!({
        "catalogue": catalogue.slug(),
        "version": catalogue.version(),
        "digest": catalogue.digest(),
        "supersedes": catalogue.published().supersedes,
        "licence": catalogue.published().licence,
        "title": catalogue.title(language),
        "languages": languages,
        "credit": catalogue.origin().map(|origin| origin.credit.in_language(language)),
    })
}

fn criterion_json(criterion: Criterion<'_>, language: Language) -> Value {
    json!({
        "place": criterion.place,
        "criterion": criterion.slug,
        "module": criterion.module.map(event::vocabulary::Module::number),
        "scale": criterion.scale,
        "response": criterion.response.map(response_words),
        "pillar": criterion.pillar,
        "theme": criterion.theme,
        "replaces": criterion.replaces,
        "title": criterion.title(language),
        "question": criterion.question(language),
    })
}

fn indicator_json(indicator: Indicator<'_>, language: Language) -> Value {
    json!({
        "place": indicator.place,
        "indicator": indicator.slug,
        "unit": indicator.unit,
        "pillar": indicator.pillar,
        "theme": indicator.theme,
        "replaces": indicator.replaces,
        "title": indicator.title(language),
        "question": indicator.question(language),
    })
}

/// What an answer looks like, in a few words.
fn scale_words(scale: Scale) -> String {
    match scale {
        Scale::PassFail => "pass or fail".to_owned(),
        Scale::PassProgressFail => "pass, progress or fail".to_owned(),
        Scale::Scenario => "pass or fail, one of several".to_owned(),
        Scale::Observation => "observed or not".to_owned(),
        Scale::Level { max } => format!("level 0 to {max}"),
        Scale::Count => "a number".to_owned(),
        Scale::Words => "words".to_owned(),
    }
}

const fn response_words(response: Response) -> &'static str {
    match response {
        Response::EntryGate => "nothing begins",
        Response::ImmediateDisengagement => "trade ends at once",
        Response::Mitigation => "a plan, or trade ends",
        Response::Improvement => "room to improve",
    }
}

const fn translation_words(status: TranslationStatus) -> &'static str {
    match status {
        TranslationStatus::Original => "the original",
        TranslationStatus::Draft => "a draft, read by no native speaker yet",
        TranslationStatus::Reviewed => "reviewed by a native speaker",
    }
}
