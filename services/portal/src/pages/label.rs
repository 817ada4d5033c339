//! What is printed for a lot and tied to it: a code that leads here, the id, what it is. It has no name of anybody on it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use event::LotId;
use serde::Serialize;
use signer::qr::Code;
use utoipa::ToSchema;

use super::lot::facts::LotFacts;
use super::lot::{gather, named};
use crate::asked::Slice;
use crate::language::Language;
use crate::public::PublicUrl;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

/// What stands on a label.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Label)]
pub(crate) struct LabelView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// What the code says: where the lot's page is, or its id where the portal does not know its own address; in capitals, which
    /// make a smaller code and are read as any case is.
    pub(crate) code: String,
    /// The lot's id.
    pub(crate) lot_id: String,
    /// What it looks like, such as `lot-form-dust`.
    pub(crate) form: String,
    /// Its gross mass, in micrograms.
    pub(crate) gross_ug: u64,
    /// Gold, in parts per million; absent where nobody said how fine it is.
    pub(crate) gold_ppm: Option<u32>,
    /// How that was found, such as `fineness-method-fire-assay`; empty where nobody said.
    pub(crate) method: String,
    /// Whether its quantities are invented.
    pub(crate) is_invented: bool,
}

#[derive(Template)]
#[template(path = "label.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a LabelView,
    code: Code,
    /// Whether the code says where the lot's page is.
    leads_here: bool,
}

pub(super) async fn show(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let view = view(&s, &portal, named(&lot)?).await?;
    s.page(&Page {
        s: &s,
        view: &view,
        code: Code::of(&view.code),
        leads_here: portal.kit.public_url.is_some(),
    })
}

/// What stands on the label of a lot.
pub(crate) async fn view(s: &Shell, portal: &Portal, id: LotId) -> Result<LabelView, Trouble> {
    // Of its path nothing stands there.
    let answer = gather::first(s, &portal.sources, id, Slice::first(1)).await?;
    let lot = answer.lot.map(LotFacts::from).unwrap_or_default();
    Ok(LabelView::of(lot, answer.position, portal.kit.public_url.as_ref()))
}

impl LabelView {
    fn of(lot: LotFacts, position: u64, public_url: Option<&PublicUrl>) -> Self {
        let id = lot.lot_id.to_uppercase();
        let (gold_ppm, method) = lot.fineness.map_or((None, String::new()), |fineness| {
            (Some(fineness.gold_ppm), fineness.method)
        });
        Self {
            position,
            code: public_url.map_or_else(|| id.clone(), |url| url.of_lot(&id)),
            lot_id: lot.lot_id,
            form: lot.form,
            gross_ug: lot.gross_ug,
            gold_ppm,
            method,
            is_invented: lot.is_invented,
        }
    }
}
