//! The real program, killed again and again at any moment while Vitally answers badly: nothing may be lost, and no
//! note may be written twice.

use super::stage::Stage;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::Duration;
use vitally_script::simulator::{Effect, Fault};

const SCRIPT: &str = "on(\"task_completed\", #{ every: \"1s\" }, |task| { \
    create_note(#{ note: \"done \" + task.id, noteDate: \"2026-11-25\", accountId: task.accountId }); });";

fn fault(effect: &Effect, method: &str, path: &str, chance: f64) -> Fault {
    serde_json::from_value(json!({
        "effect": effect, "method": method, "path": path, "chance": chance, "times": null
    }))
    .unwrap()
}

fn start(stage: &Stage) -> Child {
    let mut command = stage.command(&["run", "hooks.rhai", "-y", "-q", "--max-changes", "100"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// `HOOK_KILLS=300 cargo test --release --test all kills -- --nocapture` prints the figures of `docs/reliability.md`.
#[test]
fn killed_at_any_moment_nothing_is_lost_and_nothing_done_twice() {
    let kills: u64 = std::env::var("HOOK_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let mut rng = fastrand::Rng::with_seed(kills);
    let stage = Stage::new(SCRIPT);
    stage.once();
    let account = stage.first("/accounts")["id"].clone();
    stage.tenant.fail(fault(&Effect::CloseAfter, "POST", "/notes", 0.2));
    stage.tenant.fail(fault(&Effect::Truncate, "GET", "/tasks", 0.1));
    let mut completed = Vec::new();
    for _ in 0..kills {
        for _ in 0..rng.usize(0..4) {
            stage.later(rng.u64(1..5));
            let task = json!({ "name": "to do", "accountId": account });
            let id = stage.api("POST", "/tasks", &task)["id"].as_str().unwrap().to_string();
            stage.later(1);
            stage.complete(&id);
            completed.push(id);
        }
        let mut running = start(&stage);
        std::thread::sleep(Duration::from_millis(rng.u64(20..1_500)));
        // A kill leaves no time for anything.
        running.kill().unwrap();
        running.wait().unwrap();
    }
    stage.tenant.clear_faults();
    stage.later(60);
    for _ in 0..3 {
        stage.run(&["events", "replay"]);
        stage.run(&["run", "hooks.rhai", "--once", "-y", "-q"]);
    }
    let mut notes: BTreeMap<String, u64> = BTreeMap::new();
    let mut from = String::new();
    loop {
        let page = stage.api("GET", &format!("/notes?from={from}"), &Value::Null);
        for note in page["results"].as_array().unwrap() {
            if let Some(id) = note["note"].as_str().and_then(|text| text.strip_prefix("done ")) {
                *notes.entry(id.to_string()).or_default() += 1;
            }
        }
        match page["next"].as_str() {
            Some(next) => from = next.replace('=', "%3D").replace('+', "%2B"),
            None => break,
        }
    }
    let lost: Vec<&String> = completed.iter().filter(|id| !notes.contains_key(*id)).collect();
    let doubled: Vec<&String> = notes.iter().filter(|(_, count)| **count > 1).map(|(id, _)| id).collect();
    println!("{kills} kills, {} events: {} lost, {} doubled", completed.len(), lost.len(), doubled.len());
    assert!(lost.is_empty() && doubled.is_empty(), "lost {lost:?}, doubled {doubled:?}");
    assert!(completed.len() as u64 >= kills / 2);
}
