//! The store in one `SQLite` file.

use super::commit::{Answer, Commits, Trouble};
use super::connection::Lasting;
use super::lock::{self, Lock};
use super::place::Place;
use super::reads::{Holders, Reads};
use super::{Kept, NewRun, Note, RowOutcome, Run, Shelfmark, Store, StoreError, connection, state, writes};
use crate::clock::{Clock, SystemClock};
use crate::gate::Status;
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// The store in one `SQLite` file. It is closed, and given free for other processes, when it is dropped.
pub struct SqliteStore {
    place: Place,
    // The order matters when it is dropped: whoever closes the file last tidies it up, and only then it is unlocked.
    pub(super) reads: Reads,
    commits: Option<Commits>,
    lock: Option<Lock>,
    clock: Arc<dyn Clock + Send + Sync>,
    /// How often pages have taught anything.
    pub(super) lessons: AtomicU64,
}

impl SqliteStore {
    /// Opens the store in this folder for writing, and makes both if need be. Only one process at a time can;
    /// another one gets [`StoreError::Busy`].
    pub fn open(home: &Path) -> Result<SqliteStore, StoreError> {
        SqliteStore::opened(home, Lasting::Always)
    }

    /// The same for a folder that goes with the process, as the tenant of a test does: the disk is not waited for.
    pub fn open_in_passing(home: &Path) -> Result<SqliteStore, StoreError> {
        SqliteStore::opened(home, Lasting::Process)
    }

    fn opened(home: &Path, lasting: Lasting) -> Result<SqliteStore, StoreError> {
        let place = Place::new(home);
        place.make()?;
        let (lock, left_behind) = Lock::take(&place)?;
        let connection = connection::open(&place, left_behind, lasting)?;
        Ok(SqliteStore {
            reads: Reads::new(place.clone()),
            commits: Some(Commits::new(place.file.clone(), connection)),
            lock: Some(lock),
            clock: Arc::new(SystemClock),
            lessons: AtomicU64::new(0),
            place,
        })
    }

    /// Opens the store in this folder for reading, also while another process writes. A store that is not there
    /// yet is read as an empty one.
    pub fn read(home: &Path) -> Result<SqliteStore, StoreError> {
        let place = Place::new(home);
        let reads = Reads::new(place.clone());
        reads.try_open()?;
        let (clock, lessons) = (Arc::new(SystemClock), AtomicU64::new(0));
        Ok(SqliteStore { reads, commits: None, lock: None, clock, lessons, place })
    }

    /// The same store, with another opinion about what time it is.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock + Send + Sync>) -> SqliteStore {
        SqliteStore { clock, ..self }
    }

    /// Lets the file grow no larger than so many pages of 4 KiB, as if the disk ended there: for tests.
    #[doc(hidden)]
    pub fn grow_at_most(&self, pages: u32) -> Result<(), StoreError> {
        self.write("set the most pages", move |connection| {
            connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
            Ok(None)
        })
        .map(|_| ())
    }

    pub(super) fn write(
        &self,
        doing: &'static str,
        job: impl FnOnce(&Connection) -> Result<Answer, Trouble> + Send + 'static,
    ) -> Result<Answer, StoreError> {
        let Some(commits) = &self.commits else {
            let reason = "the store was opened for reading only".into();
            return Err(StoreError::Failed { doing, reason });
        };
        commits.submit(doing, job)
    }

    fn holders(&self) -> Holders {
        if let Some(lock) = &self.lock {
            // Whoever holds the lock knows that nobody else does.
            return Holders { before: Some(lock.holder.clone()), after: Box::new(|| None) };
        }
        let place = self.place.clone();
        Holders { before: lock::holder(&self.place), after: Box::new(move || lock::holder(&place)) }
    }
}

impl Store for SqliteStore {
    fn start_run(&self, about: &NewRun) -> Result<String, StoreError> {
        const DOING: &str = "write down the start of the run";
        let holder = self.lock.as_ref().map(|lock| lock.holder.clone()).unwrap_or_default();
        let new = about.clone();
        let id = self
            .write(DOING, move |connection| writes::start(connection, &new, &holder))?
            .ok_or_else(|| StoreError::Failed { doing: DOING, reason: "it got no id".into() })?;
        if let Some(lock) = &self.lock {
            lock.runs(Some((&id, about)));
        }
        Ok(id)
    }

