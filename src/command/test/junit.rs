//! How the tests went, in the form that build servers read.

use super::work::Test;
use crate::report::{self, Style};
use std::fmt::Write as _;
use std::time::Duration;

/// A `JUnit` document with one suite a file.
pub fn document(tests: &[Test]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failed = |tests: &[Test]| tests.iter().filter(|test| test.failure.is_some()).count();
    let seconds = |tests: &[Test]| tests.iter().map(|test| test.took).sum::<Duration>().as_secs_f64();
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "<testsuites tests=\"{}\" failures=\"{}\" time=\"{:.3}\">",
        tests.len(),
        failed(tests),
        seconds(tests)
    );
    for of_file in tests.chunk_by(|one, two| one.file == two.file) {
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" time=\"{:.3}\">",
            escaped(&of_file[0].file),
            of_file.len(),
            failed(of_file),
            seconds(of_file)
        );
        for test in of_file {
            add(&mut text, test);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn add(text: &mut String, case: &Test) {
    let line = case.place.as_ref().map_or(1, |place| place.line);
    let _ = write!(
        text,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{0}\" line=\"{line}\" time=\"{:.3}\"",
        escaped(&case.file),
        escaped(&case.name),
        case.took.as_secs_f64()
    );
    let Some(failure) = &case.failure else { return text.push_str("/>\n") };
    let _ = write!(
        text,
        ">\n      <failure message=\"{}\">{}</failure>\n",
        escaped(&report::message(&failure.error).text),
        escaped(&report::text(&failure.error, Style::default()))
    );
    if !failure.said.is_empty() {
        let _ = writeln!(text, "      <system-out>{}</system-out>", escaped(&failure.said));
    }
    text.push_str("    </testcase>\n");
}

/// A text as XML takes it; what XML cannot hold at all is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}
