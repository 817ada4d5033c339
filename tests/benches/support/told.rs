//! How benches speak: figures with their baselines, and how far they are.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use tests::measure::{hundredths, load, percent};

/// A figure, and its ratio to a baseline.
pub(crate) fn row(what: &str, value: u64, unit: &str, baseline: Option<(&str, u64)>) {
    print!("{what:<52}{value:>11}  {unit:<13}");
    let Some((baseline, base)) = baseline else {
        return println!();
    };
    println!("{baseline:<42}{base:>11}{:>8}", hundredths(percent(value, base)));
}

/// How long something took, as soon as it is known.
pub(crate) fn report(what: &str, took: Duration) {
    tell("");
    println!("    {what}: {} s, load {}", took.as_secs(), load());
}

/// Shows on a terminal how far it is.
pub(crate) fn tell(what: &str) {
    let mut errors = io::stderr();
    if errors.is_terminal() {
        // Nobody looks if it cannot be written.
        let _ = write!(errors, "\r\x1b[K{what}").and_then(|()| errors.flush());
    }
}
