//! No name can mean anything to whoever reads a report: each comes out as the words that it is.

use catalogue::Language;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use tests::page::Page;
use veta::report::{Block, Document, Level, Picture, Shade, Table, Text, code, ours, said, strong};

/// Names that were thought of.
const NAMES: [&str; 35] = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "<!-- ",
    "]]>",
    "&lt;b&gt; &amp; &#60;",
    "[here](https://example.org)",
    "![](https://example.org/x.png)",
    "<https://example.org>",
    "https://example.org and www.example.org and a@example.org",
    "www.",
    "javascript:alert(1)",
    "a | b",
    "a \\| b",
    "\\",
    "`code` and ``more``",
    "**bold** _under_ ~~gone~~ ==marked==",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "> quote",
    "---",
    "===",
    ": term",
    "| --- |",
    "[^1]: note",
    "$x$ :smile: @name #1",
    "{{ template }} {% raw %}",
    "safe\u{202E}elppa\u{202C}",
    "two\u{200B}names\u{FEFF}\u{00AD}",
    "line\nbreak\r\u{2028}\u{2029}\u{85}\u{0}\u{7}\u{1b}[31m",
];

/// The words as they were given, as far as a reader can tell: what nobody sees is written as its number, and white space
/// is one space.
fn given(shown: &str) -> String {
    let mut words = String::new();
    let mut rest = shown;
    while let Some((before, from_number)) = rest.split_once("⟦U+") {
        let (number, after) = from_number.split_once('⟧').unwrap();
        words.push_str(before);
        words.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
        rest = after;
    }
    words.push_str(rest);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A report that has the name everywhere where words can stand.
fn everywhere(name: &str) -> Document {
    let table = || Table {
        caption: said(name),
        header: vec![said(name), code(name)],
        rows: vec![vec![said(name), code(name)]],
    };
    let bars = Picture::Bars {
        parts: vec![(said(name), Shade::Good)],
        bars: vec![(said(name), vec![3])],
    };
    Document {
        language: Language::En,
        title: said(name),
        blocks: vec![
            Block::Heading(Level::Part, said(name)),
            Block::Paragraph(said(name)),
            Block::Paragraph(ours(name)),
            Block::Note(said(name)),
            Block::List(vec![said(name), ours("ours ").and(said(name))]),
            Block::Table(table()),
            Block::Chart(table(), bars),
            Block::Paragraph(strong("end")),
        ],
    }
}

/// What a reader of Markdown makes of it, as tags, and the words between them.
fn read(markdown: &str) -> (Vec<String>, Vec<String>) {
    let (mut tags, mut words) = (Vec::new(), vec![String::new()]);
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Start(tag) => {
                let tag = match tag {
                    Tag::Table(_) => "Table".to_owned(),
                    Tag::BlockQuote(_) => "BlockQuote".to_owned(),
                    tag => format!("{tag:?}"),
                };
                tags.push(tag);
                words.push(String::new());
            }
            Event::End(_) => words.push(String::new()),
            Event::Text(text) | Event::Code(text) => words.last_mut().unwrap().push_str(&text),
            other => panic!("{other:?} in {markdown}"),
        }
    }
    let words = words
        .iter()
        .map(|words| words.trim().to_owned())
        .filter(|words| !words.is_empty());
    (tags, words.collect())
}

#[track_caller]
fn check(name: &str) {
    let (document, harmless) = (everywhere(name), everywhere("Name"));
    let (tags, words) = read(&document.to_markdown());
    let (expected_tags, _) = read(&harmless.to_markdown());
    // What a reader's typography makes of quotation marks is put back.
    let typed = |words: &str| given(words).replace(['“', '”'], "\"").replace(['‘', '’'], "'");
    let expected = typed(name);
    // Where there are no words, there is less to enclose.
    let is_blank = expected.is_empty();
    assert!(
        is_blank || tags == expected_tags,
        "{name:?}: {tags:?} in {}",
        document.to_markdown()
    );
    for words in words {
        let words = typed(&words);
        let after_ours = format!("ours {expected}");
        let known = [expected.as_str(), "end", after_ours.trim_end()];
        assert!(known.contains(&words.as_str()), "{name:?} is read as {words:?}");
    }
    let page = Page::standing_alone(&document.to_html());
    let elements = Page::standing_alone(&harmless.to_html()).elements;
    assert!(is_blank || page.elements == elements, "{name:?}: {:?}", page.elements);
}

#[test]
fn no_name_means_anything() {
    for name in NAMES {
        check(name);
    }
}

#[test]
fn a_page_shows_names_as_they_are() {
    for name in ["<b>", "a & b", "\"'", "إبراهيم", "Åsa | ½ µ"] {
        let page = Page::standing_alone(&everywhere(name).to_html());
        assert!(page.text.contains(name), "{name:?}");
    }
    let html = everywhere("safe\u{202E}elppa").to_html();
    assert!(html.contains("safe⟦U+202E⟧elppa") && !html.contains('\u{202E}'));
}

proptest! {
    #[test]
    fn no_text_means_anything(name in "\\PC{0,40}|[ -~]{0,60}|[\\-#>*_`|.:()\\[\\]!<&\\\\~=+$@{}^0-9a-w ]{0,30}") {
        check(&name);
    }

    #[test]
    fn a_text_of_any_characters_leaves_none_hidden(name in "[a<\u{200B}-\u{200F}\u{2028}-\u{202E}\u{2060}-\u{206F}\u{FEFF}]{0,20}|(?s).{0,40}") {
        let document = everywhere(&name);
        for text in [document.to_markdown(), document.to_html()] {
            let hidden = text.chars().find(|c| c.is_control() && *c != '\n');
            prop_assert_eq!(hidden, None);
            let turns = |c: char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}');
            let turning = text.chars().find(|c| turns(*c));
            prop_assert_eq!(turning, None);
        }
        let _ = Page::standing_alone(&document.to_html());
    }
}

#[test]
fn a_phrase_is_filled_by_name() {
    use veta::report::fill;
    let cases: [(&str, Text); 5] = [
        ("a {x} b", ours("a ").and(said("X")).and(ours(" b"))),
        ("{x}", said("X")),
        ("{x}{x}", said("X").and(said("X"))),
        ("a {y} b", ours("a {y} b")),
        ("", Text::default()),
    ];
    for (phrase, expected) in cases {
        let filled = fill(phrase, &[("x", said("X"))]);
        assert_eq!(filled, expected, "{phrase:?}");
    }
    // What is put in is not looked at again.
    assert_eq!(fill("{x}", &[("x", said("{x}"))]), said("{x}"));
}
