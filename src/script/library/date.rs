//! Days: `today()`, `date("2026-12-01")`, and what can be done with them.

use super::super::host::Host;
use super::super::raise::{Raised, mistake};
use super::super::words::{described, did_you_mean};
use super::moment::Moment;
use super::span::{self, beyond};
use super::{Entry, entry};
use jiff::civil::{self, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rhai::{Dynamic, Engine};
use std::fmt;
use std::rc::Rc;

/// A day without a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub civil::Date);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry("today", "today()", "The present day in the profile's time zone", "print(today());"),
    entry(
        "date",
        "date(text, [\"DMY\"])",
        "A day from text; (), the empty value, stays (). Days written another way need their order: DMY, MDY or YMD",
        "print(date(\"28/10/2026\", \"DMY\"));",
    ),
    entry(
        "plus",
        ".plus(\"2 weeks\")",
        "A later day or time: \"30d\", \"3 months\", \"1 working day\"",
        "print(today().plus(\"2 weeks\"));",
    ),
    entry("minus", ".minus(\"30d\")", "An earlier day or time", "print(today().minus(\"30d\"));"),
    entry(
        "days_until",
        "days_until(day)",
        "Days from today to a day; negative when it is past",
        "print(days_until(\"2027-01-01\"));",
    ),
    entry(
        "days_between",
        "days_between(from, to)",
        "Days from one day to another",
        "print(days_between(\"2026-11-01\", \"2026-12-01\"));",
    ),
    entry(
        "earlier_of",
        "earlier_of(a, b)",
        "The earlier of two days",
        "print(earlier_of(today(), date(\"2026-12-01\")));",
    ),
    entry(
        "later_of",
        "later_of(a, b)",
        "The later of two days",
        "print(later_of(today(), date(\"2026-12-01\")));",
    ),
    entry("weekday", ".weekday()", "The day's name, such as Monday", "print(today().weekday());"),
    entry(
        "is_working_day",
        ".is_working_day()",
        "Whether it is from Monday to Friday",
        "print(today().is_working_day());",
    ),
    entry(
        "start_of",
        ".start_of(\"month\")",
        "The first day of its week (Monday), month, quarter or year",
        "print(today().start_of(\"month\"));",
    ),
    entry(
        "end_of",
        ".end_of(\"month\")",
        "The last day of its week, month, quarter or year",
        "print(today().end_of(\"quarter\"));",
    ),
    entry(
        "format",
        ".format(\"%d %b %Y\")",
        "A day or time as text; the signs are those of strftime",
        "print(today().format(\"%d %b %Y\"));",
    ),
    entry("year", ".year", "The year as a number; also .month and .day", "print(today().year);"),
    entry("month", ".month", "The month as a number", "print(today().month);"),
    entry("day", ".day", "The day of the month as a number", "print(today().day);"),
];

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let zone = host.timezone.clone();
    let clock = Rc::clone(&host.clock);
    let today = move || clock.now().to_zoned_datetime(zone.get().clone()).date();
    let at = today.clone();
    engine.register_fn("today", move || Date(at()));
    let zone = host.timezone.clone();
    engine.register_fn("days_until", move |day: Dynamic| -> Result<Dynamic, Raised> {
        Ok(of(&day, zone.get(), "days_until")?.map_or(Dynamic::UNIT, |day| days(today(), day.0).into()))
    });
    let zone = host.timezone.clone();
    engine.register_fn("days_between", move |from: Dynamic, to: Dynamic| -> Result<Dynamic, Raised> {
        let (from, to) = (of(&from, zone.get(), "days_between")?, of(&to, zone.get(), "days_between")?);
        Ok(from.zip(to).map_or(Dynamic::UNIT, |(from, to)| days(from.0, to.0).into()))
    });
    let zone = host.timezone.clone();
    engine.register_fn("date", move |value: Dynamic| -> Result<Dynamic, Raised> {
        Ok(of(&value, zone.get(), "date")?.map_or(Dynamic::UNIT, Dynamic::from))
    });
    let zone = host.timezone.clone();
    engine.register_fn("date", move |value: Dynamic, order: &str| -> Result<Dynamic, Raised> {
        match value.as_immutable_string_ref() {
            Ok(text) if !text.trim().is_empty() => ordered(&text, order).map(Dynamic::from),
            Ok(_) => Ok(Dynamic::UNIT),
            Err(_) => Ok(of(&value, zone.get(), "date")?.map_or(Dynamic::UNIT, Dynamic::from)),
        }
    });
}

