//! A record as whoever changes it has read it.

use crate::tape::{Node, Page};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// A whole record, which most changes only look a few fields up in.
#[derive(Clone)]
pub enum Whole {
    /// It stands in a page, at this place.
    Listed(Arc<Page>, u32),
    /// Its fields.
    Fields(Value),
}

impl Whole {
    /// A field that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self {
            Whole::Listed(page, place) => page.node(*place).get(name)?.text(),
            Whole::Fields(fields) => fields[name].as_str(),
        }
    }

    /// What a field holds, or what it holds under a key of its own; null if there is nothing.
    pub fn held(&self, name: &str, inner: Option<&str>) -> Value {
        match self {
            Whole::Listed(page, place) => {
                let field = page.node(*place).get(name);
                let found = inner.map_or(field, |inner| field?.get(inner));
                found.map_or(Value::Null, Node::to_value)
            }
            Whole::Fields(fields) => inner.map_or(&fields[name], |inner| &fields[name][inner]).clone(),
        }
    }

    /// All of it.
    pub fn value(&self) -> Cow<'_, Value> {
        match self {
            Whole::Listed(page, place) => Cow::Owned(page.node(*place).to_value()),
            Whole::Fields(fields) => Cow::Borrowed(fields),
        }
    }

    /// All of it as JSON text.
    pub fn body(&self) -> Vec<u8> {
        self.value().to_string().into_bytes()
    }
}
