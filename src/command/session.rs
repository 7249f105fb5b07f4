//! An open connection to one tenant: what `run`, `eval`, `get`, `export` and `doctor` work with.

use super::bounds::Bounds;
use super::console::{Console, ScriptOutput};
use super::journal::Shelf;
use super::{Context, confirm, demo, protect};
use crate::client::{self, Target, Timeouts, Watch};
use crate::clock::{Clock, FixedClock, SystemClock, Zone};
use crate::error::{Error, Message};
use crate::files::Place;
use crate::gate::journal::Journal;
use crate::gate::protect::Protect;
use crate::gate::{Gate, Guard, Mode, Policy, Tally};
use crate::report;
use crate::script::host::Host;
use crate::script::tenant::Tenant;
use crate::script::{self, Script};
use crate::settings::{KeySource, Profile, ProtectRule, Settings, time};
use crate::simulator::Simulator;
use crate::stop::Stop;
use crate::store::NewRun;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// An open connection to one tenant.
pub struct Session {
    /// The settings it was opened with.
    pub settings: Arc<Settings>,
    /// What a run may do.
    pub bounds: Bounds,
    /// What happens to changes.
    pub mode: Mode,
    /// What the journal says about the run.
    about: About,
    /// The changes made so far.
    pub tally: Tally,
    console: Arc<Console>,
    stop: Stop,
    /// Where requests go; `None` if there is no key.
    target: Option<Target>,
    zone: Zone,
    /// The time that scripts are told, if it is not the system's.
    now: Option<Timestamp>,
    /// Which records may not be written.
    protect: Option<Arc<Protect>>,
    /// Runs as long as the session lives.
    demo: Option<Simulator>,
}

impl Session {
    /// Opens the profile that was asked for, or the demo tenant. Nothing is sent.
    pub fn open(context: &Context) -> Result<Session, Error> {
        let bounds = Bounds::reading();
        let session = Session::open_for_script(context, bounds, None)?;
        if session.target.is_none() {
            return Err(Error::Login(no_key(&session.settings.profile)));
        }
        Ok(session)
    }

    /// The same, but a missing key is no error before a script asks Vitally for something.
    pub fn open_for_script(
        context: &Context,
        bounds: Bounds,
        script: Option<&Script>,
    ) -> Result<Session, Error> {
        Session::open_with(context, bounds, About::of(script))
    }

    /// The same for changes that are made from a file; a missing key is an error.
    pub fn open_for_file(
        context: &Context,
        bounds: Bounds,
        script: &str,
        hash: String,
    ) -> Result<Session, Error> {
        let session = Session::open_with(context, bounds, About { script: script.into(), hash })?;
        if session.target.is_none() {
            return Err(Error::Login(no_key(&session.settings.profile)));
        }
        Ok(session)
    }

