//! The last words of a run: what was done, or what a dry run would do, and how to go on or back.

use super::progress::grouped;
use super::session::Session;
use super::{Console, changes};
use crate::catalogue::{self, Action, Effect};
use crate::error::Error;
use crate::gate::before::field_changes;
use crate::gate::{Change, Counts, Mode};
use crate::script::thing::spoken;
use crate::show;
use crate::stop::Reason;
use crate::store::Store as _;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Requests a minute that Vitally takes by default.
const A_MINUTE: u64 = 1000;

/// Says how a run ended.
pub fn tell(console: &Console, session: &Session, counts: &Counts, error: Option<&Error>) {
    if matches!(error, Some(Error::Stopped(Reason::PipeClosed))) {
        return;
    }
    if session.mode == Mode::DryRun {
        // A script that was not started, or stopped at its first line, has nothing to preview.
        if error.is_none() || !counts.planned.is_empty() {
            preview(console, counts);
            tell_failed(console, &counts.reasons, counts.failed_rows);
        }
        return;
    }
    tell_done(console, session, counts, error.is_some() || counts.tripped.is_some());
}

/// Says what was sent, and how to take it back.
pub fn tell_done(console: &Console, session: &Session, counts: &Counts, is_early: bool) {
    // Rows that were only not sent any more need no reasons.
    if !is_early {
        tell_failed(console, &counts.reasons, counts.failed_rows);
    }
    let failed = counts.failed_rows.saturating_sub(counts.unknown + counts.pending).max(counts.failed);
    let done = match summary(&counts.applied, "") {
        Some(done) if is_early => format!("ended early: {done}"),
        Some(done) => format!("done: {done}"),
        // A change by itself that did not end well says so itself, and so does what ended a run that did nothing.
        None if counts.results_file.is_some() && counts.unknown > 0 => {
            "nothing is known to be changed".into()
        }
        None if failed > 0 && counts.failed_rows > 0 => "nothing was changed".into(),
        None => return,
    };
    let mut rest = Vec::new();
    for (count, words) in [
        (counts.unchanged, "already right"),
        (failed, "failed"),
        (counts.protected, "protected"),
        (counts.unknown, "unclear"),
        (counts.pending, "not sent"),
    ] {
        if count > 0 {
            rest.push(format!("{} {words}", grouped(count)));
        }
    }
    let rest = if rest.is_empty() { String::new() } else { format!("; {}", rest.join(", ")) };
    console.say(&format!("{done}{rest}"));
    if let Some(file) = &counts.results_file {
        console.say(&format!("every row with its outcome: {file}"));
    }
    let outlives = |_: &&String| !session.is_demo() || console.is_dialogue();
    if let Some(run) = counts.run.as_ref().filter(outlives) {
        console.say(&back(console, run, is_early, &counts.applied, counts.unknown > 0));
        tell_beside(console, session, run);
    }
}

/// Says why the first rows failed, and how many more did; nothing if no reason is known.
pub fn tell_failed(console: &Console, reasons: &[String], failed: u64) {
    for reason in reasons {
        console.say(&format!("failed: {reason}"));
    }
    let more = failed.saturating_sub(reasons.len() as u64);
    if more > 0 && !reasons.is_empty() {
        let rows = if more == 1 { "row" } else { "rows" };
        console.say(&format!("… and {} more {rows} that failed", grouped(more)));
    }
}

/// Names the runs of the same start in other profiles: each is taken back by itself.
pub fn tell_beside(console: &Console, session: &Session, run: &str) {
    // Whoever cannot read the store was told so before.
    let together = session.shelf.to_read().and_then(|store| store.together(run)).unwrap_or_default();
    for other in together.iter().filter(|other| other.id != run && other.changes > 0) {
        let call = if console.is_dialogue() { ":" } else { "vitally-script " };
        let (id, profile) = (&other.id, &other.about.profile);
        console.say(&format!("profile {profile}, run {id}: {call}undo {id} takes it back"));
    }
}

/// How to go on with a run, and how to take it back. `applied` counts what it did by action; `is_unclear` says that it may
/// have done more.
pub fn back(
    console: &Console,
    run: &str,
    is_left: bool,
    applied: &BTreeMap<String, u64>,
    is_unclear: bool,
) -> String {
    let call = if console.is_dialogue() { ":" } else { "vitally-script " };
    let is_changed = !applied.is_empty() || is_unclear;
    let is_delete =
        |(_, action): &(_, &Action)| action.effect == Effect::Delete && applied.contains_key(action.name);
    let only_deletes =
        is_changed && !is_unclear && catalogue::actions().filter(is_delete).count() == applied.len();
    if only_deletes && !is_left {
        format!("run {run}: what is deleted does not come back; {call}runs show {run} lists it")
    } else if !is_changed && (!is_left || console.is_dialogue()) {
        format!("run {run}: {call}runs show {run} lists it")
    } else if is_left && !console.is_dialogue() {
        format!("go on: {call}resume {run}   take it back: {call}undo {run}")
    } else {
        format!("run {run}: {call}undo {run} takes it back")
    }
}

