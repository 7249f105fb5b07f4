//! `serve [DIR]`: runs every job of a project at its times and every script with hooks, until it is asked to end.

use super::notify::Notify;
use super::planned::{self, Fingerprint, Planned};
use super::residents::Residents;
use super::runs_of_jobs::Runs;
use super::wishes::{self, Wish};
use super::{Context, job_words};
use crate::cli::Serve;
use crate::clock::{Clock, ShiftedClock, SystemClock};
use crate::error::Error;
use crate::exit;
use crate::schedule::keeper::{Keeper, Message, Order, Rules, Turn};
use crate::schedule::state::Why;
use crate::schedule::step::Now;
use crate::schedule::{Job, length, lint};
use crate::script::schedules::AboutJob;
use crate::settings::{Settings, time};
use crate::stop::Reason;
use crate::store::SqliteStore;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// How long a turn waits at most: whoever asks to end, pauses a job or changes a script is heard that soon.
const HEAR: Duration = Duration::from_millis(200);
/// How often it is looked for changed scripts.
const LOOK: Duration = Duration::from_secs(2);
/// How long runs that are asked to stop may take for it.
const STOPPING: Duration = Duration::from_secs(10);

/// Runs jobs until it is asked to end.
pub fn run(context: &Context, options: &Serve) -> Result<u8, Error> {
    let settings = context.settings(false)?;
    let folder = planned::folder(&settings, options.folder.as_deref());
    let planned = planned::all(context, &folder)?;
    let hooked = planned::listeners(context, &folder)?;
    if planned.is_empty() && hooked.is_empty() {
        return Err(Error::usage(
            format!("there are no jobs, hooks and schedules in {}", folder.display()),
            "write a first line such as //! @schedule weekdays at 06:00 into a script, or a [[job]] into vitally.toml",
        ));
    }
    let store = Arc::new(SqliteStore::open(&settings.home.value)?);
    let clock: Box<dyn Clock> = match time::pretended(&settings.sources)? {
        Some(moment) => Box::new(ShiftedClock::starting_at(moment)),
        None => Box::new(SystemClock),
    };
    let began = Instant::now();
    let now = Now { wall: clock.now(), elapsed: Duration::ZERO };
    let (sender, ended) = mpsc::channel();
    let runs = Runs::new(context, Arc::clone(&store), sender);
    let most_caught_up = options.hold_above;
    let rules = Rules { most_caught_up, ..Rules::default() };
    let residents = Residents::new(context, Arc::clone(&store));
    let (keeper, turn) = Keeper::open(store, rules, jobs(&planned), now)?;
    let fingerprint = planned::fingerprint(&settings, &folder);
    let looked = began;
    let mut server = Server {
        context,
        settings,
        folder,
        planned,
        keeper,
        runs,
        residents,
        ended,
        clock,
        began,
        fingerprint,
        looked,
    };
    server.announce();
    server.residents.replace(hooked);
    let notify = Notify::of(&context.environment);
    notify.tell("READY=1");
    server.carry_out(turn);
    while !context.stop.is_set() {
        server.reload()?;
        server.turn(HEAR)?;
        notify.tell("WATCHDOG=1");
    }
    notify.tell("STOPPING=1");
    server.drain(options.grace)?;
    Ok(exit::DONE)
}

/// The jobs as the keeper knows them.
fn jobs(planned: &BTreeMap<String, Planned>) -> Vec<(Job, String)> {
    planned.values().map(|planned| (planned.job.clone(), planned.script.name.clone())).collect()
}

/// A program that runs jobs.
struct Server<'a> {
    context: &'a Context,
    settings: Settings,
    folder: PathBuf,
    planned: BTreeMap<String, Planned>,
    keeper: Keeper,
    runs: Runs,
    /// The scripts that listen.
    residents: Residents,
    ended: Receiver<Message>,
    clock: Box<dyn Clock>,
    began: Instant,
    /// What the settings and scripts were like when they were read.
    fingerprint: Fingerprint,
    looked: Instant,
}

