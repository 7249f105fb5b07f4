//! The dialogue at a real terminal: typing, pasting, Ctrl-C, completion, history, leaving.

use super::terminal::{CTRL_C, Terminal};
use crate::support::program::Folder;
use crate::support::{KEY, binary, program_at, tenant, tenant_of};
use std::process::Command;
use std::time::Duration;

const CTRL_D: &str = "\u{4}";
const CTRL_R: &str = "\u{12}";
const UP: &str = "\u{1b}[A";
const ENTER: &str = "\r";

/// A dialogue in the demo tenant, at its first prompt.
fn demo() -> Terminal {
    begun(binary().args(["repl", "--demo"]))
}

fn begun(program: &Command) -> Terminal {
    let terminal = Terminal::start(program, 100);
    terminal.wait_for("[1]> ");
    terminal
}

/// Types an input and waits for the next prompt.
#[track_caller]
fn say(terminal: &Terminal, text: &str, next: usize) {
    terminal.type_in(text);
    terminal.type_in(ENTER);
    terminal.wait_for(&format!("[{next}]> "));
}

#[test]
fn it_says_who_is_talked_to_and_leaves_with_ctrl_d() {
    let terminal = demo();
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    let shown = ended.screen.contents();
    assert_eq!(ended.code, Some(0), "{shown}");
    assert!(shown.contains("demo sandbox (simulator) · live: changes are sent at once"), "{shown}");
    assert!(shown.contains("demo sandbox live [1]> "), "{shown}");
}

#[test]
fn the_bare_command_at_a_terminal_is_a_dialogue() {
    let terminal = begun(binary().args(["--demo"]));
    say(&terminal, "40 + 2", 2);
    terminal.type_in("exit");
    terminal.type_in(ENTER);
    let ended = terminal.end();
    assert_eq!(ended.code, Some(0));
    assert!(ended.screen.contents().contains("\n42\n"), "{}", ended.screen.contents());
}

#[test]
fn an_unfinished_input_goes_on_and_is_indented() {
    let terminal = demo();
    terminal.type_in("fn twice(x) {\r");
    terminal.type_in("x * 2\r");
    say(&terminal, "}", 2);
    say(&terminal, "twice(21)", 3);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    let rows: Vec<String> = ended.screen.rows(0, 100).collect();
    assert!(rows.iter().any(|row| row == "  x * 2"), "{rows:#?}");
    assert!(rows.iter().any(|row| row.trim() == "42"), "{rows:#?}");
}

#[test]
fn a_pasted_block_is_one_input_whatever_the_clipboard_did_to_it() {
    let terminal = demo();
    terminal.type_in("\u{1b}[200~let names = [\n\n  “Ada”,\u{a0}\n  \"Grace\",\n];\nnames.len()\u{1b}[201~");
    say(&terminal, "", 2);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert!(ended.screen.contents().contains("\n2\n"), "{}", ended.screen.contents());
}

#[test]
fn ctrl_c_at_the_prompt_drops_the_line() {
    let terminal = demo();
    terminal.type_in("let wrong = ");
    terminal.wait_for("let wrong =");
    terminal.type_in(CTRL_C);
    terminal.wait_for_times("[1]> ", 2);
    say(&terminal, "1 + 1", 2);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert_eq!(ended.code, Some(0));
    assert!(ended.screen.contents().contains("\n2\n"), "{}", ended.screen.contents());
}

#[test]
fn ctrl_c_ends_a_loop_and_the_dialogue_goes_on() {
    let terminal = demo();
    say(&terminal, "let kept = 7;", 2);
    terminal.type_in("print(\"in the loop\"); loop { let x = 1; }\r");
    terminal.wait_for("\nin the loop");
    terminal.type_in(CTRL_C);
    // The ^C of the terminal does not stand before it.
    terminal.wait_for("\nerror: stopped by Ctrl-C");
    terminal.wait_for("[3]> ");
    say(&terminal, "kept * 6", 4);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert_eq!(ended.code, Some(0));
    assert!(ended.screen.contents().contains("\n42\n"), "{}", ended.screen.contents());
}

