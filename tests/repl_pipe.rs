//! A dialogue through a pipe: one engine for all lines, plain output, an end at the first error.

use crate::support::program::Folder;
use crate::support::{Ended, KEY, NOW, program_at, tenant};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use vitally_script::simulator::Simulator;

/// Pipes lines into a command.
fn piped(command: &mut Command, lines: &str) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A program that stops at an error does not read the rest.
    let _ = child.stdin.take().expect("a pipe").write_all(lines.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) }
}

/// Lines to a production profile, which collects.
fn production(tenant: &Simulator, lines: &str) -> Ended {
    piped(program_at(&tenant.origin()).args(["repl"]), lines)
}

/// Lines in the demo tenant.
fn demo(lines: &str) -> Ended {
    piped(crate::support::binary().args(["repl", "--demo"]), lines)
}

#[track_caller]
fn gives(lines: &str, out: &str) {
    let ended = demo(lines);
    assert_eq!((ended.code, ended.out.as_str()), (0, out), "{}", ended.err);
}

#[test]
fn variables_functions_constants_and_closures_live_on() {
    gives(
        "let a = 20;\nconst B = 2;\nfn twice(x) { x * B }\nlet plus = |x| x + a;\ntwice(a) + plus.call(1)\n",
        "61\n",
    );
    gives("fn f() { 1 }\nfn f() { 2 }\nfn f(x) { x }\nf() + f(40)\n", "42\n");
    gives("let list = [3, 1, 2];\nlist.push(4);\nlist.sort().map(|x| x * 10)\n", "10\n20\n30\n40\n");
    gives("let big = accounts().where(|a| a.mrr > 7000);\nlet n = 1;\nbig.len()\n", "3\n");
}

#[test]
fn a_function_calls_the_newest_of_another_and_sees_no_variables() {
    gives("fn inner() { 1 }\nfn outer() { inner() }\nfn inner() { 42 }\nouter()\n", "42\n");
    let ended = demo("let x = 1;\nfn f() { x }\nf()\n");
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.err.contains("the function cannot see the variable \"x\""), "{}", ended.err);
}

#[test]
fn imports_live_on_and_a_changed_file_is_read_again() {
    let folder = Folder::new();
    folder.write("helpers.rhai", "export const RATE = 3; fn triple(x) { x * RATE }");
    let lines = "import \"helpers\" as h;\nimport \"std/find\" as f;\nh::triple(14)\nfn use_it(x) { h::triple(x) }\nuse_it(2)\n\
                 f::find_account(ext(\"acct-1\")).name\nh::RATE\n";
    let ended = folder.run_with(&["repl", "--demo"], &[("VITALLY_SCRIPT_NOW", NOW)], lines);
    ended.is(0, "42\n6\nLakeside Optics Group\n3\n", "");
}

#[test]
fn values_are_shown_and_kept() {
    gives("()\nlet a = 1;\n\"\"\n\"text\"\n", "\"\"\ntext\n");
    gives("40 + 2\nit + 1\nout[1] + out[2]\n", "42\n43\n85\n");
    gives("#{ name: \"Ada\", none: (), empty: \"\" }\n", "  empty  \"\"\n  name   Ada\n  none   –\n");
    gives("|x| x + 1\n", "a function\n");
    gives("CLEAR\n[|x| x, 1]\n", "CLEAR\na function\n1\n");
    gives("[]\n", "(none)\n");
    gives("\"a\\u001b[2Jb\"\n", "a\u{fffd}[2Jb\n");
}

#[test]
fn what_was_shown_does_not_change_with_the_variable() {
    let lines = "let a = [1];\na\na.push(2);\n[a.len(), it.len(), out[2].len()]\na\nit.push(3);\na.len()\n";
    gives(lines, "1\n2\n1\n1\n1\n2\n2\n");
    gives("let a = [1];\nlet f = || a.len();\na\na.push(2);\n[it.len(), f.call()]\n", "1\n1\n2\n");
    gives("const A = [1];\nA\nit.push(2);\nA.len()\n", "1\n1\n");
    gives("[1]\nout\nout.len()\n", "1\n–\n[1]\n3\n");
}

