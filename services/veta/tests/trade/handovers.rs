//! From one device to another and back, and what is refused on the way.

use std::fs;

use event::codec::DecodeError;
use event::vocabulary::{LotForm, QuantityBasis};
use event::{DeploymentId, Event, Mass, SignedStatement, StatementId, Timestamp, VerifiedStatement, VerifyError};
use proptest::prelude::*;
use signer::handover::{FILE_BYTES_MAX, HANDOVER_BYTES_MAX, Handover, HandoverError, STATEMENTS_MAX};
use signer::lots::Facts;

use crate::codes;
use crate::support::{DEPLOYMENT, DONE, Device, FAILED, USAGE, miners, trader};

const FILE: &str = "lot.veta-handover";
const REPLY: &str = "reply.veta-handover";

/// A file carried from one device to another.
fn carry(from: &Device, to: &Device, name: &str) {
    fs::write(to.path(name), from.read(name)).unwrap();
}

fn ids(device: &Device) -> Vec<StatementId> {
    device.waiting().iter().map(VerifiedStatement::id).collect()
}

/// A lot that is declared and offered by the miners, and the device of the trader, who has the handover.
fn offered() -> (Device, Device, String) {
    let (giver, receiver) = (Device::of(miners()), Device::of(trader()));
    let lot = giver.declares();
    giver.json(&["offer", &lot, "--to", &trader().to_string(), "--handover", FILE]);
    carry(&giver, &receiver, FILE);
    (giver, receiver, lot)
}

