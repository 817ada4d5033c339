//! Lots: those that fit what is asked for, and those that a number names.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use rpc::custody::{BarQuery, FindLotsRequest, ListLotsRequest, LotState, RefineryLotQuery, find_lots_request};
use rpc::view::Reference;
use serde::Serialize;

use super::lot::facts::LotFacts;
use super::organizations::flag;
use crate::asked::Slice;
use crate::fields::{self, Fault, Read};
use crate::language::Language;
use crate::shell::{Portal, Shell, word_key};
use crate::trouble::{Takes, Trouble};

/// Lots on a page.
const PAGE_SIZE: u32 = 50;

/// States that a list can be narrowed to.
const STATES: [LotState; 5] = [
    LotState::Held,
    LotState::Offered,
    LotState::Transformed,
    LotState::Retired,
    LotState::Lost,
];

/// The last year that can be stamped on a bar.
pub(crate) const YEAR_MAX: u32 = 9_999;

/// What kinds of numbers name a lot.
pub(crate) const NUMBERS: [&str; 5] = ["seal", "bar", "certificate", "melt", REFINERY_LOT];

/// The kind whose numbers are a refiner's own.
const REFINERY_LOT: &str = "refinery-lot";

/// The words for states that a list can be narrowed to.
pub(crate) fn states() -> [String; 5] {
    STATES.map(|state| word_key(state.as_str_name()))
}

/// Lots that fit what was asked for, and what they are true of.
#[derive(Debug, Default, Serialize)]
pub(crate) struct LotsView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// The lots of this page. There may be none on it and yet some on the next.
    pub(crate) lots: Vec<LotFacts>,
    /// What to send for the next page; empty after the last.
    pub(crate) next_page_token: String,
}

#[derive(Template)]
#[template(path = "lots.html")]
struct Page<'a> {
    s: &'a Shell,
    /// Nothing where the form has faults.
    view: Option<&'a LotsView>,
    faults: &'a [Fault],
    states: [String; 5],
    numbers: [&'static str; 5],
}

/// The fields that say which number is looked for.
const FIND_FIELDS: [&str; 4] = ["by", "number", "whose", "year"];

impl Page<'_> {
    fn is_fault_in_find(&self) -> bool {
        FIND_FIELDS
            .iter()
            .any(|field| fields::fault(self.faults, field).is_some())
    }
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let mut read = read(&s, &portal).await?;
    if read.faults.is_empty() && read.query != s.query {
        return Ok(Redirect::to(&s.here(&read.query)).into_response());
    }
    let mut shown = None;
    if read.faults.is_empty() {
        match view(&s, &portal, Slice::of_page(&s.query, PAGE_SIZE)).await {
            Ok(view) => shown = Some(view),
            // The form is right but for the number, which can be nobody's.
            Err(Trouble::Asked(_)) if !s.given("number").trim().is_empty() => {
                read.faults.push(Fault::of("number", Takes::Register));
            }
            Err(trouble) => return Err(trouble),
        }
    }
    let page = Page {
        s: &s,
        view: shown.as_ref(),
        faults: &read.faults,
        states: states(),
        numbers: NUMBERS,
    };
    read.page(&s, &page)
}

/// What the fields of the form mean.
async fn read(s: &Shell, portal: &Portal) -> Result<Read, Trouble> {
    let mut read = Read::of(s);
    read.check("state", Takes::Offered, &state(s.given("state")));
    read.check("held", Takes::Offered, &flag(s, "held"));
    read.check("by", Takes::Offered, &by(s.given("by")));
    read.check("year", Takes::Number, &year(s.given("year")));
    for field in ["custodian", "owner"] {
        read.party(s, portal, field).await?;
    }
    read.site(s, portal, "site").await?;
    if s.given("by") == REFINERY_LOT {
        read.party(s, portal, "whose").await?;
    }
    Ok(read)
}

/// What is listed for this address.
pub(crate) async fn view(s: &Shell, portal: &Portal, slice: Slice) -> Result<LotsView, Trouble> {
    // Whatever is named, what is asked besides must mean something.
    let request = request(s, &slice)?;
    match named(s)? {
        Some(query) => found(s, portal, query, slice).await,
        None => listed(portal, request).await,
    }
}

/// What the address asks for where it names no number.
fn request(s: &Shell, slice: &Slice) -> Result<ListLotsRequest, Trouble> {
    Ok(ListLotsRequest {
        custodian_id: s.given("custodian").trim().to_owned(),
        owner_id: s.given("owner").trim().to_owned(),
        site_id: s.given("site").trim().to_owned(),
        state: state(s.given("state"))?.into(),
        on_hold: flag(s, "held")?,
        flag: s.given("flag").to_owned(),
        as_of_position: s.as_of.position(),
        as_of_unix_ms: s.as_of.unix_ms(),
        at_least_position: 0,
        page_size: slice.at_most,
        page_token: slice.token.clone(),
    })
}

