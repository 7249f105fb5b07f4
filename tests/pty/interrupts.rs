//! Ctrl-C, typed at the terminal.

use super::terminal::{CTRL_C, Terminal};
use crate::support::hostile::{Act, Hostile};
use crate::support::program::Folder;
use crate::support::{binary, program_at, tenant};
use std::time::Duration;

#[test]
fn ctrl_c_ends_a_loop_that_never_ends() {
    let code = "print(\"in the loop\"); loop { let x = 1; }";
    let terminal = Terminal::start(binary().args(["eval", "--demo", code]), 80);
    terminal.wait_for("in the loop");
    terminal.type_in(CTRL_C);
    let ended = terminal.end();
    let shown = ended.screen.contents();
    assert_eq!(ended.code, Some(130), "{shown}");
    assert!(shown.contains("error: stopped by Ctrl-C"), "{shown}");
}

#[test]
fn ctrl_c_ends_a_request_that_takes_an_hour() {
    let tenant = tenant();
    tenant.set_latency(Duration::from_secs(3600));
    let mut program = program_at(&tenant.origin());
    program.args(["eval", "print(\"asking\"); get_account(ext(\"acct-1\"))"]);
    let terminal = Terminal::start(&program, 80);
    terminal.wait_for("asking");
    while tenant.requests().is_empty() {
        std::thread::yield_now();
    }
    terminal.type_in(CTRL_C);
    let ended = terminal.end();
    let shown = ended.screen.contents();
    assert_eq!(ended.code, Some(130), "{shown}");
    assert!(shown.contains("error: stopped by Ctrl-C"), "{shown}");
}

#[test]
fn ctrl_c_ends_a_request_to_another_service() {
    let server = Hostile::acting(vec![Act::Hang]);
    let folder = Folder::new();
    let place = server.origin().replace("http://", "");
    folder.write("vitally.toml", format!("[http]\nallow = [\"{place}\"]\n"));
    let code = format!("try {{ http_get(\"{}\"); }} catch {{ print(\"caught\"); }}", server.origin());
    let terminal = Terminal::start(&folder.command(&["eval", &code]), 80);
    server.wait_for_request();
    terminal.type_in(CTRL_C);
    let ended = terminal.end();
    let shown = ended.screen.contents();
    assert_eq!(ended.code, Some(130), "{shown}");
    assert!(shown.contains("error: stopped by Ctrl-C") && !shown.contains("caught"), "{shown}");
}
