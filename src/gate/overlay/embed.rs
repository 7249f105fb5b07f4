//! Records embedded in others: those a change newly names, and those that this run changed.

use super::table::State;
use super::{Overlay, patch};
use crate::catalogue::{self, Kind, Object};
use crate::gate::change::Fields;
use serde_json::{Value, json};

/// What became of an embedded record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays.
    Kept,
    /// This run deleted it.
    Gone,
}

impl Overlay {
    /// Embeds what the written ids name: `account` follows `accountId`, `accounts` grows with `accountIds`.
    pub(super) fn embed_changed(&self, object: &Object, written: &Fields, record: &mut Fields) {
        for field in object.fields {
            match field.kind {
                Kind::One(kind) => {
                    let Some(id) = written.get(&format!("{}Id", field.name)) else { continue };
                    // Vitally does not always send it.
                    if object.name == "nps_response" && record.get(field.name).is_none_or(Value::is_null) {
                        continue;
                    }
                    let held = record.get(field.name).map_or(&Value::Null, |one| &one["id"]);
                    if held != id {
                        let one = id.as_str().map_or(Value::Null, |id| self.embedded(kind, id));
                        record.insert(field.name.into(), one);
                    }
                }
                Kind::Many(kind) => {
                    let ids = match (object.name, field.name) {
                        ("user", "accounts") => written.get("accountIds"),
                        ("user", "organizations") => written.get("organizationIds"),
                        ("custom_object_instance", "customers") => {
                            let Some(id) = written.get("customerId") else { continue };
                            let one = id.as_str().map(|id| self.embedded(kind, id));
                            record.insert(field.name.into(), one.into_iter().collect());
                            continue;
                        }
                        _ => None,
                    };
                    let Some(ids) = ids.and_then(Value::as_array) else { continue };
                    self.link(record, field.name, kind, ids.iter().filter_map(Value::as_str));
                }
                _ => {}
            }
        }
    }

    /// Adds embedded records to a list of them, each once.
    pub(super) fn link<'i>(
        &self,
        record: &mut Fields,
        name: &str,
        kind: &str,
        ids: impl Iterator<Item = &'i str>,
    ) {
        let slot = record.entry(name).or_insert_with(|| json!([]));
        let Value::Array(many) = slot else { return };
        for id in ids {
            if !many.iter().any(|one| one["id"].as_str().is_some_and(|other| self.same(kind, other, id))) {
                many.push(self.embedded(kind, id));
            }
        }
    }

    /// A record as it is embedded: as far as this run knows it, at least its id.
    fn embedded(&self, kind: &str, id: &str) -> Value {
        let Some(object) = catalogue::object(kind) else { return json!({ "id": id }) };
        if let Some(whole) = self.learnt.whole(object.name, id) {
            return whole;
        }
        let Some(place) = self.place(kind, id) else { return json!({ "id": id }) };
        let mut record = self.record_of(object, place, None);
        match kind {
            "user" => {
                record.retain(|name, _| matches!(name.as_str(), "id" | "externalId" | "name" | "email"));
            }
            _ => record.retain(|name, _| name != "keyRoles"),
        }
        Value::Object(record)
    }

    /// Writes the changes of this run over an embedded record.
    pub(super) fn freshen(&self, kind: &str, one: &mut Value) -> Fate {
        let (Some(table), Some(object)) = (self.table(kind), catalogue::object(kind)) else {
            return Fate::Kept;
        };
        let place = one["id"].as_str().and_then(|id| table.find(id));
        let (Some(place), Some(record)) = (place, one.as_object_mut()) else { return Fate::Kept };
        let entry = table.at(place);
        if entry.state == State::Gone {
            return Fate::Gone;
        }
        patch::apply_to_embedded(object, &entry.patch(), record);
        Fate::Kept
    }
}
