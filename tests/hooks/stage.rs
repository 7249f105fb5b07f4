//! The real program with a script, a state folder of its own, and a tenant that a test can change.

use crate::support::{Ended, KEY, ended, http, program_at, tenant};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use vitally_script::simulator::Simulator;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A tenant, a script and a state folder.
pub struct Stage {
    pub tenant: Simulator,
    pub folder: PathBuf,
}

impl Stage {
    /// A fresh tenant at the tests' fixed time.
    pub fn new(script: &str) -> Stage {
        Stage::at(tenant(), script)
    }

    /// The same with this tenant.
    pub fn at(tenant: Simulator, script: &str) -> Stage {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let folder = folder.join(format!("stage-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let stage = Stage { tenant, folder };
        stage.script(script);
        stage
    }

    /// Another text for the script.
    pub fn script(&self, text: &str) {
        std::fs::write(self.folder.join("hooks.rhai"), text).unwrap();
    }

    /// A command in the folder of the script.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = program_at(&self.tenant.origin());
        command
            .current_dir(&self.folder)
            .env("VITALLY_SCRIPT_HOME", self.folder.join("state"))
            .args(["--color", "never"])
            .args(words);
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Ended {
        ended(&mut self.command(words))
    }

    /// One look, which must go well; what the script printed.
    pub fn once(&self) -> Vec<String> {
        let ended = self.run(&["run", "hooks.rhai", "--once", "-y"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.out.lines().map(ToString::to_string).collect()
    }

    /// Time passes at the tenant.
    pub fn later(&self, seconds: u64) {
        self.tenant.advance(Duration::from_secs(seconds));
    }

    /// Calls the tenant's API.
    pub fn api(&self, method: &str, path: &str, body: &Value) -> Value {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let path = format!("/resources{path}");
        let reply = http::exchange(&self.tenant, method, &path, Some(&http::basic(KEY)), &text).unwrap();
        assert!((200..300).contains(&reply.status), "{method} {path}: {}", reply.text());
        serde_json::from_slice(&reply.body).unwrap_or_default()
    }

    /// The newest record of a list.
    pub fn first(&self, path: &str) -> Value {
        self.api("GET", path, &Value::Null)["results"][0].clone()
    }

    /// Completes a task now.
    pub fn complete(&self, id: &str) {
        let now = self.tenant.now().to_string();
        self.api("PUT", &format!("/tasks/{id}"), &json!({ "completedAt": now }));
    }

    /// The events as `events list` tells them.
    pub fn events(&self) -> Vec<Value> {
        let ended = self.run(&["events", "list", "-o", "json", "--last", "100000"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        serde_json::from_str(&ended.out).unwrap()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What stays is a small folder in the target folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
