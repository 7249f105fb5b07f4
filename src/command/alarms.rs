//! Watches over jobs while they are kept, and has people told as `[notify]` says.

use super::console::Console;
use super::job_words;
use super::messenger::{Messenger, Note};
use crate::schedule::Job;
use crate::schedule::keeper::News;
use crate::schedule::watch::{Alarm, Watch};
use crate::settings::Settings;
use crate::store::StoreError;
use crate::store::jobs::{JobStore, TickOutcome};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many of the latest times of a job are looked at for the last that ran.
const LATEST: usize = 100;

/// How often it is looked who is overdue: lengths of time are whole seconds.
const LOOK: Duration = Duration::from_secs(1);

/// Watches over jobs.
pub struct Alarms {
    watch: Watch,
    messenger: Messenger,
    console: Arc<Console>,
    heartbeat_every: Duration,
    last_beat: Option<Instant>,
    last_look: Option<Instant>,
}

impl Alarms {
    /// What `[notify]` asks for, or a job that is expected within some time; `None` if nobody asks for anything.
    pub fn of<'a>(
        settings: &Settings,
        mut jobs: impl Iterator<Item = &'a Job>,
        console: &Arc<Console>,
    ) -> Option<Alarms> {
        let section = settings.notify();
        if section.is_none() && !jobs.any(|job| job.expect_within.is_some()) {
            return None;
        }
        // Without a section there is nobody to tell, and what is overdue is said where everything is said.
        let within = section.map_or(SignedDuration::MAX, |section| {
            SignedDuration::try_from(section.expect_within).unwrap_or(SignedDuration::MAX)
        });
        let section = section.cloned().unwrap_or_default();
        Some(Alarms {
            watch: Watch::new(section.after_failures, within),
            messenger: Messenger::start(settings, &section, console),
            console: Arc::clone(console),
            heartbeat_every: section.heartbeat_every,
            last_beat: None,
            last_look: None,
        })
    }

    /// Watches over these jobs, which are in the store; those that are kept no more are not watched.
    pub fn begin(&mut self, jobs: &[Job], store: &dyn JobStore, now: Timestamp) -> Result<(), StoreError> {
        let names: HashSet<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
        self.watch.keep(|name| names.contains(name));
        for row in store.jobs()?.into_iter().filter(|row| names.contains(row.about.name.as_str())) {
            let ran = |outcome: TickOutcome| {
                matches!(
                    outcome,
                    TickOutcome::Ok | TickOutcome::Failed | TickOutcome::Timeout | TickOutcome::Cancelled
                )
            };
            let ticks = store.ticks(Some(&row.about.name), LATEST)?;
            let last = ticks.iter().find(|tick| ran(tick.outcome)).map(|tick| tick.tick);
            self.watch.begin(&row.about.name, last.unwrap_or(row.first_seen).min(now), row.failures);
        }
        Ok(())
    }

    /// A job has another schedule.
    pub fn rescheduled(&mut self, job: &str, now: Timestamp) {
        self.watch.rescheduled(job, now);
    }

    /// Hears what became of jobs.
    pub fn hear(&mut self, news: &[News], now: Timestamp) {
        for news in news {
            if let Some(alarm) = self.watch.hear(news) {
                self.tell(&alarm, None, now);
            }
        }
    }

    /// Looks which jobs are overdue.
    pub fn look<'a>(&mut self, jobs: impl Iterator<Item = &'a Job>, now: Timestamp) {
        if self.last_look.is_some_and(|last| last.elapsed() < LOOK) {
            return;
        }
        self.last_look = Some(Instant::now());
        for job in jobs {
            if let Some(alarm) = self.watch.look(job, now) {
                self.tell(&alarm, Some(job), now);
            }
        }
    }

    /// Tells that all is well, if it is time for that.
    pub fn beat(&mut self, now: Timestamp) {
        if self.last_beat.is_none_or(|last| last.elapsed() >= self.heartbeat_every) {
            self.last_beat = Some(Instant::now());
            self.messenger.beat(now);
        }
    }

    fn tell(&self, alarm: &Alarm, about: Option<&Job>, at: Timestamp) {
        let (event, job, text) = match alarm {
            Alarm::Failing { job, times, error } => {
                let why = error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
                let times = if *times == 1 { String::new() } else { format!(" {times} times in a row") };
                ("failing", job, format!("{job} failed{times}{why}"))
            }
            Alarm::Recovered { job } => ("recovered", job, format!("{job} runs again")),
            Alarm::Overdue { job, tick } => {
                let zone = about.map_or(jiff::tz::TimeZone::UTC, |job| job.zone().clone());
                let time = job_words::at_zone(*tick, &zone);
                (
                    "overdue",
                    job,
                    format!("{job} has not run for {time} ({})", zone.iana_name().unwrap_or("local")),
                )
            }
        };
        if event == "overdue" {
            self.console.warn(&text);
        }
        self.messenger.tell(Note { event, job: job.clone(), text, at });
    }
}
