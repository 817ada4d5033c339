//! A report as Markdown: `CommonMark` with the tables of GitHub's.

use core::fmt::Write;

use super::document::{Block, Document, Span, Table, Text};
use super::escape::visible;

const TAKES: &str = "a String takes everything";

pub(super) fn markdown(document: &Document) -> String {
    let mut out = String::new();
    writeln!(out, "# {}", inline(&document.title)).expect(TAKES);
    for block in &document.blocks {
        out.push('\n');
        write_block(&mut out, block);
    }
    out
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(level, text) => {
            writeln!(out, "{} {}", "#".repeat(level.depth()), inline(text)).expect(TAKES);
        }
        Block::Paragraph(text) => writeln!(out, "{}", inline(text)).expect(TAKES),
        Block::Note(text) => writeln!(out, "> {}", inline(text)).expect(TAKES),
        Block::List(items) => {
            for item in items {
                writeln!(out, "- {}", inline(item)).expect(TAKES);
            }
        }
        Block::Table(table) | Block::Chart(table, _) => write_table(out, table),
    }
}

fn write_table(out: &mut String, table: &Table) {
    if !table.caption.is_empty() {
        writeln!(out, "{}\n", inline(&table.caption)).expect(TAKES);
    }
    write_row(out, &table.header);
    writeln!(out, "|{}", " --- |".repeat(table.header.len())).expect(TAKES);
    for row in &table.rows {
        write_row(out, row);
    }
}

fn write_row(out: &mut String, cells: &[Text]) {
    out.push('|');
    for cell in cells {
        write!(out, " {} |", inline(cell)).expect(TAKES);
    }
    out.push('\n');
}

fn inline(text: &Text) -> String {
    let mut line = String::new();
    for span in text.spans() {
        match span {
            Span::Strong(words) => {
                line.push_str("**");
                push_escaped(&mut line, words.trim());
                line.push_str("**");
            }
            Span::Code(words) if words.bytes().all(is_plain) => write!(line, "`{words}`").expect(TAKES),
            Span::Ours(words) | Span::Said(words) | Span::Code(words) => push_escaped(&mut line, words),
        }
    }
    line.trim().to_owned()
}

/// What means nothing between backticks, in a table neither.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'.' | b':' | b'/' | b'+' | b'=')
}

/// Writes words so that none of them means anything to a reader of Markdown.
///
/// `<`, `>` and `&` are written as entities, since a reader that knows nothing of backslashes still knows those. Of what
/// is left, everything that begins or ends something anywhere has a backslash in front, but where it cannot: a hyphen
/// between two letters or digits, a dot and a colon between two digits or where a sentence ends or goes on, a closing
/// parenthesis. So ids, days and sentences stay legible, no number begins a list, and no address becomes a link.
fn push_escaped(line: &mut String, words: &str) {
    let shown = visible(words);
    let mut before = line.chars().last();
    let mut characters = shown.chars().peekable();
    while let Some(character) = characters.next() {
        let after = characters.peek().copied();
        let between = |is: fn(&char) -> bool| before.is_some_and(|c| is(&c)) && after.is_some_and(|c| is(&c));
        match character {
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '&' => line.push_str("&amp;"),
            '-' if between(char::is_ascii_alphanumeric) => line.push('-'),
            '.' | ':' if between(char::is_ascii_digit) => line.push(character),
            '.' if !is_number(line) && ends_a_sentence(before, after) => line.push('.'),
            ')' if !is_number(line) => line.push(')'),
            ':' if before.is_some_and(|c| !c.is_whitespace()) && after == Some(' ') => line.push(':'),
            ',' | ';' | '\'' | '"' | '%' | '/' | '?' | '(' => line.push(character),
            _ if character.is_ascii_punctuation() => {
                line.push('\\');
                line.push(character);
            }
            _ if character.is_whitespace() => line.push(' '),
            _ => line.push(character),
        }
        before = Some(character);
    }
}

/// Whether a line so far is a number, as one that begins an item of a list.
fn is_number(line: &str) -> bool {
    line.trim_start().bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a dot stands behind something and before a space or nothing. Behind a `w`, an address may go on in the words
/// that follow.
fn ends_a_sentence(before: Option<char>, after: Option<char>) -> bool {
    let ends = |before: char| !before.is_whitespace() && !matches!(before, 'w' | 'W' | '.');
    before.is_some_and(ends) && after.is_none_or(|after| after == ' ')
}
