//! The keys of the objects of a page. Its records have the same keys in the same order, so a key is first compared
//! with the one that stood there in the record before: most keys are never read.

use super::Span;
use super::parse::{Reader, slice};
use super::shape::Paths;
use std::collections::HashMap;

/// A key list longer than this is searched for duplicates by hash.
const WIDE: usize = 32;

/// The keys of the object being read.
pub(super) struct Path {
    pub(super) at: u32,
    length: usize,
    /// The place of each key, once there are many.
    places: Option<HashMap<String, usize>>,
}

impl Path {
    /// No key yet.
    pub(super) fn new() -> Path {
        Path { at: Paths::ROOT, length: 0, places: None }
    }

    /// Where this object already has the key.
    fn place_of(&mut self, reader: &Reader, span: Span) -> Option<usize> {
        let read = |span| slice(reader.text, &reader.unescaped, span);
        let keys = || reader.paths.back(self.at).enumerate();
        if self.length < WIDE {
            let (back, _) = keys().find(|(_, known)| read(*known) == read(span))?;
            return Some(self.length - 1 - back);
        }
        if self.places.is_none() {
            let place = |(back, span): (usize, Span)| (read(span).to_string(), self.length - 1 - back);
            self.places = Some(keys().map(place).collect());
        }
        self.places.as_ref()?.get(read(span)).copied()
    }
}

impl Reader<'_> {
    /// Reads a key and answers its place in its object; a key that was there before keeps its place.
    pub(super) fn key(&mut self, path: &mut Path) -> Option<usize> {
        if self.peek()? != b'"' {
            return None;
        }
        let step = if let Some(step) = self.expected(path.at) {
            step
        } else {
            let span = self.string()?;
            let Reader { text, unescaped, paths, .. } = &mut *self;
            let key = slice(text, unescaped, span);
            if let Some(step) = paths.follow(path.at, |known| slice(text, unescaped, known) == key) {
                step
            } else if let Some(place) = path.place_of(self, span) {
                return Some(place);
            } else {
                self.paths.add(path.at, span)
            }
        };
        path.at = step;
        if let Some(places) = &mut path.places {
            let key = self.paths.key(step);
            places.insert(slice(self.text, &self.unescaped, key).to_string(), path.length);
        }
        path.length += 1;
        Some(path.length - 1)
    }

    /// The step that was taken from here last, if its key stands here again; the key is passed then.
    fn expected(&mut self, at: u32) -> Option<u32> {
        let step = self.paths.recent(at)?;
        let key = self.paths.key(step);
        let (start, length) = (key.start as usize, key.length as usize);
        // With both quotes, so that neither is longer.
        let bytes = self.text.as_bytes();
        let known = bytes.get(start.checked_sub(1)?..start + length + 1)?;
        if bytes.get(self.at..self.at + known.len())? != known {
            return None;
        }
        self.at += known.len();
        Some(step)
    }
}
