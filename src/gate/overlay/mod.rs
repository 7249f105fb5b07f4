//! What a run would have changed so far: later reads of the same run see it, and Vitally does not.
//!
//! Only what was changed is kept. An answer is Vitally's own with the changes written over it; nothing here sends
//! or fetches anything. What Vitally counts or derives on its side (counters, scores, `updatedAt` of neighbours)
//! stays as Vitally last said.

mod belongs;
mod embed;
mod follow;
mod fresh;
mod learnt;
mod patch;
mod record;
mod search;
mod stored;
mod table;
mod take;
mod talk;

use super::ask::{Ask, Listing, Shape};
use super::change::{Change, Fields};
use crate::catalogue::{self, Effect, Kind, Object};
use belongs::View;
use jiff::Timestamp;
use learnt::Learnt;
use serde_json::Value;
use std::collections::BTreeMap;
use table::{Entry, State, Table};

/// The changes of a dry run, laid over what Vitally answers.
#[derive(Debug, Default)]
pub struct Overlay {
    tables: BTreeMap<&'static str, Table>,
    learnt: Learnt,
    /// How many ids were given to messages and field definitions, which no change numbers.
    numbered: u64,
    /// How many changes were taken in.
    turn: u32,
}

/// What Vitally's record is to this run.
enum Met {
    /// This run has nothing to do with it.
    Unknown,
    /// This run changed it.
    Changed(usize),
    /// This run deleted it.
    Gone,
}

impl Overlay {
    /// Whether anything of this kind, or embedded in it, was changed, so that answers must be looked at. Answers of
    /// a few small kinds are always worth it: what this run makes may embed them.
    pub fn touches(&self, object: &Object) -> bool {
        let any = |kind: &str| self.tables.contains_key(kind);
        any(object.name)
            || learnt::is_small(object)
            || object.fields.iter().any(|field| match field.kind {
                Kind::One(kind) | Kind::Many(kind) => any(kind),
                Kind::Messages => any("message"),
                Kind::Id | Kind::Ids => record::target(field.name).is_some_and(any),
                _ => false,
            })
    }

    /// Takes a change in and answers the record as Vitally would (`Null` for a delete). `whole` is the record as it
    /// was read, where it is known; a create answers with every documented field. A change of a record that this run
    /// deleted, or of a provisional one that does not exist, or that refers to a deleted one, is the same error as
    /// Vitally's: `None`.
    pub fn take(&mut self, change: &Change, whole: Option<&Value>, now: Timestamp) -> Option<Value> {
        let (object, action) = change.row_of_catalogue()?;
        let whole = whole.and_then(Value::as_object);
        if let Some(whole) = whole {
            // A record that this run changed was read with its changes, and teaches nothing.
            if text_of(whole, "id").is_some_and(|id| self.place(object.name, id).is_none()) {
                self.learnt.alone(object, whole);
            }
            self.meet_messages(object, whole);
        }
        let now = stored::moment(now);
        self.turn += 1;
        match action.effect {
            Effect::Create => self.create(object, change, whole, &now),
            Effect::Update => self.update(object, change, whole, &now),
            Effect::Delete => self.delete(object, change, whole, &now),
            Effect::Read => None,
        }
    }

    /// The answer to a read, if it needs no request: a record that this run created, or one that it deleted (`None`
    /// inside, a 404). Outside `None`: ask Vitally, then [`Overlay::seen`].
    pub fn known(&self, ask: &Ask) -> Option<Option<Value>> {
        match &ask.shape {
            Shape::Search => self.known_search(ask),
            Shape::Json => {
                let key = segment(&ask.path, 1)?;
                let made = self.alone(ask.object, &key)?;
                Some(made.then(|| Value::Object(Fields::new())))
            }
            Shape::One(key) => {
                let made = self.alone(ask.object, key)?;
                let place = self.place(ask.object.name, key)?;
                Some(self.shown(ask.object, place).filter(|_| made).map(Value::Object))
            }
        }
    }

    /// Vitally's answer to a read with the changes of this run: `None` answer in, for a 404. Every answer to a read
    /// of one record may come through here, touched or not: it shows which ids and externalIds belong together.
    pub fn seen(&mut self, ask: &Ask, answer: Option<Value>) -> Option<Value> {
        match (&ask.shape, answer) {
            (Shape::Json, answer) => answer,
            (Shape::Search, answer) => self.seen_search(ask, answer),
            (Shape::One(_), Some(Value::Object(record))) => {
                if ask.object.name == "user" {
                    self.learnt.user(&record);
                }
                self.laid_over(ask.object, record).map(Value::Object)
            }
            (Shape::One(_), Some(other)) => Some(other),
            // A record that got this externalId from this run.
            (Shape::One(key), None) => {
                let place = self.place(ask.object.name, key)?;
                let kept = self.table(ask.object.name)?.at(place).has_base();
                self.shown(ask.object, place).filter(|_| kept).map(Value::Object)
            }
        }
    }

