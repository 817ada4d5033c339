//! The product through its own front door: the `veta` binary, a real nats-server, the real visits.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support {
    pub(crate) mod cut;
    pub(crate) mod ipis;
}

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use event::{LotId, PublicKey};
use serde_json::{Value, json};
use tests::desk::{DONE, Desk, FAILED, Speaker, UNAVAILABLE, USAGE, stop, text};
use tests::process::{Said, eventually, veta};

use support::cut::CutLine;
use support::ipis;

/// An OpenSSH key, for machines without `ssh-keygen`; its only use is to be converted here.
const OPENSSH_KEY: &str = include_str!("fixtures/openssh_ed25519");
const OPENSSH_PUBLIC: &str = include_str!("fixtures/openssh_ed25519.pub");

/// A site of the file, by IPIS's number.
const SITE: &str = "codmine00065";
/// A real site of which visits of one day say opposite things.
const CONTRADICTORY: &str = "codmine00068";

#[test]
fn keys_are_made_shown_converted_and_never_overwritten() {
    let desk = Desk::new();
    let (path, public) = desk.key("mine");
    let permissions = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(permissions & 0o777, 0o600);
    let bytes = fs::read(&path).unwrap();
    let shown = Said::by(Command::new(veta()).args(["keys", "show", &path]));
    assert_eq!((shown.code, shown.output), (Some(DONE), format!("{public}\n")));
    desk.check_trouble(FAILED, &["keys", "generate", &path], "never overwritten");
    let (openssh, expected) = openssh_key(&desk);
    desk.check_trouble(FAILED, &["keys", "convert", &openssh, &path], "never overwritten");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    let turned = text(&desk.path("converted.pem"));
    let told = desk.json_one(&["keys", "convert", &openssh, &turned]);
    assert_eq!(told["key"], expected);
    assert_eq!(fs::metadata(&turned).unwrap().permissions().mode() & 0o777, 0o600);
    let shown = Said::by(Command::new(veta()).args(["--json", "keys", "show", &turned]));
    assert_eq!(serde_json::from_str::<Value>(&shown.output).unwrap()["key"], expected);
    desk.check_trouble(
        FAILED,
        &["keys", "convert", &turned.replace(".pem", ".none"), &path],
        "cannot read",
    );
}

/// An OpenSSH key file, and the public half as `veta` writes it.
fn openssh_key(desk: &Desk) -> (String, String) {
    let path = desk.path("id_ed25519");
    let generated = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&path)
        .status();
    if !generated.is_ok_and(|status| status.success()) {
        fs::write(&path, OPENSSH_KEY).unwrap();
        fs::write(path.with_extension("pub"), OPENSSH_PUBLIC).unwrap();
    }
    let public = fs::read_to_string(path.with_extension("pub")).unwrap();
    let blob = STANDARD.decode(public.split(' ').nth(1).unwrap()).unwrap();
    // The last field of the public half is the key itself.
    let key: [u8; 32] = blob[blob.len() - 32..].try_into().unwrap();
    (text(&path), PublicKey::from_bytes(key).to_string())
}

#[test]
fn a_deployment_is_run_filled_asked_stopped_and_started_again() {
    let mut desk = Desk::new();
    let mut up = desk.up();
    imported(&desk);
    certified(&desk);
    let size = desk.tree_size();
    stop(&mut up);
    let hand_over = HandOver::signed_offline(&desk);
    let mut up = desk.up();
    assert_eq!(desk.tree_size(), size, "the same state");
    hand_over.submitted_over_a_cut_line(&desk);
    hand_over.not_sold_twice(&desk);
    proved(&desk, &hand_over.lot);
    evidenced(&desk, &hand_over.miners);
    exported(&desk);
    mistaken(&desk);
    seen_by_others(&desk, &hand_over.miners);
    stop(&mut up);
    desk.check(DONE, &["verify", &text(&desk.path("lot.veta-proof"))]);
}

