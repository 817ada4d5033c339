//! One box that takes anything: it says what it recognized, and leads there at once where that can only be one thing.

use std::str::FromStr;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use event::vocabulary::SHORT_TEXT_BYTES_MAX;
use event::{LotId, PartyId, SiteId, StatementId};
use futures_util::future::try_join_all;
use rpc::custody::find_lots_request::Query as Number;
use rpc::custody::{BarQuery, FindLotsRequest};
use rpc::progress::{ListOrganizationsRequest, ListSitesRequest};
use rpc::view::Reference;
use serde::Serialize;
use tonic::{Code, Status};
use utoipa::ToSchema;

use super::statement;
use crate::asked::Query;
use crate::language::Language;
use crate::shell::{Named, Portal, Shell};
use crate::trouble::Trouble;

/// Lots shown of those that one number names, and others of those that bear a name.
const SHOWN: u32 = 10;

/// What a text can be.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Recognized {
    /// The one page that it names, behind the language; empty where it names none, or several things.
    page: String,
    /// `lot`, `organization` or `site`, where it begins like an id of one and is mistyped.
    mistyped: &'static str,
    /// Whether it has the form of a statement's id, of one that the log does not have.
    is_statement: bool,
    /// The entry of the log of this number, however its digits are grouped; absent where it is no number.
    position: Option<u64>,
}

/// Lots that a number names.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LotsOfNumber)]
pub(crate) struct Hit {
    /// What it is the number of: `seal`, `certificate`, `bar` or `melt`.
    by: &'static str,
    /// The lots, the first few.
    lots: Vec<String>,
    /// Whether there are more.
    is_cut: bool,
    /// What was looked for, as the list of lots is asked for it.
    #[serde(skip)]
    query: Query,
}

/// Those with every word of a text in their names.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Called {
    /// The first few.
    pub(crate) found: Vec<Named>,
    /// Whether there are more.
    pub(crate) is_cut: bool,
}

impl Called {
    /// The id of the one, where there is only one.
    pub(crate) fn only(&self) -> Option<&str> {
        match self.found.as_slice() {
            [one] if !self.is_cut => Some(&one.id),
            _ => None,
        }
    }
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchResult)]
pub(crate) struct SearchView {
    /// What was looked for.
    text: String,
    /// What it is by its form.
    recognized: Recognized,
    /// What bears it as a number.
    hits: Vec<Hit>,
    /// Organizations and other parties with it in their names.
    organizations: Called,
    /// Sites with it in their names.
    sites: Called,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a SearchView,
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = view(&s, &portal).await?;
    if !view.recognized.page.is_empty() {
        return Ok(Redirect::to(&s.link(&view.recognized.page)).into_response());
    }
    if let Some(lot) = view.one_lot() {
        return Ok(Redirect::to(&s.link(&format!("/lots/{lot}"))).into_response());
    }
    s.page(&Page { s: &s, view: &view })
}

/// What was found; nothing is looked for where the text names one page.
pub(crate) async fn view(s: &Shell, portal: &Portal) -> Result<SearchView, Trouble> {
    let text = s.given("q").trim().to_owned();
    let mut recognized = Recognized::of(&text);
    if recognized.is_statement
        && let Ok(id) = StatementId::from_str(&text.to_lowercase())
        && let Some(index) = statement::at(portal, id).await?
    {
        recognized = Recognized::at(format!("/log/{index}"));
    }
    let (hits, organizations, sites) = if recognized.page.is_empty() {
        tokio::try_join!(
            hits(s, portal, &text),
            organizations(s, portal, &text),
            sites(s, portal, &text),
        )?
    } else {
        Default::default()
    };
    Ok(SearchView {
        text,
        recognized,
        hits,
        organizations,
        sites,
    })
}

impl SearchView {
    /// The lot, where all that was found is one.
    fn one_lot(&self) -> Option<&str> {
        let lots: Vec<_> = self.hits.iter().flat_map(|hit| &hit.lots).collect();
        let is_only =
            self.recognized.position.is_none() && self.organizations.found.is_empty() && self.sites.found.is_empty();
        match lots.as_slice() {
            [lot] if is_only => Some(lot),
            _ => None,
        }
    }

    fn is_empty(&self) -> bool {
        self.hits.is_empty()
            && self.recognized.position.is_none()
            && self.organizations.found.is_empty()
            && self.sites.found.is_empty()
    }
}

