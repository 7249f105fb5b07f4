//! What is due when time passes in a test: schedules of a script, and scripts that have one as a whole.

use super::bench::{Bench, Standing};
use super::under::Strict;
use crate::error::Error;
use crate::script::hooks::{Call, End, Feed, Wanted};
use crate::script::schedules::{AboutJob, Tick};
use crate::stop::Stop;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A feed of one time that has come.
struct OneTick(Option<Box<Tick>>);

impl Feed for OneTick {
    fn listen(&mut self, _: &str, _: &Wanted) -> Result<(), Error> {
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Call>, Error> {
        Ok(self.0.take().map(Call::Tick))
    }

    fn ended(&mut self, _: &Call, _: End) -> Result<(), Error> {
        Ok(())
    }
}

/// What is due next: a schedule of a script, by its place, or the whole script.
pub struct Due {
    /// When.
    pub at: Timestamp,
    schedule: Option<(usize, TimeZone)>,
}

/// What is due next in a script.
pub fn next(bench: &Bench, one: &Standing) -> Option<Due> {
    let now = bench.stage.now();
    let of_script = bench.stage.next_tick(&one.script).map(|at| Due { at, schedule: None });
    let schedules = one.program.schedules();
    let own = schedules.iter().enumerate().filter_map(|(place, spec)| {
        let zone = spec.timezone.clone().unwrap_or_else(|| bench.host.timezone.get().clone());
        Some(Due { at: spec.crontab.next(now, &zone)?, schedule: Some((place, zone)) })
    });
    own.chain(of_script).min_by_key(|due| due.at)
}

/// Runs what is due.
pub fn carry_out(bench: &Bench, one: &Standing, due: Due) -> Result<(), Error> {
    let Some((schedule, zone)) = due.schedule else {
        return bench.begin(&one.script, one.arguments.clone()).map(drop);
    };
    let name = one.program.schedules().into_iter().nth(schedule).and_then(|spec| spec.name);
    let about = AboutJob {
        name: name.unwrap_or_else(|| one.script.name.clone()),
        scheduled_at: due.at,
        zone,
        attempt: 1,
        caught_up: false,
    };
    let tick = Tick { schedule, about, stop: Stop::new() };
    one.program.serve(&mut Strict(Box::new(OneTick(Some(Box::new(tick))))))
}
