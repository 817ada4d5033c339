//! A whole chain of trade, typed verb by verb: from three sites to two bars, with a dispute on the way, and what a buyer is
//! told who asks whether one of the bars may be bought.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;

use serde_json::{Value, json};
use service::clock::{Clock, SystemClock};
use tests::desk::{DONE, Desk, FAILED, Recorded, Speaker, USAGE, stop, text};

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
    /// With its site and the lots that it dug, in grams.
    miners: Vec<(Speaker, String, &'static [&'static str])>,
    trader: Speaker,
    refiner: Speaker,
    assayers: [Speaker; 2],
    auditor: Speaker,
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
        let miners = miners.into_iter().zip(sites).zip([&["60", "40"][..], &["60"], &["40"]]);
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
    let permits = permitted(&desk, &parties);
    let dug = handed_to_the_trader(&desk, &parties);
    let parts = molten_and_split(&desk, &parties, &dug);
    disputed(&desk, &parties, &parts[0]);
    let (bar, position) = at_the_refiner(&desk, &parties, &parts[0]);
    suspended(&desk, &parties, &permits[2]);
    shown(&desk, &bar, position);
    traced(&desk, &bar, &dug);
    proved(&desk, &bar, position);
    timed(&desk, &dug[0]);
    found(&desk, &parties, &bar);
    accounted(&desk, &parties);
    let easy = eligible(&desk, &parties, &bar);
    needing_a_person(&desk, &bar);
    not_eligible(&desk, &bar);
    held(&desk, &parties, &bar, &dug[0], &easy);
    set_right(&desk, &parties);
    suspected(&desk, &parties, &dug, &parts[1]);
    stop(&mut up);
}

/// A permit, a capacity and a band for each site; the permits.
fn permitted(desk: &Desk, parties: &Parties) -> Vec<String> {
    let auditor = desk.says(&parties.auditor);
    let mut permits = Vec::new();
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
        permits.push(auditor.all(&[&record[..], &of].concat()).created.remove(0));
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
    permits
}

/// A permit that is suspended now was in force when gold was dug under it.
fn suspended(desk: &Desk, parties: &Parties, permit: &str) {
    let auditor = desk.says(&parties.auditor);
    let (_, site, _) = &parties.miners[2];
    let status = ["permit", "status", permit, "--site", site, "--status", "suspended"];
    auditor.all(&[&status[..], &["--reason", "by a court"]].concat());
}

fn handed_to_the_trader(desk: &Desk, parties: &Parties) -> Vec<String> {
    let trader = desk.says(&parties.trader);
    let slip = text(&desk.path("slip.txt"));
    fs::write(&slip, "weighed before witnesses").unwrap();
    let mut dug = Vec::new();
    for (who, site, lots) in &parties.miners {
        let miners = desk.says(who);
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
        for grams in *lots {
            let said = ["--site", site, "--mass", grams, "--miners", "40", "--document", &slip];
            // What is said of the first lot stands under checkpoints of its own, by which its times are told.
            let is_first = dug.is_empty();
            let published = |said: Recorded| {
                if is_first {
                    desk.settle(said.position);
                }
                said.created
            };
            let lot = published(miners.lot(&[&declare[..], &said].concat())).remove(0);
            miners.lot(&["offer", &lot, "--to", &parties.trader.party, "--with-title"]);
            published(trader.lot(&["accept", &lot, "--mass", grams, "--seals", "none"]));
            dug.push(lot);
        }
    }
    dug
}

