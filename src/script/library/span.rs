//! Lengths of time as people write them: `"30d"`, `"2 weeks"`, `"1 working day"`.

use super::super::raise::{Raised, mistake};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use std::time::Duration;

/// A length of time.
pub enum Length {
    /// Calendar time.
    Span(Span),
    /// Days from Monday to Friday.
    WorkingDays(i64),
}

/// Reads a length of time.
pub fn parse(text: &str) -> Result<Length, Raised> {
    let lower = text.trim().to_lowercase();
    if let Some(count) = lower.strip_suffix("working days").or_else(|| lower.strip_suffix("working day"))
        && let Ok(days) = count.trim().parse()
    {
        return Ok(Length::WorkingDays(days));
    }
    lower.parse::<Span>().map(Length::Span).map_err(|_| {
        mistake(
            format!("\"{text}\" is not a length of time"),
            "write it like \"30d\", \"2 weeks\", \"3 months\", \"1 working day\" or, for times, \"90 minutes\"",
        )
    })
}

/// A pause such as `"90s"` or `"2m"`.
pub fn seconds(text: &str) -> Option<Duration> {
    let pause = text.trim().to_lowercase().parse::<SignedDuration>().ok()?;
    (!pause.is_negative()).then(|| pause.unsigned_abs())
}

/// The moment that lies so long before another.
pub fn moved_back(now: Timestamp, text: &str, zone: &TimeZone) -> Result<Timestamp, Raised> {
    let Length::Span(span) = parse(text)? else { return Err(beyond(text)) };
    let moved = now.to_zoned_datetime(zone.clone()).checked_sub(span).map_err(|_| beyond(text))?;
    Ok(moved.timestamp())
}

/// The moment that lies so long after another.
pub fn moved_on(now: Timestamp, text: &str, zone: &TimeZone) -> Result<Timestamp, Raised> {
    let length = parse(text)?;
    let now = now.to_zoned_datetime(zone.clone());
    let moved = match length {
        Length::Span(span) => now.checked_add(span).map(|moved| moved.timestamp()),
        Length::WorkingDays(days) => zone.to_timestamp(worked(now.date(), days)?.to_datetime(now.time())),
    };
    moved.map_err(|_| beyond(text))
}

/// A day some time later, or earlier if `sign` is -1.
pub fn moved(day: Date, text: &str, sign: i64) -> Result<Date, Raised> {
    match parse(text)? {
        Length::WorkingDays(days) => worked(day, days * sign),
        Length::Span(span) => day.checked_add(if sign < 0 { -span } else { span }).map_err(|_| beyond(text)),
    }
}

fn worked(mut day: Date, days: i64) -> Result<Date, Raised> {
    let step = Span::new().days(days.signum());
    let mut left = days.abs();
    while left > 0 {
        day = day.checked_add(step).map_err(|_| beyond(&format!("{days} working days")))?;
        left -= i64::from(is_working_day(day));
    }
    Ok(day)
}

/// Whether a day is from Monday to Friday.
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The error of a day outside the calendar.
pub fn beyond(text: &str) -> Raised {
    mistake(format!("\"{text}\" leads outside the calendar"), "years go from -9999 to 9999")
}
