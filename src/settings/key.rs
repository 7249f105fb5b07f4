//! Where the key is, and reading it from there. It is shown nowhere.

use super::keyring::{self, Trouble, Waiting};
use crate::client::ApiKey;
use crate::error::Error;
use secrecy::ExposeSecret as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a key is to be had.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// It was given.
    Given(ApiKey),
    /// A file holds it.
    File(PathBuf),
    /// The keyring of the computer holds it, under this name.
    Keyring(String),
    /// A command prints it, such as `op read …`.
    Command(String),
}

/// A key that was read, and what a person should know about where it lay.
pub struct Loaded {
    /// The key.
    pub key: ApiKey,
    /// A warning about the file it came from.
    pub warning: Option<String>,
}

impl KeySource {
    /// The setting in `vitally.toml` that says so.
    pub fn setting(&self) -> Option<&'static str> {
        match self {
            KeySource::Given(_) => None,
            KeySource::File(_) => Some("api_key_file"),
            KeySource::Keyring(_) => Some("api_key_keyring"),
            KeySource::Command(_) => Some("api_key_command"),
        }
    }

    /// Whether both are the same place of a stored key.
    pub fn is_same_place(&self, other: &KeySource) -> bool {
        match (self, other) {
            (KeySource::File(one), KeySource::File(two)) => one == two,
            (KeySource::Keyring(one), KeySource::Keyring(two)) => one == two,
            _ => false,
        }
    }

    /// Reads the key; `folder` is where a command runs, and `waiting` what ends the wait for a keyring.
    pub fn load(&self, folder: &Path, waiting: &Waiting<'_>) -> Result<Loaded, Error> {
        match self {
            KeySource::Given(key) => Ok(Loaded { key: key.clone(), warning: None }),
            KeySource::File(path) => from_file(path),
            KeySource::Keyring(name) => Ok(Loaded { key: from_keyring(name, waiting)?, warning: None }),
            KeySource::Command(line) => Ok(Loaded { key: from_command(line, folder)?, warning: None }),
        }
    }
}

/// Reads a key, or says what is wrong with it without repeating it.
pub fn parse(text: &str, holder: &str) -> Result<ApiKey, Error> {
    ApiKey::parse(text).map_err(|why| {
        Error::login(
            format!("{holder} does not hold a Vitally key: {why}"),
            "copy the key again from Vitally: Settings, Integrations, Vitally REST API",
        )
    })
}

/// The key in a file.
pub fn from_file(path: &Path) -> Result<Loaded, Error> {
    let text = std::fs::read_to_string(path).map_err(|cause| {
        Error::login(
            format!("the key file {} cannot be read: {}", path.display(), plain(&cause)),
            "vitally-script login stores the key there; or check the path in api_key_file or VITALLY_API_KEY_FILE",
        )
    })?;
    let key = parse(&text, &format!("the key file {}", path.display()))?;
    Ok(Loaded { key, warning: exposed(path) })
}

fn from_keyring(name: &str, waiting: &Waiting<'_>) -> Result<ApiKey, Error> {
    let holder = in_keyring(name);
    match keyring::read(name, waiting) {
        Ok(text) => parse(text.expose_secret(), &holder),
        Err(Trouble::NoEntry) => Err(Error::login(
            format!("{holder} is not there"),
            "vitally-script login stores the key there; or check the name in api_key_keyring",
        )),
        Err(trouble) => Err(unusable(&trouble)),
    }
}

/// A key of a keyring, as people are told of it.
pub fn in_keyring(name: &str) -> String {
    format!("the keyring's entry {}/{name}", keyring::SERVICE)
}

/// A keyring that cannot be used now, for whoever wants a key from it or in it.
pub fn unusable(trouble: &Trouble) -> Error {
    let help = "open it as whoever is logged in at the screen; for jobs that run while nobody is, keep the key in a file: \
                vitally-script login --store-in file";
    match trouble {
        Trouble::Stopped(reason) => Error::Stopped(*reason),
        trouble => Error::login(trouble.to_string(), help),
    }
}

fn from_command(line: &str, folder: &Path) -> Result<ApiKey, Error> {
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(line).current_dir(folder);
    let help = "run the command by hand; it has to print the key and nothing else";
    let failed = |why: String| Error::login(format!("api_key_command gave no key: {why}"), help);
    shell.stdin(std::process::Stdio::inherit()).stderr(std::process::Stdio::inherit());
    let output = shell.output().map_err(|cause| failed(plain(&cause)))?;
    if !output.status.success() {
        return Err(failed(match output.status.code() {
            Some(code) => format!("it ended with code {code}"),
            None => "it was stopped".into(),
        }));
    }
    parse(&String::from_utf8_lossy(&output.stdout), "what api_key_command printed")
}

fn plain(cause: &std::io::Error) -> String {
    crate::report::cause(cause)
}

/// A warning if others on this machine can read the file.
#[cfg(unix)]
fn exposed(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        format!(
            "the key file {} can be read by other people on this machine; run: chmod 600 {}",
            path.display(),
            path.display()
        )
    })
}

#[cfg(not(unix))]
fn exposed(_: &Path) -> Option<String> {
    None
}
