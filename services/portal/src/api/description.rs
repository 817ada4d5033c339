//! What the API says about itself: OpenAPI 3.1, from the handlers and from what they answer with.

use std::sync::LazyLock;

use axum::http::StatusCode;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Schema, Type};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{OpenApi as _, ToSchema};

use super::problem::{PROBLEM, Problem};
use super::{PREFIX, routes};

/// What is true of all of it.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Veta",
        description = "Everything that the pages of this portal show, for programs: nothing here needs a key, and nothing can be \
                       changed but by a signed statement.\n\n\
                       What is null or empty is not known; what was never asked is neither a yes nor a no. Words of enums are in \
                       kebab case. Masses are whole micrograms, times milliseconds since 1970 where nothing else is said. All \
                       integers stay below 2^53, and JSON numbers hold them, but for what a signer may choose freely: the \
                       `number` of a statement, the `last_number` of a key, a `count` that was answered. In `told` of an entry \
                       of the log integers are text.\n\n\
                       `at` asks as of a day, an instant or a position of the stream. Lists come in parts: `next` of one is \
                       `cursor` for the next, and the header `Link` has its address. An answer has an `ETag`; `If-None-Match` \
                       spares what has not changed. What is wrong is a problem (RFC 9457).\n\n\
                       Whoever has a receipt can ask at once for what it recorded: a service that does not know it yet is waited \
                       for, and after ten seconds the answer is 503, which is not final. What is answered 404 was not recorded \
                       when it was asked for.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/api/v1")),
    tags(
        (name = "organizations", description = "Organizations and sites, as they stood then."),
        (name = "lots", description = "Lots, where they come from, and whether they may be bought."),
        (name = "log", description = "The log, and proofs that do not need to be believed."),
        (name = "statements", description = "Submitting what was signed."),
        (name = "about", description = "What else there is to ask."),
    ),
    components(schemas(Problem))
)]
struct OfAll;

/// What every operation can answer instead.
const ALWAYS: [(StatusCode, &str); 7] = [
    (
        StatusCode::BAD_REQUEST,
        "It cannot be meant: a parameter is none of those that are known.",
    ),
    (StatusCode::NOT_FOUND, "There is no such thing, or not yet as of then."),
    (StatusCode::URI_TOO_LONG, "The query is too long."),
    (StatusCode::UNPROCESSABLE_ENTITY, "It is more than one answer holds."),
    (
        StatusCode::TOO_MANY_REQUESTS,
        "Too fast: `Retry-After` says when to ask again.",
    ),
    (
        StatusCode::BAD_GATEWAY,
        "A service answered with something that means nothing.",
    ),
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "A service does not answer now, or is not yet as far as what was asked: `Retry-After` says when to ask again.",
    ),
];

/// What those can answer besides that take a body.
const WITH_BODY: [(StatusCode, &str); 4] = [
    (StatusCode::FORBIDDEN, "It was sent from a page of another site."),
    (StatusCode::REQUEST_TIMEOUT, "The body did not come in time."),
    (StatusCode::PAYLOAD_TOO_LARGE, "The body is too long."),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another media type."),
];

/// An operation, as a page lists it.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// `GET` or `POST`.
    pub(crate) method: &'static str,
    /// The whole path.
    pub(crate) path: String,
    /// What it is for.
    pub(crate) summary: String,
}

static DESCRIBED: LazyLock<OpenApi> = LazyLock::new(|| {
    let mut described = routes(OfAll::openapi()).into_openapi();
    for item in described.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
            complete(operation);
        }
    }
    // Nothing here asks who one is.
    described.security = Some(Vec::new());
    name_items(&mut described);
    described
});

static JSON: LazyLock<Vec<u8>> =
    LazyLock::new(|| serde_json::to_vec(&*DESCRIBED).expect("a description has a JSON form"));

/// The description.
pub(super) fn json() -> &'static [u8] {
    &JSON
}

/// Every operation, by its path.
pub(crate) fn lines() -> Vec<Line> {
    let of_path = |(path, item): (&String, &utoipa::openapi::PathItem)| {
        let methods = [("GET", item.get.clone()), ("POST", item.post.clone())];
        let path = format!("{PREFIX}{path}");
        methods.into_iter().filter_map(move |(method, operation)| {
            Some(Line {
                method,
                path: path.clone(),
                summary: operation?.summary.unwrap_or_default(),
            })
        })
    };
    DESCRIBED.paths.paths.iter().flat_map(of_path).collect()
}

/// Lists name the schema of what is on them, which otherwise stands in each of them again.
fn name_items(described: &mut OpenApi) {
    let schemas = described
        .components
        .iter_mut()
        .flat_map(|components| &mut components.schemas);
    for (name, schema) in schemas {
        let (Some(of), RefOr::T(Schema::Object(list))) = (name.strip_prefix("List_"), schema) else {
            continue;
        };
        if let Some(RefOr::T(Schema::Array(items))) = list.properties.get_mut("items") {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(of).into()));
        }
    }
}

/// Says of an operation what is true of all.
fn complete(operation: &mut Operation) {
    let with_body = operation.request_body.is_some();
    let besides = WITH_BODY.iter().filter(|_| with_body);
    for (status, description) in ALWAYS.iter().chain(besides) {
        let responses = &mut operation.responses.responses;
        let status = status.as_u16().to_string();
        responses.entry(status).or_insert_with(|| problem(description).into());
    }
    let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") else {
        return;
    };
    let mut known_again = ["application/json", "text/plain"].into_iter();
    let is_known_again = known_again.any(|kind| answer.content.contains_key(kind));
    if with_body || !is_known_again {
        return;
    }
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let header = |description: &str| {
        HeaderBuilder::new()
            .schema(Some(text()))
            .description(Some(description))
            .build()
    };
    answer
        .headers
        .insert("ETag".to_owned(), header("A digest of the answer.").into());
    let lasts =
        "For how long it stays true: an answer as of a position that follows from the records alone can be kept.";
    answer.headers.insert("Cache-Control".to_owned(), header(lasts).into());
    let same = ResponseBuilder::new()
        .description("What `If-None-Match` names is still the answer.")
        .build();
    operation.responses.responses.insert("304".to_owned(), same.into());
    let seen = ParameterBuilder::new()
        .name("If-None-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The `ETag` of an answer that is known."))
        .schema(Some(text()))
        .build();
    operation.parameters.get_or_insert_default().push(seen.into());
}

fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description(description)
        .content(PROBLEM, content)
        .build()
}
