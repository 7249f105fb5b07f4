//! The store of a command, opened when it is first needed, and the runs that are noted in it.

use crate::gate::journal::{OpenJournal, Written};
use crate::script::schedules::AboutJob;
use crate::store::hooks::HookStore;
use crate::store::jobs::JobStore;
use crate::store::jobs::unkept::Unkept;
use crate::store::{NewRun, SqliteStore, Store, StoreError};
use jiff::Timestamp;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Opens the store of a state folder once, for every profile of a run.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    home: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    store: Option<Arc<SqliteStore>>,
    /// The same, opened for reading only.
    reader: Option<Arc<SqliteStore>>,
    /// The runs that were noted and have not ended.
    runs: Vec<String>,
    /// Whether it stays open between inputs, because hooks are listened for.
    held: bool,
    /// What the next runs are, where it is not what the command is, and when they began.
    next: Option<(String, Timestamp)>,
}

impl Shelf {
    /// The store of that folder.
    pub fn new(home: PathBuf) -> Shelf {
        Shelf(Arc::new(Inner { home, state: Mutex::default() }))
    }

    /// Uses a store that this process has opened already.
    pub fn share(&self, store: Arc<SqliteStore>) {
        self.locked().store = Some(store);
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store, opened for writing now if it was not yet.
    pub fn store(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.opened().map(|store| store as Arc<dyn Store>)
    }

    /// The same, for what hooks keep.
    pub fn hooks(&self) -> Result<Arc<dyn HookStore>, StoreError> {
        self.opened().map(|store| store as Arc<dyn HookStore>)
    }

    /// The same, for what jobs keep.
    pub fn jobs(&self) -> Result<Arc<dyn JobStore>, StoreError> {
        self.opened().map(|store| store as Arc<dyn JobStore>)
    }

    /// What jobs keep, to be read only: what is written to it is not kept.
    pub fn jobs_to_read(&self) -> Result<Arc<dyn JobStore>, StoreError> {
        Ok(Arc::new(Unkept(self.to_read()?)))
    }

    /// The same, for the names of records.
    pub fn names(&self) -> Result<Arc<SqliteStore>, StoreError> {
        self.opened()
    }

    fn opened(&self) -> Result<Arc<SqliteStore>, StoreError> {
        let mut state = self.locked();
        if let Some(store) = &state.store {
            return Ok(Arc::clone(store));
        }
        let store = Arc::new(SqliteStore::open(&self.0.home)?);
        state.store = Some(Arc::clone(&store));
        Ok(store)
    }

    /// The store for reading: the one that is open for writing, if it is.
    pub fn to_read(&self) -> Result<Arc<SqliteStore>, StoreError> {
        let mut state = self.locked();
        if let Some(store) = state.store.as_ref().or(state.reader.as_ref()) {
            return Ok(Arc::clone(store));
        }
        let store = Arc::new(SqliteStore::read(&self.0.home)?);
        state.reader = Some(Arc::clone(&store));
        Ok(store)
    }

    /// Says what the runs are that are noted from now on: several follow each other in one dialogue.
    pub fn next(&self, script: String, started: Timestamp) {
        self.locked().next = Some((script, started));
    }

    /// Notes a run now.
    pub fn start(&self, about: &NewRun) -> Result<Written, StoreError> {
        let store = self.store()?;
        let mut about = about.clone();
        if let Some((script, started)) = &self.locked().next {
            (about.script, about.started) = (script.clone(), *started);
        }
        about.beside = self.locked().runs.first().cloned();
        let run = store.start_run(&about)?;
        self.locked().runs.push(run.clone());
        Ok(Written { store, run })
    }

    /// Notes that a run of before goes on, under its own name.
    pub fn go_on(&self, run: &str) -> Result<Written, StoreError> {
        let store = self.store()?;
        if !self.locked().runs.iter().any(|known| known == run) {
            store.reopen_run(run)?;
            self.locked().runs.push(run.to_string());
        }
        Ok(Written { store, run: run.to_string() })
    }

    /// Notes a run in the store when its first change is about to be sent.
    pub fn journal(&self, about: NewRun) -> OpenJournal {
        let own = self.clone();
        Rc::new(move || own.start(&about))
    }

    /// Notes a run in the store when its first change is about to be sent, and that it is one of this job and time.
    pub fn journal_of_tick(&self, about: NewRun, tick: &AboutJob) -> OpenJournal {
        let (own, tick) = (self.clone(), tick.clone());
        Rc::new(move || {
            let written = own.start(&about)?;
            own.jobs()?.tick_run(&tick.name, tick.scheduled_at, &written.run)?;
            Ok(written)
        })
    }

    /// Notes that a run of before goes on when its first change is about to be sent.
    pub fn journal_of(&self, run: String) -> OpenJournal {
        let own = self.clone();
        Rc::new(move || own.go_on(&run))
    }

    /// Notes how every run ended that was noted here.
    pub fn finish(&self, outcome: &str, at: Timestamp) -> Result<(), StoreError> {
        let mut state = self.locked();
        let Some(store) = state.store.clone() else { return Ok(()) };
        std::mem::take(&mut state.runs).iter().try_for_each(|run| store.finish_run(run, outcome, at))
    }

    /// Lets go of the store, so that other processes may use it.
    pub fn close(&self) {
        let mut state = self.locked();
        if !state.held {
            (state.store, state.reader) = (None, None);
        }
    }

    /// Keeps the store open for writing until it is let go, for other commands of this process, too.
    pub fn hold(&self) -> Result<Arc<SqliteStore>, StoreError> {
        let store = self.opened()?;
        self.locked().held = true;
        Ok(store)
    }

    /// Lets it be closed again.
    pub fn let_go(&self) {
        self.locked().held = false;
        self.close();
    }
}
