//! Characters that nobody sees, made visible. Names and texts come from outside.
//!
//! A character that turns the direction of writing can make a report say the opposite of what it holds, and one of no
//! width can make two names look like one. Either is written as its number in Unicode.

use core::fmt::Write;

/// The text with every character visible that is not.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            write!(shown, "⟦U+{:04X}⟧", u32::from(character)).expect("a String takes everything");
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Controls, line and paragraph separators, what turns the direction of writing, what has no width, fillers, tags.
fn is_hidden(character: char) -> bool {
    if character.is_control() {
        return true;
    }
    matches!(
        character,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}
