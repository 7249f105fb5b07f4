//! What is kept between runs is what was written, also after closing and opening.

use crate::support::journal::{change, create, ended, new_run};
use crate::support::program::Folder;
use serde_json::json;
use std::sync::Arc;
use vitally_script::clock::FixedClock;
use vitally_script::gate::{Change, Outcome, Status};
use vitally_script::store::{Kept, NewRun, Note, RowOutcome, Run, SqliteStore, Store};

const AT: &str = "2026-11-25T09:00:01.5Z";

fn open(folder: &Folder) -> SqliteStore {
    let clock = FixedClock(AT.parse().unwrap());
    SqliteStore::open(&folder.path()).unwrap().with_clock(Arc::new(clock))
}

fn kept(run: &str, change: Change, status: Status, reason: Option<&str>) -> Kept {
    Kept { run: run.into(), change, status, reason: reason.map(str::to_string), at: AT.parse().unwrap() }
}

#[test]
fn a_run_is_kept_as_it_was_started_and_ended() {
    let folder = Folder::new();
    let store = open(&folder);
    let first = store.start_run(&new_run("renewals.rhai")).unwrap();
    let undo = NewRun { kind: "undo".into(), of: Some(first.clone()), ..new_run("renewals.rhai") };
    let second = store.start_run(&undo).unwrap();
    let finished = "2026-11-25T09:01:00.000000001Z".parse().unwrap();
    store.finish_run(&second, "refused", finished).unwrap();
    let one = Run {
        id: first.clone(),
        about: new_run("renewals.rhai"),
        finished: None,
        outcome: "running".into(),
        changes: 0,
        failed: 0,
    };
    let two = Run {
        id: second,
        about: undo,
        finished: Some(finished),
        outcome: "refused".into(),
        changes: 0,
        failed: 0,
    };
    assert_eq!(store.runs(9).unwrap(), [two.clone(), one.clone()]);
    assert_eq!(store.runs(1).unwrap(), std::slice::from_ref(&two));
    assert_eq!(store.run(&first.to_lowercase()).unwrap(), Some(one.clone()));
    assert_eq!(store.run("nobody").unwrap(), None);
    drop(store);
    let crashed = Run { outcome: "crashed".into(), ..one };
    assert_eq!(open(&folder).runs(9).unwrap(), [two, crashed]);
}

#[test]
fn changes_are_written_settled_and_counted() {
    let folder = Folder::new();
    let store = open(&folder);
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    let without = Change { before: None, ..change(2, "a-2") };
    store
        .write_changes(&run, Status::Pending, &[change(1, "a-1"), without.clone(), create(3, "new-1")])
        .unwrap();
    store.write_changes(&run, Status::Sending, &[change(2, "a-2"), create(3, "new-1")]).unwrap();
    // A before-image that is known stays known.
    store.write_changes(&run, Status::Sending, &[without]).unwrap();
    let made = Outcome { id: Some("t-9".into()), ..ended(3, Status::Applied) };
    let reason = Some("Vitally refused it: no such field".to_string());
    let failed = Outcome { reason: reason.clone(), kind: Some("invalid".into()), ..ended(2, Status::Failed) };
    store.settle(&run, &[made, failed]).unwrap();
    let expected = [
        kept(&run, change(1, "a-1"), Status::Pending, None),
        kept(&run, change(2, "a-2"), Status::Failed, reason.as_deref()),
        kept(&run, Change { id: Some("t-9".into()), ..create(3, "new-1") }, Status::Applied, None),
    ];
    let counts = [(Status::Pending, 1), (Status::Applied, 1), (Status::Failed, 1)];
    assert_eq!(store.changes(&run, 0, 100).unwrap(), expected);
    assert_eq!(store.changes(&run, 2, 1).unwrap(), expected[1..2]);
    assert_eq!(store.count(&run).unwrap(), counts);
    let about = store.run(&run).unwrap().unwrap();
    assert_eq!((about.changes, about.failed), (1, 1));
    drop(store);
    let store = open(&folder);
    assert_eq!(store.changes(&run, 1, usize::MAX).unwrap(), expected);
    assert_eq!(store.count(&run.to_lowercase()).unwrap(), counts);
}

