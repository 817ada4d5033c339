//! A whole chain of trade, typed verb by verb: from three sites to two bars, with a dispute on the way, and what a buyer is
//! told who asks whether one of the bars may be bought.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;

use serde_json::{Value, json};
use service::clock::{Clock, SystemClock};
use tests::desk::{DONE, Desk, FAILED, Speaker, USAGE, stop, text};

const NOT_ELIGIBLE: i32 = 3;
const NEEDS_PERSON: i32 = 4;

/// Tolerates whatever the rules flag, and asks for papers that this chain has.
const EASY: &str = r#"
version = 1
name = "Easy"
[permit]
[countries]
allowed = ["CD"]
[flags]
others = "tolerated"
[documents]
required = ["export-certificate", "melt-sheet"]
[custody_model]
least = "segregated"
"#;
/// Leaves everything that is flagged to a person.
const CAREFUL: &str = "version = 1\nname = \"Careful\"\n[flags]\nothers = \"person\"\n";

/// Who takes part.
struct Parties {
    /// With its site and how much it dug, in grams.
    miners: Vec<(Speaker, String, &'static str)>,
    trader: Speaker,
    refiner: Speaker,
    assayers: [Speaker; 2],
    auditor: Speaker,
}

/// Somebody's verbs, submitted at once.
struct Says<'a> {
    desk: &'a Desk,
    who: &'a Speaker,
}

impl Says<'_> {
    /// What it creates, and the position of the last receipt.
    #[track_caller]
    fn all(&self, arguments: &[&str]) -> (Vec<String>, u64) {
        let Speaker { party, key } = self.who;
        let signing = ["--key", key, "--party", party, "--submit"];
        let told = self.desk.json(&[arguments, &signing[..]].concat());
        let signed = told.iter().find(|line| line["all_created"].is_array()).unwrap();
        let created = signed["all_created"].as_array().unwrap();
        let position = told.last().unwrap()["position"].as_u64();
        (
            created.iter().map(|id| id.as_str().unwrap().to_owned()).collect(),
            position.unwrap_or_else(|| panic!("{arguments:?} was not recorded: {told:?}")),
        )
    }

    #[track_caller]
    fn lot(&self, arguments: &[&str]) -> Vec<String> {
        self.all(&[&["lot"], arguments].concat()).0
    }
}

impl Parties {
    fn enrol(desk: &Desk) -> Self {
        let miners = ["North", "East", "South"].map(|name| desk.enrol("MinersOrganization", name));
        let parties = Self {
            miners: Vec::new(),
            trader: desk.enrol("Exporter", "Exporter"),
            refiner: desk.enrol("Refiner", "Refiner"),
            assayers: ["First", "Second"].map(|name| desk.enrol("Assayer", name)),
            auditor: desk.enrol("Auditor", "Auditor"),
        };
        let site = |miners: &Speaker| {
            let registered = desk.sign(None, "SiteRegistered", |event| {
                event["operator"] = miners.party.clone().into();
                event["name"] = format!("Pit of {}", miners.party).into();
            });
            registered.created
        };
        let sites: Vec<_> = miners.iter().map(site).collect();
        desk.check(DONE, &["statement", "submit"]);
        let miners = miners.into_iter().zip(sites).zip(["100", "60", "40"]);
        Self {
            miners: miners.map(|((who, site), grams)| (who, site, grams)).collect(),
            ..parties
        }
    }
}

#[test]
fn from_three_sites_to_a_bar_and_what_a_buyer_is_told() {
    let mut desk = Desk::new();
    let mut up = desk.up();
    let parties = Parties::enrol(&desk);
    permitted(&desk, &parties);
    let dug = handed_to_the_trader(&desk, &parties);
    let parts = molten_and_split(&desk, &parties, &dug);
    disputed(&desk, &parties, &parts[0]);
    let (bar, position) = at_the_refiner(&desk, &parties, &parts[0]);
    shown(&desk, &parties, &bar, &dug, position);
    judged(&desk, &parties, &bar, &dug[0], position);
    suspected(&desk, &parties, &dug, &parts[1]);
    stop(&mut up);
}

