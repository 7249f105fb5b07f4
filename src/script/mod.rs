//! The Rhai side: the engine, the values scripts hold, and the functions they call. Knows nothing of HTTP.

mod actions;
mod arguments;
mod arities;
mod aside;
mod callback;
pub mod cards;
mod check;
mod compile;
mod condition;
mod diagnose;
pub mod dialogue;
mod engine;
pub mod equal;
mod execute;
pub mod fields;
mod gather;
mod globals;
mod group;
pub mod handler;
mod hint;
pub mod hooks;
pub mod host;
mod join_rows;
pub mod library;
pub mod limits;
pub mod list;
mod lists;
pub mod names;
pub mod operators;
mod parts;
mod path;
pub mod patience;
mod pivot;
pub mod predicate;
mod race;
pub mod raise;
pub mod record;
pub mod record_type;
mod resolver;
mod room;
mod row_pages;
mod rows;
pub mod schedules;
mod searches;
mod select;
pub mod serve;
mod sort;
mod sort_keys;
mod source;
mod split;
mod syntax;
mod table_rows;
pub mod tenant;
pub mod testing;
pub mod thing;
mod total;
pub mod value;
pub mod verbs;
pub mod words;

pub use check::{Effects, Outline};

use crate::error::{Error, Finding};
use host::Host;
use serde_json::Value;
use std::path::PathBuf;
use std::rc::Rc;

/// The text of a script and where it came from.
#[derive(Clone, Debug)]
pub struct Script {
    /// The name people know it by: a path as typed, `stdin`, `eval` or `--where`.
    pub name: String,
    /// Its text, as read: a byte order mark and a `#!` line are dealt with inside.
    pub text: String,
    /// The file it was read from; its folder is where imports may come from.
    pub path: Option<PathBuf>,
    /// The folder that imports may not leave: the project's folder.
    pub root: PathBuf,
    /// Lines that a command put before what the person typed; places in messages are counted without them.
    pub hidden_lines: usize,
}

/// What came of a script that ended.
#[derive(Debug)]
pub struct Outcome {
    /// What `exit(n)` was given, if the script called it.
    pub exit: Option<u8>,
    /// The value of the last expression; `Value::Null` if there is none.
    pub value: Value,
    /// What kind of records the value holds, if it is one record or a list of them.
    pub object: Option<&'static crate::catalogue::Object>,
}

/// Runs a script to its end on a thread of its own and answers its last value.
pub fn run(script: &Script, host: impl FnOnce() -> Rc<Host> + Send) -> Result<Outcome, Error> {
    execute::execute(script, host, None, None)
}

/// Runs a script; if it registered hooks or schedules, stays and handles what `feed` brings until that ends.
pub fn run_with_hooks(
    script: &Script,
    host: impl FnOnce() -> Rc<Host> + Send,
    feed: &mut dyn hooks::Feed,
) -> Result<Outcome, Error> {
    execute::execute(script, host, None, Some(feed))
}

/// Runs a script whose last expression is a list or an array, and hands its items over one by one as JSON, without
/// holding them. The items stop when `each` answers false.
pub fn stream(
    script: &Script,
    host: impl FnOnce() -> Rc<Host> + Send,
    each: &mut (dyn FnMut(Value) -> bool + Send),
) -> Result<Outcome, Error> {
    execute::execute(script, host, Some(each), None)
}

/// A hash of a script with everything it imports: the same as long as nobody edits them.
pub fn fingerprint(script: &Script) -> String {
    check::fingerprint(script)
}

/// What a script is, seen from outside: whether it stays for hooks and schedules, and what it imports.
pub fn outline(script: &Script) -> Outline {
    check::outline(script)
}

/// Everything `check` can find wrong with a script without running it, and what the script touches.
pub fn check(script: &Script) -> (Vec<Finding>, Effects) {
    check::check(script)
}
