//! Schedules that a script keeps itself, with the real program.
#![cfg(unix)]

use super::project::{Project, Served, text};
use crate::support::{KEY, http, tenant};
use serde_json::Value;
use std::process::Output;

/// Runs words at a time.
fn at(project: &Project, now: &str, words: &[&str]) -> Output {
    project.command(words).env("VITALLY_SCRIPT_NOW", now).output().expect("the program")
}

const ONE: &str = "schedule(\"daily at 06:00\", #{ timezone: \"Europe/Berlin\" }, || print(\"ran\"));\n";

#[test]
fn a_schedule_says_when_it_runs_next_here_and_in_utc() {
    let project = Project::new("own-words");
    project.write("a.rhai", ONE);
    let output = at(&project, "2026-11-25T06:00:00Z", &["run", "a.rhai", "--for", "1s"]);
    assert_eq!(
        text(&output.stderr),
        "a.rhai runs at 06:00 (Europe/Berlin); next Thu 2026-11-26 06:00, Fri 2026-11-27 06:00 and \
         Sat 2026-11-28 06:00 (05:00, 05:00 and 05:00 UTC)\n\
         Ctrl-C stops; what is missed meanwhile is caught up when it runs again\n"
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn once_runs_what_is_due_and_leaves() {
    let project = Project::new("own-once");
    project.write(
        "a.rhai",
        "schedule(\"daily at 06:00 and 18:00\", #{ name: \"six\", catchup: \"all\" }, |job| {\n\
             print(`${job.name} ${job.scheduled_at} ${job.caught_up} ${now()}`);\n\
         });\n\
         every(\"12h\", || throw \"no\");\n",
    );
    let once = ["run", "a.rhai", "--once"];
    let first = at(&project, "2026-11-25T12:00:00Z", &once);
    assert_eq!((text(&first.stdout).as_str(), first.status.code()), ("", Some(0)), "{}", text(&first.stderr));
    let shown = at(&project, "2026-11-26T06:10:00Z", &["run", "a.rhai", "--once", "-n"]);
    let second = at(&project, "2026-11-26T06:10:00Z", &once);
    let six = "a.rhai six 2026-11-25T18:00:00.000Z true 2026-11-26T06:10:00.000Z\n\
               a.rhai six 2026-11-26T06:00:00.000Z true 2026-11-26T06:10:00.000Z\n";
    assert_eq!(text(&shown.stdout), six, "{}", text(&shown.stderr));
    assert_eq!(text(&second.stdout), six, "{}", text(&second.stderr));
    assert_eq!(second.status.code(), Some(5), "{}", text(&second.stderr));
    let third = at(&project, "2026-11-26T06:10:20Z", &once);
    assert_eq!((text(&third.stdout).as_str(), third.status.code()), ("", Some(0)), "{}", text(&third.stderr));
    assert_eq!(project.outcomes("a.rhai six"), ["ok", "ok"]);
    assert_eq!(project.outcomes("a.rhai"), ["failed"]);
    let list = project.json(&["jobs", "list"]);
    assert_eq!((&list[0]["job"], &list[0]["script"]), (&"a.rhai".into(), &"a.rhai".into()));
    assert_eq!(list[1]["words"], "at 06:00 and 18:00");
    let run = project.run(&["jobs", "run", "a.rhai six"]);
    assert!(text(&run.stderr).contains("vitally-script run a.rhai --once"), "{}", text(&run.stderr));
}

#[test]
fn what_makes_no_sense_is_refused_where_it_stands() {
    let project = Project::new("own-wrong");
    for (script, expected) in [
        (
            "let when = \"0 25 * * *\";\nschedule(when, || 1);",
            ["does not understand \"0 25 * * *\"", "a.rhai:2:"],
        ),
        (
            "let how = \"alow\";\nschedule(\"@daily\", #{ overlap: how }, || 1);",
            ["did you mean \"allow\"", "a.rhai:2:"],
        ),
        (
            "let name = 5;\nschedule(\"@daily\", #{ name: name }, || 1);",
            ["schedule needs text for \"name\"", "a.rhai:2:"],
        ),
        (
            "schedule(\"@daily\", #{ name: \"x\" }, || 1);\nschedule(\"@daily\", #{ name: \"x\" }, || 1);",
            ["two schedules of this script are called \"x\"", "a.rhai:2:"],
        ),
        (
            "schedule(\"@daily\", |a, b| 1);",
            ["the function given to schedule takes 2 values", "write || … or |job| …"],
        ),
        (
            "let when = \"soon\";\nevery(\"10m\", #{ expect_within: when }, || 1);",
            ["expect_within cannot be \"soon\"", "write a length of time such as 90s, 15m or 2h"],
        ),
        (
            "let most = 30;\nevery(\"10m\", #{ expect_within: most }, || 1);",
            ["every needs text for \"expect_within\"", "such as expect_within: \"30m\""],
        ),
        ("every(\"10m\", 5);", ["every needs a function, and got", "every(\"10m\", || …)"]),
        ("let ten = 10;\nevery(ten, || 1);", ["every needs a text that says when, and got", "a.rhai:2:"]),
        (
            "let o = [];\nschedule(\"@daily\", o, || 1);",
            ["schedule needs a map of options in the middle", "a.rhai:2:"],
        ),
        (
            "let o = [];\nevery(\"10m\", o, || 1);",
            ["every needs a map of options in the middle", "every(\"10m\", #{ name: \"renewals\" }, || …)"],
        ),
        (
            "every(\"1s\", || every(\"2s\", || 1));",
            ["it is too late for that while a function is called", "at the top of the script"],
        ),
    ] {
        project.write("a.rhai", script);
        let output = project.run(&["run", "a.rhai", "--for", "3s"]);
        let said = text(&output.stderr);
        for part in expected {
            assert!(said.contains(part), "\"{part}\" is not in: {said}");
        }
        assert_ne!(output.status.code(), Some(0), "{script}");
    }
}

#[test]
fn every_time_is_a_run_of_its_own_and_a_create_is_known_again() {
    let tenant = tenant();
    let project = Project::new("own-runs");
    let account = |path: &str| -> Value {
        let reply = http::exchange(&tenant, "GET", &format!("/resources{path}"), Some(&http::basic(KEY)), "");
        serde_json::from_slice(&reply.expect("an answer").body).expect("JSON")
    };
    let id = account("/accounts/acct-1")["id"].as_str().expect("an id").to_string();
    let script = format!(
        "every(\"1h\", || create_note(#{{ accountId: \"{id}\", noteDate: job.scheduled_at, note: \"hello\" }}));\n"
    );
    project.write("a.rhai", &script);
    let once = |now: &str| {
        let mut command = project.command(&["run", "a.rhai", "--once"]);
        command
            .env("VITALLY_API_KEY", KEY)
            .env("VITALLY_BASE_URL", tenant.origin())
            .env("VITALLY_SCRIPT_NOW", now);
        let output = command.output().expect("the program");
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    once("2026-11-25T06:10:00Z");
    once("2026-11-25T07:10:00Z");
    once("2026-11-25T08:10:00Z");
    let ticks = project.json(&["jobs", "history", "a.rhai"]);
    let runs = project.json(&["runs"]);
    let ids: Vec<&Value> = runs.as_array().expect("a list").iter().map(|run| &run["run"]).collect();
    assert_eq!(ids.len(), 2, "{runs}");
    assert_eq!([&ticks[0]["runs"][0], &ticks[1]["runs"][0]], [ids[0], ids[1]], "{ticks}");
    assert_eq!(runs[0]["kind"], "schedule");
    let notes = account("/notes?limit=100");
    let made = notes["results"].as_array().expect("a list").iter().filter(|note| note["note"] == "hello");
    let keys: Vec<&str> = made.map(|note| note["externalId"].as_str().expect("an externalId")).collect();
    assert_eq!(keys.len(), 2);
    assert!(keys[0] != keys[1] && keys.iter().all(|key| key.starts_with("vs-")), "{keys:?}");
    let undo = |run: &Value| {
        let mut command = project.command(&[
            "undo",
            run.as_str().expect("an id"),
            "-y",
            "--max-deletes",
            "1",
            "--confirm",
            "delete 1 default",
        ]);
        command.env("VITALLY_API_KEY", KEY).env("VITALLY_BASE_URL", tenant.origin());
        command.output().expect("the program")
    };
    let output = undo(ids[0]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn long_calls_are_ended_and_others_wait_for_their_turn() {
    let project = Project::new("own-long");
    project.write(
        "a.rhai",
        "schedule(\"every 1s\", #{ name: \"long\", timeout: \"1s\" }, || { sleep(600); print(\"never\"); });\n\
         schedule(\"every 1s\", #{ name: \"short\", overlap: \"queue_all\" }, || print(\"short\"));\n",
    );
    let mut served = Served::of(project.command(&["run", "a.rhai", "-v"]));
    served.hear("a.rhai long: stopped, because it took too long, for");
    served.hear("short");
    served.hear("a.rhai long: stopped, because it took too long, for");
    served.hear("short");
    let paused = project.run(&["jobs", "pause", "a.rhai long"]);
    assert!(paused.status.success(), "{}", text(&paused.stderr));
    served.hear("a.rhai long: paused (by hand)");
    assert_eq!(served.end("-INT"), Some(130));
    let outcomes = project.outcomes("a.rhai long");
    assert!(
        outcomes.contains(&"timeout".into()) && outcomes.contains(&"skipped_overlap".into()),
        "{outcomes:?}"
    );
    assert!(!outcomes.contains(&"ok".into()), "{outcomes:?}");
}

#[test]
fn scripts_with_schedules_are_served_and_may_end_what_they_do() {
    let project = Project::new("own-serve");
    project.write("a.rhai", "every(\"1s\", || { print(\"begun\"); sleep(1); print(\"ended\"); });\n");
    project
        .write("b.rhai", "//! @schedule every 1s\nprint(`${job.name} ${job.attempt} ${job.caught_up}`);\n");
    let mut served = project.serve(&[]);
    served.hear("a.rhai runs every second (UTC); next ");
    served.hear("b 1 false");
    served.hear("begun");
    served.signal("-TERM");
    served.hear("ended");
    assert_eq!(served.child.wait().expect("an end").code(), Some(0));
    let outcomes = project.outcomes("a.rhai");
    assert!(
        outcomes.iter().all(|outcome| ["ok", "skipped_overlap", "waiting"].contains(&outcome.as_str())),
        "{outcomes:?}"
    );
    project.write("b.rhai", "//! @schedule every 1s\nevery(\"1s\", || 1);\n");
    let both = project.run(&["serve"]);
    assert!(text(&both.stderr).contains("a run of it would never end"), "{}", text(&both.stderr));
}

#[test]
fn too_many_missed_times_are_held_until_somebody_decides() {
    let project = Project::new("own-held");
    project.write(
        "a.rhai",
        "schedule(\"every 1h\", #{ catchup: \"all\" }, || print(`ran ${job.scheduled_at}`));\n",
    );
    let once = ["run", "a.rhai", "--once"];
    at(&project, "2026-11-25T00:10:00Z", &once);
    let held = at(&project, "2026-11-25T22:10:00Z", &once);
    assert_eq!(text(&held.stdout), "");
    assert!(
        text(&held.stderr).contains("22 missed times are held, because they are many at once"),
        "{}",
        text(&held.stderr)
    );
    let list = project.json(&["jobs", "held"]);
    assert_eq!(list.as_array().map(Vec::len), Some(22));
    assert_eq!(list[0]["tick"], "2026-11-25T01:00:00Z");
    let released = project.run(&["jobs", "release", "a.rhai"]);
    assert_eq!(
        text(&released.stderr),
        "22 missed times will run, oldest first, as soon as its job is kept\n"
    );
    let ran = at(&project, "2026-11-25T22:20:00Z", &once);
    assert_eq!(text(&ran.stdout).lines().count(), 22);
    assert!(text(&ran.stdout).starts_with("ran 2026-11-25T01:00:00.000Z\n"));
    at(&project, "2026-11-26T22:10:00Z", &once);
    let gone = project.run(&["jobs", "release", "--discard"]);
    assert_eq!(text(&gone.stderr), "24 missed times will not run\n");
    assert_eq!(text(&at(&project, "2026-11-26T22:20:00Z", &once).stdout), "");
    assert_eq!(text(&project.run(&["jobs", "release"]).stderr), "nothing is held\n");
}

#[test]
fn a_script_that_ends_in_time_leaves_nothing_waiting() {
    let project = Project::new("own-for");
    project.write("a.rhai", "every(\"1s\", || { print(\"ran\"); sleep(0.2); });\n");
    let mut served = Served::of(project.command(&["run", "a.rhai", "--for", "3s"]));
    served.hear("ran");
    assert_eq!(served.child.wait().expect("an end").code(), Some(0));
    let outcomes = project.outcomes("a.rhai");
    assert!(outcomes.iter().all(|outcome| outcome == "ok"), "{outcomes:?}");
    assert!(outcomes.len() >= 2, "{outcomes:?}");
}