/// A permit and a capacity for each site; that of the last is suspended later, which changes nothing about what was then.
fn permitted(desk: &Desk, parties: &Parties) {
    let auditor = Says {
        desk,
        who: &parties.auditor,
    };
    for (place, (miners, site, _)) in (1..).zip(&parties.miners) {
        let number = format!("cami:PR-{place}");
        let record = [
            "permit",
            "record",
            "--kind",
            "mining",
            "--authority",
            "CAMI",
            "--from",
            "2020-01-01",
        ];
        let of = [
            "--number",
            &number,
            "--holder",
            &miners.party,
            "--site",
            site,
            "--register",
            "CAMI",
        ];
        auditor.all(&[&record[..], &of].concat());
        let capacity = [
            "site",
            "capacity",
            site,
            "--gold",
            "500",
            "--per",
            "month",
            "--basis",
            "a plan of works",
        ];
        auditor.all(&capacity);
        let amend = [
            "site",
            "amend",
            site,
            "--band",
            "850-950",
            "--reason",
            "what it gave so far",
        ];
        let scheme: Vec<_> = desk.json(&[&amend[..], &["--submit"]].concat());
        assert!(scheme.last().unwrap()["position"].is_u64(), "{scheme:?}");
    }
    let (_, site, _) = &parties.miners[0];
    let twice = [
        "permit",
        "record",
        "--kind=mining",
        "--number=cami:X",
        "--authority=CAMI",
        "--from=2020-01-01",
    ];
    let holder = format!("--holder={}", parties.miners[0].0.party);
    desk.check_trouble(
        USAGE,
        &[&twice[..], &[&holder, "--site", site, "--site", site]].concat(),
        "named twice",
    );
}

fn handed_to_the_trader(desk: &Desk, parties: &Parties) -> Vec<String> {
    let trader = Says {
        desk,
        who: &parties.trader,
    };
    let slip = text(&desk.path("slip.txt"));
    fs::write(&slip, "weighed before witnesses").unwrap();
    let mut dug = Vec::new();
    for (who, site, grams) in &parties.miners {
        let miners = Says { desk, who };
        let declare = [
            "declare",
            "--form",
            "dust",
            "--from",
            "2026-01-05",
            "--fineness",
            "900",
            "--method",
            "xrf",
        ];
        let said = ["--site", site, "--mass", grams, "--miners", "40", "--document", &slip];
        let lot = miners.lot(&[&declare[..], &said].concat()).remove(0);
        miners.lot(&["offer", &lot, "--to", &parties.trader.party, "--with-title"]);
        trader.lot(&["accept", &lot, "--mass", grams, "--seals", "none"]);
        dug.push(lot);
    }
    dug
}

fn molten_and_split(desk: &Desk, parties: &Parties, dug: &[String]) -> Vec<String> {
    let trader = Says {
        desk,
        who: &parties.trader,
    };
    let [north, east, south] = dug else {
        panic!("three lots")
    };
    let sheet = text(&desk.path("sheet.txt"));
    fs::write(&sheet, "melt 17").unwrap();
    let melt = ["melt", north, east, south, "--melt", "M-17", "--document", &sheet];
    let out = ["--out", "dore:190:930:xrf", "--out", "residue:2:200"];
    let rest = ["--lost", "rest", "--lost-gold", "rest"];
    // What would be refused is said before anything is signed, and then is.
    let told = desk.veta(
        &[
            &["lot"],
            &melt[..],
            &["--out", "dore:150:930:xrf"],
            &signing(&parties.trader),
        ]
        .concat(),
    );
    assert!(
        told.output.contains("48") || told.output.contains("MISSING"),
        "{}",
        told.output
    );
    assert!(
        told.output
            .contains("WARNING: it would be refused (344, GrossUnbalanced)"),
        "{}",
        told.output
    );
    desk.check_trouble(FAILED, &["statement", "submit"], "refused (344, GrossUnbalanced)");
    let made = trader.lot(&[&melt[..], &out, &rest].concat());
    let split = trader.lot(&["split", &made[0], "--out", "100", "--out", "90"]);
    assert_eq!((made.len(), split.len()), (2, 2));
    split
}

fn signing(who: &Speaker) -> [&str; 4] {
    ["--key", &who.key, "--party", &who.party]
}

