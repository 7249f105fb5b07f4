//! What both halves share: one target, its lanes, its budget.

use super::exchange::{Patience, exchange};
use super::explain::{self, Trouble};
use super::lanes::{Lane, Lanes};
use super::order::Order;
use super::pace::Priority;
use super::retry::Budget;
use super::transport::Transport;
use super::turns::Turns;
use super::{Answer, Failure, Target, Underway, Watch};
use crate::stop::Stop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};

/// One target with everything that carries requests to it.
pub(super) struct Connection {
    pub(super) stop: Stop,
    pub(super) watch: Arc<dyn Watch>,
    pub(super) transport: Transport,
    pub(super) turns: Arc<Turns>,
    pub(super) retries: Budget,
    lanes: OnceLock<Lanes>,
}

impl Connection {
    pub(super) fn new(target: Target, stop: Stop, watch: Arc<dyn Watch>) -> Connection {
        let turns = Turns::of(&target.origin, &target.key, target.rate_reserve, target.timeouts.second);
        Connection {
            stop,
            watch,
            transport: Transport::new(target),
            turns,
            retries: Budget::new(),
            lanes: OnceLock::new(),
        }
    }

    /// Sends a request and waits for its answer, on the caller's thread. Once it has left, it is waited for until
    /// `until` is set; until the wish to stop if there is no such flag.
    pub(super) fn carry(
        &self,
        order: &Order,
        priority: Priority,
        until: Option<&Stop>,
    ) -> Result<Answer, Failure> {
        let given_up = || until.unwrap_or(&self.stop).is_set();
        let stopped = || self.stop.is_set();
        exchange(self, order, priority, &Patience { stopped: &stopped, given_up: &given_up })
    }

    /// Reads in the background.
    pub(super) fn start(self: &Arc<Self>, order: Order, priority: Priority) -> Underway {
        let lane = match priority {
            Priority::Interactive => Lane::Reads,
            Priority::Poll => Lane::Polls,
            Priority::Sweep => Lane::Sweeps,
        };
        let order = Arc::new(order);
        let abandoned = Arc::new(AtomicBool::new(false));
        let (done, answer) = mpsc::channel();
        let underway = Underway::new(answer, Arc::clone(&abandoned), Arc::clone(&order), self.stop.clone());
        let connection = Arc::clone(self);
        self.lanes.get_or_init(Lanes::new).put(
            lane,
            Box::new(move || {
                let abandoned = || abandoned.load(Ordering::Relaxed);
                let stopped = || connection.stop.is_set() || abandoned();
                let patience = Patience { stopped: &stopped, given_up: &abandoned };
                let result = exchange(&connection, &order, priority, &patience);
                Box::new(move || {
                    // Whoever asked may be gone by now; then nobody wants the answer.
                    let _ = done.send(result);
                })
            }),
        );
        underway
    }

    pub(super) fn failure(&self, order: &Order, trouble: &Trouble, tries: u32) -> Failure {
        explain::failure(order, &self.transport, trouble, tries)
    }
}
