//! `serve` and the commands about jobs, with the real program.
#![cfg(unix)]

use super::project::{LONGEST, Project, Served, text};
use crate::support::{KEY, http, tenant};
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use vitally_script::simulator::{Effect, Fault};

#[test]
fn jobs_run_at_their_times_and_a_request_to_end_is_heard() {
    let project = Project::new("run");
    project.write(
        "hello.rhai",
        "//! Greets.\n//! @schedule every 1s @timezone Europe/London\nprint(\"hello\");\n",
    );
    project.write("no_job.rhai", "print(\"never\");\n");
    project.write(
        "vitally.toml",
        "[[job]]\nname = \"fails\"\nscript = \"lib/fails.rhai\"\nschedule = \"* * * * * *\"\nargs = { what = \"rain\" }\n",
    );
    fs::create_dir(project.0.join("lib")).expect("a folder");
    project.write("lib/fails.rhai", "throw \"no \" + arg(\"what\");\n");
    let mut served = project.serve(&[]);
    served.hear("hello runs every second (Europe/London); next ");
    for _ in 0..3 {
        served.hear("hello: done for ");
    }
    served.hear("fails: failed for ");
    served.hear("times in a row: no rain");
    let other = project.run(&["serve"]);
    assert_eq!(other.status.code(), Some(9), "{}", text(&other.stderr));
    assert_eq!(served.end("-TERM"), Some(0));
    let outcomes = project.outcomes("hello");
    assert!(outcomes.len() >= 3 && outcomes.iter().all(|outcome| outcome == "ok"), "{outcomes:?}");
    assert!(project.outcomes("fails").iter().all(|outcome| outcome == "failed"));
    let list = project.json(&["jobs", "list"]);
    assert_eq!(list[0]["job"], "fails");
    assert_eq!(list[1]["words"], "every second");
    assert_eq!(list.as_array().map(Vec::len), Some(2));
    let audit = project.json(&["jobs", "audit", "fails"]);
    assert_eq!(audit[0]["outcome"], "ran");
    assert_eq!(audit[0]["reason"], "failed: no rain");
}

#[test]
fn pausing_and_changing_jobs_is_heard_while_it_serves() {
    let project = Project::new("change");
    let script = |text: &str| format!("//! @schedule every 1s\nprint(\"{text}\");\n");
    project.write("a.rhai", &script("first"));
    let mut served = project.serve(&[]);
    served.hear("first");
    project.write("a.rhai", &script("second"));
    served.hear("read the jobs again");
    served.hear("second");
    project.write("a.rhai", "//! @schedule every 1s\nprint(\"third\";\n");
    served.hear("the jobs go on as they were");
    served.hear("second");
    let paused = project.run(&["jobs", "pause", "a", "--why", "holidays"]);
    assert!(paused.status.success(), "{}", text(&paused.stderr));
    served.hear("a: paused (holidays)");
    served.hear("was left out, because it is paused");
    assert!(project.run(&["jobs", "resume", "a"]).status.success());
    served.hear("second");
    assert_eq!(served.end("-INT"), Some(0));
    assert!(project.outcomes("a").contains(&"skipped_paused".to_string()));
}

#[test]
fn runs_may_end_before_the_program_does_and_are_cut_off_after_that() {
    let project = Project::new("drain");
    let script = "//! @schedule every 1s\nprint(\"begun\");\nsleep(SECONDS);\nprint(\"ended\");\n";
    project.write("a.rhai", &script.replace("SECONDS", "1"));
    let mut served = project.serve(&[]);
    served.hear("begun");
    served.signal("-TERM");
    served.hear("ended");
    assert_eq!(served.child.wait().expect("an end").code(), Some(0));
    assert_eq!(project.outcomes("a")[0], "ok");

    project.write("a.rhai", &script.replace("SECONDS", "600"));
    let mut served = project.serve(&["--grace", "1s"]);
    served.hear("begun");
    assert_eq!(served.end("-TERM"), Some(0));
    assert_eq!(project.outcomes("a").last().map(String::as_str), Some("interrupted"));

    let mut served = project.serve(&["--grace", "600s"]);
    served.hear("begun");
    served.signal("-TERM");
    served.hear("waiting up to");
    // Two requests in quick succession count as one, so it is asked until it hears the second.
    let code = loop {
        if let Some(status) = served.child.try_wait().expect("a child") {
            break status.code();
        }
        served.signal("-TERM");
        served.is_over(Duration::from_secs(1));
    };
    assert_eq!(code, Some(130), "the second one ends it at once");
    let open = project.json(&["jobs", "history", "a", "--last", "1"]);
    assert_eq!(open[0]["outcome"], "running");
    let mut served = project.serve(&[]);
    served.hear("begun");
    served.signal("-KILL");
    drop(served);
    let outcomes = project.outcomes("a");
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "running").count(), 1, "{outcomes:?}");
}

