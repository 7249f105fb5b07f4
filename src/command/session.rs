//! An open connection to one tenant: what every command works with that talks to Vitally.

use super::Context;
use super::bounds::Bounds;
use super::console::Console;
use super::demo::Demo;
use super::ear::{self, Ear, OpenJobs, Senses, Voice};
use super::ending;
use super::journal::Shelf;
use super::opener::{About, EarlierRuns, GoingOn, Opener, Planning, Reach, no_key, target};
use super::{place, timetable};
use crate::cli::Listening;
use crate::client::{self, Target, Timeouts, Watch};
use crate::clock::Zone;
use crate::error::{Error, Message};
use crate::files::Place;
use crate::gate::protect::Protect;
use crate::gate::{Counts, Door, Gate, Mode, Tally};
use crate::hooks;
use crate::hooks::listen::Listener;
use crate::hooks::vitally::Vitally;
use crate::hooks::words::Words;
use crate::script::host::Host;
use crate::settings::{Settings, time};
use crate::stop::Stop;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// What is left of a pause where nothing has to be waited for.
const PAUSE: Duration = Duration::from_millis(1);

/// An open connection to one tenant.
pub struct Session {
    /// The settings it was opened with.
    pub settings: Arc<Settings>,
    /// What a run may do.
    pub bounds: Bounds,
    /// What happens to changes.
    pub mode: Mode,
    /// What the journal says about the run.
    pub about: About,
    /// Where the changes of a dry run go.
    pub planned: Planning,
    /// The run that this one goes on with, if it does, and what it has done already.
    earlier: EarlierRuns,
    /// The changes made so far.
    pub tally: Tally,
    /// Those of events that a dialogue handles.
    pub events: Tally,
    console: Arc<Console>,
    stop: Stop,
    /// Where requests go; `None` if there is no key.
    target: Option<Target>,
    zone: Zone,
    /// The time that scripts are told, if it is not the system's.
    now: Option<Timestamp>,
    back_to: Option<Timestamp>,
    /// Which records may not be written.
    protect: Option<Arc<Protect>>,
    /// The journal.
    pub shelf: Shelf,
    /// The demo tenant, if it is that.
    demo: Option<Demo>,
}

impl Session {
    /// Opens the profile that was asked for, or the demo tenant. Nothing is sent.
    pub fn open(context: &Context) -> Result<Session, Error> {
        Session::open_with_key(context, Bounds::reading(), About::default())
    }

    /// The same, for a command with these bounds; a missing key is an error.
    pub fn open_with_key(context: &Context, bounds: Bounds, about: About) -> Result<Session, Error> {
        let session = Session::open_for(context, bounds, about)?;
        if session.target.is_none() {
            return Err(Error::Login(no_key(&session.settings.profile)));
        }
        Ok(session)
    }

    /// The same, but a missing key is no error before a script asks Vitally for something.
    pub fn open_for(context: &Context, bounds: Bounds, about: About) -> Result<Session, Error> {
        let read_only = bounds.read_only;
        let demo = context.global.demo.then(|| context.demo.clone());
        let settings = match &demo {
            Some(demo) => demo.settings(context, read_only)?,
            None => context.settings(read_only)?,
        };
        let profile = &settings.profile;
        let mode = bounds.mode(profile);
        let (target, zone) = (target(&settings, profile, &context.console, &context.stop)?, profile.zone()?);
        let (console, stop) = (Arc::clone(&context.console), context.stop.clone());
        let now = time::pretended(&settings.sources)?;
        let settings = Arc::new(settings);
        let shelf = Shelf::new(settings.home.value.clone());
        if let Some(store) = context.held() {
            shelf.share(store);
        }
        let mut session = Session {
            shelf,
            settings,
            bounds,
            mode,
            about,
            planned: Planning::Nowhere,
            earlier: EarlierRuns::new(),
            tally: Tally::default(),
            events: Tally::default(),
            console,
            stop,
            target,
            zone,
            now,
            back_to: None,
            protect: None,
            demo,
        };
        let rules = session.opener().rules(&session.settings.profile, session.target.as_ref())?;
        session.protect = rules;
        Ok(session)
    }

