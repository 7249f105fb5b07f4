//! What an input can name: the variables and functions of a dialogue, for help and completion.

use super::super::globals;
use super::super::list::List;
use super::super::record::Record;
use super::super::words::described;
use crate::catalogue::Object;
use rhai::{AST, Array, Dynamic, Map, Scope};
use serde_json::Value;

/// The most keys of one value that are told.
const KEYS: usize = 200;

/// Everything a dialogue has declared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// The variables and constants, the newest first.
    pub variables: Vec<Variable>,
    /// The functions: name and the names of their values.
    pub functions: Vec<(String, Vec<String>)>,
    /// The names of imported modules.
    pub modules: Vec<String>,
}

/// One variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether it keeps its value.
    pub constant: bool,
    /// What it is, such as `a list of 20`.
    pub kind: String,
    /// What kind of value it is to those who complete what is typed after it.
    pub shape: Shape,
    /// The fields or keys of the value, or of the first of its items.
    pub keys: Vec<String>,
    /// The trait keys of the record, or of the first of the items.
    pub traits: Vec<String>,
}

/// What can be typed after a value and a dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Its fields.
    Fields,
    /// The verbs of lists.
    Items,
    /// The methods of texts.
    Text,
    /// Something else.
    Other,
}

/// What a dialogue has declared.
pub fn seen<'m>(scope: &Scope, functions: &AST, modules: impl Iterator<Item = &'m str>) -> Seen {
    let mut variables: Vec<Variable> = Vec::new();
    // The newest come first.
    for (name, constant, value) in scope.iter_raw() {
        if !globals::is_own(name, value) && variables.iter().all(|known| known.name != name) {
            variables.push(variable(name, constant, value));
        }
    }
    let named = functions.iter_functions().filter(|function| !function.name.contains('$'));
    let functions = named
        .map(|function| {
            (function.name.to_string(), function.params.iter().map(ToString::to_string).collect())
        })
        .collect();
    Seen { variables, functions, modules: modules.map(ToString::to_string).collect() }
}

/// One value, as a variable of that name.
pub(super) fn variable(name: &str, constant: bool, value: &Dynamic) -> Variable {
    let (mut keys, mut traits) = (Vec::new(), Vec::new());
    let (kind, shape) = if let Some(items) = value.read_lock::<Array>() {
        let first = items.first();
        if let Some(first) = first {
            (keys, traits) = keys_of(first);
        }
        (list_of(items.len()), Shape::Items)
    } else if let Some(list) = value.read_lock::<List>() {
        keys = list.object().map(fields_of).unwrap_or_default();
        (format!("a lazy list: {}(…)", list.name()), Shape::Items)
    } else if value.is::<Record>() || value.is::<Map>() {
        (keys, traits) = keys_of(value);
        (described(value), Shape::Fields)
    } else {
        let is_text = value.is_string();
        (described(value), if is_text { Shape::Text } else { Shape::Other })
    };
    keys.truncate(KEYS);
    traits.truncate(KEYS);
    Variable { name: name.into(), constant, kind, shape, keys, traits }
}

fn list_of(count: usize) -> String {
    match count {
        0 => "an empty list".into(),
        count => format!("a list of {count}"),
    }
}

/// The fields of one record or map, and its trait keys.
fn keys_of(value: &Dynamic) -> (Vec<String>, Vec<String>) {
    if let Some(map) = value.read_lock::<Map>() {
        return (map.keys().map(ToString::to_string).collect(), Vec::new());
    }
    let Some(record) = value.read_lock::<Record>() else { return (Vec::new(), Vec::new()) };
    let mut keys = record.object().map(fields_of).unwrap_or_default();
    let entries = record.node().entries().into_iter().flatten();
    let own: Vec<String> =
        entries.map(|(key, _)| key.to_string()).filter(|key| !keys.contains(key)).collect();
    keys.extend(own);
    let traits = match record.node().get("traits").map(crate::tape::Node::to_value) {
        Some(Value::Object(traits)) => traits.into_iter().map(|(key, _)| key).collect(),
        _ => Vec::new(),
    };
    (keys, traits)
}

fn fields_of(object: &'static Object) -> Vec<String> {
    object.fields.iter().map(|field| field.name.to_string()).collect()
}