fn molten_and_split(desk: &Desk, parties: &Parties, dug: &[String]) -> Vec<String> {
    let trader = desk.says(&parties.trader);
    let sheet = text(&desk.path("sheet.txt"));
    fs::write(&sheet, "melt 17").unwrap();
    let lots: Vec<_> = dug.iter().map(String::as_str).collect();
    let melt = [&["melt"], &lots[..], &["--melt", "M-17", "--document", &sheet]].concat();
    let out = ["--out", "dore:190:930:xrf", "--out", "residue:2:200"];
    let rest = ["--lost", "rest", "--lost-gold", "rest"];
    // What would be refused is said before anything is signed, and then is.
    let told = desk.veta(
        &[
            &["lot"],
            &melt[..],
            &["--out", "dore:150:930:xrf"],
            &parties.trader.signing(),
        ]
        .concat(),
    );
    let missing = "gross mass: 200 g go in, 150 g come out, 0 g are stated as lost; 50 g (25 %) are MISSING";
    assert!(told.output.contains(missing), "{}", told.output);
    assert!(
        told.output
            .contains("WARNING: it would be refused (344, GrossUnbalanced)"),
        "{}",
        told.output
    );
    desk.check_trouble(FAILED, &["statement", "submit"], "refused (344, GrossUnbalanced)");
    let made = trader.lot(&[&melt[..], &out, &rest].concat()).created;
    let split = trader.lot(&["split", &made[0], "--out", "100", "--out", "90"]).created;
    assert_eq!((made.len(), split.len()), (2, 2));
    split
}

/// Two settlements that lie too far apart, and an umpire.
fn disputed(desk: &Desk, parties: &Parties, lot: &str) {
    let trader = desk.says(&parties.trader);
    let [first, second] = parties.assayers.each_ref().map(|who| desk.says(who));
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
    let (trader, refiner) = (desk.says(trader), desk.says(refiner));
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
    let fine = refiner
        .lot(&[&refine[..], &["--lost-gold", "rest"]].concat())
        .created
        .remove(0);
    let cast = [
        "lot",
        "cast",
        &fine,
        "--out",
        "fine:50:999.9:fire-assay",
        "--out",
        "fine:42:999.9:fire-assay",
    ];
    let bars = refiner.all(&[&cast[..], &["--bar", "ACME:1:2026", "--bar", "ACME:2:2026"]].concat());
    (bars.created[0].clone(), bars.position)
}

fn shown(desk: &Desk, bar: &str, position: u64) {
    let at_least = position.to_string();
    let show = desk.json_one(&["lot", "show", bar, "--at-least", &at_least]);
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
}

fn traced(desk: &Desk, bar: &str, dug: &[String]) {
    let up = desk.json_one(&["lot", "trace", bar]);
    assert_eq!(
        column(up["steps"].as_array().unwrap(), "how"),
        ["cast", "refine", "split", "melt"]
    );
    let told = desk.check(DONE, &["lot", "trace", bar]).output;
    assert!(
        dug.iter().all(|lot| told.contains(lot)) && told.contains("melt M-17, by Exporter"),
        "{told}"
    );
    assert!(told.contains("declared by North (org-"), "{told}");
    let short = desk.check(DONE, &["lot", "trace", bar, "--depth", "2"]).output;
    assert!(
        !short.contains("M-17") && short.contains("more than is shown"),
        "{short}"
    );
    let down = desk.json_one(&["lot", "trace", &dug[0], "--down", "--steps", "2"]);
    assert_eq!(column(down["steps"].as_array().unwrap(), "how"), ["melt", "split"]);
    assert_eq!(down["has_more"], true);
    let shares = column(&desk.json(&["lot", "origins", bar]), "share_ppm");
    assert_eq!(shares, [500_000, 300_000, 200_000]);
    let shares = column(&desk.json(&["lot", "origins", bar, "--by-organization"]), "share_ppm");
    assert_eq!(shares, [500_000, 300_000, 200_000]);
}

