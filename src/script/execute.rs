//! Runs a script to its end, on a thread of its own with a deep stack.

use super::engine::Setting;
use super::hooks::{Feed, Hooks};
use super::host::Host;
use super::library::report;
use super::list::List;
use super::record::Record;
use super::schedules::ScheduleSpec;
use super::serve::Server;
use super::source::{Source, Sources};
use super::testing::Bench;
use super::{Outcome, Script, arguments, check, diagnose, engine, globals, limits, value};
use crate::catalogue::Object;
use crate::error::{Error, Message};
use rhai::{AST, Array, Dynamic, Engine, EvalAltResult};
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
    let program = Program::new(script, host, None)?;
    let value = program.run()?;
    if let Some(reason) = host.stop.reason() {
        return Err(Error::Stopped(reason));
    }
    let outcome = outcome(&value, take).map_err(|error| program.explain(error))?;
    if program.listens() {
        let feed = feed.ok_or_else(|| Error::Usage(no_hooks_here()))?;
        program.serve(feed)?;
        if let Some(reason) = host.stop.reason() {
            return Err(Error::Stopped(reason));
        }
    }
    report::keep(host, &script.name).map_err(|trouble| Error::Usage(trouble.message))?;
    Ok(Outcome { exit: program.exit.get(), ..outcome })
}

/// A script with an engine of its own.
pub struct Program {
    /// The name people know it by.
    name: String,
    host: Rc<Host>,
    sources: Sources,
    engine: Rc<Engine>,
    exit: Rc<Cell<Option<u8>>>,
    hooks: Rc<Hooks>,
    ast: AST,
}

impl Program {
    /// Compiles a script. Nothing of one with a mistake in it is run: it might stop half way. `bench` is there for the
    /// script of a test.
    pub fn new(script: &Script, host: &Rc<Host>, bench: Option<&Rc<Bench>>) -> Result<Program, Error> {
        let sources = Sources::default();
        let source = Source::of(script);
        let text = source.text.clone();
        sources.add(&script.name, source);
        let exit = Rc::new(Cell::new(None));
        let hooks = Rc::new(Hooks::default());
        let setting = Setting {
            host,
            sources: &sources,
            root: &script.root,
            text: Some(&text),
            exit: &exit,
            hooks: &hooks,
            bench,
        };
        let engine = engine::build(&setting);
        let ast = check::program(script, &sources, &engine).map_err(Error::Check)?;
        arguments::unasked(&ast, host.arguments.keys())?;
        Ok(Program { name: script.name.clone(), host: Rc::clone(host), sources, engine, exit, hooks, ast })
    }

    /// Runs it to its end and answers its last value.
    pub fn run(&self) -> Result<Dynamic, Error> {
        let mut scope = globals::scope();
        let value = self.engine.eval_ast_with_scope::<Dynamic>(&mut scope, &self.ast);
        value.map_err(|error| self.explain(error))
    }

    /// What `exit(n)` was given, if it was called.
    pub fn exit(&self) -> Option<u8> {
        self.exit.get()
    }

    /// Whether it has hooks or schedules, and has not ended itself.
    pub fn listens(&self) -> bool {
        !self.hooks.is_empty() && self.exit.get().is_none()
    }

    /// Its schedules, unless it has ended itself.
    pub fn schedules(&self) -> Vec<ScheduleSpec> {
        if self.exit.get().is_some() { Vec::new() } else { self.hooks.wanted().schedules }
    }

    /// Calls its hooks and schedules until there is nothing more to come.
    pub fn serve(&self, feed: &mut dyn Feed) -> Result<(), Error> {
        let explain = |error| self.explain(error);
        let server = Server { host: &self.host, hooks: &self.hooks, exit: &self.exit, explain: &explain };
        server.serve(&self.name, feed)
    }

    /// What the engine reports, for a person.
    #[allow(clippy::boxed_local, reason = "the engine's errors are boxed")]
    pub fn explain(&self, error: Box<EvalAltResult>) -> Error {
        diagnose::error(*error, &self.name, &self.sources, &self.engine, self.host.stop.reason())
    }
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
