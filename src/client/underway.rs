//! A read on its way, and waiting for it without being held by it.

use super::explain;
use super::order::Order;
use super::{Answer, Failure};
use crate::stop::{Reason, Stop};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// How often whoever waits looks whether to stop. Whoever carries the read hears that at once, and says so.
const LOOK: Duration = Duration::from_millis(800);

/// A read on its way. Dropped, it is not sent if it has not left yet, and its answer is not wanted.
pub(super) struct Underway {
    answer: Receiver<Result<Answer, Failure>>,
    /// Tells whoever carries it that nobody waits for it any more; none once the answer has come.
    abandoned: Option<Stop>,
    order: Arc<Order>,
    stop: Stop,
}

impl Underway {
    pub(super) fn new(
        answer: Receiver<Result<Answer, Failure>>,
        abandoned: Stop,
        order: Arc<Order>,
        stop: Stop,
    ) -> Underway {
        Underway { answer, abandoned: Some(abandoned), order, stop }
    }

    /// What was asked.
    pub(super) fn order(&self) -> Arc<Order> {
        Arc::clone(&self.order)
    }

    /// Waits for the answer, or for the wish to stop.
    pub(super) fn wait(mut self) -> Result<Answer, Failure> {
        loop {
            match self.answer.recv_timeout(LOOK) {
                Ok(result) => {
                    self.abandoned = None;
                    return result;
                }
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
        if let Some(abandoned) = &self.abandoned {
            abandoned.set(Reason::Interrupted);
        }
    }
}
