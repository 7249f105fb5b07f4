//! From a dry run's plan to its undoing, as a person does it: the program, its files and its journal.

use crate::support::desk::Desk;
use crate::support::program::Ended;
use serde_json::{Value, json};
use std::fs;

const TIERS: &str = r#"
each(accounts().take(3), |a| update_account(a, #{ traits: #{ tier: "gold" } }));
create_task(#{ name: "Check tiers", accountId: get_account(ext("acct-1")).id });
"#;

/// A desk with a script and its plan.
fn planned(script: &str) -> Desk {
    let desk = Desk::new();
    desk.folder.write("tiers.rhai", script);
    let ended = desk.run(&["run", "tiers.rhai", "--plan-out", "tiers.plan"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(desk.tenant.writes(), 0);
    desk
}

#[track_caller]
fn refuses(desk: &Desk, words: &[&str], message: &str) -> Ended {
    let before = desk.tenant.writes();
    let ended = desk.run(words);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains(message), "{}", ended.stderr);
    assert_eq!(desk.tenant.writes(), before);
    ended
}

#[test]
fn a_plan_is_written_shown_applied_and_undone() {
    let desk = planned(TIERS);
    let before = desk.records(&["accounts", "tasks"]);
    let shown = desk.json(&["plan", "show", "tiers.plan"], 0);
    assert_eq!(shown["plan"]["script"], "tiers.rhai");
    let first = &shown["changes"][0];
    assert_eq!(
        (&first["field"], &first["before"], &first["after"], &first["line"]),
        (&json!("traits.tier"), &Value::Null, &json!("gold"), &json!(2))
    );

    let applied = desk.run(&["apply", "tiers.plan", "-y"]);
    applied.is(
        0,
        "",
        "done: 3 accounts updated, 1 task created\nrun RUN: vitally-script undo RUN takes it back\n",
    );
    assert_eq!(desk.tenant.writes(), 4);
    let runs = desk.json(&["runs"], 0);
    assert_eq!(
        (&runs[0]["script"], &runs[0]["outcome"], &runs[0]["changes"], &runs[0]["failed"]),
        (&json!("tiers.plan"), &json!("done"), &json!(4), &json!(0))
    );
    let shown = desk.run(&["runs", "show", "last", "-o", "csv"]);
    let mut lines = shown.stdout.lines();
    assert_eq!(
        lines.next(),
        Some("run,object,id,name,field,before,after,status,script,line,action,reason,at")
    );
    assert!(lines.next().is_some_and(|line| line.contains("traits.tier,,gold,applied,tiers.rhai,2")));

    let undone = desk.json(&["undo", "last", "--max-deletes", "1", "--confirm", "delete 1 default"], 0);
    assert_eq!((&undone["applied"], &undone["drifted"]), (&json!(4), &json!(0)));
    for (list, records) in desk.records(&["accounts", "tasks"]) {
        assert!(records == before[&list], "{list} are not what they were");
    }
}

#[test]
fn a_plan_is_refused_where_it_does_not_belong() {
    let desk = planned(TIERS);
    // Nobody said yes.
    refuses(&desk, &["apply", "tiers.plan"], "help: look through them with -n; if they are right, add -y");
    // The script was edited.
    desk.folder.write("tiers.rhai", format!("{TIERS}\n// later"));
    refuses(&desk, &["apply", "tiers.plan", "-y"], "tiers.rhai was changed since the plan was made");
    desk.folder.write("tiers.rhai", TIERS);
    // Another profile, and another tenant.
    desk.folder.write("vitally.toml", format!("[profile.other]\nbase_url = \"{}\"", desk.tenant.origin()));
    refuses(&desk, &["apply", "tiers.plan", "-y", "-p", "other"], "is for the profile \"default\"");
    fs::remove_file(desk.folder.path().join("vitally.toml")).unwrap();
    refuses(&desk, &["apply", "tiers.plan", "-y", "--demo"], "is for the profile \"default\"");
    // The plan was edited.
    let plan = desk.folder.read("tiers.plan");
    desk.folder.write("edited.plan", plan.replace("gold", "lead"));
    let edited = desk.run(&["apply", "edited.plan", "-y"]);
    assert_eq!(edited.code, 2, "{}", edited.stderr);
    assert!(edited.stderr.contains("edited after it was made"), "{}", edited.stderr);
    assert_eq!(desk.tenant.writes(), 0);
    // More than is allowed.
    refuses(&desk, &["apply", "tiers.plan", "-y", "--max-changes", "3"], "4 changes are more than the 3");
    // Twice.
    assert_eq!(desk.run(&["apply", "tiers.plan", "-y"]).code, 0);
    refuses(&desk, &["apply", "tiers.plan", "-y"], "applied this plan before; nothing was sent");
}

#[test]
fn a_script_that_fails_leaves_no_plan() {
    let desk = Desk::new();
    let script = "delete_account(ext(\"acct-1\"));\nthrow \"no\";";
    desk.folder.write("bad.rhai", script);
    let ended = desk.run(&["run", "bad.rhai", "--plan-out", "bad.plan"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let left: Vec<_> =
        fs::read_dir(desk.folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["bad.rhai"]);
}

#[test]
fn apply_dry_and_undo_dry_send_nothing_and_tell_what_drifted() {
    let desk = planned(TIERS);
    let code =
        r#"let a = accounts().take(1).to_array()[0]; update_account(a, #{ traits: #{ tier: "silver" } });"#;
    assert_eq!(desk.run(&["eval", "-y", code]).code, 0);
    let ended = desk.run(&["apply", "tiers.plan", "-n"]);
    assert_eq!((ended.code, desk.tenant.writes()), (0, 1), "{}", ended.stderr);
    let sum = "would change, nothing was sent: 2 accounts to be updated, 1 task to be created; 1 changed by someone \
               since, to be left alone";
    assert!(ended.stderr.contains(sum), "{}", ended.stderr);

    let applied = desk.json(&["apply", "tiers.plan", "-y"], 5);
    assert_eq!((&applied["applied"], &applied["drifted"]), (&json!(3), &json!(1)));
    let writes = desk.tenant.writes();
    let ended = desk.run(&["undo", "last", "-n"]);
    assert_eq!((ended.code, desk.tenant.writes()), (0, writes), "{}", ended.stderr);
    let sum = "would put back, nothing was sent: 2 accounts to be updated, 1 task to be deleted";
    assert!(ended.stderr.contains(sum), "{}", ended.stderr);
}

#[test]
fn undo_leaves_the_one_field_alone_that_a_person_changed() {
    let desk = Desk::new();
    let code = r#"update_account(ext("acct-1"), #{ name: "N", traits: #{ a: 1, b: 2, c: 3, d: 4 } }).id"#;
    let id = desk.json(&["eval", "-y", code], 0);
    let by_hand = r#"update_account(ext("acct-1"), #{ traits: #{ b: 9 } });"#;
    assert_eq!(desk.run(&["eval", "-y", by_hand]).code, 0);
    let runs = desk.json(&["runs"], 0);
    let run = runs[1]["run"].as_str().unwrap();
    let undone = desk.run(&["undo", run, "-y"]);
    assert_eq!(undone.code, 5, "{}", undone.stderr);
    assert!(undone.stderr.contains("traits.b was changed since: expected 2, found 9"), "{}", undone.stderr);
    let now = desk.json(&["eval", r#"get_account(ext("acct-1"))"#], 0);
    let traits = &now["traits"];
    assert_eq!((&traits["a"], &traits["b"], &traits["c"]), (&Value::Null, &json!(9), &Value::Null));
    assert_ne!(now["name"], "N");
    let history = desk.json(&["history", &format!("account:{}", id.as_str().unwrap())], 0);
    let history = history.as_array().unwrap();
    assert!(history.iter().any(|line| line["field"] == "traits.b" && line["after"] == 9));
}

#[test]
fn deletes_of_a_plan_need_their_number_and_their_words() {
    let desk = planned("delete_task(tasks().take(1).to_array()[0]);");
    refuses(
        &desk,
        &["apply", "tiers.plan", "-y"],
        "help: Look through them with -n; if they are right, add --max-deletes 1",
    );
    let one = ["apply", "tiers.plan", "-y", "--max-deletes", "1"];
    refuses(&desk, &one, "--confirm \"delete 1 default\"");
    refuses(
        &desk,
        &[&one[..], &["--confirm", "delete 2 default"]].concat(),
        "--confirm says \"delete 2 default\"",
    );
    let ended = desk.run(&[&one[..], &["--confirm", "delete 1 default"]].concat());
    assert_eq!((ended.code, desk.tenant.writes()), (0, 1), "{}", ended.stderr);
}

#[test]
fn what_a_limit_leaves_is_sent_by_resume() {
    let desk = planned(TIERS);
    let applied = desk.json(&["apply", "tiers.plan", "-y", "--limit", "1"], 0);
    assert_eq!((&applied["applied"], &applied["remaining"]), (&json!(1), &json!(3)));
    refuses(&desk, &["resume", "last"], "nobody is there to say yes");
    let resumed = desk.json(&["resume", "last", "-y"], 0);
    assert_eq!((&resumed["applied"], &resumed["remaining"]), (&json!(3), &json!(0)));
    assert_eq!(desk.tenant.writes(), 4);
    let undone = desk.json(&["undo", "last", "-y", "--max-deletes", "1", "--confirm", "delete 1 default"], 0);
    assert_eq!(undone["applied"], json!(4));
}

#[test]
fn a_canary_that_does_not_go_well_stops_the_rest() {
    let desk = planned(TIERS);
    let first = desk.json(&["plan", "show", "tiers.plan"], 0)["changes"][0]["id"].clone();
    let code = format!("update_account({first}, #{{ traits: #{{ tier: \"silver\" }} }});");
    assert_eq!(desk.run(&["eval", "-y", &code]).code, 0);
    let applied = desk.json(&["apply", "tiers.plan", "-y", "--canary", "1"], 5);
    assert_eq!(
        (&applied["applied"], &applied["drifted"], &applied["remaining"]),
        (&json!(0), &json!(1), &json!(3))
    );
    assert_eq!(desk.tenant.writes(), 1);
}
