//! Verifying a proof: on the reader's own device, by two programs that share no code and that this page brings; and, where no
//! script runs, here, by the first of them. Then the reader trusts this server, and is told so.

mod sent;
mod view;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use event::LotId;
use fluent_bundle::{FluentArgs, FluentValue};
use ledger::FlagKind;
use replay::bundle::BundleError;
use tlog::policy::Policy;

pub(super) use self::sent::BODY_BYTES_MAX;
use self::sent::{Sent, Verified};
use super::lot::beside::unit_of;
use super::lot::named;
use crate::assets;
use crate::language::Language;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

/// The parameter that names a lot whose proof is fetched and verified.
const LOT: &str = "lot";

/// What the script says; the others stand in the page.
const TEXTS: [&str; 48] = [
    "lot-bar",
    "lot-fineness",
    "lot-flag-figures",
    "lot-flag-other",
    "lot-form",
    "lot-form-amalgam",
    "lot-form-concentrate",
    "lot-form-dore",
    "lot-form-dust",
    "lot-form-fine",
    "lot-form-residue",
    "lot-form-sponge",
    "percent",
    "verify-as-of",
    "verify-auditing",
    "verify-by-operators-policy",
    "verify-by-own-policy",
    "verify-custodian",
    "verify-disagree",
    "verify-file-name",
    "verify-fine",
    "verify-first",
    "verify-flags",
    "verify-gross",
    "verify-held",
    "verify-invented",
    "verify-log",
    "verify-log-word",
    "verify-lot",
    "verify-no-as-of",
    "verify-no-wasm",
    "verify-nobody",
    "verify-none",
    "verify-not-fetched",
    "verify-not-verified",
    "verify-not-verified-why",
    "verify-origins",
    "verify-owner",
    "verify-reason-bad-policy",
    "verify-records",
    "verify-second",
    "verify-signers",
    "verify-size",
    "verify-unchecked",
    "verify-unchecked-why",
    "verify-verified",
    "verify-verified-why",
    "verify-witnesses",
];

/// Texts of numbers that the script says.
const COUNTS: [&str; 2] = ["lot-days", "lot-times"];

#[derive(Template)]
#[template(path = "verify.html")]
struct Page<'a> {
    s: &'a Shell,
    /// Where the first verifier is; empty where the operator serves none.
    wasm: String,
    /// What the reader may begin with.
    policy: String,
    /// The lot whose proof is fetched and verified.
    lot: Option<LotId>,
    /// Whether that is the operator's own.
    is_operators: bool,
    /// What a file that was sent here is called; empty where that is not known.
    name: String,
    /// What came of it.
    verified: Option<Verified>,
}

/// A text for the script.
struct Text {
    key: String,
    text: String,
    /// What its figures count; empty where it has none.
    unit: &'static str,
}

impl<'a> Page<'a> {
    fn new(s: &'a Shell, portal: &Portal) -> Self {
        let kit = &portal.kit;
        let policy = kit.log_policy.as_ref().map_or_else(Vec::new, Policy::to_bytes);
        Self {
            s,
            wasm: kit.verifier.as_ref().map_or_else(String::new, crate::wasm::Wasm::path),
            policy: String::from_utf8_lossy(&policy).into_owned(),
            lot: None,
            is_operators: true,
            name: String::new(),
            verified: None,
        }
    }

    fn answer(&self) -> Result<Response, Trouble> {
        self.s.page_with_wasm(self)
    }

    /// Signatures for browsers that withhold them, and all that they need.
    fn plain(&self) -> String {
        const PLAIN: &str = "plain-ed25519.mjs";
        let paths: Vec<_> = [self.s.asset(PLAIN)]
            .into_iter()
            .chain(assets::imports(PLAIN))
            .collect();
        paths.join(" ")
    }

    fn texts(&self) -> Vec<Text> {
        let plain = |key: String| Text {
            text: self.s.language.with_names(&key),
            key,
            unit: "",
        };
        let flag = |kind: &FlagKind| Text {
            unit: unit_of(*kind),
            ..plain(format!("flag-{}", kind.name()))
        };
        let reason = |name: &&str| plain(format!("verify-reason-{name}"));
        let counts = COUNTS
            .into_iter()
            .flat_map(|key| [self.count(key, 1), self.count(key, 2)]);
        let texts = TEXTS.into_iter().map(|key| plain(key.to_owned()));
        let all = texts.chain(BundleError::NAMES.iter().map(reason));
        all.chain(FlagKind::ALL.iter().map(flag)).chain(counts).collect()
    }

    /// The form of a text for one, or for more, with its number in braces.
    fn count(&self, key: &str, n: u64) -> Text {
        let values = [("n", FluentValue::from(n)), ("number", FluentValue::from("{number}"))];
        let form = if n == 1 { "one" } else { "other" };
        Text {
            key: format!("{key}.{form}"),
            text: self.s.language.say(key, &FluentArgs::from_iter(values)),
            unit: "",
        }
    }
}

/// The page that verifies: what is chosen, or the proof of a lot that the address names.
pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let lot = s.given(LOT);
    let lot = (!lot.is_empty()).then(|| named(lot)).transpose()?;
    Page {
        lot,
        ..Page::new(&s, &portal)
    }
    .answer()
}

/// Verifies here what was sent, for whoever has no script. What does not hold, or cannot be checked, is no success for programs
/// either.
pub(super) async fn judged(s: Shell, State(portal): State<Arc<Portal>>, request: Request) -> Result<Response, Trouble> {
    let sent = Sent::read(&portal.proofs, request).await?;
    let policy = String::from_utf8_lossy(&sent.policy).into_owned();
    let name = sent.name.clone();
    let verified = sent.verified().await?;
    let status = if verified.view.is_some() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let plain = Page::new(&s, &portal);
    let page = Page {
        is_operators: policy.trim() == plain.policy.trim(),
        policy,
        name,
        verified: Some(verified),
        ..plain
    };
    let mut response = page.answer()?;
    *response.status_mut() = status;
    Ok(response)
}
