//! Every verb signs what was typed, and refuses what nobody can mean.

use event::vocabulary::{CustodyModel, FinenessMethod, LotForm, QuantityBasis, SealState};
use event::{Event, LotId};
use tempfile::TempDir;

use crate::support::{DEPLOYMENT, DONE, Device, FAILED, USAGE, declaration, miners, site, trader};

#[test]
fn a_lot_is_declared_as_it_was_typed() {
    let device = Device::of(miners());
    let more = [
        "--to=2026-01-07",
        "--seal=B-2",
        "--seal=A-1",
        "--custody-model=segregated",
    ];
    let told = declares(&device, DONE, "", &more);
    assert!(told.contains("an INVENTED quantity"), "{told}");
    let [said] = device.waiting().try_into().unwrap();
    let Event::LotDeclared(lot) = said.event() else {
        panic!("{said:?}")
    };
    assert!(told.contains(&LotId::derive(said.id(), 0).to_string()), "{told}");
    assert_eq!((said.party(), said.deployment()), (miners(), DEPLOYMENT));
    assert_eq!((lot.form, lot.basis), (LotForm::Dust, QuantityBasis::Illustrative));
    assert_eq!(
        (lot.site.to_string(), lot.gross_mass.to_string()),
        (site(), "12.5 g".to_owned())
    );
    let claim = lot.fineness.unwrap();
    assert_eq!(
        (claim.fineness.ppm(), claim.method),
        (916_666, FinenessMethod::Touchstone)
    );
    let days = (lot.extracted.from.to_string(), lot.extracted.to.to_string());
    assert_eq!(days, ("2026-01-05".to_owned(), "2026-01-07".to_owned()));
    assert_eq!(lot.custody_model, CustodyModel::Segregated);
    let seals: Vec<_> = lot.seals.iter().map(ToString::to_string).collect();
    assert_eq!(seals, ["A-1", "B-2"], "in the order that the ledger asks for");
}

#[test]
fn an_ounce_is_a_mass_and_nothing_is_invented_unless_it_is_said() {
    let device = Device::of(miners());
    let site = site();
    let said = [
        "declare",
        "--site",
        &site,
        "--form",
        "dore",
        "--mass",
        "1 oz",
        "--from",
        "2026-01-05",
    ];
    device.json(&said);
    let [said] = device.waiting().try_into().unwrap();
    let Event::LotDeclared(lot) = said.event() else {
        panic!("{said:?}")
    };
    assert_eq!(lot.gross_mass.micrograms(), 31_103_477);
    assert_eq!(
        (lot.basis, lot.form, lot.fineness),
        (QuantityBasis::Weighed, LotForm::Dore, None)
    );
    assert_eq!(lot.extracted.from, lot.extracted.to);
    assert_eq!(lot.custody_model, CustodyModel::IdentityPreserved);
}

#[test]
fn what_nobody_can_mean_is_not_declared() {
    let device = Device::of(miners());
    let lot = format!("--site={}", LotId::from_bytes([1; 16]));
    let seal = format!("--seal={}", "S".repeat(65));
    let cases: [(&str, &[&str], &str); 21] = [
        ("--site", &["--site=site-1"], "27 characters"),
        ("--site", &[&lot], "starts with `site-`"),
        ("--site", &[], "--site"),
        (
            "--form",
            &["--form=nugget"],
            "concentrate, amalgam, sponge, dust, dore, fine",
        ),
        ("--form", &[], "--form"),
        ("--mass", &["--mass=0"], "weighs something"),
        ("--mass", &["--mass=-1"], "not a mass"),
        ("--mass", &["--mass=1,5"], "write grams"),
        ("--mass", &["--mass=1.0005 oz"], "three decimals"),
        ("--mass", &["--mass=1000000000.1"], "not a mass"),
        ("--mass", &[], "--mass"),
        ("--fineness", &["--fineness=1001"], "parts per thousand"),
        ("--fineness", &["--fineness=25k"], "such as 22k"),
        ("--fineness", &[], "--fineness"),
        ("--method", &[], "--method"),
        ("--method", &["--method=taste"], "touchstone, density, xrf, fire-assay"),
        ("--from", &["--from=2026-02-30"], "not a date"),
        ("--from", &["--from=2999-01-01"], "cannot have been dug"),
        ("", &["--to=2026-01-04"], "exchange --from and --to"),
        ("", &["--seal=A", "--seal=B", "--seal=A"], "the seal A is named twice"),
        ("", &[&seal], "longer than the 64 bytes"),
    ];
    for (without, with, words) in cases {
        let told = declares(&device, USAGE, without, with);
        assert!(told.contains(words), "{with:?} says {told}, not {words:?}");
    }
    let seals: Vec<_> = (0..17).map(|seal| format!("--seal=S{seal}")).collect();
    let seals: Vec<_> = seals.iter().map(String::as_str).collect();
    assert!(declares(&device, USAGE, "", &seals).contains("at most 16 seals"));
    let told = declares(&device, USAGE, "", &["--custody-model=magic"]);
    assert!(told.contains("identity-preserved, segregated, mass-balance"), "{told}");
    assert_eq!(device.kinds(), [""; 0], "nothing was signed");
}

