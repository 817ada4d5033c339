//! `veta org | site | lot | keys`: what the views say.

mod compare;
mod conduct;
mod history;
mod lot;
mod months;
mod org;
mod others;
mod site;
mod suspects;
mod trace;
mod watch;

pub use compare::compare;
pub(crate) use lot::flag_in_words;
pub use lot::{list as lots, show as lot};
pub use months::{Months, Written, balance, origin_table, production};
pub use org::{list as organizations, next_steps, show as organization};
pub use site::{list as sites, show as site};
pub use suspects::suspects;
pub use trace::{find, origins, trace};
pub use watch::Watch;

use event::Timestamp;
use inquiry::AsOf;
use rpc::progress::{Answer, Assessment, Attribution, PresentAnswer, answer};
use rpc::view::PartyName;
use serde_json::{Value, json};

use crate::import::certifications::UNDATED;

/// What every reading verb can be asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// As of which position of the stream; 0 for the present.
    pub as_of: u64,
    /// Wait until this position can be seen; 0 for no wait.
    pub at_least: u64,
    /// As of which instant, in milliseconds since 1970; 0 for the present.
    pub on_unix_ms: i64,
    /// For programs.
    pub json: bool,
}

impl Asked {
    /// Of when the answer shall be true.
    #[must_use]
    pub const fn when(self) -> AsOf {
        AsOf {
            position: self.as_of,
            at_least: self.at_least,
            unix_ms: self.on_unix_ms,
        }
    }
}

/// Rows asked for at a time.
const PAGE_SIZE: u32 = 200;

fn named(party: Option<&PartyName>) -> String {
    party.map_or_else(
        || "-".to_owned(),
        |party| format!("{} ({})", party.name, party.party_id),
    )
}

fn answered(given: Option<&Answer>) -> String {
    match given.and_then(|given| given.answer.as_ref()) {
        None => "no data".to_owned(),
        Some(answer::Answer::NotApplicable(why)) => format!("not applicable: {why}"),
        Some(answer::Answer::Pass(())) => "pass".to_owned(),
        Some(answer::Answer::Fail(())) => "fail".to_owned(),
        Some(answer::Answer::Progress(())) => "progress".to_owned(),
        Some(answer::Answer::Observed(())) => "observed".to_owned(),
        Some(answer::Answer::NoneObserved(())) => "none observed".to_owned(),
        Some(answer::Answer::Level(level)) => format!("level {level}"),
        Some(answer::Answer::Count(count)) => count.to_string(),
        Some(answer::Answer::Words(words)) => words.clone(),
    }
}

pub(crate) fn assurance(attribution: &Attribution) -> &'static str {
    use rpc::progress::AssessmentKind as Kind;
    match attribution.kind() {
        Kind::SelfReported => "self-reported",
        Kind::Implementer => "implementer",
        Kind::Monitor => "monitor",
        Kind::ThirdParty => "third party",
        Kind::Unspecified => "unknown",
    }
}

/// A value of an enum of the wire in words: `NEXT_STEP_KIND_ADOPT_PLAN` is `adopt plan`.
pub(crate) fn in_words(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix).to_lowercase().replace('_', " ")
}

pub(crate) fn instant(unix_ms: i64) -> String {
    Timestamp::from_unix_ms(unix_ms).to_string()
}

/// The last day of a period; that nobody knows it, where it is the mark for that.
fn day(assessed_to: &str) -> &str {
    if is_undated(assessed_to) {
        "unknown"
    } else {
        assessed_to
    }
}

fn is_undated(day: &str) -> bool {
    day.parse() == Ok(UNDATED)
}

/// A row of a table of present answers: question, answer, day, by whom, at which assurance, what contradicts it.
fn present_row(present: &PresentAnswer) -> [String; 6] {
    let attribution = present.attribution.clone().unwrap_or_default();
    let contradicted: Vec<_> = present
        .contradictions
        .iter()
        .map(|other| answered(other.answer.as_ref()))
        .collect();
    [
        present
            .criterion
            .as_ref()
            .map(|criterion| criterion.slug.clone())
            .unwrap_or_default(),
        answered(present.answer.as_ref()),
        format!(
            "{}{}",
            day(&attribution.assessed_to),
            if present.is_stale { ", stale" } else { "" }
        ),
        attribution.by.as_ref().map(|by| by.name.clone()).unwrap_or_default(),
        assurance(&attribution).to_owned(),
        contradicted.join("; "),
    ]
}

const PRESENT_HEADER: [&str; 6] = ["criterion", "answer", "on", "by", "assurance", "others of that day say"];

fn present_json(present: &PresentAnswer) -> Value {
    let attribution = present.attribution.clone().unwrap_or_default();
    let criterion = present.criterion.clone().unwrap_or_default();
    json!({
        "criterion": criterion.slug,
        "question": criterion.question,
        "catalogue": criterion.catalogue_slug,
        "catalogue_version": criterion.catalogue_version,
        "answer": answered(present.answer.as_ref()),
        "attribution": attribution_json(&attribution),
        "is_stale": present.is_stale,
        "contradictions": present.contradictions.iter().map(|other| answered(other.answer.as_ref())).collect::<Vec<_>>(),
        "evidence": present.evidence_digests,
    })
}

fn attribution_json(attribution: &Attribution) -> Value {
    let day = |day: &str| (!is_undated(day)).then(|| day.to_owned());
    json!({
        "by": attribution.by.as_ref().map(|by| by.name.clone()),
        "by_id": attribution.by.as_ref().map(|by| by.party_id.clone()),
        "assurance": assurance(attribution),
        "from": day(&attribution.assessed_from),
        "to": day(&attribution.assessed_to),
        "statement_id": attribution.statement_id,
        "position": attribution.position,
        "admitted_at": instant(attribution.admitted_at_unix_ms),
    })
}

fn assessment_json(assessment: &Assessment) -> Value {
    let answers = assessment.findings.iter().map(|finding| {
        let slug = finding
            .criterion
            .as_ref()
            .map(|criterion| criterion.slug.clone())
            .unwrap_or_default();
        (slug, Value::from(answered(finding.answer.as_ref())))
    });
    json!({
        "catalogue": assessment.catalogue_slug,
        "catalogue_version": assessment.catalogue_version,
        "attribution": assessment.attribution.as_ref().map(attribution_json),
        "reference": assessment.reference.as_ref().map(|reference| format!("{}:{}", reference.source, reference.value)),
        "answers": answers.collect::<serde_json::Map<_, _>>(),
    })
}
