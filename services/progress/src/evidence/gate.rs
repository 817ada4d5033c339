//! How often, how much, and no request twice. Pure: the time is an argument.

use std::collections::{BTreeMap, BTreeSet};

use event::request::{REQUEST_AGE_MS_MAX, RequestId};
use event::{PartyId, Timestamp, VerifiedRequest};
use rpc::evidence::EvidenceRefusal;

/// Calls of one party in a minute; a digest that is asked about counts as one more, since its file is read.
pub const CALLS_PER_MINUTE_MAX: u64 = 120;
/// Calls of all who do not say who they are, in a minute.
pub const CALLS_OF_ANYONE_PER_MINUTE_MAX: u64 = 1_200;
/// Bytes that one party may have kept in a day: a hundred of the largest files, or some hundred photos.
pub const BYTES_PER_DAY_MAX: u64 = 1024 * 1024 * 1024;
/// Requests that are remembered as answered: those of 90 parties that ask as often as they may, 40 bytes each and more.
pub const ANSWERED_MAX: usize = 65_536;

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// What was answered and what was spent, as far back as it matters.
#[derive(Debug)]
pub(crate) struct Gate {
    /// Requests that were signed before are not answered: whether they were answered is forgotten.
    opened_at: Timestamp,
    /// The latest time it was told. A clock that is set back does not open it again for what was answered.
    latest: Timestamp,
    answered: BTreeSet<(Timestamp, RequestId)>,
    /// `None` is anyone.
    calls: BTreeMap<Option<PartyId>, Allowance>,
    bytes: BTreeMap<PartyId, Allowance>,
}

impl Gate {
    pub(crate) const fn new(now: Timestamp) -> Self {
        Self {
            opened_at: now,
            latest: now,
            answered: BTreeSet::new(),
            calls: BTreeMap::new(),
            bytes: BTreeMap::new(),
        }
    }

    /// Lets a request of `party` in, once.
    pub(crate) fn admit(
        &mut self,
        request: &VerifiedRequest,
        party: PartyId,
        calls: u64,
        now: Timestamp,
    ) -> Result<(), EvidenceRefusal> {
        let now = self.tick(now);
        if !request.is_fresh(now) || request.asked_at() < self.opened_at {
            return Err(EvidenceRefusal::Stale);
        }
        let entry = (request.asked_at(), request.id());
        if self.answered.contains(&entry) {
            return Err(EvidenceRefusal::Replayed);
        }
        if ANSWERED_MAX <= self.answered.len() {
            return Err(EvidenceRefusal::TooManyCalls);
        }
        self.spend_calls(Some(party), calls, now)?;
        self.answered.insert(entry);
        Ok(())
    }

    /// Lets in what `party` asks in a session, as often as it asks.
    pub(crate) fn admit_session(
        &mut self,
        session: &VerifiedRequest,
        party: PartyId,
        calls: u64,
        now: Timestamp,
    ) -> Result<(), EvidenceRefusal> {
        let now = self.tick(now);
        session.session(now).ok_or(EvidenceRefusal::SessionOver)?;
        self.spend_calls(Some(party), calls, now)
    }

    /// Lets anyone in.
    pub(crate) fn admit_anyone(&mut self, calls: u64, now: Timestamp) -> Result<(), EvidenceRefusal> {
        let now = self.tick(now);
        self.spend_calls(None, calls, now)
    }

    /// Lets a party have so many bytes kept.
    pub(crate) fn admit_bytes(&mut self, party: PartyId, bytes: u64, now: Timestamp) -> Result<(), EvidenceRefusal> {
        let now = self.tick(now);
        let allowance = self
            .bytes
            .entry(party)
            .or_insert(Allowance::full(BYTES_PER_DAY_MAX, DAY_MS, now));
        if !allowance.spend(bytes, now) {
            return Err(EvidenceRefusal::TooManyBytes);
        }
        Ok(())
    }

    fn spend_calls(&mut self, who: Option<PartyId>, calls: u64, now: Timestamp) -> Result<(), EvidenceRefusal> {
        let most = who.map_or(CALLS_OF_ANYONE_PER_MINUTE_MAX, |_| CALLS_PER_MINUTE_MAX);
        let allowance = self.calls.entry(who).or_insert(Allowance::full(most, MINUTE_MS, now));
        if !allowance.spend(calls, now) {
            return Err(EvidenceRefusal::TooManyCalls);
        }
        Ok(())
    }

    /// Forgets what is too old to be let in again.
    fn tick(&mut self, now: Timestamp) -> Timestamp {
        self.latest = self.latest.max(now);
        let oldest = self.latest.plus_ms(-REQUEST_AGE_MS_MAX);
        self.answered = self.answered.split_off(&(oldest, RequestId::from_bytes([0; 32])));
        self.latest
    }
}

/// What may be spent in a time, and grows back evenly.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    most: u64,
    per_ms: u64,
    /// In parts of which `per_ms` make one, so that nothing is lost in rounding.
    left: u128,
    at: Timestamp,
}

impl Allowance {
    fn full(most: u64, per_ms: u64, now: Timestamp) -> Self {
        Self {
            most,
            per_ms,
            left: u128::from(most) * u128::from(per_ms),
            at: now,
        }
    }

    /// Spends `amount`, if so much is left.
    fn spend(&mut self, amount: u64, now: Timestamp) -> bool {
        let elapsed = now.unix_ms().saturating_sub(self.at.unix_ms());
        let grown = u128::from(self.most) * u128::try_from(elapsed).unwrap_or(0);
        let full = u128::from(self.most) * u128::from(self.per_ms);
        self.left = full.min(self.left + grown);
        self.at = now;
        let left = self.left.checked_sub(u128::from(amount) * u128::from(self.per_ms));
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_ms(1_780_228_800_000);

    #[test]
    fn an_allowance_is_spent_and_grows_back() {
        let mut allowance = Allowance::full(120, MINUTE_MS, NOW);
        assert!((0..120).all(|_| allowance.spend(1, NOW)));
        assert!(!allowance.spend(1, NOW));
        assert!(!allowance.spend(1, NOW.plus_ms(499)));
        assert!(allowance.spend(1, NOW.plus_ms(500)));
        assert!(!allowance.spend(1, NOW.plus_ms(500)));
        assert!(allowance.spend(120, NOW.plus_ms(10 * 60_000)));
        assert!(!allowance.spend(1, NOW.plus_ms(10 * 60_000)));
        // Nobody gets anything for a clock that is set back.
        assert!(!allowance.spend(1, NOW));
    }

    #[test]
    fn anyone_and_each_party_have_their_own() {
        let mut gate = Gate::new(NOW);
        let parties = [1, 2].map(|byte| PartyId::from_bytes([byte; 16]));
        assert_eq!(gate.admit_anyone(CALLS_OF_ANYONE_PER_MINUTE_MAX, NOW), Ok(()));
        assert_eq!(gate.admit_anyone(1, NOW), Err(EvidenceRefusal::TooManyCalls));
        for party in parties {
            assert_eq!(gate.admit_bytes(party, BYTES_PER_DAY_MAX, NOW), Ok(()));
            assert_eq!(gate.admit_bytes(party, 1, NOW), Err(EvidenceRefusal::TooManyBytes));
        }
        assert_eq!(gate.admit_anyone(1, NOW.plus_ms(60_000)), Ok(()));
        let later = NOW.plus_ms(24 * 60 * 60 * 1_000);
        assert_eq!(gate.admit_bytes(parties[0], BYTES_PER_DAY_MAX, later), Ok(()));
    }
}