#[test]
fn an_unfinished_line_goes_on() {
    gives("fn twice(x) {\n  x * 2\n}\ntwice(21)\n", "42\n");
    gives("[1,\n\n\n2\n].len()\n", "2\n");
    gives("/* a remark\nover two lines */ 7\n", "7\n");
    gives("`over\ntwo lines`\n", "over\ntwo lines\n");
}

#[test]
fn the_first_error_ends_it_and_says_where() {
    let ended = demo("fn half(x) { x / 0 }\n1\nhalf(3)\n2\n");
    assert_eq!((ended.code, ended.out.as_str()), (1, "1\n"));
    assert!(ended.err.contains(" --> [1]:1:") && ended.err.contains("called from [3]:1:1"), "{}", ended.err);
    assert!(!ended.err.contains('\u{1b}'), "{}", ended.err);
    let ended = demo("let a = ;\n");
    assert_eq!(ended.code, 3, "{}", ended.err);
    let ended = demo("get_acount(\"1\")\n");
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("did you mean \"get_account\"?"), "{}", ended.err);
    assert_eq!(demo(":nonsense\n").code, 2);
    assert_eq!(demo("get_account(\"nobody\")\n").code, 1);
    assert_eq!(demo("exit(7)\n1\n").code, 7);
    assert_eq!(demo("1\n:quit\n2\n").out, "1\n");
}

#[test]
fn what_went_before_an_error_stays() {
    let ended = demo("let a = 1; throw \"no\";\n");
    assert_eq!(ended.code, 1);
    gives("let ok = true;\ntry { throw \"no\"; } catch (e) { ok = e == \"no\"; }\nok\n", "true\n");
}

#[test]
fn formats_are_those_of_the_command_line() {
    let lines = "accounts().take(1).map(|a| #{ name: a.name })\n:format csv\nit\n";
    gives(lines, "name\nMaple Fitness Labs\nname\nMaple Fitness Labs\n");
    let ended = piped(crate::support::binary().args(["repl", "--demo", "-o", "json"]), "#{ a: 1 }\n");
    assert_eq!(ended.out, "{\n  \"a\": 1\n}\n");
}

#[test]
fn a_pipe_gets_the_whole_list() {
    assert_eq!(demo("accounts().map(|a| a.name)\n").out.lines().count(), 36);
}

#[test]
fn production_collects_and_sends_only_when_told() {
    let tenant = tenant();
    let change =
        "update_account(ext(\"acct-1\"), #{ name: \"New\" }).name\nget_account(ext(\"acct-1\")).name\n";
    let ended = production(&tenant, change);
    assert_eq!((ended.code, ended.out.as_str(), tenant.writes()), (0, "New\nNew\n", 0), "{}", ended.err);
    assert!(ended.err.contains("1 change was not sent; :apply sends what is collected"), "{}", ended.err);
    let ended = production(&tenant, &format!("{change}:apply\n"));
    assert_eq!((ended.code, tenant.writes()), (8, 0), "{}", ended.err);
    let ended =
        production(&tenant, &format!("{change}:apply -y\nget_account(ext(\"acct-1\")).name\n:apply\n"));
    assert_eq!((ended.code, tenant.writes()), (0, 1), "{}", ended.err);
    assert!(ended.err.ends_with("nothing is collected\n"), "{}", ended.err);
}

#[test]
fn what_a_limit_leaves_stays_collected_with_real_ids() {
    let tenant = tenant();
    let lines = "let a = create_account(#{ externalId: \"made-1\", name: \"Made\", organizationId: organizations().first().id });\n\
                 a.id\n\
                 update_account(a, #{ name: \"Renamed\" }).name\n\
                 create_task(#{ externalId: \"made-2\", name: \"Call\", accountId: a.id }).name\n\
                 :apply -y --limit 1\n\
                 get_account(a).name\n\
                 tasks(#{ account: a }).map(|t| t.name)\n\
                 :apply -y\n\
                 :mode read-only\n\
                 get_account(a).name\n\
                 get_account(ext(\"made-1\")).name\n\
                 tasks(#{ account: a }).map(|t| t.name)\n";
    let ended = production(&tenant, lines);
    let expected = "new-1\nRenamed\nCall\nRenamed\nCall\nRenamed\nRenamed\nCall\n";
    assert_eq!((ended.code, ended.out.as_str(), tenant.writes()), (0, expected, 3), "{}", ended.err);
}

