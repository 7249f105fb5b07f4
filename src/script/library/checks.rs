//! Claims that end the script when they do not hold.

use super::super::raise::{Raised, raise};
use super::super::value;
use super::{Entry, entry};
use rhai::{Dynamic, Engine};
use serde_json::Value;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "assert",
        "assert(claim, [message])",
        "Ends the script with exit code 4 if the claim is false",
        "assert(1 + 1 == 2);",
    ),
    entry(
        "assert_eq",
        "assert_eq(got, expected)",
        "Ends the script with exit code 4 if the two differ",
        "assert_eq(\"acme\".to_upper(), \"ACME\");",
    ),
    entry("fail", "fail(message)", "Ends the script with exit code 1", "if false { fail(\"no owner\"); }"),
];

/// The kind of an assertion that does not hold.
pub const ASSERTION: &str = "assertion";

/// Registers the functions.
pub fn register(engine: &mut Engine) {
    engine.register_fn("assert", |claim: bool| claimed(claim, "an assertion does not hold"));
    engine.register_fn("assert", |claim: bool, message: &str| claimed(claim, message));
    engine.register_fn("assert_eq", |got: Dynamic, expected: Dynamic| -> Result<(), Raised> {
        let (left, right) = (value::to_json(&got)?, value::to_json(&expected)?);
        if left == right { Ok(()) } else { claimed(false, &difference(&left, &right)) }
    });
    engine.register_fn("fail", |message: &str| -> Result<(), Raised> {
        Err(raise("failed", message.into(), None))
    });
}

fn claimed(holds: bool, message: &str) -> Result<(), Raised> {
    if holds { Ok(()) } else { Err(raise(ASSERTION, message.into(), None)) }
}

/// Values of up to so many bytes are shown whole.
const SHORT: usize = 40;
/// The most differences that are listed.
const LISTED: usize = 8;

/// How two values differ: two lists, maps or records place by place, anything else as a whole.
fn difference(got: &Value, expected: &Value) -> String {
    let (one, two) = (got.to_string(), expected.to_string());
    if one.len().max(two.len()) <= SHORT {
        return format!("expected {two}, and got {one}");
    }
    let mut lines = Vec::new();
    compare("", got, expected, &mut lines);
    match &lines[..] {
        [(path, got, expected)] if path.is_empty() => format!("expected {expected}, and got {got}"),
        lines => {
            let listed = lines.iter().take(LISTED);
            let listed =
                listed.map(|(path, got, wanted)| format!("{path}: expected {wanted}, and got {got}"));
            let more = lines.len().checked_sub(LISTED).filter(|more| *more > 0);
            let first = "what was expected and what came differ:".to_string();
            let last = more.map(|more| format!("and {more} more"));
            std::iter::once(first).chain(listed).chain(last).collect::<Vec<_>>().join("\n  ")
        }
    }
}

/// Every place at which two values differ, with both values as texts.
fn compare(path: &str, got: &Value, expected: &Value, into: &mut Vec<(String, String, String)>) {
    let shown = |value: Option<&Value>| value.map_or("nothing".into(), ToString::to_string);
    match (got, expected) {
        (Value::Object(one), Value::Object(two)) => {
            let keys = two.keys().chain(one.keys().filter(|key| !two.contains_key(*key)));
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match (one.get(key), two.get(key)) {
                    (Some(one), Some(two)) => compare(&path, one, two, into),
                    (one, two) => into.push((path, shown(one), shown(two))),
                }
            }
        }
        (Value::Array(one), Value::Array(two)) if !(one.is_empty() || two.is_empty()) => {
            for place in 0..one.len().max(two.len()) {
                let path = format!("{path}[{place}]");
                match (one.get(place), two.get(place)) {
                    (Some(one), Some(two)) => compare(&path, one, two, into),
                    (one, two) => into.push((path, shown(one), shown(two))),
                }
            }
        }
        _ if got == expected => {}
        _ => into.push((path.into(), got.to_string(), expected.to_string())),
    }
}
