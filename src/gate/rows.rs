//! The rows of an input and what became of them: a row ends when its function has returned and every change it asked
//! for has ended.

use super::change::Status;
use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The reason of a row whose change was not sent because of the wish to stop.
pub const STOPPED: &str = "stopped before it was sent";

/// How a row ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its place in the input, from 1.
    pub row: u64,
    /// Whether anything was changed for it.
    pub changed: bool,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// It failed because a rule refused its change.
    pub refused: bool,
}

/// The rows that are under way, and those that ended and were not collected yet.
#[derive(Debug, Default)]
pub struct RowBook {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct State {
    open: HashMap<u64, Open>,
    ended: Vec<Ended>,
}

#[derive(Debug, Default)]
struct Open {
    /// Changes that were asked for and have not ended.
    waiting: u64,
    changed: bool,
    failed: Option<String>,
    refused: bool,
    /// The row's function has returned.
    returned: bool,
}

impl RowBook {
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A row begins.
    pub fn begin(&self, row: u64) {
        self.locked().open.insert(row, Open::default());
    }

    /// A change was asked for.
    pub fn asked(&self, row: u64) {
        if let Some(open) = self.locked().open.get_mut(&row) {
            open.waiting += 1;
        }
    }

    /// A change ended.
    pub fn ended(&self, row: u64, status: Status, reason: Option<&str>) {
        let mut state = self.locked();
        let Some(open) = state.open.get_mut(&row) else { return };
        open.waiting = open.waiting.saturating_sub(1);
        match status {
            Status::Applied => open.changed = true,
            Status::Unchanged => {}
            Status::Pending => {
                open.failed.get_or_insert_with(|| STOPPED.into());
            }
            _ => {
                open.refused |= status == Status::Refused;
                open.failed.get_or_insert_with(|| reason.unwrap_or(status.word()).to_string());
            }
        }
        state.settle(row);
        self.moved.notify_all();
    }

    /// Notes that a row changes something without a change of its own to wait for, as in a dry run.
    pub fn changed(&self, row: u64) {
        if let Some(open) = self.locked().open.get_mut(&row) {
            open.changed = true;
        }
    }

    /// The row's function returned, or threw.
    pub fn returned(&self, row: u64, failed: Option<String>) {
        let mut state = self.locked();
        if let Some(open) = state.open.get_mut(&row) {
            open.returned = true;
            if failed.is_some() {
                open.failed = failed;
            }
        }
        state.settle(row);
        self.moved.notify_all();
    }

    /// A rule refused the row's change.
    pub fn refused(&self, row: u64) {
        if let Some(open) = self.locked().open.get_mut(&row) {
            open.refused = true;
        }
    }

    /// The rows that ended since the last call.
    pub fn collect(&self) -> Vec<Ended> {
        std::mem::take(&mut self.locked().ended)
    }

    /// Waits until every row has ended.
    pub fn wait(&self) {
        let mut state = self.locked();
        while !state.open.is_empty() {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl State {
    fn settle(&mut self, row: u64) {
        let done = self.open.get(&row).is_some_and(|open| open.returned && open.waiting == 0);
        if !done {
            return;
        }
        if let Some(open) = self.open.remove(&row) {
            self.ended.push(Ended { row, changed: open.changed, failed: open.failed, refused: open.refused });
        }
    }
}
