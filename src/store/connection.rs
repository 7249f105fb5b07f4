//! Opens the `SQLite` file: makes it, checks it, brings it up to date.

use super::StoreError;
use super::place::{Place, private};
use crate::report;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

/// What marks a file as this program's: "VTLY".
const APPLICATION: i64 = 0x5654_4C59;
/// What brings a file from each version to the next one.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
];
/// Up to this many bytes a file is always checked: it takes no time.
const CHECKED_ALWAYS: u64 = 512 * 1024;
/// How long to wait for another connection; only whoever reads can be in the way, and only for a moment.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many prepared statements are kept.
const STATEMENTS: usize = 32;
/// How many pages of 4 KiB wait in the WAL until they are brought into the file: pages that change often are brought
/// there once.
const PAGES_IN_WAL: u32 = 4_000;
/// The most memory that pages of the file take, in KiB.
const CACHE: i32 = 8 * 1024;
const DOING: &str = "open the store";
/// The bytes of an empty store, for a process that makes one after the other, as `test` does.
static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();

/// How long what is written has to last.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lasting {
    /// Beyond a crash of the machine.
    Always,
    /// As long as the process: the disk is not waited for.
    Process,
}

impl Lasting {
    fn synchronous(self) -> &'static str {
        if self == Lasting::Always { "FULL" } else { "OFF" }
    }
}

/// Opens the file for writing, and makes it if there is none. The folder's lock is held.
pub(super) fn open(place: &Place, distrust: bool, lasting: Lasting) -> Result<Connection, StoreError> {
    let made = !place.exists()?;
    if made {
        create(place, lasting)?;
    }
    let mut connection = connect(place, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let size = || fs::metadata(&place.file).map_or(0, |file| file.len());
    if !made && (distrust || size() <= CHECKED_ALWAYS) {
        check(place, &connection)?;
    }
    prepare(&connection, lasting)
        .and_then(|()| migrate(&mut connection))
        .map_err(|error| said(place, &error))?;
    Ok(connection)
}

/// Opens the file for reading; `None` if there is none yet.
pub(super) fn open_to_read(place: &Place) -> Result<Option<Connection>, StoreError> {
    if !place.exists()? {
        return Ok(None);
    }
    let connection = connect(place, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    Ok(Some(connection))
}

/// Makes the file under another name first, so that a half-made one is never taken for a store.
fn create(place: &Place, lasting: Lasting) -> Result<(), StoreError> {
    let unusable = |cause: &std::io::Error| StoreError::Unusable {
        path: place.home.clone(),
        reason: report::cause(cause),
    };
    let new = place.file.with_extension("new");
    let mut file = private(&new).map_err(|cause| unusable(&cause))?;
    match EMPTY.get().filter(|_| lasting == Lasting::Process) {
        Some(empty) => file.write_all(empty).map_err(|cause| unusable(&cause))?,
        None => make(&new, lasting).map_err(|error| said(place, &error))?,
    }
    if lasting == Lasting::Process && EMPTY.get().is_none() {
        // Whoever comes first keeps it; all are the same.
        drop(EMPTY.set(fs::read(&new).map_err(|cause| unusable(&cause))?));
    }
    fs::rename(&new, &place.file).map_err(|cause| unusable(&cause))?;
    #[cfg(unix)]
    if lasting == Lasting::Always {
        fs::File::open(&place.home).and_then(|home| home.sync_all()).map_err(|cause| unusable(&cause))?;
    }
    Ok(())
}

/// Makes the tables of an empty store.
fn make(new: &Path, lasting: Lasting) -> rusqlite::Result<()> {
    let mut connection = Connection::open_with_flags(new, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "synchronous", lasting.synchronous())?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    migrate(&mut connection)?;
    connection.close().map_err(|(_, error)| error)
}

/// Connects, and makes sure that the file is this program's and not from its future.
fn connect(place: &Place, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(&place.file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| said(place, &error))?;
    let asked = || -> rusqlite::Result<(i64, usize)> {
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // Else many a statement is planned anew for every value that it is given.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let application = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        Ok((application, version(&connection)?))
    };
    let (application, version) = asked().map_err(|error| said(place, &error))?;
    if application != APPLICATION {
        let reason = "it is not a file of vitally-script".into();
        return Err(StoreError::Damaged { path: place.file.clone(), reason });
    }
    if version > MIGRATIONS.len() {
        return Err(StoreError::Newer { path: place.file.clone() });
    }
    Ok(connection)
}

/// Reads the whole file and says what is wrong with it.
fn check(place: &Place, connection: &Connection) -> Result<(), StoreError> {
    let found: String = connection
        .pragma_query_value(None, "quick_check", |row| row.get(0))
        .map_err(|error| said(place, &error))?;
    if found == "ok" {
        return Ok(());
    }
    Err(StoreError::Damaged { path: place.file.clone(), reason: found.replace('\n', " ") })
}

/// Durable at every commit (unless nothing has to last), readable while somebody writes, and never mapped into memory, where a failing disk
/// would end the process.
fn prepare(connection: &Connection, lasting: Lasting) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", lasting.synchronous())?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", PAGES_IN_WAL, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -CACHE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What a savepoint would put back is as much as a transaction changes, and that is little.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let from = version(connection)?;
    if from == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in &MIGRATIONS[from..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    transaction.commit()
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // A version below zero was made by nobody; it counts as one from the future.
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

fn said(place: &Place, error: &rusqlite::Error) -> StoreError {
    StoreError::said(&place.file, DOING, error)
}
