//! A key that is lost, and a key that somebody else may have used, end to end: what it said stands in the first case, and in
//! the second it is suspect since the position that is named, with everything that was made of it, until someone holds it.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use rpc::custody::{GetProvenanceRequest, GetProvenanceResponse, ListSuspectsRequest, ListSuspectsResponse};
use serde_json::{Value, json};
use tests::desk::{Desk, FAILED, Signed, Speaker, stop};

const DAY: &str = "2026-01-02";

/// The deployment's custody service, as a program sees it.
struct Custody {
    runtime: tokio::runtime::Runtime,
    url: String,
}

impl Custody {
    fn of(desk: &Desk) -> Self {
        let written = std::fs::read(desk.state().join("deployment.json")).unwrap();
        let written: Value = serde_json::from_slice(&written).unwrap();
        Self {
            runtime: tokio::runtime::Runtime::new().unwrap(),
            url: written["endpoints"]["custody"].as_str().unwrap().to_owned(),
        }
    }

    fn provenance(&self, lot: &str, at_least: u64) -> GetProvenanceResponse {
        let request = GetProvenanceRequest {
            lot_id: lot.to_owned(),
            at_least_position: at_least,
            ..Default::default()
        };
        self.runtime.block_on(async {
            let channel = rpc::client::connect(&self.url).await.unwrap();
            let answer = rpc::client::custody(channel).get_provenance(request).await;
            answer.unwrap().into_inner()
        })
    }

    fn suspects(&self, key: &str) -> ListSuspectsResponse {
        let request = ListSuspectsRequest {
            key: key.to_owned(),
            ..Default::default()
        };
        self.runtime.block_on(async {
            let channel = rpc::client::connect(&self.url).await.unwrap();
            let answer = rpc::client::custody(channel).list_suspects(request).await;
            answer.unwrap().into_inner()
        })
    }
}

/// Submits what was just signed; where it stands.
#[track_caller]
fn recorded(desk: &Desk) -> u64 {
    let told = desk.json(&["statement", "submit"]);
    told.last().unwrap()["position"].as_u64().unwrap()
}

fn declares(desk: &Desk, speaker: &Speaker, site: &str) -> Signed {
    desk.sign(Some(speaker), "LotDeclared", |event| {
        event["site"] = site.into();
        event["gross_mass"] = 50_000_000.into();
        event["basis"] = "Illustrative".into();
        event["fineness"] = json!({"fineness": 900_000, "method": "Xrf"});
        event["extracted"] = json!({"from": DAY, "to": DAY});
        event["custody_model"] = "IdentityPreserved".into();
        event["seals"] = json!([]);
    })
}

fn melts(desk: &Desk, speaker: &Speaker, inputs: &[(&str, &str)]) -> Signed {
    let mut inputs: Vec<_> = inputs
        .iter()
        .map(|(lot, after)| json!({"lot": lot, "after": after}))
        .collect();
    let id = |input: &Value| input["lot"].as_str().unwrap().parse::<event::LotId>().unwrap();
    inputs.sort_by_key(id);
    let gross = 50_000_000 * inputs.len();
    desk.sign(Some(speaker), "LotsTransformed", |event| {
        event["how"] = "Melt".into();
        event["inputs"] = inputs.clone().into();
        event["outputs"] = json!([{
            "form": "Dore",
            "gross_mass": gross,
            "fineness": {"fineness": 900_000, "method": "Xrf"},
            "seals": [],
            "bar": null
        }]);
        event["custody_model"] = "IdentityPreserved".into();
        event["lost_gross_mass"] = 0.into();
        event["lost_fine_mass"] = 0.into();
        event["melt"] = Value::Null;
        event["witness"] = Value::Null;
        event["documents"] = json!([]);
    })
}

/// The scheme says that a key is not to be used any more.
fn revokes(desk: &Desk, key: &str, reason: &Value) -> Signed {
    desk.sign(None, "KeyRevoked", |event| {
        *event = json!({"key": key, "reason": reason});
    })
}