/// Every site stands as the file says, and importing again changes nothing.
fn imported(desk: &Desk) {
    let file = text(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../deploy/demo-data/ipis/cod_gold_sites_visits.csv"
    )));
    let first = desk.json_one(&["import", "ipis", &file]);
    // The monitor and its key, a group and a site for each of 227, two catalogues, 1,195 visits and 109 statuses.
    assert_eq!(
        (&first["recorded"], &first["there_already"]),
        (&json!(2 + 2 * 227 + 2 + 1_195 + 109), &json!(0))
    );
    let expected = ipis::standings(&file);
    let shown = desk.json(&["site", "list"]);
    assert_eq!((shown.len(), expected.len()), (227, 227));
    for site in &shown {
        let expected = &expected[site["pcode"].as_str().unwrap()];
        for field in ipis::FIELDS {
            assert_eq!(site[field], expected[field], "{field} of {}", expected["pcode"]);
        }
        assert_eq!(site["position"], first["position"]);
    }
    let recorded = first["position"].as_u64().unwrap();
    desk.settle(recorded);
    let (before, size) = (desk.json(&["site", "list"]), desk.tree_size());
    assert_eq!(size, recorded);
    let second = desk.json_one(&["import", "ipis", &file]);
    assert_eq!(second["recorded"], 0);
    assert_eq!((desk.json(&["site", "list"]), desk.tree_size()), (before, size));
    fs::write(
        desk.path("site.json"),
        desk.json_one(&["site", "show", SITE])["site"].to_string(),
    )
    .unwrap();
}

/// The organization of a name, as `org show` has it.
fn organization(desk: &Desk, name: &str) -> Value {
    let listed = desk.json(&["org", "list"]);
    let found = listed.iter().find(|party| party["name"] == name).unwrap();
    desk.json_one(&["org", "show", found["party_id"].as_str().unwrap()])
}

/// What certification schemes decided is told whole, by the compiler, and nothing follows from it; twice is once.
fn certified(desk: &Desk) {
    let file = text(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../deploy/demo-data/certification/fairmined_craft_events.csv"
    )));
    let first = desk.json_one(&["import", "certifications", &file]);
    // The compiler with its key and accreditation, 22 organizations, the catalogue, 33 events.
    assert_eq!(
        (&first["recorded"], &first["there_already"]),
        (&json!(3 + 22 + 1 + 33), &json!(0))
    );
    let second = desk.json_one(&["import", "certifications", &file]);
    assert_eq!((&second["recorded"], &second["there_already"]), (&json!(0), &json!(0)));
    eventually("the log has all of it", || {
        (desk.tree_size() == first["position"]).then_some(())
    });
    let told = |name: &str, question: &str| -> Vec<_> {
        let shown = organization(desk, name);
        assert_eq!(shown["standing"]["standing"], "applicant");
        let history = shown["history"].as_array().unwrap().clone();
        let by = |event: &Value| {
            event["attribution"]["by"]
                .as_str()
                .unwrap()
                .contains("no scheme signed")
        };
        assert!(history.iter().all(by), "{history:?}");
        let answers = history
            .iter()
            .map(|event| event["answers"][question].as_str().unwrap().to_owned());
        answers.collect()
    };
    let san_luis = "Minera Artesanal San Luis SA";
    assert_eq!(
        told(san_luis, "event"),
        ["expired", "recertification not approved", "certified"]
    );
    let macdesa = "MACDESA (Minera Aurífera Cuatro de Enero S.A.)";
    assert_eq!(told(macdesa, "date"), ["2015-07", "2015-05", "unknown"]);
    let undated = organization(desk, macdesa)["history"][2]["attribution"].clone();
    assert_eq!((&undated["from"], &undated["to"]), (&Value::Null, &Value::Null));
}