impl Recognized {
    /// By the form of a text alone.
    fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let id = |prefix: &str, is_one: bool, under: &str, what: &'static str| {
            let begins = lower.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-'));
            begins.then(|| {
                if is_one {
                    Self::at(format!("{under}{lower}"))
                } else {
                    Self {
                        mistyped: what,
                        ..Self::default()
                    }
                }
            })
        };
        let known = id(LotId::PREFIX, LotId::from_str(&lower).is_ok(), "/lots/", "lot")
            .or_else(|| {
                id(
                    PartyId::PREFIX,
                    PartyId::from_str(&lower).is_ok(),
                    "/orgs/",
                    "organization",
                )
            })
            .or_else(|| id(SiteId::PREFIX, SiteId::from_str(&lower).is_ok(), "/sites/", "site"));
        if let Some(known) = known.or_else(|| Self::without_prefix(&lower)) {
            return known;
        }
        let (number, is_record) = text.strip_prefix('#').map_or((text, false), |number| (number, true));
        let position = ungrouped(number.trim());
        let position = position.filter(|position| 0 < *position && *position <= rpc::read::POSITION_MAX);
        if let (Some(position), true) = (position, is_record) {
            return Self::at(format!("/log/{}", position - 1));
        }
        Self {
            is_statement: StatementId::from_str(&lower).is_ok(),
            position,
            ..Self::default()
        }
    }

    /// An id that is typed without what it begins with: its last character fits one kind alone.
    fn without_prefix(lower: &str) -> Option<Self> {
        let lot = format!("{}-{lower}", LotId::PREFIX);
        let party = format!("{}-{lower}", PartyId::PREFIX);
        let site = format!("{}-{lower}", SiteId::PREFIX);
        if LotId::from_str(&lot).is_ok() {
            return Some(Self::at(format!("/lots/{lot}")));
        }
        if PartyId::from_str(&party).is_ok() {
            return Some(Self::at(format!("/orgs/{party}")));
        }
        SiteId::from_str(&site)
            .is_ok()
            .then(|| Self::at(format!("/sites/{site}")))
    }

    fn at(page: String) -> Self {
        Self {
            page,
            ..Self::default()
        }
    }
}

/// What a number is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked<'a> {
    /// Of what: `seal`, `certificate`, `bar` or `melt`.
    by: &'static str,
    /// Whose; empty for anybody's.
    whose: &'a str,
    /// The number itself.
    number: &'a str,
}

impl Asked<'_> {
    /// What the list of lots is asked, to name the same ones.
    fn query(self) -> Query {
        Query::default()
            .with("by", self.by)
            .with("number", self.number)
            .with("whose", self.whose)
    }
}

