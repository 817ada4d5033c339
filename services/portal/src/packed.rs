//! Files that never change: compressed once, when somebody first asks for them so, and from then on sent as they lie in memory.

use std::io::Write;

use axum::body::Bytes;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::accepted::weighed;

/// Hexadecimal digits of a file's digest in its path.
const DIGEST_DIGITS: usize = 16;

/// How hard Brotli tries. Of a module of 1.2 MB this leaves 369 kB; one more, 343 kB, takes eleven times as long (C's Brotli), and
/// somebody waits.
const BROTLI_QUALITY: i32 = 9;
/// How far back Brotli looks, as a power of two: the most that browsers take.
const BROTLI_WINDOW: i32 = 22;

/// A file.
#[derive(Debug)]
pub(crate) struct Packed {
    digest: String,
    media_type: &'static str,
    plain: Bytes,
    brotli: OnceCell<Bytes>,
    gzip: OnceCell<Bytes>,
}

/// How a file is brought into a form.
type Pack = fn(&[u8]) -> Vec<u8>;

/// In which form a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
    Plain,
}

impl Packed {
    pub(crate) fn new(media_type: &'static str, plain: Bytes) -> Self {
        let mut digest = hex::encode(Sha256::digest(&plain));
        digest.truncate(DIGEST_DIGITS);
        Self {
            digest,
            media_type,
            plain,
            brotli: OnceCell::new(),
            gzip: OnceCell::new(),
        }
    }