/// What surveyors saw stands beside the criteria that it speaks to, and that it contradicts itself is seen, too.
fn seen_by_others(desk: &Desk, miners: &Speaker) {
    let before = desk.json_one(&["org", "show", &miners.party])["standing"]["standing"].clone();
    let published = desk.json(&[
        "catalogue",
        "publish",
        "--shipped",
        "craft-derived",
        "--yes",
        "--submit",
    ]);
    let at_least = published.last().unwrap()["position"].to_string();
    let shown = desk.json_one(&["org", "show", &miners.party, "--at-least", &at_least]);
    assert_eq!(shown["standing"]["standing"], before);
    let others = shown["others"].as_array().unwrap();
    let against: Vec<_> = others.iter().filter(|word| word["speaks_against"] == true).collect();
    let told = |word: &&Value| {
        (
            word["criterion"].clone(),
            word["asked"].clone(),
            word["attribution"]["to"].clone(),
        )
    };
    let mercury = (json!("pg.mercury_elimination"), json!("mercury"), json!("2023-04-22"));
    assert!(against.iter().map(told).any(|word| word == mercury), "{against:?}");
    // Four visits of one day, two of which saw an army: all are kept, and none of them hides the others.
    let history = desk.json_one(&["site", "show", CONTRADICTORY])["history"].clone();
    let of_day = |visit: &&Value| visit["attribution"]["to"] == "2017-04-29";
    let last = history.as_array().unwrap().iter().find(of_day).unwrap()["attribution"]["position"].to_string();
    let then = desk.json_one(&["site", "show", CONTRADICTORY, "--as-of", &last]);
    let present = then["present"].as_array().unwrap().iter();
    let presence = present
        .clone()
        .find(|present| present["criterion"] == "presence")
        .unwrap();
    assert_eq!(presence["answer"], "none observed");
    assert_eq!(presence["contradictions"], json!(["observed", "observed"]));
}

/// A lot from a real site, on its way from the diggers to a trader.
struct HandOver {
    miners: Speaker,
    refiner: String,
    lot: String,
    accepted: String,
}

impl HandOver {
    /// Everything is drafted and signed while no service runs.
    fn signed_offline(desk: &Desk) -> Self {
        desk.check_trouble(UNAVAILABLE, &["site", "list"], "no service answers");
        let trader = desk.enrol("Trader", "Trader");
        let refiner = desk.enrol("Refiner", "Refiner");
        let (site, operator) = a_site(desk);
        let (key, public) = desk.key("miners");
        desk.authorize(&operator, &public);
        desk.sign(None, "PermitRecorded", |event| {
            event["number"] = json!({"source": "end-to-end", "value": "1"});
            event["holder"] = operator.clone().into();
            event["from"] = "2020-01-01".into();
            event["sites"] = json!([site]);
        });
        let miners = Speaker { party: operator, key };
        let declared = desk.sign(Some(&miners), "LotDeclared", |event| {
            event["site"] = site.into();
            event["basis"] = "Illustrative".into();
        });
        let lot = declared.created;
        let offered = desk.sign(Some(&miners), "CustodyOffered", |event| {
            *event = json!({"lot": lot, "after": declared.statement, "to": trader.party});
        });
        let accepted = desk.sign(Some(&trader), "CustodyAccepted", |event| {
            event["lot"] = lot.clone().into();
            event["after"] = offered.statement.into();
        });
        assert_eq!(desk.waiting(), 9);
        desk.check_trouble(UNAVAILABLE, &["statement", "submit"], "no service answers");
        assert_eq!(desk.waiting(), 9);
        Self {
            miners,
            refiner: refiner.party,
            lot,
            accepted: accepted.statement,
        }
    }

