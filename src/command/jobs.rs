//! `jobs list`, `next`, `run`, `pause`, `resume` and `history`; `held`, `release`, `audit` and `install` are in files of
//! their own.

use super::planned::{self, Planned};
use super::run;
use super::wishes::{Want, Wish};
use super::{Context, audit, form, held, install, job_words};
use crate::cli::{Format, Jobs, JobsCommand};
use crate::error::Error;
use crate::schedule;
use crate::script::words::did_you_mean;
use crate::settings::time;
use crate::store::jobs::{JobChange, JobRow, JobStore, TickOutcome, TickRow};
use crate::store::{SqliteStore, StoreError};
use crate::{exit, show};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Does what was asked.
pub fn run(context: &Context, options: &Jobs) -> Result<u8, Error> {
    match &options.command {
        JobsCommand::List { folder } => list(context, folder.as_deref()),
        JobsCommand::Next { count, folder } => next(context, *count, folder.as_deref()),
        JobsCommand::Run { name, folder, dry_run } => now(context, name, folder.as_deref(), *dry_run),
        JobsCommand::Pause { name, why } => {
            let why = why.clone().unwrap_or_else(|| "by hand".into());
            tell(context, &Wish { job: name.clone(), want: Want::Pause(why) })
        }
        JobsCommand::Resume { name } => tell(context, &Wish { job: name.clone(), want: Want::Resume }),
        JobsCommand::Held => held::list(context),
        JobsCommand::Release { name, discard } => held::release(context, name.as_deref(), *discard),
        JobsCommand::History { name, last } => history(context, name.as_deref(), *last),
        JobsCommand::Install { folder, yes, print } => install::run(context, folder.as_deref(), *yes, *print),
        JobsCommand::Audit { name, since } => audit::run(context, name.as_deref(), *since),
    }
}

/// The present moment, or the one that was set for tests.
pub fn moment(context: &Context) -> Result<Timestamp, Error> {
    Ok(time::pretended(&context.settings(false)?.sources)?.unwrap_or_else(Timestamp::now))
}

/// The store, to look at.
pub fn store(context: &Context) -> Result<SqliteStore, Error> {
    Ok(SqliteStore::read(&context.settings(false)?.home.value)?)
}

/// The jobs of the project, and what the store knows of jobs, by name.
type Known = (BTreeMap<String, Planned>, BTreeMap<String, JobRow>);

fn known(context: &Context, folder: Option<&Path>) -> Result<Known, Error> {
    let settings = context.settings(false)?;
    let planned = planned::all(context, &planned::folder(&settings, folder))?.jobs;
    let rows = store(context)?.jobs()?.into_iter().map(|row| (row.about.name.clone(), row)).collect();
    Ok((planned, rows))
}

/// The row of a job in the store.
pub fn row(store: &SqliteStore, name: &str) -> Result<JobRow, Error> {
    let rows = store.jobs()?;
    let names: Vec<String> = rows.iter().map(|row| row.about.name.clone()).collect();
    rows.into_iter().find(|row| row.about.name == name).ok_or_else(|| unknown(name, names.iter()))
}

/// The jobs of the project with their scripts, and after them the schedules that scripts keep themselves.
fn all((planned, rows): &Known) -> Vec<(schedule::Job, String)> {
    let own = rows.values().filter(|row| !row.about.kept_by.is_empty()).filter_map(|row| {
        let crontab = schedule::Crontab::parse(&row.about.schedule).ok()?;
        let job = schedule::Job::new(&row.about.name, crontab, audit::zone_of(row));
        Some((job, row.about.script.clone()))
    });
    planned.values().map(|it| (it.job.clone(), it.script.name.clone())).chain(own).collect()
}

/// A job with its script, what the store knows of it, and its last tick.
type Listed<'a> = (&'a schedule::Job, &'a str, Option<&'a JobRow>, Option<TickRow>);

