//! What every page has around what it shows: the language, as of when, links that keep both, and small things that are shown
//! everywhere alike.

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use event::Timestamp;
use fluent_bundle::{FluentArgs, FluentValue};
use rpc::view::{PartyName, SiteName};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::Kit;
use crate::asked::{AT, AsOf, PAGE, Query};
use crate::assets;
use crate::door::POLICY_WITH_WASM;
use crate::followers::Followers;
use crate::language::Language;
use crate::pages::log::spoken::Spoken;
use crate::session::{Sessions, SignedIn};
use crate::sources::Sources;
use crate::trouble::Trouble;

/// Asked again every time: what is true of the present changes.
pub(crate) const NO_CACHE: &str = "no-cache";

/// Kept for a day without asking: it stays true, and only another version of the portal writes it otherwise.
pub(crate) const KEPT: &str = "max-age=86400, immutable";

/// What handlers share.
#[derive(Debug)]
pub struct Portal {
    /// Where it asks.
    pub sources: Sources,
    /// What the operator lets it show besides.
    pub kit: Kit,
    /// Who is signed in.
    pub(crate) sessions: Sessions,
    /// Room for proofs that are verified here.
    pub proofs: Arc<Semaphore>,
    /// Who follows something.
    pub(crate) followers: Arc<Followers>,
}

/// What is around a page, and how whoever asks reads.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    /// In which language.
    pub language: Language,
    /// The path behind the language.
    pub path: String,
    /// What was asked.
    pub query: Query,
    /// As of when.
    pub as_of: AsOf,
    /// The `ETag` of what whoever asks has already.
    pub seen: Option<String>,
    /// Who asks, if he is signed in.
    pub reader: Option<Arc<SignedIn>>,
}

/// A party or a site by its name and its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Named {
    /// Its id.
    pub id: String,
    /// What it calls itself; empty where that is not known.
    pub name: String,
}

/// Where in the stream something was said, by whom and when: what stands beside every fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Said {
    /// Who said it.
    pub by: Named,
    /// The statement, in hexadecimal.
    pub statement_id: String,
    /// Its position in the stream.
    pub position: u64,
    /// When it was admitted, in milliseconds since 1970.
    pub admitted_at_unix_ms: i64,
}

impl From<PartyName> for Named {
    fn from(party: PartyName) -> Self {
        Self {
            id: party.party_id,
            name: party.name,
        }
    }
}

impl From<SiteName> for Named {
    fn from(site: SiteName) -> Self {
        Self {
            id: site.site_id,
            name: site.name,
        }
    }
}

impl Shell {
    /// The text of this key.
    #[must_use]
    pub(crate) fn t(&self, key: &str) -> String {
        self.language.t(key)
    }

