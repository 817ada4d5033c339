//! What a client accepts: headers that name several things, each with a weight (RFC 9110, section 12.4.2).

/// Things of one header that are looked at; browsers name less than ten.
const ACCEPTED_MAX: usize = 32;

/// Each thing with its weight in thousandths: without one it is 1,000. What has none that can be read is left out.
pub(crate) fn weighed(header: &str) -> impl Iterator<Item = (&str, u16)> {
    header.split(',').take(ACCEPTED_MAX).filter_map(|range| {
        let (thing, weight) = range.split_once(';').unwrap_or((range, ""));
        Some((thing.trim(), thousandths(weight)?))
    })
}

/// The weight: `q=0.8` is 800.
fn thousandths(weight: &str) -> Option<u16> {
    let weight = weight.trim();
    if weight.is_empty() {
        return Some(1_000);
    }
    let (whole, part) = weight.strip_prefix("q=")?.split_once('.').unwrap_or((&weight[2..], ""));
    let part = format!("{part:0<3}");
    let is_weight = matches!(whole, "0" | "1") && part.len() == 3;
    is_weight.then(|| Some(whole.parse::<u16>().ok()? * 1_000 + part.parse::<u16>().ok()?))?
}
