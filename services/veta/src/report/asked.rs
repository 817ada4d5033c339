//! What was asked, in the language of the report.
//!
//! The stream holds a question in the one language of its catalogue. Where the catalogue version that was published is one
//! that is shipped, byte for byte in every language, its title and question are taken in the language of the report;
//! otherwise the question stands as the stream holds it.

use std::collections::BTreeMap;

use catalogue::{Catalogue, Language};
use rpc::progress::{Assessment, CataloguePublication, Criterion, Indicator, OtherWord};

use super::document::{Text, ours, said};
use super::gather::Gathered;

/// A catalogue version that the report speaks of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Version {
    pub(super) digest: String,
    pub(super) publication: CataloguePublication,
    /// Its texts in every language, where they are at hand.
    pub(super) shipped: Option<&'static Catalogue>,
}

/// Every catalogue version that the report speaks of, by slug and version.
#[derive(Debug, Default)]
pub(super) struct Versions(BTreeMap<(String, String), Version>);

impl Versions {
    pub(super) fn of(gathered: &Gathered) -> Self {
        let mut versions = Self::default();
        let organization = &gathered.organization;
        if let Some(standing) = &organization.standing {
            let name = (&standing.catalogue_slug, &standing.catalogue_version);
            versions.add(
                name,
                &standing.catalogue_digest,
                standing.catalogue_publication.as_ref(),
            );
        }
        let of_sites = gathered.sites.iter().flat_map(|standing| &standing.latest_assessments);
        let record = gathered.record.iter().flat_map(|record| &record.subjects);
        let earlier = record.flat_map(|history| &history.assessments);
        for assessment in organization.latest_assessments.iter().chain(of_sites).chain(earlier) {
            versions.add_assessed(assessment);
        }
        versions
    }

    fn add_assessed(&mut self, assessment: &Assessment) {
        let name = (&assessment.catalogue_slug, &assessment.catalogue_version);
        let publication = assessment.catalogue_publication.as_ref();
        self.add(name, &assessment.catalogue_digest, publication);
    }

    fn add(&mut self, (slug, version): (&String, &String), digest: &str, publication: Option<&CataloguePublication>) {
        if digest.is_empty() {
            return;
        }
        let digest_read = digest.parse().ok();
        let known = Version {
            digest: digest.to_owned(),
            publication: publication.cloned().unwrap_or_default(),
            shipped: digest_read.and_then(|digest| catalogue::by_digest(&digest)),
        };
        self.0.entry((slug.clone(), version.clone())).or_insert(known);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str, &Version)> {
        let versions = self.0.iter();
        versions.map(|((slug, version), known)| (slug.as_str(), version.as_str(), known))
    }

    pub(super) fn shipped(&self, slug: &str, version: &str) -> Option<&'static Catalogue> {
        self.0.get(&(slug.to_owned(), version.to_owned()))?.shipped
    }

    /// How far an answer reaches that speaks to another catalogue's criterion.
    pub(super) fn reach(&self, word: &OtherWord, language: Language) -> Text {
        let known = word.asked.as_ref().and_then(|asked| self.criterion(asked));
        let spoken_to = word.criterion.as_ref().map(|criterion| criterion.slug.as_str());
        let feeds = known.map(|known| known.feeds).unwrap_or_default();
        let feed = feeds.iter().find(|feed| Some(feed.criterion.as_str()) == spoken_to);
        feed.map_or_else(|| said(&word.note), |feed| ours(feed.note.in_language(language)))
    }

    /// What a criterion is called; what is asked, where it has no other name here.
    pub(super) fn title(&self, criterion: &Criterion, language: Language) -> Text {
        match self.criterion(criterion) {
            Some(known) => ours(known.title(language)),
            None => said(&criterion.question),
        }
    }

    /// What is asked.
    pub(super) fn question(&self, criterion: &Criterion, language: Language) -> Text {
        match self.criterion(criterion) {
            Some(known) => ours(known.question(language)),
            None => said(&criterion.question),
        }
    }

    /// What a level of a criterion means.
    pub(super) fn level(&self, criterion: &Criterion, level: u32, language: Language) -> Option<&'static str> {
        let shipped = self.shipped(&criterion.catalogue_slug, &criterion.catalogue_version)?;
        shipped.level(u8::try_from(level).ok()?, language)
    }

    fn criterion(&self, criterion: &Criterion) -> Option<catalogue::Criterion<'static>> {
        let shipped = self.shipped(&criterion.catalogue_slug, &criterion.catalogue_version)?;
        shipped.criterion(&criterion.slug)
    }

    /// What is measured.
    pub(super) fn indicator(&self, indicator: &Indicator, language: Language) -> Text {
        let shipped = self.shipped(&indicator.catalogue_slug, &indicator.catalogue_version);
        match shipped.and_then(|shipped| shipped.indicator(&indicator.slug)) {
            Some(known) => ours(known.title(language)),
            None => said(&indicator.question),
        }
    }
}
