//! What a record gets that a test does not say: names, keys and times that are the same in every run.

use crate::catalogue::Object;
use crate::script::thing::spoken;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// Noon of the day of a moment: what takes a moment then does not turn into another day.
pub fn moment_of(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let noon = now.to_zoned_datetime(zone.clone()).date().at(12, 0, 0, 0);
    zone.to_timestamp(noon).unwrap_or(now)
}

/// A plain value for a field of the numbered record of an object; `None` where nothing can be made up.
pub fn value(object: &Object, field: &str, number: usize, now: Timestamp) -> Option<Value> {
    let named = || {
        let spoken = spoken(object.name);
        let mut letters = spoken.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        format!("{first}{} {number}", letters.as_str())
    };
    Some(match field {
        "externalId" => json!(format!("{}-{number}", object.name.replace('_', "-"))),
        "name" | "subject" | "title" | "label" | "message" => json!(named()),
        "email" => json!(format!("{}-{number}@example.com", object.name.replace('_', "-"))),
        "note" => json!(format!("<p>{}</p>", named())),
        "score" => json!(8),
        "writeMode" => json!("writable"),
        "noteDate" | "respondedAt" => json!(now.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()),
        _ => return None,
    })
}