#[test]
fn ctrl_c_ends_a_request_and_the_next_one_works() {
    let tenant = tenant();
    tenant.set_latency(Duration::from_secs(3600));
    let terminal = begun(program_at(&tenant.origin()).args(["repl"]));
    terminal.type_in("get_account(ext(\"acct-1\")).name\r");
    while tenant.requests().is_empty() {
        std::thread::yield_now();
    }
    terminal.type_in(CTRL_C);
    terminal.wait_for("error: stopped by Ctrl-C");
    tenant.set_latency(Duration::ZERO);
    terminal.wait_for("[2]> ");
    say(&terminal, "get_account(ext(\"acct-1\")).name", 3);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert_eq!(ended.code, Some(0));
    assert!(ended.screen.contents().contains("\nLakeside Optics Group\n"), "{}", ended.screen.contents());
}

#[test]
fn tab_completes_functions_fields_and_triggers() {
    let terminal = demo();
    say(&terminal, "let first = accounts().first();", 2);
    terminal.type_in("get_account_h\t");
    terminal.wait_for("get_account_health_score_breakdown");
    terminal.type_in(CTRL_C);
    terminal.wait_for_times("[2]> ", 2);
    terminal.type_in("first.healthS\t");
    terminal.wait_for("first.healthScore");
    say(&terminal, " > 0", 3);
    terminal.type_in(":functi\t");
    terminal.wait_for(":functions");
    terminal.type_in(CTRL_C);
    terminal.wait_for_times("[3]> ", 2);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
}

#[test]
fn a_hint_shows_the_values_of_a_function() {
    let terminal = demo();
    terminal.type_in("get_account(");
    terminal.wait_for("get_account(account)");
    terminal.type_in(CTRL_C);
    terminal.wait_for_times("[1]> ", 2);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
}

#[test]
fn lines_come_back_also_in_the_next_dialogue_and_secrets_do_not() {
    let folder = Folder::new();
    let tenant = tenant();
    let origin = tenant.origin();
    let mut program = folder.command(&["repl"]);
    program.env("VITALLY_API_KEY", KEY).env("VITALLY_BASE_URL", &origin);
    let terminal = begun(&program);
    say(&terminal, "let a = [\r1, 2,\r3];", 2);
    say(&terminal, "let api_key = \"sk-hush\";", 3);
    terminal.type_in(UP);
    terminal.wait_for("[3]> let a = [");
    terminal.type_in(CTRL_C);
    terminal.wait_for_times("[3]> ", 2);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
    let terminal = begun(&program);
    terminal.type_in(CTRL_R);
    terminal.type_in("let a");
    terminal.wait_for("let a = [");
    say(&terminal, "", 2);
    say(&terminal, "a.len()", 3);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert!(ended.screen.contents().contains("\n3\n"), "{}", ended.screen.contents());
    let kept = std::fs::read_to_string(folder.path().join("../home/history/default.txt")).expect("a history");
    assert!(kept.contains("let a") && !kept.contains("hush"), "{kept}");
}

#[test]
fn production_collects_and_asks_before_it_is_left() {
    let tenant = tenant();
    let terminal = begun(program_at(&tenant.origin()).args(["repl"]));
    terminal.wait_for("default PROD dry-run [1]> ");
    say(&terminal, "update_account(ext(\"acct-1\"), #{ name: \"New\" }).name", 2);
    terminal.wait_for("default PROD dry-run Δ1 [2]> ");
    terminal.type_in(CTRL_D);
    terminal.wait_for("Leave and drop them? Type yes:");
    terminal.type_in("no\r");
    terminal.wait_for("still here");
    terminal.wait_for_times("[2]> ", 2);
    terminal.type_in(CTRL_D);
    terminal.wait_for_times("Type yes: ", 2);
    terminal.type_in("yes\r");
    let ended = terminal.end();
    assert_eq!((ended.code, tenant.writes()), (Some(0), 0), "{}", ended.screen.contents());
}

#[test]
fn a_plan_says_what_becomes_of_a_field_in_eighty_columns() {
    let tenant = tenant();
    let terminal = Terminal::start(program_at(&tenant.origin()).args(["repl"]), 80);
    terminal.wait_for("[1]> ");
    let change = "update_account(ext(\"acct-1\"), #{ name: \"A name of about as many letters\" });";
    say(&terminal, change, 2);
    terminal.type_in(":plan\r");
    terminal.wait_for_times("[2]> ", 2);
    terminal.type_in(":discard\r");
    terminal.wait_for_times("[2]> ", 3);
    terminal.type_in("exit\r");
    let shown = terminal.end().screen.contents();
    assert!(shown.contains("\nname                   field  before                 after\n"), "{shown}");
    assert!(shown.contains("\n+1 column: action\n"), "{shown}");
}

