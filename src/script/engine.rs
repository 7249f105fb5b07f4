//! Puts the engine together. Reads as a table of contents: what a script can do is listed here and written elsewhere.

use super::hooks::Hooks;
use super::host::Host;
use super::library::{
    self, again, answers, ask, cells, charts, checks, clear, date, each, email, figures, files, html, http,
    job, moment, numbers, on, patterns, pieces, profiles, report, run, say, schedule, secret, slack, state,
    template, text,
};
use super::resolver::Resolver;
use super::source::{Source, Sources};
use super::testing::{self, Bench};
use super::{actions, compile, globals, limits, lists, operators, record_type, room, split, verbs};
use rhai::packages::{Package, StandardPackage};
use rhai::{Engine, Module};
use std::cell::Cell;
use std::path::Path;
use std::rc::{Rc, Weak};

/// Rhai as it comes.
pub fn plain() -> Engine {
    let mut engine = Engine::new_raw();
    engine.register_global_module(StandardPackage::new().as_shared_module());
    engine
}

/// Everything that needs no run: the language, the values, and what they do by themselves.
pub fn language(handle: &Weak<Engine>) -> Engine {
    let mut engine = plain();
    engine.set_strict_variables(true);
    engine.set_fast_operators(false);
    engine.set_max_expr_depths(limits::NESTING, limits::NESTING);
    engine.disable_symbol("eval");
    record_type::register(&mut engine);
    verbs::register(&mut engine, handle);
    operators::register(&mut engine);
    date::register_type(&mut engine);
    moment::register_type(&mut engine);
    numbers::register(&mut engine);
    cells::register(&mut engine);
    figures::register(&mut engine);
    text::register(&mut engine);
    room::register(&mut engine);
    pieces::register(&mut engine);
    html::register(&mut engine);
    checks::register(&mut engine);
    answers::register(&mut engine);
    clear::register(&mut engine);
    state::register_type(&mut engine);
    report::register_type(&mut engine);
    job::register_type(&mut engine);
    secret::register_type(&mut engine);
    globals::register(&mut engine);
    engine
}

/// The language without a run, for looking at scripts. It is made once a thread, because one look takes less time than
/// making it.
pub fn for_looking() -> Rc<Engine> {
    thread_local! {
        static ENGINE: Rc<Engine> = Rc::new(language(&Weak::new()));
    }
    ENGINE.with(Rc::clone)
}

/// What a run gives to its engine.
pub struct Setting<'a> {
    /// What the script may reach.
    pub host: &'a Rc<Host>,
    /// Where texts are kept for messages.
    pub sources: &'a Sources,
    /// The folder that imports may not leave.
    pub root: &'a Path,
    /// The script's text, which tells what it needs; `None` where it is still to come.
    pub text: Option<&'a str>,
    /// Where `exit` leaves its code.
    pub exit: &'a Rc<Cell<Option<u8>>>,
    /// Where `on` and `schedule` leave what they were given.
    pub hooks: &'a Rc<Hooks>,
    /// What the functions of a test work with, in a test.
    pub bench: Option<&'a Rc<Bench>>,
}

/// The whole engine of a run.
pub fn build(setting: &Setting) -> Rc<Engine> {
    Rc::new_cyclic(|handle| {
        let mut engine = language(handle);
        let host = setting.host;
        limits::set(&mut engine, host);
        say::register(&mut engine, host);
        charts::register(&mut engine, host);
        ask::register(&mut engine, host);
        run::register(&mut engine, host);
        run::register_exit(&mut engine, setting.exit);
        again::register(&mut engine, host);
        state::register(&mut engine, host);
        date::register(&mut engine, host);
        moment::register(&mut engine, host);
        profiles::register(&mut engine, host);
        files::register(&mut engine, host);
        report::register(&mut engine, host);
        template::register(&mut engine, host);
        http::register(&mut engine, host);
        secret::register(&mut engine, host);
        patterns::register(&mut engine, host);
        split::register(&mut engine, host);
        slack::register(&mut engine, host);
        email::register(&mut engine, host);
        actions::register(&mut engine, host);
        lists::register(&mut engine, host);
        each::register(&mut engine, host);
        on::register(&mut engine, handle, host, setting.hooks, setting.sources);
        schedule::register(&mut engine, handle, setting.hooks, setting.sources);
        job::register(&mut engine, host);
        if let Some(bench) = setting.bench {
            testing::register(&mut engine, handle, bench, setting.sources);
        }
        engine.set_module_resolver(Resolver::new(setting.sources.clone(), setting.root));
        see_constants(&mut engine, setting.text);
        add_library(&mut engine, setting);
        engine
    })
}

/// Adds the parts of the standard library that are written in Rhai. A part costs nothing if the text names none of
/// its functions; parts that another part needs are added with it.
fn add_library(engine: &mut Engine, setting: &Setting) {
    let mut texts: Vec<&str> = setting.text.into_iter().collect();
    let all = setting.text.is_none_or(|text| text.contains("import"));
    for (name, text) in library::MODULES.iter().rev() {
        let named =
            library::documented(text).iter().any(|entry| texts.iter().any(|text| text.contains(entry.name)));
        if all || named {
            texts.push(text);
            add_part(engine, setting.sources, name, text);
        }
    }
}

fn add_part(engine: &mut Engine, sources: &Sources, name: &str, text: &str) {
    let name = format!("std/{name}");
    sources.add(&name, Source { text: text.into(), folder: None, hidden_lines: 0 });
    let module = compile::compile(engine, &name, text)
        .map_err(Into::into)
        .and_then(|compiled| Module::eval_ast_as_new(globals::scope(), &compiled.ast, engine));
    if let Ok(module) = module {
        engine.register_global_module(module.into());
    }
}

/// Lets functions see the constants of their own script by name alone.
fn see_constants(engine: &mut Engine, text: Option<&str>) {
    let needed = |text: &str| text.contains("const ") && text.contains("fn ") || text.contains("import ");
    if !text.is_none_or(needed) {
        return;
    }
    #[allow(deprecated, reason = "Rhai marks `on_var` as volatile in this way; the version is pinned")]
    engine.on_var(|name, index, context| {
        if index > 0 || context.scope().contains(name) {
            return Ok(None);
        }
        let constants = context.global_runtime_state().constants.clone();
        Ok(constants.and_then(|constants| constants.borrow().get(name).cloned()))
    });
}
