//! What a change makes of each field, for people.

use super::change::{Change, Fields};
use serde_json::Value;

/// The names of the fields a change gives another value, traits as `traits.KEY`.
pub fn changed_fields(change: &Change) -> Vec<String> {
    field_changes(change).into_iter().map(|(field, _, _)| field).collect()
}

/// Field, value before, value after: one for every field or trait that gets another value.
pub fn field_changes(change: &Change) -> Vec<(String, Value, Value)> {
    let none = Fields::new();
    let before = change.before.as_ref().unwrap_or(&none);
    let mut found = Vec::new();
    for (key, new) in change.after.as_ref().unwrap_or(&none) {
        let old = before.get(key).cloned().unwrap_or(Value::Null);
        match (key.as_str(), new) {
            ("traits", Value::Object(traits)) => {
                for (name, new) in traits {
                    let old = old[name.as_str()].clone();
                    if old != *new {
                        found.push((format!("traits.{name}"), old, new.clone()));
                    }
                }
            }
            _ if old != *new => found.push((key.clone(), old, new.clone())),
            _ => {}
        }
    }
    found
}
