//! The back door: what people do in the app, the clock, the switches, and what arrived.

use serde_json::{Value, json};
use vitally_script::simulator::{Options, Seen, Simulator};

use crate::support::http::{KEY, basic, exchange, get, id, results, send};

fn small() -> Simulator {
    Simulator::start(Options { accounts: 4, rate_limit: None, ..Options::default() }).expect("a simulator")
}

/// Through HTTP, as other programs use it.
fn door(simulator: &Simulator, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let target = format!("/backdoor{path}");
    let reply =
        exchange(simulator, method, &target, Some(&basic(KEY)), &body.to_string()).expect("an answer");
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
}

#[test]
fn it_asks_for_the_key_and_counts_for_nothing() {
    let simulator = small();
    let reply = exchange(&simulator, "GET", "/backdoor/requests", None, "").expect("an answer");
    assert_eq!(reply.status, 401);
    assert_eq!(door(&simulator, "GET", "/nothing", &Value::Null).0, 404);
    assert_eq!(simulator.requests(), Vec::<Seen>::new());
}

#[test]
fn requests_are_counted_by_verb_and_remembered() {
    let simulator = small();
    get(&simulator, "/accounts?limit=1");
    get(&simulator, "/nothing");
    assert_eq!(simulator.writes(), 0);
    send(&simulator, "PUT", "/accounts/acct-1", &json!({}));
    let (_, seen) = door(&simulator, "GET", "/requests", &Value::Null);
    assert_eq!((&seen["counts"], &seen["writes"]), (&json!({ "GET": 2, "PUT": 1 }), &json!(1)));
    let first = json!({ "method": "GET", "path": "/resources/accounts?limit=1", "status": 200 });
    assert_eq!(seen["requests"][0], first);
    assert_eq!(seen["requests"][1]["status"], 404);
    assert_eq!((simulator.writes(), simulator.counts()["GET"]), (1, 2));
    simulator.forget_requests();
    assert!(simulator.requests().is_empty() && simulator.counts().is_empty());
}

#[test]
fn the_clock_stands_where_it_is_set_and_moves_on_demand() {
    let simulator = small();
    assert_eq!(door(&simulator, "GET", "/clock", &Value::Null).1["standsStill"], false);
    let (_, clock) = door(&simulator, "PUT", "/clock", &json!({ "now": "2030-05-05T05:05:05Z" }));
    assert_eq!(clock, json!({ "now": "2030-05-05T05:05:05.000Z", "standsStill": true }));
    door(&simulator, "PUT", "/clock", &json!({ "advance": 55 }));
    let reply = send(&simulator, "PUT", "/accounts/acct-1", &json!({ "name": "Later" }));
    assert_eq!(reply.json()["updatedAt"], "2030-05-05T05:06:00.000Z");
    assert_eq!(reply.header("date"), Some("Sun, 05 May 2030 05:06:00 GMT"));
    assert_eq!(simulator.now().to_string(), "2030-05-05T05:06:00Z");
    assert_eq!(door(&simulator, "PUT", "/clock", &json!({ "now": "soon" })).0, 400);
    assert_eq!(door(&simulator, "PUT", "/clock", &json!({ "real": true })).1["standsStill"], false);
    assert_ne!(get(&simulator, "/admins").header("date"), Some("Sun, 05 May 2030 05:06:00 GMT"));
}

#[test]
fn switches_are_set_one_by_one() {
    let simulator = small();
    let (_, switches) = door(&simulator, "PUT", "/switches", &json!({ "upsert": false }));
    let expected =
        json!({ "atEnd": true, "upsert": false, "deleteUsersAtOnce": false, "archivedOmittedIsBoth": false });
    assert_eq!(switches, expected);
    assert_eq!(door(&simulator, "GET", "/switches", &Value::Null).1, expected);
    let body = json!({ "externalId": "acct-1", "name": "N" });
    assert_eq!(send(&simulator, "POST", "/accounts", &body).status, 409);
}

#[test]
fn users_are_deactivated_and_projects_completed() {
    let simulator = small();
    assert!(simulator.deactivate_user("user-1") && !simulator.deactivate_user("nobody"));
    let users = results(&simulator, "/users");
    let user = users.iter().find(|user| user["externalId"] == "user-1").expect("still listed");
    assert!(user["deactivatedAt"].is_string());
    let project = results(&simulator, "/projects")[0]["id"].as_str().expect("an id").to_string();
    assert!(simulator.complete_project(&project));
    assert!(get(&simulator, &format!("/projects/{project}")).json()["actualCompletionDate"].is_string());
}