    /// The text of this key with one value in it, which is a text.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "templates pass texts and numbers as they have them"
    )]
    pub(crate) fn say(&self, key: &str, name: &'static str, value: impl ToString) -> String {
        self.language
            .say(key, &FluentArgs::from_iter([(name, value.to_string())]))
    }

    /// The text of this key with two values in it, which are texts.
    #[must_use]
    pub(crate) fn say2(&self, key: &str, one: (&'static str, &str), other: (&'static str, &str)) -> String {
        self.language.say(key, &FluentArgs::from_iter([one, other]))
    }

    /// The text of this key for so many: `$n` chooses the plural, and `$number` is the number as the language writes it.
    #[must_use]
    pub(crate) fn count<N: TryInto<u64>>(&self, key: &str, n: N) -> String {
        let n = n.try_into().unwrap_or(u64::MAX);
        let values: [(&str, FluentValue<'_>); 2] = [
            ("n", FluentValue::from(n)),
            ("number", FluentValue::from(self.language.number(n))),
        ];
        self.language.say(key, &FluentArgs::from_iter(values))
    }

    /// A whole number.
    #[must_use]
    pub(crate) fn number<N: TryInto<u64>>(&self, number: N) -> String {
        self.language.number(number.try_into().unwrap_or(u64::MAX))
    }

    /// A mass in grams, from milligrams.
    #[must_use]
    pub(crate) fn grams_of_mg<N: TryInto<i64>>(&self, mg: N) -> String {
        format!("{}\u{a0}g", self.language.decimal(mg.try_into().unwrap_or(i64::MAX), 3))
    }

    /// A mass in grams, from micrograms.
    #[must_use]
    pub(crate) fn grams_of_ug<N: TryInto<i64>>(&self, ug: N) -> String {
        format!("{}\u{a0}g", self.language.decimal(ug.try_into().unwrap_or(i64::MAX), 6))
    }

    /// A number of `10^-places`.
    #[must_use]
    pub(crate) fn decimal<N: TryInto<i64>>(&self, number: N, places: i16) -> String {
        self.language.decimal(number.try_into().unwrap_or(i64::MAX), places)
    }

    /// A share in percent, from parts per million.
    #[must_use]
    pub(crate) fn percent<N: TryInto<i64>>(&self, ppm: N) -> String {
        self.say("percent", "number", self.decimal(ppm, 4))
    }

    /// A fineness in parts per thousand, as it is stamped on bars, from parts per million.
    #[must_use]
    pub(crate) fn fineness(&self, ppm: u32) -> String {
        self.decimal(ppm, 3)
    }

    /// Why a lot deserves a second look, by the name of the kind, such as `near-capacity`; a kind that is newer than the texts
    /// is shown by that name.
    #[must_use]
    pub(crate) fn flag(&self, kind: &str) -> String {
        let key = format!("flag-{kind}");
        if self.language.has(&key) {
            self.t(&key)
        } else {
            kind.to_owned()
        }
    }

    /// A day that is written `2026-01-31`.
    #[must_use]
    pub(crate) fn date(&self, day: &str) -> String {
        self.language.date(day)
    }

    /// A month that is written `2026-01`.
    #[must_use]
    pub(crate) fn month(&self, month: &str) -> String {
        self.language.month(month)
    }

    /// An instant, for people and for programs.
    #[must_use]
    pub(crate) fn instant(&self, unix_ms: i64) -> Instant {
        let instant = Timestamp::from_unix_ms(unix_ms);
        Instant {
            text: self.language.instant(instant),
            standard: instant.to_string(),
        }
    }

    /// The instant at which clocks were read, which is no part of what an answer is known again by.
    #[must_use]
    pub(crate) fn clock(&self, unix_ms: i64) -> Clock {
        Clock(self.instant(unix_ms))
    }

    /// The address of a page, in this language and as of then.
    #[must_use]
    pub(crate) fn link(&self, path: &str) -> String {
        self.link_with(path, &Query::default())
    }

    /// The same with a query of its own.
    #[must_use]
    pub(crate) fn link_with(&self, path: &str, query: &Query) -> String {
        format!("/{}{path}{}", self.language.code(), query.with(AT, self.at()).text())
    }

    /// The same, asked with one parameter.
    #[must_use]
    pub(crate) fn link_where(&self, path: &str, name: &str, value: &str) -> String {
        self.link_with(path, &Query::default().with(name, value))
    }

    /// This page with one parameter set to another value.
    #[must_use]
    pub(crate) fn here_with(&self, name: &str, value: &str) -> String {
        self.here(&self.query.with(name, value))
    }

    /// This page with one parameter set to another value, from its first part on.
    #[must_use]
    pub(crate) fn choosing(&self, name: &str, value: &str) -> String {
        self.here(&self.query.with(name, value).with(PAGE, ""))
    }

    /// This page asked with another query.
    #[must_use]
    pub(crate) fn here(&self, query: &Query) -> String {
        format!("/{}{}{}", self.language.code(), self.path, query.text())
    }

    /// This page in another language.
    #[must_use]
    pub(crate) fn here_in(&self, language: Language) -> String {
        format!("/{}{}{}", language.code(), self.path, self.query.text())
    }

    /// Where a static file is.
    #[must_use]
    #[expect(clippy::unused_self, reason = "templates call methods only")]
    pub(crate) fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }

    /// Where all is that a module imports.
    #[expect(clippy::unused_self, reason = "templates call methods only")]
    pub(crate) fn imports(&self, name: &str) -> impl Iterator<Item = &'static str> {
        assets::imports(name)
    }

    /// Whether a path is that of this page or one above it.
    #[must_use]
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.path == path || self.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    }

    /// What was asked for under a name; empty where nothing was.
    #[must_use]
    pub(crate) fn given(&self, name: &str) -> &str {
        self.query.get(name).unwrap_or_default()
    }

    /// As of when, as it was asked for; empty for the present, and where what was asked for means nothing.
    #[must_use]
    pub(crate) fn at(&self) -> &str {
        match self.as_of {
            AsOf::Present => "",
            _ => self.given(AT),
        }
    }

    /// Whether as of when cannot be read.
    #[must_use]
    pub(crate) fn is_at_unmeant(&self) -> bool {
        AsOf::read(self.given(AT)).is_none()
    }

    /// An instant in whole seconds, as witnesses write it.
    #[must_use]
    pub(crate) fn instant_of_s(&self, unix_s: u64) -> Instant {
        self.instant(i64::try_from(unix_s).unwrap_or(i64::MAX).saturating_mul(1_000))
    }

    /// How long ago something was, in its largest unit.
    #[must_use]
    pub(crate) fn ago(&self, seconds: u64) -> String {
        let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
        match (days, hours, minutes) {
            (0, 0, 0) => self.t("ago-now"),
            (0, 0, minutes) => self.count("ago-minutes", minutes),
            (0, hours, _) => self.count("ago-hours", hours),
            (days, ..) => self.count("ago-days", days),
        }
    }

    /// A party, as a link.
    #[must_use]
    pub(crate) fn party<'a>(&self, party: &'a Named) -> Link<'a> {
        self.named("/orgs/", party)
    }

    /// A site, as a link.
    #[must_use]
    pub(crate) fn site<'a>(&self, site: &'a Named) -> Link<'a> {
        self.named("/sites/", site)
    }

    /// A file that something rests on, by its digest, as a link.
    #[must_use]
    pub(crate) fn file<'a>(&self, digest: &'a str) -> Link<'a> {
        Link {
            to: self.link(&format!("/evidence/{digest}")),
            name: "",
            code: digest,
        }
    }

    /// What the reader is called who is signed in: the name of his party, or its id.
    #[must_use]
    pub(crate) fn reader_name(&self) -> Option<String> {
        let reader = self.reader.as_ref()?;
        Some(if reader.name.is_empty() {
            reader.party.to_string()
        } else {
            reader.name.clone()
        })
    }

    /// A lot, as a link.
    #[must_use]
    pub(crate) fn lot<'a>(&self, lot_id: &'a str) -> Link<'a> {
        Link {
            to: self.link(&format!("/lots/{lot_id}")),
            name: "",
            code: lot_id,
        }
    }

    /// A statement by its id, as a link to where the log has it.
    #[must_use]
    pub(crate) fn statement<'a>(&self, statement_id: &'a str) -> Link<'a> {
        Link {
            to: self.link(&format!("/statements/{statement_id}")),
            name: "",
            code: statement_id,
        }
    }

    /// A statement by its position, as a link to its entry in the log.
    #[must_use]
    pub(crate) fn entry(&self, position: u64) -> Entry {
        Entry {
            to: self.link(&format!("/log/{}", position.saturating_sub(1))),
            position,
            title: self.t("entry-in-log"),
        }
    }

    fn named<'a>(&self, under: &str, named: &'a Named) -> Link<'a> {
        Link {
            to: self.link(&format!("{under}{}", named.id)),
            name: &named.name,
            code: &named.id,
        }
    }

    /// Who said something and when, with a link to the statement.
    #[must_use]
    pub(crate) fn said(&self, said: &Said) -> SaidBy {
        SaidBy {
            by: (!said.by.id.is_empty()).then(|| self.party(&said.by).to_string()),
            when: Some(self.instant(said.admitted_at_unix_ms)),
            entry: self.entry(said.position),
        }
    }

    /// Who said what stands at a position and when, with a link to the statement; the link alone where that is not known.
    #[must_use]
    pub(crate) fn spoken(&self, spoken: &Spoken, position: u64) -> SaidBy {
        match spoken.at(position) {
            Some(said) => self.said(said),
            None => SaidBy {
                by: None,
                when: None,
                entry: self.entry(position),
            },
        }
    }

    /// The same without who, where that stands beside it.
    #[must_use]
    pub(crate) fn spoken_then(&self, spoken: &Spoken, position: u64) -> SaidBy {
        SaidBy {
            by: None,
            ..self.spoken(spoken, position)
        }
    }

    /// Answers with a page. Who has it already is told that it is the same.
    pub(crate) fn page(&self, page: &impl Template) -> Result<Response, Trouble> {
        let html = page.render()?;
        Ok(unless_seen(
            self.seen.as_deref(),
            "text/html; charset=utf-8",
            html.into_bytes(),
        ))
    }

    /// The same for a page that runs WebAssembly of ours.
    pub(crate) fn page_with_wasm(&self, page: &impl Template) -> Result<Response, Trouble> {
        let mut response = self.page(page)?;
        let policy = HeaderValue::from_static(POLICY_WITH_WASM);
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        Ok(response)
    }

    /// Answers with what a script reads. Who has it already is told that it is the same.
    pub(crate) fn json(&self, view: &impl Serialize) -> Response {
        let json = serde_json::to_vec(view).expect("views have a JSON form");
        unless_seen(self.seen.as_deref(), "application/json", json)
    }

    /// In a language, for a page at a path.
    #[must_use]
    pub(crate) fn new(language: Language, path: &str, query: Query, headers: &HeaderMap) -> Self {
        Self {
            language,
            path: path.to_owned(),
            as_of: query.get(AT).and_then(AsOf::read).unwrap_or_default(),
            query,
            seen: headers
                .get(IF_NONE_MATCH)
                .and_then(|seen| Some(seen.to_str().ok()?.to_owned())),
            reader: None,
        }
    }

    /// The same for one who is signed in, or for nobody in particular.
    #[must_use]
    pub(crate) fn read_by(self, reader: Option<Arc<SignedIn>>) -> Self {
        Self { reader, ..self }
    }
}

