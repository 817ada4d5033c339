//! Where everybody reaches a portal: what codes on labels lead to.

use core::fmt;

use serde::{Deserialize, Deserializer, de};
use thiserror::Error;

/// The longest name of a host, and of a port behind it.
const HOST_BYTES_MAX: usize = 253 + ":65535".len();

/// The address at which everybody reaches a portal, such as `https://veta.example`: a scheme, a host, perhaps a port, and no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Why a text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not where a portal is reached: write https:// and the name of the host, and no path")]
pub struct PublicUrlError;

impl PublicUrl {
    /// From its text form.
    pub fn parse(text: &str) -> Result<Self, PublicUrlError> {
        let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = host.ok_or(PublicUrlError)?;
        // Just the characters that codes hold in little space.
        let is_host = host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
        if host.is_empty() || HOST_BYTES_MAX < host.len() || !is_host {
            return Err(PublicUrlError);
        }
        Ok(Self(text))
    }

    /// The host, and the port where it is not the usual one; none where others read along.
    #[must_use]
    pub fn secure_host(&self) -> Option<&str> {
        let host = self.0.strip_prefix("https://")?;
        Some(host.strip_suffix(":443").unwrap_or(host))
    }

    /// Where the page of a lot is, in capitals: schemes and hosts are read in any case, and so is the path of this page.
    #[must_use]
    pub fn of_lot(&self, lot_id: &str) -> String {
        format!("{self}/lots/{lot_id}").to_uppercase()
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use event::LotId;
    use signer::qr::Code;

    use super::*;

    #[test]
    fn an_address_is_a_scheme_and_a_host() {
        for good in ["https://veta.example", "http://192.0.2.1:7440", "https://VETA.example/"] {
            assert_eq!(
                PublicUrl::parse(good).unwrap().to_string(),
                good.to_lowercase().trim_end_matches('/')
            );
        }
        let long = format!("https://{}", "a".repeat(300));
        for wrong in [
            "",
            "veta.example",
            "ftp://veta.example",
            "https://",
            "https://veta.example/gold",
            "https://a@b",
            "https://a?b",
            &long,
        ] {
            assert_eq!(PublicUrl::parse(wrong), Err(PublicUrlError), "{wrong}");
        }
    }

    #[test]
    fn the_longest_one_fits_into_a_code_with_a_lot() {
        let lot = LotId::from_bytes([0xff; 16]).to_string();
        let url = PublicUrl::parse("https://veta.example").unwrap();
        assert_eq!(
            url.of_lot(&lot),
            format!("HTTPS://VETA.EXAMPLE/LOTS/{}", lot.to_uppercase())
        );
        let long = PublicUrl::parse(&format!("https://{}:65535", "a".repeat(253))).unwrap();
        assert!(Code::of(&url.of_lot(&lot)).size() < Code::of(&long.of_lot(&lot)).size());
    }
}
