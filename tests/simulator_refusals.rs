//! What the simulator refuses, and in which words.

use serde_json::{Value, json};
use vitally_script::simulator::{Options, Simulator};

use crate::support::http::{KEY, basic, exchange, get, id, results, send};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn small() -> Simulator {
    Simulator::start(Options { accounts: 6, rate_limit: None, ..Options::default() }).expect("a simulator")
}

#[test]
fn only_the_key_with_an_empty_password_is_accepted() {
    let simulator = small();
    let ask = |header: Option<&str>| {
        let reply = exchange(&simulator, "GET", "/resources/accounts", header, "").expect("an answer");
        assert!(reply.header("ratelimit-limit").is_some(), "rate headers are on every answer");
        (reply.status, reply.text())
    };
    let missing = r#"{"error":"Authorization header not present."}"#;
    assert_eq!(ask(None), (401, missing.into()));
    assert_eq!(ask(Some(&basic(KEY))).0, 200);
    for wrong in
        [basic("sk_live_other"), basic(&format!("{KEY}:secret")), format!("Bearer {KEY}"), "Basic !".into()]
    {
        let (status, text) = ask(Some(&wrong));
        assert_eq!((status, text.as_str()), (401, r#"{"error":"Invalid API key."}"#), "{wrong}");
    }
}

#[test]
fn ids_and_unknown_records_are_told_apart() {
    let simulator = small();
    let object = results(&simulator, "/customObjects")[0]["id"].as_str().expect("an id").to_string();
    let uuid = r#"{"error":"Given ID expected to be a UUID"}"#;
    let none = r#"{"error":"Not found"}"#;
    for (method, path, status, text) in [
        ("GET", "/accounts/nobody".to_string(), 404, none),
        ("GET", format!("/accounts/{NOBODY}"), 404, none),
        ("GET", "/projects/nobody".into(), 400, uuid),
        ("GET", format!("/projects/{NOBODY}"), 404, none),
        ("DELETE", "/tasks/task-1".into(), 400, uuid),
        ("DELETE", format!("/tasks/{NOBODY}"), 404, none),
        ("DELETE", "/messages/message-1-1".into(), 400, uuid),
        ("GET", "/customObjects/featureRequest".into(), 400, uuid),
        ("GET", format!("/customObjects/{object}/instances/search?id=fr-1"), 400, uuid),
        ("PUT", format!("/customObjects/{object}/instances/fr-1"), 400, uuid),
        ("GET", format!("/customObjects/{object}/instances/{NOBODY}"), 404, none),
        ("GET", "/surveys/mine/responses".into(), 400, uuid),
        ("GET", "/admins/search?email=nobody@example.com".into(), 404, none),
        ("GET", "/nothing".into(), 404, none),
        ("PATCH", "/accounts/acct-1".into(), 404, none),
        ("POST", "/admins".into(), 404, none),
    ] {
        let reply = send(&simulator, method, &path, &Value::Null);
        assert_eq!((reply.status, reply.text().as_str()), (status, text), "{method} {path}");
    }
}

#[test]
fn a_wrong_type_is_reported_in_the_services_own_form() {
    let simulator = small();
    let reply = send(&simulator, "POST", "/accounts", &json!({ "externalId": 7, "name": "Seven" }));
    let expected = json!({ "error": { "message": "validation failed", "errors": [{
        "instancePath": "/externalId", "schemaPath": "#/properties/externalId/type", "keyword": "type",
        "params": { "type": "string" }, "message": "must be string",
    }] } });
    assert_eq!((reply.status, reply.json()), (400, expected));
    let reply = send(&simulator, "POST", "/accounts", &json!({ "externalId": "seven" }));
    let expected = json!({ "error": { "message": "validation failed", "errors": [{
        "instancePath": "", "schemaPath": "#/required", "keyword": "required",
        "params": { "missingProperty": "name" }, "message": "must have required property 'name'",
    }] } });
    assert_eq!((reply.status, reply.json()), (400, expected));
}

#[test]
fn bodies_are_judged() {
    let simulator = small();
    let account = id(&simulator, "/accounts/acct-1");
    let user = id(&simulator, "/users/user-1");
    let message =
        json!({ "externalId": "m", "message": "Hi", "from": { "type": "robot", "id": "x" }, "to": [] });
    for (method, path, body, word) in [
        ("POST", "/users", json!({ "externalId": "u" }), "accountIds"),
        ("POST", "/users", json!({ "externalId": "u", "accountIds": [] }), "accountIds"),
        ("POST", "/users", json!({ "externalId": "u", "accountIds": ["acct-1"] }), "UUID"),
        ("POST", "/users", json!({ "externalId": "u", "accountIds": [NOBODY] }), "no account"),
        ("POST", "/tasks", json!({ "name": "x" }), "accountId"),
        ("POST", "/tasks", json!({ "name": "x", "accountId": account, "dueDate": "soon" }), "date"),
        ("POST", "/tasks", json!({ "name": "x", "accountId": account, "tags": "a" }), "must be array"),
        ("POST", "/tasks", json!({ "name": "x", "accountId": account, "tags": [1] }), "/tags/0"),
        ("POST", "/notes", json!({ "note": "x", "accountId": account }), "noteDate"),
        ("PUT", "/notes/note-1", json!({ "note": null }), "must be string"),
        ("PUT", "/notes/note-1", json!({ "authorId": NOBODY }), "no admin"),
        ("PUT", "/accounts/acct-1", json!({ "accountOwnerId": user }), "must be null"),
        ("PUT", "/accounts/acct-1", json!({ "organizationId": "org-none" }), "no organization"),
        ("PUT", "/accounts/acct-1", json!({ "traits": "gold" }), "must be object"),
        ("PUT", "/users/user-1", json!({ "unsubscribedFromConversations": "yes" }), "must be boolean"),
        (
            "POST",
            "/npsResponses",
            json!({ "userId": user, "respondedAt": "2026-01-01", "score": 11 }),
            "<= 10",
        ),
        ("PUT", "/npsResponses/nps-1", json!({ "score": 3 }), "respondedAt"),
        ("POST", "/projects", json!({ "templateId": NOBODY, "accountId": account }), "no project template"),
        ("POST", "/projects", json!({ "accountId": account }), "templateId"),
        ("POST", "/conversations", json!({ "externalId": "t" }), "subject"),
        ("POST", "/conversations", json!({ "subject": "t", "messages": [message] }), "allowed values"),
        ("POST", "/customObjects", json!({ "name": "n", "label": "l", "writeMode": "no" }), "allowed values"),
        ("POST", "/meetings", json!({ "title": "t", "externalId": "e", "participants": [] }), "participants"),
    ] {
        let reply = send(&simulator, method, path, &body);
        assert_eq!(reply.status, 400, "{method} {path} {body}: {}", reply.text());
        assert!(reply.text().contains(word), "{method} {path} {body}: {}", reply.text());
    }
    for text in ["{", "[]", "", "\"text\""] {
        let reply = exchange(&simulator, "POST", "/resources/accounts", Some(&basic(KEY)), text);
        let reply = reply.expect("an answer");
        assert_eq!(reply.status, 400, "{text}");
        assert!(reply.text().contains("JSON"), "{}", reply.text());
    }
}

#[test]
fn unknown_fields_are_ignored() {
    let simulator = small();
    let body = json!({ "colour": "red", "id": NOBODY, "healthScore": 1, "createdAt": "2020-01-01" });
    let before = get(&simulator, "/accounts/acct-1").json();
    let after = send(&simulator, "PUT", "/accounts/acct-1", &body).json();
    for name in ["id", "healthScore", "createdAt"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    assert_eq!(after.get("colour"), None);
}

#[test]
fn tasks_and_notes_of_an_integration_are_found_by_external_id_only_with_their_source() {
    let simulator = small();
    let task = results(&simulator, "/tasks?source=hubspot").remove(0);
    let key = task["externalId"].as_str().expect("an externalId");
    for (path, status) in [
        (format!("/tasks/{key}"), 404),
        (format!("/tasks/{key}?source=intercom"), 404),
        (format!("/tasks/{key}?source=HUBSPOT"), 200),
        ("/tasks/task-1".into(), 200),
        ("/tasks/task-1?source=hubspot".into(), 200),
    ] {
        assert_eq!(get(&simulator, &path).status, status, "{path}");
    }
}

#[test]
fn noise_on_the_wire_hurts_nobody() {
    let simulator = small();
    for noise in
        [&b"\x16\x03\x01\x02\x00\x01"[..], b"GET\r\n\r\n", b"GET /%ff%fe?%ff HTTP/1.1\r\n\r\n", b"\r\n\r\n"]
    {
        let origin = simulator.origin();
        let mut stream =
            std::net::TcpStream::connect(origin.trim_start_matches("http://")).expect("a socket");
        std::io::Write::write_all(&mut stream, noise).expect("the noise goes out");
        assert_eq!(get(&simulator, "/admins").status, 200);
    }
    let odd = "/accounts/%00%ff%2f..%2f";
    assert_eq!(get(&simulator, odd).status, 404);
}
