//! The keyring of the computer: keys of this program's, each under a name of its own.
//!
//! A keyring may show a window and wait there for a password, so it is asked on a thread that nobody has to wait for.

use crate::client::ApiKey;
use crate::stop::{Reason, Stop};
use keyring_core::{CredentialStore, Entry, Error};
use secrecy::SecretString;
#[cfg(all(unix, not(target_os = "macos")))]
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Who the keys belong to, as keyrings list them.
pub const SERVICE: &str = "vitally-script";

/// After so long it is said what is waited for.
const SILENCE: Duration = Duration::from_secs(2);
/// So long somebody has, after that, to give the keyring its password.
const PATIENCE: Duration = Duration::from_secs(60);

/// What ends the wait for a keyring, and who is told that there is one.
pub struct Waiting<'a> {
    /// The wish to stop.
    pub stop: &'a Stop,
    /// Says something to whoever is there.
    pub say: Box<dyn Fn(&str) + 'a>,
}

/// Why a keyring did not do what was asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It holds no key of that name.
    NoEntry,
    /// It cannot be used, in words that follow a colon.
    Closed(String),
    /// Somebody wished to stop.
    Stopped(Reason),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Trouble::NoEntry => "it has no such entry",
            Trouble::Closed(why) => why,
            Trouble::Stopped(_) => "it was not waited for",
        };
        write!(f, "the keyring of this computer cannot be used: {why}")
    }
}

/// The key of that name, as it was put there.
pub fn read(name: &str, waiting: &Waiting<'_>) -> Result<SecretString, Trouble> {
    with_entry(name, waiting, |entry| entry.get_password().map(SecretString::from))
}

/// Puts a key there; one of that name is replaced.
pub fn write(name: &str, key: &ApiKey, waiting: &Waiting<'_>) -> Result<(), Trouble> {
    let key = key.clone();
    with_entry(name, waiting, move |entry| key.keep_in(entry))
}

/// Takes the key of that name away.
pub fn delete(name: &str, waiting: &Waiting<'_>) -> Result<(), Trouble> {
    with_entry(name, waiting, Entry::delete_credential)
}

fn with_entry<T: Send + 'static>(
    name: &str,
    waiting: &Waiting<'_>,
    act: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, Trouble> {
    let name = name.to_string();
    ask(waiting, move || {
        let keyring = open().map_err(|_| Trouble::Closed("there is none that answers".into()))?;
        let entry = entry(&keyring, &name);
        entry.and_then(|entry| act(&entry)).map_err(|error| trouble(&error))
    })
}

/// Lets a keyring do something that may take as long as somebody needs to type a password. It is done even if nobody waits
/// for it any more, but not begun after the wish to stop.
pub fn ask<T: Send + 'static>(
    waiting: &Waiting<'_>,
    act: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    if let Some(reason) = waiting.stop.reason() {
        return Err(Trouble::Stopped(reason));
    }
    let (answer, answered) = channel();
    let answer = Arc::new(answer);
    waiting.stop.rings_for(&answer, |answer| drop(answer.send(None)));
    let started = thread::Builder::new().name("keyring".into()).spawn(move || {
        // Who has stopped waiting needs no answer.
        let _ = answer.send(Some(act()));
    });
    if started.is_err() {
        return Err(Trouble::Closed("this computer has no room for another thread".into()));
    }
    match wait(&answered, waiting) {
        Ok(Some(answer)) => answer,
        Ok(None) => Err(Trouble::Stopped(waiting.stop.reason().unwrap_or(Reason::Interrupted))),
        Err(RecvTimeoutError::Timeout) => Err(Trouble::Closed("it did not answer for a minute".into())),
        Err(RecvTimeoutError::Disconnected) => Err(Trouble::Closed("asking it failed".into())),
    }
}

fn wait<T>(answered: &Receiver<T>, waiting: &Waiting<'_>) -> Result<T, RecvTimeoutError> {
    match answered.recv_timeout(SILENCE) {
        Err(RecvTimeoutError::Timeout) => {
            (waiting.say)(
                "waiting for the keyring of this computer, which may ask for its password in a window …",
            );
            answered.recv_timeout(PATIENCE)
        }
        answer => answer,
    }
}

fn trouble(error: &Error) -> Trouble {
    let cause = match error {
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => cause.to_string().to_lowercase(),
        _ => String::new(),
    };
    Trouble::Closed(match error {
        Error::NoEntry => return Trouble::NoEntry,
        _ if cause.contains("dismissed") => "it was not opened".into(),
        _ if cause.contains("no result") => "nothing can be kept in it yet".into(),
        _ if cause.contains("locked") => "it is locked".into(),
        Error::Ambiguous(_) => "it holds more than one key of that name".into(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what it holds is no text".into(),
        Error::Invalid(..) | Error::TooLong(..) => "it takes no key of that name or length".into(),
        _ if cause.is_empty() => "it refuses".into(),
        _ => format!("it refuses ({cause})"),
    })
}

/// The entry of this name, as the keyring's own program lists it where a label can be given.
#[cfg(all(unix, not(target_os = "macos")))]
fn entry(keyring: &Arc<CredentialStore>, name: &str) -> Result<Entry, Error> {
    let label = format!("{SERVICE}/{name}");
    Entry::new_in_store_with_modifiers(keyring, SERVICE, name, &HashMap::from([("label", label.as_str())]))
}

#[cfg(any(windows, target_os = "macos"))]
fn entry(keyring: &Arc<CredentialStore>, name: &str) -> Result<Entry, Error> {
    Entry::new_in_store(keyring, SERVICE, name)
}

#[cfg(target_os = "macos")]
fn open() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn open() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn open() -> Result<Arc<CredentialStore>, Error> {
    Ok(dbus_secret_service_keyring_store::Store::new()?)
}
