//! `serve [DIR]`: runs every job of a project at its times and every script with hooks, until it is asked to end.

use super::alarms::Alarms;
use super::notify::Notify;
use super::planned::{self, Fingerprint, Planned, Project};
use super::residents::Residents;
use super::runs_of_jobs::Runs;
use super::wishes::{self, Wish};
use super::{Context, job_words, signals};
use crate::cli::Serve;
use crate::clock::{Clock, ShiftedClock, SystemClock};
use crate::error::Error;
use crate::exit;
use crate::pulse::Pulse;
use crate::schedule::keeper::{Keeper, Message, Order, Rules, Turn};
use crate::schedule::state::Why;
use crate::schedule::step::Now;
use crate::schedule::{Job, length, lint};
use crate::script::schedules::AboutJob;
use crate::settings::{Settings, time};
use crate::stop::Reason;
use crate::store::SqliteStore;
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// How long a turn waits at most: whoever pauses a job or changes a script is heard that soon.
const HEAR: Duration = wishes::LOOK;
/// The same while it waits for what still runs.
const SOON: Duration = Duration::from_millis(200);
/// How often it is looked for changed scripts.
const LOOK: Duration = Duration::from_secs(2);
/// Looking takes less than one part in so many of the time.
const SELDOM: u32 = 5000;
/// How long runs that are asked to stop may take for it.
const STOPPING: Duration = Duration::from_secs(10);

/// Runs jobs until it is asked to end.
pub fn run(context: &Context, options: &Serve) -> Result<u8, Error> {
    let settings = context.settings(false)?;
    let folder = planned::folder(&settings, options.folder.as_deref());
    let Project { jobs: planned, listeners: hooked, imports } = planned::all(&settings, &folder)?;
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
    let wake = sender.clone();
    // Where nobody listens any more, it has ended.
    context.stop.rings(move || drop(wake.send(None)));
    let runs = Runs::new(context, settings.sources.project.clone(), Arc::clone(&store), sender);
    let most_caught_up = options.hold_above;
    let rules = Rules { most_caught_up, ..Rules::default() };
    let residents = Residents::new(context, Arc::clone(&store));
    let (keeper, turn) = Keeper::open(Arc::clone(&store) as _, rules, jobs(&planned), now)?;
    let alarms = Alarms::of(&settings, planned.values().map(|planned| &planned.job), &context.console);
    let fingerprint = planned::fingerprint(&settings, &folder, &imports);
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
        imports,
        fingerprint,
        looked,
        every: LOOK,
        alarms,
        wishes: wishes::pulse(),
        store,
    };
    server.watch()?;
    if !std::io::stdin().is_terminal() {
        signals::reload_on_hang_up();
    }
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
    /// How runs ended, or nothing but a wish to end.
    ended: Receiver<Option<Message>>,
    clock: Box<dyn Clock>,
    began: Instant,
    /// The files that scripts import.
    imports: BTreeSet<PathBuf>,
    /// What the settings, scripts and imports were like when they were read.
    fingerprint: Fingerprint,
    looked: Instant,
    /// How often it is looked for changes.
    every: Duration,
    /// Who is told when jobs fail or do not run in time.
    alarms: Option<Alarms>,
    /// When to look what other commands wish.
    wishes: Pulse,
    store: Arc<SqliteStore>,
}

