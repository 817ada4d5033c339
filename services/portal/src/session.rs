//! Who is signed in. A party's key signs one request, which lets this portal look in the party's name for half an hour: that
//! request is the session, and it is handed over with every look, so that the services trust this portal with nothing that the
//! party did not sign.
//!
//! A reader holds a random number in a cookie that no script and no other site sees; here the session is found under that
//! number's digest. All of it is in memory: a restart signs everybody out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::header::{COOKIE, HOST};
use axum::http::{HeaderMap, HeaderValue};
use event::request::{Audience, Challenge, RequestError, SESSION_MS_MAX};
use event::{DeploymentId, PartyId, PublicKey, SignedRequest, Timestamp, VerifiedRequest};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::public::PublicUrl;

/// How long what was drawn for a sign-in can be signed, in milliseconds.
pub(crate) const CHALLENGE_MS_MAX: i64 = 5 * 60 * 1_000;
/// What was drawn and not signed yet, 40 bytes each: one client asks for as many in an hour as it may. The oldest goes.
const CHALLENGES_MAX: usize = 65_536;
/// Sessions at one time, of some 700 bytes each. The one that ends first goes.
const SESSIONS_MAX: usize = 16_384;
/// How many of them may be one key's: a few devices and browsers.
const SESSIONS_OF_ONE_MAX: usize = 8;

/// Bytes of the random number in the cookie.
const COOKIE_BYTES: usize = 32;
/// Browsers take a cookie of this name only over a line that nobody reads along, for this host alone and all of it.
const COOKIE_NAME: &str = "__Host-veta-session";

/// Somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedIn {
    /// For which party.
    pub(crate) party: PartyId,
    /// What that calls itself; empty where it is not known.
    pub(crate) name: String,
    /// With which key.
    pub(crate) key: PublicKey,
    /// Until when.
    pub(crate) until: Timestamp,
    /// What the services are shown: the signed request, as it was sent.
    pub(crate) session: Vec<u8>,
}

/// Why nobody is signed in. The reader's text has the key `account-no-<name>`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum NotSignedIn {
    /// Not a signed request, or not for this deployment.
    #[error("{0}")]
    Request(#[from] RequestError),
    /// It asks for something else.
    #[error("this request does not sign in")]
    OtherAsk,
    /// It was signed for another site.
    #[error("this was signed for {signed}, which is another site")]
    OtherSite {
        /// For which.
        signed: Audience,
    },
    /// It was not drawn here, was drawn too long ago, or was signed in with before.
    #[error("what was signed was not drawn here in the last minutes, or was used before")]
    Challenge,
    /// It was signed too long ago, or lies ahead.
    #[error("this was not signed in the last minutes")]
    Stale,
    /// The door to evidence refuses the key, by this name.
    #[error("the key does not sign in: {0}")]
    Refused(String),
    /// A service does not answer.
    #[error("{0}")]
    Away(String),
}

impl NotSignedIn {
    /// The rest of its text's key.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Refused(reason) if reason == "REVOKED_KEY" => "revoked-key",
            Self::Refused(reason) if reason == "KEY_OF_ANOTHER_PARTY" => "other-party",
            Self::Request(_) => "signature",
            Self::OtherAsk => "ask",
            Self::OtherSite { .. } => "site",
            Self::Challenge => "challenge",
            Self::Stale => "stale",
            Self::Refused(_) => "unknown-key",
            Self::Away(_) => "away",
        }
    }
}

/// Everybody who is signed in, and what was drawn for those who are about to.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    drawn: Mutex<Drawn>,
    /// By the digest of what the cookie holds.
    open: Mutex<BTreeMap<[u8; 32], Arc<SignedIn>>>,
}

/// Challenges, and the same in the order in which they were drawn.
#[derive(Debug, Default)]
struct Drawn {
    at: BTreeMap<Challenge, (Timestamp, u64)>,
    in_order: BTreeMap<u64, Challenge>,
    count: u64,
}

impl Sessions {
    /// Something to sign, which is `random`.
    pub(crate) fn draw(&self, random: [u8; 32], now: Timestamp) -> Challenge {
        let challenge = Challenge::from_bytes(random);
        let mut drawn = lock(&self.drawn);
        let place = drawn.count;
        drawn.count += 1;
        drawn.at.insert(challenge, (now, place));
        drawn.in_order.insert(place, challenge);
        if CHALLENGES_MAX < drawn.in_order.len()
            && let Some((_, oldest)) = drawn.in_order.pop_first()
        {
            drawn.at.remove(&oldest);
        }
        challenge
    }

