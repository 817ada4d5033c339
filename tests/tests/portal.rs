//! The portal's pages of a told story, as whoever reads them gets them: in four languages, with links that lead somewhere, inert
//! whatever anybody wrote, and light.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support {
    pub(crate) mod at_once;
    pub(crate) mod behind;
    pub(crate) mod catalogues;
    pub(crate) mod programs;
    pub(crate) mod signing_in;
    pub(crate) mod written;
}

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use event::vocabulary::MILESTONES_MAX;
use fluent_syntax::ast::{Entry, Expression, Pattern, PatternElement};
use fluent_syntax::parser::parse;
use serde_json::Value;
use tests::markup::{Answer, Element, Markup, get};
use tests::pages::{LANGUAGES, pages};
use tests::process::tell;
use tests::story::{CERTIFICATE, Story};

use support::behind::second_sale_written;
use support::signing_in::signed_in_and_looked;
use support::{at_once, catalogues, programs};

/// The most that a page and its style may weigh, compressed.
const PAGE_BYTES_MAX: usize = 50_000;
/// The most that its scripts may weigh, compressed, but for those that check and sign.
const SCRIPT_BYTES_MAX: usize = 30_000;
/// Pages whose scripts check or sign on the device.
const WITH_MUCH_SCRIPT: [&str; 5] = ["/verify", "/submit", "/submit/assessment", "/scan", "/account"];
/// How many addresses are followed from the first page on. Lists link to lists in other orders without end.
const FOLLOWED_MAX: usize = 600;
/// English texts shorter than this may stand in a page of another language: names, units, words that both have.
const TELLING_BYTES_MIN: usize = 16;

#[test]
fn every_page_of_a_story_is_whole_in_four_languages_and_inert() {
    let story = Story::tell();
    story.settle();
    second_sale_written(&story);
    let portal = &story.told.portal;
    let leaks = Leaks::read();
    for page in pages(&story.told) {
        for language in LANGUAGES {
            let path = format!("/{language}{}", page.path);
            let markup = inert(portal, &path);
            let text = markup.texts.concat();
            for fact in &page.facts {
                assert!(text.contains(fact.as_str()), "{path} does not say {fact:?}:\n{text}");
            }
            leaks.check(language, &path, &markup);
        }
        weighed(portal, &page.path);
    }
    let text = inert(portal, &format!("/en/lots/{}", story.told.lots.first))
        .texts
        .concat();
    assert!(
        text.contains("1 statement about it was refused"),
        "its double sale is not told:\n{text}"
    );
    statements_are_found(&story);
    what_is_typed_leads_on(&story);
    names_stand_for_ids(&story);
    who_and_when_stand_beside_every_entry(&story);
    the_log_is_shown_as_of_then(&story);
    longest_is_whole(&story);
    followed(portal);
    signed_in_and_looked(&story);
    programs::ask(&story);
    programs::examine(&story);
    catalogues::asked(&story);
    at_once::answered(&story);
    programs::follow_to_the_end(story);
}

/// A statement is reached by its id alone, and typed into the search, too.
fn statements_are_found(story: &Story) {
    let told = &story.told;
    let there = format!("/en/log/{}", told.declared_at - 1);
    for path in [
        format!("/en/statements/{}", told.declaration),
        format!("/en/search?q={}", told.declaration.to_uppercase()),
    ] {
        let answer = get(&told.portal, &path, &[]);
        assert_eq!((answer.status, &answer.headers["location"]), (303, &there), "{path}");
    }
    for unknown in [
        "00".repeat(32),
        "00".to_owned(),
        "%00".to_owned(),
        "..%2Flog".to_owned(),
    ] {
        let answer = get(&told.portal, &format!("/en/statements/{unknown}"), &[]);
        assert_eq!(answer.status, 404, "{unknown}: {}", answer.text());
    }
}

