//! The request budget: a token bucket, or a window that slides.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::options::RateMode;

const WINDOW: Duration = Duration::from_secs(60);

/// What the headers name when nothing is counted. Vitally sends them with every answer, and a client that misses them
/// has to keep to the documented 1,000 a minute; nobody comes near this many.
const UNCOUNTED: u32 = 1_000_000_000;

/// What the rate headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    /// Units a minute.
    pub limit: u32,
    /// Units left.
    pub remaining: u32,
    /// Whole seconds until a unit comes free; 0 with a full budget.
    pub reset: u64,
}

/// Counts requests.
#[derive(Debug)]
pub(super) struct Limiter {
    limit: Option<u32>,
    mode: RateMode,
    tokens: f64,
    filled: Instant,
    spent: VecDeque<(Instant, u32)>,
}

impl Limiter {
    /// A full budget; without a limit nothing is counted, and the budget stays full.
    pub fn new(limit: Option<u32>, mode: RateMode, now: Instant) -> Limiter {
        let tokens = f64::from(limit.unwrap_or(0));
        Limiter { limit, mode, tokens, filled: now, spent: VecDeque::new() }
    }

    /// Takes `cost` units, or refuses with `Err`.
    pub fn take(&mut self, cost: u32, now: Instant) -> Result<Budget, Budget> {
        let Some(limit) = self.limit else {
            return Ok(Budget { limit: UNCOUNTED, remaining: UNCOUNTED, reset: 0 });
        };
        self.refill(limit, now);
        if self.left(limit) < cost {
            let reset = self.reset(limit, cost, now).max(1);
            return Err(Budget { limit, remaining: 0, reset });
        }
        match self.mode {
            RateMode::TokenBucket => self.tokens -= f64::from(cost),
            RateMode::SlidingWindow => self.spent.push_back((now, cost)),
        }
        let remaining = self.left(limit);
        let reset = if remaining == limit { 0 } else { self.reset(limit, remaining + 1, now).max(1) };
        Ok(Budget { limit, remaining, reset })
    }

    /// What is left, without taking anything.
    pub fn look(&mut self, now: Instant) -> Budget {
        self.take(0, now).unwrap_or_else(|budget| budget)
    }

    fn refill(&mut self, limit: u32, now: Instant) {
        let gone = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + gone * f64::from(limit) / 60.0).min(f64::from(limit));
        self.filled = now;
        while self.spent.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) >= WINDOW) {
            self.spent.pop_front();
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the limit")]
    fn left(&self, limit: u32) -> u32 {
        match self.mode {
            // A hair of tolerance, so that a unit refilled in rounded fractions still counts.
            RateMode::TokenBucket => (self.tokens + 1e-9).floor().max(0.0) as u32,
            RateMode::SlidingWindow => {
                limit.saturating_sub(self.spent.iter().map(|(_, cost)| *cost).sum::<u32>())
            }
        }
    }

    /// Seconds until `wanted` units are there, rounded up.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few minutes at most")]
    fn reset(&self, limit: u32, wanted: u32, now: Instant) -> u64 {
        match self.mode {
            RateMode::TokenBucket => {
                let lacking = (f64::from(wanted) - self.tokens).max(0.0);
                (lacking * 60.0 / f64::from(limit.max(1))).ceil() as u64
            }
            RateMode::SlidingWindow => {
                let mut free = self.left(limit);
                for (at, cost) in &self.spent {
                    free += cost;
                    if free >= wanted {
                        let wait = (*at + WINDOW).saturating_duration_since(now);
                        return wait.as_secs_f64().ceil() as u64;
                    }
                }
                WINDOW.as_secs()
            }
        }
    }
}
