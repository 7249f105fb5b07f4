//! What the record holds decides: unchanged costs no write, and what somebody else changed is left alone.

use crate::support::sending::{Bench, bench, change, fields, known, on, update};
use serde_json::{Value, json};
use vitally_script::catalogue::object;
use vitally_script::gate::drift::{holds, touched_of};
use vitally_script::gate::send::{Check, Totals};
use vitally_script::gate::{Change, Status};
use vitally_script::simulator::Fault;

fn holds_in(name: &str, held: &Value, after: &Value) -> bool {
    holds(object(name).unwrap(), &fields(held.clone()), &fields(after.clone()))
}

#[test]
fn equal_is_what_vitally_takes_for_equal() {
    let day = json!({ "traits": { "day": "2026-02-24" } });
    let same = [
        ("account", json!({ "traits": { "seats": 1 } }), json!({ "traits": { "seats": 1.0 } })),
        ("account", json!({ "traits": { "a": 1 } }), json!({ "traits": { "b": null } })),
        ("account", json!({}), json!({ "organizationId": null })),
        ("account", json!({ "traits": { "tags": ["a"] } }), json!({ "traits": { "tags": ["a"] } })),
        ("account", json!({ "traits": { "day": "2026-02-24T00:00:00.000Z" } }), day),
        ("task", json!({ "dueDate": "2026-02-24" }), json!({ "dueDate": "2026-02-24T00:00:00.000Z" })),
        (
            "task",
            json!({ "completedAt": "2026-02-24T10:00:00.000Z" }),
            json!({ "completedAt": "2026-02-24T11:00:00+01:00" }),
        ),
        ("task", json!({ "tags": ["a", "b"] }), json!({ "tags": ["a", "b"] })),
    ];
    for (name, held, after) in same {
        assert!(holds_in(name, &held, &after), "{held} {after}");
    }
    let large = |n: i64| json!({ "traits": { "n": n } });
    let different = [
        ("account", json!({ "name": "1" }), json!({ "name": "2" })),
        ("account", json!({ "name": "2026-02-24T00:00:00Z" }), json!({ "name": "2026-02-24" })),
        ("account", json!({ "traits": { "n": "1" } }), json!({ "traits": { "n": 1 } })),
        ("account", large(9_007_199_254_740_993), large(9_007_199_254_740_992)),
        ("account", json!({ "name": "" }), json!({ "name": null })),
        ("task", json!({ "tags": ["a", "b"] }), json!({ "tags": ["b", "a"] })),
        // These cannot be compared.
        ("task", json!({ "description": "<p>Hi</p>" }), json!({ "description": "<p>Hi</p>" })),
        ("user", json!({ "accountIds": ["1"] }), json!({ "accountIds": ["1"] })),
    ];
    for (name, held, after) in different {
        assert!(!holds_in(name, &held, &after), "{held} {after}");
    }
}

#[test]
fn before_is_the_touched_fields_only() {
    let record = fields(json!({ "id": "1", "name": "A", "mrr": 5, "traits": { "x": 1, "y": 2 } }));
    let after = fields(json!({ "name": "B", "organizationId": "2", "traits": { "y": 3, "z": 4 } }));
    let before = touched_of(object("account").unwrap(), &record, &after);
    let expected = json!({ "name": "A", "organizationId": null, "traits": { "y": 2, "z": null } });
    assert_eq!(Value::Object(before), expected);
}

fn writes(bench: &Bench) -> Vec<String> {
    let mut writes = bench.requests("PUT");
    writes.extend(bench.requests("DELETE"));
    writes
}

