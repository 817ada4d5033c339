//! What a page can ask: arbitrary statements are signed as Rust signs them, and any question has an answer.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "../../../event/tests/event/arb/mod.rs"]
mod arb;
#[path = "../../../event/tests/event/variants.rs"]
mod variants;

use arb::{arb_deployment, arb_signing_key, arb_statement};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey};
use event::request::{Ask, Audience, Challenge, Nonce, SESSION_MS_MAX, SignIn};
use event::vocabulary::EventKind;
use event::{
    DeploymentId, Event, LotId, PartyId, PublicKey, Request, SignedRequest, SignedStatement, Statement, StatementId,
    Timestamp,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use signer::asks::{QUESTION_BYTES_MAX, answer, answer_of};
use signer::drafts::sample;
use signer::qr::{Code, spread};
use signer::statements::{created, signed_for};

const DEPLOYMENT: DeploymentId = DeploymentId::from_bytes([0xd0; 32]);

/// Asks, and gives what is answered.
fn ask(ask: &str, with: &Value) -> Value {
    let question = json!({"ask": ask, "with": with}).to_string();
    serde_json::from_str(&answer(question.as_bytes())).unwrap()
}

/// The question for the draft of a statement.
fn draft_of(statement: &Statement, deployment: DeploymentId, key: &SigningKey) -> Value {
    json!({
        "deployment": deployment,
        "party": statement.party,
        "key": PublicKey::from(key.verifying_key()),
        "number": statement.number.to_string(),
        "stated_at_ms": statement.stated_at.unix_ms(),
        "event": statement.event,
    })
}

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

/// Drafts, signs and assembles a statement by questions alone: the last answer.
fn signed(statement: &Statement, deployment: DeploymentId, key: &SigningKey) -> Value {
    let drafted = ask("draft", &draft_of(statement, deployment, key));
    let signature = key.sign(&bytes(&drafted["to_sign"])).to_bytes();
    let seed = STANDARD.encode(key.to_bytes());
    let by_the_module = ask("sign", &json!({"seed": seed, "to_sign": drafted["to_sign"]}));
    assert_eq!(bytes(&by_the_module["signature"]), signature);
    let assembled = ask(
        "assemble",
        &json!({
            "deployment": deployment,
            "key": PublicKey::from(key.verifying_key()),
            "body": drafted["body"],
            "signature": STANDARD.encode(signature),
        }),
    );
    for field in ["told", "statement_id", "created"] {
        assert_eq!(assembled[field], drafted[field], "{field}");
    }
    assembled
}

#[test]
fn a_sign_in_is_signed_as_rust_signs_it_and_nothing_else_is_assembled() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let request = Request {
        party: PartyId::from_bytes([1; 16]),
        asked_at: Timestamp::from_unix_ms(1_780_228_800_250),
        nonce: Nonce::from_bytes([0xa5; 32]),
        ask: Ask::SignIn(SignIn {
            audience: Audience::new("127.0.0.1:7440").unwrap(),
            challenge: Challenge::from_bytes([0xc4; 32]),
        }),
    };
    let expected = SignedRequest::sign(&request, DEPLOYMENT, &key);
    let asked = json!({
        "deployment": DEPLOYMENT,
        "party": request.party,
        "key": expected.key,
        "site": "127.0.0.1:7440",
        "challenge": Challenge::from_bytes([0xc4; 32]),
        "nonce": request.nonce,
        "now_ms": request.asked_at.unix_ms(),
    });
    let drafted = ask("sign-in", &asked);
    let told = json!({
        "party": request.party,
        "key": expected.key,
        "site": "127.0.0.1:7440",
        "until_ms": request.asked_at.unix_ms() + SESSION_MS_MAX,
    });
    assert_eq!(drafted["told"], told);
    let assembled = |deployment: DeploymentId, signature: &[u8]| {
        let with = json!({
            "deployment": deployment,
            "key": expected.key,
            "body": drafted["body"],
            "signature": STANDARD.encode(signature),
        });
        ask("assemble-request", &with)
    };
    let signature = key.sign(&bytes(&drafted["to_sign"])).to_bytes();
    assert_eq!(bytes(&assembled(DEPLOYMENT, &signature)["signed"]), expected.encode());
    for refused in [
        assembled(DeploymentId::from_bytes([9; 32]), &signature),
        assembled(DEPLOYMENT, &[0; 64]),
        assembled(DEPLOYMENT, &signature[..63]),
    ] {
        assert_eq!(refused["error"]["reason"], "request");
    }
    let mut wrong = asked;
    wrong["site"] = json!("https://gold.example");
    assert_eq!(ask("sign-in", &wrong)["error"]["reason"], "question");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_statement_is_signed_as_rust_signs_it(
        statement in arb_statement(), elsewhere in arb_deployment(), key in arb_signing_key(),
    ) {
        let deployment = signed_for(&statement.event, DEPLOYMENT);
        let expected = SignedStatement::sign(&statement, deployment, &key).unwrap();
        let told = signed(&statement, deployment, &key);
        prop_assert_eq!(bytes(&told["signed"]), expected.encode());
        let id = expected.id(deployment);
        prop_assert_eq!(&told["statement_id"], &json!(id));
        prop_assert_eq!(&told["created"], &json!(created(&statement.event, id)));
        prop_assert_eq!(&told["told"], &json!(wording::told(&statement.event)));
        let read = ask("read", &json!({"deployment": deployment, "signed": told["signed"]}));
        prop_assert_eq!(&read, &told);
        if elsewhere != deployment {
            let read = ask("read", &json!({"deployment": elsewhere, "signed": told["signed"]}));
            prop_assert_eq!(&read["error"]["reason"], "statement");
        }
    }

    #[test]
    fn any_bytes_have_an_answer(question: Vec<u8>) {
        let told: Value = serde_json::from_str(&answer(&question)).unwrap();
        prop_assert!(told.is_object());
    }

    #[test]
    fn any_picture_has_an_answer(width in 0_usize..120, grey in proptest::collection::vec(any::<u8>(), 0..9_000)) {
        let height = grey.len() / width.max(1);
        let told = scanned(width, height, &grey[..width * height]);
        prop_assert!(told["texts"].is_array(), "{}", told);
    }

    /// What looks like a code is read further than noise is.
    #[test]
    fn any_code_that_is_painted_over_has_an_answer(
        text in "[A-Z0-9:]{1,60}", marks in proptest::collection::vec(any::<[u8; 5]>(), 0..24), rows_lost in 0_usize..9,
    ) {
        let (side, mut grey) = picture(&text, 3);
        for [left, top, width, height, shade] in marks.into_iter().map(|mark| mark.map(usize::from)) {
            for at in 0..width % 16 * (height % 16) {
                let (x, y) = (left + at % 16, top + at / 16);
                if x < side && y < side {
                    grey[y * side + x] = u8::try_from(shade).unwrap();
                }
            }
        }
        let rows = side - rows_lost;
        let told = scanned(side, rows, &grey[..side * rows]);
        prop_assert!(told["texts"].is_array(), "{}", told);
    }
}

