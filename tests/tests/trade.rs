//! A lot that changes hands where there is no network, and what a deployment makes of it when there is one again.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::desk::{Desk, FAILED, Speaker, stop, text};
use tests::process::eventually;

/// A device of its own: a queue that no deployment's directory has, and a deployment that it knows by its id alone.
struct Device<'a> {
    speaker: &'a Speaker,
    deployment: String,
    queue: String,
}

impl<'a> Device<'a> {
    fn of(desk: &Desk, speaker: &'a Speaker, name: &str) -> Self {
        let written = fs::read(desk.state().join("deployment.json")).unwrap();
        let written: Value = serde_json::from_slice(&written).unwrap();
        Self {
            speaker,
            deployment: written["deployment"].as_str().unwrap().to_owned(),
            queue: text(&desk.path(name)),
        }
    }

    /// What a verb of lots prints for programs.
    #[track_caller]
    fn lot(&self, desk: &Desk, arguments: &[&str]) -> Vec<Value> {
        let Speaker { party, key } = self.speaker;
        let signing = [
            "--key",
            key,
            "--party",
            party,
            "--deployment",
            &self.deployment,
            "--queue",
            &self.queue,
        ];
        desk.json(&[&["lot"], arguments, &signing[..]].concat())
    }

    #[track_caller]
    fn takes_in(&self, desk: &Desk, file: &str) -> Value {
        let kept = ["--deployment", &self.deployment, "--queue", &self.queue];
        desk.json_one(&[&["lot", "take-in", file], &kept[..]].concat())
    }

    /// The receipts of everything that waits, by submitting it.
    #[track_caller]
    fn submits(&self, desk: &Desk) -> Vec<Value> {
        desk.json(&["statement", "submit", "--queue", &self.queue])
    }

    fn waits(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.queue).unwrap().map(|entry| entry.unwrap().path());
        let statements = entries.filter(|path| path.extension().is_some_and(|ending| ending == "statement"));
        statements.map(|path| text(&path)).collect()
    }
}

#[test]
fn what_two_devices_signed_offline_is_submitted_by_either() {
    let mut desk = Desk::new();
    let mut up = desk.up();
    let miners = desk.enrol("MinersOrganization", "Cooperative");
    let trader = desk.enrol("Trader", "Trader");
    let dug_at = desk.permitted_site(&miners, |_| ());
    let enrolled = desk.json(&["statement", "submit"]);
    let size = enrolled.last().unwrap()["position"].as_u64().unwrap();
    stop(&mut up);

    // From here to the next start nothing runs.
    let (giver, receiver) = (
        Device::of(&desk, &miners, "giver"),
        Device::of(&desk, &trader, "receiver"),
    );
    let (file, reply) = (
        text(&desk.path("lot.veta-handover")),
        text(&desk.path("reply.veta-handover")),
    );
    let lot = declared(&desk, &giver, &dug_at);
    giver.lot(&desk, &["offer", &lot, "--to", &trader.party, "--handover", &file]);
    let accept = [
        "accept",
        "--handover",
        &file,
        "--mass",
        "12.4",
        "--seals",
        "none",
        "--reply",
        &reply,
    ];
    receiver.lot(&desk, &accept);
    assert_eq!(
        giver.takes_in(&desk, &reply),
        json!({"lot": lot, "taken_in": 1, "there_already": 0})
    );
    assert_eq!((giver.waits().len(), receiver.waits().len()), (3, 3));
    // The giver goes on signing behind what was handed over.
    let second = declared(&desk, &giver, &dug_at);

    let mut up = desk.up();
    let of_receiver = receiver.submits(&desk);
    let positions: Vec<_> = of_receiver
        .iter()
        .map(|receipt| receipt["position"].as_u64().unwrap())
        .collect();
    assert_eq!(positions, [size + 1, size + 2, size + 3]);
    assert!(receiver.waits().is_empty());
    let at_least = (size + 3).to_string();
    let shown = desk.json_one(&["lot", "show", &lot.to_uppercase(), "--at-least", &at_least]);
    assert_eq!(
        (&shown["lot"]["custodian"], &shown["lot"]["gross_mass_micrograms"]),
        (&json!("Trader"), &json!(12_400_000)),
        "{shown}"
    );

    let of_giver = giver.submits(&desk);
    assert_eq!(of_giver[..3], of_receiver, "the same receipts");
    assert_eq!(of_giver[3]["position"], size + 4);
    assert!(giver.waits().is_empty());
    eventually("the log has all of it", || (desk.tree_size() == size + 4).then_some(()));

    asked_where_a_service_answers(&desk, &receiver, &lot, &miners);
    handed_over_again(&desk, &giver, &receiver, &second);
    stop(&mut up);
}

fn declared(desk: &Desk, device: &Device<'_>, site: &str) -> String {
    let said = [
        "declare",
        "--site",
        site,
        "--form",
        "dust",
        "--mass",
        "12.5",
        "--illustrative",
        "--from",
        "2026-01-05",
    ];
    device.lot(desk, &said)[0]["created"].as_str().unwrap().to_owned()
}

/// A queue that knows nothing of a lot asks the custody service, and `--submit` sends what is signed at once.
fn asked_where_a_service_answers(desk: &Desk, receiver: &Device<'_>, lot: &str, to: &Speaker) {
    let fresh = Device {
        queue: text(&desk.path("fresh")),
        deployment: receiver.deployment.clone(),
        ..*receiver
    };
    let told = fresh.lot(desk, &["offer", lot, "--to", &to.party, "--submit"]);
    assert!(told.last().unwrap()["position"].is_u64(), "{told:?}");
    // At once: the service may not have seen the offer yet, and the queue knows that it was recorded.
    let told = fresh.lot(desk, &["withdraw", lot, "--submit"]);
    let position = told.last().unwrap()["position"].to_string();
    let shown = desk.json_one(&["lot", "show", lot, "--at-least", &position]);
    let events: Vec<_> = shown["path"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["event"].clone())
        .collect();
    assert_eq!(events[3..], ["CustodyOffered", "OfferWithdrawn"], "{shown}");
    let svg = desk.path("label.svg");
    let label = desk.json_one(&["lot", "label", lot, "--svg", &text(&svg)]);
    assert_eq!(label["code"], lot.to_uppercase());
    assert!(fs::read_to_string(Path::new(&svg)).unwrap().contains(">12.4 g</text>"));
}

/// What was recorded of a lot goes along, so that what it is does not rest on the giver's word; an acceptance out of its
/// turn is refused as any other.
fn handed_over_again(desk: &Desk, giver: &Device<'_>, receiver: &Device<'_>, lot: &str) {
    let file = text(&desk.path("second.veta-handover"));
    let to = &receiver.speaker.party;
    let told = giver.lot(desk, &["offer", lot, "--to", to, "--handover", &file]);
    assert_eq!(told[1]["statements"], 2, "the recorded declaration and the offer");
    let told = receiver.lot(
        desk,
        &["decline", "--handover", &file, "--reason", "another weight", "--submit"],
    );
    let receipts: Vec<_> = told.iter().filter(|line| line["position"].is_u64()).collect();
    assert_eq!(receipts.len(), 3, "{told:?}");
    // The giver has not heard of it and takes the offer back.
    giver.lot(desk, &["withdraw", lot]);
    let submit = ["statement", "submit", "--queue", &giver.queue];
    desk.check_trouble(FAILED, &submit, "refused (309, Superseded)");
}
