//! The line about a long walk.

use super::terminal::{CTRL_C, Terminal};
use crate::support::{KEY, NOW, program_at};
use std::time::Duration;
use vitally_script::simulator::{Options, Simulator};

/// Enough pages that are slow enough for the line to come, which it does after two seconds.
fn long_tenant() -> Simulator {
    let now = Some(NOW.parse().expect("the tests' time is a time"));
    let latency = Duration::from_millis(500);
    let options =
        Options { key: KEY.into(), accounts: 1000, rate_limit: None, latency, now, ..Options::default() };
    Simulator::start(options).expect("a free port on this machine")
}

#[test]
fn a_long_walk_says_how_far_it_is_and_leaves_nothing_behind() {
    let tenant = long_tenant();
    let mut program = program_at(&tenant.origin());
    program.args(["eval", "accounts().len()"]);
    let terminal = Terminal::start(&program, 80);
    terminal.wait_for("reading accounts … ");
    tenant.set_latency(Duration::ZERO);
    let ended = terminal.end();
    let shown = ended.screen.contents();
    assert_eq!(ended.code, Some(0), "{shown}");
    assert!(!shown.contains("reading accounts"), "{shown}");
}

#[test]
fn ctrl_c_during_a_walk_is_told_on_a_line_of_its_own() {
    let tenant = long_tenant();
    let mut program = program_at(&tenant.origin());
    program.args(["eval", "accounts().len()"]);
    let terminal = Terminal::start(&program, 80);
    terminal.wait_for("reading accounts … ");
    terminal.type_in(CTRL_C);
    let ended = terminal.end();
    let told = ended.screen.rows(0, 80).filter(|row| row.trim_end() == "error: stopped by Ctrl-C").count();
    assert_eq!((ended.code, told), (Some(130), 1), "{}", ended.screen.contents());
}

#[test]
fn ctrl_c_during_a_walk_in_a_dialogue_leaves_nothing_of_its_line() {
    let tenant = long_tenant();
    let mut program = program_at(&tenant.origin());
    program.args(["repl"]);
    let terminal = Terminal::start(&program, 80);
    terminal.wait_for("[1]> ");
    terminal.type_in("accounts().len()\r");
    terminal.wait_for("reading accounts … ");
    terminal.type_in(CTRL_C);
    terminal.wait_for("[2]> ");
    terminal.type_in("exit\r");
    let shown = terminal.end().screen.contents();
    let after: Vec<&str> =
        shown.lines().skip_while(|row| !row.contains("accounts().len()")).skip(1).collect();
    assert!(after[0].starts_with("error: stopped by Ctrl-C"), "{shown}");
    assert!(!shown.contains("reading accounts"), "{shown}");
}

#[test]
fn quiet_means_no_line() {
    let tenant = long_tenant();
    let mut program = program_at(&tenant.origin());
    program.args(["eval", "-q", "accounts().len()"]);
    let ended = Terminal::start(&program, 80).end();
    let written = String::from_utf8_lossy(&ended.written);
    assert!(ended.code == Some(0) && !written.contains("reading accounts"), "{written}");
}
