//! From the words of a field to an answer, or to a text of the stream.

use event::Text;
use event::vocabulary::{Answer, Scale};

use super::report::Note;

/// Takes the place of what was cut.
const ELLIPSIS: char = '…';

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

/// `words` as a text of at most `MAX` bytes, cut if need be; and what is to be noted about it.
pub(super) fn fit<const MAX: usize>(words: &str) -> (Option<Text<MAX>>, Option<Note>) {
    let plain: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let trimmed = plain.trim();
    if trimmed.len() > MAX {
        return (Text::new(&cut(trimmed, MAX)).ok(), Some(Note::Shortened));
    }
    let note = (plain != words).then_some(Note::ControlCharacters);
    (Text::new(trimmed).ok(), note)
}

fn cut(words: &str, max: usize) -> String {
    let room = max - ELLIPSIS.len_utf8();
    let end = (0..=room)
        .rev()
        .find(|end| words.is_char_boundary(*end))
        .unwrap_or_default();
    format!("{}{ELLIPSIS}", words[..end].trim_end())
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
