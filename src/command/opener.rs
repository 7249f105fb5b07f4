//! Opens the profiles of a run: for each a gate with its mode, its limits and its place in the journal.

use super::bounds::Bounds;
use super::console::Console;
use super::deliveries::Gates;
use super::journal::Shelf;
use super::script_output::ScriptOutput;
use super::state::{self, ScriptState};
use super::{confirm, email, place, protect};
use crate::client::{self, Target, Timeouts, Watch};
use crate::clock::{Clock, FixedClock, ShiftedClock, SystemClock, Zone};
use crate::error::{Error, Message};
use crate::files::Place;
use crate::gate::delivery::Delivery;
use crate::gate::earlier::Earlier;
use crate::gate::journal::Journal;
use crate::gate::protect::Protect;
use crate::gate::{Collected, Door, Gate, Guard, Mode, PlanSink, Planned, Policy, Tally};
use crate::mail::Mail;
use crate::report;
use crate::script::hooks::Deliveries;
use crate::script::host::Host;
use crate::script::patience::Patience;
use crate::script::schedules::AboutJob;
use crate::script::tenant::Tenant;
use crate::script::{self, Script};
use crate::settings::{Profile, Settings};
use crate::stop::Stop;
use crate::store::NewRun;
use crate::web::Web;
use jiff::Timestamp;
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What the journal says about a run.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// `run`, `eval`, `apply`, …
    pub kind: &'static str,
    /// The script's name, or a file's.
    pub script: String,
    /// The name that its state is kept under: its path in the project's folder.
    pub state: String,
    /// The hash of its text.
    pub hash: String,
    /// Its text, where no file holds it.
    pub code: Option<String>,
    /// What the script was given.
    pub arguments: BTreeMap<String, String>,
    /// The run that this one undoes, or applies the plan of.
    pub of: Option<String>,
    /// The job that it is a run of, and for which time.
    pub tick: Option<AboutJob>,
}

impl About {
    /// A script with its arguments.
    pub fn script(kind: &'static str, script: &Script, arguments: &[(String, String)]) -> About {
        About {
            kind,
            script: script.name.clone(),
            state: state::name_of(script),
            hash: script::fingerprint(script),
            code: script.path.is_none().then(|| script.text.clone()),
            arguments: arguments.iter().cloned().collect(),
            of: None,
            tick: None,
        }
    }

    /// What the store is told.
    pub fn new_run(&self, profile: &Profile, origin: String, mode: &str, started: Timestamp) -> NewRun {
        NewRun {
            kind: self.kind.into(),
            script: self.script.clone(),
            script_hash: self.hash.clone(),
            arguments: json!(self.arguments),
            profile: profile.name.clone(),
            origin,
            mode: mode.into(),
            of: self.of.clone(),
            code: self.code.clone(),
            beside: None,
            started_with: None,
            started,
        }
    }
}

/// The runs of a start that is gone on with, by their profiles: their ids, and what they have done.
pub type EarlierRuns = BTreeMap<String, (String, Arc<Earlier>)>;

/// A start of a script that is gone on with.
pub struct GoingOn {
    /// Its runs, one for each profile that it wrote to.
    pub runs: EarlierRuns,
    /// When it began.
    pub started: Timestamp,
}

/// Where the changes of a dry run go.
#[derive(Clone)]
pub enum Planning {
    /// They are counted and shown.
    Nowhere,
    /// Into a plan's file.
    Into(PlanSink),
    /// They are kept until somebody sends them.
    Kept(Collected),
}

/// What it takes to open profiles, for a script on its thread or for a command.
pub struct Opener {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Where words go.
    pub console: Arc<Console>,
    /// The wish to stop.
    pub stop: Stop,
    /// Where changes are counted.
    pub tally: Tally,
    /// What was typed.
    pub bounds: Bounds,
    /// What the run is.
    pub about: About,
    /// Where the changes of a dry run go.
    pub planned: Planning,
    /// The runs that this one goes on with, by their profiles.
    pub earlier: EarlierRuns,
    /// The time that is told, if it is not the system's.
    pub now: Option<Timestamp>,
    /// The time that the run began at which this one goes on with.
    pub back_to: Option<Timestamp>,
    /// Which records of the run's profile may not be written.
    pub protect: Option<Arc<Protect>>,
    /// The journal.
    pub shelf: Shelf,
    /// Whether it is the demo tenant.
    pub demo: bool,
}

