//! Going on with a run: nothing is lost, and nothing is sent twice.

use crate::support::sending::{Bench, bench, change, create, fields, known, new_account, on};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use vitally_script::gate::apply::Reply;
use vitally_script::gate::resume::{ResumeError, ResumeOptions, resume};
use vitally_script::gate::send::{Check, Done, Totals};
use vitally_script::gate::{Change, Status};
use vitally_script::simulator::{Effect, Fault};
use vitally_script::stop::{Reason, Stop};
use vitally_script::store::{NewRun, Store};

/// Writes a change down as a crash leaves it.
fn left_as(bench: &Bench, status: Status, change: Change) {
    bench.store.write_changes(&bench.run, status, &[change]).unwrap();
}

fn status(bench: &Bench, seq: u64) -> Status {
    bench.store.kept(&bench.run, seq).unwrap().status
}

fn reason(bench: &Bench, seq: u64) -> String {
    bench.store.kept(&bench.run, seq).unwrap().reason.unwrap_or_default()
}

#[test]
fn stopped_anywhere_and_resumed_nothing_is_lost_and_nothing_is_sent_twice() {
    for stop_after in [1, 7, 30] {
        let mut bench = bench();
        let before = |seq: u64| json!({ "name": bench.record(&format!("/accounts/acct-{seq}"))["name"] });
        let mut changes: Vec<Change> = (1..=30)
            .map(|seq| known(seq, &format!("acct-{seq}"), before(seq), json!({ "name": "x" })))
            .collect();
        // A create and what refers to it.
        changes.push(create(31, "create_account", "new-1", new_account("a-1")));
        changes.push(create(
            32,
            "create_note",
            "new-2",
            json!({ "note": "Hi", "noteDate": "2026-11-20", "accountId": "new-1" }),
        ));
        bench.tenant.forget_requests();

        let (stop, ended) = (bench.stop.clone(), AtomicU64::new(0));
        let told: Done = Arc::new(move |_, _, _| {
            if ended.fetch_add(1, Ordering::SeqCst) + 1 == stop_after {
                stop.set(Reason::Interrupted);
            }
        });
        let applied = bench
            .try_apply(&bench.run, changes, |options| options.send.done = told, &mut |_| Reply::Yes)
            .unwrap();
        let first = applied.totals.applied;
        assert_eq!(first + applied.remaining, 32);

        bench.stop = Stop::new();
        let resumed = bench.resume(&bench.run, false);
        assert_eq!((resumed.applied, first + resumed.applied), (applied.remaining, 32), "{resumed:?}");
        let mut sent: BTreeMap<String, u32> = BTreeMap::new();
        for path in bench.requests("PUT").into_iter().chain(bench.requests("POST")) {
            *sent.entry(path).or_default() += 1;
        }
        assert_eq!(sent.len(), 32);
        assert!(sent.values().all(|times| *times == 1), "{sent:?}");
        let note = bench.outcome_of_create(32);
        assert_eq!(bench.record(&format!("/notes/{note}"))["accountId"], bench.record("/accounts/a-1")["id"]);
        // Nothing is left to do.
        assert_eq!(bench.resume(&bench.run, false), Totals::default());
    }
}

impl Bench {
    /// The id of the record that a change made.
    fn outcome_of_create(&self, seq: u64) -> String {
        self.store.kept(&self.run, seq).unwrap().change.id.unwrap()
    }
}

#[test]
fn an_update_that_may_have_been_sent_is_looked_up() {
    let bench = bench();
    for (seq, now) in [(1, "new"), (2, "old"), (3, "by hand")] {
        bench.person_edits(&format!("/accounts/acct-{seq}"), json!({ "name": now }));
        let (before, after) = (json!({ "name": "old" }), json!({ "name": "new" }));
        left_as(&bench, Status::Sending, known(seq, &format!("acct-{seq}"), before, after));
    }
    let totals = bench.resume(&bench.run, false);
    assert_eq!(totals, Totals { applied: 2, drifted: 1, ..Totals::default() });
    assert_eq!(bench.requests("PUT"), ["/accounts/acct-2"]);
    assert_eq!([1, 2, 3].map(|seq| status(&bench, seq)), [Status::Applied, Status::Applied, Status::Drifted]);
    assert_eq!(reason(&bench, 3), "name was changed since: expected \"new\", found \"by hand\".");
    assert_eq!(bench.record("/accounts/acct-3")["name"], "by hand");
}

