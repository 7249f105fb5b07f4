//! What a person typed as a schedule, and the times it means.

use super::field::Field;
use super::line::{Fields, Line};
use super::mistake::{Mistake, mistake};
use super::part::Part;
use super::token::{Token, tokens};
use super::{length, local, plain, zone};
use crate::script::words::did_you_mean;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A schedule, read and understood.
#[derive(Clone, Debug)]
pub struct Crontab {
    /// As it was typed.
    pub text: String,
    /// What it means.
    pub when: When,
    /// The zone that `CRON_TZ=` names.
    pub zone: Option<TimeZone>,
}

/// When a schedule runs.
#[derive(Clone, Debug)]
pub enum When {
    /// At times of the calendar; at any of several, if the words named times that one crontab cannot hold.
    Calendar(Arc<[Calendar]>),
    /// Every so many seconds of elapsed time, counted from 1970 in UTC.
    Every(i64),
    /// Once, when the program starts.
    Start,
}

/// The times of one crontab.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// What was typed, as numbers.
    pub fields: Fields,
    /// Whether seconds were typed.
    pub seconds: bool,
    pub(super) line: Line,
}

impl Calendar {
    /// The times that these fields let through.
    pub fn new(fields: Fields, seconds: bool) -> Calendar {
        let line = Line::new(&fields);
        Calendar { fields, seconds, line }
    }

    fn next(&self, after: i64, zone: &TimeZone) -> Option<i64> {
        if self.fields.interval() {
            local::next_interval(after, &self.line, zone)
        } else {
            local::next_fixed(after, &self.line, zone)
        }
    }
}

/// The macros and the crontabs they stand for.
const MACROS: &[(&str, &str)] = &[
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// What a crontab looks like, for advice.
const SHAPE: &str = "5 fields: minute hour day month weekday, such as 0 6 * * MON-FRI; \
                     6 with seconds first, 7 with the year last; or in words: weekdays at 06:00";

impl Crontab {
    /// Reads a crontab of 5, 6 or 7 fields, a macro such as `@daily`, or plain words such as `weekdays at 06:00`; a
    /// leading `CRON_TZ=Europe/London` names its zone. What can never happen, such as 31 February, is a mistake.
    pub fn parse(text: &str) -> Result<Crontab, Mistake> {
        read(text).map_err(|found| Mistake { expression: text.into(), ..found })
    }

    /// The schedule that runs every so many seconds: `10m`, `1h30m`, `90 seconds`.
    pub fn every(text: &str) -> Result<Crontab, Mistake> {
        match length::seconds(text) {
            Some(seconds) => Ok(Crontab {
                text: format!("every {}", length::words(seconds)),
                when: When::Every(seconds),
                zone: None,
            }),
            None => Err(Mistake { expression: text.into(), ..not_a_length(text, 0) }),
        }
    }

    /// The first moment after this one at which it is due, on whole seconds; `None`: never again. A zone of its own goes before the
    /// one given.
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let after = local::second(after);
        let zone = self.zone.as_ref().unwrap_or(zone);
        let next = match &self.when {
            When::Calendar(calendars) => calendars.iter().filter_map(|it| it.next(after, zone)).min(),
            When::Every(seconds) => Some((after.div_euclid(*seconds) + 1) * seconds),
            When::Start => None,
        };
        next.and_then(|at| Timestamp::from_second(at).ok())
    }

    /// The moments after this one at which it is due.
    pub fn upcoming<'a>(
        &'a self,
        after: Timestamp,
        zone: &'a TimeZone,
    ) -> impl Iterator<Item = Timestamp> + 'a {
        std::iter::successors(self.next(after, zone), move |at| self.next(*at, zone))
    }
}

fn read(text: &str) -> Result<Crontab, Mistake> {
    let mut words = tokens(text, 0);
    let zone = zone_prefix(&mut words)?;
    let Some(first) = words.first().copied() else {
        return Err(mistake(0..text.len(), "there is no schedule", SHAPE));
    };
    let when = if first.text.starts_with('@') {
        by_macro(text, &words)?
    } else if plain::is_plain(&words) {
        plain::read(text, &words)?
    } else {
        When::Calendar([fields(text, &words)?].into())
    };
    if let When::Calendar(calendars) = &when
        && calendars.iter().all(|calendar| calendar.line.next(before_all(calendar)).is_none())
    {
        return Err(never(first.start..text.trim_end().len(), calendars));
    }
    Ok(Crontab { text: text.trim().into(), when, zone })
}

