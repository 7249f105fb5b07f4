//! Puts the engine together. Reads as a table of contents: what a script can do is listed here and written elsewhere.

use super::host::Host;
use super::library::{answers, checks, clear, date, moment, numbers, profiles, run, say, text};
use super::resolver::Resolver;
use super::source::Sources;
use super::{actions, compile, limits, list_type, lists, operators, record_type};
use rhai::packages::{Package, StandardPackage};
use rhai::{AST, Engine, Module, Scope};
use std::path::Path;
use std::rc::Rc;

/// Everything that needs no run: the language, the values, and what they do by themselves.
pub fn language() -> Engine {
    let mut engine = Engine::new_raw();
    engine.register_global_module(StandardPackage::new().as_shared_module());
    engine.set_strict_variables(true);
    engine.set_fast_operators(false);
    operators::register(&mut engine);
    record_type::register(&mut engine);
    list_type::register(&mut engine);
    date::register_type(&mut engine);
    moment::register_type(&mut engine);
    numbers::register(&mut engine);
    text::register(&mut engine);
    checks::register(&mut engine);
    answers::register(&mut engine);
    clear::register(&mut engine);
    engine
}

/// The whole engine of a run.
pub fn build(host: &Rc<Host>, sources: &Sources, root: &Path) -> Engine {
    let mut engine = language();
    limits::set(&mut engine, &host.stop);
    say::register(&mut engine, host);
    run::register(&mut engine, host);
    date::register(&mut engine, host);
    moment::register(&mut engine, host);
    profiles::register(&mut engine, host);
    actions::register(&mut engine, host);
    lists::register(&mut engine, host);
    engine.set_module_resolver(Resolver::new(sources.clone(), root));
    engine
}

/// Adds the standard library's own scripts, of which only those that a text names cost anything.
pub fn add_library(engine: &mut Engine, sources: &Sources, text: &str) {
    for (name, library) in super::library::MODULES {
        let named = super::library::documented(library).iter().any(|entry| text.contains(entry.name));
        if !named {
            continue;
        }
        let name = format!("std/{name}");
        sources.add(&name, super::source::Source { text: (*library).into(), folder: None, hidden_lines: 0 });
        let module = compile::compile(engine, &name, library)
            .map_err(Into::into)
            .and_then(|compiled| Module::eval_ast_as_new(Scope::new(), &compiled.ast, engine));
        if let Ok(module) = module {
            engine.register_global_module(module.into());
        }
    }
}

/// Lets functions see the constants of their own script by name alone.
pub fn see_constants(engine: &mut Engine, ast: &AST) {
    let needed = ast.iter_functions().next().is_some() && !compile::constants(ast).is_empty();
    if !needed {
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
