//! `schedule next EXPR`: what a schedule means, before anything runs by it.

use super::{Context, form};
use crate::cli::{Format, Schedule, ScheduleCommand};
use crate::error::Error;
use crate::schedule::changes::{self, ClockChange};
use crate::schedule::{Crontab, lint, zone};
use crate::settings::{Settings, time};
use crate::{exit, show};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// How many times are shown at most: one every minute for a week.
const MOST: u32 = 10_080;

/// A schedule and all there is to say about it.
struct Explained {
    crontab: Crontab,
    zone: TimeZone,
    next: Vec<Timestamp>,
    after: Timestamp,
    changes: Vec<ClockChange>,
}

/// Explains a schedule.
pub fn run(context: &Context, options: &Schedule) -> Result<u8, Error> {
    let ScheduleCommand::Next { expression, timezone, after, count } = &options.command;
    let settings = context.settings(false)?;
    let zone = chosen_zone(&settings, timezone.as_deref())?;
    let text = expression.join(" ");
    let crontab =
        Crontab::parse(&text).map_err(|mistake| Error::Settings(Box::new(mistake.finding("schedule"))))?;
    let zone = crontab.zone.clone().unwrap_or(zone);
    let now = time::pretended(&settings.sources)?.unwrap_or_else(Timestamp::now);
    let after = after.as_deref().map(|text| moment(text, &zone)).transpose()?.unwrap_or(now);
    let most = usize::try_from((*count).min(MOST)).unwrap_or(usize::MAX);
    let explained = Explained {
        next: crontab.upcoming(after, &zone).take(most).collect(),
        changes: changes::next(&crontab, &zone, after, 2),
        after,
        crontab,
        zone,
    };
    match context.console.format_or(Format::Table) {
        Format::Table => context.console.line(&explained.text(context.console.width())),
        Format::Json => form::write(&context.console, &explained.json(), None, Format::Json),
        rows => form::write(&context.console, &explained.times(), None, rows),
    }
    Ok(exit::DONE)
}

/// The zone that was typed, that of the profile, or UTC: the machine's own says nothing about where a job runs.
fn chosen_zone(settings: &Settings, typed: Option<&str>) -> Result<TimeZone, Error> {
    match typed {
        Some(name) => zone::named(name).map_err(|(message, help)| Error::usage(message, help)),
        None if settings.profile.timezone.value.is_some() => Ok(settings.profile.zone()?.get().clone()),
        None => Ok(TimeZone::UTC),
    }
}

/// A time as somebody types it, in this zone unless it says another.
fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, Error> {
    let text = text.trim();
    let local = || text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|day| day.at(0, 0, 0, 0)));
    let parsed = text.parse::<Timestamp>().or_else(|_| zone.to_timestamp(local()?));
    parsed.map_err(|_| {
        Error::usage(
            format!("\"{text}\" is not a time"),
            "write 2027-03-27, 2027-03-27T22:00 or 2027-03-27T22:00:00Z",
        )
    })
}

impl Explained {
    fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("local")
    }

    fn times(&self) -> Value {
        let local = |at: &Timestamp| {
            let offset = self.zone.to_offset(*at);
            at.display_with_offset(offset).to_string()
        };
        self.next.iter().map(|at| json!({ "utc": at.to_string(), "local": local(at) })).collect()
    }

    fn json(&self) -> Value {
        let changes: Value = self
            .changes
            .iter()
            .map(|change| {
                json!({
                    "utc": change.at.to_string(),
                    "clocks": if change.forward { "forward" } else { "back" },
                    "from": change.from,
                    "to": change.to,
                    "rule": change.rule,
                })
            })
            .collect();
        let lints: Value = lint::all(&self.crontab, &self.zone, self.after)
            .iter()
            .map(|lint| json!({ "message": lint.message, "help": lint.help }))
            .collect();
        json!({
            "expression": self.crontab.text,
            "words": self.crontab.words(),
            "timezone": self.zone_name(),
            "next": self.times(),
            "clock_changes": changes,
            "lints": lints,
        })
    }

    fn text(&self, width: Option<usize>) -> String {
        let head = format!("{} ({})", self.crontab.words(), self.zone_name());
        let mut text = show::hanging("runs ", &head, width);
        if !self.next.is_empty() {
            let heads = ["next", "UTC"].map(String::from).to_vec();
            let rows = self.next.iter().map(|at| {
                let local = at.to_zoned_datetime(self.zone.clone());
                let clock = if local.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
                let local = local.strftime(&format!("%a %Y-%m-%d {clock} %:z")).to_string();
                vec![local, at.strftime(&format!("%Y-%m-%d {clock}")).to_string()]
            });
            let rows: Vec<Vec<String>> = [heads].into_iter().chain(rows).collect();
            text = format!("{text}\n\n{}", show::listing(&rows, 0, width));
        }
        for change in &self.changes {
            let help = if change.moves { format!("; {}", lint::OTHER_NIGHT) } else { String::new() };
            let sentence = format!("{}{help}", change.sentence(&self.zone));
            text = format!("{text}\n\n{}", paragraph(&sentence, width));
        }
        for lint in lint::shape(&self.crontab, &self.zone, self.after) {
            let remark = format!("note: {}; {}", lint.message, lint.help);
            text = format!("{text}\n\n{}", paragraph(&remark, width));
        }
        text
    }
}

/// A sentence whose later lines are set in.
fn paragraph(text: &str, width: Option<usize>) -> String {
    match width {
        Some(width) => show::wrap(text, width.saturating_sub(2).max(1)).join("\n  "),
        None => text.into(),
    }
}
