//! Dates and numbers as the API reads and writes them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

/// Milliseconds in a day.
pub(super) const DAY: i64 = 86_400_000;

/// Milliseconds since 1970 as `2024-05-10T21:16:42.383Z`.
pub(super) fn text(ms: i64) -> String {
    let Ok(time) = Timestamp::from_millisecond(ms) else { return String::new() };
    let civil = TimeZone::UTC.to_datetime(time);
    // Digit by digit: a large tenant is made of millions of these.
    let mut text = String::with_capacity(24);
    for (number, width, after) in [
        (i32::from(civil.year()), 1000, '-'),
        (i32::from(civil.month()), 10, '-'),
        (i32::from(civil.day()), 10, 'T'),
        (i32::from(civil.hour()), 10, ':'),
        (i32::from(civil.minute()), 10, ':'),
        (i32::from(civil.second()), 10, '.'),
        (i32::from(civil.millisecond()), 100, 'Z'),
    ] {
        push_digits(&mut text, number, width);
        text.push(after);
    }
    text
}

/// Appends a number with leading zeros; `unit` is the value of its first digit.
fn push_digits(text: &mut String, number: i32, mut unit: i32) {
    while unit > 0 {
        let digit = u32::try_from(number / unit % 10).unwrap_or(0);
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
        unit /= 10;
    }
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