#[test]
fn discarding_takes_changes_out_of_what_is_seen() {
    let tenant = tenant();
    let lines = "let id = ext(\"acct-1\");\nlet was = get_account(id).name;\n\
                 update_account(id, #{ name: \"Two\" });\n\
                 update_account(ext(\"acct-2\"), #{ name: \"Three\" });\n\
                 :discard 3\nget_account(id).name == was\nget_account(ext(\"acct-2\")).name\n:discard\n\
                 get_account(ext(\"acct-2\")).name == \"Three\"\n";
    let ended = production(&tenant, lines);
    assert_eq!((ended.code, tenant.writes()), (0, 0), "{}", ended.err);
    assert!(ended.out.ends_with("true\nThree\nfalse\n"), "{}", ended.out);
}

#[test]
fn discarding_a_create_drops_what_needs_its_record() {
    let tenant = tenant();
    let lines = "let a = create_account(#{ externalId: \"x\", name: \"X\" });\nupdate_account(a, #{ name: \"Y\" });\n:discard 1\n:plan\n";
    let ended = production(&tenant, lines);
    assert!(ended.err.contains("dropped 1 change, and 1 that needed them"), "{}", ended.err);
    assert!(ended.err.ends_with("nothing is collected\n"), "{}", ended.err);
}

#[test]
fn live_inputs_are_runs_of_their_own_that_can_be_taken_back() {
    let lines = "let id = ext(\"acct-1\");\nlet was = get_account(id);\n\
                 update_account(id, #{ name: \"One\" });\n\
                 update_account(was, #{ name: \"Two\" });\n\
                 :undo\nget_account(id).name\n:runs\n";
    let ended = demo(lines);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended.out.contains("\nOne\n"),
        "the last input is taken back, to what the one before made: {}",
        ended.out
    );
    assert!(
        ended.out.contains("[3] update_account(id") && ended.out.contains("[4] update_account(was"),
        "{}",
        ended.out
    );
}

#[test]
fn limits_hold_for_each_input_anew() {
    let lines = "fn rename(n, name) { for i in 1..n + 1 { update_account(ext(`acct-${i}`), #{ name: name }); } }\n\
                 rename(2, \"A\");\nrename(2, \"B\");\nget_account(ext(\"acct-2\")).name\nrename(3, \"C\");\n";
    let ended = piped(crate::support::binary().args(["repl", "--demo", "--max-changes", "2"]), lines);
    assert_eq!(ended.code, 8, "{}", ended.err);
    assert!(ended.out.contains("B\n"), "{}", ended.out);
    assert!(ended.err.contains("may make 2 changes, and has"), "{}", ended.err);
}

#[test]
fn modes_can_be_changed_but_not_over_what_is_collected() {
    let tenant = tenant();
    let change = "update_account(ext(\"acct-1\"), #{ name: \"New\" }).name\n";
    assert_eq!(production(&tenant, &format!(":mode live\n{change}")).code, 0);
    assert_eq!(tenant.writes(), 1);
    assert_eq!(production(&tenant, &format!(":mode read-only\n{change}")).code, 8);
    let ended = production(&tenant, "update_account(ext(\"acct-2\"), #{ name: \"N\" });\n:mode live\n");
    assert_eq!((ended.code, tenant.writes()), (2, 1), "{}", ended.err);
    let ended = piped(program_at(&tenant.origin()).args(["repl", "--read-only"]), ":mode live\n");
    assert_eq!(ended.code, 8, "{}", ended.err);
}

#[test]
fn the_journal_is_free_between_inputs() {
    let tenant = tenant();
    let folder = Folder::new();
    let variables =
        [("VITALLY_API_KEY", KEY), ("VITALLY_BASE_URL", &*tenant.origin()), ("VITALLY_SCRIPT_NOW", NOW)];
    let mut command = folder.command(&["repl"]);
    command.envs(variables).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut lines = child.stdin.take().expect("a pipe");
    lines
        .write_all(b":mode live\nupdate_account(ext(\"acct-1\"), #{ name: \"New\" }).name\n")
        .expect("it reads");
    let mut out = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut out, &mut line).expect("it prints");
    assert_eq!(line, "New\n");
    let other = folder.run_with(
        &["eval", "-y", "update_account(ext(\"acct-2\"), #{ name: \"Other\" }).name"],
        &variables,
        "",
    );
    assert_eq!((other.code, other.stdout.as_str()), (0, "Other\n"), "{}", other.stderr);
    drop(lines);
    assert!(child.wait().expect("it ends").success());
    assert_eq!(tenant.writes(), 2);
}

