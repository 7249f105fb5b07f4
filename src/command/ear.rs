//! What brings a script that stays its calls: events for its hooks, times for its schedules.

use super::Console;
use super::timetable::{self, Due, Timetable};
use super::wishes;
use crate::error::{Error, Message};
use crate::hooks::listen::{Listener, Look};
use crate::hooks::words::Words;
use crate::script::hooks::{Call, End, Feed, Wanted};
use crate::script::schedules::ScheduleSpec;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::jobs::JobStore;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long one wait is at most: as long as [`wishes`] may wait.
const LOOK: Duration = wishes::LOOK;
/// The same where times are waited for and events come meanwhile, or the other way round.
const BOTH: Duration = Duration::from_millis(200);

/// What brings a script that stays its calls.
pub enum Ear {
    /// The tenant, and the clock.
    Real(Box<Senses>),
    /// Events that were made for a test.
    Given(Box<dyn Feed>),
}

/// Opens the store of jobs when a script has schedules.
pub type OpenJobs = Box<dyn Fn() -> Result<Arc<dyn JobStore>, StoreError> + Send>;

/// The tenant, and the clock.
pub struct Senses {
    /// What asks Vitally; or why it cannot be asked, which matters only to a script that has hooks.
    pub events: Result<Listener, Message>,
    /// How its schedules run.
    pub times: Box<dyn Fn() -> timetable::Options + Send>,
    /// Opens the store for them.
    pub open: OpenJobs,
    /// Where words go.
    pub console: Arc<Console>,
    /// Leave after so long.
    pub length: Option<Duration>,
    /// The wish to stop at once.
    pub stop: Stop,
    /// The wish to leave when the present call has ended.
    pub leave: Stop,
    /// What it listens to, once it does.
    pub listening: Listening,
}

/// What is listened to.
#[derive(Default)]
pub struct Listening {
    hooks: bool,
    timetable: Option<Timetable>,
    until: Option<Instant>,
    failed: u64,
}

impl Ear {
    /// Ends what it started; answers how many events and times could not be handled.
    pub fn close(&mut self) -> u64 {
        match self {
            Ear::Real(senses) => senses.close(),
            Ear::Given(_) => 0,
        }
    }
}

impl Feed for Ear {
    fn listen(&mut self, script: &str, wanted: &Wanted) -> Result<(), Error> {
        match self {
            Ear::Real(senses) => senses.listen(script, wanted),
            Ear::Given(feed) => feed.listen(script, wanted),
        }
    }

    fn next(&mut self) -> Result<Option<Call>, Error> {
        match self {
            Ear::Real(senses) => senses.next(),
            Ear::Given(feed) => feed.next(),
        }
    }

    fn ended(&mut self, call: &Call, end: End) -> Result<(), Error> {
        match self {
            Ear::Real(senses) => senses.ended(call, end),
            Ear::Given(feed) => feed.ended(call, end),
        }
    }
}

impl Senses {
    fn listen(&mut self, script: &str, wanted: &Wanted) -> Result<(), Error> {
        if !wanted.hooks.is_empty() {
            let events = self.events.as_mut().map_err(|why| Error::Login(why.clone()))?;
            events.listen(script, &wanted.hooks)?;
            events.wakes_at(&self.stop);
            events.wakes_at(&self.leave);
            self.listening.hooks = true;
        }
        if !wanted.schedules.is_empty() {
            self.listening.timetable = Some(self.timetable(&wanted.schedules)?);
        }
        self.listening.until = self.length.map(|length| Instant::now() + length);
        Ok(())
    }

    fn timetable(&self, specs: &[ScheduleSpec]) -> Result<Timetable, Error> {
        Timetable::start((self.times)(), specs, &(self.open)()?, &self.console)
    }

    fn next(&mut self) -> Result<Option<Call>, Error> {
        loop {
            if self.stop.is_set() {
                return Ok(None);
            }
            let late = self.listening.until.is_some_and(|until| until <= Instant::now());
            let leaves = late || self.leave.is_set();
            let both = self.listening.hooks && self.listening.timetable.is_some();
            let (mut wait, mut over) = (if both { BOTH } else { LOOK }, true);
            if let Some(timetable) = &mut self.listening.timetable {
                if leaves {
                    timetable.leave();
                }
                match timetable.look()? {
                    Due::Call(tick) => return Ok(Some(Call::Tick(tick))),
                    Due::Nothing => over = false,
                    Due::Over => {}
                }
            }
            let events = self.events.as_mut().ok().filter(|_| self.listening.hooks && !leaves);
            if let Some(events) = events {
                match events.look()? {
                    Look::Event(event) => return Ok(Some(Call::Event(event))),
                    Look::Nothing(patience) => (wait, over) = (wait.min(patience), false),
                    Look::Over => {}
                }
            }
            if over {
                return Ok(None);
            }
            let until = self.listening.until.filter(|_| !leaves);
            let until = until.map_or(wait, |until| until.saturating_duration_since(Instant::now()));
            self.wait(wait.min(until));
        }
    }

    fn wait(&mut self, most: Duration) {
        match (&mut self.listening.timetable, &self.events) {
            (Some(timetable), _) => timetable.wait(most),
            (None, Ok(events)) => events.wait(most),
            (None, Err(_)) => {}
        }
    }

    fn ended(&mut self, call: &Call, end: End) -> Result<(), Error> {
        match (call, &mut self.events, &self.listening.timetable) {
            (Call::Event(event), Ok(events), _) => events.ended(event, end),
            (Call::Tick(tick), _, Some(timetable)) => {
                self.listening.failed += u64::from(timetable.ended(tick, end, &self.console));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn close(&mut self) -> u64 {
        if let Some(timetable) = &mut self.listening.timetable {
            timetable.close();
        }
        let dead = self.events.as_mut().map_or(0, |events| {
            events.close();
            events.failed()
        });
        dead + self.listening.failed
    }
}

/// The console as the voice of hooks.
pub struct Voice(pub Arc<Console>);

impl Words for Voice {
    fn say(&self, line: &str) {
        self.0.say(line);
    }

    fn warn(&self, line: &str) {
        self.0.warn(line);
    }

    fn detail(&self, line: &str) {
        self.0.detail(line);
    }

    fn report(&self, error: &Error) {
        self.0.report(error);
    }

    fn ask(&self, question: &str) -> bool {
        let answer = self.0.ask(&format!("{question} Type yes: "));
        answer.is_some_and(|answer| answer.trim().eq_ignore_ascii_case("yes"))
    }
}
