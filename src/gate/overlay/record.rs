//! A record with the changes of this run, and the records that went with a deleted one.

use super::embed::Fate;
use super::table::State;
use super::{Met, Overlay, patch, text_of};
use crate::catalogue::{Kind, Object};
use crate::gate::change::Fields;
use serde_json::Value;

/// The kind of record that an id in this field names, where such records can be changed.
pub(super) fn target(field: &str) -> Option<&'static str> {
    match field {
        "accountId" | "accountIds" | "customerId" => Some("account"),
        "organizationId" | "organizationIds" => Some("organization"),
        "userId" => Some("user"),
        "customObjectId" => Some("custom_object"),
        "conversationId" => Some("conversation"),
        _ => None,
    }
}

impl Overlay {
    /// A record that Vitally sent, with the changes of this run; `None` if this run deleted it.
    pub(super) fn laid_over(&mut self, object: &'static Object, record: Fields) -> Option<Fields> {
        let record = match self.met(object, &record) {
            Met::Gone => return None,
            Met::Changed(place) => self.record_of(object, place, Some(record)),
            Met::Unknown => record,
        };
        self.refreshed(object, record)
    }

    /// The record at a place, with everything this run wrote: over `base` if it is given, else over what is kept.
    pub(super) fn record_of(&self, object: &Object, place: usize, base: Option<Fields>) -> Fields {
        let Some(table) = self.table(object.name) else { return base.unwrap_or_default() };
        let entry = table.at(place);
        let written = entry.patch();
        let mut record = match base.or_else(|| entry.base()) {
            Some(base) => base,
            None if entry.state == State::Made => self.fresh(object, entry, &written),
            None => {
                let names = [("id", &entry.id), ("externalId", &entry.external)];
                let known = names.into_iter().filter_map(|(name, key)| Some((name, key.as_deref()?)));
                known.map(|(name, key)| (name.into(), key.into())).collect()
            }
        };
        patch::apply(object, &written, &mut record);
        self.embed_changed(object, &written, &mut record);
        self.put_messages(object, &mut record);
        record
    }

    /// A record with its embedded records as this run left them; `None` if it went with a deleted one.
    pub(super) fn refreshed(&self, object: &Object, mut record: Fields) -> Option<Fields> {
        if self.is_orphan(object, &record) {
            return None;
        }
        self.put_messages(object, &mut record);
        for field in object.fields {
            let Some(value) = record.get_mut(field.name) else { continue };
            match (field.kind, value) {
                (Kind::One(kind), value @ Value::Object(_)) => {
                    let fate = self.freshen(kind, value);
                    if fate == Fate::Gone {
                        *value = Value::Null;
                    }
                }
                (Kind::Many(kind), Value::Array(many)) => {
                    many.retain_mut(|one| self.freshen(kind, one) == Fate::Kept);
                }
                (Kind::Id, value)
                    if field.name == "organizationId"
                        && value.as_str().is_some_and(|id| self.is_gone("organization", id)) =>
                {
                    *value = Value::Null;
                }
                _ => {}
            }
        }
        Some(record)
    }

    /// What a record that Vitally sent is to this run. What it shows about ids is learnt on the way.
    pub(super) fn met(&mut self, object: &'static Object, record: &Fields) -> Met {
        let Some(id) = text_of(record, "id") else { return Met::Unknown };
        let external = text_of(record, "externalId");
        let parent = text_of(record, "customObjectId");
        let place = self.table(object.name).and_then(|table| table.find_sent(id, parent, external));
        self.learn(object, record, place.is_some());
        let Some(place) = place else { return Met::Unknown };
        let is_orphan = self.is_orphan(object, record);
        let Some(table) = self.tables.get_mut(object.name) else { return Met::Unknown };
        let entry = table.at_mut(place);
        let ours = entry.id.as_deref() == Some(id);
        match entry.state {
            State::Gone => return Met::Gone,
            // Its externalId was free again: Vitally still has the deleted record that had it.
            State::Made if !ours && (entry.replaces || is_orphan) => return Met::Gone,
            // Vitally has a record with this externalId, so making it means changing that one.
            State::Made if !ours => {
                entry.state = State::Changed;
                let mut written = entry.patch();
                written.shift_remove("createdAt");
                entry.set_patch(&written);
                entry.set_base(record);
            }
            _ => {}
        }
        if !ours {
            table.name(place, id);
        }
        let entry = table.at(place);
        if let Some(external) = external.filter(|_| entry.external.is_none()) {
            table.name_external(place, external);
        }
        let entry = table.at_mut(place);
        if !entry.has_base() && moves(object, record, &entry.patch()) {
            entry.set_base(record);
        }
        Met::Changed(place)
    }

    /// Learns from a record which names belong together. `paired`: its own are known already.
    pub(super) fn learn(&mut self, object: &'static Object, record: &Fields, paired: bool) {
        self.learnt.record(object, record, paired);
    }

    /// Whether the record at a place is gone, by itself or with what it belonged to.
    pub(super) fn is_lost(&self, object: &Object, place: usize) -> bool {
        let Some(table) = self.table(object.name) else { return false };
        let entry = table.at(place);
        let below = || match object.name {
            "message" => "conversation",
            _ => "custom_object",
        };
        entry.state == State::Gone
            || entry.parent.as_ref().is_some_and(|parent| self.is_gone(below(), parent))
            || (self.anything_gone() && self.is_orphan(object, &self.record_of(object, place, None)))
    }

    /// Whether this run deleted the record that this key names.
    pub(super) fn is_gone(&self, object: &str, key: &str) -> bool {
        let some = self.table(object).is_some_and(|table| table.gone > 0);
        some && self.entry(object, key).is_some_and(|entry| entry.state == State::Gone)
    }

    /// Whether a record went with the account, organization, custom object or conversation that owned it.
    pub(super) fn is_orphan(&self, object: &Object, record: &Fields) -> bool {
        if !self.anything_gone() {
            return false;
        }
        let gone = |field: &str| {
            let kind = target(field).unwrap_or_default();
            text_of(record, field).is_some_and(|id| self.is_gone(kind, id))
        };
        let owner = match object.name {
            "task" | "note" | "project" => "accountId",
            "custom_object_instance" if gone("customObjectId") => return true,
            "custom_object_instance" => "customerId",
            "message" => return gone("conversationId"),
            "conversation" => {
                let accounts = super::texts(record.get("accounts"), "id");
                return !accounts.is_empty() && accounts.iter().all(|id| self.is_gone("account", id));
            }
            _ => return false,
        };
        gone(owner) || (text_of(record, owner).is_none() && gone("organizationId"))
    }

    fn anything_gone(&self) -> bool {
        self.tables.values().any(|table| table.gone > 0)
    }
}

/// Whether a change decides in which lists and searches a record stands.
pub(super) fn moves(object: &Object, record: &Fields, written: &Fields) -> bool {
    written.iter().any(|(name, value)| match name.as_str() {
        "accountIds" | "organizationIds" => true,
        "traits" => object.name == "custom_object_instance",
        "archivedAt" | "churnedAt" | "email" | "externalId" => record.get(name) != Some(value),
        name => target(name).is_some() && record.get(name) != Some(value),
    })
}
