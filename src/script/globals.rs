//! The constants that are there without being declared. They stand in every scope, because functions without a name take
//! what they use from there; and in the engine, where functions with a name find them.

use super::library::job::Job;
use super::library::report::Report;
use super::library::state::State;
use super::value::Clear;
use rhai::{Dynamic, Engine, Module, Scope};

/// Their names.
pub const NAMES: &[&str] = &["CLEAR", "job", "report", "state"];

fn values() -> [(&'static str, Dynamic); 4] {
    [
        ("CLEAR", Dynamic::from(Clear)),
        ("job", Dynamic::from(Job)),
        ("report", Dynamic::from(Report)),
        ("state", Dynamic::from(State)),
    ]
}

/// A scope with nothing else in it.
pub fn scope() -> Scope<'static> {
    let mut scope = Scope::new();
    for (name, value) in values() {
        scope.push_constant_dynamic(name, value);
    }
    scope
}

/// Registers them for functions with a name.
pub fn register(engine: &mut Engine) {
    let mut constants = Module::new();
    for (name, value) in values() {
        constants.set_var(name, value);
    }
    engine.register_global_module(constants.into());
}

/// Whether a variable of a scope is one of them, and not one of that name that somebody declared.
pub fn is_own(name: &str, value: &Dynamic) -> bool {
    values().iter().any(|(known, own)| *known == name && own.type_id() == value.type_id())
}