/// Takes `CRON_TZ=…` or `TZ=…` off the front.
fn zone_prefix(words: &mut Vec<Token<'_>>) -> Result<Option<TimeZone>, Mistake> {
    let Some(first) = words.first().copied() else { return Ok(None) };
    let name = first.text.strip_prefix("CRON_TZ=").or_else(|| first.text.strip_prefix("TZ="));
    let Some(name) = name else { return Ok(None) };
    words.remove(0);
    let bare = name.trim_matches(['"', '\'']);
    match zone::named(bare) {
        Ok(zone) => Ok(Some(zone)),
        Err((message, help)) => {
            let end = first.range().end;
            Err(mistake(end - name.len()..end, message, help))
        }
    }
}

fn by_macro(text: &str, words: &[Token<'_>]) -> Result<When, Mistake> {
    let first = words[0];
    let name = first.text.to_ascii_lowercase();
    let rest = words.get(1).map_or("", |word| text[word.start..].trim_end());
    if name == "@every" {
        return match length::seconds(rest) {
            Some(seconds) => Ok(When::Every(seconds)),
            None if rest.is_empty() => Err(not_a_length(first.text, first.start)),
            None => Err(not_a_length(rest, words[1].start)),
        };
    }
    if let Some(word) = words.get(1) {
        return Err(mistake(
            word.start..text.trim_end().len(),
            format!("nothing may follow {}", first.text),
            "a schedule is only the time; what runs at that time stands elsewhere",
        ));
    }
    if name == "@reboot" {
        return Ok(When::Start);
    }
    if let Some((_, crontab)) = MACROS.iter().find(|(known, _)| *known == name) {
        return Ok(When::Calendar([fields(crontab, &tokens(crontab, 0))?].into()));
    }
    let known: Vec<&str> = MACROS.iter().map(|(name, _)| *name).chain(["@reboot", "@every"]).collect();
    let near = did_you_mean(&name, known.iter().copied());
    let message = format!("there is no {}{near}", first.text);
    Err(mistake(first.range(), message, format!("known are {} 10m", known.join(", "))))
}

fn not_a_length(text: &str, at: usize) -> Mistake {
    let message = format!("\"{text}\" is not a length of time");
    mistake(at..at + text.len(), message, "write every 10m, 90s, 2h or 1h30m")
}

/// Reads 5, 6 or 7 fields.
fn fields(text: &str, words: &[Token<'_>]) -> Result<Calendar, Mistake> {
    let whole = words[0].start..text.trim_end().len();
    if let Some(word) = words.iter().skip(5).find(|word| command_like(word.text)) {
        return Err(mistake(
            word.start..whole.end,
            format!("\"{}\" is no part of a time", word.text),
            "leave out the command of a crontab line: a schedule is only the time",
        ));
    }
    let count = words.len();
    let (seconds, year) = match count {
        5 => (false, false),
        6 => (true, false),
        7 => (true, true),
        _ => {
            let plural = if count == 1 { "" } else { "s" };
            let message = format!("this has {count} field{plural}, and a crontab has 5, 6 or 7");
            return Err(mistake(whole, message, SHAPE));
        }
    };
    let mut rest = words.iter().copied();
    let mut next =
        |part: Part| rest.next().map_or_else(|| Ok(Field::any(part)), |word| Field::parse(part, word));
    let second = if seconds { next(Part::Second)? } else { Field::of([0]) };
    let fields = Fields {
        second,
        minute: next(Part::Minute)?,
        hour: next(Part::Hour)?,
        day: next(Part::Day)?,
        month: next(Part::Month)?,
        weekday: next(Part::Weekday)?,
        year: if year { next(Part::Year)? } else { Field::any(Part::Year) },
    };
    Ok(Calendar::new(fields, seconds))
}

/// Whether a word is the command of a crontab line: `/usr/bin/true`, `run.sh`.
fn command_like(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next().unwrap_or(' ');
    matches!(first, '/' | '.' | '~') || (first.is_ascii_lowercase() && word.contains(['.', '/']))
}

/// A second before everything that a schedule could mean. 28 years from 2000 hold every pair of date and weekday.
fn before_all(calendar: &Calendar) -> i64 {
    const START_OF_2000: i64 = 946_684_800;
    if calendar.fields.year.all(Part::Year) { START_OF_2000 - 1 } else { -1 }
}

fn never(range: std::ops::Range<usize>, calendars: &[Calendar]) -> Mistake {
    let fields = calendars.first().map(|calendar| &calendar.fields);
    let longest = fields.map_or(31, |fields| {
        let days = |month: &u16| match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        fields.month.values.iter().map(days).max().unwrap_or(31)
    });
    let help = match fields.and_then(|fields| fields.day.values.first()) {
        Some(day) if *day > longest => {
            format!(
                "the longest month named has {longest} days; for the last day of a month write 28-31 and let the \
                     script look: if today() == today().end_of(\"month\") {{ … }}"
            )
        }
        _ => "no day has this date, this weekday and this year together".into(),
    };
    mistake(range, "this never happens", help)
}
