//! A script of the profile that says which records are protected: `|record| …`, or a map of such functions by object.
//! It runs on a thread of its own, so that changes can be judged wherever they are sent from.

use super::engine::Setting;
use super::host::Host;
use super::raise::Raised;
use super::record::Record;
use super::source::{Source, Sources};
use super::thing::with_article;
use super::words::{described, did_you_mean};
use super::{Script, check, diagnose, engine, limits};
use crate::catalogue::{self, Object};
use crate::error::Error;
use crate::gate::protect::{Judge, Verdict};
use rhai::{
    AST, Dynamic, Engine, Expr, FnPtr, GlobalRuntimeState, Locked, Map, NativeCallContext, Position, Scope,
    Shared, Stmt,
};
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};

/// A running script that says which records are protected.
pub struct Predicate {
    name: String,
    ask: Mutex<Sender<Question>>,
}

struct Question {
    object: &'static Object,
    record: Value,
    answer: Sender<Verdict>,
}

impl Predicate {
    /// Starts it. What is wrong with it is said now, and not at the first change.
    pub fn start(
        script: Script,
        host: impl FnOnce() -> Rc<Host> + Send + 'static,
    ) -> Result<Predicate, Error> {
        let name = script.name.clone();
        let (ask, questions) = mpsc::channel();
        let (ready, started) = mpsc::channel();
        let thread = std::thread::Builder::new().name("vitally-protect".into()).stack_size(limits::STACK);
        let spawned = thread.spawn(move || answer(&script, &host(), &ready, &questions));
        let ended =
            || Error::usage(format!("{name} ended before it said anything"), "run it alone to see why");
        if let Err(cause) = spawned {
            return Err(Error::usage(
                format!("the system gave no thread to run {name} on: {cause}"),
                "close other programs and try again",
            ));
        }
        started.recv().map_err(|_| ended())??;
        Ok(Predicate { name, ask: Mutex::new(ask) })
    }
}

impl Judge for Predicate {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn judge(&self, object: &'static Object, record: &Value) -> Verdict {
        let (answer, answered) = mpsc::channel();
        let question = Question { object, record: record.clone(), answer };
        let sent = self.ask.lock().unwrap_or_else(PoisonError::into_inner).send(question);
        let verdict = sent.ok().and_then(|()| answered.recv().ok());
        verdict.unwrap_or_else(|| Verdict::Broken("it ended early".into()))
    }
}

/// What the script's last expression is.
enum Rules {
    /// Asked about records of every object.
    All(FnPtr),
    /// Asked about records of these objects only.
    Some(BTreeMap<&'static str, FnPtr>),
}

fn answer(
    script: &Script,
    host: &Rc<Host>,
    ready: &Sender<Result<(), Error>>,
    questions: &Receiver<Question>,
) {
    let sources = Sources::default();
    let source = Source::of(script);
    let text = source.text.clone();
    sources.add(&script.name, source);
    let exit = Rc::new(Cell::new(None));
    let (root, hooks) = (&script.root, Rc::default());
    let setting =
        Setting { host, sources: &sources, root, text: Some(&text), exit: &exit, hooks: &hooks, bench: None };
    let engine = engine::build(&setting);
    let begun = begin(script, &sources, &engine, host);
    let (rules, world) = match begun {
        Ok(begun) => begun,
        Err(error) => {
            // Nobody listens any more if the program ends.
            let _ = ready.send(Err(error));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    for question in questions {
        let context =
            NativeCallContext::new_with_all_fields(&engine, "protect", None, &world, Position::NONE);
        let verdict = judge(&context, &rules, question.object, &question.record);
        let _ = question.answer.send(verdict);
    }
}

/// Runs the script to its last expression; the functions in it are called in the world that is left.
fn begin(
    script: &Script,
    sources: &Sources,
    engine: &Engine,
    host: &Host,
) -> Result<(Rules, GlobalRuntimeState), Error> {
    let ast = check::program(script, sources, engine).map_err(Error::Check)?;
    let failed = |error: Raised| diagnose::error(*error, &script.name, sources, engine, host.stop.reason());
    let mut scope = Scope::new();
    let value = engine.eval_ast_with_scope::<Dynamic>(&mut scope, &ast).map_err(failed)?;
    let rules = rules(&script.name, &value)?;
    let world = world(engine, &ast, &scope, &script.name).map_err(failed)?;
    Ok((rules, world))
}

/// The functions, constants and imports of a script that has run.
fn world(engine: &Engine, ast: &AST, scope: &Scope, name: &str) -> Result<GlobalRuntimeState, Raised> {
    let mut world = engine.new_global_runtime_state();
    world.lib.push(ast.shared_lib().clone());
    let constants =
        scope.iter().filter(|(_, constant, _)| *constant).map(|(name, _, value)| (name.into(), value));
    world.constants = Some(Shared::new(Locked::new(constants.collect())));
    for statement in ast.statements() {
        if let Stmt::Import(import, position) = statement
            && let (Expr::StringConstant(path, _), ident) = &**import
        {
            let module = engine.module_resolver().resolve(engine, Some(name), path, *position)?;
            world.push_import(ident.name.clone(), module);
        }
    }
    Ok(world)
}

fn rules(name: &str, value: &Dynamic) -> Result<Rules, Error> {
    let help = "such as |record| record.mrr > 100000, or #{ account: |account| account.mrr > 100000 }";
    if let Some(function) = value.read_lock::<FnPtr>() {
        return Ok(Rules::All(function.clone()));
    }
    let Some(map) = value.read_lock::<Map>() else {
        return Err(Error::usage(
            format!("the last line of {name} must be a function, and is {}", described(value)),
            help,
        ));
    };
    let mut rules = BTreeMap::new();
    for (key, function) in map.iter() {
        let Some(object) = catalogue::object(key) else {
            let near = did_you_mean(key, catalogue::OBJECTS.iter().map(|object| object.name));
            return Err(Error::usage(format!("{name}: there is no object \"{key}\"{near}"), help));
        };
        let Some(function) = function.read_lock::<FnPtr>() else {
            return Err(Error::usage(
                format!("{name}: \"{key}\" must be a function, and is {}", described(function)),
                help,
            ));
        };
        rules.insert(object.name, function.clone());
    }
    Ok(Rules::Some(rules))
}

fn judge(context: &NativeCallContext, rules: &Rules, object: &'static Object, record: &Value) -> Verdict {
    let function = match rules {
        Rules::All(function) => function,
        Rules::Some(functions) => match functions.get(object.name) {
            Some(function) => function,
            None => return Verdict::Free,
        },
    };
    let record = match Record::from_body(record.to_string().into_bytes(), Some(object)) {
        Ok(record) => record,
        Err(cause) => return Verdict::Broken(cause.to_string()),
    };
    match function.call_raw(context, None, [Dynamic::from(record)]) {
        Ok(answer) => match answer.as_bool() {
            Ok(true) => Verdict::Protected,
            Ok(false) => Verdict::Free,
            Err(_) => Verdict::Broken(format!("it must say true or false, and gave {}", described(&answer))),
        },
        Err(error) => {
            let (_, message) = diagnose::sentence(&error, context.engine());
            let no_field = format!("{} has no field \"", with_article(object.name));
            let all = matches!(rules, Rules::All(_));
            if all && message.starts_with(&no_field) {
                Verdict::Silent(message)
            } else {
                Verdict::Broken(message)
            }
        }
    }
}
