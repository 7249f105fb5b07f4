//! Hands deliveries out one by one, oldest first, those of one record in order, and notes how they ended. Whatever is
//! noted is noted before the next step, so that a process may end at any moment.

use super::source::Trouble;
use crate::store::hooks::{Delivery, DeliveryEnd, DeliveryState, HookStore};
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// How long to wait before each further try. After the last, a delivery is dead.
pub const WAITS: &[SignedDuration] = &[
    SignedDuration::from_secs(10),
    SignedDuration::from_secs(60),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
];
/// How many deliveries are read from the store at once.
const PIECE: usize = 200;

/// How a handler ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handled {
    /// It ran to its end.
    Done,
    /// The hook's own conditions did not want this one.
    NotWanted,
    /// It failed, and may go well another time.
    Failed {
        /// The kind of the error.
        kind: String,
        /// The error in one sentence.
        message: String,
    },
    /// It failed in a way that does not heal by itself.
    Hopeless {
        /// The kind of the error.
        kind: String,
        /// The error in one sentence.
        message: String,
    },
    /// The process is to end, or nothing works at the moment; the try does not count.
    PutBack {
        /// How long to leave it alone.
        wait: SignedDuration,
    },
}

/// Hands out the deliveries of some hooks.
pub struct Dispatcher {
    /// What tells this process from those before.
    boot: String,
    hooks: Vec<i64>,
    queue: VecDeque<Delivery>,
}

impl Dispatcher {
    /// For these hooks, after putting back what an earlier process left half done.
    pub fn new(store: &dyn HookStore, boot: String, hooks: Vec<i64>) -> Result<Dispatcher, Trouble> {
        store.recover(&boot)?;
        Ok(Dispatcher { boot, hooks, queue: VecDeque::new() })
    }

    /// The next delivery that is due, noted as being handled.
    pub fn next(&mut self, store: &dyn HookStore, now: Timestamp) -> Result<Option<Delivery>, Trouble> {
        loop {
            if self.queue.is_empty() {
                self.queue = store.due(&self.hooks, now, PIECE)?.into();
            }
            let Some(mut delivery) = self.queue.pop_front() else { return Ok(None) };
            if store.claim(delivery.number, &self.boot)? {
                delivery.attempts += 1;
                return Ok(Some(delivery));
            }
        }
    }

    /// When the next one is due; `None` if there is none.
    pub fn next_due(&self, store: &dyn HookStore) -> Result<Option<Timestamp>, Trouble> {
        Ok(store.next_due(&self.hooks)?)
    }

    /// Notes how one ended; answers where it stands now.
    pub fn ended(
        &self,
        store: &dyn HookStore,
        delivery: &Delivery,
        handled: Handled,
        now: Timestamp,
    ) -> Result<DeliveryState, Trouble> {
        let base = DeliveryEnd {
            state: DeliveryState::Done,
            due: None,
            counts: true,
            kind: None,
            error: None,
            at: now,
        };
        let end = match handled {
            Handled::Done | Handled::NotWanted => base,
            Handled::PutBack { wait } => {
                DeliveryEnd { state: DeliveryState::Pending, due: Some(now + wait), counts: false, ..base }
            }
            Handled::Hopeless { kind, message } => {
                DeliveryEnd { state: DeliveryState::Dead, kind: Some(kind), error: Some(message), ..base }
            }
            Handled::Failed { kind, message } => {
                let tries = usize::try_from(delivery.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
                let wait = WAITS.get(tries);
                DeliveryEnd {
                    state: wait.map_or(DeliveryState::Dead, |_| DeliveryState::Retry),
                    due: wait.map(|wait| now + *wait),
                    kind: Some(kind),
                    error: Some(message),
                    ..base
                }
            }
        };
        let state = end.state;
        store.settle_delivery(delivery.number, &end)?;
        Ok(state)
    }
}
