//! What a lot is, as it stood then: in lists, on its own page, on its label.

use rpc::custody::{Bar, FinenessClaim, Lot, OpenOffer, QuantityBasis};
use serde::Serialize;
use utoipa::ToSchema;

use crate::shell::{Named, word_key};

/// A lot, as it stood then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Lot)]
pub(crate) struct LotFacts {
    /// Its id: `lot-…`.
    pub(crate) lot_id: String,
    /// What it looks like, such as `lot-form-dust`.
    pub(crate) form: String,
    /// Whether its quantities are invented to show how the system works: whoever shows one says so beside it.
    pub(crate) is_invented: bool,
    /// Gross mass as last weighed, in micrograms.
    pub(crate) gross_ug: u64,
    /// Gross mass when it was declared or came out, in micrograms.
    pub(crate) declared_gross_ug: u64,
    /// The gold in it, in micrograms; absent where nobody said how fine it is.
    pub(crate) fine_ug: Option<u64>,
    /// The most gold that it can ever be said to hold, in micrograms.
    pub(crate) fine_max_ug: u64,
    /// How fine it is held to be; absent where nobody said.
    pub(crate) fineness: Option<Fineness>,
    /// Where it was dug, as declared; absent where several sites gave it.
    pub(crate) site: Option<Named>,
    /// The country it was dug in, in two letters; empty where several gave it, and where that is not known.
    pub(crate) country: String,
    /// The first day on which it was dug, such as `2026-01-31`; empty where it was made out of others.
    pub(crate) extracted_from: String,
    /// The last day on which it was dug.
    pub(crate) extracted_to: String,
    /// Who declared it, or made it out of others.
    pub(crate) declared_by: Named,
    /// The position of the statement that did so.
    pub(crate) declared_position: u64,
    /// Whether it was made out of others.
    pub(crate) is_made: bool,
    /// What is promised about mixing, such as `custody-model-segregated`.
    pub(crate) custody_model: String,
    /// How it stands, such as `lot-state-held`.
    pub(crate) state: String,
    /// Whether it, or something that it was made of, is held.
    pub(crate) on_hold: bool,
    /// Who has it, or had it when it ended.
    pub(crate) custodian: Named,
    /// Whose it is, or was when it ended.
    pub(crate) owner: Named,
    /// The offer that stands; absent where there is none.
    pub(crate) open_offer: Option<Offer>,
    /// The offer that nothing ended but time; absent where there is none.
    pub(crate) expired_offer: Option<Offer>,
    /// The country it left, in two letters; empty where it was not exported.
    pub(crate) exported_from: String,
    /// The refiner that has it in its books; absent where there is none.
    pub(crate) received_by: Option<Named>,
    /// The numbers of whole seals on it; the first 64 at most.
    pub(crate) seals: Vec<String>,
    /// How many whole seals are on it.
    pub(crate) whole_seals: u32,
    /// What is stamped on it; absent where it is no bar.
    pub(crate) bar: Option<Stamp>,
    /// The position at which it ended; 0 where it has not.
    pub(crate) ended_position: u64,
    /// The latest statement on it, in hexadecimal: what the next one names.
    pub(crate) latest_statement_id: String,
}

/// How fine a lot is held to be, and by whose word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fineness {
    /// Gold, in parts per million.
    pub(crate) gold_ppm: u32,
    /// Silver, in parts per million; absent where it was not measured.
    pub(crate) silver_ppm: Option<u32>,
    /// How it was found, such as `fineness-method-fire-assay`.
    pub(crate) method: String,
    /// What the assay was for, such as `assay-purpose-settlement`; empty where it is a claim and no assay.
    pub(crate) purpose: String,
    /// Who says so.
    pub(crate) by: Named,
    /// The statement, in hexadecimal.
    pub(crate) statement_id: String,
}

/// An offer of a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Offer {
    /// To whom.
    pub(crate) to: Named,
    /// The position of the statement.
    pub(crate) position: u64,
    /// When it was admitted, in milliseconds since 1970.
    pub(crate) since_unix_ms: i64,
    /// The last instant at which it stands, in milliseconds since 1970.
    pub(crate) until_unix_ms: i64,
    /// Whether the title passes with it.
    pub(crate) with_title: bool,
}

/// What is stamped on a bar beside its fineness.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Bar)]
pub(crate) struct Stamp {
    /// The refiner's brand.
    pub(crate) brand: String,
    /// Its serial number.
    pub(crate) serial: String,
    /// The year of its making.
    pub(crate) year: u32,
    /// Who cast it.
    pub(crate) refiner: Named,
}

impl From<Lot> for LotFacts {
    fn from(lot: Lot) -> Self {
        let (form, state, model) = (lot.form(), lot.state(), lot.custody_model());
        Self {
            form: word_key(form.as_str_name()),
            is_invented: lot.basis() == QuantityBasis::Illustrative,
            fineness: lot
                .fineness
                .map(|claim| fineness(claim, lot.content.unwrap_or_default())),
            lot_id: lot.lot_id,
            gross_ug: lot.gross_mass_micrograms,
            declared_gross_ug: lot.declared_gross_mass_micrograms,
            fine_ug: lot.fine_mass_micrograms,
            fine_max_ug: lot.fine_mass_max_micrograms,
            site: lot.site.map(Named::from),
            country: lot.country,
            extracted_from: lot.extracted_from,
            extracted_to: lot.extracted_to,
            declared_by: lot.declared_by.map(Named::from).unwrap_or_default(),
            declared_position: lot.declared_position,
            is_made: lot.is_made,
            custody_model: word_key(model.as_str_name()),
            state: word_key(state.as_str_name()),
            on_hold: lot.on_hold,
            custodian: lot.custodian.map(Named::from).unwrap_or_default(),
            owner: lot.owner.map(Named::from).unwrap_or_default(),
            open_offer: lot.open_offer.map(Offer::from),
            expired_offer: lot.expired_offer.map(Offer::from),
            exported_from: lot.exported_from,
            received_by: lot.received_by.map(Named::from),
            seals: lot.seals,
            whole_seals: lot.whole_seals,
            bar: lot.bar.map(Stamp::from),
            ended_position: lot.ended_position,
            latest_statement_id: lot.latest_statement_id,
        }
    }
}

fn fineness(claim: FinenessClaim, content: rpc::custody::Content) -> Fineness {
    Fineness {
        gold_ppm: claim.fineness_ppm,
        silver_ppm: content.silver_ppm,
        method: word_key(claim.method().as_str_name()),
        purpose: said(content.purpose().as_str_name(), content.purpose),
        by: content.by.map(Named::from).unwrap_or_default(),
        statement_id: content.statement_id,
    }
}

/// The key of a word of the wire; empty for the value that says nothing.
pub(super) fn said(name: &str, number: i32) -> String {
    if number == 0 { String::new() } else { word_key(name) }
}

impl From<OpenOffer> for Offer {
    fn from(offer: OpenOffer) -> Self {
        Self {
            to: offer.to.map(Named::from).unwrap_or_default(),
            position: offer.since_position,
            since_unix_ms: offer.since_unix_ms,
            until_unix_ms: offer.until_unix_ms,
            with_title: offer.with_title,
        }
    }
}

impl From<Bar> for Stamp {
    fn from(bar: Bar) -> Self {
        Self {
            brand: bar.brand,
            serial: bar.serial,
            year: bar.year,
            refiner: bar.refiner.map(Named::from).unwrap_or_default(),
        }
    }
}
