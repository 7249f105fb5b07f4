//! What hooks write: one function per kind of thing, each a part of one transaction.

use super::{DeliveryState, NewEvent, NewHook, Observed, OwnWrite};
use crate::store::commit::{Answer, Trouble};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

const EVENT: &str = "INSERT INTO events (family, key, \"trigger\", record, title, at, noticed, changed, \"before\", \
     payload, own) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (family, key) DO NOTHING";

/// A hook gets what happened since its registration, and not what its own script did unless it asked for that.
const DELIVER: &str = "INSERT INTO deliveries (hook, event, record, state) \
     SELECT number, ?1, ?2, 'collecting' FROM hooks WHERE family = ?3 AND \"trigger\" = ?4 AND active = 1 \
     AND since <= ?5 AND (?6 IS NULL OR script <> ?6 OR own = 1)";

const DELIVER_TO: &str = "INSERT INTO deliveries (hook, event, record, state) VALUES (?1, ?2, ?3, 'collecting') \
     ON CONFLICT (hook, event) DO NOTHING";

/// What is known never gives way to what is older: two that walk the same list may have read it one after the other, and
/// write the other way round.
const SEEN: &str = "INSERT INTO seen (family, id, updated, content) VALUES (?1, ?2, ?3, ?4) \
     ON CONFLICT (family, id) DO UPDATE SET updated = excluded.updated, content = excluded.content \
     WHERE excluded.updated >= seen.updated";

