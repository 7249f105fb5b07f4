//! The seeded tenant holds what the catalogue's examples name, and serves every path the catalogue uses.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vitally_script::catalogue::{self, Method};
use vitally_script::simulator::{Options, SURVEY, Simulator};

use crate::support::http::{get, id, results, send};

fn small() -> Simulator {
    Simulator::start(Options { accounts: 8, rate_limit: None, ..Options::default() }).expect("a simulator")
}

/// The path with ids that exist.
fn filled(simulator: &Simulator, path: &str) -> String {
    let parent = match path.split('/').nth(1) {
        Some("customObjects") => first(simulator, "/customObjects"),
        Some("surveys") => SURVEY.into(),
        Some("conversations") => "thread-1".into(),
        Some("accounts") => "acct-1".into(),
        _ => "org-1".into(),
    };
    let path = path.replace("{parent}", &parent);
    if !path.contains("{id}") {
        return path;
    }
    let own = match path.split('/').nth(1) {
        Some("messages") => {
            let thread = get(simulator, "/conversations/thread-1").json();
            thread["messages"][0]["id"].as_str().expect("a message").into()
        }
        Some("customObjects") if path.contains("instances") => {
            first(simulator, path.trim_end_matches("/{id}"))
        }
        Some("surveyResponses") => response(simulator)["id"].as_str().expect("an id").into(),
        Some("surveyQuestions") => {
            let response = response(simulator);
            response["questionResponses"][0]["questionId"].as_str().expect("an id").to_string()
        }
        Some(name) => first(simulator, &format!("/{name}")),
        None => String::new(),
    };
    path.replace("{id}", &own)
}

fn first(simulator: &Simulator, list: &str) -> String {
    results(simulator, list)[0]["id"].as_str().expect("an id").into()
}

fn response(simulator: &Simulator) -> Value {
    get(simulator, &format!("/surveys/{SURVEY}/responses")).json()["data"][0].clone()
}

#[test]
fn every_action_of_the_catalogue_is_served() {
    let mut seen = BTreeSet::new();
    for (_, action) in catalogue::actions() {
        let simulator = small();
        let mut path = filled(&simulator, action.path);
        if action.exactly_one {
            path.push_str(match action.name {
                "search_admins" => "?email=dana@example.com",
                _ => "?externalId=user-1",
            });
        }
        let body = if action.takes_map() && action.method != Method::Get { json!({}) } else { Value::Null };
        let reply = send(&simulator, action.method.as_str(), &path, &body);
        let expected = match (action.method, action.required.is_empty()) {
            (Method::Post, _) | (Method::Put, false) => 400,
            (Method::Delete, _) => 204,
            _ => 200,
        };
        assert_eq!(reply.status, expected, "{} {path}: {}", action.name, reply.text());
        seen.insert(action.name);
    }
    assert!(seen.len() > 45, "the catalogue has all of the actions: {}", seen.len());
}

#[test]
fn every_list_of_the_catalogue_is_served_with_each_filter_value() {
    let simulator = small();
    for (_, list) in catalogue::lists() {
        if list.name == "custom_fields" {
            continue;
        }
        let within = list.within.iter().map(|(_, path)| *path);
        for path in std::iter::once(list.path).chain(within) {
            let path = filled(&simulator, path);
            assert_eq!(get(&simulator, &path).status, 200, "{path}");
            for filter in list.filters {
                for value in filter.values {
                    let path = format!("{path}?{}={value}", filter.name);
                    assert_eq!(get(&simulator, &path).status, 200, "{path}");
                }
            }
        }
    }
}

#[test]
fn every_model_has_custom_fields() {
    let simulator = small();
    let object = first(&simulator, "/customObjects");
    for model in catalogue::MODELS {
        let path = format!("/customFields?model={model}&customObjectId={object}");
        let fields = get(&simulator, &path).json();
        let labels: Vec<&str> = fields
            .as_array()
            .expect("a bare array")
            .iter()
            .filter_map(|field| field["label"].as_str())
            .collect();
        assert!(!labels.is_empty(), "{model}");
        assert!(labels.is_sorted_by_key(|label| label.to_lowercase()), "{labels:?}");
    }
}

