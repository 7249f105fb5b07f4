//! Trying something that may fail: again, or once with its error in hand.

use super::super::callback::Callback;
use super::super::diagnose;
use super::super::host::{Host, Level};
use super::super::raise::{MISTAKE, Raised, mistake};
use super::super::words::described;
use super::checks::ASSERTION;
use super::{Entry, entry, run};
use rhai::{Dynamic, EvalAltResult, FnPtr, Map, NativeCallContext};
use std::rc::Rc;
use std::time::Duration;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "attempt",
        "attempt(|| …)",
        "Runs a function and gives #{ ok, value, error }: the error is () or a map with kind and message, and the script \
         goes on",
        "let tried = attempt(|| get_account(ext(\"nobody\")));\nif !tried.ok { print(tried.error.kind); }",
    ),
    entry(
        "retry",
        "retry(times, [pause], || …)",
        "Runs a function until it does not fail, at most so many times, and gives its value. Between tries it waits for the \
         pause, such as \"5s\"; without one for a second, then two, then four. What trying again cannot help is not tried \
         again: mistakes, refusals, a wrong key, and what may have been done already",
        "print(retry(3, || accounts().first().name));",
    ),
];

/// Errors that trying again cannot help, or must not repeat.
const FINAL: &[&str] = &[MISTAKE, ASSERTION, "refused", "busy", "unauthorized", "maybe_applied", "stopped"];

/// The most tries.
const MOST: i64 = 100;
/// The longest pause that grows by itself.
const LONGEST: Duration = Duration::from_secs(60);

/// Registers the functions.
pub fn register(engine: &mut rhai::Engine, host: &Rc<Host>) {
    engine.register_fn("attempt", |context: NativeCallContext, function: FnPtr| attempt(&context, &function));
    let tried = Rc::clone(host);
    engine.register_fn("retry", move |context: NativeCallContext, times: Dynamic, function: FnPtr| {
        retry(&tried, &context, &times, None, &function)
    });
    let tried = Rc::clone(host);
    engine.register_fn(
        "retry",
        move |context: NativeCallContext, times: Dynamic, pause: Dynamic, function: FnPtr| {
            let pause = run::length(&pause, "retry")?;
            retry(&tried, &context, &times, Some(pause), &function)
        },
    );
}

fn attempt(context: &NativeCallContext, function: &FnPtr) -> Result<Map, Raised> {
    let (value, error) = match Callback::new(context, function, 0)?.run(0) {
        Ok(value) => (value, Dynamic::UNIT),
        Err(error) if error.unwrap_inner().is_catchable() => (Dynamic::UNIT, caught(context, &error)),
        Err(error) => return Err(error),
    };
    let mut answer = Map::new();
    answer.insert("ok".into(), error.is_unit().into());
    answer.insert("value".into(), value);
    answer.insert("error".into(), error);
    Ok(answer)
}

/// An error as a map with at least its kind and its sentence.
fn caught(context: &NativeCallContext, error: &EvalAltResult) -> Dynamic {
    if let EvalAltResult::ErrorRuntime(thrown, _) = error.unwrap_inner()
        && thrown
            .read_lock::<Map>()
            .is_some_and(|map| map.contains_key("kind") && map.contains_key("message"))
    {
        return thrown.clone();
    }
    let (kind, message) = diagnose::sentence(error, context.engine());
    let mut map = Map::new();
    map.insert("kind".into(), kind.to_string().into());
    map.insert("message".into(), message.into());
    map.into()
}

fn retry(
    host: &Host,
    context: &NativeCallContext,
    times: &Dynamic,
    pause: Option<Duration>,
    function: &FnPtr,
) -> Result<Dynamic, Raised> {
    let times = times.as_int().ok().filter(|times| (1..=MOST).contains(times)).ok_or_else(|| {
        mistake(
            format!("retry needs a number of tries from 1 to {MOST}, and got {}", described(times)),
            "such as retry(3, || …)",
        )
    })?;
    let callback = Callback::new(context, function, 0)?;
    let mut growing = Duration::from_secs(1);
    let mut attempt = 0;
    loop {
        attempt += 1;
        let error = match callback.run(usize::try_from(attempt).unwrap_or(usize::MAX)) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        if attempt >= times || !error.unwrap_inner().is_catchable() || host.stop.is_set() {
            return Err(error);
        }
        let (kind, message) = diagnose::sentence(&error, context.engine());
        if FINAL.contains(&kind) {
            return Err(error);
        }
        host.output.log(Level::Debug, &format!("try {attempt} of {times} failed: {message}"));
        run::wait(host, pause.unwrap_or(growing));
        growing = (growing * 2).min(LONGEST);
    }
}
