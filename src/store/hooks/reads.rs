//! What hooks read.

use super::deliveries::condition;
use super::{
    Choice, Delivery, DeliveryState, Event, Family, Hook, OwnWrite, PollerRow, Seen, Short, StreamState,
};
use crate::store::StoreError;
use crate::store::reads::Reads;
use crate::store::reads::{json, natural, unreadable};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

const DELIVERY: &str = "SELECT d.number, d.state, d.attempts, d.run, d.kind, d.error, \
     h.number AS hook_number, h.family AS hook_family, h.script, h.name, h.\"trigger\" AS hook_trigger, h.own, \
     h.since, h.backfill, h.active, e.number AS event_number, f.object, e.key, e.\"trigger\", e.record, e.title, e.at, \
     e.noticed, e.changed, e.\"before\", e.payload FROM deliveries d JOIN hooks h ON h.number = d.hook \
     JOIN events e ON e.number = d.event JOIN families f ON f.number = e.family";

const EVENT: &str = "SELECT e.number AS event_number, f.object, e.key, e.\"trigger\", e.record, e.title, e.at, \
     e.noticed, e.changed, e.\"before\", e.payload FROM events e JOIN families f ON f.number = e.family";

/// Nothing of the same record is open before it for the same hook.
const FIRST_OF_ITS_RECORD: &str = "NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.hook = d.hook \
     AND o.record = d.record AND o.number < d.number \
     AND o.state IN ('collecting', 'held', 'pending', 'running', 'retry'))";

/// The questions that hooks ask.
pub struct HookReads<'a>(pub &'a Reads);