fn scanned(width: usize, height: usize, grey: &[u8]) -> Value {
    let question = json!({"ask": "scan", "with": {"width": width, "height": height}}).to_string();
    serde_json::from_str(&answer_of(question.as_bytes(), grey)).unwrap()
}

/// The picture of a code, so many pixels to a module, and how many along a side.
fn picture(text: &str, scale: usize) -> (usize, Vec<u8>) {
    let code = Code::of(text);
    let side = usize::try_from(code.units()).unwrap() * scale;
    let module = |pixel: usize| i32::try_from(pixel / scale).unwrap() - 4;
    let pixel = |at: usize| u8::from(!code.is_dark(module(at % side), module(at / side))) * 255;
    (side, (0..side * side).map(pixel).collect())
}

/// The text of a code as it is read out of its picture.
fn seen(text: &str) -> String {
    let (side, grey) = picture(text, 4);
    let told = scanned(side, side, &grey);
    told["texts"][0].as_str().unwrap().to_owned()
}

#[test]
fn codes_are_gathered_from_pictures_in_any_order() {
    let texts = spread(&[7; 700]).unwrap();
    assert_eq!(texts.len(), 3);
    let gathered = |codes: &str| ask("gathered", &json!({"codes": codes}));
    let [first, second, third] = [0, 1, 2].map(|place| seen(&texts[place]));
    assert_eq!(gathered(&second), json!({"count": 3, "missing": [1, 3]}));
    assert_eq!(
        gathered(&format!("{third}\n{second}\n{third}")),
        json!({"count": 3, "missing": [1]})
    );
    assert_eq!(
        gathered(&format!("{third} {second} {first}")),
        json!({"count": 3, "missing": []})
    );
    let other = spread(&[8; 700]).unwrap();
    for wrong in ["", "LOT-1", &format!("{first} {}", other[1])] {
        let error = &gathered(wrong)["error"];
        assert_eq!(
            (&error["reason"], &error["kind"]),
            (&json!("handover"), &json!("codes")),
            "{wrong}"
        );
    }
    assert_eq!(scanned(3, 3, &[0; 8])["error"]["reason"], "picture");
}

