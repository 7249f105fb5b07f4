//! What scripts keep between runs: small values under script and profile.

use super::commit::{Answer, Trouble};
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

/// Whose values they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shelfmark {
    /// The profile's name.
    pub profile: String,
    /// The script: its path in the project's folder.
    pub script: String,
    /// `value` for what a script keeps by itself, `once` for what it has done once.
    pub kind: &'static str,
}

const KEEP: &str = "INSERT INTO script_state (profile, script, kind, \"key\", value, at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT (profile, script, kind, \"key\") DO UPDATE SET value = excluded.value, at = excluded.at";

const FORGET: &str =
    "DELETE FROM script_state WHERE profile = ?1 AND script = ?2 AND kind = ?3 AND \"key\" = ?4";

const READ: &str =
    "SELECT value FROM script_state WHERE profile = ?1 AND script = ?2 AND kind = ?3 AND \"key\" = ?4";

const KEYS: &str =
    "SELECT \"key\" FROM script_state WHERE profile = ?1 AND script = ?2 AND kind = ?3 ORDER BY \"key\"";

/// Keeps a value, or forgets it.
pub(super) fn keep(
    connection: &Connection,
    mark: &Shelfmark,
    key: &str,
    value: Option<&Value>,
    at: Timestamp,
) -> Result<Answer, Trouble> {
    let Shelfmark { profile, script, kind } = mark;
    match value {
        Some(value) => connection.prepare_cached(KEEP)?.execute(params![
            profile,
            script,
            kind,
            key,
            value.to_string(),
            at.to_string()
        ])?,
        None => connection.prepare_cached(FORGET)?.execute(params![profile, script, kind, key])?,
    };
    Ok(None)
}

/// A value that was kept.
pub(super) fn read(connection: &Connection, mark: &Shelfmark, key: &str) -> rusqlite::Result<Option<Value>> {
    if !is_there(connection)? {
        return Ok(None);
    }
    let Shelfmark { profile, script, kind } = mark;
    let text: Option<String> = connection
        .prepare_cached(READ)?
        .query_row(params![profile, script, kind, key], |row| row.get(0))
        .optional()?;
    let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
    parsed.map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

/// The keys of all values that were kept, in order.
pub(super) fn keys(connection: &Connection, mark: &Shelfmark) -> rusqlite::Result<Vec<String>> {
    if !is_there(connection)? {
        return Ok(Vec::new());
    }
    let Shelfmark { profile, script, kind } = mark;
    let mut statement = connection.prepare_cached(KEYS)?;
    statement.query_map(params![profile, script, kind], |row| row.get(0))?.collect()
}

/// Whether the file has the table: one of an older version gets it when it is next written to.
fn is_there(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'script_state'")?
        .exists([])
}
