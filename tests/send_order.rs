//! The order in which changes leave: one after the other for each record, others at once; provisional ids.

use crate::support::hostile::{Act, Hostile, json as answer};
use crate::support::sending::{bench, create, known, new_account, on, update};
use serde_json::json;
use vitally_script::gate::Status;
use vitally_script::gate::send::{Check, Pipeline, Totals};

fn ok() -> Vec<u8> {
    match answer(200, "{}") {
        Act::Answer(bytes) => bytes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn changes_of_one_record_leave_in_the_order_of_put() {
    let bench = bench();
    let id = bench.record("/accounts/acct-1")["id"].as_str().unwrap().to_string();
    bench.tenant.forget_requests();
    // By both of its names: the first change that has both makes them known.
    let mut changes = vec![known(1, "acct-1", json!({ "name": "?" }), json!({ "name": "v1" }))];
    changes[0].id = Some(id.clone());
    for seq in 2..=30 {
        let after = json!({ "name": format!("v{seq}") });
        changes.push(if seq % 2 == 0 {
            on(seq, "update_account", &id, after)
        } else {
            update(seq, "acct-1", after)
        });
    }
    let totals = bench.send(Check::Known, changes);
    assert_eq!(totals, Totals { applied: 30, ..Totals::default() });
    assert_eq!(bench.record("/accounts/acct-1")["name"], "v30");
    let journal: Vec<u64> = bench.store.log().into_iter().flat_map(|(_, seqs)| seqs).collect();
    assert_eq!(journal, (1..=30).collect::<Vec<_>>());
    // Each one saw what the one before it wrote.
    for seq in 2..=30 {
        let before = bench.store.kept(&bench.run, seq).unwrap().change.before.unwrap();
        assert_eq!(before["name"], format!("v{}", seq - 1));
    }
}

#[test]
fn changes_of_other_records_do_not_wait() {
    let bench = bench();
    let server = Hostile::acting(vec![Act::AnswerWhenReleased(ok())]);
    let pipeline =
        Pipeline::start(bench.door_to(&server.origin()), bench.journal(), bench.options(Check::Known));
    for seq in 1..=32 {
        // Two changes each of sixteen accounts.
        let account = format!("acct-{}", seq % 16);
        pipeline.put(known(seq, &account, json!({ "name": "?" }), json!({ "name": "x" }))).unwrap();
    }
    // One after the other, the second would never come.
    (0..16).for_each(|_| server.wait_for_request());
    let mut paths = server.lines();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 16, "one of each account: {paths:?}");
    server.release();
    // The second change of each account is read first: what it held was known before the first change.
    assert_eq!(pipeline.finish(), Totals { applied: 32, ..Totals::default() });
}

#[test]
fn a_provisional_id_becomes_the_real_one_wherever_it_stands() {
    let bench = bench();
    let admin = bench.record("/admins")["results"][0]["id"].clone();
    let mut message = create(
        6,
        "create_message",
        "new-5",
        json!({ "externalId": "m-1", "message": "new-1", "from": { "type": "admin", "id": admin },
            "to": [{ "type": "user", "id": "new-3" }] }),
    );
    message.parent = Some("new-4".into());
    let changes = vec![
        create(1, "create_account", "new-1", new_account("a-1")),
        on(2, "update_account", "new-1", json!({ "traits": { "plan": "gold" } })),
        create(3, "create_task", "new-2", json!({ "name": "new-1", "accountId": "new-1" })),
        create(
            4,
            "create_user",
            "new-3",
            json!({ "externalId": "u-1", "name": "Kim", "accountIds": ["new-1"] }),
        ),
        create(
            5,
            "create_conversation",
            "new-4",
            json!({ "externalId": "c-1", "subject": "S", "messages": [] }),
        ),
        message,
    ];
    let totals = bench.send(Check::Known, changes);
    assert_eq!(totals, Totals { applied: 6, ..Totals::default() }, "{:?}", bench.told);
    let account = bench.record("/accounts/a-1");
    assert_eq!(account["traits"]["plan"], "gold");
    let task = bench.record(&format!("/tasks/{}", bench.outcome(3).id.unwrap()));
    assert_eq!((&task["name"], &task["accountId"]), (&json!("new-1"), &account["id"]));
    assert_eq!(bench.record("/users/u-1")["accounts"][0]["id"], account["id"]);
    // The journal names the real record.
    let kept = bench.store.kept(&bench.run, 2).unwrap();
    assert_eq!((kept.change.id.as_deref(), kept.status), (account["id"].as_str(), Status::Applied));
}

#[test]
fn what_refers_to_a_record_that_was_not_created_fails_with_its_reason() {
    let bench = bench();
    let changes = vec![
        create(1, "create_account", "new-1", json!({ "externalId": "a-1" })),
        create(2, "create_task", "new-2", json!({ "name": "Call", "accountId": "new-1" })),
        on(3, "update_task", "new-2", json!({ "name": "Call again" })),
        update(4, "acct-1", json!({ "name": "Goes on" })),
    ];
    let totals = bench.send(Check::Known, changes);
    assert_eq!(totals, Totals { applied: 1, failed: 3, ..Totals::default() });
    let reasons = [1, 2, 3].map(|seq| bench.outcome(seq).reason.unwrap());
    assert!(reasons[0].starts_with("Vitally did not accept the request (400)"), "{}", reasons[0]);
    assert_eq!(reasons[1], format!("the record new-1 it refers to was not created: {}", reasons[0]));
    assert_eq!(reasons[2], format!("the record new-2 it refers to was not created: {}", reasons[1]));
    assert_eq!(bench.requests("POST").len(), 1);
}

#[test]
fn the_real_id_can_be_waited_for() {
    let bench = bench();
    let pipeline = bench.pipeline();
    assert_eq!(pipeline.real_id("new-1"), None);
    pipeline.put(create(1, "create_account", "new-1", new_account("a-1"))).unwrap();
    let id = pipeline.wait_for("new-1").unwrap();
    assert_eq!(bench.record("/accounts/a-1")["id"], id);
    assert_eq!(pipeline.real_id("new-1"), Some(id));
    pipeline.put(create(2, "create_account", "new-2", json!({}))).unwrap();
    assert_eq!(pipeline.wait_for("new-2").unwrap_err().status, Status::Failed);
    assert_eq!(pipeline.wait_for("new-9").unwrap_err().reason.unwrap(), "this run creates no record new-9");
    pipeline.drain();
    assert_eq!(bench.outcome(2).status, Status::Failed);
    assert_eq!(pipeline.finish().applied, 1);
}
