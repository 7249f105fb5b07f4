//! `runs` and `runs show`: what this program changed.

use super::changes::{self, Line};
use super::{Context, form};
use crate::cli::{Format, Runs, RunsCommand};
use crate::error::Error;
use crate::store::{Kept, Run, SqliteStore, Store, StoreError};
use crate::{exit, show};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The columns of a table of changes.
const COLUMNS: &[&str] = &["object", "name", "field", "before", "after", "status", "reason"];

/// Lists runs, or shows one.
pub fn run(context: &Context, options: &Runs) -> Result<u8, Error> {
    let store = SqliteStore::read(&context.settings(false)?.home.value)?;
    let format = context.console.format_or(Format::Table);
    match &options.command {
        None => list(context, &store.runs(options.last)?, format),
        Some(RunsCommand::Show { run }) => show(context, &store, &found(&store, run)?, format)?,
    }
    Ok(exit::DONE)
}

/// The run with an id, or the last one.
pub fn found(store: &dyn Store, id: &str) -> Result<Run, Error> {
    store.run(id)?.ok_or_else(|| {
        if id.eq_ignore_ascii_case("last") {
            return Error::usage(
                "no run has changed anything yet",
                "runs are noted when they send their first change",
            );
        }
        Error::usage(format!("there is no run \"{id}\""), "vitally-script runs lists them")
    })
}

/// Every change of a run, in order.
pub fn all_changes(store: &dyn Store, run: &str) -> Result<Vec<Kept>, StoreError> {
    store.changes(run, 0, usize::MAX)
}

fn list(context: &Context, runs: &[Run], format: Format) {
    if format != Format::Table {
        let all: Value = runs.iter().map(as_json).collect();
        return form::write(&context.console, &all, None, format);
    }
    if runs.is_empty() {
        return context.console.say("no run has changed anything yet");
    }
    let columns = ["run", "started", "script", "profile", "outcome", "changes", "failed"];
    let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
    let row = |run: &Run| -> Vec<Value> {
        let script = match run.about.kind.as_str() {
            "run" => run.about.script.clone(),
            kind => format!("{kind} {}", run.about.of.as_deref().unwrap_or(&run.about.script)),
        };
        vec![
            run.id.clone().into(),
            minute(run.about.started).into(),
            script.into(),
            run.about.profile.clone().into(),
            run.outcome.clone().into(),
            run.changes.into(),
            run.failed.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = runs.iter().map(row).collect();
    context.console.line(&show::table(&columns, &rows, context.console.width()));
}

fn show(context: &Context, store: &dyn Store, run: &Run, format: Format) -> Result<(), Error> {
    let kept = all_changes(store, &run.id)?;
    if format == Format::Table {
        let about = &run.about;
        context.console.say(&format!(
            "run {} · {} {} · {} · {} · {}",
            run.id,
            about.kind,
            about.of.as_deref().unwrap_or(&about.script),
            about.profile,
            minute(about.started),
            run.outcome,
        ));
    }
    changes::write(&context.console, kept.iter().map(line), COLUMNS, format);
    Ok(())
}

/// One kept change as a line.
pub fn line(kept: &Kept) -> Line<'_> {
    Line {
        run: Some(&kept.run),
        change: &kept.change,
        status: kept.status,
        reason: kept.reason.as_deref(),
        at: Some(kept.at),
    }
}

fn as_json(run: &Run) -> Value {
    json!({
        "run": run.id,
        "script": run.about.script,
        "profile": run.about.profile,
        "mode": run.about.mode,
        "started": run.about.started.to_string(),
        "finished": run.finished.map(|at| at.to_string()),
        "outcome": run.outcome,
        "changes": run.changes,
        "failed": run.failed,
        "kind": run.about.kind,
        "of": run.about.of,
    })
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}
