//! What a record holds, in short form.

use serde_json::{Map, Value};
use std::borrow::Cow;
use std::ops::Deref;

/// The fields of a record in short form, and the same as JSON if that was made beforehand.
#[derive(Clone, Debug, Default)]
pub struct Short {
    fields: Map<String, Value>,
    json: Option<String>,
}

impl Short {
    /// Makes the JSON now, on this thread, rather than when it is written down.
    #[must_use]
    pub fn with_json(mut self) -> Short {
        // What cannot be made is tried again by whoever needs it, and is an error there.
        self.json = serde_json::to_string(&self.fields).ok();
        self
    }

    /// The fields as JSON.
    pub(super) fn json(&self) -> serde_json::Result<Cow<'_, str>> {
        match &self.json {
            Some(json) => Ok(json.into()),
            None => serde_json::to_string(&self.fields).map(Cow::from),
        }
    }
}

impl From<Map<String, Value>> for Short {
    fn from(fields: Map<String, Value>) -> Short {
        Short { fields, json: None }
    }
}

impl Deref for Short {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Map<String, Value> {
        &self.fields
    }
}

impl PartialEq for Short {
    fn eq(&self, other: &Short) -> bool {
        self.fields == other.fields
    }
}
