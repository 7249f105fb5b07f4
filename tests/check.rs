//! What `check` says beyond what a run refuses, and what it tells about scripts that are in order.

use crate::support::program::Folder;
use serde_json::{Value, json};

#[test]
fn a_loop_that_does_nothing_is_reported_but_runs() {
    let folder = Folder::new();
    let script = "fn idle(list) {\n    for item in list {\n        // nothing yet\n    }\n}\nfor n in 1..3 { idle([n]); }\nprint(\"ran\");\n";
    folder.write("idle.rhai", script);
    let found = "error[V046]: this loop does nothing; errors in it would go unseen\n \
        --> idle.rhai:2:5\n  |\n2 |     for item in list {\n  |     ^^^\n  |\n  \
        = help: write between { and } what to do with each item, or take the loop out; .len() reads a whole list and \
        counts it\n\n";
    folder.run(&["check", "idle.rhai"]).is(
        3,
        found,
        "1 mistake in 1 script; vitally-script help V046 says more\n",
    );
    folder.run(&["run", "idle.rhai", "--demo"]).is(0, "ran\n", "");
}

const NOW: &[(&str, &str)] = &[("VITALLY_SCRIPT_NOW", "2026-11-23T09:00:00Z")];

const JOB: &str = "//! @schedule 0 6 * * MON-FRI @timezone Europe/London\n\
    for account in accounts() { ensure_task(#{ externalId: account.id, name: \"Call\", accountId: account.id }); }\n";

const HOOK: &str = "on(\"task_completed\", |task| {\n    create_note(#{ note: task.name, noteDate: today(), accountId: \
    task.accountId });\n    slack(secret(\"OPS\"), task.name);\n});\n\
    schedule(\"30 1 * * *\", #{ timezone: \"Europe/London\" }, || delete_note(notes().first()));\n";

#[test]
fn what_a_script_touches_and_when_is_told() {
    let folder = Folder::new();
    folder.write("job.rhai", JOB);
    folder.write("hook.rhai", HOOK);
    folder.write("empty.rhai", "fn helper(x) { x }\n");
    let told = "empty.rhai  ok\n\
        hook.rhai  ok\n  reads notes; creates notes; deletes notes; sends to Slack\n  listens to task_completed\n  \
        runs at 01:30 (Europe/London); next Tue 2026-11-24 01:30, Wed 2026-11-25 01:30, Thu 2026-11-26 01:30\n\
        job.rhai  ok\n  reads accounts, tasks; creates tasks; deletes nothing\n  \
        runs at 06:00, Monday to Friday (Europe/London); next Tue 2026-11-24 06:00, Wed 2026-11-25 06:00, Thu 2026-11-26 06:00\n\
        remark[V060]: on 2027-03-28 the clocks go forward from 01:00 to 02:00: 01:30 is not shown that day: it runs at 02:00 instead\n \
        --> hook.rhai:5:10\n  |\n5 | schedule(\"30 1 * * *\", #{ timezone: \"Europe/London\" }, || delete_note(notes().first()));\n  \
        |          ^^^^^^^^^^^^\n  |\n  = help: choose a time outside the hours in which clocks change, or the time zone UTC\n\n\
        remark[V060]: on 2027-10-31 the clocks go back from 02:00 to 01:00: 01:30 is shown twice that day: it runs the first time only\n \
        --> hook.rhai:5:10\n  |\n5 | schedule(\"30 1 * * *\", #{ timezone: \"Europe/London\" }, || delete_note(notes().first()));\n  \
        |          ^^^^^^^^^^^^\n  |\n  = help: choose a time outside the hours in which clocks change, or the time zone UTC\n\n";
    let ended = folder.run_with(&["check", "."], NOW, "");
    ended.is(
        0,
        &told
            .replace("empty.rhai  ok", "./empty.rhai  ok")
            .replace("\nhook.rhai  ok", "\n./hook.rhai  ok")
            .replace("\njob.rhai  ok", "\n./job.rhai  ok")
            .replace("--> hook", "--> ./hook"),
        "2 remarks in 3 scripts; vitally-script help V060 says more\n",
    );
}

#[test]
fn the_same_for_programs() {
    let folder = Folder::new();
    folder.write("job.rhai", JOB);
    folder.write("wrong.rhai", "print(acounts());\n");
    let ended = folder.run_with(&["check", "job.rhai", "wrong.rhai", "--error-format", "json"], NOW, "");
    assert_eq!((ended.code, ended.stderr.as_str()), (3, ""));
    let got: Value = serde_json::from_str(&ended.stdout).unwrap();
    let next =
        |day: &str| json!({ "utc": format!("{day}T06:00:00Z"), "local": format!("{day}T06:00:00+00:00") });
    let wanted = json!({
        "schema": 1,
        "findings": [{
            "file": "wrong.rhai", "line": 1, "column": 7, "code": "V020", "severity": "error",
            "message": "there is no function called \"acounts\"",
            "help": "run `vitally-script docs` to see every function",
        }],
        "scripts": [
            {
                "file": "job.rhai", "reads": ["accounts", "tasks"], "creates": ["tasks"], "updates": [], "deletes": [],
                "sends": [], "hooks": [], "schedules": [{
                    "expression": "0 6 * * MON-FRI", "words": "at 06:00, Monday to Friday", "timezone": "Europe/London",
                    "line": 1, "next": [next("2026-11-24"), next("2026-11-25"), next("2026-11-26")],
                }],
            },
            {
                "file": "wrong.rhai", "reads": [], "creates": [], "updates": [], "deletes": [], "sends": [], "hooks": [],
                "schedules": [],
            },
        ],
    });
    assert_eq!(got, wanted, "{got:#}");
    let ended = folder.run_with(&["check", "job.rhai", "wrong.rhai", "--error-format", "github"], NOW, "");
    let told = "::error file=wrong.rhai,line=1,col=7,title=V020::there is no function called \"acounts\"%0Ahelp: run \
        `vitally-script docs` to see every function\n";
    ended.is(3, told, "");
}