/// A proof of the bar says of its gold what custody says; one that goes two steps back says that it goes no further.
fn proved(desk: &Desk, bar: &str, position: u64) {
    let (path, at_least) = (desk.path("bar.veta-proof").display().to_string(), position.to_string());
    let prove = ["prove", bar, "--at-least", &at_least, "--output", &path];
    desk.check(DONE, &prove);
    let whole = desk.json_one(&["verify", &path]);
    let origins = desk.json(&["lot", "origins", bar]);
    let proved = whole["origins"].as_array().unwrap();
    assert_eq!(column(proved, "share_ppm"), column(&origins, "share_ppm"));
    assert_eq!((&whole["depth"], &whole["held"]), (&Value::Null, &json!(false)));
    let kinds = column(whole["flags"].as_array().unwrap(), "kind");
    assert!(kinds.contains(&json!("assays-differ")), "{kinds:?}");
    desk.check(DONE, &[&prove[..], &["--depth", "2"]].concat());
    let cut = desk.json_one(&["verify", &path]);
    assert_eq!((&cut["depth"], &cut["held"]), (&json!(2), &Value::Null));
    // Whose it is follows from the title that passed on the way.
    for same in [
        "custodian",
        "owner",
        "gross_mass_micrograms",
        "fine_mass_micrograms",
        "history",
    ] {
        assert_eq!(cut[same], whole[same], "{same}");
    }
    let told = desk.check(DONE, &["verify", &path]).output;
    assert!(told.contains("2 steps back"), "{told}");
}

/// With times, a proof says offline of every statement about a lot what the log says when it is asked.
fn timed(desk: &Desk, lot: &str) {
    let path = desk.path("times.veta-proof").display().to_string();
    desk.check(DONE, &["prove", lot, "--times", "--output", &path]);
    let report = desk.json_one(&["verify", &path]);
    let size = &report["log"]["tree_size"];
    let older = column(report["older_checkpoints"].as_array().unwrap(), "tree_size");
    let history = report["history"].as_array().unwrap();
    assert!(2 < history.len(), "{report}");
    let told = desk.check(DONE, &["verify", &path]).output;
    for entry in history {
        let when = desk.json_one(&["audit", "when", &entry["index"].to_string()]);
        assert!(older.contains(&when["size_before"]), "{entry}: {older:?}");
        assert_eq!(entry["not_before"], when["not_before"], "{entry}");
        // Of the size that is proved itself, the first note is not in the file, and there may be a later one since.
        if when["size_after"] != *size {
            assert!(older.contains(&when["size_after"]), "{entry}: {older:?}");
            assert_eq!(entry["not_after"], when["not_after"], "{entry}");
        }
        let time = |of: &str| entry[of].as_str().unwrap().to_owned();
        let came = format!("between {} and {}", time("not_before"), time("not_after"));
        assert!(told.contains(&came), "{came}: {told}");
    }
    assert!(2 < older.len(), "{report}");
}

fn column(rows: &[Value], name: &str) -> Vec<Value> {
    rows.iter().map(|row| row[name].clone()).collect()
}

fn found(desk: &Desk, parties: &Parties, bar: &str) {
    for number in [
        &["--bar", "1", "--brand", "ACME", "--refiner", &parties.refiner.party][..],
        &["--bar", "1", "--year", "2026"],
    ] {
        let found = desk.json_one(&[&["lot", "find"], number].concat());
        assert_eq!(found["lot_id"], bar, "{number:?}");
    }
    for (flag, number, count) in [
        ("--seal", "S-1", 1),
        ("--seal", "P-2", 1),
        ("--certificate", "icglr:CD-1", 1),
        ("--refinery-lot", "R-1", 1),
        // Both that came of it.
        ("--melt", "M-17", 2),
        ("--bar", "3", 0),
    ] {
        assert_eq!(
            desk.json(&["lot", "find", flag, number]).len(),
            count,
            "{flag} {number}"
        );
    }
    desk.check_trouble(
        USAGE,
        &["lot", "find", "--seal", "S-1", "--melt", "M-17"],
        "cannot be used with",
    );
    desk.check_trouble(USAGE, &["lot", "find", "--seal", "S-1", "--year", "2026"], "--bar");
}

