//! Reading values from a page.

use super::{Page, Slot, Span};
use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// One value of a page.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    page: &'a Page,
    index: u32,
}

/// What a value is.
#[derive(Clone, Copy)]
pub enum Read<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A whole number beyond `i64`.
    Large(u64),
    /// Any other number.
    Float(f64),
    /// A text, without its escapes.
    Text(&'a str),
    /// A list: see [`Node::items`].
    List,
    /// An object: see [`Node::get`] and [`Node::entries`].
    Object,
}

impl<'a> Node<'a> {
    pub(super) fn new(page: &'a Page, index: u32) -> Node<'a> {
        Node { page, index }
    }

    fn slot(self) -> Slot {
        self.page.slots.get(self.index as usize).copied().unwrap_or(Slot::Null)
    }

    fn keys(self) -> Option<(u32, &'a [Span])> {
        match self.slot() {
            Slot::Object { first, shape } => Some((first, self.page.shapes.keys(shape))),
            _ => None,
        }
    }

    fn at(self, index: u32) -> Node<'a> {
        Node { page: self.page, index }
    }

    /// The value's place in its page.
    pub fn index(self) -> u32 {
        self.index
    }

    /// What it is.
    pub fn read(self) -> Read<'a> {
        match self.slot() {
            Slot::Null => Read::Null,
            Slot::Bool(value) => Read::Bool(value),
            Slot::Integer(value) => Read::Integer(value),
            Slot::Large(value) => Read::Large(value),
            Slot::Float(value) => Read::Float(value),
            Slot::Text(span) => Read::Text(self.page.text(span)),
            Slot::List { .. } => Read::List,
            Slot::Object { .. } => Read::Object,
        }
    }

    /// The value under a key, if this is an object that has it.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        Key::new(key).find(self)
    }

    /// The places of a list's values, side by side.
    pub fn range(self) -> Option<Range<u32>> {
        match self.slot() {
            Slot::List { first, length } => Some(first..first + length),
            _ => None,
        }
    }

    /// The values of a list.
    pub fn items(self) -> Option<Items<'a>> {
        Some(Items { page: self.page, range: self.range()? })
    }

    /// The keys and values of an object, in the order of the text.
    pub fn entries(self) -> Option<Entries<'a>> {
        let (first, keys) = self.keys()?;
        Some(Entries { page: self.page, keys: keys.iter(), next: first })
    }

    /// The text, if it is one.
    pub fn text(self) -> Option<&'a str> {
        match self.slot() {
            Slot::Text(span) => Some(self.page.text(span)),
            _ => None,
        }
    }

    /// The value and everything in it.
    pub fn to_value(self) -> Value {
        match self.read() {
            Read::Null => Value::Null,
            Read::Bool(value) => Value::Bool(value),
            Read::Integer(value) => value.into(),
            Read::Large(value) => value.into(),
            Read::Float(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
            Read::Text(text) => text.into(),
            Read::List => self.items().into_iter().flatten().map(Node::to_value).collect(),
            Read::Object => {
                let entries = self.entries().into_iter().flatten();
                Value::Object(
                    entries.map(|(key, node)| (key.to_string(), node.to_value())).collect::<Map<_, _>>(),
                )
            }
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.read() {
            Read::Null => serializer.serialize_unit(),
            Read::Bool(value) => serializer.serialize_bool(value),
            Read::Integer(value) => serializer.serialize_i64(value),
            Read::Large(value) => serializer.serialize_u64(value),
            Read::Float(value) => serializer.serialize_f64(value),
            Read::Text(text) => serializer.serialize_str(text),
            Read::List => serializer.collect_seq(self.items().into_iter().flatten()),
            Read::Object => serializer.collect_map(self.entries().into_iter().flatten()),
        }
    }
}

/// The values of a list.
#[derive(Clone)]
pub struct Items<'a> {
    page: &'a Page,
    range: Range<u32>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        self.range.next().map(|index| Node { page: self.page, index })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The keys and values of an object.
#[derive(Clone)]
pub struct Entries<'a> {
    page: &'a Page,
    keys: std::slice::Iter<'a, Span>,
    next: u32,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Node<'a>);

    fn next(&mut self) -> Option<(&'a str, Node<'a>)> {
        let key = self.keys.next()?;
        let node = Node { page: self.page, index: self.next };
        self.next += 1;
        Some((self.page.text(*key), node))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.keys.size_hint()
    }
}

impl ExactSizeIterator for Entries<'_> {}

/// A key to look up in many objects. It looks first where the last object had it, so a walk over like objects
/// compares one key an object.
pub struct Key<'k> {
    name: Cow<'k, str>,
    guess: Cell<usize>,
}

impl<'k> Key<'k> {
    /// A key that was not looked up yet.
    pub fn new(name: impl Into<Cow<'k, str>>) -> Key<'k> {
        Key { name: name.into(), guess: Cell::new(0) }
    }

    /// The key itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value under the key, if this is an object that has it.
    pub fn find<'a>(&self, node: Node<'a>) -> Option<Node<'a>> {
        let (first, keys) = node.keys()?;
        let is = |span: &Span| span.length as usize == self.name.len() && node.page.text(*span) == self.name;
        let guess = self.guess.get();
        let place = if keys.get(guess).is_some_and(is) { guess } else { keys.iter().position(is)? };
        self.guess.set(place);
        Some(node.at(first + u32::try_from(place).ok()?))
    }
}
