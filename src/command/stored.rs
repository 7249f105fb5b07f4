//! Keys that the program keeps: in the computer's keyring where there is one, else in a file that only its owner can read.

use super::{Context, opener};
use crate::cli::StoreIn;
use crate::client::ApiKey;
use crate::error::Error;
use crate::settings::keyring::{self, Trouble, Waiting};
use crate::settings::{KeySource, Profile, Settings, Sources, key, key_line, places};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Where a key is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The computer's keyring, under this name.
    Keyring(String),
    /// A file of its own.
    File(PathBuf),
}

impl Stored {
    /// Puts a key there, in the place of what was there before.
    pub fn put(&self, key: &ApiKey, waiting: &Waiting<'_>) -> Result<(), Error> {
        match self {
            Stored::Keyring(name) => {
                keyring::write(name, key, waiting).map_err(|trouble| key::unusable(&trouble))
            }
            Stored::File(place) => write(place, key),
        }
    }

    /// Deletes the key; `false` if there was none.
    pub fn delete(&self, waiting: &Waiting<'_>) -> Result<bool, Error> {
        match self {
            Stored::Keyring(name) => match keyring::delete(name, waiting) {
                Ok(()) => Ok(true),
                Err(Trouble::NoEntry) => Ok(false),
                Err(Trouble::Stopped(reason)) => Err(Error::Stopped(reason)),
                Err(trouble) => Err(Error::login(
                    trouble.to_string(),
                    format!("open it and try again, or delete its entry {}/{name} there", keyring::SERVICE),
                )),
            },
            Stored::File(place) => match fs::remove_file(place) {
                Ok(()) => Ok(true),
                Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(false),
                Err(cause) => Err(Error::File { path: place.clone(), doing: "delete", cause }),
            },
        }
    }

    /// Takes back a key that was just stored, since the settings that would name it could not be written.
    pub fn take_back(&self, waiting: &Waiting<'_>) {
        // Whoever calls this tells about the settings; that is where help is needed.
        let _ = self.delete(waiting);
    }

    /// The line of a settings file that says where the key is.
    pub fn line(&self) -> String {
        match self {
            Stored::Keyring(name) => key_line::of_keyring(name),
            Stored::File(place) => key_line::of_file(place),
        }
    }

    /// The same as the settings say it.
    pub fn source(&self) -> KeySource {
        match self {
            Stored::Keyring(name) => KeySource::Keyring(name.clone()),
            Stored::File(place) => KeySource::File(place.clone()),
        }
    }

    /// Where it is, for people.
    pub fn shown(&self) -> String {
        match self {
            Stored::Keyring(name) => key::in_keyring(name),
            Stored::File(place) => place.display().to_string(),
        }
    }

    /// Says where a key of a profile lies now, and what that means.
    pub fn tell(&self, context: &Context, profile: &str) {
        context.console.say(&format!("the key of {profile} is stored in {}", self.shown()));
        let lines: &[&str] = match self {
            Stored::Keyring(_) => &[
                "  it is open while you are logged in at this computer; for jobs that run at",
                "  other times, keep the key in a file: vitally-script login --store-in file",
            ],
            Stored::File(_) => {
                &["  a plain file: whoever can read your files can read it; logout deletes it"]
            }
        };
        for line in lines {
            context.console.say(line);
        }
    }

    /// Whether it is a place of this kind.
    pub fn is_in(&self, place: StoreIn) -> bool {
        matches!((self, place), (Stored::Keyring(_), StoreIn::Keyring) | (Stored::File(_), StoreIn::File))
    }
}