/// What people hold in their hands leads to what it is on, however they write it.
fn what_is_typed_leads_on(story: &Story) {
    let told = &story.told;
    let lots = &told.lots;
    let check = |typed: &str, there: &str| {
        let answer = get(&told.portal, &format!("/en/search?q={typed}"), &[]);
        let led = answer.headers.get("location").map(String::as_str);
        assert_eq!((answer.status, led), (303, Some(there)), "{typed}: {}", answer.text());
    };
    let exported = format!("/en/lots/{}", lots.exported);
    check(CERTIFICATE, &exported);
    let (_, number) = CERTIFICATE.split_once(':').expect("a register and a number in it");
    check(number, &exported);
    check(
        lots.first.trim_start_matches("lot-"),
        &format!("/en/lots/{}", lots.first),
    );
    check(
        told.organizations.amani.trim_start_matches("org-"),
        &format!("/en/orgs/{}", told.organizations.amani),
    );
    for grouped in ["%231,007", "%231.007", "%23+1+007"] {
        check(grouped, "/en/log/1006");
    }
    let nothing_typed = inert(&told.portal, "/en/search").texts.concat();
    assert!(nothing_typed.contains("What can be searched for"), "{nothing_typed}");
}

/// Whoever alone bears a name is meant by it in a form; of several one is chosen; and what means nothing is marked.
fn names_stand_for_ids(story: &Story) {
    let told = &story.told;
    let (portal, organizations) = (&told.portal, &told.organizations);
    let led = |path: String, there: String| {
        let answer = get(portal, &path, &[]);
        let to = answer.headers.get("location");
        assert_eq!((answer.status, to), (303, Some(&there)), "{path}: {}", answer.text());
    };
    led(
        "/en/lots?custodian=lac+comptoir&page=1".to_owned(),
        format!("/en/lots?custodian={}", organizations.trader),
    );
    led(
        "/fr/compare?b=esperanza&a=amani".to_owned(),
        format!("/fr/compare?a={}&b={}", organizations.amani, organizations.esperanza),
    );
    let marked = |path: &str, facts: &[&str]| {
        let answer = get(portal, path, &[]);
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
        let markup = Markup::read(answer.text());
        let wrong = markup
            .elements
            .iter()
            .find(|element| element.get("aria-invalid") == "true");
        let described = wrong.map(|element| element.get("aria-describedby").to_owned());
        let is_there = |id: &String| markup.elements.iter().any(|element| element.get("id") == id);
        assert!(
            described.as_ref().is_some_and(is_there),
            "{path} marks no field: {described:?}"
        );
        for fact in facts {
            assert!(
                answer.text().contains(fact),
                "{path} does not say {fact}:\n{}",
                answer.text()
            );
        }
    };
    marked("/en/lots?custodian=Nobody", &["None is called so", "value=\"Nobody\""]);
    marked(
        "/es/lots?site=Nobody&state=lot-state-held",
        &["Ninguno se llama así", "value=\"lot-state-held\" selected"],
    );
    marked("/en/lots?owner=m", &["Which one?", &organizations.amani]);
    marked(
        "/pt/lots?by=certificate&number=C-1&whose=Ministry",
        &["value=\"Ministry\""],
    );
    marked(
        &format!("/en/compare?a={}&b=Nobody", organizations.amani),
        &["None is called so"],
    );
    marked("/fr/lots?at=31/01/2026", &["31/01/2026"]);
}

/// No page about a thing names an entry of the log without who said it or when: a time stands before each. Only the entry up to which all
/// of a page is true is nobody's word.
fn who_and_when_stand_beside_every_entry(story: &Story) {
    let told = &story.told;
    let (lots, sites, organizations) = (&told.lots, &told.sites, &told.organizations);
    let mut count = 0;
    for path in [
        format!("/en/lots/{}", lots.first),
        format!("/en/lots/{}", lots.exported),
        format!("/en/lots/{}", lots.held),
        format!("/en/lots/{}", lots.bar),
        format!("/en/sites/{}", sites.esperanza),
        format!("/en/orgs/{}", organizations.esperanza),
    ] {
        let answer = get(&told.portal, &path, &[]);
        let html = answer.text();
        let before: Vec<_> = html.split("<a class=\"entry\"").collect();
        for before in &before[..before.len() - 1] {
            let before = before.trim_end().trim_end_matches('·').trim_end();
            let is_said = before.ends_with("</time>") || before.ends_with("True of everything up to");
            let end: String = before.chars().rev().take(160).collect();
            assert!(
                is_said,
                "{path} does not say when: {}",
                end.chars().rev().collect::<String>()
            );
            count += 1;
        }
    }
    assert!(50 < count, "{count} entries are named");
    // Who has the bar, by whose word, and since when.
    let html = get(&told.portal, &format!("/en/lots/{}", lots.bar), &[]);
    let custodian = html.text().split_once("<dt>Who has it</dt>").map(|(_, rest)| rest);
    let custodian = custodian
        .and_then(|rest| rest.split("</dd>").next())
        .unwrap_or_default();
    assert!(
        custodian.contains("signed by") && custodian.contains("</time>"),
        "{custodian}"
    );
}

