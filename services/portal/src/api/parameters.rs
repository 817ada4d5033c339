//! What can be asked, as the description of the API says it: the words that are known are those that are read.

use form_urlencoded::parse;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, Required};

use crate::asked::{AT, CURSOR, LIMIT, LIMIT_DEFAULT, LIMIT_MAX};
use crate::pages::check::asked::SHIPPED;
use crate::pages::lot::lineage::{DEPTH, DEPTH_MAX};
use crate::pages::{assessment, lots, organizations};
use crate::trouble::Trouble;

/// Characters of a cursor at most: those that services write are some 100.
const CURSOR_MAX: usize = 512;
/// Characters of every other parameter at most: names and numbers of others are no longer.
const TEXT_MAX: usize = 128;

/// Refuses values that are empty, or longer than any is.
pub(super) fn check_lengths(query: &str) -> Result<(), Trouble> {
    for (name, value) in parse(query.as_bytes()) {
        let most = if name == CURSOR { CURSOR_MAX } else { TEXT_MAX };
        if !(1..=most).contains(&value.chars().count()) {
            return Err(Trouble::Asked(format!("`{name}` has 1 to {most} characters")));
        }
    }
    Ok(())
}

/// What words of a name are.
const NAME: &str =
    "Words of their names or parts of them, in any order, whether with accents and capital letters or without.";

/// Which lot.
pub(super) enum LotNamed {}
/// Which organization.
pub(super) enum OrganizationNamed {}
/// Which site.
pub(super) enum SiteNamed {}
/// As of when.
pub(super) enum AsOfAsked {}
/// Which part of a list.
pub(super) enum SliceAsked {}
/// Which organizations, in which order.
pub(super) enum OrganizationsAsked {}
/// Which sites.
pub(super) enum SitesAsked {}
/// Which lots.
pub(super) enum LotsAsked {}
/// Which two organizations, as of when.
pub(super) enum CompareAsked {}
/// How far a lineage is followed.
pub(super) enum DepthAsked {}
/// By which of the shipped policies.
pub(super) enum PolicyAsked {}
/// What is looked for.
pub(super) enum SearchAsked {}
/// By which catalogue, about whom or what.
pub(super) enum AssessmentAsked {}
/// Whether a proof tells times.
pub(super) enum TimesAsked {}

fn query(name: &str, description: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

/// What a path names, by its id.
fn named(name: &str, description: &str) -> Vec<Parameter> {
    let id = ObjectBuilder::new().schema_type(Type::String);
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(id));
    vec![parameter.build()]
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(TEXT_MAX))
}

fn matching(pattern: &str) -> Object {
    text().pattern(Some(pattern)).build()
}

fn word(words: impl IntoIterator<Item = impl Into<serde_json::Value>>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .build()
}

fn number(least: u32, most: u32) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(most))
}

/// A parameter that is 1 or not there.
fn flag(name: &str, description: &str) -> Parameter {
    query(name, description, word(["1"]))
}

/// A parameter that may be there several times.
fn several(name: &str, description: &str, each: Object) -> Parameter {
    query(
        name,
        description,
        ArrayBuilder::new().items(each).unique_items(true).build(),
    )
}

fn instant(name: &str, description: &str) -> Parameter {
    let description = format!(
        "{description}: a day such as `2026-01-31` (its end, UTC), an instant such as `2026-01-31T12:00:00Z`, or a position of \
         the stream, from 1. The present where it is not there."
    );
    query(
        name,
        &description,
        text().examples(["2026-01-31", "2026-01-31T12:00:00Z", "1"]).build(),
    )
}

impl IntoParams for LotNamed {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        named("lot", "The lot: `lot-…`.")
    }
}

impl IntoParams for OrganizationNamed {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        named("org", "The organization: `org-…`.")
    }
}

impl IntoParams for SiteNamed {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        named("site", "The site: `site-…`.")
    }
}

impl IntoParams for AsOfAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![instant(AT, "As of when")]
    }
}

impl IntoParams for SliceAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let cursor = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(CURSOR_MAX));
        let limit = number(1, LIMIT_MAX).default(Some(LIMIT_DEFAULT.into()));
        vec![
            query(
                CURSOR,
                "`next` of the part before, with everything else unchanged; not there for the first part.",
                cursor.build(),
            ),
            query(LIMIT, "So many at most.", limit.build()),
        ]
    }
}

