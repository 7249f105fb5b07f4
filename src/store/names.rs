//! What records are called, as a dialogue has read them: for completion while typing. Losing it costs nothing.

use super::{SqliteStore, StoreError};
use rusqlite::{Connection, params};

/// What one record is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordName {
    /// The kind of record.
    pub object: String,
    /// Vitally's id.
    pub id: String,
    /// The caller's own id, if it has one.
    pub external_id: Option<String>,
    /// Its name; of those who have none, the e-mail.
    pub name: String,
}

const KEEP: &str = "INSERT INTO record_names (profile, origin, object, id, external_id, name) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT DO UPDATE SET external_id = excluded.external_id, name = excluded.name";

const READ: &str =
    "SELECT object, id, external_id, name FROM record_names WHERE profile = ?1 AND origin = ?2";

const FORGET: &str = "DELETE FROM record_names WHERE profile = ?1";

impl SqliteStore {
    /// Keeps what records of a tenant are called; newer names replace older ones.
    pub fn keep_names(&self, profile: &str, origin: &str, names: &[RecordName]) -> Result<(), StoreError> {
        let (profile, origin, names) = (profile.to_string(), origin.to_string(), names.to_vec());
        self.write("keep the names of records", move |file| {
            let mut statement = file.prepare_cached(KEEP)?;
            for RecordName { object, id, external_id, name } in &names {
                statement.execute(params![profile, origin, object, id, external_id, name])?;
            }
            Ok(None)
        })
        .map(|_| ())
    }

    /// Forgets the names of a profile.
    pub fn forget_names(&self, profile: &str) -> Result<(), StoreError> {
        let profile = profile.to_string();
        self.write("forget the names of records", move |file| {
            file.prepare_cached(FORGET)?.execute([profile])?;
            Ok(None)
        })
        .map(|_| ())
    }

    /// What the records of a tenant are called.
    pub fn names(&self, profile: &str, origin: &str) -> Result<Vec<RecordName>, StoreError> {
        self.reads.list("read the names of records", |file| {
            if !is_there(file)? {
                return Ok(Vec::new());
            }
            let mut statement = file.prepare_cached(READ)?;
            statement
                .query_map([profile, origin], |row| {
                    Ok(RecordName {
                        object: row.get(0)?,
                        id: row.get(1)?,
                        external_id: row.get(2)?,
                        name: row.get(3)?,
                    })
                })?
                .collect()
        })
    }
}

/// Whether the file has the table: one of an older version gets it when it is next written to.
fn is_there(file: &Connection) -> rusqlite::Result<bool> {
    file.prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'record_names'")?
        .exists([])
}
