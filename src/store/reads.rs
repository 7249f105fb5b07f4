//! What is read: through a connection of its own that cannot write, while another one or another process does.

use super::place::Place;
use super::{Kept, NewRun, RowOutcome, Run, Shelfmark, StoreError, connection, run_id, state};
use crate::gate::{Change, Status};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::error::Error;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

const RUN: &str = "SELECT runs.*, \
     (SELECT count(*) FROM changes WHERE run = runs.number AND status = 'applied') AS applied, \
     (SELECT count(*) FROM changes WHERE run = runs.number AND status = 'failed') AS failed FROM runs";

/// What was sent without an answer may have changed something too.
const LAST: &str = "WHERE kind <> 'undo' AND EXISTS (SELECT 1 FROM changes WHERE run = runs.number \
     AND status IN ('applied', 'sending', 'unknown')) ORDER BY number DESC LIMIT 1";

const TOGETHER: &str =
    "WHERE (SELECT coalesce(beside, id) FROM runs WHERE id = ?1) IN (id, beside) ORDER BY number";

const CHANGE: &str =
    "SELECT changes.*, runs.id AS run_id FROM changes JOIN runs ON runs.number = changes.run";

/// A record goes by its id in some changes and by its externalId in others; changes that name both tie them together.
const HISTORY: &str = "WHERE changes.number IN ( \
     SELECT number FROM changes WHERE object = :object AND id IN (SELECT :key UNION \
         SELECT id FROM changes WHERE object = :object AND external_id = :key AND id IS NOT NULL) \
     UNION SELECT number FROM changes WHERE object = :object AND external_id IN (SELECT :key UNION \
         SELECT external_id FROM changes WHERE object = :object AND id = :key AND external_id IS NOT NULL) \
     ) ORDER BY changes.number";

/// The reading half; the file may come into being later.
pub(super) struct Reads {
    place: Place,
    connection: Mutex<Option<Connection>>,
}

impl Reads {
    pub fn new(place: Place) -> Reads {
        Reads { place, connection: Mutex::new(None) }
    }

    /// Makes sure that the file, if there is one, can be read.
    pub fn try_open(&self) -> Result<(), StoreError> {
        self.ask("open the store", |_| Ok(())).map(|_| ())
    }

    /// The latest runs.
    pub fn runs(&self, most: usize, holders: &Holders) -> Result<Vec<Run>, StoreError> {
        self.list("read the runs", |file| {
            let mut statement = file.prepare_cached(&format!("{RUN} ORDER BY number DESC LIMIT ?1"))?;
            statement.query_map([limit(most)], |row| run(row, holders))?.collect()
        })
    }

    /// One run, by its id or as the last one.
    pub fn run(&self, id: &str, holders: &Holders) -> Result<Option<Run>, StoreError> {
        let found = self.ask("read the runs", |file| {
            if id.eq_ignore_ascii_case("last") {
                let mut statement = file.prepare_cached(&format!("{RUN} {LAST}"))?;
                return statement.query_row([], |row| run(row, holders)).optional();
            }
            let mut statement = file.prepare_cached(&format!("{RUN} WHERE id = ?1"))?;
            statement.query_row([run_id::as_kept(id)], |row| run(row, holders)).optional()
        })?;
        Ok(found.flatten())
    }

    /// The runs of the same start.
    pub fn together(&self, id: &str, holders: &Holders) -> Result<Vec<Run>, StoreError> {
        self.list("read the runs", |file| {
            let mut statement = file.prepare_cached(&format!("{RUN} {TOGETHER}"))?;
            statement.query_map([run_id::as_kept(id)], |row| run(row, holders))?.collect()
        })
    }

    /// The changes of a run.
    pub fn changes(&self, run: &str, from_seq: u64, most: usize) -> Result<Vec<Kept>, StoreError> {
        let from = i64::try_from(from_seq).unwrap_or(i64::MAX);
        self.list("read the changes", |file| {
            let sql = format!("{CHANGE} WHERE runs.id = :run AND seq >= :from ORDER BY seq LIMIT :most");
            let mut statement = file.prepare_cached(&sql)?;
            let run = run_id::as_kept(run);
            statement
                .query_map(named_params! { ":run": run, ":from": from, ":most": limit(most) }, kept)?
                .collect()
        })
    }

    /// How many changes of a run have each status.
    pub fn count(&self, run: &str) -> Result<Vec<(Status, u64)>, StoreError> {
        let mut counted = self.list("count the changes", |file| {
            let mut statement = file.prepare_cached(
                "SELECT status, count(*) AS number FROM changes JOIN runs ON runs.number = changes.run \
                 WHERE runs.id = ?1 GROUP BY status",
            )?;
            statement
                .query_map([run_id::as_kept(run)], |row| Ok((status(row)?, natural(row, "number")?)))?
                .collect()
        })?;
        counted.sort_by_key(|(status, _)| Status::ALL.iter().position(|known| known == status));
        Ok(counted)
    }

    /// The rows of a run's input.
    pub fn rows(&self, run: &str) -> Result<Vec<RowOutcome>, StoreError> {
        self.list("read the rows", |file| {
            let mut statement = file.prepare_cached(
                "SELECT input_rows.* FROM input_rows JOIN runs ON runs.number = input_rows.run \
                 WHERE runs.id = ?1 ORDER BY place",
            )?;
            statement.query_map([run_id::as_kept(run)], row_outcome)?.collect()
        })
    }

