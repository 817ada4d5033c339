//! Pictures of figures, as SVG within the page. In whole numbers: a picture is the same on every machine.

use core::fmt::Write;

use super::document::{Picture, Point, Shade, Text};
use super::html::{escaped, plain};

const TAKES: &str = "a String takes everything";

/// Units across; at the width of a phone, one is about a pixel.
const WIDTH: u64 = 360;
/// From one bar to the next.
const BAR_STEP: u64 = 34;
const BAR_HEIGHT: u64 = 14;
/// Above a bar, for its name.
const BAR_NAME: u64 = 12;
const LEGEND_STEP: u64 = 16;
/// Characters of a name that fit beside or above something.
const NAME_CHARACTERS_MAX: usize = 56;

const LINE_HEIGHT: u64 = 170;
const LINE_LEFT: u64 = 8;
const LINE_RIGHT: u64 = 352;
const LINE_TOP: u64 = 20;
const LINE_BOTTOM: u64 = 145;

/// The picture; `about` is what it shows, for those who cannot see it.
pub(super) fn svg(picture: &Picture, about: &str) -> String {
    match picture {
        Picture::Bars { parts, bars } => bars_svg(parts, bars, about),
        Picture::Line(points) => line_svg(points, about),
    }
}

fn open(height: u64, about: &str) -> String {
    let about = escaped(about);
    format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{about}\">\n")
}

fn bars_svg(parts: &[(Text, Shade)], bars: &[(Text, Vec<u64>)], about: &str) -> String {
    let legend = BAR_STEP * bars.len() as u64 + LEGEND_STEP;
    let mut out = open(legend + LEGEND_STEP * parts.len() as u64, about);
    let longest = bars.iter().map(|(_, lengths)| sum(lengths)).max().unwrap_or(0).max(1);
    for (place, (name, lengths)) in (0_u64..).zip(bars) {
        let top = place * BAR_STEP;
        writeln!(out, "<text x=\"0\" y=\"{}\">{}</text>", top + BAR_NAME, short(name)).expect(TAKES);
        let mut before = 0_u64;
        for ((_, shade), length) in parts.iter().zip(lengths) {
            let (from, to) = (
                scaled(before, longest, WIDTH),
                scaled(before.saturating_add(*length), longest, WIDTH),
            );
            before = before.saturating_add(*length);
            if from < to {
                writeln!(
                    out,
                    "<rect class=\"{}\" x=\"{from}\" y=\"{}\" width=\"{}\" height=\"{BAR_HEIGHT}\" />",
                    class(*shade),
                    top + BAR_NAME + 4,
                    to - from
                )
                .expect(TAKES);
            }
        }
    }
    for (place, (part, shade)) in (0_u64..).zip(parts) {
        let top = legend + LEGEND_STEP * place;
        let class = class(*shade);
        writeln!(
            out,
            "<rect class=\"{class}\" x=\"0\" y=\"{}\" width=\"10\" height=\"10\" /><text x=\"16\" y=\"{top}\">{}</text>",
            top - 9,
            short(part)
        )
        .expect(TAKES);
    }
    out.push_str("</svg>\n");
    out
}

fn line_svg(points: &[Point], about: &str) -> String {
    let mut out = open(LINE_HEIGHT, about);
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        out.push_str("</svg>\n");
        return out;
    };
    let highest = points.iter().map(|point| point.value).max().unwrap_or(0).max(1);
    let days = days_between(first, last).max(1);
    let place = |point: &Point| {
        let across = scaled(days_between(first, point), days, LINE_RIGHT - LINE_LEFT);
        let up = scaled(point.value, highest, LINE_BOTTOM - LINE_TOP);
        (LINE_LEFT + across, LINE_BOTTOM - up)
    };
    writeln!(
        out,
        "<line class=\"axis\" x1=\"0\" y1=\"{LINE_BOTTOM}\" x2=\"{WIDTH}\" y2=\"{LINE_BOTTOM}\" />\n\
         <line class=\"axis\" x1=\"0\" y1=\"{LINE_TOP}\" x2=\"{WIDTH}\" y2=\"{LINE_TOP}\" />\n\
         <text class=\"soft\" x=\"0\" y=\"{}\">{highest}</text>\n\
         <text class=\"soft\" x=\"0\" y=\"{}\">{}</text>",
        LINE_TOP - 6,
        LINE_BOTTOM + 16,
        first.day
    )
    .expect(TAKES);
    if first.day != last.day {
        let below = LINE_BOTTOM + 16;
        writeln!(
            out,
            "<text class=\"soft\" x=\"{WIDTH}\" y=\"{below}\" text-anchor=\"end\">{}</text>",
            last.day
        )
        .expect(TAKES);
        let corners = points.iter().map(|point| {
            let (x, y) = place(point);
            format!("{x},{y}")
        });
        let corners = corners.collect::<Vec<_>>().join(" ");
        writeln!(out, "<polyline class=\"trend\" points=\"{corners}\" />").expect(TAKES);
    }
    for point in points {
        let (x, y) = place(point);
        writeln!(out, "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"4\" />").expect(TAKES);
    }
    out.push_str("</svg>\n");
    out
}

fn days_between(first: &Point, later: &Point) -> u64 {
    let days = i64::from(later.day.unix_days()) - i64::from(first.day.unix_days());
    days.max(0).unsigned_abs()
}

/// `value` of `whole` as a part of `length`, rounded down.
fn scaled(value: u64, whole: u64, length: u64) -> u64 {
    let scaled = u128::from(value) * u128::from(length) / u128::from(whole);
    u64::try_from(scaled).unwrap_or(length).min(length)
}

fn sum(lengths: &[u64]) -> u64 {
    lengths.iter().fold(0, |sum, length| sum.saturating_add(*length))
}

const fn class(shade: Shade) -> &'static str {
    match shade {
        Shade::Worst => "p0",
        Shade::Bad => "p1",
        Shade::Middling => "p2",
        Shade::Good => "p3",
        Shade::Best => "p4",
        Shade::NoData => "p5",
    }
}

/// A name that fits, escaped.
fn short(name: &Text) -> String {
    let name = plain(name);
    if name.chars().count() <= NAME_CHARACTERS_MAX {
        return escaped(&name);
    }
    let begin: String = name.chars().take(NAME_CHARACTERS_MAX - 1).collect();
    escaped(&format!("{begin}…"))
}