#[test]
fn a_create_that_may_have_been_sent_is_found_by_its_external_id() {
    let bench = bench();
    let account = bench.record("/accounts/acct-1")["id"].clone();
    bench.tenant.fail(Fault::next(Effect::CloseAfter).method("POST").path("/tasks"));
    let task = |name: &str| json!({ "name": name, "accountId": account });
    let keyed = |key: &str| json!({ "externalId": key, "name": key, "accountId": account });
    // The answer of the first was lost; the second never left; the third cannot be found.
    let made = bench.send(Check::Known, vec![create(9, "create_task", "new-9", keyed("t-1"))]);
    assert_eq!(made.applied, 1);
    left_as(&bench, Status::Unknown, create(1, "create_task", "new-1", keyed("t-1")));
    left_as(&bench, Status::Sending, create(2, "create_task", "new-2", keyed("t-2")));
    let plain = Change { name: Some("Call".into()), ..create(3, "create_task", "new-3", task("Call")) };
    left_as(&bench, Status::Unknown, plain);
    left_as(&bench, Status::Pending, on(4, "update_task", "new-1", json!({ "name": "Renamed" })));
    bench.tenant.forget_requests();
    let totals = bench.resume(&bench.run, false);
    assert_eq!(totals, Totals { applied: 3, unknown: 1, ..Totals::default() });
    assert_eq!(bench.requests("POST").len(), 1);
    assert_eq!(bench.outcome_of_create(1), bench.record("/tasks/t-1")["id"].as_str().unwrap());
    assert_eq!(bench.record("/tasks/t-1")["name"], "Renamed");
    assert_eq!(bench.record("/tasks/t-2")["name"], "t-2");
    assert_eq!(
        reason(&bench, 3),
        "It has no externalId, so it cannot be looked up: search Vitally for the task \"Call\"; if it is not there, \
         create it again"
    );
}

#[test]
fn a_delete_that_may_have_been_sent_is_done_if_the_record_is_gone() {
    let bench = bench();
    let task = |key: &str| bench.record(&format!("/tasks/{key}"))["id"].as_str().unwrap().to_string();
    let (one, two) = (task("task-1"), task("task-2"));
    let whole = |path: &str| Some(fields(bench.record(path)));
    let delete = |seq, id: &str, path: &str| Change {
        id: Some(id.into()),
        before: whole(path),
        ..change(seq, if path.starts_with("/tasks") { "delete_task" } else { "delete_account" })
    };
    let account = bench.record("/accounts/acct-3")["id"].as_str().unwrap().to_string();
    let changes = vec![
        delete(1, &one, &format!("/tasks/{one}")),
        delete(2, &two, &format!("/tasks/{two}")),
        delete(3, &account, "/accounts/acct-3"),
    ];
    // The first is archived and the third is gone; the second is still there.
    bench.send(
        Check::Known,
        vec![Change { seq: 11, ..changes[0].clone() }, Change { seq: 13, ..changes[2].clone() }],
    );
    for change in changes {
        left_as(&bench, Status::Sending, change);
    }
    bench.tenant.forget_requests();
    assert_eq!(bench.resume(&bench.run, false), Totals { applied: 3, ..Totals::default() });
    assert_eq!(bench.requests("DELETE"), [format!("/tasks/{two}")]);
}

#[test]
fn what_cannot_be_read_stays_unknown() {
    let bench = bench();
    left_as(&bench, Status::Sending, known(1, "acct-1", json!({ "name": "?" }), json!({ "name": "x" })));
    bench.tenant.fail(Fault::status(400).method("GET"));
    assert_eq!(bench.resume(&bench.run, false), Totals { unknown: 1, ..Totals::default() });
    assert!(reason(&bench, 1).starts_with("It could not be looked up: Vitally did not accept"));
}

#[test]
fn only_what_failed_is_tried_again() {
    let bench = bench();
    let before = json!({ "name": bench.record("/accounts/acct-1")["name"] });
    left_as(&bench, Status::Failed, known(1, "acct-1", before, json!({ "name": "x" })));
    left_as(&bench, Status::Pending, known(2, "acct-2", json!({ "name": "?" }), json!({ "name": "x" })));
    left_as(&bench, Status::Failed, create(3, "create_account", "new-1", new_account("a-1")));
    left_as(
        &bench,
        Status::Failed,
        create(4, "create_task", "new-2", json!({ "name": "T", "accountId": "new-1" })),
    );
    assert_eq!(bench.resume(&bench.run, true), Totals { applied: 3, ..Totals::default() });
    assert_eq!(status(&bench, 2), Status::Pending);
}

#[test]
fn what_refers_to_a_record_that_an_earlier_run_could_not_create_is_not_sent() {
    let bench = bench();
    left_as(&bench, Status::Failed, create(1, "create_account", "new-1", json!({})));
    left_as(
        &bench,
        Status::Pending,
        create(2, "create_task", "new-2", json!({ "name": "T", "accountId": "new-1" })),
    );
    assert_eq!(bench.resume(&bench.run, false), Totals { failed: 1, ..Totals::default() });
    assert_eq!(bench.tenant.requests().len(), 0);
}

#[test]
fn half_a_plan_is_not_gone_on_with() {
    let bench = bench();
    let about = NewRun { kind: "apply".into(), ..crate::support::memory_store::about() };
    let run = bench.store.start_run(&about).unwrap();
    let change = known(201, "acct-1", json!({ "name": "?" }), json!({ "name": "x" }));
    bench.store.write_changes(&run, Status::Pending, &[change]).unwrap();
    let options = ResumeOptions { only_failed: false, send: bench.options(Check::Drift) };
    let result = resume(&bench.door(), bench.journal_of(&run), options);
    assert!(matches!(result, Err(ResumeError::NotWhole)), "{result:?}");
    assert_eq!(bench.tenant.requests().len(), 0);
}
