//! Turns what the engine reports into a finding for a person: what, where, and what to do.

use super::library::secret::Secret;
use super::raise::MISTAKE;
use super::source::Sources;
use super::value;
use super::words::described;
use super::{hint, limits, race, syntax};
use crate::error::{Error, Finding, Place};
use crate::stop::Reason;
use rhai::{Dynamic, Engine, EvalAltResult, Map, ParseError};

/// What went wrong, before it is known where.
pub struct Trouble {
    /// The stable code of the rule, if `check` has one.
    pub code: Option<&'static str>,
    /// What happened.
    pub message: String,
    /// A few words for under the caret.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Trouble {
    /// A trouble without a code or label.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Trouble {
        Trouble { code: None, message: message.into(), label: None, help: Some(help.into()) }
    }

    /// With a stable code.
    pub fn coded(self, code: &'static str) -> Trouble {
        Trouble { code: Some(code), ..self }
    }

    /// With a few words for under the caret.
    pub fn labelled(self, label: impl Into<String>) -> Trouble {
        Trouble { label: Some(label.into()), ..self }
    }

    /// As a finding at a place.
    pub fn at(self, place: Option<Place>) -> Finding {
        Finding {
            code: self.code,
            kind: MISTAKE,
            message: self.message,
            label: self.label,
            help: self.help,
            place,
            trace: Vec::new(),
            status: None,
        }
    }
}

/// A finding for a text that does not compile.
pub fn syntax(error: &ParseError, name: &str, sources: &Sources) -> Finding {
    let text = sources.get(name).map(|source| source.text).unwrap_or_default();
    let (trouble, position) = syntax::explain(&error.0, error.1, &text);
    trouble.at(sources.place(name, position))
}

/// The error of a run that ended early.
pub fn error(
    error: EvalAltResult,
    name: &str,
    sources: &Sources,
    engine: &Engine,
    stopped: Option<Reason>,
) -> Error {
    let mut found = Unwrapped { source: name.to_string(), trace: Vec::new() };
    let inner = found.innermost(error, sources);
    if let Some(reason) = stopped {
        return Error::Stopped(reason);
    }
    if let EvalAltResult::ErrorParsing(error, position) = &inner {
        let text = sources.get(&found.source).map(|source| source.text).unwrap_or_default();
        let (trouble, position) = syntax::explain(error, *position, &text);
        return Error::Check(vec![Finding {
            trace: found.trace,
            ..trouble.at(sources.place(&found.source, position))
        }]);
    }
    if let EvalAltResult::ErrorDataRace(told, position) = &inner {
        let text = sources.get(&found.source).map(|source| source.text).unwrap_or_default();
        let (trouble, precise) = race::explain(told, &text);
        let position = if precise.is_none() { *position } else { precise };
        let place = sources.place(&found.source, position);
        return Error::Thrown(Box::new(Finding { trace: found.trace, ..trouble.at(place) }));
    }
    let place = sources.place(&found.source, inner.position());
    let finding = match inner {
        EvalAltResult::ErrorRuntime(value, _) => thrown(&value, place),
        other => engine_error(&other, engine).at(place),
    };
    Error::Thrown(Box::new(Finding { trace: found.trace, ..finding }))
}

/// The kind of an error and its sentence, without a place.
pub fn sentence(error: &EvalAltResult, engine: &Engine) -> (&'static str, String) {
    let finding = match error.unwrap_inner() {
        EvalAltResult::ErrorRuntime(value, _) => thrown(value, None),
        other => engine_error(other, engine).at(None),
    };
    (finding.kind, finding.message)
}

/// A finding for an error that one of our functions raised outside a run.
pub fn raised(error: &EvalAltResult, place: Option<Place>) -> Finding {
    match error {
        EvalAltResult::ErrorRuntime(value, _) => thrown(value, place),
        other => Trouble::new(plain(other), "look at this line").at(place),
    }
}

/// The way from the script's body to where it happened.
struct Unwrapped {
    source: String,
    trace: Vec<Place>,
}

impl Unwrapped {
    fn innermost(&mut self, error: EvalAltResult, sources: &Sources) -> EvalAltResult {
        let (source, inner, position) = match error {
            EvalAltResult::ErrorInFunctionCall(_, source, inner, position) => (source, inner, position),
            EvalAltResult::ErrorInModule(module, inner, position) => (module, inner, position),
            other => return other,
        };
        if let Some(place) = sources.place(&self.source, position) {
            self.trace.insert(0, place);
        }
        if sources.get(&source).is_some() {
            self.source = source;
        }
        let inner = *inner;
        let lost = inner.position().is_none();
        let mut inner = self.innermost(inner, sources);
        if lost && inner.position().is_none() {
            inner.set_position(position);
        }
        inner
    }
}

