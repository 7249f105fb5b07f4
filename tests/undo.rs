//! Taking a run back: what was there before, where it still is what was written; and what cannot be taken back.

use crate::support::sending::{Bench, bench, change, create, fields, known, new_account, on, update};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use vitally_script::gate::apply::Applied;
use vitally_script::gate::send::{Check, Totals};
use vitally_script::gate::undo::undo_changes;
use vitally_script::gate::{Change, Status};

const LISTS: [&str; 9] = [
    "/accounts?status=activeOrChurned",
    "/organizations?limit=100",
    "/users?limit=100",
    "/tasks?archived=false",
    "/notes?archived=false",
    "/projects?archived=false",
    "/npsResponses?limit=100",
    "/conversations?limit=100",
    "/admins?limit=100",
];

/// Every record that people see, without the moment it last changed.
fn everything(bench: &Bench) -> Vec<Value> {
    let mut all = Vec::new();
    for list in LISTS {
        let mut path = format!("{list}&sortBy=createdAt").replace("limit=100&", "");
        loop {
            let page = bench.record(&path);
            all.extend(page["results"].as_array().unwrap_or_else(|| panic!("{path}: {page}")).clone());
            match page["next"].as_str() {
                Some(next) => path = format!("{list}&sortBy=createdAt&from={next}").replace("limit=100&", ""),
                None => break,
            }
        }
    }
    all.iter_mut().for_each(forget_moments);
    all
}

fn forget_moments(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("updatedAt");
            fields.values_mut().for_each(forget_moments);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_moments),
        _ => {}
    }
}

/// One step of a random plan.
#[derive(Clone, Debug)]
enum Step {
    Account { which: u64, name: Option<String>, traits: Vec<(u8, Option<i64>)> },
    Task { which: u64, name: Option<String>, day: Option<u8>, tags: Vec<u8>, text: Option<String> },
    NewAccount,
    NewNote { on: u64 },
    NewTask { on_new: bool },
    RenameNew { name: String },
}

fn step() -> impl Strategy<Value = Step> {
    let name = || proptest::option::of("[a-zA-Z éß<]{1,12}");
    let traits = proptest::collection::vec((0_u8..4, proptest::option::of(0_i64..3)), 0..3);
    let tags = proptest::collection::vec(0_u8..4, 0..3);
    let text = proptest::option::of("<p>[a-z ]{1,9}</p>");
    prop_oneof![
        4 => (1_u64..9, name(), traits).prop_map(|(which, name, traits)| Step::Account { which, name, traits }),
        4 => (1_u64..9, name(), proptest::option::of(1_u8..28), tags, text)
            .prop_map(|(which, name, day, tags, text)| Step::Task { which, name, day, tags, text }),
        1 => Just(Step::NewAccount),
        1 => (1_u64..9).prop_map(|on| Step::NewNote { on }),
        1 => any::<bool>().prop_map(|on_new| Step::NewTask { on_new }),
        1 => "[a-z]{1,9}".prop_map(|name| Step::RenameNew { name }),
    ]
}