impl Server<'_> {
    fn now(&self) -> Now {
        Now { wall: self.clock.now(), elapsed: self.began.elapsed() }
    }

    /// Says which jobs there are, when they run next and what may surprise about that.
    fn announce(&self) {
        let now = self.clock.now();
        for Planned { job, .. } in self.planned.values() {
            self.context.console.say(&job_words::registered(job, now));
            for lint in lint::all(&job.crontab, &job.zone, now) {
                self.context.console.warn(&format!("{}: {}; {}", job.name, lint.message, lint.help));
            }
        }
    }

    /// Waits a little for what ends, and takes the steps that are due.
    fn turn(&mut self, most: Duration) -> Result<(), Error> {
        let wait = self.keeper.rest(self.now()).min(most);
        let mut messages: Vec<Message> = self.ended.recv_timeout(wait).into_iter().collect();
        messages.extend(self.ended.try_iter());
        for message in &messages {
            self.runs.forget(message);
        }
        let wishes = wishes::take(&self.settings.home.value, |job| self.keeper.knows(job));
        messages.extend(wishes.into_iter().map(Wish::message));
        let turn = self.keeper.turn(self.now(), messages)?;
        self.carry_out(turn);
        self.residents.look();
        Ok(())
    }

    /// Starts and stops runs, and says what there is to say.
    fn carry_out(&mut self, turn: Turn) {
        let zone = |job: &str| self.planned.get(job).map(|planned| planned.job.zone());
        job_words::tell(&self.context.console, &turn.news, zone);
        for order in turn.orders {
            match order {
                Order::Start { job, tick, attempt, caught_up } => {
                    if let Some(planned) = self.planned.get(&job) {
                        self.context.console.detail(&job_words::started(&planned.job, tick, attempt));
                        let (name, zone) = (job, planned.job.zone().clone());
                        self.runs
                            .start(planned, AboutJob { name, scheduled_at: tick, zone, attempt, caught_up });
                    }
                }
                Order::Stop { job, tick, why: Why::TooLong } => self.runs.stop(&job, tick, Reason::TimedOut),
                Order::Stop { job, tick, why: Why::Replaced } => {
                    self.runs.stop(&job, tick, Reason::Interrupted);
                }
            }
        }
    }

    /// Reads settings and scripts anew if any of them changed. With a mistake in them, everything stays as it was.
    fn reload(&mut self) -> Result<(), Error> {
        if self.looked.elapsed() < LOOK {
            return Ok(());
        }
        self.looked = Instant::now();
        let fingerprint = planned::fingerprint(&self.settings, &self.folder);
        if fingerprint == self.fingerprint {
            return Ok(());
        }
        let read = self.context.settings(false).and_then(|settings| {
            let planned = planned::all(self.context, &self.folder)?;
            let hooked = planned::listeners(self.context, &self.folder)?;
            Ok((settings, planned, hooked))
        });
        match read {
            Ok((settings, planned, hooked)) => {
                self.fingerprint = planned::fingerprint(&settings, &self.folder);
                (self.settings, self.planned) = (settings, planned);
                self.keeper.replace(jobs(&self.planned), self.now())?;
                self.context.console.say("read the jobs again, because something changed");
                self.announce();
                self.residents.replace(hooked);
            }
            Err(error) => {
                self.fingerprint = fingerprint;
                self.context.console.report(&error);
                self.context.console.warn("the jobs go on as they were before this change");
            }
        }
        Ok(())
    }

    fn busy(&self) -> bool {
        self.keeper.running() || self.residents.running()
    }

    /// Starts nothing more, lets what runs end within the time given, and stops the rest.
    fn drain(&mut self, grace: Duration) -> Result<(), Error> {
        self.keeper.close();
        self.residents.close();
        self.turn(Duration::ZERO)?;
        if self.busy() {
            let words = format!("waiting up to {} for what runs; Ctrl-C again ends at once", short(grace));
            self.context.console.say(&words);
        }
        let asked = Instant::now();
        while self.busy() && asked.elapsed() < grace {
            self.turn(HEAR)?;
        }
        self.runs.stop_all();
        self.residents.stop_all();
        let asked = Instant::now();
        while self.busy() && asked.elapsed() < STOPPING {
            self.turn(HEAR)?;
        }
        // What hears nothing ends with the process, which is no secret.
        let turn = self.keeper.abandon(self.now())?;
        self.carry_out(turn);
        Ok(())
    }
}

fn short(length: Duration) -> String {
    length::words(i64::try_from(length.as_secs()).unwrap_or(i64::MAX))
}