/// Registers what a day can do by itself.
pub fn register_type(engine: &mut Engine) {
    engine.register_type_with_name::<Date>("Date");
    engine.register_fn("to_string", |day: &mut Date| day.to_string());
    engine.register_fn("to_debug", |day: &mut Date| day.to_string());
    engine.register_get("year", |day: &mut Date| i64::from(day.0.year()));
    engine.register_get("month", |day: &mut Date| i64::from(day.0.month()));
    engine.register_get("day", |day: &mut Date| i64::from(day.0.day()));
    engine.register_fn("weekday", |day: Date| weekday_name(day.0.weekday()).to_string());
    engine.register_fn("is_working_day", |day: Date| span::is_working_day(day.0));
    engine.register_fn("plus", |day: Date, length: &str| span::moved(day.0, length, 1).map(Date));
    engine.register_fn("minus", |day: Date, length: &str| span::moved(day.0, length, -1).map(Date));
    engine.register_fn("+", |day: Date, days: i64| shifted(day, days));
    engine.register_fn("-", |day: Date, days: i64| shifted(day, -days));
    engine.register_fn("-", |to: Date, from: Date| days(from.0, to.0));
    engine.register_fn("earlier_of", |a: Date, b: Date| a.min(b));
    engine.register_fn("later_of", |a: Date, b: Date| a.max(b));
    engine.register_fn("start_of", |day: Date, unit: &str| bounds(day.0, unit).map(|(first, _)| Date(first)));
    engine.register_fn("end_of", |day: Date, unit: &str| bounds(day.0, unit).map(|(_, last)| Date(last)));
    engine.register_fn("format", |day: Date, pattern: &str| {
        formatted(jiff::fmt::strtime::format(pattern, day.0), pattern)
    });
    engine.register_fn("==", |a: Date, b: Date| a == b);
    engine.register_fn("!=", |a: Date, b: Date| a != b);
    engine.register_fn("<", |a: Date, b: Date| a < b);
    engine.register_fn("<=", |a: Date, b: Date| a <= b);
    engine.register_fn(">", |a: Date, b: Date| a > b);
    engine.register_fn(">=", |a: Date, b: Date| a >= b);
}

/// The day a script value means; `()` and empty text mean none.
pub fn of(value: &Dynamic, zone: &TimeZone, function: &str) -> Result<Option<Date>, Raised> {
    if value.is_unit() {
        return Ok(None);
    }
    if let Some(day) = value.read_lock::<Date>() {
        return Ok(Some(*day));
    }
    if let Some(moment) = value.read_lock::<Moment>() {
        return Ok(Some(Date(moment.0.date())));
    }
    let Ok(text) = value.as_immutable_string_ref() else {
        return Err(mistake(
            format!("{function} needs a day, and got {}", described(value)),
            "such as \"2026-12-01\", today(), or a date field of a record",
        ));
    };
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    // A text as short as a plain day has no time in it, and need not be looked at for one.
    if text.len() > "2026-12-01".len()
        && let Ok(time) = text.parse::<Timestamp>()
    {
        return Ok(Some(Date(day_of(time, zone))));
    }
    text.parse::<civil::Date>().map(|day| Some(Date(day))).map_err(|_| {
        mistake(
            format!("\"{text}\" is not a day that can be read without knowing its order"),
            "write it as 2026-12-01, or say the order: date(\"28/10/2026\", \"DMY\")",
        )
    })
}

/// Vitally writes plain days as midnight UTC: those keep their day in every zone. Other times are days of the zone.
fn day_of(time: Timestamp, zone: &TimeZone) -> civil::Date {
    let utc = TimeZone::UTC.to_datetime(time);
    let told = if utc.time() == civil::Time::midnight() { utc } else { zone.to_datetime(time) };
    told.date()
}

/// Whether a text names the order of a day's parts.
pub fn is_order(text: &str) -> bool {
    ["DMY", "MDY", "YMD"].contains(&text.to_uppercase().as_str())
}

/// Reads a day whose parts stand in a known order, between any signs.
pub fn ordered(text: &str, order: &str) -> Result<Date, Raised> {
    let parts: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let upper = order.to_uppercase();
    let known = is_order(order);
    let find = |letter: char| {
        upper.find(letter).and_then(|at| parts.get(at)).and_then(|part| part.parse::<i16>().ok())
    };
    let day = find('Y').zip(find('M')).zip(find('D')).filter(|_| known && parts.len() == 3);
    let day = day.and_then(|((year, month), day)| {
        let year = if (0..100).contains(&year) { year + 2000 } else { year };
        civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    });
    day.map(Date).ok_or_else(|| {
        mistake(
            format!("\"{text}\" is not a day in the order {order}"),
            "the order is DMY, MDY or YMD: date(\"28/10/2026\", \"DMY\")",
        )
    })
}

fn days(from: civil::Date, to: civil::Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

fn shifted(day: Date, days: i64) -> Result<Date, Raised> {
    let text = format!("{days} days");
    let span = Span::new().try_days(days).map_err(|_| beyond(&text))?;
    day.0.checked_add(span).map(Date).map_err(|_| beyond(&text))
}

/// The first and the last day of the week, month, quarter or year that holds a day.
pub fn bounds(day: civil::Date, unit: &str) -> Result<(civil::Date, civil::Date), Raised> {
    let month_span = |first: i8, last: i8| {
        let at = |month| civil::Date::new(day.year(), month, 1).map_err(|_| beyond(unit));
        Ok((at(first)?, at(last)?.last_of_month()))
    };
    match unit {
        "week" => {
            let back = i64::from(day.weekday().to_monday_zero_offset());
            let first = shifted(Date(day), -back)?;
            Ok((first.0, shifted(first, 6)?.0))
        }
        "month" => Ok((day.first_of_month(), day.last_of_month())),
        "quarter" => {
            let first = (day.month() - 1) / 3 * 3 + 1;
            month_span(first, first + 2)
        }
        "year" => month_span(1, 12),
        _ => {
            let near = did_you_mean(unit, ["week", "month", "quarter", "year"]);
            Err(mistake(
                format!("\"{unit}\" is not a part of the calendar here{near}"),
                "it can be week, month, quarter or year",
            ))
        }
    }
}

/// The result of formatting, or an error that names the pattern.
pub fn formatted(text: Result<String, jiff::Error>, pattern: &str) -> Result<String, Raised> {
    text.map_err(|_| {
        mistake(
            format!("\"{pattern}\" is not a way to write a day"),
            "such as \"%d %b %Y\", which gives 01 Dec 2026",
        )
    })
}

/// The English name of a weekday.
pub fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