/// Two settlements that lie too far apart, and an umpire.
fn disputed(desk: &Desk, parties: &Parties, lot: &str) {
    let trader = Says {
        desk,
        who: &parties.trader,
    };
    let [first, second] = parties.assayers.each_ref().map(|who| Says { desk, who });
    trader.lot(&["sample", lot, "--seal", "P-1", "--seal", "P-2"]);
    let assay = ["assay", lot, "--method", "fire-assay"];
    first.lot(
        &[
            &assay[..],
            &["--gold", "929", "--purpose", "settlement", "--sample", "P-1"],
        ]
        .concat(),
    );
    second.lot(
        &[
            &assay[..],
            &["--gold", "920", "--purpose", "settlement", "--sample", "P-2"],
        ]
        .concat(),
    );
    first.lot(&[&assay[..], &["--gold", "928", "--silver", "60", "--purpose", "umpire"]].concat());
}

/// Sealed, exported, received, refined and cast. The first bar, and the position of the cast.
fn at_the_refiner(desk: &Desk, parties: &Parties, lot: &str) -> (String, u64) {
    let (trader, refiner) = (&parties.trader, &parties.refiner);
    let (trader, refiner) = (Says { desk, who: trader }, Says { desk, who: refiner });
    let today = SystemClock.now().date();
    let (issued, expires) = (today.to_string(), today.plus_days(30).to_string());
    let paper = text(&desk.path("certificate.txt"));
    fs::write(&paper, "certificate of origin").unwrap();
    trader.lot(&["seal", lot, "--seal", "S-1"]);
    let export = [
        "export",
        lot,
        "--certificate",
        "icglr:CD-1",
        "--authority",
        "CEEC",
        "--from",
        "CD",
        "--to",
        "CH",
    ];
    let to = [
        "--importer",
        &parties.refiner.party,
        "--issued",
        &issued,
        "--expires",
        &expires,
        "--document",
        &paper,
    ];
    trader.lot(&[&export[..], &to].concat());
    trader.lot(&["offer", lot, "--to", &parties.refiner.party, "--with-title"]);
    refiner.lot(&["accept", lot, "--mass", "100", "--seals", "intact"]);
    refiner.lot(&["unseal", lot, "--seal", "S-1", "--reason", "to melt it"]);
    refiner.lot(&["receive", lot, "--number", "R-1", "--mass", "99.9"]);
    let refine = [
        "refine",
        lot,
        "--out",
        "fine:92:999.9:fire-assay",
        "--out",
        "residue:7.5:80",
        "--lost",
        "rest",
    ];
    let fine = refiner.lot(&[&refine[..], &["--lost-gold", "rest"]].concat()).remove(0);
    let cast = [
        "lot",
        "cast",
        &fine,
        "--out",
        "fine:50:999.9:fire-assay",
        "--out",
        "fine:42:999.9:fire-assay",
    ];
    let (bars, position) = refiner.all(&[&cast[..], &["--bar", "ACME:1:2026", "--bar", "ACME:2:2026"]].concat());
    (bars[0].clone(), position)
}

