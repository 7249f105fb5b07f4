//! Keys that the program keeps: where they lie, how they get there, and whether Vitally accepts them.

use super::doctor::paging;
use super::{Context, opener};
use crate::client::{self, ApiKey, Failure, Kind, Target, Timeouts, Watch};
use crate::error::{Error, Message};
use crate::repl::hidden;
use crate::settings::{KeySource, Profile, Settings, Sources, key};
use crate::stop::Reason;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How often a person may type a key that is not accepted.
const TRIES: usize = 3;

/// The advice for everybody who has no key at hand.
const WHERE: &str = "copy the key again from Vitally: Settings, Integrations, Vitally REST API";

/// The key that need not be asked for: from a file that was named, else as for every command from `VITALLY_API_KEY` or
/// the file of `VITALLY_API_KEY_FILE`.
pub fn given(context: &Context, sources: &Sources, file: Option<&Path>) -> Result<Option<ApiKey>, Error> {
    let path = match (file, sources.variable("VITALLY_API_KEY")) {
        (Some(path), _) => sources.folder.join(path),
        (None, Some(found)) => return key::parse(&found.value, "VITALLY_API_KEY").map(Some),
        (None, None) => match sources.variable("VITALLY_API_KEY_FILE") {
            Some(found) => sources.folder.join(found.value.trim()),
            None => return Ok(None),
        },
    };
    let loaded = KeySource::File(path).load(&sources.folder)?;
    if let Some(warning) = loaded.warning {
        context.console.warn(&warning);
    }
    Ok(Some(loaded.key))
}

/// Whether Vitally accepts a key: one small page is read, as `doctor` does.
pub fn check(context: &Context, target: Target) -> Result<(), Failure> {
    let watch = Arc::clone(&context.console) as Arc<dyn Watch>;
    client::reader(target, context.stop.clone(), watch).get("/accounts", &paging::first_page()).map(|_| ())
}

/// The given key, or one that a person types now; either way Vitally accepts it.
pub fn accepted(context: &Context, origin: &str, given: Option<ApiKey>) -> Result<ApiKey, Error> {
    let target = |key: &ApiKey| Target {
        origin: origin.into(),
        key: key.clone(),
        rate_reserve: 0.0,
        timeouts: Timeouts::default(),
    };
    if let Some(key) = given {
        return check(context, target(&key)).map(|()| key).map_err(|failure| Error::Api(Box::new(failure)));
    }
    for _ in 0..TRIES {
        let key = match ApiKey::parse(&typed(context)?) {
            Ok(key) => key,
            Err(why) => {
                context.console.warn(&format!("that is no Vitally key: {why}"));
                continue;
            }
        };
        match check(context, target(&key)) {
            Ok(()) => return Ok(key),
            Err(failure) if matches!(failure.kind, Kind::Unauthorized) => {
                context.console.warn(&failure.message);
            }
            Err(failure) => return Err(Error::Api(Box::new(failure))),
        }
    }
    Err(Error::login("no key was accepted", WHERE))
}

fn typed(context: &Context) -> Result<String, Error> {
    if !hidden::is_possible(context.environment.get("TERM").map(String::as_str)) {
        return Err(Error::Refused(Message::new(
            "this terminal cannot hide a key while it is typed",
            "put the key into a file and add --api-key-file FILE, or set VITALLY_API_KEY",
        )));
    }
    context.console.end_progress();
    let answer = hidden::question("API key (Settings, Integrations, Vitally REST API): ");
    answer.map_err(|_| Error::Stopped(Reason::Interrupted))?.ok_or_else(unanswered)
}

/// A question that nobody answered.
pub fn unanswered() -> Error {
    Error::Refused(Message::new(
        "the question was not answered",
        "answer it, or say it with flags: add --help",
    ))
}

/// A place for the key of a profile at which nothing lies yet: projects may call their profiles alike.
pub fn fresh_place(folder: &Path, profile: &str) -> PathBuf {
    let plain = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    let name: String = profile.chars().map(plain).collect();
    let first = folder.join(&name);
    let more = (2..).map(|number| folder.join(format!("{name}-{number}")));
    std::iter::once(first).chain(more).find(|place| !place.exists()).unwrap_or_else(|| folder.join(name))
}

/// Puts a key into a file that only its owner can read; what lay there before is replaced at once or not at all.
pub fn store(place: &Path, key: &ApiKey) -> Result<(), Error> {
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

/// Takes back a key that was just stored, since the settings that would name it could not be written.
pub fn forget(place: &Path) {
    // Whoever calls this tells about the settings; that is where help is needed.
    let _ = fs::remove_file(place);
}

/// Says where a key lies now, and what that means.
pub fn tell(context: &Context, profile: &str, place: &Path) {
    context.console.say(&format!("the key of {profile} is stored in {}", place.display()));
    context.console.say("  a plain file: whoever can read your files can read it; logout deletes it");
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

/// Where the files say that the key of a profile is, if the program keeps it there itself.
pub enum Kept {
    /// In this file of its own.
    Here(PathBuf),
    /// They say nothing.
    Nowhere,
}

/// Finds out where a profile's key is kept; a place that somebody else looks after is an error.
pub fn kept(settings: &Settings, folder: &Path) -> Result<Kept, Error> {
    let profile: Profile = settings.of_files()?;
    let help =
        "take that line out of the profile, and login keeps the key itself; or change the key where it is";
    match &profile.key.value {
        None => Ok(Kept::Nowhere),
        Some(KeySource::File(path)) if path.starts_with(folder) => Ok(Kept::Here(path.clone())),
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
