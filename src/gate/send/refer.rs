//! Provisional ids inside changes: which ones a change refers to, and putting the real ones in their place.

use crate::catalogue::{self, Kind};
use crate::gate::change::Change;
use serde_json::Value;

/// Calls `see` with every text of a change that may be the id of another record.
pub(in crate::gate) fn ids(change: &Change, see: &mut dyn FnMut(&str)) {
    for text in [&change.id, &change.parent].into_iter().flatten() {
        see(text);
    }
    for (name, value) in change.after.iter().flatten() {
        if may_refer(&change.object, name) {
            texts(value, see);
        }
    }
}

/// Puts other ids in place of those that `real` knows. Text that people read stays as it is.
pub(in crate::gate) fn replace(change: &mut Change, real: &dyn Fn(&str) -> Option<String>) {
    for text in [&mut change.id, &mut change.parent].into_iter().flatten() {
        if let Some(id) = real(text) {
            *text = id;
        }
    }
    let object = &change.object;
    for (name, value) in change.after.iter_mut().flatten() {
        if may_refer(object, name) {
            replace_in(value, real);
        }
    }
}

/// A name or a text is never an id, even if it reads like one.
fn may_refer(object: &str, name: &str) -> bool {
    let field = catalogue::object(object).and_then(|object| object.field(name));
    field.is_none_or(|field| {
        !matches!(
            field.kind,
            Kind::Text | Kind::Html | Kind::Choice(_) | Kind::Date | Kind::DateTime | Kind::Texts
        )
    })
}

fn texts(value: &Value, see: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, see)),
        Value::Object(fields) => fields.values().for_each(|item| texts(item, see)),
        _ => {}
    }
}

fn replace_in(value: &mut Value, real: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = real(text) {
                *text = id;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace_in(item, real)),
        Value::Object(fields) => fields.values_mut().for_each(|item| replace_in(item, real)),
        _ => {}
    }
}
