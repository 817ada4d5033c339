//! Numbers of the statements of one key, and places in a queue: both only rise.

use event::Timestamp;

/// A millisecond has room for a thousand numbers or places.
#[must_use]
pub fn thousand_a_millisecond(now: Timestamp) -> u64 {
    u64::try_from(now.unix_ms()).unwrap_or(0).saturating_mul(1_000)
}

/// A number for the next statement of a key: after every one of the key that waits here, and after every one signed before
/// now, wherever that was.
#[must_use]
pub fn next(now: Timestamp, waiting: impl IntoIterator<Item = u64>) -> u64 {
    let behind = waiting.into_iter().map(|number| number.saturating_add(1)).max();
    thousand_a_millisecond(now).max(behind.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use event::Timestamp;

    use super::next;

    #[test]
    fn a_number_is_behind_what_waits_and_behind_what_was_signed_before_now() {
        for (now_ms, waiting, expected) in [
            (7, vec![], 7_000),
            (7, vec![6_999], 7_000),
            (7, vec![7_000], 7_001),
            (7, vec![7_005, 9_000, 8], 9_001),
            (0, vec![], 0),
            (-5, vec![3], 4),
            (i64::MAX, vec![], u64::MAX),
            (7, vec![u64::MAX], u64::MAX),
        ] {
            let now = Timestamp::from_unix_ms(now_ms);
            assert_eq!(next(now, waiting.clone()), expected, "{now_ms} {waiting:?}");
        }
    }
}
