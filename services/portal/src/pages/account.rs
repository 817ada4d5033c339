//! Who is signed in, and how one signs in: with the key on the reader's device, or with a file of keys at a terminal. No password
//! is anywhere. And what only who is signed in sees: who looked at the party's files.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use event::SignedRequest;
use event::request::{Challenge, SIGNED_REQUEST_BYTES_MAX};
use rpc::evidence::{
    Access, AccessesInSession, DescribeEvidenceRequest, Digests, FilesInSession, ListAccessesRequest,
    describe_evidence_request, list_accesses_request,
};
use serde::Serialize;
use service::clock::{Clock, SystemClock};
use tonic::Code;
use wording::IdKind;

use crate::api;
use crate::asked::AsOf;
use crate::language::Language;
use crate::session::{self, NotSignedIn, SignedIn};
use crate::shell::{Named, Portal, Shell, word_key};
use crate::told::Names;
use crate::trouble::Trouble;
use crate::wasm::Wasm;

/// The longest form that signs in: a signed request in hexadecimal, with white space around it.
const FORM_BYTES_MAX: usize = 2 * SIGNED_REQUEST_BYTES_MAX + 1_024;

pub(super) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/account", get(show))
        .route("/account/challenge", post(draw))
        .route(
            "/account/sign-in",
            post(by_script).layer(DefaultBodyLimit::max(SIGNED_REQUEST_BYTES_MAX)),
        )
        .route(
            "/account/sign-in/terminal",
            get(terminal).post(by_hand).layer(DefaultBodyLimit::max(FORM_BYTES_MAX)),
        )
        .route("/account/sign-out", post(sign_out))
        .route("/account/accesses", get(accesses))
}

#[derive(Template)]
#[template(path = "account.html")]
struct Page<'a> {
    s: &'a Shell,
    /// Where the module is that signs; none where the operator has not put it in place.
    module: Option<String>,
    deployment: String,
    /// Where programs ask.
    api: &'static str,
    /// Whether one can sign in at the address that was asked.
    can_sign_in: bool,
    /// Where else; none where nowhere.
    elsewhere: Option<String>,
}