#[test]
fn unchanged_costs_no_write_and_where_it_is_known_no_read() {
    let bench = bench();
    let name = bench.record("/accounts/acct-1")["name"].clone();
    bench.tenant.forget_requests();
    let changes = vec![
        update(1, "acct-1", json!({ "name": name, "traits": { "none": null } })),
        known(2, "acct-2", json!({ "traits": { "seats": 3 } }), json!({ "traits": { "seats": 3.0 } })),
    ];
    let totals = bench.send(Check::Known, changes);
    assert_eq!(totals, Totals { unchanged: 2, ..Totals::default() });
    assert_eq!((bench.requests("GET"), writes(&bench)), (vec!["/accounts/acct-1".into()], vec![]));
    let kept = bench.store.kept(&bench.run, 1).unwrap();
    assert_eq!(kept.status, Status::Unchanged);
    assert_eq!(
        Value::Object(kept.change.before.unwrap()),
        json!({ "name": name, "traits": { "none": null } })
    );
}

#[test]
fn what_was_known_before_an_earlier_change_of_the_run_is_not_trusted() {
    let bench = bench();
    let old = bench.record("/accounts/acct-1")["name"].clone();
    let (old, new) = (json!({ "name": old }), json!({ "name": "New" }));
    // The script still holds the record as it read it, and puts the old name back.
    let changes = vec![known(1, "acct-1", old.clone(), new), known(2, "acct-1", old.clone(), old.clone())];
    assert_eq!(bench.send(Check::Known, changes).applied, 2);
    assert_eq!(bench.record("/accounts/acct-1")["name"], old["name"]);
    assert_eq!(bench.store.kept(&bench.run, 2).unwrap().change.before.unwrap()["name"], "New");
}

#[test]
fn what_cannot_be_compared_is_always_sent() {
    let bench = bench();
    let task = bench.record("/tasks/task-1");
    let account = bench.record("/accounts/acct-1")["id"].clone();
    let id = task["id"].as_str().unwrap();
    let link = Change {
        external_id: Some("user-1".into()),
        after: Some(fields(json!({ "accountIds": [account] }))),
        ..change(2, "update_user")
    };
    let changes = vec![on(1, "update_task", id, json!({ "description": task["description"] })), link];
    assert_eq!(bench.send(Check::Known, changes).applied, 2);
    assert_eq!(writes(&bench).len(), 2);
}

#[test]
fn a_record_that_is_not_there_is_not_found() {
    let bench = bench();
    let totals = bench.send(Check::Known, vec![update(1, "nobody", json!({ "name": "x" }))]);
    assert_eq!(totals.failed, 1);
    let outcome = bench.outcome(1);
    assert_eq!(outcome.kind.as_deref(), Some("not_found"));
    assert_eq!(outcome.reason.as_deref(), Some("Vitally has no account nobody."));
    assert_eq!(writes(&bench), Vec::<String>::new());
    assert_eq!(bench.store.kept(&bench.run, 1).unwrap().reason, outcome.reason);
}

#[test]
fn a_delete_keeps_the_whole_record() {
    let bench = bench();
    let task = bench.record("/tasks/task-2");
    let object = bench.record("/customObjects")["results"][0]["id"].as_str().unwrap().to_string();
    let instance = bench.record(&format!("/customObjects/{object}/instances"))["results"][0].clone();
    let id = |record: &Value| Some(record["id"].as_str().unwrap().to_string());
    let changes = vec![
        Change { id: id(&task), ..change(1, "delete_task") },
        // No path reads an instance: it is searched for.
        Change { id: id(&instance), parent: Some(object), ..change(2, "delete_custom_object_instance") },
    ];
    assert_eq!(bench.send(Check::Known, changes).applied, 2, "{:?}", bench.told);
    for (seq, record) in [(1, task), (2, instance)] {
        let before = bench.store.kept(&bench.run, seq).unwrap().change.before.unwrap();
        assert_eq!((&before["id"], &before["name"]), (&record["id"], &record["name"]));
        assert!(before.len() > 10, "{before:?}");
    }
}

/// A plan's change of five fields of an account.
fn five(bench: &Bench) -> Change {
    let account = bench.record("/accounts/acct-1");
    let before = json!({ "name": account["name"], "traits": { "a": null, "b": null, "c": null, "d": null } });
    let after = json!({ "name": "New", "traits": { "a": 1, "b": 2, "c": 3, "d": 4 } });
    known(1, "acct-1", before, after)
}