/// What it says when a time is claimed and its script is about to start, while the script runs, and when its end is written
/// down.
const POINTS: [&str; 3] = ["a: started for", "ran ", "a: done for"];

#[test]
fn killed_between_claim_start_and_finish_every_time_runs_once_and_has_its_row() {
    let project = Project::new("kill");
    project.write("a.rhai", "//! @schedule every 1s @catchup all\nprint(`ran ${job.scheduled_at}`);\n");
    let mut said = Vec::new();
    for number in 0..ends() {
        let mut served = project.serve(&[]);
        served.hear(POINTS[number % POINTS.len()]);
        said.extend(served.kill());
    }
    let mut served = project.serve(&[]);
    served.hear("a: done for");
    assert_eq!(served.end("-TERM"), Some(0));
    let mut ran: Vec<&str> = said.iter().filter_map(|line| line.strip_prefix("ran ")).collect();
    let all = ran.len();
    ran.sort_unstable();
    ran.dedup();
    assert_eq!(ran.len(), all, "a time ran twice: {said:?}");
    let outcomes = all_accounted_for(&project, "a");
    let of = |outcome: &str| outcomes.iter().filter(|known| *known == outcome).count();
    println!(
        "{} kills: {} times ok, {} interrupted, {} missed",
        ends(),
        of("ok"),
        of("interrupted"),
        of("missed")
    );
    assert!(of("interrupted") > 0 && of("ok") > 0, "{outcomes:?}");
}

#[test]
fn what_is_wrong_with_jobs_is_shown_at_its_place() {
    let project = Project::new("wrong");
    let fails = |words: &[&str], code: i32, expected: &[&str]| {
        let output = project.run(words);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        for part in expected {
            assert!(said.contains(part), "\"{part}\" is not in: {said}");
        }
    };
    fails(&["serve"], 2, &["there are no jobs, hooks and schedules in", "//! @schedule weekdays at 06:00"]);
    project.write("a.rhai", "//! @schedule 0 25 * * * @timezone UTC\n");
    fails(&["serve"], 2, &["25 is not an hour", "a.rhai:1:17", "^^"]);
    project.write("a.rhai", "//! @schedule daily at 6:00 @timezone Europe/Lodnon\n");
    fails(&["jobs", "list"], 2, &["Europe/London", "a.rhai:1:39"]);
    project.write("a.rhai", "//! @schedule daily at 6:00 @overlap skipp\n");
    fails(&["jobs", "list"], 2, &["did you mean \"skip\"", "a.rhai:1:"]);
    project.write("a.rhai", "//! @schedule daily at 6:00\nprnt(1);\n");
    fails(&["serve"], 3, &["prnt"]);
    project.write("a.rhai", "//! @schedule daily at 6:00\n");
    project.write("vitally.toml", "[[job]]\nscript = \"a.rhai\"\nschedule = \"daily at 7:00\"\n");
    fails(&["serve"], 2, &["two jobs are called \"a\"", "vitally.toml:2", "a.rhai:1"]);
    project.write("vitally.toml", "[[job]]\nname = \"b\"\nscript = \"a.rhai\"\nschedule = \"0 6 * *\"\n");
    fails(&["serve"], 2, &["4 fields", "vitally.toml:4:13"]);
    project.write("vitally.toml", "[[job]]\nname = \"b\"\nscript = \"a.rhai\"\n");
    fails(&["serve"], 2, &["the job has no schedule"]);
    project.write("vitally.toml", "[[job]]\nscipt = \"a.rhai\"\n");
    fails(&["serve"], 2, &["there is no setting \"scipt\" in a job; did you mean \"script\""]);
    project.write(
        "vitally.toml",
        "[[job]]\nname = \"b\"\nscript = \"a.rhai\"\nschedule = \"@daily\"\ncatchup_window = \"5s\"\n",
    );
    fails(&["serve"], 2, &["catchup_window cannot be \"5s\"", "at least 10 s"]);
    fs::remove_file(project.0.join("vitally.toml")).expect("a file");
    fails(&["jobs", "pause", "nobody"], 2, &["there is no job \"nobody\""]);
}