#[test]
fn a_constant_is_seen_until_it_is_declared_anew() {
    gives("const A = 1;\nfn f() { A }\nf()\nconst A = 2;\nf()\n", "1\n2\n");
    assert_eq!(demo("const A = 1;\nfn f() { A }\nlet A = 3;\nf()\n").code, 1);
}

#[test]
fn a_session_becomes_a_script_that_passes_check() {
    let folder = Folder::new();
    let lines = "let n = 3;\naccounts().take(n).map(|a| a.name)\n40 + 2\nlet wrong = it - \"x\";\n";
    // The last line fails, and so ends a pipe; before that everything is kept.
    let ended = folder.run_with(&["repl", "--demo"], &[], lines);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let lines = "let n = 3;\nlet names = accounts().take(n).map(|a| a.name).to_array();\nfn old() { 1 }\nfn old() { 2 }\n\
                 names.len()\nit + out[5]\nprint(`sum ${it + old()}`)\n#{ a: 1 }\nlet api_key = \"sk-hush\";\n\
                 :save fix\n:save chosen.rhai 1-2 5-7\n";
    let ended = folder.run_with(&["repl", "--demo"], &[("VITALLY_SCRIPT_NOW", NOW)], lines);
    assert_eq!(ended.code, 3, "without its function the choice is no whole script: {}", ended.stderr);
    let saved = folder.read("fix.rhai");
    let expected = "//! Typed in a session with demo sandbox (simulator) on 2026-11-25.\n\n\
        let n = 3;\n\
        let names = accounts().take(n).map(|a| a.name).to_array();\n\
        // [3] written anew below:\n// fn old() { 1 }\n\
        fn old() { 2 }\n\
        let out_5 = names.len();\n\
        let out_6 = out_5 + out_5;\n\
        print(`sum ${out_6 + old()}`);\n\
        // [8] a look:\n// #{ a: 1 }\n\
        // [9] left out: it looked like a secret\n";
    assert_eq!(saved, expected);
    let ended = folder.run_with(&["run", "fix.rhai", "--demo"], &[], "");
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "sum 8\n"), "{}", ended.stderr);
    let again = folder.run_with(&["repl", "--demo"], &[], "1\n:save fix\n");
    assert_eq!(again.code, 2, "a file is not written over: {}", again.stderr);
}

#[test]
fn a_session_is_kept_as_it_goes() {
    let tenant = tenant();
    let folder = Folder::new();
    let variables =
        [("VITALLY_API_KEY", KEY), ("VITALLY_BASE_URL", &*tenant.origin()), ("VITALLY_SCRIPT_NOW", NOW)];
    let mut command = folder.command(&["repl"]);
    command.envs(variables).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut lines = child.stdin.take().expect("a pipe");
    lines.write_all(b"let a = 1;\na + 1\nloop { }\n").expect("it reads");
    let mut out = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut out, &mut line).expect("it prints");
    child.kill().expect("it still runs");
    child.wait().expect("it is dead");
    let sessions = folder.path().join("../home/sessions");
    let file = std::fs::read_dir(sessions).expect("sessions").next().expect("one").expect("a file").path();
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("a file").permissions());
    assert_eq!(mode & 0o777, 0o600, "nobody else can read what was typed");
    let kept = std::fs::read_to_string(file).expect("text");
    assert!(kept.ends_with("// [1]\nlet a = 1;\n// [2]\na + 1\n"), "{kept}");
}

