//! The dry run's memory, without any tenant: lists, searches, and what is embedded in one another.

use crate::support::overlay::{ID, OBJECT, OTHER, account, ids, list, one, search, take, task};
use serde_json::{Value, json};
use vitally_script::gate::overlay::Overlay;

#[test]
fn lists_lose_what_moved_away_and_gain_what_moved_in() {
    let mut overlay = Overlay::default();
    let moved = task(OTHER, "t", ID);
    take(&mut overlay, "update_task", OTHER, &json!({ "accountId": OBJECT }), Some(&moved))
        .expect("a record");
    let old = list("tasks", Some(("account", "acct-1")), &[("archived", "false")]);
    assert!(overlay.page(&old, vec![moved.clone()], true).is_empty());
    let new = list("tasks", Some(("account", OBJECT)), &[("archived", "false")]);
    assert!(overlay.page(&new, Vec::new(), false).is_empty(), "not before the last page");
    assert_eq!(ids(&overlay.page(&new, Vec::new(), true)), [OTHER]);
    assert_eq!(
        ids(&overlay.page(&list("tasks", None, &[("archived", "false")]), vec![moved], true)),
        [OTHER]
    );
}

#[test]
fn the_status_of_an_account_decides_its_list() {
    let mut overlay = Overlay::default();
    let whole = account(ID, "acct-1");
    let body = json!({ "traits": { "churnedAt": "2026-10-01" } });
    take(&mut overlay, "update_account", ID, &body, Some(&whole)).expect("a record");
    for (status, sent, expected) in [
        ("active", vec![whole.clone()], vec![]),
        ("churned", vec![], vec![ID]),
        ("activeOrChurned", vec![whole.clone()], vec![ID]),
    ] {
        let shown = overlay.page(&list("accounts", None, &[("status", status)]), sent, true);
        assert_eq!(ids(&shown), expected, "{status}");
    }
}

#[test]
fn a_list_below_a_new_record_needs_no_request() {
    let mut overlay = Overlay::default();
    take(&mut overlay, "create_account", "new-1", &json!({ "externalId": "a", "name": "N" }), None)
        .expect("made");
    take(&mut overlay, "create_task", "new-2", &json!({ "name": "T", "accountId": "new-1" }), None)
        .expect("made");
    let below = |key| list("tasks", Some(("account", key)), &[("archived", "false")]);
    for key in ["new-1", "a"] {
        let tasks = overlay.whole_list(&below(key)).expect("no request").expect("a list");
        assert_eq!(ids(&tasks), ["new-2"]);
        assert_eq!(tasks[0]["account"]["name"], "N");
    }
    assert_eq!(overlay.whole_list(&below(ID)), None);
}

#[test]
fn searches_find_by_what_was_changed() {
    let mut overlay = Overlay::default();
    let user = json!({ "id": ID, "externalId": "user-1", "email": "old@one.example", "accounts": [] });
    take(&mut overlay, "update_user", ID, &json!({ "email": "New@two.example" }), Some(&user))
        .expect("a record");
    for (criterion, sent, expected) in [
        (("email", "old@one.example"), json!([user]), vec![]),
        (("email", "new@TWO.example"), json!([]), vec![ID]),
        (("emailSubdomain", "two.example"), json!([]), vec![ID]),
        (("externalId", "user-1"), json!([user]), vec![ID]),
    ] {
        let answer =
            overlay.seen(&search("user", "/users/search", criterion), Some(json!({ "results": sent })));
        let answer = answer.expect("an answer");
        assert_eq!(ids(answer["results"].as_array().expect("results")), expected, "{criterion:?}");
    }
}

#[test]
fn instances_are_searched_in_their_custom_object() {
    let mut overlay = Overlay::default();
    let body = json!({ "externalId": "fr-1", "name": "N", "customerId": ID, "traits": { "p": "High" } });
    take(&mut overlay, "create_custom_object_instance", "new-1", &body, None).expect("made");
    let path = format!("/customObjects/{OBJECT}/instances/search");
    for criterion in [("externalId", "fr-1"), ("customerId", ID), ("customFieldValue", "High")] {
        let found = overlay.seen(&search("custom_object_instance", &path, criterion), Some(json!([])));
        assert_eq!(ids(found.expect("an answer").as_array().expect("bare")), ["new-1"], "{criterion:?}");
    }
    let own = search("custom_object_instance", &path, ("id", "new-1"));
    let known = overlay.known(&own).expect("no request").expect("an answer");
    assert_eq!(ids(known.as_array().expect("bare")), ["new-1"]);
    let elsewhere =
        search("custom_object_instance", "/customObjects/else/instances/search", ("externalId", "fr-1"));
    assert_eq!(overlay.seen(&elsewhere, Some(json!([]))), Some(json!([])));
}

#[test]
fn a_conversation_shows_the_messages_of_this_run() {
    let mut overlay = Overlay::default();
    let message = |key: &str, text: &str| json!({ "externalId": key, "message": text, "from": { "type": "admin", "id": OTHER }, "to": [] });
    let body = message("m-2", "new");
    take(&mut overlay, "create_message", "new-1", &body, None).expect("made");
    let thread = json!({ "id": OBJECT, "externalId": "t", "subject": "S",
                         "messages": [{ "id": ID, "externalId": "m-1", "message": "old" }] });
    let body = json!({ "messages": [message("m-1", "changed")] });
    take(&mut overlay, "update_conversation", OBJECT, &body, Some(&thread)).expect("a record");
    let seen = overlay.seen(&one("conversation", OBJECT), Some(thread.clone())).expect("a record");
    let texts: Vec<&Value> =
        seen["messages"].as_array().expect("messages").iter().map(|one| &one["message"]).collect();
    assert_eq!(texts, ["changed", "new"]);
    take(&mut overlay, "delete_message", ID, &Value::Null, None).expect("deleted");
    let seen = overlay.seen(&one("conversation", OBJECT), Some(thread)).expect("a record");
    assert_eq!(ids(seen["messages"].as_array().expect("messages")), ["new-1"]);
}
