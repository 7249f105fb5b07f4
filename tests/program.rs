//! Whole commands: what is typed, what comes out, and the exit code.

use crate::support::program::Folder;
use serde_json::Value;
use std::process::Stdio;

const NO_KEY: &str = "error: there is no API key for the profile \"default\"\n\
    help: vitally-script init asks for one, and login stores one; or set VITALLY_API_KEY to the key from Vitally \
    (Settings, Integrations, Vitally REST API), or put api_key_file into the profile in vitally.toml; to try things \
    without a key, add --demo\n";

#[test]
fn a_mistyped_command() {
    let folder = Folder::new();
    let cases = [
        ("rn", "did you mean: vitally-script run"),
        ("exprot", "did you mean: vitally-script export"),
        ("trigers", "did you mean: vitally-script triggers"),
        ("comp", "did you mean: vitally-script completions"),
        ("job.rhai", "to run a script, write: vitally-script run job.rhai"),
        ("zzzzz", "vitally-script help lists the commands"),
    ];
    for (word, help) in cases {
        folder.run(&[word]).is(2, "", &format!("error: there is no command \"{word}\"\nhelp: {help}\n"));
    }
}

#[test]
fn scripts_that_cannot_be_read() {
    let folder = Folder::new();
    folder.write("renewals.rhai", "1");
    folder.write("empty.rhai", "\u{feff} \n");
    folder.write("latin.rhai", b"let a = 1;\nlet b = \"caf\xe9\";\n");
    folder.write("wide.rhai", b"\xff\xfel\0e\0t\0");
    folder.write("folder/x.rhai", "1");
    let cases = [
        ("renewal.rhai", "there is no script renewal.rhai", "did you mean renewals.rhai?"),
        ("nowhere/x.rhai", "there is no script nowhere/x.rhai", "check the name, and the folder you are in"),
        (
            "empty.rhai",
            "empty.rhai is empty",
            "a script can be as short as: for account in accounts() { print(account.name); }",
        ),
        (
            "latin.rhai",
            "latin.rhai is not UTF-8 text: line 2 (byte 24) cannot be read",
            "save it as UTF-8 in your editor",
        ),
        (
            "wide.rhai",
            "wide.rhai is saved as UTF-16, and scripts are UTF-8",
            "save it as UTF-8 in your editor",
        ),
        (
            "folder",
            "folder is a folder, and a script is a file",
            "name one script in it; check takes whole folders",
        ),
    ];
    for (script, message, help) in cases {
        let said = format!("error: {message}\nhelp: {help}\n");
        folder.run(&["run", script]).is(2, "", &said);
        if script != "folder" {
            folder.run(&["check", script]).is(2, "", &said);
        }
    }
}

#[test]
fn commands_that_need_a_key_say_what_to_do() {
    let folder = Folder::new();
    folder.run(&["get", "account", "acct-1"]).is(6, "", NO_KEY);
    folder.run(&["export", "accounts"]).is(6, "", NO_KEY);
}

#[test]
fn settings_that_cannot_work_are_refused_before_any_request() {
    let folder = Folder::new();
    let ended =
        folder.run_with(&["get", "account", "1"], &[("VITALLY_API_KEY", "k"), ("VITALLY_REGION", "us")], "");
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
}

#[test]
fn an_argument_that_no_script_asks_for_stops_the_run_before_it_starts() {
    let folder = Folder::new();
    let script = "print(arg(\"days\", 60)); fn later() { arg(\"owner\") }";
    let run = |code: &str, given: &str| folder.run(&["eval", "--demo", code, "--arg", given]);
    run(script, "dayz=30").is(
        2,
        "",
        "error: the script asks for no --arg dayz; did you mean \"days\"?\nhelp: it asks for: days, owner\n",
    );
    run("print(1);", "x=1").is(
        2,
        "",
        "error: the script asks for no --arg x\n\
         help: it asks for none; a script reads one with arg(\"name\", default)\n",
    );
    run(script, "days=30").is(0, "30\n", "");
    run("let name = \"x\"; print(arg(name, \"\"));", "x=1").is(0, "1\n", "");
}