    /// All changes of one record.
    pub fn history(&self, object: &str, key: &str) -> Result<Vec<Kept>, StoreError> {
        self.list("read the changes", |file| {
            let mut statement = file.prepare_cached(&format!("{CHANGE} {HISTORY}"))?;
            statement.query_map(named_params! { ":object": object, ":key": key }, kept)?.collect()
        })
    }

    /// A value that a script has kept.
    pub fn state(&self, mark: &Shelfmark, key: &str) -> Result<Option<Value>, StoreError> {
        self.ask("read the state of the script", |file| state::read(file, mark, key)).map(Option::flatten)
    }

    /// The keys of everything that a script has kept.
    pub fn state_keys(&self, mark: &Shelfmark) -> Result<Vec<String>, StoreError> {
        self.list("read the state of the script", |file| state::keys(file, mark))
    }

    pub(super) fn list<T>(
        &self,
        doing: &'static str,
        question: impl FnOnce(&Connection) -> rusqlite::Result<Vec<T>>,
    ) -> Result<Vec<T>, StoreError> {
        self.ask(doing, question).map(Option::unwrap_or_default)
    }

    /// The answer to a question; `None` if there is no file.
    fn ask<T>(
        &self,
        doing: &'static str,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.is_none() {
            *connection = connection::open_to_read(&self.place)?;
        }
        let Some(file) = connection.as_ref() else { return Ok(None) };
        question(file).map(Some).map_err(|error| StoreError::said(&self.place.file, doing, &error))
    }
}

/// The processes whose unfinished runs go on.
pub(super) struct Holders {
    /// The one that held the lock before the runs are read.
    pub before: Option<String>,
    /// Tells the one that holds it afterwards: it may have started in between.
    pub after: Box<dyn Fn() -> Option<String>>,
}

impl Holders {
    fn live(&self, holder: &str) -> bool {
        self.before.as_deref() == Some(holder) || (self.after)().as_deref() == Some(holder)
    }
}

fn run(row: &Row, holders: &Holders) -> rusqlite::Result<Run> {
    let ended: Option<String> = row.get("outcome")?;
    let holder: String = row.get("holder")?;
    let going_on = || if holders.live(&holder) { "running" } else { "crashed" };
    let finished: Option<String> = row.get("finished")?;
    Ok(Run {
        id: row.get("id")?,
        about: NewRun {
            kind: row.get("kind")?,
            script: row.get("script")?,
            script_hash: row.get("script_hash")?,
            arguments: json(&row.get::<_, String>("arguments")?)?,
            profile: row.get("profile")?,
            origin: row.get("origin")?,
            mode: row.get("mode")?,
            of: row.get("of_run")?,
            code: row.get("code")?,
            beside: row.get("beside")?,
            started_with: row.get("started_with")?,
            started: parsed(&row.get::<_, String>("started")?)?,
        },
        finished: finished.map(|text| parsed(&text)).transpose()?,
        outcome: ended.unwrap_or_else(|| going_on().into()),
        changes: natural(row, "applied")?,
        failed: natural(row, "failed")?,
    })
}

fn kept(row: &Row) -> rusqlite::Result<Kept> {
    Ok(Kept {
        run: row.get("run_id")?,
        change: Change {
            seq: natural(row, "seq")?,
            row: row.get::<_, Option<i64>>("input_row")?.map(counted).transpose()?,
            action: row.get("action")?,
            object: row.get("object")?,
            id: row.get("id")?,
            external_id: row.get("external_id")?,
            provisional: row.get("provisional")?,
            name: row.get("name")?,
            parent: row.get("parent")?,
            query: json_or_nothing(row, "query")?.unwrap_or_default(),
            before: json_or_nothing(row, "before")?,
            after: json_or_nothing(row, "after")?,
            script: row.get("script")?,
            line: natural(row, "line")?,
        },
        status: status(row)?,
        reason: row.get("reason")?,
        at: parsed(&row.get::<_, String>("at")?)?,
    })
}

fn row_outcome(row: &Row) -> rusqlite::Result<RowOutcome> {
    Ok(RowOutcome {
        row: natural(row, "place")?,
        key: row.get("key")?,
        hash: row.get("hash")?,
        status: row.get("status")?,
        reason: row.get("reason")?,
    })
}

fn status(row: &Row) -> rusqlite::Result<Status> {
    let word: String = row.get("status")?;
    Status::of(&word).ok_or_else(|| unreadable(format!("there is no status \"{word}\"")))
}

/// A number that is never below zero.
pub(super) fn natural<N: TryFrom<i64>>(row: &Row, column: &str) -> rusqlite::Result<N> {
    counted(row.get(column)?)
}

fn counted<N: TryFrom<i64>>(number: i64) -> rusqlite::Result<N> {
    N::try_from(number).map_err(|_| unreadable(format!("{number} is not a number that can stand there")))
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> rusqlite::Result<T> {
    text.parse().map_err(|error| unreadable(format!("\"{text}\" cannot be read: {error}")))
}

fn json_or_nothing<T: DeserializeOwned>(row: &Row, column: &str) -> rusqlite::Result<Option<T>> {
    row.get::<_, Option<String>>(column)?.map(|text| json(&text)).transpose()
}

pub(super) fn json<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| unreadable(format!("\"{text}\" cannot be read: {error}")))
}

/// Something that this program never wrote stands in the file.
pub(super) fn unreadable(reason: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::<dyn Error + Send + Sync>::from(reason))
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
