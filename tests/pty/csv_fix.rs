//! The whole way of a fix: a table of 400 rows, looked at, corrected, collected, sent in two parts, taken back. The
//! README shows the same session.

use super::terminal::Terminal;
use crate::support::program::Folder;
use crate::support::{KEY, NOW, README_IN_USE, tenant_of};
use serde_json::Value;
use std::collections::BTreeMap;
use std::env::var_os;
use std::fmt::Write as _;
use std::fs;
use std::sync::PoisonError;
use vitally_script::simulator::Simulator;

const ROWS: usize = 400;
/// Rows of accounts that are not there.
const MISSING: usize = 6;
const README: &str = "README.md";
const BEGIN: &str = "<!-- a session: made by tests/pty/csv_fix.rs -->\n";
const END: &str = "<!-- end of the session -->";

/// Who looks after which account, with a slip of the pen in some rows.
fn table() -> String {
    let mut text = String::from("externalId,owner,tier\n");
    for row in 1..=ROWS {
        let id = if row > ROWS - MISSING { row + 9000 } else { row };
        let email = match row % 10 {
            3 => "lea@example.com",
            0..5 => "leah@example.com",
            _ => "dana@example.com",
        };
        let tier = if row % 3 == 0 { "gold" } else { "silver" };
        let _ = writeln!(text, "acct-{id},{email},{tier}");
    }
    text
}

fn folder(tenant: &Simulator) -> Folder {
    let folder = Folder::new();
    let settings = format!(
        "[profile.acme]\nbase_url = \"{}\"\nenv = \"production\"\nmax_changes = 200\n",
        tenant.origin()
    );
    folder.write("vitally.toml", format!("default_profile = \"acme\"\n{settings}"));
    folder.write("territories.csv", table());
    folder
}

/// The fields that the fix touches, by account.
fn touched(folder: &Folder) -> BTreeMap<String, Value> {
    let code = "accounts().map(|a| #{ id: a.externalId, owner: a.traits.get(\"owner\"), tier: a.traits.get(\"tier\") })";
    let ended = folder.run_with(&["eval", "-o", "json", code], &[("VITALLY_API_KEY", KEY)], "");
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let all: Vec<Value> = serde_json::from_str(&ended.stdout).expect("a list");
    all.into_iter().map(|account| (account["id"].to_string(), account)).collect()
}

/// Types a line and waits for a text that it brings about.
#[track_caller]
fn say(terminal: &Terminal, text: &str, until: &str) {
    terminal.type_in(text);
    terminal.type_in("\r");
    terminal.wait_for(until);
}

