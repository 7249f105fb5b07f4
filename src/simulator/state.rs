//! One request from arrival to answer: who asks, whether it may, what goes wrong, what is done.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use super::answer::Answer;
use super::auth;
use super::backdoor;
use super::faults::{Effect, Faults};
use super::limiter::{Budget, Limiter};
use super::options::Options;
use super::page::first_cursor;
use super::request::Request;
use super::route::route;
use super::seed::seed;
use super::world::World;

/// How many requests are remembered one by one.
const REMEMBERED: usize = 10_000;

/// One request that arrived under `/resources`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Seen {
    /// The verb.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The status it was answered with; 0 if the connection was closed or left hanging.
    pub status: u16,
}

/// What goes back on the wire.
#[derive(Debug)]
pub(super) enum Reply {
    /// An answer.
    Send(Outgoing),
    /// The connection is closed.
    Close,
    /// Nothing, ever.
    Hang,
}

/// An answer with its headers.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// The HTTP status.
    pub status: u16,
    /// The body's type.
    pub content_type: &'static str,
    /// What the rate headers say.
    pub budget: Option<Budget>,
    /// Seconds for `Retry-After`.
    pub retry_after: Option<u64>,
    /// The tenant's time, if its clock stands still.
    pub date: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// How long to wait before sending it.
    pub delay: Duration,
}

/// Everything the simulator knows.
#[derive(Debug)]
pub(super) struct State {
    /// How it was started.
    pub options: Options,
    /// The tenant.
    pub world: World,
    /// The faults on order.
    pub faults: Faults,
    /// The last requests.
    pub seen: VecDeque<Seen>,
    /// How many requests came, by verb.
    pub counts: BTreeMap<String, u64>,
    limiter: Limiter,
}

impl State {
    /// A fresh tenant.
    pub fn new(options: Options) -> State {
        let now = options.now.map(Timestamp::as_millisecond);
        let mut world = World::new(options.seed, now, options.switches);
        seed(&mut world, &options);
        let limiter = Limiter::new(options.rate_limit, options.rate_mode, Instant::now());
        let (faults, seen, counts) = (Faults::default(), VecDeque::new(), BTreeMap::new());
        State { options, world, faults, seen, counts, limiter }
    }

    /// Another budget, full.
    pub fn limit(&mut self, limit: Option<u32>) {
        self.options.rate_limit = limit;
        self.limiter = Limiter::new(limit, self.options.rate_mode, Instant::now());
    }

    /// Answers a request.
    pub fn answer(&mut self, request: &Request, authorization: Option<&str>) -> Reply {
        let allowed = auth::check(authorization, &self.options.key);
        if request.path.first().is_some_and(|part| part == "backdoor") {
            let answer = allowed.and_then(|()| backdoor::answer(self, request)).unwrap_or_else(|no| no);
            return Reply::Send(self.outgoing(answer, None, Duration::ZERO));
        }
        let reply = self.resources(request, allowed);
        let status = if let Reply::Send(sent) = &reply { sent.status } else { 0 };
        *self.counts.entry(request.method.clone()).or_default() += 1;
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        let (method, path) = (request.method.clone(), request.target.clone());
        self.seen.push_back(Seen { method, path, status });
        reply
    }

    fn resources(&mut self, request: &Request, allowed: Result<(), Answer>) -> Reply {
        let (now, latency) = (Instant::now(), self.options.latency);
        let effect = self.faults.strike(request);
        match effect {
            Some(Effect::Hang) => return Reply::Hang,
            Some(Effect::CloseBefore) => return Reply::Close,
            _ => {}
        }
        if let Err(refused) = allowed {
            let budget = self.limiter.look(now);
            return Reply::Send(self.outgoing(refused, Some(budget), latency));
        }
        let cost = if request.writes() { self.options.write_cost } else { 1 };
        let budget = match self.limiter.take(cost, now) {
            Ok(budget) => budget,
            Err(budget) => {
                let refused = Answer::error(429, "Too many requests");
                return Reply::Send(self.outgoing(refused, Some(budget), latency));
            }
        };
        match effect {
            Some(Effect::Status { status, headers, retry_after }) => {
                let empty = Budget { remaining: 0, reset: budget.reset.max(1), ..budget };
                let budget = if status == 429 { empty } else { budget };
                let text = if status == 429 { "Too many requests" } else { "Something went wrong" };
                let answer = Answer::error(status, text);
                let sent = self.outgoing(answer, headers.then_some(budget), latency);
                Reply::Send(Outgoing { retry_after, ..sent })
            }
            Some(Effect::Html { status }) => {
                let body = format!("<html><body><h1>{status}</h1><p>Bad gateway</p></body></html>");
                let sent = self.outgoing(Answer { status, body }, None, latency);
                Reply::Send(Outgoing { content_type: "text/html", ..sent })
            }
            effect => {
                let known = request.path.first().is_some_and(|part| part == "resources");
                let answer = if known { route(&mut self.world, request) } else { Err(Answer::missing()) };
                let answer = answer.unwrap_or_else(|refused| refused);
                let sent = self.outgoing(answer, Some(budget), latency);
                spoiled(sent, effect.as_ref(), request)
            }
        }
    }

    fn outgoing(&self, answer: Answer, budget: Option<Budget>, delay: Duration) -> Outgoing {
        let clock = self.world.clock.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let date = clock.and_then(|now| {
            jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok()
        });
        let (status, body) = (answer.status, answer.body.into_bytes());
        let content_type = "application/json; charset=utf-8";
        Outgoing { status, content_type, budget, retry_after: None, date, body, delay }
    }
}

/// The answer to a request that was done, after a fault had its way with it.
fn spoiled(mut sent: Outgoing, effect: Option<&Effect>, request: &Request) -> Reply {
    match effect {
        Some(Effect::CloseAfter) => return Reply::Close,
        Some(Effect::Truncate) => sent.body.truncate(sent.body.len() / 2),
        Some(Effect::Empty) => sent.body.clear(),
        Some(Effect::Delay { millis }) => sent.delay += Duration::from_millis(*millis),
        Some(Effect::Oversized { bytes }) => {
            let length = sent.body.len().max(*bytes);
            sent.body.resize(length, b' ');
        }
        Some(Effect::RepeatCursor) => {
            if let Ok(Value::Object(mut page)) = serde_json::from_slice::<Value>(&sent.body)
                && page.contains_key("next")
            {
                let asked = request.param("from").filter(|from| !from.is_empty());
                page.insert("next".into(), asked.map_or_else(first_cursor, String::from).into());
                if page.contains_key("atEnd") {
                    page.insert("atEnd".into(), false.into());
                }
                sent.body = Value::Object(page).to_string().into_bytes();
            }
        }
        _ => {}
    }
    Reply::Send(sent)
}
