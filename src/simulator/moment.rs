//! Dates and numbers as the API reads and writes them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

/// Milliseconds in a day.
pub(super) const DAY: i64 = 86_400_000;

/// Milliseconds since 1970 as `2024-05-10T21:16:42.383Z`.
pub(super) fn text(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |time| format!("{time:.3}"))
}

/// The same as a JSON value.
pub(super) fn value(ms: i64) -> Value {
    Value::String(text(ms))
}

/// Milliseconds since 1970 as `2024-05-10`.
pub(super) fn date(ms: i64) -> String {
    let mut text = text(ms);
    text.truncate(10);
    text
}

/// Reads ISO 8601: a date, or a date and time with or without an offset (then UTC). Years 1 to 9999.
pub(super) fn parse(text: &str) -> Option<i64> {
    let time = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = match text.parse::<Date>() {
            Ok(date) if text.len() <= 10 => date.at(0, 0, 0, 0),
            _ => text.parse::<DateTime>().ok()?,
        };
        TimeZone::UTC.to_timestamp(civil).ok()
    })?;
    let year = TimeZone::UTC.to_datetime(time).year();
    (1..=9999).contains(&year).then(|| time.as_millisecond())
}

/// A number the way JavaScript prints it: a whole one without a fraction.
#[allow(clippy::cast_possible_truncation, reason = "scores are small")]
pub(super) fn number(number: f64) -> Value {
    if number.fract() == 0.0 { Value::from(number as i64) } else { Value::from(number) }
}

/// A trait read as a moment: ISO text, or epoch milliseconds as integrations store them.
pub(super) fn of_trait(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => parse(text),
        Value::Number(number) => {
            number.as_i64().filter(|ms| (-62_135_596_800_000..=253_402_207_200_000).contains(ms))
        }
        _ => None,
    }
}