fn accounted(desk: &Desk, parties: &Parties) {
    let balance = desk.json(&["org", "balance", &parties.trader.party]);
    let received = |month: &Value| month["received"]["gross_mass_micrograms"].as_u64().unwrap();
    assert_eq!(
        balance.iter().map(received).sum::<u64>(),
        200_000_000,
        "all months, would a new one have begun: {balance:?}"
    );
    let (_, site, _) = &parties.miners[0];
    let production = desk.json_one(&["site", "production", site]);
    assert_eq!(
        production["months"][0]["used_ppm"], 180_000,
        "90 g of 500 g: {production}"
    );
    assert_eq!(production["permits"][0]["number"], "cami:PR-1");
    let told = desk.check(DONE, &["site", "production", site]).output;
    assert!(
        told.contains("can give 500 g of gold in 1 months") && told.contains("18 %"),
        "{told}"
    );
    let csv = desk
        .check(DONE, &["org", "origins", &parties.refiner.party, "--csv"])
        .output;
    let rows: Vec<_> = csv.lines().collect();
    assert_eq!(rows.len(), 2, "{csv}");
    assert!(rows[1].contains(",CD,92707200,1,0,0"), "{csv}");
    desk.check_trouble(
        USAGE,
        &[
            "org",
            "balance",
            &parties.trader.party,
            "--from=2026-02",
            "--to=2026-01",
        ],
        "exchange --from and --to",
    );
}

fn file(desk: &Desk, name: &str, policy: &str) -> String {
    let path = text(&desk.path(name));
    fs::write(&path, policy).unwrap();
    path
}

/// By a policy that this chain fulfils; the file with it.
fn eligible(desk: &Desk, parties: &Parties, bar: &str) -> String {
    let easy = file(desk, "easy.toml", EASY);
    let judged = judge(desk, DONE, &["lot", "check", bar, "--policy", &easy]);
    assert_eq!(judged["outcome"], "eligible", "{judged}");
    let checked = judged["checked"].as_array().unwrap();
    for term in ["holds", "origins", "permit", "countries", "documents", "custody-model"] {
        assert!(checked.contains(&json!(term)), "{term}: {checked:?}");
    }
    let origins = judged["facts"]["origins"].as_array().unwrap();
    assert_eq!(origins.len(), 3);
    assert_ne!(origins[0]["first"], origins[0]["last"], "North declared twice");
    for (origin, (miners, site, _)) in origins.iter().zip(&parties.miners) {
        assert_eq!(
            (&origin["site_id"], &origin["organization_id"]),
            (&json!(site), &json!(miners.party))
        );
        assert_eq!(
            (&origin["permit"], &origin["country"]),
            (&json!("in force"), &json!("CD"))
        );
        // Of who declared once, how it stood then is told once.
        let mut then = vec![origin["first"]["position"].clone(), origin["last"]["position"].clone()];
        then.dedup();
        assert_eq!(column(origin["standings_then"].as_array().unwrap(), "position"), then);
        assert_eq!(
            origin["standing_now"]["position"], judged["facts"]["position"],
            "all of one position"
        );
    }
    let told = desk.check(DONE, &["lot", "check", bar, "--policy", &easy]).output;
    assert!(told.starts_with("ELIGIBLE by the policy \"Easy\""), "{told}");
    easy
}

/// By a policy that leaves every flag to a person.
fn needing_a_person(desk: &Desk, bar: &str) {
    let careful = file(desk, "careful.toml", CAREFUL);
    let judged = judge(desk, NEEDS_PERSON, &["lot", "check", bar, "--policy", &careful]);
    assert_eq!(judged["outcome"], "needs-a-person");
    let flags = column(judged["facts"]["flags"].as_array().unwrap(), "kind");
    assert!(flags.contains(&json!("assays-differ")), "{flags:?}");
    let reason = &judged["reasons"][0];
    assert_eq!(
        (&reason["term"], &reason["severity"]),
        (&json!("flags"), &json!("needs-a-person"))
    );
    assert_eq!(
        reason["rests_on"][0]["statement_id"].as_str().unwrap().len(),
        64,
        "{reason}"
    );
}

