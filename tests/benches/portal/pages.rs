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

/// Every page that is asked for, the first page first: what it is, and its address, in which names stand for others each time.
const PAGES: [(&str, &str); 25] = [
    ("the first page", "/en"),
    ("help", "/en/help"),
    ("organizations", "/en/orgs"),
    ("organizations of a country, by name", "/en/orgs?country=PE&sort=name"),
    (
        "organizations by standing and newest answers",
        "/en/orgs?standing=standing-candidate&sort=freshness&descending=1",
    ),
    ("organizations by part of a name", "/en/orgs?name=Coop%C3%A9rative+{n}"),
    ("sites by part of a name", "/en/sites?name=pit+{n}"),
    ("one organization", "/en/orgs/{org}"),
    ("its plans", "/en/orgs/{org}/plans"),
    ("answers to one criterion", "/en/orgs/{org}/criteria/1"),
    ("one site", "/en/sites/{site}"),
    ("two organizations compared", "/en/compare?a={org}&b={other}"),
    ("lots", "/en/lots"),
    ("lots of one site", "/en/lots?site={site}"),
    ("one lot", "/en/lots/{lot}"),
    ("may I buy it?", "/en/lots/{lot}/check?policy=progressive"),
    ("a bar made of thousands of lots", "/en/lots/{bar}"),
    ("may I buy that bar?", "/en/lots/{bar}/check?policy=progressive"),
    ("a bar of many origins", "/en/lots/{wide}"),
    ("may I buy that one?", "/en/lots/{wide}/check?policy=progressive"),
    ("search: part of a name", "/en/search?q=cooperative+{n}"),
    ("search: a number that nothing bears", "/en/search?q=S-{n}"),
    ("search: a statement", "/en/search?q={statement}"),
    ("the log", "/en/log"),
    ("one record", "/en/log/{record}"),
];

/// From one thing to the next that is asked about: a prime, so that all are.
const APART: usize = 7_919;

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
        measure(&self.empty, "an empty handler", |_| "/".to_owned()).await
    }

    pub(crate) async fn pages(&self, known: &Known) -> Vec<Measured> {
        let mut measured = Vec::new();
        for (name, page) in PAGES {
            tell(name);
            measured.push(measure(&self.portal, name, |n| address(page, known, n)).await);
        }
        measured
    }
}

/// The address of a page when it is asked for the nth time.
fn address(page: &str, known: &Known, n: usize) -> String {
    let said = &known.said;
    let among = |count: usize| n.wrapping_mul(APART) % count;
    let organization = |n: usize| said.organizations[n % said.organizations.len()].to_string();
    let declaration = said.declarations[among(said.declarations.len())];
    let end = usize::try_from(known.end).expect("in memory");
    page.replace("{org}", &organization(among(said.organizations.len())))
        .replace("{other}", &organization(n + 1))
        .replace("{site}", &said.sites[among(said.sites.len())].to_string())
        .replace("{lot}", &LotId::derive(declaration, 0).to_string())
        .replace("{statement}", &declaration.to_string())
        .replace("{bar}", &said.bar.to_string())
        .replace("{wide}", &said.wide.to_string())
        .replace("{record}", &among(end).to_string())
        .replace("{n}", &format!("{:04}", n % 1_000))
}

async fn measure(router: &Router, name: &'static str, path: impl Fn(usize) -> String) -> Measured {
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
