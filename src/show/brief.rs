//! One value of a record in few words.

use jiff::Timestamp;
use serde_json::Value;

/// A value as a card shows it: records inside by their names, a time at exactly midnight UTC as its day.
pub fn brief(value: Value) -> Value {
    let name = |value: &Value| value.get("name").and_then(Value::as_str).map(ToString::to_string);
    match &value {
        Value::String(text) => day(text).map_or(value, Value::String),
        Value::Object(_) => name(&value).map_or(value, Value::String),
        Value::Array(items) if !items.is_empty() => {
            let names: Option<Vec<String>> = items.iter().map(name).collect();
            names.map_or(value, |names| names.join(", ").into())
        }
        _ => value,
    }
}

/// A value as a table shows it: also any other time without its seconds, and an empty list as nothing.
pub fn brief_cell(value: Value) -> Value {
    match brief(value) {
        Value::String(text) => match time(&text) {
            Some(time) => time.strftime("%Y-%m-%d %H:%MZ").to_string().into(),
            None => text.into(),
        },
        Value::Array(items) if items.is_empty() => Value::Null,
        value => value,
    }
}

/// The day of a time at midnight UTC: that is how Vitally writes days.
fn day(text: &str) -> Option<String> {
    let time = time(text)?;
    let midnight = time.as_second() % 86_400 == 0 && time.subsec_nanosecond() == 0;
    midnight.then(|| time.strftime("%Y-%m-%d").to_string())
}

/// A time as Vitally writes it; other texts are left alone.
pub fn time(text: &str) -> Option<Timestamp> {
    let shape = text.len() >= 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T';
    if shape { text.parse().ok() } else { None }
}