#[test]
fn commands_look_around() {
    let lines = "let rows = [#{ a: 1 }];\nfn mine(x, y) { x }\n:vars\n:functions health_score\n?mine\n?rows\nget_account?\n\
                 :fields task\n:triggers\n:help\n:history\n:history rows\n:mode\n:format\n:time 1 + 1\n:forget rows\n";
    let ended = demo(lines);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for part in [
        "rows  a list of 1",
        "mine  your function mine(x, y)",
        "get_account_health_score_breakdown(account)",
        "mine(x, y) — your function",
        "rows is a list of 1",
        "dueDate",
        "task_completed",
        ":apply [--limit N] [-n]",
        "  [2] fn mine(x, y) { x }",
        "\nlive\n",
        "\ntable\n",
    ] {
        assert!(ended.out.contains(part), "{part:?} is not in {}", ended.out);
    }
    assert!(ended.err.contains("s · nothing was read"), "{}", ended.err);
    assert_eq!(demo(":forget nothing\n").code, 2);
}

#[test]
fn inputs_run_again_and_files_are_loaded() {
    let folder = Folder::new();
    folder.write("part.rhai", "#!/usr/bin/env vitally-script\nlet loaded = 40;\nfn two() { 2 }\n");
    let lines = "let n = 1;\nn += 1;\n:rerun 2 2\nn\n:load part.rhai\nloaded + two()\n";
    folder.run_with(&["repl", "--demo", "-q"], &[], lines).is(0, "4\n42\n", "");
    let ended = folder.run_with(&["repl", "--demo"], &[], ":load nothing.rhai\n");
    assert_eq!(ended.code, 2, "{}", ended.stderr);
}

#[test]
fn another_profile_begins_anew() {
    let (one, two) = (tenant(), tenant());
    let folder = Folder::new();
    let profile = |name: &str, tenant: &Simulator, more: &str| {
        format!(
            "[profile.{name}]\nbase_url = \"{}\"\napi_key_file = \"{name}.key\"\n{more}\n",
            tenant.origin()
        )
    };
    folder.write(
        "vitally.toml",
        [profile("acme", &one, ""), profile("play", &two, "env = \"sandbox\"")].concat(),
    );
    folder.write("acme.key", KEY);
    folder.write("play.key", KEY);
    let lines = "let a = 1;\n:profile play\nupdate_account(ext(\"acct-1\"), #{ name: \"Live\" }).name\na\n";
    let ended = folder.run_with(&["repl", "-p", "acme"], &[("VITALLY_SCRIPT_NOW", NOW)], lines);
    assert_eq!((ended.code, ended.stdout.as_str()), (3, "Live\n"), "{}", ended.stderr);
    assert_eq!((one.writes(), two.writes()), (0, 1));
    let pending = "update_account(ext(\"acct-1\"), #{ name: \"New\" });\n:profile play\n";
    assert_eq!(folder.run_with(&["repl", "-p", "acme"], &[], pending).code, 2);
    assert_eq!(folder.run_with(&["repl", "-p", "acme"], &[], ":profile nobody\n").code, 2);
}

#[test]
#[cfg(unix)]
fn a_list_is_opened_whole() {
    let folder = Folder::new();
    let opener = [("VITALLY_SCRIPT_OPENER", "/bin/cat"), ("VITALLY_SCRIPT_NOW", NOW)];
    let ended = folder.run_with(
        &["repl", "--demo"],
        &opener,
        "[#{ name: \"=1+1\", mrr: 5 }, #{ name: \"Ü\", mrr: () }]\n:open\n",
    );
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("\u{feff}mrr,name\n5,'=1+1\n,Ü\n"), "{}", ended.stdout);
    assert_eq!(folder.run_with(&["repl", "--demo"], &opener, "1\n:open\n").code, 2);
    let missing = [("VITALLY_SCRIPT_OPENER", "/no/such/program")];
    let ended = folder.run_with(&["repl", "--demo"], &missing, "[1]\n:open\n");
    assert!(ended.stderr.contains("cannot be started: there is no such file"), "{}", ended.stderr);
}

#[test]
fn a_secret_is_in_no_file() {
    let tenant = tenant();
    let folder = Folder::new();
    let variables =
        [("VITALLY_API_KEY", KEY), ("VITALLY_BASE_URL", &*tenant.origin()), ("VITALLY_SCRIPT_NOW", NOW)];
    let lines = ":mode live\nlet token = \"hush-hush\"; update_account(ext(\"acct-1\"), #{ name: \"New\" });\n:runs\n";
    let ended = folder.run_with(&["repl"], &variables, lines);
    assert_eq!((ended.code, tenant.writes()), (0, 1), "{}", ended.stderr);
    assert!(ended.stdout.contains("repl [1] "), "{}", ended.stdout);
    let mut folders = vec![folder.path().join("..")];
    while let Some(path) = folders.pop() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("a file");
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("hush-hush") && !text.contains(KEY), "{}", path.display());
        }
    }
}

