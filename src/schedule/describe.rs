//! A schedule in words, made from what it means and not from how it was typed.

use super::crontab::{Calendar, Crontab, When};
use super::field::Field;
use super::length;
use super::line::Fields;
use super::part::{MONTHS, Part, WEEKDAYS};

impl Crontab {
    /// What it means, as words that follow "runs": `at 06:00, Monday to Friday`.
    pub fn words(&self) -> String {
        match &self.when {
            When::Start => "once, when the program starts".into(),
            When::Every(1) => "every second".into(),
            When::Every(60) => "every minute".into(),
            When::Every(3_600) => "every hour".into(),
            When::Every(seconds) => format!("every {}", length::words(*seconds)),
            When::Calendar(calendars) => several(calendars),
        }
    }
}

/// Calendars made from words differ only in their times.
fn several(calendars: &[Calendar]) -> String {
    let clocks: Vec<String> = calendars.iter().map(|calendar| clock(&calendar.fields)).collect();
    let days = calendars.first().map(|calendar| days(&calendar.fields)).unwrap_or_default();
    if let [only] = &clocks[..] {
        return format!("{only}{days}");
    }
    let fields = calendars.iter().map(|calendar| &calendar.fields);
    let mut times: Vec<String> = fields.flat_map(times).collect();
    times.sort_unstable();
    format!("at {}{days}", list(&times))
}

/// Every time of the day.
fn times(fields: &Fields) -> Vec<String> {
    let mut times = Vec::new();
    for hour in &fields.hour.values {
        for minute in &fields.minute.values {
            for second in &fields.second.values {
                let seconds =
                    if fields.second.values == [0] { String::new() } else { format!(":{second:02}") };
                times.push(format!("{hour:02}:{minute:02}{seconds}"));
            }
        }
    }
    times
}

/// The time of the day.
fn clock(fields: &Fields) -> String {
    let (second, minute, hour) = (&fields.second, &fields.minute, &fields.hour);
    let at_zero = second.values == [0];
    if second.values.len() * minute.values.len() * hour.values.len() <= 6 {
        return format!("at {}", list(&times(fields)));
    }
    let mut parts = Vec::new();
    if !at_zero {
        parts.push(rhythm(second, Part::Second, "minute"));
    }
    if !minute.all(Part::Minute) || at_zero {
        parts.push(rhythm(minute, Part::Minute, "hour"));
    }
    if !hour.all(Part::Hour) {
        parts.push(hours(hour));
    }
    parts.join(", ")
}

/// `every 15 minutes`, `every minute`, `at minute 5 and 35 of the hour`.
fn rhythm(field: &Field, part: Part, whole: &str) -> String {
    let name = part.name();
    if field.all(part) {
        return format!("every {name}");
    }
    if let [only] = field.values[..] {
        return if only == 0 && part == Part::Minute {
            "on the hour".into()
        } else {
            format!("at {name} {only} of the {whole}")
        };
    }
    match steps(field, part) {
        Some((0, step)) => format!("every {step} {name}s of the {whole}"),
        Some((first, step)) => format!("every {step} {name}s of the {whole}, from {name} {first}"),
        None => format!("at {name} {} of the {whole}", spans(&field.values, |value| value.to_string())),
    }
}

fn hours(field: &Field) -> String {
    if let Some((first, step)) = steps(field, Part::Hour) {
        return format!("every {step} hours from {first:02}:00");
    }
    let texts = runs(&field.values).into_iter().map(|(first, last)| {
        if first == last {
            format!("in the hour from {first:02}:00")
        } else {
            format!("from {first:02}:00 to {last:02}:59")
        }
    });
    list(&texts.collect::<Vec<_>>())
}

/// The days, with a comma before them; nothing for every day.
fn days(fields: &Fields) -> String {
    let day = (!fields.day.all(Part::Day)).then(|| days_of_month(&fields.day));
    let weekday = (!fields.weekday.all(Part::Weekday)).then(|| weekdays(&fields.weekday));
    let mut text = match (day, weekday) {
        (None, None) => String::new(),
        (Some(day), None) => format!(", on {day} of the month"),
        (None, Some(weekday)) => format!(", {weekday}"),
        (Some(day), Some(weekday)) if fields.both_days() => {
            format!(", on {day} of the month if that is {}", weekday.replace(" and ", " or "))
        }
        (Some(day), Some(weekday)) => format!(", on {day} of the month and also {weekday}"),
    };
    if !fields.month.all(Part::Month) {
        let name = |month: u16| MONTHS[usize::from(month.clamp(1, 12)) - 1].to_string();
        text = format!("{text}, in {}", spans(&fields.month.values, name));
    }
    if !fields.year.all(Part::Year) {
        text = format!("{text}, in {}", spans(&fields.year.values, |year| year.to_string()));
    }
    text
}

fn days_of_month(field: &Field) -> String {
    match steps(field, Part::Day) {
        Some((first, step)) => format!("every {step}{} day from the {}", ending(step), ordinal(first)),
        None => format!("the {}", spans(&field.values, ordinal)),
    }
}

fn weekdays(field: &Field) -> String {
    // Sunday ends a week, as in Friday to Sunday.
    let mut values: Vec<u16> = field.values.iter().map(|day| if *day == 0 { 7 } else { *day }).collect();
    values.sort_unstable();
    spans(&values, |day| WEEKDAYS[usize::from(day.min(7))].to_string())
}

/// The first value and the step of a field that goes through its whole range in even steps, at least three of them.
fn steps(field: &Field, part: Part) -> Option<(u16, u16)> {
    let [first, second, .., last] = field.values[..] else { return None };
    let step = second - first;
    let even = field.values.windows(2).all(|pair| pair[1] - pair[0] == step);
    let (low, high) = part.bounds();
    (even && step > 1 && first < low + step && last + step > high).then_some((first, step))
}

/// The values as runs of neighbours.
fn runs(values: &[u16]) -> Vec<(u16, u16)> {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for value in values {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *value => *last = *value,
            _ => runs.push((*value, *value)),
        }
    }
    runs
}

/// `1, 3 and 5 to 9`.
fn spans(values: &[u16], name: impl Fn(u16) -> String) -> String {
    let texts = runs(values).into_iter().flat_map(|(first, last)| match last - first {
        0 => vec![name(first)],
        1 => vec![name(first), name(last)],
        _ => vec![format!("{} to {}", name(first), name(last))],
    });
    list(&texts.collect::<Vec<_>>())
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<T: AsRef<str>>(texts: &[T]) -> String {
    match texts {
        [] => String::new(),
        [only] => only.as_ref().into(),
        [all @ .., last] => {
            let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", all.join(", "), last.as_ref())
        }
    }
}

/// `1st`, `2nd`, `13th`.
pub fn ordinal(number: u16) -> String {
    format!("{number}{}", ending(number))
}

fn ending(number: u16) -> &'static str {
    match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}
