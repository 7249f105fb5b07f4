//! What is remembered of a record: short values as they are, long ones as a hash, nothing that is empty.

use crate::catalogue::{Kind, Object};
use crate::hash;
use crate::store::hooks::Short;
use crate::tape::{Node, Read};
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// Texts up to this many bytes are kept as they are.
const SHORT: usize = 64;
/// What begins a hash; no text of Vitally's begins so.
const HASH: char = '\u{1}';

/// Fields that say nothing about the record itself, or are kept elsewhere.
const LEFT_OUT: &[&str] = &["id", "createdAt", "updatedAt"];

/// What is remembered of a record. Embedded records are left out: a change of an account is none of its tasks.
pub fn of(object: &Object, record: Node) -> Short {
    // What a page holds can always be written as JSON.
    Short::of(&Remembered { object, record }).unwrap_or_default()
}

/// A record in short form.
struct Remembered<'a> {
    object: &'a Object,
    record: Node<'a>,
}

impl Serialize for Remembered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        for (name, value) in self.record.entries().into_iter().flatten() {
            let kind = self.object.field(name).map(|field| field.kind);
            if LEFT_OUT.contains(&name) || matches!(kind, Some(Kind::One(_) | Kind::Many(_))) {
                continue;
            }
            match (kind, value.read()) {
                (_, Read::Null) => {}
                (Some(Kind::Traits), Read::Object) => {
                    if given(value).next().is_some() {
                        fields.serialize_entry(name, &Traits(value))?;
                    }
                }
                _ => fields.serialize_entry(name, &Kept(value))?,
            }
        }
        fields.end()
    }
}

/// The traits of a record in short form.
struct Traits<'a>(Node<'a>);

impl Serialize for Traits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(given(self.0).map(|(key, value)| (key, Kept(value))))
    }
}

/// The traits that hold something.
fn given(traits: Node<'_>) -> impl Iterator<Item = (&str, Node<'_>)> {
    traits.entries().into_iter().flatten().filter(|(_, value)| !matches!(value.read(), Read::Null))
}

/// One value in short form.
struct Kept<'a>(Node<'a>);

impl Serialize for Kept<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.read() {
            Read::Text(text) if text.len() > SHORT => serializer.serialize_str(&hashed(text)),
            Read::List | Read::Object => {
                let text = serde_json::to_string(&self.0).map_err(S::Error::custom)?;
                serializer.serialize_str(&hashed(&text))
            }
            _ => self.0.serialize(serializer),
        }
    }
}

/// A value as it is remembered, as [`Kept`] writes it.
pub fn short(value: &Value) -> Value {
    match value {
        Value::String(text) if text.len() > SHORT => hashed(text).into(),
        Value::Array(_) | Value::Object(_) => hashed(&value.to_string()).into(),
        other => other.clone(),
    }
}

fn hashed(text: &str) -> String {
    let hash: String = hash::of_texts([text]).chars().take(16).collect();
    format!("{HASH}{hash}")
}

/// A hash of all that is remembered.
pub fn digest(content: &Map<String, Value>) -> String {
    let mut parts: Vec<String> = content.iter().map(|(name, value)| format!("{name}={value}")).collect();
    parts.sort();
    hash::of_texts(parts.iter().map(String::as_str)).chars().take(8).collect()
}

/// The fields that differ, with what they held before: nothing for a value that was too long to be kept. Traits are
/// named `traits.KEY`.
pub fn differences(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<(String, Option<Value>)> {
    let mut found = Vec::new();
    compare(old, new, "", &mut found);
    found
}

fn compare(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    prefix: &str,
    found: &mut Vec<(String, Option<Value>)>,
) {
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    for name in new.keys().chain(gone) {
        let before = old.get(name).unwrap_or(&Value::Null);
        let after = new.get(name).unwrap_or(&Value::Null);
        if before == after {
            continue;
        }
        let empty = Map::new();
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => compare(before, after, "traits.", found),
            (Value::Null, Value::Object(after)) => compare(&empty, after, "traits.", found),
            (Value::Object(before), Value::Null) => compare(before, &empty, "traits.", found),
            _ => found.push((format!("{prefix}{name}"), known(before))),
        }
    }
}

fn known(value: &Value) -> Option<Value> {
    let hashed = value.as_str().is_some_and(|text| text.starts_with(HASH));
    (!hashed).then(|| value.clone())
}