#[test]
fn a_second_ctrl_d_means_it() {
    let tenant = tenant();
    let terminal = begun(program_at(&tenant.origin()).args(["repl"]));
    say(&terminal, "update_account(ext(\"acct-1\"), #{ name: \"New\" }).name", 2);
    terminal.type_in(CTRL_D);
    terminal.wait_for("Leave and drop them? Type yes:");
    terminal.type_in(CTRL_D);
    assert_eq!((terminal.end().code, tenant.writes()), (Some(0), 0));
}

#[test]
fn production_is_a_word_and_a_colour() {
    let tenant = tenant();
    let terminal = begun(program_at(&tenant.origin()).args(["repl"]));
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    let row = ended.screen.rows(0, 100).position(|row| row.starts_with("default PROD")).expect("a prompt");
    let row = u16::try_from(row).expect("a screen");
    let colour = |column| ended.screen.cell(row, column).expect("a cell").bgcolor();
    assert_eq!((colour(0), colour(8)), (vt100::Color::Default, vt100::Color::Idx(1)));
}

#[test]
fn ctrl_c_at_a_question_sends_nothing_and_the_dialogue_goes_on() {
    let tenant = tenant();
    let terminal = begun(program_at(&tenant.origin()).args(["repl"]));
    say(&terminal, "update_account(ext(\"acct-1\"), #{ name: \"New\" }).name", 2);
    terminal.type_in(":apply\r");
    terminal.wait_for("Go on? Type yes:");
    terminal.type_in(CTRL_C);
    terminal.wait_for("stopped by Ctrl-C");
    terminal.wait_for_times("[2]> ", 2);
    say(&terminal, "1 + 1", 3);
    terminal.type_in(":discard\r");
    terminal.wait_for("dropped 1 change");
    terminal.wait_for_times("[3]> ", 2);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert_eq!((ended.code, tenant.writes()), (Some(0), 0), "{}", ended.screen.contents());
}

#[test]
fn a_table_fits_any_width_whatever_stands_in_it() {
    let rows = "[#{ name: \"日本語の会社\", mrr: 5, note: \"🚀 a start with \" + \"many words in one cell, many words in one cell, many words in one cell, many words in one cell\" }, #{ name: \"Ünïcødé\", mrr: 70, note: () }, \
                #{ name: \"\", mrr: (), note: \"two\\nlines\" }]";
    for columns in [40, 80, 200] {
        let terminal = Terminal::start(binary().args(["repl", "--demo", "-q"]), columns);
        terminal.wait_for("[1]> ");
        terminal.type_in(&format!("let rows = {rows};\r"));
        terminal.wait_for("[2]> ");
        say(&terminal, "rows", 3);
        say(&terminal, "rows[0]", 4);
        terminal.type_in(CTRL_D);
        let screen = terminal.end().screen;
        let shown: Vec<String> = screen.rows(0, columns).collect();
        let begin = shown.iter().position(|row| row.contains("[2]> rows")).expect("the table");
        let wrapped: Vec<&String> = shown
            .iter()
            .enumerate()
            .skip(begin)
            .filter(|(at, _)| screen.row_wrapped(u16::try_from(*at).expect("a screen")))
            .map(|(_, row)| row)
            .collect();
        assert!(wrapped.is_empty(), "{columns}: {wrapped:#?}");
        let table = shown[begin..].join("\n");
        assert!(
            table.contains("日本語の会社") && table.contains("\"\"") && table.contains('–'),
            "{columns}: {table}"
        );
    }
}

#[test]
fn long_lists_come_page_by_page() {
    let terminal = demo();
    say(&terminal, "accounts().map(|a| a.name)", 2);
    terminal.wait_for("… and more; :more shows the next");
    terminal.type_in(":more\r");
    terminal.wait_for("that was the last of 36");
    terminal.wait_for_times("[2]> ", 2);
    terminal.type_in(":more\r");
    terminal.wait_for("there is nothing more to show");
    terminal.wait_for_times("[2]> ", 3);
    say(&terminal, "let numbers = []; for i in 0..100000 { numbers.push(i); } numbers", 3);
    terminal.wait_for("… 99,980 more; :more shows the next");
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
}

#[test]
fn an_input_is_changed_in_the_editor() {
    let mut program = binary();
    program.args(["repl", "--demo"]).env("EDITOR", "sed -i s/wrong/40/").env("PATH", "/usr/bin:/bin");
    let terminal = begun(&program);
    say(&terminal, "let a = \"wrong\";", 2);
    say(&terminal, ":edit", 3);
    say(&terminal, "a", 4);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert!(ended.screen.contents().contains("[3]> a\n40\n"), "{}", ended.screen.contents());
}

