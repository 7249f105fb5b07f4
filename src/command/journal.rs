//! The store of a command, opened when it is first needed, and the runs that are noted in it.

use crate::gate::journal::{OpenJournal, Written};
use crate::store::{NewRun, SqliteStore, Store, StoreError};
use std::cell::OnceCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// Opens the store of a state folder once, for every profile of a run.
#[derive(Clone)]
pub struct Shelf {
    home: PathBuf,
    store: Rc<OnceCell<Arc<dyn Store>>>,
}

impl Shelf {
    /// The store of that folder.
    pub fn new(home: PathBuf) -> Shelf {
        Shelf { home, store: Rc::default() }
    }

    /// The store, opened for writing now if it was not yet.
    pub fn store(&self) -> Result<Arc<dyn Store>, StoreError> {
        if let Some(store) = self.store.get() {
            return Ok(Arc::clone(store));
        }
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&self.home)?);
        Ok(Arc::clone(self.store.get_or_init(|| store)))
    }

    /// Notes a run in the store when its first change is about to be sent.
    pub fn journal(&self, about: NewRun) -> OpenJournal {
        let own = self.clone();
        Rc::new(move || {
            let store = own.store()?;
            let run = store.start_run(&about)?;
            Ok(Written { store, run })
        })
    }
}
