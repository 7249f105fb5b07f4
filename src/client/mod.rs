//! Requests to Vitally: hosts, pace, retries, paging. Knows nothing of scripts.
//!
//! [`connect`] gives two halves. [`Client`] can only read. [`Writer`] is the only type in the program that can send
//! anything but a GET, it cannot be cloned, and the gate takes it: so nothing else can write.

mod connection;
pub mod error;
mod exchange;
mod explain;
mod fault;
pub mod headers;
pub mod key;
mod lanes;
mod line;
mod order;
pub mod pace;
pub mod page;
mod patience;
pub mod retry;
pub mod target;
mod transport;
mod trust;
mod turns;
mod underway;
mod words;
pub mod write;
mod write_cost;

pub use error::{Failure, Kind};
pub use headers::Headers;
pub use key::ApiKey;
pub use pace::Priority;
pub use page::Walk;
pub use target::{BadTarget, Target, Timeouts, origin};
pub use write::Writer;

use crate::catalogue::{Envelope, Method};
use crate::stop::Stop;
use crate::tape::Page;
use connection::Connection;
use order::Order;
use std::collections::VecDeque;
use std::sync::Arc;
use underway::Underway;

/// Sees every request; used for `-v`, `-vv` and for progress.
pub trait Watch: Send + Sync {
    /// One finished try of a request. The line, made where it is wanted, never holds the key.
    fn request(&self, line: &dyn Fn() -> String);
    /// Something a person waits for, such as a pause for the rate limit.
    fn notice(&self, line: &str);
    /// What only those want to know who asked to hear more, such as a second try.
    fn detail(&self, line: &str);
    /// A good answer with records in it, for those who remember what records are called.
    fn answered(&self, _origin: &str, _path: &str, _page: &Page) {}
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// The body; none if it is empty, as after deletes.
    pub page: Option<Arc<Page>>,
    /// The answer's headers.
    pub headers: Headers,
}

impl Answer {
    /// The JSON text of the body; empty if there is none.
    pub fn body(&self) -> &[u8] {
        self.page.as_ref().map_or(&[], |page| page.source().as_bytes())
    }
}

/// One write, as the gate hands it over.
#[derive(Clone, Debug)]
pub struct WriteRequest {
    /// `POST`, `PUT` or `DELETE`.
    pub method: Method,
    /// The path under `/resources`, its segments percent-encoded.
    pub path: String,
    /// The query.
    pub query: Vec<(String, String)>,
    /// The JSON body.
    pub body: Option<serde_json::Value>,
    /// A POST whose body holds an externalId may be repeated without doubling anything.
    pub repeatable: bool,
}

/// Opens both halves. Nothing is connected or built before the first request.
pub fn connect(target: Target, stop: Stop, watch: Arc<dyn Watch>) -> (Client, Writer) {
    let connection = Arc::new(Connection::new(target, stop, watch));
    (Client { connection: Arc::clone(&connection), priority: Priority::Interactive }, Writer::new(connection))
}

/// Opens the reading half alone.
pub fn reader(target: Target, stop: Stop, watch: Arc<dyn Watch>) -> Client {
    let connection = Arc::new(Connection::new(target, stop, watch));
    Client { connection, priority: Priority::Interactive }
}

/// The reading half; cheap to clone.
#[derive(Clone)]
pub struct Client {
    connection: Arc<Connection>,
    priority: Priority,
}

/// How many reads of [`Client::get_many`] are on their way at once.
const READS_AT_ONCE: usize = 16;

impl Client {
    /// The same connection, whose reads wait behind those of higher priority.
    #[must_use]
    pub fn with_priority(&self, priority: Priority) -> Client {
        Client { connection: Arc::clone(&self.connection), priority }
    }

    /// Reads one path under `/resources`.
    pub fn get(&self, path: &str, query: &[(String, String)]) -> Result<Answer, Failure> {
        self.connection.carry(&Order::read(path, query)?, self.priority, None)
    }

    /// Reads several paths concurrently; answers come in the order asked.
    pub fn get_many(&self, paths: Vec<String>) -> Vec<Result<Answer, Failure>> {
        let mut answers = Vec::with_capacity(paths.len());
        let mut underway = VecDeque::with_capacity(READS_AT_ONCE);
        for path in paths {
            if underway.len() == READS_AT_ONCE {
                answers.extend(underway.pop_front().map(finish));
            }
            underway.push_back(self.start(&path, &[]));
        }
        answers.extend(underway.into_iter().map(finish));
        answers
    }

    /// Walks a list page by page.
    pub fn walk(&self, path: &str, query: Vec<(String, String)>, envelope: Envelope) -> Walk {
        Walk::new(Arc::clone(&self.connection), self.priority, path, query, envelope)
    }

    fn start(&self, path: &str, query: &[(String, String)]) -> Result<Underway, Failure> {
        Ok(self.connection.start(Order::read(path, query)?, self.priority))
    }
}

fn finish(started: Result<Underway, Failure>) -> Result<Answer, Failure> {
    started.and_then(Underway::wait)
}
