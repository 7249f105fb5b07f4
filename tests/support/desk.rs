//! The program in a folder of its own, with a journal that stays, against a tenant of its own.

use super::judge::run_of;
use super::program::{Ended, Folder};
use super::tenant::{KEY, tenant, tenant_of};
use serde_json::{Map, Value};
use std::process::Command;
use vitally_script::simulator::Simulator;

/// Somebody's working place.
pub struct Desk {
    /// Their files.
    pub folder: Folder,
    /// Their Vitally.
    pub tenant: Simulator,
}

impl Desk {
    /// A production profile without a file, called `default`.
    pub fn new() -> Desk {
        Desk { folder: Folder::new(), tenant: tenant() }
    }

    /// The same, with so many accounts.
    pub fn with_accounts(accounts: usize) -> Desk {
        Desk { folder: Folder::new(), tenant: tenant_of(accounts) }
    }

    /// The program, ready to be run.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = self.folder.command(words);
        command.envs(self.variables());
        command
    }

    fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("VITALLY_API_KEY", KEY.into()),
            ("VITALLY_BASE_URL", self.tenant.origin()),
            ("VITALLY_SCRIPT_NOW", super::NOW.into()),
            ("TZ", "UTC".into()),
        ]
    }

    /// Runs the program; the port of the tenant reads `PORT`, and the run that is named `RUN`.
    pub fn run(&self, words: &[&str]) -> Ended {
        self.run_with(words, "")
    }

    /// The same with this on its standard input.
    pub fn run_with(&self, words: &[&str], input: &str) -> Ended {
        let origin = self.tenant.origin();
        let variables = self.variables();
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut ended = self.folder.run_with(words, &variables, input);
        let port = origin.rsplit(':').next().expect("an origin has a port");
        let run = run_of(&ended.stderr);
        for text in [&mut ended.stdout, &mut ended.stderr] {
            assert!(!text.contains(KEY), "the key is shown: {text}");
            *text = text.replace(&format!(":{port}"), ":PORT");
            if let Some(run) = &run {
                *text = text.replace(run.as_str(), "RUN");
            }
        }
        ended
    }

    /// Runs the program, which must end with this code, and answers its JSON.
    #[track_caller]
    pub fn json(&self, words: &[&str], code: i32) -> Value {
        let ended = self.run(&[words, &["-o", "json"]].concat());
        assert_eq!(ended.code, code, "{}", ended.stderr);
        serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("no JSON: {}", ended.stdout))
    }

    /// Every record of some lists, without the times that any change moves.
    pub fn records(&self, lists: &[&str]) -> Map<String, Value> {
        let code = |list: &str| format!("{list}().to_array()");
        let of = |list: &&str| {
            let mut records = self.json(&["eval", &code(list)], 0);
            let all = records.as_array_mut().expect("a list is an array");
            all.iter_mut().for_each(without_updates);
            all.sort_by_key(|record| record["id"].to_string());
            ((*list).to_string(), records)
        };
        lists.iter().map(of).collect()
    }
}

/// Any change moves these times, also one that is taken back.
fn without_updates(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_updates),
        Value::Object(fields) => {
            fields.remove("updatedAt");
            fields.values_mut().for_each(without_updates);
        }
        _ => {}
    }
}
