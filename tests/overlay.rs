//! The dry run's memory, without any tenant: what each kind of change does to later reads.

use crate::support::overlay::{ID, NOW, OBJECT, OTHER, account, ids, list, one, take, task};
use serde_json::{Value, json};
use vitally_script::catalogue;
use vitally_script::gate::overlay::Overlay;

/// Every create: the body, and what the answer must hold besides the body.
fn creates() -> Vec<(&'static str, &'static str, Value, Value)> {
    vec![
        (
            "create_organization",
            "organization",
            json!({ "externalId": "x", "name": "N" }),
            json!({ "accountsCount": 0, "firstPaidDate": null }),
        ),
        (
            "create_account",
            "account",
            json!({ "externalId": "x", "name": "N" }),
            json!({ "traits": {}, "usersCount": 0, "segments": [], "mrr": null }),
        ),
        (
            "create_user",
            "user",
            json!({ "externalId": "x" }),
            json!({ "unsubscribedFromConversations": false, "joinDate": NOW, "firstKnown": NOW, "accounts": [] }),
        ),
        (
            "create_task",
            "task",
            json!({ "externalId": "x", "name": "N" }),
            json!({ "tags": [], "category": null, "archivedAt": null, "projects": [] }),
        ),
        (
            "create_note",
            "note",
            json!({ "externalId": "x", "note": "N" }),
            json!({ "subject": null, "users": [], "category": null }),
        ),
        (
            "create_project_from_template",
            "project",
            json!({ "name": "N" }),
            json!({ "durationInDays": 0, "traits": {} }),
        ),
        (
            "create_nps_response",
            "nps_response",
            json!({ "externalId": "x", "score": 9 }),
            json!({ "dismissedAt": null, "feedback": null }),
        ),
        (
            "create_conversation",
            "conversation",
            json!({ "externalId": "x", "subject": "N" }),
            json!({ "messages": [], "status": null }),
        ),
        (
            "create_message",
            "message",
            json!({ "externalId": "x", "message": "N", "from": { "type": "user", "id": ID } }),
            json!({ "type": "inbound", "timestamp": NOW, "conversationId": OBJECT, "cc": [] }),
        ),
        (
            "create_custom_object",
            "custom_object",
            json!({ "name": "n", "label": "N" }),
            json!({ "syncActive": true, "customFields": [] }),
        ),
        (
            "create_custom_object_instance",
            "custom_object_instance",
            json!({ "externalId": "x", "name": "N" }),
            json!({ "customObjectId": OBJECT, "customer": null, "customers": [] }),
        ),
    ]
}

#[test]
fn a_create_answers_every_documented_field_and_is_read_back() {
    for (action, object, body, derived) in creates() {
        let mut overlay = Overlay::default();
        let page = catalogue::object(object).expect("an object");
        let record = take(&mut overlay, action, "new-1", &body, None).expect("a record");
        for field in page.fields.iter().filter(|field| field.access.read) {
            assert!(record.get(field.name).is_some(), "{action}: no {}", field.name);
        }
        let expected = [&body, &derived, &json!({ "id": "new-1", "createdAt": NOW, "updatedAt": NOW })];
        for (name, value) in expected.into_iter().flat_map(|part| part.as_object().expect("fields")) {
            assert_eq!(&record[name], value, "{action}: {name}");
        }
        assert!(overlay.touches(page), "{action}");
        assert_eq!(overlay.known(&one(object, "new-1")), Some(Some(record.clone())), "{action}");
        if body.get("externalId").is_some() {
            assert_eq!(overlay.known(&one(object, "x")), Some(Some(record)), "{action} by externalId");
            let again = take(&mut overlay, action, "new-2", &body, None).expect("a record");
            assert_eq!(again["id"], "new-1", "{action}: the same externalId is the same record");
        }
    }
}

/// Every delete, and whether a single read still finds the record.
const DELETES: &[(&str, &str, bool)] = &[
    ("delete_organization", "organization", false),
    ("delete_account", "account", false),
    ("delete_user", "user", true),
    ("delete_task", "task", true),
    ("delete_note", "note", true),
    ("delete_project", "project", true),
    ("delete_nps_response", "nps_response", false),
    ("delete_conversation", "conversation", false),
    ("delete_message", "message", false),
    ("delete_custom_object", "custom_object", false),
    ("delete_custom_object_instance", "custom_object_instance", true),
];