#[test]
fn four_hundred_accounts_are_put_right_and_taken_back() {
    let tenant = tenant_of(ROWS);
    let folder = folder(&tenant);
    let before = touched(&folder);
    let mut program = folder.command(&["repl"]);
    program.env("VITALLY_API_KEY", KEY).env("VITALLY_SCRIPT_NOW", NOW).env("TZ", "UTC");
    let terminal = Terminal::start(&program, 100);
    terminal.wait_for("acme PROD dry-run [1]> ");
    say(&terminal, "let rows = read_csv(\"territories.csv\");", "[2]> ");
    say(&terminal, "rows.count_by(\"owner\")", "[3]> ");
    say(&terminal, "let admin = admins().index_by(\"email\");", "[4]> ");
    say(&terminal, "admin[\"lea@example.com\"] == ()", "[5]> ");
    let fix = "rows = rows.map(|r| if r.owner.starts_with(\"lea@\") { with_field(r, \"owner\", \"leah@example.com\") } else { r });";
    say(&terminal, fix, "[6]> ");
    let change = "each(rows, |r| {\rupdate_account(ext(r.externalId), #{ traits: #{ tier: r.tier, owner: admin[r.owner].name } });\r});";
    say(&terminal, change, "[7]> ");
    assert_eq!(tenant.writes(), 0, "nothing is sent before :apply");
    say(&terminal, ":plan", ":discard drops them");
    terminal.wait_for_times("Δ394 [7]> ", 2);
    say(&terminal, ":apply --limit 5", "Go on? Type yes:");
    say(&terminal, "yes", "done: 5 accounts updated");
    assert_eq!(tenant.writes(), 5);
    terminal.wait_for("Δ389 [7]> ");
    say(&terminal, ":apply", "are more than the 200 that are allowed");
    assert_eq!(tenant.writes(), 5, "a guard stops all of it");
    // Meanwhile somebody else changes two of the accounts.
    let other = "for id in [\"acct-31\", \"acct-90\"] { update_account(ext(id), #{ traits: #{ tier: \"platinum\" } }); }";
    let ended = folder.run_with(&["eval", "-y", other], &[("VITALLY_API_KEY", KEY)], "");
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    terminal.wait_for_times("Δ389 [7]> ", 2);
    say(&terminal, ":apply --max-changes 389", "389 accounts to be updated in acme PRODUCTION");
    terminal.wait_for_times("Go on? Type yes:", 2);
    say(&terminal, "yes", "2 changed by someone since and left alone");
    terminal.wait_for_times("acme PROD dry-run [7]> ", 1);
    say(&terminal, ":save territories 1 3 5-6", "saved as territories.rhai; check: ok");
    terminal.wait_for_times("acme PROD dry-run [7]> ", 2);
    say(&terminal, ":undo --max-changes 400", "387 accounts to be updated in acme PRODUCTION");
    terminal.wait_for_times("Go on? Type yes:", 3);
    say(&terminal, "yes", "done: 387 accounts updated");
    terminal.wait_for_times("acme PROD dry-run [7]> ", 3);
    terminal.type_in("\u{4}");
    let ended = terminal.end();
    let shown = ended.screen.contents();
    assert_eq!(ended.code, Some(0), "{shown}");
    let undone = folder.run_with(&["undo", &runs(&shown)[0], "-y"], &[("VITALLY_API_KEY", KEY)], "");
    assert_eq!(undone.code, 0, "{}", undone.stderr);
    let after = touched(&folder);
    let changed: Vec<&String> = before.keys().filter(|id| before[*id] != after[*id]).collect();
    assert_eq!(changed, ["\"acct-31\"", "\"acct-90\""], "only what somebody else did is another");
    readme_shows(&shown, &tenant);
}

/// The ids of the runs that the session names, in order.
fn runs(shown: &str) -> Vec<String> {
    let named = shown.lines().filter_map(|line| line.strip_prefix("run ")?.split(':').next());
    named.map(String::from).collect()
}

/// The session as the README has it: with a key's address, and ids that stay.
fn readme_shows(shown: &str, tenant: &Simulator) {
    let mut shown = shown.replace(&tenant.origin().replace("http://", ""), "US");
    for (id, name) in runs(&shown).iter().zip(["8F2K", "8F2L", "8F2M"]) {
        shown = shown.replace(id, name);
    }
    let place = "  results_file  /home/ada/.local/state/vitally-script/runs/dry-run/results.csv";
    let lines = shown.trim_end().lines();
    let lines = lines.map(|line| if line.starts_with("  results_file") { place } else { line });
    let shown = lines.collect::<Vec<_>>().join("\n");
    let block = format!("```text\n$ vitally-script repl\n{shown}\n```\n");
    let _lock = README_IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(README).unwrap();
    let (head, rest) = text.split_once(BEGIN).expect("a place for the session");
    let (old, tail) = rest.split_once(END).expect("the end of it");
    if var_os("UPDATE_GOLDEN").is_some() {
        fs::write(README, [head, BEGIN, &block, END, tail].concat()).unwrap();
    } else {
        assert!(old == block, "the session goes another way: UPDATE_GOLDEN=1 cargo test csv_fix\n{block}");
    }
}
