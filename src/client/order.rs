//! One request, ready to be sent. Reads can be made by anyone in the client; anything else needs the writer's permit.

use super::retry::Class;
use super::write::Permit;
use super::{Failure, Kind, WriteRequest};
use crate::catalogue::Method;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a query keeps as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One request. Its fields are private so that no other module can make one that writes.
pub(super) struct Order {
    method: Method,
    path: String,
    body: Option<Bytes>,
    class: Class,
}

impl Order {
    /// A GET.
    pub(super) fn read(path: &str, query: &[(String, String)]) -> Result<Order, Failure> {
        let order = Order { method: Method::Get, path: join(path, query), body: None, class: Class::Read };
        order.checked()
    }

    /// Anything else; only the writer has a permit.
    pub(super) fn write(request: &WriteRequest, _: &Permit) -> Result<Order, Failure> {
        let order = Order {
            method: request.method,
            path: join(&request.path, &request.query),
            body: request.body.as_ref().map(|body| Bytes::from(body.to_string())),
            class: Class::of(request.method, request.repeatable),
        };
        order.checked()
    }

    pub(super) fn method(&self) -> Method {
        self.method
    }

    /// The path under `/resources`, with its query.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn body(&self) -> Option<Bytes> {
        self.body.clone()
    }

    pub(super) fn class(&self) -> Class {
        self.class
    }

    pub(super) fn is_write(&self) -> bool {
        self.class != Class::Read
    }

    /// A failure of this request.
    pub(super) fn failure(&self, kind: Kind, message: String, help: Option<String>) -> Failure {
        Failure {
            kind,
            message,
            help,
            status: None,
            method: self.method,
            path: self.path.clone(),
            maybe_applied: false,
        }
    }

    /// `.` and `..` as a path segment, also percent-encoded, would name another path than the one meant.
    fn checked(self) -> Result<Order, Failure> {
        let path = self.path.split(['?', '#']).next().unwrap_or_default();
        let climbs =
            |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
        match path.split(['/', '\\']).find(|segment| climbs(segment)) {
            None => Ok(self),
            Some(_) => Err(self.failure(
                Kind::Invalid,
                "an id cannot be \".\" or \"..\"; nothing was sent".into(),
                Some("check where the id comes from; an empty or broken column is the usual reason".into()),
            )),
        }
    }
}

fn join(path: &str, query: &[(String, String)]) -> String {
    let mut joined = String::with_capacity(path.len() + 64);
    if !path.starts_with('/') {
        joined.push('/');
    }
    joined.push_str(path);
    for (name, value) in query {
        joined.push(if joined.contains('?') { '&' } else { '?' });
        joined.extend(utf8_percent_encode(name, QUERY));
        joined.push('=');
        joined.extend(utf8_percent_encode(value, QUERY));
    }
    joined
}