#[test]
fn the_tenant_holds_what_the_examples_name() {
    let simulator = small();
    for path in [
        "/accounts/acct-1",
        "/accounts/acct-2",
        "/organizations/org-1",
        "/organizations/org-2",
        "/users/user-1",
        "/users/user-2",
        "/tasks/task-1",
        "/tasks/task-2",
        "/notes/note-1",
        "/notes/note-2",
        "/npsResponses/nps-1",
        "/npsResponses/nps-2",
        "/conversations/thread-1",
        "/conversations/thread-2",
        "/admins/search?email=dana@example.com",
    ] {
        assert_eq!(get(&simulator, path).status, 200, "{path}");
    }
    for thread in ["thread-1", "thread-2"] {
        let messages = get(&simulator, &format!("/conversations/{thread}")).json()["messages"].clone();
        assert!(messages.as_array().is_some_and(|all| !all.is_empty()), "{thread}");
    }
    for path in ["/accounts/acct-1", "/accounts/acct-2"] {
        assert_eq!(get(&simulator, path).json()["churnedAt"], Value::Null);
    }
    let object = first(&simulator, "/customObjects");
    let found = get(&simulator, &format!("/customObjects/{object}/instances/search?externalId=fr-1")).json();
    assert_eq!(found.as_array().map(Vec::len), Some(1), "fr-1 is in the first custom object");
    let meeting = first(&simulator, "/meetings");
    assert_eq!(get(&simulator, &format!("/meetings/{meeting}/transcript")).status, 200);
}

#[test]
fn answers_have_exactly_the_fields_the_catalogue_lists_as_read() {
    let simulator = small();
    for (name, path) in [
        ("organization", "/organizations/org-1"),
        ("account", "/accounts/acct-1"),
        ("user", "/users/user-1"),
        ("admin", "/admins/search?email=dana@example.com"),
        ("task", "/tasks/task-1"),
        ("note", "/notes/note-1"),
        ("meeting", "/meetings/mtg-1"),
    ] {
        let record = get(&simulator, path).json();
        let keys: BTreeSet<&str> = record.as_object().expect("a record").keys().map(String::as_str).collect();
        let object = catalogue::object(name).expect("a page");
        let listed: BTreeSet<&str> =
            object.fields.iter().filter(|field| field.access.read).map(|field| field.name).collect();
        assert_eq!(keys, listed, "{name}");
    }
}

#[test]
fn the_same_seed_and_time_give_the_same_tenant() {
    let now = "2026-11-20T10:00:00Z".parse().ok();
    let start = |seed| {
        let options = Options { seed, now, accounts: 8, rate_limit: None, ..Options::default() };
        Simulator::start(options).expect("a simulator")
    };
    let (one, two, other) = (start(7), start(7), start(8));
    for path in ["/accounts", "/users", "/tasks", "/conversations", "/meetings"] {
        assert_eq!(get(&one, path).body, get(&two, path).body, "{path}");
    }
    assert_ne!(id(&one, "/accounts/acct-1"), id(&other, "/accounts/acct-1"));
}

#[test]
fn the_default_tenant_is_worth_looking_at() {
    let now = "2026-11-20T10:00:00Z".parse().ok();
    let options = Options { now, rate_limit: None, ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    let accounts = results(&simulator, "/accounts?status=activeOrChurned");
    assert_eq!(accounts.len(), 40);
    let count = |test: &dyn Fn(&Value) -> bool| accounts.iter().filter(|account| test(account)).count();
    let soon = |account: &Value| {
        account["nextRenewalDate"].as_str().is_some_and(|date| ("2026-11-20".."2027-01-20").contains(&date))
    };
    assert!(count(&soon) >= 4, "renewals within two months");
    assert!((2..10).contains(&count(&|account| !account["churnedAt"].is_null())), "some churned");
    assert!(count(&|account| account["healthScore"].is_null()) >= 1, "some without a health score");
    assert!(count(&|account| account["nextRenewalDate"].is_null()) >= 4, "some without a renewal");
    assert!(count(&|account| account["csmId"].is_null()) >= 1, "some without a CSM");
    let names: BTreeSet<String> = accounts.iter().map(|account| account["name"].to_string()).collect();
    assert_eq!(names.len(), 40, "names differ");
    for account in &accounts {
        let key = account["externalId"].as_str().expect("an externalId");
        let users = results(&simulator, &format!("/accounts/{key}/users"));
        assert_eq!(account["usersCount"], users.len(), "{key}");
        assert!((3..=7).contains(&users.len()), "{key}");
    }
}

#[test]
fn payloads_can_be_made_as_large_as_a_real_tenants() {
    let options = Options { accounts: 40, traits: 40, rate_limit: None, ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    let page = get(&simulator, "/accounts?status=activeOrChurned");
    let each = page.body.len() / 40;
    assert!((2500..3100).contains(&each), "{each} bytes an account");
    let traits = page.json()["results"][0]["traits"].as_object().map(serde_json::Map::len);
    assert!(traits.is_some_and(|count| count >= 45), "{traits:?}");
}
