//! From JSON text to slots, in one pass over what `serde_json` reads.

use super::shape::Paths;
use super::{Page, Slot, Span};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Error;
use std::collections::HashMap;
use std::fmt;

/// A key list longer than this is searched for duplicates by hash.
const WIDE: usize = 32;

pub fn page(text: Vec<u8>) -> Result<Page, Error> {
    let text =
        String::from_utf8(text).map_err(|cause| Error::custom(format!("it is not UTF-8 text: {cause}")))?;
    let text = text.into_boxed_str();
    if u32::try_from(text.len()).is_err() {
        return Err(Error::custom("it is larger than 4 GB"));
    }
    let mut builder = Builder {
        text: &text,
        unescaped: String::new(),
        slots: Vec::with_capacity(text.len() / 24 + 1),
        open: Vec::with_capacity(256),
        paths: Paths::new(),
    };
    builder.slots.push(Slot::Null);
    let mut json = serde_json::Deserializer::from_str(&text);
    let root = Seed(&mut builder).deserialize(&mut json)?;
    json.end()?;
    builder.slots[0] = root;
    let Builder { unescaped, slots, paths, .. } = builder;
    let slots = slots.into_boxed_slice();
    let shapes = paths.into_shapes();
    Ok(Page { text, unescaped, slots, shapes })
}

struct Builder<'t> {
    text: &'t str,
    unescaped: String,
    slots: Vec<Slot>,
    /// The children of the lists and objects that have not ended yet.
    open: Vec<Slot>,
    paths: Paths,
}

impl Builder<'_> {
    fn borrowed(&self, text: &str) -> Span {
        let start = text.as_ptr().addr() - self.text.as_ptr().addr();
        span(start, text.len())
    }

    fn unescaped(&mut self, text: &str) -> Span {
        let start = self.text.len() + self.unescaped.len();
        self.unescaped.push_str(text);
        span(start, text.len())
    }

    fn read(&self, span: Span) -> &str {
        let (start, length) = (span.start as usize, span.length as usize);
        match start.checked_sub(self.text.len()) {
            None => &self.text[start..start + length],
            Some(start) => &self.unescaped[start..start + length],
        }
    }

    /// Moves the children since `mark` to their place on the tape.
    fn close(&mut self, mark: usize) -> (u32, u32) {
        let first = self.slots.len();
        self.slots.extend_from_slice(&self.open[mark..]);
        self.open.truncate(mark);
        (small(first), small(self.slots.len() - first))
    }
}

fn span(start: usize, length: usize) -> Span {
    Span { start: small(start), length: small(length) }
}

/// A place in a text that is known to be smaller than 4 GB.
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Reads one value.
struct Seed<'b, 't>(&'b mut Builder<'t>);

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Slot;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Slot, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = Slot;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Slot, E> {
        Ok(Slot::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Slot, E> {
        Ok(Slot::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Slot, E> {
        Ok(Slot::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Slot, E> {
        Ok(i64::try_from(value).map_or(Slot::Large(value), Slot::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Slot, E> {
        Ok(Slot::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Slot, E> {
        Ok(Slot::Text(self.0.borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Slot, E> {
        Ok(Slot::Text(self.0.unescaped(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Slot, A::Error> {
        let mark = self.0.open.len();
        while let Some(item) = items.next_element_seed(Seed(self.0))? {
            self.0.open.push(item);
        }
        let (first, length) = self.0.close(mark);
        Ok(Slot::List { first, length })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Slot, A::Error> {
        let builder = self.0;
        let mark = builder.open.len();
        let mut path = Path { at: Paths::ROOT, length: 0, places: None };
        while let Some(place) = entries.next_key_seed(KeySeed { builder, path: &mut path })? {
            let value = entries.next_value_seed(Seed(builder))?;
            if place == builder.open.len() - mark {
                builder.open.push(value);
            } else {
                builder.open[mark + place] = value;
            }
        }
        let (first, _) = builder.close(mark);
        Ok(Slot::Object { first, shape: builder.paths.shape(path.at) })
    }
}

/// The keys of the object being read.
struct Path {
    at: u32,
    length: usize,
    /// The place of each key, once there are many.
    places: Option<HashMap<String, usize>>,
}

/// Reads one key and answers its place; a key that was there before keeps its place.
struct KeySeed<'b, 't> {
    builder: &'b mut Builder<'t>,
    path: &'b mut Path,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_, '_> {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<usize, E> {
        let span = self.builder.borrowed(key);
        Ok(self.place(key, |_| span))
    }

    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        Ok(self.place(key, |builder| builder.unescaped(key)))
    }
}

impl<'t> KeySeed<'_, 't> {
    fn place(self, key: &str, keep: impl FnOnce(&mut Builder<'t>) -> Span) -> usize {
        let KeySeed { builder, path } = self;
        let known = {
            let Builder { text, unescaped, paths, .. } = &mut *builder;
            paths.follow(path.at, |span| {
                let (start, length) = (span.start as usize, span.length as usize);
                length == key.len()
                    && match start.checked_sub(text.len()) {
                        None => text.as_bytes().get(start..start + length),
                        Some(start) => unescaped.as_bytes().get(start..start + length),
                    } == Some(key.as_bytes())
            })
        };
        if let Some(step) = known {
            path.at = step;
        } else if let Some(place) = path.place_of(builder, key) {
            return place;
        } else {
            let span = keep(builder);
            path.at = builder.paths.add(path.at, span);
        }
        if let Some(places) = &mut path.places {
            places.insert(key.to_string(), path.length);
        }
        path.length += 1;
        path.length - 1
    }
}

impl Path {
    /// Where this object already has the key.
    fn place_of(&mut self, builder: &Builder, key: &str) -> Option<usize> {
        let keys = || builder.paths.back(self.at).enumerate();
        if self.length < WIDE {
            let (back, _) = keys().find(|(_, span)| builder.read(*span) == key)?;
            return Some(self.length - 1 - back);
        }
        if self.places.is_none() {
            let place =
                |(back, span): (usize, Span)| (builder.read(span).to_string(), self.length - 1 - back);
            self.places = Some(keys().map(place).collect());
        }
        self.places.as_ref()?.get(key).copied()
    }
}