#[test]
fn confirm_asks_before_the_changes_of_an_input() {
    let tenant = tenant();
    let terminal = begun(program_at(&tenant.origin()).args(["repl"]));
    terminal.type_in(":mode confirm\r");
    terminal.wait_for("PROD confirm [1]> ");
    terminal.type_in("update_account(ext(\"acct-1\"), #{ name: \"New\" }).name\r");
    terminal.wait_for("Type yes:");
    assert_eq!(tenant.writes(), 0);
    terminal.type_in("yes\r");
    terminal.wait_for("takes it back");
    terminal.wait_for("[2]> ");
    terminal.type_in("update_account(ext(\"acct-2\"), #{ name: \"New\" }).name\r");
    terminal.wait_for_times("Type yes:", 2);
    terminal.type_in(CTRL_C);
    terminal.wait_for("[3]> ");
    terminal.type_in(":mode live\r");
    terminal.wait_for("will be sent at once. Type yes:");
    terminal.type_in("no\r");
    terminal.wait_for("still confirm");
    terminal.wait_for_times("[3]> ", 2);
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert_eq!((ended.code, tenant.writes()), (Some(0), 1), "{}", ended.screen.contents());
}

#[test]
fn ctrl_c_while_changes_are_sent_keeps_the_rest_collected() {
    let tenant = tenant_of(120);
    let terminal = begun(program_at(&tenant.origin()).args(["repl", "--max-changes", "200"]));
    say(&terminal, "for i in 1..101 { update_account(ext(`acct-${i}`), #{ name: \"New\" }); }", 2);
    terminal.wait_for("PROD dry-run Δ100 [2]> ");
    tenant.set_latency(Duration::from_millis(300));
    terminal.type_in(":apply\r");
    terminal.wait_for("Go on? Type yes:");
    terminal.type_in("yes\r");
    while tenant.writes() == 0 {
        std::thread::yield_now();
    }
    terminal.type_in(CTRL_C);
    terminal.wait_for("error: stopped by Ctrl-C");
    terminal.wait_for_times("[2]> ", 2);
    let sent = tenant.writes();
    assert!(sent < 100, "it was stopped on the way");
    terminal.wait_for(&format!("PROD dry-run Δ{} [2]> ", 100 - sent));
    terminal.wait_for("takes it back");
    tenant.set_latency(Duration::ZERO);
    terminal.type_in(":apply -y\r");
    terminal.wait_for_times("takes it back", 2);
    terminal.wait_for("PROD dry-run [2]> ");
    terminal.type_in(CTRL_D);
    let ended = terminal.end();
    assert_eq!((ended.code, tenant.writes()), (Some(0), 100), "{}", ended.screen.contents());
}

#[test]
fn an_error_is_kept_and_told_again() {
    let terminal = demo();
    terminal.type_in("let before = 1; get_account(\"nobody\")\r");
    terminal.wait_for("[2]> ");
    say(&terminal, "`${err.kind} ${err.status} ${before}`", 3);
    terminal.wait_for("not_found 404 1");
    terminal.type_in(":why\r");
    terminal.wait_for("kind: not_found · Vitally answered 404");
    terminal.wait_for_times("[3]> ", 2);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
}

#[test]
fn ctrl_c_while_an_input_sends_says_what_was_done_and_how_to_take_it_back() {
    let tenant = tenant_of(120);
    let terminal = begun(program_at(&tenant.origin()).args(["repl"]));
    terminal.type_in(":mode live\r");
    terminal.wait_for("Type yes:");
    terminal.type_in("yes\r");
    terminal.wait_for("PROD live [1]> ");
    tenant.set_latency(Duration::from_millis(100));
    terminal.type_in("for i in 1..101 { update_account(ext(`acct-${i}`), #{ name: \"New\" }); }\r");
    while tenant.writes() < 3 {
        std::thread::yield_now();
    }
    terminal.type_in(CTRL_C);
    terminal.wait_for("ended early: ");
    terminal.wait_for("takes it back");
    terminal.wait_for("error: stopped by Ctrl-C");
    terminal.wait_for("[2]> ");
    tenant.set_latency(Duration::ZERO);
    assert!(tenant.writes() < 100, "it was stopped on the way");
    terminal.type_in(":undo -y\r");
    terminal.wait_for("\ndone: ");
    terminal.wait_for_times("takes it back", 2);
    terminal.wait_for_times("[2]> ", 2);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
}