#[test]
fn the_app_makes_what_the_api_cannot() {
    let simulator = small();
    for (name, body, list) in [
        ("/admins", json!({ "name": "New", "email": "new@example.com" }), "/admins"),
        ("/projectTemplates", json!({ "name": "New" }), "/projectTemplates"),
        ("/projectCategories", json!({ "name": "New" }), "/projectCategories"),
        ("/taskCategories", json!({ "name": "New" }), "/taskCategories"),
        ("/noteCategories", json!({ "name": "New" }), "/noteCategories"),
    ] {
        let (status, made) = door(&simulator, "POST", name, &body);
        assert_eq!((status, &made["name"]), (200, &json!("New")), "{name}");
        assert!(results(&simulator, list).iter().any(|one| one["id"] == made["id"]), "{list}");
    }
    assert_eq!(
        door(&simulator, "POST", "/projectStatuses", &json!({ "name": "N", "type": "active" })).0,
        200
    );
    assert_eq!(get(&simulator, "/admins/search?email=NEW@example.com").status, 200);
    let field = json!({ "model": "accounts", "label": "Health note", "options": ["a"] });
    assert_eq!(door(&simulator, "POST", "/customFields", &field).1["path"], "vitally.custom.healthNote");
    let fields = get(&simulator, "/customFields?model=accounts").json();
    assert!(fields.as_array().is_some_and(|all| all.iter().any(|field| field["label"] == "Health note")));
    let health = json!({ "healthScore": 1.5, "breakdown": [] });
    assert_eq!(door(&simulator, "PUT", "/accounts/acct-1/healthScores", &health).0, 204);
    assert_eq!(get(&simulator, "/accounts/acct-1/healthScores").json(), health);
    assert_eq!(get(&simulator, "/accounts/acct-1").json()["healthScore"], 1.5);
    let (_, account) = door(&simulator, "PUT", "/accounts/acct-1", &json!({ "csmId": null }));
    assert_eq!(account["csmId"], Value::Null);
}

#[test]
fn archived_records_come_back() {
    let simulator = small();
    let id = id(&simulator, "/tasks/task-1");
    assert_eq!(door(&simulator, "POST", "/tasks/task-1/restore", &Value::Null).0, 404, "not archived");
    send(&simulator, "DELETE", &format!("/tasks/{id}"), &Value::Null);
    assert_eq!(door(&simulator, "POST", "/tasks/task-1/restore", &Value::Null).1["archivedAt"], Value::Null);
    assert!(results(&simulator, "/tasks").iter().any(|task| task["id"] == id.as_str()));
}

#[test]
fn a_reset_brings_back_the_seeded_tenant() {
    let now = "2026-11-20T10:00:00Z".parse().ok();
    let options = Options { accounts: 4, rate_limit: None, now, ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    let before = get(&simulator, "/accounts").body;
    send(&simulator, "DELETE", "/accounts/acct-1", &Value::Null);
    assert_eq!(door(&simulator, "POST", "/reset", &Value::Null).0, 204);
    assert!(simulator.requests().is_empty());
    assert_eq!(get(&simulator, "/accounts").body, before);
}

#[test]
fn it_listens_on_the_loopback_address_only_and_stops_when_dropped() {
    let simulator = small();
    let origin = simulator.origin();
    let address = origin.strip_prefix("http://").expect("an address").to_string();
    assert!(address.starts_with("127.0.0.1:"));
    let idle = std::net::TcpStream::connect(&address).expect("a connection");
    drop(simulator);
    assert!(std::net::TcpStream::connect(&address).is_err());
    drop(idle);
}

#[test]
fn a_taken_port_is_an_error() {
    let simulator = small();
    let port = simulator.origin().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let second = Simulator::start(Options { port, accounts: 1, ..Options::default() });
    assert_eq!(second.err().map(|error| error.kind()), Some(std::io::ErrorKind::AddrInUse));
}

#[test]
fn the_key_is_not_shown() {
    let shown = format!("{:?}", Options::default());
    assert!(!shown.contains(KEY) && shown.contains("accounts: 40"), "{shown}");
}