#[test]
fn a_field_that_a_person_changed_since_the_plan_is_left_alone() {
    let bench = bench();
    let change = five(&bench);
    bench.person_edits("/accounts/acct-1", json!({ "traits": { "c": "by hand" } }));
    let totals = bench.send(Check::Drift, vec![change]);
    assert_eq!(totals, Totals { drifted: 1, ..Totals::default() });
    let reason = "traits.c was changed since: expected nothing, found \"by hand\".";
    assert_eq!(bench.outcome(1).reason.as_deref(), Some(reason));
    assert_eq!(writes(&bench), Vec::<String>::new());
    let kept = bench.store.kept(&bench.run, 1).unwrap();
    assert_eq!((kept.status, kept.reason.as_deref()), (Status::Drifted, Some(reason)));
}

#[test]
fn a_field_that_the_plan_does_not_touch_may_change() {
    let bench = bench();
    let change = five(&bench);
    let account = bench.record("/accounts/acct-1");
    bench.person_edits("/accounts/acct-1", json!({ "traits": { "e": "by hand" }, "name": account["name"] }));
    assert_eq!(bench.send(Check::Drift, vec![change]).applied, 1);
    let traits = &bench.record("/accounts/acct-1")["traits"];
    assert_eq!((&traits["e"], &traits["d"]), (&json!("by hand"), &json!(4)));
}

#[test]
fn a_plan_that_somebody_carried_out_by_hand_is_unchanged() {
    let bench = bench();
    let change = five(&bench);
    let by_hand = json!({ "name": "New", "traits": { "a": 1, "b": 2, "c": 3, "d": 4 } });
    bench.person_edits("/accounts/acct-1", by_hand);
    assert_eq!(bench.send(Check::Drift, vec![change]).unchanged, 1);
    assert_eq!(writes(&bench), Vec::<String>::new());
}

#[test]
fn a_planned_delete_of_a_changed_record_is_left_alone() {
    let bench = bench();
    let whole = |path: &str| Some(fields(bench.record(path)));
    let changes = ["acct-5", "acct-6", "acct-7"].map(|key| Change {
        external_id: Some(key.into()),
        before: whole(&format!("/accounts/{key}")),
        ..change(key[5..].parse().unwrap(), "delete_account")
    });
    bench.person_edits("/accounts/acct-5", json!({ "name": "Wait, we need this one" }));
    // What changes by itself does not count.
    bench.person_edits("/accounts/acct-6", json!({ "healthScore": 1 }));
    bench.send(Check::Known, vec![Change { seq: 8, ..changes[2].clone() }]);
    let totals = bench.send(Check::Drift, changes.to_vec());
    // The last is gone already.
    assert_eq!(
        totals,
        Totals { drifted: 1, applied: 1, unchanged: 1, ..Totals::default() },
        "{:?}",
        bench.told
    );
    assert_eq!(bench.outcome(5).status, Status::Drifted);
}

#[test]
fn a_planned_delete_of_what_went_meanwhile_is_unchanged() {
    for (check, status) in [(Check::Drift, Status::Unchanged), (Check::Known, Status::Failed)] {
        let bench = bench();
        bench.tenant.fail(Fault::status(404).method("DELETE"));
        let delete = Change { external_id: Some("acct-5".into()), ..change(1, "delete_account") };
        bench.send(check, vec![delete]);
        assert_eq!(bench.outcome(1).status, status);
        assert_eq!(bench.store.kept(&bench.run, 1).unwrap().status, status);
    }
}

#[test]
fn a_create_that_updated_an_old_record_says_so() {
    let bench = bench();
    let after = json!({ "externalId": "acct-1", "name": "Known before" });
    let create = Change {
        external_id: Some("acct-1".into()),
        after: Some(fields(after)),
        ..change(1, "create_account")
    };
    assert_eq!(bench.send(Check::Known, vec![create]).applied, 1);
    let reason = bench.outcome(1).reason.unwrap();
    assert_eq!(reason, "Vitally already had a record with this externalId, and updated it");
}
