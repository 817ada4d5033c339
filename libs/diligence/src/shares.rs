//! Who contributed how much, in parts per million of the fine mass; integers only.

use std::collections::BTreeMap;

use event::{Mass, PartyId, SiteId};

use crate::facts::{Facts, Origin};
use crate::policy::WHOLE_PPM;

/// What each contributed in micrograms, `None` where a part of it is not known, and what shares are parts of. Summed once:
/// there may be a reason for each of thousands of origins.
pub(crate) struct Shares {
    origins: usize,
    contributed: Option<u128>,
    sites: BTreeMap<SiteId, Option<u128>>,
    organizations: BTreeMap<PartyId, Option<u128>>,
    /// `None` where what somebody contributed is not known, and where it is nothing.
    whole: Option<u128>,
}

impl Shares {
    pub(crate) fn of(facts: &Facts) -> Self {
        let origins = &facts.origins;
        let contributed = origins.iter().map(gold).sum::<Option<u128>>();
        let lot = facts.fine_mass.map_or(0, micrograms);
        Self {
            origins: origins.len(),
            contributed,
            sites: sums(origins, |origin| origin.site.id),
            organizations: sums(origins, |origin| origin.organization.id),
            whole: contributed
                .map(|contributed| contributed.max(lot))
                .filter(|whole| 0 < *whole),
        }
    }

    /// What all origins of a site contributed.
    pub(crate) fn site(&self, site: SiteId) -> Option<u32> {
        self.ppm((*self.sites.get(&site)?)?)
    }

    /// What all origins of an organization contributed: nobody looks smaller by working many sites.
    pub(crate) fn organization(&self, organization: PartyId) -> Option<u32> {
        self.ppm((*self.organizations.get(&organization)?)?)
    }

    /// The part of the lot that no origin contributed; `None` where there is none, and where that is not known. What every
    /// origin may lose by rounding, a microgram, is not counted.
    pub(crate) fn unknown(&self, lot: Option<Mass>) -> Option<u32> {
        let missing = micrograms(lot?).saturating_sub(self.contributed?);
        if missing <= self.origins as u128 {
            return None;
        }
        self.ppm(missing)
    }

    /// Rounded up.
    fn ppm(&self, part: u128) -> Option<u32> {
        let ppm = (part * u128::from(WHOLE_PPM)).div_ceil(self.whole?);
        Some(u32::try_from(ppm).unwrap_or(WHOLE_PPM).min(WHOLE_PPM))
    }
}

fn sums<K: Ord>(origins: &[Origin], of: impl Fn(&Origin) -> K) -> BTreeMap<K, Option<u128>> {
    let mut sums = BTreeMap::new();
    for origin in origins {
        let sum = sums.entry(of(origin)).or_insert(Some(0));
        *sum = sum.zip(gold(origin)).map(|(sum, gold)| sum + gold);
    }
    sums
}

fn gold(origin: &Origin) -> Option<u128> {
    origin.fine_mass.map(micrograms)
}

fn micrograms(mass: Mass) -> u128 {
    u128::from(mass.micrograms())
}