/// A whole number, also one whose digits are in groups of three, as some write it: `1872`, `1,872`, `1.872`, `1 872`.
fn ungrouped(text: &str) -> Option<u64> {
    let is_between = |letter: char| letter.is_whitespace() || [',', '.', '\'', '’', '_'].contains(&letter);
    let groups: Vec<_> = text.split(is_between).collect();
    let is_grouped =
        groups.len() == 1 || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    let digits = groups.concat();
    let is_number = is_grouped && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// What a text can be the number of. Of certificates and bars, whose they are may stand before it, with a colon.
fn numbers(text: &str) -> Vec<(Asked<'_>, Number)> {
    if text.is_empty() || SHORT_TEXT_BYTES_MAX < text.len() {
        return Vec::new();
    }
    let bar = |brand: &str, serial: &str| {
        Number::Bar(BarQuery {
            serial: serial.to_owned(),
            brand: brand.to_owned(),
            ..BarQuery::default()
        })
    };
    let certificate = |register: &str, number: &str| {
        Number::Certificate(Reference {
            source: register.to_owned(),
            value: number.to_owned(),
        })
    };
    let alone = |by| Asked {
        by,
        whose: "",
        number: text,
    };
    let mut numbers = vec![
        (alone("seal"), Number::Seal(text.to_owned())),
        (alone("melt"), Number::Melt(text.to_owned())),
        (alone("certificate"), certificate("", text)),
        (alone("bar"), bar("", text)),
    ];
    if let Some((whose, number)) = text
        .split_once(':')
        .filter(|(whose, number)| !whose.is_empty() && !number.is_empty())
    {
        let of = |by| Asked { by, whose, number };
        numbers.push((of("certificate"), certificate(whose, number)));
        numbers.push((of("bar"), bar(whose, number)));
    }
    numbers
}

async fn hits(s: &Shell, portal: &Portal, text: &str) -> Result<Vec<Hit>, Trouble> {
    let asked = numbers(text).into_iter().map(|(asked, number)| async move {
        let request = FindLotsRequest {
            query: Some(number),
            as_of_position: s.as_of.position(),
            as_of_unix_ms: s.as_of.unix_ms(),
            page_size: SHOWN,
            ..FindLotsRequest::default()
        };
        let Some(answer) = found(portal.sources.custody().find_lots(request).await)? else {
            return Ok::<_, Trouble>(None);
        };
        let lots: Vec<_> = answer.lots.into_iter().map(|lot| lot.lot_id).collect();
        Ok((!lots.is_empty()).then(|| Hit {
            by: asked.by,
            lots,
            is_cut: !answer.next_page_token.is_empty(),
            query: asked.query(),
        }))
    });
    Ok(try_join_all(asked).await?.into_iter().flatten().collect())
}

pub(crate) async fn organizations(s: &Shell, portal: &Portal, text: &str) -> Result<Called, Trouble> {
    if text.is_empty() {
        return Ok(Called::default());
    }
    let request = ListOrganizationsRequest {
        name_contains: text.to_owned(),
        as_of_position: s.as_of.position(),
        as_of_unix_ms: s.as_of.unix_ms(),
        page_size: SHOWN,
        ..ListOrganizationsRequest::default()
    };
    let answer = found(portal.sources.progress().list_organizations(request).await)?.unwrap_or_default();
    let named = answer.organizations.into_iter().map(|party| Named {
        id: party.party_id,
        name: party.name,
    });
    Ok(Called {
        found: named.collect(),
        is_cut: !answer.next_page_token.is_empty(),
    })
}

pub(crate) async fn sites(s: &Shell, portal: &Portal, text: &str) -> Result<Called, Trouble> {
    if text.is_empty() {
        return Ok(Called::default());
    }
    let request = ListSitesRequest {
        name_contains: text.to_owned(),
        as_of_position: s.as_of.position(),
        as_of_unix_ms: s.as_of.unix_ms(),
        page_size: SHOWN,
        ..ListSitesRequest::default()
    };
    let answer = found(portal.sources.progress().list_sites(request).await)?.unwrap_or_default();
    let named = answer.sites.into_iter().filter_map(|row| row.site).map(|site| Named {
        id: site.site_id,
        name: site.name,
    });
    Ok(Called {
        found: named.collect(),
        is_cut: !answer.next_page_token.is_empty(),
    })
}

/// What was answered; nothing where what was asked for cannot be such a number or name.
fn found<T>(answer: Result<tonic::Response<T>, Status>) -> Result<Option<T>, Trouble> {
    match answer {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(status) if matches!(status.code(), Code::InvalidArgument | Code::NotFound) => Ok(None),
        Err(status) => Err(status.into()),
    }
}

impl Page<'_> {
    /// All lots that a number of one kind names.
    fn all(&self, hit: &Hit) -> String {
        self.s.link_with("/lots", &hit.query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Recognized) {
        assert_eq!(&Recognized::of(text), expected, "{text:?}");
    }

    #[test]
    fn what_is_typed_is_recognized_by_its_form() {
        let lot = LotId::from_bytes([7; 16]).to_string();
        let mistyped = format!(
            "{}{}",
            &lot[..lot.len() - 1],
            if lot.ends_with('0') { '1' } else { '0' }
        );
        let nothing = Recognized::default;
        check(&lot, &Recognized::at(format!("/lots/{lot}")));
        check(&lot.to_uppercase(), &Recognized::at(format!("/lots/{lot}")));
        check(
            &mistyped,
            &Recognized {
                mistyped: "lot",
                ..nothing()
            },
        );
        let party = PartyId::from_bytes([7; 16]).to_string();
        check(&party, &Recognized::at(format!("/orgs/{party}")));
        check(
            "site-7",
            &Recognized {
                mistyped: "site",
                ..nothing()
            },
        );
        for (prefix, page) in [(LotId::PREFIX, "lots"), (PartyId::PREFIX, "orgs")] {
            let id = if prefix == LotId::PREFIX { &lot } else { &party };
            let bare = &id[prefix.len() + 1..];
            check(&bare.to_uppercase(), &Recognized::at(format!("/{page}/{id}")));
        }
        check("#1", &Recognized::at("/log/0".to_owned()));
        for written in ["#1872", "#1,872", "#1.872", "# 1 872", "#1\u{202f}872"] {
            check(written, &Recognized::at("/log/1871".to_owned()));
        }
        for written in ["1,885", "1.885", "1 885"] {
            let position = Some(1885);
            check(written, &Recognized { position, ..nothing() });
        }
        check(
            "1885",
            &Recognized {
                position: Some(1885),
                ..nothing()
            },
        );
        check(
            &"ab".repeat(32),
            &Recognized {
                is_statement: true,
                ..nothing()
            },
        );
        for other in [
            "",
            "#0",
            "#",
            "1,88",
            "1,,885",
            "1885,000,0",
            ",885",
            "2026.01",
            "0",
            "S-12",
            "18446744073709551615",
            "lots",
            "..//evil.example",
            "organic",
        ] {
            check(other, &nothing());
        }
    }

    #[test]
    fn whose_a_number_is_stands_before_a_colon() {
        let kinds = |text: &str| numbers(text).iter().map(|(asked, _)| asked.by).collect::<Vec<_>>();
        let alone = ["seal", "melt", "certificate", "bar"];
        assert_eq!(kinds("S-1"), alone);
        assert_eq!(kinds("DEMO:1"), [&alone[..], &["certificate", "bar"]].concat());
        assert_eq!(kinds(":1"), alone);
        let (asked, _) = numbers("DEMO:1").pop().expect("a bar of a brand");
        assert_eq!(asked.query().text(), "?by=bar&number=1&whose=DEMO");
        assert!(kinds(&"x".repeat(SHORT_TEXT_BYTES_MAX + 1)).is_empty());
    }
}
