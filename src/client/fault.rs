//! Why no answer came, as the HTTP library tells it.

use crate::handshake;

/// Why no answer came.
pub(super) struct Fault {
    /// Whether bytes of the request may have reached a server.
    pub(super) sent: bool,
    pub(super) cause: Cause,
}

/// What went wrong on the way.
pub(super) enum Cause {
    /// No such host, or no name server.
    NoHost,
    /// Nobody listens there, or no route.
    NoConnection(String),
    /// The host does not answer to a connection.
    ConnectTimeout,
    /// The certificate or the encryption is not accepted.
    Tls(String),
    /// Connected, and no whole answer in time.
    Timeout,
    /// The connection broke off.
    Broken,
    /// The request cannot be put into bytes.
    Unsendable,
    /// Whoever waits does not wait any longer.
    GivenUp,
    /// The HTTP library cannot start on this machine.
    Unready(String),
}

impl Fault {
    /// What this error means for one try.
    pub(super) fn of(error: &reqwest::Error) -> Fault {
        if error.is_builder() {
            return Fault { sent: false, cause: Cause::Unsendable };
        }
        if error.is_connect() {
            let cause = if error.is_dns() {
                Cause::NoHost
            } else if let Some(tls) = handshake::refusal(error) {
                Cause::Tls(handshake::words(tls))
            } else if error.is_timeout() {
                Cause::ConnectTimeout
            } else {
                Cause::NoConnection(innermost(error))
            };
            return Fault { sent: false, cause };
        }
        Fault { sent: true, cause: if error.is_timeout() { Cause::Timeout } else { Cause::Broken } }
    }

    /// Nothing was sent, because the HTTP library cannot start.
    pub(super) fn unready(error: &dyn std::error::Error) -> Fault {
        Fault { sent: false, cause: Cause::Unready(innermost(error)) }
    }
}

impl Cause {
    /// A few words for the line of a try.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Cause::NoHost => "no such host",
            Cause::NoConnection(_) => "no connection",
            Cause::ConnectTimeout => "no connection in time",
            Cause::Tls(_) => "no secure connection",
            Cause::Timeout => "no answer in time",
            Cause::Broken => "connection broken off",
            Cause::GivenUp => "given up",
            Cause::Unsendable => "not sent",
            Cause::Unready(_) => "not ready",
        }
    }
}

/// The innermost cause, which is the system's own word, such as "Connection refused".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let words = cause.to_string();
    words.split(" (os error").next().unwrap_or_default().to_lowercase()
}
