//! Fields of forms: what a reader wrote in one, and what is wrong with it where it means nothing.

use std::str::FromStr;

use askama::Template;
use axum::response::Response;
use event::{PartyId, SiteId};

use crate::asked::{PAGE, Query};
use crate::pages::search::{self, Called};
use crate::shell::{Portal, Shell, page_with_faults};
use crate::trouble::{Takes, Trouble};

/// A field whose value means nothing, or not one thing.
#[derive(Debug, Default)]
pub(crate) struct Fault {
    /// Which.
    pub(crate) field: &'static str,
    /// What it takes.
    pub(crate) takes: &'static str,
    /// Whether it takes a name, and this one was looked for.
    pub(crate) is_name: bool,
    /// Those who bear what was written in their names.
    pub(crate) called: Called,
}

/// What was read from a form: its parameters with ids in place of names, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Read {
    /// The parameters.
    pub(crate) query: Query,
    /// The faults; none where everything means something.
    pub(crate) faults: Vec<Fault>,
}

impl Fault {
    pub(crate) fn of(field: &'static str, takes: Takes) -> Self {
        Self {
            field,
            takes: takes.name(),
            ..Self::default()
        }
    }
}

impl Read {
    pub(crate) fn of(s: &Shell) -> Self {
        Self {
            query: s.query.clone(),
            faults: Vec::new(),
        }
    }

    /// Notes a field that cannot be meant.
    pub(crate) fn check<T>(&mut self, field: &'static str, takes: Takes, read: &Result<T, Trouble>) {
        if read.is_err() {
            self.faults.push(Fault::of(field, takes));
        }
    }

    /// Reads a field that takes a party's id, or a name that one party bears.
    pub(crate) async fn party(&mut self, s: &Shell, portal: &Portal, field: &'static str) -> Result<(), Trouble> {
        let text = s.given(field).trim();
        if is_id::<PartyId>(text) || text.is_empty() {
            return Ok(());
        }
        let called = search::organizations(s, portal, text).await?;
        self.named(field, Takes::Party, called);
        Ok(())
    }

    /// The same of a site.
    pub(crate) async fn site(&mut self, s: &Shell, portal: &Portal, field: &'static str) -> Result<(), Trouble> {
        let text = s.given(field).trim();
        if is_id::<SiteId>(text) || text.is_empty() {
            return Ok(());
        }
        let called = search::sites(s, portal, text).await?;
        self.named(field, Takes::Site, called);
        Ok(())
    }

    /// The page of the form: as what was asked where all of it means something, else as what cannot be meant.
    pub(crate) fn page(&self, s: &Shell, page: &impl Template) -> Result<Response, Trouble> {
        if self.faults.is_empty() {
            return s.page(page);
        }
        page_with_faults(page)
    }

    fn named(&mut self, field: &'static str, takes: Takes, called: Called) {
        if let Some(id) = called.only() {
            self.query = self.query.with(field, id).with(PAGE, "");
            return;
        }
        self.faults.push(Fault {
            is_name: true,
            called,
            ..Fault::of(field, takes)
        });
    }
}

fn is_id<I: FromStr>(text: &str) -> bool {
    I::from_str(text).is_ok()
}

/// What is wrong with one of these fields.
pub(crate) fn fault<'a>(faults: &'a [Fault], field: &str) -> Option<&'a Fault> {
    faults.iter().find(|fault| fault.field == field)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
    use crate::language::Language;
    use crate::shell::Named;

    /// Reads a name that parties with these ids bear, and others where it is cut.
    #[track_caller]
    fn check(ids: &[&str], is_cut: bool, expected: (&str, usize)) {
        let query = Query::read("state=lot-state-held&custodian=trader&page=2");
        let shell = Shell::new(Language::En, "/lots", query, &HeaderMap::new());
        let mut read = Read::of(&shell);
        let named = |id: &&str| Named {
            id: (*id).to_owned(),
            name: "Trader".to_owned(),
        };
        let called = Called {
            found: ids.iter().map(named).collect(),
            is_cut,
        };
        read.named("custodian", Takes::Party, called);
        assert_eq!((read.query.text().as_str(), read.faults.len()), expected, "{ids:?}");
    }

    #[test]
    fn a_name_means_whoever_alone_bears_it() {
        let as_asked = "?state=lot-state-held&custodian=trader&page=2";
        check(&["org-1"], false, ("?state=lot-state-held&custodian=org-1", 0));
        check(&["org-1"], true, (as_asked, 1));
        check(&["org-1", "org-2"], false, (as_asked, 1));
        check(&[], false, (as_asked, 1));
    }
}
