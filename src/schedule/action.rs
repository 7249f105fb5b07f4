//! What a step wants done: claims, stops, and lines in the history of a job.

use super::due::Stretch;
use super::state::{Waiting, Why};
use jiff::Timestamp;
use std::time::Duration;

/// How a run ended, as its script's end says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It came to its end.
    Well,
    /// It threw, or could not be started.
    Failed,
    /// It was stopped, or was cut off with the process it ran in.
    Stopped,
}

/// How a tick ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its script came to its end.
    Ok,
    /// Its script threw.
    Failed,
    /// It took longer than its timeout.
    Timeout,
    /// The next tick went before it.
    Cancelled,
    /// The process ended while it ran.
    Interrupted,
}

/// Why a tick does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// The run before still went on.
    Overlap,
    /// The job was paused.
    Paused,
    /// Nothing could run when it was due, and it was not caught up.
    Missed,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Claim a tick and start its script; or start it once more.
    Start {
        /// The tick.
        tick: Timestamp,
        /// Which try this is, from 1.
        attempt: u32,
        /// Whether the tick was missed and is caught up.
        caught_up: bool,
        /// How long it may take.
        timeout: Duration,
    },
    /// Claim a tick that starts later.
    Wait(Waiting),
    /// Claim a missed tick that starts when somebody says so.
    Hold(Timestamp),
    /// Write down ticks that do not run.
    Pass(Stretch, Passed),
    /// Ask a run to stop.
    Stop {
        /// Its tick.
        tick: Timestamp,
        /// Why.
        why: Why,
    },
    /// Write down that a try failed and when the next one is.
    Again {
        /// The tick.
        tick: Timestamp,
        /// How long to wait.
        after: Duration,
    },
    /// Write down how a tick ended.
    End {
        /// The tick.
        tick: Timestamp,
        /// How many tries it took.
        attempts: u32,
        /// How it ended.
        ending: Ending,
        /// How many runs have failed in a row, before and after it.
        failures: (u32, u32),
    },
    /// Write down that it is paused.
    Pause(String),
    /// The clock was set back: forget rows of ticks after this moment that never ran, since they are still to come.
    GoBack(Timestamp),
}
