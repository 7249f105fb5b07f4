//! When a request is tried again: the table, the waits between tries, and the budget for tries.

use crate::catalogue::Method;
use std::sync::Mutex;
use std::time::Duration;

/// The most tries of one request.
pub const TRIES: u32 = 4;

/// What repeating a request can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A GET: nothing.
    Read,
    /// A PUT or DELETE: the same thing once more.
    Idempotent,
    /// A POST with an externalId: Vitally updates the record it already made.
    Keyed,
    /// Any other POST: a second record.
    Plain,
}

impl Class {
    /// The class of a request.
    pub fn of(method: Method, repeatable: bool) -> Class {
        match method {
            Method::Get => Class::Read,
            Method::Put | Method::Delete => Class::Idempotent,
            Method::Post if repeatable => Class::Keyed,
            Method::Post => Class::Plain,
        }
    }
}

/// How one try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No byte of it reached a server.
    NotSent,
    /// It was sent, and no whole answer came.
    Lost,
    /// An answer with this status; `told_when` if it says when to come again.
    Status {
        /// The HTTP status.
        status: u16,
        /// Whether there was a `Retry-After`.
        told_when: bool,
    },
    /// A 2xx whose body is not the JSON it should be.
    Garbled,
    /// A 2xx whose body is larger than we take.
    TooLarge,
}

/// What to do after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It worked.
    Done,
    /// Try again.
    Retry,
    /// It failed, and trying again would not help.
    Fail,
    /// It may have been done, and trying again could do it twice.
    Unclear,
}

/// The retry table.
pub fn verdict(class: Class, outcome: Outcome) -> Verdict {
    let unless_plain = if class == Class::Plain { Verdict::Unclear } else { Verdict::Retry };
    match outcome {
        Outcome::NotSent
        | Outcome::Status { status: 429, .. }
        | Outcome::Status { status: 503, told_when: true } => Verdict::Retry,
        Outcome::Status { status: 200..=299, .. } => Verdict::Done,
        Outcome::Lost | Outcome::Garbled | Outcome::Status { status: 408 | 425 | 500.., .. } => unless_plain,
        Outcome::TooLarge if class == Class::Plain => Verdict::Unclear,
        Outcome::TooLarge | Outcome::Status { .. } => Verdict::Fail,
    }
}

/// Whether a write that ended like this may have been done all the same.
pub fn may_have_been_done(class: Class, outcome: Outcome) -> bool {
    class != Class::Read
        && match outcome {
            Outcome::NotSent | Outcome::Status { status: 503, told_when: true } => false,
            Outcome::Lost | Outcome::Garbled | Outcome::TooLarge => true,
            Outcome::Status { status, .. } => matches!(status, 408 | 425 | 500..),
        }
}

/// The wait after a failed try (the first is 1): exponential with full jitter, which is between 0 and 1.
pub fn backoff(base: Duration, tries: u32, jitter: f64) -> Duration {
    (base * 2u32.saturating_pow(tries.saturating_sub(1).min(6))).mul_f64(jitter.clamp(0.0, 1.0))
}

/// Keeps retries below a fifth of all requests, so that a failing Vitally is not hammered.
pub struct Budget(Mutex<u32>);

impl Budget {
    /// A retry costs this many shares; a request earns one.
    const RETRY: u32 = 5;
    /// What is there at the start, so that a single request can be retried, and the most that can be saved.
    const SAVED: u32 = 20 * Self::RETRY;

    /// A budget with its first allowance.
    pub fn new() -> Budget {
        Budget(Mutex::new(Self::SAVED))
    }

    /// A new request begins.
    pub fn earn(&self) {
        let mut shares = lock(&self.0);
        *shares = (*shares + 1).min(Self::SAVED);
    }

    /// Takes the price of one retry, or says that there is none left.
    pub fn spend(&self) -> bool {
        let mut shares = lock(&self.0);
        let enough = *shares >= Self::RETRY;
        if enough {
            *shares -= Self::RETRY;
        }
        enough
    }
}

impl Default for Budget {
    fn default() -> Self {
        Budget::new()
    }
}

/// A number is whole whatever happened to the thread that held it.
fn lock(shares: &Mutex<u32>) -> std::sync::MutexGuard<'_, u32> {
    shares.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
