//! A page of HTML that is to stand alone, as a strict reader sees it.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Elements that run or fetch something, or hold what does.
const ACTING: [&str; 16] = [
    "a", "audio", "base", "embed", "form", "iframe", "image", "img", "input", "link", "object", "script", "source",
    "use", "video", "template",
];
/// Attributes that may stand in a page; none of them names anything outside of it.
const ATTRIBUTES: [&str; 23] = [
    "aria-label",
    "charset",
    "class",
    "content",
    "cx",
    "cy",
    "height",
    "http-equiv",
    "lang",
    "name",
    "points",
    "r",
    "role",
    "scope",
    "text-anchor",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// What stands in a page.
#[derive(Debug, Default)]
pub struct Page {
    /// The names of its elements, in order.
    pub elements: Vec<String>,
    /// Everything that is shown as text, styles left out.
    pub text: String,
}

impl Page {
    /// Reads a page that must be well-formed, run nothing, and name nothing outside itself.
    ///
    /// # Panics
    /// If it is not so.
    #[must_use]
    #[track_caller]
    pub fn standing_alone(html: &str) -> Self {
        assert!(html.starts_with("<!DOCTYPE html>\n"), "no page of HTML");
        let mut reader = Reader::from_str(html);
        let mut page = Self::default();
        let mut open: Vec<String> = Vec::new();
        loop {
            match reader.read_event().expect("a page is well-formed") {
                Event::Start(start) => {
                    page.take(&start);
                    open.push(start.name().0.to_owned());
                }
                Event::Empty(start) => page.take(&start),
                Event::End(_) => {
                    open.pop();
                }
                Event::Text(text) if open.last().is_some_and(|name| name == "style") => {
                    check_style(&text.xml10_content());
                }
                Event::Text(text) => page.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => page.text.push(character(&reference)),
                Event::DocType(_) => {}
                Event::Eof => break,
                other => panic!("a page holds no {other:?}"),
            }
        }
        assert!(open.is_empty(), "{open:?} is not closed");
        page
    }

    fn take(&mut self, start: &BytesStart<'_>) {
        let name = start.name().0;
        assert!(!ACTING.contains(&name), "a page holds no <{name}>");
        for attribute in start.attributes() {
            let attribute = attribute.expect("attributes are well-formed");
            let key = attribute.key.0;
            assert!(ATTRIBUTES.contains(&key), "<{name}> has no {key}");
            // What is read aloud is words, and may name anything.
            let is_words = key == "aria-label";
            assert!(
                is_words || !attribute.value.contains("://"),
                "<{name}> names {}",
                attribute.value
            );
        }
        self.elements.push(name.to_owned());
    }
}

fn check_style(style: &str) {
    for fetching in ["url(", "@import", "src", "expression", "://"] {
        assert!(!style.contains(fetching), "a style holds no {fetching}");
    }
}

fn character(reference: &BytesRef<'_>) -> char {
    if let Some(character) = reference.resolve_char_ref().expect("a reference names a character") {
        return character;
    }
    match &*reference.xml10_content() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        other => panic!("&{other}; is not of XML"),
    }
}