#[test]
fn names_of_records_are_completed_without_a_request_also_in_the_next_dialogue() {
    let folder = Folder::new();
    let tenant = tenant();
    let origin = tenant.origin();
    let mut program = folder.command(&["repl"]);
    program.env("VITALLY_API_KEY", KEY).env("VITALLY_BASE_URL", &origin);
    let terminal = begun(&program);
    assert!(tenant.requests().is_empty(), "the first prompt asks nothing");
    say(&terminal, "get_account(ext(\"acct-1\")).name", 2);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
    let asked = tenant.requests().len();
    let terminal = begun(&program);
    say(&terminal, ":names", 1);
    terminal.wait_for("accounts  1");
    terminal.type_in("print(ext(\"\")); get_account(ext(\"lake\t");
    terminal.wait_for("get_account(ext(\"acct-1");
    assert_eq!(tenant.requests().len(), asked, "typing asks nothing");
    terminal.type_in(CTRL_C);
    terminal.wait_for_times("[1]> ", 3);
    say(&terminal, ":names refresh", 1);
    terminal.wait_for("admins");
    assert!(tenant.requests().len() > asked);
    say(&terminal, ":names forget", 1);
    terminal.wait_for("forgotten");
    say(&terminal, "get_account(ext(\"acct-1\")).name", 2);
    say(&terminal, ":names", 2);
    terminal.wait_for("no names are known yet");
    terminal.wait_for_times("[2]> ", 2);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
}

#[test]
fn watched_code_is_shown_until_ctrl_c() {
    let terminal = demo();
    terminal.type_in(":watch 1s 40 + 2");
    terminal.type_in(ENTER);
    terminal.wait_for("the same");
    terminal.type_in(CTRL_C);
    terminal.wait_for("no longer watched");
    say(&terminal, "1 + 1", 2);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().code, Some(0));
}

#[test]
fn a_dialogue_begins_with_what_somebody_wants_at_hand() {
    let (folder, tenant) = (Folder::new(), tenant());
    folder.write("vitally.toml", "");
    folder.write("../home/init.rhai", "fn mine(x) { x * 2 }\nlet base = 40;\n");
    folder.write("init.rhai", "fn ours(x) { x + 2 }\n");
    let mut program = folder.command(&["repl"]);
    program.env("VITALLY_API_KEY", KEY).env("VITALLY_BASE_URL", tenant.origin());
    let terminal = begun(&program);
    say(&terminal, "ours(base) + mine(1)", 2);
    say(&terminal, ":save made.rhai", 2);
    terminal.wait_for_times("[2]> ", 2);
    terminal.type_in(CTRL_D);
    let shown = terminal.end().screen.contents();
    assert_eq!(shown.matches("began with ").count(), 2, "{shown}");
    assert!(shown.contains("saved as made.rhai; check: ok"), "{shown}");
    assert!(shown.contains("\n44\n"), "{shown}");
    let terminal = begun(program.arg("--no-init"));
    say(&terminal, "mine(1)", 2);
    terminal.type_in(CTRL_D);
    assert!(!terminal.end().screen.contents().contains("began with "));
    folder.write("init.rhai", "update_account(ext(\"acct-1\"), #{ name: \"Ox\" });\n");
    let mut program = folder.command(&["repl"]);
    program.env("VITALLY_API_KEY", KEY).env("VITALLY_BASE_URL", tenant.origin());
    let terminal = begun(&program);
    say(&terminal, ":plan", 1);
    terminal.wait_for_times("[1]> ", 2);
    terminal.type_in(CTRL_D);
    let shown = terminal.end().screen.contents();
    assert!(shown.contains("here nothing may be changed") && shown.contains("init.rhai:1:1"), "{shown}");
    assert_eq!(tenant.writes(), 0);
}

#[test]
fn what_is_longer_than_the_screen_comes_through_the_pager() {
    let folder = Folder::new();
    let pager = folder.write("pager.sh", "#!/bin/sh\necho paged: $(wc -l)\n");
    let mut program = folder.command(&["repl", "--demo"]);
    program.env("PAGER", format!("/bin/sh {}", pager.display())).env("PATH", "/usr/bin:/bin");
    let terminal = begun(&program);
    say(&terminal, ":set page 150", 1);
    say(&terminal, "let a = []; for n in 0..150 { a.push(n); } a", 2);
    terminal.wait_for("paged: 150");
    say(&terminal, "[1, 2]", 3);
    terminal.type_in(CTRL_D);
    assert_eq!(terminal.end().screen.contents().matches("paged").count(), 1);
}
