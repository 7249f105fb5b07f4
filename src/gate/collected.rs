//! The changes that a dry run has collected, shared with whoever began it.

use super::change::Change;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Changes in the order they were made; cheap to clone, all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Collected(Arc<Mutex<Vec<Change>>>);

impl Collected {
    fn locked(&self) -> MutexGuard<'_, Vec<Change>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds one at the end.
    pub(super) fn add(&self, change: &Change) {
        self.locked().push(change.clone());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.locked().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them.
    pub fn all(&self) -> Vec<Change> {
        self.locked().clone()
    }

    /// Puts others in their place.
    pub fn replace(&self, changes: Vec<Change>) {
        *self.locked() = changes;
    }
}