/// What a script or one of our functions threw.
fn thrown(value: &Dynamic, place: Option<Place>) -> Finding {
    let Some(map) = value.read_lock::<Map>() else {
        let message = if value.is_unit() {
            "the script stopped itself".to_string()
        } else if let Some(plain) = value::plain(value) {
            plain.as_str().map_or_else(|| described(value), str::to_string)
        } else if value.is::<Secret>() || value.is_fnptr() {
            format!("the script stopped itself with {}", described(value))
        } else {
            value.to_string()
        };
        return Finding { kind: "thrown", ..Trouble { help: None, ..Trouble::new(message, "") }.at(place) };
    };
    let text = |key: &str| {
        map.get(key).and_then(|value| value.as_immutable_string_ref().ok().map(|t| t.to_string()))
    };
    let kind = text("kind").unwrap_or_default();
    let message = text("message").unwrap_or_else(|| value.to_string());
    Finding {
        code: None,
        kind: hint::KINDS.iter().copied().find(|known| *known == kind).unwrap_or("thrown"),
        message,
        label: None,
        help: text("help"),
        place,
        trace: Vec::new(),
        status: map.get("status").and_then(|status| status.as_int().ok()).and_then(|s| u16::try_from(s).ok()),
    }
}

/// An error of the engine itself in plain words.
fn engine_error(error: &EvalAltResult, engine: &Engine) -> Trouble {
    use EvalAltResult as E;
    match error {
        E::ErrorFunctionNotFound(signature, _) => hint::function(signature, engine),
        E::ErrorVariableNotFound(name, _) => hint::variable(name, &[]),
        E::ErrorModuleNotFound(name, _) => Trouble::new(
            format!("there is no module called \"{name}\" here"),
            "import it at the top of the script: import \"file\" as name;",
        ),
        E::ErrorPropertyNotFound(name, _) => Trouble::new(
            format!("there is no field \"{name}\" here"),
            "check the spelling; print the value to see its fields",
        ),
        E::ErrorDotExpr(_, _) | E::ErrorIndexingType(_, _) | E::ErrorIndexNotFound(_, _) => {
            hint::not_a_record(error)
        }
        E::ErrorArrayBounds(count, index, _) => Trouble::new(
            format!("there is no item {index} in this list: it has {count}, and the first one is item 0"),
            "check the length first with .len(), or use .first() and .find(…)",
        ),
        E::ErrorStringBounds(count, index, _) => Trouble::new(
            format!("there is no character {index} in this text: it has {count}, and the first one is 0"),
            "check the length first with .len()",
        ),
        E::ErrorMismatchDataType(wanted, got, _) | E::ErrorMismatchOutputType(wanted, got, _) => {
            hint::mismatch(wanted, got)
        }
        E::ErrorFor(_) => Trouble::new(
            "this value cannot be walked with `for`",
            "`for` walks lists and ranges such as 1..10; for a map use `for key in map.keys()`",
        ),
        E::ErrorArithmetic(message, _) => {
            Trouble::new(hint::arithmetic(message), "check the numbers before the calculation")
        }
        E::ErrorAssignmentToConstant(name, _) => Trouble::new(
            format!("\"{name}\" is a constant and keeps its value"),
            "declare it with `let` instead of `const` to change it",
        ),
        E::ErrorNonPureMethodCallOnConstant(name, _) => Trouble::new(
            format!("\"{name}\" would change a constant"),
            "declare the value with `let` instead of `const`",
        ),
        E::ErrorUnboundThis(_) => {
            Trouble::new("`this` means nothing here", "give the value to the function as an argument")
        }
        E::ErrorStackOverflow(_) => Trouble::new(
            format!(
                "functions call each other more than {} deep: probably one calls itself without an end",
                limits::CALLS
            ),
            "look at the function named here and at what makes it stop",
        ),
        E::ErrorTooManyOperations(_) => Trouble::new(
            format!(
                "the script computed {} steps without an end in sight: probably a loop that never ends",
                limits::STEPS
            ),
            "look at the loop's condition; split a very long job into several runs",
        ),
        E::ErrorTerminated(token, _) if is_token(token, limits::OUT_OF_TIME) => Trouble::new(
            "the function took longer than it may, and was ended",
            "do less in it, or do the long part in a script of its own; a schedule can be given more time: #{ timeout: \"30m\" }",
        ),
        E::ErrorTerminated(token, _) if token.is_string() => Trouble::new(
            format!("the script took more than {} MB of memory", limits::MEMORY / 1024 / 1024),
            "walk lists with `for` instead of collecting them, and do not build very long texts",
        ),
        E::ErrorForbiddenVariable(name, _) | E::ErrorVariableExists(name, _) => {
            Trouble::new(format!("\"{name}\" cannot be used as a name here"), "choose another name")
        }
        other => Trouble::new(
            plain(other),
            "look at the line above; `vitally-script docs` explains every function",
        ),
    }
}

fn is_token(token: &Dynamic, name: &str) -> bool {
    token.as_immutable_string_ref().is_ok_and(|text| text.as_str() == name)
}

/// The engine's own words, without the place, which is shown beside them.
fn plain(error: &EvalAltResult) -> String {
    error.to_string().replace(&format!(" ({})", error.position()), "")
}
