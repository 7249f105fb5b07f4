//! What is written of jobs: each function a part of one transaction.

use super::{JobChange, NewJob, TickChange, TickOutcome};
use crate::store::commit::{Answer, Trouble};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Another schedule or zone counts from now on; another script does not.
const REGISTER: &str = "INSERT INTO jobs (name, schedule, timezone, script, first_seen, seen, failures, kept_by) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0, ?6) ON CONFLICT (name) DO UPDATE SET \
     seen = CASE WHEN schedule = excluded.schedule AND timezone = excluded.timezone THEN seen \
     ELSE max(seen, excluded.seen) END, \
     schedule = excluded.schedule, timezone = excluded.timezone, script = excluded.script, \
     kept_by = excluded.kept_by";

/// A tick is claimed if it has no row, or waited for its turn or for somebody's word.
const CLAIM: &str = "INSERT INTO ticks (job, tick, last, count, outcome, caught_up, attempt, started) \
     VALUES (?1, ?2, ?2, 1, ?3, ?4, ?5, ?6) ON CONFLICT (job, tick) DO UPDATE SET \
     outcome = excluded.outcome, attempt = excluded.attempt, started = excluded.started \
     WHERE outcome IN ('waiting', 'held')";

const PASS: &str = "INSERT INTO ticks (job, tick, last, count, outcome, caught_up, attempt) \
     VALUES (?1, ?2, ?3, ?4, ?5, 0, 0) ON CONFLICT (job, tick) DO UPDATE SET \
     outcome = excluded.outcome WHERE outcome IN ('waiting', 'held')";

/// The latest hundred ticks of each job stay.
const FORGET: &str = "DELETE FROM ticks WHERE last < ?1 AND outcome NOT IN ('waiting', 'running', 'held') AND number NOT IN ( \
     SELECT number FROM (SELECT number, row_number() OVER (PARTITION BY job ORDER BY tick DESC) AS place FROM ticks) \
     WHERE place <= 100)";

pub fn register(file: &Connection, jobs: &[NewJob], now: Timestamp) -> Result<Answer, Trouble> {
    let mut register = file.prepare_cached(REGISTER)?;
    for job in jobs {
        let NewJob { name, schedule, timezone, script, kept_by } = job;
        register.execute(params![name, schedule, timezone, script, now.as_second(), kept_by])?;
    }
    Ok(None)
}

/// Answers the ticks that could not be claimed, as `place:seconds` with blanks between.
pub fn keep(file: &Connection, changes: &[JobChange]) -> Result<Answer, Trouble> {
    let mut refused = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        for tick in &change.ticks {
            if !one(file, &change.job, tick)? {
                refused.extend(claimed(tick).map(|tick| format!("{place}:{}", tick.as_second())));
            }
        }
        let known = file
            .prepare_cached("UPDATE jobs SET seen = ?2, failures = ?3, paused = ?4 WHERE name = ?1")?
            .execute(params![change.job, change.seen.as_second(), change.failures, change.paused])?;
        if known == 0 {
            return Err(Trouble::Mistake(format!("there is no job {}", change.job)));
        }
    }
    Ok((!refused.is_empty()).then(|| refused.join(" ")))
}

pub fn tick_run(file: &Connection, job: &str, tick: Timestamp, run: &str) -> Result<Answer, Trouble> {
    file.prepare_cached(
        "UPDATE ticks SET runs = coalesce(runs || ' ', '') || ?3 WHERE job = ?1 AND tick = ?2",
    )?
    .execute(params![job, tick.as_second(), run])?;
    Ok(None)
}

pub fn forget(file: &Connection, before: Timestamp) -> Result<Answer, Trouble> {
    file.prepare_cached(FORGET)?.execute([before.as_second()])?;
    Ok(None)
}

/// The tick that a change claims.
fn claimed(change: &TickChange) -> Option<Timestamp> {
    match change {
        TickChange::Start { tick, attempt: 1, .. }
        | TickChange::Wait { tick, .. }
        | TickChange::Hold { tick } => Some(*tick),
        _ => None,
    }
}

/// Writes one change down; false if nothing was there to be changed, or something was in its way.
fn one(file: &Connection, job: &str, change: &TickChange) -> Result<bool, Trouble> {
    let changed = match change {
        TickChange::Start { tick, attempt: 1, caught_up, at } => {
            let running = TickOutcome::Running.word();
            file.prepare_cached(CLAIM)?.execute(params![
                job,
                tick.as_second(),
                running,
                caught_up,
                1,
                at.to_string()
            ])?
        }
        TickChange::Start { tick, attempt, .. } => file
            .prepare_cached(
                "UPDATE ticks SET attempt = ?3 WHERE job = ?1 AND tick = ?2 AND outcome = 'running'",
            )?
            .execute(params![job, tick.as_second(), attempt])?,
        TickChange::Wait { tick, caught_up } => {
            let (waiting, no) = (TickOutcome::Waiting.word(), None::<String>);
            file.prepare_cached(CLAIM)?.execute(params![job, tick.as_second(), waiting, caught_up, 0, no])?
        }
        TickChange::Hold { tick } => {
            let (held, no) = (TickOutcome::Held.word(), None::<String>);
            file.prepare_cached(CLAIM)?.execute(params![job, tick.as_second(), held, true, 0, no])?
        }
        TickChange::Pass { first, last, count, outcome } => {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            file.prepare_cached(PASS)?.execute(params![
                job,
                first.as_second(),
                last.as_second(),
                count,
                outcome.word()
            ])?
        }
        TickChange::End { tick, outcome, error, at } => file
            .prepare_cached(
                "UPDATE ticks SET outcome = ?3, error = coalesce(?4, error), finished = ?5 \
                 WHERE job = ?1 AND tick = ?2 AND outcome = 'running'",
            )?
            .execute(params![job, tick.as_second(), outcome.word(), error, at.to_string()])?,
        TickChange::Failed { tick, error } => file
            .prepare_cached("UPDATE ticks SET error = ?3 WHERE job = ?1 AND tick = ?2")?
            .execute(params![job, tick.as_second(), error])?,
        TickChange::GoBack { to, cut } => {
            if let Some((first, last, count)) = cut {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                file.prepare_cached("UPDATE ticks SET last = ?3, count = ?4 WHERE job = ?1 AND tick = ?2")?
                    .execute(params![job, first.as_second(), last.as_second(), count])?;
            }
            file.prepare_cached(
                "DELETE FROM ticks WHERE job = ?1 AND tick > ?2 \
                 AND outcome IN ('waiting', 'held', 'missed', 'skipped_overlap', 'skipped_paused')",
            )?
            .execute(params![job, to.as_second()])?
        }
    };
    Ok(changed > 0)
}
