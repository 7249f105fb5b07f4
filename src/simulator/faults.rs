//! Faults on order: what goes wrong, for which requests, how often.

use serde::{Deserialize, Serialize};

use super::request::Request;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Effect {
    /// Nothing is done, and this status is answered with an error body.
    Status {
        /// The status, such as 500, 502, 503 or 429.
        status: u16,
        /// Whether the rate headers are sent; with a 429 they say that nothing is left.
        #[serde(default = "yes")]
        headers: bool,
        /// Seconds for a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Nothing is done, and an HTML page is answered, as a proxy does.
    Html {
        /// The status of the page.
        status: u16,
    },
    /// The request is done, and half of the answer's JSON is sent.
    Truncate,
    /// The request is done, and the answer has no body.
    Empty,
    /// Nothing is done, and no answer ever comes.
    Hang,
    /// The request is done, and the answer comes this much later.
    Delay {
        /// Milliseconds.
        millis: u64,
    },
    /// Nothing is done, and the connection is closed.
    CloseBefore,
    /// The request is done, and the connection is closed without an answer.
    CloseAfter,
    /// A page's `next` is the cursor it was asked for, so that a walk never ends.
    RepeatCursor,
    /// The request is done, and spaces are added to the answer until it is this long.
    Oversized {
        /// Bytes of the body.
        bytes: usize,
    },
}

fn yes() -> bool {
    true
}

fn always() -> f64 {
    1.0
}

/// A fault: an effect and the requests it falls on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What goes wrong.
    pub effect: Effect,
    /// Only requests with this verb.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path under `/resources` starts so, such as `/accounts`.
    #[serde(default)]
    pub path: Option<String>,
    /// How many requests it falls on; without it, every one.
    #[serde(default)]
    pub times: Option<u32>,
    /// The probability that it falls on a matching request, from 0 to 1.
    #[serde(default = "always")]
    pub chance: f64,
    /// The seed of that probability.
    #[serde(default)]
    pub seed: u64,
}

impl Fault {
    /// Falls on the next request, whatever it is.
    pub fn next(effect: Effect) -> Fault {
        Fault { effect, method: None, path: None, times: Some(1), chance: 1.0, seed: 0 }
    }

    /// The next request is answered with this status.
    pub fn status(status: u16) -> Fault {
        Fault::next(Effect::Status { status, headers: true, retry_after: None })
    }

    /// Only requests with this verb.
    #[must_use]
    pub fn method(mut self, method: &str) -> Fault {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// Only requests whose path under `/resources` starts so.
    #[must_use]
    pub fn path(mut self, path: &str) -> Fault {
        self.path = Some(path.into());
        self
    }

    /// Falls on this many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Fault {
        self.times = Some(times);
        self
    }

    /// Falls on every matching request with this probability, drawn from this seed.
    #[must_use]
    pub fn randomly(mut self, chance: f64, seed: u64) -> Fault {
        (self.times, self.chance, self.seed) = (None, chance, seed);
        self
    }

    fn matches(&self, request: &Request) -> bool {
        let path = request.target.strip_prefix("/resources").unwrap_or(&request.target);
        let wanted = self.path.as_deref().map(|path| path.strip_prefix("/resources").unwrap_or(path));
        self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(&request.method))
            && wanted.is_none_or(|wanted| path.starts_with(wanted))
    }
}

/// The faults on order, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Faults {
    waiting: Vec<(Fault, fastrand::Rng)>,
}

impl Faults {
    /// Orders a fault.
    pub fn add(&mut self, fault: Fault) {
        let random = fastrand::Rng::with_seed(fault.seed);
        self.waiting.push((fault, random));
    }

    /// Forgets every order.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The faults that are still to come.
    pub fn pending(&self) -> Vec<Fault> {
        self.waiting.iter().map(|(fault, _)| fault.clone()).collect()
    }

    /// The effect that falls on this request: that of the first order which matches.
    pub fn strike(&mut self, request: &Request) -> Option<Effect> {
        let at = self.waiting.iter_mut().position(|(fault, random)| {
            fault.matches(request) && (fault.chance >= 1.0 || random.f64() < fault.chance)
        })?;
        let fault = &mut self.waiting[at].0;
        let effect = fault.effect.clone();
        if let Some(left) = &mut fault.times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.waiting.remove(at);
            }
        }
        Some(effect)
    }
}
