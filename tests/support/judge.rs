//! What a person saw of a run, for comparison as a whole.

use super::{Ended, KEY};

/// The key of the tests as it travels.
const ENCODED: &str = "c2tfbGl2ZV9jYW5hcnlfN2YzYTkx";

/// The exit code, stdout and stderr, with the port of the server written as PORT; the key is never part of it.
pub fn seen(origin: &str, ended: &Ended) -> (i32, String, String) {
    let port = origin.rsplit(':').next().expect("an origin has a port");
    for text in [&ended.out, &ended.err] {
        assert!(!text.contains(KEY) && !text.contains(ENCODED), "the key is shown: {text}");
        assert!(!text.contains("panicked") && !text.contains("backtrace"), "{text}");
    }
    let err = ended.err.replace(&format!(":{port}"), ":PORT");
    let err = run_of(&err).map_or(err.clone(), |run| err.replace(&run, "RUN"));
    (ended.code, ended.out.clone(), err)
}

/// The run that a command's last words name.
pub fn run_of(err: &str) -> Option<String> {
    let after = err.split("vitally-script undo ").nth(1)?;
    Some(after.split_whitespace().next()?.to_string())
}

/// An error at a function of a script of one line.
pub fn error_at(code: &str, function: &str, message: &str, help: &str) -> String {
    let column = code.find(function).expect("the script calls the function") + 1;
    let (indent, caret) = (" ".repeat(column), "^".repeat(function.len()));
    format!(
        "error: {message}\n --> eval:1:{column}\n  |\n1 | {code}\n  |{indent}{caret}\n  |\n  = help: {help}\n"
    )
}
