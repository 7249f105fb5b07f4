//! Waiting for one's turn: the budget of a key, shared by everything in the process that uses it.

use super::pace::{Pace, Priority, Reading, Ticket, Turn};
use super::patience::Patience;
use super::{ApiKey, Watch};
use std::collections::HashMap;
use std::hash::RandomState;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How often whoever waits looks whether to stop.
pub(super) const LOOK: Duration = Duration::from_millis(40);

/// The shared budget of one key at one origin.
pub(super) struct Turns {
    pace: Mutex<State>,
    changed: Condvar,
    start: Instant,
    second: Duration,
}

struct State {
    pace: Pace,
    told_until: Duration,
}

/// The leave to send one request. If it is dropped, the request counts as sent.
pub(super) struct Leave<'a> {
    turns: &'a Turns,
    ticket: Option<Ticket>,
}

/// Every budget of the process, by the fingerprint of its key.
type Table = Mutex<HashMap<u64, Arc<Turns>>>;

impl Turns {
    /// The budget of this key at this origin. The table knows keys by a hash that differs in every process.
    pub(super) fn of(origin: &str, key: &ApiKey, reserve: f64, second: Duration) -> Arc<Turns> {
        static TABLE: OnceLock<(RandomState, Table)> = OnceLock::new();
        let (hasher, table) = TABLE.get_or_init(|| (RandomState::new(), Mutex::default()));
        let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
        let turns = table.entry(key.fingerprint(origin, hasher)).or_insert_with(|| {
            Arc::new(Turns {
                pace: Mutex::new(State { pace: Pace::new(reserve, second), told_until: Duration::ZERO }),
                changed: Condvar::new(),
                start: Instant::now(),
                second,
            })
        });
        turns.lock().pace.reserve_at_least(reserve);
        Arc::clone(turns)
    }

    /// Waits until one request may leave; nothing if it is not to leave any more.
    pub(super) fn take(
        &self,
        priority: Priority,
        write: bool,
        patience: Patience,
        watch: &dyn Watch,
    ) -> Option<Leave<'_>> {
        let mut state = self.lock();
        let mut waits = false;
        let ticket = loop {
            if patience.is_over() {
                break None;
            }
            let now = self.start.elapsed();
            let wait = match state.pace.ask(now, priority, write) {
                Turn::Go(ticket) => break Some(ticket),
                Turn::Wait(wait) => wait,
            };
            if !waits {
                waits = true;
                state.pace.begin_waiting(priority);
            }
            if priority == Priority::Interactive && wait > self.second * 2 && now >= state.told_until {
                state.told_until = now + wait;
                let seconds = (wait.as_secs_f64() / self.second.as_secs_f64()).ceil();
                watch.notice(&format!("Vitally's rate limit is reached; waiting {seconds:.0} s"));
            }
            state =
                self.changed.wait_timeout(state, wait.min(LOOK)).unwrap_or_else(PoisonError::into_inner).0;
        };
        if waits {
            state.pace.end_waiting(priority);
        }
        ticket.map(|ticket| Leave { turns: self, ticket: Some(ticket) })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, apply: impl FnOnce(&mut Pace, Duration)) {
        apply(&mut self.lock().pace, self.start.elapsed());
        self.changed.notify_all();
    }
}

impl Leave<'_> {
    /// An answer came.
    pub(super) fn answered(mut self, reading: &Reading) {
        if let Some(ticket) = self.ticket.take() {
            self.turns.settle(|pace, now| pace.finish(now, ticket, Some(reading)));
        }
    }

    /// A 429 came: everyone pauses.
    pub(super) fn refused(mut self, reading: &Reading, retry_after: Option<Duration>) {
        if let Some(ticket) = self.ticket.take() {
            let jitter = fastrand::f64();
            self.turns.settle(|pace, now| {
                pace.refused(now, ticket, reading, retry_after, jitter);
            });
        }
    }

    /// The request never reached the server.
    pub(super) fn unused(mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.turns.settle(|pace, _| pace.give_back(ticket));
        }
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.turns.settle(|pace, now| pace.finish(now, ticket, None));
        }
    }
}