#[test]
fn a_before_image_that_became_known_on_the_way_is_kept() {
    let folder = Folder::new();
    let store = open(&folder);
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    store.write_changes(&run, Status::Sending, &[Change { before: None, ..change(1, "a-1") }]).unwrap();
    let before = json!({ "healthScore": 3.25 }).as_object().cloned();
    store.settle(&run, &[Outcome { before: before.clone(), ..ended(1, Status::Unknown) }]).unwrap();
    assert_eq!(
        store.changes(&run, 0, 9).unwrap(),
        [kept(&run, Change { before, ..change(1, "a-1") }, Status::Unknown, None)]
    );
}

#[test]
fn last_is_the_newest_run_that_is_no_undo_and_changed_something() {
    let folder = Folder::new();
    let store = open(&folder);
    let start = |kind: &str, status: Option<Status>| {
        let run = store.start_run(&NewRun { kind: kind.into(), ..new_run("a.rhai") }).unwrap();
        if let Some(status) = status {
            store.write_changes(&run, status, &[change(1, "a-1")]).unwrap();
        }
        run
    };
    let last = || store.run("Last").unwrap().map(|run| run.id);
    assert_eq!(last(), None);
    let applied = start("run", Some(Status::Applied));
    start("undo", Some(Status::Applied));
    start("run", None);
    for status in [Status::Pending, Status::Unchanged, Status::Failed, Status::Drifted, Status::Refused] {
        start("run", Some(status));
    }
    assert_eq!(last(), Some(applied));
    // It was sent, so it may have changed something.
    let sent = start("bulk", Some(Status::Sending));
    assert_eq!(last(), Some(sent));
    let unknown = start("eval", Some(Status::Unknown));
    assert_eq!(last(), Some(unknown));
}

#[test]
fn rows_are_kept_in_order_and_written_anew() {
    let folder = Folder::new();
    let store = open(&folder);
    let run = store.start_run(&new_run("a.csv")).unwrap();
    let row = |row: u64, status: &str, reason: Option<&str>| RowOutcome {
        row,
        key: (row != 2).then(|| format!("k-{row}")),
        hash: format!("h{row}"),
        status: status.into(),
        reason: reason.map(str::to_string),
    };
    store.write_rows(&run, &[row(2, "ok", None), row(1, "failed", Some("no such account"))]).unwrap();
    store.write_rows(&run, &[row(10, "unchanged", None), row(1, "ok", None)]).unwrap();
    let expected = [row(1, "ok", None), row(2, "ok", None), row(10, "unchanged", None)];
    assert_eq!(store.rows(&run).unwrap(), expected);
    drop(store);
    assert_eq!(SqliteStore::read(&folder.path()).unwrap().rows(&run).unwrap(), expected);
}

#[test]
fn a_plan_is_claimed_once() {
    let folder = Folder::new();
    let store = open(&folder);
    let first = store.start_run(&new_run("plan.jsonl")).unwrap();
    let second = store.start_run(&new_run("plan.jsonl")).unwrap();
    assert_eq!(store.claim_plan("hash", &first).unwrap(), None);
    assert_eq!(store.claim_plan("hash", &second).unwrap(), Some(first.clone()));
    assert_eq!(store.claim_plan("another", &second).unwrap(), None);
    drop(store);
    assert_eq!(open(&folder).claim_plan("hash", &second).unwrap(), Some(first));
}

