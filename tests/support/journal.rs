//! Runs and changes to put into a store.

use serde_json::json;
use vitally_script::gate::{Change, Outcome, Status};
use vitally_script::store::NewRun;

/// A run of a script.
pub fn new_run(script: &str) -> NewRun {
    NewRun {
        kind: "run".into(),
        script: script.into(),
        script_hash: "9f2c".into(),
        arguments: json!({ "days": 60, "segment": "Größe \"L\"" }),
        profile: "production".into(),
        origin: "https://acme.rest.vitally.io".into(),
        mode: "live".into(),
        of: None,
        code: None,
        beside: None,
        started_with: None,
        started: "2026-11-25T09:00:00.123456789Z".parse().unwrap(),
    }
}

/// An update of an account.
pub fn change(seq: u64, id: &str) -> Change {
    Change {
        seq,
        row: None,
        action: "update".into(),
        object: "account".into(),
        id: Some(id.into()),
        external_id: None,
        provisional: None,
        name: Some("Acme, Inc.".into()),
        parent: None,
        query: Vec::new(),
        before: json!({ "healthScore": 7.5, "traits": { "tier": null } }).as_object().cloned(),
        after: json!({ "healthScore": 8, "traits": { "tier": "gold" } }).as_object().cloned(),
        script: "renewals.rhai".into(),
        line: 12,
    }
}

/// A create of a task, not sent yet.
pub fn create(seq: u64, provisional: &str) -> Change {
    Change {
        action: "create".into(),
        object: "task".into(),
        id: None,
        provisional: Some(provisional.into()),
        before: None,
        after: json!({ "name": "Call them" }).as_object().cloned(),
        ..change(seq, "")
    }
}

/// How a change ended, with nothing else to tell.
pub fn ended(seq: u64, status: Status) -> Outcome {
    Outcome { seq, status, id: None, before: None, reason: None, kind: None }
}
