//! What is allowed in a schedule and probably not meant.

use super::changes;
use super::crontab::{Calendar, Crontab, When};
use super::describe::{list, ordinal};
use super::field::Field;
use super::line::Fields;
use super::part::Part;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// One remark about a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// What may surprise, in a sentence.
    pub message: String,
    /// What to write if it is not meant.
    pub help: String,
}

fn lint(message: impl Into<String>, help: impl Into<String>) -> Lint {
    Lint { message: message.into(), help: help.into() }
}

/// What to do about a time of day that a change of the clocks moves.
pub const OTHER_NIGHT: &str = "choose a time outside the hours in which clocks change, or the time zone UTC";

/// Everything about a schedule that may surprise, seen from a moment in a zone.
pub fn all(crontab: &Crontab, zone: &TimeZone, now: Timestamp) -> Vec<Lint> {
    let mut found = shape(crontab, zone, now);
    for change in changes::next(crontab, zone, now, 2).into_iter().filter(|change| change.moves) {
        found.push(lint(change.sentence(crontab.zone.as_ref().unwrap_or(zone)), OTHER_NIGHT));
    }
    found
}

/// What may surprise on any day, without the nights on which clocks change.
pub fn shape(crontab: &Crontab, zone: &TimeZone, now: Timestamp) -> Vec<Lint> {
    let mut found = Vec::new();
    match &crontab.when {
        When::Calendar(calendars) => {
            for calendar in calendars.iter() {
                of_fields(calendar, &mut found);
            }
            if crontab.next(now, zone).is_none() {
                let help = "look at the year, the last of 7 fields";
                found.push(lint("it never runs again: all its times are past", help));
            }
        }
        When::Every(seconds) => of_every(*seconds, &mut found),
        When::Start => {}
    }
    found
}

fn of_every(seconds: i64, found: &mut Vec<Lint>) {
    const DAY: i64 = 86_400;
    if seconds >= DAY {
        found.push(lint(
            "it counts elapsed time from 1970 in UTC, so it runs at 00:00 UTC or another odd hour",
            "for a time of day write daily at 06:00, or every monday at 06:00",
        ));
    } else if DAY % seconds != 0 {
        found.push(lint(
            "it does not divide a day evenly, so it runs at other times every day",
            "10m, 15m, 20m, 30m, 1h, 2h, 3h, 4h, 6h, 8h and 12h do",
        ));
    }
}

fn of_fields(calendar: &Calendar, found: &mut Vec<Lint>) {
    let fields = &calendar.fields;
    for (part, field) in [
        (Part::Second, &fields.second),
        (Part::Minute, &fields.minute),
        (Part::Hour, &fields.hour),
        (Part::Day, &fields.day),
        (Part::Month, &fields.month),
        (Part::Weekday, &fields.weekday),
    ] {
        of_step(part, field, found);
    }
    if fields.minute.all(Part::Minute) && !fields.hour.all(Part::Hour) {
        let hour = fields.hour.values.first().copied().unwrap_or(0);
        found.push(lint(
            format!("it runs every minute of the hour: 60 times from {hour:02}:00 to {hour:02}:59"),
            format!("for once write 0 as the minute: 0 {hour} …"),
        ));
    }
    if calendar.seconds && fields.second.all(Part::Second) {
        found.push(lint(
            "with 6 fields the first is the second: it runs every second of each minute it names",
            "for once a minute write 0 first, or leave the seconds out",
        ));
    }
    if calendar.seconds && fields.weekday.numeric {
        found.push(lint(
            "weekdays are counted as in every crontab: 1 is Monday, 0 and 7 are Sunday; some programs that take 6 fields \
             count from Sunday as 1",
            "write MON to SUN",
        ));
    }
    of_days(fields, found);
}

fn of_step(part: Part, field: &Field, found: &mut Vec<Lint>) {
    let name = part.name();
    if let Some(step) = field.idle_step {
        let first = field.values.first().copied().unwrap_or(0);
        found.push(lint(
            format!("a step of {step} is longer than its range: only {name} {first} is left"),
            if part == Part::Minute {
                format!("for every {step} minutes write: every {step}m")
            } else {
                format!("write {first}")
            },
        ));
        return;
    }
    if !field.star || field.all(part) || field.values.len() < 2 {
        return;
    }
    let step = field.values[1] - field.values[0];
    let last = field.values.last().copied().unwrap_or(0);
    let turn = match part {
        Part::Second | Part::Minute => 60,
        Part::Hour => 24,
        Part::Day => {
            found.push(lint(
                format!(
                    "every {} day starts anew with each month: from the {} to the 1st it is not {step} days",
                    ordinal(step),
                    ordinal(last)
                ),
                format!("for every {step} days without a break write: every {step}d"),
            ));
            return;
        }
        Part::Month => 12,
        Part::Weekday => 7,
        Part::Year => return,
    };
    if turn % step != 0 {
        let (low, _) = part.bounds();
        let gap = turn + low - last;
        let help = match part {
            Part::Second => format!("for even steps write: every {step}s"),
            Part::Minute => format!("for even steps write: every {step}m"),
            Part::Hour => format!("for even steps write: every {step}h"),
            _ => "name the ones that are meant, like 1,4,7".into(),
        };
        let plural = if gap == 1 { "" } else { "s" };
        found.push(lint(
            format!("{step} does not divide {turn}: after {name} {last} the next is {gap} {name}{plural} away, not {step}"),
            help,
        ));
    }
}

fn of_days(fields: &Fields, found: &mut Vec<Lint>) {
    let day = !fields.day.all(Part::Day);
    let weekday = !fields.weekday.all(Part::Weekday);
    if day && weekday && !fields.both_days() {
        found.push(lint(
            "with a day of the month and a weekday, a crontab runs on both: on those days and also on those weekdays",
            "for only one of them write * in the other; for both at once let the script look at today()",
        ));
    } else if day && weekday {
        found.push(lint(
            "a day field with * and a step: like cron, it runs only when day of the month and weekday both fit; \
             some other programs run when either does",
            "write the days as a list, or leave one of the two fields at *",
        ));
    }
    if !day || (weekday && !fields.both_days()) {
        return;
    }
    let months: Vec<u16> = fields.month.values.clone();
    let lacking = |wanted: u16| months.iter().filter(|month| days_in(**month) < wanted).count();
    let missing: Vec<u16> = fields
        .day
        .values
        .iter()
        .copied()
        .filter(|day| *day > 28 && lacking(*day) > 0 && lacking(*day) < months.len())
        .collect();
    if !missing.is_empty()
        && !fields.day.star
        && fields.day.values.iter().all(|day| *day > 28)
        && !consecutive_to_end(&fields.day.values)
    {
        let texts: Vec<String> = missing.iter().map(|day| ordinal(*day)).collect();
        found.push(lint(
            format!("not every month has a {}: those months are left out", list(&texts)),
            "for the last day of the month write 28-31 and let the script look: if today() == today().end_of(\"month\") { … }",
        ));
    }
    if fields.day.values == [29] && fields.month.values == [2] {
        found.push(lint(
            "29 February comes every fourth year only",
            "write 28 2 for the end of every February but those",
        ));
    }
}

/// The fewest days a month has.
fn days_in(month: u16) -> u16 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether it is the known way to reach the last day: `28-31`.
fn consecutive_to_end(days: &[u16]) -> bool {
    days == [28, 29, 30, 31]
}
