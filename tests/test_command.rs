//! `test`: what people see, what a test can do, and that tests know nothing of each other.

use crate::support::program::Folder;
use serde_json::Value;
use std::fs;
use vitally_script::script::testing::ENTRIES;

/// A folder with a script that makes a task for every account that renews soon, and tests of it.
fn folder(tests: &str) -> Folder {
    let folder = Folder::new();
    folder.write("renewals.rhai", fs::read_to_string("scripts/renewals.rhai").unwrap());
    folder.write("tests/renewals_test.rhai", tests);
    folder
}

/// The program's own clock does not show in what it says.
fn without_time(text: &str) -> String {
    text.lines().map(|line| line.split(" (").next().unwrap_or(line).to_string() + "\n").collect()
}

#[test]
fn a_passing_file_is_a_line() {
    let folder = folder(
        "fake(\"account\", #{ name: \"Acme\", nextRenewalDate: today().plus(\"20d\") });\n\
         test(\"a task\", || { run_script(); assert_eq(created(\"task\")[0].name, \"Prepare renewal: Acme\"); });\n\
         test(\"not twice\", || { run_script(); run_script(); assert_eq(created(\"task\").len(), 1); });\n\
         test(\"not yet\", || { assert_eq(run_script(#{ days: 10 }).printed, \"\"); assert_eq(created(), []); });\n",
    );
    let ended = folder.run(&["test"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "ok      tests/renewals_test.rhai  3 passed\n"));
    assert_eq!(without_time(&ended.stderr), "3 tests in 1 file: all passed\n");
}

#[test]
fn a_failing_test_shows_the_line_and_what_differs() {
    let folder = folder(
        "fake(\"account\", #{ name: \"Acme\", nextRenewalDate: \"2026-12-10\" });\n\
         test(\"good\", || { });\n\
         test(\"a task\", || {\n    \
             today_is(\"2026-11-20\");\n    \
             run_script();\n    \
             let task = created(\"task\")[0];\n    \
             assert_eq([task.name, task.tags], [\"Prepare renewal: Globex\", [\"renewal\", \"hot\"]]);\n\
         });\n",
    );
    let ended = folder.run(&["test", "tests"]);
    let stdout = "\
FAILED  tests/renewals_test.rhai  1 passed, 1 failed

a task
error: what was expected and what came differ:
         [0]: expected \"Prepare renewal: Globex\", and got \"Prepare renewal: Acme\"
         [1][1]: expected \"hot\", and got nothing
 --> tests/renewals_test.rhai:7:5
  |
7 |     assert_eq([task.name, task.tags], [\"Prepare renewal: Globex\", [\"renewal\", \"hot\"]]);
  |     ^^^^^^^^^
what was printed and said:
  2026-12-10  Acme
  1 renewal task(s) created; 0 account(s) have no renewal date

";
    assert_eq!((ended.code, ended.stdout.as_str()), (4, stdout));
    assert_eq!(without_time(&ended.stderr), "2 tests in 1 file: 1 failed\n");
}

#[test]
fn an_error_of_the_script_is_shown_at_its_own_line() {
    let folder = folder("test(\"it ends\", || {\n    run_script(\"broken.rhai\");\n});\n");
    folder.write("broken.rhai", "let account = accounts().first();\nprint(account.name);\n");
    let ended = folder.run(&["test"]);
    assert_eq!(ended.code, 4);
    assert!(ended.stdout.contains(" --> broken.rhai:2:15\n"), "{}", ended.stdout);
    assert!(ended.stdout.contains("called from tests/renewals_test.rhai:2:5\n"), "{}", ended.stdout);
    folder.write("broken.rhai", "print(acounts());\n");
    let ended = folder.run(&["test"]);
    assert!(
        ended.stdout.contains("error[V020]: there is no function called \"acounts\""),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.contains("broken.rhai:1:7\n"), "{}", ended.stdout);
}

#[test]
fn programs_read_json_and_junit() {
    let folder = folder(
        "test(\"one & all\", || { });\ntest(\"two\", || { print(\"<hm>\"); assert(false, \"no\"); });\n",
    );
    let ended = folder.run(&["test", "-o", "json", "--junit", "report.xml"]);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, &document["passed"], &document["failed"]), (4, &1.into(), &1.into()));
    let [one, two] = &document["tests"].as_array().unwrap()[..] else { panic!("{document}") };
    assert_eq!((&one["name"], &one["line"], &one["passed"]), (&"one & all".into(), &1.into(), &true.into()));
    assert_eq!((&two["error"]["kind"], &two["error"]["message"]), (&"assertion".into(), &"no".into()));
    assert_eq!(two["said"], "<hm>\n");
    let report = folder.read("report.xml");
    assert!(report.contains("<testsuites tests=\"2\" failures=\"1\""), "{report}");
    assert!(
        report.contains("name=\"one &amp; all\" file=\"tests/renewals_test.rhai\" line=\"1\""),
        "{report}"
    );
    assert!(report.contains("<failure message=\"no\">"), "{report}");
    assert!(report.contains("<system-out>&lt;hm&gt;"), "{report}");
}

