//! What others saw for another purpose, beside the criteria that it speaks to.

use rpc::progress::{FeedKind, OtherWord, RolledCriterion};
use serde_json::{Value, json};

use super::{answered, assurance, attribution_json, day, in_words};
use crate::print;

/// For people: criterion by criterion; with how far each is, where `rolled` has it.
pub(super) fn print(others: &[OtherWord], left_out: u32, rolled: &[RolledCriterion]) {
    if others.is_empty() {
        return;
    }
    print::line("\nWhat others saw, asked for another purpose; nothing follows from it");
    let mut criteria: Vec<_> = others.iter().filter_map(|word| word.criterion.as_ref()).collect();
    criteria.sort_by_key(|criterion| criterion.place);
    criteria.dedup_by_key(|criterion| criterion.place);
    for criterion in criteria {
        let is_this =
            |rolled: &&RolledCriterion| rolled.criterion.as_ref().is_some_and(|c| c.number == criterion.number);
        let state = rolled.iter().find(is_this).map(|rolled| {
            let state = in_words(rolled.state().as_str_name(), "CRITERION_STATE_");
            format!(" ({state})")
        });
        print::line(format_args!("{}{}", criterion.slug, state.unwrap_or_default()));
        for word in others.iter().filter(|word| word.criterion.as_ref() == Some(criterion)) {
            print::line(format_args!("  others saw: {}", told(word)));
        }
    }
    if 0 < left_out {
        print::line(format_args!("and {left_out} more"));
    }
}

/// What was seen, when, by whom, and how it speaks.
fn told(word: &OtherWord) -> String {
    let said = word.attribution.clone().unwrap_or_default();
    let asked = word.asked.clone().unwrap_or_default();
    let site = word.site.as_ref().map(|site| format!(" at {}", site.name));
    let marks = [
        (word.is_stale, ", stale"),
        (word.is_contradicted, ", contradicted that day"),
        (word.is_contested, ", contested"),
    ];
    let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
    format!(
        "{} {} {}{}, {}, {} ({}{marks}). {}",
        asked.slug,
        answered(word.answer.as_ref()),
        day(&said.assessed_to),
        site.unwrap_or_default(),
        said.by.as_ref().map(|by| by.name.as_str()).unwrap_or_default(),
        assurance(&said),
        speaks(word),
        word.note
    )
}

fn speaks(word: &OtherWord) -> &'static str {
    match word.kind() {
        _ if word.speaks_against => "speaks against",
        FeedKind::AgainstIfObserved => "does not speak for",
        FeedKind::Context | FeedKind::Unspecified => "context",
    }
}

/// For programs.
pub(super) fn json(word: &OtherWord) -> Value {
    json!({
        "criterion": word.criterion.as_ref().map(|criterion| criterion.slug.clone()),
        "kind": in_words(word.kind().as_str_name(), "FEED_KIND_"),
        "speaks_against": word.speaks_against,
        "note": word.note,
        "asked": word.asked.as_ref().map(|asked| asked.slug.clone()),
        "catalogue": word.asked.as_ref().map(|asked| asked.catalogue_slug.clone()),
        "answer": answered(word.answer.as_ref()),
        "attribution": word.attribution.as_ref().map(attribution_json),
        "is_stale": word.is_stale,
        "is_contradicted": word.is_contradicted,
        "is_contested": word.is_contested,
        "site": word.site.as_ref().map(|site| site.name.clone()),
        "site_id": word.site.as_ref().map(|site| site.site_id.clone()),
    })
}
