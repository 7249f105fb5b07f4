//! What becomes of deliveries: claimed, ended, put back, and what a person decides about them.

use super::{Choice, DeliveryEnd};
use crate::store::commit::{Answer, Trouble};
use jiff::Timestamp;
use rusqlite::types::ToSql;
use rusqlite::{Connection, params, params_from_iter};

/// After so many tries during which the program ended, a delivery is taken to be the reason.
const MOST_CRASHES: i64 = 20;

/// Puts back what an earlier process was handling.
pub fn recover(connection: &Connection, boot: &str) -> Result<Answer, Trouble> {
    let found = connection
        .prepare_cached(
            "UPDATE deliveries SET boot = NULL, state = CASE WHEN attempts < ?2 THEN 'pending' ELSE 'dead' END, \
             kind = CASE WHEN attempts < ?2 THEN kind ELSE 'crashed' END, \
             error = CASE WHEN attempts < ?2 THEN error ELSE 'the program ended each time while handling it' END \
             WHERE state = 'running' AND boot <> ?1",
        )?
        .execute(params![boot, MOST_CRASHES])?;
    Ok(Some(found.to_string()))
}

/// Notes that a delivery is being handled.
pub fn claim(connection: &Connection, delivery: i64, boot: &str) -> Result<Answer, Trouble> {
    let claimed = connection
        .prepare_cached(
            "UPDATE deliveries SET state = 'running', boot = ?2, attempts = attempts + 1 \
             WHERE number = ?1 AND state IN ('pending', 'retry')",
        )?
        .execute(params![delivery, boot])?;
    Ok((claimed == 1).then(|| "claimed".into()))
}

/// Notes how a try ended, or under which run it writes.
pub fn settle(connection: &Connection, delivery: i64, end: &DeliveryEnd) -> Result<Answer, Trouble> {
    connection
        .prepare_cached(
            "UPDATE deliveries SET state = ?2, due = ?3, attempts = attempts - ?4, kind = ?5, error = ?6, \
             ended = ?7, boot = NULL WHERE number = ?1 AND state = 'running'",
        )?
        .execute(params![
            delivery,
            end.state.word(),
            end.due.map_or(0, Timestamp::as_millisecond),
            i64::from(!end.counts),
            end.kind,
            end.error,
            end.at.as_millisecond(),
        ])?;
    Ok(None)
}

/// Notes a further run that a delivery writes under; they stand there with blanks between.
pub fn also_under(connection: &Connection, delivery: i64, run: &str) -> Result<Answer, Trouble> {
    connection
        .prepare_cached("UPDATE deliveries SET run = coalesce(run || ' ', '') || ?2 WHERE number = ?1")?
        .execute(params![delivery, run])?;
    Ok(None)
}

/// Gives held deliveries free.
pub fn release(connection: &Connection, choice: &Choice) -> Result<Answer, Trouble> {
    moved(connection, choice, "state = 'held'", "state = 'pending', due = 0")
}

/// Lets deliveries be handled once more, from the beginning.
pub fn replay(connection: &Connection, choice: &Choice) -> Result<Answer, Trouble> {
    moved(
        connection,
        choice,
        "state IN ('dead', 'done', 'discarded', 'retry')",
        "run = CASE state WHEN 'done' THEN NULL ELSE run END, state = 'pending', due = 0, attempts = 0, \
         kind = NULL, error = NULL",
    )
}

/// Lets deliveries be.
pub fn discard(connection: &Connection, choice: &Choice) -> Result<Answer, Trouble> {
    moved(connection, choice, "state IN ('held', 'pending', 'retry', 'dead')", "state = 'discarded'")
}

fn moved(connection: &Connection, choice: &Choice, from: &str, to: &str) -> Result<Answer, Trouble> {
    let (condition, values) = condition(choice);
    let sql = format!(
        "UPDATE deliveries SET {to} WHERE {from} AND number IN (SELECT d.number FROM deliveries d \
         JOIN events e ON e.number = d.event JOIN hooks h ON h.number = d.hook WHERE {condition})"
    );
    let found = connection.prepare_cached(&sql)?.execute(params_from_iter(values.iter()))?;
    Ok(Some(found.to_string()))
}

/// A choice as a condition on deliveries `d`, events `e` and hooks `h`.
pub fn condition(choice: &Choice) -> (String, Vec<Box<dyn ToSql>>) {
    let mut parts = vec!["1".to_string()];
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    if let Some(key) = &choice.key {
        values.push(Box::new(key.clone()));
        parts.push(format!("(e.key = ?{0} OR d.number = CAST(?{0} AS INTEGER))", values.len()));
    }
    if let Some(hook) = &choice.hook {
        values.push(Box::new(hook.clone()));
        parts.push(format!("h.name = ?{}", values.len()));
    }
    if !choice.states.is_empty() {
        let words: Vec<String> = choice.states.iter().map(|state| format!("'{}'", state.word())).collect();
        parts.push(format!("d.state IN ({})", words.join(", ")));
    }
    (parts.join(" AND "), values)
}