/// By a policy that asks for answers that nobody gave; and what is told where no policy is named, or none that is one.
fn not_eligible(desk: &Desk, bar: &str) {
    let check = ["lot", "check", bar];
    let strict = ["--policy", "../deploy/policies/strict.toml"];
    let told = desk.check(NOT_ELIGIBLE, &[&check[..], &strict].concat());
    let lines: Vec<_> = told.output.lines().collect();
    assert!(
        lines[0].starts_with("NOT ELIGIBLE by the policy \"Strict\""),
        "{}",
        told.output
    );
    for words in ["rests on ", "50 %", "PR-1", "applicant on "] {
        assert!(told.output.contains(words), "{words}: {}", told.output);
    }
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
        &[&check[..], &["--policy", "none.toml"]].concat(),
        "cannot read none.toml",
    );
    let mistyped = file(
        desk,
        "mistyped.toml",
        "version = 1\nname = \"x\"\n[flags]\nexcluded = [\"near\"]",
    );
    desk.check_trouble(
        FAILED,
        &[&check[..], &["--policy", &mistyped]].concat(),
        "near-capacity",
    );
    desk.check_trouble(USAGE, &["lot", "check", "lot-1"], "27 characters");
    desk.check_trouble(FAILED, &["lot", "check", "NO-SEAL"], "NO-SEAL");
}

/// What was weighed wrongly is set right by one, and by two; what is put together, given away and lost.
fn set_right(desk: &Desk, parties: &Parties) {
    let (who, site, _) = &parties.miners[0];
    let (miners, trader) = (desk.says(who), desk.says(&parties.trader));
    let declare = [
        "declare",
        "--site",
        site,
        "--form",
        "dust",
        "--from",
        "2026-01-05",
        "--mass",
        "10",
    ];
    let fineness = ["--fineness", "900", "--method", "xrf"];
    let declared = [0, 1].map(|_| miners.lot(&[&declare[..], &fineness].concat()));
    let lots = declared.each_ref().map(|said| said.created[0].as_str());
    let correct = ["correct", lots[0], "--mass", "9", "--reason", "the scale was not level"];
    miners.lot(&[&correct[..], &["--target", &declared[0].statement]].concat());
    let merge = ["merge", lots[0], lots[1], "--out", "dust:19:900:xrf"];
    let one = miners.lot(&merge).created.remove(0);
    miners.lot(&["offer", &one, "--to", &parties.trader.party]);
    let accepted = trader
        .lot(&["accept", &one, "--mass", "19", "--seals", "none"])
        .statement;
    let correct = ["correct", &one, "--mass", "18.9", "--reason", "a digit was swapped"];
    trader.lot(&[&correct[..], &["--target", &accepted]].concat());
    miners.lot(&["confirm-correction", &one]);
    miners.lot(&["title", &one, "--to", &parties.trader.party]);
    let lost = trader.lot(&["lose", &one, "--how", "stolen", "--reason", "on the road"]);
    let at_least = lost.position.to_string();
    let show = desk.json_one(&["lot", "show", &one, "--at-least", &at_least]);
    assert_eq!(
        (&show["lot"]["state"], &show["lot"]["gross_mass_micrograms"]),
        (&json!("lost"), &json!(18_900_000)),
        "{show}"
    );
    assert_eq!(show["lot"]["owner_id"], json!(parties.trader.party));
    let judged = desk.json_one(&["lot", "check", &one]);
    assert_eq!(judged["reasons"][0]["kind"], "lot-gone", "{judged}");
    assert_eq!(judged["reasons"][0]["rests_on"][0]["statement_id"], lost.statement);
    let weigh = ["lot", "weigh", &one, "--mass", "18.9"];
    desk.check_trouble(FAILED, &[&weigh[..], &parties.trader.signing()].concat(), "is lost");
}

/// A hold on what one site gave reaches the bar; as of before, it does not.
fn held(desk: &Desk, parties: &Parties, bar: &str, dug: &str, easy: &str) {
    let auditor = desk.says(&parties.auditor);
    let position = auditor
        .all(&["lot", "hold", dug, "--reason", "a child was seen at work"])
        .position;
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
    let position = auditor
        .all(&["lot", "release", dug, "--reason", "it was not so"])
        .position;
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
