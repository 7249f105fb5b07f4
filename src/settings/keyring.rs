//! The keyring of the computer: keys of this program's, each under a name of its own.
//!
//! A keyring may show a window and wait there for a password, so it is asked on a thread that nobody has to wait for.

use crate::client::ApiKey;
use crate::stop::{Reason, Stop};
use keyring_core::{CredentialStore, Entry, Error};
use secrecy::SecretString;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, mpsc::Receiver};
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
    pub say: &'a dyn Fn(&str),
}

/// Why a keyring did not do what was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It holds no key of that name.
    Unknown,
    /// It cannot be used, in words that follow a colon.
    Closed(&'static str),
    /// Somebody wished to stop.
    Stopped(Reason),
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
        let keyring = open().map_err(|_| Trouble::Closed("there is none that answers"))?;
        let entry = Entry::new_in_store(&keyring, SERVICE, &name);
        entry.and_then(|entry| act(&entry)).map_err(|error| trouble(&error))
    })
}

/// Lets a keyring do something that may take as long as somebody needs to type a password.
pub fn ask<T: Send + 'static>(
    waiting: &Waiting<'_>,
    act: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let (answer, answered) = channel();
    let told = Arc::new(answer.clone());
    waiting.stop.rings_for(&told, |told| drop(told.send(None)));
    let started = thread::Builder::new().name("keyring".into()).spawn(move || {
        // Who has stopped waiting needs no answer.
        let _ = answer.send(Some(act()));
    });
    if started.is_err() {
        return Err(Trouble::Closed("this computer has no room for another thread"));
    }
    match wait(&answered, waiting) {
        Ok(Some(answer)) => answer,
        Ok(None) => Err(Trouble::Stopped(waiting.stop.reason().unwrap_or(Reason::Interrupted))),
        Err(_) => Err(Trouble::Closed("it did not answer for a minute")),
    }
}

fn wait<T>(answered: &Receiver<T>, waiting: &Waiting<'_>) -> Result<T, RecvTimeoutError> {
    answered.recv_timeout(SILENCE).or_else(|_| {
        (waiting.say)(
            "waiting for the keyring of this computer, which may ask for its password in a window …",
        );
        answered.recv_timeout(PATIENCE)
    })
}

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::NoEntry => Trouble::Unknown,
        Error::NoStorageAccess(_) => Trouble::Closed("it is locked"),
        Error::PlatformFailure(cause) if cause.to_string().contains("IsLocked") => {
            Trouble::Closed("it is locked")
        }
        Error::Ambiguous(_) => Trouble::Closed("it holds more than one key of that name"),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => Trouble::Closed("what it holds is no text"),
        Error::Invalid(..) | Error::TooLong(..) => Trouble::Closed("it takes no key of that name or length"),
        _ => Trouble::Closed("it refuses"),
    }
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
