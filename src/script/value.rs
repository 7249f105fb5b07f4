//! Script values to JSON and back, refusing what JSON cannot say.

use super::library::date::Date;
use super::library::moment::Moment;
use super::library::secret::Secret;
use super::list::List;
use super::raise::{Raised, mistake};
use super::record::Record;
use super::words::described;
use rhai::{Array, Dynamic, Map};
use serde_json::{Number, Value};

/// The constant `CLEAR`: erases a field or trait on purpose; sent as `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clear;

/// A native script type that has a plain form: what JSON, tables and comparisons see of it.
pub trait Plain {
    /// The plain form.
    fn plain(&self) -> Value;
}

impl Plain for Record {
    fn plain(&self) -> Value {
        self.to_value()
    }
}

impl Plain for Date {
    fn plain(&self) -> Value {
        self.to_string().into()
    }
}

impl Plain for Moment {
    fn plain(&self) -> Value {
        self.to_string().into()
    }
}

/// Every native type that has a plain form. A type of its own file is added here.
const PLAIN: &[fn(&Dynamic) -> Option<Value>] = &[plain_of::<Record>, plain_of::<Date>, plain_of::<Moment>];

fn plain_of<T: Plain + Clone + 'static>(value: &Dynamic) -> Option<Value> {
    value.read_lock::<T>().map(|value| value.plain())
}

/// The plain form of a native value, if its type has one.
pub fn plain(value: &Dynamic) -> Option<Value> {
    PLAIN.iter().find_map(|plain| plain(value))
}

/// How deep lists and maps may stand in each other to be written as JSON; programs read no deeper ones.
const DEEP: usize = 100;

/// A script value as JSON; functions, `CLEAR` and other things that JSON cannot say are an error.
pub fn to_json(value: &Dynamic) -> Result<Value, Raised> {
    at_depth(value, 0)
}

fn at_depth(value: &Dynamic, depth: usize) -> Result<Value, Raised> {
    if depth > DEEP {
        return Err(mistake(
            format!("lists and maps stand more than {DEEP} deep in each other here"),
            "look at the loop that puts a list into itself",
        ));
    }
    if value.is_unit() {
        return Ok(Value::Null);
    }
    if let Ok(value) = value.as_bool() {
        return Ok(value.into());
    }
    if let Ok(value) = value.as_int() {
        return Ok(value.into());
    }
    if let Ok(number) = value.as_float() {
        return Number::from_f64(number).map(Value::Number).ok_or_else(|| {
            mistake(format!("{number} is not a number that can be stored"), "check what it was computed from")
        });
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Ok(text.as_str().into());
    }
    if let Ok(character) = value.as_char() {
        return Ok(character.to_string().into());
    }
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().map(|item| at_depth(item, depth + 1)).collect();
    }
    if let Some(map) = value.read_lock::<Map>() {
        let entries = map.iter().map(|(key, value)| Ok((key.to_string(), at_depth(value, depth + 1)?)));
        return entries.collect::<Result<_, Raised>>().map(Value::Object);
    }
    plain(value).ok_or_else(|| refused(value))
}

fn refused(value: &Dynamic) -> Raised {
    if value.is_fnptr() {
        return mistake("a function cannot be stored as data", "call it, and use what it gives");
    }
    if value.is::<Clear>() {
        return mistake(
            "CLEAR cannot be stored as data",
            "it only says in an update that a field or trait is to be erased; use () for an empty value",
        );
    }
    if value.is::<Secret>() {
        return mistake(
            "a secret cannot be stored or written anywhere",
            "give it to http_… as a header or an address, or to slack",
        );
    }
    if value.is::<List>() {
        return mistake("a lazy list is not data yet", "fetch it first: add .to_array()");
    }
    mistake(format!("{} cannot be stored as data", described(value)), "turn it into text with to_string()")
}

/// JSON as a script value.
pub fn from_json(json: Value) -> Dynamic {
    match json {
        Value::Null => Dynamic::UNIT,
        Value::Bool(value) => value.into(),
        Value::Number(number) => number
            .as_i64()
            .map_or_else(|| Dynamic::from_float(number.as_f64().unwrap_or(f64::NAN)), Dynamic::from_int),
        Value::String(text) => text.into(),
        Value::Array(items) => items.into_iter().map(from_json).collect::<Array>().into(),
        Value::Object(entries) => {
            let entries = entries.into_iter().map(|(key, value)| (key.into(), from_json(value)));
            entries.collect::<Map>().into()
        }
    }
}
