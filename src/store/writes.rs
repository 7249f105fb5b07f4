//! What is written: one function per kind of thing, each a part of one transaction.

use super::commit::{Answer, Trouble};
use super::{NewRun, RowOutcome, run_id};
use crate::gate::{Change, Outcome, Status};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

const START: &str = "INSERT INTO runs (id, kind, script, script_hash, arguments, profile, origin, mode, of_run, \
     started, holder, code, beside, started_with) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT (id) DO NOTHING";

const CHANGE: &str = "INSERT INTO changes (run, seq, status, at, input_row, action, object, id, external_id, \
     provisional, name, parent, \"query\", \"before\", \"after\", script, line) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) \
     ON CONFLICT (run, seq) DO UPDATE SET status = excluded.status, at = excluded.at, \
     input_row = excluded.input_row, action = excluded.action, object = excluded.object, \
     id = coalesce(excluded.id, id), external_id = coalesce(excluded.external_id, external_id), \
     provisional = excluded.provisional, name = excluded.name, parent = excluded.parent, \
     \"query\" = excluded.\"query\", \"before\" = coalesce(excluded.\"before\", \"before\"), \
     \"after\" = excluded.\"after\", script = excluded.script, line = excluded.line, reason = NULL, kind = NULL";

const SETTLE: &str = "UPDATE changes SET status = ?3, id = coalesce(?4, id), \"before\" = coalesce(?5, \"before\"), \
     reason = ?6, kind = ?7 WHERE run = ?1 AND seq = ?2";

/// Of most changes the journal knows the rest already; what it knows is not touched, for indexes cost more than rows.
const SETTLE_STATUS: &str =
    "UPDATE changes SET status = ?3, reason = ?4, kind = ?5 WHERE run = ?1 AND seq = ?2";

const ROW: &str = "INSERT INTO input_rows (run, place, key, hash, status, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT (run, place) DO UPDATE SET key = excluded.key, hash = excluded.hash, status = excluded.status, \
     reason = excluded.reason";

/// Starts a run of this holder and answers its id.
pub(super) fn start(connection: &Connection, about: &NewRun, holder: &str) -> Result<Answer, Trouble> {
    let mut statement = connection.prepare_cached(START)?;
    let (arguments, started) = (about.arguments.to_string(), about.started.to_string());
    for id in run_id::candidates() {
        let taken = statement.execute(params![
            id,
            about.kind,
            about.script,
            about.script_hash,
            arguments,
            about.profile,
            about.origin,
            about.mode,
            about.of,
            started,
            holder,
            about.code,
            about.beside,
            about.started_with,
        ])? == 0;
        if !taken {
            return Ok(Some(id));
        }
    }
    Err(Trouble::Mistake("there is no id left".into()))
}

/// Ends a run.
pub(super) fn finish(
    connection: &Connection,
    run: &str,
    outcome: &str,
    at: Timestamp,
) -> Result<Answer, Trouble> {
    let number = number(connection, run)?;
    connection
        .prepare_cached("UPDATE runs SET finished = ?2, outcome = ?3 WHERE number = ?1")?
        .execute(params![number, at.to_string(), outcome])?;
    Ok(None)
}

/// Notes that this holder goes on with a run that had ended or broken off.
pub(super) fn reopen(connection: &Connection, run: &str, holder: &str) -> Result<Answer, Trouble> {
    let number = number(connection, run)?;
    connection
        .prepare_cached("UPDATE runs SET finished = NULL, outcome = NULL, holder = ?2 WHERE number = ?1")?
        .execute(params![number, holder])?;
    Ok(None)
}

/// Writes changes of a run down.
pub(super) fn changes(
    connection: &Connection,
    run: &str,
    status: Status,
    at: Timestamp,
    changes: &[Change],
) -> Result<(), Trouble> {
    let run = number(connection, run)?;
    let at = at.to_string();
    let mut statement = connection.prepare_cached(CHANGE)?;
    for change in changes {
        let query = (!change.query.is_empty()).then(|| json(&change.query)).transpose()?;
        statement.execute(params![
            run,
            whole(change.seq)?,
            status.word(),
            at,
            change.row.map(whole).transpose()?,
            change.action,
            change.object,
            change.id,
            change.external_id,
            change.provisional,
            change.name,
            change.parent,
            query,
            change.before.as_ref().map(json).transpose()?,
            change.after.as_ref().map(json).transpose()?,
            change.script,
            whole(change.line)?,
        ])?;
    }
    Ok(())
}

/// Writes down how changes of a run ended.
pub(super) fn settle(connection: &Connection, run: &str, outcomes: &[Outcome]) -> Result<(), Trouble> {
    let number = number(connection, run)?;
    let mut whole_outcome = connection.prepare_cached(SETTLE)?;
    let mut status_alone = connection.prepare_cached(SETTLE_STATUS)?;
    for outcome in outcomes {
        let (seq, status) = (whole(outcome.seq)?, outcome.status.word());
        let (reason, kind) = (&outcome.reason, &outcome.kind);
        let found = if outcome.id.is_none() && outcome.before.is_none() {
            status_alone.execute(params![number, seq, status, reason, kind])?
        } else {
            let before = outcome.before.as_ref().map(json).transpose()?;
            whole_outcome.execute(params![number, seq, status, outcome.id, before, reason, kind])?
        };
        if found == 0 {
            return Err(Trouble::Mistake(format!("run {run} has no change {}", outcome.seq)));
        }
    }
    Ok(())
}

/// Writes down how rows of a run's input ended.
pub(super) fn rows(connection: &Connection, run: &str, rows: &[RowOutcome]) -> Result<(), Trouble> {
    let run = number(connection, run)?;
    let mut statement = connection.prepare_cached(ROW)?;
    for row in rows {
        statement.execute(params![run, whole(row.row)?, row.key, row.hash, row.status, row.reason])?;
    }
    Ok(())
}

/// Notes that a run applies a plan; answers the run that did so before.
pub(super) fn claim(connection: &Connection, hash: &str, run: &str) -> Result<Answer, Trouble> {
    let number = number(connection, run)?;
    let claimed = connection
        .prepare_cached("INSERT INTO plans (hash, run) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING")?
        .execute(params![hash, number])?;
    if claimed == 1 {
        return Ok(None);
    }
    let mut before =
        connection.prepare_cached("SELECT id FROM runs JOIN plans ON plans.run = number WHERE hash = ?1")?;
    Ok(Some(before.query_row([hash], |row| row.get(0))?))
}

/// The number that stands for a run inside the file.
fn number(connection: &Connection, run: &str) -> Result<i64, Trouble> {
    connection
        .prepare_cached("SELECT number FROM runs WHERE id = ?1")?
        .query_row([run_id::as_kept(run)], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Trouble::Mistake(format!("there is no run {run}")))
}

/// A number as `SQLite` keeps it.
fn whole<N: TryInto<i64> + Copy + ToString>(number: N) -> Result<i64, Trouble> {
    number.try_into().map_err(|_| Trouble::Mistake(format!("the number {} is too large", number.to_string())))
}

fn json<T: Serialize>(data: &T) -> Result<String, Trouble> {
    serde_json::to_string(data).map_err(|error| Trouble::Mistake(error.to_string()))
}
