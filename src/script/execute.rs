//! Runs a script to its end, on a thread of its own with a deep stack.

use super::engine::Setting;
use super::hooks::{Feed, Hooks};
use super::host::Host;
use super::list::List;
use super::record::Record;
use super::serve::Server;
use super::source::{Source, Sources};
use super::{Outcome, Script, arguments, check, diagnose, engine, globals, limits, value};
use crate::catalogue::Object;
use crate::error::{Error, Message};
use rhai::{Array, Dynamic, EvalAltResult};
use serde_json::Value;
use std::cell::Cell;
use std::rc::Rc;

/// Takes the items of a streamed list one by one; answers false when it has had enough.
pub type Take<'a> = dyn FnMut(Value) -> bool + Send + 'a;

/// Runs a script; `take` gets the items if the last value is a list.
pub fn execute(
    script: &Script,
    host: impl FnOnce() -> Rc<Host> + Send,
    take: Option<&mut Take<'_>>,
    feed: Option<&mut dyn Feed>,
) -> Result<Outcome, Error> {
    let run = || on_this_thread(script, &host(), take, feed);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("script".into()).stack_size(limits::STACK);
        match thread.spawn_scoped(scope, run) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(cause) => Err(Error::usage(
                format!("the system gave no thread to run the script on: {cause}"),
                "close other programs and try again",
            )),
        }
    })
}

fn on_this_thread(
    script: &Script,
    host: &Rc<Host>,
    take: Option<&mut Take<'_>>,
    feed: Option<&mut dyn Feed>,
) -> Result<Outcome, Error> {
    let sources = Sources::default();
    let source = Source::of(script);
    let text = source.text.clone();
    sources.add(&script.name, source);
    let exit = Rc::new(Cell::new(None));
    let hooks = Rc::new(Hooks::default());
    let root = &script.root;
    let setting = Setting { host, sources: &sources, root, text: Some(&text), exit: &exit, hooks: &hooks };
    let engine = engine::build(&setting);
    let ended = |error: Box<EvalAltResult>| {
        diagnose::error(*error, &script.name, &sources, &engine, host.stop.reason())
    };
    // Nothing of a script with a mistake in it is run: it might stop half way.
    let ast = check::program(script, &sources, &engine).map_err(Error::Check)?;
    arguments::unasked(&ast, host.arguments.keys())?;
    let mut scope = globals::scope();
    let value = match engine.eval_ast_with_scope::<Dynamic>(&mut scope, &ast) {
        Ok(value) => value,
        Err(error) => return Err(ended(error)),
    };
    if let Some(reason) = host.stop.reason() {
        return Err(Error::Stopped(reason));
    }
    let outcome = outcome(&value, take).map_err(ended)?;
    if !hooks.is_empty() && exit.get().is_none() {
        let feed = feed.ok_or_else(|| Error::Usage(no_hooks_here()))?;
        Server { host, hooks: &hooks, exit: &exit, explain: &ended }.serve(&script.name, feed)?;
        if let Some(reason) = host.stop.reason() {
            return Err(Error::Stopped(reason));
        }
    }
    Ok(Outcome { exit: exit.get(), ..outcome })
}

fn no_hooks_here() -> Message {
    Message::new(
        "hooks and schedules are handled by `run` only",
        "put the script into a file: vitally-script run FILE.rhai",
    )
}

/// The last value as plain data, or item by item into `take`.
fn outcome(value: &Dynamic, take: Option<&mut Take<'_>>) -> Result<Outcome, Box<EvalAltResult>> {
    let object = object_of(value);
    if let Some(take) = take
        && let Some(list) = value.read_lock::<List>()
    {
        for item in list.items() {
            if !take(value::to_json(&item?)?) {
                break;
            }
        }
        return Ok(Outcome { exit: None, value: Value::Null, object });
    }
    let value = match value.read_lock::<List>() {
        Some(list) => value::to_json(&list.items().collect::<Result<Array, _>>()?.into())?,
        None => value::to_json(value)?,
    };
    Ok(Outcome { exit: None, value, object })
}

/// What kind of records a value holds.
fn object_of(value: &Dynamic) -> Option<&'static Object> {
    if let Some(record) = value.read_lock::<Record>() {
        return record.object();
    }
    if let Some(list) = value.read_lock::<List>() {
        return list.object();
    }
    let items = value.read_lock::<Array>()?;
    items.first().and_then(object_of)
}