    /// The line breaks after ingest has heard everything and before it is heard; the same command finishes.
    fn submitted_over_a_cut_line(&self, desk: &Desk) {
        let size = desk.tree_size();
        let deployment: Value =
            serde_json::from_slice(&fs::read(desk.state().join("deployment.json")).unwrap()).unwrap();
        let line = CutLine::to(deployment["endpoints"]["ingest"].as_str().unwrap());
        let receipts = desk.json(&["statement", "submit", "--ingest", &line.url()]);
        assert!(line.was_cut());
        let positions: Vec<_> = receipts
            .iter()
            .map(|receipt| receipt["position"].as_u64().unwrap())
            .collect();
        assert_eq!(positions, (size + 1..=size + 9).collect::<Vec<_>>());
        assert_eq!(desk.waiting(), 0);
        let lot = desk.json_one(&["lot", "show", &self.lot, "--at-least", &(size + 9).to_string()]);
        assert_eq!(
            (&lot["lot"]["custodian"], &lot["lot"]["state"]),
            (&json!("Trader"), &json!("held"))
        );
        assert_eq!(lot["lot"]["quantity"], "INVENTED for demonstration");
        assert_eq!(lot["path"].as_array().unwrap().len(), 3);
        desk.settle(size + 9);
    }

    /// Whoever has given a lot away cannot give it to somebody else, and is told why by its number.
    fn not_sold_twice(&self, desk: &Desk) {
        let size = desk.tree_size();
        desk.sign(Some(&self.miners), "CustodyOffered", |event| {
            *event = json!({"lot": self.lot, "after": self.accepted, "to": self.refiner});
        });
        desk.check_trouble(FAILED, &["statement", "submit"], "refused (310, NotCustodian)");
        assert_eq!((desk.waiting(), desk.tree_size()), (0, size));
        let refused = fs::read_dir(desk.state().join("queue/refused")).unwrap().count();
        assert_eq!(refused, 2, "the statement and the reason beside it");
    }
}

/// A site and who works it, as noted while services ran.
fn a_site(desk: &Desk) -> (String, String) {
    let kept: Value = serde_json::from_slice(&fs::read(desk.path("site.json")).unwrap()).unwrap();
    let told = |name: &str| kept[name].as_str().unwrap().to_owned();
    (told("site_id"), told("operator_id"))
}

/// The proof of the lot holds, and a changed byte is found wherever it is.
fn proved(desk: &Desk, lot: &str) {
    let (path, changed) = (
        text(&desk.path("lot.veta-proof")),
        text(&desk.path("changed.veta-proof")),
    );
    desk.check(DONE, &["prove", lot, "--output", &path]);
    let report = desk.json_one(&["verify", &path]);
    assert_eq!(
        (&report["verified"], &report["lot"], &report["custodian_name"]),
        (&json!(true), &json!(lot), &json!("Trader"))
    );
    // It was offered without its title, as 25 g of fineness 900.0.
    assert_ne!(report["owner"], report["custodian"]);
    assert_eq!(report["fine_mass_micrograms"], 22_500_000);
    assert_eq!(
        (&report["held"], &report["end"], &report["became"]),
        (&json!(false), &Value::Null, &json!([]))
    );
    let bundle = fs::read(&path).unwrap();
    for place in (0..bundle.len()).step_by(bundle.len() / 16) {
        let mut bytes = bundle.clone();
        bytes[place] ^= 1;
        fs::write(&changed, bytes).unwrap();
        desk.check_trouble(FAILED, &["verify", &changed], "NOT VERIFIED");
    }
    let entry = text(&desk.path("entry.tlog-proof"));
    desk.check(DONE, &["prove", "0", "--output", &entry]);
    assert_eq!(desk.json_one(&["verify", &entry])["index"], 0);
}

