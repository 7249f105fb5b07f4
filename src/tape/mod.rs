//! A JSON text parsed once into a compact tape that values are read from when touched. Knows nothing of Rhai.
//!
//! A value is a slot of 16 bytes. Text is a slice of the page's own JSON text; only text with escapes is kept apart.
//! The children of a list or an object lie side by side, and an object points to the list of its keys, which all
//! objects of the same shape share.

mod keys;
mod node;
mod number;
mod parse;
mod shape;
mod text;

pub use node::{Entries, Items, Key, Node, Read};

use shape::Shapes;
use std::fmt;
use std::sync::Arc;

/// A parsed JSON text. The default holds `null`.
#[derive(Default)]
pub struct Page {
    text: Box<str>,
    /// Text that had escapes, one after the other; a [`Span`] beyond `text` points here.
    unescaped: String,
    slots: Box<[Slot]>,
    shapes: Shapes,
}

impl fmt::Debug for Page {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Page").field(&self.source()).finish()
    }
}

/// A text that is not JSON, and why.
#[derive(Debug)]
pub struct NotJson {
    /// The text.
    pub text: Vec<u8>,
    cause: serde_json::Error,
}

impl fmt::Display for NotJson {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(out)
    }
}

impl std::error::Error for NotJson {}

/// A stretch of the page's text.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    length: u32,
}

/// One value.
#[derive(Clone, Copy)]
enum Slot {
    Null,
    Bool(bool),
    Integer(i64),
    /// A whole number beyond `i64`.
    Large(u64),
    Float(f64),
    Text(Span),
    List {
        first: u32,
        length: u32,
    },
    Object {
        first: u32,
        shape: u32,
    },
}

impl Page {
    /// Parses a JSON text. Nesting deeper than 127 levels is an error.
    pub fn parse(text: Vec<u8>) -> Result<Arc<Page>, NotJson> {
        parse::page(text).map(Arc::new)
    }

    /// The JSON text itself.
    pub fn source(&self) -> &str {
        &self.text
    }

    /// The outermost value.
    pub fn root(&self) -> Node<'_> {
        self.node(0)
    }

    /// The value at an index that a node of this page gave.
    pub fn node(&self, index: u32) -> Node<'_> {
        Node::new(self, index)
    }

    fn text(&self, span: Span) -> &str {
        let start = span.start as usize;
        let range = |start: usize| start..start + span.length as usize;
        let found = match start.checked_sub(self.text.len()) {
            None => self.text.get(range(start)),
            Some(start) => self.unescaped.get(range(start)),
        };
        found.unwrap_or_default()
    }
}
