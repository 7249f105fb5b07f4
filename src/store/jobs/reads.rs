//! What is read of jobs.

use super::{JobRow, NewJob, TickOutcome, TickRow};
use crate::store::StoreError;
use crate::store::reads::{Reads, natural, unreadable};
use jiff::Timestamp;
use rusqlite::types::FromSql;
use rusqlite::{Row, params};

/// The questions about jobs.
pub struct JobReads<'a>(pub &'a Reads);

impl JobReads<'_> {
    pub fn jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        self.0.list("read the jobs", |file| {
            file.prepare_cached("SELECT * FROM jobs ORDER BY name")?.query_map([], job)?.collect()
        })
    }

    pub fn ticks(&self, job: Option<&str>, most: usize) -> Result<Vec<TickRow>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.0.list("read what jobs did", |file| {
            let Some(job) = job else {
                let mut all = file.prepare_cached("SELECT * FROM ticks ORDER BY tick DESC, job LIMIT ?1")?;
                return all.query_map([most], tick)?.collect();
            };
            // Apart from the question about all, so that the index on jobs and ticks answers it.
            file.prepare_cached("SELECT * FROM ticks WHERE job = ?1 ORDER BY tick DESC LIMIT ?2")?
                .query_map(params![job, most], tick)?
                .collect()
        })
    }

    pub fn open_ticks(&self, job: &str) -> Result<Vec<TickRow>, StoreError> {
        self.0.list("read what a job does", |file| {
            file.prepare_cached(
                "SELECT * FROM ticks WHERE job = ?1 AND outcome IN ('waiting', 'running', 'held') ORDER BY tick",
            )?
            .query_map([job], tick)?
            .collect()
        })
    }

    pub fn started_ticks(&self, job: &str, most: usize) -> Result<Vec<Timestamp>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.0.list("read what a job did", |file| {
            file.prepare_cached(
                "SELECT tick FROM ticks WHERE job = ?1 AND started IS NOT NULL ORDER BY tick DESC LIMIT ?2",
            )?
            .query_map(params![job, most], |row| moment(row, "tick"))?
            .collect()
        })
    }

    pub fn tick_of(&self, run: &str) -> Result<Option<TickRow>, StoreError> {
        let found = self.0.list("read what a job did", |file| {
            file.prepare_cached("SELECT * FROM ticks WHERE instr(' ' || runs || ' ', ' ' || ?1 || ' ') > 0")?
                .query_map([run], tick)?
                .collect()
        })?;
        Ok(found.into_iter().next())
    }

    pub fn stretch_at(&self, job: &str, at: Timestamp) -> Result<Option<TickRow>, StoreError> {
        let found = self.0.list("read what a job did", |file| {
            file.prepare_cached(
                "SELECT * FROM ticks WHERE job = ?1 AND tick <= ?2 AND last > ?2 AND count > 1",
            )?
            .query_map(params![job, at.as_second()], tick)?
            .collect()
        })?;
        Ok(found.into_iter().next())
    }
}

fn job(row: &Row) -> rusqlite::Result<JobRow> {
    Ok(JobRow {
        about: NewJob {
            name: row.get("name")?,
            schedule: row.get("schedule")?,
            timezone: row.get("timezone")?,
            script: row.get("script")?,
            kept_by: added::<String>(row, "kept_by")?.unwrap_or_default(),
        },
        first_seen: moment(row, "first_seen")?,
        seen: moment(row, "seen")?,
        failures: natural(row, "failures")?,
        paused: row.get("paused")?,
    })
}

fn tick(row: &Row) -> rusqlite::Result<TickRow> {
    let word: String = row.get("outcome")?;
    let runs: Option<String> = added(row, "runs")?;
    Ok(TickRow {
        job: row.get("job")?,
        tick: moment(row, "tick")?,
        last: moment(row, "last")?,
        count: natural(row, "count")?,
        outcome: TickOutcome::of(&word)
            .ok_or_else(|| unreadable(format!("there is no outcome \"{word}\" of a tick")))?,
        caught_up: row.get("caught_up")?,
        attempt: natural(row, "attempt")?,
        started: written(row, "started")?,
        finished: written(row, "finished")?,
        error: row.get("error")?,
        runs: runs.iter().flat_map(|runs| runs.split(' ')).map(Into::into).collect(),
    })
}

fn moment(row: &Row, column: &str) -> rusqlite::Result<Timestamp> {
    let seconds: i64 = row.get(column)?;
    Timestamp::from_second(seconds).map_err(|_| unreadable(format!("{seconds} is no time")))
}

fn written(row: &Row, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let text: Option<String> = row.get(column)?;
    let read = |text: String| text.parse().map_err(|_| unreadable(format!("\"{text}\" is no time")));
    text.map(read).transpose()
}

/// A column that a store of an older version, which is only read, does not have.
fn added<T: FromSql>(row: &Row, column: &str) -> rusqlite::Result<Option<T>> {
    match row.get(column) {
        Err(rusqlite::Error::InvalidColumnName(_)) => Ok(None),
        read => read,
    }
}