    /// The same connection for a command of its own, with its own bounds and counts.
    pub fn again(&self, bounds: Bounds, about: About) -> Session {
        Session {
            settings: Arc::clone(&self.settings),
            mode: bounds.mode(&self.settings.profile),
            bounds,
            about,
            planned: Planning::Nowhere,
            earlier: EarlierRuns::new(),
            tally: Tally::default(),
            events: Tally::default(),
            console: Arc::clone(&self.console),
            stop: self.stop.clone(),
            target: self.target.clone(),
            zone: self.zone.clone(),
            now: self.now,
            back_to: None,
            shelf: self.shelf.clone(),
            protect: self.protect.clone(),
            demo: self.demo.clone(),
        }
    }

    /// Whether a key is known, so that Vitally can be asked.
    pub fn is_open(&self) -> bool {
        self.target.is_some()
    }

    /// Says who is talked to and what happens to changes.
    pub fn introduce(&self) {
        if self.target.is_none() {
            return;
        }
        let line = format!("{} · {}", self.settings.profile.label(), self.mode.word());
        if self.console.introduces() { self.console.say(&line) } else { self.console.detail(&line) }
    }

    /// The zone of days.
    pub fn zone(&self) -> Zone {
        self.zone.clone()
    }

    /// A gate for a command that runs no script.
    pub fn gate(&self) -> Gate {
        self.opener().gate(&self.settings.profile, self.target.clone(), self.protect.clone())
    }

    /// A door for a command that sends what was written down before.
    pub fn door(&self) -> Arc<Door> {
        Arc::new(self.opener().door(&self.settings.profile, self.target.clone()))
    }

    /// Waits for nothing before a request is tried again: whoever is asked is in this process.
    pub fn in_no_time(&mut self) {
        if let Some(target) = &mut self.target {
            let timeouts = Timeouts { backoff: PAUSE, second: PAUSE, ..target.timeouts };
            target.timeouts = timeouts;
        }
    }

    /// Whether the tenant is gone when the command ends.
    pub fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// The origin that requests go to; empty without a key.
    pub fn origin(&self) -> String {
        self.target.as_ref().map(|target| target.origin.clone()).unwrap_or_default()
    }

    /// The moment that was set for tests.
    pub fn told_now(&self) -> Option<Timestamp> {
        self.now
    }

