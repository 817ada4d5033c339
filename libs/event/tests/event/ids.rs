//! Text of ids: a mistyped one is refused.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use event::id::IdError;
use event::{AssessmentId, IncidentId, LotId, PartyId, PermitId, PlanId, SiteId};
use proptest::prelude::*;

const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";

proptest! {
    #[test]
    fn text_round_trips(bytes: [u8; 16]) {
        round_trip(PartyId::from_bytes(bytes));
        round_trip(SiteId::from_bytes(bytes));
        round_trip(LotId::from_bytes(bytes));
        round_trip(AssessmentId::from_bytes(bytes));
        round_trip(PlanId::from_bytes(bytes));
        round_trip(IncidentId::from_bytes(bytes));
        round_trip(PermitId::from_bytes(bytes));
    }

    #[test]
    fn every_changed_character_is_noticed(bytes: [u8; 16]) {
        let text = LotId::from_bytes(bytes).to_string();
        for at in "lot-".len()..text.len() {
            for other in ALPHABET.chars().filter(|other| !text[at..].starts_with(*other)) {
                let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                prop_assert_eq!(changed.parse::<LotId>(), Err(IdError::Check { prefix: "lot" }), "{}", changed);
            }
        }
    }

    #[test]
    fn every_exchange_of_two_characters_is_noticed(bytes: [u8; 16]) {
        let text = SiteId::from_bytes(bytes).to_string();
        let letters: Vec<char> = text.chars().collect();
        for (a, b) in pairs("site-".len(), letters.len()).filter(|(a, b)| letters[*a] != letters[*b]) {
            let mut exchanged = letters.clone();
            exchanged.swap(a, b);
            let exchanged: String = exchanged.into_iter().collect();
            prop_assert_eq!(exchanged.parse::<SiteId>(), Err(IdError::Check { prefix: "site" }), "{}", exchanged);
        }
    }

    #[test]
    fn the_digits_of_one_kind_are_no_id_of_another(bytes: [u8; 16]) {
        let texts = [
            PartyId::from_bytes(bytes).to_string(),
            SiteId::from_bytes(bytes).to_string(),
            LotId::from_bytes(bytes).to_string(),
            AssessmentId::from_bytes(bytes).to_string(),
            PlanId::from_bytes(bytes).to_string(),
            IncidentId::from_bytes(bytes).to_string(),
            PermitId::from_bytes(bytes).to_string(),
        ];
        let digits: BTreeSet<String> = texts.iter().map(|text| split(text).1).collect();
        prop_assert_eq!(digits.len(), texts.len(), "{:?}", digits);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}", digits in "(lot|LOT|Lot)-[0-9a-zA-Z]{26,28}") {
        if let Ok(id) = text.parse::<LotId>() {
            round_trip(id);
        }
        if let Ok(id) = digits.parse::<LotId>() {
            round_trip(id);
        }
    }
}

#[test]
fn the_prefixes_are_frozen() {
    let prefixes = [
        PartyId::PREFIX,
        SiteId::PREFIX,
        LotId::PREFIX,
        AssessmentId::PREFIX,
        PlanId::PREFIX,
        IncidentId::PREFIX,
        PermitId::PREFIX,
    ];
    let names = ["org", "site", "lot", "assessment", "plan", "incident", "permit"];
    assert_eq!(prefixes, names);
    assert!(IncidentId::from_bytes([0; 16]).to_string().starts_with("incident-0"));
    assert_eq!("plan-".parse::<PlanId>(), Err(IdError::Length { prefix: "plan" }));
    assert_eq!("lot-".parse::<PlanId>(), Err(IdError::Prefix { expected: "plan" }));
}

#[test]
fn one_statement_creates_different_ids() {
    let statement = event::StatementId::from_bytes([9; 32]);
    let mut ids: BTreeSet<[u8; 16]> = (0..100)
        .map(|index| *LotId::derive(statement, index).as_bytes())
        .collect();
    ids.insert(*PartyId::derive(statement, 0).as_bytes());
    ids.insert(*SiteId::derive(statement, 0).as_bytes());
    ids.insert(*AssessmentId::derive(statement, 0).as_bytes());
    ids.insert(*PlanId::derive(statement, 0).as_bytes());
    ids.insert(*IncidentId::derive(statement, 0).as_bytes());
    ids.insert(*PermitId::derive(statement, 0).as_bytes());
    assert_eq!(ids.len(), 106);
}

fn round_trip<Id: Display + Debug + PartialEq + FromStr<Err = IdError>>(id: Id) {
    let text = id.to_string();
    assert_eq!(text.parse(), Ok(id));
    let (prefix, digits) = split(&text);
    assert_eq!(digits.len(), 27, "{prefix}");
    assert!(digits.chars().all(|digit| ALPHABET.contains(digit)), "{text}");
}

fn split(text: &str) -> (String, String) {
    let (prefix, digits) = text.split_once('-').expect("a hyphen after the prefix");
    (prefix.to_owned(), digits.to_owned())
}

fn pairs(from: usize, to: usize) -> impl Iterator<Item = (usize, usize)> {
    (from..to).flat_map(move |a| (a + 1..to).map(move |b| (a, b)))
}