/// What a script may reach beside Vitally.
pub struct Reach {
    /// Where requests go; `None` if there is no key.
    pub target: Option<Target>,
    /// The zone of days.
    pub zone: Zone,
    /// The files it may use.
    pub files: Place,
    /// Whether stdout is kept for the value.
    pub stdout_is_taken: bool,
    /// What opens gates for events, where hooks are handled.
    pub events: Option<Opener>,
}

impl Opener {
    /// What a script may reach; made on its own thread.
    pub fn host(self, profile: &Profile, reach: Reach) -> Rc<Host> {
        let (settings, clock) = (Arc::clone(&self.settings), self.clock());
        let web = Web::new(settings.sources.http_allow(), self.bounds.mode(profile), self.stop.clone());
        let server = email::server(&settings);
        let mail = Mail::new(server, self.bounds.mode(profile), self.stop.clone());
        let dry = self.bounds.mode(profile) == Mode::DryRun || self.about.state.is_empty();
        let state = ScriptState::new(self.shelf.clone(), &profile.name, &self.about.state, dry);
        let tick = self.about.tick.clone();
        let console = Arc::clone(&self.console);
        let (events, protect) = (reach.events, self.protect.clone());
        let gates = events.map(|events| Gates::new(events, reach.target.clone(), protect));
        Rc::new(Host {
            deliveries: gates.map(|gates| Box::new(gates) as Box<dyn Deliveries>),
            tenant: self.tenant(profile, reach.target, self.protect.clone()),
            stop: self.stop.clone(),
            opened: RefCell::default(),
            arguments: self.about.arguments.clone(),
            yes: self.bounds.yes,
            open_profile: Box::new(move |name| self.open(name)),
            environment: Box::new(move |name| settings.sources.for_scripts(name)),
            files: Rc::new(reach.files),
            output: Rc::new(ScriptOutput { console, stdout_is_taken: reach.stdout_is_taken }),
            state: Rc::new(state),
            web: Rc::new(web),
            mail,
            report: RefCell::default(),
            patience: Patience::default(),
            job: RefCell::new(tick),
            clock,
            timezone: reach.zone,
        })
    }

    /// Starts the rules about what may not be written to a profile; their scripts can only read.
    pub fn rules(&self, profile: &Profile, target: Option<&Target>) -> Result<Option<Arc<Protect>>, Error> {
        if self.bounds.read_only || profile.read_only.value {
            return Ok(None);
        }
        protect::rules(profile, &self.settings.root, || {
            let opener = self.only_reading();
            let mut files = place::files(&self.settings);
            files.pretend();
            // A connection has a budget of its own; this one takes what little rules need.
            let target = target.cloned().map(|target| Target { rate_reserve: 0.9, ..target });
            let zone = profile.zone()?;
            let reach = Reach { target, zone, files, stdout_is_taken: true, events: None };
            let profile = profile.clone();
            Ok(move || opener.host(&profile, reach))
        })
    }

    fn only_reading(&self) -> Opener {
        Opener {
            settings: Arc::clone(&self.settings),
            console: Arc::clone(&self.console),
            stop: self.stop.clone(),
            tally: Tally::default(),
            bounds: Bounds::reading(),
            about: About::default(),
            planned: Planning::Nowhere,
            earlier: EarlierRuns::new(),
            now: self.now,
            back_to: self.back_to,
            protect: None,
            shelf: self.shelf.clone(),
            demo: self.demo,
        }
    }

    /// Opens another profile of the settings.
    pub fn open(&self, name: &str) -> Result<Tenant, Message> {
        if self.demo {
            return Err(Message::new(
                format!("there is no profile \"{name}\" in the demo"),
                "leave out --demo to use the profiles of vitally.toml",
            ));
        }
        let opened = self.settings.other(name).and_then(|profile| {
            let target = target(&self.settings, &profile, &self.console, &self.stop)?;
            let protect = self.rules(&profile, target.as_ref())?;
            Ok(self.tenant(&profile, target, protect))
        });
        opened.map_err(|error| report::message(&error))
    }

    /// The clock of the run.
    pub fn clock(&self) -> Rc<dyn Clock> {
        match (self.now, self.back_to) {
            (Some(now), _) => Rc::new(FixedClock(now)),
            (None, Some(started)) => Rc::new(ShiftedClock::starting_at(started)),
            (None, None) => Rc::new(SystemClock),
        }
    }

    /// A profile as scripts hold it.
    fn tenant(&self, profile: &Profile, target: Option<Target>, protect: Option<Arc<Protect>>) -> Tenant {
        Tenant::new(&profile.name, self.gate(profile, target, protect))
    }