/// As of an entry, the log ends there, and its checkpoint is the first that covers it, in pages and for programs.
fn the_log_is_shown_as_of_then(story: &Story) {
    let portal = &story.told.portal;
    let json = |path: &str| serde_json::from_slice::<Value>(&get(portal, path, &[]).body).unwrap();
    let sizes = |of: &Value| -> Vec<_> {
        let items = of["items"].as_array().unwrap().iter();
        items.map(|one| one["tree_size"].as_u64().unwrap()).collect()
    };
    let at = story.told.declared_at;
    let all = sizes(&json("/api/v1/log/checkpoints?limit=100"));
    let covering = *all.iter().find(|size| at <= **size).unwrap();
    let then = json(&format!("/api/v1/log?at={at}"));
    assert_eq!(then["head"]["tree_size"], covering);
    assert_ne!(json("/api/v1/log")["head"]["tree_size"], covering, "the log went on");
    let until = sizes(&json(&format!("/api/v1/log/checkpoints?at={at}&limit=100")));
    assert_eq!(until.last(), Some(&covering), "{until:?}");
    let entries = json(&format!("/api/v1/log/entries?at={at}&cursor={covering}9&limit=1"));
    assert_eq!(entries["items"][0]["position"], at, "no part of the list leads past it");
    let page = get(portal, &format!("/en/log?at={at}"), &[]);
    for text in [
        "The first checkpoint that covers it",
        &format!("/en/log/checkpoints?page={covering}&#38;at={at}"),
    ] {
        assert!(page.text().contains(text), "{text:?} is not said:\n{}", page.text());
    }
    // What is never of the past says so.
    let verify = get(portal, &format!("/en/verify?at={at}"), &[]);
    assert!(
        verify.text().contains("This page is about the present."),
        "{}",
        verify.text()
    );
}

/// A statement with every length at its limit is told to its end, in every language.
fn longest_is_whole(story: &Story) {
    let told = &story.told;
    for language in LANGUAGES {
        let answer = get(&told.portal, &format!("/{language}/statements/{}", told.longest), &[]);
        let path = answer.headers["location"].clone();
        let text = inert(&told.portal, &path).texts.concat();
        assert_eq!(text.matches("Act \"").count(), MILESTONES_MAX, "{path}:\n{text}");
        if language == LANGUAGES[0] {
            weighed(&told.portal, path.trim_start_matches("/en"));
        }
    }
}

/// Asks for a page that must be there, and must hold nothing that acts but what is the portal's own.
#[track_caller]
fn inert(portal: &str, path: &str) -> Markup {
    let answer = get(portal, path, &[]);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let html = answer.text();
    let markup = Markup::read(html);
    let scripts = markup
        .elements
        .iter()
        .filter(|element| element.name == "script")
        .count();
    assert_eq!(
        html.to_lowercase().matches("<script").count(),
        scripts,
        "{path} holds another's script"
    );
    for element in &markup.elements {
        if let Some(why) = acts(element) {
            panic!("{path} holds <{}> with {why}: {element:?}", element.name);
        }
    }
    assert!(markup.turning.is_empty(), "{path} is turned by {:?}", markup.turning);
    markup
}

/// What of an element acts that must not.
fn acts(element: &Element) -> Option<String> {
    for (name, value) in &element.attributes {
        if name.starts_with("on") || name == "style" || name == "srcdoc" {
            return Some(name.clone());
        }
        let is_address = ["href", "src", "action", "formaction", "data"].contains(&name.as_str());
        let is_of_here =
            value.starts_with(['/', '#', '?']) && !value.starts_with("//") || value.starts_with("data:image/");
        // Where somebody's published words are, is said by the catalogue that names them.
        let is_named = element.name == "a" && value.starts_with("https://");
        if is_address && !is_of_here && !is_named {
            return Some(format!("{name} {value:?}"));
        }
    }
    let is_run = element.name == "script" && element.get("type") != "application/json";
    (is_run && !element.get("src").starts_with("/static/")).then(|| "a script of its own".to_owned())
}