/// Answers with a page that shows again what was asked, and what of it cannot be meant.
pub(crate) fn page_with_faults(page: &impl Template) -> Result<Response, Trouble> {
    let html = page.render()?;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    Ok((StatusCode::BAD_REQUEST, headers, html).into_response())
}

/// A body with its digest as `ETag`, or 304 where `seen` names that.
#[must_use]
pub(crate) fn unless_seen(seen: Option<&str>, content_type: &'static str, body: Vec<u8>) -> Response {
    unless_seen_for(seen, content_type, NO_CACHE, body)
}

/// The same, which may be kept for as long as `cache` says.
#[must_use]
pub(crate) fn unless_seen_for(
    seen: Option<&str>,
    content_type: &'static str,
    cache: &'static str,
    body: Vec<u8>,
) -> Response {
    // Weak: the same page is sent compressed in several ways, and stays the same when clocks are read again.
    let etag = format!("W/\"{}\"", digest_but_clocks(&body));
    let headers = [(ETAG, etag.clone()), (CACHE_CONTROL, cache.to_owned())];
    if seen.is_some_and(|seen| seen.split(',').any(|one| one.trim() == etag)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(CONTENT_TYPE, content_type)], body).into_response()
}

/// What stands before the instant at which clocks were read, and the first byte behind it that is not of it: in JSON, and in a page.
/// Nobody's text is the same as what stands before it, because its quotes and brackets are escaped.
const CLOCKS: [(&str, &[char]); 2] = [
    ("\"evaluated_at_unix_ms\":", &[',', '}']),
    ("<time class=\"clock\"", &['/']),
];

