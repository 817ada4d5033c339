//! A stream that could lose records is not opened, and the setting that is wrong is named.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use journal::jetstream::{JetStreamJournal, provision};
use journal::{JournalError, Role};
use serde_json::{Value, json};
use support::Nats;

/// Creates the stream as it must be, but for `changes`, and expects `named` to be refused.
async fn check(nats: &Nats, right: &Value, changes: Value, named: &str) {
    nats.delete_stream().await;
    let mut config = right.clone();
    for (name, value) in changes.as_object().unwrap() {
        config[name] = value.clone();
    }
    let created = nats.api("STREAM.CREATE.VETA", &config).await;
    assert_eq!(created.get("error"), None, "{changes}: {created}");
    let opened = JetStreamJournal::connect(&nats.server.journal_config(Role::View)).await;
    let error = opened.expect_err(&changes.to_string());
    assert!(
        matches!(&error, JournalError::Setting { name, .. } if *name == named),
        "{changes}: {error}"
    );
    assert!(
        error.to_string().contains(&format!("the setting {named} is ")),
        "{error}"
    );
    // Provisioning looks, and changes nothing.
    assert_eq!(provision(&nats.connect(Role::Provisioner).await, 1).await, Err(error));
}

#[tokio::test]
async fn every_wrong_setting_is_refused_by_name() {
    let nats = Nats::start().await;
    let info = nats.api("STREAM.INFO.VETA", &json!({})).await;
    let right = &info["config"];
    let cases = [
        (json!({"storage": "memory"}), "storage"),
        (json!({"retention": "interest"}), "retention"),
        (json!({"retention": "workqueue"}), "retention"),
        (json!({"discard": "old"}), "discard"),
        (
            json!({"discard_new_per_subject": true, "max_msgs_per_subject": 9}),
            "max_msgs_per_subject",
        ),
        (json!({"max_msgs_per_subject": 9}), "max_msgs_per_subject"),
        (json!({"max_age": 86_400_000_000_000_u64}), "max_age"),
        (json!({"max_bytes": 1_000_000}), "max_bytes"),
        (json!({"max_msgs": 10}), "max_msgs"),
        (json!({"max_msg_size": -1}), "max_msg_size"),
        (json!({"max_msg_size": 1_000_000}), "max_msg_size"),
        (json!({"deny_delete": false}), "deny_delete"),
        (json!({"deny_purge": false}), "deny_purge"),
        (json!({"deny_purge": false, "allow_rollup_hdrs": true}), "deny_purge"),
        (json!({"allow_msg_ttl": true}), "allow_msg_ttl"),
        (json!({"allow_atomic": false}), "allow_atomic"),
        (json!({"allow_atomic": false, "persist_mode": "async"}), "allow_atomic"),
        (json!({"allow_batched": true}), "allow_batched"),
        (json!({"no_ack": true}), "no_ack"),
        (json!({"first_seq": 10}), "first_seq"),
        (
            json!({"republish": {"src": "veta.statements.>", "dest": "copy.>"}}),
            "republish",
        ),
        (
            json!({"subject_transform": {"src": "veta.statements.>", "dest": "veta.statements.>"}}),
            "subject_transform",
        ),
        (json!({"sources": [{"name": "OTHER"}]}), "sources"),
        (json!({"subjects": ["veta.statements.>", "veta.other"]}), "subjects"),
        (json!({"subjects": ["veta.statements.custody.>"]}), "subjects"),
    ];
    for (changes, named) in cases {
        check(&nats, right, changes, named).await;
    }
}

#[tokio::test]
async fn a_sealed_stream_is_refused() {
    let nats = Nats::start().await;
    let info = nats.api("STREAM.INFO.VETA", &json!({})).await;
    let mut config = info["config"].clone();
    config["sealed"] = json!(true);
    nats.api("STREAM.UPDATE.VETA", &config).await;
    let error = JetStreamJournal::connect(&nats.server.journal_config(Role::View))
        .await
        .unwrap_err();
    assert!(matches!(error, JournalError::Setting { name: "sealed", .. }), "{error}");
}

#[tokio::test]
async fn too_few_copies_are_refused() {
    let nats = Nats::start().await;
    let config = journal::JournalConfig {
        replicas: 3,
        ..nats.server.journal_config(Role::View)
    };
    let error = JetStreamJournal::connect(&config).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "stream VETA: the setting num_replicas is 1, it must be 3 or more"
    );
}

#[tokio::test]
async fn a_missing_stream_is_refused_and_not_created() {
    let nats = Nats::start().await;
    nats.delete_stream().await;
    for _ in 0..2 {
        let error = JetStreamJournal::connect(&nats.server.journal_config(Role::Ingest))
            .await
            .unwrap_err();
        assert_eq!(error, JournalError::NoStream { stream: "VETA" });
    }
}

#[tokio::test]
async fn provisioning_twice_changes_nothing() {
    let nats = Nats::start().await;
    let before = nats.api("STREAM.INFO.VETA", &json!({})).await;
    nats.provision().await;
    let after = nats.api("STREAM.INFO.VETA", &json!({})).await;
    assert_eq!(
        (&before["config"], &before["created"]),
        (&after["config"], &after["created"])
    );
}

#[tokio::test]
async fn only_the_provisioner_creates_changes_or_deletes() {
    let nats = Nats::start().await;
    nats.delete_stream().await;
    for role in [Role::Ingest, Role::View, Role::Progress, Role::Audit] {
        let error = provision(&nats.connect(role).await, 1).await.unwrap_err();
        assert!(
            matches!(&error, JournalError::Rejected { why, .. } if why.contains("permission")),
            "{role:?}: {error}"
        );
    }
}
