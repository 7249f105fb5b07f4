//! What there is of jobs in the store when a process begins with them.

use super::super::job::Job;
use super::super::state::{Phase, Running, State, Waiting};
use super::super::step::Now;
use crate::store::StoreError;
use crate::store::jobs::{JobChange, JobRow, JobStore, NewJob, TickChange, TickOutcome, TickRow};
use std::time::Duration;

/// How many started ticks of a job are read when it is opened.
const STARTED: usize = 1000;

/// A job as the store is told of it.
pub(super) fn about(job: &Job, script: &str, kept_by: &str) -> NewJob {
    NewJob {
        name: job.name.clone(),
        schedule: job.crontab.text.clone(),
        timezone: job.zone_name().into(),
        script: script.into(),
        kept_by: kept_by.into(),
    }
}

/// What is known of a job. It has been registered, unless the store keeps nothing.
pub(super) fn state(
    store: &dyn JobStore,
    job: &Job,
    known: Option<JobRow>,
    now: Now,
) -> Result<State, StoreError> {
    let Some(JobRow { seen, failures, paused, .. }) = known else { return Ok(State::new(job, now.wall)) };
    let mut state = State::new(job, seen);
    state.failures = failures;
    state.paused = paused;
    state.started = store.started_ticks(&job.name, STARTED)?.into_iter().collect();
    for row in store.open_ticks(&job.name)? {
        match row.outcome {
            TickOutcome::Waiting => {
                state.waiting.push_back(Waiting { tick: row.tick, caught_up: row.caught_up });
            }
            TickOutcome::Held => state.held.push(row.tick),
            _ => {
                let phase = Phase::Working { until: Duration::MAX };
                state.running.push(Running { tick: row.tick, attempt: row.attempt, phase });
            }
        }
    }
    Ok(state)
}

/// Ends what jobs were doing that are there no more.
pub(super) fn end_the_gone(
    store: &dyn JobStore,
    is_gone: impl Fn(&NewJob) -> bool,
    now: Now,
) -> Result<(), StoreError> {
    let end = |tick: TickRow| match tick.outcome {
        TickOutcome::Waiting | TickOutcome::Held => {
            let (first, last, outcome) = (tick.tick, tick.tick, TickOutcome::Missed);
            TickChange::Pass { first, last, count: 1, outcome }
        }
        _ => {
            TickChange::End { tick: tick.tick, outcome: TickOutcome::Interrupted, error: None, at: now.wall }
        }
    };
    let mut changes = Vec::new();
    for row in store.jobs()?.into_iter().filter(|row| is_gone(&row.about)) {
        let ticks: Vec<TickChange> = store.open_ticks(&row.about.name)?.into_iter().map(end).collect();
        if !ticks.is_empty() {
            let JobRow { about, seen, failures, paused, .. } = row;
            changes.push(JobChange { job: about.name, seen, failures, paused, ticks });
        }
    }
    if !changes.is_empty() {
        store.keep(&changes)?;
    }
    Ok(())
}
