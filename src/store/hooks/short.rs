//! What a record holds, in short form.

use serde::Serialize;
use serde::de::Error as _;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::cell::OnceCell;
use std::ops::Deref;

/// The fields of a record in short form: the JSON that is kept of it, which is read when somebody looks at a field.
/// Most records are compared whole, or written down, and nothing more.
#[derive(Clone, Debug)]
pub struct Short {
    json: String,
    fields: OnceCell<Map<String, Value>>,
}

impl Short {
    /// What an object in short form holds.
    pub fn of(object: &impl Serialize) -> serde_json::Result<Short> {
        Ok(Short { json: serde_json::to_string(object)?, fields: OnceCell::new() })
    }

    /// What was kept; an error if that is not the JSON of an object.
    pub(super) fn kept(json: String) -> serde_json::Result<Short> {
        if serde_json::from_str::<&RawValue>(&json)?.get().starts_with('{') {
            Ok(Short { json, fields: OnceCell::new() })
        } else {
            Err(serde_json::Error::custom("it is not an object"))
        }
    }

    /// The fields as JSON.
    pub(super) fn json(&self) -> &str {
        &self.json
    }
}

impl Default for Short {
    fn default() -> Short {
        Map::new().into()
    }
}

impl From<Map<String, Value>> for Short {
    fn from(fields: Map<String, Value>) -> Short {
        let json = Value::Object(fields.clone()).to_string();
        Short { json, fields: fields.into() }
    }
}

impl Deref for Short {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Map<String, Value> {
        // It was seen to be an object when it came; what we write can be read.
        self.fields.get_or_init(|| serde_json::from_str(&self.json).unwrap_or_default())
    }
}

impl PartialEq for Short {
    fn eq(&self, other: &Short) -> bool {
        self.json == other.json || **self == **other
    }
}
