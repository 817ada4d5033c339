//! Who has which lot: `veta.custody.v1`.

use event::vocabulary::{self, ShortText};
use event::{LotId, PartyId, SiteId};

use crate::invalid::{FieldError, InvalidMessage, optional, required, twins};
use crate::read::{Page, ReadAt};

pub use crate::generated::veta::custody::v1::*;

/// One lot, by its id or by a seal on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedLot {
    /// By its id.
    Id(LotId),
    /// By the number of a seal or tag on it.
    Seal(ShortText),
}

/// A [`GetLotRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotQuery {
    /// Which lot.
    pub lot: NamedLot,
    /// At which position.
    pub at: ReadAt,
    /// Which steps of its path.
    pub page: Page,
}

/// A [`ListLotsRequest`] in words of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotsQuery {
    /// Only those that this party has.
    pub custodian: Option<PartyId>,
    /// Only those dug here.
    pub site: Option<SiteId>,
    /// Only those in this state, which is never unspecified.
    pub state: Option<LotState>,
    /// At which position.
    pub at: ReadAt,
    /// Which rows.
    pub page: Page,
}

impl TryFrom<GetLotRequest> for LotQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetLotRequest) -> Result<Self, InvalidMessage> {
        let lot = match request.lot.ok_or(InvalidMessage::Missing("lot"))? {
            get_lot_request::Lot::LotId(id) => NamedLot::Id(required("lot_id", &id)?),
            get_lot_request::Lot::Seal(seal) => NamedLot::Seal(required("seal", &seal)?),
        };
        let at = ReadAt::new(request.as_of_position, request.at_least_position)?;
        let (page, at) = Page::new(request.page_size, &request.page_token, at)?;
        Ok(Self { lot, at, page })
    }
}

impl TryFrom<ListLotsRequest> for LotsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListLotsRequest) -> Result<Self, InvalidMessage> {
        let at = ReadAt::new(request.as_of_position, request.at_least_position)?;
        let (page, at) = Page::new(request.page_size, &request.page_token, at)?;
        let state = LotState::try_from(request.state).map_err(|_| InvalidMessage::at("state")(FieldError::Unknown))?;
        Ok(Self {
            custodian: optional("custodian_id", &request.custodian_id)?,
            site: optional("site_id", &request.site_id)?,
            state: (state != LotState::Unspecified).then_some(state),
            at,
            page,
        })
    }
}

twins! {
    vocabulary::LotForm => LotForm, "form" { Concentrate Amalgam Sponge Dust Dore Fine }
    vocabulary::QuantityBasis => QuantityBasis, "basis" { Weighed Illustrative }
    vocabulary::FinenessMethod => FinenessMethod, "method" { Estimate Touchstone Density Xrf FireAssay }
    vocabulary::CustodyModel => CustodyModel, "custody_model" { IdentityPreserved Segregated MassBalance }
    vocabulary::SealState => SealState, "seal_state" { None Intact Broken }
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