#[test]
fn errors_are_one_json_document_under_o_json() {
    let folder = Folder::new();
    for words in [
        &["get", "acount", "1", "-o", "json"][..],
        &["-ojson", "rn"],
        &["--output=json", "run"],
        &["get", "account", "1", "-o", "json"],
        &["run", "-o", "json", "nothing.rhai"],
    ] {
        let ended = folder.run(words);
        assert_eq!(ended.stdout, "", "{words:?}");
        let document: Value = serde_json::from_str(&ended.stderr).unwrap();
        assert!(document["error"]["message"].is_string(), "{words:?}");
        assert!(document["error"]["kind"].is_string(), "{words:?}");
        assert!(matches!(ended.code, 2 | 6), "{words:?}");
    }
}

#[test]
fn help_goes_to_stdout() {
    let folder = Folder::new();
    for words in
        [&["--help"][..], &["help"], &[], &["run", "--help"], &["help", "run"], &["help", "exit-codes"]]
    {
        let ended = folder.run(words);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{words:?}");
        assert!(ended.stdout.len() > 200, "{words:?}");
    }
    folder.run(&["help", "exit-code"]).is(
        2,
        "",
        "error: there is no help about \"exit-code\"; did you mean \"exit-codes\"?\n\
         help: the topics are: tutorial, dialogue, safety, csv, reports, email, dates, schedules, hooks, tests, editors, errors, exit-codes, environment, formats, settings; and every command\n",
    );
}

#[test]
fn what_the_catalogue_knows() {
    let folder = Folder::new();
    let triggers = folder.run(&["triggers", "-o", "json"]);
    let list: Value = serde_json::from_str(&triggers.stdout).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 25);
    let said = folder.run(&["triggers"]).stdout;
    assert!(said.contains("account_churned                 An account churned\n"), "{said}");
    let said = folder.run(&["fields", "task"]).stdout;
    assert!(said.contains("\nname            text             RCU  What is to be done\n"), "{said}");
    let fields = folder.run(&["fields", "accounts", "-o", "csv"]);
    assert_eq!(
        fields.stdout.lines().take(2).collect::<Vec<_>>(),
        ["field,type,read,create,update,null,about", "id,id,true,false,false,false,Vitally's id"]
    );
    folder.run(&["docs", "get_acount"]).is(
        2,
        "",
        "error: there is nothing called \"get_acount\"; did you mean \"get_account\"?\n\
         help: vitally-script docs lists everything\n",
    );
}

#[test]
fn every_name_in_the_catalogue_has_a_page() {
    let folder = Folder::new();
    let all: Value = serde_json::from_str(&folder.run(&["docs", "-o", "json"]).stdout).unwrap();
    let all = all.as_array().unwrap();
    let overview = folder.run(&["docs"]).stdout;
    for page in all {
        let name = page["name"].as_str().unwrap();
        assert!(overview.contains(name), "{name} is not in the overview");
    }
    folder.run(&["docs", ".take()"]).is(
        0,
        ".take(count)\n\nThe first items; of a list from Vitally no more pages are read than needed\n\nExample\n  print(accounts().take(3));\n",
        "",
    );
    folder.run(&["docs", "task_completed"]).is(
        0,
        "task_completed   [trigger]\n\nA task was completed\n\nThe handler gets a task.\n\nExample\n  \
         on(\"task_completed\", |task| {\n      print(task.id);\n  });\n",
        "",
    );
    folder.run(&["docs", "delete_task"]).is(
        0,
        "delete_task(task)   [deletes]\n\nArchives a task\n\nGive a task or Vitally's own id.\n\n\
         Answers true. This cannot be undone.\n\nExample\n  delete_task(get_task(ext(\"task-2\")))\n",
        "",
    );
}

