//! Watches over jobs from what is told of them: when somebody should be told that one fails, runs again, or did not run in
//! time. Pure, like the steps.

use super::job::Job;
use super::keeper::News;
use crate::store::jobs::TickOutcome;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Something that somebody should be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Runs of a job failed so many times in a row, the last one so.
    Failing {
        /// The job's name.
        job: String,
        /// How many times.
        times: u32,
        /// Why, the last time.
        error: Option<String>,
    },
    /// A job that somebody was told of runs again.
    Recovered {
        /// The job's name.
        job: String,
    },
    /// A job has not run by the time it was expected to.
    Overdue {
        /// The job's name.
        job: String,
        /// The time that it was to run at.
        tick: Timestamp,
    },
}

/// What is known of one job.
#[derive(Clone, Debug)]
struct Standing {
    /// The last time that it ran for, or since when it is watched.
    ran: Timestamp,
    /// The time that somebody was told was overdue.
    told: Option<Timestamp>,
    /// Somebody was told that it fails.
    failing: bool,
    /// What is expected of it next; worked out by need.
    expected: Option<Expected>,
}

/// The time that a job is to run for next.
#[derive(Clone, Copy, Debug)]
struct Expected {
    /// `None` if there is none any more.
    tick: Option<Timestamp>,
    /// Until when it may take.
    end: Timestamp,
}

/// Watches over jobs.
#[derive(Clone, Debug)]
pub struct Watch {
    /// After so many failed runs in a row somebody is told.
    after_failures: u32,
    /// So long after its time a job is expected to have run that says nothing else.
    within: SignedDuration,
    jobs: BTreeMap<String, Standing>,
}

impl Watch {
    /// Watches over no job yet.
    pub fn new(after_failures: u32, within: SignedDuration) -> Watch {
        Watch { after_failures, within, jobs: BTreeMap::new() }
    }

    /// Watches over a job, which last ran for this time, or was first seen then.
    pub fn begin(&mut self, job: &str, ran: Timestamp, failures: u32) {
        let failing = failures >= self.after_failures;
        let new = Standing { ran, told: None, failing, expected: None };
        // It may have other rules now.
        self.jobs.entry(job.into()).or_insert(new).expected = None;
    }

    /// Watches only over these jobs from now on.
    pub fn keep(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.jobs.retain(|job, _| is_kept(job));
    }

    /// A job has another schedule: what was expected by the one before is not any more.
    pub fn rescheduled(&mut self, job: &str, now: Timestamp) {
        if let Some(standing) = self.jobs.get_mut(job) {
            (standing.ran, standing.expected) = (standing.ran.max(now), None);
        }
    }

    /// What is to be told of news.
    pub fn hear(&mut self, news: &News) -> Option<Alarm> {
        let News::Ended { job, tick, outcome, error, failures: (_, after) } = news else { return None };
        let standing = self.jobs.get_mut(job)?;
        if *outcome == TickOutcome::Interrupted {
            return None;
        }
        (standing.ran, standing.expected) = (standing.ran.max(*tick), None);
        match outcome {
            TickOutcome::Ok => {
                let was_told = standing.failing || standing.told.is_some();
                (standing.failing, standing.told) = (false, None);
                was_told.then(|| Alarm::Recovered { job: job.clone() })
            }
            TickOutcome::Failed | TickOutcome::Timeout if *after == self.after_failures => {
                standing.failing = true;
                Some(Alarm::Failing { job: job.clone(), times: *after, error: error.clone() })
            }
            _ => None,
        }
    }

    /// Whether a job is overdue that nobody was told of yet.
    pub fn look(&mut self, job: &Job, now: Timestamp) -> Option<Alarm> {
        let standing = self.jobs.get_mut(&job.name)?;
        let within = job.expect_within.unwrap_or(self.within);
        let expected = || {
            let tick = job.next(standing.ran);
            let end = tick.and_then(|tick| job.start(tick).saturating_add(within).ok());
            Expected { tick, end: end.unwrap_or(Timestamp::MAX) }
        };
        let Expected { tick, end } = *standing.expected.get_or_insert_with(expected);
        let tick = tick?;
        if standing.told.is_some() || now <= end {
            return None;
        }
        standing.told = Some(tick);
        Some(Alarm::Overdue { job: job.name.clone(), tick })
    }
}
