//! Plain words: `weekdays at 06:00`, `every monday and thursday at 9am`, `on the 1st and 15th at 8:30`, `every 10 minutes`.

use super::crontab::{Calendar, When};
use super::field::Field;
use super::length;
use super::line::Fields;
use super::mistake::{Mistake, mistake};
use super::part::Part;
use super::token::Token;
use crate::script::words::did_you_mean;
use std::collections::BTreeMap;

/// What words may look like, for advice.
const SHAPE: &str = "such as: weekdays at 06:00, every monday at 9am, daily at 8:30 and 17:00, \
                     on the 1st and 15th at 9:00, every 10 minutes";

/// The words that say nothing by themselves.
const FILLERS: &[&str] = &[
    "every", "each", "on", "the", "of", "in", "and", "at", "a", "month", "&", "day", "days", "year",
    "o'clock",
];

/// The words that mean days, or all of them.
const DAYS: &[&str] = &["daily", "weekday", "weekdays", "weekend", "weekends", "noon", "midnight"];

/// Whether this is meant as words and not as fields.
pub fn is_plain(words: &[Token<'_>]) -> bool {
    let starts_with_letter = words.first().is_some_and(|word| word.text.starts_with(char::is_alphabetic));
    let fields = words.iter().any(|word| word.text.contains(['*', '?', '/']));
    let speaks = words.iter().any(|word| {
        let word = bare(word.text);
        let ends = |endings: &[&str]| {
            word.starts_with(|c: char| c.is_ascii_digit()) && endings.iter().any(|end| word.ends_with(end))
        };
        word.contains(':')
            || FILLERS.contains(&word.as_str())
            || DAYS.contains(&word.as_str())
            || ends(&["st", "nd", "rd", "th", "am", "pm"])
    });
    starts_with_letter || (speaks && !fields)
}

/// Reads plain words.
pub fn read(text: &str, words: &[Token<'_>]) -> Result<When, Mistake> {
    if let Some(when) = elapsed(text, words)? {
        return Ok(when);
    }
    let mut said = Said::default();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        let next = words.get(index + 1).map(|word| bare(word.text));
        index += said.hear(*word, next.as_deref())?;
    }
    said.mean(words[0].start..text.trim_end().len())
}

/// A word in small letters, without the comma after it.
fn bare(word: &str) -> String {
    word.trim_end_matches([',', '.']).to_lowercase()
}

/// `every 10 minutes`, `every hour`, `hourly`: time that passes, whatever the clock shows.
fn elapsed(text: &str, words: &[Token<'_>]) -> Result<Option<When>, Mistake> {
    let first = bare(words[0].text);
    if first == "hourly" && words.len() == 1 {
        return Ok(Some(When::Every(3_600)));
    }
    let Some(second) = words.get(1).filter(|_| first == "every" || first == "each") else { return Ok(None) };
    let rest = text[second.start..].trim_end();
    let lower = bare(rest);
    if matches!(lower.as_str(), "second" | "minute" | "hour") {
        return Ok(length::unit(&lower).map(When::Every));
    }
    if !second.text.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(None);
    }
    if let Some(seconds) = length::seconds(rest) {
        return Ok(Some(When::Every(seconds)));
    }
    let unit = words.get(2).map(|word| bare(word.text)).unwrap_or_default();
    let counted = length::seconds(second.text).is_some() || length::unit(&unit).is_some();
    if counted {
        let after =
            words.iter().find(|word| word.start > second.start && length::unit(&bare(word.text)).is_none());
        let range = after.map_or(second.range(), |word| word.start..text.trim_end().len());
        return Err(mistake(
            range,
            "\"every\" with a number counts elapsed time, so no time of day can follow",
            "for a time of day write daily at 06:00, every monday at 6:00, or a crontab such as 0 6 */2 * *",
        ));
    }
    Ok(None)
}

/// What was said so far.
#[derive(Default)]
struct Said {
    /// Weekdays, days of the month and months.
    weekdays: Vec<u16>,
    days: Vec<u16>,
    months: Vec<u16>,
    /// Whether days were named at all, be it as "every day".
    any_day: bool,
    /// Hours and minutes.
    times: Vec<(u16, u16)>,
    /// Whether the last words named times, so that a plain number is an hour.
    in_times: bool,
}

impl Said {
    /// Hears a word, and answers how many words it took.
    fn hear(&mut self, token: Token<'_>, next: Option<&str>) -> Result<usize, Mistake> {
        let word = bare(token.text);
        match word.as_str() {
            "at" => self.in_times = true,
            "day" | "daily" => self.any_day = true,
            "weekday" | "weekdays" | "workday" | "workdays" => self.weekdays.extend(1..=5),
            "weekend" | "weekends" => self.weekdays.extend([0, 6]),
            "monthly" | "yearly" | "weekly" | "quarterly" => return Err(too_vague(token, &word)),
            "noon" | "midday" => self.times.push((12, 0)),
            "midnight" => self.times.push((0, 0)),
            _ if FILLERS.contains(&word.as_str()) => {}
            _ => return self.hear_value(token, &word, next),
        }
        if word != "at" && word != "and" && word != "noon" && word != "midnight" && word != "o'clock" {
            self.in_times = false;
        }
        Ok(1)
    }

    fn hear_value(&mut self, token: Token<'_>, word: &str, next: Option<&str>) -> Result<usize, Mistake> {
        for piece in word.split(',').filter(|piece| !piece.is_empty()) {
            if let Some(days) = weekdays(piece) {
                self.weekdays.extend(days);
            } else if let Some(month) = Part::Month.named(piece) {
                self.months.push(month);
            } else if let Some(day) = ordinal(piece) {
                if !(1..=31).contains(&day) {
                    return Err(mistake(token.range(), format!("no month has a {piece}"), "1st to 31st"));
                }
                self.days.push(day);
            } else if piece.starts_with(|c: char| c.is_ascii_digit()) {
                let half = next.filter(|next| matches!(*next, "am" | "pm"));
                let joined = half.map_or_else(|| piece.to_string(), |half| format!("{piece}{half}"));
                let named = self.in_times || joined.contains(':') || joined.ends_with('m');
                match time(&joined).filter(|_| named) {
                    Some(time) => self.times.push(time),
                    None => return Err(not_a_time(token, named)),
                }
                self.in_times = true;
                if half.is_some() {
                    return Ok(2);
                }
                continue;
            } else {
                return Err(unknown(token, piece));
            }
            self.in_times = false;
        }
        Ok(1)
    }

    /// What all of it means.
    fn mean(self, whole: std::ops::Range<usize>) -> Result<When, Mistake> {
        if self.times.is_empty() {
            return Err(mistake(
                whole,
                "at what time of the day?",
                format!("add it at the end: at 06:00; {SHAPE}"),
            ));
        }
        if !self.days.is_empty() && !self.weekdays.is_empty() {
            return Err(mistake(
                whole,
                "this names weekdays and days of the month",
                "name one of them; in a crontab, 0 6 1 * MON runs on the 1st and also on every Monday",
            ));
        }
        if !self.any_day && self.weekdays.is_empty() && self.days.is_empty() {
            return Err(mistake(
                whole,
                "on which days?",
                format!("say it first: daily, weekdays, every monday; {SHAPE}"),
            ));
        }
        let field = |part: Part, values: Vec<u16>| {
            if values.is_empty() { Field::any(part) } else { Field::of(values) }
        };
        let day = field(Part::Day, self.days);
        let weekday = field(Part::Weekday, self.weekdays);
        let month = field(Part::Month, self.months);
        // Hours that share their minute fit one crontab.
        let mut by_minute: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
        for (hour, minute) in self.times {
            by_minute.entry(minute).or_default().push(hour);
        }
        let calendar = |(minute, hours): (u16, Vec<u16>)| {
            let fields = Fields {
                second: Field::of([0]),
                minute: Field::of([minute]),
                hour: Field::of(hours),
                day: day.clone(),
                month: month.clone(),
                weekday: weekday.clone(),
                year: Field::any(Part::Year),
            };
            Calendar::new(fields, false)
        };
        Ok(When::Calendar(by_minute.into_iter().map(calendar).collect()))
    }
}

/// `monday`, `mondays`, `mon`, `mon-fri`, `friday-sunday`.
fn weekdays(piece: &str) -> Option<Vec<u16>> {
    let one = |text: &str| {
        let text = text.trim_end_matches('.');
        Part::Weekday.named(text).or_else(|| Part::Weekday.named(text.strip_suffix('s')?))
    };
    match piece.split_once(['-', '–']) {
        Some((from, to)) => {
            let (from, to) = (one(from)?, one(to)?);
            let to = if to < from { to + 7 } else { to };
            Some((from..=to).map(|day| day % 7).collect())
        }
        None => one(piece).map(|day| vec![day]),
    }
}

/// `1st`, `22nd`, `3rd`, `15th`.
fn ordinal(piece: &str) -> Option<u16> {
    let digits = piece.strip_suffix("st").or_else(|| piece.strip_suffix("nd"));
    let digits = digits.or_else(|| piece.strip_suffix("rd")).or_else(|| piece.strip_suffix("th"))?;
    digits.parse().ok()
}

/// `9`, `9:30`, `09.30`, `9am`, `9:30pm`.
fn time(text: &str) -> Option<(u16, u16)> {
    let (text, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(text), _) => (text, Some(0)),
        (_, Some(text)) => (text, Some(12)),
        _ => (text, None),
    };
    let text = text.trim_end();
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
    if !digits(hour) || !digits(minute) || hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    (hour < 24 && minute < 60).then_some((hour, minute))
}

