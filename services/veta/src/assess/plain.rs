//! What will be signed, in plain words.

use std::collections::BTreeMap;

use catalogue::{Catalogue, Language};
use event::Event;
use event::vocabulary::AssessmentSubmitted;

use super::phrases::Phrases;
use super::template::label_of;
use crate::words;

/// So many of several assessments are told one by one.
const TOLD_MAX: usize = 20;

/// Everything that one assessment says.
pub(super) fn whole(catalogue: &Catalogue, assessment: &AssessmentSubmitted, language: Language) -> String {
    let mut lines = vec![
        sentence(assessment),
        format!("under {} {}", catalogue.slug(), catalogue.version()),
    ];
    let criteria: Vec<_> = catalogue.criteria().collect();
    for finding in &assessment.findings {
        let Some(criterion) = criteria.get(usize::from(finding.criterion)) else {
            continue;
        };
        lines.push(criterion.question(language).to_owned());
        lines.push(format!("  {}", label_of(catalogue, &finding.answer, language)));
        lines.extend(finding.evidence.iter().map(|digest| format!("  SHA-256 {digest}")));
    }
    let indicators: Vec<_> = catalogue.indicators().collect();
    for measured in &assessment.measurements {
        let Some(indicator) = indicators.get(usize::from(measured.indicator)) else {
            continue;
        };
        lines.push(indicator.question(language).to_owned());
        lines.push(format!("  {} ({:?})", measured.value, indicator.unit));
    }
    let answered = assessment.findings.len() + assessment.measurements.len();
    let open = (criteria.len() + indicators.len()).saturating_sub(answered);
    if 0 < open {
        lines.push(format!("{}: {open}", Phrases::of(language).not_asked));
    }
    lines.join("\n  ")
}

/// One line for each of several.
pub(super) fn each<'a>(
    catalogue: &Catalogue,
    assessments: impl ExactSizeIterator<Item = &'a AssessmentSubmitted>,
    language: Language,
) -> String {
    let count = assessments.len();
    let head = format!(
        "{count} assessments under {} {}:",
        catalogue.slug(),
        catalogue.version()
    );
    let told = assessments
        .take(TOLD_MAX)
        .map(|assessment| format!("{} {}", sentence(assessment), tally(assessment, language)));
    let more = (TOLD_MAX < count).then(|| format!("and {} more", count - TOLD_MAX));
    let lines = [head].into_iter().chain(told).chain(more);
    lines.collect::<Vec<_>>().join("\n  ")
}

fn sentence(assessment: &AssessmentSubmitted) -> String {
    words::sentence(&Event::AssessmentSubmitted(assessment.clone()))
}

/// How often each answer was given.
fn tally(assessment: &AssessmentSubmitted, language: Language) -> String {
    let phrases = Phrases::of(language);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &assessment.findings {
        let answer = match &finding.answer {
            event::vocabulary::Answer::NotApplicable(_) => phrases.not_applicable.to_owned(),
            event::vocabulary::Answer::Count(_) => phrases.number.to_owned(),
            event::vocabulary::Answer::Words(_) => phrases.words.to_owned(),
            answer => phrases.answer(answer),
        };
        *counts.entry(answer).or_default() += 1;
    }
    let counts: Vec<_> = counts
        .iter()
        .map(|(answer, count)| format!("{answer}: {count}"))
        .collect();
    counts.join("; ")
}