fn plan(bench: &Bench, steps: &[Step]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut last_new: Option<String> = None;
    for step in steps {
        let seq = changes.len() as u64 + 1;
        let provisional = format!("new-{seq}");
        let account = |which: u64| bench.record(&format!("/accounts/acct-{which}"))["id"].clone();
        let mut after = serde_json::Map::new();
        changes.push(match step {
            Step::Account { which, name, traits } => {
                after.extend(name.clone().map(|name| ("name".into(), name.into())));
                let traits: serde_json::Map<_, _> =
                    traits.iter().map(|(key, value)| (format!("trait {key}"), json!(value))).collect();
                after.insert("traits".into(), traits.into());
                update(seq, &format!("acct-{which}"), after.into())
            }
            Step::Task { which, name, day, tags, text } => {
                after.extend(name.clone().map(|name| ("name".into(), name.into())));
                after.insert("dueDate".into(), json!(day.map(|day| format!("2027-01-{day:02}"))));
                after.insert("tags".into(), json!(tags.iter().map(u8::to_string).collect::<Vec<_>>()));
                after.extend(text.clone().map(|text| ("description".into(), text.into())));
                let id = bench.record(&format!("/tasks/task-{which}"))["id"].clone();
                on(seq, "update_task", id.as_str().unwrap(), after.into())
            }
            Step::NewAccount => {
                last_new = Some(provisional.clone());
                create(seq, "create_account", &provisional, new_account(&format!("random-{seq}")))
            }
            Step::NewNote { on } => {
                let note = json!({ "note": "Hi", "noteDate": "2026-11-20", "accountId": account(*on) });
                create(seq, "create_note", &provisional, note)
            }
            Step::NewTask { on_new } => {
                let on = last_new.clone().filter(|_| *on_new).map_or_else(|| account(1), Value::from);
                create(seq, "create_task", &provisional, json!({ "name": "T", "accountId": on }))
            }
            Step::RenameNew { name } => match &last_new {
                Some(new) => on(seq, "update_account", new, json!({ "name": name })),
                None => update(seq, "acct-1", json!({ "name": name })),
            },
        });
    }
    changes
}

