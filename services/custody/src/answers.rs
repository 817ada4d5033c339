//! The answer to each request, from rows as of a position and an instant.

pub(crate) mod find;
pub(crate) mod lineage;
pub(crate) mod lot;
pub(crate) mod message;
pub(crate) mod months;
pub(crate) mod origins;
mod permits;
mod steps;
pub(crate) mod suspects;

use event::StreamPosition;
use rpc::progress::page_token;
use rpc::{InvalidMessage, Page};

use crate::reading::{ReadError, Reading};

type Result<T> = core::result::Result<T, ReadError>;

/// The key of the last row of the page before; none for the first page.
fn passed<const BYTES: usize>(page: &Page) -> Result<Option<[u8; BYTES]>> {
    let Some(key) = &page.after else { return Ok(None) };
    let key = key.as_slice().try_into().map_err(|_| InvalidMessage::PageToken)?;
    Ok(Some(key))
}

/// The position of the last row of the page before.
fn passed_position(page: &Page) -> Result<Option<StreamPosition>> {
    Ok(passed(page)?.map(|key| StreamPosition::new(u64::from_be_bytes(key))))
}

/// What to send for the page behind the row of this key; empty where it was the last.
fn next_page(reading: &Reading<'_>, has_more: bool, key: &[u8]) -> String {
    if has_more {
        page_token(reading.at(), reading.now(), key)
    } else {
        String::new()
    }
}
