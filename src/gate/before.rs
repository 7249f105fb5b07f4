//! The touched fields of a record as they are before a change.

use super::change::{Change, Fields};
use serde_json::{Map, Value};

/// The values that a record holds for the fields that `after` touches; of `traits` only the touched ones. What is
/// absent counts as null.
pub fn touched(record: &Value, after: &Fields) -> Fields {
    after
        .iter()
        .map(|(key, new)| {
            let old = &record[key.as_str()];
            let old = match (key.as_str(), new) {
                ("traits", Value::Object(traits)) => {
                    let of = |trait_key: &String| (trait_key.clone(), old[trait_key.as_str()].clone());
                    Value::Object(traits.keys().map(of).collect::<Map<_, _>>())
                }
                _ => old.clone(),
            };
            (key.clone(), old)
        })
        .collect()
}

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

/// Whether a record already holds everything that an update sends, so that nothing needs to be sent. Fields that
/// answers never show cannot be compared.
pub fn holds(change: &Change) -> bool {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return false };
    let shown = |key: &str| {
        change.row_of_catalogue().and_then(|(object, _)| object.field(key)).is_some_and(|field| field.access.read)
    };
    after.iter().all(|(key, new)| shown(key) && before.get(key).is_some_and(|old| same(old, new)))
}

/// Whether two values mean the same to Vitally: 1 and 1.0, a day and its midnight, null and absent.
pub fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Number(one), Value::Number(two)) => one.as_f64() == two.as_f64(),
        (Value::String(one), Value::String(two)) => one == two || moment(one).is_some_and(|at| Some(at) == moment(two)),
        (Value::Object(one), Value::Object(two)) => {
            one.keys().chain(two.keys()).all(|key| same(&old[key.as_str()], &new[key.as_str()]))
        }
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        _ => old == new,
    }
}

/// The time that a text in one of Vitally's forms means.
fn moment(text: &str) -> Option<jiff::Timestamp> {
    if !(10..=35).contains(&text.len()) || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let day = text.parse::<jiff::civil::Date>().ok()?;
        Some(day.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}