#[test]
fn undone_every_record_is_as_it_was() {
    let cases = Config { cases: 12, failure_persistence: None, max_shrink_iters: 64, ..Config::default() };
    let strategy = proptest::collection::vec(step(), 1..25);
    let result = TestRunner::new(cases).run(&strategy, |steps| {
        let bench = bench();
        let changes = plan(&bench, &steps);
        let before = everything(&bench);
        let count = changes.len() as u64;
        let applied = bench.apply(&bench.run, changes);
        prop_assert_eq!(applied.totals.applied + applied.totals.unchanged, count, "{:?}", bench.told);
        let undone = bench.undo(&bench.run);
        prop_assert_eq!(
            undone.totals.drifted + undone.totals.failed + undone.remaining,
            0,
            "{:?}",
            bench.told
        );
        let after = everything(&bench);
        prop_assert_eq!(before.len(), after.len());
        for (one, other) in before.iter().zip(&after) {
            prop_assert_eq!(one, other);
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_somebody_changed_since_is_left_alone() {
    let bench = bench();
    let old = bench.record("/accounts/acct-2")["name"].clone();
    bench.send(
        Check::Known,
        vec![update(1, "acct-1", json!({ "name": "x" })), update(2, "acct-2", json!({ "name": "x" }))],
    );
    bench.person_edits("/accounts/acct-1", json!({ "name": "By hand" }));
    let undone = bench.undo(&bench.run);
    assert_eq!(
        undone,
        Applied { totals: Totals { applied: 1, drifted: 1, ..Totals::default() }, remaining: 0 }
    );
    assert_eq!(bench.record("/accounts/acct-1")["name"], "By hand");
    assert_eq!(bench.record("/accounts/acct-2")["name"], old);
}

#[test]
fn an_undo_can_be_undone() {
    let bench = bench();
    let old = bench.record("/accounts/acct-1");
    bench.send(Check::Known, vec![update(1, "acct-1", json!({ "name": "x", "traits": { "none": 1 } }))]);
    let first = bench.store.new_run();
    bench.apply(&first, undo_changes(&*bench.store, &bench.run, false).unwrap().changes);
    let back = bench.record("/accounts/acct-1");
    assert_eq!((&back["name"], &back["traits"]), (&old["name"], &old["traits"]));
    bench.told.lock().unwrap().clear();
    assert_eq!(bench.undo(&first).totals.applied, 1);
    let again = bench.record("/accounts/acct-1");
    assert_eq!((&again["name"], &again["traits"]["none"]), (&json!("x"), &json!(1)));
}

#[test]
fn what_cannot_be_taken_back_is_listed_with_its_reason() {
    let bench = bench();
    let account = bench.record("/accounts/acct-1")["id"].clone();
    let task = bench.record("/tasks/task-1")["id"].as_str().unwrap().to_string();
    let user = |seq, after: Value| Change {
        external_id: Some("user-1".into()),
        after: Some(fields(after)),
        ..change(seq, "update_user")
    };
    let changes = vec![
        user(1, json!({ "accountIds": [account] })),
        user(2, json!({ "accountIds": [account], "name": "Kim" })),
        Change { id: Some(task), ..change(3, "delete_task") },
        Change { external_id: Some("acct-9".into()), ..change(4, "delete_account") },
        create(
            5,
            "create_conversation",
            "new-1",
            json!({ "externalId": "c-1", "subject": "S", "messages": [] }),
        ),
        create(6, "create_account", "new-2", json!({ "externalId": "acct-2", "name": "Known before" })),
        create(7, "create_account", "new-3", new_account("a-1")),
        update(8, "acct-3", json!({ "name": "failed" })),
    ];
    assert_eq!(bench.send(Check::Known, changes).applied, 8);
    bench.store.set_status(&bench.run, 8, Status::Failed);
    let undoing = undo_changes(&*bench.store, &bench.run, false).unwrap();
    let made: Vec<(u64, &str)> =
        undoing.changes.iter().map(|change| (change.seq, change.action.as_str())).collect();
    assert_eq!(made, [(1, "delete_account"), (2, "update_user")]);
    assert_eq!(undoing.deletes(), 1);
    let conversation = bench.outcome(5).id.unwrap();
    let mut left: Vec<(u64, String)> =
        undoing.left.into_iter().map(|left| (left.change.seq, left.reason)).collect();
    left.sort();
    let expected = [
        (1, "cannot be put back over the API: accountIds".to_string()),
        (2, "cannot be put back over the API: accountIds".into()),
        (3, "it is archived: bring it back in Vitally, or add --recreate to make a new one".into()),
        (4, "a deleted record does not come back; --recreate makes a new one from what was saved".into()),
        (5, format!("a conversation is a record of what was said, and stays; delete_conversation(\"{conversation}\") deletes it")),
        (6, "Vitally already had a record with this externalId, and updated it; what it held before is not known".into()),
    ];
    assert_eq!(left, expected);
}

#[test]
fn a_deleted_record_is_made_again_with_what_belonged_to_it() {
    let bench = bench();
    let old = bench.record("/accounts/acct-1");
    let account = old["id"].as_str().unwrap();
    let note =
        json!({ "externalId": "n-1", "note": "<p>Hi</p>", "noteDate": "2026-11-20", "accountId": account });
    bench.send(Check::Known, vec![create(1, "create_note", "new-1", note)]);
    let note = bench.outcome(1).id.unwrap();
    let run = bench.store.new_run();
    let changes = vec![
        Change {
            id: Some(account.into()),
            ..known(1, "acct-1", json!({ "name": old["name"] }), json!({ "name": "x" }))
        },
        Change { id: Some(note), ..change(2, "delete_note") },
        Change { id: Some(account.into()), ..change(3, "delete_account") },
    ];
    bench.told.lock().unwrap().clear();
    assert_eq!(bench.apply(&run, changes).totals.applied, 3, "{:?}", bench.told);
    let undoing = undo_changes(&*bench.store, &run, true).unwrap();
    assert_eq!(undoing.left.len(), 2);
    bench.told.lock().unwrap().clear();
    let applied = bench.apply(&bench.store.new_run(), undoing.changes);
    assert_eq!(applied.totals.applied, 3, "{:?}", bench.told);
    let new = bench.record("/accounts/acct-1");
    assert_ne!(new["id"], old["id"]);
    assert_eq!((&new["name"], &new["traits"]), (&old["name"], &old["traits"]));
    assert_eq!(bench.record("/notes/n-1")["accountId"], new["id"]);
}
