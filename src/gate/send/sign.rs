//! How one thread of a pipeline tells another that there is something to do.

use super::shared::Guard;
use super::state::State;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, PoisonError};
use std::time::Duration;

/// A sign that costs nothing while nobody waits for it. It is given by whoever holds the pipeline's lock, as it is
/// waited for, so that no waiter is missed.
#[derive(Default)]
pub(super) struct Sign {
    condvar: Condvar,
    waiting: AtomicUsize,
}

impl Sign {
    /// Waits for the sign.
    pub(super) fn wait<'a>(&self, state: Guard<'a>) -> Guard<'a> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let state = self.condvar.wait(state).unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        state
    }

    /// Waits for the sign, but not longer than this.
    pub(super) fn wait_at_most<'a>(&self, state: Guard<'a>, time: Duration) -> Guard<'a> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let (state, _) = self.condvar.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        state
    }

    /// Wakes one of those who wait.
    pub(super) fn to_one(&self, _: &State) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.condvar.notify_one();
        }
    }

    /// Wakes all who wait.
    pub(super) fn to_all(&self, _: &State) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.condvar.notify_all();
        }
    }
}
