//! How the tests went, for people and as data.

use super::work::Test;
use crate::command::Console;
use crate::report;
use crate::show;
use serde_json::{Value, json};
use std::time::Duration;

/// A line for every file, the failures in full, and a line for all.
pub fn people(console: &Console, tests: &[Test], took: Duration) {
    let style = console.stdout_style();
    let (red, green, end) = if style.color { ("\x1b[1;31m", "\x1b[32m", "\x1b[0m") } else { ("", "", "") };
    for of_file in tests.chunk_by(|one, two| one.file == two.file) {
        let failed: Vec<&Test> = of_file.iter().filter(|test| test.failure.is_some()).collect();
        let passed = of_file.len() - failed.len();
        let file = &of_file[0].file;
        if failed.is_empty() {
            console.line(&format!("{green}ok{end}      {file}  {passed} passed"));
            continue;
        }
        console.line(&format!("{red}FAILED{end}  {file}  {passed} passed, {} failed", failed.len()));
        for test in failed {
            let Some(failure) = &test.failure else { continue };
            console.line(&format!("\n{red}{}{end}", report::harmless(&test.name)));
            console.write(&report::text(&failure.error, style));
            let said = report::harmless(failure.said.trim_end());
            if !said.is_empty() {
                console.line("what was printed and said:");
                said.lines().for_each(|line| console.line(&show::hanging("  ", line, style.width)));
            }
            console.line("");
        }
    }
    let failed = tests.iter().filter(|test| test.failure.is_some()).count();
    let files = tests.chunk_by(|one, two| one.file == two.file).count();
    let (tests, files) = (counted(tests.len(), "test"), counted(files, "file"));
    let ended = if failed == 0 { "all passed".to_string() } else { format!("{failed} failed") };
    console.say(&format!("{tests} in {files}: {ended} ({:.1} s)", took.as_secs_f64()));
}

fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// One JSON document.
pub fn data(console: &Console, tests: &[Test]) {
    let failed = tests.iter().filter(|test| test.failure.is_some()).count();
    let all: Vec<Value> = tests.iter().map(as_json).collect();
    let document = json!({
        "schema": 1,
        "passed": tests.len() - failed,
        "failed": failed,
        "tests": all,
    });
    console.line(&format!("{document:#}"));
}

fn as_json(test: &Test) -> Value {
    let mut value = json!({
        "file": test.file,
        "name": test.name,
        "line": test.place.as_ref().map(|place| place.line),
        "passed": test.failure.is_none(),
        "seconds": (test.took.as_secs_f64() * 1000.0).round() / 1000.0,
    });
    if let Some(failure) = &test.failure {
        value["error"] = report::json(&failure.error)["error"].clone();
        value["said"] = failure.said.clone().into();
    }
    value
}
