//! Creates, updates and deletes.

use serde_json::{Value, json};
use vitally_script::simulator::{Options, Simulator, Switches};

use crate::support::http::{get, id, results, send};

fn small() -> Simulator {
    Simulator::start(Options { accounts: 6, rate_limit: None, ..Options::default() }).expect("a simulator")
}

/// Sends a write that must succeed.
fn write(simulator: &Simulator, method: &str, path: &str, body: &Value) -> Value {
    let reply = send(simulator, method, path, body);
    assert_eq!(reply.status, 200, "{method} {path}: {}", reply.text());
    reply.json()
}

#[test]
fn a_known_external_id_updates_the_record_or_conflicts() {
    let simulator = small();
    let account = id(&simulator, "/accounts/acct-1");
    let user = id(&simulator, "/users/user-1");
    let object = results(&simulator, "/customObjects")[0]["id"].as_str().expect("an id").to_string();
    let instances = format!("/customObjects/{object}/instances");
    let admin = json!({ "type": "admin", "id": results(&simulator, "/admins")[0]["id"] });
    let cases = [
        ("/organizations", json!({ "externalId": "k", "name": "N" })),
        ("/accounts", json!({ "externalId": "k", "name": "N" })),
        ("/users", json!({ "externalId": "k", "accountIds": [account] })),
        ("/tasks", json!({ "externalId": "k", "name": "N", "accountId": account })),
        ("/notes", json!({ "externalId": "k", "note": "N", "noteDate": "2026-01-01", "accountId": account })),
        (
            "/npsResponses",
            json!({ "externalId": "k", "userId": user, "score": 9, "respondedAt": "2026-01-01" }),
        ),
        ("/conversations", json!({ "externalId": "k", "subject": "S", "messages": [] })),
        (
            "/conversations/thread-1/messages",
            json!({ "externalId": "k", "message": "M", "from": admin, "to": [] }),
        ),
        (instances.as_str(), json!({ "externalId": "k", "name": "N", "customerId": account })),
    ];
    for (path, body) in &cases {
        let first = write(&simulator, "POST", path, body);
        assert_eq!(first["createdAt"], first["updatedAt"], "{path}: a fresh record");
        assert_eq!(write(&simulator, "POST", path, body)["id"], first["id"], "{path}: the same record");
    }
    simulator.set_switches(Switches { upsert: false, ..Switches::default() });
    for (path, body) in &cases {
        let reply = send(&simulator, "POST", path, body);
        assert_eq!(reply.status, 409, "{path}");
        assert!(reply.json()["error"].is_string(), "{path}");
    }
}

#[test]
fn traits_merge_and_null_deletes() {
    let simulator = small();
    let put = |traits: Value| write(&simulator, "PUT", "/accounts/acct-1", &json!({ "traits": traits }));
    put(json!({ "a": 1, "b": [ "x" ] }));
    let after = put(json!({ "b": null, "c": true, "d": "ü" }))["traits"].clone();
    assert_eq!(
        (&after["a"], after.get("b"), &after["c"], &after["d"]),
        (&json!(1), None, &json!(true), &json!("ü"))
    );
    assert!(after.get("vitally.custom.plan").is_some(), "keys that were not sent stay");
}

#[test]
fn tags_are_replaced_and_left_alone_when_omitted() {
    let simulator = small();
    let put = |body: Value| write(&simulator, "PUT", "/tasks/task-1", &body)["tags"].clone();
    assert_eq!(put(json!({ "tags": ["a", "b"] })), json!(["a", "b"]));
    assert_eq!(put(json!({ "name": "Other" })), json!(["a", "b"]));
    assert_eq!(put(json!({ "tags": ["c"] })), json!(["c"]));
}

#[test]
fn dates_are_stored_in_the_apis_form() {
    let simulator = small();
    for (path, field, sent, stored) in [
        ("/tasks/task-1", "dueDate", "2026-01-01", "2026-01-01"),
        ("/tasks/task-1", "dueDate", "2026-01-01T23:30:00-02:00", "2026-01-02"),
        ("/tasks/task-1", "completedAt", "2026-01-01", "2026-01-01T00:00:00.000Z"),
        ("/tasks/task-1", "completedAt", "2026-01-01T10:00:00+02:00", "2026-01-01T08:00:00.000Z"),
        ("/notes/note-1", "noteDate", "2023-12-08T20:31:03Z", "2023-12-08T20:31:03.000Z"),
        ("/notes/note-1", "noteDate", "2023-12-08T20:31:03.1239", "2023-12-08T20:31:03.123Z"),
        ("/users/user-1", "joinDate", "2020-02-29", "2020-02-29T00:00:00.000Z"),
    ] {
        assert_eq!(write(&simulator, "PUT", path, &json!({ field: sent }))[field], stored, "{field} {sent}");
    }
}

