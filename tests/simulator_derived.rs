//! Fields that follow from other fields or records.

use serde_json::{Value, json};
use vitally_script::simulator::{Options, Simulator};

use crate::support::http::{get, id, results, send};

const NOON: &str = "2026-11-20T12:00:00.000Z";

/// A tenant whose clock stands at noon.
fn at_noon() -> Simulator {
    let now = NOON.parse().ok();
    let options = Options { accounts: 6, rate_limit: None, now, ..Options::default() };
    Simulator::start(options).expect("a simulator")
}

fn write(simulator: &Simulator, method: &str, path: &str, body: &Value) -> Value {
    let reply = send(simulator, method, path, body);
    assert_eq!(reply.status, 200, "{method} {path}: {}", reply.text());
    reply.json()
}

#[test]
fn four_fields_are_views_of_traits() {
    let simulator = at_noon();
    for path in ["/accounts/acct-1", "/organizations/org-1"] {
        let put = |traits: Value| write(&simulator, "PUT", path, &json!({ "traits": traits }));
        let after =
            put(json!({ "mrr": 99.5, "nextRenewalDate": "2027-01-01", "churnedAt": 1_712_349_466_167_i64,
            "trialEndDate": "2027-02-01T10:00:00+01:00" }));
        for (field, value) in [
            ("mrr", json!(99.5)),
            ("nextRenewalDate", json!("2027-01-01T00:00:00.000Z")),
            ("churnedAt", json!("2024-04-05T20:37:46.167Z")),
            ("trialEndDate", json!("2027-02-01T09:00:00.000Z")),
        ] {
            assert_eq!(after[field], value, "{path} {field}");
        }
        let after = put(json!({ "churnedAt": null, "mrr": null }));
        assert_eq!((&after["churnedAt"], &after["mrr"]), (&Value::Null, &Value::Null));
    }
    write(&simulator, "PUT", "/accounts/acct-1", &json!({ "traits": { "churnedAt": NOON } }));
    let listed = |status: &str| {
        let all = results(&simulator, &format!("/accounts?status={status}"));
        all.iter().any(|account| account["externalId"] == "acct-1")
    };
    assert!(listed("churned") && !listed("active"));
}

#[test]
fn a_new_user_or_note_touches_the_account() {
    let simulator = at_noon();
    let account = get(&simulator, "/accounts/acct-1").json();
    simulator.advance(std::time::Duration::from_secs(60));
    let body = json!({ "externalId": "u", "accountIds": [account["id"]] });
    let user = write(&simulator, "POST", "/users", &body);
    assert_eq!(user["firstKnown"], user["createdAt"]);
    assert_eq!(user["joinDate"], user["createdAt"]);
    let after = get(&simulator, "/accounts/acct-1").json();
    assert_eq!(after["updatedAt"], "2026-11-20T12:01:00.000Z");
    assert_eq!(after["usersCount"].as_u64(), account["usersCount"].as_u64().map(|count| count + 1));
    simulator.advance(std::time::Duration::from_secs(60));
    let note = json!({ "note": "n", "noteDate": NOON, "accountId": account["id"] });
    write(&simulator, "POST", "/notes", &note);
    assert_eq!(get(&simulator, "/accounts/acct-1").json()["updatedAt"], "2026-11-20T12:02:00.000Z");
}

#[test]
fn links_of_a_user_are_only_added() {
    let simulator = at_noon();
    let (one, two) = (id(&simulator, "/accounts/acct-1"), id(&simulator, "/accounts/acct-2"));
    let user = write(&simulator, "PUT", "/users/user-1", &json!({ "accountIds": [two] }));
    let linked: Vec<&Value> =
        user["accounts"].as_array().expect("accounts").iter().map(|account| &account["id"]).collect();
    assert_eq!(linked, [&json!(one), &json!(two)]);
    assert_eq!(user.get("accountIds"), None);
    let there = results(&simulator, "/accounts/acct-2/npsResponses");
    assert!(there.iter().any(|response| response["userId"] == user["id"]), "their responses come along");
}

