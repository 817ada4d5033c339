//! Pictures, as SVG within a page. Where things stand is worked out here, in whole numbers; nothing here is asked or fetched.

pub(crate) mod line;
pub(crate) mod lineage;
pub(crate) mod map;