    /// The present moment, or the one that was set for tests.
    pub fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }

    /// Goes on with a run under its own name. The script is told the time at which that run began, so that what it
    /// makes of today is the same.
    pub fn go_on_with(&mut self, on: GoingOn) -> Result<(), Error> {
        if self.mode != Mode::DryRun {
            for (run, _) in on.runs.values() {
                self.shelf.go_on(run)?;
            }
        }
        self.back_to = Some(on.started);
        self.earlier = on.runs;
        Ok(())
    }

    /// The files that a script may use: the project's and those of more folders, but not what holds keys and state.
    pub fn files(&self, more: &[PathBuf]) -> Result<Place, Error> {
        let mut place = place::files(&self.settings);
        for folder in more {
            place.allow(folder).map_err(Error::Usage)?;
        }
        // In a dialogue only changes of Vitally wait; a table that somebody writes is wanted now.
        if self.mode == Mode::DryRun && !self.bounds.collects {
            place.pretend();
        }
        Ok(place)
    }

    /// Makes what a script may reach; called on the script's thread.
    pub fn host(&self, files: Place, stdout_is_taken: bool) -> impl FnOnce() -> Rc<Host> + Send + use<> {
        let (target, zone, events) = (self.target.clone(), self.zone.clone(), Some(self.opener_of_events()));
        let reach = Reach { target, zone, files, stdout_is_taken, events };
        let (opener, profile) = (self.opener(), self.settings.profile.clone());
        move || opener.host(&profile, reach)
    }

    /// Vitally's lists. Requests end with `rest`, or with the command.
    pub fn source(&self, rest: &Stop) -> Result<Vitally, Error> {
        let Some(target) = self.target.clone() else {
            return Err(Error::Login(no_key(&self.settings.profile)));
        };
        let watch = Arc::clone(&self.console) as Arc<dyn Watch>;
        Ok(Vitally::new(&client::reader(target, rest.clone(), watch)))
    }

    /// What brings a script that stays its calls.
    pub fn feed(&self, listening: &Listening) -> Ear {
        let (journals, dry) = (self.shelf.clone(), matches!(self.mode, Mode::DryRun | Mode::ReadOnly));
        let open: OpenJobs = Box::new(move || if dry { journals.jobs_to_read() } else { journals.jobs() });
        Ear::Real(Box::new(Senses {
            events: self.listener(listening, Arc::new(Voice(Arc::clone(&self.console)))),
            times: self.times(listening),
            open,
            console: Arc::clone(&self.console),
            length: listening.length,
            stop: self.stop.clone(),
            leave: listening.leave.clone(),
            listening: ear::Listening::default(),
        }))
    }

    /// How the schedules of a script run.
    fn times(&self, listening: &Listening) -> Box<dyn Fn() -> timetable::Options + Send> {
        let (script, home) = (self.about.state.clone(), self.settings.home.value.clone());
        let home = (!matches!(self.mode, Mode::DryRun | Mode::ReadOnly)).then_some(home);
        let named = self.settings.profile.timezone.value.is_some();
        let (zone, now, once) = (self.zone.clone(), self.now, listening.once);
        let stops = [self.stop.clone(), listening.leave.clone()];
        let told_by = home.as_ref().map(|_| Arc::clone(&self.settings));
        Box::new(move || timetable::Options {
            told_by: told_by.clone(),
            script: script.clone(),
            zone: if named { zone.get().clone() } else { TimeZone::UTC },
            once,
            now,
            home: home.clone(),
            stops: stops.clone(),
        })
    }

    /// What hears what happens in Vitally, and speaks with this voice.
    pub fn listener(&self, listening: &Listening, voice: Arc<dyn Words>) -> Result<Listener, Message> {
        let rest = Stop::new();
        let source = self.source(&rest).map_err(|_| no_key(&self.settings.profile))?;
        Ok(self.listener_with(self.listening(listening), source, voice, (self.stop.clone(), rest)))
    }

    /// What hands the hooks of a dialogue their events, until `stop` is set. It asks nobody.
    pub fn ear(&self, stop: Stop) -> Result<Listener, Error> {
        let rest = Stop::new();
        let source = self.source(&rest)?;
        let options =
            hooks::listen::Options { passing: true, can_ask: false, ..self.listening(&Listening::default()) };
        let voice = Arc::new(Voice(Arc::clone(&self.console)));
        Ok(self.listener_with(options, source, voice, (stop, rest)))
    }

    fn listening(&self, listening: &Listening) -> hooks::listen::Options {
        hooks::listen::Options {
            profile: self.settings.profile.name.clone(),
            origin: self.origin(),
            once: listening.once,
            since: listening.since.and_then(|since| since.try_into().ok()),
            preview: matches!(self.mode, Mode::DryRun | Mode::ReadOnly),
            passing: false,
            can_ask: self.console.can_ask(),
            rules: hooks::Rules {
                brake: hooks::Rules::default().brake.filter(|_| !self.bounds.yes),
                ..hooks::Rules::default()
            },
            home: self.settings.home.value.clone(),
        }
    }

    fn listener_with(
        &self,
        options: hooks::listen::Options,
        source: Vitally,
        voice: Arc<dyn Words>,
        stops: (Stop, Stop),
    ) -> Listener {
        let journals = self.shelf.clone();
        Listener::new(options, Box::new(move || journals.hooks()), Arc::new(source), voice, stops)
    }

    /// In a dialogue an event may be handled while an input waits, so each is counted for itself.
    fn opener_of_events(&self) -> Opener {
        let tally = if self.bounds.collects { self.events.clone() } else { self.tally.clone() };
        Opener { tally, ..self.opener() }
    }

    fn opener(&self) -> Opener {
        Opener {
            settings: Arc::clone(&self.settings),
            console: Arc::clone(&self.console),
            stop: self.stop.clone(),
            tally: self.tally.clone(),
            bounds: self.bounds.clone(),
            about: self.about.clone(),
            planned: self.planned.clone(),
            earlier: self.earlier.clone(),
            now: self.now,
            back_to: self.back_to,
            protect: self.protect.clone(),
            shelf: self.shelf.clone(),
            demo: self.demo.is_some(),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The program itself is wrong and ends; what it has changed can still be gone on with, or taken back.
        if std::thread::panicking() && self.mode != Mode::DryRun && !self.console.is_dialogue() {
            self.console.end_progress();
            ending::tell_done(&self.console, self, &self.tally.counts(), true);
        }
        self.shelf.close();
        // A file that was named stays to be looked at.
        if let Some(demo) = self.demo.as_ref().filter(|_| leaves_files(&self.tally.counts())) {
            demo.keep_home();
        }
    }
}

/// Whether somebody was told of a file in the folder of the run.
fn leaves_files(counts: &Counts) -> bool {
    counts.results_file.is_some() || counts.report.is_some()
}
