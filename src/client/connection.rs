//! What both halves share: one target, its lanes, its budget.

use super::exchange::exchange;
use super::explain::{self, Trouble};
use super::lanes::{Lane, Lanes};
use super::order::Order;
use super::pace::Priority;
use super::patience::Patience;
use super::retry::Budget;
use super::transport::Transport;
use super::turns::Turns;
use super::{Answer, Failure, Target, Underway, Watch};
use crate::stop::Stop;
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
        let patience = Patience { stop: &self.stop, give_up: until.unwrap_or(&self.stop), abandoned: None };
        exchange(self, order, priority, patience)
    }

    /// Reads in the background.
    pub(super) fn start(self: &Arc<Self>, order: Order, priority: Priority) -> Underway {
        let lane = match priority {
            Priority::Interactive => Lane::Reads,
            Priority::Poll => Lane::Polls,
            Priority::Sweep => Lane::Sweeps,
        };
        let order = Arc::new(order);
        let abandoned = Stop::new();
        let (done, answer) = mpsc::channel();
        let underway = Underway::new(answer, abandoned.clone(), Arc::clone(&order), self.stop.clone());
        let connection = Arc::clone(self);
        self.lanes.get_or_init(Lanes::new).put(
            lane,
            Box::new(move || {
                let stop = &connection.stop;
                let patience = Patience { stop, give_up: stop, abandoned: Some(&abandoned) };
                let result = exchange(&connection, &order, priority, patience);
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