    /// The first digits of its SHA-256.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// Its bytes, as they are.
    pub(crate) const fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// Answers with it, in the form that the client wants most and for so long as it may keep it. Ranges are not sent: who asks for
    /// one gets all of it.
    pub(crate) async fn answer(&self, asked: &HeaderMap, keep: &'static str) -> Response {
        let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
        let coding = Coding::of(text(&ACCEPT_ENCODING));
        let bytes = self.coded(coding).await;
        // What does not get shorter is sent as it is.
        let (coding, bytes) = match bytes {
            bytes if bytes.len() < self.plain.len() => (coding, bytes),
            _ => (Coding::Plain, self.plain.clone()),
        };
        let etag = format!("\"{}{}\"", self.digest, coding.suffix());
        let is_known = text(&IF_NONE_MATCH).is_some_and(|seen| seen.split(',').any(|one| one.trim() == etag));
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(CONTENT_TYPE, self.media_type)], bytes).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(ETAG, HeaderValue::try_from(etag).expect("digits and letters"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let (Some(name), false) = (coding.name(), is_known) {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response
    }

    async fn coded(&self, coding: Coding) -> Bytes {
        let (cell, pack): (_, Pack) = match coding {
            Coding::Brotli => (&self.brotli, brotli),
            Coding::Gzip => (&self.gzip, gzip),
            Coding::Plain => return self.plain.clone(),
        };
        let plain = self.plain.clone();
        let packed = cell.get_or_init(async || {
            let packed = spawn_blocking(move || pack(&plain)).await;
            packed.expect("compressing does not panic").into()
        });
        packed.await.clone()
    }
}

impl Coding {
    /// What the client wants most; of equals what is shortest. Who accepts nothing that there is gets it plain.
    fn of(accepted: Option<&str>) -> Self {
        let weight = |name: &str| {
            let mut named = weighed(accepted.unwrap_or_default());
            named.find(|(coding, _)| coding.eq_ignore_ascii_case(name))
        };
        let any = weight("*").map_or(0, |(_, weight)| weight);
        let weight = |name| weight(name).map_or(any, |(_, weight)| weight);
        let (brotli, gzip) = (weight("br"), weight("gzip").max(weight("x-gzip")));
        match (brotli, gzip) {
            (0, 0) => Self::Plain,
            (brotli, gzip) if gzip <= brotli => Self::Brotli,
            _ => Self::Gzip,
        }
    }

    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gz",
            Self::Plain => "",
        }
    }
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*plain, &mut packed, &params).expect("memory takes every byte");
    packed
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(plain).expect("memory takes every byte");
    packed.finish().expect("memory takes every byte")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::body::to_bytes;

    use super::*;

    #[track_caller]
    fn check(accepted: Option<&str>, expected: Coding) {
        assert_eq!(Coding::of(accepted), expected, "{accepted:?}");
    }

    #[test]
    fn the_client_chooses_the_form() {
        check(None, Coding::Plain);
        check(Some(""), Coding::Plain);
        check(Some("gzip, deflate, br, zstd"), Coding::Brotli);
        check(Some("gzip, deflate"), Coding::Gzip);
        check(Some("x-gzip"), Coding::Gzip);
        check(Some("br;q=0.5, GZIP;q=0.8"), Coding::Gzip);
        check(Some("br;q=0, *"), Coding::Gzip);
        check(Some("*"), Coding::Brotli);
        check(Some("br;q=0, gzip;q=0"), Coding::Plain);
        check(Some("identity;q=0, br;q=x"), Coding::Plain);
        check(Some(&"gzip,".repeat(10_000)), Coding::Gzip);
    }

    fn asked(headers: &[(&'static str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &str)| (name.parse().unwrap(), value.parse().unwrap());
        headers.iter().map(header).collect()
    }

    #[tokio::test]
    async fn a_file_is_the_same_in_every_form_and_packed_once() {
        let plain = b"every lot, every hand, every gram. ".repeat(300);
        let file = Packed::new("text/plain", plain.clone().into());
        let mut etags = Vec::new();
        for accepted in ["", "gzip", "br"] {
            let answered = file.answer(&asked(&[("accept-encoding", accepted)]), "immutable").await;
            let headers = answered.headers().clone();
            let coding = headers
                .get(CONTENT_ENCODING)
                .map_or("", |coding| coding.to_str().unwrap());
            assert_eq!(
                (coding, &headers[VARY]),
                (accepted, &HeaderValue::from_static("accept-encoding"))
            );
            let bytes = to_bytes(answered.into_body(), usize::MAX).await.unwrap();
            let mut read = Vec::new();
            match accepted {
                "gzip" => flate2::read::GzDecoder::new(&*bytes).read_to_end(&mut read).unwrap(),
                "br" => brotli::Decompressor::new(&*bytes, 4_096)
                    .read_to_end(&mut read)
                    .unwrap(),
                _ => (&*bytes).read_to_end(&mut read).unwrap(),
            };
            assert!(read == plain, "{accepted}");
            assert!(
                accepted.is_empty() || bytes.len() < plain.len() / 10,
                "{accepted}: {}",
                bytes.len()
            );

            let again = file
                .answer(&asked(&[("accept-encoding", accepted), ("range", "bytes=1-2")]), "x")
                .await;
            let again = to_bytes(again.into_body(), usize::MAX).await.unwrap();
            assert_eq!(
                again.as_ptr(),
                bytes.as_ptr(),
                "{accepted}: the same bytes in memory, and all of them"
            );

            let etag = headers[ETAG].to_str().unwrap().to_owned();
            let known = asked(&[("accept-encoding", accepted), ("if-none-match", &etag)]);
            let known = file.answer(&known, "immutable").await;
            assert_eq!(
                (known.status(), &known.headers()[ETAG]),
                (StatusCode::NOT_MODIFIED, &headers[ETAG])
            );
            etags.push(etag);
        }
        etags.dedup();
        assert_eq!(etags.len(), 3, "each form has its own: {etags:?}");
    }

    #[tokio::test]
    async fn what_does_not_get_shorter_is_sent_as_it_is() {
        let file = Packed::new("text/plain", Bytes::from_static(b"a"));
        let answered = file.answer(&asked(&[("accept-encoding", "br")]), "immutable").await;
        assert!(!answered.headers().contains_key(CONTENT_ENCODING));
        assert_eq!(to_bytes(answered.into_body(), 10).await.unwrap(), "a");
    }
}
