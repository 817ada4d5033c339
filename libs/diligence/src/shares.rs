//! Who contributed how much, in parts per million of the fine mass; integers only.

use event::{Mass, PartyId, SiteId};

use crate::facts::{Facts, Origin};
use crate::policy::WHOLE_PPM;

/// What shares are parts of.
pub(crate) struct Shares<'a> {
    origins: &'a [Origin],
    /// In micrograms; `None` where what somebody contributed is not known, and where it is nothing.
    whole: Option<u128>,
}

impl<'a> Shares<'a> {
    pub(crate) fn of(facts: &'a Facts) -> Self {
        let contributed = sum(&facts.origins, |_| true);
        let lot = facts.fine_mass.map_or(0, |mass| u128::from(mass.micrograms()));
        Self {
            origins: &facts.origins,
            whole: contributed
                .map(|contributed| contributed.max(lot))
                .filter(|whole| 0 < *whole),
        }
    }

    /// What all origins of a site contributed.
    pub(crate) fn site(&self, site: SiteId) -> Option<u32> {
        self.share(|origin| origin.site.id == site)
    }

    /// What all origins of an organization contributed: nobody looks smaller by working many sites.
    pub(crate) fn organization(&self, organization: PartyId) -> Option<u32> {
        self.share(|origin| origin.organization.id == organization)
    }

    /// The part of the lot that no origin contributed; `None` where there is none, and where that is not known. What every
    /// origin may lose by rounding, a microgram, is not counted.
    pub(crate) fn unknown(&self, lot: Option<Mass>) -> Option<u32> {
        let contributed = sum(self.origins, |_| true)?;
        let missing = u128::from(lot?.micrograms()).saturating_sub(contributed);
        if missing <= self.origins.len() as u128 {
            return None;
        }
        self.ppm(missing)
    }

    fn share(&self, is_meant: impl Fn(&Origin) -> bool) -> Option<u32> {
        self.ppm(sum(self.origins, is_meant)?)
    }

    /// Rounded up.
    fn ppm(&self, part: u128) -> Option<u32> {
        let ppm = (part * u128::from(WHOLE_PPM)).div_ceil(self.whole?);
        Some(u32::try_from(ppm).unwrap_or(WHOLE_PPM).min(WHOLE_PPM))
    }
}

fn sum(origins: &[Origin], is_meant: impl Fn(&Origin) -> bool) -> Option<u128> {
    let meant = origins.iter().filter(|origin| is_meant(origin));
    meant
        .map(|origin| origin.fine_mass.map(|mass| u128::from(mass.micrograms())))
        .sum()
}
