//! Every verb of the rest of the trade signs what was typed, balances what goes in and comes out, and refuses what nobody
//! can mean.

use std::fs;

use event::key::Digest;
use event::vocabulary::{
    AssayPurpose, CapacityPeriod, CustodyModel, FinenessMethod, Loss, LotForm, LotsTransformed, PermitKind,
    PermitStatus, Transformation,
};
use event::{Event, LotId, PermitId};

use crate::support::{DONE, Device, FAILED, USAGE, miners, site, trader};

/// A day that is long past, and one that is not to come soon.
const PAST: &str = "2026-01-05";
const FAR: &str = "2999-01-01";

/// The last statement that waits.
#[track_caller]
fn last(device: &Device) -> Event {
    device.waiting().last().expect("something was signed").event().clone()
}

/// A lot of so many grams, 900 fine by X-ray; its id.
#[track_caller]
fn declared(device: &Device, grams: &str, seals: &[&str]) -> String {
    let site = site();
    let said = [
        "declare",
        "--form=dust",
        "--fineness=900",
        "--method=xrf",
        "--site",
        &site,
        "--from",
        PAST,
    ];
    let told = device.json(&[&said[..], &["--mass", grams], seals].concat());
    told[0]["created"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_measured_is_signed_as_it_was_typed() {
    let device = Device::of(miners());
    let lot = declared(&device, "25", &[]);
    let paper = device.path("paper.txt");
    fs::write(&paper, "a photo of the scale").unwrap();
    let witness = trader().to_string();
    let told = device.signs(
        DONE,
        &[
            "weigh",
            &lot,
            "--mass=24.8",
            "--scale=K-3",
            "--calibrated",
            PAST,
            "--witness",
            &witness,
            "--document",
            &paper,
        ],
    );
    assert!(told.contains("0.2 g (0.8 %) less than the 25 g known"), "{told}");
    let Event::LotWeighed(said) = last(&device) else {
        panic!()
    };
    assert_eq!(
        (said.gross_mass.to_string().as_str(), said.witness),
        ("24.8 g", Some(trader()))
    );
    assert_eq!(said.scale.unwrap().as_str(), "K-3");
    assert_eq!(said.documents.to_vec(), [Digest::of(b"a photo of the scale")]);

    let replaced = "ab".repeat(32);
    let assay = [
        "assay",
        &lot,
        "--gold=22k",
        "--silver=60",
        "--uncertainty=0.5",
        "--method=fire-assay",
    ];
    let of = [
        "--purpose=umpire",
        "--sample=P-1",
        "--melt=M-1",
        "--replaces",
        &replaced,
    ];
    let told = device.signs(DONE, &[&assay[..], &of].concat());
    assert!(
        told.contains("so 22.733316 g of gold; its fineness so far: 900.0 by xrf"),
        "{told}"
    );
    let Event::LotAssayed(said) = last(&device) else {
        panic!()
    };
    assert_eq!((said.gold.ppm(), said.silver.unwrap().ppm()), (916_666, 60_000));
    assert_eq!((said.uncertainty_ppm, said.purpose), (Some(500), AssayPurpose::Umpire));
    assert_eq!(
        (said.method, said.replaces.unwrap().to_string()),
        (FinenessMethod::FireAssay, replaced)
    );
    follow_one_another(&device);
}

#[test]
fn what_closes_a_lot_is_signed_as_it_was_typed() {
    let device = Device::of(miners());
    let lot = declared(&device, "25", &[]);
    device.json(&["sample", &lot, "--seal=P-2", "--seal=P-1", "--melt=M-1"]);
    let Event::LotSampled(said) = last(&device) else {
        panic!()
    };
    let seals: Vec<_> = said.samples.iter().map(ToString::to_string).collect();
    assert_eq!(
        (seals, said.melt.unwrap().as_str()),
        (vec!["P-1".to_owned(), "P-2".to_owned()], "M-1")
    );

    device.json(&["seal", &lot, "--seal=S-2", "--seal=S-1"]);
    let Event::LotSealed(said) = last(&device) else {
        panic!()
    };
    assert_eq!(said.seals[0].as_str(), "S-1");
    device.json(&["unseal", &lot, "--seal=S-1", "--reason=to look"]);
    let Event::SealBroken(said) = last(&device) else {
        panic!()
    };
    assert_eq!((said.seals.len(), said.reason.as_str()), (1, "to look"));
    follow_one_another(&device);
}

/// Every statement on the one lot of a device names the one before it, with its mass and assay known here.
#[track_caller]
fn follow_one_another(device: &Device) {
    let waiting = device.waiting();
    for pair in waiting.windows(2) {
        let after = pair[1].event().lots_after();
        assert_eq!(after[0].after, pair[0].id(), "{:?}", pair[1].event());
    }
}

#[test]
fn what_stops_a_lot_and_sets_it_right_is_signed_as_it_was_typed() {
    let device = Device::of(miners());
    let lot = declared(&device, "25", &[]);
    let them = trader().to_string();
    let declaration = device.waiting()[0].id();
    let told = device.signs(
        DONE,
        &[
            "correct",
            &lot,
            "--mass=24",
            "--reason=the scale was not level",
            "--target",
            &declaration.to_string(),
        ],
    );
    assert!(told.contains("1 g (4 %) less than the 25 g known"), "{told}");
    device.json(&["confirm-correction", &lot]);
    let waiting = device.waiting();
    let Event::CorrectionConfirmed(said) = waiting[2].event() else {
        panic!()
    };
    assert_eq!(said.proposal, waiting[1].id(), "the latest statement on the lot");
    // What is held goes on after the hold.
    device.json(&["hold", &lot, "--reason=an incident"]);
    device.json(&["weigh", &lot, "--mass=24"]);
    let waiting = device.waiting();
    let Event::LotWeighed(said) = waiting[4].event() else {
        panic!()
    };
    assert_eq!(said.after, waiting[3].id());
    device.json(&["release", &lot, "--reason=it was none"]);
    let told = device.signs(DONE, &["title", &lot, "--to", &them]);
    assert!(told.contains("is 24 g (weighed) of dust, 900.0 fine by xrf"), "{told}");
    let Event::TitleTransferred(said) = last(&device) else {
        panic!()
    };
    assert_eq!((said.to, said.after), (trader(), device.waiting()[5].id()));
    device.json(&["offer", &lot, "--to", &them, "--with-title"]);
    let Event::CustodyOffered(said) = last(&device) else {
        panic!()
    };
    assert!(said.with_title);
    let report = device.path("report.txt");
    fs::write(&report, "police report").unwrap();
    device.json(&[
        "lose",
        &lot,
        "--how=stolen",
        "--reason=on the road",
        "--report",
        &report,
    ]);
    let Event::LotLost(said) = last(&device) else { panic!() };
    assert_eq!(
        (said.how, said.report),
        (Loss::Stolen, Some(Digest::of(b"police report")))
    );
}

/// Of 100 g with 90 g of gold: what is said to come of them, what is told, and which refusals are warned of.
const BALANCES: [(&[&str], &[&str], &[&str]); 8] = [
    (
        &["--out=dore:96:930:xrf", "--lost=4", "--lost-gold=0.72"],
        &[
            "100 g go in, 96 g come out, 4 g are stated as lost; nothing is missing",
            "90 g go in, 89.28 g come out",
        ],
        &[],
    ),
    (
        &["--out=dore:96:930:xrf", "--lost=rest", "--lost-gold=rest"],
        &[
            "4 g are stated as lost; nothing is missing",
            "0.72 g are stated as lost; nothing is missing",
        ],
        &[],
    ),
    (
        &["--out=dore:96:930:xrf"],
        &["4 g (4 %) are MISSING"],
        &["GrossUnbalanced"],
    ),
    (
        &["--out=dore:101:900:xrf"],
        &["1 g (1 %) are TOO MUCH"],
        &["GrossUnbalanced"],
    ),
    (
        &["--out=dore:96:960:xrf", "--lost=rest"],
        &["2.16 g (2.4 %) are TOO MUCH"],
        &["FineMassGrew"],
    ),
    (
        &["--out=dore:96:880:xrf", "--lost=rest"],
        &["are MISSING"],
        &["FineUnbalanced"],
    ),
    (
        &["--out=dore:85:990:xrf", "--lost=rest", "--lost-gold=rest"],
        &["15 g are stated as lost"],
        &["LossTooLarge"],
    ),
    (
        &["--out=dore:96:880:xrf", "--lost=rest", "--lost-gold=5"],
        &["5 g are stated as lost"],
        &["FineUnbalanced"],
    ),
];

#[test]
fn a_melt_is_balanced_before_it_is_signed() {
    let device = Device::of(miners());
    let (one, other) = (declared(&device, "60", &[]), declared(&device, "40", &[]));
    let melt = ["melt", &one, &other, "--melt=M-1"];
    for (said, words, warnings) in BALANCES {
        let (one, other) = (declared(&device, "60", &[]), declared(&device, "40", &[]));
        let told = device.signs(DONE, &[&["melt", &other, &one], said].concat());
        for words in words {
            assert!(told.contains(words), "{said:?} says {told}, not {words:?}");
        }
        let warned: Vec<_> = told
            .lines()
            .filter_map(|line| line.strip_prefix("WARNING: it would be refused ("))
            .collect();
        let names: Vec<_> = warned.iter().filter_map(|line| line.split([' ', ')']).nth(1)).collect();
        assert_eq!(names, warnings, "{said:?}: {told}");
        assert!(!warnings.is_empty() || told.find("go in").unwrap() < told.find("signed ").unwrap());
    }
    device.json(&[&melt[..], &["--out=dore:96:930:xrf", "--lost=rest", "--lost-gold=rest"]].concat());
    let said = transformed(&device);
    assert_eq!(
        (said.how, said.custody_model),
        (Transformation::Melt, CustodyModel::IdentityPreserved)
    );
    assert!(
        said.inputs[0].lot < said.inputs[1].lot,
        "in the order that the ledger asks for"
    );
    assert_eq!(
        (said.lost_gross_mass.micrograms(), said.lost_fine_mass.micrograms()),
        (4_000_000, 720_000)
    );
    let output = &said.outputs[0];
    assert_eq!((output.form, output.fineness.fineness.ppm()), (LotForm::Dore, 930_000));
    assert_eq!(output.fineness.method, FinenessMethod::Xrf);
}

#[track_caller]
fn transformed(device: &Device) -> LotsTransformed {
    let Event::LotsTransformed(said) = last(device) else {
        panic!()
    };
    said
}

#[test]
fn what_was_made_here_is_known_here() {
    let device = Device::of(miners());
    let lot = declared(&device, "100", &[]);
    let refined = device.json(&["refine", &lot, "--out=fine:90:999.9:fire-assay", "--lost=rest"]);
    let fine = refined[0]["created"].as_str().unwrap().to_owned();
    let parts = device.json(&["split", &fine, "--out=50", "--out=40", "--seal=2:S-1"]);
    let parts: Vec<_> = parts[0]["all_created"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    let said = transformed(&device);
    assert_eq!(said.how, Transformation::Split);
    assert!(
        said.outputs
            .iter()
            .all(|out| out.form == LotForm::Fine && out.fineness.fineness.ppm() == 999_900)
    );
    assert_eq!(
        (said.outputs[0].seals.len(), said.outputs[1].seals[0].as_str()),
        (0, "S-1")
    );
    // A seal that is whole, and bars of what is not fine.
    let told = device.signs(
        DONE,
        &[
            "cast",
            parts[1],
            "--out=fine:40:999.9:fire-assay",
            "--bar=A:B:17:2026",
            "--custody-model=mass-balance",
        ],
    );
    assert!(told.contains("(341, SealsWhole)"), "{told}");
    let bar = transformed(&device).outputs[0].bar.clone().unwrap();
    assert_eq!((bar.brand.as_str(), bar.serial.as_str(), bar.year), ("A:B", "17", 2026));
    assert_eq!(transformed(&device).custody_model, CustodyModel::MassBalance);
    // What became others is not there any more, and what it was is still known.
    let told = device.signs(FAILED, &["merge", parts[0], &fine, "--out=fine:90:999.9:fire-assay"]);
    assert!(told.contains(&format!("{fine} became other lots")), "{told}");
    device.signs(FAILED, &["weigh", &fine, "--mass=90"]);
    assert!(device.keeps(DONE, &["label", &fine]).contains("90 g"));
    let dust = declared(&device, "10", &[]);
    let told = device.signs(DONE, &["cast", &dust, "--out=dust:10:900:xrf", "--bar=A:18:2026"]);
    assert!(told.contains("(349, BarOutOfPlace)"), "{told}");
    let told = device.signs(DONE, &["melt", &dore(&device), "--out=dust:10:900:xrf"]);
    assert!(told.contains("(348, FormReversed)"), "{told}");
    let split = ["split", &dore(&device), "--out=dore:5:900:xrf", "--out=dore:5:910:xrf"];
    let told = device.signs(DONE, &split);
    assert!(told.contains("(339, TransformationShape)"), "{told}");
}

/// A lot of 10 g that was molten here; its id.
#[track_caller]
fn dore(device: &Device) -> String {
    let dust = declared(device, "10", &[]);
    let told = device.json(&["melt", &dust, "--out=dore:10:900:xrf"]);
    told[0]["created"].as_str().unwrap().to_owned()
}

#[test]
fn lots_of_one_step_may_be_unknown_here() {
    let device = Device::of(miners());
    let (lot, other) = (
        LotId::from_bytes([5; 16]).to_string(),
        LotId::from_bytes([6; 16]).to_string(),
    );
    let (first, second) = ("ab".repeat(32), "cd".repeat(32));
    let after = [format!("--after={lot}={first}"), format!("--after={other}={second}")];
    let merge = ["merge", &other, &lot, "--out=dore:10:900", &after[0], &after[1]];
    let told = device.signs(USAGE, &merge);
    assert!(told.contains("name --custody-model"), "{told}");
    let told = device.signs(DONE, &[&merge[..], &["--custody-model=segregated"]].concat());
    assert!(told.contains("nothing can be balanced"), "{told}");
    let said = transformed(&device);
    let afters: Vec<_> = said
        .inputs
        .iter()
        .map(|input| (input.lot.to_string(), input.after.to_string()))
        .collect();
    assert!(
        afters.contains(&(lot.clone(), first)) && afters.contains(&(other.clone(), second)),
        "{afters:?}"
    );
    assert_eq!(said.outputs[0].fineness.method, FinenessMethod::Estimate);
}

#[test]
fn what_leaves_and_arrives_is_signed_as_it_was_typed() {
    let device = Device::of(miners());
    let (one, other) = (declared(&device, "60", &[]), declared(&device, "40", &[]));
    let them = trader().to_string();
    let export = [
        "export",
        &one,
        &other,
        "--certificate=icglr:CD:1",
        "--authority=CEEC",
        "--from=CD",
        "--to=CH",
    ];
    let of = ["--importer", &them, "--issued", PAST, "--expires=2026-02-05"];
    let told = device.signs(DONE, &[&export[..], &of, &["--mass=99"]].concat());
    assert!(
        told.contains("the certificate: 1 g (1 %) less than the 100 g known"),
        "{told}"
    );
    device.json(&[&export[..], &of].concat());
    let Event::LotExported(said) = last(&device) else {
        panic!()
    };
    assert_eq!(
        (said.lots.len(), said.certified_gross_mass.micrograms()),
        (2, 100_000_000)
    );
    assert_eq!(
        (said.certificate.source.as_str(), said.certificate.value.as_str()),
        ("icglr", "CD:1")
    );
    assert_eq!((said.hs_code.as_str(), said.importer), ("7108.12", trader()));

    let told = device.signs(
        DONE,
        &[
            "receive",
            &one,
            "--number=R-1",
            "--mass=59.9",
            "--arrived",
            PAST,
            "--discrepancy=moisture",
        ],
    );
    assert!(told.contains("0.1 g (0.1667 %) less than the 60 g known"), "{told}");
    let Event::LotReceived(said) = last(&device) else {
        panic!()
    };
    assert_eq!(
        (said.refinery_lot.as_str(), said.arrived.to_string().as_str()),
        ("R-1", PAST)
    );
    assert_eq!(said.discrepancy.unwrap().as_str(), "moisture");
    let told = device.signs(DONE, &["weigh", &one, "--mass=59.9"]);
    assert!(told.contains("as much as was known, 59.9 g"), "{told}");
}

#[test]
fn what_is_said_of_a_permit_is_signed_as_it_was_typed() {
    let device = Device::of(miners());
    let (site, holder) = (site(), miners().to_string());
    let paper = device.path("permit.txt");
    fs::write(&paper, "permit").unwrap();
    let record = [
        "permit",
        "record",
        "--kind=formalization",
        "--number=cami:PR-1",
        "--authority=CAMI",
        "--from",
        PAST,
    ];
    let of = [
        "--holder",
        &holder,
        "--site",
        &site,
        "--until=2027-01-05",
        "--document",
        &paper,
    ];
    let told = device.says(
        DONE,
        &[&record[..], &of, &["--register=CAMI", "--checked", PAST]].concat(),
    );
    assert!(told.contains("creates permit-"), "{told}");
    let Event::PermitRecorded(said) = last(&device) else {
        panic!()
    };
    assert_eq!(
        (said.kind, said.holder, said.sites.len()),
        (PermitKind::Formalization, miners(), 1)
    );
    assert_eq!(
        (said.document, said.checked.unwrap().on.to_string().as_str()),
        (Some(Digest::of(b"permit")), PAST)
    );
    let permit = PermitId::from_bytes([4; 16]).to_string();
    let status = [
        "permit",
        "status",
        &permit,
        "--site",
        &site,
        "--status=suspended",
        "--reason=by court",
        "--from",
        PAST,
    ];
    device.says(DONE, &status);
    let Event::PermitStatusChanged(said) = last(&device) else {
        panic!()
    };
    assert_eq!(
        (said.status, said.checked, said.from.to_string().as_str()),
        (PermitStatus::Suspended, None, PAST)
    );
}

#[test]
fn what_is_said_of_a_site_is_signed_as_it_was_typed() {
    let device = Device::of(miners());
    let site = site();
    device.says(
        DONE,
        &[
            "site",
            "capacity",
            &site,
            "--gold=16 oz",
            "--per=quarter",
            "--miners=40",
            "--basis=a plan of works",
        ],
    );
    let Event::CapacityEstablished(said) = last(&device) else {
        panic!()
    };
    assert_eq!((said.per, said.miners_max), (CapacityPeriod::Quarter, Some(40)));
    assert_eq!(said.fine_mass_max.micrograms(), 497_655_629);
    device.says(
        DONE,
        &[
            "site",
            "amend",
            &site,
            "--name=New pit",
            "--deposit=primary",
            "--band=21k-22.5k",
            "--reason=it moved",
        ],
    );
    let Event::SiteAmended(said) = last(&device) else {
        panic!()
    };
    let band = said.fineness_band.unwrap();
    assert_eq!(
        (band.from.ppm(), band.to.ppm(), said.operator),
        (875_000, 937_500, None)
    );
}

/// An exit code, what is typed, and words of what is told. `LOT` stands for a lot, `KNOWN` and `OF` for flags that name the
/// latest statement on it, `OTHER` for one that names that of another lot, `LONG` for a reason that is too long.
type Case = (i32, &'static [&'static str], &'static str);

const OUT: &str = "--out=dore:10:900";

/// Of what is measured, and what closes a lot.
const MEASURED: &[Case] = &[
    (FAILED, &["weigh", "LOT", "--mass=1"], "nothing is known of lot-"),
    (USAGE, &["weigh", "LOT", "KNOWN"], "--mass"),
    (USAGE, &["weigh", "LOT", "KNOWN", "--mass=0"], "weighs something"),
    (
        USAGE,
        &["weigh", "LOT", "KNOWN", "--mass=1", "--calibrated=2999-01-01"],
        "cannot have been calibrated",
    ),
    (
        USAGE,
        &["weigh", "LOT", "KNOWN", "--mass=1", "--witness=site-1"],
        "--witness",
    ),
    (
        FAILED,
        &["weigh", "LOT", "KNOWN", "--mass=1", "--document=none"],
        "none",
    ),
    (USAGE, &["sample", "LOT", "KNOWN"], "--seal"),
    (
        USAGE,
        &["sample", "LOT", "KNOWN", "--seal=A", "--seal=A"],
        "the sample A is named twice",
    ),
    (USAGE, &["assay", "LOT", "KNOWN", "--method=xrf"], "--gold"),
    (USAGE, &["assay", "LOT", "KNOWN", "--gold=900"], "--method"),
    (
        USAGE,
        &["assay", "LOT", "KNOWN", "--gold=1001", "--method=xrf"],
        "parts per thousand",
    ),
    (
        USAGE,
        &["assay", "LOT", "KNOWN", "--gold=900", "--method=taste"],
        "fire-assay",
    ),
    (
        USAGE,
        &["assay", "LOT", "KNOWN", "--gold=900", "--method=xrf", "--silver=101"],
        "more than the whole",
    ),
    (
        USAGE,
        &["assay", "LOT", "KNOWN", "--gold=900", "--method=xrf", "--purpose=fun"],
        "blind, control, settlement, umpire",
    ),
    (
        USAGE,
        &["assay", "LOT", "KNOWN", "--gold=900", "--method=xrf", "--replaces=12"],
        "--replaces",
    ),
    (USAGE, &["seal", "LOT", "KNOWN"], "--seal"),
    (
        USAGE,
        &["seal", "LOT", "KNOWN", "--seal=A", "--seal=A"],
        "the seal A is named twice",
    ),
    (USAGE, &["unseal", "LOT", "KNOWN", "--seal=A"], "--reason"),
    (
        USAGE,
        &["unseal", "LOT", "KNOWN", "--seal=A", "LONG"],
        "longer than the 256 bytes",
    ),
];

/// Of what lots become.
const MADE: &[Case] = &[
    (USAGE, &["melt", "LOT", "OF"], "--out"),
    (USAGE, &["melt", "LOT", "OF", "--out=dore"], "write grams"),
    (USAGE, &["melt", "LOT", "OF", "--out=10"], "FORM:GRAMS:FINENESS"),
    (USAGE, &["melt", "LOT", "OF", "--out=nugget:10:900"], "residue"),
    (USAGE, &["melt", "LOT", "OF", "--out=dore:0:900"], "weighs something"),
    (
        USAGE,
        &["melt", "LOT", "OF", "--out=dore:10:1001"],
        "parts per thousand",
    ),
    (USAGE, &["melt", "LOT", "OF", "--out=dore:10:900:taste"], "touchstone"),
    (
        USAGE,
        &["melt", "LOT", "OF", "--out=dore:10:900:xrf:more"],
        "FORM:GRAMS:FINENESS",
    ),
    (USAGE, &["melt", "LOT", "OF", OUT, "--lost=much"], "not a mass"),
    (
        USAGE,
        &["melt", "LOT", "OF", OUT, "--lost=rest", "--custody-model=segregated"],
        "no rest can be told",
    ),
    (
        USAGE,
        &[
            "melt",
            "LOT",
            "OF",
            OUT,
            "--lost-gold=rest",
            "--custody-model=segregated",
        ],
        "no rest can be told",
    ),
    (
        USAGE,
        &["melt", "LOT", "OF", OUT, "--bar=A:1:2026"],
        "only what is cast is stamped",
    ),
    (
        USAGE,
        &["melt", "LOT", "OF", OUT, "--seal=2:S-1"],
        "for output 2, and there are 1",
    ),
    (USAGE, &["melt", "LOT", "OF", OUT, "--seal=S-1"], "PLACE:NUMBER"),
    (
        USAGE,
        &["melt", "LOT", "OF", OUT, "--seal=1:S", "--seal=1:S"],
        "the seal S is named twice",
    ),
    (
        USAGE,
        &["melt", "LOT", "OF", OUT, "--custody-model=magic"],
        "mass-balance",
    ),
    (USAGE, &["melt", OUT], "LOT"),
    (
        USAGE,
        &["melt", "LOT", "LOT", "OF", OUT, "--custody-model=segregated"],
        "is named twice",
    ),
    (USAGE, &["melt", "LOT", "OTHER", OUT], "none of these lots"),
    (USAGE, &["melt", "LOT", "--after=12", OUT], "LOT=STATEMENT"),
    (USAGE, &["merge", "LOT", "OF", OUT], "several lots are put together"),
    (USAGE, &["split", "LOT", "OF", OUT], "into several"),
    (USAGE, &["split", "LOT", "OF", "--out=1", "--out=2"], "not known here"),
    (USAGE, &["cast", "LOT", "OF", OUT], "every bar is stamped"),
    (USAGE, &["cast", "LOT", "OF", OUT, "--bar=A:2026"], "BRAND:SERIAL:YEAR"),
    (
        USAGE,
        &["cast", "LOT", "OF", OUT, "--bar=A:1:soon"],
        "BRAND:SERIAL:YEAR",
    ),
];

/// Of what arrives, stops, is lost and set right.
const STOPPED: &[Case] = &[
    (USAGE, &["title", "LOT", "KNOWN"], "--to"),
    (USAGE, &["receive", "LOT", "KNOWN", "--mass=1"], "--number"),
    (USAGE, &["receive", "LOT", "KNOWN", "--number=R-1"], "--mass"),
    (
        USAGE,
        &[
            "receive",
            "LOT",
            "KNOWN",
            "--number=R-1",
            "--mass=1",
            "--arrived=2999-01-01",
        ],
        "cannot have arrived",
    ),
    (USAGE, &["hold", "LOT"], "--reason"),
    (USAGE, &["hold", "LOT", "--reason=x", "--incident=lot-1"], "--incident"),
    (USAGE, &["release", "LOT"], "--reason"),
    (USAGE, &["lose", "LOT", "KNOWN", "--reason=x"], "--how"),
    (USAGE, &["lose", "LOT", "KNOWN", "--reason=x", "--how=eaten"], "stolen"),
    (
        FAILED,
        &["lose", "LOT", "KNOWN", "--reason=x", "--how=lost", "--report=none"],
        "none",
    ),
    (
        USAGE,
        &["correct", "LOT", "KNOWN", "--mass=1", "--reason=x"],
        "--target",
    ),
    (
        USAGE,
        &["confirm-correction", "LOT", "KNOWN", "--proposal=1"],
        "--proposal",
    ),
    (USAGE, &["declare", "--miners=0"], "--miners"),
];

#[test]
fn what_nobody_can_mean_is_not_signed() {
    let device = Device::of(miners());
    let lot = LotId::from_bytes([5; 16]).to_string();
    let latest = "ab".repeat(32);
    let known = format!("--after={latest}");
    let of = format!("--after={lot}={latest}");
    let other = format!("--after={}={latest}", LotId::from_bytes([6; 16]));
    let long = format!("--reason={}", "x".repeat(257));
    for (code, said, words) in [MEASURED, MADE, STOPPED].concat() {
        let typed = said.iter().map(|word| match *word {
            "LOT" => lot.as_str(),
            "KNOWN" => &known,
            "OF" => &of,
            "OTHER" => &other,
            "LONG" => &long,
            word => word,
        });
        let told = device.signs(code, &typed.collect::<Vec<_>>());
        assert!(told.contains(words), "{said:?} says {told}, not {words:?}");
    }
    assert_eq!(device.kinds(), [""; 0], "nothing was signed");
}

#[test]
fn what_nobody_can_mean_is_not_exported() {
    let device = Device::of(miners());
    let lot = LotId::from_bytes([5; 16]).to_string();
    let of = format!("--after={lot}={}", "ab".repeat(32));
    let them = format!("--importer={}", trader());
    let export = [
        "export",
        &lot,
        &of,
        "--certificate=a:1",
        "--authority=A",
        "--issued=2026-01-01",
        "--expires=2026-02-01",
        "--from=CD",
        "--to=CH",
        &them,
        "--mass=1",
    ];
    let without = |flag: &str| -> Vec<&str> {
        export
            .iter()
            .copied()
            .filter(|each| each.split('=').next() != Some(flag))
            .collect()
    };
    let with = |flag: &str, instead: &'static str| -> Vec<&str> { [without(flag), vec![instead]].concat() };
    let cases = [
        (without("--certificate"), "--certificate"),
        (with("--certificate", "--certificate=1"), "SOURCE:NUMBER"),
        (with("--certificate", "--certificate=ICGLR:1"), "slug"),
        (without("--authority"), "--authority"),
        (without("--importer"), "--importer"),
        (
            with("--expires", "--expires=2025-12-31"),
            "exchange --issued and --expires",
        ),
        (with("--issued", "--issued=today"), "not a date"),
        (with("--to", "--to=CD"), "another country"),
        (with("--to", "--to=Swiss"), "two capital letters"),
        (without("--mass"), "name what the certificate says"),
    ];
    for (said, words) in cases {
        let told = device.signs(USAGE, &said);
        assert!(told.contains(words), "{said:?} says {told}, not {words:?}");
    }
    assert_eq!(device.kinds(), [""; 0], "nothing was signed");
}

#[test]
fn what_nobody_can_mean_is_not_said_of_a_site() {
    let device = Device::of(miners());
    let (site, party) = (site(), miners().to_string());
    let permit = PermitId::from_bytes([4; 16]).to_string();
    let record = [
        "permit",
        "record",
        "--kind=mining",
        "--number=cami:1",
        "--authority=CAMI",
        "--from",
        PAST,
        "--holder",
        &party,
        "--site",
        &site,
    ];
    let and = |more: &[&'static str]| -> Vec<&str> { [&record[..], more].concat() };
    let status =
        |more: &[&'static str]| -> Vec<&str> { [&["permit", "status", &permit, "--site", &site][..], more].concat() };
    let capacity =
        |more: &[&'static str]| -> Vec<&str> { [&["site", "capacity", &site, "--basis=x"][..], more].concat() };
    let amend = |more: &[&'static str]| -> Vec<&str> { [&["site", "amend", &site, "--reason=x"][..], more].concat() };
    let twice = [&record[..], &["--site", &site]].concat();
    let far = format!("--checked={FAR}");
    let late = [&record[..], &["--register=CAMI", &far]].concat();
    let cases: Vec<(i32, Vec<&str>, &str)> = vec![
        (USAGE, record[..record.len() - 2].to_vec(), "--site"),
        (USAGE, twice, "is named twice"),
        (USAGE, and(&["--until=2025-01-01"]), "exchange --from and --until"),
        (USAGE, and(&["--checked=2026-01-06"]), "--register"),
        (USAGE, late, "cannot have been looked up"),
        (FAILED, and(&["--document=none"]), "none"),
        (USAGE, and(&["--kind=fishing"]), "cannot be used multiple times"),
        (USAGE, status(&["--reason=x"]), "--status"),
        (
            USAGE,
            status(&["--reason=x", "--status=gone"]),
            "in-force, suspended, withdrawn",
        ),
        (USAGE, status(&["--status=suspended"]), "--reason"),
        (USAGE, capacity(&["--per=month"]), "--gold"),
        (USAGE, capacity(&["--gold=1"]), "--per"),
        (USAGE, capacity(&["--gold=1", "--per=week"]), "quarter"),
        (USAGE, capacity(&["--gold=0", "--per=year"]), "weighs something"),
        (USAGE, capacity(&["--gold=1", "--per=year", "--miners=0"]), "--miners"),
        (USAGE, amend(&[]), "what has changed?"),
        (USAGE, amend(&["--band=900"]), "FROM-TO"),
        (USAGE, amend(&["--band=940-880"]), "exchange them"),
        (USAGE, amend(&["--deposit=moon"]), "alluvial"),
    ];
    for (code, said, words) in cases {
        let told = device.says(code, &said);
        assert!(told.contains(words), "{said:?} says {told}, not {words:?}");
    }
    assert_eq!(device.kinds(), [""; 0], "nothing was signed");
}