#[test]
fn a_key_that_is_lost_and_a_key_that_somebody_else_has_used() {
    let mut desk = Desk::new();
    let mut up = desk.up();
    let custody = Custody::of(&desk);
    let miners = desk.enrol("MinersOrganization", "Cooperative");
    let (first_file, second_file) = (miners.key.clone(), desk.key("phone"));
    desk.authorize(&miners.party, &second_file.1);
    let phone = Speaker {
        party: miners.party.clone(),
        key: second_file.0.clone(),
    };
    let registered = desk.sign(None, "SiteRegistered", |event| {
        event["operator"] = miners.party.clone().into();
        event["reference"] = Value::Null;
    });
    desk.sign(None, "PolicySet", |event| {
        *event = json!({"terms": [{"Unpermitted": "Flag"}]});
    });
    let by_office = declares(&desk, &miners, &registered.created);
    let before = recorded(&desk);
    let by_phone = declares(&desk, &phone, &registered.created);
    let bar = melts(
        &desk,
        &miners,
        &[
            (&by_office.created, &by_office.statement),
            (&by_phone.created, &by_phone.statement),
        ],
    );
    let made = recorded(&desk);
    assert_eq!(custody.provenance(&bar.created, made).suspects, []);

    // Lost: what it said stands, and it says nothing more.
    let office_key = desk.json_one(&["keys", "show", &first_file])["key"]
        .as_str()
        .unwrap()
        .to_owned();
    revokes(&desk, &office_key, &json!("Lost"));
    let lost = recorded(&desk);
    assert_eq!(custody.provenance(&bar.created, lost).suspects, []);
    assert!(!custody.suspects(&office_key).is_compromised);
    declares(&desk, &miners, &registered.created);
    desk.check_trouble(FAILED, &["statement", "submit"], "103");
    // The organization goes on with its other key.
    let still = declares(&desk, &phone, &registered.created);
    recorded(&desk);

    // Compromised since a position: what was said after it is suspect, with what was made of it.
    let revocation = revokes(&desk, &second_file.1, &json!({"Compromised": {"since": before}}));
    let compromised = recorded(&desk);
    let told = custody.provenance(&bar.created, compromised);
    let [suspect] = told.suspects.try_into().unwrap();
    assert_eq!(suspect.key, second_file.1);
    assert_eq!(suspect.revocation_statement_id, revocation.statement);
    assert_eq!(suspect.spoke_statement_id, by_phone.statement);
    assert_eq!(custody.provenance(&by_office.created, compromised).suspects, []);
    let suspects = custody.suspects(&second_file.1);
    assert_eq!((suspects.is_compromised, suspects.since_position), (true, before));
    let lots: Vec<_> = suspects
        .lots
        .iter()
        .map(|found| found.lot.as_ref().unwrap().lot_id.clone())
        .collect();
    assert_eq!(lots, [by_phone.created.clone(), still.created.clone()]);

    held_until_it_is_looked_into(&desk, &custody, &miners, (&by_phone.created, &bar));
    stop(&mut up);
}

/// Nothing moves by itself: the scheme holds what the key spoke of, and with it what became of that.
fn held_until_it_is_looked_into(desk: &Desk, custody: &Custody, miners: &Speaker, (stolen, bar): (&str, &Signed)) {
    desk.sign(None, "LotHeld", |event| {
        event["lot"] = stolen.into();
        event["reason"] = "the phone was stolen".into();
        event["incident"] = Value::Null;
        event["documents"] = json!([]);
    });
    let held = recorded(desk);
    let told = custody.provenance(&bar.created, held);
    assert_eq!(told.holds.len(), 1);
    let trader = desk.enrol("Trader", "Trader");
    let new_key = desk.key("new phone");
    desk.authorize(&miners.party, &new_key.1);
    recorded(desk);
    let again = Speaker {
        party: miners.party.clone(),
        key: new_key.0,
    };
    let offer = |desk: &Desk| {
        desk.sign(Some(&again), "CustodyOffered", |event| {
            event["lot"] = bar.created.clone().into();
            event["after"] = bar.statement.clone().into();
            event["to"] = trader.party.clone().into();
        })
    };
    offer(desk);
    desk.check_trouble(FAILED, &["statement", "submit"], "322");
    desk.sign(None, "LotReleased", |event| {
        event["lot"] = stolen.into();
        event["reason"] = "the miners declared it again".into();
    });
    recorded(desk);
    offer(desk);
    recorded(desk);
}