#[test]
fn a_delete_archives_marks_or_removes() {
    for (action, object, stays) in DELETES {
        let mut overlay = Overlay::default();
        let page = catalogue::object(object).expect("an object");
        let record = json!({ "id": ID, "externalId": "x", "archivedAt": null, "customObjectId": OBJECT });
        assert_eq!(
            take(&mut overlay, action, ID, &Value::Null, Some(&record)),
            Some(Value::Null),
            "{action}"
        );
        let seen = overlay.seen(&one(object, ID), Some(record.clone()));
        assert_eq!(seen.is_some(), *stays, "{action}");
        let known = overlay.known(&one(object, "x"));
        assert_eq!(known, (!stays).then_some(None), "{action}: by externalId, without asking");
        let archives = page.field("archivedAt").is_some();
        assert_eq!(seen.is_some_and(|seen| seen["archivedAt"] == NOW), archives, "{action}");
        let again = take(&mut overlay, action, ID, &Value::Null, Some(&record));
        assert_eq!(again.is_some(), *object == "user", "{action} twice");
        let within = (*object == "custom_object_instance").then_some(("custom_object", OBJECT));
        if let (true, Some(list_of)) = (archives, page.lists.first()) {
            let active = list(list_of.name, within, &[("archived", "false")]);
            assert!(overlay.page(&active, vec![record.clone()], true).is_empty(), "{action}");
            let past = list(list_of.name, within, &[("archived", "true")]);
            assert_eq!(ids(&overlay.page(&past, Vec::new(), true)), [ID], "{action}");
        }
    }
}

#[test]
fn an_update_replaces_fields_and_merges_traits() {
    let mut overlay = Overlay::default();
    let whole = account(ID, "acct-1");
    let body =
        json!({ "name": "New", "traits": { "plan": null, "mrr": 9, "churnedAt": "2026-10-01", "k": ["a"] } });
    let record = take(&mut overlay, "update_account", ID, &body, Some(&whole)).expect("a record");
    assert_eq!(record["name"], "New");
    assert_eq!(record["traits"], json!({ "mrr": 9, "churnedAt": "2026-10-01", "k": ["a"] }));
    assert_eq!(record["mrr"], 9);
    assert_eq!(record["churnedAt"], "2026-10-01T00:00:00.000Z");
    assert_eq!(record["updatedAt"], NOW);
    assert_eq!(overlay.seen(&one("account", "acct-1"), Some(whole)), Some(record));
    let tagged =
        take(&mut overlay, "update_task", OTHER, &json!({ "tags": ["b"] }), Some(&task(OTHER, "t", ID)));
    assert_eq!(tagged.expect("a record")["tags"], json!(["b"]));
}

#[test]
fn an_update_of_an_unread_record_answers_what_it_touched() {
    let mut overlay = Overlay::default();
    let record = take(&mut overlay, "update_account", ID, &json!({ "name": "New" }), None);
    assert_eq!(record, Some(json!({ "id": ID, "name": "New", "updatedAt": NOW })));
}

#[test]
fn a_record_changed_by_externalid_is_recognised_by_id_and_the_other_way_round() {
    for key in [ID, "acct-1"] {
        let mut overlay = Overlay::default();
        take(&mut overlay, "update_account", key, &json!({ "name": "New" }), None).expect("a record");
        let page = overlay.page(&list("accounts", None, &[]), vec![account(ID, "acct-1")], true);
        assert_eq!(page.iter().map(|one| &one["name"]).collect::<Vec<_>>(), ["New"], "changed as {key}");
        for asked in [ID, "acct-1"] {
            let seen = overlay.seen(&one("account", asked), Some(account(ID, "acct-1")));
            assert_eq!(seen.expect("a record")["name"], "New", "changed as {key}, asked as {asked}");
        }
        take(&mut overlay, "delete_account", "acct-1", &Value::Null, None).expect("deleted");
        assert_eq!(overlay.known(&one("account", ID)), Some(None), "changed as {key}");
    }
}

#[test]
fn a_change_of_what_is_gone_or_was_never_made_is_refused() {
    let mut overlay = Overlay::default();
    assert_eq!(take(&mut overlay, "update_account", "new-7", &json!({ "name": "N" }), None), None);
    take(&mut overlay, "delete_account", ID, &Value::Null, Some(&account(ID, "acct-1"))).expect("deleted");
    assert_eq!(take(&mut overlay, "update_account", "acct-1", &json!({ "name": "N" }), None), None);
    assert_eq!(
        take(&mut overlay, "create_task", "new-1", &json!({ "name": "N", "accountId": ID }), None),
        None
    );
    let anew =
        take(&mut overlay, "create_account", "new-2", &json!({ "externalId": "acct-1", "name": "N" }), None);
    assert_eq!(anew.expect("a record")["id"], "new-2");
    let page = overlay.page(&list("accounts", None, &[]), vec![account(ID, "acct-1")], true);
    assert_eq!(ids(&page), ["new-2"], "the old one is gone, and the new one has its externalId");
}

#[test]
fn what_belonged_to_a_deleted_account_goes_with_it() {
    let mut overlay = Overlay::default();
    take(&mut overlay, "delete_account", ID, &Value::Null, Some(&account(ID, "acct-1"))).expect("deleted");
    let user = json!({ "id": OTHER, "accounts": [{ "id": ID }, { "id": OBJECT }] });
    let seen = overlay.seen(&one("user", OTHER), Some(user)).expect("the user stays");
    assert_eq!(seen["accounts"], json!([{ "id": OBJECT }]));
    assert_eq!(overlay.seen(&one("task", OTHER), Some(task(OTHER, "t", ID))), None);
    assert_eq!(overlay.whole_list(&list("tasks", Some(("account", "acct-1")), &[])), Some(None), "a 404");
}