    /// One page of a list with the changes of this run. At the end of the last page stand the records that Vitally
    /// would show and does not: made, moved or archived by this run, the newest first. Only then is it known which
    /// of those that this run meant to make are there already.
    pub fn page(&mut self, listing: &Listing, records: Vec<Value>, last: bool) -> Vec<Value> {
        let object = listing.object;
        let mut shown = Vec::with_capacity(records.len());
        for record in records {
            let Value::Object(record) = record else {
                shown.push(record);
                continue;
            };
            let belonged = self.belongs(listing, &record, View::Vitally);
            let record = match self.met(object, &record) {
                Met::Gone => continue,
                Met::Changed(place) => self.record_of(object, place, Some(record)),
                Met::Unknown => record,
            };
            let Some(record) = self.refreshed(object, record) else { continue };
            if !belonged || self.belongs(listing, &record, View::Run) {
                shown.push(Value::Object(record));
            }
        }
        if last {
            shown.extend(self.added(listing));
        }
        shown
    }

    /// A whole list, if it needs no request: below a record that this run made (Vitally knows none), or deleted
    /// (`None` inside, a 404). Outside `None`: walk it, and hand in every page.
    pub fn whole_list(&mut self, listing: &Listing) -> Option<Option<Vec<Value>>> {
        let (kind, key) = listing.within.as_ref()?;
        let made = self.alone(catalogue::object(kind)?, key)?;
        Some(made.then(|| self.added(listing)))
    }

    /// The records that Vitally would show in a list and does not, the newest first.
    fn added(&self, listing: &Listing) -> Vec<Value> {
        let object = listing.object;
        let Some(table) = self.table(object.name) else { return Vec::new() };
        let within = self.account_of(listing);
        let candidates = (0..table.len()).rev().filter(|place| {
            let entry = table.at(*place);
            (entry.state == State::Made || entry.has_base())
                && within.as_ref().is_none_or(|account| entry.mentions(account))
        });
        let mut added = Vec::new();
        for place in candidates {
            let shown_already =
                table.at(place).base().is_some_and(|base| self.belongs(listing, &base, View::Vitally));
            let Some(mut record) = self.shown(object, place).filter(|_| !shown_already) else { continue };
            if self.belongs(listing, &record, View::Run) {
                talk::as_in_lists(object, &mut record);
                added.push(Value::Object(record));
            }
        }
        added
    }

    /// The account a list is narrowed to, where its records name it by its id.
    fn account_of(&self, listing: &Listing) -> Option<String> {
        let names_it = matches!(listing.object.name, "task" | "note" | "project" | "user");
        let (kind, key) = listing.within.as_ref().filter(|(kind, _)| *kind == "account" && names_it)?;
        let place = self.place(kind, key);
        // Records may still name a record that turned out to be known by its provisional id.
        place.is_none().then(|| self.canonical(kind, key))
    }

    /// Whether a record is this run's own (`true`: Vitally knows none) or deleted by it (`false`).
    fn alone(&self, object: &'static Object, key: &str) -> Option<bool> {
        let place = self.place(object.name, key)?;
        if self.is_lost(object, place) {
            return Some(false);
        }
        (self.table(object.name)?.at(place).state == State::Made).then_some(true)
    }

    fn table(&self, object: &str) -> Option<&Table> {
        self.tables.get(object)
    }

    fn entry(&self, object: &str, key: &str) -> Option<&Entry> {
        let table = self.table(object)?;
        Some(table.at(table.find(key)?))
    }

    /// The place of the record with this id or externalId.
    fn place(&self, object: &str, key: &str) -> Option<usize> {
        let table = self.table(object)?;
        table.find(key).or_else(|| table.find(&self.learnt.id(object, key)?))
    }

    /// The id that this key names, as far as is known.
    fn canonical(&self, object: &str, key: &str) -> String {
        let kept = self.entry(object, key).and_then(|entry| entry.id.as_deref().map(String::from));
        kept.or_else(|| self.learnt.id(object, key)).unwrap_or_else(|| key.into())
    }

    /// Whether two keys name the same record.
    fn same(&self, object: &str, one: &str, other: &str) -> bool {
        one == other || self.canonical(object, one) == self.canonical(object, other)
    }
}

/// A segment of a path, decoded.
fn segment(path: &str, at: usize) -> Option<String> {
    let segment = path.trim_start_matches('/').split('/').nth(at)?;
    Some(percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned())
}

/// The texts under this key in an array of objects.
fn texts(value: Option<&Value>, key: &str) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item[key].as_str().map(String::from)).collect()
}

fn text_of<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