fn shown(desk: &Desk, parties: &Parties, bar: &str, dug: &[String], position: u64) {
    let at_least = position.to_string();
    let at = ["--at-least", &at_least];
    let show = desk.json_one(&[&["lot", "show", bar], &at[..]].concat());
    assert_eq!(
        show["lot"]["bar"],
        json!({"brand": "ACME", "serial": "1", "year": 2026}),
        "{show}"
    );
    assert_eq!(show["made_of"]["how"], "cast");
    let told = desk.check(DONE, &["lot", "show", bar]).output;
    for words in [
        "bar ACME 1 of 2026",
        "fineness 999.9 by fire assay",
        "made by cast",
        "about mixing it promises: segregated",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }

    let up = desk.json_one(&["lot", "trace", bar]);
    let hows: Vec<_> = up["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["how"].clone())
        .collect();
    assert_eq!(hows, ["cast", "refine", "split", "melt"]);
    let told = desk.check(DONE, &["lot", "trace", bar]).output;
    assert!(
        dug.iter().all(|lot| told.contains(lot)) && told.contains("melt M-17 by Exporter"),
        "{told}"
    );
    let short = desk.check(DONE, &["lot", "trace", bar, "--depth", "2"]).output;
    assert!(
        !short.contains("M-17") && short.contains("more than is shown"),
        "{short}"
    );
    let down = desk.json_one(&["lot", "trace", &dug[0], "--down", "--steps", "2"]);
    assert_eq!(
        (down["steps"].as_array().unwrap().len(), &down["has_more"]),
        (2, &json!(true))
    );

    let shares: Vec<_> = desk
        .json(&["lot", "origins", bar])
        .iter()
        .map(|row| row["share_ppm"].clone())
        .collect();
    assert_eq!(shares, [500_000, 300_000, 200_000]);
    for number in [
        &["--bar", "1", "--brand", "ACME", "--refiner", &parties.refiner.party][..],
        &["--bar", "1", "--year", "2026"],
    ] {
        assert_eq!(
            desk.json_one(&[&["lot", "find"], number].concat())["lot_id"],
            bar,
            "{number:?}"
        );
    }
    for number in [
        ["--seal", "S-1"],
        ["--certificate", "icglr:CD-1"],
        ["--refinery-lot", "R-1"],
    ] {
        assert_eq!(
            desk.json(&[&["lot", "find"], &number[..]].concat()).len(),
            1,
            "{number:?}"
        );
    }
    assert_eq!(
        desk.json(&["lot", "find", "--melt", "M-17"]).len(),
        2,
        "both that came of it"
    );
    desk.check_trouble(
        USAGE,
        &["lot", "find", "--seal", "S-1", "--melt", "M-17"],
        "cannot be used with",
    );

    let balance = desk.json(&["org", "balance", &parties.trader.party]);
    assert_eq!(
        balance[0]["received"]["gross_mass_micrograms"], 200_000_000,
        "{balance:?}"
    );
    let production = desk.json_one(&["site", "production", &parties.miners[0].1]);
    assert_eq!(
        production["months"][0]["used_ppm"], 180_000,
        "90 g of 500 g: {production}"
    );
    assert_eq!(production["permits"][0]["number"], "cami:PR-1");
    let csv = desk
        .check(DONE, &["org", "origins", &parties.refiner.party, "--csv"])
        .output;
    let rows: Vec<_> = csv.lines().collect();
    assert_eq!(rows.len(), 2, "{csv}");
    assert!(rows[1].contains(",CD,92707200,1,0,0"), "{csv}");
}

fn judged(desk: &Desk, parties: &Parties, bar: &str, dug: &str, position: u64) {
    let file = |name: &str, policy: &str| {
        let path = text(&desk.path(name));
        fs::write(&path, policy).unwrap();
        path
    };
    let (easy, careful) = (file("easy.toml", EASY), file("careful.toml", CAREFUL));
    let at_least = position.to_string();
    let check = ["lot", "check", bar, "--at-least", &at_least];

    let easily = judge(desk, DONE, &[&check[..], &["--policy", &easy]].concat());
    assert_eq!(easily["outcome"], "eligible", "{easily}");
    let checked: Vec<_> = easily["checked"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for term in ["holds", "origins", "permit", "countries", "documents", "custody-model"] {
        assert!(checked.contains(&term), "{term}: {checked:?}");
    }
    let origins = easily["facts"]["origins"].as_array().unwrap();
    assert_eq!(origins.len(), 3);
    for (origin, (miners, site, _)) in origins.iter().zip(&parties.miners) {
        assert_eq!(
            (&origin["site_id"], &origin["organization_id"]),
            (&json!(site), &json!(miners.party))
        );
        assert_eq!(
            (&origin["permit"], &origin["country"]),
            (&json!("in force"), &json!("CD"))
        );
        assert_eq!(
            origin["standings_then"][0]["position"], origin["first"]["position"],
            "{origin}"
        );
        assert_eq!(
            origin["standing_now"]["position"], easily["facts"]["position"],
            "all of one position"
        );
    }

    let carefully = judge(desk, NEEDS_PERSON, &[&check[..], &["--policy", &careful]].concat());
    assert_eq!(carefully["outcome"], "needs-a-person");
    let flags: Vec<_> = carefully["facts"]["flags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|flag| flag["kind"].clone())
        .collect();
    assert!(flags.contains(&json!("assays-differ")), "{flags:?}");
    let reason = &carefully["reasons"][0];
    assert_eq!(
        (&reason["term"], &reason["severity"]),
        (&json!("flags"), &json!("needs-a-person"))
    );
    assert_eq!(
        reason["rests_on"][0]["statement_id"].as_str().unwrap().len(),
        64,
        "{reason}"
    );

    // Nobody has answered any criterion.
    let strict = ["--policy", "../deploy/policies/strict.toml"];
    let told = desk.check(NOT_ELIGIBLE, &[&check[..], &strict].concat());
    let lines: Vec<_> = told.output.lines().collect();
    assert!(
        lines[0].starts_with("NOT ELIGIBLE by the policy \"Strict\""),
        "{}",
        told.output
    );
    assert!(told.output.contains("rests on "), "{}", told.output);
    assert!(
        told.output.contains("50 %") && told.output.contains("PR-1"),
        "{}",
        told.output
    );
    assert!(lines.last().unwrap().contains("It proves no origin"), "{}", told.output);
    assert!(
        told.errors.contains("not eligible by the policy \"Strict\""),
        "{}",
        told.errors
    );

    let none = desk.json_one(&check);
    assert_eq!((&none["outcome"], &none["policy"]), (&Value::Null, &Value::Null));
    desk.check_trouble(
        FAILED,
        &["lot", "check", bar, "--policy", "none.toml"],
        "cannot read none.toml",
    );
    let mistyped = file(
        "mistyped.toml",
        "version = 1\nname = \"x\"\n[flags]\nexcluded = [\"near\"]",
    );
    desk.check_trouble(FAILED, &["lot", "check", bar, "--policy", &mistyped], "near-capacity");

    held(desk, parties, bar, dug, &easy);
}

/// A hold on what one site gave reaches the bar; as of before, it does not.
fn held(desk: &Desk, parties: &Parties, bar: &str, dug: &str, easy: &str) {
    let auditor = Says {
        desk,
        who: &parties.auditor,
    };
    let (_, position) = auditor.all(&["lot", "hold", dug, "--reason", "a child was seen at work"]);
    let (after, before) = (position.to_string(), (position - 1).to_string());
    let check = ["lot", "check", bar, "--policy", easy];
    let held = judge(desk, NOT_ELIGIBLE, &[&check[..], &["--at-least", &after]].concat());
    assert_eq!(
        (&held["reasons"][0]["kind"], &held["reasons"][0]["about_id"]),
        (&json!("lot-held"), &json!(dug)),
        "{held}"
    );
    assert_eq!(held["reasons"][0]["rests_on"][0]["position"], position);
    judge(desk, DONE, &[&check[..], &["--as-of", &before]].concat());
    let told = desk.check(DONE, &["lot", "show", bar]).output;
    assert!(
        told.contains("HELD by Auditor") && told.contains("a child was seen at work"),
        "{told}"
    );
    let (_, position) = auditor.all(&["lot", "release", dug, "--reason", "it was not so"]);
    judge(
        desk,
        DONE,
        &[&check[..], &["--at-least", &position.to_string()]].concat(),
    );
}

/// The verdict, by its exit code and as JSON.
#[track_caller]
fn judge(desk: &Desk, code: i32, arguments: &[&str]) -> Value {
    let said = desk.check(code, &[&["--json"], arguments].concat());
    serde_json::from_str(&said.output).unwrap()
}

/// The trader's key was in other hands from the beginning: what it spoke of is named, with what to type.
fn suspected(desk: &Desk, parties: &Parties, dug: &[String], part: &str) {
    let public = desk.json_one(&["keys", "show", &parties.trader.key]);
    let key = public["key"].as_str().unwrap();
    let told = desk.check(DONE, &["keys", "suspects", key]).output;
    assert!(told.contains("nobody said"), "{told}");
    desk.sign(None, "KeyRevoked", |event| {
        *event = json!({"key": key, "reason": {"Compromised": {"since": 2}}});
    });
    let position = desk.json(&["statement", "submit"])[0]["position"].to_string();
    let suspects = desk.json_one(&["key", "suspects", key, "--at-least", &position]);
    let lots: Vec<_> = suspects["lots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["lot_id"].clone())
        .collect();
    assert!(dug.iter().all(|lot| lots.contains(&json!(lot))), "{suspects}");
    let commands: Vec<_> = suspects["commands"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        commands
            .iter()
            .any(|command| command.starts_with(&format!("veta lot hold {part} --reason"))),
        "{commands:?}"
    );
    assert!(
        dug.iter()
            .all(|lot| !commands.iter().any(|command| command.contains(lot))),
        "they have ended"
    );
    let judged = desk.json_one(&["lot", "check", part]);
    assert_eq!(judged["reasons"][0]["term"], "suspects", "{judged}");
    assert_eq!(
        judged["facts"]["suspects"][0]["statement"]["statement_id"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
}