async fn show(s: Shell, State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Result<Response, Trouble> {
    if let Some(reader) = &s.reader {
        hold(&portal, &reader.session).await?;
    }
    let here = session::here(portal.kit.public_url.as_ref(), &headers);
    let page = Page {
        s: &s,
        module: portal.kit.signer.as_ref().map(Wasm::path),
        deployment: portal.sources.deployment().await?.deployment_id,
        api: api::PREFIX,
        can_sign_in: session::can_sign_in(&here, &headers),
        elsewhere: here.first().map(ToString::to_string),
    };
    s.page_with_wasm(&page)
}

/// What the script signs.
#[derive(Serialize)]
struct Drawn {
    challenge: Challenge,
}

/// When it is signed, the device says by its own clock: a time that is asked for could lie ahead.
async fn draw(State(portal): State<Arc<Portal>>) -> Response {
    let challenge = portal.sessions.draw(session::random(), SystemClock.now());
    ([(CACHE_CONTROL, "no-store")], axum::Json(Drawn { challenge })).into_response()
}

/// Why the script did not sign in, in the reader's words.
#[derive(Serialize)]
struct Refused {
    reason: &'static str,
    text: String,
}

/// Takes a signed request as its bytes.
async fn by_script(s: Shell, State(portal): State<Arc<Portal>>, headers: HeaderMap, bytes: Bytes) -> Response {
    match sign_in(&portal, &headers, &bytes).await {
        Ok(cookie) => (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response(),
        Err(why) => {
            let reason = why.name();
            let text = s.t(&format!("account-no-{reason}"));
            let said = axum::Json(Refused { reason, text });
            (status_of(&why), [(CACHE_CONTROL, "no-store")], said).into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct Terminal<'a> {
    s: &'a Shell,
    /// Why the last request did not sign in; empty at first.
    why: String,
    /// For which site the key signs.
    audience: String,
    challenge: String,
    can_sign_in: bool,
}

/// How one signs in without a script: what is to be signed, and where what was signed goes.
async fn terminal(s: Shell, State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Result<Response, Trouble> {
    terminal_page(&s, &portal, &headers, String::new())
}

fn terminal_page(s: &Shell, portal: &Portal, headers: &HeaderMap, why: String) -> Result<Response, Trouble> {
    let here = session::here(portal.kit.public_url.as_ref(), headers);
    let mut response = s.page(&Terminal {
        s,
        why,
        audience: here.first().map_or_else(String::new, ToString::to_string),
        challenge: portal.sessions.draw(session::random(), SystemClock.now()).to_string(),
        can_sign_in: session::can_sign_in(&here, headers),
    })?;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The field of the form, a signed request in hexadecimal.
const SIGNED: &str = "signed";

async fn by_hand(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    form: Bytes,
) -> Result<Response, Trouble> {
    let given = form_urlencoded::parse(&form).find(|(name, _)| name == SIGNED);
    let digits: String = given.iter().flat_map(|(_, digits)| digits.split_whitespace()).collect();
    match sign_in(&portal, &headers, &hex::decode(digits).unwrap_or_default()).await {
        Ok(cookie) => Ok(to_account(&s, cookie)),
        Err(why) => {
            let text = s.t(&format!("account-no-{}", why.name()));
            let mut response = terminal_page(&s, &portal, &headers, text)?;
            *response.status_mut() = status_of(&why);
            Ok(response)
        }
    }
}

async fn sign_out(s: Shell, State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    to_account(&s, portal.sessions.close(&headers))
}

fn to_account(s: &Shell, cookie: HeaderValue) -> Response {
    let there = s.link("/account");
    (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie)], [(LOCATION, there)]).into_response()
}

fn status_of(why: &NotSignedIn) -> StatusCode {
    match why {
        NotSignedIn::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::FORBIDDEN,
    }
}

/// Signs in by a request, which is checked here for being meant for this site and now, and by the door to evidence for what its
/// key may do. The answer is a cookie.
async fn sign_in(portal: &Portal, headers: &HeaderMap, bytes: &[u8]) -> Result<HeaderValue, NotSignedIn> {
    let signed = SignedRequest::decode(bytes)?;
    let away = |status: tonic::Status| NotSignedIn::Away(Trouble::from(status).to_string());
    let known = portal.sources.deployment().await.map_err(away)?;
    let deployment = known
        .deployment_id
        .parse()
        .map_err(|_| NotSignedIn::Away("ingest names a deployment that is none".to_owned()))?;
    let here = session::here(portal.kit.public_url.as_ref(), headers);
    let now = SystemClock.now();
    let request = portal.sessions.check(&signed, deployment, &here, now)?;
    match asked_nothing(portal, bytes).await {
        Ok(()) => {}
        Err(status) if matches!(status.code(), Code::Unauthenticated | Code::PermissionDenied) => {
            return Err(NotSignedIn::Refused(
                rpc::status::reason_of(&status).unwrap_or_default(),
            ));
        }
        Err(status) => return Err(away(status)),
    }
    let party = (IdKind::Party, request.party().to_string());
    let names = portal
        .sources
        .names(&BTreeSet::from([party.clone()]), AsOf::Present)
        .await;
    let signed_in = SignedIn {
        party: request.party(),
        name: names.of(&party.1).to_owned(),
        key: request.key(),
        until: session::ends_at(&request),
        session: bytes.to_vec(),
    };
    tracing::info!(reader.party = %signed_in.party, "Somebody signed in for {}", signed_in.party);
    Ok(portal.sessions.open(signed_in, session::random(), now))
}

/// Whether a session still holds, says the door to evidence, which is asked about no file.
async fn hold(portal: &Portal, session: &[u8]) -> Result<(), Trouble> {
    Ok(asked_nothing(portal, session).await?)
}

async fn asked_nothing(portal: &Portal, session: &[u8]) -> Result<(), tonic::Status> {
    let asked = describe_evidence_request::Asked::InSession(FilesInSession {
        session: session.to_vec(),
        digests: Some(Digests::default()),
    });
    let request = DescribeEvidenceRequest { asked: Some(asked) };
    portal.sources.evidence().describe_evidence(request).await.map(drop)
}

/// Who looked at the party's files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Looks {
    /// The newest first.
    looks: Vec<Look>,
    /// Where the older ones are; empty where none are kept.
    older: String,
}

/// One look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Look {
    /// Its number among all looks at the party's files.
    number: u64,
    /// When, in milliseconds since 1970.
    at_unix_ms: i64,
    /// Who looked.
    by: Named,
    /// With which key, in hexadecimal.
    key: String,
    /// How it was asked: `access-way-session`.
    way: String,
    /// At what.
    files: Vec<LookedAt>,
}

/// A file that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct LookedAt {
    /// Its SHA-256 digest, in hexadecimal.
    digest: String,
    /// What came of it: `access-outcome-refused`.
    outcome: String,
}

impl Look {
    fn new(access: Access, names: &Names) -> Self {
        let file = |file: &rpc::evidence::AccessedFile| LookedAt {
            digest: file.digest.clone(),
            outcome: word_key(file.outcome().as_str_name()),
        };
        Self {
            number: access.number,
            at_unix_ms: access.at_unix_ms,
            way: word_key(access.way().as_str_name()),
            files: access.files.iter().map(file).collect(),
            by: Named {
                name: names.of(&access.party_id).to_owned(),
                id: access.party_id,
            },
            key: access.key,
        }
    }
}

#[derive(Template)]
#[template(path = "accesses.html")]
struct LooksPage<'a> {
    s: &'a Shell,
    view: &'a Looks,
}

async fn accesses(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let reader = s.reader.as_ref().ok_or_else(not_signed_in)?;
    let from = match s.given("page") {
        "" => 0,
        page => page
            .parse()
            .map_err(|_| Trouble::Asked("`page` is what a page before this one leads to".to_owned()))?,
    };
    let asked = list_accesses_request::Asked::InSession(AccessesInSession {
        session: reader.session.clone(),
        owner_id: reader.party.to_string(),
        from,
    });
    let request = ListAccessesRequest { asked: Some(asked) };
    let answer = portal.sources.evidence().list_accesses(request).await?.into_inner();
    let ids = answer
        .accesses
        .iter()
        .map(|access| (IdKind::Party, access.party_id.clone()));
    let names = portal.sources.names(&ids.collect(), AsOf::Present).await;
    let view = Looks {
        looks: answer
            .accesses
            .into_iter()
            .map(|access| Look::new(access, &names))
            .collect(),
        older: if answer.older == 0 {
            String::new()
        } else {
            answer.older.to_string()
        },
    };
    s.page(&LooksPage { s: &s, view: &view })
}

fn not_signed_in() -> Trouble {
    Trouble::SignIn("nobody is signed in".to_owned())
}