#[track_caller]
fn declares(device: &Device, code: i32, without: &str, with: &[&str]) -> String {
    let said = declaration(without, with);
    device.signs(code, &said.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn what_nobody_can_mean_is_not_said_of_a_lot() {
    let device = Device::of(miners());
    let lot = LotId::from_bytes([5; 16]).to_string();
    let mistyped = format!("{}x", &lot[..lot.len() - 1]);
    let (me, them) = (miners().to_string(), trader().to_string());
    let after = format!("--after={}", "ab".repeat(32));
    let long = format!("--reason={}", "x".repeat(257));
    let nobody = "--handover=none";
    let cases: [(i32, &[&str], &str); 17] = [
        (USAGE, &["offer", &mistyped, "--to", &them], "check character"),
        (USAGE, &["offer", &lot], "--to"),
        (USAGE, &["offer", &lot, "--to", &lot], "starts with `org-`"),
        (USAGE, &["offer", &lot, "--to", &me], "somebody else"),
        (USAGE, &["offer", &lot, "--to", &them, "--after=12"], "--after"),
        (FAILED, &["offer", &lot, "--to", &them], "nothing is known of lot-"),
        (USAGE, &["accept", "--seals=intact"], "LOT"),
        (USAGE, &["accept", &lot, "--mass=1"], "--seals"),
        (
            USAGE,
            &["accept", &lot, "--mass=1", "--seals=torn"],
            "none, intact, broken",
        ),
        (USAGE, &["accept", &lot, "--mass=x", "--seals=none"], "not a mass"),
        (
            FAILED,
            &["accept", &lot, "--mass=1", "--seals=none"],
            "nothing is known",
        ),
        (
            FAILED,
            &["accept", nobody, "--mass=1", "--seals=none"],
            "cannot read none",
        ),
        (USAGE, &["decline", &lot, &after], "--reason"),
        (USAGE, &["decline", &lot, &after, "--reason= "], "white space"),
        (USAGE, &["retire", &lot, &after, &long], "longer than the 256 bytes"),
        (FAILED, &["withdraw", &lot], "nothing is known"),
        (USAGE, &["withdraw", &lot, "--ingest=http://127.0.0.1:1"], "--submit"),
    ];
    for (code, said, words) in cases {
        let told = device.signs(code, said);
        assert!(told.contains(words), "{said:?} says {told}, not {words:?}");
    }
    let cases: [(i32, &[&str], &str); 4] = [
        (FAILED, &["label", &lot], "nothing is known of lot-"),
        (FAILED, &["handover", &lot, "--qr"], "nothing is known of lot-"),
        (USAGE, &["handover", &lot], "--file"),
        (USAGE, &["take-in"], "FILE"),
    ];
    for (code, said, words) in cases {
        let told = device.keeps(code, said);
        assert!(told.contains(words), "{said:?} says {told}, not {words:?}");
    }
    assert_eq!(device.kinds(), [""; 0], "nothing was signed");
}

#[test]
fn who_speaks_for_which_deployment_is_asked_for() {
    let device = Device::of(miners());
    let lot = LotId::from_bytes([5; 16]).to_string();
    let (key, queue, deployment) = (device.path("key.pem"), device.path("queue"), DEPLOYMENT.to_string());
    let withdraw = ["lot", "withdraw", &lot];
    for (said, words) in [
        (&[][..], "--key"),
        (&["--key", &key], "--queue"),
        (&["--key", &key, "--queue", &queue], "--deployment"),
        (
            &["--key", &key, "--queue", &queue, "--deployment", &deployment],
            "--party",
        ),
    ] {
        let told = device.veta(USAGE, &[&withdraw[..], said].concat());
        assert!(told.contains(words), "{said:?}: {told}");
    }
}

#[test]
fn several_steps_are_signed_one_after_the_other() {
    let device = Device::of(miners());
    let lot = device.declares();
    let to = trader().to_string();
    device.json(&["offer", &lot, "--to", &to]);
    device.json(&["withdraw", &lot]);
    // In capitals, as it stands in a label's code.
    device.json(&["retire", &lot.to_uppercase(), "--reason", "kept as a sample"]);
    let expected = ["LotDeclared", "CustodyOffered", "OfferWithdrawn", "LotRetired"];
    assert_eq!(device.kinds(), expected);
    let waiting = device.waiting();
    let ids: Vec<_> = waiting.iter().map(event::VerifiedStatement::id).collect();
    let afters: Vec<_> = waiting
        .iter()
        .filter_map(|said| match said.event() {
            Event::CustodyOffered(said) => Some(said.after),
            Event::OfferWithdrawn(said) => Some(said.after),
            Event::LotRetired(said) => Some(said.after),
            _ => None,
        })
        .collect();
    assert_eq!(afters, ids[..3]);
    assert!(waiting.is_sorted_by_key(event::VerifiedStatement::number));
    let named = "ab".repeat(32);
    device.json(&["decline", &lot, "--after", &named, "--reason", "seals broken"]);
    let Some(Event::CustodyDeclined(said)) = device.waiting().last().map(|said| said.event().clone()) else {
        panic!("not declined")
    };
    assert_eq!(said.after.to_string(), named, "whoever names it is believed");
}

#[test]
fn a_difference_is_shown_before_it_is_signed() {
    let device = Device::of(miners());
    let lot = device.declares();
    let told = device.signs(DONE, &["accept", &lot, "--mass", "12.2", "--seals", "broken"]);
    let shown = told.find("0.3 g (2.4 %) less than the 12.5 g known").unwrap();
    let known = told
        .find("12.5 g (INVENTED quantity, for demonstration) of dust, 916.666 fine by touchstone")
        .unwrap();
    assert!(known < shown && shown < told.find("signed ").unwrap(), "{told}");
    let Some(Event::CustodyAccepted(said)) = device.waiting().last().map(|said| said.event().clone()) else {
        panic!("not accepted")
    };
    assert_eq!(
        (said.gross_mass.to_string().as_str(), said.seals),
        ("12.2 g", SealState::Broken)
    );
}

#[test]
fn the_mass_is_asked_for_until_it_is_one() {
    let device = Device::of(miners());
    let lot = device.declares();
    let (key, party, queue) = (device.path("key.pem"), miners().to_string(), device.path("queue"));
    let deployment = DEPLOYMENT.to_string();
    let accept = [
        "lot",
        "accept",
        &lot,
        "--seals",
        "none",
        "--key",
        &key,
        "--party",
        &party,
        "--queue",
        &queue,
        "--deployment",
        &deployment,
    ];
    let told = device.veta_told(DONE, &accept, "a handful\n12.6\n");
    assert!(told.contains("\"a handful\" is not a mass"), "{told}");
    assert!(told.contains("0.1 g (0.8 %) MORE than the 12.5 g known"), "{told}");
    let told = device.veta_told(USAGE, &accept, "");
    assert!(told.contains("--mass"), "{told}");
    let told = device.veta_told(USAGE, &[&accept[..], &["--json"]].concat(), "12.6\n");
    assert!(told.contains("--mass"), "{told}");
    assert_eq!(device.kinds(), ["LotDeclared", "CustodyAccepted"]);
}

#[test]
fn what_is_only_here_does_not_wait_for_a_service() {
    let device = Device::of(miners());
    let lot = device.declares();
    let nowhere = TempDir::new().unwrap();
    let state = nowhere.path().to_str().unwrap();
    device.json(&["offer", &lot, "--to", &trader().to_string(), "--state", state]);
    assert_eq!(device.kinds(), ["LotDeclared", "CustodyOffered"]);
}
