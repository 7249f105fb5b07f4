//! What an input gave, as plain data that can be shown.

use super::super::list::List;
use super::super::raise::Raised;
use super::super::record::Record;
use super::super::value;
use super::super::words::described;
use crate::catalogue::Object;
use rhai::{Array, Dynamic};
use serde_json::Value;

/// How many items of a list are shown at once.
pub const PAGE: usize = 20;

/// What an input gave.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Nothing to show.
    Nothing,
    /// One value; `object` is the kind of record it is.
    Value(Value, Option<&'static Object>),
    /// Some items of a list.
    Items(Items),
    /// Something that is no data, such as a function, in words.
    Words(String),
}

/// Some items of a list.
#[derive(Clone, Debug)]
pub struct Items {
    /// The items.
    pub items: Vec<Value>,
    /// What kind of records they are.
    pub object: Option<&'static Object>,
    /// How many come before them.
    pub before: usize,
    /// How many come after them; `None` if nobody has counted.
    pub after: Option<usize>,
}

/// A list that was shown in part.
pub struct Rest {
    items: Box<dyn Iterator<Item = Result<Dynamic, Raised>>>,
    /// An item that was taken out to see whether there is one.
    next: Option<Dynamic>,
    object: Option<&'static Object>,
    shown: usize,
    total: Option<usize>,
}

/// What a value looks like, and what is left of it.
pub fn shown(result: &Dynamic, most: usize) -> Result<(Shown, Option<Rest>), Raised> {
    if result.is_unit() {
        return Ok((Shown::Nothing, None));
    }
    let Some(mut rest) = walked(result) else {
        let shown = value::to_json(result).map(|json| Shown::Value(json, object_of(result)));
        return Ok((shown.unwrap_or_else(|_| Shown::Words(words(result))), None));
    };
    let page = rest.page(most)?;
    Ok((page, Some(rest).filter(Rest::has_more)))
}

/// A list, to be walked from its beginning.
pub fn walked(result: &Dynamic) -> Option<Rest> {
    if let Some(list) = result.read_lock::<List>() {
        let items = Box::new(list.items());
        return Some(Rest { items, next: None, object: list.object(), shown: 0, total: None });
    }
    let array = result.read_lock::<Array>()?;
    let (object, total) = (array.first().and_then(object_of), Some(array.len()));
    let (whole, mut at) = (result.clone(), 0);
    let items = Box::new(std::iter::from_fn(move || {
        at += 1;
        whole.read_lock::<Array>()?.get(at - 1).cloned().map(Ok)
    }));
    Some(Rest { items, next: None, object, shown: 0, total })
}

impl Rest {
    /// The next items, at most so many.
    pub fn page(&mut self, most: usize) -> Result<Shown, Raised> {
        let mut items = Vec::new();
        while items.len() < most {
            let item = match self.next.take() {
                Some(item) => item,
                None => match self.items.next() {
                    Some(item) => item?,
                    None => break,
                },
            };
            items.push(value::to_json(&item).unwrap_or_else(|_| words(&item).into()));
        }
        let before = self.shown;
        self.shown += items.len();
        if items.len() == most {
            self.next = self.items.next().transpose()?;
        }
        let after = match self.total {
            Some(total) => Some(total.saturating_sub(self.shown)),
            None if self.has_more() => None,
            None => Some(0),
        };
        Ok(Shown::Items(Items { items, object: self.object, before, after }))
    }

    /// Whether there is more to show.
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }
}

/// What kind of record a value is.
pub fn object_of(value: &Dynamic) -> Option<&'static Object> {
    value.read_lock::<Record>().and_then(|record| record.object())
}

/// A value that is no data.
fn words(it: &Dynamic) -> String {
    if it.is_fnptr() {
        return "a function".into();
    }
    if it.is::<value::Clear>() {
        return "CLEAR".into();
    }
    let text = it.to_string();
    if text.contains("::") { described(it) } else { text }
}
