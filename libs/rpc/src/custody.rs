//! Who has which lot, and what it was made of: `veta.custody.v1`.

use core::fmt;
use core::str::FromStr;

use event::units::UnitError;
use event::vocabulary::{self, ShortText, Slug};
use event::{Date, LotId, PartyId, PublicKey, SiteId};
use ledger::{FlagKind, SealUse as SealWord};

use crate::invalid::{FieldError, InvalidMessage, optional, required, twins};
use crate::progress::AsOf;
use crate::read::Page;

pub use crate::generated::veta::custody::v1::*;

/// One lot, by its id or by a seal on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedLot {
    /// By its id.
    Id(LotId),
    /// By the number of a seal or tag on it, or of a sample of it.
    Seal(ShortText),
}

/// A [`GetLotRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotQuery {
    /// Which lot.
    pub lot: NamedLot,
    /// As of when.
    pub as_of: AsOf,
    /// Which steps of its path.
    pub page: Page,
}

/// A [`ListLotsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotsQuery {
    /// Only those that this party has.
    pub custodian: Option<PartyId>,
    /// Only those that this party owns.
    pub owner: Option<PartyId>,
    /// Only those dug here.
    pub site: Option<SiteId>,
    /// Only those in this state, which is never unspecified.
    pub state: Option<LotState>,
    /// Only those that are held, or were made of one that is.
    pub on_hold: bool,
    /// Only those that bear a flag of this kind.
    pub flag: Option<FlagKind>,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// What names lots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LotName {
    /// The number of a seal, tag or sample.
    Seal(ShortText),
    /// An export certificate.
    Certificate {
        /// Its number.
        number: ShortText,
        /// In whose register; anybody's where that is not set.
        register: Option<Slug>,
    },
    /// What is stamped on a bar; what is not set may be anything.
    Bar {
        /// Its serial number.
        serial: ShortText,
        /// Who cast it.
        refiner: Option<PartyId>,
        /// The refiner's brand.
        brand: Option<ShortText>,
        /// The year of its making.
        year: Option<u16>,
    },
    /// The number of a melt.
    Melt(ShortText),
    /// A refiner's own number.
    RefineryLot {
        /// The number.
        number: ShortText,
        /// Whose.
        refiner: Option<PartyId>,
    },
}

/// A [`FindLotsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindQuery {
    /// What names them.
    pub name: LotName,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// Which way a lineage is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what the lot was made of.
    Up,
    /// To what became of it.
    Down,
}

/// A [`GetLineageRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineageQuery {
    /// Which lot.
    pub lot: LotId,
    /// Which way.
    pub direction: Direction,
    /// As of when.
    pub as_of: AsOf,
    /// Which steps.
    pub page: Page,
}

/// By what the gold in a lot is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// By site and operator.
    Sites,
    /// By organization.
    Organizations,
}

/// A [`GetOriginsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginsQuery {
    /// Which lot.
    pub lot: LotId,
    /// By what.
    pub by: Division,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// A [`GetProvenanceRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvenanceQuery {
    /// Which lot.
    pub lot: LotId,
    /// As of when.
    pub as_of: AsOf,
}

/// Something month by month, in words of the domain: a [`GetPartyRequest`], a [`GetSiteProductionRequest`] or a
/// [`GetOriginTableRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthsQuery<Id> {
    /// Of whom or what.
    pub of: Id,
    /// From which month on.
    pub from: Month,
    /// Up to which month.
    pub to: Month,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// A [`ListSuspectsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspectsQuery {
    /// Which key.
    pub key: PublicKey,
    /// As of when.
    pub as_of: AsOf,
    /// Which rows.
    pub page: Page,
}

/// A month, in months since January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub i32);

impl Month {
    /// Before every other.
    pub const FIRST: Self = Self(i32::MIN);
    /// After every other.
    pub const LAST: Self = Self(i32::MAX);
}

/// `2026-01`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = 1970 + i64::from(self.0.div_euclid(12));
        write!(f, "{year:04}-{:02}", self.0.rem_euclid(12) + 1)
    }
}

/// Reads `2026-01`.
impl FromStr for Month {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let day: Result<Date, _> = format!("{text}-01").parse();
        let day = day.map_err(|_| UnitError::Date(text.chars().take(40).collect()))?;
        Ok(Self(day.month()))
    }
}

/// From `as_of_position`, `as_of_unix_ms`, `at_least_position`, and the page of what is true of them.
fn paged(
    (position, unix_ms, at_least): (u64, i64, u64),
    (size, token): (u32, &str),
) -> Result<(AsOf, Page), InvalidMessage> {
    let (page, as_of) = AsOf::new(position, unix_ms, at_least)?.page(size, token)?;
    Ok((as_of, page))
}