#[test]
fn html_keeps_only_what_the_documentation_lists() {
    let simulator = small();
    for (sent, kept) in [
        ("<p>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"),
        ("<h1>Big</h1><script>alert(1)</script>", "Big"),
        ("<a href=\"https://x.example\" onclick=\"y()\">x</a>", "<a href=\"https://x.example\">x</a>"),
        ("<img src='a.png' width=3 style='x'/>", "<img src=\"a.png\" width=\"3\" />"),
        ("<P CLASS=x>upper</P>", "<p>upper</p>"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<!-- gone --><span>kept</span><br>", "kept<br>"),
        ("<a title='>' name=\"n\">x</a> <", "<a name=\"n\">x</a> <"),
        ("{{account.traits.key}}", "{{account.traits.key}}"),
    ] {
        let note = write(&simulator, "PUT", "/notes/note-1", &json!({ "note": sent }));
        let task = write(&simulator, "PUT", "/tasks/task-1", &json!({ "description": sent }));
        assert_eq!((&note["note"], &task["description"]), (&json!(kept), &json!(kept)), "{sent}");
    }
}

#[test]
fn external_ids_change_only_where_the_service_lets_them() {
    let simulator = small();
    let put =
        |path: &str| write(&simulator, "PUT", path, &json!({ "externalId": "new" }))["externalId"].clone();
    for (path, after) in [
        ("/notes/note-1", "new"),
        ("/tasks/task-1", "new"),
        ("/accounts/acct-1", "acct-1"),
        ("/users/user-1", "user-1"),
        ("/organizations/org-1", "org-1"),
        ("/conversations/thread-1", "thread-1"),
    ] {
        assert_eq!(put(path), after, "{path}");
    }
    assert_eq!(get(&simulator, "/notes/new").status, 200);
    assert_eq!(get(&simulator, "/notes/note-1").status, 404);
}

#[test]
fn deletes_archive_mark_or_destroy() {
    let simulator = small();
    let object = results(&simulator, "/customObjects")[0]["id"].as_str().expect("an id").to_string();
    let instance = results(&simulator, &format!("/customObjects/{object}/instances"))[0]["id"].clone();
    let project = results(&simulator, "/projects")[0]["id"].clone();
    let message = get(&simulator, "/conversations/thread-2").json()["messages"][0]["id"].clone();
    let path = |name: &str, id: &Value| format!("{name}/{}", id.as_str().expect("an id"));
    let in_object = format!("/customObjects/{object}/instances");
    for (target, again, readable) in [
        (path("/tasks", &json!(id(&simulator, "/tasks/task-1"))), 404, 200),
        (path("/notes", &json!(id(&simulator, "/notes/note-1"))), 404, 200),
        (path("/projects", &project), 404, 200),
        ("/meetings/mtg-1".into(), 404, 200),
        (path(&in_object, &instance), 404, 404),
        ("/users/user-2".into(), 204, 200),
        (path("/messages", &message), 404, 404),
        ("/npsResponses/nps-1".into(), 404, 404),
        ("/conversations/thread-1".into(), 404, 404),
        ("/accounts/acct-2".into(), 404, 404),
        ("/organizations/org-2".into(), 404, 404),
        (format!("/customObjects/{object}"), 404, 404),
    ] {
        let reply = send(&simulator, "DELETE", &target, &Value::Null);
        assert_eq!((reply.status, reply.text().as_str()), (204, ""), "{target}");
        assert_eq!(get(&simulator, &target).status, readable, "{target} afterwards");
        assert_eq!(send(&simulator, "DELETE", &target, &Value::Null).status, again, "{target} again");
    }
    let archived = write(&simulator, "PUT", "/tasks/task-1", &json!({ "name": "Still writable" }));
    assert!(archived["archivedAt"].is_string());
    assert_eq!(send(&simulator, "PUT", "/meetings/mtg-1", &json!({ "title": "x" })).status, 400);
}

#[test]
fn an_account_takes_with_it_what_only_it_owns() {
    let simulator = small();
    let users = results(&simulator, "/accounts/acct-1/users").len();
    let organization =
        get(&simulator, "/accounts/acct-1").json()["organizationId"].as_str().map(String::from);
    let organization = format!("/organizations/{}", organization.expect("an organization"));
    let before = get(&simulator, &organization).json();
    assert_eq!(send(&simulator, "DELETE", "/accounts/acct-1", &Value::Null).status, 204);
    for path in ["/tasks/task-1", "/tasks/task-2", "/notes/note-1", "/conversations/thread-1"] {
        assert_eq!(get(&simulator, path).status, 404, "{path}");
    }
    assert_eq!(get(&simulator, "/users/user-1").json()["accounts"], json!([]), "people stay, unlinked");
    let after = get(&simulator, &organization).json();
    let number = |record: &Value, name: &str| record[name].as_u64().expect("a number");
    assert_eq!(number(&after, "accountsCount"), number(&before, "accountsCount") - 1);
    assert_eq!(
        number(&after, "usersCount"),
        number(&before, "usersCount") - u64::try_from(users).expect("few")
    );
}

#[test]
fn an_organization_leaves_its_accounts_behind() {
    let simulator = small();
    let organization = get(&simulator, "/accounts/acct-1").json()["organizationId"].clone();
    let path = format!("/organizations/{}", organization.as_str().expect("an id"));
    assert_eq!(send(&simulator, "DELETE", &path, &Value::Null).status, 204);
    assert_eq!(get(&simulator, "/accounts/acct-1").json()["organizationId"], Value::Null);
    assert_eq!(get(&simulator, "/tasks/task-1").json()["organization"], Value::Null);
}

#[test]
fn users_are_marked_and_purged_or_removed_at_once() {
    let simulator = small();
    let before = get(&simulator, "/users/user-1").json();
    simulator.set_now("2027-01-01T00:00:00Z".parse().expect("a time"));
    assert_eq!(send(&simulator, "DELETE", "/users/user-1?deleteOn=2027-03-01", &Value::Null).status, 204);
    let marked = get(&simulator, "/users/user-1").json();
    assert_eq!(marked["updatedAt"], "2027-01-01T00:00:00.000Z");
    assert_eq!(marked["name"], before["name"]);
    assert_eq!(marked.as_object().map(serde_json::Map::len), before.as_object().map(serde_json::Map::len));
    assert_eq!(send(&simulator, "DELETE", "/users/user-1?deleteOn=soon", &Value::Null).status, 400);
    assert_eq!(simulator.backdoor("POST", "/purge", &json!({})), (200, json!({ "removed": 0 })));
    simulator.set_now("2027-03-02T00:00:00Z".parse().expect("a time"));
    assert_eq!(simulator.backdoor("POST", "/purge", &json!({})), (200, json!({ "removed": 1 })));
    assert_eq!(get(&simulator, "/users/user-1").status, 404);
    simulator.set_switches(Switches { delete_users_at_once: true, ..Switches::default() });
    assert_eq!(send(&simulator, "DELETE", "/users/user-2", &Value::Null).status, 204);
    assert_eq!(get(&simulator, "/users/user-2").status, 404);
}

#[test]
fn custom_fields_of_an_object_are_merged_by_label() {
    let simulator = small();
    let field = |label: &str, kind: &str| json!({ "label": label, "type": kind, "model": "CustomObject" });
    let body = json!({ "name": "risk", "label": "Risk", "writeMode": "writable",
        "customFields": [field("custom-field-label-1", "string")] });
    let made = write(&simulator, "POST", "/customObjects", &body);
    assert_eq!(made["customFields"][0]["path"], "vitally.custom.customFieldLabel1");
    let path = format!("/customObjects/{}", made["id"].as_str().expect("an id"));
    let body =
        json!({ "customFields": [field("custom-field-label-1", "number"), field("Due by", "datetime")] });
    let fields = write(&simulator, "PUT", &path, &body)["customFields"].clone();
    let shown: Vec<(&Value, &Value)> =
        fields.as_array().expect("fields").iter().map(|field| (&field["path"], &field["type"])).collect();
    assert_eq!(
        shown,
        [
            (&json!("vitally.custom.customFieldLabel1"), &json!("number")),
            (&json!("vitally.custom.dueBy"), &json!("datetime"))
        ]
    );
    assert_eq!(fields[0]["id"], made["customFields"][0]["id"]);
}

#[test]
fn meetings_gain_and_lose_participants_and_transcripts() {
    let simulator = small();
    let person = json!({ "email": "guest@elsewhere.example", "type": "attendee" });
    let meeting = write(&simulator, "POST", "/meetings/mtg-1/participants", &person);
    let people = meeting["participants"].as_array().expect("people");
    let added = people.last().expect("a person");
    assert_eq!(added["email"], "guest@elsewhere.example");
    let path = format!("/meetings/mtg-1/participants/{}", added["id"].as_str().expect("an id"));
    assert_eq!(send(&simulator, "DELETE", &path, &Value::Null).status, 204);
    assert_eq!(send(&simulator, "DELETE", &path, &Value::Null).status, 404);
    let two = json!({ "email": "a@b.example", "userId": "user-1", "type": "attendee" });
    assert_eq!(send(&simulator, "POST", "/meetings/mtg-1/participants", &two).status, 400);
    let said = json!({ "transcript": [{ "speaker": { "externalId": "s" }, "sentences": [] }] });
    let id = get(&simulator, "/meetings/mtg-1/transcript").json()["id"].clone();
    let after = write(&simulator, "POST", "/meetings/mtg-1/transcript", &said);
    assert_eq!((&after["id"], &after["transcript"]), (&id, &said["transcript"]), "replaced");
    let body = json!({ "title": "Sync", "externalId": "mtg-9", "participants": [{ "userId": "user-1", "type": "attendee" }] });
    let made = write(&simulator, "POST", "/meetings", &body);
    assert_eq!(made["accounts"][0]["externalId"], "acct-1", "the account follows from the participants");
}