#[test]
fn what_acts_or_turns_is_found() {
    let check = |html: &str, expected: &[Option<&str>]| {
        let page = Markup::read(html);
        let found: Vec<_> = page.elements.iter().map(acts).collect();
        assert_eq!(
            found.iter().map(Option::as_deref).collect::<Vec<_>>(),
            expected,
            "{html}"
        );
    };
    check(
        "<p><a href=\"/en/lots?a=b\">x</a><bdi>&#60;script&#62;</bdi></p>",
        &[None, None, None],
    );
    check(
        "<script src=\"/static/0/a.mjs\"></script><script type=\"application/json\">{}</script>",
        &[None, None],
    );
    check("<script>alert(1)</script>", &[Some("a script of its own")]);
    check("<img src=\"x\" onerror=\"alert(2)\">", &[Some("onerror")]);
    check("<p style=\"\"></p>", &[Some("style")]);
    check(
        "<a href=\"javascript:alert(1)\">x</a>",
        &[Some("href \"javascript:alert(1)\"")],
    );
    check("<a href=\"//evil.example\">x</a>", &[Some("href \"//evil.example\"")]);
    check(
        "<img src=\"https://evil.example/x.png\">",
        &[Some("src \"https://evil.example/x.png\"")],
    );
    assert_eq!(
        Markup::read("<p>\u{202e}x</p><bdi>\u{202e}y</bdi>").turning,
        ["\u{202e}x"]
    );
}

/// Prints and bounds what a page weighs.
fn weighed(portal: &str, path: &str) {
    let packed = |path: &str| get(portal, path, &[("accept-encoding", "br, gzip")]).body.len();
    let path = format!("/en{path}");
    let markup = Markup::read(get(portal, &path, &[]).text());
    let page = packed(&path);
    let of = |name: &str, attribute: &str, is: &dyn Fn(&Element) -> bool| -> BTreeSet<String> {
        let named = markup
            .elements
            .iter()
            .filter(|element| element.name == name && is(element));
        named.map(|element| element.get(attribute).to_owned()).collect()
    };
    let all = |paths: &BTreeSet<String>| -> usize { paths.iter().map(|path| packed(path)).sum() };
    let style = all(&of("link", "href", &|element| element.get("rel") == "stylesheet"));
    let preloaded = of("link", "href", &|element| element.get("rel") == "modulepreload");
    let mut scripts = of("script", "src", &|element| !element.get("src").is_empty());
    // What a script imports when it needs it, and what it runs, stands in data attributes.
    let data = |begins: &str, ends: &str| -> BTreeSet<String> {
        let attributes = markup.elements.iter().flat_map(|element| &element.attributes);
        let named = attributes
            .filter(|(name, value)| name.starts_with("data-") && value.starts_with(begins) && value.ends_with(ends));
        named.map(|(_, value)| value.clone()).collect()
    };
    scripts.extend(data("/static/", ".mjs"));
    let run = with_imports(portal, scripts);
    let unused: Vec<_> = preloaded.difference(&run).collect();
    assert!(unused.is_empty(), "{path} asks for what it does not run: {unused:?}");
    let script = all(&run);
    let modules = all(&data("/wasm/", ".wasm"));
    tell(format_args!(
        "{path}: {page} B of HTML, {style} B of CSS, {script} B of JavaScript, {modules} B of WebAssembly, compressed"
    ));
    assert!(page + style <= PAGE_BYTES_MAX, "{path} is too heavy");
    let place = path.split('?').next().unwrap_or_default();
    let checks = WITH_MUCH_SCRIPT.iter().any(|with| place.ends_with(with));
    assert!(checks || script <= SCRIPT_BYTES_MAX, "{path} has too much script");
    assert!(checks || modules == 0, "{path} runs more than scripts");
}

/// Modules, and those that they import.
fn with_imports(portal: &str, mut ahead: BTreeSet<String>) -> BTreeSet<String> {
    let mut run = BTreeSet::new();
    while let Some(path) = ahead.pop_first() {
        let module = get(portal, &path, &[]);
        assert_eq!(module.status, 200, "{path}");
        let addresses = module.text().split(" from \"").skip(1);
        let imported = addresses.map(|rest| rest.split('"').next().unwrap_or_default().to_owned());
        run.insert(path);
        ahead.extend(imported.filter(|import| !run.contains(import)));
    }
    run
}

