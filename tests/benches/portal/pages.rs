//! What is asked of the portal, as a browser asks, and how long that takes.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::routing::get;
use event::LotId;
use portal::Kit;
use portal::clients::Allowed;
use portal::sources::Addresses;
use service::clock::Stopwatch;
use tests::measure::Latencies;
use tower::ServiceExt;

use crate::services::Known;
use crate::told::tell;

/// How often each page is asked for.
const ASKED_MAX: usize = 400;
/// At least so often, however long it takes.
const ASKED_MIN: usize = 20;
/// After which time a page is not asked for again.
const ASK_TIME: Duration = Duration::from_secs(5);
/// Answers before those that are counted: connections and caches come up.
const WARM: usize = 3;
/// The longest page.
const PAGE_BYTES_MAX: usize = 4 << 20;

/// The portal's door, and one with nothing behind it.
pub(crate) struct Door {
    portal: Router,
    empty: Router,
}

/// What was measured of one page.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) latencies: Latencies,
    /// Of the last answer, compressed.
    pub(crate) bytes: usize,
}

/// A page: what it is, and its address each time it is asked for.
type Page<'a> = (&'static str, Box<dyn Fn(usize) -> String + 'a>);

impl Door {
    pub(crate) fn new(addresses: &Addresses) -> Self {
        let nothing = Router::new().route(
            "/",
            get(async || "nothing is asked, nothing is rendered, and this is short\n"),
        );
        Self {
            portal: portal::router(addresses, Kit::default(), Allowed::LOCAL).expect("good addresses"),
            empty: portal::guarded(nothing, Allowed::LOCAL),
        }
    }

    /// What it takes to answer with nothing.
    pub(crate) async fn empty(&self) -> Measured {
        measure(&self.empty, ("an empty handler", Box::new(|_| "/".to_owned()))).await
    }

    pub(crate) async fn pages(&self, known: &Known) -> Vec<Measured> {
        let mut measured = Vec::new();
        for page in pages(known) {
            tell(page.0);
            measured.push(measure(&self.portal, page).await);
        }
        measured
    }
}

/// Every page that is asked for, the first page first.
fn pages(known: &Known) -> Vec<Page<'_>> {
    let said = &known.said;
    let at = |n: usize, of: usize| n.wrapping_mul(7_919) % of;
    let organization = move |n| said.organizations[at(n, said.organizations.len())];
    let site = move |n| said.sites[at(n, said.sites.len())];
    let declaration = move |n| said.declarations[at(n, said.declarations.len())];
    let lot = move |n| LotId::derive(declaration(n), 0);
    let same = |path: &'static str| Box::new(move |_| format!("/en{path}"));
    vec![
        ("the first page", same("")),
        ("help", same("/help")),
        ("organizations", same("/orgs")),
        (
            "organizations of a country, by name",
            same("/orgs?country=PE&sort=name"),
        ),
        (
            "organizations by standing, newest answers first",
            same("/orgs?standing=standing-candidate&sort=freshness&descending=1"),
        ),
        (
            "organizations by part of a name",
            Box::new(move |n| format!("/en/orgs?name=Coop%C3%A9rative+{:04}", n % 1_000)),
        ),
        (
            "sites by part of a name",
            Box::new(move |n| format!("/en/sites?name=pit+{:04}", n % 1_000)),
        ),
        (
            "one organization",
            Box::new(move |n| format!("/en/orgs/{}", organization(n))),
        ),
        (
            "its plans",
            Box::new(move |n| format!("/en/orgs/{}/plans", organization(n))),
        ),
        (
            "answers to one criterion",
            Box::new(move |n| format!("/en/orgs/{}/criteria/1", organization(n))),
        ),
        ("one site", Box::new(move |n| format!("/en/sites/{}", site(n)))),
        (
            "two organizations compared",
            Box::new(move |n| format!("/en/compare?a={}&b={}", organization(n), organization(n + 1))),
        ),
        ("lots", same("/lots")),
        (
            "lots of one site",
            Box::new(move |n| format!("/en/lots?site={}", site(n))),
        ),
        ("one lot", Box::new(move |n| format!("/en/lots/{}", lot(n)))),
        (
            "may I buy it?",
            Box::new(move |n| format!("/en/lots/{}/check?policy=progressive", lot(n))),
        ),
        (
            "a bar made of thousands of lots",
            Box::new(move |_| format!("/en/lots/{}", said.bar)),
        ),
        (
            "may I buy that bar?",
            Box::new(move |_| format!("/en/lots/{}/check?policy=progressive", said.bar)),
        ),
        (
            "a bar of many origins",
            Box::new(move |_| format!("/en/lots/{}", said.wide)),
        ),
        (
            "may I buy that one?",
            Box::new(move |_| format!("/en/lots/{}/check?policy=progressive", said.wide)),
        ),
        (
            "search: part of a name",
            Box::new(move |n| format!("/en/search?q=cooperative+{:04}", n % 1_000)),
        ),
        (
            "search: a number that nothing bears",
            Box::new(move |n| format!("/en/search?q=S-{n}")),
        ),
        (
            "search: a statement",
            Box::new(move |n| format!("/en/search?q={}", declaration(n))),
        ),
        ("the log", same("/log")),
        (
            "one record",
            Box::new(move |n| format!("/en/log/{}", at(n, usize::try_from(known.end).expect("in memory")))),
        ),
    ]
}

async fn measure(router: &Router, (name, path): Page<'_>) -> Measured {
    let (watch, mut latencies, mut bytes) = (Stopwatch::start(), Latencies::default(), 0);
    for n in 0..WARM + ASKED_MAX {
        let path = path(n);
        let request = Request::builder().uri(&path).header("accept-encoding", "gzip, br");
        let request = request.body(Body::empty()).expect("a good request");
        let one = Stopwatch::start();
        let answer = router.clone().oneshot(request).await.expect("a router always answers");
        let status = answer.status();
        let body = to_bytes(answer.into_body(), PAGE_BYTES_MAX).await.expect("a page");
        let took = one.elapsed();
        assert!(
            matches!(status, StatusCode::OK | StatusCode::SEE_OTHER),
            "{path}: {status}"
        );
        bytes = body.len();
        if WARM <= n {
            latencies.push(took);
        }
        if ASK_TIME < watch.elapsed() && WARM + ASKED_MIN <= n {
            break;
        }
    }
    Measured { name, latencies, bytes }
}
