//! Lists: paging, order, envelopes, filters.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use vitally_script::simulator::{Options, SURVEY, Simulator, Switches};

use crate::support::http::{get, id, results, send};

fn small() -> Simulator {
    Simulator::start(Options { accounts: 12, rate_limit: None, ..Options::default() }).expect("a simulator")
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record[name].as_str().unwrap_or_else(|| panic!("{name} of {record}"))
}

/// Every page of a list, and what happens between two pages.
fn walk(simulator: &Simulator, path: &str, mut between: impl FnMut(usize)) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut from = String::new();
    loop {
        let sign = if path.contains('?') { '&' } else { '?' };
        let reply = get(simulator, &format!("{path}{sign}from={from}"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        let page = reply.json();
        pages.push(page["results"].as_array().expect("results").clone());
        assert_eq!(page["atEnd"], json!(page["next"].is_null()), "atEnd says what next says");
        let Some(next) = page["next"].as_str() else { return pages };
        from = next.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        between(pages.len());
    }
}

#[test]
fn pages_are_descending_and_complete_in_both_orders() {
    let simulator = small();
    for (path, key) in [
        ("/users?limit=7", "updatedAt"),
        ("/users?limit=7&sortBy=createdAt", "createdAt"),
        ("/accounts?limit=3&sortBy=updatedAt&status=activeOrChurned", "updatedAt"),
        ("/notes?limit=1&sortBy=createdAt", "createdAt"),
    ] {
        let pages = walk(&simulator, path, |_| {});
        let all: Vec<&Value> = pages.iter().flatten().collect();
        let places: Vec<(&str, &str)> = all.iter().map(|one| (text(one, key), text(one, "id"))).collect();
        assert!(places.windows(2).all(|two| two[0] > two[1]), "{path} is strictly descending");
        assert!(pages.len() > 1 && pages.iter().all(|page| !page.is_empty()), "{path}");
    }
}

#[test]
fn a_walk_by_creation_shows_every_record_once_whatever_is_written_meanwhile() {
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let strategy = (1_usize..9, proptest::collection::vec((0_usize..12, any::<bool>()), 1..20));
    TestRunner::new(config)
        .run(&strategy, |(limit, writes)| {
            let simulator = small();
            let before: Vec<String> = results(&simulator, "/accounts?status=activeOrChurned")
                .iter()
                .map(|account| text(account, "id").to_string())
                .collect();
            let path = format!("/accounts?status=activeOrChurned&sortBy=createdAt&limit={limit}");
            let mut writes = writes.into_iter().cycle();
            let pages = walk(&simulator, &path, |page| {
                let (which, make) = writes.next().expect("an endless list");
                if make {
                    let body = json!({ "externalId": format!("new-{page}"), "name": "New" });
                    assert_eq!(send(&simulator, "POST", "/accounts", &body).status, 200);
                } else {
                    let body = json!({ "traits": { "touched": page } });
                    let path = format!("/accounts/acct-{}", which + 1);
                    assert_eq!(send(&simulator, "PUT", &path, &body).status, 200);
                }
            });
            let mut times = BTreeMap::new();
            for account in pages.iter().flatten() {
                *times.entry(text(account, "id").to_string()).or_insert(0) += 1;
            }
            prop_assert!(before.iter().all(|id| times.get(id) == Some(&1)));
            Ok(())
        })
        .expect("every record once");
}

#[test]
fn a_walk_by_change_can_miss_what_was_touched_meanwhile_and_an_inclusive_one_sees_it_in_front() {
    let simulator = small();
    let last = results(&simulator, "/accounts").pop().expect("an account");
    let path = format!("/accounts/{}", text(&last, "id"));
    let mut touched = false;
    let pages = walk(&simulator, "/accounts?limit=4", |_| {
        if !touched {
            assert_eq!(send(&simulator, "PUT", &path, &json!({ "name": "Touched" })).status, 200);
            touched = true;
        }
    });
    assert!(
        pages.iter().flatten().all(|account| account["id"] != last["id"]),
        "it moved ahead of the cursor"
    );
    assert_eq!(results(&simulator, "/accounts?limit=1")[0]["id"], last["id"]);
}

#[test]
fn records_of_one_millisecond_are_all_listed() {
    let now = "2026-11-20T10:00:00Z".parse().ok();
    let options = Options { accounts: 3, rate_limit: None, now, ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    for n in 0..9 {
        let body = json!({ "externalId": format!("same-{n}"), "name": "Same" });
        assert_eq!(send(&simulator, "POST", "/accounts", &body).status, 200);
    }
    let pages = walk(&simulator, "/accounts?limit=2&sortBy=createdAt", |_| {});
    let same = pages.iter().flatten().filter(|one| one["createdAt"] == "2026-11-20T10:00:00.000Z").count();
    assert_eq!(same, 9);
}

#[test]
fn parameters_are_judged() {
    let simulator = small();
    for (path, status) in [
        ("/users?limit=1000", 200),
        ("/users?limit=1", 200),
        ("/users?from=", 200),
        ("/users?status=nonsense&whatever=1", 200),
        ("/tasks?status=done", 200),
        ("/users?limit=0", 400),
        ("/users?limit=-1", 400),
        ("/users?limit=ten", 400),
        ("/users?from=garbage", 400),
        ("/users?sortBy=name", 400),
        ("/accounts?status=nonsense", 400),
        ("/tasks?archived=maybe", 400),
        ("/npsResponses?target=nobody", 400),
        ("/npsResponses?target=organizations", 200),
        ("/customFields?model=nothing", 400),
        ("/customFields?model=customObjects", 400),
    ] {
        assert_eq!(get(&simulator, path).status, status, "{path}");
    }
    let options = Options { accounts: 30, rate_limit: None, ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    assert_eq!(results(&simulator, "/users").len(), 100, "100 is the default");
    assert_eq!(results(&simulator, "/users?limit=1000").len(), 100, "and the maximum");
}

#[test]
fn envelopes_differ_where_the_service_differs() {
    let simulator = small();
    let keys = |path: &str| match get(&simulator, path).json() {
        Value::Object(fields) => fields.keys().cloned().collect::<Vec<_>>().join(" "),
        Value::Array(_) => "array".into(),
        _ => "other".into(),
    };
    let object = text(&results(&simulator, "/customObjects")[0], "id").to_string();
    let response =
        text(&get(&simulator, &format!("/surveys/{SURVEY}/responses")).json()["data"][0], "id").to_string();
    for (path, expected) in [
        ("/accounts".to_string(), "results next atEnd"),
        ("/users/search?email=nobody@nowhere.example".into(), "results"),
        ("/admins/search?email=dana@example.com".into(), "id name email licenseStatus"),
        (format!("/customObjects/{object}/instances/search?externalId=fr-1"), "array"),
        (format!("/customObjects/{object}/instances/search?externalId=none"), "array"),
        ("/customFields?model=accounts".into(), "array"),
        (format!("/surveys/{SURVEY}/responses"), "data next"),
        (format!("/surveyResponses/{response}"), "data"),
    ] {
        assert_eq!(keys(&path), expected, "{path}");
    }
    let list = results(&simulator, "/conversations");
    let summary: Vec<&String> = list[0].as_object().expect("a summary").keys().collect();
    assert_eq!(
        summary,
        ["id", "createdAt", "updatedAt", "externalId", "subject", "status", "rating", "source", "traits"]
    );
}

#[test]
fn at_end_can_be_left_out() {
    let simulator = small();
    simulator.set_switches(Switches { at_end: false, ..Switches::default() });
    let page = get(&simulator, "/accounts").json();
    assert_eq!((page.get("atEnd"), &page["next"]), (None, &Value::Null));
}

#[test]
fn accounts_are_listed_by_status() {
    let simulator = small();
    let churned = results(&simulator, "/accounts?status=churned");
    let active = results(&simulator, "/accounts?status=active");
    assert!(churned.iter().all(|account| !account["churnedAt"].is_null()) && !churned.is_empty());
    assert!(active.iter().all(|account| account["churnedAt"].is_null()));
    assert_eq!(results(&simulator, "/accounts").len(), active.len());
    assert_eq!(results(&simulator, "/accounts?status=activeOrChurned").len(), active.len() + churned.len());
}

#[test]
fn archived_records_are_listed_on_request() {
    let simulator = small();
    let id = id(&simulator, "/notes/note-1");
    assert_eq!(send(&simulator, "DELETE", &format!("/notes/{id}"), &Value::Null).status, 204);
    let listed = |path: &str| results(&simulator, path).iter().any(|note| note["id"] == id.as_str());
    for (query, shown) in [("", false), ("?archived=false", false), ("?archived=true", true)] {
        assert_eq!(listed(&format!("/notes{query}")), shown, "{query}");
        assert_eq!(listed(&format!("/accounts/acct-1/notes{query}")), shown, "{query} below the account");
    }
    simulator.set_switches(Switches { archived_omitted_is_both: true, ..Switches::default() });
    assert!(listed("/notes"), "the other reading");
    assert!(!listed("/notes?archived=false"));
    let archived = get(&simulator, &format!("/notes/{id}")).json();
    // Both are taken from the running clock, one right after the other.
    assert!(archived["archivedAt"].is_string(), "a single read still works");
    assert_ne!(archived["updatedAt"], archived["createdAt"], "updatedAt moved");
}

#[test]
fn sub_lists_hold_what_belongs_to_the_parent() {
    let simulator = small();
    let account = get(&simulator, "/accounts/acct-1").json();
    let organization = text(&account, "organizationId");
    let ids = |path: &str| -> Vec<String> {
        results(&simulator, path).iter().map(|one| text(one, "id").to_string()).collect()
    };
    for name in ["users", "tasks", "notes", "projects", "npsResponses", "conversations", "meetings"] {
        let own = ids(&format!("/accounts/acct-1/{name}"));
        let above = ids(&format!("/organizations/{organization}/{name}"));
        assert!(!own.is_empty() && own.iter().all(|id| above.contains(id)), "{name}");
        assert!(ids(&format!("/{name}")).len() > own.len(), "{name}");
    }
    assert!(ids(&format!("/organizations/{organization}/accounts")).contains(&text(&account, "id").into()));
    assert_eq!(get(&simulator, "/accounts/nobody/users").status, 404);
    assert_eq!(
        send(&simulator, "POST", "/accounts/acct-1/notes", &json!({})).status,
        404,
        "lists are read only"
    );
}

#[test]
fn nps_responses_are_listed_by_whose_users_answered() {
    let simulator = small();
    for response in results(&simulator, "/npsResponses?target=organization") {
        let user = get(&simulator, &format!("/users/{}", text(&response, "userId"))).json();
        assert_eq!(user["accounts"], json!([]));
    }
    for response in results(&simulator, "/npsResponses") {
        let user = get(&simulator, &format!("/users/{}", text(&response, "userId"))).json();
        assert_ne!(user["accounts"], json!([]));
    }
}

#[test]
fn tasks_are_filtered_by_source_in_any_case() {
    let simulator = small();
    let found = results(&simulator, "/tasks?source=HubSpot");
    assert!(!found.is_empty() && found.iter().all(|task| task["source"] == "hubspot"));
    assert_eq!(results(&simulator, "/tasks?source=nobody"), Vec::<Value>::new());
}

#[test]
fn templates_are_filtered_by_category() {
    let simulator = small();
    let all = results(&simulator, "/projectTemplates");
    let category = text(&all[0], "projectCategoryId");
    let some = results(&simulator, &format!("/projectTemplates?categoryId={category}"));
    assert!(some.len() < all.len() && some.iter().all(|one| one["projectCategoryId"] == category));
}
