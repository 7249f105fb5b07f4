//! The engine's complaints about names and kinds of values, in words that say what to write instead.

use super::diagnose::Trouble;
use super::names;
use super::testing;
use super::words::{did_you_mean, kind_word};
use crate::catalogue;
use rhai::{Engine, EvalAltResult};

/// The kinds of error that a script can see.
pub const KINDS: &[&str] = &[
    "mistake",
    "refused",
    "busy",
    "assertion",
    "failed",
    "file",
    "unauthorized",
    "not_found",
    "invalid",
    "conflict",
    "rate_limited",
    "server",
    "network",
    "timeout",
    "maybe_applied",
    "stopped",
];

/// Functions of other languages, and what to write here.
const FOREIGN: &[(&str, &str)] = &[
    ("println", "print(…)"),
    ("echo", "print(…)"),
    ("console", "print(…)"),
    ("str", "text + value, or `${value}` in back-ticks"),
    ("int", "num(…)"),
    ("float", "num(…)"),
    ("length", ".len()"),
    ("size", ".len()"),
    ("count", ".len()"),
    ("append", ".push(…)"),
    ("eval", "a function"),
];

/// A function that does not exist, or not for these values. `signature` is the engine's: `name (type, type)`.
pub fn function(signature: &str, engine: &Engine) -> Trouble {
    let (name, kinds) = split(signature);
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return operator(name, &kinds);
    }
    if let Some(field) = name.strip_prefix("get$").or_else(|| name.strip_prefix("set$")) {
        return Trouble::new(
            format!("{} has no field \"{field}\"", kinds.first().map_or("this value", |kind| kind)),
            "print the value to see what it is",
        );
    }
    if name.starts_with("anon$") {
        return Trouble::new(
            format!("a function without a name got {} values, and takes another number", kinds.len()),
            "write as many names between the bars as there are values: |record| … or |a, b| …",
        );
    }
    if names::known(engine, name) {
        return wrong_values(name, &kinds);
    }
    if testing::is_known(name) {
        let help = "run the tests of a file with: vitally-script test FILE";
        return Trouble::new(format!("{name} is a function of tests, and this is no test"), help)
            .coded("V020");
    }
    unknown(name, names::all(engine).iter().map(String::as_str)).coded("V020")
}

/// A function that does not exist.
pub fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Trouble {
    if let Some((_, instead)) = FOREIGN.iter().find(|(word, _)| *word == name) {
        return Trouble::new(format!("there is no function \"{name}\" here"), format!("use {instead}"));
    }
    let near = names::near(name, known);
    let trouble = Trouble::new(
        format!("there is no function called \"{name}\""),
        "run `vitally-script docs` to see every function",
    );
    match near {
        Some(near) => trouble.labelled(format!("did you mean \"{near}\"?")),
        None => trouble,
    }
}

fn wrong_values(name: &str, kinds: &[String]) -> Trouble {
    let got = match kinds {
        [] => "nothing".to_string(),
        kinds => kinds.join(" and "),
    };
    let action = catalogue::actions().find(|(_, action)| action.name == name);
    let list = catalogue::lists().find(|(_, list)| list.name == name);
    let usage = match (action, list) {
        (Some((object, action)), _) => action.signature(object.name),
        (_, Some((_, list))) => list.signature(),
        _ => names::signature(name).unwrap_or_else(|| format!("{name}(…)")),
    };
    Trouble::new(
        format!("{name} does not work with {got}"),
        format!("write {usage}; see `vitally-script docs {name}`"),
    )
    .coded("V022")
}