impl Server<'_> {
    fn now(&self) -> Now {
        Now { wall: self.clock.now(), elapsed: self.began.elapsed() }
    }

    /// Watches over the jobs there are.
    fn watch(&mut self) -> Result<(), Error> {
        let jobs: Vec<Job> = self.planned.values().map(|planned| planned.job.clone()).collect();
        if let Some(alarms) = &mut self.alarms {
            alarms.begin(&jobs, &*self.store, self.clock.now())?;
        }
        Ok(())
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
        let mut messages: Vec<Message> = self.ended.recv_timeout(wait).into_iter().flatten().collect();
        messages.extend(self.ended.try_iter().flatten());
        for message in &messages {
            self.runs.forget(message);
        }
        let wishes = wishes::take(&self.settings.home.value, &mut self.wishes, |job| self.keeper.knows(job));
        messages.extend(wishes.into_iter().map(Wish::message));
        let turn = self.keeper.turn(self.now(), messages)?;
        self.carry_out(turn);
        let now = self.clock.now();
        if let Some(alarms) = &mut self.alarms {
            let kept = self.planned.values().map(|planned| &planned.job);
            alarms.look(kept.filter(|job| !self.keeper.is_paused(&job.name)), now);
            alarms.beat(now);
        }
        self.residents.look();
        Ok(())
    }

    /// Starts and stops runs, and says what there is to say.
    fn carry_out(&mut self, turn: Turn) {
        let zone = |job: &str| self.planned.get(job).map(|planned| planned.job.zone());
        job_words::tell(&self.context.console, &turn.news, zone);
        if let Some(alarms) = &mut self.alarms {
            alarms.hear(&turn.news, self.clock.now());
        }
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

    /// Reads settings and scripts anew if any of them changed, or SIGHUP asks for it. With a mistake in them, everything stays as it was.
    fn reload(&mut self) -> Result<(), Error> {
        let asked = signals::asked_to_reload();
        if !asked && self.looked.elapsed() < self.every {
            return Ok(());
        }
        self.looked = Instant::now();
        let fingerprint = planned::fingerprint(&self.settings, &self.folder, &self.imports);
        self.every = LOOK.max(self.looked.elapsed() * SELDOM);
        if !asked && fingerprint == self.fingerprint {
            return Ok(());
        }
        let read = self.context.settings(false).and_then(|settings| {
            let project = planned::all(&settings, &self.folder)?;
            Ok((settings, project))
        });
        match read {
            Ok((settings, Project { jobs: planned, listeners: hooked, imports })) => {
                self.imports = imports;
                self.fingerprint = self.known_before(&settings, &fingerprint);
                let before = std::mem::replace(&mut self.planned, planned);
                let told_otherwise = settings.notify() != self.settings.notify();
                self.settings = settings;
                self.runs.project = self.settings.sources.project.clone();
                if told_otherwise || self.alarms.is_none() {
                    let jobs = self.planned.values().map(|planned| &planned.job);
                    self.alarms = Alarms::of(&self.settings, jobs, &self.context.console);
                }
                for (name, Planned { job, .. }) in &self.planned {
                    let is_new = before.get(name).is_some_and(|before| !before.job.same_times(job));
                    if let Some(alarms) = self.alarms.as_mut().filter(|_| is_new) {
                        alarms.rescheduled(name, self.clock.now());
                    }
                }
                self.keeper.replace(jobs(&self.planned), self.now())?;
                let why = if asked { "it was asked to" } else { "something changed" };
                self.context.console.say(&format!("read the jobs again, because {why}"));
                self.watch()?;
                self.announce();
                self.residents.replace(hooked);
            }
            Err(error) => {
                // What is broken may be an import that was not known before.
                self.imports.extend(planned::imports(&self.settings, &self.folder));
                self.fingerprint = self.known_before(&self.settings, &fingerprint);
                self.context.console.report(&error);
                self.context.console.warn("the jobs go on as they were before this change");
            }
        }
        Ok(())
    }

    /// What the files are like that count now. What was looked at before they were read stays so, and what changed since then
    /// is read once more.
    fn known_before(&self, settings: &Settings, before: &Fingerprint) -> Fingerprint {
        let mut now = planned::fingerprint(settings, &self.folder, &self.imports);
        for (path, state) in &mut now {
            if let Some(before) = before.get(path) {
                *state = *before;
            }
        }
        now
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
            self.turn(SOON)?;
        }
        self.runs.stop_all();
        self.residents.stop_all();
        let asked = Instant::now();
        while self.busy() && asked.elapsed() < STOPPING {
            self.turn(SOON)?;
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