#[test]
fn embedded_parents_are_cut_as_the_service_cuts_them() {
    let simulator = at_noon();
    let account = get(&simulator, "/accounts/acct-1").json();
    assert!(account.get("segments").is_some() && account.get("keyRoles").is_some());
    let user = get(&simulator, "/users/user-1").json();
    let inside = &user["accounts"][0];
    assert_eq!((inside.get("segments"), inside.get("keyRoles")), (account.get("segments"), None));
    for path in ["/notes/note-1", "/tasks/task-1"] {
        let inside = get(&simulator, path).json()["account"].clone();
        assert_eq!((inside.get("segments"), inside.get("keyRoles")), (None, None), "{path}");
        assert_eq!(inside["traits"], account["traits"], "{path}");
    }
}

#[test]
fn a_task_gets_the_organization_of_its_account() {
    let simulator = at_noon();
    let account = get(&simulator, "/accounts/acct-1").json();
    let body = json!({ "name": "Call", "accountId": account["id"] });
    let task = write(&simulator, "POST", "/tasks", &body);
    assert_eq!(task["organizationId"], account["organizationId"]);
    assert_eq!(task["organization"]["id"], account["organizationId"]);
    assert_eq!((&task["assignedTo"], &task["source"]), (&Value::Null, &Value::Null), "nulls are explicit");
}

#[test]
fn an_account_moves_with_all_it_has() {
    let simulator = at_noon();
    let body = json!({ "organizationId": "org-3" });
    let account = write(&simulator, "PUT", "/accounts/acct-1", &body);
    assert_eq!(account["organizationId"], id(&simulator, "/organizations/org-3"), "by externalId too");
    let users = results(&simulator, "/organizations/org-3/users");
    assert!(users.iter().any(|user| user["externalId"] == "user-1"));
    let organization = get(&simulator, "/organizations/org-3").json();
    let count = |path: &str| results(&simulator, path).len();
    assert_eq!(organization["usersCount"], count("/organizations/org-3/users"));
    assert_eq!(organization["accountsCount"], count("/organizations/org-3/accounts"));
    let gone = write(&simulator, "PUT", "/accounts/acct-1", &json!({ "organizationId": null }));
    assert_eq!(gone["organizationId"], Value::Null);
    assert!(
        !results(&simulator, "/organizations/org-3/users").iter().any(|user| user["externalId"] == "user-1")
    );
}

#[test]
fn nps_fields_follow_the_latest_response() {
    let simulator = at_noon();
    let account = json!([id(&simulator, "/accounts/acct-2")]);
    for old in results(&simulator, "/accounts/acct-2/npsResponses") {
        let path = format!("/npsResponses/{}", old["id"].as_str().expect("an id"));
        assert_eq!(send(&simulator, "DELETE", &path, &Value::Null).status, 204);
    }
    for (key, score) in [("d", 6), ("p", 8), ("q", 9)] {
        let user = write(&simulator, "POST", "/users", &json!({ "externalId": key, "accountIds": account }));
        let body = json!({ "externalId": key, "userId": user["id"], "score": score, "respondedAt": NOON });
        write(&simulator, "POST", "/npsResponses", &body);
    }
    let counters = |simulator: &Simulator| {
        let account = get(simulator, "/accounts/acct-2").json();
        ["npsDetractorCount", "npsPassiveCount", "npsPromoterCount", "npsScore"]
            .map(|name| account[name].clone())
    };
    assert_eq!(counters(&simulator), [json!(1), json!(1), json!(1), json!(0)]);
    let user = id(&simulator, "/users/d");
    let later = json!({ "userId": user, "score": 10, "respondedAt": "2026-11-21", "feedback": "Better" });
    write(&simulator, "POST", "/npsResponses", &later);
    assert_eq!(counters(&simulator), [json!(0), json!(1), json!(2), json!(66.7)]);
    let seen = get(&simulator, "/users/d").json();
    assert_eq!((&seen["npsLastScore"], &seen["npsLastFeedback"]), (&json!(10), &json!("Better")));
    assert_eq!(seen["npsLastRespondedAt"], "2026-11-21T00:00:00.000Z");
}

