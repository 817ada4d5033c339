//! A report as one HTML page that stands alone: styles and pictures in it, no script, nothing fetched.
//!
//! It is well-formed XML, too, so that a program can read it.

use core::fmt::Write;

use super::document::{Block, Document, Span, Table, Text};
use super::escape::visible;
use super::picture::svg;

const TAKES: &str = "a String takes everything";

/// Light and dark, from the width of a phone up, and on paper. Nothing here names anything outside the page.
const STYLE: &str = include_str!("report.css");

pub(super) fn html(document: &Document) -> String {
    let title = escaped(&plain(&document.title));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n",
        document.language,
        inline(&document.title)
    );
    for block in &document.blocks {
        write_block(&mut out, block);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(level, text) => {
            let depth = level.depth();
            writeln!(out, "<h{depth}>{}</h{depth}>", inline(text)).expect(TAKES);
        }
        Block::Paragraph(text) => writeln!(out, "<p>{}</p>", inline(text)).expect(TAKES),
        Block::Note(text) => writeln!(out, "<p class=\"note\">{}</p>", inline(text)).expect(TAKES),
        Block::List(items) => {
            out.push_str("<ul>\n");
            for item in items {
                writeln!(out, "<li>{}</li>", inline(item)).expect(TAKES);
            }
            out.push_str("</ul>\n");
        }
        Block::Table(table) => write_table(out, table),
        Block::Chart(table, picture) => {
            out.push_str("<figure>\n");
            out.push_str(&svg(picture, &plain(&table.caption)));
            write_table(out, table);
            out.push_str("</figure>\n");
        }
    }
}

fn write_table(out: &mut String, table: &Table) {
    out.push_str("<div class=\"wide\">\n<table>\n");
    if !table.caption.is_empty() {
        writeln!(out, "<caption>{}</caption>", inline(&table.caption)).expect(TAKES);
    }
    out.push_str("<thead><tr>");
    for cell in &table.header {
        write!(out, "<th scope=\"col\">{}</th>", inline(cell)).expect(TAKES);
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for cell in row {
            write!(out, "<td>{}</td>", inline(cell)).expect(TAKES);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

fn inline(text: &Text) -> String {
    let mut line = String::new();
    for span in text.spans() {
        match span {
            Span::Ours(words) => line.push_str(&escaped(words)),
            Span::Strong(words) => write!(line, "<strong>{}</strong>", escaped(words)).expect(TAKES),
            // Set apart, so that words written from right to left do not move what stands beside them.
            Span::Said(words) => write!(line, "<bdi>{}</bdi>", escaped(words)).expect(TAKES),
            Span::Code(words) => write!(line, "<code>{}</code>", escaped(words)).expect(TAKES),
        }
    }
    line
}

/// The words alone, for where no markup may stand.
pub(super) fn plain(text: &Text) -> String {
    let words = text.spans().iter().map(|span| match span {
        Span::Ours(words) | Span::Strong(words) | Span::Said(words) | Span::Code(words) => words.as_str(),
    });
    words.collect()
}

/// Words that mean nothing to a reader of HTML, between tags and in quoted attributes alike.
pub(super) fn escaped(words: &str) -> String {
    let shown = visible(words);
    let mut out = String::with_capacity(shown.len());
    for character in shown.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not characters of XML.
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            _ => out.push(character),
        }
    }
    out
}
