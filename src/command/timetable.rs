//! The schedules of a script that stays: a thread claims what is due in the store and hands it over; the script's own
//! thread calls the functions, one at a time.

use super::alarms::Alarms;
use super::clockwork::{Ask, Clockwork, Heard};
use super::console::Console;
use super::{job_words, wishes};
use crate::clock::{Clock, FixedClock, ShiftedClock, SystemClock};
use crate::error::Error;
use crate::report;
use crate::schedule::keeper::{Keeper, Message, Rules};
use crate::schedule::step::{How, Now, Told};
use crate::schedule::{Job, lint};
use crate::script::hooks::End;
use crate::script::schedules::{ScheduleSpec, Tick};
use crate::settings::Settings;
use crate::stop::Stop;
use crate::store::jobs::JobStore;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What schedules of a script run by.
pub struct Options {
    /// The script's name, under which its schedules are kept.
    pub script: String,
    /// The zone of schedules that name none.
    pub zone: TimeZone,
    /// Run what is due, and leave.
    pub once: bool,
    /// The time that is told, if it is not the system's.
    pub now: Option<Timestamp>,
    /// The state folder, where other commands leave their wishes; a preview leaves them there.
    pub home: Option<PathBuf>,
    /// The settings that say who is told when schedules fail or do not run in time; a preview tells nobody.
    pub told_by: Option<Arc<Settings>>,
    /// Set when nothing more is to be claimed: by Ctrl-C, or because the program is about to end.
    pub stops: [Stop; 2],
}

/// What is found at a look.
pub enum Due {
    /// A function is to be called.
    Call(Box<Tick>),
    /// Nothing yet.
    Nothing,
    /// There will be nothing more.
    Over,
}

/// The schedules of a script that stays.
pub struct Timetable {
    told: Arc<Sender<Ask>>,
    heard: Receiver<Heard>,
    waiting: VecDeque<Heard>,
    leaving: bool,
    over: bool,
    thread: Option<JoinHandle<()>>,
}

impl Timetable {
    /// Notes the schedules, says when they run, and begins to claim what is due.
    pub fn start(
        options: Options,
        specs: &[ScheduleSpec],
        store: &Arc<dyn JobStore>,
        console: &Arc<Console>,
    ) -> Result<Timetable, Error> {
        let jobs: Vec<Job> = jobs(&options, specs);
        let clock: Box<dyn Clock + Send> = match (options.now, options.once) {
            // What comes due while it works is for the next time.
            (now, true) => Box::new(FixedClock(now.unwrap_or_else(Timestamp::now))),
            (Some(now), false) => Box::new(ShiftedClock::starting_at(now)),
            (None, false) => Box::new(SystemClock),
        };
        let now = Now { wall: clock.now(), elapsed: Duration::ZERO };
        for job in jobs.iter().filter(|_| !options.once) {
            console.say(&job_words::registered(job, now.wall));
            for lint in lint::all(&job.crontab, &job.zone, now.wall) {
                console.warn(&format!("{}: {}; {}", job.name, lint.message, lint.help));
            }
        }
        let rules = Rules { kept_by: options.script.clone(), most_running: 1, ..Rules::default() };
        let named = jobs.iter().map(|job| (job.clone(), options.script.clone())).collect();
        let (keeper, turn) = Keeper::open(Arc::clone(store), rules, named, now)?;
        let mut alarms = options.told_by.and_then(|settings| Alarms::of(&settings, jobs.iter(), console));
        if let Some(alarms) = &mut alarms {
            alarms.begin(&jobs, &**store, now.wall)?;
        }
        let (told, asked) = mpsc::channel();
        let told = Arc::new(told);
        for stop in &options.stops {
            // Where nobody listens any more, nobody waits.
            stop.rings_for(&told, |told: &Sender<Ask>| drop(told.send(Ask::Look)));
        }
        let (sender, heard) = mpsc::channel();
        let once = options.once;
        let mut clockwork = Clockwork {
            keeper,
            jobs,
            clock,
            began: Instant::now(),
            once,
            home: options.home,
            wishes: wishes::pulse(),
            stops: options.stops,
            alarms,
            asked,
            heard: sender,
            running: Vec::new(),
            console: Arc::clone(console),
        };
        clockwork.carry_out(turn);
        let thread = std::thread::Builder::new().name("schedules".into());
        let thread = thread.spawn(move || clockwork.run()).map_err(|cause| {
            Error::usage(format!("the system gave no thread to wait on: {cause}"), "close other programs")
        })?;
        if !once {
            console.say("Ctrl-C stops; what is missed meanwhile is caught up when it runs again");
        }
        Ok(Timetable {
            told,
            heard,
            waiting: VecDeque::new(),
            leaving: false,
            over: false,
            thread: Some(thread),
        })
    }

