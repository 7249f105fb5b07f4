//! The names of all functions: the language's own, the values' methods, the actions, lists and the library.

use super::engine::{self, Setting};
use super::host::Host;
use super::library;
use super::source::Sources;
use super::words::nearest;
use crate::catalogue;
use rhai::Engine;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::{Rc, Weak};
use std::sync::OnceLock;

/// Functions that the language knows without a registration.
const BUILT_IN: &[&str] = &[
    "print",
    "debug",
    "type_of",
    "call",
    "curry",
    "is_shared",
    "is_def_var",
    "is_def_fn",
    "Fn",
    "exit",
    "throw",
];

/// Words from other tools, and what they are called here.
const SYNONYMS: &[(&str, &str)] = &[
    ("fetch", "get"),
    ("read", "get"),
    ("load", "get"),
    ("add", "create"),
    ("new", "create"),
    ("make", "create"),
    ("insert", "create"),
    ("remove", "delete"),
    ("archive", "delete"),
    ("set", "update"),
    ("change", "update"),
    ("edit", "update"),
    ("modify", "update"),
];

/// Every function name in an engine, and those that a run adds.
pub fn all(engine: &Engine) -> BTreeSet<String> {
    let mut names = registered(engine);
    names.extend(BUILT_IN.iter().map(ToString::to_string));
    names.extend(catalogue::actions().map(|(_, action)| action.name.to_string()));
    names.extend(catalogue::lists().map(|(_, list)| list.name.to_string()));
    names.extend(library::entries().map(|entry| entry.name.to_string()));
    names
}

/// What a run's engine has and Rhai alone has not.
pub fn added(host: &Rc<Host>) -> BTreeSet<String> {
    let (sources, exit, hooks) = (Sources::default(), Rc::default(), Rc::default());
    let root = Path::new("");
    let engine = engine::build(&Setting {
        host,
        sources: &sources,
        root,
        text: Some(""),
        exit: &exit,
        hooks: &hooks,
        bench: None,
    });
    registered(&engine).difference(&registered(&engine::plain())).cloned().collect()
}

fn registered(engine: &Engine) -> BTreeSet<String> {
    let names = engine.collect_fn_metadata(None, |function| Some(function.metadata.name.to_string()), true);
    names.into_iter().filter(|name| is_word(name)).collect()
}

/// The names of a plain engine, made once; for messages.
pub fn standard() -> &'static BTreeSet<String> {
    static NAMES: OnceLock<BTreeSet<String>> = OnceLock::new();
    NAMES.get_or_init(|| all(&engine::language(&Weak::new())))
}

/// Whether [`all`] has that name, without making all of them.
pub fn known(engine: &Engine, name: &str) -> bool {
    let registered = || {
        let found =
            engine.collect_fn_metadata(None, |function| (function.metadata.name == name).then_some(()), true);
        is_word(name) && !found.is_empty()
    };
    BUILT_IN.contains(&name)
        || catalogue::actions().any(|(_, action)| action.name == name)
        || catalogue::lists().any(|(_, list)| list.name == name)
        || library::entries().any(|entry| entry.name == name)
        || registered()
}

/// The function as a person types it, from the library's own list.
pub fn signature(name: &str) -> Option<String> {
    library::entries().find(|entry| entry.name == name).map(|entry| entry.signature.to_string())
}

/// The function that was probably meant: words of other tools are known, too.
pub fn near<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let translated = name.split_once('_').and_then(|(verb, rest)| {
        let verb = SYNONYMS.iter().find(|(other, _)| *other == verb)?.1;
        nearest(&format!("{verb}_{rest}"), known.clone())
    });
    translated.or_else(|| nearest(name, known))
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && !name.contains('$')
}