/// A variable that does not exist.
pub fn variable(name: &str, known: &[&str]) -> Trouble {
    let help = match name.to_lowercase().as_str() {
        "null" | "nil" | "none" | "undefined" => "the empty value is written ()".to_string(),
        "and" => "\"and\" is written &&".to_string(),
        "or" => "\"or\" is written ||".to_string(),
        "not" => "\"not\" is written !".to_string(),
        "elif" | "elsif" => "it is written else if".to_string(),
        "yes" => "it is written true".to_string(),
        "no" => "it is written false".to_string(),
        _ if names::standard().contains(name) => {
            let action = catalogue::actions().find(|(_, action)| action.name == name);
            let call = match catalogue::lists().find(|(_, list)| list.name == name) {
                Some((_, list)) if list.parent.is_none() => format!("{name}()"),
                _ => action
                    .map(|(object, action)| action.signature(object.name))
                    .or_else(|| names::signature(name))
                    .unwrap_or_else(|| format!("{name}(…)")),
            };
            format!("{name} is a function: write {call}")
        }
        _ => format!("declare it first: let {name} = …; text needs double quotes: \"{name}\""),
    };
    let near = did_you_mean(name, known.iter().copied());
    let trouble = Trouble::new(format!("there is no variable called \"{name}\""), help).coded("V030");
    match near.strip_prefix("; ") {
        Some(near) => trouble.labelled(near),
        None => trouble,
    }
}

/// A field or an index of something that has none.
pub fn not_a_record(error: &EvalAltResult) -> Trouble {
    let kind = match error {
        EvalAltResult::ErrorIndexingType(kind, _) => kind_word(kind.split(" [").next().unwrap_or(kind)),
        // Rhai puts the kind of value into its sentence: … for type '()'.
        EvalAltResult::ErrorDotExpr(text, _) => text.rsplit('\'').nth(1).map_or("this value", kind_word),
        _ => "this value",
    };
    if kind.starts_with("an empty value") {
        return Trouble::new(
            "the value before the dot or bracket is empty: ()",
            "check it first: if value != () { … }, or write value?.field",
        );
    }
    Trouble::new(format!("{kind} has no fields or items to look into"), "print the value to see what it is")
}

/// A value of another kind than is needed.
pub fn mismatch(wanted: &str, got: &str) -> Trouble {
    let (wanted, got) = (kind_word(wanted), kind_word(got));
    let help = match wanted {
        "true or false" if got == "a lazy list" || got == "a list" => {
            "to ask whether there is anything in it, write !list.is_empty()"
        }
        "a number" if got == "a range" => "one item is list[1]; several are list.skip(1).take(2)",
        "true or false" => "a condition must be true or false: compare something, such as value != ()",
        "a number" => "use num(…) to turn text into a number",
        _ => "print the value to see what it is",
    };
    Trouble::new(format!("this needs {wanted}, and got {got}"), help)
}

/// What went wrong in a calculation.
pub fn arithmetic(message: &str) -> String {
    if message.contains("zero") {
        "a number is divided by zero".into()
    } else if message.contains("verflow") {
        "the result of this calculation is too large for a number".into()
    } else {
        "this calculation cannot be done with these numbers".into()
    }
}

fn operator(name: &str, kinds: &[String]) -> Trouble {
    let verb = match name {
        "+" | "+=" => "added to",
        "-" | "-=" => "subtracted from",
        "*" | "*=" => "multiplied by",
        "/" | "/=" | "%" | "%=" => "divided by",
        "in" | "contains" => "looked up in",
        _ => "compared with",
    };
    let (left, right) = match kinds {
        [one] => {
            return Trouble::new(
                format!("{name} does not work with {one}"),
                "print the value to see what it is",
            );
        }
        [left, right, ..] => (left.as_str(), right.as_str()),
        [] => ("this value", "that one"),
    };
    let (first, second) = if verb == "subtracted from" { (right, left) } else { (left, right) };
    let help = if left.starts_with("an empty") || right.starts_with("an empty") {
        "one side is empty: check it first with if value != () { … }, or write value ?? 0"
    } else if left == "text" || right == "text" {
        "use num(…) to turn text into a number"
    } else if verb == "subtracted from" && left.starts_with("a date") && right.starts_with("a date") {
        "write hours_between(from, to) or days_between(from, to)"
    } else {
        "print both values to see what they are"
    };
    Trouble::new(format!("{first} cannot be {verb} {second}"), help)
}

/// The name and the kinds of the values in a signature.
fn split(signature: &str) -> (&str, Vec<String>) {
    let Some((name, rest)) = signature.split_once(" (") else { return (signature, Vec::new()) };
    let inside = rest.strip_suffix(')').unwrap_or(rest);
    let kinds = inside.split(", ").filter(|kind| !kind.is_empty());
    (name, kinds.map(|kind| kind_word(kind.split(" | ").last().unwrap_or(kind)).to_string()).collect())
}