impl TryFrom<GetLotRequest> for LotQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetLotRequest) -> Result<Self, InvalidMessage> {
        let lot = match request.lot.ok_or(InvalidMessage::Missing("lot"))? {
            get_lot_request::Lot::LotId(id) => NamedLot::Id(required("lot_id", &id)?),
            get_lot_request::Lot::Seal(seal) => NamedLot::Seal(required("seal", &seal)?),
        };
        let (as_of, page) = paged(
            (request.as_of_position, request.as_of_unix_ms, request.at_least_position),
            (request.page_size, &request.page_token),
        )?;
        Ok(Self { lot, as_of, page })
    }
}

impl TryFrom<ListLotsRequest> for LotsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListLotsRequest) -> Result<Self, InvalidMessage> {
        let (as_of, page) = paged(
            (request.as_of_position, request.as_of_unix_ms, request.at_least_position),
            (request.page_size, &request.page_token),
        )?;
        let state = LotState::try_from(request.state).map_err(|_| InvalidMessage::at("state")(FieldError::Unknown))?;
        Ok(Self {
            custodian: optional("custodian_id", &request.custodian_id)?,
            owner: optional("owner_id", &request.owner_id)?,
            site: optional("site_id", &request.site_id)?,
            state: (state != LotState::Unspecified).then_some(state),
            on_hold: request.on_hold,
            flag: flag_named(&request.flag)?,
            as_of,
            page,
        })
    }
}

fn flag_named(name: &str) -> Result<Option<FlagKind>, InvalidMessage> {
    if name.is_empty() {
        return Ok(None);
    }
    let kind = FlagKind::ALL.iter().copied().find(|kind| kind.name() == name);
    kind.map(Some)
        .ok_or_else(|| InvalidMessage::at("flag")(FieldError::Unknown))
}

impl TryFrom<FindLotsRequest> for FindQuery {
    type Error = InvalidMessage;

    fn try_from(request: FindLotsRequest) -> Result<Self, InvalidMessage> {
        use find_lots_request::Query;
        let name = match request.query.ok_or(InvalidMessage::Missing("query"))? {
            Query::Seal(seal) => LotName::Seal(required("seal", &seal)?),
            Query::Certificate(certificate) => LotName::Certificate {
                number: required("certificate.value", &certificate.value)?,
                register: optional("certificate.source", &certificate.source)?,
            },
            Query::Bar(bar) => LotName::Bar {
                serial: required("bar.serial", &bar.serial)?,
                refiner: optional("bar.refiner_id", &bar.refiner_id)?,
                brand: optional("bar.brand", &bar.brand)?,
                year: year(bar.year)?,
            },
            Query::Melt(melt) => LotName::Melt(required("melt", &melt)?),
            Query::RefineryLot(lot) => LotName::RefineryLot {
                number: required("refinery_lot.number", &lot.number)?,
                refiner: optional("refinery_lot.refiner_id", &lot.refiner_id)?,
            },
        };
        let (as_of, page) = paged(
            (request.as_of_position, request.as_of_unix_ms, request.at_least_position),
            (request.page_size, &request.page_token),
        )?;
        Ok(Self { name, as_of, page })
    }
}

fn year(year: u32) -> Result<Option<u16>, InvalidMessage> {
    let year = u16::try_from(year).map_err(|_| InvalidMessage::at("bar.year")(FieldError::Unknown))?;
    Ok((year != 0).then_some(year))
}

impl TryFrom<GetLineageRequest> for LineageQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetLineageRequest) -> Result<Self, InvalidMessage> {
        let direction = LineageDirection::try_from(request.direction);
        let direction = match direction.map_err(|_| InvalidMessage::at("direction")(FieldError::Unknown))? {
            LineageDirection::Unspecified => return Err(InvalidMessage::Missing("direction")),
            LineageDirection::Up => Direction::Up,
            LineageDirection::Down => Direction::Down,
        };
        let (as_of, page) = paged(
            (request.as_of_position, request.as_of_unix_ms, request.at_least_position),
            (request.page_size, &request.page_token),
        )?;
        Ok(Self {
            lot: required("lot_id", &request.lot_id)?,
            direction,
            as_of,
            page,
        })
    }
}

impl TryFrom<GetOriginsRequest> for OriginsQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetOriginsRequest) -> Result<Self, InvalidMessage> {
        let by = OriginsBy::try_from(request.by);
        let by = match by.map_err(|_| InvalidMessage::at("by")(FieldError::Unknown))? {
            OriginsBy::Unspecified => return Err(InvalidMessage::Missing("by")),
            OriginsBy::Site => Division::Sites,
            OriginsBy::Organization => Division::Organizations,
        };
        let (as_of, page) = paged(
            (request.as_of_position, request.as_of_unix_ms, request.at_least_position),
            (request.page_size, &request.page_token),
        )?;
        Ok(Self {
            lot: required("lot_id", &request.lot_id)?,
            by,
            as_of,
            page,
        })
    }
}

