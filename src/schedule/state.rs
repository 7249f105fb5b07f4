//! What is known of a job between two steps. All of it is kept in the store, so that a new process can go on.

use super::job::Job;
use jiff::Timestamp;
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// What is known of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Every tick up to here has a row.
    pub seen: Timestamp,
    /// The first tick after it; worked out from the schedule.
    pub next: Option<Timestamp>,
    /// The ticks that run, or that wait to be tried again.
    pub running: Vec<Running>,
    /// The ticks that wait for their turn, in order.
    pub waiting: VecDeque<Waiting>,
    /// The missed ticks that start when somebody says so, in order.
    pub held: Vec<Timestamp>,
    /// How many runs failed in a row.
    pub failures: u32,
    /// Why it is paused, if it is.
    pub paused: Option<String>,
    /// The latest ticks that were started, for a clock that is set back.
    pub started: BTreeSet<Timestamp>,
}

/// A tick that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// The tick.
    pub tick: Timestamp,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// What it is doing.
    pub phase: Phase,
}

/// What a running tick is doing. Times are those of the clock that only goes forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Its script runs, until then at the longest.
    Working {
        /// When it must have ended.
        until: Duration,
    },
    /// It was asked to stop.
    Stopping(Why),
    /// It failed and is tried again.
    Resting {
        /// When it is tried again.
        until: Duration,
    },
}

/// Why a run is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It took longer than its timeout.
    TooLong,
    /// The next tick is due and goes before it.
    Replaced,
}

/// A tick that waits for its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The tick.
    pub tick: Timestamp,
    /// Whether it was missed and is caught up.
    pub caught_up: bool,
}

/// How many started ticks are remembered.
const REMEMBERED: usize = 4096;

impl State {
    /// A job that was not known before: ticks up to now are none of its business.
    pub fn new(job: &Job, now: Timestamp) -> State {
        State {
            seen: now,
            next: job.next(now),
            running: Vec::new(),
            waiting: VecDeque::new(),
            held: Vec::new(),
            failures: 0,
            paused: None,
            started: BTreeSet::new(),
        }
    }

    /// Goes on from this tick.
    pub fn go_to(&mut self, job: &Job, seen: Timestamp) {
        self.seen = seen;
        self.next = job.next(seen);
    }

    /// The job has another schedule from now on: what it would have done before is none of its business.
    pub fn rescheduled(&mut self, job: &Job, now: Timestamp) {
        self.go_to(job, self.seen.max(now));
    }

    pub(super) fn remember(&mut self, tick: Timestamp) {
        self.started.insert(tick);
        while self.started.len() > REMEMBERED {
            self.started.pop_first();
        }
    }

    /// Whether the run before goes on, or others wait already.
    pub fn busy(&self) -> bool {
        !self.running.is_empty() || !self.waiting.is_empty()
    }
}
