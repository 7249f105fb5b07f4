//! Dates that match, on a line without time zones: the arithmetic of the `cron` crate.
//!
//! The crate is given nothing but explicit lists of numbers and is asked about UTC only. What people type it misreads
//! (`1-5` is Sunday to Thursday there), and at the end of summer time it goes back in time.

use super::field::Field;
use super::part::Part;
use chrono::{DateTime, Utc};
use cron::Schedule;
use std::fmt::Write as _;
use std::str::FromStr as _;

/// The fields of one crontab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Seconds.
    pub second: Field,
    /// Minutes.
    pub minute: Field,
    /// Hours.
    pub hour: Field,
    /// Days of the month.
    pub day: Field,
    /// Months.
    pub month: Field,
    /// Weekdays.
    pub weekday: Field,
    /// Years.
    pub year: Field,
}

impl Fields {
    /// Whether day of the month and weekday must both hold: cron's rule is that they must when one of them begins with
    /// `*`, and that either is enough when neither does.
    pub fn both_days(&self) -> bool {
        self.day.star || self.weekday.star
    }

    /// Whether it follows the clock's hands, not a time of day: cron's rule is that the minute or the hour begins with `*`.
    pub fn interval(&self) -> bool {
        self.minute.star || self.hour.star
    }
}

/// The dates and times that fields let through.
#[derive(Clone, Debug)]
pub struct Line(Vec<Schedule>);

impl Line {
    /// The line of these fields.
    pub fn new(fields: &Fields) -> Line {
        let any_day = Field::any(Part::Day);
        let any_weekday = Field::any(Part::Weekday);
        let texts = if fields.both_days() {
            vec![spelled(fields, &fields.day, &fields.weekday)]
        } else {
            vec![spelled(fields, &fields.day, &any_weekday), spelled(fields, &any_day, &fields.weekday)]
        };
        Line(texts.iter().filter_map(|text| Schedule::from_str(text).ok()).collect())
    }

    /// The first second after this one, both counted from 1970 as if the clock on the wall showed UTC.
    pub fn next(&self, after: i64) -> Option<i64> {
        let after = DateTime::<Utc>::from_timestamp(after, 0)?;
        self.0.iter().filter_map(|schedule| schedule.after(&after).next()).map(|at| at.timestamp()).min()
    }
}

/// The fields as the crate reads them: second to year, Sunday as 1.
fn spelled(fields: &Fields, day: &Field, weekday: &Field) -> String {
    let mut text = String::new();
    let parts = [
        (Part::Second, &fields.second),
        (Part::Minute, &fields.minute),
        (Part::Hour, &fields.hour),
        (Part::Day, day),
        (Part::Month, &fields.month),
        (Part::Weekday, weekday),
        (Part::Year, &fields.year),
    ];
    for (part, field) in parts {
        if !text.is_empty() {
            text.push(' ');
        }
        if field.all(part) {
            text.push('*');
            continue;
        }
        for (index, value) in field.values.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let value = if part == Part::Weekday { value + 1 } else { *value };
            // Writing into a text cannot fail.
            let _ = write!(text, "{comma}{value}");
        }
    }
    text
}
