//! Hooks with the real program.

use super::stage::Stage;
use crate::support::tenant_where;
use serde_json::{Value, json};
use vitally_script::simulator::Options;

const PRINTS: &str = "on(\"task_completed\", |task, event| print(`${task.name} ${event.attempt}`));";

#[test]
fn what_happens_after_the_first_look_is_handled_once() {
    let stage = Stage::new(PRINTS);
    assert_eq!(stage.once(), Vec::<String>::new());
    let task = stage.first("/tasks");
    let id = task["id"].as_str().unwrap();
    stage.later(5);
    stage.complete(id);
    assert_eq!(stage.once(), [format!("{} 1", task["name"].as_str().unwrap())]);
    stage.later(60);
    assert_eq!(stage.once(), Vec::<String>::new());
    // Opened again and completed again, it is another happening.
    stage.api("PUT", &format!("/tasks/{id}"), &json!({ "completedAt": null }));
    stage.later(5);
    stage.complete(id);
    assert_eq!(stage.once().len(), 1);
    let states: Vec<Value> = stage.events().into_iter().map(|event| event["state"].clone()).collect();
    assert_eq!(states, ["done", "done"]);
}

#[test]
fn an_edited_or_renamed_script_goes_on_where_it_was() {
    let stage = Stage::new(PRINTS);
    stage.once();
    stage.later(5);
    stage.complete(stage.first("/tasks")["id"].as_str().unwrap());
    stage.script("on(\"task_completed\", |task| print(\"edited\"));");
    std::fs::rename(stage.folder.join("hooks.rhai"), stage.folder.join("other.rhai")).unwrap();
    let ended = stage.run(&["run", "other.rhai", "--once"]);
    assert_eq!(ended.out, "edited\n", "{}", ended.err);
}

#[test]
fn a_new_hook_begins_when_it_is_registered() {
    let stage = Stage::new(PRINTS);
    stage.once();
    stage.later(60);
    stage.complete(stage.first("/tasks")["id"].as_str().unwrap());
    stage.later(60);
    stage.script(&format!("{PRINTS} on(\"task_updated\", |task| print(\"updated\"));"));
    assert_eq!(stage.once().len(), 1, "the new hook got what happened before it");
    // What was before is handled by explicit wish.
    let ended = stage.run(&["run", "hooks.rhai", "--once", "--since", "52w", "-y"]);
    assert!(ended.out.lines().any(|line| line == "updated"), "{}{}", ended.out, ended.err);
}

#[test]
fn the_hooks_own_changes_do_not_fire_it() {
    let stage = Stage::new(
        "on(\"account_updated\", |account| { print(account.name); \
         update_account(account, #{ traits: #{ seen: now().to_string() } }); \
         create_note(#{ note: \"seen\", noteDate: \"2026-11-25\", accountId: account.id }); });",
    );
    stage.once();
    let account = stage.first("/accounts");
    let path = format!("/accounts/{}", account["id"].as_str().unwrap());
    for turn in 0..2 {
        stage.later(60);
        stage.api("PUT", &path, &json!({ "name": format!("Renamed {turn}") }));
        stage.later(1);
        assert_eq!(stage.once(), [format!("Renamed {turn}")]);
        stage.later(60);
        assert_eq!(stage.once(), Vec::<String>::new(), "its own changes came back");
    }
}

#[test]
fn a_second_try_does_not_repeat_what_the_first_one_did() {
    let stage = Stage::new(
        "on(\"task_completed\", |task| { \
         create_note(#{ note: \"well done\", noteDate: \"2026-11-25\", accountId: task.accountId }); \
         update_task(task, #{ name: \"Done: \" + task.name }); \
         if env(\"FAIL\") == \"1\" { throw \"not yet\"; } print(\"handled\"); });",
    );
    stage.once();
    let task = stage.first("/tasks");
    stage.later(5);
    stage.complete(task["id"].as_str().unwrap());
    stage.tenant.forget_requests();
    let failed =
        crate::support::ended(stage.command(&["run", "hooks.rhai", "--once", "-y"]).env("FAIL", "1"));
    assert!(failed.err.contains("not yet"), "{}", failed.err);
    assert_eq!((stage.tenant.writes(), stage.events()[0]["state"].as_str()), (2, Some("retry")));
    let key = stage.events()[0]["key"].as_str().unwrap().to_string();
    let replayed = stage.run(&["events", "replay", &key]);
    assert_eq!(replayed.code, 0, "{}", replayed.err);
    assert_eq!(stage.once(), ["handled"]);
    assert_eq!(stage.tenant.writes(), 2, "a change was sent twice");
    // All of it is one run, which can be taken back.
    let shown = stage.run(&["events", "show", &key]);
    assert!(
        shown.out.contains("create_note a new record: applied") || shown.out.contains("create_note"),
        "{}",
        shown.out
    );
    let runs = stage.run(&["runs", "-o", "json"]);
    let runs: Value = serde_json::from_str(&runs.out).unwrap();
    assert_eq!((runs.as_array().unwrap().len(), &runs[0]["changes"]), (1, &json!(2)), "{runs}");
}

