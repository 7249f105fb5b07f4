//! The writing half: the only thing in the program that can send anything but a GET.

use super::connection::Connection;
use super::order::Order;
use super::pace::Priority;
use super::underway::Underway;
use super::{Answer, Failure, WriteRequest};
use crate::stop::Stop;
use std::sync::Arc;

/// What it takes to make a request that writes. Only this module can make one, and only a [`Writer`] holds one.
pub(super) struct Permit(());

/// The writing half. It cannot be cloned: whoever holds it is the only one who writes.
pub struct Writer {
    connection: Arc<Connection>,
    permit: Permit,
}

/// A write on its way, sent in the background.
#[must_use = "a write that is dropped before it left is not sent"]
pub struct Pending(State);

enum State {
    Underway(Box<Underway>),
    Refused { failure: Box<Failure>, told: bool },
}

impl Writer {
    pub(super) fn new(connection: Arc<Connection>) -> Writer {
        Writer { connection, permit: Permit(()) }
    }

    /// Sends one write and waits for its answer.
    pub fn send(&self, request: &WriteRequest) -> Result<Answer, Failure> {
        self.begin(request).wait()
    }

    /// Sends one write and waits for its answer. After the wish to stop it does not leave any more; once it has
    /// left, it is waited for until `give_up` is set.
    pub fn send_patiently(&self, request: &WriteRequest, give_up: &Stop) -> Result<Answer, Failure> {
        self.begin(request).patiently(give_up).wait()
    }

    /// Sends one write in the background. Writes leave in the order of their start, up to sixteen at once; of two
    /// writes to the same record, start the second when the first is answered.
    #[expect(clippy::needless_pass_by_value, reason = "what was started is no longer the caller's to change")]
    pub fn start(&self, request: WriteRequest) -> Pending {
        self.begin(&request)
    }

    fn begin(&self, request: &WriteRequest) -> Pending {
        Pending(match Order::write(request, &self.permit) {
            Ok(order) => State::Underway(Box::new(self.connection.start(order, Priority::Interactive))),
            Err(failure) => State::Refused { failure: Box::new(failure), told: false },
        })
    }
}

impl Pending {
    fn patiently(self, give_up: &Stop) -> Pending {
        match self.0 {
            State::Underway(underway) => {
                Pending(State::Underway(Box::new(underway.patiently(give_up.clone()))))
            }
            refused @ State::Refused { .. } => Pending(refused),
        }
    }

    /// Waits for the answer. What [`Pending::try_take`] gave out is not given out again: drop it then.
    pub fn wait(self) -> Result<Answer, Failure> {
        match self.0 {
            State::Underway(underway) => underway.wait(),
            State::Refused { failure, .. } => Err(*failure),
        }
    }

    /// The result, if it is there; given out once.
    pub fn try_take(&mut self) -> Option<Result<Answer, Failure>> {
        match &mut self.0 {
            State::Underway(underway) => underway.try_take(),
            State::Refused { told: true, .. } => None,
            State::Refused { failure, told } => {
                *told = true;
                Some(Err(*failure.clone()))
            }
        }
    }
}
