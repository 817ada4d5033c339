//! The catalogues that are part of the program.

use std::sync::LazyLock;

use event::vocabulary::CatalogueDigest;

use crate::Catalogue;

static CRAFT_DERIVED: LazyLock<Catalogue> = LazyLock::new(|| shipped(include_str!("../data/craft-derived.toml")));
static SITE_VISITS: LazyLock<Catalogue> = LazyLock::new(|| shipped(include_str!("../data/ipis-site-visits.toml")));
static SITE_QUALIFICATION: LazyLock<Catalogue> =
    LazyLock::new(|| shipped(include_str!("../data/ipis-site-qualification.toml")));
static SCHEME_CERTIFICATIONS: LazyLock<Catalogue> =
    LazyLock::new(|| shipped(include_str!("../data/scheme-certifications.toml")));

fn shipped(text: &str) -> Catalogue {
    Catalogue::parse(text).expect("the shipped catalogues pass their checks")
}

/// How a miners' organization does, by criteria derived from the CRAFT Code.
#[must_use]
pub fn craft_derived() -> &'static Catalogue {
    &CRAFT_DERIVED
}

/// What IPIS's surveyors note on a visit.
#[must_use]
pub fn ipis_site_visits() -> &'static Catalogue {
    &SITE_VISITS
}

/// Which status the ministry of mines gave a site.
#[must_use]
pub fn ipis_site_qualification() -> &'static Catalogue {
    &SITE_QUALIFICATION
}

/// What a certification scheme decided about an organization, as a published page tells it.
#[must_use]
pub fn scheme_certifications() -> &'static Catalogue {
    &SCHEME_CERTIFICATIONS
}

/// Every catalogue that is shipped.
#[must_use]
pub fn all() -> [&'static Catalogue; 4] {
    [
        craft_derived(),
        ipis_site_visits(),
        ipis_site_qualification(),
        scheme_certifications(),
    ]
}

/// The shipped catalogue that assessments pin by `digest`: its texts in every language, for what the stream has in one.
#[must_use]
pub fn by_digest(digest: &CatalogueDigest) -> Option<&'static Catalogue> {
    all().into_iter().find(|catalogue| catalogue.digest() == *digest)
}