/// Makes a family unless it is there.
pub fn family(connection: &Connection, profile: &str, origin: &str, object: &str) -> Result<Answer, Trouble> {
    connection
        .prepare_cached(
            "INSERT INTO families (profile, origin, object) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![profile, origin, object])?;
    Ok(None)
}

/// Makes a stream unless it is there.
pub fn stream(connection: &Connection, family: i64, variant: &str) -> Result<Answer, Trouble> {
    connection
        .prepare_cached("INSERT INTO streams (family, variant) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![family, variant])?;
    Ok(None)
}

/// Sets a family's baseline unless it has one; its hooks begin there, too.
pub fn baseline(connection: &Connection, family: i64, at: Timestamp) -> Result<Answer, Trouble> {
    let first = connection
        .prepare_cached("UPDATE families SET baseline = ?2 WHERE number = ?1 AND baseline IS NULL")?
        .execute(params![family, at.as_millisecond()])?
        == 1;
    if first { start_hooks(connection, family, at) } else { Ok(None) }
}

/// Keeps what pages taught.
pub fn observe(
    connection: &Connection,
    stream: i64,
    noticed: Timestamp,
    observed: &Observed,
) -> Result<Answer, Trouble> {
    let family: i64 = connection
        .prepare_cached(
            "UPDATE streams SET requests = requests + ?4, late_arrivals = late_arrivals + ?2, \
             lateness = max(lateness, ?3) WHERE number = ?1 RETURNING family",
        )?
        .query_row(
            params![stream, whole(observed.late)?, millis(observed.lateness)?, whole(observed.pages)?],
            |row| row.get(0),
        )
        .optional()?
        .ok_or_else(|| Trouble::Mistake(format!("there is no stream {stream}")))?;
    let mut keep = connection.prepare_cached(SEEN)?;
    for seen in &observed.seen {
        keep.execute(params![family, seen.id, seen.updated.as_millisecond(), seen.content.json()])?;
    }
    for event in &observed.events {
        happened(connection, family, noticed, event)?;
    }
    Ok(None)
}

fn happened(
    connection: &Connection,
    family: i64,
    noticed: Timestamp,
    event: &NewEvent,
) -> Result<(), Trouble> {
    let new = connection.prepare_cached(EVENT)?.execute(params![
        family,
        event.key,
        event.trigger,
        event.record,
        event.title,
        event.at.as_millisecond(),
        noticed.as_millisecond(),
        json(&event.changed)?,
        json(&event.before)?,
        event.payload.to_string(),
        event.own,
    ])? == 1;
    if let Some(hook) = event.only {
        let number: i64 = connection
            .prepare_cached("SELECT number FROM events WHERE family = ?1 AND key = ?2")?
            .query_row(params![family, event.key], |row| row.get(0))?;
        connection.prepare_cached(DELIVER_TO)?.execute(params![hook, number, event.record])?;
    } else if new {
        connection.prepare_cached(DELIVER)?.execute(params![
            connection.last_insert_rowid(),
            event.record,
            family,
            event.trigger,
            event.at.as_millisecond(),
            event.own,
        ])?;
    }
    Ok(())
}

/// Moves a watermark forward, and counts pages that there was no need to take in.
pub fn walked(
    connection: &Connection,
    stream: i64,
    watermark: Timestamp,
    polled: Timestamp,
    unread: u64,
) -> Result<Answer, Trouble> {
    connection
        .prepare_cached(
            "UPDATE streams SET watermark = max(coalesce(watermark, ?2), ?2), polled = ?3, \
             requests = requests + ?4 WHERE number = ?1",
        )?
        .execute(params![stream, watermark.as_millisecond(), polled.as_millisecond(), whole(unread)?])?;
    Ok(None)
}

/// Gives the deliveries of a round free or holds them; answers `PENDING HELD`.
pub fn promote(connection: &Connection, family: i64, brake: Option<u64>) -> Result<Answer, Trouble> {
    const OF_FAMILY: &str = "state = 'collecting' AND hook IN (SELECT number FROM hooks WHERE family = ?1)";
    let events: i64 = connection
        .prepare_cached(&format!("SELECT count(DISTINCT event) FROM deliveries WHERE {OF_FAMILY}"))?
        .query_row([family], |row| row.get(0))?;
    let held = brake.is_some_and(|brake| u64::try_from(events).is_ok_and(|events| events > brake));
    let state = if held { DeliveryState::Held } else { DeliveryState::Pending };
    let moved = if events == 0 {
        0
    } else {
        connection
            .prepare_cached(&format!("UPDATE deliveries SET state = ?2 WHERE {OF_FAMILY}"))?
            .execute(params![family, state.word()])?
    };
    Ok(Some(if held { format!("0 {moved}") } else { format!("{moved} 0") }))
}

/// Notes a walk over everything.
pub fn swept(
    connection: &Connection,
    family: i64,
    at: Timestamp,
    backfilled: &[i64],
) -> Result<Answer, Trouble> {
    connection
        .prepare_cached("UPDATE families SET last_sweep = ?2, sweeps = sweeps + 1 WHERE number = ?1")?
        .execute(params![family, at.as_millisecond()])?;
    for hook in backfilled {
        connection.prepare_cached("UPDATE hooks SET backfill = NULL WHERE number = ?1")?.execute([hook])?;
    }
    Ok(None)
}

/// Notes whether the lists of a family can be read, and since when they cannot.
pub fn troubled(
    connection: &Connection,
    family: i64,
    trouble: Option<(&str, Timestamp)>,
) -> Result<Answer, Trouble> {
    let (words, since) = trouble.map(|(words, since)| (words, since.as_millisecond())).unzip();
    connection
        .prepare_cached(
            "UPDATE streams SET trouble = ?2, \
             failing_since = CASE WHEN ?3 IS NULL THEN NULL ELSE coalesce(failing_since, ?3) END \
             WHERE family = ?1 AND (trouble IS NOT ?2 OR (failing_since IS NULL) <> (?3 IS NULL))",
        )?
        .execute(params![family, words, since])?;
    Ok(None)
}

/// Forgets what was handled before a moment.
pub fn forget(connection: &Connection, family: i64, before: Timestamp) -> Result<Answer, Trouble> {
    let before = before.as_millisecond();
    connection
        .prepare_cached(
            "DELETE FROM deliveries WHERE state IN ('done', 'discarded') AND event IN \
             (SELECT number FROM events WHERE family = ?1 AND noticed < ?2)",
        )?
        .execute(params![family, before])?;
    connection
        .prepare_cached(
            "DELETE FROM events WHERE family = ?1 AND noticed < ?2 AND NOT EXISTS \
             (SELECT 1 FROM deliveries WHERE event = events.number)",
        )?
        .execute(params![family, before])?;
    connection
        .prepare_cached("DELETE FROM own_writes WHERE family = ?1 AND at < ?2")?
        .execute(params![family, before])?;
    Ok(None)
}

/// Notes the hooks of a script.
pub fn register(
    connection: &Connection,
    script: &str,
    hooks: &[NewHook],
    gone: &[String],
) -> Result<Answer, Trouble> {
    connection.prepare_cached("UPDATE hooks SET active = 0 - active WHERE script = ?1")?.execute([script])?;
    for hook in hooks {
        adopt(connection, hook, gone)?;
        connection
            .prepare_cached(
                "INSERT INTO hooks (family, script, name, \"trigger\", own, backfill) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT (family, script, name) DO UPDATE SET \
                 since = CASE WHEN active = 0 OR \"trigger\" <> excluded.\"trigger\" THEN NULL ELSE since END, \
                 \"trigger\" = excluded.\"trigger\", own = excluded.own, active = 1, \
                 backfill = coalesce(excluded.backfill, backfill)",
            )?
            .execute(params![
                hook.family,
                hook.script,
                hook.name,
                hook.trigger,
                hook.own,
                hook.backfill.map(Timestamp::as_millisecond),
            ])?;
    }
    // What was active before and was not named now is no longer listened for.
    connection
        .prepare_cached("UPDATE hooks SET active = 0 WHERE script = ?1 AND active < 0")?
        .execute([script])?;
    Ok(None)
}

/// A script that was renamed goes on where it was under its old name.
fn adopt(connection: &Connection, hook: &NewHook, gone: &[String]) -> Result<(), Trouble> {
    let mut known =
        connection.prepare_cached("SELECT 1 FROM hooks WHERE family = ?1 AND script = ?2 AND name = ?3")?;
    if known.exists(params![hook.family, hook.script, hook.name])? {
        return Ok(());
    }
    let mut take = connection.prepare_cached(
        "UPDATE hooks SET script = ?2, active = 0 - active WHERE number = (SELECT number FROM hooks \
         WHERE family = ?1 AND name = ?3 AND \"trigger\" = ?4 AND script = ?5 AND active <> 0 ORDER BY number DESC LIMIT 1)",
    )?;
    for script in gone.iter().filter(|gone| **gone != hook.script) {
        if take.execute(params![hook.family, hook.script, hook.name, hook.trigger, script])? == 1 {
            break;
        }
    }
    Ok(())
}

/// Lets new hooks begin.
pub fn start_hooks(connection: &Connection, family: i64, at: Timestamp) -> Result<Answer, Trouble> {
    connection
        .prepare_cached("UPDATE hooks SET since = ?2 WHERE family = ?1 AND since IS NULL AND active = 1")?
        .execute(params![family, at.as_millisecond()])?;
    Ok(None)
}

/// Notes what a delivery wrote, where somebody listens to such records.
pub fn wrote(
    connection: &Connection,
    profile: &str,
    origin: &str,
    writes: &[(String, OwnWrite)],
) -> Result<Answer, Trouble> {
    let mut keep = connection.prepare_cached(
        "INSERT INTO own_writes (family, record, at, script, hook, made, fields) \
         SELECT number, ?4, ?5, ?6, ?7, ?8, ?9 FROM families WHERE profile = ?1 AND origin = ?2 AND object = ?3",
    )?;
    for (object, write) in writes {
        keep.execute(params![
            profile,
            origin,
            object,
            write.record,
            write.at.as_millisecond(),
            write.script,
            write.hook,
            write.made,
            json(&write.fields)?,
        ])?;
    }
    Ok(None)
}

fn whole(number: u64) -> Result<i64, Trouble> {
    i64::try_from(number).map_err(|_| Trouble::Mistake(format!("the number {number} is too large")))
}

fn millis(span: jiff::SignedDuration) -> Result<i64, Trouble> {
    i64::try_from(span.as_millis()).map_err(|_| Trouble::Mistake("a time is too long".into()))
}

fn json<T: Serialize>(data: &T) -> Result<String, Trouble> {
    serde_json::to_string(data).map_err(|error| unwritable(&error))
}

fn unwritable(error: &serde_json::Error) -> Trouble {
    Trouble::Mistake(error.to_string())
}
