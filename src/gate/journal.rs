//! The run's place in the journal, opened when the first change is about to be sent.

use super::change::{Change, Outcome, Refusal, Status};
use crate::store::{Store, StoreError};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Opens the store and notes the run: gives the store and the run's id.
pub type OpenJournal = Rc<dyn Fn() -> Result<Written, StoreError>>;

/// A run that is noted in a store.
#[derive(Clone)]
pub struct Written {
    /// Where it is noted.
    pub store: Arc<dyn Store>,
    /// Its id.
    pub run: String,
}

/// The run's place in the journal.
pub struct Journal {
    open: OpenJournal,
    written: RefCell<Option<Written>>,
}

impl Journal {
    /// A journal that is opened by need.
    pub fn new(open: OpenJournal) -> Journal {
        Journal { open, written: RefCell::default() }
    }

    /// The run, noted now if it was not yet.
    pub fn written(&self) -> Result<Written, Refusal> {
        if let Some(written) = &*self.written.borrow() {
            return Ok(written.clone());
        }
        let written = (self.open)().map_err(|error| refusal(&error))?;
        Ok(self.written.borrow_mut().insert(written).clone())
    }

    /// The run's id, if it was noted.
    pub fn run(&self) -> Option<String> {
        self.written.borrow().as_ref().map(|written| written.run.clone())
    }

    /// Lets go of the run, so that the next change notes another.
    pub fn renew(&self) {
        self.written.replace(None);
    }

    /// Writes a change down before it is sent; durable when it returns.
    pub fn intend(&self, change: &Change) -> Result<(), Refusal> {
        let written = self.written()?;
        written
            .store
            .write_changes(&written.run, Status::Sending, std::slice::from_ref(change))
            .map_err(|error| refusal(&error))
    }

    /// Writes down how a change ended. What cannot be written stays unknown and is looked at again by `resume`.
    pub fn settle(&self, outcome: &Outcome) -> Result<(), Refusal> {
        let written = self.written()?;
        written.store.settle(&written.run, std::slice::from_ref(outcome)).map_err(|error| refusal(&error))
    }
}

/// Why nothing is sent when the journal cannot be written.
pub fn refusal(error: &StoreError) -> Refusal {
    let (message, help) = error.words();
    let kind = if matches!(error, StoreError::Busy { .. }) { "busy" } else { "refused" };
    Refusal::NotJournalled { kind, message, help }
}
