//! What a keeper of jobs is told, and what it answers.

use super::super::state::Why;
use super::super::step::Told;
use crate::store::jobs::TickOutcome;
use jiff::Timestamp;
use std::time::Duration;

/// Something that a job is told, and why.
#[derive(Clone, Debug)]
pub struct Message {
    /// The job's name.
    pub job: String,
    /// What it is told.
    pub told: Told,
    /// Why a run failed.
    pub error: Option<String>,
}

/// Something that is to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Start the script of a job.
    Start {
        /// The job's name.
        job: String,
        /// The tick.
        tick: Timestamp,
        /// Which try.
        attempt: u32,
        /// Whether it had been missed.
        caught_up: bool,
    },
    /// Ask a run to stop.
    Stop {
        /// The job's name.
        job: String,
        /// Its tick.
        tick: Timestamp,
        /// Why.
        why: Why,
    },
}

/// Something that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A tick ended; with how many runs had failed in a row before and after it.
    Ended {
        /// The job's name.
        job: String,
        /// The tick.
        tick: Timestamp,
        /// How.
        outcome: TickOutcome,
        /// Why it failed.
        error: Option<String>,
        /// Failures in a row, before and after.
        failures: (u32, u32),
    },
    /// A try failed, and another one follows.
    Again {
        /// The job's name.
        job: String,
        /// The tick.
        tick: Timestamp,
        /// How long it waits.
        after: Duration,
        /// Why it failed.
        error: Option<String>,
    },
    /// Ticks did not run.
    Passed {
        /// The job's name.
        job: String,
        /// The first.
        first: Timestamp,
        /// The last.
        last: Timestamp,
        /// How many.
        count: u64,
        /// Why.
        outcome: TickOutcome,
    },
    /// A tick was missed together with too many others, and is held.
    Held {
        /// The job's name.
        job: String,
        /// The tick.
        tick: Timestamp,
    },
    /// A job was paused.
    Paused {
        /// The job's name.
        job: String,
        /// Why.
        why: String,
    },
    /// The clock was set back.
    WentBack {
        /// The job's name.
        job: String,
        /// Where it stands now.
        to: Timestamp,
    },
}

/// What comes of a look at the jobs.
#[derive(Debug, Default)]
pub struct Turn {
    /// What is to be done.
    pub orders: Vec<Order>,
    /// What a person should know.
    pub news: Vec<News>,
}
