//! One record of a page of a list, as Vitally sent it: read where it stands, and taken apart only when an event needs it.

use super::content;
use crate::catalogue::Object;
use crate::store::hooks::Short;
use crate::tape::{Node, Page};
use serde_json::Value;
use std::sync::Arc;

/// One record of a page.
#[derive(Clone, Debug)]
pub struct Listed {
    page: Arc<Page>,
    node: u32,
    /// What is remembered of it, if that was made beforehand.
    short: Option<Short>,
}

impl Listed {
    /// The records of a list that stands in a page; `None` if it is no list.
    pub fn all(page: &Arc<Page>, list: Node) -> Option<Vec<Listed>> {
        Some(list.range()?.map(|node| Listed { page: Arc::clone(page), node, short: None }).collect())
    }

    /// The text that it is a part of.
    pub fn source(&self) -> &str {
        self.page.source()
    }

    /// Where it stands.
    pub fn node(&self) -> Node<'_> {
        self.page.node(self.node)
    }

    /// A text field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.node().get(name)?.text()
    }

    /// Makes what is remembered of it now, on this thread, rather than when it is taken in.
    pub fn shorten(&mut self, object: &Object) {
        self.short = Some(content::of(object, self.node()));
    }

    /// What is remembered of it; asked for once.
    pub fn take_short(&mut self, object: &Object) -> Short {
        self.short.take().unwrap_or_else(|| content::of(object, self.node()))
    }

    /// All of it.
    pub fn to_value(&self) -> Value {
        self.node().to_value()
    }
}
