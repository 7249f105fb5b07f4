//! Values the way Vitally stores them, whatever way they were sent.

use crate::catalogue::{Kind, Object};
use crate::gate::change::Fields;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

/// A moment as Vitally writes it: UTC, with milliseconds.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The fields of a body as they are read back.
pub(super) fn fields(object: &Object, sent: &Fields) -> Fields {
    let value = |name: &String, value: &Value| match object.field(name).map(|field| field.kind) {
        Some(kind) => stored(kind, value),
        None => value.clone(),
    };
    sent.iter().map(|(name, sent)| (name.clone(), value(name, sent))).collect()
}

fn stored(kind: Kind, value: &Value) -> Value {
    let Some(at) = value.as_str().and_then(read) else { return value.clone() };
    match kind {
        Kind::DateTime => moment(at).into(),
        Kind::Date => at.strftime("%Y-%m-%d").to_string().into(),
        _ => value.clone(),
    }
}

/// A trait as a moment: ISO text, or milliseconds since 1970 as integrations store them.
pub(super) fn moment_of_trait(value: &Value) -> Value {
    let at = match value {
        Value::String(text) => read(text),
        Value::Number(number) => number.as_i64().and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        _ => None,
    };
    at.map_or(Value::Null, |at| moment(at).into())
}

/// ISO 8601: a date, or a date and time with or without an offset (then UTC).
fn read(text: &str) -> Option<Timestamp> {
    let civil = || match text.parse::<Date>() {
        Ok(date) if text.len() <= 10 => Some(date.at(0, 0, 0, 0)),
        _ => text.parse::<DateTime>().ok(),
    };
    text.parse().ok().or_else(|| TimeZone::UTC.to_timestamp(civil()?).ok())
}
