//! `assert_throws`: claims about errors.

use crate::script::callback::Callback;
use crate::script::library::checks::ASSERTION;
use crate::script::raise::{Raised, raise};
use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, Map, NativeCallContext};

/// Registers the function.
pub fn register(engine: &mut Engine) {
    engine.register_fn("assert_throws", |context: NativeCallContext, function: FnPtr| {
        thrown(&context, &function, "")
    });
    engine.register_fn("assert_throws", |context: NativeCallContext, function: FnPtr, words: &str| {
        thrown(&context, &function, words)
    });
}

/// The error that a function throws, which has these words in its message.
fn thrown(context: &NativeCallContext, function: &FnPtr, words: &str) -> Result<Dynamic, Raised> {
    let claim = |message: String| Err(raise(ASSERTION, message, None));
    let Err(error) = Callback::new(context, function, 0)?.run(0) else {
        return claim("an error was expected, and there was none".into());
    };
    let value = match error.unwrap_inner() {
        EvalAltResult::ErrorRuntime(value, _) => value.clone(),
        EvalAltResult::ErrorTerminated(..) | EvalAltResult::Exit(..) => return Err(error),
        other => other.to_string().into(),
    };
    let message = match value.read_lock::<Map>() {
        Some(map) => map.get("message").map(ToString::to_string).unwrap_or_default(),
        None => value.to_string(),
    };
    if message.contains(words) {
        return Ok(value);
    }
    claim(format!("an error with \"{words}\" in its message was expected, and it says: {message}"))
}
