//! One field of a crontab: `*`, `5`, `MON-FRI`, `*/15`, `1,15`, … read strictly, as an explicit list of numbers.

use super::mistake::{Mistake, mistake};
use super::part::Part;
use super::token::Token;
use crate::script::words::did_you_mean;
use std::ops::Range;

/// What one field lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The values, ascending; weekdays from 0 (Sunday) to 6.
    pub values: Vec<u16>,
    /// Whether it begins with `*` or `?`: cron treats such a field as unrestricted, whatever follows.
    pub star: bool,
    /// The step that was typed and is longer than the range it steps through, if one is.
    pub idle_step: Option<u16>,
    /// Whether a weekday was typed as a number.
    pub numeric: bool,
}

impl Field {
    /// A field with these values, which began with no star.
    pub fn of(values: impl IntoIterator<Item = u16>) -> Field {
        let mut values: Vec<u16> = values.into_iter().collect();
        values.sort_unstable();
        values.dedup();
        Field { values, star: false, idle_step: None, numeric: false }
    }

    /// `*`.
    pub fn any(part: Part) -> Field {
        let (low, high) = part.bounds();
        let high = if part == Part::Weekday { 6 } else { high };
        Field { star: true, ..Field::of(low..=high) }
    }

    /// Whether it lets everything through.
    pub fn all(&self, part: Part) -> bool {
        self.values.len() == part.count()
    }

    /// Reads a field.
    pub fn parse(part: Part, token: Token<'_>) -> Result<Field, Mistake> {
        let mut values = Vec::new();
        let mut idle_step = None;
        let mut numeric = false;
        let mut start = token.start;
        for text in token.text.split(',') {
            let item = Item { part, token: Token { text, start }, whole: token };
            let (some, idle) = item.values()?;
            values.extend(some.map(|value| if part == Part::Weekday { value % 7 } else { value }));
            idle_step = idle_step.or(idle);
            numeric |= text.starts_with(|c: char| c.is_ascii_digit());
            start += text.len() + 1;
        }
        let star = token.text.starts_with(['*', '?']);
        Ok(Field { star, idle_step, numeric, ..Field::of(values) })
    }
}

/// One item of a list.
struct Item<'a> {
    part: Part,
    token: Token<'a>,
    whole: Token<'a>,
}

/// The values of an item, and its step if that leaves only the first of several.
type Values = (std::iter::StepBy<std::ops::RangeInclusive<u16>>, Option<u16>);

