//! Times: `now()`, `moment("2026-12-01T09:00:00Z")`, and their zones.

use super::super::host::Host;
use super::super::raise::{Raised, mistake};
use super::super::words::described;
use super::date::{Date, formatted, weekday_name};
use super::span::{self, Length, beyond};
use super::{Entry, entry};
use crate::schedule;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use rhai::{Dynamic, Engine};
use std::fmt;
use std::rc::Rc;

/// A point in time, and the zone it is shown in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub ZonedDateTime);

impl fmt::Display for Moment {
    /// As Vitally writes times: UTC with milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0.timestamp())
    }
}

impl Moment {
    /// The moment itself.
    pub fn timestamp(&self) -> jiff::Timestamp {
        self.0.timestamp()
    }
}

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry("now", "now()", "The present time, in the profile's time zone", "print(now());"),
    entry(
        "moment",
        "moment(text)",
        "A time from text such as a record's updatedAt; (), the empty value, stays ()",
        "print(moment(\"2026-12-01T09:00:00Z\"));",
    ),
    entry(
        "in_zone",
        ".in_zone(\"Europe/London\")",
        "The same time, shown in another zone",
        "print(now().in_zone(\"Europe/London\").format(\"%H:%M\"));",
    ),
    entry("date", ".date()", "The day of a time, in its zone", "print(now().date());"),
    entry("hour", ".hour", "The hour as a number; also .minute", "print(now().hour);"),
    entry("minute", ".minute", "The minute as a number", "print(now().minute);"),
    entry(
        "hours_between",
        "hours_between(from, to)",
        "Hours from one time to another, with a fraction",
        "print(hours_between(now(), now().plus(\"90 minutes\")));",
    ),
];

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let zone = host.timezone.clone();
    let clock = Rc::clone(&host.clock);
    engine.register_fn("now", move || Moment(clock.now().to_zoned_datetime(zone.get().clone())));
    let zone = host.timezone.clone();
    engine.register_fn("moment", move |value: Dynamic| -> Result<Dynamic, Raised> {
        Ok(of(&value, zone.get())?.map_or(Dynamic::UNIT, Dynamic::from))
    });
}

/// Registers what a time can do by itself.
pub fn register_type(engine: &mut Engine) {
    engine.register_type_with_name::<Moment>("Moment");
    engine.register_fn("to_string", |moment: &mut Moment| moment.to_string());
    engine.register_fn("to_debug", |moment: &mut Moment| moment.to_string());
    engine.register_get("year", |moment: &mut Moment| i64::from(moment.0.year()));
    engine.register_get("month", |moment: &mut Moment| i64::from(moment.0.month()));
    engine.register_get("day", |moment: &mut Moment| i64::from(moment.0.day()));
    engine.register_get("hour", |moment: &mut Moment| i64::from(moment.0.hour()));
    engine.register_get("minute", |moment: &mut Moment| i64::from(moment.0.minute()));
    engine.register_fn("weekday", |moment: Moment| weekday_name(moment.0.weekday()).to_string());
    engine.register_fn("is_working_day", |moment: Moment| span::is_working_day(moment.0.date()));
    engine.register_fn("date", |moment: Moment| Date(moment.0.date()));
    engine.register_fn("plus", |moment: Moment, length: &str| moved(&moment, length, 1));
    engine.register_fn("minus", |moment: Moment, length: &str| moved(&moment, length, -1));
    engine.register_fn("format", |moment: Moment, pattern: &str| {
        formatted(jiff::fmt::strtime::format(pattern, &moment.0), pattern)
    });
    engine.register_fn("in_zone", |moment: Moment, name: &str| -> Result<Moment, Raised> {
        Ok(Moment(moment.0.with_time_zone(zone(name)?)))
    });
    engine.register_fn("hours_between", |from: Moment, to: Moment| {
        (to.0.timestamp().as_millisecond() - from.0.timestamp().as_millisecond()) as f64 / 3_600_000.0
    });
    engine.register_fn("==", |a: Moment, b: Moment| a == b);
    engine.register_fn("!=", |a: Moment, b: Moment| a != b);
    engine.register_fn("<", |a: Moment, b: Moment| a < b);
    engine.register_fn("<=", |a: Moment, b: Moment| a <= b);
    engine.register_fn(">", |a: Moment, b: Moment| a > b);
    engine.register_fn(">=", |a: Moment, b: Moment| a >= b);
}

/// The zone of that name.
pub fn zone(name: &str) -> Result<TimeZone, Raised> {
    schedule::zone::named(name).map_err(|(message, help)| mistake(message, help))
}

/// The time a script value means; `()` and empty text mean none.
pub fn of(value: &Dynamic, zone: &TimeZone) -> Result<Option<Moment>, Raised> {
    if value.is_unit() {
        return Ok(None);
    }
    if let Some(moment) = value.read_lock::<Moment>() {
        return Ok(Some(moment.clone()));
    }
    if let Some(day) = value.read_lock::<Date>() {
        let start = day.0.to_zoned_datetime(zone.clone()).map_err(|_| beyond(&day.to_string()))?;
        return Ok(Some(Moment(start)));
    }
    let text = value.as_immutable_string_ref().map(|text| text.trim().to_string()).unwrap_or_default();
    if value.is_string() && text.is_empty() {
        return Ok(None);
    }
    let time = text.parse::<Timestamp>().ok().map(|time| time.to_zoned_datetime(zone.clone()));
    let local = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned_datetime(zone.clone()).ok();
    time.or_else(local).map(|time| Some(Moment(time))).ok_or_else(|| {
        mistake(
            format!("moment needs a time, and got {}", described(value)),
            "such as \"2026-12-01T09:00:00Z\", or a time field of a record",
        )
    })
}

fn moved(moment: &Moment, text: &str, sign: i64) -> Result<Moment, Raised> {
    let moved = match span::parse(text)? {
        Length::Span(length) => moment.0.checked_add(if sign < 0 { -length } else { length }),
        Length::WorkingDays(_) => {
            let day = span::moved(moment.0.date(), text, sign)?;
            moment.0.with().date(day).build()
        }
    };
    moved.map(Moment).map_err(|_| beyond(text))
}