/// Says where the plan is.
pub fn tell_plan(console: &Console, path: &Path) {
    let path = path.display();
    console.say(&format!("look through it: vitally-script plan show {path}"));
    console.say(&format!("send it: vitally-script apply {path}"));
}

/// Says that a run that went on did not ask for everything again that was done before.
pub fn tell_not_asked_again(console: &Console, count: usize) {
    if count > 0 {
        console.warn(&format!(
            "{} that the run made before it stopped {} not asked for this time: the data has changed since. \
             vitally-script runs show lists every change",
            grouped(count as u64) + if count == 1 { " change" } else { " changes" },
            if count == 1 { "was" } else { "were" }
        ));
    }
}

/// Says how a run ended that was made of rows only.
pub fn tell_rows(console: &Console, session: &Session, counts: &Counts, error: Option<&Error>, failed: u64) {
    if session.mode != Mode::DryRun && counts.applied.is_empty() && error.is_none() {
        let failed = if failed > 0 { format!(", {} failed", grouped(failed)) } else { String::new() };
        console.say(&format!("nothing was changed: {} already right{failed}", grouped(counts.unchanged)));
        if let Some(file) = &counts.results_file {
            console.say(&format!("every row with its outcome: {file}"));
        }
        return;
    }
    let counts = Counts { failed, ..counts.clone() };
    tell(console, session, &counts, error);
    if session.mode == Mode::DryRun && failed > 0 {
        let rows = if failed == 1 { "row" } else { "rows" };
        console.say(&format!("{} {rows} would fail, for the reasons above", grouped(failed)));
    }
}

/// What a dry run would do: counts, fields, a sample, and what it would cost.
pub fn preview(console: &Console, counts: &Counts) {
    let some = |count: u64, words: &str| match count {
        0 => String::new(),
        count => format!("; {} {words}", grouped(count)),
    };
    let right = some(counts.unchanged, "already right");
    let unchanged = format!("{right}{}", some(counts.protected, "left alone, as protected"));
    let Some(would) = summary(&counts.planned, "to be ") else {
        return console.say(&format!("dry run: nothing would change{unchanged}"));
    };
    console.say(&format!("dry run, nothing was sent: {would}{unchanged}"));
    let fields: Vec<Vec<Value>> = counts
        .fields
        .iter()
        .filter(|((action, _), _)| effect_of(action) == Some(Effect::Update))
        .map(|((action, field), count)| vec![action.as_str().into(), field.as_str().into(), (*count).into()])
        .collect();
    if !fields.is_empty() {
        console.say(&show::table(&names(&["action", "field", "records"]), &fields, console.stderr_width()));
    }
    let sample: Vec<Vec<Value>> = counts.sample.iter().flat_map(lines_of).take(SAMPLE).collect();
    let columns = names(&["action", "name", "field", "before", "after"]);
    console.say(&changes::table(columns, sample, console.stderr_width()));
    let planned: u64 = counts.planned.values().sum();
    if planned > counts.sample.len() as u64 {
        console.say(&format!("… {} more changes", grouped(planned - counts.sample.len() as u64)));
    }
    let minutes = planned.div_ceil(A_MINUTE);
    let time =
        if minutes <= 1 { "within a minute".into() } else { format!("about {} minutes", grouped(minutes)) };
    console.say(&format!(
        "it would cost {} {}, {time}",
        grouped(planned),
        if planned == 1 { "request" } else { "requests" }
    ));
}

/// How many lines of changed fields a preview shows.
const SAMPLE: usize = 20;

/// A line for every field a change gives another value; one for a create or a delete.
fn lines_of(change: &Change) -> Vec<Vec<Value>> {
    let name = change.name.as_deref().or(change.key()).unwrap_or_default();
    let line = |field: Value, before: Value, after: Value| {
        vec![change.action.as_str().into(), name.into(), field, before, after]
    };
    if change.effect() != Some(Effect::Update) {
        return vec![line(Value::Null, Value::Null, Value::Null)];
    }
    field_changes(change)
        .into_iter()
        .map(|(field, before, after)| line(field.into(), before, after))
        .collect()
}

fn names(columns: &[&str]) -> Vec<String> {
    columns.iter().map(ToString::to_string).collect()
}

fn effect_of(action: &str) -> Option<Effect> {
    catalogue::actions().find(|(_, known)| known.name == action).map(|(_, action)| action.effect)
}

/// Changes in words, such as `17 tasks created, 1 account updated`; `None` if there are none.
pub fn summary(counts: &BTreeMap<String, u64>, before: &str) -> Option<String> {
    let parts = catalogue::actions().filter_map(|(object, action)| {
        let count = *counts.get(action.name)?;
        let word = match action.effect {
            Effect::Create => "created",
            Effect::Update => "updated",
            Effect::Delete => "deleted",
            Effect::Read => return None,
        };
        let plural =
            object.lists.first().map_or_else(|| format!("{}s", object.name), |list| list.name.into());
        let noun = if count == 1 { object.name.to_string() } else { plural };
        Some(format!("{} {} {before}{word}", grouped(count), spoken(&noun)))
    });
    let parts = parts.collect::<Vec<_>>();
    (!parts.is_empty()).then(|| parts.join(", "))
}