#[test]
fn the_history_of_a_record_goes_by_both_of_its_ids() {
    let folder = Folder::new();
    let store = open(&folder);
    let first = store.start_run(&new_run("a.rhai")).unwrap();
    let keyed = Change { external_id: Some("crm-1".into()), ..create(1, "new-1") };
    let other = Change { object: "account".into(), ..change(2, "t-1") };
    store.write_changes(&first, Status::Sending, &[keyed.clone(), other.clone()]).unwrap();
    store.settle(&first, &[Outcome { id: Some("t-1".into()), ..ended(1, Status::Applied) }]).unwrap();
    let second = store.start_run(&new_run("b.rhai")).unwrap();
    let by_id = Change { object: "task".into(), ..change(1, "t-1") };
    let by_key = Change { id: None, external_id: Some("crm-1".into()), seq: 2, ..by_id.clone() };
    let unrelated = Change { seq: 3, ..Change { object: "task".into(), ..change(3, "t-2") } };
    store.write_changes(&second, Status::Applied, &[by_id.clone(), by_key.clone(), unrelated]).unwrap();
    let expected = [
        kept(&first, Change { id: Some("t-1".into()), ..keyed }, Status::Applied, None),
        kept(&second, by_id, Status::Applied, None),
        kept(&second, by_key, Status::Applied, None),
    ];
    assert_eq!(store.history("task", "t-1").unwrap(), expected);
    assert_eq!(store.history("task", "crm-1").unwrap(), expected);
    assert_eq!(store.history("account", "t-1").unwrap(), [kept(&first, other, Status::Sending, None)]);
    assert_eq!(store.history("account", "crm-1").unwrap(), []);
}

#[test]
fn what_belongs_to_no_run_or_change_is_refused() {
    let folder = Folder::new();
    let store = open(&folder);
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    let told = |result: Result<(), _>| match vitally_script::error::Error::from(result.unwrap_err()) {
        vitally_script::error::Error::Usage(message) => message.text,
        other => panic!("{other:?}"),
    };
    store.write_changes(&run, Status::Sending, &[change(1, "a-1")]).unwrap();
    let outcomes = [ended(1, Status::Applied), ended(2, Status::Applied)];
    assert_eq!(
        told(store.settle(&run, &outcomes)),
        format!("cannot write down how changes ended: run {run} has no change 2")
    );
    let notes = vec![
        Note::Changes(Status::Sending, vec![change(2, "a-2")].into()),
        Note::Outcomes(vec![ended(3, Status::Applied)].into()),
    ];
    assert_eq!(
        told(store.note(&run, notes)),
        format!("cannot write down how changes ended: run {run} has no change 3")
    );
    // All of a call, or nothing of it.
    assert_eq!(store.count(&run).unwrap(), [(Status::Sending, 1)]);
    assert_eq!(
        told(store.write_changes("nope", Status::Sending, &[change(1, "a-1")])),
        "cannot write down the changes: there is no run nope"
    );
    let at = AT.parse().unwrap();
    assert_eq!(
        told(store.finish_run("nope", "done", at)),
        "cannot write down the end of the run: there is no run nope"
    );
    assert_eq!(
        told(store.write_changes(&run, Status::Sending, &[change(u64::MAX, "a-1")])),
        "cannot write down the changes: the number 18446744073709551615 is too large"
    );
}

#[test]
fn a_store_that_is_not_there_yet_is_read_as_an_empty_one() {
    let folder = Folder::new();
    let reader = SqliteStore::read(&folder.path().join("state")).unwrap();
    assert_eq!(reader.runs(9).unwrap(), []);
    assert_eq!(reader.run("last").unwrap(), None);
    assert_eq!(reader.changes("8F2K", 0, 9).unwrap(), []);
    assert_eq!(reader.count("8F2K").unwrap(), []);
    assert_eq!(reader.rows("8F2K").unwrap(), []);
    assert_eq!(reader.history("account", "a-1").unwrap(), []);
    assert!(!folder.path().join("state").exists());
    // It sees what comes into being, while it is being written.
    let store = SqliteStore::open(&folder.path().join("state")).unwrap();
    let run = store.start_run(&new_run("a.rhai")).unwrap();
    let seen: Vec<_> = reader.runs(9).unwrap().into_iter().map(|run| (run.id, run.outcome)).collect();
    assert_eq!(seen, [(run, "running".to_string())]);
    drop(store);
    assert_eq!(reader.runs(9).unwrap()[0].outcome, "crashed");
    assert!(reader.start_run(&new_run("a.rhai")).is_err());
}
