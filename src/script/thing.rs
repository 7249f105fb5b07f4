//! "The thing" an action is about: a record, a Vitally id, or `ext("external-id")`.

use super::raise::{Raised, mistake};
use super::record::Record;
use super::words::described;
use crate::catalogue::{Action, Object, Thing};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rhai::{Dynamic, Map};

/// A caller's own id, made by `ext("…")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External(pub String);

/// How a record was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A Vitally id, or a text that may be either.
    Id(String),
    /// `ext("…")`.
    External(String),
}

/// What may stand in a path segment as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Key {
    /// The key itself.
    pub fn text(&self) -> &str {
        let (Key::Id(text) | Key::External(text)) = self;
        text
    }

    /// The key as one path segment.
    pub fn segment(&self) -> String {
        let (Key::Id(text) | Key::External(text)) = self;
        utf8_percent_encode(text, SEGMENT).to_string()
    }

    /// Reads a key for a record of `object` from what a script gave to `function`.
    pub fn of(value: &Dynamic, object: &str, function: &str) -> Result<Key, Raised> {
        let key = if let Some(record) = value.read_lock::<Record>() {
            return of_record(&record, object, function);
        } else if let Some(external) = value.read_lock::<External>() {
            Key::External(external.0.clone())
        } else if let Ok(text) = value.as_immutable_string_ref() {
            Key::Id(text.to_string())
        } else if let Some(id) = value.read_lock::<Map>().and_then(|map| map.get("id").cloned()) {
            return Key::of(&id, object, function);
        } else {
            return Err(not_a_thing(value, object, function));
        };
        let (Key::Id(text) | Key::External(text)) = &key;
        if text.trim().is_empty() || text == "." || text == ".." {
            return Err(mistake(
                format!("{function} got {} as the id of the {}", described(value), spoken(object)),
                "an id cannot be empty or only dots; check where it came from",
            ));
        }
        Ok(key)
    }

    /// Refuses keys that the action cannot use.
    pub fn fit(self, action: &Action, object: &Object) -> Result<Key, Raised> {
        match (&self, action.thing) {
            (Key::External(text), Thing::Id) => Err(mistake(
                format!("{} needs Vitally's own id, and ext(\"{text}\") is your own", action.name),
                format!("find the {} first, then give the record or its id", spoken(object.name)),
            )),
            _ => Ok(self),
        }
    }
}

fn of_record(record: &Record, object: &str, function: &str) -> Result<Key, Raised> {
    if let Some(other) = record.object().filter(|other| other.name != object) {
        return Err(mistake(
            format!("{function} needs {}, and this is {}", with_article(object), with_article(other.name)),
            format!("give {}, its id, or ext(\"your-id\")", with_article(object)),
        ));
    }
    match record.id() {
        Some(id) => Ok(Key::Id(id.to_string())),
        None => Err(mistake(
            format!("this record has no id, so {function} cannot tell which {} is meant", spoken(object)),
            "give the id as text, or a record that came from Vitally",
        )),
    }
}

fn not_a_thing(value: &Dynamic, object: &str, function: &str) -> Raised {
    let help = if value.is_unit() {
        "the value is empty: (). Check it with `if x != () { … }` before the call"
    } else if value.is_int() || value.is_float() {
        "ids are text: put it in double quotes, or use ext(\"…\") for your own id"
    } else {
        "give a record, its id as text, or ext(\"your-id\")"
    };
    mistake(format!("{function} needs {}, and got {}", with_article(object), described(value)), help)
}

/// The object's name as people say it.
pub fn spoken(object: &str) -> String {
    object.replace('_', " ").replace("nps", "NPS")
}

/// The object's name with "a" or "an".
pub fn with_article(object: &str) -> String {
    let word = spoken(object);
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'N']);
    format!("{} {word}", if vowel { "an" } else { "a" })
}
