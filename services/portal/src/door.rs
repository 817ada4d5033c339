//! The door: which page an address means, in which language, and what protects whoever looks at it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, ETAG, HOST, IF_NONE_MATCH,
    LOCATION, ORIGIN, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use service::clock::{Clock, SystemClock};
use service::http::Peer;
use tower_http::compression::CompressionLayer;
use tower_layer::Layer;

use crate::api;
use crate::asked::Query;
use crate::assets;
use crate::clients::Clients;
use crate::language::Language;
use crate::pages;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;
use crate::wasm;

/// Nothing from anywhere else, no script or style within a page.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for pages that run WebAssembly of ours.
pub(crate) const POLICY_WITH_WASM: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// After how many seconds one asks again while a service is away.
const RETRY_SECONDS: &str = "5";

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Sent with every answer, where it does not have its own.
const HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (
        PERMISSIONS_POLICY,
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (OPENER_POLICY, "same-origin"),
    (RESOURCE_POLICY, "same-origin"),
];

/// Everything that is answered over HTTP.
pub(crate) fn router(portal: Arc<Portal>, clients: Clients) -> Router {
    let modules = Router::new()
        .route(&format!("{}/{{digest}}/{{name}}", wasm::PREFIX), get(wasm::serve))
        .with_state(Arc::clone(&portal));
    let api = api::router().with_state(Arc::clone(&portal));
    let pages = pages::router().fallback(nothing_here).with_state(Arc::clone(&portal));
    let in_language = from_fn(move |request, next| in_language(Arc::clone(&portal), request, next)).layer(pages);
    let made = compress(Router::new().nest(api::PREFIX, api).fallback_service(in_language));
    let all = Router::new()
        .route(&format!("{}/{{digest}}/{{name}}", assets::PREFIX), get(assets::serve))
        .route("/sw.mjs", get(assets::worker))
        .merge(modules)
        .fallback_service(made);
    guard(all, clients)
}

/// Compresses what is made for one request.
pub(crate) fn compress(router: Router) -> Router {
    router.layer(CompressionLayer::new())
}

/// Counts requests, and sets the headers that every answer has.
pub(crate) fn guard(router: Router, clients: Clients) -> Router {
    let clients = Arc::new(clients);
    router.layer(from_fn(move |request, next| {
        guarded(Arc::clone(&clients), request, next)
    }))
}

async fn nothing_here() -> Trouble {
    Trouble::NotFound("no page has this address".to_owned())
}

