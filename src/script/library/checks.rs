//! Claims that end the script when they do not hold.

use super::super::raise::{Raised, raise};
use super::super::value;
use super::{Entry, entry};
use rhai::{Dynamic, Engine};

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
        claimed(left == right, &format!("expected {right}, and got {left}"))
    });
    engine.register_fn("fail", |message: &str| -> Result<(), Raised> {
        Err(raise("failed", message.into(), None))
    });
}

fn claimed(holds: bool, message: &str) -> Result<(), Raised> {
    if holds { Ok(()) } else { Err(raise(ASSERTION, message.into(), None)) }
}
