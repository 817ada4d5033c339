//! How much each client may ask: whoever asks too fast is told when to ask again, and nobody else notices.
//!
//! A client is an address, or the first half of it with IPv6, where one household has that many. Behind a reverse proxy the
//! address is what the proxy says, in the last entry of `X-Forwarded-For`: those before it are the client's own words.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::http::HeaderMap;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Deserialize;
use service::http::{Peer, Peers, household};

/// Clients that are remembered before those are forgotten who have not asked for a while; each takes some 100 bytes.
const CLIENTS_MAX: usize = 65_536;

/// What the reverse proxy says.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// How much each client may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Allowed {
    /// Requests in a second, in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once: a page with everything on it, several times over.
    pub at_once: NonZeroU32,
    /// Whether a reverse proxy stands in front, which says who asks. Without one, everybody could say anything.
    pub behind_proxy: bool,
}

/// All clients.
#[derive(Debug)]
pub struct Clients {
    allowed: Allowed,
    limiter: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Allowed {
    fn default() -> Self {
        Self {
            per_second: NonZeroU32::new(20).expect("not zero"),
            at_once: NonZeroU32::new(400).expect("not zero"),
            behind_proxy: false,
        }
    }
}

impl Allowed {
    /// As much as one machine can ask itself: for a portal that nobody else reaches.
    pub const LOCAL: Self = Self {
        per_second: NonZeroU32::MAX,
        at_once: NonZeroU32::MAX,
        behind_proxy: false,
    };

    /// Whose the other ends of connections are.
    #[must_use]
    pub const fn peers(&self) -> Peers {
        if self.behind_proxy {
            Peers::AreProxies
        } else {
            Peers::AreClients
        }
    }
}

impl Clients {
    /// None yet.
    #[must_use]
    pub fn new(allowed: Allowed) -> Self {
        let quota = Quota::per_second(allowed.per_second).allow_burst(allowed.at_once);
        Self {
            allowed,
            limiter: RateLimiter::keyed(quota),
        }
    }

    /// Whether this client may ask now; if not, after how many seconds.
    pub fn admit(&self, peer: Option<Peer>, headers: &HeaderMap) -> Result<(), u64> {
        let Some(client) = self.client(peer, headers) else {
            return Ok(());
        };
        if CLIENTS_MAX < self.limiter.len() {
            self.limiter.retain_recent();
        }
        self.limiter
            .check_key(&client)
            .map_err(|until| until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }

    /// Who asks: an address, or the first half of it; nobody where it cannot be told.
    #[must_use]
    pub fn client(&self, peer: Option<Peer>, headers: &HeaderMap) -> Option<IpAddr> {
        let said = || {
            headers
                .get_all(FORWARDED_FOR)
                .iter()
                .next_back()?
                .to_str()
                .ok()?
                .rsplit(',')
                .next()?
                .trim()
                .parse()
                .ok()
        };
        let address = if self.allowed.behind_proxy { said() } else { None };
        Some(household(address.or_else(|| peer.map(|peer| peer.0))?))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use service::clock::Stopwatch;

    use super::*;

    /// Two at once, and one more every second: whoever asks too fast waits for that.
    const ALLOWED: Allowed = Allowed {
        per_second: NonZeroU32::MIN,
        at_once: NonZeroU32::new(2).unwrap(),
        behind_proxy: false,
    };
    const WAIT: Result<(), u64> = Err(1);

    fn ask(clients: &Clients, peer: &str, said: &[&'static str]) -> Result<(), u64> {
        let mut headers = HeaderMap::new();
        for said in said {
            headers.append(FORWARDED_FOR, said.parse().unwrap());
        }
        clients.admit(Some(Peer(peer.parse().unwrap())), &headers)
    }

    /// What each is told who asks, one after another; all over again where the machine took a second for that.
    #[track_caller]
    fn check(allowed: Allowed, asked: &[(&str, &[&'static str], Result<(), u64>)]) {
        loop {
            let (watch, clients) = (Stopwatch::start(), Clients::new(allowed));
            let told = asked.iter().map(|(peer, said, _)| ask(&clients, peer, said));
            let told: Vec<_> = told.collect();
            if watch.elapsed() < Duration::from_secs(1) {
                let expected: Vec<_> = asked.iter().map(|(_, _, expected)| *expected).collect();
                assert_eq!(told, expected, "{asked:?}");
                return;
            }
        }
    }

    #[test]
    fn whoever_asks_too_fast_waits_and_nobody_else() {
        check(
            ALLOWED,
            &[
                ("192.0.2.1", &[], Ok(())),
                ("192.0.2.1", &["198.51.100.7"], Ok(())),
                ("192.0.2.1", &["198.51.100.8"], WAIT),
                ("::ffff:192.0.2.1", &[], WAIT),
                ("192.0.2.2", &[], Ok(())),
                ("2001:db8::1", &[], Ok(())),
                ("2001:db8::2", &[], Ok(())),
                ("2001:db8::ffff:1:2:3", &[], WAIT),
                ("2001:db8:0:1::1", &[], Ok(())),
                ("192.0.2.1", &[], WAIT),
            ],
        );
    }

    #[test]
    fn behind_a_proxy_it_is_the_proxy_who_says_who_asks() {
        let allowed = Allowed {
            behind_proxy: true,
            ..ALLOWED
        };
        check(
            allowed,
            &[
                ("127.0.0.1", &["203.0.113.9, 198.51.100.7"], Ok(())),
                ("127.0.0.1", &["203.0.113.9, 198.51.100.7"], Ok(())),
                ("127.0.0.1", &["198.51.100.7"], WAIT),
                ("127.0.0.1", &["203.0.113.1", "203.0.113.2, 198.51.100.7"], WAIT),
                ("127.0.0.1", &["198.51.100.8"], Ok(())),
                ("127.0.0.1", &["nonsense"], Ok(())),
            ],
        );
    }
}