    fn open_with(context: &Context, bounds: Bounds, about: About) -> Result<Session, Error> {
        let read_only = bounds.read_only;
        let (settings, demo) = if context.global.demo {
            let (settings, demo) = demo::open(context, read_only)?;
            (settings, Some(demo))
        } else {
            (context.settings(read_only)?, None)
        };
        let profile = &settings.profile;
        let mode = bounds.mode(profile);
        let (target, zone) = (target(&settings, profile, &context.console)?, profile.zone()?);
        let (console, stop) = (Arc::clone(&context.console), context.stop.clone());
        let now = time::pretended(&settings.sources)?;
        let settings = Arc::new(settings);
        let mut session = Session {
            settings,
            bounds,
            mode,
            about,
            tally: Tally::default(),
            console,
            stop,
            target,
            zone,
            now,
            protect: None,
            demo,
        };
        session.protect =
            session.opener(&BTreeMap::new()).rules(&session.settings.profile, session.target.as_ref())?;
        Ok(session)
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

    /// A door for a command that runs no script.
    pub fn gate(&self) -> Gate {
        let opener = self.opener(&BTreeMap::new()).on_this_thread();
        opener.gate(&self.settings.profile, self.target.clone(), self.protect.clone())
    }

    /// The files that a script may use: the project's and those of more folders, but not what holds keys and state.
    pub fn files(&self, more: &[PathBuf]) -> Result<Place, Error> {
        let mut place = files(&self.settings);
        for folder in more {
            place.allow(folder).map_err(Error::Usage)?;
        }
        if self.mode == Mode::DryRun {
            place.pretend();
        }
        Ok(place)
    }

    /// Makes what a script may reach; called on the script's thread.
    pub fn host(
        &self,
        arguments: &[(String, String)],
        files: Place,
        stdout_is_taken: bool,
    ) -> impl FnOnce() -> Rc<Host> + Send + use<> {
        let (target, zone) = (self.target.clone(), self.zone.clone());
        let arguments: BTreeMap<String, String> = arguments.iter().cloned().collect();
        let reach = Reach { target, zone, files, stdout_is_taken, protect: self.protect.clone() };
        let (opener, profile) = (self.opener(&arguments), self.settings.profile.clone());
        move || opener.host(&profile, reach, arguments)
    }

    fn opener(&self, arguments: &BTreeMap<String, String>) -> Opener {
        Opener {
            settings: Arc::clone(&self.settings),
            console: Arc::clone(&self.console),
            stop: self.stop.clone(),
            tally: self.tally.clone(),
            bounds: self.bounds.clone(),
            about: self.about.clone(),
            arguments: json!(arguments),
            now: self.now,
            demo: self.demo.is_some(),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let home = &self.settings.home.value;
        // A results file that was named stays to be looked at.
        if self.demo.is_some() && self.tally.counts().results_file.is_none() {
            // What cannot be removed is a small folder among the system's temporary ones.
            let _ = std::fs::remove_dir_all(home);
        }
    }
}

/// What the journal says about a run.
#[derive(Clone, Debug, Default)]
struct About {
    script: String,
    hash: String,
}

impl About {
    fn of(script: Option<&Script>) -> About {
        script.map_or_else(About::default, |script| About {
            script: script.name.clone(),
            hash: script::fingerprint(script),
        })
    }
}

/// What it takes to open profiles for a script.
struct Opener {
    settings: Arc<Settings>,
    console: Arc<Console>,
    stop: Stop,
    tally: Tally,
    bounds: Bounds,
    about: About,
    arguments: Value,
    now: Option<Timestamp>,
    demo: bool,
}

/// What a script may reach of its own profile.
struct Reach {
    target: Option<Target>,
    zone: Zone,
    files: Place,
    stdout_is_taken: bool,
    protect: Option<Arc<Protect>>,
}

impl Opener {
    /// What a script may reach; made on its own thread.
    fn host(self, profile: &Profile, reach: Reach, arguments: BTreeMap<String, String>) -> Rc<Host> {
        let opener = self.on_this_thread();
        let settings = Arc::clone(&opener.plain.settings);
        let clock = opener.clock();
        let console = Arc::clone(&opener.plain.console);
        Rc::new(Host {
            tenant: opener.tenant(profile, reach.target, reach.protect),
            stop: opener.plain.stop.clone(),
            open_profile: Box::new(move |name| opener.open(name)),
            arguments,
            environment: Box::new(move |name| settings.sources.for_scripts(name)),
            files: Rc::new(reach.files),
            output: Rc::new(ScriptOutput { console, stdout_is_taken: reach.stdout_is_taken }),
            clock,
            timezone: reach.zone,
        })
    }

    /// Starts the rules about what may not be written to a profile; their scripts can only read.
    fn rules(&self, profile: &Profile, target: Option<&Target>) -> Result<Option<Arc<Protect>>, Error> {
        if self.bounds.mode(profile) == Mode::ReadOnly {
            return Ok(None);
        }
        protect::rules(profile, &self.settings.root, || {
            let opener = Opener {
                settings: Arc::clone(&self.settings),
                console: Arc::clone(&self.console),
                stop: self.stop.clone(),
                tally: Tally::default(),
                bounds: Bounds::reading(),
                about: About::default(),
                arguments: Value::Null,
                now: self.now,
                demo: self.demo,
            };
            let mut files = files(&self.settings);
            files.pretend();
            let reach = Reach {
                // A connection has a budget of its own; this one takes what little rules need.
                target: target.cloned().map(|target| Target { rate_reserve: 0.9, ..target }),
                zone: profile.zone()?,
                files,
                stdout_is_taken: true,
                protect: None,
            };
            let profile = profile.clone();
            Ok(move || opener.host(&profile, reach, BTreeMap::new()))
        })
    }

    fn on_this_thread(self) -> ScriptOpener {
        let home = self.settings.home.value.clone();
        ScriptOpener { plain: self, shelf: Shelf::new(home) }
    }
}

/// Opens profiles for a script, on the script's thread.
struct ScriptOpener {
    plain: Opener,
    shelf: Shelf,
}

impl ScriptOpener {
    fn open(&self, name: &str) -> Result<Tenant, Message> {
        if self.plain.demo {
            return Err(Message::new(
                format!("there is no profile \"{name}\" in the demo"),
                "leave out --demo to use the profiles of vitally.toml",
            ));
        }
        let opened = self.plain.settings.other(name).and_then(|profile| {
            let target = target(&self.plain.settings, &profile, &self.plain.console)?;
            let protect = self.plain.rules(&profile, target.as_ref())?;
            Ok(self.tenant(&profile, target, protect))
        });
        opened.map_err(|error| report::message(&error))
    }

    fn clock(&self) -> Rc<dyn Clock> {
        match self.plain.now {
            Some(now) => Rc::new(FixedClock(now)),
            None => Rc::new(SystemClock),
        }
    }

    fn tenant(&self, profile: &Profile, target: Option<Target>, protect: Option<Arc<Protect>>) -> Tenant {
        Tenant::new(&profile.name, self.gate(profile, target, protect))
    }

    fn gate(&self, profile: &Profile, target: Option<Target>, protect: Option<Arc<Protect>>) -> Gate {
        let plain = &self.plain;
        let (mode, clock) = (plain.bounds.mode(profile), self.clock());
        let origin = target.as_ref().map(|target| target.origin.clone()).unwrap_or_default();
        let about = NewRun {
            kind: "run".into(),
            script: plain.about.script.clone(),
            script_hash: plain.about.hash.clone(),
            arguments: plain.arguments.clone(),
            profile: profile.name.clone(),
            origin,
            mode: mode.word().into(),
            of: None,
            started: clock.now(),
        };
        let (console, label) = (Arc::clone(&plain.console), profile.label());
        let policy = Policy {
            mode,
            guard: Rc::new(Guard::new(plain.bounds.limits(profile))),
            journal: Some(Journal::new(self.shelf.journal(about))),
            ask: Rc::new(move |action, change| confirm::first_of_its_kind(&console, &label, action, change)),
            tally: plain.tally.clone(),
            earlier: None,
            runs: Some(plain.settings.home.value.join("runs")),
            protect,
            stop: plain.stop.clone(),
            clock,
        };
        let watch = Arc::clone(&plain.console) as Arc<dyn Watch>;
        match target {
            Some(target) => Gate::new(policy, client::connect(target, plain.stop.clone(), watch)),
            None => Gate::closed(policy, no_key(profile)),
        }
    }
}

/// The project's files, without what holds keys, state and the rules of profiles.
fn files(settings: &Settings) -> Place {
    let mut place = Place::new(&settings.root);
    place.close(&settings.home.value);
    let names = settings.sources.names();
    let others = names.iter().filter_map(|name| settings.other(name).ok());
    for profile in others.chain([settings.profile.clone()]) {
        if let Some(KeySource::File(path)) = &profile.key.value {
            place.close(path);
        }
        for rule in &profile.protect.value {
            if let ProtectRule::Script(path) = rule {
                place.close(path);
            }
        }
    }
    place
}

/// Where a profile's requests go; reads the key. `None` if nobody said where the key is.
fn target(settings: &Settings, profile: &Profile, console: &Console) -> Result<Option<Target>, Error> {
    let Some(source) = &profile.key.value else { return Ok(None) };
    let origin = profile.address()?;
    let loaded = source.load(&settings.root)?;
    if let Some(warning) = loaded.warning {
        console.warn(&warning);
    }
    let rate_reserve = profile.rate_reserve.value;
    Ok(Some(Target { origin, key: loaded.key, rate_reserve, timeouts: Timeouts::default() }))
}

/// Nobody said where the key is.
fn no_key(profile: &Profile) -> Message {
    Message::new(
        format!("there is no API key for the profile \"{}\"", profile.name),
        "set VITALLY_API_KEY to the key from Vitally (Settings, Integrations, Vitally REST API), or put api_key_file \
         into the profile in vitally.toml; to try things without a key, add --demo",
    )
}