fn list(context: &Context, folder: Option<&Path>) -> Result<u8, Error> {
    let known = known(context, folder)?;
    let (store, now, all) = (store(context)?, moment(context)?, all(&known));
    let mut items: Vec<Listed> = Vec::new();
    for (job, script) in &all {
        let row = known.1.get(&job.name);
        let last = store.ticks(Some(&job.name), 1)?.into_iter().next();
        items.push((job, script, row, last));
    }
    let format = context.console.format_or(Format::Table);
    if format != Format::Table {
        let item = |(job, script, row, last): &Listed| {
            json!({
                "job": job.name,
                "script": script,
                "schedule": job.crontab.text,
                "words": job.crontab.words(),
                "timezone": job.zone_name(),
                "next": job.next(now).map(|at| at.to_string()),
                "last": last.as_ref().map(|last| last.last.to_string()),
                "outcome": last.as_ref().map(|last| last.outcome.word()),
                "failures": row.map_or(0, |row| row.failures),
                "expect_within": job.expect_within.map(|length| length.as_secs()),
                "paused": row.and_then(|row| row.paused.clone()),
            })
        };
        form::write(&context.console, &items.iter().map(item).collect(), None, format);
        return Ok(exit::DONE);
    }
    if items.is_empty() {
        context.console.say("there are no jobs; a script becomes one with a first line such as //! @schedule weekdays at 06:00");
        return Ok(exit::DONE);
    }
    let columns = ["job", "runs", "zone", "next", "last", "outcome"].map(String::from);
    let cells = items.iter().map(|(job, _, row, last)| -> Vec<Value> {
        let paused = row.and_then(|row| row.paused.as_ref());
        let next = match (paused, job.next(now)) {
            (Some(why), _) => format!("paused: {why}"),
            (None, Some(at)) => job_words::at_zone(at, job.zone()),
            (None, None) => "never".into(),
        };
        vec![
            job.name.clone().into(),
            job.crontab.words().into(),
            job.zone_name().into(),
            next.into(),
            last.as_ref().map(|last| job_words::at_zone(last.last, job.zone())).into(),
            last.as_ref().map(|last| last.outcome.word()).into(),
        ]
    });
    let rows: Vec<Vec<Value>> = cells.collect();
    context.console.line(&show::table(&columns, &rows, context.console.width()));
    Ok(exit::DONE)
}

fn next(context: &Context, count: usize, folder: Option<&Path>) -> Result<u8, Error> {
    let known = known(context, folder)?;
    let (now, all, rows) = (moment(context)?, all(&known), &known.1);
    let mut upcoming = Vec::new();
    for (job, _) in &all {
        if rows.get(&job.name).is_none_or(|row| row.paused.is_none()) {
            let ticks = job.crontab.upcoming(now, job.zone()).take(count);
            upcoming.extend(ticks.map(|tick| (tick, job)));
        }
    }
    upcoming.sort_by(|a, b| (a.0, &a.1.name).cmp(&(b.0, &b.1.name)));
    upcoming.truncate(count);
    let item = |(tick, job): &(Timestamp, &schedule::Job)| {
        let local = tick.display_with_offset(job.zone().to_offset(*tick)).to_string();
        json!({ "job": job.name, "utc": tick.to_string(), "local": local })
    };
    let format = context.console.format_or(Format::Table);
    form::write(&context.console, &upcoming.iter().map(item).collect(), None, format);
    Ok(exit::DONE)
}

/// Runs a job's script now, outside its times.
fn now(context: &Context, name: &str, folder: Option<&Path>, dry_run: bool) -> Result<u8, Error> {
    let (planned, rows) = known(context, folder)?;
    let Some(planned) = planned.get(name) else {
        return Err(match rows.get(name).filter(|row| !row.about.kept_by.is_empty()) {
            Some(row) => Error::usage(
                format!("\"{name}\" is a schedule inside a script, which is not run by itself"),
                format!("what is due of it runs with: vitally-script run {} --once", row.about.script),
            ),
            None => unknown(name, planned.keys()),
        });
    };
    let context = match &planned.section.profile {
        Some(profile) if context.global.profile.is_none() => &context.for_profile(profile)?,
        _ => context,
    };
    let safety = crate::cli::Safety { dry_run, ..planned.safety() };
    run::execute(context, planned.run(&safety))
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a String> + Clone) -> Error {
    let near = did_you_mean(name, known.clone().map(String::as_str));
    let names: Vec<&str> = known.map(String::as_str).collect();
    let help = if names.is_empty() {
        "jobs list shows which there are".into()
    } else {
        format!("the jobs are: {}", names.join(", "))
    };
    Error::usage(format!("there is no job \"{name}\"{near}"), help)
}

