//! A record with the changes of this run, and the records that went with a deleted one.

use super::embed::Fate;
use super::table::State;
use super::{Met, Overlay, follow, patch, text_of};
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
    /// The record at a place as this run would read it; `None` if it is gone.
    pub(super) fn shown(&self, object: &Object, place: usize) -> Option<Fields> {
        if self.is_lost(object, place) {
            return None;
        }
        self.refreshed(object, self.record_of(object, place, None))
    }

    /// A record that Vitally sent, with the changes of this run; `None` if this run deleted it.
    pub(super) fn laid_over(&mut self, object: &'static Object, record: Fields) -> Option<Fields> {
        let met = self.met(object, &record);
        self.meet_messages(object, &record);
        let mut record = match met {
            Met::Gone => return None,
            Met::Changed(place) => self.record_of(object, place, Some(record)),
            Met::Unknown => record,
        };
        self.put_messages(object, &mut record);
        // It went with its owner. Lists may not show who that was, so it is written down.
        if self.is_orphan(object, &record) {
            self.lose(object, &record);
            return None;
        }
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
        follow::settle(object, &written, &mut record);
        self.embed_changed(object, &written, &mut record);
        self.put_messages(object, &mut record);
        record
    }

    /// A record with its embedded records as this run left them; `None` if it went with a deleted one.
    pub(super) fn refreshed(&self, object: &Object, mut record: Fields) -> Option<Fields> {
        self.put_messages(object, &mut record);
        if self.is_orphan(object, &record) {
            return None;
        }
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
        let parent = text_of(record, "customObjectId").or_else(|| text_of(record, "conversationId"));
        // Within its parent an externalId names one record; without it, it may name several.
        let external = external.filter(|_| parent.is_some() || !is_local(object));
        let place = self.table(object.name).and_then(|table| table.find_sent(id, parent, external));
        self.learn(object, record, place.is_some());
        let Some(place) = place else { return Met::Unknown };
        self.unite(object, place, parent, external);
        let orphaned = self.orphaned(object, record);
        let Some(table) = self.tables.get_mut(object.name) else { return Met::Unknown };
        let entry = table.at_mut(place);
        let ours = entry.id.as_deref() == Some(id);
        match entry.state {
            State::Gone => return Met::Gone,
            // Its externalId was free again: Vitally still has the deleted record that had it.
            State::Made if !ours && (entry.replaces || orphaned.is_some_and(|turn| turn < entry.turn)) => {
                self.lose(object, record);
                return Met::Gone;
            }
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
            let old = table.at(place).id.clone();
            table.name(place, id);
            if let Some(old) = old.filter(|_| object.name == "conversation") {
                self.pass_messages(&old, id);
            }
        }
        let table = self.table_mut(object);
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

    /// A record that was written by its id and, before that was known to be the same one, made by its externalId.
    fn unite(&mut self, object: &Object, place: usize, parent: Option<&str>, external: Option<&str>) {
        let Some(table) = self.tables.get_mut(object.name) else { return };
        let other = external.and_then(|external| table.find_external(parent, external));
        let Some(other) = other.filter(|other| {
            *other != place && table.at(*other).state == State::Made && !table.at(*other).replaces
        }) else {
            return;
        };
        if table.at(place).state == State::Gone {
            return;
        }
        let mut written = table.at(place.min(other)).patch();
        patch::fold(object, &mut written, table.at(place.max(other)).patch());
        written.shift_remove("createdAt");
        table.at_mut(place).set_patch(&written);
        table.merge(other, place);
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
        self.orphaned(object, record).is_some()
    }

    /// The number of the change with which a record went, if it went with its owner.
    fn orphaned(&self, object: &Object, record: &Fields) -> Option<u32> {
        if !self.anything_gone() {
            return None;
        }
        let gone = |field: &str| self.gone_at(target(field)?, text_of(record, field)?);
        let owner = match object.name {
            "task" | "note" | "project" => "accountId",
            "custom_object_instance" if gone("customObjectId").is_some() => "customObjectId",
            "custom_object_instance" => "customerId",
            "message" => "conversationId",
            "conversation" => {
                let accounts = super::texts(record.get("accounts"), "id");
                let gone: Option<Vec<u32>> = accounts.iter().map(|id| self.gone_at("account", id)).collect();
                return gone?.into_iter().max();
            }
            _ => return None,
        };
        let alone = owner != "conversationId" && text_of(record, owner).is_none();
        if alone { gone("organizationId") } else { gone(owner) }
    }

    fn gone_at(&self, object: &str, key: &str) -> Option<u32> {
        let entry = self.entry(object, key).filter(|entry| entry.state == State::Gone)?;
        Some(entry.turn)
    }

    fn anything_gone(&self) -> bool {
        self.tables.values().any(|table| table.gone > 0)
    }
}

/// Whether an externalId is unique only within a parent.
pub(super) fn is_local(object: &Object) -> bool {
    matches!(object.name, "message" | "custom_object_instance")
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