/// Takes the language from the front of the path; sends whoever names none to the one that his browser asks for.
async fn in_language(portal: Arc<Portal>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // What is asked of a proxy, or of a server as a whole, names no page.
    if !path.starts_with('/') {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if api::is_asked(path) {
        return api::refused(Trouble::NotFound("the API has nothing at this address".to_owned()));
    }
    let Some((language, path)) = page_of(path) else {
        return to_language(request.uri(), request.headers());
    };
    let query = request.uri().query().map(str::to_owned);
    let reader = portal.sessions.of(request.headers(), SystemClock.now());
    if reader.is_some() {
        // What he has already, he may have from before he signed in.
        request.headers_mut().remove(IF_NONE_MATCH);
    }
    let shell = Shell::new(
        language,
        &path,
        Query::read(query.as_deref().unwrap_or_default()),
        request.headers(),
    )
    .read_by(reader.clone());
    let within = query.map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
    let Ok(uri) = within.parse() else {
        return troubled(&shell, &Trouble::NotFound("no page has this address".to_owned()));
    };
    *request.uri_mut() = uri;
    request.extensions_mut().insert(language);
    if let Some(reader) = &reader {
        request.extensions_mut().insert(Arc::clone(reader));
    }
    let cookies = request.headers().get_all(COOKIE).iter().cloned();
    let cookies = cookies.map(|cookie| (COOKIE, cookie)).collect();
    let mut response = next.run(request).await;
    if let Some(trouble) = told_nothing(&response) {
        let is_over = reader.is_some() && matches!(trouble, Trouble::SignIn(_));
        let shell = shell.read_by(reader.clone().filter(|_| !is_over));
        let allowed = response.headers_mut().remove(ALLOW);
        response = troubled(&shell, &trouble);
        if let Some(allowed) = allowed {
            response.headers_mut().insert(ALLOW, allowed);
        }
        if is_over {
            // The services no longer take what he signed.
            let forget = portal.sessions.close(&cookies);
            response.headers_mut().insert(SET_COOKIE, forget);
        }
    }
    if reader.is_some() || response.headers().contains_key(SET_COOKIE) {
        // It is for this reader alone, and for as long as he is signed in.
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.remove(ETAG);
    }
    response
}

/// In which language a page is asked for, and its path behind that; nothing where no language is named.
fn page_of(path: &str) -> Option<(Language, String)> {
    let within = path.strip_prefix('/')?;
    let (first, rest) = within.split_once('/').unwrap_or((within, ""));
    Some((Language::of(first)?, format!("/{}", rest.trim_end_matches('/'))))
}

/// Why there is no page, where the answer does not say so to a reader: what a handler found, or the server before it.
fn told_nothing(response: &Response) -> Option<Trouble> {
    if let Some(trouble) = response.extensions().get::<Trouble>() {
        return Some(trouble.clone());
    }
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_said = kind.is_some_and(|kind| !kind.starts_with(b"text/plain"));
    (!is_said && (status.is_client_error() || status.is_server_error())).then_some(Trouble::Unread(status))
}

/// What a reader is told who is refused before anything is asked. Whoever asks for no page is told the status alone.
fn refused(asked: &Uri, headers: &HeaderMap, trouble: &Trouble) -> Response {
    let Some((language, path)) = page_of(asked.path()) else {
        return trouble.status().into_response();
    };
    let shell = Shell::new(language, &path, Query::read(asked.query().unwrap_or_default()), headers);
    troubled(&shell, trouble)
}

fn to_language(asked: &Uri, headers: &HeaderMap) -> Response {
    let accepted = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|header| header.to_str().ok())
        .unwrap_or_default();
    // It begins with one slash of ours and the language, so it never names another host; what was asked for may name one before
    // its path.
    let asked = asked.path_and_query().map_or("/", PathAndQuery::as_str);
    let there = format!("/{}{asked}", Language::accepted(accepted).code());
    let Ok(there) = HeaderValue::try_from(there) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    (
        StatusCode::FOUND,
        [
            (LOCATION, there),
            (VARY, HeaderValue::from_static("accept-language")),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        ],
    )
        .into_response()
}

fn troubled(shell: &Shell, trouble: &Trouble) -> Response {
    let status = trouble.status();
    let body = pages::trouble(shell, trouble).unwrap_or_else(|_| shell.t("trouble-wrong"));
    let mut response = (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], Body::from(body)).into_response();
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    }
    response
}

/// Sets the headers that every answer has.
async fn guarded(clients: Arc<Clients>, request: Request, next: Next) -> Response {
    let mut response = admitted(&clients, request, next).await;
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Refuses who asks too fast, and what another site's page sends.
async fn admitted(clients: &Clients, mut request: Request, next: Next) -> Response {
    let is_program = api::is_asked(request.uri().path());
    let peer = request.extensions().get::<Peer>().copied();
    if let Err(seconds) = clients.admit(peer, request.headers()) {
        let mut response = if is_program {
            api::too_fast()
        } else {
            refused(request.uri(), request.headers(), &Trouble::TooFast { seconds })
        };
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
        return response;
    }
    let client = clients.client(peer, request.headers());
    request.extensions_mut().insert(api::Asks(client));
    if !is_from_elsewhere(request.method(), request.headers()) {
        return next.run(request).await;
    }
    if is_program {
        return api::refused(Trouble::OtherSite);
    }
    refused(request.uri(), request.headers(), &Trouble::OtherSite)
}

/// Whether something is to be changed, and the browser says that a page of another site asks for it: it would come with the
/// cookie of whoever looks at that page, where the browser does not keep to `SameSite`. What is not a browser says nothing of
/// the kind, and sends no cookie that it was not told to send.
fn is_from_elsewhere(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text(&FETCH_SITE) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(&ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_none() || host != text(&HOST)
}
