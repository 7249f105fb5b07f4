//! A request on its way, and waiting for it without being held by it.

use super::connection::Connection;
use super::explain;
use super::flight::Flight;
use super::lanes::Lane;
use super::order::Order;
use super::turns::LOOK;
use super::{Answer, Failure};
use crate::stop::Stop;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};

/// A request on its way. Dropped, it is not sent if it has not left yet, and its answer is not wanted.
pub(super) struct Underway {
    answer: Receiver<Result<Answer, Failure>>,
    flight: Arc<Flight>,
    order: Arc<Order>,
    connection: Arc<Connection>,
    lane: Lane,
    /// Who says that the answer is not waited for any longer; the connection's wish to stop if `None`.
    give_up: Option<Stop>,
    over: bool,
}

impl Underway {
    pub(super) fn new(
        answer: Receiver<Result<Answer, Failure>>,
        flight: Arc<Flight>,
        order: Arc<Order>,
        connection: Arc<Connection>,
        lane: Lane,
    ) -> Underway {
        Underway { answer, flight, order, connection, lane, give_up: None, over: false }
    }

    /// The same, waited for until `give_up` is set. Whoever carries it heeds the wish to stop as long as it has not
    /// left.
    pub(super) fn patiently(mut self, give_up: Stop) -> Underway {
        self.give_up = Some(give_up);
        self
    }

    /// What was asked.
    pub(super) fn order(&self) -> Arc<Order> {
        Arc::clone(&self.order)
    }

    /// Waits for the answer, or for the wish to stop.
    pub(super) fn wait(mut self) -> Result<Answer, Failure> {
        loop {
            if let Some(result) = self.try_take() {
                return result;
            }
            match self.answer.recv_timeout(LOOK) {
                Ok(result) => {
                    self.over = true;
                    return result;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.vanished()),
            }
        }
    }

    /// The result, if it is there; given out once.
    pub(super) fn try_take(&mut self) -> Option<Result<Answer, Failure>> {
        if self.over {
            return None;
        }
        let result = match self.answer.try_recv() {
            Ok(result) => result,
            Err(TryRecvError::Empty) if self.is_given_up() => Err(self.abandon()),
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Err(self.vanished()),
        };
        self.over = true;
        Some(result)
    }

    fn is_given_up(&self) -> bool {
        self.give_up.as_ref().unwrap_or(&self.connection.stop).is_set()
    }

    fn abandon(&mut self) -> Failure {
        let in_doubt = self.leave_alone();
        explain::stopped(&self.order, self.order.is_write() && in_doubt)
    }

    /// The thread that carried it is gone without a word, or there never was one.
    fn vanished(&mut self) -> Failure {
        let in_doubt = self.leave_alone();
        let failure = explain::not_started(&self.order);
        if in_doubt && self.order.is_write() { explain::unclear(failure) } else { failure }
    }

    fn leave_alone(&mut self) -> bool {
        self.over = true;
        let left = self.flight.abandon();
        if left.running {
            self.connection.lanes().replace_one(self.lane);
        }
        left.in_doubt
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        if !self.over {
            self.leave_alone();
        }
    }
}
