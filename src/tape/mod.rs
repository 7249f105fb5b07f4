//! A JSON text parsed once into a compact tape that values are read from when touched. Knows nothing of Rhai.

use std::sync::Arc;

/// A parsed JSON text.
pub struct Page {}

/// One value of a page.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    page: &'a Page,
    index: u32,
}

impl Page {
    /// Parses a JSON text.
    pub fn parse(text: Vec<u8>) -> Result<Arc<Page>, serde_json::Error> {
        let _ = text;
        Ok(Arc::new(Page {}))
    }

    /// The outermost value.
    pub fn root(&self) -> Node<'_> {
        self.node(0)
    }

    /// The value at an index that a node of this page gave.
    pub fn node(&self, index: u32) -> Node<'_> {
        Node { page: self, index }
    }
}

impl<'a> Node<'a> {
    /// The value's place in its page.
    pub fn index(self) -> u32 {
        self.index
    }

    /// The value under a key, if this is an object that has it.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        let _ = (key, self.page);
        None
    }

    /// The values of an array.
    pub fn items(self) -> Option<std::vec::IntoIter<Node<'a>>> {
        None
    }

    /// The text, if it is one.
    pub fn text(self) -> Option<&'a str> {
        None
    }
}
