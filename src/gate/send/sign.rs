//! How one thread of a pipeline tells another that there is something to do.

use super::shared::Guard;
use super::state::State;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, PoisonError};
use std::time::Duration;

/// A sign that costs nothing while nobody waits for it. Whether somebody does is looked at under the pipeline's lock, as it is
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

    fn is_awaited(&self, _: &State) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Lets go of the lock and gives those of these signs that are due, each to one of those who wait for it. The lock goes
    /// first, since whoever is woken needs it at once.
    pub(super) fn to_one<const N: usize>(state: Guard, signs: [(&Sign, bool); N]) {
        let signs = signs.map(|(sign, is_due)| (sign, is_due && sign.is_awaited(&state)));
        drop(state);
        for (sign, is_due) in signs {
            if is_due {
                sign.condvar.notify_one();
            }
        }
    }

    /// Lets go of the lock and wakes all who wait.
    pub(super) fn to_all(&self, state: Guard) {
        let is_awaited = self.is_awaited(&state);
        drop(state);
        if is_awaited {
            self.condvar.notify_all();
        }
    }
}
