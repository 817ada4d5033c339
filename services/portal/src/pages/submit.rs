//! Signing on the reader's device: forms, keys and a queue by a script; here are the page around it and the words it says.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ledger::Refusal;
use serde::Serialize;
use wording::{Labels, Word, labels};

use crate::api;
use crate::language::Language;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;
use crate::wasm::Wasm;

/// What the script says; the others stand in the page.
const TEXTS: [&str; 72] = [
    "assessment-no-digests",
    "assessment-no-party",
    "assessment-nothing",
    "assessment-parts",
    "assessment-remove",
    "assessment-so-far",
    "scan-no-camera",
    "scan-no-picture",
    "scan-nothing",
    "submit-bad-days",
    "submit-bad-field",
    "submit-code",
    "submit-copied",
    "submit-error-backup",
    "submit-error-changed",
    "submit-error-full",
    "submit-error-insecure",
    "submit-error-no-key",
    "submit-error-other",
    "submit-error-passphrase",
    "submit-error-pem",
    "submit-error-short",
    "submit-error-silent",
    "submit-error-statement",
    "submit-error-too-long",
    "submit-facts-signed",
    "submit-facts-unsigned",
    "submit-gathered",
    "submit-handover-codes",
    "submit-handover-contradiction",
    "submit-handover-damaged",
    "submit-handover-deployment",
    "submit-handover-link",
    "submit-handover-not-one",
    "submit-handover-silent",
    "submit-handover-statement",
    "submit-handover-too-long",
    "submit-handover-too-many",
    "submit-handover-version",
    "submit-in-the-name-of",
    "submit-key",
    "submit-key-made",
    "submit-key-used",
    "submit-later",
    "submit-later-server",
    "submit-missing",
    "submit-no",
    "submit-no-file",
    "submit-no-name",
    "submit-no-passphrase",
    "submit-not-authorized",
    "submit-not-id",
    "submit-not-number",
    "submit-not-whole",
    "submit-nothing",
    "submit-other-code",
    "submit-recorded",
    "submit-refused",
    "submit-sent",
    "submit-sent-creates",
    "submit-sent-refused",
    "submit-signed",
    "submit-signed-creates",
    "submit-taken-in",
    "submit-too-little",
    "submit-too-long-for-codes",
    "submit-too-much",
    "submit-two-readings",
    "submit-unknown-lot",
    "submit-use-key",
    "submit-waiting",
    "submit-yes",
];

#[derive(Template)]
#[template(path = "submit.html")]
struct Page<'a> {
    s: &'a Shell,
    /// Where the module is; none where the operator has not put it in place.
    module: Option<String>,
    /// For which deployment is signed.
    deployment: String,
    /// Where programs ask.
    api: &'static str,
    labels: Labels,
}

impl Page<'_> {
    /// What can be chosen: every word of an enum of the vocabulary.
    fn words<'a>(&'a self, of: &'a str) -> impl Iterator<Item = (&'a str, String)> {
        let words = self.labels.words.iter().filter(move |word| word.of == of);
        words.map(|word| (word.word.as_str(), self.s.t(&word.to_string())))
    }
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let page = Page {
        s: &s,
        module: portal.kit.signer.as_ref().map(Wasm::path),
        deployment: portal.sources.deployment().await?.deployment_id,
        api: api::PREFIX,
        labels: labels(),
    };
    s.page_with_wasm(&page)
}

/// The words for what a statement says, and for what the script tells.
#[derive(Serialize)]
struct Words {
    /// By what it is a fact of and its label, a point between them.
    facts: BTreeMap<String, String>,
    /// By enum and variant.
    words: BTreeMap<String, String>,
    /// Texts, with their values in braces.
    texts: BTreeMap<&'static str, String>,
    /// Why a statement may be refused, by the number of the refusal.
    refusals: BTreeMap<u16, String>,
}

pub(super) async fn words(s: Shell) -> Result<Response, Trouble> {
    let Labels { facts, words } = labels();
    let fact = |(of, label): (String, String)| {
        let text = s.label(&of, &label);
        (format!("{of}.{label}"), text)
    };
    let word = |word: Word| {
        let key = word.to_string();
        let text = s.t(&key);
        (key, text)
    };
    let text = |key| (key, s.language.with_names(key));
    let refusal = |refusal: &Refusal| {
        let code = refusal.code();
        (code, s.t(&format!("refusal-{code}")))
    };
    Ok(s.json(&Words {
        facts: facts.into_iter().map(fact).collect(),
        words: words.into_iter().map(word).collect(),
        texts: TEXTS.map(text).into(),
        refusals: Refusal::ALL.iter().map(refusal).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
    use crate::asked::Query;

    fn page(language: Language, module: Option<&str>) -> String {
        let page = Page {
            s: &Shell::new(language, "/submit", Query::default(), &HeaderMap::new()),
            module: module.map(str::to_owned),
            deployment: "d0".repeat(32),
            api: api::PREFIX,
            labels: labels(),
        };
        page.render().unwrap()
    }

    #[test]
    fn every_form_stands_in_the_page_in_every_language() {
        for language in Language::ALL {
            let html = page(language, Some("/wasm/0/signer.wasm"));
            for kind in [
                "LotDeclared",
                "CustodyOffered",
                "CustodyAccepted",
                "MilestoneReported",
                "IncidentReported",
            ] {
                assert!(html.contains(&format!("<form data-kind=\"{kind}\">")), "{kind}");
            }
            let dust = format!("<option value=\"dust\">{}</option>", language.t("lot-form-dust"));
            assert!(html.contains(&dust), "{dust}");
            let words = format!("data-words=\"/{}/submit/words\"", language.code());
            for given in ["data-module=\"/wasm/0/signer.wasm\"", "data-api=\"/api/v1\"", &words] {
                assert!(html.contains(given), "{given}");
            }
            // Every text was found: a key that is missing is shown as the key.
            assert!(!html.contains(">submit-") && !html.contains(">fact-"), "{html}");
        }
    }

    #[test]
    fn where_no_module_is_the_page_says_so_and_runs_nothing() {
        let html = page(Language::En, None);
        assert!(!html.contains("<script") && !html.contains("<form data-kind"), "{html}");
        assert!(html.contains(&Language::En.t("submit-no-module")));
    }
}
