//! What a report says, and what it must not say.

use tests::page::Page;
use veta::report::{Document, Gathered, Log, Tongue, full, summary};

use crate::support::{NAME, gathered, now};

/// The page's text has all of `words`, and none of `never`.
#[track_caller]
fn check(document: &Document, words: &[&str], never: &[&str]) {
    let text = Page::standing_alone(&document.to_html()).text;
    for words in words {
        assert!(text.contains(words), "{words:?} is not in: {text}");
    }
    for words in never {
        assert!(!text.contains(words), "{words:?} is in: {text}");
    }
}

#[test]
fn both_versions_say_as_of_when_and_in_which_log() {
    let now = now();
    for document in [summary(&gathered(), Tongue::En, None), full(&gathered(), Tongue::En)] {
        check(
            &document,
            &[
                NAME,
                &now,
                "position 100",
                "log.example/gold",
                "120",
                "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=",
                "CC BY-SA 4.0",
                "has seen or endorsed",
            ],
            &["No audit service", "{", "origin proven", "certified"],
        );
    }
}

#[test]
fn a_report_without_a_checkpoint_says_so() {
    for (log, words) in [
        (Log::Unreachable, "No audit service could be reached"),
        (Log::Behind, "had not come as far"),
    ] {
        let gathered = Gathered { log, ..gathered() };
        check(&summary(&gathered, Tongue::En, None), &[words], &["log.example/gold"]);
        check(&full(&gathered, Tongue::En), &[words], &["log.example/gold"]);
    }
}

#[test]
fn what_others_saw_stands_apart_and_says_that_nothing_follows() {
    for document in [summary(&gathered(), Tongue::En, None), full(&gathered(), Tongue::En)] {
        check(
            &document,
            &[
                "What others saw, asked for another purpose",
                "Nothing follows from them",
                "speaks against, stale",
                "speaks for nothing",
                "context",
                "Surveyor",
                "And 2 more.",
            ],
            // The shipped catalogue says how far it reaches, in the language of the report.
            &["what the stream does not hold"],
        );
    }
    let mut nobody = gathered();
    nobody.organization.others.clear();
    check(&summary(&nobody, Tongue::En, None), &[], &["What others saw"]);
}

#[test]
fn what_follows_and_what_was_decided_stand_side_by_side() {
    check(
        &summary(&gathered(), Tongue::En, None),
        &["These differ: “candidate” follows from the record, and the scheme decided “suspended”"],
        &[],
    );
    let mut agreed = gathered();
    agreed.organization.standing.as_mut().unwrap().decision_differs = false;
    check(&summary(&agreed, Tongue::En, None), &["suspended"], &["These differ"]);
}

#[test]
fn the_summary_keeps_to_itself_what_only_the_full_version_tells() {
    let only_full = [
        "A wall came down",
        "Not so on our side",
        "Typed wrong",
        "Nobody was hurt",
        "The road was cut",
    ];
    check(&full(&gathered(), Tongue::En), &only_full, &[]);
    check(
        &summary(&gathered(), Tongue::En, None),
        &["accident", "known", "serious"],
        &only_full,
    );
    let digest = event::key::Digest::from_bytes([0x22; 32]);
    check(
        &summary(&gathered(), Tongue::En, Some(digest)),
        &[&digest.to_string()],
        &[],
    );
}

#[test]
fn an_answer_stands_with_who_said_it_and_how_it_was_judged() {
    check(
        &full(&gathered(), Tongue::En),
        &[
            "self-reported",
            "present, contested",
            "taken back by",
            &"aa".repeat(32),
            &"ef".repeat(32),
            "Not so on our side",
            "AssessmentContested",
            // The record that contests, by its position and its statement.
            &format!("{:064x}", 45),
        ],
        &[],
    );
}

#[test]
fn what_was_never_asked_is_no_data_and_never_a_no() {
    check(
        &full(&gathered(), Tongue::En),
        &["No data, by the catalogue", "neither a no nor a yes"],
        &[],
    );
    let mut nobody = gathered();
    nobody.record.as_mut().unwrap().subjects[1] = veta::report::History::default();
    check(
        &full(&nobody, Tongue::En),
        &["No data: nobody ever assessed this."],
        &[],
    );
}

#[test]
fn questions_are_in_the_language_of_the_report_where_the_texts_are_at_hand() {
    let known = catalogue::craft_derived();
    let asked = known
        .criteria()
        .find(|criterion| criterion.module.is_some_and(|module| module.number() == 1))
        .unwrap();
    let (es, en) = (
        asked.question(catalogue::Language::Es),
        asked.question(catalogue::Language::En),
    );
    let foreign = "Are there fences | around the pits?";
    check(&full(&gathered(), Tongue::Es), &[es, foreign, "borrador"], &[en]);
    check(&full(&gathered(), Tongue::En), &[en, foreign], &[es]);
    // Another digest, another text: then the question stands as the stream holds it.
    let mut other = gathered();
    let digest = "99".repeat(32);
    other
        .organization
        .standing
        .as_mut()
        .unwrap()
        .catalogue_digest
        .clone_from(&digest);
    for assessment in &mut other.organization.latest_assessments {
        assessment.catalogue_digest.clone_from(&digest);
    }
    for history in &mut other.record.as_mut().unwrap().subjects {
        for assessment in &mut history.assessments {
            assessment.catalogue_digest.clone_from(&digest);
        }
    }
    check(&full(&other, Tongue::Es), &[en], &[es]);
}

#[test]
fn one_line_goes_through_versions_that_follow_one_another_and_no_further() {
    let lines = |gathered: &Gathered| {
        let html = full(gathered, Tongue::En).to_html();
        let points = |line: &str| line.matches(',').count();
        let lines = html.lines().filter(|line| line.starts_with("<polyline"));
        lines.map(points).collect::<Vec<_>>()
    };
    assert_eq!(lines(&gathered()), [3], "three points under one number");
    // The later version does not keep the indicator: it has another number there.
    let mut apart = gathered();
    let measured = &mut apart.record.as_mut().unwrap().subjects[0].measured;
    measured[0].measurements[0].indicator.as_mut().unwrap().number = 8;
    assert_eq!(lines(&apart), [2], "a line of two points, and a point alone");
}

#[test]
fn both_forms_say_the_same() {
    // Every word of a report's Markdown stands in its page, too.
    let document = full(&gathered(), Tongue::En);
    let page = Page::standing_alone(&document.to_html()).text;
    let markdown = document.to_markdown();
    let words = markdown
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| 3 < word.len());
    for word in words {
        assert!(page.contains(word), "{word}");
    }
}
