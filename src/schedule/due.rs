//! Which ticks are due, and which of them were missed.

use super::job::{Catchup, GRACE, Job, MOST_WAITING};
use super::state::State;
use jiff::Timestamp;
use std::collections::VecDeque;

/// Ticks in a row, none left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first.
    pub first: Timestamp,
    /// The last; the first, if there is only one.
    pub last: Timestamp,
    /// How many.
    pub count: u64,
}

impl Stretch {
    /// One tick.
    pub fn of(tick: Timestamp) -> Stretch {
        Stretch { first: tick, last: tick, count: 1 }
    }
}

/// Ticks in order, as few stretches.
#[derive(Debug, Default)]
pub struct Missed {
    /// The stretches.
    pub stretches: Vec<Stretch>,
    /// Whether ticks between them may have rows of their own, so that not every two ticks in order are neighbours.
    gaps: bool,
}

impl Missed {
    /// Adds a tick that is later than all others.
    pub fn add(&mut self, job: &Job, tick: Timestamp) {
        match self.stretches.last_mut() {
            Some(known) if !self.gaps || job.next(known.last) == Some(tick) => {
                known.last = tick;
                known.count += 1;
            }
            _ => self.stretches.push(Stretch::of(tick)),
        }
    }
}

/// The ticks that are due.
#[derive(Debug, Default)]
pub struct Due {
    /// Those that will not run.
    pub missed: Missed,
    /// Those that were missed and are to be caught up, oldest first.
    pub late: VecDeque<Timestamp>,
    /// Those that are due now.
    pub now: Vec<Timestamp>,
    /// The last of all.
    pub last: Option<Timestamp>,
}

/// Sorts out the ticks after those that were seen, up to now.
pub fn due(job: &Job, state: &State, now: Timestamp) -> Due {
    let gaps = state.started.last().is_some_and(|tick| *tick > state.seen);
    let mut due = Due { missed: Missed { gaps, ..Missed::default() }, ..Due::default() };
    let keep = match job.catchup {
        Catchup::Latest => 1,
        Catchup::All => MOST_WAITING,
        Catchup::None => 0,
    };
    let mut next = state.next;
    while let Some(tick) = next.filter(|tick| *tick <= now) {
        let start = job.start(tick);
        if start > now {
            break;
        }
        next = job.next(tick);
        due.last = Some(tick);
        // What was started before the clock was set back has its row.
        if state.started.contains(&tick) {
            continue;
        }
        if now.duration_since(start) <= GRACE {
            due.now.push(tick);
        } else if now.duration_since(tick) > job.catchup_window {
            due.missed.add(job, tick);
        } else {
            due.late.push_back(tick);
            if due.late.len() > keep {
                due.miss_oldest(job);
            }
        }
    }
    // One run for everything that was missed: the one that is due now, if one is.
    if job.catchup == Catchup::Latest && !due.now.is_empty() {
        due.miss_oldest(job);
    }
    due
}

impl Due {
    fn miss_oldest(&mut self, job: &Job) {
        if let Some(tick) = self.late.pop_front() {
            self.missed.add(job, tick);
        }
    }
}