    /// The gate of a profile.
    pub fn gate(&self, profile: &Profile, target: Option<Target>, protect: Option<Arc<Protect>>) -> Gate {
        let (mode, clock) = (self.bounds.mode(profile), self.clock());
        let about = self.new_run(profile, target.as_ref(), mode, clock.now());
        let (console, label) = (Arc::clone(&self.console), profile.label());
        let (asked, yes) = (Arc::clone(&self.console), self.bounds.yes);
        let own = profile.name == self.settings.profile.name;
        let earlier = self.earlier.get(&profile.name);
        let tick = self.about.tick.as_ref();
        let open = match (earlier, tick) {
            (Some((run, _)), _) => self.shelf.journal_of(run.clone()),
            (None, Some(tick)) => self.shelf.journal_of_tick(about, tick),
            (None, None) => self.shelf.journal(about),
        };
        let policy = Policy {
            mode,
            guard: Rc::new(Guard::new(self.bounds.limits(profile))),
            journal: Some(Journal::new(open)),
            ask: Rc::new(move |action, change| confirm::first_of_its_kind(&console, &label, action, change)),
            ask_on: Rc::new(move |counts| confirm::after_the_first(&asked, counts, yes)),
            tally: self.tally.clone(),
            earlier: earlier.map(|(_, earlier)| Arc::clone(earlier)),
            plan: match &self.planned {
                Planning::Nowhere => Planned::Nowhere,
                _ if !own => Planned::Elsewhere,
                Planning::Into(sink) => Planned::Into(sink.clone()),
                Planning::Kept(collected) => Planned::Kept(collected.clone()),
            },
            delivery: tick.map(|tick| {
                let time = tick.scheduled_at.to_string();
                let words = ["job", tick.name.as_str(), &time, "profile", &profile.name];
                // Another profile may lead to the same tenant.
                Delivery::new(if own { &words[..3] } else { &words })
            }),
            runs: Some(self.settings.home.value.join("runs")),
            protect,
            stop: self.stop.clone(),
            clock,
        };
        let watch = Arc::clone(&self.console) as Arc<dyn Watch>;
        match target {
            Some(target) => Gate::new(policy, client::connect(target, self.stop.clone(), watch)),
            None => Gate::closed(policy, no_key(profile)),
        }
    }

    /// What the journal is told about the run of a profile.
    fn new_run(&self, profile: &Profile, target: Option<&Target>, mode: Mode, started: Timestamp) -> NewRun {
        let origin = target.map(|target| target.origin.clone()).unwrap_or_default();
        let own = &self.settings.profile.name;
        let run = self.about.new_run(profile, origin, mode.word(), started);
        NewRun {
            started_with: (profile.name != *own).then(|| own.clone()),
            // A key that somebody wrote into the code is not kept with it.
            code: run.code.filter(|code| !target.is_some_and(|target| target.key.is_in(code))),
            ..run
        }
    }

    /// A door without a gate's modes, for what was written down and allowed before.
    pub fn door(&self, profile: &Profile, target: Option<Target>) -> Door {
        let watch = Arc::clone(&self.console) as Arc<dyn Watch>;
        match target {
            Some(target) => {
                let (client, writer) = client::connect(target, self.stop.clone(), watch);
                Door::open(client, writer).protecting(self.protect.clone())
            }
            None => Door::closed(no_key(profile)),
        }
    }
}

/// Where a profile's requests go; reads the key. `None` if nobody said where the key is.
pub fn target(
    settings: &Settings,
    profile: &Profile,
    console: &Console,
    stop: &Stop,
) -> Result<Option<Target>, Error> {
    let Some(source) = &profile.key.value else { return Ok(None) };
    let origin = profile.address()?;
    let loaded = source.load(&settings.root, &console.waiting(stop))?;
    if let Some(warning) = loaded.warning {
        console.warn(&warning);
    }
    let rate_reserve = profile.rate_reserve.value;
    Ok(Some(Target { origin, key: loaded.key, rate_reserve, timeouts: Timeouts::default() }))
}

/// Nobody said where the key is.
pub fn no_key(profile: &Profile) -> Message {
    Message::new(
        format!("there is no API key for the profile \"{}\"", profile.name),
        "vitally-script init asks for one, and login stores one; or set VITALLY_API_KEY to the key from Vitally \
         (Settings, Integrations, Vitally REST API), or put api_key_file into the profile in vitally.toml; to try \
         things without a key, add --demo",
    )
}
