//! Lines and tables on standard output.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// Writes a line. Whoever closed the other end of a pipe has read enough.
pub fn line(text: impl core::fmt::Display) {
    drop(writeln!(io::stdout().lock(), "{text}"));
}

/// Writes a line of many, at once; whether anybody still reads.
pub fn is_heard(text: impl core::fmt::Display) -> bool {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).is_ok()
}

/// Writes a value as one line of JSON.
pub fn json(value: &impl Serialize) {
    line(serde_json::to_string(value).expect("our own values have a JSON form"));
}

/// Writes a table with a header.
pub fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    for row in rows {
        table.add_row(row);
    }
    line(table.trim_fmt());
}
