//! One try of one request over HTTP. This is the only place that talks to Vitally; the scripts' own `http_*` calls
//! use another library on purpose, which never sees a Vitally key.

use super::fault::{Cause, Fault};
use super::line::Line;
use super::order::Order;
use super::patience::Patience;
use super::trust;
use super::{Headers, Target};
use crate::catalogue::Method;
use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use rustls::ClientConfig;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The largest body we take, after decompression: 32 MiB.
pub(super) const LARGEST_BODY: u64 = 32 * 1024 * 1024;

/// An answer of any status.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Headers,
    pub(super) body: Vec<u8>,
    /// The body ended before its end; only for a status of 300 and up, where the status says enough.
    pub(super) too_large: bool,
}

/// The lines to one target. A request takes the one that was used last, so that one after the other shares a
/// connection; as many are opened as there are requests at once.
pub(super) struct Transport {
    target: Target,
    /// Where every path begins; none if the origin is no address.
    base: Option<Url>,
    idle: Mutex<Vec<Line>>,
    /// Read from the system once; the lines share it, and with it what lets them connect again more cheaply.
    tls: OnceLock<ClientConfig>,
}

impl Transport {
    pub(super) fn new(target: Target) -> Transport {
        let base = Url::parse(&target.origin).ok();
        Transport { target, base, idle: Mutex::default(), tls: OnceLock::new() }
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// Sends one request on the caller's thread and reads its answer whole, unless whoever waits gives up.
    pub(super) fn send(&self, order: &Order, patience: Patience) -> Result<Reply, Fault> {
        let line = match self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            Some(line) => line,
            None => self.open()?,
        };
        let request = self.request(&line, order)?;
        let result = line.send(request, patience);
        // A line that was given up in the middle of an answer is of no more use.
        if !matches!(result, Err(Fault { cause: Cause::GivenUp, .. })) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
        result
    }

    fn open(&self) -> Result<Line, Fault> {
        let tls = if self.target.origin.starts_with("http://") {
            None
        } else if let Some(tls) = self.tls.get() {
            Some(tls.clone())
        } else {
            let tls = trust::of_this_system().map_err(|error| Fault::unready(&error))?;
            Some(self.tls.get_or_init(|| tls).clone())
        };
        Line::open(&self.target.timeouts, tls)
    }

    fn request(&self, line: &Line, order: &Order) -> Result<reqwest::RequestBuilder, Fault> {
        let method = match order.method() {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let unsendable = || Fault { sent: false, cause: Cause::Unsendable };
        let address =
            self.base.as_ref().and_then(|base| base.join(&format!("/resources{}", order.path())).ok());
        let mut key = HeaderValue::from_str(&self.target.key.basic_auth()).map_err(|_| unsendable())?;
        key.set_sensitive(true);
        let request = line
            .client()
            .request(method, address.ok_or_else(unsendable)?)
            .header(AUTHORIZATION, key)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(match order.body() {
            Some(body) => {
                request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body)
            }
            None => request,
        })
    }
}
