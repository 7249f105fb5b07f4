//! What happens to a schedule where the clocks of its zone change.

use super::crontab::{Calendar, Crontab, When};
use super::describe::list;
use super::local::{self, Change};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// A change of the clocks, and what it means for a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockChange {
    /// When it happens.
    pub at: Timestamp,
    /// Whether clocks go forward.
    pub forward: bool,
    /// What the wall clock shows right before and right after: `01:59:59` is written as the `02:00` it would be.
    pub from: String,
    /// What it shows right after.
    pub to: String,
    /// Which rule applies, as a sentence.
    pub rule: String,
    /// Whether a time of day of the schedule is left out or comes twice.
    pub moves: bool,
}

impl ClockChange {
    /// All of it as a sentence, with the day in this zone.
    pub fn sentence(&self, zone: &TimeZone) -> String {
        let day = self.at.to_zoned_datetime(zone.clone()).date();
        let forward = if self.forward { "forward" } else { "back" };
        format!("on {day} the clocks go {forward} from {} to {}: {}", self.from, self.to, self.rule)
    }
}

/// How many times of a schedule are named in a sentence.
const NAMED: usize = 3;

/// The next changes of the clocks in the schedule's zone, at most so many.
pub fn next(crontab: &Crontab, zone: &TimeZone, after: Timestamp, most: usize) -> Vec<ClockChange> {
    let zone = crontab.zone.as_ref().unwrap_or(zone);
    local::changes(local::second(after), zone)
        .take(most)
        .filter_map(|change| described(crontab, change))
        .collect()
}

fn described(crontab: &Crontab, change: Change) -> Option<ClockChange> {
    let forward = change.after > change.before;
    // The wall clock's times that are left out, or come twice: from the first up to, not including, the last.
    let (first, last) =
        (change.at + change.before.min(change.after), change.at + change.before.max(change.after));
    let (mut fixed, mut interval) = (Vec::new(), Vec::new());
    if let When::Calendar(calendars) = &crontab.when {
        for calendar in calendars.iter() {
            let into = if calendar.fields.interval() { &mut interval } else { &mut fixed };
            times(calendar, first, last, into);
        }
    }
    fixed.sort_unstable();
    fixed.dedup();
    let to = shown(change.at + change.after)?;
    let hit = !fixed.is_empty() || !interval.is_empty();
    let rule = match (&crontab.when, forward) {
        (When::Every(_), _) => "it counts elapsed time, which no clock changes".into(),
        (When::Start, _) => "it runs when the program starts, whatever the clock shows".into(),
        _ if !hit && forward => "no time of it is left out".into(),
        _ if !hit => "no time of it comes twice".into(),
        (_, true) if fixed.is_empty() => {
            format!(
                "it follows the clock's hands: {} {} not shown, so nothing runs then",
                named(&interval)?,
                are(&interval)
            )
        }
        (_, true) => {
            let once = if fixed.len() > 1 { ", once for all of them" } else { "" };
            format!("{} {} not shown that day: it runs at {to} instead{once}", named(&fixed)?, are(&fixed))
        }
        (_, false) if fixed.is_empty() => {
            let verb = if interval.len() == 1 { "is" } else { "are" };
            format!(
                "it follows the clock's hands: {} {verb} shown twice, and it runs both times",
                named(&interval)?
            )
        }
        (_, false) => {
            let verb = if fixed.len() == 1 { "is" } else { "are" };
            format!("{} {verb} shown twice that day: it runs the first time only", named(&fixed)?)
        }
    };
    let at = Timestamp::from_second(change.at).ok()?;
    let moves = !fixed.is_empty();
    Some(ClockChange { at, forward, from: shown(change.at + change.before)?, to, rule, moves })
}

/// The first times of a schedule in a stretch of the wall clock.
fn times(calendar: &Calendar, first: i64, last: i64, into: &mut Vec<i64>) {
    let mut at = first - 1;
    while let Some(next) = calendar.line.next(at).filter(|next| *next < last) {
        if into.len() > NAMED {
            return;
        }
        into.push(next);
        at = next;
    }
}

fn are(times: &[i64]) -> &'static str {
    if times.len() == 1 { "is" } else { "are" }
}

/// `02:15, 02:30 and 02:45`, or the first of them and "others".
fn named(times: &[i64]) -> Option<String> {
    let mut texts: Vec<String> = times.iter().take(NAMED).map(|at| shown(*at)).collect::<Option<_>>()?;
    if times.len() > NAMED {
        texts.push("others".into());
    }
    Some(list(&texts))
}

/// A wall clock as `02:30`, with seconds if there are any.
fn shown(wall: i64) -> Option<String> {
    let civil = Offset::UTC.to_datetime(Timestamp::from_second(wall).ok()?);
    let pattern = if civil.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    Some(civil.strftime(pattern).to_string())
}
