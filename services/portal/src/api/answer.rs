//! How programs are answered: with a digest that spares the next answer, for as long as it is true, and lists part by part.

use axum::http::HeaderValue;
use axum::http::header::LINK;
use axum::response::Response;
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::PREFIX;
use crate::asked::{AsOf, CURSOR};
use crate::shell::{KEPT, NO_CACHE, Shell, unless_seen_for};

/// Part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct List<T> {
    /// What is on this part. There may be nothing on it and yet something on the next.
    pub(super) items: Vec<T>,
    /// What `cursor` is for the part after this one, with everything else unchanged; null after the last.
    #[schema(required)]
    pub(super) next: Option<String>,
    /// The stream position this is true of: that of the first part, in every part. Of entries of the log, how far its latest
    /// checkpoint goes; of checkpoints, how far the last one on this part goes; 0 where nothing in the list was recorded.
    pub(super) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970; null where nothing in the list depends on it. An answer that
    /// differs in this alone has the same `ETag`.
    #[schema(required)]
    pub(super) evaluated_at_unix_ms: Option<i64>,
}

/// Bytes, as they are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Octets {}

impl PartialSchema for Octets {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        let octets = ObjectBuilder::new().schema_type(Type::String).format(Some(format));
        octets.description(Some("Bytes, as they are.")).into()
    }
}

impl ToSchema for Octets {}

/// An answer. Where it follows from the records up to a position alone, and as of that one was asked, it stays true.
pub(super) fn told(s: &Shell, view: &impl Serialize, follows_from: Option<u64>) -> Response {
    let json = serde_json::to_vec(view).expect("views have a JSON form");
    let stays = follows_from.is_some_and(|position| s.as_of == AsOf::Position(position));
    let cache = if stays { KEPT } else { NO_CACHE };
    unless_seen_for(s.seen.as_deref(), "application/json", cache, json)
}

impl<T: Serialize> List<T> {
    /// `token` is empty after the last part.
    pub(super) fn new(items: Vec<T>, token: String, (position, evaluated_at_unix_ms): (u64, Option<i64>)) -> Self {
        Self {
            items,
            next: Some(token).filter(|token| !token.is_empty()),
            position,
            evaluated_at_unix_ms,
        }
    }

    /// With the address of the next part beside it.
    pub(super) fn told(&self, s: &Shell, follows_from: Option<u64>) -> Response {
        let mut response = told(s, self, follows_from);
        if let Some(next) = &self.next {
            let query = s.query.with(CURSOR, next).text();
            let link = format!("<{PREFIX}{}{query}>; rel=\"next\"", s.path);
            let link = HeaderValue::try_from(link).expect("paths and queries are written in ASCII");
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}
