//! Hooks in a dialogue: events come while a person types, and their changes go the way of the session.

use super::terminal::Terminal;
use crate::support::program::Folder;
use crate::support::{KEY, eval_at, tenant};
use std::time::Duration;
use vitally_script::simulator::Simulator;

const CTRL_D: &str = "\u{4}";

/// A dialogue with a tenant of that environment, at its first prompt.
fn begun(folder: &Folder, tenant: &Simulator, environment: &str) -> Terminal {
    let profile = format!(
        "[profile.acme]\nbase_url = \"{}\"\napi_key_file = \"acme.key\"\nenv = \"{environment}\"\n",
        tenant.origin()
    );
    folder.write("vitally.toml", profile);
    folder.write("acme.key", KEY);
    let terminal = Terminal::start(&folder.command(&["repl", "-p", "acme"]), 100);
    terminal.wait_for("[1]> ");
    terminal
}

#[track_caller]
fn say(terminal: &Terminal, text: &str, until: &str) {
    terminal.type_in(text);
    terminal.type_in("\r");
    terminal.wait_for(until);
}

/// Somebody else gives an account another name, which is one write.
fn renamed(tenant: &Simulator, name: &str) {
    tenant.advance(Duration::from_secs(60));
    let code = format!("update_account(ext(\"acct-1\"), #{{ name: \"{name}\" }});");
    let ended = eval_at(&tenant.origin(), &code, &["-y"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
}

fn leave(terminal: Terminal) -> String {
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert_eq!(ended.code, Some(0), "{}", ended.screen.contents());
    ended.screen.contents()
}

const PRINTS: &str = "on(\"account_updated\", #{ every: \"1s\" }, |a| print(`heard of ${a.name}`));";
const NOTES: &str =
    "on(\"account_updated\", #{ every: \"1s\" }, |a| update_account(a, #{ traits: #{ seen: true } }));";

#[test]
fn an_event_is_told_above_a_half_typed_line() {
    let (folder, tenant) = (Folder::new(), tenant());
    let terminal = begun(&folder, &tenant, "sandbox");
    say(&terminal, PRINTS, ":listen on begins to listen");
    say(&terminal, ":listen on", "looked at how things stand");
    terminal.type_in("let half = 40");
    terminal.wait_for("[2]> let half = 40");
    renamed(&tenant, "Ox");
    terminal.wait_for("account_updated  Ox · done");
    terminal.wait_for("heard of Ox");
    say(&terminal, " + 2;", "[3]> ");
    say(&terminal, "half", "\n42\n");
    say(&terminal, ":hooks", "account_updated  account_updated  1 s        1");
    say(&terminal, ":listen off", "no longer listening");
    terminal.wait_for_times("[4]> ", 3);
    let shown = leave(terminal);
    assert!(shown.contains("[2]> let half = 40 + 2;"), "{shown}");
    assert_eq!(tenant.writes(), 1);
}

#[test]
fn changes_of_an_event_are_collected_where_the_session_collects() {
    let (folder, tenant) = (Folder::new(), tenant());
    let terminal = begun(&folder, &tenant, "production");
    say(&terminal, NOTES, ":listen on begins to listen");
    say(&terminal, ":listen on", "looked at how things stand");
    renamed(&tenant, "Ox");
    terminal.wait_for("account_updated  Ox · collected, not sent: 1 account to be updated");
    say(&terminal, ":diff", "traits.seen  – → true");
    terminal.wait_for("Δ1 [2]> ");
    assert_eq!(tenant.writes(), 1);
    say(&terminal, ":hooks drop account_updated", "no longer listening");
    say(&terminal, ":apply -y", "[2]> ");
    terminal.wait_for_times("PROD dry-run [2]> ", 3);
    assert_eq!(tenant.writes(), 2);
    leave(terminal);
}

#[test]
fn changes_of_an_event_are_sent_at_once_where_the_session_sends_and_can_be_taken_back() {
    let (folder, tenant) = (Folder::new(), tenant());
    let terminal = begun(&folder, &tenant, "sandbox");
    say(&terminal, ":listen on", "there is no hook to listen for");
    say(&terminal, NOTES, ":listen on begins to listen");
    say(&terminal, ":listen on", "looked at how things stand");
    renamed(&tenant, "Ox");
    terminal.wait_for("account_updated  Ox · 1 account updated");
    assert_eq!(tenant.writes(), 2);
    // The store is held by the listener, and other commands of the session use it all the same.
    say(&terminal, "update_account(ext(\"acct-2\"), #{ name: \"Typed\" }).name", "\nTyped\n");
    say(&terminal, ":undo -y", "1 account");
    terminal.wait_for_times("[3]> ", 2);
    leave(terminal);
}

#[test]
fn where_the_session_asks_an_event_waits_for_the_person() {
    let (folder, tenant) = (Folder::new(), tenant());
    let terminal = begun(&folder, &tenant, "production");
    say(&terminal, ":mode confirm", "confirm [1]> ");
    say(&terminal, NOTES, ":listen on begins to listen");
    say(&terminal, ":listen on", "looked at how things stand");
    renamed(&tenant, "Ox");
    terminal.wait_for("account_updated  Ox · waits for you: press Enter");
    assert_eq!(tenant.writes(), 1);
    say(&terminal, "", "yes");
    say(&terminal, "yes", "account_updated  Ox · 1 account updated");
    terminal.wait_for_times("confirm [2]> ", 3);
    assert_eq!(tenant.writes(), 2);
    leave(terminal);
}

#[test]
fn a_handler_that_fails_is_told_and_the_dialogue_goes_on() {
    let (folder, tenant) = (Folder::new(), tenant());
    let terminal = begun(&folder, &tenant, "sandbox");
    say(&terminal, "on(\"account_updated\", #{ every: \"1s\" }, |a| throw `not ${a.name}`);", "[2]> ");
    say(&terminal, ":trigger account_updated acct-1", "error: not Lakeside Optics Group");
    say(&terminal, ":trigger account_updated --sample --set name=Made", "error: not Made");
    say(&terminal, ":trigger task_completed", "there is no hook for task_completed here");
    say(&terminal, ":listen on", "looked at how things stand");
    terminal.type_in("1 + ");
    renamed(&tenant, "Ox");
    terminal.wait_for("error: not Ox");
    say(&terminal, "1", "[3]> ");
    leave(terminal);
}
