//! Time zones by name.

use crate::script::words::did_you_mean;
use jiff::tz::TimeZone;

/// The zone of that name, or a sentence that says it is not there and what is.
pub fn named(name: &str) -> Result<TimeZone, (String, String)> {
    match name {
        "UTC" | "utc" | "Z" => return Ok(TimeZone::UTC),
        "local" => return Ok(TimeZone::system()),
        _ => {}
    }
    TimeZone::get(name).map_err(|_| {
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let near = did_you_mean(name, known.iter().map(String::as_str));
        (
            format!("there is no time zone \"{name}\"{near}"),
            "zones are named like Europe/London or America/New_York; UTC has no summer time".into(),
        )
    })
}
