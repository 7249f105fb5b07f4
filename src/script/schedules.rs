//! The schedules of a script: what it gave to `schedule(…)` and `every(…)`, and what comes back to it.

use super::handler::Handler;
use super::library::moment::Moment;
use crate::error::Place;
use crate::schedule::{Catchup, Crontab, Overlap};
use crate::stop::Stop;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::time::Duration;

/// A schedule as a script gave it, as plain data.
#[derive(Clone, Debug)]
pub struct ScheduleSpec {
    /// Its name, if it was given one; the only one of its kind in the script.
    pub name: Option<String>,
    /// When it is due.
    pub crontab: Crontab,
    /// The zone of its times of day, if it was said.
    pub timezone: Option<TimeZone>,
    /// What happens when it is due while the function still runs for the time before.
    pub overlap: Overlap,
    /// What happens with times that passed while the script did not run.
    pub catchup: Catchup,
    /// Over which time starts are spread.
    pub jitter: Duration,
    /// How long the function may run.
    pub timeout: Duration,
    /// So long after its time the function is expected to have run, if it was said.
    pub expect_within: Option<Duration>,
    /// Where it was given.
    pub place: Option<Place>,
}

/// A time at which a schedule is due, as plain data.
#[derive(Clone, Debug)]
pub struct Tick {
    /// The schedule's place among those that were listened for.
    pub schedule: usize,
    /// What is told of it.
    pub about: AboutJob,
    /// Set when it is to end before: it takes too long, or makes place for the next time.
    pub stop: Stop,
}

/// The job that a run is for, and the time that it is for.
#[derive(Clone, Debug)]
pub struct AboutJob {
    /// The job's name.
    pub name: String,
    /// The time that it was to run at, which is not when it began.
    pub scheduled_at: Timestamp,
    /// The zone of its times of day.
    pub zone: TimeZone,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Whether the time had been missed.
    pub caught_up: bool,
}

impl AboutJob {
    /// The time that it was to run at, as scripts hold times.
    pub fn moment(&self) -> Moment {
        Moment(self.scheduled_at.to_zoned_datetime(self.zone.clone()))
    }
}

/// A schedule with its function.
pub struct Scheduled {
    /// What was asked for.
    pub spec: ScheduleSpec,
    /// The function of nothing, or of the job.
    pub handler: Handler,
}
