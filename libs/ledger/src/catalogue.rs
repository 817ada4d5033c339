//! Rules about catalogues.

use event::vocabulary::{self, CataloguePublished, PartyKind, Slug};

use crate::Refusal;
use crate::rules::Said;
use crate::state::{Catalogue, Change, Criterion, CriterionNumber, Indicator, Ledger};

pub(crate) fn catalogue_published(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CataloguePublished,
) -> Result<Vec<Change>, Refusal> {
    if !matches!(said.kind, PartyKind::Scheme | PartyKind::Assessor) {
        return Err(Refusal::MayNotPublish);
    }
    if event.criteria.is_empty() {
        return Err(Refusal::CatalogueEmpty);
    }
    if is_repeated(event.criteria.iter().map(|criterion| &criterion.slug)) {
        return Err(Refusal::CriterionRepeated);
    }
    if is_repeated(event.indicators.iter().map(|indicator| &indicator.slug)) {
        return Err(Refusal::IndicatorRepeated);
    }
    if !event.criteria.iter().all(has_scale_of_module) {
        return Err(Refusal::ScaleOfModule);
    }
    if ledger.versions.contains(&(event.slug.clone(), event.version.clone())) {
        return Err(Refusal::CatalogueKnown);
    }
    let mut numbering = Numbering {
        superseded: superseded(ledger, said, event)?,
        next: ledger.head.numbered,
    };
    let criteria = numbering.criteria(event)?;
    let indicators = numbering.indicators(event)?;
    let digest = event.digest();
    let catalogue = Catalogue {
        by: said.party,
        slug: event.slug.clone(),
        version: event.version.clone(),
        criteria,
        indicators,
    };
    let gating = ledger.has_gates(&catalogue).then_some(Change::Gating(digest));
    let mut changes = vec![Change::Catalogue(digest, catalogue), Change::Numbered(numbering.next)];
    changes.extend(gating);
    Ok(changes)
}

/// Gives what is new a number of its own, and what replaces something the number of that.
struct Numbering<'a> {
    superseded: Option<&'a Catalogue>,
    next: u32,
}

impl Numbering<'_> {
    fn criteria(&mut self, event: &CataloguePublished) -> Result<Vec<Criterion>, Refusal> {
        let old: Vec<_> = self.superseded.iter().flat_map(|old| &old.criteria).copied().collect();
        let replaced = event.criteria.iter().map(|criterion| criterion.replaces);
        all_there_and_once(replaced, old.len())?;
        let mut criteria = Vec::with_capacity(event.criteria.len());
        for criterion in &event.criteria {
            let replaced = criterion.replaces.map(|place| old[usize::from(place)]);
            if replaced.is_some_and(|old| old.scale != criterion.scale) {
                return Err(Refusal::ReplacedOtherwise);
            }
            criteria.push(Criterion {
                number: self.number(replaced.map(|old| old.number)),
                scale: criterion.scale,
                module: criterion.module,
            });
        }
        Ok(criteria)
    }

    fn indicators(&mut self, event: &CataloguePublished) -> Result<Vec<Indicator>, Refusal> {
        let old: Vec<_> = self
            .superseded
            .iter()
            .flat_map(|old| &old.indicators)
            .copied()
            .collect();
        let replaced = event.indicators.iter().map(|indicator| indicator.replaces);
        all_there_and_once(replaced, old.len())?;
        let mut indicators = Vec::with_capacity(event.indicators.len());
        for indicator in &event.indicators {
            let replaced = indicator.replaces.map(|place| old[usize::from(place)]);
            if replaced.is_some_and(|old| old.unit != indicator.unit) {
                return Err(Refusal::ReplacedOtherwise);
            }
            indicators.push(Indicator {
                number: self.number(replaced.map(|old| old.number)),
                unit: indicator.unit,
            });
        }
        Ok(indicators)
    }

    fn number(&mut self, kept: Option<CriterionNumber>) -> CriterionNumber {
        kept.unwrap_or_else(|| {
            let number = CriterionNumber(self.next);
            self.next += 1;
            number
        })
    }
}

fn is_repeated<'a>(slugs: impl Iterator<Item = &'a Slug>) -> bool {
    let mut slugs: Vec<_> = slugs.collect();
    slugs.sort_unstable();
    slugs.windows(2).any(|pair| pair[0] == pair[1])
}

fn has_scale_of_module(criterion: &vocabulary::Criterion) -> bool {
    match criterion.module {
        Some(module) => module.takes(criterion.scale),
        None => criterion.scale != vocabulary::Scale::Scenario,
    }
}

fn superseded<'a>(
    ledger: &'a Ledger,
    said: &Said<'_>,
    event: &CataloguePublished,
) -> Result<Option<&'a Catalogue>, Refusal> {
    let Some(digest) = event.supersedes else {
        return Ok(None);
    };
    let known = ledger.catalogue(&digest).filter(|old| old.slug == event.slug);
    let old = known.ok_or(Refusal::SupersededUnknown)?;
    if old.by != said.party && said.kind != PartyKind::Scheme {
        return Err(Refusal::NotPublisher);
    }
    Ok(Some(old))
}

fn all_there_and_once(places: impl Iterator<Item = Option<u16>>, length: usize) -> Result<(), Refusal> {
    let mut places: Vec<_> = places.flatten().collect();
    places.sort_unstable();
    let is_twice = places.windows(2).any(|pair| pair[0] == pair[1]);
    if is_twice || places.last().is_some_and(|last| length <= usize::from(*last)) {
        return Err(Refusal::ReplacedUnknown);
    }
    Ok(())
}
