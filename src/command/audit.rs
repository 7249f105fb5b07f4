//! `jobs audit`: every planned time beside what happened at it. Nothing is left out in silence.

use super::{Context, form, job_words, jobs};
use crate::cli::Format;
use crate::error::Error;
use crate::schedule::job::GRACE;
use crate::schedule::{Crontab, zone};
use crate::store::jobs::{JobRow, JobStore, TickOutcome, TickRow};
use crate::{exit, show};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;

/// One planned time.
struct Line {
    job: String,
    tick: Timestamp,
    zone: TimeZone,
    outcome: &'static str,
    reason: Option<String>,
}

/// Compares what was planned with what happened.
pub fn run(context: &Context, name: Option<&str>, since: Duration) -> Result<u8, Error> {
    let store = jobs::store(context)?;
    let now = jobs::moment(context)?;
    let length = SignedDuration::try_from(since).unwrap_or(SignedDuration::MAX);
    let from = now.saturating_sub(length).unwrap_or(Timestamp::MIN);
    let all = store.jobs()?;
    if let Some(name) = name.filter(|name| !all.iter().any(|row| row.about.name == *name)) {
        let help = "vitally-script jobs audit shows all";
        return Err(Error::usage(format!("there is no job \"{name}\" that ever was served"), help));
    }
    let mut lines = Vec::new();
    for row in all.iter().filter(|row| name.is_none_or(|name| row.about.name == name)) {
        let mut ticks = store.ticks(Some(&row.about.name), usize::MAX)?;
        ticks.reverse();
        of_job(row, &ticks, (from, now), &mut lines);
    }
    lines.sort_by(|a, b| (a.tick, &a.job).cmp(&(b.tick, &b.job)));
    write(context, &lines);
    Ok(exit::DONE)
}

/// The zone of a job that is kept.
pub fn zone_of(row: &JobRow) -> TimeZone {
    zone::named(&row.about.timezone).unwrap_or(TimeZone::UTC)
}

fn of_job(row: &JobRow, ticks: &[TickRow], (from, now): (Timestamp, Timestamp), lines: &mut Vec<Line>) {
    let zone = zone_of(row);
    let crontab = Crontab::parse(&row.about.schedule).ok();
    let line = |tick: Timestamp, outcome, reason| Line {
        job: row.about.name.clone(),
        tick,
        zone: zone.clone(),
        outcome,
        reason,
    };
    for tick in ticks.iter().filter(|tick| tick.last > from) {
        let (outcome, reason) = happened(tick);
        if tick.tick > from {
            lines.push(line(tick.tick, outcome, reason.clone()));
        }
        // The schedule may be another one now: then ticks in a row are told by their first and last.
        let rest: Vec<Timestamp> = match &crontab {
            Some(crontab) if tick.count > 1 => {
                crontab.upcoming(tick.tick, &zone).take_while(|at| *at <= tick.last).collect()
            }
            _ => Vec::new(),
        };
        let known = rest.len() as u64 + 1 == tick.count;
        let rest = if known { rest } else { vec![tick.last] };
        let rest = rest.into_iter().filter(|at| *at > from && *at > tick.tick);
        lines.extend(rest.map(|at| line(at, outcome, reason.clone())));
    }
    let Some(crontab) = crontab else { return };
    let planned =
        crontab.upcoming(row.seen.max(from), &zone).take_while(|at| now.duration_since(*at) > GRACE);
    let reason = || Some("nothing was there to run it".to_string());
    lines.extend(planned.map(|at| line(at, "missed", reason())));
}

/// What happened at a tick, and why.
fn happened(tick: &TickRow) -> (&'static str, Option<String>) {
    let late = tick.started.is_some_and(|at| at.duration_since(tick.tick) > GRACE);
    let ran = match (tick.caught_up, late) {
        (true, _) => "caught_up",
        (false, true) => "late",
        (false, false) => "ran",
    };
    let because = |words: &str| {
        let error = tick.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
        Some(format!("{words}{error}"))
    };
    match tick.outcome {
        TickOutcome::Ok => (ran, None),
        TickOutcome::Running => (ran, because("it still runs")),
        TickOutcome::Failed => (ran, because("failed")),
        TickOutcome::Timeout => (ran, because("took too long")),
        TickOutcome::Cancelled => (ran, because("stopped for the next run")),
        TickOutcome::Interrupted => (ran, because("cut off")),
        TickOutcome::Waiting => ("late", because("waits for the run before it")),
        TickOutcome::Held => ("missed", because("held until somebody decides: vitally-script jobs release")),
        TickOutcome::SkippedOverlap => ("skipped", because("the run before still went on")),
        TickOutcome::SkippedPaused => ("skipped", because("the job was paused")),
        TickOutcome::Missed => ("missed", because("nothing was there to run it")),
    }
}

fn write(context: &Context, lines: &[Line]) {
    let format = context.console.format_or(Format::Table);
    if format != Format::Table {
        let item = |line: &Line| json!({ "job": line.job, "tick": line.tick.to_string(), "outcome": line.outcome, "reason": line.reason });
        return form::write(&context.console, &lines.iter().map(item).collect(), None, format);
    }
    if lines.is_empty() {
        return context.console.say("no job was to run in this time");
    }
    let columns = ["job", "time", "outcome", "reason"].map(String::from);
    let cells = lines.iter().map(|line| -> Vec<Value> {
        vec![
            line.job.clone().into(),
            job_words::at_zone(line.tick, &line.zone).into(),
            line.outcome.into(),
            line.reason.clone().into(),
        ]
    });
    let rows: Vec<Vec<Value>> = cells.collect();
    context.console.line(&show::table(&columns, &rows, context.console.width()));
}