/// Pauses a job or lets it go on: at once, or by whoever holds the store.
fn tell(context: &Context, wish: &Wish) -> Result<u8, Error> {
    let home = context.settings(false)?.home.value;
    let row = row(&store(context)?, &wish.job)?;
    let pause = match &wish.want {
        Want::Pause(why) => Some(why.clone()),
        _ => None,
    };
    match SqliteStore::open(&home) {
        Ok(store) => {
            let failures = if pause.is_some() { row.failures } else { 0 };
            store.keep(&[JobChange {
                job: wish.job.clone(),
                seen: row.seen,
                failures,
                paused: pause.clone(),
                ticks: Vec::new(),
            }])?;
        }
        Err(StoreError::Busy { .. }) => wish.leave(&home)?,
        Err(error) => return Err(error.into()),
    }
    let word = if pause.is_some() { "paused" } else { "runs again" };
    context.console.say(&format!("{}: {word}", wish.job));
    Ok(exit::DONE)
}

fn history(context: &Context, name: Option<&str>, last: usize) -> Result<u8, Error> {
    let store = store(context)?;
    let jobs = store.jobs()?;
    let names: Vec<String> = jobs.iter().map(|row| row.about.name.clone()).collect();
    if let Some(name) = name.filter(|name| !names.iter().any(|known| known == name)) {
        return Err(unknown(name, names.iter()));
    }
    let ticks = store.ticks(name, last)?;
    let format = context.console.format_or(Format::Table);
    if format != Format::Table {
        form::write(&context.console, &ticks.iter().map(as_json).collect(), None, format);
        return Ok(exit::DONE);
    }
    if ticks.is_empty() {
        context.console.say("no job has run yet");
        return Ok(exit::DONE);
    }
    let zones: BTreeMap<&str, TimeZone> =
        jobs.iter().map(|row| (row.about.name.as_str(), audit::zone_of(row))).collect();
    let columns = ["job", "time", "outcome", "tries", "took", "reason"].map(String::from);
    let cells = ticks.iter().map(|tick| -> Vec<Value> {
        let zone = zones.get(tick.job.as_str()).cloned().unwrap_or(TimeZone::UTC);
        let mut time = job_words::at_zone(tick.tick, &zone);
        if tick.count > 1 {
            time = format!("{time} and {} more", tick.count - 1);
        }
        let took = tick
            .started
            .zip(tick.finished)
            .map(|(from, to)| format!("{} s", to.duration_since(from).as_secs()));
        let tries = (tick.attempt > 0).then_some(tick.attempt);
        vec![
            tick.job.clone().into(),
            time.into(),
            tick.outcome.word().into(),
            tries.into(),
            took.into(),
            tick.error.clone().filter(|_| tick.outcome != TickOutcome::Ok).into(),
        ]
    });
    let rows: Vec<Vec<Value>> = cells.collect();
    context.console.line(&show::table(&columns, &rows, context.console.width()));
    Ok(exit::DONE)
}

fn as_json(tick: &TickRow) -> Value {
    json!({
        "job": tick.job,
        "tick": tick.tick.to_string(),
        "last": tick.last.to_string(),
        "count": tick.count,
        "outcome": tick.outcome.word(),
        "caught_up": tick.caught_up,
        "tries": tick.attempt,
        "started": tick.started.map(|at| at.to_string()),
        "finished": tick.finished.map(|at| at.to_string()),
        "error": tick.error,
        "runs": tick.runs,
    })
}