    /// What is due now.
    pub fn look(&mut self) -> Result<Due, Error> {
        self.waiting.extend(self.heard.try_iter());
        self.waiting.retain(|heard| !matches!(heard, Heard::Look));
        match self.waiting.pop_front() {
            Some(Heard::Call(tick)) => Ok(Due::Call(tick)),
            Some(Heard::Failed(error)) => Err(error.into()),
            Some(Heard::Over) => {
                self.over = true;
                Ok(Due::Over)
            }
            None if self.over => Ok(Due::Over),
            Some(Heard::Look) | None => Ok(Due::Nothing),
        }
    }

    /// Waits until something is due, but not longer than this.
    pub fn wait(&mut self, most: Duration) {
        match self.heard.recv_timeout(most) {
            Ok(heard) => self.waiting.push_back(heard),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.over = true,
        }
    }

    /// Notes how a call ended; answers whether it failed.
    pub fn ended(&self, tick: &Tick, end: End, console: &Console) -> bool {
        let (how, error) = match end {
            End::Done | End::NotWanted => (How::Well, None),
            End::Stopped => (How::Stopped, None),
            End::Failed { error, .. } => {
                if !tick.stop.is_set() {
                    console.report(&error);
                }
                (How::Failed, Some(report::message(&error).text))
            }
        };
        let about = &tick.about;
        let told = Told::Ended { tick: about.scheduled_at, attempt: about.attempt, how };
        let message = Message { job: about.name.clone(), told, error };
        // Where nobody listens any more, an error was told.
        let _ = self.told.send(Ask::Tell(message));
        how == How::Failed
    }

    /// Claims nothing more; what was claimed before is still handed over.
    pub fn leave(&mut self) {
        if !self.leaving {
            self.leaving = true;
            // Where nobody listens any more, an error was told.
            let _ = self.told.send(Ask::Leave);
        }
    }

    /// Claims nothing more; what still runs was cut off.
    pub fn close(&mut self) {
        let _ = self.told.send(Ask::Close);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so.
            let _ = thread.join();
        }
    }
}

/// Schedules as jobs: named after the script, and after what the schedule is called or its number.
fn jobs(options: &Options, specs: &[ScheduleSpec]) -> Vec<Job> {
    let taken = |name: &str| specs.iter().any(|spec| spec.name.as_deref() == Some(name));
    let mut numbers = (2..).map(|number: u32| number.to_string()).filter(|number| !taken(number));
    let mut unnamed = 0;
    let of = |spec: &ScheduleSpec| {
        let own = match &spec.name {
            Some(name) => Some(name.clone()),
            None if unnamed == 0 => None,
            None => numbers.next(),
        };
        unnamed += u32::from(spec.name.is_none());
        let name = own.map_or(options.script.clone(), |own| format!("{} {own}", options.script));
        let zone = spec.timezone.clone().unwrap_or_else(|| options.zone.clone());
        Job {
            overlap: spec.overlap,
            catchup: spec.catchup,
            jitter: spec.jitter,
            timeout: spec.timeout,
            expect_within: spec
                .expect_within
                .map(|length| SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX)),
            ..Job::new(&name, spec.crontab.clone(), zone)
        }
    };
    specs.iter().map(of).collect()
}