#[test]
fn a_lot_changes_hands_between_two_devices_without_a_network() {
    let (giver, receiver, lot) = offered();
    let accept = [
        "accept",
        "--handover",
        FILE,
        "--mass",
        "12.4",
        "--seals",
        "intact",
        "--reply",
        REPLY,
    ];
    let told = receiver.signs(DONE, &accept);
    let known = "12.5 g (INVENTED quantity, for demonstration) of dust, 916.666 fine by touchstone, as it was declared and signed";
    for words in [
        known,
        "0.1 g (0.8 %) less than the 12.5 g known",
        "taken into the queue: 2; there already: 0",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(receiver.kinds(), ["LotDeclared", "CustodyOffered", "CustodyAccepted"]);
    let [declared, offer, answer] = ids(&receiver).try_into().unwrap();
    assert_eq!(ids(&giver), [declared, offer]);
    let Event::CustodyAccepted(accepted) = receiver.waiting()[2].event().clone() else {
        panic!("not accepted")
    };
    assert_eq!((accepted.after, accepted.lot.to_string()), (offer, lot.clone()));

    carry(&receiver, &giver, REPLY);
    let told = giver.keeps(DONE, &["take-in", REPLY]);
    assert!(told.contains(&format!("{} says: Accept {lot}", trader())), "{told}");
    assert_eq!(ids(&giver), [declared, offer, answer]);
    // A second time, nothing is new, whichever file it is.
    for name in [REPLY, FILE] {
        giver.keeps(DONE, &["take-in", name]);
    }
    assert_eq!(ids(&giver), [declared, offer, answer]);
    // What is signed next follows the answer.
    let told = giver.signs(
        FAILED,
        &["accept", "--handover", FILE, "--mass", "1", "--seals", "none"],
    );
    assert!(told.contains("is offered to org-"), "{told}");
    let told = receiver.signs(FAILED, &accept);
    assert!(told.contains("answered here already: Accept lot-"), "{told}");
}

#[test]
fn an_offer_is_declined_by_the_same_way() {
    let (giver, receiver, lot) = offered();
    let decline = ["decline", "--handover", FILE, "--reason", "too light", "--qr"];
    let told = receiver.signs(DONE, &decline);
    fs::write(giver.path("scanned.txt"), codes::of_terminal(&told).join("\n")).unwrap();
    giver.keeps(DONE, &["take-in", "scanned.txt"]);
    assert_eq!(giver.kinds(), ["LotDeclared", "CustodyOffered", "CustodyDeclined"]);
    giver.json(&["offer", &lot, "--to", &trader().to_string()]);
    assert_eq!(giver.kinds().len(), 4);
}

#[test]
fn whatever_waits_before_an_offer_goes_along() {
    let (giver, receiver) = (Device::of(miners()), Device::of(trader()));
    let (first, second) = (giver.declares(), giver.declares());
    let to = trader().to_string();
    giver.json(&["offer", &first, "--to", &to]);
    let told = giver.json(&["offer", &second, "--to", &to, "--handover", FILE]);
    assert_eq!(told[1]["statements"], 4, "{told:?}");
    carry(&giver, &receiver, FILE);
    receiver.json(&["accept", "--handover", FILE, "--mass", "12.5", "--seals", "none"]);
    // The first lot came along; its offer is answered as any that waits here.
    receiver.json(&["accept", &first, "--mass", "12.5", "--seals", "none", "--reply", REPLY]);
    assert_eq!(ids(&receiver)[..4], ids(&giver));
    carry(&receiver, &giver, REPLY);
    giver.keeps(DONE, &["take-in", REPLY]);
    assert_eq!(ids(&giver), ids(&receiver));
    // Numbers of one key only rise, whoever submits.
    for party in [miners(), trader()] {
        let of_one: Vec<_> = giver
            .waiting()
            .into_iter()
            .filter(|said| said.party() == party)
            .collect();
        assert!(of_one.is_sorted_by_key(VerifiedStatement::number));
    }
}

#[test]
fn what_is_handed_over_has_its_place_behind_all_that_waits() {
    let (giver, receiver, _) = offered();
    let own = receiver.declares();
    receiver.keeps(DONE, &["take-in", FILE]);
    receiver.json(&["retire", &own, "--reason", "kept as a sample"]);
    assert_eq!(
        receiver.kinds(),
        ["LotDeclared", "LotDeclared", "CustodyOffered", "LotRetired"]
    );
    assert_eq!(ids(&receiver)[1..3], ids(&giver));
}

#[test]
fn clocks_that_differ_change_no_order() {
    let (giver, receiver, _) = offered();
    let handed = giver.waiting();
    let own = receiver.declares();
    let (earlier, later) = (Timestamp::from_unix_ms(0), Timestamp::from_unix_ms(4_102_444_800_000));
    // The clock was set back after the first was signed, and set right again before the last.
    let taken = |handed: &[VerifiedStatement], now| receiver.queue().take_in(handed, DEPLOYMENT, now).unwrap().len();
    assert_eq!(taken(&handed[..1], earlier), 1);
    assert_eq!(taken(&handed, later), 1, "what is there already is not taken in again");
    receiver.json(&["retire", &own, "--reason", "kept as a sample"]);
    assert_eq!(
        receiver.kinds(),
        ["LotDeclared", "LotDeclared", "CustodyOffered", "LotRetired"]
    );
    let expected: Vec<_> = handed.iter().map(VerifiedStatement::id).collect();
    assert_eq!(ids(&receiver)[1..3], expected);
    let numbers: Vec<_> = receiver.waiting().iter().map(VerifiedStatement::number).collect();
    assert!(
        numbers[0] < numbers[3] && numbers[3] < 4_102_444_800_000_000,
        "numbers are of the clock"
    );
}

#[test]
fn a_handover_is_written_again() {
    let (giver, _, lot) = offered();
    let before = giver.read(FILE);
    giver.keeps(DONE, &["handover", &lot, "--file", "again"]);
    assert_eq!(giver.read("again"), before);
}

#[test]
fn what_does_not_fit_into_codes_fits_into_a_file() {
    let (giver, receiver, to) = (Device::of(miners()), Device::of(trader()), trader().to_string());
    for _ in 0..40 {
        giver.declares();
    }
    let lot = giver.declares();
    let told = giver.signs(FAILED, &["offer", &lot, "--to", &to, "--qr"]);
    assert!(
        told.contains("do not fit into 16 codes, which hold 4480: hand over a file"),
        "{told}"
    );
    assert_eq!(giver.kinds().last(), Some(&"CustodyOffered"), "the offer stands");
    giver.keeps(DONE, &["handover", &lot, "--file", FILE]);
    carry(&giver, &receiver, FILE);
    receiver.keeps(DONE, &["take-in", FILE]);
    assert_eq!(ids(&receiver), ids(&giver));
}

#[test]
fn the_wrong_lot_or_receiver_signs_nothing() {
    let (giver, receiver, _) = offered();
    let other = giver.declares();
    let told = receiver.signs(
        USAGE,
        &["accept", &other, "--handover", FILE, "--mass", "1", "--seals", "none"],
    );
    assert!(told.contains("another lot"), "{told}");
    giver.keeps(DONE, &["handover", &other, "--file", "declared"]);
    carry(&giver, &receiver, "declared");
    let told = receiver.signs(FAILED, &["decline", "--handover", "declared", "--reason", "no"]);
    assert!(told.contains("brings no open offer"), "{told}");
    assert_eq!(receiver.kinds(), [""; 0]);
    let stranger = Device::of(event::PartyId::from_bytes([9; 16]));
    carry(&giver, &stranger, FILE);
    let told = stranger.signs(FAILED, &["decline", "--handover", FILE, "--reason", "no"]);
    assert!(told.contains("and you speak for org-"), "{told}");
}

/// The handover of a declared and offered lot, and its statements.
fn handover() -> (Handover, Vec<VerifiedStatement>) {
    let (giver, _, _) = offered();
    let handover = Handover::decode(&giver.read(FILE)).unwrap();
    (handover, giver.waiting())
}

fn with(handover: &Handover, statements: &[&SignedStatement]) -> Handover {
    let statements: Vec<_> = statements.iter().map(|signed| (*signed).clone()).collect();
    Handover {
        statements: statements.try_into().unwrap(),
        ..handover.clone()
    }
}

#[test]
fn a_handover_that_does_not_hold_is_not_opened() {
    let (good, said) = handover();
    let [declared, offer] = [said[0].signed(), said[1].signed()];
    let opened = good.clone().open(DEPLOYMENT).unwrap();
    assert!(opened.facts_are_signed);
    let mut forged = offer.clone();
    forged.signature.0[5] ^= 1;
    let mut reworded = declared.clone();
    reworded.body.0[30] ^= 1;
    let facts = Facts {
        form: LotForm::Dust,
        gross_mass: Mass::from_micrograms(25_000_000),
        basis: QuantityBasis::Weighed,
        fineness: None,
    };
    let other = DeploymentId::from_bytes([8; 32]);
    let bad = |place| HandoverError::Statement {
        place,
        error: VerifyError::BadSignature,
    };
    let cases = [
        (
            Handover {
                deployment: other,
                ..good.clone()
            },
            HandoverError::Deployment(other),
        ),
        (with(&good, &[declared, &forged]), bad(2)),
        (with(&good, &[&reworded, offer]), bad(1)),
        (with(&good, &[]), HandoverError::Silent(good.lot)),
        (
            Handover {
                lot: event::LotId::from_bytes([1; 16]),
                ..good.clone()
            },
            HandoverError::Silent(event::LotId::from_bytes([1; 16])),
        ),
        (with(&good, &[offer, declared]), HandoverError::Link(said[0].id())),
        (
            Handover {
                facts: Some(facts),
                ..good.clone()
            },
            HandoverError::Contradiction {
                said: facts.to_string(),
                signed: opened.facts.unwrap().to_string(),
            },
        ),
    ];
    for (handover, expected) in cases {
        assert_eq!(handover.open(DEPLOYMENT).unwrap_err(), expected);
    }
    // Without the declaration, what the lot is rests on the giver's word, and that is said.
    let silent = with(&good, &[offer]).open(DEPLOYMENT).unwrap();
    assert_eq!((silent.facts, silent.facts_are_signed), (good.facts, false));
}

#[test]
fn malformed_files_are_refused_by_name() {
    let (good, _) = handover();
    let bytes = good.encode();
    assert_eq!(Handover::decode(&bytes), Ok(good));
    let change = |place: usize, to: u8| {
        let mut bytes = bytes.clone();
        bytes[place] = to;
        bytes
    };
    let longest = [&b"veta/handover/v1\n"[..], &vec![0; HANDOVER_BYTES_MAX + 1]].concat();
    // Behind what it begins with, the deployment and the lot: that there are facts.
    let facts = 17 + 32 + 16;
    let damaged = HandoverError::Damaged;
    for (bytes, expected) in [
        (Vec::new(), HandoverError::NotOne),
        (b"a photo".to_vec(), HandoverError::NotOne),
        (bytes[1..].to_vec(), HandoverError::NotOne),
        (change(15, b'2'), HandoverError::Version),
        (bytes[..17].to_vec(), damaged(DecodeError::Malformed)),
        (bytes[..bytes.len() - 1].to_vec(), damaged(DecodeError::Malformed)),
        ([&bytes[..], b"\0"].concat(), damaged(DecodeError::NotCanonical)),
        (change(facts, 2), damaged(DecodeError::Malformed)),
        (change(facts + 1, 200), damaged(DecodeError::Malformed)),
        (
            longest,
            damaged(DecodeError::TooLong {
                max: HANDOVER_BYTES_MAX,
            }),
        ),
    ] {
        let error = Handover::decode(&bytes).unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.to_string().is_empty());
    }
    let receiver = Device::of(trader());
    fs::write(receiver.path("photo"), b"a photo").unwrap();
    let told = receiver.keeps(FAILED, &["take-in", "photo"]);
    assert!(told.contains("this is no handover: name the file"), "{told}");
    let length = usize::try_from(FILE_BYTES_MAX).unwrap() + 1;
    fs::write(receiver.path("photo"), vec![0; length]).unwrap();
    let told = receiver.keeps(FAILED, &["take-in", "photo"]);
    assert!(told.contains("too long for a handover"), "{told}");
    assert_eq!(receiver.kinds(), [""; 0]);
}

#[test]
fn a_handover_has_its_limits() {
    let (good, said) = handover();
    let many = vec![said[0].clone(); STATEMENTS_MAX + 1];
    let too_many = Handover::new(DEPLOYMENT, good.lot, None, &many).unwrap_err();
    assert_eq!(too_many, HandoverError::TooMany { count: many.len() });
    assert!(Handover::new(DEPLOYMENT, good.lot, None, &many[1..]).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_byte_is_found_wherever_it_is(place: proptest::sample::Index, change in 1..=u8::MAX) {
        thread_local! {
            static GOOD: Vec<u8> = handover().0.encode();
        }
        let mut bytes = GOOD.with(Clone::clone);
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        let opened = Handover::decode(&bytes).and_then(|read| read.open(DEPLOYMENT));
        prop_assert!(opened.is_err(), "byte {} by {}", place, change);
    }
}