/// A photo is kept under its digest, for whom its owner says, and comes out as it went in.
fn evidenced(desk: &Desk, miners: &Speaker) {
    let (photo, out) = (text(&desk.path("pit.jpg")), text(&desk.path("out.jpg")));
    let bytes: Vec<u8> = b"\xff\xd8\xff\xe0"
        .iter()
        .copied()
        .chain((0..200_000_u32).map(|n| n.to_le_bytes()[1]))
        .collect();
    fs::write(&photo, &bytes).unwrap();
    desk.check_trouble(FAILED, &["evidence", "check", &photo], "0 of 1");
    let key = &miners.key;
    let put = ["evidence", "put", &photo, "--visibility", "auditors", "--key", key];
    let first = desk.json_one(&put);
    assert_eq!(first["outcome"], "stored");
    let kept = &first["evidence"];
    assert_eq!(
        (&kept["owner_id"], &kept["media_type"]),
        (&json!(miners.party), &json!("image/jpeg"))
    );
    let second = desk.json_one(&put);
    assert_eq!(
        (&second["outcome"], &second["evidence"]),
        (&json!("already kept"), kept)
    );

    let digest = first["digest"].as_str().unwrap();
    let get = ["evidence", "get", digest, "--output", &out];
    desk.check_trouble(FAILED, &get, "not for you");
    assert!(!Path::new(&out).exists());
    let scheme = text(&desk.state().join("keys/scheme.pem"));
    let got = desk.json_one(&[&get[..], &["--key", &scheme]].concat());
    assert_eq!((&got, fs::read(&out).unwrap()), (kept, bytes));
    let looks = desk.json(&["evidence", "accesses", "--key", key]);
    let handed_out = json!([{"digest": digest, "outcome": "handed out"}]);
    assert_eq!(
        (&looks[0]["files"], &looks[0]["way"]),
        (&handed_out, &json!("signed request"))
    );
    let theirs = ["evidence", "accesses", "--owner", &miners.party, "--key", &scheme];
    desk.check_trouble(FAILED, &theirs, "nobody else");
    let show = ["evidence", "set-visibility", digest, "--visibility", "public"];
    desk.check_trouble(FAILED, &show, "only the owner");
    let shown = desk.json_one(&[&show[..], &["--key", key]].concat());
    assert_eq!(shown["visibility"], "public");
    let checked = desk.json_one(&["evidence", "check", &photo]);
    assert_eq!((&checked["state"], &checked["evidence"]), (&json!("present"), &shown));

    fs::write(&photo, vec![0; 10 * 1024 * 1024 + 1]).unwrap();
    desk.check_trouble(FAILED, &put, "make it smaller");
    fs::write(&photo, b"\x7fELF").unwrap();
    desk.check_trouble(FAILED, &put, "are kept");
    desk.check_trouble(
        USAGE,
        &["evidence", "put", &photo, "--visibility", "friends"],
        "organization",
    );
}

/// The checkpoints that were published, by the policy of the deployment and by those of others.
fn listed(desk: &Desk) {
    let told = desk.json_one(&["audit", "checkpoints"]);
    let checkpoints = told["checkpoints"].as_array().unwrap();
    let sizes: Vec<u64> = checkpoints.iter().map(|one| one["size"].as_u64().unwrap()).collect();
    assert!(sizes.is_sorted_by(|one, next| one < next));
    assert_eq!(
        (sizes.last(), &told["next_size"]),
        (Some(&desk.tree_size()), &json!(null))
    );
    for one in checkpoints {
        let as_of = |note: &str| one[note]["as_of_unix_seconds"].as_u64().unwrap();
        assert!(as_of("first") <= as_of("last"));
        assert_eq!(
            (&one["first"]["holds"], &one["last"]["holds"]),
            (&json!(true), &json!(true))
        );
    }
    let last = ["audit", "checkpoints", "--from", &desk.tree_size().to_string()];
    let table = desk.check(DONE, &last).output;
    assert_eq!(table.lines().count(), 2, "{table}");
    let vkey = tests::served::log_signer(&"veta.test/log".parse().unwrap(), 9)
        .vkey()
        .to_string();
    desk.check_trouble(FAILED, &["audit", "checkpoints", "--vkey", &vkey], "NOT SIGNED");
}

