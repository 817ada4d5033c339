//! From the words of a field to an answer.

use event::vocabulary::{Answer, Scale};

use crate::import::noted::Note;
use crate::import::text::fit;

/// What `words`, which are not empty, answer in `scale`; and what is to be noted about it.
pub(super) fn answer(scale: Scale, words: &str) -> (Option<Answer>, Option<Note>) {
    match scale {
        Scale::Count => unless(whole(words).map(Answer::Count), Note::NotCount),
        Scale::Words => {
            let (text, note) = fit(words);
            (text.map(Answer::Words), note)
        }
        Scale::Observation => unless(
            zero_or_one(words, Answer::NoneObserved, Answer::Observed),
            Note::NotZeroOrOne,
        ),
        Scale::PassFail | Scale::PassProgressFail | Scale::Scenario => {
            unless(zero_or_one(words, Answer::Fail, Answer::Pass), Note::NotZeroOrOne)
        }
        Scale::Level { max } => {
            let level = whole(words)
                .and_then(|level| u8::try_from(level).ok())
                .filter(|level| *level <= max);
            unless(level.map(Answer::Level), Note::NotCount)
        }
    }
}

/// A whole number, also written with decimals that are all zero, as spreadsheets do.
pub(super) fn whole(words: &str) -> Option<u64> {
    let (whole, decimals) = words.split_once('.').unwrap_or((words, ""));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) || !decimals.bytes().all(|byte| byte == b'0') {
        return None;
    }
    whole.parse().ok()
}

fn zero_or_one(words: &str, zero: Answer, one: Answer) -> Option<Answer> {
    match whole(words)? {
        0 => Some(zero),
        1 => Some(one),
        _ => None,
    }
}

fn unless(answer: Option<Answer>, note: Note) -> (Option<Answer>, Option<Note>) {
    let note = answer.is_none().then_some(note);
    (answer, note)
}