#[test]
fn hooks_hear_what_happens_and_what_a_test_changes() {
    let folder = folder("");
    fs::remove_file(folder.path().join("tests/renewals_test.rhai")).unwrap();
    folder.write("hooks.rhai", fs::read_to_string("scripts/hook_completed.rhai").unwrap());
    folder.write(
        "tests/hooks_test.rhai",
        "test(\"it happens\", || {\n\
             fake(\"task_completed\", #{ name: \"Kick-off call\" });\n\
             assert_eq(created(\"note\").len(), 1);\n\
             assert_eq(created(\"task\").map(|task| task.name), [\"Import the data\"]);\n\
         });\n\
         test(\"it is changed\", || {\n\
             let task = fake(\"task\", #{ name: \"Train the team\" });\n\
             run_script();\n\
             advance(\"1h\");\n\
             assert_eq(created(), []);\n\
             update_task(task, #{ completedAt: now() });\n\
             advance(\"1h\");\n\
             advance(\"1h\");\n\
             assert_eq(created(\"task\").map(|task| task.name), [\"First review\"]);\n\
         });\n\
         test(\"a hook that throws\", || {\n\
             fail_next(\"POST /notes\", 400);\n\
             assert_throws(|| fake(\"task_completed\", #{ name: \"Call\" }));\n\
         });\n",
    );
    let ended = folder.run(&["test"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
}

#[test]
fn time_passes_and_schedules_run_across_a_change_of_the_clocks() {
    let folder = folder("");
    folder.write("tests/renewals_test.rhai", "test(\"nothing\", || { });\n");
    folder.write(
        "daily.rhai",
        "//! Says what time it is.\n//! @schedule 0 6 * * MON-FRI @timezone Europe/London\n\nprint(now());\n\
         create_task(#{ name: `${now()}`, accountId: accounts().first().id });\n",
    );
    folder.write(
        "tests/daily_test.rhai",
        "test(\"weekdays at six, before and after the clocks change\", || {\n\
             today_is(\"2026-03-26 12:00\");\n\
             fake(\"account\");\n\
             run_script();\n\
             advance(\"5d\");\n\
             assert_eq(created(\"task\").map(|task| task.name), [\n\
                 \"2026-03-26T12:00:00.000Z\", \"2026-03-27T06:00:00.000Z\", \"2026-03-30T05:00:00.000Z\", \"2026-03-31T05:00:00.000Z\",\n\
             ]);\n\
         });\n",
    );
    folder.write(
        "own.rhai",
        "schedule(\"0 6 * * *\", #{ timezone: \"Europe/London\" }, |job| print(job.scheduled_at));\n\
         every(\"12h\", || create_note(#{ note: \"x\", noteDate: now(), accountId: accounts().first().id }));\n",
    );
    folder.write(
        "tests/own_test.rhai",
        "test(\"schedules of a script\", || {\n\
             today_is(\"2026-03-28 12:00\");\n\
             fake(\"account\");\n\
             run_script();\n\
             advance(\"2d\");\n\
             assert_eq(printed().lines().len(), 2);\n\
             assert_eq(created(\"note\").len(), 4);\n\
         });\n",
    );
    let ended = folder.run(&["test"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
}

#[test]
fn nothing_leaves_the_computer() {
    let folder = folder("");
    folder.write("talk.rhai", "slack(secret(\"HOOK\"), \"3 renewals\");\nprint(http_get(\"https://rates.example/EUR\").json.rate);\n");
    folder.write(
        "tests/renewals_test.rhai",
        "test(\"it is kept\", || {\n\
             fake_env(\"HOOK\", \"https://hooks.slack.com/services/T0/B0/secret\");\n\
             fake_http(\"https://rates.example/\", #{ rate: 1.1 });\n\
             assert_eq(run_script(\"talk.rhai\").printed, \"1.1\\n\");\n\
             assert_eq(sent(\"slack\").len(), 1);\n\
             assert_eq(sent(\"slack\")[0].text, \"3 renewals\");\n\
             assert(!to_json(sent()).contains(\"secret\"));\n\
         });\n\
         test(\"nobody answers\", || {\n\
             assert_throws(|| http_get(\"https://rates.example/EUR\"), \"nobody said what rates.example answers\");\n\
             assert_throws(|| secret(\"HOOK\"), \"no secret\");\n\
             assert_throws(|| date(\"31/02/2026\", \"DMY\"), \"not a day\");\n\
             assert_eq(env(\"PATH\"), ());\n\
         });\n\
         test(\"files are written to nowhere\", || {\n\
             write_csv(\"out.csv\", [#{ a: 1 }]);\n\
             assert_eq(read_csv(\"out.csv\").len(), 1);\n\
         });\n",
    );
    let ended = folder.run(&["test"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    assert!(!folder.path().join("out.csv").exists());
}

#[test]
fn faults_are_ridden_out_or_seen() {
    let folder = folder(
        "let account = fake(\"account\", #{ name: \"Acme\", nextRenewalDate: today().plus(\"20d\") });\n\
         test(\"tried again\", || { fail_next(\"GET\", 503); run_script(); assert_eq(created(\"task\").len(), 1); });\n\
         test(\"given up\", || {\n\
             fail_next(\"GET /accounts\", 503, 10);\n\
             assert_eq(assert_throws(|| run_script()).kind, \"server\");\n\
         });\n\
         test(\"changed\", || {\n\
             let other = fake(\"account\", account, #{ healthScore: 2.5, traits: #{ tier: \"gold\" } });\n\
             assert_eq([other.healthScore, other.traits.tier], [2.5, \"gold\"]);\n\
             assert_eq(updated(), []);\n\
         });\n\
         test(\"the full tenant\", || { tenant(#{ accounts: 12 }); assert_eq(accounts().len(), 11); });\n",
    );
    let ended = folder.run(&["test"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
}

#[test]
fn every_object_and_every_trigger_can_be_faked() {
    let folder = folder("");
    let quiet = "on(TRIGGER, |record, event| print(event.trigger));";
    let mut tests = String::new();
    for object in vitally_script::catalogue::OBJECTS {
        if object.actions.iter().any(|action| action.name.starts_with("create_")) {
            tests.extend(Some(format!("test(\"{0}\", || {{ fake(\"{0}\"); }});\n", object.name)));
        }
    }
    for (_, trigger) in vitally_script::catalogue::triggers() {
        let name = trigger.name;
        // Records of custom objects are looked for in the custom objects that there are.
        let first = if name.starts_with("custom_object_instance") { "fake(\"custom_object\"); " } else { "" };
        folder.write(&format!("{name}.rhai"), quiet.replace("TRIGGER", &format!("\"{name}\"")));
        tests.extend(Some(format!(
            "test(\"on {name}\", || {{ {first}run_script(\"{name}.rhai\"); fake(\"{name}\"); assert_eq(printed(), \"{name}\\n\"); }});\n"
        )));
    }
    folder.write("tests/renewals_test.rhai", tests);
    let ended = folder.run(&["test"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
}

#[test]
fn every_example_of_a_function_of_tests_passes() {
    let folder = folder("");
    fs::remove_file(folder.path().join("tests/renewals_test.rhai")).unwrap();
    for name in ["renewals", "hello"] {
        folder.write(
            &format!("scripts/{name}.rhai"),
            fs::read_to_string(format!("scripts/{name}.rhai")).unwrap(),
        );
    }
    for entry in ENTRIES {
        assert!(!entry.doc.ends_with('.') && entry.signature.contains(entry.name), "{}", entry.name);
        assert!(entry.example.contains(entry.name), "{}", entry.name);
        folder.write(&format!("{}_test.rhai", entry.name), entry.example);
    }
    let ended = folder.run(&["test"]);
    assert_eq!((ended.code, ended.stdout.lines().count()), (0, ENTRIES.len()), "{}", ended.stdout);
    let checked = folder.run(&["check", "."]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
}

#[test]
fn what_cannot_be_tested_is_said() {
    let folder = Folder::new();
    folder.run(&["test"]).is(
        2,
        "",
        "error: there are no tests here\n\
         help: write one: tests/renewals_test.rhai with test(\"…\", || …) in it; vitally-script help tests shows how\n",
    );
    folder.write("a.rhai", "test(\"x\", || {});\n");
    folder.run(&["test", "a.rhai"]).is(
        2,
        "",
        "error: a.rhai is no file of tests\n\
         help: files of tests end in _test.rhai, such as tests/renewals_test.rhai\n",
    );
    let ended = folder.run(&["run", "a.rhai", "--demo"]);
    assert_eq!(ended.code, 3);
    assert!(
        ended.stderr.starts_with("error[V020]: test is a function of tests, and this is no file of tests\n"),
        "{}",
        ended.stderr
    );
    folder.write("tests/a_test.rhai", "test(\"x\", || {});\ntest(\"x\", || {});\n");
    let ended = folder.run(&["test"]);
    assert_eq!(ended.code, 4);
    assert!(ended.stdout.contains("error: two tests of this file are called \"x\"\n"), "{}", ended.stdout);
    folder.write("tests/a_test.rhai", "print(1);\n");
    let ended = folder.run(&["test"]);
    assert!(ended.stdout.contains("error: there is no test in tests/a_test.rhai\n"), "{}", ended.stdout);
    folder.write("tests/a_test.rhai", "test(\"x\", || {});\n");
    folder.run(&["test", "--name", "why"]).is(
        2,
        "",
        "error: no test has \"why\" in its name\nhelp: leave out --name to run all of them\n",
    );
}

#[test]
fn questions_are_answered_in_order() {
    let folder = Folder::new();
    folder.write(
        "ask.rhai",
        "if !confirm(\"Go on?\") { print(\"no\"); exit(0); }\n\
         print(choose(\"Which plan?\", [\"Starter\", \"Pro\"]) + \" \" + ask(\"How many?\", 5));\n",
    );
    folder.write(
        "tests/ask_test.rhai",
        "test(\"all are answered\", || { answer(\"yes\"); answer(\"Pro\"); answer(7);\n    \
             assert_eq(run_script().printed.trim(), \"Pro 7\"); });\n\
         test(\"no\", || { answer(false); assert_eq(run_script().printed.trim(), \"no\"); });\n\
         test(\"nobody\", || assert_throws(|| run_script(), \"nobody is there to answer\"));\n\
         test(\"what does not fit is asked again\", || { answer(\"y\"); answer(\"Gold\"); answer(\"1\"); answer(\"8\");\n    \
             assert_eq(run_script().printed.trim(), \"Starter 8\"); });\n",
    );
    let ended = folder.run(&["test"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (0, "ok      tests/ask_test.rhai  4 passed\n"),
        "{}",
        ended.stderr
    );
    folder.write("tests/ask_test.rhai", "test(\"nobody\", || run_script());\n");
    let help = "help: write answer(\"…\") before run_script(…), once for every question\n";
    let shown = folder.run(&["test"]).stdout;
    assert!(shown.contains(help), "{shown}");
}

#[test]
fn a_test_that_does_not_end_fails_and_the_others_go_on() {
    let folder = Folder::new();
    folder.write("slow.rhai", "sleep(\"1h\");");
    folder.write(
        "tests/slow_test.rhai",
        "test(\"a loop\", || { loop { } });\ntest(\"a wait\", || { run_script(); });\ntest(\"good\", || { });\n",
    );
    let ended = folder.run(&["test", "--timeout", "1s"]);
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    assert!(
        ended.stdout.starts_with("FAILED  tests/slow_test.rhai  1 passed, 2 failed\n"),
        "{}",
        ended.stdout
    );
    assert_eq!(ended.stdout.matches("the test had not ended after 1 s").count(), 2, "{}", ended.stdout);
}