/// The digest of a body, but for the instant at which clocks were read: an answer that differs in that alone is no other answer to
/// whoever asks again. What follows from a clock, such as that an offer is over, is in the rest of it.
fn digest_but_clocks(body: &[u8]) -> String {
    let mut digest = Sha256::new();
    match str::from_utf8(body) {
        Ok(text) => {
            let mut rest = text;
            while let Some((before, behind)) = after_clock(rest) {
                digest.update(before);
                rest = behind;
            }
            digest.update(rest);
        }
        Err(_) => digest.update(body),
    }
    let mut digest = hex::encode(digest.finalize());
    digest.truncate(32);
    digest
}

/// What stands before and behind the first such instant in a text.
fn after_clock(text: &str) -> Option<(&str, &str)> {
    CLOCKS.iter().find_map(|(begin, ends)| {
        let (before, behind) = text.split_once(begin)?;
        Some((before, &behind[behind.find(*ends)?..]))
    })
}

/// The key of the word for a value of an enum of the wire: `STANDING_CANDIDATE` is `standing-candidate`.
#[must_use]
pub(crate) fn word_key(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

/// The language, which the door found out, goes before all handlers.
impl<S: Send + Sync> FromRequestParts<S> for Shell
where
    Arc<Portal>: FromRef<S>,
{
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        let language = parts.extensions.get::<Language>().copied().unwrap_or(Language::En);
        let query = Query::read(parts.uri.query().unwrap_or_default());
        if query.get(AT).is_some_and(|at| AsOf::read(at).is_none()) {
            return Err(Trouble::no_time(AT));
        }
        let reader = parts.extensions.get::<Arc<SignedIn>>().cloned();
        let mut shell = Self::new(language, parts.uri.path(), query, &parts.headers).read_by(reader);
        if !parts.method.is_safe() {
            shell.seen = None;
        }
        let portal = Arc::<Portal>::from_ref(state);
        portal.sources.check_come_to(shell.as_of).await?;
        Ok(shell)
    }
}