#[test]
fn the_key_is_never_shown() {
    let folder = Folder::new();
    let key = ("VITALLY_API_KEY", "sk_live_12345");
    for format in ["table", "json", "jsonl", "csv"] {
        let ended = folder.run_with(&["config", "show", "--origin", "-o", format, "-vv"], &[key], "");
        assert_eq!(ended.code, 0);
        assert!(ended.stdout.contains("***") && ended.stdout.contains("VITALLY_API_KEY"), "{}", ended.stdout);
        assert!(!ended.stdout.contains("12345") && !ended.stderr.contains("12345"));
    }
}

#[test]
fn what_export_refuses_before_it_starts() {
    let folder = Folder::new();
    let cases: &[(&[&str], &str)] = &[
        (&["accounts", "-o", "table"], "export writes data, not tables"),
        (
            &["accounts", "--filter", "stauts=churned"],
            "accounts has no filter \"stauts\"; did you mean \"status\"?",
        ),
        (
            &["accounts", "--filter", "status=churn"],
            "the filter status cannot be \"churn\"; did you mean \"churned\"?",
        ),
        (&["accounts", "--cols", "nmae"], "accounts have no column \"nmae\"; did you mean \"name\"?"),
        (&["accounts", "--parent", "x"], "accounts need no --parent"),
        (
            &["custom_object_instances"],
            "custom_object_instances belong to a custom object, and none was named",
        ),
        (&["messages"], "there is no object \"messages\"; did you mean \"message\"?"),
        (&["message"], "Vitally has no list of messages"),
    ];
    for (words, message) in cases {
        let ended = folder.run(&[&["export"], *words].concat());
        assert_eq!(ended.code, 2, "{words:?}");
        assert_eq!(ended.stderr.lines().next(), Some(format!("error: {message}").as_str()), "{words:?}");
    }
}

#[test]
fn records_that_cannot_be_read_alone() {
    let folder = Folder::new();
    let cases: &[(&[&str], &str)] = &[
        (&["admin", "1"], "Vitally has no way to read an admin by its id"),
        (
            &["custom_object_instance", "1"],
            "a custom object instance belongs to a custom object, and none was named",
        ),
        (&["account", "1", "--parent", "2"], "an account is read by its id alone, and --parent was given"),
        (&["account", ".."], "\"..\" cannot be the id of an account"),
    ];
    for (words, message) in cases {
        let ended = folder.run(&[&["get"], *words].concat());
        assert_eq!(ended.code, 2, "{words:?}");
        assert_eq!(ended.stderr.lines().next(), Some(format!("error: {message}").as_str()), "{words:?}");
    }
}

#[test]
fn a_closed_pipe_is_success() {
    let folder = Folder::new();
    for words in [&["docs"][..], &["triggers", "-o", "json"], &["--help"], &["completions", "bash"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = folder.command(words).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(
            (ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()),
            (Some(0), ""),
            "{words:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_not() {
    let folder = Folder::new();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = folder.command(&["triggers"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(
        (ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()),
        (
            Some(2),
            "error: cannot write to standard output: the disk is full\nhelp: make room, then try again\n"
        )
    );
}

#[test]
fn the_log_file_gets_what_was_said_with_times() {
    let folder = Folder::new();
    let ended = folder.run(&["get", "account", "1", "-q", "--log-file", "log.txt"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (6, NO_KEY));
    let log = folder.read("log.txt");
    let first = log.lines().next().unwrap();
    let (time, rest) = first.split_at("2026-11-25T10:20:59.123Z".len());
    assert!(time.parse::<jiff::Timestamp>().is_ok(), "{first}");
    assert_eq!(rest, " error   error: there is no API key for the profile \"default\"");
}

#[test]
fn completions_know_the_commands() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = folder.run(&["completions", shell]);
        assert_eq!(ended.code, 0, "{shell}");
        assert!(ended.stdout.contains("export") && ended.stdout.contains("read-only"), "{shell}");
    }
}

#[test]
fn a_folder_that_is_not_there() {
    Folder::new().run(&["-C", "nowhere", "triggers"]).is(
        2,
        "",
        "error: cannot go to the folder nowhere: there is no such file or folder\n\
         help: check the name, and the folder you are in\n",
    );
}