impl TryFrom<GetProvenanceRequest> for ProvenanceQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetProvenanceRequest) -> Result<Self, InvalidMessage> {
        let as_of = AsOf::new(request.as_of_position, request.as_of_unix_ms, request.at_least_position)?;
        Ok(Self {
            lot: required("lot_id", &request.lot_id)?,
            as_of,
        })
    }
}

/// Requests that ask month by month differ in whose months they ask for.
macro_rules! months {
    ($($request:ty, $id:ty, $field:ident;)*) => {$(
        impl TryFrom<$request> for MonthsQuery<$id> {
            type Error = InvalidMessage;

            fn try_from(request: $request) -> Result<Self, InvalidMessage> {
                let (as_of, page) = paged(
                    (request.as_of_position, request.as_of_unix_ms, request.at_least_position),
                    (request.page_size, &request.page_token),
                )?;
                Ok(Self {
                    of: required(stringify!($field), &request.$field)?,
                    from: optional("from_month", &request.from_month)?.unwrap_or(Month::FIRST),
                    to: optional("to_month", &request.to_month)?.unwrap_or(Month::LAST),
                    as_of,
                    page,
                })
            }
        }
    )*};
}

months! {
    GetPartyRequest, PartyId, party_id;
    GetSiteProductionRequest, SiteId, site_id;
    GetOriginTableRequest, PartyId, refiner_id;
}

impl TryFrom<ListSuspectsRequest> for SuspectsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListSuspectsRequest) -> Result<Self, InvalidMessage> {
        let (as_of, page) = paged(
            (request.as_of_position, request.as_of_unix_ms, request.at_least_position),
            (request.page_size, &request.page_token),
        )?;
        Ok(Self {
            key: required("key", &request.key)?,
            as_of,
            page,
        })
    }
}

twins! {
    vocabulary::LotForm => LotForm, "form" { Concentrate Amalgam Sponge Dust Dore Fine Residue }
    vocabulary::QuantityBasis => QuantityBasis, "basis" { Weighed Illustrative }
    vocabulary::FinenessMethod => FinenessMethod, "method" { Estimate Touchstone Density Xrf FireAssay }
    vocabulary::CustodyModel => CustodyModel, "custody_model" { IdentityPreserved Segregated MassBalance }
    vocabulary::SealState => SealState, "seal_state" { None Intact Broken }
    vocabulary::AssayPurpose => AssayPurpose, "purpose" { Blind Control Settlement Umpire }
    vocabulary::Transformation => TransformationKind, "how" { Melt Merge Split Refine Cast }
    vocabulary::PermitKind => PermitKind, "kind" { Mining Formalization Subcontract Subsistence }
    vocabulary::PermitStatus => PermitStatus, "status" { InForce Suspended Withdrawn }
    SealWord => SealUse, "use" { Whole Broken Sample }
}

impl From<ledger::FlagUnit> for FlagUnit {
    fn from(unit: ledger::FlagUnit) -> Self {
        match unit {
            ledger::FlagUnit::None => Self::Unspecified,
            ledger::FlagUnit::Ppm => Self::Ppm,
            ledger::FlagUnit::Micrograms => Self::Micrograms,
            ledger::FlagUnit::Days => Self::Days,
            ledger::FlagUnit::Times => Self::Times,
        }
    }
}

impl CapacityBand {
    /// The band of what is used of a capacity, in parts per million.
    #[must_use]
    pub const fn of(used_ppm: u64) -> Self {
        match used_ppm {
            0..250_000 => Self::BelowQuarter,
            250_000..500_000 => Self::BelowHalf,
            500_000..800_000 => Self::BelowFourFifths,
            800_000..1_000_000 => Self::BelowWhole,
            _ => Self::Whole,
        }
    }
}

impl From<vocabulary::FinenessClaim> for FinenessClaim {
    fn from(claim: vocabulary::FinenessClaim) -> Self {
        Self {
            fineness_ppm: claim.fineness.ppm(),
            method: FinenessMethod::from(claim.method).into(),
        }
    }
}

impl TryFrom<&FinenessClaim> for vocabulary::FinenessClaim {
    type Error = InvalidMessage;

    fn try_from(claim: &FinenessClaim) -> Result<Self, InvalidMessage> {
        let fineness = claim.fineness_ppm.try_into().map_err(FieldError::from);
        Ok(Self {
            fineness: fineness.map_err(InvalidMessage::at("fineness_ppm"))?,
            method: claim.method().try_into()?,
        })
    }
}
