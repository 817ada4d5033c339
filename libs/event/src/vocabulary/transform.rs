//! What lots become: melts, merges, splits, bars; and what takes them across a border and into a refinery.

use serde::{Deserialize, Serialize};

use super::{Country, CustodyModel, Evidence, FinenessClaim, Line, LotForm, Reference, SEALS_MAX, ShortText};
use crate::codec::List;
use crate::id::{LotId, PartyId};
use crate::statement::StatementId;
use crate::units::{Date, Mass};

/// Lots that go into one transformation: 48 bytes each, half of the longest statement.
pub const INPUTS_MAX: usize = 512;
/// Lots that come out of one transformation.
pub const OUTPUTS_MAX: usize = 64;
/// Lots under one export certificate.
pub const CONSIGNMENT_LOTS_MAX: usize = 256;

/// Lots became other lots, all at once: the inputs are gone for ever, the outputs are known from here on, in the custody
/// of the signer. Their ids are derived from this statement, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotsTransformed {
    /// How.
    pub how: Transformation,
    /// What went in: strictly increasing by lot.
    pub inputs: List<LotAfter, INPUTS_MAX>,
    /// What came out, residues too.
    pub outputs: List<Output, OUTPUTS_MAX>,
    /// What the outputs promise about mixing.
    pub custody_model: CustodyModel,
    /// What is gone and will not be found again: moisture, mercury, fumes.
    pub lost_gross_mass: Mass,
    /// The gold in what is gone.
    pub lost_fine_mass: Mass,
    /// The number of the melt.
    pub melt: Option<ShortText>,
    /// Who else looked.
    pub witness: Option<PartyId>,
    /// Digests of what supports this: a melt sheet.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// How lots become others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Transformation {
    /// Molten, together where there are several.
    Melt,
    /// Put together, as they are.
    Merge,
    /// Taken apart, as it is.
    Split,
    /// Made finer.
    Refine,
    /// Refined gold poured into bars.
    Cast,
}

/// A lot, and the latest statement on it that the signer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotAfter {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it.
    pub after: StatementId,
}

/// A lot that came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// What it looks like.
    pub form: LotForm,
    /// As weighed.
    pub gross_mass: Mass,
    /// Its gold content.
    pub fineness: FinenessClaim,
    /// Numbers of the seals or tags on it: strictly increasing, each unique for ever.
    #[serde(default = "List::empty")]
    pub seals: List<ShortText, SEALS_MAX>,
    /// What is stamped on it, where it is a bar.
    #[serde(default)]
    pub bar: Option<Bar>,
}

/// What is stamped on a bar beside its fineness. A serial number alone is not unique: refiner, brand, number and year are,
/// for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// The refiner's brand.
    pub brand: ShortText,
    /// Its serial number.
    pub serial: ShortText,
    /// The year of its making.
    pub year: u16,
}

/// Lots leave a country under one certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotExported {
    /// Which lots: strictly increasing.
    pub lots: List<LotAfter, CONSIGNMENT_LOTS_MAX>,
    /// Whose certificate, and its number: unique for ever.
    pub certificate: Reference,
    /// Who issued it, in its own words.
    pub authority: Line,
    /// The first day on which it is valid.
    pub issued: Date,
    /// The last day on which it is valid.
    pub expires: Date,
    /// What the certificate says that the lots weigh together.
    pub certified_gross_mass: Mass,
    /// The country it leaves.
    pub from: Country,
    /// The country it goes to.
    pub to: Country,
    /// Who is to receive it.
    pub importer: PartyId,
    /// The code of the harmonized system, such as `7108.12`.
    pub hs_code: ShortText,
    /// Digests of what supports this: the certificate, the customs declaration, the royalty receipt.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// A refiner, who has the lot, took it into its books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotReceived {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// The refiner's own number for it: unique for ever among the refiner's.
    pub refinery_lot: ShortText,
    /// When it arrived.
    pub arrived: Date,
    /// As weighed after it was molten.
    pub after_melt_mass: Mass,
    /// Why it differs from what was declared, where it does.
    pub discrepancy: Option<Line>,
    /// Digests of what supports this: a receiving report, an outturn.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}