#[test]
fn messages_know_their_direction_and_move_the_last_times() {
    let simulator = at_noon();
    let admin = json!({ "type": "admin", "id": results(&simulator, "/admins")[0]["id"] });
    let user = json!({ "type": "user", "id": id(&simulator, "/users/user-1") });
    let send = |key: &str, from: &Value, to: &Value, at: &str| {
        let body =
            json!({ "externalId": key, "message": "<h1>x</h1>", "from": from, "to": [to], "timestamp": at });
        write(&simulator, "POST", "/conversations/thread-1/messages", &body)
    };
    let inbound = send("in", &user, &admin, "2026-11-20T13:00:00Z");
    let outbound = send("out", &admin, &user, "2026-11-20T14:00:00Z");
    assert_eq!((&inbound["type"], &outbound["type"]), (&json!("inbound"), &json!("outbound")));
    assert_eq!((&inbound["cc"], &inbound["message"]), (&json!([]), &json!("<h1>x</h1>")));
    for path in ["/users/user-1", "/accounts/acct-1"] {
        let record = get(&simulator, path).json();
        assert_eq!(record["lastInboundMessageTimestamp"], "2026-11-20T13:00:00.000Z", "{path}");
        assert_eq!(record["lastOutboundMessageTimestamp"], "2026-11-20T14:00:00.000Z", "{path}");
    }
    let thread = get(&simulator, "/conversations/thread-1").json();
    assert_eq!(thread["updatedAt"], NOON);
    assert_eq!(thread["messages"].as_array().map(Vec::len), Some(4));
}

#[test]
fn messages_of_a_conversation_are_matched_by_external_id() {
    let simulator = at_noon();
    let before = get(&simulator, "/conversations/thread-1").json()["messages"].clone();
    let admin = json!({ "type": "admin", "id": results(&simulator, "/admins")[0]["id"] });
    let message = |key: &str| json!({ "externalId": key, "message": "New", "from": admin, "to": [] });
    let body = json!({ "messages": [message("message-1-1"), message("fresh")] });
    let after = write(&simulator, "PUT", "/conversations/thread-1", &body)["messages"].clone();
    let texts: Vec<&str> =
        after.as_array().expect("messages").iter().filter_map(|one| one["message"].as_str()).collect();
    assert_eq!(after.as_array().map(Vec::len), Some(3));
    assert_eq!(texts.iter().filter(|text| **text == "New").count(), 2);
    let known =
        |key: &str| before.as_array().expect("messages").iter().find(|one| one["externalId"] == key).cloned();
    let kept = known("message-1-2").expect("the other one");
    assert!(after.as_array().expect("messages").contains(&kept), "others are kept");
}

#[test]
fn a_project_comes_from_its_template_and_counts_its_days() {
    let simulator = at_noon();
    let template = results(&simulator, "/projectTemplates").remove(0);
    let body = json!({ "templateId": template["id"], "customerId": id(&simulator, "/accounts/acct-1") });
    let project = write(&simulator, "POST", "/projects", &body);
    assert_eq!(project["name"], template["projectName"]);
    assert_eq!(project["projectCategoryId"], template["projectCategoryId"]);
    assert_eq!(project["accountId"], id(&simulator, "/accounts/acct-1"), "customerId is accepted");
    assert_eq!((&project["durationInDays"], project.get("templateId")), (&json!(0), None));
    simulator.advance(std::time::Duration::from_secs(3 * 86_400));
    let key = project["id"].as_str().expect("an id");
    let path = format!("/projects/{key}");
    assert_eq!(get(&simulator, &path).json()["durationInDays"], 3);
    assert!(simulator.complete_project(key));
    simulator.advance(std::time::Duration::from_secs(10 * 86_400));
    let done = get(&simulator, &path).json();
    assert_eq!(done["actualCompletionDate"], "2026-11-23");
    assert_ne!(done["projectStatusId"], project["projectStatusId"]);
    assert_eq!(done["durationInDays"], 3, "it stops counting");
}

#[test]
fn unsubscribing_is_dated() {
    let simulator = at_noon();
    let put = |on: bool| {
        let body = json!({ "unsubscribedFromConversations": on });
        write(&simulator, "PUT", "/users/user-1", &body)["unsubscribedFromConversationsAt"].clone()
    };
    assert_eq!((put(true), put(false)), (json!(NOON), Value::Null));
}