    /// Whether this was drawn here and not too long ago; once.
    fn take(&self, challenge: Challenge, now: Timestamp) -> bool {
        let mut drawn = lock(&self.drawn);
        let Some((at, place)) = drawn.at.remove(&challenge) else {
            return false;
        };
        drawn.in_order.remove(&place);
        now.plus_ms(-CHALLENGE_MS_MAX) <= at
    }

    /// Whether a request signs in here and now; what its key may do, the services say.
    pub(crate) fn check(
        &self,
        signed: &SignedRequest,
        deployment: DeploymentId,
        here: &[Audience],
        now: Timestamp,
    ) -> Result<VerifiedRequest, NotSignedIn> {
        let request = signed.verify(deployment)?;
        let event::request::Ask::SignIn(sign_in) = request.ask() else {
            return Err(NotSignedIn::OtherAsk);
        };
        if !here.contains(&sign_in.audience) {
            return Err(NotSignedIn::OtherSite {
                signed: sign_in.audience.clone(),
            });
        }
        if !request.is_fresh(now) {
            return Err(NotSignedIn::Stale);
        }
        if !self.take(sign_in.challenge, now) {
            return Err(NotSignedIn::Challenge);
        }
        Ok(request)
    }

    /// Keeps who signed in, under `random`; the answer is what the reader's browser keeps.
    pub(crate) fn open(&self, signed_in: SignedIn, random: [u8; COOKIE_BYTES], now: Timestamp) -> HeaderValue {
        let seconds = (signed_in.until.unix_ms() - now.unix_ms()).max(0) / 1_000;
        let mut open = lock(&self.open);
        open.retain(|_, signed_in| now < signed_in.until);
        let own = open.iter().filter(|(_, other)| other.key == signed_in.key);
        let of_one = own.map(|(at, other)| (other.until, *at)).collect::<Vec<_>>();
        let first = if SESSIONS_OF_ONE_MAX <= of_one.len() {
            of_one.into_iter().min()
        } else if SESSIONS_MAX <= open.len() {
            open.iter().map(|(at, other)| (other.until, *at)).min()
        } else {
            None
        };
        if let Some((_, at)) = first {
            open.remove(&at);
        }
        open.insert(place(&random), Arc::new(signed_in));
        cookie(&hex::encode(random), seconds)
    }

    /// Who asks, if he is signed in.
    pub(crate) fn of(&self, headers: &HeaderMap, now: Timestamp) -> Option<Arc<SignedIn>> {
        let place = place_of(headers)?;
        let signed_in = Arc::clone(lock(&self.open).get(&place)?);
        (now < signed_in.until).then_some(signed_in)
    }

    /// Signs out whoever asks; the answer makes his browser forget it.
    pub(crate) fn close(&self, headers: &HeaderMap) -> HeaderValue {
        if let Some(place) = place_of(headers) {
            lock(&self.open).remove(&place);
        }
        cookie("", 0)
    }
}

/// The sites that this portal is, to whom asks: that of its public address, where nobody reads along, and this machine itself.
/// Without a public address, what another site that stands between says of itself would count.
pub(crate) fn here(public_url: Option<&PublicUrl>, headers: &HeaderMap) -> Vec<Audience> {
    let public = public_url.and_then(PublicUrl::secure_host).map(str::to_owned);
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
    let own = asked.filter(|host| is_this_machine(host)).map(str::to_owned);
    let hosts = public.into_iter().chain(own);
    hosts.filter_map(|host| Audience::new(&host).ok()).collect()
}

