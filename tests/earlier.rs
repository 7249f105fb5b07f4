//! What a run has done is known again when its script is run once more.

use serde_json::{Value, json};
use vitally_script::gate::earlier::{ChangeBefore, Earlier, RowBefore, hash_of};
use vitally_script::gate::{Change, Row, Status};
use vitally_script::store::{Kept, RowOutcome};

fn change(action: &str, id: Option<&str>, after: &Value) -> Change {
    let object = action.split_once('_').expect("an action has an object").1;
    serde_json::from_value(json!({
        "seq": 0, "action": action, "object": object, "id": id, "after": after, "script": "x.rhai", "line": 1,
    }))
    .expect("a change")
}

fn kept(seq: u64, row: u64, id: &str, status: Status, change: Change) -> Kept {
    let change = Change { seq, row: Some(row), id: Some(id.into()), ..change };
    let at = "2026-11-25T09:00:00Z".parse().expect("a time");
    Kept { run: "R".into(), change, status, reason: None, at }
}

fn row(place: u64, key: Option<&str>, status: &str, content: &Value) -> RowOutcome {
    let hash = if status == Earlier::TOTAL { content.to_string() } else { hash_of(Row::Plain(content)) };
    RowOutcome { row: place, key: key.map(ToString::to_string), hash, status: status.into(), reason: None }
}

fn task(name: &str) -> Change {
    change("create_task", None, &json!({ "name": name, "accountId": "a" }))
}

#[test]
fn every_change_is_found_once() {
    let changes = (1..=2).map(|seq| kept(seq, seq, &format!("t-{seq}"), Status::Applied, task("Call")));
    let earlier = Earlier::new(Vec::new(), changes.collect(), false);
    assert_eq!((earlier.last_seq(), earlier.not_asked_again()), (2, 2));
    assert_eq!(earlier.change(None, &task("Call")), ChangeBefore::Made(Some("t-1".into())));
    assert_eq!(earlier.change(None, &task("Write")), ChangeBefore::Open);
    assert_eq!(earlier.change(None, &task("Call")), ChangeBefore::Made(Some("t-2".into())));
    assert_eq!(earlier.change(None, &task("Call")), ChangeBefore::Open);
    assert_eq!(earlier.not_asked_again(), 0);
}

#[test]
fn an_update_is_known_by_either_id() {
    let rename = change("update_account", Some("id-1"), &json!({ "name": "N" }));
    let with_both = Change { external_id: Some("acct-1".into()), ..rename.clone() };
    let made =
        || Earlier::new(Vec::new(), vec![kept(1, 1, "id-1", Status::Applied, with_both.clone())], false);
    let by_external = Change { id: None, external_id: Some("acct-1".into()), ..rename.clone() };
    assert_eq!(made().change(None, &rename), ChangeBefore::Made(Some("id-1".into())));
    assert_eq!(made().change(None, &by_external), ChangeBefore::Made(Some("id-1".into())));
    let other = Change { id: Some("id-2".into()), ..rename };
    assert_eq!(made().change(None, &other), ChangeBefore::Open);
}

#[test]
fn a_create_with_a_time_of_day_in_it_is_known_by_its_row() {
    let made = || Earlier::new(Vec::new(), vec![kept(1, 7, "t-1", Status::Applied, task("at 10:00"))], false);
    assert_eq!(made().change(Some(7), &task("at 10:05")), ChangeBefore::Made(Some("t-1".into())));
    assert_eq!(made().change(Some(8), &task("at 10:05")), ChangeBefore::Open);
    assert_eq!(made().change(None, &task("at 10:05")), ChangeBefore::Open);
}

#[test]
fn what_may_have_been_made_is_not_made_again() {
    for status in [Status::Unknown, Status::Sending] {
        let earlier = Earlier::new(Vec::new(), vec![kept(1, 1, "t-1", status, task("Call"))], false);
        assert!(matches!(earlier.change(None, &task("Call")), ChangeBefore::Unclear(_)));
    }
    for status in [Status::Failed, Status::Pending, Status::Refused, Status::Unchanged] {
        let earlier = Earlier::new(Vec::new(), vec![kept(1, 1, "t-1", status, task("Call"))], false);
        assert_eq!(earlier.change(None, &task("Call")), ChangeBefore::Open);
    }
}

#[test]
fn rows_of_two_walks_and_of_one_key_are_kept_apart() {
    let (a, b) = (json!({ "id": "a" }), json!({ "id": "b" }));
    let rows = vec![
        row(0, None, Earlier::TOTAL, &json!(3)),
        row(1, Some("a"), "ok", &a),
        row(2, Some("b"), "failed", &b),
        row(4, None, Earlier::TOTAL, &json!(1)),
        row(5, Some("b"), "unchanged", &b),
    ];
    let earlier = Earlier::new(rows, Vec::new(), false);
    let of = |walk, place, content: &Value| {
        let key = content["id"].as_str();
        earlier.row(walk, place, key, &hash_of(Row::Plain(content))).expect("the row is the same")
    };
    assert_eq!(of(0, 1, &a), RowBefore::Done(true));
    // A second row of the same key was not reached.
    assert_eq!(of(0, 3, &a), RowBefore::Open);
    assert_eq!(of(0, 2, &b), RowBefore::Open);
    assert_eq!(of(1, 5, &b), RowBefore::Done(false));
    assert_eq!(of(1, 6, &b), RowBefore::Open);
    assert!(earlier.check_total(0, 3).is_ok() && earlier.check_total(0, 4).is_err());
}

#[test]
fn the_changes_of_a_done_row_are_still_found_by_another() {
    // The list came in another order: the row at this place was another one when the change was made.
    let rows = vec![row(0, None, Earlier::TOTAL, &json!("")), row(1, Some("x"), "ok", &json!({ "id": "x" }))];
    let earlier = Earlier::new(rows, vec![kept(1, 1, "t-1", Status::Applied, task("Call"))], false);
    let hash = hash_of(Row::Plain(&json!({ "id": "x" })));
    assert_eq!(earlier.row(0, 4, Some("x"), &hash).expect("the row is the same"), RowBefore::Done(true));
    assert_eq!(earlier.not_asked_again(), 0);
    assert_eq!(earlier.change(None, &task("Call")), ChangeBefore::Made(Some("t-1".into())));
}

#[test]
fn another_row_is_refused_and_with_only_failed_new_ones_wait() {
    let rows = vec![row(0, None, Earlier::TOTAL, &json!(2)), row(1, None, "failed", &json!({ "n": 1 }))];
    let earlier = Earlier::new(rows.clone(), Vec::new(), true);
    assert!(earlier.row(0, 1, None, &hash_of(Row::Plain(&json!({ "n": 2 })))).is_err());
    let earlier = Earlier::new(rows, Vec::new(), true);
    assert_eq!(earlier.row(0, 1, None, &hash_of(Row::Plain(&json!({ "n": 1 })))).ok(), Some(RowBefore::Open));
    assert_eq!(earlier.row(0, 2, None, "any").ok(), Some(RowBefore::NotWanted));
}
