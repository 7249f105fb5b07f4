//! The hooks of the cookbook do what they say.

use super::stage::Stage;
use serde_json::{Value, json};

fn stage(name: &str) -> Stage {
    let stage = Stage::new(&std::fs::read_to_string(format!("scripts/{name}.rhai")).unwrap());
    assert_eq!(stage.once(), Vec::<String>::new());
    stage.later(10);
    stage
}

/// The names of tasks, or the subjects of notes, of an account.
fn named(stage: &Stage, account: &str, list: &str, key: &str) -> Vec<String> {
    let found = stage.api("GET", &format!("/accounts/{account}/{list}"), &Value::Null)["results"].clone();
    found.as_array().unwrap().iter().filter_map(|record| Some(record[key].as_str()?.to_string())).collect()
}

#[test]
fn a_completed_task_leaves_a_note_and_the_next_task() {
    let stage = stage("hook_completed");
    let account = stage.first("/accounts")["id"].as_str().unwrap().to_string();
    let task = stage.api("POST", "/tasks", &json!({ "name": "Kick-off call", "accountId": account }));
    stage.later(10);
    stage.complete(task["id"].as_str().unwrap());
    assert_eq!(stage.once(), ["done: Kick-off call"]);
    assert!(named(&stage, &account, "notes", "subject").contains(&"Done: Kick-off call".to_string()));
    assert!(named(&stage, &account, "tasks", "name").contains(&"Import the data".to_string()));
}

#[test]
fn a_churned_account_starts_a_win_back_once_and_comes_back() {
    let stage = stage("hook_churned");
    let account = stage.first("/accounts");
    let (id, name) = (account["id"].as_str().unwrap(), account["name"].as_str().unwrap());
    let churned = |value: Value| {
        stage.later(60);
        stage.api("PUT", &format!("/accounts/{id}"), &json!({ "traits": { "churnedAt": value } }));
    };
    churned("2026-11-25T09:00:00.000Z".into());
    assert_eq!(stage.once(), [format!("churned: {name}")]);
    assert_eq!(stage.once(), Vec::<String>::new());
    let tasks = named(&stage, id, "tasks", "name");
    assert_eq!(tasks.iter().filter(|task| **task == format!("Win back: {name}")).count(), 1);
    churned(Value::Null);
    assert_eq!(stage.once(), [format!("back: {name}")]);
}

#[test]
fn a_detractor_is_called_back_and_a_promoter_is_not() {
    let stage = stage("hook_detractor");
    let users = stage.api("GET", "/users", &Value::Null)["results"].clone();
    let user = users.as_array().unwrap().iter().find(|user| user["accounts"][0]["id"].is_string()).unwrap();
    for score in [3, 9] {
        let response =
            json!({ "userId": user["id"], "score": score, "respondedAt": "2026-11-25T09:00:00.000Z" });
        stage.api("POST", "/npsResponses", &response);
        stage.later(10);
    }
    assert_eq!(stage.once(), [format!("call back: {}", user["name"].as_str().unwrap())]);
}

#[test]
fn a_user_who_left_is_missed_at_the_account() {
    let stage = stage("hook_user_left");
    let users = stage.api("GET", "/users", &Value::Null)["results"].clone();
    let user = users.as_array().unwrap().iter().find(|user| user["accounts"][0]["id"].is_string()).unwrap();
    assert!(stage.tenant.deactivate_user(user["id"].as_str().unwrap()));
    let printed = stage.once();
    assert_eq!(printed.len(), user["accounts"].as_array().unwrap().len());
    assert!(printed[0].ends_with(&format!("lost {}", user["name"].as_str().unwrap())));
}
