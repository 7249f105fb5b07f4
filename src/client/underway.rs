//! A read on its way, and waiting for it without being held by it.

use super::explain;
use super::order::Order;
use super::turns::LOOK;
use super::{Answer, Failure};
use crate::stop::Stop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};

/// A read on its way. Dropped, it is not sent if it has not left yet, and its answer is not wanted.
pub(super) struct Underway {
    answer: Receiver<Result<Answer, Failure>>,
    /// Tells whoever carries it that nobody waits for it any more.
    abandoned: Arc<AtomicBool>,
    order: Arc<Order>,
    stop: Stop,
}

impl Underway {
    pub(super) fn new(
        answer: Receiver<Result<Answer, Failure>>,
        abandoned: Arc<AtomicBool>,
        order: Arc<Order>,
        stop: Stop,
    ) -> Underway {
        Underway { answer, abandoned, order, stop }
    }

    /// What was asked.
    pub(super) fn order(&self) -> Arc<Order> {
        Arc::clone(&self.order)
    }

    /// Waits for the answer, or for the wish to stop.
    pub(super) fn wait(self) -> Result<Answer, Failure> {
        loop {
            match self.answer.recv_timeout(LOOK) {
                Ok(result) => return result,
                // The thread that carried it is gone without a word, or there never was one.
                Err(RecvTimeoutError::Disconnected) => return Err(explain::not_started(&self.order)),
                Err(RecvTimeoutError::Timeout) if self.stop.is_set() => {
                    return Err(explain::stopped(&self.order, false));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }
}
