//! Taking changes in: what is created, changed and deleted is written down here, and nowhere else.

use super::record::{is_local, moves, target};
use super::table::{Entry, State, Table, local};
use super::{Overlay, patch, stored, text_of};
use crate::catalogue::{self, Object};
use crate::gate::change::{Change, Fields};
use serde_json::Value;

impl Overlay {
    /// A create, or the update of the record that has its externalId.
    pub(super) fn create(
        &mut self,
        object: &'static Object,
        change: &Change,
        whole: Option<&Fields>,
        now: &str,
    ) -> Option<Value> {
        let sent = self.accepted(object, change)?;
        let parent = self.parent_of(object, change);
        let external = text_of(&sent, "externalId").map(String::from);
        let had =
            external.as_deref().and_then(|external| self.with_external(object, parent.as_deref(), external));
        let lost = had.filter(|place| self.is_lost(object, *place));
        let place = if let Some(place) = had.filter(|_| lost.is_none()) {
            place
        } else {
            let known = external.as_deref().and_then(|external| self.learnt.id(object.name, external));
            let known = whole.and_then(|whole| text_of(whole, "id")).map(String::from).or(known);
            let known = known.filter(|_| lost.is_none());
            let mut entry = Entry::new(if known.is_some() { State::Changed } else { State::Made }, self.turn);
            entry.parent = parent.map(Into::into);
            entry.replaces = lost.is_some();
            if let Some(lost) = lost {
                self.bury(object, lost);
            }
            let id =
                known.or_else(|| change.provisional.clone()).unwrap_or_else(|| self.next_id(object.name));
            self.register(object, entry, Some(&id), external.as_deref())
        };
        Some(self.write(object, place, sent, whole, now))
    }

    /// An update.
    pub(super) fn update(
        &mut self,
        object: &'static Object,
        change: &Change,
        whole: Option<&Fields>,
        now: &str,
    ) -> Option<Value> {
        let sent = self.accepted(object, change)?;
        let place = self.changed(object, change, whole)?;
        if let Some(external) = text_of(&sent, "externalId") {
            let external = external.to_string();
            self.table_mut(object).name_external(place, &external);
        }
        Some(self.write(object, place, sent, whole, now))
    }

    /// A delete: archived, marked or gone.
    pub(super) fn delete(
        &mut self,
        object: &'static Object,
        change: &Change,
        whole: Option<&Fields>,
        now: &str,
    ) -> Option<Value> {
        let place = self.changed(object, change, whole)?;
        if object.field("archivedAt").is_some() {
            let current = self.record_of(object, place, whole.cloned());
            if current.get("archivedAt").is_some_and(|at| !at.is_null()) {
                return None;
            }
            let sent = Fields::from_iter([("archivedAt".to_string(), now.into())]);
            self.write(object, place, sent, whole, now);
        } else if object.name == "user" {
            // Only marked: it stays readable, and nothing but `updatedAt` shows it.
            self.write(object, place, Fields::new(), whole, now);
        } else {
            if object.name == "conversation" {
                self.bury_messages(place, whole);
            }
            if object.name == "account"
                && let Some(id) = self.tables[object.name].at(place).id.clone()
            {
                self.bury_conversations(&id);
            }
            self.bury(object, place);
        }
        Some(Value::Null)
    }

    /// The place of the record that an update or delete names, which it gets now if it has none; `None` if there is
    /// no such record any more.
    fn changed(&mut self, object: &'static Object, change: &Change, whole: Option<&Fields>) -> Option<usize> {
        let parent = self.parent_of(object, change);
        if parent.as_deref().is_some_and(|parent| self.is_gone(parent_kind(object), parent)) {
            return None;
        }
        let read = |name: &str| whole.and_then(|whole| text_of(whole, name)).map(String::from);
        let (id, external) = (
            read("id").or_else(|| change.id.clone()),
            change.external_id.clone().or_else(|| read("externalId")),
        );
        let by_id = [id.as_deref(), change.id.as_deref()];
        let by_id = by_id.into_iter().flatten().find_map(|id| self.place(object.name, id));
        let place = by_id.or_else(|| {
            self.with_external(object, parent.as_deref(), external.as_deref()?)
                .filter(|place| id.is_none() || self.tables[object.name].at(*place).state == State::Made)
        });
        if let Some(place) = place {
            let lost =
                self.is_lost(object, place) || whole.is_some_and(|whole| self.is_orphan(object, whole));
            return (!lost).then_some(place);
        }
        let nowhere = whole.is_none() && id.as_deref().is_some_and(is_provisional);
        if nowhere || whole.is_some_and(|whole| self.is_orphan(object, whole)) {
            return None;
        }
        let mut entry = Entry::new(State::Changed, self.turn);
        entry.parent = parent.map(Into::into);
        let learnt = external.as_deref().and_then(|external| self.learnt.id(object.name, external));
        Some(self.register(object, entry, id.or(learnt).as_deref(), external.as_deref()))
    }