impl Item<'_> {
    fn values(&self) -> Result<Values, Mistake> {
        let text = self.token.text;
        if text.is_empty() {
            return Err(mistake(
                self.whole.range(),
                format!("\"{}\" has a comma with nothing beside it", self.whole.text),
                "a list is written without blanks, like 1,15",
            ));
        }
        let (base, step) = match text.split_once('/') {
            Some((base, step)) => (base, Some(step)),
            None => (text, None),
        };
        let (low, high) = self.part.bounds();
        let (first, last) = if base == "*" || base == "?" {
            (low, if self.part == Part::Weekday { 6 } else { high })
        } else if base.starts_with(['*', '?']) {
            return Err(self.after_star(base));
        } else if let Some((from, to)) = base.split_once('-') {
            self.range(from, to)?
        } else {
            let value = self.value(base, 0)?;
            let high = if self.part == Part::Weekday { 6 } else { high };
            (value, if step.is_some() { high.max(value) } else { value })
        };
        if base == "?" && !matches!(self.part, Part::Day | Part::Weekday) {
            return Err(mistake(
                self.token.range(),
                format!(
                    "? is only for the day of the month and the weekday, not for the {}",
                    self.part.name()
                ),
                "write * for \"every\"",
            ));
        }
        let step = step.map(|step| self.step(base.len() + 1, step)).transpose()?;
        let idle = step.filter(|step| *step > last - first && last > first);
        Ok(((first..=last).step_by(usize::from(step.unwrap_or(1))), idle))
    }

    /// The place of some bytes of this item.
    fn at(&self, range: Range<usize>) -> Range<usize> {
        self.token.start + range.start..self.token.start + range.end
    }

    fn range(&self, from: &str, to: &str) -> Result<(u16, u16), Mistake> {
        let first = self.value(from, 0)?;
        let mut last = self.value(to, from.len() + 1)?;
        // "FRI-SUN" ends with the Sunday after it.
        if self.part == Part::Weekday && last == 0 && first > 0 && self.part.named(to).is_some() {
            last = 7;
        }
        if first > last {
            let (low, high) = self.part.bounds();
            let high = if self.part == Part::Weekday { 6 } else { high };
            let span = |from: u16, to: u16| {
                if from == to { from.to_string() } else { format!("{from}-{to}") }
            };
            return Err(mistake(
                self.at(0..from.len() + 1 + to.len()),
                format!("{from}-{to} runs backwards"),
                format!("write {},{} to go round the end", span(first, high), span(low, last)),
            ));
        }
        Ok((first, last))
    }

    fn step(&self, at: usize, text: &str) -> Result<u16, Mistake> {
        let place = self.at(at - 1..at + text.len());
        match text.parse::<u16>() {
            Ok(0) => Err(mistake(place, "a step of 0 goes nowhere", "write the step, like */15")),
            Ok(step) if text.bytes().all(|b| b.is_ascii_digit()) => Ok(step),
            _ => Err(mistake(
                place,
                format!("after / comes how far to step, and \"{text}\" is not a number"),
                "such as */15 for every 15th",
            )),
        }
    }

    fn value(&self, text: &str, at: usize) -> Result<u16, Mistake> {
        let place = self.at(at..at + text.len());
        let (low, high) = self.part.bounds();
        let name = self.part.name();
        if text.is_empty() {
            let whole = self.token.range();
            return Err(mistake(
                whole,
                format!("\"{}\" lacks a value beside its sign", self.token.text),
                "a range is written like 9-17, a step like */15",
            ));
        }
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return match text.parse::<u16>() {
                Ok(value) if (low..=high).contains(&value) => Ok(value),
                _ => Err(mistake(
                    place,
                    format!(
                        "{text} is not {} {name}: it goes from {low} to {high}",
                        if self.part == Part::Hour { "an" } else { "a" }
                    ),
                    out_of_bounds(self.part, text),
                )),
            };
        }
        if let Some(value) = self.part.named(text) {
            return Ok(value);
        }
        Err(self.unknown(text, place))
    }

    /// Something that is neither a number nor a name that this field knows.
    fn unknown(&self, text: &str, place: Range<usize>) -> Mistake {
        let name = self.part.name();
        if let Some((hour, minute)) = text.split_once(':') {
            let trimmed = |text: &str| text.trim_start_matches('0').parse::<u16>().unwrap_or(0);
            return mistake(
                place,
                format!("\"{text}\" is a time of day, and this is the {name}"),
                format!(
                    "minute and hour are two fields: {} {} * * *; or in words: daily at {text}",
                    trimmed(minute),
                    trimmed(hour)
                ),
            );
        }
        let upper = text.to_ascii_uppercase();
        let day = matches!(self.part, Part::Day | Part::Weekday);
        if day
            && (upper.contains('L') || upper.contains('W') || upper.contains('#'))
            && self.part.short_names().iter().all(|name| !upper.starts_with(&name[..2]))
        {
            return mistake(
                place,
                format!("\"{text}\" is not known here: there is no L, W or #"),
                "run it on more days and let the script decide; for the last day of the month write \
                 0 6 28-31 * *, and in the script: if today() == today().end_of(\"month\") { … }",
            );
        }
        if day && upper.contains('#') {
            return mistake(
                place,
                format!("\"{text}\" is not known here: there is no #"),
                "for the first Monday write 0 6 1-7 * *, and in the script: if today().weekday() == \"Monday\" { … }",
            );
        }
        for other in [Part::Month, Part::Weekday] {
            if other != self.part && other.named(text).is_some() {
                return mistake(
                    place,
                    format!("\"{text}\" is a {}, and this is the {name}", other.name()),
                    "the order is: minute hour day month weekday",
                );
            }
        }
        let names = self.part.short_names();
        let near = did_you_mean(&upper, names.iter().copied());
        let (low, high) = self.part.bounds();
        let help = if names.is_empty() {
            format!(
                "write a number from {low} to {high}, a range like 1-5, a list like 1,15, or * for every {name}"
            )
        } else {
            format!("write a number from {low} to {high} or a name: {}", names.join(", "))
        };
        mistake(place, format!("\"{text}\" is no {name}{near}"), help)
    }

    fn after_star(&self, base: &str) -> Mistake {
        let rest = &base[1..];
        mistake(
            self.token.range(),
            format!("\"{base}\": nothing but / may follow {}", &base[..1]),
            format!("a blank is missing ({} {rest}), or a / (*/{rest} is every {rest}th)", &base[..1]),
        )
    }
}

fn out_of_bounds(part: Part, text: &str) -> String {
    match (part, text) {
        (Part::Hour, "24") => "midnight is hour 0".into(),
        (Part::Minute | Part::Second, "60") => "the full hour or minute is 0".into(),
        (Part::Day, "0") => "the first day of a month is 1".into(),
        (Part::Month, "0") => "January is 1".into(),
        (Part::Weekday, _) => "Monday is 1, Saturday 6, Sunday 0 or 7; MON to SUN are clearer".into(),
        _ => "the order is: minute hour day month weekday".into(),
    }
}
