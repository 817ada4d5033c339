//! Pages of HTML as a program reads them that follows links and looks for what must not be there. Asks servers by plain HTTP,
//! without a browser.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long one answer may take on a machine that does ten other things.
const PATIENCE: Duration = Duration::from_secs(60);
/// What turns the direction of text until an element that isolates it ends.
const TURNS: [char; 5] = ['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2067}'];
/// Elements that have no end.
const VOID: [&str; 10] = [
    "area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr",
];
/// Elements whose text holds no markup.
const RAW: [&str; 2] = ["script", "style"];
/// Elements whose text is shown as it was written.
const VERBATIM: [&str; 2] = ["pre", "textarea"];
/// Elements that isolate the direction of their text, or whose text no browser shows beside other text.
const ISOLATING: [&str; 8] = ["bdi", "code", "desc", "option", "pre", "text", "textarea", "title"];

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Its body, as it was sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    #[track_caller]
    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("text")
    }
}

/// Asks for `path` at `origin`, an address such as `http://127.0.0.1:80`. No redirect is followed.
///
/// # Panics
/// If nobody answers, or not in time, or not by HTTP.
#[must_use]
#[track_caller]
pub fn get(origin: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask("GET", origin, path, headers, b"")
}

/// Sends `body` to `path` at `origin`, as its own pages do.
///
/// # Panics
/// As [`get`].
#[must_use]
#[track_caller]
pub fn post(origin: &str, path: &str, content_type: &str, body: &str) -> Answer {
    post_with(
        origin,
        path,
        &[("origin", origin), ("content-type", content_type)],
        body,
    )
}

/// The same with headers of one's own.
///
/// # Panics
/// As [`get`].
#[must_use]
#[track_caller]
pub fn post_with(origin: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Answer {
    let body = body.as_ref();
    let length = body.len().to_string();
    let headers = [headers, &[("content-length", &length)]].concat();
    ask("POST", origin, path, &headers, body)
}

/// What is told of something that is followed: server-sent events, as they come.
#[derive(Debug)]
pub struct Events {
    /// What was answered before the first of them.
    pub answer: Answer,
    lines: Lines<BufReader<TcpStream>>,
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// What kind it is.
    pub name: String,
    /// What it says.
    pub data: String,
}

/// Follows what is at `path`.
///
/// # Panics
/// As [`get`].
#[must_use]
#[track_caller]
pub fn follow(origin: &str, path: &str, headers: &[(&str, &str)]) -> Events {
    let mut reader = BufReader::new(sent("GET", origin, path, headers, b""));
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).expect("a head in time"), 0, "a whole head");
    }
    Events {
        answer: answer_of(&head, Vec::new()),
        lines: reader.lines(),
    }
}

impl Iterator for Events {
    type Item = Event;

    /// The next one that says something; none when the answer has ended.
    fn next(&mut self) -> Option<Event> {
        let mut event = Event::default();
        loop {
            let line = self.lines.next()?.expect("an event in time");
            if line.is_empty() {
                if !event.data.is_empty() {
                    return Some(event);
                }
                event = Event::default();
            }
            let Some((name, value)) = line.split_once(": ") else {
                continue;
            };
            match name {
                "id" => value.clone_into(&mut event.id),
                "event" => value.clone_into(&mut event.name),
                "data" => value.clone_into(&mut event.data),
                _ => {}
            }
        }
    }
}

#[track_caller]
fn ask(method: &str, origin: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut bytes = Vec::new();
    sent(method, origin, path, headers, body)
        .read_to_end(&mut bytes)
        .expect("an answer in time");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let body = bytes.split_off(end + 4);
    answer_of(str::from_utf8(&bytes).expect("a head of text"), body)
}

/// A connection on which something was asked.
#[track_caller]
fn sent(method: &str, origin: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> TcpStream {
    let host = origin.strip_prefix("http://").expect("an address of plain HTTP");
    let mut stream = TcpStream::connect(host).expect("somebody listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not 0");
    // The older version ends its answers by closing, and sends them in one piece.
    let more = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let request = format!(
        "{method} {path} HTTP/1.0\r\nhost: {host}\r\n{}\r\n",
        more.collect::<String>()
    );
    stream
        .write_all(&[request.as_bytes(), body].concat())
        .expect("the request is sent");
    stream
}

#[track_caller]
fn answer_of(head: &str, body: Vec<u8>) -> Answer {
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok());
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_lowercase(), value.trim().to_owned()))
    };
    Answer {
        status: status.expect("a status"),
        headers: lines.filter_map(header).collect(),
        body,
    }
}

/// An element's beginning.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}