#[test]
fn a_mistake_in_the_function_is_not_tried_again_by_itself() {
    let stage = Stage::new("on(\"task_completed\", |task| print(task.nam));");
    stage.once();
    stage.later(5);
    stage.complete(stage.first("/tasks")["id"].as_str().unwrap());
    let ended = stage.run(&["run", "hooks.rhai", "--once"]);
    assert_eq!(ended.code, 5, "{}", ended.err);
    assert!(ended.err.contains("a task has no field \"nam\""), "{}", ended.err);
    assert!(ended.err.contains("hooks.rhai:1:"), "{}", ended.err);
    let listed = stage.run(&["events", "list"]);
    assert!(
        listed.err.contains("1 dead in \"task_completed\": a task has no field \"nam\""),
        "{}",
        listed.err
    );
    stage.script(PRINTS);
    assert_eq!(stage.run(&["events", "replay"]).err, "1 to be handled once more\n");
    assert_eq!(stage.once().len(), 1);
}

#[test]
fn too_many_events_at_once_are_held_until_they_are_released() {
    let stage = Stage::new("on(\"note_created\", |note| print(\"note\"));");
    stage.once();
    stage.later(5);
    let account = stage.first("/accounts")["id"].clone();
    for number in 0..501 {
        let note = json!({ "note": "n", "noteDate": "2026-11-25", "accountId": account, "externalId": format!("n-{number}") });
        stage.api("POST", "/notes", &note);
    }
    let held = stage.run(&["run", "hooks.rhai", "--once"]);
    assert_eq!((held.code, held.out.as_str()), (0, ""));
    assert!(held.err.contains("501 events of notes came at once, more than 500"), "{}", held.err);
    assert_eq!(stage.run(&["events", "release"]).err, "501 released\n");
    assert_eq!(stage.run(&["run", "hooks.rhai", "--once"]).out.lines().count(), 501);
}

#[test]
fn a_preview_sends_nothing_and_takes_nothing_away() {
    let stage = Stage::new("on(\"task_completed\", |task| { update_task(task, #{ name: \"x\" }); });");
    stage.once();
    stage.later(5);
    stage.complete(stage.first("/tasks")["id"].as_str().unwrap());
    stage.tenant.forget_requests();
    let preview = stage.run(&["run", "hooks.rhai", "--once", "-n"]);
    assert!(preview.err.contains("dry run, nothing was sent: 1 task to be updated"), "{}", preview.err);
    assert_eq!(stage.tenant.writes(), 0);
    stage.once();
    assert_eq!(stage.tenant.writes(), 1);
}

#[test]
fn a_condition_and_the_wanted_fields_decide() {
    let stage = Stage::new(
        "on(\"account_updated\", #{ name: \"plan\", changed: \"traits.plan\" }, |a, e| print(`plan was ${e.before[\"traits.plan\"]}`));\
         on(\"account_updated\", #{ where: |a| a.name == \"Wanted\" }, |a| print(\"wanted\"));",
    );
    let path = format!("/accounts/{}", stage.first("/accounts")["id"].as_str().unwrap());
    stage.api("PUT", &path, &json!({ "traits": { "plan": "basic" } }));
    stage.later(10);
    stage.once();
    stage.later(10);
    stage.api("PUT", &path, &json!({ "traits": { "plan": "gold" } }));
    assert_eq!(stage.once(), ["plan was basic"]);
    stage.later(10);
    stage.api("PUT", &path, &json!({ "name": "Wanted" }));
    assert_eq!(stage.once(), ["wanted"]);
}

