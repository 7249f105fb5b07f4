//! `schedule next`.

use crate::support::binary;
use serde_json::{Value, json};
use std::process::Output;

fn run(words: &[&str]) -> Output {
    binary().arg("schedule").arg("next").args(words).output().expect("the program")
}

fn out(words: &[&str]) -> String {
    let output = run(words);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_schedule_is_explained_to_people() {
    assert_eq!(
        out(&["30 1 * * *", "--timezone", "America/New_York", "-n", "2"]),
        "runs at 01:30 (America/New_York)\n\n\
         next                         UTC\n\
         Thu 2026-11-26 01:30 -05:00  2026-11-26 06:30\n\
         Fri 2026-11-27 01:30 -05:00  2026-11-27 06:30\n\n\
         on 2027-03-14 the clocks go forward from 02:00 to 03:00: no time of it is left out\n\n\
         on 2027-11-07 the clocks go back from 02:00 to 01:00: 01:30 is shown twice that day: it runs the first \
         time only; choose a time outside the hours in which clocks change, or the time zone UTC\n"
    );
    assert_eq!(
        out(&["*/7 * * * *", "-n", "1"]),
        "runs every 7 minutes of the hour (UTC)\n\n\
         next                         UTC\n\
         Wed 2026-11-25 09:07 +00:00  2026-11-25 09:07\n\n\
         note: 7 does not divide 60: after minute 56 the next is 4 minutes away, not 7; for even steps write: every 7m\n"
    );
}

#[test]
fn a_schedule_is_explained_to_programs() {
    let words =
        ["0 6 * * MON-FRI", "--timezone", "Europe/London", "--after", "2027-03-26", "-n", "2", "-o", "json"];
    let found: Value = serde_json::from_str(&out(&words)).expect("JSON");
    assert_eq!(
        found,
        json!({
            "expression": "0 6 * * MON-FRI",
            "words": "at 06:00, Monday to Friday",
            "timezone": "Europe/London",
            "next": [
                { "utc": "2027-03-26T06:00:00Z", "local": "2027-03-26T06:00:00+00:00" },
                { "utc": "2027-03-29T05:00:00Z", "local": "2027-03-29T06:00:00+01:00" },
            ],
            "clock_changes": [
                {
                    "utc": "2027-03-28T01:00:00Z",
                    "clocks": "forward",
                    "from": "01:00",
                    "to": "02:00",
                    "rule": "no time of it is left out",
                },
                {
                    "utc": "2027-10-31T01:00:00Z",
                    "clocks": "back",
                    "from": "02:00",
                    "to": "01:00",
                    "rule": "no time of it comes twice",
                },
            ],
            "lints": [],
        })
    );
    let rows = out(&["weekdays", "at", "8:30", "and", "17:00", "-n", "2", "-o", "csv"]);
    assert_eq!(
        rows,
        "utc,local\n2026-11-25T17:00:00Z,2026-11-25T17:00:00+00:00\n2026-11-26T08:30:00Z,2026-11-26T08:30:00+00:00\n"
    );
}

#[test]
fn a_mistake_is_shown_at_its_place() {
    let output = run(&["0 6 * * MOM"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: \"MOM\" is no weekday; did you mean \"MON\"?\n \
         --> schedule:1:9\n  \
         |\n\
         1 | 0 6 * * MOM\n  \
         |         ^^^\n  \
         |\n  \
         = help: write a number from 0 to 7 or a name: SUN, MON, TUE, WED, THU, FRI, SAT\n"
    );
    let output = run(&["@daily", "--after", "soon"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("\"soon\" is not a time"));
}

#[test]
fn the_zone_of_the_profile_counts_when_none_is_typed() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("schedule-zone");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("vitally.toml"), "[profile.acme]\ntimezone = \"Asia/Tokyo\"\n")
        .expect("a file");
    let output =
        binary().args(["schedule", "next", "@daily", "-n", "1", "-o", "jsonl"]).current_dir(&folder).output();
    let output = output.expect("the program");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "{\"utc\":\"2026-11-25T15:00:00Z\",\"local\":\"2026-11-26T00:00:00+09:00\"}\n"
    );
}
