//! Who is told when jobs fail, run again, or do not run in time.
#![cfg(unix)]

use super::life::every;
use super::moment;
use super::project::{LONGEST, Project, Served};
use jiff::SignedDuration;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;
use vitally_script::schedule::Job;
use vitally_script::schedule::keeper::News;
use vitally_script::schedule::watch::{Alarm, Watch};
use vitally_script::store::jobs::TickOutcome;

fn ended(at: &str, outcome: TickOutcome, failures: (u32, u32)) -> News {
    News::Ended { job: "test".into(), tick: moment(at), outcome, error: Some("no".into()), failures }
}

#[test]
fn after_so_many_failures_and_when_it_runs_again() {
    let mut watch = Watch::new(2, SignedDuration::from_mins(30));
    watch.begin("test", moment("2026-11-25T06:00:00Z"), 0);
    let mut hear = |at: &str, outcome, failures| watch.hear(&ended(at, outcome, failures));
    assert_eq!(hear("2026-11-25T06:10:00Z", TickOutcome::Failed, (0, 1)), None);
    assert_eq!(
        hear("2026-11-25T06:20:00Z", TickOutcome::Timeout, (1, 2)),
        Some(Alarm::Failing { job: "test".into(), times: 2, error: Some("no".into()) })
    );
    assert_eq!(hear("2026-11-25T06:30:00Z", TickOutcome::Failed, (2, 3)), None, "once is enough");
    let recovered = Some(Alarm::Recovered { job: "test".into() });
    assert_eq!(hear("2026-11-25T06:40:00Z", TickOutcome::Ok, (3, 0)), recovered);
    assert_eq!(hear("2026-11-25T06:50:00Z", TickOutcome::Ok, (0, 0)), None);
}

#[test]
fn a_job_that_did_not_run_by_its_time_is_told_of_once_whatever_the_reason() {
    let mut watch = Watch::new(1, SignedDuration::from_mins(30));
    let job = every("10m");
    watch.begin("test", moment("2026-11-25T06:00:00Z"), 0);
    assert_eq!(watch.look(&job, moment("2026-11-25T06:40:00Z")), None, "06:10 may end until 06:40");
    let late = Some(Alarm::Overdue { job: "test".into(), tick: moment("2026-11-25T06:10:00Z") });
    assert_eq!(watch.look(&job, moment("2026-11-25T06:40:01Z")), late);
    assert_eq!(watch.look(&job, moment("2026-11-25T09:00:00Z")), None, "once is enough");
    assert_eq!(watch.hear(&ended("2026-11-25T06:10:00Z", TickOutcome::Interrupted, (0, 0))), None);
    let recovered = Some(Alarm::Recovered { job: "test".into() });
    assert_eq!(watch.hear(&ended("2026-11-25T09:00:00Z", TickOutcome::Ok, (0, 0))), recovered);
    assert_eq!(watch.look(&job, moment("2026-11-25T09:40:00Z")), None);
    watch.rescheduled("test", moment("2026-11-25T12:00:00Z"));
    assert_eq!(watch.look(&job, moment("2026-11-25T12:40:00Z")), None);
    watch.keep(|_| false);
    assert_eq!(watch.look(&job, moment("2026-11-26T12:40:00Z")), None);
}

#[test]
fn a_job_can_be_expected_sooner_or_later_than_others() {
    let mut watch = Watch::new(1, SignedDuration::from_mins(30));
    let soon = Job { expect_within: Some(SignedDuration::from_mins(5)), ..every("10m") };
    let late = Job { expect_within: Some(SignedDuration::from_mins(45)), ..every("10m") };
    let tick = moment("2026-11-25T06:10:00Z");
    let overdue = Some(Alarm::Overdue { job: "test".into(), tick });
    watch.begin("test", moment("2026-11-25T06:00:00Z"), 0);
    assert_eq!(watch.look(&soon, moment("2026-11-25T06:15:00Z")), None);
    assert_eq!(watch.look(&soon, moment("2026-11-25T06:15:01Z")), overdue);
    let mut watch = Watch::new(1, SignedDuration::from_mins(30));
    watch.begin("test", moment("2026-11-25T06:00:00Z"), 0);
    assert_eq!(watch.look(&soon, moment("2026-11-25T06:15:00Z")), None);
    // Its file was edited, and is read again.
    watch.begin("test", moment("2026-11-25T06:00:00Z"), 0);
    assert_eq!(watch.look(&late, moment("2026-11-25T06:55:00Z")), None);
    assert_eq!(watch.look(&late, moment("2026-11-25T06:55:01Z")), overdue);
}

/// A server that answers every request with 200, and hands over its first line and body.
fn server() -> (String, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let (mut first, mut length) = (String::new(), 0);
            stream.read_line(&mut first).expect("a line");
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).expect("a line");
                if let Some(number) = line.to_lowercase().strip_prefix("content-length:") {
                    length = number.trim().parse().expect("a number");
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("a body");
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.get_mut().write_all(answer).expect("an answer");
            let heard = (first.trim().to_string(), String::from_utf8(body).expect("text"));
            if sender.send(heard).is_err() {
                return;
            }
        }
    });
    (address, requests)
}