/// An instant.
#[derive(Debug, Template)]
#[template(source = "<time datetime=\"{{ standard }}\">{{ text }}</time>", ext = "html")]
pub(crate) struct Instant {
    text: String,
    standard: String,
}

/// The instant at which clocks were read.
#[derive(Debug, Template)]
#[template(
    source = "<time class=\"clock\" datetime=\"{{ self.0.standard }}\">{{ self.0.text }}</time>",
    ext = "html"
)]
pub(crate) struct Clock(Instant);

/// A thing that has a page.
#[derive(Debug, Template)]
#[template(
    source = "<a href=\"{{ to }}\">{% if name.is_empty() %}<code class=\"id\">{{ code }}</code>{% else %}<bdi>{{ name }}</bdi>{% endif %}</a>",
    ext = "html"
)]
pub(crate) struct Link<'a> {
    to: String,
    name: &'a str,
    code: &'a str,
}

/// A record of the stream, by its position, which is written as it is searched for: without anything between its digits.
#[derive(Debug, Template)]
#[template(
    source = "<a class=\"entry\" href=\"{{ to }}\" title=\"{{ title }}\">#{{ position }}</a>",
    ext = "html"
)]
pub(crate) struct Entry {
    to: String,
    position: u64,
    title: String,
}

/// Who said something, when, and where that is recorded.
#[derive(Debug, Template)]
#[template(
    source = "<span class=\"said\">{% if let Some(by) = by %}{{ by|safe }} · {% endif %}{% if let Some(when) = when %}{{ when }} · {% endif %}{{ entry }}</span>",
    ext = "html"
)]
pub(crate) struct SaidBy {
    by: Option<String>,
    when: Option<Instant>,
    entry: Entry,
}

impl HtmlSafe for Instant {}
impl HtmlSafe for Clock {}
impl HtmlSafe for Link<'_> {}
impl HtmlSafe for Entry {}
impl HtmlSafe for SaidBy {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, are_same: bool) {
        let digests = [one, other].map(|body| digest_but_clocks(body.as_bytes()));
        assert_eq!(digests[0] == digests[1], are_same, "{one} {other}");
    }

    #[test]
    fn an_answer_is_known_again_whenever_clocks_are_read() {
        let json = |at: u64, lots: u64| {
            format!("{{\"evaluated_at_unix_ms\":{at},\"b\":{{\"evaluated_at_unix_ms\":{at}}},\"lots\":{lots}}}")
        };
        check(&json(1_700_000_000_000, 7), &json(1_700_000_000_001, 7), true);
        check(&json(1_700_000_000_000, 7), &json(1_700_000_000_000, 8), false);
        let page = |at: &str, offer: &str| {
            format!("<p><time class=\"clock\" datetime=\"{at}\">{at}</time> <time datetime=\"{offer}\">x</time>")
        };
        check(&page("2026-01-31", "a"), &page("2026-02-01", "a"), true);
        check(&page("2026-01-31", "a"), &page("2026-01-31", "b"), false);
        // What somebody calls himself is no clock.
        let named = |name: &str| serde_json::to_string(&[format!("\"evaluated_at_unix_ms\":{name}")]).unwrap();
        check(&named("1"), &named("2"), false);
        check("\"evaluated_at_unix_ms\":1", "\"evaluated_at_unix_ms\":2", false);
    }
}