#[test]
fn people_in_the_app_are_seen_too() {
    let stage = Stage::new(
        "on(\"user_deactivated\", |user| print(\"deactivated\")); on(\"task_archived\", |task| print(\"archived\")); \
         on(\"task_assigned\", |task| print(\"assigned\"));",
    );
    stage.once();
    stage.later(10);
    let user = stage.first("/users")["id"].as_str().unwrap().to_string();
    assert!(stage.tenant.deactivate_user(&user));
    let tasks = stage.api("GET", "/tasks", &Value::Null)["results"].clone();
    stage.api("DELETE", &format!("/tasks/{}", tasks[0]["id"].as_str().unwrap()), &Value::Null);
    let admins = stage.api("GET", "/admins", &Value::Null)["results"].clone();
    let other =
        admins.as_array().unwrap().iter().find(|admin| admin["id"] != tasks[1]["assignedToId"]).unwrap();
    let path = format!("/tasks/{}", tasks[1]["id"].as_str().unwrap());
    stage.api("PUT", &path, &json!({ "assignedToId": other["id"] }));
    let mut seen = stage.once();
    seen.sort();
    assert_eq!(seen, ["archived", "assigned", "deactivated"]);
}

#[test]
fn a_hook_can_be_tried_with_one_record() {
    let stage = Stage::new(
        "on(\"task_completed\", |task| { update_task(task, #{ name: \"tried\" }); print(task.name); });",
    );
    let task = stage.first("/tasks");
    let id = task["id"].as_str().unwrap();
    let tried = stage.run(&["trigger", "task_completed", "hooks.rhai", "--id", id, "--set", "name=Given"]);
    assert_eq!((tried.code, tried.out.as_str()), (0, "Given\n"), "{}", tried.err);
    assert_eq!(stage.tenant.writes(), 0);
    let live = stage.run(&["trigger", "task_completed", "hooks.rhai", "--id", id, "--live"]);
    assert_eq!((live.code, stage.tenant.writes()), (0, 1), "{}", live.err);
    let none = stage.run(&["trigger", "task_created", "hooks.rhai"]);
    assert!(none.code == 8 && none.err.contains("no hook for task_created"), "{}", none.err);
}

#[test]
fn pollers_say_how_they_are_doing() {
    let stage = Stage::new(PRINTS);
    stage.once();
    let told: Value = serde_json::from_str(&stage.run(&["pollers", "-o", "json"]).out).unwrap();
    let lists: Vec<&str> = told.as_array().unwrap().iter().filter_map(|row| row["list"].as_str()).collect();
    assert_eq!(lists, ["active", "archived"]);
    assert_eq!((&told[0]["object"], &told[0]["overlap"]), (&json!("task"), &json!(300)));
    assert!(told[0]["requests"].as_u64().unwrap() >= 1);
    let listened = stage.run(&["listen", "--once", "--events", "task_completed"]);
    assert_eq!(listened.code, 0, "{}", listened.err);
}

#[test]
fn two_hooks_that_undo_each_other_are_found_out() {
    let tiers = |name: &str, tier: &str| {
        format!(
            "on(\"account_updated\", #{{ name: \"{name}\" }}, |account| \
             {{ update_account(account, #{{ traits: #{{ tier: \"{tier}\" }} }}); }});"
        )
    };
    let stage = Stage::new("");
    std::fs::write(stage.folder.join("gold.rhai"), tiers("to gold", "gold")).unwrap();
    std::fs::write(stage.folder.join("basic.rhai"), tiers("to basic", "basic")).unwrap();
    let look = |script: &str| {
        stage.later(60);
        let ended = stage.run(&["run", script, "--once", "-y"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.err
    };
    look("gold.rhai");
    look("basic.rhai");
    let account = stage.first("/accounts")["id"].as_str().unwrap().to_string();
    stage.later(60);
    stage.api("PUT", &format!("/accounts/{account}"), &json!({ "name": "Renamed" }));
    let said: Vec<String> = (0..3).flat_map(|_| [look("gold.rhai"), look("basic.rhai")]).collect();
    let named = format!(
        "the hooks \"to gold\" and \"to basic\" change traits.tier of account {account} back and forth: each undoes the other"
    );
    let first = said.iter().position(|said| said.contains(&named));
    assert_eq!(first, Some(3), "{said:#?}");
}

#[test]
fn what_comes_into_the_first_custom_object_is_heard() {
    let tenant = tenant_where(Options { accounts: 0, ..Options::default() });
    let stage = Stage::at(tenant, "on(\"custom_object_instance_created\", |made| print(made.name));");
    assert_eq!(stage.once(), Vec::<String>::new());
    stage.later(60);
    let object = json!({ "name": "contract", "label": "Contract", "writeMode": "writable" });
    let object = stage.api("POST", "/customObjects", &object)["id"].as_str().unwrap().to_string();
    let account =
        stage.api("POST", "/accounts", &json!({ "externalId": "acct-1", "name": "Acme" }))["id"].clone();
    let first = json!({ "name": "The first one", "customerId": account });
    stage.api("POST", &format!("/customObjects/{object}/instances"), &first);
    stage.later(60);
    assert_eq!(stage.once(), ["The first one"]);
}
