//! The records of one kind that this run changed, found by id and by externalId.

use crate::gate::change::Fields;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What this run did to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It was made here, and as far as anybody knows Vitally has none like it.
    Made,
    /// It was changed, archived or marked.
    Changed,
    /// It was deleted for good.
    Gone,
}

/// One record, as what this run knows of it. The fields are kept as JSON text: a map of one trait would take
/// ten times the room.
#[derive(Debug)]
pub(super) struct Entry {
    /// Vitally's id, or the provisional one.
    pub id: Option<Arc<str>>,
    /// The caller's own id.
    pub external: Option<Arc<str>>,
    /// The id of the conversation or custom object it is a part of.
    pub parent: Option<Arc<str>>,
    /// What was done to it.
    pub state: State,
    /// It took over the externalId of a record that this run deleted.
    pub replaces: bool,
    /// The number of the change that brought it here or, if it is gone, deleted it.
    pub turn: u32,
    patch: Box<str>,
    base: Option<Box<str>>,
}

impl Entry {
    /// A record of which nothing but its names is known.
    pub fn new(state: State, turn: u32) -> Entry {
        let (id, external, parent, base) = (None, None, None, None);
        Entry { id, external, parent, state, replaces: false, turn, patch: "{}".into(), base }
    }

    /// The fields as this run wrote them.
    pub fn patch(&self) -> Fields {
        serde_json::from_str(&self.patch).unwrap_or_default()
    }

    /// Keeps the fields as this run wrote them.
    pub fn set_patch(&mut self, patch: &Fields) {
        self.patch = text(patch);
    }

    /// The record as Vitally had it, where lists need it.
    pub fn base(&self) -> Option<Fields> {
        self.base.as_ref().and_then(|text| serde_json::from_str(text).ok())
    }

    /// Keeps the record as Vitally has it.
    pub fn set_base(&mut self, base: &Fields) {
        self.base = Some(text(base));
    }

    /// Whether the record as Vitally had it is kept.
    pub fn has_base(&self) -> bool {
        self.base.is_some()
    }

    /// Whether what is kept mentions this text, such as a parent's id.
    pub fn mentions(&self, text: &str) -> bool {
        self.patch.contains(text) || self.base.as_ref().is_some_and(|base| base.contains(text))
    }

    /// Whether its id may yet turn out to be another one.
    fn is_unsettled(&self) -> bool {
        self.id.as_ref().is_none_or(|id| self.state == State::Made || Uuid::try_parse(id).is_err())
    }

    /// Forgets everything but the names.
    pub fn bury(&mut self) {
        self.state = State::Gone;
        self.patch = "{}".into();
        self.base = None;
    }
}

/// The records of one kind.
#[derive(Debug, Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    ids: HashMap<Arc<str>, u32>,
    externals: HashMap<Arc<str>, u32>,
    /// How many are gone.
    pub gone: usize,
}

/// The key of an externalId that is unique only within a parent.
pub(super) fn local(parent: &str, external: &str) -> String {
    format!("{parent}\n{external}")
}

fn text(fields: &Fields) -> Box<str> {
    serde_json::to_string(fields).unwrap_or_default().into()
}

impl Table {
    /// Adds a record; it has no names yet.
    pub fn add(&mut self, entry: Entry) -> usize {
        self.entries.push(entry);
        self.entries.len() - 1
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// A record by its place.
    pub fn at(&self, place: usize) -> &Entry {
        &self.entries[place]
    }

    /// A record by its place.
    pub fn at_mut(&mut self, place: usize) -> &mut Entry {
        &mut self.entries[place]
    }

    /// Deletes a record for good.
    pub fn bury(&mut self, place: usize, turn: u32) {
        if self.entries[place].state != State::Gone {
            self.gone += 1;
            self.entries[place].turn = turn;
        }
        self.entries[place].bury();
    }

    /// The place of the record with this id or, failing that, externalId.
    pub fn find(&self, key: &str) -> Option<usize> {
        self.ids.get(key).or_else(|| self.externals.get(key)).map(|place| *place as usize)
    }

    /// The place of the record with this externalId, within a parent where there is one.
    pub fn find_external(&self, parent: Option<&str>, external: &str) -> Option<usize> {
        let place = match parent {
            Some(parent) => self.externals.get(local(parent, external).as_str()),
            None => self.externals.get(external).or_else(|| self.ids.get(external)),
        };
        place.map(|place| *place as usize)
    }

    /// The place of a record that Vitally sent.
    pub fn find_sent(&self, id: &str, parent: Option<&str>, external: Option<&str>) -> Option<usize> {
        if let Some(place) = self.ids.get(id) {
            return Some(*place as usize);
        }
        self.find_external(parent, external?).filter(|place| self.entries[*place].is_unsettled())
    }

    /// Gives a record its id. Earlier ids stay known.
    pub fn name(&mut self, place: usize, id: &str) {
        let id: Arc<str> = id.into();
        self.ids.insert(Arc::clone(&id), number(place));
        self.entries[place].id = Some(id);
    }

    /// Lets the names of one record mean another from now on.
    pub fn merge(&mut self, from: usize, into: usize) {
        let old = &mut self.entries[from];
        old.set_patch(&Fields::new());
        old.state = State::Changed;
        let (id, external) = (old.id.take(), old.external.take());
        if let Some(id) = id {
            self.ids.insert(id, number(into));
        }
        if let Some(external) = external {
            self.name_external(into, &external);
        }
    }

    /// Gives a record its externalId, which names nothing else from now on.
    pub fn name_external(&mut self, place: usize, external: &str) {
        let old = self.entries[place].external.take();
        let parent = self.entries[place].parent.clone();
        if let Some(old) = old.filter(|old| **old != *external && self.entries[place].id.is_some()) {
            self.externals.remove(&old);
            if let Some(parent) = &parent {
                self.externals.remove(local(parent, &old).as_str());
            }
        }
        let external: Arc<str> = external.into();
        match &parent {
            Some(parent) => {
                self.externals.insert(local(parent, &external).into(), number(place));
                self.externals.entry(Arc::clone(&external)).or_insert(number(place));
            }
            None => {
                self.externals.insert(Arc::clone(&external), number(place));
            }
        }
        self.entries[place].external = Some(external);
    }
}

/// A place as it is stored: no run makes four thousand million changes.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
