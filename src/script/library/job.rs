//! `job`: the job that a script runs for, and the time that the run is for.

use super::super::host::Host;
use super::super::schedules::AboutJob;
use super::moment::Moment;
use super::{Entry, entry};
use rhai::{Dynamic, Engine};
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[entry(
    "scheduled_at",
    "job.scheduled_at",
    "The time that this run was due at, which may be long before now if it was caught up; the present time in a run that no \
     schedule started. Also job.name, job.attempt and job.caught_up",
    "print(job.scheduled_at.date());",
)];

/// The constant `job`, and what functions of `schedule` and `every` are given.
#[derive(Clone, Copy)]
pub struct Job;

/// Registers the type of the constant `job`.
pub fn register_type(engine: &mut Engine) {
    engine.register_type_with_name::<Job>("job");
    engine.register_fn("to_string", |_: Job| "job".to_string());
    engine.register_fn("to_debug", |_: Job| "job".to_string());
}

/// Registers what it holds.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let own = Rc::clone(host);
    engine.register_get("scheduled_at", move |_: &mut Job| {
        let known = own.job.borrow().as_ref().map(AboutJob::moment);
        known.unwrap_or_else(|| Moment(own.clock.now().to_zoned_datetime(own.timezone.get().clone())))
    });
    let own = Rc::clone(host);
    engine.register_get("name", move |_: &mut Job| {
        own.job.borrow().as_ref().map_or(Dynamic::UNIT, |job| job.name.clone().into())
    });
    let own = Rc::clone(host);
    engine.register_get("attempt", move |_: &mut Job| {
        own.job.borrow().as_ref().map_or(1, |job| i64::from(job.attempt))
    });
    let own = Rc::clone(host);
    engine.register_get("caught_up", move |_: &mut Job| {
        own.job.borrow().as_ref().is_some_and(|job| job.caught_up)
    });
}
