//! From the words of a field to a text of the stream.

use event::Text;

use super::noted::Note;

/// Takes the place of what was cut.
const ELLIPSIS: char = '…';

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