    /// Writes fields into a record, and answers it.
    fn write(
        &mut self,
        object: &'static Object,
        place: usize,
        mut sent: Fields,
        whole: Option<&Fields>,
        now: &str,
    ) -> Value {
        let current = self.record_of(object, place, whole.cloned());
        let made = self.tables[object.name].at(place).state == State::Made;
        let first = made && !current.get("createdAt").is_some_and(Value::is_string);
        self.consequences(object, &current, &mut sent, now, first);
        let messages = if object.name == "conversation" { sent.shift_remove("messages") } else { None };
        let entry = self.table_mut(object).at_mut(place);
        let mut written = entry.patch();
        patch::fold(object, &mut written, sent);
        if let Some(whole) =
            whole.filter(|whole| !made && !entry.has_base() && moves(object, whole, &written))
        {
            entry.set_base(whole);
        }
        entry.set_patch(&written);
        self.take_messages(place, messages.as_ref(), now);
        let record = self.record_of(object, place, whole.cloned());
        Value::Object(self.refreshed(object, record).unwrap_or_default())
    }

    /// Writes one message of a conversation, which is matched by its externalId.
    pub(super) fn write_message(&mut self, conversation: &str, sent: &Fields, now: &str) {
        let Some(object) = catalogue::object("message") else { return };
        let sent = stored::fields(object, sent);
        let external = text_of(&sent, "externalId").map(String::from);
        let had = external.as_deref().and_then(|key| self.with_external(object, Some(conversation), key));
        let lost = had.filter(|place| self.is_lost(object, *place));
        let place = had.filter(|_| lost.is_none()).unwrap_or_else(|| {
            let key = external.as_deref().map(|external| local(conversation, external));
            let known = key.and_then(|key| self.learnt.id(object.name, &key));
            let known = known.filter(|id| lost.is_none() && self.place(object.name, id).is_none());
            let mut entry = Entry::new(if known.is_some() { State::Changed } else { State::Made }, self.turn);
            entry.parent = Some(conversation.into());
            entry.replaces = lost.is_some();
            let id = known.unwrap_or_else(|| self.next_id("message"));
            self.register(object, entry, Some(&id), external.as_deref())
        });
        self.write(object, place, sent, None, now);
    }

    /// The body as Vitally stores it; `None` if it names a record that this run deleted.
    fn accepted(&self, object: &'static Object, change: &Change) -> Option<Fields> {
        let parent = change.parent.as_deref();
        if parent.is_some_and(|parent| self.is_gone(parent_kind(object), parent)) {
            return None;
        }
        let mut sent = stored::fields(object, change.after.as_ref()?);
        for (name, value) in &sent {
            let Some(kind) = target(name) else { continue };
            let ids = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            if ids.iter().filter_map(Value::as_str).any(|id| self.is_gone(kind, id)) {
                return None;
            }
        }
        // The one reference for which Vitally takes an externalId.
        if object.name == "account"
            && let Some(id) = text_of(&sent, "organizationId").map(|key| self.canonical("organization", key))
        {
            sent.insert("organizationId".into(), id.into());
        }
        Some(sent)
    }

    /// The id of the record that this one is a part of.
    fn parent_of(&self, object: &Object, change: &Change) -> Option<String> {
        change.parent.as_deref().map(|parent| self.canonical(parent_kind(object), parent))
    }

    /// Writes down that a record is gone.
    pub(super) fn lose(&mut self, object: &'static Object, record: &Fields) {
        let Some(id) = text_of(record, "id") else { return };
        let place = match self.place(object.name, id) {
            Some(place) => place,
            None => self.register(object, Entry::new(State::Changed, self.turn), Some(id), None),
        };
        if object.name == "conversation" {
            self.bury_messages(place, Some(record));
        }
        self.bury(object, place);
    }

    fn with_external(&self, object: &Object, parent: Option<&str>, external: &str) -> Option<usize> {
        if parent.is_none() && is_local(object) {
            return None;
        }
        let table = self.table(object.name)?;
        let learnt = || table.find(&self.learnt.id(object.name, external)?);
        table.find_external(parent, external).or_else(learnt)
    }

    pub(super) fn register(
        &mut self,
        object: &'static Object,
        entry: Entry,
        id: Option<&str>,
        external: Option<&str>,
    ) -> usize {
        let table = self.table_mut(object);
        let place = table.add(entry);
        if let Some(id) = id {
            table.name(place, id);
        }
        if let Some(external) = external {
            table.name_external(place, external);
            self.learnt.forget(object.name, external);
        }
        place
    }

    /// Deletes a record for good.
    pub(super) fn bury(&mut self, object: &'static Object, place: usize) {
        let turn = self.turn;
        self.table_mut(object).bury(place, turn);
    }

    pub(super) fn table_mut(&mut self, object: &'static Object) -> &mut Table {
        self.tables.entry(object.name).or_default()
    }
}

/// The kind of record that this one is a part of.
fn parent_kind(object: &Object) -> &'static str {
    object.actions.iter().find_map(|action| action.parent).unwrap_or_default()
}

/// Whether a key looks like the ids that creates give: `new-1`.
fn is_provisional(key: &str) -> bool {
    let number = key.strip_prefix("new-").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}