/// Whether a reader who asks so can sign in: his browser keeps the cookie, and the site is one of ours.
pub(crate) fn can_sign_in(here: &[Audience], headers: &HeaderMap) -> bool {
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
    asked.is_some_and(|asked| here.iter().any(|audience| audience.as_str() == asked))
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

fn cookie(value: &str, seconds: i64) -> HeaderValue {
    let cookie = format!("{COOKIE_NAME}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    HeaderValue::try_from(cookie).expect("letters, digits and signs of a header")
}

/// Where the session is that a request names.
fn place_of(headers: &HeaderMap) -> Option<[u8; 32]> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let mut named = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='));
    let mut random = [0; COOKIE_BYTES];
    hex::decode_to_slice(named.next()?, &mut random).ok()?;
    Some(place(&random))
}

/// Under a digest: how long looking for it takes tells nothing of what the cookie holds.
fn place(random: &[u8; COOKIE_BYTES]) -> [u8; 32] {
    Sha256::digest(random).into()
}

/// When a session ends that was signed then.
pub(crate) fn ends_at(request: &VerifiedRequest) -> Timestamp {
    request.asked_at().plus_ms(SESSION_MS_MAX)
}

/// 32 bytes that nobody can guess.
pub(crate) fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("an operating system that gives no randomness runs no service");
    bytes
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while it holds this lock")
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use event::request::{Ask, GetEvidence, Nonce, REQUEST_AGE_MS_MAX, Request, SignIn};

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_ms(1_780_228_800_000);
    const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([1; 32]);
    const PARTY: PartyId = PartyId::from_bytes([2; 16]);

    fn audience(host: &str) -> Audience {
        Audience::new(host).unwrap()
    }

    fn sign(ask: Ask, deployment: DeploymentId, asked_at: Timestamp) -> SignedRequest {
        let request = Request {
            party: PARTY,
            asked_at,
            nonce: Nonce::from_bytes([3; 32]),
            ask,
        };
        SignedRequest::sign(&request, deployment, &SigningKey::from_bytes(&[4; 32]))
    }

    fn sign_in(challenge: Challenge, host: &str) -> Ask {
        Ask::SignIn(SignIn {
            audience: audience(host),
            challenge,
        })
    }

    #[test]
    fn a_request_signs_in_here_and_now_and_once() {
        let sessions = Sessions::default();
        let here = [audience("gold.example"), audience("localhost:80")];
        let check = |signed: SignedRequest, now: Timestamp, expected: Result<(), &str>| {
            let found = sessions.check(&signed, DEPLOYMENT, &here, now);
            assert_eq!(found.map(drop).map_err(|why| why.name()), expected);
        };
        let drawn = || sessions.draw(random(), NOW);
        let honest = sign(sign_in(drawn(), "gold.example"), DEPLOYMENT, NOW);
        check(honest.clone(), NOW, Ok(()));
        check(honest, NOW, Err("challenge"));
        check(sign(sign_in(drawn(), "localhost:80"), DEPLOYMENT, NOW), NOW, Ok(()));

        let mine = Challenge::from_bytes([9; 32]);
        check(
            sign(sign_in(mine, "gold.example"), DEPLOYMENT, NOW),
            NOW,
            Err("challenge"),
        );
        check(
            sign(sign_in(drawn(), "evil.example"), DEPLOYMENT, NOW),
            NOW,
            Err("site"),
        );
        check(sign(sign_in(drawn(), "localhost"), DEPLOYMENT, NOW), NOW, Err("site"));
        let elsewhere = DeploymentId::from_bytes([9; 32]);
        check(
            sign(sign_in(drawn(), "gold.example"), elsewhere, NOW),
            NOW,
            Err("signature"),
        );
        let digest = event::key::Digest::from_bytes([5; 32]);
        let other = Ask::GetEvidence(GetEvidence { digest });
        check(sign(other, DEPLOYMENT, NOW), NOW, Err("ask"));

        let late = NOW.plus_ms(CHALLENGE_MS_MAX + 1);
        check(
            sign(sign_in(drawn(), "gold.example"), DEPLOYMENT, late),
            late,
            Err("challenge"),
        );
        let just = NOW.plus_ms(CHALLENGE_MS_MAX);
        check(sign(sign_in(drawn(), "gold.example"), DEPLOYMENT, just), just, Ok(()));
        let old = NOW.plus_ms(-REQUEST_AGE_MS_MAX - 1);
        check(
            sign(sign_in(drawn(), "gold.example"), DEPLOYMENT, old),
            NOW,
            Err("stale"),
        );
    }

    #[test]
    fn what_was_drawn_is_bounded_and_the_oldest_goes() {
        let sessions = Sessions::default();
        let first = sessions.draw(random(), NOW);
        let second = sessions.draw(random(), NOW);
        for _ in 0..CHALLENGES_MAX - 1 {
            sessions.draw(random(), NOW);
        }
        assert_eq!(lock(&sessions.drawn).at.len(), CHALLENGES_MAX);
        assert!(!sessions.take(first, NOW) && sessions.take(second, NOW));
    }

    fn signed_in(key: u8, ms: i64) -> SignedIn {
        SignedIn {
            party: PARTY,
            name: "Esperanza".to_owned(),
            key: PublicKey::from_bytes([key; 32]),
            until: NOW.plus_ms(ms),
            session: vec![1],
        }
    }

    /// What a browser sends that was told this.
    fn sent(told: &HeaderValue) -> HeaderMap {
        let told = told.to_str().unwrap();
        let (cookie, _) = told.split_once(';').unwrap();
        HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(format!("other=1; {cookie}")).unwrap())])
    }

    #[test]
    fn a_session_is_found_by_its_cookie_until_it_ends() {
        let sessions = Sessions::default();
        let told = sessions.open(signed_in(1, 60_000), [7; 32], NOW);
        assert_eq!(
            told.to_str().unwrap(),
            format!(
                "__Host-veta-session={}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60",
                "07".repeat(32)
            )
        );
        let headers = sent(&told);
        let found = |now| sessions.of(&headers, now).map(|signed_in| signed_in.name.clone());
        assert_eq!(found(NOW).as_deref(), Some("Esperanza"));
        assert_eq!(found(NOW.plus_ms(59_999)).as_deref(), Some("Esperanza"));
        assert_eq!(found(NOW.plus_ms(60_000)), None);
        // The cookie itself is not kept, and what is kept opens nothing.
        assert!(!lock(&sessions.open).contains_key(&[7; 32]));
        let forged = format!("{COOKIE_NAME}={}", hex::encode(place(&[7; 32])));
        for nobody in [
            forged.as_str(),
            "",
            "__Host-veta-session=",
            "__Host-veta-session=07",
            "veta-session=07",
        ] {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(nobody).unwrap())]);
            assert_eq!(sessions.of(&headers, NOW), None, "{nobody}");
        }
        let told = sessions.close(&headers);
        assert!(told.to_str().unwrap().ends_with("Max-Age=0"), "{told:?}");
        assert_eq!(found(NOW), None);
    }

    #[test]
    fn sessions_are_bounded_for_each_key_and_for_all() {
        let sessions = Sessions::default();
        let open = |key: u8, number: u32| {
            let mut random = [0; 32];
            random[..4].copy_from_slice(&number.to_be_bytes());
            sessions.open(signed_in(key, i64::from(number) + 1), random, NOW)
        };
        let other = open(2, 0);
        let own: Vec<_> = (1..=9).map(|number| open(1, number)).collect();
        let is_open = |told: &HeaderValue| sessions.of(&sent(told), NOW).is_some();
        assert_eq!(
            own.iter().map(is_open).collect::<Vec<_>>(),
            [&[false][..], &[true; 8]].concat()
        );
        assert!(is_open(&other));
        // What ended is let go of before anything else.
        sessions.open(signed_in(1, 10), [9; 32], NOW.plus_ms(9));
        assert_eq!(lock(&sessions.open).len(), 2);
    }

    #[test]
    fn a_site_is_its_public_address_or_this_machine() {
        let public = |url: &str| PublicUrl::parse(url).unwrap();
        let check = |url: Option<&str>, host: &str, expected: &[&str], can: bool| {
            let headers = HeaderMap::from_iter([(HOST, HeaderValue::try_from(host).unwrap())]);
            let here = here(url.map(public).as_ref(), &headers);
            assert_eq!(
                here.iter().map(Audience::as_str).collect::<Vec<_>>(),
                expected,
                "{host}"
            );
            assert_eq!(can_sign_in(&here, &headers), can, "{host}");
        };
        check(None, "127.0.0.1:7440", &["127.0.0.1:7440"], true);
        check(None, "localhost", &["localhost"], true);
        check(None, "[::1]:80", &["[::1]:80"], true);
        check(None, "192.0.2.1:7440", &[], false);
        check(None, "localhost.evil.example", &[], false);
        check(None, "evil.example:80", &[], false);
        check(Some("https://veta.example"), "veta.example", &["veta.example"], true);
        check(Some("https://veta.example"), "evil.example", &["veta.example"], false);
        check(
            Some("https://veta.example:8443"),
            "localhost:1",
            &["veta.example:8443", "localhost:1"],
            true,
        );
        // Over a line that others read along, no browser keeps the cookie.
        check(Some("http://veta.example"), "veta.example", &[], false);
    }
}
