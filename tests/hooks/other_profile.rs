//! Hooks that change two tenants: `profile("eu").create_note(…)`.

use super::stage::Stage;
use crate::support::{KEY, ended, tenant};
use serde_json::{Value, json};
use std::path::Path;
use vitally_script::simulator::{Effect, Fault, Simulator};

/// A stage whose script may work with a second tenant under the name `eu`.
struct Two {
    us: Stage,
    eu: Simulator,
}

impl Two {
    fn new(script: &str) -> Two {
        let (us, eu) = (Stage::new(script), tenant());
        let profile = |name: &str, origin: &str| {
            format!("[profile.{name}]\nbase_url = \"{origin}\"\napi_key_file = \"key\"\nenv = \"sandbox\"\n")
        };
        let settings = [profile("us", &us.tenant.origin()), profile("eu", &eu.origin())].concat();
        std::fs::write(us.folder.join("vitally.toml"), format!("default_profile = \"us\"\n{settings}"))
            .unwrap();
        write_key(&us.folder.join("key"));
        Two { us, eu }
    }

    /// Looks once, which must go well, or fail with these words; what it printed.
    fn once(&self, trouble: Option<&str>) -> String {
        let mut command = self.us.command(&["run", "hooks.rhai", "--once"]);
        command.env_remove("VITALLY_BASE_URL").env_remove("VITALLY_API_KEY");
        let ended = ended(command.env("FAIL", if trouble.is_some() { "1" } else { "0" }));
        let as_wanted = trouble.map_or(!ended.err.contains("error"), |trouble| ended.err.contains(trouble));
        assert!(ended.code == 0 && as_wanted, "{}", ended.err);
        ended.out
    }

    /// Whether the event is handled, and all that was noted under it.
    fn shown(&self, key: &str) -> Value {
        let shown = self.us.run(&["events", "show", key, "-o", "json"]);
        assert_eq!(shown.code, 0, "{}", shown.err);
        serde_json::from_str::<Value>(&shown.out).unwrap()[0].clone()
    }

    /// Handles the only event, which fails the first time with these words, and then goes well; its key.
    fn twice(&self, trouble: &str) -> String {
        self.once(None);
        self.us.later(5);
        self.us.complete(self.us.first("/tasks")["id"].as_str().unwrap());
        self.us.tenant.forget_requests();
        self.eu.forget_requests();
        assert_eq!(self.once(Some(trouble)), "");
        let key = self.us.events()[0]["key"].as_str().unwrap().to_string();
        assert_eq!(self.us.run(&["events", "replay", &key]).code, 0);
        assert_eq!(self.once(None), "handled\n");
        key
    }
}

fn write_key(path: &Path) {
    std::fs::write(path, KEY).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// What the function does: a note here, and a task, a note and a change there.
const CHANGES: &str = "create_note(#{ note: \"here\", noteDate: \"2026-11-25\", accountId: task.accountId }); \
     let account = there.accounts().first(); \
     there.create_note(#{ note: \"there\", noteDate: \"2026-11-25\", accountId: account.id }); \
     there.update_account(account, #{ traits: #{ told: \"yes\" } }); \
     if env(\"FAIL\") == \"1\" { throw \"not yet\"; } print(\"handled\");";

#[test]
fn what_is_opened_before_or_within_a_call_is_changed_once() {
    let before = format!("let there = profile(\"eu\"); on(\"task_completed\", |task| {{ {CHANGES} }});");
    let within = format!("on(\"task_completed\", |task| {{ let there = profile(\"eu\"); {CHANGES} }});");
    for script in [before, within] {
        let two = Two::new(&script);
        let key = two.twice("not yet");
        assert_eq!((two.us.tenant.writes(), two.eu.writes()), (1, 2), "{script}");
        let shown = two.shown(&key);
        assert_eq!((&shown["state"], &shown["attempts"]), (&json!("done"), &json!(1)), "{shown}");
        let runs: Value = serde_json::from_str(&two.us.run(&["runs", "-o", "json"]).out).unwrap();
        let of = |profile: &str| {
            let of = runs.as_array().unwrap().iter().filter(|run| run["profile"] == profile);
            of.map(|run| (run["run"].clone(), run["changes"].clone())).collect::<Vec<_>>()
        };
        let [(here, one), (there, others)] = [of("us").remove(0), of("eu").remove(0)];
        assert_eq!((runs.as_array().unwrap().len(), one, others), (2, json!(1), json!(2)), "{runs}");
        assert_eq!((&shown["run"], &shown["runs"]), (&here, &json!([here, there])), "{shown}");
        assert!(runs.as_array().unwrap().iter().all(|run| run["outcome"] == "done"), "{runs}");
    }
}

#[test]
fn what_may_have_been_done_there_is_looked_up_before_it_is_sent_again() {
    let script = "on(\"task_completed\", |task| { let there = profile(\"eu\"); \
         there.create_project_from_template(#{ templateId: there.project_templates().first().id, \
             accountId: there.accounts().first().id }); print(\"handled\"); });";
    let two = Two::new(script);
    two.eu.fail(Fault::next(Effect::CloseAfter).method("POST").path("/projects"));
    two.twice("it is not known whether Vitally did this");
    let asked = two.eu.requests();
    assert_eq!(asked.iter().filter(|seen| seen.method == "POST").count(), 1, "{asked:?}");
}
