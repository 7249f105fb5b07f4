//! What both halves share: one target, its lanes, its budget.

use super::exchange::exchange;
use super::explain::{self, Trouble};
use super::flight::Flight;
use super::lanes::{End, Lane, Lanes};
use super::order::Order;
use super::pace::Priority;
use super::retry::Budget;
use super::transport::Transport;
use super::turns::Turns;
use super::{Failure, Target, Underway, Watch};
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

    /// Sends a request in the background.
    pub(super) fn start(self: &Arc<Self>, order: Order, priority: Priority) -> Underway {
        let lane = match priority {
            Priority::Interactive if order.is_write() => Lane::Writes,
            Priority::Interactive => Lane::Reads,
            Priority::Poll => Lane::Polls,
            Priority::Sweep => Lane::Sweeps,
        };
        let order = Arc::new(order);
        let flight = Arc::new(Flight::default());
        let (done, answer) = mpsc::channel();
        let underway = Underway::new(answer, Arc::clone(&flight), Arc::clone(&order), Arc::clone(self), lane);
        let connection = Arc::clone(self);
        self.lanes().put(
            lane,
            Box::new(move || {
                if !flight.start() {
                    return End::Skipped;
                }
                let result = exchange(&connection, &order, priority, &flight);
                if !flight.end() {
                    return End::Unwanted;
                }
                End::Wanted(Box::new(move || {
                    // Whoever asked may be gone by now; then nobody wants the answer.
                    let _ = done.send(result);
                }))
            }),
        );
        underway
    }

    pub(super) fn lanes(&self) -> &Lanes {
        self.lanes.get_or_init(Lanes::new)
    }

    pub(super) fn failure(&self, order: &Order, trouble: &Trouble, tries: u32) -> Failure {
        explain::failure(order, &self.transport, trouble, tries)
    }
}
