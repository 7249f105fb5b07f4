//! What is done once in a while by somebody who comes by more often.

use std::time::{Duration, Instant};

/// Says when it is time again; the first time is at once.
#[derive(Debug)]
pub struct Pulse {
    every: Duration,
    last: Option<Instant>,
}

impl Pulse {
    /// One that beats this often.
    pub const fn new(every: Duration) -> Pulse {
        Pulse { every, last: None }
    }

    /// Whether it is time again; if so, the next time is counted from `now`.
    pub fn beats(&mut self, now: Instant) -> bool {
        let beats = self.last.is_none_or(|last| now.saturating_duration_since(last) >= self.every);
        if beats {
            self.last = Some(now);
        }
        beats
    }
}