fn a_statement(event: Event) -> Statement {
    Statement {
        party: PartyId::from_bytes([7; 16]),
        number: 3,
        stated_at: Timestamp::from_unix_ms(1_780_228_800_000),
        event,
    }
}

/// The founding statement is of the deployment that it founds, and of no other.
#[test]
fn what_founds_a_deployment_is_read_in_it() {
    let key = SigningKey::from_bytes(&[1; 32]);
    let founding = a_statement(sample(EventKind::DeploymentFounded, Timestamp::from_unix_ms(0)));
    let told = signed(&founding, DeploymentId::FOUNDING, &key);
    let read = |deployment: &Value| ask("read", &json!({"deployment": deployment, "signed": told["signed"]}));
    assert_eq!(read(&told["statement_id"]), told);
    assert_eq!(read(&json!(DEPLOYMENT))["error"]["reason"], "statement");
}

#[test]
fn a_signature_of_anything_else_makes_no_statement() {
    let key = SigningKey::from_bytes(&[1; 32]);
    let statement = a_statement(sample(EventKind::LotDeclared, Timestamp::from_unix_ms(0)));
    let drafted = ask("draft", &draft_of(&statement, DEPLOYMENT, &key));
    let (body, to_sign) = (bytes(&drafted["body"]), bytes(&drafted["to_sign"]));
    let check = |deployment: DeploymentId, signer: u8, body: &[u8], signature: &[u8], expected: &str| {
        let told = ask(
            "assemble",
            &json!({
                "deployment": deployment,
                "key": PublicKey::from(SigningKey::from_bytes(&[signer; 32]).verifying_key()),
                "body": STANDARD.encode(body),
                "signature": STANDARD.encode(signature),
            }),
        );
        let message = told["error"]["message"].as_str().unwrap_or("none");
        assert!(message.contains(expected), "{expected}: {message}");
    };
    let good = key.sign(&to_sign).to_bytes();
    check(DEPLOYMENT, 1, &body, &good, "none");
    check(DEPLOYMENT, 2, &body, &good, "the signature does not hold");
    check(DEPLOYMENT, 1, &body, &good[1..], "the signature does not hold");
    check(
        DEPLOYMENT,
        1,
        &body,
        &key.sign(&body).to_bytes(),
        "the signature does not hold",
    );
    check(DEPLOYMENT, 1, &body[1..], &good, "the signature does not hold");
    check(
        DeploymentId::from_bytes([1; 32]),
        1,
        &body,
        &good,
        "the signature does not hold",
    );
    let longer = [body.as_slice(), &[0]].concat();
    let signed = key.sign(&[&to_sign[..], &[0]].concat()).to_bytes();
    check(DEPLOYMENT, 1, &longer, &signed, "not in canonical form");
}

#[test]
fn each_kind_has_a_sample_that_can_be_drafted() {
    let key = SigningKey::from_bytes(&[1; 32]);
    for kind in EventKind::ALL {
        let told = ask("sample", &json!({"kind": kind.name(), "now_ms": 0}));
        let event: Event = serde_json::from_value(told["event"].clone()).unwrap();
        assert_eq!(event, sample(*kind, Timestamp::from_unix_ms(0)));
        let drafted = ask("draft", &draft_of(&a_statement(event), DEPLOYMENT, &key));
        assert!(drafted["to_sign"].is_string(), "{}: {drafted}", kind.name());
    }
}

#[test]
fn too_much_is_refused() {
    let question = vec![b' '; QUESTION_BYTES_MAX + 1];
    let told: Value = serde_json::from_str(&answer(&question)).unwrap();
    assert_eq!(told["error"]["reason"], "too-long");
    let nested = "[".repeat(100_000);
    let told: Value = serde_json::from_str(&answer(nested.as_bytes())).unwrap();
    assert_eq!(told["error"]["reason"], "question");
}

#[test]
fn what_a_statement_creates_is_named_in_its_order() {
    let id = StatementId::from_bytes([9; 32]);
    let sampled = |kind| sample(kind, Timestamp::from_unix_ms(0));
    let Event::LotsTransformed(mut melt) = sampled(EventKind::LotsTransformed) else {
        unreachable!("a sample is of its kind")
    };
    melt.outputs = vec![melt.outputs[0].clone(); 2].try_into().unwrap();
    let lots = [0, 1].map(|place| LotId::derive(id, place).to_string());
    assert_eq!(created(&Event::LotsTransformed(melt), id), lots);
    assert_eq!(created(&sampled(EventKind::LotDeclared), id), lots[..1]);
    assert_eq!(created(&sampled(EventKind::LotWeighed), id), Vec::<String>::new());
}
