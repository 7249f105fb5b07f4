//! Requests to Vitally: hosts, pace, retries, paging. Knows nothing of scripts.
//!
//! [`connect`] gives two halves. [`Client`] can only read. [`Writer`] is the only type in the program that can send
//! anything but a GET, it cannot be cloned, and the gate takes it: so nothing else can write.

pub mod error;
pub mod key;

pub use error::{Failure, Kind};
pub use key::ApiKey;

use crate::catalogue::{Envelope, Method};
use crate::stop::Stop;
use std::sync::Arc;

/// Where requests go and how.
#[derive(Clone, Debug)]
pub struct Target {
    /// The origin, without `/resources`, such as `https://acme.rest.vitally.io`.
    pub origin: String,
    /// The key.
    pub key: ApiKey,
    /// The share of the rate limit that is left to other users of the key, 0 to 0.9.
    pub rate_reserve: f64,
}

/// Sees every request; used for `-vv` and for progress.
pub trait Watch: Send + Sync {
    /// One finished try of a request. The line never holds the key.
    fn request(&self, line: &str);
    /// Something a person waits for, such as a pause for the rate limit.
    fn notice(&self, line: &str);
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// The body, empty after deletes.
    pub body: Vec<u8>,
    /// The answer's headers in lower case, for `doctor`.
    pub headers: Vec<(String, String)>,
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
    let _ = (target, stop, watch);
    (Client {}, Writer {})
}

/// The reading half; cheap to clone.
#[derive(Clone)]
pub struct Client {}

/// The writing half.
pub struct Writer {}

/// The pages of one list, each a JSON text, the next one already on its way while the caller works.
pub struct Walk {}

impl Iterator for Walk {
    type Item = Result<Vec<u8>, Failure>;
    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

impl Client {
    /// Reads one path under `/resources`.
    pub fn get(&self, path: &str, query: &[(String, String)]) -> Result<Answer, Failure> {
        let _ = (path, query);
        unreachable!()
    }

    /// Reads several paths concurrently; answers come in the order asked.
    pub fn get_many(&self, paths: Vec<String>) -> Vec<Result<Answer, Failure>> {
        let _ = paths;
        unreachable!()
    }

    /// Walks a list page by page.
    pub fn walk(&self, path: &str, query: Vec<(String, String)>, envelope: Envelope) -> Walk {
        let _ = (path, query, envelope);
        Walk {}
    }
}

impl Writer {
    /// Sends one write.
    pub fn send(&self, request: &WriteRequest) -> Result<Answer, Failure> {
        let _ = request;
        unreachable!()
    }
}
