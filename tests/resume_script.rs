//! Going on with a script that broke off: it is run again, and what it made is not made again.

use crate::support::desk::Desk;
use serde_json::{Value, json};
use vitally_script::simulator::{Effect, Fault};

const NOTES: &str = r#"
for a in accounts().take(3) { create_note(#{ note: "Seen", noteDate: today(), accountId: a.id }); }
create_task(#{ name: "Plain task", accountId: get_account(ext("acct-1")).id });
for a in accounts().take(2) { create_note(#{ note: "Seen again", noteDate: today(), accountId: a.id }); }
"#;

fn count(desk: &Desk, code: &str) -> i64 {
    desk.json(&["eval", code], 0).as_i64().expect("a number")
}

#[test]
fn a_create_whose_answer_was_lost_is_found_again() {
    let desk = Desk::new();
    desk.folder.write("notes.rhai", NOTES);
    desk.tenant.fail(Fault::next(Effect::CloseAfter).method("POST").path("/tasks"));
    let broken = desk.run(&["run", "notes.rhai"]);
    assert_eq!(broken.code, 7, "{}", broken.stderr);
    assert!(broken.stderr.contains("vitally-script resume RUN"), "{}", broken.stderr);
    let resumed = desk.run(&["resume", "last"]);
    resumed.is(0, "", "done: 2 notes created\nrun RUN: vitally-script undo RUN takes it back\n");
    assert_eq!(count(&desk, r#"notes().where(|n| n.note.contains("Seen")).count()"#), 5);
    assert_eq!(count(&desk, r#"tasks().where("name", "Plain task").count()"#), 1);
    let runs = desk.json(&["runs"], 0);
    assert_eq!((&runs[0]["outcome"], &runs[0]["changes"]), (&json!("done"), &json!(6)));
    assert_eq!(runs[1], Value::Null);
}

#[test]
fn a_create_that_never_arrived_is_sent() {
    let desk = Desk::new();
    desk.folder.write("notes.rhai", NOTES);
    desk.tenant.fail(Fault::next(Effect::CloseBefore).method("POST").path("/tasks"));
    assert_eq!(desk.run(&["run", "notes.rhai"]).code, 7);
    assert_eq!(desk.run(&["resume", "last"]).code, 0);
    assert_eq!(count(&desk, r#"tasks().where("name", "Plain task").count()"#), 1);
    assert_eq!(count(&desk, r#"notes().where(|n| n.note.contains("Seen")).count()"#), 5);
}

const ROWS: &str = r#"
let rows = [#{ id: "acct-1" }, #{ id: "acct-2" }, #{ id: "acct-3" }];
each(rows, |r| create_task(#{ name: "Row " + r.id, accountId: get_account(ext(r.id)).id }));
each(rows, |r| update_account(ext(r.id), #{ traits: #{ done: true } }));
"#;

#[test]
fn only_the_rows_that_failed_are_done_again() {
    let desk = Desk::new();
    desk.folder.write("rows.rhai", ROWS);
    desk.tenant
        .fail(Fault::next(Effect::Status { status: 400, headers: true, retry_after: None }).method("POST"));
    let ended = desk.run(&["run", "rows.rhai"]);
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    let writes = desk.tenant.writes();
    assert_eq!(desk.run(&["resume", "last", "--only-failed"]).code, 0);
    assert_eq!(desk.tenant.writes(), writes + 1);
    assert_eq!(count(&desk, r#"tasks().where(|t| t.name.starts_with("Row ")).count()"#), 3);
    // There is nothing left to do.
    assert_eq!(desk.run(&["resume", "last"]).code, 0);
    assert_eq!(desk.tenant.writes(), writes + 1);
}

#[test]
fn another_script_or_another_input_is_not_gone_on_with() {
    let desk = Desk::new();
    let script = "each(accounts().to_array(), |a| create_task(#{ name: \"T\", accountId: a.id }));";
    desk.folder.write("all.rhai", script);
    desk.tenant
        .fail(Fault::next(Effect::Status { status: 400, headers: true, retry_after: None }).method("POST"));
    assert_eq!(desk.run(&["run", "all.rhai"]).code, 5);
    let writes = desk.tenant.writes();

    desk.folder.write("all.rhai", format!("{script} print(1);"));
    let ended = desk.run(&["resume", "last"]);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("the script all.rhai was changed since run"), "{}", ended.stderr);

    desk.folder.write("all.rhai", script);
    let one_more = r#"create_account(#{ externalId: "more", name: "More" })"#;
    assert_eq!(desk.run(&["eval", "-y", one_more]).code, 0);
    let runs = desk.json(&["runs"], 0);
    let ended = desk.run(&["resume", runs[1]["run"].as_str().unwrap()]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("rows were added or taken away"), "{}", ended.stderr);
    assert_eq!(desk.tenant.writes(), writes + 1);
}

#[test]
fn what_no_file_holds_is_gone_on_with_too() {
    let code = r#"update_account(ext("acct-1"), #{ name: "N" }); create_task(#{ name: "T", accountId: get_account(ext("acct-1")).id }).name"#;
    for (words, input) in [(["eval", "-y", code], ""), (["run", "-y", "-"], code)] {
        let desk = Desk::new();
        let broken = || Effect::Status { status: 400, headers: true, retry_after: None };
        desk.tenant.fail(Fault::next(broken()).method("POST"));
        assert_eq!(desk.run_with(&words, input).code, 1);
        let writes = desk.tenant.writes();
        let resumed = desk.run(&["resume", "last", "-y"]);
        let value = if words[0] == "eval" { "T\n" } else { "" };
        resumed.is(0, value, "done: 1 task created\nrun RUN: vitally-script undo RUN takes it back\n");
        assert_eq!(desk.tenant.writes(), writes + 1);
        let runs = desk.json(&["runs"], 0);
        assert_eq!((&runs[0]["changes"], &runs[1]), (&json!(2), &Value::Null));
    }
}

#[test]
fn a_text_with_the_key_in_it_is_not_kept() {
    let desk = Desk::new();
    let code =
        format!(r#"update_account(ext("acct-1"), #{{ name: "N" }}); throw "{}";"#, crate::support::KEY);
    let ended = desk.command(&["eval", "-y", &code]).output().expect("the program");
    assert_eq!(ended.status.code(), Some(1));
    let ended = desk.run(&["resume", "last"]);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("was not kept: it held a key"), "{}", ended.stderr);
}

#[test]
fn a_run_in_a_dialogue_keeps_nothing_to_go_on_with() {
    let desk = Desk::new();
    let line = ":mode live\nupdate_account(ext(\"acct-1\"), #{ name: \"N\" })\n";
    assert_eq!(desk.run_with(&["repl"], line).code, 0);
    let ended = desk.run(&["resume", "last"]);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("repl, which keeps nothing to go on with"), "{}", ended.stderr);
}

#[test]
fn an_undo_looks_up_what_may_have_been_made() {
    let desk = Desk::new();
    desk.folder.write("notes.rhai", NOTES);
    desk.tenant.fail(Fault::next(Effect::CloseAfter).method("POST").path("/tasks"));
    assert_eq!(desk.run(&["run", "notes.rhai"]).code, 7);
    let undone = desk.json(&["undo", "last", "--max-deletes", "9", "--confirm", "delete 4 default"], 0);
    assert_eq!(undone["applied"], json!(4));
    // What was taken back is not half made again.
    let writes = desk.tenant.writes();
    let runs = desk.json(&["runs"], 0);
    let ended = desk.run(&["resume", runs[1]["run"].as_str().unwrap()]);
    assert_eq!((ended.code, desk.tenant.writes()), (8, writes), "{}", ended.stderr);
    assert!(ended.stderr.contains("was taken back by run"), "{}", ended.stderr);
    assert_eq!(count(&desk, r#"tasks().where("name", "Plain task").count()"#), 0);
    assert_eq!(count(&desk, r#"notes().where(|n| n.note.contains("Seen")).count()"#), 0);
}
