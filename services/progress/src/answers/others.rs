//! What answers under other catalogues say about the criteria that standings follow from: shown beside them, and never
//! part of them.
//!
//! The shipped catalogues say which answer speaks to which criterion, and how far. Only they do: a published catalogue is
//! taken for a shipped one where their digests are equal, and with them the digests of their full texts.

use core::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use catalogue::{Catalogue, Feed, FeedKind as Kind};
use event::vocabulary::CatalogueDigest;
use rpc::limits::{OTHERS_MAX, OTHERS_OF_CRITERION_MAX};
use rpc::progress::{Answer, FeedKind, OtherWord, PresentAnswer, answer};
use rpc::view::SiteName;

use super::Result;
use super::message::criterion;
use crate::reading::Reading;
use crate::rows::CatalogueRow;

/// The catalogue that standings follow from, where others may speak to it.
pub(crate) struct SpokenTo {
    row: Arc<CatalogueRow>,
    shipped: &'static Catalogue,
}

impl SpokenTo {
    /// None while there is no such catalogue, or another one than a shipped one.
    pub(crate) fn of(reading: &mut Reading<'_>) -> Result<Option<Self>> {
        let Some(gating) = reading.terms().1.gating else {
            return Ok(None);
        };
        let Some(shipped) = catalogue::by_digest(&gating) else {
            return Ok(None);
        };
        let row = reading.catalogue(gating)?;
        Ok(Some(Self { row, shipped }))
    }

    /// What a present answer says about its criteria; nothing where it was not given under a catalogue that speaks to it.
    pub(crate) fn words(
        &self,
        under: CatalogueDigest,
        present: &PresentAnswer,
        site: Option<&SiteName>,
    ) -> Vec<OtherWord> {
        let speaker = catalogue::by_digest(&under).filter(|speaker| self.is_fed_by(speaker));
        let place = present.criterion.as_ref().map(|asked| asked.place);
        let asked = speaker.and_then(|speaker| speaker.criteria().find(|asked| Some(asked.place.into()) == place));
        let feeds = asked.map(|asked| asked.feeds).unwrap_or_default();
        let words = feeds.iter().filter_map(|feed| self.word(feed, present, site));
        words.collect()
    }

    fn is_fed_by(&self, speaker: &Catalogue) -> bool {
        let target = speaker.feeds_into();
        target.is_some_and(|target| {
            target.slug == *self.shipped.slug() && target.version.as_str() == self.shipped.version()
        })
    }

    fn word(&self, feed: &Feed, present: &PresentAnswer, site: Option<&SiteName>) -> Option<OtherWord> {
        let place = self.shipped.place(feed.criterion.as_str())?;
        Some(OtherWord {
            criterion: Some(criterion(&self.row, place.into())),
            kind: kind(feed.kind).into(),
            speaks_against: feed.kind == Kind::AgainstIfObserved && is_observed(present),
            note: feed.note.original().to_string(),
            asked: present.criterion.clone(),
            answer: present.answer.clone(),
            attribution: present.attribution.clone(),
            is_stale: present.is_stale,
            is_contradicted: !present.contradictions.is_empty() || 0 < present.contradictions_left_out,
            is_contested: !present.contests.is_empty() || 0 < present.contests_left_out,
            site: site.cloned(),
        })
    }
}

const fn kind(kind: Kind) -> FeedKind {
    match kind {
        Kind::AgainstIfObserved => FeedKind::AgainstIfObserved,
        Kind::Context => FeedKind::Context,
    }
}

/// Whether it was seen, by this answer or by one that contradicts it: nobody hides what was seen by not seeing it.
fn is_observed(present: &PresentAnswer) -> bool {
    let said = |given: &Option<Answer>| {
        let given = given.as_ref().and_then(|given| given.answer.as_ref());
        matches!(given, Some(answer::Answer::Observed(())))
    };
    said(&present.answer) || present.contradictions.iter().any(|other| said(&other.answer))
}

/// What speaks against a criterion first, then in the order of the criteria, the latest day first; as much as an answer
/// shows, and how much of it was left out.
pub(crate) fn shown(mut words: Vec<OtherWord>) -> (Vec<OtherWord>, u32) {
    words.sort_by_cached_key(|word| {
        let day = word.attribution.as_ref().map(|said| said.assessed_to.clone());
        (!word.speaks_against, place(word), Reverse(day))
    });
    let found = words.len();
    let mut of_criterion: BTreeMap<u32, usize> = BTreeMap::new();
    words.retain(|word| {
        let before = of_criterion.entry(place(word)).or_default();
        *before += 1;
        *before <= OTHERS_OF_CRITERION_MAX
    });
    words.truncate(OTHERS_MAX);
    let left_out = u32::try_from(found - words.len()).unwrap_or(u32::MAX);
    (words, left_out)
}

fn place(word: &OtherWord) -> u32 {
    word.criterion.as_ref().map_or(u32::MAX, |criterion| criterion.place)
}
