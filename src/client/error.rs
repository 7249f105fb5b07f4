//! What can go wrong with a request, as data.

use crate::catalogue::Method;

/// The kinds a script can tell apart (`catch (e) { e.kind }`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 401: the key is missing or wrong.
    Unauthorized,
    /// 404.
    NotFound,
    /// 400 and other 4xx: Vitally did not accept what was sent.
    Invalid,
    /// 409.
    Conflict,
    /// 429, and the retries are used up.
    RateLimited,
    /// 5xx, or an answer that is not what Vitally sends.
    Server,
    /// No connection.
    Network,
    /// No answer in time.
    Timeout,
    /// A write whose answer never came: Vitally may or may not have done it.
    MaybeApplied,
    /// The person pressed Ctrl-C, or the deadline passed.
    Stopped,
}

impl Kind {
    /// The word scripts see.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Unauthorized => "unauthorized",
            Kind::NotFound => "not_found",
            Kind::Invalid => "invalid",
            Kind::Conflict => "conflict",
            Kind::RateLimited => "rate_limited",
            Kind::Server => "server",
            Kind::Network => "network",
            Kind::Timeout => "timeout",
            Kind::MaybeApplied => "maybe_applied",
            Kind::Stopped => "stopped",
        }
    }
}

/// One failed request.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind of failure.
    pub kind: Kind,
    /// One sentence for a person, with the API's own words where there are any. Never holds the key.
    pub message: String,
    /// What the person can do about it.
    pub help: Option<String>,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// The verb.
    pub method: Method,
    /// The path under `/resources`, with its query.
    pub path: String,
    /// Whether Vitally may have done it all the same.
    pub maybe_applied: bool,
}