impl IntoParams for OrganizationsAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let standings = || word(organizations::standings());
        let mut all = vec![
            query("name", NAME, text().build()),
            query("kind", "What they do.", word(organizations::kinds())),
            query(
                "country",
                "Where they are at home, in two letters.",
                matching("^[A-Za-z]{2}$"),
            ),
            query("area", "In which area they dig, in the source's words.", text().build()),
            several("standing", "What follows from the record: one of these.", standings()),
            several("decided", "What the scheme decided last: one of these.", standings()),
            several("module", "Modules that are met: all of these.", number(1, 4).build()),
            query(
                "scenario",
                "The legitimacy scenario that applies, by its slug.",
                text().build(),
            ),
            query(
                "incidents",
                "Which incidents there are.",
                word(organizations::INCIDENTS.map(|(name, _)| name)),
            ),
            query(
                "freshness",
                "How old the newest answer is.",
                word(organizations::freshness()),
            ),
            query(
                "overdue",
                "Whether a milestone of an open plan is overdue.",
                word(["yes", "no"]),
            ),
            query(
                "sort",
                "In which order.",
                word(organizations::SORTS.map(|(name, _)| name)),
            ),
            flag("descending", "The last one first."),
        ];
        let level = |pillar: String| {
            let description = "The lowest level under this pillar: at least this.";
            query(&pillar, description, number(0, organizations::LEVEL_MAX).build())
        };
        all.extend(organizations::pillars().map(level));
        all
    }
}

impl IntoParams for SitesAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            query("name", NAME, text().build()),
            query("operator", "Who works them: `org-…`.", text().build()),
        ]
    }
}

impl IntoParams for LotsAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            query("custodian", "Who has them: `org-…`.", text().build()),
            query("owner", "Whose they are: `org-…`.", text().build()),
            query("site", "Which site gave gold to them: `site-…`.", text().build()),
            query("state", "How they stand.", word(lots::states())),
            flag("held", "Only those that are held."),
            query(
                "flag",
                "Only those with a flag of this kind, such as `near-capacity`.",
                text().build(),
            ),
            query(
                "number",
                "A number that names lots: with it, every filter above counts for nothing.",
                text().build(),
            ),
            query(
                "by",
                "What kind of number that is; a seal where it is not there.",
                word(lots::NUMBERS),
            ),
            query(
                "whose",
                "Whose number it is, anybody's where it is not there: the register of a certificate, the brand of a bar, the refiner (`org-…`) of a lot in its books.",
                text().build(),
            ),
            query("year", "The year of a bar.", number(1, lots::YEAR_MAX).build()),
        ]
    }
}

impl IntoParams for CompareAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut left = query("a", "The organization on the left: `org-…`.", text().build());
        left.required = Required::True;
        vec![
            left,
            query(
                "b",
                "The organization on the right: `org-…`; that on the left, as of another time, where it is not there.",
                text().build(),
            ),
            instant("at1", "As of when the left one"),
            instant("at2", "As of when the right one"),
        ]
    }
}

impl IntoParams for DepthAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let depth = number(1, DEPTH_MAX).default(Some(DEPTH.into())).build();
        vec![query(
            "depth",
            "How many transformations away its lineage is told.",
            depth,
        )]
    }
}

impl IntoParams for PolicyAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![query(
            "policy",
            "By which policy; where it is not there, by what counts whatever a policy says.",
            word(SHIPPED.map(|(name, _)| name)),
        )]
    }
}

impl IntoParams for SearchAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![query(
            "q",
            "An id, a number of the log, of a seal, a melt, a bar or a certificate, or words of a name in any order.",
            text().build(),
        )]
    }
}

impl IntoParams for AssessmentAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            query(
                assessment::CATALOGUE,
                "By which catalogue, by its digest. Without it, by the one that standings follow from.",
                matching("^[0-9a-f]{64}$"),
            ),
            query(
                assessment::ABOUT,
                "About whom or what: `org-…` or `site-…`, to have beside each question what stands.",
                text().build(),
            ),
        ]
    }
}

impl IntoParams for TimesAsked {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "With 1, the proof also says of every statement about the lot between which times it came.";
        vec![query("times", description, word(["0", "1"]))]
    }
}
