//! Text of ids, keys and digests: what is read is printed as the same text, apart from case and the aliases i, l and o.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use event::{AssessmentId, IncidentId, LotId, PartyId, PermitId, PlanId, PublicKey, SiteId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    check::<PartyId>(text, plain);
    check::<SiteId>(text, plain);
    check::<LotId>(text, plain);
    check::<AssessmentId>(text, plain);
    check::<PlanId>(text, plain);
    check::<IncidentId>(text, plain);
    check::<PermitId>(text, plain);
    check::<PublicKey>(text, str::to_ascii_lowercase);
});

fn check<Id: FromStr + Display + Debug + PartialEq>(text: &str, plain: impl Fn(&str) -> String) {
    let Ok(id) = text.parse::<Id>() else { return };
    let printed = id.to_string();
    assert_eq!(printed, plain(text));
    assert_eq!(printed.parse().ok(), Some(id));
}

fn plain(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let (prefix, digits) = text.split_once('-').expect("every id has a prefix");
    format!("{prefix}-{}", digits.replace(['i', 'l'], "1").replace('o', "0"))
}