async fn listed(portal: &Portal, request: ListLotsRequest) -> Result<LotsView, Trouble> {
    let answer = portal.sources.custody().list_lots(request).await?.into_inner();
    Ok(LotsView {
        position: answer.position,
        evaluated_at_unix_ms: answer.evaluated_at_unix_ms,
        lots: answer.lots.into_iter().map(LotFacts::from).collect(),
        next_page_token: answer.next_page_token,
    })
}

async fn found(s: &Shell, portal: &Portal, query: find_lots_request::Query, slice: Slice) -> Result<LotsView, Trouble> {
    let request = FindLotsRequest {
        query: Some(query),
        as_of_position: s.as_of.position(),
        as_of_unix_ms: s.as_of.unix_ms(),
        at_least_position: 0,
        page_size: slice.at_most,
        page_token: slice.token,
    };
    let answer = portal.sources.custody().find_lots(request).await?.into_inner();
    Ok(LotsView {
        position: answer.position,
        evaluated_at_unix_ms: answer.evaluated_at_unix_ms,
        lots: answer.lots.into_iter().map(LotFacts::from).collect(),
        next_page_token: answer.next_page_token,
    })
}

fn state(text: &str) -> Result<LotState, Trouble> {
    let named = |state: &LotState| word_key(state.as_str_name()) == text;
    match text {
        "" => Ok(LotState::Unspecified),
        _ => STATES.into_iter().find(named).ok_or_else(|| {
            let why = "is one of those that the form offers, such as lot-state-held";
            Trouble::unmeant("state", Takes::Offered, why)
        }),
    }
}

/// What is asked for by a number; nothing where no number is given.
fn named(s: &Shell) -> Result<Option<find_lots_request::Query>, Trouble> {
    use find_lots_request::Query;

    let (number, whose) = (s.given("number").trim().to_owned(), s.given("whose").trim().to_owned());
    let (by, year) = (by(s.given("by"))?, year(s.given("year"))?);
    if number.is_empty() {
        return Ok(None);
    }
    Ok(Some(match by {
        "" | "seal" => Query::Seal(number),
        "melt" => Query::Melt(number),
        "certificate" => Query::Certificate(Reference {
            source: whose,
            value: number,
        }),
        "bar" => Query::Bar(BarQuery {
            serial: number,
            brand: whose,
            year,
            refiner_id: String::new(),
        }),
        _ => Query::RefineryLot(RefineryLotQuery {
            number,
            refiner_id: whose,
        }),
    }))
}

fn by(text: &str) -> Result<&str, Trouble> {
    if text.is_empty() || NUMBERS.contains(&text) {
        return Ok(text);
    }
    let why = format!("is one of {}", NUMBERS.join(", "));
    Err(Trouble::unmeant("by", Takes::Offered, why))
}

fn year(text: &str) -> Result<u32, Trouble> {
    if text.trim().is_empty() {
        return Ok(0);
    }
    let year = text.trim().parse().ok().filter(|year| (1..=YEAR_MAX).contains(year));
    year.ok_or_else(|| Trouble::unmeant("year", Takes::Number, "is a year such as 2026"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use rpc::custody::find_lots_request::Query as Wanted;

    use super::*;
    use crate::asked::Query;

    fn asked(query: &str) -> Shell {
        Shell::new(Language::En, "/lots", Query::read(query), &HeaderMap::new())
    }

    #[track_caller]
    fn check(query: &str, expected: impl Into<Option<Wanted>>) {
        assert_eq!(named(&asked(query)).unwrap(), expected.into(), "{query}");
    }

    #[test]
    fn a_number_names_lots_by_its_kind() {
        check("custodian=org-1", None);
        check("by=bar&number=", None);
        check("number=+S-1+", Some(Wanted::Seal("S-1".to_owned())));
        check("by=melt&number=M-1", Some(Wanted::Melt("M-1".to_owned())));
        let certificate = Reference {
            source: "cd-ceec".to_owned(),
            value: "K-17".to_owned(),
        };
        check(
            "by=certificate&number=K-17&whose=cd-ceec",
            Some(Wanted::Certificate(certificate)),
        );
        let bar = BarQuery {
            serial: "0001".to_owned(),
            brand: "AURUM".to_owned(),
            year: 2026,
            refiner_id: String::new(),
        };
        check("by=bar&number=0001&whose=AURUM&year=2026", Some(Wanted::Bar(bar)));
        for nonsense in [
            "by=colour&number=1",
            "by=colour",
            "year=0",
            "by=bar&number=1&year=-1",
            "by=bar&number=1&year=soon",
        ] {
            let named = named(&asked(nonsense));
            assert!(matches!(named, Err(Trouble::Unmeant { .. })), "{nonsense}");
        }
        assert!(matches!(state("lot-state-melted"), Err(Trouble::Unmeant { .. })));
        assert_eq!(state("lot-state-lost").unwrap(), LotState::Lost);
    }
}
