//! Fields named by text, as in `sort_by("healthScore")` or `where("traits.plan", "==", "gold")`.

use super::raise::{Raised, mistake};
use super::record::Record;
use super::value;
use super::words::described;
use crate::tape::{Key, Node, Read};
use rhai::{Dynamic, Map};
use serde_json::Value;

/// The way to a field. After `traits.` comes one key, whatever it contains: trait keys have dots.
pub struct Path {
    whole: Key<'static>,
    parts: Vec<Key<'static>>,
}

/// A value as comparisons see it.
#[derive(Clone, Copy)]
pub enum Scalar<'a> {
    /// `()` or `null`.
    Empty,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// A list, a map, a record, a function.
    Other,
}

impl Path {
    /// Reads a path as typed.
    pub fn new(text: &str) -> Path {
        let parts = match text.split_once('.') {
            None => Vec::new(),
            Some(("traits", key)) => vec![Key::new("traits"), Key::new(key.to_string())],
            Some(_) => text.split('.').map(|part| Key::new(part.to_string())).collect(),
        };
        Path { whole: Key::new(text.to_string()), parts }
    }

    /// The path as typed.
    pub fn name(&self) -> &str {
        self.whole.name()
    }

    /// The field of an item.
    pub fn value(&self, item: &Dynamic) -> Result<Dynamic, Raised> {
        if self.parts.is_empty() || has(item, self.name()) {
            return field(item, &self.whole);
        }
        let mut at = item.clone();
        for part in &self.parts {
            if at.is_unit() {
                return Ok(at);
            }
            at = field(&at, part)?;
        }
        Ok(at)
    }

    /// The field of an item as a comparison sees it, without copying it where that can be had.
    pub fn scalar<R>(&self, item: &Dynamic, see: impl FnOnce(Scalar) -> R) -> Result<R, Raised> {
        if let Some(record) = item.read_lock::<Record>().filter(|_| self.parts.is_empty()) {
            return match record.find(&self.whole) {
                Some(node) => Ok(see(Scalar::of_node(node))),
                None => record.absent(self.name()).map(|()| see(Scalar::Empty)),
            };
        }
        Ok(Scalar::with(&self.value(item)?, see))
    }
}

fn has(item: &Dynamic, name: &str) -> bool {
    item.read_lock::<Map>().is_some_and(|map| map.contains_key(name))
}

fn field(item: &Dynamic, key: &Key) -> Result<Dynamic, Raised> {
    if let Some(record) = item.read_lock::<Record>() {
        return record.field_by(key);
    }
    if let Some(map) = item.read_lock::<Map>() {
        return Ok(map.get(key.name()).map_or(Dynamic::UNIT, Dynamic::flatten_clone));
    }
    Err(mistake(
        format!("\"{}\" is asked of {}, which has no fields", key.name(), described(item)),
        "fields are in records and maps; for other lists give a function such as |item| item",
    ))
}

impl<'a> Scalar<'a> {
    /// A value of a page.
    pub fn of_node(node: Node<'a>) -> Scalar<'a> {
        match node.read() {
            Read::Null => Scalar::Empty,
            Read::Bool(value) => Scalar::Bool(value),
            Read::Integer(value) => Scalar::Integer(value),
            Read::Large(value) => Scalar::Number(value as f64),
            Read::Float(value) => Scalar::Number(value),
            Read::Text(text) => Scalar::Text(text),
            Read::List | Read::Object => Scalar::Other,
        }
    }
}

impl Scalar<'_> {
    /// A script value; dates and their like are seen as the text they print as.
    pub fn with<R>(value: &Dynamic, see: impl FnOnce(Scalar) -> R) -> R {
        if value.is_unit() {
            see(Scalar::Empty)
        } else if let Ok(truth) = value.as_bool() {
            see(Scalar::Bool(truth))
        } else if let Ok(number) = value.as_int() {
            see(Scalar::Integer(number))
        } else if let Ok(number) = value.as_float() {
            see(Scalar::Number(number))
        } else if let Ok(text) = value.as_immutable_string_ref() {
            see(Scalar::Text(&text))
        } else if value.is::<Record>() {
            see(Scalar::Other)
        } else if let Some(Value::String(text)) = value::plain(value) {
            see(Scalar::Text(&text))
        } else {
            see(Scalar::Other)
        }
    }
}