impl Element {
    /// An attribute, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// What stands in a page.
#[derive(Clone, Debug, Default)]
pub struct Markup {
    /// Its elements, in order.
    pub elements: Vec<Element>,
    /// Its pieces of text, in order.
    pub texts: Vec<String>,
    /// Those pieces that are shown as somebody wrote them, in whatever language.
    pub verbatim: Vec<String>,
    /// Those pieces that turn the direction of text, where nothing ends that.
    pub turning: Vec<String>,
}

impl Markup {
    /// Reads a page, as its elements are written: every value of an attribute in quotes, every element that has an end ended.
    ///
    /// # Panics
    /// If it is not so.
    #[must_use]
    #[track_caller]
    pub fn read(html: &str) -> Self {
        let mut page = Self::default();
        let mut open: Vec<String> = Vec::new();
        let mut rest = html;
        while !rest.is_empty() {
            let Some(at) = rest.find('<') else {
                page.take(rest, &open);
                break;
            };
            page.take(&rest[..at], &open);
            rest = &rest[at + 1..];
            if rest.starts_with('!') {
                rest = rest.split_once('>').expect("a declaration ends").1;
            } else if let Some(end) = rest.strip_prefix('/') {
                let (name, after) = end.split_once('>').expect("an end is closed");
                assert_eq!(open.pop().as_deref(), Some(name.trim()), "ended out of order");
                rest = after;
            } else {
                rest = page.begin(rest, &mut open);
            }
        }
        assert!(open.is_empty(), "{open:?} is not ended");
        page
    }

    fn take(&mut self, text: &str, open: &[String]) {
        let text = unescaped(text);
        if text.trim().is_empty() {
            return;
        }
        let is_isolated = open.iter().any(|name| ISOLATING.contains(&name.as_str()));
        if !is_isolated && text.contains(TURNS) {
            self.turning.push(text.clone());
        }
        if open.iter().any(|name| VERBATIM.contains(&name.as_str())) {
            self.verbatim.push(text.clone());
        }
        self.texts.push(text);
    }

    /// Reads an element's beginning; what follows it.
    fn begin<'a>(&mut self, from: &'a str, open: &mut Vec<String>) -> &'a str {
        let end = from
            .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
            .expect("a name ends");
        let name = from[..end].to_lowercase();
        assert!(
            name.starts_with(|c: char| c.is_ascii_lowercase()),
            "<{name} begins nothing"
        );
        let (attributes, is_empty, mut rest) = attributes(&from[end..]);
        self.elements.push(Element {
            name: name.clone(),
            attributes,
        });
        if RAW.contains(&name.as_str()) {
            rest = rest.split_once(&format!("</{name}>")).expect("a script ends").1;
        } else if !is_empty && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
        rest
    }

    /// The addresses that one comes to from here by a click, or that the page itself fetches.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let of = |element: &Element| !matches!((element.name.as_str(), element.get("method")), ("form", "post"));
        self.elements
            .iter()
            .filter(move |element| of(element))
            .flat_map(|element| {
                ["href", "src", "action"]
                    .into_iter()
                    .map(|name| element.get(name))
                    .filter(|to| !to.is_empty())
            })
    }
}

/// The attributes of an element, whether it ends itself, and what follows it.
fn attributes(from: &str) -> (BTreeMap<String, String>, bool, &str) {
    let mut found = BTreeMap::new();
    let mut rest = from.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix("/>") {
            return (found, true, after);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (found, false, after);
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == '>')
            .expect("an attribute's name ends");
        let name = rest[..end].to_lowercase();
        assert!(
            !name.is_empty() && !name.contains(['"', '\'', '<']),
            "{name:?} names no attribute"
        );
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix("=\"") {
            (value, rest) = after.split_once('"').expect("a value is closed");
        } else {
            assert!(!rest.starts_with('='), "the value of {name} has no quotes");
        }
        assert!(found.insert(name, unescaped(value)).is_none(), "an attribute twice");
        rest = rest.trim_start();
    }
}

/// Text as it is shown. Whatever stands for a character is written as askama or a template of ours writes it.
fn unescaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        shown.push_str(before);
        let (name, behind) = after.split_once(';').unwrap_or(("", after));
        if let Some(character) = character(name) {
            shown.push(character);
            rest = behind;
        } else {
            shown.push('&');
            rest = after;
        }
    }
    shown + rest
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_page_is_told_apart() {
        let page = Markup::read(
            "<!DOCTYPE html>\n<p class=\"a\" hidden>1 &lt; 2 &amp; <a href=\"/en?a=b&amp;c=&#34;\">x</a><br>\
             <bdi>\u{202e}&#60;script&#62;</bdi>\u{202e}y</p><script src=\"/s\"><p></script><input name=\"q\"/>",
        );
        let names: Vec<_> = page.elements.iter().map(|element| element.name.as_str()).collect();
        assert_eq!(names, ["p", "a", "br", "bdi", "script", "input"]);
        assert_eq!(page.texts, ["1 < 2 & ", "x", "\u{202e}<script>", "\u{202e}y"]);
        assert_eq!(page.turning, ["\u{202e}y"]);
        assert_eq!(page.links().collect::<Vec<_>>(), ["/en?a=b&c=\"", "/s"]);
        assert!(page.elements[0].attributes.contains_key("hidden"));
    }
}