/// Follows every link of every page, as far as that goes; each must lead somewhere.
fn followed(portal: &str) {
    let mut known: BTreeMap<String, String> = BTreeMap::from([("/en".to_owned(), "the beginning".to_owned())]);
    let mut ahead = VecDeque::from(["/en".to_owned()]);
    let mut count = 0;
    while let Some(path) = ahead.pop_front() {
        if count == FOLLOWED_MAX {
            break;
        }
        count += 1;
        let answer = get(portal, &path, &[]);
        let is_there = matches!(answer.status, 200 | 302 | 303 | 307 | 308);
        assert!(
            is_there,
            "{} for {path}, which is linked from {}",
            answer.status, known[&path]
        );
        for to in linked(&answer, &path) {
            known.entry(to.clone()).or_insert_with(|| {
                ahead.push_back(to);
                path.clone()
            });
        }
    }
    tell(format_args!(
        "{count} addresses lead somewhere, {} more were not followed",
        ahead.len()
    ));
    assert!(5 < count, "links are followed");
}

/// Where one comes to from an answer, within the portal.
fn linked(answer: &Answer, path: &str) -> BTreeSet<String> {
    if let Some(to) = answer.headers.get("location") {
        return BTreeSet::from([to.clone()]);
    }
    let is_page = answer
        .headers
        .get("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"));
    if !is_page {
        return BTreeSet::new();
    }
    let markup = Markup::read(answer.text());
    let within = |to: &str| {
        let to = to.split('#').next().unwrap_or_default();
        if to.starts_with('?') {
            return Some(format!("{}{to}", path.split('?').next().unwrap_or_default()));
        }
        (to.starts_with('/') && !to.starts_with("//")).then(|| to.to_owned())
    };
    // Other languages have the same links.
    let is_here = |to: &String| {
        !["/es", "/fr", "/pt"]
            .iter()
            .any(|other| *to == *other || to.starts_with(&format!("{other}/")) || to.starts_with(&format!("{other}?")))
    };
    markup.links().filter_map(within).filter(is_here).collect()
}

/// English texts that no page of another language may hold.
struct Leaks(BTreeMap<&'static str, Vec<String>>);

impl Leaks {
    fn read() -> Self {
        let english = pieces("en");
        let of = |language: &'static str| {
            let own = pieces(language).concat();
            let telling = english
                .iter()
                .filter(|piece| TELLING_BYTES_MIN <= piece.len() && piece.contains(' '));
            (
                language,
                telling.filter(|piece| !own.contains(piece.as_str())).cloned().collect(),
            )
        };
        let leaks = BTreeMap::from(["es", "fr", "pt"].map(of));
        assert!(
            leaks.values().all(|texts: &Vec<String>| 20 < texts.len()),
            "texts are found"
        );
        Self(leaks)
    }

    fn check(&self, language: &str, path: &str, markup: &Markup) {
        let Some(english) = self.0.get(language) else { return };
        let own = markup.texts.iter().filter(|text| !markup.verbatim.contains(text));
        for text in own {
            let leaked = english.iter().find(|piece| text.contains(piece.as_str()));
            assert!(leaked.is_none(), "{path} says {leaked:?} in {text:?}");
        }
    }
}

/// The pieces of every text of a language, without what is set into them.
fn pieces(language: &str) -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../services/portal/locales")
        .join(language);
    let mut pieces = Vec::new();
    for file in fs::read_dir(directory).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        let resource = parse(source.as_str()).unwrap();
        for entry in &resource.body {
            if let Entry::Message(message) = entry {
                taken(message.value.as_ref().unwrap(), &mut pieces);
            }
        }
    }
    pieces
}

fn taken(pattern: &Pattern<&str>, into: &mut Vec<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => into.push(value.trim().to_owned()),
            PatternElement::Placeable {
                expression: Expression::Select { variants, .. },
            } => variants.iter().for_each(|variant| taken(&variant.value, into)),
            PatternElement::Placeable { .. } => {}
        }
    }
}
