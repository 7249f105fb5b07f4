//! How a run ends: exit codes, Ctrl-C, a closed pipe.

use crate::support::{binary, ended, eval_at, program_at, tenant};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use vitally_script::exit::MEANINGS;
use vitally_script::simulator::{Effect, Fault};

#[test]
fn a_script_chooses_its_exit_code() {
    for (code, expected) in [("exit()", 0), ("exit(0)", 0), ("exit(7)", 7), ("exit(125)", 125)] {
        let ended = ended(binary().args(["eval", "--demo", code]));
        assert_eq!((ended.code, ended.err.as_str()), (expected, ""), "{code}");
    }
    let ended = ended(binary().args(["eval", "--demo", "--color", "never", "exit(126)"]));
    assert_eq!(ended.code, 1);
    assert!(
        ended.err.starts_with("error: exit needs a whole number from 0 to 125, and got the number 126"),
        "{}",
        ended.err
    );
}

#[test]
fn the_readme_lists_every_exit_code() {
    let readme = fs::read_to_string("README.md").unwrap();
    for (code, meaning) in MEANINGS {
        assert!(readme.contains(&format!("| {code} | {meaning} |")), "{code} {meaning}");
    }
}

/// Sends a process the signal of Ctrl-C.
fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
#[cfg(unix)]
fn ctrl_c_stops_a_loop() {
    let mut child = binary()
        .args(["eval", "--demo", "--color", "never", "print(\"in the loop\"); loop { let x = 1; }"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "in the loop\n");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_wait_of_any_kind() {
    for length in ["600", "600.0", "\"10m\""] {
        let mut child = binary()
            .args([
                "eval",
                "--demo",
                "--color",
                "never",
                &format!("print(\"waits\"); sleep({length}); print(\"on\")"),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, "waits\n");
        interrupt(&child);
        assert_eq!(child.wait().unwrap().code(), Some(130), "sleep({length})");
        line.clear();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, "", "nothing comes after it");
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_stops_a_request_that_nobody_answers() {
    let tenant = tenant();
    tenant.fail(Fault::next(Effect::Hang).path("/accounts/acct-1"));
    let mut child = program_at(&tenant.origin())
        .args(["eval", "--color", "never", "get_account(ext(\"acct-1\"))"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !tenant.requests().iter().any(|seen| seen.path.contains("acct-1")) {
        std::thread::yield_now();
    }
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(err.starts_with("error: stopped by Ctrl-C"), "{err}");
}

#[test]
fn a_closed_pipe_is_success() {
    let cases: [(&[&str], &str); 2] = [
        (&["eval", "--demo"], "for n in 0..200000 { print(n); }"),
        (&["eval", "--demo", "-o", "jsonl"], "let list = []; for n in 0..200000 { list.push(n); } list"),
    ];
    for (words, code) in cases {
        let mut child = binary()
            .args(words)
            .arg(code)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        drop(out);
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""), "{code}");
    }
}

#[test]
fn the_key_is_never_shown() {
    let tenant = tenant();
    let script = "get_account(ext(\"acct-1\")); get_account(ext(\"nobody\"))";
    let ended = eval_at(&tenant.origin(), script, &["-vv"]);
    let basic = "c2tfbGl2ZV9jYW5hcnlfN2YzYTkx";
    assert!(ended.err.contains("GET /accounts/acct-1"), "{}", ended.err);
    for secret in [crate::support::KEY, basic] {
        assert!(!ended.err.contains(secret) && !ended.out.contains(secret), "{}", ended.err);
    }
}

#[test]
fn a_run_of_deletes_does_not_say_that_undo_takes_it_back() {
    let tenant = tenant();
    let run = |code: &str| {
        let ended = eval_at(&tenant.origin(), code, &["-y", "--max-deletes", "1"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let last = ended.err.lines().last().unwrap_or_default().to_string();
        let (_, words) = last.split_once(": ").expect("the run is named");
        words.split_once("undo").map_or(words.to_string(), |(before, _)| format!("{before}undo"))
    };
    let gone = run("delete_account(ext(\"acct-1\"))");
    assert!(gone.starts_with("what is deleted does not come back; vitally-script runs show "), "{gone}");
    let mixed = "update_account(ext(\"acct-2\"), #{ name: \"New\" }); delete_account(ext(\"acct-3\"))";
    assert_eq!(run(mixed), "vitally-script undo");
}

#[test]
fn rows_that_all_fail_are_told_of() {
    let each = "each([1, 2, 3, 4], |n| { throw `no ${n}`; });";
    let ended = ended(binary().args(["eval", "--demo", "--color", "never", "--yes", each]));
    let told = "failed: row 1: no 1\n\
                failed: row 2: no 2\n\
                failed: row 3: no 3\n\
                … and 1 more row that failed\n\
                nothing was changed; 4 failed\n";
    assert_eq!(ended.code, 5);
    let (said, file) = ended.err.split_once("every row with its outcome: ").expect("it names the file");
    assert_eq!(said, told);
    assert!(file.trim_end().ends_with("results.csv"), "{file}");
}