impl HookReads<'_> {
    pub fn family(&self, profile: &str, origin: &str, object: &str) -> Result<Family, StoreError> {
        self.one("read how far the lists were walked", |file| {
            file.prepare_cached("SELECT * FROM families WHERE profile = ?1 AND origin = ?2 AND object = ?3")?
                .query_row([profile, origin, object], |row| {
                    Ok(Family {
                        number: row.get("number")?,
                        baseline: moment(row, "baseline")?,
                        last_sweep: moment(row, "last_sweep")?,
                        sweeps: natural(row, "sweeps")?,
                    })
                })
        })
    }

    pub fn stream(&self, family: i64, variant: &str) -> Result<StreamState, StoreError> {
        self.one("read how far the lists were walked", |file| {
            file.prepare_cached("SELECT * FROM streams WHERE family = ?1 AND variant = ?2")?.query_row(
                params![family, variant],
                |row| {
                    Ok(StreamState {
                        number: row.get("number")?,
                        watermark: moment(row, "watermark")?,
                        polled: moment(row, "polled")?,
                        lateness: SignedDuration::from_millis(row.get("lateness")?),
                    })
                },
            )
        })
    }

    pub fn seen(&self, family: i64, ids: &[String]) -> Result<Vec<Seen>, StoreError> {
        self.0.list("read what was seen", |file| {
            // One reading for all of them: each by itself would lock the file anew.
            let reading = file.unchecked_transaction()?;
            let mut statement = reading
                .prepare_cached("SELECT id, updated, content FROM seen WHERE family = ?1 AND id = ?2")?;
            let mut found = Vec::new();
            for id in ids {
                let seen = statement.query_row(params![family, id], |row| {
                    Ok(Seen {
                        id: row.get("id")?,
                        updated: time(row.get("updated")?)?,
                        content: Short::kept(row.get("content")?)
                            .map_err(|error| unreadable(error.to_string()))?,
                    })
                });
                found.extend(seen.optional()?);
            }
            Ok(found)
        })
    }

    pub fn own_writes(&self, family: i64, ids: &[String]) -> Result<Vec<OwnWrite>, StoreError> {
        self.0.list("read what was written", |file| {
            let mut any = file.prepare_cached("SELECT 1 FROM own_writes WHERE family = ?1")?;
            if !any.exists([family])? {
                return Ok(Vec::new());
            }
            let mut statement = file.prepare_cached(
                "SELECT * FROM own_writes WHERE family = ?1 AND record = ?2 ORDER BY number",
            )?;
            let mut found = Vec::new();
            for id in ids {
                for write in statement.query_map(params![family, id], own_write)? {
                    found.push(write?);
                }
            }
            Ok(found)
        })
    }

    pub fn hooks(&self, family: i64) -> Result<Vec<Hook>, StoreError> {
        self.0.list("read the hooks", |file| {
            file.prepare_cached(
                "SELECT number AS hook_number, family AS hook_family, script, name, \"trigger\" AS hook_trigger, \
                 own, since, backfill, active FROM hooks WHERE family = ?1 ORDER BY number",
            )?
            .query_map([family], hook)?
            .collect()
        })
    }

    pub fn hook_scripts(&self) -> Result<Vec<String>, StoreError> {
        self.0.list("read the hooks", |file| {
            file.prepare_cached("SELECT DISTINCT script FROM hooks WHERE active <> 0")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    pub fn due(&self, hooks: &[i64], now: Timestamp, most: usize) -> Result<Vec<Delivery>, StoreError> {
        self.0.list("read what is to be handled", |file| {
            let sql = format!(
                "{DELIVERY} WHERE d.hook IN ({}) AND d.state IN ('pending', 'retry') AND d.due <= ?1 \
                 AND {FIRST_OF_ITS_RECORD} ORDER BY e.at, d.number LIMIT ?2",
                numbers(hooks)
            );
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            file.prepare_cached(&sql)?.query_map(params![now.as_millisecond(), most], delivery)?.collect()
        })
    }

    pub fn next_due(&self, hooks: &[i64]) -> Result<Option<Timestamp>, StoreError> {
        let found = self.0.list("read what is to be handled", |file| {
            let sql = format!(
                "SELECT min(d.due) FROM deliveries d WHERE d.hook IN ({}) AND d.state IN ('pending', 'retry') \
                 AND {FIRST_OF_ITS_RECORD}",
                numbers(hooks)
            );
            let due: Option<i64> = file.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
            due.map(time).transpose().map(|due| due.into_iter().collect())
        })?;
        Ok(found.into_iter().next())
    }

    pub fn deliveries(&self, choice: &Choice) -> Result<Vec<Delivery>, StoreError> {
        self.0.list("read the events", |file| {
            let (condition, values) = condition(choice);
            let most = choice.most.map_or(i64::MAX, |most| i64::try_from(most).unwrap_or(i64::MAX));
            let sql = format!("{DELIVERY} WHERE {condition} ORDER BY d.number DESC LIMIT {most}");
            file.prepare_cached(&sql)?.query_map(params_from_iter(values.iter()), delivery)?.collect()
        })
    }

    pub fn last_event(&self) -> Result<i64, StoreError> {
        self.one("read the events", |file| {
            file.query_row("SELECT coalesce(max(number), 0) FROM events", [], |row| row.get(0))
        })
    }

    pub fn events_after(
        &self,
        number: i64,
        triggers: &[String],
        most: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.0.list("read the events", |file| {
            let sql = format!("{EVENT} WHERE e.number > ?1 ORDER BY e.number");
            let mut statement = file.prepare_cached(&sql)?;
            let events = statement.query_map([number], event)?;
            let wanted = |event: &rusqlite::Result<Event>| {
                event.as_ref().map_or(true, |event| triggers.contains(&event.trigger))
            };
            events.filter(wanted).take(most).collect()
        })
    }

    pub fn pollers(&self) -> Result<Vec<PollerRow>, StoreError> {
        self.0.list("read how the pollers are doing", |file| {
            file.prepare_cached(
                "SELECT * FROM streams JOIN families ON families.number = streams.family \
                 ORDER BY profile, object, variant",
            )?
            .query_map([], |row| {
                Ok(PollerRow {
                    profile: row.get("profile")?,
                    object: row.get("object")?,
                    variant: row.get("variant")?,
                    watermark: moment(row, "watermark")?,
                    polled: moment(row, "polled")?,
                    lateness: SignedDuration::from_millis(row.get("lateness")?),
                    last_sweep: moment(row, "last_sweep")?,
                    late_arrivals: natural(row, "late_arrivals")?,
                    requests: natural(row, "requests")?,
                    failing_since: moment(row, "failing_since")?,
                    trouble: row.get("trouble")?,
                })
            })?
            .collect()
        })
    }

    fn one<T>(
        &self,
        doing: &'static str,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.0
            .list(doing, |file| question(file).map(|found| vec![found]))?
            .pop()
            .ok_or_else(|| StoreError::Failed { doing, reason: "there is no store yet".into() })
    }
}

fn numbers(hooks: &[i64]) -> String {
    hooks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn own_write(row: &Row) -> rusqlite::Result<OwnWrite> {
    Ok(OwnWrite {
        record: row.get("record")?,
        at: time(row.get("at")?)?,
        script: row.get("script")?,
        hook: row.get("hook")?,
        made: row.get("made")?,
        fields: json(&row.get::<_, String>("fields")?)?,
    })
}

fn hook(row: &Row) -> rusqlite::Result<Hook> {
    Ok(Hook {
        number: row.get("hook_number")?,
        family: row.get("hook_family")?,
        script: row.get("script")?,
        name: row.get("name")?,
        trigger: row.get("hook_trigger")?,
        own: row.get("own")?,
        since: moment(row, "since")?,
        backfill: moment(row, "backfill")?,
        active: row.get::<_, i64>("active")? != 0,
    })
}

fn delivery(row: &Row) -> rusqlite::Result<Delivery> {
    let word: String = row.get("state")?;
    Ok(Delivery {
        number: row.get("number")?,
        hook: hook(row)?,
        state: DeliveryState::of(&word).ok_or_else(|| unreadable(format!("there is no state \"{word}\"")))?,
        attempts: natural(row, "attempts")?,
        runs: row
            .get::<_, Option<String>>("run")?
            .map_or_else(Vec::new, |ids| ids.split_ascii_whitespace().map(ToString::to_string).collect()),
        kind: row.get("kind")?,
        error: row.get("error")?,
        event: event(row)?,
    })
}

fn event(row: &Row) -> rusqlite::Result<Event> {
    Ok(Event {
        number: row.get("event_number")?,
        object: row.get("object")?,
        key: row.get("key")?,
        trigger: row.get("trigger")?,
        record: row.get("record")?,
        title: row.get("title")?,
        at: time(row.get("at")?)?,
        noticed: time(row.get("noticed")?)?,
        changed: json(&row.get::<_, String>("changed")?)?,
        before: json(&row.get::<_, String>("before")?)?,
        payload: json(&row.get::<_, String>("payload")?)?,
    })
}

fn moment(row: &Row, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column)?.map(time).transpose()
}

fn time(millis: i64) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(|_| unreadable(format!("{millis} is not a time")))
}
