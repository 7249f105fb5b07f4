//! `jobs held` and `jobs release`: missed times that were too many to be caught up without a word from somebody.

use super::wishes::{Want, Wish};
use super::{Context, audit, form, job_words, jobs};
use crate::cli::Format;
use crate::error::Error;
use crate::store::jobs::{JobChange, JobRow, JobStore, TickChange, TickOutcome, TickRow};
use crate::store::{SqliteStore, StoreError};
use crate::{exit, show};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Jobs with their held times, oldest first.
fn held(store: &dyn JobStore) -> Result<Vec<(JobRow, Vec<Timestamp>)>, StoreError> {
    let mut all = Vec::new();
    for row in store.jobs()? {
        let open = store.open_ticks(&row.about.name)?.into_iter();
        let ticks: Vec<TickRow> = open.filter(|tick| tick.outcome == TickOutcome::Held).collect();
        if !ticks.is_empty() {
            all.push((row, ticks.into_iter().map(|tick| tick.tick).collect()));
        }
    }
    Ok(all)
}

/// Shows what is held.
pub fn list(context: &Context) -> Result<u8, Error> {
    let held = held(&jobs::store(context)?)?;
    let format = context.console.format_or(Format::Table);
    let each = || held.iter().flat_map(|(row, ticks)| ticks.iter().map(move |tick| (row, tick)));
    if format != Format::Table {
        let item = |(row, tick): (&JobRow, &Timestamp)| json!({ "job": row.about.name, "tick": tick.to_string(), "script": row.about.script });
        form::write(&context.console, &each().map(item).collect(), None, format);
        return Ok(exit::DONE);
    }
    if held.is_empty() {
        context.console.say("nothing is held");
        return Ok(exit::DONE);
    }
    let cells = |(row, tick): (&JobRow, &Timestamp)| -> Vec<Value> {
        let time = job_words::at_zone(*tick, &audit::zone_of(row));
        vec![row.about.name.clone().into(), time.into(), row.about.script.clone().into()]
    };
    let rows: Vec<Vec<Value>> = each().map(cells).collect();
    let columns = ["job", "time", "script"].map(String::from);
    context.console.line(&show::table(&columns, &rows, context.console.width()));
    Ok(exit::DONE)
}

/// Lets what is held run, or leaves it out: of one job or of all.
pub fn release(context: &Context, name: Option<&str>, discard: bool) -> Result<u8, Error> {
    let home = context.settings(false)?.home.value;
    let reader = jobs::store(context)?;
    if let Some(name) = name {
        jobs::row(&reader, name)?;
    }
    let held: Vec<(JobRow, Vec<Timestamp>)> = held(&reader)?
        .into_iter()
        .filter(|(row, _)| name.is_none_or(|name| row.about.name == name))
        .collect();
    let count: usize = held.iter().map(|(_, ticks)| ticks.len()).sum();
    if count == 0 {
        context.console.say("nothing is held");
        return Ok(exit::DONE);
    }
    match SqliteStore::open(&home) {
        Ok(store) => {
            let changes: Vec<JobChange> =
                held.into_iter().map(|(row, ticks)| change(row, &ticks, discard)).collect();
            store.keep(&changes)?;
        }
        Err(StoreError::Busy { .. }) => {
            let want = if discard { Want::Discard } else { Want::Release };
            for (row, _) in held {
                Wish { job: row.about.name, want: want.clone() }.leave(&home)?;
            }
        }
        Err(error) => return Err(error.into()),
    }
    let times = if count == 1 { "1 missed time".into() } else { format!("{count} missed times") };
    let what = if discard { "will not run" } else { "will run, oldest first, as soon as its job is kept" };
    context.console.say(&format!("{times} {what}"));
    Ok(exit::DONE)
}

fn change(row: JobRow, ticks: &[Timestamp], discard: bool) -> JobChange {
    let missed = |tick: Timestamp| {
        let (first, last, outcome) = (tick, tick, TickOutcome::Missed);
        TickChange::Pass { first, last, count: 1, outcome }
    };
    let run = |tick: Timestamp| TickChange::Wait { tick, caught_up: true };
    let ticks = ticks.iter().map(|tick| if discard { missed(*tick) } else { run(*tick) }).collect();
    let JobRow { about, seen, failures, paused, .. } = row;
    JobChange { job: about.name, seen, failures, paused, ticks }
}