fn not_a_time(token: Token<'_>, named: bool) -> Mistake {
    if named {
        let message = format!("\"{}\" is not a time of the day", token.text);
        return mistake(
            token.range(),
            message,
            "write 6:00, 06:00, 18:30, 6am or 6:30pm; the day ends at 23:59",
        );
    }
    mistake(
        token.range(),
        format!("what is \"{}\" here?", token.text),
        format!("a day of the month is written {}th, a time at {}:00; {SHAPE}", token.text, token.text),
    )
}

fn too_vague(token: Token<'_>, word: &str) -> Mistake {
    let (crontab, words) = match word {
        "weekly" => ("0 6 * * MON", "every monday at 06:00"),
        "monthly" => ("0 6 1 * *", "on the 1st at 06:00"),
        "quarterly" => ("0 6 1 1,4,7,10 *", "on the 1st of january, april, july and october at 06:00"),
        _ => ("0 6 2 1 *", "on the 2nd of january at 06:00"),
    };
    mistake(
        token.range(),
        format!("\"{word}\" does not say on which day"),
        format!("write {words}, or as a crontab: {crontab}"),
    )
}

fn unknown(token: Token<'_>, piece: &str) -> Mistake {
    let known = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "hourly"];
    let near = did_you_mean(piece, known.iter().chain(DAYS).chain(FILLERS).copied());
    mistake(token.range(), format!("\"{piece}\" is not a word that schedules know{near}"), SHAPE)
}