#[test]
fn people_are_told_by_an_address_and_a_command_and_the_heart_beats() {
    let (address, requests) = server();
    let project = Project::new("told");
    project.write(
        "vitally.toml",
        &format!(
            "[notify]\nurl_env = \"OPS_HOOK\"\ncommand = \"cat >> told.txt; echo $VITALLY_EVENT $VITALLY_API_KEY. >> told.txt\"\n\
             after_failures = 2\nheartbeat_file = \"alive\"\nheartbeat_url = \"{address}/beat\"\n"
        ),
    );
    project.write("a.rhai", "//! @schedule every 1s\nthrow \"no such account\";\n");
    project.write("b.rhai", "every(\"1s\", || throw \"neither\");\n");
    let mut command = project.command(&["serve", "-v"]);
    command.env("OPS_HOOK", format!("{address}/secret"));
    command.env("VITALLY_API_KEY", crate::support::KEY).env("VITALLY_BASE_URL", &address);
    let mut served = Served::of(command);
    served.hear("2 times in a row");
    let mut heard: Vec<Value> = Vec::new();
    let mut next = |event: &str, job: &str| -> Value {
        let until = Instant::now() + LONGEST;
        // Jobs tell in any order.
        let is_it = |told: &Value| told["event"] == event && told["job"] == job;
        if let Some(told) = heard.iter().find(|told| is_it(told)) {
            return told.clone();
        }
        while let Ok((line, body)) = requests.recv_timeout(until.saturating_duration_since(Instant::now())) {
            let told: Value = serde_json::from_str(&body).unwrap_or_default();
            if line == "POST /secret HTTP/1.1" {
                heard.push(told.clone());
            }
            if is_it(&told) {
                return told;
            }
        }
        panic!("nobody was told that {job} is {event}");
    };
    let (a, b) = (next("failing", "a"), next("failing", "b.rhai"));
    let texts = [a["text"].clone(), b["text"].clone()];
    assert_eq!(
        texts,
        ["a failed 2 times in a row: no such account", "b.rhai failed 2 times in a row: neither"]
    );
    project.write("a.rhai", "//! @schedule every 1s\nprint(\"well again\");\n");
    served.hear("well again");
    assert_eq!(next("recovered", "a")["text"], "a runs again");
    assert_eq!(served.end("-TERM"), Some(0));
    let told = std::fs::read_to_string(project.0.join("told.txt")).expect("what was told");
    assert!(told.contains("\"event\":\"failing\"") && told.contains("\nfailing .\n"), "{told}");
    let alive = std::fs::read_to_string(project.0.join("alive")).expect("a heartbeat");
    alive.trim().parse::<jiff::Timestamp>().expect("a time");
}

#[test]
fn a_schedule_of_a_script_says_by_when_it_is_expected() {
    let project = Project::new("told-own");
    let hanging = |call: &str| format!("{call}, || {{ print(\"begun\"); sleep(600); }});\n");
    let late = hanging("every(\"1s\", #{ expect_within: \"2s\", timeout: \"600s\" }");
    project.write(
        "a.rhai",
        &format!("{late}schedule(\"every 1s\", #{{ name: \"b\", expect_within: \"1h\" }}, || 1);\n"),
    );
    let mut alone = Served::of(project.command(&["run", "a.rhai"]));
    alone.hear("warning: a.rhai has not run for ");
    let said = alone.kill();
    assert!(!said.iter().any(|line| line.contains("a.rhai b has not run")), "{said:?}");

    let (address, requests) = server();
    project.write("vitally.toml", &format!("[notify]\nurl = \"{address}/told\"\n"));
    let late = hanging("schedule(\"every 1s\", #{ name: \"c\", expect_within: \"2s\", timeout: \"600s\" }");
    project.write("a.rhai", &late);
    let served = project.serve(&[]);
    let (_, body) = requests.recv_timeout(LONGEST).expect("a message");
    let told: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((&told["event"], &told["job"]), (&"overdue".into(), &"a.rhai c".into()), "{told}");
    served.kill();
}

#[test]
fn what_is_wrong_with_the_section_is_shown_at_its_place() {
    let project = Project::new("told-wrong");
    project.write("a.rhai", "//! @schedule every 1s\n");
    for (line, expected) in [
        ("url = \"hooks\"", "\"url\" must be an address that begins with https://"),
        ("afer_failures = 3", "did you mean \"after_failures\""),
        ("after_failures = 0", "\"after_failures\" must be a whole number, 1 or more"),
        ("expect_within = \"soon\"", "\"expect_within\" must be a length of time"),
    ] {
        project.write("vitally.toml", &format!("[notify]\n{line}\n"));
        let output = project.run(&["serve"]);
        let said = super::project::text(&output.stderr);
        assert!(said.contains(expected) && said.contains("vitally.toml:2"), "{said}");
        assert_eq!(output.status.code(), Some(2));
    }
}