/// Stores the key of a profile: where one of it lies already, unless somebody wishes for another place.
pub fn store(
    context: &Context,
    sources: &Sources,
    profile: &str,
    earlier: Option<&Stored>,
    wish: Option<StoreIn>,
    key: &ApiKey,
) -> Result<Stored, Error> {
    let waiting = context.console.waiting(&context.stop);
    if let Some(place) = earlier.filter(|place| wish.is_none_or(|wish| place.is_in(wish))) {
        return place.put(key, &waiting).map(|()| place.clone());
    }
    // Who names a folder for all that the program keeps finds the key there.
    let is_private = sources.variable("VITALLY_SCRIPT_HOME").is_some();
    if wish == Some(StoreIn::Keyring) || (wish.is_none() && !is_private) {
        match into_keyring(profile, key, &waiting) {
            Ok(place) => return Ok(place),
            Err(trouble @ Trouble::Closed(_)) if wish.is_none() => context.console.warn(&trouble.to_string()),
            Err(trouble) => return Err(key::unusable(&trouble)),
        }
    }
    let place = in_file(sources, profile);
    place.put(key, &waiting).map(|()| place)
}

/// A file for the key of a profile.
pub fn in_file(sources: &Sources, profile: &str) -> Stored {
    Stored::File(places::keys(sources).join(fresh_name(profile)))
}

/// Puts a key into the keyring and looks whether it can be read again.
fn into_keyring(profile: &str, key: &ApiKey, waiting: &Waiting<'_>) -> Result<Stored, Trouble> {
    let name = fresh_name(profile);
    keyring::write(&name, key, waiting)?;
    match keyring::read(&name, waiting) {
        Ok(_) => Ok(Stored::Keyring(name)),
        Err(trouble) => {
            // What cannot be read is of no use; it may be that it cannot be deleted either.
            let _ = keyring::delete(&name, waiting);
            Err(match trouble {
                Trouble::NoEntry => Trouble::Closed("it forgets what it is given".into()),
                trouble => trouble,
            })
        }
    }
}

/// What a new key of a profile is called. No other project has that name, not even one that logged out and whose settings
/// still say where its key was: projects may call different Vitallys alike.
fn fresh_name(profile: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    let name: String = profile.chars().map(plain).collect();
    format!("{name}-{:06x}", fastrand::u32(..0x0100_0000))
}

/// Puts a key into a file that only its owner can read.
fn write(place: &Path, key: &ApiKey) -> Result<(), Error> {
    let fresh = place.with_extension(format!("new-{}", std::process::id()));
    let written = private_folder(place).and_then(|()| {
        let mut file = private_file(&fresh)?;
        key.write_to(&mut file)?;
        file.sync_all()?;
        fs::rename(&fresh, place)
    });
    written.map_err(|cause| {
        // Half a key is of no use to anybody.
        let _ = fs::remove_file(&fresh);
        Error::File { path: place.into(), doing: "write", cause }
    })
}

#[cfg(unix)]
fn private_folder(place: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_folder(place: &Path) -> std::io::Result<()> {
    fs::create_dir_all(place.parent().unwrap_or(Path::new(".")))
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<File> {
    File::options().write(true).create_new(true).open(path)
}

/// Where the files say that the program keeps the key of a profile; a place that somebody else looks after is an error.
pub fn kept(settings: &Settings) -> Result<Option<Stored>, Error> {
    let folder = places::keys(&settings.sources);
    let profile: Profile = settings.of_files()?;
    let help =
        "take that line out of the profile, and login keeps the key itself; or change the key where it is";
    match &profile.key.value {
        None => Ok(None),
        Some(KeySource::Keyring(name)) => Ok(Some(Stored::Keyring(name.clone()))),
        Some(KeySource::File(path)) if path.starts_with(&folder) => Ok(Some(Stored::File(path.clone()))),
        Some(KeySource::File(path)) => Err(Error::usage(
            format!("the key of {} is in a file of your own, {}", profile.name, path.display()),
            help,
        )),
        Some(KeySource::Command(_)) => Err(Error::usage(
            format!("the key of {} comes from api_key_command ({})", profile.name, profile.key.origin),
            help,
        )),
        Some(KeySource::Given(_)) => Err(Error::Login(opener::no_key(&profile))),
    }
}
