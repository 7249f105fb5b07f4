//! An open connection to one tenant: what `run`, `eval`, `get`, `export` and `doctor` work with.

use super::Context;
use super::console::{Console, ScriptOutput};
use crate::client::{self, ApiKey, Target, Timeouts, Watch};
use crate::clock::{Clock, FixedClock, SystemClock};
use crate::error::{Error, Message};
use crate::files::Place;
use crate::gate::{Gate, Mode, Tally};
use crate::report;
use crate::script::host::Host;
use crate::script::tenant::Tenant;
use crate::settings::{KeySource, Profile, Settings, time};
use crate::simulator::{Options, Simulator};
use crate::stop::Stop;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// How many accounts the demo tenant has.
const DEMO_ACCOUNTS: usize = 40;

/// An open connection to one tenant.
pub struct Session {
    /// The settings it was opened with.
    pub settings: Arc<Settings>,
    /// What happens to changes.
    pub mode: Mode,
    /// The changes made so far.
    pub tally: Tally,
    console: Arc<Console>,
    stop: Stop,
    /// Where requests go; `None` if there is no key.
    target: Option<Target>,
    zone: TimeZone,
    /// The time that scripts are told, if it is not the system's.
    now: Option<Timestamp>,
    /// Runs as long as the session lives.
    demo: Option<Simulator>,
}

impl Session {
    /// Opens the profile that was asked for, or the demo tenant. Nothing is sent.
    pub fn open(context: &Context, read_only: bool) -> Result<Session, Error> {
        let session = Session::open_for_script(context, read_only)?;
        if session.target.is_none() {
            return Err(Error::Login(no_key(&session.settings.profile)));
        }
        Ok(session)
    }

    /// The same, but a missing key is no error before a script asks Vitally for something.
    pub fn open_for_script(context: &Context, read_only: bool) -> Result<Session, Error> {
        let (settings, demo) = if context.global.demo {
            let (settings, demo) = demo(context, read_only)?;
            (settings, Some(demo))
        } else {
            (context.settings(read_only)?, None)
        };
        let profile = &settings.profile;
        let mode = mode_of(profile, read_only);
        let (target, zone) = (target(&settings, profile, &context.console)?, profile.zone()?);
        let (console, stop) = (Arc::clone(&context.console), context.stop.clone());
        let now = time::pretended(&settings.sources)?;
        let settings = Arc::new(settings);
        Ok(Session { settings, mode, tally: Tally::default(), console, stop, target, zone, now, demo })
    }

    /// Says who is talked to and what happens to changes.
    pub fn introduce(&self) {
        if self.target.is_none() {
            return;
        }
        let line = format!("{} · {}", self.settings.profile.label(), self.mode.word());
        if self.console.introduces() { self.console.say(&line) } else { self.console.detail(&line) }
    }

    /// A door for a command that reads by itself.
    pub fn gate(&self) -> Gate {
        self.opener().gate(&self.settings.profile, self.target.clone(), self.mode)
    }

    /// The files that a script may use: the project's and those of more folders, but not what holds keys and state.
    pub fn files(&self, more: &[PathBuf]) -> Result<Place, Error> {
        let mut place = Place::new(&self.settings.root);
        for folder in more {
            place.allow(folder).map_err(Error::Usage)?;
        }
        place.close(&self.settings.home.value);
        let names = self.settings.sources.names();
        let others = names.iter().filter_map(|name| self.settings.other(name).ok());
        for profile in others.chain([self.settings.profile.clone()]) {
            if let Some(KeySource::File(path)) = &profile.key.value {
                place.close(path);
            }
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
        let opener = self.opener();
        let (target, mode, zone, now) = (self.target.clone(), self.mode, self.zone.clone(), self.now);
        let arguments: BTreeMap<String, String> = arguments.iter().cloned().collect();
        move || {
            let settings = Arc::clone(&opener.settings);
            let clock: Rc<dyn Clock> = match now {
                Some(now) => Rc::new(FixedClock(now)),
                None => Rc::new(SystemClock),
            };
            let output = ScriptOutput { console: Arc::clone(&opener.console), stdout_is_taken };
            Rc::new(Host {
                tenant: opener.tenant(&settings.profile, target, mode),
                stop: opener.stop.clone(),
                open_profile: Box::new(move |name| opener.open(name)),
                arguments,
                environment: Box::new(move |name| settings.sources.for_scripts(name)),
                files: Rc::new(files),
                output: Rc::new(output),
                clock,
                timezone: zone,
            })
        }
    }

    fn opener(&self) -> Opener {
        Opener {
            settings: Arc::clone(&self.settings),
            console: Arc::clone(&self.console),
            stop: self.stop.clone(),
            tally: self.tally.clone(),
            read_only: self.mode == Mode::ReadOnly,
            demo: self.demo.is_some(),
        }
    }
}

/// Opens profiles for a script, on the script's thread.
struct Opener {
    settings: Arc<Settings>,
    console: Arc<Console>,
    stop: Stop,
    tally: Tally,
    read_only: bool,
    demo: bool,
}

impl Opener {
    fn open(&self, name: &str) -> Result<Tenant, Message> {
        if self.demo {
            return Err(Message::new(
                format!("there is no profile \"{name}\" in the demo"),
                "leave out --demo to use the profiles of vitally.toml",
            ));
        }
        let opened = self.settings.other(name).and_then(|profile| {
            let target = target(&self.settings, &profile, &self.console)?;
            Ok(self.tenant(&profile, target, mode_of(&profile, self.read_only)))
        });
        opened.map_err(|error| report::message(&error))
    }

    fn tenant(&self, profile: &Profile, target: Option<Target>, mode: Mode) -> Tenant {
        Tenant::new(&profile.name, self.gate(profile, target, mode))
    }

    fn gate(&self, profile: &Profile, target: Option<Target>, mode: Mode) -> Gate {
        let watch = Arc::clone(&self.console) as Arc<dyn Watch>;
        let gate = match target {
            Some(target) => Gate::new(mode, client::connect(target, self.stop.clone(), watch)),
            None => Gate::closed(mode, no_key(profile)),
        };
        gate.counted_in(self.tally.clone())
    }
}

fn mode_of(profile: &Profile, read_only: bool) -> Mode {
    if read_only || profile.read_only.value { Mode::ReadOnly } else { Mode::Live }
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

fn demo(context: &Context, read_only: bool) -> Result<(Settings, Simulator), Error> {
    let key = uuid::Uuid::from_u128(fastrand::u128(..)).simple().to_string();
    let sources = context.sources(read_only)?;
    let now = time::pretended(&sources)?;
    let options =
        Options { key: key.clone(), accounts: DEMO_ACCOUNTS, rate_limit: None, now, ..Options::default() };
    let simulator = Simulator::start(options).map_err(|cause| Error::File {
        path: "the demo tenant".into(),
        doing: "start",
        cause,
    })?;
    let key =
        ApiKey::parse(&key).map_err(|why| Error::login(format!("the demo's key: {why}"), "try again"))?;
    let profile = Profile::demo(simulator.origin(), key);
    let (root, home) = (sources.root(), crate::settings::places::home(&sources));
    Ok((Settings { profile, root, home, sources }, simulator))
}
