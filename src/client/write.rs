//! The writing half: the only thing in the program that can send anything but a GET.

use super::connection::Connection;
use super::order::Order;
use super::pace::Priority;
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

impl Writer {
    pub(super) fn new(connection: Arc<Connection>) -> Writer {
        Writer { connection, permit: Permit(()) }
    }

    /// Sends one write and waits for its answer.
    pub fn send(&self, request: &WriteRequest) -> Result<Answer, Failure> {
        self.carry(request, None)
    }

    /// Sends one write and waits for its answer. After the wish to stop it does not leave any more; once it has
    /// left, it is waited for until `give_up` is set.
    pub fn send_patiently(&self, request: &WriteRequest, give_up: &Stop) -> Result<Answer, Failure> {
        self.carry(request, Some(give_up))
    }

    fn carry(&self, request: &WriteRequest, give_up: Option<&Stop>) -> Result<Answer, Failure> {
        self.connection.carry(&Order::write(request, &self.permit)?, Priority::Interactive, give_up)
    }
}
