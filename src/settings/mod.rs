//! What was said, where, and what it means: flags > environment > `.env` > `vitally.toml` > the user's file.
//!
//! [`resolve`] is pure: it is given everything it may look at, so every rule has a line in a table of tests.

pub mod email;
pub mod file;
pub mod job;
pub mod key;
pub mod key_line;
pub mod keyring;
pub mod notify;
pub mod places;
pub mod profile;
pub mod secret;
pub mod sources;
pub mod time;
mod values;
pub mod variables;

pub use file::File;
pub use job::JobSection;
pub use key::KeySource;
pub use profile::{Environment, Profile, ProtectRule};
pub use sources::{Flags, Sources};

use crate::error::{Error, Place};
use crate::script::words::did_you_mean;
use std::fmt;
use std::path::PathBuf;

/// Where a value came from, strongest first.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The command line.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// A name in the project's `.env`.
    DotEnv(&'static str),
    /// A line of `vitally.toml` in the project.
    Project(Place),
    /// A line of the user's own settings file.
    User(Place),
    /// Nobody said anything.
    Default,
}

impl Origin {
    /// 0 is strongest; a smaller rank wins.
    fn rank(&self) -> u8 {
        match self {
            Origin::Flag(_) => 0,
            Origin::Environment(_) => 1,
            Origin::DotEnv(_) => 2,
            Origin::Project(_) => 3,
            Origin::User(_) => 4,
            Origin::Default => 5,
        }
    }

    /// The line of a file, if it came from one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Origin::Project(place) | Origin::User(place) => Some(place),
            _ => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(flag) => write!(f, "flag {flag}"),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::DotEnv(name) => write!(f, ".env {name}"),
            Origin::Project(place) | Origin::User(place) => write!(f, "{}:{}", place.file, place.line),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value that nobody set.
    pub fn default(value: T) -> Sourced<T> {
        Sourced { value, origin: Origin::Default }
    }
}

/// Everything a command needs to know about where it runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The profile the command was started with.
    pub profile: Profile,
    /// The project's folder: that of `vitally.toml`, else the current one.
    pub root: PathBuf,
    /// Where state is kept.
    pub home: Sourced<PathBuf>,
    /// What it was made from, for other profiles and for `env("NAME")`.
    pub sources: Sources,
}

/// Works out the settings of one command.
pub fn resolve(sources: Sources) -> Result<Settings, Error> {
    let name = selected(&sources)?;
    let profile = Profile::selected(&sources, name)?;
    Ok(Settings { profile, root: sources.root(), home: places::home(&sources), sources })
}

impl Settings {
    /// The selected profile as the files alone describe it.
    pub fn of_files(&self) -> Result<Profile, Error> {
        Profile::from_files(&self.sources, &self.profile.name)
    }

    /// Who is told about jobs, if the project says so.
    pub fn notify(&self) -> Option<&notify::NotifySection> {
        self.sources.project.as_ref()?.notify.as_ref()
    }

    /// Another profile, as the files describe it: the environment speaks only about the selected one.
    pub fn other(&self, name: &str) -> Result<Profile, Error> {
        if name == self.profile.name {
            return Ok(self.profile.clone());
        }
        if !self.sources.names().iter().any(|known| known == name) {
            return Err(unknown(&self.sources, name));
        }
        Profile::from_files(&self.sources, name)
    }
}

/// Which profile is meant, and who said so.
fn selected(sources: &Sources) -> Result<Sourced<String>, Error> {
    let known = sources.names();
    let flag =
        sources.flags.profile.clone().map(|value| Sourced { value, origin: Origin::Flag("--profile") });
    let named = flag.or_else(|| sources.variable("VITALLY_PROFILE")).or_else(|| sources.default_profile());
    if let Some(named) = named {
        if named.value != "default" && !known.contains(&named.value) {
            return Err(unknown(sources, &named.value));
        }
        return Ok(named);
    }
    match known.as_slice() {
        [only] => Ok(Sourced::default(only.clone())),
        [] => Ok(Sourced::default("default".into())),
        several if several.iter().any(|name| name == "default") => Ok(Sourced::default("default".into())),
        several => Err(Error::usage(
            "there are several profiles, and none was chosen",
            format!(
                "add -p NAME with one of: {}; or set default_profile in vitally.toml",
                several.join(", ")
            ),
        )),
    }
}

fn unknown(sources: &Sources, name: &str) -> Error {
    let names = sources.names();
    let near = did_you_mean(name, names.iter().map(String::as_str));
    let help = if names.is_empty() {
        format!("write a section [profile.{name}] in vitally.toml, or leave out the profile's name")
    } else {
        format!("the profiles are: {}", names.join(", "))
    };
    Error::usage(format!("there is no profile \"{name}\"{near}"), help)
}
