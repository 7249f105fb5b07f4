//! The names of all functions: the language's own, the values' methods, the actions, lists and the library.

use super::arities::Arities;
use super::engine::{self, Setting};
use super::host::Host;
use super::library;
use super::source::Sources;
use super::words::nearest;
use crate::catalogue;
use rhai::{Engine, FuncInfo};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;
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
    registered(&of_a_run(host)).difference(&registered(&engine::plain())).cloned().collect()
}

/// The functions that a run's engine takes with a number of values that [`counts`] does not know of, with the numbers.
pub fn uncounted(host: &Rc<Host>) -> Counts {
    let known = standard_counts();
    let mut found = counts(&of_a_run(host));
    found.retain(|name, counts| {
        let Some(known) = known.get(name) else { return false };
        *counts = counts.without(*known);
        !counts.is_empty()
    });
    found
}

fn of_a_run(host: &Rc<Host>) -> Rc<Engine> {
    let (sources, exit, hooks) = (Sources::default(), Rc::default(), Rc::default());
    let root = Path::new("");
    engine::build(&Setting {
        host,
        sources: &sources,
        root,
        text: Some(""),
        exit: &exit,
        hooks: &hooks,
        bench: None,
    })
}

fn registered(engine: &Engine) -> BTreeSet<String> {
    let names = engine.collect_fn_metadata(None, |function| Some(function.metadata.name.to_string()), true);
    names.into_iter().filter(|name| is_word(name)).collect()
}

/// The names of a plain engine, made once; for messages.
pub fn standard() -> &'static BTreeSet<String> {
    static NAMES: OnceLock<BTreeSet<String>> = OnceLock::new();
    NAMES.get_or_init(|| all(&engine::for_looking()))
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
        || standard_counts().contains_key(name)
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

/// The numbers of values that functions take, by their names.
pub type Counts = HashMap<String, Arities>;

/// Whether a function takes so many values, as far as is known without asking the engine: what the library says of it.
pub fn surely_takes(name: &str, values: usize) -> bool {
    BUILT_IN.contains(&name)
        || library::entries()
            .any(|entry| called(entry.signature) == name && taken(entry.signature).contains(&values))
}

/// The numbers of values that functions of every script take. They are the same for all, and many programs are looked
/// through in one process.
pub fn standard_counts() -> &'static Counts {
    static COUNTS: OnceLock<Counts> = OnceLock::new();
    COUNTS.get_or_init(|| counts(&engine::for_looking()))
}

/// The numbers of values that every function of an engine and of the library takes, what stands before the dot counted;
/// not those that the language itself knows.
fn counts(engine: &Engine) -> Counts {
    let all = |function: FuncInfo| Some((function.metadata.name.clone(), function.metadata.num_params));
    let mut counts = Counts::new();
    let mut note = |name: &str, count: usize| match counts.get_mut(name) {
        Some(arities) => arities.add(count),
        None if BUILT_IN.contains(&name) => {}
        None => counts.entry(name.to_string()).or_default().add(count),
    };
    for (name, count) in engine.collect_fn_metadata(None, all, true) {
        note(&name, count);
    }
    // What needs a run is in no engine here; the library's list says how it is written.
    for entry in library::entries() {
        for count in taken(entry.signature) {
            note(called(entry.signature), count);
        }
    }
    counts
}

/// The name of the function in a signature, without what it belongs to: `get` of `state.get(key)`.
fn called(signature: &str) -> &str {
    let before = signature.split('(').next().unwrap_or(signature);
    before.rsplit('.').next().unwrap_or(before)
}

/// The numbers of values in a signature such as `arg(name, [default], [help])`.
fn taken(signature: &str) -> Vec<usize> {
    let of = |one: &str| -> Option<std::ops::RangeInclusive<usize>> {
        let (name, rest) = one.split_once('(')?;
        // What stands before the dot is a value, too.
        let before = usize::from(name.contains('.'));
        if !name.rsplit('.').next().is_some_and(is_word) {
            return None;
        }
        let (mut depth, mut in_head, mut values) = (0, false, vec![String::new()]);
        for c in rest.strip_suffix(')')?.chars() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                '|' => in_head = !in_head,
                ',' if depth == 0 && !in_head => values.push(String::new()),
                _ => {}
            }
            if c != ',' || depth > 0 || in_head {
                values.last_mut()?.push(c);
            }
        }
        values.retain(|value| !value.trim().is_empty());
        let needed = values.iter().filter(|value| !value.trim().starts_with('[')).count();
        Some(needed + before..=values.len() + before)
    };
    signature.split(" or ").filter_map(of).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::taken;

    #[test]
    fn a_signature_says_how_many_values_there_are() {
        for (signature, counts) in [
            ("today()", &[0][..]),
            ("days_until(day)", &[1]),
            ("arg(name, [default], [help])", &[1, 2, 3]),
            ("each(rows, [#{ key, on_error, label }], |row| …)", &[2, 3]),
            ("on(trigger, [#{ name, every }], |record, event| …)", &[2, 3]),
            ("retry(times, [pause], || …)", &[2, 3]),
            ("money(number, [currency], [digits])", &[1, 2, 3]),
            ("bar_chart(map) or bar_chart(items, name, number)", &[1, 3]),
            ("email(#{ to, subject, text })", &[1]),
            (".left(count)", &[2]),
            ("state.get(key, [default])", &[2, 3]),
            ("job.scheduled_at", &[]),
        ] {
            assert_eq!(taken(signature), counts, "{signature}");
        }
    }
}
