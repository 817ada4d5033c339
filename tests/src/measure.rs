//! What benches measure with: latencies, rates, and what the kernel says about a process.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// A page of memory, as the kernel counts it.
const PAGE_BYTES: u64 = 4_096;
/// In what the kernel counts processor time: a hundredth of a second.
const TICK_MS: u64 = 10;

/// How long each of many calls took.
#[derive(Clone, Debug, Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// One more.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The latency in microseconds that `percent` of all stay within.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> u64 {
        let mut sorted = self.0.clone();
        sorted.sort();
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).map_or(0, |took| micros(*took))
    }
}

/// How often something done `count` times fits a second.
#[must_use]
pub fn rate(count: usize, took: Duration) -> u64 {
    let rate = count as u128 * Duration::from_secs(1).as_nanos() / took.as_nanos().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// Whole microseconds.
#[must_use]
pub fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

/// Whole milliseconds.
#[must_use]
pub fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

/// A value to its baseline, in percent.
#[must_use]
pub fn percent(value: u64, base: u64) -> u64 {
    u64::try_from(u128::from(value) * 100 / u128::from(base.max(1))).unwrap_or(u64::MAX)
}

/// Percents as a ratio with two decimals.
#[must_use]
pub fn hundredths(percent: u64) -> String {
    format!("{}.{:02}", percent / 100, percent % 100)
}

/// Bytes of a process in memory, by its id or as `self`: the second number of its `statm`, in pages.
///
/// # Panics
/// Where no such process runs, or not on Linux.
#[must_use]
pub fn resident_of(process: &str) -> u64 {
    let statm = fs::read_to_string(format!("/proc/{process}/statm")).expect("Linux, and a process that runs");
    let pages: u64 = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .expect("a count of pages");
    pages * PAGE_BYTES
}

/// The most bytes of a process in memory since [`forget_peak_of`] or since it started, by its id or as `self`: `VmHWM` of
/// its `status`.
///
/// # Panics
/// Where no such process runs, or not on Linux.
#[must_use]
pub fn peak_of(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("Linux, and a process that runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.split_whitespace().next()?.parse::<u64>().ok());
    kib.expect("a count of KiB") * 1_024
}

/// From here on [`peak_of`] counts anew.
///
/// # Panics
/// Where no such process of ours runs, or not on Linux.
pub fn forget_peak_of(process: &str) {
    fs::write(format!("/proc/{process}/clear_refs"), "5").expect("Linux, and a process of ours");
}

/// Time that all threads of a process have run, by its id or as `self`: fields 14 and 15 of its `stat`, after the name in
/// brackets.
///
/// # Panics
/// Where no such process runs, or not on Linux.
#[must_use]
pub fn processor_time_of(process: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux, and a process that runs");
    let (_, fields) = stat.rsplit_once(") ").expect("a name in brackets");
    ticks(fields.split(' ').skip(11).take(2))
}

/// Time that the cores of this machine had nothing to do, or only a disk to wait for: fields 4 and 5 of the first line of
/// `/proc/stat`.
///
/// # Panics
/// Not on Linux.
#[must_use]
pub fn idle_time() -> Duration {
    let stat = fs::read_to_string("/proc/stat").expect("Linux");
    let cores = stat.lines().next().expect("a line for all cores");
    ticks(cores.split_whitespace().skip(4).take(2))
}

/// Who wants to run: over 1, 5 and 15 minutes.
///
/// # Panics
/// Not on Linux.
#[must_use]
pub fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").expect("Linux");
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Bytes of all files below a directory.
///
/// # Panics
/// If one of them cannot be asked.
#[must_use]
pub fn bytes_below(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).expect("a directory of our own can be read");
    let bytes = entries.map(|entry| {
        let path = entry.expect("an entry of it, too").path();
        if path.is_dir() {
            return bytes_below(&path);
        }
        fs::metadata(&path).expect("a file of our own").len()
    });
    bytes.sum()
}

fn ticks<'a>(counts: impl Iterator<Item = &'a str>) -> Duration {
    let count: u64 = counts.map(|count| count.parse::<u64>().expect("a count")).sum();
    Duration::from_millis(count * TICK_MS)
}