/// An auditor comes to the same end from the file, the tiles, the service and the stream; a changed byte is found.
fn exported(desk: &Desk) {
    let path = text(&desk.path("log.veta-export"));
    desk.check(DONE, &["export", "--output", &path]);
    let file = desk.json_one(&["replay", &path]);
    assert_eq!(
        (&file["equal"], &file["position"]),
        (&json!(true), &json!(desk.tree_size()))
    );
    assert_eq!(file["findings_count"], 0, "nothing is worth a look: {file}");
    let first = desk.json_one(&["audit", "when", "0"]);
    assert_eq!(
        (&first["not_before"], &first["size_before"]),
        (&json!(null), &json!(null)),
        "nothing was before it"
    );
    let last = desk.json_one(&["audit", "when", &(desk.tree_size() - 1).to_string()]);
    let seconds = |at: &str| last[at].as_u64().unwrap();
    assert!(seconds("size_before") < desk.tree_size() && seconds("size_after") == desk.tree_size());
    assert!(seconds("not_before_unix_seconds") <= seconds("not_after_unix_seconds"));
    desk.check(FAILED, &["audit", "when", &desk.tree_size().to_string()]);
    listed(desk);
    let deployment: Value = serde_json::from_slice(&fs::read(desk.state().join("deployment.json")).unwrap()).unwrap();
    let at = |name: &str| deployment["endpoints"][name].as_str().unwrap().to_owned();
    let mirror = text(&desk.path("mirror"));
    desk.check(DONE, &["audit", "publish", &mirror]);
    let seed = text(&desk.state().join("nats/nkeys/view.nk"));
    for source in [at("log"), format!("grpc+{}", at("audit")), at("nats"), mirror] {
        let told = desk.json_one(&["replay", &source, "--nkey", &seed]);
        for name in [
            "equal",
            "findings_count",
            "position",
            "ledger_digest",
            "root",
            "map_root",
        ] {
            assert_eq!(told[name], file[name], "{name} from {source}");
        }
    }
    assert_eq!(desk.json_one(&["replay"])["root"], file["root"]);
    // As of a position the stream leads to the state that the tiles lead to, and all of it to the checkpoint.
    for asked in [&["--as-of", "9"][..], &["--diff", "5", "9"]] {
        let told = |source: &str| desk.json_one(&[&["replay", source, "--nkey", &seed], asked].concat());
        let (tiles, stream) = (told(&at("log")), told(&at("nats")));
        for name in ["position", "ledger_digest", "root", "map_root", "changes", "equal"] {
            assert_eq!(stream[name], tiles[name], "{name} with {asked:?}");
        }
        assert_eq!((&tiles["position"], &tiles["equal"]), (&json!(9), &json!(true)));
    }
    assert_eq!(desk.json_one(&["replay", "--sample", "10"])["findings_count"], 0);
    let log = fs::read(&path).unwrap();
    for place in (0..log.len()).step_by(log.len() / 6) {
        let mut bytes = log.clone();
        bytes[place] ^= 1;
        fs::write(&path, bytes).unwrap();
        desk.check(FAILED, &["replay", &path]);
    }
    fs::write(&path, [log.as_slice(), &[0]].concat()).unwrap();
    desk.check_trouble(FAILED, &["replay", &path], "replay: DIFFERENT");
}

/// What is wrong is said, and what to do next.
fn mistaken(desk: &Desk) {
    let nowhere = text(&desk.path("nowhere"));
    desk.check_trouble(
        FAILED,
        &["--state", &nowhere, "site", "list"],
        "start one with `veta up --state",
    );
    let unnamed = Said::by(Command::new(veta()).env_remove("VETA_STATE").args(["site", "list"]));
    assert_eq!(unnamed.code, Some(USAGE));
    assert!(unnamed.errors.contains("--state DIR"), "{}", unnamed.errors);
    let unknown = LotId::from_bytes([9; 16]).to_string();
    desk.check_trouble(FAILED, &["lot", "show", &unknown], "is not known here");
    desk.check_trouble(FAILED, &["prove", &unknown], "not known here");
    let last = unknown.chars().last().unwrap();
    let mistyped = format!(
        "{}{}",
        &unknown[..unknown.len() - 1],
        if last == '2' { '3' } else { '2' }
    );
    desk.check_trouble(USAGE, &["lot", "show", &mistyped], "typ");
    desk.check_trouble(USAGE, &["statement", "draft", "LotSold"], "LotDeclared");
    desk.check_trouble(FAILED, &["import", "ipis", &nowhere], "cannot read");
}