#[test]
fn a_hook_is_handed_a_record_and_its_changes_are_those_of_the_session() {
    let tenant = tenant();
    let hook =
        "on(\"account_updated\", |a, event| { update_account(a, #{ traits: #{ tried: event.attempt } }); });";
    let lines = format!(
        "{hook}\n:trigger account_updated acct-1\n:diff\n:hooks\n:type on(\"task_created\", |t| 1)\n:hooks\n"
    );
    let ended = production(&tenant, &lines);
    assert_eq!((ended.code, tenant.writes()), (0, 0), "{}", ended.err);
    assert!(
        ended.out.contains("update_account Lakeside Optics Group\n  traits.tried  – → 1\n"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("task_created"), "{}", ended.out);
    assert_eq!(production(&tenant, ":listen on\n").code, 2);
    assert_eq!(production(&tenant, ":hooks drop nothing\n").code, 2);
}

#[test]
#[cfg(unix)]
fn a_record_is_shown_in_vitallys_pages() {
    let tenant = tenant();
    let folder = Folder::new();
    let origin = tenant.origin();
    let variables = [
        ("VITALLY_API_KEY", KEY),
        ("VITALLY_BASE_URL", &*origin),
        ("VITALLY_SCRIPT_NOW", NOW),
        ("VITALLY_SCRIPT_OPENER", "/bin/echo"),
    ];
    let run = |lines: &str| folder.run_with(&["repl"], &variables, lines);
    let ended = run(":open get_account(ext(\"acct-1\"))\n");
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("put it into the profile in vitally.toml with {id}"), "{}", ended.stderr);
    folder.write(
        "vitally.toml",
        "[profile.default]\nrecord_url = \"https://acme.example/{objects}/{externalId}\"\n",
    );
    let ended = run("get_account(ext(\"acct-1\"));\n:open it\n:open get_account(ext(\"acct-1\"))\n");
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let address = "https://acme.example/accounts/acct-1\n";
    assert_eq!(ended.stdout.matches(address).count(), 2, "{}{}", ended.stdout, ended.stderr);
    let ended = run(":open nobody\n");
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("\"nobody\" is no record that was read here"), "{}", ended.stderr);
    folder.write("vitally.toml", "[profile.default]\nrecord_url = \"acme\"\n");
    assert!(run("1\n").stderr.contains("an address in Vitally with {id}"));
}

#[test]
#[cfg(unix)]
fn a_function_is_edited_where_it_was_declared_last() {
    let folder = Folder::new();
    let editor = folder.write("editor.sh", "#!/bin/sh\nsed -i s/41/42/ \"$1\"\n");
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let editor = editor.display().to_string();
    let variables = [("EDITOR", &*editor), ("VITALLY_SCRIPT_NOW", NOW)];
    let lines = "fn answer() { 41 }\n\"fn other\"\n:edit answer\nanswer()\n";
    let ended = folder.run_with(&["repl", "--demo"], &variables, lines);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.ends_with("42\n"), "{}", ended.stdout);
    let ended = folder.run_with(&["repl", "--demo"], &variables, "\"fn other\"\n:edit other\n");
    assert!(ended.stderr.contains("nor a function of this session"), "{}", ended.stderr);
}

#[test]
fn the_last_value_and_its_copies_are_told_apart() {
    let folder = Folder::new();
    let lines = "[1, 2]\nlet mine = it;\nmine.push(3);\nit.len()\nout[1].len()\nmine.len()\nfn more(l) { l.push(4); l.len() }\n\
                 more(out[1])\nout[1].len()\n";
    let ended = folder.run_with(&["repl", "--demo"], &[("VITALLY_SCRIPT_NOW", NOW)], lines);
    assert_eq!(ended.stdout, "1\n2\n2\n2\n3\n3\n2\n", "{}", ended.stderr);
}