#[test]
fn an_audit_tells_of_times_at_which_nothing_was_there() {
    let project = Project::new("audit");
    project.write("a.rhai", "//! @schedule every 1h\nprint(\"ran\");\n");
    let at = |words: &[&str], now: &str| -> Value {
        let mut command = project.command(&[words, &["-o", "json"]].concat());
        let output = command.env("VITALLY_SCRIPT_NOW", now).output().expect("the program");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
    };
    let serve = |now: &str, words: &str| {
        let mut command = project.command(&["serve", "-v"]);
        command.env("VITALLY_SCRIPT_NOW", now).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains(words)));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
        lines.for_each(drop);
        assert_eq!(child.wait().expect("an end").code(), Some(0));
    };
    serve("2026-11-25T08:59:59.5Z", "done for");
    serve("2026-11-25T12:10:00Z", "done for");
    let audit = at(&["jobs", "audit"], "2026-11-25T14:30:00Z");
    let told: Vec<String> = audit
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| {
            format!(
                "{} {}",
                &line["tick"].as_str().expect("a time")[11..16],
                line["outcome"].as_str().expect("a word")
            )
        })
        .collect();
    assert_eq!(
        told,
        ["09:00 ran", "10:00 missed", "11:00 missed", "12:00 caught_up", "13:00 missed", "14:00 missed"]
    );
    let next = at(&["jobs", "next", "2"], "2026-11-25T14:30:00Z");
    assert_eq!(next[0]["utc"], "2026-11-25T15:00:00Z");
    assert_eq!(next.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_job_can_be_run_outside_its_times() {
    let project = Project::new("now");
    project.write(
        "vitally.toml",
        "[[job]]\nname = \"greet\"\nscript = \"a.rhai\"\nschedule = \"daily at 6:00\"\nargs = { who = \"Ana\" }\n",
    );
    project.write("a.rhai", "print(\"hello \" + arg(\"who\"));\n");
    let output = project.run(&["jobs", "run", "greet"]);
    assert_eq!(text(&output.stdout), "hello Ana\n", "{}", text(&output.stderr));
    let wrong = project.run(&["jobs", "run", "greeet"]);
    assert!(text(&wrong.stderr).contains("did you mean \"greet\""), "{}", text(&wrong.stderr));
    assert!(Path::new(&project.0).exists());
}

#[test]
fn scripts_with_hooks_are_served_beside_the_jobs() {
    let tenant = tenant();
    let project = Project::new("hooks");
    project.write(
        "listens.rhai",
        "on(\"task_completed\", #{ every: \"1s\" }, |task| print(\"heard of \" + task.id));\n",
    );
    project.write(
        "job.rhai",
        "//! @schedule every 1s\nupdate_account(ext(\"acct-1\"), #{ name: \"At \" + arg(\"at\", env(\"AT\", \"work\")) });\nprint(\"ran\");\n",
    );
    let mut command = project.command(&["serve", "-v"]);
    command.env("VITALLY_API_KEY", KEY).env("VITALLY_BASE_URL", tenant.origin());
    let mut served = Served::of(command);
    served.hear("listening to:");
    served.hear("looked at how things stand");
    tenant.advance(Duration::from_secs(5));
    let api = |method: &str, path: &str, body: &str| -> Value {
        let path = format!("/resources{path}");
        let reply = http::exchange(&tenant, method, &path, Some(&http::basic(KEY)), body).expect("an answer");
        serde_json::from_slice(&reply.body).expect("JSON")
    };
    let task = api("GET", "/tasks", "")["results"][0]["id"].as_str().expect("an id").to_string();
    let body = serde_json::json!({ "completedAt": tenant.now().to_string() }).to_string();
    api("PUT", &format!("/tasks/{task}"), &body);
    served.hear(&format!("heard of {task}"));
    served.hear("ran");
    // What jobs change is in the journal of the one store that all of them share.
    assert_eq!(served.end("-TERM"), Some(0));
    let runs = project.json(&["runs"]);
    assert_eq!(runs[0]["kind"], "job", "{runs}");
    assert_eq!(runs[0]["script"], "job.rhai", "{runs}");
}

#[test]
fn a_run_of_a_job_that_failed_is_gone_on_with_for_its_time() {
    let tenant = tenant();
    let project = Project::new("resume");
    let with_word = |word: &str| {
        let job = "[[job]]\nname = \"greet\"\nscript = \"job.rhai\"\nschedule = \"every 1s\"\n";
        project.write("vitally.toml", &format!("{job}args = {{ word = \"{word}\" }}\n"));
    };
    with_word("first");
    project.write(
        "job.rhai",
        "update_account(ext(\"acct-1\"), #{ name: `At ${job.scheduled_at}` });\n\
         create_task(#{ name: \"T\", accountId: get_account(ext(\"acct-1\")).id });\nprint(arg(\"word\"));\n",
    );
    let broken = Effect::Status { status: 400, headers: true, retry_after: None };
    tenant.fail(Fault::next(broken).method("POST").times(1000));
    let with_tenant = |words: &[&str]| {
        let mut command = project.command(words);
        command.env("VITALLY_API_KEY", KEY).env("VITALLY_BASE_URL", tenant.origin());
        command
    };
    let mut served = Served::of(with_tenant(&["serve", "-v"]));
    served.hear("failed");
    assert_eq!(served.end("-TERM"), Some(0));
    tenant.clear_faults();
    let writes = tenant.writes();
    // What the run was given counts, not what the next one would be given.
    with_word("second");
    let resumed = with_tenant(&["resume", "last", "-y"]).output().expect("the program");
    assert_eq!(text(&resumed.stdout), "first\n", "{}", text(&resumed.stderr));
    // The name holds the time that the run was for: it is not written again.
    assert_eq!(tenant.writes(), writes + 1);
    let runs = project.json(&["runs"]);
    assert_eq!((&runs[0]["kind"], &runs[0]["outcome"]), (&"job".into(), &"done".into()), "{runs}");
}

#[test]
#[cfg(target_os = "linux")]
fn the_system_can_start_it() {
    let project = Project::new("install");
    let nothing = project.run(&["jobs", "install", "--print"]);
    assert_eq!(nothing.status.code(), Some(2), "{}", text(&nothing.stderr));
    project.write("a.rhai", "//! @schedule every 1h\nprint(\"ran\");\n");
    let root = project.0.canonicalize().expect("a folder");
    let printed = text(&project.run(&["jobs", "install", "--print"]).stdout);
    let program = env!("CARGO_BIN_EXE_vitally-script");
    for line in [
        format!("WorkingDirectory={}", root.display()),
        format!("ExecStart=\"{program}\" \"serve\""),
        "Type=notify".into(),
    ] {
        assert!(printed.lines().any(|known| known == line), "\"{line}\" is not in:\n{printed}");
    }
    let home = project.0.join("home");
    let run = |words: &[&str]| project.command(words).env("HOME", &home).output().expect("the program");
    let refused = run(&["jobs", "install"]);
    assert_eq!(refused.status.code(), Some(8));
    assert!(text(&refused.stderr).contains("add -y"), "{}", text(&refused.stderr));
    assert!(!home.exists());
    let written = run(&["jobs", "install", "-y"]);
    assert!(written.status.success() && text(&written.stderr).contains("systemctl --user enable --now"));
    let name = format!("vitally-script-{}.service", root.file_name().expect("a name").to_string_lossy());
    let unit = home.join(".config/systemd/user").join(name);
    assert_eq!(fs::read_to_string(unit).expect("a unit"), printed);
}

#[test]
#[cfg(target_os = "linux")]
fn systemd_is_told_when_it_is_ready_and_when_it_ends() {
    let project = Project::new("notify");
    project.write("a.rhai", "//! @schedule every 1h\nprint(\"ran\");\n");
    // The paths of sockets are short.
    let path = std::env::temp_dir().join(format!("vs-notify-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(LONGEST)).expect("a time");
    let mut command = project.command(&["serve"]);
    command.env("NOTIFY_SOCKET", &path);
    let served = Served::of(command);
    let heard = || {
        let mut bytes = [0; 64];
        let length = socket.recv(&mut bytes).expect("a message");
        text(&bytes[..length])
    };
    assert_eq!(heard(), "READY=1");
    assert_eq!(heard(), "WATCHDOG=1");
    assert_eq!(served.end("-TERM"), Some(0));
    let last = std::iter::from_fn(|| Some(heard())).find(|word| word != "WATCHDOG=1");
    assert_eq!(last.as_deref(), Some("STOPPING=1"));
    let _ = fs::remove_file(&path);
}

#[test]
fn a_folder_can_be_named_from_outside() {
    let project = Project::new("outside");
    project.write("nightly/a.rhai", "//! @schedule every 1s\nprint(\"ran\");\n");
    let jobs = project.json(&["jobs", "list", "nightly"]);
    assert_eq!(jobs[0]["job"], "a");
    let mut served = project.serve(&["nightly"]);
    served.hear("ran");
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn sighup_reads_everything_again() {
    let project = Project::new("hup");
    project.write("lib/words.rhai", "fn word() { \"first\" }\n");
    project.write("stays.rhai", "import \"lib/words\" as w;\nevery(\"1s\", || print(w::word()));\n");
    project.write("a.rhai", "//! @schedule every 1h\nprint(\"ran\");\n");
    let mut served = project.serve(&[]);
    served.hear("first");
    project.write("a.rhai", "//! @schedule every 2h\nprint(\"ran\");\n");
    served.signal("-HUP");
    served.hear("read the jobs again, because it was asked to");
    served.hear("first");
    project.write("lib/words.rhai", "fn word() { \"third\"\n");
    served.signal("-HUP");
    served.hear("the jobs go on as they were before this change");
    served.hear("first");
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn a_change_of_what_a_script_imports_is_noticed_also_of_what_was_broken() {
    let project = Project::new("imports");
    project.write("lib/words.rhai", "import \"word\" as w;\nfn word() { w::word() }\n");
    project.write("lib/word.rhai", "fn word() { \"first\" }\n");
    project.write("stays.rhai", "import \"lib/words\" as w;\nevery(\"1s\", || print(w::word()));\n");
    let mut served = project.serve(&[]);
    served.hear("first");
    project.write("lib/word.rhai", "fn word() { \"second\" }\n");
    served.hear("read the jobs again, because something changed");
    served.hear("second");
    // A new script with a new import, which is broken and then put right.
    project.write("lib/new.rhai", "fn word() { \"third\"\n");
    project.write("new.rhai", "import \"lib/new\" as n;\nevery(\"1s\", || print(n::word()));\n");
    served.hear("the jobs go on as they were before this change");
    project.write("lib/new.rhai", "fn word() { \"third\" }\n");
    served.hear("read the jobs again, because something changed");
    served.hear("third");
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn a_job_can_say_by_when_it_is_expected() {
    let project = Project::new("expected");
    project.write(
        "a.rhai",
        "//! @schedule every 1s @expect_within 2s @timeout 600s\nprint(\"begun\");\nsleep(600);\n",
    );
    project.write(
        "vitally.toml",
        "[[job]]\nname = \"b\"\nscript = \"b.rhai\"\nschedule = \"every 1s\"\nexpect_within = \"1h\"\n",
    );
    project.write("b.rhai", "sleep(600);\n");
    let list = project.json(&["jobs", "list"]);
    assert_eq!((&list[0]["expect_within"], &list[1]["expect_within"]), (&2.into(), &3600.into()), "{list}");
    let mut served = project.serve(&[]);
    served.hear("a has not run for ");
    let said = served.kill();
    assert!(!said.iter().any(|line| line.starts_with("b has not run")), "{said:?}");
    project.write("a.rhai", "//! @schedule every 1s @expect_within soon\n");
    let wrong = project.run(&["jobs", "list"]);
    assert!(text(&wrong.stderr).contains("expect_within cannot be \"soon\""), "{}", text(&wrong.stderr));
}

/// How many times the program is asked to end while it works, and how many times it is killed: `VITALLY_ENDS=50`.
fn ends() -> usize {
    std::env::var("VITALLY_ENDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// Every second from the first to the last has exactly one row.
fn all_accounted_for(project: &Project, job: &str) -> Vec<String> {
    let ticks = project.json(&["jobs", "history", job, "--last", "100000"]);
    let mut seconds: Vec<i64> = Vec::new();
    for tick in ticks.as_array().expect("a list").iter().rev() {
        let time: jiff::Timestamp = tick["tick"].as_str().and_then(|at| at.parse().ok()).expect("a time");
        seconds.extend(time.as_second()..time.as_second() + tick["count"].as_i64().expect("a number"));
    }
    let (first, last) = (seconds[0], seconds[seconds.len() - 1]);
    assert_eq!(seconds, (first..=last).collect::<Vec<_>>(), "every second has its row");
    project.outcomes(job)
}

#[test]
fn asked_to_end_while_it_works_it_ends_clean_and_loses_nothing() {
    let project = Project::new("ends");
    project.write("a.rhai", "//! @schedule every 1s @catchup all\nprint(\"begun\");\nsleep(0.3);\n");
    project.write(
        "b.rhai",
        "schedule(\"every 1s\", #{ catchup: \"all\" }, || { print(\"called\"); sleep(0.3); });\n",
    );
    for number in 0..ends() {
        let mut served = project.serve(&[]);
        served.hear(if number % 2 == 0 { "begun" } else { "called" });
        assert_eq!(served.end("-TERM"), Some(0));
    }
    for job in ["a", "b.rhai"] {
        let outcomes = all_accounted_for(&project, job);
        let cut = outcomes.iter().filter(|outcome| ["interrupted", "running"].contains(&outcome.as_str()));
        assert_eq!(cut.count(), 0, "{job}: {outcomes:?}");
    }
}