    fn reopen_run(&self, run: &str) -> Result<(), StoreError> {
        let holder = self.lock.as_ref().map(|lock| lock.holder.clone()).unwrap_or_default();
        let id = run.to_string();
        self.write("write down that the run goes on", move |connection| {
            writes::reopen(connection, &id, &holder)
        })?;
        if let (Some(lock), Some(known)) = (&self.lock, self.run(run)?) {
            lock.runs(Some((&known.id, &known.about)));
        }
        Ok(())
    }

    fn finish_run(&self, run: &str, outcome: &str, at: Timestamp) -> Result<(), StoreError> {
        let (run, outcome) = (run.to_string(), outcome.to_string());
        self.write("write down the end of the run", move |connection| {
            writes::finish(connection, &run, &outcome, at)
        })?;
        if let Some(lock) = &self.lock {
            lock.runs(None);
        }
        Ok(())
    }

    fn note(&self, run: &str, notes: Vec<Note>) -> Result<(), StoreError> {
        let doing = match notes.last() {
            Some(Note::Outcomes(_)) => "write down how changes ended",
            Some(Note::Rows(_)) => "write down how rows ended",
            _ => "write down the changes",
        };
        let (run, at) = (run.to_string(), self.clock.now());
        let notes: Vec<Note<'static>> = notes.into_iter().map(Note::into_owned).collect();
        let all = move |connection: &Connection| {
            for note in &notes {
                match note {
                    Note::Changes(status, changes) => {
                        writes::changes(connection, &run, *status, at, changes)?;
                    }
                    Note::Outcomes(outcomes) => writes::settle(connection, &run, outcomes)?,
                    Note::Rows(rows) => writes::rows(connection, &run, rows)?,
                }
            }
            Ok(None)
        };
        self.write(doing, all).map(|_| ())
    }

    fn claim_plan(&self, hash: &str, run: &str) -> Result<Option<String>, StoreError> {
        let (hash, run) = (hash.to_string(), run.to_string());
        self.write("write down that the plan is applied", move |connection| {
            writes::claim(connection, &hash, &run)
        })
    }

    fn runs(&self, most: usize) -> Result<Vec<Run>, StoreError> {
        self.reads.runs(most, &self.holders())
    }

    fn run(&self, id: &str) -> Result<Option<Run>, StoreError> {
        self.reads.run(id, &self.holders())
    }

    fn together(&self, run: &str) -> Result<Vec<Run>, StoreError> {
        self.reads.together(run, &self.holders())
    }

    fn changes(&self, run: &str, from_seq: u64, most: usize) -> Result<Vec<Kept>, StoreError> {
        self.reads.changes(run, from_seq, most)
    }

    fn count(&self, run: &str) -> Result<Vec<(Status, u64)>, StoreError> {
        self.reads.count(run)
    }

    fn rows(&self, run: &str) -> Result<Vec<RowOutcome>, StoreError> {
        self.reads.rows(run)
    }

    fn history(&self, object: &str, key: &str) -> Result<Vec<Kept>, StoreError> {
        self.reads.history(object, key)
    }

    fn keep_state(&self, mark: &Shelfmark, key: &str, value: Option<&Value>) -> Result<(), StoreError> {
        let (mark, key, value, at) = (mark.clone(), key.to_string(), value.cloned(), self.clock.now());
        self.write("keep the state of the script", move |connection| {
            state::keep(connection, &mark, &key, value.as_ref(), at)
        })
        .map(|_| ())
    }

    fn state(&self, mark: &Shelfmark, key: &str) -> Result<Option<Value>, StoreError> {
        self.reads.state(mark, key)
    }

    fn state_keys(&self, mark: &Shelfmark) -> Result<Vec<String>, StoreError> {
        self.reads.state_keys(mark)
    }
}
