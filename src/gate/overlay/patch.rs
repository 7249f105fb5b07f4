//! Changed fields: added up over several changes, and written over a record. Writing them twice does no harm.

use crate::catalogue::{Kind, Object};
use crate::gate::change::Fields;
use serde_json::Value;

/// How a field takes a new value.
enum Way {
    /// The value replaces the old one.
    Replace,
    /// Keys are merged; null deletes one.
    Merge,
    /// Ids are added; the field itself is not part of answers.
    Add,
    /// Definitions are merged by their label.
    Labels,
    /// Sent, and no part of answers.
    Hide,
}

fn way(object: &Object, name: &str) -> Way {
    let Some(field) = object.field(name) else { return Way::Replace };
    match field.kind {
        Kind::Traits => Way::Merge,
        Kind::Ids => Way::Add,
        Kind::Many("custom_field") => Way::Labels,
        _ if !field.access.read => Way::Hide,
        _ => Way::Replace,
    }
}

/// Adds a later change to an earlier one.
pub(super) fn fold(object: &Object, patch: &mut Fields, sent: Fields) {
    for (name, value) in sent {
        match (way(object, &name), patch.get_mut(&name), value) {
            (Way::Merge, Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
            (Way::Add, Some(Value::Array(old)), Value::Array(new)) => {
                let new: Vec<Value> = new.into_iter().filter(|id| !old.contains(id)).collect();
                old.extend(new);
            }
            (Way::Labels, Some(old), new) => merge_labels(old, &new),
            (_, _, value) => {
                patch.insert(name, value);
            }
        }
    }
}

/// Writes changed fields over a record.
pub(super) fn apply(object: &Object, patch: &Fields, record: &mut Fields) {
    for (name, value) in patch {
        match way(object, name) {
            Way::Replace => {
                record.insert(name.clone(), value.clone());
            }
            Way::Merge => merge(record, name, value),
            Way::Labels => {
                merge_labels(record.entry(name.as_str()).or_insert(Value::Array(Vec::new())), value);
            }
            Way::Add | Way::Hide => {}
        }
    }
}

/// Writes changed fields over an embedded record, which may hold only some of its fields.
pub(super) fn apply_to_embedded(object: &Object, patch: &Fields, record: &mut Fields) {
    let mut held = patch.clone();
    held.retain(|name, _| record.contains_key(name));
    apply(object, &held, record);
}

fn merge(record: &mut Fields, name: &str, sent: &Value) {
    let slot = record.entry(name).or_insert_with(|| Value::Object(Fields::new()));
    if !slot.is_object() {
        *slot = Value::Object(Fields::new());
    }
    let (Some(old), Some(sent)) = (slot.as_object_mut(), sent.as_object()) else { return };
    for (key, value) in sent {
        if value.is_null() {
            old.shift_remove(key);
        } else {
            old.insert(key.clone(), value.clone());
        }
    }
}

/// A known label gets the new type; a new one is added.
fn merge_labels(old: &mut Value, sent: &Value) {
    let Value::Array(old) = old else { return };
    for new in sent.as_array().into_iter().flatten() {
        match old.iter_mut().find(|field| field["label"] == new["label"]) {
            Some(field) => field["type"] = new["type"].clone(),
            None => old.push(new.clone()),
        }
    }
}
